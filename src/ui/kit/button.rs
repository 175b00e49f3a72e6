//! Buttons: primary, secondary, quiet and dangerous, in two heights, with or without an icon, or as an icon alone.

use std::borrow::Cow;

use eframe::egui;
use egui::{Color32, Response, Role, Sense, TextStyle, Ui, Vec2, Widget, WidgetInfo};

use super::paint::{self, Touch};
use crate::ui::icons;
use crate::ui::theme::{
    self, CONTROL, CORNER, ICON, SMALL_CONTROL, SMALL_ICON, TINY_ICON, Tokens, tokens,
};

/// The one filled copper button of a screen.
pub fn primary_button(ui: &mut Ui, icon: impl Into<Option<char>>, text: &str) -> Response {
    ui.add(Button::primary(text).icon(icon))
}

/// A button for the other things that can be done.
pub fn secondary_button(ui: &mut Ui, icon: impl Into<Option<char>>, text: &str) -> Response {
    ui.add(Button::secondary(text).icon(icon))
}

/// A button without fill or edge.
pub fn quiet_button(ui: &mut Ui, icon: impl Into<Option<char>>, text: &str) -> Response {
    ui.add(Button::quiet(text).icon(icon))
}

/// A button for what cannot be taken back.
pub fn danger_button(ui: &mut Ui, icon: impl Into<Option<char>>, text: &str) -> Response {
    ui.add(Button::dangerous(text).icon(icon))
}

/// A secondary button of 24, inside notes and rows.
pub fn small_button(ui: &mut Ui, icon: impl Into<Option<char>>, text: &str) -> Response {
    ui.add(Button::secondary(text).icon(icon).small())
}

/// A square button that shows only an icon; `name` is its tooltip and its accessible name.
pub fn icon_button(ui: &mut Ui, icon: char, name: &str) -> Response {
    ui.add(Button::icon_only(icon, name))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Primary,
    Secondary,
    Quiet,
    Dangerous,
    Link,
}

/// A button with more than a name. Goes through `ui.add`.
#[derive(Debug, Clone)]
#[must_use = "a button is drawn by ui.add"]
pub struct Button<'a> {
    kind: Kind,
    text: Cow<'a, str>,
    icon: Option<char>,
    only_icon: bool,
    after: Option<char>,
    small: bool,
    on: bool,
    width: Option<f32>,
    ink: Option<Color32>,
    tooltip: Option<Cow<'a, str>>,
    refused: Option<Cow<'a, str>>,
}

impl<'a> Button<'a> {
    /// The one filled copper button of a screen.
    pub fn primary(text: impl Into<Cow<'a, str>>) -> Self {
        Self::of(Kind::Primary, text)
    }

    /// Raised, with an edge.
    pub fn secondary(text: impl Into<Cow<'a, str>>) -> Self {
        Self::of(Kind::Secondary, text)
    }

    /// Without fill or edge.
    pub fn quiet(text: impl Into<Cow<'a, str>>) -> Self {
        Self::of(Kind::Quiet, text)
    }

    /// Edge and text in the colour of failure.
    pub fn dangerous(text: impl Into<Cow<'a, str>>) -> Self {
        Self::of(Kind::Dangerous, text)
    }

    /// Copper text in a line of text, as high as the line.
    pub fn link(text: impl Into<Cow<'a, str>>) -> Self {
        Self::of(Kind::Link, text)
    }

    /// A quiet square that shows only an icon. `name` is its tooltip and its accessible name.
    pub fn icon_only(icon: char, name: impl Into<Cow<'a, str>>) -> Self {
        Self {
            icon: Some(icon),
            only_icon: true,
            ..Self::of(Kind::Quiet, name)
        }
    }

