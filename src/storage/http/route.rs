//! Which way a connection goes: straight, through a plain proxy, or through a tunnel of one.
//!
//! The rules are botocore's: with proxies in the settings exactly those count, looked up by the scheme of the
//! URL; without, the environment's `http_proxy`, `https_proxy` and `no_proxy`. `all_proxy` is not used.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiResolver, Name};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use super::tunnel;
use crate::domain::proxy;
use crate::storage::error::{UnknownName, Unreached};
use crate::storage::world::Dial;

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;
type Socket = MaybeHttpsStream<TokioIo<TcpStream>>;

/// The proxies to use. `None` asks the environment.
pub(super) fn matcher(proxies: Option<&[(String, String)]>) -> Matcher {
    let builder = Matcher::builder();
    match proxies {
        None => builder
            .http(proxy::spelt_out(&environment("http_proxy")))
            .https(proxy::spelt_out(&environment("https_proxy")))
            .no(environment("no_proxy"))
            .build(),
        Some(proxies) => {
            let of = |scheme: &str| chosen(proxies, scheme).unwrap_or_default();
            builder.http(of("http")).https(of("https")).build()
        }
    }
}

/// The scheme whose proxy in the settings is no address. The matcher leaves such a one out, and requests would go
/// straight where they were never to go; or it takes half of a password for the host, and asks for that by name.
pub(super) fn unreadable(proxies: &[(String, String)]) -> Option<&'static str> {
    let matcher = matcher(Some(proxies));
    let places = [
        ("http", Uri::from_static("http://elsewhere.invalid/")),
        ("https", Uri::from_static("https://elsewhere.invalid/")),
    ];
    let lost = places.into_iter().find(|(scheme, place)| {
        let url = chosen(proxies, scheme).filter(|url| !url.is_empty());
        url.is_some_and(|url| !proxy::is_address(&url) || matcher.intercept(place).is_none())
    });
    lost.map(|(scheme, _)| scheme)
}

/// The proxy for URLs of a scheme, as botocore spells it out.
pub(in crate::storage) fn chosen(proxies: &[(String, String)], scheme: &str) -> Option<String> {
    proxies
        .iter()
        .find(|(key, _)| key == scheme)
        .map(|(_, url)| proxy::spelt_out(url))
}

/// Lower case wins over upper case, as in Python.
fn environment(name: &str) -> String {
    std::env::var(name)
        .or_else(|_| std::env::var(name.to_ascii_uppercase()))
        .unwrap_or_default()
}

/// Makes connections: TCP, the proxy's tunnel if there is one, and TLS, all within one time limit.
#[derive(Clone)]
pub(super) enum Connector {
    /// Sockets and TLS.
    System {
        /// The way, TLS included.
        https: HttpsConnector<Route>,
        /// How long all of it may take.
        limit: Duration,
    },
    /// Whatever was put in their place; nothing when that is gone.
    Given(Option<Arc<dyn Dial>>),
}

impl Connector {
    pub(super) fn new(
        tls: Arc<rustls::ClientConfig>,
        proxies: Arc<Matcher>,
        connect_timeout: Duration,
    ) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(Names(GaiResolver::new()));
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(connect_timeout));
        tcp.set_keepalive(Some(Duration::from_secs(30)));
        let route = Route {
            to_proxy: HttpsConnector::from((tcp.clone(), Arc::clone(&tls))),
            tcp,
            proxies,
        };
        Self::System {
            https: HttpsConnector::from((route, tls)),
            // A second round trip or two for the tunnel and the handshake.
            limit: connect_timeout * 2,
        }
    }

    /// Connections come from there.
    pub(super) const fn through(dial: Option<Arc<dyn Dial>>) -> Self {
        Self::Given(dial)
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<Link>;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        match self {
            Self::System { https, .. } => https.poll_ready(cx),
            Self::Given(_) => Poll::Ready(Ok(())),
        }
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let host = host_of(&to);
        let (connecting, limit) = match self {
            Self::System { https, limit } => (https.call(to), *limit),
            Self::Given(dial) => {
                let Some(dial) = dial else {
                    return Box::pin(async {
                        Err(io::Error::from(io::ErrorKind::NotConnected).into())
                    });
                };
                let connecting = dial.dial(&to);
                return Box::pin(async move {
                    let socket = TokioIo::new(connecting.await?);
                    Ok(MaybeHttpsStream::Http(Link {
                        socket: MaybeHttpsStream::Http(socket),
                        to_proxy: false,
                    }))
                });
            }
        };
        Box::pin(async move {
            match tokio::time::timeout(limit, connecting).await {
                Ok(connected) => connected,
                Err(_) => Err(unreached(host, io::Error::from(io::ErrorKind::TimedOut))),
            }
        })
    }
}

