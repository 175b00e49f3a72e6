//! Texts beyond ASCII in headers: RFC 2047 encoded words, as S3 and its clients put them into user metadata.
//!
//! Decoding is for people who read: what is no valid encoded word stays as it is, and what is sent back is never made
//! from a decoded text.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

/// The text with its encoded words (`=?UTF-8?B?…?=`) decoded. White space between two of them belongs to the encoding
/// and goes, as RFC 2047, section 6.2, has it.
#[must_use]
pub fn encoded_words(text: &str) -> Cow<'_, str> {
    if !text.contains("=?") {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let (mut rest, mut after_word) = (text, false);
    let mut found = false;
    while let Some(start) = rest.find("=?") {
        let (before, here) = rest.split_at(start);
        let Some((word, behind)) = first_word(here) else {
            decoded.push_str(before);
            decoded.push_str("=?");
            (rest, after_word) = (&here[2..], false);
            continue;
        };
        let only_space = before.chars().all(char::is_whitespace);
        if !(after_word && only_space) {
            decoded.push_str(before);
        }
        decoded.push_str(&word);
        (rest, after_word, found) = (behind, true, true);
    }
    decoded.push_str(rest);
    if found {
        Cow::Owned(decoded)
    } else {
        Cow::Borrowed(text)
    }
}

/// The encoded word at the beginning of a text, decoded, and what follows it.
fn first_word(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix("=?")?;
    let (charset, inside) = inside.split_once('?')?;
    let (encoding, inside) = inside.split_once('?')?;
    let (content, behind) = inside.split_once("?=")?;
    if content.chars().any(char::is_whitespace) {
        return None;
    }
    let bytes = match encoding {
        "B" | "b" => STANDARD
            .decode(content)
            .or_else(|_| STANDARD_NO_PAD.decode(content))
            .ok()?,
        "Q" | "q" => quoted_printable(content)?,
        _ => return None,
    };
    // RFC 2231 lets a language follow the name: `UTF-8*en`.
    let charset = charset.split('*').next()?;
    let word = if ["utf-8", "us-ascii"]
        .iter()
        .any(|own| charset.eq_ignore_ascii_case(own))
    {
        String::from_utf8(bytes).ok()?
    } else if charset.eq_ignore_ascii_case("iso-8859-1") {
        bytes.into_iter().map(char::from).collect()
    } else {
        return None;
    };
    Some((word, behind))
}

/// `gr=C3=BC=C3=9Fe_aus` as bytes; an underscore is a blank.
fn quoted_printable(content: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(content.len());
    let mut rest = content.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        match first {
            b'_' => bytes.push(b' '),
            b'=' => {
                let (hex, tail) = rest.split_at_checked(2)?;
                bytes.push(u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()?);
                rest = tail;
            }
            other => bytes.push(*other),
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_are_decoded_and_all_else_is_left() {
        for (text, shown) in [
            ("=?UTF-8?B?w4VzYQ==?=", "Åsa"),
            ("=?utf-8?b?w4VzYQ?=", "Åsa"),
            ("=?UTF-8?Q?gr=C3=BC=C3=9Fe_aus?=", "grüße aus"),
            ("=?ISO-8859-1?Q?caf=E9?=", "café"),
            ("=?UTF-8*en?Q?a?=", "a"),
            ("von =?UTF-8?Q?=C3=84?= bis", "von Ä bis"),
            ("=?UTF-8?Q?a?= \t=?UTF-8?Q?b?=", "ab"),
            ("=?UTF-8?Q?a?= x =?UTF-8?Q?b?=", "a x b"),
            ("plain", "plain"),
            ("=?UTF-8?B?!!!?=", "=?UTF-8?B?!!!?="),
            ("=?UTF-8?Q?=FF?=", "=?UTF-8?Q?=FF?="),
            ("=?UTF-8?Q?=C?=", "=?UTF-8?Q?=C?="),
            ("=?KOI8-R?Q?a?=", "=?KOI8-R?Q?a?="),
            ("=?UTF-8?Q?a b?=", "=?UTF-8?Q?a b?="),
            ("a =? b", "a =? b"),
            ("=?x?= =?UTF-8?Q?b?=", "=?x?= b"),
            ("é=?é", "é=?é"),
        ] {
            assert_eq!(encoded_words(text), shown, "{text}");
        }
    }
}
