//! One row of a catalog, read where it lies.

use crate::domain::{Key, Prefix, Timestamp};

use super::columns::Columns;
use super::etag::Etag;
use super::store::Catalog;

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKind {
    /// A common prefix.
    Folder,
    /// An object.
    Object,
}

/// One row. Copy it freely; it borrows the catalog.
#[derive(Clone, Copy, Debug)]
pub struct RowRef<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) columns: &'a Columns,
    pub(super) at: usize,
}

impl<'a> RowRef<'a> {
    /// The key without the listing's prefix; a folder keeps its final delimiter (`thumbnails/`).
    #[must_use]
    pub fn name(self) -> &'a str {
        self.columns.name(self.at)
    }

    /// The full key of an object, or the full prefix of a folder as text.
    #[must_use]
    pub fn key(self) -> Key {
        Key::new([self.catalog.prefix(), self.name()].concat())
    }

    /// The folder this row opens; `None` for an object.
    #[must_use]
    pub fn folder(self) -> Option<Prefix> {
        self.is_folder()
            .then(|| Prefix::new([self.catalog.prefix(), self.name()].concat()))
    }

    /// Folder or object.
    #[must_use]
    pub fn kind(self) -> RowKind {
        if self.is_folder() {
            RowKind::Folder
        } else {
            RowKind::Object
        }
    }

    /// True for a folder.
    #[must_use]
    pub fn is_folder(self) -> bool {
        self.columns.is_folder(self.at)
    }

    /// Size in bytes; 0 for a folder, whose size no listing tells.
    #[must_use]
    pub fn size(self) -> u64 {
        self.columns.size(self.at)
    }

    /// Last change; `None` for a folder.
    #[must_use]
    pub fn modified(self) -> Option<Timestamp> {
        (!self.is_folder()).then(|| self.columns.modified(self.at))
    }

    /// Storage class as the server names it; empty for a folder or when the server does not say.
    #[must_use]
    pub fn class(self) -> &'a str {
        if self.is_folder() {
            ""
        } else {
            self.catalog.classes.name(self.columns.class(self.at))
        }
    }

    /// Entity tag; `None` for a folder or when the server does not say.
    #[must_use]
    pub fn etag(self) -> Option<Etag<'a>> {
        self.columns.etag(self.at)
    }
}
