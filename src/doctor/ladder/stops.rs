//! What stops Django before its first request although the keys that sign are good: boto3 reads the shared files and its
//! own variables whoever signs.
//!
//! Each as tried with boto3 1.43: what is taken there is no note here.

use super::shared::Shared;
use crate::doctor::Patient;
use crate::domain::CredentialSpec;
use crate::domain::diagnosis::{Remedy, RungNote};
use crate::settings::{CredentialMode, Environment};

/// The variables that name the profile of the default session, in botocore's order.
pub(super) const PROFILE_VARIABLES: [&str; 2] = ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"];

/// Variables of which botocore takes only these words, and whether it takes them in any case.
const WORDS: [(&str, &[&str], bool); 7] = [
    ("AWS_RETRY_MODE", &["legacy", "standard", "adaptive"], false),
    ("AWS_REQUEST_CHECKSUM_CALCULATION", CHECKSUMS, true),
    ("AWS_RESPONSE_CHECKSUM_VALIDATION", CHECKSUMS, true),
    ("AWS_DEFAULTS_MODE", MODES, true),
    (
        "AWS_STS_REGIONAL_ENDPOINTS",
        &["", "legacy", "regional"],
        true,
    ),
    (
        "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT",
        &["", "legacy", "regional"],
        true,
    ),
    (
        "AWS_ACCOUNT_ID_ENDPOINT_MODE",
        &["preferred", "disabled", "required"],
        true,
    ),
];

const CHECKSUMS: &[&str] = &["when_supported", "when_required"];

const MODES: &[&str] = &[
    "legacy",
    "auto",
    "standard",
    "in-region",
    "cross-region",
    "mobile",
];

/// All of it, for keys that sign.
pub(super) fn of_django(patient: &Patient, shared: &Shared) -> Vec<RungNote> {
    // Django knows no such narrowing: what it would do says nothing here.
    if patient.connection.credentials == CredentialMode::Keys {
        return Vec::new();
    }
    let has_profile = match &patient.inspected.resolved.config.credentials {
        CredentialSpec::Profile(_) => true,
        CredentialSpec::Keys { .. } | CredentialSpec::Chain => false,
        // Django has nothing of the kind.
        CredentialSpec::IdentityCenter(_) | CredentialSpec::Anonymous => return Vec::new(),
    };
    let environment = &patient.environment;
    let mut notes = shared.notes();
    // An empty one names a profile too: the one without a name.
    let named = (PROFILE_VARIABLES.into_iter())
        .find_map(|variable| Some((variable, environment.get(variable)?)));
    if let Some((variable, name)) = named.filter(|(_, name)| !has_profile && !shared.has(name)) {
        let name = name.to_owned();
        notes.push(RungNote::ProfileGone { variable, name });
    }
    notes.extend(odd_variables(environment));
    notes
}

fn odd_variables(environment: &Environment) -> Vec<RungNote> {
    let one_of = |(variable, words, any_case): &(&'static str, &[&str], bool)| {
        let value = environment.get(variable)?;
        let is_taken = match any_case {
            true => words.iter().any(|word| value.eq_ignore_ascii_case(word)),
            false => words.contains(&value),
        };
        (!is_taken).then(|| odd(variable, value))
    };
    let attempts = || {
        let (variable, least) = ("AWS_MAX_ATTEMPTS", 1);
        let value = environment.get(variable)?;
        let is_taken = value.trim().parse::<i64>().is_ok_and(|it| it >= least);
        (!is_taken).then(|| odd(variable, value))
    };
    WORDS.iter().filter_map(one_of).chain(attempts()).collect()
}

fn odd(variable: &'static str, value: &str) -> RungNote {
    let value = value.to_owned();
    RungNote::OddVariable { variable, value }
}

/// What one click can do about a note.
pub(super) fn remedy(note: &RungNote) -> Option<Remedy> {
    match note {
        RungNote::Malformed { path, .. } | RungNote::NotText(path) => {
            Some(Remedy::ShowFile(path.clone()))
        }
        _ => None,
    }
}
