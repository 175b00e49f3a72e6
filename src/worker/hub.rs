//! What the tasks of the worker share: open connections, cancel signals, the transfer engine, the way out.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::builtin::Builtin;
use crate::domain::{ErrorKind, Operation, StorageError, Ticket};
use crate::settings::folders::Folders;
use crate::settings::{Connection, ConnectionId, Environment};
use crate::storage::{RequestLog, Storage, World};
use crate::transfers::{Engine, EngineHandle, Update};

use super::asks::{Asks, WindowAsks};
use super::messages::Event;
use super::{Secrets, Waker};

/// Shared by all tasks.
pub(super) struct Hub {
    pub(super) folders: Folders,
    pub(super) vault: Arc<dyn Secrets>,
    /// Every exchange with a server.
    pub(super) requests: RequestLog,
    runtime: Handle,
    tasks: TaskTracker,
    events: mpsc::Sender<Event>,
    wake: Waker,
    storages: Mutex<HashMap<ConnectionId, Storage>>,
    /// The storages of examinations for whose keys a person is asked for a code.
    examined: Mutex<HashMap<ConnectionId, Storage>>,
    running: Mutex<HashMap<Ticket, CancellationToken>>,
    inspecting: Mutex<CancellationToken>,
    arranging: Mutex<Arc<AtomicBool>>,
    builtin: tokio::sync::Mutex<Option<Builtin>>,
    engine: Mutex<Transfers>,
    /// Somebody waits for a keyring already.
    pub(super) keyring_watched: AtomicBool,
    asks: Arc<Asks>,
    world: World,
}

/// A poisoned lock only means that another task died while it held plain data; the data is still good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    pub(super) fn new(
        runtime: Handle,
        folders: Folders,
        vault: Arc<dyn Secrets>,
        (events, wake): (mpsc::Sender<Event>, Waker),
        world: World,
    ) -> Self {
        let asks = Asks::new(events.clone(), Arc::clone(&wake));
        let world = world.asking(Arc::new(WindowAsks(Arc::clone(&asks))));
        Self {
            asks,
            world,
            folders,
            vault,
            requests: RequestLog::default(),
            runtime,
            tasks: TaskTracker::new(),
            events,
            wake,
            storages: Mutex::default(),
            examined: Mutex::default(),
            running: Mutex::default(),
            inspecting: Mutex::default(),
            arranging: Mutex::default(),
            builtin: tokio::sync::Mutex::default(),
            engine: Mutex::default(),
            keyring_watched: AtomicBool::new(false),
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

    /// This computer as it is, with the person at the window to ask for codes, and with every exchange of a
    /// connection written down.
    pub(super) fn world(&self, connection: &str) -> World {
        self.world.clone().watched_by(&self.requests, connection)
    }

    /// The same for a connection, with the keys that codes of a person brought for it before.
    pub(super) fn world_of(&self, connection: &Connection) -> World {
        let mut world = self.world(&connection.name);
        for kept in [&self.storages, &self.examined] {
            if let Some(storage) = lock(kept).get(&connection.id) {
                world = world.with_keys_of(storage);
            }
        }
        world
    }

    /// Questions that wait for the person at the window.
    pub(super) fn asks(&self) -> &Asks {
        &self.asks
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

    /// Keeps what a connection was examined with, where a person is asked for a code: one code serves all that is done
    /// with the connection while its keys hold.
    pub(super) fn keep_examined(&self, id: ConnectionId, storage: &Storage) {
        if storage.asks_for_code() {
            lock(&self.examined).insert(id, storage.clone());
        }
    }

    /// Forgets an open connection.
    pub(super) fn forget(&self, id: &ConnectionId) {
        lock(&self.storages).remove(id);
        lock(&self.examined).remove(id);
    }

    /// A cancel signal for the work of a ticket; gone when the guard is dropped.
    pub(super) fn cancellable(self: &Arc<Self>, ticket: Ticket) -> Cancellable {
        let token = CancellationToken::new();
        lock(&self.running).insert(ticket, token.clone());
        Cancellable {
            hub: Arc::clone(self),
            ticket: Some(ticket),
            token,
        }
    }

    /// For work that goes to its end.
    pub(super) fn not_cancellable(self: &Arc<Self>) -> Cancellable {
        Cancellable {
            hub: Arc::clone(self),
            ticket: None,
            token: CancellationToken::new(),
        }
    }

    /// Cancels the work of a ticket.
    pub(super) fn cancel(&self, ticket: Ticket) {
        if let Some(token) = lock(&self.running).get(&ticket) {
            token.cancel();
        }
    }

    /// The newest inspection cancels the one before, so that a held arrow key does not ask for every row.
    pub(super) fn newest_inspection(self: &Arc<Self>) -> Cancellable {
        let newest = self.not_cancellable();
        std::mem::replace(&mut *lock(&self.inspecting), newest.token.clone()).cancel();
        newest
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

    /// The transfer engine, started with its first use; `None` when the program ends.
    pub(super) fn transfers(self: &Arc<Self>) -> Option<Arc<EngineHandle>> {
        let mut place = lock(&self.engine);
        match &*place {
            Transfers::Ended => return None,
            Transfers::Started(engine) => return Some(Arc::clone(engine)),
            Transfers::Unused => {}
        }
        // Not bounded: the engine speaks at most ten times a second and must not wait.
        let (said, mut heard) = mpsc::unbounded_channel::<Update>();
        let hub = Arc::clone(self);
        self.spawn(async move {
            while let Some(update) = heard.recv().await {
                hub.tell_soon(Event::TransfersMoved(Box::new(update))).await;
            }
        });
        let engine = Arc::new(Engine::start(self.runtime.clone(), move |update| {
            // Nobody listens any more only when the program ends.
            let _ended = said.send(update);
        }));
        *place = Transfers::Started(Arc::clone(&engine));
        Some(engine)
    }

    /// Cancels all work and waits until unfinished uploads are taken back.
    pub(super) async fn shut_down(&self) {
        for token in lock(&self.running).values() {
            token.cancel();
        }
        lock(&self.inspecting).cancel();
        self.asks.give_up();
        // Without its handle the engine cancels all jobs, lets them clean up and ends, and with it the task that listens.
        *lock(&self.engine) = Transfers::Ended;
        // What was asked for before the end, such as the window's memory, is still written.
        self.tasks.close();
        self.tasks.wait().await;
        drop(self.builtin.lock().await.take());
    }
}

/// The transfer engine's place.
#[derive(Default)]
enum Transfers {
    /// Nothing was transferred yet.
    #[default]
    Unused,
    /// It runs.
    Started(Arc<EngineHandle>),
    /// The program ends.
    Ended,
}

/// The cancel signal of one command's work.
pub(super) struct Cancellable {
    hub: Arc<Hub>,
    ticket: Option<Ticket>,
    pub(super) token: CancellationToken,
}

impl Drop for Cancellable {
    fn drop(&mut self) {
        if let Some(ticket) = &self.ticket {
            lock(&self.hub.running).remove(ticket);
        }
    }
}
