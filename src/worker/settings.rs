//! Commands about settings: read, save, open, test. Files and the keyring are asked on threads for what blocks.

use std::sync::Arc;

use crate::doctor::{self, Patient};
use crate::domain::{CredentialSpec, Operation, StorageConfig, StorageError, Ticket, Timestamp};
use crate::settings::file::{Change, ConnectionsFile, Loaded, load_window, save_window};
use crate::settings::memory::WindowMemory;
use crate::settings::secrets::{Kept, StoreFault};
use crate::settings::{Access, Connection, ConnectionId, Profiles, SecretSlot, Values, resolve};
use crate::storage::{ListRequest, Storage};

use super::hub::{Cancellable, Hub};
use super::messages::{Event, LoadedSettings, OpenError, Opened, SavedConnection};

pub(super) const DIED: &str = "the work stopped unexpectedly";
/// Django signs with the text `None` then, and the server speaks of a wrong signature.
const NO_SECRET: &str = "There is an access key id, but no secret key belongs to it. No keyring kept it, or it was never typed: type it in the settings.";

pub(super) async fn load(hub: &Arc<Hub>) {
    let folders = hub.folders.clone();
    let now = Timestamp::now();
    let read = hub.blocking(move || {
        let file = ConnectionsFile::new(&folders);
        let environment = crate::settings::Environment::capture();
        let profiles = Profiles::read(&environment);
        let memory = load_window(&folders);
        let (loaded, failure) = match file.load(now) {
            Ok(loaded) => (loaded, None),
            Err(error) => (Loaded::default(), Some(error.to_string())),
        };
        let path = file.path().to_owned();
        (loaded, failure, environment, profiles, memory, path)
    });
    let Some((loaded, failure, environment, profiles, memory, path)) = read.await else {
        let unread = Box::new(super::lost::unread());
        return hub.tell(Event::SettingsLoaded(unread)).await;
    };
    let vault = hub.vault.status();
    let Loaded {
        connections,
        notices,
    } = loaded;
    let loaded = LoadedSettings {
        connections,
        memory,
        environment,
        profiles,
        vault,
        notices,
        failure,
        path,
    };
    hub.tell(Event::SettingsLoaded(Box::new(loaded))).await;
    // The keyring may take seconds; nothing waits for it.
    let probed = Arc::clone(hub);
    if let Some(status) = hub.blocking(move || probed.vault.probe()).await {
        hub.tell(Event::VaultChanged(status)).await;
    }
}

pub(super) async fn save_memory(hub: &Arc<Hub>, memory: WindowMemory) {
    let folders = hub.folders.clone();
    // Only comfort is lost when this fails, and the next change tries again.
    let _written = hub
        .blocking(move || save_window(&folders, &memory).is_ok())
        .await;
}

pub(super) async fn save(hub: &Arc<Hub>, ticket: Ticket, connection: Connection) {
    let id = connection.id.clone();
    let own = Arc::clone(hub);
    let saved = hub.blocking(move || write(&own, connection)).await;
    let result = saved.unwrap_or_else(|| Err(DIED.to_owned())).map(Box::new);
    hub.tell(Event::ConnectionSaved { ticket, id, result })
        .await;
    hub.tell(Event::VaultChanged(hub.vault.status())).await;
    super::keyring::offer(hub).await;
}

/// Secrets go to the keyring first; what it does not take stays in memory for this run and never goes into the file.
fn write(hub: &Hub, mut connection: Connection) -> Result<SavedConnection, String> {
    let file = ConnectionsFile::new(&hub.folders);
    let now = Timestamp::now();
    let before = file.load(now).map_err(|error| error.to_string())?;
    if !before.can_be_saved() {
        return Err(
            "A newer version of the program wrote the settings; they are left as they are."
                .to_owned(),
        );
    }
    let old = before
        .connections
        .into_iter()
        .find(|own| own.id == connection.id);
    let dropped: Vec<SecretSlot> = old
        .iter()
        .flat_map(|old| &old.kept_secrets)
        .filter(|slot| !connection.kept_secrets.contains(slot))
        .cloned()
        .collect();
    let kept = hub.vault.keep(&mut connection, &dropped);
    let in_memory = kept
        .iter()
        .filter(|(_, kept)| matches!(kept, Kept::Memory(_)))
        .count();
    let warning = (in_memory > 0).then(|| {
        format!(
            "{}. Until a keyring takes them, type them again after each start.",
            hub.vault.status()
        )
    });
    let change = match old {
        Some(before) => Change::Update {
            before: Box::new(before),
            after: Box::new(connection.clone()),
        },
        None => Change::Put(Box::new(connection.clone())),
    };
    file.change(&[change], now)
        .map_err(|error| error.to_string())?;
    Ok(SavedConnection {
        connection,
        warning,
    })
}

