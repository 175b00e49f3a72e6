//! What the window asks of the worker, and what it hears back.
//!
//! Commands are imperative, events past. Every command that expects an answer carries a [`Ticket`], and its events
//! carry the same one; each such command ends in exactly one final event, also when its task panics. Events own
//! their errors: they are moved to the screen, not copied.

use std::path::PathBuf;
use std::sync::Arc;

use crate::catalog::{Arrangement, Catalog, Order, PageBuilder};
use crate::domain::{
    BucketEntry, Key, Location, ObjectDetails, Prefix, SignedLink, StorageError, Ticket, Timestamp,
};
use crate::settings::memory::WindowMemory;
use crate::settings::secrets::VaultStatus;
use crate::settings::{Connection, ConnectionId, Environment, OptionId, Problem, Profiles};

// Plain values of the layers below that the window shows.
pub use crate::django::Imported;
pub use crate::storage::{Identity, Verification};
pub use crate::transfers::conflict::{
    Choice, Conflict, Conflicts, Side, answer_download, answer_upload,
};
pub use crate::transfers::engine::Which;
pub use crate::transfers::plan::{DownloadItem, DownloadPlan, PlanProblem, UploadPlan};
pub use crate::transfers::{Direction, JobId, JobSnapshot, JobState, Totals, Update, Work};

/// A request to the worker.
#[derive(Debug)]
pub enum Command {
    /// Read settings, window memory, environment and profiles.
    LoadSettings,
    /// Write the window's memory; the newest wins.
    SaveMemory(Box<WindowMemory>),
    /// Write one connection and its secrets.
    SaveConnection {
        /// Question number.
        ticket: Ticket,
        /// All of it, secrets included.
        connection: Box<Connection>,
    },
    /// Forget one connection and its secrets.
    RemoveConnection {
        /// Question number.
        ticket: Ticket,
        /// Which.
        id: ConnectionId,
    },
    /// Start the built-in bucket.
    StartBuiltin {
        /// Question number.
        ticket: Ticket,
    },
    /// Find credentials, region and host of a connection and keep it open.
    OpenConnection {
        /// Question number.
        ticket: Ticket,
        /// The connection; secrets that its values lack come from the keyring.
        connection: Box<Connection>,
        /// The connections it may be based on.
        others: Vec<Connection>,
    },
    /// Try settings without keeping them: list one key.
    TestConnection {
        /// Question number.
        ticket: Ticket,
        /// What to try.
        connection: Box<Connection>,
        /// The connections it may be based on.
        others: Vec<Connection>,
    },
    /// List a folder, page by page.
    ListPrefix {
        /// Question number.
        ticket: Ticket,
        /// The open connection.
        id: ConnectionId,
        /// The folder.
        location: Location,
    },
    /// Stop the listing with this ticket.
    CancelListing(Ticket),
    /// Sort and filter rows away from the window's thread.
    Arrange {
        /// Question number.
        ticket: Ticket,
        /// A snapshot of the rows.
        catalog: Catalog,
        /// How.
        arrangement: Arrangement,
        /// The order so far, when only rows were added since.
        base: Option<Order>,
    },
    /// List the buckets of the account.
    ListBuckets {
        /// Question number.
        ticket: Ticket,
        /// The open connection.
        id: ConnectionId,
    },
    /// Read headers of one object.
    Inspect {
        /// Question number.
        ticket: Ticket,
        /// The open connection.
        id: ConnectionId,
        /// Its bucket.
        bucket: String,
        /// The object.
        key: Key,
    },
    /// Read the beginning of an object for the inspector.
    LoadPreview {
        /// Question number.
        ticket: Ticket,
        /// The open connection.
        id: ConnectionId,
        /// Its bucket.
        bucket: String,
        /// What is known of the object.
        details: Box<ObjectDetails>,
    },
    /// Make signed links.
    SignLinks {
        /// Question number.
        ticket: Ticket,
        /// The open connection.
        id: ConnectionId,
        /// Its bucket.
        bucket: String,
        /// The objects.
        keys: Vec<Key>,
        /// Lifetime in seconds.
        expires_secs: i64,
    },
    /// Look at local files and at what stands in their way in the bucket.
    PlanUpload {
        /// Question number.
        ticket: Ticket,
        /// The open connection.
        id: ConnectionId,
        /// The folder they go to.
        target: Location,
        /// Files and folders.
        paths: Vec<PathBuf>,
    },
    /// Look at what would be downloaded and what stands in its way on disk.
    PlanDownload {
        /// Question number.
        ticket: Ticket,
        /// The open connection.
        id: ConnectionId,
        /// Its bucket.
        bucket: String,
        /// Objects with their sizes in bytes and their times.
        keys: Vec<(Key, u64, Option<Timestamp>)>,
        /// Folders, all below them.
        prefixes: Vec<Prefix>,
        /// The folder on disk.
        target: PathBuf,
    },
    /// Start what was planned, its conflicts settled.
    StartTransfers {
        /// The open connection.
        id: ConnectionId,
        /// Its bucket.
        bucket: String,
        /// What to do.
        work: Vec<Work>,
    },
    /// Steer running transfers.
    ControlTransfers(Control),
    /// Collect what deleting folders would delete.
    PlanDelete {
        /// Question number.
        ticket: Ticket,
        /// The open connection.
        id: ConnectionId,
        /// Its bucket.
        bucket: String,
        /// Folders, all below them.
        prefixes: Vec<Prefix>,
    },
    /// Stop collecting.
    CancelPlan(Ticket),
    /// Delete exactly these objects.
    DeleteObjects {
        /// Question number.
        ticket: Ticket,
        /// The open connection.
        id: ConnectionId,
        /// Its bucket.
        bucket: String,
        /// Their keys.
        keys: Arc<[Key]>,
    },
    /// Make the marker object of a folder.
    CreateFolder {
        /// Question number.
        ticket: Ticket,
        /// The open connection.
        id: ConnectionId,
        /// Its bucket.
        bucket: String,
        /// The folder.
        prefix: Prefix,
    },
    /// Give one object another key.
    Rename {
        /// Question number.
        ticket: Ticket,
        /// The open connection.
        id: ConnectionId,
        /// Its bucket.
        bucket: String,
        /// Today's key.
        from: Key,
        /// Tomorrow's.
        to: Key,
    },
    /// Read a Django settings text.
    ImportDjango {
        /// Question number.
        ticket: Ticket,
        /// Where the text is.
        source: ImportSource,
    },
}

