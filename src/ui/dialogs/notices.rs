//! Small questions and notices: removing a connection, unsaved settings, names changed by a download, about.

use egui::{ScrollArea, Ui};

use crate::domain::Key;
use crate::settings::ConnectionId;
use crate::state::{DialogEdit, State};

use super::super::actions::Actions;
use super::super::kit::{self, Button, Prose};
use super::super::{icons, words};
use super::{focus_first, show_ui};

pub(super) fn remove_connection_ui(
    ui: &mut Ui,
    state: &State,
    id: &ConnectionId,
    actions: &mut Actions,
) {
    let name = state
        .connections
        .find(id)
        .map_or("", |entry| entry.connection.name.as_str());
    let title = format!("Remove the connection “{name}”?");
    let shell = kit::Dialog::new("remove connection", &title)
        .icon(icons::TRASH)
        .width(480.0);
    show_ui(
        ui,
        shell,
        actions,
        |ui, _| {
            Prose::new()
                .quiet("Its settings and its secrets in the keyring are forgotten. Bucket and objects stay untouched.")
                .ui(ui);
        },
        |ui| {
            let remove = kit::danger_button(ui, icons::TRASH, "Remove it").clicked();
            let cancel = kit::secondary_button(ui, None, "Cancel");
            focus_first(ui, "remove connection", &cancel);
            if remove {
                Some(DialogEdit::Confirm)
            } else {
                cancel.clicked().then_some(DialogEdit::Cancel)
            }
        },
    );
}

pub(super) fn unsaved_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let count = state
        .draft
        .as_ref()
        .map_or(0, crate::state::SettingsDraft::unsaved);
    let title = if count == 1 {
        "Save 1 change?".to_owned()
    } else {
        format!("Save {count} changes?")
    };
    let shell = kit::Dialog::new("unsaved settings", &title)
        .icon(icons::SETTINGS)
        .width(480.0);
    show_ui(
        ui,
        shell,
        actions,
        |ui, _| {
            Prose::new()
                .quiet("The settings of this connection were changed and not saved.")
                .ui(ui);
        },
        |ui| {
            let save = ui.add(Button::primary("Save")).clicked();
            let stay = kit::secondary_button(ui, None, "Keep editing").clicked();
            let leave = kit::quiet_button(ui, None, "Discard").clicked();
            match (save, leave, stay) {
                (true, ..) => Some(DialogEdit::Confirm),
                (_, true, _) => Some(DialogEdit::Discard),
                (.., true) => Some(DialogEdit::Cancel),
                _ => None,
            }
        },
    );
}

pub(super) fn changed_names_ui(ui: &mut Ui, names: &[(Key, String)], actions: &mut Actions) {
    let title = match names.len() {
        1 => "One name had to change".to_owned(),
        count => format!("{count} names had to change"),
    };
    let shell = kit::Dialog::new("changed names", &title)
        .icon(icons::INFO)
        .width(480.0);
    show_ui(
        ui,
        shell,
        actions,
        |ui, _| {
            ui.spacing_mut().item_spacing.y = 8.0;
            Prose::new()
                .quiet("These keys cannot be file names here, or would leave the chosen folder. They are saved as:")
                .ui(ui);
            let list = ScrollArea::vertical()
                .id_salt("changed names")
                .max_height(240.0)
                .auto_shrink([false, true]);
            list.show_rows(ui, 40.0, names.len(), |ui, range| {
                for (key, name) in &names[range] {
                    kit::mono_quiet(ui, words::visible(key.as_str()));
                    kit::mono(ui, words::visible(name));
                }
            });
        },
        |ui| {
            ui.add(Button::primary("Good"))
                .clicked()
                .then_some(DialogEdit::Confirm)
        },
    );
}

pub(super) fn about_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let shell = kit::Dialog::new("about", "About Cooperage")
        .icon(icons::INFO)
        .width(480.0);
    show_ui(
        ui,
        shell,
        actions,
        |ui, _| {
            ui.spacing_mut().item_spacing.y = 8.0;
            kit::label(ui, format!("Version {}", env!("CARGO_PKG_VERSION")));
            Prose::new()
                .quiet("A bucket manager for Amazon S3 and everything that speaks S3. MIT or Apache-2.0. Fonts: Inter (as Cooperage Sans) and JetBrains Mono, OFL; icons: Phosphor, MIT.")
                .ui(ui);
            Prose::new()
                .quiet("Settings: ")
                .mono(state.settings_path.display().to_string())
                .ui(ui);
        },
        |ui| {
            ui.add(Button::primary("Close"))
                .clicked()
                .then_some(DialogEdit::Cancel)
        },
    );
}
