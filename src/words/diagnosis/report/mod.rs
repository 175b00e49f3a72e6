//! A diagnosis as text to copy or save: a report without secrets, and commands that repeat the checks elsewhere.
//!
//! `tables` sets in columns what may be done, what the server can do and which requests failed, `commands` writes the commands. Nothing that
//! comes in here is secret, so nothing has to be taken out: key ids are masked, settings that are secret only said to be
//! there.

mod commands;
mod tables;

use std::fmt::Write;

use super::{When, headline, plain, rungs};
use crate::domain::diagnosis::{
    Check, CheckKind, Diagnosis, Examination, Exchange, Light, Rung, RungNote, ServerTraits,
    ServerView,
};
use crate::words::visible;

pub use commands::commands;

/// What a report is about.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What was found.
    pub diagnosis: &'a Diagnosis,
    /// When the examination ended, if it came to its end.
    pub finished: Option<Examination>,
    /// What is kept of the server: what earlier looks found and what a person said.
    pub traits: &'a ServerTraits,
    /// Requests of the connection that failed, newest first.
    pub failed: &'a [&'a Exchange],
    /// Where and when it is read.
    pub when: When<'a>,
}

/// The mark of a light in text.
#[must_use]
pub(super) const fn mark(light: Light) -> &'static str {
    match light {
        Light::Good => "[ok]",
        Light::Info => "[i] ",
        Light::Warning => "[!] ",
        Light::Bad => "[X] ",
        Light::Skipped => "[-] ",
    }
}

/// All that is known, as plain text. Holds no secret: key ids are masked.
#[must_use]
pub fn report(case: &Case<'_>) -> String {
    let Case {
        diagnosis,
        finished,
        when,
        ..
    } = case;
    let mut text = String::new();
    head(&mut text, diagnosis, *finished);
    if let Some(headline) = headline(diagnosis, finished.is_some(), when) {
        line(
            &mut text,
            &format!("\n{}. {}", headline.title, headline.below),
        );
    }
    for (at, rung) in diagnosis.ladder.iter().enumerate() {
        place(&mut text, at, rung, when);
    }
    for (at, check) in diagnosis.checks.iter().enumerate() {
        live_check(&mut text, at, check);
    }
    tables(&mut text, case);
    text
}

/// What is known when an examination begins.
#[must_use]
pub fn opening(diagnosis: &Diagnosis) -> String {
    let mut text = String::new();
    head(&mut text, diagnosis, None);
    text
}

/// A place of the ladder by its index; the heading stands before the first.
pub fn place(text: &mut String, at: usize, rung: &Rung, when: &When<'_>) {
    if at == 0 {
        line(
            text,
            "\nWhere credentials come from (the first that is set wins)",
        );
    }
    let words = rungs::rung(rung, when);
    let title = plain(&words.title);
    line(
        text,
        &format!(
            "{} {:>2}. {title}: {}",
            mark(rung.light()),
            at + 1,
            words.verdict
        ),
    );
    for (origin, said) in &words.steps {
        line(
            text,
            &format!("         {}  {}", plain(origin), plain(said)),
        );
    }
    for sentence in &words.lines {
        line(text, &format!("         {}", plain(sentence)));
    }
}

/// A live check by its index; the heading stands before the first.
pub fn live_check(text: &mut String, at: usize, check: &Check) {
    if at == 0 {
        line(text, "\nLive checks");
    }
    let told = super::checks::finding(&check.finding);
    let took = check
        .took_ms
        .map_or_else(String::new, |ms| format!(" ({ms} ms)"));
    let name = super::checks::name(check);
    line(
        text,
        &format!("{} {name}: {}.{took}", mark(check.light()), told.title),
    );
    for sentence in [told.cause, told.next] {
        if !sentence.is_empty() {
            line(text, &format!("         {}", plain(&sentence)));
        }
    }
}

/// What may be done, what the server is, what failed, what is set.
pub fn tables(text: &mut String, case: &Case<'_>) {
    tables::permissions(text, case.diagnosis);
    tables::abilities(text, &ServerView::of(case.diagnosis, case.traits));
    tables::failed(text, case.failed);
    settings(text, case.diagnosis);
}

