//! The bucket on disk: where an object lies, and how one comes, changes and goes without being seen half.
//!
//! `files/` holds the objects as plain files; `internal/` holds records, parts of unfinished uploads, files that are being
//! written, and a lock. Reading takes no lock. Every change is prepared beside and then moved in under the lock, which
//! also keeps two instances of the program on the same folder from crossing each other.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use s3s::crypto::{Checksum as _, Md5};

use super::digest::hex;
use super::names;
use super::record::{Record, Sheet, ns_since_1970};
use super::walk::Levels;

/// Files that were being written when the program was killed go after this time.
const LEFTOVER_AFTER: Duration = Duration::from_secs(24 * 3600);

/// The folder of the bucket.
#[derive(Debug)]
pub(super) struct Folder {
    files: PathBuf,
    internal: PathBuf,
    /// `A` and `a` are the same file here.
    folds_case: bool,
    levels: Levels,
}

/// The right to change the folder; ends when dropped.
pub(super) struct Lock {
    _held: File,
}

/// A file that is being written; removed unless it was moved to its place.
pub(super) struct Draft {
    path: PathBuf,
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Gone already when it was moved to its place.
        fs::remove_file(&self.path).ok();
    }
}

impl Draft {
    /// Where it lies.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Folder {
    /// Opens the folder, making what is missing.
    pub(super) fn open(data_dir: &Path) -> io::Result<Self> {
        let mut folder = Self {
            files: data_dir.join("files"),
            internal: data_dir.join("internal"),
            folds_case: false,
            levels: Levels::default(),
        };
        fs::create_dir_all(&folder.files)?;
        for name in ["records", "uploads", "drafts"] {
            fs::create_dir_all(folder.internal.join(name))?;
        }
        let (draft, file) = folder.draft()?;
        drop(file);
        let name = draft.path().file_name().unwrap_or_default();
        let shouted = name.to_ascii_uppercase();
        folder.folds_case = shouted != name && draft.path().with_file_name(shouted).exists();
        folder.sweep()?;
        Ok(folder)
    }

    /// Where the plain files are.
    pub(super) fn files(&self) -> &Path {
        &self.files
    }

    /// Large folders as they were read last.
    pub(super) const fn levels(&self) -> &Levels {
        &self.levels
    }

    /// Where unfinished uploads are.
    pub(super) fn uploads(&self) -> PathBuf {
        self.internal.join("uploads")
    }

    /// True when the samples were put here before.
    pub(super) fn is_seeded(&self) -> bool {
        self.internal.join("seeded").exists()
    }

    /// Remembers that the samples were put here.
    pub(super) fn mark_seeded(&self, _lock: &Lock) -> io::Result<()> {
        File::create(self.internal.join("seeded")).map(drop)
    }

