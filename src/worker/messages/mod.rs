//! What the window asks of the worker, and what it hears back.
//!
//! Commands are imperative, events past. Every command that expects an answer carries a ticket, and its events
//! carry the same one; each such command ends in exactly one final event, also when its task panics. Events own
//! their errors: they are moved to the screen, not copied.

mod command;
mod event;
mod settings_preview;

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::{Location, StorageError};
use crate::settings::memory::WindowMemory;
use crate::settings::notice::Notice;
use crate::settings::secrets::VaultStatus;
use crate::settings::{Connection, ConnectionId, Environment, OptionId, Problem, Profiles};

// Plain values of the layers below that the window shows.
pub use crate::doctor::policy::{wish_for as policy_wish, write as write_policy};
pub use crate::domain::CodeRequest;
pub use crate::exchange::{Exported, Form, Omission};
pub use crate::settings::{Imported, RemarkReason, TextKind};
pub use crate::storage::{Identity, LogNews, REQUESTS_KEPT, Renewal, Try, Verification};
pub use crate::transfers::conflict::{
    Choice, Conflict, Conflicts, Side, answer_download, answer_upload,
};
pub use crate::transfers::engine::Which;
pub use crate::transfers::plan::{DownloadItem, DownloadPlan, PlanProblem, UploadPlan};
pub use crate::transfers::{Direction, JobId, JobSnapshot, JobState, Totals, Update, Work};

pub use command::{Command, Control, ImportSource};
pub use event::Event;
pub use settings_preview::{LinkSigning, PreviewLink, SettingsPreview};

/// A plan and what stands in its way.
#[derive(Debug)]
pub struct Planned<Plan> {
    /// The plan.
    pub plan: Plan,
    /// What is there already.
    pub conflicts: Conflicts,
}

/// A file or folder of this computer, before anything is done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeenPath {
    /// A file of so many bytes.
    File(u64),
    /// A folder.
    Folder {
        /// Files in it and below, as far as they were counted.
        files: u64,
        /// Counting ended before all were seen.
        more: bool,
    },
    /// It cannot be looked at.
    Unknown,
}

/// What picked files are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PickPurpose {
    /// Upload them to this folder of this connection, whatever the window shows when they are picked.
    Upload {
        /// The connection.
        id: ConnectionId,
        /// The folder.
        target: Location,
    },
    /// Download into the picked folder.
    Download,
    /// Import settings of another program.
    Import,
    /// Write a text there.
    Text(SavedText),
    /// Use the file as the value of an option.
    Option(OptionId),
}

/// What a text is that is saved into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SavedText {
    /// The settings of a connection; may hold secrets.
    Export,
    /// A policy.
    Policy,
    /// What the Doctor found.
    Report,
}

/// A connection after it was saved.
#[derive(Debug)]
pub struct SavedConnection {
    /// The connection as it is in the file and the keyring, with its secrets.
    pub connection: Connection,
    /// A sentence for people when secrets could not be kept and live in memory for this run.
    pub warning: Option<String>,
}

/// All that is read at the start.
#[derive(Debug, Default)]
pub struct LoadedSettings {
    /// The saved connections in their order.
    pub connections: Vec<Connection>,
    /// How the window looked.
    pub memory: WindowMemory,
    /// Variables and shared files.
    pub environment: Environment,
    /// Profiles of the shared files.
    pub profiles: Profiles,
    /// Whether secrets can be kept.
    pub vault: VaultStatus,
    /// What people should know about the file.
    pub notices: Vec<Notice>,
    /// Why the file could not be read at all.
    pub failure: Option<String>,
    /// The settings file, for the status bar.
    pub path: PathBuf,
}

/// An open connection.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Who we are there.
    pub identity: Identity,
    /// The bucket of the connection, if it names one.
    pub bucket: Option<String>,
    /// The prefix at which the connection begins (`AWS_LOCATION`).
    pub location: String,
    /// Lifetime of links in seconds as the connection has it.
    pub link_secs: i64,
    /// The address of its account, without a slash at its end.
    pub endpoint: String,
}

/// Why a connection could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// Settings that cannot be used.
    Settings(Vec<Problem>),
    /// Credentials, region or host could not be found.
    Storage(StorageError),
    /// The keyring did not give the secret.
    Secrets(String),
}

/// What of an object can be shown.
#[derive(Clone, PartialEq, Eq)]
pub enum Preview {
    /// A picture, made small enough for the inspector.
    Image {
        /// Width and height of the original in pixels.
        original: [u32; 2],
        /// Width and height of the pixels below.
        size: [usize; 2],
        /// RGBA, four bytes a pixel, unmultiplied.
        rgba: Arc<[u8]>,
    },
    /// The beginning of a text.
    Text {
        /// The text.
        text: String,
        /// True when the object goes on.
        cut: bool,
    },
    /// Nothing that can be shown.
    None,
}

impl std::fmt::Debug for Preview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Image { original, size, .. } => f
                .debug_struct("Image")
                .field("original", original)
                .field("size", size)
                .finish_non_exhaustive(),
            Self::Text { text, cut } => f
                .debug_struct("Text")
                .field("chars", &text.len())
                .field("cut", cut)
                .finish(),
            Self::None => f.write_str("None"),
        }
    }
}
