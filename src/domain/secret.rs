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

/// `AKIA…MPLE`: enough to tell keys apart. Of a short id at most half is shown, of less than four letters nothing.
#[must_use]
pub fn masked_key_id(id: &str) -> String {
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
    }
}
