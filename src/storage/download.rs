//! Downloading an object to a file.
//!
//! One answer up to 16 MiB; above, ranges of one and the same version (`If-Match`) side by side, each read into a buffer
//! of the shared budget and written at its place. An answer that breaks off is continued where it broke. The length is
//! always compared, and the checksum of the whole object where the server keeps one. Only then does the file get its
//! name; see `staged`.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::types::ChecksumType;
use md5::{Digest, Md5};
use tokio_util::sync::CancellationToken;

use super::attempt::{Effort, Progress, retried};
use super::checksum::{Checksum, Sum, Verification};
use super::objects::bare_etag;
use super::pieces::{Object, Piece, Tally};
use super::source::{PART_BYTES, WHOLE_BYTES, on_blocking_pool};
use super::staged::{Staged, write_all_at};
use super::write_behind::WriteBehind;
use super::{Storage, lanes};
use crate::domain::{ErrorKind, Key, Operation, StorageError};

/// Ranges of one object that are read at the same time.
const LANES: usize = 4;

/// One object on its way to one file.
///
/// - *Done*: the file is there under its name, whole and checked as [`Downloaded::verification`] says.
/// - *Failed, cancelled or dropped*: what stood under the name is untouched and the temporary file is removed.
/// - *Killed*: a file `.NAME.XXXXXXXX.part` may be left beside the name; the name itself is untouched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownloadJob {
    /// What is read.
    pub key: Key,
    /// The file; its folder must exist.
    pub target: PathBuf,
    /// Replace what is there. Otherwise a file in the way is a [`ErrorKind::Conflict`].
    pub overwrite: bool,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downloaded {
    /// Length of the file.
    pub bytes: u64,
    /// Entity tag of the version that was read, without quotes.
    pub etag: String,
    /// How the file was compared with the object.
    pub verification: Verification,
}

impl Storage {
    /// Downloads an object. `progress` gets the additional bytes; negative when some have to be read again.
    ///
    /// # Errors
    /// When the object cannot be read or changes, the file cannot be written or is there already, what arrived is not
    /// what the server keeps, or it was cancelled.
    pub async fn download(
        &self,
        job: &DownloadJob,
        progress: &Progress<'_>,
        cancel: &CancellationToken,
    ) -> Result<Downloaded, StorageError> {
        if !job.overwrite && std::fs::symlink_metadata(&job.target).is_ok() {
            return Err(in_the_way(job));
        }
        let tally = Tally {
            progress,
            reported: Mutex::new(0),
        };
        let first_md5 = Mutex::new(None);
        let mut round = 0;
        loop {
            let result = tokio::select! {
                result = self.download_round(job, &tally, cancel, &first_md5) => result,
                () = cancel.cancelled() => {
                    Err(StorageError::cancelled(Operation::Get, job.key.as_str()))
                }
            };
            if result.is_err() {
                tally.take_back();
            }
            round += 1;
            match result {
                // Damaged on the way, once: all of it again.
                Err(error) if error.kind == ErrorKind::Corrupt && round == 1 => {}
                result => return result,
            }
        }
    }

