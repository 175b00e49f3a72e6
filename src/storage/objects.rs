//! Looking at one object, reading a piece of it, and writing small ones.

use std::ops::Range;

use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use bytes::Bytes;
use tokio_util::sync::CancellationToken;

use super::Storage;
use super::blank_keys::sdk_key;
use super::checksum::Checksum;
use super::upload::Uploaded;
use super::upload_headers::UploadHeaders;
use crate::domain::{ErrorKind, Key, ObjectDetails, Operation, Prefix, StorageError, Timestamp};

/// The content type that S3's own console gives to the marker of a folder.
const FOLDER_TYPE: &str = "application/x-directory; charset=UTF-8";

impl Storage {
    /// Everything HEAD tells about an object.
    ///
    /// # Errors
    /// [`ErrorKind::NoSuchKey`] when there is none; a server that hides what one may not see says
    /// [`ErrorKind::AccessDenied`] instead.
    pub async fn head(&self, key: &Key) -> Result<ObjectDetails, StorageError> {
        let bucket = self.bucket()?.to_owned();
        let answer = self
            .call(Operation::Head, key.as_str(), |client| {
                client
                    .head_object()
                    .bucket(&bucket)
                    .key(sdk_key(key.as_str()))
                    .checksum_mode(aws_sdk_s3::types::ChecksumMode::Enabled)
                    .send()
            })
            .await?;
        Ok(details(key, &answer))
    }

    /// True when there is such an object.
    ///
    /// # Errors
    /// When the server cannot be asked, or does not say.
    pub async fn exists(&self, key: &Key) -> Result<bool, StorageError> {
        match self.head(key).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind == ErrorKind::NoSuchKey => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A piece of an object, in memory: meant for previews. The result is shorter where the object ends; a range that
    /// begins at or behind its end gives nothing.
    ///
    /// # Errors
    /// When the object cannot be read.
    pub async fn read_range(&self, key: &Key, range: Range<u64>) -> Result<Bytes, StorageError> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let bucket = self.bucket()?.to_owned();
        let wanted = format!("bytes={}-{}", range.start, range.end - 1);
        let answer = self
            .call(Operation::Get, key.as_str(), |client| {
                client
                    .get_object()
                    .bucket(&bucket)
                    .key(sdk_key(key.as_str()))
                    .range(&wanted)
                    .send()
            })
            .await;
        let mut body = match answer {
            Ok(answer) => {
                // A server that ignores the range sends all from the beginning.
                let whole = answer.content_range().is_none();
                let skip = if whole { range.start } else { 0 };
                (answer.body, skip)
            }
            Err(error) if error.status == Some(416) => return Ok(Bytes::new()),
            Err(error) => return Err(error),
        };
        let limit = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        let mut read = bytes::BytesMut::new();
        while read.len() < limit
            && let Some(piece) = body.0.next().await
        {
            let mut piece = piece.map_err(|error| {
                super::error::from_transport(Operation::Get, key.as_str(), error)
            })?;
            let skipped = usize::try_from(body.1)
                .unwrap_or(usize::MAX)
                .min(piece.len());
            body.1 -= skipped as u64;
            piece = piece.slice(skipped..);
            read.extend_from_slice(&piece[..piece.len().min(limit - read.len())]);
        }
        Ok(read.freeze())
    }

    /// Makes a folder visible by an empty marker object.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when the marker is there already.
    pub async fn create_folder(&self, prefix: &Prefix) -> Result<(), StorageError> {
        let key = Key::new(prefix.as_str());
        let mut headers = self.upload_headers(&key)?;
        headers.set("content-type", FOLDER_TYPE);
        self.put_with(&key, Bytes::new(), &headers, true).await?;
        Ok(())
    }

