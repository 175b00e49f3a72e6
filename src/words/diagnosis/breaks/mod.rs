//! Why a rung cannot be used, in words: a title, the cause, the next step. No two causes say the same.

mod keys;
mod machines;
mod services;
mod sources;

pub(super) use keys::{from, odd};
use machines::of_machines;
use services::{login, of_services};
use sources::{of_processes, of_roles, of_web_identities};

use super::rungs::file;
use super::{Told, When, code};
use crate::domain::diagnosis::{Break, BrokenSource, FileFlaw, SeenProfile, Unread};
use crate::domain::{ErrorKind, StorageError, Timestamp};
use crate::words::visible;

/// Puts a cause into words.
#[must_use]
pub fn told(cause: &Break, when: &When<'_>) -> Told {
    of_settings(cause)
        .or_else(|| keys::told(cause, when))
        .or_else(|| of_files(cause, when))
        .or_else(|| of_roles(cause, when))
        .or_else(|| of_web_identities(cause, when))
        .or_else(|| of_processes(cause, when))
        .or_else(|| of_machines(cause, when))
        .or_else(|| of_services(cause, when))
        // A test goes through all causes, so that none ends here.
        .unwrap_or_else(|| say("The source cannot be used", "", ""))
}

/// The words of a failure whose source of credentials knows why. A time that has passed is left to the kind of
/// the failure: what time it is, is not known here.
pub(in crate::words) fn of_failure(failure: &StorageError) -> Option<Told> {
    let cause = BrokenSource::in_failure(failure)?;
    if let Break::Login { profile, flaw } = cause {
        return Some(login(profile, flaw, None));
    }
    if failure.kind == ErrorKind::ExpiredCredentials {
        return None;
    }
    let zone = jiff::tz::TimeZone::UTC;
    let when = When {
        now: Timestamp(0),
        zone: &zone,
        home: None,
    };
    Some(told(cause, &when))
}

fn say(title: impl Into<String>, cause: impl Into<String>, next: impl Into<String>) -> Told {
    Told {
        title: title.into(),
        cause: cause.into(),
        next: next.into(),
    }
}

fn named(name: &str) -> String {
    format!("“{}”", visible(name))
}

/// Settings, variables and the keyring.
fn of_settings(cause: &Break) -> Option<Told> {
    Some(match cause {
        Break::HalfPair { missing } => say(
            format!("Half a key pair: {missing} is missing"),
            "A key id and its secret only sign together; the other half is there.",
            format!("Enter {}, or take the other half away.", code(missing)),
        ),
        Break::ProfileWithKeys { options } => keys::profile_with_keys(options),
        Break::SecretNotAtHand { option } => say(
            format!("The keyring does not give {option}"),
            format!(
                "{} is kept in the keyring, which is locked, absent or silent.",
                code(option)
            ),
            "Unlock the keyring and run again, or type the secret.",
        ),
        Break::TokenAlone { variable } => {
            let token = variable
                .as_deref()
                .map_or_else(|| "The connection's token".to_owned(), code);
            say(
                "A session token without keys",
                format!(
                    "{token} is set and no key is, which hides every source that would come after it."
                ),
                "Unset the token, or set the two keys that belong to it.",
            )
        }
        Break::SourceVariablesMissing { missing } if missing.starts_with("AWS_CONTAINER") => say(
            "The role wants a container's keys, and this is none",
            "`credential_source` names a container, which would have set `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or \
             `AWS_CONTAINER_CREDENTIALS_FULL_URI`; neither is there.",
            "Run inside the container, or name another source.",
        ),
        Break::SourceVariablesMissing { missing } => say(
            format!("The environment is to take a role, and {missing} is missing"),
            format!(
                "The role is taken with the keys of the environment, and {} is not set.",
                code(missing)
            ),
            format!("Set {} where this program is started.", code(missing)),
        ),
        _ => return None,
    })
}

