//! The transfers panel: jobs, totals, speeds of the last minutes.

use std::collections::{BTreeMap, VecDeque};

use crate::catalog::ScrollAnchor;
use crate::domain::{ErrorKind, Prefix, grouped};
use crate::worker::messages::{
    Command, Control, Direction, JobId, JobSnapshot, JobState, Totals, Update, Which,
};

use super::{Effect, State, ToastKind, TransferAction};

/// Which jobs the panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TransferFilter {
    /// All.
    #[default]
    All,
    /// On their way, or held.
    Active,
    /// Waiting.
    Queued,
    /// Done.
    Done,
    /// Failed or cancelled.
    Failed,
}

impl TransferFilter {
    /// All filters with their words.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::All, "All"),
        (Self::Active, "Active"),
        (Self::Queued, "Queued"),
        (Self::Done, "Done"),
        (Self::Failed, "Failed"),
    ];

    /// True when jobs of this state are shown.
    #[must_use]
    pub const fn shows(self, state: JobState) -> bool {
        match self {
            Self::All => true,
            Self::Active => matches!(state, JobState::Running | JobState::Paused),
            Self::Queued => matches!(state, JobState::Waiting),
            Self::Done => matches!(state, JobState::Done),
            Self::Failed => matches!(state, JobState::Failed | JobState::Cancelled),
        }
    }
}

/// A job with the speed the window has seen.
#[derive(Clone, Debug)]
pub struct JobRow {
    /// The job.
    pub job: JobSnapshot,
    /// Bytes a second over the last updates.
    pub bytes_per_sec: u64,
    seen_at: f64,
    seen_moved: u64,
}

/// All transfers the window knows.
#[derive(Debug, Default)]
pub struct TransferList {
    /// Jobs in the order they were asked for.
    pub jobs: BTreeMap<JobId, JobRow>,
    /// All together.
    pub totals: Totals,
    /// Which are shown.
    pub filter: TransferFilter,
    /// Where the list is scrolled to.
    pub anchor: ScrollAnchor,
    /// Bytes a second, one value a second, oldest first.
    pub history: VecDeque<u64>,
    uptime_secs: f64,
    sampled_at: f64,
    /// The jobs of the batch that is running, for its closing words.
    batch: Option<Batch>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Batch {
    done: usize,
    failed: usize,
}

/// Seconds of history that the plot shows.
pub const HISTORY_SECS: usize = 120;

impl TransferList {
    /// Time goes on: one value a second for the plot.
    pub(super) fn tick(&mut self, uptime_secs: f64) {
        self.uptime_secs = uptime_secs;
        if uptime_secs - self.sampled_at < 1.0 || (self.jobs.is_empty() && self.history.is_empty())
        {
            return;
        }
        self.sampled_at = uptime_secs;
        let speed = if self.totals.is_active() {
            self.totals.bytes_per_sec
        } else {
            0
        };
        self.history.push_back(speed);
        while self.history.len() > HISTORY_SECS {
            self.history.pop_front();
        }
    }

    /// Jobs that the filter shows, in order.
    pub fn shown(&self) -> impl Iterator<Item = &JobRow> {
        self.jobs
            .values()
            .filter(|row| self.filter.shows(row.job.state))
    }

    /// How many jobs a filter shows.
    #[must_use]
    pub const fn count(&self, filter: TransferFilter) -> usize {
        let totals = &self.totals;
        match filter {
            TransferFilter::All => {
                totals.waiting
                    + totals.running
                    + totals.paused
                    + totals.done
                    + totals.failed
                    + totals.cancelled
            }
            TransferFilter::Active => totals.running + totals.paused,
            TransferFilter::Queued => totals.waiting,
            TransferFilter::Done => totals.done,
            TransferFilter::Failed => totals.failed + totals.cancelled,
        }
    }

    /// Part of the bytes that is through, from 0 to 1.
    #[must_use]
    pub fn fraction(&self) -> f32 {
        fraction(self.totals.moved, self.totals.bytes)
    }

    fn put(&mut self, job: JobSnapshot) {
        let now = self.uptime_secs;
        let row = self.jobs.entry(job.info.id).or_insert_with(|| JobRow {
            job: job.clone(),
            bytes_per_sec: 0,
            seen_at: now,
            seen_moved: job.moved,
        });
        let seconds = now - row.seen_at;
        if seconds >= 0.5 {
            let speed = job.moved.saturating_sub(row.seen_moved) as f64 / seconds;
            // Smoothed, so that the number can be read.
            row.bytes_per_sec = (row.bytes_per_sec as f64).mul_add(0.5, speed * 0.5) as u64;
            (row.seen_at, row.seen_moved) = (now, job.moved);
        }
        row.job = job;
    }
}

/// A part of a whole, from 0 to 1; a whole of nothing is done.
#[must_use]
pub fn fraction(part: u64, whole: u64) -> f32 {
    if whole == 0 {
        1.0
    } else {
        (part as f64 / whole as f64).clamp(0.0, 1.0) as f32
    }
}

impl State {
    pub(super) fn steer_transfers(&mut self, action: &TransferAction) -> Vec<Effect> {
        let control = match *action {
            TransferAction::Cancel(id) => Control::Cancel(Which::One(id)),
            TransferAction::CancelAll => Control::Cancel(Which::All),
            TransferAction::Pause(id) => Control::Pause(Which::One(id)),
            TransferAction::Resume(id) => Control::Resume(Which::One(id)),
            TransferAction::PauseAll => Control::Pause(Which::All),
            TransferAction::ResumeAll => Control::Resume(Which::All),
            TransferAction::Retry(id) => Control::Retry(Which::One(id)),
            TransferAction::RetryFailed => Control::Retry(Which::All),
            TransferAction::ClearFinished => Control::RemoveFinished,
            TransferAction::Show(filter) => {
                self.transfers.filter = filter;
                self.transfers.anchor = ScrollAnchor::default();
                return Vec::new();
            }
            TransferAction::Scroll(anchor) => {
                self.transfers.anchor = anchor;
                return Vec::new();
            }
            TransferAction::Reveal(id) => return self.reveal(id),
        };
        vec![Effect::Run(Command::ControlTransfers(control))]
    }

