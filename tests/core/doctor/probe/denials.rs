//! Refusals: of which kind each is, which action is missing, and what a denial leaves open.

use super::*;

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
                denied(Denial::Kms { is_explicit: false }),
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
    let with_reads = WriteTest {
        also_reads: true,
        ..WriteTest::default()
    };
    probe::test_writing(
        &patient,
        (&journal, false),
        with_reads,
        &ear.hear(),
        &cancel,
    )
    .await;
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
            Denial::Kms { is_explicit: false },
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listing_that_lacks_the_kms_key_asks_for_that() {
    let key = "arn:aws:kms:eu-west-1:123456789012:key/k";
    let server = MemoryS3::start();
    server.fault(move |request| {
        let message = format!(
            "User: arn:aws:iam::123456789012:user/anna is not authorized to perform: kms:Decrypt on resource: {key} \
             because no identity-based policy allows the kms:Decrypt action"
        );
        request
            .is("GET", &["list-type"])
            .then(|| refusal(403, "AccessDenied", &message))
    });
    let ear = examined(&patient(&server.endpoint()).await).await;
    let matrix = ear.matrix();
    let row = matrix.row(Permission::ListPrefix).unwrap();
    assert_eq!(row.missing_action(), "kms:Decrypt");
    let in_matrix = row_in_words(row);
    let diagnosis = ear.0.lock().unwrap();
    let check = diagnosis.check(CheckKind::Listing).unwrap();
    let in_check = finding_in_words(&check.finding);
    for told in [in_matrix, in_check] {
        let said = format!("{} {}", told.cause, told.next);
        assert!(said.contains(key) && said.contains("kms:Decrypt"), "{said}");
        assert!(!said.contains("s3:ListBucket"), "{said}");
    }
}
