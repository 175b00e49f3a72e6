//! The four calls of a multipart upload.

use std::fmt::Write as _;

use bytes::Bytes;
use http::Method;

use super::object::owned;
use super::{BodySum, Call, Calls};
use crate::domain::{ErrorKind, Operation, StorageError};
use crate::storage::upload_headers::UploadHeaders;
use crate::storage::{error, xml};

/// A multipart upload that has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultipartId {
    /// Key of the object that it will be.
    pub key: String,
    /// What the server calls it.
    pub id: String,
}

/// One part that the server has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartTag {
    /// From 1.
    pub number: u32,
    /// Entity tag with its quotes.
    pub etag: String,
}

impl Calls<'_> {
    /// `CreateMultipartUpload`.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn create_multipart_upload(
        &self,
        key: &str,
        headers: &UploadHeaders,
    ) -> Result<MultipartId, StorageError> {
        let call = Call {
            query: vec![("uploads", "")],
            headers: owned(headers),
            ..Call::new(Operation::Put, Method::POST, key)
        };
        let answer = self.whole(&call).await?;
        let id = xml::text_in(&answer.body, b"UploadId").ok_or_else(|| {
            StorageError::new(Operation::Multipart, ErrorKind::Corrupt, key)
                .with_message("the answer names no upload")
        })?;
        Ok(MultipartId {
            key: key.to_owned(),
            id,
        })
    }

    /// `UploadPart`. `headers` are those that every part repeats.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn upload_part(
        &self,
        upload: &MultipartId,
        number: u32,
        headers: &UploadHeaders,
        body: Bytes,
    ) -> Result<PartTag, StorageError> {
        let text = number.to_string();
        let call = Call {
            query: vec![("uploadId", &upload.id), ("partNumber", &text)],
            headers: owned(headers),
            body,
            sum: BodySum::Md5,
            ..Call::new(Operation::Multipart, Method::PUT, &upload.key)
        };
        let answer = self.whole(&call).await?;
        Ok(PartTag {
            number,
            etag: answer.header("etag").unwrap_or_default(),
        })
    }

    /// `CompleteMultipartUpload`. Without parts the server refuses.
    ///
    /// # Errors
    /// Also when the answer begins well and tells of a failure after all.
    pub async fn complete_multipart_upload(
        &self,
        upload: &MultipartId,
        parts: &[PartTag],
        headers: &UploadHeaders,
    ) -> Result<(), StorageError> {
        let call = Call {
            query: vec![("uploadId", &upload.id)],
            headers: owned(headers),
            body: Bytes::from(parts_xml(parts)),
            ..Call::new(Operation::Multipart, Method::POST, &upload.key)
        };
        let answer = self.whole(&call).await?;
        if xml::error_fields(&answer.body).code.is_some() {
            return Err(error::from_answer(
                Operation::Multipart,
                upload.key.as_str(),
                200,
                &answer.headers,
                &answer.body,
            ));
        }
        Ok(())
    }

    /// `AbortMultipartUpload`: what has been sent is thrown away.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn abort_multipart_upload(&self, upload: &MultipartId) -> Result<(), StorageError> {
        let call = Call {
            query: vec![("uploadId", &upload.id)],
            headers: vec![("content-length".to_owned(), "0".to_owned())],
            ..Call::new(Operation::Multipart, Method::DELETE, &upload.key)
        };
        self.whole(&call).await?;
        Ok(())
    }
}

/// The list of parts as boto3 writes it.
fn parts_xml(parts: &[PartTag]) -> String {
    const BEGIN: &str =
        "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
    if parts.is_empty() {
        return format!("{BEGIN} />");
    }
    let mut text = format!("{BEGIN}>");
    for part in parts {
        let etag = part.etag.replace('&', "&amp;").replace('<', "&lt;");
        let written = write!(
            text,
            "<Part><ETag>{etag}</ETag><PartNumber>{}</PartNumber></Part>",
            part.number
        );
        debug_assert!(written.is_ok(), "text takes all");
    }
    text.push_str("</CompleteMultipartUpload>");
    text
}
