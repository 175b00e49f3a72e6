//! All questions at once; what is known after each answer is told, as soon as it is known that somebody is there.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::board::Board;
use super::conclude::conclude;
use super::door::{Door, Heard};
use super::facts::{Asked, Facts, Place};
use super::{Ground, late};
use crate::doctor::ground::Fetched;
use crate::domain::diagnosis::{CheckKind, Finding, NoRegion, Skip};
use crate::domain::{ErrorKind, Operation, StorageError};
use crate::storage::probe::{Probe, Way};
use crate::storage::{Identity, Storage};

/// How long the questions let the door go first: mostly that is enough to know who is there.
const HEAD_START: Duration = Duration::from_millis(500);

/// How long a server may take before it is asked twice at once what it is mostly asked one after the other.
const PATIENCE: Duration = Duration::from_secs(1);

/// A proof that comes at the last moment is waited for.
const A_MOMENT: Duration = Duration::from_millis(100);

/// Questions and what came of them.
struct Round<'a> {
    storage: &'a Storage,
    facts: Mutex<Facts>,
    board: &'a Board<'a>,
    /// When answers are no longer waited for.
    until: Mutex<Instant>,
    /// Somebody is behind the door: what the questions came to may be told.
    open: watch::Sender<bool>,
    /// S3 itself has answered.
    proven: watch::Sender<bool>,
}

