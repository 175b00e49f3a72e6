//! What the upload rules of the settings being edited would touch, among the objects that are listed.

use super::State;

/// So many listed objects are looked at; a change of the settings must not wait for millions.
const MOST_CHECKED: usize = 20_000;
/// So many of the keys that fit are shown.
const EXAMPLES: usize = 3;

/// What one rule fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleMatch {
    /// How many of the listed objects fit.
    pub count: usize,
    /// The first keys that fit.
    pub examples: Vec<String>,
}

/// What all rules fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleMatches {
    /// How many listed objects were looked at; none when another connection is open.
    pub checked: usize,
    /// One for each rule, in order.
    pub rules: Vec<RuleMatch>,
}

impl State {
    /// Works out what the rules fit.
    pub(super) fn match_rules(&mut self) {
        let Some(draft) = &mut self.draft else {
            return;
        };
        let rules = &draft.connection.rules;
        let mut matches = RuleMatches {
            checked: 0,
            rules: vec![RuleMatch::default(); rules.len()],
        };
        let is_open = self.connections.current.as_ref() == Some(&draft.connection.id);
        if is_open && !rules.is_empty() {
            let rows = self.browser.listing.catalog.rows();
            for row in rows.filter(|row| !row.is_folder()).take(MOST_CHECKED) {
                matches.checked += 1;
                let key = row.key();
                for (rule, found) in rules.iter().zip(&mut matches.rules) {
                    if rule.fits(key.as_str()) {
                        found.count += 1;
                        if found.examples.len() < EXAMPLES {
                            found.examples.push(key.as_str().to_owned());
                        }
                    }
                }
            }
        }
        draft.rule_matches = matches;
    }
}
