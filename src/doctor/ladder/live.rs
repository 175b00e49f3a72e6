//! Asks whoever gives the keys of the used rung, and says what came of it.
//!
//! A program is run here; services are asked by the storage core, whose failures carry what was asked, how it failed and
//! the service's code. Every question has a limit.

use std::time::Duration;

use super::Asking;
use super::chain::{Ask, Machine};
use super::process;
use super::redact;
use crate::doctor::Patient;
use crate::domain::diagnosis::{Break, KeyFacts, Remedy};
use crate::domain::{ErrorKind, Operation, StorageError};

/// How long a program may take.
const PROGRAM: Duration = Duration::from_secs(10);
/// How long a service may take, retries included.
const SERVICE: Duration = Duration::from_secs(12);

/// What came of a question.
pub(super) enum Answer {
    /// Keys, and who gave them.
    Keys(KeyFacts, String),
    /// Nobody is there who could answer.
    Nobody,
    /// Why not, and what helps.
    Broken(Break, Option<Remedy>),
}

pub(super) async fn ask(patient: &Patient, asking: &Asking) -> Answer {
    match asking {
        Asking::Process { command } => {
            let limit = patient.limits.program.unwrap_or(PROGRAM);
            match process::ask(command, patient.now, limit).await {
                Ok(key) => Answer::Keys(key, redact::program(command)),
                Err(cause) => Answer::Broken(cause, Some(Remedy::RunAgain)),
            }
        }
        Asking::Storage(_) | Asking::Machine(_) => service(patient, asking).await,
    }
}

async fn service(patient: &Patient, asking: &Asking) -> Answer {
    let Ok(storage) = &patient.storage else {
        // Settings that stop everything are told by the checks; nobody was asked.
        return Answer::Nobody;
    };
    let limit = patient.limits.service.unwrap_or(SERVICE);
    let asked = tokio::time::timeout(limit, storage.identity()).await;
    match asked {
        Err(_) => Answer::Broken(
            Break::NoAnswer {
                secs: limit.as_secs(),
            },
            Some(Remedy::RunAgain),
        ),
        Ok(Ok(identity)) => {
            let temporary =
                identity.expires.is_some() || identity.access_key_masked.starts_with("ASIA");
            let key = KeyFacts {
                masked_id: identity.access_key_masked,
                temporary,
                has_token: temporary,
                expires: identity.expires,
            };
            Answer::Keys(key, who(asking).to_owned())
        }
        Ok(Err(failure)) => broken(&failure, asking),
    }
}

/// Who answers.
const fn who(asking: &Asking) -> &'static str {
    match asking {
        Asking::Process { .. } => "program",
        Asking::Storage(Ask::Role { .. } | Ask::WebIdentity { .. } | Ask::Process { .. }) => {
            "AssumeRole"
        }
        Asking::Storage(Ask::IdentityCenter { .. }) => "Identity Center",
        Asking::Machine(Machine::Container) => "Container",
        Asking::Machine(Machine::Instance) => "Metadata",
    }
}

/// The service that is asked.
const fn service_of(asking: &Asking) -> &'static str {
    match asking {
        Asking::Storage(Ask::Role { .. } | Ask::WebIdentity { .. }) => "STS, which gives the role,",
        _ => who(asking),
    }
}

fn broken(failure: &StorageError, asking: &Asking) -> Answer {
    let again = Some(Remedy::RunAgain);
    if matches!(
        failure.kind,
        ErrorKind::Unreachable | ErrorKind::TimedOut | ErrorKind::Tls
    ) && !matches!(asking, Asking::Machine(Machine::Instance))
    {
        let subject = service_of(asking).to_owned();
        return Answer::Broken(Break::Unreachable { subject }, again);
    }
    match asking {
        Asking::Machine(Machine::Instance) => Answer::Nobody,
        Asking::Machine(Machine::Container) => Answer::Broken(Break::ContainerRefused, again),
        Asking::Storage(ask) => {
            let (cause, remedy) = of_service(failure, ask);
            Answer::Broken(cause, remedy)
        }
        Asking::Process { .. } => Answer::Broken(said(failure), again),
    }
}

fn of_service(failure: &StorageError, ask: &Ask) -> (Break, Option<Remedy>) {
    let again = Some(Remedy::RunAgain);
    match (failure.operation, ask) {
        (Operation::SignIn, Ask::IdentityCenter { session, .. })
            if failure.kind == ErrorKind::SignInNeeded =>
        {
            let remedy = Remedy::SignIn {
                profile: None,
                session: Some(session.clone()),
            };
            let session = session.clone();
            (Break::SignInRefused { session }, Some(remedy))
        }
        (
            _,
            Ask::IdentityCenter {
                role,
                account,
                session,
            },
        ) if failure.kind == ErrorKind::AccessDenied => {
            let remedy = Remedy::SignIn {
                profile: None,
                session: Some(session.clone()),
            };
            let (role, account) = (role.clone(), account.clone());
            (Break::RoleNotAssigned { role, account }, Some(remedy))
        }
        (Operation::AssumeRole, Ask::WebIdentity { role }) => {
            let code = failure.code.clone().unwrap_or_default();
            let role = role.clone();
            (Break::WebTokenRefused { role, code }, again)
        }
        (
            Operation::AssumeRole,
            Ask::Role {
                role, external_id, ..
            },
        ) => {
            let role = role.clone();
            match failure.kind {
                ErrorKind::AccessDenied => {
                    let external_id = *external_id;
                    (Break::RoleDenied { role, external_id }, again)
                }
                ErrorKind::ExpiredCredentials => {
                    (Break::SourceEnded { role }, Some(Remedy::PasteKeys))
                }
                ErrorKind::BadCredentials => {
                    (Break::SourceRefused { role }, Some(Remedy::PasteKeys))
                }
                _ => (said(failure), again),
            }
        }
        (
            _,
            Ask::Role {
                of: Some(Machine::Instance),
                ..
            },
        ) => (Break::InstanceSilent, again),
        (
            _,
            Ask::Role {
                of: Some(Machine::Container),
                ..
            },
        ) => (Break::ContainerRefused, again),
        _ => (said(failure), again),
    }
}

/// The service's own words, where nothing better is known.
fn said(failure: &StorageError) -> Break {
    let code = failure.code.as_deref().unwrap_or_default();
    let message = failure.message.as_deref().unwrap_or_default();
    let said = redact::first_line(format!("{code} {message}").trim());
    Break::Other { said }
}
