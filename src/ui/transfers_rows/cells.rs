//! What stands in the row of a transfer: its state, names, progress, speed, how it was checked, and its buttons.

use std::borrow::Cow;

use egui::Ui;

use crate::domain::ByteSize;
use crate::state::messages::{Direction, JobState};
use crate::state::transfers::{JobRow, fraction};
use crate::state::{State, TransferAction};

use super::super::actions::Actions;
use super::super::kit::{self, Button, Light};
use super::super::theme::tokens;
use super::super::transfers_panel::percent;
use super::super::{icons, words};

pub(super) const fn light(state: JobState) -> (Light, &'static str) {
    match state {
        JobState::Waiting => (Light::NotTested, "waiting"),
        JobState::Running => (Light::Busy, "on its way"),
        JobState::Paused => (Light::Paused, "paused"),
        JobState::Done => (Light::Good, "done"),
        JobState::Failed => (Light::Bad, "failed"),
        JobState::Cancelled => (Light::NotSet, "cancelled"),
    }
}

pub(super) fn name_of(row: &JobRow) -> String {
    words::visible(row.job.info.key.name())
}

pub(super) fn target_of(row: &JobRow, state: &State) -> String {
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

pub(super) fn text_ui(ui: &mut Ui, text: &str, width: f32, main: bool) {
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

pub(super) fn progress_ui(ui: &mut Ui, row: &JobRow) {
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

pub(super) fn size_of(row: &JobRow) -> String {
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

pub(super) fn left_of(row: &JobRow) -> String {
    if row.job.state != JobState::Running || row.bytes_per_sec == 0 {
        return String::new();
    }
    let left = row.job.info.bytes.saturating_sub(row.job.moved) / row.bytes_per_sec;
    words::duration(i64::try_from(left).unwrap_or(i64::MAX))
}

pub(super) fn check_ui(ui: &mut Ui, row: &JobRow, width: f32) {
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

pub(super) fn buttons_ui(ui: &mut Ui, row: &JobRow, actions: &mut Actions) {
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
