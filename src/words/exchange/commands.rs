//! A request as a command to repeat it: of curl, which sends the same, and of the AWS CLI, which means the same.
//!
//! Nobody's key stands in them: whoever runs them sets `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary
//! keys, `AWS_SESSION_TOKEN`. What was sent as a body stands in a file that they bring along. Everything that comes from
//! outside is quoted for a POSIX shell.

use crate::domain::diagnosis::{Exchange, Signature};
use crate::domain::percent_decoded;

/// The body of what is repeated, or where what comes back goes.
const FILE: &str = "FILE";

/// The request as curl sends it; `None` where curl cannot sign like that.
#[must_use]
pub fn curl(exchange: &Exchange) -> Option<String> {
    let mut words = vec!["curl -sS".to_owned()];
    let url = sorted_url(exchange);
    // curl takes both for its own: dots for steps in folders, brackets for lists.
    if exchange.path.contains("/.") {
        words.push("--path-as-is".to_owned());
    }
    if url.contains(['[', ']', '{', '}']) {
        words.push("--globoff".to_owned());
    }
    let has_body = exchange.sent_bytes > 0;
    match exchange.method.as_str() {
        "GET" => {}
        "HEAD" => words.push("-I".to_owned()),
        // Told to put a file, curl does by itself.
        "PUT" if has_body => {}
        method => words.push(format!("-X {method}")),
    }
    match &exchange.signature {
        Signature::None => {}
        Signature::Version2 => return None,
        Signature::Version4 { region, service } => {
            let scope = shell(&format!("aws:amz:{region}:{service}"));
            words.push(format!("--aws-sigv4 {scope}"));
            words.push("--user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\"".to_owned());
            if exchange.has_token {
                words.push("-H \"x-amz-security-token: $AWS_SESSION_TOKEN\"".to_owned());
            }
            if service == "s3" {
                words.push("-H 'x-amz-content-sha256: UNSIGNED-PAYLOAD'".to_owned());
            }
        }
    }
    for (name, value) in headers(exchange) {
        words.push(format!("-H {}", shell(&format!("{name}: {value}"))));
    }
    words.extend(curl_body(exchange));
    words.push(shell(&url));
    Some(words.join(" "))
}

/// What curl sends along.
fn curl_body(exchange: &Exchange) -> Vec<String> {
    let has_body = takes_file(exchange);
    if exchange.operation == "GetCallerIdentity" {
        return vec!["--data 'Action=GetCallerIdentity&Version=2011-06-15'".to_owned()];
    }
    match exchange.method.as_str() {
        "PUT" if has_body => vec![format!("-T {FILE}")],
        _ if has_body => {
            // Left to itself, curl calls it a form; what S3 is sent like this is XML.
            let is_named = exchange.header("content-type").is_some();
            let named = (!is_named).then(|| "-H 'content-type: application/xml'".to_owned());
            let body = format!("--data-binary @{FILE}");
            named.into_iter().chain([body]).collect()
        }
        // Without a body curl says no length, and S3 insists on one.
        "PUT" | "POST" => vec!["-H 'content-length: 0'".to_owned()],
        _ => Vec::new(),
    }
}

