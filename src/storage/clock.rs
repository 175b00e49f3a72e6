//! The clock that signatures are made with: this computer's, put right when a server refuses it.
//!
//! Every answer carries a time, but what tells it may be a proxy whose clock is wrong while the server behind it is well.
//! So it is taken over only after a refusal ([`Clock::refused`]), and where it differs by more than four minutes (S3
//! refuses at fifteen); what is refused with it too goes back to this computer's.

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
    /// What is added to this computer's time to sign.
    skew: Arc<AtomicI64>,
    /// What the last answer told.
    told: Arc<AtomicI64>,
    /// What is signed with the time of now has been accepted.
    accepted: Arc<AtomicBool>,
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

    /// Seconds that are added to this computer's time to sign; 0 until a server refused it.
    pub(super) fn skew_secs(&self) -> i64 {
        self.skew.load(Ordering::Relaxed)
    }

    /// True where a server told the time, and it is that of this computer.
    pub(super) fn agrees(&self) -> bool {
        let told = self.told.load(Ordering::Relaxed);
        self.heard.load(Ordering::Relaxed) && told.abs() <= TOLERATED_SECS
    }

    /// Takes in that something signed with that skew was accepted.
    pub(super) fn accepted(&self, skew_secs: i64) {
        if (self.skew_secs() - skew_secs).abs() <= TOLERATED_SECS {
            self.accepted.store(true, Ordering::Relaxed);
        }
    }

    /// Takes in that something signed with that skew was refused. The refusal may be `bare`, without a word why: then
    /// the time is to blame only as long as nothing signed with it was accepted. True when the same may succeed now.
    pub(super) fn refused(&self, skew_secs: i64, bare: bool) -> bool {
        if self.stands.is_some() {
            return false;
        }
        let own = self.skew_secs();
        if (own - skew_secs).abs() > TOLERATED_SECS {
            return true;
        }
        if self.accepted.load(Ordering::Relaxed) && bare {
            return false;
        }
        let told = self.told.load(Ordering::Relaxed);
        let is_news = (told - own).abs() > TOLERATED_SECS;
        // What the server tells is refused as well: it is no better than this computer's.
        let is_off = is_news && told.abs() > TOLERATED_SECS;
        self.skew
            .store(if is_off { told } else { 0 }, Ordering::Relaxed);
        self.accepted.store(false, Ordering::Relaxed);
        is_news
    }

    /// Takes in the `Date` of an answer to a request sent at `sent`.
    pub(super) fn learn(&self, sent: Timestamp, date: &HeaderValue) {
        let took = Self::raw_now().0 - sent.0;
        if self.stands.is_some() || !(0..=LONGEST_ANSWER_SECS).contains(&took) {
            return;
        }
        if let Some(server) = date.to_str().ok().and_then(http_date) {
            self.told
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

    fn ahead(secs: i64) -> HeaderValue {
        let time = Clock::raw_now().plus_secs(secs);
        let text = time.strftime("%a, %d %b %Y %H:%M:%S GMT", &jiff::tz::TimeZone::UTC);
        HeaderValue::from_str(&text).expect("header")
    }

    #[test]
    fn a_refusal_moves_the_signing_time_by_a_large_difference() {
        let clock = Clock::default();
        clock.learn(Clock::raw_now(), &ahead(120));
        assert!(!clock.refused(0, false), "no difference that is refused");
        assert!(clock.agrees());
        clock.learn(Clock::raw_now(), &ahead(-1200));
        assert_eq!(clock.corrected(Timestamp(0)), Timestamp(0), "only told");
        assert!(clock.refused(0, false));
        assert!((-1201..=-1199).contains(&clock.corrected(Timestamp(0)).0));
        assert!(clock.refused(0, false), "signed before it was put right");
        clock.learn(Clock::raw_now().plus_secs(-3600), &ahead(0));
        assert!(!clock.agrees(), "a slow answer teaches nothing");
        assert!(!clock.refused(-1200, false));
        assert_eq!(clock.skew_secs(), 0, "the told time is refused as well");
    }

    #[test]
    fn a_time_that_was_accepted_is_not_doubted_without_a_word() {
        let clock = Clock::default();
        clock.learn(Clock::raw_now(), &ahead(7200));
        clock.accepted(0);
        assert!(!clock.refused(0, true));
        assert_eq!(clock.skew_secs(), 0);
        assert!(clock.refused(0, false));
        assert!(clock.skew_secs() > 7000);
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
