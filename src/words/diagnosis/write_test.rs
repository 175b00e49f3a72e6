//! The test that writes: what it will do, why it need not be tried, and what it left behind.

use crate::domain::ErrorKind;
use crate::domain::diagnosis::{PermissionMatrix, Setup, Untested, Verdict};

/// Why a write need not be tried where a listing ended like this; `None` where it may still work.
#[must_use]
pub const fn no_write_either(listed: Verdict) -> Option<&'static str> {
    Some(match listed {
        Verdict::NotTested(why) => match why {
            Untested::NoSuchBucket => "the bucket does not exist",
            Untested::NotS3 => "what answers is no S3 server",
            Untested::NoBucket => "this connection names no bucket",
            Untested::NoWay => "the server was not reached",
            Untested::NoCredentials => "there are no credentials to sign with",
            _ => return None,
        },
        Verdict::Failed(kind) => match kind {
            ErrorKind::BadCredentials => "the server does not accept the credentials",
            ErrorKind::ExpiredCredentials => "the credentials have expired",
            ErrorKind::NoCredentials | ErrorKind::SignInNeeded | ErrorKind::CodeNeeded => {
                "there are no credentials to sign with"
            }
            ErrorKind::Unreachable | ErrorKind::ProxyUnreachable | ErrorKind::ProxyRefused => {
                "the server was not reached"
            }
            ErrorKind::Tls => "the certificate of the server was not accepted",
            ErrorKind::TimedOut => "the server does not answer",
            _ => return None,
        },
        Verdict::Allowed
        | Verdict::Denied(_)
        | Verdict::Unsupported
        | Verdict::SignatureRefused { .. } => return None,
    })
}

/// What a write test will do, before it is asked for.
#[must_use]
pub fn before_writing(prefix: &str, setup: Option<&Setup>) -> String {
    if setup.is_some_and(|setup| setup.bucket.is_none()) {
        return "No bucket is named in which anything could be tried.".to_owned();
    }
    let place = if prefix.is_empty() {
        "into the bucket".to_owned()
    } else {
        format!("below {}", crate::words::visible(prefix))
    };
    let class = setup.and_then(|setup| setup.storage_class.as_deref());
    let class = class.map_or_else(String::new, |class| {
        format!(
            " It takes the storage class {} of the settings for that moment.",
            crate::words::visible(class)
        )
    });
    let locks = setup.map_or_else(String::new, |setup| untried_locks(setup, " "));
    format!(
        "Testing writes puts one object with a random name {place} and removes it again, even after a crash.{class}{locks}"
    )
}

/// Which parameters of uploads no test tries, with something before it; nothing where there are none.
#[must_use]
pub fn untried_locks(setup: &Setup, before: &str) -> String {
    if setup.locks.is_empty() {
        return String::new();
    }
    format!(
        "{before}Not tried: {}, which would keep the object from being removed.",
        setup.locks.join(", ")
    )
}

/// What is left of a test: of this one, or of an earlier one, for which nothing was written now.
#[must_use]
pub fn left(matrix: &PermissionMatrix) -> String {
    let Some(first) = matrix.leftovers.first() else {
        return String::new();
    };
    let uploads = matrix.leftovers.iter().filter(|one| one.is_upload).count();
    let objects = matrix.leftovers.len() - uploads;
    let key = crate::words::visible(&first.key);
    let what = match (objects, uploads) {
        (1, 0) => format!("the object {key}"),
        (0, 1) => format!("the unfinished upload {key}"),
        _ => {
            let counted = [(objects, "object"), (uploads, "unfinished upload")];
            let counted = counted.into_iter().filter(|(count, _)| *count > 0);
            let counted: Vec<String> = counted
                .map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" }))
                .collect();
            format!("{}, of {key}", counted.join(" and "))
        }
    };
    if matrix.waits_for_removal() {
        return format!(
            "An earlier test left something that still cannot be removed: {what}. Another test would leave more."
        );
    }
    format!(
        "The test could not remove {what}. The next one tries it again before it writes anything."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::diagnosis::{Leftover, Permission, PermissionRow};

    #[test]
    fn what_is_left_is_named() {
        let all = [("p/.t", true), ("p/.t", false)].map(|(key, is_upload)| Leftover {
            key: key.to_owned(),
            is_upload,
        });
        let mut matrix = PermissionMatrix::new("b", "p/", Untested::NotAsked);
        assert_eq!(left(&matrix), "");
        matrix.leftovers = all[1..].to_vec();
        let text = left(&matrix);
        assert!(text.contains("could not remove the object p/.t."), "{text}");
        matrix.leftovers = all.to_vec();
        let both = "1 object and 1 unfinished upload, of p/.t";
        assert!(left(&matrix).contains(both), "{}", left(&matrix));
        matrix.set(PermissionRow::untested(
            Permission::Write,
            Untested::LeftBehind,
        ));
        let earlier = left(&matrix);
        assert!(
            earlier.contains(both) && earlier.contains("An earlier test"),
            "{earlier}"
        );
    }
}