/// Asks everything and tells every light that can be known. Without a door it is known that somebody is there.
pub(super) async fn ask(
    ground: &Ground<'_>,
    (storage, asked): (&Storage, Asked),
    (way, door): (&Way, Option<Door<'_>>),
    board: &Board<'_>,
    until: Instant,
) {
    let round = Round {
        storage,
        facts: Mutex::new(Facts::new(storage, way, asked)),
        board,
        until: Mutex::new(until),
        open: watch::Sender::new(false),
        proven: watch::Sender::new(false),
    };
    let Some(door) = door else {
        ground.tell_way(true);
        round.open();
        return Box::pin(round.questions(ground)).await;
    };
    let opening = async {
        let limit = until + A_MOMENT - Instant::now();
        let heard = tokio::select! {
            heard = door.knock(limit) => heard,
            () = happens(&round.proven) => Heard::Somebody,
        };
        let heard = match heard {
            Heard::Nobody if round.look(Facts::somebody_spoke) => Heard::Somebody,
            heard => heard,
        };
        door.tell(heard, board)?;
        ground.tell_way(true);
        round.open();
        Ok(())
    };
    let asking = async {
        let opened = happens(&round.open);
        // Late or not, it is asked now.
        let _in_time = tokio::time::timeout(HEAD_START, opened).await.is_ok();
        Box::pin(round.questions(ground)).await;
        Ok(())
    };
    if let Err(broken) = tokio::try_join!(opening, asking) {
        board.skip_rest(Skip::After(broken));
    }
}

/// Waits until it is so.
async fn happens(what: &watch::Sender<bool>) {
    // Its sender lives as long as the round.
    let _seen = what.subscribe().wait_for(|is_so| *is_so).await.is_ok();
}

async fn credentials(ground: &Ground<'_>) -> Result<Identity, Arc<StorageError>> {
    match ground.fetched().await {
        Some(Fetched::Identity(identity)) => Ok(identity),
        Some(Fetched::Failed(failure)) => Err(failure),
        Some(Fetched::Late(_)) | None => Err(Arc::new(late(Operation::Connect))),
    }
}

/// What stands for an answer that did not come.
fn silence<T>(operation: Operation, since: Instant) -> Probe<T> {
    Probe {
        took: since.elapsed(),
        ahead_secs: None,
        own_time: false,
        result: Err(late(operation)),
    }
}

impl Round<'_> {
    async fn questions(&self, ground: &Ground<'_>) {
        let (has_bucket, prefix) = self.look(|facts| {
            let known = &facts.known;
            (known.bucket.is_some(), known.prefix.clone())
        });
        let began = Instant::now();
        match credentials(ground).await {
            Ok(identity) => {
                let is_long_term = identity.access_key_masked.starts_with("AKIA");
                self.take(|facts| facts.known.is_long_term = is_long_term);
            }
            Err(failure) => {
                happens(&self.open).await;
                self.take(|facts| facts.unsigned = Some(failure));
                return self.board.skip_rest(Skip::After(CheckKind::Caller));
            }
        }
        // What a program, a service or a person took for the keys is not the server's.
        *(self.until.lock().unwrap_or_else(PoisonError::into_inner)) += began.elapsed();
        let about_bucket = async {
            if has_bucket {
                tokio::join!(self.region(), self.listing(&prefix), self.other(&prefix));
            }
        };
        tokio::join!(self.caller(), self.buckets(), about_bucket);
    }

    /// Gives up on an answer that does not come.
    async fn in_time<T>(
        &self,
        operation: Operation,
        asking: impl Future<Output = Probe<T>>,
    ) -> Probe<T> {
        let began = Instant::now();
        let probe = tokio::time::timeout_at(self.until(), asking).await;
        probe.unwrap_or_else(|_| silence(operation, began))
    }

    fn until(&self) -> Instant {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody is there, so that what came may be told.
    fn open(&self) {
        self.open.send_replace(true);
        if self.look(|facts| facts.known.bucket.is_none()) {
            let nowhere = Finding::Skipped(Skip::NoBucket);
            self.board.tell(CheckKind::Style, nowhere, None);
        }
        self.take(|_| {});
    }

    fn look<T>(&self, read: impl FnOnce(&Facts) -> T) -> T {
        read(&self.facts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes an answer in and tells what is known now.
    fn take(&self, write: impl FnOnce(&mut Facts)) {
        let mut facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        write(&mut facts);
        if facts.s3_spoke() {
            self.proven.send_replace(true);
        }
        if !*self.open.borrow() {
            return;
        }
        for kind in CheckKind::ALL {
            if !self.board.is_told(kind)
                && let Some((finding, took_ms)) = conclude(kind, &facts)
            {
                self.board.tell(kind, finding, took_ms);
            }
        }
    }

    async fn caller(&self) {
        if self.storage.is_anonymous() || self.look(|facts| facts.known.lacks_sts) {
            return;
        }
        let probe = self
            .in_time(Operation::Connect, self.storage.ask_caller())
            .await;
        self.take(|facts| facts.caller = Some(probe));
    }

    async fn buckets(&self) {
        let probe = self
            .in_time(Operation::ListBuckets, self.storage.ask_buckets())
            .await;
        self.take(|facts| facts.buckets = Some(probe));
    }

    async fn listing(&self, prefix: &str) {
        let probe = self
            .in_time(Operation::List, self.storage.ask_one_key(prefix))
            .await;
        self.take(|facts| facts.list = Some(probe));
    }

    async fn other(&self, prefix: &str) {
        // Where nobody answers there, that style does not work; it is no failure of its own.
        let began = Instant::now();
        let asking = self.storage.ask_one_key_otherwise(prefix);
        let other = tokio::time::timeout_at(self.until(), asking).await;
        let probe = other.unwrap_or_else(|_| Some(silence(Operation::List, began)));
        self.take(|facts| facts.other = Some(probe));
    }

    async fn region(&self) {
        let location = || self.in_time(Operation::Head, self.storage.ask_location());
        let head = self.in_time(Operation::Head, self.storage.ask_bucket());
        let mut head = std::pin::pin!(head);
        let soon = tokio::time::timeout(PATIENCE, head.as_mut()).await;
        // A server that takes its time has none left for one question after the other.
        let (head, beside) = match soon {
            Ok(head) => (head, None),
            Err(_) => {
                let (head, place) = tokio::join!(head, location());
                (head, Some(place))
            }
        };
        let told = match &head.result {
            Ok(region) => region.is_some(),
            Err(failure) => failure.region.is_some() || failure.status.is_none(),
        };
        if !told {
            let location = match beside {
                Some(answer) => answer,
                None => location().await,
            };
            self.take(|facts| facts.location = Some(place_of(location.result)));
        }
        self.take(|facts| facts.head = Some(head));
    }
}

/// What an answer about the bucket's location says.
fn place_of(answer: Result<Option<String>, StorageError>) -> Place {
    Place::Untold(match answer {
        Ok(Some(region)) => return Place::Named(region),
        Ok(None) => NoRegion::Empty,
        Err(failure) => match failure.kind {
            ErrorKind::AccessDenied => NoRegion::Denied,
            ErrorKind::Unsupported => NoRegion::Unsupported,
            _ => NoRegion::Failed,
        },
    })
}
