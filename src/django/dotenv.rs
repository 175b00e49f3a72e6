//! `.env` files: `NAME=value`, optional `export`, quotes of both kinds, comments, values over several lines in
//! quotes.

/// One assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assignment {
    /// Line, from 1.
    pub line: usize,
    /// The variable.
    pub name: String,
    /// Its value without quotes.
    pub value: String,
    /// It stood in quotes.
    pub is_quoted: bool,
}

impl Assignment {
    /// The variable that the value refers to, when it is `${NAME}` and nothing else.
    pub(super) fn reference(&self) -> Option<&str> {
        let name = self.value.strip_prefix("${")?.strip_suffix('}')?;
        let is_name = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        (is_name && !self.is_quoted).then_some(name)
    }
}

/// Reads a file; lines that are no assignment are returned by number.
pub(super) fn parse(text: &str) -> (Vec<Assignment>, Vec<usize>) {
    let mut found = Vec::new();
    let mut bad = Vec::new();
    let mut rest = text.trim_start_matches('\u{feff}');
    let mut line = 1;
    while !rest.is_empty() {
        let end = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let mut used = end;
        let this = rest[..end].trim();
        if !this.is_empty() && !this.starts_with('#') {
            match assignment(rest, end) {
                Some((one, length)) => {
                    used = length;
                    found.push(Assignment { line, ..one });
                }
                None => bad.push(line),
            }
        }
        line += rest[..used].matches('\n').count();
        rest = &rest[used..];
    }
    (found, bad)
}

/// True when every assignment stands without a blank before its sign, as in `.env` files and hardly in Python.
pub(super) fn looks_plain(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .all(|(name, _)| !name.ends_with([' ', '\t', '+']))
}

/// An assignment and its length up to the end of the last line that belongs to it.
fn assignment(text: &str, line_end: usize) -> Option<(Assignment, usize)> {
    let (left, _) = text[..line_end].split_once('=')?;
    let name = left.trim();
    let name = name.strip_prefix("export ").map_or(name, str::trim);
    let is_name = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte));
    if name.is_empty() || !is_name || name.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let read = |value, is_quoted| Assignment {
        line: 0,
        name: name.to_owned(),
        value,
        is_quoted,
    };
    let after = left.len() + 1;
    let blanks =
        text[after..line_end].len() - text[after..line_end].trim_start_matches([' ', '\t']).len();
    let start = after + blanks;
    let quote = text[start..]
        .chars()
        .next()
        .filter(|first| ['"', '\'', '`'].contains(first));
    let Some(quote) = quote else {
        let value = text[start..line_end].trim();
        // A comment needs a blank in front, so that a value may hold the sign.
        let value = value.find(" #").map_or(value, |at| value[..at].trim_end());
        let value = if value.starts_with('#') { "" } else { value };
        return Some((read(value.to_owned(), false), line_end));
    };
    let body = &text[start + 1..];
    let length = closing(body, quote)?;
    let value = if quote == '"' {
        unescaped(&body[..length])
    } else {
        body[..length].to_owned()
    };
    let end = start + 1 + length + 1;
    let rest = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    let tail = text[end..rest].trim();
    (tail.is_empty() || tail.starts_with('#')).then(|| (read(value, true), rest))
}

fn closing(body: &str, quote: char) -> Option<usize> {
    let mut letters = body.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if quote == '"' => {
                letters.next();
            }
            _ if letter == quote => return Some(at),
            _ => {}
        }
    }
    None
}

fn unescaped(body: &str) -> String {
    let mut text = String::with_capacity(body.len());
    let mut letters = body.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('t') => text.push('\t'),
            Some(plain @ ('"' | '\\' | '$' | '`')) => text.push(plain),
            Some(other) => text.extend(['\\', other]),
            None => text.push('\\'),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_the_usual_forms() {
        let text = "# head\nA=1\nexport B = two words # note\nC='single $x #'\nD=\"a\\nb\"\nE=\n\
                    F=\"-----BEGIN\nsecond\n-----END\"\nG=a#b\nnonsense\nH=#none\n2X=1\n";
        let (found, bad) = parse(text);
        let pairs: Vec<_> = found
            .iter()
            .map(|one| (one.line, one.name.as_str(), one.value.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [
                (2, "A", "1"),
                (3, "B", "two words"),
                (4, "C", "single $x #"),
                (5, "D", "a\nb"),
                (6, "E", ""),
                (7, "F", "-----BEGIN\nsecond\n-----END"),
                (10, "G", "a#b"),
                (12, "H", ""),
            ]
        );
        assert_eq!(bad, [11, 13]);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".*", odd in "[A=\"'\\\\#\n\r é$`]*") {
            parse(&text);
            parse(&odd);
        }
    }
}
