//! The bridge between the window and everything that waits: network, disk, keyring.
//!
//! The worker owns the only tokio runtime and is the only place that spawns. Commands go in over a bounded channel without
//! waiting; events come out over a bounded channel that the frame drains without waiting. Each command runs in a task of its
//! own, those that write settings one after the other; when such a task dies, its command still ends in its one final event.
//! `dispatch` does that. Dropping the worker cancels what runs, gives
//! unfinished uploads a few seconds to be taken back on the server, and stops the built-in bucket.

mod asks;
mod contact;
mod dispatch;
mod doctor;
mod exchange;
mod hub;
mod keyring;
mod listing;
mod lost;
pub mod messages;
mod notification;
mod objects;
mod plans;
mod preview;
mod requests;
mod secrets;
mod seen;
mod settings;
mod settings_preview;
mod sign_in;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use hub::Hub;

pub use crate::storage::World;
pub use secrets::Secrets;

use crate::settings::folders::Folders;
use messages::{Command, Event, PickPurpose};

/// Called from worker threads when an event waits. With `true` at once, else within a twentieth of a second, so that
/// progress does not draw more frames than people can see.
pub type Waker = Arc<dyn Fn(bool) + Send + Sync>;

/// The handle that the window holds.
pub struct Worker {
    commands: mpsc::Sender<Command>,
    events: mpsc::Receiver<Event>,
    hub: Arc<Hub>,
    runtime: Option<Runtime>,
}

/// The worker cannot take a command now, because too many wait; here it is again.
#[derive(Debug)]
pub struct Busy(pub Command);

/// A file dialog that ends so soon without a choice was never seen.
const UNSEEN: Duration = Duration::from_millis(400);

impl Worker {
    /// Starts the runtime. Nothing is read and no server is asked before the first command.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(
        folders: Folders,
        secrets: Arc<dyn Secrets>,
        wake: Waker,
    ) -> std::io::Result<Self> {
        Self::start_in(folders, secrets, wake, World::system())
    }

    /// The same with other surroundings of all connections and sign-ins.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start_in(
        folders: Folders,
        secrets: Arc<dyn Secrets>,
        wake: Waker,
        world: World,
    ) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(16)
            .thread_name("cooperage-worker")
            .enable_all()
            .build()?;
        let (commands, inbox) = mpsc::channel::<Command>(256);
        let (outbox, events) = mpsc::channel(256);
        let hub = Arc::new(Hub::new(
            runtime.handle().clone(),
            folders,
            secrets,
            (outbox, wake),
            world,
        ));
        hub.spawn(dispatch::dispatch(Arc::clone(&hub), inbox));
        Ok(Self {
            commands,
            events,
            hub,
            runtime: Some(runtime),
        })
    }

    /// Hands a command over without waiting.
    ///
    /// # Errors
    /// When too many commands wait already; the command is then given back.
    pub fn send(&self, command: Command) -> Result<(), Busy> {
        self.commands
            .try_send(command)
            .map_err(|error| Busy(error.into_inner()))
    }

    /// Waits for a file dialog and tells what was picked.
    pub fn await_pick(
        &self,
        purpose: PickPurpose,
        dialog: impl Future<Output = Option<Vec<PathBuf>>> + Send + 'static,
    ) {
        let hub = Arc::clone(&self.hub);
        self.hub.spawn(async move {
            let start = Instant::now();
            let event = match dialog.await {
                Some(paths) => Event::FilesPicked { purpose, paths },
                // Without a portal and without zenity the dialog "is closed" at once.
                None if start.elapsed() < UNSEEN => Event::PickerMissing { purpose },
                None => Event::FilesPicked {
                    purpose,
                    paths: Vec::new(),
                },
            };
            hub.tell(event).await;
        });
    }

    /// The next event, if one waits.
    pub fn poll(&mut self) -> Option<Event> {
        self.events.try_recv().ok()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Nobody reads events any more; the last tasks must not wait for it.
            self.events.close();
            let (closed, _) = mpsc::channel(1);
            // Without a sender the dispatcher runs what is queued and ends.
            drop(std::mem::replace(&mut self.commands, closed));
            let hub = Arc::clone(&self.hub);
            runtime.block_on(async {
                let _ended = tokio::time::timeout(Duration::from_secs(5), hub.shut_down()).await;
            });
            runtime.shutdown_timeout(Duration::from_millis(500));
        }
    }
}
