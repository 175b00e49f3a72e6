//! The objects of the folder in the order of their keys, from any point on, reading no more folders than needed.

use std::fs::{self, Metadata};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

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
    /// Only keys that begin so.
    pub(super) prefix: &'a str,
    /// Only keys at or behind this text; the visitor may move it on.
    pub(super) from: String,
}

/// What a folder holds, one level: the rest of the key, and the path of a folder to go into.
struct Entry {
    fragment: String,
    path: PathBuf,
    is_folder: bool,
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
        let mut entries = Vec::new();
        collect(folder, &mut Vec::new(), &mut entries)?;
        entries.sort_by(|a, b| a.fragment.cmp(&b.fragment));
        // An object beside the folder of its name may have left a second file; the plain one comes first and counts.
        entries.dedup_by(|later, earlier| later.fragment == earlier.fragment);
        for entry in entries {
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

/// Reads one level; a folder that only carries on a long name counts as the same level.
fn collect(folder: &Path, begun: &mut Vec<String>, entries: &mut Vec<Entry>) -> io::Result<()> {
    let names = match fs::read_dir(folder) {
        Ok(names) => names,
        Err(error) if is_absent(&error) => return Ok(()),
        Err(error) => return Err(error),
    };
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
    Ok(())
}
