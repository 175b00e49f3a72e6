//! The live checks over real sockets: broken setups, each told by its own cause and remedy, and healthy ones.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use cooperage::doctor::{Patient, checks};
use cooperage::domain::Timestamp;
use cooperage::domain::diagnosis::{
    Check, CheckKind, DoctorNews, Finding, Light, Remedy, Skip, TlsFault,
};
use cooperage::settings::{Environment, Values};
use cooperage::storage::World;
use cooperage::words::diagnosis::checks as words;

use super::connection;
use crate::support::memory_s3::{ACCESS_KEY, BUCKET, Fault, MemoryS3, SECRET_KEY};
use crate::support::scripted::{Asked, Reply, ScriptedServer};
use crate::support::sts;

const EMPTY_PAGE: &str = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";

/// What an examination told, by kind.
pub(super) struct Told(BTreeMap<CheckKind, Check>);

impl Told {
    pub(super) fn finding(&self, kind: CheckKind) -> &Finding {
        &self.0[&kind].finding
    }

    /// The only red light there may be.
    pub(super) fn only_red(&self) -> &Check {
        let red: Vec<&Check> = self
            .0
            .values()
            .filter(|check| check.light() == Light::Bad)
            .collect();
        assert_eq!(red.len(), 1, "{:#?}", self.0);
        red[0]
    }

    pub(super) fn nothing_red(&self) {
        let red = self.0.values().find(|check| check.light() == Light::Bad);
        assert!(red.is_none(), "{red:#?}");
    }

    pub(super) fn is_skipped_after(&self, kind: CheckKind, cause: CheckKind) {
        // Not asked at all, or asked and refused for that cause.
        let skips = [Skip::After(cause), Skip::Refused(cause)].map(Finding::Skipped);
        assert!(skips.contains(self.finding(kind)), "{:#?}", self.0);
        assert_eq!(self.0[&kind].took_ms, None, "{kind:?}");
    }
}

/// Examines a connection with these options in surroundings that hold nothing else.
async fn examine(options: &[&str]) -> Told {
    examine_in(&[], options).await
}

/// The same with these variables.
async fn examine_in(variables: &[(&str, &str)], options: &[&str]) -> Told {
    let environment = Environment::of(variables.iter().copied());
    let world = World::of(variables.iter().copied(), "", "");
    let patient = Patient::new(
        connection(options),
        Ok(Vec::new()),
        Values::default(),
        environment,
        world,
        Timestamp::now(),
    )
    .await;
    let told = std::sync::Mutex::new(BTreeMap::new());
    let tell = |news: DoctorNews| {
        if let DoctorNews::Check(check) = news {
            let before = told.lock().unwrap().insert(check.kind, check);
            assert!(before.is_none(), "told twice: {before:?}");
        }
    };
    checks::run(&patient, &tell).await;
    let told = told.into_inner().unwrap();
    assert_eq!(
        told.len(),
        CheckKind::ALL.len(),
        "every check is told: {told:#?}"
    );
    for check in told.values() {
        let said = words::finding(&check.finding);
        let text = format!("{check:?} {said:?}");
        assert!(
            !text.contains(SECRET_KEY) && !text.contains(ACCESS_KEY),
            "{text}"
        );
    }
    Told(told)
}

/// Examines a connection to an endpoint with the usual keys.
pub(super) async fn examine_at(endpoint: &str, more: &[&str]) -> Told {
    examine_with(&[], endpoint, more).await
}

/// The same with these variables.
pub(super) async fn examine_with(
    variables: &[(&str, &str)],
    endpoint: &str,
    more: &[&str],
) -> Told {
    let (endpoint, bucket) = (
        format!("AWS_S3_ENDPOINT_URL={endpoint}"),
        format!("AWS_STORAGE_BUCKET_NAME={BUCKET}"),
    );
    let keys = (
        format!("AWS_S3_ACCESS_KEY_ID={ACCESS_KEY}"),
        format!("AWS_S3_SECRET_ACCESS_KEY={SECRET_KEY}"),
    );
    let mut options = vec![
        endpoint.as_str(),
        &bucket,
        &keys.0,
        &keys.1,
        "AWS_S3_REGION_NAME=us-east-1",
        // Whatever proxy the machine has, these servers are here.
        "AWS_S3_PROXIES={}",
    ];
    options.extend(more);
    examine_in(variables, &options).await
}

