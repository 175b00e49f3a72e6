//! What is there already, found before anything is written, and what becomes of it.
//!
//! Uploads are compared with listings of the folders they go into; single files with a look at each key. What appears
//! after that is still safe: an item that nobody decided to overwrite is written only if its key is free.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::PathBuf;

use tokio_util::sync::CancellationToken;

use super::names::numbered;
use super::plan::{DownloadItem, DownloadPlan, UploadItem, UploadPlan};
use crate::domain::{ErrorKind, Key, ListSink, Operation, Prefix, StorageError, Timestamp};
use crate::storage::{ListRequest, Storage};

/// Up to so many keys of a folder are looked at one by one; more by a listing.
const FEW: usize = 8;

/// One side of a conflict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Size in bytes.
    pub bytes: u64,
    /// Last change.
    pub modified: Option<Timestamp>,
}

/// An item whose place is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Its number in the plan's items.
    pub item: usize,
    /// Its key for an upload; for a download the path below the chosen folder, with slashes.
    pub name: String,
    /// What comes.
    pub coming: Side,
    /// What is there.
    pub there: Side,
    /// What is there is a folder where a file is to go: it can only be kept.
    pub there_is_folder: bool,
}

/// The conflicts of a plan, in order of its items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conflicts {
    /// Each taken place.
    pub found: Vec<Conflict>,
    /// Names known to be taken, for finding free ones.
    taken: HashSet<String>,
}

/// What the user decides about a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Choice {
    /// Replace what is there.
    Overwrite,
    /// Leave what is there.
    Skip,
    /// Write beside it, as `name (2).ext`.
    KeepBoth,
    /// Replace what is there if what comes is newer; otherwise leave it.
    NewerOnly,
}

/// A plan's items after the decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered<T> {
    /// What is to be done.
    pub items: Vec<T>,
    /// How many items were left out.
    pub skipped: usize,
}

/// Something with a place that may be taken.
trait Placed {
    fn place(&self) -> String;
    fn move_to(&mut self, name: &str);
    fn allow_overwrite(&mut self);
}

impl Placed for UploadItem {
    fn place(&self) -> String {
        self.key.as_str().to_owned()
    }

    fn move_to(&mut self, name: &str) {
        self.key = Key::new(format!("{}{name}", self.key.folder()));
    }

    fn allow_overwrite(&mut self) {
        self.if_absent = false;
    }
}

impl Placed for DownloadItem {
    fn place(&self) -> String {
        slashed(&self.relative)
    }

    fn move_to(&mut self, name: &str) {
        self.relative.set_file_name(name);
    }

    fn allow_overwrite(&mut self) {
        self.overwrite = true;
    }
}

/// Carries out the decisions on an upload plan.
pub fn answer_upload(
    plan: UploadPlan,
    conflicts: &Conflicts,
    choose: impl Fn(&Conflict) -> Choice,
) -> Answered<UploadItem> {
    answered(plan.items, conflicts, choose)
}

/// Carries out the decisions on a download plan.
pub fn answer_download(
    plan: DownloadPlan,
    conflicts: &Conflicts,
    choose: impl Fn(&Conflict) -> Choice,
) -> (DownloadPlan, usize) {
    let root = plan.root;
    let Answered { items, skipped } = answered(plan.items, conflicts, choose);
    (DownloadPlan { root, items }, skipped)
}

fn answered<T: Placed>(
    items: Vec<T>,
    conflicts: &Conflicts,
    choose: impl Fn(&Conflict) -> Choice,
) -> Answered<T> {
    let by_item: HashMap<usize, &Conflict> = conflicts
        .found
        .iter()
        .map(|conflict| (conflict.item, conflict))
        .collect();
    let mut taken = conflicts.taken.clone();
    taken.extend(items.iter().map(Placed::place));
    let mut kept = Vec::with_capacity(items.len());
    let mut skipped = 0;
    for (index, mut item) in items.into_iter().enumerate() {
        let Some(conflict) = by_item.get(&index) else {
            kept.push(item);
            continue;
        };
        let choice = match choose(conflict) {
            Choice::NewerOnly if conflict.coming.modified > conflict.there.modified => {
                Choice::Overwrite
            }
            Choice::NewerOnly => Choice::Skip,
            Choice::Overwrite if conflict.there_is_folder => Choice::KeepBoth,
            choice => choice,
        };
        match choice {
            Choice::Overwrite => item.allow_overwrite(),
            Choice::KeepBoth => {
                let place = item.place();
                let start = place.rfind('/').map_or(0, |slash| slash + 1);
                let (folder, name) = place.split_at(start);
                let free = (2_u64..).find_map(|number| {
                    let name = numbered(name, &format!(" ({number})"));
                    taken.insert(format!("{folder}{name}")).then_some(name)
                });
                item.move_to(&free.unwrap_or_default());
            }
            Choice::Skip | Choice::NewerOnly => {
                skipped += 1;
                continue;
            }
        }
        kept.push(item);
    }
    Answered {
        items: kept,
        skipped,
    }
}

