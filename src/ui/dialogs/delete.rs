//! The question before deleting: exact keys, count, bytes, and that it is for good.

use egui::{ScrollArea, Ui};

use crate::domain::diagnosis::Ability;
use crate::domain::{ByteSize, grouped};
use crate::state::dialogs::DeleteDialog;
use crate::state::{DialogEdit, State};

use super::super::actions::Actions;
use super::super::kit::{self, Button, Prose, TextField};
use super::super::theme::tokens;
use super::super::{icons, words};
use super::{focus_first, show_ui};

pub(super) fn delete_ui(ui: &mut Ui, state: &State, dialog: &DeleteDialog, actions: &mut Actions) {
    let count = dialog.objects.len();
    let title = match (count, dialog.collecting) {
        (_, Some(_)) => format!(
            "Looking for what would be deleted: {} so far",
            grouped(count as u64)
        ),
        (0, None) => "There is nothing to delete".to_owned(),
        (1, None) => "Delete this object?".to_owned(),
        (_, None) => format!("Delete these {} objects?", grouped(count as u64)),
    };
    let shell = kit::Dialog::new("delete", &title)
        .icon(icons::TRASH)
        .width(480.0);
    show_ui(
        ui,
        shell,
        actions,
        |ui, actions| body_ui(ui, dialog, state.server_lacks(Ability::Versions), actions),
        |ui| {
            let refused = if dialog.collecting.is_some() {
                Some("not all keys are known yet")
            } else if dialog.must_type() && dialog.typed != dialog.bucket {
                Some("type the bucket's name first")
            } else if !dialog.ready() {
                Some("nothing can be deleted")
            } else {
                None
            };
            let text = if count == 1 {
                "Delete it".to_owned()
            } else {
                format!("Delete {}", grouped(count as u64))
            };
            let delete = ui.add(Button::dangerous(text).icon(icons::TRASH).refused(refused));
            let cancel = kit::secondary_button(ui, None, "Cancel");
            focus_first(ui, "delete", &cancel);
            if delete.clicked() {
                Some(DialogEdit::Confirm)
            } else if cancel.clicked() {
                Some(DialogEdit::Cancel)
            } else {
                None
            }
        },
    );
}

fn body_ui(ui: &mut Ui, dialog: &DeleteDialog, no_versions: bool, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = 8.0;
    let size = ByteSize(dialog.bytes);
    let for_good = if no_versions {
        "This server keeps no versions: this is permanent."
    } else {
        "Where the bucket keeps versions they stay; everywhere else this is permanent."
    };
    Prose::new()
        .quiet("From ")
        .mono(&dialog.bucket)
        .quiet(format!(", {size} in all. {for_good}"))
        .ui(ui);
    keys_ui(ui, dialog);
    if let Some(problem) = &dialog.problem {
        kit::Note::bad(Prose::new().text(problem)).show(ui);
    }
    if dialog.must_type() {
        Prose::new()
            .text("Type ")
            .mono(&dialog.bucket)
            .text(" to delete so many objects.")
            .ui(ui);
        let mut typed = dialog.typed.clone();
        if ui
            .add(
                TextField::new(&mut typed, "Name of the bucket")
                    .hint(dialog.bucket.as_str())
                    .mono(),
            )
            .changed()
        {
            actions.push(DialogEdit::Text(typed));
        }
    }
}

/// The exact keys; only the rows in view are laid out.
fn keys_ui(ui: &mut Ui, dialog: &DeleteDialog) {
    let tokens = tokens(ui);
    let rows = dialog.objects.len();
    let height = (rows.clamp(1, 8) as f32) * 22.0;
    egui::Frame::NONE
        .fill(tokens.field)
        .stroke(egui::Stroke::new(1.0, tokens.line))
        .corner_radius(6)
        .inner_margin(egui::Margin::symmetric(8, 4))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 0.0;
            // Sizes stand beside the scroll handle, not below it.
            let right = if rows > 8 { 12.0 } else { 0.0 };
            let list = ScrollArea::vertical()
                .id_salt("keys to delete")
                .max_height(height)
                .min_scrolled_height(height)
                .auto_shrink([false, true]);
            list.show_rows(ui, 22.0, rows, |ui, range| {
                ui.spacing_mut().interact_size.y = 22.0;
                for (key, bytes) in &dialog.objects[range] {
                    ui.horizontal(|ui| {
                        let size = ByteSize(*bytes).to_string();
                        let width = ui.available_width() - 72.0 - right;
                        let font = egui::TextStyle::Monospace.resolve(ui.style());
                        let text = words::visible(key.as_str());
                        let shown = kit::cut_middle(ui, &text, &font, width);
                        kit::mono(ui, shown).on_hover_text(&text);
                        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                            ui.add_space(right);
                            kit::quiet_small(ui, size);
                        });
                    });
                }
            });
        });
}
