//! The live checks: from the settings over the host's name, its port, TLS and proxy to what the server answers.
//!
//! `reach` goes to the server step by step, for each step depends on the one before, up to its `door`. Then `ask` puts
//! all questions at once, and `conclude` reads the lights out of the answers that are in, each light as soon as it can be
//! known. A check that cannot be done is told as skipped, with the check that it waits for. The server has [`WHOLE`] for
//! all of it, also where packets vanish: what is open then is told as such. What the credentials take to be fetched
//! comes on top, up to their own limit.

mod ask;
mod board;
mod conclude;
mod door;
mod facts;
mod proxy;
mod reach;

use std::time::{Duration, Instant};

use self::board::Board;
use self::facts::Asked;
use super::ground::{Ground, late};
use super::{Patient, Tell, Unopened, ladder};
use crate::domain::diagnosis::{
    CheckKind, Finding, Hindered, Refusal, Skip, TrustFile, TrustFlaw, TrustNamed,
};
use crate::domain::{StorageError, Verify};
use crate::settings::resolve::{Resolved, Stage};
use crate::settings::{Hint, HintKind, OPTIONS, OptionId, Problem, RemedyAction, Source, Value};
use crate::storage::Storage;
use crate::storage::probe::Way;

/// How long the server may take for all checks.
pub const WHOLE: Duration = Duration::from_secs(10);

/// What is left of that at the end to say what did not come.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// How far the server may be ahead or behind, as S3 has it.
pub const ALLOWED_SKEW_SECS: i64 = 15 * 60;

/// Does all checks and tells each as soon as it is done.
pub async fn run(patient: &Patient, tell: Tell<'_>) {
    let ground = Ground::new(patient);
    let run = run_on(&ground, patient, tell);
    // Credentials that nobody waits for any more need not be fetched to the end.
    tokio::select! {
        () = run => {}
        () = async { ground.fetch().await; std::future::pending().await } => {}
    }
}

/// The same beside other parts of an examination.
pub(super) async fn run_on(ground: &Ground<'_>, patient: &Patient, tell: Tell<'_>) {
    let board = Board::new(tell);
    // Out of time or not, what is not told yet is told below.
    let _in_time =
        tokio::time::timeout(WHOLE + ground.limit, Box::pin(all(ground, patient, &board)))
            .await
            .is_ok();
    ground.tell_way(false);
    board.skip_rest(Skip::OutOfTime);
}

async fn all(ground: &Ground<'_>, patient: &Patient, board: &Board<'_>) {
    let way = patient.storage.as_ref().ok().map(Storage::way);
    settings(patient, way.as_ref(), board);
    let (Ok(storage), Some(Ok(mut way))) = (&patient.storage, way) else {
        return board.skip_rest(Skip::After(CheckKind::Settings));
    };
    if let Some(proxy) = &mut way.proxy {
        // The storage is given the environment's proxies as if they were set.
        let options = &patient.inspected.resolved.options;
        proxy.from_environment |= !matches!(options.value(OptionId::Proxies), Value::Map(_));
    }
    let until = tokio::time::Instant::now() + (WHOLE - LAST_WORDS);
    let door = match reach::reach(storage, &way, patient, board).await {
        Ok(door) => door,
        Err(broken) => return board.skip_rest(Skip::After(broken)),
    };
    let asked = Asked {
        token: ladder::token_origin(patient),
        keys_only: patient.keys_only,
    };
    let asking = ask::ask(ground, (storage, asked), (&way, door), board, until);
    Box::pin(asking).await;
}

/// Options about which the ladder says what there is to say.
const KEYS: [OptionId; 5] = [
    OptionId::SessionProfile,
    OptionId::S3AccessKey,
    OptionId::S3SecretKey,
    OptionId::AccessKey,
    OptionId::SecretKey,
];

