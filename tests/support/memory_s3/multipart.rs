//! Multipart uploads of a `MemoryS3`: begin, parts, copied parts, complete, abort, and the two listings.

use std::collections::BTreeMap;
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use s3s::crypto::{Checksum as _, Md5};
use s3s::dto::*;
use s3s::{S3Request, S3Result, s3_error};

use super::conditions::{check_copy_source, check_write};
use super::digest::{self, copy_checksums};
use super::listing::url_encode;
use super::objects::{attributes_of, source_of};
use super::service::{Service, bucket, object};
use super::store::{Attributes, Behaviour, Store, StoredObject, StoredPart, StoredUpload};

/// What the parts of an upload make together.
struct Joined {
    bytes: Bytes,
    part_bytes: Vec<u64>,
    etag: String,
}

impl Service {
    pub(super) async fn create_multipart_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<CreateMultipartUploadOutput> {
        let input = request.input;
        let mut store = self.lock();
        let id = format!("upload-{:08}", store.next_upload);
        store.next_upload += 1;
        let upload = StoredUpload {
            key: input.key.clone(),
            begun: SystemTime::now(),
            attributes: attributes_of!(input),
            checksum_algorithm: input
                .checksum_algorithm
                .as_ref()
                .map(|text| text.as_str().to_owned()),
            checksum_type: input
                .checksum_type
                .as_ref()
                .map(|text| text.as_str().to_owned()),
            parts: BTreeMap::new(),
        };
        bucket(&mut store, &input.bucket)?
            .uploads
            .insert(id.clone(), upload);
        Ok(CreateMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(id),
            checksum_algorithm: input.checksum_algorithm,
            checksum_type: input.checksum_type,
            ..Default::default()
        })
    }

    pub(super) async fn upload_part(
        &self,
        request: S3Request<UploadPartInput>,
    ) -> S3Result<UploadPartOutput> {
        let mut input = request.input;
        check_number(input.part_number)?;
        let bytes = digest::read_body(input.body.take()).await?;
        digest::verify_md5(&bytes, input.content_md5.as_deref())?;
        let mut claimed = Checksum::default();
        copy_checksums!(input => claimed);
        digest::add_trailers(&mut claimed, request.trailing_headers.as_ref());
        let checksums = digest::verify(&bytes, &claimed)?;
        let mut store = self.lock();
        let upload = upload(&mut store, &input.bucket, &input.key, &input.upload_id)?;
        let part = new_part(bytes, checksums);
        let mut output = UploadPartOutput {
            e_tag: Some(ETag::Strong(part.etag.clone())),
            ..Default::default()
        };
        copy_checksums!(part.checksums => output);
        upload.parts.insert(input.part_number, part);
        Ok(output)
    }

    pub(super) async fn upload_part_copy(
        &self,
        request: S3Request<UploadPartCopyInput>,
    ) -> S3Result<UploadPartCopyOutput> {
        let input = request.input;
        check_number(input.part_number)?;
        let (from_bucket, from_key) = source_of(&input.copy_source)?;
        let mut store = self.lock();
        let source = object(&mut store, from_bucket, from_key)?;
        check_copy_source(
            source,
            input.copy_source_if_match.as_ref(),
            input.copy_source_if_none_match.as_ref(),
        )?;
        let bytes = match input.copy_source_range.as_deref() {
            None => source.bytes.clone(),
            Some(text) => {
                let range = Range::parse(text).map_err(|_| s3_error!(InvalidArgument))?;
                let size = source.bytes.len() as u64;
                let range = range.check(size).map_err(|_| s3_error!(InvalidRange))?;
                source.bytes.slice(range.start as usize..range.end as usize)
            }
        };
        let upload = upload(&mut store, &input.bucket, &input.key, &input.upload_id)?;
        let part = new_part(bytes, Checksum::default());
        let result = CopyPartResult {
            e_tag: Some(ETag::Strong(part.etag.clone())),
            last_modified: Some(part.modified.into()),
            ..Default::default()
        };
        upload.parts.insert(input.part_number, part);
        Ok(UploadPartCopyOutput {
            copy_part_result: Some(result),
            ..Default::default()
        })
    }

    pub(super) async fn complete_multipart_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<CompleteMultipartUploadOutput> {
        let input = request.input;
        let mut claimed = Checksum::default();
        copy_checksums!(input => claimed);
        let mut store = self.lock();
        let behaviour = store.behaviour.clone();
        let upload = upload(&mut store, &input.bucket, &input.key, &input.upload_id)?.clone();
        let parts = input
            .multipart_upload
            .and_then(|list| list.parts)
            .unwrap_or_default();
        let joined = join(&upload, &parts, &behaviour)?;
        if let Some(size) = input.mpu_object_size
            && u64::try_from(size) != Ok(joined.bytes.len() as u64)
        {
            return Err(s3_error!(
                InvalidRequest,
                "The size of the object does not match"
            ));
        }
        // A composite checksum ends with the number of parts; only full-object ones can be compared here.
        let composite = upload.checksum_type.as_deref() == Some("COMPOSITE");
        let mut checksums = Checksum::default();
        if !composite {
            checksums = digest::verify(&joined.bytes, &claimed)?;
            if digest::is_empty(&checksums) {
                checksums = digest::default_checksum(&joined.bytes);
            }
        }
        if !behaviour.checksums {
            checksums = Checksum::default();
        }
        let bucket = bucket(&mut store, &input.bucket)?;
        if behaviour.conditional_writes {
            let current = bucket.objects.get(&input.key);
            check_write(
                current,
                input.if_match.as_ref(),
                input.if_none_match.as_ref(),
            )?;
        }
        let mut output = CompleteMultipartUploadOutput {
            e_tag: Some(ETag::Strong(joined.etag.clone())),
            location: Some(format!("/{}/{}", input.bucket, input.key)),
            bucket: Some(input.bucket),
            key: Some(input.key.clone()),
            checksum_type: checksums.checksum_type.clone(),
            ..Default::default()
        };
        copy_checksums!(checksums => output);
        let object = StoredObject {
            bytes: joined.bytes,
            etag: joined.etag,
            modified: SystemTime::now(),
            attributes: upload.attributes,
            checksums,
            part_bytes: joined.part_bytes,
        };
        bucket.uploads.remove(&input.upload_id);
        bucket.objects.insert(input.key, object);
        Ok(output)
    }

    pub(super) async fn abort_multipart_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<AbortMultipartUploadOutput> {
        let input = request.input;
        let mut store = self.lock();
        upload(&mut store, &input.bucket, &input.key, &input.upload_id)?;
        bucket(&mut store, &input.bucket)?
            .uploads
            .remove(&input.upload_id);
        Ok(AbortMultipartUploadOutput::default())
    }

    pub(super) async fn list_parts(
        &self,
        request: S3Request<ListPartsInput>,
    ) -> S3Result<ListPartsOutput> {
        let input = request.input;
        let mut store = self.lock();
        let upload = upload(&mut store, &input.bucket, &input.key, &input.upload_id)?;
        let max = input.max_parts.unwrap_or(1000).clamp(0, 1000);
        let marker = input.part_number_marker.unwrap_or(0);
        let mut behind_marker = upload.parts.range(marker.saturating_add(1)..);
        let mut parts = Vec::new();
        for (number, part) in behind_marker.by_ref().take(max as usize) {
            let mut entry = Part {
                e_tag: Some(ETag::Strong(part.etag.clone())),
                last_modified: Some(part.modified.into()),
                part_number: Some(*number),
                size: Some(part.bytes.len() as i64),
                ..Default::default()
            };
            copy_checksums!(part.checksums => entry);
            parts.push(entry);
        }
        Ok(ListPartsOutput {
            is_truncated: Some(behind_marker.next().is_some()),
            next_part_number_marker: parts.last().and_then(|part| part.part_number),
            part_number_marker: input.part_number_marker,
            max_parts: Some(max),
            parts: Some(parts),
            checksum_algorithm: upload
                .checksum_algorithm
                .clone()
                .map(ChecksumAlgorithm::from),
            checksum_type: upload.checksum_type.clone().map(ChecksumType::from),
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(input.upload_id),
            ..Default::default()
        })
    }

    pub(super) async fn list_multipart_uploads(
        &self,
        request: S3Request<ListMultipartUploadsInput>,
    ) -> S3Result<ListMultipartUploadsOutput> {
        let input = request.input;
        let mut store = self.lock();
        let prefix = input.prefix.clone().unwrap_or_default();
        let marker = (
            input.key_marker.clone().unwrap_or_default(),
            input.upload_id_marker.clone(),
        );
        let mut found: Vec<(&String, &StoredUpload)> = bucket(&mut store, &input.bucket)?
            .uploads
            .iter()
            .filter(|(_, upload)| upload.key.starts_with(&prefix))
            .filter(|(id, upload)| match &marker {
                (key, Some(after)) => (&upload.key, *id) > (key, after),
                (key, None) => upload.key > *key || key.is_empty(),
            })
            .collect();
        found.sort_by(|(a_id, a), (b_id, b)| (&a.key, a_id).cmp(&(&b.key, b_id)));
        let max = input.max_uploads.unwrap_or(1000).clamp(1, 1000);
        let truncated = found.len() > max as usize;
        found.truncate(max as usize);
        let url = input.encoding_type.is_some();
        let encode = |text: &str| {
            if url {
                url_encode(text)
            } else {
                text.to_owned()
            }
        };
        let next = found.last().filter(|_| truncated);
        let next_key_marker = next.map(|(_, upload)| encode(&upload.key));
        let next_upload_id_marker = next.map(|(id, _)| (*id).clone());
        let uploads = found.into_iter().map(|(id, upload)| MultipartUpload {
            initiated: Some(upload.begun.into()),
            key: Some(encode(&upload.key)),
            upload_id: Some(id.clone()),
            storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
            ..Default::default()
        });
        Ok(ListMultipartUploadsOutput {
            uploads: Some(uploads.collect()),
            is_truncated: Some(truncated),
            next_key_marker,
            next_upload_id_marker,
            max_uploads: Some(max),
            prefix: Some(encode(&prefix)),
            encoding_type: input.encoding_type,
            bucket: Some(input.bucket),
            ..Default::default()
        })
    }
}

