//! Reads one page of a listing straight into a [`ListSink`].
//!
//! The page is read only when it has arrived whole (its last tag is looked for first), so that a page that was cut on
//! the way can be fetched again without doubling rows. Elements may stand in any order, be missing, or be unknown.
//! Keys are decoded when, and only when, the page says that it encoded them.

use memchr::memmem;

use super::encode;
use super::xml::{self, Scanner, Token};
use crate::domain::{ListSink, Timestamp, percent_decoded};

/// What a page tells besides its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PageFacts {
    /// The token of the next page, when there is one.
    pub(super) next: Option<String>,
    /// True when the server says that there is more.
    pub(super) truncated: bool,
    pub(super) objects: usize,
    pub(super) folders: usize,
    pub(super) bytes: u64,
}

/// Why a body is no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPage {
    /// An error document.
    Error,
    /// The end is missing.
    Cut,
    /// Something else: a web page of a proxy, another service.
    Foreign,
}

/// Reads a page that [`check`] has found whole.
pub(super) fn read(body: &[u8], sink: &mut dyn ListSink) -> PageFacts {
    let mut reader = Reader {
        encoded: is_url_encoded(body),
        text: Vec::new(),
        etag: Vec::new(),
        class: Vec::new(),
        facts: PageFacts::default(),
    };
    let mut tokens = Scanner::new(body);
    // The first open tag is the root.
    for token in tokens.by_ref() {
        if matches!(token, Token::Open(_)) {
            break;
        }
    }
    while let Some(token) = tokens.next() {
        match token {
            Token::Open(b"Contents") => reader.object(&mut tokens, sink),
            Token::Open(b"CommonPrefixes") => reader.folders(&mut tokens, sink),
            Token::Open(b"IsTruncated") => {
                reader.facts.truncated = element_text(&mut tokens).trim_ascii() == b"true";
            }
            Token::Open(b"NextContinuationToken") => {
                let token = xml::unescape(element_text(&mut tokens)).into_owned();
                reader.facts.next = Some(token).filter(|token| !token.is_empty());
            }
            Token::Open(_) => {
                element_text(&mut tokens);
            }
            Token::Close(_) | Token::Empty(_) | Token::Text(_) => {}
        }
    }
    if !reader.facts.truncated {
        reader.facts.next = None;
    }
    reader.facts
}

/// Looks whether a body is a page, and a whole one.
///
/// # Errors
/// What it is instead.
pub(super) fn check(body: &[u8]) -> Result<(), NoPage> {
    let root = Scanner::new(body).find_map(|token| match token {
        Token::Open(name) | Token::Empty(name) => Some(name),
        Token::Close(_) | Token::Text(_) => None,
    });
    match root {
        Some(b"ListBucketResult") => {}
        Some(b"Error") => return Err(NoPage::Error),
        Some(_) => return Err(NoPage::Foreign),
        None if body.trim_ascii_start().starts_with(b"<") => return Err(NoPage::Cut),
        None if body.is_empty() => return Err(NoPage::Cut),
        None => return Err(NoPage::Foreign),
    }
    if xml::ends_with(body, b"ListBucketResult") {
        Ok(())
    } else {
        Err(NoPage::Cut)
    }
}

/// The token of the next page, found without reading the rows.
pub(super) fn next_token(body: &[u8]) -> Option<String> {
    let token = texts_of(body, b"NextContinuationToken>").next()?;
    (is_truncated(body) && !token.is_empty()).then(|| xml::unescape(token).into_owned())
}

/// Where a page of the old listing call ended, when there are more: the server's word, which it gives with a
/// delimiter only.
pub(super) fn next_marker(body: &[u8]) -> Option<String> {
    let marker = xml::unescape(texts_of(body, b"NextMarker>").next()?).into_owned();
    Some(if is_url_encoded(body) {
        percent_decoded(&marker.replace('+', " "))
    } else {
        marker
    })
}

/// Where the next page of the old listing call begins: after the server's marker, else after the last key.
pub(super) fn old_next(body: &[u8]) -> Option<String> {
    if !is_truncated(body) {
        return None;
    }
    next_marker(body)
        .filter(|marker| !marker.is_empty())
        .or_else(|| {
            let key = texts_of(body, b"Key>").last()?;
            let mut buffer = Vec::new();
            Some(text(key, is_url_encoded(body), &mut buffer).into_owned())
        })
}

/// Whether a page says that there are more.
pub(super) fn is_truncated(body: &[u8]) -> bool {
    texts_of(body, b"IsTruncated>").any(|text| text.trim_ascii() == b"true")
}

/// Whether keys are encoded; it decides about rows that may come before the word.
fn is_url_encoded(body: &[u8]) -> bool {
    texts_of(body, b"EncodingType>").any(|text| text.trim_ascii() == b"url")
}

/// The texts of all elements whose open tag ends like this, wherever they stand.
fn texts_of<'a>(body: &'a [u8], tag: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    memmem::find_iter(body, tag).filter_map(move |at| {
        // End tags, and texts that merely look like a tag, do not count.
        let start = memchr::memrchr(b'<', &body[..at])?;
        let between = &body[start + 1..at];
        let named = match between.split_last() {
            None => true,
            // A prefix: `<s3:EncodingType>`.
            Some((b':', prefix)) => prefix.iter().all(u8::is_ascii_alphanumeric),
            Some(_) => false,
        };
        let rest = &body[at + tag.len()..];
        let end = memchr::memchr(b'<', rest)?;
        named.then_some(&rest[..end])
    })
}

