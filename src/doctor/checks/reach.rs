//! The way to the server, step by step: name, port, proxy, TLS.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use super::board::Board;
use super::since_ms;
use crate::domain::diagnosis::{CheckKind, Finding, Skip, TlsFault};
use crate::domain::{ErrorKind, Timestamp};
use crate::storage::Storage;
use crate::storage::probe::{ProxyWay, Way, connects, resolve, speaks_http};

/// How long each step may take.
const STEP: Duration = Duration::from_secs(2);

/// More addresses of a host are not tried.
const MOST_ADDRESSES: usize = 8;

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
    now: Timestamp,
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
            through_proxy(storage, way, proxy, board).await?;
            None
        }
        None => {
            board.tell(CheckKind::Proxy, Finding::NoProxy, None);
            let addresses = name(way, board).await?;
            Some(port(way, &addresses, board).await?)
        }
    };
    let began = Instant::now();
    let finding = if way.is_tls {
        tls(storage, way, now).await
    } else {
        no_tls(storage, way, first).await
    };
    let broken = finding.light() == crate::domain::diagnosis::Light::Bad;
    board.tell(CheckKind::Tls, finding, Some(since_ms(began)));
    if broken { Err(CheckKind::Tls) } else { Ok(()) }
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

/// Tries all addresses at once; gives one that takes connections.
async fn port(
    way: &Way,
    addresses: &[SocketAddr],
    board: &Board<'_>,
) -> Result<SocketAddr, CheckKind> {
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
    board.tell(CheckKind::Tcp, finding, Some(since_ms(began)));
    let open = addresses
        .iter()
        .zip(&tried)
        .find(|(_, tried)| tried.is_ok());
    open.map(|(address, _)| *address).ok_or(CheckKind::Tcp)
}

async fn tls(storage: &Storage, way: &Way, now: Timestamp) -> Finding {
    let host = way.host.clone();
    let fault = match storage.shake_hands(STEP).await {
        Ok(shaken) if way.trusts_anybody => {
            return Finding::CertificateUnchecked {
                version: shaken.version,
            };
        }
        Ok(shaken) => {
            let days_left = shaken.ends.map(|ends| (ends.0 - now.0) / DAY_SECS);
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
    match speaks_http(address, &way.host, STEP).await {
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

/// To the proxy, and through it up to the server's door.
async fn through_proxy(
    storage: &Storage,
    way: &Way,
    proxy: &ProxyWay,
    board: &Board<'_>,
) -> Result<(), CheckKind> {
    let host = way.host.clone();
    board.tell(CheckKind::Name, Finding::NameLeftToProxy { host }, None);
    board.tell(
        CheckKind::Tcp,
        Finding::PortLeftToProxy { port: way.port },
        None,
    );
    let began = Instant::now();
    match to_proxy(storage, way, proxy).await {
        Ok(passes) => {
            // A plain proxy that lets one question through may refuse the next; see `conclude`.
            if way.is_tls {
                board.tell(CheckKind::Proxy, passes, Some(since_ms(began)));
            }
            Ok(())
        }
        Err(finding) => {
            board.tell(CheckKind::Proxy, finding, Some(since_ms(began)));
            Err(CheckKind::Proxy)
        }
    }
}

async fn to_proxy(storage: &Storage, way: &Way, proxy: &ProxyWay) -> Result<Finding, Finding> {
    let from_environment = proxy.from_environment;
    let name = || format!("{}:{}", proxy.host, proxy.port);
    let addresses = resolve(&proxy.host, proxy.port, STEP)
        .await
        .unwrap_or_default();
    if addresses.is_empty() {
        return Err(Finding::ProxyUnknown {
            proxy: name(),
            from_environment,
        });
    }
    let tried = side_by_side(
        addresses
            .iter()
            .take(MOST_ADDRESSES)
            .map(|to| connects(*to, STEP)),
    )
    .await;
    if tried.iter().all(Result::is_err) {
        let silent = tried.iter().flat_map(|tried| tried.as_ref().err());
        let silent = silent
            .into_iter()
            .all(|failure| failure.kind() == io::ErrorKind::TimedOut);
        return Err(if silent {
            Finding::ProxySilent {
                proxy: name(),
                from_environment,
            }
        } else {
            Finding::ProxyDead {
                proxy: name(),
                from_environment,
            }
        });
    }
    let passes = Finding::ProxyPasses {
        proxy: name(),
        from_environment,
    };
    match storage.pass_proxy(STEP).await {
        Ok(()) => Ok(passes),
        // It let through; what the server's certificate lacks is told by the next check.
        Err(failure) if failure.kind == ErrorKind::Tls => Ok(passes),
        Err(failure) if failure.status == Some(407) => Err(Finding::ProxyWantsLogin {
            proxy: name(),
            has_login: proxy.has_login,
        }),
        // Who is slow or hangs up behind a plain proxy, the questions tell.
        Err(_) if !way.is_tls => Ok(passes),
        Err(failure) if failure.kind == ErrorKind::TimedOut => Err(Finding::ProxySilent {
            proxy: name(),
            from_environment,
        }),
        Err(failure) => Err(Finding::ProxyForbids {
            proxy: name(),
            status: failure.status,
        }),
    }
}

/// Runs a handful of futures at once, without a task of their own.
async fn side_by_side<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
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
