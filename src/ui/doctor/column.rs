//! A column of the Doctor's page: a head with a word at its right, rows that scroll, a foot that stays.

use egui::{Align, Id, Layout, Margin, Rect, ScrollArea, Ui};

use crate::domain::diagnosis::{Examination, Remedy};
use crate::state::{DoctorAction, DoctorTab, State};
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Button, Prose};
use crate::words::diagnosis as words;

/// Height of the head.
const HEAD: f32 = 40.0;
/// Height of a foot with one row of buttons.
const FOOT: f32 = 53.0;
/// Rows that have less room than this take the foot among them.
const LEAST_ROWS: f32 = 96.0;

/// Draws a column over all of the room. The rows are drawn without a margin at the sides; the foot has one.
pub(super) fn column_ui(
    ui: &mut Ui,
    (title, beside): (&str, &str),
    rows: impl FnOnce(&mut Ui),
    foot: Option<&mut dyn FnMut(&mut Ui)>,
) {
    let height = ui.available_height();
    kit::pane(ui).show(ui, |ui| {
        ui.set_height(height - 2.0);
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        egui::Frame::NONE
            .inner_margin(Margin::symmetric(16, 0))
            .show(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.set_height(HEAD);
                    kit::strong(ui, title);
                    kit::at_right(ui, |ui| {
                        Prose::new().small().quiet(beside).line_ui(ui);
                    });
                });
            });
        kit::separator(ui);
        let room = ui.available_rect_before_wrap();
        let foot_height = foot.as_ref().map_or(0.0, |_| known_foot(ui, title));
        // Where little room is left the foot goes with the rows.
        let (below, within) = if room.height() - foot_height >= LEAST_ROWS {
            (foot, None)
        } else {
            (None, foot)
        };
        let foot_top = room.bottom() - below.as_ref().map_or(0.0, |_| foot_height);
        let body = egui::UiBuilder::new().max_rect(room.with_max_y(foot_top));
        ui.scope_builder(body, |ui| {
            ScrollArea::vertical()
                .id_salt(title)
                .auto_shrink(false)
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    rows(ui);
                    if let Some(foot) = within {
                        foot_ui(ui, foot);
                    }
                });
        });
        if let Some(foot) = below {
            let place = egui::UiBuilder::new().max_rect(room.with_min_y(foot_top));
            let drawn = ui.scope_builder(place, |ui| {
                kit::separator(ui);
                foot_ui(ui, foot);
                ui.min_rect().height()
            });
            remember_foot(ui, title, drawn.inner);
        }
    });
}

/// Brings a red row of a column into view when the examination has come to its end: the first one that asks, and once.
/// Afterwards the column stays where a person scrolls it.
pub(super) fn show_failure(ui: &Ui, state: &State, column: DoctorTab, row: Rect) {
    let Some(Examination { at, took_ms }) = state.doctor.finished else {
        return;
    };
    // Where the window became narrower the column is another one.
    let id = Id::unique(("failure shown", column, super::is_narrow(ui)));
    let this = (at, took_ms);
    if ui.data(|data| data.get_temp(id)) != Some(this) {
        ui.data_mut(|data| data.insert_temp(id, this));
        ui.scroll_to_rect(row, None);
    }
}

fn foot_ui(ui: &mut Ui, foot: &mut dyn FnMut(&mut Ui)) {
    egui::Frame::NONE
        .inner_margin(Margin::symmetric(16, 12))
        .show(ui, |ui| foot(ui));
}

/// How high the foot of a column was drawn last.
fn known_foot(ui: &Ui, title: &str) -> f32 {
    let known = ui.data(|data| data.get_temp::<f32>(foot_id(title)));
    known.unwrap_or(FOOT)
}

/// A foot of another height than before is drawn again at once.
fn remember_foot(ui: &Ui, title: &str, height: f32) {
    if (known_foot(ui, title) - height).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(foot_id(title), height));
        ui.ctx().request_discard("a foot has another height");
        ui.ctx().request_repaint();
    }
}

fn foot_id(title: &str) -> Id {
    Id::unique(("foot of a column", title))
}

/// The first line of a row: what it is about, and at the right how it stands.
pub(super) fn row_head_ui(ui: &mut Ui, name: &Prose<'_>, beside: &Prose<'_>) {
    ui.scope(|ui| {
        // The light beside it is as high.
        ui.spacing_mut().interact_size.y = 20.0;
        ui.horizontal(|ui| {
            ui.set_height(20.0);
            kit::at_right(ui, |ui| {
                beside.line_ui(ui);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    name.line_ui(ui);
                });
            });
        });
    });
}

/// True when a button that does this stands on the page anyway: in the bar along the top, or below the places of
/// credentials.
pub(super) fn is_at_hand(remedy: &Remedy, column: DoctorTab) -> bool {
    match remedy {
        Remedy::RunAgain => true,
        Remedy::PasteKeys | Remedy::AssumeRole => column == DoctorTab::Credentials,
        _ => false,
    }
}

/// The small button of a remedy, and beside a role that may be changed the one that takes none.
pub(super) fn remedy_ui(ui: &mut Ui, remedy: &Remedy, actions: &mut Actions) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        button_ui(ui, remedy, actions);
        if *remedy == Remedy::ChangeRole {
            button_ui(ui, &Remedy::DropRole, actions);
        }
    });
}

fn button_ui(ui: &mut Ui, remedy: &Remedy, actions: &mut Actions) {
    let mut button = Button::secondary(words::remedy(remedy)).small();
    let icon = match remedy {
        Remedy::SignIn { .. } => Some(icons::SIGN_IN),
        Remedy::PasteKeys => Some(icons::CLIPBOARD),
        Remedy::AssumeRole | Remedy::ChangeRole => Some(icons::ID_BADGE),
        Remedy::DropRole => Some(icons::X),
        Remedy::EnterCode => Some(icons::SHIELD),
        Remedy::RunAgain => Some(icons::REFRESH),
        Remedy::ShowFile(_) => Some(icons::FOLDER_OPEN),
        Remedy::OpenOption(_) => Some(icons::SETTINGS),
        Remedy::UseRegion(_)
        | Remedy::UseBucket(_)
        | Remedy::SetOption { .. }
        | Remedy::UsePathStyle
        | Remedy::UseVirtualHost => None,
    };
    if let Some(icon) = icon {
        button = button.icon(icon);
    }
    if ui.add(button).clicked() {
        actions.push(DoctorAction::Remedy(remedy.clone()));
    }
}

/// How the words of a sentence are set; names between backticks are monospace in each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    Text,
    Quiet,
    Strong,
}

/// A sentence in which what stands between backticks is set in the monospace font.
pub(super) fn with_code(text: &str, voice: Voice) -> Prose<'static> {
    let parts = text.split('`').enumerate();
    parts
        .filter(|(_, part)| !part.is_empty())
        .fold(Prose::new(), |prose, (number, part)| {
            let part = part.to_owned();
            match (number % 2 == 1, voice) {
                (true, Voice::Quiet) => prose.mono_quiet(part),
                (true, _) => prose.mono(part),
                (false, Voice::Text) => prose.text(part),
                (false, Voice::Quiet) => prose.quiet(part),
                (false, Voice::Strong) => prose.strong(part),
            }
        })
}
