//! Requests, listings and links as they go over the wire: signatures, keys, retries, refusals.

use cooperage::domain::{
    CredentialSpec, ErrorKind, Key, LinkEnd, ListSink, Prefix, Secret, SignatureVersion,
    StorageConfig, StorageError, Timestamp,
};
use cooperage::storage::{LinkRequest, ListRequest, PageEnd, Storage};

use super::support::fetch;
use super::support::fixtures::odd_keys;
use super::support::memory_s3::{ACCESS_KEY, BUCKET, Fault, MemoryS3, SECRET_KEY};
use super::support::scripted::{Reply, ScriptedServer};

/// Keeps what a listing gives.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) keys: Vec<String>,
    sizes: Vec<u64>,
    pub(super) folders: Vec<String>,
}

impl ListSink for Rows {
    fn object(&mut self, key: &str, size: u64, modified: Timestamp, etag: &str, _class: &str) {
        assert!(modified.0 >= 0 && !etag.contains('"'), "{key}");
        self.keys.push(key.to_owned());
        self.sizes.push(size);
    }

    fn folder(&mut self, prefix: &str) {
        self.folders.push(prefix.to_owned());
    }
}

pub(super) fn config(endpoint: &str) -> StorageConfig {
    StorageConfig {
        bucket: Some(BUCKET.to_owned()),
        region: Some("us-east-1".to_owned()),
        endpoint: Some(endpoint.to_owned()),
        credentials: keys(ACCESS_KEY, SECRET_KEY),
        // Whatever proxy the machine has, these servers are here.
        proxies: Some(Vec::new()),
        ..StorageConfig::default()
    }
}

fn keys(access_key: &str, secret_key: &str) -> CredentialSpec {
    CredentialSpec::Keys {
        access_key: access_key.to_owned(),
        secret_key: Secret::new(secret_key),
        token: None,
    }
}

pub(super) async fn connect(config: StorageConfig) -> Storage {
    Storage::connect(config).await.expect("a connection")
}

/// All pages of a listing, with the number of pages.
async fn list(
    storage: &Storage,
    mut request: ListRequest,
) -> Result<(Rows, Vec<PageEnd>), StorageError> {
    let (mut rows, mut ends) = (Rows::default(), Vec::new());
    loop {
        let end = storage.list_page(&request, &mut rows).await?;
        request.token = end.next.clone();
        ends.push(end);
        if request.token.is_none() {
            return Ok((rows, ends));
        }
    }
}

const EMPTY_PAGE: &str = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";

#[tokio::test]
async fn odd_keys_are_listed_exactly_page_by_page() {
    let server = MemoryS3::start();
    server.put_keys(odd_keys());
    server.behave(|behaviour| behaviour.page_cap = 7);
    let storage = connect(config(&server.endpoint())).await;
    let (rows, ends) = list(&storage, ListRequest::all("")).await.unwrap();
    assert_eq!(rows.keys, server.keys());
    assert_eq!(ends.len(), server.keys().len().div_ceil(7));
    assert!(ends.iter().all(|end| end.objects <= 7 && end.folders == 0));
}

#[tokio::test]
async fn a_folder_shows_its_own_rows_and_folders() {
    let server = MemoryS3::start();
    for key in ["a/", "a/1", "a/b/x", "a/b/y", "a//z", "a+b/1", "b"] {
        server.put(key, "12345");
    }
    let storage = connect(config(&server.endpoint())).await;
    for signature in [SignatureVersion::V4, SignatureVersion::V2] {
        let storage = connect(StorageConfig {
            signature,
            ..storage.config().clone()
        })
        .await;
        let (rows, ends) = list(&storage, ListRequest::folder(&Prefix::new("a/")))
            .await
            .unwrap();
        assert_eq!(rows.keys, ["a/", "a/1"]);
        assert_eq!(rows.folders, ["a//", "a/b/"]);
        assert_eq!(
            (ends[0].objects, ends[0].folders, ends[0].bytes),
            (2, 2, 10)
        );
    }
    let after = ListRequest {
        start_after: Some("a/b/x".to_owned()),
        ..ListRequest::all("a/")
    };
    assert_eq!(list(&storage, after).await.unwrap().0.keys, ["a/b/y"]);
}

