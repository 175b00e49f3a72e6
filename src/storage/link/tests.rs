//! Links as boto3 makes them from the same settings at the same second.

use super::*;
use crate::domain::{Addressing, CloudFrontKey, CredentialSpec, LinkRules, Secret, StorageConfig};

/// 2023-03-15T12:34:56Z.
const NOW: Timestamp = Timestamp(1_678_883_696);
const TOKEN: &str = "FwoGZXIvYXdzEXAMPLETOKEN//////////wEaDEX+abc/def==";

fn with_keys(bucket: &str, token: Option<&str>) -> StorageConfig {
    StorageConfig {
        bucket: Some(bucket.to_owned()),
        // Else the environment of whoever runs the test would choose.
        region: Some("us-east-1".to_owned()),
        credentials: CredentialSpec::Keys {
            access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret_key: Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            token: token.map(Secret::new),
        },
        ..StorageConfig::default()
    }
}

fn request(key: &str, parameters: &[(&str, &str)]) -> LinkRequest {
    LinkRequest {
        parameters: parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..LinkRequest::new(Key::new(key))
    }
}

async fn link(config: StorageConfig, request: &LinkRequest) -> Result<SignedLink, StorageError> {
    let storage = Storage::connect(config).await.expect("connection");
    storage.sign_link(request, NOW).await
}

