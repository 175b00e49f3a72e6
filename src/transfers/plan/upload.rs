//! What goes up: files found by walking what was dropped, picked or pasted.

use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tokio_util::sync::CancellationToken;

use super::Counts;
use crate::domain::{Key, Prefix, StorageError, Timestamp};

/// One file that goes up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadItem {
    /// The file; for the marker of an empty folder that folder.
    pub source: PathBuf,
    /// Where it goes. The marker's key ends with a slash.
    pub key: Key,
    /// Its size now.
    pub bytes: u64,
    /// Its time now.
    pub modified: Option<Timestamp>,
    /// An empty folder, shown by an empty object.
    pub is_marker: bool,
    /// Only if the key is free at the moment of writing.
    pub if_absent: bool,
}

/// Something that does not go along.
#[derive(Debug)]
pub struct PlanProblem {
    /// The file or folder.
    pub path: PathBuf,
    /// Why.
    pub error: StorageError,
}

/// What goes up.
#[derive(Debug, Default)]
pub struct UploadPlan {
    /// The folder into which it goes.
    pub into: Prefix,
    /// Files in a fixed order.
    pub items: Vec<UploadItem>,
    /// What does not go along, and why.
    pub problems: Vec<PlanProblem>,
}

impl UploadPlan {
    /// Files and bytes of the plan.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            files: self.items.len() as u64,
            bytes: self.items.iter().map(|item| item.bytes).sum(),
        }
    }
}

/// Walks files and folders. This waits for the disk: call it where waiting is allowed. `counted` is told how far it
/// is, now and then; a cancelled walk returns what it has.
///
/// What was given is followed if it is a link. Inside a folder, a link to a file counts when the file lies inside that
/// folder too; links to folders and links that lead out are problems, so that a walk neither leaves nor loops.
pub fn plan_upload(
    paths: &[PathBuf],
    into: &Prefix,
    counted: &mut dyn FnMut(Counts),
    cancel: &CancellationToken,
) -> UploadPlan {
    let mut walk = Walk {
        plan: UploadPlan {
            into: into.clone(),
            ..UploadPlan::default()
        },
        counts: Counts::default(),
        counted,
    };
    for path in paths {
        if cancel.is_cancelled() {
            break;
        }
        walk.start(path, cancel);
    }
    (walk.counted)(walk.counts);
    walk.plan
}

struct Walk<'a> {
    plan: UploadPlan,
    counts: Counts,
    counted: &'a mut dyn FnMut(Counts),
}

impl Walk<'_> {
    fn start(&mut self, path: &Path, cancel: &CancellationToken) {
        let found = fs::metadata(path).and_then(|found| Ok((found, fs::canonicalize(path)?)));
        let (found, real) = match found {
            Ok(found) => found,
            Err(error) => return self.problem(path, error),
        };
        // `.` and `/` have no name of their own, what they stand for has.
        let name = path.file_name().or_else(|| real.file_name());
        let Some(name) = name.and_then(|name| name.to_str()) else {
            return self.problem(path, no_name());
        };
        if found.is_dir() {
            let prefix = self.plan.into.child(name);
            self.folder(path, &real, prefix, cancel);
        } else {
            let key = self.plan.into.key(name);
            self.file(path, key, &found);
        }
    }

    fn folder(&mut self, top: &Path, real_top: &Path, prefix: Prefix, cancel: &CancellationToken) {
        let mut waiting = VecDeque::from([(top.to_owned(), prefix)]);
        while let Some((folder, prefix)) = waiting.pop_front() {
            if cancel.is_cancelled() {
                return;
            }
            let mut entries = match entries_of(&folder) {
                Ok(entries) => entries,
                Err(error) => {
                    self.problem(&folder, error);
                    continue;
                }
            };
            if entries.is_empty() {
                self.push(UploadItem {
                    source: folder,
                    key: Key::new(prefix.as_str()),
                    bytes: 0,
                    modified: None,
                    is_marker: true,
                    if_absent: true,
                });
                continue;
            }
            entries.sort();
            for path in entries {
                let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                    self.problem(&path, no_name());
                    continue;
                };
                match inside(&path, real_top) {
                    Ok(found) if found.is_dir() => {
                        waiting.push_back((path.clone(), prefix.child(name)));
                    }
                    Ok(found) => self.file(&path, prefix.key(name), &found),
                    Err(error) => self.problem(&path, error),
                }
            }
        }
    }

    fn file(&mut self, path: &Path, key: Key, found: &fs::Metadata) {
        if !found.is_file() {
            return self.problem(
                path,
                io::Error::new(io::ErrorKind::InvalidInput, "neither a file nor a folder"),
            );
        }
        self.push(UploadItem {
            source: path.to_owned(),
            key,
            bytes: found.len(),
            modified: found.modified().ok().map(timestamp),
            is_marker: false,
            if_absent: true,
        });
    }

    fn push(&mut self, item: UploadItem) {
        self.counts.files += 1;
        self.counts.bytes += item.bytes;
        self.plan.items.push(item);
        if self.counts.files.is_multiple_of(500) {
            (self.counted)(self.counts);
        }
    }

    fn problem(&mut self, path: &Path, error: io::Error) {
        self.plan.problems.push(PlanProblem {
            path: path.to_owned(),
            error: StorageError::local(path, error),
        });
    }
}

