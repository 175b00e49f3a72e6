//! Whom we trust: the bundled list of authorities, a file of the user's, or, when told so, anybody.

use std::io::ErrorKind as ErrorKindIo;
use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ConfigBuilder, DigitallySignedStruct, RootCertStore, SignatureScheme,
    WantsVerifier,
};

use crate::domain::diagnosis::TrustFlaw;
use crate::domain::{ErrorKind, Operation, StorageError, Verify};

/// The TLS settings for a connection. `ca_bundle` is what environment or profile name as the file of authorities;
/// it counts only when the connection does not say otherwise.
pub(super) fn client_config(
    verify: &Verify,
    ca_bundle: Option<&str>,
) -> Result<ClientConfig, StorageError> {
    let roots = match (verify, ca_bundle) {
        (Verify::Off, _) => return without_authorities(None),
        (Verify::CaFile(path), _) => from_file(path)?,
        (Verify::Default, Some(path)) => from_file(Path::new(path))?,
        (Verify::Default | Verify::On, _) => bundled(),
    };
    let (builder, _) = builder()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// What every configuration begins with, and whose algorithms it uses.
fn builder() -> Result<
    (
        ConfigBuilder<ClientConfig, WantsVerifier>,
        Arc<CryptoProvider>,
    ),
    StorageError,
> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| {
            StorageError::new(Operation::Connect, ErrorKind::Tls, "TLS").with_source(error)
        })?;
    Ok((builder, provider))
}

fn without_authorities(refusal: Option<String>) -> Result<ClientConfig, StorageError> {
    let (builder, provider) = builder()?;
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(NoAuthorities { refusal, provider }))
        .with_no_client_auth())
}

fn bundled() -> RootCertStore {
    RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    }
}

fn from_file(path: &Path) -> Result<RootCertStore, StorageError> {
    let fail = |flaw: TrustFlaw| {
        let subject = path.display().to_string();
        let mut error = StorageError::new(Operation::Connect, ErrorKind::Tls, subject);
        error.code = Some(flaw.code().to_owned());
        error
    };
    if path.is_dir() {
        return Err(fail(TrustFlaw::Folder));
    }
    let unread = |error: pem::Error| {
        let flaw = match &error {
            pem::Error::Io(io) => match io.kind() {
                ErrorKindIo::NotFound => TrustFlaw::Missing,
                ErrorKindIo::PermissionDenied => TrustFlaw::Refused,
                _ => TrustFlaw::Malformed,
            },
            _ => TrustFlaw::Malformed,
        };
        fail(flaw).with_source(error)
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(unread)? {
        roots
            .add(certificate.map_err(unread)?)
            .map_err(|error| fail(TrustFlaw::Malformed).with_source(error))?;
    }
    if roots.is_empty() {
        return Err(fail(TrustFlaw::Empty));
    }
    Ok(roots)
}

/// For a connection that goes without TLS although its file of authorities cannot be used: what needs TLS all the same,
/// such as a token service, fails and names the file.
pub(super) fn nobody(why: &StorageError) -> Result<ClientConfig, StorageError> {
    let reason = format!("the file of authorities {} cannot be used", why.subject);
    without_authorities(Some(reason))
}

/// Asks no authority. Accepts every certificate, but still proves that the server owns the key of the one it shows; with
/// a refusal it accepts none and gives that reason.
#[derive(Debug)]
struct NoAuthorities {
    refusal: Option<String>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for NoAuthorities {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match &self.refusal {
            Some(reason) => Err(rustls::Error::General(reason.clone())),
            None => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_named() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, "nothing here").expect("write");
        for verify in [
            Verify::CaFile(path.clone()),
            Verify::CaFile(folder.path().join("no")),
        ] {
            let error = client_config(&verify, None).expect_err("must fail");
            assert_eq!(error.kind, ErrorKind::Tls);
            assert!(TrustFlaw::of_code(error.code.as_deref()).is_some());
        }
        let text = path.to_str().expect("text");
        assert!(client_config(&Verify::Default, Some(text)).is_err());
        assert!(client_config(&Verify::On, Some(text)).is_ok());
        assert!(client_config(&Verify::Off, Some(text)).is_ok());
    }
}
