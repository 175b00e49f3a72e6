//! What credentials may do and what a server is, against servers that deny, do not know, differ, and break off.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use cooperage::doctor::permissions::Journal;
use cooperage::doctor::{Patient, examine, probe};
use cooperage::domain::diagnosis::{
    Ability, Answer, Denial, Diagnosis, DoctorNews, EndpointReport, Known, Permission,
    PermissionMatrix, PolicyKind, Untested, Verdict,
};
use cooperage::domain::{ErrorKind, Key, StorageConfig};
use cooperage::settings::{Access, Connection, Environment, Values};
use cooperage::storage::{ListRequest, Storage, World};
use cooperage::words::diagnosis::permissions::row as row_in_words;
use tokio_util::sync::CancellationToken;

use crate::objects::config;
use crate::support::memory_s3::{ACCESS_KEY, BUCKET, Fault, MemoryS3, Recorded, SECRET_KEY};
use crate::support::scripted::{Reply, ScriptedServer};

const PREFIX: &str = "photos/";

fn connection(endpoint: &str) -> Connection {
    super::connection(&[
        &format!("AWS_S3_ENDPOINT_URL={endpoint}"),
        &format!("AWS_STORAGE_BUCKET_NAME={BUCKET}"),
        &format!("AWS_S3_ACCESS_KEY_ID={ACCESS_KEY}"),
        &format!("AWS_S3_SECRET_ACCESS_KEY={SECRET_KEY}"),
        "AWS_S3_REGION_NAME=us-east-1",
        "AWS_LOCATION=photos",
    ])
}

async fn patient_of(connection: Connection) -> Patient {
    let nothing = Environment::of(std::iter::empty::<(&str, &str)>());
    let world = World::of([], "", "");
    let now = cooperage::domain::Timestamp::now();
    Patient::new(
        connection,
        Ok(Vec::new()),
        Values::default(),
        nothing,
        world,
        now,
    )
    .await
}

async fn patient(endpoint: &str) -> Patient {
    patient_of(connection(endpoint)).await
}

/// Collects what is told.
#[derive(Default)]
struct Ear(Mutex<Diagnosis>);

impl Ear {
    fn hear(&self) -> impl Fn(DoctorNews) + Send + Sync + '_ {
        |news| self.0.lock().unwrap().take(news)
    }

    fn matrix(&self) -> PermissionMatrix {
        self.0
            .lock()
            .unwrap()
            .permissions
            .clone()
            .expect("a matrix")
    }

    fn report(&self) -> EndpointReport {
        self.0.lock().unwrap().endpoint.clone().expect("a report")
    }

    fn verdict(&self, permission: Permission) -> Verdict {
        self.matrix().verdict(permission)
    }
}

async fn examined(patient: &Patient) -> Ear {
    let ear = Ear::default();
    examine(patient, &ear.hear(), &CancellationToken::new()).await;
    ear
}

/// Examines, then tests writing.
async fn tested(patient: &Patient, journal: &Path) -> Ear {
    let ear = examined(patient).await;
    write_test(patient, journal, &ear).await;
    ear
}

async fn write_test(patient: &Patient, journal: &Path, ear: &Ear) {
    let (journal, cancel) = (Journal::in_folder(journal), CancellationToken::new());
    probe::test_writing(patient, "me", &journal, false, &ear.hear(), &cancel).await;
}