    fn of(kind: Kind, text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            kind,
            text: text.into(),
            icon: None,
            only_icon: false,
            after: None,
            small: false,
            on: false,
            width: None,
            ink: None,
            tooltip: None,
            refused: None,
        }
    }

    /// An icon before the text.
    pub fn icon(mut self, icon: impl Into<Option<char>>) -> Self {
        self.icon = icon.into();
        self
    }

    /// 24 high instead of 28, with text of 12 and icons of 14.
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// Gives a square icon button the fill and edge of a secondary button.
    pub fn framed(mut self) -> Self {
        self.kind = Kind::Secondary;
        self
    }

    /// A caret after the text: the button opens a menu.
    pub fn opens_menu(self) -> Self {
        self.after(icons::CARET_DOWN)
    }

    /// A small icon after the text, such as a caret that says where the button leads.
    pub fn after(mut self, icon: char) -> Self {
        self.after = Some(icon);
        self
    }

    /// Shows that what the button switches is on.
    pub fn on(mut self, on: bool) -> Self {
        self.on = on;
        self
    }

    /// An exact width in points; the text stands in the middle.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Another colour of text and icon, such as quiet text.
    pub fn ink(mut self, ink: Color32) -> Self {
        self.ink = Some(ink);
        self
    }

    /// Text for the tooltip. An icon button shows its name without it.
    pub fn tooltip(mut self, tooltip: impl Into<Cow<'a, str>>) -> Self {
        self.tooltip = Some(tooltip.into());
        self
    }

    /// Disables the button when there is a reason; the reason is in the tooltip and told to assistive technology.
    pub fn refused<R: Into<Cow<'a, str>>>(mut self, reason: Option<R>) -> Self {
        self.refused = reason.map(Into::into);
        self
    }

    fn draw_ui(&self, ui: &mut Ui) -> Response {
        let (height, padding, icon_edge, style) = match (self.kind, self.small) {
            (Kind::Link, false) => (20.0, 0.0, ICON, theme::medium()),
            (Kind::Link, true) => (16.0, 0.0, SMALL_ICON, theme::small_medium()),
            (Kind::Primary, false) => (CONTROL, 12.0, ICON, theme::strong()),
            (_, false) => (CONTROL, 12.0, ICON, TextStyle::Button),
            (_, true) => (SMALL_CONTROL, 8.0, SMALL_ICON, theme::small_medium()),
        };
        let gap = if self.small { 6.0 } else { 8.0 };
        let text = (!self.only_icon)
            .then(|| paint::line_of_text(ui, &self.text, &style, Color32::PLACEHOLDER));
        let mut content = self.icon.map_or(0.0, |_| icon_edge);
        if let Some(text) = &text {
            content += text.size().x + if self.icon.is_some() { gap } else { 0.0 };
        }
        if self.after.is_some() {
            content += gap + TINY_ICON;
        }
        let natural = if self.only_icon {
            height
        } else {
            (content + 2.0 * padding).round()
        };
        let size = Vec2::new(self.width.unwrap_or(natural), height);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        self.tell(&response);
        if ui.is_rect_visible(rect.expand(3.0)) {
            let tokens = tokens(ui);
            let (fill, edge, ink) = self.colours(tokens, paint::touch(&response));
            let painter = ui.painter();
            if self.kind != Kind::Link {
                paint::boxed(painter, rect, CORNER, fill, edge);
            }
            let mut x = (rect.center().x - content / 2.0).round();
            let y = rect.center().y;
            if let Some(icon) = self.icon {
                paint::icon_at(
                    painter,
                    egui::pos2(x + icon_edge / 2.0, y),
                    icon,
                    icon_edge,
                    ink,
                );
                x += icon_edge + gap;
            }
            if let Some(text) = text {
                x = paint::put_line_in(painter, x, y, text, ink) + gap;
            }
            if let Some(icon) = self.after {
                paint::icon_at(
                    painter,
                    egui::pos2(x + TINY_ICON / 2.0, y),
                    icon,
                    TINY_ICON,
                    ink,
                );
            }
            paint::focus_ring(ui, &response, rect, CORNER);
        }
        response
    }

    fn tell(&self, response: &Response) {
        let role = if self.kind == Kind::Link {
            Role::Link
        } else {
            Role::Button
        };
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(role, response.enabled(), &self.text);
            if self.on {
                info.selected = Some(true);
            }
            info
        });
    }

    /// Fill, edge and ink in one state.
    fn colours(&self, t: &Tokens, touch: Touch) -> (Color32, Color32, Color32) {
        const NONE: Color32 = Color32::TRANSPARENT;
        let (fill, edge, ink) = match (self.kind, touch) {
            (Kind::Quiet | Kind::Link, Touch::Disabled) => (NONE, NONE, t.disabled),
            (_, Touch::Disabled) => (NONE, t.line, t.disabled),
            (Kind::Primary, Touch::Rest) => (t.copper, NONE, t.on_copper),
            (Kind::Primary, Touch::Hover) => (t.copper_hover, NONE, t.on_copper),
            (Kind::Primary, Touch::Pressed) => (t.copper_pressed, NONE, t.on_copper),
            (Kind::Secondary, Touch::Rest) => (t.raised, t.edge, t.text),
            (Kind::Secondary, Touch::Hover) => (t.control_hover, t.edge, t.text),
            (Kind::Secondary, Touch::Pressed) => (t.pressed, t.edge, t.text),
            (Kind::Quiet, Touch::Rest) => (NONE, NONE, t.text),
            (Kind::Quiet, Touch::Hover) => (t.control_hover, NONE, t.text),
            (Kind::Quiet, Touch::Pressed) => (t.pressed, NONE, t.text),
            (Kind::Dangerous, Touch::Rest) => (NONE, t.bad, t.bad),
            (Kind::Dangerous, Touch::Hover) => (t.bad_fill, t.bad, t.bad),
            (Kind::Dangerous, Touch::Pressed) => (t.bad, t.bad, t.ground),
            (Kind::Link, _) => (NONE, NONE, t.copper),
        };
        let fill = if self.on && touch == Touch::Rest {
            t.selection
        } else {
            fill
        };
        let ink = if touch == Touch::Disabled {
            ink
        } else {
            self.ink.unwrap_or(ink)
        };
        (fill, edge, ink)
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let response = match &self.refused {
            Some(_) => ui.add_enabled_ui(false, |ui| self.draw_ui(ui)).inner,
            None => self.draw_ui(ui),
        };
        if let Some(reason) = &self.refused {
            paint::describe(&response, reason);
            let name = self.only_icon.then_some(self.text.as_ref());
            let text = name.map_or_else(|| reason.to_string(), |name| format!("{name}: {reason}"));
            return response.on_disabled_hover_text(text);
        }
        match (&self.tooltip, self.only_icon) {
            (Some(tooltip), _) => response.on_hover_text(tooltip.as_ref()),
            (None, true) => response.on_hover_text(self.text.as_ref()),
            (None, false) => response,
        }
    }
}
