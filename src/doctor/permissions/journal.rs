//! The record of a write test on disk, so that what it wrote is removed even when the program dies in between.
//!
//! A file a test, written before the first request and removed after the last. While the test runs it holds the file
//! locked; a file that nobody holds belongs to a test that died. Each line is one JSON object: first the place, then
//! what was made there. Nothing secret is in it.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::settings::folders::make_private_folder;

/// For so long after it was sent, an upload without an answer may still arrive: proxies keep bodies and send them on
/// when they can.
const MAY_ARRIVE_SECS: i64 = 60 * 60;

/// Where write tests leave their records.
#[derive(Clone, Debug)]
pub struct Journal {
    folder: PathBuf,
}

/// Where a test takes place. A bucket of the same name at another address may be the same one, whichever connection leads
/// there, so it is looked into: what is found there under the random name of a test is that test's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestPlace {
    /// The address, or a name that stays where that changes.
    pub endpoint: String,
    /// The bucket there.
    pub bucket: String,
}

/// The record of one test, held for as long as this lives.
#[derive(Debug)]
pub(super) struct Record {
    file: File,
    path: PathBuf,
    pub(super) key: String,
    /// Unfinished uploads that were begun, by their ids.
    pub(super) uploads: Vec<String>,
    /// Uploads that were asked for without an answer that names them.
    pub(super) nameless_uploads: usize,
    /// Versions that were made, by their ids.
    pub(super) versions: Vec<String>,
    /// The object may be there: its test died, or a write was not plainly refused.
    pub(super) may_be_written: bool,
    /// When each upload was sent whose outcome nobody told, in seconds since 1970: the object may arrive later.
    pub(super) unanswered: Vec<i64>,
    /// An upload of the object succeeded, so that finding it says nothing of those without an answer.
    pub(super) was_written: bool,
    /// True when its test took place here; false when only the bucket has the same name.
    pub(super) is_from_here: bool,
    /// True when its test did not come to its end.
    pub(super) is_of_the_dead: bool,
}

impl Journal {
    /// Records in this folder, which is made with the first one.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Begins the record of a test on a key.
    pub(super) fn begin(&self, place: &TestPlace, key: &str) -> io::Result<Record> {
        make_private_folder(&self.folder)?;
        let name = key.rsplit('/').next().unwrap_or(key);
        let path = self
            .folder
            .join(format!("{}.jsonl", name.trim_start_matches('.')));
        let mut options = fs::OpenOptions::new();
        options.create_new(true).append(true).read(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        hold(&file)?;
        let mut record = Record {
            file,
            path,
            key: key.to_owned(),
            uploads: Vec::new(),
            nameless_uploads: 0,
            versions: Vec::new(),
            may_be_written: false,
            unanswered: Vec::new(),
            was_written: false,
            is_from_here: true,
            is_of_the_dead: false,
        };
        record.write(&json!({
            "endpoint": place.endpoint,
            "bucket": place.bucket,
            "key": key,
        }))?;
        Ok(record)
    }

    /// The records of tests that died or could not clean up, at a place or where it may be.
    pub(super) fn left_at(&self, place: &TestPlace) -> Vec<Record> {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        entries
            .flatten()
            .filter_map(|entry| left(&entry.path(), place))
            .collect()
    }

    /// True when a test at this place, or where it may be, left a record that nobody holds.
    #[must_use]
    pub fn has_left_at(&self, place: &TestPlace) -> bool {
        !self.left_at(place).is_empty()
    }
}

/// Opens a record that nobody holds and that belongs to this place, or may.
fn left(path: &Path, wanted: &TestPlace) -> Option<Record> {
    if path.extension()? != "jsonl" {
        return None;
    }
    let file = fs::OpenOptions::new()
        .append(true)
        .read(true)
        .open(path)
        .ok()?;
    hold(&file).ok()?;
    let text = fs::read_to_string(path).ok()?;
    // A line that was cut by a crash is no JSON and is passed over.
    let mut lines = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let head = lines.next()?;
    let field = |name: &str| head[name].as_str().map(str::to_owned);
    let place = TestPlace {
        endpoint: field("endpoint")?,
        bucket: field("bucket")?,
    };
    if place.bucket != wanted.bucket {
        return None;
    }
    let mut record = Record {
        file,
        path: path.to_owned(),
        key: field("key")?,
        uploads: Vec::new(),
        nameless_uploads: 0,
        versions: Vec::new(),
        may_be_written: true,
        unanswered: Vec::new(),
        was_written: false,
        is_from_here: place == *wanted,
        is_of_the_dead: true,
    };
    for line in lines {
        let named = line["upload"].as_str().map(str::to_owned);
        match line["upload"].as_bool() {
            Some(true) => record.nameless_uploads += 1,
            Some(false) => record.nameless_uploads = record.nameless_uploads.saturating_sub(1),
            None if named.is_some() => {
                record.nameless_uploads = record.nameless_uploads.saturating_sub(1);
            }
            None => {}
        }
        record.unanswered.extend(line["sent"].as_i64());
        if let Some(was_written) = line["answered"].as_bool() {
            record.unanswered.pop();
            record.was_written |= was_written;
        }
        record.uploads.extend(named);
        record
            .versions
            .extend(line["version"].as_str().map(str::to_owned));
    }
    Some(record)
}

/// Takes the lock of a file, or fails when another one has it.
fn hold(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        // Some network file systems know no locks.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
    }
}

