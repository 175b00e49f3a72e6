//! The first contact with a server: few requests, none that writes, and what is found is what the storage goes by.

use bytes::Bytes;
use cooperage::doctor::endpoint::{meet, seen_by_the_way};
use cooperage::domain::diagnosis::{Ability, Answer, Known, Product, ServerPlace, ServerTraits};
use cooperage::domain::{Key, StorageConfig};
use cooperage::storage::{ListRequest, Storage, UploadCheck, World};

use crate::objects::config;
use crate::support::memory_s3::{BUCKET, Fault, MemoryS3, Recorded};
use crate::support::scripted::{Reply, ScriptedServer};

/// A storage that begins with what is kept with its connection.
pub(super) async fn storage_of(config: StorageConfig, server: ServerTraits) -> Storage {
    let config = StorageConfig { server, ..config };
    let world = World::of([], "", "");
    Storage::connect_in(config, world).await.expect("a storage")
}

/// What a person says of a server.
pub(super) fn said(answers: &[(Ability, Answer)]) -> ServerTraits {
    ServerTraits {
        set: answers.iter().copied().collect(),
        ..ServerTraits::default()
    }
}

/// What was found of the server at an address.
fn found_at(endpoint: &str, answers: &[(Ability, Answer)]) -> ServerTraits {
    ServerTraits {
        found: answers.iter().copied().collect(),
        place: Some(ServerPlace {
            endpoint: endpoint.to_owned(),
            bucket: BUCKET.to_owned(),
        }),
        ..ServerTraits::default()
    }
}

pub(super) async fn list(storage: &Storage) {
    struct Nothing;
    impl cooperage::domain::ListSink for Nothing {
        fn object(&mut self, _: &str, _: u64, _: cooperage::domain::Timestamp, _: &str, _: &str) {}
        fn folder(&mut self, _: &str) {}
    }
    let request = ListRequest::all("photos/");
    let mut sweep = storage.sweep(request);
    while sweep
        .next_page(&mut Nothing)
        .await
        .expect("a page")
        .is_some()
    {}
}

