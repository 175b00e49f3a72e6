//! Carries planned work out through the transfer engine and tells what became of each piece.

use std::collections::HashSet;

use serde_json::json;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::domain::{ByteSize, grouped};
use crate::storage::{Storage, Verification};
use crate::transfers::engine::Which;
use crate::transfers::{Direction, Engine, JobId, JobSnapshot, JobState, Totals, Update, Work};

use super::run::{Failure, Job};

/// How it went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub done: u64,
    pub bytes: u64,
    pub skipped: u64,
    pub failed: u64,
}

impl Tally {
    /// Adds another part of the same verb.
    pub(super) fn add(&mut self, other: Self) {
        self.done += other.done;
        self.bytes += other.bytes;
        self.skipped += other.skipped;
        self.failed += other.failed;
    }

    /// Says it once at the end; the number of failures.
    pub(super) fn tell(self, job: &Job, verb: &str, past: &str) -> Result<u64, Failure> {
        let console = job.console();
        console.object(&json!({
            "type": "summary",
            "verb": verb,
            "done": self.done,
            "bytes": self.bytes,
            "skipped": self.skipped,
            "failed": self.failed,
        }))?;
        console.flush()?;
        if console.shows_progress() || self.skipped + self.failed > 0 {
            let files = if self.done == 1 { "file" } else { "files" };
            let mut text = format!(
                "{past} {} {files} ({})",
                grouped(self.done),
                ByteSize(self.bytes)
            );
            if self.skipped > 0 {
                text.push_str(&format!(", left {} as they were", grouped(self.skipped)));
            }
            if self.failed > 0 {
                text.push_str(&format!(", {} failed", grouped(self.failed)));
            }
            console.note(&format!("{text}."));
        }
        Ok(self.failed)
    }
}

/// Does all of it. Ctrl-C cancels what is left and waits until unfinished uploads are taken back.
pub(super) async fn carry(job: &Job, storage: &Storage, work: Vec<Work>) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    if work.is_empty() {
        return Ok(tally);
    }
    let console = job.console();
    let (send, mut updates) = mpsc::unbounded_channel::<Update>();
    let engine = Engine::start(Handle::current(), move |update| {
        // Nobody listens any more once everything has ended.
        let _unheard = send.send(update);
    });
    let mut open: HashSet<JobId> = engine.submit(storage, work).map(JobId).collect();
    let mut cancelled = false;
    while !open.is_empty() {
        let update = tokio::select! {
            () = job.cancel().cancelled(), if !cancelled => {
                cancelled = true;
                engine.cancel(Which::All);
                console.progress("Cancelling");
                continue;
            }
            update = updates.recv() => update,
        };
        let Some(update) = update else {
            break;
        };
        for snapshot in update
            .jobs
            .iter()
            .filter(|snapshot| snapshot.state.is_final())
        {
            if open.remove(&snapshot.info.id) {
                told(job, snapshot, &mut tally)?;
            }
        }
        if !cancelled {
            console.progress(&line(&update.totals));
        }
    }
    console.clear_progress();
    console.flush()?;
    if cancelled {
        Err(Failure::Interrupted)
    } else {
        Ok(tally)
    }
}

/// Tells the end of one piece of work.
fn told(job: &Job, snapshot: &JobSnapshot, tally: &mut Tally) -> Result<(), Failure> {
    let console = job.console();
    let info = &snapshot.info;
    match (snapshot.state, &snapshot.error) {
        (JobState::Done, _) => {
            tally.done += 1;
            tally.bytes += info.bytes;
            let path = info
                .path
                .strip_prefix(".")
                .unwrap_or(&info.path)
                .to_string_lossy();
            let (kind, text) = match info.direction {
                Direction::Upload => ("uploaded", info.key.as_str()),
                Direction::Download => ("downloaded", &*path),
            };
            console.done(
                text,
                &json!({
                    "type": kind,
                    "bucket": info.bucket,
                    "key": info.key.as_str(),
                    "path": path,
                    "bytes": info.bytes,
                    "verified": snapshot.verification.as_ref().map(verified),
                }),
            )?;
        }
        (JobState::Failed, Some(error)) => {
            tally.failed += 1;
            console.failure(error)?;
        }
        (JobState::Failed, None) => tally.failed += 1,
        _ => {}
    }
    Ok(())
}

fn verified(verification: &Verification) -> &str {
    match verification {
        Verification::Checksum(name) => name,
        Verification::EtagMd5 => "MD5",
        Verification::LengthOnly => "length only",
    }
}

/// `12 of 40 files, 1.2 GB of 2.6 GB, 45.1 MB/s, 31 s left`.
fn line(totals: &Totals) -> String {
    let mut line = format!("{} of {}", ByteSize(totals.moved), ByteSize(totals.bytes));
    let files = totals.waiting + totals.running + totals.paused + totals.done;
    if files > 1 {
        line = format!(
            "{} of {} files, {line}",
            grouped(totals.done as u64),
            grouped(files as u64)
        );
    }
    if totals.bytes_per_sec > 0 {
        line.push_str(&format!(", {}/s", ByteSize(totals.bytes_per_sec)));
    }
    if let Some(secs) = totals.left_secs.filter(|secs| *secs > 0) {
        line.push_str(&format!(", {} left", duration(secs)));
    }
    line
}

/// `45 s`, `12 min`, `3 h 20 min`.
fn duration(secs: u64) -> String {
    match secs {
        0..60 => format!("{} s", secs.max(1)),
        60..3600 => format!("{} min", secs.div_ceil(60)),
        _ => format!("{} h {} min", secs / 3600, secs % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_speed_and_time_left() {
        let mut totals = Totals {
            running: 1,
            bytes: 100_000_000,
            moved: 10_000_000,
            bytes_per_sec: 10_000_000,
            left_secs: Some(9),
            ..Totals::default()
        };
        assert_eq!(line(&totals), "10.0 MB of 100.0 MB, 10.0 MB/s, 9 s left");
        totals.done = 2;
        totals.left_secs = None;
        assert_eq!(
            line(&totals),
            "2 of 3 files, 10.0 MB of 100.0 MB, 10.0 MB/s"
        );
    }

    #[test]
    fn durations_are_rounded_as_people_say_them() {
        let texts = [0, 59, 61, 12_000].map(duration);
        assert_eq!(texts, ["1 s", "59 s", "2 min", "3 h 20 min"]);
    }
}
