//! The check box: 16 square, on, off or mixed, with its words beside it.

use eframe::egui;
use egui::{Color32, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo};

use super::paint::{self, Touch};
use crate::ui::icons;
use crate::ui::theme::{SMALL_CORNER, TINY_ICON, tokens};

/// What a check box says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// Yes.
    On,
    /// No.
    Off,
    /// Some of several are on. A click switches all on.
    Mixed,
}

impl From<bool> for Checked {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

/// A check box for one value; the response is `changed` when the user switched it.
pub fn check_box(ui: &mut Ui, on: &mut bool, text: &str) -> Response {
    let mut response = check_box_ui(ui, Checked::from(*on), text);
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    response
}

/// A check box that stands for several values. The caller acts on `clicked`.
pub fn mixed_check_box(ui: &mut Ui, state: Checked, text: &str) -> Response {
    check_box_ui(ui, state, text)
}

/// A check box that cannot be switched now; the reason is in its tooltip.
pub fn refused_check_box(
    ui: &mut Ui,
    state: impl Into<Checked>,
    text: &str,
    reason: &str,
) -> Response {
    let state = state.into();
    let response = ui
        .add_enabled_ui(false, |ui| check_box_ui(ui, state, text))
        .inner;
    paint::describe(&response, reason);
    response.on_disabled_hover_text(reason)
}

fn check_box_ui(ui: &mut Ui, state: Checked, text: &str) -> Response {
    const EDGE: f32 = 16.0;
    let tokens = tokens(ui);
    let ink = if ui.is_enabled() {
        tokens.text
    } else {
        tokens.disabled
    };
    let words = paint::line_of_text(ui, text, &egui::TextStyle::Body, ink);
    let width = if text.is_empty() {
        EDGE
    } else {
        EDGE + 8.0 + words.size().x
    };
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, 20.0), Sense::click());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::CheckBox, response.enabled(), text);
        info.selected = match state {
            Checked::On => Some(true),
            Checked::Off => Some(false),
            Checked::Mixed => None,
        };
        info
    });
    if state == Checked::Mixed {
        response.ctx.accesskit_node_builder(response.id, |node| {
            node.set_toggled(egui::accesskit::Toggled::Mixed);
        });
    }
    if ui.is_rect_visible(rect.expand(3.0)) {
        let square = Rect::from_center_size(
            egui::pos2(rect.left() + EDGE / 2.0, rect.center().y),
            Vec2::splat(EDGE),
        );
        paint_square(ui, square, state, paint::touch(&response));
        if !text.is_empty() {
            paint::put_line(ui.painter(), square.right() + 8.0, rect.center().y, words);
        }
        paint::focus_ring(ui, &response, square, SMALL_CORNER);
    }
    response
}

fn paint_square(ui: &Ui, square: Rect, state: Checked, touch: Touch) {
    let tokens = tokens(ui);
    let painter = ui.painter();
    let (fill, edge, ink) = match (state, touch) {
        (Checked::Off, Touch::Disabled) => (Color32::TRANSPARENT, tokens.line, tokens.disabled),
        (Checked::Off, Touch::Pressed) => (tokens.pressed, tokens.quiet, tokens.text),
        (Checked::Off, touch) => (
            tokens.field,
            paint::field_edge(tokens, touch, false),
            tokens.text,
        ),
        (_, Touch::Disabled) => (tokens.line, tokens.line, tokens.disabled),
        (_, Touch::Pressed) => (
            tokens.copper_pressed,
            tokens.copper_pressed,
            tokens.on_copper,
        ),
        (_, Touch::Hover) => (tokens.copper_hover, tokens.copper_hover, tokens.on_copper),
        (_, Touch::Rest) => (tokens.copper, tokens.copper, tokens.on_copper),
    };
    paint::boxed(painter, square, SMALL_CORNER, fill, edge);
    match state {
        Checked::On => paint::icon_at(painter, square.center(), icons::CHECK, TINY_ICON, ink),
        Checked::Mixed => {
            painter.hline(
                square.center().x - 4.0..=square.center().x + 4.0,
                square.center().y,
                Stroke::new(2.0, ink),
            );
        }
        Checked::Off => {}
    }
}