fn remedy(check: &Check) -> Option<Remedy> {
    check.finding.remedy()
}

/// A server that refuses every signed request in one way, as S3 does.
fn refusing(status: u16, code: &'static str, more: &'static str) -> ScriptedServer {
    ScriptedServer::start(move |asked| {
        if asked.header("authorization").is_none() {
            return Reply::error(403, "AccessDenied", "");
        }
        Reply::error(status, code, more)
    })
}

pub(super) fn is_list(asked: &Asked) -> bool {
    asked.target.contains("list-type=2")
}

/// What a server of S3 answers that holds nothing: a page, buckets, and no token service.
fn empty_s3(asked: &Asked) -> Reply {
    match asked.method.as_str() {
        "GET" if is_list(asked) => Reply::new(200, EMPTY_PAGE),
        "GET" => Reply::new(
            200,
            "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>",
        ),
        "HEAD" => Reply::new(200, ""),
        _ => Reply::error(405, "MethodNotAllowed", ""),
    }
}

#[tokio::test]
async fn a_healthy_setup_shows_nothing_red() {
    let server = MemoryS3::start();
    server.put("photos/a.jpg", "x");
    let told = examine_at(&server.endpoint(), &["AWS_LOCATION=photos"]).await;
    told.nothing_red();
    assert!(matches!(
        told.finding(CheckKind::Settings),
        Finding::SettingsFit { options: 28, .. }
    ));
    assert!(matches!(
        told.finding(CheckKind::Name),
        Finding::NumericHost { .. }
    ));
    assert!(matches!(
        told.finding(CheckKind::Tcp),
        Finding::PortOpen { answering: 1, .. }
    ));
    assert_eq!(
        told.finding(CheckKind::Tls),
        &Finding::NotEncrypted { is_local: true }
    );
    assert_eq!(told.finding(CheckKind::Proxy), &Finding::NoProxy);
    assert!(matches!(
        told.finding(CheckKind::Clock),
        Finding::ClockFits { .. } | Finding::Skipped(Skip::NoTime)
    ));
    assert!(matches!(
        told.finding(CheckKind::Caller),
        Finding::CallerAccepted { .. }
    ));
    let prefix = "photos/".to_owned();
    assert_eq!(
        told.finding(CheckKind::Listing),
        &Finding::KeyCame { prefix }
    );
    assert!(matches!(
        told.finding(CheckKind::Buckets),
        Finding::BucketsSeen {
            has_own: Some(true),
            ..
        }
    ));
    assert!(matches!(
        told.finding(CheckKind::Style),
        Finding::StyleWorks { in_host: false, .. }
    ));
}

#[tokio::test]
async fn a_wrong_secret_is_told_once() {
    let server = MemoryS3::start();
    let told = examine_at(&server.endpoint(), &["AWS_S3_SECRET_ACCESS_KEY=another"]).await;
    let red = told.only_red();
    assert_eq!(
        (&red.finding, remedy(red)),
        (&Finding::SecretWrong, Some(Remedy::PasteKeys))
    );
    told.is_skipped_after(CheckKind::Listing, CheckKind::Caller);
    told.is_skipped_after(CheckKind::Buckets, CheckKind::Caller);
    // The requests were sent, and were not answered to the question.
    for kind in [CheckKind::Listing, CheckKind::Region, CheckKind::Buckets] {
        let check = &told.0[&kind];
        assert_eq!(
            words::finding(&check.finding).title,
            "No answer to use: the keys were refused (see “Caller”)"
        );
        assert_eq!(check.took_ms, None, "{kind:?}");
    }
}

/// The token service knows the keys; S3 answers by `s3`.
async fn examine_known_to_sts(s3: fn(&Asked) -> Reply) -> Told {
    let server = ScriptedServer::start(move |asked| match asked.method.as_str() {
        "POST" => Reply::new(
            200,
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/ann</Arn>\
             <UserId>u</UserId><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
        ),
        _ => s3(asked),
    });
    examine_at(&server.endpoint(), &[]).await
}

