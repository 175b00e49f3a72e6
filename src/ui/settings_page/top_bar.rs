//! The bar along the top: back, how much is unsaved, and what can be done with the settings as a whole.

use egui::{Align, Layout, Ui};

use crate::state::settings::TestRun;
use crate::state::{DoctorAction, SettingsAction, SettingsDraft};
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Button, Chip};

use super::Page;

/// Why the settings cannot be saved now.
pub(super) fn save_refusal(draft: &SettingsDraft) -> Option<&'static str> {
    if draft.saving.is_some() {
        Some("saving")
    } else if draft.original.is_some() && !draft.is_touched() {
        Some("nothing was changed")
    } else {
        None
    }
}

pub(super) fn top_bar_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    let draft = page.draft;
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        if kit::icon_button(ui, icons::BACK, "Back").clicked() {
            actions.push(SettingsAction::Close);
        }
        kit::heading(ui, "Connection settings");
        ui.add_space(4.0);
        let unsaved = draft.unsaved();
        if unsaved > 0 {
            let words = match (unsaved, page.narrow) {
                (1, false) => "1 unsaved change".to_owned(),
                (count, false) => format!("{count} unsaved changes"),
                (count, true) => format!("{count} unsaved"),
            };
            ui.add(Chip::accent(words));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            buttons_ui(ui, page, actions);
        });
    });
}

/// From the right to the left.
fn buttons_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    let draft = page.draft;
    ui.spacing_mut().item_spacing.x = 12.0;
    let save = Button::primary("Save")
        .tooltip("Ctrl+S")
        .refused(save_refusal(draft));
    if ui.add(save).clicked() {
        actions.push(SettingsAction::Save);
    }
    let untouched = (!draft.is_touched()).then_some("nothing was changed");
    if ui
        .add(Button::secondary("Revert").refused(untouched))
        .clicked()
    {
        actions.push(SettingsAction::Revert);
    }
    let running = matches!(draft.test, TestRun::Running(_)).then_some("testing");
    let test = Button::secondary("Test")
        .icon(icons::LIGHTNING)
        .tooltip("List one key with these settings, saved or not")
        .refused(running);
    if ui.add(test).clicked() {
        actions.push(SettingsAction::Test);
    }
    kit::divider(ui, 20.0);
    let export = if page.narrow {
        Button::icon_only(icons::EXPORT, "Export")
    } else {
        Button::quiet("Export").icon(icons::EXPORT)
    };
    let words = "Write these settings for Django, the AWS tools or another Cooperage";
    if ui.add(export.tooltip(words)).clicked() {
        actions.push(SettingsAction::Export);
    }
    let import = if page.narrow {
        Button::icon_only(icons::IMPORT, "Import")
    } else {
        Button::quiet("Import").icon(icons::IMPORT)
    };
    let import = import.tooltip("Make connections of settings of another program");
    if ui.add(import).clicked() {
        actions.push(SettingsAction::ImportDjango);
    }
    let doctor = if page.narrow {
        Button::icon_only(icons::DOCTOR, "Doctor")
    } else {
        Button::quiet("Doctor").icon(icons::DOCTOR)
    };
    let doctor =
        doctor.tooltip("Find out whether these settings work, and where they break (Ctrl+Shift+D)");
    if ui.add(doctor).clicked() {
        actions.push(DoctorAction::ExamineDraft);
    }
}