    /// Waits for the right to change the folder. Blocks; held only for moves of files.
    pub(super) fn lock(&self) -> io::Result<Lock> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        let file = options.open(self.internal.join("lock"))?;
        file.lock()?;
        Ok(Lock { _held: file })
    }

    /// Begins a file that nobody sees yet.
    pub(super) fn draft(&self) -> io::Result<(Draft, File)> {
        let path = self.internal.join("drafts").join(unique_name()?);
        let mut options = OpenOptions::new();
        let file = options
            .create_new(true)
            .read(true)
            .write(true)
            .open(&path)?;
        Ok((Draft { path }, file))
    }

    /// Opens an object; `None` when there is none of this key.
    pub(super) fn read(&self, key: &str) -> io::Result<Option<(File, Record)>> {
        let Some(path) = self.find(key)? else {
            return Ok(None);
        };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let record = self.record(key, &file.metadata()?);
        Ok(Some((file, record)))
    }

    /// What is known of an object; `None` when there is none of this key.
    pub(super) fn describe(&self, key: &str) -> io::Result<Option<Record>> {
        let Some(path) = self.find(key)? else {
            return Ok(None);
        };
        match fs::metadata(path) {
            Ok(file) => Ok(Some(self.record(key, &file))),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The record of a file with these properties.
    pub(super) fn record(&self, key: &str, file: &Metadata) -> Record {
        Sheet::fitting(self.sheet(key), file)
    }

    /// Puts a finished draft in place of whatever is there, together with its record.
    pub(super) fn place(
        &self,
        lock: &Lock,
        draft: &Draft,
        key: &str,
        record: Record,
    ) -> io::Result<Record> {
        let path = self.files.join(names::path_of(key));
        self.make_folders(path.parent().unwrap_or(&self.files))?;
        if self.is_other_case(&path)? {
            let told = "a file whose name differs only in upper and lower case is there already";
            return Err(io::Error::new(ErrorKind::AlreadyExists, told));
        }
        let record = stamp(draft, record)?;
        let previous = self.describe(key)?;
        self.write_sheet(lock, key, record.clone(), previous)?;
        let aside = names::aside(path.clone());
        if path.is_dir() {
            fs::rename(draft.path(), &aside)?;
        } else {
            fs::rename(draft.path(), &path)?;
            forgive_absence(fs::remove_file(&aside))?;
        }
        Ok(record)
    }

    /// Removes an object and the folders that are empty without it; nothing happens when there is none.
    pub(super) fn remove(&self, _lock: &Lock, key: &str) -> io::Result<()> {
        if let Some(path) = self.find(key)? {
            forgive_absence(fs::remove_file(&path))?;
            let mut above = path.parent();
            while let Some(folder) = above.filter(|folder| *folder != self.files) {
                if fs::remove_dir(folder).is_err() {
                    break;
                }
                above = folder.parent();
            }
        }
        forgive_absence(fs::remove_file(self.sheet_path(key)))
    }

    /// Writes another record for the bytes that are there.
    pub(super) fn write_sheet(
        &self,
        _lock: &Lock,
        key: &str,
        current: Record,
        previous: Option<Record>,
    ) -> io::Result<()> {
        let sheet = Sheet {
            key: key.to_owned(),
            current,
            previous,
        };
        self.write_json(&self.sheet_path(key), &sheet)
    }

    /// Writes a small JSON file as one step.
    pub(super) fn write_json(&self, path: &Path, value: &impl serde::Serialize) -> io::Result<()> {
        let (draft, file) = self.draft()?;
        serde_json::to_writer(&file, value)?;
        drop(file);
        fs::create_dir_all(path.parent().unwrap_or(&self.internal))?;
        fs::rename(draft.path(), path)
    }

    fn sheet(&self, key: &str) -> Option<Sheet> {
        let json = fs::read(self.sheet_path(key)).ok()?;
        serde_json::from_slice(&json)
            .ok()
            .filter(|sheet: &Sheet| sheet.key == key)
    }

    fn sheet_path(&self, key: &str) -> PathBuf {
        let name = hex(&Md5::checksum(key.as_bytes()));
        let records = self.internal.join("records");
        records.join(&name[..2]).join(format!("{name}.json"))
    }

    /// The path of the plain file of a key, if there is one.
    fn find(&self, key: &str) -> io::Result<Option<PathBuf>> {
        let path = self.files.join(names::path_of(key));
        for path in [path.clone(), names::aside(path)] {
            match fs::symlink_metadata(&path) {
                Ok(file) if file.is_file() && !self.is_other_case(&path)? => return Ok(Some(path)),
                Ok(_) => {}
                Err(error) if is_absent(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// True when a file is there only under a name in other letters, which is another key.
    fn is_other_case(&self, path: &Path) -> io::Result<bool> {
        if !self.folds_case || !path.exists() {
            return Ok(false);
        }
        let mut at = path;
        while let (Some(folder), Some(name)) = (at.parent(), at.file_name()) {
            if at == self.files {
                break;
            }
            let mut names = fs::read_dir(folder)?.filter_map(Result::ok);
            if !names.any(|entry| entry.file_name() == name) {
                return Ok(true);
            }
            at = folder;
        }
        Ok(false)
    }

    /// Makes the folders down to this one; a file in the way steps aside.
    fn make_folders(&self, folder: &Path) -> io::Result<()> {
        if folder == self.files || folder.is_dir() {
            return Ok(());
        }
        self.make_folders(folder.parent().unwrap_or(&self.files))?;
        if folder.is_file() {
            fs::rename(folder, names::aside(folder.to_owned()))?;
        }
        match fs::create_dir(folder) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes what a killed program left behind. Younger files may belong to another instance at work.
    fn sweep(&self) -> io::Result<()> {
        for entry in fs::read_dir(self.internal.join("drafts"))? {
            let entry = entry?;
            let age = entry.metadata().and_then(|file| file.modified());
            let age = age.map(|time| time.elapsed().unwrap_or_default());
            if age.is_ok_and(|age| age > LEFTOVER_AFTER) {
                forgive_absence(fs::remove_file(entry.path()))?;
            }
        }
        Ok(())
    }
}

/// Gives the draft a time of its own and the record what it needs to be told from others.
fn stamp(draft: &Draft, mut record: Record) -> io::Result<Record> {
    static LAST_NS: AtomicU64 = AtomicU64::new(0);
    let file = OpenOptions::new().write(true).open(draft.path())?;
    // Windows counts in steps of 100 ns.
    let now = ns_since_1970(SystemTime::now()) / 1000 * 1000;
    let before = LAST_NS
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| {
            Some(now.max(last.saturating_add(1000)))
        })
        .unwrap_or(now);
    let time = now.max(before.saturating_add(1000));
    file.set_modified(UNIX_EPOCH + Duration::from_nanos(time))?;
    let written = file.metadata()?;
    record.bytes = written.len();
    record.modified_ns = super::record::modified_ns(&written);
    Ok(record)
}

/// A name that no other instance makes, in lower-case hex.
pub(super) fn unique_name() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(format!("d{}", hex(&bytes)))
}

/// True when an error says that there is no such file, whichever way.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename
    )
}

/// A removal of what is not there has succeeded.
pub(super) fn forgive_absence(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if is_absent(&error) => Ok(()),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn put(folder: &Folder, key: &str, bytes: &str) -> Record {
        let (draft, mut file) = folder.draft().unwrap();
        file.write_all(bytes.as_bytes()).unwrap();
        let record = Record {
            etag: bytes.to_owned(),
            ..Record::default()
        };
        let lock = folder.lock().unwrap();
        folder.place(&lock, &draft, key, record).unwrap()
    }

    #[test]
    fn a_record_whose_bytes_never_came_describes_nothing() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::open(data.path()).unwrap();
        let old = put(&folder, "k", "old");
        // Killed between the record and the bytes: the record is there, the bytes are still the old ones.
        let lock = folder.lock().unwrap();
        let new = Record {
            etag: "new".to_owned(),
            bytes: 3,
            modified_ns: old.modified_ns + 1000,
            ..Record::default()
        };
        folder
            .write_sheet(&lock, "k", new, Some(old.clone()))
            .unwrap();
        drop(lock);
        assert_eq!(folder.describe("k").unwrap(), Some(old));
        let newer = put(&folder, "k", "newer");
        assert_eq!(folder.describe("k").unwrap(), Some(newer));
    }

    #[test]
    fn only_old_drafts_are_swept() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::open(data.path()).unwrap();
        let (at_work, _file) = folder.draft().unwrap();
        let (left, file) = folder.draft().unwrap();
        let past = SystemTime::now() - LEFTOVER_AFTER - Duration::from_secs(60);
        file.set_modified(past).unwrap();
        Folder::open(data.path()).unwrap();
        assert!(at_work.path().exists() && !left.path().exists());
    }
}
