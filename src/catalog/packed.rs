//! Eight bytes of a name as an integer that sorts as the name does.
//!
//! Where two integers differ, they say the order of the names; where they are equal, the names decide.

/// The first eight bytes of a text.
pub(super) fn bytes_key(name: &[u8]) -> u64 {
    let mut key = [0; 8];
    for (into, byte) in key.iter_mut().zip(name) {
        *into = *byte;
    }
    u64::from_be_bytes(key)
}

/// The number at the start of a text without leading zeros (empty for zero), and where it ends.
pub(super) fn split_number(text: &[u8]) -> (&[u8], usize) {
    let end = text
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(text.len());
    let zeros = text[..end].iter().take_while(|byte| **byte == b'0').count();
    (&text[zeros..end], end)
}

/// Codes of ASCII bytes in a natural key: lower case, and the 26 codes this frees moved behind `9`, so that numbers
/// have 36 codes of their own: 0 to 9 as they are, then one per count of digits.
const CODES: [u8; 128] = {
    let mut codes = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        let code = byte as u8;
        codes[byte] = match code {
            b'A'..=b'Z' => code + 32,
            b':'..=b'@' => code + 26,
            _ => code,
        };
        byte += 1;
    }
    codes
};
/// Code of a number of two digits; three digits have the next.
const TWO_DIGITS: u8 = b'9' + 1;
/// Code of numbers of more digits than there are codes; their count follows.
const MANY_DIGITS: u8 = b'9' + 26;

/// The first eight bytes of a text that sorts by bytes as the name does in natural order.
pub(super) fn natural_key(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut key = Key::default();
    let mut at = 0;
    while let (Some(byte), false) = (bytes.get(at), key.is_full()) {
        if byte.is_ascii_digit() {
            let (number, after) = split_number(&bytes[at..]);
            key.push_number(number);
            at += after;
        } else if let Some(code) = CODES.get(usize::from(*byte)) {
            key.push(*code);
            at += 1;
        } else if let Some(char) = name.get(at..).and_then(|rest| rest.chars().next()) {
            for folded in char.to_lowercase() {
                for byte in folded.encode_utf8(&mut [0; 4]).bytes() {
                    key.push(CODES.get(usize::from(byte)).copied().unwrap_or(byte));
                }
            }
            at += char.len_utf8();
        } else {
            break;
        }
    }
    u64::from_be_bytes(key.bytes)
}

#[derive(Default)]
struct Key {
    bytes: [u8; 8],
    filled: usize,
}

impl Key {
    const fn is_full(&self) -> bool {
        self.filled >= 8
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.filled) {
            *place = byte;
        }
        self.filled += 1;
    }

    fn push_number(&mut self, digits: &[u8]) {
        let count = digits.len();
        match digits {
            [] => self.push(b'0'),
            [digit] => self.push(*digit),
            // Numbers of the same count of digits, in as few bytes as hold them all.
            _ if count <= 18 => {
                self.push(TWO_DIGITS + count as u8 - 2);
                let value = digits
                    .iter()
                    .fold(0_u64, |value, digit| value * 10 + u64::from(digit - b'0'));
                // 3.322 bits a digit.
                let width = (count * 3322).div_ceil(8000);
                for byte in &value.to_be_bytes()[8 - width..] {
                    self.push(*byte);
                }
            }
            _ => {
                if count < 27 {
                    self.push(TWO_DIGITS + count as u8 - 2);
                } else {
                    self.push(MANY_DIGITS);
                    for byte in (count as u32).to_be_bytes() {
                        self.push(byte);
                    }
                }
                for digit in digits.iter().take(8) {
                    self.push(*digit);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::collate::natural;
    use proptest::prelude::*;
    use std::cmp::Ordering;

    #[test]
    fn digit_widths_hold_every_number() {
        for count in 2..=18_u32 {
            let width = (count as usize * 3322).div_ceil(8000);
            assert!(u128::from(10_u64.pow(count)) <= 1 << (8 * width), "{count}");
        }
    }

    proptest! {
        #[test]
        fn keys_never_contradict_names(a in "[aA0-9_:./Kİ漢é\u{0}]{0,12}", b in "[aA0-9_:./Kİ漢é\u{0}]{0,12}") {
            let by_key = natural_key(&a).cmp(&natural_key(&b));
            prop_assert!(by_key == Ordering::Equal || by_key == natural(&a, &b));
        }
    }
}
