//! What is said of a server steers what is asked of it, ability by ability.

use bytes::Bytes;
use cooperage::doctor::Patient;
use cooperage::domain::diagnosis::{Ability, Answer, CheckKind, Diagnosis, Finding, Skip};
use cooperage::domain::{ErrorKind, Key, ObjectParameters, StorageConfig, Timestamp};
use cooperage::settings::{Connection, Environment, Values};
use cooperage::storage::{Storage, World};
use tokio_util::sync::CancellationToken;

use super::contact::{is_listing, list, said, storage_of};
use crate::objects::config;
use crate::support::memory_s3::{ACCESS_KEY, BUCKET, Fault, MemoryS3, Recorded, SECRET_KEY};

/// Of every upload: an access list and a tag.
fn with_headers(server: &MemoryS3) -> StorageConfig {
    StorageConfig {
        default_acl: Some("public-read".to_owned()),
        object_parameters: ObjectParameters {
            all: vec![("Tagging".to_owned(), serde_json::json!("team=a"))],
            ..ObjectParameters::default()
        },
        ..config(server)
    }
}

async fn storage(server: &MemoryS3, ability: Ability, answer: Answer) -> Storage {
    storage_of(with_headers(server), said(&[(ability, answer)])).await
}

async fn put(storage: &Storage, key: &str, if_absent: bool) -> Result<(), ErrorKind> {
    let content = Bytes::from_static(b"content");
    let put = storage.put_bytes(&Key::new(key), content, if_absent).await;
    put.map(|_| ()).map_err(|error| error.kind)
}

fn last(server: &MemoryS3, wanted: impl Fn(&Recorded) -> bool) -> Recorded {
    let requests = server.requests();
    let found = requests.into_iter().rev().find(wanted);
    found.expect("such a request")
}

fn is_put(request: &Recorded) -> bool {
    request.method == "PUT"
}

