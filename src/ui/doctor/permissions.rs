//! What these credentials may do: a row an action with its light in the column of its verdict, and the test that writes.

use egui::{
    Align2, Frame, Margin, Popup, PopupKind, RectAlign, Sense, TextStyle, Tooltip, Ui, pos2, vec2,
};

use crate::domain::diagnosis::{Denial, Permission, PermissionMatrix, PermissionRow, Verdict};
use crate::state::{Action, ProbeAction, State};
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Button, Light, Prose};
use crate::ui::theme::{ICON, tokens};
use crate::ui::words::visible;
use crate::words::diagnosis::{Told, permissions as words, write_test};

use super::column::column_ui;

/// Height of a row without the line below it.
const ROW: f32 = 27.0;
/// Width of a column of verdicts.
const VERDICT: f32 = 64.0;
/// What the first columns are called, in the order of [`place_of`].
const HEADS: [&str; 3] = ["allowed", "denied", "no support"];
/// The column of what is not known: not tried, or tried in vain.
const UNKNOWN: usize = HEADS.len();

pub(super) fn permissions_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let matrix = state.doctor.diagnosis.permissions.as_ref();
    let place = match matrix {
        Some(matrix) if !matrix.prefix.is_empty() => format!("{}*", visible(&matrix.prefix)),
        Some(matrix) if !matrix.bucket.is_empty() => "the whole bucket".to_owned(),
        _ => String::new(),
    };
    let testing = state.probe.testing.is_some();
    let mut asked: Vec<Action> = Vec::new();
    column_ui(
        ui,
        ("What these credentials may do", &place),
        |ui| {
            heads_ui(ui, matrix);
            caption_ui(ui, "Reads");
            for permission in Permission::READS {
                row_ui(ui, matrix, permission, false);
            }
            caption_ui(ui, "Writes");
            for permission in Permission::WRITES {
                row_ui(ui, matrix, permission, testing);
            }
        },
        Some(&mut |ui| asked.extend(foot_ui(ui, state, matrix))),
    );
    for action in asked {
        actions.push(action);
    }
}

/// Where the light of a verdict stands.
const fn place_of(verdict: Verdict) -> usize {
    match verdict {
        Verdict::Allowed => 0,
        Verdict::Denied(_) => 1,
        Verdict::Unsupported => 2,
        Verdict::SignatureRefused { .. } | Verdict::Failed(_) | Verdict::NotTested(_) => UNKNOWN,
    }
}

/// The middle of a column of verdicts in a row that ends at `right`.
fn middle(right: f32, column: usize) -> f32 {
    right - 8.0 - VERDICT * (UNKNOWN + 1 - column) as f32 + VERDICT / 2.0
}

fn heads_ui(ui: &mut Ui, matrix: Option<&PermissionMatrix>) {
    let is_vain = |row: &PermissionRow| matches!(row.verdict, Verdict::Failed(_));
    let in_vain = matrix.is_some_and(|matrix| matrix.rows.iter().any(is_vain));
    // What was tried is not called untested.
    let last = if in_vain { "not known" } else { "not tested" };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let font = egui::FontId::new(11.0, TextStyle::Small.resolve(ui.style()).family);
    for (column, head) in HEADS.iter().chain([&last]).enumerate() {
        let at = pos2(middle(rect.right(), column), rect.center().y);
        ui.painter().text(
            at,
            Align2::CENTER_CENTER,
            head,
            font.clone(),
            tokens(ui).quiet,
        );
    }
    kit::separator(ui);
}

fn caption_ui(ui: &mut Ui, text: &str) {
    Frame::NONE
        .inner_margin(Margin {
            left: 16,
            right: 16,
            top: 6,
            bottom: 5,
        })
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            kit::caption_in_ui(ui, text, tokens(ui).quiet);
        });
    kit::separator(ui);
}

