//! Python text as logical lines of tokens: brackets and backslashes join lines, comments vanish, strings are decoded.

use super::strings::{body_length, formatted, unescaped};

/// A logical line.
#[derive(Debug)]
pub(super) struct Line {
    /// Blanks in front; a tab counts to the next multiple of eight.
    pub indent: usize,
    /// At least one.
    pub tokens: Vec<Token>,
}

/// A token and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    /// Line of the text, from 1.
    pub line: usize,
    /// What it is.
    pub kind: TokenKind,
}

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// Names and keywords.
    Name(String),
    /// A number as written, without underscores.
    Number(String),
    /// A string or bytes literal.
    Text {
        /// With a `b` in front.
        bytes: bool,
        /// Text and, in f-strings, the source of expressions.
        pieces: Vec<Piece>,
    },
    /// Punctuation: `=`, `**`, `{`.
    Mark(&'static str),
    /// A letter that no Python line has, or a string without end.
    Bad,
}

/// A piece of a string.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// Decoded text.
    Text(String),
    /// Source between braces of an f-string.
    Expression(String),
}

/// Longest first, so that `**` is not read as two stars.
const MARKS: &[&str] = &[
    "...", "**=", "//=", ">>=", "<<=", "!=", "==", "<=", ">=", "->", ":=", "+=", "-=", "*=", "/=",
    "%=", "&=", "|=", "^=", "@=", "**", "//", "<<", ">>", "(", ")", "[", "]", "{", "}", ",", ":",
    ";", ".", "=", "+", "-", "*", "/", "%", "<", ">", "&", "|", "^", "~", "@", "!",
];

/// Reads a text; never fails.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut lexer = Lexer {
        rest: text.trim_start_matches('\u{feff}'),
        line: 1,
        depth: 0,
    };
    let mut lines = Vec::new();
    let mut current = Line {
        indent: lexer.indent(),
        tokens: Vec::new(),
    };
    while let Some(next) = lexer.rest.chars().next() {
        match next {
            '\n' => {
                lexer.skip(1);
                if lexer.depth == 0 {
                    finish(&mut lines, &mut current);
                    current.indent = lexer.indent();
                }
            }
            '#' => lexer.skip_while(|letter| letter != '\n'),
            '\\' if lexer.rest[1..].trim_start_matches('\r').starts_with('\n') => {
                let length = lexer.rest.find('\n').map_or(1, |end| end + 1);
                lexer.skip(length);
            }
            letter if letter.is_whitespace() => lexer.skip(letter.len_utf8()),
            _ => {
                let line = lexer.line;
                let kind = lexer.token(next);
                if kind == TokenKind::Mark(";") && lexer.depth == 0 {
                    let indent = current.indent;
                    finish(&mut lines, &mut current);
                    current.indent = indent;
                } else {
                    current.tokens.push(Token { line, kind });
                }
            }
        }
    }
    finish(&mut lines, &mut current);
    lines
}

fn finish(lines: &mut Vec<Line>, current: &mut Line) {
    if !current.tokens.is_empty() {
        let tokens = std::mem::take(&mut current.tokens);
        lines.push(Line {
            indent: current.indent,
            tokens,
        });
    }
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
    depth: usize,
}

