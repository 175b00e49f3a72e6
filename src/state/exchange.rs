//! The dialogs through which connections come in and go out as texts of other programs.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::domain::{Secret, Ticket};
use crate::settings::{ConnectionId, TextKind};
use crate::worker::messages::{Command, Exported, Form, ImportSource, Imported, SavedText};

use super::connections::Origin;
use super::dialogs::Dialog;
use super::toasts::ToastKind;
use super::{Effect, State};

/// The import: a text, a file or a profile, and what was found in it.
#[derive(Debug, Default)]
pub struct ImportDialog {
    /// The text pasted.
    pub text: String,
    /// What the text is said to be; recognised when nothing is said.
    pub kind: Option<TextKind>,
    /// The file it came from.
    pub file: Option<PathBuf>,
    /// The profile of the shared files that was chosen.
    pub profile: Option<String>,
    /// The newest question.
    pub ticket: Ticket,
    /// What stood in the text.
    pub found: Option<Box<Imported>>,
    /// Connections that are not wanted, by their numbers.
    pub unwanted: BTreeSet<usize>,
    /// Why the text could not be read.
    pub problem: Option<String>,
}

impl ImportDialog {
    /// True when this connection will be made. Without a parent that is wanted nothing is left to be based on.
    #[must_use]
    pub fn is_wanted(&self, at: usize) -> bool {
        let parent = (self.found.as_ref())
            .and_then(|found| found.connections.get(at))
            .and_then(|one| one.based_on);
        !self.unwanted.contains(&at) && parent.is_none_or(|parent| self.is_wanted(parent))
    }

    /// How many connections will be made.
    #[must_use]
    pub fn wanted(&self) -> usize {
        let count = (self.found.as_ref()).map_or(0, |found| found.connections.len());
        (0..count).filter(|at| self.is_wanted(*at)).count()
    }

    fn source(&self) -> Option<ImportSource> {
        if let Some(name) = &self.profile {
            return Some(ImportSource::Profile(name.clone()));
        }
        if let Some(path) = &self.file {
            return Some(ImportSource::File(path.clone()));
        }
        (!self.text.trim().is_empty()).then(|| ImportSource::Text(self.text.clone()))
    }
}

/// What is done in the import dialog, beside typing.
#[derive(Clone, Debug)]
pub enum ImportEdit {
    /// Say what the text is, or let it be recognised.
    Kind(Option<TextKind>),
    /// Take a profile of the shared files.
    Profile(String),
    /// Make this connection, or do not.
    Want(usize, bool),
}

/// The export of the settings being edited.
#[derive(Debug, Default)]
pub struct ExportDialog {
    /// In which form.
    pub form: Form,
    /// With secrets in clear.
    pub with_secrets: bool,
    /// The newest question.
    pub ticket: Ticket,
    /// The text, of the form before while a question is under way.
    pub written: Option<Box<Exported>>,
    /// Why there is none.
    pub problem: Option<String>,
}

/// What is done in the export dialog.
#[derive(Clone, Copy, Debug)]
pub enum ExportEdit {
    /// Another form.
    Form(Form),
    /// With or without secrets.
    Secrets(bool),
    /// Copy the text.
    Copy,
    /// Ask for a file and write the text into it.
    Save,
}

impl State {
    /// Opens the import dialog with a file.
    pub(super) fn import_file(&mut self, path: PathBuf) -> Vec<Effect> {
        self.dialog = Some(Dialog::Import(ImportDialog {
            file: Some(path),
            ..ImportDialog::default()
        }));
        self.read_import()
    }

    pub(super) fn type_import(&mut self, typed: String) -> Vec<Effect> {
        if let Some(Dialog::Import(dialog)) = &mut self.dialog {
            dialog.text = typed;
            dialog.file = None;
            dialog.profile = None;
        }
        self.read_import()
    }

    pub(super) fn edit_import(&mut self, edit: ImportEdit) -> Vec<Effect> {
        let Some(Dialog::Import(dialog)) = &mut self.dialog else {
            return Vec::new();
        };
        match edit {
            ImportEdit::Want(at, true) => {
                dialog.unwanted.remove(&at);
                return Vec::new();
            }
            ImportEdit::Want(at, false) => {
                dialog.unwanted.insert(at);
                return Vec::new();
            }
            ImportEdit::Kind(kind) => dialog.kind = kind,
            ImportEdit::Profile(name) => {
                *dialog = ImportDialog {
                    profile: Some(name),
                    ..ImportDialog::default()
                };
            }
        }
        self.read_import()
    }