/// The shared files.
fn of_files(cause: &Break, when: &When<'_>) -> Option<Told> {
    Some(match cause {
        Break::ProfileMissing { name, seen } => missing(name, seen.as_ref(), when),
        Break::ProfileWithoutKeys { name } => say(
            format!("Profile {} leads to no credentials", named(name)),
            format!(
                "{} holds settings only: no keys, no role, no sign-in, no program.",
                named(name)
            ),
            "Add one of them to the profile, or choose another.",
        ),
        Break::SectionReplaced { path, line, by } => say(
            format!(
                "The section of line {line} in {} does not count",
                file(path, when)
            ),
            format!(
                "Line {by} is a heading for the same profile, of which boto3 takes the later one alone."
            ),
            "Put what both hold below one heading.",
        ),
        Break::FileUnreadable { path, why } => unread(&file(path, when), *why),
        Break::FileMalformed {
            path,
            line,
            flaw: own,
        } => say(
            format!("Line {line} of {} cannot be read", file(path, when)),
            format!("Reading stops at line {line}: {}.", flaw(*own)),
            "Correct the line; everything below it is not seen until then.",
        ),
        _ => return None,
    })
}

fn missing(name: &str, seen: Option<&SeenProfile>, when: &When<'_>) -> Told {
    match seen {
        None => say(
            format!("There is no profile {}", named(name)),
            format!("Neither shared file has a section for {}.", named(name)),
            "Choose a profile that is there, or add this one to the shared files.",
        ),
        Some(SeenProfile::Near(near)) => say(
            format!(
                "There is no profile {}, but there is {}",
                named(name),
                named(near)
            ),
            format!(
                "Neither shared file has a section for exactly {}; capitals and blanks count.",
                named(name)
            ),
            format!("If {} is meant, choose it; else add this one.", named(near)),
        ),
        Some(SeenProfile::Misspelt {
            path,
            line,
            written,
            meant,
        }) => say(
            format!(
                "The heading of profile {} is not as boto3 wants it",
                named(name)
            ),
            format!(
                "Line {line} of {} says {}, which in that file is another name.",
                file(path, when),
                code(&format!("[{written}]"))
            ),
            format!("Write {} in that line.", code(&format!("[{meant}]"))),
        ),
    }
}

/// A shared file that gives nothing. What botocore does not take for a file counts as empty, without a word.
fn unread(file: &str, why: Unread) -> Told {
    match why {
        Unread::Refused => say(
            format!("{file} cannot be read"),
            "The system keeps your account out, so its profiles are not seen.",
            "Give your account the right to read it (owner, mode 600).",
        ),
        Unread::NotText => say(
            format!("{file} is no text"),
            "Its bytes are not UTF-8; an editor may have saved it as UTF-16.",
            "Save it as UTF-8.",
        ),
        Unread::Folder => say(
            format!("{file} is a folder"),
            "A file with profiles belongs there; boto3 passes over a folder without a word.",
            "Move the folder away, and write the file in its place.",
        ),
        Unread::Special => say(
            format!("{file} is no ordinary file"),
            "A pipe, a socket or a device stands there, at which boto3 and this program do not wait.",
            "Write what it would give into a file, and let that be read.",
        ),
        Unread::Dangling => say(
            format!("{file} is a link that leads nowhere"),
            "What it points to is not there: moved, or on a disk that is not mounted.",
            "Bring its target back, or replace the link.",
        ),
        Unread::Missing(variable) => say(
            format!("The file that {variable} names is not there"),
            format!(
                "{} leads to {file}, so no other shared file is looked at in its place.",
                code(variable)
            ),
            format!(
                "Correct {}, or unset it where this program is started.",
                code(variable)
            ),
        ),
    }
}

/// What is wrong with a line.
#[must_use]
pub fn flaw(flaw: FileFlaw) -> &'static str {
    match flaw {
        FileFlaw::NoSection => "an entry stands before the first section",
        FileFlaw::Unreadable => "it is neither a section nor `name = value`",
        FileFlaw::NestedUnreadable => "a line nested below it is no `name = value`",
        FileFlaw::SectionTwice => "the section was there already",
        FileFlaw::KeyTwice => "the name was there already in this section",
        FileFlaw::ByteOrderMark => {
            "an invisible mark of the byte order stands there; save the file as UTF-8 without it"
        }
    }
}

#[cfg(test)]
mod tests;
