//! The Django import: paste or open, see at once what was found, take it over.
//!
//! Everything that stands in the text is told: what becomes a connection, which look-ups have no value here, which lines
//! do not read, what is left out.

use egui::{FontSelection, Margin, ScrollArea, TextEdit, TextStyle, Ui};

use crate::settings::StorageKind;
use crate::state::dialogs::ImportDialog;
use crate::state::messages::{Imported, RemarkReason};
use crate::state::{DialogEdit, SettingsAction};

use super::super::actions::Actions;
use super::super::kit::{self, Button, Light, Prose};
use super::super::theme::tokens;
use super::super::{icons, words};
use super::{focus_first, show_ui};

const WIDTH: f32 = 696.0;
/// Lines of the text that are seen at once.
const ROWS: usize = 11;

pub(super) fn import_ui(ui: &mut Ui, dialog: &ImportDialog, actions: &mut Actions) {
    let shell = kit::Dialog::new("import", "Import Django settings")
        .icon(icons::IMPORT)
        .width(WIDTH);
    let count = (dialog.found.as_ref()).map_or(0, |found| found.connections.len());
    let read_file = dialog.file.is_some() && dialog.text.is_empty();
    show_ui(
        ui,
        shell,
        actions,
        |ui, actions| {
            source_ui(ui, dialog, actions);
            if let Some(problem) = &dialog.problem {
                kit::Note::bad(Prose::new().text(problem)).show(ui);
            } else if let Some(found) = &dialog.found {
                found_ui(ui, found);
            }
        },
        |ui| {
            let text = match count {
                0 => "Add connections".to_owned(),
                1 => "Add 1 connection".to_owned(),
                count => format!("Add {count} connections"),
            };
            let refused = match count {
                0 if dialog.text.trim().is_empty() && !read_file => {
                    Some("paste settings or open a file first")
                }
                0 => Some("no S3 settings were found"),
                _ => None,
            };
            let add = ui.add(Button::primary(text).refused(refused)).clicked();
            let cancel = kit::secondary_button(ui, None, "Cancel").clicked();
            match (add, cancel) {
                (true, _) => Some(DialogEdit::Confirm),
                (_, true) => Some(DialogEdit::Cancel),
                _ => None,
            }
        },
    );
}

/// The text, and the button that reads it from a file.
fn source_ui(ui: &mut Ui, dialog: &ImportDialog, actions: &mut Actions) {
    ui.horizontal(|ui| {
        ui.set_min_height(28.0);
        let words = "Paste a settings.py, a part of it, or a .env file. Nothing is executed.";
        kit::quiet(ui, words);
        kit::at_right(ui, |ui| {
            if kit::small_button(ui, icons::FOLDER_OPEN, "Open a file").clicked() {
                actions.push(SettingsAction::PickImport);
            }
        });
    });
    let mut text = dialog.text.clone();
    let hint = match &dialog.file {
        Some(name) => format!("Read from {}", words::quoted(name)),
        None => "AWS_STORAGE_BUCKET_NAME = \"media-live\"\nAWS_S3_REGION_NAME = \"eu-west-1\"\n\
                 AWS_SECRET_ACCESS_KEY = os.environ[\"AWS_SECRET_ACCESS_KEY\"]"
            .to_owned(),
    };
    let tokens = tokens(ui);
    let mono = TextStyle::Monospace;
    let shown = kit::text_box(ui)
        .inner_margin(Margin::same(0))
        .show(ui, |ui| {
            ui.visuals_mut().weak_text_color = Some(tokens.quiet);
            let height = ROWS as f32 * 16.0 + 16.0;
            let area = ScrollArea::both()
                .id_salt("text to import")
                .max_height(height)
                .min_scrolled_height(height)
                .auto_shrink([false, false]);
            area.show(ui, |ui| {
                let edit = TextEdit::multiline(&mut text)
                    .font(FontSelection::Style(mono.clone()))
                    .text_color(tokens.text)
                    .frame(egui::Frame::NONE)
                    .margin(Margin::symmetric(8, 8))
                    .desired_rows(ROWS)
                    .desired_width(f32::INFINITY)
                    .lock_focus(false)
                    .hint_text(egui::RichText::new(hint).text_style(mono.clone()));
                ui.add(edit).accessible_name("Django settings")
            })
            .inner
        });
    let field = shown.inner;
    if field.has_focus() {
        let stroke = egui::Stroke::new(2.0, tokens.copper);
        let kind = egui::StrokeKind::Middle;
        ui.painter()
            .rect_stroke(shown.response.rect, 6.0, stroke, kind);
    }
    if field.changed() {
        actions.push(DialogEdit::Text(text));
    }
    focus_first(ui, "import", &field);
}

/// What stands in the text, worst last.
fn found_ui(ui: &mut Ui, found: &Imported) {
    ui.spacing_mut().item_spacing.y = 6.0;
    ui.add_space(2.0);
    if found.connections.is_empty() {
        line_ui(
            ui,
            Light::NotSet,
            None,
            &Prose::new().small().quiet("No S3 settings were found."),
        );
    }
    for connection in &found.connections {
        let options = match connection.values.len() {
            1 => "1 option".to_owned(),
            count => format!("{count} options"),
        };
        let parent = connection.based_on.and_then(|at| found.connections.get(at));
        let mut prose = Prose::new()
            .small()
            .strong(words::visible(&connection.name))
            .quiet(format!("  {options}"));
        if connection.kind != StorageKind::Default {
            prose = prose.quiet(format!(", {} storage", connection.kind.word()));
        }
        if let Some(parent) = parent {
            prose = prose.quiet(format!(", based on {}", words::quoted(&parent.name)));
        }
        line_ui(ui, Light::Good, None, &prose);
    }
    for missing in &found.unresolved {
        let prose = Prose::new()
            .small()
            .mono(missing.name.as_str())
            .text(" lies in the variable ")
            .mono(missing.variable.as_deref().unwrap_or_default())
            .text(", which is not set here; set it by hand.");
        line_ui(ui, Light::Warn, Some(missing.line), &prose);
    }
    for remark in &found.remarks {
        let light = match &remark.reason {
            reason if reason.is_failure() => Light::Bad,
            RemarkReason::NeedsPython | RemarkReason::UnknownName(_) => Light::Warn,
            RemarkReason::Condition { .. } | RemarkReason::HiddenByClass => Light::Warn,
            _ => Light::Info,
        };
        let reason = remark.reason.to_string();
        let prose = if remark.name.is_empty() {
            Prose::new().small().text(format!("This line {reason}."))
        } else {
            let name = words::visible(&remark.name);
            Prose::new().small().mono(name).text(format!(" {reason}."))
        };
        line_ui(ui, light, Some(remark.line), &prose);
    }
}

/// A light, the number of a line, and words.
fn line_ui(ui: &mut Ui, light: Light, line: Option<usize>, prose: &Prose<'_>) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let name = match light {
            Light::Good => "found",
            Light::Warn => "look at this",
            Light::Bad => "not taken over",
            _ => "left out",
        };
        kit::light_icon(ui, light, name);
        if let Some(line) = line {
            kit::mono_quiet(ui, format!("line {line}"));
        }
        prose.ui(ui);
    });
}
