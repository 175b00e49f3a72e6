//! What the requests show of the server, and that what is known of it is gone by.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_that_nobody_looks_at_is_not_called_one() {
    for (crc, answer) in [(true, Answer::Md5), (false, Answer::LengthOnly)] {
        let server = MemoryS3::start();
        server.fault(move |request| {
            let looked_at = request.header("content-md5").is_some() && crc;
            let has = |name: &str| request.header(name).is_some();
            let claimed = has("content-md5") || has("x-amz-checksum-crc64nvme");
            // It says yes to every other claim, without a look at the body.
            let blind = request.method == "PUT" && claimed && !looked_at;
            blind.then(|| Fault::Answer {
                status: 200,
                headers: vec![("etag".to_owned(), "\"e\"".to_owned())],
                body: Bytes::new(),
            })
        });
        let folder = tempfile::tempdir().unwrap();
        let ear = tested(&patient(&server.endpoint()).await, folder.path()).await;
        let found = ear.report().known(Ability::UploadCheck);
        assert_eq!(found, Known::Is(answer), "{crc}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_differs_from_amazon_is_found() {
    let server = MemoryS3::start();
    server.behave(|behaviour| {
        behaviour.encodes_names = false;
        behaviour.conditional_writes = false;
    });
    server.fault(|request| {
        let trailer = request.header("x-amz-trailer").is_some();
        let crc_batch = request.is("POST", &["delete"]) && request.header("content-md5").is_none();
        if trailer || request.header("x-amz-checksum-crc64nvme").is_some() {
            return Some(Fault::Status(501, "NotImplemented"));
        }
        if request.method == "POST" && request.path == "/" {
            return Some(Fault::Answer {
                status: 400,
                headers: vec![("server".to_owned(), "MinIO".to_owned())],
                body: Bytes::from_static(
                    b"<ErrorResponse><Error><Code>MissingParameter</Code></Error></ErrorResponse>",
                ),
            });
        }
        crc_batch.then_some(Fault::Status(400, "InvalidRequest"))
    });
    let folder = tempfile::tempdir().unwrap();
    let ear = tested(&patient(&server.endpoint()).await, folder.path()).await;
    let report = ear.report();
    for (ability, answer) in [
        (Ability::Addressing, Answer::PathOnly),
        (Ability::UrlListings, Answer::No),
        (Ability::UploadCheck, Answer::Md5),
        (Ability::ChecksumTrailers, Answer::No),
        (Ability::BatchDelete, Answer::Md5Only),
        (Ability::IfNoneMatch, Answer::Ignored),
        (Ability::Sts, Answer::Yes),
    ] {
        assert_eq!(report.known(ability), Known::Is(answer), "{ability:?}");
    }
    assert!(server.keys().is_empty());
}

/// What a write test finds where these requests are denied.
async fn found_where_denied(denied: fn(&Recorded, usize) -> bool) -> EndpointReport {
    let server = MemoryS3::start();
    server.put("photos/a.jpg", "a");
    let mut puts = 0;
    server.fault(move |request| {
        puts += usize::from(request.method == "PUT" && request.query.is_empty());
        denied(request, puts).then_some(Fault::Status(403, "AccessDenied"))
    });
    let folder = tempfile::tempdir().unwrap();
    tested(&patient(&server.endpoint()).await, folder.path())
        .await
        .report()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_that_are_refused_leave_every_ability_open_for_one_reason() {
    let server = MemoryS3::start();
    server.put("photos/a.jpg", "a");
    server.fault(|request| {
        let asks_sts = request.method == "POST" && request.path == "/";
        (!asks_sts).then_some(Fault::Status(403, "InvalidAccessKeyId"))
    });
    let folder = tempfile::tempdir().unwrap();
    let ear = tested(&patient(&server.endpoint()).await, folder.path()).await;
    let report = ear.report();
    for ability in Ability::ALL.into_iter().filter(|one| *one != Ability::Sts) {
        assert_eq!(report.known(ability), Known::KeysRefused, "{ability:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_denied_in_the_test_is_why_an_ability_is_not_known() {
    let for_writing = || Ability::ALL.into_iter().filter(|one| one.needs_writing());
    let report = found_where_denied(|request, _| writes(request)).await;
    for ability in for_writing() {
        let why = Known::Denied(Permission::Write);
        assert_eq!(report.known(ability), why, "{ability:?}");
    }
    let deletes =
        |request: &Recorded, _| request.method == "DELETE" || request.is("POST", &["delete"]);
    let report = found_where_denied(deletes).await;
    for ability in for_writing() {
        let known = report.known(ability);
        match ability {
            Ability::BatchDelete => assert_eq!(known, Known::Denied(Permission::Delete)),
            _ => assert!(matches!(known, Known::Is(_)), "{ability:?} {known:?}"),
        }
    }
    let report = found_where_denied(|_, puts| puts > 1).await;
    for ability in [
        Ability::UploadCheck,
        Ability::IfNoneMatch,
        Ability::ChecksumTrailers,
    ] {
        let why = Known::Denied(Permission::Overwrite);
        assert_eq!(report.known(ability), why, "{ability:?}");
    }
    let begins = |request: &Recorded, _| request.is("POST", &["uploads"]);
    let report = found_where_denied(begins).await;
    let why = Known::Denied(Permission::Multipart);
    assert_eq!(report.known(Ability::MultipartEtag), why);
    let tags = |request: &Recorded, _| request.is("GET", &["tagging"]);
    let report = found_where_denied(tags).await;
    let why = Known::Denied(Permission::Tags);
    assert_eq!(report.known(Ability::Tagging), why);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_old_listing_call_is_recognised() {
    let server = ScriptedServer::start(|asked| {
        if asked.target.contains("list-type=2") {
            return Reply::new(
                200,
                "<ListBucketResult><Name>b</Name><Marker></Marker><IsTruncated>false</IsTruncated></ListBucketResult>",
            )
            .header("server", "SeaweedFS 30GB");
        }
        Reply::error(501, "NotImplemented", "")
    });
    let ear = examined(&patient(&server.endpoint()).await).await;
    let report = ear.report();
    assert_eq!(report.known(Ability::ListV2), Known::Is(Answer::No));
    assert_eq!(
        report.known(Ability::Tagging),
        Known::NoObject,
        "no object to ask about"
    );
    assert_eq!(report.known(Ability::Versions), Known::Is(Answer::No));
    assert_eq!(report.known(Ability::IfNoneMatch), Known::NeedsWriting);
    assert_eq!(report.product.name(), "SeaweedFS");
}

/// A connection that knows these things of its server.
async fn knowing(server: &MemoryS3, known: &[(Ability, Answer)]) -> Storage {
    let mut config: StorageConfig = config(server);
    config.server.set = known.iter().copied().collect();
    Storage::connect(config).await.unwrap()
}

#[derive(Default)]
struct Keys(Vec<String>);

impl cooperage::domain::ListSink for Keys {
    fn object(&mut self, key: &str, _: u64, _: cooperage::domain::Timestamp, _: &str, _: &str) {
        self.0.push(key.to_owned());
    }
    fn folder(&mut self, prefix: &str) {
        self.0.push(prefix.to_owned());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_known_of_a_server_is_gone_by() {
    let server = MemoryS3::start();
    server.put_keys((0..7).map(|number| format!("a/{number} +%41.txt")));
    server.put_keys(["b", "c/1", "c/2", "d"]);
    let old = [
        (Ability::ListV2, Answer::No),
        (Ability::UrlListings, Answer::No),
    ];
    let storage = knowing(&server, &old).await;
    for (delimiter, rows) in [(None, 11), (Some('/'), 4)] {
        let request = ListRequest {
            max_keys: 2,
            delimiter,
            ..ListRequest::all("")
        };
        let mut keys = Keys::default();
        let mut sweep = storage.sweep(request.clone());
        while sweep.next_page(&mut keys).await.unwrap().is_some() {}
        assert_eq!(keys.0.len(), rows, "{:?}", keys.0);
        let mut again = Keys::default();
        let mut request = request;
        loop {
            let end = storage.list_page(&request, &mut again).await.unwrap();
            request.token = end.next;
            if request.token.is_none() {
                break;
            }
        }
        assert_eq!(again.0, keys.0);
    }
    let listings = server.requests();
    assert!(listings.iter().all(
        |one| one.parameter("list-type").is_none() && one.parameter("encoding-type").is_none()
    ));
    server.forget_requests();

    let known = [
        (Ability::UploadCheck, Answer::Md5),
        (Ability::IfNoneMatch, Answer::Ignored),
        (Ability::BatchDelete, Answer::Md5Only),
    ];
    let storage = knowing(&server, &known).await;
    let key = Key::new("new");
    storage
        .put_bytes(&key, Bytes::from_static(b"x"), true)
        .await
        .unwrap();
    let failures = storage.delete_many(&[key, Key::new("b")]).await;
    assert!(failures.is_empty());
    let requests = server.requests();
    let put = requests.iter().find(|one| one.method == "PUT").unwrap();
    assert!(put.header("if-none-match").is_none() && put.header("content-md5").is_some());
    assert!(put.header("x-amz-checksum-crc64nvme").is_none());
    let batch = requests
        .iter()
        .find(|one| one.is("POST", &["delete"]))
        .unwrap();
    assert!(batch.header("content-md5").is_some());
    assert!(batch.header("x-amz-checksum-crc32").is_none());

    let one_by_one = knowing(&server, &[(Ability::BatchDelete, Answer::No)]).await;
    server.forget_requests();
    assert!(one_by_one.delete_many(&[Key::new("d")]).await.is_empty());
    assert_eq!(server.requests()[0].method, "DELETE");
    let checksum = knowing(&server, &[(Ability::BatchDelete, Answer::ChecksumOnly)]).await;
    server.forget_requests();
    assert!(checksum.delete_many(&[Key::new("c/1")]).await.is_empty());
    assert!(server.requests()[0].header("content-md5").is_none());
}