#[tokio::test]
async fn passing_failures_are_tried_again_and_no_row_comes_twice() {
    let server = MemoryS3::start();
    server.put_keys(["a", "b", "c"]);
    let storage = connect(config(&server.endpoint())).await;
    let faults: [fn() -> Fault; 5] = [
        || Fault::Status(503, "SlowDown"),
        || Fault::Status(500, "InternalError"),
        || Fault::Reset,
        || Fault::CutBodyAfter(300),
        || Fault::ErrorInside("InternalError"),
    ];
    for spoilt in faults {
        let mut left = 2;
        server.fault(move |_| {
            left -= 1;
            (left >= 0).then(spoilt)
        });
        let (rows, _) = list(&storage, ListRequest::all("")).await.unwrap();
        assert_eq!(rows.keys, ["a", "b", "c"]);
    }
    server.forget_requests();
    server.fault(|_| Some(Fault::Status(503, "SlowDown")));
    let error = list(&storage, ListRequest::all("")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Throttled);
    assert_eq!(server.requests().len(), 4, "tries are limited");
}

#[tokio::test]
async fn refusals_say_why() {
    let server = MemoryS3::start();
    let good = config(&server.endpoint());
    let kind = async |config: StorageConfig| {
        let storage = connect(config).await;
        list(&storage, ListRequest::all("")).await.unwrap_err().kind
    };
    let wrong_secret = StorageConfig {
        credentials: keys(ACCESS_KEY, "not the secret"),
        ..good.clone()
    };
    assert_eq!(kind(wrong_secret).await, ErrorKind::BadCredentials);
    let wrong_bucket = StorageConfig {
        bucket: Some("elsewhere".to_owned()),
        ..good.clone()
    };
    assert_eq!(kind(wrong_bucket).await, ErrorKind::NoSuchBucket);
    let no_bucket = StorageConfig {
        bucket: None,
        ..good.clone()
    };
    assert_eq!(kind(no_bucket).await, ErrorKind::Invalid);
    let tls_to_plain = StorageConfig {
        endpoint: Some(server.endpoint().replace("http:", "https:")),
        ..good.clone()
    };
    assert_eq!(kind(tls_to_plain).await, ErrorKind::Tls);
    drop(server);
    assert_eq!(kind(good).await, ErrorKind::Unreachable);
}

#[tokio::test]
async fn a_web_page_or_a_repeated_token_is_no_listing() {
    let server = ScriptedServer::in_turn(vec![Reply::new(200, "<html>Welcome</html>")]);
    let storage = connect(config(&server.endpoint())).await;
    let error = list(&storage, ListRequest::all("")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unsupported);
    let error = storage.list_buckets().await.unwrap_err();
    assert_eq!((error.kind, error.status), (ErrorKind::Corrupt, Some(200)));

    let page = "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>a</Key></Contents>\
        <NextContinuationToken>again</NextContinuationToken></ListBucketResult>";
    let server = ScriptedServer::in_turn(vec![Reply::new(200, page)]);
    let storage = connect(config(&server.endpoint())).await;
    let error = list(&storage, ListRequest::all("")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Corrupt);
    assert_eq!(server.asked().len(), 2);

    let inside = Reply::error(200, "AccessDenied", "");
    let server = ScriptedServer::in_turn(vec![inside]);
    let storage = connect(config(&server.endpoint())).await;
    let error = list(&storage, ListRequest::all("")).await.unwrap_err();
    assert_eq!(
        (error.kind, error.status),
        (ErrorKind::AccessDenied, Some(200))
    );
}

fn scope(authorization: Option<&str>) -> String {
    let scope = authorization.and_then(|text| text.split('/').nth(2));
    scope.unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_region_is_learned_from_a_refusal_once() {
    let refusal = Reply::error(
        400,
        "AuthorizationHeaderMalformed",
        "<Region>eu-west-3</Region>",
    );
    let server = ScriptedServer::in_turn(vec![refusal, Reply::new(200, EMPTY_PAGE)]);
    let storage = connect(config(&server.endpoint())).await;
    for _ in 0..2 {
        list(&storage, ListRequest::all("")).await.unwrap();
    }
    let regions: Vec<String> = server
        .asked()
        .iter()
        .map(|asked| scope(asked.header("authorization")))
        .collect();
    assert_eq!(regions, ["us-east-1", "eu-west-3", "eu-west-3"]);
    assert_eq!(storage.identity().await.unwrap().region, "eu-west-3");
    let other = storage.in_bucket("other").identity().await.unwrap();
    assert_eq!(other.region, "us-east-1");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let stranger = ScriptedServer::in_turn(vec![Reply::new(200, EMPTY_PAGE)]);
    let location = format!("{}/test-bucket/", stranger.endpoint());
    for status in [301, 302, 307, 308] {
        let redirect = Reply::error(status, "TemporaryRedirect", "").header("location", &location);
        let server = ScriptedServer::in_turn(vec![redirect]);
        let storage = connect(config(&server.endpoint())).await;
        let error = list(&storage, ListRequest::all("")).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::WrongRegion);
        assert!(storage.list_buckets().await.is_err());
    }
    assert!(
        stranger.asked().is_empty(),
        "a signed header went elsewhere"
    );
}

