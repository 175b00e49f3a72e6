//! How names are put in order: by bytes as S3 does, or as people count (`file2` before `file10`).
//!
//! Natural order compares without case and without the accents of Latin letters (`Île` beside `isle`) and takes each run
//! of ASCII digits as one number; names that are then equal are ordered by their bytes, so the order is total. To sort a million names, [`sort_names`] packs the eight bytes behind
//! the common prefix into an integer that sorts the same way, sorts those, and looks at names again only where the
//! integers are equal.

use std::cmp::Ordering;
use std::sync::atomic::AtomicBool;

use super::packed::{base, bytes_key, natural_key, split_number};
use super::radix::{go_on, sort_pairs, sort_rows};
use super::store::Catalog;

/// Groups smaller than this are sorted by comparing names.
const FEW: usize = 32;
/// A group is packed again only when its names share at least this many further bytes.
const WORTH_BYTES: usize = 4;
/// Names looked at between two looks at the flag.
const STRIDE: usize = 4096;

/// The names of a catalog and the way they are compared.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) natural: bool,
}

impl<'a> Names<'a> {
    fn full(self, row: u32) -> &'a str {
        self.catalog
            .place(row)
            .map_or("", |(columns, at)| columns.name(at))
    }

    /// What is compared. In natural order a folder counts without its slash: `a/` comes before `a-b/`.
    fn get(self, row: u32) -> &'a str {
        match self.catalog.place(row) {
            None => "",
            Some((columns, at)) => {
                let name = columns.name(at);
                if self.natural && columns.is_folder(at) {
                    name.strip_suffix('/').unwrap_or(name)
                } else {
                    name
                }
            }
        }
    }

    /// The total order of rows by name; the row number decides between identical names.
    pub(super) fn compare(self, a: u32, b: u32) -> Ordering {
        let by_name = if self.natural {
            natural(self.get(a), self.get(b)).then_with(|| self.full(a).cmp(self.full(b)))
        } else {
            self.full(a).cmp(self.full(b))
        };
        by_name.then(a.cmp(&b))
    }

    /// Sorts rows by [`Self::compare`]; `in_bytes` tells that they come in the byte order of their names, which is
    /// also the order of their numbers.
    /// `None` when cancelled.
    pub(super) fn sort(self, rows: &mut [u32], in_bytes: bool, cancel: &AtomicBool) -> Option<()> {
        sort_names(self, rows, 0, in_bytes, cancel)
    }

    /// How many leading bytes all these names share, of which `known` are certain; never splits a character,
    /// and in natural order never a number.
    fn shared(
        self,
        rows: &[u32],
        known: usize,
        in_bytes: bool,
        cancel: &AtomicBool,
    ) -> Option<usize> {
        let Some((first, mut rest)) = rows.split_first() else {
            return Some(known);
        };
        if in_bytes {
            // What the first and the last share, all between them share.
            rest = rest.last().map_or(&[], std::slice::from_ref);
        }
        let first = self.get(*first);
        let mut shared = first.len();
        for part in rest.chunks(STRIDE) {
            go_on(cancel)?;
            for row in part {
                let name = self.get(*row).as_bytes();
                shared = shared_bytes(&first.as_bytes()[..shared], name, known.min(shared));
            }
        }
        Some(if self.natural {
            before_number(first, shared)
        } else {
            shared
        })
    }

    fn key(self, row: u32, skip: usize) -> u64 {
        let name = self.get(row);
        if self.natural {
            natural_key(name.get(skip..).unwrap_or_default())
        } else {
            bytes_key(name.as_bytes().get(skip..).unwrap_or_default())
        }
    }
}

fn sort_names(
    names: Names<'_>,
    rows: &mut [u32],
    known: usize,
    in_bytes: bool,
    cancel: &AtomicBool,
) -> Option<()> {
    if rows.len() <= FEW {
        rows.sort_unstable_by(|a, b| names.compare(*a, *b));
        return go_on(cancel);
    }
    let skip = names.shared(rows, known, in_bytes, cancel)?;
    let mut pairs = Vec::with_capacity(rows.len());
    for part in rows.chunks(STRIDE) {
        go_on(cancel)?;
        pairs.extend(part.iter().map(|row| (names.key(*row, skip), *row)));
    }
    sort_pairs(&mut pairs, cancel)?;
    for (row, (_, sorted)) in rows.iter_mut().zip(&pairs) {
        *row = *sorted;
    }
    let mut start = 0;
    for run in pairs.chunk_by(|a, b| a.0 == b.0) {
        let run = &mut rows[start..start + run.len()];
        start += run.len();
        if run.len() > FEW {
            let shared = names.shared(run, skip, in_bytes, cancel)?;
            if shared >= skip + WORTH_BYTES {
                sort_names(names, run, shared, in_bytes, cancel)?;
            } else {
                // Equal keys from different bytes: letter case, leading zeros.
                sort_rows(run, &|a, b| names.compare(a, b), cancel)?;
            }
        } else if run.len() > 1 {
            run.sort_unstable_by(|a, b| names.compare(*a, *b));
            if start.is_multiple_of(64) {
                go_on(cancel)?;
            }
        }
    }
    Some(())
}

