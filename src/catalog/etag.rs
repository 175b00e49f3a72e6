//! Entity tags in 18 bytes.
//!
//! Most servers use the MD5 in lower-case hex, with `-parts` behind it for a multipart upload. Those fit in 16 bytes and a
//! number; every other form is kept as the text it is, so that what comes out is to the byte what came in.

use std::fmt;

/// An entity tag, without quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Etag<'a> {
    /// 32 lower-case hex digits, and the number of parts behind a dash; 0 parts when there is no dash.
    Hex {
        /// The 16 bytes the hex digits spell.
        digest: [u8; 16],
        /// Parts of the multipart upload, 0 for a plain digest.
        parts: u16,
    },
    /// Any other text.
    Text(&'a str),
}

/// Stored part counts above this are marks, not counts. S3 allows 10,000 parts.
pub(super) const MOST_PARTS: u16 = 0xFFF0;

impl<'a> Etag<'a> {
    /// Reads an entity tag without quotes; `None` when it is empty.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        Some(Self::read_hex(text.as_bytes()).unwrap_or(Self::Text(text)))
    }

    fn read_hex(text: &[u8]) -> Option<Self> {
        let (hex, rest) = text.split_at_checked(32)?;
        let mut digest = [0; 16];
        for (byte, pair) in digest.iter_mut().zip(hex.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        let parts = match rest {
            [] => 0,
            [b'-', digits @ ..] if digits.len() <= 5 && digits.first() != Some(&b'0') => {
                let mut parts = 0_u32;
                for digit in digits {
                    let digit = digit.checked_sub(b'0').filter(|digit| *digit <= 9)?;
                    parts = parts * 10 + u32::from(digit);
                }
                u16::try_from(parts)
                    .ok()
                    .filter(|parts| (1..=MOST_PARTS).contains(parts))?
            }
            _ => return None,
        };
        Some(Self::Hex { digest, parts })
    }
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Etag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Hex { digest, parts } => {
                for byte in digest {
                    write!(f, "{byte:02x}")?;
                }
                if *parts > 0 {
                    write!(f, "-{parts}")?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_comes_out_as_it_came_in() {
        for (text, compact) in [
            ("9b2c41f0a1b2c3d4e5f60718293a7ae3", true),
            ("9b2c41f0a1b2c3d4e5f60718293a7ae3-1", true),
            ("9b2c41f0a1b2c3d4e5f60718293a7ae3-10000", true),
            ("9b2c41f0a1b2c3d4e5f60718293a7ae3-65535", false),
            ("9b2c41f0a1b2c3d4e5f60718293a7ae3-0", false),
            ("9b2c41f0a1b2c3d4e5f60718293a7ae3-01", false),
            ("9b2c41f0a1b2c3d4e5f60718293a7ae3-", false),
            ("9b2c41f0a1b2c3d4e5f60718293a7ae3-1x", false),
            ("9B2C41F0A1B2C3D4E5F60718293A7AE3", false),
            ("0x8D4BCC2E4835CD0", false),
            ("é", false),
        ] {
            let tag = Etag::read(text).expect("not empty");
            assert_eq!(tag.to_string(), text);
            assert_eq!(matches!(tag, Etag::Hex { .. }), compact, "{text}");
        }
        assert_eq!(Etag::read(""), None);
    }
}
