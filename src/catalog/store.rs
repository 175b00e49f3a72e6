//! [`Catalog`]: the rows of one listing, in segments that snapshots share.
//!
//! Every segment but the last holds exactly `SEGMENT_ROWS` rows, so a row is found by a shift and a mask. A full
//! segment never changes. The last one is copied once when a row arrives while a snapshot still holds it.

use std::collections::HashSet;
use std::sync::Arc;

use crate::domain::Timestamp;

use super::columns::{Columns, FOLDER, Facts};
use super::page::{Classes, Marker, PageBuilder};
use super::row::RowRef;

const SEGMENT_BITS: u32 = 14;
/// Rows of a full segment.
pub(super) const SEGMENT_ROWS: usize = 1 << SEGMENT_BITS;

/// Sums over all rows of a catalog or of a part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Objects.
    pub objects: u64,
    /// Folders.
    pub folders: u64,
    /// Bytes of the objects.
    pub bytes: u64,
}

impl Totals {
    /// Objects and folders together.
    #[must_use]
    pub const fn rows(self) -> u64 {
        self.objects + self.folders
    }

    pub(super) fn add(&mut self, columns: &Columns, at: usize) {
        if columns.is_folder(at) {
            self.folders += 1;
        } else {
            self.objects += 1;
            self.bytes = self.bytes.saturating_add(columns.size(at));
        }
    }
}

/// The rows of one listing. Only grows; a clone is a snapshot and costs a pointer per 16,384 rows.
#[derive(Clone, Debug)]
pub struct Catalog {
    prefix: Arc<str>,
    segments: Vec<Arc<Columns>>,
    pub(super) classes: Classes,
    totals: Totals,
    marker: Option<Marker>,
    outside: u64,
    last_object: Option<u32>,
    last_folder: Option<u32>,
    objects_ascend: bool,
    folders_ascend: bool,
    /// Names of all folders, kept only once the server sent them out of order.
    folder_names: Option<Arc<HashSet<Box<str>>>>,
}

impl Catalog {
    /// An empty catalog of the listing below `prefix` (any text, not only a folder).
    #[must_use]
    pub fn new(prefix: &str) -> Self {
        Self {
            prefix: prefix.into(),
            segments: Vec::new(),
            classes: Classes::default(),
            totals: Totals::default(),
            marker: None,
            outside: 0,
            last_object: None,
            last_folder: None,
            objects_ascend: true,
            folders_ascend: true,
            folder_names: None,
        }
    }

    /// The listing's prefix, which every key begins with.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Number of rows; also the number the next row will have.
    #[must_use]
    pub fn len(&self) -> u32 {
        match self.segments.split_last() {
            Some((last, full)) => (full.len() * SEGMENT_ROWS + last.len()) as u32,
            None => 0,
        }
    }

    /// True while the catalog has no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Counts and bytes of all rows.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// True when an object with the prefix itself as its key exists: the folder's own marker, which is no row.
    #[must_use]
    pub fn has_marker(&self) -> bool {
        self.marker.is_some()
    }

    /// Size and last change of the folder's own marker.
    #[must_use]
    pub fn marker(&self) -> Option<(u64, Timestamp)> {
        self.marker.map(|marker| (marker.size, marker.modified))
    }

    /// Entries the server sent that do not begin with the prefix; they are no rows. Anything but 0 means that the
    /// server breaks the contract of the listing.
    #[must_use]
    pub fn outside(&self) -> u64 {
        self.outside
    }

    /// True when the server kept the order S3 promises: ascending bytes.
    #[must_use]
    pub fn ascends(&self) -> bool {
        self.objects_ascend && self.folders_ascend
    }