    /// Asks what stands in the text.
    fn read_import(&mut self) -> Vec<Effect> {
        let ticket = self.tickets.draw();
        let Some(Dialog::Import(dialog)) = &mut self.dialog else {
            return Vec::new();
        };
        dialog.ticket = ticket;
        dialog.problem = None;
        let Some(source) = dialog.source() else {
            dialog.found = None;
            return Vec::new();
        };
        vec![Effect::Run(Command::Import {
            ticket,
            source,
            kind: dialog.kind,
        })]
    }

    pub(super) fn take_import(
        &mut self,
        ticket: Ticket,
        result: Result<Box<Imported>, String>,
    ) -> Vec<Effect> {
        if let Some(Dialog::Import(dialog)) = &mut self.dialog
            && dialog.ticket == ticket
        {
            dialog.unwanted.clear();
            (dialog.found, dialog.problem) = match result {
                Ok(found) => (Some(found), None),
                Err(reason) => (None, Some(reason)),
            };
        }
        Vec::new()
    }

    /// Saves what an import found as connections and opens the first.
    pub(super) fn confirm_import(&mut self, dialog: ImportDialog) -> Vec<Effect> {
        if dialog.wanted() == 0 {
            return self.show(Dialog::Import(dialog));
        }
        let count = (dialog.found.as_ref()).map_or(0, |found| found.connections.len());
        let wanted: Vec<bool> = (0..count).map(|at| dialog.is_wanted(at)).collect();
        let Some(found) = dialog.found else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        let mut first = None;
        let mut made: Vec<Option<ConnectionId>> = Vec::new();
        for (imported, wanted) in found.connections.into_iter().zip(wanted) {
            if !wanted {
                made.push(None);
                continue;
            }
            let name = self.connections.free_name(&imported.name);
            let connection = imported.into_connection(name, self.next_colour(), &made);
            made.push(Some(connection.id.clone()));
            first.get_or_insert_with(|| connection.id.clone());
            self.connections.put(connection.clone(), Origin::Unsaved);
            let ticket = self.tickets.draw();
            effects.push(Effect::Run(Command::SaveConnection {
                ticket,
                connection: Box::new(connection),
            }));
        }
        if let Some(id) = first {
            effects.extend(self.open_connection(&id, None));
        }
        effects
    }

    /// Opens the export dialog for the settings being edited.
    pub(super) fn begin_export(&mut self) -> Vec<Effect> {
        if self.draft.is_none() {
            return Vec::new();
        }
        self.dialog = Some(Dialog::Export(ExportDialog::default()));
        self.write_export()
    }

    pub(super) fn edit_export(&mut self, edit: ExportEdit) -> Vec<Effect> {
        let Some(Dialog::Export(dialog)) = &mut self.dialog else {
            return Vec::new();
        };
        match edit {
            ExportEdit::Form(form) => dialog.form = form,
            ExportEdit::Secrets(on) => dialog.with_secrets = on,
            ExportEdit::Copy => {
                let Some(written) = &dialog.written else {
                    return Vec::new();
                };
                let with = if written.holds_secrets() {
                    "with its secrets"
                } else {
                    "without secrets"
                };
                let said = format!("Copied as {}, {with}", written.form.label());
                let text = written.revealed();
                self.toasts.show(ToastKind::Good, said);
                return vec![Effect::CopyText(text)];
            }
            ExportEdit::Save => {
                let Some(written) = &dialog.written else {
                    return Vec::new();
                };
                let text = Secret::new(written.revealed());
                let title = format!("Save as {}", written.form.label());
                let name = written.form.file_name().to_owned();
                return self.ask_where_to_save(SavedText::Export, text, title, name);
            }
        }
        self.write_export()
    }

    /// Asks for the text.
    fn write_export(&mut self) -> Vec<Effect> {
        let ticket = self.tickets.draw();
        let all = self.connections.all();
        let (Some(Dialog::Export(dialog)), Some(draft)) = (&mut self.dialog, &self.draft) else {
            return Vec::new();
        };
        dialog.ticket = ticket;
        vec![Effect::Run(Command::Export {
            ticket,
            connection: Box::new(draft.connection.clone()),
            others: draft.with_secrets(&all),
            form: dialog.form,
            with_secrets: dialog.with_secrets,
        })]
    }

    pub(super) fn take_export(
        &mut self,
        ticket: Ticket,
        result: Result<Box<Exported>, String>,
    ) -> Vec<Effect> {
        if let Some(Dialog::Export(dialog)) = &mut self.dialog
            && dialog.ticket == ticket
        {
            (dialog.written, dialog.problem) = match result {
                Ok(written) => (Some(written), None),
                Err(reason) => (None, Some(reason)),
            };
        }
        Vec::new()
    }
}
