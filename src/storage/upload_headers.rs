//! The headers an upload is sent with: content type, parameters of the connection, ACL.
//!
//! `upload_parameters` says which parameters there are; here each becomes its header. Parameters go by their API
//! names; one that an upload cannot take is refused before anything is sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use md5::{Digest, Md5};
use serde_json::Value;

use crate::domain::{ErrorKind, Key, Operation, StorageConfig, StorageError};
use crate::storage::upload_parameters::UploadParameters;

/// Parameters whose value is sent as it is, and the header of each.
const PLAIN: [(&str, &str); 25] = [
    ("ACL", "x-amz-acl"),
    ("CacheControl", "cache-control"),
    ("ContentDisposition", "content-disposition"),
    ("ContentEncoding", "content-encoding"),
    ("ContentLanguage", "content-language"),
    ("ContentType", "content-type"),
    ("ExpectedBucketOwner", "x-amz-expected-bucket-owner"),
    ("GrantFullControl", "x-amz-grant-full-control"),
    ("GrantRead", "x-amz-grant-read"),
    ("GrantReadACP", "x-amz-grant-read-acp"),
    ("GrantWriteACP", "x-amz-grant-write-acp"),
    ("ObjectLockLegalHoldStatus", "x-amz-object-lock-legal-hold"),
    ("ObjectLockMode", "x-amz-object-lock-mode"),
    ("RequestPayer", "x-amz-request-payer"),
    ("ServerSideEncryption", "x-amz-server-side-encryption"),
    ("SSECustomerAlgorithm", SSE_C_ALGORITHM),
    ("SSECustomerKeyMD5", SSE_C_KEY_MD5),
    (
        "SSEKMSEncryptionContext",
        "x-amz-server-side-encryption-context",
    ),
    ("SSEKMSKeyId", "x-amz-server-side-encryption-aws-kms-key-id"),
    ("StorageClass", "x-amz-storage-class"),
    ("Tagging", "x-amz-tagging"),
    ("WebsiteRedirectLocation", "x-amz-website-redirect-location"),
    // Which checksum goes along is decided by what the server can do.
    ("ChecksumAlgorithm", ""),
    ("ChecksumType", ""),
    ("MpuObjectSize", ""),
];

const SSE_C_ALGORITHM: &str = "x-amz-server-side-encryption-customer-algorithm";
const SSE_C_KEY: &str = "x-amz-server-side-encryption-customer-key";
const SSE_C_KEY_MD5: &str = "x-amz-server-side-encryption-customer-key-md5";

/// Headers of one upload, lower-case names, each once.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UploadHeaders {
    pairs: Vec<(String, String)>,
}

impl std::fmt::Debug for UploadHeaders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = |(name, value): &(String, String)| match name.as_str() {
            SSE_C_KEY => (name.clone(), "(hidden)".to_owned()),
            _ => (name.clone(), value.clone()),
        };
        f.debug_list()
            .entries(self.pairs.iter().map(shown))
            .finish()
    }
}

impl UploadHeaders {
    /// What an object of this key is uploaded with, under these settings.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] when a parameter is unknown, has a value of the wrong kind, or one that no header can hold.
    pub fn for_key(config: &StorageConfig, key: &Key) -> Result<Self, StorageError> {
        UploadParameters::for_key(config, key, None).headers()
    }

    /// The headers of parameters.
    pub(super) fn of(parameters: &UploadParameters) -> Result<Self, StorageError> {
        let mut headers = Self::default();
        for (name, value) in parameters.iter() {
            headers
                .take_in(name, value)
                .map_err(|reason| refused(name, reason))?;
        }
        for (name, value) in &headers.pairs {
            if !value
                .bytes()
                .all(|byte| matches!(byte, b' '..=b'~' | b'\t'))
            {
                return Err(refused(name, "only plain ASCII text fits into a header"));
            }
        }
        Ok(headers)
    }

    /// Compresses as the settings say? The content type must be one of the list, and nothing may be encoded yet.
    #[must_use]
    pub fn wants_gzip(&self, config: &StorageConfig) -> bool {
        let content_type = self.get("content-type").unwrap_or_default();
        config.gzip.on
            && self.get("content-encoding").is_none()
            && config
                .gzip
                .content_types
                .iter()
                .any(|listed| listed == content_type)
    }

