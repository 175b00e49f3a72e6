//! Calls on single objects: put, get, head, copy, delete, attributes.

use std::time::SystemTime;

use bytes::Bytes;
use s3s::dto::*;
use s3s::{S3Request, S3Result, s3_error};

use super::conditions::{check_copy_source, check_read, check_write, sent_range};
use super::digest::{self, copy_checksums};
use super::service::{Service, bucket, object};
use super::store::{Attributes, StoredObject};

/// Takes the attributes that an upload brings.
macro_rules! attributes_of {
    ($input:expr) => {
        Attributes {
            content_type: $input.content_type.clone(),
            content_encoding: $input.content_encoding.clone(),
            content_disposition: $input.content_disposition.clone(),
            content_language: $input.content_language.clone(),
            cache_control: $input.cache_control.clone(),
            expires: $input.expires.clone(),
            website_redirect: $input.website_redirect_location.clone(),
            storage_class: $input
                .storage_class
                .as_ref()
                .map(|text| text.as_str().to_owned()),
            acl: $input.acl.as_ref().map(|text| text.as_str().to_owned()),
            encryption: $input
                .server_side_encryption
                .as_ref()
                .map(|text| text.as_str().to_owned()),
            metadata: $input.metadata.clone().into_iter().flatten().collect(),
            tags: super::objects::tags_of($input.tagging.as_deref()),
        }
    };
}
pub(super) use attributes_of;

/// Gives a GET or HEAD answer what both have.
macro_rules! describe {
    ($output:expr, $object:expr) => {{
        let (output, object) = (&mut $output, &$object);
        let attributes = object.attributes.clone();
        output.accept_ranges = Some("bytes".to_owned());
        output.e_tag = Some(ETag::Strong(object.etag.clone()));
        output.last_modified = Some(object.modified.into());
        let fallback = || "binary/octet-stream".to_owned();
        output.content_type = Some(attributes.content_type.unwrap_or_else(fallback));
        output.content_encoding = attributes.content_encoding;
        output.content_disposition = attributes.content_disposition;
        output.content_language = attributes.content_language;
        output.cache_control = attributes.cache_control;
        output.expires = attributes.expires;
        output.website_redirect_location = attributes.website_redirect;
        output.storage_class = attributes.storage_class.map(StorageClass::from);
        output.server_side_encryption = attributes.encryption.map(ServerSideEncryption::from);
        if !attributes.metadata.is_empty() {
            output.metadata = Some(attributes.metadata.into_iter().collect());
        }
        if !object.part_bytes.is_empty() {
            output.parts_count = i32::try_from(object.part_bytes.len()).ok();
        }
    }};
}

/// Returns the full-object checksums when the request asked for them and the whole object is sent.
macro_rules! describe_checksums {
    ($output:expr, $object:expr, $mode:expr, $whole:expr) => {
        if $whole && $mode.is_some() && !digest::is_empty(&$object.checksums) {
            copy_checksums!($object.checksums => $output);
            $output.checksum_type = $object.checksums.checksum_type.clone();
        }
    };
}

