//! Where the bucket is, that there is none, and who on the way says no: each told as what it is, and nothing green where
//! nothing could be listed.

use cooperage::domain::diagnosis::{
    Check, CheckKind, DeniedTo, Diagnosis, DoctorNews, Finding, Light, NoRegion, Remedy, Skip,
};

use super::{Told, examine_at, is_list};
use crate::support::memory_s3::{Fault, MemoryS3};
use crate::support::proxy::{Manners, TestProxy};
use crate::support::scripted::{Asked, Reply, ScriptedServer};

const EMPTY_PAGE: &str = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
const NO_BUCKETS: &str = "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>";

/// A server that holds nothing and tells a bucket's location so.
fn located(location: impl Fn() -> Reply + Send + 'static) -> ScriptedServer {
    ScriptedServer::start(move |asked| match asked.method.as_str() {
        "GET" if is_list(asked) => Reply::new(200, EMPTY_PAGE),
        "GET" if asked.target.contains("location") => location(),
        "GET" => Reply::new(200, NO_BUCKETS),
        "HEAD" => Reply::new(200, ""),
        _ => Reply::error(405, "MethodNotAllowed", ""),
    })
}

/// Examines Amazon's host, which this server stands for.
async fn examine_amazon(server: &ScriptedServer, more: &[&str]) -> Told {
    let proxies = format!("AWS_S3_PROXIES={{\"http\": \"{}\"}}", server.endpoint());
    let mut options = vec![proxies.as_str()];
    options.extend(more);
    examine_at("http://s3.us-east-1.amazonaws.com", &options).await
}

#[tokio::test]
async fn why_a_region_is_not_told_is_said() {
    let empty = || Reply::new(200, "<LocationConstraint/>");
    let foreign = || Reply::new(200, EMPTY_PAGE);
    let cases: [(fn() -> Reply, NoRegion); 5] = [
        (empty, NoRegion::Empty),
        (|| Reply::error(403, "AccessDenied", ""), NoRegion::Denied),
        (
            || Reply::error(501, "NotImplemented", ""),
            NoRegion::Unsupported,
        ),
        (foreign, NoRegion::Unsupported),
        (|| Reply::error(500, "InternalError", ""), NoRegion::Failed),
    ];
    for (location, why) in cases {
        let told = examine_at(&located(location).endpoint(), &[]).await;
        told.nothing_red();
        let configured = "us-east-1".to_owned();
        let untold = Finding::RegionUntold { configured, why };
        assert_eq!(told.finding(CheckKind::Region), &untold);
        assert_eq!(untold.light(), Light::Info);
    }
}

#[tokio::test]
async fn amazons_empty_location_is_its_first_region_and_eu_is_ireland() {
    for (location, configured) in [
        ("<LocationConstraint/>", "us-east-1"),
        ("<LocationConstraint>EU</LocationConstraint>", "eu-west-1"),
    ] {
        let region = format!("AWS_S3_REGION_NAME={configured}");
        let server = located(move || Reply::new(200, location));
        let told = examine_amazon(&server, &[&region]).await;
        let region = configured.to_owned();
        assert_eq!(
            told.finding(CheckKind::Region),
            &Finding::RegionFits { region }
        );
    }
    // Elsewhere it is a name as any other.
    let server = located(|| Reply::new(200, "<LocationConstraint>EU</LocationConstraint>"));
    let told = examine_at(&server.endpoint(), &[]).await;
    let (found, configured) = ("EU".to_owned(), "us-east-1".to_owned());
    assert_eq!(
        told.finding(CheckKind::Region),
        &Finding::RegionIgnored { found, configured }
    );
}

#[tokio::test]
async fn a_refused_head_tells_the_region_all_the_same() {
    for status in [403, 301, 400] {
        let server = ScriptedServer::start(move |asked| match asked.method.as_str() {
            "GET" if is_list(asked) => Reply::new(200, EMPTY_PAGE),
            "GET" if asked.target.contains("location") => Reply::error(403, "AccessDenied", ""),
            "GET" => Reply::new(200, NO_BUCKETS),
            "HEAD" => Reply::new(status, "").header("x-amz-bucket-region", "us-east-1"),
            _ => Reply::error(405, "MethodNotAllowed", ""),
        });
        let told = examine_at(&server.endpoint(), &[]).await;
        let region = "us-east-1".to_owned();
        assert_eq!(
            told.finding(CheckKind::Region),
            &Finding::RegionFits { region },
            "{status}"
        );
        let asks_location = |asked: &Asked| asked.target.contains("location");
        assert!(!server.asked().iter().any(asks_location));
    }
}

