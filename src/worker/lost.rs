//! The last word of a command whose task died, so that nothing on screen waits for ever.

use crate::domain::{ErrorKind, Operation, StorageError};

use super::messages::{Command, Event, LoadedSettings, OpenError, SettingsPreview};

pub(super) const SAID: &str = "the work stopped unexpectedly";

fn died(operation: Operation, subject: &str) -> StorageError {
    StorageError::new(operation, ErrorKind::Other, subject).with_message(SAID)
}

/// What the window begins with when its settings could not even be looked for.
pub(super) fn unread() -> LoadedSettings {
    LoadedSettings {
        failure: Some(format!("The settings were not read: {SAID}.")),
        ..LoadedSettings::default()
    }
}

/// The final event to send when the task of this command dies; `None` for commands without an answer.
#[expect(clippy::too_many_lines, reason = "one arm a command")]
pub(super) fn final_event(command: &Command) -> Option<Event> {
    Some(match command {
        Command::SaveMemory(_)
        | Command::Cancel(_)
        | Command::AnswerCode { .. }
        | Command::GoByServer { .. }
        | Command::StartTransfers { .. }
        | Command::ControlTransfers(_)
        | Command::Notify(_) => return None,
        Command::LoadSettings => Event::SettingsLoaded(Box::new(unread())),
        Command::ReadRequests { ticket, .. } => Event::RequestsRead {
            ticket: *ticket,
            news: None,
        },
        Command::SaveConnection {
            ticket, connection, ..
        } => Event::ConnectionSaved {
            ticket: *ticket,
            id: connection.id.clone(),
            result: Err(SAID.to_owned()),
        },
        Command::RemoveConnection { ticket, id } => Event::ConnectionRemoved {
            ticket: *ticket,
            id: id.clone(),
            result: Err(SAID.to_owned()),
        },
        Command::StartBuiltin { ticket } => Event::BuiltinStarted {
            ticket: *ticket,
            result: Err(SAID.to_owned()),
        },
        Command::OpenConnection {
            ticket, connection, ..
        } => Event::ConnectionOpened {
            ticket: *ticket,
            id: connection.id.clone(),
            result: Err(OpenError::Storage(died(
                Operation::Connect,
                &connection.name,
            ))),
        },
        Command::TestConnection {
            ticket, connection, ..
        } => Event::ConnectionTested {
            ticket: *ticket,
            result: Err(OpenError::Storage(died(
                Operation::Connect,
                &connection.name,
            ))),
        },
        Command::TryRole {
            ticket, connection, ..
        } => Event::RoleTried {
            ticket: *ticket,
            result: Err(OpenError::Storage(died(
                Operation::AssumeRole,
                &connection.name,
            ))),
        },
        Command::MeetServer { ticket, id, .. } => Event::ServerMet {
            ticket: *ticket,
            id: id.clone(),
            report: None,
        },
        Command::TestWriting { ticket, .. } => Event::WritingTested { ticket: *ticket },
        Command::Examine { ticket, .. } => Event::ExaminationEnded {
            ticket: *ticket,
            finished: None,
        },
        Command::PreviewSettings { ticket, .. } => Event::SettingsPreviewed {
            ticket: *ticket,
            preview: Box::new(SettingsPreview::failed(SAID)),
            secrets: Vec::new(),
        },
        Command::ReadSecretFile { ticket, option, .. } => Event::SecretFileRead {
            ticket: *ticket,
            option: *option,
            result: Err(SAID.to_owned()),
        },
        Command::ListPrefix {
            ticket, location, ..
        } => Event::ListingEnded {
            ticket: *ticket,
            result: Err(died(Operation::List, &location.to_string())),
        },
        Command::Arrange { ticket, .. } => Event::Arranged {
            ticket: *ticket,
            order: None,
        },
        Command::ListBuckets { ticket, .. } => Event::BucketsListed {
            ticket: *ticket,
            result: Err(died(Operation::ListBuckets, "")),
        },
        Command::Inspect { ticket, key, .. } => Event::Inspected {
            ticket: *ticket,
            result: Err(died(Operation::Head, key.as_str())),
        },
        Command::LoadPreview {
            ticket, details, ..
        } => Event::PreviewLoaded {
            ticket: *ticket,
            result: Err(died(Operation::Get, details.key.as_str())),
        },
        Command::SignLinks { ticket, bucket, .. } => Event::LinksSigned {
            ticket: *ticket,
            result: Err(died(Operation::Link, bucket)),
        },
        Command::LookAtPaths { ticket, .. } => Event::PathsSeen {
            ticket: *ticket,
            seen: Vec::new(),
        },
        Command::PlanUpload { ticket, target, .. } => Event::UploadPlanned {
            ticket: *ticket,
            result: Err(died(Operation::Put, &target.to_string())),
        },
        Command::PlanDownload { ticket, target, .. } => Event::DownloadPlanned {
            ticket: *ticket,
            result: Err(died(Operation::LocalFile, &target.display().to_string())),
        },
        Command::PlanDelete { ticket, bucket, .. } => Event::DeletePlanned {
            ticket: *ticket,
            result: Err(died(Operation::List, bucket)),
        },
        Command::DeleteObjects { ticket, keys, .. } => Event::ObjectsDeleted {
            ticket: *ticket,
            left: 0,
            failures: keys
                .iter()
                .map(|key| (key.clone(), died(Operation::Delete, key.as_str())))
                .collect(),
        },
        Command::CreateFolder { ticket, prefix, .. } => Event::FolderCreated {
            ticket: *ticket,
            prefix: prefix.clone(),
            result: Err(died(Operation::Put, prefix.as_str())),
        },
        Command::Rename { ticket, to, .. } => Event::Renamed {
            ticket: *ticket,
            to: to.clone(),
            result: Err(died(Operation::Copy, to.as_str())),
        },
        Command::SignIn {
            ticket, session, ..
        } => Event::SignedIn {
            ticket: *ticket,
            result: Err(died(Operation::SignIn, session.cache_id()).into()),
        },
        Command::ListAccounts { ticket, session } => Event::AccountsListed {
            ticket: *ticket,
            result: Err(died(Operation::SignIn, session.cache_id()).into()),
        },
        Command::ListRoles {
            ticket, session, ..
        } => Event::RolesListed {
            ticket: *ticket,
            result: Err(died(Operation::SignIn, session.cache_id()).into()),
        },
        Command::Renew { ticket, .. } => Event::Renewed {
            ticket: *ticket,
            result: Err(died(Operation::Connect, "")),
        },
        Command::AddToAwsConfig { ticket, .. } => Event::AwsConfigWritten {
            ticket: *ticket,
            result: Err(SAID.to_owned()),
        },
        Command::Import { ticket, .. } => Event::TextImported {
            ticket: *ticket,
            result: Err(SAID.to_owned()),
        },
        Command::Export { ticket, .. } => Event::Exported {
            ticket: *ticket,
            result: Err(SAID.to_owned()),
        },
        Command::SaveText { what, path, .. } => Event::TextSaved {
            what: *what,
            path: path.clone(),
            result: Err(SAID.to_owned()),
        },
    })
}