fn new_part(bytes: Bytes, checksums: Checksum) -> StoredPart {
    StoredPart {
        etag: digest::md5_hex(&bytes),
        modified: SystemTime::now(),
        checksums,
        bytes,
    }
}

fn check_number(number: i32) -> S3Result<()> {
    if !(1..=10_000).contains(&number) {
        return Err(s3_error!(
            InvalidArgument,
            "Part number must be an integer between 1 and 10000, inclusive"
        ));
    }
    Ok(())
}

fn upload<'a>(
    store: &'a mut Store,
    name: &str,
    key: &str,
    id: &str,
) -> S3Result<&'a mut StoredUpload> {
    let upload = bucket(store, name)?.uploads.get_mut(id);
    upload
        .filter(|upload| upload.key == key)
        .ok_or_else(|| s3_error!(NoSuchUpload))
}

fn join(upload: &StoredUpload, named: &[CompletedPart], behaviour: &Behaviour) -> S3Result<Joined> {
    if named.is_empty() {
        return Err(s3_error!(MalformedXML));
    }
    let mut bytes = BytesMut::new();
    let mut part_bytes = Vec::new();
    let mut sums = Vec::new();
    if !named.is_sorted_by(|a, b| a.part_number < b.part_number) {
        return Err(s3_error!(InvalidPartOrder));
    }
    for (index, name) in named.iter().enumerate() {
        let number = name.part_number.unwrap_or(0);
        let etag = name.e_tag.as_ref().map(ETag::value);
        let part = upload
            .parts
            .get(&number)
            .filter(|part| etag == Some(&part.etag))
            .ok_or_else(|| s3_error!(InvalidPart))?;
        let len = part.bytes.len() as u64;
        if index + 1 < named.len() && len < behaviour.min_part_bytes {
            return Err(s3_error!(EntityTooSmall));
        }
        bytes.extend_from_slice(&part.bytes);
        part_bytes.push(len);
        sums.extend_from_slice(&Md5::checksum(&part.bytes));
    }
    Ok(Joined {
        bytes: bytes.freeze(),
        part_bytes,
        etag: format!("{}-{}", digest::md5_hex(&sums), named.len()),
    })
}
