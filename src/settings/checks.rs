//! The checks of the rows: what is wrong with a value of the right kind, looked at alone.
//!
//! A check repeats what django-storages, boto3 or the server would refuse, at construction or at first use, and
//! nothing more: an odd value that works there passes here. What concerns several options is in `resolve`.

use super::parameters::check_parameter;
use super::problem::{EndpointFault, Reason};
use super::value::Value;
use crate::domain::{Verify, proxy};

/// Every value will do.
///
/// # Errors
/// None; the signature is that of a check.
pub fn any(_value: &Value) -> Result<(), Reason> {
    Ok(())
}

/// Keys and ids have no blank around them; pasting leaves one easily.
///
/// # Errors
/// [`Reason::BlanksAround`].
pub fn no_blanks_around(value: &Value) -> Result<(), Reason> {
    let text = match value {
        Value::Text(text) => text.as_str(),
        Value::Secret(secret) => secret.reveal(),
        _ => return Ok(()),
    };
    if text.trim() == text {
        Ok(())
    } else {
        Err(Reason::BlanksAround)
    }
}

/// A region has to be a host label. Unknown names are fine: new regions appear, and other servers have their own.
///
/// # Errors
/// [`Reason::BadRegion`], [`Reason::EmptyRegion`].
pub fn region(value: &Value) -> Result<(), Reason> {
    match value {
        Value::Text(text) if text.is_empty() => Err(Reason::EmptyRegion),
        Value::Text(text) if !is_label(text) => Err(Reason::BadRegion),
        _ => Ok(()),
    }
}

fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// `s3v4`, `s3`, one of their other names in boto3, or nothing.
///
/// # Errors
/// [`Reason::NotAChoice`]; boto3 says so at the first request.
pub fn signature_version(value: &Value) -> Result<(), Reason> {
    match value {
        Value::Text(text) if ["v4", "s3v4-query", "s3-query"].contains(&text.as_str()) => Ok(()),
        _ => one_of(value, &["s3v4", "s3"]),
    }
}

/// `auto`, `virtual`, `path` or nothing; exactly these, in lower case.
///
/// # Errors
/// [`Reason::NotAChoice`]; boto3 stops with it when the client is made.
pub fn addressing_style(value: &Value) -> Result<(), Reason> {
    one_of(value, &["auto", "virtual", "path"])
}

fn one_of(value: &Value, choices: &'static [&'static str]) -> Result<(), Reason> {
    match value {
        Value::Text(text) if !choices.contains(&text.as_str()) => Err(Reason::NotAChoice {
            value: text.clone(),
            choices,
        }),
        _ => Ok(()),
    }
}

/// An endpoint has a scheme and a host, perhaps a port and a path, and no query. A user before the host is left out, as
/// boto3 does; a hint says so.
///
/// # Errors
/// [`Reason::BadEndpoint`], [`Reason::BlanksAround`].
pub fn endpoint(value: &Value) -> Result<(), Reason> {
    match value {
        Value::Text(text) if text.trim() != text => Err(Reason::BlanksAround),
        Value::Text(text) => {
            endpoint_fault(text).map_or(Ok(()), |fault| Err(Reason::BadEndpoint(fault)))
        }
        _ => Ok(()),
    }
}

fn endpoint_fault(text: &str) -> Option<EndpointFault> {
    if text.is_empty() {
        return Some(EndpointFault::Empty);
    }
    if text.starts_with("//") {
        return Some(EndpointFault::OtherScheme);
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return Some(EndpointFault::NoScheme);
    };
    if scheme.is_empty() {
        return Some(EndpointFault::NoScheme);
    }
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return Some(EndpointFault::OtherScheme);
    }
    if rest.contains('?') {
        return Some(EndpointFault::Query);
    }
    let authority = rest.split(['/', '#']).next().unwrap_or_default();
    let host_and_port = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = if let Some(inner) = host_and_port.strip_prefix('[') {
        match inner.split_once(']') {
            Some((host, port)) => (host, port.strip_prefix(':').unwrap_or_default()),
            None => return Some(EndpointFault::BadHost),
        }
    } else {
        host_and_port.split_once(':').unwrap_or((host_and_port, ""))
    };
    if host.is_empty() {
        return Some(EndpointFault::NoHost);
    }
    let literal = host_and_port.starts_with('[');
    let host_is_fine = if literal {
        host.bytes()
            .all(|byte| byte.is_ascii_hexdigit() || b":.".contains(&byte))
    } else {
        host.len() <= 255
            && host
                .strip_suffix('.')
                .unwrap_or(host)
                .split('.')
                .all(is_label)
    };
    if !host_is_fine {
        return Some(EndpointFault::BadHost);
    }
    let port_is_fine = port.is_empty() || port.parse::<u16>().is_ok_and(|port| port > 0);
    (!port_is_fine).then_some(EndpointFault::BadPort)
}

