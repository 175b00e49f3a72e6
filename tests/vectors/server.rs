//! The in-memory S3 of the recording, on loopback: it records every request, keeps objects and uploads, and fails
//! where a vector says so. It checks no signature; signatures are compared with the recorded ones instead.
//!
//! Two ports stand for `http` and `https`; [`Ways`] leads every host there.

use std::collections::BTreeMap;
use std::future::Future;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use cooperage::storage::Dial;
use md5::{Digest, Md5};
use serde_json::Value;

use crate::values::{bytes, hex};

/// When objects were made, unless a vector says otherwise.
const MODIFIED: &str = "Wed, 01 Mar 2023 10:20:30 GMT";
const NOW: &str = "Wed, 15 Mar 2023 12:34:56 GMT";

#[derive(Clone, Debug, Default)]
pub struct Object {
    pub body: Vec<u8>,
    pub headers: BTreeMap<String, String>,
    pub modified: String,
    pub parts: Vec<usize>,
    /// What the vector says about an object that was there before.
    pub given: Option<Value>,
}

#[derive(Clone, Debug)]
pub struct Request {
    pub scheme: &'static str,
    pub method: String,
    pub host: String,
    pub target: String,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
    pub operation: &'static str,
    pub key: String,
}

#[derive(Default)]
struct Upload {
    key: String,
    headers: BTreeMap<String, String>,
    parts: BTreeMap<u32, Vec<u8>>,
}

#[derive(Default)]
pub struct State {
    pub objects: BTreeMap<String, Object>,
    pub requests: Vec<Request>,
    uploads: BTreeMap<String, Upload>,
    uploads_begun: usize,
    bucket: String,
    fail: Value,
    page_size: usize,
}

pub struct Server {
    pub state: Arc<Mutex<State>>,
    ports: (u16, u16),
}

/// The way to every host.
#[derive(Clone, Copy)]
pub struct Ways(u16, u16);

impl Dial for Ways {
    fn dial(
        &self,
        to: &http::Uri,
    ) -> Pin<Box<dyn Future<Output = io::Result<tokio::net::TcpStream>> + Send + 'static>> {
        let port = if to.scheme_str() == Some("https") {
            self.1
        } else {
            self.0
        };
        Box::pin(tokio::net::TcpStream::connect(("127.0.0.1", port)))
    }
}

impl Server {
    pub fn start() -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let listen = |scheme: &'static str| {
            let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
            let port = listener.local_addr().unwrap().port();
            let state = Arc::clone(&state);
            std::thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let state = Arc::clone(&state);
                    std::thread::spawn(move || serve(stream, scheme, &state));
                }
            });
            port
        };
        let ports = (listen("http"), listen("https"));
        Self { state, ports }
    }

    pub const fn ways(&self) -> Ways {
        Ways(self.ports.0, self.ports.1)
    }

    /// Forgets everything and takes up what a vector has beforehand.
    pub fn reset(&self, vector: &Value, bucket: Option<&str>) {
        let mut state = self.state.lock().unwrap();
        *state = State {
            bucket: bucket.unwrap_or_default().to_owned(),
            fail: vector["fail"].clone(),
            page_size: vector["page_size"]
                .as_u64()
                .map_or(1000, |size| usize::try_from(size).unwrap()),
            ..State::default()
        };
        for (key, given) in vector["objects"].as_object().into_iter().flatten() {
            state.objects.insert(key.clone(), Object::given(given));
        }
    }

    pub fn dangling_uploads(&self) -> Vec<String> {
        let state = self.state.lock().unwrap();
        state.uploads.keys().cloned().collect()
    }
}

impl Object {
    fn given(given: &Value) -> Self {
        let plain = bytes(&given["body"]);
        let body = if given["gzip_body"] == Value::Bool(true) {
            let mut encoder = flate2::GzBuilder::new()
                .mtime(0)
                .operating_system(3)
                .write(Vec::new(), flate2::Compression::best());
            encoder.write_all(&plain).unwrap();
            encoder.finish().unwrap()
        } else {
            plain
        };
        let mut headers = BTreeMap::new();
        for (field, header) in [
            ("content_type", "content-type"),
            ("content_encoding", "content-encoding"),
        ] {
            if let Some(value) = given[field].as_str() {
                headers.insert(header.to_owned(), value.to_owned());
            }
        }
        Self {
            body,
            headers,
            modified: given["last_modified"]
                .as_str()
                .unwrap_or(MODIFIED)
                .to_owned(),
            parts: Vec::new(),
            given: Some(given.clone()),
        }
    }
}