/// Number of equal leading bytes; the first `known` are taken as equal.
fn shared_bytes(a: &[u8], b: &[u8], known: usize) -> usize {
    let most = a.len().min(b.len());
    let (mut at, mut a, mut b) = (
        known.min(most),
        a.get(known..).unwrap_or_default(),
        b.get(known..).unwrap_or_default(),
    );
    while let (Some((x, rest_a)), Some((y, rest_b))) =
        (a.split_first_chunk::<8>(), b.split_first_chunk::<8>())
    {
        let differing = u64::from_le_bytes(*x) ^ u64::from_le_bytes(*y);
        if differing != 0 {
            return at + differing.trailing_zeros() as usize / 8;
        }
        at += 8;
        (a, b) = (rest_a, rest_b);
    }
    at + a.iter().zip(b).take_while(|(x, y)| x == y).count()
}

/// The last place at or before `at` that splits neither a character nor a run of digits.
fn before_number(name: &str, at: usize) -> usize {
    let at = name.floor_char_boundary(at);
    let digits = name.as_bytes()[..at]
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    at - digits
}

/// Natural order of two names: numbers as numbers, letters without case, then bytes.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let same = before_number(a, shared_bytes(a.as_bytes(), b.as_bytes(), 0));
    let (mut x, mut y) = (Tokens::new(&a[same..]), Tokens::new(&b[same..]));
    loop {
        match (x.next(), y.next()) {
            (None, None) => return a.cmp(b),
            (left, right) => match left.cmp(&right) {
                Ordering::Equal => {}
                unequal => return unequal,
            },
        }
    }
}

/// What natural order compares one by one: folded characters, and numbers without leading zeros.
#[derive(PartialEq, Eq)]
enum Token<'a> {
    Char(char),
    Number(&'a [u8]),
}

impl Ord for Token<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        // A number stands where the digits stand among the characters.
        match (self, other) {
            (Self::Char(a), Self::Char(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
            (Self::Char(a), Self::Number(_)) => a.cmp(&'0'),
            (Self::Number(_), Self::Char(b)) => '0'.cmp(b),
        }
    }
}

impl PartialOrd for Token<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

struct Tokens<'a> {
    rest: &'a str,
    folded: Option<std::char::ToLowercase>,
}

impl<'a> Tokens<'a> {
    const fn new(rest: &'a str) -> Self {
        Self { rest, folded: None }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(char) = self.folded.as_mut().and_then(|rest| rest.find_map(base)) {
            return Some(Token::Char(char));
        }
        let char = self.rest.chars().next()?;
        if char.is_ascii_digit() {
            let (number, after) = split_number(self.rest.as_bytes());
            self.rest = &self.rest[after..];
            return Some(Token::Number(number));
        }
        self.rest = &self.rest[char.len_utf8()..];
        if char.is_ascii() {
            return Some(Token::Char(char.to_ascii_lowercase()));
        }
        self.folded = Some(char.to_lowercase());
        // An accent alone is nothing; what comes after it counts.
        self.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::PageBuilder;
    use crate::domain::{ListSink, Timestamp};
    use proptest::prelude::*;

    #[test]
    fn people_count() {
        let expected = [
            "",
            " x",
            "-1",
            "0",
            "00",
            "01",
            "1",
            "1a",
            "2",
            "10",
            "10a",
            "99999999999999999999",
            "1000000000000000000000000000000",
            "a",
            "A1",
            "a01",
            "a1",
            "a2",
            "a10",
            "\u{c4}rger",
            "\u{e4}rger",
            "b-1",
            "b_1",
            "file2.txt",
            "File10.txt",
            "file10.txt",
            "I\u{302}le",
            "\u{ce}le",
            "isle",
            "zebra",
            "\u{6d77}",
        ];
        for pair in expected.windows(2) {
            let found = natural(pair[0], pair[1]);
            assert_eq!(found, Ordering::Less, "{pair:?}");
            assert_eq!(natural(pair[1], pair[0]), Ordering::Greater);
        }
    }

    fn catalog_of(names: &[String]) -> Catalog {
        let mut page = PageBuilder::new("");
        for (number, name) in names.iter().enumerate() {
            if number % 5 == 4 {
                page.folder(&format!("{name}/"));
            } else if !name.is_empty() {
                page.object(name, 1, Timestamp(0), "", "");
            }
        }
        let mut catalog = Catalog::new("");
        catalog.append(&page);
        catalog
    }

    proptest! {
        #[test]
        fn natural_order_is_total(a in "[aBeE0-3_é\u{301}]{0,5}", b in "[aBeE0-3_é\u{301}]{0,5}", c in "[aBeE0-3_é\u{301}]{0,5}") {
            prop_assert_eq!(natural(&a, &b), natural(&b, &a).reverse());
            if natural(&a, &b).is_le() && natural(&b, &c).is_le() {
                prop_assert!(natural(&a, &c).is_le());
            }
            prop_assert_eq!(natural(&a, &b).is_eq(), a == b);
        }

        #[test]
        fn sorting_agrees_with_comparing(
            names in prop::collection::vec("(dir/|Dir/|)(img_00|img_|)[aA0-2/]{0,9}", 0..300),
            natural: bool,
        ) {
            let catalog = catalog_of(&names);
            let names = Names { catalog: &catalog, natural };
            let mut rows: Vec<u32> = (0..catalog.len()).collect();
            let mut expected = rows.clone();
            expected.sort_by(|a, b| names.compare(*a, *b));
            names.sort(&mut rows, false, &AtomicBool::new(false)).expect("not cancelled");
            prop_assert_eq!(rows, expected);
        }
    }
}
