//! The objects of the folder in the order of their keys, from any point on, reading no more folders than needed.

use std::fs::{self, Metadata};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::folder::is_absent;
use super::names::{ASIDE, Fragment, fragment_of};

/// One object met on the way.
pub(super) struct Met {
    /// Its key.
    pub(super) key: String,
    /// Properties of its file.
    pub(super) file: Metadata,
}

/// A walk through the bucket's files.
pub(super) struct Walk<'a> {
    /// Where large folders may be remembered from page to page.
    pub(super) levels: &'a Levels,
    /// Only keys that begin so.
    pub(super) prefix: &'a str,
    /// Only keys at or behind this text; the visitor may move it on.
    pub(super) from: String,
}

/// What a folder holds, one level: the rest of the key, and the path of a folder to go into.
#[derive(Debug)]
struct Entry {
    fragment: String,
    path: PathBuf,
    is_folder: bool,
}

/// Large folders as they were read last, so that the pages of one listing do not read them again and again.
///
/// A folder's time of change moves when a name comes or goes. It is coarse, so a folder that changed within the last
/// moments is not remembered.
#[derive(Debug, Default)]
pub(super) struct Levels(Mutex<Vec<Level>>);

#[derive(Debug)]
struct Level {
    folder: PathBuf,
    modified: SystemTime,
    entries: Arc<Vec<Entry>>,
}

/// How many folders are remembered.
const LEVELS: usize = 4;
/// Smaller folders are read as quickly as found; larger ones would take too much memory.
const REMEMBERED: std::ops::RangeInclusive<usize> = 1000..=200_000;
/// A folder that changed more recently may change again without a new time.
const SETTLED: Duration = Duration::from_secs(2);

impl Levels {
    /// The entries of a folder in key order.
    fn read(&self, folder: &Path) -> io::Result<Arc<Vec<Entry>>> {
        let modified = match fs::metadata(folder).and_then(|folder| folder.modified()) {
            Ok(modified) => modified,
            Err(error) if is_absent(&error) => return Ok(Arc::default()),
            Err(error) => return Err(error),
        };
        let settled = modified.elapsed().is_ok_and(|age| age > SETTLED);
        let known = self.with(|levels| {
            levels.retain(|level| level.folder != folder || level.modified == modified);
            let level = levels.iter().find(|level| level.folder == folder);
            level.map(|level| level.entries.clone())
        });
        if let Some(entries) = known {
            return Ok(entries);
        }
        let mut entries = Vec::new();
        let nested = collect(folder, &mut Vec::new(), &mut entries)?;
        entries.sort_by(|a, b| a.fragment.cmp(&b.fragment));
        // An object beside the folder of its name may have left a second file; the plain one comes first and counts.
        entries.dedup_by(|later, earlier| later.fragment == earlier.fragment);
        let entries = Arc::new(entries);
        if settled && !nested && REMEMBERED.contains(&entries.len()) {
            let level = Level {
                folder: folder.to_owned(),
                modified,
                entries: entries.clone(),
            };
            self.with(|levels| {
                levels.insert(0, level);
                levels.truncate(LEVELS);
            });
        }
        Ok(entries)
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut Vec<Level>) -> T) -> T {
        // What is remembered is whole at any time, even after a panic elsewhere.
        use_it(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Walk<'_> {
    /// Visits each object in key order until the visitor breaks. It gets the walk, to skip ahead with `from`.
    pub(super) fn run(
        &mut self,
        files: &Path,
        visit: &mut dyn FnMut(&mut Self, Met) -> ControlFlow<()>,
    ) -> io::Result<()> {
        self.folder(files, "", visit).map(drop)
    }

    fn folder(
        &mut self,
        folder: &Path,
        key: &str,
        visit: &mut dyn FnMut(&mut Self, Met) -> ControlFlow<()>,
    ) -> io::Result<ControlFlow<()>> {
        for entry in self.levels.read(folder)?.iter() {
            let key = format!("{key}{}", entry.fragment);
            if !self.may_hold(&key, entry.is_folder) {
                continue;
            }
            let flow = if entry.is_folder {
                self.folder(&entry.path, &key, visit)?
            } else {
                match fs::symlink_metadata(&entry.path) {
                    Ok(file) => visit(self, Met { key, file }),
                    Err(error) if is_absent(&error) => ControlFlow::Continue(()),
                    Err(error) => return Err(error),
                }
            };
            if flow.is_break() {
                return Ok(flow);
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Whether the key, or any key below this folder, is asked for.
    fn may_hold(&self, key: &str, is_folder: bool) -> bool {
        if is_folder {
            let fits = key.starts_with(self.prefix) || self.prefix.starts_with(key);
            let ahead = key >= self.from.as_str() || self.from.starts_with(key);
            return fits && ahead;
        }
        key.starts_with(self.prefix) && key >= self.from.as_str()
    }
}

/// Reads one level; a folder that only carries on a long name counts as the same level. True when there is such a one.
fn collect(folder: &Path, begun: &mut Vec<String>, entries: &mut Vec<Entry>) -> io::Result<bool> {
    let names = match fs::read_dir(folder) {
        Ok(names) => names,
        Err(error) if is_absent(&error) => return Ok(false),
        Err(error) => return Err(error),
    };
    let mut nested = false;
    let mut aside = Vec::new();
    for name in names {
        let name = name?;
        let kind = name.file_type()?;
        if !kind.is_file() && !kind.is_dir() {
            continue;
        }
        let (path, text) = (name.path(), name.file_name());
        let Some(text) = text.to_str() else {
            continue;
        };
        let entry = |fragment, path, is_folder| Entry {
            fragment,
            path,
            is_folder,
        };
        match fragment_of(text, kind.is_dir(), begun) {
            None => {}
            Some(Fragment::Beginning) => {
                nested = true;
                begun.push(text.to_owned());
                collect(&path, begun, entries)?;
                begun.pop();
            }
            Some(Fragment::Folder(fragment)) => entries.push(entry(fragment, path, true)),
            Some(Fragment::File(fragment)) if text.ends_with(ASIDE) => {
                aside.push(entry(fragment, path, false));
            }
            Some(Fragment::File(fragment)) => entries.push(entry(fragment, path, false)),
        }
    }
    // Behind the plain files of the same level, so that a stable sort puts those first.
    entries.append(&mut aside);
    Ok(nested)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remembered_folder_is_read_again_when_it_changed() {
        let data = tempfile::tempdir().unwrap();
        for number in 0..1000 {
            fs::write(data.path().join(format!("{number:04}")), "").unwrap();
        }
        let past = SystemTime::now() - Duration::from_secs(60);
        let folder = fs::File::open(data.path()).unwrap();
        folder.set_modified(past).unwrap();
        let levels = Levels::default();
        let first = levels.read(data.path()).unwrap();
        let again = levels.read(data.path()).unwrap();
        assert!(Arc::ptr_eq(&first, &again) && first.len() == 1000);

        fs::write(data.path().join("0500-new"), "").unwrap();
        let changed = levels.read(data.path()).unwrap();
        assert_eq!(changed[501].fragment, "0500-new");
        fs::remove_file(data.path().join("0000")).unwrap();
        assert_eq!(levels.read(data.path()).unwrap().len(), 1000);
    }
}
