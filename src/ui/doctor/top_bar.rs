//! The bar along the top: back, whom the Doctor examines, when it did so, and what can be done with the findings.

use egui::{Align, Layout, Ui};

use crate::state::{DoctorAction, State};
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Button, DropDown, MenuItem};
use crate::ui::left_panel::colour_of;
use crate::words::diagnosis as words;

/// Below this width labels become icons.
const ICONS_ONLY: f32 = 1180.0;

pub(super) fn top_bar_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let narrow = ui.ctx().content_rect().width() < ICONS_ONLY;
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        if kit::icon_button(ui, icons::BACK, "Back").clicked() {
            actions.push(DoctorAction::Leave);
        }
        kit::heading(ui, "Doctor");
        ui.add_space(8.0);
        patient_ui(ui, state, actions);
        ui.add_space(4.0);
        checked_ui(ui, state);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            buttons_ui(ui, state, narrow, actions);
        });
    });
}

/// The connections to choose from.
fn patient_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let Some(patient) = &state.doctor.patient else {
        return;
    };
    let choice = DropDown::new("Connection", &patient.name)
        .dot(colour_of(patient))
        .width(200.0);
    choice.show(ui, |ui| {
        for entry in &state.connections.list {
            let own = *entry.id() == patient.id;
            let item = MenuItem::new(&entry.connection.name).checked(own);
            if ui.add(item).clicked() {
                actions.push(DoctorAction::Examine(Some(entry.id().clone())));
            }
        }
    });
}

fn checked_ui(ui: &mut Ui, state: &State) {
    let doctor = &state.doctor;
    let text = match (doctor.running, doctor.finished) {
        (Some(_), _) => "examining…".to_owned(),
        (None, Some(finished)) => format!(
            "checked {}, took {}",
            finished.at.strftime("%H:%M", &state.zone),
            words::seconds(finished.took_ms)
        ),
        (None, None) => "stopped".to_owned(),
    };
    kit::quiet_small(ui, text);
}

/// From the right to the left.
fn buttons_ui(ui: &mut Ui, state: &State, narrow: bool, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.x = 12.0;
    if state.doctor.running.is_some() {
        let stop = Button::secondary("Stop")
            .icon(icons::STOP)
            .tooltip("Esc leaves, Stop keeps what was found");
        if ui.add(stop).clicked() {
            actions.push(DoctorAction::Stop);
        }
    } else {
        let again = Button::secondary("Run again")
            .icon(icons::REFRESH)
            .tooltip("F5");
        if ui.add(again).clicked() {
            actions.push(DoctorAction::RunAgain);
        }
    }
    let nothing = state
        .doctor
        .diagnosis
        .setup
        .is_none()
        .then_some("nothing was found yet");
    let named = |icon: char, long: &'static str| {
        if narrow {
            Button::icon_only(icon, long)
        } else {
            Button::quiet(long).icon(icon)
        }
    };
    let commands = named(icons::TERMINAL, "Copy as commands").refused(nothing);
    if ui.add(commands).clicked() {
        actions.push(DoctorAction::CopyCommands);
    }
    let save = named(icons::DOWNLOAD, "Save report").refused(nothing);
    if ui.add(save).clicked() {
        actions.push(DoctorAction::SaveReport);
    }
    let report = named(icons::CLIPBOARD, "Copy report, secrets removed").refused(nothing);
    if ui.add(report).clicked() {
        actions.push(DoctorAction::CopyReport);
    }
}
