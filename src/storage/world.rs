//! What a connection takes from around the program: variables, the shared AWS files, the time, the way to servers.
//!
//! Production uses [`World::system`]. A [`World::of`] is given instead of asked for, so that a connection can be seen
//! in any surroundings: nothing of this computer gets into it, and no metadata service is looked for. A [`Dial`]
//! opens the way to servers in place of sockets and TLS; everything above it stays as it is.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;

use super::Storage;
use super::credentials::{
    Ambient, AskCode, Codes, KeptKeys, Keyring, SharedFile, may_ask_instance,
};
use super::endpoint::Endpoint;
use super::log::{Recorder, RequestLog};
use crate::domain::diagnosis::Unread;
use crate::domain::{StorageConfig, Timestamp};
use crate::shared_files;

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
    kept: Vec<KeptKeys>,
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

    /// True when there is somebody who can be asked for the codes of MFA devices.
    #[must_use]
    pub const fn has_person(&self) -> bool {
        self.codes.is_some()
    }

    /// The same with the keys of another storage of the connection where a person gave a code for them: one whose keys
    /// come from the same place uses those, so that nobody is asked again. All other keys are fetched anew.
    #[must_use]
    pub fn with_keys_of(mut self, other: &Storage) -> Self {
        let kept = other.asks_for_code().then(|| KeptKeys::of(other));
        self.kept.extend(kept);
        self
    }

    /// The keys that are kept for this connection, those first that still hold.
    pub(super) fn kept_keys(&self, config: &StorageConfig, ambient: &Ambient) -> Option<Keyring> {
        let fit = || {
            self.kept
                .iter()
                .filter_map(|kept| kept.fit(config, ambient))
        };
        let held = fit().find(|keyring| keyring.held().is_some());
        held.or_else(|| fit().next()).cloned()
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

    /// The home folder.
    pub(super) fn home(&self) -> Option<PathBuf> {
        let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        match self.variable(name) {
            Some(home) => Some(PathBuf::from(home)),
            None if self.is_given() => None,
            None => Some(directories::BaseDirs::new()?.home_dir().to_owned()),
        }
    }

    /// A path in which variables and the home folder may stand.
    pub(super) fn expanded(&self, path: &str) -> PathBuf {
        shared_files::expanded(path, |name| self.variable(name), self.home().as_deref())
    }

    /// The profile that botocore takes when none is asked for.
    pub(super) fn profile(&self) -> String {
        self.named_profile().unwrap_or_else(|| "default".to_owned())
    }

    /// True when the variables name a profile, which then has to be there.
    pub(super) fn names_profile(&self) -> bool {
        self.named_profile().is_some()
    }

    fn named_profile(&self) -> Option<String> {
        ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"]
            .into_iter()
            .find_map(|name| self.variable(name))
    }

    /// True when a metadata service may be looked for.
    #[must_use]
    pub fn may_ask_instance(&self) -> bool {
        may_ask_instance(self)
    }

    /// Path and text of a shared file; `None` when there is none.
    pub(super) async fn shared_file(
        &self,
        file: SharedFile,
    ) -> (PathBuf, Result<Option<String>, Unread>) {
        let (variable, name) = match file {
            SharedFile::Config => ("AWS_CONFIG_FILE", "config"),
            SharedFile::Credentials => ("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        };
        if let Some(given) = &self.given {
            let text = match file {
                SharedFile::Config => &given.config,
                SharedFile::Credentials => &given.credentials,
            };
            return (PathBuf::from(name), Ok(Some(text.clone())));
        }
        let own = self.variable(variable).map(|path| self.expanded(&path));
        let is_named = own.is_some();
        let path = own.or_else(|| Some(self.home()?.join(".aws").join(name)));
        let Some(path) = path else {
            return (PathBuf::new(), Ok(None));
        };
        let at = path.clone();
        let read = tokio::task::spawn_blocking(move || shared_files::read(&at)).await;
        let text = match read.unwrap_or(Err(Unread::Refused)) {
            Ok(None) if is_named => Err(Unread::Missing(variable)),
            text => text,
        };
        (path, text)
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
