//! Dialogs with one text field: new folder, rename, go to a path, add a bucket.

use egui::Ui;

use crate::domain::Key;
use crate::state::dialogs::NameDialog;
use crate::state::messages::PickPurpose;
use crate::state::{DialogEdit, State};

use super::super::actions::Actions;
use super::super::kit::{self, Button, Prose, TextField};
use super::super::{icons, words};
use super::{focus_first, show_ui};

/// What such a dialog says.
struct Form<'a> {
    title: &'a str,
    icon: char,
    field: &'a str,
    hint: &'a str,
    button: &'a str,
    busy: &'a str,
    /// How many characters of the text are selected when the dialog opens.
    selects: fn(&str) -> usize,
}

fn all_of(text: &str) -> usize {
    text.chars().count()
}

/// A name without its extension, which mostly stays.
fn stem_of(name: &str) -> usize {
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => all_of(stem),
        _ => all_of(name),
    }
}

/// Selects the first characters of a field's text.
fn select(ui: &Ui, field: &egui::Response, characters: usize) {
    let mut state = egui::TextEdit::load_state(ui.ctx(), field.id).unwrap_or_default();
    let range = egui::text::CCursorRange::two(
        egui::text::CCursor::new(0),
        egui::text::CCursor::new(characters),
    );
    state.cursor.set_char_range(Some(range));
    state.store(ui.ctx(), field.id);
}

fn form_ui(
    ui: &mut Ui,
    form: &NameDialog,
    says: &Form<'_>,
    actions: &mut Actions,
    above: impl FnOnce(&mut Ui),
) {
    let waits = form.ticket.is_some();
    let dialog = kit::Dialog::new(says.title, says.title)
        .icon(says.icon)
        .width(480.0);
    show_ui(
        ui,
        dialog,
        actions,
        |ui, actions| {
            above(ui);
            let mut text = form.text.clone();
            let field = ui.add(
                TextField::new(&mut text, says.field)
                    .hint(says.hint)
                    .mono()
                    .problem(form.problem.is_some())
                    .refused(waits.then_some(says.busy)),
            );
            if field.changed() {
                actions.push(DialogEdit::Text(text));
            }
            let entered =
                field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            if entered && !waits {
                actions.push(DialogEdit::Confirm);
                // Should the answer be a problem, the next letter typed corrects it.
                field.request_focus();
            }
            if focus_first(ui, says.title, &field) {
                select(ui, &field, (says.selects)(&form.text));
            }
            if let Some(problem) = &form.problem {
                kit::Note::bad(Prose::new().text(problem)).show(ui);
            }
        },
        |ui| {
            let refused = waits.then_some(says.busy);
            let confirm = ui
                .add(Button::primary(says.button).refused(refused))
                .clicked();
            let cancel = kit::secondary_button(ui, None, "Cancel").clicked();
            match (confirm, cancel) {
                (true, _) => Some(DialogEdit::Confirm),
                (_, true) => Some(DialogEdit::Cancel),
                _ => None,
            }
        },
    );
}

pub(super) fn new_folder_ui(ui: &mut Ui, state: &State, form: &NameDialog, actions: &mut Actions) {
    let says = Form {
        title: "New folder",
        icon: icons::FOLDER_PLUS,
        field: "Name of the folder",
        hint: "photos",
        button: "Make the folder",
        busy: "making the folder",
        selects: all_of,
    };
    form_ui(ui, form, &says, actions, |ui| {
        let place = words::visible(&state.browser.location.to_string());
        Prose::new()
            .quiet("In ")
            .mono(place)
            .quiet(". A slash in the name makes folders inside folders.")
            .ui(ui);
    });
}

pub(super) fn rename_ui(ui: &mut Ui, key: &Key, form: &NameDialog, actions: &mut Actions) {
    let says = Form {
        title: "Rename",
        icon: icons::RENAME,
        field: "New name",
        hint: "",
        button: "Rename",
        busy: "copying under the new name",
        selects: stem_of,
    };
    form_ui(ui, form, &says, actions, |ui| {
        Prose::new().mono(words::visible(key.as_str())).ui(ui);
        Prose::new()
            .quiet("S3 cannot rename: the object is copied with its metadata, then the old key is deleted.")
            .ui(ui);
    });
}

pub(super) fn go_to_ui(ui: &mut Ui, form: &NameDialog, actions: &mut Actions) {
    let says = Form {
        title: "Go to",
        icon: icons::MOVE,
        field: "Folder or key",
        hint: "s3://bucket/folder/ or folder/file.jpg",
        button: "Go",
        busy: "",
        selects: all_of,
    };
    form_ui(ui, form, &says, actions, |ui| {
        Prose::new()
            .quiet("A folder ends with a slash; anything else is the exact key of an object, which opens even where listing is denied.")
            .ui(ui);
    });
}

pub(super) fn add_bucket_ui(ui: &mut Ui, form: &NameDialog, actions: &mut Actions) {
    let says = Form {
        title: "Add a bucket by name",
        icon: icons::BUCKET,
        field: "Bucket",
        hint: "media-live",
        button: "Open the bucket",
        busy: "",
        selects: all_of,
    };
    form_ui(ui, form, &says, actions, |ui| {
        Prose::new().quiet("It stays in the list of this connection, also where all buckets may not be listed.").ui(ui);
    });
}

pub(super) fn path_ui(
    ui: &mut Ui,
    purpose: &PickPurpose,
    form: &NameDialog,
    actions: &mut Actions,
) {
    let saves = matches!(purpose, PickPurpose::Text(_));
    let (title, icon, button) = if saves {
        ("Save as", icons::DOWNLOAD, "Save")
    } else {
        ("Which file or folder?", icons::FOLDER_OPEN, "Use it")
    };
    let says = Form {
        title,
        icon,
        field: "Path on this computer",
        hint: "/home/me/photos",
        button,
        busy: "",
        selects: all_of,
    };
    form_ui(ui, form, &says, actions, |ui| {
        Prose::new()
            .quiet("This desktop offers no file dialog, so type or paste the path.")
            .ui(ui);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_is_left_out_of_the_selection() {
        for (name, selected) in [
            ("a.jpg", 1),
            ("é.tar.gz", 5),
            (".profile", 8),
            ("README", 6),
        ] {
            assert_eq!(stem_of(name), selected, "{name}");
        }
    }
}
