//! Signatures checked as a server checks them, written from Amazon's documents and from nothing else.
//!
//! Version 2: "Signing and authenticating REST requests" of the S3 guide. Version 4: "Authenticating requests" of the S3
//! API reference. Works on what stood on the wire: method, target and headers as they were sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// A request as it was sent.
#[derive(Clone, Debug)]
pub struct Sent<'a> {
    /// `GET`, `PUT` ...
    pub method: &'a str,
    /// Path and query, or the whole URL where it went to a proxy.
    pub target: &'a str,
    /// Headers in order, names in lower case.
    pub headers: &'a [(String, String)],
}

/// Query parameters that version 2 signs ("The subresources that must be included").
const SUB_RESOURCES: [&str; 21] = [
    "acl",
    "cors",
    "delete",
    "lifecycle",
    "location",
    "logging",
    "notification",
    "partNumber",
    "policy",
    "requestPayment",
    "restore",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
    "response-content-type",
    "response-content-disposition",
];

impl<'a> Sent<'a> {
    fn header(&self, name: &str) -> Option<&'a str> {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Path and query, both as sent.
    fn path_and_query(&self) -> (&'a str, &'a str) {
        let target = match self.target.split_once("://") {
            Some((_, rest)) => rest.find(['/', '?']).map_or("/", |at| &rest[at..]),
            None => self.target,
        };
        target.split_once('?').unwrap_or((target, ""))
    }

    fn pairs(&self) -> Vec<(String, Option<String>)> {
        let (_, query) = self.path_and_query();
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| match pair.split_once('=') {
                Some((name, value)) => (decoded(name), Some(decoded(value))),
                None => (decoded(pair), None),
            })
            .collect()
    }

    fn parameter(&self, name: &str) -> Option<String> {
        let found = self.pairs().into_iter().find(|(own, _)| own == name);
        found.and_then(|(_, value)| value)
    }

    /// Checks the version 2 signature of a request or of a link. `bucket_in_host` is the bucket when it stands in the
    /// host's name.
    ///
    /// # Errors
    /// What was signed by the rules, when it does not fit.
    pub fn check_v2(&self, secret: &str, bucket_in_host: Option<&str>) -> Result<(), String> {
        let (signature, date) = match self.header("authorization") {
            Some(value) => {
                let told = value.strip_prefix("AWS ").ok_or("not version 2")?;
                let (_, signature) = told.split_once(':').ok_or("no signature")?;
                // "When an x-amz-date header is present in a request, the system will ignore any Date header."
                let date = match self.header("x-amz-date") {
                    Some(_) => String::new(),
                    None => self.header("date").ok_or("no date")?.to_owned(),
                };
                (signature.to_owned(), date)
            }
            None => (
                self.parameter("Signature").ok_or("no signature")?,
                self.parameter("Expires").ok_or("no end")?,
            ),
        };
        let mut text = format!(
            "{}\n{}\n{}\n{date}\n",
            self.method,
            self.header("content-md5").unwrap_or_default(),
            self.header("content-type").unwrap_or_default(),
        );
        let mut amazons: Vec<(&str, Vec<&str>)> = Vec::new();
        let mut own: Vec<_> = self.headers.iter().collect();
        own.sort_by_key(|(name, _)| name.clone());
        for (name, value) in own.iter().filter(|(name, _)| name.starts_with("x-amz-")) {
            match amazons.last_mut() {
                Some((last, values)) if *last == name.as_str() => values.push(value.trim()),
                _ => amazons.push((name, vec![value.trim()])),
            }
        }
        for (name, values) in amazons {
            text.push_str(&format!("{name}:{}\n", values.join(",")));
        }
        if let Some(bucket) = bucket_in_host {
            text.push_str(&format!("/{bucket}"));
        }
        text.push_str(self.path_and_query().0);
        let mut counted: Vec<(String, Option<String>)> = self.pairs();
        counted.retain(|(name, _)| SUB_RESOURCES.contains(&name.as_str()));
        counted.sort();
        for (at, (name, value)) in counted.into_iter().enumerate() {
            text.push(if at == 0 { '?' } else { '&' });
            text.push_str(&name);
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                text.push_str(&format!("={value}"));
            }
        }
        let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(text.as_bytes());
        same(
            &BASE64.encode(mac.finalize().into_bytes()),
            &signature,
            &text,
        )
    }

    /// Checks the version 4 signature in the headers of a request.
    ///
    /// # Errors
    /// What was signed by the rules, when it does not fit.
    pub fn check_v4(&self, secret: &str) -> Result<(), String> {
        let told = self.header("authorization").ok_or("not signed")?;
        let told = told
            .strip_prefix("AWS4-HMAC-SHA256 ")
            .ok_or("not version 4")?;
        let part = |name: &str| {
            let mut parts = told.split(',').map(str::trim);
            let found = parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
            found.ok_or(format!("no {name}"))
        };
        let credential: Vec<&str> = part("Credential")?.split('/').collect();
        let [_, day, region, service, end] = credential[..] else {
            return Err("the scope has another form".to_owned());
        };
        let (path, query) = self.path_and_query();
        let mut pairs: Vec<(&str, &str)> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .collect();
        pairs.sort_unstable();
        let query: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let signed_names = part("SignedHeaders")?;
        let mut canonical = format!("{}\n{path}\n{}\n", self.method, query.join("&"));
        for name in signed_names.split(';') {
            let value = self.header(name).ok_or(format!("{name} is not there"))?;
            let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
            canonical.push_str(&format!("{name}:{}\n", words.join(" ")));
        }
        let hash = self.header("x-amz-content-sha256").ok_or("no hash")?;
        canonical.push_str(&format!("\n{signed_names}\n{hash}"));
        // "All x-amz- headers and the host must be signed."
        for (name, _) in self.headers {
            let must = name == "host" || name.starts_with("x-amz-");
            if must && !signed_names.split(';').any(|signed| signed == name) {
                return Err(format!("{name} is not signed"));
            }
        }
        let time = self.header("x-amz-date").ok_or("no time")?;
        let text = format!(
            "AWS4-HMAC-SHA256\n{time}\n{day}/{region}/{service}/{end}\n{}",
            hex(&Sha256::digest(canonical.as_bytes()))
        );
        let mut key = format!("AWS4{secret}").into_bytes();
        for piece in [day, region, service, end] {
            key = keyed(&key, piece);
        }
        same(&hex(&keyed(&key, &text)), part("Signature")?, &canonical)
    }
}

fn same(right: &str, told: &str, text: &str) -> Result<(), String> {
    if right == told {
        Ok(())
    } else {
        Err(format!("{told} is not the signature of {text:?}"))
    }
}

fn keyed(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let pair = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap()
            }
            other => other,
        });
    }
    String::from_utf8(bytes).unwrap()
}