/// The URL with its query in the order and the form in which it is signed, which older versions of curl leave to us.
fn sorted_url(exchange: &Exchange) -> String {
    let whole = exchange.url();
    let Some((place, query)) = whole.split_once('?') else {
        return whole;
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<(&str, &str)> = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!("{place}?{}", pairs.join("&"))
}

/// The headers that mean the same in a request that is made anew: without the marks of how a body was framed.
fn headers(exchange: &Exchange) -> impl Iterator<Item = (&str, String)> {
    let has_sum = |one: &(String, String)| {
        let name = one.0.strip_prefix("x-amz-checksum-");
        name.is_some_and(|sum| !matches!(sum, "algorithm" | "mode" | "type"))
    };
    let has_sum = exchange.headers.iter().any(has_sum);
    exchange.headers.iter().filter_map(move |(name, value)| {
        let value = match name.as_str() {
            "x-amz-sdk-checksum-algorithm" if !has_sum => return None,
            "content-encoding" => without_chunks(value)?,
            _ => value.clone(),
        };
        Some((name.as_str(), value))
    })
}

/// An encoding without `aws-chunked`, which tells how the body travelled and not what it is.
fn without_chunks(encoding: &str) -> Option<String> {
    let kept = encoding.split(',').map(str::trim);
    let kept: Vec<&str> = kept.filter(|one| *one != "aws-chunked").collect();
    (!kept.is_empty()).then(|| kept.join(", "))
}

/// True when a command takes a body from a file that whoever runs it brings along.
#[must_use]
pub fn takes_file(exchange: &Exchange) -> bool {
    exchange.sent_bytes > 0 && exchange.operation != "GetCallerIdentity"
}

/// The same call of the AWS CLI; `None` for those that it does not have, or of which too little is kept.
#[must_use]
pub fn amazon_cli(exchange: &Exchange) -> Option<String> {
    let mut words = Vec::new();
    if exchange.operation == "GetCallerIdentity" {
        words.push("aws sts get-caller-identity".to_owned());
    } else {
        let is_s3 = exchange.operation == "ListBuckets" || !exchange.bucket.is_empty();
        if !is_s3
            || matches!(
                exchange.operation,
                "Other" | "CreateBucket" | "GetObjectTorrent"
            )
        {
            return None;
        }
        words.push(format!("aws s3api {}", kebab(exchange.operation)));
        if !exchange.bucket.is_empty() {
            words.push(option("--bucket", &exchange.bucket));
        }
        if !exchange.key.is_empty() {
            words.push(option("--key", &exchange.key));
        }
        words.extend(parameters(exchange));
        words.extend(body(exchange));
    }
    match &exchange.signature {
        Signature::Version4 { region, .. } => words.push(option("--region", region)),
        Signature::Version2 => {}
        Signature::None => words.push("--no-sign-request".to_owned()),
    }
    if let Some(endpoint) = endpoint(exchange) {
        words.push(option("--endpoint-url", &endpoint));
    }
    Some(words.join(" "))
}

/// An option with its value, which may begin with a dash.
fn option(name: &str, value: &str) -> String {
    let between = if value.starts_with('-') { '=' } else { ' ' };
    format!("{name}{between}{}", shell(value))
}

/// Parameters of the query under the names that the CLI gives them. Those that it counts pages by make it send one
/// request, as this one was.
const QUERY: &[(&str, &str)] = &[
    ("prefix", "--prefix"),
    ("delimiter", "--delimiter"),
    ("max-keys", "--max-keys"),
    ("max-uploads", "--max-uploads"),
    ("max-parts", "--max-parts"),
    ("max-buckets", "--max-buckets"),
    ("start-after", "--start-after"),
    ("continuation-token", "--continuation-token"),
    ("marker", "--marker"),
    ("key-marker", "--key-marker"),
    ("version-id-marker", "--version-id-marker"),
    ("upload-id-marker", "--upload-id-marker"),
    ("part-number-marker", "--part-number-marker"),
    ("versionId", "--version-id"),
    ("uploadId", "--upload-id"),
    ("partNumber", "--part-number"),
    ("response-content-type", "--response-content-type"),
    (
        "response-content-disposition",
        "--response-content-disposition",
    ),
];

/// The same of headers.
const HEADERS: &[(&str, &str)] = &[
    ("range", "--range"),
    ("if-match", "--if-match"),
    ("if-none-match", "--if-none-match"),
    ("content-md5", "--content-md5"),
    ("content-type", "--content-type"),
    ("cache-control", "--cache-control"),
    ("content-disposition", "--content-disposition"),
    ("content-encoding", "--content-encoding"),
    ("content-language", "--content-language"),
    ("expires", "--expires"),
    ("x-amz-acl", "--acl"),
    ("x-amz-checksum-algorithm", "--checksum-algorithm"),
    ("x-amz-checksum-crc32", "--checksum-crc32"),
    ("x-amz-checksum-crc32c", "--checksum-crc32-c"),
    ("x-amz-checksum-crc64nvme", "--checksum-crc64-nvme"),
    ("x-amz-checksum-sha1", "--checksum-sha1"),
    ("x-amz-checksum-sha256", "--checksum-sha256"),
    ("x-amz-checksum-type", "--checksum-type"),
    ("x-amz-copy-source", "--copy-source"),
    ("x-amz-copy-source-if-match", "--copy-source-if-match"),
    ("x-amz-copy-source-range", "--copy-source-range"),
    ("x-amz-expected-bucket-owner", "--expected-bucket-owner"),
    ("x-amz-metadata-directive", "--metadata-directive"),
    ("x-amz-request-payer", "--request-payer"),
    ("x-amz-server-side-encryption", "--server-side-encryption"),
    (
        "x-amz-server-side-encryption-aws-kms-key-id",
        "--ssekms-key-id",
    ),
    ("x-amz-storage-class", "--storage-class"),
    ("x-amz-tagging-directive", "--tagging-directive"),
    ("x-amz-checksum-mode", "--checksum-mode"),
];

fn parameters(exchange: &Exchange) -> Vec<String> {
    // The XML of a call is no content of an object.
    let of_object = matches!(
        exchange.operation,
        "CreateMultipartUpload" | "CompleteMultipartUpload"
    ) || (matches!(exchange.method.as_str(), "GET" | "HEAD" | "PUT")
        && exchange.operation != "PutObjectTagging");
    let query = QUERY.iter().filter_map(|(name, flag)| {
        let value = exchange.parameter(name).filter(|value| !value.is_empty())?;
        Some(option(flag, &percent_decoded(value)))
    });
    let sent: Vec<(&str, String)> = headers(exchange).filter(|_| of_object).collect();
    let sent = HEADERS.iter().filter_map(|(name, flag)| {
        let (_, value) = sent.iter().find(|(own, _)| own == name)?;
        Some(option(flag, value))
    });
    let attributes = exchange.header("x-amz-object-attributes").map(|value| {
        let names: Vec<String> = value.split(',').map(|name| shell(name.trim())).collect();
        format!("--object-attributes {}", names.join(" "))
    });
    query.chain(sent).chain(attributes).collect()
}

/// The file that is read or written, where the call has one. What stands in the XML of a call the CLI wants as JSON.
fn body(exchange: &Exchange) -> Option<String> {
    Some(match exchange.operation {
        "GetObject" => FILE.to_owned(),
        "PutObject" | "UploadPart" => format!("--body {FILE}"),
        "DeleteObjects" => format!("--delete file://{FILE}.json"),
        "CompleteMultipartUpload" => format!("--multipart-upload file://{FILE}.json"),
        "PutObjectTagging" => format!("--tagging file://{FILE}.json"),
        _ => return None,
    })
}

/// The endpoint that has to be named: everything but Amazon's own usual hosts.
fn endpoint(exchange: &Exchange) -> Option<String> {
    let name = exchange.host.split(':').next().unwrap_or_default();
    let amazon = [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu"];
    let special = ["dualstack", "s3-accelerate", "-fips", "vpce"];
    if amazon.iter().any(|domain| name.ends_with(domain))
        && !special.iter().any(|part| name.contains(part))
    {
        return None;
    }
    let scheme = if exchange.is_tls { "https" } else { "http" };
    let host = (exchange.host.strip_prefix(&exchange.bucket))
        .and_then(|rest| rest.strip_prefix('.'))
        .filter(|_| !exchange.bucket.is_empty())
        .unwrap_or(&exchange.host);
    let front = exchange.path.split_once(&format!("/{}", exchange.bucket));
    let path = match front {
        Some((path, _)) if host == exchange.host && !exchange.bucket.is_empty() => path,
        _ => "",
    };
    Some(format!("{scheme}://{host}{path}"))
}

/// `ListObjectsV2` as `list-objects-v2`.
fn kebab(operation: &str) -> String {
    let mut out = String::with_capacity(operation.len() + 6);
    for character in operation.chars() {
        if character.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(character.to_ascii_lowercase());
    }
    out
}

/// A text as one word of a POSIX shell.
fn shell(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@%+,".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
