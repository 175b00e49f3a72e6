//! The one object of a write test: written below the prefix under a random name, and removed whatever happens.
//!
//! Before the first request the object stands in the journal; what else is made on the way (unfinished uploads, versions)
//! is added before it is used. [`Trial::end`] removes everything and then the record. A record that is left behind is
//! cleaned up by [`clean_up`] with the next run.

use std::io;

use bytes::Bytes;
use http::Method;

use super::ask;
use super::journal::{Journal, Record, TestPlace};
use crate::domain::diagnosis::Leftover;
use crate::domain::{ErrorKind, Key, Operation, StorageError};
use crate::storage::calls::{Question, Reply};
use crate::storage::{Storage, UploadHeaders};

/// What the object holds.
pub(crate) const CONTENT: &[u8] =
    b"Cooperage tests whether it may write here. This object can be deleted.\n";

/// Headers of uploads that would keep the object from being removed, or make it cost more than it must.
const NOT_FOR_TESTS: [&str; 5] = [
    "x-amz-object-lock-mode",
    "x-amz-object-lock-retain-until-date",
    "x-amz-object-lock-legal-hold",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
];

/// More versions than this are never made by one test.
const MOST_VERSIONS: usize = 64;

/// A write test that is under way.
#[derive(Debug)]
pub(crate) struct Trial<'a> {
    pub(crate) storage: &'a Storage,
    record: Record,
    headers: Vec<(String, String)>,
    part_headers: Vec<(String, String)>,
    /// Some write was not plainly refused, so that the object may be there.
    may_be_there: bool,
}

impl<'a> Trial<'a> {
    /// Chooses a name and writes it down. Sends nothing.
    ///
    /// # Errors
    /// When no record can be kept (nothing is written then), or the settings allow no upload.
    pub(crate) fn begin(
        storage: &'a Storage,
        journal: &Journal,
        place: &TestPlace,
        prefix: &str,
    ) -> Result<Self, StorageError> {
        let key = format!("{prefix}.cooperage-test-{}", random_name());
        let headers = storage.upload_headers(&Key::new(key.as_str()))?;
        let owned = |headers: &UploadHeaders| -> Vec<(String, String)> {
            headers
                .iter()
                .filter(|(name, _)| !NOT_FOR_TESTS.contains(name))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect()
        };
        let (headers, part_headers) = (owned(&headers), owned(&headers.of_parts()));
        let record = journal
            .begin(place, &key)
            .map_err(|error| local(&key, error))?;
        Ok(Self {
            storage,
            record,
            headers,
            part_headers,
            may_be_there: false,
        })
    }

    /// The key of the object.
    pub(crate) fn key(&self) -> &str {
        &self.record.key
    }

    /// Writes the object with more headers than the settings give.
    ///
    /// # Errors
    /// What the server refuses.
    pub(crate) async fn put(
        &mut self,
        more: &[(&str, String)],
        body: Bytes,
        payload: Option<&'static str>,
    ) -> Result<Reply, StorageError> {
        let mut headers = self.headers.clone();
        for (name, value) in more {
            headers.retain(|(known, _)| known != name);
            headers.push(((*name).to_owned(), value.clone()));
        }
        let key = self.record.key.clone();
        let question = Question {
            headers,
            body,
            payload,
            ..Question::new(Operation::Put, Method::PUT, &key)
        };
        let answer = self.asked(&question).await;
        self.may_be_there |= match &answer {
            Ok(_) => true,
            // Without an answer, or when the server failed, nobody knows.
            Err(error) => error.status.is_none_or(|status| status >= 500),
        };
        answer
    }

    /// Sends a request about the object and writes down the version that it made.
    ///
    /// # Errors
    /// What the server refuses.
    pub(crate) async fn asked(&mut self, question: &Question<'_>) -> Result<Reply, StorageError> {
        let reply = ask(self.storage, question).await?;
        let version = reply.header("x-amz-version-id");
        if let Some(version) = version.filter(|id| id != "null" && !id.is_empty()) {
            self.note_version(&version)?;
        }
        Ok(reply)
    }

