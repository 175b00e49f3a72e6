//! From a catalog to an [`Order`]: which rows, and in which order. Meant for a worker thread; can be cancelled.
//!
//! Names in byte order are nearly free, since S3 sends them so. Sizes, times and classes are sorted as integers; rows
//! that are equal there are ordered by name, ascending in both directions. [`Comparer`] says the same order for two
//! rows, which is what taking in later rows needs.

use std::cmp::Ordering;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::collate::Names;
use super::columns::Columns;
use super::filter::Filter;
use super::order::Order;
use super::radix::{go_on, merge_into, sort_pairs};
use super::store::Catalog;

/// By what rows are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortBy {
    /// By name.
    #[default]
    Name,
    /// By size; folders have none and count as less than any object.
    Size,
    /// By time of the last change; folders as for size.
    Modified,
    /// By storage class in alphabetical order; folders as for size.
    Class,
}

/// Which rows to show, in which order.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrangement {
    /// By what.
    pub sort: SortBy,
    /// Largest first. Folders that come first still do.
    pub descending: bool,
    /// Folders before objects; else among them.
    pub folders_first: bool,
    /// Names as people count (`file2` before `file10`) instead of by bytes.
    pub natural: bool,
    /// Which rows.
    pub filter: Filter,
}

impl Default for Arrangement {
    /// By name, as people count, folders first, all rows.
    fn default() -> Self {
        Self {
            sort: SortBy::Name,
            descending: false,
            folders_first: true,
            natural: true,
            filter: Filter::default(),
        }
    }
}

/// Filters and sorts a catalog. `None` when `cancel` was raised; that is noticed within a few milliseconds.
#[must_use]
pub fn arrange(catalog: &Catalog, arrangement: &Arrangement, cancel: &AtomicBool) -> Option<Order> {
    Order::begin(Arc::new(arrangement.clone())).extended(catalog, cancel)
}

/// The order of any two rows of a catalog.
#[derive(Clone)]
pub(super) struct Comparer<'a> {
    arrangement: &'a Arrangement,
    names: Names<'a>,
    /// Place of each class code in the alphabet.
    ranks: Vec<u8>,
}

impl<'a> Comparer<'a> {
    pub(super) fn new(catalog: &'a Catalog, arrangement: &'a Arrangement) -> Self {
        Self {
            arrangement,
            names: Names {
                catalog,
                natural: arrangement.natural,
            },
            ranks: ranks(catalog),
        }
    }

    /// Sort key of a row, ascending; 0 for folders and when only names count.
    fn key(&self, columns: &Columns, at: usize) -> u64 {
        if columns.is_folder(at) {
            return 0;
        }
        let key = match self.arrangement.sort {
            SortBy::Name => return 0,
            SortBy::Size => columns.size(at),
            // Keeps the order of signed numbers.
            SortBy::Modified => columns.modified(at).0.cast_unsigned() ^ (1 << 63),
            SortBy::Class => {
                let code = usize::from(columns.class(at));
                self.ranks
                    .get(code)
                    .map_or(u64::MAX, |rank| u64::from(*rank))
            }
        };
        key.saturating_add(1)
    }

    fn directed_key(&self, row: u32) -> u64 {
        let key = match self.names.catalog.place(row) {
            Some((columns, at)) => self.key(columns, at),
            None => 0,
        };
        if self.arrangement.descending {
            !key
        } else {
            key
        }
    }

    /// Total order of two rows.
    pub(super) fn compare(&self, a: u32, b: u32) -> Ordering {
        let arrangement = self.arrangement;
        if arrangement.folders_first {
            let folders = is_folder(self.names.catalog, b).cmp(&is_folder(self.names.catalog, a));
            if folders.is_ne() {
                return folders;
            }
        }
        if arrangement.sort == SortBy::Name {
            let by_name = self.names.compare(a, b);
            return if arrangement.descending {
                by_name.reverse()
            } else {
                by_name
            };
        }
        self.directed_key(a)
            .cmp(&self.directed_key(b))
            .then_with(|| self.names.compare(a, b))
    }

