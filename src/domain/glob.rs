//! Patterns over keys: `*` is anything within a segment, `**` anything, `**/` also no folder at all, `?` one character
//! that is no slash. Letters count as they are written.

use super::config::ParameterRule;

/// One step of a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// This letter.
    Letter(char),
    /// Any letter but a slash.
    One,
    /// Any text without a slash.
    Within,
    /// Any text.
    Across {
        /// A slash follows, and both may be left out.
        is_folders: bool,
    },
}

fn steps(glob: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = glob;
    while let Some(letter) = rest.chars().next() {
        rest = &rest[letter.len_utf8()..];
        steps.push(match letter {
            '*' => match rest.strip_prefix('*') {
                Some(after) => {
                    rest = after;
                    Step::Across {
                        is_folders: after.starts_with('/'),
                    }
                }
                None => Step::Within,
            },
            '?' => Step::One,
            letter => Step::Letter(letter),
        });
    }
    steps
}

impl ParameterRule {
    /// Whether a key fits the pattern. Takes time as the product of both lengths, whatever the pattern.
    #[must_use]
    pub fn fits(&self, key: &str) -> bool {
        let steps = steps(&self.glob);
        let mut reached = vec![false; steps.len() + 1];
        reached[0] = true;
        skip(&steps, &mut reached);
        for letter in key.chars() {
            let mut next = vec![false; steps.len() + 1];
            for (at, step) in steps.iter().enumerate().filter(|(at, _)| reached[*at]) {
                match step {
                    Step::Letter(wanted) => next[at + 1] |= *wanted == letter,
                    Step::One => next[at + 1] |= letter != '/',
                    Step::Within => next[at] |= letter != '/',
                    Step::Across { .. } => next[at] = true,
                }
            }
            skip(&steps, &mut next);
            reached = next;
        }
        reached[steps.len()]
    }
}

/// Adds the places that are reached without a letter.
fn skip(steps: &[Step], reached: &mut [bool]) {
    for (at, step) in steps.iter().enumerate() {
        if !reached[at] {
            continue;
        }
        match step {
            Step::Within => reached[at + 1] = true,
            Step::Across { is_folders } => {
                reached[at + 1] = true;
                if *is_folders {
                    reached[at + 2] = true;
                }
            }
            Step::Letter(_) | Step::One => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(glob: &str, key: &str) -> bool {
        let rule = ParameterRule {
            glob: glob.to_owned(),
            parameters: Vec::new(),
        };
        rule.fits(key)
    }

    #[test]
    fn globs_respect_segments() {
        for (glob, key, expected) in [
            ("*.css", "a.css", true),
            ("*.css", "x/a.css", false),
            ("x/*/a", "x/y/a", true),
            ("x/*/a", "x/y/z/a", false),
            ("x/**", "x/y/z", true),
            ("?.txt", "é.txt", true),
            ("?", "/", false),
            ("", "", true),
            ("", "a", false),
            ("**", "a//b", true),
            ("**/*.css", "a.css", true),
            ("**/*.css", "x/y/a.css", true),
            ("**/*.css", "x/y/a.cs", false),
            ("a**/b", "ab", true),
            ("a**/b", "ax/b", true),
            ("**/**/x", "x", true),
            ("A", "a", false),
        ] {
            assert_eq!(fits(glob, key), expected, "{glob} {key}");
        }
    }

    #[test]
    fn no_pattern_takes_for_ever() {
        let glob = "**/*a".repeat(40);
        assert!(!fits(&glob, &"a/".repeat(400)));
    }
}
