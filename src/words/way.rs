//! Servers that were not reached: which host, and whether its name is not known, its port refuses or packets vanish.

use super::{quoted, visible};
use crate::domain::{ErrorKind, StorageError};

/// What a place says whose server cannot be reached or says nothing: a title, and why and what to do. `host` is its host,
/// where the failure does not name it.
#[must_use]
pub fn offline(error: &StorageError, host: &str) -> (String, String) {
    let explained = super::explain(error);
    let host = visible(error.host.as_deref().unwrap_or(host));
    let name = host_name(&host);
    let (title, why) = match (error.kind, error.code.as_deref()) {
        _ if host.is_empty() => (
            "The server cannot be reached".to_owned(),
            explained.cause.as_str(),
        ),
        (ErrorKind::Unreachable, Some("NameUnknown")) => (
            format!("Nobody knows the host {name}"),
            "It is misspelt, or the name server of this network does not have it.",
        ),
        (ErrorKind::Unreachable, Some("ConnectionRefused")) => (
            format!("{host} refuses the connection"),
            "Nobody listens at that port.",
        ),
        (ErrorKind::Unreachable, Some("NoRoute")) => (
            format!("No way leads to {name}"),
            "None of this computer's networks does.",
        ),
        (ErrorKind::TimedOut, _) if error.host.is_some() => (
            format!("{host} does not answer"),
            "No connection came about in time: packets vanish on the way.",
        ),
        (ErrorKind::TimedOut, _) => (
            format!("{host} does not answer"),
            "It took the connection and said nothing in time.",
        ),
        _ => (
            format!("{host} cannot be reached"),
            "The connection could not be made, or broke.",
        ),
    };
    (title, format!("{why} {}", explained.next_step))
}

/// Why a server was not reached, as far as that is known.
pub(super) fn unreachable(error: &StorageError) -> (String, String) {
    const WHOLE_WAY: &str = "Check the endpoint and its port, then the network, VPN and proxy.";
    let Some(host) = error.host.as_deref() else {
        if let Some(told) = unanswered(error.code.as_deref()) {
            return told;
        }
        return (
            "The server could not be reached: its name is not known, nobody listens at that address, or the \
             connection broke."
                .to_owned(),
            WHOLE_WAY.to_owned(),
        );
    };
    let name = quoted(host_name(host));
    let (cause, next) = match error.code.as_deref() {
        Some("NameUnknown") => (
            format!(
                "Nobody knows the name {name}: it is misspelt, or the name server of this network does not have it."
            ),
            if is_of_amazon(host) {
                "Check the region, of which the name is made, then the network, VPN and name server."
            } else {
                "Check the host in the endpoint, then the network, VPN and name server."
            },
        ),
        Some("ConnectionRefused") => (
            format!(
                "{} refuses the connection: nobody listens at that port.",
                quoted(host)
            ),
            "Check the port in the endpoint, and whether the server runs.",
        ),
        Some("NoRoute") => (
            format!("No way leads from this computer to {name}."),
            "Check the network and the VPN, then the address in the endpoint.",
        ),
        _ => (
            format!(
                "The connection to {} could not be made, or broke.",
                quoted(host)
            ),
            WHOLE_WAY,
        ),
    };
    (cause, next.to_owned())
}

/// Why a server that was reached gave no answer.
pub(super) fn unanswered(code: Option<&str>) -> Option<(String, String)> {
    let (cause, next) = match code? {
        "NotHttp" => (
            "Something answers there, but it does not speak HTTP: another program listens at that port.",
            "Check the port in the endpoint.",
        ),
        "HungUp" => (
            "The server took the request and ended the connection without an answer.",
            "Look at the server's log, and whether the endpoint begins with the right scheme, http or https; a firewall \
             that looks into what is sent does this too.",
        ),
        "AnswerCut" => (
            "The answer broke off in its middle.",
            "Try again; if it stays so, look at the server's log and at proxies on the way.",
        ),
        _ => return None,
    };
    Some((cause.to_owned(), next.to_owned()))
}

/// Amazon's hosts are made of the region; nobody types them.
fn is_of_amazon(host: &str) -> bool {
    let name = host_name(host);
    name.ends_with(".amazonaws.com") || name.ends_with(".amazonaws.com.cn")
}

/// A host without its port.
fn host_name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// A server that says nothing.
pub(super) fn silent(error: &StorageError) -> (String, String) {
    match error.host.as_deref() {
        Some(host) => (
            format!(
                "No connection to {} came about in time: packets vanish on the way.",
                quoted(host)
            ),
            "Look at firewalls, the VPN and the proxy on the way, and at the port in the endpoint."
                .to_owned(),
        ),
        None => (
            "The server did not answer in time.".to_owned(),
            "Try again; if it stays so, look at the network, the proxy and the server's own state."
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Operation;

    #[test]
    fn a_host_of_amazons_is_made_of_the_region_and_typed_by_nobody() {
        let next = |host: &str| {
            let mut error = StorageError::new(Operation::Connect, ErrorKind::Unreachable, "");
            error.code = Some("NameUnknown".to_owned());
            error.host = Some(host.to_owned());
            unreachable(&error).1
        };
        assert!(next("oidc.xx-nowhere-1.amazonaws.com:443").starts_with("Check the region"));
        assert!(next("files.example:9000").starts_with("Check the host in the endpoint"));
    }

    #[test]
    fn a_server_that_is_not_reached_is_named_with_the_reason() {
        let of = |kind, code: Option<&str>, host: Option<&str>| {
            let mut error = StorageError::new(Operation::List, kind, "photos/");
            error.code = code.map(str::to_owned);
            error.host = host.map(str::to_owned);
            (
                offline(&error, "s3.example:9000"),
                crate::words::explain(&error).cause,
            )
        };
        let far = ErrorKind::Unreachable;
        let host = Some("files.example:9");
        let mut said = std::collections::BTreeSet::new();
        for (kind, code, host, title) in [
            (
                far,
                Some("NameUnknown"),
                host,
                "Nobody knows the host files.example",
            ),
            (
                far,
                Some("ConnectionRefused"),
                host,
                "files.example:9 refuses the connection",
            ),
            (far, Some("NoRoute"), host, "No way leads to files.example"),
            (far, None, host, "files.example:9 cannot be reached"),
            (far, None, None, "s3.example:9000 cannot be reached"),
            (
                ErrorKind::TimedOut,
                None,
                host,
                "files.example:9 does not answer",
            ),
            (
                ErrorKind::TimedOut,
                None,
                None,
                "s3.example:9000 does not answer",
            ),
        ] {
            let ((own, text), cause) = of(kind, code, host);
            assert_eq!(own, title);
            assert!(text.ends_with('.') && !text.contains(&own), "{text}");
            assert_eq!(cause.contains("files.example"), host.is_some(), "{cause}");
            assert!(said.insert(cause));
        }
    }
}
