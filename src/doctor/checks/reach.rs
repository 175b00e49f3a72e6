//! The way to the server, step by step: name, port, proxy, TLS. Where there is no TLS it ends at a [`Door`].

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use super::board::Board;
use super::door::Door;
use super::{proxy, since_ms};
use crate::doctor::Patient;
use crate::domain::diagnosis::{CheckKind, Finding, Light, Skip, TlsFault};
use crate::storage::Storage;
use crate::storage::probe::{Greeting, Handshake, Way, connects, greeting, resolve};

/// How long each step may take.
pub(super) const STEP: Duration = Duration::from_secs(2);

/// How long a handshake may take, which needs several answers of a server that may be slow.
pub(super) const HANDSHAKE: Duration = Duration::from_secs(5);

/// More addresses of a host are not tried.
pub(super) const MOST_ADDRESSES: usize = 8;

/// A certificate that ends sooner is worth a warning.
const SOON_DAYS: i64 = 14;

const DAY_SECS: i64 = 86_400;

/// A host that every name server of the internet knows.
const AMAZON: &str = "s3.amazonaws.com";

/// Goes to the server and tells each step. Gives the door behind which the server is, where only questions show whether
/// anybody is there.
///
/// # Errors
/// The check that failed; nothing that comes after it can be tried.
pub(super) async fn reach<'a>(
    storage: &'a Storage,
    way: &'a Way,
    patient: &Patient,
    board: &Board<'_>,
) -> Result<Option<Door<'a>>, CheckKind> {
    if way.is_given {
        for kind in [
            CheckKind::Name,
            CheckKind::Tcp,
            CheckKind::Tls,
            CheckKind::Proxy,
        ] {
            board.tell(kind, Finding::Skipped(Skip::GivenWay), None);
        }
        return Ok(None);
    }
    let open = match &way.proxy {
        Some(proxy) => {
            proxy::through(storage, way, proxy, board).await?;
            None
        }
        None => {
            board.tell(CheckKind::Proxy, Finding::NoProxy, None);
            let addresses = name(storage, way, board).await?;
            Some(port(way, &addresses, board).await?)
        }
    };
    if !way.is_tls {
        return Ok(Some(Door { storage, way, open }));
    }
    let began = Instant::now();
    let finding = tls(storage, way, patient).await;
    let broken = finding.light() == Light::Bad;
    board.tell(CheckKind::Tls, finding, Some(since_ms(began)));
    if broken {
        return Err(CheckKind::Tls);
    }
    Ok(None)
}

/// An address that takes connections. Without TLS that is good only once somebody says something there.
pub(super) struct Open {
    pub(super) address: SocketAddr,
    pub(super) finding: Finding,
    pub(super) took_ms: u64,
}

async fn name(
    storage: &Storage,
    way: &Way,
    board: &Board<'_>,
) -> Result<Vec<SocketAddr>, CheckKind> {
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
        _ => {
            // Amazon's hosts are made of the region.
            let has_endpoint = storage.config().endpoint.is_some();
            let region = (!has_endpoint).then(|| storage.set_region());
            let bare = way.other_host.as_deref().filter(|_| way.bucket_in_host);
            let amazon = region.map(|_| AMAZON);
            let (bare, amazon) = tokio::join!(known(way, bare), known(way, amazon));
            (
                unknown(&way.host, bare, region, amazon.is_some()),
                Vec::new(),
            )
        }
    };
    board.tell(CheckKind::Name, finding, took);
    if addresses.is_empty() {
        return Err(CheckKind::Name);
    }
    Ok(addresses)
}

/// The host, where a name server knows it.
async fn known<'a>(way: &Way, host: Option<&'a str>) -> Option<&'a str> {
    let found = resolve(host?, way.port, STEP).await;
    host.filter(|_| found.is_ok_and(|found| !found.is_empty()))
}

/// Nobody knows the name: the bucket in front of it may be to blame, the region that it is made of, or the network.
fn unknown(host: &str, bare: Option<&str>, region: Option<&str>, knows_amazon: bool) -> Finding {
    let host = host.to_owned();
    match (bare, region) {
        (Some(bare), _) => Finding::NameUnknownWithBucket {
            host,
            bare: bare.to_owned(),
        },
        (None, None) => Finding::NameUnknown { host },
        (None, Some(region)) if knows_amazon => Finding::RegionUnknown {
            host,
            region: region.to_owned(),
        },
        (None, Some(_)) => Finding::AmazonUnknown { host },
    }
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
    let (host, port) = (way.host.clone(), way.port);
    let fault = match storage.shake_hands(HANDSHAKE).await {
        Ok(shaken) => return shaken_hands(&shaken, way, patient),
        Err(TlsFault::Silent) => return Finding::ServerMute { host, port },
        Err(fault) => fault,
    };
    let fault = match fault {
        TlsFault::Closed | TlsFault::NotTls => match greeted(way).await {
            Some(Greeting::Http) => TlsFault::NotTls,
            Some(Greeting::Other(says)) => return Finding::NotHttp { host, port, says },
            _ => fault,
        },
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

fn shaken_hands(shaken: &Handshake, way: &Way, patient: &Patient) -> Finding {
    let version = shaken.version;
    if way.trusts_anybody {
        return Finding::CertificateUnchecked { version };
    }
    let days_left = shaken.ends.map(|ends| (ends.0 - patient.now.0) / DAY_SECS);
    match days_left {
        Some(days_left) if days_left < SOON_DAYS => Finding::CertificateEndsSoon { days_left },
        _ => Finding::CertificateFits { days_left, version },
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

/// What a server that does not like TLS says to plain HTTP; `None` where that cannot be asked.
async fn greeted(way: &Way) -> Option<Greeting> {
    if way.proxy.is_some() {
        return None;
    }
    let addresses = resolve(&way.host, way.port, STEP).await.ok()?;
    greeting(*addresses.first()?, &way.host, STEP).await.ok()
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

    #[test]
    fn what_makes_a_name_unknown_is_told_apart() {
        let host = "media.s3.eu-centrall-1.amazonaws.com";
        let region = Some("eu-centrall-1");
        let bare = Some("minio.corp.example");
        assert!(matches!(
            unknown(host, bare, None, false),
            Finding::NameUnknownWithBucket { .. }
        ));
        assert!(matches!(
            unknown(host, None, None, false),
            Finding::NameUnknown { .. }
        ));
        assert!(matches!(
            unknown(host, None, region, true),
            Finding::RegionUnknown { .. }
        ));
        assert!(matches!(
            unknown(host, None, region, false),
            Finding::AmazonUnknown { .. }
        ));
    }
}
