//! `put`: files and folders of this computer become objects.

use std::fs;
use std::path::{Path, PathBuf};

use crate::domain::{ErrorKind, StorageError};
use crate::storage::Storage;
use crate::transfers::Work;
use crate::transfers::conflict::{Answered, Conflicts, answer_upload, upload_conflicts};
use crate::transfers::plan::{PlanProblem, UploadItem, UploadPlan, plan_upload};

use super::address::Address;
use super::args::WhenExists;
use super::carry::{Tally, carry};
use super::conflicts::decide;
use super::run::{Failure, Job};
use super::usage::Usage;

/// Uploads; the number of failures.
pub(super) async fn run(
    job: &Job,
    sources: &[PathBuf],
    target: &Address,
    said: Option<WhenExists>,
) -> Result<u64, Failure> {
    let storage = job.storage_of(Some(target))?;
    if !target.is_prefix()
        && let [folder] = sources
        && folder.is_dir()
    {
        let sentence = format!(
            "{} is a folder, and {1} without a slash at its end is a key; write {1}/",
            folder.display(),
            target.text
        );
        return Err(Usage::of("put", sentence).into());
    }
    let said = said.or_else(|| {
        job.file_overwrite().map(|overwrite| {
            if overwrite {
                WhenExists::Overwrite
            } else {
                WhenExists::KeepBoth
            }
        })
    });
    let mut plan = walked(job, sources, target).await?;
    let mut tally = Tally::default();
    for problem in std::mem::take(&mut plan.problems) {
        tally.failed += 1;
        job.console().failure(&problem.error)?;
    }
    let Some(answered) = settled(job, &storage, plan, said).await? else {
        return Ok(tally.failed + 1);
    };
    tally.skipped = answered.skipped as u64;
    tally.add(carry(job, &storage, Work::of_answered(answered)).await?);
    tally.tell(job, "put", "Uploaded")
}

/// Walks the sources on a thread that may wait for the disk.
async fn walked(job: &Job, sources: &[PathBuf], target: &Address) -> Result<UploadPlan, Failure> {
    let into = if target.is_prefix() {
        target.prefix()
    } else {
        target.key().folder()
    };
    let (paths, unreadable) = expanded(sources);
    let cancel = job.cancel().clone();
    let walk = move || plan_upload(&paths, &into, &mut |_| {}, &cancel);
    let mut plan = tokio::task::spawn_blocking(walk)
        .await
        .map_err(|died| std::io::Error::other(died.to_string()))?;
    if job.cancel().is_cancelled() {
        return Err(Failure::Interrupted);
    }
    plan.problems.extend(
        unreadable
            .into_iter()
            .map(|(path, error)| PlanProblem { path, error }),
    );
    if !target.is_prefix() {
        for item in &mut plan.items {
            item.key = target.key();
        }
    }
    Ok(plan)
}

/// `folder/.` stands for what is in the folder, without its name.
fn expanded(sources: &[PathBuf]) -> (Vec<PathBuf>, Vec<(PathBuf, StorageError)>) {
    let (mut paths, mut failures) = (Vec::new(), Vec::new());
    for source in sources {
        let text = source.as_os_str().as_encoded_bytes();
        let inside =
            text == b"." || text.ends_with(b"/.") || (cfg!(windows) && text.ends_with(b"\\."));
        if !inside {
            paths.push(source.clone());
            continue;
        }
        match entries(source) {
            Ok(found) => paths.extend(found),
            Err(error) => failures.push((source.clone(), StorageError::local(source, error))),
        }
    }
    (paths, failures)
}

fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    found.sort();
    Ok(found)
}

/// The plan after what is there already has been looked at; `None` when nothing may be written.
async fn settled(
    job: &Job,
    storage: &Storage,
    mut plan: UploadPlan,
    said: Option<WhenExists>,
) -> Result<Option<Answered<UploadItem>>, Failure> {
    if said == Some(WhenExists::Overwrite) {
        for item in plan.items.iter_mut().filter(|item| !item.is_marker) {
            item.if_absent = false;
        }
        return Ok(Some(Answered {
            items: plan.items,
            skipped: 0,
        }));
    }
    let conflicts = match upload_conflicts(storage, &plan, job.cancel()).await {
        // Each object is then written only if the server says that its key is free.
        Err(error) if error.kind == ErrorKind::AccessDenied => Conflicts::default(),
        found => found?,
    };
    let found: Vec<_> = conflicts.found.iter().collect();
    let Some(choice) = decide(job, &found, said)? else {
        return Ok(None);
    };
    Ok(Some(answer_upload(plan, &conflicts, |_| choice)))
}
