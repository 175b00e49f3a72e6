//! Every finding once, for tests that go through all of them.

use super::*;
use crate::domain::ErrorKind;
use crate::domain::diagnosis::{
    DeniedTo, Hindered, NoRegion, Origin, TlsFault, TrustFile, TrustFlaw, TrustNamed,
};

fn refusal(code: Option<&str>, message: Option<&str>) -> Refusal {
    Refusal {
        kind: ErrorKind::Other,
        status: Some(400),
        code: code.map(str::to_owned),
        message: message.map(str::to_owned),
        host: None,
    }
}

/// Every cause once, with data as it comes.
#[expect(clippy::too_many_lines, reason = "one entry a finding")]
pub(in crate::words::diagnosis) fn every() -> Vec<Finding> {
    use Finding as F;
    let host = || "s3.example".to_owned();
    let proxy = || "proxy.example:3128".to_owned();
    let tls = |fault| F::TlsFailed {
        host: host(),
        fault,
        path_fits: false,
        trusted: None,
    };
    let trust = |named_by| TrustFile {
        path: "/ca.pem".to_owned(),
        named_by,
    };
    let unfit = |flaw| F::TrustFileUnfit {
        file: trust(TrustNamed::Option),
        flaw,
    };
    let hinders = |what| F::SettingsHinder {
        what,
        faults: vec![(
            "AWS_LOCATION",
            format!("the final slash of {what:?} would stand twice"),
        )],
        better: None,
        hints: Vec::new(),
    };
    let mut all = vec![
        F::SettingsFit {
            options: 28,
            hints: vec![(
                "AWS_S3_CUSTOM_DOMAIN",
                "A custom domain without a CloudFront key leaves links unsigned.".to_owned(),
            )],
        },
        hinders(Hindered::Names),
        hinders(Hindered::Uploads),
        hinders(Hindered::Links),
        hinders(Hindered::OldLinks),
        hinders(Hindered::Meaning),
        F::SettingsProblem {
            option: "AWS_LOCATION",
            reason: "must not begin with a slash".to_owned(),
            others: vec![("AWS_S3_REGION_NAME", "is empty".to_owned())],
        },
        F::CannotStart(refusal(None, Some("the endpoint's host is none"))),
        F::NameKnown {
            host: host(),
            addresses: vec!["192.0.2.1".to_owned()],
        },
        F::NameKnown {
            host: host(),
            addresses: vec!["192.0.2.1".to_owned(), "192.0.2.2".to_owned()],
        },
        F::NumericHost {
            host: "192.0.2.1".to_owned(),
        },
        F::NameUnknown { host: host() },
        F::RegionUnknown {
            host: host(),
            region: "eu-centrall-1".to_owned(),
        },
        F::AmazonUnknown { host: host() },
        F::NameUnknownWithBucket {
            host: "b.s3.example".to_owned(),
            bare: host(),
        },
        F::LookupSilent { host: host() },
        F::NameLeftToProxy { host: host() },
        F::PortOpen {
            port: 443,
            answering: 1,
            addresses: 1,
        },
        F::PortOpen {
            port: 443,
            answering: 2,
            addresses: 3,
        },
        F::PortRefused {
            host: host(),
            port: 443,
        },
        F::PortSilent {
            host: host(),
            port: 443,
        },
        F::NoRoute {
            host: host(),
            reason: "Network is unreachable".to_owned(),
        },
        F::PortLeftToProxy { port: 443 },
        F::CertificateFits {
            days_left: Some(213),
            version: "TLSv1_3",
        },
        F::CertificateFits {
            days_left: None,
            version: "TLSv1_3",
        },
        F::CertificateEndsSoon { days_left: 3 },
        F::CertificateUnchecked { version: "TLSv1_3" },
        F::NotEncrypted { is_local: true },
        F::NotEncrypted { is_local: false },
        F::TlsWanted { port: 9000 },
        F::ServerMute {
            host: host(),
            port: 443,
        },
        F::NotHttp {
            host: host(),
            port: 22,
            says: "SSH-2.0-OpenSSH_9.6".to_owned(),
        },
        F::NotHttp {
            host: "::1".to_owned(),
            port: 25,
            says: String::new(),
        },
        F::TlsFailed {
            host: "b.s3.example".to_owned(),
            fault: TlsFault::WrongHost {
                presented: vec![host()],
            },
            path_fits: true,
            trusted: None,
        },
        F::TlsFailed {
            host: host(),
            fault: TlsFault::UnknownIssuer,
            path_fits: false,
            trusted: Some(trust(TrustNamed::Parent("base".to_owned()))),
        },
        unfit(TrustFlaw::Missing),
        unfit(TrustFlaw::Folder),
        unfit(TrustFlaw::Refused),
        unfit(TrustFlaw::Empty),
        F::TrustFileUnfit {
            file: trust(TrustNamed::Profile("work".to_owned())),
            flaw: TrustFlaw::Malformed,
        },
        F::NoProxy,
        F::ProxyPasses {
            proxy: proxy(),
            from_environment: false,
        },
        F::ProxyPasses {
            proxy: proxy(),
            from_environment: true,
        },
        F::ProxyUnknown {
            proxy: proxy(),
            from_environment: false,
        },
        F::ProxyUnknown {
            proxy: "socks5:80".to_owned(),
            from_environment: false,
        },
        F::ProxyDead {
            proxy: proxy(),
            from_environment: false,
        },
        F::ProxySilent {
            proxy: proxy(),
            from_environment: false,
        },
        F::ProxyWantsLogin {
            proxy: proxy(),
            has_login: false,
        },
        F::ProxyWantsLogin {
            proxy: proxy(),
            has_login: true,
        },
        F::ProxyForbids {
            proxy: proxy(),
            status: Some(403),
        },
        F::ClockFits { ahead_secs: 0 },
        F::ClockFits { ahead_secs: 4 },
        F::ClockDrifts { ahead_secs: -300 },
        F::ClockWrong { ahead_secs: 3600 },
        F::DateHeaderWrong { ahead_secs: 3600 },
        F::CallerIs {
            arn: "arn:aws:sts::123456789012:assumed-role/media-editor/cooperage".to_owned(),
        },
        F::CallerAccepted { host: host() },
        F::KeyUnknown,
        F::SecretWrong,
        F::SessionEnded,
        F::TokenWrong {
            from: None,
            needless: false,
        },
        F::TokenWrong {
            from: Some(Origin::Variable("AWS_SESSION_TOKEN".to_owned())),
            needless: false,
        },
        F::TokenWrong {
            from: Some(Origin::ConnectionToken { parent: None }),
            needless: true,
        },
        F::KeysRefused(refusal(None, None)),
        F::NoCredentials {
            reason: "no profile".to_owned(),
        },
        F::CredentialsSilent,
        F::CallerUntold(refusal(Some("ServiceUnavailable"), None)),
        F::RegionFits {
            region: "eu-west-1".to_owned(),
        },
        F::RegionDiffers {
            found: "eu-central-1".to_owned(),
            configured: "eu-west-1".to_owned(),
        },
        F::RegionWanted {
            found: "garage".to_owned(),
            configured: "eu-west-1".to_owned(),
        },
        F::RegionIgnored {
            found: "us-east-1".to_owned(),
            configured: "eu-west-1".to_owned(),
        },
        F::RegionWrong {
            configured: "eu-west-1".to_owned(),
        },
        F::StyleWorks {
            in_host: true,
            other_works: Some(true),
        },
        F::StyleWorks {
            in_host: true,
            other_works: Some(false),
        },
        F::StyleWorks {
            in_host: true,
            other_works: None,
        },
        F::StyleWrong { in_host: true },
        F::StyleWrong { in_host: false },
        F::KeyCame {
            prefix: "photos/".to_owned(),
        },
        F::ListedSlowly {
            prefix: String::new(),
            is_empty: false,
            took_ms: 6_100,
        },
        F::NothingThere {
            prefix: String::new(),
        },
        F::NothingThere {
            prefix: "photos/".to_owned(),
        },
        F::BucketMissing {
            bucket: "media".to_owned(),
            near: None,
        },
        F::BucketMissing {
            bucket: "media".to_owned(),
            near: Some("media-live".to_owned()),
        },
        F::EndpointHasPath {
            path: "media".to_owned(),
        },
        F::NotS3 {
            host: host(),
            proxy: None,
        },
        F::NotS3 {
            host: host(),
            proxy: Some(proxy()),
        },
        F::ListFailed(refusal(Some("SlowDown"), None)),
        F::BucketsSeen {
            count: 1,
            has_own: Some(true),
        },
        F::BucketsSeen {
            count: 2,
            has_own: Some(false),
        },
        F::BucketsSeen {
            count: 2,
            has_own: None,
        },
        F::BucketsDenied { has_bucket: true },
        F::BucketsDenied { has_bucket: false },
        F::BucketsUnsupported,
        F::BucketsFailed {
            refusal: refusal(Some("InternalError"), None),
            has_bucket: false,
        },
        F::BucketsFailed {
            refusal: refusal(None, Some("no route")),
            has_bucket: true,
        },
        F::BucketUnnamed { denied: true },
        F::BucketUnnamed { denied: false },
    ];
    all.extend(
        [&["a", "b", "c"][..], &["a"], &[]].map(|names| F::BucketUnchosen {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            count: if names.len() == 3 { 9 } else { names.len() },
            open: None,
        }),
    );
    let strangers = [None, Some("media-live".to_owned())];
    let whom = strangers.map(|near| DeniedTo::Stranger { near });
    let whom = whom.into_iter().chain([DeniedTo::Keys, DeniedTo::Unsigned]);
    all.extend(whom.enumerate().map(|(at, to)| F::ListDenied {
        prefix: format!("photos{at}/"),
        message: Some("Access Denied.".to_owned()),
        to,
    }));
    let untold = [
        NoRegion::Empty,
        NoRegion::Denied,
        NoRegion::Unsupported,
        NoRegion::Failed,
    ];
    all.extend(untold.map(|why| F::RegionUntold {
        configured: "eu-west-1".to_owned(),
        why,
    }));
    all.extend(
        [
            TlsFault::UnknownIssuer,
            TlsFault::Expired { days: Some(12) },
            TlsFault::NotYetValid { days: None },
            TlsFault::WrongHost {
                presented: vec!["other.example".to_owned()],
            },
            TlsFault::NotTls,
            TlsFault::Closed,
            TlsFault::Silent,
            TlsFault::TooOld,
            TlsFault::Refused("HandshakeFailure".to_owned()),
            TlsFault::Other("bad encoding".to_owned()),
        ]
        .map(tls),
    );
    let skips = [
        Skip::After(CheckKind::Name),
        Skip::Refused(CheckKind::Caller),
        Skip::Refused(CheckKind::Listing),
        Skip::ToldBy { rung: 1 },
        Skip::NoBucket,
        Skip::Unsigned,
        Skip::NoKeys { rung: None },
        Skip::NoKeys { rung: Some(1) },
        Skip::NoSts,
        Skip::NoTime,
        Skip::GivenWay,
        Skip::OutOfTime,
    ];
    all.extend(skips.map(F::Skipped));
    all
}
