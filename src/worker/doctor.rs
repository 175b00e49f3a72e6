//! Runs examinations: secrets from the keyring, the surroundings as they are now, then the doctor, whose news go out
//! as they come.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use super::hub::{Cancellable, Hub};
use super::messages::Event;
use super::settings::with_secrets;
use crate::doctor::{self, Patient};
use crate::domain::diagnosis::{DoctorNews, Examination};
use crate::domain::{Ticket, Timestamp};
use crate::settings::{Connection, Values};

pub(super) async fn examine(
    hub: &Arc<Hub>,
    ticket: Ticket,
    connection: Connection,
    others: &[Connection],
    cancel: &Cancellable,
) {
    let begun = Instant::now();
    let patient = tokio::select! {
        () = cancel.token.cancelled() => None,
        patient = gather(hub, connection, others) => patient,
    };
    if let Some(patient) = &patient {
        // Not bounded: an examination has a few dozen pieces.
        let (say, mut heard) = mpsc::unbounded_channel::<DoctorNews>();
        let examined = async move {
            let tell = move |news| {
                // The listener below lives as long as this sender.
                let _heard = say.send(news);
            };
            doctor::examine(patient, &tell, &cancel.token).await;
        };
        let told = async {
            while let Some(news) = heard.recv().await {
                let news = Box::new(news);
                hub.tell_soon(Event::Examined { ticket, news }).await;
            }
        };
        tokio::join!(examined, told);
    }
    let finished = (patient.is_some() && !cancel.token.is_cancelled()).then(|| Examination {
        at: Timestamp::now(),
        took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    });
    hub.tell(Event::ExaminationEnded { ticket, finished }).await;
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
    let world = hub.world(&connection.name);
    Some(
        Patient::new(
            connection,
            parents,
            Values::default(),
            environment,
            world,
            Timestamp::now(),
        )
        .await,
    )
}
