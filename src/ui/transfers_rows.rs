//! The rows of the transfers panel: each job with its progress, how it was checked, and why it failed.

use std::borrow::Cow;

use egui::{Align, Layout, Ui};

use crate::domain::ByteSize;
use crate::state::messages::{Direction, JobState};
use crate::state::transfers::{JobRow, TransferFilter, can_retry, fraction};
use crate::state::{Action, State, TransferAction};

use super::actions::Actions;
use super::kit::{self, Button, Light};
use super::theme::tokens;
use super::transfers_panel::percent;
use super::{icons, words};

/// Widths of the columns; those that do not fit are left out.
struct Widths {
    name: f32,
    target: f32,
    progress: f32,
    size: f32,
    speed: f32,
    left: f32,
    check: f32,
}

const ACTIONS: f32 = 92.0;
const MARKS: f32 = 60.0;

impl Widths {
    fn of(width: f32) -> Self {
        let room = width - MARKS - ACTIONS - 16.0;
        let (progress, size) = (144.0, 128.0);
        if room < 760.0 {
            let name = (room - progress - size).max(140.0);
            return Self {
                name,
                target: 0.0,
                progress,
                size,
                speed: 0.0,
                left: 0.0,
                check: 0.0,
            };
        }
        let (target, speed, left) = (168.0, 88.0, 88.0);
        let rest = room - target - progress - size - speed - left;
        let name = (rest * 0.6).clamp(200.0, 320.0).min(rest);
        Self {
            name,
            target,
            progress,
            size,
            speed,
            left,
            check: (rest - name - 16.0).max(0.0),
        }
    }
}

pub(super) fn rows_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let mut shown: Vec<&JobRow> = state.transfers.shown().collect();
    // What moves or needs somebody stands above what is done; otherwise as they were added.
    shown.sort_by_key(|row| rank(row.job.state));
    if shown.is_empty() {
        let words = match (state.transfers.jobs.is_empty(), state.transfers.filter) {
            (true, _) => {
                "Nothing was transferred yet. Drop files into the table, or download a selection."
            }
            (_, TransferFilter::Failed) => "Nothing failed.",
            _ => "None in this state.",
        };
        ui.add_space(16.0);
        ui.vertical_centered(|ui| kit::quiet(ui, words));
        return;
    }
    let widths = Widths::of(ui.available_width());
    titles_ui(ui, &widths);
    kit::separator(ui);
    // Rows with a cause are higher, so heights are added up; only rows in view are drawn.
    let heights: Vec<f32> = shown
        .iter()
        .map(|row| if cause(row).is_some() { 64.0 } else { 28.0 })
        .collect();
    let total: f32 = heights.iter().sum();
    egui::ScrollArea::vertical()
        .id_salt("transfers")
        .auto_shrink(false)
        .show_viewport(ui, |ui, view| {
            ui.set_height(total);
            let (left, start) = (ui.min_rect().left(), ui.min_rect().top());
            let mut top = 0.0;
            for (row, height) in shown.iter().zip(&heights) {
                if top + height >= view.top() && top <= view.bottom() {
                    let rect = egui::Rect::from_min_size(
                        egui::pos2(left, start + top),
                        egui::vec2(ui.available_width(), *height),
                    );
                    let mut own = ui.new_child(
                        egui::UiBuilder::new()
                            .max_rect(rect)
                            .id_salt(row.job.info.id.0),
                    );
                    row_ui(&mut own, state, row, &widths, actions);
                }
                top += height;
            }
        });
}

fn titles_ui(ui: &mut Ui, widths: &Widths) {
    ui.allocate_ui_with_layout(
        egui::vec2(ui.available_width(), 24.0),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.add_space(MARKS);
            for (title, width, right) in [
                ("Name", widths.name, false),
                ("To", widths.target, false),
                ("Progress", widths.progress, false),
                ("Size", widths.size, true),
                ("Speed", widths.speed, true),
                ("Left", widths.left, true),
                ("Verification", widths.check, false),
            ] {
                if title == "Verification" {
                    ui.add_space(16.0);
                }
                cell_ui(ui, width, right, |ui| drop(kit::quiet_small(ui, title)));
            }
        },
    );
}

