//! What an examination stands on: somebody who signs, and a way to the server.
//!
//! The credentials are fetched once, by [`Ground::fetch`], and whoever needs to know what came of it waits for that.
//! The checks tell whether there is a way. What asks the server without finding out why it does not answer
//! ([`super::probe`]) sends nothing before both are known to be there ([`Ground::holds`]).

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::{Patient, ladder};
use crate::domain::diagnosis::Untested;
use crate::domain::{CredentialSpec, ErrorKind, Operation, StorageError};
use crate::storage::{Identity, Storage};

/// How long a person may take to type the code of an MFA device, mistakes included.
const PERSON: Duration = Duration::from_secs(900);

/// How long a code that is being used may keep work that was stopped.
const SPENDING: Duration = Duration::from_secs(5);

/// What came of fetching the credentials.
#[derive(Clone, Debug)]
pub(super) enum Fetched {
    /// Who signs.
    Identity(Identity),
    /// Why nobody does.
    Failed(Arc<StorageError>),
    /// Nothing came within this time.
    Late(Duration),
}

/// What the parts of one examination share.
pub(super) struct Ground<'a> {
    storage: Option<&'a Storage>,
    has_half: bool,
    /// How long the credentials may take.
    pub(super) limit: Duration,
    fetched: watch::Sender<Option<Fetched>>,
    has_way: watch::Sender<Option<bool>>,
}

impl<'a> Ground<'a> {
    /// Of which nothing is known yet. Asks nobody.
    pub(super) fn new(patient: &'a Patient) -> Self {
        Self {
            storage: patient.storage.as_ref().ok(),
            has_half: signs_with_half(patient),
            limit: limit(patient),
            fetched: watch::Sender::new(None),
            has_way: watch::Sender::new(None),
        }
    }

    /// Fetches the credentials, for all.
    pub(super) async fn fetch(&self) {
        let Some(storage) = self.storage else {
            return;
        };
        if self.has_half {
            let half = StorageError::new(Operation::Connect, ErrorKind::NoCredentials, "");
            let failed = Fetched::Failed(Arc::new(half.with_message("half a pair")));
            self.fetched.send_replace(Some(failed));
            return;
        }
        let fetched = match tokio::time::timeout(self.limit, storage.identity()).await {
            Ok(Ok(identity)) => Fetched::Identity(identity),
            Ok(Err(failure)) => Fetched::Failed(Arc::new(failure)),
            Err(_) => Fetched::Late(self.limit),
        };
        self.fetched.send_replace(Some(fetched));
    }

    /// What came of fetching the credentials, as soon as it is known; `None` where there is no storage that could.
    pub(super) async fn fetched(&self) -> Option<Fetched> {
        self.storage?;
        known(&self.fetched).await
    }

    /// Tells whether the server can be reached. The first word counts.
    pub(super) fn tell_way(&self, there: bool) {
        self.has_way.send_if_modified(|known| {
            let first = known.is_none();
            if first {
                *known = Some(there);
            }
            first
        });
    }

    /// Waits until requests can be sent that are more than a try to get through.
    ///
    /// # Errors
    /// Why none is to be sent.
    pub(super) async fn holds(&self) -> Result<(), Untested> {
        if known(&self.has_way).await != Some(true) {
            return Err(Untested::NoWay);
        }
        match self.fetched().await {
            Some(Fetched::Identity(_)) => Ok(()),
            _ => Err(Untested::NoCredentials),
        }
    }
}

/// Work that was stopped while it used a code of a person goes on until that is done: the code works only once, and its
/// keys serve whoever needs them next.
pub async fn spend_code(storage: &Storage, fetch: impl Future) {
    if storage.spends_code() {
        let _in_time = tokio::time::timeout(SPENDING, fetch).await.is_ok();
    }
}

/// A key id whose secret is nowhere. Django signs with the word `None` then, which no server takes and of which none needs
/// to hear.
pub(super) fn signs_with_half(patient: &Patient) -> bool {
    let resolved = &patient.inspected.resolved;
    matches!(resolved.config.credentials, CredentialSpec::Keys { .. }) && resolved.keys.is_half()
}

/// How long the credentials may take.
pub(super) fn limit(patient: &Patient) -> Duration {
    ladder::limit(patient) + person(patient)
}

/// How much longer everything may take because a person has to be waited for.
fn person(patient: &Patient) -> Duration {
    let storage = patient.storage.as_ref();
    let asks = patient.world.has_person() && storage.is_ok_and(Storage::asks_for_code);
    if asks { PERSON } else { Duration::ZERO }
}

/// The value, as soon as there is one.
async fn known<T: Clone>(place: &watch::Sender<Option<T>>) -> Option<T> {
    let mut seen = place.subscribe();
    // Its sender lives as long as the ground.
    let there = seen.wait_for(Option::is_some).await.ok()?;
    there.clone()
}

/// What stands for an answer that did not come.
pub(super) fn late(operation: Operation) -> StorageError {
    StorageError::new(operation, ErrorKind::TimedOut, "").with_message("no answer in time")
}
