//! Lights: an icon in its colour with the word beside it, and the sign that something is being done.

use eframe::egui;
use egui::{Color32, Response, Role, Sense, Shape, Stroke, TextStyle, Ui, Vec2, WidgetInfo};

use super::paint;
use crate::ui::icons;
use crate::ui::theme::{ICON, Tokens, tokens};

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Light {
    /// In order, used, allowed.
    Good,
    /// Needs a look.
    Warn,
    /// Failed, denied.
    Bad,
    /// Set, but something stronger wins.
    Shadowed,
    /// Not set.
    NotSet,
    /// Not tested, waiting.
    NotTested,
    /// For information.
    Info,
    /// The server does not support it.
    Unsupported,
    /// Paused.
    Paused,
    /// A point in time.
    Clock,
    /// Being done now: an open ring that turns.
    Busy,
}

impl Light {
    /// The icon of this light.
    #[must_use]
    pub fn icon(self) -> char {
        match self {
            Self::Good => icons::CHECK_CIRCLE_FILL,
            Self::Warn => icons::WARNING_FILL,
            Self::Bad => icons::X_CIRCLE_FILL,
            Self::Shadowed => icons::CIRCLE_HALF,
            Self::NotSet => icons::MINUS_CIRCLE,
            Self::NotTested => icons::CIRCLE_DASHED,
            Self::Info => icons::INFO,
            Self::Unsupported => icons::PROHIBIT,
            Self::Paused => icons::PAUSE_CIRCLE,
            Self::Clock => icons::CLOCK,
            Self::Busy => icons::CIRCLE_NOTCH,
        }
    }

    /// Its colour: the three verdicts have one, everything else is quiet.
    #[must_use]
    pub fn colour(self, tokens: &Tokens) -> Color32 {
        match self {
            Self::Good => tokens.good,
            Self::Warn => tokens.warn,
            Self::Bad => tokens.bad,
            Self::Busy => tokens.copper,
            _ => tokens.quiet,
        }
    }
}

/// A light of 16 with its word of 12 beside it. The word may be empty when the head of a column says it; give `name` then.
pub fn light(ui: &mut Ui, light: Light, word: &str) -> Response {
    named_light(ui, light, word, word)
}

/// A light without a word: `name` is its tooltip and what assistive technology reads.
pub fn light_icon(ui: &mut Ui, light: Light, name: &str) -> Response {
    named_light(ui, light, "", name).on_hover_text(name)
}

fn named_light(ui: &mut Ui, light: Light, word: &str, name: &str) -> Response {
    let tokens = tokens(ui);
    let text = paint::line_of_text(ui, word, &TextStyle::Small, tokens.text);
    let width = if word.is_empty() {
        ICON
    } else {
        ICON + 6.0 + text.size().x
    };
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, ICON), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name));
    if ui.is_rect_visible(rect) {
        light_at(
            ui,
            egui::pos2(rect.left() + ICON / 2.0, rect.center().y),
            light,
            ICON,
        );
        paint::put_line(
            ui.painter(),
            rect.left() + ICON + 6.0,
            rect.center().y,
            text,
        );
    }
    response
}

/// Draws a light of the given edge with its centre at `centre`.
pub fn light_at(ui: &Ui, centre: egui::Pos2, light: Light, size: f32) {
    let colour = light.colour(tokens(ui));
    if light == Light::Busy {
        busy_at(ui, centre, size, colour);
    } else {
        paint::icon_at(ui.painter(), centre, light.icon(), size, colour);
    }
}

/// The turning ring alone, 14 wide, for places where the word says what is being done.
pub fn busy(ui: &mut Ui, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(14.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, name));
    if ui.is_rect_visible(rect) {
        busy_at(ui, rect.center(), 14.0, tokens(ui).copper);
    }
    response
}

/// Three quarters of a ring, one turn a second, drawn at most twenty times a second: a frame costs more than it shows.
fn busy_at(ui: &Ui, centre: egui::Pos2, size: f32, colour: Color32) {
    use std::f32::consts::TAU;
    let turn = (ui.input(|input| input.time) % 1.0) as f32 * TAU;
    let radius = size * 0.375;
    let points = (0..=18u8)
        .map(|step| centre + radius * Vec2::angled(turn + f32::from(step) / 18.0 * TAU * 0.78))
        .collect();
    ui.painter()
        .add(Shape::line(points, Stroke::new(1.5, colour)));
    ui.ctx()
        .request_repaint_after(std::time::Duration::from_millis(50));
}
