//! Object keys and prefixes, exact to the byte.
//!
//! S3 keys are any UTF-8 text up to 1,024 bytes. The slash is only a habit: `a//b`, `/a` and `a/` are
//! three different keys, and each must survive listing, opening and deleting unchanged. So a prefix
//! is never normalised; it is either empty or ends with a slash.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The full key of one object, exactly as the server knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(String);

impl Key {
    /// Wraps a key without changing a byte of it.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the last slash; for a marker such as `a/b/` that part with its slash (`b/`).
    #[must_use]
    pub fn name(&self) -> &str {
        let body = self.0.strip_suffix('/').unwrap_or(&self.0);
        body.rfind('/')
            .map_or(self.0.as_str(), |slash| &self.0[slash + 1..])
    }

    /// The folder that shows this key: all up to and with the slash before [`Key::name`].
    #[must_use]
    pub fn folder(&self) -> Prefix {
        Prefix(self.0[..self.0.len() - self.name().len()].to_owned())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A folder of a bucket: empty (the root), or a text that ends with a slash.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Prefix(String);

impl From<String> for Prefix {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<Prefix> for String {
    fn from(prefix: Prefix) -> Self {
        prefix.0
    }
}

impl Prefix {
    /// The root of a bucket.
    #[must_use]
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// A prefix from text; a missing final slash is added, nothing else is changed.
    pub fn new(text: impl Into<String>) -> Self {
        let mut text = text.into();
        if !text.is_empty() && !text.ends_with('/') {
            text.push('/');
        }
        Self(text)
    }

    /// The prefix as text, empty for the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for the root of the bucket.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The name of this folder without its slash; empty for the root and for a folder without a name (`a//`).
    #[must_use]
    pub fn name(&self) -> &str {
        let body = self.0.strip_suffix('/').unwrap_or(&self.0);
        body.rfind('/').map_or(body, |slash| &body[slash + 1..])
    }

    /// The folder above, or `None` at the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let body = self.0.strip_suffix('/')?;
        Some(Self(
            body.rfind('/')
                .map_or_else(String::new, |slash| body[..=slash].to_owned()),
        ))
    }

    /// The folder of that name inside this one. The name may be empty: `a/` then gives `a//`.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        Self(format!("{}{name}/", self.0))
    }

    /// The key of an object of that name in this folder.
    #[must_use]
    pub fn key(&self, name: &str) -> Key {
        Key(format!("{}{name}", self.0))
    }

    /// This folder and all above it, outermost first, without the root: for `a/b/` that is `a/`, `a/b/`.
    #[must_use]
    pub fn ancestors(&self) -> Vec<Self> {
        self.0
            .match_indices('/')
            .map(|(slash, _)| Self(self.0[..=slash].to_owned()))
            .collect()
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_odd_keys_are_exact() {
        for (key, name, folder) in [
            ("a", "a", ""),
            ("a/b", "b", "a/"),
            ("a//b", "b", "a//"),
            ("/a", "a", "/"),
            ("a/", "a/", ""),
            ("a//", "/", "a/"),
            ("/", "/", ""),
            ("..", "..", ""),
        ] {
            let key = Key::new(key);
            assert_eq!(
                (key.name(), key.folder().as_str()),
                (name, folder),
                "{key:?}"
            );
        }
    }

    #[test]
    fn a_prefix_climbs_one_slash_at_a_time() {
        let mut prefix = Prefix::new("a//b");
        let mut seen = vec![prefix.as_str().to_owned()];
        while let Some(parent) = prefix.parent() {
            seen.push(parent.as_str().to_owned());
            prefix = parent;
        }
        assert_eq!(seen, ["a//b/", "a//", "a/", ""]);
        assert_eq!(Prefix::new("a//b").ancestors().len(), 3);
        assert_eq!(Prefix::new("a/").child("").as_str(), "a//");
    }
}
