//! `get`: objects, and all below prefixes, become files of this computer.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::domain::{ErrorKind, ListSink, Operation, StorageError, Timestamp, grouped};
use crate::storage::{ListRequest, Storage};
use crate::transfers::Work;
use crate::transfers::conflict::{Conflict, Conflicts, answer_download, download_conflicts};
use crate::transfers::plan::{Chosen, Counts, DownloadPlan, plan_download};
use crate::words::{quoted, visible};

use super::address::Address;
use super::args::WhenExists;
use super::carry::{Tally, carry};
use super::conflicts::decide;
use super::run::{Failure, Job};
use super::usage::Usage;

/// What one source brings.
struct Part {
    storage: Storage,
    plan: DownloadPlan,
    conflicts: Conflicts,
}

/// Downloads; the number of failures.
pub(super) async fn run(
    job: &Job,
    sources: &[Address],
    target: &Path,
    said: Option<WhenExists>,
) -> Result<u64, Failure> {
    let target = Target::of(target, sources)?;
    let mut tally = Tally::default();
    let mut parts = Vec::new();
    for source in sources {
        match planned(job, source, &target).await {
            Ok(part) => parts.push(part),
            Err(Failure::Storage(error)) if sources.len() > 1 => {
                tally.failed += 1;
                job.console().failure(&error)?;
            }
            Err(failure) => return Err(failure),
        }
    }
    refuse_two_in_one_place(&parts)?;
    let found: Vec<&Conflict> = parts
        .iter()
        .flat_map(|part| &part.conflicts.found)
        .collect();
    let Some(choice) = decide(job, &found, said)? else {
        return Ok(tally.failed + 1);
    };
    for part in parts {
        let (plan, skipped) = answer_download(part.plan, &part.conflicts, |_| choice);
        for item in plan.renamed() {
            job.console().note(&format!(
                "{} is written as {}.",
                quoted(item.key.as_str()),
                visible(&plan.root.join(&item.relative).to_string_lossy())
            ));
        }
        fs::create_dir_all(&plan.root).map_err(|error| StorageError::local(&plan.root, error))?;
        tally.skipped += skipped as u64;
        tally.add(carry(job, &part.storage, Work::of_download(plan)).await?);
    }
    tally.tell(job, "get", "Downloaded")
}

/// Where it goes.
enum Target {
    /// Into this folder.
    Folder(PathBuf),
    /// As this file.
    File {
        /// The folder it is in.
        folder: PathBuf,
        /// Its name there.
        name: PathBuf,
    },
}

impl Target {
    fn of(local: &Path, sources: &[Address]) -> Result<Self, Failure> {
        let ends_as_folder = local
            .as_os_str()
            .as_encoded_bytes()
            .last()
            .is_some_and(|last| std::path::is_separator(char::from(*last)));
        let needs_folder = sources.len() > 1 || sources.iter().any(Address::is_prefix);
        if needs_folder && local.is_file() {
            let sentence = format!(
                "{} is a file, and this needs a folder to go into",
                local.display()
            );
            return Err(Usage::of("get", sentence).into());
        }
        match local.file_name() {
            Some(name) if !needs_folder && !ends_as_folder && !local.is_dir() => Ok(Self::File {
                folder: match local.parent() {
                    Some(folder) if folder != Path::new("") => folder.to_owned(),
                    _ => PathBuf::from("."),
                },
                name: PathBuf::from(name),
            }),
            _ => Ok(Self::Folder(local.to_owned())),
        }
    }
}

/// Looks at one source and at what stands in its way.
async fn planned(job: &Job, source: &Address, target: &Target) -> Result<Part, Failure> {
    let storage = job.storage_of(Some(source))?;
    let chosen = if source.is_prefix() {
        Chosen::Folder(source.prefix())
    } else {
        looked_at(job, &storage, source).await?
    };
    let root = match target {
        Target::Folder(folder) | Target::File { folder, .. } => folder.clone(),
    };
    let console = job.console();
    let counted = |counts: Counts| {
        console.progress(&format!("{} objects found", grouped(counts.files)));
    };
    let mut plan = match plan_download(&storage, &[chosen], &root, &counted, job.cancel()).await {
        Err(error) if error.kind == ErrorKind::NoSuchKey => {
            let mut error = error;
            source.text.clone_into(&mut error.subject);
            return Err(error.into());
        }
        plan => plan?,
    };
    console.clear_progress();
    if source.is_prefix() && !source.text.is_empty() {
        // What is below the prefix goes straight into the folder.
        for item in &mut plan.items {
            item.relative = item.relative.iter().skip(1).collect();
        }
        plan.items
            .retain(|item| !item.relative.as_os_str().is_empty());
    }
    if let Target::File { name, .. } = target {
        for item in &mut plan.items {
            item.relative.clone_from(name);
            item.renamed = None;
        }
    }
    let (plan, conflicts) = tokio::task::spawn_blocking(move || {
        let conflicts = download_conflicts(&plan);
        (plan, conflicts)
    })
    .await
    .map_err(|died| std::io::Error::other(died.to_string()))?;
    Ok(Part {
        storage,
        plan,
        conflicts,
    })
}

/// An object as a listing would tell it.
async fn looked_at(job: &Job, storage: &Storage, source: &Address) -> Result<Chosen, Failure> {
    let key = source.key();
    match job.until_cancelled(storage.head(&key)).await {
        Ok(details) => Ok(Chosen::Object {
            key,
            bytes: details.size,
            modified: details.modified,
        }),
        Err(Failure::Storage(mut error)) if error.kind == ErrorKind::NoSuchKey => {
            error.operation = Operation::Get;
            let below = format!("{}/", source.text);
            let request = ListRequest {
                max_keys: 1,
                ..ListRequest::all(&*below)
            };
            let mut nothing = Ignored;
            if let Ok(page) = job
                .until_cancelled(storage.list_page(&request, &mut nothing))
                .await
                && page.objects > 0
            {
                job.console().message(&format!(
                    "cooperage: there are objects below {}; with the slash at its end, all of them come.",
                    quoted(&below)
                ));
            }
            Err(Failure::Storage(error))
        }
        Err(failure) => Err(failure),
    }
}

/// Only how many there are counts.
struct Ignored;

impl ListSink for Ignored {
    fn object(&mut self, _: &str, _: u64, _: Timestamp, _: &str, _: &str) {}
    fn folder(&mut self, _: &str) {}
}

/// Two sources must not write the same file.
fn refuse_two_in_one_place(parts: &[Part]) -> Result<(), Failure> {
    let mut places = HashMap::new();
    for part in parts {
        for item in part.plan.items.iter().filter(|item| !item.is_folder) {
            if let Some(other) = places.insert(&item.relative, &item.key) {
                let sentence = format!(
                    "{} and {} would both be written as {}; get them into different folders",
                    quoted(other.as_str()),
                    quoted(item.key.as_str()),
                    item.relative.display()
                );
                return Err(Usage::of("get", sentence).into());
            }
        }
    }
    Ok(())
}
