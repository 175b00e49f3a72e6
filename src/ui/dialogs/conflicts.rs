//! The conflict table: names that are taken, both sides, and what to do with each.

use egui::{Align, Layout, ScrollArea, Ui};

use crate::domain::{ByteSize, Key, Timestamp};
use crate::state::action::ConflictAnswer;
use crate::state::dialogs::{ConflictChoice, ConflictDialog, ConflictPlan};
use crate::state::messages::{Conflict, Side};
use crate::state::{DialogEdit, State};

use super::super::actions::Actions;
use super::super::kit::{self, Button, CellSide, Choice, DropDown, Prose};
use super::super::theme::tokens;
use super::super::{icons, words};
use super::show_ui;

const CHOICES: [(ConflictChoice, &str); 4] = [
    (ConflictChoice::Overwrite, "Overwrite"),
    (ConflictChoice::Skip, "Skip"),
    (ConflictChoice::KeepBoth, "Keep both"),
    (ConflictChoice::NewerOnly, "Newer only"),
];
const ROW: f32 = 36.0;

/// The answers, those that the connection does not allow with the reason.
fn choices(dialog: &ConflictDialog) -> Vec<Choice> {
    let overwrites = |choice| {
        matches!(
            choice,
            ConflictChoice::Overwrite | ConflictChoice::NewerOnly
        )
    };
    CHOICES
        .iter()
        .map(|(choice, words)| {
            let refused = dialog.no_overwrite.filter(|_| overwrites(*choice));
            Choice::from(*words).refused(refused)
        })
        .collect()
}

pub(super) fn conflicts_ui(
    ui: &mut Ui,
    state: &State,
    dialog: &ConflictDialog,
    actions: &mut Actions,
) {
    let conflicts = dialog.conflicts();
    let (all, upload) = (
        dialog.files(),
        matches!(dialog.plan, ConflictPlan::Upload(_)),
    );
    let title = match (conflicts.len(), all) {
        (1, 1) => "This file is already there".to_owned(),
        (taken, all) => format!("{taken} of {all} files are already there"),
    };
    let width = (ui.ctx().content_rect().width() - 48.0).min(960.0);
    let shell = kit::Dialog::new("conflicts", &title)
        .remark("Nothing has been written yet.")
        .width(width);
    show_ui(
        ui,
        shell,
        actions,
        |ui, actions| {
            for_all_ui(ui, dialog, actions);
            ui.add_space(8.0);
            if upload && !state.guards_uploads() {
                let said = "This server does not refuse to overwrite by itself: the name of each new file is looked up right \
                            before it is written, which leaves a moment for somebody else.";
                kit::Note::info(Prose::new().quiet(said)).show(ui);
                ui.add_space(8.0);
            }
            rows_ui(ui, state, dialog, upload, actions);
        },
        |ui| {
            let skipped = dialog.count(ConflictChoice::Skip);
            let count = all - skipped;
            let verb = if upload { "upload" } else { "download" };
            let text = match count {
                0 => "Skip all".to_owned(),
                1 => format!("Start 1 {verb}"),
                count => format!("Start {count} {verb}s"),
            };
            let start = ui.add(Button::primary(text));
            let cancel = kit::secondary_button(ui, None, "Cancel");
            ui.add_space(12.0);
            kit::quiet_small(ui, summary(dialog));
            if start.clicked() {
                Some(DialogEdit::Confirm)
            } else if cancel.clicked() {
                Some(DialogEdit::Cancel)
            } else {
                None
            }
        },
    );
}

