//! A listing that failed for another reason than a policy, a name or what an earlier check tells: each cause in its own
//! words.

use super::{Told, capital, next_of, told, words_of};
use crate::domain::ErrorKind;
use crate::domain::diagnosis::Refusal;
use crate::words::elsewhere::page_says;
use crate::words::visible;

/// Why one key could not be listed, and what to do.
pub(super) fn listing(refusal: &Refusal) -> Told {
    if let Some(told) = unanswered(refusal) {
        return told;
    }
    match refusal.kind {
        ErrorKind::Redirected => redirected(refusal),
        ErrorKind::WrongRegion => told(
            "The server says that the bucket is elsewhere, though the region is right",
            format!(
                "{} So it is the address that belongs to another region.",
                words_of(refusal, "It gives no reason.")
            ),
            "Clear AWS_S3_ENDPOINT_URL, or write the endpoint of the bucket's own region.",
        ),
        ErrorKind::ClockSkew => told(
            "The server refuses the time of the requests, though the clocks agree",
            "What tells the time here and what checks it there are not the same machine: a proxy in front, a server behind \
             it whose clock is wrong.",
            "Have the clocks of all servers behind this endpoint set, best by network time.",
        ),
        ErrorKind::Throttled => told(
            "The server asks to slow down",
            words_of(refusal, "There are more requests than it takes at once."),
            "Wait a little and run again; other programs may be using the same account.",
        ),
        ErrorKind::Server => told(
            format!("The server failed{}", status(refusal)),
            words_of(refusal, "It does not say why."),
            "Run again. If it stays so, the server's own log says more.",
        ),
        ErrorKind::TimedOut => told(
            "The listing got no answer in time",
            "The server takes connections, but a whole answer did not come.",
            "Look whether the server, or a proxy in front of it, is overloaded, and run again.",
        ),
        ErrorKind::Unreachable => told(
            "The connection broke during the listing",
            own_words(refusal, "No whole answer came."),
            "Run again. If it stays so, look at firewalls and proxies on the way, and at the server's log.",
        ),
        ErrorKind::Corrupt => told(
            "What came back is no listing",
            own_words(refusal, "It cannot be read."),
            "Check the endpoint: something else than S3 may answer there, or the answer is cut on the way.",
        ),
        ErrorKind::Unsupported => told(
            format!("The server does not list objects{}", status(refusal)),
            words_of(refusal, "It does not know this call."),
            "Check that the endpoint is that of S3, without a path.",
        ),
        ErrorKind::Invalid if refusal.status.is_none() => told(
            "The request could not be made",
            own_words(refusal, "Something in the settings cannot be sent."),
            "Look at the keys, the region and the endpoint for letters that do not belong there.",
        ),
        ErrorKind::AccessDenied if refusal.code.is_none() => told(
            format!("Somebody on the way refuses the listing{}", status(refusal)),
            "An S3 server gives a code with its refusal, and this answer has none: a proxy, a firewall or a login page may \
             have said no.",
            "Open the endpoint in a browser to see who answers.",
        ),
        _ => told(
            format!("Listing one key failed{}", status(refusal)),
            words_of(refusal, "The server does not say why."),
            next_of(
                refusal,
                "Look at the requests for the server's answer, and run again.",
            ),
        ),
    }
}

/// What came back is no answer of S3, or none at all.
fn unanswered(refusal: &Refusal) -> Option<Told> {
    if let Some(status) = refusal.odd_status() {
        let says = page_says(refusal.message.as_deref());
        return Some(told(
            format!("The answer is {status}, and none of S3"),
            format!("S3 gives an error code with it, and there is none.{says}"),
            "Check the endpoint: a web server, a proxy or a login page may answer there.",
        ));
    }
    Some(match refusal.code.as_deref()? {
        "NotHttp" => told(
            "What answers does not speak HTTP",
            "Something came back that is no answer to a request.",
            "Check the port in the endpoint, and that of the proxy where there is one: another program listens there.",
        ),
        "HungUp" => told(
            "The server hangs up when it is asked",
            format!(
                "It takes the connection and the request, and then there is no answer: {}",
                own_words(refusal, "the connection ended.")
            ),
            "Look at the server's log, and at firewalls on the way that look into requests.",
        ),
        "AnswerCut" => told(
            "The answer breaks off in its middle",
            own_words(
                refusal,
                "The server began to answer, and the end is missing.",
            ),
            "Run again. If it stays so, look at the server's log, and at proxies on the way that cut what is long or slow.",
        ),
        _ => return None,
    })
}

fn redirected(refusal: &Refusal) -> Told {
    let to = refusal.host.as_deref().map_or_else(
        || "another address".to_owned(),
        |host| format!("`{}`", visible(host)),
    );
    told(
        "The server sends to another address",
        format!(
            "It answers every request with a redirect to {to}, and a signed request cannot follow one."
        ),
        format!("Write {to} as AWS_S3_ENDPOINT_URL, if that is your server."),
    )
}

/// ` (503 SlowDown)`, where there was an answer.
fn status(refusal: &Refusal) -> String {
    match (refusal.status, refusal.code.as_deref()) {
        (Some(status), Some(code)) => format!(" ({status} {})", visible(code)),
        (Some(status), None) => format!(" ({status})"),
        (None, _) => String::new(),
    }
}

/// What the system said, where no server did.
fn own_words(refusal: &Refusal, otherwise: &str) -> String {
    match refusal.message.as_deref().map(str::trim) {
        None | Some("") => otherwise.to_owned(),
        Some(said) => capital(said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_causes_read_the_same() {
        let kinds = [
            ErrorKind::Redirected,
            ErrorKind::WrongRegion,
            ErrorKind::ClockSkew,
            ErrorKind::Throttled,
            ErrorKind::Server,
            ErrorKind::TimedOut,
            ErrorKind::Unreachable,
            ErrorKind::Corrupt,
            ErrorKind::Unsupported,
            ErrorKind::Invalid,
            ErrorKind::AccessDenied,
            ErrorKind::Other,
        ];
        let refusal = |kind| Refusal {
            kind,
            status: None,
            code: None,
            message: None,
            host: None,
        };
        let all: Vec<Told> = kinds.map(refusal).iter().map(listing).collect();
        for (at, one) in all.iter().enumerate() {
            for other in &all[..at] {
                assert_ne!(one.title, other.title);
                assert_ne!(one.cause, other.cause);
                assert_ne!(one.next, other.next);
            }
        }
        let elsewhere = Refusal {
            host: Some("https://s3.example".to_owned()),
            ..refusal(ErrorKind::Redirected)
        };
        assert!(listing(&elsewhere).next.contains("https://s3.example"));
    }
}