#[tokio::test]
async fn a_wrong_clock_is_put_right_after_one_refusal() {
    let ahead = Timestamp::now()
        .plus_secs(1200)
        .strftime("%a, %d %b %Y %H:%M:%S GMT", &jiff::tz::TimeZone::UTC);
    let dated = |reply: Reply| reply.header("date", &ahead);
    let server = ScriptedServer::in_turn(vec![
        dated(Reply::error(403, "RequestTimeTooSkewed", "")),
        dated(Reply::new(200, EMPTY_PAGE)),
    ]);
    let storage = connect(config(&server.endpoint())).await;
    list(&storage, ListRequest::all("")).await.unwrap();
    let skew = storage.clock_skew_secs();
    assert!((1190..=1210).contains(&skew), "{skew}");
    let asked = server.asked();
    let time = |at: usize| {
        let text = asked[at].header("x-amz-date").unwrap().to_owned();
        jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).unwrap()
    };
    let moved = (time(1) - time(0)).get_seconds() + (time(1) - time(0)).get_minutes() * 60;
    assert!(
        moved > 1000 || (time(1) - time(0)).get_hours() > 0,
        "{moved}"
    );

    let now = Timestamp::now();
    let request = LinkRequest::new(Key::new("a"));
    let link = storage.sign_link(&request, now).await.unwrap();
    let ends = link.works_until.unwrap().0 - now.0;
    assert!((4790..=4810).contains(&ends), "links use the server's time");
}

#[tokio::test]
async fn a_token_service_that_refuses_the_time_puts_the_clock_right() {
    let ahead = Timestamp::now()
        .plus_secs(7200)
        .strftime("%a, %d %b %Y %H:%M:%S GMT", &jiff::tz::TimeZone::UTC);
    let refusal = |says: &str| {
        let body = format!(
            "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>{says}</Message></Error></ErrorResponse>"
        );
        ScriptedServer::in_turn(vec![Reply::new(403, body).header("date", &ahead)])
    };
    for (says, moves) in [
        (
            "Signature expired: 20260601T100000Z is now earlier than 20260601T114500Z",
            true,
        ),
        ("The request signature we calculated does not match", false),
    ] {
        let server = refusal(says);
        let storage = connect(config(&server.endpoint())).await;
        assert!(storage.ask_caller().await.result.is_err());
        let skew = storage.clock_skew_secs();
        assert_eq!((7190..=7210).contains(&skew), moves, "{says}: {skew}");
    }
}

#[tokio::test]
async fn a_wrong_date_in_an_answer_that_accepts_changes_nothing() {
    let behind = Timestamp::now()
        .plus_secs(-7200)
        .strftime("%a, %d %b %Y %H:%M:%S GMT", &jiff::tz::TimeZone::UTC);
    let page = || Reply::new(200, EMPTY_PAGE).header("date", &behind);
    let server = ScriptedServer::in_turn(vec![page(), page()]);
    let storage = connect(config(&server.endpoint())).await;
    list(&storage, ListRequest::all("")).await.unwrap();
    list(&storage, ListRequest::all("")).await.unwrap();
    assert_eq!(storage.clock_skew_secs(), 0);
    let day = |time: &str| time[..11].to_owned();
    let asked = server.asked();
    let signed = day(asked[1].header("x-amz-date").unwrap());
    let now = Timestamp::now();
    let hours =
        [now, now.plus_secs(-60)].map(|time| time.strftime("%Y%m%dT%H", &jiff::tz::TimeZone::UTC));
    assert!(hours.contains(&signed), "{signed}");
}

