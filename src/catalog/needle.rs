//! Searching a text without case, fast enough to search all names while someone types.
//!
//! Letters are compared by their lower case. Where the wanted text has no letters that have case, bytes are searched
//! as they are. For ASCII letters the two of its bytes that are seldom seen together are compared in blocks over all
//! names at once, with the bit that differs between the cases masked; only where both fit is the rest looked at.

use memchr::memmem::Finder;

/// Positions tried at once.
const LANES: usize = 64;
/// Bytes of a wanted text among which the pair is chosen.
const MOST_PLACES: usize = 12;

/// A text to be found.
#[derive(Clone, Debug)]
pub(super) struct Needle {
    folded: String,
    way: Way,
}

#[derive(Clone, Debug)]
enum Way {
    /// No character of it has case.
    Exact(Box<Finder<'static>>),
    /// ASCII with letters.
    Ascii(Pair),
    /// Other letters: names have to be folded one by one.
    Folded(Box<Finder<'static>>),
}

/// Two places of the wanted text, the byte there and the bit to set before comparing.
#[derive(Clone, Copy, Debug)]
struct Pair {
    places: [usize; 2],
    bytes: [u8; 2],
    masks: [u8; 2],
}

impl PartialEq for Needle {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Needle {
    pub(super) fn new(word: &str) -> Self {
        let folded: String = word.chars().flat_map(char::to_lowercase).collect();
        // U+0307 comes out of folding the dotted capital I.
        let way = if !folded.contains(|char: char| char.is_lowercase() || char == '\u{307}') {
            Way::Exact(Box::new(Finder::new(folded.as_bytes()).into_owned()))
        } else if folded.is_ascii() {
            Way::Ascii(Pair::of(folded.as_bytes()))
        } else {
            Way::Folded(Box::new(Finder::new(folded.as_bytes()).into_owned()))
        };
        Self { folded, way }
    }

    /// Bytes of the wanted text in lower case.
    pub(super) fn len(&self) -> usize {
        self.folded.len()
    }

    /// The same text, to be searched in texts like this one.
    pub(super) fn tuned(&self, sample: &[u8]) -> Self {
        let mut tuned = self.clone();
        if let Way::Ascii(pair) = &mut tuned.way {
            *pair = Pair::rarest(self.folded.as_bytes(), sample);
        }
        tuned
    }

    /// True when the text has characters outside ASCII, which no ASCII name can hold.
    pub(super) fn needs_non_ascii(&self) -> bool {
        !self.folded.is_ascii()
    }

    /// Whether [`Self::scan`] finds all places: not when a name must be folded character by character, because the
    /// text has letters outside ASCII or (`odd_case`) the names hold characters that fold into ASCII.
    pub(super) fn can_scan(&self, odd_case: bool) -> bool {
        match self.way {
            Way::Exact(_) => true,
            Way::Ascii(_) => !odd_case,
            Way::Folded(_) => false,
        }
    }

    /// Whether a name holds the text. `buffer` is working room.
    pub(super) fn is_in(&self, name: &str, buffer: &mut String) -> bool {
        match &self.way {
            Way::Exact(finder) => finder.find(name.as_bytes()).is_some(),
            Way::Ascii(pair) if name.is_ascii() => {
                let mut found = false;
                pair.scan(self.folded.as_bytes(), name.as_bytes(), |_| {
                    found = true;
                    None
                });
                found
            }
            Way::Ascii(_) => fold(name, buffer).contains(&self.folded),
            Way::Folded(finder) => {
                !name.is_ascii() && finder.find(fold(name, buffer).as_bytes()).is_some()
            }
        }
    }

    /// Calls `visit` with each place of the text in `hay`, ascending. It answers from which place on the next one
    /// counts, or `None` to end.
    pub(super) fn scan(&self, hay: &[u8], mut visit: impl FnMut(usize) -> Option<usize>) {
        match &self.way {
            Way::Exact(finder) | Way::Folded(finder) => {
                let mut from = 0;
                while let Some(at) = hay.get(from..).and_then(|rest| finder.find(rest)) {
                    match visit(from + at) {
                        Some(next) => from = next.max(from + at + 1),
                        None => return,
                    }
                }
            }
            Way::Ascii(pair) => pair.scan(self.folded.as_bytes(), hay, visit),
        }
    }
}

/// Lower case of a name, character by character as in a [`Needle`].
fn fold<'a>(name: &str, buffer: &'a mut String) -> &'a str {
    buffer.clear();
    buffer.extend(name.chars().flat_map(char::to_lowercase));
    buffer
}

impl Pair {
    /// The pair for texts of which nothing is known.
    fn of(folded: &[u8]) -> Self {
        Self::at(folded, 0, folded.len().saturating_sub(1))
    }

