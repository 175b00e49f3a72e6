//! Verbs on objects: what they do to the server, and what they leave behind when something goes wrong.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use cooperage::domain::{CredentialSpec, ErrorKind, Key, Prefix, Secret, StorageConfig};
use cooperage::storage::{DownloadJob, Storage, UploadCheck, UploadJob, Verification};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::fixtures;
use crate::support::memory_s3::{Attributes, BUCKET, Fault, MemoryS3};

const MIB: usize = 1024 * 1024;

/// The settings for a test server.
pub(crate) fn config(server: &MemoryS3) -> StorageConfig {
    let (access_key, secret_key) = server.credentials();
    StorageConfig {
        bucket: Some(BUCKET.to_owned()),
        endpoint: Some(server.endpoint()),
        credentials: CredentialSpec::Keys {
            access_key: access_key.to_owned(),
            secret_key: Secret::new(secret_key),
            token: None,
        },
        ..StorageConfig::default()
    }
}

/// A connection to a test server.
pub(crate) async fn connect(server: &MemoryS3) -> Storage {
    Storage::connect(config(server)).await.unwrap()
}

fn upload_job(source: &std::path::Path, key: &str, if_absent: bool) -> UploadJob {
    UploadJob {
        source: source.to_owned(),
        key: Key::new(key),
        if_absent,
    }
}

