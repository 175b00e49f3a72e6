//! One page of a listing on its way into the catalog.
//!
//! The page is filled where the listing is read (another thread) and moved as a whole. Keys are stored without the
//! listing's prefix; a key that does not begin with it does not belong to the listing and is only counted.

use crate::domain::{ListSink, Timestamp};

use super::columns::{Columns, Facts, OTHER_CLASS};
use super::etag::Etag;

/// Storage class names and their codes. At most 254 names are kept apart; the last code stands for "other".
#[derive(Clone, Debug, Default)]
pub(super) struct Classes(Vec<Box<str>>);

impl Classes {
    /// The code of a class, new or known.
    pub(super) fn code(&mut self, class: &str) -> u8 {
        let at = self.0.iter().position(|known| **known == *class);
        let at = at.unwrap_or_else(|| {
            if self.0.len() < usize::from(OTHER_CLASS) {
                self.0.push(class.into());
                self.0.len() - 1
            } else {
                usize::from(OTHER_CLASS)
            }
        });
        at as u8
    }

    /// The name of a class; `OTHER` for those beyond the dictionary.
    pub(super) fn name(&self, code: u8) -> &str {
        self.0.get(usize::from(code)).map_or("OTHER", |name| name)
    }

    /// How many codes have names.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Longer names are no keys (S3 ends at 1,024 bytes); the bound keeps the offsets of a segment within 32 bits.
const MOST_NAME_BYTES: usize = 1 << 16;

/// Collects the rows of one page.
#[derive(Clone, Debug)]
pub struct PageBuilder {
    pub(super) prefix: Box<str>,
    pub(super) columns: Columns,
    pub(super) classes: Classes,
    pub(super) marker: Option<Marker>,
    pub(super) outside: u64,
}

/// The object whose key is the listing's prefix itself: the empty object with which consoles make a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) size: u64,
    pub(super) modified: Timestamp,
}

impl PageBuilder {
    /// An empty page of the listing below `prefix` (any text, not only a folder).
    #[must_use]
    pub fn new(prefix: &str) -> Self {
        Self {
            prefix: prefix.into(),
            columns: Columns::default(),
            classes: Classes::default(),
            marker: None,
            outside: 0,
        }
    }

    /// Rows collected so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// True while no row was collected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows and an empty page in their place.
    pub fn take(&mut self) -> Self {
        let next = Self::new(&self.prefix);
        std::mem::replace(self, next)
    }
}

impl ListSink for PageBuilder {
    fn object(&mut self, key: &str, size: u64, modified: Timestamp, etag: &str, class: &str) {
        match key.strip_prefix(&*self.prefix) {
            Some("") => self.marker = Some(Marker { size, modified }),
            Some(name) if name.len() <= MOST_NAME_BYTES => {
                let class = self.classes.code(class);
                self.columns.push_object(
                    name,
                    Facts {
                        size,
                        modified,
                        etag: Etag::read(etag),
                        class,
                    },
                );
            }
            _ => self.outside += 1,
        }
    }

    fn folder(&mut self, prefix: &str) {
        match prefix.strip_prefix(&*self.prefix) {
            Some(name) if (1..=MOST_NAME_BYTES).contains(&name.len()) => {
                self.columns.push_folder(name);
            }
            _ => self.outside += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_keeps_what_belongs_to_it() {
        let mut page = PageBuilder::new("a/");
        page.object("a/", 0, Timestamp(1), "", "");
        page.object("a//", 1, Timestamp(2), "", "STANDARD");
        page.object("b/x", 1, Timestamp(2), "", "");
        page.folder("a/b/");
        page.folder("a/");
        assert_eq!((page.len(), page.outside), (2, 2));
        assert_eq!((page.columns.name(0), page.columns.name(1)), ("/", "b/"));
        assert!(page.marker.is_some());
        assert_eq!(page.take().len(), 2);
        assert!(page.is_empty());
    }

    #[test]
    fn classes_beyond_the_dictionary_share_a_code() {
        let mut classes = Classes::default();
        for number in 0..400 {
            classes.code(&number.to_string());
        }
        assert_eq!(classes.name(classes.0.len() as u8 - 1), "253");
        assert_eq!(classes.code("399"), OTHER_CLASS);
        assert_eq!(classes.name(OTHER_CLASS), "OTHER");
    }
}
