//! The way through a proxy: to the proxy itself, and whether it lets through to the server's door.

use std::io;
use std::time::{Duration, Instant};

use super::board::Board;
use super::door::Heard;
use super::reach::{HANDSHAKE, MOST_ADDRESSES, STEP, side_by_side};
use super::since_ms;
use crate::domain::ErrorKind;
use crate::domain::diagnosis::{CheckKind, Finding};
use crate::storage::Storage;
use crate::storage::probe::{ProxyWay, Way, connects, resolve};

/// To the proxy, and through it up to the server's door.
pub(super) async fn through(
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
    let name = || name_of(proxy);
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
            silence(proxy)
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
    if !way.is_tls {
        // A plain proxy answers when the server does; see `knock`.
        return Ok(passes);
    }
    match storage.pass_proxy(HANDSHAKE).await {
        Ok(()) => Ok(passes),
        // It let through; what the server's certificate lacks is told by the next check.
        Err(failure) if failure.kind == ErrorKind::Tls => Ok(passes),
        Err(failure) if failure.status == Some(407) => Err(wants_login(proxy)),
        Err(failure) if failure.kind == ErrorKind::TimedOut => Err(silence(proxy)),
        Err(failure) => Err(Finding::ProxyForbids {
            proxy: name(),
            status: failure.status,
        }),
    }
}

/// Asks a plain proxy for the server, to hear whether it lets through.
pub(super) async fn knock(storage: &Storage, way: &Way, limit: Duration) -> Heard {
    let Some(proxy) = &way.proxy else {
        return Heard::Somebody;
    };
    match storage.pass_proxy(limit).await {
        Err(failure) if failure.status == Some(407) => {
            Heard::Broken(CheckKind::Proxy, wants_login(proxy))
        }
        Err(failure) if failure.kind == ErrorKind::TimedOut => Heard::Nobody,
        // Who hangs up behind it, the questions tell.
        Ok(()) | Err(_) => Heard::Somebody,
    }
}

/// The proxy does not answer.
pub(super) fn silence(proxy: &ProxyWay) -> Finding {
    Finding::ProxySilent {
        proxy: name_of(proxy),
        from_environment: proxy.from_environment,
    }
}

fn wants_login(proxy: &ProxyWay) -> Finding {
    Finding::ProxyWantsLogin {
        proxy: name_of(proxy),
        has_login: proxy.has_login,
    }
}

fn name_of(proxy: &ProxyWay) -> String {
    format!("{}:{}", proxy.host, proxy.port)
}
