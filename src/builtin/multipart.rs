//! Multipart uploads: a folder for each, with its parts and what the object will have, until it is completed or aborted.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::time::SystemTime;

use s3s::dto::*;
use s3s::{S3Request, S3Result, s3_error};
use serde::{Deserialize, Serialize};

use super::body::{self, Arrived};
use super::calls::Calls;
use super::conditions::{check_source, check_write, sent_range, source_of};
use super::digest::{Digest, Sums, check_md5, copy_sums, hex};
use super::failure::disk;
use super::folder::{Draft, Folder, forgive_absence, is_absent, unique_name};
use super::objects::{attributes_of, check_key, names_sha};
use super::record::{Attributes, Record, ns_since_1970};

/// Least bytes of every part but the last.
const PART_BYTES: u64 = 5 * 1024 * 1024;

/// `upload.json` of an unfinished upload.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Upload {
    /// The key it is for.
    pub(super) key: String,
    /// When it was begun, nanoseconds since 1970.
    pub(super) begun_ns: u64,
    /// What the object will have.
    pub(super) attributes: Attributes,
    /// `x-amz-checksum-algorithm` of the begin.
    pub(super) checksum_algorithm: Option<String>,
    /// `x-amz-checksum-type` of the begin.
    pub(super) checksum_type: Option<String>,
}

/// `00001.json` of a part; its bytes are in a file of their own, so that one rename changes both.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct UploadedPart {
    /// Part number, 1 to 10,000.
    pub(super) number: i32,
    /// Name of the file with the bytes.
    pub(super) file: String,
    /// How many bytes.
    pub(super) bytes: u64,
    /// MD5.
    pub(super) md5: [u8; 16],
    /// Checksums that came with it.
    pub(super) sums: Sums,
    /// When it arrived, nanoseconds since 1970.
    pub(super) modified_ns: u64,
}

impl Calls {
    pub(super) async fn create_multipart_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<CreateMultipartUploadOutput> {
        let input = request.input;
        check_key(&input.key)?;
        let text = |name: Option<&str>| name.map(str::to_owned);
        let upload = Upload {
            key: input.key.clone(),
            begun_ns: ns_since_1970(SystemTime::now()),
            attributes: attributes_of!(input),
            checksum_algorithm: text(
                input
                    .checksum_algorithm
                    .as_ref()
                    .map(ChecksumAlgorithm::as_str),
            ),
            checksum_type: text(input.checksum_type.as_ref().map(ChecksumType::as_str)),
        };
        let id = self
            .on_disk(move |folder| {
                let id = unique_name().map_err(disk)?;
                let path = folder.uploads().join(&id).join("upload.json");
                folder.write_json(&path, &upload).map_err(disk)?;
                Ok(id)
            })
            .await?;
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
        let mut claimed = Sums::default();
        copy_sums!(input => claimed);
        let (key, id, number) = (input.key, input.upload_id, input.part_number);
        self.on_disk({
            let (key, id) = (key.clone(), id.clone());
            move |folder| read_upload(folder, &id, &key).map(drop)
        })
        .await?;
        let with_sha = names_sha(&claimed, input.checksum_algorithm.as_ref());
        let arrived = body::receive(&self.folder, input.body.take(), with_sha).await?;
        if let Some(trailers) = request
            .trailing_headers
            .and_then(|trailers| trailers.take())
        {
            claimed.take_from(&trailers);
        }
        check_md5(arrived.md5, input.content_md5.as_deref())?;
        let sums = arrived.sums.verified(&claimed)?;
        let part = self
            .on_disk(move |folder| keep_part(folder, &id, &key, number, &arrived, sums))
            .await?;
        let mut output = UploadPartOutput {
            e_tag: Some(ETag::Strong(hex(&part.md5))),
            ..Default::default()
        };
        if !claimed.is_empty() {
            copy_sums!(part.sums => output);
        }
        Ok(output)
    }