impl Lexer<'_> {
    fn skip(&mut self, bytes: usize) {
        let (gone, rest) = self.rest.split_at(bytes);
        self.line += gone.matches('\n').count();
        self.rest = rest;
    }

    fn skip_while(&mut self, keep: impl Fn(char) -> bool) {
        let length = self
            .rest
            .find(|letter| !keep(letter))
            .unwrap_or(self.rest.len());
        self.skip(length);
    }

    /// Blanks at the beginning of a line, which are taken.
    fn indent(&mut self) -> usize {
        let mut indent = 0;
        let mut length = 0;
        for letter in self.rest.chars() {
            match letter {
                ' ' => indent += 1,
                '\t' => indent = (indent / 8 + 1) * 8,
                _ => break,
            }
            length += 1;
        }
        self.skip(length);
        indent
    }

    fn token(&mut self, first: char) -> TokenKind {
        if let Some(kind) = self.string() {
            return kind;
        }
        if first.is_alphabetic() || first == '_' {
            return TokenKind::Name(
                self.take_while(|letter| letter.is_alphanumeric() || letter == '_'),
            );
        }
        let is_fraction =
            first == '.' && self.rest[1..].starts_with(|letter: char| letter.is_ascii_digit());
        if first.is_ascii_digit() || is_fraction {
            let text =
                self.take_while(|letter| letter.is_ascii_alphanumeric() || "._".contains(letter));
            return TokenKind::Number(text.replace('_', ""));
        }
        let Some(mark) = MARKS.iter().find(|mark| self.rest.starts_with(**mark)) else {
            self.skip(first.len_utf8());
            return TokenKind::Bad;
        };
        self.skip(mark.len());
        match *mark {
            "(" | "[" | "{" => self.depth += 1,
            ")" | "]" | "}" => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        TokenKind::Mark(mark)
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> String {
        let length = self
            .rest
            .find(|letter| !keep(letter))
            .unwrap_or(self.rest.len());
        let text = self.rest[..length].to_owned();
        self.skip(length);
        text
    }

    /// A string literal, if one begins here.
    fn string(&mut self) -> Option<TokenKind> {
        let is_quote = |byte: u8| byte == b'"' || byte == b'\'';
        let prefix_length = self.rest.bytes().take(3).position(is_quote)?;
        let prefix = self.rest[..prefix_length].to_ascii_lowercase();
        if !["", "r", "u", "b", "f", "rb", "br", "rf", "fr"].contains(&prefix.as_str()) {
            return None;
        }
        let rest = &self.rest[prefix_length..];
        let quote = rest.get(..1)?;
        let triple = quote.repeat(3);
        let fence = if rest.starts_with(&triple) {
            triple.as_str()
        } else {
            quote
        };
        let start = prefix_length + fence.len();
        let Some(length) = body_length(&self.rest[start..], fence) else {
            // Without an end: the line is lost, or all of the rest.
            if fence.len() == 1 {
                self.skip_while(|letter| letter != '\n');
            } else {
                self.skip(self.rest.len());
            }
            return Some(TokenKind::Bad);
        };
        let body = self.rest[start..start + length].replace("\r\n", "\n");
        let fence_length = fence.len();
        self.skip(start + length + fence_length);
        let raw = prefix.contains('r');
        let pieces = if prefix.contains('f') {
            formatted(&body, raw)
        } else {
            vec![Piece::Text(if raw { body } else { unescaped(&body) })]
        };
        Some(TokenKind::Text {
            bytes: prefix.contains('b'),
            pieces,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(source: &str) -> Vec<String> {
        lines(source)
            .into_iter()
            .flat_map(|line| line.tokens)
            .filter_map(|token| match token.kind {
                TokenKind::Text { pieces, .. } => Some(
                    pieces
                        .into_iter()
                        .map(|piece| match piece {
                            Piece::Text(text) => text,
                            Piece::Expression(source) => format!("<{source}>"),
                        })
                        .collect(),
                ),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn strings_are_decoded_as_python_does() {
        for (source, text) in [
            (r#"'a\'b'"#, "a'b"),
            (r#""\x41\101\u00e9\U0001F600\n""#, "AAé😀\n"),
            (r"r'\n'", "\\n"),
            (r"'\d'", "\\d"),
            ("'''a\nb'''", "a\nb"),
            ("'a\\\nb'", "ab"),
            ("f'{X}.s3{{}}'", "<X>.s3{}"),
            ("Rb'x'", "x"),
            ("''", ""),
        ] {
            assert_eq!(texts(source), [text], "{source}");
        }
    }

    #[test]
    fn brackets_and_backslashes_join_lines_and_comments_vanish() {
        let source = "A = [ # first\n  1,\n]  # end\nB = \\\n  2; C = 3\n\n    D = 4\n";
        let lines = lines(source);
        let shape: Vec<_> = lines
            .iter()
            .map(|line| (line.indent, line.tokens[0].line))
            .collect();
        assert_eq!(shape, [(0, 1), (0, 4), (0, 5), (4, 7)]);
        assert_eq!(lines[0].tokens.len(), 6);
    }

    #[test]
    fn a_string_without_end_costs_its_line_only() {
        let lines = lines("A = 'open\nB = 1\n");
        assert_eq!(lines[0].tokens[2].kind, TokenKind::Bad);
        assert_eq!(lines[1].tokens[0].kind, TokenKind::Name("B".to_owned()));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".*", odd in "[\\\\'\"frbu{}x0-9A\n\t#()=é ]*") {
            lines(&text);
            lines(&odd);
        }
    }
}
