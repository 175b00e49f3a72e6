//! Signature version 4.

use std::sync::{Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use aws_credential_types::Credentials;

use super::{Signing, encoded_query, push_pair};
use crate::domain::{Secret, Timestamp};
use crate::storage::encode::{self, QUERY};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Bodies are not part of the signature: TLS and checksums guard them.
pub(in crate::storage) const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// More regions than this are not in use at once.
const KEPT_KEYS: usize = 8;

type HmacSha256 = Hmac<Sha256>;

/// The derived keys of the day.
#[derive(Default)]
pub(in crate::storage) struct DayKeys(Mutex<Vec<DayKey>>);

struct DayKey {
    secret: Secret,
    date: String,
    region: String,
    mac: HmacSha256,
}

impl std::fmt::Debug for DayKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DayKeys")
    }
}

impl DayKeys {
    fn mac(&self, secret: &str, date: &str, region: &str) -> HmacSha256 {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept
            .iter()
            .find(|key| key.date == date && key.region == region && key.secret.reveal() == secret);
        if let Some(key) = found {
            return key.mac.clone();
        }
        let mac = derived(secret, date, region, "s3");
        if kept.len() == KEPT_KEYS {
            kept.remove(0);
        }
        kept.push(DayKey {
            secret: Secret::new(secret),
            date: date.to_owned(),
            region: region.to_owned(),
            mac: mac.clone(),
        });
        mac
    }
}

/// The key for one day, region and service.
fn derived(secret: &str, date: &str, region: &str, service: &str) -> HmacSha256 {
    let first = Secret::new(format!("AWS4{secret}"));
    let mut key = hash(first.reveal().as_bytes(), date);
    for part in [region, service, "aws4_request"] {
        key = hash(&key, part);
    }
    keyed(&key)
}

/// A request to a service beside S3.
#[derive(Clone, Copy, Debug)]
pub(in crate::storage) struct ServiceSigning<'a> {
    /// Who signs.
    pub(in crate::storage) keys: &'a Credentials,
    /// The service's name in signatures: `sts`.
    pub(in crate::storage) service: &'a str,
    /// The region to sign for.
    pub(in crate::storage) region: &'a str,
    /// The HTTP method in capitals.
    pub(in crate::storage) method: &'a str,
    /// The encoded path of the URL.
    pub(in crate::storage) path: &'a str,
    /// Names and values of the query, not encoded.
    pub(in crate::storage) query: &'a [(&'a str, &'a str)],
    /// Headers, `host` among them, names in lower case, values trimmed.
    pub(in crate::storage) headers: &'a [(&'a str, &'a str)],
    /// The whole body.
    pub(in crate::storage) body: &'a [u8],
    /// When.
    pub(in crate::storage) time: Timestamp,
}

/// The headers that sign a request to a service beside S3, whose paths are encoded twice and whose bodies are signed.
pub(in crate::storage) fn service_headers(
    signing: &ServiceSigning<'_>,
) -> Vec<(&'static str, String)> {
    let time = signing.time.amz_date();
    let mut added = vec![("x-amz-date", time.clone())];
    if let Some(token) = signing.keys.session_token() {
        added.push(("x-amz-security-token", token.to_owned()));
    }
    let mut headers = signing.headers.to_vec();
    headers.extend(added.iter().map(|(name, value)| (*name, value.as_str())));
    headers.sort_unstable();
    let scope = format!(
        "{}/{}/{}/aws4_request",
        &time[..8],
        signing.region,
        signing.service
    );
    let canonical = canonical_request(
        signing.method,
        &encode::percent(signing.path, &encode::PATH),
        &canonical_query(signing.query),
        &headers,
        &hex(&Sha256::digest(signing.body)),
    );
    let mut mac = derived(
        signing.keys.secret_access_key(),
        &time[..8],
        signing.region,
        signing.service,
    );
    let canonical = hex(&Sha256::digest(canonical.as_bytes()));
    mac.update(format!("{ALGORITHM}\n{time}\n{scope}\n{canonical}").as_bytes());
    let authorization = format!(
        "{ALGORITHM} Credential={}/{scope}, SignedHeaders={}, Signature={}",
        signing.keys.access_key_id(),
        header_names(&headers),
        hex(&mac.finalize().into_bytes()),
    );
    added.push(("authorization", authorization));
    added
}

#[allow(
    clippy::expect_used,
    reason = "a MAC over a hash takes keys of every length"
)]
fn keyed(key: &[u8]) -> HmacSha256 {
    HmacSha256::new_from_slice(key).expect("any length")
}

