//! Runs a [`Filter`] over a catalog.
//!
//! One required word is searched over all names of a segment at once, and the other conditions are asked only of the
//! rows that have it. Without such a word every row is asked, cheap conditions first.

use std::sync::atomic::AtomicBool;

use super::columns::Columns;
use super::filter::{Filter, Term, Test};
use super::needle::Needle;
use super::radix::go_on;
use super::row::RowKind;
use super::store::{Catalog, SEGMENT_ROWS, Totals};

/// Rows asked between two looks at the flag.
const STRIDE: usize = 2048;

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
        if self.is_empty() {
            found.rows = (from..catalog.len()).collect();
            if from == 0 {
                found.totals = catalog.totals();
                return go_on(cancel).map(|()| found);
            }
        }
        let first_segment = from as usize / SEGMENT_ROWS;
        let mut search = Search::new(self, catalog);
        for (number, columns) in catalog.segments().iter().enumerate().skip(first_segment) {
            go_on(cancel)?;
            let base = number * SEGMENT_ROWS;
            let start = (from as usize).saturating_sub(base);
            if self.is_empty() {
                (start..columns.len()).for_each(|at| found.totals.add(columns, at));
            } else {
                search.segment(columns, start, cancel, &mut |at| {
                    found.rows.push((base + at) as u32);
                    found.totals.add(columns, at);
                })?;
            }
        }
        Some(found)
    }
}

struct Search<'a> {
    /// The required word that is searched first.
    lead: Option<&'a Needle>,
    /// All conditions but the lead, cheap ones first.
    terms: Vec<&'a Term>,
    /// All conditions, for segments in which the lead cannot be searched.
    all: Vec<&'a Term>,
    catalog: &'a Catalog,
    buffer: String,
}

impl<'a> Search<'a> {
    fn new(filter: &'a Filter, catalog: &'a Catalog) -> Self {
        let lead = filter
            .terms
            .iter()
            .filter_map(|term| match &term.test {
                Test::Word(needle) if !term.negated && needle.can_scan(false) => Some(needle),
                _ => None,
            })
            .max_by_key(|needle| needle.folded().len());
        let mut all: Vec<&Term> = filter.terms.iter().collect();
        all.sort_by_key(|term| cost(&term.test));
        let is_lead = |term: &Term| match &term.test {
            Test::Word(needle) => lead.is_some_and(|lead| std::ptr::eq(lead, needle)),
            _ => false,
        };
        Self {
            lead,
            terms: all.iter().copied().filter(|term| !is_lead(term)).collect(),
            all,
            catalog,
            buffer: String::new(),
        }
    }

    fn segment(
        &mut self,
        columns: &Columns,
        start: usize,
        cancel: &AtomicBool,
        hit: &mut dyn FnMut(usize),
    ) -> Option<()> {
        let Some(lead) = self
            .lead
            .filter(|lead| lead.can_scan(columns.has_odd_case()))
        else {
            for at in start..columns.len() {
                if at.is_multiple_of(STRIDE) {
                    go_on(cancel)?;
                }
                if holds_all(&self.all, self.catalog, columns, at, &mut self.buffer) {
                    hit(at);
                }
            }
            return Some(());
        };
        let out_of_reach = lead.needs_non_ascii() && !columns.has_non_ascii();
        if out_of_reach || start >= columns.len() {
            return Some(());
        }
        let ends = columns.ends();
        let mut row = start;
        let skip = match start.checked_sub(1) {
            Some(before) => ends[before] as usize,
            None => 0,
        };
        let length = lead.folded().len();
        let names = columns.names().as_bytes().get(skip..).unwrap_or_default();
        let (terms, catalog, buffer) = (&self.terms, self.catalog, &mut self.buffer);
        let mut steps = 0_usize;
        let mut stopped = None;
        lead.scan(names, &mut |at| {
            steps += 1;
            if steps.is_multiple_of(STRIDE) && go_on(cancel).is_none() {
                stopped = Some(());
                return None;
            }
            let at = skip + at;
            while (*ends.get(row)? as usize) <= at {
                row += 1;
            }
            let end = *ends.get(row)? as usize;
            if at + length > end {
                // It begins in one name and ends in the next.
                return Some(at + 1 - skip);
            }
            if holds_all(terms, catalog, columns, row, buffer) {
                hit(row);
            }
            Some(end - skip)
        });
        stopped.is_none().then_some(())
    }
}

fn holds_all(
    terms: &[&Term],
    catalog: &Catalog,
    columns: &Columns,
    at: usize,
    buffer: &mut String,
) -> bool {
    terms
        .iter()
        .all(|term| holds(term, catalog, columns, at, buffer))
}

fn holds(
    term: &Term,
    catalog: &Catalog,
    columns: &Columns,
    at: usize,
    buffer: &mut String,
) -> bool {
    let is_folder = columns.is_folder(at);
    let fits = match &term.test {
        Test::Size(_) | Test::Modified(_) | Test::Class(_) if is_folder => return false,
        Test::Kind(kind) => is_folder == (*kind == RowKind::Folder),
        Test::Size(range) => range.contains(&columns.size(at)),
        Test::Modified(range) => range.contains(&columns.modified(at).0),
        Test::Class(wanted) => match catalog.classes.name(columns.class(at)) {
            "" => "standard".contains(wanted.as_str()),
            class => class.to_lowercase().contains(wanted.as_str()),
        },
        Test::Word(needle) => needle.is_in(columns.name(at), buffer),
        Test::Glob(glob) => {
            let name = columns.name(at);
            glob.matches(if is_folder {
                name.strip_suffix('/').unwrap_or(name)
            } else {
                name
            })
        }
    };
    fits != term.negated
}

/// Rough price of a condition.
const fn cost(test: &Test) -> u8 {
    match test {
        Test::Kind(_) | Test::Size(_) => 0,
        Test::Modified(_) => 1,
        Test::Class(_) => 2,
        Test::Word(_) => 3,
        Test::Glob(_) => 4,
    }
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
