//! Where the keys come from that requests are signed with, and for how long they hold.
//!
//! [`Keyring`] is the one source of credentials of a connection: the SDK and our own signer ask the same one. It
//! keeps what it got until shortly before it ends, and can be told to [`forget`](Keyring::forget) keys that a server
//! called expired. The default chain asks the instance's metadata service last, once, for at most a second.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds;
use aws_config::profile::{Profile, ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as Providing;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::TimeSource;
use aws_types::region::Region;
use tokio::sync::Mutex;

use super::clock::Clock;
use super::http::HttpPool;
use super::world::World;
use crate::domain::{CredentialSpec, StorageConfig, Timestamp, Verify};

/// Keys are fetched anew when they hold no longer than this.
const RENEW_BEFORE: Duration = Duration::from_secs(60);

/// Limit for each try at the instance's metadata service, which off Amazon's machines never answers.
const INSTANCE_TIMEOUT: Duration = Duration::from_secs(1);

/// Who signs, as far as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The access key id with its middle hidden (`AKIA…MPLE`); empty when requests are not signed.
    pub access_key_masked: String,
    /// Where the keys were found: `connection`, `profile "work"`, `environment`, `web identity`, `container`,
    /// `instance`, `anonymous`.
    pub source: String,
    /// When the keys end; `None` when nothing is known of an end.
    pub expires: Option<Timestamp>,
    /// The region that requests are signed for.
    pub region: String,
}

/// What the shared AWS files say about the profile in force.
#[derive(Clone, Debug, Default)]
pub(super) struct Ambient {
    /// Its region.
    pub(super) region: Option<String>,
    /// `AWS_CA_BUNDLE`, the profile's `ca_bundle`, `REQUESTS_CA_BUNDLE`.
    pub(super) ca_bundle: Option<String>,
}

impl Ambient {
    /// Reads the environment and, where they matter, the shared files. A file that cannot be read counts as absent
    /// here; the credentials provider reports it when it is the source of the keys.
    pub(super) async fn read(config: &StorageConfig, world: &World) -> Self {
        let profile = match (&config.credentials, &config.region, &config.verify) {
            // Nothing of the files is needed.
            (CredentialSpec::Keys { .. } | CredentialSpec::Anonymous, Some(_), verify)
                if *verify != Verify::Default =>
            {
                None
            }
            (CredentialSpec::Profile(name), ..) => shared_profile(Some(name), world).await,
            _ => shared_profile(None, world).await,
        };
        let of_profile = |key: &str| {
            let value = profile.as_ref().and_then(|profile| profile.get(key));
            value.map(str::to_owned)
        };
        let variable = |name: &str| world.variable(name);
        Self {
            region: config
                .region
                .clone()
                .or_else(|| variable("AWS_DEFAULT_REGION"))
                .or_else(|| of_profile("region")),
            ca_bundle: variable("AWS_CA_BUNDLE")
                .or_else(|| of_profile("ca_bundle"))
                .or_else(|| variable("REQUESTS_CA_BUNDLE"))
                // What the environment names but does not exist must not stop every connection.
                .filter(|path| PathBuf::from(path).is_file()),
        }
    }
}

#[allow(
    deprecated,
    reason = "the new name of this type is in a crate that we do not use otherwise"
)]
async fn shared_profile(name: Option<&str>, world: &World) -> Option<Profile> {
    let (fs, env) = world.shims();
    let loaded = aws_config::profile::load(
        &fs,
        &env,
        &world.profile_files(),
        name.map(|name| name.to_owned().into()),
    )
    .await;
    let set: ProfileSet = loaded.ok()?;
    set.get_profile(set.selected_profile()).cloned()
}

/// The credentials of one connection, fetched when first needed.
#[derive(Clone, Debug)]
pub(super) struct Keyring(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Tried in this order, each with the name of the source it stands for.
    sources: Vec<(String, SharedCredentialsProvider)>,
    /// False when asking again always gives the same keys.
    renewable: bool,
    clock: Clock,
    held: RwLock<Option<Held>>,
    /// Held while fetching, so that a burst of requests fetches once.
    fetching: Mutex<()>,
}

#[derive(Clone, Debug)]
struct Held {
    credentials: Credentials,
    source: usize,
}