#[tokio::test]
async fn keys_that_only_the_token_service_takes_are_no_good() {
    let told = examine_known_to_sts(|_| Reply::error(403, "SignatureDoesNotMatch", "")).await;
    assert_eq!(told.only_red().finding, Finding::SecretWrong);
    told.is_skipped_after(CheckKind::Listing, CheckKind::Caller);
}

#[tokio::test]
async fn one_refused_signature_beside_accepted_ones_is_that_requests_fault() {
    let told = examine_known_to_sts(|asked| match is_list(asked) {
        true => Reply::error(403, "SignatureDoesNotMatch", ""),
        false => empty_s3(asked),
    })
    .await;
    let red = told.only_red();
    assert_eq!(red.kind, CheckKind::Listing);
    assert!(matches!(red.finding, Finding::ListFailed(_)), "{red:?}");
    assert!(matches!(
        told.finding(CheckKind::Caller),
        Finding::CallerIs { .. }
    ));
}

#[tokio::test]
async fn refused_keys_are_told_apart() {
    for (status, code, finding) in [
        (403, "InvalidAccessKeyId", Finding::KeyUnknown),
        (400, "ExpiredToken", Finding::SessionEnded),
        (
            400,
            "InvalidToken",
            Finding::TokenWrong {
                from: None,
                needless: true,
            },
        ),
        (403, "SignatureDoesNotMatch", Finding::SecretWrong),
    ] {
        let server = refusing(status, code, "");
        let told = examine_at(&server.endpoint(), &[]).await;
        let red = told.only_red();
        assert_eq!(
            (red.kind, &red.finding),
            (CheckKind::Caller, &finding),
            "{code}"
        );
        assert_eq!(remedy(red), Some(Remedy::PasteKeys));
        told.is_skipped_after(CheckKind::Listing, CheckKind::Caller);
    }
}

#[tokio::test]
async fn keys_refused_without_a_known_reason() {
    let server = refusing(403, "NotSignedUp", "");
    let told = examine_at(&server.endpoint(), &[]).await;
    assert!(matches!(told.only_red().finding, Finding::KeysRefused(_)));
}

#[tokio::test]
async fn another_region_is_named_with_its_remedy() {
    let wanted = |told: &Told| {
        let red = told.only_red();
        let (found, configured) = ("eu-central-1".to_owned(), "us-east-1".to_owned());
        assert_eq!(
            red.finding,
            Finding::RegionDiffers {
                found: found.clone(),
                configured
            }
        );
        assert_eq!(remedy(red), Some(Remedy::UseRegion(found)));
        told.is_skipped_after(CheckKind::Listing, CheckKind::Region);
    };
    let malformed = refusing(
        400,
        "AuthorizationHeaderMalformed",
        "<Region>eu-central-1</Region>",
    );
    wanted(&examine_at(&malformed.endpoint(), &[]).await);
    let moved = ScriptedServer::start(|asked| {
        if asked.target == "/" {
            return empty_s3(asked);
        }
        Reply::error(301, "PermanentRedirect", "").header("x-amz-bucket-region", "eu-central-1")
    });
    wanted(&examine_at(&moved.endpoint(), &[]).await);
}

#[tokio::test]
async fn a_region_that_is_wrong_and_not_told_is_looked_up_by_hand() {
    let server = refusing(400, "AuthorizationHeaderMalformed", "");
    let told = examine_at(&server.endpoint(), &[]).await;
    let red = told.only_red();
    assert!(
        matches!(red.finding, Finding::RegionWrong { .. }),
        "{red:?}"
    );
    assert_eq!(remedy(red), Some(Remedy::OpenOption("AWS_S3_REGION_NAME")));
}

#[tokio::test]
async fn a_server_that_works_with_any_region_is_no_reason_to_worry() {
    let server =
        ScriptedServer::start(|asked| empty_s3(asked).header("x-amz-bucket-region", "garage"));
    let told = examine_at(&server.endpoint(), &[]).await;
    told.nothing_red();
    assert!(matches!(
        told.finding(CheckKind::Region),
        Finding::RegionIgnored { .. }
    ));
    let prefix = String::new();
    assert_eq!(
        told.finding(CheckKind::Listing),
        &Finding::NothingThere { prefix }
    );
}

