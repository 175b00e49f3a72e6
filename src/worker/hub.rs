//! What the tasks of the worker share: open connections, cancel signals, the transfer engine, the way out.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::builtin::Builtin;
use crate::domain::{ErrorKind, Operation, StorageError, Ticket};
use crate::settings::folders::Folders;
use crate::settings::secrets::Vault;
use crate::settings::{ConnectionId, Environment};
use crate::storage::Storage;
use crate::transfers::engine::Which;
use crate::transfers::{Engine, EngineHandle, Update};

use super::Waker;
use super::messages::Event;

/// Shared by all tasks.
pub(super) struct Hub {
    pub(super) folders: Folders,
    pub(super) vault: Vault,
    runtime: Handle,
    tasks: TaskTracker,
    events: mpsc::Sender<Event>,
    wake: Waker,
    storages: Mutex<HashMap<ConnectionId, Storage>>,
    running: Mutex<HashMap<Ticket, CancellationToken>>,
    inspecting: Mutex<CancellationToken>,
    arranging: Mutex<Arc<AtomicBool>>,
    builtin: tokio::sync::Mutex<Option<Builtin>>,
    engine: OnceLock<EngineHandle>,
    /// Transfers are on their way.
    busy: watch::Sender<bool>,
}

/// A poisoned lock only means that another task died while it held plain data; the data is still good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    pub(super) fn new(
        runtime: Handle,
        folders: Folders,
        events: mpsc::Sender<Event>,
        wake: Waker,
    ) -> Self {
        Self {
            folders,
            vault: Vault::system(),
            runtime,
            tasks: TaskTracker::new(),
            events,
            wake,
            storages: Mutex::default(),
            running: Mutex::default(),
            inspecting: Mutex::default(),
            arranging: Mutex::default(),
            builtin: tokio::sync::Mutex::default(),
            engine: OnceLock::new(),
            busy: watch::Sender::new(false),
        }
    }

    /// Starts a task.
    pub(super) fn spawn<F>(&self, task: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.tasks.spawn_on(task, &self.runtime)
    }

    /// Runs what blocks (disk, decoding, sorting) on a thread for it; `None` when it died.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        self.runtime.spawn_blocking(work).await.ok()
    }

    /// Sends an event and wakes the window at once. Waits while the window is behind.
    pub(super) async fn tell(&self, event: Event) {
        if self.events.send(event).await.is_ok() {
            (self.wake)(true);
        }
    }

    /// Sends an event of a stream of many: the window looks at it with its next frame.
    pub(super) async fn tell_soon(&self, event: Event) {
        if self.events.send(event).await.is_ok() {
            (self.wake)(false);
        }
    }

    /// Variables and shared files as they are now.
    pub(super) async fn environment(&self) -> Environment {
        self.blocking(Environment::capture)
            .await
            .unwrap_or_default()
    }

    /// The storage of an open connection, in this bucket.
    pub(super) fn storage(&self, id: &ConnectionId, bucket: &str) -> Result<Storage, StorageError> {
        let storages = lock(&self.storages);
        let storage = storages.get(id).ok_or_else(|| {
            StorageError::new(Operation::Connect, ErrorKind::Invalid, bucket)
                .with_message("the connection is closed")
        })?;
        Ok(if bucket.is_empty() {
            storage.clone()
        } else {
            storage.in_bucket(bucket)
        })
    }

    /// Keeps an open connection.
    pub(super) fn keep(&self, id: ConnectionId, storage: Storage) {
        lock(&self.storages).insert(id, storage);
    }

    /// Forgets an open connection.
    pub(super) fn forget(&self, id: &ConnectionId) {
        lock(&self.storages).remove(id);
    }

    /// A cancel signal for the work of a ticket; gone when the guard is dropped.
    pub(super) fn cancellable(self: &Arc<Self>, ticket: Ticket) -> Cancellable {
        let token = CancellationToken::new();
        lock(&self.running).insert(ticket, token.clone());
        Cancellable {
            hub: Arc::clone(self),
            ticket,
            token,
        }
    }

    /// Cancels the work of a ticket.
    pub(super) fn cancel(&self, ticket: Ticket) {
        if let Some(token) = lock(&self.running).get(&ticket) {
            token.cancel();
        }
    }

    /// The newest inspection cancels the one before, so that a held arrow key does not ask for every row.
    pub(super) fn newest_inspection(&self) -> CancellationToken {
        let token = CancellationToken::new();
        std::mem::replace(&mut *lock(&self.inspecting), token.clone()).cancel();
        token
    }

    /// The newest arrangement stops the one before.
    pub(super) fn newest_arrangement(&self, stop: Arc<AtomicBool>) {
        std::mem::replace(&mut *lock(&self.arranging), stop).store(true, Ordering::Relaxed);
    }

    /// The built-in bucket's place.
    pub(super) fn builtin(&self) -> &tokio::sync::Mutex<Option<Builtin>> {
        &self.builtin
    }

    /// The runtime, for what needs a handle of its own.
    pub(super) const fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// The transfer engine, started with its first use.
    pub(super) fn transfers(self: &Arc<Self>) -> &EngineHandle {
        self.engine.get_or_init(|| {
            // Not bounded: the engine speaks at most ten times a second and must not wait.
            let (said, mut heard) = mpsc::unbounded_channel::<Update>();
            let hub = Arc::clone(self);
            self.spawn(async move {
                while let Some(update) = heard.recv().await {
                    hub.busy.send_replace(update.totals.running > 0);
                    hub.tell_soon(Event::TransfersMoved(Box::new(update))).await;
                }
            });
            Engine::start(self.runtime.clone(), move |update| {
                // Nobody listens any more only when the program ends.
                let _ended = said.send(update);
            })
        })
    }

    /// Cancels all work and waits until unfinished uploads are taken back.
    pub(super) async fn shut_down(&self) {
        for token in lock(&self.running).values() {
            token.cancel();
        }
        if let Some(engine) = self.engine.get() {
            engine.cancel(Which::All);
            let mut busy = self.busy.subscribe();
            let _closed = busy.wait_for(|busy| !busy).await;
        }
        // What was asked for before the end, such as the window's memory, is still written.
        self.tasks.close();
        self.tasks.wait().await;
        drop(self.builtin.lock().await.take());
    }
}

/// The cancel signal of one ticket's work.
pub(super) struct Cancellable {
    hub: Arc<Hub>,
    ticket: Ticket,
    pub(super) token: CancellationToken,
}

impl Drop for Cancellable {
    fn drop(&mut self) {
        lock(&self.hub.running).remove(&self.ticket);
    }
}
