//! Where one signs in to Identity Center, as the shared files say it.

use std::collections::BTreeMap;

use super::profiles::{Entries, text_of};
use crate::domain::SignInSession;

/// The sessions that name an address and a region.
pub(super) fn all(sessions: &BTreeMap<String, Entries>) -> Vec<SignInSession> {
    sessions
        .iter()
        .filter_map(|(name, entries)| named(name, entries))
        .collect()
}

fn named(name: &str, entries: &Entries) -> Option<SignInSession> {
    let scopes = text_of(entries, "sso_registration_scopes").unwrap_or_default();
    Some(SignInSession {
        name: Some(name.to_owned()),
        start_url: text_of(entries, "sso_start_url")?.to_owned(),
        region: text_of(entries, "sso_region")?.to_owned(),
        scopes: scopes
            .split(',')
            .map(|scope| scope.trim().to_owned())
            .filter(|scope| !scope.is_empty())
            .collect(),
    })
}

/// The session of a profile, or of the profile that it takes its credentials from.
pub(super) fn of_profile<'a>(
    name: &str,
    find: &dyn Fn(&str) -> Option<&'a Entries>,
    sessions: &BTreeMap<String, Entries>,
) -> Option<SignInSession> {
    let mut next = name.to_owned();
    // As long as a chain of roles may reasonably be; one that goes round ends too.
    for _ in 0..8 {
        let entries = find(&next)?;
        if let Some(session) = text_of(entries, "sso_session") {
            return named(session, sessions.get(session)?);
        }
        if let Some(start_url) = text_of(entries, "sso_start_url") {
            return Some(SignInSession {
                name: None,
                start_url: start_url.to_owned(),
                region: text_of(entries, "sso_region")?.to_owned(),
                scopes: Vec::new(),
            });
        }
        text_of(entries, "source_profile")?.clone_into(&mut next);
    }
    None
}
