//! Points in time, in whole seconds since 1970 UTC, and the forms in which S3 writes them.

use jiff::tz::TimeZone;

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The clock's time. Only the outer layers call this (worker, command line, the window's frame);
    /// everything below takes the time as an argument.
    #[must_use]
    pub fn now() -> Self {
        Self(jiff::Timestamp::now().as_second())
    }

    /// Reads the form of listings: `2026-01-01T00:00:00.000Z`. Fractions are dropped.
    #[must_use]
    pub fn from_iso(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>()
            .ok()
            .map(|time| Self(time.as_second()))
    }

    /// Reads the forms in which AWS tools write a time: with `T` or a blank, with `Z`, `UTC`, an offset or nothing.
    #[must_use]
    pub fn from_tools(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text
            .strip_suffix("UTC")
            .map_or_else(|| text.to_owned(), |bare| format!("{}Z", bare.trim_end()));
        Self::from_iso(&text).or_else(|| Self::from_iso(&format!("{text}Z")))
    }

    /// This many seconds later.
    #[must_use]
    pub const fn plus_secs(self, secs: i64) -> Self {
        Self(self.0.saturating_add(secs))
    }

    /// `2023-03-15T12:34:56Z`, which [`Timestamp::from_iso`] reads again.
    #[must_use]
    pub fn iso(self) -> String {
        self.strftime("%Y-%m-%dT%H:%M:%SZ", &TimeZone::UTC)
    }

    /// `20230315T123456Z`, as in signature version 4.
    #[must_use]
    pub fn amz_date(self) -> String {
        self.strftime("%Y%m%dT%H%M%SZ", &TimeZone::UTC)
    }

    /// `Wed, 15 Mar 2023 12:34:56 GMT`, as in HTTP headers.
    #[must_use]
    pub fn http_date(self) -> String {
        self.strftime("%a, %d %b %Y %H:%M:%S GMT", &TimeZone::UTC)
    }

    /// `2026-03-14 14:02:51 UTC`, for tooltips.
    #[must_use]
    pub fn utc_text(self) -> String {
        self.strftime("%Y-%m-%d %H:%M:%S UTC", &TimeZone::UTC)
    }

    /// Written by a `strftime` pattern in a time zone; empty for a time outside the calendar.
    #[must_use]
    pub fn strftime(self, pattern: &str, zone: &TimeZone) -> String {
        jiff::Timestamp::from_second(self.0).map_or_else(
            |_| String::new(),
            |time| time.to_zoned(zone.clone()).strftime(pattern).to_string(),
        )
    }

    /// How a listing shows it beside the present: `today 14:02`, `yesterday 18:30`, `2026-03-02 11:20`.
    #[must_use]
    pub fn short_text(self, now: Self, zone: &TimeZone) -> String {
        self.relative_day(now, zone, "%H:%M", "%Y-%m-%d %H:%M")
    }

    /// The same with seconds, for the inspector: `today 14:02:51`.
    #[must_use]
    pub fn long_text(self, now: Self, zone: &TimeZone) -> String {
        self.relative_day(now, zone, "%H:%M:%S", "%Y-%m-%d %H:%M:%S")
    }

    fn relative_day(self, now: Self, zone: &TimeZone, time: &str, full: &str) -> String {
        let day = |at: Self| {
            jiff::Timestamp::from_second(at.0)
                .ok()
                .map(|at| at.to_zoned(zone.clone()).date())
        };
        let (Some(own), Some(today)) = (day(self), day(now)) else {
            return String::new();
        };
        if own == today {
            format!("today {}", self.strftime(time, zone))
        } else if own.tomorrow().ok() == Some(today) {
            format!("yesterday {}", self.strftime(time, zone))
        } else {
            self.strftime(full, zone)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_near_the_present_have_names() {
        let now = Timestamp::from_iso("2026-04-01T14:02:00Z").expect("time");
        let text = |iso: &str| {
            Timestamp::from_iso(iso)
                .expect("time")
                .short_text(now, &TimeZone::UTC)
        };
        assert_eq!(text("2026-04-01T00:00:01.500Z"), "today 00:00");
        assert_eq!(text("2026-03-31T18:30:00Z"), "yesterday 18:30");
        assert_eq!(text("2026-03-02T11:20:00Z"), "2026-03-02 11:20");
    }

    #[test]
    fn signing_date_has_no_separators() {
        assert_eq!(Timestamp(1_678_883_696).amz_date(), "20230315T123456Z");
    }
}
