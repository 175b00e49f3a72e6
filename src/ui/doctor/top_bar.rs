//! The bar along the top: back, whom the Doctor examines, when it did so, and what can be done with the findings.

use egui::Ui;

use crate::state::{DoctorAction, State};
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Button, DropDown, MenuItem};
use crate::ui::left_panel::colour_of;
use crate::words::diagnosis as words;
use crate::words::quoted;

/// What the row of buttons is called where its width is kept.
const BUTTONS: &str = "buttons of the Doctor";
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
        let height = ui.available_height();
        kit::row_at_right(ui, BUTTONS, height, |ui| {
            buttons_ui(ui, state, narrow, actions);
        });
    });
}

/// The connections to choose from.
fn patient_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let Some(patient) = &state.doctor.patient else {
        return;
    };
    let visitor = state.examined_visitor();
    let name = state.patient_name().unwrap_or_default();
    let choice = DropDown::new("Connection", &name).width(200.0);
    let choice = match visitor {
        Some(_) => choice,
        None => choice.dot(colour_of(patient)),
    };
    choice.show(ui, |ui| {
        let known = state.connections.list.iter();
        let known: Vec<_> = known
            .filter(|entry| visitor.is_none() || *entry.id() != patient.id)
            .collect();
        for entry in &known {
            let item = MenuItem::new(&entry.connection.name)
                .checked(*entry.id() == patient.id)
                .dot(colour_of(&entry.connection));
            if ui.add(item).clicked() {
                actions.push(DoctorAction::Examine(Some(entry.id().clone())));
            }
        }
        if !known.is_empty() {
            kit::menu_separator(ui);
        }
        let own = |profile| visitor.is_some_and(|own| own.profile.as_deref() == profile);
        let here = MenuItem::new("This computer").checked(own(None));
        let here = ui.add(here);
        if here
            .on_hover_text("The credentials that SDKs find when nothing says where to look")
            .clicked()
        {
            actions.push(DoctorAction::ExamineFound(None));
        }
        for profile in &state.profiles.list {
            let text = format!("Profile {}", quoted(&profile.name));
            let item = MenuItem::new(&text).checked(own(Some(profile.name.as_str())));
            if ui.add(item).clicked() {
                actions.push(DoctorAction::ExamineFound(Some(profile.name.clone())));
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

fn buttons_ui(ui: &mut Ui, state: &State, narrow: bool, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.x = 12.0;
    let nothing = state.nothing_to_report();
    let named = |icon: char, long: &'static str| {
        if narrow {
            Button::icon_only(icon, long)
        } else {
            Button::quiet(long).icon(icon)
        }
    };
    let report = named(icons::CLIPBOARD, "Copy report, secrets removed").refused(nothing);
    if ui.add(report).clicked() {
        actions.push(DoctorAction::CopyReport);
    }
    let save = named(icons::DOWNLOAD, "Save report").refused(nothing);
    if ui.add(save).clicked() {
        actions.push(DoctorAction::SaveReport);
    }
    let commands = named(icons::TERMINAL, "Copy as commands").refused(nothing);
    if ui.add(commands).clicked() {
        actions.push(DoctorAction::CopyCommands);
    }
    if state.examined_visitor().is_some() {
        let keep =
            named(icons::PLUGS, "Save and open").tooltip("Makes it a connection of the left panel");
        if ui.add(keep).clicked() {
            actions.push(DoctorAction::KeepVisitor);
        }
    }
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
}
