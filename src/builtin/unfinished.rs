//! Listings of unfinished uploads and of their parts.

use std::fs;

use s3s::dto::*;
use s3s::{S3Request, S3Result};

use super::calls::Calls;
use super::digest::{copy_sums, hex};
use super::failure::disk;
use super::folder::Folder;
use super::listing::encoder;
use super::multipart::{Upload, read_parts, read_upload, time_of};

/// Most entries on a page.
const PAGE: i32 = 1000;

impl Calls {
    pub(super) async fn list_parts(
        &self,
        request: S3Request<ListPartsInput>,
    ) -> S3Result<ListPartsOutput> {
        let input = request.input;
        let max = input.max_parts.unwrap_or(PAGE).clamp(1, PAGE);
        let marker = input.part_number_marker.unwrap_or(0);
        let (id, key) = (input.upload_id.clone(), input.key.clone());
        let (upload, found) = self
            .on_disk(move |folder| Ok((read_upload(folder, &id, &key)?, read_parts(folder, &id)?)))
            .await?;
        let mut behind = found.into_iter().skip_while(|part| part.number <= marker);
        let page = behind
            .by_ref()
            .take(usize::try_from(max).unwrap_or_default());
        let parts: Vec<Part> = page
            .map(|part| {
                let mut entry = Part {
                    e_tag: Some(ETag::Strong(hex(&part.md5))),
                    last_modified: Some(time_of(part.modified_ns)),
                    part_number: Some(part.number),
                    size: i64::try_from(part.bytes).ok(),
                    ..Default::default()
                };
                copy_sums!(part.sums => entry);
                entry
            })
            .collect();
        Ok(ListPartsOutput {
            is_truncated: Some(behind.next().is_some()),
            next_part_number_marker: parts.last().and_then(|part| part.part_number),
            part_number_marker: input.part_number_marker,
            max_parts: Some(max),
            parts: Some(parts),
            checksum_algorithm: upload.checksum_algorithm.map(ChecksumAlgorithm::from),
            checksum_type: upload.checksum_type.map(ChecksumType::from),
            storage_class: upload.attributes.storage_class.map(StorageClass::from),
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
        let encode = encoder(input.encoding_type.as_ref())?;
        let prefix = input.prefix.clone().unwrap_or_default();
        let mut found = self.on_disk(all_uploads).await?;
        found.retain(|(key, id, _)| {
            let behind = match (&input.key_marker, &input.upload_id_marker) {
                (Some(after), Some(after_id)) => (key, id) > (after, after_id),
                (Some(after), None) => key > after,
                (None, _) => true,
            };
            behind && key.starts_with(&prefix)
        });
        found.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        let max = input.max_uploads.unwrap_or(PAGE).clamp(1, PAGE);
        let page = usize::try_from(max).unwrap_or_default();
        let truncated = found.len() > page;
        found.truncate(page);
        let next = found.last().filter(|_| truncated);
        let next_key_marker = next.map(|(key, _, _)| encode(key));
        let next_upload_id_marker = next.map(|(_, id, _)| id.clone());
        let entry = |(key, id, upload): (String, String, Upload)| {
            let class = upload.attributes.storage_class;
            let class = class.unwrap_or_else(|| StorageClass::STANDARD.to_owned());
            MultipartUpload {
                initiated: Some(time_of(upload.begun_ns)),
                key: Some(encode(&key)),
                upload_id: Some(id),
                storage_class: Some(StorageClass::from(class)),
                ..Default::default()
            }
        };
        Ok(ListMultipartUploadsOutput {
            uploads: Some(found.into_iter().map(entry).collect()),
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

/// Key, id and begin of each; one that is just being begun or removed is left out.
fn all_uploads(folder: &Folder) -> S3Result<Vec<(String, String, Upload)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder.uploads()).map_err(disk)? {
        let entry = entry.map_err(disk)?;
        let Ok(json) = fs::read(entry.path().join("upload.json")) else {
            continue;
        };
        let upload = serde_json::from_slice::<Upload>(&json);
        if let (Ok(upload), Ok(id)) = (upload, entry.file_name().into_string()) {
            found.push((upload.key.clone(), id, upload));
        }
    }
    Ok(found)
}
