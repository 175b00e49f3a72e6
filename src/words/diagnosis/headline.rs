//! The one sentence above everything: the first thing that is broken, or that nothing is.

use super::{When, breaks, checks, permissions, rungs};
use crate::domain::diagnosis::{Diagnosis, Light, Remedy, RungNote};

/// What stands in the banner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// How it is.
    pub light: Light,
    /// What is the case.
    pub title: String,
    /// Why, and what to do.
    pub below: String,
    /// What one click can do.
    pub remedy: Option<Remedy>,
}

/// The headline of a diagnosis that is complete; before that only a failure has one.
#[must_use]
pub fn headline(diagnosis: &Diagnosis, complete: bool, when: &When<'_>) -> Option<Headline> {
    failure(diagnosis, when).or_else(|| {
        if !complete {
            return None;
        }
        let warning = warning(diagnosis, when).or_else(|| check(diagnosis, Light::Warning));
        let warning = warning.or_else(|| writes(diagnosis));
        Some(warning.unwrap_or_else(|| Headline {
            light: Light::Good,
            title: "Everything is in order".to_owned(),
            below: "Nothing that was looked at is broken.".to_owned(),
            remedy: None,
        }))
    })
}

fn failure(diagnosis: &Diagnosis, when: &When<'_>) -> Option<Headline> {
    if diagnosis.nothing_signs() {
        return Some(Headline {
            light: Light::Bad,
            title: "No credentials were found".to_owned(),
            below: "None of the places that this connection searches holds any.".to_owned(),
            remedy: Some(Remedy::PasteKeys),
        });
    }
    failed_rung(diagnosis, when).or_else(|| check(diagnosis, Light::Bad))
}

/// The first live check with this light.
fn check(diagnosis: &Diagnosis, light: Light) -> Option<Headline> {
    let check = (diagnosis.checks.iter()).find(|check| check.light() == light)?;
    let told = checks::finding(&check.finding);
    Some(Headline {
        light,
        title: told.title,
        below: format!("{} {}", told.cause, told.next).trim().to_owned(),
        remedy: check.finding.remedy(),
    })
}

fn failed_rung(diagnosis: &Diagnosis, when: &When<'_>) -> Option<Headline> {
    let (_, rung) = diagnosis.deciding_rung()?;
    let told = breaks::told(rung.cause()?, when);
    Some(Headline {
        light: Light::Bad,
        title: told.title,
        below: super::plain(format!("{} {}", told.cause, told.next).trim()),
        remedy: rung.remedy.clone(),
    })
}

/// What a write test met that is wrong.
fn writes(diagnosis: &Diagnosis) -> Option<Headline> {
    let matrix = diagnosis.permissions.as_ref()?;
    let (title, below) = if let Some(row) = matrix.failed_write() {
        let told = permissions::row(row);
        let below = format!("{} {}", told.cause, told.next);
        let name = permissions::name(row.permission);
        (format!("“{name}” failed in the write test"), below)
    } else if matrix.leftovers.is_empty() {
        return None;
    } else {
        let title = "A write test left something behind".to_owned();
        (title, permissions::leftovers(&matrix.leftovers))
    };
    Some(Headline {
        light: Light::Warning,
        title,
        below: below.trim().to_owned(),
        remedy: None,
    })
}

fn warning(diagnosis: &Diagnosis, when: &When<'_>) -> Option<Headline> {
    let (_, rung) = diagnosis.deciding_rung()?;
    let note = rung.notes.iter().find(|note| note.warns())?;
    let title = match note {
        RungNote::MixedPair => "Key id and secret come from different places",
        RungNote::TokenSticks { .. } => "A token of the environment sticks to typed keys",
        RungNote::TokenMissing => "Temporary keys without their token",
        RungNote::Malformed { .. } => "A shared file has a line that Django stops at",
        _ => return None,
    };
    Some(Headline {
        light: Light::Warning,
        title: title.to_owned(),
        below: super::plain(&rungs::note(note, when)),
        remedy: rung.remedy.clone(),
    })
}
