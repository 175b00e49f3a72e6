//! What the buttons and fields of the open dialog do.

use crate::domain::{Key, Location, Prefix};
use crate::worker::messages::{Command, PickPurpose};

use super::action::ConflictAnswer;
use super::credentials::{SignInDialog, Stage};
use super::dialogs::{Dialog, DialogEdit, NameDialog, name_problem};
use super::{Effect, State};

impl State {
    pub(super) fn edit_dialog(&mut self, edit: DialogEdit) -> Vec<Effect> {
        match edit {
            DialogEdit::Text(text) => self.type_in_dialog(text),
            DialogEdit::Cancel => self.cancel_dialog(),
            DialogEdit::Confirm => self.confirm_dialog(),
            DialogEdit::Discard => match self.dialog.take() {
                Some(Dialog::UnsavedSettings) => self.leave_settings(),
                other => {
                    self.dialog = other;
                    Vec::new()
                }
            },
            DialogEdit::Import(edit) => self.edit_import(edit),
            DialogEdit::Export(edit) => self.edit_export(edit),
            DialogEdit::Conflict(answer) => {
                if let Some(Dialog::Conflicts(dialog)) = &mut self.dialog {
                    match answer {
                        ConflictAnswer::All(choice) => dialog.answer_all(choice),
                        ConflictAnswer::One { row, choice } => dialog.answer_one(row, choice),
                    }
                }
                Vec::new()
            }
            DialogEdit::Form(edit) => self.edit_form(edit),
            DialogEdit::Line(at) => {
                if let Some(Dialog::Palette { line, .. }) = &mut self.dialog {
                    *line = at;
                }
                Vec::new()
            }
        }
    }

    fn type_in_dialog(&mut self, typed: String) -> Vec<Effect> {
        match &mut self.dialog {
            Some(
                Dialog::NewFolder(form)
                | Dialog::Rename { form, .. }
                | Dialog::GoTo(form)
                | Dialog::AddBucket(form)
                | Dialog::Path { form, .. },
            ) => {
                form.text = typed;
                form.problem = None;
            }
            Some(Dialog::Delete(dialog)) => dialog.typed = typed,
            Some(Dialog::Palette { text, line }) => {
                *text = typed;
                *line = 0;
            }
            Some(Dialog::Import(_)) => return self.type_import(typed),
            _ => {}
        }
        Vec::new()
    }