#[tokio::test]
async fn a_clock_that_is_far_off_is_told_although_requests_work() {
    for (hours, refuses) in [(1, false), (-30, true)] {
        let server = ScriptedServer::start(move |asked| {
            let there = Timestamp::now().plus_secs(hours * 3600);
            let date = there.strftime("%a, %d %b %Y %H:%M:%S GMT", &jiff::tz::TimeZone::UTC);
            let signed = asked.header("x-amz-date").map(|date| date[..13].to_owned());
            let right = there.strftime("%Y%m%dT%H%M", &jiff::tz::TimeZone::UTC);
            if refuses && signed.is_some_and(|signed| signed[..11] != right[..11]) {
                return Reply::error(403, "RequestTimeTooSkewed", "").header("date", &date);
            }
            empty_s3(asked).header("date", &date)
        });
        let told = examine_at(&server.endpoint(), &[]).await;
        let red = told.only_red();
        let Finding::ClockWrong { ahead_secs } = red.finding else {
            panic!("{red:?}");
        };
        assert!((ahead_secs - hours * 3600).abs() < 60, "{ahead_secs}");
        assert_eq!(remedy(red), Some(Remedy::RunAgain));
    }
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_refused() {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let told = examine_at(&format!("http://127.0.0.1:{port}"), &[]).await;
    let red = told.only_red();
    let host = "127.0.0.1".to_owned();
    assert_eq!(red.finding, Finding::PortRefused { host, port });
    assert_eq!(remedy(red), Some(Remedy::OpenOption("AWS_S3_ENDPOINT_URL")));
    told.is_skipped_after(CheckKind::Listing, CheckKind::Tcp);
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_told() {
    let told = examine_at("https://nowhere.invalid", &[]).await;
    let red = told.only_red();
    // Where there is no name server at all, it may not even answer.
    assert!(
        matches!(
            red.finding,
            Finding::NameUnknown { .. } | Finding::LookupSilent { .. }
        ),
        "{red:?}"
    );
    told.is_skipped_after(CheckKind::Tcp, CheckKind::Name);
}

#[tokio::test]
async fn a_server_that_takes_connections_and_says_nothing_ends_within_the_bound() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = silent.local_addr().unwrap().port();
    for scheme in ["http", "https"] {
        let began = Instant::now();
        let told = examine_at(&format!("{scheme}://127.0.0.1:{port}"), &[]).await;
        let red = told.only_red();
        let host = "127.0.0.1".to_owned();
        assert_eq!(red.finding, Finding::ServerMute { host, port });
        let met = match scheme {
            "http" => CheckKind::Tcp,
            _ => CheckKind::Tls,
        };
        assert_eq!(red.kind, met);
        told.is_skipped_after(CheckKind::Listing, met);
        assert!(began.elapsed() < checks::WHOLE + Duration::from_secs(8));
    }
}

#[tokio::test]
async fn a_server_that_takes_its_time_is_not_called_dead() {
    let server = ScriptedServer::start(|asked| {
        if asked.method == "HEAD" && asked.target == "/" {
            std::thread::sleep(Duration::from_millis(2_600));
        }
        empty_s3(asked)
    });
    examine_at(&server.endpoint(), &[]).await.nothing_red();
}

#[tokio::test]
async fn a_plain_proxy_that_takes_connections_and_says_nothing_is_named() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("127.0.0.1:{}", silent.local_addr().unwrap().port());
    let proxies = format!("AWS_S3_PROXIES={{\"http\": \"http://{address}\"}}");
    let began = Instant::now();
    let told = examine_at("http://s3.example", &[&proxies]).await;
    let red = told.only_red();
    let proxy = address;
    let from_environment = false;
    assert_eq!(
        red.finding,
        Finding::ProxySilent {
            proxy,
            from_environment
        }
    );
    told.is_skipped_after(CheckKind::Listing, CheckKind::Proxy);
    assert!(began.elapsed() < checks::WHOLE + Duration::from_secs(8));
}

#[tokio::test]
async fn packets_that_vanish_end_within_the_bound() {
    // An address for documentation: nobody is there, and routers drop it or know no way.
    let began = Instant::now();
    let told = examine_at("https://192.0.2.1", &[]).await;
    let red = told.only_red();
    assert_eq!(red.kind, CheckKind::Tcp);
    assert!(
        matches!(
            red.finding,
            Finding::PortSilent { .. } | Finding::NoRoute { .. } | Finding::PortRefused { .. }
        ),
        "{red:?}"
    );
    assert!(began.elapsed() < checks::WHOLE + Duration::from_secs(8));
}