/// Which keys of a plan are taken.
///
/// # Errors
/// When a listing fails, or it was cancelled. A key one may not look at counts as free; the upload will tell.
pub async fn upload_conflicts(
    storage: &Storage,
    plan: &UploadPlan,
    cancel: &CancellationToken,
) -> Result<Conflicts, StorageError> {
    let found = tokio::select! {
        found = existing(storage, plan) => found?,
        () = cancel.cancelled() => {
            return Err(StorageError::cancelled(Operation::List, plan.into.as_str()));
        }
    };
    let items = plan.items.iter().enumerate();
    let conflicts = items
        .filter(|(_, item)| !item.is_marker)
        .filter_map(|(index, item)| {
            Some(Conflict {
                item: index,
                name: item.key.as_str().to_owned(),
                coming: Side {
                    bytes: item.bytes,
                    modified: item.modified,
                },
                there: *found.get(item.key.as_str())?,
                there_is_folder: false,
            })
        })
        .collect();
    Ok(Conflicts {
        found: conflicts,
        taken: found.into_keys().collect(),
    })
}

/// What is there where a plan goes.
async fn existing(
    storage: &Storage,
    plan: &UploadPlan,
) -> Result<HashMap<String, Side>, StorageError> {
    // Files that go straight into the folder; and each folder below it with all its keys.
    let mut loose: Vec<&str> = Vec::new();
    let mut folders: BTreeMap<Prefix, Vec<&str>> = BTreeMap::new();
    for item in plan.items.iter().filter(|item| !item.is_marker) {
        let key = item.key.as_str();
        match key[plan.into.as_str().len()..].split_once('/') {
            Some((folder, _)) => folders
                .entry(plan.into.child(folder))
                .or_default()
                .push(key),
            None => loose.push(key),
        }
    }
    let mut found = Seen::default();
    if loose.len() > FEW {
        let request = ListRequest::folder(&plan.into);
        list_between(storage, request, &loose, &mut found).await?;
    } else {
        for key in loose {
            look_at(storage, key, &mut found).await?;
        }
    }
    for (folder, keys) in folders {
        let request = ListRequest::all(folder.as_str());
        list_between(storage, request, &keys, &mut found).await?;
    }
    Ok(found.keys)
}

/// Lists from the first to the last of some keys. Keys come in order, so what lies outside is not asked for.
async fn list_between(
    storage: &Storage,
    mut request: ListRequest,
    keys: &[&str],
    found: &mut Seen,
) -> Result<(), StorageError> {
    let (Some(first), Some(last)) = (keys.iter().min(), keys.iter().max()) else {
        return Ok(());
    };
    found.last.clear();
    // The key just before the first; a byte less in its last letter would do, one letter less is simpler.
    let mut before = (*first).to_owned();
    before.pop();
    if before.len() >= request.prefix.len() {
        request.start_after = Some(before);
    }
    loop {
        let page = storage.list_page(&request, found).await?;
        let past = found.last.as_str() > *last;
        match page.next {
            Some(next) if !past => request.token = Some(next),
            _ => return Ok(()),
        }
    }
}

