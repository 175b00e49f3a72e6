//! The inside of Python's string literals: where they end, their escapes, the pieces of f-strings.

use super::lexer::Piece;

/// Length of a string's body up to its fence; a line end ends the search for a short fence.
pub(super) fn body_length(text: &str, fence: &str) -> Option<usize> {
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '\n' if fence.len() == 1 => return None,
            _ if text[at..].starts_with(fence) => return Some(at),
            _ => {}
        }
    }
    None
}

/// Text with its escapes decoded; unknown escapes stay as they are, as in Python.
pub(super) fn unescaped(body: &str) -> String {
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(letter) = rest.chars().next() else {
            text.push('\\');
            break;
        };
        let after = &rest[letter.len_utf8()..];
        let simple = match letter {
            '\n' => Some(""),
            '\\' => Some("\\"),
            '\'' => Some("'"),
            '"' => Some("\""),
            'a' => Some("\u{7}"),
            'b' => Some("\u{8}"),
            'f' => Some("\u{c}"),
            'n' => Some("\n"),
            'r' => Some("\r"),
            't' => Some("\t"),
            'v' => Some("\u{b}"),
            _ => None,
        };
        if let Some(simple) = simple {
            text.push_str(simple);
            rest = after;
            continue;
        }
        let (digits, radix, after) = match letter {
            'x' => (2, 16, after),
            'u' => (4, 16, after),
            'U' => (8, 16, after),
            '0'..='7' => {
                let length = rest
                    .bytes()
                    .take(3)
                    .take_while(|byte| (b'0'..=b'7').contains(byte))
                    .count();
                (length, 8, rest)
            }
            _ => (0, 0, after),
        };
        let decoded = after
            .get(..digits)
            .filter(|code| !code.is_empty())
            .and_then(|code| u32::from_str_radix(code, radix).ok())
            .and_then(char::from_u32);
        match decoded {
            Some(decoded) => {
                text.push(decoded);
                rest = &after[digits..];
            }
            None => {
                text.push('\\');
                text.push(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// The pieces of an f-string.
pub(super) fn formatted(body: &str, raw: bool) -> Vec<Piece> {
    let decode = |text: &str| {
        if raw {
            text.to_owned()
        } else {
            unescaped(text)
        }
    };
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = body;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            text.push_str(brace);
            rest = after;
        } else if brace == "{" {
            pieces.push(Piece::Text(decode(&std::mem::take(&mut text))));
            let end = rest.find('}').unwrap_or(rest.len());
            pieces.push(Piece::Expression(rest[..end].to_owned()));
            rest = rest.get(end + 1..).unwrap_or_default();
        }
    }
    text.push_str(rest);
    pieces.push(Piece::Text(decode(&text)));
    pieces
}
