//! Toasts: a raised box above the bars that confirms something for a moment, with Undo where there is one. They never report failures.

use eframe::egui;
use egui::{Align2, Area, Frame, Id, Margin, Order, Response, Sense, Stroke, TextStyle, Ui, Vec2};

use super::button::Button;
use super::light::{Light, light_at};
use super::paint;
use crate::ui::theme::{self, ICON, tokens};

/// Shows a toast in the middle above the lower bars, `above` points from the bottom. The answer is the response of the undo button.
///
/// When it goes is the caller's business: draw it as long as it shall stand.
pub fn show_toast(
    ctx: &egui::Context,
    text: &str,
    undo: Option<&str>,
    above: f32,
) -> Option<Response> {
    Area::new(Id::unique("toast"))
        .order(Order::Tooltip)
        .anchor(Align2::CENTER_BOTTOM, Vec2::new(0.0, -above))
        .interactable(undo.is_some())
        .show(ctx, |ui| toast_ui(ui, text, undo))
        .inner
}

/// The box of a toast as a piece of a layout.
pub fn toast_ui(ui: &mut Ui, text: &str, undo: Option<&str>) -> Option<Response> {
    let tokens = tokens(ui);
    Frame::NONE
        .fill(tokens.raised)
        .stroke(Stroke::new(1.0, tokens.edge))
        .corner_radius(theme::corner())
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(Margin::symmetric(12, 7))
        .show(ui, |ui| {
            ui.spacing_mut().interact_size.y = 20.0;
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                let words = paint::line_of_text(ui, text, &TextStyle::Body, tokens.text);
                let (rect, response) = ui.allocate_exact_size(
                    Vec2::new(ICON + 8.0 + words.size().x, 20.0),
                    Sense::hover(),
                );
                response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Status, true, text));
                light_at(
                    ui,
                    egui::pos2(rect.left() + ICON / 2.0, rect.center().y),
                    Light::Good,
                    ICON,
                );
                paint::put_line(
                    ui.painter(),
                    rect.left() + ICON + 8.0,
                    rect.center().y,
                    words,
                );
                undo.map(|undo| ui.add(Button::link(undo)))
            })
            .inner
        })
        .inner
}