fn row_ui(ui: &mut Ui, matrix: Option<&PermissionMatrix>, permission: Permission, busy: bool) {
    let row = matrix.and_then(|matrix| matrix.row(permission));
    // Tab leads through the rows: what a tooltip tells must not need a mouse.
    let sense = Sense::hover() | Sense::focusable_noninteractive();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), sense);
    let said = row.map(words::row);
    let label = said.as_ref().map_or_else(
        || words::name(permission).to_owned(),
        |said| said.title.clone(),
    );
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &label));
    let colours = tokens(ui);
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0.0, colours.row_hover);
    }
    ui.painter().text(
        pos2(rect.left() + 16.0, rect.center().y),
        Align2::LEFT_CENTER,
        words::name(permission),
        TextStyle::Body.resolve(ui.style()),
        colours.text,
    );
    let verdict = row.map(|row| row.verdict);
    let column = verdict.map_or(UNKNOWN, place_of);
    let waits = busy && column == UNKNOWN;
    let light = match verdict {
        _ if waits => Light::Busy,
        Some(Verdict::Allowed) => Light::Good,
        Some(Verdict::Denied(_)) => Light::Bad,
        Some(Verdict::Unsupported) => Light::Unsupported,
        Some(Verdict::Failed(_)) if permission.writes() => Light::Bad,
        Some(Verdict::SignatureRefused { .. } | Verdict::Failed(_)) => Light::Warn,
        Some(Verdict::NotTested(_)) | None => Light::NotTested,
    };
    let at = pos2(middle(rect.right(), column), rect.center().y);
    kit::light_at(ui, at, light, ICON);
    kit::separator(ui);
    if let (Some(row), Some(said)) = (row, said) {
        let sentences = [said.title.as_str(), &said.cause, &said.next];
        let sentences = sentences.into_iter().filter(|text| !text.is_empty());
        kit::describe(&response, &sentences.collect::<Vec<_>>().join(". "));
        if response.has_focus() {
            kit::focus_ring(ui, &response, rect.shrink(3.0), 0);
            let told = Popup::from_response(&response).kind(PopupKind::Tooltip);
            beside(told).show(|ui| tooltip_ui(ui, row, &said));
        } else {
            let mut tooltip = Tooltip::for_enabled(&response);
            tooltip.popup = beside(tooltip.popup);
            tooltip.show(|ui| tooltip_ui(ui, row, &said));
        }
    }
}

/// Beside the rows, so that those below stay in sight.
fn beside(popup: Popup<'_>) -> Popup<'_> {
    popup.align(RectAlign::LEFT_START).gap(8.0)
}

/// How it ended, why, what to do, and what the server said.
fn tooltip_ui(ui: &mut Ui, row: &PermissionRow, said: &Told) {
    Frame::NONE
        .inner_margin(4)
        .show(ui, |ui| told_ui(ui, row, said));
}

fn told_ui(ui: &mut Ui, row: &PermissionRow, said: &Told) {
    ui.set_max_width(360.0);
    ui.spacing_mut().item_spacing.y = 4.0;
    kit::strong(ui, said.title.as_str());
    kit::small(ui, said.cause.as_str());
    if !said.next.is_empty() {
        kit::small(ui, said.next.as_str());
    }
    let unexplained = row.verdict == Verdict::Denied(Denial::Unexplained);
    if let Some((status, code)) = &row.told {
        let code = if code.is_empty() { "no code" } else { code };
        let more = if unexplained { ", no reason" } else { "" };
        kit::mono_quiet(ui, format!("{status} {code}{more}"));
    }
}

/// Stops the test, or says that it is stopping.
pub(in crate::ui) fn stop_button(state: &State) -> Button<'static> {
    if state.probe.stopping {
        Button::secondary("Stopping…").refused(Some("what the test wrote is being removed"))
    } else {
        Button::secondary("Stop the test").icon(icons::STOP)
    }
}

/// What the test does, and the two things that can be asked for.
fn foot_ui(ui: &mut Ui, state: &State, matrix: Option<&PermissionMatrix>) -> Vec<Action> {
    let mut asked = Vec::new();
    ui.spacing_mut().item_spacing.y = 8.0;
    let left = matrix.map_or_else(String::new, write_test::left);
    if left.is_empty() {
        let prefix = matrix.map_or("", |matrix| matrix.prefix.as_str());
        let setup = state.doctor.diagnosis.setup.as_deref();
        Prose::new()
            .small()
            .quiet(write_test::before_writing(prefix, setup))
            .ui(ui);
    } else {
        kit::Note::warn(Prose::new().text(left)).show(ui);
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        if state.probe.testing.is_some() {
            if ui.add(stop_button(state)).clicked() {
                asked.push(ProbeAction::StopTesting.into());
            }
        } else {
            // Who was told what is still there is asked again.
            let (text, action) = if matrix.is_some_and(PermissionMatrix::waits_for_removal) {
                ("Test all the same", ProbeAction::LeaveAnother)
            } else {
                ("Test writing", ProbeAction::TestWriting)
            };
            let test = Button::secondary(text)
                .icon(icons::PENCIL)
                .refused(state.writing_refusal());
            if ui.add(test).clicked() {
                asked.push(action.into());
            }
        }
        let nowhere = matrix
            .is_none_or(|matrix| matrix.bucket.is_empty())
            .then_some("this connection names no bucket");
        let policy = Button::secondary("Write a policy for this")
            .icon(icons::SCROLL)
            .refused(nowhere);
        if ui.add(policy).clicked() {
            asked.push(ProbeAction::ShowPolicy.into());
        }
    });
    asked
}
