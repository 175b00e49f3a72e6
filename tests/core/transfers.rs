//! The transfer engine and the plans it works from, against a server in memory.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use cooperage::domain::{ErrorKind, Key, Prefix};
use cooperage::storage::{Storage, UploadJob};
use cooperage::transfers::conflict::{
    Choice, answer_download, answer_upload, download_conflicts, upload_conflicts,
};
use cooperage::transfers::engine::Which;
use cooperage::transfers::plan::{Chosen, Renaming, plan_download, plan_upload};
use cooperage::transfers::{
    Engine, EngineHandle, JobId, JobSnapshot, JobState, Totals, Update, Work,
};
use tokio_util::sync::CancellationToken;

use crate::objects::connect;
use crate::support::fixtures;
use crate::support::memory_s3::{Fault, MemoryS3};

const MIB: usize = 1024 * 1024;

/// Everything an engine has told, and every state each job went through.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) jobs: BTreeMap<JobId, JobSnapshot>,
    states: BTreeMap<JobId, Vec<JobState>>,
    pub(crate) totals: Totals,
    updates: usize,
}

/// Hears an engine.
#[derive(Clone, Default)]
pub(crate) struct Watch(Arc<Mutex<Told>>);

impl Watch {
    /// What was told so far.
    pub(crate) fn told(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap()
    }

    /// Starts an engine that tells it here.
    pub(crate) fn engine(&self) -> EngineHandle {
        let told = self.clone();
        Engine::start(tokio::runtime::Handle::current(), move |update: Update| {
            let mut told = told.0.lock().unwrap();
            for job in update.jobs {
                let states = told.states.entry(job.info.id).or_default();
                if states.last() != Some(&job.state) {
                    states.push(job.state);
                }
                told.jobs.insert(job.info.id, job);
            }
            for id in update.removed {
                told.jobs.remove(&id);
            }
            told.totals = update.totals;
            told.updates += 1;
        })
    }

