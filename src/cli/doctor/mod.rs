//! `doctor`: the ladder, the checks and the probe of the window, on standard output; the exit code tells whether anything is
//! broken.
//!
//! A denied permission is not broken: it is told and counts for nothing, but for uploads that the write test was asked to
//! try. A connection that names no bucket is not in order, however good its keys are. `live` writes what is found as it
//! comes in, `objects` makes JSON of it, `keep` saves what was found of the server.

mod keep;
mod live;
mod objects;

use std::sync::Arc;
use std::time::Instant;

use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;

use crate::builtin::Builtin;
use crate::doctor::permissions::Journal;
use crate::doctor::{self, Patient, Tell, probe};
use crate::domain::Timestamp;
use crate::domain::diagnosis::{
    Diagnosis, DoctorNews, Examination, Exchange, Permission, PermissionMatrix, Untested, Verdict,
    WriteTest,
};
use crate::settings::{Environment, OptionId, Value};
use crate::storage::{RequestLog, World};
use crate::words::diagnosis::{self as words, Case, When};

use self::live::Live;
use super::address::Address;
use super::args::Options;
use super::connect::{self, Unsaved};
use super::console::Console;
use super::login::Asks;
use super::reading::Words;
use super::run::Failure;
use super::usage::Usage;

/// How to examine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct How {
    /// Where to look; the connection's own place when nothing was said. It names a bucket.
    pub place: Option<Address>,
    /// Also write one object and remove it.
    pub write_test: bool,
    /// Write it also where an earlier one could not be removed.
    pub leave_another: bool,
}

impl How {
    /// Understands the words.
    ///
    /// # Errors
    /// A sentence about what makes no sense.
    pub(super) fn read(words: &Words) -> Result<Self, Usage> {
        const PLACE: &str = "doctor takes one place, written s3://BUCKET/PREFIX/; a saved connection is named with \
                             --connection NAME";
        let place = match words.values.as_slice() {
            [] => None,
            [word] => Some(words.address(word)?),
            _ => return Err(words.usage(PLACE)),
        };
        if place.as_ref().is_some_and(|place| place.bucket.is_none()) {
            return Err(words.usage(PLACE));
        }
        let (write_test, leave_another) = (words.has("write-test"), words.has("leave-another"));
        if leave_another && !write_test {
            return Err(words.usage("--leave-another goes with --write-test"));
        }
        Ok(Self {
            place,
            write_test,
            leave_another,
        })
    }
}

