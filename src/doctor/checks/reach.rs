//! The way to the server, step by step: name, port, proxy, TLS.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use super::board::Board;
use super::{proxy, since_ms};
use crate::doctor::Patient;
use crate::domain::diagnosis::{CheckKind, Finding, Skip, TlsFault};
use crate::storage::Storage;
use crate::storage::probe::{Way, connects, resolve, speaks_http};

/// How long each step may take.
pub(super) const STEP: Duration = Duration::from_secs(2);

/// How long the first byte of an answer may take: a server may have to wake up, or ask others before it answers.
pub(super) const FIRST_BYTE: Duration = Duration::from_secs(4);

/// More addresses of a host are not tried.
pub(super) const MOST_ADDRESSES: usize = 8;

/// A certificate that ends sooner is worth a warning.
const SOON_DAYS: i64 = 14;

const DAY_SECS: i64 = 86_400;

/// Goes to the server and tells each step.
///
/// # Errors
/// The check that failed; nothing that comes after it can be tried.
pub(super) async fn reach(
    storage: &Storage,
    way: &Way,
    patient: &Patient,
    board: &Board<'_>,
) -> Result<(), CheckKind> {
    if way.is_given {
        for kind in [
            CheckKind::Name,
            CheckKind::Tcp,
            CheckKind::Tls,
            CheckKind::Proxy,
        ] {
            board.tell(kind, Finding::Skipped(Skip::GivenWay), None);
        }
        return Ok(());
    }
    let first = match &way.proxy {
        Some(proxy) => {
            proxy::through(storage, way, proxy, board).await?;
            None
        }
        None => {
            board.tell(CheckKind::Proxy, Finding::NoProxy, None);
            let addresses = name(way, board).await?;
            Some(port(way, &addresses, board).await?)
        }
    };
    let began = Instant::now();
    if way.is_tls {
        let finding = tls(storage, way, patient).await;
        let broken = finding.light() == crate::domain::diagnosis::Light::Bad;
        board.tell(CheckKind::Tls, finding, Some(since_ms(began)));
        return if broken { Err(CheckKind::Tls) } else { Ok(()) };
    }
    let finding = no_tls(storage, way, first.as_ref().map(|open| open.address)).await;
    if matches!(finding, Finding::ServerMute { .. }) {
        // There is no TLS to blame: the open port was all there is.
        board.tell(CheckKind::Tcp, finding, Some(since_ms(began)));
        return Err(CheckKind::Tcp);
    }
    if let Some(open) = first {
        board.tell(CheckKind::Tcp, open.finding, Some(open.took_ms));
    }
    let broken = finding.light() == crate::domain::diagnosis::Light::Bad;
    board.tell(CheckKind::Tls, finding, None);
    if broken { Err(CheckKind::Tls) } else { Ok(()) }
}

/// An address that takes connections. Without TLS that is good only once somebody says something there.
struct Open {
    address: SocketAddr,
    finding: Finding,
    took_ms: u64,
}

async fn name(way: &Way, board: &Board<'_>) -> Result<Vec<SocketAddr>, CheckKind> {
    let began = Instant::now();
    let found = resolve(&way.host, way.port, STEP).await;
    let host = way.host.clone();
    if let Ok(address) = host.parse::<std::net::IpAddr>() {
        board.tell(CheckKind::Name, Finding::NumericHost { host }, None);
        return Ok(vec![SocketAddr::new(address, way.port)]);
    }
    let took = Some(since_ms(began));
    let (finding, addresses) = match found {
        Ok(addresses) if !addresses.is_empty() => {
            let texts = addresses
                .iter()
                .map(|address| address.ip().to_string())
                .collect();
            let known = Finding::NameKnown {
                host,
                addresses: texts,
            };
            (known, addresses)
        }
        Err(failure) if failure.kind() == io::ErrorKind::TimedOut => {
            (Finding::LookupSilent { host }, Vec::new())
        }
        _ => (unknown(way).await, Vec::new()),
    };
    board.tell(CheckKind::Name, finding, took);
    if addresses.is_empty() {
        return Err(CheckKind::Name);
    }
    Ok(addresses)
}

/// Nobody knows the name; perhaps the bucket in front of it is to blame.
async fn unknown(way: &Way) -> Finding {
    let host = way.host.clone();
    if let (true, Some(bare)) = (way.bucket_in_host, &way.other_host)
        && resolve(bare, way.port, STEP)
            .await
            .is_ok_and(|found| !found.is_empty())
    {
        let bare = bare.clone();
        return Finding::NameUnknownWithBucket { host, bare };
    }
    Finding::NameUnknown { host }
}

/// Tries all addresses at once; gives one that takes connections. With TLS that is told at once, without it the caller
/// tells it.
async fn port(way: &Way, addresses: &[SocketAddr], board: &Board<'_>) -> Result<Open, CheckKind> {
    let began = Instant::now();
    let addresses = &addresses[..addresses.len().min(MOST_ADDRESSES)];
    let tried = side_by_side(addresses.iter().map(|to| connects(*to, STEP))).await;
    let answering = tried.iter().filter(|tried| tried.is_ok()).count();
    let (host, port) = (way.host.clone(), way.port);
    let failed = |kind: io::ErrorKind| {
        let failures = tried.iter().filter_map(|tried| tried.as_ref().err());
        failures.into_iter().any(|failure| failure.kind() == kind)
    };
    let reason = tried
        .iter()
        .find_map(|tried| tried.as_ref().err())
        .map(ToString::to_string);
    let finding = if answering > 0 {
        Finding::PortOpen {
            port,
            answering,
            addresses: addresses.len(),
        }
    } else if failed(io::ErrorKind::ConnectionRefused) {
        Finding::PortRefused { host, port }
    } else if failed(io::ErrorKind::TimedOut) {
        Finding::PortSilent { host, port }
    } else {
        Finding::NoRoute {
            host,
            reason: reason.unwrap_or_default(),
        }
    };
    let took_ms = since_ms(began);
    let open = addresses
        .iter()
        .zip(&tried)
        .find(|(_, tried)| tried.is_ok());
    let Some((address, _)) = open else {
        board.tell(CheckKind::Tcp, finding, Some(took_ms));
        return Err(CheckKind::Tcp);
    };
    if way.is_tls {
        board.tell(CheckKind::Tcp, finding.clone(), Some(took_ms));
    }
    Ok(Open {
        address: *address,
        finding,
        took_ms,
    })
}