#[tokio::test]
async fn answers_that_never_come_end_within_the_bound() {
    let server = ScriptedServer::start(|asked| {
        if asked.target.contains("list-type") {
            std::thread::sleep(Duration::from_secs(12));
        }
        empty_s3(asked)
    });
    let began = Instant::now();
    let told = examine_at(&server.endpoint(), &[]).await;
    let red = told.only_red();
    assert!(matches!(red.finding, Finding::ListFailed(_)), "{red:?}");
    assert!(began.elapsed() < checks::WHOLE + Duration::from_secs(8));
}

#[tokio::test]
async fn https_on_a_port_of_plain_http_is_told() {
    let server = MemoryS3::start();
    let told = examine_at(&format!("https://127.0.0.1:{}", server.port()), &[]).await;
    let red = told.only_red();
    let Finding::TlsFailed { fault, .. } = &red.finding else {
        panic!("{red:?}");
    };
    assert_eq!(fault, &TlsFault::NotTls);
    assert_eq!(remedy(red), Some(Remedy::OpenOption("AWS_S3_ENDPOINT_URL")));
}

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

/// The server stands as a proxy, so that any host name leads to it and the target tells which.
async fn examine_by_host(
    style: &str,
    script: impl FnMut(&Asked) -> Reply + Send + 'static,
) -> Told {
    let server = ScriptedServer::start(script);
    let proxies = format!("AWS_S3_PROXIES={{\"http\": \"{}\"}}", server.endpoint());
    let style = format!("AWS_S3_ADDRESSING_STYLE={style}");
    examine_at("http://s3.test", &[&proxies, &style]).await
}

#[tokio::test]
async fn a_server_that_wants_the_bucket_in_the_path_is_told() {
    let told = examine_by_host("virtual", |asked| {
        if asked.target.starts_with(&format!("http://{BUCKET}.")) {
            return Reply::error(404, "NoSuchBucket", "");
        }
        empty_s3(asked)
    })
    .await;
    let red = told.only_red();
    assert_eq!(
        (&red.finding, remedy(red)),
        (
            &Finding::StyleWrong { in_host: true },
            Some(Remedy::UsePathStyle)
        )
    );
    told.is_skipped_after(CheckKind::Listing, CheckKind::Style);
}

#[tokio::test]
async fn a_server_that_wants_the_bucket_in_the_host_name_is_told() {
    let told = examine_by_host("path", |asked| {
        if is_list(asked) && asked.target.starts_with("http://s3.test/") {
            return Reply::error(403, "SecondLevelDomainForbidden", "");
        }
        empty_s3(asked)
    })
    .await;
    let red = told.only_red();
    assert_eq!(
        (&red.finding, remedy(red)),
        (
            &Finding::StyleWrong { in_host: false },
            Some(Remedy::UseVirtualHost)
        )
    );
}

#[tokio::test]
async fn both_styles_that_work_are_said() {
    let told = examine_by_host("path", empty_s3).await;
    told.nothing_red();
    let (in_host, other_works) = (false, Some(true));
    assert_eq!(
        told.finding(CheckKind::Style),
        &Finding::StyleWorks {
            in_host,
            other_works
        }
    );
    assert!(matches!(
        told.finding(CheckKind::Proxy),
        Finding::ProxyPasses {
            from_environment: false,
            ..
        }
    ));
    assert!(matches!(
        told.finding(CheckKind::Name),
        Finding::NameLeftToProxy { .. }
    ));
}