fn hash(key: &[u8], text: &str) -> [u8; 32] {
    let mut mac = keyed(key);
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

/// A link that works for `expires_secs` from the signing's time.
pub(in crate::storage) fn presigned_url(
    signing: &Signing<'_>,
    days: &DayKeys,
    expires_secs: i64,
) -> String {
    let time = signing.time.amz_date();
    let scope = scope(signing, &time);
    let credential = format!("{}/{scope}", signing.keys.access_key_id());
    let headers = signed_headers(signing);
    let expires = expires_secs.to_string();
    let names = header_names(&headers);

    let mut pairs: Vec<(&str, &str)> = signing.query.to_vec();
    pairs.extend([
        ("X-Amz-Algorithm", ALGORITHM),
        ("X-Amz-Credential", credential.as_str()),
        ("X-Amz-Date", time.as_str()),
        ("X-Amz-Expires", expires.as_str()),
        ("X-Amz-SignedHeaders", names.as_str()),
    ]);
    if let Some(token) = signing.keys.session_token() {
        pairs.push(("X-Amz-Security-Token", token));
    }
    let path = signing.path();
    let canonical = canonical_request(
        signing.method,
        &path,
        &canonical_query(&pairs),
        &headers,
        UNSIGNED_PAYLOAD,
    );
    let signature = signature(signing, days, &time, &scope, &canonical);
    let mut query = encoded_query(&pairs);
    push_pair(&mut query, "X-Amz-Signature", &signature);
    format!("{}?{query}", signing.url(&path))
}

/// The headers that sign a request: `authorization` and what belongs to it.
pub(in crate::storage) fn request_headers(
    signing: &Signing<'_>,
    days: &DayKeys,
    payload: &str,
) -> Vec<(&'static str, String)> {
    let time = signing.time.amz_date();
    let mut added = vec![
        ("x-amz-content-sha256", payload.to_owned()),
        ("x-amz-date", time.clone()),
    ];
    if let Some(token) = signing.keys.session_token() {
        added.push(("x-amz-security-token", token.to_owned()));
    }
    let mut all = signing.headers.to_vec();
    all.extend(added.iter().map(|(name, value)| (*name, value.as_str())));
    let full = Signing {
        headers: &all,
        ..*signing
    };
    let headers = signed_headers(&full);
    let scope = scope(signing, &time);
    let canonical = canonical_request(
        signing.method,
        &signing.path(),
        &canonical_query(signing.query),
        &headers,
        payload,
    );
    let authorization = format!(
        "{ALGORITHM} Credential={}/{scope}, SignedHeaders={}, Signature={}",
        signing.keys.access_key_id(),
        header_names(&headers),
        signature(signing, days, &time, &scope, &canonical),
    );
    added.push(("authorization", authorization));
    added
}

fn scope(signing: &Signing<'_>, time: &str) -> String {
    format!("{}/{}/s3/aws4_request", &time[..8], signing.target.region)
}

/// All headers and `host`, by name.
fn signed_headers<'a>(signing: &Signing<'a>) -> Vec<(&'a str, &'a str)> {
    let mut headers = signing.headers.to_vec();
    headers.push(("host", signing.target.host_header()));
    headers.sort_unstable();
    headers
}

fn header_names(headers: &[(&str, &str)]) -> String {
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    names.join(";")
}

fn canonical_query(pairs: &[(&str, &str)]) -> String {
    let mut encoded: Vec<(String, String)> = pairs
        .iter()
        .map(|(name, value)| {
            (
                encode::percent(name, &QUERY),
                encode::percent(value, &QUERY),
            )
        })
        .collect();
    encoded.sort_unstable();
    let mut query = String::new();
    for (name, value) in &encoded {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(name);
        query.push('=');
        query.push_str(value);
    }
    query
}

fn canonical_request(
    method: &str,
    path: &str,
    query: &str,
    headers: &[(&str, &str)],
    payload: &str,
) -> String {
    let mut text = format!("{method}\n{path}\n{query}\n");
    for (name, value) in headers {
        text.push_str(name);
        text.push(':');
        text.push_str(value);
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&header_names(headers));
    text.push('\n');
    text.push_str(payload);
    text
}

fn signature(
    signing: &Signing<'_>,
    days: &DayKeys,
    time: &str,
    scope: &str,
    canonical: &str,
) -> String {
    let mut mac = days.mac(
        signing.keys.secret_access_key(),
        &time[..8],
        &signing.target.region,
    );
    let canonical = hex(&Sha256::digest(canonical.as_bytes()));
    mac.update(format!("{ALGORITHM}\n{time}\n{scope}\n{canonical}").as_bytes());
    hex(&mac.finalize().into_bytes())
}

pub(in crate::storage) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of the documentation of signature version 4: a GET of IAM's `ListUsers`.
    #[test]
    fn a_service_is_signed_as_documented() {
        let keys = Credentials::new(
            "AKIDEXAMPLE",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            None,
            None,
            "test",
        );
        let headers = service_headers(&ServiceSigning {
            keys: &keys,
            service: "iam",
            region: "us-east-1",
            method: "GET",
            path: "/",
            query: &[("Action", "ListUsers"), ("Version", "2010-05-08")],
            headers: &[
                ("host", "iam.amazonaws.com"),
                (
                    "content-type",
                    "application/x-www-form-urlencoded; charset=utf-8",
                ),
            ],
            body: b"",
            time: Timestamp::from_iso("2015-08-30T12:36:00Z").expect("time"),
        });
        let authorization = &headers.last().expect("authorization").1;
        assert!(
            authorization.ends_with(
                "SignedHeaders=content-type;host;x-amz-date, \
                 Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
            ),
            "{authorization}"
        );
    }
}
