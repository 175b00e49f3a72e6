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
    let mut key = Key {
        bits: 0,
        room: u64::BITS,
    };
    let mut at = 0;
    while let (Some(byte), true) = (bytes.get(at), key.room > 0) {
        if byte.is_ascii_digit() {
            at += key.push_number(&bytes[at..]);
        } else if let Some(code) = CODES.get(usize::from(*byte)) {
            key.push(*code);
            at += 1;
        } else if let Some(char) = name.get(at..).and_then(|rest| rest.chars().next()) {
            for folded in char.to_lowercase().filter_map(base) {
                for byte in folded.encode_utf8(&mut [0; 4]).bytes() {
                    key.push(CODES.get(usize::from(byte)).copied().unwrap_or(byte));
                }
            }
            at += char.len_utf8();
        } else {
            break;
        }
    }
    key.bits
}

/// What natural order sees in a lower-case character outside ASCII: the letter below its accents, nothing for an accent
/// by itself (names from macOS write them so), any other character as it is.
pub(super) fn base(char: char) -> Option<char> {
    Some(match char {
        '\u{300}'..='\u{36f}' => return None,
        'à'..='æ' | 'ā'..='ą' => 'a',
        'ç' | 'ć'..='č' => 'c',
        'ð' | 'ď'..='đ' => 'd',
        'è'..='ë' | 'ē'..='ě' => 'e',
        'ĝ'..='ģ' => 'g',
        'ĥ'..='ħ' => 'h',
        'ì'..='ï' | 'ĩ'..='ĳ' => 'i',
        'ĵ' => 'j',
        'ķ'..='ĸ' => 'k',
        'ĺ'..='ł' => 'l',
        'ñ' | 'ń'..='ŋ' => 'n',
        'ò'..='ö' | 'ø' | 'ō'..='œ' => 'o',
        'ŕ'..='ř' => 'r',
        'ß' | 'ś'..='š' | 'ſ' => 's',
        'ţ'..='ŧ' => 't',
        'ù'..='ü' | 'ũ'..='ų' => 'u',
        'ŵ' => 'w',
        'ý' | 'ÿ' | 'ŷ' => 'y',
        'ź'..='ž' => 'z',
        other => other,
    })
}

/// Bytes packed from the highest down; what has no room is left out.
struct Key {
    bits: u64,
    room: u32,
}

impl Key {
    const fn push(&mut self, byte: u8) {
        self.push_bytes(byte as u64, 1);
    }

    /// The lowest `count` bytes of a value, at most 8.
    const fn push_bytes(&mut self, value: u64, count: u32) {
        let width = count * 8;
        if width <= self.room {
            self.room -= width;
            self.bits |= value << self.room;
        } else {
            self.bits |= value >> (width - self.room);
            self.room = 0;
        }
    }

    /// Takes the number at the start of a text and tells its length there.
    fn push_number(&mut self, text: &[u8]) -> usize {
        let (mut value, mut count, mut at) = (0_u64, 0_u32, 0);
        while let Some(digit) = text.get(at).map(|byte| byte.wrapping_sub(b'0')) {
            if digit > 9 {
                break;
            }
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
            count += u32::from(count > 0 || digit > 0);
            at += 1;
        }
        match count {
            0 | 1 => self.push(b'0' + value as u8),
            // Numbers of the same count of digits, in as few bytes as hold them all: 3.322 bits a digit.
            2..=18 => {
                self.push(TWO_DIGITS + count as u8 - 2);
                self.push_bytes(value, (count * 3322).div_ceil(8000));
            }
            _ => {
                if count < 27 {
                    self.push(TWO_DIGITS + count as u8 - 2);
                } else {
                    self.push(MANY_DIGITS);
                    self.push_bytes(u64::from(count), 4);
                }
                for digit in split_number(text).0.iter().take(8) {
                    self.push(*digit);
                }
            }
        }
        at
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
            let width = (count * 3322).div_ceil(8000);
            assert!(u128::from(10_u64.pow(count)) <= 1 << (8 * width), "{count}");
        }
    }

    proptest! {
        #[test]
        fn keys_never_contradict_names(a in "[aA0-9_:./Kİ漢éÎe\u{302}\u{0}]{0,12}", b in "[aA0-9_:./Kİ漢éÎe\u{302}\u{0}]{0,12}") {
            let by_key = natural_key(&a).cmp(&natural_key(&b));
            prop_assert!(by_key == Ordering::Equal || by_key == natural(&a, &b));
        }
    }
}
