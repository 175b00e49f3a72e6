//! How long a link works, in words.

use jiff::tz::TimeZone;

use crate::domain::{LinkEnd, SignedLink, Timestamp};

/// Until when a link works: `works until 15:02`.
#[must_use]
pub fn link_end(link: &SignedLink, now: Timestamp, zone: &TimeZone) -> String {
    let Some(until) = link.works_until else {
        return "works while the object is public".to_owned();
    };
    let text = until.short_text(now, zone);
    let text = text.strip_prefix("today ").unwrap_or(&text);
    match link.end {
        LinkEnd::Session => format!("works until {text}, when the session ends"),
        LinkEnd::Lifetime | LinkEnd::Never => format!("works until {text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_that_ends_sooner_is_named() {
        let now = Timestamp::from_iso("2026-04-01T14:02:00Z").unwrap();
        let link = |secs: i64, end| SignedLink {
            url: String::new(),
            works_until: Some(now.plus_secs(secs)),
            end,
        };
        let words = |link: &SignedLink| link_end(link, now, &TimeZone::UTC);
        assert_eq!(words(&link(3600, LinkEnd::Lifetime)), "works until 15:02");
        assert_eq!(
            words(&link(600, LinkEnd::Session)),
            "works until 14:12, when the session ends"
        );
        assert_eq!(
            words(&link(604_800, LinkEnd::Lifetime)),
            "works until 2026-04-08 14:02"
        );
        let plain = SignedLink {
            url: String::new(),
            works_until: None,
            end: LinkEnd::Never,
        };
        assert_eq!(words(&plain), "works while the object is public");
    }
}
