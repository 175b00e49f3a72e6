//! The left panel: captions of sections and the items below them.

use std::borrow::Cow;

use eframe::egui;
use egui::{
    Color32, CornerRadius, Rect, Response, Role, Sense, TextStyle, Ui, Vec2, Widget, WidgetInfo,
};

use super::button::Button;
use super::paint::{self, Touch};
use super::prose::{caption_text, cut_middle};
use crate::ui::theme::{self, CONTROL, CORNER, ICON, ITEM, tokens};

/// The caption of a section, 28 high, with an icon button at its end when `button` is given. The answer is that button's response.
pub fn section_caption(ui: &mut Ui, text: &str, button: Option<(char, &str)>) -> Option<Response> {
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(ui.available_width(), CONTROL), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, text));
    let job = caption_text(ui, text);
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    paint::put_line(ui.painter(), rect.left() + 16.0, rect.center().y, galley);
    let (icon, name) = button?;
    let square = Rect::from_center_size(
        egui::pos2(rect.right() - 20.0, rect.center().y),
        Vec2::splat(24.0),
    );
    let button = Button::icon_only(icon, name).ink(tokens(ui).quiet).small();
    Some(paint::put_at(ui, square, button))
}

/// What stands before the words of an item.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Lead {
    None,
    Icon(char),
    Dot(Color32),
}

/// An item of navigation, 26 high, inset 8. Goes through `ui.add`.
#[derive(Debug, Clone)]
#[must_use = "an item is drawn by ui.add"]
pub struct NavItem<'a> {
    text: Cow<'a, str>,
    name: Option<Cow<'a, str>>,
    lead: Lead,
    selected: bool,
    shaded: bool,
    quiet: bool,
    shortcut: Cow<'a, str>,
    count: Option<(Option<usize>, usize)>,
    mark: Option<(char, Option<Color32>)>,
    refused: Option<Cow<'a, str>>,
}

