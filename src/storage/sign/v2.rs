//! Signature version 2, for servers that know nothing newer and for the links boto3 still makes with it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::{Signing, encoded_query, push_pair};
use crate::storage::encode::{self, PATH};

/// The parts of a query that count as part of what is asked for (botocore's list).
const SUB_RESOURCES: [&str; 35] = [
    "accelerate",
    "acl",
    "analytics",
    "cors",
    "defaultObjectAcl",
    "delete",
    "inventory",
    "lifecycle",
    "location",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "partNumber",
    "policy",
    "replication",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "select",
    "select-type",
    "storageClass",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
];

/// A link that works until this time (seconds since 1970).
pub(in crate::storage) fn presigned_url(signing: &Signing<'_>, expires_at: i64) -> String {
    let mut headers: Vec<(&str, &str)> = signing
        .headers
        .iter()
        .filter(|(name, _)| name.starts_with("x-amz-"))
        .copied()
        .collect();
    if let Some(token) = signing.keys.session_token() {
        headers.push(("x-amz-security-token", token));
    }
    let expires = expires_at.to_string();
    let to_sign = string_to_sign(
        signing.method,
        &headers,
        &expires,
        &resource(signing.target.bucket.as_deref(), signing.key, signing.query),
    );
    let mut query = encoded_query(signing.query);
    push_pair(&mut query, "AWSAccessKeyId", signing.keys.access_key_id());
    let signature = signature(signing.keys.secret_access_key(), &to_sign);
    push_pair(&mut query, "Signature", &signature);
    for (name, value) in &headers {
        push_pair(&mut query, name, value);
    }
    push_pair(&mut query, "Expires", &expires);
    format!("{}?{query}", signing.url(&signing.path()))
}

/// The headers that sign a request: `authorization` and what belongs to it. The time goes as `Date`, as boto3 sends
/// it.
pub(in crate::storage) fn request_headers(signing: &Signing<'_>) -> Vec<(&'static str, String)> {
    let mut added = vec![("date", signing.time.http_date())];
    if let Some(token) = signing.keys.session_token() {
        added.push(("x-amz-security-token", token.to_owned()));
    }
    let mut headers = signing.headers.to_vec();
    headers.extend(added.iter().map(|(name, value)| (*name, value.as_str())));
    let resource = resource(signing.target.bucket.as_deref(), signing.key, signing.query);
    let authorization = authorization(
        signing.keys.access_key_id(),
        signing.keys.secret_access_key(),
        signing.method,
        &headers,
        &resource,
    );
    added.push(("authorization", authorization));
    added
}

/// The `Authorization` header for a request that carries `x-amz-date` or `date`.
pub(in crate::storage) fn authorization(
    access_key: &str,
    secret: &str,
    method: &str,
    headers: &[(&str, &str)],
    resource: &str,
) -> String {
    let header = |wanted: &str| headers.iter().find(|(name, _)| *name == wanted);
    let date = match (header("x-amz-date"), header("date")) {
        (None, Some((_, date))) => date,
        _ => "",
    };
    let to_sign = string_to_sign(method, headers, date, resource);
    format!("AWS {access_key}:{}", signature(secret, &to_sign))
}

/// `/bucket/key?sub=resources`, the bucket in it wherever it stands in the URL.
pub(in crate::storage) fn resource(
    bucket: Option<&str>,
    key: &str,
    query: &[(&str, &str)],
) -> String {
    let mut path = String::from("/");
    encode::percent_into(key, &PATH, &mut path);
    resource_of_path(bucket, &path, query)
}

/// The same from an encoded path that begins with the key's slash.
pub(in crate::storage) fn resource_of_path(
    bucket: Option<&str>,
    path: &str,
    query: &[(&str, &str)],
) -> String {
    let mut text = String::new();
    if let Some(bucket) = bucket {
        text.push('/');
        text.push_str(bucket);
    }
    text.push_str(path);
    let mut counted: Vec<_> = query
        .iter()
        .filter(|(name, _)| SUB_RESOURCES.contains(name))
        .collect();
    counted.sort_unstable();
    for (at, (name, value)) in counted.into_iter().enumerate() {
        text.push(if at == 0 { '?' } else { '&' });
        text.push_str(name);
        // `?uploads` stands alone, `?versionId=` with its value, even an empty one of a response override.
        if !value.is_empty() || name.starts_with("response-") {
            text.push('=');
            text.push_str(value);
        }
    }
    text
}

fn string_to_sign(method: &str, headers: &[(&str, &str)], date: &str, resource: &str) -> String {
    let header = |wanted: &str| {
        let found = headers.iter().find(|(name, _)| *name == wanted);
        found.map_or("", |(_, value)| *value)
    };
    let mut text = format!(
        "{method}\n{}\n{}\n{date}\n",
        header("content-md5"),
        header("content-type")
    );
    let mut amazons: Vec<_> = headers
        .iter()
        .filter(|(name, _)| name.starts_with("x-amz-"))
        .collect();
    amazons.sort_unstable();
    for (name, value) in amazons {
        text.push_str(name);
        text.push(':');
        text.push_str(value);
        text.push('\n');
    }
    text.push_str(resource);
    text
}

#[allow(
    clippy::expect_used,
    reason = "a MAC over a hash takes keys of every length"
)]
fn signature(secret: &str, text: &str) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).expect("any length");
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
