//! The command palette's shell: an input of 44, lines of 32 under captions, and the keys at the foot; 560 wide, 80 from the top.

use std::borrow::Cow;

use eframe::egui;
use egui::text::LayoutJob;
use egui::{
    Align2, CornerRadius, Frame, Id, Key, Layout, Margin, Modal, Modifiers, Rect, Response, Role,
    ScrollArea, Sense, Stroke, TextStyle, Ui, Vec2, Widget, WidgetInfo,
};

use super::field::TextField;
use super::key::{caps_width, key_caps};
use super::paint;
use super::prose::{caption_text, quiet_small};
use crate::ui::icons;
use crate::ui::theme::{self, ICON, SMALL_CORNER, tokens};

const WIDTH: f32 = 560.0;
const TOP: f32 = 80.0;
const INPUT: f32 = 44.0;
const LINE: f32 = 32.0;
const CAPTION: f32 = 32.0;
const FOOT: f32 = 34.0;

/// The palette's shell.
#[derive(Debug, Clone, Copy)]
pub struct Palette<'a> {
    /// What assistive technology calls the input.
    pub name: &'a str,
    /// What stands in the input while it is empty.
    pub hint: &'a str,
    /// How many lines are shown of how many, at the right of the input.
    pub count: &'a str,
}

/// What was done to the palette.
#[derive(Debug, Clone, Copy)]
pub struct PaletteAnswer {
    /// The typed text is another one.
    pub changed: bool,
    /// Esc was pressed, or the window beside it was clicked.
    pub closed: bool,
}

impl Palette<'_> {
    /// Draws the palette over the window. `field` is called with the input, so that it can be given the focus.
    pub fn show(
        self,
        ctx: &egui::Context,
        text: &mut String,
        field: impl FnOnce(&Ui, &Response),
        lines: impl FnOnce(&mut Ui),
    ) -> PaletteAnswer {
        let style = ctx.global_style();
        let tokens = theme::tokens_of(&style.visuals);
        let room = ctx.content_rect();
        let top = TOP.min(room.height() * 0.1).round();
        let id = Id::unique("palette");
        let area = Modal::default_area(id)
            .anchor(Align2::CENTER_TOP, Vec2::new(0.0, top))
            .accessible_name("Find a command");
        let frame = Frame::NONE
            .fill(tokens.raised)
            .stroke(Stroke::new(1.0, tokens.edge))
            .corner_radius(theme::corner())
            .shadow(style.visuals.window_shadow);
        let modal = Modal::new(id).area(area).frame(frame);
        let answer = modal.backdrop_color(tokens.scrim).show(ctx, |ui| {
            ui.spacing_mut().item_spacing = Vec2::ZERO;
            ui.set_width(WIDTH.min(room.width() - 32.0));
            let changed = self.input_ui(ui, text, field);
            let most = (room.height() - 2.0 * top - INPUT - FOOT).clamp(96.0, 480.0);
            ScrollArea::vertical()
                .max_height(most)
                .auto_shrink([false, true])
                .show(ui, |ui| {
                    Frame::NONE
                        .inner_margin(Margin::symmetric(4, 4))
                        .show(ui, lines);
                });
            foot_ui(ui);
            changed
        });
        let escape = ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
        PaletteAnswer {
            changed: answer.inner,
            closed: escape || answer.backdrop_response.clicked(),
        }
    }

    fn input_ui(self, ui: &mut Ui, text: &mut String, focus: impl FnOnce(&Ui, &Response)) -> bool {
        let (rect, _) =
            ui.allocate_exact_size(Vec2::new(ui.available_width(), INPUT), Sense::hover());
        let tokens = tokens(ui);
        let line = theme::line(tokens);
        ui.painter()
            .hline(rect.x_range(), rect.bottom() - 0.5, line);
        let middle = rect.center().y;
        let icon = egui::pos2(rect.left() + 16.0 + ICON / 2.0, middle);
        paint::icon_at(ui.painter(), icon, icons::SEARCH, ICON, tokens.quiet);
        let mut right = rect.right() - 16.0;
        if !self.count.is_empty() {
            let count = paint::line_of_text(ui, self.count, &TextStyle::Small, tokens.quiet);
            right -= count.size().x;
            paint::put_line(ui.painter(), right, middle, count);
            right -= 12.0;
        }
        let place = Rect::from_min_max(
            egui::pos2(icon.x + ICON / 2.0 + 8.0, rect.top()),
            egui::pos2(right, rect.bottom() - 1.0),
        );
        let layout = Layout::left_to_right(egui::Align::Center);
        let mut own = ui.new_child(egui::UiBuilder::new().max_rect(place).layout(layout));
        let edit = TextField::new(text, self.name).hint(self.hint).plain();
        let response = own.add(edit);
        focus(ui, &response);
        response.changed()
    }
}

fn foot_ui(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), FOOT), Sense::hover());
    let line = theme::line(tokens(ui));
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, line);
    let layout = Layout::left_to_right(egui::Align::Center);
    let inner = rect.shrink2(Vec2::new(16.0, 0.0));
    let mut own = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(layout));
    own.spacing_mut().item_spacing.x = 8.0;
    for (key, does) in [
        ("↑", ""),
        ("↓", "choose"),
        ("Enter", "do it"),
        ("Esc", "close"),
    ] {
        key_caps(&mut own, key);
        if !does.is_empty() {
            quiet_small(&mut own, does);
            own.add_space(8.0);
        }
    }
}