    fn cancel_dialog(&mut self) -> Vec<Effect> {
        match self.dialog.take() {
            Some(Dialog::Delete(dialog)) => dialog
                .collecting
                .map(|ticket| Effect::Run(Command::Cancel(ticket)))
                .into_iter()
                .collect(),
            Some(Dialog::SignIn(SignInDialog {
                stage: Stage::Waiting { ticket, .. },
                ..
            })) => vec![Effect::Run(Command::Cancel(ticket))],
            Some(Dialog::Code(dialog)) => vec![Effect::Run(Command::AnswerCode {
                ticket: dialog.ticket,
                code: None,
            })],
            Some(Dialog::AssumeRole(dialog)) => dialog
                .trying
                .map(|ticket| Effect::Run(Command::Cancel(ticket)))
                .into_iter()
                .collect(),
            Some(Dialog::UnsavedSettings) => {
                self.leaving = None;
                Vec::new()
            }
            Some(Dialog::Path {
                purpose: PickPurpose::Text(what),
                ..
            }) => {
                self.forget_text(what);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn confirm_dialog(&mut self) -> Vec<Effect> {
        match self.dialog.take() {
            Some(Dialog::NewFolder(form)) => self.confirm_folder(form),
            Some(Dialog::Rename { key, form }) => self.confirm_rename(key, form),
            Some(Dialog::GoTo(form)) => self.confirm_go_to(form),
            Some(Dialog::AddBucket(form)) => self.confirm_bucket(form),
            Some(Dialog::Path { purpose, mut form }) => {
                let path = std::path::PathBuf::from(form.text.trim());
                if let (true, PickPurpose::Text(what)) = (path.is_absolute(), &purpose) {
                    // Nobody was asked about what may be there.
                    return self.save_text_as_typed(*what, path);
                }
                if path.is_absolute() {
                    return self.take_picked(purpose, vec![path]);
                }
                form.problem = Some("Type the whole path, from the root on.".to_owned());
                self.show(Dialog::Path { purpose, form })
            }
            Some(Dialog::Delete(dialog)) if !dialog.ready() => {
                self.dialog = Some(Dialog::Delete(dialog));
                Vec::new()
            }
            Some(Dialog::Delete(dialog)) => self.start_deletion(&dialog),
            Some(Dialog::Conflicts(dialog)) => self.start_plan(dialog),
            Some(Dialog::Import(dialog)) => self.confirm_import(dialog),
            Some(Dialog::RemoveConnection(id)) => {
                let ticket = self.tickets.draw();
                vec![Effect::Run(Command::RemoveConnection { ticket, id })]
            }
            Some(Dialog::UnsavedSettings) => self.save_settings(true),
            Some(Dialog::Policy(dialog)) => self.copy_policy(dialog),
            Some(Dialog::SignIn(dialog)) => self.confirm_sign_in(dialog),
            Some(Dialog::AssumeRole(dialog)) => self.confirm_role(dialog),
            Some(Dialog::PasteKeys(dialog)) => self.confirm_paste(dialog),
            Some(Dialog::Code(dialog)) => vec![Effect::Run(Command::AnswerCode {
                ticket: dialog.ticket,
                code: Some(dialog.code),
            })],
            Some(
                Dialog::ChangedNames(_)
                | Dialog::Keys
                | Dialog::About
                | Dialog::Export(_)
                | Dialog::Abilities
                | Dialog::Palette { .. },
            )
            | None => Vec::new(),
        }
    }

    fn confirm_folder(&mut self, mut form: NameDialog) -> Vec<Effect> {
        let here = self.browser.location.clone();
        // "a/b" makes b inside a, as people expect of a path; the slash at the end is not needed.
        let name = form.text.strip_suffix('/').unwrap_or(&form.text);
        form.problem = name_problem(name, &here.prefix, true);
        let (None, Some(id)) = (&form.problem, self.connections.current.clone()) else {
            return self.show(Dialog::NewFolder(form));
        };
        let prefix = Prefix::new(format!("{}{name}/", here.prefix));
        let ticket = self.tickets.draw();
        form.ticket = Some(ticket);
        self.dialog = Some(Dialog::NewFolder(form));
        vec![Effect::Run(Command::CreateFolder {
            ticket,
            id,
            bucket: here.bucket,
            prefix,
        })]
    }

    fn confirm_rename(&mut self, from: Key, mut form: NameDialog) -> Vec<Effect> {
        let folder = from.folder();
        if form.text == from.name() {
            return Vec::new();
        }
        form.problem = name_problem(&form.text, &folder, false);
        let (None, Some(id)) = (&form.problem, self.connections.current.clone()) else {
            return self.show(Dialog::Rename { key: from, form });
        };
        let to = folder.key(&form.text);
        let ticket = self.tickets.draw();
        form.ticket = Some(ticket);
        let bucket = self.browser.location.bucket.clone();
        self.dialog = Some(Dialog::Rename {
            key: from.clone(),
            form,
        });
        vec![Effect::Run(Command::Rename {
            ticket,
            id,
            bucket,
            from,
            to,
        })]
    }

    /// Opens a bucket and keeps its name with the connection.
    fn confirm_bucket(&mut self, mut form: NameDialog) -> Vec<Effect> {
        let Ok(location) = Location::parse(&form.text) else {
            form.problem = Some("Type the name of a bucket.".to_owned());
            return self.show(Dialog::AddBucket(form));
        };
        let mut effects = self.keep_bucket(&location.bucket);
        effects.extend(self.go_to(location, None));
        effects
    }

    fn confirm_go_to(&mut self, mut form: NameDialog) -> Vec<Effect> {
        let text = form.text.trim().to_owned();
        let here = &self.browser.location;
        // Without a scheme the text is a key or a folder of this bucket; with one it may name another bucket.
        let (bucket, rest) = match text.split_once("://") {
            None => (here.bucket.clone(), text.clone()),
            Some(_) => match Location::parse(&text) {
                Ok(_) => {
                    let rest = &text[text.find("://").map_or(0, |at| at + 3)..];
                    let (bucket, rest) = rest.split_once('/').unwrap_or((rest, ""));
                    (bucket.to_owned(), rest.to_owned())
                }
                Err(_) => {
                    form.problem =
                        Some("Write s3://bucket/folder/, or a path inside this bucket.".to_owned());
                    return self.show(Dialog::GoTo(form));
                }
            },
        };
        if rest.is_empty() || rest.ends_with('/') {
            return self.go_to(Location::new(bucket, Prefix::new(rest)), None);
        }
        self.go_to_key(bucket, &Key::new(rest))
    }
}
