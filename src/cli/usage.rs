//! What is wrong with a command line, and the word that was probably meant.

use std::fmt;

/// A command line that cannot be understood. Ends with exit code 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Usage {
    /// What is wrong, as one sentence without a full stop.
    pub message: String,
    /// The verb whose help says more; `None` for the help of the whole.
    pub verb: Option<&'static str>,
}

impl Usage {
    /// A mistake that the general help explains.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            verb: None,
        }
    }

    /// A mistake that the help of a verb explains.
    pub(super) fn of(verb: &'static str, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            verb: Some(verb),
        }
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = self.verb.map(|verb| format!(" {verb}")).unwrap_or_default();
        write!(f, "{}.\nSee `cooperage{verb} --help`.", self.message)
    }
}

impl std::error::Error for Usage {}

/// ` (did you mean X?)` for the candidate that is nearest to a misspelt word, or nothing.
pub(super) fn did_you_mean<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    candidates
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min()
        .map(|(_, candidate)| format!(" (did you mean {candidate}?)"))
        .unwrap_or_default()
}

/// Letters to change, add or remove to get from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, a) in from.chars().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (at, b) in to.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_offered_only_when_it_is_near() {
        let words = || ["put", "get", "--overwrite"].into_iter();
        assert_eq!(did_you_mean("pt", words()), " (did you mean put?)");
        assert_eq!(
            did_you_mean("--overwite", words()),
            " (did you mean --overwrite?)"
        );
        assert_eq!(did_you_mean("frobnicate", words()), "");
    }
}
