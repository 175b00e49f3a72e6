//! Pieces of pages: a label with its value, lines that separate, cards and panes, what folds out.

use eframe::egui;
use egui::{
    Frame, Id, Layout, Margin, Rect, Response, Role, Sense, Stroke, TextStyle, Ui, UiBuilder, Vec2,
    WidgetInfo,
};

use super::paint;
use super::prose::cut_middle;
use crate::ui::icons;
use crate::ui::theme::{self, TINY_ICON, tokens};

/// Width of the column of labels in the inspector.
pub const VALUE_LABEL_WIDTH: f32 = 88.0;
/// Height of a value row.
pub const VALUE_ROW: f32 = 22.0;

/// How the value of a row is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueStyle {
    /// Small text.
    Plain,
    /// A key, an id, a header.
    Mono,
}

/// A row of the inspector: the label quiet in a column of 88, the value cut in the middle. The value can be clicked, to copy it.
pub fn value_row(ui: &mut Ui, label: &str, value: &str, style: ValueStyle) -> Response {
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(ui.available_width(), VALUE_ROW), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{label}: {value}")));
    let tokens = tokens(ui);
    let text_style = match style {
        ValueStyle::Plain => TextStyle::Small,
        ValueStyle::Mono => TextStyle::Monospace,
    };
    let small = TextStyle::Small.resolve(ui.style());
    let short = cut_middle(ui, label, &small, VALUE_LABEL_WIDTH - 8.0);
    let label_cut = short.len() != label.len();
    let name = paint::line_of_text(ui, &short, &TextStyle::Small, tokens.quiet);
    paint::put_line(ui.painter(), rect.left(), rect.center().y, name);
    let x = rect.left() + VALUE_LABEL_WIDTH;
    let shown = cut_middle(ui, value, &text_style.resolve(ui.style()), rect.right() - x);
    let text = paint::line_of_text(ui, &shown, &text_style, tokens.text);
    paint::put_line(ui.painter(), x, rect.center().y, text);
    paint::focus_ring(
        ui,
        &response,
        rect.shrink2(Vec2::new(0.0, 2.0)),
        theme::SMALL_CORNER,
    );
    match (label_cut, shown.len() != value.len()) {
        (false, false) => response,
        (false, true) => response.on_hover_text(value),
        (true, _) => response.on_hover_text(format!("{label}: {value}")),
    }
}

/// A row with its label in a column of `width` and controls of 28 after it.
pub fn form_row<R>(ui: &mut Ui, label: &str, width: f32, content: impl FnOnce(&mut Ui) -> R) -> R {
    ui.horizontal(|ui| {
        ui.set_min_height(theme::CONTROL);
        let (rect, response) =
            ui.allocate_exact_size(Vec2::new(width, theme::CONTROL), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, label));
        let quiet = tokens(ui).quiet;
        let name = paint::line_of_text_within(ui, label, &TextStyle::Body, quiet, width);
        paint::put_line(ui.painter(), rect.left(), rect.center().y, name);
        ui.add_space((12.0 - ui.spacing().item_spacing.x).max(0.0));
        content(ui)
    })
    .inner
}

/// A line of one point across the room that is left.
pub fn separator(ui: &mut Ui) -> Response {
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(ui.available_width(), 1.0), Sense::hover());
    ui.painter()
        .hline(rect.x_range(), rect.center().y, theme::line(tokens(ui)));
    response
}

/// An upright line of the given height between things in a bar.
pub fn divider(ui: &mut Ui, height: f32) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(1.0, height), Sense::hover());
    ui.painter()
        .vline(rect.center().x, rect.y_range(), theme::line(tokens(ui)));
    response
}

/// A raised card with an edge, such as a door of the welcome page.
pub fn card(ui: &Ui) -> Frame {
    let tokens = tokens(ui);
    Frame::NONE
        .fill(tokens.raised)
        .stroke(Stroke::new(1.0, tokens.line))
        .corner_radius(theme::corner())
        .inner_margin(20)
}

/// A pane of a page, on the ground of side panels.
pub fn pane(ui: &Ui) -> Frame {
    let tokens = tokens(ui);
    Frame::NONE
        .fill(tokens.panel)
        .stroke(Stroke::new(1.0, tokens.line))
        .corner_radius(theme::corner())
}

