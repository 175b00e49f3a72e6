//! What an argument names in the storage: a key or a prefix, exactly, and the bucket if it says one.
//!
//! `s3://BUCKET/REST` names REST in that bucket, to the letter. Anything else is a key or prefix in the connection's bucket,
//! to the letter as well, but for one habit: `/` alone is the root. (The prefix `/` itself is `s3://BUCKET//`.)

use crate::domain::{Key, Prefix};

/// A key or prefix, and perhaps a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    /// The bucket, when the argument names one.
    pub bucket: Option<String>,
    /// The key or prefix, exactly; empty for the root.
    pub text: String,
}

impl Address {
    /// Reads an argument. Fails with a sentence when `s3://` is not followed by a bucket.
    pub(super) fn parse(argument: &str) -> Result<Self, String> {
        if let Some(rest) = argument.strip_prefix("s3://") {
            let (bucket, text) = rest.split_once('/').unwrap_or((rest, ""));
            if bucket.is_empty() {
                return Err(format!("{argument} names no bucket; write s3://BUCKET/KEY"));
            }
            return Ok(Self {
                bucket: Some(bucket.to_owned()),
                text: text.to_owned(),
            });
        }
        let text = if argument == "/" { "" } else { argument };
        Ok(Self {
            bucket: None,
            text: text.to_owned(),
        })
    }

    /// True for the root and for what ends with a slash.
    #[must_use]
    pub(super) fn is_prefix(&self) -> bool {
        self.text.is_empty() || self.text.ends_with('/')
    }

    /// As a key.
    #[must_use]
    pub(super) fn key(&self) -> Key {
        Key::new(&*self.text)
    }

    /// As a folder.
    #[must_use]
    pub(super) fn prefix(&self) -> Prefix {
        Prefix::new(&*self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_exact() {
        for (argument, bucket, text, is_prefix) in [
            ("a/b", None, "a/b", false),
            ("/", None, "", true),
            ("", None, "", true),
            ("/a", None, "/a", false),
            ("a//", None, "a//", true),
            ("s3://b", Some("b"), "", true),
            ("s3://b//", Some("b"), "/", true),
            ("s3://b/x %2F+", Some("b"), "x %2F+", false),
        ] {
            let address = Address::parse(argument).expect(argument);
            assert_eq!(address.bucket.as_deref(), bucket, "{argument}");
            assert_eq!(
                (address.text.as_str(), address.is_prefix()),
                (text, is_prefix),
                "{argument}"
            );
        }
        assert!(Address::parse("s3:///x").is_err());
    }
}