fn records(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

fn writes(request: &Recorded) -> bool {
    let asks_sts = request.method == "POST" && request.path == "/";
    !matches!(request.method.as_str(), "GET" | "HEAD") && !asks_sts
}

/// A refusal in Amazon's words.
fn refusal(status: u16, code: &str, message: &str) -> Fault {
    let body = format!(
        "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    Fault::Answer {
        status,
        headers: Vec::new(),
        body: Bytes::from(body),
    }
}

fn not_authorized(action: &str, how: &str) -> Fault {
    let message = format!(
        "User: arn:aws:iam::123456789012:user/anna is not authorized to perform: {action} on resource: x {how}"
    );
    refusal(403, "AccessDenied", &message)
}

/// True for the request that tries a row.
fn tries(permission: Permission, request: &Recorded) -> bool {
    let on_object = request
        .path
        .strip_prefix(&format!("/{BUCKET}/"))
        .is_some_and(|key| !key.is_empty());
    let bare = request.query.is_empty();
    match permission {
        Permission::ListPrefix => request.is("GET", &["list-type"]),
        Permission::Read => request.method == "GET" && on_object && bare,
        Permission::Head => request.method == "HEAD" && on_object,
        Permission::Tags => request.is("GET", &["tagging"]),
        Permission::Acl => request.is("GET", &["acl"]),
        Permission::Versions => request.is("GET", &["versions"]),
        Permission::BucketLocation => request.is("GET", &["location"]),
        Permission::Versioning => request.is("GET", &["versioning"]),
        Permission::Policy => request.is("GET", &["policy"]),
        Permission::Cors => request.is("GET", &["cors"]),
        Permission::Lifecycle => request.is("GET", &["lifecycle"]),
        Permission::Write | Permission::Overwrite => request.method == "PUT" && on_object && bare,
        Permission::Multipart => request.is("DELETE", &["uploadId"]),
        Permission::Delete => request.method == "DELETE" && on_object && bare,
    }
}

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
async fn each_row_tells_each_refusal_apart() {
    let denied = Verdict::Denied;
    for permission in Permission::READS {
        if permission == Permission::ListPrefix || permission == Permission::Head {
            continue;
        }
        let action = permission.action();
        let explicit = "with an explicit deny in a resource-based policy";
        let implicit = format!("because no identity-based policy allows the {action} action");
        let cases: Vec<(Box<dyn Fn() -> Fault + Send>, Verdict)> = vec![
            (
                Box::new(move || not_authorized(action, explicit)),
                denied(Denial::Explicit(Some(PolicyKind::Resource))),
            ),
            (
                Box::new(move || not_authorized(action, &implicit)),
                denied(Denial::Implicit(Some(PolicyKind::Identity))),
            ),
            (
                Box::new(|| {
                    not_authorized("kms:Decrypt", "because no resource-based policy allows it")
                }),
                denied(Denial::Kms),
            ),
            (
                Box::new(|| refusal(403, "AccessDenied", "Access Denied")),
                denied(Denial::Unexplained),
            ),
            (
                Box::new(|| refusal(501, "NotImplemented", "no")),
                Verdict::Unsupported,
            ),
            (
                Box::new(|| refusal(405, "MethodNotAllowed", "no")),
                Verdict::Unsupported,
            ),
        ];
        for (fault, verdict) in cases {
            let server = MemoryS3::start();
            server.put("photos/a.jpg", "a");
            server.fault(move |request| tries(permission, request).then(&fault));
            let ear = examined(&patient(&server.endpoint()).await).await;
            assert_eq!(ear.verdict(permission), verdict, "{permission:?}");
            assert_eq!(ear.verdict(Permission::ListPrefix), Verdict::Allowed);
        }
    }
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
async fn a_denied_listing_leaves_open_what_it_does_not_tell() {
    let server = MemoryS3::start();
    server.put("photos/a.jpg", "a");
    server.fault(|request| {
        request
            .is("GET", &["list-type"])
            .then(|| refusal(403, "AccessDenied", "Access Denied"))
    });
    let folder = tempfile::tempdir().unwrap();
    let patient = patient(&server.endpoint()).await;
    let ear = examined(&patient).await;
    assert!(ear.matrix().denies(Permission::ListPrefix));
    let unknown = Verdict::NotTested(Untested::NoListing);
    for permission in [
        Permission::Read,
        Permission::Head,
        Permission::Tags,
        Permission::Acl,
    ] {
        assert_eq!(ear.verdict(permission), unknown);
    }
    assert_eq!(ear.verdict(Permission::BucketLocation), Verdict::Allowed);
    // The write test brings an object along.
    let (journal, cancel) = (Journal::in_folder(folder.path()), CancellationToken::new());
    probe::test_writing(&patient, "me", &journal, true, &ear.hear(), &cancel).await;
    assert_eq!(ear.verdict(Permission::Read), Verdict::Allowed);
    assert_eq!(ear.verdict(Permission::Write), Verdict::Allowed);
    let tagging = ear.report().known(Ability::Tagging);
    assert_eq!(
        tagging,
        Known::Is(Answer::Yes),
        "the test's object has tags"
    );
}

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
async fn a_denied_write_says_how_and_touches_nothing_else() {
    let put = "s3:PutObject";
    type Case = (fn() -> Fault, Denial, &'static str);
    let cases: [Case; 4] = [
        (
            || {
                not_authorized(
                    "s3:PutObject",
                    "with an explicit deny in an identity-based policy",
                )
            },
            Denial::Explicit(Some(PolicyKind::Identity)),
            put,
        ),
        (
            || {
                not_authorized(
                    "s3:PutObjectAcl",
                    "because no identity-based policy allows the s3:PutObjectAcl action",
                )
            },
            Denial::Implicit(Some(PolicyKind::Identity)),
            "s3:PutObjectAcl",
        ),
        (
            || {
                not_authorized(
                    "kms:GenerateDataKey",
                    "because no resource-based policy allows the kms:GenerateDataKey action",
                )
            },
            Denial::Kms,
            "kms:GenerateDataKey",
        ),
        (
            || refusal(400, "KMS.DisabledException", "the key is disabled"),
            Denial::KmsKeyUnusable,
            put,
        ),
    ];
    for (fault, denial, action) in cases {
        let server = MemoryS3::start();
        server.fault(move |request| tries(Permission::Write, request).then(fault));
        let folder = tempfile::tempdir().unwrap();
        let ear = tested(&patient(&server.endpoint()).await, folder.path()).await;
        assert_eq!(ear.verdict(Permission::Write), Verdict::Denied(denial));
        let matrix = ear.matrix();
        let row = matrix.row(Permission::Write).unwrap();
        assert_eq!(row.missing_action(), action);
        for permission in [
            Permission::Overwrite,
            Permission::Multipart,
            Permission::Delete,
        ] {
            let needs = Verdict::NotTested(Untested::Needs(Permission::Write));
            assert_eq!(ear.verdict(permission), needs);
        }
        assert!(server.keys().is_empty());
        assert_eq!(records(folder.path()), 0, "nothing was written");
    }
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
    let place = probe::place_of(patient.storage.as_ref().unwrap(), "me");
    let head = serde_json::json!({
        "owner": place.owner,
        "endpoint": place.endpoint,
        "bucket": place.bucket,
        "key": "photos/.cooperage-test-gone",
    });
    std::fs::write(folder.path().join("gone.jsonl"), format!("{head}\n")).unwrap();
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
    let dying = {
        let (patient, folder) = (Arc::clone(&patient), folder.path().to_owned());
        tokio::spawn(async move { write_test(&patient, &folder, &Ear::default()).await })
    };
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
    let head = serde_json::json!({
        "owner": "a connection that was never saved",
        "endpoint": "http://s3.internal:9000",
        "bucket": BUCKET,
        "key": key,
    });
    std::fs::write(folder.path().join("abc.jsonl"), format!("{head}\n")).unwrap();
    let ear = tested(&patient(&other.endpoint()).await, folder.path()).await;
    assert_eq!(ear.matrix().leftovers, []);
    assert_eq!(records(folder.path()), 1, "it is not in that bucket");
    let ear = tested(&patient(&server.endpoint()).await, folder.path()).await;
    assert_eq!(ear.matrix().leftovers, []);
    assert!(server.keys().is_empty());
    assert_eq!(records(folder.path()), 0);
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
    let failed = Verdict::NotTested(Untested::Failed(ErrorKind::Invalid));
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
    assert!(probe::clean_up(storage, "me", &journal).await.is_empty());
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
    let dying = {
        let (patient, folder) = (Arc::clone(&patient), folder.path().to_owned());
        tokio::spawn(async move { write_test(&patient, &folder, &Ear::default()).await })
    };
    hangs.notified().await;
    assert_eq!((server.keys().len(), server.uploads().len()), (1, 1));
    let here = patient.storage.as_ref().unwrap();
    let journal = Journal::in_folder(folder.path());
    let place = probe::place_of(here, "me");
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_connection_is_never_written_to() {
    let server = MemoryS3::start();
    let mut connection = connection(&server.endpoint());
    connection.access = Access::ReadOnly;
    let folder = tempfile::tempdir().unwrap();
    let ear = tested(&patient_of(connection).await, folder.path()).await;
    for permission in Permission::WRITES {
        let refused = Verdict::NotTested(Untested::ReadOnly);
        assert_eq!(ear.verdict(permission), refused);
    }
    assert!(!server.requests().iter().any(writes));
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
    probe::test_writing(&patient, "me", &journal, false, &ear.hear(), &cancel).await;
    assert_eq!(ear.verdict(Permission::Write), Verdict::Allowed);
    let stopped = Verdict::NotTested(Untested::Stopped);
    for permission in [
        Permission::Overwrite,
        Permission::Multipart,
        Permission::Delete,
    ] {
        assert_eq!(ear.verdict(permission), stopped);
    }
    assert!(server.keys().is_empty());
    assert_eq!(records(folder.path()), 0);
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
