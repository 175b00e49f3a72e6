//! Roles as sources of credentials: taken with other credentials, or with a token of an identity provider.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as Providing;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};

use super::code::{Codes, Questions};
use super::keyring::Keyring;
use super::stop::refused;
use crate::domain::diagnosis::{Break, BrokenSource, CodeEnd, Unread};
use crate::domain::{
    CodeRefusal, CodeRequest, ErrorKind, Operation, RoleSpec, Secret, StorageError,
};
use crate::shared_files;
use crate::storage::sts::{RoleKeys, Sts};

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
    /// The keys, and when a keyring fetched them; sources without one are asked anew each time.
    async fn keys(&self) -> Result<(Credentials, Option<Instant>), CredentialsError> {
        match self {
            Self::Source(source) => Ok((source.provide_credentials().await?, None)),
            Self::Keyring(keyring) => {
                let (keys, stamp) = keyring.stamped().await?;
                Ok((keys, Some(stamp)))
            }
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
    /// The questions to a person that this leads to.
    pub(super) questions: Arc<Questions>,
}

impl Role {
    async fn take(&self) -> Result<Credentials, CredentialsError> {
        let (keys, stamp) = self.base.keys().await?;
        match self.take_with(&keys).await {
            Err(failure)
                if failure.kind == ErrorKind::ExpiredCredentials && self.base.forget(stamp) =>
            {
                let (keys, _) = self.base.keys().await?;
                self.take_with(&keys).await
            }
            taken => taken,
        }
        .map(|taken| taken.keys)
        .map_err(CredentialsError::provider_error)
    }

    async fn take_with(&self, keys: &Credentials) -> Result<RoleKeys, StorageError> {
        match &self.spec.mfa_serial {
            Some(serial) => self.take_with_code(serial, keys).await,
            None => self.sts.assume_role(keys, &self.spec, None).await,
        }
    }

    fn code_missing(&self, serial: &str, end: CodeEnd) -> StorageError {
        let arn = self.spec.arn.as_str();
        let cause = Break::CodeNeeded {
            serial: serial.to_owned(),
            role: self.spec.name().to_owned(),
            end,
        };
        StorageError::new(Operation::AssumeRole, ErrorKind::CodeNeeded, arn)
            .with_source(BrokenSource(cause))
    }

    async fn take_with_code(
        &self,
        serial: &str,
        keys: &Credentials,
    ) -> Result<RoleKeys, StorageError> {
        let Some(codes) = &self.codes else {
            return Err(self.code_missing(serial, CodeEnd::NobodyThere));
        };
        let mut refused = None;
        for _ in 0..CODES {
            let request = CodeRequest {
                serial: serial.to_owned(),
                role: self.spec.arn.clone(),
                refused,
            };
            let given = {
                let _waiting = self.questions.wait();
                codes.ask(request).await
            };
            let code = match given {
                None => return Err(self.code_missing(serial, CodeEnd::NotGiven)),
                Some(Err(reason)) => {
                    refused = Some(reason);
                    continue;
                }
                Some(Ok(code)) => code,
            };
            let _spending = self.questions.spend();
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
        Err(self.code_missing(serial, CodeEnd::NotTaken))
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
        let path = self.token_file.clone();
        let read = tokio::task::spawn_blocking(move || shared_files::read(&path)).await;
        let path = self.token_file.clone();
        let token = match read.unwrap_or(Err(Unread::Refused)) {
            Ok(Some(text)) if text.trim().is_empty() => Err(Break::TokenFileEmpty { path }),
            Ok(Some(text)) => Ok(Secret::new(text.trim())),
            Ok(None) => Err(Break::TokenFileMissing { path }),
            Err(why) => Err(Break::TokenFileUnreadable { path, why }),
        };
        let token = token.map_err(|cause| refused(&self.spec.arn, cause))?;
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
