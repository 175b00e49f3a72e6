//! The credentials of one connection: fetched when first needed, kept until shortly before they end.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as Providing;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_async::time::TimeSource;
use tokio::sync::Mutex;

use super::code::Questions;
use super::role::{Base, Role};
use super::sources::{NamedSource, source_of};
use super::{Ambient, Renewal, SharedFiles};
use crate::domain::{CredentialSpec, RoleSpec, StorageConfig, StorageError};
use crate::storage::Storage;
use crate::storage::clock::Clock;
use crate::storage::http::HttpPool;
use crate::storage::sts::Sts;
use crate::storage::world::World;

/// Keys are fetched anew when they hold no longer than this; those of a short life, in its last quarter.
const RENEW_BEFORE: Duration = Duration::from_secs(60);

/// What sources are made with.
pub(in crate::storage) struct Tools<'a> {
    pub(in crate::storage) pool: &'a HttpPool,
    pub(in crate::storage) clock: &'a Clock,
    pub(in crate::storage) world: &'a World,
    /// The region of the connection.
    pub(in crate::storage) region: &'a str,
    /// The shared files, and the profile in force.
    pub(super) files: &'a SharedFiles,
    pub(super) profile: &'a str,
    /// Where that profile says that STS answers.
    pub(super) own_sts: Option<String>,
    /// The questions to a person that the sources lead to.
    pub(super) questions: &'a Arc<Questions>,
}

impl Tools<'_> {
    /// STS of the connection's region. `own` is the address that the profile or the connection gives.
    pub(super) fn sts(&self, own: Option<&str>) -> Result<Sts, StorageError> {
        Sts::new(self.pool, self.clock, self.region, own, self.world)
    }

    /// A setting of botocore: its variable, or the entry of the profile in force.
    pub(super) fn set(&self, variable: &str, key: &str) -> Option<String> {
        let of_profile = || self.files.get(self.profile, key).map(str::to_owned);
        self.world.variable(variable).or_else(of_profile)
    }
}

/// The credentials of one connection, fetched when first needed.
#[derive(Clone, Debug)]
pub(in crate::storage) struct Keyring(Arc<Inner>);

/// The keys of another storage, and where it looks for them.
#[derive(Clone, Debug)]
pub(in crate::storage) struct KeptKeys {
    credentials: CredentialSpec,
    role: Option<RoleSpec>,
    keyring: Keyring,
}

/// What the shared files said that keys were looked for in; 0 where they were not.
fn said_by_files(config: &StorageConfig, ambient: &Ambient) -> u64 {
    match &config.credentials {
        CredentialSpec::Profile(_) | CredentialSpec::Chain => ambient.files.fingerprint(),
        CredentialSpec::Keys { .. }
        | CredentialSpec::IdentityCenter(_)
        | CredentialSpec::Anonymous => 0,
    }
}

impl KeptKeys {
    pub(in crate::storage) fn of(open: &Storage) -> Self {
        let config = &open.core.config;
        Self {
            credentials: config.credentials.clone(),
            role: config.role.clone(),
            keyring: open.core.keyring.clone(),
        }
    }

    /// The keys, for a connection that looks in the same place and finds the same there.
    pub(in crate::storage) fn fit(
        &self,
        config: &StorageConfig,
        ambient: &Ambient,
    ) -> Option<&Keyring> {
        let same = self.credentials == config.credentials
            && self.role == config.role
            && self.keyring.0.made.files == said_by_files(config, ambient);
        same.then_some(&self.keyring)
    }
}

#[derive(Debug)]
struct Inner {
    /// `None`: requests are not signed.
    source: Option<NamedSource>,
    /// The keys that a role is taken with.
    base: Option<Keyring>,
    made: Made,
    held: RwLock<Option<Held>>,
    /// Held while fetching, so that a burst of requests fetches once.
    fetching: Mutex<()>,
}

