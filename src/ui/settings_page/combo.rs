//! A text field that also offers values to choose from: type anything, or open the list at its right end.

use egui::{CornerRadius, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use crate::ui::icons;
use crate::ui::kit::{self, Choice, MenuItem, TextField};
use crate::ui::theme::{CONTROL, CORNER, TINY_ICON, tokens};

/// The field; drawn by [`Combo::show`].
pub(super) struct Combo<'a> {
    name: &'a str,
    text: &'a str,
    hint: &'a str,
    detail: &'a str,
    problem: bool,
    plain: bool,
    refused: Option<String>,
}

impl<'a> Combo<'a> {
    /// A field called `name` that holds `text`.
    pub(super) fn new(name: &'a str, text: &'a str) -> Self {
        Self {
            name,
            text,
            hint: "",
            detail: "",
            problem: false,
            plain: false,
            refused: None,
        }
    }

    /// What stands in the field while it is empty.
    pub(super) fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// More about the text, quiet, before the caret.
    pub(super) fn detail(mut self, detail: &'a str) -> Self {
        self.detail = detail;
        self
    }

    /// The value is wrong; a note below says why.
    pub(super) fn problem(mut self, problem: bool) -> Self {
        self.problem = problem;
        self
    }

    /// No frame: the cell of a table.
    pub(super) fn plain(mut self) -> Self {
        self.plain = true;
        self
    }

    /// Disables the field when there is a reason; the reason is in the tooltip.
    pub(super) fn refused(mut self, reason: Option<String>) -> Self {
        self.refused = reason;
        self
    }

    /// Draws the field; the answer holds the new text when it was changed.
    pub(super) fn show(self, ui: &mut Ui, choices: &[Choice]) -> (Response, Option<String>) {
        match &self.refused {
            None => self.draw_ui(ui, choices),
            Some(reason) => {
                let drawn = ui.add_enabled_ui(false, |ui| self.draw_ui(ui, choices));
                let (response, _) = drawn.inner;
                (response.on_disabled_hover_text(reason), None)
            }
        }
    }

    fn draw_ui(&self, ui: &mut Ui, choices: &[Choice]) -> (Response, Option<String>) {
        let size = vec2(ui.available_width(), CONTROL);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        let ground = ui.painter().add(egui::Shape::Noop);
        let caret = self.caret_ui(ui, rect);
        let padding = if self.plain { 0.0 } else { 8.0 };
        let mut inner = Rect::from_min_max(
            egui::pos2(rect.left() + padding, rect.top()),
            egui::pos2(rect.right() - 28.0, rect.bottom()),
        );
        inner.max.x -= self.detail_ui(ui, inner);
        let mut text = self.text.to_owned();
        let mut child = ui.new_child(egui::UiBuilder::new().max_rect(inner));
        let field = TextField::new(&mut text, self.name)
            .hint(self.hint)
            .plain()
            .width(inner.width());
        let mut response = child.add(field);
        let mut typed = response.changed().then_some(text);
        if !self.plain {
            let touched = response.hovered() || caret.hovered();
            let shape = self.frame(ui, rect, touched, response.has_focus());
            ui.painter().set(ground, shape);
        }
        if let Some(chosen) = list_ui(ui, &caret, rect, self.text, choices) {
            typed = Some(chosen);
            response.mark_changed();
        }
        (response, typed)
    }

    /// The caret at the right; a click opens the list.
    fn caret_ui(&self, ui: &Ui, rect: Rect) -> Response {
        let square = rect.with_min_x(rect.right() - 28.0);
        let response = ui.interact(
            square,
            ui.scope_id().with((self.name, "choices")),
            Sense::click(),
        );
        response.widget_info(|| {
            let name = format!("Choose {}", self.name);
            WidgetInfo::labeled(Role::Button, response.enabled(), name)
        });
        let tokens = tokens(ui);
        let ink = match (response.enabled(), response.hovered()) {
            (false, _) => tokens.disabled,
            (_, true) => tokens.text,
            (_, false) => tokens.quiet,
        };
        let centre = egui::pos2(rect.right() - 8.0 - TINY_ICON / 2.0, rect.center().y);
        kit::icon_at(ui.painter(), centre, icons::CARET_DOWN, TINY_ICON, ink);
        kit::focus_ring(ui, &response, square.shrink(4.0), 4);
        response
    }

    /// The detail at the right end of `inner`; how much room it took.
    fn detail_ui(&self, ui: &Ui, inner: Rect) -> f32 {
        if self.detail.is_empty() {
            return 0.0;
        }
        let font = egui::TextStyle::Body.resolve(ui.style());
        let quiet = tokens(ui).quiet;
        let own = ui
            .painter()
            .layout_no_wrap(self.text.to_owned(), font.clone(), quiet);
        let room = inner.width() - own.size().x - 24.0;
        let detail = kit::cut_middle(ui, self.detail, &font, room.max(0.0)).into_owned();
        let galley = ui.painter().layout_no_wrap(detail, font, quiet);
        let width = galley.size().x;
        if room < 32.0 || width > room {
            return 0.0;
        }
        let at = egui::pos2(
            inner.right() - width,
            (inner.center().y - galley.size().y / 2.0).floor(),
        );
        ui.painter().galley(at, galley, quiet);
        width + 8.0
    }

    fn frame(&self, ui: &Ui, rect: Rect, touched: bool, focus: bool) -> egui::Shape {
        let tokens = tokens(ui);
        let (fill, edge) = match ui.is_enabled() {
            false => (egui::Color32::TRANSPARENT, tokens.line),
            true if self.problem => (tokens.field, tokens.bad),
            true if touched => (tokens.field, tokens.quiet),
            true => (tokens.field, tokens.edge),
        };
        let (stroke, kind) = if focus {
            (Stroke::new(2.0, tokens.copper), StrokeKind::Middle)
        } else {
            (Stroke::new(1.0, edge), StrokeKind::Inside)
        };
        egui::epaint::RectShape::new(rect, CornerRadius::same(CORNER), fill, stroke, kind).into()
    }
}

/// The list below the field while it is open; what was chosen.
fn list_ui(
    ui: &Ui,
    caret: &Response,
    field: Rect,
    text: &str,
    choices: &[Choice],
) -> Option<String> {
    let width = field.width().max(220.0);
    let tokens = tokens(ui);
    let frame = egui::Frame::NONE
        .fill(tokens.raised)
        .stroke(Stroke::new(1.0, tokens.edge))
        .corner_radius(CornerRadius::same(CORNER))
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(4);
    let shown = egui::Popup::menu(caret)
        .anchor(field)
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .width(width)
        .gap(4.0)
        .frame(frame)
        .show(|ui| {
            ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
            ui.set_width(width - 10.0);
            let list = egui::ScrollArea::vertical().max_height(312.0);
            list.show(ui, |ui| {
                if choices.is_empty() {
                    ui.add(MenuItem::new("None found").refused(Some("")));
                }
                let mut chosen = None;
                for choice in choices {
                    let item = MenuItem::new(&choice.text)
                        .checked(choice.text == text)
                        .shortcut(&choice.detail);
                    if ui.add(item).clicked() {
                        chosen = Some(choice.text.clone());
                    }
                }
                chosen
            })
            .inner
        });
    shown.and_then(|shown| shown.inner)
}
