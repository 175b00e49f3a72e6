//! The line below a failed transfer: what is wrong, and what can be done.

use egui::{Align, Layout, Ui};

use crate::state::messages::JobState;
use crate::state::transfers::{JobRow, can_retry};
use crate::state::{Action, TransferAction};

use super::super::actions::Actions;
use super::super::kit;
use super::super::theme::tokens;
use super::MARKS;

/// Why a job failed, in words.
pub(super) fn cause(row: &JobRow) -> Option<crate::words::Explanation> {
    if row.job.state != JobState::Failed {
        return None;
    }
    row.job.error.as_deref().map(crate::words::explain_plainly)
}

pub(super) fn cause_ui(
    ui: &mut Ui,
    row: &JobRow,
    words: &crate::words::Explanation,
    actions: &mut Actions,
) {
    let (rect, _) =
        ui.allocate_exact_size(egui::vec2(ui.available_width(), 36.0), egui::Sense::hover());
    ui.painter().rect_filled(rect, 0.0, tokens(ui).bad_fill);
    let inner = rect.shrink2(egui::vec2(12.0, 4.0));
    let mut own = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(inner)
            .layout(Layout::right_to_left(Align::Center)),
    );
    let ui = &mut own;
    ui.spacing_mut().item_spacing.x = 8.0;
    if kit::small_button(ui, None, "Copy details").clicked() {
        actions.push(Action::CopyText {
            text: words.to_text(),
            said: "Details copied".to_owned(),
        });
    }
    if can_retry(row) && kit::small_button(ui, None, "Retry").clicked() {
        actions.push(TransferAction::Retry(row.job.info.id));
    }
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(MARKS - 12.0);
        let all = format!("{}. {} {}", words.title, words.cause, words.next_step);
        // The row above names the file, so the line begins with what is wrong.
        let (first, rest) = words.cause.split_once(". ").map_or_else(
            || (words.cause.clone(), ""),
            |(first, rest)| (format!("{first}."), rest),
        );
        let job = kit::Prose::new()
            .strong(first)
            .quiet(format!(" {rest} {}", words.next_step).replace("  ", " "));
        ui.add(egui::Label::new(job.job(ui)).truncate())
            .on_hover_text(all);
    });
}
