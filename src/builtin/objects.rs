//! Calls on single objects: put, get, head, copy, delete, attributes.

use s3s::dto::*;
use s3s::{S3Request, S3Result, s3_error};

use super::body::{self, Arrived};
use super::calls::{Calls, present};
use super::conditions::{
    check_read, check_source, check_write, content_range, sent_range, source_of,
};
use super::digest::{Sums, check_md5, copy_sums, hex};
use super::failure::disk;
use super::record::{Attributes, Record};
use super::tags::tags_of;

/// Longest key in bytes.
const KEY_BYTES: usize = 1024;

/// Takes the attributes that an upload or copy brings.
macro_rules! attributes_of {
    ($input:expr) => {
        Attributes {
            content_type: $input.content_type.clone(),
            content_encoding: $input.content_encoding.clone(),
            content_disposition: $input.content_disposition.clone(),
            content_language: $input.content_language.clone(),
            cache_control: $input.cache_control.clone(),
            expires: $input
                .expires
                .as_ref()
                .and_then(crate::builtin::tags::http_date),
            website_redirect: $input.website_redirect_location.clone(),
            storage_class: $input
                .storage_class
                .as_ref()
                .map(|text| text.as_str().to_owned()),
            metadata: $input.metadata.clone().into_iter().flatten().collect(),
            tags: crate::builtin::tags::tags_of($input.tagging.as_deref()),
        }
    };
}
pub(super) use attributes_of;

/// Gives a GET or HEAD answer what both have; the checksums only for the whole object, and only when asked for.
macro_rules! describe {
    ($output:expr, $record:expr, $mode:expr, $range:expr) => {{
        let (output, record): (_, &Record) = (&mut $output, &$record);
        let attributes = record.attributes.clone();
        output.accept_ranges = Some("bytes".to_owned());
        output.e_tag = Some(ETag::Strong(record.etag.clone()));
        output.last_modified = Some(record.modified().into());
        let fallback = || "binary/octet-stream".to_owned();
        output.content_type = Some(attributes.content_type.unwrap_or_else(fallback));
        output.content_encoding = attributes.content_encoding;
        output.content_disposition = attributes.content_disposition;
        output.content_language = attributes.content_language;
        output.cache_control = attributes.cache_control;
        let date = attributes.expires.as_deref();
        output.expires =
            date.and_then(|text| Timestamp::parse(TimestampFormat::HttpDate, text).ok());
        output.website_redirect_location = attributes.website_redirect;
        output.storage_class = attributes.storage_class.map(StorageClass::from);
        if !attributes.metadata.is_empty() {
            output.metadata = Some(attributes.metadata.into_iter().collect());
        }
        if !record.part_bytes.is_empty() {
            output.parts_count = i32::try_from(record.part_bytes.len()).ok();
        }
        if $range.is_none() && $mode.is_some() && !record.sums.is_empty() {
            copy_sums!(record.sums => *output);
            output.checksum_type = Some(ChecksumType::from_static(ChecksumType::FULL_OBJECT));
        }
        let sent = $range.clone().unwrap_or(0..record.bytes);
        output.content_length = i64::try_from(sent.end - sent.start).ok();
        output.content_range = $range.as_ref().map(|range| content_range(range, record.bytes));
        sent
    }};
}

