//! What can go wrong with the files of the settings, and what people should know about them.

use std::io;
use std::path::PathBuf;

use super::connection::ConnectionId;
use super::problem::Problem;

/// Why settings could not be read or written.
#[derive(Debug)]
pub enum SettingsError {
    /// The system refused to read.
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The system refused to write; the old file is untouched.
    Unwritable {
        /// Which file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Another program holds the lock.
    Busy {
        /// The lock file.
        path: PathBuf,
    },
    /// A newer version of the program wrote the file; this one leaves it alone.
    Newer {
        /// Schema number in the file.
        schema: i64,
    },
}

impl std::fmt::Display for SettingsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable { path, source } => {
                write!(f, "cannot read {}: {source}", path.display())
            }
            Self::Unwritable { path, source } => {
                write!(f, "cannot write {}: {source}", path.display())
            }
            Self::Busy { path } => {
                write!(
                    f,
                    "another program is writing the settings and holds {}",
                    path.display()
                )
            }
            Self::Newer { schema } => write!(
                f,
                "a newer version of the program wrote the connections (schema {schema}); they are left as they are"
            ),
        }
    }
}

impl std::error::Error for SettingsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { source, .. } | Self::Unwritable { source, .. } => Some(source),
            Self::Busy { .. } | Self::Newer { .. } => None,
        }
    }
}

/// What people should know about the file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The file did not read as TOML and now has this name.
    SetAside {
        /// Where it is now.
        to: PathBuf,
        /// First line that did not read, from 1.
        line: usize,
    },
    /// A newer version wrote the file; changes cannot be saved.
    Newer {
        /// Its schema number.
        schema: i64,
    },
    /// A value that its option refuses.
    Refused(ConnectionId, Problem),
    /// A table without a usable id, counted from 1.
    Skipped(usize),
    /// A secret written into the file by hand; saving moves it to the keyring.
    SecretInFile(ConnectionId),
}
