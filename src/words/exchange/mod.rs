//! A request of the log in words: how it ended, what its error means, and how to repeat it.
//!
//! `commands` writes it as a command of curl or of the AWS CLI; credentials stand there as the names of variables.

mod commands;

pub use commands::{amazon_cli, curl};

use jiff::tz::TimeZone;

use super::diagnosis::codes;
use super::visible;
use crate::domain::Timestamp;
use crate::domain::diagnosis::{Exchange, ExchangeEnd};

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
        return Some((meaning.cause.to_owned(), meaning.next.to_owned()));
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
        _ => None,
    }
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

/// When it was sent, to the millisecond and the same everywhere: `2026-03-14 14:02:07.412 UTC`.
#[must_use]
pub fn began(exchange: &Exchange) -> String {
    let at = Timestamp(exchange.began_ms.div_euclid(1000));
    let seconds = at.strftime("%Y-%m-%d %H:%M:%S", &TimeZone::UTC);
    format!("{seconds}.{:03} UTC", exchange.began_ms.rem_euclid(1000))
}

#[cfg(test)]
mod tests;
