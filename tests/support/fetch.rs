//! A bare HTTP/1.1 client for links: what a browser or `curl` would send, nothing of our own program.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// HTTP status.
    pub status: u16,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Fetched {
    /// The first header of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// GET of an `http://` URL, sent as it is written.
pub fn get(url: &str) -> Fetched {
    send("GET", url, &[], b"")
}

/// HEAD of an `http://` URL.
pub fn head(url: &str) -> Fetched {
    send("HEAD", url, &[], b"")
}

/// PUT to an `http://` URL.
pub fn put(url: &str, headers: &[(&str, &str)], body: &[u8]) -> Fetched {
    send("PUT", url, headers, body)
}

/// Any request. Panics when there is no answer at all.
pub fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Fetched {
    let rest = url.strip_prefix("http://").expect("a plain http link");
    let cut = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, target) = rest.split_at(cut);
    let target = if target.starts_with('/') {
        target.to_owned()
    } else {
        format!("/{target}")
    };
    let address = if host.contains(':') {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let mut request =
        format!("{method} {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || method == "PUT" {
        request.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    parse(&answer, method == "HEAD")
}

fn parse(answer: &[u8], is_head: bool) -> Fetched {
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("a complete head");
    let head = String::from_utf8_lossy(&answer[..end]);
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut fetched = Fetched {
        status: status.and_then(|text| text.parse().ok()).expect("a status"),
        headers,
        body: answer[end + 4..].to_vec(),
    };
    if fetched.header("transfer-encoding") == Some("chunked") && !is_head {
        fetched.body = unchunk(&fetched.body);
    }
    fetched
}

fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = String::from_utf8_lossy(&rest[..end]);
        let size = usize::from_str_radix(size.split(';').next().unwrap().trim(), 16).unwrap();
        rest = &rest[end + 2..];
        if size == 0 || rest.len() < size {
            break;
        }
        body.extend_from_slice(&rest[..size]);
        rest = &rest[size + 2..];
    }
    body
}
