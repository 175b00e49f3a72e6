//! What of a request is kept: where it goes and what it asks for, never what it is signed with.
//!
//! Headers are kept by a list of those that are known to be harmless, so that one nobody thought of stays out. The
//! query keeps everything but the names that sign a link.

use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::naming;
use crate::domain::diagnosis::{Exchange, Signature};
use crate::domain::percent_decoded;
use crate::storage::endpoint::Endpoint;

/// Headers that say what is asked for and hold nothing secret.
const HEADERS: &[&str] = &[
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-md5",
    "content-type",
    "expires",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "range",
    "x-amz-acl",
    "x-amz-checksum-algorithm",
    "x-amz-checksum-crc32",
    "x-amz-checksum-crc32c",
    "x-amz-checksum-crc64nvme",
    "x-amz-checksum-mode",
    "x-amz-checksum-sha1",
    "x-amz-checksum-sha256",
    "x-amz-checksum-type",
    "x-amz-copy-source",
    "x-amz-copy-source-if-match",
    "x-amz-copy-source-range",
    "x-amz-expected-bucket-owner",
    "x-amz-metadata-directive",
    "x-amz-object-attributes",
    "x-amz-request-payer",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-storage-class",
    "x-amz-tagging-directive",
    "x-amz-target",
];

/// Parameters that sign, or stand for credentials, by the value that they have: `?policy` alone asks for a policy.
const SECRET_PARAMETERS: &[&str] = &[
    "awsaccesskeyid",
    "expires",
    "key-pair-id",
    "policy",
    "signature",
    "token",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-signature",
];

/// Where containers get their credentials; the path there is as good as a password.
const CONTAINER_HOSTS: &[&str] = &["169.254.170.2", "169.254.170.23"];

/// What is known when a request is sent. `form` is the beginning of its body when that is a form.
pub(super) fn exchange(
    connection: &Arc<str>,
    endpoint: &Endpoint,
    head: &Parts,
    form: Option<&[u8]>,
) -> Exchange {
    let host = head
        .uri
        .authority()
        .map_or("", |authority| authority.as_str());
    let path = head.uri.path();
    let query = unsigned_query(head.uri.query().unwrap_or_default());
    let names = endpoint.names_in(host, path);
    let (operation, place) = match (naming::elsewhere(head, form), names) {
        (Some(name), _) => (name, None),
        (None, Some((bucket, key))) => {
            let encoded_key = !key.is_empty();
            let name = naming::of(
                &head.method,
                !bucket.is_empty(),
                encoded_key,
                &query,
                &head.headers,
            );
            (name, Some((bucket, percent_decoded(key))))
        }
        (None, None) => (naming::OTHER, None),
    };
    let (bucket, key) = place.unwrap_or_default();
    let is_container = CONTAINER_HOSTS.contains(&head.uri.host().unwrap_or_default());
    Exchange {
        operation,
        method: head.method.to_string(),
        is_tls: head.uri.scheme_str() == Some("https"),
        host: host.to_owned(),
        bucket: bucket.to_owned(),
        key,
        path: if is_container { "/…" } else { path }.to_owned(),
        query: if is_container { String::new() } else { query },
        headers: headers(&head.headers),
        signature: (head.headers.get(AUTHORIZATION))
            .and_then(signature)
            .unwrap_or_default(),
        has_token: head.headers.contains_key("x-amz-security-token"),
        ..Exchange::blank(connection)
    }
}

/// How a request is signed, out of `AWS4-HMAC-SHA256 Credential=KEY/20260601/eu-west-1/s3/aws4_request` and `AWS KEY:…`.
fn signature(authorization: &HeaderValue) -> Option<Signature> {
    let text = authorization.to_str().ok()?;
    if text.starts_with("AWS ") {
        return Some(Signature::Version2);
    }
    let (_, credential) = text.split_once("Credential=")?;
    let mut parts = credential.split(',').next()?.rsplit('/');
    let [_, service, region] = [parts.next()?, parts.next()?, parts.next()?];
    Some(Signature::Version4 {
        region: region.to_owned(),
        service: service.to_owned(),
    })
}

fn headers(all: &HeaderMap) -> Vec<(String, String)> {
    let harmless = |name: &HeaderName| HEADERS.contains(&name.as_str());
    all.iter()
        .filter(|(name, value)| harmless(name) && !value.is_sensitive())
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect()
}

