//! The removal of what write tests made: objects with their versions, and unfinished uploads.
//!
//! A test that died may have made what it never heard of: the upload whose answer was still on its way, the version
//! of its last write. So what is there is asked for, by the random name that nothing else has. What cannot be removed
//! keeps its record and is tried again with the next run; what is not there needs no removal, whoever refuses it. An
//! upload whose outcome nobody told may arrive later: its record is kept until it was found, or was looked for in vain
//! long after.

use http::Method;

use super::ask;
use super::journal::{Journal, Record, TestPlace};
use crate::domain::diagnosis::Leftover;
use crate::domain::{ErrorKind, Operation, StorageError};
use crate::storage::Storage;
use crate::storage::calls::{Question, Reply};

/// More versions than this are never made by one test.
const MOST_VERSIONS: usize = 64;

/// Removes what tests at this place left behind when they died or were refused. Tells what is still there.
pub async fn clean_up(storage: &Storage, journal: &Journal, place: &TestPlace) -> Vec<Leftover> {
    let mut leftovers = Vec::new();
    for record in journal.left_at(place) {
        // Another server may have a bucket of this name: what is not here is left to where it is. Its random name, which
        // nothing else has, tells that what is here is the test's.
        if record.is_from_here || is_here(storage, &record.key).await {
            leftovers.extend(remove(storage, record).await);
        }
    }
    leftovers
}

/// Removes everything of one test, and then its record. Tells what is still there.
pub(super) async fn remove(storage: &Storage, record: Record) -> Vec<Leftover> {
    let leftover = |is_upload, may_arrive| Leftover {
        key: record.key.clone(),
        is_upload,
        may_arrive,
    };
    let mut left = Vec::new();
    if !remove_uploads(storage, &record).await {
        left.push(leftover(true, false));
    }
    // What is found where nothing else was written is the upload whose answer was lost.
    let has_arrived =
        record.unanswered.len() == 1 && !record.was_written && is_here(storage, &record.key).await;
    if !remove_object(storage, &record).await {
        left.push(leftover(false, false));
    } else if !has_arrived && record.awaits_arrival() {
        left.push(leftover(false, true));
    }
    if left.is_empty() {
        record.end();
    }
    left
}

/// True when none is left.
async fn remove_uploads(storage: &Storage, record: &Record) -> bool {
    let mut gone = true;
    let mut uploads = record.uploads.clone();
    if record.is_of_the_dead || record.nameless_uploads > 0 {
        match uploads_of(storage, &record.key).await {
            Ok(found) => uploads.extend(found),
            // A server that lists no uploads most likely has none.
            Err(error) => {
                gone = record.nameless_uploads == 0
                    || is_gone(&error)
                    || error.kind == ErrorKind::Unsupported;
            }
        }
        uploads.sort();
        uploads.dedup();
    }
    for upload in &uploads {
        gone &= abort(storage, &record.key, upload).await.is_ok();
    }
    gone
}

/// True when neither the object nor a version of it is left.
async fn remove_object(storage: &Storage, record: &Record) -> bool {
    if !record.may_be_written && record.versions.is_empty() {
        return true;
    }
    let mut versions = record.versions.clone();
    let mut gone = match ask(storage, &deletion(&record.key, None)).await {
        Ok(reply) => {
            let marker = reply.header("x-amz-version-id");
            versions.extend(marker.filter(|id| id != "null" && !id.is_empty()));
            true
        }
        Err(error) if is_gone(&error) => true,
        // Who may not delete may not have been allowed to write either.
        Err(_) => is_missing(storage, &record.key).await,
    };
    if !versions.is_empty() {
        // A test that died may have made a version whose answer it never read.
        versions.extend(versions_of(storage, &record.key).await);
        versions.sort();
        versions.dedup();
    }
    for version in versions.iter().take(MOST_VERSIONS) {
        gone &= match ask(storage, &deletion(&record.key, Some(version))).await {
            Ok(_) => true,
            Err(error) => is_gone(&error),
        };
    }
    gone
}

