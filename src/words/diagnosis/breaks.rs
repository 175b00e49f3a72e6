//! Why a rung cannot be used, in words: a title, the cause, the next step. No two causes say the same.

use super::rungs::file;
use super::{Told, When, code};
use crate::domain::diagnosis::{Break, CacheFlaw, FileFlaw, OutputFlaw};
use crate::words::visible;

/// Puts a cause into words.
#[must_use]
pub fn told(cause: &Break, when: &When<'_>) -> Told {
    of_settings(cause)
        .or_else(|| of_files(cause, when))
        .or_else(|| of_roles(cause))
        .or_else(|| of_web_identities(cause, when))
        .or_else(|| of_processes(cause, when))
        .or_else(|| of_services(cause, when))
        // A test goes through all causes, so that none ends here.
        .unwrap_or_else(|| say("The source cannot be used", "", ""))
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
            format!(
                "One half of the pair is there, {} is not, so nothing can be signed.",
                code(missing)
            ),
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
                "The file says beside them that they ended {}.",
                when.said(*at)
            ),
            "Fetch new ones with the tool that wrote them, or paste new ones.",
        ),
        Break::ProfileMissing { name } => say(
            format!("There is no profile {}", named(name)),
            format!("Neither shared file has a section for {}.", named(name)),
            "Choose a profile that is there, or add this one to the shared files.",
        ),
        Break::ProfileWithoutKeys { name } => say(
            format!("Profile {} leads to no credentials", named(name)),
            format!(
                "{} holds settings only: no keys, no role, no sign-in, no program.",
                named(name)
            ),
            "Add one of them to the profile, or choose another.",
        ),
        Break::FileUnreadable {
            path,
            not_text: false,
        } => say(
            format!("{} cannot be read", file(path, when)),
            "The system refuses to read it.",
            "Give your account the right to read it (owner, mode 600).",
        ),
        Break::FileUnreadable {
            path,
            not_text: true,
        } => say(
            format!("{} is no text", file(path, when)),
            "It is not UTF-8; an editor may have saved it as UTF-16.",
            "Save it as UTF-8.",
        ),
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

/// What is wrong with a line.
#[must_use]
pub fn flaw(flaw: FileFlaw) -> &'static str {
    match flaw {
        FileFlaw::NoSection => "an entry stands before the first section",
        FileFlaw::Unreadable => "it is neither a section nor `name = value`",
        FileFlaw::SectionTwice => "the section was there already",
        FileFlaw::KeyTwice => "the name was there already in this section",
    }
}

/// Roles and their sources.
fn of_roles(cause: &Break) -> Option<Told> {
    Some(match cause {
        Break::SourceMissing { name, from } => say(
            format!("The source profile {} is not there", named(name)),
            format!(
                "Profile {} takes its role with {}, which is in neither shared file.",
                named(from),
                named(name)
            ),
            "Correct `source_profile`, or add that profile.",
        ),
        Break::SourceLoop { names } => say(
            "The source profiles go round in a circle",
            format!(
                "{}: none of them has keys of its own.",
                names
                    .iter()
                    .map(|name| visible(name))
                    .collect::<Vec<_>>()
                    .join(" → ")
            ),
            "Let one of them name a profile with keys.",
        ),
        Break::RoleWithoutSource { name } => say(
            format!("Nobody is named to take the role of {}", named(name)),
            format!(
                "{} has `role_arn`, and neither `source_profile` nor `credential_source`.",
                named(name)
            ),
            "Add one of them: whose keys take the role.",
        ),
        Break::TwoSources { name } => say(
            format!("Profile {} names two sources for its role", named(name)),
            "`source_profile` and `credential_source` stand side by side, and only one may.",
            "Take one of them out.",
        ),
        Break::UnknownSource { value } => say(
            format!(
                "`credential_source` names {}, which does not exist",
                named(value)
            ),
            "There are three places: `Environment`, `Ec2InstanceMetadata`, `EcsContainer`.",
            "Write one of the three, to the letter.",
        ),
        Break::CodeNeeded { serial, role } => say(
            format!("Role {} asks for a code", visible(role)),
            format!(
                "The profile names the device {}, so the role is taken only with its current code.",
                code(serial)
            ),
            "Assume the role and type the code.",
        ),
        Break::RoleDenied { role, external_id } => say(
            format!("Role {} may not be taken with these keys", visible(role)),
            if *external_id {
                "STS denies `sts:AssumeRole`: the role's trust policy does not name these keys, or wants another external id."
            } else {
                "STS denies `sts:AssumeRole`: the role's trust policy does not name these keys, or wants an external id or a code."
            },
            "Ask for the caller to be named in the trust policy and for `sts:AssumeRole` on the role.",
        ),
        Break::SourceEnded { role } => say(
            format!("The keys that take role {} have ended", visible(role)),
            "STS says that the temporary keys of the source are past their end.",
            "Renew the source's keys, then run again.",
        ),
        Break::SourceRefused { role } => say(
            format!(
                "STS does not know the keys that take role {}",
                visible(role)
            ),
            "The source's key id is unknown or disabled, or its secret does not belong to it.",
            "Check the pair of the source profile.",
        ),
        _ => return None,
    })
}