    /// Sorts rows that come in ascending order of numbers.
    pub(super) fn sort(&self, rows: Vec<u32>, cancel: &AtomicBool) -> Option<Vec<u32>> {
        let catalog = self.names.catalog;
        let (mut folders, mut objects): (Vec<u32>, Vec<u32>) = if catalog.totals().folders == 0 {
            (Vec::new(), rows)
        } else {
            rows.into_iter().partition(|row| is_folder(catalog, *row))
        };
        go_on(cancel)?;
        if self.arrangement.folders_first {
            self.sort_group(&mut folders, catalog.folders_ascend(), false, cancel)?;
            self.sort_group(&mut objects, catalog.objects_ascend(), false, cancel)?;
            folders.append(&mut objects);
            return Some(folders);
        }
        if folders.is_empty() {
            self.sort_group(&mut objects, catalog.objects_ascend(), false, cancel)?;
            return Some(objects);
        }
        // Both lists are in byte order as they came, or the names are compared anyway.
        let bytes = Names {
            natural: false,
            ..self.names
        };
        let mut all = Vec::with_capacity(folders.len() + objects.len());
        let compare = |a, b| bytes.compare(a, b);
        merge_into(&mut all, &folders, &objects, &compare, cancel)?;
        self.sort_group(&mut all, catalog.ascends(), true, cancel)?;
        Some(all)
    }

    /// Sorts rows of one group; `in_bytes` tells that they come in the byte order of their names, `mixed` that they
    /// then do not come in the order of their numbers.
    fn sort_group(
        &self,
        rows: &mut [u32],
        in_bytes: bool,
        mixed: bool,
        cancel: &AtomicBool,
    ) -> Option<()> {
        let names_done = in_bytes && !self.arrangement.natural;
        if self.arrangement.sort == SortBy::Name {
            if !names_done {
                self.names.sort(rows, in_bytes && !mixed, cancel)?;
            }
            if self.arrangement.descending {
                rows.reverse();
            }
            return Some(());
        }
        // Places instead of rows, so that equal keys keep the order of names where that is known.
        let mut pairs: Vec<(u64, u32)> = Vec::with_capacity(rows.len());
        for (part, start) in rows.chunks(32 * 1024).zip((0..).step_by(32 * 1024)) {
            go_on(cancel)?;
            pairs.extend(
                part.iter()
                    .zip(start..)
                    .map(|(row, place)| (self.directed_key(*row), place)),
            );
        }
        sort_pairs(&mut pairs, cancel)?;
        let sorted: Vec<u32> = pairs
            .iter()
            .map(|(_, place)| rows[*place as usize])
            .collect();
        rows.copy_from_slice(&sorted);
        if names_done {
            return Some(());
        }
        let mut start = 0;
        for run in pairs.chunk_by(|a, b| a.0 == b.0) {
            let end = start + run.len();
            if run.len() > 1 {
                self.names
                    .sort(&mut rows[start..end], in_bytes && !mixed, cancel)?;
            }
            start = end;
        }
        Some(())
    }
}

fn is_folder(catalog: &Catalog, row: u32) -> bool {
    catalog
        .place(row)
        .is_some_and(|(columns, at)| columns.is_folder(at))
}

