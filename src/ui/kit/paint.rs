//! What all controls share when they paint: icons, lines of text, the focus ring, and what assistive technology is told.

use std::sync::Arc;

use eframe::egui;
use egui::{
    Align2, Color32, CornerRadius, FontFamily, FontId, Galley, Painter, Pos2, Rect, Response,
    Sense, Stroke, StrokeKind, TextStyle, Ui,
};

use crate::ui::icons;
use crate::ui::theme::{ICON, Tokens};

/// Draws an icon of the given edge with its centre at `centre`.
pub fn icon_at(painter: &Painter, centre: Pos2, icon: char, size: f32, colour: Color32) {
    painter.text(centre, Align2::CENTER_CENTER, icon, icon_font(size), colour);
}

/// An icon of 16 as a piece of a layout. It has no name of its own: a word stands beside it.
pub fn icon_ui(ui: &mut Ui, icon: char, colour: Color32) -> Response {
    let (rect, response) = ui.allocate_exact_size(egui::Vec2::splat(ICON), Sense::hover());
    icon_at(ui.painter(), rect.center(), icon, ICON, colour);
    response
}

pub(super) fn icon_font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(icons::FAMILY.into()))
}

/// One line of text, never wrapped, in one of the text styles of the theme.
pub(super) fn line_of_text(ui: &Ui, text: &str, style: &TextStyle, colour: Color32) -> Arc<Galley> {
    let font = style.resolve(ui.style());
    ui.painter().layout_no_wrap(text.to_owned(), font, colour)
}

/// One line of text that ends with an ellipsis where `width` ends.
pub(super) fn line_of_text_within(
    ui: &Ui,
    text: &str,
    style: &TextStyle,
    colour: Color32,
    width: f32,
) -> Arc<Galley> {
    let mut job = egui::text::LayoutJob::simple_singleline(
        text.to_owned(),
        style.resolve(ui.style()),
        colour,
    );
    job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(0.0));
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}

/// Puts a line of text with its left end at `x` and its middle at `y`; returns where it ends.
pub(super) fn put_line(painter: &Painter, x: f32, y: f32, galley: Arc<Galley>) -> f32 {
    put_line_in(painter, x, y, galley, Color32::PLACEHOLDER)
}

/// The same for a line that was laid out before its colour was known.
pub(super) fn put_line_in(
    painter: &Painter,
    x: f32,
    y: f32,
    galley: Arc<Galley>,
    ink: Color32,
) -> f32 {
    let size = galley.size();
    // Down to a whole pixel: egui rounds the line and its baseline one after the other, which would set some sizes a pixel low.
    let pixels = painter.pixels_per_point();
    let top = ((y - size.y / 2.0) * pixels).floor() / pixels;
    painter.galley(Pos2::new(x, top), galley, ink);
    x + size.x
}

/// Puts a line of text into the middle of `rect`.
pub(super) fn put_in_middle(painter: &Painter, rect: Rect, galley: Arc<Galley>) {
    let left = rect.center().x - galley.size().x / 2.0;
    put_line(painter, left, rect.center().y, galley);
}

/// Draws a control at an exact place without moving on in the layout around it.
pub(super) fn put_at(ui: &mut Ui, rect: Rect, control: impl egui::Widget) -> Response {
    ui.new_child(egui::UiBuilder::new().max_rect(rect))
        .add(control)
}

/// The ring around what has the keyboard: 2 points of copper, 1 point away.
pub fn focus_ring(ui: &Ui, response: &Response, rect: Rect, corner: u8) {
    if response.has_focus() {
        let tokens = crate::ui::theme::tokens(ui);
        let stroke = Stroke::new(2.0, tokens.copper);
        ui.painter().rect_stroke(
            rect.expand(1.0),
            CornerRadius::same(corner + 1),
            stroke,
            StrokeKind::Outside,
        );
    }
}

/// Fill and edge of a box at rest, so that an edge of one point is sharp.
pub(super) fn boxed(painter: &Painter, rect: Rect, corner: u8, fill: Color32, edge: Color32) {
    painter.rect(
        rect,
        CornerRadius::same(corner),
        fill,
        Stroke::new(1.0, edge),
        StrokeKind::Inside,
    );
}

/// Tells assistive technology more than the name: a reason, a state.
pub fn describe(response: &Response, description: &str) {
    response
        .ctx
        .accesskit_node_builder(response.id, |node| node.set_description(description));
}

/// Tells assistive technology that a tab or an item is the chosen one. egui itself would call it pressed.
pub(super) fn tell_chosen(response: &Response, chosen: bool) {
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.clear_toggled();
        node.set_selected(chosen);
    });
}

/// How a control is right now. Disabled wins, then pressed, then hover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Touch {
    Disabled,
    Pressed,
    Hover,
    Rest,
}

pub(super) fn touch(response: &Response) -> Touch {
    if !response.enabled() {
        Touch::Disabled
    } else if response.is_pointer_button_down_on() {
        Touch::Pressed
    } else if response.hovered() {
        Touch::Hover
    } else {
        Touch::Rest
    }
}

/// Edge of a field or a check box: quiet text under the pointer, a weak line when disabled.
pub(super) fn field_edge(tokens: &Tokens, touch: Touch, problem: bool) -> Color32 {
    match touch {
        Touch::Disabled => tokens.line,
        _ if problem => tokens.bad,
        Touch::Hover | Touch::Pressed => tokens.quiet,
        Touch::Rest => tokens.edge,
    }
}
