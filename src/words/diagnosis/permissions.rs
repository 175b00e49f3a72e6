//! What may be done, what is denied and how, and why something was not tried.

use super::Told;
use super::codes::{Meaning, meaning};
use super::denials::denial;
use crate::domain::ErrorKind;
use crate::domain::diagnosis::{
    Denial, Leftover, Permission, PermissionRow, Setup, Untested, Verdict,
};

/// The name of a row.
#[must_use]
pub const fn name(permission: Permission) -> &'static str {
    match permission {
        Permission::ListPrefix => "List the prefix",
        Permission::Read => "Read",
        Permission::Head => "Head",
        Permission::Tags => "Tags",
        Permission::Acl => "ACL",
        Permission::Versions => "Versions",
        Permission::BucketLocation => "Bucket location",
        Permission::Versioning => "Versioning",
        Permission::Policy => "Policy",
        Permission::Cors => "CORS",
        Permission::Lifecycle => "Lifecycle",
        Permission::Write => "Write",
        Permission::Multipart => "Multipart, abort",
        Permission::Overwrite => "Overwrite",
        Permission::Delete => "Delete",
    }
}

/// What was tried.
#[must_use]
pub const fn tried(permission: Permission) -> &'static str {
    match permission {
        Permission::ListPrefix => "What begins with the prefix was listed, one key at most.",
        Permission::Read => "The first byte of one object was read.",
        Permission::Head => "The headers of one object were read.",
        Permission::Tags => "The tags of one object were read.",
        Permission::Acl => "The access list of one object was read.",
        Permission::Versions => "Versions below the prefix were listed, one at most.",
        Permission::BucketLocation => "The bucket was asked for its region.",
        Permission::Versioning => "The bucket was asked whether it keeps versions.",
        Permission::Policy => "The policy of the bucket was read.",
        Permission::Cors => "The rules for other origins were read.",
        Permission::Lifecycle => "The lifecycle rules were read.",
        Permission::Write => "An object of a random name was written.",
        Permission::Multipart => "An upload in parts was begun and aborted.",
        Permission::Overwrite => "The test's own object was written again.",
        Permission::Delete => "The test's own object was deleted.",
    }
}

/// What came of a try that is allowed and found nothing; the server told so with a code of its own.
const fn found_none(permission: Permission) -> &'static str {
    match permission {
        Permission::Read => "The first object is empty, so there was no byte to be read.",
        Permission::Tags => "It was asked for, and the object has no tags.",
        Permission::Policy => "It was asked for, and the bucket has no policy.",
        Permission::Cors => "They were asked for, and the bucket has no rules for other origins.",
        Permission::Lifecycle => "They were asked for, and the bucket has no lifecycle rules.",
        _ => "It was asked for, and there is none.",
    }
}

/// The word of a verdict, as the head of its column has it.
#[must_use]
pub const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "allowed",
        Verdict::Denied(_) => "denied",
        Verdict::Unsupported => "no support",
        Verdict::NotTested(Untested::Failed(_)) => "no answer",
        Verdict::NotTested(_) => "not tested",
    }
}

/// How a row ended, why, and what to do.
#[must_use]
pub fn row(row: &PermissionRow) -> Told {
    let action = row.missing_action();
    let (cause, next) = match row.verdict {
        Verdict::Allowed if row.told.is_some() => {
            (found_none(row.permission).to_owned(), String::new())
        }
        Verdict::Allowed => (tried(row.permission).to_owned(), String::new()),
        Verdict::Denied(how) => denial(how, action, row.permission),
        Verdict::Unsupported => ("The server does not offer this.".to_owned(), String::new()),
        Verdict::NotTested(why) => match meaning_of(row, why) {
            Some(meaning) => (
                format!("It was tried and refused. {}", meaning.cause),
                meaning.next.to_owned(),
            ),
            None => (untested(why), what_then(why).to_owned()),
        },
    };
    Told {
        title: format!("{}: {}", name(row.permission), verdict(row.verdict)),
        cause,
        next,
    }
}

/// What the server's code says, where the kind of a failure alone says less.
fn meaning_of(row: &PermissionRow, why: Untested) -> Option<&'static Meaning> {
    let (_, code) = row.told.as_ref()?;
    let says_less = matches!(
        why,
        Untested::Failed(ErrorKind::Invalid | ErrorKind::Other | ErrorKind::Corrupt)
    );
    says_less.then(|| meaning(code)).flatten()
}

