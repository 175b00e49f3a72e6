//! Deleting: one object, or many by requests for up to a thousand at once.
//!
//! A batch names its keys in XML, which cannot hold every key; those that it cannot hold go one by one, and so does
//! everything on servers that do not know batches. Deleting what is not there is a success, as S3 has it.

use std::collections::HashSet;

use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use md5::{Digest, Md5};

use super::Storage;
use super::blank_keys::sdk_key;
use super::capability::is_refusal;
use super::error;
use crate::domain::{Key, Operation, StorageError};

/// As many keys as one request may name.
const BATCH: usize = 1000;

/// What the SDK adds to a batch.
const CHECKSUM_HEADERS: [&str; 2] = ["x-amz-checksum-crc32", "x-amz-sdk-checksum-algorithm"];

/// What became of many keys.
#[derive(Debug)]
pub struct Deleted {
    /// Those that are still there although their deletion was asked for, each with its reason.
    pub failures: Vec<(Key, StorageError)>,
    /// How many were not asked for, because it was stopped.
    pub left: usize,
}

/// How far a deletion is.
struct Run<'a> {
    failures: Vec<(Key, StorageError)>,
    through: usize,
    stopped: bool,
    go_on: &'a mut (dyn FnMut(usize) -> bool + Send),
}

impl Run<'_> {
    fn tell(&mut self, more: usize) {
        self.through += more;
        self.stopped |= !(self.go_on)(self.through);
    }
}

impl Storage {
    /// Deletes one object. In a bucket with versions this leaves a delete marker.
    ///
    /// # Errors
    /// When the server refuses. A key that is not there is no error.
    pub async fn delete(&self, key: &Key) -> Result<(), StorageError> {
        let bucket = self.bucket()?.to_owned();
        self.call(Operation::Delete, key.as_str(), |client| {
            client
                .delete_object()
                .bucket(&bucket)
                .key(sdk_key(key.as_str()))
                .send()
        })
        .await
        .map(|_| ())
    }

    /// Deletes many objects and gives the failures, each with its key; nothing else is left behind.
    pub async fn delete_many(&self, keys: &[Key]) -> Vec<(Key, StorageError)> {
        self.delete_while(keys, &mut |_| true).await.failures
    }

    /// The same, told on the way: after each request `go_on` hears how many keys are through, failed ones included, and
    /// no further request is sent once it says false. What a request has named by then is deleted.
    pub async fn delete_while(
        &self,
        keys: &[Key],
        go_on: &mut (dyn FnMut(usize) -> bool + Send),
    ) -> Deleted {
        let mut run = Run {
            failures: Vec::new(),
            through: 0,
            stopped: false,
            go_on,
        };
        let (in_batches, alone): (Vec<&Key>, Vec<&Key>) =
            keys.iter().partition(|key| fits_xml(key.as_str()));
        for batch in in_batches.chunks(BATCH) {
            if run.stopped {
                break;
            }
            self.delete_some(batch, &mut run).await;
        }
        self.delete_each(&alone, &mut run).await;
        Deleted {
            left: keys.len().saturating_sub(run.through),
            failures: run.failures,
        }
    }

    /// As many as fit into a request, by one request where the server knows such, else one by one.
    async fn delete_some(&self, batch: &[&Key], run: &mut Run<'_>) {
        if !self.core.capability.batch_delete() {
            return self.delete_each(batch, run).await;
        }
        match self.delete_batch(batch, &mut run.failures).await {
            Ok(()) => run.tell(batch.len()),
            Err(error) if is_refusal(&error) => {
                let (failed, through) = (run.failures.len(), run.through);
                self.delete_each(batch, run).await;
                if run.failures.len() - failed < run.through - through {
                    self.core.capability.learn_no_batch_delete();
                }
            }
            Err(error) => {
                spread(batch, error, &mut run.failures);
                run.tell(batch.len());
            }
        }
    }

    async fn delete_each(&self, keys: &[&Key], run: &mut Run<'_>) {
        for key in keys {
            if run.stopped {
                return;
            }
            if let Err(error) = self.delete(key).await {
                run.failures.push(((*key).clone(), error));
            }
            run.tell(1);
        }
    }