    /// The value of a header.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Sets a header, in place of one that is there.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.remove(name);
        self.pairs.push((name.to_owned(), value.into()));
    }

    /// Leaves out what sets access lists.
    pub(super) fn without_access_lists(&mut self) {
        self.pairs
            .retain(|(name, _)| name != "x-amz-acl" && !name.starts_with("x-amz-grant-"));
    }

    /// Leaves out what sets tags.
    pub(super) fn without_tags(&mut self) {
        self.remove("x-amz-tagging");
    }

    /// All headers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Those that every part of an upload must repeat: the customer's key, who pays, whose bucket it is.
    #[must_use]
    pub fn of_parts(&self) -> Self {
        let repeated = [
            SSE_C_ALGORITHM,
            SSE_C_KEY,
            SSE_C_KEY_MD5,
            "x-amz-expected-bucket-owner",
            "x-amz-request-payer",
        ];
        let pairs = self.pairs.iter();
        Self {
            pairs: pairs
                .filter(|(name, _)| repeated.contains(&name.as_str()))
                .cloned()
                .collect(),
        }
    }

    fn remove(&mut self, name: &str) {
        self.pairs.retain(|(known, _)| known != name);
    }

    fn take_in(&mut self, name: &str, value: &Value) -> Result<(), &'static str> {
        match (name, value) {
            // It only keeps the default away.
            ("ACL", Value::Null) => {}
            ("Metadata", Value::Object(entries)) => {
                self.pairs
                    .retain(|(known, _)| !known.starts_with("x-amz-meta-"));
                for (key, value) in entries {
                    let value = value.as_str().ok_or("metadata values must be text")?;
                    let header = format!("x-amz-meta-{}", key.to_lowercase());
                    if http::HeaderName::from_bytes(header.as_bytes()).is_err() {
                        return Err("a metadata name cannot stand in a header");
                    }
                    self.set(&header, value);
                }
            }
            ("Metadata", _) => return Err("metadata must be names with values"),
            ("Expires", value) => {
                self.set("expires", http_date_of(value).ok_or("not a date")?);
            }
            ("ObjectLockRetainUntilDate", value) => {
                let time = moment(value).ok_or("not a date")?;
                self.set(
                    "x-amz-object-lock-retain-until-date",
                    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
                );
            }
            ("SSECustomerKey", value) => {
                let key = bytes_of(value).ok_or("must be text or bytes")?;
                self.set(SSE_C_KEY, BASE64.encode(&key));
                if self.get(SSE_C_KEY_MD5).is_none() {
                    self.set(SSE_C_KEY_MD5, BASE64.encode(Md5::digest(&key)));
                }
            }
            (name, value) => {
                let (_, header) = PLAIN
                    .iter()
                    .find(|(known, _)| *known == name)
                    .ok_or("an upload has no such parameter")?;
                let text = value.as_str().ok_or("must be text")?;
                if !header.is_empty() {
                    self.set(header, text);
                }
            }
        }
        Ok(())
    }
}

fn refused(name: &str, reason: &str) -> StorageError {
    StorageError::new(Operation::Put, ErrorKind::Invalid, name).with_message(reason)
}

/// Bytes of a key: a text, or one of the forms in which settings hold bytes.
fn bytes_of(value: &Value) -> Option<Vec<u8>> {
    if let Some(text) = value.as_str().or_else(|| value.get("$bytes")?.as_str()) {
        return Some(text.as_bytes().to_vec());
    }
    BASE64.decode(value.get("$b64")?.as_str()?).ok()
}

