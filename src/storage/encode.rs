//! Percent encoding in the dialects of S3.

/// The bytes that stay as they are.
pub(super) type Safe = [bool; 256];

/// Keys in paths of requests and signed links: unreserved characters and the slash.
pub(super) const PATH: Safe = unreserved_and(b"/");

/// Names and values in queries: unreserved characters.
pub(super) const QUERY: Safe = unreserved_and(b"");

/// Keys in links of a custom domain: some marks more, as django-storages leaves them.
pub(super) const DOMAIN_PATH: Safe = unreserved_and(b"/!*'()");

const fn unreserved_and(more: &[u8]) -> Safe {
    let mut safe = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let character = byte as u8;
        safe[byte] =
            character.is_ascii_alphanumeric() || matches!(character, b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    let mut at = 0;
    while at < more.len() {
        safe[more[at] as usize] = true;
        at += 1;
    }
    safe
}

/// Appends a text with all but the safe bytes as `%XX`.
pub(super) fn percent_into(text: &str, safe: &Safe, out: &mut String) {
    let bytes = text.as_bytes();
    let mut start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if !safe[usize::from(*byte)] {
            out.push_str(&text_of(&bytes[start..at]));
            push_hex(*byte, out);
            start = at + 1;
        }
    }
    out.push_str(&text_of(&bytes[start..]));
}

/// Safe bytes are ASCII, so what lies between unsafe ones is text.
fn text_of(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

fn push_hex(byte: u8, out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(char::from(DIGITS[usize::from(byte >> 4)]));
    out.push(char::from(DIGITS[usize::from(byte & 15)]));
}

/// The encoded text.
pub(super) fn percent(text: &str, safe: &Safe) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    percent_into(text, safe, &mut out);
    out
}

/// A value of a form: like [`QUERY`], but a blank is `+`.
pub(super) fn form_into(text: &str, out: &mut String) {
    for (at, part) in text.split(' ').enumerate() {
        if at > 0 {
            out.push('+');
        }
        percent_into(part, &QUERY, out);
    }
}

/// Decodes in place what a server encoded with `encoding-type=url`: `%XX`, and `+` for a blank. A broken escape stays
/// as it is.
pub(super) fn decode_in_place(bytes: &mut Vec<u8>) {
    let (mut read, mut write) = (0, 0);
    while read < bytes.len() {
        let (byte, step) = match bytes[read] {
            b'+' => (b' ', 1),
            b'%' => match (hex(bytes.get(read + 1)), hex(bytes.get(read + 2))) {
                (Some(high), Some(low)) => (high << 4 | low, 3),
                _ => (b'%', 1),
            },
            byte => (byte, 1),
        };
        bytes[write] = byte;
        write += 1;
        read += step;
    }
    bytes.truncate(write);
}

fn hex(digit: Option<&u8>) -> Option<u8> {
    match *digit? {
        digit @ b'0'..=b'9' => Some(digit - b'0'),
        digit @ b'a'..=b'f' => Some(digit - b'a' + 10),
        digit @ b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dialect_keeps_its_own_marks() {
        let text = "a b/c+d~é!*'()";
        assert_eq!(percent(text, &PATH), "a%20b/c%2Bd~%C3%A9%21%2A%27%28%29");
        assert_eq!(percent(text, &QUERY), "a%20b%2Fc%2Bd~%C3%A9%21%2A%27%28%29");
        assert_eq!(percent(text, &DOMAIN_PATH), "a%20b/c%2Bd~%C3%A9!*'()");
        let mut form = String::new();
        form_into("b  c&", &mut form);
        assert_eq!(form, "b++c%26");
    }

    #[test]
    fn a_plus_in_a_query_means_itself() {}

    #[test]
    fn decoding_undoes_what_servers_do() {
        for (encoded, text) in [
            ("a+b", "a b"),
            ("a%2Bb%2fc", "a+b/c"),
            ("%F0%9F%8E%89", "🎉"),
            ("100%", "100%"),
            ("%2", "%2"),
            ("%zz%41", "%zzA"),
            ("", ""),
        ] {
            let mut bytes = encoded.as_bytes().to_vec();
            decode_in_place(&mut bytes);
            assert_eq!(bytes, text.as_bytes(), "{encoded}");
        }
    }
}
