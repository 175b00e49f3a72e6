//! Patterns with `*` (any text, also none) and `?` (one character), against a whole name, without case.

/// A pattern, already folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glob(Vec<char>);

impl Glob {
    /// True when a word is a pattern and not a plain text.
    pub(super) fn is_pattern(word: &str) -> bool {
        word.contains(['*', '?'])
    }

    pub(super) fn new(word: &str) -> Self {
        let mut pattern: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        pattern.dedup_by(|a, b| *a == '*' && *b == '*');
        Self(pattern)
    }

    /// Whether the whole name matches. Linear but for one step back per star.
    pub(super) fn matches(&self, name: &str) -> bool {
        if !self.tail_fits(name) {
            return false;
        }
        let mut rest = name.chars().flat_map(char::to_lowercase);
        let mut at = 0;
        // The last star seen, and the text from which it was last tried to end.
        let mut retry: Option<(usize, _)> = None;
        loop {
            if self.0.get(at) == Some(&'*') {
                at += 1;
                retry = Some((at, rest.clone()));
                continue;
            }
            match (self.0.get(at), rest.next()) {
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

    /// A quick look at the end, which decides most names under patterns such as `*.jpg`.
    fn tail_fits(&self, name: &str) -> bool {
        let tail = self.0.iter().rev().zip(name.bytes().rev());
        for (wanted, byte) in tail {
            if matches!(wanted, '*' | '?') || !wanted.is_ascii() || !byte.is_ascii() {
                return true;
            }
            if *wanted != char::from(byte.to_ascii_lowercase()) {
                return false;
            }
        }
        true
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
