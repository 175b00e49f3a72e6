//! Reading a piece of an object into memory, over as many answers as it takes.
//!
//! All requests name the version by its entity tag, so that pieces of two versions are never mixed. An answer that breaks
//! off is continued behind the last byte that came.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_s3::operation::get_object::GetObjectOutput;

use super::attempt::{Effort, Progress, retried};
use super::blank_keys::sdk_key;
use super::checksum::Checksum;
use super::part_budget::{PartBudget, PartBuffer};
use super::sending::once;
use super::{Storage, error};
use crate::domain::{ErrorKind, Key, Operation, StorageError};

/// The object being read.
pub(super) struct Object<'a> {
    pub(super) key: &'a Key,
    pub(super) bucket: String,
    pub(super) bytes: u64,
    pub(super) etag: String,
    /// A checksum over the whole object, as the server keeps it.
    pub(super) kept: Option<(Checksum, String)>,
    pub(super) effort: Effort<'a>,
}

/// A piece of an object, from `start` up to and without `end`.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub(super) start: u64,
    pub(super) end: u64,
}

/// What is told while an object is read.
pub(super) struct Tally<'a> {
    pub(super) progress: &'a Progress<'a>,
    pub(super) reported: Mutex<i64>,
}

impl Tally<'_> {
    pub(super) fn add(&self, bytes: i64) {
        if bytes != 0 {
            *self.reported.lock().unwrap_or_else(PoisonError::into_inner) += bytes;
            (self.progress)(bytes);
        }
    }

    pub(super) fn take_back(&self) {
        let reported = *self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        self.add(-reported);
    }
}

impl Storage {
    pub(super) async fn get(
        &self,
        bucket: &str,
        key: &Key,
        piece: Option<Piece>,
        etag: &str,
    ) -> Result<GetObjectOutput, StorageError> {
        let range = piece.map(|piece| format!("bytes={}-{}", piece.start, piece.end - 1));
        let request = self.call(Operation::Get, key.as_str(), |client| {
            client
                .get_object()
                .bucket(bucket)
                .key(sdk_key(key.as_str()))
                .set_range(range.clone())
                .set_if_match((!etag.is_empty()).then(|| format!("\"{etag}\"")))
                .customize()
                .config_override(once())
                .mutate_request(|request| {
                    // Asked for past the SDK, which would compute the sum a second time.
                    let set = request
                        .headers_mut()
                        .try_insert("x-amz-checksum-mode", "ENABLED");
                    debug_assert!(set.is_ok());
                })
                .send()
        });
        let answer = tokio::time::timeout(self.core.stall, request)
            .await
            .unwrap_or_else(|_| Err(stalled(key, self.core.stall)));
        answer.map_err(|error| match error.kind {
            ErrorKind::Conflict => error.with_message("the object changed while it was read"),
            _ => error,
        })
    }

    /// Reads one piece into memory, over as many answers as it takes.
    pub(super) async fn read_piece(
        &self,
        object: &Object<'_>,
        piece: Piece,
        answer: Option<GetObjectOutput>,
        tally: &Tally<'_>,
    ) -> Result<PartBuffer, StorageError> {
        let len = usize::try_from(piece.end - piece.start).unwrap_or(usize::MAX);
        let buffer = tokio::sync::Mutex::new((PartBudget::shared().buffer(len).await, 0));
        let first = Mutex::new(answer);
        retried(object.effort, || async {
            let mut state = buffer.lock().await;
            let (buffer, filled) = &mut *state;
            let answer = first.lock().unwrap_or_else(PoisonError::into_inner).take();
            let answer = match answer {
                Some(answer) => answer,
                None => {
                    let rest = Piece {
                        start: piece.start + *filled as u64,
                        end: piece.end,
                    };
                    let answer = self
                        .get(&object.bucket, object.key, Some(rest), &object.etag)
                        .await?;
                    check_range(object.key, &answer, rest)?;
                    answer
                }
            };
            read_body(object, answer, buffer.bytes_mut(), filled, tally).await
        })
        .await?;
        Ok(buffer.into_inner().0)
    }
}

/// Reads a body up to the end of the buffer. What was read stays, so that the next try can go on behind it.
async fn read_body(
    object: &Object<'_>,
    answer: GetObjectOutput,
    buffer: &mut [u8],
    filled: &mut usize,
    tally: &Tally<'_>,
) -> Result<(), StorageError> {
    /// Progress is told in steps of this size.
    const STEP: usize = 256 * 1024;
    let (key, stall) = (object.key, object.effort.stall);
    let mut body = answer.body;
    let mut told = *filled;
    let result = loop {
        if *filled == buffer.len() {
            break Ok(());
        }
        let Ok(next) = tokio::time::timeout(stall, body.next()).await else {
            break Err(stalled(key, stall));
        };
        match next {
            Some(Ok(bytes)) => {
                let take = bytes.len().min(buffer.len() - *filled);
                buffer[*filled..*filled + take].copy_from_slice(&bytes[..take]);
                *filled += take;
            }
            Some(Err(failure)) => {
                break Err(error::from_transport(Operation::Get, key.as_str(), failure));
            }
            None => {
                break Err(
                    StorageError::new(Operation::Get, ErrorKind::Unreachable, key.as_str())
                        .with_message("the answer ended before the object did"),
                );
            }
        }
        if *filled - told >= STEP {
            tally.add((*filled - told) as i64);
            told = *filled;
        }
    };
    tally.add((*filled - told) as i64);
    result
}

/// A server that ignores the range would send the wrong bytes.
fn check_range(key: &Key, answer: &GetObjectOutput, piece: Piece) -> Result<(), StorageError> {
    let told = answer.content_range().unwrap_or_default();
    if told.starts_with(&format!("bytes {}-{}/", piece.start, piece.end - 1)) {
        return Ok(());
    }
    Err(
        StorageError::new(Operation::Get, ErrorKind::Unsupported, key.as_str()).with_message(
            format!(
                "bytes {} to {} were asked for, the server sent {}",
                piece.start,
                piece.end - 1,
                if told.is_empty() { "everything" } else { told }
            ),
        ),
    )
}

fn stalled(key: &Key, stall: Duration) -> StorageError {
    StorageError::new(Operation::Get, ErrorKind::TimedOut, key.as_str())
        .with_message(format!("nothing arrived for {} seconds", stall.as_secs()))
}