impl<'a> NavItem<'a> {
    /// An item that says `text`; it is cut in the middle when it is too long.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            text: text.into(),
            name: None,
            lead: Lead::None,
            selected: false,
            shaded: false,
            quiet: false,
            shortcut: Cow::Borrowed(""),
            count: None,
            mark: None,
            refused: None,
        }
    }

    /// What assistive technology calls it, where the text alone would not tell it from another.
    pub fn called(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// An icon before the text.
    pub fn icon(mut self, icon: char) -> Self {
        self.lead = Lead::Icon(icon);
        self
    }

    /// A dot in the colour of a connection before the text.
    pub fn dot(mut self, colour: Color32) -> Self {
        self.lead = Lead::Dot(colour);
        self
    }

    /// Where the window is now: the ground of selection, semibold.
    pub fn selected(mut self, selected: bool) -> Self {
        self.selected = selected;
        self
    }

    /// Where the window is within what is selected: a quiet ground.
    pub fn shaded(mut self, shaded: bool) -> Self {
        self.shaded = shaded;
        self
    }

    /// Secondary text: an offer rather than a place.
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// The key that leads there, at the right.
    pub fn shortcut(mut self, shortcut: impl Into<Cow<'a, str>>) -> Self {
        self.shortcut = shortcut.into();
        self
    }

    /// A number at the right.
    pub fn count(mut self, count: usize) -> Self {
        self.count = Some((None, count));
        self
    }

    /// How many of how many, at the right: `2 / 5`, the first in copper.
    pub fn part(mut self, part: usize, whole: usize) -> Self {
        self.count = Some(((part > 0).then_some(part), whole));
        self
    }

    /// An icon at the right, quiet or in a colour.
    pub fn mark(mut self, icon: char, colour: impl Into<Option<Color32>>) -> Self {
        self.mark = Some((icon, colour.into()));
        self
    }

    /// Disables the item when there is a reason; the reason is in the tooltip.
    pub fn refused<R: Into<Cow<'a, str>>>(mut self, reason: Option<R>) -> Self {
        self.refused = reason.map(Into::into);
        self
    }

    fn draw_ui(&self, ui: &mut Ui) -> (Response, bool) {
        let (row, response) =
            ui.allocate_exact_size(Vec2::new(ui.available_width(), ITEM), Sense::click());
        response.widget_info(|| {
            WidgetInfo::selected(
                Role::ListItem,
                response.enabled(),
                self.selected,
                self.name.as_ref().unwrap_or(&self.text),
            )
        });
        paint::tell_chosen(&response, self.selected);
        let rect = row.shrink2(Vec2::new(8.0, 0.0));
        if !ui.is_rect_visible(row) {
            return (response, false);
        }
        let tokens = tokens(ui);
        let touch = paint::touch(&response);
        let fill = match touch {
            _ if self.selected => tokens.selection,
            Touch::Pressed => tokens.selection,
            Touch::Hover => tokens.row_hover,
            _ if self.shaded => tokens.row_hover,
            _ => Color32::TRANSPARENT,
        };
        ui.painter()
            .rect_filled(rect, CornerRadius::same(CORNER), fill);
        let (ink, weak) = match touch {
            Touch::Disabled => (tokens.disabled, tokens.disabled),
            _ if self.quiet => (tokens.quiet, tokens.quiet),
            _ => (
                tokens.text,
                if self.selected {
                    tokens.text
                } else {
                    tokens.quiet
                },
            ),
        };
        let y = rect.center().y;
        let mut x = rect.left() + 8.0;
        match self.lead {
            Lead::None => {}
            Lead::Icon(icon) => {
                paint::icon_at(
                    ui.painter(),
                    egui::pos2(x + ICON / 2.0, y),
                    icon,
                    ICON,
                    weak,
                );
                x += ICON + 8.0;
            }
            Lead::Dot(colour) => {
                ui.painter()
                    .circle_filled(egui::pos2(x + 4.0, y), 4.0, colour);
                x += 16.0;
            }
        }
        let end = self.trailing(ui, rect);
        let style = if self.selected {
            theme::strong()
        } else {
            TextStyle::Body
        };
        let shown = cut_middle(ui, &self.text, &style.resolve(ui.style()), end - x);
        let cut = shown.len() != self.text.len();
        let text = paint::line_of_text(ui, &shown, &style, ink);
        paint::put_line(ui.painter(), x, y, text);
        paint::focus_ring(ui, &response, rect.shrink(2.0), CORNER);
        (response, cut)
    }

    /// What stands at the right; returns where the text must end.
    fn trailing(&self, ui: &Ui, rect: Rect) -> f32 {
        let tokens = tokens(ui);
        let (y, mut right) = (rect.center().y, rect.right() - 8.0);
        let mut put = |ui: &Ui, text: &str, style: &TextStyle, colour| {
            let galley = paint::line_of_text(ui, text, style, colour);
            right -= galley.size().x;
            paint::put_line(ui.painter(), right, y, galley);
        };
        match self.count {
            Some((Some(part), whole)) => {
                put(ui, &format!(" / {whole}"), &TextStyle::Small, tokens.quiet);
                put(ui, &part.to_string(), &TextStyle::Small, tokens.copper);
            }
            Some((None, whole)) => put(ui, &whole.to_string(), &TextStyle::Small, tokens.quiet),
            None if self.shortcut.is_empty() => {}
            None => put(ui, &self.shortcut, &theme::tiny(), tokens.quiet),
        }
        if right < rect.right() - 8.0 {
            right -= 8.0;
        }
        if let Some((icon, colour)) = self.mark {
            let colour = colour.unwrap_or(if self.selected {
                tokens.text
            } else {
                tokens.quiet
            });
            paint::icon_at(
                ui.painter(),
                egui::pos2(right - ICON / 2.0, y),
                icon,
                ICON,
                colour,
            );
            right -= ICON + 8.0;
        }
        right
    }
}

impl Widget for NavItem<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        if let Some(reason) = &self.refused {
            let response = ui.add_enabled_ui(false, |ui| self.draw_ui(ui)).inner.0;
            paint::describe(&response, reason);
            return response.on_disabled_hover_text(reason.as_ref());
        }
        let (response, cut) = self.draw_ui(ui);
        if cut {
            response.on_hover_text(self.text.as_ref())
        } else {
            response
        }
    }
}