/// The first check. A bucket's name that is none shows only when a host is to be made of it.
fn settings(patient: &Patient, way: Option<&Result<Way, StorageError>>, board: &Board<'_>) {
    let inspected = &patient.inspected;
    let stops = inspected.stops.iter();
    let later = inspected.resolved.problems.iter();
    let later = later.filter(|(stage, _)| *stage == Stage::Requests);
    let problems: Vec<&Problem> = stops.chain(later.map(|(_, problem)| problem)).collect();
    let finding = match (problems.as_slice(), &patient.storage) {
        ([], Err(Unopened::Storage(failure)))
            if let Some(flaw) = TrustFlaw::of_code(failure.code.as_deref())
                && let Some(file) = trust_file(patient) =>
        {
            Finding::TrustFileUnfit { file, flaw }
        }
        ([], Err(Unopened::Storage(failure))) => Finding::CannotStart(refusal(failure)),
        ([], Ok(_)) if let Some(Err(failure)) = way => Finding::CannotStart(refusal(failure)),
        // Links and uploads are not in question.
        ([], _) if patient.keys_only => Finding::SettingsFit {
            options: OPTIONS.len(),
            hints: Vec::new(),
        },
        ([], _) => that_let_requests_go(&inspected.resolved),
        ([first, rest @ ..], _) => Finding::SettingsProblem {
            option: first.option.name(),
            reason: first.reason.to_string(),
            others: rest.iter().map(|other| named(other)).collect(),
        },
    };
    board.tell(CheckKind::Settings, finding, None);
}

/// The file of authorities that the connection trusts, and who names it.
fn trust_file(patient: &Patient) -> Option<TrustFile> {
    let resolved = &patient.inspected.resolved;
    let Verify::CaFile(path) = &resolved.config.verify else {
        return None;
    };
    let named_by = match &resolved.options.get(OptionId::Verify).source {
        Source::Parent(name) => TrustNamed::Parent(name.clone()),
        Source::Environment(name) => TrustNamed::Variable(name),
        Source::Profile(name) => TrustNamed::Profile(name.clone()),
        Source::Connection | Source::ClassDefault(_) | Source::Default => TrustNamed::Option,
    };
    Some(TrustFile {
        path: path.display().to_string(),
        named_by,
    })
}

/// What settings do that keep no request from going: some hinder links or uploads, others may surprise.
fn that_let_requests_go(resolved: &Resolved) -> Finding {
    let mut hindered: Vec<Hindrance> = Vec::new();
    let mut hints = Vec::new();
    for (stage, problem) in &resolved.problems {
        let what = match stage {
            Stage::Names => Hindered::Names,
            Stage::Uploads => Hindered::Uploads,
            Stage::Links => Hindered::Links,
            Stage::Requests | Stage::Nothing => Hindered::Meaning,
        };
        hindered.push((what, named(problem), None));
    }
    // What the keys are missing, the ladder tells.
    for hint in (resolved.hints.iter()).filter(|hint| !KEYS.contains(&hint.option)) {
        let said = (hint.option.name(), hint.kind.to_string());
        let what = match &hint.kind {
            kind if kind.breaks_links() => Hindered::Links,
            HintKind::LinksSignedWithV2 { .. } => Hindered::OldLinks,
            kind if kind.misses_its_meaning() => Hindered::Meaning,
            _ => {
                hints.push(said);
                continue;
            }
        };
        hindered.push((what, said, better(hint)));
    }
    hindered.sort_by_key(|(what, ..)| *what);
    match hindered.first() {
        None => Finding::SettingsFit {
            options: OPTIONS.len(),
            hints,
        },
        Some((what, _, better)) => Finding::SettingsHinder {
            what: *what,
            better: better.clone(),
            faults: hindered.into_iter().map(|(_, said, _)| said).collect(),
            hints,
        },
    }
}

/// What is hindered, the option that hinders it and why, and a value that is better.
type Hindrance = (Hindered, (&'static str, String), Option<String>);

/// The value that one click takes over, where the settings know one for the same option.
fn better(hint: &Hint) -> Option<String> {
    match &hint.remedies.first()?.action {
        RemedyAction::Set(option, Value::Text(text)) if *option == hint.option => {
            Some(text.clone())
        }
        RemedyAction::Set(option, Value::Integer(number)) if *option == hint.option => {
            Some(number.to_string())
        }
        _ => None,
    }
}

fn named(problem: &Problem) -> (&'static str, String) {
    (problem.option.name(), problem.reason.to_string())
}

/// What words about a failure need.
fn refusal(failure: &StorageError) -> Refusal {
    Refusal {
        kind: failure.kind,
        status: failure.status,
        code: failure.code.clone(),
        message: failure.message.clone(),
        host: failure.host.clone(),
    }
}

fn since_ms(began: Instant) -> u64 {
    millis(began.elapsed())
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
