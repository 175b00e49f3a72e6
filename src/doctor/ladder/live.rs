//! Asks whoever gives the keys of the used rung, and says what came of it.
//!
//! The storage core asks; its failures carry the cause itself where a source knows it, else what was asked, how it failed
//! and the service's code. Every question has a limit.

use std::time::Duration;

use super::Asking;
use super::chain::{Ask, role_name};
use crate::doctor::Patient;
use crate::doctor::ground::{Fetched, Ground};
use crate::domain::diagnosis::{Break, BrokenSource, KeyFacts, Machine, Remedy};
use crate::domain::{ErrorKind, Operation, StorageError, Timestamp, redact};

/// How long a program may take.
const PROGRAM: Duration = Duration::from_secs(10);
/// How long a service may take, retries included.
const SERVICE: Duration = Duration::from_secs(12);

/// What came of a question.
pub(super) enum Answer {
    /// Keys, who gave them, and their end where that is past.
    Keys(KeyFacts, String, Option<Timestamp>),
    /// Nobody is there who could answer.
    Nobody,
    /// Why not, and what helps.
    Broken(Break, Option<Remedy>),
}

/// How long that may take.
pub(super) fn limit(patient: &Patient, asking: Option<&Asking>) -> Duration {
    match asking {
        Some(Asking::Storage(Ask::Process { .. })) => patient.limits.program.unwrap_or(PROGRAM),
        _ => patient.limits.service.unwrap_or(SERVICE),
    }
}

/// What came of it.
pub(super) async fn ask(ground: &Ground<'_>, asking: &Asking) -> Answer {
    match ground.fetched().await {
        // Settings that stop everything are told by the checks; nobody was asked.
        None => Answer::Nobody,
        Some(Fetched::Late(limit)) => Answer::Broken(late(asking, limit), Some(Remedy::RunAgain)),
        Some(Fetched::Identity(identity)) => {
            let temporary =
                identity.expires.is_some() || identity.access_key_masked.starts_with("ASIA");
            let key = KeyFacts {
                masked_id: identity.access_key_masked,
                temporary,
                has_token: temporary,
                expires: identity.ended.or(identity.expires),
            };
            Answer::Keys(key, who(asking), identity.ended)
        }
        Some(Fetched::Failed(failure)) => broken(&failure, asking),
    }
}

fn late(asking: &Asking, limit: Duration) -> Break {
    let secs = limit.as_secs();
    match asking {
        Asking::Storage(Ask::Process { command }) => Break::ProcessHangs {
            program: redact::program(command),
            secs,
        },
        _ => Break::NoAnswer {
            subject: service_of(asking),
            secs,
        },
    }
}

/// Who answers.
fn who(asking: &Asking) -> String {
    match asking {
        Asking::Storage(Ask::Process { command }) => redact::program(command),
        Asking::Storage(Ask::Role { .. } | Ask::WebIdentity { .. }) => "AssumeRole".to_owned(),
        Asking::Storage(Ask::IdentityCenter { .. }) => "Identity Center".to_owned(),
        Asking::Storage(Ask::Login) => "aws login".to_owned(),
        Asking::Machine(Machine::Container) => "Container".to_owned(),
        Asking::Machine(Machine::Instance) => "Metadata".to_owned(),
    }
}

/// True where what is asked is a host, by whose name its failures are told.
const fn asks_host(asking: &Asking) -> bool {
    matches!(
        asking,
        Asking::Storage(Ask::Role { .. } | Ask::WebIdentity { .. } | Ask::IdentityCenter { .. })
    )
}

/// The service that is asked.
fn service_of(asking: &Asking) -> String {
    match asking {
        Asking::Storage(Ask::Role { .. } | Ask::WebIdentity { .. }) => {
            "STS, which gives the role,".to_owned()
        }
        Asking::Machine(Machine::Container) => "The container's credential service".to_owned(),
        Asking::Machine(Machine::Instance) => "The metadata service".to_owned(),
        _ => who(asking),
    }
}

fn broken(failure: &StorageError, asking: &Asking) -> Answer {
    let again = Some(Remedy::RunAgain);
    if let Some(cause) = BrokenSource::in_failure(failure) {
        let nobody = *asking == Asking::Machine(Machine::Instance)
            && matches!(
                cause,
                Break::MachineSilent {
                    machine: Machine::Instance
                }
            );
        let remedy = match cause {
            Break::KeysEnded { .. } => Some(Remedy::PasteKeys),
            Break::CodeNeeded { .. } => Some(Remedy::EnterCode),
            _ => again,
        };
        return if nobody {
            Answer::Nobody
        } else {
            Answer::Broken(cause.clone(), remedy)
        };
    }
    if matches!(
        failure.kind,
        ErrorKind::Unreachable | ErrorKind::TimedOut | ErrorKind::Tls
    ) {
        let subject = service_of(asking);
        let cause = Break::Unreachable {
            subject,
            host: (failure.host.as_ref())
                .or_else(|| {
                    (asks_host(asking) && failure.code.is_some()).then_some(&failure.subject)
                })
                .cloned(),
            code: failure.code.clone(),
        };
        return Answer::Broken(cause, again);
    }
    match asking {
        Asking::Storage(ask) => {
            let (cause, remedy) =
                of_service(failure, ask).unwrap_or_else(|| (said(failure, asking), again));
            Answer::Broken(cause, remedy)
        }
        Asking::Machine(_) => Answer::Broken(said(failure, asking), again),
    }
}

/// What a service's refusal means, where that is known.
fn of_service(failure: &StorageError, ask: &Ask) -> Option<(Break, Option<Remedy>)> {
    let again = Some(Remedy::RunAgain);
    Some(match (failure.operation, ask) {
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
        (Operation::AssumeRole, Ask::Role { external_id, .. }) => {
            // Of a chain of roles the one that was refused.
            let role = role_name(&failure.subject);
            match failure.kind {
                // Of a region that is switched off; its code says so.
                ErrorKind::AccessDenied
                    if failure.code.as_deref() == Some("RegionDisabledException") =>
                {
                    return None;
                }
                ErrorKind::AccessDenied => {
                    let external_id = *external_id;
                    (Break::RoleDenied { role, external_id }, again)
                }
                ErrorKind::ExpiredCredentials => {
                    (Break::SourceEnded { role }, Some(Remedy::PasteKeys))
                }
                ErrorKind::BadCredentials => (
                    Break::SourceRefused {
                        role,
                        token: None,
                        secret_wrong: failure.code.as_deref() == Some("SignatureDoesNotMatch"),
                    },
                    Some(Remedy::PasteKeys),
                ),
                _ => return None,
            }
        }
        _ => return None,
    })
}

/// Its own words, where nothing better is known.
fn said(failure: &StorageError, asking: &Asking) -> Break {
    let subject = match asking {
        Asking::Storage(Ask::Role { .. } | Ask::WebIdentity { .. }) => "STS".to_owned(),
        _ => who(asking),
    };
    Break::Refused {
        subject,
        status: failure.status,
        code: failure.code.clone(),
        said: redact::first_line(failure.message.as_deref().unwrap_or_default()),
    }
}
