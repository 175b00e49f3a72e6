//! IAM Identity Center without the AWS CLI: signing in, picking account and role, fetching keys.
//!
//! [`IdentityCenter`] signs in and lists; [`RoleAtCenter`] is the source of keys of a connection or a profile. Both
//! keep the sign-in where the AWS tools do (`cache`), so one sign-in serves all of them. `oidc` and `portal` are the
//! two services, `redirect` is where the browser comes back to.

mod cache;
mod oidc;
mod portal;
mod redirect;
mod source;

use std::path::PathBuf;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use self::cache::{Cache, Renewal, Token};
use self::oidc::{Client, Grant, Granted, NoToken, Oidc};
use self::portal::Portal;
use self::redirect::Redirect;
use super::clock::Clock;
use super::credentials::SharedFiles;
use super::encode;
use super::endpoint::Endpoint;
use super::http::HttpPool;
use super::world::World;
use crate::domain::{
    Account, ErrorKind, Operation, Secret, SignInFailure, SignInMethod, SignInSession, SignInStep,
    StorageConfig, StorageError, Timestamp,
};

pub(super) use self::source::RoleAtCenter;

/// How long the browser may take, where nothing else is said: as long as a device code lives.
const BROWSER_SECS: i64 = 600;

/// Identity Center, for signing in and for picking an account and a role.
#[derive(Debug)]
pub struct IdentityCenter {
    pool: HttpPool,
    clock: Clock,
    world: World,
    cache: Cache,
}

impl IdentityCenter {
    /// With the proxies and certificates of the surroundings. Sends nothing.
    ///
    /// # Errors
    /// When there is no home folder, or a file of certificates cannot be read.
    pub async fn in_world(world: World) -> Result<Self, SignInFailure> {
        let cache = Cache::of(&world).ok_or(SignInFailure::NoHome)?;
        let clock = Clock::of(world.now());
        let config = StorageConfig::default();
        let files = SharedFiles::read(&world).await;
        let of_profile = files.get(&world.profile(), "ca_bundle").map(str::to_owned);
        let bundle = world.variable("AWS_CA_BUNDLE").or(of_profile);
        let recorder = world.recorder(&Endpoint::new(&config, None)?);
        let pool = HttpPool::new(&config, bundle.as_deref(), clock.clone(), recorder, &world)?;
        Ok(Self {
            pool,
            clock,
            world,
            cache,
        })
    }

    /// The file in which the sign-in of a session is kept.
    #[must_use]
    pub fn cache_path(&self, session: &SignInSession) -> PathBuf {
        self.cache.path(session.cache_id())
    }

