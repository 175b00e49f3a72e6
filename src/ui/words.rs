//! Sentences that only the window needs; failures are explained by `crate::words`.

use std::path::Path;

use crate::domain::{ErrorKind, StorageError, Timestamp};
use crate::settings::ProfileProblem;
use crate::settings::secrets::VaultStatus;
use crate::state::messages::{Try, Verification};
use crate::state::{Screen, State};

use super::kit::Light;

pub(super) use crate::words::{duration, quoted, visible};

/// Said where winit cannot receive files from other programs.
pub(super) const DROPS_MISSING: &str = "Wayland delivers no dropped files to this program. Use Upload, paste file paths, or cooperage put.";

/// Status and code, as people quote them: `AccessDenied 403`.
pub(super) fn code(error: &StorageError) -> String {
    let code = error.code.as_deref().unwrap_or_default();
    match error.status {
        Some(status) => format!("{code} {status}").trim().to_owned(),
        None => code.to_owned(),
    }
}

/// Why there are no rows, for the status bar.
pub(super) fn not_listed(error: &StorageError) -> &'static str {
    match error.kind {
        ErrorKind::AccessDenied => "Not listed: denied",
        ErrorKind::NoSuchBucket => "Not listed: no such bucket",
        ErrorKind::Unreachable => "Not listed: the server cannot be reached",
        ErrorKind::TimedOut => "Not listed: the server does not answer",
        ErrorKind::ProxyUnreachable => "Not listed: the proxy cannot be reached",
        ErrorKind::ProxyRefused => "Not listed: the proxy refuses",
        ErrorKind::ExpiredCredentials => "Not listed: the session has ended",
        ErrorKind::BadCredentials | ErrorKind::NoCredentials => "Not listed: no valid credentials",
        ErrorKind::Redirected => "Not listed: the server sends to another address",
        ErrorKind::Tls => "Not listed: the certificate was not accepted",
        _ => "Not listed",
    }
}

/// Which try runs: `Try 1 of 2`.
pub(super) fn trying(trying: Try) -> String {
    format!("Try {} of {}", trying.number, trying.last)
}

/// Why the buckets of the account are not shown.
pub(super) fn buckets_unlisted(error: &StorageError) -> &'static str {
    match error.kind {
        ErrorKind::AccessDenied => "These keys may not list all buckets; known ones work.",
        ErrorKind::Unsupported => "This server does not list buckets.",
        _ => "The list of buckets could not be read.",
    }
}

/// Where credentials come from, with the quotes of running text: `role “editor” of profile “work”`. Of an address the host
/// is enough.
pub(super) fn source(source: &str) -> String {
    if source.matches('"').count() % 2 == 1 {
        return source.to_owned();
    }
    let parts = source.split('"').enumerate().map(|(at, part)| {
        let address = part.split_once("://").map(|(_, rest)| rest);
        let host = address.and_then(|rest| rest.split('/').next());
        match (at % 2 == 1, host) {
            (true, Some(host)) => quoted(host),
            (true, None) => quoted(part),
            (false, _) => part.to_owned(),
        }
    });
    parts.collect()
}

/// How long credentials still work: `1 h 42 min left`.
pub(super) fn time_left(expires: Timestamp, now: Timestamp) -> String {
    let secs = expires.0 - now.0;
    if secs <= 0 {
        "session ended".to_owned()
    } else {
        format!("{} left", duration(secs))
    }
}

/// A time that runs out while somebody watches: `9:41`.
pub(super) fn countdown(secs: i64) -> String {
    format!("{}:{:02}", secs / 60, secs % 60)
}

/// Lifetimes that are offered: seconds and words.
pub(super) const LIFETIMES: [(i64, &str); 5] = [
    (900, "15 minutes"),
    (3600, "1 hour"),
    (43_200, "12 hours"),
    (86_400, "1 day"),
    (604_800, "7 days"),
];

