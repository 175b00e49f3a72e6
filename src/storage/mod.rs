//! The storage core: everything Cooperage asks of an S3 server. Window, command line and transfers share it.
//!
//! [`Storage`] is one connection, perhaps standing in a bucket. Below it: `http` (one stack for the SDK and for us),
//! `endpoint` (hosts and paths), `credentials`, `clock`, `sign`, `client` (the SDK), `error` (one map of failures).
//! Verbs live in files of their own and are methods of [`Storage`]; what leaves and comes is written down by `log`, what
//! transfers share is in `attempt`, `capability`, `checksum`, `part_budget`, `sending`, `source`, `staged` and
//! `write_behind`.
//!
//! Keys travel exactly as given. Nothing here shows, logs or formats a secret.

mod attempt;
mod blank_keys;
pub mod calls;
mod capability;
mod checksum;
mod client;
mod clock;
mod cloudfront;
mod copy;
mod credentials;
mod delete;
mod download;
mod encode;
mod endpoint;
pub(crate) mod error;
mod error_chain;
mod facts;
mod gate;
mod gzip;
mod http;
mod identity_center;
mod lanes;
mod legacy;
mod link;
mod listing;
pub mod local_path;
mod log;
mod marks;
pub mod media_type;
mod multipart;
pub mod names;
mod objects;
mod page;
mod part_budget;
mod pieces;
pub mod probe;
mod put;
mod raw;
mod sending;
mod service;
mod sign;
mod source;
mod staged;
mod sts;
mod sweep;
mod upload;
mod upload_headers;
mod upload_parameters;
mod world;
mod write_behind;
mod xml;

use std::error::Error;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use rsa::RsaPrivateKey;
use tracing::Dispatch;
use tracing::instrument::WithSubscriber as _;

pub use self::attempt::Progress;
pub(crate) use self::attempt::pause_before;
pub use self::capability::UploadCheck;
pub(crate) use self::capability::is_refusal;
pub use self::checksum::Verification;
pub use self::credentials::{AskCode, Identity, Renewal};
pub use self::delete::Deleted;
pub use self::download::{DownloadJob, Downloaded};
pub use self::facts::SigningKeys;
pub use self::gate::Gate;
pub use self::identity_center::IdentityCenter;
pub use self::link::LinkRequest;
pub use self::listing::{ListRequest, PageEnd, Try};
pub use self::log::{KEPT as REQUESTS_KEPT, LogNews, RequestLog};
pub use self::marks::ServerMarks;
pub use self::sts::Caller;
pub use self::sweep::{PageRows, Sweep};
pub use self::upload::{UploadJob, Uploaded};
pub use self::upload_headers::UploadHeaders;
pub(crate) use self::upload_headers::http_date_of;
pub use self::upload_parameters::UploadParameters;
pub use self::world::{Dial, World};

use self::capability::Capability;
use self::clock::Clock;
use self::credentials::{Ambient, Keyring};
use self::endpoint::{Endpoint, Purpose};
use self::http::HttpPool;
use self::marks::Marks;
use self::sign::DayKeys;
use self::sts::Sts;
use crate::domain::{
    CredentialSpec, ErrorKind, Operation, StorageConfig, StorageError, masked_key_id,
};

/// One connection. Cheap to clone; clones share sockets, credentials and what was learned about regions and clocks.
#[derive(Clone, Debug)]
pub struct Storage {
    core: Arc<Core>,
    bucket: Option<Arc<str>>,
    gate: Option<Gate>,
}

#[derive(Debug)]
struct Core {
    config: StorageConfig,
    clock: Clock,
    keyring: Keyring,
    endpoint: Endpoint,
    pool: HttpPool,
    client: Client,
    capability: Capability,
    sts: Sts,
    marks: Marks,
    days: DayKeys,
    /// A transfer of which no byte moves for so long is dead.
    stall: Duration,
    /// The private key of the CloudFront pair, read when the first link needs it.
    cloudfront: OnceLock<RsaPrivateKey>,
    /// Whether the token service said who signs, once it was asked by a probe.
    named_caller: tokio::sync::Mutex<Option<bool>>,
}

impl Storage {
    /// Builds a connection. Sends nothing; may read the shared AWS files and a file of certificates.
    ///
    /// # Errors
    /// When endpoint, region or certificate file cannot be used.
    pub async fn connect(config: StorageConfig) -> Result<Self, StorageError> {
        Self::connect_in(config, World::system()).await
    }

