//! The columns of a run of rows: names in one arena, fixed-width values beside them, rare values in side tables.
//!
//! One row costs its name and 17 bytes, 18 more where entity tags are known. What does not fit the narrow form (a time
//! before 1970 or after 2106, a tag that is no MD5) goes to a sorted side table, so nothing is rounded or lost.

use crate::domain::Timestamp;

use super::etag::{Etag, MOST_PARTS};

/// Class code of a folder.
pub(super) const FOLDER: u8 = u8::MAX;
/// The highest class code a dictionary may give out; later classes share [`OTHER_CLASS`].
pub(super) const OTHER_CLASS: u8 = u8::MAX - 1;

const ODD_TIME: u32 = u32::MAX;
const ODD_ETAG: u16 = u16::MAX;
const NO_ETAG: u16 = u16::MAX - 1;
const _: () = assert!(NO_ETAG > MOST_PARTS);

/// What is stored of an object besides its name.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    pub(super) size: u64,
    pub(super) modified: Timestamp,
    pub(super) etag: Option<Etag<'a>>,
    pub(super) class: u8,
}

/// Rows in columns. Rows are numbered from 0 and only ever added.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    names: String,
    /// Where each name ends in `names`.
    ends: Vec<u32>,
    sizes: Vec<u64>,
    times: Vec<u32>,
    classes: Vec<u8>,
    /// Empty until the first row that has a tag; then as long as the others.
    digests: Vec<[u8; 16]>,
    parts: Vec<u16>,
    odd_times: Vec<(u32, i64)>,
    odd_etags: Vec<(u32, Box<str>)>,
    has_odd_case: bool,
    has_non_ascii: bool,
}

impl Columns {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All names, one behind the other.
    pub(super) fn names(&self) -> &str {
        &self.names
    }

    /// Where each name ends in [`Self::names`].
    pub(super) fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// True when some name holds a character outside ASCII that folds to an ASCII letter (the Kelvin sign, the
    /// dotted capital I), so that a search of ASCII bytes alone would miss it.
    pub(super) fn has_odd_case(&self) -> bool {
        self.has_odd_case
    }

    pub(super) fn has_non_ascii(&self) -> bool {
        self.has_non_ascii
    }

    pub(super) fn name(&self, row: usize) -> &str {
        &self.names[self.range(row)]
    }

    pub(super) fn name_bytes(&self, row: usize) -> &[u8] {
        &self.names.as_bytes()[self.range(row)]
    }

    fn range(&self, row: usize) -> std::ops::Range<usize> {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        start as usize..self.ends[row] as usize
    }

    pub(super) fn size(&self, row: usize) -> u64 {
        self.sizes[row]
    }

    pub(super) fn class(&self, row: usize) -> u8 {
        self.classes[row]
    }

    pub(super) fn is_folder(&self, row: usize) -> bool {
        self.classes[row] == FOLDER
    }

    pub(super) fn modified(&self, row: usize) -> Timestamp {
        match self.times[row] {
            ODD_TIME => Timestamp(odd(&self.odd_times, row).copied().unwrap_or_default()),
            secs => Timestamp(i64::from(secs)),
        }
    }

    pub(super) fn etag(&self, row: usize) -> Option<Etag<'_>> {
        match *self.parts.get(row)? {
            NO_ETAG => None,
            ODD_ETAG => odd(&self.odd_etags, row).map(|text| Etag::Text(text)),
            parts => Some(Etag::Hex {
                digest: self.digests[row],
                parts,
            }),
        }
    }

    /// Adds an object.
    pub(super) fn push_object(&mut self, name: &str, facts: Facts<'_>) {
        let row = self.len() as u32;
        let time = u32::try_from(facts.modified.0).unwrap_or(ODD_TIME);
        if time == ODD_TIME {
            self.odd_times.push((row, facts.modified.0));
        }
        self.push_etag(row, facts.etag);
        self.push_fixed(name, facts.size, time, facts.class);
    }

    /// Adds a folder; its name keeps the delimiter at the end.
    pub(super) fn push_folder(&mut self, name: &str) {
        self.push_etag(self.len() as u32, None);
        self.push_fixed(name, 0, 0, FOLDER);
    }

    fn push_fixed(&mut self, name: &str, size: u64, time: u32, class: u8) {
        if !name.is_ascii() {
            self.has_non_ascii = true;
            self.has_odd_case |= name.contains(['\u{130}', '\u{212A}']);
        }
        self.names.push_str(name);
        self.ends.push(self.names.len() as u32);
        self.sizes.push(size);
        self.times.push(time);
        self.classes.push(class);
    }

    fn push_etag(&mut self, row: u32, etag: Option<Etag<'_>>) {
        if etag.is_none() && self.parts.is_empty() {
            return;
        }
        self.digests.resize(row as usize, [0; 16]);
        self.parts.resize(row as usize, NO_ETAG);
        let (digest, parts) = match etag {
            None => ([0; 16], NO_ETAG),
            Some(Etag::Hex { digest, parts }) => (digest, parts),
            Some(Etag::Text(text)) => {
                self.odd_etags.push((row, text.into()));
                ([0; 16], ODD_ETAG)
            }
        };
        self.digests.push(digest);
        self.parts.push(parts);
    }

    /// Gives back spare room; called once, when no more rows will come.
    pub(super) fn shrink(&mut self) {
        self.names.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.sizes.shrink_to_fit();
        self.times.shrink_to_fit();
        self.classes.shrink_to_fit();
        self.digests.shrink_to_fit();
        self.parts.shrink_to_fit();
        self.odd_times.shrink_to_fit();
        self.odd_etags.shrink_to_fit();
    }

    /// Reserved memory in bytes.
    pub(super) fn heap_bytes(&self) -> usize {
        self.names.capacity()
            + self.ends.capacity() * 4
            + self.sizes.capacity() * 8
            + self.times.capacity() * 4
            + self.classes.capacity()
            + self.digests.capacity() * 16
            + self.parts.capacity() * 2
            + self.odd_times.capacity() * size_of::<(u32, i64)>()
            + self.odd_etags.capacity() * size_of::<(u32, Box<str>)>()
            + self
                .odd_etags
                .iter()
                .map(|(_, text)| text.len())
                .sum::<usize>()
    }
}

fn odd<T>(table: &[(u32, T)], row: usize) -> Option<&T> {
    let at = table
        .binary_search_by_key(&(row as u32), |(row, _)| *row)
        .ok()?;
    table.get(at).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_values_survive() {
        let mut columns = Columns::default();
        columns.push_folder("a/");
        for (secs, tag) in [
            (0, None),
            (-5, Some("W/x")),
            (i64::from(u32::MAX), None),
            (7, Some("9b2c41f0a1b2c3d4e5f60718293a7ae3-2")),
        ] {
            columns.push_object(
                "o",
                Facts {
                    size: 1,
                    modified: Timestamp(secs),
                    etag: tag.and_then(Etag::read),
                    class: 0,
                },
            );
        }
        let times: Vec<i64> = (1..5).map(|row| columns.modified(row).0).collect();
        assert_eq!(times, [0, -5, i64::from(u32::MAX), 7]);
        let tags: Vec<String> = (0..5)
            .map(|row| {
                columns
                    .etag(row)
                    .map_or_else(String::new, |tag| tag.to_string())
            })
            .collect();
        assert_eq!(
            tags,
            ["", "", "W/x", "", "9b2c41f0a1b2c3d4e5f60718293a7ae3-2"]
        );
        assert!(columns.is_folder(0) && !columns.is_folder(1));
    }
}
