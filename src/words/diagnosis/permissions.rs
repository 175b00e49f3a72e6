//! What may be done, what is denied and how, and why something was not tried.

use super::Told;
use super::codes::{Meaning, meaning};
use super::denials::{denial, next_after, of_account, of_proxy};
use crate::domain::ErrorKind;
use crate::domain::diagnosis::{Denial, Permission, PermissionRow, Untested, Verdict};

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
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "allowed",
        Verdict::Denied(_) => "denied",
        Verdict::Unsupported => "no support",
        Verdict::SignatureRefused { .. } | Verdict::Failed(_) => match verdict.word() {
            "no_answer" => "no answer",
            other => other,
        },
        Verdict::NotTested(_) => "not tested",
    }
}

/// How a row ended, why, and what to do.
#[must_use]
pub fn row(row: &PermissionRow) -> Told {
    let (cause, next) = match row.verdict {
        Verdict::Allowed if row.told.is_some() => {
            (found_none(row.permission).to_owned(), String::new())
        }
        Verdict::Allowed => (tried(row.permission).to_owned(), String::new()),
        Verdict::Denied(how) => of_account(row).unwrap_or_else(|| denial(how, row)),
        Verdict::Unsupported => ("The server does not offer this.".to_owned(), String::new()),
        Verdict::SignatureRefused { version2: true } => (
            "The server takes these keys, but not for this request when it is signed with version 2."
                .to_owned(),
            "Set AWS_S3_SIGNATURE_VERSION to s3v4, if this is needed.".to_owned(),
        ),
        Verdict::SignatureRefused { version2: false } => (
            "The server takes these keys elsewhere, and says that the signature of this request does not fit."
                .to_owned(),
            "A proxy on the way may change such requests; else the server's log says more.".to_owned(),
        ),
        Verdict::Failed(kind) => match meaning_of(row, kind) {
            Some(meaning) => (
                format!("It was tried and refused. {}", meaning.cause),
                meaning.next.to_owned(),
            ),
            None => of_proxy(row)
                .unwrap_or_else(|| (failed(kind).to_owned(), next_after(kind).to_owned())),
        },
        Verdict::NotTested(why) => (untested(why), what_then(why).to_owned()),
    };
    Told {
        title: format!("{}: {}", name(row.permission), verdict(row.verdict)),
        cause,
        next,
    }
}

