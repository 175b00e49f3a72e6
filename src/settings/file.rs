//! The file of connections and the window's memory on disk.
//!
//! Every change reads the file again under a lock, changes only what the change names, and writes it whole; so two
//! running programs do not undo each other, and comments and unknown keys stay. A file that cannot be read is set
//! aside under a name that the result tells. A file of a newer version is read as far as possible and never written.
//!
//! These calls touch the disk and may wait for the lock: they belong on a thread that may block.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use toml_edit::DocumentMut;

use super::connection::{Connection, ConnectionId};
use super::document;
use super::folders::{Folders, make_private_folder, write_whole};
use super::memory::WindowMemory;
use super::notice::{Notice, SettingsError};
use crate::domain::Timestamp;

/// How long a change waits for another program that is writing.
pub const LOCK_WAIT: Duration = Duration::from_secs(2);

/// What the file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loaded {
    /// The connections in order.
    pub connections: Vec<Connection>,
    /// What people should know.
    pub notices: Vec<Notice>,
}

impl Loaded {
    /// False when a newer version wrote the file.
    #[must_use]
    pub fn can_be_saved(&self) -> bool {
        !self
            .notices
            .iter()
            .any(|notice| matches!(notice, Notice::Newer { .. }))
    }
}

/// One change of the file.
#[derive(Clone, Debug)]
pub enum Change {
    /// Adds a connection, or replaces it whole.
    Put(Box<Connection>),
    /// Changes what differs between the two; what another program changed meanwhile stays.
    Update {
        /// As it was read.
        before: Box<Connection>,
        /// As it shall be.
        after: Box<Connection>,
    },
    /// Takes a connection out.
    Remove(ConnectionId),
    /// Sorts the connections.
    Order(Vec<ConnectionId>),
}

/// The file of connections.
#[derive(Clone, Debug)]
pub struct ConnectionsFile {
    path: PathBuf,
    lock: PathBuf,
    lock_wait: Duration,
}

impl ConnectionsFile {
    /// The file in the program's folder; nothing is touched yet.
    #[must_use]
    pub fn new(folders: &Folders) -> Self {
        Self {
            path: folders.connections(),
            lock: folders.config().join("connections.lock"),
            lock_wait: LOCK_WAIT,
        }
    }

    /// The same with another patience.
    #[must_use]
    pub fn with_lock_wait(mut self, wait: Duration) -> Self {
        self.lock_wait = wait;
        self
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the connections. No file is no connections. A broken file is set aside; `now` names it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn load(&self, now: Timestamp) -> Result<Loaded, SettingsError> {
        match self.read()? {
            Content::Document(document) => Ok(loaded(&document)),
            Content::Broken { .. } => {
                let _held = self.hold()?;
                Ok(self.read_or_set_aside(now)?.1)
            }
        }
    }

    /// Makes changes and returns what the file holds then, changes of other programs included.
    ///
    /// # Errors
    /// When the system refuses, the lock stays taken, or a newer version wrote the file.
    pub fn change(&self, changes: &[Change], now: Timestamp) -> Result<Loaded, SettingsError> {
        let _held = self.hold()?;
        let (mut document, before) = self.read_or_set_aside(now)?;
        let schema = document::schema(&document);
        if schema > document::SCHEMA {
            return Err(SettingsError::Newer { schema });
        }
        for change in changes {
            apply(&mut document, change);
        }
        write_whole(&self.path, &document.to_string()).map_err(|source| {
            SettingsError::Unwritable {
                path: self.path.clone(),
                source,
            }
        })?;
        let mut after = loaded(&document);
        let set_aside = |notice: &Notice| matches!(notice, Notice::SetAside { .. });
        after
            .notices
            .extend(before.notices.into_iter().filter(set_aside));
        Ok(after)
    }

    fn read_or_set_aside(&self, now: Timestamp) -> Result<(DocumentMut, Loaded), SettingsError> {
        match self.read()? {
            Content::Document(document) => {
                let loaded = loaded(&document);
                Ok((*document, loaded))
            }
            Content::Broken { line } => {
                let to = self.free_broken_name(now);
                fs::rename(&self.path, &to).map_err(|source| SettingsError::Unwritable {
                    path: to.clone(),
                    source,
                })?;
                let notices = vec![Notice::SetAside { to, line }];
                Ok((
                    DocumentMut::new(),
                    Loaded {
                        connections: Vec::new(),
                        notices,
                    },
                ))
            }
        }
    }

    fn free_broken_name(&self, now: Timestamp) -> PathBuf {
        let base = format!("{}.broken-{}", self.path.display(), now.amz_date());
        let mut name = PathBuf::from(&base);
        let mut number = 2;
        while name.exists() {
            name = PathBuf::from(format!("{base}-{number}"));
            number += 1;
        }
        name
    }

    fn read(&self) -> Result<Content, SettingsError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(source) => {
                return Err(SettingsError::Unreadable {
                    path: self.path.clone(),
                    source,
                });
            }
        };
        let line_at = |offset: usize| {
            1 + bytes[..offset.min(bytes.len())]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count()
        };
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text,
            Err(error) => {
                return Ok(Content::Broken {
                    line: line_at(error.valid_up_to()),
                });
            }
        };
        match text.parse::<DocumentMut>() {
            Ok(document) => Ok(Content::Document(Box::new(document))),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                Ok(Content::Broken { line: line_at(at) })
            }
        }
    }

    /// Takes the lock, which the returned file holds until it is dropped.
    fn hold(&self) -> Result<File, SettingsError> {
        let refused = |source| SettingsError::Unwritable {
            path: self.lock.clone(),
            source,
        };
        if let Some(folder) = self.lock.parent() {
            make_private_folder(folder).map_err(refused)?;
        }
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&self.lock)
            .map_err(refused)?;
        let begin = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if begin.elapsed() < self.lock_wait => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(SettingsError::Busy {
                        path: self.lock.clone(),
                    });
                }
                // Some network file systems know no locks; the write itself is whole even then.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(file);
                }
                Err(TryLockError::Error(source)) => return Err(refused(source)),
            }
        }
    }
}