/// The query without what signs.
fn unsigned_query(query: &str) -> String {
    let signs = |pair: &&str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let secret = |secret: &&str| name.eq_ignore_ascii_case(secret);
        value.is_empty() || !SECRET_PARAMETERS.iter().any(secret)
    };
    if query.split('&').all(|pair| signs(&pair)) {
        return query.to_owned();
    }
    let kept: Vec<&str> = query.split('&').filter(signs).collect();
    kept.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Addressing, StorageConfig};

    fn endpoint(url: Option<&str>, addressing: Addressing, region: &str) -> Endpoint {
        let config = StorageConfig {
            endpoint: url.map(str::to_owned),
            addressing,
            ..StorageConfig::default()
        };
        Endpoint::new(&config, Some(region.to_owned())).expect("an endpoint")
    }

    fn kept(endpoint: &Endpoint, request: http::request::Builder) -> Exchange {
        let (head, ()) = request.body(()).expect("a request").into_parts();
        exchange(&Arc::from("c"), endpoint, &head, None)
    }

    #[test]
    fn bucket_and_key_are_found_in_host_or_path_exactly() {
        let custom = endpoint(Some("http://localhost:9000/s3"), Addressing::Default, "r");
        let amazon = endpoint(None, Addressing::Virtual, "eu-west-1");
        for (endpoint, url, bucket, key) in [
            (
                &custom,
                "http://localhost:9000/s3/media/a//b%2Fc%20d/",
                "media",
                "a//b/c d/",
            ),
            (
                &custom,
                "http://localhost:9000/s3/media/?list-type=2",
                "media",
                "",
            ),
            (&custom, "http://localhost:9000/s3/", "", ""),
            (&custom, "http://media.localhost:9000/s3/x", "media", "x"),
            (
                &amazon,
                "https://media.s3.eu-west-1.amazonaws.com//a",
                "media",
                "/a",
            ),
            (
                &amazon,
                "https://media.s3.us-east-2.amazonaws.com/a",
                "media",
                "a",
            ),
            (
                &amazon,
                "https://s3.eu-west-1.amazonaws.com/media/a",
                "media",
                "a",
            ),
            (
                &amazon,
                "https://b--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com/k",
                "b--usw2-az1--x-s3",
                "k",
            ),
            (&amazon, "http://169.254.169.254/latest/api/token", "", ""),
        ] {
            let found = kept(endpoint, http::Request::get(url));
            assert_eq!(
                (found.bucket.as_str(), found.key.as_str()),
                (bucket, key),
                "{url}"
            );
        }
    }

    #[test]
    fn the_scope_of_a_signature_is_kept_and_nothing_else_of_it() {
        let custom = endpoint(Some("http://localhost:9000"), Addressing::Default, "r");
        let request = http::Request::get("http://localhost:9000/b/k").header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=CANARY/20260601/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=CANARY",
        );
        let found = kept(&custom, request);
        let scope = Signature::Version4 {
            region: "eu-west-1".to_owned(),
            service: "s3".to_owned(),
        };
        assert_eq!(found.signature, scope);
        assert!(!found.has_token && !format!("{found:?}").contains("CANARY"));
        let request = http::Request::get("http://localhost:9000/b/k")
            .header("authorization", "AWS CANARY:CANARY=");
        let found = kept(&custom, request);
        assert_eq!(found.signature, Signature::Version2);
        assert!(!format!("{found:?}").contains("CANARY"));
    }

    #[test]
    fn nothing_that_signs_is_kept() {
        let custom = endpoint(Some("http://localhost:9000"), Addressing::Default, "r");
        let request = http::Request::get(
            "http://localhost:9000/b/k?versionId=3&X-Amz-Signature=CANARY&X-Amz-Security-Token=CANARY&Signature=CANARY&AWSAccessKeyId=CANARY",
        )
        .header("authorization", "CANARY")
        .header("x-amz-security-token", "CANARY")
        .header("x-amz-sso_bearer_token", "CANARY")
        .header("x-amz-server-side-encryption-customer-key", "CANARY")
        .header("x-amz-meta-note", "CANARY")
        .header("cookie", "CANARY")
        .header("range", "bytes=0-9");
        let found = kept(&custom, request);
        assert_eq!(found.query, "versionId=3");
        assert_eq!(
            found.headers,
            [("range".to_owned(), "bytes=0-9".to_owned())]
        );
        assert!(!format!("{found:?}").contains("CANARY"));

        // What asks for a policy has the name of what signs a link, and no value.
        for (query, name) in [
            ("policy", "GetBucketPolicy"),
            ("Policy=CANARY", "ListObjects"),
        ] {
            let url = format!("http://localhost:9000/b?{query}");
            let found = kept(&custom, http::Request::get(url));
            assert_eq!(found.operation, name);
            assert!(!format!("{found:?}").contains("CANARY"), "{found:?}");
        }

        let container = http::Request::get("http://169.254.170.2/v2/credentials/CANARY?id=CANARY");
        let found = kept(&custom, container);
        assert!(!format!("{found:?}").contains("CANARY"), "{found:?}");
    }
}
