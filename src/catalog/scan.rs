//! Runs a [`Filter`] over a catalog, segment by segment.
//!
//! Each condition clears bits in a set of the segment's rows. A word is searched over all names of the segment at once
//! while many rows are left, name by name when few are; so the words that a sample says are rare come first.

use std::sync::atomic::AtomicBool;

use super::columns::{Columns, FOLDER};
use super::filter::{Filter, Test};
use super::needle::Needle;
use super::radix::go_on;
use super::row::{RowKind, RowRef};
use super::store::{Catalog, SEGMENT_ROWS, Totals};

/// Rows asked between two looks at the flag.
const STRIDE: usize = 2048;
const WORDS: usize = SEGMENT_ROWS / 64;
/// Names are searched one by one when less than one row in this many is left.
const FEW: u32 = 32;
/// Names looked at to guess how rare words are.
const SAMPLE: u32 = 64;

/// The rows that fulfil a filter.
#[derive(Default)]
pub(super) struct Found {
    /// Ascending.
    pub(super) rows: Vec<u32>,
    pub(super) totals: Totals,
}

impl Filter {
    /// The rows from `from` on that fulfil the filter. `None` when cancelled.
    pub(super) fn find(&self, catalog: &Catalog, from: u32, cancel: &AtomicBool) -> Option<Found> {
        let mut found = Found::default();
        let first_segment = from as usize / SEGMENT_ROWS;
        let mut search = Search::new(self, catalog);
        for (number, columns) in catalog.segments().iter().enumerate().skip(first_segment) {
            go_on(cancel)?;
            let base = number * SEGMENT_ROWS;
            let mut left = RowBits::of((from as usize).saturating_sub(base), columns.len());
            search.narrow(columns, &mut left, cancel)?;
            let count = left.count();
            found.rows.reserve(count as usize);
            let folders_before = found.totals.folders;
            left.each(|at| {
                found.rows.push((base + at) as u32);
                found.totals.bytes = found.totals.bytes.saturating_add(columns.size(at));
                found.totals.folders += u64::from(columns.class(at) == FOLDER);
            });
            let folders = found.totals.folders - folders_before;
            found.totals.objects += u64::from(count) - folders;
        }
        go_on(cancel).map(|()| found)
    }
}

/// Some of the rows of a segment.
struct RowBits {
    words: [u64; WORDS],
}

impl RowBits {
    const NONE: Self = Self { words: [0; WORDS] };

    fn of(start: usize, end: usize) -> Self {
        let mut rows = Self::NONE;
        for (word, number) in rows.words.iter_mut().zip(0..) {
            let (low, high) = (start.max(number * 64), end.min(number * 64 + 64));
            if low < high {
                let ones = u64::MAX >> (64 - (high - low));
                *word = ones << (low - number * 64);
            }
        }
        rows
    }

    fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    fn set(&mut self, at: usize) {
        if let Some(word) = self.words.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    fn each(&self, mut row: impl FnMut(usize)) {
        for (word, number) in self.words.iter().zip(0..) {
            let mut bits = *word;
            while bits != 0 {
                row(number * 64 + bits.trailing_zeros() as usize);
                bits &= bits - 1;
            }
        }
    }

    /// Keeps the rows that also are in `others`, or with `negated` those that are not.
    fn keep(&mut self, others: &Self, negated: bool) {
        let flip = if negated { u64::MAX } else { 0 };
        for (word, other) in self.words.iter_mut().zip(&others.words) {
            *word &= other ^ flip;
        }
    }

    /// Keeps the rows for which this holds. `None` when cancelled.
    fn retain(&mut self, cancel: &AtomicBool, mut holds: impl FnMut(usize) -> bool) -> Option<()> {
        for (word, number) in self.words.iter_mut().zip(0..) {
            if (number * 64_usize).is_multiple_of(STRIDE) {
                go_on(cancel)?;
            }
            let mut bits = *word;
            while bits != 0 {
                let bit = bits.trailing_zeros();
                bits &= bits - 1;
                if !holds(number * 64 + bit as usize) {
                    *word &= !(1 << bit);
                }
            }
        }
        Some(())
    }
}

struct Search<'a> {
    catalog: &'a Catalog,
    /// Cheap ones first, rare words before others.
    conditions: Vec<(bool, Ask<'a>)>,
    buffer: String,
}

/// What is asked of rows.
enum Ask<'a> {
    Word(Needle),
    Other(&'a Test),
    /// Whether the class of that code is meant.
    Class(Vec<bool>),
}

impl<'a> Search<'a> {
    fn new(filter: &'a Filter, catalog: &'a Catalog) -> Self {
        let step = (catalog.len() / SAMPLE).max(1);
        let sample: Vec<&str> = (0..catalog.len())
            .step_by(step as usize)
            .filter_map(|row| catalog.row(row).map(RowRef::name))
            .collect();
        let text = sample.concat();
        let mut buffer = String::new();
        let mut conditions: Vec<((u8, usize), (bool, Ask<'a>))> = filter
            .terms
            .iter()
            .map(|term| {
                let mut hits = |needle: &Needle| {
                    let holds = |name: &&&str| needle.is_in(name, &mut buffer) != term.negated;
                    sample.iter().filter(holds).count()
                };
                let (price, ask) = match &term.test {
                    Test::Word(needle) => {
                        ((2, hits(needle)), Ask::Word(needle.tuned(text.as_bytes())))
                    }
                    Test::Class(wanted) => ((1, 0), Ask::Class(classes(catalog, wanted))),
                    test @ Test::Glob(_) => ((3, 0), Ask::Other(test)),
                    test => ((0, 0), Ask::Other(test)),
                };
                (price, (term.negated, ask))
            })
            .collect();
        conditions.sort_by_key(|(price, _)| *price);
        Self {
            catalog,
            conditions: conditions
                .into_iter()
                .map(|(_, condition)| condition)
                .collect(),
            buffer,
        }
    }

    /// Takes out of `left` what fails a condition. `None` when cancelled.
    fn narrow(&mut self, columns: &Columns, left: &mut RowBits, cancel: &AtomicBool) -> Option<()> {
        let has_folders = self.catalog.totals().folders > 0;
        for (negated, ask) in &self.conditions {
            let negated = *negated;
            match ask {
                Ask::Word(needle) => {
                    word(needle, negated, columns, left, &mut self.buffer, cancel)?;
                }
                Ask::Class(meant) => {
                    left.retain(cancel, |at| {
                        let code = usize::from(columns.class(at));
                        meant.get(code).is_some_and(|meant| *meant != negated)
                    })?;
                }
                Ask::Other(test) => match test {
                    Test::Size(range) => left.retain(cancel, |at| {
                        (range.contains(&columns.size(at)) != negated)
                            && !(has_folders && columns.is_folder(at))
                    })?,
                    Test::Modified(range) => left.retain(cancel, |at| {
                        (range.contains(&columns.modified(at).0) != negated)
                            && !columns.is_folder(at)
                    })?,
                    Test::Kind(kind) => left.retain(cancel, |at| {
                        (columns.is_folder(at) == (*kind == RowKind::Folder)) != negated
                    })?,
                    Test::Glob(glob) => left.retain(cancel, |at| {
                        let name = columns.name_bytes(at);
                        let bare = if columns.is_folder(at) {
                            name.strip_suffix(b"/").unwrap_or(name)
                        } else {
                            name
                        };
                        let fits = glob.may_match(bare, columns.has_odd_case())
                            && columns
                                .name(at)
                                .get(..bare.len())
                                .is_some_and(|name| glob.matches(name));
                        fits != negated
                    })?,
                    Test::Word(_) | Test::Class(_) => {}
                },
            }
        }
        Some(())
    }
}

fn word(
    needle: &Needle,
    negated: bool,
    columns: &Columns,
    left: &mut RowBits,
    buffer: &mut String,
    cancel: &AtomicBool,
) -> Option<()> {
    if needle.needs_non_ascii() && !columns.has_non_ascii() {
        left.keep(&RowBits::NONE, negated);
        return Some(());
    }
    let few = left.count() < columns.len() as u32 / FEW;
    if few || !needle.can_scan(columns.has_odd_case()) {
        return left.retain(cancel, |at| {
            needle.is_in(columns.name(at), buffer) != negated
        });
    }
    let ends = columns.ends();
    let mut hits = RowBits::NONE;
    let mut row = 0;
    let mut steps = 0_usize;
    let mut stopped = false;
    needle.scan(columns.names().as_bytes(), |at| {
        steps += 1;
        if steps.is_multiple_of(STRIDE) && go_on(cancel).is_none() {
            stopped = true;
            return None;
        }
        while (*ends.get(row)? as usize) <= at {
            row += 1;
        }
        let end = *ends.get(row)? as usize;
        if at + needle.len() > end {
            // It begins in one name and ends in the next.
            return Some(at + 1);
        }
        hits.set(row);
        Some(end)
    });
    left.keep(&hits, negated);
    (!stopped).then_some(())
}

/// Which class codes are meant; a class the server does not name is `STANDARD`.
fn classes(catalog: &Catalog, wanted: &str) -> Vec<bool> {
    let meant = |code: u8| match catalog.classes.name(code) {
        "" => "standard".contains(wanted),
        class => class.to_lowercase().contains(wanted),
    };
    (0..FOLDER).map(meant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::PageBuilder;
    use crate::domain::{ListSink, Timestamp};
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    fn catalog() -> Catalog {
        let mut page = PageBuilder::new("p/");
        for (name, size, secs, class) in [
            ("p/Holiday.JPG", 5_000_000, 1_767_225_600, "STANDARD"),
            ("p/holiday.txt", 10, 0, "GLACIER_IR"),
            ("p/x-ho", 10, 0, ""),
            ("p/liday", 10, 0, ""),
            ("p/CAF\u{c9}.jpg", 7, 0, ""),
            ("p/\u{212A}elvin.jpg", 7, 0, ""),
        ] {
            page.object(name, size, Timestamp(secs), "", class);
        }
        page.folder("p/holiday.jpg/");
        let mut catalog = Catalog::new("p/");
        catalog.append(&page);
        catalog
    }

    fn shown(catalog: &Catalog, text: &str) -> Vec<u32> {
        let filter = Filter::parse(text, &TimeZone::UTC);
        let found = filter
            .find(catalog, 0, &AtomicBool::new(false))
            .expect("not cancelled");
        assert_eq!(found.totals.rows(), found.rows.len() as u64);
        found.rows
    }

    #[test]
    fn conditions_choose_rows() {
        let catalog = catalog();
        for (text, expected) in [
            ("", vec![0, 1, 2, 3, 4, 5, 6]),
            ("holiday", vec![0, 1, 6]),
            ("HOLIDAY jpg", vec![0, 6]),
            ("holiday -jpg", vec![1]),
            ("holiday/", vec![]),
            ("*.jpg", vec![0, 4, 5, 6]),
            ("jpg/", vec![6]),
            ("-*.jpg", vec![1, 2, 3]),
            ("caf\u{e9}", vec![4]),
            ("kelvin", vec![5]),
            ("size>1mb", vec![0]),
            ("-size>1mb", vec![1, 2, 3, 4, 5]),
            ("modified=2026-01-01", vec![0]),
            ("class:glacier", vec![1]),
            ("class:standard", vec![0, 2, 3, 4, 5]),
            ("kind:folder holiday", vec![6]),
            ("-kind:folder holiday size<20", vec![1]),
        ] {
            assert_eq!(shown(&catalog, text), expected, "{text}");
        }
    }

    #[test]
    fn a_raised_flag_stops() {
        let filter = Filter::parse("x", &TimeZone::UTC);
        assert!(filter.find(&catalog(), 0, &AtomicBool::new(true)).is_none());
    }

    proptest! {
        #[test]
        fn scanning_all_names_agrees_with_asking_each(
            names in prop::collection::vec("[aBc0é]{1,6}", 1..80),
            word in "[abC0É]{1,3}",
            from in 0..90_u32,
        ) {
            let mut page = PageBuilder::new("");
            for name in &names {
                page.object(name, 1, Timestamp(0), "", "");
            }
            let mut catalog = Catalog::new("");
            catalog.append(&page);
            let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
            let filter = Filter::parse(&word, &TimeZone::UTC);
            let found = filter.find(&catalog, from, &AtomicBool::new(false)).expect("not cancelled");
            let expected: Vec<u32> = (from..catalog.len())
                .filter(|row| lower(&names[*row as usize]).contains(&lower(&word)))
                .collect();
            prop_assert_eq!(found.rows, expected);
        }
    }
}
