//! Static files under hashed names: Django's manifest over an S3 storage (`S3ManifestStaticStorage`).
//!
//! The list of names is read from the bucket when the storage is made; `collected` makes and saves it. Links are
//! percent-decoded, as Django leaves them.

use md5::{Digest as _, Md5};
use serde_json::{Map, Value};

use super::content::Content;
use super::failure::{DjangoError, ManifestFault};
use super::file::Data;
use super::python_json::python_json;
use super::storage::{DjangoStorage, UrlOptions};
use super::url_parts::{UrlParts, unquoted, without_fragment};
use crate::domain::Timestamp;
use crate::storage::names::posix;

/// Name of the list below the location.
const MANIFEST: &str = "staticfiles.json";
const VERSION: &str = "1.1";

/// A storage of static files under hashed names.
#[derive(Debug)]
pub struct ManifestStorage {
    pub(super) storage: DjangoStorage,
    pub(super) hashed: Map<String, Value>,
}

impl ManifestStorage {
    /// Reads the list of names from the bucket; without one it is empty.
    ///
    /// # Errors
    /// When the list is damaged, and every refusal but 404.
    pub async fn open(storage: DjangoStorage) -> Result<Self, DjangoError> {
        let hashed = match storage.open(MANIFEST, "rb").await {
            Ok(mut file) => read_manifest(file.read(None).await?)?,
            Err(DjangoError::Missing { .. }) => Map::new(),
            Err(failure) => return Err(failure),
        };
        Ok(Self { storage, hashed })
    }

    /// The storage below.
    #[must_use]
    pub const fn storage(&self) -> &DjangoStorage {
        &self.storage
    }

    /// The link of a static file, by way of the list.
    ///
    /// # Errors
    /// When the list has no such name.
    pub async fn url(&self, name: &str, now: Timestamp) -> Result<String, DjangoError> {
        let stored = match Self::link_name(name, self.storage.project().debug) {
            LinkName::AsIs(name) => name,
            LinkName::Mapped(clean) => self.stored_name(&clean)?,
        };
        self.final_url(name, &stored, now, self.storage.project().debug)
            .await
    }

    /// The name of a copy: the first twelve hexadecimal digits of the MD5 of the content, between stem and ending.
    #[must_use]
    pub fn hashed_name(name: &str, content: &[u8]) -> String {
        let mut parts = UrlParts::split(&unquoted(name));
        let clean = parts.path.trim().to_owned();
        let (folder, file) = posix::split(&clean);
        let (stem, ending) = posix::split_ending(file);
        let hash = digest(content);
        parts.path = posix::joined(folder, &format!("{stem}.{hash}{ending}"));
        with_font_mark(name, parts)
    }

    /// The stored name of the list.
    fn stored_name(&self, name: &str) -> Result<String, DjangoError> {
        let mut parts = UrlParts::split(&unquoted(name));
        let clean = parts.path.trim().to_owned();
        let stored = self.hashed.get(&clean).and_then(Value::as_str);
        parts.path = stored
            .ok_or(ManifestFault::NoEntry { name: clean })?
            .to_owned();
        Ok(with_font_mark(name, parts))
    }

    pub(super) fn link_name(name: &str, debug: bool) -> LinkName {
        if debug {
            return LinkName::AsIs(name.to_owned());
        }
        let (clean, _) = without_fragment(name);
        // Folders have no copies.
        if UrlParts::split(&clean).path.ends_with('/') {
            LinkName::AsIs(name.to_owned())
        } else {
            LinkName::Mapped(clean)
        }
    }

    pub(super) async fn final_url(
        &self,
        name: &str,
        stored: &str,
        now: Timestamp,
        debug: bool,
    ) -> Result<String, DjangoError> {
        let fragment = if debug {
            String::new()
        } else {
            without_fragment(name).1
        };
        let options = UrlOptions::default();
        let mut url = self.storage.url(stored, &options, now).await?.url;
        let has_font_mark = name.contains("?#");
        if !fragment.is_empty() || has_font_mark {
            let mut parts = UrlParts::split(&url);
            if parts.fragment.is_empty() {
                parts.fragment = fragment;
            }
            if has_font_mark && parts.query.is_empty() {
                parts.path.push('?');
            }
            url = parts.joined();
        }
        Ok(unquoted(&url))
    }

    pub(super) async fn save_manifest(&self) -> Result<(), DjangoError> {
        let mut pairs: Vec<(&String, &Value)> = self.hashed.iter().collect();
        pairs.sort_by(|one, other| one.0.cmp(other.0));
        let pairs: Vec<Value> = pairs
            .into_iter()
            .map(|(name, hashed)| Value::Array(vec![Value::from(name.as_str()), hashed.clone()]))
            .collect();
        let mut manifest = Map::new();
        manifest.insert("paths".to_owned(), Value::Object(self.hashed.clone()));
        manifest.insert("version".to_owned(), Value::from(VERSION));
        let hash = digest(python_json(&Value::Array(pairs)).as_bytes());
        manifest.insert("hash".to_owned(), Value::from(hash));
        if self.storage.exists(MANIFEST).await? {
            self.storage.delete(MANIFEST).await?;
        }
        let text = python_json(&Value::Object(manifest));
        self.storage
            .save_as(MANIFEST, Content::bytes(text.into_bytes()))
            .await?;
        Ok(())
    }
}

/// What the link of a name is made of.
pub(super) enum LinkName {
    /// The name as it is.
    AsIs(String),
    /// The copy of this name.
    Mapped(String),
}

fn digest(content: &[u8]) -> String {
    let digest = Md5::digest(content);
    digest
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The mark of fonts for old browsers, `?#`, survives being taken apart.
fn with_font_mark(name: &str, mut parts: UrlParts) -> String {
    if name.contains("?#") && parts.query.is_empty() {
        parts.path.push('?');
    }
    parts.joined()
}

fn read_manifest(content: Data) -> Result<Map<String, Value>, DjangoError> {
    let Data::Bytes(bytes) = content else {
        return Err(ManifestFault::Unreadable.into());
    };
    let text = String::from_utf8(bytes).map_err(|error| DjangoError::NotUtf8 {
        at: error.utf8_error().valid_up_to(),
    })?;
    let stored: Value = serde_json::from_str(&text).map_err(|_| ManifestFault::Unreadable)?;
    match stored.get("version").and_then(Value::as_str) {
        Some("1.0" | VERSION) => {}
        _ => return Err(ManifestFault::Unreadable.into()),
    }
    Ok(stored
        .get("paths")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_stand_between_stem_and_ending() {
        for (name, content, hashed) in [
            ("dir/b.min.js", "x", "dir/b.min.9dd4e461268c.js"),
            ("noext", "", "noext.d41d8cd98f00"),
            (".dot", "q", ".dot.7694f4a66316"),
            ("f.eot?#iefix", "x", "f.9dd4e461268c.eot?#iefix"),
        ] {
            assert_eq!(
                ManifestStorage::hashed_name(name, content.as_bytes()),
                hashed
            );
        }
    }

    #[test]
    fn only_known_versions_are_read() {
        let read = |text: &str| read_manifest(Data::Bytes(text.as_bytes().to_vec()));
        assert_eq!(
            read(r#"{"version": "1.1", "paths": {"a": "b"}}"#)
                .unwrap()
                .len(),
            1
        );
        assert!(read(r#"{"version": "2", "paths": {}}"#).is_err());
        assert!(read("{not json").is_err());
    }
}
