//! Patterns with `*` (any text, also none) and `?` (one character), against a whole name, without case.

/// A pattern, already folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glob {
    pattern: Vec<char>,
    /// ASCII bytes every match ends with, but for characters that fold into ASCII.
    tail: Vec<u8>,
}

impl Glob {
    /// True when a word is a pattern and not a plain text.
    pub(super) fn is_pattern(word: &str) -> bool {
        word.contains(['*', '?'])
    }

    pub(super) fn new(word: &str) -> Self {
        let mut pattern: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        pattern.dedup_by(|a, b| *a == '*' && *b == '*');
        let tail: Vec<char> = pattern
            .iter()
            .rev()
            .take_while(|char| char.is_ascii() && !matches!(char, '*' | '?'))
            .copied()
            .collect();
        Self {
            pattern,
            tail: tail.iter().rev().map(|char| *char as u8).collect(),
        }
    }

    /// Whether the whole name matches. Linear but for one step back per star.
    pub(super) fn matches(&self, name: &str) -> bool {
        let mut rest = name.chars().flat_map(char::to_lowercase);
        let mut at = 0;
        // The last star seen, and the text from which it was last tried to end.
        let mut retry: Option<(usize, _)> = None;
        loop {
            if self.pattern.get(at) == Some(&'*') {
                at += 1;
                retry = Some((at, rest.clone()));
                continue;
            }
            match (self.pattern.get(at), rest.next()) {
                (None, None) => return true,
                (Some(wanted), Some(char)) if *wanted == '?' || *wanted == char => at += 1,
                (Some(_), None) => return false,
                _ => {
                    let Some((after_star, from)) = &mut retry else {
                        return false;
                    };
                    if from.next().is_none() {
                        return false;
                    }
                    at = *after_star;
                    rest = from.clone();
                }
            }
        }
    }

    /// Whether a name may match, by a look at its end. `odd_case` tells that names hold characters that fold into
    /// ASCII; then every name may.
    pub(super) fn may_match(&self, name: &[u8], odd_case: bool) -> bool {
        let start = name.len().checked_sub(self.tail.len());
        odd_case || start.is_some_and(|start| name[start..].eq_ignore_ascii_case(&self.tail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, name, expected) in [
            ("*.jpg", "a.JPG", true),
            ("*.jpg", ".jpg", true),
            ("*.jpg", "jpg", false),
            ("*.jpg", "a.jpg.txt", false),
            ("img_??.*", "img_07.png", true),
            ("img_??.*", "img_7.png", false),
            ("a*b*c", "aXbXbc", true),
            ("a*b*c", "aXbXb", false),
            ("*a*", "BANANA", true),
            ("**", "", true),
            ("?", "漢", true),
            ("?", "", false),
            ("*É.txt", "caf\u{e9}.txt", true),
            ("*ab", "aab", true),
            ("ab", "xab", false),
        ] {
            assert_eq!(
                Glob::new(pattern).matches(name),
                expected,
                "{pattern} {name}"
            );
        }
    }
}
