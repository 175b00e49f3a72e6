//! What went over the wire, in the recording's words, and whether it is what was recorded.
//!
//! Not compared, as the recording's own notes say: headers that only carry checksums of the transport, the
//! `ChecksumAlgorithm` that newer boto3 adds, and calls that were refused before anything was sent.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::server::{Object, Request, Server, decoded};
use crate::values::{body, same, written};

/// Headers of uploads and the parameters that they stand for.
const PARAMETERS: [(&str, &str); 24] = [
    ("cache-control", "CacheControl"),
    ("content-disposition", "ContentDisposition"),
    ("content-encoding", "ContentEncoding"),
    ("content-language", "ContentLanguage"),
    ("content-type", "ContentType"),
    ("expires", "Expires"),
    ("x-amz-acl", "ACL"),
    ("x-amz-expected-bucket-owner", "ExpectedBucketOwner"),
    ("x-amz-grant-full-control", "GrantFullControl"),
    ("x-amz-grant-read", "GrantRead"),
    ("x-amz-grant-read-acp", "GrantReadACP"),
    ("x-amz-grant-write-acp", "GrantWriteACP"),
    ("x-amz-object-lock-legal-hold", "ObjectLockLegalHoldStatus"),
    ("x-amz-object-lock-mode", "ObjectLockMode"),
    (
        "x-amz-object-lock-retain-until-date",
        "ObjectLockRetainUntilDate",
    ),
    ("x-amz-request-payer", "RequestPayer"),
    ("x-amz-server-side-encryption", "ServerSideEncryption"),
    ("x-amz-server-side-encryption-aws-kms-key-id", "SSEKMSKeyId"),
    (
        "x-amz-server-side-encryption-context",
        "SSEKMSEncryptionContext",
    ),
    (
        "x-amz-server-side-encryption-customer-algorithm",
        "SSECustomerAlgorithm",
    ),
    (
        "x-amz-server-side-encryption-customer-key",
        "SSECustomerKey",
    ),
    ("x-amz-storage-class", "StorageClass"),
    ("x-amz-tagging", "Tagging"),
    ("x-amz-website-redirect-location", "WebsiteRedirectLocation"),
];

/// Compares what the server saw and has with one recorded result.
pub fn compare(recorded: &Value, server: &Server, bucket: &str) -> Result<(), String> {
    let state = server.state.lock().unwrap();
    let sent = &state.requests;
    if let Some(wire) = recorded["wire"].as_array() {
        if wire.len() != sent.len() {
            let shown: Vec<String> = sent.iter().map(|one| one.operation.to_owned()).collect();
            return Err(format!(
                "{} requests, recorded {}: {shown:?}",
                sent.len(),
                wire.len()
            ));
        }
        for (expected, request) in wire.iter().zip(sent) {
            compare_request(expected, request)?;
        }
    }
    if let Some(calls) = recorded["api_calls"].as_array() {
        compare_calls(calls, sent, bucket)?;
    }
    if let Some(after) = recorded["bucket_after"].as_object() {
        let expected: Vec<&String> = after.keys().collect();
        let keys: Vec<&String> = state.objects.keys().collect();
        if expected.iter().any(|key| !keys.contains(key)) || expected.len() != keys.len() {
            return Err(format!("bucket holds {keys:?}, recorded {expected:?}"));
        }
        for (key, expected) in after {
            let found = described(&state.objects[key]);
            if !same(&found, expected) {
                return Err(format!("object {key}: {found}, recorded {expected}"));
            }
        }
    }
    drop(state);
    let expected = recorded
        .get("dangling_uploads")
        .cloned()
        .unwrap_or(json!([]));
    let dangling = json!(server.dangling_uploads());
    if recorded.get("wire").is_some() && dangling != expected {
        return Err(format!("unfinished {dangling}, recorded {expected}"));
    }
    Ok(())
}

