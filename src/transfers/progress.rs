//! What the world sees of transfers: plain values, cheap to clone.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::{Key, StorageError};
use crate::storage::Verification;

/// The number of a job, given once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub u64);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Which way a job goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To the storage.
    Upload,
    /// To this computer.
    Download,
}

/// Where a job stands. The last three are final; a retry begins anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Its turn comes, or its next try.
    Waiting,
    /// On its way.
    Running,
    /// Held by the user. A part that is on its way goes to its end.
    Paused,
    /// There, checked.
    Done,
    /// It did not work; [`JobSnapshot::error`] says why.
    Failed,
    /// Ended by the user; nothing is left behind.
    Cancelled,
}

impl JobState {
    /// True when nothing more comes by itself.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// What stays the same about a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobInfo {
    /// Its number.
    pub id: JobId,
    /// Which way it goes.
    pub direction: Direction,
    /// The bucket.
    pub bucket: String,
    /// The object.
    pub key: Key,
    /// The file.
    pub path: PathBuf,
    /// Bytes of the file or object when it was planned.
    pub bytes: u64,
}

/// A job at one moment.
#[derive(Clone, Debug)]
pub struct JobSnapshot {
    /// What stays the same.
    pub info: Arc<JobInfo>,
    /// Where it stands.
    pub state: JobState,
    /// Bytes that are through.
    pub moved: u64,
    /// How often it has been started.
    pub tries: u32,
    /// The last failure; kept while another try is on its way.
    pub error: Option<Arc<StorageError>>,
    /// How the result was checked, when it is done.
    pub verification: Option<Verification>,
}

/// All jobs together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    /// Jobs that wait.
    pub waiting: usize,
    /// Jobs on their way.
    pub running: usize,
    /// Jobs that are held.
    pub paused: usize,
    /// Jobs that are done.
    pub done: usize,
    /// Jobs that failed.
    pub failed: usize,
    /// Jobs that were cancelled.
    pub cancelled: usize,
    /// Bytes of all jobs that are not cancelled or failed.
    pub bytes: u64,
    /// Bytes of those that are through.
    pub moved: u64,
    /// Bytes a second over the last seconds.
    pub bytes_per_sec: u64,
    /// Seconds left at that speed; `None` while it cannot be told.
    pub left_secs: Option<u64>,
}

impl Totals {
    /// Jobs of a state.
    #[must_use]
    pub const fn count(&self, state: JobState) -> usize {
        match state {
            JobState::Waiting => self.waiting,
            JobState::Running => self.running,
            JobState::Paused => self.paused,
            JobState::Done => self.done,
            JobState::Failed => self.failed,
            JobState::Cancelled => self.cancelled,
        }
    }

    pub(super) const fn count_mut(&mut self, state: JobState) -> &mut usize {
        match state {
            JobState::Waiting => &mut self.waiting,
            JobState::Running => &mut self.running,
            JobState::Paused => &mut self.paused,
            JobState::Done => &mut self.done,
            JobState::Failed => &mut self.failed,
            JobState::Cancelled => &mut self.cancelled,
        }
    }

    /// True while something may still happen without the user.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.waiting + self.running > 0
    }
}

/// What changed since the update before. At most ten a second.
#[derive(Clone, Debug, Default)]
pub struct Update {
    /// Jobs that are new or changed, in order of their numbers.
    pub jobs: Vec<JobSnapshot>,
    /// Jobs that are no longer kept.
    pub removed: Vec<JobId>,
    /// All jobs together.
    pub totals: Totals,
}
