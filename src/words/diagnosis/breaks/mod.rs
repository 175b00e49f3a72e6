//! Why a rung cannot be used, in words: a title, the cause, the next step. No two causes say the same.

mod machines;
mod sources;

use machines::of_machines;
use sources::{of_processes, of_roles, of_web_identities};

use super::rungs::file;
use super::{Told, When, code};
use crate::domain::diagnosis::{Break, BrokenSource, CacheFlaw, FileFlaw, SeenProfile, Unread};
use crate::domain::{ErrorKind, StorageError, Timestamp};
use crate::words::visible;

/// Puts a cause into words.
#[must_use]
pub fn told(cause: &Break, when: &When<'_>) -> Told {
    of_settings(cause)
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
        Break::ProfileWithKeys { option } => say(
            format!("A session profile and {option} are both set"),
            format!(
                "Django refuses to start with a session profile beside {}.",
                code(option)
            ),
            "Keep one of the two and clear the other.",
        ),
        Break::SecretNotAtHand { option } => say(
            format!("The keyring does not give {option}"),
            format!(
                "{} is kept in the keyring, which is locked, absent or silent.",
                code(option)
            ),
            "Unlock the keyring and run again, or type the secret.",
        ),
        Break::KeysSwapped { id } => say(
            "A secret key stands where the key id belongs",
            format!(
                "What {} holds has the form of a secret access key, forty letters; it is not shown here for that.",
                code(id)
            ),
            "Put key id and secret each in its own place.",
        ),
        Break::LineEnd { name } => say(
            format!("{name} has a line end in it"),
            "It cannot be seen and no request can carry it. Most often a file with Windows line ends was read by a \
             shell.",
            "Enter the value again without it; save the file with the line ends of Unix (LF).",
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
            format!(
                "`credential_source` names a container, and {} is not set.",
                code(missing)
            ),
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
        Break::KeysEnded { at } => say(
            "These temporary keys have ended",
            format!(
                "What stands beside them says that they ended {}.",
                when.said(*at)
            ),
            "Fetch new ones with the tool that wrote them, or paste new ones.",
        ),
        Break::ProfileMissing { name, seen } => missing(name, seen.as_ref(), when),
        Break::ProfileWithoutKeys { name } => say(
            format!("Profile {} leads to no credentials", named(name)),
            format!(
                "{} holds settings only: no keys, no role, no sign-in, no program.",
                named(name)
            ),
            "Add one of them to the profile, or choose another.",
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

/// Identity Center, `aws login`, the network.
fn of_services(cause: &Break, when: &When<'_>) -> Option<Told> {
    Some(match cause {
        Break::SessionMissing { session } => say(
            format!("The session {} is not there", named(session)),
            format!(
                "The profile names `sso_session = {}`, and the config file has no such block with an address.",
                visible(session)
            ),
            format!(
                "Add `[sso-session {}]` with `sso_start_url` and `sso_region`.",
                visible(session)
            ),
        ),
        Break::IdentityCenterIncomplete { missing } => say(
            format!("Identity Center: {missing} is missing"),
            format!(
                "The profile signs in to Identity Center, and {} is not set.",
                code(missing)
            ),
            format!("Add {} to the profile or its session block.", code(missing)),
        ),
        Break::SignIn { session, flaw } => sign_in(session, flaw, when),
        Break::Login { profile, flaw } => login(profile, flaw, Some(when)),
        Break::SignInRefused { session } => say(
            format!(
                "Identity Center does not take the sign-in to {}",
                named(session)
            ),
            "The cached sign-in looks good, and the service refuses it: it was signed out elsewhere.",
            "Sign in again.",
        ),
        Break::RoleNotAssigned { role, account } => say(
            format!("Identity Center does not give you role {}", visible(role)),
            format!(
                "Who is signed in has no {} in account {}.",
                code(role),
                code(account)
            ),
            "Choose one of your roles, or ask for this one.",
        ),
        Break::Unreachable {
            subject,
            host,
            code,
        } => {
            let at = host
                .as_deref()
                .map_or_else(|| "Its address".to_owned(), super::code);
            let (cause, next) = match code.as_deref() {
                Some("NameUnknown") => (
                    format!("{at} is a name that nobody knows."),
                    "Check the endpoint or the region that it is made of, and the network's name server.",
                ),
                Some("ConnectionRefused") => (
                    format!("{at} refuses the connection: nobody listens there."),
                    "Check the endpoint and its port, and whether the service runs.",
                ),
                Some(other) if other.starts_with("Certificate") => (
                    format!("The certificate of {at} was not accepted."),
                    "Give the authority's file as AWS_S3_VERIFY, or in AWS_CA_BUNDLE.",
                ),
                _ => (
                    format!("{at} is not known, nobody listens there, or the connection broke."),
                    "Check network, VPN and proxy.",
                ),
            };
            say(
                format!("{} cannot be reached", visible(subject)),
                cause,
                next,
            )
        }
        Break::NoAnswer { subject, secs } => say(
            format!("{} does not answer", visible(subject)),
            format!("No answer came within {secs} s."),
            "Run again; if it stays so, check network and proxy.",
        ),
        Break::Other { said } => say(
            "The source gave no credentials",
            match said.as_str() {
                "" => "No reason was given.".to_owned(),
                said => format!("It said: “{}”.", visible(said)),
            },
            "Look at the source itself.",
        ),
        _ => return None,
    })
}

fn sign_in(session: &str, flaw: &CacheFlaw, when: &When<'_>) -> Told {
    let session = named(session);
    match flaw {
        CacheFlaw::Missing => say(
            format!("Nobody is signed in to {session}"),
            "There is no cached sign-in.",
            "Sign in.",
        ),
        CacheFlaw::Unreadable => say(
            format!("The sign-in to {session} cannot be read"),
            "The system refuses to read the cached sign-in.",
            "Give your account the right to read the cache, or sign in again.",
        ),
        CacheFlaw::CutOff => say(
            format!("The cached sign-in to {session} is cut off"),
            "The file ends in the middle: whoever wrote it was interrupted.",
            "Sign in again; that writes the file anew.",
        ),
        CacheFlaw::Unfit { member } => say(
            format!("The cached sign-in to {session} has no {member}"),
            format!(
                "The file is whole, but {} is missing or no text.",
                code(member)
            ),
            "Sign in again with a current tool.",
        ),
        CacheFlaw::Expired(at) => say(
            format!("The sign-in to {session} has ended"),
            format!("The cached sign-in ended {}.", when.said(*at)),
            "Sign in again, which takes a browser and half a minute.",
        ),
    }
}

/// The keys that `aws login` keeps, which the AWS tools write anew. Without `when` it is not said since when they are over.
fn login(profile: &str, flaw: &CacheFlaw, when: Option<&When<'_>>) -> Told {
    let profile = in_shell(profile);
    let sign_in = code(&format!("aws login --profile {profile}"));
    let (title, cause) = match flaw {
        CacheFlaw::Missing => (
            "Nobody has signed in with aws login".to_owned(),
            "The profile names a `login_session`, and no keys are kept for it.".to_owned(),
        ),
        CacheFlaw::Unreadable => (
            "The keys of aws login cannot be read".to_owned(),
            "The system refuses to read the file in which `aws login` keeps them.".to_owned(),
        ),
        CacheFlaw::CutOff => (
            "The keys of aws login are cut off".to_owned(),
            "The file in which `aws login` keeps them ends in the middle.".to_owned(),
        ),
        CacheFlaw::Unfit { member } => (
            format!("The keys of aws login have no {member}"),
            format!(
                "The file of `aws login` is whole, but {} is missing or no text.",
                code(member)
            ),
        ),
        CacheFlaw::Expired(at) => {
            let ended = when.map_or_else(String::new, |when| {
                format!("They ended {}. ", when.said(*at))
            });
            return say(
                "The keys of aws login have ended",
                format!(
                    "{ended}They hold for a quarter of an hour at a time, and only the AWS tools and boto3 renew them, \
                     whenever they use them."
                ),
                format!(
                    "Run {}, which renews them while the sign-in holds, else {sign_in}; then run again.",
                    code(&format!("aws sts get-caller-identity --profile {profile}"))
                ),
            );
        }
    };
    say(
        title,
        cause,
        format!("Run {sign_in} in a terminal, then run again."),
    )
}

/// A name as a word of a command.
fn in_shell(name: &str) -> String {
    let plain = |each: char| each.is_alphanumeric() || "-_.@+/:=".contains(each);
    if !name.is_empty() && name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests;
