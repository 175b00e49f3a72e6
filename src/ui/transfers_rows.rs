//! The rows of the transfers panel, one a job. `cells` draws what stands in a row, `cause` the line below a failed one.

mod cause;
mod cells;

use egui::{Align, Layout, Ui};

use crate::domain::ByteSize;
use crate::state::State;
use crate::state::messages::{Direction, JobState};
use crate::state::transfers::{JobRow, TransferFilter};

use super::actions::Actions;
use super::icons;
use super::kit::{
    self,
    CellSide::{Left, Right},
};
use super::theme::tokens;

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
    let before_check = if widths.check > 0.0 { 16.0 } else { 0.0 };
    let columns = [
        ("Name", widths.name, Left),
        ("To", widths.target, Left),
        ("Progress", widths.progress, Left),
        ("Size", widths.size, Right),
        ("Speed", widths.speed, Right),
        ("Left", widths.left, Right),
        ("", before_check, Left),
        ("Verification", widths.check, Left),
    ];
    kit::titles(ui, MARKS, &columns);
    // Rows with a cause are higher, so heights are added up; only rows in view are drawn.
    let heights: Vec<f32> = shown
        .iter()
        .map(|row| {
            if cause::cause(row).is_some() {
                64.0
            } else {
                28.0
            }
        })
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
            let (light, name) = cells::light(job.state);
            kit::light_icon(ui, light, name);
            ui.add_space(8.0);
            let upload = job.info.direction == Direction::Upload;
            kit::icon_ui(
                ui,
                if upload { icons::UP } else { icons::DOWN },
                tokens(ui).quiet,
            );
            ui.add_space(8.0);
            kit::cell(ui, [widths.name, ui.available_height()], Left, |ui| {
                cells::text_ui(ui, &cells::name_of(row), widths.name - 8.0, true)
            });
            kit::cell(ui, [widths.target, ui.available_height()], Left, |ui| {
                cells::text_ui(
                    ui,
                    &cells::target_of(row, state),
                    widths.target - 8.0,
                    false,
                )
            });
            kit::cell(ui, [widths.progress, ui.available_height()], Left, |ui| {
                cells::progress_ui(ui, row)
            });
            kit::cell(ui, [widths.size, ui.available_height()], Right, |ui| {
                drop(kit::quiet(ui, cells::size_of(row)))
            });
            let running = job.state == JobState::Running;
            let speed = if running {
                format!("{}/s", ByteSize(row.bytes_per_sec))
            } else {
                String::new()
            };
            kit::cell(ui, [widths.speed, ui.available_height()], Right, |ui| {
                drop(kit::label(ui, speed))
            });
            kit::cell(ui, [widths.left, ui.available_height()], Right, |ui| {
                drop(kit::quiet(ui, cells::left_of(row)))
            });
            if widths.check > 0.0 {
                ui.add_space(16.0);
            }
            kit::cell(ui, [widths.check, ui.available_height()], Left, |ui| {
                cells::check_ui(ui, row, widths.check)
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(12.0);
                cells::buttons_ui(ui, row, actions);
            });
        },
    );
    if let Some(words) = cause::cause(row) {
        cause::cause_ui(ui, row, &words, actions);
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
