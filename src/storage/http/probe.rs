//! Looking at the way to a server piece by piece: which proxy, and what the TLS handshake says.
//!
//! The same proxies, the same trust and the same connector as every request, so what is found here is what requests
//! meet. Nothing is sent once the way is open.

use std::error::Error;
use std::io;
use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use http::Uri;
use hyper_rustls::MaybeHttpsStream;
use rustls::CertificateError;
use rustls::pki_types::CertificateDer;
use tower_service::Service as _;

use super::HttpPool;
use super::Outgoing;
use crate::domain::diagnosis::TlsFault;

/// A proxy without its login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::storage) struct Proxy {
    pub(in crate::storage) host: String,
    pub(in crate::storage) port: u16,
    pub(in crate::storage) has_login: bool,
}

/// A way that has been opened.
#[derive(Clone, Debug, Default)]
pub(in crate::storage) struct Opened {
    /// The server's own certificate; `None` without TLS.
    pub(in crate::storage) certificate: Option<CertificateDer<'static>>,
    /// The version spoken, such as `TLSv1_3`.
    pub(in crate::storage) version: Option<&'static str>,
}

impl HttpPool {
    /// The proxy that requests to a URL go through.
    pub(in crate::storage) fn proxy_for(&self, to: &Uri) -> Option<Proxy> {
        let found = self.0.proxies.intercept(to)?;
        let uri = found.uri();
        let port = if uri.scheme_str() == Some("https") {
            443
        } else {
            80
        };
        Some(Proxy {
            host: uri.host().unwrap_or_default().to_owned(),
            port: uri.port_u16().unwrap_or(port),
            has_login: found.basic_auth().is_some(),
        })
    }

    /// Asks for nothing (`HEAD`, not signed), to see who answers and how: the status. Not written down, for it is no call.
    ///
    /// # Errors
    /// When no answer came.
    pub(in crate::storage) async fn knock(
        &self,
        to: &Uri,
        limit: Duration,
    ) -> Result<u16, Box<dyn Error + Send + Sync>> {
        let mut request = http::Request::head(to).body(SdkBody::empty())?;
        self.add_proxy_login(&mut request);
        let client = self.client(limit);
        let answer = client.request(request.map(Outgoing::unrecorded)).await?;
        Ok(answer.status().as_u16())
    }

    /// True when the way to servers was given, and is none of sockets and TLS.
    pub(in crate::storage) fn way_is_given(&self) -> bool {
        self.0.dial.is_some()
    }

    /// Opens the way to a URL, TLS included, and closes it.
    ///
    /// # Errors
    /// What the connector failed with; [`tls_fault`] reads it.
    pub(in crate::storage) async fn open_way(
        &self,
        to: Uri,
        limit: Duration,
    ) -> Result<Opened, Box<dyn Error + Send + Sync>> {
        match self.connector(limit).call(to).await? {
            MaybeHttpsStream::Http(_) => Ok(Opened::default()),
            MaybeHttpsStream::Https(stream) => {
                let (_, session) = stream.inner().get_ref();
                let shown = session.peer_certificates().and_then(<[_]>::first);
                Ok(Opened {
                    certificate: shown.map(|shown| shown.clone().into_owned()),
                    version: session
                        .protocol_version()
                        .and_then(|version| version.as_str()),
                })
            }
        }
    }
}

/// Why TLS failed. A failure that is none of TLS is told as one of the connection.
pub(in crate::storage) fn tls_fault(failure: &(dyn Error + 'static)) -> TlsFault {
    if let Some(rustls) = inside(failure, &|error| error.downcast_ref::<rustls::Error>()) {
        return of_rustls(rustls);
    }
    let io = inside(failure, &|error| {
        let io = error.downcast_ref::<io::Error>()?;
        io.get_ref()
            .is_none_or(|inner| !inner.is::<io::Error>())
            .then_some(io)
    });
    match io.map(io::Error::kind) {
        Some(io::ErrorKind::TimedOut) => TlsFault::Silent,
        _ => TlsFault::Closed,
    }
}

/// Looks through a chain of sources. An `io::Error` hides what it wraps from `source`, so it is opened by hand.
fn inside<'a, T>(
    failure: &'a (dyn Error + 'static),
    wanted: &dyn Fn(&'a (dyn Error + 'static)) -> Option<&'a T>,
) -> Option<&'a T> {
    let mut next = Some(failure);
    while let Some(error) = next {
        if let Some(found) = wanted(error) {
            return Some(found);
        }
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

fn of_rustls(error: &rustls::Error) -> TlsFault {
    match error {
        rustls::Error::InvalidCertificate(error) => of_certificate(error),
        rustls::Error::InvalidMessage(_) => TlsFault::NotTls,
        rustls::Error::PeerIncompatible(_) => TlsFault::TooOld,
        rustls::Error::AlertReceived(rustls::AlertDescription::ProtocolVersion) => TlsFault::TooOld,
        rustls::Error::AlertReceived(alert) => TlsFault::Refused(format!("{alert:?}")),
        other => TlsFault::Other(other.to_string()),
    }
}

fn of_certificate(error: &CertificateError) -> TlsFault {
    let days = |from: rustls::pki_types::UnixTime, to: rustls::pki_types::UnixTime| {
        from.as_secs().abs_diff(to.as_secs()) / 86_400
    };
    match error {
        CertificateError::Expired => TlsFault::Expired { days: None },
        CertificateError::ExpiredContext { time, not_after } => TlsFault::Expired {
            days: Some(days(*time, *not_after)),
        },
        CertificateError::NotValidYet => TlsFault::NotYetValid { days: None },
        CertificateError::NotValidYetContext { time, not_before } => TlsFault::NotYetValid {
            days: Some(days(*time, *not_before)),
        },
        // The second: an authority of the same name and another key, as after a renewal.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => TlsFault::UnknownIssuer,
        CertificateError::NotValidForName => TlsFault::WrongHost {
            presented: Vec::new(),
        },
        CertificateError::NotValidForNameContext { presented, .. } => TlsFault::WrongHost {
            presented: presented.iter().map(|name| bare_name(name)).collect(),
        },
        other => TlsFault::Other(other.to_string()),
    }
}

/// `DnsName("a.example")` without what stands around the name.
fn bare_name(shown: &str) -> String {
    let inner = shown
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(shown).trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_found_below_what_wraps_them() {
        let wrap = |error: rustls::Error| {
            io::Error::other(io::Error::new(io::ErrorKind::InvalidData, error))
        };
        let unknown = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        assert_eq!(tls_fault(&wrap(unknown)), TlsFault::UnknownIssuer);
        let plain = rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType);
        assert_eq!(tls_fault(&wrap(plain)), TlsFault::NotTls);
        assert_eq!(
            tls_fault(&io::Error::from(io::ErrorKind::TimedOut)),
            TlsFault::Silent
        );
        let late = io::Error::other(io::Error::from(io::ErrorKind::TimedOut));
        assert_eq!(tls_fault(&late), TlsFault::Silent);
        assert_eq!(
            tls_fault(&io::Error::from(io::ErrorKind::UnexpectedEof)),
            TlsFault::Closed
        );
    }

    #[test]
    fn presented_names_are_bare() {
        assert_eq!(bare_name("DnsName(\"a.example\")"), "a.example");
        assert_eq!(bare_name("IpAddress(127.0.0.1)"), "127.0.0.1");
        assert_eq!(bare_name("a.example"), "a.example");
    }
}