/// The place of each class in the alphabet; a class the server does not name is `STANDARD`.
fn ranks(catalog: &Catalog) -> Vec<u8> {
    let shown = |code: u8| match catalog.classes.name(code) {
        "" => "STANDARD",
        name => name,
    };
    let codes: Vec<u8> = (0..=u8::MAX).take(catalog.classes.len()).collect();
    codes
        .iter()
        .map(|code| {
            codes
                .iter()
                .filter(|other| shown(**other) < shown(*code))
                .count() as u8
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::PageBuilder;
    use crate::domain::{ListSink, Timestamp};
    use proptest::prelude::*;

    static GO: AtomicBool = AtomicBool::new(false);

    fn listing(pages: &[Vec<(String, u64, i64, u8)>]) -> Catalog {
        let mut catalog = Catalog::new("");
        for rows in pages {
            catalog.append(&page(rows));
        }
        catalog
    }

    fn page(rows: &[(String, u64, i64, u8)]) -> PageBuilder {
        let mut page = PageBuilder::new("");
        for (name, size, secs, class) in rows {
            let class_name = ["", "STANDARD", "GLACIER", "DEEP_ARCHIVE"][usize::from(class % 4)];
            if *class > 3 {
                page.folder(&format!("{name}/"));
            } else {
                page.object(name, *size, Timestamp(*secs), "", class_name);
            }
        }
        page
    }

    fn names(catalog: &Catalog, arrangement: &Arrangement) -> Vec<String> {
        let order = arrange(catalog, arrangement, &GO).expect("not cancelled");
        order
            .rows()
            .iter()
            .filter_map(|row| catalog.row(*row).map(|row| row.name().to_owned()))
            .collect()
    }

    #[test]
    fn each_column_sorts_both_ways() {
        let row = |name: &str, size, secs, class| (name.to_owned(), size, secs, class);
        let catalog = listing(&[vec![
            row("b10", 5, 30, 1),
            row("b2", 9, -4, 0),
            row("c", 5, 30, 2),
            row("a", 0, 0, 9),
            row("z", 0, 0, 9),
        ]]);
        let mut wanted = Arrangement::default();
        assert_eq!(names(&catalog, &wanted), ["a/", "z/", "b2", "b10", "c"]);
        wanted.natural = false;
        assert_eq!(names(&catalog, &wanted), ["a/", "z/", "b10", "b2", "c"]);
        wanted.descending = true;
        assert_eq!(names(&catalog, &wanted), ["z/", "a/", "c", "b2", "b10"]);
        wanted.natural = true;
        wanted.sort = SortBy::Size;
        assert_eq!(names(&catalog, &wanted), ["a/", "z/", "b2", "b10", "c"]);
        wanted.folders_first = false;
        assert_eq!(names(&catalog, &wanted), ["b2", "b10", "c", "a/", "z/"]);
        wanted.descending = false;
        wanted.sort = SortBy::Modified;
        assert_eq!(names(&catalog, &wanted), ["a/", "z/", "b2", "b10", "c"]);
        // An unnamed class is the standard one.
        wanted.sort = SortBy::Class;
        assert_eq!(names(&catalog, &wanted), ["a/", "z/", "c", "b2", "b10"]);
    }

    #[test]
    fn a_raised_flag_stops() {
        let catalog = listing(&[vec![("a".to_owned(), 1, 1, 1)]]);
        assert!(arrange(&catalog, &Arrangement::default(), &AtomicBool::new(true)).is_none());
    }

    fn rows() -> impl Strategy<Value = Vec<(String, u64, i64, u8)>> {
        prop::collection::vec(("[aB0-2_é]{1,4}", 0..4_u64, -2..3_i64, 0..6_u8), 0..60)
    }

    proptest! {
        #[test]
        fn growing_and_sorting_agree_with_comparing(
            mut first in rows(), mut second in rows(), ordered: bool,
            sort in prop::sample::select(vec![SortBy::Name, SortBy::Size, SortBy::Modified, SortBy::Class]),
            descending: bool, folders_first: bool, natural: bool, filtered: bool,
        ) {
            if ordered {
                first.sort();
                second.sort();
                second.retain(|row| Some(row) > first.last());
            }
            let zone = jiff::tz::TimeZone::UTC;
            let filter = Filter::parse(if filtered { "a" } else { "" }, &zone);
            let arrangement = Arrangement { sort, descending, folders_first, natural, filter };
            let mut catalog = listing(&[first]);
            let early = arrange(&catalog, &arrangement, &GO).expect("not cancelled");
            catalog.append(&page(&second));
            let grown = early.extended(&catalog, &GO).expect("not cancelled");
            let whole = arrange(&catalog, &arrangement, &GO).expect("not cancelled");
            let comparer = Comparer::new(&catalog, &arrangement);
            let mut expected = whole.rows().to_vec();
            expected.sort_by(|a, b| comparer.compare(*a, *b));
            prop_assert_eq!(whole.rows(), &expected[..]);
            prop_assert_eq!(grown.rows(), &expected[..]);
            prop_assert_eq!(grown.totals(), whole.totals());
            prop_assert_eq!(whole.totals().rows(), expected.len() as u64);
        }
    }
}
