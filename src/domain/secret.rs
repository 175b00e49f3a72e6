//! Text that must not be seen: secret keys, session tokens, private keys; and ids of keys, of which the ends are shown.

use std::fmt;

use zeroize::Zeroizing;

/// A secret text. It prints as `(hidden)`, cannot be serialised, and is wiped from memory when dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text into hiding.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself, for the one place that signs or stores it. Never log or format the result.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// True when nothing was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// True for a text in the form of Amazon's secret access keys: forty letters of Base64, large and small ones mixed. No
/// provider is known to give out ids of keys like that.
#[must_use]
pub fn looks_like_secret_key(text: &str) -> bool {
    let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/".contains(byte);
    let bytes = text.as_bytes();
    bytes.len() == 40
        && bytes.iter().all(base64)
        && bytes.iter().any(u8::is_ascii_uppercase)
        && bytes.iter().any(u8::is_ascii_lowercase)
}

/// True for a text in the form of the ids that Amazon gives to keys of users (`AKIA`) and to temporary keys (`ASIA`).
#[must_use]
pub fn looks_like_key_id(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    (text.starts_with("AKIA") || text.starts_with("ASIA"))
        && (16..=32).contains(&text.len())
        && text.bytes().all(is_letter)
}

/// True when a pair plainly stands the wrong way round: the id has the form of a secret key, or the secret that of an id.
#[must_use]
pub fn are_swapped(id: &str, secret: &str) -> bool {
    let (id, secret) = (id.trim(), secret.trim());
    looks_like_secret_key(id) || (looks_like_key_id(secret) && !looks_like_key_id(id))
}

/// `AKIA…MPLE`: enough to tell keys apart. Of a short id at most half is shown, of less than four letters nothing, and
/// nothing of one that looks like a secret key in the wrong place.
#[must_use]
pub fn masked_key_id(id: &str) -> String {
    if looks_like_secret_key(id.trim()) {
        return "…".to_owned();
    }
    let letters: Vec<char> = id.chars().collect();
    let shown = (letters.len() / 4).min(4);
    let head: String = letters[..shown].iter().collect();
    let tail: String = letters[letters.len() - shown..].iter().collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_text() {
        assert_eq!(format!("{:?}", Secret::new("s3cr3t")), "(hidden)");
    }

    #[test]
    fn ids_show_only_their_ends() {
        assert_eq!(masked_key_id("AKIAIOSFODNN7EXAMPLE"), "AKIA…MPLE");
        assert_eq!(masked_key_id("minioadmin"), "mi…in");
        assert_eq!(masked_key_id("admin"), "a…n");
        assert_eq!(masked_key_id("key"), "…");
        let swapped = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        assert_eq!(masked_key_id(swapped), "…");
        assert!(looks_like_secret_key(swapped) && !looks_like_key_id(swapped));
        // Forty letters of an id that is written in hexadecimal digits.
        let hexadecimal = "d41d8cd98f00b204e9800998ecf8427e00000001";
        assert_eq!(masked_key_id(hexadecimal), "d41d…0001");
        assert!(looks_like_key_id("AKIAIOSFODNN7EXAMPLE") && !looks_like_key_id("minioadmin"));
    }
}
