//! Codes, statuses and chains of errors become kinds.

use std::io;

use super::*;

#[test]
fn code_goes_before_status() {
    for (status, code, operation, kind) in [
        (
            404,
            Some("NoSuchBucket"),
            Operation::Get,
            ErrorKind::NoSuchBucket,
        ),
        (404, None, Operation::Head, ErrorKind::NoSuchKey),
        (404, None, Operation::List, ErrorKind::NoSuchBucket),
        (
            403,
            Some("SignatureDoesNotMatch"),
            Operation::List,
            ErrorKind::BadCredentials,
        ),
        (
            403,
            Some("RequestTimeTooSkewed"),
            Operation::List,
            ErrorKind::ClockSkew,
        ),
        (403, None, Operation::Head, ErrorKind::AccessDenied),
        (
            400,
            Some("ExpiredToken"),
            Operation::Head,
            ErrorKind::ExpiredCredentials,
        ),
        (503, Some("SlowDown"), Operation::Put, ErrorKind::Throttled),
        (503, None, Operation::Put, ErrorKind::Server),
        (501, Some("Odd"), Operation::Put, ErrorKind::Unsupported),
        (
            200,
            Some("InternalError"),
            Operation::Copy,
            ErrorKind::Server,
        ),
        (412, None, Operation::Put, ErrorKind::Conflict),
    ] {
        assert_eq!(kind_of(operation, status, code), kind, "{status} {code:?}");
    }
}

#[test]
fn a_region_in_the_answer_is_told() {
    let body = b"<?xml version=\"1.0\"?><Error><Code>AuthorizationHeaderMalformed</Code>\
        <Message>wrong</Message><Region>eu-west-3</Region><RequestId>R1</RequestId></Error>";
    let error = from_answer(Operation::List, "b", 400, &HeaderMap::new(), body);
    assert_eq!(error.kind, ErrorKind::WrongRegion);
    assert_eq!(error.region.as_deref(), Some("eu-west-3"));
    assert_eq!(error.request_id.as_deref(), Some("R1"));

    let mut headers = HeaderMap::new();
    headers.insert(REGION, http::HeaderValue::from_static("eu-west-1"));
    let error = from_answer(Operation::Head, "b", 400, &headers, b"");
    assert_eq!(error.kind, ErrorKind::WrongRegion);
}

#[test]
fn a_bare_redirect_is_no_word_about_a_region() {
    let location = |to: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, http::HeaderValue::from_static(to));
        headers
    };
    let elsewhere = location("https://login@s3.example:9443/media?X-Amz-Signature=secret");
    let error = from_answer(Operation::List, "b", 301, &elsewhere, b"<html></html>");
    assert_eq!(error.kind, ErrorKind::Redirected);
    assert_eq!(error.host.as_deref(), Some("https://s3.example:9443"));

    let to_region = b"<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>";
    let error = from_answer(Operation::List, "b", 301, &elsewhere, to_region);
    assert_eq!((error.kind, error.host), (ErrorKind::WrongRegion, None));
    let error = from_answer(Operation::List, "b", 301, &location("/media/"), b"");
    assert_eq!(error.kind, ErrorKind::WrongRegion);
}

#[test]
fn wrapped_failures_are_found() {
    let refused = rustls::Error::General("no".to_owned());
    let wrapped = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, refused));
    assert_eq!(failure_in(&wrapped), Some(Failure::Tls));
    let late = io::Error::from(io::ErrorKind::TimedOut);
    assert_eq!(failure_in(&late), Some(Failure::TimedOut));
    let reset = io::Error::from(io::ErrorKind::ConnectionReset);
    assert_eq!(failure_in(&reset), Some(Failure::Unreachable));
}
