//! What breaks off, lies or fills up, and what is left then: stalls, dying tasks, errors inside successes, full disks, two
//! writers of one key, and copies of objects that no single request takes.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cooperage::domain::{ErrorKind, Key, StorageError};
use cooperage::storage::{Dial, DownloadJob, Storage, UploadJob, Uploaded, World};
use cooperage::transfers::{JobState, Work};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::support::fixtures;
use crate::support::memory_s3::{Fault, MemoryS3, Recorded};
use crate::support::scripted::{Asked, Reply, ScriptedServer};
use crate::transfers::Watch;
use crate::wire::{config, connect};

const MIB: usize = 1024 * 1024;

async fn upload(
    storage: &Storage,
    source: &std::path::Path,
    key: &str,
) -> Result<Uploaded, StorageError> {
    let job = UploadJob {
        source: source.to_owned(),
        key: Key::new(key),
        if_absent: true,
    };
    storage
        .upload(&job, &|_| {}, &CancellationToken::new())
        .await
}

async fn download(
    storage: &Storage,
    key: &str,
    target: &std::path::Path,
) -> Result<u64, StorageError> {
    let job = DownloadJob {
        key: Key::new(key),
        target: target.to_owned(),
        overwrite: true,
    };
    let cancel = CancellationToken::new();
    let done = storage.download(&job, &|_| {}, &cancel).await;
    done.map(|done| done.bytes)
}

/// The first request that fits is spoilt.
fn once(
    server: &MemoryS3,
    fits: fn(&Recorded) -> bool,
    mut fault: impl FnMut() -> Fault + Send + 'static,
) {
    let mut left = true;
    server.fault(move |request| {
        let now = left && fits(request);
        left &= !now;
        now.then(&mut fault)
    });
}

