//! A source that cannot give keys, and says why in the words of the ladder.

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as Providing;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};

use crate::domain::diagnosis::{Break, BrokenSource, CacheFlaw, KeyFlaw, KeyHalf, Machine};
use crate::domain::{ErrorKind, Operation, StorageError};

/// Why no source could be made.
#[derive(Debug)]
pub(super) enum Stop {
    /// The setup says something that leads nowhere; told when keys are asked for.
    Broken(Break),
    /// An address or a region cannot be part of a URL; told at once.
    Storage(StorageError),
}

impl From<StorageError> for Stop {
    fn from(failure: StorageError) -> Self {
        Self::Storage(failure)
    }
}

impl From<Break> for Stop {
    fn from(cause: Break) -> Self {
        Self::Broken(cause)
    }
}

/// A failure that carries its cause. `subject` is what was asked.
pub(super) fn failure(subject: &str, cause: Break) -> StorageError {
    let kind = match &cause {
        Break::KeysEnded { .. }
        | Break::ProcessKeysEnded { .. }
        | Break::MachineKeysEnded { .. }
        | Break::Login {
            flaw: CacheFlaw::Expired(_),
            ..
        } => ErrorKind::ExpiredCredentials,
        Break::SessionMissing { .. } | Break::IdentityCenterIncomplete { .. } => ErrorKind::Invalid,
        // Off Amazon's machines nobody answers there: nothing was found, which is no trouble of the network.
        Break::MachineSilent {
            machine: Machine::Container,
        } => ErrorKind::Unreachable,
        _ => ErrorKind::NoCredentials,
    };
    StorageError::new(Operation::Connect, kind, subject).with_source(BrokenSource(cause))
}

/// The same for the SDK.
pub(super) fn refused(subject: &str, cause: Break) -> CredentialsError {
    CredentialsError::provider_error(failure(subject, cause))
}

/// A refusal of these keys with what is odd about how they are written, which nobody sees in a list of objects.
pub(in crate::storage) fn explained(
    failure: StorageError,
    keys: Option<&Credentials>,
) -> StorageError {
    let Some(keys) = keys.filter(|_| failure.kind == ErrorKind::BadCredentials) else {
        return failure;
    };
    let (id, token) = (keys.access_key_id(), keys.session_token());
    let written = |half, text: &str| {
        let flaw = KeyFlaw::of(text)?;
        let at = None;
        Some(Break::KeyUnfit { half, at, flaw })
    };
    let of_token = || written(KeyHalf::Token, token?);
    let cause = match failure.code.as_deref() {
        Some("SignatureDoesNotMatch") => written(KeyHalf::Secret, keys.secret_access_key()),
        Some("InvalidToken" | "InvalidTokenId") => of_token(),
        _ => written(KeyHalf::Id, id).or_else(of_token).or_else(|| {
            let lacks = id.starts_with("ASIA") && token.is_none();
            lacks.then_some(Break::TokenMissing)
        }),
    };
    match cause {
        Some(cause) => failure.with_source(BrokenSource(cause)),
        None => failure,
    }
}

/// Stands where a source would, and always says why there is none.
#[derive(Debug)]
pub(super) struct Stopped {
    subject: String,
    /// `None`: nothing is there at all.
    cause: Option<Break>,
}

impl Stopped {
    pub(super) fn by(subject: &str, cause: Option<Break>) -> SharedCredentialsProvider {
        let subject = subject.to_owned();
        SharedCredentialsProvider::new(Self { subject, cause })
    }
}

impl ProvideCredentials for Stopped {
    fn provide_credentials<'a>(&'a self) -> Providing<'a>
    where
        Self: 'a,
    {
        Providing::ready(Err(match &self.cause {
            Some(cause) => refused(&self.subject, cause.clone()),
            None => CredentialsError::not_loaded_no_source(),
        }))
    }
}
