//! What a listing and a look at one object tell.

use super::{Key, Timestamp};

/// Takes the rows of a listing as they are read, without an object per row.
///
/// Texts are valid only during the call and already decoded; keys are full keys.
pub trait ListSink {
    /// One object. `etag` comes without its quotes; `class` is the storage class as S3 names it, empty when
    /// the server does not say.
    fn object(&mut self, key: &str, size: u64, modified: Timestamp, etag: &str, class: &str);

    /// One folder (a common prefix); the text ends with the delimiter.
    fn folder(&mut self, prefix: &str);
}

/// One bucket of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketEntry {
    /// Its name.
    pub name: String,
    /// When it was made, if the server says.
    pub created: Option<Timestamp>,
}

/// What HEAD tells about one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectDetails {
    /// The full key.
    pub key: Key,
    /// Stored size in bytes.
    pub size: u64,
    /// Last change.
    pub modified: Option<Timestamp>,
    /// Entity tag without quotes.
    pub etag: String,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// Storage class; S3 leaves it out for STANDARD.
    pub storage_class: Option<String>,
    /// Version id, where the bucket keeps versions.
    pub version: Option<String>,
    /// Checksum algorithm and value, if the object carries one: (`CRC64NVME`, base64).
    pub checksum: Option<(String, String)>,
    /// Server-side encryption as S3 names it: `AES256`, `aws:kms`.
    pub encryption: Option<String>,
    /// Other response headers that describe the object, lower-case name and value, in order:
    /// cache-control, content-disposition, content-encoding, content-language, expires and the like.
    pub headers: Vec<(String, String)>,
    /// User metadata without the `x-amz-meta-` prefix, in order of names.
    pub metadata: Vec<(String, String)>,
}