#[tokio::test]
async fn another_region_that_works_all_the_same_is_not_red() {
    // Unsigned requests to Amazon's general host find a bucket in any region.
    let server = ScriptedServer::start(|asked| match asked.method.as_str() {
        "GET" if is_list(asked) => Reply::new(200, EMPTY_PAGE),
        "GET" => Reply::error(403, "AccessDenied", ""),
        _ => Reply::new(200, "").header("x-amz-bucket-region", "eu-central-1"),
    });
    let told = examine_amazon(&server, &[]).await;
    told.nothing_red();
    let region = told.finding(CheckKind::Region);
    assert!(
        matches!(region, Finding::RegionIgnored { .. }),
        "{region:?}"
    );
}

/// A listing that is refused so, while everything else is well.
fn refusing_lists(reply: impl Fn() -> Reply + Send + 'static) -> ScriptedServer {
    ScriptedServer::start(move |asked| match asked.method.as_str() {
        "GET" if is_list(asked) => reply(),
        "GET" => Reply::new(200, NO_BUCKETS),
        "HEAD" => Reply::new(200, "").header("x-amz-bucket-region", "us-east-1"),
        _ => Reply::error(405, "MethodNotAllowed", ""),
    })
}

#[tokio::test]
async fn a_listing_that_fails_is_red_though_what_it_blames_is_well() {
    let refusals: [fn() -> Reply; 4] = [
        // The region is the right one.
        || Reply::error(307, "TemporaryRedirect", ""),
        // The clock is right, or no time is told.
        || Reply::error(403, "RequestTimeTooSkewed", ""),
        // There is no proxy.
        || Reply::new(407, ""),
        // No S3 server says so without a code.
        || Reply::new(403, "<html>blocked</html>"),
    ];
    for refusal in refusals {
        let told = examine_at(&refusing_lists(refusal).endpoint(), &[]).await;
        let red = told.only_red();
        assert_eq!(red.kind, CheckKind::Listing);
        assert!(matches!(red.finding, Finding::ListFailed(_)), "{red:?}");
    }
}

#[tokio::test]
async fn a_blocked_account_is_no_matter_of_policies() {
    for code in ["AllAccessDisabled", "AccountProblem", "UnauthorizedAccess"] {
        let server = ScriptedServer::start(move |asked| match asked.method.as_str() {
            "GET" if is_list(asked) => Reply::error(403, code, ""),
            "GET" => Reply::new(200, NO_BUCKETS),
            "HEAD" => Reply::new(200, ""),
            _ => Reply::error(405, "MethodNotAllowed", ""),
        });
        let told = examine_at(&server.endpoint(), &[]).await;
        let red = told.only_red();
        assert!(matches!(red.finding, Finding::ListFailed(_)), "{red:?}");
    }
}

#[tokio::test]
async fn a_redirect_to_another_address_names_it() {
    let server = refusing_lists(|| {
        Reply::new(301, "").header("location", "https://s3.example/media?list-type=2")
    });
    let told = examine_at(&server.endpoint(), &[]).await;
    let red = told.only_red();
    let Finding::ListFailed(refusal) = &red.finding else {
        panic!("{red:?}");
    };
    assert_eq!(refusal.host.as_deref(), Some("https://s3.example"));
    assert_eq!(
        red.finding.remedy(),
        Some(Remedy::OpenOption("AWS_S3_ENDPOINT_URL"))
    );
}

#[tokio::test]
async fn buckets_that_cannot_be_listed_are_no_harm_where_one_is_named() {
    for (status, code) in [
        (500, "InternalError"),
        (301, "PermanentRedirect"),
        (403, "SignatureDoesNotMatch"),
    ] {
        let server = MemoryS3::start();
        server.fault(move |asked| (asked.path == "/").then_some(Fault::Status(status, code)));
        let told = examine_at(&server.endpoint(), &[]).await;
        told.nothing_red();
        let finding = told.finding(CheckKind::Buckets);
        assert!(
            matches!(
                finding,
                Finding::BucketsFailed {
                    has_bucket: true,
                    ..
                }
            ),
            "{code}: {finding:?}"
        );
        assert_eq!(finding.remedy(), None);
    }
}

#[tokio::test]
async fn one_signature_that_does_not_fit_is_not_the_secrets_fault() {
    let server = refusing_lists(|| Reply::error(403, "SignatureDoesNotMatch", ""));
    let told = examine_at(&server.endpoint(), &[]).await;
    let red = told.only_red();
    assert_eq!(red.kind, CheckKind::Listing);
    let said = cooperage::words::diagnosis::checks::finding(&red.finding);
    assert!(said.cause.contains("the keys are right"), "{said:?}");
    assert!(!said.next.contains("secret"), "{said:?}");
    told.points_at_no_pointer();
}

