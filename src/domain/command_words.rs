//! Takes a command of a file apart as botocore does: words and quotes, and no shell.

/// The words of a command; `None` when a quote is not closed. Nothing is expanded: `$HOME`, `~`, `|` and `>` are letters
/// like others. Outside Windows a backslash takes its meaning from the next letter, as in POSIX.
#[must_use]
pub fn command_words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let (mut word, mut quote, mut begun) = (String::new(), None, false);
    let mut letters = command.chars().peekable();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(own), letter) if own == letter => quote = None,
            (None, '"') => (quote, begun) = (Some('"'), true),
            (None, '\'') if !cfg!(windows) => (quote, begun) = (Some('\''), true),
            (None | Some('"'), '\\') if !cfg!(windows) => {
                let next = letters.peek().copied();
                // Within quotes it only guards the quote and itself.
                let guards = quote.is_none() || matches!(next, Some('"' | '\\'));
                match (guards, next) {
                    (true, Some(next)) => {
                        letters.next();
                        word.push(next);
                    }
                    (true, None) => return None,
                    (false, _) => word.push('\\'),
                }
                begun = true;
            }
            (None, letter) if letter.is_whitespace() => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            (_, letter) => {
                word.push(letter);
                begun = true;
            }
        }
    }
    if quote.is_some() {
        return None;
    }
    if begun {
        words.push(word);
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(not(windows))]
    fn words_are_those_of_pythons_shlex() {
        let words = |text| command_words(text).unwrap_or_default();
        assert_eq!(
            words(r#"/opt/get  "my keys" 'a "b"' c\ d "e\"f\g" $HOME "" | x"#),
            [
                "/opt/get", "my keys", "a \"b\"", "c d", "e\"f\\g", "$HOME", "", "|", "x"
            ]
        );
        assert_eq!(command_words("echo 'open"), None);
        assert_eq!(command_words("echo \\"), None);
        assert_eq!(words("  "), Vec::<String>::new());
    }
}
