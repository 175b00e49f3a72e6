//! What the user did, in the user's words. Views push actions; only [`super::State::on_action`] understands them.

use std::path::PathBuf;

use crate::catalog::{ScrollAnchor, SortBy};
use crate::domain::diagnosis::Remedy;
use crate::domain::{Key, Location, Prefix, Ticket, Timestamp};
use crate::settings::{ConnectionId, OptionId, RemedyAction};
use crate::worker::messages::JobId;

use super::credentials::CredentialsAction;
use super::dialogs::{ConflictChoice, DialogEdit};
use super::doctor::DoctorTab;
use super::panels::PanelEdit;
use super::probe::ProbeAction;
use super::requests::RequestsAction;
use super::settings::DraftEdit;

/// One gesture, ready to be carried out.
#[derive(Clone, Debug)]
pub enum Action {
    /// Go somewhere.
    Go(Go),
    /// Change what is shown of the listing, or what is selected in it.
    Table(TableAction),
    /// Do something with objects.
    Objects(ObjectAction),
    /// Do something with transfers.
    Transfers(TransferAction),
    /// Do something with connections and their settings.
    Settings(SettingsAction),
    /// Do something with the Doctor.
    Doctor(DoctorAction),
    /// Do something with permissions, the server's abilities and policies.
    Probe(ProbeAction),
    /// Look at the log of requests.
    Requests(RequestsAction),
    /// Do something about credentials.
    Credentials(CredentialsAction),
    /// Change or answer the open dialog.
    Dialog(DialogEdit),
    /// Show, hide or resize a part of the window.
    Panel(PanelEdit),
    /// Show the sheet of keys.
    ShowKeys,
    /// Say what the program is.
    ShowAbout,
    /// Open the command palette.
    ShowPalette,
    /// Escape: close what is open, else clear the filter, else the selection.
    Escape,
    /// Take a toast away.
    DismissToast(u64),
    /// Copy a text that is not a link.
    CopyText {
        /// What goes to the clipboard.
        text: String,
        /// The toast's words.
        said: String,
    },
}

/// Where to go.
#[derive(Clone, Debug)]
pub enum Go {
    /// Open a connection at its own place.
    Connection(ConnectionId),
    /// The connection of that position in the list, from 1.
    ConnectionNumber(usize),
    /// A place of the open connection.
    To(Location),
    /// A bucket of the open connection.
    Bucket(String),
    /// The folder or the object of that position in the table.
    Open(u64),
    /// One folder up.
    Up,
    /// Back in the history.
    Back,
    /// Forward in the history.
    Forward,
    /// List again.
    Refresh,
    /// List the buckets again.
    RefreshBuckets,
    /// Stop the listing.
    CancelListing,
    /// Ask for a path.
    AskPath,
    /// Ask for a bucket's name.
    AskBucket,
    /// Show the first page, where connections are made.
    Welcome,
    /// Remember the place shown, or forget it.
    ToggleBookmark,
}

/// What happens in the table. Positions count the rows shown, from 0.
#[derive(Clone, Debug)]
pub enum TableAction {
    /// A row was clicked.
    Click {
        /// Its position.
        position: u64,
        /// Control: add or remove this row.
        toggle: bool,
        /// Shift: from the anchor to this row.
        extend: bool,
    },
    /// A row was clicked with the other button: select it unless it is selected.
    ContextClick(u64),
    /// The cursor moves by rows; with `extend` the selection follows.
    MoveCursor {
        /// Rows, negative upwards.
        rows: i64,
        /// Shift was held.
        extend: bool,
    },
    /// The cursor moves by what is seen at once.
    Page {
        /// Downwards.
        down: bool,
        /// Shift was held.
        extend: bool,
    },
    /// The cursor goes to the first or the last row.
    CursorToEnd {
        /// True for the last row.
        last: bool,
        /// Shift was held.
        extend: bool,
    },
    /// Type-ahead: to the next name that begins so.
    Find(String),
    /// Select all rows shown.
    SelectAll,
    /// Select none.
    SelectNone,
    /// Sort by a column; again turns the direction.
    Sort(SortBy),
    /// Show only rows that fit.
    Filter(String),
    /// The table was scrolled.
    Scroll(ScrollAnchor),
    /// The table tells how high the part is that shows rows.
    Viewport {
        /// Points.
        height: f32,
    },
    /// A frame was drawn over rows.
    Band {
        /// The rows it touches.
        rows: std::ops::Range<u64>,
        /// Add to what is selected.
        add: bool,
    },
    /// A column was given a width in points.
    ColumnWidth {
        /// The column's position.
        column: usize,
        /// Points.
        width: f32,
    },
    /// Folders first, or mixed with objects.
    ToggleFoldersFirst,
    /// Numbers in names count as numbers, or byte order.
    ToggleNaturalSort,
}

/// What is done with objects. Without a key it means the selection.
#[derive(Clone, Debug)]
pub enum ObjectAction {
    /// Ask for files to upload.
    PickUpload {
        /// Where to; the folder shown when `None`.
        target: Option<Prefix>,
    },
    /// Ask for a folder to upload.
    PickUploadFolder,
    /// These are the first of the files that another program drags over the window.
    Hover(Vec<PathBuf>),
    /// Files were dropped, pasted or picked.
    Upload {
        /// Files and folders of this computer.
        paths: Vec<PathBuf>,
        /// Where to; the folder shown when `None`.
        target: Option<Prefix>,
    },
    /// Download the selection to a folder that is asked for.
    Download,
    /// The folder was chosen.
    DownloadTo(PathBuf),
    /// Copy signed links of the selection.
    CopyLink {
        /// Lifetime in seconds; the chosen one when `None`.
        expires_secs: Option<i64>,
    },
    /// Choose the lifetime of the next links.
    ChooseLifetime(i64),
    /// Copy keys or names of the selection.
    Copy(CopyWhat),
    /// Ask before deleting the selection.
    Delete,
    /// Stop a deletion that is being done.
    StopDeletion(Ticket),
    /// Ask for the name of a new folder.
    NewFolder,
    /// Ask for the new name of the selected object.
    Rename,
    /// Show the object before or after in the inspector.
    InspectStep(i32),
    /// Open an object by its exact key, also where listing is denied.
    GoToKey(Key),
}

