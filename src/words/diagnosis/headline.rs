//! The one sentence above everything: the first thing that is broken, or that nothing is.
//!
//! It is green only where a listing came back and nothing that was looked at stands in the way of browsing or, where
//! writing was tested, of uploading; it is red only for what is red below it. In between: what was denied to this use,
//! what is still to be chosen, what could not be found out, what may surprise.

use super::{When, breaks, checks, permissions, rungs, write_test};
use crate::domain::diagnosis::{
    Check, CheckKind, Diagnosis, Finding, Light, Permission, Remedy, RungNote, Verdict,
};

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
        complete.then(|| {
            unproven(diagnosis)
                .or_else(|| writes(diagnosis))
                .or_else(|| reads(diagnosis))
                .or_else(|| warning(diagnosis, when))
                .or_else(|| first(diagnosis, Light::Warning))
                .or_else(|| leftovers(diagnosis))
                .unwrap_or_else(|| in_order(diagnosis))
        })
    })
}

fn failure(diagnosis: &Diagnosis, when: &When<'_>) -> Option<Headline> {
    if diagnosis.nothing_signs() {
        return Some(Headline {
            light: Light::Bad,
            title: "No credentials were found".to_owned(),
            below: if diagnosis.setup.as_ref().is_some_and(|setup| setup.keys_only) {
                "None of the places that SDKs search by themselves holds any. Choose a profile, enter a key pair, or set \
                 the variables where this program is started."
            } else {
                "None of the places that this connection searches holds any. Enter a key pair, name a profile, or set \
                 the variables where this program is started."
            }
            .to_owned(),
            remedy: Some(Remedy::PasteKeys),
        });
    }
    failed_rung(diagnosis, when)
        .or_else(|| first(diagnosis, Light::Bad))
        .or_else(|| stopped(diagnosis, when))
}

/// It works here, and Django does not come to its first request.
fn stopped(diagnosis: &Diagnosis, when: &When<'_>) -> Option<Headline> {
    let (_, rung) = diagnosis.deciding_rung()?;
    let note = rung.stops_django()?;
    let title = match note {
        RungNote::Malformed { .. } => "a shared file has a line that it cannot read",
        RungNote::NotText(_) => "a shared file is no text",
        RungNote::ProfileGone { name, .. } if name.is_empty() => {
            "a variable for the profile is empty"
        }
        RungNote::ProfileGone { .. } => "a variable names a profile that is not there",
        RungNote::Contradiction { .. } => "a profile contradicts its session block",
        _ => "a variable holds what it does not take",
    };
    let below = super::plain(&rungs::note(note, when));
    Some(Headline {
        light: Light::Bad,
        title: format!("Django stops before its first request: {title}"),
        below: format!("The keys are found here all the same. {below}"),
        remedy: rung.remedy.clone(),
    })
}

/// The first live check with this light.
fn first(diagnosis: &Diagnosis, light: Light) -> Option<Headline> {
    let check = (diagnosis.checks.iter()).find(|check| check.light() == light)?;
    Some(of_check(check))
}

