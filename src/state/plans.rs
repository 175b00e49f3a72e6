//! Uploads, downloads and deletions before they begin: what would be done is looked at first, conflicts are asked, nothing
//! is written until then.

use std::path::PathBuf;

use crate::domain::{Key, Location, Prefix, StorageError, Ticket, Timestamp};
use crate::worker::messages::{Command, DownloadPlan, PickPurpose, Planned, UploadPlan};

use super::dialogs::{ConflictDialog, ConflictPlan, DeleteDialog, Dialog};
use super::{Effect, Pick, State, ToastKind};
use crate::settings::{Access, ConnectionId};

/// Where transfers go to or come from, whatever the window shows meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The connection.
    pub id: ConnectionId,
    /// The bucket.
    pub bucket: String,
}

/// A plan that is being made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planning {
    /// The question.
    pub ticket: Ticket,
    /// Where.
    pub place: Place,
}

/// What was selected when a download was asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    place: Place,
    keys: Vec<(Key, u64, Option<Timestamp>)>,
    prefixes: Vec<Prefix>,
}

impl State {
    pub(super) fn plan_upload(
        &mut self,
        paths: Vec<PathBuf>,
        target: Option<Prefix>,
    ) -> Vec<Effect> {
        if paths.is_empty() {
            return Vec::new();
        }
        if let Some(reason) = self.write_refusal() {
            return self.refuse(reason);
        }
        let Some(place) = self.place() else {
            return self.refuse("Open a connection first, then drop files into it.");
        };
        self.plan_upload_to(paths, place.id, self.folder(target))
    }

    /// Files were picked for a folder that may not be shown any more.
    pub(super) fn plan_picked_upload(
        &mut self,
        paths: Vec<PathBuf>,
        id: ConnectionId,
        target: Location,
    ) -> Vec<Effect> {
        let access = self
            .connections
            .find(&id)
            .map(|entry| entry.connection.access);
        match access {
            None => self.refuse("The connection was removed; nothing was uploaded."),
            Some(Access::ReadOnly) => self.refuse("this connection is read-only"),
            Some(Access::Full | Access::NoDelete) => self.plan_upload_to(paths, id, target),
        }
    }

    fn plan_upload_to(
        &mut self,
        paths: Vec<PathBuf>,
        id: ConnectionId,
        target: Location,
    ) -> Vec<Effect> {
        let bucket = target.bucket.clone();
        let place = Place {
            id: id.clone(),
            bucket,
        };
        let ticket = self.plan(place);
        vec![Effect::Run(Command::PlanUpload {
            ticket,
            id,
            target,
            paths,
        })]
    }

    /// Where the window stands.
    pub(super) fn place(&self) -> Option<Place> {
        Some(Place {
            id: self.connections.current.clone()?,
            bucket: self.browser.location.bucket.clone(),
        })
    }

    fn plan(&mut self, place: Place) -> Ticket {
        let ticket = self.tickets.draw();
        self.planning.push(Planning { ticket, place });
        ticket
    }

    /// The plan of this question came.
    fn planned(&mut self, ticket: Ticket) -> Option<Place> {
        let at = self.planning.iter().position(|own| own.ticket == ticket)?;
        Some(self.planning.remove(at).place)
    }

    fn wanted(&self) -> Option<Wanted> {
        let keys: Vec<_> = self
            .browser
            .selected_objects()
            .map(|row| (row.key(), row.size(), row.modified()))
            .collect();
        let prefixes = self.browser.selected_folders();
        let place = self.place()?;
        (!keys.is_empty() || !prefixes.is_empty()).then_some(Wanted {
            place,
            keys,
            prefixes,
        })
    }

    pub(super) fn ask_download(&mut self) -> Vec<Effect> {
        if let Some(reason) = self.read_refusal() {
            return self.refuse(reason);
        }
        // What is selected now is meant, whatever is selected when the folder has been chosen.
        self.wanted = self.wanted();
        if self.wanted.is_none() {
            return self.refuse("Select files or folders to download.");
        }
        let title = "Download to".to_owned();
        vec![Effect::Pick(Pick {
            title,
            purpose: PickPurpose::Download,
            what: super::PickWhat::Folder,
        })]
    }

    pub(super) fn plan_download(&mut self, target: PathBuf) -> Vec<Effect> {
        let Some(wanted) = self.wanted.take().or_else(|| self.wanted()) else {
            return self.refuse("Select files or folders to download.");
        };
        let Wanted {
            place,
            keys,
            prefixes,
        } = wanted;
        let ticket = self.plan(place.clone());
        vec![Effect::Run(Command::PlanDownload {
            ticket,
            id: place.id,
            bucket: place.bucket,
            keys,
            prefixes,
            target,
        })]
    }

