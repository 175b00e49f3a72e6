//! Links of a CloudFront distribution, signed with a canned policy.
//!
//! The form is the one django-storages makes through botocore's signer: RSA PKCS#1 v1.5 over SHA-1. PEM keys are read
//! as leniently as there: any line breaks, or none, and words before the first dashes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha1::{Digest as _, Sha1};
use zeroize::Zeroizing;

use crate::domain::{CloudFrontKey, ErrorKind, Operation, StorageError};

/// Reads the private key of a key pair.
///
/// # Errors
/// [`ErrorKind::Unsupported`] when it is a private key of another kind, [`ErrorKind::Invalid`] when it is none, or one
/// that needs a password.
pub(super) fn private_key(key: &CloudFrontKey) -> Result<RsaPrivateKey, StorageError> {
    let (label, der) =
        pem_body(key.pem.reveal()).ok_or_else(|| invalid(key, "this is no PEM text"))?;
    let read = match label {
        "EC PRIVATE KEY" => return Err(no_rsa(key)),
        "PRIVATE KEY" if is_elliptic(&der) => return Err(no_rsa(key)),
        "RSA PRIVATE KEY" => RsaPrivateKey::from_pkcs1_der(&der).ok(),
        "PRIVATE KEY" => RsaPrivateKey::from_pkcs8_der(&der).ok(),
        "ENCRYPTED PRIVATE KEY" => return Err(invalid(key, "the key needs a password")),
        _ => return Err(invalid(key, "this is no private key")),
    };
    // What the parser says may hold parts of the key.
    read.ok_or_else(|| invalid(key, "this is no RSA private key"))
}

/// The URL with a signature that ends at `expires_at` (seconds since 1970).
///
/// # Errors
/// When the key cannot sign.
pub(super) fn signed_url(
    url: &str,
    expires_at: i64,
    id: &str,
    key: &RsaPrivateKey,
) -> Result<String, StorageError> {
    let policy = format!(
        r#"{{"Statement":[{{"Resource":"{}","Condition":{{"DateLessThan":{{"AWS:EpochTime":{expires_at}}}}}}}]}}"#,
        json_text(url)
    );
    let signature = key
        .sign(
            Pkcs1v15Sign::new::<Sha1>(),
            &Sha1::digest(policy.as_bytes()),
        )
        .map_err(|error| {
            StorageError::new(Operation::Link, ErrorKind::Invalid, id)
                .with_message(error.to_string())
        })?;
    let signature: String = STANDARD
        .encode(signature)
        .chars()
        .map(|character| match character {
            '+' => '-',
            '=' => '_',
            '/' => '~',
            other => other,
        })
        .collect();
    let joint = if url.contains('?') { '&' } else { '?' };
    Ok(format!(
        "{url}{joint}Expires={expires_at}&Signature={signature}&Key-Pair-Id={id}"
    ))
}

/// Python's `json.dumps`: quotes and controls escaped, all beyond ASCII as `\uXXXX`.
fn json_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ (b'"' | b'\\')) => {
                out.push('\\');
                out.push(char::from(byte));
            }
            Ok(byte @ 0x20..=0x7e) => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out
}

/// Label and bytes of the first PEM block.
fn pem_body(text: &str) -> Option<(&str, Zeroizing<Vec<u8>>)> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once("-----END")?;
    let body: Zeroizing<String> = Zeroizing::new(body.split_ascii_whitespace().collect::<String>());
    let der = STANDARD.decode(body.as_bytes()).ok()?;
    Some((label, Zeroizing::new(der)))
}

/// The identifier of elliptic curves stands near the beginning of such a key.
fn is_elliptic(der: &[u8]) -> bool {
    const CURVES: &[u8] = &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    let head = &der[..der.len().min(40)];
    head.windows(CURVES.len()).any(|part| part == CURVES)
}

fn no_rsa(key: &CloudFrontKey) -> StorageError {
    StorageError::new(Operation::Link, ErrorKind::Unsupported, key.id.as_str())
        .with_message("this key is no RSA key")
}

fn invalid(key: &CloudFrontKey, why: &str) -> StorageError {
    StorageError::new(Operation::Link, ErrorKind::Invalid, key.id.as_str()).with_message(why)
}
