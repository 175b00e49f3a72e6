//! Secrets that the keyring did not take are offered to it again: after each save, and now and then while some wait, so
//! that a keyring that appears late needs no restart and no typing.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::domain::Timestamp;
use crate::settings::file::{Change, ConnectionsFile};
use crate::settings::secrets::VaultStatus;
use crate::settings::{ConnectionId, SecretSlot};

use super::hub::Hub;
use super::messages::Event;

/// How often the keyring is asked while secrets wait for it.
const AGAIN: Duration = Duration::from_secs(20);

/// Offers what waits now, and goes on in the background while something still does.
pub(super) async fn offer(hub: &Arc<Hub>) {
    if !offer_once(hub).await || hub.keyring_watched.swap(true, Ordering::AcqRel) {
        return;
    }
    let own = Arc::clone(hub);
    // Not one of the tasks that the end of the program waits for: it sleeps most of the time.
    drop(hub.runtime().spawn(async move {
        loop {
            tokio::time::sleep(AGAIN).await;
            if !offer_once(&own).await {
                break;
            }
        }
        own.keyring_watched.store(false, Ordering::Release);
    }));
}

/// True while secrets wait for a keyring that may still come.
async fn offer_once(hub: &Arc<Hub>) -> bool {
    let own = Arc::clone(hub);
    let Some((kept, waits)) = hub.blocking(move || flush(&own)).await else {
        return false;
    };
    if !kept.is_empty() {
        hub.tell(Event::SecretsKept(kept)).await;
        hub.tell(Event::VaultChanged(hub.vault.status())).await;
    }
    waits
}

fn flush(hub: &Hub) -> (Vec<(ConnectionId, SecretSlot)>, bool) {
    if !hub.vault.waiting() {
        return (Vec::new(), false);
    }
    match hub.vault.probe() {
        VaultStatus::Unlocked => {}
        VaultStatus::MemoryOnly => return (Vec::new(), false),
        // A locked one would show a window for the password that nobody has asked for.
        _ => return (Vec::new(), true),
    }
    let kept = hub.vault.flush();
    note(hub, &kept);
    (kept, hub.vault.waiting())
}

/// Writes into the file which secrets the keyring holds by now, so that the next start asks for them.
fn note(hub: &Hub, kept: &[(ConnectionId, SecretSlot)]) {
    let file = ConnectionsFile::new(&hub.folders);
    let now = Timestamp::now();
    let Ok(loaded) = file.load(now) else {
        return;
    };
    let changes: Vec<Change> = loaded
        .connections
        .into_iter()
        .filter_map(|before| {
            let mut after = before.clone();
            let own = kept.iter().filter(|(id, _)| *id == before.id);
            after.kept_secrets.extend(own.map(|(_, slot)| slot.clone()));
            (after != before).then(|| Change::Update {
                before: Box::new(before),
                after: Box::new(after),
            })
        })
        .collect();
    if !changes.is_empty() {
        // When the disk refuses, the secrets are asked for again after the next start, as if nothing had been kept.
        let _written = file.change(&changes, now).is_ok();
    }
}