/// Sockets.
type Tcp = HttpConnector<Names>;

/// The system's resolver, whose failures say what they are.
#[derive(Clone)]
struct Names(GaiResolver);

impl Service<Name> for Names {
    type Response = GaiAddrs;
    type Error = UnknownName;
    type Future = Pin<Box<dyn Future<Output = Result<GaiAddrs, UnknownName>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), UnknownName>> {
        self.0.poll_ready(cx).map_err(UnknownName)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let looking = self.0.call(name);
        Box::pin(async move { looking.await.map_err(UnknownName) })
    }
}

fn host_of(to: &Uri) -> String {
    to.authority().map(ToString::to_string).unwrap_or_default()
}

fn unreached(host: String, source: impl Into<BoxError>) -> BoxError {
    let source = source.into();
    Box::new(Unreached { host, source })
}

/// The part below our own TLS.
#[derive(Clone)]
pub(super) struct Route {
    tcp: Tcp,
    to_proxy: HttpsConnector<Tcp>,
    proxies: Arc<Matcher>,
}

impl Service<Uri> for Route {
    type Response = Link;
    type Error = BoxError;
    type Future = Connecting<Link>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let Some(proxy) = self.proxies.intercept(&to) else {
            let host = host_of(&to);
            let connecting = self.tcp.call(to);
            return Box::pin(async move {
                let socket = connecting.await.map_err(|error| unreached(host, error))?;
                Ok(Link {
                    socket: MaybeHttpsStream::Http(socket),
                    to_proxy: false,
                })
            });
        };
        let to_proxy = to.scheme_str() != Some("https");
        let connecting = self.to_proxy.call(proxy.uri().clone());
        Box::pin(async move {
            let mut socket = connecting
                .await
                .map_err(|error| tunnel::failed(proxy.uri(), error))?;
            if !to_proxy {
                socket = tunnel::open(socket, proxy.uri(), proxy.basic_auth(), &to).await?;
            }
            Ok(Link { socket, to_proxy })
        })
    }
}

/// A socket that knows whether a plain proxy sits at its other end; hyper then writes absolute request targets.
pub(super) struct Link {
    socket: Socket,
    to_proxy: bool,
}

impl Connection for Link {
    fn connected(&self) -> Connected {
        self.socket.connected().proxy(self.to_proxy)
    }
}

impl Read for Link {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(cx, buffer)
    }
}

impl Write for Link {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(cx, buffers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_go_by_scheme_and_get_a_scheme() {
        let proxies = [
            ("https".to_owned(), "u:p%40@proxy.example:3128".to_owned()),
            ("http://host".to_owned(), "http://never.example".to_owned()),
        ];
        let matcher = matcher(Some(&proxies));
        let https = matcher
            .intercept(&Uri::from_static("https://s3.example/"))
            .expect("a proxy");
        assert_eq!(https.uri().host(), Some("proxy.example"));
        assert_eq!(https.uri().scheme_str(), Some("http"));
        assert_eq!(https.basic_auth().expect("login"), "Basic dTpwQA==");
        assert!(
            matcher
                .intercept(&Uri::from_static("http://host/"))
                .is_none()
        );
        assert!(
            super::matcher(Some(&[]))
                .intercept(&Uri::from_static("https://s3.example/"))
                .is_none()
        );
    }
}
