//! The field for a secret: dots, and an eye that shows the clear text while it is open.
//!
//! The rule others rely on: egui only ever gets dots. Its undo history, its clipboard, its events and the tree for assistive technology hold
//! one dot a character while somebody types and twelve dots at rest, whatever the length; the clear text is only painted.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use eframe::egui;
use egui::text::CharIndex;
use egui::{
    Align2, Color32, Frame, Galley, Margin, Rect, Response, Role, Sense, Shape, TextBuffer,
    TextEdit, TextStyle, Ui, Vec2, Widget, WidgetInfo,
};
use zeroize::Zeroize as _;

use super::field::frame_shape;
use super::paint;
use crate::ui::icons;
use crate::ui::theme::{CONTROL, ICON, tokens};

const DOT: char = '•';
const DOTS_AT_REST: usize = 12;

/// A field for a secret. Goes through `ui.add`. The string should be one that is wiped when it is dropped.
#[must_use = "a field is drawn by ui.add"]
pub struct SecretField<'a> {
    secret: &'a mut String,
    name: Cow<'a, str>,
    hint: Cow<'a, str>,
    problem: bool,
    width: Option<f32>,
    refused: Option<Cow<'a, str>>,
}

impl<'a> SecretField<'a> {
    /// A field for `secret`; `name` is what assistive technology calls it.
    pub fn new(secret: &'a mut String, name: impl Into<Cow<'a, str>>) -> Self {
        Self {
            secret,
            name: name.into(),
            hint: Cow::Borrowed("not set"),
            problem: false,
            width: None,
            refused: None,
        }
    }

    /// What stands in the field while it is empty.
    pub fn hint(mut self, hint: impl Into<Cow<'a, str>>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The value is wrong; a note below says why.
    pub fn problem(mut self, problem: bool) -> Self {
        self.problem = problem;
        self
    }

    /// Width in points; without it the field takes what is left.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Disables the field when there is a reason; the reason is in the tooltip.
    pub fn refused<R: Into<Cow<'a, str>>>(mut self, reason: Option<R>) -> Self {
        self.refused = reason.map(Into::into);
        self
    }

    fn draw_ui(&mut self, ui: &mut Ui) -> Response {
        let width = self.width.unwrap_or_else(|| ui.available_width());
        let (rect, space) = ui.allocate_exact_size(Vec2::new(width, CONTROL), Sense::hover());
        let id = space.id.with("edit");
        let ground = ui.painter().add(Shape::Noop);
        let revealed = self.eye_ui(ui, rect, id);
        let inner = Rect::from_min_max(
            egui::pos2(rect.left() + 8.0, rect.top()),
            egui::pos2(rect.right() - 32.0, rect.bottom()),
        );
        let response = self.edit_ui(ui, inner, id, revealed);
        let touch = paint::touch(&response);
        ui.painter().set(
            ground,
            frame_shape(ui, rect, touch, self.problem, response.has_focus()),
        );
        response
    }

    /// The eye at the right; tells whether the clear text shows. It closes when the field has been emptied.
    fn eye_ui(&self, ui: &Ui, rect: Rect, id: egui::Id) -> bool {
        let open_id = id.with("revealed");
        let mut open = ui
            .data(|data| data.get_temp::<bool>(open_id))
            .unwrap_or(false)
            && !self.secret.is_empty();
        let square = Rect::from_center_size(
            egui::pos2(rect.right() - 18.0, rect.center().y),
            Vec2::splat(24.0),
        );
        let response = ui.interact(square, id.with("eye"), Sense::click());
        let name = format!("{} {}", if open { "Hide" } else { "Show" }, self.name);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, response.enabled(), &name));
        if response.clicked() {
            open = !open;
        }
        ui.data_mut(|data| data.insert_temp(open_id, open));
        let tokens = tokens(ui);
        let ink = match paint::touch(&response) {
            paint::Touch::Disabled => tokens.disabled,
            paint::Touch::Rest => tokens.quiet,
            _ => tokens.text,
        };
        let icon = if open { icons::EYE_SLASH } else { icons::EYE };
        paint::icon_at(ui.painter(), square.center(), icon, ICON, ink);
        paint::focus_ring(ui, &response, square.shrink(2.0), 4);
        response.on_hover_text(name);
        open
    }

    fn edit_ui(&mut self, ui: &mut Ui, inner: Rect, id: egui::Id, revealed: bool) -> Response {
        let ink = if ui.is_enabled() {
            tokens(ui).text
        } else {
            tokens(ui).disabled
        };
        let exact = revealed || ui.memory(|memory| memory.has_focus(id));
        let clear = RefCell::new(std::mem::take(self.secret));
        let mut buffer = Dots::new(&clear, exact);
        let font = TextStyle::Monospace.resolve(ui.style());
        // The clear text is painted over the dots and never handed to the text edit, which would tell it to assistive
        // technology; in a monospace font it is as wide as they are.
        let dots_ink = if revealed { Color32::TRANSPARENT } else { ink };
        let line = |ui: &Ui, text: &str, colour| -> Arc<Galley> {
            let mut job =
                egui::text::LayoutJob::simple_singleline(text.to_owned(), font.clone(), colour);
            job.keep_trailing_whitespace = true;
            ui.fonts_mut(|fonts| fonts.layout_job(job))
        };
        let mut layouter =
            |ui: &Ui, dots: &dyn TextBuffer, _width: f32| line(ui, dots.as_str(), dots_ink);
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        let mut child = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(layout));
        let edit = TextEdit::singleline(&mut buffer)
            .id(id)
            .password(true)
            .layouter(&mut layouter)
            .frame(Frame::NONE)
            .margin(Margin::ZERO)
            .align(Align2::LEFT_CENTER)
            .min_size(inner.size())
            .desired_width(inner.width())
            .hint_text(egui::RichText::new(self.hint.as_ref()).text_style(TextStyle::Body));
        let output = edit.show(&mut child);
        if revealed {
            let painter = child.painter().with_clip_rect(output.text_clip_rect);
            painter.galley(output.galley_pos, line(ui, &clear.borrow(), ink), ink);
        }
        let response = output.response.response.accessible_name(self.name.as_ref());
        *self.secret = clear.into_inner();
        response
    }
}

