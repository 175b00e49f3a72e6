//! Takes the commands in the order in which they come and starts their tasks.
//!
//! What the next command may depend on is done before it is looked at: a cancel signal is there before anyone can cancel, the
//! newest inspection is the newest, and settings are written in the order in which they were asked for. A task that dies is
//! followed by the final event of its command.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::hub::{Cancellable, Hub};
use super::messages::Command;
use super::{
    contact, doctor, exchange, listing, lost, notification, objects, plans, preview, requests,
    seen, settings, settings_preview, sign_in,
};

/// Runs until no more commands can come.
pub(super) async fn dispatch(hub: Arc<Hub>, mut inbox: mpsc::Receiver<Command>) {
    // Not bounded: each is a gesture of a person, and the inbox is bounded already.
    let (write, mut writes) = mpsc::unbounded_channel::<Command>();
    let writer = Arc::clone(&hub);
    hub.spawn(async move {
        while let Some(command) = writes.recv().await {
            let cancel = writer.not_cancellable();
            run(&writer, command, cancel).await;
        }
    });
    while let Some(command) = inbox.recv().await {
        let cancel = match &command {
            Command::AnswerCode { .. } => {
                if let Command::AnswerCode { ticket, code } = command {
                    hub.asks().answer(ticket, code);
                }
                continue;
            }
            Command::Cancel(ticket) => {
                hub.cancel(*ticket);
                continue;
            }
            Command::SaveConnection { .. }
            | Command::RemoveConnection { .. }
            | Command::SaveMemory(_) => {
                // The writer lives as long as its sender.
                let _sent = write.send(command);
                continue;
            }
            Command::ListPrefix { ticket, .. }
            | Command::OpenConnection { ticket, .. }
            | Command::TryRole { ticket, .. }
            | Command::SignIn { ticket, .. }
            | Command::Examine { ticket, .. }
            | Command::TestWriting { ticket, .. }
            | Command::MeetServer { ticket, .. }
            | Command::PlanUpload { ticket, .. }
            | Command::PlanDownload { ticket, .. }
            | Command::PlanDelete { ticket, .. }
            | Command::DeleteObjects { ticket, .. } => hub.cancellable(*ticket),
            Command::ReadRequests { ticket, .. } => hub.cancellable(*ticket),
            Command::Inspect { .. } | Command::LoadPreview { .. } => hub.newest_inspection(),
            _ => hub.not_cancellable(),
        };
        let own = Arc::clone(&hub);
        hub.spawn(async move { run(&own, command, cancel).await });
    }
}

/// Runs one command; should its task die, its final event is sent all the same.
async fn run(hub: &Arc<Hub>, command: Command, cancel: Cancellable) {
    let lost = lost::final_event(&command);
    let task = hub.spawn(perform(Arc::clone(hub), command, cancel));
    if let (Err(_died), Some(event)) = (task.await, lost) {
        hub.tell(event).await;
    }
}

