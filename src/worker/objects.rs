//! Commands on single objects: inspect, link, delete, rename, new folder.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::domain::{Key, Prefix, SignedLink, StorageError, Ticket, Timestamp};
use crate::settings::ConnectionId;
use crate::storage::LinkRequest;

use super::hub::{Cancellable, Hub};
use super::messages::Event;

/// How long the cursor must rest on an object before its headers are asked for.
const REST: Duration = Duration::from_millis(90);

pub(super) async fn inspect(
    hub: &Arc<Hub>,
    ticket: Ticket,
    id: &ConnectionId,
    bucket: &str,
    key: &Key,
    cancel: &Cancellable,
) {
    let answer = async {
        tokio::time::sleep(REST).await;
        hub.storage(id, bucket)?.head(key).await
    };
    let result = tokio::select! {
        // The cursor has moved on; nobody waits for this ticket any more.
        () = cancel.token.cancelled() => Err(StorageError::cancelled(crate::domain::Operation::Head, key.as_str())),
        result = answer => result,
    };
    hub.tell(Event::Inspected {
        ticket,
        result: result.map(Box::new),
    })
    .await;
}

pub(super) async fn sign_links(
    hub: &Arc<Hub>,
    ticket: Ticket,
    id: &ConnectionId,
    bucket: &str,
    keys: &[Key],
    expires_secs: i64,
) {
    let result = async {
        let storage = hub.storage(id, bucket)?;
        let now = Timestamp::now();
        let mut links: Vec<SignedLink> = Vec::with_capacity(keys.len());
        for key in keys {
            let request = LinkRequest {
                expires_secs: Some(expires_secs),
                ..LinkRequest::new(key.clone())
            };
            links.push(storage.sign_link(&request, now).await?);
        }
        Ok(links)
    }
    .await;
    hub.tell(Event::LinksSigned { ticket, result }).await;
}

/// How often the window hears how far a deletion is.
const TELL_EVERY: Duration = Duration::from_millis(150);

pub(super) async fn delete(
    hub: &Arc<Hub>,
    ticket: Ticket,
    id: &ConnectionId,
    bucket: &str,
    keys: &[Key],
    cancel: &Cancellable,
) {
    let (failures, left) = match hub.storage(id, bucket) {
        Err(error) => (vec![(Key::default(), error)], keys.len().saturating_sub(1)),
        Ok(storage) => {
            let through = AtomicUsize::new(0);
            let mut go_on = |now: usize| {
                through.store(now, Ordering::Relaxed);
                !cancel.token.is_cancelled()
            };
            let mut work = std::pin::pin!(storage.delete_while(keys, &mut go_on));
            let mut told = 0;
            let deleted = loop {
                tokio::select! {
                    deleted = &mut work => break deleted,
                    () = tokio::time::sleep(TELL_EVERY) => {}
                }
                let now = through.load(Ordering::Relaxed);
                if now > told {
                    told = now;
                    let moved = Event::DeletionMoved {
                        ticket,
                        through: now,
                    };
                    hub.tell_soon(moved).await;
                }
            };
            (deleted.failures, deleted.left)
        }
    };
    hub.tell(Event::ObjectsDeleted {
        ticket,
        failures,
        left,
    })
    .await;
}

pub(super) async fn create_folder(
    hub: &Arc<Hub>,
    ticket: Ticket,
    id: &ConnectionId,
    bucket: &str,
    prefix: Prefix,
) {
    let result = async { hub.storage(id, bucket)?.create_folder(&prefix).await }.await;
    hub.tell(Event::FolderCreated {
        ticket,
        prefix,
        result,
    })
    .await;
}

pub(super) async fn rename(
    hub: &Arc<Hub>,
    ticket: Ticket,
    id: &ConnectionId,
    bucket: &str,
    from: &Key,
    to: Key,
) {
    let result = async { hub.storage(id, bucket)?.rename(from, &to).await }.await;
    hub.tell(Event::Renamed { ticket, to, result }).await;
}
