//! A tunnel through a proxy: CONNECT, then whatever is spoken with the server itself.
//!
//! Whatever fails up to the proxy's consent is an [`AtProxy`], so that a proxy that is gone or wants a login is never
//! mistaken for the server.

use std::io;

use http::{HeaderValue, Uri};
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::storage::error::AtProxy;

/// A proxy that says more than this before the tunnel begins is none.
const MOST_HEAD_BYTES: usize = 16 * 1024;

/// Host and port of a proxy's address, without its login.
pub(super) fn name_of(proxy: &Uri) -> String {
    let authority = proxy.authority().map_or("", |authority| authority.as_str());
    let bare = authority
        .rsplit_once('@')
        .map_or(authority, |(_, bare)| bare);
    bare.to_owned()
}

/// Something failed before the proxy had agreed.
pub(super) fn failed(
    proxy: &Uri,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> AtProxy {
    AtProxy {
        proxy: name_of(proxy),
        status: None,
        source: source.into(),
    }
}

/// Asks a proxy for a tunnel to the server of a URL. What the socket gives afterwards comes from there.
///
/// # Errors
/// When the proxy refuses, ends the connection, or does not speak HTTP.
pub(super) async fn open<T: Read + Write + Unpin>(
    socket: T,
    proxy: &Uri,
    login: Option<&HeaderValue>,
    to: &Uri,
) -> Result<T, AtProxy> {
    let mut socket = TokioIo::new(socket);
    match asked(&mut socket, login, to).await {
        Ok(200..=299) => Ok(socket.into_inner()),
        Ok(status) => Err(AtProxy {
            proxy: name_of(proxy),
            status: Some(status),
            source: io::Error::from(io::ErrorKind::ConnectionRefused).into(),
        }),
        Err(error) => Err(failed(proxy, error)),
    }
}

/// The status that the proxy answers with.
async fn asked<T: Read + Write + Unpin>(
    socket: &mut TokioIo<T>,
    login: Option<&HeaderValue>,
    to: &Uri,
) -> io::Result<u16> {
    let host = to.host().unwrap_or_default();
    let port = to.port_u16().unwrap_or(443);
    let mut head =
        format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n").into_bytes();
    if let Some(login) = login {
        head.extend_from_slice(b"Proxy-Authorization: ");
        head.extend_from_slice(login.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    socket.write_all(&head).await?;
    socket.flush().await?;
    // Byte by byte: what follows the head is the server's already.
    let mut answer = Vec::with_capacity(256);
    while !answer.ends_with(b"\r\n\r\n") {
        if answer.len() == MOST_HEAD_BYTES {
            return Err(no_proxy());
        }
        answer.push(socket.read_u8().await?);
    }
    status_of(&answer).ok_or_else(no_proxy)
}

fn status_of(head: &[u8]) -> Option<u16> {
    let line = head.split(|byte| *byte == b'\r').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    words
        .next()
        .filter(|version| version.starts_with("HTTP/1."))?;
    words.next()?.parse().ok()
}

fn no_proxy() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "what answers there is no HTTP proxy",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn through(answer: &'static [u8]) -> (Result<Vec<u8>, AtProxy>, String) {
        let (ours, mut theirs) = tokio::io::duplex(4096);
        let proxy = Uri::from_static("http://me:CANARY@proxy.test:3128");
        let to = Uri::from_static("https://s3.test/bucket");
        let login = HeaderValue::from_static("Basic bWU6cHc=");
        let speaking = async {
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                asked.push(theirs.read_u8().await.expect("a whole request"));
            }
            theirs.write_all(answer).await.expect("an answer");
            drop(theirs);
            String::from_utf8(asked).expect("text")
        };
        let opening = async {
            let socket = open(TokioIo::new(ours), &proxy, Some(&login), &to).await?;
            let mut rest = Vec::new();
            let mut socket = TokioIo::new(socket);
            socket.read_to_end(&mut rest).await.expect("the rest");
            Ok(rest)
        };
        tokio::join!(opening, speaking)
    }

    #[tokio::test]
    async fn what_follows_the_consent_is_the_servers() {
        let (rest, asked) =
            through(b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\nHELLO").await;
        assert_eq!(rest.expect("a tunnel"), b"HELLO");
        assert_eq!(
            asked,
            "CONNECT s3.test:443 HTTP/1.1\r\nHost: s3.test:443\r\n\
             Proxy-Authorization: Basic bWU6cHc=\r\n\r\n"
        );
    }

    #[tokio::test]
    async fn refusals_tell_their_status_and_never_the_login() {
        for (answer, status) in [
            (
                &b"HTTP/1.0 407 Proxy Authentication Required\r\n\r\n"[..],
                Some(407),
            ),
            (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", Some(503)),
            (b"HTTP/1.1 200 Conn", None),
            (b"SSH-2.0-OpenSSH\r\n\r\n", None),
        ] {
            let error = through(answer).await.0.expect_err("no tunnel");
            assert_eq!(error.status, status);
            let text = format!("{error} {error:?}");
            assert!(
                text.contains("proxy.test:3128") && !text.contains("CANARY"),
                "{text}"
            );
        }
    }
}