    /// Shows where a finished transfer lies: the folder on disk, or the object in the browser.
    fn reveal(&mut self, id: JobId) -> Vec<Effect> {
        let Some(row) = self.transfers.jobs.get(&id) else {
            return Vec::new();
        };
        let info = std::sync::Arc::clone(&row.job.info);
        match info.direction {
            Direction::Upload => self.go_to_key(info.bucket.clone(), &info.key),
            Direction::Download => {
                let folder = info.path.parent().map(std::path::Path::to_path_buf);
                folder.map(Effect::Reveal).into_iter().collect()
            }
        }
    }

    /// Transfers moved on: rows, totals, and when a batch ends, its words and a new listing.
    pub(super) fn take_transfers(&mut self, update: Update) -> Vec<Effect> {
        let mut landed_here = false;
        for job in update.jobs {
            let before = self
                .transfers
                .jobs
                .get(&job.info.id)
                .map(|row| row.job.state);
            if before != Some(job.state) && job.state.is_final() {
                let batch = self.transfers.batch.get_or_insert_default();
                match job.state {
                    JobState::Done => batch.done += 1,
                    JobState::Failed => batch.failed += 1,
                    _ => {}
                }
                landed_here |= job.state == JobState::Done
                    && job.info.direction == Direction::Upload
                    && job.info.bucket == self.browser.location.bucket
                    && is_below(job.info.key.as_str(), &self.browser.location.prefix);
            }
            self.transfers.put(job);
        }
        for id in update.removed {
            self.transfers.jobs.remove(&id);
        }
        self.transfers.totals = update.totals;
        self.stale_listing |= landed_here;
        if update.totals.is_active() {
            return Vec::new();
        }
        let mut effects = Vec::new();
        if let Some(batch) = self.transfers.batch.take() {
            effects.extend(self.announce(batch));
        }
        if std::mem::take(&mut self.stale_listing) {
            effects.extend(self.list(true));
        }
        effects
    }

    /// The closing words of a batch: a toast, and a notification when the window is not looked at.
    fn announce(&mut self, batch: Batch) -> Option<Effect> {
        let count = |number: usize| {
            if number == 1 {
                "1 transfer".to_owned()
            } else {
                format!("{} transfers", grouped(number as u64))
            }
        };
        let (kind, text) = match (batch.done, batch.failed) {
            (0, 0) => return None,
            (done, 0) => (ToastKind::Good, format!("{} done", count(done))),
            (0, failed) => (
                ToastKind::Warn,
                format!("{} failed; the transfers panel tells why", count(failed)),
            ),
            (done, failed) => {
                let (done, failed) = (count(done), grouped(failed as u64));
                let text = format!("{done} done, {failed} failed; the transfers panel tells why");
                (ToastKind::Warn, text)
            }
        };
        self.toasts.show(kind, text.clone());
        (!self.in_front).then_some(Effect::Run(Command::Notify(text)))
    }
}

fn is_below(key: &str, prefix: &Prefix) -> bool {
    key.starts_with(prefix.as_str())
}

/// True for failures that another try may cure.
#[must_use]
pub fn can_retry(row: &JobRow) -> bool {
    match row.job.state {
        JobState::Cancelled => true,
        JobState::Failed => row
            .job
            .error
            .as_ref()
            .is_none_or(|error| error.kind != ErrorKind::Cancelled),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_that_ends_behind_other_windows_is_notified_once() {
        let end = |in_front: bool, batch: Batch| {
            let mut state = State {
                in_front,
                ..State::default()
            };
            state.transfers.batch = Some(batch);
            let effects = state.take_transfers(Update::default());
            assert!(state.take_transfers(Update::default()).is_empty(), "once");
            let said = state.toasts.list()[0].text.clone();
            let notified = effects.into_iter().find_map(|effect| match effect {
                Effect::Run(Command::Notify(text)) => Some(text),
                _ => None,
            });
            (said, notified)
        };
        let batch = |done, failed| Batch { done, failed };
        let done = "3 transfers done".to_owned();
        assert_eq!(end(true, batch(3, 0)), (done.clone(), None));
        assert_eq!(end(false, batch(3, 0)), (done.clone(), Some(done)));
        let failed = end(true, batch(0, 1)).0;
        assert_eq!(failed, "1 transfer failed; the transfers panel tells why");
    }
}
