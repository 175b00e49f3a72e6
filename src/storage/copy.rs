//! Renaming: a copy inside the storage, then a delete, in this order and only when the copy is confirmed.
//!
//! At no moment are both gone; a break in between leaves both. An object up to 5 GiB is copied by one request that
//! keeps everything that describes it. A larger one is copied in parts, and what describes it is set again.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::types::{
    CompletedMultipartUpload, CompletedPart, MetadataDirective, TaggingDirective,
};
use tokio_util::sync::CancellationToken;

use super::attempt::{Effort, retried};
use super::blank_keys::sdk_key;
use super::objects::bare_etag;
use super::{Storage, lanes};
use crate::domain::{ErrorKind, Key, Operation, StorageError};

/// The largest object that one copy request takes.
const WHOLE_COPY_BYTES: u64 = 5 * 1024 * 1024 * 1024;

/// Size of a copied part: 10,000 of them make 5 TiB.
const COPY_PART_BYTES: u64 = 512 * 1024 * 1024;

/// Parts that are copied at the same time.
const LANES: u64 = 4;

impl Storage {
    /// Gives an object another key. Metadata, tags, class and encryption stay as they are.
    ///
    /// When this ends early, the object is still under its old key, and perhaps under both; never under none.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when there is an object under the new key already, or the old one changed meanwhile.
    pub async fn rename(&self, from: &Key, to: &Key) -> Result<(), StorageError> {
        if from == to {
            return Ok(());
        }
        self.copy_as(from, to, WHOLE_COPY_BYTES).await?;
        self.delete(from).await
    }

    /// Copies an object within the bucket; the new key must be free. Objects above `whole_bytes` go in parts.
    async fn copy_as(&self, from: &Key, to: &Key, whole_bytes: u64) -> Result<(), StorageError> {
        let bucket = self.bucket()?.to_owned();
        let found = self
            .call(Operation::Head, from.as_str(), |client| {
                client
                    .head_object()
                    .bucket(&bucket)
                    .key(sdk_key(from.as_str()))
                    .send()
            })
            .await?;
        self.refuse_taken(to).await?;
        let size = found
            .content_length()
            .and_then(|length| u64::try_from(length).ok())
            .unwrap_or_default();
        if size <= whole_bytes {
            self.copy_whole(&bucket, from, to, &found).await?;
        } else {
            self.copy_in_parts(&bucket, from, to, &found, size).await?;
        }
        let copied = self.head(to).await?;
        if copied.size == size {
            return Ok(());
        }
        Err(
            StorageError::new(Operation::Copy, ErrorKind::Corrupt, to.as_str()).with_message(
                format!(
                    "{} bytes were to be copied, {} are there",
                    size, copied.size
                ),
            ),
        )
    }

    async fn copy_whole(
        &self,
        bucket: &str,
        from: &Key,
        to: &Key,
        found: &HeadObjectOutput,
    ) -> Result<(), StorageError> {
        let source = copy_source(bucket, from);
        let with_tags = self.core.capability.tags();
        let copy = |conditional: bool| {
            let source = &source;
            self.call(Operation::Copy, to.as_str(), move |client| {
                client
                    .copy_object()
                    .bucket(bucket)
                    .key(sdk_key(to.as_str()))
                    .copy_source(source)
                    .set_copy_source_if_match(found.e_tag().map(str::to_owned))
                    .metadata_directive(MetadataDirective::Copy)
                    .set_tagging_directive(with_tags.then_some(TaggingDirective::Copy))
                    // A copy gets the class and the encryption of the bucket unless they are named.
                    .set_storage_class(found.storage_class().cloned())
                    .set_server_side_encryption(found.server_side_encryption().cloned())
                    .set_ssekms_key_id(found.ssekms_key_id().map(str::to_owned))
                    .set_website_redirect_location(
                        found.website_redirect_location().map(str::to_owned),
                    )
                    .set_if_none_match(conditional.then(|| "*".to_owned()))
                    .send()
            })
        };
        let conditional = self.core.capability.conditions();
        let answer = match copy(conditional).await {
            // Not every server that knows the condition for uploads knows it for copies. The key was looked up.
            Err(error) if conditional && super::capability::is_refusal(&error) => {
                copy(false).await?
            }
            answer => answer?,
        };
        if answer.copy_object_result().is_none() {
            return Err(
                StorageError::new(Operation::Copy, ErrorKind::Server, to.as_str())
                    .with_message("the server did not confirm the copy"),
            );
        }
        Ok(())
    }

    async fn copy_in_parts(
        &self,
        bucket: &str,
        from: &Key,
        to: &Key,
        found: &HeadObjectOutput,
        size: u64,
    ) -> Result<(), StorageError> {
        let tagging = self.tagging(bucket, from).await?;
        let begun = self
            .call(Operation::Copy, to.as_str(), |client| {
                client
                    .create_multipart_upload()
                    .bucket(bucket)
                    .key(sdk_key(to.as_str()))
                    .set_metadata(found.metadata().cloned())
                    .set_cache_control(found.cache_control().map(str::to_owned))
                    .set_content_disposition(found.content_disposition().map(str::to_owned))
                    .set_content_encoding(found.content_encoding().map(str::to_owned))
                    .set_content_language(found.content_language().map(str::to_owned))
                    .set_content_type(found.content_type().map(str::to_owned))
                    .set_storage_class(found.storage_class().cloned())
                    .set_server_side_encryption(found.server_side_encryption().cloned())
                    .set_ssekms_key_id(found.ssekms_key_id().map(str::to_owned))
                    .set_website_redirect_location(
                        found.website_redirect_location().map(str::to_owned),
                    )
                    .set_tagging(tagging.clone())
                    .customize()
                    .mutate_request(expires(found.expires_string()))
                    .send()
            })
            .await?;
        let id = begun.upload_id().unwrap_or_default().to_owned();
        let copied = self
            .copy_parts(bucket, from, to, bare_etag(found.e_tag()), size, &id)
            .await;
        if copied.is_err() {
            self.abort_upload(bucket, to.as_str(), &id).await;
        }
        copied
    }