fn cell_ui(ui: &mut Ui, width: f32, right: bool, content: impl FnOnce(&mut Ui)) {
    if width <= 0.0 {
        return;
    }
    let layout = if right {
        Layout::right_to_left(Align::Center)
    } else {
        Layout::left_to_right(Align::Center)
    };
    let (rect, _) = ui.allocate_exact_size(
        egui::vec2(width, ui.available_height()),
        egui::Sense::hover(),
    );
    let mut cell = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(layout));
    cell.spacing_mut().item_spacing.x = 8.0;
    content(&mut cell);
}

fn row_ui(ui: &mut Ui, state: &State, row: &JobRow, widths: &Widths, actions: &mut Actions) {
    let job = &row.job;
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.allocate_ui_with_layout(
        egui::vec2(ui.available_width(), 28.0),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.set_height(28.0);
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.add_space(12.0);
            let (light, name) = light(job.state);
            kit::light_icon(ui, light, name);
            ui.add_space(8.0);
            let upload = job.info.direction == Direction::Upload;
            kit::icon_ui(
                ui,
                if upload { icons::UP } else { icons::DOWN },
                tokens(ui).quiet,
            );
            ui.add_space(8.0);
            cell_ui(ui, widths.name, false, |ui| {
                text_ui(ui, &name_of(row), widths.name - 8.0, true)
            });
            cell_ui(ui, widths.target, false, |ui| {
                text_ui(ui, &target_of(row, state), widths.target - 8.0, false)
            });
            cell_ui(ui, widths.progress, false, |ui| progress_ui(ui, row));
            cell_ui(ui, widths.size, true, |ui| {
                drop(kit::quiet(ui, size_of(row)))
            });
            let running = job.state == JobState::Running;
            let speed = if running {
                format!("{}/s", ByteSize(row.bytes_per_sec))
            } else {
                String::new()
            };
            cell_ui(ui, widths.speed, true, |ui| drop(kit::label(ui, speed)));
            cell_ui(ui, widths.left, true, |ui| {
                drop(kit::quiet(ui, left_of(row)))
            });
            if widths.check > 0.0 {
                ui.add_space(16.0);
            }
            cell_ui(ui, widths.check, false, |ui| {
                check_ui(ui, row, widths.check)
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(12.0);
                buttons_ui(ui, row, actions);
            });
        },
    );
    if let Some(words) = cause(row) {
        cause_ui(ui, state, row, &words, actions);
    }
}

const fn light(state: JobState) -> (Light, &'static str) {
    match state {
        JobState::Waiting => (Light::NotTested, "waiting"),
        JobState::Running => (Light::Busy, "on its way"),
        JobState::Paused => (Light::Paused, "paused"),
        JobState::Done => (Light::Good, "done"),
        JobState::Failed => (Light::Bad, "failed"),
        JobState::Cancelled => (Light::NotSet, "cancelled"),
    }
}

const fn rank(state: JobState) -> u8 {
    match state {
        JobState::Running => 0,
        JobState::Failed => 1,
        JobState::Paused => 2,
        JobState::Waiting => 3,
        JobState::Done => 4,
        JobState::Cancelled => 5,
    }
}

fn name_of(row: &JobRow) -> String {
    words::visible(row.job.info.key.name())
}

fn target_of(row: &JobRow, state: &State) -> String {
    match row.job.info.direction {
        Direction::Upload => match row.job.info.key.folder() {
            top if top.is_root() => words::visible(&format!("{}/", row.job.info.bucket)),
            folder => words::visible(folder.as_str()),
        },
        Direction::Download => row
            .job
            .info
            .path
            .parent()
            .map(|folder| words::home_short(folder, state))
            .unwrap_or_default(),
    }
}

fn text_ui(ui: &mut Ui, text: &str, width: f32, main: bool) {
    let font = egui::TextStyle::Body.resolve(ui.style());
    let shown = kit::cut_middle(ui, text, &font, width);
    let cut = matches!(shown, Cow::Owned(_));
    let response = if main {
        kit::label(ui, shown)
    } else {
        kit::quiet(ui, shown)
    };
    if cut {
        response.on_hover_text(text);
    }
}

