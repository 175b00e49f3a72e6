//! A request as a command to repeat it: of curl, which sends the same, and of the AWS CLI, which means the same.
//!
//! Nobody's key stands in them: whoever runs them sets `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary
//! keys, `AWS_SESSION_TOKEN`. Everything that comes from outside is quoted for a POSIX shell.

use crate::domain::diagnosis::Exchange;
use crate::domain::percent_decoded;

/// What is sent stands in a file that whoever repeats it brings along.
const FILE: &str = "FILE";

/// The request as curl sends it.
#[must_use]
pub fn curl(exchange: &Exchange) -> String {
    let mut words = vec!["curl -sS".to_owned()];
    match exchange.method.as_str() {
        "GET" => {}
        "HEAD" => words.push("-I".to_owned()),
        method => words.push(format!("-X {method}")),
    }
    if let Some((region, service)) = exchange
        .signed_for
        .as_deref()
        .and_then(|own| own.split_once('/'))
    {
        words.push(format!(
            "--aws-sigv4 {}",
            shell(&format!("aws:amz:{region}:{service}"))
        ));
        words.push("--user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\"".to_owned());
        if exchange.has_token {
            words.push("-H \"x-amz-security-token: $AWS_SESSION_TOKEN\"".to_owned());
        }
        if service == "s3" {
            words.push("-H 'x-amz-content-sha256: UNSIGNED-PAYLOAD'".to_owned());
        }
    }
    for (name, value) in &exchange.headers {
        words.push(format!("-H {}", shell(&format!("{name}: {value}"))));
    }
    if exchange.operation == "GetCallerIdentity" {
        words.push("--data 'Action=GetCallerIdentity&Version=2011-06-15'".to_owned());
    } else if exchange.sent_bytes > 0 {
        words.push(format!("--data-binary @{FILE}"));
    }
    words.push(shell(&exchange.url()));
    words.join(" ")
}

/// The same call of the AWS CLI; `None` for those that it does not have.
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
            words.push(format!("--bucket {}", shell(&exchange.bucket)));
        }
        if !exchange.key.is_empty() {
            words.push(format!("--key {}", shell(&exchange.key)));
        }
        words.extend(parameters(exchange));
        words.extend(body(exchange));
    }
    if let Some((region, _)) = exchange
        .signed_for
        .as_deref()
        .and_then(|own| own.split_once('/'))
    {
        words.push(format!("--region {}", shell(region)));
    } else {
        words.push("--no-sign-request".to_owned());
    }
    if let Some(endpoint) = endpoint(exchange) {
        words.push(format!("--endpoint-url {}", shell(&endpoint)));
    }
    Some(words.join(" "))
}

/// Parameters and headers under the names that the CLI gives them.
fn parameters(exchange: &Exchange) -> Vec<String> {
    const QUERY: &[(&str, &str)] = &[
        ("prefix", "--prefix"),
        ("delimiter", "--delimiter"),
        ("max-keys", "--max-items"),
        ("start-after", "--start-after"),
        ("continuation-token", "--continuation-token"),
        ("marker", "--marker"),
        ("versionId", "--version-id"),
        ("uploadId", "--upload-id"),
        ("partNumber", "--part-number"),
    ];
    const HEADERS: &[(&str, &str)] = &[
        ("range", "--range"),
        ("if-match", "--if-match"),
        ("if-none-match", "--if-none-match"),
        ("content-type", "--content-type"),
        ("cache-control", "--cache-control"),
        ("content-disposition", "--content-disposition"),
        ("content-encoding", "--content-encoding"),
        ("content-language", "--content-language"),
        ("x-amz-acl", "--acl"),
        ("x-amz-copy-source", "--copy-source"),
        ("x-amz-copy-source-range", "--copy-source-range"),
        ("x-amz-metadata-directive", "--metadata-directive"),
        ("x-amz-server-side-encryption", "--server-side-encryption"),
        ("x-amz-storage-class", "--storage-class"),
        ("x-amz-checksum-mode", "--checksum-mode"),
    ];
    // The XML of a call is no content of an object.
    let of_object = matches!(exchange.method.as_str(), "GET" | "HEAD" | "PUT")
        || exchange.operation == "CreateMultipartUpload";
    let query = QUERY.iter().filter_map(|(name, option)| {
        let value = exchange.parameter(name).filter(|value| !value.is_empty())?;
        Some(format!("{option} {}", shell(&percent_decoded(value))))
    });
    let headers = HEADERS
        .iter()
        .filter(|_| of_object)
        .filter_map(|(name, option)| Some(format!("{option} {}", shell(exchange.header(name)?))));
    query.chain(headers).collect()
}

/// The file that is read or written, where the call has one.
fn body(exchange: &Exchange) -> Option<String> {
    Some(match exchange.operation {
        "GetObject" => FILE.to_owned(),
        "PutObject" | "UploadPart" => format!("--body {FILE}"),
        "DeleteObjects" => format!("--delete file://{FILE}"),
        "CompleteMultipartUpload" => format!("--multipart-upload file://{FILE}"),
        "PutObjectTagging" => format!("--tagging file://{FILE}"),
        _ => return None,
    })
}

/// The endpoint that has to be named: everything but Amazon's own hosts.
fn endpoint(exchange: &Exchange) -> Option<String> {
    let name = exchange.host.split(':').next().unwrap_or_default();
    let amazon = [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu"];
    if amazon.iter().any(|domain| name.ends_with(domain)) {
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
