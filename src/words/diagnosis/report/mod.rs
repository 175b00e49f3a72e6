//! A diagnosis as text to copy or save: a report without secrets, and commands that repeat the checks elsewhere.
//!
//! `tables` sets in columns what may be done, what the server can do and which requests failed, `commands` writes the commands. Nothing that
//! comes in here is secret, so nothing has to be taken out: key ids are masked, settings that are secret only said to be
//! there.

mod commands;
mod tables;

use std::fmt::Write;

use super::{When, headline, plain, rungs};
use crate::domain::diagnosis::{Diagnosis, Examination, Exchange, Light, ServerTraits, ServerView};
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
        traits,
        failed,
        when,
    } = case;
    let mut text = String::new();
    head(&mut text, diagnosis, *finished);
    if let Some(headline) = headline(diagnosis, finished.is_some(), when) {
        line(
            &mut text,
            &format!("\n{}. {}", headline.title, headline.below),
        );
    }
    ladder(&mut text, diagnosis, when);
    checks(&mut text, diagnosis);
    tables::permissions(&mut text, diagnosis);
    tables::abilities(&mut text, &ServerView::of(diagnosis, traits));
    tables::failed(&mut text, failed);
    settings(&mut text, diagnosis);
    text
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
        let took = seconds(finished.took_ms);
        line(text, &format!("{}, took {took}", finished.at.utc_text()));
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

fn ladder(text: &mut String, diagnosis: &Diagnosis, when: &When<'_>) {
    if diagnosis.ladder.is_empty() {
        return;
    }
    line(
        text,
        "\nWhere credentials come from (the first that is set wins)",
    );
    for (at, rung) in diagnosis.ladder.iter().enumerate() {
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
}

fn checks(text: &mut String, diagnosis: &Diagnosis) {
    if diagnosis.checks.is_empty() {
        return;
    }
    line(text, "\nLive checks");
    for check in &diagnosis.checks {
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
