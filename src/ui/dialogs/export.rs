//! The export of the settings being edited: choose a form, see the text, copy or save it.
//!
//! Secrets are written only when they were asked for, and are masked on screen and for assistive technology even then.

use egui::{Label, Margin, RichText, ScrollArea, TextStyle, Ui};

use crate::state::exchange::{ExportDialog, ExportEdit};
use crate::state::messages::{Exported, Form};
use crate::state::{DialogEdit, State};

use super::super::actions::Actions;
use super::super::icons;
use super::super::kit::{self, Button, Choice, Light, Prose};
use super::super::theme::tokens;
use super::show_ui;

const WIDTH: f32 = 720.0;
/// Lines of the text that are seen at once.
const ROWS: f32 = 17.0;

pub(super) fn export_ui(ui: &mut Ui, state: &State, dialog: &ExportDialog, actions: &mut Actions) {
    let name = state
        .draft
        .as_ref()
        .map(|draft| draft.connection.name.as_str());
    let shell = kit::Dialog::new("export", "Export settings")
        .icon(icons::EXPORT)
        .remark(name.unwrap_or_default())
        .width(WIDTH);
    let waits = dialog.written.is_none().then_some("there is no text yet");
    show_ui(
        ui,
        shell,
        actions,
        |ui, actions| {
            choices_ui(ui, dialog, actions);
            if let Some(problem) = &dialog.problem {
                kit::Note::bad(Prose::new().text(problem)).show(ui);
            }
            if let Some(written) = &dialog.written {
                text_ui(ui, written);
                omissions_ui(ui, written);
            }
        },
        |ui| {
            let save = Button::primary("Save to file")
                .icon(icons::DOWNLOAD)
                .refused(waits);
            let save = ui.add(save).clicked();
            let copy = Button::secondary("Copy").icon(icons::COPY).refused(waits);
            let copy = ui.add(copy).clicked();
            let close = kit::secondary_button(ui, None, "Close").clicked();
            match (save, copy, close) {
                (true, ..) => Some(DialogEdit::Export(ExportEdit::Save)),
                (_, true, _) => Some(DialogEdit::Export(ExportEdit::Copy)),
                (.., true) => Some(DialogEdit::Cancel),
                _ => None,
            }
        },
    );
}

fn choices_ui(ui: &mut Ui, dialog: &ExportDialog, actions: &mut Actions) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        let choices = Form::ALL.map(|form| Choice::from(form.label()));
        let mut chosen = (Form::ALL.iter())
            .position(|form| *form == dialog.form)
            .unwrap_or(0);
        if kit::segments(ui, "Form", &mut chosen, &choices).changed() {
            let form = Form::ALL.get(chosen).copied().unwrap_or_default();
            actions.push(DialogEdit::Export(ExportEdit::Form(form)));
        }
        let mut on = dialog.with_secrets;
        if kit::check_box(ui, &mut on, "With secrets").changed() {
            actions.push(DialogEdit::Export(ExportEdit::Secrets(on)));
        }
    });
    let holds = (dialog.written.as_ref()).is_some_and(|written| written.holds_secrets());
    if dialog.with_secrets && holds {
        let prose = Prose::new().text(
            "Secrets are masked here and stand in clear in what you copy or save. Keep it out of repositories and chats.",
        );
        kit::Note::warn(prose).show(ui);
    } else if dialog.with_secrets {
        let prose = Prose::new().text("These settings hold no secret that could be written.");
        kit::Note::info(prose).show(ui);
    }
}

/// The text, masked; it can be selected but not changed.
fn text_ui(ui: &mut Ui, written: &Exported) {
    let tokens = tokens(ui);
    kit::text_box(ui)
        .inner_margin(Margin::same(0))
        .show(ui, |ui| {
            let height = ROWS * 16.0 + 16.0;
            let area = ScrollArea::both()
                .id_salt(("export", written.form.word()))
                .max_height(height)
                .min_scrolled_height(height)
                .auto_shrink([false, false]);
            area.show(ui, |ui| {
                egui::Frame::NONE
                    .inner_margin(Margin::symmetric(8, 8))
                    .show(ui, |ui| {
                        let masked = written.masked();
                        let text = RichText::new(masked.trim_end())
                            .text_style(TextStyle::Monospace)
                            .color(tokens.text);
                        ui.add(Label::new(text).extend().selectable(true));
                    });
            });
        });
}

/// What the form does not hold.
fn omissions_ui(ui: &mut Ui, written: &Exported) {
    ui.spacing_mut().item_spacing.y = 6.0;
    for omission in &written.omissions {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            kit::light_icon(ui, Light::Info, "to know");
            let name = omission.name.as_str();
            let is_code = !name.contains(' ') && name.contains('_');
            let prose = Prose::new().small();
            let prose = if is_code {
                prose.mono(name)
            } else {
                prose.text(name)
            };
            prose.text(format!(" {}.", omission.reason)).ui(ui);
        });
    }
}