/// How it came to be.
#[derive(Clone, Debug, Default)]
struct Made {
    /// False when asking again always gives the same keys.
    renewable: bool,
    /// What stood in the shared files, where it was made of them.
    files: u64,
    questions: Arc<Questions>,
    clock: Clock,
}

#[derive(Clone, Debug)]
struct Held {
    credentials: Credentials,
    fetched: Instant,
    /// From then on they are fetched anew.
    renew_at: Option<SystemTime>,
}

impl Keyring {
    /// The sources a connection allows. Opens nothing. `sts` is for the connection's own role.
    ///
    /// # Errors
    /// When an address or a region cannot be part of a URL.
    pub(in crate::storage) fn new(
        config: &StorageConfig,
        ambient: &Ambient,
        tools: (&str, &HttpPool, &Clock, &World),
    ) -> Result<Self, StorageError> {
        let (region, pool, clock, world) = tools;
        let questions = Arc::default();
        let active = world.profile();
        let profile = match &config.credentials {
            CredentialSpec::Profile(name) => name,
            _ => &active,
        };
        let tools = Tools {
            pool,
            clock,
            world,
            region,
            files: &ambient.files,
            profile,
            own_sts: ambient.files.endpoint(profile, "sts"),
            questions: &questions,
        };
        let source = source_of(config, &ambient.files, &tools)?;
        let renewable = matches!(
            config.credentials,
            CredentialSpec::Profile(_) | CredentialSpec::Chain | CredentialSpec::IdentityCenter(_)
        );
        let made = Made {
            renewable,
            files: said_by_files(config, ambient),
            questions: Arc::clone(&questions),
            clock: clock.clone(),
        };
        let own = Self::over(source, None, made);
        match &config.role {
            Some(role) if !own.is_anonymous() => {
                let sts = tools.sts(config.own_endpoint())?;
                Ok(own.with_role(role, sts, &tools))
            }
            _ => Ok(own),
        }
    }

    fn over(source: Option<NamedSource>, base: Option<Self>, made: Made) -> Self {
        Self(Arc::new(Inner {
            source,
            base,
            made,
            held: RwLock::default(),
            fetching: Mutex::default(),
        }))
    }

    /// The keys of a role that is taken with these.
    fn with_role(self, role: &RoleSpec, sts: Sts, tools: &Tools<'_>) -> Self {
        let name = role.arn.rsplit('/').next().unwrap_or(&role.arn);
        let asks = role.mfa_serial.is_some() || self.asks();
        let provider = Role {
            base: Base::Keyring(self.clone()),
            spec: role.clone(),
            sts,
            codes: tools.world.codes().cloned(),
            questions: Arc::clone(tools.questions),
        };
        let source = NamedSource {
            name: format!("role \"{name}\""),
            provider: SharedCredentialsProvider::new(provider),
            asks,
        };
        let made = Made {
            renewable: true,
            ..self.0.made.clone()
        };
        Self::over(Some(source), Some(self), made)
    }

    /// Always these keys.
    #[cfg(test)]
    pub(in crate::storage) fn of(keys: Credentials) -> Self {
        let source = NamedSource::new("test", SharedCredentialsProvider::new(keys));
        Self::over(Some(source), None, Made::default())
    }

    /// True when requests are not signed.
    pub(in crate::storage) fn is_anonymous(&self) -> bool {
        self.0.source.is_none()
    }

    /// True when a person is asked for a code.
    fn asks(&self) -> bool {
        self.0.source.as_ref().is_some_and(|source| source.asks)
    }

    /// What happens before the keys end.
    pub(in crate::storage) fn renewal(&self) -> Renewal {
        match self.0.made.renewable {
            false => Renewal::Never,
            true if self.asks() => Renewal::Code,
            true => Renewal::Automatic,
        }
    }

