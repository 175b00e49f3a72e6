//! The number stepper: a field for a whole number with two carets; the arrow keys change it by one.

use std::ops::RangeInclusive;

use eframe::egui;
use egui::{
    Align2, Frame, Key, Margin, Modifiers, Rect, Response, Sense, Shape, TextEdit, TextStyle, Ui,
    Vec2, Widget,
};

use super::field::frame_shape;
use super::paint;
use crate::ui::icons;
use crate::ui::theme::{CONTROL, SMALL_CONTROL, TINY_ICON, tokens};

/// A field for a whole number. Goes through `ui.add`; the response is `changed` when the number is another.
#[must_use = "a stepper is drawn by ui.add"]
pub struct Stepper<'a> {
    value: &'a mut i64,
    name: &'a str,
    range: RangeInclusive<i64>,
    width: f32,
    small: bool,
    refused: Option<String>,
}

impl<'a> Stepper<'a> {
    /// A stepper for `value`; `name` is what assistive technology calls it.
    pub fn new(value: &'a mut i64, name: &'a str) -> Self {
        Self {
            value,
            name,
            range: 0..=i64::MAX,
            width: 72.0,
            small: false,
            refused: None,
        }
    }

    /// What the number may be; what is typed beyond is brought to the nearest end.
    pub fn range(mut self, range: RangeInclusive<i64>) -> Self {
        self.range = range;
        self
    }

    /// Width in points.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// 24 high instead of 28.
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// Disables the stepper when there is a reason; the reason is in the tooltip.
    pub fn refused(mut self, reason: Option<impl Into<String>>) -> Self {
        self.refused = reason.map(Into::into);
        self
    }

    fn draw_ui(&mut self, ui: &mut Ui) -> Response {
        let height = if self.small { SMALL_CONTROL } else { CONTROL };
        let (rect, space) = ui.allocate_exact_size(Vec2::new(self.width, height), Sense::hover());
        let id = space.id.with("edit");
        let before = *self.value;
        let ground = ui.painter().add(Shape::Noop);
        let step = Self::carets_ui(ui, rect, id);
        let mut response = self.edit_ui(ui, rect, id, step);
        ui.painter().set(
            ground,
            frame_shape(
                ui,
                rect,
                paint::touch(&response),
                false,
                response.has_focus(),
            ),
        );
        if *self.value == before {
            response.flags.remove(egui::response::Flags::CHANGED);
        } else {
            response.mark_changed();
        }
        response
    }

    /// The two carets; how far a click on them goes.
    fn carets_ui(ui: &Ui, rect: Rect, id: egui::Id) -> i64 {
        let column = rect.with_min_x(rect.right() - 22.0).shrink(1.0);
        let tokens = tokens(ui);
        let (up, down) = column.split_top_bottom_at_fraction(0.5);
        let mut step = 0;
        for (part, icon, name, by) in [
            (up, icons::CARET_UP, "more", 1),
            (down, icons::CARET_DOWN, "less", -1),
        ] {
            // Reached by pointer only: the arrow keys do the same in the field.
            let response = ui.interact(part, id.with(name), Sense::CLICK);
            let ink = match paint::touch(&response) {
                paint::Touch::Disabled => tokens.disabled,
                paint::Touch::Rest => tokens.quiet,
                _ => tokens.text,
            };
            let centre = egui::pos2(part.center().x, part.center().y + 2.0 * by as f32);
            paint::icon_at(ui.painter(), centre, icon, TINY_ICON - 2.0, ink);
            if response.clicked() {
                step += by;
            }
        }
        step
    }

    fn edit_ui(&mut self, ui: &mut Ui, rect: Rect, id: egui::Id, mut step: i64) -> Response {
        let focused = ui.memory(|memory| memory.has_focus(id));
        if focused {
            let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
            step += i64::from(pressed(Key::ArrowUp)) - i64::from(pressed(Key::ArrowDown));
        }
        // While somebody types, the text need not be a number; it is kept until the field is left.
        let kept = ui
            .data(|data| data.get_temp::<String>(id))
            .filter(|_| focused && step == 0);
        if step != 0 {
            *self.value = self
                .value
                .saturating_add(step)
                .clamp(*self.range.start(), *self.range.end());
        }
        let mut text = kept.unwrap_or_else(|| self.value.to_string());
        let inner = Rect::from_min_max(
            egui::pos2(rect.left() + 8.0, rect.top()),
            egui::pos2(rect.right() - 24.0, rect.bottom()),
        );
        let style = if self.small {
            TextStyle::Small
        } else {
            TextStyle::Body
        };
        let ink = if ui.is_enabled() {
            tokens(ui).text
        } else {
            tokens(ui).disabled
        };
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        let mut child = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(layout));
        let edit = TextEdit::singleline(&mut text)
            .id(id)
            .font(egui::FontSelection::Style(style))
            .text_color(ink)
            .frame(Frame::NONE)
            .margin(Margin::ZERO)
            .align(Align2::LEFT_CENTER)
            .min_size(inner.size())
            .desired_width(inner.width());
        let response = child.add(edit).accessible_name(self.name);
        if let Ok(number) = text.trim().parse::<i64>() {
            *self.value = number.clamp(*self.range.start(), *self.range.end());
        }
        if response.has_focus() {
            ui.data_mut(|data| data.insert_temp(id, text));
        } else {
            ui.data_mut(|data| data.remove::<String>(id));
        }
        response
            .ctx
            .accesskit_node_builder(response.id, |node| node.set_role(egui::Role::SpinButton));
        response
    }
}

impl Widget for Stepper<'_> {
    fn ui(mut self, ui: &mut Ui) -> Response {
        let Some(reason) = self.refused.take() else {
            return self.draw_ui(ui);
        };
        let response = ui.add_enabled_ui(false, |ui| self.draw_ui(ui)).inner;
        paint::describe(&response, &reason);
        response.on_disabled_hover_text(reason)
    }
}
