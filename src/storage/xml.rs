//! The little XML that S3 speaks, read without building a tree.
//!
//! [`Scanner`] walks over tags and texts of a byte slice and never fails: broken or cut input just ends it early.
//! Attributes, comments, declarations and namespaces' prefixes are passed over.

use std::borrow::Cow;

use crate::domain::redact;

/// One step of a [`Scanner`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `<Name ...>`, the name without its prefix.
    Open(&'a [u8]),
    /// `</Name>`.
    Close(&'a [u8]),
    /// `<Name/>`.
    Empty(&'a [u8]),
    /// What stands between tags, not yet unescaped.
    Text(&'a [u8]),
}

/// Walks over XML.
#[derive(Clone, Debug)]
pub(super) struct Scanner<'a> {
    rest: &'a [u8],
}

impl<'a> Scanner<'a> {
    pub(super) const fn new(xml: &'a [u8]) -> Self {
        Self { rest: xml }
    }

    /// Reads `<Name>text</Name>` in one step: most of a listing looks so. Anything else is left to the tokens.
    pub(super) fn leaf(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        // Names are short; a loop beats a search that has to get going.
        let inside = self.rest.strip_prefix(b"<")?;
        let end = inside.iter().take(40).position(|byte| *byte == b'>')?;
        let name = &inside[..end];
        if !name.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let after = &inside[end + 1..];
        let (text, close) = after.split_at(memchr::memchr(b'<', after)?);
        let rest = close.strip_prefix(b"</")?.strip_prefix(name)?;
        self.rest = rest.strip_prefix(b">")?;
        Some((name, text))
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest.first()? != &b'<' {
                let end = memchr::memchr(b'<', self.rest)?;
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                return Some(Token::Text(text));
            }
            if self.rest.starts_with(b"<!--") {
                let end = memchr::memmem::find(self.rest, b"-->")?;
                self.rest = &self.rest[end + 3..];
                continue;
            }
            let end = memchr::memchr(b'>', self.rest)?;
            let inside = &self.rest[1..end];
            self.rest = &self.rest[end + 1..];
            match inside {
                [b'?' | b'!', ..] => {}
                [b'/', name @ ..] => return Some(Token::Close(local_name(name))),
                [name @ .., b'/'] => return Some(Token::Empty(local_name(name))),
                name => return Some(Token::Open(local_name(name))),
            }
        }
    }
}

fn local_name(inside: &[u8]) -> &[u8] {
    let end = inside
        .iter()
        .position(u8::is_ascii_whitespace)
        .unwrap_or(inside.len());
    let name = &inside[..end];
    match memchr::memchr(b':', name) {
        Some(colon) => &name[colon + 1..],
        None => name,
    }
}

/// Appends a text with its entities resolved. An unknown entity stays as it is.
pub(super) fn unescape_into(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        // The longest entity is `&#x10FFFF;`, with leading zeros perhaps a little more.
        let end = rest.iter().take(16).position(|byte| *byte == b';');
        match end.and_then(|end| Some((entity(&rest[1..end])?, end))) {
            Some((character, end)) => {
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                rest = &rest[end + 1..];
            }
            None => {
                out.push(b'&');
                rest = &rest[1..];
            }
        }
    }
    out.extend_from_slice(rest);
}

fn entity(name: &[u8]) -> Option<char> {
    match name {
        b"amp" => Some('&'),
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        [b'#', b'x' | b'X', hex @ ..] => number(hex, 16),
        [b'#', decimal @ ..] => number(decimal, 10),
        _ => None,
    }
}

fn number(digits: &[u8], radix: u32) -> Option<char> {
    let digits = std::str::from_utf8(digits).ok()?;
    if !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, radix).ok()?)
}

/// The text with its entities resolved, borrowed when there are none.
pub(super) fn unescape(text: &[u8]) -> Cow<'_, str> {
    if memchr::memchr(b'&', text).is_none() {
        return String::from_utf8_lossy(text);
    }
    let mut out = Vec::with_capacity(text.len());
    unescape_into(text, &mut out);
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

/// True when the last tag closes this element: nothing was cut off.
pub(super) fn ends_with(body: &[u8], element: &[u8]) -> bool {
    let end = body.trim_ascii_end();
    let last_tag = memchr::memrchr(b'<', end).map_or(&b""[..], |at| &end[at..]);
    match Scanner::new(last_tag).next() {
        Some(Token::Close(name) | Token::Empty(name)) => name == element,
        _ => false,
    }
}

/// The name of the first element.
pub(super) fn root(body: &[u8]) -> Option<String> {
    Scanner::new(body).find_map(|token| match token {
        Token::Open(name) | Token::Empty(name) => Some(String::from_utf8_lossy(name).into_owned()),
        Token::Close(_) | Token::Text(_) => None,
    })
}