/// A point in time, in any of the forms that parameters take, as HTTP writes it.
pub(crate) fn http_date_of(value: &Value) -> Option<String> {
    let time = moment(value)?;
    Some(time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

/// A point in time: ISO 8601 (without a zone it is UTC), an HTTP date, or seconds since 1970.
fn moment(value: &Value) -> Option<jiff::Zoned> {
    let zone = jiff::tz::TimeZone::UTC;
    let stamp = match value {
        Value::Object(entry) => return moment(entry.get("$datetime")?),
        Value::Number(seconds) => jiff::Timestamp::from_second(seconds.as_i64()?).ok()?,
        Value::String(text) => text
            .parse::<jiff::Timestamp>()
            .ok()
            .or_else(|| {
                let local = text.parse::<jiff::civil::DateTime>().ok()?;
                Some(local.to_zoned(zone.clone()).ok()?.timestamp())
            })
            .or_else(|| Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp()))?,
        _ => return None,
    };
    Some(stamp.to_zoned(zone))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::ParameterRule;

    fn config(parameters: &Value) -> StorageConfig {
        let mut config = StorageConfig::default();
        for (name, value) in parameters.as_object().unwrap() {
            let all = &mut config.object_parameters.all;
            all.push((name.clone(), value.clone()));
        }
        config
    }

    fn headers(parameters: &Value, key: &str) -> Vec<(String, String)> {
        UploadHeaders::for_key(&config(parameters), &Key::new(key))
            .unwrap()
            .pairs
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn parameters_become_headers() {
        assert_eq!(
            headers(&json!({}), "a.tar.gz"),
            [
                pair("content-type", "application/x-tar"),
                pair("content-encoding", "gzip"),
            ]
        );
        assert_eq!(
            headers(
                &json!({
                    "Expires": "2030-01-02T03:04:05+00:00", "Metadata": {"Owner": "me"}, "ContentType": "text/x",
                    "ACL": "private", "Tagging": "a=b",
                    "SSECustomerAlgorithm": "AES256", "SSECustomerKey": "0123456789abcdef0123456789abcdef",
                }),
                "f"
            ),
            [
                pair("content-type", "text/x"),
                pair("expires", "Wed, 02 Jan 2030 03:04:05 GMT"),
                pair("x-amz-meta-owner", "me"),
                pair("x-amz-acl", "private"),
                pair("x-amz-tagging", "a=b"),
                pair(SSE_C_ALGORITHM, "AES256"),
                pair(SSE_C_KEY, "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
                pair(SSE_C_KEY_MD5, "hRasmdxgYDKV3nvbahU1MA=="),
            ]
        );
    }

    #[test]
    fn wrong_parameters_are_refused_before_anything_is_sent() {
        for parameters in [
            json!({"IfNoneMatch": "*"}),
            json!({"CacheControl": 5}),
            json!({"Metadata": {"a": "é"}}),
            json!({"Metadata": {"a b": "x"}}),
            json!({"Expires": "soon"}),
            json!({"ContentLanguage": "en\r\nx-amz-acl: public-read"}),
        ] {
            let error = UploadHeaders::for_key(&config(&parameters), &Key::new("a")).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Invalid, "{parameters}");
        }
    }

    #[test]
    fn the_default_acl_yields() {
        for (parameters, acl) in [
            (json!({}), Some("public-read")),
            (json!({"ACL": "private"}), Some("private")),
            (json!({"ACL": null}), None),
        ] {
            let mut config = config(&parameters);
            config.default_acl = Some("public-read".to_owned());
            let headers = UploadHeaders::for_key(&config, &Key::new("a")).unwrap();
            assert_eq!(headers.get("x-amz-acl"), acl, "{parameters}");
        }
    }

    #[test]
    fn rules_go_on_top_in_order() {
        let rule = |glob: &str, value: &str| ParameterRule {
            glob: glob.to_owned(),
            parameters: vec![("CacheControl".to_owned(), json!(value))],
        };
        let mut config = config(&json!({"CacheControl": "all"}));
        config.object_parameters.rules = vec![rule("static/**", "long"), rule("**/*.html", "none")];
        for (key, value) in [
            ("a.txt", "all"),
            ("static/x/a.css", "long"),
            ("static/index.html", "none"),
            ("index.html", "none"),
        ] {
            let headers = UploadHeaders::for_key(&config, &Key::new(key)).unwrap();
            assert_eq!(headers.get("cache-control"), Some(value), "{key}");
        }
    }

    #[test]
    fn gzip_needs_the_exact_type_and_no_encoding() {
        let mut config = config(&json!({}));
        config.gzip.on = true;
        let wants = |config: &StorageConfig, key: &str| {
            UploadHeaders::for_key(config, &Key::new(key))
                .unwrap()
                .wants_gzip(config)
        };
        assert!(wants(&config, "a.css"));
        assert!(!wants(&config, "a.css.gz"));
        assert!(!wants(&config, "a.png"));
        config
            .object_parameters
            .all
            .push(("ContentType".to_owned(), json!("text/css; charset=utf-8")));
        assert!(!wants(&config, "a.css"));
    }

    #[test]
    fn parts_repeat_the_customers_key_and_debug_hides_it() {
        let parameters = json!({
            "SSECustomerAlgorithm": "AES256", "SSECustomerKey": "0123456789abcdef0123456789abcdef", "Tagging": "a=b",
        });
        let all = UploadHeaders::for_key(&config(&parameters), &Key::new("a")).unwrap();
        assert_eq!(all.of_parts().iter().count(), 3);
        assert!(!format!("{all:?}").contains("MDEy"));
    }
}
