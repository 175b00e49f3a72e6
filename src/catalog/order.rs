//! [`Order`]: the row numbers a table shows, top to bottom. A value; a clone costs two pointers.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::arrange::{Arrangement, Comparer};
use super::radix::{insert_into, merge_into};
use super::store::{Catalog, Totals};

/// Sorted and filtered row numbers of a catalog as it was at one moment.
#[derive(Clone, Debug)]
pub struct Order {
    rows: Arc<Vec<u32>>,
    covers: u32,
    totals: Totals,
    arrangement: Arc<Arrangement>,
}

impl Order {
    /// The order of a catalog without rows.
    #[must_use]
    pub fn begin(arrangement: Arc<Arrangement>) -> Self {
        Self {
            rows: Arc::default(),
            covers: 0,
            totals: Totals::default(),
            arrangement,
        }
    }

    /// Number of rows shown.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.rows.len() as u64
    }

    /// True when no row is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row at a place from the top.
    #[must_use]
    pub fn get(&self, place: u64) -> Option<u32> {
        self.rows.get(usize::try_from(place).ok()?).copied()
    }

    /// All rows, top to bottom.
    #[must_use]
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// Where a row stands; `None` when the filter hides it. Reads all rows shown.
    #[must_use]
    pub fn place_of(&self, row: u32) -> Option<u64> {
        self.rows
            .iter()
            .position(|shown| *shown == row)
            .map(|place| place as u64)
    }

    /// Counts and bytes of the rows shown.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// How many rows of the catalog were looked at; later rows are not in here yet.
    #[must_use]
    pub fn covers(&self) -> u32 {
        self.covers
    }

    /// What it was made by.
    #[must_use]
    pub fn arrangement(&self) -> &Arc<Arrangement> {
        &self.arrangement
    }

    /// This order with the rows that arrived since, as if all had been arranged anew: only the new rows are
    /// filtered and sorted, the rest is copied. The catalog must be a later state of the same one.
    /// `None` when cancelled.
    #[must_use]
    pub fn extended(&self, catalog: &Catalog, cancel: &AtomicBool) -> Option<Self> {
        let found = self.arrangement.filter.find(catalog, self.covers, cancel)?;
        let comparer = Comparer::new(catalog, &self.arrangement);
        let fresh = comparer.sort(found.rows, cancel)?;
        Some(Self {
            rows: self.with(fresh, &comparer, cancel)?,
            covers: catalog.len(),
            totals: Totals {
                objects: self.totals.objects + found.totals.objects,
                folders: self.totals.folders + found.totals.folders,
                bytes: self.totals.bytes.saturating_add(found.totals.bytes),
            },
            arrangement: Arc::clone(&self.arrangement),
        })
    }

    fn with(
        &self,
        fresh: Vec<u32>,
        comparer: &Comparer<'_>,
        cancel: &AtomicBool,
    ) -> Option<Arc<Vec<u32>>> {
        if fresh.is_empty() {
            return Some(Arc::clone(&self.rows));
        }
        if self.rows.is_empty() {
            return Some(Arc::new(fresh));
        }
        let compare = |a, b| comparer.compare(a, b);
        let mut rows = Vec::with_capacity(self.rows.len() + fresh.len());
        if fresh.len() < self.rows.len() / 8 {
            insert_into(&mut rows, &self.rows, &fresh, &compare, cancel)?;
        } else {
            merge_into(&mut rows, &self.rows, &fresh, &compare, cancel)?;
        }
        Some(Arc::new(rows))
    }
}
