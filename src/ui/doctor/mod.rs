//! The Doctor's page: whether a connection works, and where it breaks.
//!
//! `top_bar` and `status` run along the edges, `banner` says the first thing that is broken. Below it stand the columns,
//! side by side where there is room, else one at a time behind tabs: `ladder` shows where credentials come from, `checks` what was tried. A column
//! is drawn by `column`: a head, rows that scroll, and a foot that stays.

mod banner;
mod checks;
mod column;
mod ladder;
mod permissions;
mod status;
mod top_bar;

pub(in crate::ui) use permissions::stop_button;

use egui::{CentralPanel, Id, Key, KeyboardShortcut, Margin, Modifiers, Panel, Ui};

use crate::state::{DoctorAction, DoctorTab, State};

use super::actions::Actions;
use super::{bar, ground, kit, theme};

/// Below this width one column is shown at a time.
const SIDE_BY_SIDE_FROM: f32 = 1160.0;
/// Between the columns, and around them.
const GAP: f32 = 16.0;

/// The columns in their order: what each is called, and its share of the width.
const COLUMNS: [(DoctorTab, &str, f32); 3] = [
    (DoctorTab::Credentials, "Credentials", 496.0),
    (DoctorTab::Checks, "Live checks", 480.0),
    (DoctorTab::Permissions, "Permissions", 400.0),
];

pub(super) fn doctor_page_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    if state.dialog.is_none() {
        keys(ui, actions);
    }
    let narrow = is_narrow(ui);
    // The buttons end where the columns do.
    let margin = Margin {
        left: 8,
        right: GAP as i8,
        ..Margin::ZERO
    };
    let frame = bar(ui, margin);
    Panel::top(Id::unique("doctor bar"))
        .exact_size(theme::TOOLBAR)
        .frame(frame)
        .resizable(false)
        .show(ui, |ui| top_bar::top_bar_ui(ui, state, actions));
    let frame = bar(ui, Margin::symmetric(12, 0));
    Panel::bottom(Id::unique("doctor status"))
        .exact_size(theme::STATUS_BAR)
        .frame(frame)
        .resizable(false)
        .show(ui, |ui| status::status_ui(ui, state, narrow));
    super::requests::requests_ui(ui, state, actions);
    let frame = ground(ui).inner_margin(GAP);
    CentralPanel::default().frame(frame).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        banner::banner_ui(ui, state, actions);
        ui.add_space(GAP);
        if narrow {
            tabs_ui(ui, state, actions);
        } else {
            columns_ui(ui, state, actions);
        }
    });
}

/// True where one column is shown at a time.
fn is_narrow(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() < SIDE_BY_SIDE_FROM
}

fn keys(ui: &Ui, actions: &mut Actions) {
    let pressed = |modifiers, key| {
        ui.input_mut(|input| input.consume_shortcut(&KeyboardShortcut::new(modifiers, key)))
    };
    if pressed(Modifiers::NONE, Key::F5) || pressed(Modifiers::COMMAND, Key::R) {
        actions.push(DoctorAction::RunAgain);
    }
}

/// All columns side by side, each as high as the room.
fn columns_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let room = ui.available_rect_before_wrap();
    let gaps = GAP * (COLUMNS.len() - 1) as f32;
    let shares: f32 = COLUMNS.iter().map(|(.., share)| share).sum();
    let mut left = room.left();
    for (tab, _, share) in COLUMNS {
        let width = ((room.width() - gaps) * share / shares).round();
        let rect = egui::Rect::from_min_size(
            egui::pos2(left, room.top()),
            egui::vec2(width.min(room.right() - left), room.height()),
        );
        ui.scope_builder(egui::UiBuilder::new().max_rect(rect), |ui| {
            column_ui(ui, tab, state, actions);
        });
        left += width + GAP;
    }
}

/// One column at a time.
fn tabs_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    if COLUMNS.len() > 1 {
        let at = |tab: DoctorTab| COLUMNS.iter().position(|(own, ..)| *own == tab);
        let mut chosen = at(state.doctor.tab).unwrap_or_default();
        let names = COLUMNS.map(|(tab, name, _)| named(state, tab, name));
        let names = names.each_ref().map(String::as_str);
        if kit::tabs(ui, "Parts of the diagnosis", &mut chosen, &names).changed() {
            actions.push(DoctorAction::Show(COLUMNS[chosen].0));
        }
        ui.add_space(GAP);
    }
    column_ui(ui, state.doctor.tab, state, actions);
}

/// `Live checks, 1 failed`: a tab tells what is broken behind it.
fn named(state: &State, tab: DoctorTab, name: &str) -> String {
    match tab.failed(&state.doctor.diagnosis) {
        0 => name.to_owned(),
        failed => format!("{name}, {failed} failed"),
    }
}

fn column_ui(ui: &mut Ui, tab: DoctorTab, state: &State, actions: &mut Actions) {
    match tab {
        DoctorTab::Credentials => ladder::ladder_ui(ui, state, actions),
        DoctorTab::Checks => checks::checks_ui(ui, state, actions),
        DoctorTab::Permissions => permissions::permissions_ui(ui, state, actions),
    }
}