/// What it came to, as the last that is said: the headline, and when and how long. An examination that was stopped says so.
#[must_use]
pub fn ending(case: &Case<'_>, stopped_after_ms: Option<u64>) -> String {
    let mut text = String::new();
    let complete = stopped_after_ms.is_none();
    if let Some(headline) = headline(case.diagnosis, complete, &case.when) {
        line(
            &mut text,
            &format!("\n{}. {}", headline.title, headline.below),
        );
    }
    if let Some(ms) = stopped_after_ms {
        let (done, all) = (case.diagnosis.checks.len(), CheckKind::ALL.len());
        let after = seconds(ms);
        line(
            &mut text,
            &format!("\nStopped after {after}; {done} of {all} live checks were done."),
        );
    } else if let Some(finished) = case.finished {
        line(&mut text, &format!("\n{}", when_it_was(finished)));
    }
    text
}

/// For whom somebody waits who watches; `None` where nothing is open, or a person is asked.
#[must_use]
pub fn waiting(diagnosis: &Diagnosis) -> Option<String> {
    if !diagnosis.climbed {
        let fetching = diagnosis.ladder.iter().find(|rung| rung.is_fetching());
        let asks = RungNote::Fetching { with_code: true };
        return match fetching {
            Some(rung) if rung.notes.contains(&asks) => None,
            Some(rung) => {
                let place = plain(&rungs::place(&rung.place));
                Some(format!("Waiting for the keys: {place} …"))
            }
            None => Some("Looking for credentials …".to_owned()),
        };
    }
    let open = (CheckKind::ALL.into_iter()).find(|kind| diagnosis.check(*kind).is_none());
    Some(match open {
        Some(kind) => format!("Waiting for “{}” …", super::checks::kind(kind)),
        None => "Looking what these credentials may do …".to_owned(),
    })
}

fn line(text: &mut String, line: &str) {
    // Writing into a text cannot fail.
    let _written = writeln!(text, "{}", line.trim_end());
}

fn head(text: &mut String, diagnosis: &Diagnosis, finished: Option<Examination>) {
    line(
        text,
        &format!("Cooperage {} doctor", env!("CARGO_PKG_VERSION")),
    );
    if let Some(finished) = finished {
        line(text, &when_it_was(finished));
    }
    let Some(setup) = &diagnosis.setup else {
        return;
    };
    let mut row = |label: &str, value: &str| line(text, &format!("{label:<11}{}", visible(value)));
    row("connection", &setup.connection);
    row("bucket", setup.bucket.as_deref().unwrap_or("(none)"));
    if !setup.prefix.is_empty() {
        row("prefix", &setup.prefix);
    }
    row("region", &setup.region);
    if let Some(endpoint) = &setup.endpoint {
        row("endpoint", endpoint);
    }
    if let Some(host) = &setup.host {
        row("host", host);
    }
    row("system", setup.system);
}

/// `2026-06-01 12:00:00 UTC, took 0.9 s`
fn when_it_was(finished: Examination) -> String {
    let took = seconds(finished.took_ms);
    format!("{}, took {took}", finished.at.utc_text())
}

/// What is set, and where it comes from. Secrets are only said to be there.
fn settings(text: &mut String, diagnosis: &Diagnosis) {
    let Some(setup) = diagnosis
        .setup
        .as_ref()
        .filter(|setup| !setup.settings.is_empty())
    else {
        return;
    };
    line(text, "\nSettings");
    for set in &setup.settings {
        let (name, value, source) = (set.name, visible(&set.value), visible(&set.source));
        line(text, &format!("     {name} = {value} ({source})"));
    }
}

/// A duration of an examination: `0.9 s`, below a tenth `40 ms`.
#[must_use]
pub fn seconds(ms: u64) -> String {
    if ms < 100 {
        return format!("{ms} ms");
    }
    if ms < 60_000 {
        return format!("{}.{} s", ms / 1000, ms % 1000 / 100);
    }
    format!("{} min {} s", ms / 60_000, ms % 60_000 / 1000)
}
