//! Writing a whole object with one request.
//!
//! The best check that the server is believed to know goes along. When it is refused, the next best is tried, and
//! remembered only if that succeeds. `If-None-Match` likewise: without it the key is looked up first, which leaves a
//! moment for somebody else; [`Storage::guards_absent`] tells.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_s3::operation::put_object::PutObjectOutput;
use aws_smithy_types::byte_stream::ByteStream;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use md5::{Digest, Md5};
use tokio_util::sync::CancellationToken;

use super::Storage;
use super::attempt::{Effort, Meter, Progress, Scale, retried, watched};
use super::blank_keys::sdk_key;
use super::capability::{UploadCheck, is_refusal};
use super::checksum::{Checksum, Sum, Verification};
use super::objects::bare_etag;
use super::sending::{Counting, apply, once};
use super::upload::Uploaded;
use super::upload_headers::UploadHeaders;
use crate::domain::{ErrorKind, Key, Operation, StorageError};

/// An object that is in memory.
pub(super) struct Whole<'a> {
    pub(super) key: &'a Key,
    pub(super) headers: &'a UploadHeaders,
    pub(super) if_absent: bool,
    pub(super) content: Bytes,
    /// CRC64NVME of the content.
    pub(super) sum: Sum,
    /// What it counts in the progress: the bytes of the file it was made of.
    pub(super) counts: u64,
}

/// How one request is checked.
#[derive(Clone, Copy)]
struct Terms {
    check: UploadCheck,
    conditional: bool,
}

impl Storage {
    /// True while the server is believed to refuse an upload to a taken key by itself (`If-None-Match`).
    #[must_use]
    pub fn guards_absent(&self) -> bool {
        self.core.capability.conditions()
    }

    pub(super) async fn put_whole(
        &self,
        whole: &Whole<'_>,
        progress: &Progress<'_>,
        cancel: &CancellationToken,
    ) -> Result<Uploaded, StorageError> {
        let capability = &self.core.capability;
        let best = capability.check();
        let mut terms = Terms {
            check: best,
            conditional: whole.if_absent && capability.conditions(),
        };
        if whole.if_absent && !terms.conditional {
            self.refuse_taken(whole.key).await?;
        }
        let mut refused: Option<StorageError> = None;
        loop {
            let error = match self.put_with_retries(whole, terms, progress, cancel).await {
                Ok(uploaded) => {
                    capability.learn_check(terms.check);
                    if whole.if_absent && !terms.conditional {
                        capability.learn_no_conditions();
                    }
                    return Ok(uploaded);
                }
                Err(error) if is_refusal(&error) => error,
                Err(error) => return Err(error),
            };
            let unsupported = error.kind == ErrorKind::Unsupported;
            let error = refused.take().unwrap_or(error);
            match terms.check.below() {
                Some(lower) => terms.check = lower,
                None if terms.conditional && unsupported => {
                    self.refuse_taken(whole.key).await?;
                    terms = Terms {
                        check: best,
                        conditional: false,
                    };
                }
                None => return Err(error),
            }
            refused = Some(error);
        }
    }

    /// # Errors
    /// [`ErrorKind::Conflict`] when there is an object of this key.
    pub(super) async fn refuse_taken(&self, key: &Key) -> Result<(), StorageError> {
        if self.exists(key).await? {
            return Err(
                StorageError::new(Operation::Put, ErrorKind::Conflict, key.as_str())
                    .with_message("there is an object of this key already"),
            );
        }
        Ok(())
    }

    async fn put_with_retries(
        &self,
        whole: &Whole<'_>,
        terms: Terms,
        progress: &Progress<'_>,
        cancel: &CancellationToken,
    ) -> Result<Uploaded, StorageError> {
        let effort = Effort {
            operation: Operation::Put,
            subject: whole.key.as_str(),
            cancel,
            capability: &self.core.capability,
            stall: self.core.stall,
        };
        let tries = AtomicU32::new(0);
        let result = retried(effort, || {
            tries.fetch_add(1, Ordering::Relaxed);
            self.put_once(whole, terms, progress, effort)
        })
        .await;
        match result {
            // The first try may have succeeded with its answer lost: then the object that is in the way is ours.
            Err(error)
                if error.kind == ErrorKind::Conflict && tries.load(Ordering::Relaxed) > 1 =>
            {
                match self.written_before(whole).await {
                    Some(uploaded) => {
                        progress(i64::try_from(whole.counts).unwrap_or(i64::MAX));
                        Ok(uploaded)
                    }
                    None => Err(error),
                }
            }
            result => result,
        }
    }

