//! What a connection finds out about its server outside an examination: a first look at it, and what work shows by the way.
//!
//! Nobody waits for any of it, and none of its failures is told.

use std::sync::Arc;

use super::hub::{Cancellable, Hub};
use super::messages::Event;
use crate::doctor::endpoint;
use crate::domain::diagnosis::{EndpointReport, Known, ServerTraits};
use crate::domain::{Prefix, Ticket};
use crate::settings::ConnectionId;
use crate::storage::Storage;

/// The first look.
pub(super) async fn meet(
    hub: &Arc<Hub>,
    ticket: Ticket,
    id: ConnectionId,
    bucket: &str,
    prefix: &Prefix,
    cancel: &Cancellable,
) {
    let report = match hub.storage(&id, bucket) {
        Ok(storage) => tokio::select! {
            () = cancel.token.cancelled() => None,
            report = endpoint::meet(&storage, prefix.as_str()) => report,
        },
        Err(_closed) => None,
    };
    let report = report.map(Box::new);
    hub.tell(Event::ServerMet { ticket, id, report }).await;
}

/// An open connection goes by what is known now.
pub(super) fn go_by(hub: &Hub, id: &ConnectionId, server: &ServerTraits) {
    if let Ok(storage) = hub.storage(id, "") {
        storage.go_by(server);
    }
}

/// Tells what uploads and deletions have shown of the server since this was done last.
pub(super) async fn tell_news(hub: &Arc<Hub>, id: &ConnectionId, storage: &Storage) {
    let Some(learned) = storage.take_news() else {
        return;
    };
    let findings = learned
        .into_iter()
        .map(|(ability, answer)| (ability, Known::Is(answer)));
    let report = Box::new(EndpointReport {
        findings: findings.collect(),
        ..endpoint::seen_by_the_way(storage)
    });
    let id = id.clone();
    hub.tell(Event::ServerSeen { id, report }).await;
}
