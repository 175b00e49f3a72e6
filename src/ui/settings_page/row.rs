//! One option: name and help at the left, its editor, what holds in the end, what is wrong, and the way back.

use egui::{Align, Layout, Rect, Sense, Ui, UiBuilder, vec2};

use crate::settings::{OptionSpec, Remedy};
use crate::state::SettingsAction;
use crate::state::settings::Spot;
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Note, Prose};
use crate::ui::theme::tokens;

use super::{Page, editor, effective};

const GAP: f32 = 24.0;
const RESET: f32 = 36.0;
const PADDING: f32 = 12.0;
/// Below this width of the list an editor stands under its label.
const BESIDE_FROM: f32 = 560.0;
/// Below this width a remedy stands under its note.
const NOTE_WITH_BUTTON: f32 = 340.0;

/// Width of the column of labels in a list of this width, without the gap after it.
fn label_width(list: f32) -> f32 {
    (list * 0.42).min(300.0).floor() - GAP
}

pub(super) fn row_ui(
    ui: &mut Ui,
    page: Page<'_>,
    spec: &'static OptionSpec,
    actions: &mut Actions,
) {
    let place = ui.available_rect_before_wrap();
    let top = place.top() + PADDING;
    let is_stacked = place.width() < BESIDE_FROM;
    let label = if is_stacked {
        place.width() - RESET
    } else {
        label_width(place.width())
    };
    let label_rect = Rect::from_min_size(egui::pos2(place.left(), top), vec2(label, 0.0));
    let labelled = column_ui(ui, label_rect, |ui| label_ui(ui, spec)).0;
    let at = if is_stacked {
        egui::pos2(place.left(), labelled.bottom() + 8.0)
    } else {
        egui::pos2(place.left() + label + GAP, top)
    };
    let editor_rect = Rect::from_min_max(at, egui::pos2(place.right() - RESET, at.y));
    let (edited, focus) = column_ui(ui, editor_rect, |ui| {
        let response = editor::editor_ui(ui, page, spec, actions);
        effective::effective_ui(ui, page, spec, actions);
        trouble_ui(ui, page, spec, actions);
        response
    });
    let set = page.draft.is_set(spec.id);
    if set {
        reset_ui(ui, egui::pos2(place.right() - 28.0, top), spec, actions);
    }
    let bottom = labelled.bottom().max(edited.bottom());
    if set {
        let marker = Rect::from_min_max(
            egui::pos2(place.left() - 16.0, top),
            egui::pos2(place.left() - 13.0, bottom),
        );
        ui.painter().rect_filled(marker, 1.0, tokens(ui).copper);
    }
    let whole = Rect::from_min_max(place.min, egui::pos2(place.right(), bottom + PADDING));
    ui.allocate_rect(whole, Sense::hover());
    kit::separator(ui);
    if page.draft.jump == Some(Spot::Option(spec.id)) {
        let still = egui::style::ScrollAnimation::none();
        ui.scroll_to_rect_animation(whole, Some(Align::Center), still);
        focus.request_focus();
    }
}

/// Draws a column that is as high as it needs.
fn column_ui<R>(ui: &mut Ui, rect: Rect, content: impl FnOnce(&mut Ui) -> R) -> (Rect, R) {
    let max = rect.with_max_y(f32::INFINITY);
    let layout = Layout::top_down(Align::Min);
    let mut child = ui.new_child(UiBuilder::new().max_rect(max).layout(layout));
    child.set_width(rect.width());
    child.spacing_mut().item_spacing = vec2(8.0, 4.0);
    let result = content(&mut child);
    (child.min_rect(), result)
}

fn label_ui(ui: &mut Ui, spec: &OptionSpec) {
    ui.spacing_mut().item_spacing.y = 2.0;
    kit::strong(ui, spec.label);
    kit::mono_quiet(ui, spec.name);
    Prose::new().small().quiet(spec.help).ui(ui);
}

fn reset_ui(ui: &mut Ui, at: egui::Pos2, spec: &OptionSpec, actions: &mut Actions) {
    let rect = Rect::from_min_size(at, vec2(28.0, 28.0));
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect));
    let name = format!("Reset {}", spec.label);
    let button = kit::Button::icon_only(icons::RESET, name).ink(tokens(ui).quiet);
    if child.add(button).clicked() {
        actions.push(SettingsAction::Reset(spec.id));
    }
}

/// Problems first, then what may surprise, each with what helps.
fn trouble_ui(ui: &mut Ui, page: Page<'_>, spec: &OptionSpec, actions: &mut Actions) {
    for problem in page.draft.problems_of(spec.id) {
        let text = sentence(&problem.reason.to_string());
        let remedies = page.draft.remedies(problem);
        note_ui(ui, Note::bad(Prose::new().text(text)), &remedies, actions);
    }
    for hint in page.draft.hints_of(spec.id) {
        let text = hint.kind.to_string();
        note_ui(
            ui,
            Note::warn(Prose::new().text(text)),
            &hint.remedies,
            actions,
        );
    }
}

fn note_ui(ui: &mut Ui, note: Note<'_>, remedies: &[Remedy], actions: &mut Actions) {
    ui.add_space(4.0);
    let beside = ui.available_width() >= NOTE_WITH_BUTTON && remedies.len() == 1;
    let inside = remedies.first().filter(|_| beside);
    let clicked = note
        .remedy(inside.map(|remedy| remedy.label.as_str()))
        .show(ui);
    if let (Some(remedy), true) = (inside, clicked.is_some_and(|response| response.clicked())) {
        actions.push(SettingsAction::Remedy(remedy.action.clone()));
    }
    if !beside && !remedies.is_empty() {
        ui.horizontal_wrapped(|ui| {
            for remedy in remedies {
                if kit::small_button(ui, None, &remedy.label).clicked() {
                    actions.push(SettingsAction::Remedy(remedy.action.clone()));
                }
            }
        });
    }
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    let whole: String = first.into_iter().flatten().chain(letters).collect();
    if whole.ends_with(['.', '!', '?']) {
        whole
    } else {
        whole + "."
    }
}