fn described(object: &Object) -> Value {
    let mut described = Map::new();
    described.insert("body".to_owned(), body(&object.body));
    let mut others = Map::new();
    for (name, value) in &object.headers {
        match name.as_str() {
            "content-type" => described.insert("content_type".to_owned(), json!(value)),
            "content-encoding" => described.insert("content_encoding".to_owned(), json!(value)),
            name => others.insert(name.to_owned(), json!(value)),
        };
    }
    if !others.is_empty() {
        described.insert("headers".to_owned(), Value::Object(others));
    }
    if !object.parts.is_empty() {
        described.insert("parts".to_owned(), json!(object.parts));
    }
    if let Some(given) = &object.given {
        for name in ["last_modified", "gzip_body"] {
            if let Some(value) = given.get(name) {
                described.insert(name.to_owned(), value.clone());
            }
        }
    }
    Value::Object(described)
}

/// The URL of a request.
pub fn url(request: &Request) -> String {
    format!("{}://{}{}", request.scheme, request.host, request.target)
}

fn compare_request(expected: &Value, request: &Request) -> Result<(), String> {
    let url = url(request);
    if expected["method"] != json!(request.method) || expected["url"] != json!(url) {
        return Err(format!("{} {url}, recorded {expected}", request.method));
    }
    let Some(headers) = expected["headers"].as_object() else {
        return Ok(());
    };
    let recorded: BTreeMap<String, String> = headers
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect();
    let (ours, theirs) = (counted(&request.headers), counted(&recorded));
    if ours != theirs {
        return Err(format!("{url}: headers {ours:?}, recorded {theirs:?}"));
    }
    compare_signature(&request.headers, &recorded).map_err(|error| format!("{url}: {error}"))?;
    match expected.get("body") {
        Some(expected) if !same(&body(&request.body), expected) => Err(format!(
            "{url}: body {}, recorded {expected}",
            body(&request.body)
        )),
        _ => Ok(()),
    }
}

/// The headers that count, `aws-chunked` taken out of the content encoding. A length of nothing only frames the
/// request.
fn counted(headers: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    const TRANSPORT: [&str; 13] = [
        "accept",
        "authorization",
        "connection",
        "content-length",
        "content-md5",
        "expect",
        "transfer-encoding",
        "user-agent",
        "x-amz-content-sha256",
        "x-amz-decoded-content-length",
        "x-amz-sdk-checksum-algorithm",
        "x-amz-trailer",
        "accept-encoding",
    ];
    headers
        .iter()
        .filter(|(name, _)| {
            !TRANSPORT.contains(&name.as_str()) && !name.starts_with("x-amz-checksum-")
        })
        .filter_map(|(name, value)| {
            if name != "content-encoding" {
                return Some((name.clone(), value.clone()));
            }
            let kept: Vec<&str> = value
                .split(',')
                .filter(|one| *one != "aws-chunked")
                .collect();
            (!kept.is_empty()).then(|| (name.clone(), kept.join(",")))
        })
        .collect()
}

/// Signatures are the same where the same was signed: the same headers and the same form of the payload.
fn compare_signature(
    ours: &BTreeMap<String, String>,
    theirs: &BTreeMap<String, String>,
) -> Result<(), String> {
    let (Some(our), Some(their)) = (ours.get("authorization"), theirs.get("authorization")) else {
        return Err("no signature".to_owned());
    };
    let before = |text: &str| text.split(", Signature").next().unwrap().to_owned();
    let scope = |text: &str| text.split(", SignedHeaders").next().unwrap().to_owned();
    let payload = |headers: &BTreeMap<String, String>| headers.get("x-amz-content-sha256").cloned();
    let comparable = before(our) == before(their) && payload(ours) == payload(theirs);
    let is_same = if our.starts_with("AWS4") && !comparable {
        scope(our) == scope(their)
    } else {
        our == their
    };
    if is_same {
        Ok(())
    } else {
        Err(format!("signed {our}, recorded {their}"))
    }
}

