//! Deletions that take a while: one line each above the transfers, with how far it is and a way to stop it.

use egui::{Align, Layout, Panel, Ui};

use crate::domain::grouped;
use crate::state::deletions::Deletion;
use crate::state::transfers::fraction;
use crate::state::{ObjectAction, State};

use super::actions::Actions;
use super::kit;
use super::theme::{self, tokens};
use super::transfers_panel::percent;
use super::{icons, words};

/// How high the lines are together.
pub(super) fn height(state: &State) -> f32 {
    state.deletions.shown().count() as f32 * theme::STRIP
}

pub(super) fn deletions_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    for deletion in state.deletions.shown() {
        let frame = egui::Frame::NONE
            .fill(tokens(ui).panel)
            .inner_margin(egui::Margin::symmetric(12, 0));
        Panel::bottom(egui::Id::unique(("deletion", deletion.ticket.0)))
            .exact_size(theme::STRIP)
            .frame(frame)
            .resizable(false)
            .show(ui, |ui| line_ui(ui, deletion, actions));
    }
}

fn line_ui(ui: &mut Ui, deletion: &Deletion, actions: &mut Actions) {
    let (through, asked) = (deletion.through as u64, deletion.asked as u64);
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        kit::icon_ui(ui, icons::TRASH, tokens(ui).text);
        let text = format!("Deleting {} of {}", grouped(through), grouped(asked));
        kit::strong(ui, text);
        let bucket = words::visible(&deletion.place.bucket);
        kit::quiet(ui, format!("from {bucket}"));
        let width = (ui.available_width() - 160.0).clamp(64.0, 280.0);
        let part = fraction(through, asked);
        kit::progress(ui, "Objects deleted", part, width);
        kit::label(ui, percent(part));
        let own = egui::UiBuilder::new()
            .scope_id(egui::Id::unique(("stop deleting", deletion.ticket.0)))
            .layout(Layout::right_to_left(Align::Center));
        ui.scope_builder(own, |ui| {
            let stopping = deletion.stopping.then_some("it stops after this request");
            let text = if deletion.stopping {
                "Stopping…"
            } else {
                "Stop"
            };
            let stop = kit::Button::secondary(text).small().refused(stopping);
            if ui.add(stop).clicked() {
                actions.push(ObjectAction::StopDeletion(deletion.ticket));
            }
        });
    });
}
