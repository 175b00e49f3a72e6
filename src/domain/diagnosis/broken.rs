//! Why a source of credentials cannot be used.
//!
//! One variant a cause: each has a sentence and a remedy of its own. Names of profiles, files and variables are kept as
//! they are written; nothing here is secret. The storage core hangs a cause below its failure ([`BrokenSource`]), so that
//! the ladder and the messages tell the same.

use std::path::PathBuf;

use super::{
    AskedService, CacheFlaw, CodeEnd, FileFlaw, KeyFlaw, KeyHalf, Machine, Origin, OutputFlaw,
    RoleWord, Said, SeenProfile, StrangeAnswer, Unread,
};
use crate::domain::{StorageError, Timestamp};

/// Why a rung cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    /// One half of a pair.
    HalfPair {
        /// The missing name: `AWS_S3_SECRET_ACCESS_KEY`, `aws_secret_access_key`.
        missing: &'static str,
    },
    /// A session profile together with S3-specific keys in the settings: Django refuses both.
    ProfileWithKeys {
        /// The options that quarrel with it.
        options: Vec<&'static str>,
    },
    /// The keyring keeps the secret and does not give it.
    SecretNotAtHand {
        /// The option.
        option: &'static str,
    },
    /// Key id and secret stand in each other's place, or a secret key stands where the key id belongs.
    KeysSwapped {
        /// Where the key id should stand, where that is known.
        at: Option<Origin>,
    },
    /// A key is written as no key is. An id with a line end or a foreign letter cannot be sent; of the rest a server said
    /// that it does not know it.
    KeyUnfit {
        /// Which half.
        half: KeyHalf,
        /// Where it stands, where that is known.
        at: Option<Origin>,
        /// What is wrong with it.
        flaw: KeyFlaw,
    },
    /// The halves of a pair come from different places, and the server says that they do not belong together.
    PairMixed {
        /// Where the key id stands.
        id: Origin,
        /// Where the secret stands.
        secret: Origin,
    },
    /// Temporary keys without their token, which the server does not know.
    TokenMissing,
    /// A token of the environment went along with typed keys, and the server refuses it.
    ForeignToken {
        /// The variable.
        variable: String,
    },
    /// The halves of a pair stand in different files; boto3 takes both from one.
    PairTorn {
        /// Where the key id stands.
        id: Origin,
        /// Where the secret stands.
        secret: Origin,
    },
    /// A line is meant for a key and is not called as boto3 wants it.
    KeyMisnamed {
        /// What it is called.
        written: String,
        /// What it should be called.
        meant: &'static str,
        /// Where it stands.
        at: Origin,
    },
    /// A pair is there, and both halves are empty.
    PairEmpty,
    /// A session token without any key; it hides every source that comes after.
    TokenAlone {
        /// The variable; `None` when the connection keeps it.
        variable: Option<String>,
    },
    /// Temporary keys of a file whose end is written beside them, and past.
    KeysEnded {
        /// Their end.
        at: Timestamp,
    },
    /// No profile of that name.
    ProfileMissing {
        /// Its name.
        name: String,
        /// What stands there instead, where the files were looked through for it.
        seen: Option<SeenProfile>,
    },
    /// The profile holds settings, and no way to credentials.
    ProfileWithoutKeys {
        /// Its name.
        name: String,
    },
    /// A section does not count, because a later heading of the same file means the same profile.
    SectionReplaced {
        /// The file.
        path: PathBuf,
        /// The line of its heading, from 1.
        line: usize,
        /// The line of the later heading.
        by: usize,
    },
    /// A shared file gives no text.
    FileUnreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: Unread,
    },
    /// Reading stops at this line of a shared file.
    FileMalformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        flaw: FileFlaw,
    },
    /// The source of a role is not there.
    SourceMissing {
        /// The profile that is named.
        name: String,
        /// The profile that names it.
        from: String,
    },
    /// Sources lead back to where they began.
    SourceLoop {
        /// The profiles in order, the first again at the end.
        names: Vec<String>,
    },
    /// A role that nobody is named to take.
    RoleWithoutSource {
        /// The profile.
        name: String,
    },
    /// A role with two sources.
    TwoSources {
        /// The profile.
        name: String,
    },
    /// `credential_source` names no place there is.
    UnknownSource {
        /// What it names.
        value: String,
    },
    /// The environment is to take a role and has no pair.
    SourceVariablesMissing {
        /// The variable that is missing.
        missing: &'static str,
    },
    /// A role asks for a code, and has none.
    CodeNeeded {
        /// The device.
        serial: String,
        /// The role's name.
        role: String,
        /// Why there is none.
        end: CodeEnd,
    },
    /// A token file without a role.
    RoleArnMissing,
    /// The token's file is not there.
    TokenFileMissing {
        /// The file.
        path: PathBuf,
    },
    /// The token's file gives no text.
    TokenFileUnreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: Unread,
    },
    /// The token's file is empty.
    TokenFileEmpty {
        /// The file.
        path: PathBuf,
    },
    /// The session block of Identity Center is not there.
    SessionMissing {
        /// Its name.
        session: String,
    },
    /// A setting of Identity Center is missing.
    IdentityCenterIncomplete {
        /// The key.
        missing: &'static str,
        /// The section where it belongs, where that is known.
        at: Option<Origin>,
    },
    /// The cached sign-in cannot be used.
    SignIn {
        /// The session block, or the address.
        session: String,
        /// What is wrong with it.
        flaw: CacheFlaw,
    },
    /// Identity Center does not take the cached sign-in.
    SignInRefused {
        /// The session block, or the address.
        session: String,
    },
    /// Identity Center does not give this role to who is signed in.
    RoleNotAssigned {
        /// The role.
        role: String,
        /// The account.
        account: String,
    },
    /// The program of `credential_process` is not there.
    ProcessNotFound {
        /// The program.
        program: String,
    },
    /// The system refuses to run the program.
    ProcessNotRunnable {
        /// The program.
        program: String,
    },
    /// The program said no.
    ProcessFailed {
        /// The program.
        program: String,
        /// Its exit code; `None` when a signal ended it.
        code: Option<i32>,
        /// What it said about that.
        said: Said,
    },
    /// The program did not end in time.
    ProcessHangs {
        /// The program.
        program: String,
        /// How long was waited.
        secs: u64,
    },
    /// The program printed something else.
    ProcessOutput {
        /// The program.
        program: String,
        /// What is wrong with it.
        flaw: OutputFlaw,
    },
    /// The program gave keys that have ended.
    ProcessKeysEnded {
        /// The program.
        program: String,
        /// Their end.
        at: Timestamp,
    },
    /// STS does not let the source take the role.
    RoleDenied {
        /// The role's name.
        role: String,
        /// It is taken with an external id.
        external_id: bool,
    },
    /// The keys that are to take the role have ended.
    SourceEnded {
        /// The role's name.
        role: String,
    },
    /// STS does not know the keys that are to take the role.
    SourceRefused {
        /// The role's name.
        role: String,
        /// Where the token stands that was sent along with them.
        token: Option<Origin>,
        /// The secret is wrong, for a key id that it knows.
        secret_wrong: bool,
    },
    /// STS does not take the token of the web identity.
    WebTokenRefused {
        /// The role's name.
        role: String,
        /// Its code.
        code: String,
    },
    /// A service of the machine refuses to give keys.
    MachineRefused {
        /// Which.
        machine: Machine,
        /// HTTP status.
        status: u16,
    },
    /// A service of the machine is asked for, and nobody answers.
    MachineSilent {
        /// Which.
        machine: Machine,
    },
    /// A service of the machine answers something else than keys.
    MachineAnswer {
        /// Which.
        machine: Machine,
        /// What is wrong with it.
        flaw: OutputFlaw,
    },
    /// A service of the machine gave keys that have ended.
    MachineKeysEnded {
        /// Which.
        machine: Machine,
        /// Their end.
        at: Timestamp,
    },
    /// The variable names a place that must not be asked for a container's keys, or no address.
    ContainerAddress {
        /// The host, or what stands there.
        place: String,
    },
    /// The file with the token for the container's endpoint cannot be read.
    ContainerTokenUnreadable {
        /// The file.
        path: PathBuf,
    },
    /// The token for the container's endpoint has more than one line.
    ContainerTokenUnfit,
    /// The metadata service answers, and no role is attached to the machine.
    InstanceWithoutRole,
    /// The metadata service gives no session token, and nothing without one.
    InstanceWithoutToken,
    /// The metadata service knows a role, and cannot take it.
    InstanceRoleUnusable {
        /// The role.
        role: String,
        /// Its code.
        code: String,
    },
    /// The metadata service is asked for, and a variable forbids to ask it.
    InstanceSwitchedOff {
        /// The variable.
        variable: &'static str,
    },
    /// The keys kept by `aws login` cannot be used.
    Login {
        /// The profile that names the session.
        profile: String,
        /// What is wrong with them.
        flaw: CacheFlaw,
    },
    /// The line of `credential_process` has a quote that is not closed.
    CommandUnreadable,
    /// A service that is needed cannot be reached.
    Unreachable {
        /// What it was needed for.
        subject: String,
        /// The host that was asked, where it is known.
        host: Option<String>,
        /// Why, in the words of [`StorageError::code`](crate::domain::StorageError::code), where that is known.
        code: Option<String>,
    },
    /// Nobody answered in time.
    NoAnswer {
        /// Who was asked.
        subject: String,
        /// How long was waited.
        secs: u64,
    },
    /// A line of a role is none that STS takes.
    RoleWordUnfit {
        /// The role's name.
        role: String,
        /// Which.
        word: RoleWord,
        /// What stands there.
        written: String,
        /// Where, where that is known.
        at: Option<Origin>,
    },
    /// A service that gives keys fails by itself.
    ServiceFailed {
        /// Which.
        service: AskedService,
        /// Its host.
        host: String,
        /// HTTP status.
        status: u16,
    },
    /// Something else answers where a service that gives keys should.
    StrangerAnswers {
        /// The service.
        service: AskedService,
        /// Its host.
        host: String,
        /// What came.
        what: StrangeAnswer,
    },
    /// Whoever gives keys says no in words of its own.
    Refused {
        /// Who.
        subject: String,
        /// HTTP status, where there was one.
        status: Option<u16>,
        /// Its code, where it has one.
        code: Option<String>,
        /// What it said, without what looks secret.
        said: String,
    },
}

/// The cause as the lowest error of a failure, for those who can tell more than the failure's kind.
#[derive(Debug)]
pub struct BrokenSource(pub Break);

impl BrokenSource {
    /// The cause at the bottom of a failure, where a source of credentials gave one.
    #[must_use]
    pub fn in_failure(failure: &StorageError) -> Option<&Break> {
        let mut next: Option<&(dyn std::error::Error + 'static)> = Some(failure);
        while let Some(error) = next {
            if let Some(Self(cause)) = error.downcast_ref::<Self>() {
                return Some(cause);
            }
            next = error.source();
        }
        None
    }
}

impl std::fmt::Display for BrokenSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for BrokenSource {}
