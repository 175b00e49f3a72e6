//! What the server answers about bucket and account, and what is no answer of S3.

use super::*;

#[tokio::test]
async fn a_bucket_of_nearly_the_same_name_is_offered() {
    let server = MemoryS3::start();
    let told = examine_at(&server.endpoint(), &["AWS_STORAGE_BUCKET_NAME=test-bukcet"]).await;
    let red = told.only_red();
    let (bucket, near) = ("test-bukcet".to_owned(), Some("test-bucket".to_owned()));
    assert_eq!(red.finding, Finding::BucketMissing { bucket, near });
    let use_it = Remedy::UseBucket("test-bucket".to_owned());
    assert_eq!(remedy(red), Some(use_it));
}

#[tokio::test]
async fn a_bucket_that_does_not_exist_is_named() {
    let server = MemoryS3::start();
    let told = examine_at(&server.endpoint(), &["AWS_STORAGE_BUCKET_NAME=missing"]).await;
    let red = told.only_red();
    let bucket = "missing".to_owned();
    let near = None;
    assert_eq!(red.finding, Finding::BucketMissing { bucket, near });
    assert_eq!(
        remedy(red),
        Some(Remedy::OpenOption("AWS_STORAGE_BUCKET_NAME"))
    );
}

#[tokio::test]
async fn a_denied_listing_names_the_prefix_and_denied_buckets_are_fine() {
    let server = MemoryS3::start();
    server.fault(|asked| {
        let about_all = asked.path == "/" || asked.is("GET", &["list-type"]);
        (asked.method == "GET" && about_all).then_some(Fault::Status(403, "AccessDenied"))
    });
    let told = examine_at(&server.endpoint(), &["AWS_LOCATION=photos/"]).await;
    let red = told.only_red();
    assert!(
        matches!(&red.finding, Finding::ListDenied { prefix, .. } if prefix == "photos/"),
        "{red:?}"
    );
    assert_eq!(remedy(red), Some(Remedy::OpenOption("AWS_LOCATION")));
    assert_eq!(
        told.finding(CheckKind::Buckets),
        &Finding::BucketsDenied { has_bucket: true }
    );

    server.fault(|asked| (asked.path == "/").then_some(Fault::Status(403, "AccessDenied")));
    let told = examine_at(&server.endpoint(), &[]).await;
    told.nothing_red();
    assert_eq!(told.0[&CheckKind::Buckets].light(), Light::Info);
}

#[tokio::test]
async fn a_bucket_in_the_endpoint_is_told() {
    let server = ScriptedServer::start(|_| Reply::error(404, "NoSuchKey", ""));
    let endpoint = format!("{}/{BUCKET}", server.endpoint());
    let told = examine_at(&endpoint, &["AWS_S3_ADDRESSING_STYLE=path"]).await;
    let red = told.only_red();
    let path = BUCKET.to_owned();
    assert_eq!(red.finding, Finding::EndpointHasPath { path });
    assert_eq!(remedy(red), Some(Remedy::OpenOption("AWS_S3_ENDPOINT_URL")));
}

#[tokio::test]
async fn a_page_that_is_not_of_s3_is_told() {
    let pages: [fn() -> Reply; 2] = [
        || Reply::new(200, "<!doctype html><html><body>console</body></html>"),
        // Not found, but by no S3 server, which would name the code.
        || Reply::new(404, "{\"error\":\"no such route\"}"),
    ];
    for page in pages {
        let console = ScriptedServer::start(move |_| page());
        let told = examine_at(&console.endpoint(), &[]).await;
        let red = told.only_red();
        assert!(matches!(red.finding, Finding::NotS3 { .. }), "{red:?}");
        assert_eq!(remedy(red), Some(Remedy::OpenOption("AWS_S3_ENDPOINT_URL")));
        // What knows no keys has accepted none.
        told.is_skipped_after(CheckKind::Caller, CheckKind::Listing);
    }
}

#[tokio::test]
async fn a_server_in_trouble_is_told_with_what_its_code_means() {
    let server = refusing(503, "SlowDown", "");
    let told = examine_at(&server.endpoint(), &[]).await;
    let red = told.only_red();
    assert!(
        matches!(&red.finding, Finding::ListFailed(refusal) if refusal.code.as_deref() == Some("SlowDown"))
    );
    assert!(words::finding(&red.finding).cause.contains("more requests"));
}

#[tokio::test]
async fn without_a_bucket_only_the_account_is_asked() {
    let server = MemoryS3::start();
    let told = examine_at(&server.endpoint(), &["AWS_STORAGE_BUCKET_NAME="]).await;
    told.nothing_red();
    assert_eq!(
        told.finding(CheckKind::Region),
        &Finding::Skipped(Skip::NoBucket)
    );
    assert!(matches!(
        told.finding(CheckKind::Buckets),
        Finding::BucketsSeen { has_own: None, .. }
    ));
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_told_as_such() {
    // Inside what it says of its length, and at the end of it.
    for page in [
        Reply::new(200, "<ListBucketResult><Name>"),
        Reply::new(200, "<ListBucketResult>").header("content-length", "1000"),
    ] {
        let server = ScriptedServer::start(move |asked| match is_list(asked) {
            true => page.clone(),
            false => empty_s3(asked),
        });
        let told = examine_at(&server.endpoint(), &[]).await;
        let red = told.only_red();
        assert_eq!(red.kind, CheckKind::Listing);
        let said = words::finding(&red.finding);
        assert_eq!(said.title, "The answer breaks off in its middle");
        assert_eq!(remedy(red), Some(Remedy::RunAgain));
    }
}

#[tokio::test]
async fn a_status_without_a_code_is_none_of_s3() {
    for (status, body, says) in [
        (
            418,
            "<html><h1>I am a teapot</h1></html>",
            "It says: I am a teapot.",
        ),
        (402, "pay first", "It says: pay first."),
        (401, "<title>Login</title>", "It says: Login."),
        (400, "", "there is none."),
    ] {
        let server = ScriptedServer::start(move |_| Reply::new(status, body));
        let told = examine_at(&server.endpoint(), &[]).await;
        let red = told.only_red();
        assert_eq!(red.kind, CheckKind::Listing);
        let said = words::finding(&red.finding);
        assert_eq!(
            said.title,
            format!("The answer is {status}, and none of S3")
        );
        assert!(said.cause.ends_with(says), "{said:?}");
        assert_eq!(remedy(red), Some(Remedy::OpenOption("AWS_S3_ENDPOINT_URL")));
    }
}