fn is_batch(request: &Recorded) -> bool {
    request.is("POST", &["delete"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn listings_go_by_the_call_and_the_encoding_that_are_said() {
    for (ability, answer, call, encoding) in [
        (Ability::ListV2, Answer::Yes, Some("2"), Some("url")),
        (Ability::ListV2, Answer::No, None, Some("url")),
        (Ability::UrlListings, Answer::Yes, Some("2"), Some("url")),
        (Ability::UrlListings, Answer::No, Some("2"), None),
    ] {
        let server = MemoryS3::start();
        server.put("photos/a b.jpg", "a");
        list(&storage(&server, ability, answer).await).await;
        let asked = last(&server, is_listing);
        assert_eq!(asked.parameter("list-type"), call, "{ability:?} {answer:?}");
        let told = asked.parameter("encoding-type");
        assert_eq!(told, encoding, "{ability:?} {answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploads_carry_the_check_that_is_said_and_no_other() {
    for (answer, crc, md5) in [
        (Answer::Crc64Nvme, true, false),
        (Answer::Md5, false, true),
        (Answer::LengthOnly, false, false),
    ] {
        let server = MemoryS3::start();
        let storage = storage(&server, Ability::UploadCheck, answer).await;
        put(&storage, "photos/a", false).await.expect("written");
        let sent = last(&server, is_put);
        let has = |name| sent.header(name).is_some();
        assert_eq!(has("x-amz-checksum-crc64nvme"), crc, "{answer:?}");
        assert_eq!(has("content-md5"), md5, "{answer:?}");
        // A trailer is never sent, whatever is said of trailers.
        assert!(!has("x-amz-trailer"), "{answer:?}");
    }
    for answer in [Answer::Yes, Answer::No] {
        let server = MemoryS3::start();
        let storage = storage(&server, Ability::ChecksumTrailers, answer).await;
        put(&storage, "photos/a", false).await.expect("written");
        let sent = last(&server, is_put);
        assert!(sent.header("x-amz-trailer").is_none());
        assert!(sent.header("x-amz-checksum-crc64nvme").is_some());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_carries_the_digest_that_is_said() {
    for (answer, md5, checksum) in [
        (Answer::Md5OrChecksum, true, true),
        (Answer::Md5Only, true, false),
        (Answer::ChecksumOnly, false, true),
    ] {
        let server = MemoryS3::start();
        server.put("photos/a", "a");
        server.put("photos/b", "b");
        let storage = storage(&server, Ability::BatchDelete, answer).await;
        let keys = [Key::new("photos/a"), Key::new("photos/b")];
        assert!(storage.delete_many(&keys).await.is_empty());
        let sent = last(&server, is_batch);
        assert_eq!(sent.header("content-md5").is_some(), md5, "{answer:?}");
        let has = sent.header("x-amz-checksum-crc32").is_some();
        assert_eq!(has, checksum, "{answer:?}");
        assert!(server.keys().is_empty());
    }
    let server = MemoryS3::start();
    server.put("photos/a", "a");
    server.put("photos/b", "b");
    let storage = storage(&server, Ability::BatchDelete, Answer::No).await;
    let keys = [Key::new("photos/a"), Key::new("photos/b")];
    assert!(storage.delete_many(&keys).await.is_empty());
    assert!(!server.requests().iter().any(is_batch));
    assert!(server.keys().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_conditions_the_key_is_looked_up_before() {
    for (answer, guarded) in [
        (Answer::Yes, true),
        (Answer::Ignored, false),
        (Answer::No, false),
    ] {
        let server = MemoryS3::start();
        server.put("photos/taken", "old");
        let storage = storage(&server, Ability::IfNoneMatch, answer).await;
        assert_eq!(storage.guards_absent(), guarded);
        put(&storage, "photos/free", true).await.expect("written");
        let sent = last(&server, is_put);
        assert_eq!(
            sent.header("if-none-match").is_some(),
            guarded,
            "{answer:?}"
        );
        let looked = server.requests().iter().any(|one| one.method == "HEAD");
        assert_eq!(looked, !guarded, "{answer:?}");
        let refused = put(&storage, "photos/taken", true).await;
        assert_eq!(refused, Err(ErrorKind::Conflict), "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_does_not_have_is_not_sent() {
    for (ability, header) in [
        (Ability::Acl, "x-amz-acl"),
        (Ability::Tagging, "x-amz-tagging"),
    ] {
        for answer in [Answer::Yes, Answer::No] {
            let server = MemoryS3::start();
            let storage = storage(&server, ability, answer).await;
            put(&storage, "photos/a", false).await.expect("written");
            let sent = last(&server, is_put).header(header).is_some();
            assert_eq!(sent, answer == Answer::Yes, "{ability:?}");
            let (from, to) = (Key::new("photos/a"), Key::new("photos/b"));
            storage.rename(&from, &to).await.expect("renamed");
            let copy = last(&server, |one| one.header("x-amz-copy-source").is_some());
            let with_tags = copy.header("x-amz-tagging-directive").is_some();
            let no_tags = ability == Ability::Tagging && answer == Answer::No;
            assert_eq!(with_tags, !no_tags, "{ability:?} {answer:?}");
        }
    }
}

fn connection(endpoint: &str) -> Connection {
    super::connection(&[
        &format!("AWS_S3_ENDPOINT_URL={endpoint}"),
        &format!("AWS_STORAGE_BUCKET_NAME={BUCKET}"),
        &format!("AWS_S3_ACCESS_KEY_ID={ACCESS_KEY}"),
        &format!("AWS_S3_SECRET_ACCESS_KEY={SECRET_KEY}"),
        "AWS_S3_REGION_NAME=us-east-1",
    ])
}

async fn caller_of(connection: Connection) -> Finding {
    let diagnosis = std::sync::Mutex::new(Diagnosis::default());
    let (nothing, now) = (
        Environment::of(std::iter::empty::<(&str, &str)>()),
        Timestamp::now(),
    );
    let world = World::of([], "", "");
    let patient = Patient::new(
        connection,
        Ok(Vec::new()),
        Values::default(),
        nothing,
        world,
        now,
    );
    let patient = patient.await;
    let tell = |news| diagnosis.lock().unwrap().take(news);
    cooperage::doctor::checks::run(&patient, &tell).await;
    let diagnosis = diagnosis.into_inner().unwrap();
    diagnosis
        .check(CheckKind::Caller)
        .expect("told")
        .finding
        .clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_said_to_lack_sts_is_not_asked_who_calls() {
    let asks_sts = |one: &Recorded| one.method == "POST" && one.path == "/";
    let server = MemoryS3::start();
    let mut connection = connection(&server.endpoint());
    let found = caller_of(connection.clone()).await;
    assert!(matches!(found, Finding::CallerAccepted { .. }), "{found:?}");
    assert!(server.requests().iter().any(asks_sts));
    connection.server = said(&[(Ability::Sts, Answer::No)]);
    let server = MemoryS3::start();
    let address = format!("AWS_S3_ENDPOINT_URL={}", server.endpoint());
    connection.values.assign(&address).unwrap();
    let found = caller_of(connection.clone()).await;
    assert_eq!(found, Finding::Skipped(Skip::NoSts));
    assert!(!server.requests().iter().any(asks_sts));
    // What S3 says of the keys is told all the same.
    server.fault(|_| Some(Fault::Status(403, "InvalidAccessKeyId")));
    assert_eq!(caller_of(connection).await, Finding::KeyUnknown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_in_parts_goes_by_it_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.bin");
    std::fs::write(&path, vec![5_u8; 17 * 1024 * 1024]).unwrap();
    let server = MemoryS3::start();
    let both = said(&[
        (Ability::UploadCheck, Answer::Md5),
        (Ability::IfNoneMatch, Answer::No),
    ]);
    let storage = storage_of(config(&server), both).await;
    let job = cooperage::storage::UploadJob {
        source: path,
        key: Key::new("photos/large.bin"),
        if_absent: true,
    };
    let cancel = CancellationToken::new();
    storage
        .upload(&job, &|_| {}, &cancel)
        .await
        .expect("written");
    let parts: Vec<_> = server.requests().into_iter().filter(is_put).collect();
    assert!(parts.len() > 1);
    assert!(parts.iter().all(|one| one.header("content-md5").is_some()));
    let end = last(&server, |one| one.is("POST", &["uploadId"]));
    assert!(end.header("if-none-match").is_none());
}
