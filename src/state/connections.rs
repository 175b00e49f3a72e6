//! The connections of the left panel, and the one that is open.

use crate::domain::{Location, Prefix, Ticket};
use crate::settings::{Connection, ConnectionId, OptionId, SecretSlot, Values};
use crate::worker::messages::{OpenError, Opened};

/// Where a connection comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The settings file.
    Saved,
    /// The command line or the first page; kept for this run.
    Unsaved,
    /// The S3 server inside the program.
    Builtin,
}

/// The name by which the window's memory knows the built-in bucket, whose connection is made anew each time.
pub const BUILTIN: &str = "built-in";

/// One line of the left panel.
#[derive(Debug)]
pub struct Entry {
    /// The connection; secrets of a saved one come from the keyring when it is opened.
    pub connection: Connection,
    /// Where it comes from.
    pub origin: Origin,
}

impl Entry {
    /// Its identity.
    #[must_use]
    pub const fn id(&self) -> &ConnectionId {
        &self.connection.id
    }
}

/// All connections.
#[derive(Debug, Default)]
pub struct Connections {
    /// In the order shown.
    pub list: Vec<Entry>,
    /// The one the browser shows.
    pub current: Option<ConnectionId>,
    /// What is known of it once it is open.
    pub opened: Option<Opened>,
    /// The question that opens it.
    pub opening: Option<Ticket>,
    /// Why it could not be opened.
    pub failure: Option<OpenError>,
    /// Where to go once it is open.
    pub then: Option<Location>,
    /// Options of the command line for one of them; they hold for this run and are never saved.
    pub overrides: Option<(ConnectionId, Values)>,
}

impl Connections {
    /// The line of that number.
    #[must_use]
    pub fn find(&self, id: &ConnectionId) -> Option<&Entry> {
        self.list.iter().find(|entry| entry.id() == id)
    }

    /// The line of this number, counted from 1.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Option<&Entry> {
        self.list.get(number.checked_sub(1)?)
    }

    /// A connection as it is opened in this run.
    #[must_use]
    pub fn for_this_run(&self, entry: &Entry) -> Connection {
        let mut connection = entry.connection.clone();
        if let Some((id, values)) = &self.overrides
            && id == entry.id()
        {
            connection.values.extend(values.clone());
        }
        connection
    }

    /// True when the connection shown says how long links work; otherwise what was chosen last holds.
    #[must_use]
    pub fn sets_link_lifetime(&self) -> bool {
        let Some(entry) = self.current.as_ref().and_then(|id| self.find(id)) else {
            return false;
        };
        let own = self.for_this_run(entry);
        let all = self.all();
        let parents = own.parents(&all).unwrap_or_default();
        let mut chain = std::iter::once(&own).chain(parents);
        chain.any(|one| one.values.get(OptionId::LinkExpiry).is_some())
    }

    /// The line that leads to the same place in the same way, whatever it is called and whatever its secrets are.
    #[must_use]
    pub fn twin_of(&self, connection: &Connection) -> Option<&Entry> {
        let bare = |connection: &Connection| {
            let mut bare = connection.clone();
            drop(bare.take_secrets());
            let Connection {
                credentials,
                values,
                identity_center,
                role,
                rules,
                kind,
                based_on,
                ..
            } = bare;
            let whose = (credentials, identity_center, role);
            (whose, values, rules, kind, based_on)
        };
        let wanted = bare(connection);
        self.list
            .iter()
            .filter(|entry| entry.origin != Origin::Builtin)
            .find(|entry| bare(&entry.connection) == wanted)
    }

    /// The connection the browser shows.
    #[must_use]
    pub fn current(&self) -> Option<&Connection> {
        self.current
            .as_ref()
            .and_then(|id| self.find(id))
            .map(|entry| &entry.connection)
    }

    /// Adds a line, or replaces the one with the same number.
    pub fn put(&mut self, connection: Connection, origin: Origin) {
        let entry = Entry { connection, origin };
        match self.list.iter_mut().find(|own| own.id() == entry.id()) {
            Some(own) => *own = entry,
            None => self.list.push(entry),
        }
    }

    /// The keyring keeps a secret of a line from now on.
    pub fn secret_kept(&mut self, id: &ConnectionId, slot: &SecretSlot) {
        if let Some(entry) = self.list.iter_mut().find(|entry| entry.id() == id) {
            entry.connection.kept_secrets.insert(slot.clone());
        }
    }

    /// Takes a line away. True when the browser showed it.
    pub fn remove(&mut self, id: &ConnectionId) -> bool {
        self.list.retain(|entry| entry.id() != id);
        let was_open = self.current.as_ref() == Some(id);
        if was_open {
            *self = Self {
                list: std::mem::take(&mut self.list),
                ..Self::default()
            };
        }
        was_open
    }

    /// A name that no connection has yet.
    #[must_use]
    pub fn free_name(&self, wish: &str) -> String {
        crate::settings::connection::free_name(wish, &self.all())
    }

    /// Copies of all connections, for what one may be based on.
    #[must_use]
    pub fn all(&self) -> Vec<Connection> {
        self.list
            .iter()
            .map(|entry| entry.connection.clone())
            .collect()
    }

    /// The connection of the built-in bucket, while it runs.
    #[must_use]
    pub fn builtin(&self) -> Option<&Entry> {
        self.list
            .iter()
            .find(|entry| entry.origin == Origin::Builtin)
    }

    /// Where a connection begins: its bucket and its prefix.
    #[must_use]
    pub fn home(&self) -> Option<Location> {
        let bucket = self.opened.as_ref()?.bucket.clone()?;
        let location = self
            .opened
            .as_ref()
            .map(|opened| opened.location.as_str())
            .unwrap_or_default();
        Some(Location::new(
            bucket,
            Prefix::new(location.trim_start_matches('/')),
        ))
    }
}
