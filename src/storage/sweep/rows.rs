//! The rows of one page, packed: small enough to wait for their turn, cut where the neighbour begins.

use crate::domain::{ListSink, Timestamp};

/// A page's rows in the order they came.
#[derive(Debug, Default)]
pub(super) struct Rows {
    text: String,
    rows: Vec<Row>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    /// Where its key ends in `text`; it begins where the row before ended all its texts.
    key_end: u32,
    etag_end: u32,
    class_end: u32,
    is_folder: bool,
    size: u64,
    modified: Timestamp,
}

impl ListSink for Rows {
    fn object(&mut self, key: &str, size: u64, modified: Timestamp, etag: &str, class: &str) {
        self.push([key, etag, class], false, size, modified);
    }

    fn folder(&mut self, prefix: &str) {
        self.push([prefix, "", ""], true, 0, Timestamp::default());
    }
}

impl Rows {
    fn push(&mut self, texts: [&str; 3], is_folder: bool, size: u64, modified: Timestamp) {
        let mut end = |text: &str| {
            self.text.push_str(text);
            // A page has at most 1,000 rows of some kilobytes.
            u32::try_from(self.text.len()).unwrap_or(u32::MAX)
        };
        let [key_end, etag_end, class_end] = texts.map(&mut end);
        self.rows.push(Row {
            key_end,
            etag_end,
            class_end,
            is_folder,
            size,
            modified,
        });
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Keys and folders with whether they are folders, in the order they came.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, bool)> {
        self.each().map(|(row, [key, ..])| (key, row.is_folder))
    }

    fn each(&self) -> impl Iterator<Item = (&Row, [&str; 3])> {
        let mut from = 0;
        self.rows.iter().map(move |row| {
            let mut until = |end: u32| {
                let text = self.text.get(from..end as usize).unwrap_or_default();
                from = end as usize;
                text
            };
            let texts = [
                until(row.key_end),
                until(row.etag_end),
                until(row.class_end),
            ];
            (row, texts)
        })
    }

    /// The first and the last name. Servers give objects and folders apart, each in order.
    pub(super) fn ends(&self) -> Option<(&str, &str)> {
        let (mut ends, mut names) = (None::<(&str, &str)>, self.names());
        names.by_ref().for_each(|(name, _)| {
            ends = Some(match ends {
                None => (name, name),
                Some((first, last)) => (first.min(name), last.max(name)),
            });
        });
        ends
    }

    /// True when keys ascend, and folders too.
    pub(super) fn ascend(&self) -> bool {
        let (mut last_key, mut last_folder) = ("", "");
        self.names().all(|(name, is_folder)| {
            let last = if is_folder {
                &mut last_folder
            } else {
                &mut last_key
            };
            let ascends = *last < name || last.is_empty();
            *last = name;
            ascends
        })
    }

    /// Gives what lies behind `after` and not behind `until` to a sink; what was given is counted.
    pub(super) fn give(
        &self,
        after: Option<&str>,
        until: Option<&str>,
        sink: &mut dyn ListSink,
    ) -> Given {
        let mut given = Given::default();
        for (row, [key, etag, class]) in self.each() {
            let inside =
                after.is_none_or(|after| key > after) && until.is_none_or(|until| key <= until);
            if !inside {
                continue;
            }
            if row.is_folder {
                given.folders += 1;
                sink.folder(key);
            } else {
                given.objects += 1;
                given.bytes = given.bytes.saturating_add(row.size);
                sink.object(key, row.size, row.modified, etag, class);
            }
        }
        given
    }
}

/// How much was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) objects: usize,
    pub(super) folders: usize,
    pub(super) bytes: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Told(Vec<String>);

    impl ListSink for Told {
        fn object(&mut self, key: &str, size: u64, modified: Timestamp, etag: &str, class: &str) {
            self.0
                .push(format!("{key} {size} {} {etag} {class}", modified.0));
        }

        fn folder(&mut self, prefix: &str) {
            self.0.push(prefix.to_owned());
        }
    }

    #[test]
    fn rows_come_back_as_they_were_and_are_cut_at_both_ends() {
        let mut rows = Rows::default();
        for (number, key) in ["a", "c", "é", "ü"].into_iter().enumerate() {
            rows.object(key, number as u64, Timestamp(5), "e", "STANDARD");
        }
        rows.folder("b/");
        assert_eq!(rows.ends(), Some(("a", "ü")));
        assert!(rows.ascend());
        let mut told = Told::default();
        let given = rows.give(Some("a"), Some("é"), &mut told);
        assert_eq!(told.0, ["c 1 5 e STANDARD", "é 2 5 e STANDARD", "b/"]);
        assert_eq!((given.objects, given.folders, given.bytes), (2, 1, 3));
        rows.object("b", 1, Timestamp(5), "", "");
        assert!(!rows.ascend());
    }
}