/// Looks at one key, and when it is taken at the names beside it that keeping both would use.
async fn look_at(storage: &Storage, key: &str, found: &mut Seen) -> Result<(), StorageError> {
    let details = match storage.head(&Key::new(key)).await {
        Ok(details) => details,
        Err(error) if matches!(error.kind, ErrorKind::NoSuchKey | ErrorKind::AccessDenied) => {
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    found.keys.insert(
        key.to_owned(),
        Side {
            bytes: details.size,
            modified: details.modified,
        },
    );
    let marked = numbered(key, " (");
    let stem_end = marked.rfind(" (").map_or(marked.len(), |at| at + 2);
    let beside = ListRequest::all(&marked[..stem_end]);
    match storage.list_page(&beside, found).await {
        Err(error) if error.kind == ErrorKind::AccessDenied => Ok(()),
        page => page.map(|_| ()),
    }
}

#[derive(Default)]
struct Seen {
    keys: HashMap<String, Side>,
    last: String,
}

impl ListSink for Seen {
    fn object(&mut self, key: &str, size: u64, modified: Timestamp, _etag: &str, _class: &str) {
        self.keys.insert(
            key.to_owned(),
            Side {
                bytes: size,
                modified: Some(modified),
            },
        );
        key.clone_into(&mut self.last);
    }

    fn folder(&mut self, prefix: &str) {
        if prefix > self.last.as_str() {
            prefix.clone_into(&mut self.last);
        }
    }
}

/// Which files of a plan are there already. This waits for the disk: call it where waiting is allowed.
#[must_use]
pub fn download_conflicts(plan: &DownloadPlan) -> Conflicts {
    let mut conflicts = Conflicts::default();
    let mut listed: HashSet<PathBuf> = HashSet::new();
    for (index, item) in plan.items.iter().enumerate() {
        let path = plan.root.join(&item.relative);
        let Ok(there) = fs::symlink_metadata(&path) else {
            continue;
        };
        if item.is_folder && there.is_dir() {
            continue;
        }
        conflicts.found.push(Conflict {
            item: index,
            name: item.place(),
            coming: Side {
                bytes: item.bytes,
                modified: item.modified,
            },
            there: Side {
                bytes: there.len(),
                modified: there.modified().ok().and_then(|time| {
                    let since = time.duration_since(std::time::UNIX_EPOCH).ok()?;
                    Some(Timestamp(i64::try_from(since.as_secs()).ok()?))
                }),
            },
            there_is_folder: there.is_dir(),
        });
        // What else is in the folder, so that a name beside it is free.
        let folder = item.relative.parent().unwrap_or_else(|| "".as_ref());
        if listed.insert(folder.to_owned())
            && let Ok(entries) = fs::read_dir(plan.root.join(folder))
        {
            let names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
            conflicts
                .taken
                .extend(names.map(|name| slashed(&folder.join(name))));
        }
    }
    conflicts
}

fn slashed(path: &std::path::Path) -> String {
    let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
    names.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str) -> DownloadItem {
        DownloadItem {
            key: Key::new(name),
            bytes: 5,
            modified: Some(Timestamp(i64::MAX)),
            relative: name.into(),
            is_folder: false,
            renamed: None,
            overwrite: false,
        }
    }

    #[test]
    fn each_choice_does_what_it_says() {
        let root = tempfile::tempdir().unwrap();
        for name in ["a.txt", "a (2).txt", "b"] {
            fs::write(root.path().join(name), "old").unwrap();
        }
        fs::create_dir(root.path().join("d")).unwrap();
        let plan = DownloadPlan {
            root: root.path().to_owned(),
            items: ["a.txt", "a (3).txt", "b", "c", "d"].map(item).to_vec(),
        };
        let conflicts = download_conflicts(&plan);
        let names: Vec<&str> = conflicts
            .found
            .iter()
            .map(|found| found.name.as_str())
            .collect();
        assert_eq!(names, ["a.txt", "b", "d"]);
        assert_eq!(conflicts.found[0].there.bytes, 3);
        let with = |choice: Choice| {
            let (plan, skipped) = answer_download(plan.clone(), &conflicts, |_| choice);
            let items = plan.items.iter();
            let shown: Vec<String> = items
                .map(|item| format!("{}{}", item.place(), if item.overwrite { "!" } else { "" }))
                .collect();
            (shown.join(" "), skipped)
        };
        let text = |text: &str, skipped| (text.to_owned(), skipped);
        assert_eq!(with(Choice::Skip), text("a (3).txt c", 3));
        assert_eq!(
            with(Choice::Overwrite),
            text("a.txt! a (3).txt b! c d (2)", 0)
        );
        assert_eq!(
            with(Choice::KeepBoth),
            text("a (4).txt a (3).txt b (2) c d (2)", 0)
        );
        assert_eq!(
            with(Choice::NewerOnly).1,
            0,
            "what comes is from the far future"
        );
    }
}
