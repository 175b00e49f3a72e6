//! How much runs at once.
//!
//! Small files spend their time waiting for answers, so many of them run side by side; large ones fill the line, so few
//! do. When the server asks to slow down the whole is halved, and grows back bit by bit while work succeeds.

use std::time::Duration;

/// What all running jobs together may weigh: eight large files, or sixteen small ones and four large.
const FULL: u32 = 32;

/// Weight of a large file.
const LARGE: u32 = 4;

/// Files below this size weigh 1.
const SMALL_BYTES: u64 = 1024 * 1024;

/// After a cut no other for so long: requests that were already on their way may be refused, too.
const CUT_EVERY: Duration = Duration::from_secs(2);

/// The window of running work. Times are those of a clock that the caller chooses.
#[derive(Debug)]
pub(super) struct Window {
    room: u32,
    used: u32,
    /// Successes since the last growth.
    calm: u32,
    cut_at: Option<Duration>,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            room: FULL,
            used: 0,
            calm: 0,
            cut_at: None,
        }
    }
}

/// What a job of this size weighs.
pub(super) const fn weight(bytes: u64) -> u32 {
    if bytes < SMALL_BYTES { 1 } else { LARGE }
}

impl Window {
    /// Takes room for a job. A single job always fits.
    pub(super) const fn enter(&mut self, weight: u32) -> bool {
        if self.used > 0 && self.used + weight > self.room {
            return false;
        }
        self.used += weight;
        true
    }

    pub(super) const fn leave(&mut self, weight: u32) {
        self.used = self.used.saturating_sub(weight);
    }

    /// The server asked to slow down.
    pub(super) fn cut(&mut self, now: Duration) {
        if self.cut_at.is_some_and(|at| now < at + CUT_EVERY) {
            return;
        }
        self.cut_at = Some(now);
        self.calm = 0;
        self.room = (self.room / 2).max(1);
    }

    /// A job succeeded.
    pub(super) const fn succeeded(&mut self) {
        self.calm += 1;
        if self.calm >= self.room && self.room < FULL {
            self.calm = 0;
            self.room += 1;
        }
    }

    #[cfg(test)]
    pub(super) const fn room(&self) -> u32 {
        self.room
    }
}

/// How fast bytes have moved over the last seconds.
#[derive(Debug, Default)]
pub(super) struct Speed {
    /// Time and bytes so far, oldest first.
    marks: std::collections::VecDeque<(Duration, u64)>,
}

impl Speed {
    /// The seconds that count.
    const SPAN: Duration = Duration::from_secs(5);

    /// Takes in how many bytes have moved so far, and gives the bytes a second.
    pub(super) fn at(&mut self, now: Duration, moved: u64) -> u64 {
        if self.marks.back().is_some_and(|(_, before)| *before > moved) {
            // Bytes were taken back: what was measured says nothing any more.
            self.marks.clear();
        }
        self.marks.push_back((now, moved));
        while self.marks.len() > 2 && self.marks[1].0 + Self::SPAN <= now {
            self.marks.pop_front();
        }
        let (since, before) = self.marks[0];
        let millis = u64::try_from((now - since).as_millis()).unwrap_or(u64::MAX);
        if millis < 200 {
            return 0;
        }
        (moved - before).saturating_mul(1000) / millis
    }

    /// Nothing runs: the next bytes are measured anew.
    pub(super) fn forget(&mut self) {
        self.marks.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_large_or_many_small_run_at_once() {
        let mut window = Window::default();
        let count = |window: &mut Window, bytes| {
            let mut count = 0;
            while window.enter(weight(bytes)) {
                count += 1;
            }
            count
        };
        assert_eq!(count(&mut window, 50_000_000), 8);
        for _ in 0..8 {
            window.leave(LARGE);
        }
        assert_eq!(count(&mut window, 1000), 32);
    }

    #[test]
    fn throttling_halves_and_success_grows_back() {
        let mut window = Window::default();
        let secs = Duration::from_secs;
        window.cut(secs(1));
        window.cut(secs(2));
        assert_eq!(window.room(), 16, "one cut for what was on its way");
        for second in 2..20 {
            window.cut(secs(second * 2));
        }
        assert_eq!(window.room(), 1);
        assert!(window.enter(LARGE), "one always runs");
        assert!(!window.enter(1));
        for _ in 0..2000 {
            window.succeeded();
        }
        assert_eq!(window.room(), FULL);
    }

    #[test]
    fn speed_is_that_of_the_last_seconds() {
        let mut speed = Speed::default();
        let millis = Duration::from_millis;
        assert_eq!(speed.at(millis(0), 0), 0);
        assert_eq!(speed.at(millis(1000), 1_000_000), 1_000_000);
        for tick in 2..20_u64 {
            speed.at(millis(tick * 1000), 1_000_000);
        }
        assert_eq!(speed.at(millis(20_000), 1_000_000), 0, "long ago");
        assert_eq!(speed.at(millis(20_100), 500_000), 0, "taken back");
        assert_eq!(speed.at(millis(21_100), 700_000), 200_000);
    }
}
