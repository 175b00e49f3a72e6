//! The dialogs, one file a subject. At most one is open; each is drawn from the state and answers with actions.

mod abilities;
mod conflicts;
mod credentials;
mod delete;
mod export;
mod import;
mod keys;
mod names;
mod notices;
mod palette;
mod policy;
mod sign_in;

use egui::Ui;

use crate::state::{Dialog, DialogEdit, State};

use super::actions::Actions;
use super::kit;

/// Draws a dialog; its foot answers with an edit, its cross and Escape with Cancel.
fn show_ui(
    ui: &Ui,
    dialog: kit::Dialog<'_>,
    actions: &mut Actions,
    body: impl FnOnce(&mut Ui, &mut Actions),
    foot: impl FnOnce(&mut Ui) -> Option<DialogEdit>,
) {
    let closed = dialog.show(ui.ctx(), actions, body, |ui, actions| {
        if let Some(edit) = foot(ui) {
            actions.push(edit);
        }
    });
    if closed {
        actions.push(DialogEdit::Cancel);
    }
}

/// Puts the keyboard's focus on a control when its dialog opens, and only then. True when it opens now.
fn focus_first(ui: &Ui, dialog: &str, response: &egui::Response) -> bool {
    let id = egui::Id::unique(("dialog opened", dialog));
    let now = ui.ctx().cumulative_pass_nr();
    let last = ui.data(|data| data.get_temp::<u64>(id));
    let opens = last.is_none_or(|last| last + 1 < now);
    if opens {
        response.request_focus();
    }
    ui.data_mut(|data| data.insert_temp(id, now));
    opens
}

/// Draws the dialog that is open.
pub(super) fn dialog_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    match &state.dialog {
        None => {}
        Some(Dialog::NewFolder(form)) => names::new_folder_ui(ui, state, form, actions),
        Some(Dialog::Rename { key, form }) => names::rename_ui(ui, key, form, actions),
        Some(Dialog::GoTo(form)) => names::go_to_ui(ui, form, actions),
        Some(Dialog::AddBucket(form)) => names::add_bucket_ui(ui, form, actions),
        Some(Dialog::Path { purpose, form }) => names::path_ui(ui, purpose, form, actions),
        Some(Dialog::Delete(dialog)) => delete::delete_ui(ui, state, dialog, actions),
        Some(Dialog::Conflicts(dialog)) => conflicts::conflicts_ui(ui, state, dialog, actions),
        Some(Dialog::Import(dialog)) => import::import_ui(ui, state, dialog, actions),
        Some(Dialog::Export(dialog)) => export::export_ui(ui, state, dialog, actions),
        Some(Dialog::RemoveConnection(id)) => notices::remove_connection_ui(ui, state, id, actions),
        Some(Dialog::UnsavedSettings) => notices::unsaved_ui(ui, state, actions),
        Some(Dialog::ChangedNames(names)) => notices::changed_names_ui(ui, names, actions),
        Some(Dialog::Keys) => keys::keys_ui(ui, actions),
        Some(Dialog::SignIn(dialog)) => sign_in::sign_in_ui(ui, state, dialog, actions),
        Some(Dialog::AssumeRole(dialog)) => credentials::role_ui(ui, dialog, actions),
        Some(Dialog::PasteKeys(dialog)) => credentials::paste_ui(ui, state, dialog, actions),
        Some(Dialog::Code(dialog)) => credentials::code_ui(ui, dialog, actions),
        Some(Dialog::About) => notices::about_ui(ui, state, actions),
        Some(Dialog::Abilities) => abilities::abilities_ui(ui, state, actions),
        Some(Dialog::Policy(dialog)) => policy::policy_ui(ui, dialog, actions),
        Some(Dialog::Palette { text, line }) => {
            palette::palette_ui(ui, state, text, *line, actions);
        }
    }
}