    /// Writes an object from memory, with the parameters of the connection.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when `if_absent` is set and the key is taken.
    pub async fn put_bytes(
        &self,
        key: &Key,
        content: Bytes,
        if_absent: bool,
    ) -> Result<Uploaded, StorageError> {
        let headers = self.upload_headers(key)?;
        self.put_with(key, content, &headers, if_absent).await
    }

    async fn put_with(
        &self,
        key: &Key,
        content: Bytes,
        headers: &UploadHeaders,
        if_absent: bool,
    ) -> Result<Uploaded, StorageError> {
        let sum = Checksum::Crc64Nvme.of(&content);
        let whole = super::put::Whole {
            key,
            headers,
            if_absent,
            counts: content.len() as u64,
            content,
            sum,
        };
        self.put_whole(&whole, &|_| {}, &CancellationToken::new())
            .await
    }
}

fn details(key: &Key, answer: &HeadObjectOutput) -> ObjectDetails {
    let text = |value: Option<&str>| value.map(str::to_owned);
    let mut headers = Vec::new();
    let mut push = |name: &str, value: Option<String>| {
        headers.extend(value.map(|value| (name.to_owned(), value)));
    };
    push("cache-control", text(answer.cache_control()));
    push("content-disposition", text(answer.content_disposition()));
    push("content-encoding", text(answer.content_encoding()));
    push("content-language", text(answer.content_language()));
    push("expires", text(answer.expires_string()));
    push(
        "x-amz-website-redirect-location",
        text(answer.website_redirect_location()),
    );
    push(
        "x-amz-server-side-encryption-aws-kms-key-id",
        text(answer.ssekms_key_id()),
    );
    push(
        "x-amz-server-side-encryption-customer-algorithm",
        text(answer.sse_customer_algorithm()),
    );
    push("x-amz-restore", text(answer.restore()));
    push("x-amz-expiration", text(answer.expiration()));
    push(
        "x-amz-replication-status",
        answer
            .replication_status()
            .map(|status| status.as_str().to_owned()),
    );
    push(
        "x-amz-object-lock-mode",
        answer
            .object_lock_mode()
            .map(|mode| mode.as_str().to_owned()),
    );
    push(
        "x-amz-object-lock-retain-until-date",
        answer
            .object_lock_retain_until_date()
            .map(|time| Timestamp(time.secs()).utc_text()),
    );
    push(
        "x-amz-object-lock-legal-hold",
        answer
            .object_lock_legal_hold_status()
            .map(|status| status.as_str().to_owned()),
    );
    push(
        "x-amz-tagging-count",
        answer.tag_count().map(|count| count.to_string()),
    );
    push(
        "x-amz-mp-parts-count",
        answer.parts_count().map(|count| count.to_string()),
    );
    let mut metadata: Vec<(String, String)> = answer
        .metadata()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    metadata.sort();
    ObjectDetails {
        key: key.clone(),
        size: answer
            .content_length()
            .and_then(|length| u64::try_from(length).ok())
            .unwrap_or_default(),
        modified: answer.last_modified().map(|time| Timestamp(time.secs())),
        etag: bare_etag(answer.e_tag()),
        content_type: text(answer.content_type()),
        storage_class: answer
            .storage_class()
            .map(|class| class.as_str().to_owned()),
        version: text(answer.version_id()).filter(|version| version != "null"),
        checksum: [
            ("CRC64NVME", answer.checksum_crc64_nvme()),
            ("CRC32C", answer.checksum_crc32_c()),
            ("CRC32", answer.checksum_crc32()),
            ("SHA256", answer.checksum_sha256()),
            ("SHA1", answer.checksum_sha1()),
        ]
        .into_iter()
        .find_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))),
        encryption: answer
            .server_side_encryption()
            .map(|encryption| encryption.as_str().to_owned()),
        headers,
        metadata,
    }
}

/// An entity tag without its quotes; empty when there is none.
pub(super) fn bare_etag(etag: Option<&str>) -> String {
    etag.unwrap_or_default().trim_matches('"').to_owned()
}
