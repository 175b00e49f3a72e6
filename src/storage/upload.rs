//! Uploading a file.
//!
//! Up to 16 MiB it goes with one request, above in parts, several at once, with bounded memory. The object appears
//! whole or not at all; the file must not change meanwhile. `multipart` says what the end of a job leaves behind.

use std::path::PathBuf;
use std::sync::Mutex;

use tokio_util::sync::CancellationToken;

use super::Storage;
use super::attempt::Progress;
use super::checksum::Verification;
use super::multipart::Sending;
use super::put::Whole;
use super::source::{Part, Parts, Source, WHOLE_BYTES};
use super::upload_headers::UploadHeaders;
use crate::domain::{Key, StorageError};

/// One file on its way to one key.
///
/// - *Done*: the object is there, checked as [`Uploaded::verification`] says.
/// - *Failed or cancelled*: the key is as before, and an upload in parts that was begun has been aborted, so nothing
///   that costs money is left. Only a server that cannot be reached any more keeps parts.
/// - *Dropped*: requests end at once, nothing is aborted; a multipart upload may be left unfinished. Cancel instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadJob {
    /// The file; links are followed.
    pub source: PathBuf,
    /// Where it goes.
    pub key: Key,
    /// Refuse ([`Conflict`](crate::domain::ErrorKind::Conflict)) when the key is taken at the moment of writing.
    pub if_absent: bool,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// Entity tag of the object, without quotes.
    pub etag: String,
    /// Stored bytes: those of the file, or fewer when it was compressed on the way.
    pub bytes: u64,
    /// How the server's copy was compared with the file.
    pub verification: Verification,
}

impl Storage {
    /// What an object of this key is uploaded with here: as the settings say, without what the server does not have.
    ///
    /// # Errors
    /// Those of [`UploadHeaders::for_key`].
    pub(crate) fn upload_headers(&self, key: &Key) -> Result<UploadHeaders, StorageError> {
        let mut headers = UploadHeaders::for_key(self.config(), key)?;
        if !self.core.capability.access_lists() {
            headers.without_access_lists();
        }
        if !self.core.capability.tags() {
            headers.without_tags();
        }
        Ok(headers)
    }

    /// Uploads a file. `progress` gets the additional bytes of the file; negative when a part has to be sent again.
    ///
    /// # Errors
    /// When the file cannot be read or changes, the key is taken, the server refuses, or it was cancelled.
    pub async fn upload(
        &self,
        job: &UploadJob,
        progress: &Progress<'_>,
        cancel: &CancellationToken,
    ) -> Result<Uploaded, StorageError> {
        let mut headers = self.upload_headers(&job.key)?;
        let gzip = headers.wants_gzip(self.config());
        let source = Source::open(&job.source).await?;
        if gzip {
            headers.set("content-encoding", "gzip");
        }
        if source.bytes <= WHOLE_BYTES && !gzip {
            let parts = Parts::new(&source, source.bytes.max(1), false, false);
            if let Some(part) = parts.next().await? {
                return self
                    .upload_whole(job, &source, &headers, part, progress, cancel)
                    .await;
            }
        }
        let mut begun = None;
        if gzip {
            // Whether one request is enough shows only when it is compressed.
            let parts = Parts::new(&source, source.part_bytes(), true, false);
            match parts.next().await? {
                Some(first) if first.is_last => {
                    return self
                        .upload_whole(job, &source, &headers, first, progress, cancel)
                        .await;
                }
                Some(first) => begun = Some((parts, first)),
                None => {}
            }
        }
        let sending = Sending {
            job,
            source: &source,
            headers: &headers,
            gzip,
            begun: Mutex::new(begun),
        };
        self.upload_in_parts(&sending, progress, cancel).await
    }

    async fn upload_whole(
        &self,
        job: &UploadJob,
        source: &Source,
        headers: &UploadHeaders,
        part: Part,
        progress: &Progress<'_>,
        cancel: &CancellationToken,
    ) -> Result<Uploaded, StorageError> {
        source.check_unchanged()?;
        let whole = Whole {
            key: &job.key,
            headers,
            if_absent: job.if_absent,
            content: part.content,
            sum: part.sum,
            counts: part.counts,
        };
        self.put_whole(&whole, progress, cancel).await
    }
}