/// A box on the ground of fields, for URLs and other things to be read and copied.
pub fn text_box(ui: &Ui) -> Frame {
    let tokens = tokens(ui);
    let margin = Margin::symmetric(12, 8);
    Frame::NONE
        .fill(tokens.field)
        .stroke(Stroke::new(1.0, tokens.line))
        .corner_radius(theme::corner())
        .inner_margin(margin)
}

/// Puts `content` at the right end of the row that is being laid out; what is added first stands furthest right.
pub fn at_right<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    ui.with_layout(Layout::right_to_left(egui::Align::Center), content)
        .inner
}

/// Lays `content` out from left to right so that it ends where the room ends. Its width is known from the frame before, so that Tab goes
/// through it as it is read; a frame in which the width changed is drawn again at once.
pub fn row_at_right<R>(
    ui: &mut Ui,
    name: &str,
    height: f32,
    content: impl FnOnce(&mut Ui) -> R,
) -> R {
    placed_row(ui, name, height, 1.0, content)
}

/// The same in the middle of the room.
pub fn row_in_middle<R>(
    ui: &mut Ui,
    name: &str,
    height: f32,
    content: impl FnOnce(&mut Ui) -> R,
) -> R {
    placed_row(ui, name, height, 0.5, content)
}

/// How wide a row of [`row_at_right`] was drawn last; nothing when it never was.
#[must_use]
pub fn row_width(ui: &Ui, name: &str) -> f32 {
    let id = Id::unique(("placed row", name));
    ui.data(|data| data.get_temp::<f32>(id)).unwrap_or_default()
}

fn placed_row<R>(
    ui: &mut Ui,
    name: &str,
    height: f32,
    share: f32,
    content: impl FnOnce(&mut Ui) -> R,
) -> R {
    let known = row_width(ui, name);
    let room = ui.available_rect_before_wrap();
    let left = room.left() + ((room.width() - known).max(0.0) * share).round();
    let place = Rect::from_min_size(
        egui::pos2(left, room.top()),
        Vec2::new((room.right() - left).max(0.0), height),
    );
    let layout = Layout::left_to_right(egui::Align::Center);
    let drawn = ui.scope_builder(UiBuilder::new().max_rect(place).layout(layout), |ui| {
        let inner = content(ui);
        (inner, ui.min_rect().width())
    });
    let (inner, width) = drawn.inner;
    if (width - known).abs() > 0.5 {
        let id = Id::unique(("placed row", name));
        ui.data_mut(|data| data.insert_temp(id, width));
        ui.ctx().request_discard("a row has another width");
        ui.ctx().request_repaint();
    }
    inner
}

/// A caret and a word that folds something out below; tells whether it is open. `salt` keeps several apart.
pub fn fold_button(
    ui: &mut Ui,
    salt: impl egui::AsIdSalt,
    text: &str,
    open_at_first: bool,
) -> bool {
    let id = ui.scope_id().with(salt);
    let mut open = ui.data(|data| data.get_temp(id)).unwrap_or(open_at_first);
    let tokens = tokens(ui);
    let galley = paint::line_of_text(ui, text, &TextStyle::Small, tokens.quiet);
    let size = Vec2::new(TINY_ICON + 6.0 + galley.size().x, 20.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, response.enabled(), text));
    response
        .ctx
        .accesskit_node_builder(response.id, |node| node.set_expanded(open));
    let ink = if response.hovered() {
        tokens.text
    } else {
        tokens.quiet
    };
    let caret = if open {
        icons::CARET_DOWN
    } else {
        icons::CARET_RIGHT
    };
    paint::icon_at(
        ui.painter(),
        egui::pos2(rect.left() + TINY_ICON / 2.0, rect.center().y),
        caret,
        TINY_ICON,
        ink,
    );
    paint::put_line(
        ui.painter(),
        rect.left() + TINY_ICON + 6.0,
        rect.center().y,
        galley,
    );
    paint::focus_ring(ui, &response, rect, theme::SMALL_CORNER);
    if response.clicked() {
        open = !open;
        ui.data_mut(|data| data.insert_temp(id, open));
    }
    open
}
