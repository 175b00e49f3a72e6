//! What credentials may do with one bucket and prefix: found out by trying.
//!
//! `reads` holds the tries that change nothing, `writes` those that need one object of our own; `denial` reads refusals,
//! `trial` is that object while it is tried, `removal` takes it away again, `journal` is the record that survives a crash.

mod denial;
mod journal;
mod reads;
mod removal;
mod trial;
mod writes;

use crate::domain::diagnosis::{
    DoctorNews, Permission, PermissionMatrix, PermissionRow, Untested, Verdict,
};
use crate::domain::{ErrorKind, Operation, SignatureVersion, StorageError};
use crate::storage::Storage;
use crate::storage::calls::{Question, Reply};

pub(super) use self::denial::verdict_of;
pub use self::journal::{Journal, TestPlace};
pub(super) use self::reads::{is_no_s3, of_bucket, of_object};
pub use self::removal::clean_up;
pub(super) use self::trial::Trial;
pub(super) use self::trial::{CONTENT, escaped, test_headers};
pub(super) use self::writes::{try_delete, try_writes};

use super::{LIMIT, Tell};

/// Tries all that only reads and tells each row; gives the matrix and the listing's answer.
pub(super) async fn try_reads(
    storage: &Storage,
    bucket: &str,
    prefix: &str,
    tell: Tell<'_>,
) -> (PermissionMatrix, Option<Reply>) {
    let mut matrix = PermissionMatrix::new(bucket, prefix, Untested::NotAsked);
    tell(DoctorNews::Permissions(matrix.clone()));
    let listed = reads::list(storage, prefix).await;
    let gone = [Untested::NoSuchBucket, Untested::NotS3]
        .into_iter()
        .find(|why| listed.key == Err(*why));
    matrix.set(listed.row.clone());
    tell(DoctorNews::Permission(listed.row));
    if let Some(why) = gone {
        matrix = PermissionMatrix::new(bucket, prefix, why);
        for permission in Permission::WRITES {
            matrix.set(PermissionRow::untested(permission, why));
        }
        tell(DoctorNews::Permissions(matrix.clone()));
        return (matrix, listed.reply);
    }
    let is_taken = matrix.verdict(Permission::ListPrefix) == Verdict::Allowed;
    let told = |mut row: PermissionRow| {
        if is_taken && row.verdict == Verdict::Failed(ErrorKind::BadCredentials) {
            let version2 = storage.config().signature == SignatureVersion::V2;
            row.verdict = Verdict::SignatureRefused { version2 };
        }
        tell(DoctorNews::Permission(row.clone()));
        row
    };
    let key = &listed.key;
    let object = async |permission| told(reads::of_object(storage, permission, key).await);
    let about = async |permission| told(reads::of_bucket(storage, permission, prefix).await);
    let rows = tokio::join!(
        object(Permission::Read),
        object(Permission::Head),
        object(Permission::Tags),
        object(Permission::Acl),
        about(Permission::Versions),
        about(Permission::BucketLocation),
        about(Permission::Versioning),
        about(Permission::Policy),
        about(Permission::Cors),
        about(Permission::Lifecycle),
    );
    let (read, head, tags, acl, versions, location, versioning, policy, cors, lifecycle) = rows;
    for row in [
        read, head, tags, acl, versions, location, versioning, policy, cors, lifecycle,
    ] {
        matrix.set(row);
    }
    (matrix, listed.reply)
}

/// The first key below a prefix, or why there is none, and the answer that names it; `None` when it cannot be listed.
pub(super) async fn first_key(
    storage: &Storage,
    prefix: &str,
) -> Option<(Result<String, Untested>, Reply)> {
    let listed = reads::list(storage, prefix).await;
    Some((listed.key, listed.reply?))
}

/// Asks with a limit of time.
pub(super) async fn ask(storage: &Storage, question: &Question<'_>) -> Result<Reply, StorageError> {
    let asked = storage.calls();
    let asked = Box::pin(asked.ask(question));
    match tokio::time::timeout(LIMIT, asked).await {
        Ok(answer) => answer,
        Err(_late) => Err(late(question.operation, question.key)),
    }
}

fn late(operation: Operation, key: &str) -> StorageError {
    StorageError::new(operation, ErrorKind::TimedOut, key)
        .with_message(format!("no answer within {} seconds", LIMIT.as_secs()))
}
