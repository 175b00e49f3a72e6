//! Small marks that are no controls of their own: icons of any size, dots of connections, steps of a path.

use egui::{Color32, Response, Role, Sense, Ui, WidgetInfo, vec2};

use super::paint;
use crate::ui::theme::{self, CONTROL, CORNER, tokens};

/// An icon of the given edge.
pub fn icon_sized_ui(ui: &mut Ui, icon: char, size: f32, colour: Color32) -> Response {
    let (rect, response) = ui.allocate_exact_size(egui::Vec2::splat(size), Sense::hover());
    paint::icon_at(ui.painter(), rect.center(), icon, size, colour);
    response
}

/// The dot of a connection, 8 wide.
pub fn dot_ui(ui: &mut Ui, colour: Color32) -> Response {
    let (rect, response) = ui.allocate_exact_size(egui::Vec2::splat(8.0), Sense::hover());
    ui.painter().circle_filled(rect.center(), 4.0, colour);
    response
}

/// A square button that shows the dot of a connection.
pub fn dot_button(ui: &mut Ui, colour: Color32, name: &str, on: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(egui::Vec2::splat(CONTROL), Sense::click());
    let tokens = tokens(ui);
    let fill = if on {
        tokens.selection
    } else if response.hovered() {
        tokens.row_hover
    } else {
        Color32::TRANSPARENT
    };
    ui.painter().rect_filled(rect, CORNER, fill);
    ui.painter().circle_filled(rect.center(), 4.0, colour);
    paint::focus_ring(ui, &response, rect, CORNER);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, name));
    response.on_hover_text(name)
}

/// A step of a path that leads somewhere: quiet text that lights up.
pub fn crumb_ui(ui: &mut Ui, text: &str) -> Response {
    let font = egui::TextStyle::Body.resolve(ui.style());
    let galley = ui
        .painter()
        .layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER);
    let (rect, response) =
        ui.allocate_exact_size(vec2(galley.size().x + 8.0, 24.0), Sense::click());
    let tokens = tokens(ui);
    let ink = if response.hovered() || response.has_focus() {
        tokens.text
    } else {
        tokens.quiet
    };
    if response.hovered() {
        ui.painter()
            .rect_filled(rect, theme::SMALL_CORNER, tokens.control_hover);
    }
    let at = egui::pos2(
        rect.left() + 4.0,
        (rect.center().y - galley.size().y / 2.0).round(),
    );
    ui.painter().galley(at, galley, ink);
    paint::focus_ring(ui, &response, rect, theme::SMALL_CORNER);
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, text));
    response
}
