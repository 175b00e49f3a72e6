//! Requests in words, and as commands.

use std::sync::Arc;

use super::*;
use crate::domain::ErrorKind;

fn exchange(operation: &'static str, method: &str, key: &str, query: &str) -> Exchange {
    Exchange {
        number: 7,
        connection: Arc::from("media"),
        began_ms: 0,
        operation,
        method: method.to_owned(),
        is_tls: false,
        host: "localhost:9000".to_owned(),
        bucket: "b".to_owned(),
        key: key.to_owned(),
        path: format!("/b/{}", key.replace(' ', "%20")),
        query: query.to_owned(),
        headers: vec![("range".to_owned(), "bytes=0-9".to_owned())],
        signature: Signature::Version4 {
            region: "eu-west-1".to_owned(),
            service: "s3".to_owned(),
        },
        has_token: true,
        attempt: 2,
        sent_bytes: 0,
        received_bytes: 10,
        first_byte_us: Some(900),
        total_us: Some(1_240_000),
        end: ExchangeEnd::Answered(403),
        request_id: Some("R1".to_owned()),
        host_id: None,
        code: Some("AccessDenied".to_owned()),
    }
}

#[test]
fn curl_sends_the_same_and_holds_no_key() {
    assert_eq!(
        sent(&exchange("GetObject", "GET", "it's a.txt", "versionId=3")),
        "curl -sS --aws-sigv4 aws:amz:eu-west-1:s3 --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" \
         -H \"x-amz-security-token: $AWS_SESSION_TOKEN\" -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' \
         -H 'range: bytes=0-9' 'http://localhost:9000/b/it'\\''s%20a.txt?versionId=3'"
    );
    let mut open = exchange("HeadObject", "HEAD", "k", "");
    open.signature = Signature::None;
    open.headers.clear();
    assert_eq!(sent(&open), "curl -sS -I http://localhost:9000/b/k");
    open.signature = Signature::Version2;
    assert_eq!(curl(&open), None);
}

fn sent(exchange: &Exchange) -> String {
    curl(exchange).expect("a command")
}

#[test]
fn curl_frames_a_body_as_the_server_wants_it() {
    let mut put = exchange("PutObject", "PUT", "k", "");
    put.headers = vec![
        (
            "content-encoding".to_owned(),
            "gzip, aws-chunked".to_owned(),
        ),
        (
            "x-amz-sdk-checksum-algorithm".to_owned(),
            "CRC32".to_owned(),
        ),
    ];
    put.sent_bytes = 3;
    let command = sent(&put);
    assert!(
        command.contains(" -H 'content-encoding: gzip' -T FILE "),
        "{command}"
    );
    assert!(!command.contains("-X PUT") && !command.contains("sdk-checksum"));
    let cli = amazon_cli(&put).expect("a command");
    assert!(cli.contains("--content-encoding gzip --body FILE"), "{cli}");

    let mut copied = exchange("CopyObject", "PUT", "k", "");
    copied.headers = vec![("x-amz-copy-source".to_owned(), "/b/a".to_owned())];
    assert!(sent(&copied).contains("-X PUT") && sent(&copied).contains("'content-length: 0'"));

    let mut delete = exchange("DeleteObjects", "POST", "", "delete");
    delete.headers = vec![
        (
            "x-amz-sdk-checksum-algorithm".to_owned(),
            "CRC32".to_owned(),
        ),
        ("x-amz-checksum-crc32".to_owned(), "AAAAAA==".to_owned()),
    ];
    delete.sent_bytes = 80;
    let command = sent(&delete);
    assert!(command.contains("x-amz-sdk-checksum-algorithm: CRC32"));
    assert!(
        command
            .ends_with("-H 'content-type: application/xml' --data-binary @FILE 'http://localhost:9000/b/?delete='"),
        "{command}"
    );
}

#[test]
fn older_curls_sign_what_is_written_so_it_is_written_in_order() {
    let mut list = exchange(
        "ListObjectsV2",
        "GET",
        "",
        "prefix=a%2F&list-type=2&fetch-owner",
    );
    list.headers.clear();
    assert!(
        sent(&list).ends_with("'http://localhost:9000/b/?fetch-owner=&list-type=2&prefix=a%2F'"),
        "{}",
        sent(&list)
    );
    let up = sent(&exchange("GetObject", "GET", "a/../b", ""));
    assert!(up.starts_with("curl -sS --path-as-is "), "{up}");
}

