//! One piece of work for the engine, and how it is done.

use std::path::PathBuf;

use tokio_util::sync::CancellationToken;

use super::conflict::Answered;
use super::plan::{DownloadItem, DownloadPlan, UploadItem};
use super::progress::Direction;
use crate::domain::{ErrorKind, Key, Prefix, StorageError};
use crate::storage::local_path::open_folder;
use crate::storage::{DownloadJob, Progress, Storage, UploadJob, Verification};

/// One piece of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// A file to an object. What it leaves behind: see [`UploadJob`].
    Upload {
        /// From where to where.
        job: UploadJob,
        /// Its size when it was planned.
        bytes: u64,
    },
    /// The marker of an empty folder. One that is there already is as good.
    Marker {
        /// The folder on this computer.
        source: PathBuf,
        /// The folder in the bucket.
        prefix: Prefix,
    },
    /// An object to a file. What it leaves behind: see [`DownloadJob`]; folders that were made stay.
    Download {
        /// The chosen folder; nothing is written outside.
        root: PathBuf,
        /// What goes where below it.
        item: DownloadItem,
    },
}

impl From<UploadItem> for Work {
    fn from(item: UploadItem) -> Self {
        if item.is_marker {
            return Self::Marker {
                source: item.source,
                prefix: Prefix::new(item.key.as_str()),
            };
        }
        Self::Upload {
            bytes: item.bytes,
            job: UploadJob {
                source: item.source,
                key: item.key,
                if_absent: item.if_absent,
            },
        }
    }
}

impl Work {
    /// All that a plan asks for, in its order.
    #[must_use]
    pub fn of_upload(items: Vec<UploadItem>) -> Vec<Self> {
        items.into_iter().map(Self::from).collect()
    }

    /// All that a plan asks for, in its order.
    #[must_use]
    pub fn of_download(plan: DownloadPlan) -> Vec<Self> {
        let root = plan.root;
        let items = plan.items.into_iter();
        items
            .map(|item| Self::Download {
                root: root.clone(),
                item,
            })
            .collect()
    }

    /// What is left of an upload plan after its conflicts were answered.
    #[must_use]
    pub fn of_answered(answered: Answered<UploadItem>) -> Vec<Self> {
        Self::of_upload(answered.items)
    }

    pub(super) const fn direction(&self) -> Direction {
        match self {
            Self::Upload { .. } | Self::Marker { .. } => Direction::Upload,
            Self::Download { .. } => Direction::Download,
        }
    }

    pub(super) const fn bytes(&self) -> u64 {
        match self {
            Self::Upload { bytes, .. } => *bytes,
            Self::Marker { .. } => 0,
            Self::Download { item, .. } => item.bytes,
        }
    }

    pub(super) fn key(&self) -> Key {
        match self {
            Self::Upload { job, .. } => job.key.clone(),
            Self::Marker { prefix, .. } => Key::new(prefix.as_str()),
            Self::Download { item, .. } => item.key.clone(),
        }
    }

    pub(super) fn path(&self) -> PathBuf {
        match self {
            Self::Upload { job, .. } => job.source.clone(),
            Self::Marker { source, .. } => source.clone(),
            Self::Download { root, item } => root.join(&item.relative),
        }
    }

    /// Does it.
    pub(super) async fn run(
        &self,
        storage: &Storage,
        progress: &Progress<'_>,
        cancel: &CancellationToken,
    ) -> Result<Verification, StorageError> {
        match self {
            Self::Upload { job, .. } => {
                let uploaded = storage.upload(job, progress, cancel).await?;
                Ok(uploaded.verification)
            }
            Self::Marker { prefix, .. } => match storage.create_folder(prefix).await {
                Err(error) if error.kind != ErrorKind::Conflict => Err(error),
                _ => Ok(Verification::LengthOnly),
            },
            Self::Download { root, item } => {
                let folder = if item.is_folder {
                    Some(item.relative.as_path())
                } else {
                    item.relative.parent()
                };
                let target = root.join(&item.relative);
                let made = match folder {
                    Some(folder) => make_folder(root.clone(), folder.to_owned()).await?,
                    None => root.clone(),
                };
                if item.is_folder {
                    return Ok(Verification::LengthOnly);
                }
                let job = DownloadJob {
                    key: item.key.clone(),
                    target: match item.relative.file_name() {
                        Some(name) => made.join(name),
                        None => target,
                    },
                    overwrite: item.overwrite,
                };
                let downloaded = storage.download(&job, progress, cancel).await?;
                Ok(downloaded.verification)
            }
        }
    }
}

/// Makes the folders on the way, on the blocking pool.
async fn make_folder(root: PathBuf, relative: PathBuf) -> Result<PathBuf, StorageError> {
    let path = root.join(&relative);
    let made = tokio::runtime::Handle::current()
        .spawn_blocking(move || open_folder(&root, &relative))
        .await
        .unwrap_or_else(|error| Err(std::io::Error::other(error)));
    made.map_err(|error| StorageError::local(&path, error))
}