#[tokio::test]
async fn a_web_page_that_a_plain_proxy_gives_names_the_proxy() {
    let proxy = ScriptedServer::start(|_| Reply::new(200, "<html>Welcome</html>"));
    let proxies = format!("AWS_S3_PROXIES={{\"http\": \"{}\"}}", proxy.endpoint());
    let told = examine_at("http://s3.example:9000", &[&proxies]).await;
    let red = told.only_red();
    let Finding::NotS3 {
        proxy: Some(named), ..
    } = &red.finding
    else {
        panic!("{red:?}");
    };
    assert!(proxy.endpoint().ends_with(named), "{named}");
    let remedy = red.finding.remedy();
    assert_eq!(remedy, Some(Remedy::OpenOption("AWS_S3_PROXIES")));
}

#[tokio::test]
async fn to_whom_a_listing_is_denied_is_said_with_what_helps() {
    let denying = |names: &'static [&'static str]| {
        ScriptedServer::start(move |asked| match asked.method.as_str() {
            "GET" if is_list(asked) => Reply::error(403, "AccessDenied", ""),
            "GET" if !asked.target.contains("location") => account(names),
            "HEAD" => Reply::new(403, ""),
            _ => Reply::error(405, "MethodNotAllowed", ""),
        })
    };
    let near = || Some("test-buckets".to_owned());
    for (names, to, remedy) in [
        (
            &["test-bucket", "logs"][..],
            DeniedTo::Keys,
            Remedy::OpenOption("AWS_LOCATION"),
        ),
        (
            &["logs"],
            DeniedTo::Stranger { near: None },
            Remedy::OpenOption("AWS_STORAGE_BUCKET_NAME"),
        ),
        (
            &["logs", "test-buckets"],
            DeniedTo::Stranger { near: near() },
            Remedy::UseBucket("test-buckets".to_owned()),
        ),
    ] {
        let told = examine_at(&denying(names).endpoint(), &[]).await;
        let red = told.only_red();
        assert!(
            matches!(&red.finding, Finding::ListDenied { to: said, .. } if *said == to),
            "{red:?}"
        );
        assert_eq!(red.finding.remedy(), Some(remedy));
    }
}

/// What a connection without a bucket comes to at a server that answers so for the account.
async fn without_bucket(buckets: impl Fn() -> Reply + Send + 'static) -> Told {
    let server = ScriptedServer::start(move |asked| match asked.method.as_str() {
        "GET" => buckets(),
        _ => Reply::error(405, "MethodNotAllowed", ""),
    });
    examine_at(&server.endpoint(), &["AWS_STORAGE_BUCKET_NAME="]).await
}

fn account(names: &[&str]) -> Reply {
    let buckets: String = names
        .iter()
        .map(|name| format!("<Bucket><Name>{name}</Name></Bucket>"))
        .collect();
    Reply::new(
        200,
        format!("<ListAllMyBucketsResult><Buckets>{buckets}</Buckets></ListAllMyBucketsResult>"),
    )
}

#[tokio::test]
async fn without_a_bucket_those_of_the_account_are_offered() {
    let open = Remedy::OpenOption("AWS_STORAGE_BUCKET_NAME");
    for (names, remedy) in [
        (&[][..], open.clone()),
        (&["media"], Remedy::UseBucket("media".to_owned())),
        (&["media", "logs"], open.clone()),
        (&["a1", "a2", "a3", "a4", "a5", "a6", "a7"], open.clone()),
    ] {
        let told = without_bucket(move || account(names)).await;
        told.nothing_red();
        let finding = told.finding(CheckKind::Listing);
        let Finding::BucketUnchosen {
            names: said, count, ..
        } = finding
        else {
            panic!("{finding:?}");
        };
        assert_eq!((*count, said.len()), (names.len(), names.len().min(5)));
        assert_eq!(finding.light(), Light::Warning);
        assert_eq!(finding.remedy(), Some(remedy));
        let nowhere = Finding::Skipped(Skip::NoBucket);
        assert_eq!(told.finding(CheckKind::Region), &nowhere);
    }
}