/// Each request is the next recorded call of its kind; what stands between was never sent.
fn compare_calls(calls: &[Value], sent: &[Request], bucket: &str) -> Result<(), String> {
    let mut rest = calls.iter();
    for request in sent {
        let ours = parameters(request, bucket);
        let call = rest.find(|call| {
            call["operation"] == json!(request.operation)
                && call["params"].get("Key") == ours.get("Key")
        });
        let Some(call) = call else {
            return Err(format!(
                "{} of {} was not recorded",
                request.operation, request.key
            ));
        };
        let mut theirs = call["params"].as_object().cloned().unwrap();
        theirs.remove("ChecksumAlgorithm");
        let mut ours = ours;
        match theirs.get("Body") {
            Some(stream) if stream.get("$stream").is_some() => {
                theirs.remove("Body");
            }
            Some(_) => {
                ours.insert("Body".to_owned(), written(&request.body));
            }
            None => {}
        }
        if let Some(Value::Object(metadata)) = theirs.get_mut("Metadata") {
            *metadata = std::mem::take(metadata)
                .into_iter()
                .map(|(name, value)| (name.to_lowercase(), value))
                .collect();
        }
        let (ours, theirs) = (Value::Object(ours), Value::Object(theirs));
        if !same(&ours, &theirs) {
            return Err(format!("{} {ours}, recorded {theirs}", request.operation));
        }
    }
    Ok(())
}

/// The parameters of a call, read out of its request.
fn parameters(request: &Request, bucket: &str) -> Map<String, Value> {
    let mut parameters = Map::new();
    parameters.insert("Bucket".to_owned(), json!(bucket));
    if !request.key.is_empty() {
        parameters.insert("Key".to_owned(), json!(request.key));
    }
    let query = request
        .target
        .split_once('?')
        .map_or("", |(_, query)| query);
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decoded(value);
        let (name, value) = match name {
            "delimiter" => ("Delimiter", json!(value)),
            "marker" => ("Marker", json!(value)),
            "prefix" => ("Prefix", json!(value)),
            "uploadId" => ("UploadId", json!(value)),
            "partNumber" => ("PartNumber", json!(value.parse::<u32>().unwrap())),
            _ => continue,
        };
        parameters.insert(name.to_owned(), value);
    }
    let mut metadata = Map::new();
    for (header, value) in &request.headers {
        if let Some(name) = header.strip_prefix("x-amz-meta-") {
            metadata.insert(name.to_owned(), json!(value));
        }
        if let Some((_, name)) = PARAMETERS.iter().find(|(known, _)| known == header) {
            parameters.insert((*name).to_owned(), parameter(name, value));
        }
    }
    if !metadata.is_empty() {
        parameters.insert("Metadata".to_owned(), Value::Object(metadata));
    }
    if request.operation == "CompleteMultipartUpload" {
        let xml = String::from_utf8_lossy(&request.body);
        let parts: Vec<Value> = xml
            .split("<Part>")
            .skip(1)
            .map(|part| {
                let inside = |tag: &str| {
                    let (_, rest) = part.split_once(&format!("<{tag}>")).unwrap();
                    rest.split_once("</").unwrap().0.to_owned()
                };
                let number: u32 = inside("PartNumber").parse().unwrap();
                json!({"ETag": inside("ETag"), "PartNumber": number})
            })
            .collect();
        parameters.insert("MultipartUpload".to_owned(), json!({"Parts": parts}));
    }
    parameters
}

fn parameter(name: &str, header: &str) -> Value {
    match name {
        "Expires" => {
            let time = jiff::fmt::rfc2822::parse(header).unwrap();
            json!({"$datetime": time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()})
        }
        "ObjectLockRetainUntilDate" => {
            json!({"$datetime": header.replace('Z', "+00:00")})
        }
        "SSECustomerKey" => {
            let key = STANDARD.decode(header).unwrap();
            json!(String::from_utf8_lossy(&key))
        }
        _ => json!(header),
    }
}