    async fn put_once(
        &self,
        whole: &Whole<'_>,
        terms: Terms,
        progress: &Progress<'_>,
        effort: Effort<'_>,
    ) -> Result<Uploaded, StorageError> {
        let bucket = self.bucket()?.to_owned();
        let unsigned = self.body_may_go_unsigned();
        let meter = Arc::new(Meter::default());
        let crc = Checksum::Crc64Nvme.encoded(whole.sum);
        let md5 = match terms.check {
            UploadCheck::ContentMd5 => Some(BASE64.encode(md5_of(&whole.content).await)),
            _ => None,
        };
        let request = self.call(Operation::Put, whole.key.as_str(), |client| {
            let sent = client
                .put_object()
                .bucket(&bucket)
                .key(sdk_key(whole.key.as_str()))
                .body(ByteStream::from(whole.content.clone()))
                .set_checksum_crc64_nvme(
                    (terms.check == UploadCheck::Crc64Nvme).then(|| crc.clone()),
                )
                .set_content_md5(md5.clone())
                .set_if_none_match(terms.conditional.then(|| "*".to_owned()))
                .customize()
                .config_override(once())
                .mutate_request(apply(whole.headers))
                .interceptor(Counting {
                    content: whole.content.clone(),
                    meter: Arc::clone(&meter),
                });
            if unsigned {
                sent.disable_payload_signing().send()
            } else {
                sent.send()
            }
        });
        let scale = Scale {
            moves: whole.content.len() as u64,
            counts: whole.counts,
        };
        let answer = watched(effort, &meter, scale, progress, request).await?;
        let verification = self.verified(whole, terms.check, &crc, &answer).await?;
        Ok(Uploaded {
            etag: bare_etag(answer.e_tag()),
            bytes: whole.content.len() as u64,
            verification,
        })
    }

    /// What the answer says about the content.
    async fn verified(
        &self,
        whole: &Whole<'_>,
        check: UploadCheck,
        crc: &str,
        answer: &PutObjectOutput,
    ) -> Result<Verification, StorageError> {
        match (check, answer.checksum_crc64_nvme()) {
            (UploadCheck::ContentMd5, _) => Ok(Verification::EtagMd5),
            (UploadCheck::Length, _) => Ok(Verification::LengthOnly),
            (UploadCheck::Crc64Nvme, Some(told)) if told == crc => {
                Ok(Verification::Checksum("CRC64NVME".to_owned()))
            }
            (UploadCheck::Crc64Nvme, Some(told)) => {
                Err(
                    StorageError::new(Operation::Put, ErrorKind::Corrupt, whole.key.as_str())
                        .with_message(format!(
                            "the server got CRC64NVME {told} where {crc} was sent"
                        )),
                )
            }
            // The server took the header and did nothing with it: next time MD5, which all servers know.
            (UploadCheck::Crc64Nvme, None) => {
                self.core.capability.learn_check(UploadCheck::ContentMd5);
                let md5 = md5_of(&whole.content).await;
                let hex: String = md5.iter().map(|byte| format!("{byte:02x}")).collect();
                Ok(if bare_etag(answer.e_tag()).eq_ignore_ascii_case(&hex) {
                    Verification::EtagMd5
                } else {
                    Verification::LengthOnly
                })
            }
        }
    }

    /// Looks whether the object at the key is the one that was to be written.
    async fn written_before(&self, whole: &Whole<'_>) -> Option<Uploaded> {
        let found = self.head(whole.key).await.ok()?;
        if found.size != whole.content.len() as u64 {
            return None;
        }
        let crc = Checksum::Crc64Nvme.encoded(whole.sum);
        let verification = if found.checksum == Some(("CRC64NVME".to_owned(), crc)) {
            Verification::Checksum("CRC64NVME".to_owned())
        } else {
            let md5 = md5_of(&whole.content).await;
            let hex: String = md5.iter().map(|byte| format!("{byte:02x}")).collect();
            if !found.etag.eq_ignore_ascii_case(&hex) {
                return None;
            }
            Verification::EtagMd5
        };
        Some(Uploaded {
            etag: found.etag,
            bytes: found.size,
            verification,
        })
    }
}

/// MD5 of a content; on another thread when there is much of it.
async fn md5_of(content: &Bytes) -> [u8; 16] {
    if content.len() < 256 * 1024 {
        return Md5::digest(content).into();
    }
    let content = content.clone();
    tokio::task::spawn_blocking(move || Md5::digest(&content).into())
        .await
        .unwrap_or_default()
}