    async fn until(&self, what: &str, reached: impl Fn(&Told) -> bool) {
        for _ in 0..4800 {
            if reached(&self.0.lock().unwrap()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("never came: {what}; {:?}", self.0.lock().unwrap().totals);
    }

    pub(crate) async fn until_all_final(&self, count: usize) {
        self.until("all jobs final", |told| {
            let mut jobs = told.jobs.values();
            told.jobs.len() == count && jobs.all(|job| job.state.is_final())
        })
        .await;
    }
}

fn upload(source: &Path, key: &str) -> Work {
    Work::Upload {
        bytes: std::fs::metadata(source).map_or(0, |found| found.len()),
        job: UploadJob {
            source: source.to_owned(),
            key: Key::new(key),
            if_absent: true,
        },
    }
}

async fn planned_upload(
    storage: &Storage,
    paths: &[std::path::PathBuf],
    choice: Choice,
) -> Vec<Work> {
    let cancel = CancellationToken::new();
    let plan = plan_upload(paths, &Prefix::new("in/"), &mut |_| {}, &cancel);
    let conflicts = upload_conflicts(storage, &plan, &cancel).await.unwrap();
    Work::of_answered(answer_upload(plan, &conflicts, |_| choice))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_goes_up_and_comes_down() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let folder = fixtures::folder();
    let top = folder.path().join("top");
    fixtures::pattern_file(&top, "big.bin", 20 * MIB, 1);
    for index in 0..60 {
        fixtures::pattern_file(&top, &format!("small/{index:02}.txt"), 1000 + index, 2);
    }
    std::fs::create_dir(top.join("empty")).unwrap();
    let watch = Watch::default();
    let engine = watch.engine();
    let work = planned_upload(&storage, std::slice::from_ref(&top), Choice::Skip).await;
    assert_eq!(work.len(), 62);
    engine.submit(&storage, work);
    watch.until_all_final(62).await;
    {
        let told = watch.0.lock().unwrap();
        assert_eq!(told.totals.done, 62);
        assert_eq!(told.totals.moved, told.totals.bytes);
        for states in told.states.values() {
            assert_eq!(states.iter().filter(|state| state.is_final()).count(), 1);
        }
    }
    assert!(server.keys().contains(&"in/top/empty/".to_owned()));

    let target = fixtures::folder();
    let chosen = [Chosen::Folder(Prefix::new("in/top/"))];
    let cancel = CancellationToken::new();
    let plan = plan_download(&storage, &chosen, target.path(), &|_| {}, &cancel)
        .await
        .unwrap();
    let jobs = engine.submit(&storage, Work::of_download(plan));
    assert_eq!(jobs, 63..125);
    watch.until_all_final(124).await;
    assert!(fixtures::read_tree(&target.path().join("top")) == fixtures::read_tree(&top));
    assert!(target.path().join("top/empty").is_dir());

    engine.remove_finished();
    watch
        .until("an empty list", |told| told.jobs.is_empty())
        .await;
    assert_eq!(watch.0.lock().unwrap().totals, Totals::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_keys_stay_inside_and_are_listed() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let keys = [
        "../up",
        "/etc/x",
        "C:\\x",
        "CON",
        "a",
        "a/b",
        "a//b",
        "a/../../c",
        "nul\0",
        "dot.",
        "..",
    ];
    for key in keys {
        server.put(key, key.to_owned());
    }
    let outer = fixtures::folder();
    let root = outer.path().join("chosen");
    std::fs::create_dir(&root).unwrap();
    let cancel = CancellationToken::new();
    let chosen = [Chosen::Folder(Prefix::root())];
    let plan = plan_download(&storage, &chosen, &root, &|_| {}, &cancel)
        .await
        .unwrap();
    let renamed: Vec<(&str, Renaming)> = plan
        .renamed()
        .map(|item| (item.key.as_str(), item.renamed.unwrap()))
        .collect();
    assert!(renamed.contains(&("a", Renaming::Taken)));
    assert_eq!(renamed.len(), keys.len() - 1, "all but a/b");
    let watch = Watch::default();
    let engine = watch.engine();
    engine.submit(&storage, Work::of_download(plan));
    watch.until_all_final(keys.len()).await;
    assert_eq!(watch.0.lock().unwrap().totals.done, keys.len());
    let mut contents: Vec<String> = fixtures::read_tree(outer.path())
        .into_iter()
        .map(|(name, bytes)| {
            assert!(name.starts_with("chosen/"), "{name}");
            String::from_utf8(bytes).unwrap()
        })
        .collect();
    contents.sort();
    let mut wanted = keys.map(str::to_owned).to_vec();
    wanted.sort();
    assert_eq!(contents, wanted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conflicts_are_found_by_listing_and_answered() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let folder = fixtures::folder();
    let top = folder.path().join("top");
    for index in 0..40 {
        fixtures::file(&top, &format!("{index:02}.txt"), "new");
    }
    let loose = fixtures::file(folder.path(), "loose.txt", "new");
    server.put("in/top/07.txt", "old");
    server.put("in/top/07 (2).txt", "old");
    server.put("in/loose.txt", "old");
    server.put("in/loose (2).txt", "old");
    server.put_keys((0..3000).map(|index| format!("in/zzz/{index}")));
    server.forget_requests();
    let cancel = CancellationToken::new();
    let paths = [top, loose];
    let plan = plan_upload(&paths, &Prefix::new("in/"), &mut |_| {}, &cancel);
    let conflicts = upload_conflicts(&storage, &plan, &cancel).await.unwrap();
    let names: Vec<&str> = conflicts
        .found
        .iter()
        .map(|found| found.name.as_str())
        .collect();
    assert_eq!(names, ["in/top/07.txt", "in/loose.txt"]);
    assert_eq!(conflicts.found[0].there.bytes, 3);
    assert!(conflicts.found[0].there.modified.is_some());
    assert!(
        server.requests().len() <= 3,
        "{:?}",
        server.requests().len()
    );

    let watch = Watch::default();
    let engine = watch.engine();
    let answered = answer_upload(plan, &conflicts, |_| Choice::KeepBoth);
    engine.submit(&storage, Work::of_answered(answered));
    watch.until_all_final(41).await;
    assert_eq!(watch.0.lock().unwrap().totals.done, 41);
    for key in ["in/top/07", "in/loose"] {
        assert_eq!(server.object(&format!("{key}.txt")).unwrap().bytes, "old");
        assert_eq!(
            server.object(&format!("{key} (3).txt")).unwrap().bytes,
            "new"
        );
    }
    // Nobody decided to overwrite what appears now.
    let again = planned_upload(&storage, &paths[1..], Choice::Overwrite).await;
    engine.submit(&storage, again);
    watch.until_all_final(42).await;
    assert_eq!(server.object("in/loose.txt").unwrap().bytes, "new");

    let chosen = [Chosen::Object {
        key: Key::new("in/loose.txt"),
        bytes: 3,
        modified: None,
    }];
    let target = fixtures::folder();
    fixtures::file(target.path(), "loose.txt", "mine");
    let plan = plan_download(&storage, &chosen, target.path(), &|_| {}, &cancel)
        .await
        .unwrap();
    let conflicts = download_conflicts(&plan);
    assert_eq!(conflicts.found.len(), 1);
    let (plan, skipped) = answer_download(plan, &conflicts, |_| Choice::KeepBoth);
    assert_eq!(skipped, 0);
    engine.submit(&storage, Work::of_download(plan));
    watch.until_all_final(43).await;
    let names: Vec<String> = fixtures::read_tree(target.path())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["loose (2).txt", "loose.txt"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_keep_their_cause_and_can_be_retried() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let folder = fixtures::folder();
    let good = fixtures::pattern_file(folder.path(), "good", 1000, 3);
    let watch = Watch::default();
    let engine = watch.engine();
    server.fault(|_| Some(Fault::Status(403, "AccessDenied")));
    engine.submit(
        &storage,
        vec![
            upload(&good, "good"),
            upload(&folder.path().join("gone"), "gone"),
        ],
    );
    watch.until_all_final(2).await;
    {
        let told = watch.0.lock().unwrap();
        let kinds: Vec<ErrorKind> = told
            .jobs
            .values()
            .map(|job| job.error.as_ref().unwrap().kind)
            .collect();
        assert_eq!(kinds, [ErrorKind::AccessDenied, ErrorKind::LocalFile]);
        assert_eq!((told.totals.failed, told.totals.bytes), (2, 0));
    }
    server.heal();
    engine.retry(Which::All);
    watch
        .until("one done and one failed again", |told| {
            told.totals.done == 1 && told.totals.failed == 1
        })
        .await;
    assert_eq!(server.keys(), ["good"]);
    assert_eq!(watch.0.lock().unwrap().totals.moved, 1000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_are_held_and_cancelled_without_remains() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let folder = fixtures::folder();
    let big = fixtures::pattern_file(folder.path(), "big", 60 * MIB, 4);
    let watch = Watch::default();
    let engine = watch.engine();
    server.fault(|request| {
        request
            .is("PUT", &["partNumber"])
            .then_some(Fault::Delay(Duration::from_millis(150)))
    });
    let first = JobId(engine.submit(&storage, vec![upload(&big, "a")]).start);
    watch
        .until("a running job", |told| told.totals.moved > 0)
        .await;
    engine.pause(Which::One(first));
    watch
        .until("a held job", |told| told.totals.paused == 1)
        .await;
    // Parts that are on their way go to their end, which takes a busy machine a while; then nothing moves.
    let moved = || watch.0.lock().unwrap().totals.moved;
    let mut before = moved();
    for _ in 0..30 {
        tokio::time::sleep(Duration::from_millis(700)).await;
        let now = moved();
        if now == before {
            break;
        }
        before = now;
    }
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(moved(), before, "it is held");
    assert!(before < 60 * MIB as u64);
    engine.resume(Which::All);
    watch.until_all_final(1).await;
    assert!(server.object("a").unwrap().bytes == fixtures::pattern(60 * MIB, 4));

    let jobs = engine.submit(
        &storage,
        (0..12)
            .map(|index| upload(&big, &format!("c{index}")))
            .collect(),
    );
    watch
        .until("running jobs", |told| told.totals.running == 8)
        .await;
    engine.pause(Which::One(JobId(jobs.start)));
    engine.cancel(Which::All);
    watch.until_all_final(13).await;
    assert_eq!(watch.0.lock().unwrap().totals.cancelled, 12);
    assert!(server.uploads().is_empty());
    assert_eq!(server.keys(), ["a"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropping_the_handle_ends_everything_cleanly() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let folder = fixtures::folder();
    let big = fixtures::pattern_file(folder.path(), "big", 40 * MIB, 5);
    let watch = Watch::default();
    let engine = watch.engine();
    server.fault(|request| {
        request
            .is("PUT", &["partNumber"])
            .then_some(Fault::Delay(Duration::from_millis(200)))
    });
    engine.submit(&storage, vec![upload(&big, "a"), upload(&big, "b")]);
    watch
        .until("running jobs", |told| told.totals.running == 2)
        .await;
    drop(engine);
    watch.until_all_final(2).await;
    assert!(server.uploads().is_empty() && server.keys().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_throttling_server_gets_fewer_requests_and_all_the_work() {
    let server = MemoryS3::start();
    let storage = connect(&server).await;
    let folder = fixtures::folder();
    let small = fixtures::pattern_file(folder.path(), "small", 100, 6);
    let refusals = std::sync::atomic::AtomicUsize::new(0);
    server.fault(move |request| {
        let count = refusals.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        (request.method == "PUT" && count < 40).then_some(Fault::Status(503, "SlowDown"))
    });
    let watch = Watch::default();
    let engine = watch.engine();
    let work = (0..100)
        .map(|index| upload(&small, &format!("k{index}")))
        .collect();
    engine.submit(&storage, work);
    watch.until_all_final(100).await;
    let told = watch.0.lock().unwrap();
    assert_eq!(told.totals.done, 100);
    assert_eq!(server.keys().len(), 100);
    assert!(told.updates < 100, "coalesced: {}", told.updates);
}
