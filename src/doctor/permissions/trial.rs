//! The one object of a write test: written below the prefix under a random name, and removed whatever happens.
//!
//! Before the first request the object stands in the journal; what else is made on the way (unfinished uploads, versions)
//! is added before it is used. [`Trial::end`] removes everything and then the record. What was plainly refused is not
//! there, and nobody tries to remove it. A record that is left behind is cleaned up with the next run, see `removal`.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use tokio_util::sync::CancellationToken;

use super::ask;
use super::journal::{Journal, Record, TestPlace};
use super::removal::{self, remove};
use crate::domain::diagnosis::Leftover;
use crate::domain::{ErrorKind, Key, Operation, StorageError};
use crate::storage::calls::{Question, Reply};
use crate::storage::{Storage, UploadHeaders};

/// What the object holds.
pub(crate) const CONTENT: &[u8] =
    b"Cooperage tests whether it may write here. This object can be deleted.\n";

/// Headers of uploads that would keep the object from being removed. All others are sent, so that a test that writes says
/// that uploads work: a storage class that the server does not know refuses both.
const NOT_FOR_TESTS: [(&str, &str); 3] = [
    ("x-amz-object-lock-mode", "ObjectLockMode"),
    (
        "x-amz-object-lock-retain-until-date",
        "ObjectLockRetainUntilDate",
    ),
    ("x-amz-object-lock-legal-hold", "ObjectLockLegalHoldStatus"),
];

fn is_lock(header: &str) -> bool {
    NOT_FOR_TESTS.iter().any(|(name, _)| *name == header)
}

/// How long the removal may keep a test that was stopped.
const LAST_REMOVAL: Duration = Duration::from_secs(2);

/// What people should know about the object before it is written.
#[derive(Debug, Default)]
pub(crate) struct TestHeaders {
    /// The storage class that it takes.
    pub(crate) storage_class: Option<String>,
    /// Parameters of uploads that it goes without.
    pub(crate) locks: Vec<&'static str>,
}

/// Reads off the settings how the object of a test below a prefix will be written.
pub(crate) fn test_headers(storage: &Storage, prefix: &str) -> TestHeaders {
    // Which parameters apply may depend on the key.
    let key = Key::new(format!("{prefix}.cooperage-test-"));
    let Ok(headers) = storage.upload_headers(&key) else {
        return TestHeaders::default();
    };
    let locks = NOT_FOR_TESTS.iter();
    let locks = locks.filter(|(header, _)| headers.get(header).is_some());
    TestHeaders {
        storage_class: headers.get("x-amz-storage-class").map(str::to_owned),
        locks: locks.map(|(_, parameter)| *parameter).collect(),
    }
}

