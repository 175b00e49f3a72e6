//! What was found in a text of settings that another program wrote: connections to be made, values that lie elsewhere,
//! and what could not be taken over.
//!
//! Readers of the layers above fill it. Rule others rely on: whatever stood in the text and is in no connection here
//! is named in [`Imported::unresolved`] or [`Imported::remarks`], with its line.

use std::fmt;

use super::connection::{Access, Connection, ConnectionId, CredentialMode, StorageKind};
use super::ini::IniFaultKind;
use super::problem::Problem;
use super::values::Values;
use crate::domain::{Location, ParameterRule, Secret};

/// What a text of settings is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextKind {
    /// A Django settings file or a part of one.
    #[default]
    Django,
    /// A `.env` file.
    DotEnv,
    /// Shared AWS files, or a part of them.
    Profile,
    /// `rclone.conf`.
    Rclone,
    /// `.s3cfg`.
    S3cmd,
    /// This program's own export.
    Json,
}

impl TextKind {
    /// All of them, in the order of the drop-down.
    pub const ALL: [Self; 6] = [
        Self::Django,
        Self::DotEnv,
        Self::Profile,
        Self::Rclone,
        Self::S3cmd,
        Self::Json,
    ];

    /// The word on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Django => "django",
            Self::DotEnv => "env",
            Self::Profile => "profile",
            Self::Rclone => "rclone",
            Self::S3cmd => "s3cmd",
            Self::Json => "json",
        }
    }

    /// The words for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Django => "Django settings",
            Self::DotEnv => ".env file",
            Self::Profile => "AWS profiles",
            Self::Rclone => "rclone remotes",
            Self::S3cmd => "s3cmd config",
            Self::Json => "Cooperage export",
        }
    }

    /// The one of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What was found in a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// What the text was read as.
    pub kind: TextKind,
    /// Connections; a parent comes before those based on it.
    pub connections: Vec<ImportedConnection>,
    /// Settings whose value is not in the text and not found here.
    pub unresolved: Vec<Unresolved>,
    /// What was not taken over, or not without a doubt.
    pub remarks: Vec<Remark>,
}

impl Imported {
    /// Nothing yet, of a text of this kind.
    #[must_use]
    pub fn of(kind: TextKind) -> Self {
        Self {
            kind,
            ..Self::default()
        }
    }

    /// Notes something that was not taken over.
    pub fn remark(&mut self, line: usize, name: &str, reason: RemarkReason) {
        self.remarks.push(Remark {
            line,
            name: name.to_owned(),
            reason,
        });
    }

    /// Puts both lists in the order of the text.
    pub fn sort(&mut self) {
        self.remarks.sort_by_key(|remark| remark.line);
        self.unresolved.sort_by_key(|one| one.line);
    }

    /// How many lines could not be read or were refused, which is more than a thing without a counterpart.
    #[must_use]
    pub fn failures(&self) -> usize {
        let failed = |remark: &&Remark| remark.reason.is_failure();
        self.remarks.iter().filter(failed).count()
    }
}

/// One connection to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedConnection {
    /// Its name in the text: alias of a storage, name of a class, a profile or a remote.
    pub name: String,
    /// Storage class.
    pub kind: StorageKind,
    /// Where credentials are looked for.
    pub credentials: CredentialMode,
    /// Options, secrets included.
    pub values: Values,
    /// Session token.
    pub session_token: Option<Secret>,
    /// Upload parameters by pattern.
    pub rules: Vec<ParameterRule>,
    /// Number of the connection it is based on.
    pub based_on: Option<usize>,
    /// What only this program knows of a connection.
    pub own: OwnFields,
}

/// What only this program's own export says of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnFields {
    /// What may be done with it.
    pub access: Access,
    /// The band along the top.
    pub production: bool,
    /// Its colour, if it had one.
    pub colour: Option<u8>,
    /// Places to come back to.
    pub bookmarks: Vec<Location>,
    /// Buckets shown at the left.
    pub buckets: Vec<String>,
}

impl ImportedConnection {
    /// One that sets nothing.
    pub fn new(name: impl Into<String>, kind: StorageKind) -> Self {
        Self {
            name: name.into(),
            kind,
            credentials: CredentialMode::Auto,
            values: Values::default(),
            session_token: None,
            rules: Vec::new(),
            based_on: None,
            own: OwnFields::default(),
        }
    }

    /// True when it sets nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.session_token.is_none() && self.rules.is_empty()
    }

    /// The connection to save. `made` are the ids of those that were made of the same text, in its order; `colour` is
    /// taken where the text says none.
    #[must_use]
    pub fn into_connection(
        self,
        name: String,
        colour: u8,
        made: &[Option<ConnectionId>],
    ) -> Connection {
        let mut connection = Connection::new(name);
        connection.colour = self.own.colour.unwrap_or(colour);
        connection.access = self.own.access;
        connection.production = self.own.production;
        connection.bookmarks = self.own.bookmarks;
        connection.buckets = self.own.buckets;
        connection.kind = self.kind;
        connection.credentials = self.credentials;
        connection.values = self.values;
        connection.session_token = self.session_token;
        connection.rules = self.rules;
        // A parent comes before those based on it.
        connection.based_on = self.based_on.and_then(|at| made.get(at).cloned()?);
        connection
    }
}

/// A setting whose value is not in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// Line, from 1.
    pub line: usize,
    /// The setting.
    pub name: String,
    /// The variable that should hold it and is not set here; `None` when the text just left it out.
    pub variable: Option<String>,
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.variable {
            Some(variable) => write!(
                f,
                "{name} lies in the variable {variable}, which is not set here; set it by hand"
            ),
            None => write!(f, "{name} is not in the text; set it by hand"),
        }
    }
}