fn summary(dialog: &ConflictDialog) -> String {
    CHOICES
        .iter()
        .map(|(choice, words)| (dialog.count(*choice), words.to_lowercase()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn for_all_ui(ui: &mut Ui, dialog: &ConflictDialog, actions: &mut Actions) {
    ui.horizontal(|ui| {
        kit::quiet(ui, "For all");
        ui.add_space(4.0);
        let choices = choices(dialog);
        let mut chosen = CHOICES
            .iter()
            .position(|(choice, _)| Some(*choice) == dialog.all)
            .unwrap_or(usize::MAX);
        if kit::segments(ui, "For all conflicts", &mut chosen, &choices).changed()
            && let Some((choice, _)) = CHOICES.get(chosen)
        {
            actions.push(DialogEdit::Conflict(ConflictAnswer::All(*choice)));
        }
    });
}

/// Widths of the columns after the name.
fn columns(width: f32) -> [f32; 3] {
    if width > 760.0 {
        [212.0, 212.0, 104.0]
    } else {
        [204.0, 204.0, 0.0]
    }
}

fn rows_ui(
    ui: &mut Ui,
    state: &State,
    dialog: &ConflictDialog,
    upload: bool,
    actions: &mut Actions,
) {
    let [here, there, compared] = columns(ui.available_width());
    let answer = 124.0;
    let name = (ui.available_width() - here - there - compared - answer).max(120.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let heads = [
            ("Name", name),
            ("On this computer", here),
            ("In the bucket", there),
            ("Compared", compared),
            ("Do", answer),
        ];
        for (head, width) in heads.into_iter().filter(|(_, width)| *width > 0.0) {
            kit::cell(ui, [width, 24.0], CellSide::Left, |ui| {
                drop(kit::quiet_small(ui, head))
            });
        }
    });
    let height = (dialog.conflicts().len().clamp(1, 9) as f32) * ROW;
    ui.spacing_mut().item_spacing.y = 0.0;
    let list = ScrollArea::vertical()
        .id_salt("conflicts")
        .max_height(height)
        .auto_shrink([false, true]);
    list.show_rows(ui, ROW, dialog.conflicts().len(), |ui, range| {
        for row in range {
            let conflict = &dialog.conflicts()[row];
            let line = tokens(ui).line;
            let top = ui.cursor().min;
            ui.painter().hline(
                top.x..=top.x + ui.available_width(),
                top.y,
                egui::Stroke::new(1.0, line),
            );
            ui.push_id(row, |ui| {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 0.0;
                    let (local, remote) = if upload {
                        (&conflict.coming, &conflict.there)
                    } else {
                        (&conflict.there, &conflict.coming)
                    };
                    kit::cell(ui, [name, ROW], CellSide::Left, |ui| {
                        name_ui(ui, conflict, name)
                    });
                    kit::cell(ui, [here, ROW], CellSide::Left, |ui| {
                        side_ui(ui, state, local)
                    });
                    kit::cell(ui, [there, ROW], CellSide::Left, |ui| {
                        side_ui(ui, state, remote)
                    });
                    if compared > 0.0 {
                        kit::cell(ui, [compared, ROW], CellSide::Left, |ui| {
                            drop(kit::quiet(ui, compare(conflict)));
                        });
                    }
                    kit::cell(ui, [answer, ROW], CellSide::Left, |ui| {
                        answer_ui(ui, dialog, row, actions)
                    });
                });
            });
        }
    });
}

fn name_ui(ui: &mut Ui, conflict: &Conflict, width: f32) {
    kit::icon_ui(ui, icons::file_icon(&conflict.name), tokens(ui).quiet);
    let name = Key::new(conflict.name.as_str());
    let text = words::visible(name.name());
    let font = egui::TextStyle::Body.resolve(ui.style());
    let shown = kit::cut_middle(ui, &text, &font, width - 36.0);
    kit::label(ui, shown).on_hover_text(words::visible(&conflict.name));
}

fn side_ui(ui: &mut Ui, state: &State, side: &Side) {
    ui.allocate_ui_with_layout(
        egui::vec2(68.0, ROW),
        Layout::right_to_left(Align::Center),
        |ui| {
            ui.set_width(68.0);
            kit::label(ui, ByteSize(side.bytes).to_string());
        },
    );
    let modified = side
        .modified
        .map(|time: Timestamp| time.short_text(state.now, &state.zone))
        .unwrap_or_default();
    kit::quiet(ui, modified);
}

/// How the side that would be written compares to the one that stands there.
fn compare(conflict: &Conflict) -> &'static str {
    match (conflict.coming.modified, conflict.there.modified) {
        (Some(source), Some(target)) if source > target => "newer",
        (Some(source), Some(target)) if source < target => "older",
        _ if conflict.coming.bytes == conflict.there.bytes => "same size",
        _ => "other size",
    }
}

fn answer_ui(ui: &mut Ui, dialog: &ConflictDialog, row: usize, actions: &mut Actions) {
    let own = dialog.choices[row];
    let mut chosen = CHOICES
        .iter()
        .position(|(choice, _)| *choice == own)
        .unwrap_or_default();
    let choices = choices(dialog);
    let name = format!("What to do with {}", dialog.conflicts()[row].name);
    let shown = CHOICES[chosen].1;
    if kit::drop_down(
        ui,
        DropDown::new(&name, shown).width(116.0).small(),
        &mut chosen,
        &choices,
    )
    .changed()
    {
        let choice = CHOICES[chosen].0;
        actions.push(DialogEdit::Conflict(ConflictAnswer::One { row, choice }));
    }
}
