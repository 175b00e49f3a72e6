//! Where and when a diagnosis is told: the present, the time zone, the home folder that shortens paths.

use std::path::Path;

use jiff::tz::TimeZone;

use crate::domain::Timestamp;
use crate::words::duration;

/// The surroundings of a sentence.
#[derive(Clone, Copy, Debug)]
pub struct When<'a> {
    /// The present.
    pub now: Timestamp,
    /// The time zone of those who read.
    pub zone: &'a TimeZone,
    /// Their home folder.
    pub home: Option<&'a str>,
}

impl When<'_> {
    /// How long something still holds: `1 h 42 min left`, `ended yesterday at 18:30`.
    #[must_use]
    pub fn left(&self, end: Timestamp) -> String {
        match end.0 - self.now.0 {
            secs if secs > 0 => format!("{} left", duration(secs)),
            _ => format!("ended {}", self.said(end)),
        }
    }

    /// A moment within a sentence: `today at 14:02`, `yesterday at 18:30`, `on 2026-03-02 at 11:20`.
    #[must_use]
    pub fn said(&self, at: Timestamp) -> String {
        let text = at.short_text(self.now, self.zone);
        match text.split_once(' ') {
            Some((day @ ("today" | "yesterday"), time)) => format!("{day} at {time}"),
            Some((day, time)) => format!("on {day} at {time}"),
            None => text,
        }
    }

    /// A path with the home folder as `~`.
    #[must_use]
    pub fn short(&self, path: &Path) -> String {
        let text = path.display().to_string();
        let home = self.home.filter(|home| !home.is_empty());
        match home.and_then(|home| text.strip_prefix(home.trim_end_matches(['/', '\\']))) {
            Some(rest) if rest.starts_with(['/', '\\']) => format!("~{rest}"),
            _ => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_paths_read_as_people_say_them() {
        let when = When {
            now: Timestamp(1_780_315_200),
            zone: &TimeZone::UTC,
            home: Some("/home/me/"),
        };
        assert_eq!(
            when.left(Timestamp(1_780_315_200 + 6120)),
            "1 h 42 min left"
        );
        assert_eq!(
            when.left(Timestamp(1_780_315_200 - 63_000)),
            "ended yesterday at 18:30"
        );
        assert_eq!(when.said(Timestamp(0)), "on 1970-01-01 at 00:00");
        assert_eq!(
            when.short(Path::new("/home/me/.aws/config")),
            "~/.aws/config"
        );
        assert_eq!(when.short(Path::new("/home/mean/x")), "/home/mean/x");
    }
}