#[expect(clippy::too_many_lines, reason = "one arm a command")]
async fn perform(hub: Arc<Hub>, command: Command, cancel: Cancellable) {
    match command {
        Command::LoadSettings => settings::load(&hub).await,
        Command::SaveMemory(memory) => settings::save_memory(&hub, *memory).await,
        Command::SaveConnection { ticket, connection } => {
            settings::save(&hub, ticket, *connection).await
        }
        Command::RemoveConnection { ticket, id } => settings::remove(&hub, ticket, id).await,
        Command::StartBuiltin { ticket } => settings::start_builtin(&hub, ticket).await,
        Command::OpenConnection {
            ticket,
            connection,
            others,
        } => {
            settings::open(&hub, ticket, *connection, &others, &cancel).await;
        }
        Command::TryRole {
            ticket,
            connection,
            others,
        } => settings::try_role(&hub, ticket, *connection, &others, &cancel).await,
        Command::TestConnection {
            ticket,
            connection,
            others,
        } => {
            settings::test(&hub, ticket, *connection, &others).await;
        }
        Command::ReadRequests { ticket, after } => {
            requests::read(&hub, ticket, after, &cancel).await;
        }
        Command::PreviewSettings {
            ticket,
            connection,
            others,
            sample,
            fetch_secrets,
        } => {
            let edited = settings_preview::Edited {
                connection: *connection,
                others,
                sample,
                fetch_secrets,
            };
            settings_preview::preview(&hub, ticket, edited).await;
        }
        Command::ReadSecretFile {
            ticket,
            option,
            path,
        } => settings_preview::read_secret_file(&hub, ticket, option, path).await,
        Command::Import {
            ticket,
            source,
            kind,
        } => exchange::import(&hub, ticket, source, kind).await,
        Command::Export {
            ticket,
            connection,
            others,
            form,
            with_secrets,
        } => {
            let wish = exchange::Wish {
                connection: *connection,
                others,
                form,
                with_secrets,
            };
            exchange::export(&hub, ticket, wish).await;
        }
        Command::SaveText {
            what,
            path,
            text,
            replace,
        } => exchange::save(&hub, what, path, text, replace).await,
        Command::ListPrefix {
            ticket,
            id,
            location,
        } => listing::list(&hub, ticket, &id, &location, &cancel).await,
        Command::SignIn {
            ticket,
            session,
            method,
        } => sign_in::sign_in(&hub, ticket, &session, method, &cancel).await,
        Command::ListAccounts { ticket, session } => {
            sign_in::accounts(&hub, ticket, &session).await;
        }
        Command::ListRoles {
            ticket,
            session,
            account,
        } => sign_in::roles(&hub, ticket, &session, &account).await,
        Command::AnswerCode { ticket, code } => hub.asks().answer(ticket, code),
        Command::Renew { ticket, id, force } => sign_in::renew(&hub, ticket, &id, force).await,
        Command::AddToAwsConfig { ticket, addition } => {
            sign_in::add_to_aws_config(&hub, ticket, addition).await;
        }
        Command::Cancel(ticket) => hub.cancel(ticket),
        Command::Examine {
            ticket,
            connection,
            others,
            keys_only,
        } => {
            let whom = doctor::Whom {
                connection: *connection,
                others: &others,
                keys_only,
            };
            doctor::examine(&hub, ticket, whom, &cancel).await;
        }
        Command::TestWriting {
            ticket,
            connection,
            others,
            wish,
        } => doctor::test_writing(&hub, ticket, *connection, &others, wish, &cancel).await,
        Command::MeetServer {
            ticket,
            id,
            bucket,
            prefix,
        } => contact::meet(&hub, ticket, id, &bucket, &prefix, &cancel).await,
        Command::GoByServer { id, server } => contact::go_by(&hub, &id, &server),
        Command::Arrange {
            ticket,
            catalog,
            arrangement,
            base,
        } => {
            listing::arrange(&hub, ticket, catalog, arrangement, base).await;
        }
        Command::ListBuckets { ticket, id } => listing::list_buckets(&hub, ticket, &id).await,
        Command::Inspect {
            ticket,
            id,
            bucket,
            key,
        } => objects::inspect(&hub, ticket, &id, &bucket, &key, &cancel).await,
        Command::LoadPreview {
            ticket,
            id,
            bucket,
            details,
        } => {
            preview::load(&hub, ticket, &id, &bucket, &details, &cancel).await;
        }
        Command::SignLinks {
            ticket,
            id,
            bucket,
            keys,
            expires_secs,
        } => {
            objects::sign_links(&hub, ticket, &id, &bucket, &keys, expires_secs).await;
        }
        Command::LookAtPaths { ticket, paths } => seen::look_at(&hub, ticket, paths).await,
        Command::PlanUpload {
            ticket,
            id,
            target,
            paths,
        } => {
            plans::upload(&hub, ticket, &id, &target, paths, &cancel).await;
        }
        Command::PlanDownload {
            ticket,
            id,
            bucket,
            keys,
            prefixes,
            target,
        } => {
            plans::download(
                &hub,
                ticket,
                &id,
                &bucket,
                plans::Wanted {
                    keys,
                    prefixes,
                    target,
                },
                &cancel,
            )
            .await;
        }
        Command::StartTransfers { id, bucket, work } => {
            plans::start(&hub, &id, &bucket, work).await
        }
        Command::ControlTransfers(control) => plans::control(&hub, control),
        Command::Notify(text) => notification::notify(&hub, text).await,
        Command::PlanDelete {
            ticket,
            id,
            bucket,
            prefixes,
        } => {
            plans::delete(&hub, ticket, &id, &bucket, &prefixes, &cancel).await;
        }
        Command::DeleteObjects {
            ticket,
            id,
            bucket,
            keys,
        } => {
            objects::delete(&hub, ticket, &id, &bucket, &keys, &cancel).await;
        }
        Command::CreateFolder {
            ticket,
            id,
            bucket,
            prefix,
        } => {
            objects::create_folder(&hub, ticket, &id, &bucket, prefix).await;
        }
        Command::Rename {
            ticket,
            id,
            bucket,
            from,
            to,
        } => {
            objects::rename(&hub, ticket, &id, &bucket, &from, to).await;
        }
    }
}

#[cfg(test)]
#[path = "dispatch_tests.rs"]
mod tests;