/// A file of certificates has a path.
///
/// # Errors
/// [`Reason::EmptyPath`].
pub fn verify(value: &Value) -> Result<(), Reason> {
    match value {
        Value::Verify(Verify::CaFile(path)) if path.as_os_str().is_empty() => {
            Err(Reason::EmptyPath)
        }
        _ => Ok(()),
    }
}

/// Every proxy is a text, and those that apply are addresses. An empty text stands for none.
///
/// # Errors
/// [`Reason::ProxyNotText`], [`Reason::ProxyNotAddress`].
pub fn proxies(value: &Value) -> Result<(), Reason> {
    let Value::Map(map) = value else {
        return Ok(());
    };
    for (scheme, address) in map {
        let scheme = scheme.clone();
        let Some(address) = address.as_str() else {
            return Err(Reason::ProxyNotText { scheme });
        };
        let applies = matches!(scheme.as_str(), "http" | "https") && !address.is_empty();
        if applies && !proxy::is_address(&proxy::spelt_out(address)) {
            return Err(Reason::ProxyNotAddress { scheme });
        }
    }
    Ok(())
}

/// What boto3 takes for a bucket: `[a-zA-Z0-9.\-_]`, 1 to 255 letters, or the ARN of an access point.
///
/// # Errors
/// [`Reason::BadBucket`].
pub fn bucket(value: &Value) -> Result<(), Reason> {
    let Value::Text(text) = value else {
        return Ok(());
    };
    let plain = (1..=255).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    if plain || is_access_point(text) {
        Ok(())
    } else {
        Err(Reason::BadBucket)
    }
}

/// `arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME`, also of object lambdas and outposts.
fn is_access_point(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, _region, _account, resource] = parts[..] else {
        return false;
    };
    let resource = resource.replace(':', "/");
    arn == "arn"
        && partition.starts_with("aws")
        && ["s3", "s3-object-lambda", "s3-outposts"].contains(&service)
        && match resource.split_once('/') {
            Some(("accesspoint", name)) => !name.is_empty(),
            Some(("outpost", rest)) => rest.contains("/accesspoint/") || rest.contains("/bucket/"),
            _ => false,
        }
}

/// The longest key in bytes of UTF-8 ("Naming Amazon S3 objects" of the S3 User Guide).
const LONGEST_KEY_BYTES: usize = 1024;

/// No leading slash, normalised, and shorter than a key: anything else refuses every name.
///
/// # Errors
/// [`Reason::LeadingSlash`], where Django stops; [`Reason::LocationRefusesAll`], where it refuses each name;
/// [`Reason::LocationTooLong`], where the server does.
pub fn location(value: &Value) -> Result<(), Reason> {
    let Value::Text(text) = value else {
        return Ok(());
    };
    if text.starts_with('/') {
        return Err(Reason::LeadingSlash {
            remedy: text.trim_start_matches('/').to_owned(),
        });
    }
    let base = text.trim_end_matches('/');
    // A slash and one letter have to follow.
    if base.len() + 2 > LONGEST_KEY_BYTES {
        return Err(Reason::LocationTooLong { bytes: base.len() });
    }
    let normal = normalised(base);
    if base.is_empty() || (normal == base && base != ".") {
        return Ok(());
    }
    let remedy = normal.trim_start_matches("../").to_owned();
    Err(Reason::LocationRefusesAll {
        remedy: if remedy == "." || remedy == ".." {
            String::new()
        } else {
            remedy
        },
    })
}

/// POSIX normalisation of a relative path: no empty and no `.` parts, `..` takes the part before it.
fn normalised(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    }
}

/// Names joined by dots.
///
/// # Errors
/// [`Reason::BadClassPath`].
pub fn dotted_path(value: &Value) -> Result<(), Reason> {
    let Value::Text(text) = value else {
        return Ok(());
    };
    let is_name = |part: &str| {
        part.chars()
            .next()
            .is_some_and(|first| first.is_alphabetic() || first == '_')
            && part
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == '_')
    };
    if text.contains('.') && text.split('.').all(is_name) {
        Ok(())
    } else {
        Err(Reason::BadClassPath)
    }
}

/// Known names with values of their kind.
///
/// # Errors
/// The first parameter that every upload would fail with.
pub fn object_parameters(value: &Value) -> Result<(), Reason> {
    match value {
        Value::Map(map) => map
            .iter()
            .try_for_each(|(name, value)| check_parameter(name, value)),
        _ => Ok(()),
    }
}

/// Types with a subtype and without parameters; anything else never matches.
///
/// # Errors
/// [`Reason::BadContentType`].
pub fn content_types(value: &Value) -> Result<(), Reason> {
    let Value::List(types) = value else {
        return Ok(());
    };
    let is_type = |text: &str| {
        text.split_once('/')
            .is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty())
            && !text.contains([';', ' ', '*'])
    };
    match types.iter().find(|text| !is_type(text)) {
        Some(text) => Err(Reason::BadContentType {
            value: text.clone(),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
#[path = "checks_tests.rs"]
mod tests;
