//! Roles as sources of credentials: taken with other credentials, or with a token of an identity provider.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as Providing;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};

use super::code::Codes;
use super::keyring::Keyring;
use crate::domain::{
    CodeRefusal, CodeRequest, ErrorKind, Operation, RoleSpec, Secret, StorageError,
};
use crate::storage::sts::Sts;

/// How often a person may mistype before the attempt ends.
const CODES: usize = 5;

/// Whose credentials take a role.
#[derive(Debug)]
pub(super) enum Base {
    /// Those of any source.
    Source(SharedCredentialsProvider),
    /// Those of a connection, which can be told to fetch anew.
    Keyring(Keyring),
}

impl Base {
    async fn keys(&self) -> Result<Credentials, CredentialsError> {
        match self {
            Self::Source(source) => source.provide_credentials().await,
            Self::Keyring(keyring) => keyring.credentials().await,
        }
    }

    /// When its keys were fetched; sources without a keyring are asked anew each time.
    async fn stamp(&self) -> Option<Instant> {
        match self {
            Self::Source(_) => None,
            Self::Keyring(keyring) => keyring.stamp().await,
        }
    }

    /// True when other keys may come now.
    fn forget(&self, stamp: Option<Instant>) -> bool {
        match self {
            Self::Source(_) => false,
            Self::Keyring(keyring) => keyring.forget(stamp),
        }
    }
}

/// A role that is taken with other credentials.
#[derive(Debug)]
pub(super) struct Role {
    pub(super) base: Base,
    pub(super) spec: RoleSpec,
    pub(super) sts: Sts,
    pub(super) codes: Option<Codes>,
    /// Counts the questions that wait for a person.
    pub(super) asking: Arc<AtomicUsize>,
}

/// Counts one waiting question while it lives.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Role {
    async fn take(&self) -> Result<Credentials, CredentialsError> {
        let stamp = self.base.stamp().await;
        let taken = match (&self.spec.mfa_serial, self.base.keys().await?) {
            (Some(serial), keys) => self.take_with_code(serial, &keys).await,
            (None, keys) => self.sts.assume_role(&keys, &self.spec, None).await,
        };
        match taken {
            Err(failure)
                if failure.kind == ErrorKind::ExpiredCredentials && self.base.forget(stamp) =>
            {
                let keys = self.base.keys().await?;
                self.sts.assume_role(&keys, &self.spec, None).await
            }
            taken => taken,
        }
        .map(|taken| taken.keys)
        .map_err(CredentialsError::provider_error)
    }

    async fn take_with_code(
        &self,
        serial: &str,
        keys: &Credentials,
    ) -> Result<crate::storage::sts::RoleKeys, StorageError> {
        let needed = || {
            StorageError::new(
                Operation::AssumeRole,
                ErrorKind::CodeNeeded,
                self.spec.arn.as_str(),
            )
        };
        let Some(codes) = &self.codes else {
            return Err(needed().with_message("nobody can be asked for the code"));
        };
        let mut refused = None;
        for _ in 0..CODES {
            let request = CodeRequest {
                serial: serial.to_owned(),
                role: self.spec.arn.clone(),
                refused,
            };
            let given = {
                let _waiting = Waiting::begin(&self.asking);
                codes.ask(request).await
            };
            let code = match given {
                None => return Err(needed().with_message("no code was given")),
                Some(Err(reason)) => {
                    refused = Some(reason);
                    continue;
                }
                Some(Ok(code)) => code,
            };
            match self.sts.assume_role(keys, &self.spec, Some(&code)).await {
                Err(failure) if failure.kind == ErrorKind::CodeNeeded => {
                    refused = Some(CodeRefusal::Wrong);
                }
                taken => {
                    if taken.is_ok() {
                        codes.took(serial, code);
                    }
                    return taken;
                }
            }
        }
        Err(needed().with_message("no code was taken"))
    }
}

impl ProvideCredentials for Role {
    fn provide_credentials<'a>(&'a self) -> Providing<'a>
    where
        Self: 'a,
    {
        Providing::new(self.take())
    }
}

/// A role that is taken with a token from a file.
#[derive(Debug)]
pub(super) struct WebIdentity {
    pub(super) token_file: PathBuf,
    pub(super) spec: RoleSpec,
    pub(super) sts: Sts,
}

impl WebIdentity {
    async fn take(&self) -> Result<Credentials, CredentialsError> {
        let read = tokio::fs::read_to_string(&self.token_file).await;
        let token = read.map_err(|error| {
            CredentialsError::provider_error(StorageError::local(&self.token_file, error))
        })?;
        let token = Secret::new(token.trim());
        self.sts
            .assume_role_with_web_identity(&self.spec, &token)
            .await
            .map(|taken| taken.keys)
            .map_err(CredentialsError::provider_error)
    }
}

impl ProvideCredentials for WebIdentity {
    fn provide_credentials<'a>(&'a self) -> Providing<'a>
    where
        Self: 'a,
    {
        Providing::new(self.take())
    }
}
