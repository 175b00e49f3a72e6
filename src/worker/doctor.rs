//! Runs examinations: secrets from the keyring, the surroundings as they are now, then the doctor, whose news go out
//! as they come.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use super::hub::{Cancellable, Hub};
use super::messages::Event;
use super::settings::with_secrets;
use crate::doctor::permissions::Journal;
use crate::doctor::{self, Patient, probe};
use crate::domain::diagnosis::{DoctorNews, Examination, WriteTest};
use crate::domain::{Ticket, Timestamp};
use crate::settings::{Connection, Values};
use crate::storage::Storage;

/// Whom to examine.
pub(super) struct Whom<'a> {
    /// The connection.
    pub connection: Connection,
    /// The connections it may be based on.
    pub others: &'a [Connection],
    /// Only its credentials are in question, where it names no bucket.
    pub keys_only: bool,
}

pub(super) async fn examine(hub: &Arc<Hub>, ticket: Ticket, whom: Whom<'_>, cancel: &Cancellable) {
    let (begun, waited_ms) = (Instant::now(), hub.asks().waited_ms());
    let patient = tokio::select! {
        () = cancel.token.cancelled() => None,
        patient = gather(hub, whom.connection, whom.others) => patient,
    };
    let patient = patient.map(|patient| {
        if whom.keys_only {
            patient.about_keys()
        } else {
            patient
        }
    });
    if let Some(patient) = &patient {
        let (tell, told) = telling(hub, ticket);
        let examined = async move {
            doctor::examine(patient, &tell, &cancel.token).await;
        };
        tokio::join!(examined, told);
    }
    let finished = (patient.is_some() && !cancel.token.is_cancelled()).then(|| Examination {
        at: Timestamp::now(),
        took_ms: u64::try_from(begun.elapsed().as_millis())
            .unwrap_or(u64::MAX)
            .saturating_sub(hub.asks().waited_ms() - waited_ms),
    });
    hub.tell(Event::ExaminationEnded { ticket, finished }).await;
}

/// Takes pieces as they are found, and the work that sends them on until nobody finds any more.
fn telling(
    hub: &Arc<Hub>,
    ticket: Ticket,
) -> (
    impl Fn(DoctorNews) + Send + Sync + 'static,
    impl Future<Output = ()> + 'static,
) {
    // Not bounded: an examination has a few dozen pieces.
    let (say, mut heard) = mpsc::unbounded_channel::<DoctorNews>();
    let tell = move |news| {
        // The listener lives as long as this sender.
        let _heard = say.send(news);
    };
    let hub = Arc::clone(hub);
    let told = async move {
        while let Some(news) = heard.recv().await {
            let news = Box::new(news);
            hub.tell_soon(Event::Examined { ticket, news }).await;
        }
    };
    (tell, told)
}

/// Writes one object and removes it. Not dropped when it is cancelled: it cleans up and ends.
pub(super) async fn test_writing(
    hub: &Arc<Hub>,
    ticket: Ticket,
    connection: Connection,
    others: &[Connection],
    wish: WriteTest,
    cancel: &Cancellable,
) {
    if let Some(patient) = gather(hub, connection, others).await {
        let is_builtin = match &patient.storage {
            Ok(storage) => is_builtin(hub, storage).await,
            Err(_) => false,
        };
        let journal = journal(hub);
        let (tell, told) = telling(hub, ticket);
        let tested = async move {
            let token = &cancel.token;
            probe::test_writing(&patient, (&journal, is_builtin), wish, &tell, token).await;
        };
        tokio::join!(tested, told);
    }
    hub.tell(Event::WritingTested { ticket }).await;
}

/// Where write tests leave their records.
fn journal(hub: &Hub) -> Journal {
    Journal::in_folder(hub.folders.write_tests())
}

/// True when a storage leads to the built-in bucket.
async fn is_builtin(hub: &Hub, storage: &Storage) -> bool {
    let builtin = hub.builtin().lock().await;
    let own = builtin.as_ref().map(|server| server.endpoint().to_owned());
    own.is_some() && own == storage.endpoint_url().ok()
}

/// Removes what a write test in this bucket left behind when the program died.
pub(super) async fn clean_up(hub: &Arc<Hub>, storage: &Storage) {
    let journal = journal(hub);
    let place = probe::place_of(storage, is_builtin(hub, storage).await);
    if journal.has_left_at(&place) {
        // What cannot be removed stays in the journal, and the next test tells of it.
        let _left = probe::clean_up(storage, &place, &journal).await;
    }
}

/// Everything about the connection; `None` when the work died.
async fn gather(hub: &Arc<Hub>, connection: Connection, others: &[Connection]) -> Option<Patient> {
    let (chain, orphaned) = match Patient::parents_of(&connection, others) {
        Ok(chain) => (chain, None),
        Err(problem) => (Vec::new(), Some(problem)),
    };
    // Secrets that the keyring did not give are missed by the settings themselves, each at its option.
    let (connection, chain, _missed) = with_secrets(hub, connection, chain).await?;
    let environment = hub.environment().await;
    let parents = orphaned.map_or(Ok(chain), Err);
    let world = hub.world_of(&connection);
    let patient = Patient::new(
        connection,
        parents,
        Values::default(),
        environment,
        world,
        Timestamp::now(),
    )
    .await;
    if let Ok(storage) = &patient.storage {
        hub.keep_examined(patient.connection.id.clone(), storage);
    }
    Some(patient)
}