    /// The same in surroundings of the caller's choice.
    ///
    /// # Errors
    /// As [`Storage::connect`].
    pub async fn connect_in(config: StorageConfig, world: World) -> Result<Self, StorageError> {
        let ambient = Ambient::read(&config, &world).await;
        let clock = Clock::of(world.now());
        let ca_bundle = ambient.ca_bundle.as_deref();
        let endpoint = Endpoint::new(&config, ambient.region.clone())?;
        let recorder = world.recorder(&endpoint);
        let pool = HttpPool::new(&config, ca_bundle, clock.clone(), recorder, &world)?;
        let here = endpoint.target(None, Purpose::Request)?.url();
        let tools = (endpoint.region(), &pool, &clock, &world);
        let keyring = match world.kept_keys(&config, &ambient) {
            Some(kept) => kept,
            None => Keyring::new(&config, &ambient, tools)?,
        };
        let capability = Capability::of(&config.server.at(&here)).beside(keyring.questions());
        let sts = Sts::new(
            &pool,
            &clock,
            endpoint.region(),
            config.own_endpoint(),
            &world,
        )?;
        let client = client::sdk_client(config.signature, &endpoint, &keyring, &pool, &clock);
        Ok(Self {
            bucket: config.bucket.as_deref().map(Arc::from),
            gate: None,
            core: Arc::new(Core {
                config,
                clock,
                keyring,
                endpoint,
                pool,
                client,
                capability,
                sts,
                marks: Marks::default(),
                days: DayKeys::default(),
                stall: world.stall(),
                cloudfront: OnceLock::new(),
                named_caller: tokio::sync::Mutex::default(),
            }),
        })
    }

    /// The settings this connection was made from.
    #[must_use]
    pub fn config(&self) -> &StorageConfig {
        &self.core.config
    }

    /// The bucket in which this storage stands.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] when none is set.
    pub fn bucket(&self) -> Result<&str, StorageError> {
        self.bucket.as_deref().ok_or_else(|| {
            StorageError::new(Operation::Connect, ErrorKind::Invalid, "")
                .with_message("no bucket is set")
        })
    }

    /// The host that requests about the bucket go to, with its port if it has one; that of the account without a bucket.
    ///
    /// # Errors
    /// When the bucket's name is none.
    pub fn request_host(&self) -> Result<String, StorageError> {
        let target = (self.core.endpoint).target(self.bucket.as_deref(), Purpose::Request)?;
        Ok(target.host_header().to_owned())
    }

    /// The same connection, standing in another bucket.
    #[must_use]
    pub fn in_bucket(&self, bucket: &str) -> Self {
        Self {
            core: Arc::clone(&self.core),
            bucket: Some(Arc::from(bucket)),
            gate: self.gate.clone(),
        }
    }

    /// Who signs, and until when. Fetches the credentials when that has not happened yet.
    ///
    /// # Errors
    /// When there are none.
    pub async fn identity(&self) -> Result<Identity, StorageError> {
        let region = match self.bucket.as_deref() {
            Some(bucket) => self.core.endpoint.region_of(bucket),
            None => self.core.endpoint.region().to_owned(),
        };
        if self.core.keyring.is_anonymous() {
            return Ok(Identity {
                access_key_masked: String::new(),
                source: "anonymous".to_owned(),
                expires: None,
                renewal: Renewal::Never,
                region,
                ended: None,
            });
        }
        let (keys, source) = self
            .core
            .keyring
            .with_source()
            .await
            .map_err(|error| error::from_credentials(self.credentials_name(), error))?;
        Ok(Identity {
            access_key_masked: masked_key_id(keys.access_key_id()),
            source,
            expires: keys.expiry().map(credentials::timestamp),
            ended: credentials::past_end(&keys),
            renewal: self.core.keyring.renewal(),
            region,
        })
    }

    /// True when a person has to give the code of an MFA device for the keys.
    #[must_use]
    pub fn asks_for_code(&self) -> bool {
        self.core.keyring.renewal() == Renewal::Code
    }

    /// True while a code that a person gave is being used for the keys. It works only once, so what comes of it is worth
    /// waiting for.
    #[must_use]
    pub fn spends_code(&self) -> bool {
        self.core.keyring.questions().spend_code()
    }

