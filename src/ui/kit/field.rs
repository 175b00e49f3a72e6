//! The text field: 28 high, with an icon or a key cap inside, a placeholder, and a state for a value that is wrong.

use std::borrow::Cow;

use eframe::egui;
use egui::{
    Align2, Color32, CornerRadius, FontSelection, Frame, Id, Margin, Rect, Response, Sense, Shape,
    Stroke, StrokeKind, TextEdit, TextStyle, Ui, Widget,
};

use super::paint::{self, Touch};
use crate::ui::icons;
use crate::ui::theme::{CONTROL, CORNER, ICON, SMALL_CONTROL, TINY_ICON, tokens};

/// One line of text to be edited. Goes through `ui.add`.
#[must_use = "a field is drawn by ui.add"]
pub struct TextField<'a> {
    text: &'a mut String,
    name: Cow<'a, str>,
    hint: Cow<'a, str>,
    icon: Option<char>,
    key: Option<Cow<'a, str>>,
    clears: bool,
    mono: bool,
    plain: bool,
    problem: bool,
    small: bool,
    width: Option<f32>,
    id: Option<Id>,
    refused: Option<Cow<'a, str>>,
}

impl<'a> TextField<'a> {
    /// A field for `text`; `name` is what assistive technology calls it.
    pub fn new(text: &'a mut String, name: impl Into<Cow<'a, str>>) -> Self {
        Self {
            text,
            name: name.into(),
            hint: Cow::Borrowed(""),
            icon: None,
            key: None,
            clears: false,
            mono: false,
            plain: false,
            problem: false,
            small: false,
            width: None,
            id: None,
            refused: None,
        }
    }

    /// What stands in the field while it is empty.
    pub fn hint(mut self, hint: impl Into<Cow<'a, str>>) -> Self {
        self.hint = hint.into();
        self
    }

    /// An icon at the left, inside.
    pub fn icon(mut self, icon: char) -> Self {
        self.icon = Some(icon);
        self
    }

    /// A key cap at the right, inside, shown while the field is empty: the key that leads here.
    pub fn key(mut self, key: impl Into<Cow<'a, str>>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// A button at the right, inside, that empties the field.
    pub fn clears(mut self) -> Self {
        self.clears = true;
        self
    }

    /// The monospace font: keys, URLs, ids.
    pub fn mono(mut self) -> Self {
        self.mono = true;
        self
    }

    /// No frame: the input of the palette, the cell of a table.
    pub fn plain(mut self) -> Self {
        self.plain = true;
        self
    }

    /// The value is wrong; a note below says why.
    pub fn problem(mut self, problem: bool) -> Self {
        self.problem = problem;
        self
    }

    /// 24 high instead of 28.
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// Width in points; without it the field takes what is left.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// A fixed id, so that a key can lead to the field.
    pub fn id(mut self, id: Id) -> Self {
        self.id = Some(id);
        self
    }

    /// Disables the field when there is a reason; the reason is in the tooltip.
    pub fn refused<R: Into<Cow<'a, str>>>(mut self, reason: Option<R>) -> Self {
        self.refused = reason.map(Into::into);
        self
    }

    fn draw_ui(&mut self, ui: &mut Ui) -> Response {
        let height = if self.small { SMALL_CONTROL } else { CONTROL };
        let width = self.width.unwrap_or_else(|| ui.available_width());
        let (rect, space) = ui.allocate_exact_size(egui::vec2(width, height), Sense::hover());
        let id = self.id.unwrap_or_else(|| space.id.with("edit"));
        // The padding belongs to the field too: a click there leads into it.
        let frame = ui.interact(rect, id.with("frame"), Sense::CLICK);
        let ground = ui.painter().add(Shape::Noop);
        let tokens = tokens(ui);
        let padding = if self.plain { 0.0 } else { 8.0 };
        let mut inner = Rect::from_min_max(
            egui::pos2(rect.left() + padding, rect.top()),
            egui::pos2(rect.right() - padding, rect.bottom()),
        );
        if let Some(icon) = self.icon {
            let colour = if ui.is_enabled() {
                tokens.quiet
            } else {
                tokens.disabled
            };
            paint::icon_at(
                ui.painter(),
                egui::pos2(inner.left() + ICON / 2.0, rect.center().y),
                icon,
                ICON,
                colour,
            );
            inner.min.x += ICON + 8.0;
        }
        let clear = self.trailing_ui(ui, rect, &mut inner, id);
        let mut response = self.edit_ui(ui, inner, id);
        if clear {
            self.text.clear();
            response.mark_changed();
            response.request_focus();
        }
        if frame.clicked() {
            response.request_focus();
        }
        if !self.plain {
            let touch = if frame.contains_pointer() && paint::touch(&response) == Touch::Rest {
                Touch::Hover
            } else {
                paint::touch(&response)
            };
            ui.painter().set(
                ground,
                frame_shape(ui, rect, touch, self.problem, response.has_focus()),
            );
        }
        response
    }

