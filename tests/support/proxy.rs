//! `TestProxy`: an HTTP proxy on 127.0.0.1.
//!
//! Requests in absolute form are sent on to one server, whatever host they name; a CONNECT becomes a tunnel to it. So a
//! test can use any host name, and what the server sees still carries that name. A login may be demanded.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::serving::Serving;

/// One request to the proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// `CONNECT`, `GET` ...
    pub method: String,
    /// What was asked for: `host:port` of a tunnel, a whole URL otherwise.
    pub target: String,
    /// The login that came along, decoded.
    pub login: Option<String>,
}

/// What the proxy does.
#[derive(Clone, Debug, Default)]
pub struct Manners {
    /// `user:password` that it demands.
    pub login: Option<String>,
    /// Answers everything with this status.
    pub refuses: Option<u16>,
}

/// A running proxy.
pub struct TestProxy {
    passed: Arc<Mutex<Vec<Passed>>>,
    serving: Serving,
}

impl TestProxy {
    /// A proxy before the server at this port.
    pub fn start(server_port: u16) -> Self {
        Self::with(server_port, Manners::default())
    }

    /// The same with manners.
    pub fn with(server_port: u16, manners: Manners) -> Self {
        let passed = Arc::new(Mutex::new(Vec::new()));
        let log = passed.clone();
        let serving = Serving::start(move |client| {
            let (log, manners) = (log.clone(), manners.clone());
            Box::pin(async move {
                let _ = pass(client, server_port, &log, &manners).await;
            })
        });
        Self { passed, serving }
    }

    /// `127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.serving.port)
    }

    /// Every request so far.
    pub fn passed(&self) -> Vec<Passed> {
        self.passed.lock().unwrap().clone()
    }
}

async fn pass(
    mut client: TcpStream,
    server_port: u16,
    log: &Mutex<Vec<Passed>>,
    manners: &Manners,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let headers: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(": ")).collect();
    let login = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("proxy-authorization"))
        .and_then(|(_, value)| BASE64.decode(value.strip_prefix("Basic ")?).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    log.lock().unwrap().push(Passed {
        method: method.to_owned(),
        target: target.to_owned(),
        login: login.clone(),
    });
    let refused = if manners.login.is_some() && manners.login != login {
        Some(407)
    } else {
        manners.refuses
    };
    if let Some(status) = refused {
        let answer = format!(
            "HTTP/1.1 {status} Refused\r\nproxy-authenticate: Basic realm=\"test\"\r\n\
             content-length: 0\r\nconnection: close\r\n\r\n"
        );
        client.write_all(answer.as_bytes()).await?;
        return client.shutdown().await;
    }
    let mut server = TcpStream::connect(("127.0.0.1", server_port)).await?;
    if method == "CONNECT" {
        client
            .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
            .await?;
    } else {
        // In the form of a server, one request a connection; nothing that was meant for the proxy goes on.
        let path = target.splitn(4, '/').nth(3).unwrap_or_default();
        let mut onward = format!("{method} /{path} HTTP/1.1\r\n");
        for (name, value) in headers {
            let lower = name.to_ascii_lowercase();
            if !lower.starts_with("proxy-") && lower != "connection" {
                onward.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        onward.push_str("connection: close\r\n\r\n");
        server.write_all(onward.as_bytes()).await?;
    }
    tokio::io::copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}