fn entries_of(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect()
}

/// What stands at a path inside a folder, if it may go along.
fn inside(path: &Path, real_top: &Path) -> io::Result<fs::Metadata> {
    let found = fs::symlink_metadata(path)?;
    if !found.is_symlink() {
        return Ok(found);
    }
    let real = fs::canonicalize(path)?;
    let found = fs::metadata(&real)?;
    let refused = if found.is_dir() {
        "a link to a folder"
    } else if !real.starts_with(real_top) {
        "a link that leads out of the folder"
    } else {
        return Ok(found);
    };
    Err(io::Error::new(io::ErrorKind::InvalidInput, refused))
}

fn no_name() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        "the name is not Unicode, which a key must be",
    )
}

fn timestamp(time: SystemTime) -> Timestamp {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    Timestamp(since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(plan: &UploadPlan) -> Vec<&str> {
        plan.items.iter().map(|item| item.key.as_str()).collect()
    }

    #[cfg(unix)]
    #[test]
    fn folders_keep_their_structure_and_links_do_not_lead_away() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "s").unwrap();
        let top = root.path().join("top");
        fs::create_dir_all(top.join("deep/empty")).unwrap();
        fs::write(top.join("deep/b.txt"), "bb").unwrap();
        fs::write(top.join("a.txt"), "a").unwrap();
        symlink(outside.path().join("secret"), top.join("out")).unwrap();
        symlink(&top, top.join("loop")).unwrap();
        symlink("a.txt", top.join("same")).unwrap();
        symlink("nowhere", top.join("broken")).unwrap();
        let mut told = Counts::default();
        let plan = plan_upload(
            &[top.clone(), top.join("a.txt"), root.path().join("missing")],
            &Prefix::new("in/"),
            &mut |counts| told = counts,
            &CancellationToken::new(),
        );
        assert_eq!(
            keys(&plan),
            [
                "in/top/a.txt",
                "in/top/same",
                "in/top/deep/b.txt",
                "in/top/deep/empty/",
                "in/a.txt",
            ]
        );
        assert_eq!(told, Counts { files: 5, bytes: 5 });
        assert_eq!(plan.counts(), told);
        let problems: Vec<_> = plan
            .problems
            .iter()
            .map(|problem| problem.path.file_name().unwrap().to_str().unwrap())
            .collect();
        assert_eq!(problems, ["broken", "loop", "out", "missing"]);
        assert!(plan.items[3].is_marker);
    }

    #[test]
    fn a_cancelled_walk_ends() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a"), "a").unwrap();
        let cancel = CancellationToken::new();
        cancel.cancel();
        let paths = [root.path().to_owned()];
        let plan = plan_upload(&paths, &Prefix::root(), &mut |_| {}, &cancel);
        assert!(plan.items.is_empty());
    }
}