    async fn delete_batch(
        &self,
        keys: &[&Key],
        failures: &mut Vec<(Key, StorageError)>,
    ) -> Result<(), StorageError> {
        let bucket = self.bucket()?.to_owned();
        let named = keys
            .iter()
            .map(|key| ObjectIdentifier::builder().key(key.as_str()).build())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| invalid(&bucket, error))?;
        let delete = Delete::builder()
            .set_objects(Some(named))
            .quiet(true)
            .build()
            .map_err(|error| invalid(&bucket, error))?;
        let capability = &self.core.capability;
        let (with_md5, with_checksum) = (capability.batch_md5(), capability.batch_checksum());
        let answer = self
            .call(Operation::Delete, &bucket, |client| {
                client
                    .delete_objects()
                    .bucket(&bucket)
                    .delete(delete.clone())
                    .customize()
                    .mutate_request(move |request| {
                        if !with_checksum {
                            for name in CHECKSUM_HEADERS {
                                request.headers_mut().remove(name);
                            }
                        }
                        // Older servers want the MD5, newer ones the checksum that the SDK adds.
                        let digest = request
                            .body()
                            .bytes()
                            .map(|body| BASE64.encode(Md5::digest(body)));
                        if let Some(digest) = digest.filter(|_| with_md5) {
                            request.headers_mut().insert("content-md5", digest);
                        }
                    })
                    .send()
            })
            .await?;
        let asked: HashSet<&str> = keys.iter().map(|key| key.as_str()).collect();
        for failure in answer.errors() {
            let Some(key) = failure.key().filter(|key| asked.contains(key)) else {
                continue;
            };
            let code = failure.code();
            let kind = error::kind_of(Operation::Delete, 200, code);
            let mut error = StorageError::new(Operation::Delete, kind, key);
            error.code = code.map(str::to_owned);
            error.message = failure.message().map(str::to_owned);
            failures.push((Key::new(key), error));
        }
        Ok(())
    }
}

fn invalid(bucket: &str, error: impl std::error::Error + Send + Sync + 'static) -> StorageError {
    StorageError::new(Operation::Delete, crate::domain::ErrorKind::Invalid, bucket)
        .with_source(error)
}

/// The failure of a whole batch belongs to each of its keys.
fn spread(keys: &[&Key], error: StorageError, failures: &mut Vec<(Key, StorageError)>) {
    for key in keys.iter().skip(1) {
        let mut copy = StorageError::new(error.operation, error.kind, key.as_str());
        copy.status = error.status;
        copy.code.clone_from(&error.code);
        copy.message.clone_from(&error.message);
        copy.request_id.clone_from(&error.request_id);
        copy.region.clone_from(&error.region);
        failures.push(((*key).clone(), copy));
    }
    if let Some(key) = keys.first() {
        let mut first = error;
        first.subject = key.as_str().to_owned();
        failures.push(((*key).clone(), first));
    }
}

/// XML 1.0 has no way to write most control characters. A carriage return, or a newline at an edge, can be written but
/// is changed by parsers.
fn fits_xml(key: &str) -> bool {
    key.chars().all(
        |letter| !matches!(letter, '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ErrorKind;

    #[test]
    fn keys_that_xml_cannot_hold_are_found() {
        for (key, fits) in [
            ("a/b&c<d>", true),
            ("\u{1F600} é", true),
            ("a\u{1}b", false),
            ("a\nb", false),
            ("a\u{fffe}", false),
            ("\0", false),
        ] {
            assert_eq!(fits_xml(key), fits, "{key:?}");
        }
    }

    #[test]
    fn a_failed_batch_fails_for_each_key() {
        let keys = [Key::new("a"), Key::new("b")];
        let keys: Vec<&Key> = keys.iter().collect();
        let mut failures = Vec::new();
        let error = StorageError::new(Operation::Delete, ErrorKind::AccessDenied, "bucket");
        spread(&keys, error, &mut failures);
        assert_eq!(failures.len(), 2);
        assert!(
            failures
                .iter()
                .all(|(key, error)| error.subject == key.as_str()
                    && error.kind == ErrorKind::AccessDenied)
        );
    }
}
