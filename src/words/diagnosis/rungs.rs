//! The rungs of the source ladder in words: what each is called, how it stands, where its parts were found.
//!
//! What stands between backticks is a name to be set in the monospace font; [`plain`](super::plain) takes them out.

use std::path::Path;

use super::{When, breaks, code};
use crate::domain::diagnosis::{
    Break, ChainWord, KeyFacts, Origin, Rung, RungNote, RungPlace, RungState, Step, StepKind,
    Unread,
};
use crate::words::visible;

/// A rung in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RungWords {
    /// What the place is called.
    pub title: String,
    /// How it stands, in a word or two: `used`, `shadowed by 1`, `not set`.
    pub verdict: String,
    /// What is there, why it cannot be used, what is odd: each a sentence.
    pub lines: Vec<String>,
    /// The chain of a profile: where each step stands, what it says, whether it holds.
    pub steps: Vec<(String, String)>,
}

/// Puts a rung into words. `home` shortens paths.
#[must_use]
pub fn rung(rung: &Rung, when: &When<'_>) -> RungWords {
    let mut lines = Vec::new();
    // The chain says it better where there is one.
    if rung.steps.is_empty() {
        lines.extend(found(rung, when));
    }
    let told_elsewhere = |note: &RungNote| matches!(note, RungNote::ToldAt(_));
    let cause = (rung.cause()).filter(|_| !rung.notes.iter().any(told_elsewhere));
    if let Some(cause) = cause {
        let told = breaks::told(cause, when);
        let unused = matches!(rung.state, RungState::Failed { matters: false, .. });
        let front = match cause {
            // Whether it would be used, nobody knows.
            Break::FileUnreadable { .. } if unused => format!("{}. ", told.title),
            _ if unused => "Would not be used here. ".to_owned(),
            _ => String::new(),
        };
        let next = if unused { "" } else { &told.next };
        lines.push(
            format!("{front}{} {next}", told.cause)
                .trim_end()
                .to_owned(),
        );
    }
    lines.extend(rung.notes.iter().map(|one| note(one, when)));
    RungWords {
        title: place(&rung.place),
        verdict: if rung.is_fetching() {
            "not known yet".to_owned()
        } else if rung.stops_django().is_some() {
            "used here, but Django stops".to_owned()
        } else {
            verdict(&rung.state)
        },
        lines,
        steps: rung
            .steps
            .iter()
            .map(|one| (origin(&one.origin, when), step(one, when)))
            .collect(),
    }
}

/// What a place of the search is called.
#[must_use]
pub fn place(place: &RungPlace) -> String {
    let named = |name: &str| format!("“{}”", visible(name));
    match place {
        RungPlace::SessionProfile(Some(name)) => format!("Session profile {}", named(name)),
        RungPlace::SessionProfile(None) => "Session profile".to_owned(),
        RungPlace::S3Pair => "Connection, S3 key pair".to_owned(),
        RungPlace::GeneralPair => "Connection, general key pair".to_owned(),
        RungPlace::S3Variables => "Environment, `AWS_S3_ACCESS_KEY_ID` and secret".to_owned(),
        RungPlace::GeneralVariables => "Environment, `AWS_ACCESS_KEY_ID` and secret".to_owned(),
        RungPlace::Role(name) => format!("Role of profile {}", named(name)),
        RungPlace::WebIdentity => "Web identity token file".to_owned(),
        RungPlace::IdentityCenter(Some(session)) => {
            format!("Identity Center, session {}", named(session))
        }
        RungPlace::IdentityCenter(None) => "Identity Center".to_owned(),
        RungPlace::CredentialsFile(name) => format!("Credentials file, profile {}", named(name)),
        RungPlace::Login(name) => format!("Kept by `aws login`, profile {}", named(name)),
        RungPlace::Process(name) => {
            format!("Program of profile {}, `credential_process`", named(name))
        }
        RungPlace::ConfigFile(name) => format!("Config file, profile {}", named(name)),
        RungPlace::OldFile(path) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            format!("File of older tools, `{}`", visible(&name))
        }
        RungPlace::Container => "Container credentials".to_owned(),
        RungPlace::Instance => "Instance metadata".to_owned(),
        RungPlace::Unsigned => "No credentials wanted".to_owned(),
    }
}

