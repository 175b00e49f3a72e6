//! What the storages of Django refuse, as data. Each kind stands for one class of exception there; the sentences are
//! for logs, people read what `words` makes of the parts.

use std::fmt;

use crate::domain::StorageError;
use crate::settings::{Problem, Reason};
use crate::storage::names::NameError;

/// Why an operation of a Django storage failed.
#[derive(Debug)]
pub enum DjangoError {
    /// A setting that stops everything that needs the server.
    Setting(Problem),
    /// A name was refused.
    Name(NameError),
    /// No bucket is set.
    NoBucket,
    /// The name stands for no key at all.
    EmptyKey,
    /// A key without its secret cannot sign with version 2.
    NoSecret,
    /// The managed upload takes no such parameter.
    NoUploadParameter {
        /// Its name.
        name: String,
    },
    /// A parameter of a call was refused before anything was sent.
    Parameter(Reason),
    /// A parameter of a link was refused.
    LinkParameter {
        /// Its name.
        name: String,
    },
    /// Text was given where bytes are needed.
    TextContent,
    /// There is no such object.
    Missing {
        /// Its full key.
        key: String,
    },
    /// A file operation that the file's mode does not allow.
    Mode(ModeFault),
    /// Bytes that are no UTF-8 were read as text.
    NotUtf8 {
        /// Where the first bad byte stands in what was read.
        at: usize,
    },
    /// An object that should be compressed is not, or is damaged.
    Gzip(GzipFault),
    /// The list of hashed names.
    Manifest(ManifestFault),
    /// The server, or the way to it.
    Storage(StorageError),
    /// The temporary file.
    Local(std::io::Error),
}

/// What the mode of a file does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeFault {
    /// Reading and writing at once.
    Both,
    /// Reading, when the mode has no `r`.
    Read,
    /// Writing, when the mode has no `w`.
    Write,
    /// Compression, which takes neither text mode nor looking back while writing.
    Compressed,
    /// Closing what never began, because beginning failed.
    NothingBegun,
}

/// What is wrong with a compressed object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GzipFault {
    /// It does not begin like one.
    NotGzip,
    /// It ends too early.
    Cut,
    /// Its contents do not add up.
    Damaged,
}

/// What is wrong with the list of hashed names, or with making it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManifestFault {
    /// It is no JSON of a known version.
    Unreadable,
    /// It lists no such name.
    NoEntry {
        /// The name.
        name: String,
    },
    /// A stylesheet speaks of a file that is not there.
    NoFile {
        /// The name.
        name: String,
    },
    /// Files speak of each other in a circle that does not settle.
    DoesNotSettle,
    /// A stylesheet or script that is no UTF-8.
    NotText {
        /// The name.
        name: String,
    },
}

impl fmt::Display for DjangoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting(problem) => problem.fmt(f),
            Self::Name(error) => error.fmt(f),
            Self::NoBucket => f.write_str("no bucket is set"),
            Self::EmptyKey => f.write_str("the name stands for no key"),
            Self::NoSecret => f.write_str("a key without its secret cannot sign with version 2"),
            Self::NoUploadParameter { name } => write!(f, "an upload takes no {name}"),
            Self::Parameter(reason) => reason.fmt(f),
            Self::LinkParameter { name } => write!(f, "a link cannot carry {name} so"),
            Self::TextContent => f.write_str("text was given where bytes are needed"),
            Self::Missing { key } => write!(f, "there is no object “{key}”"),
            Self::Mode(fault) => f.write_str(match fault {
                ModeFault::Both => "a file is opened for reading or for writing, not for both",
                ModeFault::Read => "the file was not opened for reading",
                ModeFault::Write => "the file was not opened for writing",
                ModeFault::Compressed => "a compressed object cannot be opened in this mode",
                ModeFault::NothingBegun => "there is no upload to finish",
            }),
            Self::NotUtf8 { at } => write!(f, "byte {at} is no UTF-8"),
            Self::Gzip(fault) => f.write_str(match fault {
                GzipFault::NotGzip => "the object is not compressed, though it says so",
                GzipFault::Cut => "the compressed object is cut",
                GzipFault::Damaged => "the compressed object is damaged",
            }),
            Self::Manifest(fault) => match fault {
                ManifestFault::Unreadable => f.write_str("the list of static files is damaged"),
                ManifestFault::NoEntry { name } => {
                    write!(f, "the list of static files has no “{name}”")
                }
                ManifestFault::NoFile { name } => write!(f, "the static file “{name}” is missing"),
                ManifestFault::DoesNotSettle => {
                    f.write_str("static files speak of each other in a circle")
                }
                ManifestFault::NotText { name } => write!(f, "“{name}” is no UTF-8 text"),
            },
            Self::Storage(error) => error.fmt(f),
            Self::Local(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DjangoError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Storage(error) => Some(error),
            Self::Local(error) => Some(error),
            Self::Name(error) => Some(error),
            Self::Setting(problem) => Some(problem),
            _ => None,
        }
    }
}

impl From<NameError> for DjangoError {
    fn from(error: NameError) -> Self {
        Self::Name(error)
    }
}

impl From<StorageError> for DjangoError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<std::io::Error> for DjangoError {
    fn from(error: std::io::Error) -> Self {
        Self::Local(error)
    }
}

impl From<ManifestFault> for DjangoError {
    fn from(fault: ManifestFault) -> Self {
        Self::Manifest(fault)
    }
}
