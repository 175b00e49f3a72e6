//! Uploading in parts.
//!
//! Begin, send the parts in parallel lanes, finish. Each part carries its checksum, the end carries that of the whole
//! object. Whatever ends an upload early, a failure or a cancel, is followed by an abort that is awaited and repeated
//! until the server no longer knows the upload: parts that arrive late would otherwise be kept, and paid for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumType, CompletedMultipartUpload, CompletedPart};
use aws_smithy_types::byte_stream::ByteStream;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tokio_util::sync::CancellationToken;

use super::attempt::{Effort, Meter, Progress, Scale, retried, watched};
use super::blank_keys::sdk_key;
use super::capability::{UploadCheck, is_refusal};
use super::checksum::{Checksum, Sum, Verification};
use super::objects::bare_etag;
use super::sending::{Counting, apply, once};
use super::source::{Part, Parts, Source};
use super::upload::{UploadJob, Uploaded};
use super::upload_headers::UploadHeaders;
use super::{Storage, lanes};
use crate::domain::{ErrorKind, Operation, StorageError};

/// Parts of one file that are sent at the same time.
const LANES: usize = 4;

/// Putting thousands of parts together takes servers minutes.
const FINISH_LIMIT: Duration = Duration::from_secs(600);

/// How often an abort is repeated until the server has forgotten the upload.
const ABORT_TRIES: u32 = 6;

/// How long that may take; a cancel must come to its end when the server is gone.
const ABORT_LIMIT: Duration = Duration::from_secs(30);

/// A part that the server has.
struct Sent {
    number: i32,
    etag: String,
    sum: Sum,
    /// The server named the checksum of what it got.
    echoed: bool,
}

/// What is to be sent in parts.
pub(super) struct Sending<'a> {
    pub(super) job: &'a UploadJob,
    pub(super) source: &'a Source,
    pub(super) headers: &'a UploadHeaders,
    pub(super) gzip: bool,
    /// Parts of which the first was made already, to see how many there are.
    pub(super) begun: Mutex<Option<(Parts, Part)>>,
}

impl Sending<'_> {
    /// The parts, from the first.
    fn parts(&self, with_md5: bool) -> Parts {
        let begun = self
            .begun
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match begun {
            Some((parts, first)) => parts.begun_with(first, with_md5),
            None => Parts::new(self.source, self.source.part_bytes(), self.gzip, with_md5),
        }
    }
}

/// What all requests of one upload share.
struct Upload<'a> {
    job: &'a UploadJob,
    headers: &'a UploadHeaders,
    /// Headers that each part repeats.
    part_headers: UploadHeaders,
    bucket: String,
    id: String,
    check: UploadCheck,
    conditional: bool,
    progress: &'a Progress<'a>,
    effort: Effort<'a>,
}

impl Storage {
    pub(super) async fn upload_in_parts(
        &self,
        sending: &Sending<'_>,
        progress: &Progress<'_>,
        cancel: &CancellationToken,
    ) -> Result<Uploaded, StorageError> {
        let (job, headers) = (sending.job, sending.headers);
        let capability = &self.core.capability;
        let mut conditional = job.if_absent && capability.conditions();
        if job.if_absent {
            // The condition is looked at only when the upload is finished; what is taken now need not be sent.
            self.refuse_taken(&job.key).await?;
        }
        let mut check = capability.check();
        let mut refused: Option<StorageError> = None;
        loop {
            let mut upload = Upload {
                job,
                headers,
                part_headers: headers.of_parts(),
                bucket: self.bucket()?.to_owned(),
                id: String::new(),
                check,
                conditional,
                progress,
                effort: Effort {
                    operation: Operation::Multipart,
                    subject: job.key.as_str(),
                    cancel,
                    capability,
                    stall: self.core.stall,
                },
            };
            let error = match self.one_upload(&mut upload, sending).await {
                Ok(uploaded) => {
                    capability.learn_check(upload.check);
                    if job.if_absent && !conditional {
                        capability.learn_no_conditions();
                    }
                    return Ok(uploaded);
                }
                Err(error) if is_refusal(&error) => error,
                Err(error) => return Err(error),
            };
            let unsupported = error.kind == ErrorKind::Unsupported;
            let error = refused.take().unwrap_or(error);
            match check.below() {
                Some(lower) => check = lower,
                None if conditional && unsupported => {
                    conditional = false;
                    check = capability.check();
                }
                None => return Err(error),
            }
            refused = Some(error);
        }
    }

