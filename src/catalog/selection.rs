//! Which rows are selected, and where the cursor stands. Speaks of rows, so sorting and filtering change nothing here.

use std::ops::RangeInclusive;

use super::order::Order;
use super::store::{Catalog, Totals};

/// A set of rows with their counts and bytes. Rows that arrive later are not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowSet {
    words: Vec<u64>,
    totals: Totals,
}

impl RowSet {
    /// True when the row is in the set.
    #[must_use]
    pub fn contains(&self, row: u32) -> bool {
        let (word, bit) = place(row);
        self.words.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// Number of rows in it.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.totals.rows()
    }

    /// True when no row is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Counts and bytes of the rows in it.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// Adds a row; false when it was in it, or is no row of the catalog.
    pub fn insert(&mut self, catalog: &Catalog, row: u32) -> bool {
        let Some((columns, at)) = catalog.place(row) else {
            return false;
        };
        let (word, bit) = place(row);
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        if self.words[word] & bit != 0 {
            return false;
        }
        self.words[word] |= bit;
        self.totals.add(columns, at);
        true
    }

    /// Takes a row out; false when it was not in it.
    pub fn remove(&mut self, catalog: &Catalog, row: u32) -> bool {
        if !self.contains(row) {
            return false;
        }
        let (word, bit) = place(row);
        self.words[word] &= !bit;
        if let Some(row) = catalog.row(row) {
            let totals = &mut self.totals;
            if row.is_folder() {
                totals.folders = totals.folders.saturating_sub(1);
            } else {
                totals.objects = totals.objects.saturating_sub(1);
                totals.bytes = totals.bytes.saturating_sub(row.size());
            }
        }
        true
    }

    /// Adds a row that is not in it, takes out one that is.
    pub fn toggle(&mut self, catalog: &Catalog, row: u32) {
        if !self.remove(catalog, row) {
            self.insert(catalog, row);
        }
    }

    /// Adds the rows at these places of an order.
    pub fn insert_range(&mut self, catalog: &Catalog, order: &Order, places: RangeInclusive<u64>) {
        let len = order.rows().len();
        let first = usize::try_from(*places.start()).unwrap_or(len).min(len);
        let after = usize::try_from(places.end().saturating_add(1))
            .unwrap_or(len)
            .min(len);
        for row in order.rows().get(first..after).unwrap_or_default() {
            self.insert(catalog, *row);
        }
    }

    /// Exactly the rows of an order.
    #[must_use]
    pub fn all(order: &Order) -> Self {
        let mut words = vec![0; (order.covers() as usize).div_ceil(64)];
        for row in order.rows() {
            let (word, bit) = place(*row);
            words[word] |= bit;
        }
        Self {
            words,
            totals: order.totals(),
        }
    }

    /// Takes all rows out.
    pub fn clear(&mut self) {
        self.words.clear();
        self.totals = Totals::default();
    }

    /// The rows in it, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().zip(0_u32..).flat_map(|(bits, word)| {
            let mut bits = *bits;
            std::iter::from_fn(move || {
                let bit = bits.trailing_zeros();
                (bits != 0).then(|| {
                    bits &= bits - 1;
                    word * 64 + bit
                })
            })
        })
    }
}

fn place(row: u32) -> (usize, u64) {
    ((row / 64) as usize, 1 << (row % 64))
}

/// Selected rows, the row with the cursor, and the row from which a range is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The rows.
    pub rows: RowSet,
    /// The row the keyboard acts on.
    pub cursor: Option<u32>,
    /// Where a range begins that shift and a click end.
    pub anchor: Option<u32>,
}

impl Selection {
    /// A plain click: this row only.
    pub fn select(&mut self, catalog: &Catalog, row: u32) {
        self.rows.clear();
        self.rows.insert(catalog, row);
        (self.cursor, self.anchor) = (Some(row), Some(row));
    }

    /// Ctrl and a click: this row changes, the others stay.
    pub fn toggle(&mut self, catalog: &Catalog, row: u32) {
        self.rows.toggle(catalog, row);
        (self.cursor, self.anchor) = (Some(row), Some(row));
    }

    /// Shift and a click: all rows between the anchor and this row as `order` shows them; `keep` (ctrl as well)
    /// leaves the other rows selected. Without an anchor that is shown, a plain click.
    pub fn extend(&mut self, catalog: &Catalog, order: &Order, row: u32, keep: bool) {
        let places = self
            .anchor
            .and_then(|anchor| Some((order.place_of(anchor)?, order.place_of(row)?)));
        let Some((from, to)) = places else {
            self.select(catalog, row);
            return;
        };
        if !keep {
            self.rows.clear();
        }
        self.rows
            .insert_range(catalog, order, from.min(to)..=from.max(to));
        self.cursor = Some(row);
    }