/// The text of the first element of a name.
pub(super) fn text_in(body: &[u8], wanted: &[u8]) -> Option<String> {
    let mut inside = false;
    for token in Scanner::new(body) {
        match token {
            Token::Open(name) => inside = name == wanted,
            Token::Text(text) if inside => return Some(unescape(text).trim().to_owned()),
            _ => inside = false,
        }
    }
    None
}

/// What an `<Error>` document says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ErrorFields {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) region: Option<String>,
    pub(super) request_id: Option<String>,
}

/// Reads an error document; everything stays empty when the body is none.
pub(super) fn error_fields(body: &[u8]) -> ErrorFields {
    let mut fields = ErrorFields::default();
    let mut name: &[u8] = b"";
    let mut inside = false;
    for token in Scanner::new(body) {
        match token {
            Token::Open(b"Error") => inside = true,
            Token::Open(opened) => name = opened,
            Token::Close(_) | Token::Empty(_) => name = b"",
            Token::Text(text) if inside => {
                let field = match name {
                    b"Code" => &mut fields.code,
                    b"Message" => &mut fields.message,
                    b"Region" => &mut fields.region,
                    b"RequestId" => &mut fields.request_id,
                    _ => continue,
                };
                field.get_or_insert_with(|| unescape(text).trim().to_owned());
            }
            Token::Text(_) => {}
        }
    }
    fields
}

/// So much of a page is looked at.
const PAGE_BEGINS: usize = 4096;

/// The first words of a page or a text that a person could read, on one line and without what looks secret. `None` where
/// there are none.
pub(super) fn page_text(body: &[u8]) -> Option<String> {
    let begin = &body[..body.len().min(PAGE_BEGINS)];
    let mut words = Vec::new();
    if begin.trim_ascii_start().starts_with(b"<") {
        let mut hidden = false;
        for token in Scanner::new(begin) {
            match token {
                Token::Open(name) => hidden = matches!(name, b"script" | b"style"),
                Token::Text(text) if !hidden => {
                    words.push(unescape(text).trim().to_owned());
                }
                Token::Text(_) | Token::Close(_) | Token::Empty(_) => {}
            }
        }
        words.retain(|text| !text.is_empty());
        // The heading mostly repeats the title.
        words.dedup();
    } else {
        words.push(String::from_utf8_lossy(begin).into_owned());
    }
    let all = words.join(", ");
    let all: Vec<&str> = all.split_whitespace().collect();
    Some(redact::first_line(&all.join(" "))).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_resolved_and_odd_ones_left() {
        for (xml, text) in [
            ("a&amp;b", "a&b"),
            ("&lt;&gt;&quot;&apos;", "<>\"'"),
            ("&#x1;&#65;&#x1F600;", "\u{1}A\u{1F600}"),
            ("&amp;amp;", "&amp;"),
            ("&unknown; & &#xD800; &#+5;", "&unknown; & &#xD800; &#+5;"),
            ("&", "&"),
        ] {
            assert_eq!(unescape(xml.as_bytes()), text);
        }
    }

    #[test]
    fn tags_of_all_forms_are_seen() {
        let xml = b"<?xml version='1'?>\n<!-- > --><s3:A x='1'><B/>t</s3:A >cut";
        let tokens: Vec<_> = Scanner::new(xml).collect();
        assert_eq!(
            tokens,
            [
                Token::Text(b"\n"),
                Token::Open(b"A"),
                Token::Empty(b"B"),
                Token::Text(b"t"),
                Token::Close(b"A"),
            ]
        );
    }

    #[test]
    fn a_leaf_is_one_step_and_nothing_else_is() {
        let mut scanner = Scanner::new(b"<A>x</A><B></B><C/>");
        assert_eq!(scanner.leaf(), Some((&b"A"[..], &b"x"[..])));
        assert_eq!(scanner.leaf(), Some((&b"B"[..], &b""[..])));
        assert_eq!(scanner.leaf(), None);
        assert_eq!(scanner.next(), Some(Token::Empty(b"C")));
        for other in [
            "<A b='1'>x</A>",
            "<A><B/></A>",
            "<A>x</B>",
            "<s:A>x</s:A>",
            " <A>x</A>",
            "<A>x",
        ] {
            let mut scanner = Scanner::new(other.as_bytes());
            assert_eq!(scanner.leaf(), None, "{other}");
            assert_eq!(scanner.rest, other.as_bytes());
        }
    }

    #[test]
    fn a_page_that_is_no_error_gives_nothing() {
        assert_eq!(
            error_fields(b"<html><Code>x</Code>"),
            ErrorFields::default()
        );
        let fields = error_fields(b"\n<Error><Code>SlowDown</Code><Message>a &amp; b</Message>");
        assert_eq!(fields.code.as_deref(), Some("SlowDown"));
        assert_eq!(fields.message.as_deref(), Some("a & b"));
    }
}