enum Content {
    Document(Box<DocumentMut>),
    Broken { line: usize },
}

fn loaded(document: &DocumentMut) -> Loaded {
    let read = document::read(document);
    let mut notices = Vec::new();
    let schema = document::schema(document);
    if schema > document::SCHEMA {
        notices.push(Notice::Newer { schema });
    }
    notices.extend(read.skipped.into_iter().map(Notice::Skipped));
    notices.extend(
        read.problems
            .into_iter()
            .map(|(id, problem)| Notice::Refused(id, problem)),
    );
    notices.extend(read.secrets_in_file.into_iter().map(Notice::SecretInFile));
    Loaded {
        connections: read.connections,
        notices,
    }
}

fn apply(document: &mut DocumentMut, change: &Change) {
    match change {
        Change::Put(connection) => document::put(document, connection),
        Change::Update { before, after } => {
            let on_disk = document::read(document)
                .connections
                .into_iter()
                .find(|one| one.id == after.id);
            let merged =
                on_disk.map_or_else(|| (**after).clone(), |disk| merge(disk, before, after));
            document::put(document, &merged);
        }
        Change::Remove(id) => document::remove(document, id),
        Change::Order(ids) => document::order(document, ids),
    }
}

/// What is on disk, with what differs between before and after. Secrets are not compared: none is on disk.
fn merge(mut disk: Connection, before: &Connection, after: &Connection) -> Connection {
    macro_rules! take {
        ($($field:ident),*) => {
            $(if before.$field != after.$field { disk.$field.clone_from(&after.$field); })*
        };
    }
    take!(
        name,
        colour,
        access,
        production,
        credentials,
        kept_secrets,
        identity_center,
        role,
        keys_end,
        rules,
        kind,
        based_on,
        bookmarks,
        buckets,
        server
    );
    for option in super::table::OptionId::all() {
        if before.values.get(option) == after.values.get(option) {
            continue;
        }
        match after.values.get(option) {
            Some(value) => disk.values.set(option, value.clone()),
            None => {
                disk.values.reset(option);
            }
        }
    }
    disk
}

/// Reads what the window remembers; anything unreadable is the default.
#[must_use]
pub fn load_window(folders: &Folders) -> WindowMemory {
    fs::read_to_string(folders.window())
        .map(|text| WindowMemory::from_toml(&text))
        .unwrap_or_default()
}

/// Writes what the window remembers.
///
/// # Errors
/// When the system refuses.
pub fn save_window(folders: &Folders, memory: &WindowMemory) -> Result<(), SettingsError> {
    let path = folders.window();
    write_whole(&path, &memory.to_toml())
        .map_err(|source| SettingsError::Unwritable { path, source })
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