fn serve(stream: TcpStream, scheme: &'static str, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader, scheme) {
        let head_only = request.method == "HEAD";
        let answer = state.lock().unwrap().answer(request);
        let mut head = format!("HTTP/1.1 {} X\r\n", answer.status);
        for (name, value) in &answer.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !answer
            .headers
            .iter()
            .any(|(name, _)| name == "content-length")
        {
            head.push_str(&format!("content-length: {}\r\n", answer.body.len()));
        }
        head.push_str("\r\n");
        let stream = reader.get_mut();
        if stream.write_all(head.as_bytes()).is_err() {
            return;
        }
        if !head_only && stream.write_all(&answer.body).is_err() {
            return;
        }
    }
}

fn read_request(reader: &mut BufReader<TcpStream>, scheme: &'static str) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        scheme,
        method,
        host: headers.remove("host")?,
        target,
        headers,
        body,
        operation: "",
        key: String::new(),
    })
}

struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    fn error(status: u16, code: &str, message: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), "application/xml".to_owned())],
            body: format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>")
                .into_bytes(),
        }
    }

    fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

impl State {
    fn answer(&mut self, mut request: Request) -> Answer {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let query: BTreeMap<String, String> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decoded(name), decoded(value)))
            .collect();
        request.key = self.key_of(&request.host, path);
        request.operation = operation(&request, &query);
        self.requests.push(request.clone());
        if let Some(fail) = self.fail.get(request.operation) {
            let status = u16::try_from(fail["status"].as_u64().unwrap()).unwrap();
            let text = |name: &str| fail[name].as_str().unwrap_or_default().to_owned();
            let answer = Answer::error(status, &text("code"), &text("message"));
            return if request.method == "HEAD" {
                Answer {
                    body: Vec::new(),
                    ..answer
                }
            } else {
                answer
            };
        }
        match request.operation {
            "HeadObject" | "GetObject" => self.read(&request),
            "PutObject" => self.put(&request),
            "DeleteObject" => {
                self.objects.remove(&request.key);
                Answer {
                    status: 204,
                    ..Answer::ok("")
                }
            }
            "ListObjects" => self.list(&query),
            "HeadBucket" => Answer::ok(""),
            _ => self.multipart(&request, &query),
        }
    }

    fn key_of(&self, host: &str, path: &str) -> String {
        let path = decoded(path);
        if host.starts_with(&format!("{}.", self.bucket)) {
            return path.trim_start_matches('/').to_owned();
        }
        let in_path = format!("/{}/", self.bucket);
        match path.find(&in_path) {
            Some(at) => path[at + in_path.len()..].to_owned(),
            None => String::new(),
        }
    }

    fn read(&self, request: &Request) -> Answer {
        let Some(object) = self.objects.get(&request.key) else {
            return Answer::error(404, "NoSuchKey", "The specified key does not exist.");
        };
        let range = request.headers.get("range").and_then(|range| {
            let (start, end) = range.strip_prefix("bytes=")?.split_once('-')?;
            let end = end.parse().map_or(object.body.len(), |end: usize| end + 1);
            Some(start.parse().ok()?..end.min(object.body.len()))
        });
        let body = match range.clone() {
            Some(range) => object.body[range].to_vec(),
            None => object.body.clone(),
        };
        let mut answer = Answer::ok(body)
            .with("etag", etag(&object.body))
            .with("last-modified", &object.modified);
        if range.is_some() {
            answer.status = 206;
        }
        for (name, value) in &object.headers {
            answer = answer.with(name, value);
        }
        if request.method == "HEAD" {
            answer = answer.with("content-length", object.body.len().to_string());
        }
        answer
    }

    fn put(&mut self, request: &Request) -> Answer {
        let object = Object {
            body: request.body.clone(),
            headers: kept(&request.headers),
            modified: NOW.to_owned(),
            ..Object::default()
        };
        let answer = Answer::ok("").with("etag", etag(&object.body));
        self.objects.insert(request.key.clone(), object);
        answer
    }

    fn list(&self, query: &BTreeMap<String, String>) -> Answer {
        let text = |name: &str| query.get(name).cloned().unwrap_or_default();
        let (prefix, marker) = (text("prefix"), text("marker"));
        let mut entries: Vec<(String, Option<usize>)> = Vec::new();
        for (key, object) in &self.objects {
            let Some(below) = key.strip_prefix(prefix.as_str()) else {
                continue;
            };
            let entry = match below.find('/') {
                Some(slash) => (format!("{prefix}{}", &below[..=slash]), None),
                None => (key.clone(), Some(object.body.len())),
            };
            if entries.last() != Some(&entry) {
                entries.push(entry);
            }
        }
        entries.sort();
        entries.dedup();
        entries.retain(|(name, _)| *name > marker);
        let is_truncated = entries.len() > self.page_size;
        entries.truncate(self.page_size);
        let mut xml = format!(
            "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>{is_truncated}</IsTruncated>"
        );
        if let Some((last, _)) = entries.last().filter(|_| is_truncated) {
            xml.push_str(&format!("<NextMarker>{}</NextMarker>", encoded(last)));
        }
        for (name, size) in &entries {
            let name = encoded(name);
            xml.push_str(&match size {
                None => format!("<CommonPrefixes><Prefix>{name}</Prefix></CommonPrefixes>"),
                Some(size) => format!(
                    "<Contents><Key>{name}</Key><LastModified>2023-03-01T10:20:30.000Z</LastModified>\
                     <ETag>\"0\"</ETag><Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
                ),
            });
        }
        xml.push_str("</ListBucketResult>");
        Answer::ok(xml)
    }

    fn multipart(&mut self, request: &Request, query: &BTreeMap<String, String>) -> Answer {
        if request.operation == "CreateMultipartUpload" {
            self.uploads_begun += 1;
            let id = format!("upload-{}", self.uploads_begun);
            let upload = Upload {
                key: request.key.clone(),
                headers: kept(&request.headers),
                parts: BTreeMap::new(),
            };
            let xml = format!(
                "<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
            );
            self.uploads.insert(id, upload);
            return Answer::ok(xml);
        }
        let id = &query["uploadId"];
        let Some(upload) = self.uploads.get_mut(id) else {
            return Answer::error(404, "NoSuchUpload", "The specified upload does not exist.");
        };
        match request.operation {
            "UploadPart" => {
                let number = query["partNumber"].parse().unwrap();
                upload.parts.insert(number, request.body.clone());
                Answer::ok("").with("etag", etag(&request.body))
            }
            "AbortMultipartUpload" => {
                self.uploads.remove(id);
                Answer {
                    status: 204,
                    ..Answer::ok("")
                }
            }
            _ if !String::from_utf8_lossy(&request.body).contains("<Part>") => Answer::error(
                400,
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our published schema",
            ),
            _ => {
                let upload = self.uploads.remove(id).unwrap();
                let object = Object {
                    body: upload.parts.values().flatten().copied().collect(),
                    headers: upload.headers,
                    modified: NOW.to_owned(),
                    parts: upload.parts.values().map(Vec::len).collect(),
                    given: None,
                };
                self.objects.insert(upload.key, object);
                Answer::ok("<CompleteMultipartUploadResult></CompleteMultipartUploadResult>")
            }
        }
    }
}

