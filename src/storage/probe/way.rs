//! The way to the server piece by piece: the host's name, its addresses, the proxy, TLS.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::certificate;
use crate::domain::diagnosis::TlsFault;
use crate::domain::{ErrorKind, Operation, StorageError, Timestamp, Verify, redact};
use crate::storage::Storage;
use crate::storage::endpoint::{Purpose, Target};
use crate::storage::http::probe::tls_fault;

/// Where requests go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// False for `http`.
    pub is_tls: bool,
    /// The host, without brackets around a numeric address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The bucket stands in front of the host.
    pub bucket_in_host: bool,
    /// The host in the other style of addressing, where there is one for this bucket.
    pub other_host: Option<String>,
    /// The proxy on the way.
    pub proxy: Option<ProxyWay>,
    /// Certificates are not checked.
    pub trusts_anybody: bool,
    /// The way was given; there are no sockets to look at.
    pub is_given: bool,
}

/// A proxy, without its login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyWay {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// A name and a password are sent along.
    pub has_login: bool,
    /// It is the environment's, not the connection's.
    pub from_environment: bool,
}

/// A handshake that succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// When the server's certificate ends, where it could be read.
    pub ends: Option<Timestamp>,
    /// `TLSv1_3`
    pub version: &'static str,
}

impl Storage {
    /// Where requests about the bucket go, or those about the account without a bucket.
    ///
    /// # Errors
    /// When the bucket's name is none.
    pub fn way(&self) -> Result<Way, StorageError> {
        let target = (self.core.endpoint).target(self.bucket.as_deref(), Purpose::Request)?;
        let url = url_of(&target)?;
        let (host, port) = host_and_port(&url);
        let proxy = self.core.pool.proxy_for(&url).map(|proxy| ProxyWay {
            host: proxy.host,
            port: proxy.port,
            has_login: proxy.has_login,
            from_environment: self.config().proxies.is_none(),
        });
        let in_front = |bucket: &str| {
            let rest = target.authority.strip_prefix(bucket);
            rest.is_some_and(|rest| rest.starts_with('.'))
        };
        Ok(Way {
            is_tls: target.scheme == "https",
            bucket_in_host: self.bucket.as_deref().is_some_and(in_front),
            other_host: self
                .other_target()
                .and_then(|target| Some(host_and_port(&url_of(&target).ok()?).0)),
            host,
            port,
            proxy,
            trusts_anybody: self.config().verify == Verify::Off,
            is_given: self.core.pool.way_is_given(),
        })
    }

    /// Opens the way to the server with the connection's own trust and proxies, and closes it: what the handshake says.
    ///
    /// # Errors
    /// Why it failed.
    pub async fn shake_hands(&self, limit: Duration) -> Result<Handshake, TlsFault> {
        let target = (self.core.endpoint).target(self.bucket.as_deref(), Purpose::Request);
        let other = |error: StorageError| TlsFault::Other(error.to_string());
        let target = Target {
            scheme: "https".to_owned(),
            ..target.map_err(other)?
        };
        let url = url_of(&target).map_err(other)?;
        let opening = self.core.pool.open_way(url, limit);
        let opened = match tokio::time::timeout(limit, opening).await {
            Err(_) => return Err(TlsFault::Silent),
            Ok(Err(failure)) => return Err(tls_fault(failure.as_ref())),
            Ok(Ok(opened)) => opened,
        };
        Ok(Handshake {
            ends: opened
                .certificate
                .and_then(|shown| certificate::not_after(&shown)),
            version: opened.version.unwrap_or_default(),
        })
    }

