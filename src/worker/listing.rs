//! Commands that bring rows: list a folder page by page, put rows in order, list buckets.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::catalog::{self, Arrangement, Catalog, Order, PageBuilder};
use crate::domain::{Location, StorageError, Ticket};
use crate::settings::ConnectionId;
use crate::storage::ListRequest;

use super::contact;
use super::hub::{Cancellable, Hub};
use super::messages::Event;

pub(super) async fn list(
    hub: &Arc<Hub>,
    ticket: Ticket,
    id: &ConnectionId,
    location: &Location,
    cancel: &Cancellable,
) {
    let result = tokio::select! {
        () = cancel.token.cancelled() => Ok(false),
        result = pages(hub, ticket, id, location) => result.map(|()| true),
    };
    hub.tell(Event::ListingEnded { ticket, result }).await;
    // Folders are listed anew after they were changed.
    if let Ok(storage) = hub.storage(id, &location.bucket) {
        contact::tell_news(hub, id, &storage).await;
    }
}

async fn pages(
    hub: &Arc<Hub>,
    ticket: Ticket,
    id: &ConnectionId,
    location: &Location,
) -> Result<(), StorageError> {
    let storage = hub.storage(id, &location.bucket)?;
    let mut sweep = storage.sweep(ListRequest::folder(&location.prefix));
    let mut trying = sweep.trying();
    let mut first = true;
    loop {
        let mut page = PageBuilder::new(location.prefix.as_str());
        let more = {
            // The table sorts anyway.
            let mut coming = pin!(sweep.any_page(&mut page));
            loop {
                tokio::select! {
                    biased;
                    more = &mut coming => break more?,
                    Ok(()) = trying.changed() => {
                        let trying = *trying.borrow_and_update();
                        hub.tell(Event::ListingTried { ticket, trying }).await;
                    }
                }
            }
        };
        if more.is_none() {
            return Ok(());
        }
        let event = Event::PageListed {
            ticket,
            page: Box::new(page),
        };
        // The first rows are shown at once, the others with the frames that come anyway.
        if std::mem::take(&mut first) {
            hub.tell(event).await;
        } else {
            hub.tell_soon(event).await;
        }
    }
}

pub(super) async fn arrange(
    hub: &Arc<Hub>,
    ticket: Ticket,
    catalog: Catalog,
    arrangement: Arrangement,
    base: Option<Order>,
) {
    let stop = Arc::new(AtomicBool::new(false));
    hub.newest_arrangement(Arc::clone(&stop));
    let order = hub
        .blocking(move || match base {
            Some(base) => base.extended(&catalog, &stop),
            None => catalog::arrange(&catalog, &arrangement, &stop),
        })
        .await
        .flatten();
    hub.tell(Event::Arranged { ticket, order }).await;
}

pub(super) async fn list_buckets(hub: &Arc<Hub>, ticket: Ticket, id: &ConnectionId) {
    let result = async { hub.storage(id, "")?.list_buckets().await }.await;
    hub.tell(Event::BucketsListed { ticket, result }).await;
}
