//! Certificates: a private authority is refused, trusted when it is named, and never for the wrong host.

use cooperage::domain::{ErrorKind, Key};
use cooperage::settings::OptionId;
use cooperage::storage::{DownloadJob, UploadJob};
use cooperage::words;
use tokio_util::sync::CancellationToken;

use super::{connect, keys};
use crate::support::fixtures;
use crate::support::memory_s3::MemoryS3;
use crate::support::tls::{Authority, Validity};

/// A server behind TLS with a certificate of a private authority for these names.
struct Setup {
    server: MemoryS3,
    _front: crate::support::serving::Serving,
    endpoint: String,
    folder: tempfile::TempDir,
    authority: String,
}

impl Setup {
    fn new(names: &[&str], validity: Validity) -> Self {
        let server = MemoryS3::start();
        server.put("a", "content");
        let authority = Authority::new();
        let folder = fixtures::folder();
        let file = authority.file(folder.path());
        let front = authority.front(names, validity, server.port());
        Self {
            endpoint: format!("https://127.0.0.1:{}", front.port),
            authority: file.to_str().unwrap().to_owned(),
            server,
            _front: front,
            folder,
        }
    }

    async fn list(
        &self,
        verify: Option<&str>,
        variables: &[(&str, &str)],
    ) -> Result<Vec<String>, cooperage::domain::StorageError> {
        let mut options = vec![(OptionId::Endpoint, self.endpoint.as_str())];
        options.extend(verify.map(|verify| (OptionId::Verify, verify)));
        keys(&connect(&options, variables).await).await
    }
}

/// Why the certificate was not accepted, and its words.
#[track_caller]
fn refusal(
    result: Result<Vec<String>, cooperage::domain::StorageError>,
    code: &str,
    words_say: &str,
) {
    let error = result.expect_err("an authority that nobody knows");
    assert_eq!(error.kind, ErrorKind::Tls, "{error}");
    assert_eq!(error.code.as_deref(), Some(code), "{error}");
    let told = words::explain(&error);
    assert!(told.cause.contains(words_say), "{told:?}");
    assert!(told.cause.contains("nothing was sent"), "{told:?}");
}

#[tokio::test]
async fn a_private_authority_is_trusted_only_when_it_is_named() {
    let setup = Setup::new(&["127.0.0.1"], Validity::Current);
    let authority = setup.authority.as_str();
    for (verify, variables) in [
        (None, &[][..]),
        (Some("true"), &[]),
        // On means the bundled list, whatever the environment says.
        (Some("true"), &[("AWS_CA_BUNDLE", authority)]),
    ] {
        let result = setup.list(verify, variables).await;
        refusal(
            result,
            "CertificateUnknownIssuer",
            "authority that is not trusted",
        );
    }
    assert!(setup.server.requests().is_empty(), "something was sent");
    let profile = "default";
    for (verify, variables) in [
        (Some(authority), &[][..]),
        (None, &[("AWS_CA_BUNDLE", authority)]),
        (
            None,
            &[("REQUESTS_CA_BUNDLE", authority), ("AWS_PROFILE", profile)],
        ),
        (Some("false"), &[]),
    ] {
        let listed = setup.list(verify, variables).await;
        assert_eq!(listed.unwrap(), ["a"], "{verify:?} {variables:?}");
    }
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused_even_from_a_known_authority() {
    let setup = Setup::new(&["elsewhere.test"], Validity::Current);
    let result = setup.list(Some(&setup.authority), &[]).await;
    refusal(result, "CertificateForOtherName", "for another host name");
    assert!(setup.server.requests().is_empty(), "something was sent");
    assert_eq!(setup.list(Some("false"), &[]).await.unwrap(), ["a"]);
}

#[tokio::test]
async fn a_certificate_that_ended_is_refused() {
    let setup = Setup::new(&["127.0.0.1"], Validity::Ended);
    let result = setup.list(Some(&setup.authority), &[]).await;
    refusal(result, "CertificateExpired", "has expired");
    assert_eq!(setup.list(Some("false"), &[]).await.unwrap(), ["a"]);
}

#[tokio::test]
async fn not_checking_is_for_one_connection_only() {
    let setup = Setup::new(&["127.0.0.1"], Validity::Current);
    assert_eq!(setup.list(Some("false"), &[]).await.unwrap(), ["a"]);
    let result = setup.list(None, &[]).await;
    refusal(
        result,
        "CertificateUnknownIssuer",
        "authority that is not trusted",
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whole_transfers_go_over_tls_and_a_refused_one_ends_at_once() {
    let setup = Setup::new(&["127.0.0.1"], Validity::Current);
    let source = fixtures::pattern_file(setup.folder.path(), "up", 17 * 1024 * 1024, 5);
    let upload = UploadJob {
        source: source.clone(),
        key: Key::new("big"),
        if_absent: true,
    };
    let cancel = CancellationToken::new();
    let options = [
        (OptionId::Endpoint, setup.endpoint.as_str()),
        (OptionId::Verify, setup.authority.as_str()),
    ];
    let storage = connect(&options, &[]).await;
    storage.upload(&upload, &|_| {}, &cancel).await.unwrap();
    let target = setup.folder.path().join("down");
    let download = DownloadJob {
        key: Key::new("big"),
        target: target.clone(),
        overwrite: false,
    };
    storage.download(&download, &|_| {}, &cancel).await.unwrap();
    assert!(std::fs::read(&source).unwrap() == std::fs::read(&target).unwrap());

    let distrusting = connect(&options[..1], &[]).await;
    let error = distrusting
        .upload(&upload, &|_| {}, &cancel)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Tls);
    assert!(
        !error.kind.is_transient(),
        "a refused certificate stays refused"
    );
}
