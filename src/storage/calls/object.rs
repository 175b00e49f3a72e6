//! Head, get, put and delete of one object.

use std::io::Write;

use bytes::Bytes;
use http::Method;
use http_body_util::BodyExt as _;

use super::{BodySum, Call, Calls};
use crate::domain::{ErrorKind, Operation, StorageError, Timestamp};
use crate::storage::clock;
use crate::storage::error;
use crate::storage::upload_headers::UploadHeaders;

/// Objects from this size on are fetched in pieces of it.
const PIECE_BYTES: u64 = 8 * 1024 * 1024;

/// What a `HEAD` says about an object, as far as files and storages ask for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectHead {
    /// Stored length in bytes, compressed where the object is.
    pub bytes: u64,
    /// Last change.
    pub modified: Option<Timestamp>,
    /// Content encoding.
    pub encoding: Option<String>,
    /// Content type.
    pub content_type: Option<String>,
    /// Entity tag with its quotes.
    pub etag: Option<String>,
}

impl Calls<'_> {
    /// `HeadObject`.
    ///
    /// # Errors
    /// With status 404 when there is none.
    pub async fn head_object(&self, key: &str) -> Result<ObjectHead, StorageError> {
        let call = Call::new(Operation::Head, Method::HEAD, key);
        let response = self.open(&call).await?;
        let text = |name: &str| super::text_of(response.headers(), name);
        Ok(ObjectHead {
            bytes: text("content-length")
                .and_then(|length| length.parse().ok())
                .unwrap_or_default(),
            modified: text("last-modified").and_then(|date| clock::http_date(&date)),
            encoding: text("content-encoding"),
            content_type: text("content-type"),
            etag: text("etag"),
        })
    }

    /// `GetObject` into a writer: in one piece, or from 8 MiB on in pieces of the version that `head` speaks of.
    ///
    /// # Errors
    /// Also when the writer refuses.
    pub async fn get_object(
        &self,
        key: &str,
        head: &ObjectHead,
        into: &mut (dyn Write + Send),
    ) -> Result<(), StorageError> {
        if head.bytes < PIECE_BYTES {
            return self.get_piece(key, Vec::new(), into).await;
        }
        let mut start = 0;
        while start < head.bytes {
            let end = start + PIECE_BYTES;
            let range = if end >= head.bytes {
                format!("bytes={start}-")
            } else {
                format!("bytes={start}-{}", end - 1)
            };
            let mut headers = vec![("range".to_owned(), range)];
            headers.extend(
                head.etag
                    .iter()
                    .map(|etag| ("if-match".to_owned(), etag.clone())),
            );
            self.get_piece(key, headers, into).await?;
            start = end;
        }
        Ok(())
    }

    async fn get_piece(
        &self,
        key: &str,
        headers: Vec<(String, String)>,
        into: &mut (dyn Write + Send),
    ) -> Result<(), StorageError> {
        let call = Call {
            headers,
            ..Call::new(Operation::Get, Method::GET, key)
        };
        let mut body = self.open(&call).await?.into_body();
        while let Some(frame) = body.frame().await {
            let frame =
                frame.map_err(|failure| error::from_transport(Operation::Get, key, failure))?;
            if let Some(data) = frame.data_ref() {
                into.write_all(data).map_err(|failure| {
                    StorageError::new(Operation::LocalFile, ErrorKind::LocalFile, key)
                        .with_source(failure)
                })?;
            }
        }
        Ok(())
    }

    /// `PutObject`.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn put_object(
        &self,
        key: &str,
        headers: &UploadHeaders,
        body: Bytes,
    ) -> Result<(), StorageError> {
        let call = Call {
            headers: owned(headers),
            body,
            sum: BodySum::Md5,
            ..Call::new(Operation::Put, Method::PUT, key)
        };
        self.whole(&call).await?;
        Ok(())
    }

    /// `DeleteObject`. An object that is not there is deleted too.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn delete_object(&self, key: &str) -> Result<(), StorageError> {
        let call = Call {
            headers: vec![("content-length".to_owned(), "0".to_owned())],
            ..Call::new(Operation::Delete, Method::DELETE, key)
        };
        self.whole(&call).await?;
        Ok(())
    }
}

pub(super) fn owned(headers: &UploadHeaders) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
