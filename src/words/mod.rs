//! The one place that turns failures of the storage, and notices about the settings, into sentences for people.
//!
//! Every [`Explanation`] says what happened, why most likely, and what to do next; status, code and request id stay
//! apart as details. The window and the command line show the same words, so no sentence here may speak of buttons
//! or of options of the command line. Nothing here knows where the words will stand.

mod cause;
mod details;
pub mod diagnosis;
mod elsewhere;
pub mod exchange;
mod link;
mod notices;
mod trust;
mod way;

use crate::domain::diagnosis::TrustFlaw;
use crate::domain::{ErrorKind, Operation, StorageError};

use trust::trust_file;

pub use details::Detail;
pub use link::link_end;
pub use notices::notice;
pub use way::offline;

/// A failure in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What happened, in one sentence without a full stop: `Could not upload “photos/a.jpg”`.
    pub title: String,
    /// Why most likely, in one or two sentences.
    pub cause: String,
    /// What to do next, in one or two sentences; empty when there is nothing to do.
    pub next_step: String,
    /// What a person who helps would ask for: status, code, request id, the server's own words.
    pub details: Vec<Detail>,
}

impl Explanation {
    /// All of it as plain text, for the clipboard and for logs. Holds no secret.
    #[must_use]
    pub fn to_text(&self) -> String {
        let plain = diagnosis::plain;
        let mut text = format!("{}.\n{}", self.title, plain(&self.cause));
        if !self.next_step.is_empty() {
            text.push('\n');
            text.push_str(&plain(&self.next_step));
        }
        for detail in &self.details {
            text.push_str(&format!("\n{}: {}", detail.label, detail.value));
        }
        text
    }
}

/// Explains a failure without marks of the monospace font, for where none is drawn.
#[must_use]
pub fn explain_plainly(error: &StorageError) -> Explanation {
    let explained = explain(error);
    Explanation {
        cause: diagnosis::plain(&explained.cause),
        next_step: diagnosis::plain(&explained.next_step),
        ..explained
    }
}

/// Explains a failure. What stands between backticks is a name to be set in the monospace font.
#[must_use]
pub fn explain(error: &StorageError) -> Explanation {
    let details = details::of(error);
    // Nothing was sent: what was to be done says less than the source that gave no credentials.
    if let Some(told) = diagnosis::breaks::of_failure(error) {
        return Explanation {
            title: told.title,
            cause: told.cause,
            next_step: told.next,
            details,
        };
    }
    let (cause, next_step) = cause::of(error);
    Explanation {
        title: title(error),
        cause,
        next_step,
        details,
    }
}

/// A key, path or host inside a sentence: in quotation marks, with characters escaped that cannot be seen.
#[must_use]
pub fn quoted(subject: &str) -> String {
    format!("“{}”", visible(subject))
}

