//! The write test: what it writes and sends, and that it stops.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writing_is_tried_on_one_object_and_nothing_stays() {
    let server = MemoryS3::start();
    server.put("photos/a.jpg", "a");
    server.put("letters/b.txt", "b");
    let folder = tempfile::tempdir().unwrap();
    let ear = tested(&patient(&server.endpoint()).await, folder.path()).await;
    for permission in Permission::WRITES {
        assert_eq!(ear.verdict(permission), Verdict::Allowed, "{permission:?}");
    }
    assert_eq!(server.keys(), ["letters/b.txt", "photos/a.jpg"]);
    assert!(server.uploads().is_empty());
    assert_eq!(records(folder.path()), 0);
    assert!(ear.matrix().leftovers.is_empty());
    let touched: Vec<_> = server
        .requests()
        .into_iter()
        .filter(|request| writes(request) && !request.is("POST", &["delete"]))
        .collect();
    let own = format!("/{BUCKET}/{PREFIX}.cooperage-test-");
    assert!(
        touched.iter().all(|one| one.path.starts_with(&own)),
        "{touched:?}"
    );
    let report = ear.report();
    for (ability, answer) in [
        (Ability::UploadCheck, Answer::Crc64Nvme),
        (Ability::IfNoneMatch, Answer::Yes),
        (Ability::MultipartEtag, Answer::Yes),
        (Ability::ListV2, Answer::Yes),
        (Ability::UrlListings, Answer::Yes),
        (Ability::Tagging, Answer::Yes),
        (Ability::Sts, Answer::No),
    ] {
        assert_eq!(report.known(ability), Known::Is(answer), "{ability:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_test_sends_what_uploads_send() {
    let server = MemoryS3::start();
    server.fault(|request| {
        let cold = request.header("x-amz-storage-class") == Some("COLD");
        cold.then(|| Fault::Status(400, "InvalidStorageClass"))
    });
    let folder = tempfile::tempdir().unwrap();
    let mut connection = connection(&server.endpoint());
    let parameters =
        "AWS_S3_OBJECT_PARAMETERS={\"StorageClass\": \"COLD\", \"ObjectLockMode\": \"GOVERNANCE\"}";
    connection.values.assign(parameters).unwrap();
    let ear = tested(&patient_of(connection).await, folder.path()).await;
    let failed = Verdict::Failed(ErrorKind::Invalid);
    assert_eq!(ear.verdict(Permission::Write), failed);
    let told = ear.matrix().troubled_write().unwrap().told.clone();
    assert_eq!(told, Some((400, "InvalidStorageClass".to_owned())));
    assert_eq!(records(folder.path()), 0);
    let requests = server.requests();
    let locked = |one: &Recorded| one.header("x-amz-object-lock-mode").is_some();
    assert!(!requests.iter().any(locked), "nothing is ever locked");
    let setup = ear.0.lock().unwrap().setup.clone().expect("a setup");
    assert_eq!(setup.storage_class.as_deref(), Some("COLD"));
    assert_eq!(setup.locks, ["ObjectLockMode"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_that_is_stopped_still_cleans_up() {
    let server = MemoryS3::start();
    let folder = tempfile::tempdir().unwrap();
    let patient = patient(&server.endpoint()).await;
    let ear = examined(&patient).await;
    let (journal, cancel) = (Journal::in_folder(folder.path()), CancellationToken::new());
    let stop = cancel.clone();
    server.fault(move |request| {
        if request.method == "PUT" {
            stop.cancel();
        }
        None
    });
    probe::test_writing(
        &patient,
        (&journal, false),
        WriteTest::default(),
        &ear.hear(),
        &cancel,
    )
    .await;
    let stopped = Verdict::NotTested(Untested::Stopped);
    for permission in Permission::WRITES {
        // Whether the answer to the upload was faster is nobody's to say.
        let is_write = permission == Permission::Write;
        let verdict = ear.verdict(permission);
        assert!(verdict == stopped || (is_write && verdict == Verdict::Allowed));
    }
    assert_eq!(ear.matrix().remains().count(), 0);
    // What was under way may have come after the removal; the next test removes it then.
    let ear = tested(&patient, folder.path()).await;
    assert_eq!(ear.verdict(Permission::Delete), Verdict::Allowed);
    assert!(server.keys().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_does_not_wait_for_an_upload_that_hangs() {
    let server = MemoryS3::start();
    let folder = tempfile::tempdir().unwrap();
    let patient = patient(&server.endpoint()).await;
    let ear = examined(&patient).await;
    let (journal, cancel) = (Journal::in_folder(folder.path()), CancellationToken::new());
    let stop = cancel.clone();
    // Nothing at all is answered any more.
    server.fault(move |request| {
        let stop = stop.clone();
        (request.method != "GET").then(|| {
            stop.cancel();
            Fault::Stall(Duration::from_secs(600))
        })
    });
    let journal = (&journal, false);
    probe::test_writing(
        &patient,
        journal,
        WriteTest::default(),
        &ear.hear(),
        &cancel,
    )
    .await;
    // Had it been waited for, it would have been late.
    let stopped = Verdict::NotTested(Untested::Stopped);
    for permission in Permission::WRITES {
        assert_eq!(ear.verdict(permission), stopped, "{permission:?}");
    }
    let matrix = ear.matrix();
    assert!(matrix.leftovers.iter().all(|one| one.may_arrive));
    assert_eq!((matrix.leftovers.len(), records(folder.path())), (1, 1));
}