impl Service {
    pub(super) async fn put_object(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<PutObjectOutput> {
        let mut input = request.input;
        if input.key.len() > 1024 {
            return Err(s3_error!(KeyTooLongError));
        }
        let bytes = digest::read_body(input.body.take()).await?;
        digest::verify_md5(&bytes, input.content_md5.as_deref())?;
        let mut claimed = Checksum::default();
        copy_checksums!(input => claimed);
        digest::add_trailers(&mut claimed, request.trailing_headers.as_ref());
        let checksums = digest::verify(&bytes, &claimed)?;

        let mut store = self.lock();
        let behaviour = store.behaviour.clone();
        let bucket = bucket(&mut store, &input.bucket)?;
        if behaviour.conditional_writes {
            let current = bucket.objects.get(&input.key);
            check_write(
                current,
                input.if_match.as_ref(),
                input.if_none_match.as_ref(),
            )?;
        }
        let mut object = StoredObject::whole(bytes, attributes_of!(input));
        if !behaviour.checksums {
            object.checksums = Checksum::default();
        } else if !digest::is_empty(&checksums) {
            object.checksums = checksums;
        }
        let mut output = PutObjectOutput {
            e_tag: Some(ETag::Strong(object.etag.clone())),
            ..Default::default()
        };
        copy_checksums!(object.checksums => output);
        output.checksum_type = object.checksums.checksum_type.clone();
        bucket.objects.insert(input.key, object);
        Ok(output)
    }

    pub(super) async fn get_object(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<GetObjectOutput> {
        let input = request.input;
        let mut store = self.lock();
        let object = object(&mut store, &input.bucket, &input.key)?;
        check_read(
            object,
            input.if_match.as_ref(),
            input.if_none_match.as_ref(),
            input.if_modified_since.as_ref(),
            input.if_unmodified_since.as_ref(),
        )?;
        let size = object.bytes.len() as u64;
        let range = sent_range(object, input.range, input.part_number)?;
        let mut output = GetObjectOutput::default();
        describe!(output, object);
        describe_checksums!(output, object, input.checksum_mode, range.is_none());
        output.tag_count = match object.attributes.tags.len() {
            0 => None,
            count => i32::try_from(count).ok(),
        };
        let sent = range.clone().unwrap_or(0..size);
        if range.is_some() {
            output.content_range = Some(format!("bytes {}-{}/{size}", sent.start, sent.end - 1));
        }
        output.content_length = Some((sent.end - sent.start) as i64);
        let body: Bytes = object.bytes.slice(sent.start as usize..sent.end as usize);
        output.body = Some(StreamingBlob::from(s3s::Body::from(body)));
        Ok(output)
    }

    pub(super) async fn head_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<HeadObjectOutput> {
        let input = request.input;
        let mut store = self.lock();
        let object = object(&mut store, &input.bucket, &input.key)?;
        check_read(
            object,
            input.if_match.as_ref(),
            input.if_none_match.as_ref(),
            input.if_modified_since.as_ref(),
            input.if_unmodified_since.as_ref(),
        )?;
        let size = object.bytes.len() as u64;
        let range = sent_range(object, input.range, input.part_number)?;
        let mut output = HeadObjectOutput::default();
        describe!(output, object);
        describe_checksums!(output, object, input.checksum_mode, range.is_none());
        let sent = range.clone().unwrap_or(0..size);
        if range.is_some() {
            output.content_range = Some(format!("bytes {}-{}/{size}", sent.start, sent.end - 1));
        }
        output.content_length = Some((sent.end - sent.start) as i64);
        Ok(output)
    }

    pub(super) async fn get_object_attributes(
        &self,
        request: S3Request<GetObjectAttributesInput>,
    ) -> S3Result<GetObjectAttributesOutput> {
        let mut store = self.lock();
        let object = object(&mut store, &request.input.bucket, &request.input.key)?;
        let known = !digest::is_empty(&object.checksums);
        Ok(GetObjectAttributesOutput {
            checksum: known.then(|| object.checksums.clone()),
            e_tag: Some(ETag::Strong(object.etag.clone())),
            last_modified: Some(object.modified.into()),
            object_size: Some(object.bytes.len() as i64),
            storage_class: object
                .attributes
                .storage_class
                .clone()
                .map(StorageClass::from),
            ..Default::default()
        })
    }

    pub(super) async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<DeleteObjectOutput> {
        let mut store = self.lock();
        bucket(&mut store, &request.input.bucket)?
            .objects
            .remove(&request.input.key);
        Ok(DeleteObjectOutput::default())
    }

    pub(super) async fn delete_objects(
        &self,
        request: S3Request<DeleteObjectsInput>,
    ) -> S3Result<DeleteObjectsOutput> {
        let delete = request.input.delete;
        if delete.objects.len() > 1000 {
            return Err(s3_error!(MalformedXML));
        }
        let mut store = self.lock();
        let bucket = bucket(&mut store, &request.input.bucket)?;
        let mut deleted = Vec::new();
        for object in delete.objects {
            bucket.objects.remove(&object.key);
            deleted.push(DeletedObject {
                key: Some(object.key),
                ..Default::default()
            });
        }
        let quiet = delete.quiet.unwrap_or(false);
        Ok(DeleteObjectsOutput {
            deleted: (!quiet).then_some(deleted),
            ..Default::default()
        })
    }

    pub(super) async fn copy_object(
        &self,
        request: S3Request<CopyObjectInput>,
    ) -> S3Result<CopyObjectOutput> {
        let input = request.input;
        let (from_bucket, from_key) = source_of(&input.copy_source)?;
        let mut store = self.lock();
        let source = object(&mut store, from_bucket, from_key)?.clone();
        check_copy_source(
            &source,
            input.copy_source_if_match.as_ref(),
            input.copy_source_if_none_match.as_ref(),
        )?;
        let replaces = |directive: Option<&str>| directive == Some("REPLACE");
        let replace = replaces(
            input
                .metadata_directive
                .as_ref()
                .map(MetadataDirective::as_str),
        );
        let given = attributes_of!(input);
        if from_bucket == input.bucket
            && from_key == input.key
            && !replace
            && given.storage_class.is_none()
        {
            return Err(s3_error!(
                InvalidRequest,
                "This copy request is illegal because it is trying to copy an object to itself"
            ));
        }
        let mut attributes = source.attributes.clone();
        // Class, ACL and encryption are never copied from the source.
        attributes.storage_class = given.storage_class.clone();
        attributes.acl = given.acl.clone();
        attributes.encryption = given.encryption.clone();
        if replace {
            let tags = attributes.tags;
            attributes = Attributes {
                tags,
                ..given.clone()
            };
        }
        if replaces(
            input
                .tagging_directive
                .as_ref()
                .map(TaggingDirective::as_str),
        ) {
            attributes.tags = given.tags;
        }
        let copy = StoredObject {
            etag: digest::md5_hex(&source.bytes),
            modified: SystemTime::now(),
            attributes,
            part_bytes: Vec::new(),
            ..source
        };
        let mut result = CopyObjectResult {
            e_tag: Some(ETag::Strong(copy.etag.clone())),
            last_modified: Some(copy.modified.into()),
            ..Default::default()
        };
        copy_checksums!(copy.checksums => result);
        bucket(&mut store, &input.bucket)?
            .objects
            .insert(input.key, copy);
        Ok(CopyObjectOutput {
            copy_object_result: Some(result),
            ..Default::default()
        })
    }
}

/// Bucket and key of a copy source.
pub fn source_of(source: &CopySource) -> S3Result<(&str, &str)> {
    match source {
        CopySource::Bucket { bucket, key, .. } => Ok((bucket, key)),
        _ => Err(s3_error!(NotImplemented)),
    }
}

/// Reads an `x-amz-tagging` header: `a=1&b=2`, percent-encoded.
pub fn tags_of(header: Option<&str>) -> Vec<(String, String)> {
    let Some(header) = header.filter(|header| !header.is_empty()) else {
        return Vec::new();
    };
    let pairs = header
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs
        .map(|(key, value)| (unescape(key), unescape(value)))
        .collect()
}

fn unescape(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match (first, hex.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = tail;
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
