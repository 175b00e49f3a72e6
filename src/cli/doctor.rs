//! `doctor`: the ladder and the checks of the window, on standard output; the exit code tells whether anything is broken.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use jiff::tz::TimeZone;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::doctor::{self, Patient};
use crate::domain::Timestamp;
use crate::domain::diagnosis::{Check, Diagnosis, DoctorNews, Examination, Light, Rung};
use crate::settings::Environment;
use crate::storage::World;
use crate::words::diagnosis::{self as words, When};

use super::args::Options;
use super::connect;
use super::console::Console;
use super::run::Failure;

/// Examines the connection; the number of things that are broken.
pub(super) async fn run(
    console: &Console,
    options: &Options,
    cancel: &CancellationToken,
) -> Result<u64, Failure> {
    let begun = Instant::now();
    let mut chosen = connect::with_secrets(connect::choose(options, false).await?).await?;
    for warning in &chosen.warnings {
        console.note(&format!("cooperage: {warning}"));
    }
    connect::prefer_set(&mut chosen);
    let environment = connect::blocking(Environment::capture).await?;
    let patient = Box::pin(Patient::new(
        chosen.connection.clone(),
        Ok(chosen.parents.clone()),
        chosen.set.clone(),
        environment,
        World::system(),
        Timestamp::now(),
    ))
    .await;
    let found = Mutex::new(Diagnosis::default());
    let tell = |news: DoctorNews| {
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        found.take(news);
    };
    Box::pin(doctor::examine(&patient, &tell, cancel)).await;
    if cancel.is_cancelled() {
        return Err(Failure::Interrupted);
    }
    let diagnosis = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    let finished = Examination {
        at: Timestamp::now(),
        took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    let zone = TimeZone::system();
    let home = ["HOME", "USERPROFILE"];
    let when = When {
        now: finished.at,
        zone: &zone,
        home: home.iter().find_map(|name| patient.environment.found(name)),
    };
    let report = words::report(&diagnosis, Some(finished), &when);
    console.result(report.trim_end(), '\n')?;
    let broken = broken(&diagnosis);
    objects(console, &diagnosis, &when)?;
    let headline = words::headline(&diagnosis, true, &when);
    console.object(&json!({
        "type": "diagnosis",
        "ok": broken == 0,
        "broken": broken,
        "title": headline.as_ref().map(|one| one.title.as_str()),
        "cause": headline.as_ref().map(|one| one.below.as_str()),
        "remedy": headline.and_then(|one| one.remedy).map(|one| words::remedy(&one)),
        "took_ms": finished.took_ms,
    }))?;
    console.flush()?;
    Ok(broken)
}

/// How many lights are red.
fn broken(diagnosis: &Diagnosis) -> u64 {
    let rungs = diagnosis.ladder.iter().map(Rung::light);
    let checks = diagnosis.checks.iter().map(Check::light);
    let red = rungs.chain(checks).filter(|light| *light == Light::Bad);
    red.count() as u64 + u64::from(diagnosis.nothing_signs())
}

/// One object a rung and a check.
fn objects(console: &Console, diagnosis: &Diagnosis, when: &When<'_>) -> Result<(), Failure> {
    for (at, rung) in diagnosis.ladder.iter().enumerate() {
        let told = words::rung(rung, when);
        let plain = |text: &String| words::plain(text);
        console.object(&json!({
            "type": "rung",
            "number": at + 1,
            "place": words::plain(&told.title),
            "state": told.verdict,
            "light": name_of(rung.light()),
            "signs": rung.decides() && rung.cause().is_none(),
            "key": rung.key.as_ref().map(|key| key.masked_id.as_str()),
            "temporary": rung.key.as_ref().map(|key| key.temporary),
            "expires": rung.key.as_ref().and_then(|key| key.expires).map(super::ls::iso),
            "lines": told.lines.iter().map(plain).collect::<Vec<_>>(),
            "steps": told.steps.iter().map(|(place, said)| json!({
                "place": words::plain(place),
                "says": words::plain(said),
            })).collect::<Vec<_>>(),
            "remedy": rung.remedy.as_ref().filter(|_| rung.is_set()).map(words::remedy),
        }))?;
    }
    for check in &diagnosis.checks {
        let told = words::checks::finding(&check.finding);
        console.object(&json!({
            "type": "check",
            "name": words::plain(&words::checks::name(check)),
            "light": name_of(check.light()),
            "finding": words::plain(&told.title),
            "cause": words::plain(&told.cause),
            "next": words::plain(&told.next),
            "remedy": check.finding.remedy().map(|one| words::remedy(&one)),
            "took_ms": check.took_ms,
        }))?;
    }
    Ok(())
}

/// A light as programs read it.
const fn name_of(light: Light) -> &'static str {
    match light {
        Light::Good => "good",
        Light::Info => "info",
        Light::Warning => "warning",
        Light::Bad => "bad",
        Light::Skipped => "skipped",
    }
}