#[test]
fn the_cli_sends_one_page_and_takes_values_that_begin_with_a_dash() {
    let mut list = exchange(
        "ListObjectsV2",
        "GET",
        "",
        "list-type=2&max-keys=1000&continuation-token=t%2F1&prefix=-a",
    );
    list.headers.clear();
    let cli = amazon_cli(&list).expect("a command");
    assert!(
        cli.contains("--prefix=-a --max-keys 1000 --continuation-token t/1"),
        "{cli}"
    );
    // Its own counting of pages excludes both.
    assert!(!cli.contains("--max-items"));
    let mut asked = exchange("GetObjectAttributes", "GET", "k", "attributes");
    asked.headers = vec![(
        "x-amz-object-attributes".to_owned(),
        "ETag,ObjectSize".to_owned(),
    )];
    let cli = amazon_cli(&asked).expect("a command");
    assert!(cli.contains("--object-attributes ETag ObjectSize"), "{cli}");
    list.host = "b.s3.dualstack.eu-west-1.amazonaws.com".to_owned();
    list.is_tls = true;
    let cli = amazon_cli(&list).expect("a command");
    assert!(
        cli.ends_with("--endpoint-url https://s3.dualstack.eu-west-1.amazonaws.com"),
        "{cli}"
    );
}

#[test]
fn the_cli_means_the_same() {
    assert_eq!(
        amazon_cli(&exchange("GetObject", "GET", "it's a.txt", "versionId=3")).as_deref(),
        Some(
            "aws s3api get-object --bucket b --key 'it'\\''s a.txt' --version-id 3 --range bytes=0-9 FILE \
             --region eu-west-1 --endpoint-url http://localhost:9000"
        )
    );
    let mut list = exchange(
        "ListObjectsV2",
        "GET",
        "",
        "list-type=2&max-keys=1&prefix=a%2Fb%20c",
    );
    list.headers.clear();
    list.host = "b.s3.eu-west-1.amazonaws.com".to_owned();
    list.path = "/".to_owned();
    assert_eq!(
        amazon_cli(&list).as_deref(),
        Some(
            "aws s3api list-objects-v2 --bucket b --prefix 'a/b c' --max-keys 1 --region eu-west-1"
        )
    );
    let mut virtual_host = exchange("HeadBucket", "HEAD", "", "");
    virtual_host.headers.clear();
    virtual_host.host = "b.store.example".to_owned();
    virtual_host.path = "/".to_owned();
    let command = amazon_cli(&virtual_host).unwrap();
    assert!(
        command.ends_with("--endpoint-url http://store.example"),
        "{command}"
    );
    let mut other = exchange("InstanceMetadata", "GET", "", "");
    other.bucket.clear();
    assert_eq!(amazon_cli(&other), None);
    let mut caller = exchange("GetCallerIdentity", "POST", "", "");
    caller.bucket.clear();
    caller.host = "sts.eu-west-1.amazonaws.com".to_owned();
    assert_eq!(
        amazon_cli(&caller).as_deref(),
        Some("aws sts get-caller-identity --region eu-west-1")
    );
}

#[test]
fn words_say_what_happened() {
    let mut own = exchange("GetObject", "GET", "a\nb", "");
    assert_eq!(
        (subject(&own), outcome(&own), began(&own)),
        (
            "b/a\\nb".to_owned(),
            "403 AccessDenied".to_owned(),
            "1970-01-01 00:00:00.000 UTC".to_owned()
        )
    );
    assert!(
        meaning(&own).is_some_and(|(cause, next)| cause.contains("policy") && !next.is_empty())
    );
    own.code = None;
    assert!(meaning(&own).is_some_and(|(cause, _)| cause.starts_with("Refused without a code")));
    own.end = ExchangeEnd::Broken {
        kind: ErrorKind::Unreachable,
        status: None,
        message: "Connection refused (os error 111)".to_owned(),
    };
    assert_eq!(outcome(&own), "no answer");
    assert!(meaning(&own).is_some_and(|(cause, _)| cause.contains("refused")));
    own.end = ExchangeEnd::Answered(200);
    assert_eq!((outcome(&own).as_str(), meaning(&own)), ("200", None));
    assert_eq!(
        (time(840), time(38_400), time(61_000_000)),
        (
            "840 µs".to_owned(),
            "38 ms".to_owned(),
            "61.00 s".to_owned()
        )
    );
}
