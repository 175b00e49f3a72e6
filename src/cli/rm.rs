//! `rm`: deletes exactly what is named, and with `-r` all below prefixes.

use std::collections::BTreeMap;

use serde_json::json;
use tokio::task::JoinSet;

use crate::domain::{
    ByteSize, ErrorKind, Key, ListSink, Operation, StorageError, Timestamp, grouped,
};
use crate::storage::{ListRequest, Storage};
use crate::words::quoted;

use super::address::Address;
use super::run::{Failure, Job};
use super::usage::Usage;

/// Keys deleted in one request.
const BATCH: usize = 1000;
/// Questions about single objects at the same time.
const HEADS: usize = 16;

/// How to delete.
#[derive(Clone, Copy, Debug)]
pub(super) struct How {
    pub recursive: bool,
    pub force: bool,
    pub yes: bool,
}

/// Everything to delete in one bucket.
#[derive(Default)]
struct Found {
    keys: Vec<Key>,
    bytes: u64,
}

impl ListSink for Found {
    fn object(&mut self, key: &str, size: u64, _: Timestamp, _: &str, _: &str) {
        self.keys.push(Key::new(key));
        self.bytes += size;
    }

    fn folder(&mut self, _: &str) {}
}

/// Deletes; the number of failures.
pub(super) async fn run(job: &Job, targets: &[Address], how: How) -> Result<u64, Failure> {
    let console = job.console();
    let (prefixes, keys): (Vec<_>, Vec<_>) = targets
        .iter()
        .partition(|target| how.recursive && target.is_prefix());
    if let Some(root) = prefixes.iter().find(|prefix| prefix.text.is_empty())
        && !how.yes
        && !console.can_ask()
    {
        let bucket = job.storage_of(Some(root))?.bucket()?.to_owned();
        return Err(Usage::of(
            "rm",
            format!("this would empty the whole bucket {bucket}; say --yes as well"),
        )
        .into());
    }
    let mut failed = 0;
    let mut by_bucket: BTreeMap<Option<String>, Found> = BTreeMap::new();
    for prefix in &prefixes {
        let found = by_bucket.entry(prefix.bucket.clone()).or_default();
        let before = found.keys.len();
        collect(job, prefix, found).await?;
        if found.keys.len() == before && !how.force {
            console.message(&format!(
                "cooperage: nothing lies below {}.",
                quoted(&prefix.text)
            ));
            failed += 1;
        }
    }
    if !prefixes.is_empty() && !confirmed(job, &prefixes, &by_bucket, how)? {
        console.message("Nothing was deleted.");
        return Ok(failed + 1);
    }
    let mut single: BTreeMap<Option<String>, Vec<Key>> = BTreeMap::new();
    for key in keys {
        single
            .entry(key.bucket.clone())
            .or_default()
            .push(key.key());
    }
    for (bucket, mut keys) in single {
        let storage = job.storage_in(bucket.as_deref())?;
        if !how.force {
            failed += drop_missing(job, &storage, &mut keys, how.recursive).await?;
        }
        by_bucket.entry(bucket).or_default().keys.append(&mut keys);
    }
    for (bucket, mut found) in by_bucket {
        found.keys.sort();
        found.keys.dedup();
        let storage = job.storage_in(bucket.as_deref())?;
        failed += delete(job, &storage, &found.keys).await?;
    }
    Ok(failed)
}

/// Lists all below a prefix.
async fn collect(job: &Job, prefix: &Address, found: &mut Found) -> Result<(), Failure> {
    let storage = job.storage_of(Some(prefix))?;
    let mut sweep = storage.sweep(ListRequest::all(prefix.text.clone()));
    while let Some(_page) = job.until_cancelled(sweep.next_page(found)).await? {
        job.console().progress(&format!(
            "{} objects found",
            grouped(found.keys.len() as u64)
        ));
    }
    job.console().clear_progress();
    Ok(())
}

fn confirmed(
    job: &Job,
    prefixes: &[&Address],
    by_bucket: &BTreeMap<Option<String>, Found>,
    how: How,
) -> Result<bool, Failure> {
    let count: usize = by_bucket.values().map(|found| found.keys.len()).sum();
    if how.yes || count == 0 || !job.console().can_ask() {
        return Ok(true);
    }
    let bytes = by_bucket.values().map(|found| found.bytes).sum();
    let names: Vec<_> = prefixes.iter().map(|prefix| quoted(&prefix.text)).collect();
    let question = format!(
        "Delete {} {} ({}) below {}? This cannot be undone. [y/N]",
        grouped(count as u64),
        if count == 1 { "object" } else { "objects" },
        ByteSize(bytes),
        names.join(", ")
    );
    let answer = job.ask(&question)?;
    Ok(matches!(answer.as_deref(), Some("y" | "yes")))
}

/// Takes out the keys that do not exist and tells each; S3 itself answers the deletion of anything with success.
async fn drop_missing(
    job: &Job,
    storage: &Storage,
    keys: &mut Vec<Key>,
    recursive: bool,
) -> Result<u64, Failure> {
    let mut missing = Vec::new();
    let mut asked: JoinSet<(Key, Option<StorageError>)> = JoinSet::new();
    let mut waiting = keys.iter();
    loop {
        while asked.len() < HEADS
            && let Some(key) = waiting.next()
        {
            let (storage, key) = (storage.clone(), key.clone());
            asked.spawn(async move {
                let error = storage.head(&key).await.err();
                (key, error)
            });
        }
        match job
            .until_cancelled(async { Ok(asked.join_next().await) })
            .await?
        {
            None => break,
            // Where reading is denied, deleting may still be allowed: only what is surely missing counts.
            Some(Ok((key, Some(mut error)))) if error.kind == ErrorKind::NoSuchKey => {
                error.operation = Operation::Delete;
                missing.push((key, error));
            }
            Some(_) => {}
        }
    }
    missing.sort_by(|one, other| one.0.cmp(&other.0));
    for (key, error) in &missing {
        job.console().failure(error)?;
        if !recursive && key.as_str().ends_with('/') {
            job.console()
                .message("  To delete all below a prefix, add -r.");
        }
    }
    keys.retain(|key| !missing.iter().any(|(gone, _)| gone == key));
    Ok(missing.len() as u64)
}

async fn delete(job: &Job, storage: &Storage, keys: &[Key]) -> Result<u64, Failure> {
    let console = job.console();
    let mut failed = 0;
    let mut deleted = 0;
    for batch in keys.chunks(BATCH) {
        let failures = job
            .until_cancelled(async { Ok(storage.delete_many(batch).await) })
            .await?;
        for (_, error) in &failures {
            console.failure(error)?;
        }
        if console.json() {
            for key in batch {
                if !failures.iter().any(|(kept, _)| kept == key) {
                    console.object(&json!({ "type": "deleted", "key": key.as_str() }))?;
                }
            }
        }
        failed += failures.len() as u64;
        deleted += (batch.len() - failures.len()) as u64;
        console.progress(&format!(
            "{} of {} deleted",
            grouped(deleted),
            grouped(keys.len() as u64)
        ));
    }
    console.clear_progress();
    console.flush()?;
    if deleted > 0 {
        let objects = if deleted == 1 { "object" } else { "objects" };
        console.note(&format!(
            "Deleted {} {objects} from {}.",
            grouped(deleted),
            storage.bucket()?
        ));
    }
    Ok(failed)
}
