//! Transfers: the strip above the status bar, and the panel it unfolds to.

use egui::{Align, Layout, Ui};

use crate::domain::ByteSize;
use crate::state::transfers::TransferFilter;
use crate::state::{PanelEdit, State, TransferAction};

use super::actions::Actions;
use super::kit::{self, Button};
use super::theme::tokens;
use super::{icons, plot, transfers_rows, words};

/// True when there is anything to show below the table.
pub(super) fn wanted(state: &State) -> bool {
    !state.transfers.jobs.is_empty() || !state.planning.is_empty() || state.window.bottom.open
}

pub(super) fn strip_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let totals = &state.transfers.totals;
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        kit::icon_ui(ui, icons::UP_DOWN, tokens(ui).text);
        kit::strong(ui, "Transfers");
        let active = totals.running + totals.paused;
        let text = match (active, totals.waiting, totals.done) {
            (0, 0, _) if !state.planning.is_empty() => "looking at the files…".to_owned(),
            (0, 0, 0) if totals.failed + totals.cancelled > 0 => String::new(),
            (0, 0, 0) => "none yet".to_owned(),
            (0, 0, done) => format!("{done} done"),
            (active, 0, _) => format!("{active} active"),
            (active, waiting, _) => format!("{active} active, {waiting} queued"),
        };
        if !text.is_empty() {
            kit::quiet(ui, text);
        }
        if totals.failed > 0 {
            let failed =
                Button::link(format!("{} failed", totals.failed)).icon(icons::WARNING_CIRCLE);
            if ui.add(failed.ink(tokens(ui).bad)).clicked() {
                actions.push(TransferAction::Show(TransferFilter::Failed));
                actions.push(PanelEdit::ToggleTransfers);
            }
        }
        if totals.is_active() || totals.paused > 0 {
            let width = (ui.available_width() - 360.0).clamp(64.0, 280.0);
            let fraction = state.transfers.fraction();
            kit::progress(ui, "All transfers", fraction, width);
            kit::label(ui, percent(fraction));
            kit::label(ui, format!("{}/s", ByteSize(totals.bytes_per_sec)));
            if let Some(left) = totals.left_secs {
                kit::quiet(ui, left_words(left));
            }
        }
        at_end_ui(ui, "strip", |ui| {
            if ui
                .add(Button::quiet("Show").after(icons::CARET_UP))
                .clicked()
            {
                actions.push(PanelEdit::ToggleTransfers);
            }
            hold_all_ui(ui, state, actions);
        });
    });
}

fn hold_all_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let totals = &state.transfers.totals;
    if totals.is_active() {
        if kit::icon_button(ui, icons::PAUSE, "Pause all").clicked() {
            actions.push(TransferAction::PauseAll);
        }
    } else if totals.paused > 0 && kit::icon_button(ui, icons::PLAY, "Go on with all").clicked() {
        actions.push(TransferAction::ResumeAll);
    }
}

pub(super) fn percent(fraction: f32) -> String {
    format!("{} %", (fraction * 100.0).floor() as u32)
}

fn left_words(secs: u64) -> String {
    format!(
        "{} left",
        words::duration(i64::try_from(secs).unwrap_or(i64::MAX))
    )
}

/// Buttons at the right end. What stands before them comes and goes while things move; a button that is pressed
/// stays the same one until it is let go.
fn at_end_ui(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) {
    let own = egui::UiBuilder::new()
        .scope_id(egui::Id::unique(("transfers", name)))
        .layout(Layout::right_to_left(Align::Center));
    ui.scope_builder(own, content);
}

pub(super) fn panel_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = 0.0;
    head_ui(ui, state, actions);
    kit::separator(ui);
    if ui.available_height() > 260.0 && !state.transfers.jobs.is_empty() {
        plot::plot_ui(ui, state);
        kit::separator(ui);
    }
    transfers_rows::rows_ui(ui, state, actions);
}

fn head_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    ui.allocate_ui_with_layout(
        egui::vec2(ui.available_width(), 36.0),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.add_space(12.0);
            kit::icon_ui(ui, icons::UP_DOWN, tokens(ui).text);
            ui.add_space(4.0);
            kit::strong(ui, "Transfers");
            ui.add_space(8.0);
            for (filter, name) in TransferFilter::ALL {
                let count = state.transfers.count(filter);
                let bad = filter == TransferFilter::Failed && count > 0;
                if kit::counted(ui, state.transfers.filter == filter, name, count, bad).clicked() {
                    actions.push(TransferAction::Show(filter));
                }
            }
            at_end_ui(ui, "panel", |ui| {
                ui.add_space(8.0);
                if ui
                    .add(Button::quiet("Hide").after(icons::CARET_DOWN))
                    .clicked()
                {
                    actions.push(PanelEdit::ToggleTransfers);
                }
                let totals = &state.transfers.totals;
                let finished = totals.done + totals.failed + totals.cancelled;
                let none = (finished == 0).then_some("nothing is finished");
                if ui
                    .add(Button::icon_only(icons::BROOM, "Clear what is finished").refused(none))
                    .clicked()
                {
                    actions.push(TransferAction::ClearFinished);
                }
                if totals.failed > 0
                    && kit::icon_button(ui, icons::REFRESH, "Try all failed again").clicked()
                {
                    actions.push(TransferAction::RetryFailed);
                }
                if totals.is_active() && kit::icon_button(ui, icons::X, "Cancel all").clicked() {
                    actions.push(TransferAction::CancelAll);
                }
                hold_all_ui(ui, state, actions);
            });
        },
    );
}
