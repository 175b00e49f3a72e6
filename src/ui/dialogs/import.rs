//! The import: paste settings of another program, open their file or take a profile; see at once what was found; take over
//! what is wanted.
//!
//! Everything that stands in the text is told: what becomes a connection, which look-ups have no value here, which lines
//! do not read, what has no counterpart.

use egui::{FontSelection, Margin, ScrollArea, TextEdit, TextStyle, Ui};

use crate::settings::{Profile, StorageKind};
use crate::state::exchange::{ImportDialog, ImportEdit};
use crate::state::messages::{Imported, RemarkReason, TextKind};
use crate::state::{DialogEdit, SettingsAction, State};

use super::super::actions::Actions;
use super::super::kit::{self, Button, DropDown, Light, MenuItem, Prose};
use super::super::theme::tokens;
use super::super::{icons, words};
use super::{focus_first, show_ui};

const WIDTH: f32 = 720.0;
/// Lines of the text that are seen at once.
const ROWS: usize = 9;

pub(super) fn import_ui(ui: &mut Ui, state: &State, dialog: &ImportDialog, actions: &mut Actions) {
    let shell = kit::Dialog::new("import", "Import connections")
        .icon(icons::IMPORT)
        .width(WIDTH);
    let wanted = dialog.wanted();
    let found = (dialog.found.as_ref()).map_or(0, |found| found.connections.len());
    let nothing_given =
        dialog.text.trim().is_empty() && dialog.file.is_none() && dialog.profile.is_none();
    show_ui(
        ui,
        shell,
        actions,
        |ui, actions| {
            source_ui(ui, state, dialog, actions);
            if let Some(problem) = &dialog.problem {
                kit::Note::bad(Prose::new().text(problem)).show(ui);
            } else if let Some(found) = &dialog.found {
                found_ui(ui, dialog, found, actions);
            }
        },
        |ui| {
            let text = match wanted {
                0 => "Add connections".to_owned(),
                1 => "Add 1 connection".to_owned(),
                count => format!("Add {count} connections"),
            };
            let refused = match (wanted, found) {
                (0, 0) if nothing_given => {
                    Some("paste settings, open a file or take a profile first")
                }
                (0, 0) => Some("no S3 settings were found"),
                (0, _) => Some("none is chosen"),
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

/// Where the settings come from: the text itself, a file, a profile.
fn source_ui(ui: &mut Ui, state: &State, dialog: &ImportDialog, actions: &mut Actions) {
    Prose::new()
        .quiet("Settings of Django, a .env file, AWS profiles, rclone, s3cmd, or an export of Cooperage. Nothing is executed.")
        .ui(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        if kit::secondary_button(ui, icons::FOLDER_OPEN, "Open a file").clicked() {
            actions.push(SettingsAction::PickImport);
        }
        profiles_ui(ui, &state.profiles.list, dialog, actions);
        kit::at_right(ui, |ui| kind_ui(ui, dialog, actions));
    });
    text_ui(ui, dialog, actions);
}

fn profiles_ui(ui: &mut Ui, profiles: &[Profile], dialog: &ImportDialog, actions: &mut Actions) {
    let shown = dialog.profile.as_deref().unwrap_or("Take an AWS profile");
    let none = profiles
        .is_empty()
        .then_some("the shared AWS files hold no profile");
    let field = DropDown::new("AWS profile", shown)
        .placeholder(dialog.profile.is_none())
        .refused(none)
        .width(200.0);
    let (_, picked) = field.show(ui, |ui| {
        let list = ScrollArea::vertical().max_height(312.0);
        list.show(ui, |ui| {
            let mut picked = None;
            for profile in profiles {
                let chosen = dialog.profile.as_ref() == Some(&profile.name);
                if ui
                    .add(MenuItem::new(words::visible(&profile.name)).checked(chosen))
                    .clicked()
                {
                    picked = Some(profile.name.clone());
                }
            }
            picked
        })
        .inner
    });
    if let Some(Some(name)) = picked {
        actions.push(DialogEdit::Import(ImportEdit::Profile(name)));
    }
}

/// What the text is read as; it can be said when it was recognised wrongly.
fn kind_ui(ui: &mut Ui, dialog: &ImportDialog, actions: &mut Actions) {
    let recognised = (dialog.found.as_ref()).map(|found| found.kind.label());
    let shown = match (dialog.kind, recognised) {
        (Some(kind), _) => kind.label(),
        (None, Some(recognised)) => recognised,
        (None, None) => "Recognised",
    };
    let by_name = dialog.profile.is_some().then_some("a profile is a profile");
    let field = DropDown::new("Read as", shown)
        .placeholder(dialog.kind.is_none() && recognised.is_none())
        .refused(by_name)
        .width(176.0);
    let (_, picked) = field.show(ui, |ui| {
        let mut picked = None;
        let choices = std::iter::once(None).chain(TextKind::ALL.map(Some));
        for kind in choices {
            let label = kind.map_or("Recognise it", TextKind::label);
            if ui
                .add(MenuItem::new(label).checked(dialog.kind == kind))
                .clicked()
            {
                picked = Some(kind);
            }
        }
        picked
    });
    if let Some(Some(kind)) = picked {
        actions.push(DialogEdit::Import(ImportEdit::Kind(kind)));
    }
    ui.add_space(8.0);
    kit::quiet(ui, "Read as");
}

fn text_ui(ui: &mut Ui, dialog: &ImportDialog, actions: &mut Actions) {
    let mut text = dialog.text.clone();
    let name = |path: &std::path::Path| {
        words::quoted(&path.file_name().unwrap_or_default().to_string_lossy())
    };
    let hint = match (&dialog.file, &dialog.profile) {
        (Some(path), _) => format!("Read from {}. Paste here to read something else.", name(path)),
        (None, Some(profile)) => format!(
            "The profile {} stays in the shared AWS files; its keys are not copied.",
            words::quoted(profile)
        ),
        (None, None) => "Paste here, for instance\n\nAWS_STORAGE_BUCKET_NAME = \"media-live\"\nAWS_S3_REGION_NAME = \
                         \"eu-west-1\"\nAWS_SECRET_ACCESS_KEY = os.environ[\"AWS_SECRET_ACCESS_KEY\"]"
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
                    .frame(egui::Frame::NONE.inner_margin(Margin::same(8)))
                    .desired_rows(ROWS)
                    .desired_width(f32::INFINITY)
                    .lock_focus(false)
                    .hint_text(egui::RichText::new(hint).text_style(mono.clone()));
                ui.add(edit).accessible_name("Settings to import")
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
fn found_ui(ui: &mut Ui, dialog: &ImportDialog, found: &Imported, actions: &mut Actions) {
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
    for at in 0..found.connections.len() {
        connection_ui(ui, dialog, found, at, actions);
    }
    for missing in &found.unresolved {
        let prose = Prose::new().small().mono(missing.name.as_str());
        let prose = match &missing.variable {
            Some(variable) => prose
                .text(" lies in the variable ")
                .mono(variable.as_str())
                .text(", which is not set here; set it by hand."),
            None => prose.text(" is not in the text; set it by hand."),
        };
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
        let prose = match (remark.name.as_str(), &remark.reason) {
            ("", RemarkReason::OnlyForTool { .. }) => {
                Prose::new().small().quiet(format!("{reason}."))
            }
            ("", _) => Prose::new().small().text(format!("This line {reason}.")),
            (name, _) => {
                let name = words::visible(name);
                Prose::new().small().mono(name).text(format!(" {reason}."))
            }
        };
        line_ui(ui, light, Some(remark.line), &prose);
    }
}

/// One connection, to be taken over or not.
fn connection_ui(
    ui: &mut Ui,
    dialog: &ImportDialog,
    found: &Imported,
    at: usize,
    actions: &mut Actions,
) {
    let connection = &found.connections[at];
    let options = match connection.values.len() {
        1 => "1 option".to_owned(),
        count => format!("{count} options"),
    };
    let parent = connection.based_on.and_then(|at| found.connections.get(at));
    let mut prose = Prose::new().small().quiet(options);
    if connection.kind != StorageKind::Default {
        prose = prose.quiet(format!(", {} storage", connection.kind.word()));
    }
    if let Some(parent) = parent {
        prose = prose.quiet(format!(", based on {}", words::quoted(&parent.name)));
    }
    let parent_gone = connection
        .based_on
        .is_some_and(|parent| !dialog.is_wanted(parent));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let name = words::visible(&connection.name);
        let mut on = dialog.is_wanted(at);
        if parent_gone {
            kit::refused_check_box(ui, false, &name, "what it is based on is not taken over");
        } else if kit::check_box(ui, &mut on, &name).changed() {
            actions.push(DialogEdit::Import(ImportEdit::Want(at, on)));
        }
        prose.ui(ui);
    });
}

/// A light, the number of a line, and words.
fn line_ui(ui: &mut Ui, light: Light, line: Option<usize>, prose: &Prose<'_>) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let name = match light {
            Light::Warn => "look at this",
            Light::Bad => "not taken over",
            _ => "left out",
        };
        kit::light_icon(ui, light, name);
        // Line 0 is none: a profile is not a text.
        if let Some(line) = line.filter(|line| *line > 0) {
            kit::mono_quiet(ui, format!("line {line}"));
        }
        prose.ui(ui);
    });
}
