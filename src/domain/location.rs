//! Where the browser stands: a bucket and a prefix, written `s3://bucket/prefix/`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Key, Prefix};

/// A folder of a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Location {
    /// The bucket's name or access-point ARN.
    pub bucket: String,
    /// The folder inside it.
    pub prefix: Prefix,
}

/// Why a text is not a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocationError {
    /// Nothing was given.
    Empty,
    /// The text begins with a scheme other than `s3:`.
    Scheme,
    /// `s3://` stands there, but no bucket after it.
    NoBucket,
}

impl Location {
    /// A folder of a bucket.
    pub fn new(bucket: impl Into<String>, prefix: Prefix) -> Self {
        Self {
            bucket: bucket.into(),
            prefix,
        }
    }

    /// Reads `bucket`, `bucket/prefix` or `s3://bucket/prefix`. The rest after the bucket's slash is the
    /// prefix, unchanged except for a final slash.
    ///
    /// # Errors
    /// When there is no bucket in it, or a scheme other than `s3:`.
    pub fn parse(text: &str) -> Result<Self, LocationError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(LocationError::Empty);
        }
        let rest = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("s3") => rest,
            Some(_) => return Err(LocationError::Scheme),
            None => text,
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(LocationError::NoBucket);
        }
        Ok(Self::new(bucket, Prefix::new(prefix)))
    }

    /// The S3 URI of an object in this bucket.
    #[must_use]
    pub fn uri_of(&self, key: &Key) -> String {
        format!("s3://{}/{key}", self.bucket)
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_people_paste() {
        for (text, bucket, prefix) in [
            ("media", "media", ""),
            (" s3://media ", "media", ""),
            ("S3://media/photos", "media", "photos/"),
            ("media/a//b/", "media", "a//b/"),
            ("s3://media//a", "media", "/a/"),
        ] {
            let read = Location::parse(text).expect(text);
            assert_eq!(
                (read.bucket.as_str(), read.prefix.as_str()),
                (bucket, prefix),
                "{text}"
            );
        }
        assert_eq!(Location::parse("https://x/y"), Err(LocationError::Scheme));
        assert_eq!(Location::parse("s3:///y"), Err(LocationError::NoBucket));
        assert_eq!(Location::parse("  "), Err(LocationError::Empty));
    }
}
