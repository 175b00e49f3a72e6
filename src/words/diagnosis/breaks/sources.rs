//! Roles, web identities and programs: why they give no keys.

use super::super::rungs::{capital, file, origin};
use super::super::{Told, When, code};
use super::keys::place;
use super::{named, say};
use crate::domain::diagnosis::{Break, CodeEnd, Origin, OutputFlaw, RoleWord, Said, Unread};
use crate::words::visible;

/// Roles and their sources.
pub(super) fn of_roles(cause: &Break, when: &When<'_>) -> Option<Told> {
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
            format!("The credential source {} does not exist", named(value)),
            "There are three places: `Environment`, `Ec2InstanceMetadata`, `EcsContainer`.",
            "Write one of the three.",
        ),
        Break::CodeNeeded { serial, role, end } => code_needed(serial, role, *end),
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
        Break::SourceRefused {
            role,
            secret_wrong: true,
            ..
        } => say(
            format!(
                "The secret of the keys that take role {} is wrong",
                visible(role)
            ),
            "STS knows the key id of the source, and the signature does not fit it.",
            "Write the secret of that key id into the source again.",
        ),
        Break::SourceRefused {
            role,
            token: Some(token),
            ..
        } => say(
            format!("STS refuses the keys that take role {}", visible(role)),
            format!(
                "It does not know the key id, or the session token from {} belongs to other keys.",
                origin(token, when)
            ),
            "Take the token away if the keys are long-term ones; else write all three of one sign-in there.",
        ),
        Break::SourceRefused {
            role, token: None, ..
        } => say(
            format!(
                "STS does not know the keys that take role {}",
                visible(role)
            ),
            "The source's key id is unknown there, or was disabled.",
            "Check the key id of the source; those of another provider mean nothing to STS.",
        ),
        _ => return None,
    })
}

fn code_needed(serial: &str, role: &str, end: CodeEnd) -> Told {
    let (role, device) = (visible(role), code(serial));
    match end {
        CodeEnd::NobodyThere => say(
            format!("Role {role} asks for a code"),
            format!(
                "Only the code that {device} shows opens it, and nobody could be asked for that."
            ),
            "Run it in a terminal or in the window, or give the code with `--mfa`.",
        ),
        CodeEnd::NotGiven => say(
            format!("No code was given for role {role}"),
            format!("The question for the code of {device} was cancelled, or nobody answered it."),
            "Try again and type the six digits that the device shows.",
        ),
        CodeEnd::NotTaken => say(
            format!("No code was taken for role {role}"),
            format!(
                "Each code that was typed for {device} was wrong, used before, or not six digits."
            ),
            "Check that it is this device and that its clock is right; then try a fresh code.",
        ),
    }
}

/// Web identities.
pub(super) fn of_web_identities(cause: &Break, when: &When<'_>) -> Option<Told> {
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
        Break::TokenFileUnreadable { path, why } => token_unread(&file(path, when), *why),
        Break::TokenFileEmpty { path } => say(
            "The token's file is empty",
            format!("{} holds no token.", file(path, when)),
            "Have the identity provider write the token again.",
        ),
        Break::WebTokenRefused { role, code: said } => web_token(role, said),
        Break::RoleWordUnfit {
            word, written, at, ..
        } => role_word(*word, written, at.as_ref(), when),
        _ => return None,
    })
}

fn web_token(role: &str, said: &str) -> Told {
    let role = visible(role);
    let answered = format!("STS answered {} to it.", code(said));
    match said {
        "ExpiredToken" | "ExpiredTokenException" => say(
            format!("The token for role {role} has ended"),
            answered,
            "Fetch a new one; in a cluster, look why the mounted file is not renewed.",
        ),
        "AccessDenied" | "AccessDeniedException" => say(
            format!("Role {role} does not trust this token"),
            answered,
            "Let the role's trust policy name the token's issuer, audience and subject.",
        ),
        _ => say(
            format!("STS cannot use the token for role {role}"),
            answered,
            "Check that the token's issuer is an identity provider of the account, and fetch a new token.",
        ),
    }
}

