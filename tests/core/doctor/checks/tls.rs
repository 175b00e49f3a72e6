//! The live checks against certificates and proxies that are not as they should be.

use cooperage::domain::diagnosis::{CheckKind, Finding, Light, Remedy, TlsFault};

use cooperage::words::diagnosis::checks as words;

use super::{examine_at, examine_with};
use crate::support::memory_s3::MemoryS3;
use crate::support::proxy::{Manners, TestProxy};
use crate::support::tls::{Authority, Validity};

#[tokio::test]
async fn an_authority_that_nobody_knows_is_told_and_its_file_helps() {
    let (server, authority) = (MemoryS3::start(), Authority::new());
    let front = authority.front(&["127.0.0.1"], Validity::Current, server.port());
    let endpoint = format!("https://127.0.0.1:{}", front.port);
    let told = examine_at(&endpoint, &[]).await;
    let red = told.only_red();
    assert!(
        matches!(
            &red.finding,
            Finding::TlsFailed {
                fault: TlsFault::UnknownIssuer,
                ..
            }
        ),
        "{red:?}"
    );
    assert_eq!(
        red.finding.remedy(),
        Some(Remedy::OpenOption("AWS_S3_VERIFY"))
    );
    told.is_skipped_after(CheckKind::Listing, CheckKind::Tls);

    let folder = tempfile::tempdir().unwrap();
    let file = authority.file(folder.path());
    let told = examine_at(&endpoint, &[&format!("AWS_S3_VERIFY={}", file.display())]).await;
    told.nothing_red();
    let fits = told.finding(CheckKind::Tls);
    assert!(
        matches!(fits, Finding::CertificateFits { days_left: Some(days), .. } if *days > 300),
        "{fits:?}"
    );

    let told = examine_at(&endpoint, &["AWS_S3_VERIFY=false"]).await;
    told.nothing_red();
    assert!(matches!(
        told.finding(CheckKind::Tls),
        Finding::CertificateUnchecked { .. }
    ));
    assert_eq!(told.finding(CheckKind::Tls).light(), Light::Warning);
}

#[tokio::test]
async fn the_wrong_file_of_authorities_is_named_with_who_names_it() {
    let (server, authority) = (MemoryS3::start(), Authority::new());
    let front = authority.front(&["127.0.0.1"], Validity::Current, server.port());
    let endpoint = format!("https://127.0.0.1:{}", front.port);
    let folder = tempfile::tempdir().unwrap();
    let other = Authority::new().file(folder.path()).display().to_string();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    let missing = folder.path().join("nope.pem").display().to_string();
    for (path, met, says) in [
        (other, CheckKind::Tls, "None of the authorities"),
        (missing, CheckKind::Settings, "does not exist"),
        (
            folder.path().display().to_string(),
            CheckKind::Settings,
            "is a folder",
        ),
        (
            empty.display().to_string(),
            CheckKind::Settings,
            "holds no certificate",
        ),
    ] {
        let option = format!("AWS_S3_VERIFY={path}");
        let by_option = examine_at(&endpoint, &[&option]).await;
        let variables = [("AWS_CA_BUNDLE", path.as_str())];
        let by_variable = examine_with(&variables, &endpoint, &[]).await;
        for (told, name) in [
            (by_option, "which AWS_S3_VERIFY names"),
            (by_variable, "which AWS_CA_BUNDLE of the environment names"),
        ] {
            let red = told.only_red();
            let said = words::finding(&red.finding);
            let said = format!("{}. {}", said.title, said.cause);
            assert_eq!(red.kind, met, "{said}");
            for part in [path.as_str(), name, says] {
                assert!(said.contains(part), "{part}: {said}");
            }
            let verify = Remedy::OpenOption("AWS_S3_VERIFY");
            assert_eq!(red.finding.remedy(), Some(verify));
        }
        // What goes without TLS needs no file.
        examine_at(&server.endpoint(), &[&option])
            .await
            .nothing_red();
    }
}

#[tokio::test]
async fn a_certificate_of_another_host_names_the_hosts_it_is_for() {
    let (server, authority) = (MemoryS3::start(), Authority::new());
    let folder = tempfile::tempdir().unwrap();
    let verify = format!("AWS_S3_VERIFY={}", authority.file(folder.path()).display());
    let front = authority.front(&["other.example"], Validity::Current, server.port());
    let told = examine_at(&format!("https://127.0.0.1:{}", front.port), &[&verify]).await;
    let red = told.only_red();
    let Finding::TlsFailed {
        fault: TlsFault::WrongHost { presented },
        path_fits,
        ..
    } = &red.finding
    else {
        panic!("{red:?}");
    };
    assert_eq!(
        (presented.as_slice(), *path_fits),
        (&["other.example".to_owned()][..], false)
    );
    assert_eq!(
        red.finding.remedy(),
        Some(Remedy::OpenOption("AWS_S3_ENDPOINT_URL"))
    );
}

