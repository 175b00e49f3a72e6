//! The rows that only read: each is one request, and no more than one byte of an object is fetched.
//!
//! What is about an object needs one: the first that the listing names. A row goes by what comes back, not only by its
//! status: a server that does not know a sub-resource often answers with something else.

use http::Method;

use super::denial::row_of;
use crate::domain::diagnosis::{Permission, PermissionRow, Untested, Verdict};
use crate::domain::{ErrorKind, Operation, StorageError};
use crate::storage::Storage;
use crate::storage::calls::{NoPage, Question, Reply};

/// What the first listing showed.
pub(super) struct Listed {
    /// The row of the listing.
    pub(super) row: PermissionRow,
    /// The first key, or why there is none.
    pub(super) key: Result<String, Untested>,
    /// The answer, for what it shows of the server.
    pub(super) reply: Option<Reply>,
}

/// Lists one key below the prefix.
pub(super) async fn list(storage: &Storage, prefix: &str) -> Listed {
    let question = Question {
        query: vec![
            ("list-type", "2"),
            ("encoding-type", "url"),
            ("max-keys", "1"),
            ("prefix", prefix),
        ],
        ..Question::new(Operation::List, Method::GET, "")
    };
    let permission = Permission::ListPrefix;
    match super::ask(storage, &question).await {
        // A bare refusal may come from anybody on the way.
        Err(error) if is_no_s3(&error) || is_bare_denial(&error) => no_s3(),
        Err(error) => {
            let row = row_of(permission, &error);
            let why = match row.verdict {
                Verdict::NotTested(why) => why,
                Verdict::Failed(kind) => Untested::ListingFailed(kind),
                Verdict::SignatureRefused { .. } => {
                    Untested::ListingFailed(ErrorKind::BadCredentials)
                }
                Verdict::Denied(_) | Verdict::Unsupported | Verdict::Allowed => Untested::NoListing,
            };
            Listed {
                row,
                key: Err(why),
                reply: None,
            }
        }
        Ok(reply) => match reply.page() {
            Ok(()) => Listed {
                row: allowed(permission),
                key: reply.first_key().ok_or(Untested::NothingThere),
                reply: Some(reply),
            },
            Err(NoPage::Cut) => Listed {
                row: ended(permission, CUT),
                key: Err(Untested::ListingFailed(ErrorKind::Corrupt)),
                reply: None,
            },
            Err(NoPage::Foreign | NoPage::Error) => no_s3(),
        },
    }
}

fn is_bare_denial(error: &StorageError) -> bool {
    error.kind == ErrorKind::AccessDenied && error.code.is_none()
}

/// An S3 server that does not find or know something names the code.
pub(in crate::doctor) fn is_no_s3(error: &StorageError) -> bool {
    let odd = [
        ErrorKind::NoSuchBucket,
        ErrorKind::NoSuchKey,
        ErrorKind::Unsupported,
    ];
    error.code.is_none() && odd.contains(&error.kind)
}

fn no_s3() -> Listed {
    let why = Untested::NotS3;
    Listed {
        row: PermissionRow::untested(Permission::ListPrefix, why),
        key: Err(why),
        reply: None,
    }
}

/// Tries one of the rows about an object.
pub(in crate::doctor) async fn of_object(
    storage: &Storage,
    permission: Permission,
    key: &Result<String, Untested>,
) -> PermissionRow {
    let key = match key {
        Ok(key) => key.as_str(),
        Err(why) => return PermissionRow::untested(permission, *why),
    };
    let question = match permission {
        Permission::Head => Question::new(Operation::Head, Method::HEAD, key),
        Permission::Read => Question {
            headers: vec![("range".to_owned(), "bytes=0-0".to_owned())],
            // A server that does not know ranges would send all of it.
            wants_body: false,
            ..Question::new(Operation::Get, Method::GET, key)
        },
        Permission::Tags => sub_resource("tagging", key),
        _ => sub_resource("acl", key),
    };
    let answer = super::ask(storage, &question).await;
    match (permission, &answer) {
        // An empty object has no first byte; it was looked at all the same.
        (Permission::Read, Err(error)) if error.status == Some(416) => nothing(permission, error),
        (Permission::Head | Permission::Read, _) => judged(permission, answer, |_| true),
        (Permission::Tags, _) => judged(permission, answer, |reply| {
            reply.root().as_deref() == Some("Tagging")
        }),
        _ => judged(permission, answer, |reply| {
            reply.root().as_deref() == Some("AccessControlPolicy")
        }),
    }
}