/// Text that a screen can show on one line: control characters and the marks that turn the direction of
/// writing are written as escapes, everything else stays.
#[must_use]
pub fn visible(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if !text.contains(hidden) {
        return text.to_owned();
    }
    text.chars()
        .flat_map(|c| {
            let escaped = hidden(c).then(|| c.escape_default());
            let plain = escaped.is_none().then_some(c);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect()
}

/// A duration in words of two units at most: `2 d 3 h`, `1 h 42 min`, `12 min`, `40 s`.
#[must_use]
pub fn duration(secs: i64) -> String {
    let (days, hours, minutes) = (secs / 86_400, secs / 3600 % 24, secs / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{secs} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// What happened.
fn title(error: &StorageError) -> String {
    let subject = (!error.subject.is_empty()).then(|| quoted(&error.subject));
    let named = |with: &str, without: &str| {
        subject
            .as_ref()
            .map_or_else(|| without.to_owned(), |subject| format!("{with} {subject}"))
    };
    if error.kind == ErrorKind::Cancelled {
        let what = match error.operation {
            Operation::Put | Operation::Multipart => {
                named("Cancelled the upload of", "Cancelled the upload")
            }
            Operation::Get | Operation::LocalFile => {
                named("Cancelled the download of", "Cancelled the download")
            }
            Operation::List | Operation::ListBuckets => {
                named("Stopped listing", "Stopped the listing")
            }
            Operation::Delete => named("Stopped deleting", "Stopped deleting"),
            Operation::Connect
            | Operation::Head
            | Operation::Copy
            | Operation::Link
            | Operation::AssumeRole
            | Operation::Caller => named("Cancelled", "Cancelled"),
            Operation::SignIn => "Cancelled the sign-in".to_owned(),
        };
        return what;
    }
    if error.operation == Operation::Connect && error.kind == ErrorKind::NoCredentials {
        return "Found no credentials to sign with".to_owned();
    }
    if TrustFlaw::of_code(error.code.as_deref()).is_some() {
        return named(
            "Could not use the certificates in",
            "Could not use the file of certificates",
        );
    }
    match error.operation {
        Operation::Connect => named("Could not connect to", "Could not connect"),
        Operation::ListBuckets => "Could not list the buckets of this account".to_owned(),
        Operation::List => named("Could not list", "Could not list the bucket"),
        Operation::Head => named(
            "Could not read the properties of",
            "Could not read the properties of the object",
        ),
        Operation::Get => named("Could not read", "Could not read the object"),
        Operation::Put | Operation::Multipart => {
            named("Could not write", "Could not write the object")
        }
        Operation::Copy => named("Could not copy", "Could not copy the object"),
        Operation::Delete => named("Could not delete", "Could not delete"),
        Operation::Link => named("Could not make a link to", "Could not make the link"),
        Operation::LocalFile => named(
            "Could not use the file",
            "Could not use a file on this computer",
        ),
        Operation::SignIn => named("Could not sign in to", "Could not sign in"),
        Operation::AssumeRole => named("Could not take the role", "Could not take the role"),
        Operation::Caller => "Could not learn who these credentials belong to".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [ErrorKind; 26] = [
        ErrorKind::NoSuchBucket,
        ErrorKind::NoSuchKey,
        ErrorKind::NoSuchUpload,
        ErrorKind::AccessDenied,
        ErrorKind::NoCredentials,
        ErrorKind::BadCredentials,
        ErrorKind::ExpiredCredentials,
        ErrorKind::SignInNeeded,
        ErrorKind::CodeNeeded,
        ErrorKind::WrongRegion,
        ErrorKind::Redirected,
        ErrorKind::ClockSkew,
        ErrorKind::Conflict,
        ErrorKind::Throttled,
        ErrorKind::Unreachable,
        ErrorKind::ProxyUnreachable,
        ErrorKind::ProxyRefused,
        ErrorKind::Tls,
        ErrorKind::TimedOut,
        ErrorKind::Server,
        ErrorKind::Unsupported,
        ErrorKind::Invalid,
        ErrorKind::Corrupt,
        ErrorKind::LocalFile,
        ErrorKind::Cancelled,
        ErrorKind::Other,
    ];
    const OPERATIONS: [Operation; 14] = [
        Operation::Connect,
        Operation::ListBuckets,
        Operation::List,
        Operation::Head,
        Operation::Get,
        Operation::Put,
        Operation::Multipart,
        Operation::Copy,
        Operation::Delete,
        Operation::Link,
        Operation::LocalFile,
        Operation::SignIn,
        Operation::AssumeRole,
        Operation::Caller,
    ];

    #[test]
    fn every_failure_has_whole_sentences() {
        for kind in KINDS {
            for operation in OPERATIONS {
                let words = explain(&StorageError::new(operation, kind, "a b"));
                assert!(words.title.starts_with(char::is_uppercase), "{words:?}");
                assert!(!words.title.ends_with('.'), "{words:?}");
                assert!(words.cause.ends_with('.'), "{words:?}");
                assert!(
                    words.next_step.is_empty() || words.next_step.ends_with('.'),
                    "{words:?}"
                );
                assert_eq!(
                    words.next_step.is_empty(),
                    kind == ErrorKind::Cancelled,
                    "{words:?}"
                );
            }
        }
    }

    #[test]
    fn no_two_kinds_sound_the_same() {
        for operation in OPERATIONS {
            let mut causes: Vec<_> = KINDS
                .iter()
                .map(|kind| explain(&StorageError::new(operation, *kind, "x")).cause)
                .collect();
            causes.sort();
            let count = causes.len();
            causes.dedup();
            assert_eq!(causes.len(), count, "{operation:?}");
        }
    }

    #[test]
    fn a_denied_action_names_the_permission() {
        for (operation, permission) in [
            (Operation::ListBuckets, "s3:ListAllMyBuckets"),
            (Operation::List, "s3:ListBucket"),
            (Operation::Get, "s3:GetObject"),
            (Operation::Put, "s3:PutObject"),
            (Operation::Delete, "s3:DeleteObject"),
        ] {
            let words = explain(&StorageError::new(operation, ErrorKind::AccessDenied, "x"));
            assert!(words.cause.contains(permission), "{words:?}");
        }
    }

    #[test]
    fn missing_credentials_are_said_as_such() {
        let told = |subject: &str| {
            explain(&StorageError::new(
                Operation::Connect,
                ErrorKind::NoCredentials,
                subject,
            ))
        };
        assert_eq!(
            told("credentials").title,
            "Found no credentials to sign with"
        );
        assert!(told("work").cause.contains("profile “work”"));
        assert!(!told("credentials").cause.contains("profile “"));
    }

    #[test]
    fn code_and_request_id_stay_in_the_details() {
        let mut error = StorageError::new(Operation::Get, ErrorKind::NoSuchKey, "photos/a.jpg")
            .with_message("No such key");
        error.status = Some(404);
        error.code = Some("NoSuchKey".to_owned());
        error.request_id = Some("4442587FB7D0A2F9".to_owned());
        let words = explain(&error);
        assert_eq!(words.title, "Could not read “photos/a.jpg”");
        assert!(!words.cause.contains("4442587FB7D0A2F9"));
        let text = words.to_text();
        assert!(
            text.contains("Code: NoSuchKey") && text.contains("Status: 404"),
            "{text}"
        );
        assert!(text.ends_with("Request id: 4442587FB7D0A2F9"), "{text}");
    }

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(visible("a\nb\u{202e}c é 🪣"), "a\\nb\\u{202e}c é 🪣");
        assert_eq!(quoted("a+b %2F"), "“a+b %2F”");
    }
}
