//! Notes: a verdict on a ground of its colour, with the one thing that helps as a small button at the right.

use eframe::egui;
use egui::{Align, CornerRadius, Frame, Layout, Margin, Response, Ui};

use super::button::Button;
use super::light::{Light, light_at};
use super::prose::Prose;
use crate::ui::theme::{CORNER, ICON, tokens};

/// Below this width the remedy stands under the words, which would be squeezed into a column otherwise.
const NARROW: f32 = 320.0;

/// The light of a verdict, and how high its two lines are.
const BIG_ICON: f32 = 20.0;
const TWO_LINES: f32 = 38.0;

/// A note over the whole width.
#[derive(Debug, Clone)]
#[must_use = "a note is drawn by show"]
pub struct Note<'a> {
    light: Light,
    prose: Prose<'a>,
    below: Option<Prose<'a>>,
    remedy: Option<&'a str>,
    primary: bool,
    verdict: bool,
}

impl<'a> Note<'a> {
    /// Everything is in order.
    pub fn good(prose: Prose<'a>) -> Self {
        Self::of(Light::Good, prose)
    }

    /// Works, but not as expected.
    pub fn warn(prose: Prose<'a>) -> Self {
        Self::of(Light::Warn, prose)
    }

    /// Does not work.
    pub fn bad(prose: Prose<'a>) -> Self {
        Self::of(Light::Bad, prose)
    }

    /// For information, without a ground of its own.
    pub fn info(prose: Prose<'a>) -> Self {
        Self::of(Light::Info, prose)
    }

    /// Not known yet.
    pub fn busy(prose: Prose<'a>) -> Self {
        Self::of(Light::Busy, prose)
    }

    fn of(light: Light, prose: Prose<'a>) -> Self {
        Self {
            light,
            prose,
            below: None,
            remedy: None,
            primary: false,
            verdict: false,
        }
    }

    /// A second line, smaller: why, or what follows.
    pub fn below(mut self, below: Prose<'a>) -> Self {
        self.below = Some(below);
        self
    }

    /// What helps, as a small button at the right.
    pub fn remedy(mut self, remedy: impl Into<Option<&'a str>>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// Makes the remedy the primary button of the screen.
    pub fn primary(mut self) -> Self {
        self.primary = true;
        self
    }

    /// Makes it the verdict over a whole page, which has two lines.
    pub fn verdict(mut self) -> Self {
        self.verdict = true;
        self
    }

    /// Draws the note. The answer is the remedy's response, when it has one: `clicked` means that it is wanted.
    pub fn show(self, ui: &mut Ui) -> Option<Response> {
        let tokens = tokens(ui);
        let fill = match self.light {
            Light::Good => tokens.good_fill,
            Light::Warn => tokens.warn_fill,
            Light::Bad => tokens.bad_fill,
            _ if self.verdict => tokens.panel,
            _ => egui::Color32::TRANSPARENT,
        };
        let padding = match (self.verdict, self.below.is_some()) {
            (true, _) => Margin::symmetric(16, 13),
            (false, true) => Margin::symmetric(12, 12),
            (false, false) => Margin::symmetric(12, 8),
        };
        Frame::NONE
            .fill(fill)
            .corner_radius(CornerRadius::same(CORNER))
            .inner_margin(padding)
            .show(ui, |ui| self.content_ui(ui))
            .inner
    }

    fn content_ui(&self, ui: &mut Ui) -> Option<Response> {
        let width = ui.available_width();
        if width < NARROW && self.remedy.is_some() {
            return self.narrow_ui(ui);
        }
        let button = self.button();
        let (height, align) = if self.verdict {
            (TWO_LINES, Align::Center)
        } else {
            (16.0, Align::Min)
        };
        ui.allocate_ui_with_layout(
            egui::vec2(width, height),
            Layout::right_to_left(align),
            |ui| {
                ui.spacing_mut().item_spacing.x = 12.0;
                let response = button.map(|button| ui.add(button));
                ui.with_layout(Layout::left_to_right(Align::Min), |ui| self.words_ui(ui));
                response
            },
        )
        .inner
    }

    /// Words over the whole width, and the remedy below them.
    fn narrow_ui(&self, ui: &mut Ui) -> Option<Response> {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 8.0;
            ui.horizontal_top(|ui| self.words_ui(ui));
            let button = self.button()?;
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.add_space(ICON + 8.0);
                ui.add(button)
            })
            .inner
            .into()
        })
        .inner
    }

    fn button(&self) -> Option<Button<'a>> {
        self.remedy
            .map(|text| match (self.primary, self.below.is_some()) {
                (true, _) => Button::primary(text),
                (false, true) => Button::secondary(text),
                (false, false) => Button::secondary(text).small(),
            })
    }

    /// The light and the words beside it.
    fn words_ui(&self, ui: &mut Ui) {
        let (gap, size, height) = match (self.verdict, self.below.is_some()) {
            (true, _) => (12.0, BIG_ICON, TWO_LINES),
            (false, true) => (8.0, ICON, 20.0),
            (false, false) => (8.0, ICON, 16.0),
        };
        ui.spacing_mut().item_spacing.x = gap;
        let (rect, _) = ui.allocate_exact_size(egui::vec2(size, height), egui::Sense::hover());
        light_at(ui, rect.center(), self.light, size);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            match &self.below {
                None => self.prose.clone().small().ui(ui),
                Some(below) => {
                    self.prose.ui(ui);
                    below.clone().small().ui(ui)
                }
            };
        });
    }
}