    /// All rows the order shows.
    pub fn select_all(&mut self, order: &Order) {
        self.rows = RowSet::all(order);
    }

    /// Nothing selected; the cursor stays.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.anchor = None;
    }

    /// Moves the cursor without selecting (ctrl and an arrow key).
    pub fn move_cursor(&mut self, row: u32) {
        self.cursor = Some(row);
    }

    /// The same names in another catalog of the same prefix (after a refresh). Reads all rows of it once.
    #[must_use]
    pub fn carried(&self, from: &Catalog, to: &Catalog) -> Self {
        let name = |row: u32| from.row(row).map(super::row::RowRef::name);
        let wanted: std::collections::HashSet<&str> = self.rows.iter().filter_map(name).collect();
        let (cursor, anchor) = (self.cursor.and_then(name), self.anchor.and_then(name));
        let mut carried = Self::default();
        if wanted.is_empty() && cursor.is_none() && anchor.is_none() {
            return carried;
        }
        for (row, number) in to.rows().zip(0..) {
            let name = Some(row.name());
            if wanted.contains(row.name()) {
                carried.rows.insert(to, number);
            }
            if name == cursor {
                carried.cursor = Some(number);
            }
            if name == anchor {
                carried.anchor = Some(number);
            }
        }
        carried
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Arrangement, PageBuilder, arrange};
    use crate::domain::{ListSink, Timestamp};
    use std::sync::atomic::AtomicBool;

    fn grow(catalog: &mut Catalog, names: &[&str]) {
        let mut page = PageBuilder::new("");
        for name in names {
            if name.ends_with('/') {
                page.folder(name);
            } else {
                page.object(name, 10, Timestamp(0), "", "");
            }
        }
        catalog.append(&page);
    }

    fn order(catalog: &Catalog, descending: bool) -> Order {
        let arrangement = Arrangement {
            descending,
            ..Arrangement::default()
        };
        arrange(catalog, &arrangement, &AtomicBool::new(false)).expect("not cancelled")
    }

    #[test]
    fn clicks_and_ranges() {
        let mut catalog = Catalog::new("");
        grow(&mut catalog, &["a", "b", "c", "d", "dir/"]);
        let down = order(&catalog, true);
        let mut selection = Selection::default();
        // dir/, d, c, b, a
        selection.extend(&catalog, &down, 2, false);
        assert_eq!(selection.rows.iter().collect::<Vec<_>>(), [2]);
        selection.extend(&catalog, &down, 0, false);
        assert_eq!(selection.rows.iter().collect::<Vec<_>>(), [0, 1, 2]);
        selection.extend(&catalog, &down, 4, false);
        assert_eq!(selection.rows.iter().collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!((selection.anchor, selection.cursor), (Some(2), Some(4)));
        selection.toggle(&catalog, 3);
        selection.toggle(&catalog, 1);
        selection.extend(&catalog, &down, 0, true);
        assert_eq!(selection.rows.iter().collect::<Vec<_>>(), [0, 1, 2, 4]);
        let totals = selection.rows.totals();
        assert_eq!((totals.objects, totals.folders, totals.bytes), (3, 1, 30));
        selection.clear();
        assert!(selection.rows.is_empty());
    }

    #[test]
    fn rows_that_arrive_later_are_not_selected() {
        let mut catalog = Catalog::new("");
        grow(&mut catalog, &["a", "b"]);
        let mut selection = Selection::default();
        selection.select_all(&order(&catalog, false));
        grow(&mut catalog, &["c"]);
        assert_eq!(selection.rows.len(), 2);
        assert!(!selection.rows.contains(2));
        assert!(selection.rows.insert(&catalog, 2) && !selection.rows.insert(&catalog, 9));
        assert_eq!(selection.rows, RowSet::all(&order(&catalog, false)));
    }

    #[test]
    fn a_refresh_keeps_names() {
        let mut old = Catalog::new("");
        grow(&mut old, &["b", "d", "e"]);
        let mut selection = Selection::default();
        selection.select_all(&order(&old, false));
        selection.cursor = Some(1);
        let mut new = Catalog::new("");
        grow(&mut new, &["a", "b", "c", "d"]);
        let carried = selection.carried(&old, &new);
        assert_eq!(carried.rows.iter().collect::<Vec<_>>(), [1, 3]);
        assert_eq!((carried.cursor, carried.anchor), (Some(3), None));
    }
}
