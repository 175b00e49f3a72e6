//! Checksums of a `MemoryS3`: computed with the server library's own code, compared with what a request says.

use http::HeaderMap;
use http_body_util::BodyExt;
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256};
use s3s::dto::{Checksum, ChecksumType, StreamingBlob};
use s3s::{S3Result, TrailingHeaders, s3_error};

use bytes::Bytes;

/// Copies the five checksum fields from one of the library's structures to another.
macro_rules! copy_checksums {
    ($from:expr => $to:expr) => {{
        let from = &$from;
        let to = &mut $to;
        to.checksum_crc32 = from.checksum_crc32.clone();
        to.checksum_crc32c = from.checksum_crc32c.clone();
        to.checksum_crc64nvme = from.checksum_crc64nvme.clone();
        to.checksum_sha1 = from.checksum_sha1.clone();
        to.checksum_sha256 = from.checksum_sha256.clone();
    }};
}
pub(super) use copy_checksums;

/// MD5 in lower-case hex, as in an ETag.
pub fn md5_hex(bytes: &[u8]) -> String {
    hex(&Md5::checksum(bytes))
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The checksum that Amazon adds when an upload brings none.
pub fn default_checksum(bytes: &[u8]) -> Checksum {
    let mut sums = compute(bytes, |hasher| hasher.crc64nvme = Some(Crc64Nvme::new()));
    sums.checksum_type = Some(full());
    sums
}

/// `FULL_OBJECT`.
pub fn full() -> ChecksumType {
    ChecksumType::from_static(ChecksumType::FULL_OBJECT)
}

/// True when no checksum is set.
pub fn is_empty(sums: &Checksum) -> bool {
    sums.checksum_crc32.is_none()
        && sums.checksum_crc32c.is_none()
        && sums.checksum_crc64nvme.is_none()
        && sums.checksum_sha1.is_none()
        && sums.checksum_sha256.is_none()
}

fn compute(bytes: &[u8], choose: impl FnOnce(&mut ChecksumHasher)) -> Checksum {
    let mut hasher = ChecksumHasher::default();
    choose(&mut hasher);
    hasher.update(bytes);
    hasher.finalize()
}

/// Computes the same kinds of checksum that `like` holds.
pub fn same_kinds(bytes: &[u8], like: &Checksum) -> Checksum {
    compute(bytes, |hasher| {
        hasher.crc32 = like.checksum_crc32.as_ref().map(|_| Crc32::new());
        hasher.crc32c = like.checksum_crc32c.as_ref().map(|_| Crc32c::new());
        hasher.crc64nvme = like.checksum_crc64nvme.as_ref().map(|_| Crc64Nvme::new());
        hasher.sha1 = like.checksum_sha1.as_ref().map(|_| Sha1::new());
        hasher.sha256 = like.checksum_sha256.as_ref().map(|_| Sha256::new());
    })
}

/// Checks the bytes against checksums that a request brought, and returns those as full-object checksums.
pub fn verify(bytes: &[u8], claimed: &Checksum) -> S3Result<Checksum> {
    let mut found = same_kinds(bytes, claimed);
    let mut wanted = Checksum::default();
    copy_checksums!(claimed => wanted);
    if found != wanted {
        return Err(s3_error!(
            BadDigest,
            "The checksum you specified did not match what we received"
        ));
    }
    if !is_empty(&found) {
        found.checksum_type = Some(full());
    }
    Ok(found)
}

/// Checks a `Content-MD5` header.
pub fn verify_md5(bytes: &[u8], claimed: Option<&str>) -> S3Result<()> {
    use base64::Engine as _;
    let found = base64::engine::general_purpose::STANDARD.encode(Md5::checksum(bytes));
    match claimed {
        Some(claimed) if claimed != found => Err(s3_error!(
            BadDigest,
            "The Content-MD5 you specified did not match what we received"
        )),
        _ => Ok(()),
    }
}

/// Reads a whole request body.
pub async fn read_body(body: Option<StreamingBlob>) -> S3Result<Bytes> {
    let Some(body) = body else {
        return Ok(Bytes::new());
    };
    match s3s::Body::from(body).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) => Err(s3s::S3Error::with_source(
            s3s::S3ErrorCode::IncompleteBody,
            error,
        )),
    }
}

/// Adds checksums that came after the body of an aws-chunked upload.
pub fn add_trailers(claimed: &mut Checksum, trailers: Option<&TrailingHeaders>) {
    let Some(trailers) = trailers.and_then(TrailingHeaders::take) else {
        return;
    };
    let text = |headers: &HeaderMap, name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    for (name, slot) in [
        ("x-amz-checksum-crc32", &mut claimed.checksum_crc32),
        ("x-amz-checksum-crc32c", &mut claimed.checksum_crc32c),
        ("x-amz-checksum-crc64nvme", &mut claimed.checksum_crc64nvme),
        ("x-amz-checksum-sha1", &mut claimed.checksum_sha1),
        ("x-amz-checksum-sha256", &mut claimed.checksum_sha256),
    ] {
        if let Some(value) = text(&trailers, name) {
            *slot = Some(value);
        }
    }
}
