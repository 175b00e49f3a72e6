//! Every exchange is written down where it leaves: calls by their names, bytes, tries, codes, ids; and nothing secret.

use cooperage::domain::diagnosis::{Exchange, ExchangeEnd, Signature};
use cooperage::domain::{CredentialSpec, ErrorKind, Key, Secret, StorageConfig};
use cooperage::storage::{ListRequest, REQUESTS_KEPT, RequestLog, Storage, World};

use super::support::memory_s3::{ACCESS_KEY, BUCKET, Fault, MemoryS3, SECRET_KEY};

const TOKEN: &str = "canary-session-token";

async fn watched(endpoint: &str, token: Option<&str>) -> (Storage, RequestLog) {
    let log = RequestLog::default();
    let config = StorageConfig {
        bucket: Some(BUCKET.to_owned()),
        region: Some("us-east-1".to_owned()),
        endpoint: Some(endpoint.to_owned()),
        credentials: CredentialSpec::Keys {
            access_key: ACCESS_KEY.to_owned(),
            secret_key: Secret::new(SECRET_KEY),
            token: token.map(Secret::new),
        },
        // Whatever proxy the machine has, these servers are here.
        proxies: Some(Vec::new()),
        ..StorageConfig::default()
    };
    let world = World::of([], "", "").watched_by(&log, "media");
    (Storage::connect_in(config, world).await.unwrap(), log)
}

struct Nothing;

impl cooperage::domain::ListSink for Nothing {
    fn object(&mut self, _: &str, _: u64, _: cooperage::domain::Timestamp, _: &str, _: &str) {}
    fn folder(&mut self, _: &str) {}
}

fn calls(log: &RequestLog) -> Vec<Exchange> {
    log.since(0).exchanges
}

#[tokio::test]
async fn calls_of_both_paths_are_written_down_with_names_bytes_and_times() {
    let server = MemoryS3::start();
    let key = "a//b c%2F+é.txt";
    server.put(key, vec![7; 4321]);
    let (storage, log) = watched(&server.endpoint(), None).await;
    storage
        .list_page(&ListRequest::all("a/"), &mut Nothing)
        .await
        .unwrap();
    storage.list_buckets().await.unwrap();
    storage.head(&Key::new(key)).await.unwrap();
    let names: Vec<&str> = calls(&log).iter().map(|own| own.operation).collect();
    assert_eq!(names, ["ListObjectsV2", "ListBuckets", "HeadObject"]);
    for (number, own) in calls(&log).iter().enumerate() {
        assert_eq!(own.number, number as u64 + 1);
        assert_eq!(
            (own.status(), own.attempt, &*own.connection),
            (Some(200), 1, "media")
        );
        assert!(
            own.total_us >= own.first_byte_us && own.first_byte_us.is_some(),
            "{own:?}"
        );
        assert_eq!(
            own.signature,
            Signature::Version4 {
                region: "us-east-1".to_owned(),
                service: "s3".to_owned()
            }
        );
    }
    let [list, buckets, head] = &calls(&log)[..] else {
        panic!("three");
    };
    assert_eq!(
        (list.bucket.as_str(), list.parameter("prefix")),
        (BUCKET, Some("a%2F"))
    );
    assert!(list.received_bytes > 100 && buckets.bucket.is_empty());
    assert_eq!((head.bucket.as_str(), head.key.as_str()), (BUCKET, key));
}

#[tokio::test]
async fn a_call_that_is_tried_again_is_numbered_and_its_refusal_kept() {
    let server = MemoryS3::start();
    let mut number = 0;
    server.fault(move |_| {
        number += 1;
        (number < 3).then_some(Fault::Status(503, "SlowDown"))
    });
    let (storage, log) = watched(&server.endpoint(), None).await;
    storage
        .list_page(&ListRequest::all(""), &mut Nothing)
        .await
        .unwrap();
    let told: Vec<_> = calls(&log)
        .iter()
        .map(|own| (own.attempt, own.status(), own.code.clone(), own.failed()))
        .collect();
    let slow = || Some("SlowDown".to_owned());
    assert_eq!(
        told,
        [
            (1, Some(503), slow(), true),
            (2, Some(503), slow(), true),
            (3, Some(200), None, false),
        ]
    );
    server.heal();
    server.fault(|_| Some(Fault::Status(403, "AccessDenied")));
    let denied = storage.list_buckets().await.unwrap_err();
    assert_eq!(denied.kind, ErrorKind::AccessDenied);
    let last = calls(&log).pop().unwrap();
    assert_eq!(
        (last.operation, last.code.as_deref()),
        ("ListBuckets", Some("AccessDenied"))
    );
}

#[tokio::test]
async fn what_breaks_or_is_given_up_is_closed_in_the_log() {
    let server = MemoryS3::start();
    server.put("k", vec![1; 100_000]);
    let (storage, log) = watched(&server.endpoint(), None).await;
    server.fault(|_| Some(Fault::Reset));
    storage.head(&Key::new("k")).await.unwrap_err();
    assert!(
        calls(&log)
            .iter()
            .all(|own| matches!(own.end, ExchangeEnd::Broken { status: None, .. }))
    );

    server.fault(|_| Some(Fault::Stall(std::time::Duration::from_secs(60))));
    let before = calls(&log).len();
    let key = Key::new("k");
    let hanging = storage.head(&key);
    // Given up once the server has it.
    let seen = async {
        while server.requests().len() <= before {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        _ = hanging => panic!("it hangs"),
        () = seen => {}
    }
    let last = calls(&log).pop().unwrap();
    assert_eq!(last.end, ExchangeEnd::Dropped);
    assert!(last.total_us.is_some());
}

#[tokio::test]
async fn nothing_secret_is_in_the_log_nor_in_the_commands() {
    use cooperage::words::exchange::{amazon_cli, curl};
    let server = MemoryS3::start();
    let (storage, log) = watched(&server.endpoint(), Some(TOKEN)).await;
    // The server does not know the token; what it answers does not matter here.
    let _page = storage.list_page(&ListRequest::all(""), &mut Nothing).await;
    let _buckets = storage.list_buckets().await;
    assert!(calls(&log).len() >= 2);
    for own in calls(&log) {
        let curl = curl(&own).unwrap();
        let text = format!("{own:?} {curl} {:?}", amazon_cli(&own));
        for secret in [SECRET_KEY, TOKEN, ACCESS_KEY, "Signature="] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(
            own.has_token && curl.contains("$AWS_SESSION_TOKEN"),
            "{own:?}"
        );
    }
    assert!(calls(&log).len() < REQUESTS_KEPT);
}