/// Web identities.
fn of_web_identities(cause: &Break, when: &When<'_>) -> Option<Told> {
    Some(match cause {
        Break::RoleArnMissing => say(
            "A token file without a role",
            "A web identity needs the token's file and the role, and the role is not named.",
            "Set `AWS_ROLE_ARN`, or `role_arn` in the profile.",
        ),
        Break::TokenFileMissing { path } => say(
            "The token's file is not there",
            format!("{} does not exist.", file(path, when)),
            "Check the path; in a cluster, check that the service account is mounted.",
        ),
        Break::TokenFileUnreadable { path } => say(
            "The token's file cannot be read",
            format!("The system refuses to read {}.", file(path, when)),
            "Give this account the right to read the token.",
        ),
        Break::TokenFileEmpty { path } => say(
            "The token's file is empty",
            format!("{} holds no token.", file(path, when)),
            "Have the identity provider write the token again.",
        ),
        Break::WebTokenRefused { role, code: said } => say(
            format!("STS refuses the token for role {}", visible(role)),
            format!(
                "It answered {} to the token of the web identity.",
                code(said)
            ),
            "Fetch a new token, and check that the role trusts its issuer and audience.",
        ),
        _ => return None,
    })
}

/// Programs.
fn of_processes(cause: &Break, when: &When<'_>) -> Option<Told> {
    Some(match cause {
        Break::ProcessNotFound { program } => say(
            format!("The program {} is not there", visible(program)),
            format!(
                "`credential_process` runs {}, and no such program is found.",
                code(program)
            ),
            "Write its full path; a program started from the desktop has a shorter search path than a terminal.",
        ),
        Break::ProcessNotRunnable { program } => say(
            format!("The program {} cannot be run", visible(program)),
            format!(
                "{} is there, but the system refuses to run it.",
                code(program)
            ),
            "Make the file executable.",
        ),
        Break::ProcessFailed {
            program,
            code: status,
            said,
        } => {
            let how = match status {
                Some(status) => format!("{} ended with code {status}", code(program)),
                None => format!("{} was ended by a signal", code(program)),
            };
            let cause = match said.as_str() {
                "" => format!("{how} and said nothing."),
                said => format!("{how}: “{}”.", visible(said)),
            };
            say(
                format!("The program {} failed", visible(program)),
                cause,
                "Run the command in a terminal; often it wants to be signed in first.",
            )
        }
        Break::ProcessHangs { program, secs } => say(
            format!("The program {} does not end", visible(program)),
            format!(
                "{} gave no answer within {secs} s and was stopped.",
                code(program)
            ),
            "Run it in a terminal: it may wait for a password or for the network.",
        ),
        Break::ProcessOutput { program, flaw } => {
            let what = match flaw {
                OutputFlaw::Nothing => "printed nothing".to_owned(),
                OutputFlaw::NotJson => "printed something that is no JSON object".to_owned(),
                OutputFlaw::Version => "printed JSON whose `Version` is not 1".to_owned(),
                OutputFlaw::Member(name) => format!("printed JSON without {}", code(name)),
            };
            say(
                format!("The program {} {}", visible(program), what.replace('`', "")),
                format!("{} {what}.", code(program)),
                "It has to print one JSON object with Version 1, AccessKeyId and SecretAccessKey, and nothing else.",
            )
        }
        Break::ProcessKeysEnded { program, at } => say(
            format!("The program {} gave keys that have ended", visible(program)),
            format!("They ended {}.", when.said(*at)),
            "The program keeps old keys: clear its cache or sign in with it again.",
        ),
        _ => return None,
    })
}

/// Identity Center, machines, the network.
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
        Break::ContainerRefused => say(
            "The container's endpoint gave no keys",
            "The environment names an endpoint for credentials, and it answered without any.",
            "Check the task's role and the token of the endpoint.",
        ),
        Break::InstanceWithoutRole => say(
            "This machine has no role",
            "The metadata service answers, and no instance profile is attached.",
            "Attach an instance profile to the machine.",
        ),
        Break::InstanceSilent => say(
            "The metadata service does not answer",
            "`credential_source` asks for the keys of an EC2 machine, and nobody answered within 1 s.",
            "Name another source outside EC2; in a container, raise the hop limit of the metadata service to 2.",
        ),
        Break::Unreachable { subject } => say(
            format!("{} cannot be reached", visible(subject)),
            "Its name is not known, nobody listens there, or the connection broke.",
            "Check network, VPN and proxy.",
        ),
        Break::NoAnswer { secs } => say(
            "The source of the keys does not answer",
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