impl Calls {
    pub(super) async fn put_object(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<PutObjectOutput> {
        let mut input = request.input;
        check_key(&input.key)?;
        let mut claimed = Sums::default();
        copy_sums!(input => claimed);
        let with_sha = names_sha(&claimed, input.checksum_algorithm.as_ref());
        let arrived = body::receive(&self.folder, input.body.take(), with_sha).await?;
        if let Some(trailers) = request
            .trailing_headers
            .and_then(|trailers| trailers.take())
        {
            claimed.take_from(&trailers);
        }
        check_md5(arrived.md5, input.content_md5.as_deref())?;
        let record = Record {
            etag: hex(&arrived.md5),
            attributes: attributes_of!(input),
            sums: arrived.sums.verified(&claimed)?,
            ..Record::default()
        };
        let (key, if_match, if_none_match) = (input.key, input.if_match, input.if_none_match);
        let record = self
            .on_disk(move |folder| {
                let lock = folder.lock().map_err(disk)?;
                let current = folder.describe(&key).map_err(disk)?;
                check_write(current.as_ref(), if_match.as_ref(), if_none_match.as_ref())?;
                folder
                    .place(&lock, &arrived.draft, &key, record)
                    .map_err(disk)
            })
            .await?;
        let mut output = PutObjectOutput {
            e_tag: Some(ETag::Strong(record.etag)),
            checksum_type: Some(ChecksumType::from_static(ChecksumType::FULL_OBJECT)),
            ..Default::default()
        };
        copy_sums!(record.sums => output);
        Ok(output)
    }

    pub(super) async fn get_object(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<GetObjectOutput> {
        let input = request.input;
        let key = input.key;
        let found = self
            .on_disk(move |folder| folder.read(&key).map_err(disk))
            .await?;
        let (file, record) = found.ok_or_else(|| s3_error!(NoSuchKey))?;
        check_read(
            &record,
            input.if_match.as_ref(),
            input.if_none_match.as_ref(),
            input.if_modified_since.as_ref(),
            input.if_unmodified_since.as_ref(),
        )?;
        let range = sent_range(&record, input.range, input.part_number)?;
        let mut output = GetObjectOutput::default();
        let sent = describe!(output, record, input.checksum_mode, range);
        output.tag_count = match record.attributes.tags.len() {
            0 => None,
            count => i32::try_from(count).ok(),
        };
        output.body = Some(body::send(file, sent));
        Ok(output)
    }

    pub(super) async fn head_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<HeadObjectOutput> {
        let input = request.input;
        let key = input.key;
        let record = self.on_disk(move |folder| present(folder, &key)).await?;
        check_read(
            &record,
            input.if_match.as_ref(),
            input.if_none_match.as_ref(),
            input.if_modified_since.as_ref(),
            input.if_unmodified_since.as_ref(),
        )?;
        let range = sent_range(&record, input.range, input.part_number)?;
        let mut output = HeadObjectOutput::default();
        describe!(output, record, input.checksum_mode, range);
        Ok(output)
    }

    pub(super) async fn get_object_attributes(
        &self,
        request: S3Request<GetObjectAttributesInput>,
    ) -> S3Result<GetObjectAttributesOutput> {
        let key = request.input.key;
        let record = self.on_disk(move |folder| present(folder, &key)).await?;
        let mut sums = Checksum::default();
        copy_sums!(record.sums => sums);
        sums.checksum_type = Some(ChecksumType::from_static(ChecksumType::FULL_OBJECT));
        Ok(GetObjectAttributesOutput {
            checksum: (!record.sums.is_empty()).then_some(sums),
            last_modified: Some(record.modified().into()),
            e_tag: Some(ETag::Strong(record.etag)),
            object_size: i64::try_from(record.bytes).ok(),
            storage_class: record.attributes.storage_class.map(StorageClass::from),
            ..Default::default()
        })
    }

    pub(super) async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<DeleteObjectOutput> {
        let input = request.input;
        let (key, if_match) = (input.key, input.if_match);
        self.on_disk(move |folder| {
            let lock = folder.lock().map_err(disk)?;
            if if_match.is_some() {
                let current = folder.describe(&key).map_err(disk)?;
                check_write(current.as_ref(), if_match.as_ref(), None)?;
            }
            folder.remove(&lock, &key).map_err(disk)
        })
        .await?;
        Ok(DeleteObjectOutput::default())
    }

    pub(super) async fn delete_objects(
        &self,
        request: S3Request<DeleteObjectsInput>,
    ) -> S3Result<DeleteObjectsOutput> {
        let Delete { objects, quiet } = request.input.delete;
        if objects.len() > 1000 {
            return Err(s3_error!(MalformedXML));
        }
        let failures = self
            .on_disk(move |folder| {
                let lock = folder.lock().map_err(disk)?;
                let remove = |object: ObjectIdentifier| {
                    let result = folder.remove(&lock, &object.key).map_err(disk);
                    (object.key, result)
                };
                Ok(objects.into_iter().map(remove).collect::<Vec<_>>())
            })
            .await?;
        let mut deleted = Vec::new();
        let mut errors = Vec::new();
        for (key, result) in failures {
            match result {
                Ok(()) => deleted.push(DeletedObject {
                    key: Some(key),
                    ..Default::default()
                }),
                Err(error) => errors.push(Error {
                    code: Some(error.code().as_str().to_owned()),
                    message: error.message().map(str::to_owned),
                    key: Some(key),
                    version_id: None,
                }),
            }
        }
        Ok(DeleteObjectsOutput {
            deleted: (!quiet.unwrap_or(false)).then_some(deleted),
            errors: (!errors.is_empty()).then_some(errors),
            ..Default::default()
        })
    }

    pub(super) async fn copy_object(
        &self,
        request: S3Request<CopyObjectInput>,
    ) -> S3Result<CopyObjectOutput> {
        let input = request.input;
        check_key(&input.key)?;
        let (bucket, source) = source_of(&input.copy_source)?;
        if bucket != super::BUCKET {
            return Err(s3_error!(NoSuchBucket));
        }
        let source = source.to_owned();
        let record = self
            .on_disk(move |folder| {
                let found = folder.read(&source).map_err(disk)?;
                let (file, from) = found.ok_or_else(|| s3_error!(NoSuchKey))?;
                let (if_match, if_none) = (
                    &input.copy_source_if_match,
                    &input.copy_source_if_none_match,
                );
                check_source(&from, if_match.as_ref(), if_none.as_ref())?;
                let attributes = copied_attributes(&input, &from, &source)?;
                let Arrived {
                    draft, md5, sums, ..
                } = body::join(folder, [Ok((file, 0..from.bytes))]).map_err(disk)?;
                let record = Record {
                    etag: hex(&md5),
                    attributes,
                    sums: sums.verified(&from.sums)?,
                    ..Record::default()
                };
                let lock = folder.lock().map_err(disk)?;
                folder
                    .place(&lock, &draft, &input.key, record)
                    .map_err(disk)
            })
            .await?;
        let mut result = CopyObjectResult {
            last_modified: Some(record.modified().into()),
            e_tag: Some(ETag::Strong(record.etag)),
            ..Default::default()
        };
        copy_sums!(record.sums => result);
        Ok(CopyObjectOutput {
            copy_object_result: Some(result),
            ..Default::default()
        })
    }
}

/// `KeyTooLongError` above 1,024 bytes.
pub(super) fn check_key(key: &str) -> S3Result<()> {
    if key.len() > KEY_BYTES {
        return Err(s3_error!(KeyTooLongError));
    }
    Ok(())
}

/// True when an upload will bring a SHA checksum, in its headers or after its body.
pub(super) fn names_sha(claimed: &Sums, algorithm: Option<&ChecksumAlgorithm>) -> bool {
    claimed.checksum_sha1.is_some()
        || claimed.checksum_sha256.is_some()
        || algorithm.is_some_and(|name| name.as_str().starts_with("SHA"))
}

/// The attributes of a copy: the source's, unless the request replaces them. The storage class is never copied.
fn copied_attributes(input: &CopyObjectInput, from: &Record, source: &str) -> S3Result<Attributes> {
    let replaces = |directive: Option<&str>| directive == Some("REPLACE");
    let replace = replaces(
        input
            .metadata_directive
            .as_ref()
            .map(MetadataDirective::as_str),
    );
    let given: Attributes = attributes_of!(input);
    if source == input.key && !replace && given.storage_class.is_none() {
        return Err(s3_error!(
            InvalidRequest,
            "This copy request is illegal because it is trying to copy an object to itself without changing it"
        ));
    }
    let mut attributes = from.attributes.clone();
    if replace {
        let tags = attributes.tags;
        attributes = Attributes { tags, ..given };
    } else {
        attributes.storage_class = given.storage_class;
    }
    if replaces(
        input
            .tagging_directive
            .as_ref()
            .map(TaggingDirective::as_str),
    ) {
        attributes.tags = tags_of(input.tagging.as_deref());
    }
    Ok(attributes)
}