async fn tls(storage: &Storage, way: &Way, patient: &Patient) -> Finding {
    let host = way.host.clone();
    let fault = match storage.shake_hands(STEP).await {
        Ok(shaken) if way.trusts_anybody => {
            return Finding::CertificateUnchecked {
                version: shaken.version,
            };
        }
        Ok(shaken) => {
            let days_left = shaken.ends.map(|ends| (ends.0 - patient.now.0) / DAY_SECS);
            return match days_left {
                Some(days_left) if days_left < SOON_DAYS => {
                    Finding::CertificateEndsSoon { days_left }
                }
                _ => Finding::CertificateFits {
                    days_left,
                    version: shaken.version,
                },
            };
        }
        Err(TlsFault::Silent) => {
            let port = way.port;
            return Finding::ServerMute { host, port };
        }
        Err(fault) => fault,
    };
    let fault = match fault {
        TlsFault::Closed if answers_plainly(way).await => TlsFault::NotTls,
        fault => fault,
    };
    let path_fits = way.bucket_in_host
        && matches!(&fault, TlsFault::WrongHost { presented } if fits(way.other_host.as_deref(), presented));
    Finding::TlsFailed {
        host,
        fault,
        path_fits,
        trusted: super::trust_file(patient),
    }
}

/// Whether a certificate with these names is good for a host.
fn fits(host: Option<&str>, presented: &[String]) -> bool {
    let Some(host) = host else {
        return false;
    };
    presented.iter().any(|name| match name.strip_prefix("*.") {
        Some(domain) => host
            .split_once('.')
            .is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(domain)),
        None => name.eq_ignore_ascii_case(host),
    })
}

/// A server that hangs up on TLS may be one of plain HTTP.
async fn answers_plainly(way: &Way) -> bool {
    if way.proxy.is_some() {
        return false;
    }
    let Ok(addresses) = resolve(&way.host, way.port, STEP).await else {
        return false;
    };
    let Some(first) = addresses.first() else {
        return false;
    };
    speaks_http(*first, &way.host, STEP)
        .await
        .is_ok_and(|speaks| speaks)
}

/// The endpoint says `http`: whether the server does too.
async fn no_tls(storage: &Storage, way: &Way, address: Option<SocketAddr>) -> Finding {
    let plain = Finding::NotEncrypted {
        is_local: is_local(&way.host),
    };
    let Some(address) = address else {
        // The proxy speaks to the server; what it says is seen by the questions.
        return plain;
    };
    match speaks_http(address, &way.host, FIRST_BYTE).await {
        Ok(true) => plain,
        Err(_) => Finding::ServerMute {
            host: way.host.clone(),
            port: way.port,
        },
        Ok(false) => match storage.shake_hands(STEP).await {
            Ok(_)
            | Err(
                TlsFault::UnknownIssuer
                | TlsFault::Expired { .. }
                | TlsFault::NotYetValid { .. }
                | TlsFault::WrongHost { .. },
            ) => Finding::TlsWanted { port: way.port },
            Err(_) => plain,
        },
    }
}

fn is_local(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Runs a handful of futures at once, without a task of their own.
pub(super) async fn side_by_side<T>(
    futures: impl Iterator<Item = impl Future<Output = T>>,
) -> Vec<T> {
    let mut running: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(move |cx| {
        let mut waiting = false;
        for (future, done) in &mut running {
            if done.is_none() {
                match Pin::new(future).poll(cx) {
                    Poll::Ready(value) => *done = Some(value),
                    Poll::Pending => waiting = true,
                }
            }
        }
        if waiting {
            return Poll::Pending;
        }
        Poll::Ready(
            running
                .iter_mut()
                .filter_map(|(_, done)| done.take())
                .collect(),
        )
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_matched_with_one_label_for_a_star() {
        let names = ["*.store.example".to_owned(), "store.example".to_owned()];
        assert!(fits(Some("s3.store.example"), &names));
        assert!(fits(Some("Store.example"), &names));
        assert!(!fits(Some("a.s3.store.example"), &names));
        assert!(!fits(None, &names));
    }

    #[test]
    fn this_computer_is_known_by_its_names() {
        for host in ["localhost", "b.localhost", "127.0.0.1", "::1"] {
            assert!(is_local(host), "{host}");
        }
        assert!(!is_local("10.0.0.1") && !is_local("localhost.example"));
    }

    #[tokio::test]
    async fn all_run_at_once_and_keep_their_order() {
        let gate = tokio::sync::Barrier::new(3);
        let all = (0..3).map(|number| {
            let gate = &gate;
            async move {
                gate.wait().await;
                number
            }
        });
        assert_eq!(side_by_side(all).await, [0, 1, 2]);
    }
}