    /// The credentials to sign with now.
    pub(in crate::storage) async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        Ok(self.hold().await?.credentials)
    }

    /// The same with the name of their source.
    pub(in crate::storage) async fn with_source(
        &self,
    ) -> Result<(Credentials, String), CredentialsError> {
        let held = self.hold().await?;
        Ok((held.credentials, self.source_name()))
    }

    fn source_name(&self) -> String {
        let source = self.0.source.as_ref();
        let own = source.map_or("anonymous", |source| source.name.as_str());
        match &self.0.base {
            Some(base) => format!("{own} of {}", base.source_name()),
            None => own.to_owned(),
        }
    }

    /// The same with the time at which they were fetched, for [`Keyring::forget`].
    pub(in crate::storage) async fn stamped(
        &self,
    ) -> Result<(Credentials, Instant), CredentialsError> {
        let held = self.hold().await?;
        Ok((held.credentials, held.fetched))
    }

    /// The questions to a person that fetching leads to.
    pub(in crate::storage) fn questions(&self) -> &Arc<Questions> {
        &self.0.made.questions
    }

    /// Drops the keys of that stamp and older ones, because a server called them expired, so that the next request
    /// fetches anew. True when other keys may come: those typed into the connection stay what they are.
    pub(in crate::storage) fn forget(&self, stamp: Option<Instant>) -> bool {
        let Some(stamp) = stamp.filter(|_| self.0.made.renewable) else {
            return false;
        };
        let mut held = self.0.held.write().unwrap_or_else(PoisonError::into_inner);
        // Newer ones are those that another request has fetched meanwhile.
        if held.as_ref().is_some_and(|held| held.fetched <= stamp) {
            *held = None;
        }
        true
    }

    /// What is held now, without fetching.
    pub(in crate::storage) fn held(&self) -> Option<Credentials> {
        self.valid().map(|held| held.credentials)
    }

    /// What is held and has not ended.
    fn valid(&self) -> Option<Held> {
        let held = self.0.held.read().unwrap_or_else(PoisonError::into_inner);
        let now = TimeSource::now(&self.0.made.clock);
        held.clone()
            .filter(|held| held.credentials.expiry().is_none_or(|end| end > now))
    }

    /// What is held and need not be fetched anew.
    fn fresh(&self) -> Option<Held> {
        let now = TimeSource::now(&self.0.made.clock);
        self.valid()
            .filter(|held| held.renew_at.is_none_or(|renew_at| renew_at > now))
    }

    async fn hold(&self) -> Result<Held, CredentialsError> {
        if let Some(held) = self.fresh() {
            return Ok(held);
        }
        let _one_at_a_time = match (self.0.fetching.try_lock(), self.valid()) {
            (Ok(guard), _) => guard,
            // Somebody fetches already, perhaps with a question to a person; these keys still work.
            (Err(_), Some(held)) => return Ok(held),
            (Err(_), None) => self.0.fetching.lock().await,
        };
        if let Some(held) = self.fresh() {
            return Ok(held);
        }
        match self.fetch().await {
            Ok(held) => {
                let mut place = self.0.held.write().unwrap_or_else(PoisonError::into_inner);
                *place = Some(held.clone());
                Ok(held)
            }
            // Keys that are about to end are still better than none.
            Err(error) => self.valid().ok_or(error),
        }
    }

    async fn fetch(&self) -> Result<Held, CredentialsError> {
        let Some(source) = &self.0.source else {
            return Err(CredentialsError::not_loaded_no_source());
        };
        let credentials = source.provider.provide_credentials().await?;
        let now = TimeSource::now(&self.0.made.clock);
        let renew_at = credentials.expiry().map(|end| {
            let life = end.duration_since(now).unwrap_or_default();
            end - RENEW_BEFORE.min(life / 4)
        });
        Ok(Held {
            credentials,
            fetched: Instant::now(),
            renew_at,
        })
    }
}

impl ProvideCredentials for Keyring {
    fn provide_credentials<'a>(&'a self) -> Providing<'a>
    where
        Self: 'a,
    {
        Providing::new(self.credentials())
    }
}