#[tokio::test]
async fn a_dead_proxy_is_told_as_such() {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let proxies = format!("AWS_S3_PROXIES={{\"https\": \"http://user:CANARY@127.0.0.1:{port}\"}}");
    let told = examine_at("https://s3.test", &[&proxies]).await;
    let red = told.only_red();
    assert!(
        matches!(&red.finding, Finding::ProxyDead { proxy, .. } if *proxy == format!("127.0.0.1:{port}")),
        "{red:?}"
    );
    assert_eq!(remedy(red), Some(Remedy::OpenOption("AWS_S3_PROXIES")));
    told.is_skipped_after(CheckKind::Tls, CheckKind::Proxy);
    assert!(!format!("{:?}", told.0).contains("CANARY"));
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
async fn a_proxy_of_the_environment_is_called_so() {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let proxy = format!("http://127.0.0.1:{}", free.local_addr().unwrap().port());
    drop(free);
    let options = [
        "AWS_S3_ENDPOINT_URL=http://s3.test",
        "AWS_STORAGE_BUCKET_NAME=media",
        "AWS_S3_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
        "AWS_S3_SECRET_ACCESS_KEY=secret",
    ];
    let told = examine_in(&[("http_proxy", &proxy)], &options).await;
    let red = told.only_red();
    let Finding::ProxyDead {
        from_environment, ..
    } = &red.finding
    else {
        panic!("{red:?}");
    };
    assert!(from_environment);
    assert_eq!(remedy(red), Some(Remedy::RunAgain));
}

#[tokio::test]
async fn a_proxy_whose_name_nobody_knows_is_told() {
    let proxies = "AWS_S3_PROXIES={\"https\": \"http://nowhere.invalid:3128\"}";
    let told = examine_at("https://s3.test", &[proxies]).await;
    assert!(matches!(
        told.only_red().finding,
        Finding::ProxyUnknown { .. }
    ));
}

#[tokio::test]
async fn a_plain_proxy_that_wants_a_password_is_told() {
    let told = examine_by_host("path", |_| Reply::new(407, "")).await;
    let red = told.only_red();
    assert!(
        matches!(
            red.finding,
            Finding::ProxyWantsLogin {
                has_login: false,
                ..
            }
        ),
        "{red:?}"
    );
    assert_eq!(remedy(red), Some(Remedy::OpenOption("AWS_S3_PROXIES")));
    told.is_skipped_after(CheckKind::Listing, CheckKind::Proxy);
}

#[tokio::test]
async fn settings_that_cannot_be_used_stop_everything() {
    let server = ScriptedServer::start(empty_s3);
    let told = examine_at(&server.endpoint(), &["AWS_S3_SESSION_PROFILE=work"]).await;
    let red = told.only_red();
    let Finding::SettingsProblem { option, .. } = red.finding else {
        panic!("{red:?}");
    };
    assert_eq!(remedy(red), Some(Remedy::OpenOption(option)));
    told.is_skipped_after(CheckKind::Name, CheckKind::Settings);
    told.is_skipped_after(CheckKind::Buckets, CheckKind::Settings);
    assert!(server.asked().is_empty(), "nothing is sent");
}

#[tokio::test]
async fn a_page_that_is_not_of_s3_is_told() {
    let pages: [fn() -> Reply; 3] = [
        || Reply::new(200, "<!doctype html><html><body>console</body></html>"),
        // It breaks off.
        || Reply::new(200, "<ListBucketResult><Name>"),
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
async fn without_credentials_nothing_is_asked() {
    let server = ScriptedServer::start(empty_s3);
    let endpoint = format!("AWS_S3_ENDPOINT_URL={}", server.endpoint());
    let told = examine(&[&endpoint, "AWS_STORAGE_BUCKET_NAME=b", "AWS_S3_PROXIES={}"]).await;
    let red = told.only_red();
    assert!(
        matches!(red.finding, Finding::NoCredentials { .. }),
        "{red:?}"
    );
    assert_eq!(remedy(red), Some(Remedy::PasteKeys));
    told.is_skipped_after(CheckKind::Listing, CheckKind::Caller);
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
async fn the_token_service_says_who_signs_after_checking_the_signature() {
    let server = ScriptedServer::start(|asked| {
        if sts::is_for(asked) {
            return sts::answer(asked, ACCESS_KEY, SECRET_KEY);
        }
        empty_s3(asked)
    });
    let told = examine_at(&server.endpoint(), &[]).await;
    told.nothing_red();
    let arn = sts::ARN.to_owned();
    assert_eq!(told.finding(CheckKind::Caller), &Finding::CallerIs { arn });
    let asked = server.asked();
    let question = asked.iter().find(|asked| sts::is_for(asked)).unwrap();
    assert_eq!(sts::answer(question, ACCESS_KEY, "another").status, 403);
}
