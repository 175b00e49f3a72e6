//! Tells what the log of requests has got since the window last looked.

use std::sync::Arc;
use std::time::Duration;

use super::hub::{Cancellable, Hub};
use super::messages::Event;
use crate::domain::Ticket;

/// What comes within this time is told at once, so that a burst of requests is a handful of events.
const GATHER: Duration = Duration::from_millis(100);

/// Waits for something newer than a version and tells it; nothing when it was cancelled.
pub(super) async fn read(hub: &Arc<Hub>, ticket: Ticket, after: u64, cancel: &Cancellable) {
    let gathered = async {
        hub.requests.changed_after(after).await;
        if after > 0 {
            tokio::time::sleep(GATHER).await;
        }
    };
    let news = tokio::select! {
        () = cancel.token.cancelled() => None,
        () = gathered => Some(hub.requests.since(after)),
    };
    hub.tell_soon(Event::RequestsRead { ticket, news }).await;
}
