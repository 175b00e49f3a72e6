//! The dialog that is open, if one is. There is at most one; while it is open the window below does not answer.

use std::sync::Arc;

use super::credentials::{CodeDialog, FormEdit, PasteDialog, SignInDialog};
use super::plans::Place;
use super::role::RoleDialog;
use crate::domain::{Key, Prefix, Ticket, grouped};
use crate::settings::ConnectionId;
use crate::worker::messages::{
    Choice, Conflict, DownloadPlan, PickPurpose, Planned, UploadPlan, Work, answer_download,
    answer_upload,
};

use super::exchange::{ExportDialog, ExportEdit, ImportDialog, ImportEdit};

/// Answers that the conflict table offers.
pub type ConflictChoice = Choice;

/// What a dialog asks.
#[derive(Debug)]
pub enum Dialog {
    /// The name of a new folder.
    NewFolder(NameDialog),
    /// The new name of an object.
    Rename {
        /// The object.
        key: Key,
        /// The name being typed.
        form: NameDialog,
    },
    /// Whether to delete.
    Delete(DeleteDialog),
    /// What to do with names that are taken.
    Conflicts(ConflictDialog),
    /// A path, a key or an `s3://` address to go to.
    GoTo(NameDialog),
    /// The name of a bucket.
    AddBucket(NameDialog),
    /// A path of this computer, where the desktop has no file dialog.
    Path {
        /// What it is for.
        purpose: PickPurpose,
        /// The path being typed.
        form: NameDialog,
    },
    /// A Django settings text.
    Import(ImportDialog),
    /// Write the settings being edited for another program.
    Export(ExportDialog),
    /// Whether to forget a connection.
    RemoveConnection(ConnectionId),
    /// Whether to leave unsaved settings.
    UnsavedSettings,
    /// The names that a download had to change.
    ChangedNames(Vec<(Key, String)>),
    /// All keys of the keyboard.
    Keys,
    /// All commands.
    Palette {
        /// What is typed.
        text: String,
        /// The chosen line.
        line: usize,
    },
    /// What the program is.
    About,
    /// What the server of the Doctor's patient can do.
    Abilities,
    /// A policy being written.
    Policy(Box<super::policy::PolicyDialog>),
    /// Signing in to Identity Center.
    SignIn(SignInDialog),
    /// Taking a role.
    AssumeRole(RoleDialog),
    /// Pasting keys.
    PasteKeys(PasteDialog),
    /// The code of an MFA device.
    Code(CodeDialog),
}

/// One text field with a reason why it cannot be used yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameDialog {
    /// What is typed.
    pub text: String,
    /// Why it cannot be used.
    pub problem: Option<String>,
    /// The work is being done.
    pub ticket: Option<Ticket>,
}

/// A deletion before it is confirmed.
#[derive(Debug)]
pub struct DeleteDialog {
    /// The bucket.
    pub bucket: String,
    /// Exactly what would be deleted, with sizes in bytes.
    pub objects: Vec<(Key, u64)>,
    /// Folders that were selected.
    pub prefixes: Vec<Prefix>,
    /// Sum of the sizes in bytes.
    pub bytes: u64,
    /// The question that collects the keys below the folders; `None` when all are known.
    pub collecting: Option<Ticket>,
    /// Why not all keys could be collected.
    pub problem: Option<String>,
    /// The text that must be typed for many objects, and what is typed.
    pub typed: String,
}

impl DeleteDialog {
    /// From this many objects on, the bucket's name must be typed.
    pub const TYPED_FROM: usize = 100;

    /// True when the bucket's name must be typed first.
    #[must_use]
    pub const fn must_type(&self) -> bool {
        self.objects.len() >= Self::TYPED_FROM
    }

    /// True when Delete may be pressed.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.collecting.is_none()
            && self.problem.is_none()
            && !self.objects.is_empty()
            && (!self.must_type() || self.typed == self.bucket)
    }

    /// The keys to delete.
    #[must_use]
    pub fn keys(&self) -> Arc<[Key]> {
        self.objects.iter().map(|(key, _)| key.clone()).collect()
    }
}

/// Where the conflicts of a dialog come from.
#[derive(Debug)]
pub enum ConflictPlan {
    /// Files that go up.
    Upload(Box<Planned<UploadPlan>>),
    /// Objects that come down.
    Download(Box<Planned<DownloadPlan>>),
}

/// The conflict table.
#[derive(Debug)]
pub struct ConflictDialog {
    /// What is planned.
    pub plan: ConflictPlan,
    /// Where.
    pub place: Place,
    /// Why what is there may not be overwritten, if so.
    pub no_overwrite: Option<&'static str>,
    /// One answer a conflict, in their order.
    pub choices: Vec<Choice>,
    /// The answer chosen for all, if one was.
    pub all: Option<Choice>,
}