fn progress_ui(ui: &mut Ui, row: &JobRow) {
    let part = fraction(row.job.moved, row.job.info.bytes);
    match row.job.state {
        JobState::Running => {
            kit::progress(ui, &format!("Progress of {}", name_of(row)), part, 80.0);
            kit::label(ui, percent(part));
        }
        JobState::Paused => {
            kit::paused_progress(ui, &format!("Progress of {}", name_of(row)), part, 80.0);
            kit::quiet(ui, percent(part));
        }
        JobState::Waiting if row.job.tries > 0 => drop(kit::quiet(ui, "waiting to try again")),
        JobState::Waiting => drop(kit::quiet(ui, "waiting")),
        JobState::Done => drop(kit::quiet(ui, "done")),
        JobState::Cancelled => drop(kit::quiet(ui, "cancelled")),
        JobState::Failed => {
            let bad = tokens(ui).bad;
            kit::Prose::new().coloured("failed", bad).line_ui(ui);
        }
    }
}

fn size_of(row: &JobRow) -> String {
    let (moved, whole) = (row.job.moved, row.job.info.bytes);
    if row.job.state.is_final() || moved == 0 {
        return ByteSize(whole).to_string();
    }
    let (part, all) = (ByteSize(moved).to_string(), ByteSize(whole).to_string());
    // The unit is said once when both have the same.
    match (part.split_once(' '), all.split_once(' ')) {
        (Some((number, unit)), Some((_, same))) if unit == same => format!("{number} of {all}"),
        _ => format!("{part} of {all}"),
    }
}

fn left_of(row: &JobRow) -> String {
    if row.job.state != JobState::Running || row.bytes_per_sec == 0 {
        return String::new();
    }
    let left = row.job.info.bytes.saturating_sub(row.job.moved) / row.bytes_per_sec;
    words::duration(i64::try_from(left).unwrap_or(i64::MAX))
}

fn check_ui(ui: &mut Ui, row: &JobRow, width: f32) {
    let tokens = tokens(ui);
    let (text, colour) = match (&row.job.verification, row.job.state) {
        (Some(verification), _) => {
            let (text, sure) = words::verification(verification);
            (text, if sure { tokens.good } else { tokens.warn })
        }
        (None, JobState::Paused) => ("paused by you".to_owned(), tokens.quiet),
        (None, JobState::Running) if row.job.tries > 1 => {
            (format!("try {}", row.job.tries), tokens.quiet)
        }
        _ => return,
    };
    let font = egui::TextStyle::Small.resolve(ui.style());
    let shown = kit::cut_middle(ui, &text, &font, width).into_owned();
    kit::Prose::new()
        .small()
        .coloured(shown, colour)
        .line_ui(ui);
}

fn buttons_ui(ui: &mut Ui, row: &JobRow, actions: &mut Actions) {
    let id = row.job.info.id;
    let name = name_of(row);
    let mut button = |ui: &mut Ui, icon: char, does: &str, action: TransferAction| {
        if ui
            .add(Button::icon_only(icon, format!("{does} {name}")).small())
            .clicked()
        {
            actions.push(action);
        }
    };
    ui.spacing_mut().item_spacing.x = 0.0;
    match row.job.state {
        JobState::Waiting | JobState::Running => {
            button(ui, icons::X, "Cancel", TransferAction::Cancel(id));
            button(ui, icons::PAUSE, "Pause", TransferAction::Pause(id));
        }
        JobState::Paused => {
            button(ui, icons::X, "Cancel", TransferAction::Cancel(id));
            button(ui, icons::PLAY, "Go on with", TransferAction::Resume(id));
        }
        JobState::Done => button(ui, icons::FOLDER_OPEN, "Show", TransferAction::Reveal(id)),
        JobState::Failed | JobState::Cancelled => {
            button(ui, icons::REFRESH, "Try again", TransferAction::Retry(id))
        }
    }
}

/// Why a job failed, in words.
fn cause(row: &JobRow) -> Option<crate::words::Explanation> {
    if row.job.state != JobState::Failed {
        return None;
    }
    row.job.error.as_deref().map(crate::words::explain)
}

fn cause_ui(
    ui: &mut Ui,
    _state: &State,
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
