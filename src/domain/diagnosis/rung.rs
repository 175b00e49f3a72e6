//! One rung of the source ladder: a place where credentials may come from, and what was found there.
//!
//! The order of the rungs is the order of the search. [`RungState`] says whether the rung counts, [`Break`] why it
//! cannot be used; [`Step`]s follow a profile's chain to the place where it ends or breaks. Every value here may be
//! shown: key ids are masked, arguments of programs are redacted.

use std::path::PathBuf;

use super::{Break, Light, Remedy, RungNote};
use crate::domain::Timestamp;

/// A place where credentials may come from, and what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// Which place.
    pub place: RungPlace,
    /// Whether it counts.
    pub state: RungState,
    /// The key it gives, as far as it is known.
    pub key: Option<KeyFacts>,
    /// Where each part was found: key id, secret, token.
    pub origins: Vec<(ChainWord, Origin)>,
    /// The chain of a profile, from its beginning to where it ends or breaks.
    pub steps: Vec<Step>,
    /// What is odd about it.
    pub notes: Vec<RungNote>,
    /// What one click can do about it.
    pub remedy: Option<Remedy>,
}

/// The places of the search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RungPlace {
    /// `AWS_S3_SESSION_PROFILE`, with its name where it is set.
    SessionProfile(Option<String>),
    /// `AWS_S3_ACCESS_KEY_ID` and its secret in the settings.
    S3Pair,
    /// `AWS_ACCESS_KEY_ID` and its secret in the settings.
    GeneralPair,
    /// `AWS_S3_ACCESS_KEY_ID` and its secret in the environment.
    S3Variables,
    /// `AWS_ACCESS_KEY_ID` and its secret in the environment.
    GeneralVariables,
    /// A role that the default profile takes.
    Role(String),
    /// A token file for a web identity.
    WebIdentity,
    /// IAM Identity Center, with the session that the default profile names.
    IdentityCenter(Option<String>),
    /// Keys of a profile in the shared credentials file.
    CredentialsFile(String),
    /// Keys that `aws login` keeps for a profile.
    Login(String),
    /// `credential_process` of a profile.
    Process(String),
    /// Keys of a profile in the shared config file.
    ConfigFile(String),
    /// A file of tools older than the shared files: that of `AWS_CREDENTIAL_FILE`, or boto 2's.
    OldFile(PathBuf),
    /// The credentials endpoint of a container.
    Container,
    /// The metadata service of an EC2 machine.
    Instance,
    /// The connection says that requests are not signed.
    Unsigned,
}

impl RungPlace {
    /// Its name for programs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::SessionProfile(_) => "session-profile",
            Self::S3Pair => "s3-key-pair",
            Self::GeneralPair => "general-key-pair",
            Self::S3Variables => "environment-s3",
            Self::GeneralVariables => "environment-general",
            Self::Role(_) => "role",
            Self::WebIdentity => "web-identity",
            Self::IdentityCenter(_) => "identity-center",
            Self::CredentialsFile(_) => "credentials-file",
            Self::Login(_) => "login",
            Self::Process(_) => "process",
            Self::ConfigFile(_) => "config-file",
            Self::OldFile(_) => "old-file",
            Self::Container => "container",
            Self::Instance => "instance-metadata",
            Self::Unsigned => "unsigned",
        }
    }

    /// The profile it is about, where it names one.
    #[must_use]
    pub fn profile(&self) -> Option<&str> {
        match self {
            Self::SessionProfile(name) => name.as_deref(),
            Self::Role(name)
            | Self::CredentialsFile(name)
            | Self::Login(name)
            | Self::Process(name)
            | Self::ConfigFile(name) => Some(name),
            _ => None,
        }
    }
}

impl RungState {
    /// Its name for programs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::NotSet => "not-set",
            Self::NotSearched => "not-searched",
            Self::NotAsked => "not-asked",
            Self::Shadowed { .. } => "shadowed",
            Self::Used => "used",
            Self::Failed { .. } => "failed",
        }
    }
}

/// Whether a rung counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RungState {
    /// Nothing is there.
    NotSet,
    /// The connection's mode does not look here.
    NotSearched,
    /// Only the network could tell, and an earlier rung made the question needless.
    NotAsked,
    /// Something is there, but an earlier rung wins.
    Shadowed {
        /// The number of the winning rung, from 1.
        by: usize,
    },
    /// What signs.
    Used,
    /// Something is there, and it cannot be used.
    Failed {
        /// Why.
        cause: Box<Break>,
        /// True when the search ends here, so that nothing signs; false when an earlier rung signs anyway.
        matters: bool,
    },
}

/// A key as far as it may be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyFacts {
    /// `AKIA…MPLE`; empty when it is not known.
    pub masked_id: String,
    /// With a session token, or an id that begins with `ASIA`.
    pub temporary: bool,
    /// A session token belongs to it.
    pub has_token: bool,
    /// When it ends, where that is known.
    pub expires: Option<Timestamp>,
}

