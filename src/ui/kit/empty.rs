//! What stands where nothing can be shown: an icon, what happened, why, the one button that helps, beside it at most one
//! that leads further, and the details for who wants them.

use eframe::egui;
use egui::{Layout, Sense, TextStyle, Ui, Vec2};

use super::button::{Button, small_button};
use super::paint;
use super::prose::{Prose, mono};
use super::rows::{fold_button, text_box};
use crate::ui::icons;
use crate::ui::theme::tokens;

const WIDTH: f32 = 376.0;

/// What was pressed in an empty state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use = "a button that does nothing is a dead one"]
pub struct Pressed {
    /// The one that helps.
    pub action: bool,
    /// The one beside it.
    pub aside: bool,
}

/// An empty state, in the middle of the room that is left.
#[derive(Debug, Clone)]
#[must_use = "an empty state is drawn by show"]
pub struct EmptyState<'a> {
    icon: char,
    title: &'a str,
    text: Prose<'a>,
    action: Option<(Option<char>, &'a str)>,
    aside: Option<(Option<char>, &'a str)>,
    details: Option<&'a str>,
}

impl<'a> EmptyState<'a> {
    /// What happened: an icon of 32 and a heading.
    pub fn new(icon: char, title: &'a str) -> Self {
        Self {
            icon,
            title,
            text: Prose::new(),
            action: None,
            aside: None,
            details: None,
        }
    }

    /// Why, and what is known.
    pub fn text(mut self, text: Prose<'a>) -> Self {
        self.text = text;
        self
    }

    /// The one button that helps.
    pub fn action(mut self, icon: impl Into<Option<char>>, text: &'a str) -> Self {
        self.action = Some((icon.into(), text));
        self
    }

    /// A quieter button beside it, which leads further.
    pub fn aside(mut self, icon: impl Into<Option<char>>, text: &'a str) -> Self {
        self.aside = Some((icon.into(), text));
        self
    }

    /// Code, request id and the like, folded away; they can be copied.
    pub fn details(mut self, details: impl Into<Option<&'a str>>) -> Self {
        self.details = details.into();
        self
    }

    /// Draws it and tells what was pressed.
    pub fn show(self, ui: &mut Ui) -> Pressed {
        let room = ui.available_rect_before_wrap();
        let id = ui.scope_id().with("empty");
        let height = ui.data(|data| data.get_temp::<f32>(id)).unwrap_or(180.0);
        // A little above the middle looks like the middle.
        let top = room.top() + ((room.height() - height) * 0.45).max(16.0);
        let width = WIDTH.min(room.width() - 32.0).max(120.0);
        let rect = egui::Rect::from_min_size(
            egui::pos2(room.center().x - width / 2.0, top),
            Vec2::new(width, height),
        );
        let layout = Layout::top_down(egui::Align::Center);
        let drawn = ui.scope_builder(egui::UiBuilder::new().max_rect(rect).layout(layout), |ui| {
            ui.spacing_mut().item_spacing = Vec2::ZERO;
            self.content_ui(ui)
        });
        let measured = drawn.response.rect.height();
        if (measured - height).abs() > 0.5 {
            ui.data_mut(|data| data.insert_temp(id, measured));
            ui.ctx().request_repaint();
        }
        drawn.inner
    }

    fn content_ui(&self, ui: &mut Ui) -> Pressed {
        let tokens = tokens(ui);
        let (icon, _) = ui.allocate_exact_size(Vec2::splat(32.0), Sense::hover());
        paint::icon_at(ui.painter(), icon.center(), self.icon, 32.0, tokens.quiet);
        ui.add_space(16.0);
        let title = egui::RichText::new(self.title)
            .text_style(TextStyle::Heading)
            .color(tokens.text)
            .line_height(Some(24.0));
        ui.add(egui::Label::new(title).halign(egui::Align::Center).wrap());
        ui.add_space(8.0);
        self.text.clone().centred().ui(ui);
        let pressed = self.buttons_ui(ui);
        if let Some(details) = self.details {
            ui.add_space(12.0);
            self.details_ui(ui, details);
        }
        pressed
    }

    /// The buttons side by side, in the middle as one.
    fn buttons_ui(&self, ui: &mut Ui) -> Pressed {
        const GAP: f32 = 8.0;
        let mut pressed = Pressed::default();
        if self.action.is_none() && self.aside.is_none() {
            return pressed;
        }
        ui.add_space(16.0);
        let id = ui.scope_id().with(("buttons", self.title));
        let width = ui.data(|data| data.get_temp::<f32>(id)).unwrap_or(0.0);
        let layout = Layout::left_to_right(egui::Align::Center);
        let row = ui.allocate_ui_with_layout(Vec2::new(width, 28.0), layout, |ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            if let Some((icon, text)) = self.action {
                pressed.action = ui.add(Button::primary(text).icon(icon)).clicked();
            }
            if let Some((icon, text)) = self.aside {
                pressed.aside = ui.add(Button::secondary(text).icon(icon)).clicked();
            }
        });
        let measured = row.response.rect.width();
        if (measured - width).abs() > 0.5 {
            ui.data_mut(|data| data.insert_temp(id, measured));
            ui.ctx().request_repaint();
        }
        pressed
    }

    fn details_ui(&self, ui: &mut Ui, details: &str) {
        if fold_button(ui, ("details", self.title), "Details", false) {
            ui.add_space(8.0);
            // Lines of data are read from their beginning, so they do not stand in the middle.
            text_box(ui).show(ui, |ui| {
                let width = ui.available_width();
                ui.allocate_ui_with_layout(
                    Vec2::new(width, 0.0),
                    Layout::top_down(egui::Align::Min),
                    |ui| {
                        ui.set_width(width);
                        mono(ui, details);
                    },
                );
            });
            ui.add_space(8.0);
            if small_button(ui, icons::COPY, "Copy details").clicked() {
                ui.ctx().copy_text(details.to_owned());
            }
        }
    }
}
