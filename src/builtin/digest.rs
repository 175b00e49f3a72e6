//! Digests of object bytes: the MD5 that an ETag is, and the checksums that S3 knows.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256};
use s3s::{S3Result, s3_error};
use serde::{Deserialize, Serialize};

/// Checksums in base64, named as the server library names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sums {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) checksum_crc32: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) checksum_crc32c: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) checksum_crc64nvme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) checksum_sha1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) checksum_sha256: Option<String>,
}

/// Copies the five checksum fields from one structure to another of any type.
macro_rules! copy_sums {
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
pub(super) use copy_sums;

impl Sums {
    fn slots(&mut self) -> [(&'static str, &mut Option<String>); 5] {
        [
            ("x-amz-checksum-crc32", &mut self.checksum_crc32),
            ("x-amz-checksum-crc32c", &mut self.checksum_crc32c),
            ("x-amz-checksum-crc64nvme", &mut self.checksum_crc64nvme),
            ("x-amz-checksum-sha1", &mut self.checksum_sha1),
            ("x-amz-checksum-sha256", &mut self.checksum_sha256),
        ]
    }

    /// Takes the checksums that headers or trailers hold.
    pub(super) fn take_from(&mut self, headers: &HeaderMap) {
        for (name, slot) in self.slots() {
            if let Some(value) = headers.get(name).and_then(|value| value.to_str().ok()) {
                *slot = Some(value.to_owned());
            }
        }
    }

    /// True when there is none.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The checksums to keep of those computed: those that were claimed, else CRC64NVME, as Amazon does by itself.
    /// `BadDigest` when a claimed one differs.
    pub(super) fn verified(&self, claimed: &Self) -> S3Result<Self> {
        let (mut computed, mut claims) = (self.clone(), claimed.clone());
        if claims.is_empty() {
            return Ok(Self {
                checksum_crc64nvme: computed.checksum_crc64nvme,
                ..Self::default()
            });
        }
        let pairs = computed.slots().into_iter().zip(claims.slots());
        for ((_, computed), (_, claimed)) in pairs {
            if claimed.is_some() && claimed != computed {
                return Err(s3_error!(
                    BadDigest,
                    "The checksum you specified did not match what we received"
                ));
            }
        }
        Ok(claimed.clone())
    }
}

/// Computes what an upload may claim, and the MD5, in one pass.
pub(super) struct Digest {
    md5: Md5,
    sums: ChecksumHasher,
}

impl Digest {
    /// The cheap checksums always; the SHA family only when this request names it.
    pub(super) fn new(with_sha: bool) -> Self {
        Self {
            md5: Md5::new(),
            sums: ChecksumHasher {
                crc32: Some(Crc32::new()),
                crc32c: Some(Crc32c::new()),
                crc64nvme: Some(Crc64Nvme::new()),
                sha1: with_sha.then(Sha1::new),
                sha256: with_sha.then(Sha256::new),
            },
        }
    }

    /// Takes more bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        self.sums.update(bytes);
    }

    /// MD5 and checksums.
    pub(super) fn finish(self) -> ([u8; 16], Sums) {
        let found = self.sums.finalize();
        let mut sums = Sums::default();
        copy_sums!(found => sums);
        (self.md5.finalize(), sums)
    }
}

/// Checks a `Content-MD5` header.
pub(super) fn check_md5(md5: [u8; 16], claimed: Option<&str>) -> S3Result<()> {
    match claimed {
        Some(claimed) if claimed != STANDARD.encode(md5) => Err(s3_error!(
            BadDigest,
            "The Content-MD5 you specified did not match what we received"
        )),
        _ => Ok(()),
    }
}

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    let pairs = bytes
        .iter()
        .map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    pairs.flatten().collect()
}