/// Something that was not taken over, or not without a doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Line, from 1.
    pub line: usize,
    /// What it is about; empty for a line that does not read.
    pub name: String,
    /// Why.
    pub reason: RemarkReason,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.name.as_str(), &self.reason) {
            ("", reason @ RemarkReason::OnlyForTool { .. }) => write!(f, "{reason}"),
            ("", reason) => write!(f, "this line {reason}"),
            (name, reason) => write!(f, "{name} {reason}"),
        }
    }
}

/// Why something was not taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemarkReason {
    /// The value would take a running Python.
    NeedsPython,
    /// It uses a name that this text does not assign.
    UnknownName(String),
    /// The line does not read.
    Syntax,
    /// What boto3 stops at in an ini file.
    Ini(IniFaultKind),
    /// The option refuses the value.
    Refused(Problem),
    /// A value that such a setting cannot have, and what it needs.
    WrongValue(&'static str),
    /// django-storages has no such documented option, or it has no effect here.
    NotAnOption,
    /// Taken, although it stands under a condition.
    Condition {
        /// Line of the condition.
        line: usize,
    },
    /// A storage that is not S3.
    OtherBackend(String),
    /// The storage class switches signing off; the setting has no effect there.
    HiddenByClass,
    /// It means something to requests, but no option of django-storages says it.
    NoCounterpart,
    /// The program that the text is for has no such setting, as far as known here.
    NotKnown(TextKind),
    /// Settings that steer only the program that the text is for, by name.
    OnlyForTool {
        /// Whose text it is.
        kind: TextKind,
        /// Their names in the order of the text.
        names: Vec<String>,
    },
    /// A remote that is not S3.
    OtherRemote(String),
    /// A remote that leads to one that is not in the text.
    RemoteMissing(String),
    /// The text is encrypted.
    Encrypted,
    /// AWS tools work it out from their shared files.
    NeedsSharedFiles,
    /// The shared files hold no such profile.
    NoSuchProfile,
    /// Not what this program exports.
    NotOurs,
}

impl RemarkReason {
    /// True when the text is at fault, not the difference of two programs.
    #[must_use]
    pub const fn is_failure(&self) -> bool {
        match self {
            Self::Syntax
            | Self::Ini(_)
            | Self::Refused(_)
            | Self::WrongValue(_)
            | Self::RemoteMissing(_)
            | Self::Encrypted
            | Self::NoSuchProfile
            | Self::NotOurs => true,
            Self::NeedsPython
            | Self::UnknownName(_)
            | Self::NotAnOption
            | Self::Condition { .. }
            | Self::OtherBackend(_)
            | Self::HiddenByClass
            | Self::NoCounterpart
            | Self::NotKnown(_)
            | Self::OnlyForTool { .. }
            | Self::OtherRemote(_)
            | Self::NeedsSharedFiles => false,
        }
    }
}

impl fmt::Display for RemarkReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeedsPython => f.write_str("would take a running Python; set it by hand"),
            Self::UnknownName(name) => write!(f, "uses {name}, which is not assigned here"),
            Self::Syntax => f.write_str("does not read"),
            Self::Ini(fault) => f.write_str(match fault {
                IniFaultKind::NoSection => "stands before the first [section]",
                IniFaultKind::Unreadable => "is neither a [section] nor NAME = VALUE",
                IniFaultKind::NestedUnreadable => {
                    "has a line nested below it that is no NAME = VALUE"
                }
                IniFaultKind::SectionTwice => "is a section that was there already",
                IniFaultKind::ByteOrderMark => {
                    "begins with an invisible mark of the byte order, at which boto3 stops"
                }
                IniFaultKind::KeyTwice => "sets what the section has set already; the last one counts",
            }),
            Self::Refused(problem) => problem.reason.fmt(f),
            Self::WrongValue(needed) => write!(f, "needs {needed}"),
            Self::NotAnOption => f.write_str("is no documented option of the S3 storage"),
            Self::Condition { line } => {
                write!(f, "taken as if the condition of line {line} held")
            }
            Self::OtherBackend(class) => write!(f, "is not kept in S3 but with {class}"),
            Self::HiddenByClass => {
                f.write_str("has no effect: a static storage class does not sign links")
            }
            Self::NoCounterpart => f.write_str("has no counterpart in django-storages"),
            Self::NotKnown(kind) => write!(f, "is not known here among {}", kind.label()),
            Self::OnlyForTool { kind, names } => {
                let tool = match kind {
                    TextKind::S3cmd => "s3cmd",
                    TextKind::Rclone => "rclone",
                    _ => "the AWS tools",
                };
                let count = names.len();
                let (steers, has) = if count == 1 { ("setting steers", "has") } else { ("settings steer", "have") };
                write!(f, "{count} {steers} only {tool} and {has} no meaning here: {}", names.join(", "))
            }
            Self::OtherRemote(kind) => write!(f, "is a remote of the type {kind}, not s3"),
            Self::RemoteMissing(name) => write!(f, "leads to {name}, which is not in this text"),
            Self::Encrypted => f.write_str(
                "says that the file is encrypted; write it in clear with `rclone config show > FILE` first",
            ),
            Self::NeedsSharedFiles => f.write_str(
                "is worked out by AWS tools from their shared files; choose the profile itself instead of its text",
            ),
            Self::NoSuchProfile => f.write_str("is no profile of the shared AWS files"),
            Self::NotOurs => f.write_str("is not in the form that Cooperage exports"),
        }
    }
}
