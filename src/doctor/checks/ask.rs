//! All questions at once; what is known after each answer is told.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::board::Board;
use super::conclude::conclude;
use super::facts::{Asked, Facts, Place};
use super::{Ground, late};
use crate::doctor::ground::Fetched;
use crate::domain::diagnosis::{CheckKind, Finding, NoRegion, Skip};
use crate::domain::{ErrorKind, Operation, StorageError};
use crate::storage::probe::{Probe, Way};
use crate::storage::{Identity, Storage};

/// How long credentials may take that have to be fetched.
const CREDENTIALS: Duration = Duration::from_secs(4);

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(4);

/// Questions and what came of them.
struct Round<'a> {
    storage: &'a Storage,
    facts: Mutex<Facts>,
    board: &'a Board<'a>,
}

/// Asks everything and tells every light that can be known.
pub(super) async fn ask(
    ground: &Ground<'_>,
    (storage, asked): (&Storage, Asked),
    way: &Way,
    board: &Board<'_>,
) {
    let round = Round {
        storage,
        facts: Mutex::new(Facts::new(storage, way, asked)),
        board,
    };
    let (has_bucket, prefix) = round.look(|facts| {
        let known = &facts.known;
        (known.bucket.is_some(), known.prefix.clone())
    });
    if !has_bucket {
        board.tell(CheckKind::Style, Finding::Skipped(Skip::NoBucket), None);
    }
    match credentials(ground).await {
        Ok(identity) => {
            let is_long_term = identity.access_key_masked.starts_with("AKIA");
            round.take(|facts| facts.known.is_long_term = is_long_term);
        }
        Err(failure) => {
            round.take(|facts| facts.unsigned = Some(failure));
            return board.skip_rest(Skip::After(CheckKind::Caller));
        }
    }
    let about_bucket = async {
        if has_bucket {
            tokio::join!(round.region(), round.listing(&prefix), round.other(&prefix));
        }
    };
    tokio::join!(round.caller(), round.buckets(), about_bucket);
}

async fn credentials(ground: &Ground<'_>) -> Result<Identity, Arc<StorageError>> {
    match tokio::time::timeout(CREDENTIALS + ground.person, ground.fetched()).await {
        Ok(Some(Fetched::Identity(identity))) => Ok(identity),
        Ok(Some(Fetched::Failed(failure))) => Err(failure),
        Ok(Some(Fetched::Late(_)) | None) | Err(_) => Err(Arc::new(late(Operation::Connect))),
    }
}

/// Gives up on an answer that does not come.
async fn in_time<T>(operation: Operation, asking: impl Future<Output = Probe<T>>) -> Probe<T> {
    match tokio::time::timeout(ANSWER, asking).await {
        Ok(probe) => probe,
        Err(_) => Probe {
            took: ANSWER,
            ahead_secs: None,
            result: Err(late(operation)),
        },
    }
}

impl Round<'_> {
    fn look<T>(&self, read: impl FnOnce(&Facts) -> T) -> T {
        read(&self.facts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes an answer in and tells what is known now.
    fn take(&self, write: impl FnOnce(&mut Facts)) {
        let mut facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        write(&mut facts);
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
        let probe = in_time(Operation::Connect, self.storage.ask_caller()).await;
        self.take(|facts| facts.caller = Some(probe));
    }

    async fn buckets(&self) {
        let probe = in_time(Operation::ListBuckets, self.storage.ask_buckets()).await;
        self.take(|facts| facts.buckets = Some(probe));
    }

    async fn listing(&self, prefix: &str) {
        let probe = in_time(Operation::List, self.storage.ask_one_key(prefix)).await;
        self.take(|facts| facts.list = Some(probe));
    }

    async fn other(&self, prefix: &str) {
        let asking = self.storage.ask_one_key_otherwise(prefix);
        // Where nobody answers there, that style does not work; it is no failure of its own.
        let other = tokio::time::timeout(ANSWER, asking).await;
        let probe = other.unwrap_or_else(|_| {
            Some(Probe {
                took: ANSWER,
                ahead_secs: None,
                result: Err(late(Operation::List)),
            })
        });
        self.take(|facts| facts.other = Some(probe));
    }

    async fn region(&self) {
        let head = in_time(Operation::Head, self.storage.ask_bucket()).await;
        let told = match &head.result {
            Ok(region) => region.is_some(),
            Err(failure) => failure.region.is_some() || failure.status.is_none(),
        };
        if !told {
            let location = in_time(Operation::Head, self.storage.ask_location()).await;
            let place = place_of(location.result);
            self.take(|facts| facts.location = Some(place));
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