    async fn copy_parts(
        &self,
        bucket: &str,
        from: &Key,
        to: &Key,
        etag: String,
        size: u64,
        id: &str,
    ) -> Result<(), StorageError> {
        let cancel = CancellationToken::new();
        let effort = Effort {
            operation: Operation::Copy,
            subject: to.as_str(),
            cancel: &cancel,
            capability: &self.core.capability,
            stall: self.core.stall,
        };
        let source = copy_source(bucket, from);
        let part_bytes = COPY_PART_BYTES.min(size.div_ceil(2)).max(5 * 1024 * 1024);
        let count = size.div_ceil(part_bytes);
        let done: Mutex<Vec<CompletedPart>> = Mutex::default();
        let lane = |first: u64| {
            let (source, etag, done) = (&source, &etag, &done);
            async move {
                for index in (first..count).step_by(LANES as usize) {
                    let number = i32::try_from(index + 1).unwrap_or(i32::MAX);
                    let end = size.min((index + 1) * part_bytes) - 1;
                    let range = format!("bytes={}-{end}", index * part_bytes);
                    let answer = retried(effort, || {
                        self.call(Operation::Copy, to.as_str(), |client| {
                            client
                                .upload_part_copy()
                                .bucket(bucket)
                                .key(sdk_key(to.as_str()))
                                .upload_id(id)
                                .part_number(number)
                                .copy_source(source)
                                .copy_source_range(&range)
                                .copy_source_if_match(etag)
                                .send()
                        })
                    })
                    .await?;
                    let etag = answer
                        .copy_part_result()
                        .and_then(|result| result.e_tag().map(str::to_owned));
                    let part = CompletedPart::builder()
                        .part_number(number)
                        .set_e_tag(etag)
                        .build();
                    done.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(part);
                }
                Ok(())
            }
        };
        let all = (0..LANES.min(count))
            .map(|first| Box::pin(lane(first)) as lanes::Lane<'_>)
            .collect();
        lanes::all(all).await?;
        let mut parts = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        parts.sort_by_key(CompletedPart::part_number);
        let parts = CompletedMultipartUpload::builder()
            .set_parts(Some(parts))
            .build();
        self.call(Operation::Copy, to.as_str(), |client| {
            client
                .complete_multipart_upload()
                .bucket(bucket)
                .key(sdk_key(to.as_str()))
                .upload_id(id)
                .multipart_upload(parts.clone())
                .set_if_none_match(self.core.capability.conditions().then(|| "*".to_owned()))
                .send()
        })
        .await
        .map(|_| ())
    }

    /// The tags of an object as a query; `None` when it has none or the server knows no tags.
    async fn tagging(&self, bucket: &str, key: &Key) -> Result<Option<String>, StorageError> {
        if !self.core.capability.tags() {
            return Ok(None);
        }
        let answer = self
            .call(Operation::Copy, key.as_str(), |client| {
                client
                    .get_object_tagging()
                    .bucket(bucket)
                    .key(sdk_key(key.as_str()))
                    .send()
            })
            .await;
        match answer {
            Ok(answer) => {
                let query: Vec<String> = answer
                    .tag_set()
                    .iter()
                    .map(|tag| {
                        format!(
                            "{}={}",
                            percent_encoded(tag.key(), false),
                            percent_encoded(tag.value(), false)
                        )
                    })
                    .collect();
                Ok((!query.is_empty()).then(|| query.join("&")))
            }
            Err(error) if super::capability::is_refusal(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Keeps the `Expires` header as it is, even when it is no date.
fn expires(
    value: Option<&str>,
) -> impl Fn(&mut aws_smithy_runtime_api::client::orchestrator::HttpRequest) + Send + Sync + 'static
{
    let value = value.map(str::to_owned);
    move |request| {
        if let Some(value) = &value
            && let Err(error) = request.headers_mut().try_insert("expires", value.clone())
        {
            tracing::debug!(%error, "the Expires header cannot be kept");
        }
    }
}

/// How a copy names its source.
fn copy_source(bucket: &str, key: &Key) -> String {
    format!("{bucket}/{}", percent_encoded(key.as_str(), true))
}

fn percent_encoded(text: &str, keep_slash: bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            b'/' if keep_slash => encoded.push('/'),
            _ => {
                let written = write!(encoded, "%{byte:02X}");
                debug_assert!(written.is_ok());
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_of_a_copy_is_encoded_whole() {
        assert_eq!(
            copy_source("b", &Key::new("a//é+%2F b?x#y")),
            "b/a//%C3%A9%2B%252F%20b%3Fx%23y"
        );
    }
}
