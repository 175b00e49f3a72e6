//! The head of the panel: how many there are, the filter, which end stands above.

use egui::{Align, Layout, Ui};

use crate::domain::grouped;
use crate::state::{RequestsAction, State};
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Button, TextField};
use crate::ui::theme::tokens;

const HEIGHT: f32 = 36.0;

pub(super) fn head_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let requests = &state.requests;
    ui.allocate_ui_with_layout(
        egui::vec2(ui.available_width(), HEIGHT),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.add_space(12.0);
            kit::icon_ui(ui, icons::LIST_SEARCH, tokens(ui).text);
            ui.add_space(4.0);
            kit::strong(ui, "Requests");
            ui.add_space(8.0);
            let all = !requests.only_failed;
            if kit::counted(ui, all, "All", requests.count(), false).clicked() {
                actions.push(RequestsAction::OnlyFailed(false));
            }
            let bad = requests.failed() > 0;
            if kit::counted(ui, !all, "Failed", requests.failed(), bad).clicked() {
                actions.push(RequestsAction::OnlyFailed(true));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                ui.add_space(8.0);
                if ui
                    .add(Button::quiet("Hide").after(icons::CARET_DOWN))
                    .clicked()
                {
                    actions.push(RequestsAction::Toggle);
                }
                let none = (requests.count() == 0).then_some("nothing was sent yet");
                let clear = Button::icon_only(icons::BROOM, "Clear the list").refused(none);
                if ui.add(clear).clicked() {
                    actions.push(RequestsAction::Clear);
                }
                let (icon, name) = if requests.oldest_first {
                    (icons::CARET_DOWN, "Oldest first; show the newest first")
                } else {
                    (icons::CARET_UP, "Newest first; show the oldest first")
                };
                if kit::icon_button(ui, icon, name).clicked() {
                    actions.push(RequestsAction::OldestFirst(!requests.oldest_first));
                }
                filter_ui(ui, state, actions);
                if !requests.filter.trim().is_empty() {
                    let shown = grouped(requests.rows() as u64);
                    kit::quiet_small(ui, format!("{shown} shown"));
                }
            });
        },
    );
}

fn filter_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let mut text = state.requests.filter.clone();
    let width = (ui.available_width() - 8.0).clamp(80.0, 240.0);
    let field = TextField::new(&mut text, "Filter requests")
        .hint("Key, call, status, id…")
        .icon(icons::FILTER)
        .width(width)
        .clears();
    if ui.add(field).changed() {
        actions.push(RequestsAction::Filter(text));
    }
}
