//! The outside of a private key in PEM form: enough to say at once that a paste went wrong.
//!
//! django-storages parses the key when the storage is made. Whether the numbers inside belong together is seen by
//! the storage core, which signs with it; frame, base64 and outer structure are seen here.

use super::problem::{PemFault, Reason};
use super::value::Value;

/// An unencrypted private key.
///
/// # Errors
/// [`Reason::BadPem`].
pub fn check(value: &Value) -> Result<(), Reason> {
    match value {
        Value::Secret(secret) if !secret.is_empty() => {
            pem_fault(secret.reveal()).map_or(Ok(()), |fault| Err(Reason::BadPem(fault)))
        }
        _ => Ok(()),
    }
}

/// Looks at frame, base64 and the outermost structure. Line breaks that became blanks or vanished are fine, a
/// comment in front too, as with the library that django-storages uses.
fn pem_fault(text: &str) -> Option<PemFault> {
    if !text.is_ascii() {
        return Some(PemFault::NotAscii);
    }
    let framed = || {
        let (_, after) = text.split_once("-----BEGIN ")?;
        let (label, after) = after.split_once("-----")?;
        let (body, _) = after.split_once(&format!("-----END {label}-----"))?;
        Some((label, body))
    };
    let Some((label, body)) = framed() else {
        return Some(PemFault::NoFrame);
    };
    if label.starts_with("ENCRYPTED") || body.contains("ENCRYPTED") {
        return Some(PemFault::Encrypted);
    }
    if !label.ends_with("PRIVATE KEY") {
        return Some(PemFault::NotPrivate);
    }
    if body.contains("\\n") {
        return Some(PemFault::EscapedLineEnds);
    }
    let packed: zeroize::Zeroizing<String> = body
        .chars()
        .filter(|letter| !letter.is_ascii_whitespace())
        .collect::<String>()
        .into();
    let decoded = base64::Engine::decode(
        &base64::engine::general_purpose::STANDARD,
        packed.as_bytes(),
    );
    match decoded.map(zeroize::Zeroizing::new) {
        Ok(der) if is_whole_sequence(&der) => None,
        _ => Some(PemFault::Broken),
    }
}

/// One DER sequence that ends where the bytes end and begins with a small number, as every private key does.
fn is_whole_sequence(der: &[u8]) -> bool {
    let [0x30, length, rest @ ..] = der else {
        return false;
    };
    let (body, expected) = if *length < 0x80 {
        (rest, usize::from(*length))
    } else {
        let digits = usize::from(length & 0x7f);
        if digits == 0 || digits > 4 || rest.len() < digits {
            return false;
        }
        let (head, body) = rest.split_at(digits);
        (
            body,
            head.iter()
                .fold(0, |sum, byte| (sum << 8) | usize::from(*byte)),
        )
    };
    body.len() == expected && matches!(body, [0x02, 0x01, 0..=1, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_far_as_their_frame() {
        // A sequence of the number 0 and one byte of nothing: enough of a key for its outside.
        let good = "comment\n-----BEGIN RSA PRIVATE KEY-----\r\nMAUCAQAFAA==\r\n-----END RSA PRIVATE KEY-----\r\n";
        for (text, fault) in [
            (good.to_owned(), None),
            (good.replace("\r\n", " "), None),
            (good.replace("\r\n", ""), None),
            (good.replace("\r\n", "\\n"), Some(PemFault::EscapedLineEnds)),
            (good.replace("MAU", "MAY"), Some(PemFault::Broken)),
            (
                good.replace("RSA PRIVATE", "PUBLIC"),
                Some(PemFault::NotPrivate),
            ),
            (good.replace("RSA", "ENCRYPTED"), Some(PemFault::Encrypted)),
            (good.replace("comment", "clé"), Some(PemFault::NotAscii)),
            ("not a pem".to_owned(), Some(PemFault::NoFrame)),
        ] {
            assert_eq!(pem_fault(&text), fault, "{text}");
        }
    }
}