    /// Fetches new keys before the old ones end, asking for a code where that is needed.
    ///
    /// # Errors
    /// When there are none to be had; the old ones are gone then.
    pub async fn renew(&self) -> Result<Identity, StorageError> {
        self.core.keyring.forget(Some(Instant::now()));
        self.identity().await
    }

    /// Who the credentials belong to, asked of STS: Amazon's, or that of the connection's own server.
    ///
    /// # Errors
    /// When there are no credentials, they are refused, or nothing there speaks STS.
    pub async fn caller(&self) -> Result<Caller, StorageError> {
        let keys = self.core.keyring.credentials().await;
        let keys = keys.map_err(|error| error::from_credentials(self.credentials_name(), error))?;
        self.core.sts.caller_identity(&keys).await
    }

    /// The address that [`Storage::caller`] asks.
    #[must_use]
    pub fn sts_url(&self) -> &str {
        self.core.sts.url()
    }

    /// The host that [`Storage::caller`] asks.
    #[must_use]
    pub fn sts_host(&self) -> &str {
        self.core.sts.host()
    }

    /// Seconds that are added to this computer's time to sign; 0 until a server refused it as it is.
    #[must_use]
    pub fn clock_skew_secs(&self) -> i64 {
        self.core.clock.skew_secs()
    }

    /// Runs one SDK request and maps its failure. When the failure tells the bucket's region, or temporary
    /// credentials ended and can be had anew, it is sent once more; `send` must build the request each time.
    ///
    /// # Errors
    /// What the second try, or the first where nothing could be put right, failed with.
    pub(crate) async fn call<T, E, F, Sent>(
        &self,
        operation: Operation,
        subject: &str,
        send: F,
    ) -> Result<T, StorageError>
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        F: Fn(&Client) -> Sent,
        Sent: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let mut tries = 0;
        loop {
            // The same as if the SDK had asked for the keys.
            let stamp = self.stamp().await.map_err(|failure| StorageError {
                operation,
                subject: subject.to_owned(),
                ..failure
            })?;
            // The SDK traces whole requests, a customer's encryption key among their headers. Nothing of that gets out,
            // whoever listens.
            let sent = Box::pin(send(&self.core.client)).with_subscriber(Dispatch::none());
            let failure = match log::as_try(tries, sent).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => error::from_sdk(operation, subject, failure),
            };
            tries += 1;
            if tries > 1 || !self.put_right(&failure, stamp) {
                return Err(self.judged(failure));
            }
        }
    }

    /// A failure with the word whether what the server refuses is just as it asks for, and what is odd about the keys that it
    /// refuses.
    fn judged(&self, mut failure: StorageError) -> StorageError {
        failure.contrary = match failure.kind {
            ErrorKind::WrongRegion => failure.region.as_deref() == Some(self.set_region()),
            ErrorKind::ClockSkew => self.core.clock.agrees(),
            _ => false,
        };
        credentials::explained(failure, self.core.keyring.held().as_ref())
    }

    /// Learns from the failure of a request signed with the keys of that stamp. True when the same may now succeed.
    fn put_right(&self, failure: &StorageError, stamp: Option<Instant>) -> bool {
        match (failure.kind, &failure.region, self.bucket.as_deref()) {
            (ErrorKind::WrongRegion, Some(region), Some(bucket)) => {
                self.core.endpoint.learn(bucket, region)
            }
            (ErrorKind::ExpiredCredentials, ..) => self.core.keyring.forget(stamp),
            _ => false,
        }
    }

    /// When the keys were fetched that a request sent now is signed with; fetches them when there are none. `None` where
    /// requests are not signed. Who asks this first does not let a source that fails, or a person who gives no code, be
    /// asked again by the request.
    ///
    /// # Errors
    /// When there are no keys.
    async fn stamp(&self) -> Result<Option<Instant>, StorageError> {
        if self.core.keyring.is_anonymous() {
            return Ok(None);
        }
        let stamped = self.core.keyring.stamped().await;
        let (_, stamp) =
            stamped.map_err(|error| error::from_credentials(self.credentials_name(), error))?;
        Ok(Some(stamp))
    }

    /// What to call the credentials when they cannot be had.
    fn credentials_name(&self) -> &str {
        match &self.core.config.credentials {
            CredentialSpec::Profile(name) => name,
            _ => "credentials",
        }
    }
}