    async fn download_round(
        &self,
        job: &DownloadJob,
        tally: &Tally<'_>,
        cancel: &CancellationToken,
        first_md5: &Mutex<Option<[u8; 16]>>,
    ) -> Result<Downloaded, StorageError> {
        let effort = Effort {
            operation: Operation::Get,
            subject: job.key.as_str(),
            cancel,
            capability: &self.core.capability,
            stall: self.core.stall,
        };
        let bucket = self.bucket()?.to_owned();
        let answer = retried(effort, || self.get(&bucket, &job.key, None, "")).await?;
        let object = Object {
            key: &job.key,
            bytes: match answer.content_length().map(u64::try_from) {
                Some(Ok(length)) => length,
                _ => self.head(&job.key).await?.size,
            },
            etag: bare_etag(answer.e_tag()),
            kept: kept_checksum(&answer),
            bucket,
            effort,
        };
        let (target, bytes) = (job.target.clone(), object.bytes);
        let staged = on_blocking_pool(move || {
            Staged::create(&target, bytes).map_err(|error| StorageError::local(&target, error))
        })
        .await?;
        let verification = if object.bytes <= WHOLE_BYTES {
            self.read_whole(&object, answer, &staged, tally, first_md5)
                .await?
        } else {
            self.read_ranges(&object, answer, &staged, tally).await?
        };
        let (target, overwrite) = (job.target.clone(), job.overwrite);
        let conflict = in_the_way(job);
        on_blocking_pool(move || match staged.publish(overwrite) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(conflict),
            result => result.map_err(|error| StorageError::local(&target, error)),
        })
        .await?;
        Ok(Downloaded {
            bytes: object.bytes,
            etag: object.etag,
            verification,
        })
    }

    async fn read_whole(
        &self,
        object: &Object<'_>,
        answer: GetObjectOutput,
        staged: &Staged,
        tally: &Tally<'_>,
        first_md5: &Mutex<Option<[u8; 16]>>,
    ) -> Result<Verification, StorageError> {
        let all = Piece {
            start: 0,
            end: object.bytes,
        };
        let buffer = self.read_piece(object, all, Some(answer), tally).await?;
        let algorithm = object.kept.as_ref().map(|(algorithm, _)| *algorithm);
        let md5_etag = looks_like_md5(&object.etag);
        let file = staged.file();
        let key = object.key.clone();
        let (sum, md5) = on_blocking_pool(move || {
            write_all_at(&file, buffer.as_ref(), 0).map_err(|error| written(&key, error))?;
            let sum = algorithm.map(|algorithm| algorithm.of(buffer.as_ref()));
            let with_md5 = sum.is_none() && md5_etag;
            let md5: Option<[u8; 16]> = with_md5.then(|| Md5::digest(buffer.as_ref()).into());
            Ok((sum, md5))
        })
        .await?;
        if let Some(sum) = sum {
            return compared(object, sum);
        }
        let Some(md5) = md5 else {
            return Ok(Verification::LengthOnly);
        };
        let hex: String = md5.iter().map(|byte| format!("{byte:02x}")).collect();
        if hex == object.etag {
            return Ok(Verification::EtagMd5);
        }
        // Some servers have tags that only look like MD5. Read twice with the same result, it is one of those.
        let before = first_md5
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(md5);
        if before == Some(md5) {
            Ok(Verification::LengthOnly)
        } else {
            Err(corrupt(object, &format!("MD5 {hex}"), &object.etag))
        }
    }

    async fn read_ranges(
        &self,
        object: &Object<'_>,
        answer: GetObjectOutput,
        staged: &Staged,
        tally: &Tally<'_>,
    ) -> Result<Verification, StorageError> {
        let count = object.bytes.div_ceil(PART_BYTES);
        let next = AtomicU64::new(0);
        let first = Mutex::new(Some(answer));
        let sums: Mutex<Vec<(u64, Sum)>> = Mutex::default();
        let algorithm = object.kept.as_ref().map(|(algorithm, _)| *algorithm);
        let behind = WriteBehind::new(object.bytes);
        let lane = || async {
            loop {
                self.pass_gate().await;
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= count {
                    return Ok(());
                }
                let piece = Piece {
                    start: index * PART_BYTES,
                    end: object.bytes.min((index + 1) * PART_BYTES),
                };
                // The answer that told the length also brings the first range.
                let answer = match index {
                    0 => first.lock().unwrap_or_else(PoisonError::into_inner).take(),
                    _ => None,
                };
                let buffer = self.read_piece(object, piece, answer, tally).await?;
                let file = staged.file();
                let key = object.key.clone();
                let sum = on_blocking_pool(move || {
                    let sum = algorithm.map(|algorithm| algorithm.of(buffer.as_ref()));
                    write_all_at(&file, buffer.as_ref(), piece.start)
                        .map_err(|error| written(&key, error))?;
                    Ok(sum)
                })
                .await?;
                behind.wrote(piece.end - piece.start);
                if let Some(sum) = sum {
                    sums.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((index, sum));
                }
            }
        };
        let sync = || {
            let (file, key) = (staged.file(), object.key.clone());
            on_blocking_pool(move || file.sync_data().map_err(|error| written(&key, error)))
        };
        let mut all: Vec<lanes::Lane<'_>> = vec![Box::pin(behind.run(sync))];
        all.extend((0..LANES).map(|_| Box::pin(lane()) as lanes::Lane<'_>));
        lanes::all(all).await?;
        let Some(algorithm) = algorithm else {
            return Ok(Verification::LengthOnly);
        };
        let mut sums = std::mem::take(&mut *sums.lock().unwrap_or_else(PoisonError::into_inner));
        sums.sort_by_key(|(index, _)| *index);
        compared(
            object,
            algorithm.of_pieces(sums.into_iter().map(|(_, sum)| sum)),
        )
    }
}

/// The checksum of the whole object, if the server keeps one that pieces combine to.
fn kept_checksum(answer: &GetObjectOutput) -> Option<(Checksum, String)> {
    if answer.checksum_type() == Some(&ChecksumType::Composite) {
        return None;
    }
    [
        ("CRC64NVME", answer.checksum_crc64_nvme()),
        ("CRC32C", answer.checksum_crc32_c()),
        ("CRC32", answer.checksum_crc32()),
    ]
    .into_iter()
    // A sum of sums ends with the number of parts.
    .filter_map(|(name, value)| Some((name, value.filter(|value| !value.contains('-'))?)))
    .find_map(|(name, value)| Some((Checksum::named(name)?, value.to_owned())))
}

fn compared(object: &Object<'_>, sum: Sum) -> Result<Verification, StorageError> {
    let Some((algorithm, kept)) = &object.kept else {
        return Ok(Verification::LengthOnly);
    };
    let found = algorithm.encoded(sum);
    if found == *kept {
        Ok(Verification::Checksum(algorithm.name().to_owned()))
    } else {
        Err(corrupt(
            object,
            &format!("{} {found}", algorithm.name()),
            kept,
        ))
    }
}

fn looks_like_md5(etag: &str) -> bool {
    etag.len() == 32 && etag.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn corrupt(object: &Object<'_>, found: &str, kept: &str) -> StorageError {
    StorageError::new(Operation::Get, ErrorKind::Corrupt, object.key.as_str())
        .with_message(format!("what arrived has {found}, the server keeps {kept}"))
}

fn written(key: &Key, error: std::io::Error) -> StorageError {
    StorageError::new(Operation::LocalFile, ErrorKind::LocalFile, key.as_str()).with_source(error)
}

fn in_the_way(job: &DownloadJob) -> StorageError {
    StorageError::new(
        Operation::LocalFile,
        ErrorKind::Conflict,
        job.target.display().to_string(),
    )
    .with_message("there is a file of this name already")
}