/// How a rung stands.
#[must_use]
pub fn verdict(state: &RungState) -> String {
    match state {
        RungState::NotSet => "not set".to_owned(),
        RungState::NotSearched => "not searched".to_owned(),
        RungState::NotAsked => "not asked".to_owned(),
        RungState::Shadowed { by } => format!("shadowed by {by}"),
        RungState::Used => "used".to_owned(),
        RungState::Failed {
            cause,
            matters: false,
        } if let Break::FileUnreadable { why, .. } = &**cause => match why {
            Unread::Missing(_) => "not there".to_owned(),
            _ => "cannot be read".to_owned(),
        },
        RungState::Failed { .. } => "failed".to_owned(),
    }
}

/// The key and where its parts stand, in one line.
fn found(rung: &Rung, when: &When<'_>) -> Option<String> {
    let of = |word: ChainWord| {
        let found = rung.origins.iter().find(|(own, _)| *own == word);
        found.map(|(_, place)| origin(place, when))
    };
    let mut parts = Vec::new();
    if let Some(facts) = rung
        .key
        .as_ref()
        .filter(|facts| !facts.masked_id.is_empty())
    {
        parts.push(key(facts, when));
    }
    let (id, secret, token) = (
        of(ChainWord::KeyId),
        of(ChainWord::Secret),
        of(ChainWord::Token),
    );
    match (&id, &secret) {
        // The note tells both.
        (Some(_), Some(_)) if is_split(rung) => {}
        (Some(id), _) => parts.push(format!("from {id}")),
        (None, Some(secret)) => parts.push(format!("only a secret, from {secret}")),
        (None, None) => {
            if let Some(profile) = of(ChainWord::Profile) {
                parts.push(format!("named by {profile}"));
            }
        }
    }
    if let Some(token) = token {
        parts.push(format!("token from {token}"));
    }
    let text = parts.join(", ");
    (!text.is_empty()).then(|| format!("{}.", capital(&text)))
}

/// True when the halves come from places of different kinds, so that both have to be said.
fn is_split(rung: &Rung) -> bool {
    let mixed = |note: &RungNote| matches!(note, RungNote::MixedPair { .. });
    let refused = matches!(rung.cause(), Some(Break::PairMixed { .. }));
    refused || rung.notes.iter().any(mixed)
}

/// A key: `AKIA…MPLE`, long-term.
#[must_use]
pub fn key(facts: &KeyFacts, when: &When<'_>) -> String {
    let kind = if facts.temporary {
        "temporary"
    } else {
        "long-term"
    };
    let mut text = match facts.masked_id.as_str() {
        "" => kind.to_owned(),
        id => format!("{}, {kind}", code(id)),
    };
    if let Some(expires) = facts.expires {
        text.push_str(", ");
        text.push_str(&when.left(expires));
    }
    text
}

/// Where something stands.
#[must_use]
pub fn origin(origin: &Origin, when: &When<'_>) -> String {
    match origin {
        Origin::Option { name, parent: None } => code(name),
        Origin::Option {
            name,
            parent: Some(parent),
        } => format!("{} of “{}”", code(name), visible(parent)),
        Origin::ConnectionToken { parent: None } => "the connection's token".to_owned(),
        Origin::ConnectionToken {
            parent: Some(parent),
        } => format!("the token of “{}”", visible(parent)),
        Origin::ConnectionRole => "the connection's role".to_owned(),
        Origin::Variable(name) => code(name),
        Origin::File { path, line, .. } => format!("{}:{line}", file(path, when)),
        Origin::Path(path) => file(path, when),
        Origin::Answer { who, at } => {
            format!("{} {}", visible(who), at.strftime("%H:%M", when.zone))
        }
    }
}

/// A path with the home folder as `~`.
pub(super) fn file(path: &Path, when: &When<'_>) -> String {
    visible(&when.short(path))
}

/// What a step of a chain says.
pub(super) fn step(step: &Step, when: &When<'_>) -> String {
    let section = match &step.origin {
        Origin::File { section, .. } => format!("[{}] ", visible(section)),
        _ => String::new(),
    };
    let said = match &step.kind {
        StepKind::Keys(facts) => format!("key {}", key(facts, when)),
        StepKind::Role {
            role,
            mfa_serial,
            external_id,
        } => {
            let mut text = format!("names role {}", code(role));
            if *external_id {
                text.push_str(", with an external id");
            }
            if let Some(serial) = mfa_serial {
                text.push_str(&format!(", asks for a code of {}", code(serial)));
            }
            text
        }
        StepKind::SourceProfile(name) => format!("takes the keys of “{}”", visible(name)),
        StepKind::CredentialSource(source) => format!("takes the keys of {}", code(source)),
        StepKind::IdentityCenter {
            session,
            account,
            role,
        } => {
            let mut text = format!("signs in to “{}”", visible(session));
            for (what, name) in [("for role", role), ("in account", account)] {
                if !name.is_empty() {
                    text.push_str(&format!(" {what} {}", code(name)));
                }
            }
            text
        }
        StepKind::CachedSignIn {
            expires: Some(expires),
        } => format!("the sign-in, {}", when.left(*expires)),
        StepKind::CachedSignIn { expires: None } => "the sign-in".to_owned(),
        StepKind::LoginSession(session) => format!("keeps the keys of {}", code(&visible(session))),
        StepKind::Process { command } => format!("runs {}", code(command)),
        StepKind::TokenFile(path) => format!("reads the token of {}", file(path, when)),
        StepKind::Missing(name) => format!("“{}” is not there", visible(name)),
        StepKind::Nothing => "holds no credentials".to_owned(),
    };
    format!("{section}{said}")
}