/// A line of a role that STS does not take, with the place and what it should be.
fn role_word(word: RoleWord, written: &str, at: Option<&Origin>, when: &When<'_>) -> Told {
    let key = match at {
        Some(Origin::Variable(name)) => name,
        _ => word.key(),
    };
    let place = at.map_or_else(|| code(key), |at| place(at, when));
    let says = match (written, word) {
        ("", RoleWord::ExternalId) => format!(
            "{} holds one that is too short or has a letter that none has; it is not shown.",
            capital(&place)
        ),
        ("", _) => format!("{} has nothing behind its sign.", capital(&place)),
        (written, _) => format!("{} says {}.", capital(&place), code(&visible(written))),
    };
    let (title, next) = match word {
        RoleWord::Arn => (
            format!("{key} holds no whole ARN of a role"),
            "Write the whole of it there, like `arn:aws:iam::123456789012:role/Name`.",
        ),
        RoleWord::Duration => (
            format!("{key} is out of range"),
            "Write a number from 900 to 43200 there, or take the line out, which gives an hour.",
        ),
        RoleWord::LongDuration => (
            format!("{key} asks for longer than the role allows"),
            "Ask for less there (3600 where the role is taken with another role), or have the role's maximum raised.",
        ),
        RoleWord::ExternalId => (
            format!("{key} is none that STS takes"),
            "Write there what the owner of the role gave you: 2 to 1224 letters, digits and +=,.@:/-_ signs.",
        ),
        RoleWord::SessionName => (
            format!("{key} is none that STS takes"),
            "Write 2 to 64 letters, digits and =,.@-_ signs there, or take the line out.",
        ),
        RoleWord::Device => (
            format!("{key} names no device"),
            "Write the serial number there, or the ARN, like `arn:aws:iam::123456789012:mfa/name`.",
        ),
    };
    say(title, says, next)
}

fn token_unread(file: &str, why: Unread) -> Told {
    match why {
        Unread::NotText => say(
            "The token's file is no text",
            format!("The bytes of {file} are not UTF-8, which a web identity's token is."),
            "Name the file that the identity provider writes.",
        ),
        Unread::Folder => say(
            "A folder stands where the token should",
            format!("{file} holds files and is none itself."),
            "Name the file inside it.",
        ),
        Unread::Special => say(
            "The token does not stand in an ordinary file",
            format!("{file} is a pipe, a socket or a device, at which this program does not wait."),
            "Write the token into a file.",
        ),
        Unread::Dangling => say(
            "The token's file is a link that leads nowhere",
            format!("What {file} points to is not there."),
            "Bring its target back; in a cluster, check that the service account is mounted.",
        ),
        Unread::Refused | Unread::Missing(_) => say(
            "The token's file cannot be read",
            format!("The system keeps your account out of {file}."),
            "Give this account the right to read the token.",
        ),
    }
}

/// Programs.
pub(super) fn of_processes(cause: &Break, when: &When<'_>) -> Option<Told> {
    Some(match cause {
        Break::CommandUnreadable => say(
            "The command of credential_process has an open quote",
            "A quote in the line is not closed, so it cannot be taken apart.",
            "Close the quote.",
        ),
        Break::ProcessNotFound { program } => say(
            format!("The program {} is not there", visible(program)),
            format!(
                "`credential_process` runs {}, and no such program is found.",
                code(program)
            ),
            "Write its full path. No shell runs it, so `~`, `$HOME` and pipes are not understood, and a program started \
             from the desktop has a shorter search path than a terminal.",
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
            let cause = match said {
                Said::Nothing => format!("{how} and said nothing."),
                Said::Word => format!(
                    "{how}. It said a single word, which is not shown: it might be a password."
                ),
                Said::Line(said) => format!("{how}: “{}”.", visible(said)),
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
        Break::ProcessOutput { program, flaw } => printed(program, flaw),
        Break::ProcessKeysEnded { program, at } => say(
            format!("The program {} gave keys that have ended", visible(program)),
            format!("They ended {}.", when.said(*at)),
            "The program keeps old keys: clear its cache or sign in with it again.",
        ),
        _ => return None,
    })
}

fn printed(program: &str, flaw: &OutputFlaw) -> Told {
    let (title, of) = (visible(program), code(program));
    let (what, cause) = match flaw {
        OutputFlaw::Nothing => (
            "nothing".to_owned(),
            format!("{of} ended without complaint, and its standard output is empty."),
        ),
        OutputFlaw::WebPage => (
            "a web page".to_owned(),
            format!("{of} wrote a page for a browser, as a sign-in page is one."),
        ),
        OutputFlaw::NotJson => (
            "no JSON".to_owned(),
            format!(
                "What {of} wrote cannot be read as one object; a greeting or a log line before it is enough."
            ),
        ),
        OutputFlaw::Version => (
            "another version".to_owned(),
            format!("The JSON of {of} has no `Version` of 1, which boto3 insists on."),
        ),
        OutputFlaw::NoTime(name) => (
            format!("an {name} that is not a time"),
            format!(
                "What {of} wrote for {} cannot be read; a time is written like 2030-01-31T12:00:00Z.",
                code(name)
            ),
        ),
        OutputFlaw::Member(name) => (
            format!("no {name}"),
            format!(
                "The JSON of {of} can be read, but {} is missing in it, or no text.",
                code(name)
            ),
        ),
    };
    say(
        format!("The program {title} printed {what}"),
        cause,
        "It has to print one JSON object with Version 1, AccessKeyId and SecretAccessKey, and nothing else.",
    )
}