/// What the server's code says, where the kind of a failure alone says less.
fn meaning_of(row: &PermissionRow, kind: ErrorKind) -> Option<&'static Meaning> {
    let (_, code) = row.told.as_ref()?;
    let says_less = matches!(
        kind,
        ErrorKind::Invalid | ErrorKind::Other | ErrorKind::Corrupt
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
        Verdict::Denied(Denial::Unexplained) if of_account(row_in_table).is_none() => {
            "Denied without a reason: most likely no policy allows this action. Ask for it."
                .to_owned()
        }
        Verdict::Denied(_)
        | Verdict::SignatureRefused { .. }
        | Verdict::Failed(_)
        | Verdict::NotTested(_) => {
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
    match why {
        Untested::NotAsked => "Nobody asked for it yet.".to_owned(),
        Untested::NoBucket => "No bucket is named.".to_owned(),
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
        Untested::ListingFailed(_) => {
            "No object is known on which it could be tried, because listing the prefix failed."
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
        Untested::Settings => {
            "Nothing was sent, because the settings let nothing be sent (see “Settings are valid”)."
                .to_owned()
        }
        Untested::NoRecord => {
            "The record of the test could not be kept on this computer, so nothing was written."
                .to_owned()
        }
        Untested::LeftBehind => {
            "Nothing was written, because what an earlier test wrote is still there.".to_owned()
        }
        Untested::Stopped => "The test was stopped before.".to_owned(),
    }
}

/// How a try failed that says nothing about permissions.
const fn failed(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::BadCredentials => "It was tried; the server refused the keys (see “Caller”).",
        ErrorKind::ExpiredCredentials => "It was tried; the keys have ended (see “Caller”).",
        ErrorKind::NoCredentials => "It was tried, and there are no credentials to sign with.",
        ErrorKind::WrongRegion => "It was tried, and the server refused the region or the address.",
        ErrorKind::Redirected => "It was tried, and the server sends to another address.",
        ErrorKind::ClockSkew => "It was tried, and the server refused the time.",
        ErrorKind::Throttled => "It was tried, and the server asked to slow down.",
        ErrorKind::Unreachable => "It was tried, and the server could not be reached.",
        ErrorKind::ProxyUnreachable => "It was tried, and the proxy could not be reached.",
        ErrorKind::ProxyRefused => "It was tried, and the proxy did not let it through.",
        ErrorKind::Tls => "It was tried, and the certificate of the server was not accepted.",
        ErrorKind::TimedOut => "It was tried, and no answer came in time.",
        ErrorKind::Server => "It was tried, and the server failed.",
        ErrorKind::NoSuchKey => "It was tried, and the object was gone.",
        ErrorKind::NoSuchUpload => "It was tried, and the upload was gone.",
        ErrorKind::Conflict => "It was tried, and the object changed meanwhile.",
        ErrorKind::Corrupt => "It was tried, and the answer was cut off on its way.",
        _ => "It was tried, and the server refused the request for a reason of its own.",
    }
}

/// What to do about a row that was not tried.
const fn what_then(why: Untested) -> &'static str {
    match why {
        Untested::NotAsked => "Test writing to know.",
        Untested::NoBucket => "Set a bucket, then run again.",
        Untested::NoWay => "Correct what the checks name, then run again.",
        Untested::NoCredentials => "Correct where the credentials come from, then run again.",
        Untested::NoSuchBucket => "Correct the name of the bucket, or create it.",
        Untested::NothingThere => "Test writing, which brings an object along.",
        Untested::NoListing => "Test writing, which needs no listing.",
        Untested::ReadOnly => "Allow everything for this connection, then test.",
        Untested::NotS3
        | Untested::ListingFailed(_)
        | Untested::Archived
        | Untested::Settings
        | Untested::NoRecord
        | Untested::LeftBehind
        | Untested::Needs(_)
        | Untested::Stopped => "",
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
        "s3:GetObjectAcl" => "needs s3:GetObjectAcl",
        "s3:GetObjectTagging" => "needs s3:GetObjectTagging",
        "s3:GetObjectVersion" => "needs s3:GetObjectVersion",
        "s3:ListBucketVersions" => "needs s3:ListBucketVersions",
        "kms:Decrypt" => "needs kms:Decrypt",
        "kms:GenerateDataKey" => "needs kms:GenerateDataKey",
        _ => "needs an action that no policy allows; the Doctor names it",
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
            Verdict::Denied(Denial::Kms { is_explicit: false }),
            Verdict::Denied(Denial::Kms { is_explicit: true }),
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
                Untested::ListingFailed(ErrorKind::BadCredentials),
                Untested::Archived,
                Untested::ReadOnly,
                Untested::Needs(Permission::Write),
                Untested::Stopped,
                Untested::Settings,
                Untested::NoRecord,
                Untested::LeftBehind,
            ]
            .map(Verdict::NotTested),
        );
        all.extend(
            [
                ErrorKind::BadCredentials,
                ErrorKind::ExpiredCredentials,
                ErrorKind::NoCredentials,
                ErrorKind::WrongRegion,
                ErrorKind::Redirected,
                ErrorKind::ClockSkew,
                ErrorKind::Throttled,
                ErrorKind::Unreachable,
                ErrorKind::ProxyUnreachable,
                ErrorKind::ProxyRefused,
                ErrorKind::Tls,
                ErrorKind::TimedOut,
                ErrorKind::Server,
                ErrorKind::NoSuchKey,
                ErrorKind::NoSuchUpload,
                ErrorKind::Conflict,
                ErrorKind::Corrupt,
                ErrorKind::Other,
            ]
            .map(Verdict::Failed),
        );
        all.extend([true, false].map(|version2| Verdict::SignatureRefused { version2 }));
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
    fn what_was_tried_is_never_called_untested() {
        for it in every_verdict() {
            let said = verdict(it);
            let is_untested = matches!(it, Verdict::NotTested(_));
            assert_eq!(said == "not tested", is_untested, "{it:?}");
            assert_eq!(it.word() == "not_tested", is_untested, "{it:?}");
            let plain = matches!(it, Verdict::Allowed | Verdict::Unsupported);
            assert_eq!(it.reason().is_none(), plain, "{it:?}");
        }
        assert_eq!(
            verdict(Verdict::Failed(ErrorKind::BadCredentials)),
            "refused"
        );
        assert_eq!(verdict(Verdict::Failed(ErrorKind::TimedOut)), "no answer");
    }

    #[test]
    fn a_blocked_account_and_a_proxy_are_no_matter_of_policies() {
        let of = |verdict, status, code: &str| PermissionRow {
            verdict,
            told: Some((status, code.to_owned())),
            ..PermissionRow::untested(Permission::Write, Untested::NotAsked)
        };
        for code in ["AllAccessDisabled", "AccountProblem", "UnauthorizedAccess"] {
            let blocked = of(Verdict::Denied(Denial::Unexplained), 403, code);
            let told = row(&blocked);
            assert!(told.cause.contains("No policy can"), "{}", told.cause);
            for said in [told.next, below(&blocked)] {
                assert!(
                    !said.contains("Ask for it") && !said.contains("s3:"),
                    "{said}"
                );
            }
        }
        for kind in [ErrorKind::Invalid, ErrorKind::Other] {
            let told = row(&of(Verdict::Failed(kind), 413, ""));
            assert!(told.cause.contains("A proxy on the way refuses the upload"));
            assert!(told.next.contains("limit of the body"), "{}", told.next);
        }
        let gateway = row(&of(Verdict::Failed(ErrorKind::Server), 502, ""));
        assert!(gateway.cause.contains("proxy") && gateway.cause.contains("502"));
        let failed = row(&of(
            Verdict::Failed(ErrorKind::Server),
            500,
            "InternalError",
        ));
        assert!(!failed.cause.contains("proxy"), "{}", failed.cause);
        assert!(
            !row(&of(Verdict::Failed(ErrorKind::TimedOut), 408, ""))
                .next
                .is_empty()
        );
    }

    #[test]
    fn the_key_that_may_not_be_used_is_named_with_its_action() {
        let key = "arn:aws:kms:eu-west-1:1:key/k";
        let of = |how| {
            row(&PermissionRow {
                verdict: Verdict::Denied(how),
                kms_key: Some(key.to_owned()),
                ..PermissionRow::untested(Permission::ListPrefix, Untested::NotAsked)
            })
        };
        let told = of(Denial::Kms { is_explicit: false });
        assert!(told.cause.contains(key) && told.cause.contains("kms:Decrypt"));
        assert!(!format!("{}{}", told.cause, told.next).contains("s3:ListBucket"));
        assert!(of(Denial::KmsKeyUnusable).cause.contains(key));
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
}
