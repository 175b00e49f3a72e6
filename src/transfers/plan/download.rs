//! What comes down: listed on the server, each key with a safe place below the chosen folder.

use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use super::Counts;
use crate::domain::{ErrorKind, Key, ListSink, Operation, Prefix, StorageError, Timestamp};
use crate::storage::local_path::NameRules;
use crate::storage::{ListRequest, Storage};
use crate::transfers::names::{self, Renaming};

/// What was chosen on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// One object, with what the listing said about it.
    Object {
        /// Its key.
        key: Key,
        /// Its size in bytes.
        bytes: u64,
        /// Its last change.
        modified: Option<Timestamp>,
    },
    /// Everything below a folder.
    Folder(Prefix),
}

/// One object that comes down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownloadItem {
    /// Its key.
    pub key: Key,
    /// Its size when it was listed.
    pub bytes: u64,
    /// Its last change when it was listed.
    pub modified: Option<Timestamp>,
    /// Where it goes, below the plan's root.
    pub relative: PathBuf,
    /// A marker: only a folder is made.
    pub is_folder: bool,
    /// The name is not that of the key.
    pub renamed: Option<Renaming>,
    /// Replace a file that is there.
    pub overwrite: bool,
}

/// What comes down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DownloadPlan {
    /// The chosen folder.
    pub root: PathBuf,
    /// Objects in the order of the listing.
    pub items: Vec<DownloadItem>,
}

impl DownloadPlan {
    /// Files and bytes of the plan.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            files: self.items.len() as u64,
            bytes: self.items.iter().map(|item| item.bytes).sum(),
        }
    }

    /// The items whose names on disk differ from their keys.
    pub fn renamed(&self) -> impl Iterator<Item = &DownloadItem> {
        self.items.iter().filter(|item| item.renamed.is_some())
    }
}

/// Lists what was chosen and gives everything a place below `root`. A folder comes with its name; the root of the
/// bucket comes without one.
///
/// # Errors
/// When a listing fails, or it was cancelled.
pub async fn plan_download(
    storage: &Storage,
    chosen: &[Chosen],
    root: &Path,
    counted: &(dyn Fn(Counts) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<DownloadPlan, StorageError> {
    let mut found = Found::default();
    for chosen in chosen {
        match chosen {
            Chosen::Object {
                key,
                bytes,
                modified,
            } => {
                found.above = key.folder().as_str().len();
                found.add(key.as_str(), *bytes, *modified);
            }
            Chosen::Folder(prefix) => {
                found.above = prefix.parent().map_or(0, |above| above.as_str().len());
                let mut sweep = storage.sweep(ListRequest::all(prefix.as_str()));
                loop {
                    let page = tokio::select! {
                        page = sweep.next_page(&mut found) => page?,
                        () = cancel.cancelled() => {
                            return Err(StorageError::cancelled(Operation::List, prefix.as_str()));
                        }
                    };
                    counted(found.counts);
                    if page.is_none() {
                        break;
                    }
                }
            }
        }
    }
    let rules = NameRules::of_folder(root);
    let keys = found
        .rows
        .iter()
        .map(|row| (&row.key.as_str()[row.above..], row.bytes));
    let places = names::places(keys, rules);
    let items = found
        .rows
        .into_iter()
        .zip(places)
        .map(|(row, place)| DownloadItem {
            key: row.key,
            bytes: row.bytes,
            modified: row.modified,
            relative: place.relative,
            is_folder: place.is_folder,
            renamed: place.renamed,
            overwrite: false,
        });
    let items: Vec<DownloadItem> = items.collect();
    if items.is_empty() {
        let nothing = StorageError::new(Operation::List, ErrorKind::NoSuchKey, "");
        return Err(nothing.with_message("there is nothing to download"));
    }
    Ok(DownloadPlan {
        root: root.to_owned(),
        items,
    })
}

#[derive(Default)]
struct Found {
    rows: Vec<Row>,
    counts: Counts,
    /// Length of what stands before the name of what was chosen.
    above: usize,
}

struct Row {
    key: Key,
    bytes: u64,
    modified: Option<Timestamp>,
    above: usize,
}

impl Found {
    fn add(&mut self, key: &str, bytes: u64, modified: Option<Timestamp>) {
        self.counts.files += 1;
        self.counts.bytes += bytes;
        self.rows.push(Row {
            key: Key::new(key),
            bytes,
            modified,
            above: self.above,
        });
    }
}

impl ListSink for Found {
    fn object(&mut self, key: &str, size: u64, modified: Timestamp, _etag: &str, _class: &str) {
        self.add(key, size, Some(modified));
    }

    fn folder(&mut self, _prefix: &str) {}
}