#[tokio::test]
async fn without_a_bucket_what_cannot_be_offered_is_red_once() {
    let unnamed = |denied| move |finding: &Finding| *finding == Finding::BucketUnnamed { denied };
    let not_s3 = |finding: &Finding| matches!(finding, Finding::NotS3 { .. });
    let failed = |finding: &Finding| matches!(finding, Finding::BucketsFailed { .. });
    type Case = (fn() -> Reply, CheckKind, Box<dyn Fn(&Finding) -> bool>);
    let cases: Vec<Case> = vec![
        (
            || Reply::error(403, "AccessDenied", ""),
            CheckKind::Listing,
            Box::new(unnamed(true)),
        ),
        (
            || Reply::error(501, "NotImplemented", ""),
            CheckKind::Listing,
            Box::new(unnamed(false)),
        ),
        (
            || Reply::new(200, "<html>console</html>"),
            CheckKind::Buckets,
            Box::new(not_s3),
        ),
        (
            || Reply::new(404, "no such page"),
            CheckKind::Buckets,
            Box::new(not_s3),
        ),
        (
            || Reply::error(500, "InternalError", ""),
            CheckKind::Buckets,
            Box::new(failed),
        ),
    ];
    for (buckets, kind, fits) in cases {
        let told = without_bucket(buckets).await;
        let red = told.only_red();
        assert!(red.kind == kind && fits(&red.finding), "{red:?}");
        assert!(red.finding.remedy().is_some());
    }
}

#[tokio::test]
async fn without_a_bucket_the_region_that_the_server_wants_is_offered() {
    let told = without_bucket(|| {
        Reply::error(
            400,
            "AuthorizationHeaderMalformed",
            "<Region>garage</Region>",
        )
    })
    .await;
    let red = told.only_red();
    let (found, configured) = ("garage".to_owned(), "us-east-1".to_owned());
    assert_eq!(red.finding, Finding::RegionWanted { found, configured });
    let remedy = Remedy::UseRegion("garage".to_owned());
    assert_eq!(red.finding.remedy(), Some(remedy));
    told.is_skipped_after(CheckKind::Buckets, CheckKind::Region);
}

#[tokio::test]
async fn a_token_service_that_doubts_what_s3_takes_is_no_harm() {
    let server = ScriptedServer::start(|asked| match asked.method.as_str() {
        "GET" if is_list(asked) => Reply::new(200, EMPTY_PAGE),
        "GET" => Reply::new(200, NO_BUCKETS),
        "HEAD" => Reply::new(200, "").header("x-amz-bucket-region", "us-east-1"),
        _ => Reply::error(403, "InvalidClientTokenId", ""),
    });
    let told = examine_amazon(&server, &[]).await;
    told.nothing_red();
    let caller = told.finding(CheckKind::Caller);
    assert_eq!(caller.light(), Light::Info, "{caller:?}");
}

#[tokio::test]
async fn a_plain_proxy_that_wants_a_login_ends_it_there() {
    let server = MemoryS3::start();
    let login = Some("ann:secret".to_owned());
    let manners = Manners {
        login,
        refuses: None,
    };
    for (user, has_login) in [("", false), ("ann:wrong@", true)] {
        let proxy = TestProxy::with(server.port(), manners.clone());
        let proxies = format!(
            "AWS_S3_PROXIES={{\"http\": \"http://{user}{}\"}}",
            proxy.address()
        );
        let told = examine_at("http://s3.test", &[&proxies]).await;
        let red = told.only_red();
        let proxy_name = proxy.address();
        assert_eq!(
            red.finding,
            Finding::ProxyWantsLogin {
                proxy: proxy_name,
                has_login
            }
        );
        for kind in [
            CheckKind::Tls,
            CheckKind::Clock,
            CheckKind::Caller,
            CheckKind::Region,
            CheckKind::Style,
            CheckKind::Listing,
            CheckKind::Buckets,
        ] {
            told.is_skipped_after(kind, CheckKind::Proxy);
        }
        assert_eq!(proxy.passed().len(), 1, "{:?}", proxy.passed());
    }
    // The right one passes.
    let proxy = TestProxy::with(server.port(), manners);
    let proxies = format!(
        "AWS_S3_PROXIES={{\"http\": \"http://ann:secret@{}\"}}",
        proxy.address()
    );
    let told = examine_at(
        "http://s3.test",
        &[&proxies, "AWS_S3_ADDRESSING_STYLE=path"],
    )
    .await;
    told.nothing_red();
    let passes = told.finding(CheckKind::Proxy);
    assert!(matches!(passes, Finding::ProxyPasses { .. }), "{passes:?}");
}

#[test]
fn a_choice_that_is_to_be_made_is_one_fault() {
    let mut all = Diagnosis::default();
    let names = vec!["media".to_owned()];
    all.take(DoctorNews::Check(Check {
        kind: CheckKind::Listing,
        finding: Finding::BucketUnchosen {
            names,
            count: 1,
            open: None,
        },
        took_ms: None,
    }));
    assert_eq!((all.faults(), all.failed_checks()), (1, 0));
}
