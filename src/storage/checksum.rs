//! Checksums that S3 keeps with an object, computed while the bytes are in the cache.
//!
//! CRC64NVME over the whole object is the one we send: parts in any order combine to it, and the server checks it
//! when the upload is finished. CRC32 and CRC32C are read when a server keeps those.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use crc_fast::CrcAlgorithm;

/// A checksum algorithm that combines across parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checksum {
    /// `CRC64NVME`
    Crc64Nvme,
    /// `CRC32C`
    Crc32c,
    /// `CRC32`
    Crc32,
}

impl Checksum {
    /// By its name at S3; `None` for those that do not combine (`SHA256`, `SHA1`).
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "CRC64NVME" => Self::Crc64Nvme,
            "CRC32C" => Self::Crc32c,
            "CRC32" => Self::Crc32,
            _ => return None,
        })
    }

    /// Its name at S3.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Crc64Nvme => "CRC64NVME",
            Self::Crc32c => "CRC32C",
            Self::Crc32 => "CRC32",
        }
    }

    const fn algorithm(self) -> CrcAlgorithm {
        match self {
            Self::Crc64Nvme => CrcAlgorithm::Crc64Nvme,
            Self::Crc32c => CrcAlgorithm::Crc32Iscsi,
            Self::Crc32 => CrcAlgorithm::Crc32IsoHdlc,
        }
    }

    /// The sum of some bytes.
    pub(super) fn of(self, bytes: &[u8]) -> Sum {
        Sum {
            value: crc_fast::checksum(self.algorithm(), bytes),
            bytes: bytes.len() as u64,
        }
    }

    /// The sum of what `first` and then `second` were made of.
    pub(super) fn combined(self, first: Sum, second: Sum) -> Sum {
        if second.bytes == 0 {
            return first;
        }
        if first.bytes == 0 {
            return second;
        }
        Sum {
            value: crc_fast::checksum_combine(
                self.algorithm(),
                first.value,
                second.value,
                second.bytes,
            ),
            bytes: first.bytes + second.bytes,
        }
    }

    /// The sum of all pieces in their order.
    pub(super) fn of_pieces(self, pieces: impl IntoIterator<Item = Sum>) -> Sum {
        pieces
            .into_iter()
            .fold(self.of(&[]), |sum, piece| self.combined(sum, piece))
    }

    /// As it stands in a header: base64 of the big-endian value.
    pub(super) fn encoded(self, sum: Sum) -> String {
        let bytes = sum.value.to_be_bytes();
        match self {
            Self::Crc64Nvme => BASE64.encode(bytes),
            Self::Crc32c | Self::Crc32 => BASE64.encode(&bytes[4..]),
        }
    }
}

/// A checksum and how many bytes it is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    value: u64,
    bytes: u64,
}

impl Sum {
    /// How many bytes it is made of.
    pub(super) const fn bytes(self) -> u64 {
        self.bytes
    }
}

/// How what was transferred has been compared with what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    /// By a checksum over the whole object, named as S3 names it.
    Checksum(String),
    /// By MD5: the object's entity tag, or `Content-MD5` of what was sent.
    EtagMd5,
    /// Only the length: the server offers no checksum.
    LengthOnly,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_catalogue() {
        let check = |which: Checksum| which.of(b"123456789").value;
        assert_eq!(check(Checksum::Crc64Nvme), 0xae8b_1486_0a79_9888);
        assert_eq!(check(Checksum::Crc32c), 0xe306_9283);
        assert_eq!(check(Checksum::Crc32), 0xcbf4_3926);
        assert_eq!(
            Checksum::Crc32.encoded(Checksum::Crc32.of(b"123456789")),
            "y/Q5Jg=="
        );
    }

    #[test]
    fn pieces_combine_to_the_whole() {
        let text = b"The quick brown fox jumps over the lazy dog".repeat(50);
        for which in [Checksum::Crc64Nvme, Checksum::Crc32c, Checksum::Crc32] {
            let pieces = text.chunks(97).map(|piece| which.of(piece));
            assert_eq!(which.of_pieces(pieces), which.of(&text), "{which:?}");
            assert_eq!(which.of_pieces([]), which.of(b""));
            assert_eq!(Checksum::named(which.name()), Some(which));
        }
    }
}