    pub(super) async fn upload_part_copy(
        &self,
        request: S3Request<UploadPartCopyInput>,
    ) -> S3Result<UploadPartCopyOutput> {
        let input = request.input;
        let (bucket, source) = source_of(&input.copy_source)?;
        if bucket != super::BUCKET {
            return Err(s3_error!(NoSuchBucket));
        }
        let source = source.to_owned();
        let part = self
            .on_disk(move |folder| {
                read_upload(folder, &input.upload_id, &input.key)?;
                let found = folder.read(&source).map_err(disk)?;
                let (file, from) = found.ok_or_else(|| s3_error!(NoSuchKey))?;
                let (if_match, if_none) = (
                    &input.copy_source_if_match,
                    &input.copy_source_if_none_match,
                );
                check_source(&from, if_match.as_ref(), if_none.as_ref())?;
                let range = input.copy_source_range.as_deref().map(Range::parse);
                let range = range.transpose().map_err(|_| s3_error!(InvalidArgument))?;
                let range = sent_range(&from, range, None)?.unwrap_or(0..from.bytes);
                let arrived = body::join(folder, [Ok((file, range))]).map_err(disk)?;
                let sums = Sums::default();
                keep_part(
                    folder,
                    &input.upload_id,
                    &input.key,
                    input.part_number,
                    &arrived,
                    sums,
                )
            })
            .await?;
        Ok(UploadPartCopyOutput {
            copy_part_result: Some(CopyPartResult {
                e_tag: Some(ETag::Strong(hex(&part.md5))),
                last_modified: Some(time_of(part.modified_ns)),
                ..Default::default()
            }),
            ..Default::default()
        })
    }

    pub(super) async fn complete_multipart_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<CompleteMultipartUploadOutput> {
        let input = request.input;
        let mut claimed = Sums::default();
        // A composite checksum covers the parts' checksums, not the bytes; there is nothing to compare it with.
        let composite = input.checksum_type.as_ref().map(ChecksumType::as_str);
        if composite != Some(ChecksumType::COMPOSITE) {
            copy_sums!(input => claimed);
        }
        let (bucket, key) = (input.bucket.clone(), input.key.clone());
        let record = self
            .on_disk(move |folder| {
                let upload = read_upload(folder, &input.upload_id, &input.key)?;
                let named = input.multipart_upload.and_then(|list| list.parts);
                let parts = chosen(folder, &input.upload_id, &named.unwrap_or_default())?;
                let (draft, record) = joined(folder, &input.upload_id, upload, &parts, &claimed)?;
                let size: u64 = parts.iter().map(|part| part.bytes).sum();
                if input
                    .mpu_object_size
                    .is_some_and(|claim| u64::try_from(claim) != Ok(size))
                {
                    return Err(s3_error!(InvalidRequest, "The object size does not match"));
                }
                let lock = folder.lock().map_err(disk)?;
                let current = folder.describe(&input.key).map_err(disk)?;
                let (if_match, if_none) = (&input.if_match, &input.if_none_match);
                check_write(current.as_ref(), if_match.as_ref(), if_none.as_ref())?;
                let record = folder
                    .place(&lock, &draft, &input.key, record)
                    .map_err(disk)?;
                remove_upload(folder, &input.upload_id).map_err(disk)?;
                Ok(record)
            })
            .await?;
        let mut output = CompleteMultipartUploadOutput {
            e_tag: Some(ETag::Strong(record.etag)),
            location: Some(format!("/{bucket}/{key}")),
            bucket: Some(bucket),
            key: Some(key),
            checksum_type: Some(ChecksumType::from_static(ChecksumType::FULL_OBJECT)),
            ..Default::default()
        };
        copy_sums!(record.sums => output);
        Ok(output)
    }

    pub(super) async fn abort_multipart_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<AbortMultipartUploadOutput> {
        let input = request.input;
        self.on_disk(move |folder| {
            read_upload(folder, &input.upload_id, &input.key)?;
            remove_upload(folder, &input.upload_id).map_err(disk)
        })
        .await?;
        Ok(AbortMultipartUploadOutput::default())
    }
}

/// A time as an answer has it.
pub(super) fn time_of(ns: u64) -> Timestamp {
    Timestamp::from(SystemTime::UNIX_EPOCH + std::time::Duration::from_nanos(ns))
}

/// The folder of an upload. Ids are made by this program only, so that none leads elsewhere.
pub(super) fn upload_folder(folder: &Folder, id: &str) -> S3Result<PathBuf> {
    let known = id.len() == 33 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !known {
        return Err(s3_error!(NoSuchUpload));
    }
    Ok(folder.uploads().join(id))
}

/// What an upload will become, or `NoSuchUpload`.
pub(super) fn read_upload(folder: &Folder, id: &str, key: &str) -> S3Result<Upload> {
    let json = match fs::read(upload_folder(folder, id)?.join("upload.json")) {
        Ok(json) => json,
        Err(error) if is_absent(&error) => return Err(s3_error!(NoSuchUpload)),
        Err(error) => return Err(disk(error)),
    };
    let upload: Upload = serde_json::from_slice(&json).map_err(|error| disk(error.into()))?;
    if upload.key != key {
        return Err(s3_error!(NoSuchUpload));
    }
    Ok(upload)
}