fn of_check(check: &Check) -> Headline {
    let told = checks::finding(&check.finding);
    Headline {
        light: check.light(),
        title: told.title,
        below: super::plain(format!("{} {}", told.cause, told.next).trim()),
        remedy: check.finding.remedy(),
    }
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

/// Nothing is red, and yet nothing was listed: no bucket is chosen, or the listing was not done.
fn unproven(diagnosis: &Diagnosis) -> Option<Headline> {
    if diagnosis.lists() || diagnosis.keys_hold() {
        return None;
    }
    if diagnosis
        .setup
        .as_ref()
        .is_some_and(|setup| setup.keys_only)
    {
        return Some(Headline {
            light: Light::Warning,
            title: "Whether these credentials are accepted is not known".to_owned(),
            below: "Nothing was seen to be broken, but the server tells neither who signs nor which buckets there are. \
                    Name a bucket to know."
                .to_owned(),
            remedy: Some(Remedy::OpenOption("AWS_STORAGE_BUCKET_NAME")),
        });
    }
    let check = diagnosis.check(CheckKind::Listing);
    if let Some(check) = check.filter(|check| check.light() == Light::Warning) {
        return Some(of_check(check));
    }
    let why = check.map_or_else(String::new, |check| {
        format!("{}.", checks::finding(&check.finding).title)
    });
    Some(Headline {
        light: Light::Warning,
        title: "Whether this connection works is not known".to_owned(),
        below: format!("Nothing was seen to be broken, but no key could be listed. {why}")
            .trim()
            .to_owned(),
        remedy: Some(Remedy::RunAgain),
    })
}

/// Uploading does not work, as the write test showed, or that test did not take place.
fn writes(diagnosis: &Diagnosis) -> Option<Headline> {
    let matrix = diagnosis.permissions.as_ref()?;
    if diagnosis.untested_write().is_some() {
        return Some(Headline {
            light: Light::Warning,
            title: "Writing was not tested".to_owned(),
            below: write_test::not_tested(matrix)?,
            remedy: None,
        });
    }
    let row = matrix.troubled_write()?;
    let told = permissions::row(row);
    let title = match (row.verdict, row.permission) {
        (
            Verdict::SignatureRefused { .. }
            | Verdict::Failed(_)
            | Verdict::NotTested(_)
            | Verdict::Allowed,
            permission,
        ) => {
            let name = permissions::name(permission);
            format!("“{name}” failed in the write test")
        }
        (Verdict::Denied(_), Permission::Overwrite) => {
            "Uploading works, overwriting is denied".to_owned()
        }
        (Verdict::Denied(_), Permission::Multipart) => {
            "Uploading works, but not in parts, as large files are".to_owned()
        }
        (Verdict::Denied(_), _) => "Listing works, uploading is denied".to_owned(),
        (Verdict::Unsupported, Permission::Overwrite) => {
            "This server does not overwrite objects".to_owned()
        }
        (Verdict::Unsupported, Permission::Multipart) => {
            "This server takes no uploads in parts, as large files are sent".to_owned()
        }
        (Verdict::Unsupported, _) => "This server takes no uploads".to_owned(),
    };
    Some(Headline {
        light: Light::Warning,
        title,
        below: format!("{} {}", told.cause, told.next).trim().to_owned(),
        remedy: None,
    })
}

/// What is listed cannot be opened.
fn reads(diagnosis: &Diagnosis) -> Option<Headline> {
    let row = diagnosis.permissions.as_ref()?.row(Permission::Read)?;
    if !matches!(row.verdict, Verdict::Denied(_)) {
        return None;
    }
    let told = permissions::row(row);
    Some(Headline {
        light: Light::Warning,
        title: "Objects can be listed, but not read".to_owned(),
        below: format!("{} {}", told.cause, told.next).trim().to_owned(),
        remedy: None,
    })
}

fn leftovers(diagnosis: &Diagnosis) -> Option<Headline> {
    let matrix = diagnosis.permissions.as_ref()?;
    matrix.remains().next()?;
    Some(Headline {
        light: Light::Warning,
        title: "A write test left something behind".to_owned(),
        below: write_test::left(matrix),
        remedy: None,
    })
}

fn warning(diagnosis: &Diagnosis, when: &When<'_>) -> Option<Headline> {
    let (_, rung) = diagnosis.deciding_rung()?;
    let note = rung.notes.iter().find(|note| note.warns())?;
    let title = match note {
        RungNote::MixedPair { .. } => "Key id and secret come from different places",
        RungNote::TokenSticks { .. } => "A token of the environment sticks to typed keys",
        RungNote::TokenMissing => "Temporary keys without their token",
        RungNote::OddKey { .. } => "A key is written as no key is",
        RungNote::KeysBesideProfile => "Keys are set beside a session profile",
        RungNote::EndPassed { .. } => "The machine's keys have ended, and are used on",
        RungNote::EndWritten { .. } => "These keys should have ended",
        _ => return None,
    };
    Some(Headline {
        light: Light::Warning,
        title: title.to_owned(),
        below: super::plain(&rungs::note(note, when)),
        remedy: rung.remedy.clone(),
    })
}

/// Only the credentials were in question, and they are good.
fn keys_in_order(diagnosis: &Diagnosis) -> Option<Headline> {
    let of = |kind| Some(&diagnosis.check(kind)?.finding);
    let told = |kind| of(kind).map(|finding| checks::finding(finding).title);
    let signed = matches!(of(CheckKind::Caller), Some(Finding::CallerIs { .. }));
    let caller = told(CheckKind::Caller).filter(|_| signed);
    let buckets = told(CheckKind::Buckets).unwrap_or_default();
    diagnosis.keys_hold().then(|| Headline {
        light: Light::Good,
        title: "The credentials are accepted".to_owned(),
        below: match caller {
            Some(caller) => format!("They are those of {caller}. "),
            None => format!("They show {buckets}. "),
        } + "No bucket is named, so none was looked into.",
        remedy: None,
    })
}

fn in_order(diagnosis: &Diagnosis) -> Headline {
    if let Some(of_keys) = keys_in_order(diagnosis) {
        return of_keys;
    }
    let matrix = diagnosis.permissions.as_ref();
    // Not asked for, or stopped before it was known.
    let write = matrix.map(|matrix| matrix.verdict(Permission::Write));
    let waits = matches!(write, Some(Verdict::NotTested(_)));
    let empty = diagnosis.check(CheckKind::Listing);
    let empty = empty.is_some_and(|check| matches!(check.finding, Finding::NothingThere { .. }));
    let below = match (empty, waits) {
        (false, true) => "Nothing that was looked at is broken; writing was not tested.",
        (true, true) => {
            "Nothing that was looked at is broken; no object is there to be read, and writing was not tested."
        }
        (_, false) => "Nothing that was looked at is broken.",
    };
    Headline {
        light: Light::Good,
        title: "Everything is in order".to_owned(),
        below: below.to_owned(),
        remedy: None,
    }
}

#[cfg(test)]
#[path = "headline_tests.rs"]
mod tests;
