//! Identity Center as a source of keys: the kept sign-in, renewed when it can be, then keys of one role.

use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as Providing;

use super::cache::{Cache, Token, Unread};
use super::oidc::{Grant, NoToken, Oidc};
use super::portal::Portal;
use super::token_of;
use crate::domain::{ErrorKind, IdentityCenterRole, Operation, SignInSession, StorageError};
use crate::storage::clock::Clock;
use crate::storage::credentials::Tools;

/// A token is renewed when it holds no longer than this.
const RENEW_BEFORE_SECS: i64 = 300;

/// Keys of one account and role.
#[derive(Debug)]
pub(in crate::storage) struct RoleAtCenter {
    role: IdentityCenterRole,
    cache: Option<Cache>,
    clock: Clock,
    oidc: Oidc,
    portal: Portal,
}

impl RoleAtCenter {
    /// Opens nothing.
    ///
    /// # Errors
    /// When an address or the region cannot be part of a URL.
    pub(in crate::storage) fn new(
        role: IdentityCenterRole,
        tools: &Tools<'_>,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            oidc: Oidc::new(tools.pool, tools.clock, &role.region, tools.world)?,
            portal: Portal::new(tools.pool, &role.region, tools.world)?,
            cache: Cache::of(tools.world),
            clock: tools.clock.clone(),
            role,
        })
    }

    async fn keys(&self) -> Result<Credentials, CredentialsError> {
        self.fetch().await.map_err(CredentialsError::provider_error)
    }

    async fn fetch(&self) -> Result<Credentials, StorageError> {
        let session = self.role.sign_in_session();
        let cache = self
            .cache
            .as_ref()
            .ok_or_else(|| needed(&session, "there is no home folder"))?;
        let token = current_token(cache, &self.oidc, &self.clock, &session, false).await?;
        match self.portal.keys(&self.role, &token.access).await {
            // The sign-in was ended elsewhere; renewing may bring another token.
            Err(failure) if failure.kind == ErrorKind::SignInNeeded && token.renewal.is_some() => {
                let token = current_token(cache, &self.oidc, &self.clock, &session, true).await?;
                self.portal.keys(&self.role, &token.access).await
            }
            answer => answer,
        }
    }
}

impl ProvideCredentials for RoleAtCenter {
    fn provide_credentials<'a>(&'a self) -> Providing<'a>
    where
        Self: 'a,
    {
        Providing::new(self.keys())
    }
}

fn needed(session: &SignInSession, why: &str) -> StorageError {
    StorageError::new(
        Operation::SignIn,
        ErrorKind::SignInNeeded,
        session.cache_id(),
    )
    .with_message(why)
}

/// The kept token, renewed when it ends soon or, with `renew`, in any case.
pub(super) async fn current_token(
    cache: &Cache,
    oidc: &Oidc,
    clock: &Clock,
    session: &SignInSession,
    renew: bool,
) -> Result<Token, StorageError> {
    let read = || match cache.read(session.cache_id()) {
        Ok(token) => Ok(token),
        Err(Unread::Missing) => Err(needed(session, "nobody has signed in yet")),
        Err(Unread::Broken) => Err(needed(session, "the kept sign-in is cut off or damaged")),
        Err(Unread::Refused(kind)) => {
            let path = cache.path(session.cache_id());
            Err(StorageError::local(&path, kind.into()))
        }
    };
    let token = read()?;
    let now = clock.now();
    if !renew && token.expires.0 - now.0 > RENEW_BEFORE_SECS {
        return Ok(token);
    }
    let still_works = !renew && token.expires > now;
    let ended = || needed(session, "the sign-in has ended");
    let Some(with) = token
        .renewal
        .as_ref()
        .filter(|with| with.registration_expires > now)
    else {
        return if still_works { Ok(token) } else { Err(ended()) };
    };
    let client = (with.client_id.as_str(), &with.client_secret);
    match oidc
        .token(session, client, Grant::Refresh(&with.refresh))
        .await
    {
        Ok(mut granted) => {
            granted.refresh.get_or_insert_with(|| with.refresh.clone());
            let new = token_of(granted, client.0, client.1, with.registration_expires);
            // A token that cannot be kept works all the same, for this time.
            if let Err(error) = cache.write(
                session.cache_id(),
                &new,
                &session.start_url,
                &session.region,
            ) {
                tracing::warn!(kind = ?error.kind(), "the renewed sign-in could not be kept");
            }
            Ok(new)
        }
        Err(_) if still_works => Ok(token),
        Err(NoToken::Other(failure)) if failure.kind.is_transient() => Err(failure),
        Err(_) => {
            // Another program may have renewed it first; its refresh token then is the one that counts.
            let again = read()?;
            if again.access != token.access && again.expires > now {
                return Ok(again);
            }
            Err(ended())
        }
    }
}