pub(super) async fn remove(hub: &Arc<Hub>, ticket: Ticket, id: ConnectionId) {
    let (own, gone) = (Arc::clone(hub), id.clone());
    let removed = hub.blocking(move || {
        let file = ConnectionsFile::new(&own.folders);
        let now = Timestamp::now();
        let before = file.load(now).map_err(|error| error.to_string())?;
        let slots = before
            .connections
            .iter()
            .find(|connection| connection.id == gone);
        for slot in slots
            .into_iter()
            .flat_map(|connection| &connection.kept_secrets)
        {
            // A keyring that does not answer keeps an entry nobody refers to; it forgets it with its next answer.
            let _kept = own.vault.delete(&gone, slot);
        }
        file.change(&[Change::Remove(gone)], now)
            .map(|_| ())
            .map_err(|error| error.to_string())
    });
    let result = removed.await.unwrap_or_else(|| Err(DIED.to_owned()));
    hub.forget(&id);
    hub.tell(Event::ConnectionRemoved { ticket, id, result })
        .await;
}

pub(super) async fn start_builtin(hub: &Arc<Hub>, ticket: Ticket) {
    let mut place = hub.builtin().lock().await;
    if place.is_none() {
        let (runtime, folder) = (hub.runtime().clone(), hub.folders.builtin());
        let started = hub
            .blocking(move || crate::builtin::Builtin::start(&runtime, &folder))
            .await;
        match started {
            Some(Ok(builtin)) => *place = Some(builtin),
            Some(Err(error)) => {
                let result = Err(format!("The built-in bucket cannot start: {error}"));
                return hub.tell(Event::BuiltinStarted { ticket, result }).await;
            }
            None => {
                return hub
                    .tell(Event::BuiltinStarted {
                        ticket,
                        result: Err(DIED.to_owned()),
                    })
                    .await;
            }
        }
    }
    let Some(builtin) = place.as_ref() else {
        return;
    };
    let connection = Connection::to_builtin(&builtin.config());
    hub.tell(Event::BuiltinStarted {
        ticket,
        result: Ok(Box::new(connection)),
    })
    .await;
}

pub(super) async fn open(
    hub: &Arc<Hub>,
    ticket: Ticket,
    connection: Connection,
    others: &[Connection],
    cancel: &Cancellable,
) {
    let id = connection.id.clone();
    let may_write = connection.access != Access::ReadOnly;
    let result = connect(hub, connection, others, cancel).await;
    let mut way = None;
    let result = match result {
        Ok((storage, opened)) => {
            hub.keep(id.clone(), storage.clone());
            way = Some(storage).filter(|_| may_write);
            Ok(opened)
        }
        Err(error) => Err(error),
    };
    hub.tell(Event::ConnectionOpened { ticket, id, result })
        .await;
    if let Some(storage) = way {
        super::doctor::clean_up(hub, &storage).await;
    }
}

pub(super) async fn test(
    hub: &Arc<Hub>,
    ticket: Ticket,
    connection: Connection,
    others: &[Connection],
) {
    let cancel = hub.not_cancellable();
    let result = async {
        let (storage, opened) = connect(hub, connection, others, &cancel).await?;
        probe(&storage).await.map_err(OpenError::Storage)?;
        Ok(opened)
    }
    .await;
    hub.tell(Event::ConnectionTested { ticket, result }).await;
}

/// Takes the role that a connection has. The keys that a code brought serve whoever opens the connection next.
pub(super) async fn try_role(
    hub: &Arc<Hub>,
    ticket: Ticket,
    connection: Connection,
    others: &[Connection],
    cancel: &Cancellable,
) {
    let result = connect(hub, connection, others, cancel).await.map(drop);
    hub.tell(Event::RoleTried { ticket, result }).await;
}

