//! Percent signs of URLs, undone.

/// A text with its `%XX` undone; what is no such sign, and `+`, stays. Bytes that are no UTF-8 become the replacement
/// character.
#[must_use]
pub fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).filter(|_| *first == b'%');
        let byte = digits.and_then(|digits| {
            let [high, low] = [digits.first()?, digits.get(1)?].map(|digit| hex(*digit));
            Some(high? << 4 | low?)
        });
        let (byte, step) = byte.map_or((*first, 0), |byte| (byte, 2));
        bytes.push(byte);
        rest = tail.get(step..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_signs_are_undone() {
        let cases = [
            ("a%20b%C3%A9", "a bé"),
            ("a+b", "a+b"),
            ("100%", "100%"),
            ("%2", "%2"),
            ("%+1%-1%zz", "%+1%-1%zz"),
            ("%25%32%30", "%20"),
            ("%FF", "\u{fffd}"),
            ("é%41", "éA"),
        ];
        for (text, decoded) in cases {
            assert_eq!(percent_decoded(text), decoded, "{text}");
        }
    }
}