impl Record {
    /// Notes that the object is about to be sent: its answer may get lost.
    pub(super) fn send(&mut self) -> io::Result<()> {
        let now = Timestamp::now().0;
        self.unanswered.push(now);
        self.write(&json!({ "sent": now }))
    }

    /// Notes that the server itself said what became of what was sent last.
    pub(super) fn answered(&mut self, was_written: bool) -> io::Result<()> {
        self.unanswered.pop();
        self.was_written |= was_written;
        self.write(&json!({ "answered": was_written }))
    }

    /// True when an upload without an answer may still arrive, although nothing is there now.
    pub(super) fn awaits_arrival(&self) -> bool {
        let now = Timestamp::now().0;
        // A time to come is that of a clock that was wrong.
        let is_young = |sent: &i64| (0..MAY_ARRIVE_SECS).contains(&(now - sent));
        self.unanswered.iter().any(is_young)
    }

    /// Notes that an upload is about to be asked for: its answer may get lost.
    pub(super) fn expect_upload(&mut self) -> io::Result<()> {
        self.nameless_uploads += 1;
        self.write(&json!({ "upload": true }))
    }

    /// Notes that the upload asked for last was refused.
    pub(super) fn no_upload(&mut self) -> io::Result<()> {
        self.nameless_uploads = self.nameless_uploads.saturating_sub(1);
        self.write(&json!({ "upload": false }))
    }

    /// Names the upload that was begun.
    pub(super) fn add_upload(&mut self, id: &str) -> io::Result<()> {
        self.nameless_uploads = self.nameless_uploads.saturating_sub(1);
        self.uploads.push(id.to_owned());
        self.write(&json!({ "upload": id }))
    }

    /// Adds a version that was made.
    pub(super) fn add_version(&mut self, id: &str) -> io::Result<()> {
        if self.versions.iter().any(|known| known == id) {
            return Ok(());
        }
        self.versions.push(id.to_owned());
        self.write(&json!({ "version": id }))
    }

    /// Ends the record: nothing is left.
    pub(super) fn end(self) {
        // A record that stays is looked at again; what it names is gone then, which is no failure.
        drop(fs::remove_file(&self.path));
        drop(self.file);
    }

    fn write(&mut self, line: &Value) -> io::Result<()> {
        self.file.write_all(format!("{line}\n").as_bytes())?;
        self.file.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(endpoint: &str) -> TestPlace {
        TestPlace {
            endpoint: endpoint.to_owned(),
            bucket: "b".to_owned(),
        }
    }

    #[test]
    fn a_record_is_found_only_when_nobody_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::in_folder(folder.path().join("tests"));
        let here = place("http://a");
        assert!(!journal.has_left_at(&here));
        let mut record = journal.begin(&here, "p/.test-1").unwrap();
        record.expect_upload().unwrap();
        record.add_upload("u1").unwrap();
        record.expect_upload().unwrap();
        record.no_upload().unwrap();
        record.expect_upload().unwrap();
        record.add_version("v1").unwrap();
        record.add_version("v1").unwrap();
        assert!(!journal.has_left_at(&here), "the test is running");
        drop(record);
        for (reached, is_from_here) in [(here.clone(), true), (place("http://b"), false)] {
            assert!(journal.has_left_at(&reached));
            let left = journal.left_at(&reached);
            assert_eq!(left.len(), 1, "{reached:?}");
            assert_eq!(left[0].key, "p/.test-1");
            assert_eq!((left[0].uploads.len(), left[0].versions.len()), (1, 1));
            assert_eq!(left[0].nameless_uploads, 1);
            assert_eq!(left[0].is_from_here, is_from_here);
        }
        let other_bucket = TestPlace {
            bucket: "c".to_owned(),
            ..here.clone()
        };
        assert!(journal.left_at(&other_bucket).is_empty());
        for record in journal.left_at(&here) {
            record.end();
        }
        assert!(!journal.has_left_at(&here));
    }

    #[test]
    fn a_line_that_was_cut_takes_nothing_else_away() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::in_folder(folder.path());
        let here = place("http://a");
        let mut record = journal.begin(&here, ".test-2").unwrap();
        record.file.write_all(b"{\"uplo").unwrap();
        drop(record);
        let left = journal.left_at(&here);
        assert_eq!(left.len(), 1);
        assert!(left[0].uploads.is_empty());
    }
}
