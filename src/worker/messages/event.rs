//! What the window hears back.

use std::path::PathBuf;

use crate::catalog::{Order, PageBuilder};
use crate::domain::diagnosis::{DoctorNews, EndpointReport, Examination};
use crate::domain::{
    Account, BucketEntry, Key, ObjectDetails, Prefix, Secret, SignInFailure, SignInStep,
    SignedLink, StorageError, Ticket, Timestamp,
};
use crate::settings::secrets::VaultStatus;
use crate::settings::{Connection, ConnectionId, OptionId, SecretSlot};

use super::{
    CodeRequest, DownloadPlan, Exported, Identity, Imported, LoadedSettings, LogNews, OpenError,
    Opened, PickPurpose, Planned, Preview, SavedConnection, SavedText, SeenPath, SettingsPreview,
    Try, Update, UploadPlan,
};

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
    /// A role was taken, or not.
    RoleTried {
        /// Question number.
        ticket: Ticket,
        /// Why not, if so.
        result: Result<(), OpenError>,
    },
    /// A test of settings ended.
    ConnectionTested {
        /// Question number.
        ticket: Ticket,
        /// Who we are there and what one key's listing said.
        result: Result<Opened, OpenError>,
    },
    /// A piece of a diagnosis.
    Examined {
        /// Question number.
        ticket: Ticket,
        /// The piece.
        news: Box<DoctorNews>,
    },
    /// A first look at a connection's server ended.
    ServerMet {
        /// Question number.
        ticket: Ticket,
        /// The connection.
        id: ConnectionId,
        /// What was found; `None` when that is nothing.
        report: Option<Box<EndpointReport>>,
    },
    /// Work has shown something of a connection's server.
    ServerSeen {
        /// The connection.
        id: ConnectionId,
        /// What it showed.
        report: Box<EndpointReport>,
    },
    /// A write test ended, and what it wrote is gone or told of.
    WritingTested {
        /// Question number.
        ticket: Ticket,
    },
    /// An examination ended.
    ExaminationEnded {
        /// Question number.
        ticket: Ticket,
        /// When and after how long; `None` when it was stopped or died before its end.
        finished: Option<Examination>,
    },
    /// What edited settings would lead to.
    SettingsPreviewed {
        /// Question number.
        ticket: Ticket,
        /// The preview.
        preview: Box<SettingsPreview>,
        /// Secrets that were fetched from the keyring for it: whose, which, what.
        secrets: Vec<(ConnectionId, SecretSlot, Secret)>,
    },
    /// A file was read as the value of a secret option.
    SecretFileRead {
        /// Question number.
        ticket: Ticket,
        /// Which option.
        option: OptionId,
        /// Its text; a sentence for people when it could not be read.
        result: Result<Secret, String>,
    },
    /// A page of a listing came.
    PageListed {
        /// Question number.
        ticket: Ticket,
        /// Its rows.
        page: Box<PageBuilder>,
    },
    /// A page of a listing is asked for once more, or the next one for the first time.
    ListingTried {
        /// Question number.
        ticket: Ticket,
        /// Which try.
        trying: Try,
    },
    /// A keyring that came late has taken these secrets.
    SecretsKept(Vec<(ConnectionId, SecretSlot)>),
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
    /// Files that hover over the window were looked at.
    PathsSeen {
        /// Question number.
        ticket: Ticket,
        /// In the order of the question.
        seen: Vec<SeenPath>,
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
    /// A deletion moved on.
    DeletionMoved {
        /// Question number.
        ticket: Ticket,
        /// How many keys are through, those that failed included.
        through: usize,
    },
    /// A deletion ended.
    ObjectsDeleted {
        /// Question number.
        ticket: Ticket,
        /// Those that are still there, or why nothing was deleted.
        failures: Vec<(Key, StorageError)>,
        /// How many were not asked for, because it was stopped.
        left: usize,
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
    /// What is new in the log of requests; nothing when the waiting was stopped.
    RequestsRead {
        /// Question number.
        ticket: Ticket,
        /// What is new.
        news: Option<LogNews>,
    },
    /// A sign-in needs the person.
    SignInStepped {
        /// Question number.
        ticket: Ticket,
        /// What to do.
        step: SignInStep,
    },
    /// A sign-in ended.
    SignedIn {
        /// Question number.
        ticket: Ticket,
        /// When it ends again, or why it came to nothing.
        result: Result<Timestamp, SignInFailure>,
    },
    /// The accounts of who is signed in.
    AccountsListed {
        /// Question number.
        ticket: Ticket,
        /// By name.
        result: Result<Vec<Account>, SignInFailure>,
    },
    /// The roles that may be had in an account.
    RolesListed {
        /// Question number.
        ticket: Ticket,
        /// By name.
        result: Result<Vec<String>, SignInFailure>,
    },
    /// A role asks for the code of an MFA device.
    CodeWanted {
        /// The question's own number; the answer carries it.
        ticket: Ticket,
        /// Which device, for which role.
        request: CodeRequest,
    },
    /// Nobody waits for that code any more.
    CodeNotWanted {
        /// The question's own number.
        ticket: Ticket,
    },
    /// A code was given when nobody waited for it any more, and not used.
    CodeUnused {
        /// The question's own number.
        ticket: Ticket,
    },
    /// The keys of an open connection were looked at.
    Renewed {
        /// Question number.
        ticket: Ticket,
        /// Who signs now, or why nobody does.
        result: Result<Identity, StorageError>,
    },
    /// The user's AWS config file was appended to, or not.
    AwsConfigWritten {
        /// Question number.
        ticket: Ticket,
        /// The file; a sentence for people when it failed.
        result: Result<PathBuf, String>,
    },
    /// A text of settings was written.
    Exported {
        /// Question number.
        ticket: Ticket,
        /// The text; a sentence for people when there is none.
        result: Result<Box<Exported>, String>,
    },
    /// A text was saved, or not.
    TextSaved {
        /// What it is.
        what: SavedText,
        /// The file.
        path: PathBuf,
        /// A sentence for people when it failed.
        result: Result<(), String>,
    },
    /// Settings of another program were read.
    TextImported {
        /// Question number.
        ticket: Ticket,
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
