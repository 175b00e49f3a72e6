//! The test that writes: what it will do, why it need not be tried, and what it left behind.

use crate::domain::ErrorKind;
use crate::domain::diagnosis::{Leftover, Setup, Untested, Verdict};

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
        Verdict::Allowed | Verdict::Denied(_) | Verdict::Unsupported => return None,
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

/// What a test left behind.
#[must_use]
pub fn leftovers(left: &[Leftover]) -> String {
    let named = |leftover: &Leftover| {
        let what = if leftover.is_upload {
            "the unfinished upload"
        } else {
            "the object"
        };
        format!("{what} {}", crate::words::visible(&leftover.key))
    };
    match left {
        [] => String::new(),
        [one] => format!(
            "The test could not remove {}. It is tried again with the next run.",
            named(one)
        ),
        [first, ..] => {
            let uploads = left.iter().filter(|one| one.is_upload).count();
            let several = [
                (left.len() - uploads, "object"),
                (uploads, "unfinished upload"),
            ];
            let counted = several.into_iter().filter(|(count, _)| *count > 0);
            let counted = counted.map(|(count, what)| match count {
                1 => format!("1 {what}"),
                count => format!("{count} {what}s"),
            });
            format!(
                "The test could not remove {}, of {}. It is tried again with the next run.",
                counted.collect::<Vec<_>>().join(" and "),
                crate::words::visible(&first.key)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_named() {
        let left = |key: &str, is_upload| Leftover {
            key: key.to_owned(),
            is_upload,
        };
        assert_eq!(leftovers(&[]), "");
        let text = leftovers(&[left("p/.t", true), left("p/.t", false)]);
        assert!(
            text.contains("1 object and 1 unfinished upload, of p/.t"),
            "{text}"
        );
    }
}