pub(super) fn is_listing(request: &Recorded) -> bool {
    request.is("GET", &["prefix"]) && request.parameter("versions").is_none()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_met_by_few_requests_that_write_nothing() {
    let server = MemoryS3::start();
    server.put("photos/a.jpg", vec![7_u8; 100_000]);
    let storage = storage_of(config(&server), ServerTraits::default()).await;
    list(&storage).await;
    let before = server.requests().len();
    let report = meet(&storage, "photos/").await.expect("a report");
    let asked = server.requests().split_off(before);
    assert!(asked.len() <= 8, "{asked:?}");
    for request in &asked {
        let asks_sts = request.method == "POST" && request.path == "/";
        assert!(request.method == "GET" || asks_sts, "{request:?}");
        let is_object = request.path.ends_with("a.jpg") && request.query.is_empty();
        assert!(!is_object, "no object is fetched");
    }
    assert_eq!(report.place.as_ref().expect("a place").bucket, BUCKET);
    assert_eq!(
        report.place.as_ref().expect("a place").endpoint,
        server.endpoint()
    );
    for (ability, answer) in [
        (Ability::ListV2, Answer::Yes),
        (Ability::UrlListings, Answer::Yes),
        (Ability::Tagging, Answer::Yes),
        (Ability::Addressing, Answer::PathOnly),
        (Ability::Sts, Answer::No),
    ] {
        assert_eq!(report.known(ability), Known::Is(answer), "{ability:?}");
    }
    for ability in Ability::ALL.into_iter().filter(|one| one.needs_writing()) {
        assert_eq!(report.known(ability), Known::NeedsWriting, "{ability:?}");
    }
    let mut traits = ServerTraits::default();
    assert!(traits.learn(&report));
    assert!(!traits.needs_look(&server.endpoint(), Some(BUCKET)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_can_be_listed_nothing_is_said() {
    let server = MemoryS3::start();
    server.fault(|_| Some(Fault::Status(403, "AccessDenied")));
    let storage = storage_of(config(&server), ServerTraits::default()).await;
    assert_eq!(meet(&storage, "photos/").await, None);
    assert_eq!(server.requests().len(), 1, "it asks no further");
    let nowhere = StorageConfig {
        bucket: None,
        ..config(&server)
    };
    let storage = storage_of(nowhere, ServerTraits::default()).await;
    assert_eq!(meet(&storage, "").await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn amazon_is_not_asked() {
    let config = StorageConfig {
        endpoint: None,
        region: Some("eu-west-1".to_owned()),
        bucket: Some("media-live".to_owned()),
        // Whoever asks is told that nobody is there.
        proxies: Some(vec![("https".to_owned(), "http://127.0.0.1:1".to_owned())]),
        ..config(&MemoryS3::start())
    };
    let storage = storage_of(config, ServerTraits::default()).await;
    let report = meet(&storage, "").await.expect("a report");
    assert_eq!(report.product, Product::AmazonS3);
    assert!(report.by_host, "Amazon's by its host");
    let is_amazons = |ability: Ability| match report.known(ability) {
        Known::Is(answer) => answer == ability.of_amazon(),
        _ => ability.needs_writing(),
    };
    assert!(Ability::ALL.into_iter().all(is_amazons));
    assert_eq!(report.known(Ability::Versions), Known::Is(Answer::Yes));
    assert_eq!(report.known(Ability::IfNoneMatch), Known::NeedsWriting);
    let place = report.place.expect("a place");
    assert_eq!(place.endpoint, "https://s3.eu-west-1.amazonaws.com");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_storage_goes_by_what_is_found_later() {
    let server = MemoryS3::start();
    server.put("photos/a.jpg", "a");
    let storage = storage_of(config(&server), ServerTraits::default()).await;
    let clone = storage.in_bucket(BUCKET);
    let last = || {
        let requests = server.requests();
        requests.into_iter().rev().find(is_listing).expect("one")
    };
    list(&clone).await;
    assert_eq!(last().parameter("list-type"), Some("2"));
    let old = [(Ability::ListV2, Answer::No)];
    storage.go_by(&found_at("http://somewhere-else:9000", &old));
    list(&clone).await;
    assert_eq!(last().parameter("list-type"), Some("2"), "found elsewhere");
    storage.go_by(&found_at(&server.endpoint(), &old));
    list(&clone).await;
    assert_eq!(last().parameter("list-type"), None);
    storage.go_by(&said(&[(Ability::ListV2, Answer::Yes)]));
    list(&clone).await;
    assert_eq!(last().parameter("list-type"), Some("2"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_kept_counts_where_it_was_found() {
    let server = MemoryS3::start();
    server.put("photos/a.jpg", "a");
    let old = [(Ability::ListV2, Answer::No)];
    for (endpoint, call) in [
        (server.endpoint(), None),
        ("http://somewhere-else:9000".to_owned(), Some("2")),
    ] {
        let storage = storage_of(config(&server), found_at(&endpoint, &old)).await;
        list(&storage).await;
        let requests = server.requests();
        let asked = requests
            .iter()
            .rev()
            .find(|one| is_listing(one))
            .expect("one");
        assert_eq!(asked.parameter("list-type"), call, "{endpoint}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_teaches_once() {
    let server = MemoryS3::start();
    server.fault(|request| {
        let crc = request.header("x-amz-checksum-crc64nvme").is_some();
        crc.then_some(Fault::Status(501, "NotImplemented"))
    });
    let storage = storage_of(config(&server), ServerTraits::default()).await;
    assert_eq!(storage.take_news(), None);
    let put = async |key: &str| {
        let content = Bytes::from_static(b"content");
        storage
            .put_bytes(&Key::new(key), content, false)
            .await
            .expect("written");
    };
    put("photos/a").await;
    let news = storage.take_news().expect("something was learned");
    assert_eq!(news.get(&Ability::UploadCheck), Some(&Answer::Md5));
    put("photos/b").await;
    assert_eq!(storage.take_news(), None, "nothing new");
    assert_eq!(storage.upload_check(), UploadCheck::ContentMd5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_name_the_server_by_the_way() {
    let server = ScriptedServer::start(|_| {
        Reply::new(
            200,
            "<ListBucketResult><Name>b</Name><KeyCount>0</KeyCount></ListBucketResult>",
        )
        .header("server", "Garage")
    });
    let config = StorageConfig {
        endpoint: Some(server.endpoint()),
        bucket: Some("b".to_owned()),
        ..config(&MemoryS3::start())
    };
    let storage = storage_of(config, ServerTraits::default()).await;
    assert_eq!(seen_by_the_way(&storage).product, Product::Unknown);
    list(&storage).await;
    let seen = seen_by_the_way(&storage);
    assert_eq!((seen.product, seen.place), (Product::Garage, None));
}
