//! Chips: 20 high, an edge and no fill, to say in a word where a value comes from or how something stands.

use std::borrow::Cow;

use eframe::egui;
use egui::{Color32, Rect, Response, Role, Sense, TextStyle, Ui, Vec2, Widget, WidgetInfo};

use super::paint;
use crate::ui::icons;
use crate::ui::theme::{CORNER, TINY_ICON, Tokens, tokens};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Quiet,
    Accent,
    Good,
    Warn,
    Bad,
    Value,
}

/// A chip. Goes through `ui.add`; a chip that can be removed reports the click on its cross.
#[derive(Debug, Clone)]
#[must_use = "a chip is drawn by ui.add"]
pub struct Chip<'a> {
    kind: Kind,
    text: Cow<'a, str>,
    icon: Option<char>,
    removable: bool,
}

impl<'a> Chip<'a> {
    /// Quiet: a default, something from elsewhere.
    pub fn quiet(text: impl Into<Cow<'a, str>>) -> Self {
        Self::of(Kind::Quiet, text)
    }

    /// Copper: set here.
    pub fn accent(text: impl Into<Cow<'a, str>>) -> Self {
        Self::of(Kind::Accent, text)
    }

    /// Ready.
    pub fn good(text: impl Into<Cow<'a, str>>) -> Self {
        Self::of(Kind::Good, text).icon(icons::CHECK)
    }

    /// Needs a step first.
    pub fn warn(text: impl Into<Cow<'a, str>>) -> Self {
        Self::of(Kind::Warn, text)
    }

    /// Does not work.
    pub fn bad(text: impl Into<Cow<'a, str>>) -> Self {
        Self::of(Kind::Bad, text).icon(icons::WARNING)
    }

    /// A value of a list, monospace, with a cross that removes it: `clicked` means remove.
    pub fn removable(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            removable: true,
            ..Self::of(Kind::Value, text)
        }
    }

    fn of(kind: Kind, text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            kind,
            text: text.into(),
            icon: None,
            removable: false,
        }
    }

    /// An icon before the text.
    pub fn icon(mut self, icon: char) -> Self {
        self.icon = Some(icon);
        self
    }

    fn colours(&self, tokens: &Tokens) -> (Color32, Color32) {
        match self.kind {
            Kind::Quiet => (tokens.edge, tokens.quiet),
            Kind::Accent => (tokens.copper, tokens.copper),
            Kind::Good => (tokens.good, tokens.good),
            Kind::Warn => (tokens.warn, tokens.warn),
            Kind::Bad => (tokens.bad, tokens.bad),
            Kind::Value => (tokens.edge, tokens.text),
        }
    }
}

impl Widget for Chip<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        const PADDING: f32 = 8.0;
        const GAP: f32 = 4.0;
        let (edge, ink) = self.colours(tokens(ui));
        let style = if self.kind == Kind::Value {
            TextStyle::Monospace
        } else {
            TextStyle::Small
        };
        let text = paint::line_of_text(ui, &self.text, &style, ink);
        let icon = self.icon.map_or(0.0, |_| TINY_ICON + GAP);
        let cross = if self.removable { GAP + TINY_ICON } else { 0.0 };
        let width = (2.0 * PADDING + icon + text.size().x + cross).round();
        let (rect, response) = ui.allocate_exact_size(Vec2::new(width, 20.0), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, response.enabled(), &self.text));
        if ui.is_rect_visible(rect) {
            let y = rect.center().y;
            paint::boxed(ui.painter(), rect, CORNER, Color32::TRANSPARENT, edge);
            let mut x = rect.left() + PADDING;
            if let Some(icon) = self.icon {
                paint::icon_at(
                    ui.painter(),
                    egui::pos2(x + TINY_ICON / 2.0, y),
                    icon,
                    TINY_ICON,
                    ink,
                );
                x += TINY_ICON + GAP;
            }
            paint::put_line(ui.painter(), x, y, text);
        }
        if self.removable {
            cross_ui(ui, rect, &response, &self.text)
        } else {
            response
        }
    }
}

fn cross_ui(ui: &Ui, chip: Rect, response: &Response, text: &str) -> Response {
    let square = Rect::from_center_size(
        egui::pos2(chip.right() - 13.0, chip.center().y),
        Vec2::splat(18.0),
    );
    let cross = ui.interact(square, response.id.with("remove"), Sense::click());
    cross.widget_info(|| {
        WidgetInfo::labeled(Role::Button, cross.enabled(), format!("Remove {text}"))
    });
    let tokens = tokens(ui);
    let ink = if cross.hovered() {
        tokens.text
    } else {
        tokens.quiet
    };
    paint::icon_at(ui.painter(), square.center(), icons::X, TINY_ICON, ink);
    paint::focus_ring(ui, &cross, square.shrink(2.0), 4);
    cross
}
