//! The panel of requests at the foot of a page: every call of the program, the newest above.
//!
//! `head` filters, `rows` lists, `details` shows one closely, with what its error means and how to repeat it. Rows have
//! one height, so only those in view are drawn.

mod details;
mod head;
mod rows;

use egui::Ui;

use crate::state::{PanelEdit, State};

use super::actions::Actions;
use super::{kit, lower_panel_ui, report_size};

/// Below this width the details take the place of the rows' right half no longer, but all of it.
const DETAILS_BESIDE_FROM: f32 = 900.0;
const DETAILS_WIDTH: f32 = 424.0;

/// The panel, where it is open.
pub(super) fn requests_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    if !state.requests.open {
        return;
    }
    let known = state.window.requests_height;
    let height = lower_panel_ui(ui, "requests", known, |ui| panel_ui(ui, state, actions));
    report_size(known, height, PanelEdit::RequestsHeight, actions);
}

fn panel_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = 0.0;
    head::head_ui(ui, state, actions);
    kit::separator(ui);
    let room = ui.available_rect_before_wrap();
    let Some(chosen) = state.requests.chosen() else {
        rows::rows_ui(ui, state, actions);
        return;
    };
    let beside = room.width() >= DETAILS_BESIDE_FROM;
    let width = if beside { DETAILS_WIDTH } else { room.width() };
    let (left, right) = room.split_left_right_at_x(room.right() - width);
    if beside {
        ui.scope_builder(egui::UiBuilder::new().max_rect(left), |ui| {
            rows::rows_ui(ui, state, actions);
        });
        let line = super::theme::line(super::theme::tokens(ui));
        ui.painter().vline(right.left(), right.y_range(), line);
    }
    ui.scope_builder(
        egui::UiBuilder::new().max_rect(right.with_min_x(right.left() + 1.0)),
        |ui| {
            details::details_ui(ui, chosen, actions);
        },
    );
}