/// Tries one of the rows about the bucket.
pub(in crate::doctor) async fn of_bucket(
    storage: &Storage,
    permission: Permission,
    prefix: &str,
) -> PermissionRow {
    let (name, root) = match permission {
        Permission::Versions => ("versions", "ListVersionsResult"),
        Permission::BucketLocation => ("location", "LocationConstraint"),
        Permission::Versioning => ("versioning", "VersioningConfiguration"),
        Permission::Policy => ("policy", ""),
        Permission::Cors => ("cors", "CORSConfiguration"),
        _ => ("lifecycle", "LifecycleConfiguration"),
    };
    let mut question = sub_resource(name, "");
    if permission == Permission::Versions {
        question
            .query
            .extend([("max-keys", "1"), ("prefix", prefix)]);
    }
    let answer = super::ask(storage, &question).await;
    if permission == Permission::Policy {
        return judged(permission, answer, |reply| {
            reply.body.trim_ascii_start().starts_with(b"{")
        });
    }
    judged(permission, answer, |reply| {
        let first = reply.root();
        // SeaweedFS puts the location into the form of its setting, moto calls the answer by its request.
        first.as_deref() == Some(root)
            || match permission {
                Permission::BucketLocation => reply.has(root),
                Permission::Versioning => first.as_deref() == Some("GetBucketVersioningResponse"),
                _ => false,
            }
    })
}

fn sub_resource<'a>(name: &'a str, key: &'a str) -> Question<'a> {
    Question {
        query: vec![(name, "")],
        ..Question::new(Operation::Head, Method::GET, key)
    }
}

/// Codes that say: you may ask, and there is none.
const THERE_IS_NONE: [&str; 8] = [
    "NoSuchBucketPolicy",
    "NoSuchCORSConfiguration",
    "NoSuchLifecycleConfiguration",
    "NoSuchLifecycle",
    "NoSuchTagSet",
    "NoSuchTagSetError",
    "NoSuchConfiguration",
    "ServerSideEncryptionConfigurationNotFoundError",
];

fn judged(
    permission: Permission,
    answer: Result<Reply, StorageError>,
    fits: impl FnOnce(&Reply) -> bool,
) -> PermissionRow {
    match answer {
        Ok(reply) if !reply.is_whole() => ended(permission, CUT),
        Ok(reply) if fits(&reply) => allowed(permission),
        Ok(_) => ended(permission, Verdict::Unsupported),
        Err(error) => {
            let none = error
                .code
                .as_deref()
                .is_some_and(|code| THERE_IS_NONE.contains(&code));
            if none {
                nothing(permission, &error)
            } else {
                row_of(permission, &error)
            }
        }
    }
}

/// The answer broke off on its way.
const CUT: Verdict = Verdict::Failed(ErrorKind::Corrupt);

pub(super) fn allowed(permission: Permission) -> PermissionRow {
    ended(permission, Verdict::Allowed)
}

fn ended(permission: Permission, verdict: Verdict) -> PermissionRow {
    PermissionRow {
        verdict,
        ..PermissionRow::untested(permission, Untested::NotAsked)
    }
}

/// Allowed, and there is nothing: what the server told says so.
fn nothing(permission: Permission, error: &StorageError) -> PermissionRow {
    PermissionRow {
        verdict: Verdict::Allowed,
        ..row_of(permission, error)
    }
}