/// What of an object goes to the clipboard as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyWhat {
    /// The full key.
    Key,
    /// The last part of the key.
    Name,
    /// `s3://bucket/key`.
    Uri,
    /// `arn:aws:s3:::bucket/key`.
    Arn,
    /// The entity tag.
    ETag,
}

/// What is done with transfers.
#[derive(Clone, Debug)]
pub enum TransferAction {
    /// Stop one; nothing half is left behind.
    Cancel(JobId),
    /// Stop all that are not finished.
    CancelAll,
    /// Hold one.
    Pause(JobId),
    /// Go on with one.
    Resume(JobId),
    /// Hold all.
    PauseAll,
    /// Go on with all.
    ResumeAll,
    /// Try one again.
    Retry(JobId),
    /// Try all failed again.
    RetryFailed,
    /// Take finished ones off the list.
    ClearFinished,
    /// Show only some states.
    Show(super::transfers::TransferFilter),
    /// Show the folder in which a finished transfer lies.
    Reveal(JobId),
    /// The list was scrolled.
    Scroll(ScrollAnchor),
}

/// What is done with connections and their settings.
#[derive(Clone, Debug)]
pub enum SettingsAction {
    /// Start the built-in bucket and open it.
    StartBuiltin,
    /// Connect with the three fields of the first page.
    QuickConnect,
    /// Open the settings with what the three fields hold.
    MoreOptions,
    /// Open a bucket with a profile of the shared files.
    UseProfile(String),
    /// Change a field of the first page.
    Welcome(super::welcome::WelcomeEdit),
    /// Open the settings of a connection.
    Edit(ConnectionId),
    /// Open the settings of what is shown: of the open connection, or of the one that the Doctor examines.
    EditShown,
    /// Open the settings of a connection at one option.
    EditOption {
        /// The connection.
        id: ConnectionId,
        /// The option.
        option: OptionId,
    },
    /// Open empty settings.
    New,
    /// Change the settings being edited.
    Draft(DraftEdit),
    /// Put one option back to what it would be without this connection.
    Reset(OptionId),
    /// Do what helps against a problem or a warning of an option.
    Remedy(RemedyAction),
    /// Ask for a file as the value of an option.
    PickFile(OptionId),
    /// Save the settings being edited.
    Save,
    /// Forget the changes.
    Revert,
    /// Leave the settings; asks when there are unsaved changes.
    Close,
    /// Try the settings without saving: list one key.
    Test,
    /// Open what is being edited without saving it.
    Open,
    /// Ask before removing a connection.
    Remove(ConnectionId),
    /// Ask for settings of another program: a text, a file or a profile.
    ImportDjango,
    /// Write the settings being edited for another program.
    Export,
    /// Ask for a file to import.
    PickImport,
    /// A file to import was picked or dropped.
    ImportFile(PathBuf),
}

/// What is done with the Doctor.
#[derive(Clone, Debug)]
pub enum DoctorAction {
    /// Show the Doctor's page and examine a saved connection. With `None` what is shown: on the settings page what is
    /// edited, on the Doctor's the same once more, else the open connection, else the credentials of this computer.
    Examine(Option<ConnectionId>),
    /// Examine the credentials of a profile of the shared files, or those that SDKs find on this computer by themselves.
    ExamineFound(Option<String>),
    /// Save as a connection what is examined and is none yet, and open it.
    KeepVisitor,
    /// Examine the settings being edited, saved or not.
    ExamineDraft,
    /// Examine the same connection again.
    RunAgain,
    /// Stop the examination; what was found stays.
    Stop,
    /// Back to where the page was opened from.
    Leave,
    /// Show one column of a narrow window.
    Show(DoctorTab),
    /// Do what helps.
    Remedy(Remedy),
    /// Copy what was found, without secrets.
    CopyReport,
    /// Save the report into a new file.
    SaveReport,
    /// Copy commands that repeat the checks.
    CopyCommands,
}

/// Answers to the conflict table, one for all or one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictAnswer {
    /// For all rows.
    All(ConflictChoice),
    /// For one row.
    One {
        /// The row.
        row: usize,
        /// Its answer.
        choice: ConflictChoice,
    },
}

/// A moment that the frame brings along, because the state has no clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    /// The clock's time.
    pub now: Timestamp,
    /// Seconds since the program started, for toasts.
    pub uptime_secs: f64,
}

macro_rules! into_action {
    ($($part:ty => $variant:ident,)*) => {$(
        impl From<$part> for Action {
            fn from(part: $part) -> Self {
                Self::$variant(part)
            }
        }
    )*};
}

into_action! {
    Go => Go,
    TableAction => Table,
    ObjectAction => Objects,
    TransferAction => Transfers,
    SettingsAction => Settings,
    DoctorAction => Doctor,
    ProbeAction => Probe,
    CredentialsAction => Credentials,
    DialogEdit => Dialog,
    PanelEdit => Panel,
    RequestsAction => Requests,
}