/// What is odd about a rung.
#[must_use]
pub fn note(note: &RungNote, when: &When<'_>) -> String {
    match note {
        RungNote::MixedPair { id, secret } => {
            format!("{} They may not belong together.", breaks::from(id, secret, when))
        }
        RungNote::LendsHalf { to } => format!("Half of this pair is used by {to}."),
        RungNote::TokenSticks { variable } => format!(
            "{} of the environment is sent along with these typed keys, and Amazon refuses a token of other keys. Unset it.",
            code(variable)
        ),
        RungNote::TokenIgnored { variable } => {
            format!("{} is set too and has no effect here.", code(variable))
        }
        RungNote::TokenMissing => {
            "This is the id of temporary keys, which work only together with their session token; none was found."
                .to_owned()
        }
        RungNote::EmptyVariable(name) => format!("{} is there, but empty.", code(name)),
        RungNote::EmptyOption(name) => {
            format!("{} is there, but empty; it hides the general one.", code(name))
        }
        RungNote::Malformed { path, line, flaw } => format!(
            "Django stops at line {line} of {}: {}.",
            file(path, when),
            breaks::flaw(*flaw)
        ),
        RungNote::NotText(path) => format!(
            "Django stops at {}: it is not UTF-8.",
            file(path, when)
        ),
        RungNote::ProfileGone { variable, name } if name.is_empty() => format!(
            "Django stops: {} is there, but empty, and boto3 looks for a profile without a name. Unset it.",
            code(variable)
        ),
        RungNote::ProfileGone { variable, name } => format!(
            "Django stops: {} names “{}”, which is in neither shared file. Unset it, or write that profile.",
            code(variable),
            visible(name)
        ),
        RungNote::OddVariable { variable, value } => format!(
            "Django stops: {} is “{}”, which boto3 does not take. Unset it.",
            code(variable),
            visible(value)
        ),
        RungNote::OddKey { half, at, flaw } => breaks::odd(*half, at, *flaw, when),
        RungNote::EndPassed { at } => format!(
            "The service hands out keys that ended {}. boto3 uses them on and asks for others after 12 to 20 min; this \
             program does so after 15 min.",
            when.said(*at)
        ),
        RungNote::Contradiction {
            key,
            profile,
            session,
        } => format!(
            "Django stops: {} in {} says something else than in {}. Take the profile's line out.",
            code(key),
            origin(profile, when),
            origin(session, when)
        ),
        RungNote::DurationIgnored { at } => format!(
            "`duration_seconds` in {} is no whole number, so boto3 passes over it and asks for an hour.",
            origin(at, when)
        ),
        RungNote::EndWritten { at } => format!(
            "A tool wrote beside these keys that they ended {}; boto3 does not read that and uses them.",
            when.said(*at)
        ),
        // True while they are fetched, and also after somebody stopped that.
        RungNote::Fetching { with_code: true } => {
            "Its keys did not come yet: they wait for the code of the device.".to_owned()
        }
        RungNote::Fetching { with_code: false } => "Its keys did not come yet.".to_owned(),
        RungNote::NeedsCrt => {
            "Django needs `botocore[crt]` installed for this; boto3 alone does not read it.".to_owned()
        }
        RungNote::NoAnswer => "No answer within 1 s: this is no machine of that kind.".to_owned(),
        RungNote::SwitchedOff(variable) => {
            format!("Switched off by {}.", code(variable))
        }
        RungNote::KeysBesideProfile => {
            "Keys are set too. Older versions of django-storages let the profile win, as here; from 1.14 on it refuses \
             to start: clear either."
                .to_owned()
        }
        RungNote::ToldAt(number) => format!("Place {number} says why it cannot be read."),
        RungNote::ProfileOf(variable) => format!("The profile is named by {}.", code(variable)),
    }
}

/// The first letter as a capital; a name in backticks stays as it is.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}
