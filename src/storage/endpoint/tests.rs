//! The table of hosts, and what is refused.

use Addressing::{Auto, Default, Path, Virtual};

use super::*;

fn endpoint(
    url: Option<&str>,
    region: Option<&str>,
    addressing: Addressing,
) -> Result<Endpoint, StorageError> {
    let config = StorageConfig {
        endpoint: url.map(str::to_owned),
        addressing,
        ..StorageConfig::default()
    };
    Endpoint::new(&config, region.map(str::to_owned))
}

const MINIO: Option<&str> = Some("http://localhost:9000/base/");

/// Endpoint, region, addressing, bucket, URL of requests, URL of links (`=` for the same).
type Row = (
    Option<&'static str>,
    Option<&'static str>,
    Addressing,
    &'static str,
    &'static str,
    &'static str,
);

const HOSTS: &[Row] = &[
    (
        None,
        None,
        Default,
        "media",
        "https://media.s3.amazonaws.com",
        "=",
    ),
    (
        None,
        Some("eu-west-3"),
        Auto,
        "media",
        "https://media.s3.eu-west-3.amazonaws.com",
        "https://media.s3.amazonaws.com",
    ),
    (
        None,
        Some("eu-west-3"),
        Virtual,
        "media",
        "https://media.s3.eu-west-3.amazonaws.com",
        "=",
    ),
    (
        None,
        Some("eu-west-3"),
        Default,
        "my.dotted",
        "https://s3.eu-west-3.amazonaws.com/my.dotted",
        "=",
    ),
    (
        None,
        Some("eu-west-3"),
        Default,
        "Upper",
        "https://s3.eu-west-3.amazonaws.com/Upper",
        "https://s3.amazonaws.com/Upper",
    ),
    (
        None,
        Some("cn-north-1"),
        Default,
        "media",
        "https://media.s3.cn-north-1.amazonaws.com.cn",
        "=",
    ),
    (
        None,
        Some("us-gov-west-1"),
        Default,
        "media",
        "https://media.s3.us-gov-west-1.amazonaws.com",
        "=",
    ),
    (
        None,
        Some("us-west-2"),
        Default,
        "b--usw2-az1--x-s3",
        "https://b--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com",
        "=",
    ),
    (
        None,
        None,
        Default,
        "arn:aws:s3:us-west-2:123456789012:accesspoint/here",
        "https://here-123456789012.s3-accesspoint.us-west-2.amazonaws.com",
        "=",
    ),
    (
        MINIO,
        None,
        Default,
        "media",
        "http://localhost:9000/base/media",
        "=",
    ),
    (
        MINIO,
        None,
        Path,
        "media",
        "http://localhost:9000/base/media",
        "=",
    ),
    (
        MINIO,
        None,
        Virtual,
        "media",
        "http://media.localhost:9000/base",
        "=",
    ),
    (
        MINIO,
        None,
        Virtual,
        "ab",
        "http://localhost:9000/base/ab",
        "=",
    ),
    (
        Some("http://[::1]:9000"),
        None,
        Virtual,
        "media",
        "http://[::1]:9000/media",
        "=",
    ),
];

#[test]
fn hosts_follow_region_bucket_and_addressing() {
    for (url, region, addressing, bucket, request, link) in HOSTS {
        let endpoint = endpoint(*url, *region, *addressing).expect("endpoint");
        let of = |purpose| {
            endpoint
                .target(Some(bucket), purpose)
                .expect("target")
                .url()
        };
        assert_eq!(of(Purpose::Request), *request);
        let link = if *link == "=" { request } else { link };
        assert_eq!(of(Purpose::Link), *link, "link to {bucket}");
    }
}

#[test]
fn what_cannot_be_a_host_is_refused() {
    for url in [
        "minio.example.com",
        "ftp://x",
        "https://",
        "",
        "//x",
        "https://exa mple.com",
        "https://under_score.com",
        "https://user:word@x",
        "https://s3.example.com/?x=1",
    ] {
        let error = endpoint(Some(url), None, Addressing::Default).expect_err(url);
        assert_eq!(error.kind, ErrorKind::Invalid);
    }
    for region in ["", "eu west", "-bad", "eu-west-1.evil.example.com"] {
        assert!(endpoint(None, Some(region), Addressing::Default).is_err());
    }
    let endpoint = endpoint(None, None, Addressing::Default).expect("endpoint");
    for bucket in ["", "bad bucket", "a/b", "arn:aws:sns:us-east-1:1:x"] {
        assert!(endpoint.target(Some(bucket), Purpose::Request).is_err());
    }
}

#[test]
fn a_learned_region_holds_for_its_bucket_only() {
    let endpoint = endpoint(None, Some("eu-west-1"), Addressing::Default).expect("endpoint");
    assert!(endpoint.learn("media", "eu-west-3"));
    assert!(!endpoint.learn("media", "eu-west-3"), "no news");
    assert!(!endpoint.learn("media", "evil.example.com/"), "no region");
    let region = |bucket| {
        endpoint
            .target(Some(bucket), Purpose::Request)
            .expect("target")
            .region
    };
    assert_eq!(region("media"), "eu-west-3");
    assert_eq!(region("other"), "eu-west-1");
    assert_eq!(endpoint.region(), "eu-west-1");
}

#[test]
fn a_port_that_the_scheme_implies_is_not_signed() {
    for (url, host) in [
        ("https://h.example:443", "h.example"),
        ("http://h.example:80", "h.example"),
        ("http://h.example:443", "h.example:443"),
        ("https://h.example:8443", "h.example:8443"),
    ] {
        let endpoint = endpoint(Some(url), None, Addressing::Path).expect("endpoint");
        let target = endpoint
            .target(Some("media"), Purpose::Request)
            .expect("target");
        assert_eq!(target.host_header(), host);
    }
}
