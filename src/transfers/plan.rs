//! From what was dropped, picked or pasted to a list of files and keys.
//!
//! An upload keeps the structure of folders, a folder goes with its name (`upload`). A download is listed on the server,
//! and each key gets a safe place below the chosen folder (`download`). Nothing is written; what cannot go along is
//! listed as a problem.

mod download;
mod upload;

pub use self::download::{Chosen, DownloadItem, DownloadPlan, plan_download};
pub use self::upload::{PlanProblem, UploadItem, UploadPlan, plan_upload};
pub use super::names::Renaming;

/// Files and bytes found so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files, and markers of empty folders.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}