#[tokio::test]
async fn a_link_opens_and_a_changed_one_does_not() {
    let server = MemoryS3::start();
    for key in ["a b/ü+%.txt", "a//b", "/a", "..", "\u{1f389}"] {
        server.put(key, "content");
        for signature in [SignatureVersion::V4, SignatureVersion::V2] {
            let storage = connect(StorageConfig {
                signature,
                ..config(&server.endpoint())
            })
            .await;
            let request = LinkRequest {
                parameters: vec![(
                    "ResponseContentDisposition".to_owned(),
                    "attachment; filename=\"x y.txt\"".to_owned(),
                )],
                ..LinkRequest::new(Key::new(key))
            };
            let link = storage.sign_link(&request, Timestamp::now()).await.unwrap();
            assert_eq!(link.end, LinkEnd::Lifetime);
            let got = fetch::get(&link.url);
            assert_eq!((got.status, got.text().as_str()), (200, "content"), "{key}");
            assert_eq!(fetch::get(&with_another_digit(&link.url)).status, 403);
            assert_eq!(fetch::head(&link.url).status, 403, "made for GET");
            assert!(!format!("{link:?}").contains("ignature="));
        }
    }
}

/// The same link with one digit of its signature changed.
fn with_another_digit(url: &str) -> String {
    let at = url.find("Signature=").expect("a signature") + "Signature=".len();
    // A digit in hex and in base64 alike.
    let other = if url[at..].starts_with('1') { "2" } else { "1" };
    // A version 2 signature may begin with an escape, which is one sign of three.
    let behind = if url[at..].starts_with('%') {
        at + 3
    } else {
        at + 1
    };
    format!("{}{other}{}", &url[..at], &url[behind..])
}

#[tokio::test]
async fn buckets_are_listed_with_both_versions() {
    let server = MemoryS3::start();
    server.create_bucket("another");
    for signature in [
        SignatureVersion::Default,
        SignatureVersion::V4,
        SignatureVersion::V2,
    ] {
        let storage = connect(StorageConfig {
            signature,
            bucket: None,
            ..config(&server.endpoint())
        })
        .await;
        let buckets = storage.list_buckets().await.unwrap();
        let names: Vec<&str> = buckets.iter().map(|bucket| bucket.name.as_str()).collect();
        assert_eq!(names, ["another", BUCKET]);
    }
    let versions: Vec<bool> = server
        .requests()
        .iter()
        .map(|request| request.header("authorization").unwrap().starts_with("AWS4"))
        .collect();
    assert_eq!(versions, [true, true, false]);
}

#[tokio::test]
async fn without_credentials_nothing_is_signed() {
    let server = ScriptedServer::in_turn(vec![Reply::new(200, EMPTY_PAGE)]);
    let storage = connect(StorageConfig {
        credentials: CredentialSpec::Anonymous,
        ..config(&server.endpoint())
    })
    .await;
    list(&storage, ListRequest::all("")).await.unwrap();
    assert!(storage.list_buckets().await.is_err(), "no list of buckets");
    assert_eq!(server.asked().len(), 2);
    for asked in server.asked() {
        assert_eq!(asked.header("authorization"), None);
    }
    assert_eq!(storage.identity().await.unwrap().source, "anonymous");
}

#[tokio::test]
async fn a_plain_proxy_gets_whole_urls_and_its_own_login() {
    let proxy = ScriptedServer::in_turn(vec![Reply::new(200, EMPTY_PAGE)]);
    let address = proxy.endpoint().replace("http://", "me:se%40cret@");
    let storage = connect(StorageConfig {
        proxies: Some(vec![("http".to_owned(), address)]),
        ..config("http://s3.nowhere.invalid")
    })
    .await;
    list(&storage, ListRequest::all("")).await.unwrap();
    let asked = &proxy.asked()[0];
    assert!(
        asked
            .target
            .starts_with("http://s3.nowhere.invalid/test-bucket/?"),
        "{}",
        asked.target
    );
    assert_eq!(asked.header("host"), Some("s3.nowhere.invalid"));
    assert_eq!(
        asked.header("proxy-authorization"),
        Some("Basic bWU6c2VAY3JldA==")
    );
}

#[tokio::test]
async fn an_identity_shows_who_signs_but_no_secret() {
    let storage = connect(config("http://127.0.0.1:9")).await;
    let identity = storage.identity().await.unwrap();
    assert_eq!(identity.access_key_masked, "AKIA…KEY0");
    assert_eq!(identity.source, "connection");
    assert_eq!(identity.expires, None);
    let debug = format!("{storage:?}");
    assert!(!debug.contains(SECRET_KEY), "{debug}");
}
