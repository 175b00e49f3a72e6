//! The clock that signatures are made with: this computer's, put right when servers say it is wrong.
//!
//! Every answer carries the server's time. Small differences are left alone; beyond four minutes (S3 refuses at
//! fifteen) everything that is signed uses the server's time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use aws_smithy_async::time::TimeSource;
use http::HeaderValue;

use crate::domain::Timestamp;

/// Below this difference the own clock is used as it is.
const TOLERATED_SECS: i64 = 240;

/// An answer that took longer says too little about the time.
const LONGEST_ANSWER_SECS: i64 = 60;

/// A shared clock. Clones show and learn the same difference.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock {
    skew: Arc<AtomicI64>,
    /// A server has told the time.
    heard: Arc<AtomicBool>,
    /// Where the clock stands, when it does not run.
    stands: Option<Timestamp>,
}

impl Clock {
    /// This computer's time, wrong or not.
    pub(super) fn raw_now() -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Timestamp(since.map_or(0, |since| since.as_secs() as i64))
    }

    /// A clock that stands, or one that runs.
    pub(super) fn of(stands: Option<Timestamp>) -> Self {
        Self {
            stands,
            ..Self::default()
        }
    }

    /// The time to sign with.
    pub(super) fn now(&self) -> Timestamp {
        self.stands
            .unwrap_or_else(|| self.corrected(Self::raw_now()))
    }

    /// A time of this computer's clock, put right.
    pub(super) fn corrected(&self, time: Timestamp) -> Timestamp {
        let skew = self.skew_secs();
        if skew.abs() > TOLERATED_SECS {
            time.plus_secs(skew)
        } else {
            time
        }
    }

    /// True when something signed at that time was signed with a clock that has been put right since.
    pub(super) fn disagrees_with(&self, signed_at: Timestamp) -> bool {
        (self.now().0 - signed_at.0).abs() > TOLERATED_SECS
    }

    /// Seconds that servers are ahead of this computer; negative when this computer is ahead.
    pub(super) fn skew_secs(&self) -> i64 {
        self.skew.load(Ordering::Relaxed)
    }

    /// True where a server told the time, and it is that of this computer.
    pub(super) fn agrees(&self) -> bool {
        self.heard.load(Ordering::Relaxed) && self.skew_secs().abs() <= TOLERATED_SECS
    }

    /// Takes in the `Date` of an answer to a request sent at `sent`.
    pub(super) fn learn(&self, sent: Timestamp, date: &HeaderValue) {
        let took = Self::raw_now().0 - sent.0;
        if self.stands.is_some() || !(0..=LONGEST_ANSWER_SECS).contains(&took) {
            return;
        }
        if let Some(server) = date.to_str().ok().and_then(http_date) {
            self.skew
                .store(server.0 - (sent.0 + took / 2), Ordering::Relaxed);
            self.heard.store(true, Ordering::Relaxed);
        }
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        if let Some(stands) = self.stands {
            return SystemTime::UNIX_EPOCH + Duration::from_secs(stands.0.unsigned_abs());
        }
        let now = SystemTime::now();
        let skew = self.skew_secs();
        let by = Duration::from_secs(skew.unsigned_abs());
        match skew {
            _ if skew.abs() <= TOLERATED_SECS => now,
            0.. => now + by,
            _ => now - by,
        }
    }
}

/// Reads `Wed, 15 Mar 2023 12:34:56 GMT`.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text)
        .ok()
        .map(|time| Timestamp(time.timestamp().as_second()))
}

/// Reads `20230315T123456Z`.
pub(super) fn amz_date(text: &str) -> Option<Timestamp> {
    let time = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    let time = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp(time.timestamp().as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_difference_moves_the_signing_time() {
        let clock = Clock::default();
        let server = |ahead: i64| {
            let text = Clock::raw_now()
                .plus_secs(ahead)
                .strftime("%a, %d %b %Y %H:%M:%S GMT", &jiff::tz::TimeZone::UTC);
            HeaderValue::from_str(&text).expect("header")
        };
        clock.learn(Clock::raw_now(), &server(120));
        assert!((119..=121).contains(&clock.skew_secs()));
        assert_eq!(clock.corrected(Timestamp(0)), Timestamp(0));
        clock.learn(Clock::raw_now(), &server(-1200));
        assert!((-1201..=-1199).contains(&clock.corrected(Timestamp(0)).0));
        clock.learn(Clock::raw_now().plus_secs(-3600), &server(0));
        assert!(clock.skew_secs() < -1000, "a slow answer teaches nothing");
    }

    #[test]
    fn dates_of_answers_are_read() {
        assert_eq!(
            http_date("Wed, 15 Mar 2023 12:34:56 GMT"),
            Some(Timestamp(1_678_883_696))
        );
        assert_eq!(http_date("yesterday"), None);
        assert_eq!(amz_date("20230315T123456Z"), Some(Timestamp(1_678_883_696)));
    }
}
