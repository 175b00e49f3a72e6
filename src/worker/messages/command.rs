//! What the window asks of the worker.

use std::path::PathBuf;
use std::sync::Arc;

use crate::catalog::{Arrangement, Catalog, Order};
use crate::domain::diagnosis::{ServerTraits, WriteTest};
use crate::domain::{
    Key, Location, ObjectDetails, Prefix, Secret, SignInMethod, SignInSession, Ticket, Timestamp,
};
use crate::exchange::Form;
use crate::settings::memory::WindowMemory;
use crate::settings::new_profile::Addition;
use crate::settings::{Connection, ConnectionId, OptionId, TextKind};

use super::{SavedText, Which, Work};

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
    /// End the work of this ticket: a sign-in, the opening of a connection, a listing, a plan, an examination, a wait for
    /// requests. Its final event still comes.
    Cancel(Ticket),
    /// Find credentials, region and host of a connection and keep it open.
    OpenConnection {
        /// Question number.
        ticket: Ticket,
        /// The connection; secrets that its values lack come from the keyring.
        connection: Box<Connection>,
        /// The connections it may be based on.
        others: Vec<Connection>,
    },
    /// Take the role of a connection, as a try: nothing is kept but keys that a person's code brought.
    TryRole {
        /// Question number.
        ticket: Ticket,
        /// The connection with the role.
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
    /// Find out whether a connection works, and where it breaks when it does not.
    Examine {
        /// Question number.
        ticket: Ticket,
        /// The connection; secrets that its values lack come from the keyring.
        connection: Box<Connection>,
        /// The connections it may be based on.
        others: Vec<Connection>,
        /// Only its credentials are in question, where it names no bucket.
        keys_only: bool,
    },
    /// Find out by writing one object, and removing it, what may be done below the prefix of a connection.
    TestWriting {
        /// Question number.
        ticket: Ticket,
        /// The connection; secrets that its values lack come from the keyring.
        connection: Box<Connection>,
        /// The connections it may be based on.
        others: Vec<Connection>,
        /// What it is asked for.
        wish: WriteTest,
    },
    /// Look at what an open connection's server is and can do, with a few requests that only read. The answer is
    /// `ServerMet`.
    MeetServer {
        /// Question number.
        ticket: Ticket,
        /// The open connection.
        id: ConnectionId,
        /// The bucket that is looked at.
        bucket: String,
        /// The prefix that can be listed.
        prefix: Prefix,
    },
    /// Let an open connection go by what is known of its server now. Has no answer.
    GoByServer {
        /// The connection; nothing is done where it is closed.
        id: ConnectionId,
        /// What is known.
        server: Box<ServerTraits>,
    },
    /// Wait until the log of requests has something newer than a version, and give it.
    ReadRequests {
        /// Question number.
        ticket: Ticket,
        /// The version that is known.
        after: u64,
    },
    /// Work out what settings would lead to, without sending anything.
    PreviewSettings {
        /// Question number.
        ticket: Ticket,
        /// The settings.
        connection: Box<Connection>,
        /// The connections it may be based on.
        others: Vec<Connection>,
        /// The name of a file.
        sample: String,
        /// Ask the keyring for secrets that are not at hand.
        fetch_secrets: bool,
    },
    /// Read a file as the value of a secret option.
    ReadSecretFile {
        /// Question number.
        ticket: Ticket,
        /// Which option.
        option: OptionId,
        /// The file.
        path: PathBuf,
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
    /// Look at files of this computer that may be dropped.
    LookAtPaths {
        /// Question number.
        ticket: Ticket,
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
    /// Tell people outside the window, by a notification of the desktop. Has no answer.
    Notify(String),
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
    /// Sign in to Identity Center.
    SignIn {
        /// Question number.
        ticket: Ticket,
        /// Where.
        session: SignInSession,
        /// How.
        method: SignInMethod,
    },
    /// List the accounts of who is signed in.
    ListAccounts {
        /// Question number.
        ticket: Ticket,
        /// Where.
        session: SignInSession,
    },
    /// List the roles that may be had in an account.
    ListRoles {
        /// Question number.
        ticket: Ticket,
        /// Where.
        session: SignInSession,
        /// The account's number.
        account: String,
    },
    /// The answer to a question for a code; `None` when there is none.
    AnswerCode {
        /// The question's own number.
        ticket: Ticket,
        /// The code.
        code: Option<Secret>,
    },
    /// Look at the keys of an open connection.
    Renew {
        /// Question number.
        ticket: Ticket,
        /// The open connection.
        id: ConnectionId,
        /// Fetch new ones now; otherwise only when they are due.
        force: bool,
    },
    /// Append to the user's AWS config file what was shown.
    AddToAwsConfig {
        /// Question number.
        ticket: Ticket,
        /// What, and where.
        addition: Addition,
    },
    /// Read settings of another program.
    Import {
        /// Question number.
        ticket: Ticket,
        /// Where they are.
        source: ImportSource,
        /// What the text is; recognised when nothing is said.
        kind: Option<TextKind>,
    },
    /// Write a connection for another program.
    Export {
        /// Question number.
        ticket: Ticket,
        /// The connection.
        connection: Box<Connection>,
        /// Those it may be based on.
        others: Vec<Connection>,
        /// In which form.
        form: Form,
        /// With secrets in clear, fetched from the keyring where it keeps them.
        with_secrets: bool,
    },
    /// Write a text into a file that only its owner can read. Answered by `TextSaved`.
    SaveText {
        /// What it is.
        what: SavedText,
        /// The file.
        path: PathBuf,
        /// The text; it may hold secrets.
        text: Secret,
        /// One that is there may be replaced: somebody said so. Otherwise it stays, and nothing is written.
        replace: bool,
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
    /// A profile of the shared AWS files.
    Profile(String),
}