impl Keyring {
    /// The sources a connection allows. Opens nothing.
    pub(super) fn new(
        config: &StorageConfig,
        region: &str,
        pool: &HttpPool,
        clock: &Clock,
        world: &World,
    ) -> Self {
        let provider_config = ProviderConfig::empty()
            .with_region(Some(Region::new(region.to_owned())))
            .with_http_client(pool.clone())
            .with_sleep_impl(TokioSleep::new())
            .with_time_source(clock.clone())
            .with_behavior_version(Some(super::client::behavior()));
        let sources = match &config.credentials {
            CredentialSpec::Anonymous => Vec::new(),
            CredentialSpec::Keys {
                access_key,
                secret_key,
                token,
            } => {
                let token = token.as_ref().map(|token| token.reveal().to_owned());
                let keys =
                    Credentials::new(access_key, secret_key.reveal(), token, None, "connection");
                vec![(
                    "connection".to_owned(),
                    SharedCredentialsProvider::new(keys),
                )]
            }
            CredentialSpec::Profile(name) => {
                let profile = ProfileFileCredentialsProvider::builder()
                    .configure(&provider_config)
                    .profile_files(world.profile_files())
                    .profile_name(name)
                    .build();
                vec![(
                    format!("profile \"{name}\""),
                    SharedCredentialsProvider::new(profile),
                )]
            }
            CredentialSpec::Chain if world.is_given() => given_chain(&provider_config, world),
            CredentialSpec::Chain => chain(&provider_config),
        };
        Self(Arc::new(Inner {
            sources,
            renewable: matches!(
                config.credentials,
                CredentialSpec::Profile(_) | CredentialSpec::Chain
            ),
            clock: clock.clone(),
            held: RwLock::default(),
            fetching: Mutex::default(),
        }))
    }

    /// Always these keys.
    #[cfg(test)]
    pub(super) fn of(keys: Credentials) -> Self {
        let source = ("test".to_owned(), SharedCredentialsProvider::new(keys));
        Self(Arc::new(Inner {
            sources: vec![source],
            renewable: false,
            clock: Clock::default(),
            held: RwLock::default(),
            fetching: Mutex::default(),
        }))
    }

    /// True when requests are not signed.
    pub(super) fn is_anonymous(&self) -> bool {
        self.0.sources.is_empty()
    }