    /// Writes a version down.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub(crate) fn note_version(&mut self, id: &str) -> Result<(), StorageError> {
        let written = self.record.add_version(id);
        written.map_err(|error| local(&self.record.key, error))
    }

    /// Begins an upload in parts and writes it down.
    ///
    /// # Errors
    /// What the server refuses.
    pub(crate) async fn begin_upload(&mut self) -> Result<String, StorageError> {
        let key = self.record.key.clone();
        let question = Question {
            query: vec![("uploads", "")],
            headers: self.headers.clone(),
            ..Question::new(Operation::Put, Method::POST, &key)
        };
        let reply = ask(self.storage, &question).await?;
        let id = reply.text("UploadId").ok_or_else(|| {
            StorageError::new(Operation::Multipart, ErrorKind::Unsupported, key.as_str())
                .with_message("the answer names no upload")
        })?;
        let written = self.record.add_upload(&id);
        written.map_err(|error| local(&key, error))?;
        Ok(id)
    }

    /// Sends the only part of an upload.
    ///
    /// # Errors
    /// What the server refuses.
    pub(crate) async fn send_part(&mut self, upload: &str) -> Result<Reply, StorageError> {
        let question = Question {
            query: vec![("partNumber", "1"), ("uploadId", upload)],
            headers: self.part_headers.clone(),
            body: Bytes::from_static(CONTENT),
            ..Question::new(Operation::Multipart, Method::PUT, &self.record.key)
        };
        ask(self.storage, &question).await
    }

    /// Finishes an upload of one part.
    ///
    /// # Errors
    /// What the server refuses.
    pub(crate) async fn complete(
        &mut self,
        upload: &str,
        etag: &str,
    ) -> Result<Reply, StorageError> {
        self.may_be_there = true;
        let key = self.record.key.clone();
        let body = format!(
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Part><ETag>{}</ETag>\
             <PartNumber>1</PartNumber></Part></CompleteMultipartUpload>",
            escaped(etag)
        );
        let question = Question {
            query: vec![("uploadId", upload)],
            headers: self.part_headers.clone(),
            body: Bytes::from(body),
            ..Question::new(Operation::Multipart, Method::POST, &key)
        };
        let reply = self.asked(&question).await?;
        // A failure may come with status 200; only the object's tag says that the upload is over.
        if reply.text("ETag").is_some() {
            self.record.uploads.retain(|known| known != upload);
        }
        Ok(reply)
    }

    /// Aborts an upload.
    ///
    /// # Errors
    /// What the server refuses.
    pub(crate) async fn abort(&mut self, upload: &str) -> Result<(), StorageError> {
        abort(self.storage, &self.record.key, upload).await?;
        self.record.uploads.retain(|known| known != upload);
        Ok(())
    }

    /// Deletes the object.
    ///
    /// # Errors
    /// What the server refuses.
    pub(crate) async fn delete(&mut self) -> Result<Reply, StorageError> {
        let key = self.record.key.clone();
        self.asked(&deletion(&key, None)).await
    }

    /// Removes everything that the test made. What is still there afterwards stays in the journal and is told.
    pub(crate) async fn end(self) -> Vec<Leftover> {
        let made = !self.record.uploads.is_empty() || !self.record.versions.is_empty();
        if !made && !self.may_be_there {
            self.record.end();
            return Vec::new();
        }
        remove(self.storage, self.record).await
    }
}

/// Removes what tests at this place left behind when they died or were refused. Tells what is still there.
pub async fn clean_up(storage: &Storage, journal: &Journal, place: &TestPlace) -> Vec<Leftover> {
    let mut leftovers = Vec::new();
    for record in journal.left_at(place) {
        leftovers.extend(remove(storage, record).await);
    }
    leftovers
}

async fn remove(storage: &Storage, record: Record) -> Vec<Leftover> {
    let mut left = Vec::new();
    for upload in &record.uploads {
        if abort(storage, &record.key, upload).await.is_err() {
            left.push(Leftover {
                key: record.key.clone(),
                is_upload: true,
            });
        }
    }
    let mut versions = record.versions.clone();
    let mut gone = match ask(storage, &deletion(&record.key, None)).await {
        Ok(reply) => {
            let marker = reply.header("x-amz-version-id");
            versions.extend(marker.filter(|id| id != "null" && !id.is_empty()));
            true
        }
        Err(error) => is_gone(&error),
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
    if !gone {
        left.push(Leftover {
            key: record.key.clone(),
            is_upload: false,
        });
    }
    if left.is_empty() {
        record.end();
    }
    left
}

/// There is nothing to be removed, or not even a bucket.
const fn is_gone(error: &StorageError) -> bool {
    matches!(
        error.kind,
        ErrorKind::NoSuchKey | ErrorKind::NoSuchUpload | ErrorKind::NoSuchBucket
    )
}

fn deletion<'a>(key: &'a str, version: Option<&'a str>) -> Question<'a> {
    Question {
        query: version.map(|id| ("versionId", id)).into_iter().collect(),
        ..Question::new(Operation::Delete, Method::DELETE, key)
    }
}

async fn abort(storage: &Storage, key: &str, upload: &str) -> Result<(), StorageError> {
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

/// Ids of the versions and markers of exactly this key, as far as they can be listed.
async fn versions_of(storage: &Storage, key: &str) -> Vec<String> {
    let question = Question {
        query: vec![("versions", ""), ("prefix", key)],
        ..Question::new(Operation::List, Method::GET, "")
    };
    // The name is random: nothing else begins with it.
    ask(storage, &question)
        .await
        .map(|reply| reply.texts("VersionId"))
        .unwrap_or_default()
        .into_iter()
        .filter(|id| id != "null")
        .collect()
}

/// Text inside an XML element.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn local(key: &str, error: io::Error) -> StorageError {
    StorageError::new(Operation::LocalFile, ErrorKind::LocalFile, key).with_source(error)
}

/// 80 random bits as letters and digits.
fn random_name() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 16];
    if getrandom::fill(&mut bytes).is_err() {
        let nanos = std::time::UNIX_EPOCH
            .elapsed()
            .map_or(0, |age| age.as_nanos());
        bytes = nanos.to_le_bytes();
    }
    bytes
        .iter()
        .map(|byte| LETTERS[usize::from(byte & 31)] as char)
        .collect()
}
