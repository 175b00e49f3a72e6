//! The door of a server without TLS: it is open, and only what is said behind it shows whether anybody is there.
//!
//! A server may have to wake up, or ask others before it answers. So the questions need not wait until somebody was
//! heard: door and questions have the same time, and only where none of them got a byte is the server called mute.

use std::time::Duration;

use super::board::Board;
use super::proxy;
use super::reach::{Open, STEP};
use crate::domain::diagnosis::{CheckKind, Finding, TlsFault};
use crate::storage::Storage;
use crate::storage::probe::{Greeting, Way, greeting};

/// A way that leads to a server without TLS.
pub(super) struct Door<'a> {
    pub(super) storage: &'a Storage,
    pub(super) way: &'a Way,
    /// The address behind the door; none where a proxy stands before it.
    pub(super) open: Option<Open>,
}

/// What was heard at the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// Somebody who may be a server of HTTP.
    Somebody,
    /// Nobody in time.
    Nobody,
    /// What keeps every question from being answered.
    Broken(CheckKind, Finding),
}

impl Door<'_> {
    /// Knocks, and listens who answers.
    pub(super) async fn knock(&self, limit: Duration) -> Heard {
        let Some(open) = &self.open else {
            return proxy::knock(self.storage, self.way, limit).await;
        };
        match greeting(open.address, &self.way.host, limit).await {
            Err(_) => Heard::Nobody,
            Ok(Greeting::Http) => Heard::Somebody,
            Ok(what) if self.wants_tls().await => {
                drop(what);
                let port = self.way.port;
                Heard::Broken(CheckKind::Tls, Finding::TlsWanted { port })
            }
            Ok(Greeting::Other(says)) => {
                let (host, port) = (self.way.host.clone(), self.way.port);
                Heard::Broken(CheckKind::Tcp, Finding::NotHttp { host, port, says })
            }
            // Why it hangs up or complains, the questions tell.
            Ok(Greeting::Complaint | Greeting::HungUp) => Heard::Somebody,
        }
    }

    async fn wants_tls(&self) -> bool {
        matches!(
            self.storage.shake_hands(STEP).await,
            Ok(_)
                | Err(TlsFault::UnknownIssuer
                    | TlsFault::Expired { .. }
                    | TlsFault::NotYetValid { .. }
                    | TlsFault::WrongHost { .. })
        )
    }

    /// Tells what was heard.
    ///
    /// # Errors
    /// The check that failed; no question has an answer then.
    pub(super) fn tell(self, heard: Heard, board: &Board<'_>) -> Result<(), CheckKind> {
        let broken = match heard {
            Heard::Somebody => None,
            Heard::Broken(kind, finding) => Some((kind, finding)),
            Heard::Nobody => Some(self.nobody()),
        };
        // The port is good as soon as anybody is behind it.
        if let Some(open) = self.open
            && !matches!(broken, Some((CheckKind::Tcp, _)))
        {
            board.tell(CheckKind::Tcp, open.finding, Some(open.took_ms));
        }
        let Some((kind, finding)) = broken else {
            let is_local = is_local(&self.way.host);
            board.tell(CheckKind::Tls, Finding::NotEncrypted { is_local }, None);
            return Ok(());
        };
        board.tell(kind, finding, None);
        Err(kind)
    }

    fn nobody(&self) -> (CheckKind, Finding) {
        if let Some(proxy) = &self.way.proxy {
            return (CheckKind::Proxy, proxy::silence(proxy));
        }
        let (host, port) = (self.way.host.clone(), self.way.port);
        (CheckKind::Tcp, Finding::ServerMute { host, port })
    }
}

fn is_local(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_computer_is_known_by_its_names() {
        for host in ["localhost", "b.localhost", "127.0.0.1", "::1"] {
            assert!(is_local(host), "{host}");
        }
        assert!(!is_local("10.0.0.1") && !is_local("localhost.example"));
    }
}
