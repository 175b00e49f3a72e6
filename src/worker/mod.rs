//! The bridge between the window and everything that waits: network, disk, keyring.
//!
//! The worker owns the only tokio runtime and is the only place that spawns. Commands go in over a bounded channel without
//! waiting; events come out over a bounded channel that the frame drains without waiting. Each command runs in a task of its
//! own; when such a task dies, its command still ends in its one final event. Dropping the worker cancels what runs, gives
//! unfinished uploads a few seconds to be taken back on the server, and stops the built-in bucket.

mod hub;
mod listing;
mod lost;
pub mod messages;
mod objects;
mod plans;
mod preview;
mod settings;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use hub::Hub;

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
    pub fn start(folders: Folders, wake: Waker) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(16)
            .thread_name("cooperage-worker")
            .enable_all()
            .build()?;
        let (commands, mut inbox) = mpsc::channel::<Command>(256);
        let (outbox, events) = mpsc::channel(256);
        let hub = Arc::new(Hub::new(runtime.handle().clone(), folders, outbox, wake));
        let dispatcher = Arc::clone(&hub);
        hub.spawn(async move {
            while let Some(command) = inbox.recv().await {
                run(&dispatcher, command);
            }
        });
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

/// Runs one command in a task of its own; should the task die, its final event is sent all the same.
fn run(hub: &Arc<Hub>, command: Command) {
    let lost = lost::final_event(&command);
    let task = hub.spawn(perform(Arc::clone(hub), command));
    let hub = Arc::clone(hub);
    hub.clone().spawn(async move {
        if let (Err(_died), Some(event)) = (task.await, lost) {
            hub.tell(event).await;
        }
    });
}

async fn perform(hub: Arc<Hub>, command: Command) {
    match command {
        Command::LoadSettings => settings::load(&hub).await,
        Command::SaveMemory(memory) => settings::save_memory(&hub, *memory).await,
        Command::SaveConnection { ticket, connection } => {
            settings::save(&hub, ticket, *connection).await
        }
        Command::RemoveConnection { ticket, id } => settings::remove(&hub, ticket, id).await,
        Command::StartBuiltin { ticket } => settings::start_builtin(&hub, ticket).await,
        Command::OpenConnection {
            ticket,
            connection,
            others,
        } => {
            settings::open(&hub, ticket, *connection, &others).await;
        }
        Command::TestConnection {
            ticket,
            connection,
            others,
        } => {
            settings::test(&hub, ticket, *connection, &others).await;
        }
        Command::ImportDjango { ticket, source } => settings::import(&hub, ticket, source).await,
        Command::ListPrefix {
            ticket,
            id,
            location,
        } => listing::list(&hub, ticket, &id, &location).await,
        Command::CancelListing(ticket) | Command::CancelPlan(ticket) => hub.cancel(ticket),
        Command::Arrange {
            ticket,
            catalog,
            arrangement,
            base,
        } => {
            listing::arrange(&hub, ticket, catalog, arrangement, base).await;
        }
        Command::ListBuckets { ticket, id } => listing::list_buckets(&hub, ticket, &id).await,
        Command::Inspect {
            ticket,
            id,
            bucket,
            key,
        } => objects::inspect(&hub, ticket, &id, &bucket, &key).await,
        Command::LoadPreview {
            ticket,
            id,
            bucket,
            details,
        } => {
            preview::load(&hub, ticket, &id, &bucket, &details).await;
        }
        Command::SignLinks {
            ticket,
            id,
            bucket,
            keys,
            expires_secs,
        } => {
            objects::sign_links(&hub, ticket, &id, &bucket, &keys, expires_secs).await;
        }
        Command::PlanUpload {
            ticket,
            id,
            target,
            paths,
        } => {
            plans::upload(&hub, ticket, &id, &target, paths).await;
        }
        Command::PlanDownload {
            ticket,
            id,
            bucket,
            keys,
            prefixes,
            target,
        } => {
            plans::download(
                &hub,
                ticket,
                &id,
                &bucket,
                plans::Wanted {
                    keys,
                    prefixes,
                    target,
                },
            )
            .await;
        }
        Command::StartTransfers { id, bucket, work } => {
            plans::start(&hub, &id, &bucket, work).await
        }
        Command::ControlTransfers(control) => plans::control(&hub, control),
        Command::PlanDelete {
            ticket,
            id,
            bucket,
            prefixes,
        } => {
            plans::delete(&hub, ticket, &id, &bucket, &prefixes).await;
        }
        Command::DeleteObjects {
            ticket,
            id,
            bucket,
            keys,
        } => {
            objects::delete(&hub, ticket, &id, &bucket, &keys).await;
        }
        Command::CreateFolder {
            ticket,
            id,
            bucket,
            prefix,
        } => {
            objects::create_folder(&hub, ticket, &id, &bucket, prefix).await;
        }
        Command::Rename {
            ticket,
            id,
            bucket,
            from,
            to,
        } => {
            objects::rename(&hub, ticket, &id, &bucket, &from, to).await;
        }
    }
}