/// What was found at an [`Origin`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChainWord {
    /// The access key id.
    KeyId,
    /// The secret access key.
    Secret,
    /// The session token.
    Token,
    /// The name of a profile.
    Profile,
}

/// Where something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An option of the connection.
    Option {
        /// Its Django name.
        name: &'static str,
        /// The connection it is inherited from, when it is not its own.
        parent: Option<String>,
    },
    /// The role that the connection takes with its own credentials.
    ConnectionRole,
    /// The token kept with the connection's own keys.
    ConnectionToken {
        /// The connection it is inherited from, when it is not its own.
        parent: Option<String>,
    },
    /// A variable of the environment.
    Variable(String),
    /// A section of a shared file.
    File {
        /// The file.
        path: PathBuf,
        /// What stands between the brackets.
        section: String,
        /// The line, from 1.
        line: usize,
    },
    /// A file as a whole.
    Path(PathBuf),
    /// An answer of a service or a program.
    Answer {
        /// Who answered: `AssumeRole`, `GetRoleCredentials`, a program's name, `instance metadata`.
        who: String,
        /// When.
        at: Timestamp,
    },
}

/// One step of a profile's chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it stands.
    pub origin: Origin,
    /// What it says.
    pub kind: StepKind,
    /// Good where it holds, bad where the chain breaks.
    pub light: Light,
}

/// What a step says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A key pair.
    Keys(KeyFacts),
    /// A role, and who takes it.
    Role {
        /// Its name without the account.
        role: String,
        /// It wants a code of this device.
        mfa_serial: Option<String>,
        /// It is taken with an external id.
        external_id: bool,
    },
    /// The profile whose keys take the role.
    SourceProfile(String),
    /// The place whose keys take the role: `Environment`, `Ec2InstanceMetadata`, `EcsContainer`.
    CredentialSource(String),
    /// A sign-in of IAM Identity Center.
    IdentityCenter {
        /// The session block, or the address where there is none.
        session: String,
        /// The account's number.
        account: String,
        /// The role's name.
        role: String,
    },
    /// The cached token of a sign-in.
    CachedSignIn {
        /// When it ends.
        expires: Option<Timestamp>,
    },
    /// The session whose keys `aws login` keeps: the ARN of who signed in.
    LoginSession(String),
    /// A program that prints credentials.
    Process {
        /// Its name and its arguments, without those that look secret.
        command: String,
    },
    /// A file with a token for a web identity.
    TokenFile(PathBuf),
    /// Somebody is named that is not there.
    Missing(String),
    /// The profile holds no credentials.
    Nothing,
}

impl Rung {
    /// A rung where nothing was found.
    #[must_use]
    pub const fn empty(place: RungPlace) -> Self {
        Self {
            place,
            state: RungState::NotSet,
            key: None,
            origins: Vec::new(),
            steps: Vec::new(),
            notes: Vec::new(),
            remedy: None,
        }
    }

    /// The light before it: red where the failure keeps requests from being signed, here or by Django.
    #[must_use]
    pub fn light(&self) -> Light {
        match &self.state {
            RungState::Used if self.stops_django().is_some() => Light::Bad,
            RungState::Used if self.notes.iter().any(RungNote::warns) => Light::Warning,
            RungState::Used if self.is_fetching() => Light::Info,
            RungState::Used => Light::Good,
            RungState::Failed { matters: true, .. } => Light::Bad,
            // Nobody knows whether anything is in it.
            RungState::Failed { cause, .. } if matches!(**cause, Break::FileUnreadable { .. }) => {
                Light::Info
            }
            RungState::Failed { matters: false, .. } => Light::Warning,
            RungState::Shadowed { .. } => Light::Info,
            RungState::NotSet | RungState::NotSearched | RungState::NotAsked => Light::Skipped,
        }
    }

    /// At what Django stops although it signs here.
    #[must_use]
    pub fn stops_django(&self) -> Option<&RungNote> {
        let notes = self.notes.iter();
        let stops = notes.filter(|_| self.state == RungState::Used);
        stops.into_iter().find(|note| note.stops_django())
    }

    /// True while its keys are being fetched: it is the one that counts, and nobody knows yet whether it signs.
    #[must_use]
    pub fn is_fetching(&self) -> bool {
        let fetching = |note: &RungNote| matches!(note, RungNote::Fetching { .. });
        self.notes.iter().any(fetching)
    }

    /// True when it signs, or keeps anything from being signed.
    #[must_use]
    pub const fn decides(&self) -> bool {
        matches!(
            self.state,
            RungState::Used | RungState::Failed { matters: true, .. }
        )
    }

    /// Why it cannot be used.
    #[must_use]
    pub fn cause(&self) -> Option<&Break> {
        match &self.state {
            RungState::Failed { cause, .. } => Some(cause),
            _ => None,
        }
    }

    /// True when anything is there.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        !matches!(
            self.state,
            RungState::NotSet | RungState::NotSearched | RungState::NotAsked
        )
    }
}
