//! The parameters of one upload, by their API names: what the name suggests, and what the settings add.
//!
//! The order is that of django-storages: content type and encoding guessed from the key, then the parameters for all
//! objects, then the rules whose pattern fits the key, then the default ACL unless the parameters speak of one.

use serde_json::Value;

use super::media_type;
use super::upload_headers::UploadHeaders;
use crate::domain::{Key, ShownParameters, StorageConfig, StorageError};

/// Parameters of one upload by their API names, each once. They print without the customer's key.
#[derive(Clone, Default, PartialEq)]
pub struct UploadParameters(Vec<(String, Value)>);

impl std::fmt::Debug for UploadParameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        ShownParameters(&self.0).fmt(f)
    }
}

impl UploadParameters {
    /// What an object of this key is uploaded with. A content type that the content brings along comes before the
    /// guess.
    #[must_use]
    pub fn for_key(config: &StorageConfig, key: &Key, content_type: Option<&str>) -> Self {
        let mut parameters = Self::default();
        let guess = media_type::guess(key.as_str());
        let content_type = content_type
            .filter(|text| !text.is_empty())
            .or(guess.content_type)
            .unwrap_or(media_type::UNKNOWN);
        parameters.set("ContentType", content_type);
        if let Some(encoding) = guess.encoding {
            parameters.set("ContentEncoding", encoding);
        }
        let rules = &config.object_parameters.rules;
        let fitting = rules
            .iter()
            .filter(|rule| rule.fits(key.as_str()))
            .flat_map(|rule| &rule.parameters);
        for (name, value) in config.object_parameters.all.iter().chain(fitting) {
            parameters.set(name, value.clone());
        }
        if parameters.get("ACL").is_none()
            && let Some(acl) = config.default_acl.as_deref().filter(|acl| !acl.is_empty())
        {
            parameters.set("ACL", acl);
        }
        parameters
    }

    /// A parameter, also one that is set to nothing.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value)
    }

    /// Sets a parameter, in place of one that is there.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// All parameters.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Compresses as the settings say? The content type must be one of the list, and nothing may be encoded yet.
    #[must_use]
    pub fn wants_gzip(&self, config: &StorageConfig) -> bool {
        let content_type = self.get("ContentType").and_then(Value::as_str);
        let listed = &config.gzip.content_types;
        config.gzip.on
            && self.get("ContentEncoding").is_none()
            && content_type.is_some_and(|wanted| listed.iter().any(|listed| listed == wanted))
    }

    /// The same as headers.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::domain::ErrorKind::Invalid) when a parameter is unknown, has a value of the
    /// wrong kind, or one that no header can hold.
    pub fn headers(&self) -> Result<UploadHeaders, StorageError> {
        UploadHeaders::of(self)
    }
}
