//! What is known of an object beside its bytes, and how it is kept: one small JSON file per key.
//!
//! The bytes and the record are two files, so both cannot change at one instant. Therefore a record says which file it
//! describes, by length and time of change, and the JSON file keeps the record before as well: a reader takes the one that
//! fits the bytes. A file that a person changed or brought fits none; it then has an ETag made of length and time.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::time::{SystemTime, UNIX_EPOCH};

use s3s::crypto::{Checksum as _, Md5};
use serde::{Deserialize, Serialize};

use super::digest::{Sums, hex};

/// Headers, metadata and tags of an object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Attributes {
    /// `Content-Type`.
    pub(super) content_type: Option<String>,
    /// `Content-Encoding`.
    pub(super) content_encoding: Option<String>,
    /// `Content-Disposition`.
    pub(super) content_disposition: Option<String>,
    /// `Content-Language`.
    pub(super) content_language: Option<String>,
    /// `Cache-Control`.
    pub(super) cache_control: Option<String>,
    /// `Expires` as an HTTP date.
    pub(super) expires: Option<String>,
    /// `x-amz-website-redirect-location`.
    pub(super) website_redirect: Option<String>,
    /// `x-amz-storage-class`; kept and shown, without any effect.
    pub(super) storage_class: Option<String>,
    /// `x-amz-meta-*` without that beginning.
    pub(super) metadata: BTreeMap<String, String>,
    /// Tags in their order.
    pub(super) tags: Vec<(String, String)>,
}

/// One version of an object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    /// ETag without quotes.
    pub(super) etag: String,
    /// Length of the bytes that this describes.
    pub(super) bytes: u64,
    /// Time of change of the file that this describes, nanoseconds since 1970.
    pub(super) modified_ns: u64,
    /// Headers, metadata, tags.
    pub(super) attributes: Attributes,
    /// Checksums of the full object; none for a file of another hand.
    #[serde(default)]
    pub(super) sums: Sums,
    /// Lengths of the parts it came in; empty for one piece.
    #[serde(default)]
    pub(super) part_bytes: Vec<u64>,
}

/// The JSON file of a key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Sheet {
    /// The exact key.
    pub(super) key: String,
    /// The newest version.
    pub(super) current: Record,
    /// The version before, until the bytes of the newest are in place.
    pub(super) previous: Option<Record>,
}

impl Sheet {
    /// The record of the bytes with these properties; for bytes that no record describes, one without checksums.
    pub(super) fn fitting(sheet: Option<Self>, file: &Metadata) -> Record {
        let modified_ns = modified_ns(file);
        let fits =
            |record: &Record| record.bytes == file.len() && record.modified_ns == modified_ns;
        let mut attributes = Attributes::default();
        if let Some(sheet) = sheet {
            let previous = sheet.previous.into_iter();
            attributes = sheet.current.attributes.clone();
            if let Some(record) = std::iter::once(sheet.current).chain(previous).find(fits) {
                return record;
            }
        }
        let seen = format!("{}-{modified_ns}", file.len());
        Record {
            // The form of a multipart ETag, so that no client takes it for the MD5 of the bytes.
            etag: format!("{}-1", hex(&Md5::checksum(seen.as_bytes()))),
            bytes: file.len(),
            modified_ns,
            attributes,
            ..Record::default()
        }
    }
}

impl Record {
    /// When the object was written.
    pub(super) fn modified(&self) -> SystemTime {
        UNIX_EPOCH + std::time::Duration::from_nanos(self.modified_ns)
    }
}

/// Time of change of a file, nanoseconds since 1970; 0 where the file system does not know.
pub(super) fn modified_ns(file: &Metadata) -> u64 {
    file.modified().map_or(0, ns_since_1970)
}

/// Nanoseconds since 1970; 0 before.
pub(super) fn ns_since_1970(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