/// How transfers are steered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// End; nothing half is left behind.
    Cancel(Which),
    /// Hold.
    Pause(Which),
    /// Go on.
    Resume(Which),
    /// Start anew.
    Retry(Which),
    /// Forget what is finished.
    RemoveFinished,
}

/// Where an import text comes from.
#[derive(Clone, Debug)]
pub enum ImportSource {
    /// A file of this computer.
    File(PathBuf),
    /// The clipboard or a text field.
    Text(String),
}

/// News from the worker.
#[derive(Debug)]
pub enum Event {
    /// Settings were read.
    SettingsLoaded(Box<LoadedSettings>),
    /// Whether secrets can be kept changed.
    VaultChanged(VaultStatus),
    /// A connection was saved, or not.
    ConnectionSaved {
        /// Question number.
        ticket: Ticket,
        /// Which.
        id: ConnectionId,
        /// What is now in the file; a sentence for people when it failed.
        result: Result<Box<SavedConnection>, String>,
    },
    /// A connection was removed, or not.
    ConnectionRemoved {
        /// Question number.
        ticket: Ticket,
        /// Which.
        id: ConnectionId,
        /// A sentence for people when it failed.
        result: Result<(), String>,
    },
    /// The built-in bucket runs, or not.
    BuiltinStarted {
        /// Question number.
        ticket: Ticket,
        /// The connection to it, with its secrets; a sentence for people when it failed.
        result: Result<Box<Connection>, String>,
    },
    /// A connection is open, or not.
    ConnectionOpened {
        /// Question number.
        ticket: Ticket,
        /// Which.
        id: ConnectionId,
        /// Who we are there.
        result: Result<Opened, OpenError>,
    },
    /// A test of settings ended.
    ConnectionTested {
        /// Question number.
        ticket: Ticket,
        /// Who we are there and what one key's listing said.
        result: Result<Opened, OpenError>,
    },
    /// A page of a listing came.
    PageListed {
        /// Question number.
        ticket: Ticket,
        /// Its rows.
        page: Box<PageBuilder>,
    },
    /// A listing ended. `Ok(true)` when it reached the end, `Ok(false)` when it was cancelled.
    ListingEnded {
        /// Question number.
        ticket: Ticket,
        /// How.
        result: Result<bool, StorageError>,
    },
    /// Rows were sorted and filtered; `None` when that was cancelled.
    Arranged {
        /// Question number.
        ticket: Ticket,
        /// Their order.
        order: Option<Order>,
    },
    /// The buckets of the account.
    BucketsListed {
        /// Question number.
        ticket: Ticket,
        /// Their names, or why not.
        result: Result<Vec<BucketEntry>, StorageError>,
    },
    /// Headers of an object.
    Inspected {
        /// Question number.
        ticket: Ticket,
        /// What they say.
        result: Result<Box<ObjectDetails>, StorageError>,
    },
    /// The beginning of an object.
    PreviewLoaded {
        /// Question number.
        ticket: Ticket,
        /// What can be shown.
        result: Result<Preview, StorageError>,
    },
    /// Links were made.
    LinksSigned {
        /// Question number.
        ticket: Ticket,
        /// In the order of the keys.
        result: Result<Vec<SignedLink>, StorageError>,
    },
    /// An upload was looked at.
    UploadPlanned {
        /// Question number.
        ticket: Ticket,
        /// Files and conflicts.
        result: Result<Box<Planned<UploadPlan>>, StorageError>,
    },
    /// A download was looked at.
    DownloadPlanned {
        /// Question number.
        ticket: Ticket,
        /// Objects, changed names and conflicts.
        result: Result<Box<Planned<DownloadPlan>>, StorageError>,
    },
    /// Transfers moved on.
    TransfersMoved(Box<Update>),
    /// Some keys of a deletion were collected.
    DeletePlanGrew {
        /// Question number.
        ticket: Ticket,
        /// Keys found in this page and their sizes in bytes.
        objects: Vec<(Key, u64)>,
    },
    /// All keys of a deletion were collected, or not.
    DeletePlanned {
        /// Question number.
        ticket: Ticket,
        /// Whether all were.
        result: Result<(), StorageError>,
    },
    /// A deletion ended.
    ObjectsDeleted {
        /// Question number.
        ticket: Ticket,
        /// How many were asked for.
        asked: usize,
        /// Those that are still there, or why nothing was deleted.
        failures: Vec<(Key, StorageError)>,
    },
    /// A folder was made, or not.
    FolderCreated {
        /// Question number.
        ticket: Ticket,
        /// Which.
        prefix: Prefix,
        /// How.
        result: Result<(), StorageError>,
    },
    /// An object was renamed, or not.
    Renamed {
        /// Question number.
        ticket: Ticket,
        /// Its new key.
        to: Key,
        /// How.
        result: Result<(), StorageError>,
    },
    /// A Django settings text was read.
    DjangoImported {
        /// Question number.
        ticket: Ticket,
        /// The name of the file, if it was one.
        name: Option<String>,
        /// What stood in it; a sentence for people when it could not be read.
        result: Result<Box<Imported>, String>,
    },
    /// Files were picked in a dialog; empty when it was closed.
    FilesPicked {
        /// What they are for.
        purpose: PickPurpose,
        /// Their paths.
        paths: Vec<PathBuf>,
    },
    /// No file dialog could be shown.
    PickerMissing {
        /// What the files are for.
        purpose: PickPurpose,
    },
}

/// A plan and what stands in its way.
#[derive(Debug)]
pub struct Planned<Plan> {
    /// The plan.
    pub plan: Plan,
    /// What is there already.
    pub conflicts: Conflicts,
}

/// What picked files are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PickPurpose {
    /// Upload them to this folder.
    Upload(Prefix),
    /// Download into the picked folder.
    Download,
    /// Import Django settings.
    ImportDjango,
    /// Use the file as the value of an option.
    Option(OptionId),
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
#[derive(Debug)]
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
    /// Files that could not be read, in words for people.
    pub notices: Vec<String>,
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