    /// The row of that number.
    #[must_use]
    pub fn row(&self, row: u32) -> Option<RowRef<'_>> {
        let (columns, at) = self.place(row)?;
        Some(RowRef {
            catalog: self,
            columns,
            at,
        })
    }

    /// All rows in the order of arrival.
    pub fn rows(&self) -> impl Iterator<Item = RowRef<'_>> {
        self.segments.iter().flat_map(move |columns| {
            (0..columns.len()).map(move |at| RowRef {
                catalog: self,
                columns,
                at,
            })
        })
    }

    /// The row with that name (key without the prefix, a folder with its delimiter). Reads all rows.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<u32> {
        self.rows()
            .position(|row| row.name() == name)
            .map(|row| row as u32)
    }

    /// Reserved memory of the rows in bytes.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.segments
            .iter()
            .map(|columns| columns.heap_bytes() + size_of::<Columns>() + size_of::<Arc<Columns>>())
            .sum()
    }

    pub(super) fn segments(&self) -> &[Arc<Columns>] {
        &self.segments
    }

    pub(super) fn place(&self, row: u32) -> Option<(&Columns, usize)> {
        let columns = self.segments.get((row >> SEGMENT_BITS) as usize)?;
        let at = row as usize & (SEGMENT_ROWS - 1);
        (at < columns.len()).then_some((columns, at))
    }

    pub(super) fn objects_ascend(&self) -> bool {
        self.objects_ascend
    }

    pub(super) fn folders_ascend(&self) -> bool {
        self.folders_ascend
    }

    /// Takes in a page. Folders already known are merged; a page of another prefix is refused.
    ///
    /// Returns the number of new rows.
    pub fn append(&mut self, page: &PageBuilder) -> u32 {
        if *page.prefix != *self.prefix {
            return 0;
        }
        let before = self.len();
        self.outside += page.outside;
        self.marker = self.marker.or(page.marker);
        let codes: Vec<u8> = (0..=u8::MAX)
            .take(page.classes.len())
            .map(|code| self.classes.code(page.classes.name(code)))
            .collect();
        for at in 0..page.columns.len() {
            let class = page.columns.class(at);
            if class == FOLDER {
                self.push_folder(page.columns.name(at));
            } else {
                let code = codes.get(usize::from(class)).copied();
                self.push_object(&page.columns, at, code.unwrap_or(class));
            }
        }
        self.len() - before
    }

    fn push_object(&mut self, page: &Columns, at: usize, class: u8) {
        let name = page.name(at);
        if self.objects_ascend
            && self
                .name_of(self.last_object)
                .is_some_and(|last| last >= name)
        {
            self.objects_ascend = false;
        }
        self.last_object = Some(self.len());
        let facts = Facts {
            size: page.size(at),
            modified: page.modified(at),
            etag: page.etag(at),
            class,
        };
        self.open_segment(|columns| columns.push_object(name, facts));
    }

    fn push_folder(&mut self, name: &str) {
        if let Some(names) = &mut self.folder_names {
            if !Arc::make_mut(names).insert(name.into()) {
                return;
            }
        } else if let Some(last) = self.name_of(self.last_folder) {
            if last == name {
                return;
            }
            if last > name {
                // From here on only a set of all names can tell whether a folder is new.
                self.folders_ascend = false;
                let mut names: HashSet<Box<str>> = self
                    .rows()
                    .filter(|row| row.is_folder())
                    .map(|row| row.name().into())
                    .collect();
                let is_new = names.insert(name.into());
                self.folder_names = Some(Arc::new(names));
                if !is_new {
                    return;
                }
            }
        }
        self.last_folder = Some(self.len());
        self.open_segment(|columns| columns.push_folder(name));
    }

    fn name_of(&self, row: Option<u32>) -> Option<&str> {
        let (columns, at) = self.place(row?)?;
        Some(columns.name(at))
    }

    fn open_segment(&mut self, push: impl FnOnce(&mut Columns)) {
        if self
            .segments
            .last()
            .is_none_or(|columns| columns.len() == SEGMENT_ROWS)
        {
            self.segments.push(Arc::default());
        }
        if let Some(last) = self.segments.last_mut() {
            let columns = Arc::make_mut(last);
            push(columns);
            let at = columns.len() - 1;
            self.totals.add(columns, at);
            if columns.len() == SEGMENT_ROWS {
                columns.shrink();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ListSink;

    fn page(prefix: &str, folders: &[&str], objects: &[&str]) -> PageBuilder {
        let mut page = PageBuilder::new(prefix);
        for key in objects {
            page.object(key, 10, Timestamp(5), "", "STANDARD");
        }
        for prefix in folders {
            page.folder(prefix);
        }
        page
    }

    #[test]
    fn pages_become_rows_and_folders_are_merged() {
        let mut catalog = Catalog::new("p/");
        assert_eq!(catalog.append(&page("p/", &["p/b/"], &["p/", "p/a"])), 2);
        assert_eq!(catalog.append(&page("p/", &["p/b/", "p/c/"], &["p/x"])), 2);
        assert_eq!(catalog.append(&page("q/", &[], &["q/x"])), 0);
        // A server that goes back: still one row per folder.
        assert_eq!(
            catalog.append(&page("p/", &["p/b/", "p/a/", "p/c/"], &[])),
            1
        );
        let names: Vec<&str> = catalog.rows().map(RowRef::name).collect();
        assert_eq!(names, ["a", "b/", "x", "c/", "a/"]);
        assert_eq!(
            catalog.totals(),
            Totals {
                objects: 2,
                folders: 3,
                bytes: 20
            }
        );
        assert!(catalog.has_marker() && !catalog.ascends());
        let row = catalog.row(1).expect("row");
        assert_eq!(row.key().as_str(), "p/b/");
        assert_eq!(row.folder().expect("folder").as_str(), "p/b/");
        assert_eq!(catalog.find("c/"), Some(3));
        assert!(catalog.row(5).is_none());
    }

    #[test]
    fn a_snapshot_does_not_see_later_rows() {
        let mut catalog = Catalog::new("");
        catalog.append(&page("", &[], &["a", "b"]));
        let snapshot = catalog.clone();
        catalog.append(&page("", &[], &["c"]));
        assert_eq!((snapshot.len(), catalog.len()), (2, 3));
        assert!(snapshot.row(2).is_none());
    }

    fn filled(rows: usize, etag: &str) -> (Catalog, usize) {
        let mut catalog = Catalog::new("");
        let mut key_bytes = 0;
        let mut page = PageBuilder::new("");
        for number in 0..rows {
            let key = format!("photos/2026/originals/session1/img_{number:09}.jpg");
            assert_eq!(key.len(), 48);
            key_bytes += key.len();
            page.object(
                &key,
                number as u64,
                Timestamp(1_700_000_000),
                etag,
                "STANDARD",
            );
            if page.len() == 1000 {
                catalog.append(&page.take());
            }
        }
        catalog.append(&page);
        (catalog, key_bytes)
    }

    #[test]
    fn memory_per_key_stays_small() {
        let rows = 12 * SEGMENT_ROWS + 500;
        let (catalog, key_bytes) = filled(rows, "");
        let plain = catalog.heap_bytes() as f64 / key_bytes as f64;
        assert!(plain <= 1.5, "{plain}");
        let (catalog, key_bytes) = filled(rows, "9b2c41f0a1b2c3d4e5f60718293a7ae3-3");
        let tagged = catalog.heap_bytes() as f64 / key_bytes as f64;
        assert!(tagged <= 1.8, "{tagged}");
        let last = catalog.row(rows as u32 - 1).expect("row");
        assert_eq!(last.size(), rows as u64 - 1);
        assert_eq!(
            last.etag().expect("etag").to_string(),
            "9b2c41f0a1b2c3d4e5f60718293a7ae3-3"
        );
    }
}
