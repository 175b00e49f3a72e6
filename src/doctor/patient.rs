//! Who is examined: a connection, what it is based on, what surrounds it, and its way to the server if it has one.

use std::time::Duration;

use crate::domain::{StorageError, Timestamp};
use crate::settings::{
    Connection, Environment, Inspected, OptionId, Problem, Profiles, Values, inspect,
};
use crate::storage::{Storage, World};

/// A connection with everything an examination looks at.
#[derive(Debug)]
pub struct Patient {
    /// The connection, with the secrets that were at hand.
    pub connection: Connection,
    /// What it is based on, nearest first, with their secrets.
    pub parents: Vec<Connection>,
    /// What stands before the connection's own values: options of the command line.
    pub above: Values,
    /// Variables and shared files at this moment.
    pub environment: Environment,
    /// Profiles of the shared files.
    pub profiles: Profiles,
    /// What all of it leads to, problems included.
    pub inspected: Inspected,
    /// The way to the server. No credentials were fetched for it yet.
    pub storage: Result<Storage, Unopened>,
    /// The surroundings as the storage sees them.
    pub world: World,
    /// The time at which the examination began.
    pub now: Timestamp,
    /// How long others may take to answer.
    pub limits: Limits,
    /// The question is whether the credentials are accepted: that no bucket is named is then no fault.
    pub keys_only: bool,
}

/// How long others may take to answer, where it is not the usual time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// A program that prints credentials.
    pub program: Option<Duration>,
    /// A service that gives credentials.
    pub service: Option<Duration>,
}

/// Why there is no way to the server.
#[derive(Debug)]
pub enum Unopened {
    /// Settings stop it; see [`Patient::inspected`].
    Settings,
    /// Region, host or certificate file cannot be used.
    Storage(StorageError),
}

impl Patient {
    /// Gathers everything about a connection. `parents` is the chain it is based on, or why there is none.
    pub async fn new(
        connection: Connection,
        parents: Result<Vec<Connection>, Problem>,
        above: Values,
        environment: Environment,
        world: World,
        now: Timestamp,
    ) -> Self {
        let (parents, orphaned) = match parents {
            Ok(parents) => (parents, None),
            Err(problem) => (Vec::new(), Some(problem)),
        };
        let profiles = Profiles::read(&environment);
        let mut inspected = {
            let parents: Vec<&Connection> = parents.iter().collect();
            inspect(&connection, &parents, &above, &environment)
        };
        inspected.stops.extend(orphaned);
        let stopped = !inspected.stops.is_empty() || inspected.resolved.stops_requests().is_some();
        let storage = if stopped {
            Err(Unopened::Settings)
        } else {
            Storage::connect_in(inspected.resolved.config.clone(), world.clone())
                .await
                .map_err(Unopened::Storage)
        };
        Self {
            connection,
            parents,
            above,
            environment,
            profiles,
            inspected,
            storage,
            world,
            now,
            limits: Limits::default(),
            keys_only: false,
        }
    }

    /// The same, asked about its credentials alone where it names no bucket.
    #[must_use]
    pub fn about_keys(mut self) -> Self {
        self.keys_only = self.inspected.resolved.config.bucket.is_none();
        self
    }

    /// The chain that a connection is based on, cloned out of all connections.
    ///
    /// # Errors
    /// When the chain leads nowhere or back to itself.
    pub fn parents_of(
        connection: &Connection,
        all: &[Connection],
    ) -> Result<Vec<Connection>, Problem> {
        connection
            .parents(all)
            .map(|chain| chain.into_iter().cloned().collect())
            // No option is to blame; the first of the table's credentials stands for it, as when opening.
            .map_err(|reason| Problem::new(OptionId::SessionProfile, reason))
    }
}