    /// Opens the way through the proxy up to the server's door. A tunnel is opened; a plain proxy has to be asked for
    /// something before it says whether it lets through, so it is asked for the server's root, unsigned.
    ///
    /// # Errors
    /// What the connector failed with.
    pub async fn pass_proxy(&self, limit: Duration) -> Result<(), StorageError> {
        let target = (self.core.endpoint).target(self.bucket.as_deref(), Purpose::Request)?;
        let host = target.host_header().to_owned();
        let url = url_of(&target)?;
        let pool = &self.core.pool;
        let opening = async {
            if target.scheme == "https" {
                return pool.open_way(url, limit).await.map(|_| None);
            }
            pool.knock(&url, limit).await.map(Some)
        };
        let failed = |kind| StorageError::new(Operation::Connect, kind, host.as_str());
        match tokio::time::timeout(limit, opening).await {
            Err(_) => Err(failed(ErrorKind::TimedOut)),
            Ok(Err(failure)) => Err(crate::storage::error::from_opening(host, failure.as_ref())),
            Ok(Ok(Some(407))) => Err(StorageError {
                status: Some(407),
                ..failed(ErrorKind::ProxyRefused)
            }),
            Ok(Ok(_)) => Ok(()),
        }
    }
}

fn url_of(target: &Target) -> Result<http::Uri, StorageError> {
    format!("{}://{}/", target.scheme, target.authority)
        .parse()
        .map_err(|error: http::uri::InvalidUri| {
            StorageError::new(
                Operation::Connect,
                ErrorKind::Invalid,
                target.authority.clone(),
            )
            .with_source(error)
        })
}

fn host_and_port(url: &http::Uri) -> (String, u16) {
    let host = url.host().unwrap_or_default();
    let host = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    let implied = if url.scheme_str() == Some("https") {
        443
    } else {
        80
    };
    (host.to_owned(), url.port_u16().unwrap_or(implied))
}

/// The addresses of a host.
///
/// # Errors
/// When the system's resolver does not know the name, or does not say so in time.
pub async fn resolve(host: &str, port: u16, limit: Duration) -> io::Result<Vec<SocketAddr>> {
    let looking = tokio::net::lookup_host((host, port));
    let mut found: Vec<SocketAddr> = match tokio::time::timeout(limit, looking).await {
        Err(_) => return Err(io::ErrorKind::TimedOut.into()),
        Ok(found) => found?.collect(),
    };
    found.dedup();
    Ok(found)
}

/// Opens a connection to an address and closes it: how long that took.
///
/// # Errors
/// The system's refusal, or [`io::ErrorKind::TimedOut`].
pub async fn connects(to: SocketAddr, limit: Duration) -> io::Result<Duration> {
    let began = Instant::now();
    match tokio::time::timeout(limit, TcpStream::connect(to)).await {
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
        Ok(opened) => opened.map(|_| began.elapsed()),
    }
}

/// What a server says to a request of plain HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Greeting {
    /// An answer of HTTP.
    Http,
    /// One that complains about the request's form, as servers of TLS do that notice the mistake.
    Complaint,
    /// Something else: its first line, without what looks secret.
    Other(String),
    /// Nothing: it ended the connection.
    HungUp,
}

/// So much is read of what a server says.
const GREETING_BYTES: usize = 256;

/// So much of it tells HTTP and its status: `HTTP/1.1 400`.
const STATUS_BYTES: usize = 12;

/// Asks a server for nothing in plain HTTP, to see what it speaks.
///
/// # Errors
/// [`io::ErrorKind::TimedOut`] when it takes the connection and says nothing.
pub async fn greeting(to: SocketAddr, host: &str, limit: Duration) -> io::Result<Greeting> {
    let mut said = Vec::with_capacity(GREETING_BYTES);
    let asking = async {
        let mut stream = TcpStream::connect(to).await?;
        let question = format!("HEAD / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        stream.write_all(question.as_bytes()).await?;
        while said.len() < STATUS_BYTES && !said.contains(&b'\n') {
            if stream.read_buf(&mut said).await? == 0 {
                break;
            }
        }
        Ok::<(), io::Error>(())
    };
    // Reset or closed: it did not like what it read.
    let late = tokio::time::timeout(limit, asking).await.is_err();
    if late && said.is_empty() {
        return Err(io::ErrorKind::TimedOut.into());
    }
    Ok(read_greeting(&said))
}

fn read_greeting(said: &[u8]) -> Greeting {
    if said.is_empty() {
        return Greeting::HungUp;
    }
    if !said.starts_with(b"HTTP/1.") {
        return Greeting::Other(redact::first_line(&String::from_utf8_lossy(said)));
    }
    match said.get(9..STATUS_BYTES) {
        Some(b"400") => Greeting::Complaint,
        _ => Greeting::Http,
    }
}