/// A lifetime in words: `1 hour`, `90 minutes`, `45 s`.
pub(super) fn lifetime(secs: i64) -> String {
    LIFETIMES
        .iter()
        .find(|(own, _)| *own == secs)
        .map_or_else(|| duration(secs), |(_, words)| (*words).to_owned())
}

/// The storage class as people write it.
pub(super) fn class(class: &str) -> &str {
    match class {
        "" | "STANDARD" => "Standard",
        "STANDARD_IA" => "Standard-IA",
        "ONEZONE_IA" => "One Zone-IA",
        "INTELLIGENT_TIERING" => "Intelligent",
        "GLACIER" => "Glacier",
        "GLACIER_IR" => "Glacier IR",
        "DEEP_ARCHIVE" => "Deep Archive",
        "REDUCED_REDUNDANCY" => "Reduced",
        "EXPRESS_ONEZONE" => "Express",
        other => other,
    }
}

/// How the keyring stands, as a light.
pub(super) fn vault(status: VaultStatus) -> (Light, String) {
    let light = match status {
        VaultStatus::Unlocked => Light::Good,
        VaultStatus::NotAsked | VaultStatus::MemoryOnly => Light::Info,
        VaultStatus::Locked | VaultStatus::Absent | VaultStatus::NotAnswering => Light::Warn,
    };
    (light, status.to_string())
}

/// A path with the home folder as `~`.
pub(super) fn home_short(path: &Path, state: &State) -> String {
    let text = path.display().to_string();
    let home = state
        .environment
        .found("HOME")
        .or_else(|| state.environment.found("USERPROFILE"));
    match home.and_then(|home| text.strip_prefix(home)) {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '\\']) => format!("~{rest}"),
        _ => text,
    }
}

/// How a transfer was checked, and whether that is sure.
pub(super) fn verification(verification: &Verification) -> (String, bool) {
    match verification {
        Verification::Checksum(name) => (format!("verified {name}"), true),
        Verification::EtagMd5 => ("verified MD5".to_owned(), true),
        Verification::LengthOnly => (
            "length only: the server offers no checksum".to_owned(),
            false,
        ),
    }
}

/// What is missing in a profile, in two words.
pub(super) fn profile_problem(problem: &ProfileProblem) -> &'static str {
    match problem {
        ProfileProblem::HalfPair { .. } => "half a pair",
        ProfileProblem::SourceMissing(_) => "source missing",
        ProfileProblem::SourceLoop => "source loop",
        ProfileProblem::NoSource => "no source",
        ProfileProblem::SessionMissing(_) => "no session",
        ProfileProblem::IncompleteIdentityCenter { .. } => "incomplete",
    }
}

/// The title of the window.
pub fn window_title(state: &State) -> String {
    match (state.screen, state.connections.current()) {
        (Screen::Browser, Some(connection)) if !state.browser.location.bucket.is_empty() => {
            format!(
                "{} – {} – Cooperage",
                visible(&state.browser.location.to_string()),
                connection.name
            )
        }
        (Screen::Browser, Some(connection)) => format!("{} – Cooperage", connection.name),
        _ => "Cooperage".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_quoted_as_text() {
        assert_eq!(source("profile \"work\""), "profile “work”");
        let both = "role \"editor\" of Identity Center \"https://corp.awsapps.com/start\"";
        assert_eq!(
            source(both),
            "role “editor” of Identity Center “corp.awsapps.com”"
        );
        assert_eq!(source("environment"), "environment");
        assert_eq!(source("a lone \" quote"), "a lone \" quote");
    }

    #[test]
    fn durations_have_two_units_at_most() {
        for (secs, text) in [
            (40, "40 s"),
            (720, "12 min"),
            (3600, "1 h"),
            (6120, "1 h 42 min"),
            (93_600, "1 d 2 h"),
            (604_800, "7 d"),
        ] {
            assert_eq!(duration(secs), text);
        }
        assert_eq!(lifetime(3600), "1 hour");
        assert_eq!(lifetime(5400), "1 h 30 min");
    }
}
