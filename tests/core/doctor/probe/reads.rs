//! What is tried without writing: which answers count, and what they say about the bucket.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_is_tried_without_writing_or_fetching() {
    let server = MemoryS3::start();
    server.put("photos/a.jpg", vec![7_u8; 100_000]);
    let ear = examined(&patient(&server.endpoint()).await).await;
    for permission in [
        Permission::ListPrefix,
        Permission::Read,
        Permission::Head,
        Permission::Tags,
        Permission::BucketLocation,
        Permission::Versioning,
    ] {
        assert_eq!(ear.verdict(permission), Verdict::Allowed, "{permission:?}");
    }
    for permission in Permission::WRITES {
        let unasked = Verdict::NotTested(Untested::NotAsked);
        assert_eq!(ear.verdict(permission), unasked);
    }
    let requests = server.requests();
    assert!(!requests.iter().any(writes), "{requests:?}");
    let gets: Vec<_> = requests
        .iter()
        .filter(|request| tries(Permission::Read, request))
        .collect();
    assert!(!gets.is_empty());
    assert!(
        gets.iter()
            .all(|get| get.header("range") == Some("bytes=0-0"))
    );
    let listing = requests
        .iter()
        .find(|one| tries(Permission::ListPrefix, one));
    assert_eq!(listing.unwrap().parameter("max-keys"), Some("1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn something_else_in_place_of_a_sub_resource_is_no_support() {
    let server = MemoryS3::start();
    server.put("photos/a.jpg", "a");
    server.fault(|request| {
        let listing = "<ListBucketResult><Name>test-bucket</Name></ListBucketResult>";
        request.is("GET", &["cors"]).then(|| Fault::Answer {
            status: 200,
            headers: Vec::new(),
            body: Bytes::from_static(listing.as_bytes()),
        })
    });
    let ear = examined(&patient(&server.endpoint()).await).await;
    assert_eq!(ear.verdict(Permission::Cors), Verdict::Unsupported);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_in_the_forms_of_other_servers_count() {
    let server = MemoryS3::start();
    server.fault(|request| {
        let body = if request.is("GET", &["location"]) {
            "<CreateBucketConfiguration><LocationConstraint></LocationConstraint></CreateBucketConfiguration>"
        } else if request.is("GET", &["versioning"]) {
            "<?xml version=\"1.0\"?><GetBucketVersioningResponse xmlns=\"x\"/>"
        } else {
            return None;
        };
        Some(Fault::Answer {
            status: 200,
            headers: Vec::new(),
            body: Bytes::from_static(body.as_bytes()),
        })
    });
    let ear = examined(&patient(&server.endpoint()).await).await;
    for permission in [Permission::BucketLocation, Permission::Versioning] {
        assert_eq!(ear.verdict(permission), Verdict::Allowed, "{permission:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_without_rules_may_be_asked_for_them() {
    let server = MemoryS3::start();
    server.fault(|request| {
        [
            ("policy", "NoSuchBucketPolicy"),
            ("cors", "NoSuchCORSConfiguration"),
            ("lifecycle", "NoSuchLifecycleConfiguration"),
        ]
        .into_iter()
        .find(|(name, _)| request.parameter(name).is_some())
        .map(|(_, code)| Fault::Status(404, code))
    });
    let ear = examined(&patient(&server.endpoint()).await).await;
    for permission in [Permission::Policy, Permission::Cors, Permission::Lifecycle] {
        assert_eq!(ear.verdict(permission), Verdict::Allowed, "{permission:?}");
        let matrix = ear.matrix();
        let said = row_in_words(matrix.row(permission).unwrap()).cause;
        assert!(said.contains(" has no "), "nothing was read: {said}");
    }
    let nothing = Verdict::NotTested(Untested::NothingThere);
    assert_eq!(ear.verdict(Permission::Read), nothing);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_bucket_is_no_denial() {
    let server = MemoryS3::start();
    let mut connection = connection(&server.endpoint());
    connection
        .values
        .assign("AWS_STORAGE_BUCKET_NAME=not-there")
        .unwrap();
    let ear = examined(&patient_of(connection).await).await;
    let missing = Verdict::NotTested(Untested::NoSuchBucket);
    assert!(ear.matrix().rows.iter().all(|row| row.verdict == missing));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_s3_server_says_nothing_of_the_bucket() {
    for (status, body) in [(404, "{}"), (200, "<!doctype html><html></html>")] {
        let server = ScriptedServer::start(move |_| Reply::new(status, body));
        let ear = examined(&patient(&server.endpoint()).await).await;
        for row in &ear.matrix().rows {
            let said = row_in_words(row).cause;
            assert!(said.contains("no S3 server"), "{status}: {said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_the_server_puts_right_costs_no_row() {
    let server = ScriptedServer::start(|asked| {
        let there = cooperage::domain::Timestamp::now().plus_secs(2 * 3600);
        let date = there.strftime("%a, %d %b %Y %H:%M:%S GMT", &jiff::tz::TimeZone::UTC);
        let hour = there.strftime("%Y%m%dT%H", &jiff::tz::TimeZone::UTC);
        let earlier = there.plus_secs(-60);
        let before = earlier.strftime("%Y%m%dT%H", &jiff::tz::TimeZone::UTC);
        let signed = asked.header("x-amz-date").map(|date| date[..11].to_owned());
        if signed.is_some_and(|signed| signed != hour && signed != before) {
            return Reply::error(403, "RequestTimeTooSkewed", "").header("date", &date);
        }
        let page = "<ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>1</KeyCount><Contents><Key>photos/a</Key><Size>1</Size>\
                    </Contents></ListBucketResult>";
        let reply = match asked.method.as_str() {
            "GET" if asked.target.contains("list-type=2") => Reply::new(200, page),
            "GET" | "HEAD" => Reply::new(200, "x"),
            _ => Reply::error(405, "MethodNotAllowed", ""),
        };
        reply.header("date", &date)
    });
    let ear = examined(&patient(&server.endpoint()).await).await;
    for permission in [Permission::ListPrefix, Permission::Read, Permission::Head] {
        assert_eq!(ear.verdict(permission), Verdict::Allowed, "{permission:?}");
    }
    let lists = ear.report().known(Ability::ListV2);
    assert!(matches!(lists, Known::Is(_)), "{lists:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_was_cut_off_is_no_permission() {
    let cut = |names: &'static [&'static str], body: &'static str| {
        let server = MemoryS3::start();
        server.put("photos/a.jpg", "a");
        server.fault(move |request| {
            request.is("GET", names).then(|| Fault::Answer {
                status: 200,
                headers: Vec::new(),
                body: Bytes::from_static(body.as_bytes()),
            })
        });
        server
    };
    let failed = Verdict::Failed(ErrorKind::Corrupt);
    for (names, body, permission) in [
        (
            &["list-type"][..],
            "<ListBucketResult><Contents><Key>photos/a.jpg</Key>",
            Permission::ListPrefix,
        ),
        (&["list-type"], "<ListBu", Permission::ListPrefix),
        (
            &["versions"],
            "<ListVersionsResult><Version>",
            Permission::Versions,
        ),
        (
            &["policy"],
            "{\"Version\": \"2012-10-17\", \"Sta",
            Permission::Policy,
        ),
    ] {
        let server = cut(names, body);
        let ear = examined(&patient(&server.endpoint()).await).await;
        assert_eq!(ear.verdict(permission), failed, "{body}");
        let matrix = ear.matrix();
        let said = row_in_words(matrix.row(permission).unwrap());
        assert!(said.title.ends_with(": failed"), "{}", said.title);
        assert!(said.cause.contains("cut off"), "{}", said.cause);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_without_a_code_is_of_no_s3_server() {
    let server = ScriptedServer::start(|_| Reply::new(403, "<html>Forbidden</html>"));
    let ear = examined(&patient(&server.endpoint()).await).await;
    for row in &ear.matrix().rows {
        assert_eq!(row.verdict, Verdict::NotTested(Untested::NotS3));
        assert!(!row_in_words(row).next.contains("Test writing"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_tried_with_refused_keys_is_not_called_untested() {
    let server = MemoryS3::start();
    server.fault(|_| Some(Fault::Status(403, "SignatureDoesNotMatch")));
    let ear = examined(&patient(&server.endpoint()).await).await;
    let matrix = ear.matrix();
    for permission in [Permission::ListPrefix, Permission::Versions] {
        let row = matrix.row(permission).unwrap();
        assert_eq!(row.verdict.word(), "refused");
        assert_eq!(row.verdict.reason(), Some("bad_credentials"));
        let title = row_in_words(row).title;
        assert!(title.ends_with(": refused"), "{title}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signature_that_one_request_does_not_get_through_with_is_no_fault_of_the_keys() {
    for (signature, version2) in [("s3", true), ("s3v4", false)] {
        let server = MemoryS3::start();
        server.put("photos/a.jpg", vec![7_u8; 100]);
        server.fault(|request| {
            let parts = ["tagging", "cors"];
            let refused = parts.iter().any(|part| request.parameter(part).is_some());
            refused.then_some(Fault::Status(403, "SignatureDoesNotMatch"))
        });
        let mut connection = connection(&server.endpoint());
        let option = format!("AWS_S3_SIGNATURE_VERSION={signature}");
        connection.values.assign(&option).unwrap();
        let ear = examined(&patient_of(connection).await).await;
        for permission in [Permission::Tags, Permission::Cors] {
            let refused = Verdict::SignatureRefused { version2 };
            assert_eq!(ear.verdict(permission), refused, "{signature}");
            let matrix = ear.matrix();
            let said = row_in_words(matrix.row(permission).unwrap()).cause;
            assert!(said.starts_with("The server takes these keys"), "{said}");
        }
        assert_eq!(ear.verdict(Permission::Head), Verdict::Allowed);
        let tags = ear.report().known(Ability::Tagging);
        assert_eq!(tags == Known::NeedsV4, version2, "{tags:?}");
    }
}