/// The same as [`row`] says, for a table that names each action and what the server told: what is the same of neighbours
/// reads the same.
#[must_use]
pub fn below(row_in_table: &PermissionRow) -> String {
    match row_in_table.verdict {
        // That it works says it all.
        Verdict::Allowed | Verdict::Unsupported => String::new(),
        Verdict::Denied(Denial::Unexplained) => {
            "Denied without a reason: most likely no policy allows this action. Ask for it."
                .to_owned()
        }
        Verdict::Denied(_) | Verdict::NotTested(_) => {
            let said = row(row_in_table);
            format!("{} {}", said.cause, said.next)
                .trim_end()
                .to_owned()
        }
    }
}

/// Why a row was not tried.
#[must_use]
pub fn untested(why: Untested) -> String {
    let failed = |what: &str| format!("It was tried, and {what}.");
    match why {
        Untested::NotAsked => "Nobody asked for it yet.".to_owned(),
        Untested::NoBucket => "This connection names no bucket.".to_owned(),
        Untested::NoWay => {
            "Nothing was asked, because there is no way to the server; the checks say why."
                .to_owned()
        }
        Untested::NoCredentials => {
            "Nothing was asked, because there are no credentials to sign with.".to_owned()
        }
        Untested::NoSuchBucket => "The bucket does not exist.".to_owned(),
        Untested::NotS3 => "What answers is no S3 server (see “List one key”).".to_owned(),
        Untested::NothingThere => {
            "There is no object below the prefix on which it could be tried.".to_owned()
        }
        Untested::NoListing => {
            "The prefix cannot be listed, so no object is known on which it could be tried."
                .to_owned()
        }
        Untested::Archived => {
            "The first object is archived and would have to be restored first.".to_owned()
        }
        Untested::ReadOnly => {
            "This connection is read-only, and the test would have to write.".to_owned()
        }
        Untested::Needs(permission) => format!(
            "It needs an object of its own, and “{}” did not work.",
            name(permission)
        ),
        Untested::Stopped => "The test was stopped before.".to_owned(),
        Untested::Failed(kind) => match kind {
            ErrorKind::BadCredentials => {
                "No answer to use: the keys were refused (see “Caller”).".to_owned()
            }
            ErrorKind::ExpiredCredentials => {
                "No answer to use: the keys have ended (see “Caller”).".to_owned()
            }
            ErrorKind::NoCredentials => failed("there are no credentials to sign with"),
            ErrorKind::WrongRegion => failed("the bucket is in another region"),
            ErrorKind::Redirected => failed("the server sends to another address"),
            ErrorKind::ClockSkew => failed("this computer's clock is too far off"),
            ErrorKind::Throttled => failed("the server asked to slow down"),
            ErrorKind::Unreachable => failed("the server could not be reached"),
            ErrorKind::Tls => failed("the certificate of the server was not accepted"),
            ErrorKind::TimedOut => failed("no answer came in time"),
            ErrorKind::Server => failed("the server failed"),
            ErrorKind::NoSuchKey => failed("the object was gone"),
            ErrorKind::Conflict => failed("the object changed meanwhile"),
            ErrorKind::LocalFile => {
                "The record of the test could not be kept on this computer, so nothing was written."
                    .to_owned()
            }
            _ => failed("the server refused the request for a reason of its own"),
        },
    }
}

/// Why a write need not be tried where a listing was not possible for this reason; `None` where it may still work.
#[must_use]
pub const fn no_write_either(why: Untested) -> Option<&'static str> {
    Some(match why {
        Untested::NoSuchBucket => "the bucket does not exist",
        Untested::NotS3 => "what answers is no S3 server",
        Untested::NoBucket => "this connection names no bucket",
        Untested::NoWay => "the server was not reached",
        Untested::NoCredentials => "there are no credentials to sign with",
        Untested::Failed(kind) => match kind {
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
        _ => return None,
    })
}

/// What to do about a row that was not tried.
const fn what_then(why: Untested) -> &'static str {
    match why {
        Untested::NotAsked => "Test writing to know.",
        Untested::NoBucket => "Set a bucket, then run again.",
        Untested::NoWay => "Correct what the checks name, then run again.",
        Untested::NoCredentials => "Correct where the credentials come from, then run again.",
        Untested::NoSuchBucket => "Correct the name of the bucket, or create it.",
        Untested::NotS3 => "Correct the endpoint, then run again.",
        Untested::NothingThere => "Test writing, which brings an object along.",
        Untested::NoListing => "Test writing, which needs no listing.",
        Untested::ReadOnly => "Allow everything for this connection, then test.",
        Untested::Archived | Untested::Needs(_) | Untested::Stopped | Untested::Failed(_) => "",
    }
}

