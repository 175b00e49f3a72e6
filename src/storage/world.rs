//! What a connection takes from around the program: variables, the shared AWS files, the time, the way to servers.
//!
//! Production uses [`World::system`]. A [`World::of`] is given instead of asked for, so that a connection can be seen
//! in any surroundings: nothing of this computer gets into it, and no metadata service is looked for. A [`Dial`]
//! opens the way to servers in place of sockets and TLS; everything above it stays as it is.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

#[allow(
    deprecated,
    reason = "the new name of this type is in a crate that we do not use otherwise"
)]
use aws_config::profile::profile_file::{ProfileFileKind, ProfileFiles};
use aws_types::os_shim_internal::{Env, Fs};
use tokio::net::TcpStream;

use super::credentials::{AskCode, Codes};
use super::endpoint::Endpoint;
use super::log::{Recorder, RequestLog};
use crate::domain::Timestamp;

/// Opens the way to the server of a URL. What it gives is spoken plain HTTP on, so TLS, where there is to be any, is
/// part of the way.
pub trait Dial: Send + Sync {
    /// Opens a way.
    fn dial(
        &self,
        to: &http::Uri,
    ) -> Pin<Box<dyn Future<Output = io::Result<TcpStream>> + Send + 'static>>;
}

/// The surroundings of a connection.
#[derive(Clone, Default)]
pub struct World {
    given: Option<Arc<Given>>,
    now: Option<Timestamp>,
    dial: Option<Arc<dyn Dial>>,
    codes: Option<Codes>,
    second: Option<Duration>,
    log: Option<(RequestLog, Arc<str>)>,
    stall: Option<Duration>,
}

#[derive(Default)]
struct Given {
    variables: BTreeMap<String, String>,
    config: String,
    credentials: String,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World")
            .field("given", &self.given.is_some())
            .field("now", &self.now)
            .field("dial", &self.dial.is_some())
            .finish()
    }
}

#[allow(
    deprecated,
    reason = "the new name of this type is in a crate that we do not use otherwise"
)]
impl World {
    /// The computer as it is.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// Surroundings of these variables and these texts of the shared config and credentials files.
    pub fn of<'a>(
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
        config: &str,
        credentials: &str,
    ) -> Self {
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self {
            given: Some(Arc::new(Given {
                variables,
                config: config.to_owned(),
                credentials: credentials.to_owned(),
            })),
            ..Self::default()
        }
    }

    /// The same with a clock that stands.
    #[must_use]
    pub const fn at(mut self, now: Timestamp) -> Self {
        self.now = Some(now);
        self
    }

    /// The same with another way to servers.
    #[must_use]
    pub fn through(mut self, dial: Arc<dyn Dial>) -> Self {
        self.dial = Some(dial);
        self
    }

    /// The same with somebody who can be asked for the codes of MFA devices.
    #[must_use]
    pub fn asking(mut self, ask: Arc<dyn AskCode>) -> Self {
        self.codes = Some(Codes::new(ask));
        self
    }

    /// The same with another length of a second while a person is waited for; everything else takes its time.
    #[must_use]
    pub const fn with_second(mut self, second: Duration) -> Self {
        self.second = Some(second);
        self
    }

    /// Whom to ask for the codes of MFA devices.
    pub(super) const fn codes(&self) -> Option<&Codes> {
        self.codes.as_ref()
    }

    /// How long a second of waiting for a person takes.
    pub(super) fn second(&self) -> Duration {
        self.second.unwrap_or(Duration::from_secs(1))
    }

    /// The same, with every exchange written down under the connection's name.
    #[must_use]
    pub fn watched_by(mut self, log: &RequestLog, connection: &str) -> Self {
        self.log = Some((log.clone(), Arc::from(connection)));
        self
    }

    /// Writes exchanges down, where there is a log.
    pub(super) fn recorder(&self, endpoint: &Endpoint) -> Option<Recorder> {
        let (log, connection) = self.log.clone()?;
        Some(Recorder::new(log, connection, endpoint.clone()))
    }

    /// The same with another patience: a transfer of which no byte moves for so long is dead.
    #[must_use]
    pub const fn stalls_after(mut self, time: Duration) -> Self {
        self.stall = Some(time);
        self
    }

    /// How long no byte may move.
    pub(super) fn stall(&self) -> Duration {
        self.stall.unwrap_or(super::attempt::STALL)
    }

    /// The time at which the clock stands.
    pub(super) const fn now(&self) -> Option<Timestamp> {
        self.now
    }

    /// The way to servers, when it is not the usual one.
    pub(super) const fn dial(&self) -> Option<&Arc<dyn Dial>> {
        self.dial.as_ref()
    }

    /// True when nothing of this computer may be asked.
    #[must_use]
    pub const fn is_given(&self) -> bool {
        self.given.is_some()
    }

    /// A variable that holds something.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        let found = match &self.given {
            Some(given) => given.variables.get(name).cloned(),
            None => std::env::var(name).ok(),
        };
        found.filter(|text| !text.is_empty())
    }

    /// The shared files as the SDK takes them.
    pub(super) fn profile_files(&self) -> ProfileFiles {
        match &self.given {
            None => ProfileFiles::default(),
            Some(given) => ProfileFiles::builder()
                .with_contents(ProfileFileKind::Config, &given.config)
                .with_contents(ProfileFileKind::Credentials, &given.credentials)
                .build(),
        }
    }

    /// File system and variables as the SDK takes them.
    pub(super) fn shims(&self) -> (Fs, Env) {
        match &self.given {
            None => (Fs::real(), Env::real()),
            Some(given) => {
                let variables: HashMap<String, String> = given
                    .variables
                    .iter()
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                (
                    Fs::from_map(HashMap::<String, Vec<u8>>::new()),
                    Env::from(variables),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_given_world_knows_nothing_else_and_prints_no_value() {
        let world = World::of([("A", "CANARY"), ("B", "")], "[default]", "").at(Timestamp(7));
        assert_eq!(world.variable("A").as_deref(), Some("CANARY"));
        assert_eq!(world.variable("B"), None);
        assert_eq!(world.variable("PATH"), None);
        assert_eq!(world.now(), Some(Timestamp(7)));
        assert!(!format!("{world:?}").contains("CANARY"));
        assert!(World::system().variable("PATH").is_some());
    }
}