fn operation(request: &Request, query: &BTreeMap<String, String>) -> &'static str {
    let in_upload = query.contains_key("uploadId");
    match (request.method.as_str(), request.key.is_empty()) {
        ("HEAD", true) => "HeadBucket",
        ("HEAD", false) => "HeadObject",
        ("GET", true) => "ListObjects",
        ("GET", false) => "GetObject",
        ("PUT", _) if in_upload => "UploadPart",
        ("PUT", _) => "PutObject",
        ("DELETE", _) if in_upload => "AbortMultipartUpload",
        ("DELETE", _) => "DeleteObject",
        _ if in_upload => "CompleteMultipartUpload",
        _ => "CreateMultipartUpload",
    }
}

/// The headers that stay with an object.
fn kept(headers: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    const PASSING: [&str; 9] = [
        "authorization",
        "content-length",
        "content-md5",
        "date",
        "user-agent",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-security-token",
        "accept",
    ];
    headers
        .iter()
        .filter(|(name, _)| !PASSING.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn etag(body: &[u8]) -> String {
    format!("\"{}\"", hex(&Md5::digest(body)))
}

pub fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%'
            && let Some(byte) = text
                .get(at + 1..at + 3)
                .and_then(|digits| u8::from_str_radix(digits, 16).ok())
        {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'/' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}
