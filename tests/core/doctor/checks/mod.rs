//! The live checks over real sockets: broken setups, each told by its own cause and remedy, and healthy ones.

mod answers;
mod keys;
mod place;
mod proxy;
mod reach;
mod region;
mod settings;
mod style;
mod tls;

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

    /// What a check points to, says something itself.
    pub(super) fn points_at_no_pointer(&self) {
        for check in self.0.values() {
            if let Finding::Skipped(Skip::Refused(to)) = check.finding {
                let there = self.finding(to);
                assert!(
                    !matches!(there, Finding::Skipped(_)),
                    "{check:?}: {there:?}"
                );
            }
        }
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
    let more = ["AWS_LOCATION=photos", "AWS_S3_SIGNATURE_VERSION=s3v4"];
    let told = examine_at(&server.endpoint(), &more).await;
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
