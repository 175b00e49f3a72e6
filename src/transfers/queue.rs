//! Every job the engine knows, its state, and the sums over all. No I/O and no clock: time comes in.
//!
//! Only [`Queue::set_state`] changes a state, and it keeps the sums; a final state is left only by a retry.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::progress::{JobId, JobInfo, JobSnapshot, JobState, Totals};
use super::schedule::{Speed, Window, weight};
use super::work::Work;
use crate::domain::StorageError;
use crate::storage::{Gate, Storage, Verification};

/// One job.
pub(super) struct Job {
    pub(super) info: Arc<JobInfo>,
    pub(super) work: Work,
    pub(super) storage: Storage,
    pub(super) state: JobState,
    pub(super) tries: u32,
    /// Bytes through, written by the running task.
    pub(super) moved: Arc<AtomicI64>,
    /// `moved` as it stands in the totals and the last update.
    told: u64,
    pub(super) error: Option<Arc<StorageError>>,
    pub(super) verification: Option<Verification>,
    /// Ends the running task.
    pub(super) cancel: CancellationToken,
    /// Holds the running task.
    pub(super) gate: Gate,
    /// There is a task, even if it is held.
    pub(super) has_task: bool,
    /// It takes room in the window.
    in_window: bool,
}

impl Job {
    fn snapshot(&self) -> JobSnapshot {
        JobSnapshot {
            info: Arc::clone(&self.info),
            state: self.state,
            moved: self.told,
            tries: self.tries,
            error: self.error.clone(),
            verification: self.verification.clone(),
        }
    }

    fn moved_now(&self) -> u64 {
        u64::try_from(self.moved.load(Ordering::Relaxed)).unwrap_or(0)
    }
}

/// All jobs.
#[derive(Default)]
pub(super) struct Queue {
    pub(super) jobs: BTreeMap<JobId, Job>,
    /// Waiting jobs in order; some may have left that state, which is seen when they come up.
    line: VecDeque<JobId>,
    /// Jobs with a task.
    active: BTreeSet<JobId>,
    changed: BTreeSet<JobId>,
    removed: Vec<JobId>,
    totals: Totals,
    pub(super) window: Window,
    speed: Speed,
}

impl Queue {
    pub(super) fn add(&mut self, id: JobId, work: Work, storage: Storage) {
        let info = JobInfo {
            id,
            direction: work.direction(),
            bucket: storage.bucket().unwrap_or_default().to_owned(),
            key: work.key(),
            path: work.path(),
            bytes: work.bytes(),
        };
        self.totals.waiting += 1;
        self.totals.bytes += info.bytes;
        self.line.push_back(id);
        self.changed.insert(id);
        let job = Job {
            info: Arc::new(info),
            work,
            storage,
            state: JobState::Waiting,
            tries: 0,
            moved: Arc::default(),
            told: 0,
            error: None,
            verification: None,
            cancel: CancellationToken::new(),
            gate: Gate::default(),
            has_task: false,
            in_window: false,
        };
        self.jobs.insert(id, job);
    }

    /// Changes a state, and the sums with it.
    pub(super) fn set_state(&mut self, id: JobId, state: JobState) {
        let Some(job) = self.jobs.get_mut(&id) else {
            return;
        };
        let before = std::mem::replace(&mut job.state, state);
        if before == state {
            return;
        }
        self.changed.insert(id);
        *self.totals.count_mut(before) -= 1;
        *self.totals.count_mut(state) += 1;
        let counts = |state| !matches!(state, JobState::Failed | JobState::Cancelled);
        match (counts(before), counts(state)) {
            (true, false) => {
                self.totals.bytes -= job.info.bytes;
                self.totals.moved -= job.told.min(self.totals.moved);
            }
            (false, true) => {
                self.totals.bytes += job.info.bytes;
                self.totals.moved += job.told;
            }
            _ => {}
        }
        if state != JobState::Running && std::mem::take(&mut job.in_window) {
            self.window.leave(weight(job.info.bytes));
        }
    }

    /// Puts a job at the end of the line, for its first or another try.
    pub(super) fn line_up(&mut self, id: JobId) {
        self.set_state(id, JobState::Waiting);
        self.line.push_back(id);
    }

    /// The next job that may run now. It is `Running` afterwards.
    pub(super) fn next(&mut self) -> Option<JobId> {
        while let Some(id) = self.line.front().copied() {
            let waiting = self
                .jobs
                .get(&id)
                .filter(|job| job.state == JobState::Waiting)
                .map(|job| weight(job.info.bytes));
            let Some(weight) = waiting else {
                self.line.pop_front();
                continue;
            };
            if !self.window.enter(weight) {
                return None;
            }
            self.line.pop_front();
            self.set_state(id, JobState::Running);
            if let Some(job) = self.jobs.get_mut(&id) {
                job.in_window = true;
            }
            return Some(id);
        }
        None
    }

    pub(super) fn has_task(&mut self, id: JobId, has: bool) {
        if let Some(job) = self.jobs.get_mut(&id) {
            job.has_task = has;
        }
        if has {
            self.active.insert(id);
        } else {
            self.active.remove(&id);
        }
    }

    /// True while a task lives.
    pub(super) fn has_tasks(&self) -> bool {
        !self.active.is_empty()
    }

    pub(super) fn remove(&mut self, id: JobId) {
        if let Some(job) = self.jobs.remove(&id) {
            *self.totals.count_mut(job.state) -= 1;
            if !matches!(job.state, JobState::Failed | JobState::Cancelled) {
                self.totals.bytes -= job.info.bytes;
                self.totals.moved -= job.told.min(self.totals.moved);
            }
            self.changed.remove(&id);
            self.removed.push(id);
        }
    }

    pub(super) fn mark(&mut self, id: JobId) {
        self.changed.insert(id);
    }

    pub(super) fn ids_in(&self, states: &[JobState]) -> Vec<JobId> {
        self.jobs
            .iter()
            .filter(|(_, job)| states.contains(&job.state))
            .map(|(id, _)| *id)
            .collect()
    }

    /// Takes in what has moved since the last time, for one job.
    pub(super) fn read_progress(&mut self, id: JobId) {
        let Some(job) = self.jobs.get_mut(&id) else {
            return;
        };
        let moved = job.moved_now();
        if moved == job.told {
            return;
        }
        if !matches!(job.state, JobState::Failed | JobState::Cancelled) {
            self.totals.moved = (self.totals.moved + moved).saturating_sub(job.told);
        }
        job.told = moved;
        self.changed.insert(id);
    }

    /// What changed since the last call; `None` when nothing did.
    pub(super) fn update(&mut self, now: Duration) -> Option<super::progress::Update> {
        let active: Vec<JobId> = self.active.iter().copied().collect();
        for id in active {
            self.read_progress(id);
        }
        let before = self.totals;
        if self.totals.running > 0 {
            let speed = self.speed.at(now, self.totals.moved);
            self.totals.bytes_per_sec = speed;
            let left = self.totals.bytes.saturating_sub(self.totals.moved);
            self.totals.left_secs = (speed > 0).then(|| left.div_ceil(speed));
        } else {
            self.speed.forget();
            self.totals.bytes_per_sec = 0;
            self.totals.left_secs = None;
        }
        if self.changed.is_empty() && self.removed.is_empty() && before == self.totals {
            return None;
        }
        let changed = std::mem::take(&mut self.changed);
        Some(super::progress::Update {
            jobs: changed
                .iter()
                .filter_map(|id| self.jobs.get(id))
                .map(Job::snapshot)
                .collect(),
            removed: std::mem::take(&mut self.removed),
            totals: self.totals,
        })
    }
}
