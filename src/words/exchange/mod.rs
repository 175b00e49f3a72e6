//! A request of the log in words: how it ended, what its error means, and how to repeat it.
//!
//! `commands` writes it as a command of curl or of the AWS CLI; credentials stand there as the names of variables.

mod commands;

pub use commands::{amazon_cli, curl, takes_file};

use jiff::tz::TimeZone;

use super::diagnosis::codes;
use super::visible;
use crate::domain::Timestamp;
use crate::domain::diagnosis::{Exchange, ExchangeEnd, Signature};

/// How it ended, in a word or two: `200`, `403 AccessDenied`, `no answer`.
#[must_use]
pub fn outcome(exchange: &Exchange) -> String {
    match (&exchange.end, exchange.code.as_deref()) {
        (ExchangeEnd::Running, _) => "on its way".to_owned(),
        (ExchangeEnd::Dropped, _) => "given up".to_owned(),
        (ExchangeEnd::Answered(status), Some(code)) => format!("{status} {}", visible(code)),
        (ExchangeEnd::Answered(status), None) => status.to_string(),
        (
            ExchangeEnd::Broken {
                status: Some(status),
                ..
            },
            _,
        ) => format!("{status}, cut"),
        (ExchangeEnd::Broken { status: None, .. }, _) => "no answer".to_owned(),
    }
}

/// What it was about: bucket and key, or the host where there is no bucket.
#[must_use]
pub fn subject(exchange: &Exchange) -> String {
    match (exchange.bucket.as_str(), exchange.key.as_str()) {
        ("", _) => visible(&exchange.host),
        (bucket, "") => visible(bucket),
        (bucket, key) => visible(&format!("{bucket}/{key}")),
    }
}

/// Why it failed and what to do, where that is known.
#[must_use]
pub fn meaning(exchange: &Exchange) -> Option<(String, String)> {
    if let Some(meaning) = exchange.code.as_deref().and_then(codes::meaning) {
        let next = match exchange.action().filter(|_| meaning.code == "AccessDenied") {
            Some(action) => {
                format!("Ask for {action}; the server's own words often name the policy.")
            }
            None => meaning.next.to_owned(),
        };
        return Some((meaning.cause.to_owned(), next));
    }
    match &exchange.end {
        ExchangeEnd::Broken { message, .. } => {
            let said = visible(message.trim_end_matches('.'));
            let cause = format!("No whole answer came: {said}.");
            Some((
                cause,
                "Look at the network, the proxy and the server.".to_owned(),
            ))
        }
        ExchangeEnd::Answered(304) => {
            let cause = "It has not changed since it was last read.".to_owned();
            Some((cause, String::new()))
        }
        ExchangeEnd::Answered(status @ 300..=399) => Some((
            format!("The server sends elsewhere ({status}); nothing follows that by itself."),
            "Check region and endpoint.".to_owned(),
        )),
        ExchangeEnd::Answered(status) if exchange.code.is_none() => {
            let (cause, next) = of_status(*status)?;
            Some((cause.to_owned(), next.to_owned()))
        }
        _ => None,
    }
}

/// What a refusal means that has no code, as every one to a HEAD: such an answer has no body to say it in.
const fn of_status(status: u16) -> Option<(&'static str, &'static str)> {
    const DOCTOR: &str =
        "Examine the connection: the Doctor asks in ways that are answered with a reason.";
    Some(match status {
        400 => (
            "The server cannot take the request and gave no code; most often the region is wrong, a token has expired, \
             or it wants http or https.",
            DOCTOR,
        ),
        401 | 403 => (
            "Refused without a code: a policy does not allow it, or the server does not accept the keys.",
            DOCTOR,
        ),
        404 => (
            "There is no such object, version or bucket. Without the right to list, a key that is missing may also be \
             refused.",
            "Look at bucket and key, letter by letter.",
        ),
        405 => (
            "This cannot be done with it; the newest version of the key may be a delete marker.",
            "Look at the versions of the object.",
        ),
        409 => (
            "It collides with something else that is being done there.",
            "Try again.",
        ),
        411 | 413 => (
            "The server does not take a body of this length.",
            "Look at the size of parts, and at proxies on the way.",
        ),
        412 => (
            "A condition did not hold: the object is there already, or has changed.",
            "Read it anew.",
        ),
        416 => (
            "The object is shorter than what was asked for.",
            "Read it anew; it may have changed.",
        ),
        429 | 503 => (
            "The server is busy or asks to slow down.",
            "Try again later, or with fewer connections at once.",
        ),
        501 => (
            "The server does not have this function.",
            "Do without it on this connection.",
        ),
        502 | 504 => (
            "A proxy or gateway on the way got no answer from the server.",
            "Look whether the server runs, and try again.",
        ),
        500..=599 => ("The server failed.", "Try again; its own log says more."),
        _ => return None,
    })
}

/// A time as it is read: `840 µs`, `38 ms`, `1.24 s`.
#[must_use]
pub fn time(us: u64) -> String {
    match us {
        0..1000 => format!("{us} µs"),
        1000..1_000_000 => format!("{} ms", us / 1000),
        _ => format!("{}.{:02} s", us / 1_000_000, us % 1_000_000 / 10_000),
    }
}

/// How it was signed: `version 4 for eu-west-1/s3`.
#[must_use]
pub fn signature(exchange: &Exchange) -> String {
    match &exchange.signature {
        Signature::None => "no".to_owned(),
        Signature::Version2 => "version 2".to_owned(),
        Signature::Version4 { region, service } => {
            visible(&format!("version 4 for {region}/{service}"))
        }
    }
}

/// When it was sent, to the millisecond and the same everywhere: `2026-03-14 14:02:07.412 UTC`.
#[must_use]
pub fn began(exchange: &Exchange) -> String {
    let at = Timestamp(exchange.began_ms.div_euclid(1000));
    let seconds = at.strftime("%Y-%m-%d %H:%M:%S", &TimeZone::UTC);
    format!("{seconds}.{:03} UTC", exchange.began_ms.rem_euclid(1000))
}

#[cfg(test)]
mod tests;