fn is_complete(request: &Recorded) -> bool {
    request.is("POST", &["uploadId"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stalls_is_tried_again_and_ends() {
    const NEVER: Duration = Duration::from_secs(600);
    let server = MemoryS3::start();
    let world = World::system().stalls_after(Duration::from_secs(2));
    let storage = Storage::connect_in(config(&server.endpoint()), world)
        .await
        .unwrap();
    let folder = fixtures::folder();
    let source = fixtures::pattern_file(folder.path(), "source", 2 * MIB, 1);
    once(
        &server,
        |request| request.method == "PUT",
        || Fault::Stall(NEVER),
    );
    upload(&storage, &source, "a").await.unwrap();
    assert!(server.object("a").unwrap().bytes == fixtures::pattern(2 * MIB, 1));

    let target = folder.path().join("target");
    let body = || Fault::StallBodyAfter(MIB, NEVER);
    once(&server, |request| request.method == "GET", body);
    assert_eq!(
        download(&storage, "a", &target).await.unwrap(),
        2 * MIB as u64
    );
    assert!(std::fs::read(&target).unwrap() == fixtures::pattern(2 * MIB, 1));

    server.fault(|request| (request.method == "PUT").then_some(Fault::Stall(NEVER)));
    let error = upload(&storage, &source, "b").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TimedOut, "{error}");
}

/// A way to servers that kills whoever takes it.
struct Deadly;

impl Dial for Deadly {
    fn dial(
        &self,
        _: &http::Uri,
    ) -> Pin<Box<dyn Future<Output = io::Result<TcpStream>> + Send + 'static>> {
        panic!("on purpose");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_whose_task_dies_ends_with_an_error_and_the_others_go_on() {
    let server = MemoryS3::start();
    let good = connect(config(&server.endpoint())).await;
    let world = World::system().through(Arc::new(Deadly));
    let deadly = Storage::connect_in(config(&server.endpoint()), world)
        .await
        .unwrap();
    let folder = fixtures::folder();
    let small = fixtures::pattern_file(folder.path(), "small", 100, 2);
    let big = fixtures::pattern_file(folder.path(), "big", 20 * MIB, 3);
    let watch = Watch::default();
    let engine = watch.engine();
    let work = |source: &std::path::Path, key: &str| Work::Upload {
        bytes: std::fs::metadata(source).unwrap().len(),
        job: UploadJob {
            source: source.to_owned(),
            key: Key::new(key),
            if_absent: false,
        },
    };
    // More than may run at once, each with as much in memory as it may have: nothing is kept by the dead.
    let dying = (0..12).map(|number| match number % 2 {
        0 => work(&small, &format!("dead {number}")),
        _ => work(&big, &format!("dead {number}")),
    });
    engine.submit(&deadly, dying.collect());
    engine.submit(&good, vec![work(&small, "small"), work(&big, "big")]);
    watch.until_all_final(14).await;
    let told = watch.told();
    assert_eq!((told.totals.failed, told.totals.done), (12, 2));
    for job in told.jobs.values() {
        assert_eq!(job.state == JobState::Failed, job.error.is_some());
    }
    drop(told);
    assert_eq!(server.keys(), ["big", "small"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_inside_a_finished_upload_is_no_success() {
    let server = MemoryS3::start();
    let storage = connect(config(&server.endpoint())).await;
    let folder = fixtures::folder();
    let big = fixtures::pattern_file(folder.path(), "big", 17 * MIB, 4);
    once(&server, is_complete, || Fault::ErrorInside("InternalError"));
    upload(&storage, &big, "once").await.unwrap();
    assert!(server.object("once").unwrap().bytes == fixtures::pattern(17 * MIB, 4));

    server.fault(|request| is_complete(request).then_some(Fault::ErrorInside("AccessDenied")));
    let error = upload(&storage, &big, "never").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::AccessDenied, "{error}");
    assert_eq!(server.keys(), ["once"]);
    assert!(server.uploads().is_empty());
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_without_room_is_said_before_anything_is_read() {
    let claims = |bytes: u64| {
        let reply = Reply::new(200, "x").header("etag", "\"e\"");
        reply.header("content-length", &bytes.to_string())
    };
    let server = ScriptedServer::in_turn(vec![claims(1 << 46), claims(1)]);
    let storage = connect(config(&server.endpoint())).await;
    let folder = fixtures::folder();
    let target = fixtures::file(folder.path(), "target", "old");
    let error = download(&storage, "huge", &target).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::LocalFile, "{error}");
    let left = [("target".to_owned(), b"old".to_vec())];
    assert_eq!(fixtures::read_tree(folder.path()), left);
    assert_eq!(server.asked().len(), 1, "it was not tried again");

    // Nobody makes files there, whoever they are.
    let closed = std::path::Path::new("/sys/target");
    let error = download(&storage, "small", closed).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::LocalFile, "{error}");
    assert_eq!(download(&storage, "small", &target).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_write_one_key_exactly_one_wins() {
    let server = MemoryS3::start();
    let one = connect(config(&server.endpoint())).await;
    let two = connect(config(&server.endpoint())).await;
    let folder = fixtures::folder();
    for (bytes, rounds) in [(1000, 20), (17 * MIB, 2)] {
        let mine = fixtures::pattern_file(folder.path(), "mine", bytes, 5);
        let theirs = fixtures::pattern_file(folder.path(), "theirs", bytes, 6);
        for round in 0..rounds {
            let key = format!("{bytes} {round}");
            let (first, second) =
                tokio::join!(upload(&one, &mine, &key), upload(&two, &theirs, &key));
            let (seed, lost) = match (first, second) {
                (Ok(_), Err(error)) => (5, error),
                (Err(error), Ok(_)) => (6, error),
                both => panic!("{key}: {both:?}"),
            };
            assert_eq!(lost.kind, ErrorKind::Conflict, "{lost}");
            let there = server.object(&key).unwrap();
            assert!(there.bytes == fixtures::pattern(bytes, seed), "{key}");
        }
    }
    assert!(server.uploads().is_empty());
}

/// Above what one request copies, and no multiple of a part.
const HUGE: u64 = (6 << 30) + 12_345;

/// A server with one huge object, `from`, that believes every copy of a part.
struct Huge {
    server: ScriptedServer,
    finished: Arc<AtomicBool>,
}

fn part_etag(number: &str) -> String {
    format!("{:032x}", number.parse::<u32>().unwrap())
}

fn parameter<'a>(asked: &'a Asked, name: &str) -> Option<&'a str> {
    let (_, query) = asked.target.split_once('?')?;
    let mut pairs = query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
}

impl Huge {
    /// `spoil` may answer instead.
    fn start(mut spoil: impl FnMut(&Asked) -> Option<Reply> + Send + 'static) -> Self {
        let finished = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&finished);
        let etags: Mutex<Vec<u8>> = Mutex::default();
        let server = ScriptedServer::start(move |asked| {
            if let Some(reply) = spoil(asked) {
                return reply;
            }
            let path = asked.target.split('?').next().unwrap_or_default();
            let object = |etag: &str| {
                Reply::new(200, "")
                    .header("content-length", &HUGE.to_string())
                    .header("etag", etag)
                    .header("x-amz-meta-author", "me")
            };
            match (asked.method.as_str(), path) {
                ("HEAD", "/test-bucket/from") => object("\"whole\""),
                ("HEAD", _) if done.load(Ordering::SeqCst) => object("\"joined-13\""),
                ("HEAD", _) => Reply::new(404, ""),
                ("GET", _) => Reply::new(
                    200,
                    "<Tagging><TagSet><Tag><Key>a b</Key><Value>c</Value></Tag></TagSet></Tagging>",
                ),
                ("POST", _) if parameter(asked, "uploads").is_some() => Reply::new(
                    200,
                    "<InitiateMultipartUploadResult><UploadId>U</UploadId></InitiateMultipartUploadResult>",
                ),
                ("PUT", _) => {
                    let etag = part_etag(parameter(asked, "partNumber").unwrap());
                    etags.lock().unwrap().extend(etag.bytes());
                    let xml = format!("<CopyPartResult><ETag>\"{etag}\"</ETag></CopyPartResult>");
                    Reply::new(200, xml)
                }
                ("POST", _) => {
                    done.store(true, Ordering::SeqCst);
                    Reply::new(
                        200,
                        "<CompleteMultipartUploadResult><ETag>\"joined-13\"</ETag></CompleteMultipartUploadResult>",
                    )
                }
                _ => Reply::new(204, ""),
            }
        });
        Self { server, finished }
    }

    async fn rename(&self) -> Result<(), StorageError> {
        let storage = connect(config(&self.server.endpoint())).await;
        storage.rename(&Key::new("from"), &Key::new("to")).await
    }

    fn deleted(&self) -> Vec<String> {
        let asked = self.server.asked().into_iter();
        let deletes = asked.filter(|asked| asked.method == "DELETE");
        deletes.map(|asked| asked.target).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_huge_object_is_renamed_part_by_part() {
    let spoilt = AtomicUsize::new(0);
    let huge = Huge::start(move |asked| {
        let third = asked.method == "PUT" && parameter(asked, "partNumber") == Some("3");
        let first = third && spoilt.fetch_add(1, Ordering::SeqCst) == 0;
        first.then(|| Reply::error(200, "InternalError", ""))
    });
    huge.rename().await.unwrap();
    let asked = huge.server.asked();
    let mut ranges = Vec::new();
    for part in asked.iter().filter(|asked| asked.method == "PUT") {
        assert_eq!(part.header("x-amz-copy-source"), Some("test-bucket/from"));
        let unchanged = part.header("x-amz-copy-source-if-match").unwrap();
        assert_eq!(unchanged.trim_matches('"'), "whole");
        let range = part.header("x-amz-copy-source-range").unwrap();
        let (start, end) = range
            .strip_prefix("bytes=")
            .unwrap()
            .split_once('-')
            .unwrap();
        let (start, end): (u64, u64) = (start.parse().unwrap(), end.parse().unwrap());
        let number: u64 = parameter(part, "partNumber").unwrap().parse().unwrap();
        ranges.push((number, start, end));
    }
    assert_eq!(ranges.len(), 14, "thirteen, one of them twice");
    ranges.sort_unstable();
    ranges.dedup();
    let mut next = 0;
    for (place, (number, start, end)) in ranges.iter().enumerate() {
        assert_eq!((*number, *start), (place as u64 + 1, next));
        next = end + 1;
    }
    assert_eq!(next, HUGE);
    let posts: Vec<_> = asked
        .iter()
        .filter(|asked| asked.method == "POST")
        .collect();
    assert_eq!(posts[0].header("x-amz-meta-author"), Some("me"));
    assert_eq!(posts[0].header("x-amz-tagging"), Some("a%20b=c"));
    let list = String::from_utf8_lossy(&posts[1].body).into_owned();
    let at = |number: u64| list.find(&part_etag(&number.to_string())).unwrap();
    assert!((1..13).all(|number| at(number) < at(number + 1)), "{list}");
    let last = asked.last().unwrap();
    assert_eq!((last.method.as_str(), huge.deleted().len()), ("DELETE", 1));
    assert!(last.target.starts_with("/test-bucket/from"), "{last:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_huge_object_stays_when_its_copy_fails_inside_a_success() {
    let part = |asked: &Asked| asked.method == "PUT";
    let end = |asked: &Asked| asked.method == "POST" && parameter(asked, "uploadId").is_some();
    let cases: [fn(&Asked) -> bool; 2] = [part, end];
    for fits in cases {
        let huge =
            Huge::start(move |asked| fits(asked).then(|| Reply::error(200, "AccessDenied", "")));
        let error = huge.rename().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::AccessDenied, "{error}");
        assert!(!huge.finished.load(Ordering::SeqCst));
        let deleted = huge.deleted();
        assert!(!deleted.is_empty());
        for target in deleted {
            let aborts = target.starts_with("/test-bucket/to?") && target.contains("uploadId=U");
            assert!(aborts, "{target}");
        }
    }
}