#[tokio::test]
async fn a_certificate_that_has_ended_is_told() {
    let (server, authority) = (MemoryS3::start(), Authority::new());
    let folder = tempfile::tempdir().unwrap();
    let verify = format!("AWS_S3_VERIFY={}", authority.file(folder.path()).display());
    let front = authority.front(&["127.0.0.1"], Validity::Ended, server.port());
    let told = examine_at(&format!("https://127.0.0.1:{}", front.port), &[&verify]).await;
    let red = told.only_red();
    assert!(
        matches!(&red.finding, Finding::TlsFailed { fault: TlsFault::Expired { days: Some(days) }, .. } if *days > 1000),
        "{red:?}"
    );
}

#[tokio::test]
async fn plain_http_on_a_port_of_tls_is_told() {
    let (server, authority) = (MemoryS3::start(), Authority::new());
    let front = authority.front(&["127.0.0.1"], Validity::Current, server.port());
    let told = examine_at(&format!("http://127.0.0.1:{}", front.port), &[]).await;
    let red = told.only_red();
    assert_eq!(red.finding, Finding::TlsWanted { port: front.port });
    assert_eq!(
        red.finding.remedy(),
        Some(Remedy::OpenOption("AWS_S3_ENDPOINT_URL"))
    );
}

#[tokio::test]
async fn a_bucket_that_the_certificate_does_not_cover_goes_into_the_path() {
    let (server, authority) = (MemoryS3::start(), Authority::new());
    let folder = tempfile::tempdir().unwrap();
    let verify = format!("AWS_S3_VERIFY={}", authority.file(folder.path()).display());
    let front = authority.front(&["s3.test"], Validity::Current, server.port());
    // The proxy leads every name to the server.
    let proxy = TestProxy::start(front.port);
    let proxies = format!(
        "AWS_S3_PROXIES={{\"https\": \"http://{}\"}}",
        proxy.address()
    );
    let style = "AWS_S3_ADDRESSING_STYLE=virtual";
    let told = examine_at("https://s3.test", &[&verify, &proxies, style]).await;
    let red = told.only_red();
    assert!(
        matches!(
            red.finding,
            Finding::TlsFailed {
                path_fits: true,
                ..
            }
        ),
        "{red:?}"
    );
    assert_eq!(red.finding.remedy(), Some(Remedy::UsePathStyle));

    let told = examine_at("https://s3.test", &[&verify, &proxies]).await;
    told.nothing_red();
    assert!(matches!(
        told.finding(CheckKind::Proxy),
        Finding::ProxyPasses { .. }
    ));
}

#[tokio::test]
async fn a_proxy_that_wants_a_login_or_forbids_is_told_before_the_server() {
    let server = MemoryS3::start();
    let login = Manners {
        login: Some("user:right".to_owned()),
        ..Manners::default()
    };
    let proxy = TestProxy::with(server.port(), login);
    for (user, has_login) in [("", false), ("user:CANARY@", true)] {
        let proxies = format!(
            "AWS_S3_PROXIES={{\"https\": \"http://{user}{}\"}}",
            proxy.address()
        );
        let told = examine_at("https://s3.test", &[&proxies]).await;
        let red = told.only_red();
        let proxy = proxy.address();
        assert_eq!(red.finding, Finding::ProxyWantsLogin { proxy, has_login });
        told.is_skipped_after(CheckKind::Tls, CheckKind::Proxy);
    }
    let forbids = Manners {
        refuses: Some(403),
        ..Manners::default()
    };
    let proxy = TestProxy::with(server.port(), forbids);
    let proxies = format!(
        "AWS_S3_PROXIES={{\"https\": \"http://{}\"}}",
        proxy.address()
    );
    let told = examine_at("https://s3.test", &[&proxies]).await;
    let red = told.only_red();
    let (proxy, status) = (proxy.address(), Some(403));
    assert_eq!(red.finding, Finding::ProxyForbids { proxy, status });
    assert_eq!(
        red.finding.remedy(),
        Some(Remedy::OpenOption("AWS_S3_PROXIES"))
    );
}