/// The caption of a section of lines.
pub fn palette_caption(ui: &mut Ui, text: &str) {
    let size = Vec2::new(ui.available_width(), CAPTION);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, text));
    let job = caption_text(ui, text);
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let (x, y) = (rect.left() + 8.0, rect.center().y + 3.0);
    paint::put_line(ui.painter(), x, y, galley);
}

/// What stands where no line is left.
pub fn palette_nothing(ui: &mut Ui, text: &str) {
    let size = Vec2::new(ui.available_width(), 2.0 * LINE);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    let galley = paint::line_of_text(ui, text, &TextStyle::Body, tokens(ui).quiet);
    paint::put_in_middle(ui.painter(), rect, galley);
}

/// The ink of what cannot be done now.
#[must_use]
pub fn disabled_ink(ui: &Ui) -> egui::Color32 {
    tokens(ui).disabled
}

/// What stands at the right of a line.
#[derive(Debug, Clone, Copy)]
enum Remark<'a> {
    None,
    Keys(&'a str),
    Mono(&'a str),
    Words(&'a str),
}

/// A line of the palette. Goes through `ui.add`.
#[derive(Debug, Clone)]
#[must_use = "a line is drawn by ui.add"]
pub struct PaletteLine<'a> {
    name: Cow<'a, str>,
    text: LayoutJob,
    icon: Option<char>,
    remark: Remark<'a>,
    chosen: bool,
    refused: Option<&'a str>,
}

impl<'a> PaletteLine<'a> {
    /// A line called `name` that shows `text`, which may have letters in the accent.
    pub fn new(name: impl Into<Cow<'a, str>>, text: LayoutJob) -> Self {
        Self {
            name: name.into(),
            text,
            icon: None,
            remark: Remark::None,
            chosen: false,
            refused: None,
        }
    }

    /// An icon before the text.
    pub fn icon(mut self, icon: char) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Keys that do the same, as caps.
    pub fn keys(mut self, keys: &'a str) -> Self {
        self.remark = Remark::Keys(keys);
        self
    }

    /// A name in the monospace font.
    pub fn mono(mut self, name: &'a str) -> Self {
        self.remark = Remark::Mono(name);
        self
    }

    /// A word or two.
    pub fn words(mut self, words: &'a str) -> Self {
        self.remark = Remark::Words(words);
        self
    }

    /// The line that Enter means.
    pub fn chosen(mut self, chosen: bool) -> Self {
        self.chosen = chosen;
        self
    }

    /// It cannot be done now; the reason stands at the right.
    pub fn refused(mut self, reason: Option<&'a str>) -> Self {
        self.refused = reason;
        self
    }

    fn remark_ui(&self, ui: &mut Ui, rect: Rect) -> f32 {
        let quiet = tokens(ui).quiet;
        let (right, middle) = (rect.right() - 8.0, rect.center().y);
        let put = |text: &str, style: &TextStyle| {
            let room = rect.width() * 0.6;
            let galley = paint::line_of_text_within(ui, text, style, quiet, room);
            let left = right - galley.size().x;
            paint::put_line(ui.painter(), left, middle, galley);
            left
        };
        match (self.refused, self.remark) {
            (Some(reason), _) => put(reason, &TextStyle::Small),
            (None, Remark::None) => right,
            (None, Remark::Mono(name)) => put(name, &TextStyle::Monospace),
            (None, Remark::Words(words)) => put(words, &TextStyle::Small),
            (None, Remark::Keys(keys)) => {
                let left = right - caps_width(ui, keys);
                let place = Rect::from_min_max(
                    egui::pos2(left, rect.top()),
                    egui::pos2(right, rect.bottom()),
                );
                let layout = Layout::left_to_right(egui::Align::Center);
                let mut own = ui.new_child(egui::UiBuilder::new().max_rect(place).layout(layout));
                key_caps(&mut own, keys);
                left
            }
        }
    }
}

impl Widget for PaletteLine<'_> {
    fn ui(mut self, ui: &mut Ui) -> Response {
        let size = Vec2::new(ui.available_width(), LINE);
        let sense = match self.refused {
            Some(_) => Sense::hover(),
            None => Sense::CLICK,
        };
        let (rect, response) = ui.allocate_exact_size(size, sense);
        let (enabled, chosen) = (self.refused.is_none(), self.chosen);
        response.widget_info(|| WidgetInfo::selected(Role::MenuItem, enabled, chosen, &self.name));
        paint::tell_chosen(&response, chosen);
        if let Some(reason) = self.refused {
            paint::describe(&response, reason);
        }
        if !ui.is_rect_visible(rect) {
            return response;
        }
        let tokens = tokens(ui);
        let fill = match (self.chosen, response.hovered() && enabled) {
            (true, _) => tokens.selection,
            (false, true) => tokens.control_hover,
            (false, false) => egui::Color32::TRANSPARENT,
        };
        let corners = CornerRadius::same(SMALL_CORNER);
        ui.painter().rect_filled(rect, corners, fill);
        let ink = if enabled {
            tokens.quiet
        } else {
            tokens.disabled
        };
        let mut x = rect.left() + 8.0;
        if let Some(icon) = self.icon {
            let at = egui::pos2(x + ICON / 2.0, rect.center().y);
            paint::icon_at(ui.painter(), at, icon, ICON, ink);
            x += ICON + 8.0;
        }
        let end = self.remark_ui(ui, rect) - 12.0;
        self.text.wrap = egui::text::TextWrapping::truncate_at_width((end - x).max(0.0));
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(self.text));
        paint::put_line(ui.painter(), x, rect.center().y, galley);
        response
    }
}