    /// The credentials to sign with now.
    pub(super) async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        Ok(self.hold().await?.credentials)
    }

    /// The same with the name of their source.
    pub(super) async fn with_source(&self) -> Result<(Credentials, &str), CredentialsError> {
        let held = self.hold().await?;
        let source = self.0.sources.get(held.source);
        Ok((
            held.credentials,
            source.map_or("anonymous", |(name, _)| name),
        ))
    }

    /// Drops what is held, so that the next request fetches anew. True when that can bring other keys: those typed
    /// into the connection stay what they are.
    pub(super) fn forget(&self) -> bool {
        let renewable = self.0.renewable;
        if renewable {
            self.keep(None);
        }
        renewable
    }

    /// What is held now, without fetching.
    pub(super) fn held(&self) -> Option<Credentials> {
        self.peek(Duration::ZERO).map(|held| held.credentials)
    }

    fn peek(&self, lasts_at_least: Duration) -> Option<Held> {
        let held = self.0.held.read().unwrap_or_else(PoisonError::into_inner);
        let needed = TimeSource::now(&self.0.clock) + lasts_at_least;
        held.clone().filter(|held| {
            let end = held.credentials.expiry();
            end.is_none_or(|end| end > needed)
        })
    }

    fn keep(&self, held: Option<Held>) {
        *self.0.held.write().unwrap_or_else(PoisonError::into_inner) = held;
    }

    async fn hold(&self) -> Result<Held, CredentialsError> {
        if let Some(held) = self.peek(RENEW_BEFORE) {
            return Ok(held);
        }
        let _one_at_a_time = self.0.fetching.lock().await;
        if let Some(held) = self.peek(RENEW_BEFORE) {
            return Ok(held);
        }
        match self.fetch().await {
            Ok(held) => {
                self.keep(Some(held.clone()));
                Ok(held)
            }
            // Keys that are about to end are still better than none.
            Err(error) => self.peek(Duration::ZERO).ok_or(error),
        }
    }

    async fn fetch(&self) -> Result<Held, CredentialsError> {
        for (source, (_, provider)) in self.0.sources.iter().enumerate() {
            match provider.provide_credentials().await {
                Ok(credentials) => {
                    return Ok(Held {
                        credentials,
                        source,
                    });
                }
                // Nothing there: the next one. The last one's reason is told.
                Err(CredentialsError::CredentialsNotLoaded(_))
                    if source + 1 < self.0.sources.len() => {}
                Err(error) => return Err(error),
            }
        }
        Err(CredentialsError::not_loaded_no_source())
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

/// The default chain in surroundings that are given: variables, then the shared files.
fn given_chain(config: &ProviderConfig, world: &World) -> Vec<(String, SharedCredentialsProvider)> {
    let profile = world
        .variable("AWS_PROFILE")
        .or_else(|| world.variable("AWS_DEFAULT_PROFILE"));
    let mut sources = Vec::new();
    // A profile that was named comes before the variables.
    if profile.is_none()
        && let (Some(id), Some(secret)) = (
            world.variable("AWS_ACCESS_KEY_ID"),
            world.variable("AWS_SECRET_ACCESS_KEY"),
        )
    {
        let token = world.variable("AWS_SESSION_TOKEN");
        let keys = Credentials::new(id, secret, token, None, "environment");
        sources.push((
            "environment".to_owned(),
            SharedCredentialsProvider::new(keys),
        ));
    }
    let profile = profile.unwrap_or_else(|| "default".to_owned());
    let provider = ProfileFileCredentialsProvider::builder()
        .configure(config)
        .profile_files(world.profile_files())
        .profile_name(&profile)
        .build();
    sources.push((
        format!("profile \"{profile}\""),
        SharedCredentialsProvider::new(provider),
    ));
    sources
}

/// The default chain, in boto3's order.
fn chain(config: &ProviderConfig) -> Vec<(String, SharedCredentialsProvider)> {
    let profile = std::env::var("AWS_PROFILE")
        .or_else(|_| std::env::var("AWS_DEFAULT_PROFILE"))
        .unwrap_or_else(|_| "default".to_owned());
    let instance = imds::Client::builder()
        .configure(config)
        .max_attempts(1)
        .connect_timeout(INSTANCE_TIMEOUT)
        .read_timeout(INSTANCE_TIMEOUT)
        .operation_timeout(INSTANCE_TIMEOUT)
        .build();
    let no_retry = config
        .clone()
        .with_retry_config(RetryConfig::standard().with_max_attempts(1));
    vec![
        (
            "environment".to_owned(),
            SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()),
        ),
        (
            format!("profile \"{profile}\""),
            SharedCredentialsProvider::new(
                ProfileFileCredentialsProvider::builder()
                    .configure(config)
                    .profile_name(profile)
                    .build(),
            ),
        ),
        (
            "web identity".to_owned(),
            SharedCredentialsProvider::new(
                WebIdentityTokenCredentialsProvider::builder()
                    .configure(config)
                    .build(),
            ),
        ),
        (
            "container".to_owned(),
            SharedCredentialsProvider::new(
                EcsCredentialsProvider::builder()
                    .configure(&no_retry)
                    .build(),
            ),
        ),
        (
            "instance".to_owned(),
            SharedCredentialsProvider::new(
                imds::credentials::ImdsCredentialsProvider::builder()
                    .configure(&no_retry)
                    .imds_client(instance)
                    .build(),
            ),
        ),
    ]
}

/// `AKIA…MPLE`: the first and the last four characters; short ids are hidden whole.
pub(super) fn masked(access_key: &str) -> String {
    let length = access_key.chars().count();
    if length < 12 {
        return "…".to_owned();
    }
    let first: String = access_key.chars().take(4).collect();
    let last: String = access_key.chars().skip(length - 4).collect();
    format!("{first}…{last}")
}

/// A time of the SDK in whole seconds.
pub(super) fn timestamp(time: SystemTime) -> Timestamp {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    Timestamp(since.map_or(0, |since| since.as_secs() as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_show_only_their_ends() {
        assert_eq!(masked("AKIAIOSFODNN7EXAMPLE"), "AKIA…MPLE");
        assert_eq!(masked("admin"), "…");
    }
}
