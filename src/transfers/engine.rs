//! The transfer engine: one task owns all jobs, starts them, and tells what happens.
//!
//! Commands come in through [`EngineHandle`], results of job tasks through a channel of its own, and [`Update`]s go out at most
//! ten times a second. Every job ends in exactly one final state, also when its task panics. A job that fails for a
//! reason that passes is tried again, within a budget for each job and one for all, so that a dead server is noticed.
//!
//! Dropping the handle cancels everything: running jobs clean up behind them, then the engine ends.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};

use super::progress::{JobId, JobState, Update};
use super::queue::Queue;
use super::work::Work;
use crate::domain::{ErrorKind, Operation, StorageError};
use crate::storage::{Storage, Verification, pause_before};

/// Updates come this often at most.
const UPDATE_EVERY: Duration = Duration::from_millis(100);

/// How often the engine starts one job by itself.
const TRIES: u32 = 3;

/// Retries that all jobs together have; a success gives one back.
const RETRY_BUDGET: u32 = 40;

/// The transfer engine.
pub struct Engine {
    runtime: Handle,
    commands: mpsc::UnboundedReceiver<Command>,
    ended: mpsc::UnboundedReceiver<Ended>,
    end: mpsc::UnboundedSender<Ended>,
    updates: Box<dyn Fn(Update) + Send + Sync>,
    queue: Queue,
    /// Jobs that are tried again at a time.
    later: Vec<(Instant, JobId)>,
    budget: u32,
    started: Instant,
    closing: bool,
}

struct Ended {
    id: JobId,
    result: Result<Verification, StorageError>,
    throttled: bool,
}

enum Command {
    Submit(Storage, JobId, Vec<Work>),
    Cancel(Which),
    Pause(Which),
    Resume(Which),
    Retry(Which),
    RemoveFinished,
}

/// One job or all that it makes sense for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// This one.
    One(JobId),
    /// All.
    All,
}

/// How the rest of the program speaks to the engine. None of the calls waits.
#[derive(Debug)]
pub struct EngineHandle {
    // Not bounded: commands come from a person, and each is small or was paid for by planning it.
    commands: mpsc::UnboundedSender<Command>,
    next_id: AtomicU64,
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Command")
    }
}

impl EngineHandle {
    /// Puts work into the queue, and gives the numbers of the jobs in order.
    pub fn submit(&self, storage: &Storage, work: Vec<Work>) -> Range<u64> {
        let count = work.len() as u64;
        let first = self.next_id.fetch_add(count, Ordering::Relaxed);
        self.send(Command::Submit(storage.clone(), JobId(first), work));
        first..first + count
    }

    /// Ends what waits, runs or is held. A running job is `Cancelled` as soon as it has cleaned up.
    pub fn cancel(&self, which: Which) {
        self.send(Command::Cancel(which));
    }

    /// Holds what waits or runs.
    pub fn pause(&self, which: Which) {
        self.send(Command::Pause(which));
    }

    /// Lets what is held go on.
    pub fn resume(&self, which: Which) {
        self.send(Command::Resume(which));
    }

    /// Starts anew what failed, or one that was cancelled.
    pub fn retry(&self, which: Which) {
        self.send(Command::Retry(which));
    }

    /// Forgets all jobs in a final state.
    pub fn remove_finished(&self) {
        self.send(Command::RemoveFinished);
    }

    fn send(&self, command: Command) {
        // The engine outlives its handle, unless the runtime is being shut down; then nobody waits for it.
        if self.commands.send(command).is_err() {
            tracing::debug!("the transfer engine has ended");
        }
    }
}