/// Lists one key below the location, or the buckets where no bucket is named.
async fn probe(storage: &Storage) -> Result<(), StorageError> {
    struct Nothing;
    impl crate::domain::ListSink for Nothing {
        fn object(
            &mut self,
            _key: &str,
            _size: u64,
            _modified: Timestamp,
            _etag: &str,
            _class: &str,
        ) {
        }
        fn folder(&mut self, _prefix: &str) {}
    }
    if storage.config().bucket.is_none() {
        return storage.list_buckets().await.map(|_| ());
    }
    let prefix = storage.config().location.trim_start_matches('/').to_owned();
    let request = ListRequest {
        max_keys: 1,
        ..ListRequest::all(prefix)
    };
    storage.list_page(&request, &mut Nothing).await.map(|_| ())
}

/// A connection and what it is based on with the secrets of the keyring, and those that it did not give; `None` when
/// the work died.
pub(super) async fn with_secrets(
    hub: &Arc<Hub>,
    mut connection: Connection,
    mut parents: Vec<Connection>,
) -> Option<(Connection, Vec<Connection>, Vec<(SecretSlot, StoreFault)>)> {
    let own = Arc::clone(hub);
    hub.blocking(move || {
        let typed = connection.values.clone();
        let mut missed = own.vault.fill(&mut connection);
        // What was typed now is newer than what the keyring holds.
        connection.values.extend(typed);
        for parent in &mut parents {
            missed.extend(own.vault.fill(parent));
        }
        (connection, parents, missed)
    })
    .await
}

/// Secrets from the keyring, options resolved, credentials found. Work that is cancelled takes its questions back; a code
/// that is being used is used to its end.
async fn connect(
    hub: &Arc<Hub>,
    connection: Connection,
    others: &[Connection],
    cancel: &Cancellable,
) -> Result<(Storage, Opened), OpenError> {
    let stopped = StorageError::cancelled(Operation::Connect, connection.name.as_str());
    let prepared = tokio::select! {
        () = cancel.token.cancelled() => return Err(OpenError::Storage(stopped)),
        prepared = prepare(hub, connection, others) => prepared,
    };
    let (storage, config) = prepared?;
    let identity = {
        let mut fetch = std::pin::pin!(storage.identity());
        tokio::select! {
            () = cancel.token.cancelled() => {
                doctor::spend_code(&storage, fetch).await;
                Err(stopped)
            }
            identity = fetch.as_mut() => identity,
        }
    };
    let identity = identity.map_err(OpenError::Storage)?;
    let endpoint = storage.endpoint_url().map_err(OpenError::Storage)?;
    let opened = Opened {
        identity,
        bucket: config.bucket,
        location: config.location,
        link_secs: config.links.expires_secs,
        endpoint,
    };
    Ok((storage, opened))
}

/// What can be had without asking anybody for keys.
async fn prepare(
    hub: &Arc<Hub>,
    connection: Connection,
    others: &[Connection],
) -> Result<(Storage, StorageConfig), OpenError> {
    let parents = Patient::parents_of(&connection, others)
        .map_err(|problem| OpenError::Settings(vec![problem]))?;
    let filled = with_secrets(hub, connection, parents);
    let Some((connection, parents, missed)) = filled.await else {
        return Err(OpenError::Secrets(DIED.to_owned()));
    };
    if let Some((slot, _)) = missed.first() {
        let words = format!(
            "{} is in the keyring, but it cannot be read. {}.",
            slot.name(),
            hub.vault.status()
        );
        return Err(OpenError::Secrets(words));
    }
    let environment = hub.environment().await;
    let parents: Vec<&Connection> = parents.iter().collect();
    let resolved = resolve(&connection, &parents, &Values::default(), &environment)
        .map_err(OpenError::Settings)?;
    if let Some(problem) = resolved.stops_requests() {
        return Err(OpenError::Settings(vec![problem.clone()]));
    }
    if matches!(resolved.config.credentials, CredentialSpec::Keys { .. })
        && resolved.keys.secret_key.is_none()
    {
        return Err(OpenError::Secrets(NO_SECRET.to_owned()));
    }
    let world = hub.world_of(&connection);
    let config = resolved.config.clone();
    let storage = Storage::connect_in(resolved.config, world)
        .await
        .map_err(OpenError::Storage)?;
    hub.keep_examined(connection.id.clone(), &storage);
    Ok((storage, config))
}