/// Why a button is grey: the action that is missing.
#[must_use]
pub fn needs(action: &str) -> &'static str {
    match action {
        "s3:ListBucket" => "needs s3:ListBucket",
        "s3:GetObject" => "needs s3:GetObject",
        "s3:PutObject" => "needs s3:PutObject",
        "s3:PutObjectAcl" => "needs s3:PutObjectAcl",
        "s3:PutObjectTagging" => "needs s3:PutObjectTagging",
        "s3:DeleteObject" => "needs s3:DeleteObject",
        "s3:AbortMultipartUpload" => "needs s3:AbortMultipartUpload",
        "kms:Decrypt" => "needs kms:Decrypt",
        "kms:GenerateDataKey" => "needs kms:GenerateDataKey",
        _ => "needs an action that no policy allows; the Doctor names it",
    }
}

/// What a write test will do, before it is asked for.
#[must_use]
pub fn before_writing(prefix: &str, setup: Option<&Setup>) -> String {
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
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::diagnosis::PolicyKind;

    fn every_verdict() -> Vec<Verdict> {
        let kinds = [
            None,
            Some(PolicyKind::Identity),
            Some(PolicyKind::Resource),
            Some(PolicyKind::Boundary),
            Some(PolicyKind::Session),
            Some(PolicyKind::ServiceControl),
            Some(PolicyKind::ResourceControl),
            Some(PolicyKind::VpcEndpoint),
        ];
        let mut all = vec![
            Verdict::Allowed,
            Verdict::Unsupported,
            Verdict::Denied(Denial::Kms),
            Verdict::Denied(Denial::KmsKeyUnusable),
            Verdict::Denied(Denial::Unexplained),
        ];
        all.extend(kinds.map(|kind| Verdict::Denied(Denial::Explicit(kind))));
        all.extend(kinds.map(|kind| Verdict::Denied(Denial::Implicit(kind))));
        all.extend(
            [
                Untested::NotAsked,
                Untested::NoBucket,
                Untested::NoWay,
                Untested::NoCredentials,
                Untested::NoSuchBucket,
                Untested::NotS3,
                Untested::NothingThere,
                Untested::NoListing,
                Untested::Archived,
                Untested::ReadOnly,
                Untested::Needs(Permission::Write),
                Untested::Stopped,
                Untested::Failed(ErrorKind::BadCredentials),
                Untested::Failed(ErrorKind::ExpiredCredentials),
                Untested::Failed(ErrorKind::NoCredentials),
                Untested::Failed(ErrorKind::WrongRegion),
                Untested::Failed(ErrorKind::ClockSkew),
                Untested::Failed(ErrorKind::Throttled),
                Untested::Failed(ErrorKind::Unreachable),
                Untested::Failed(ErrorKind::Tls),
                Untested::Failed(ErrorKind::TimedOut),
                Untested::Failed(ErrorKind::Server),
                Untested::Failed(ErrorKind::NoSuchKey),
                Untested::Failed(ErrorKind::Conflict),
                Untested::Failed(ErrorKind::LocalFile),
                Untested::Failed(ErrorKind::Other),
            ]
            .map(Verdict::NotTested),
        );
        all
    }

    #[test]
    fn no_two_verdicts_say_the_same() {
        let all = every_verdict();
        let said: BTreeSet<String> = all
            .iter()
            .map(|verdict| {
                let told = row(&PermissionRow {
                    verdict: *verdict,
                    ..PermissionRow::untested(Permission::Write, Untested::NotAsked)
                });
                assert!(told.cause.ends_with('.'), "{}", told.cause);
                told.cause
            })
            .collect();
        assert_eq!(said.len(), all.len());
    }

    #[test]
    fn rows_have_names_of_their_own() {
        let rows = || Permission::READS.into_iter().chain(Permission::WRITES);
        let names: BTreeSet<&str> = rows().map(name).collect();
        let tries: BTreeSet<&str> = rows().map(tried).collect();
        assert_eq!((names.len(), tries.len()), (15, 15));
        // Nobody reads what is not there.
        let none = PermissionRow {
            verdict: Verdict::Allowed,
            told: Some((404, "NoSuchBucketPolicy".to_owned())),
            ..PermissionRow::untested(Permission::Policy, Untested::NotAsked)
        };
        assert_eq!(
            row(&none).cause,
            "It was asked for, and the bucket has no policy."
        );
    }

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
