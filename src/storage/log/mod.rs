//! The log of every HTTP exchange, recorded where requests leave and answers arrive.
//!
//! [`RequestLog`] is a ring of the last [`KEPT`] exchanges, shared by all connections that are given it
//! ([`World::watched_by`](super::World::watched_by)). `recording` follows one exchange through its bodies, `naming`
//! finds the call's name, `kept` what of a request may be kept. A reader asks for what changed since it last asked, so
//! nothing is copied while nobody looks.

mod kept;
mod naming;
mod recording;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

pub(super) use self::recording::{Incoming, Outgoing, Recorder, as_try};
use crate::domain::diagnosis::Exchange;

/// How many exchanges are kept; older ones are forgotten.
pub const KEPT: usize = 2_000;

/// The last exchanges of the program. Clones are the same log.
#[derive(Clone, Debug)]
pub struct RequestLog(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    ring: Mutex<Ring>,
    /// The newest change, for those who wait for it.
    changed: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Ring {
    entries: VecDeque<Entry>,
    /// How many exchanges there were.
    count: u64,
    /// How many changes there were.
    version: u64,
}

#[derive(Debug)]
struct Entry {
    exchange: Exchange,
    /// The number of its last change.
    version: u64,
}

/// What changed in a log.
#[derive(Clone, Debug, Default)]
pub struct LogNews {
    /// Ask for what comes after this next time.
    pub version: u64,
    /// Exchanges that are new or changed, oldest first.
    pub exchanges: Vec<Exchange>,
}

impl Default for RequestLog {
    fn default() -> Self {
        Self(Arc::new(Inner {
            ring: Mutex::default(),
            changed: watch::Sender::new(0),
        }))
    }
}

impl RequestLog {
    /// What is new or has changed since a version; all of it since 0.
    #[must_use]
    pub fn since(&self, version: u64) -> LogNews {
        let ring = self.ring();
        let changed = ring.entries.iter().filter(|entry| entry.version > version);
        LogNews {
            version: ring.version,
            exchanges: changed.map(|entry| entry.exchange.clone()).collect(),
        }
    }

    /// Waits until there is something newer than a version.
    pub async fn changed_after(&self, version: u64) {
        let mut changes = self.0.changed.subscribe();
        // The sender lives in this very log, so this cannot fail.
        let waited = changes.wait_for(|newest| *newest > version).await;
        debug_assert!(waited.is_ok());
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        // Plain data stays good when another thread died while it held the lock.
        (self.0.ring.lock()).unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a new exchange in and gives it its number.
    fn add(&self, mut exchange: Exchange) -> u64 {
        let mut ring = self.ring();
        ring.count += 1;
        ring.version += 1;
        let (number, version) = (ring.count, ring.version);
        exchange.number = number;
        if ring.entries.len() == KEPT {
            ring.entries.pop_front();
        }
        ring.entries.push_back(Entry { exchange, version });
        drop(ring);
        self.0.changed.send_replace(version);
        number
    }

    /// Changes an exchange, unless it has been forgotten.
    fn change(&self, number: u64, change: impl FnOnce(&mut Exchange)) {
        let mut ring = self.ring();
        let first = ring.count - ring.entries.len() as u64 + 1;
        let Some(at) = number.checked_sub(first) else {
            return;
        };
        ring.version += 1;
        let version = ring.version;
        if let Some(entry) = ring.entries.get_mut(at as usize) {
            change(&mut entry.exchange);
            entry.version = version;
        }
        drop(ring);
        self.0.changed.send_replace(version);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::diagnosis::ExchangeEnd;

    #[test]
    fn old_exchanges_are_forgotten_and_only_changes_are_given() {
        let log = RequestLog::default();
        let blank = Exchange::blank(&Arc::from("c"));
        let numbers: Vec<u64> = (0..KEPT + 5).map(|_| log.add(blank.clone())).collect();
        let all = log.since(0);
        assert_eq!(all.exchanges.len(), KEPT);
        assert_eq!(all.exchanges[0].number, 6);
        assert!(log.since(all.version).exchanges.is_empty());

        log.change(numbers[0], |exchange| exchange.attempt = 9);
        log.change(numbers[20], |exchange| {
            exchange.end = ExchangeEnd::Answered(200);
        });
        let news = log.since(all.version);
        assert_eq!(news.exchanges.len(), 1, "the first one is forgotten");
        assert_eq!(news.exchanges[0].number, 21);
        assert_eq!(news.exchanges[0].status(), Some(200));
    }

    #[tokio::test]
    async fn a_reader_is_woken_by_what_is_new() {
        let log = RequestLog::default();
        let seen = log.since(0).version;
        let (own, blank) = (log.clone(), Exchange::blank(&Arc::from("c")));
        tokio::join!(log.changed_after(seen), async move {
            own.add(blank);
        });
        assert_eq!(log.since(seen).exchanges.len(), 1);
    }
}