impl ConflictDialog {
    /// Opens the table: skipping is the answer that loses nothing.
    #[must_use]
    pub fn new(plan: ConflictPlan, place: Place, no_overwrite: Option<&'static str>) -> Self {
        let mut dialog = Self {
            plan,
            place,
            no_overwrite,
            choices: Vec::new(),
            all: Some(Choice::Skip),
        };
        dialog.choices = vec![Choice::Skip; dialog.conflicts().len()];
        dialog
    }

    /// The conflicts.
    #[must_use]
    pub fn conflicts(&self) -> &[Conflict] {
        match &self.plan {
            ConflictPlan::Upload(planned) => &planned.conflicts.found,
            ConflictPlan::Download(planned) => &planned.conflicts.found,
        }
    }

    /// Files of the whole plan.
    #[must_use]
    pub fn files(&self) -> usize {
        match &self.plan {
            ConflictPlan::Upload(planned) => planned.plan.items.len(),
            ConflictPlan::Download(planned) => planned.plan.items.len(),
        }
    }

    /// One answer for all; what can only be kept is skipped instead of overwritten.
    pub fn answer_all(&mut self, choice: Choice) {
        for row in 0..self.choices.len() {
            self.answer(row, choice);
        }
        self.all = Some(choice);
    }

    /// One answer for one row.
    pub fn answer_one(&mut self, row: usize, choice: Choice) {
        self.answer(row, choice);
        self.all = None;
    }

    fn answer(&mut self, row: usize, choice: Choice) {
        let kept = self.no_overwrite.is_some()
            || self
                .conflicts()
                .get(row)
                .is_some_and(|conflict| conflict.there_is_folder);
        let choice = match choice {
            Choice::Overwrite | Choice::NewerOnly if kept => Choice::Skip,
            choice => choice,
        };
        if let Some(slot) = self.choices.get_mut(row) {
            *slot = choice;
        }
    }

    /// How many rows have this answer.
    #[must_use]
    pub fn count(&self, choice: Choice) -> usize {
        self.choices.iter().filter(|own| **own == choice).count()
    }

    /// What is to be done after the answers.
    #[must_use]
    pub fn work(self) -> Vec<Work> {
        let items: Vec<usize> = self
            .conflicts()
            .iter()
            .map(|conflict| conflict.item)
            .collect();
        let choices = self.choices;
        let choose = |conflict: &Conflict| {
            let row = items.iter().position(|item| *item == conflict.item);
            row.and_then(|row| choices.get(row))
                .copied()
                .unwrap_or(Choice::Skip)
        };
        match self.plan {
            ConflictPlan::Upload(planned) => {
                Work::of_answered(answer_upload(planned.plan, &planned.conflicts, choose))
            }
            ConflictPlan::Download(planned) => {
                Work::of_download(answer_download(planned.plan, &planned.conflicts, choose).0)
            }
        }
    }
}

/// What the user does in a dialog.
#[derive(Clone, Debug)]
pub enum DialogEdit {
    /// The main text field changed.
    Text(String),
    /// The primary button.
    Confirm,
    /// Cancel, Escape or the cross.
    Cancel,
    /// An answer in the conflict table.
    Conflict(super::action::ConflictAnswer),
    /// The chosen line of a list moves or is set.
    Line(usize),
    /// Something in the import.
    Import(ImportEdit),
    /// Something in the export.
    Export(ExportEdit),
    /// A field of a dialog about credentials.
    Form(FormEdit),
    /// Another answer than Confirm: leave without saving.
    Discard,
}

/// Why a name cannot be given to a new folder or object of a folder.
#[must_use]
pub fn name_problem(name: &str, folder: &Prefix, is_folder: bool) -> Option<String> {
    let bytes = folder.as_str().len() + name.len() + usize::from(is_folder);
    if name.is_empty() {
        Some("Type a name.".to_owned())
    } else if bytes > 1024 {
        Some(format!(
            "The whole key would have {} bytes; S3 takes 1,024.",
            grouped(bytes as u64)
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_objects_need_the_name_of_the_bucket() {
        let objects = (0..DeleteDialog::TYPED_FROM)
            .map(|number| (Key::new(format!("k{number}")), 1))
            .collect();
        let mut dialog = DeleteDialog {
            bucket: "media".into(),
            objects,
            prefixes: Vec::new(),
            bytes: 100,
            collecting: None,
            problem: None,
            typed: String::new(),
        };
        assert!(!dialog.ready());
        dialog.typed = "media".into();
        assert!(dialog.ready());
        dialog.collecting = Some(Ticket(1));
        assert!(!dialog.ready(), "not before all keys are known");
    }

    #[test]
    fn a_name_must_fit_into_a_key() {
        assert!(name_problem("", &Prefix::root(), true).is_some());
        assert_eq!(name_problem("Île de Ré", &Prefix::root(), true), None);
        assert!(name_problem(&"x".repeat(1020), &Prefix::new("abcd"), false).is_some());
    }
}