    /// The key cap or the clearing button; tells whether the field is to be emptied.
    fn trailing_ui(&self, ui: &mut Ui, rect: Rect, inner: &mut Rect, id: Id) -> bool {
        if self.text.is_empty() {
            if let Some(key) = &self.key {
                let cap = super::key::cap_at(
                    ui,
                    egui::pos2(rect.right() - 6.0, rect.center().y),
                    Align2::RIGHT_CENTER,
                    key,
                );
                inner.max.x = cap.left() - 4.0;
            }
            return false;
        }
        if !self.clears {
            return false;
        }
        let square = Rect::from_center_size(
            egui::pos2(rect.right() - rect.height() / 2.0, rect.center().y),
            egui::Vec2::splat(20.0),
        );
        inner.max.x = square.left() - 4.0;
        let response = ui.interact(square, id.with("clear"), Sense::click());
        response.widget_info(|| {
            egui::WidgetInfo::labeled(
                egui::Role::Button,
                response.enabled(),
                format!("Clear {}", self.name),
            )
        });
        let colour = if response.hovered() {
            tokens(ui).text
        } else {
            tokens(ui).quiet
        };
        paint::icon_at(ui.painter(), square.center(), icons::X, TINY_ICON, colour);
        paint::focus_ring(ui, &response, square, 4);
        response.clicked()
    }

    fn edit_ui(&mut self, ui: &mut Ui, inner: Rect, id: Id) -> Response {
        let colour = if ui.is_enabled() {
            tokens(ui).text
        } else {
            tokens(ui).disabled
        };
        let style = if self.mono {
            TextStyle::Monospace
        } else if self.small {
            TextStyle::Small
        } else {
            TextStyle::Body
        };
        let hint_colour = if ui.is_enabled() {
            tokens(ui).quiet
        } else {
            tokens(ui).disabled
        };
        let mut builder = egui::UiBuilder::new().max_rect(inner);
        builder.layout = Some(egui::Layout::left_to_right(egui::Align::Center));
        let mut child = ui.new_child(builder);
        child.visuals_mut().weak_text_color = Some(hint_colour);
        let edit = TextEdit::singleline(self.text)
            .id(id)
            .font(FontSelection::Style(style.clone()))
            .text_color(colour)
            .frame(Frame::NONE)
            .margin(Margin::ZERO)
            .align(Align2::LEFT_CENTER)
            .min_size(inner.size())
            .desired_width(inner.width())
            .hint_text(egui::RichText::new(self.hint.as_ref()).text_style(style));
        child.add(edit).accessible_name(self.name.as_ref())
    }
}

/// Fill and edge of a field or drop-down in one state.
pub(super) fn frame_shape(ui: &Ui, rect: Rect, touch: Touch, problem: bool, focus: bool) -> Shape {
    let tokens = tokens(ui);
    let fill = if touch == Touch::Disabled {
        Color32::TRANSPARENT
    } else {
        tokens.field
    };
    let (stroke, kind) = if focus {
        (Stroke::new(2.0, tokens.copper), StrokeKind::Middle)
    } else {
        (
            Stroke::new(1.0, paint::field_edge(tokens, touch, problem)),
            StrokeKind::Inside,
        )
    };
    egui::epaint::RectShape::new(rect, CornerRadius::same(CORNER), fill, stroke, kind).into()
}

impl Widget for TextField<'_> {
    fn ui(mut self, ui: &mut Ui) -> Response {
        let Some(reason) = self.refused.take() else {
            return self.draw_ui(ui);
        };
        let response = ui.add_enabled_ui(false, |ui| self.draw_ui(ui)).inner;
        paint::describe(&response, &reason);
        response.on_disabled_hover_text(reason)
    }
}
