//! Why a rung of the source ladder cannot be used, and what is odd about one that can.
//!
//! One variant a cause: each has a sentence and a remedy of its own. Names of profiles, files and variables are kept as
//! they are written; nothing here is secret.

use std::path::PathBuf;

use crate::domain::Timestamp;

/// What is odd about a rung, without stopping it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RungNote {
    /// Key id and secret come from different places.
    MixedPair,
    /// What stands here is the other half of the pair that signs.
    LendsHalf {
        /// The number of the rung that signs, from 1.
        to: usize,
    },
    /// The environment's token is sent along with keys that were typed.
    TokenSticks {
        /// The variable.
        variable: String,
    },
    /// A token is set beside and has no effect.
    TokenIgnored {
        /// The variable.
        variable: String,
    },
    /// A key id of temporary credentials, and no token with it.
    TokenMissing,
    /// The variable is there, but empty.
    EmptyVariable(String),
    /// The option is there, but empty; it hides the general one.
    EmptyOption(&'static str),
    /// Django stops at this line of a shared file; this program reads on.
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        flaw: FileFlaw,
    },
    /// Nobody answered within a second: this is no machine of that kind.
    NoAnswer,
    /// The variable switches this off.
    SwitchedOff(String),
    /// The variable names the profile.
    ProfileOf(String),
}

impl RungNote {
    /// True when it may surprise; the others only tell.
    #[must_use]
    pub const fn warns(&self) -> bool {
        matches!(
            self,
            Self::MixedPair
                | Self::TokenSticks { .. }
                | Self::TokenMissing
                | Self::Malformed { .. }
        )
    }
}

/// What is wrong with a line of a shared file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFlaw {
    /// An entry before the first section.
    NoSection,
    /// Neither section, entry, comment nor continuation.
    Unreadable,
    /// The section was there already.
    SectionTwice,
    /// The key was there already.
    KeyTwice,
}

/// What is wrong with a cached sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CacheFlaw {
    /// There is no file.
    Missing,
    /// The system refuses to read the file.
    Unreadable,
    /// The file ends in the middle, or is no JSON.
    CutOff,
    /// It is whole, but a member is missing or no text.
    Unfit {
        /// The member.
        member: &'static str,
    },
    /// The sign-in has ended.
    Expired(Timestamp),
}

/// What is wrong with what a program printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputFlaw {
    /// Nothing at all.
    Nothing,
    /// It is no JSON object.
    NotJson,
    /// `Version` is not 1.
    Version,
    /// A member is missing or no text.
    Member(&'static str),
}

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
        /// The option that quarrels with it.
        option: &'static str,
    },
    /// The keyring keeps the secret and does not give it.
    SecretNotAtHand {
        /// The option.
        option: &'static str,
    },
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
    },
    /// The profile holds settings, and no way to credentials.
    ProfileWithoutKeys {
        /// Its name.
        name: String,
    },
    /// The system refuses to read a shared file, or it is no text.
    FileUnreadable {
        /// The file.
        path: PathBuf,
        /// It can be read and is no UTF-8.
        not_text: bool,
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
    /// A role asks for a code.
    CodeNeeded {
        /// The device.
        serial: String,
        /// The role's name.
        role: String,
    },
    /// A token file without a role.
    RoleArnMissing,
    /// The token's file is not there.
    TokenFileMissing {
        /// The file.
        path: PathBuf,
    },
    /// The system refuses to read the token's file.
    TokenFileUnreadable {
        /// The file.
        path: PathBuf,
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
        /// The first line it said about that, without what looks secret.
        said: String,
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
    },
    /// STS does not take the token of the web identity.
    WebTokenRefused {
        /// The role's name.
        role: String,
        /// Its code.
        code: String,
    },
    /// The container's endpoint gave no keys.
    ContainerRefused,
    /// The metadata service answers, and no role is attached to the machine.
    InstanceWithoutRole,
    /// The metadata service was asked for, and nobody answers.
    InstanceSilent,
    /// A service that is needed cannot be reached.
    Unreachable {
        /// What it was needed for.
        subject: String,
    },
    /// Nobody answered in time.
    NoAnswer {
        /// How long was waited.
        secs: u64,
    },
    /// Something else.
    Other {
        /// What was said, without what looks secret.
        said: String,
    },
}