    /// Signs in. `tell` hears what a person has to do; the answer is when the sign-in ends.
    ///
    /// # Errors
    /// When it is denied, too late, cancelled, refused, or cannot be kept.
    pub async fn sign_in(
        &self,
        session: &SignInSession,
        method: SignInMethod,
        tell: &(dyn Fn(SignInStep) + Send + Sync),
        cancel: &CancellationToken,
    ) -> Result<Timestamp, SignInFailure> {
        let oidc = Oidc::new(&self.pool, &self.clock, &session.region, &self.world)?;
        let work = async {
            match method {
                SignInMethod::DeviceCode => self.by_code(&oidc, session, tell).await,
                SignInMethod::Browser => self.by_browser(&oidc, session, tell).await,
            }
        };
        let (client, granted) = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(SignInFailure::Cancelled),
            done = work => done?,
        };
        let token = token_of(granted, &client.id, &client.secret, client.expires);
        self.keep(session, &token)?;
        Ok(token.expires)
    }

    async fn by_code(
        &self,
        oidc: &Oidc,
        session: &SignInSession,
        tell: &(dyn Fn(SignInStep) + Send + Sync),
    ) -> Result<(Client, Granted), SignInFailure> {
        let client = oidc.register(session, false).await?;
        let device = oidc.start_device(session, &client).await?;
        tell(SignInStep::Device {
            code: device.user_code,
            url: device.url,
            full_url: device.full_url,
            expires: self.clock.now().plus_secs(device.expires_secs),
        });
        let second = self.world.second();
        let life = u32::try_from(device.expires_secs).unwrap_or(0);
        let end = Instant::now() + second * life;
        let mut interval = second * u32::try_from(device.interval_secs).unwrap_or(5);
        loop {
            tokio::time::sleep(interval).await;
            let grant = Grant::Device(&device.code);
            match oidc
                .token(session, (&client.id, &client.secret), grant)
                .await
            {
                Ok(granted) => return Ok((client, granted)),
                Err(NoToken::Denied) => return Err(SignInFailure::Denied),
                Err(NoToken::Expired | NoToken::InvalidGrant) => {
                    return Err(SignInFailure::TooLate);
                }
                // Five seconds more each time: RFC 8628, section 3.5.
                Err(NoToken::SlowDown) => interval += second * 5,
                Err(NoToken::Pending) => {}
                Err(NoToken::Other(failure)) if failure.kind.is_transient() => {}
                Err(NoToken::Other(failure)) => return Err(failure.into()),
            }
            if Instant::now() >= end {
                return Err(SignInFailure::TooLate);
            }
        }
    }

    async fn by_browser(
        &self,
        oidc: &Oidc,
        session: &SignInSession,
        tell: &(dyn Fn(SignInStep) + Send + Sync),
    ) -> Result<(Client, Granted), SignInFailure> {
        let redirect = Redirect::open().await.map_err(|error| {
            StorageError::new(Operation::SignIn, ErrorKind::Unreachable, "127.0.0.1")
                .with_source(error)
        })?;
        let client = oidc.register(session, true).await?;
        let (state, verifier) = (random(24)?, random(48)?);
        let challenge = BASE64.encode(Sha256::digest(verifier.reveal().as_bytes()));
        let scopes = oidc::scopes(session).join(" ");
        let query = [
            ("response_type", "code"),
            ("client_id", client.id.as_str()),
            ("redirect_uri", redirect.uri()),
            ("state", state.reveal()),
            ("code_challenge_method", "S256"),
            ("code_challenge", challenge.as_str()),
            ("scopes", scopes.as_str()),
        ];
        let mut url = oidc.authorize_url();
        for (at, (name, value)) in query.iter().enumerate() {
            url.push(if at == 0 { '?' } else { '&' });
            url.push_str(name);
            url.push('=');
            encode::percent_into(value, &encode::QUERY, &mut url);
        }
        tell(SignInStep::Browser {
            url,
            expires: self.clock.now().plus_secs(BROWSER_SECS),
        });
        let patience = self.world.second() * u32::try_from(BROWSER_SECS).unwrap_or(0);
        let code = tokio::time::timeout(patience, redirect.code(&state))
            .await
            .map_err(|_| SignInFailure::TooLate)??;
        let grant = Grant::Code {
            code: &code,
            verifier: &verifier,
            redirect: redirect.uri(),
        };
        match oidc
            .token(session, (&client.id, &client.secret), grant)
            .await
        {
            Ok(granted) => Ok((client, granted)),
            Err(NoToken::Denied) => Err(SignInFailure::Denied),
            Err(NoToken::Other(failure)) => Err(failure.into()),
            Err(_) => Err(SignInFailure::TooLate),
        }
    }

    fn keep(&self, session: &SignInSession, token: &Token) -> Result<(), SignInFailure> {
        let id = session.cache_id();
        self.cache
            .write(id, token, &session.start_url, &session.region)
            .map_err(|error| SignInFailure::NotKept {
                path: self.cache.path(id),
                reason: error.kind(),
            })
    }

    /// The accounts of who is signed in, by name.
    ///
    /// # Errors
    /// [`SignInFailure::SignedOut`] when nobody is.
    pub async fn accounts(&self, session: &SignInSession) -> Result<Vec<Account>, SignInFailure> {
        let token = self.token(session).await?;
        let portal = Portal::new(&self.pool, &session.region, &self.world)?;
        let answer = portal.accounts(session, &token.access).await;
        answer.map_err(signed_out)
    }

    /// The roles that may be had in an account, by name.
    ///
    /// # Errors
    /// [`SignInFailure::SignedOut`] when nobody is signed in.
    pub async fn roles(
        &self,
        session: &SignInSession,
        account: &str,
    ) -> Result<Vec<String>, SignInFailure> {
        let token = self.token(session).await?;
        let portal = Portal::new(&self.pool, &session.region, &self.world)?;
        let answer = portal.roles(session, &token.access, account).await;
        answer.map_err(signed_out)
    }

    async fn token(&self, session: &SignInSession) -> Result<Token, SignInFailure> {
        let oidc = Oidc::new(&self.pool, &self.clock, &session.region, &self.world)?;
        let found = source::current_token(&self.cache, &oidc, &self.clock, session, false).await;
        found.map_err(signed_out)
    }
}

fn signed_out(failure: StorageError) -> SignInFailure {
    match failure.kind {
        ErrorKind::SignInNeeded => SignInFailure::SignedOut,
        _ => SignInFailure::Storage(failure),
    }
}

/// A token with what it is renewed with. Without a refresh token it cannot be.
fn token_of(granted: Granted, id: &str, secret: &Secret, registration_expires: Timestamp) -> Token {
    Token {
        access: granted.access,
        expires: granted.expires,
        renewal: granted.refresh.map(|refresh| Renewal {
            refresh,
            client_id: id.to_owned(),
            client_secret: secret.clone(),
            registration_expires,
        }),
    }
}

/// Random letters of this many bytes.
fn random(bytes: usize) -> Result<Secret, SignInFailure> {
    let mut random = zeroize::Zeroizing::new(vec![0; bytes]);
    getrandom::fill(&mut random).map_err(|_| {
        StorageError::new(Operation::SignIn, ErrorKind::Other, "")
            .with_message("the system gives no random numbers")
    })?;
    Ok(Secret::new(BASE64.encode(&random)))
}