    pub(super) fn take_upload_plan(
        &mut self,
        ticket: Ticket,
        result: Result<Box<Planned<UploadPlan>>, StorageError>,
    ) -> Vec<Effect> {
        let Some(place) = self.planned(ticket) else {
            return Vec::new();
        };
        match result {
            Err(error) => {
                self.report(&error);
                Vec::new()
            }
            Ok(plan) => {
                for problem in plan.plan.problems.iter().take(3) {
                    let words = crate::words::explain_plainly(&problem.error);
                    self.toasts.show(
                        ToastKind::Warn,
                        format!("Left out: {}. {}", words.title, words.cause),
                    );
                }
                if plan.plan.items.is_empty() {
                    return self.refuse("There is nothing to upload in what was dropped.");
                }
                self.settle_conflicts(ConflictPlan::Upload(plan), place)
            }
        }
    }

    pub(super) fn take_download_plan(
        &mut self,
        ticket: Ticket,
        result: Result<Box<Planned<DownloadPlan>>, StorageError>,
    ) -> Vec<Effect> {
        let Some(place) = self.planned(ticket) else {
            return Vec::new();
        };
        match result {
            Err(error) => {
                self.report(&error);
                Vec::new()
            }
            Ok(plan) if plan.plan.items.is_empty() => {
                self.refuse("There is nothing to download in what was selected.")
            }
            Ok(plan) => self.settle_conflicts(ConflictPlan::Download(plan), place),
        }
    }

    fn settle_conflicts(&mut self, plan: ConflictPlan, place: Place) -> Vec<Effect> {
        let no_overwrite = match &plan {
            ConflictPlan::Upload(_) => self.overwrite_refusal(&place),
            ConflictPlan::Download(_) => None,
        };
        let dialog = ConflictDialog::new(plan, place, no_overwrite);
        if dialog.conflicts().is_empty() {
            return self.start_plan(dialog);
        }
        self.ask(Dialog::Conflicts(dialog));
        Vec::new()
    }

    /// Starts a plan with its answers.
    pub(super) fn start_plan(&mut self, dialog: ConflictDialog) -> Vec<Effect> {
        let Place { id, bucket } = dialog.place.clone();
        let (changed, work) = (changed_names(&dialog.plan), dialog.work());
        if work.is_empty() {
            return self.refuse("All were skipped; nothing was written.");
        }
        if !changed.is_empty() {
            self.ask(Dialog::ChangedNames(changed));
        }
        vec![Effect::Run(Command::StartTransfers { id, bucket, work })]
    }

    pub(super) fn ask_delete(&mut self) -> Vec<Effect> {
        if let Some(reason) = self.delete_refusal() {
            return self.refuse(reason);
        }
        let Some(id) = self.connections.current.clone() else {
            return Vec::new();
        };
        let objects: Vec<(Key, u64)> = self
            .browser
            .selected_objects()
            .map(|row| (row.key(), row.size()))
            .collect();
        let prefixes = self.browser.selected_folders();
        if objects.is_empty() && prefixes.is_empty() {
            return self.refuse("Select what to delete first.");
        }
        let bucket = self.browser.location.bucket.clone();
        let bytes = objects.iter().map(|(_, bytes)| bytes).sum();
        let collecting = (!prefixes.is_empty()).then(|| self.tickets.draw());
        let command = collecting.map(|ticket| {
            let (bucket, prefixes) = (bucket.clone(), prefixes.clone());
            Effect::Run(Command::PlanDelete {
                ticket,
                id,
                bucket,
                prefixes,
            })
        });
        self.dialog = Some(Dialog::Delete(DeleteDialog {
            bucket,
            objects,
            prefixes,
            bytes,
            collecting,
            problem: None,
            typed: String::new(),
        }));
        command.into_iter().collect()
    }

    /// More keys of a deletion were found.
    pub(super) fn grow_delete_plan(&mut self, ticket: Ticket, objects: Vec<(Key, u64)>) {
        if let Some(Dialog::Delete(dialog)) = &mut self.dialog
            && dialog.collecting == Some(ticket)
        {
            dialog.bytes += objects.iter().map(|(_, bytes)| bytes).sum::<u64>();
            dialog.objects.extend(objects);
        }
    }

    /// All keys of a deletion are known, or they cannot be.
    pub(super) fn end_delete_plan(&mut self, ticket: Ticket, result: Result<(), StorageError>) {
        if let Some(Dialog::Delete(dialog)) = &mut self.dialog
            && dialog.collecting == Some(ticket)
        {
            dialog.collecting = None;
            dialog.problem = result.err().map(|error| {
                let words = crate::words::explain_plainly(&error);
                format!("{}. {}", words.title, words.next_step)
            });
        }
    }
}

/// Keys whose files get another name, and that name.
fn changed_names(plan: &ConflictPlan) -> Vec<(Key, String)> {
    match plan {
        ConflictPlan::Upload(_) => Vec::new(),
        ConflictPlan::Download(planned) => planned
            .plan
            .renamed()
            .map(|item| (item.key.clone(), item.relative.display().to_string()))
            .collect(),
    }
}
