//! What a write test leaves behind when it dies or may not delete, and who removes it.

use super::*;

/// A write test that runs beside the test, to be broken off.
fn begun(patient: &Arc<Patient>, journal: &Path) -> tokio::task::JoinHandle<()> {
    let (patient, journal) = (Arc::clone(patient), journal.to_owned());
    tokio::spawn(async move { write_test(&patient, &journal, &Ear::default()).await })
}

/// The record of a test that died at an address before it wrote anything down but its key.
fn leave_record(journal: &Path, endpoint: &str, key: &str) {
    let head = serde_json::json!({ "endpoint": endpoint, "bucket": BUCKET, "key": key });
    std::fs::write(journal.join("gone.jsonl"), format!("{head}\n")).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_only_read_leaves_nothing_behind() {
    let server = MemoryS3::start();
    server.put("photos/a.jpg", "a");
    server.fault(|request| writes(request).then(|| refusal(403, "AccessDenied", "Access Denied")));
    let folder = tempfile::tempdir().unwrap();
    let patient = patient(&server.endpoint()).await;
    for _ in 0..2 {
        let ear = tested(&patient, folder.path()).await;
        assert!(ear.matrix().denies(Permission::Write));
        assert_eq!(ear.matrix().leftovers, []);
        assert_eq!(records(folder.path()), 0);
    }
    let deletes = |one: &Recorded| one.method == "DELETE" || one.is("POST", &["delete"]);
    assert!(!server.requests().iter().any(deletes));

    // A record of a test that died before it wrote anything is no debt either.
    let place = probe::place_of(patient.storage.as_ref().unwrap(), false);
    leave_record(
        folder.path(),
        &place.endpoint,
        "photos/.cooperage-test-gone",
    );
    let ear = tested(&patient, folder.path()).await;
    assert_eq!(ear.matrix().leftovers, []);
    assert_eq!(records(folder.path()), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_whose_answer_never_came_is_found_and_aborted() {
    let server = MemoryS3::start();
    let folder = tempfile::tempdir().unwrap();
    let patient = Arc::new(patient(&server.endpoint()).await);
    let heard = Arc::new(tokio::sync::Notify::new());
    let (told, mut asked) = (Arc::clone(&heard), 0);
    // The first is carried out and its answer lost; the next never ends.
    server.fault(move |request| {
        request.is("POST", &["uploads"]).then(|| {
            asked += 1;
            if asked == 1 {
                return Fault::LoseAnswer;
            }
            told.notify_one();
            Fault::Stall(Duration::from_secs(600))
        })
    });
    let dying = begun(&patient, folder.path());
    heard.notified().await;
    assert_eq!(server.uploads().len(), 1);
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled());
    server.heal();
    let ear = tested(&patient, folder.path()).await;
    assert_eq!(ear.matrix().leftovers, []);
    assert!(server.keys().is_empty() && server.uploads().is_empty());
    assert_eq!(records(folder.path()), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_left_through_another_address_is_found_where_it_is() {
    let (server, other) = (MemoryS3::start(), MemoryS3::start());
    let key = "photos/.cooperage-test-abc";
    server.put(key, "x");
    let folder = tempfile::tempdir().unwrap();
    leave_record(folder.path(), "http://s3.internal:9000", key);
    let ear = tested(&patient(&other.endpoint()).await, folder.path()).await;
    assert_eq!(ear.matrix().leftovers, []);
    assert_eq!(records(folder.path()), 1, "it is not in that bucket");
    let ear = tested(&patient(&server.endpoint()).await, folder.path()).await;
    assert_eq!(ear.matrix().leftovers, []);
    assert!(server.keys().is_empty());
    assert_eq!(records(folder.path()), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_deleted_is_told_and_removed_when_it_can_be() {
    let server = MemoryS3::start();
    server.fault(|request| {
        let deletes = request.method == "DELETE" || request.is("POST", &["delete"]);
        deletes.then(|| {
            not_authorized(
                "s3:DeleteObject",
                "because no identity-based policy allows the s3:DeleteObject action",
            )
        })
    });
    let folder = tempfile::tempdir().unwrap();
    let patient = patient(&server.endpoint()).await;
    let ear = tested(&patient, folder.path()).await;
    let implicit = Denial::Implicit(Some(PolicyKind::Identity));
    assert_eq!(ear.verdict(Permission::Delete), Verdict::Denied(implicit));
    assert!(
        ear.matrix().denies(Permission::Multipart),
        "aborting is denied too"
    );
    let left = ear.matrix().leftovers;
    assert!(left.iter().any(|one| one.is_upload), "{left:?}");
    assert!(left.iter().any(|one| !one.is_upload), "{left:?}");
    assert_eq!((server.keys().len(), records(folder.path())), (1, 1));
    server.heal();
    let (storage, journal) = (
        patient.storage.as_ref().unwrap(),
        Journal::in_folder(folder.path()),
    );
    assert!(
        probe::clean_up(storage, &probe::place_of(storage, false), &journal)
            .await
            .is_empty()
    );
    assert!(server.keys().is_empty() && server.uploads().is_empty());
    assert_eq!(records(folder.path()), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_that_dies_between_writing_and_deleting_is_cleaned_up_by_the_next() {
    let server = MemoryS3::start();
    let folder = tempfile::tempdir().unwrap();
    let patient = Arc::new(patient(&server.endpoint()).await);
    let hangs = Arc::new(tokio::sync::Notify::new());
    let told = Arc::clone(&hangs);
    // Aborting the upload never ends; by then the object is there, and an upload too.
    server.fault(move |request| {
        tries(Permission::Multipart, request).then(|| {
            told.notify_one();
            Fault::Stall(Duration::from_secs(600))
        })
    });
    let dying = begun(&patient, folder.path());
    hangs.notified().await;
    assert_eq!((server.keys().len(), server.uploads().len()), (1, 1));
    let here = patient.storage.as_ref().unwrap();
    let journal = Journal::in_folder(folder.path());
    let place = probe::place_of(here, false);
    assert!(!journal.has_left_at(&place), "it is still running");
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled());
    assert!(journal.has_left_at(&place), "its record stays");
    server.heal();
    let ear = tested(&patient, folder.path()).await;
    assert_eq!(ear.verdict(Permission::Delete), Verdict::Allowed);
    assert!(server.keys().is_empty() && server.uploads().is_empty());
    assert_eq!(records(folder.path()), 0);
}

/// A bucket with versions in a few lines: each write and each deletion without a version makes one.
fn with_versions(deny_versions: bool) -> (ScriptedServer, Arc<Mutex<Vec<String>>>) {
    let kept = Arc::new(Mutex::new(Vec::<String>::new()));
    let (own, mut count) = (Arc::clone(&kept), 0);
    let server = ScriptedServer::start(move |asked| {
        let mut kept = own.lock().unwrap();
        let query = asked.target.split_once('?').map_or("", |(_, query)| query);
        let version = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("versionId="));
        let mut new = |status: u16| {
            count += 1;
            let id = format!("v{count}");
            kept.push(id.clone());
            Reply::new(status, "").header("x-amz-version-id", &id)
        };
        match (asked.method.as_str(), version) {
            ("PUT", _) => new(200),
            ("DELETE", None) => new(204).header("x-amz-delete-marker", "true"),
            ("DELETE", Some(_)) if deny_versions => Reply::error(403, "AccessDenied", ""),
            ("DELETE", Some(id)) => {
                kept.retain(|known| known != id);
                Reply::new(204, "")
            }
            ("GET", _) if query.starts_with("versions") => {
                let rows: String = kept
                    .iter()
                    .map(|id| format!("<Version><VersionId>{id}</VersionId></Version>"))
                    .collect();
                Reply::new(
                    200,
                    format!("<ListVersionsResult>{rows}</ListVersionsResult>"),
                )
            }
            _ => Reply::error(501, "NotImplemented", ""),
        }
    });
    (server, kept)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_bucket_with_versions_every_version_goes() {
    for deny in [false, true] {
        let (server, kept) = with_versions(deny);
        let folder = tempfile::tempdir().unwrap();
        let ear = tested(&patient(&server.endpoint()).await, folder.path()).await;
        assert_eq!(ear.verdict(Permission::Write), Verdict::Allowed);
        assert_eq!(ear.verdict(Permission::Delete), Verdict::Allowed);
        let left = ear.matrix().leftovers.len();
        let gone = kept.lock().unwrap().is_empty();
        assert_eq!((gone, left), (!deny, usize::from(deny)));
        assert_eq!(records(folder.path()), usize::from(deny));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_deleting_is_denied_no_second_object_is_written_unasked() {
    let server = MemoryS3::start();
    server.fault(|request| {
        let deletes = request.method == "DELETE" || request.is("POST", &["delete"]);
        deletes.then(|| refusal(403, "AccessDenied", "Access Denied"))
    });
    let folder = tempfile::tempdir().unwrap();
    let patient = patient(&server.endpoint()).await;
    drop(tested(&patient, folder.path()).await);
    assert_eq!(server.keys().len(), 1);
    server.forget_requests();
    let ear = tested(&patient, folder.path()).await;
    assert_eq!(server.keys().len(), 1, "no other object beside it");
    let puts = |one: &Recorded| one.method == "PUT";
    assert!(!server.requests().iter().any(puts));
    let matrix = ear.matrix();
    for permission in Permission::WRITES {
        let waits = Verdict::NotTested(Untested::LeftBehind);
        assert_eq!(matrix.verdict(permission), waits);
    }
    assert!(matrix.waits_for_removal() && !matrix.leftovers.is_empty());
    let said = left_in_words(&matrix);
    assert!(said.contains(&server.keys()[0]), "{said}");
    assert!(said.contains("An earlier test left"), "{said}");
    // Who knows of it and asks again has it tested.
    let (journal, cancel) = (Journal::in_folder(folder.path()), CancellationToken::new());
    let all_the_same = WriteTest {
        may_leave_another: true,
        ..WriteTest::default()
    };
    let journal = (&journal, false);
    probe::test_writing(&patient, journal, all_the_same, &ear.hear(), &cancel).await;
    assert_eq!(ear.verdict(Permission::Write), Verdict::Allowed);
    assert_eq!(server.keys().len(), 2);
    assert_eq!(
        ear.matrix().leftovers.len(),
        4,
        "two objects and two uploads"
    );
    // Once deleting is allowed, the next test removes all of it before it writes.
    server.heal();
    let ear = tested(&patient, folder.path()).await;
    assert_eq!(ear.verdict(Permission::Delete), Verdict::Allowed);
    assert_eq!(ear.matrix().leftovers, []);
    assert!(server.keys().is_empty() && server.uploads().is_empty());
    assert_eq!(records(folder.path()), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_not_be_looked_at_is_found_in_the_listing() {
    let server = MemoryS3::start();
    let key = "photos/.cooperage-test-abc";
    server.put(key, "x");
    server.put("photos/.cooperage-test-abcd", "of another test");
    server.fault(|request| (request.method == "HEAD").then_some(Fault::Status(403, "")));
    let folder = tempfile::tempdir().unwrap();
    leave_record(folder.path(), "http://s3.internal:9000", key);
    let patient = patient(&server.endpoint()).await;
    let (storage, journal) = (
        patient.storage.as_ref().unwrap(),
        Journal::in_folder(folder.path()),
    );
    let place = probe::place_of(storage, false);
    assert!(journal.has_left_at(&place), "it may be here");
    assert_eq!(probe::clean_up(storage, &place, &journal).await, []);
    assert_eq!(server.keys(), ["photos/.cooperage-test-abcd"]);
    assert_eq!(records(folder.path()), 0);
}

/// The records of tests, as if their uploads had been sent so much earlier.
fn age_records(journal: &Path, secs: i64) {
    for entry in std::fs::read_dir(journal).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let aged = text.lines().map(|line| {
            let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
            if let Some(sent) = line["sent"].as_i64() {
                line["sent"] = (sent - secs).into();
            }
            format!("{line}\n")
        });
        let aged: String = aged.collect();
        std::fs::write(&path, aged).unwrap();
    }
}

fn page_of_a_proxy(status: u16) -> Fault {
    Fault::Answer {
        status,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: Bytes::from_static(b"<html><body>proxy</body></html>"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_without_a_word_of_s3_is_looked_for_until_it_has_arrived() {
    let outcomes: [fn() -> Fault; 3] = [
        || page_of_a_proxy(413),
        || page_of_a_proxy(502),
        || Fault::Reset,
    ];
    for outcome in outcomes {
        let server = MemoryS3::start();
        let folder = tempfile::tempdir().unwrap();
        let patient = patient(&server.endpoint()).await;
        server.fault(move |request| (request.method == "PUT").then(outcome));
        let ear = tested(&patient, folder.path()).await;
        let matrix = ear.matrix();
        assert!(matrix.troubled_write().is_some());
        let [left] = matrix.leftovers.as_slice() else {
            panic!("{:?}", matrix.leftovers);
        };
        assert!(left.may_arrive && !left.is_upload);
        let said = left_in_words(&matrix);
        assert!(said.contains("may still arrive"), "{said}");
        assert_eq!(records(folder.path()), 1);
        // The next one looks, tests all the same, and tells it until it may not arrive any more.
        server.heal();
        let ear = tested(&patient, folder.path()).await;
        assert_eq!(ear.verdict(Permission::Write), Verdict::Allowed);
        assert_eq!(ear.matrix().leftovers, std::slice::from_ref(left));
        assert_eq!(
            ear.matrix().remains().count(),
            0,
            "no fault of the connection"
        );
        assert_eq!(records(folder.path()), 1);
        server.put(&left.key, "late");
        let ear = tested(&patient, folder.path()).await;
        assert_eq!(ear.matrix().leftovers, []);
        assert!(server.keys().is_empty());
        assert_eq!(records(folder.path()), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_never_arrives_is_forgotten_long_after() {
    let server = MemoryS3::start();
    let folder = tempfile::tempdir().unwrap();
    let patient = patient(&server.endpoint()).await;
    server.fault(|request| (request.method == "PUT").then(|| page_of_a_proxy(502)));
    drop(tested(&patient, folder.path()).await);
    server.heal();
    for (secs, stays) in [(50 * 60, 1), (11 * 60, 0)] {
        age_records(folder.path(), secs);
        let ear = tested(&patient, folder.path()).await;
        assert_eq!(ear.matrix().leftovers.len(), stays);
        assert_eq!(records(folder.path()), stays);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_whose_answer_was_lost_is_removed_at_once() {
    let server = MemoryS3::start();
    let folder = tempfile::tempdir().unwrap();
    let patient = patient(&server.endpoint()).await;
    server.fault(|request| (request.method == "PUT").then_some(Fault::LoseAnswer));
    let ear = tested(&patient, folder.path()).await;
    assert!(ear.matrix().troubled_write().is_some());
    assert_eq!(ear.matrix().leftovers, []);
    assert!(server.keys().is_empty());
    assert_eq!(records(folder.path()), 0);
}