    fn at(folded: &[u8], first: usize, second: usize) -> Self {
        let byte = |place: usize| folded.get(place).copied().unwrap_or(0);
        let mask = |place: usize| {
            if byte(place).is_ascii_lowercase() {
                0x20
            } else {
                0
            }
        };
        Self {
            places: [first, second],
            bytes: [byte(first), byte(second)],
            masks: [mask(first), mask(second)],
        }
    }

    /// The pair that fits least often in a sample; of equals the one furthest apart.
    fn rarest(folded: &[u8], sample: &[u8]) -> Self {
        let count = folded.len().min(MOST_PLACES);
        let mut best = (usize::MAX, Self::of(folded));
        for first in 0..count {
            for second in (first..count).rev() {
                let pair = Self::at(folded, first, second);
                let fits = (0..sample.len().saturating_sub(folded.len()))
                    .filter(|at| pair.fits(sample[at + first], sample[at + second]))
                    .count();
                if fits < best.0 {
                    best = (fits, pair);
                }
            }
        }
        best.1
    }

    const fn fits(&self, first: u8, second: u8) -> bool {
        ((first | self.masks[0]) == self.bytes[0]) & ((second | self.masks[1]) == self.bytes[1])
    }

    fn scan(&self, folded: &[u8], hay: &[u8], mut visit: impl FnMut(usize) -> Option<usize>) {
        let Some(starts) = (hay.len() + 1).checked_sub(folded.len()) else {
            return;
        };
        let (first, second) = (
            &hay[self.places[0]..self.places[0] + starts],
            &hay[self.places[1]..self.places[1] + starts],
        );
        let mut from = 0;
        let mut base = 0;
        while base < starts {
            // Blocks that end before the next place that counts need no look.
            if from >= base + LANES {
                base = from;
                continue;
            }
            let mut fits = [0_u8; LANES];
            if let (Some(a), Some(b)) = (block(first, base), block(second, base)) {
                for ((fit, a), b) in fits.iter_mut().zip(a).zip(b) {
                    *fit = u8::from(self.fits(*a, *b));
                }
            } else {
                let end = starts.min(base + LANES);
                for (fit, at) in fits.iter_mut().zip(base..end) {
                    *fit = u8::from(self.fits(first[at], second[at]));
                }
            }
            if fits.iter().fold(0, |any, fit| any | fit) != 0 {
                for (word, chunk) in fits.chunks_exact(8).enumerate() {
                    let mut bits = chunk
                        .first_chunk::<8>()
                        .map_or(0, |bytes| u64::from_le_bytes(*bytes));
                    while bits != 0 {
                        let at = base + word * 8 + bits.trailing_zeros() as usize / 8;
                        bits &= bits - 1;
                        if at >= from && hay[at..at + folded.len()].eq_ignore_ascii_case(folded) {
                            match visit(at) {
                                Some(next) => from = next.max(at + 1),
                                None => return,
                            }
                        }
                    }
                }
            }
            base += LANES;
        }
    }
}

fn block(bytes: &[u8], base: usize) -> Option<&[u8; LANES]> {
    bytes.get(base..)?.first_chunk()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folding_gives_only_characters_known_to_have_case() {
        // What `Needle::new` takes for granted when it searches bytes as they are.
        for char in '\0'..=char::MAX {
            let folded: Vec<char> = char.to_lowercase().collect();
            if folded != [char] {
                let known = folded
                    .iter()
                    .all(|folded| folded.is_lowercase() || *folded == '\u{307}');
                assert!(known, "{char:?}");
                let into_ascii = folded.iter().any(char::is_ascii) && !char.is_ascii();
                assert_eq!(into_ascii, matches!(char, '\u{130}' | '\u{212A}'));
            }
        }
    }

    proptest! {
        #[test]
        fn finds_what_folding_would_find(
            names in prop::collection::vec("[aBc.0é漢İK ]{0,9}", 0..30),
            word in "[aBc.0É漢iK]{1,3}",
        ) {
            let needle = Needle::new(&word);
            let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
            let mut buffer = String::new();
            for name in &names {
                prop_assert_eq!(needle.is_in(name, &mut buffer), lower(name).contains(&lower(&word)), "{}", name);
            }
            let hay = names.concat();
            let odd_case = hay.contains(['\u{130}', '\u{212A}']);
            if needle.can_scan(odd_case) {
                let mut found = Vec::new();
                let sample = names.first().cloned().unwrap_or_default();
                let tuned = needle.tuned(sample.as_bytes());
                tuned.scan(hay.as_bytes(), |at| { found.push(at); Some(at + 1) });
                let expected: Vec<usize> = (0..hay.len())
                    .filter(|at| hay.is_char_boundary(*at) && lower(&hay[*at..]).starts_with(&lower(&word)))
                    .collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