/// All parts of an upload in order of their numbers.
pub(super) fn read_parts(folder: &Folder, id: &str) -> S3Result<Vec<UploadedPart>> {
    let mut parts = Vec::new();
    for entry in fs::read_dir(upload_folder(folder, id)?).map_err(disk)? {
        let path = entry.map_err(disk)?.path();
        let is_part = path.extension().is_some_and(|end| end == "json")
            && path.file_stem().is_some_and(|name| name != "upload");
        if is_part {
            let json = fs::read(path).map_err(disk)?;
            parts.push(serde_json::from_slice(&json).map_err(|error| disk(error.into()))?);
        }
    }
    parts.sort_by_key(|part: &UploadedPart| part.number);
    Ok(parts)
}

fn keep_part(
    folder: &Folder,
    id: &str,
    key: &str,
    number: i32,
    arrived: &Arrived,
    sums: Sums,
) -> S3Result<UploadedPart> {
    if !(1..=10_000).contains(&number) {
        return Err(s3_error!(
            InvalidArgument,
            "Part number must be an integer between 1 and 10000, inclusive"
        ));
    }
    let lock = folder.lock().map_err(disk)?;
    // An upload that was aborted while the bytes came stays away.
    read_upload(folder, id, key)?;
    let place = upload_folder(folder, id)?;
    let part = UploadedPart {
        number,
        file: format!("{number:05}-{}", unique_name().map_err(disk)?),
        bytes: arrived.bytes,
        md5: arrived.md5,
        sums,
        modified_ns: ns_since_1970(SystemTime::now()),
    };
    let sheet = place.join(format!("{number:05}.json"));
    let before = fs::read(&sheet).ok();
    let before = before.and_then(|json| serde_json::from_slice::<UploadedPart>(&json).ok());
    fs::rename(arrived.draft.path(), place.join(&part.file)).map_err(disk)?;
    folder.write_json(&sheet, &part).map_err(disk)?;
    if let Some(before) = before {
        forgive_absence(fs::remove_file(place.join(before.file))).map_err(disk)?;
    }
    drop(lock);
    Ok(part)
}

/// The parts that a Complete names, checked.
fn chosen(folder: &Folder, id: &str, named: &[CompletedPart]) -> S3Result<Vec<UploadedPart>> {
    if named.is_empty() {
        return Err(s3_error!(MalformedXML));
    }
    if !named.is_sorted_by(|a, b| a.part_number < b.part_number) {
        return Err(s3_error!(InvalidPartOrder));
    }
    let there = read_parts(folder, id)?;
    let mut parts = Vec::new();
    for name in named {
        let number = name.part_number.unwrap_or_default();
        let etag = name.e_tag.as_ref().map(ETag::value);
        let found = there.binary_search_by_key(&number, |part| part.number);
        let part = found.ok().and_then(|index| there.get(index));
        let part = part.filter(|part| etag == Some(&hex(&part.md5)));
        parts.push(part.ok_or_else(|| s3_error!(InvalidPart))?.clone());
    }
    let but_last = parts.iter().rev().skip(1);
    if but_last.clone().any(|part| part.bytes < PART_BYTES) {
        return Err(s3_error!(EntityTooSmall));
    }
    Ok(parts)
}

/// Copies the parts together, with the checksum of the whole and the ETag that Amazon gives such objects.
fn joined(
    folder: &Folder,
    id: &str,
    upload: Upload,
    parts: &[UploadedPart],
    claimed: &Sums,
) -> S3Result<(Draft, Record)> {
    let place = upload_folder(folder, id)?;
    let pieces = parts.iter().map(|part| {
        let file = File::open(place.join(&part.file));
        file.map(|file| (file, 0..part.bytes))
    });
    let arrived = body::join(folder, pieces).map_err(disk)?;
    let composite = upload.checksum_type.as_deref() == Some(ChecksumType::COMPOSITE);
    let comparable = if composite { &Sums::default() } else { claimed };
    let mut digest = Digest::new(false);
    for part in parts {
        digest.update(&part.md5);
    }
    let record = Record {
        etag: format!("{}-{}", hex(&digest.finish().0), parts.len()),
        attributes: upload.attributes,
        sums: arrived.sums.verified(comparable)?,
        part_bytes: parts.iter().map(|part| part.bytes).collect(),
        ..Record::default()
    };
    Ok((arrived.draft, record))
}

/// `upload.json` goes first: without it the upload is over, whatever happens to the rest.
fn remove_upload(folder: &Folder, id: &str) -> io::Result<()> {
    let place = folder.uploads().join(id);
    forgive_absence(fs::remove_file(place.join("upload.json")))?;
    match fs::remove_dir_all(place) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