/// The raw fields of one `<Contents>`.
#[derive(Default)]
struct Row<'a> {
    key: Option<&'a [u8]>,
    size: u64,
    modified: Timestamp,
    etag: &'a [u8],
    class: &'a [u8],
}

impl<'a> Row<'a> {
    fn take(&mut self, name: &[u8], text: &'a [u8]) {
        match name {
            b"Key" => self.key = Some(text),
            b"Size" => self.size = number(text),
            b"LastModified" => self.modified = time(text),
            b"ETag" => self.etag = text,
            b"StorageClass" => self.class = text,
            _ => {}
        }
    }
}

struct Reader {
    encoded: bool,
    text: Vec<u8>,
    etag: Vec<u8>,
    class: Vec<u8>,
    facts: PageFacts,
}

impl Reader {
    /// Reads on to the end of `<Contents>`.
    fn object(&mut self, tokens: &mut Scanner<'_>, sink: &mut dyn ListSink) {
        let mut row = Row::default();
        loop {
            if let Some((name, text)) = tokens.leaf() {
                row.take(name, text);
                continue;
            }
            match tokens.next() {
                Some(Token::Open(name)) => {
                    let text = element_text(tokens);
                    row.take(name, text);
                }
                Some(Token::Empty(name)) => row.take(name, b""),
                Some(Token::Text(_)) => {}
                Some(Token::Close(_)) | None => break,
            }
        }
        let Some(key) = row.key else { return };
        let key = text(key, self.encoded, &mut self.text);
        let etag = text(bare_etag(row.etag), false, &mut self.etag);
        let class = text(row.class.trim_ascii(), false, &mut self.class);
        self.facts.objects += 1;
        self.facts.bytes = self.facts.bytes.saturating_add(row.size);
        sink.object(&key, row.size, row.modified, etag.trim_matches('"'), &class);
    }

    /// Reads on to the end of `<CommonPrefixes>`, which may hold several.
    fn folders(&mut self, tokens: &mut Scanner<'_>, sink: &mut dyn ListSink) {
        while let Some(token) = tokens.next() {
            match token {
                Token::Open(b"Prefix") => {
                    let prefix = text(element_text(tokens), self.encoded, &mut self.text);
                    self.facts.folders += 1;
                    sink.folder(&prefix);
                }
                Token::Open(_) => {
                    element_text(tokens);
                }
                Token::Close(_) => break,
                Token::Empty(_) | Token::Text(_) => {}
            }
        }
    }
}

/// The first text of an element whose tag was just read; goes on to behind its end, whatever it holds.
fn element_text<'a>(tokens: &mut Scanner<'a>) -> &'a [u8] {
    let mut found: &[u8] = b"";
    let mut depth = 1;
    for token in tokens.by_ref() {
        match token {
            Token::Open(_) => depth += 1,
            Token::Close(_) => depth -= 1,
            Token::Text(text) if depth == 1 && found.is_empty() => found = text,
            Token::Text(_) | Token::Empty(_) => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}

/// Entities, then percent signs; most texts have neither and are not copied.
fn text<'a>(raw: &'a [u8], encoded: bool, buffer: &'a mut Vec<u8>) -> std::borrow::Cow<'a, str> {
    let escaped = memchr::memchr(b'&', raw).is_some();
    let percented = encoded && memchr::memchr2(b'%', b'+', raw).is_some();
    if !escaped && !percented {
        return String::from_utf8_lossy(raw);
    }
    buffer.clear();
    xml::unescape_into(raw, buffer);
    if encoded {
        encode::decode_in_place(buffer);
    }
    String::from_utf8_lossy(buffer)
}

/// Most servers write the quotes as entities; cutting them off here spares a copy.
fn bare_etag(etag: &[u8]) -> &[u8] {
    const QUOTE: &[u8] = b"&quot;";
    let etag = etag.trim_ascii();
    etag.strip_prefix(QUOTE)
        .and_then(|etag| etag.strip_suffix(QUOTE))
        .unwrap_or(etag)
}

fn number(text: &[u8]) -> u64 {
    let text = text.trim_ascii();
    text.iter()
        .try_fold(0_u64, |number, byte| {
            let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
            number.checked_mul(10)?.checked_add(digit)
        })
        .unwrap_or(0)
}

/// `2026-01-01T00:00:00.000Z`, read by hand in the form every server writes, by the calendar library in all others.
fn time(text: &[u8]) -> Timestamp {
    let text = text.trim_ascii();
    usual_time(text).unwrap_or_else(|| {
        std::str::from_utf8(text)
            .ok()
            .and_then(Timestamp::from_iso)
            .unwrap_or_default()
    })
}

fn usual_time(text: &[u8]) -> Option<Timestamp> {
    let digits = |from: usize, to: usize| -> Option<i64> {
        text.get(from..to)?.iter().try_fold(0, |number, byte| {
            byte.is_ascii_digit()
                .then(|| number * 10 + i64::from(byte - b'0'))
        })
    };
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if !text.ends_with(b"Z") || marks.iter().any(|(at, mark)| text.get(*at) != Some(mark)) {
        return None;
    }
    let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
    let (hour, minute, second) = (digits(11, 13)?, digits(14, 16)?, digits(17, 19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 {
        return None;
    }
    // Days since 1970 of a civil date, counting years from March so that leap days come last.
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day;
    Some(Timestamp(
        (days - 719_469) * 86_400 + hour * 3600 + minute * 60 + second,
    ))
}

#[cfg(test)]
mod tests;
