//! Commands that look before they leap: uploads, downloads and deletions are planned, then started.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::{Key, ListSink, Location, Prefix, StorageError, Ticket, Timestamp};
use crate::settings::ConnectionId;
use crate::storage::ListRequest;
use crate::transfers::conflict::{download_conflicts, upload_conflicts};
use crate::transfers::plan::{Chosen, plan_download, plan_upload};

use super::hub::{Cancellable, Hub};
use super::messages::{Control, DownloadPlan, Event, Planned, UploadPlan, Work};

pub(super) async fn upload(
    hub: &Arc<Hub>,
    ticket: Ticket,
    id: &ConnectionId,
    target: &Location,
    paths: Vec<PathBuf>,
    cancel: &Cancellable,
) {
    let result = look_up(hub, id, target, paths, cancel).await;
    hub.tell(Event::UploadPlanned {
        ticket,
        result: result.map(Box::new),
    })
    .await;
}

async fn look_up(
    hub: &Arc<Hub>,
    id: &ConnectionId,
    target: &Location,
    paths: Vec<PathBuf>,
    cancel: &Cancellable,
) -> Result<Planned<UploadPlan>, StorageError> {
    let storage = hub.storage(id, &target.bucket)?;
    let (into, stop) = (target.prefix.clone(), cancel.token.clone());
    let plan = hub
        .blocking(move || plan_upload(&paths, &into, &mut |_| {}, &stop))
        .await
        .unwrap_or_default();
    let conflicts = upload_conflicts(&storage, &plan, &cancel.token).await?;
    Ok(Planned { plan, conflicts })
}

/// What is to be downloaded, and where to.
pub(super) struct Wanted {
    pub(super) keys: Vec<(Key, u64, Option<Timestamp>)>,
    pub(super) prefixes: Vec<Prefix>,
    pub(super) target: PathBuf,
}

pub(super) async fn download(
    hub: &Arc<Hub>,
    ticket: Ticket,
    id: &ConnectionId,
    bucket: &str,
    wanted: Wanted,
    cancel: &Cancellable,
) {
    let result = look_down(hub, id, bucket, wanted, cancel).await;
    hub.tell(Event::DownloadPlanned {
        ticket,
        result: result.map(Box::new),
    })
    .await;
}

async fn look_down(
    hub: &Arc<Hub>,
    id: &ConnectionId,
    bucket: &str,
    wanted: Wanted,
    cancel: &Cancellable,
) -> Result<Planned<DownloadPlan>, StorageError> {
    let storage = hub.storage(id, bucket)?;
    let objects = wanted
        .keys
        .into_iter()
        .map(|(key, bytes, modified)| Chosen::Object {
            key,
            bytes,
            modified,
        });
    let chosen: Vec<Chosen> = wanted
        .prefixes
        .into_iter()
        .map(Chosen::Folder)
        .chain(objects)
        .collect();
    let plan = plan_download(&storage, &chosen, &wanted.target, &|_| {}, &cancel.token).await?;
    let looked = hub
        .blocking(move || (download_conflicts(&plan), plan))
        .await;
    let (conflicts, plan) = looked.unwrap_or_default();
    Ok(Planned { plan, conflicts })
}

pub(super) async fn start(hub: &Arc<Hub>, id: &ConnectionId, bucket: &str, work: Vec<Work>) {
    // A connection that is closed meanwhile has nothing left that could be shown as failed.
    if let Ok(storage) = hub.storage(id, bucket)
        && let Some(engine) = hub.transfers()
    {
        engine.submit(&storage, work);
    }
}

pub(super) fn control(hub: &Arc<Hub>, control: Control) {
    let Some(engine) = hub.transfers() else {
        return;
    };
    match control {
        Control::Cancel(which) => engine.cancel(which),
        Control::Pause(which) => engine.pause(which),
        Control::Resume(which) => engine.resume(which),
        Control::Retry(which) => engine.retry(which),
        Control::RemoveFinished => engine.remove_finished(),
    }
}

pub(super) async fn delete(
    hub: &Arc<Hub>,
    ticket: Ticket,
    id: &ConnectionId,
    bucket: &str,
    prefixes: &[Prefix],
    cancel: &Cancellable,
) {
    let result = tokio::select! {
        () = cancel.token.cancelled() => Ok(()),
        result = collect(hub, ticket, id, bucket, prefixes) => result,
    };
    hub.tell(Event::DeletePlanned { ticket, result }).await;
}

/// All keys below the folders, page by page.
async fn collect(
    hub: &Arc<Hub>,
    ticket: Ticket,
    id: &ConnectionId,
    bucket: &str,
    prefixes: &[Prefix],
) -> Result<(), StorageError> {
    let storage = hub.storage(id, bucket)?;
    for prefix in prefixes {
        let mut sweep = storage.sweep(ListRequest::all(prefix.as_str()));
        loop {
            let mut found = Keys::default();
            if sweep.next_page(&mut found).await?.is_none() {
                break;
            }
            hub.tell_soon(Event::DeletePlanGrew {
                ticket,
                objects: found.0,
            })
            .await;
        }
    }
    Ok(())
}

/// Keys of a page with their sizes in bytes.
#[derive(Default)]
struct Keys(Vec<(Key, u64)>);

impl ListSink for Keys {
    fn object(&mut self, key: &str, size: u64, _modified: Timestamp, _etag: &str, _class: &str) {
        self.0.push((Key::new(key), size));
    }

    fn folder(&mut self, _prefix: &str) {}
}