/// Examines the connection; the number of things that keep it from working.
pub(super) async fn run(
    console: &Console,
    options: &Options,
    how: &How,
    cancel: &CancellationToken,
) -> Result<u64, Failure> {
    let begun = Instant::now();
    let log = RequestLog::default();
    // A keyring may hang, and nothing was begun yet.
    let (patient, _server, asks) = tokio::select! {
        () = cancel.cancelled() => return Err(Failure::Interrupted),
        patient = Box::pin(patient(console, options, how.place.as_ref(), &log)) => patient?,
    };
    let home = ["HOME", "USERPROFILE"];
    let home = (home.iter()).find_map(|name| patient.environment.found(name));
    let stop = cancel.child_token();
    let live = Live::new(console, home, &stop);
    let tell = |news: DoctorNews| live.take(news);
    Box::pin(doctor::examine(&patient, &tell, &stop)).await;
    if how.write_test && !stop.is_cancelled() && live.look(something_goes) {
        let also_reads = live.look(|found| {
            let matrix = found.permissions.as_ref();
            matrix.is_some_and(PermissionMatrix::lacks_an_object)
        });
        let wish = WriteTest {
            also_reads,
            may_leave_another: how.leave_another,
        };
        test_writing((console, options), &patient, wish, &tell, &stop).await?;
    }
    let zone = TimeZone::system();
    let mut diagnosis = live.close()?;
    if let Some(matrix) = diagnosis
        .permissions
        .as_mut()
        .filter(|_| cancel.is_cancelled())
    {
        matrix.stop();
    }
    let finished = Examination {
        at: Timestamp::now(),
        took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    let asked = log.since(0).exchanges;
    let failed: Vec<&Exchange> = asked.iter().rev().filter(|one| one.failed()).collect();
    let case = Case {
        diagnosis: &diagnosis,
        finished: Some(finished),
        traits: &patient.connection.server,
        failed: &failed,
        when: When {
            now: finished.at,
            zone: &zone,
            home,
        },
    };
    if cancel.is_cancelled() {
        // Nobody knows what was not looked at.
        let broken = diagnosis.known_faults() as u64;
        live::end(console, &case, broken, Some(finished.took_ms))?;
        tell_leftovers(console, &diagnosis);
        return Err(Failure::Interrupted);
    }
    let untested = if how.write_test {
        let matrix = diagnosis.permissions.as_ref();
        matrix.and_then(words::write_test::not_tested)
    } else {
        None
    };
    // What was asked for and is not known is not in order.
    let broken = diagnosis.faults().max(usize::from(untested.is_some())) as u64;
    live::end(console, &case, broken, None)?;
    keep::keep(console, options, &patient, &diagnosis).await?;
    tell_leftovers(console, &diagnosis);
    if let Some(why) = untested.filter(|_| diagnosis.failed_writes() == 0) {
        console.message(&format!("cooperage: writing was not tested. {why}"));
    }
    if let Some(asks) = &asks {
        asks.tell_unused(console);
    }
    if let Some(matrix) = writes_wait(&diagnosis) {
        let told = words::write_test::before_writing(&matrix.prefix, diagnosis.setup.as_deref());
        console.note(&format!(
            "cooperage: writing was not tested; --write-test does it. {told}"
        ));
    }
    Ok(broken)
}

/// False where nothing was listed for a reason that stops a write test too.
fn something_goes(found: &Diagnosis) -> bool {
    let matrix = found.permissions.as_ref();
    let listed = matrix.map(|matrix| matrix.verdict(Permission::ListPrefix));
    // What was tried and refused may be refused here, too: then each row says so.
    let untried = listed.filter(|listed| matches!(listed, Verdict::NotTested(_)));
    (untried.and_then(words::write_test::no_write_either)).is_none()
}

/// The connection with all that surrounds it, and the built-in server where it is the one.
async fn patient(
    console: &Console,
    options: &Options,
    place: Option<&Address>,
    log: &RequestLog,
) -> Result<(Patient, Option<Builtin>, Option<Arc<Asks>>), Failure> {
    let unsaved = match place {
        Some(_) => Unsaved::WithBucket,
        None => Unsaved::WhereNoneIs,
    };
    let mut chosen = connect::with_secrets(connect::choose(options, unsaved).await?).await?;
    if let Some((bucket, place)) = place.and_then(|place| Some((place.bucket.as_ref()?, place))) {
        chosen.set.set(OptionId::Bucket, Value::text(bucket));
        chosen
            .set
            .set(OptionId::Location, Value::text(&*place.text));
    }
    for warning in &chosen.warnings {
        console.note(&format!("cooperage: {warning}"));
    }
    connect::prefer_set(&mut chosen);
    // A profile alone, or nothing at all: no bucket was forgotten.
    let of_profile = chosen.set.get(OptionId::SessionProfile).is_some();
    let about_keys = !chosen.is_saved && (of_profile || chosen.set.is_empty());
    let environment = connect::blocking(Environment::capture).await?;
    let mut world = World::system().watched_by(log, &chosen.connection.name);
    let asks = Asks::of(options, console.can_ask());
    if let Some(asks) = &asks {
        world = world.asking(Arc::clone(asks) as _);
    }
    let patient = Box::pin(Patient::new(
        chosen.connection,
        Ok(chosen.parents),
        chosen.set,
        environment,
        world,
        Timestamp::now(),
    ))
    .await;
    let patient = if about_keys {
        patient.about_keys()
    } else {
        patient
    };
    Ok((patient, chosen.builtin, asks))
}

/// Writes one object and removes it, with the records that the window keeps too.
async fn test_writing(
    (console, options): (&Console, &Options),
    patient: &Patient,
    wish: WriteTest,
    tell: Tell<'_>,
    cancel: &CancellationToken,
) -> Result<(), Failure> {
    let journal = Journal::in_folder(connect::folders(options)?.write_tests());
    let journal = (&journal, options.builtin);
    let mut test = Box::pin(probe::test_writing(patient, journal, wish, tell, cancel));
    tokio::select! {
        biased;
        () = test.as_mut() => return Ok(()),
        () = cancel.cancelled() => {}
    }
    console.clear_progress();
    console.message("cooperage: stopping; removing the test's object…");
    test.await;
    Ok(())
}

/// What a test could not remove is told to whoever reads no report too.
fn tell_leftovers(console: &Console, diagnosis: &Diagnosis) {
    let matrix = diagnosis.permissions.as_ref();
    let left = matrix.map_or_else(String::new, words::write_test::left);
    if !left.is_empty() {
        let refused = matrix.is_some_and(PermissionMatrix::waits_for_removal);
        let flag = if refused {
            " Writing was not tested; --leave-another does it all the same."
        } else {
            ""
        };
        console.message(&format!("cooperage: {left}{flag}"));
    }
}

/// Where writing could be tested, and nobody asked for it.
fn writes_wait(diagnosis: &Diagnosis) -> Option<&PermissionMatrix> {
    let matrix = diagnosis.permissions.as_ref();
    matrix.filter(|matrix| {
        let waits = Verdict::NotTested(Untested::NotAsked);
        !matrix.bucket.is_empty() && matrix.verdict(Permission::Write) == waits
    })
}