    /// One upload from its begin to its end, or to its abort.
    async fn one_upload(
        &self,
        upload: &mut Upload<'_>,
        sending: &Sending<'_>,
    ) -> Result<Uploaded, StorageError> {
        self.begin(upload).await?;
        let sent: Mutex<Vec<Sent>> = Mutex::default();
        let counted = Mutex::new(0_i64);
        let upload = &*upload;
        let result = async {
            let parts = sending.parts(upload.check == UploadCheck::ContentMd5);
            let lanes = (0..LANES)
                .map(|_| Box::pin(self.lane(upload, &parts, &sent, &counted)) as lanes::Lane<'_>)
                .collect();
            lanes::all(lanes).await?;
            sending.source.check_unchanged()?;
            let mut sent =
                std::mem::take(&mut *sent.lock().unwrap_or_else(PoisonError::into_inner));
            sent.sort_by_key(|part| part.number);
            self.finish(upload, &sent).await
        }
        .await;
        if result.is_err() {
            self.abort(upload).await;
            // What was reported is to be sent again, or never.
            let counted = *counted.lock().unwrap_or_else(PoisonError::into_inner);
            if counted != 0 {
                (upload.progress)(-counted);
            }
        }
        result
    }

    async fn begin(&self, upload: &mut Upload<'_>) -> Result<(), StorageError> {
        let effort = upload.effort;
        let with_crc = upload.check == UploadCheck::Crc64Nvme;
        let shared = &*upload;
        let begun = retried(effort, || {
            let request = self.call(Operation::Multipart, effort.subject, |client| {
                client
                    .create_multipart_upload()
                    .bucket(&shared.bucket)
                    .key(sdk_key(effort.subject))
                    .set_checksum_algorithm(with_crc.then_some(ChecksumAlgorithm::Crc64Nvme))
                    .set_checksum_type(with_crc.then_some(ChecksumType::FullObject))
                    .customize()
                    .config_override(once())
                    .mutate_request(apply(shared.headers))
                    .send()
            });
            effort.within(effort.stall, request)
        });
        // Not cancelled on its way: an upload that was begun must be known, to be aborted.
        let answer = begun.await?;
        upload.id = answer.upload_id().unwrap_or_default().to_owned();
        if upload.id.is_empty() {
            return Err(
                StorageError::new(Operation::Multipart, ErrorKind::Server, effort.subject)
                    .with_message("the server began an upload without naming it"),
            );
        }
        if with_crc && answer.checksum_algorithm().is_none() {
            // It does not speak of checksums: MD5 then, which all servers know.
            upload.check = UploadCheck::ContentMd5;
        }
        Ok(())
    }

    /// Takes part after part and sends it.
    async fn lane(
        &self,
        upload: &Upload<'_>,
        parts: &Parts,
        sent: &Mutex<Vec<Sent>>,
        counted: &Mutex<i64>,
    ) -> Result<(), StorageError> {
        loop {
            let part = tokio::select! {
                part = async { self.pass_gate().await; parts.next().await } => part?,
                () = upload.effort.cancel.cancelled() => return Err(upload.effort.cancelled()),
            };
            let Some(part) = part else {
                return Ok(());
            };
            // Kept apart, because lanes that are dropped half-way cannot take back what they reported.
            let progress = |more: i64| {
                *counted.lock().unwrap_or_else(PoisonError::into_inner) += more;
                (upload.progress)(more);
            };
            let done = retried(upload.effort, || self.send_part(upload, &part, &progress)).await?;
            sent.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(done);
        }
    }

    async fn send_part(
        &self,
        upload: &Upload<'_>,
        part: &Part,
        progress: &Progress<'_>,
    ) -> Result<Sent, StorageError> {
        let crc =
            (upload.check == UploadCheck::Crc64Nvme).then(|| Checksum::Crc64Nvme.encoded(part.sum));
        let md5 = part.md5.map(|md5| BASE64.encode(md5));
        let unsigned = self.body_may_go_unsigned();
        let meter = Arc::new(Meter::default());
        let request = self.call(Operation::Multipart, upload.effort.subject, |client| {
            let sent = client
                .upload_part()
                .bucket(&upload.bucket)
                .key(sdk_key(upload.effort.subject))
                .upload_id(&upload.id)
                .part_number(part.number)
                .body(ByteStream::from(part.content.clone()))
                .set_checksum_crc64_nvme(crc.clone())
                .set_content_md5(md5.clone())
                .customize()
                .config_override(once())
                .mutate_request(apply(&upload.part_headers))
                .interceptor(Counting {
                    content: part.content.clone(),
                    meter: Arc::clone(&meter),
                });
            if unsigned {
                sent.disable_payload_signing().send()
            } else {
                sent.send()
            }
        });
        let scale = Scale {
            moves: part.content.len() as u64,
            counts: part.counts,
        };
        let answer = watched(upload.effort, &meter, scale, progress, request).await?;
        let told = answer.checksum_crc64_nvme();
        if let (Some(crc), Some(told)) = (&crc, told)
            && crc != told
        {
            return Err(StorageError::new(
                Operation::Multipart,
                ErrorKind::Corrupt,
                upload.effort.subject,
            )
            .with_message(format!(
                "the server got CRC64NVME {told} where {crc} was sent"
            )));
        }
        Ok(Sent {
            number: part.number,
            etag: answer.e_tag().unwrap_or_default().to_owned(),
            sum: part.sum,
            echoed: told.is_some(),
        })
    }

    async fn finish(&self, upload: &Upload<'_>, sent: &[Sent]) -> Result<Uploaded, StorageError> {
        let with_crc = upload.check == UploadCheck::Crc64Nvme;
        let crc = Checksum::Crc64Nvme;
        let sum = crc.encoded(crc.of_pieces(sent.iter().map(|part| part.sum)));
        let bytes: u64 = sent.iter().map(|part| part.sum.bytes()).sum();
        let effort = upload.effort;
        let parts: Vec<CompletedPart> = sent
            .iter()
            .map(|part| {
                CompletedPart::builder()
                    .part_number(part.number)
                    .e_tag(&part.etag)
                    .set_checksum_crc64_nvme(with_crc.then(|| crc.encoded(part.sum)))
                    .build()
            })
            .collect();
        let parts = CompletedMultipartUpload::builder()
            .set_parts(Some(parts))
            .build();
        let finished = retried(effort, || {
            let request = self.call(Operation::Multipart, effort.subject, |client| {
                client
                    .complete_multipart_upload()
                    .bucket(&upload.bucket)
                    .key(sdk_key(effort.subject))
                    .upload_id(&upload.id)
                    .multipart_upload(parts.clone())
                    .set_checksum_crc64_nvme(with_crc.then(|| sum.clone()))
                    .set_checksum_type(with_crc.then_some(ChecksumType::FullObject))
                    .set_mpu_object_size(with_crc.then(|| i64::try_from(bytes).unwrap_or(i64::MAX)))
                    .set_if_none_match(upload.conditional.then(|| "*".to_owned()))
                    .customize()
                    .config_override(once())
                    .mutate_request(apply(&upload.part_headers))
                    .send()
            });
            effort.within(FINISH_LIMIT, request)
        });
        // Not cancelled from here on: the object may already be there.
        let verification = |told: Option<&str>| match upload.check {
            UploadCheck::ContentMd5 => Verification::EtagMd5,
            UploadCheck::Crc64Nvme
                if told == Some(sum.as_str())
                    || (told.is_none() && sent.iter().all(|part| part.echoed)) =>
            {
                Verification::Checksum(crc.name().to_owned())
            }
            _ => Verification::LengthOnly,
        };
        let answer = match finished.await {
            Ok(answer) => answer,
            // Finished before, and the answer was lost: then the object is the one that was sent.
            Err(error) if matches!(error.kind, ErrorKind::NoSuchUpload | ErrorKind::Conflict) => {
                let found = self.head(&upload.job.key).await.ok();
                let ours = found.filter(|found| {
                    found.size == bytes
                        && match &found.checksum {
                            Some((name, value)) if name == crc.name() => *value == sum,
                            _ => {
                                error.kind == ErrorKind::NoSuchUpload
                                    && found.etag.ends_with(&format!("-{}", sent.len()))
                            }
                        }
                });
                let Some(found) = ours else {
                    return Err(error);
                };
                return Ok(Uploaded {
                    etag: found.etag,
                    bytes,
                    verification: verification(None),
                });
            }
            Err(error) => return Err(error),
        };
        Ok(Uploaded {
            etag: bare_etag(answer.e_tag()),
            bytes,
            verification: verification(answer.checksum_crc64_nvme()),
        })
    }

    /// Aborts until the server has forgotten the upload, or cannot be reached.
    async fn abort(&self, upload: &Upload<'_>) {
        self.abort_upload(&upload.bucket, upload.effort.subject, &upload.id)
            .await;
    }

    /// Aborts an unfinished upload, repeatedly where parts arrived during the abort. True when the server says that
    /// it is gone.
    pub(super) async fn abort_upload(&self, bucket: &str, key: &str, id: &str) -> bool {
        let gone = tokio::time::timeout(ABORT_LIMIT, self.abort_until_gone(bucket, key, id))
            .await
            .unwrap_or(false);
        if !gone {
            tracing::warn!(key, "an unfinished upload could not be removed");
        }
        gone
    }

    async fn abort_until_gone(&self, bucket: &str, key: &str, id: &str) -> bool {
        for tries in 0..ABORT_TRIES {
            if tries > 0 {
                tokio::time::sleep(Duration::from_millis(100 << tries)).await;
            }
            let aborted = self
                .call(Operation::Multipart, key, |client| {
                    client
                        .abort_multipart_upload()
                        .bucket(bucket)
                        .key(sdk_key(key))
                        .upload_id(id)
                        .send()
                })
                .await;
            let done = match aborted {
                Err(error) if error.kind == ErrorKind::NoSuchUpload => return true,
                aborted => aborted.is_ok(),
            };
            let left = self
                .call(Operation::Multipart, key, |client| {
                    client
                        .list_parts()
                        .bucket(bucket)
                        .key(sdk_key(key))
                        .upload_id(id)
                        .max_parts(1)
                        .send()
                })
                .await;
            match left {
                Err(error) if error.kind == ErrorKind::NoSuchUpload => return true,
                // Not allowed to look, or the server cannot list: the abort itself has to do.
                Err(error) if !error.kind.is_transient() => return done,
                _ => {}
            }
        }
        false
    }
}