impl Engine {
    /// Starts an engine on a runtime. `updates` is called from there and must not wait.
    pub fn start(
        runtime: Handle,
        updates: impl Fn(Update) + Send + Sync + 'static,
    ) -> EngineHandle {
        let (commands, receiver) = mpsc::unbounded_channel();
        let (end, ended) = mpsc::unbounded_channel();
        let engine = Self {
            runtime,
            commands: receiver,
            ended,
            end,
            updates: Box::new(updates),
            queue: Queue::default(),
            later: Vec::new(),
            budget: RETRY_BUDGET,
            started: Instant::now(),
            closing: false,
        };
        let runtime = engine.runtime.clone();
        runtime.spawn(engine.run());
        EngineHandle {
            commands,
            next_id: AtomicU64::new(1),
        }
    }

    async fn run(mut self) {
        let mut ticks = tokio::time::interval(UPDATE_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut quiet = false;
        while !self.closing || self.queue.has_tasks() {
            tokio::select! {
                command = self.commands.recv(), if !self.closing => match command {
                    Some(command) => self.on_command(command),
                    None => {
                        self.closing = true;
                        self.cancel(Which::All);
                    }
                },
                Some(ended) = self.ended.recv() => self.on_ended(ended),
                _ = ticks.tick(), if !quiet => {
                    self.wake_later();
                    let now = self.now();
                    let update = self.queue.update(now);
                    quiet = update.is_none() && !self.queue.has_tasks() && self.later.is_empty();
                    if let Some(update) = update {
                        (self.updates)(update);
                    }
                    continue;
                }
            }
            if quiet {
                // The first change after a pause is told at once.
                ticks.reset_immediately();
                quiet = false;
            }
            self.start_next();
        }
        let now = self.now();
        if let Some(update) = self.queue.update(now) {
            (self.updates)(update);
        }
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn on_command(&mut self, command: Command) {
        match command {
            Command::Submit(storage, first, work) => {
                for (id, work) in (first.0..).zip(work) {
                    self.queue.add(JobId(id), work, storage.clone());
                }
            }
            Command::Cancel(which) => self.cancel(which),
            Command::Pause(which) => {
                for id in self.chosen(which, &[JobState::Waiting, JobState::Running]) {
                    if let Some(job) = self.queue.jobs.get(&id) {
                        job.gate.close();
                    }
                    self.queue.set_state(id, JobState::Paused);
                }
            }
            Command::Resume(which) => {
                for id in self.chosen(which, &[JobState::Paused]) {
                    self.queue.line_up(id);
                }
            }
            Command::Retry(which) => {
                let states: &[JobState] = match which {
                    Which::One(_) => &[JobState::Failed, JobState::Cancelled],
                    Which::All => &[JobState::Failed],
                };
                for id in self.chosen(which, states) {
                    self.renew(id);
                }
            }
            Command::RemoveFinished => {
                for id in
                    self.queue
                        .ids_in(&[JobState::Done, JobState::Failed, JobState::Cancelled])
                {
                    self.queue.remove(id);
                }
            }
        }
    }

    /// The jobs that are meant and in one of these states.
    fn chosen(&self, which: Which, states: &[JobState]) -> Vec<JobId> {
        match which {
            Which::All => self.queue.ids_in(states),
            Which::One(id) => {
                let state = self.queue.jobs.get(&id).map(|job| job.state);
                let fits = state.is_some_and(|state| states.contains(&state));
                fits.then_some(id).into_iter().collect()
            }
        }
    }

    fn cancel(&mut self, which: Which) {
        let states = [JobState::Waiting, JobState::Running, JobState::Paused];
        for id in self.chosen(which, &states) {
            let Some(job) = self.queue.jobs.get(&id) else {
                continue;
            };
            job.cancel.cancel();
            if job.has_task {
                // A held task must be able to clean up.
                job.gate.open();
            } else {
                self.later.retain(|(_, waiting)| *waiting != id);
                self.queue.set_state(id, JobState::Cancelled);
            }
        }
    }

    /// A job that ended begins from the start.
    fn renew(&mut self, id: JobId) {
        if let Some(job) = self.queue.jobs.get_mut(&id) {
            job.cancel = tokio_util::sync::CancellationToken::new();
            job.gate = crate::storage::Gate::default();
            job.error = None;
            job.tries = 0;
            job.moved.store(0, Ordering::Relaxed);
        }
        self.queue.read_progress(id);
        self.queue.line_up(id);
    }

    fn start_next(&mut self) {
        while let Some(id) = self.queue.next() {
            let Some(job) = self.queue.jobs.get_mut(&id) else {
                continue;
            };
            job.gate.open();
            if job.has_task {
                // It was held and goes on.
                continue;
            }
            job.tries += 1;
            job.moved = Arc::default();
            let (work, storage) = (job.work.clone(), job.storage.gated(job.gate.clone()));
            let (moved, cancel) = (Arc::clone(&job.moved), job.cancel.clone());
            let key = job.info.key.clone();
            let before = storage.throttle_count();
            let watched = storage.clone();
            let task = self.runtime.spawn(async move {
                let progress = |more: i64| {
                    moved.fetch_add(more, Ordering::Relaxed);
                };
                work.run(&storage, &progress, &cancel).await
            });
            let end = self.end.clone();
            self.runtime.spawn(async move {
                let result = task.await.unwrap_or_else(|broken| {
                    Err(
                        StorageError::new(Operation::LocalFile, ErrorKind::Other, key.as_str())
                            .with_source(broken),
                    )
                });
                let throttled = watched.throttle_count() > before;
                // The engine lives as long as a job does.
                let told = end.send(Ended {
                    id,
                    result,
                    throttled,
                });
                debug_assert!(told.is_ok());
            });
            self.queue.has_task(id, true);
        }
    }

    fn on_ended(&mut self, ended: Ended) {
        let Ended {
            id,
            result,
            throttled,
        } = ended;
        self.queue.has_task(id, false);
        self.queue.read_progress(id);
        if throttled {
            self.queue.window.cut(self.started.elapsed());
        }
        match result {
            Ok(verification) => {
                self.budget = (self.budget + 1).min(RETRY_BUDGET);
                self.queue.window.succeeded();
                if let Some(job) = self.queue.jobs.get_mut(&id) {
                    job.error = None;
                    job.verification = Some(verification);
                }
                self.queue.set_state(id, JobState::Done);
            }
            Err(error) if error.kind == ErrorKind::Cancelled => {
                self.queue.set_state(id, JobState::Cancelled);
            }
            Err(error) => self.on_failed(id, error),
        }
    }

    fn on_failed(&mut self, id: JobId, error: StorageError) {
        let kind = error.kind;
        let Some(job) = self.queue.jobs.get_mut(&id) else {
            return;
        };
        job.error = Some(Arc::new(error));
        job.moved.store(0, Ordering::Relaxed);
        let again = kind.is_transient() && job.tries < TRIES && self.budget > 0;
        let (tries, cancelled) = (job.tries, job.cancel.is_cancelled());
        let held = job.state == JobState::Paused;
        self.queue.mark(id);
        self.queue.read_progress(id);
        if cancelled {
            self.queue.set_state(id, JobState::Cancelled);
        } else if again && !held {
            self.budget -= 1;
            self.queue.set_state(id, JobState::Waiting);
            let pause = pause_before(tries + 2, kind);
            self.later.push((Instant::now() + pause, id));
        } else if !again {
            self.queue.set_state(id, JobState::Failed);
        }
    }

    /// Lines up what has waited long enough.
    fn wake_later(&mut self) {
        let now = Instant::now();
        let (due, later) = std::mem::take(&mut self.later)
            .into_iter()
            .partition::<Vec<_>, _>(|(at, _)| *at <= now);
        self.later = later;
        for (_, id) in due {
            let waits = self
                .queue
                .jobs
                .get(&id)
                .is_some_and(|job| job.state == JobState::Waiting);
            if waits {
                self.queue.line_up(id);
            }
        }
        self.start_next();
    }
}
