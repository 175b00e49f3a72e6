//! The one thread that holds a store, and calls on it with a deadline.
//!
//! A call that takes longer goes on alone; until it ends, further calls are answered at once. A call that hangs for
//! very long is given up and another thread takes over, but only a few times: hanging threads cannot be stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{SecretStore, StoreFault};

/// How long a call may keep its caller.
pub(super) const DEADLINE: Duration = Duration::from_secs(5);
/// After this a hanging call is given up.
pub(super) const GIVE_UP: Duration = Duration::from_secs(60);
/// Hanging threads are left alone, but not without end.
pub(super) const MOST_THREADS: usize = 4;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

struct Running<S> {
    jobs: mpsc::Sender<Job<S>>,
    busy: Arc<AtomicBool>,
    since: Instant,
    thread: JoinHandle<()>,
}

/// Counts a thread for as long as it is there, also when it ends in a panic.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Holds a store on a thread of its own, made with the first call.
pub(super) struct Keeper<S> {
    make: fn() -> S,
    running: Option<Running<S>>,
    /// Threads that are there, hanging ones included.
    pub(super) threads: Arc<AtomicUsize>,
    deadline: Duration,
    give_up: Duration,
}

impl<S: SecretStore + 'static> Keeper<S> {
    pub(super) fn new(make: fn() -> S, deadline: Duration, give_up: Duration) -> Self {
        Self {
            make,
            running: None,
            threads: Arc::default(),
            deadline,
            give_up,
        }
    }

    /// Runs a call and waits for it up to the deadline. While an earlier call has not ended, the answer is that the
    /// store is locked, when that call waits for a password, or that it does not answer.
    pub(super) fn run<T: Send + 'static>(
        &mut self,
        waits_for_password: bool,
        call: impl FnOnce(&mut S) -> Result<T, StoreFault> + Send + 'static,
    ) -> Result<T, StoreFault> {
        // A store that panicked took its thread with it.
        self.running = self
            .running
            .take()
            .filter(|running| !running.thread.is_finished());
        if let Some(running) = &self.running
            && running.busy.load(Ordering::Acquire)
        {
            if running.since.elapsed() < self.give_up {
                return Err(if waits_for_password {
                    StoreFault::Locked
                } else {
                    StoreFault::NotAnswering
                });
            }
            self.running = None;
        }
        let (sender, answer) = mpsc::sync_channel(1);
        let running = self.started()?;
        let busy = Arc::clone(&running.busy);
        let job: Job<S> = Box::new(move |store| {
            let result = call(store);
            // Free before the answer is out: whoever has the answer may ask again at once.
            busy.store(false, Ordering::Release);
            // A caller that no longer waits does not want the answer.
            drop(sender.try_send(result));
        });
        running.busy.store(true, Ordering::Release);
        running.since = Instant::now();
        // When the thread just ended, the job is dropped, and with it the sender of the answer.
        drop(running.jobs.send(job));
        match answer.recv_timeout(self.deadline) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => Err(StoreFault::NotAnswering),
            Err(RecvTimeoutError::Disconnected) => {
                // The store panicked; the next call makes a new one.
                self.running = None;
                Err(StoreFault::NotAnswering)
            }
        }
    }

    fn started(&mut self) -> Result<&mut Running<S>, StoreFault> {
        if self.running.is_none() {
            if self.threads.load(Ordering::Acquire) >= MOST_THREADS {
                return Err(StoreFault::NotAnswering);
            }
            let (jobs, queue) = mpsc::channel::<Job<S>>();
            let make = self.make;
            self.threads.fetch_add(1, Ordering::AcqRel);
            let counted = Counted(Arc::clone(&self.threads));
            let thread = std::thread::Builder::new()
                .name("keyring".to_owned())
                .spawn(move || {
                    let _counted = counted;
                    let mut store = make();
                    for job in queue {
                        job(&mut store);
                    }
                })
                .map_err(|_| StoreFault::NotAnswering)?;
            let busy = Arc::new(AtomicBool::new(false));
            self.running = Some(Running {
                jobs,
                busy,
                since: Instant::now(),
                thread,
            });
        }
        self.running.as_mut().ok_or(StoreFault::NotAnswering)
    }
}