fn checksum() -> Verification {
    Verification::Checksum("CRC64NVME".to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_file_goes_up_in_parts_and_comes_back() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let folder = fixtures::folder();
    let size = 40 * MIB + 12345;
    let source = fixtures::pattern_file(folder.path(), "big.bin", size, 1);
    let (moved, cancel) = (AtomicI64::new(0), CancellationToken::new());
    let progress = |more: i64| {
        moved.fetch_add(more, Ordering::Relaxed);
    };
    let uploaded = storage
        .upload(&upload_job(&source, "big.bin", true), &progress, &cancel)
        .await
        .unwrap();
    assert_eq!(uploaded.verification, checksum());
    assert_eq!(moved.swap(0, Ordering::Relaxed), size as i64);
    let stored = server.object("big.bin").unwrap();
    assert_eq!(stored.part_bytes.len(), 6);
    assert_eq!(stored.etag, uploaded.etag);
    assert!(stored.bytes == fixtures::pattern(size, 1));
    assert!(server.uploads().is_empty());

    let target = folder.path().join("back.bin");
    let job = DownloadJob {
        key: Key::new("big.bin"),
        target: target.clone(),
        overwrite: false,
    };
    let downloaded = storage.download(&job, &progress, &cancel).await.unwrap();
    assert_eq!(downloaded.verification, checksum());
    assert_eq!(moved.load(Ordering::Relaxed), size as i64);
    assert!(std::fs::read(&target).unwrap() == fixtures::pattern(size, 1));
    let error = storage
        .download(&job, &progress, &cancel)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancel_and_failure_leave_no_unfinished_upload() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let folder = fixtures::folder();
    let source = fixtures::pattern_file(folder.path(), "big.bin", 40 * MIB, 2);
    let job = upload_job(&source, "big.bin", false);
    let moved = AtomicI64::new(0);
    let cancel = CancellationToken::new();
    server.fault(|request| {
        request
            .is("PUT", &["partNumber"])
            .then_some(Fault::Delay(Duration::from_millis(300)))
    });
    let progress = |more: i64| {
        if moved.fetch_add(more, Ordering::Relaxed) > 0 {
            cancel.cancel();
        }
    };
    let error = storage.upload(&job, &progress, &cancel).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Cancelled);
    assert_eq!(moved.load(Ordering::Relaxed), 0, "progress is taken back");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(server.uploads().is_empty());
    assert!(server.keys().is_empty());

    server.fault(|request| {
        (request.parameter("partNumber") == Some("3")).then_some(Fault::Status(403, "AccessDenied"))
    });
    let error = storage
        .upload(&job, &|_| {}, &CancellationToken::new())
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::AccessDenied);
    assert!(server.uploads().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_taken_key_is_refused_at_the_moment_of_writing() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let folder = fixtures::folder();
    let cancel = CancellationToken::new();
    let small = fixtures::pattern_file(folder.path(), "small", 10, 3);
    server.put("small", "before");
    let error = storage
        .upload(&upload_job(&small, "small", true), &|_| {}, &cancel)
        .await
        .unwrap_err();
    assert_eq!((error.kind, error.status), (ErrorKind::Conflict, Some(412)));
    assert_eq!(server.object("small").unwrap().bytes, "before");

    // Somebody else writes while the parts are on their way.
    let big = fixtures::pattern_file(folder.path(), "big", 17 * MIB, 4);
    let upload = upload_job(&big, "big", true);
    let uploading = storage.upload(&upload, &|_| {}, &cancel);
    let writing = async {
        while server.uploads().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server.put("big", "theirs");
    };
    let (result, ()) = tokio::join!(uploading, writing);
    assert_eq!(result.unwrap_err().kind, ErrorKind::Conflict);
    assert_eq!(server.object("big").unwrap().bytes, "theirs");
    assert!(server.uploads().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_changes_is_never_spliced() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let folder = fixtures::folder();
    let source = fixtures::pattern_file(folder.path(), "big", 40 * MIB, 5);
    let job = upload_job(&source, "big", false);
    let progress = |_| {
        let file = std::fs::OpenOptions::new()
            .append(true)
            .open(&source)
            .unwrap();
        std::io::Write::write_all(&mut &file, b"more").unwrap();
    };
    let error = storage
        .upload(&job, &progress, &CancellationToken::new())
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert!(server.keys().is_empty() && server.uploads().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn short_and_broken_answers_are_continued() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let folder = fixtures::folder();
    let size = 20 * MIB;
    server.put("big", fixtures::pattern(size, 6));
    let faults = AtomicUsize::new(0);
    server.fault(move |request| {
        (request.method == "GET" && faults.fetch_add(1, Ordering::Relaxed) < 3)
            .then_some(Fault::CutBodyAfter(MIB))
    });
    let moved = AtomicI64::new(0);
    let progress = |more: i64| {
        moved.fetch_add(more, Ordering::Relaxed);
    };
    let job = DownloadJob {
        key: Key::new("big"),
        target: folder.path().join("big"),
        overwrite: false,
    };
    let done = storage
        .download(&job, &progress, &CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(done.verification, checksum());
    assert_eq!(moved.load(Ordering::Relaxed), size as i64);
    assert!(std::fs::read(&job.target).unwrap() == fixtures::pattern(size, 6));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flipped_bit_is_found_and_never_published() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    for (name, size) in [("small", 1000), ("big", 20 * MIB)] {
        let folder = fixtures::folder();
        server.put(name, fixtures::pattern(size, 7));
        let target = fixtures::file(folder.path(), name, "old");
        let job = DownloadJob {
            key: Key::new(name),
            target: target.clone(),
            overwrite: true,
        };
        server.fault(|request| (request.method == "GET").then_some(Fault::FlipBit(500)));
        let error = storage
            .download(&job, &|_| {}, &CancellationToken::new())
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Corrupt);
        assert_eq!(
            fixtures::read_tree(folder.path()),
            [(name.to_owned(), b"old".to_vec())]
        );
        let flipped = AtomicUsize::new(0);
        server.fault(move |request| {
            (request.method == "GET" && flipped.fetch_add(1, Ordering::Relaxed) == 0)
                .then_some(Fault::FlipBit(500))
        });
        storage
            .download(&job, &|_| {}, &CancellationToken::new())
            .await
            .unwrap();
        server.heal();
        assert!(std::fs::read(&target).unwrap() == fixtures::pattern(size, 7));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_object_that_changes_between_ranges_is_never_mixed() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let folder = fixtures::folder();
    server.put("big", fixtures::pattern(40 * MIB, 8));
    let target = fixtures::file(folder.path(), "big", "old");
    let job = DownloadJob {
        key: Key::new("big"),
        target: target.clone(),
        overwrite: true,
    };
    let replaced = Mutex::new(false);
    let progress = |_| {
        let mut replaced = replaced.lock().unwrap();
        if !*replaced {
            server.put("big", fixtures::pattern(40 * MIB, 9));
            *replaced = true;
        }
    };
    server.fault(|_| Some(Fault::Delay(Duration::from_millis(20))));
    let error = storage
        .download(&job, &progress, &CancellationToken::new())
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert_eq!(fixtures::read_tree(folder.path()).len(), 1);
    assert_eq!(std::fs::read(&target).unwrap(), b"old");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_download_leaves_the_old_file() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let folder = fixtures::folder();
    server.put("big", fixtures::pattern(40 * MIB, 10));
    let target = fixtures::file(folder.path(), "big", "old");
    let cancel = CancellationToken::new();
    let job = DownloadJob {
        key: Key::new("big"),
        target,
        overwrite: true,
    };
    let error = storage
        .download(&job, &|_| cancel.cancel(), &cancel)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Cancelled);
    assert_eq!(
        fixtures::read_tree(folder.path()),
        [("big".to_owned(), b"old".to_vec())]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_keys_are_written_read_renamed_and_deleted_exactly() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let mut keys = fixtures::odd_keys();
    for key in &keys {
        let content = Bytes::from(format!("<{key}>"));
        storage
            .put_bytes(&Key::new(key.as_str()), content, true)
            .await
            .unwrap_or_else(|error| panic!("{key:?}: {error}"));
    }
    keys.sort();
    assert_eq!(server.keys(), keys);
    let mut renamed = Vec::new();
    for key in &keys {
        let found = storage.head(&Key::new(key.as_str())).await.unwrap();
        assert_eq!(found.size, format!("<{key}>").len() as u64, "{key:?}");
        let read = storage
            .read_range(&Key::new(key.as_str()), 0..10_000)
            .await
            .unwrap();
        assert_eq!(read, format!("<{key}>"));
        if key.len() < 1000 {
            let to = format!("moved{key}");
            storage
                .rename(&Key::new(key.as_str()), &Key::new(to.as_str()))
                .await
                .unwrap_or_else(|error| panic!("{key:?}: {error}"));
            renamed.push(to);
        }
    }
    renamed.extend(keys.iter().filter(|key| key.len() >= 1000).cloned());
    renamed.sort();
    assert_eq!(server.keys(), renamed);
    let doomed: Vec<Key> = renamed.into_iter().map(Key::new).collect();
    let failures = storage.delete_many(&doomed).await;
    assert!(failures.is_empty(), "{failures:?}");
    assert!(server.keys().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rename_keeps_what_describes_the_object_and_refuses_a_taken_key() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let attributes = Attributes {
        content_type: Some("text/x".to_owned()),
        cache_control: Some("no-store".to_owned()),
        ..Attributes::default()
    };
    server.put_with("from", "content", attributes.clone());
    server.put("taken", "theirs");
    let error = storage
        .rename(&Key::new("from"), &Key::new("taken"))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert_eq!(server.object("taken").unwrap().bytes, "theirs");
    storage
        .rename(&Key::new("from"), &Key::new("to"))
        .await
        .unwrap();
    let moved = server.object("to").unwrap();
    assert_eq!(
        (moved.bytes, moved.attributes),
        (Bytes::from("content"), attributes)
    );
    assert_eq!(server.keys(), ["taken", "to"]);

    // A copy that fails inside its answer must not be followed by the delete.
    server.fault(|request| {
        request
            .header("x-amz-copy-source")
            .is_some()
            .then_some(Fault::ErrorInside("InternalError"))
    });
    assert!(
        storage
            .rename(&Key::new("to"), &Key::new("lost"))
            .await
            .is_err()
    );
    assert_eq!(server.keys(), ["taken", "to"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn folders_are_marked_once_and_ranges_end_with_the_object() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let prefix = Prefix::new("a//b/");
    storage.create_folder(&prefix).await.unwrap();
    assert_eq!(server.keys(), ["a//b/"]);
    let error = storage.create_folder(&prefix).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);

    server.put("text", "0123456789");
    let key = Key::new("text");
    assert_eq!(storage.read_range(&key, 2..5).await.unwrap(), "234");
    assert_eq!(storage.read_range(&key, 8..50).await.unwrap(), "89");
    assert_eq!(storage.read_range(&key, 10..20).await.unwrap(), "");
    assert_eq!(storage.read_range(&key, 3..3).await.unwrap(), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parameters_and_gzip_reach_the_server() {
    let server = MemoryS3::start();
    let mut config = config(&server);
    config.gzip.on = true;
    config.object_parameters.all = vec![
        ("CacheControl".to_owned(), json!("max-age=5")),
        ("StorageClass".to_owned(), json!("STANDARD_IA")),
    ];
    let storage = Storage::connect(config).await.unwrap();
    let folder = fixtures::folder();
    let plain = "body { color: red }\n".repeat(1_000_000);
    let source = fixtures::file(folder.path(), "a.css", &plain);
    let moved = AtomicI64::new(0);
    let progress = |more: i64| {
        moved.fetch_add(more, Ordering::Relaxed);
    };
    storage
        .upload(
            &upload_job(&source, "a.css", false),
            &progress,
            &CancellationToken::new(),
        )
        .await
        .unwrap();
    assert_eq!(moved.load(Ordering::Relaxed), plain.len() as i64);
    let stored = server.object("a.css").unwrap();
    let attributes = &stored.attributes;
    assert_eq!(attributes.content_encoding.as_deref(), Some("gzip"));
    assert_eq!(attributes.content_type.as_deref(), Some("text/css"));
    assert_eq!(attributes.cache_control.as_deref(), Some("max-age=5"));
    assert_eq!(attributes.storage_class.as_deref(), Some("STANDARD_IA"));
    let mut back = String::new();
    std::io::Read::read_to_string(
        &mut flate2::read::GzDecoder::new(stored.bytes.as_ref()),
        &mut back,
    )
    .unwrap();
    assert!(back == plain);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_the_new_checksums_gets_the_old_one() {
    let server = MemoryS3::start();
    server.behave(|behaviour| behaviour.checksums = false);
    server.fault(|request| {
        let asks = ["x-amz-checksum-crc64nvme", "x-amz-checksum-algorithm"];
        asks.iter()
            .any(|name| request.header(name).is_some())
            .then_some(Fault::Status(501, "NotImplemented"))
    });
    let storage = connect(&server).await;
    let folder = fixtures::folder();
    for (name, size) in [("big", 17 * MIB), ("small", 1000), ("again", 1000)] {
        let source = fixtures::pattern_file(folder.path(), name, size, 11);
        let uploaded = storage
            .upload(
                &upload_job(&source, name, false),
                &|_| {},
                &CancellationToken::new(),
            )
            .await
            .unwrap();
        assert_eq!(uploaded.verification, Verification::EtagMd5, "{name}");
        assert!(server.object(name).unwrap().bytes == fixtures::pattern(size, 11));
    }
    assert_eq!(storage.upload_check(), UploadCheck::ContentMd5);
    let refused = server
        .requests()
        .iter()
        .filter(|request| request.header("x-amz-checksum-crc64nvme").is_some())
        .count();
    assert!(refused <= 1, "it is remembered");
    assert!(server.uploads().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passing_failures_are_ridden_out_and_lost_answers_recognised() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let folder = fixtures::folder();
    let cancel = CancellationToken::new();
    let big = fixtures::pattern_file(folder.path(), "big", 17 * MIB, 12);
    let small = fixtures::pattern_file(folder.path(), "small", 1000, 13);
    let seen: Mutex<std::collections::HashSet<String>> = Mutex::default();
    server.fault(move |request| {
        let kind = format!(
            "{} {}",
            request.method,
            request.query.split("uploadId").next()?
        );
        if request.method == "HEAD" || !seen.lock().unwrap().insert(kind) {
            return None;
        }
        Some(
            match (request.method.as_str(), request.parameter("partNumber")) {
                ("POST", _) if request.parameter("uploadId").is_some() => Fault::LoseAnswer,
                ("PUT", Some("1")) => Fault::Status(503, "SlowDown"),
                ("PUT", Some("2")) => Fault::Reset,
                ("PUT", Some(_)) => Fault::Status(500, "InternalError"),
                ("PUT", None) => Fault::LoseAnswer,
                _ => Fault::Status(502, "BadGateway"),
            },
        )
    });
    for (source, key) in [(&big, "big"), (&small, "small")] {
        let uploaded = storage
            .upload(&upload_job(source, key, true), &|_| {}, &cancel)
            .await
            .unwrap_or_else(|error| panic!("{key}: {error}"));
        assert_eq!(uploaded.verification, checksum(), "{key}");
        assert_eq!(server.object(key).unwrap().etag, uploaded.etag);
    }
    assert!(server.uploads().is_empty());
    assert!(storage.throttle_count() >= 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleting_tells_how_far_it_is_and_stops_between_requests() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let keys: Vec<Key> = (0..2500)
        .map(|index| Key::new(format!("k{index:04}")))
        .collect();
    server.put_keys(keys.iter().map(Key::as_str));
    let mut told = Vec::new();
    let deleted = storage
        .delete_while(&keys, &mut |through| {
            told.push(through);
            through < 2000
        })
        .await;
    assert_eq!(told, [1000, 2000]);
    assert_eq!((deleted.left, deleted.failures.len()), (500, 0));
    assert_eq!(server.keys().len(), 500, "what was not asked for is there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleting_reports_each_failure_and_does_without_batches() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let keys: Vec<Key> = (0..2500)
        .map(|index| Key::new(format!("k{index:04}")))
        .collect();
    server.put_keys(keys.iter().map(Key::as_str));
    assert!(storage.delete_many(&keys).await.is_empty());
    assert!(server.keys().is_empty());
    let batches = server.requests().len();
    assert_eq!(batches, 3);

    server.put_keys(["a", "b", "c"]);
    server.fault(|request| {
        request
            .is("POST", &["delete"])
            .then_some(Fault::Status(501, "NotImplemented"))
    });
    let some = ["a", "b"].map(Key::new);
    assert!(storage.delete_many(&some).await.is_empty());
    assert_eq!(server.keys(), ["c"]);

    server.fault(|_| Some(Fault::Status(403, "AccessDenied")));
    let failures = storage.delete_many(&[Key::new("c")]).await;
    assert_eq!(failures[0].1.kind, ErrorKind::AccessDenied);
}