/// A write test that is under way.
#[derive(Debug)]
pub(crate) struct Trial<'a> {
    pub(crate) storage: &'a Storage,
    cancel: &'a CancellationToken,
    record: Record,
    headers: Vec<(String, String)>,
    part_headers: Vec<(String, String)>,
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
        cancel: &'a CancellationToken,
    ) -> Result<Self, StorageError> {
        let key = format!("{prefix}.cooperage-test-{}", random_name());
        let headers = storage.upload_headers(&Key::new(key.as_str()))?;
        let owned = |headers: &UploadHeaders| -> Vec<(String, String)> {
            headers
                .iter()
                .filter(|(name, _)| !is_lock(name))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect()
        };
        let (headers, part_headers) = (owned(&headers), owned(&headers.of_parts()));
        let record = journal
            .begin(place, &key)
            .map_err(|error| local(&key, error))?;
        Ok(Self {
            storage,
            cancel,
            record,
            headers,
            part_headers,
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
        self.sent(&question).await
    }

    /// Sends what makes the object, and writes down whether anybody told what became of it.
    async fn sent(&mut self, question: &Question<'_>) -> Result<Reply, StorageError> {
        let noted = self.record.send();
        noted.map_err(|error| local(&self.record.key, error))?;
        let answer = self.asked(question).await;
        let failure = answer.as_ref().err();
        self.record.may_be_written |= !failure.is_some_and(is_undone);
        if failure.is_none_or(|error| is_undone(error) || is_of_s3(error)) {
            let noted = self.record.answered(failure.is_none());
            noted.map_err(|error| local(&self.record.key, error))?;
        }
        answer
    }

    /// Asks, unless the test is stopped: what is under way then is not waited for.
    ///
    /// # Errors
    /// What the server refuses, and that it was stopped.
    pub(crate) async fn ask(&self, question: &Question<'_>) -> Result<Reply, StorageError> {
        self.unless_stopped(ask(self.storage, question))
            .await
            .unwrap_or_else(|| {
                let stopped = ErrorKind::Cancelled;
                Err(StorageError::new(question.operation, stopped, question.key))
            })
    }

    /// Waits for something as long as nobody stops the test.
    pub(crate) async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            // What has come counts.
            biased;
            done = work => Some(done),
            () = self.cancel.cancelled() => None,
        }
    }

    /// Sends a request about the object and writes down the version that it made.
    ///
    /// # Errors
    /// What the server refuses.
    pub(crate) async fn asked(&mut self, question: &Question<'_>) -> Result<Reply, StorageError> {
        let reply = self.ask(question).await?;
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
        let expected = self.record.expect_upload();
        expected.map_err(|error| local(&key, error))?;
        let reply = match self.ask(&question).await {
            Err(error) if is_undone(&error) => {
                self.no_upload()?;
                return Err(error);
            }
            answer => answer?,
        };
        let Some(id) = reply.text("UploadId") else {
            self.no_upload()?;
            return Err(StorageError::new(
                Operation::Multipart,
                ErrorKind::Unsupported,
                key.as_str(),
            )
            .with_message("the answer names no upload"));
        };
        let written = self.record.add_upload(&id);
        written.map_err(|error| local(&key, error))?;
        Ok(id)
    }

    fn no_upload(&mut self) -> Result<(), StorageError> {
        let written = self.record.no_upload();
        written.map_err(|error| local(&self.record.key, error))
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
        self.ask(&question).await
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
        let reply = self.sent(&question).await?;
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
        let aborting = removal::abort(self.storage, &self.record.key, upload);
        let aborted = self.unless_stopped(aborting).await.unwrap_or_else(|| {
            let (kind, key) = (ErrorKind::Cancelled, self.record.key.as_str());
            Err(StorageError::new(Operation::Multipart, kind, key))
        });
        aborted?;
        self.record.uploads.retain(|known| known != upload);
        Ok(())
    }

    /// Deletes the object.
    ///
    /// # Errors
    /// What the server refuses.
    pub(crate) async fn delete(&mut self) -> Result<Reply, StorageError> {
        let key = self.record.key.clone();
        self.asked(&removal::deletion(&key, None)).await
    }

    /// Removes everything that the test made. What is still there afterwards, or may still arrive, stays in the journal and
    /// is told. A test that is stopped does not wait long for it.
    pub(crate) async fn end(self) -> Vec<Leftover> {
        let given_up = removal::given_up(&self.record);
        let (cancel, removing) = (self.cancel, remove(self.storage, self.record));
        let stopped = async {
            cancel.cancelled().await;
            tokio::time::sleep(LAST_REMOVAL).await;
        };
        tokio::select! {
            left = removing => left,
            () = stopped => given_up,
        }
    }
}

/// True when S3 itself answered. What has no code of S3 may come from a proxy that has passed the request on; where
/// nothing answered, the code is one of our own.
const fn is_of_s3(error: &StorageError) -> bool {
    error.status.is_some() && error.code.is_some()
}

/// True when nothing was done and nothing will be: S3 refused in an answer of the kind that blames the request, or nothing
/// was sent.
fn is_undone(error: &StorageError) -> bool {
    let is_unsent = matches!(
        error.kind,
        ErrorKind::NoCredentials
            | ErrorKind::SignInNeeded
            | ErrorKind::CodeNeeded
            | ErrorKind::ProxyUnreachable
            | ErrorKind::ProxyRefused
            | ErrorKind::Tls
    );
    let unreached = ["NameUnknown", "ConnectionRefused", "NoRoute"];
    let code = error.code.as_deref();
    match error.status {
        _ if is_unsent => true,
        Some(status) => is_of_s3(error) && (400..=499).contains(&status),
        None => code.is_some_and(|code| unreached.contains(&code)),
    }
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
