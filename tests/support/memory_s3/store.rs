//! What a `MemoryS3` holds: buckets with objects and unfinished uploads, and how it behaves.

use std::collections::BTreeMap;
use std::time::SystemTime;

use bytes::Bytes;
use s3s::dto::Checksum;

use super::digest;

/// Everything a server holds.
pub struct Store {
    /// Buckets by name.
    pub buckets: BTreeMap<String, StoredBucket>,
    /// What it knows and how it pages.
    pub behaviour: Behaviour,
    /// Counts upload ids.
    pub next_upload: u64,
}

impl Store {
    /// A store with one empty bucket.
    pub fn new(bucket: &str) -> Self {
        let mut store = Self {
            buckets: BTreeMap::new(),
            behaviour: Behaviour::default(),
            next_upload: 1,
        };
        store.create_bucket(bucket);
        store
    }

    /// Adds an empty bucket unless it exists.
    pub fn create_bucket(&mut self, bucket: &str) {
        let fresh = StoredBucket {
            created: SystemTime::now(),
            objects: BTreeMap::new(),
            uploads: BTreeMap::new(),
        };
        self.buckets.entry(bucket.to_owned()).or_insert(fresh);
    }
}

/// One bucket.
pub struct StoredBucket {
    /// When it was made.
    pub created: SystemTime,
    /// Objects by their exact key; the order of a `String` is S3's order of UTF-8 bytes.
    pub objects: BTreeMap<String, StoredObject>,
    /// Unfinished multipart uploads by id.
    pub uploads: BTreeMap<String, StoredUpload>,
}

/// How a server behaves; the default is like Amazon.
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// Most entries on one page of a listing, whatever `max-keys` says.
    pub page_cap: usize,
    /// False: `encoding-type=url` is ignored, as some servers do.
    pub encodes_names: bool,
    /// True: an object that came without a checksum gets a CRC64NVME. False: no checksum is kept or returned.
    pub checksums: bool,
    /// False: `If-None-Match` and `If-Match` on writes are ignored.
    pub conditional_writes: bool,
    /// Least size of every part but the last.
    pub min_part_bytes: u64,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            page_cap: 1000,
            encodes_names: true,
            checksums: true,
            conditional_writes: true,
            min_part_bytes: 5 * 1024 * 1024,
        }
    }
}

/// One object.
#[derive(Clone, Debug)]
pub struct StoredObject {
    /// Its content.
    pub bytes: Bytes,
    /// ETag without quotes.
    pub etag: String,
    /// When it was written, whole seconds.
    pub modified: SystemTime,
    /// Headers, metadata, tags.
    pub attributes: Attributes,
    /// Checksums as base64, and whether they cover the full object.
    pub checksums: Checksum,
    /// Sizes of the parts it was uploaded in; empty for a plain upload.
    pub part_bytes: Vec<u64>,
}

impl StoredObject {
    /// An object from one piece, with the checksum that Amazon adds by itself.
    pub fn whole(bytes: Bytes, attributes: Attributes) -> Self {
        Self {
            etag: digest::md5_hex(&bytes),
            modified: SystemTime::now(),
            checksums: digest::default_checksum(&bytes),
            attributes,
            bytes,
            part_bytes: Vec::new(),
        }
    }
}

/// What an upload says about an object beside its bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes {
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Content-Encoding`.
    pub content_encoding: Option<String>,
    /// `Content-Disposition`.
    pub content_disposition: Option<String>,
    /// `Content-Language`.
    pub content_language: Option<String>,
    /// `Cache-Control`.
    pub cache_control: Option<String>,
    /// `Expires`.
    pub expires: Option<s3s::dto::Timestamp>,
    /// `x-amz-website-redirect-location`.
    pub website_redirect: Option<String>,
    /// `x-amz-storage-class`; `None` is STANDARD.
    pub storage_class: Option<String>,
    /// `x-amz-acl`.
    pub acl: Option<String>,
    /// `x-amz-server-side-encryption`.
    pub encryption: Option<String>,
    /// `x-amz-meta-*` without that beginning.
    pub metadata: BTreeMap<String, String>,
    /// Tags in the order given.
    pub tags: Vec<(String, String)>,
}

/// A multipart upload on its way.
#[derive(Clone, Debug)]
pub struct StoredUpload {
    /// The key it is for.
    pub key: String,
    /// When it was begun.
    pub begun: SystemTime,
    /// What the object will have.
    pub attributes: Attributes,
    /// `x-amz-checksum-algorithm` of the begin.
    pub checksum_algorithm: Option<String>,
    /// `x-amz-checksum-type` of the begin.
    pub checksum_type: Option<String>,
    /// Parts by number.
    pub parts: BTreeMap<i32, StoredPart>,
}

/// One uploaded part.
#[derive(Clone, Debug)]
pub struct StoredPart {
    /// Its content.
    pub bytes: Bytes,
    /// ETag without quotes.
    pub etag: String,
    /// When it was written.
    pub modified: SystemTime,
    /// Checksums that came with it.
    pub checksums: Checksum,
}