/// There is nothing to be removed, or not even a bucket.
const fn is_gone(error: &StorageError) -> bool {
    matches!(
        error.kind,
        ErrorKind::NoSuchKey | ErrorKind::NoSuchUpload | ErrorKind::NoSuchBucket
    )
}

/// A request that deletes the object, or one version of it.
pub(super) fn deletion<'a>(key: &'a str, version: Option<&'a str>) -> Question<'a> {
    Question {
        query: version.map(|id| ("versionId", id)).into_iter().collect(),
        ..Question::new(Operation::Delete, Method::DELETE, key)
    }
}

/// Aborts an upload; one that is not there is no failure.
pub(super) async fn abort(storage: &Storage, key: &str, upload: &str) -> Result<(), StorageError> {
    let question = Question {
        query: vec![("uploadId", upload)],
        ..Question::new(Operation::Multipart, Method::DELETE, key)
    };
    match ask(storage, &question).await {
        Ok(_) => Ok(()),
        Err(error) if is_gone(&error) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn head(storage: &Storage, key: &str) -> Result<Reply, StorageError> {
    ask(storage, &Question::new(Operation::Head, Method::HEAD, key)).await
}

/// True when the server says that there is no such object.
async fn is_missing(storage: &Storage, key: &str) -> bool {
    let answer = head(storage, key).await;
    answer.is_err_and(|error| is_gone(&error))
}

/// What is left when nobody waits for the removal any longer.
pub(super) fn given_up(record: &Record) -> Vec<Leftover> {
    let leftover = |is_upload| Leftover {
        key: record.key.clone(),
        is_upload,
        may_arrive: !is_upload && !record.was_written && !record.unanswered.is_empty(),
    };
    let is_unfinished = !record.uploads.is_empty() || record.nameless_uploads > 0;
    let uploads = is_unfinished.then(|| leftover(true));
    let object = record.may_be_written.then(|| leftover(false));
    uploads.into_iter().chain(object).collect()
}

/// True when the object, or an upload of it, is seen. Who may not look at an object may still list it.
async fn is_here(storage: &Storage, key: &str) -> bool {
    let listing = Question {
        query: vec![("list-type", "2"), ("prefix", key)],
        ..Question::new(Operation::List, Method::GET, "")
    };
    head(storage, key).await.is_ok()
        || ask(storage, &listing)
            .await
            .is_ok_and(|page| page.first_key().as_deref() == Some(key))
        || uploads_of(storage, key)
            .await
            .is_ok_and(|uploads| !uploads.is_empty())
}

/// Ids of the unfinished uploads of exactly this key, also where a server does not look at the prefix.
async fn uploads_of(storage: &Storage, key: &str) -> Result<Vec<String>, StorageError> {
    let question = Question {
        query: vec![("uploads", ""), ("prefix", key)],
        ..Question::new(Operation::List, Method::GET, "")
    };
    let reply = ask(storage, &question).await?;
    // A server that does not know the question lists objects.
    if reply.root().as_deref() != Some("ListMultipartUploadsResult") {
        return Err(StorageError::new(
            Operation::List,
            ErrorKind::Unsupported,
            key,
        ));
    }
    let (keys, ids) = (reply.texts("Key"), reply.texts("UploadId"));
    let own = |(named, id): (String, String)| (named == key).then_some(id);
    if keys.len() == ids.len() {
        return Ok(keys.into_iter().zip(ids).filter_map(own).collect());
    }
    Ok(Vec::new())
}

/// Ids of the versions and markers of exactly this key, as far as they can be listed.
async fn versions_of(storage: &Storage, key: &str) -> Vec<String> {
    let question = Question {
        query: vec![("versions", ""), ("prefix", key)],
        ..Question::new(Operation::List, Method::GET, "")
    };
    ask(storage, &question)
        .await
        .map(|reply| reply.texts("VersionId"))
        .unwrap_or_default()
        .into_iter()
        .filter(|id| id != "null")
        .collect()
}