impl Widget for SecretField<'_> {
    fn ui(mut self, ui: &mut Ui) -> Response {
        let Some(reason) = self.refused.take() else {
            return self.draw_ui(ui);
        };
        let response = ui.add_enabled_ui(false, |ui| self.draw_ui(ui)).inner;
        paint::describe(&response, &reason);
        response.on_disabled_hover_text(reason)
    }
}

/// What egui edits in place of the secret: as many dots, with every change carried out on the clear text.
struct Dots<'a> {
    clear: &'a RefCell<String>,
    shown: String,
    /// Whether there are as many dots as characters; at rest there are twelve, and any change replaces the whole.
    exact: bool,
}

impl<'a> Dots<'a> {
    fn new(clear: &'a RefCell<String>, exact: bool) -> Self {
        let mut dots = Self {
            clear,
            shown: String::new(),
            exact,
        };
        dots.refresh();
        dots
    }

    fn refresh(&mut self) {
        let count = self.clear.borrow().chars().count();
        let count = if self.exact || count == 0 {
            count
        } else {
            DOTS_AT_REST
        };
        self.shown = DOT.to_string().repeat(count);
    }

    /// Where the character of this number begins in the clear text.
    fn byte(&self, at: CharIndex) -> usize {
        let clear = self.clear.borrow();
        clear
            .char_indices()
            .nth(at.0)
            .map_or(clear.len(), |(byte, _)| byte)
    }

    /// Rewrites the clear text; the old memory is wiped, because a string that grows leaves its old copy behind.
    fn rewrite(&mut self, range: Range<usize>, with: &str) {
        let mut clear = self.clear.borrow_mut();
        let mut next =
            String::with_capacity((clear.len() + with.len()).next_power_of_two().max(256));
        next.push_str(&clear[..range.start]);
        next.push_str(with);
        next.push_str(&clear[range.end..]);
        clear.zeroize();
        *clear = next;
        drop(clear);
        self.exact = true;
        self.refresh();
    }
}

impl TextBuffer for Dots<'_> {
    fn is_mutable(&self) -> bool {
        true
    }

    fn as_str(&self) -> &str {
        &self.shown
    }

    fn insert_text(&mut self, text: &str, char_index: CharIndex) -> usize {
        // Undo would bring back dots as if they were the secret.
        if !text.is_empty() && text.chars().all(|each| each == DOT) {
            return 0;
        }
        let at = if self.exact {
            self.byte(char_index)
        } else {
            self.clear.borrow().len()
        };
        self.rewrite(at..at, text);
        text.chars().count()
    }

    fn delete_char_range(&mut self, char_range: Range<CharIndex>) {
        let range = if self.exact {
            self.byte(char_range.start)..self.byte(char_range.end)
        } else {
            0..self.clear.borrow().len()
        };
        self.rewrite(range, "");
    }

    fn replace_with(&mut self, text: &str) {
        // egui replaces everything only to undo and redo, and its history holds dots.
        if text.chars().all(|each| each == DOT) {
            return;
        }
        let all = 0..self.clear.borrow().len();
        self.rewrite(all, text);
    }

    fn type_id(&self) -> std::any::TypeId {
        std::any::TypeId::of::<Dots<'static>>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_carry_every_change_to_the_clear_text() {
        let clear = RefCell::new("héllo".to_owned());
        let mut dots = Dots::new(&clear, true);
        assert_eq!(dots.as_str(), "•••••");
        assert_eq!(dots.insert_text("XY", CharIndex(2)), 2);
        dots.delete_char_range(CharIndex(0)..CharIndex(1));
        assert_eq!(*clear.borrow(), "éXYllo");
        dots.replace_with("•••");
        assert_eq!(
            *clear.borrow(),
            "éXYllo",
            "undo must not bring dots back as the secret"
        );
    }

    #[test]
    fn at_rest_the_length_is_not_told() {
        let clear = RefCell::new("ab".to_owned());
        let dots = Dots::new(&clear, false);
        assert_eq!(dots.as_str().chars().count(), DOTS_AT_REST);
        let empty = RefCell::new(String::new());
        assert_eq!(Dots::new(&empty, false).as_str(), "");
    }
}
