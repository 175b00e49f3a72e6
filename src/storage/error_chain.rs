//! What a chain of errors says: which network failure lies in it, at the proxy or behind it, and in which words.
//!
//! Decided by the types of the errors, never by their texts. `error` makes kinds of it.

use std::error::Error;
use std::io;

/// What a source chain says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The certificate or the handshake.
    Tls,
    /// A time limit.
    TimedOut,
    /// Name, route, refused, reset, closed.
    Unreachable,
    /// The same on the way to the proxy.
    ProxyUnreachable,
    /// The proxy said no.
    ProxyRefused,
}

/// Something failed at the proxy, before the server was spoken to. Names the proxy without its login.
#[derive(Debug)]
pub(super) struct AtProxy {
    /// Host and port of the proxy.
    pub(super) proxy: String,
    /// HTTP status of its refusal; `None` when there was none.
    pub(super) status: Option<u16>,
    /// What lies below.
    pub(super) source: Box<dyn Error + Send + Sync>,
}

impl std::fmt::Display for AtProxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the proxy {}", self.proxy)?;
        match self.status {
            Some(407) => f.write_str(" wants another login (407)"),
            Some(status) => write!(f, " does not let the connection through ({status})"),
            None => write!(f, ": {}", chain_text(self.source.as_ref())),
        }
    }
}

impl Error for AtProxy {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}

/// A server was not reached.
#[derive(Debug)]
pub(super) struct Unreached {
    /// Its host, with its port where one was given.
    pub(super) host: String,
    /// What lies below.
    pub(super) source: Box<dyn Error + Send + Sync>,
}

impl std::fmt::Display for Unreached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} was not reached", self.host)
    }
}

impl Error for Unreached {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}

/// Nobody knows a host's name.
#[derive(Debug)]
pub(super) struct UnknownName(pub(super) io::Error);

impl std::fmt::Display for UnknownName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name is not known")
    }
}

impl Error for UnknownName {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

/// The host that was not reached.
pub(super) fn unreached_host(error: &(dyn Error + 'static)) -> Option<String> {
    find_in(error, &|one| {
        Some(one.downcast_ref::<Unreached>()?.host.clone())
    })
}

/// Why a server was not reached, as a code; `None` at a proxy, whose words are its own.
pub(super) fn unreached_because(error: &(dyn Error + 'static)) -> Option<String> {
    unreached_host(error)?;
    let code = find_in(error, &|one| {
        if one.is::<UnknownName>() {
            return Some("NameUnknown");
        }
        match one.downcast_ref::<io::Error>()?.kind() {
            io::ErrorKind::ConnectionRefused => Some("ConnectionRefused"),
            io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::NetworkDown => Some("NoRoute"),
            _ => None,
        }
    });
    code.map(str::to_owned)
}

/// Why no answer came from a server that was reached, as a code.
pub(super) fn unanswered_because(error: &(dyn Error + 'static)) -> Option<String> {
    let code = find_in(error, &|one| {
        if let Some(http) = one.downcast_ref::<hyper::Error>() {
            // What else comes up without a cause is a message that nobody asked for.
            let is_of_ours = http.is_user()
                || http.is_canceled()
                || http.is_closed()
                || http.is_timeout()
                || http.is_body_write_aborted();
            return match http.source() {
                _ if http.is_incomplete_message() => Some("HungUp"),
                _ if http.is_parse() => Some("NotHttp"),
                None if !is_of_ours => Some("NotHttp"),
                _ => None,
            };
        }
        match one.downcast_ref::<io::Error>()?.kind() {
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => Some("HungUp"),
            _ => None,
        }
    });
    code.map(str::to_owned)
}

/// The status with which a proxy refused, so that its words can differ.
pub(super) fn refused_at_proxy(error: &(dyn Error + 'static)) -> Option<u16> {
    find_in(error, &|one| one.downcast_ref::<AtProxy>()?.status)
}

/// What is wrong with a certificate, as a code.
pub(super) fn certificate_fault(error: &(dyn Error + 'static)) -> Option<String> {
    use rustls::CertificateError as E;
    let fault = find_in(error, &|one| match one.downcast_ref::<rustls::Error>()? {
        rustls::Error::InvalidCertificate(fault) => Some(fault.clone()),
        _ => None,
    })?;
    let code = match fault {
        E::Expired | E::ExpiredContext { .. } => "CertificateExpired",
        E::NotValidYet | E::NotValidYetContext { .. } => "CertificateNotValidYet",
        E::UnknownIssuer | E::BadSignature => "CertificateUnknownIssuer",
        E::NotValidForName | E::NotValidForNameContext { .. } => "CertificateForOtherName",
        _ => return None,
    };
    Some(code.to_owned())
}

/// Searches a chain of sources. An `io::Error` hides what it wraps from `source`, so it is opened by hand.
fn find_in<T>(
    error: &(dyn Error + 'static),
    pick: &dyn Fn(&(dyn Error + 'static)) -> Option<T>,
) -> Option<T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = pick(error) {
            return Some(found);
        }
        if let Some(inner) = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
            && let Some(found) = find_in(inner, pick)
        {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The first network failure in a chain of sources. An `io::Error` hides what it wraps from `source`, so it is
/// opened by hand.
pub(super) fn failure_in(error: &(dyn Error + 'static)) -> Option<Failure> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(at_proxy) = error.downcast_ref::<AtProxy>() {
            return Some(match at_proxy.status {
                Some(_) => Failure::ProxyRefused,
                None => Failure::ProxyUnreachable,
            });
        }
        if error.is::<rustls::Error>() {
            return Some(Failure::Tls);
        }
        if error.is::<tokio::time::error::Elapsed>() {
            return Some(Failure::TimedOut);
        }
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return Some(failure_of_io(io));
        }
        next = error.source();
    }
    None
}

fn failure_of_io(error: &io::Error) -> Failure {
    if let Some(inner) = error.get_ref()
        && let Some(failure) = failure_in(inner)
    {
        return failure;
    }
    match error.kind() {
        io::ErrorKind::TimedOut => Failure::TimedOut,
        _ => Failure::Unreachable,
    }
}

/// The words of the innermost error, which say most (`Connection refused`, `certificate expired`).
pub(super) fn chain_text(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        if innermost.is::<AtProxy>() {
            // What lies below does not say that it is about the proxy.
            return innermost.to_string();
        }
        innermost = source;
    }
    if let Some(inner) = innermost
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        return chain_text(inner);
    }
    innermost.to_string()
}
