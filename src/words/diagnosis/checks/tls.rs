//! What TLS and certificates came to, in words.

use super::{Told, plain, told as words};
use crate::domain::diagnosis::{Finding, TlsFault, TrustFlaw, TrustNamed};
use crate::words::{quoted, trust_file, visible};

/// A finding about TLS in words.
pub(super) fn told(finding: &Finding) -> Told {
    match finding {
        Finding::CertificateFits {
            days_left: Some(days),
            ..
        } => plain(format!(
            "Chain and host name fit, {} left",
            days_text(*days)
        )),
        Finding::CertificateFits { .. } => plain("Chain and host name fit"),
        Finding::CertificateEndsSoon { days_left } => words(
            format!("The server's certificate ends in {}", days_text(*days_left)),
            "After that nobody can connect without turning the check off.",
            "Ask whoever runs the server to renew it.",
        ),
        Finding::CertificateUnchecked { .. } => words(
            "The certificate is not checked",
            "AWS_S3_VERIFY is off: anybody on the way can pose as the server and read what is sent.",
            "Turn the check on, with the file of your own authority if the server uses one.",
        ),
        Finding::NotEncrypted { is_local: true } => {
            plain("None: the endpoint is http on this computer")
        }
        Finding::NotEncrypted { is_local: false } => words(
            "The connection is not encrypted",
            "The endpoint begins with http: everybody on the way can read objects and links, though not the secret key.",
            "Use https if the server offers it.",
        ),
        Finding::TlsWanted { port } => words(
            format!("Port {port} speaks TLS, but the endpoint says http"),
            "The server cannot read a request that is not encrypted.",
            "Begin the endpoint with https.",
        ),
        Finding::ServerMute { host, port } => words(
            format!(
                "{} takes connections on port {port} and says nothing",
                quoted(host)
            ),
            "Something listens there, but no S3 server answers: it hangs, is still starting, or speaks something else.",
            "Check the port, and look at the server's own log.",
        ),
        Finding::NotHttp { host, port, says } => words(
            format!(
                "Something else than HTTP answers on {}",
                quoted(&super::way::address(host, *port))
            ),
            match says.trim() {
                "" => "It says nothing that can be read.".to_owned(),
                says => format!("It says: {}.{}", visible(says), speaker(says)),
            },
            "Check host and port in the endpoint: another program listens there.",
        ),
        Finding::TlsFailed {
            host,
            fault: TlsFault::UnknownIssuer,
            trusted: Some(file),
            ..
        } => words(
            "The certificate is signed by an authority other than those that are given",
            format!(
                "None of the authorities in {}, which {} names, has signed the certificate of {}; no others are trusted beside them.",
                quoted(&file.path),
                named_by(&file.named_by),
                quoted(host)
            ),
            "Give the file of the authority that signed it, or name none where a public one did.",
        ),
        Finding::TlsFailed {
            host,
            fault,
            path_fits,
            ..
        } => failed(host, fault, *path_fits),
        Finding::TrustFileUnfit { file, flaw } => words(
            format!("The file of trusted certificates {}", trust_file(*flaw)),
            format!(
                "{}, which {} names, {}.",
                quoted(&file.path),
                named_by(&file.named_by),
                trust_file(*flaw)
            ),
            match flaw {
                TrustFlaw::Folder => {
                    "Name a file in which the certificates of your authorities stand one after the other, in PEM form."
                }
                _ => {
                    "Name a file that holds the certificates of your authorities in PEM form, or name none."
                }
            },
        ),
        _ => plain(""),
    }
}

/// Who greets like this.
fn speaker(says: &str) -> &'static str {
    match says {
        _ if says.starts_with("SSH-") => " That is an SSH server.",
        _ if says.starts_with("220") && says.contains("SMTP") => " That is a mail server.",
        _ if says.starts_with("220") && says.contains("FTP") => " That is an FTP server.",
        _ if says.starts_with("-ERR") || says.starts_with("-DENIED") => " That is a Redis server.",
        _ => "",
    }
}

/// Who names a file of authorities.
fn named_by(who: &TrustNamed) -> String {
    match who {
        TrustNamed::Option => "AWS_S3_VERIFY".to_owned(),
        TrustNamed::Parent(name) => format!("AWS_S3_VERIFY of {}", quoted(name)),
        TrustNamed::Variable(name) => format!("{name} of the environment"),
        TrustNamed::Profile(name) => format!("ca_bundle of the profile {}", quoted(name)),
    }
}

fn days_text(days: i64) -> String {
    match days {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

fn failed(host: &str, fault: &TlsFault, path_fits: bool) -> Told {
    match fault {
        TlsFault::UnknownIssuer => words(
            "The certificate is signed by an authority that is not trusted",
            format!(
                "{} shows a certificate of its own or of a private authority.",
                quoted(host)
            ),
            "Give that authority's file as AWS_S3_VERIFY.",
        ),
        TlsFault::Expired { days } => words(
            match days {
                None | Some(0) => "The server's certificate has ended".to_owned(),
                Some(days) => format!(
                    "The server's certificate ended {} ago",
                    days_text(i64::try_from(*days).unwrap_or(i64::MAX))
                ),
            },
            "It has to be renewed on the server; a clock of this computer that is ahead looks the same.",
            "Ask whoever runs the server to renew it, and check the date of this computer.",
        ),
        TlsFault::NotYetValid { .. } => words(
            "The server's certificate is not valid yet",
            "It begins in the future: it is brand new, or this computer's clock is behind.",
            "Check the date of this computer.",
        ),
        TlsFault::WrongHost { .. } if path_fits => words(
            "The certificate does not cover the bucket in the host name",
            format!(
                "It is for the server's own name, and {} is another one.",
                quoted(host)
            ),
            "Put the bucket in the path.",
        ),
        TlsFault::WrongHost { presented } => words(
            format!("The certificate is not for {}", quoted(host)),
            match presented.as_slice() {
                [] => "It names other hosts.".to_owned(),
                names => format!("It is for {}.", some_names(names)),
            },
            "Use the name in the certificate as the endpoint.",
        ),
        TlsFault::NotTls => words(
            "The server does not speak TLS on this port",
            "The endpoint says https, but what comes back is something else, most likely plain http.",
            "Begin the endpoint with http, or use the server's TLS port.",
        ),
        TlsFault::Closed => words(
            "The server hangs up when TLS begins",
            format!("{} ends the connection during the handshake.", quoted(host)),
            "Check the port; a firewall that looks into TLS does this too.",
        ),
        TlsFault::Silent => words(
            "The TLS handshake gets no answer",
            format!("{} takes the connection and does not go on.", quoted(host)),
            "Check the port and the server's state.",
        ),
        TlsFault::TooOld => words(
            "The server speaks no TLS that is safe enough",
            "TLS 1.2 or 1.3 is needed; it offers older versions or ciphers only.",
            "Ask whoever runs the server to allow TLS 1.2 or 1.3.",
        ),
        TlsFault::Refused(alert) => words(
            "The server refuses the TLS connection",
            format!("It sends the alert {}.", visible(alert)),
            "Check that the endpoint is the name under which the server expects you.",
        ),
        TlsFault::Other(reason) => words(
            "The server's certificate is not accepted",
            format!(
                "The library says: {}.",
                visible(reason.trim_end_matches('.'))
            ),
            "Ask whoever runs the server to look at its certificate.",
        ),
    }
}

fn some_names(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(3).map(|name| visible(name)).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