type Case = (
    StorageConfig,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

fn version_4_cases() -> Vec<Case> {
    vec![
        (
            StorageConfig {
                region: Some("eu-west-1".to_owned()),
                signature: SignatureVersion::V4,
                ..with_keys("my-bucket", None)
            },
            "ünïcödé/файл.txt",
            &[],
            "https://my-bucket.s3.amazonaws.com/%C3%BCn%C3%AFc%C3%B6d%C3%A9/%D1%84%D0%B0%D0%B9%D0%BB.txt?\
             X-Amz-Algorithm=AWS4-HMAC-SHA256&\
             X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20230315%2Feu-west-1%2Fs3%2Faws4_request&\
             X-Amz-Date=20230315T123456Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&\
             X-Amz-Signature=69fcf1ccbe8f813e109315069795333533fdb0b71b46dd08c8a55abf16f8eb3e",
        ),
        (
            StorageConfig {
                region: Some("eu-west-1".to_owned()),
                signature: SignatureVersion::V4,
                ..with_keys("my-bucket", None)
            },
            "doc/résumé 1.pdf",
            &[(
                "ResponseContentDisposition",
                "attachment; filename=\"a b+c.txt\"",
            )],
            "https://my-bucket.s3.amazonaws.com/doc/r%C3%A9sum%C3%A9%201.pdf?\
             response-content-disposition=attachment%3B%20filename%3D%22a%20b%2Bc.txt%22&\
             X-Amz-Algorithm=AWS4-HMAC-SHA256&\
             X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20230315%2Feu-west-1%2Fs3%2Faws4_request&\
             X-Amz-Date=20230315T123456Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&\
             X-Amz-Signature=b1304d5a2c78fa745b0a985debc9adaa14d5c426fdfc3754fcca572b7f67ca96",
        ),
        (
            StorageConfig {
                region: Some("eu-west-1".to_owned()),
                signature: SignatureVersion::V4,
                ..with_keys("my-bucket", None)
            },
            "doc/résumé 1.pdf",
            &[
                ("SSECustomerAlgorithm", "AES256"),
                ("SSECustomerKey", "0123456789abcdef0123456789abcdef"),
            ],
            "https://my-bucket.s3.amazonaws.com/doc/r%C3%A9sum%C3%A9%201.pdf?\
             X-Amz-Algorithm=AWS4-HMAC-SHA256&\
             X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20230315%2Feu-west-1%2Fs3%2Faws4_request&\
             X-Amz-Date=20230315T123456Z&X-Amz-Expires=3600&\
             X-Amz-SignedHeaders=host%3Bx-amz-server-side-encryption-customer-algorithm%3Bx-amz-server-side-encryption-customer-key%3Bx-amz-server-side-encryption-customer-key-md5&\
             X-Amz-Signature=d4c517e3b99a8170999fbf10dbff5ebbeb9c39ded6db8f2b4417690f12d7a8ab",
        ),
        (
            StorageConfig {
                signature: SignatureVersion::V4,
                ..with_keys("my-bucket", Some(TOKEN))
            },
            "file.txt",
            &[
                ("ResponseContentType", "text/plain; charset=utf-8"),
                ("VersionId", "v1+/="),
            ],
            "https://my-bucket.s3.amazonaws.com/file.txt?\
             response-content-type=text%2Fplain%3B%20charset%3Dutf-8&versionId=v1%2B%2F%3D&\
             X-Amz-Algorithm=AWS4-HMAC-SHA256&\
             X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20230315%2Fus-east-1%2Fs3%2Faws4_request&\
             X-Amz-Date=20230315T123456Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&\
             X-Amz-Security-Token=FwoGZXIvYXdzEXAMPLETOKEN%2F%2F%2F%2F%2F%2F%2F%2F%2F%2FwEaDEX%2Babc%2Fdef%3D%3D&\
             X-Amz-Signature=4bdae78341f3de8525297c23e3dbd060011ee93a54bedb870f9f9a0e5a60f593",
        ),
        (
            StorageConfig {
                endpoint: Some("https://minio.example.com:443".to_owned()),
                signature: SignatureVersion::V4,
                ..with_keys("my-bucket", None)
            },
            "dir/a b.txt",
            &[],
            "https://minio.example.com:443/my-bucket/dir/a%20b.txt?\
             X-Amz-Algorithm=AWS4-HMAC-SHA256&\
             X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20230315%2Fus-east-1%2Fs3%2Faws4_request&\
             X-Amz-Date=20230315T123456Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&\
             X-Amz-Signature=23af0ef0098e819d3a35a837820911d7a8deb80dfe1f962d76314446d173d544",
        ),
        (
            StorageConfig {
                region: Some("cn-north-1".to_owned()),
                use_ssl: false,
                signature: SignatureVersion::V4,
                ..with_keys("my-bucket", None)
            },
            "file.txt",
            &[],
            "http://my-bucket.s3.cn-north-1.amazonaws.com.cn/file.txt?\
             X-Amz-Algorithm=AWS4-HMAC-SHA256&\
             X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20230315%2Fcn-north-1%2Fs3%2Faws4_request&\
             X-Amz-Date=20230315T123456Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&\
             X-Amz-Signature=0976c48a094897361a1bf5a692e81adae442e03d59e4c16d13d073b8351534bc",
        ),
    ]
}

fn version_2_cases() -> Vec<Case> {
    vec![
        (
            StorageConfig {
                signature: SignatureVersion::V2,
                ..with_keys("my-bucket", Some(TOKEN))
            },
            "a b/é.txt",
            &[
                ("ResponseContentType", "text/plain; charset=utf-8"),
                ("VersionId", "v1+/="),
            ],
            "https://my-bucket.s3.amazonaws.com/a%20b/%C3%A9.txt?\
             response-content-type=text%2Fplain%3B%20charset%3Dutf-8&versionId=v1%2B%2F%3D&\
             AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=DiokbnuxwpiIY0WkKsKidiuwhfw%3D&\
             x-amz-security-token=FwoGZXIvYXdzEXAMPLETOKEN%2F%2F%2F%2F%2F%2F%2F%2F%2F%2FwEaDEX%2Babc%2Fdef%3D%3D&\
             Expires=1678887296",
        ),
        (
            StorageConfig {
                region: Some("eu-west-1".to_owned()),
                signature: SignatureVersion::V2,
                ..with_keys("my-bucket", None)
            },
            "doc/résumé 1.pdf",
            &[("ExpectedBucketOwner", "123456789012")],
            "https://my-bucket.s3.amazonaws.com/doc/r%C3%A9sum%C3%A9%201.pdf?\
             AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=XehxhHjRfjALXs8cHd5m4rO4mS4%3D&\
             x-amz-expected-bucket-owner=123456789012&Expires=1678887296",
        ),
        (
            StorageConfig {
                region: Some("us-east-1".to_owned()),
                signature: SignatureVersion::V2,
                ..with_keys(
                    "arn:aws:s3:us-west-2:123456789012:accesspoint/myendpoint",
                    None,
                )
            },
            "k/file.txt",
            &[],
            "https://myendpoint-123456789012.s3-accesspoint.us-west-2.amazonaws.com/k/file.txt?\
             AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=XoG15OK0fzt4FPYHTXKbXscGRdc%3D&\
             Expires=1678887296",
        ),
        (
            StorageConfig {
                endpoint: Some("https://s3.example.com:8443/base/path".to_owned()),
                addressing: Addressing::Virtual,
                ..with_keys("my-bucket", None)
            },
            "dir/a b.txt",
            &[],
            "https://my-bucket.s3.example.com:8443/base/path/dir/a%20b.txt?\
             AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=0ZaPIsO%2BKBm0Z1g0s5T9Acm7RXo%3D&\
             Expires=1678887296",
        ),
    ]
}

#[tokio::test]
async fn signed_links_are_those_of_boto3() {
    for (config, key, parameters, url) in version_4_cases().into_iter().chain(version_2_cases()) {
        let link = link(config, &request(key, parameters)).await.expect(key);
        assert_eq!(link.url, url);
        assert_eq!(link.end, LinkEnd::Lifetime);
        assert_eq!(link.works_until, Some(NOW.plus_secs(3600)));
    }
}

#[tokio::test]
async fn the_region_chooses_the_version() {
    for (region, version) in [
        (Some("aws-global"), SignatureVersion::V2),
        (Some("eu-west-1"), SignatureVersion::V2),
        (Some("us-gov-east-1"), SignatureVersion::V2),
        (Some("eu-west-3"), SignatureVersion::V4),
        (Some("auto"), SignatureVersion::V4),
    ] {
        let mut config = with_keys("media", None);
        config.region = region.map(str::to_owned);
        let storage = Storage::connect(config).await.expect("connection");
        assert_eq!(storage.link_signature(), version, "{region:?}");
    }
}

#[tokio::test]
async fn a_link_does_not_outlive_the_session_that_signed_it() {
    let now = Timestamp::now();
    for (session_secs, lifetime, end, works) in [
        (600, 3600, LinkEnd::Session, 600),
        (7200, 3600, LinkEnd::Lifetime, 3600),
    ] {
        let mut storage = Storage::connect(with_keys("media", None))
            .await
            .expect("connection");
        let ends = std::time::UNIX_EPOCH
            + std::time::Duration::from_secs(now.plus_secs(session_secs).0 as u64);
        let keys = aws_credential_types::Credentials::new("AKIA", "s", None, Some(ends), "test");
        let core = std::sync::Arc::get_mut(&mut storage.core).expect("the only one");
        core.keyring = credentials::Keyring::of(keys);
        let request = LinkRequest {
            expires_secs: Some(lifetime),
            ..request("a", &[])
        };
        let link = storage.sign_link(&request, now).await.expect("link");
        assert_eq!(
            (link.end, link.works_until),
            (end, Some(now.plus_secs(works)))
        );
    }
}

#[tokio::test]
async fn plain_links_need_no_credentials_and_do_not_end() {
    let mut config = with_keys("media", None);
    config.credentials = CredentialSpec::Anonymous;
    config.links.signed = false;
    config.region = Some("eu-west-1".to_owned());
    let link = link(config, &request("p/q r.txt", &[("VersionId", "a b")]))
        .await
        .expect("link");
    assert_eq!(
        link.url,
        "https://media.s3.amazonaws.com/p/q%20r.txt?versionId=a b"
    );
    assert_eq!((link.works_until, link.end), (None, LinkEnd::Never));
}

#[tokio::test]
async fn unknown_parameters_and_empty_keys_are_refused() {
    for request in [
        request("", &[]),
        request("a", &[("NoSuchParam", "x")]),
        request("a", &[("PartNumber", "three")]),
    ] {
        let error = link(with_keys("media", None), &request)
            .await
            .expect_err("must be refused");
        assert_eq!(
            (error.kind, error.operation),
            (ErrorKind::Invalid, Operation::Link)
        );
    }
}

/// Made for this test, used nowhere else; the same key in both forms.
const PKCS1: &str = "MIICXAIBAAKBgQDZJ0t/FB7QIOcNOsQDW3+tBuX9RE4bsxIOYpDx8UdOij0MgY2E8z29pA5sKlsrLIOyGcVW5QI1imWKaaQR\
    xdVka2fqil8qxPMu2v90KodGnOq5lWznipfe1srP6cmueMyE1rhxo/4+ugVz3I6fchuk6U0o7dPRTkdX4Z7uBaYJOwIDAQAB\
    AoGAN0xTZGQKSLPoQq0xVy2IwNYd4TXwsgsS0Qj2ojXwE6cOTs367N1IXq+VYKQUnVTzoHoBj9Q3kMzSeMHYHxKC+VwWGsjf\
    /2s3M0KwIOqYfXotaxTwXugLHMhn/vJy7ihWzmHauNqDq2pEH4LwDDEbsXar2AEaCXmPNpMKSMXYMKkCQQD+bDMxhRJc2Yuq\
    EPTydDWO8zlXzqhh4IbBwOfwICDd4R8M+IO5zFdmeWUFRg8ZPcCPHIqNcOWl7Jsm0u9tInO9AkEA2n/xtsdYlWdDWhywqYyp\
    Sc69dHcOisATK2BWqGlBmBUQVlWKGPEIwIKgrBBL+hIdMderkbuWymmtALtHAuTEVwJAXk7zRwbhwKMvPzIb6gejlsKX3fGP\
    vwBAU2/TSdJO/JAnN2KjSWrydtzG0oaesCeQyju1LCrOJYwoEuMbtyOPLQJAJTUUXCOmGgrzlSy9iKHDUiY6bNK5TzdWDFTj\
    bNo/qT4tAgae9ZBWBTI5WhOMXJEpF4u6U562FtHX+//oH74FEQJBALMxfISwMZqknq1FtedFmN2GHimWr9oSw7vmKCujY6t/\
    yeKYnvzLvspUpYWjrQeN2bXtqmvQJONoREYXWGn7vfA=";
const PKCS8: &str = "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBANknS38UHtAg5w06xANbf60G5f1EThuzEg5ikPHxR06KPQyB\
    jYTzPb2kDmwqWyssg7IZxVblAjWKZYpppBHF1WRrZ+qKXyrE8y7a/3Qqh0ac6rmVbOeKl97Wys/pya54zITWuHGj/j66BXPc\
    jp9yG6TpTSjt09FOR1fhnu4Fpgk7AgMBAAECgYA3TFNkZApIs+hCrTFXLYjA1h3hNfCyCxLRCPaiNfATpw5Ozfrs3Uher5Vg\
    pBSdVPOgegGP1DeQzNJ4wdgfEoL5XBYayN//azczQrAg6ph9ei1rFPBe6AscyGf+8nLuKFbOYdq42oOrakQfgvAMMRuxdqvY\
    ARoJeY82kwpIxdgwqQJBAP5sMzGFElzZi6oQ9PJ0NY7zOVfOqGHghsHA5/AgIN3hHwz4g7nMV2Z5ZQVGDxk9wI8cio1w5aXs\
    mybS720ic70CQQDaf/G2x1iVZ0NaHLCpjKlJzr10dw6KwBMrYFaoaUGYFRBWVYoY8QjAgqCsEEv6Eh0x16uRu5bKaa0Au0cC\
    5MRXAkBeTvNHBuHAoy8/MhvqB6OWwpfd8Y+/AEBTb9NJ0k78kCc3YqNJavJ23MbShp6wJ5DKO7UsKs4ljCgS4xu3I48tAkAl\
    NRRcI6YaCvOVLL2IocNSJjps0rlPN1YMVONs2j+pPi0CBp71kFYFMjlaE4xckSkXi7pTnrYW0df7/+gfvgURAkEAszF8hLAx\
    mqSerUW150WY3YYeKZav2hLDu+YoK6Njq3/J4pie/Mu+ylSlhaOtB43Zte2qa9Ak42hERhdYafu98A==";

fn distribution(pem: &str) -> StorageConfig {
    StorageConfig {
        links: LinkRules {
            custom_domain: Some("d111.cloudfront.net".to_owned()),
            cloudfront: Some(CloudFrontKey {
                id: "APKAEXAMPLE".to_owned(),
                pem: Secret::new(pem),
            }),
            ..LinkRules::default()
        },
        ..with_keys("media", None)
    }
}

#[tokio::test]
async fn cloudfront_links_carry_the_signature_openssl_makes() {
    let pems = [
        format!("-----BEGIN RSA PRIVATE KEY-----\r\n{PKCS1}\r\n-----END RSA PRIVATE KEY-----"),
        format!("# mine\n-----BEGIN PRIVATE KEY----- {PKCS8} -----END PRIVATE KEY-----\n"),
    ];
    for pem in pems {
        let link = link(distribution(&pem), &request("a b/ü.mp4", &[("v", "1")]))
            .await
            .expect("link");
        assert_eq!(
            link.url,
            "https://d111.cloudfront.net/a%20b/%C3%BC.mp4?v=1&Expires=1678887296&\
             Signature=k8ohtHn3q8AtxVCIys57-n4Q~yRiy7l5DtoQLvYCoFKC3dGHjXeFh9fsOZj2Ic3ZXDRPX60Xgqjse31Z\
             d4d1BixU31ff3Fp6MCHXBurZZ6q-2RUFpKnfkbqg5vIMphS-X0hgREHk7iyjwWL8MsA816pPQBqmCTEqakHSg6o48GQ_\
             &Key-Pair-Id=APKAEXAMPLE"
        );
        assert_eq!(link.works_until, Some(NOW.plus_secs(3600)));
    }
}

#[tokio::test]
async fn unusable_private_keys_are_refused_without_being_shown() {
    for pem in [
        "/path/to/key.pem",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\\nAAAA\\n-----END RSA PRIVATE KEY-----",
    ] {
        let error = link(distribution(pem), &request("a", &[]))
            .await
            .expect_err("must be refused");
        assert_eq!(error.kind, ErrorKind::Invalid);
        assert!(!format!("{error:?}").contains("AAAA"));
    }
}

#[tokio::test]
async fn custom_domains_keep_more_marks_and_know_no_bucket() {
    let mut config = distribution("");
    config.bucket = None;
    config.links.cloudfront = None;
    config.links.url_protocol = "http:".to_owned();
    let link = link(
        config,
        &request("a b\\c!*'().txt", &[("q", "b c&"), ("e", "")]),
    )
    .await
    .expect("link");
    assert_eq!(
        link.url,
        "http://d111.cloudfront.net/a%20b/c!*'().txt?q=b+c%26&e="
    );
    assert_eq!(link.end, LinkEnd::Never);
}
