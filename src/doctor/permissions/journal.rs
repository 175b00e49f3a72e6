//! The record of a write test on disk, so that what it wrote is removed even when the program dies in between.
//!
//! A file a test, written before the first request and removed after the last. While the test runs it holds the file
//! locked; a file that nobody holds belongs to a test that died. Each line is one JSON object: first the place, then
//! what was made there. Nothing secret is in it.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::settings::folders::make_private_folder;

/// Where write tests leave their records.
#[derive(Clone, Debug)]
pub struct Journal {
    folder: PathBuf,
}

/// Where a test takes place. `owner` names the connection: a test that died is cleaned up by the same connection, or by
/// another one to the same endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestPlace {
    /// Which connection.
    pub owner: String,
    /// Its endpoint.
    pub endpoint: String,
    /// Its bucket.
    pub bucket: String,
}

impl TestPlace {
    fn is_reached_by(&self, other: &Self) -> bool {
        self.bucket == other.bucket
            && (self.owner == other.owner || self.endpoint == other.endpoint)
    }
}

/// The record of one test, held for as long as this lives.
#[derive(Debug)]
pub(super) struct Record {
    file: File,
    path: PathBuf,
    pub(super) key: String,
    /// Unfinished uploads that were begun, by their ids.
    pub(super) uploads: Vec<String>,
    /// Versions that were made, by their ids.
    pub(super) versions: Vec<String>,
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
            versions: Vec::new(),
        };
        record.write(&json!({
            "owner": place.owner,
            "endpoint": place.endpoint,
            "bucket": place.bucket,
            "key": key,
        }))?;
        Ok(record)
    }

    /// The records of tests at a place that died or could not clean up.
    pub(super) fn left_at(&self, place: &TestPlace) -> Vec<Record> {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        entries
            .flatten()
            .filter_map(|entry| left(&entry.path(), place))
            .collect()
    }

    /// True when a test at this place left a record that nobody holds.
    #[must_use]
    pub fn has_left_at(&self, place: &TestPlace) -> bool {
        !self.left_at(place).is_empty()
    }
}

/// Opens a record that nobody holds and that belongs to this place.
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
        owner: field("owner")?,
        endpoint: field("endpoint")?,
        bucket: field("bucket")?,
    };
    if !place.is_reached_by(wanted) {
        return None;
    }
    let mut record = Record {
        file,
        path: path.to_owned(),
        key: field("key")?,
        uploads: Vec::new(),
        versions: Vec::new(),
    };
    for line in lines {
        record
            .uploads
            .extend(line["upload"].as_str().map(str::to_owned));
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
    /// Adds an upload that was begun.
    pub(super) fn add_upload(&mut self, id: &str) -> io::Result<()> {
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

    fn place(owner: &str, endpoint: &str) -> TestPlace {
        TestPlace {
            owner: owner.to_owned(),
            endpoint: endpoint.to_owned(),
            bucket: "b".to_owned(),
        }
    }

    #[test]
    fn a_record_is_found_only_when_nobody_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::in_folder(folder.path().join("tests"));
        let here = place("one", "http://a");
        assert!(!journal.has_left_at(&here));
        let mut record = journal.begin(&here, "p/.test-1").unwrap();
        record.add_upload("u1").unwrap();
        record.add_version("v1").unwrap();
        record.add_version("v1").unwrap();
        assert!(!journal.has_left_at(&here), "the test is running");
        drop(record);
        for reached in [
            here.clone(),
            place("one", "http://b"),
            place("two", "http://a"),
        ] {
            let left = journal.left_at(&reached);
            assert_eq!(left.len(), 1, "{reached:?}");
            assert_eq!(left[0].key, "p/.test-1");
            assert_eq!((left[0].uploads.len(), left[0].versions.len()), (1, 1));
        }
        assert!(!journal.has_left_at(&place("two", "http://b")));
        for record in journal.left_at(&here) {
            record.end();
        }
        assert!(!journal.has_left_at(&here));
    }

    #[test]
    fn a_line_that_was_cut_takes_nothing_else_away() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::in_folder(folder.path());
        let here = place("one", "http://a");
        let mut record = journal.begin(&here, ".test-2").unwrap();
        record.file.write_all(b"{\"uplo").unwrap();
        drop(record);
        let left = journal.left_at(&here);
        assert_eq!(left.len(), 1);
        assert!(left[0].uploads.is_empty());
    }
}
