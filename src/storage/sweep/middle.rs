//! Where to cut a stretch of keys of which only one end has been seen.
//!
//! Keys of one folder are mostly made by a rule: a number, a hash, a date. What has been seen tells which kinds of
//! characters stand where, and a cut is the key seen last with one character raised to the middle of what can still
//! follow there. Nothing depends on a guess: a cut where no key lies costs one request and shortens the stretch.

use std::collections::BTreeMap;

/// Characters beyond this place of a key are not looked at.
const DEEPEST: usize = 256;
/// A place where so many keys had the same character is taken for a part of the name that never changes.
const SETTLED: u32 = 6;

/// Which characters were seen at which place of the keys, counted in characters.
#[derive(Debug, Default)]
pub(super) struct Seen {
    places: BTreeMap<usize, Place>,
}

#[derive(Debug, Default)]
struct Place {
    letters: Vec<char>,
    keys: u32,
}

impl Seen {
    /// Takes a key in.
    pub(super) fn take(&mut self, key: &str) {
        for (place, letter) in key.chars().enumerate().take(DEEPEST) {
            let Place { letters, keys } = self.places.entry(place).or_default();
            *keys = keys.saturating_add(1);
            if let Err(at) = letters.binary_search(&letter) {
                letters.insert(at, letter);
            }
        }
    }

    /// What may stand at a place, in order: what was seen there and what is of its kind.
    fn letters(&self, place: usize) -> Vec<char> {
        let seen = self.places.get(&place);
        let seen = seen.map_or(&[][..], |place| place.letters.as_slice());
        let any = |kind: fn(&char) -> bool| seen.iter().any(kind);
        let digits = any(char::is_ascii_digit);
        let lower = any(char::is_ascii_lowercase);
        let upper = any(char::is_ascii_uppercase);
        let hex = digits && seen.iter().all(char::is_ascii_hexdigit);
        let mut letters = seen.to_vec();
        let mut add = |wanted: bool, first: char, last: char| {
            if wanted {
                letters.extend(first..=last);
            }
        };
        add(digits, '0', '9');
        add(lower, 'a', if hex { 'f' } else { 'z' });
        add(upper, 'A', if hex { 'F' } else { 'Z' });
        letters.sort_unstable();
        letters.dedup();
        letters
    }

    fn never_changes(&self, place: usize) -> bool {
        let place = self.places.get(&place);
        place.is_some_and(|place| place.letters.len() == 1 && place.keys >= SETTLED)
    }
}

/// A text behind `after` and before `until` that most likely has keys on both sides; `None` when there is no room.
pub(super) fn middle(after: &str, until: Option<&str>, from: usize, seen: &Seen) -> Option<String> {
    let letters: Vec<char> = after.chars().take(DEEPEST).collect();
    let same = until.map_or(0, |until| {
        let pairs = letters.iter().copied().zip(until.chars());
        pairs.take_while(|(one, other)| one == other).count()
    });
    let cut_at = |place: usize| {
        let beginning: String = letters.get(..place)?.iter().collect();
        let candidates: Vec<String> = seen
            .letters(place)
            .into_iter()
            .filter(|letter| Some(letter) > letters.get(place))
            .map(|letter| format!("{beginning}{letter}"))
            .filter(|cut| until.is_none_or(|until| cut.as_str() < until))
            .collect();
        candidates.get(candidates.len() / 2).cloned()
    };
    // What never changed so far is believed to go on so: a cut further on costs nothing when that is wrong.
    let places = same.max(from)..letters.len();
    let changing = places.clone().filter(|place| !seen.never_changes(*place));
    changing
        .into_iter()
        .find_map(cut_at)
        .or_else(|| places.into_iter().find_map(cut_at))
}

/// The least text behind all keys that share the first `place` + 1 characters of one.
pub(super) fn beyond(key: &str, place: usize) -> Option<String> {
    let mut letters: Vec<char> = key.chars().take(place + 1).collect();
    let last = letters.pop()?;
    if letters.len() < place {
        return None;
    }
    let next = (last..=char::MAX).nth(1)?;
    letters.push(next);
    Some(letters.into_iter().collect())
}

/// How many characters two keys share at their beginning.
pub(super) fn shared(one: &str, other: &str) -> usize {
    let pairs = one.chars().zip(other.chars());
    pairs.take_while(|(one, other)| one == other).count()
}

/// Where a key lies between the texts that share nothing but `from` characters with each other: 0 to 1, as far as
/// what was seen tells.
pub(super) fn height(key: &str, from: usize, seen: &Seen) -> f64 {
    let (mut height, mut share) = (0.0, 1.0);
    for (place, letter) in key.chars().enumerate().skip(from).take(8) {
        let letters = seen.letters(place);
        let below = letters.iter().filter(|seen| **seen < letter).count();
        let count = letters.len().max(1) as f64;
        height += share * below as f64 / count;
        share /= count;
    }
    height
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(keys: &[&str]) -> Seen {
        let mut seen = Seen::default();
        for key in keys {
            seen.take(key);
        }
        seen
    }

    #[test]
    fn the_middle_of_numbers_and_hashes_is_a_number_or_a_hash() {
        let numbers = seen(&["img-0000", "img-0999"]);
        let cut = |after, until| middle(after, until, 0, &numbers);
        assert_eq!(cut("img-0999", Some("img.")).as_deref(), Some("img-5"));
        assert_eq!(cut("img-0999", Some("img-2")).as_deref(), Some("img-1"));
        assert_eq!(cut("img-1999", Some("img-2")), None);
        let hashes = seen(&["0a31", "0f22"]);
        assert_eq!(middle("0f22", None, 0, &hashes).as_deref(), Some("5"));
        let both = seen(&["0a31", "c022"]);
        assert_eq!(middle("0f22", None, 0, &both).as_deref(), Some("8"));
    }

    #[test]
    fn beyond_a_beginning_lies_its_successor() {
        assert_eq!(beyond("img-0042", 5).as_deref(), Some("img-01"));
        assert_eq!(beyond("img-0042", 3).as_deref(), Some("img."));
        assert_eq!(beyond("ab", 5), None);
        assert_eq!(beyond("\u{d7ff}", 0).as_deref(), Some("\u{e000}"));
    }

    #[test]
    fn heights_follow_the_order_of_keys() {
        let numbers = seen(&["n-000", "n-999"]);
        let height = |key| height(key, 2, &numbers);
        assert!((height("n-500") - 0.5).abs() < 1e-9);
        assert!(height("n-123") < height("n-124") && height("n-999") < 1.0);
    }
}
