//! The look: every colour, text size and measure of the window, once.
//!
//! [`Tokens`] are the named colours in their dark and light form; [`install`] turns them into egui's style for both themes and follows the
//! system. A view never writes a colour or a font size itself: it asks [`tokens`] and the text styles [`caption`], [`title`], [`strong`] ...
//! Rule others rely on: every ink stands on every ground it may stand on with a contrast of at least 4.5 (tested below).

use eframe::egui;
use egui::{
    Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, Style, TextStyle, Ui, Visuals, vec2,
};

use super::fonts::{MEDIUM, SEMIBOLD};

mod measure;
mod visuals;

pub use crate::settings::memory::Density;
pub use measure::*;

/// The colours of one theme. Names say what a colour is for, not how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tokens {
    /// Whether this is the dark theme.
    pub dark: bool,
    /// Window and table.
    pub ground: Color32,
    /// Side panels and bars.
    pub panel: Color32,
    /// Menus, dialogs, cards, secondary buttons.
    pub raised: Color32,
    /// Text fields, drop-downs, boxes with URLs.
    pub field: Color32,
    /// Separators and the edge of disabled controls.
    pub line: Color32,
    /// Edge of fields, buttons, menus, dialogs; scroll handle.
    pub edge: Color32,
    /// A table or navigation row under the pointer.
    pub row_hover: Color32,
    /// A control under the pointer; the empty part of a progress bar.
    pub control_hover: Color32,
    /// A control while it is pressed.
    pub pressed: Color32,
    /// Selected rows, navigation, segments.
    pub selection: Color32,
    /// Main text.
    pub text: Color32,
    /// Secondary text.
    pub quiet: Color32,
    /// Text of what is disabled, and nothing else.
    pub disabled: Color32,
    /// The accent: primary action, progress, focus ring, links in text.
    pub copper: Color32,
    /// The primary button under the pointer.
    pub copper_hover: Color32,
    /// The primary button while it is pressed.
    pub copper_pressed: Color32,
    /// Text and icons on copper.
    pub on_copper: Color32,
    /// In order. Always with an icon or a word beside it.
    pub good: Color32,
    /// Needs a look.
    pub warn: Color32,
    /// Failed or dangerous.
    pub bad: Color32,
    /// Ground of a good note.
    pub good_fill: Color32,
    /// Ground of a warning.
    pub warn_fill: Color32,
    /// Ground of a failure.
    pub bad_fill: Color32,
    /// Band of a production connection along the top.
    pub band: Color32,
    /// Text on the band.
    pub on_band: Color32,
    /// Laid over the window behind a modal dialog.
    pub scrim: Color32,
    /// Shadow of menus, dialogs and toasts.
    pub shadow: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// The dark theme.
pub static DARK: Tokens = Tokens {
    dark: true,
    ground: rgb(0x16181B),
    panel: rgb(0x1D2023),
    raised: rgb(0x262A2E),
    field: rgb(0x121416),
    line: rgb(0x33383D),
    edge: rgb(0x4A5157),
    row_hover: rgb(0x23272B),
    control_hover: rgb(0x2E3338),
    pressed: rgb(0x141618),
    selection: rgb(0x3B2C21),
    text: rgb(0xE8E6E3),
    quiet: rgb(0xA4AAAF),
    disabled: rgb(0x6E747A),
    copper: rgb(0xE08A4B),
    copper_hover: rgb(0xEC9C62),
    copper_pressed: rgb(0xC97738),
    on_copper: rgb(0x1B120B),
    good: rgb(0x5BB98B),
    warn: rgb(0xE2B34A),
    bad: rgb(0xEE7B73),
    good_fill: rgb(0x1C2B24),
    warn_fill: rgb(0x2E2819),
    bad_fill: rgb(0x33211F),
    band: rgb(0xA93028),
    on_band: Color32::WHITE,
    scrim: Color32::from_black_alpha(143),
    shadow: Color32::from_black_alpha(122),
};

/// The light theme.
pub static LIGHT: Tokens = Tokens {
    dark: false,
    ground: rgb(0xFAF9F7),
    panel: rgb(0xF1EFEB),
    raised: Color32::WHITE,
    field: Color32::WHITE,
    line: rgb(0xDAD6CF),
    edge: rgb(0xB4AFA6),
    row_hover: rgb(0xECE9E4),
    control_hover: rgb(0xE2DED7),
    pressed: rgb(0xCFC9BF),
    selection: rgb(0xF6E3D3),
    text: rgb(0x1F2124),
    quiet: rgb(0x5C6167),
    disabled: rgb(0x8D9196),
    copper: rgb(0xA24C12),
    copper_hover: rgb(0x8F420E),
    copper_pressed: rgb(0x7C390C),
    on_copper: Color32::WHITE,
    good: rgb(0x236B44),
    warn: rgb(0x7A5500),
    bad: rgb(0xA93028),
    good_fill: rgb(0xE2F0E8),
    warn_fill: rgb(0xF8EED6),
    bad_fill: rgb(0xF9E4E1),
    band: rgb(0xA93028),
    on_band: Color32::WHITE,
    // Straight 0x282622 at 40 % and 0x28241E at 20 %, premultiplied.
    scrim: Color32::from_rgba_premultiplied(16, 15, 14, 102),
    shadow: Color32::from_rgba_premultiplied(8, 7, 6, 51),
};

/// Colours that tell connections apart: the dots before their names.
pub const CONNECTION_COLOURS: [(&str, Color32); 7] = [
    ("red", rgb(0xEE7B73)),
    ("yellow", rgb(0xE2B34A)),
    ("green", rgb(0x5BB98B)),
    ("blue", rgb(0x6FA8DC)),
    ("violet", rgb(0xB394D6)),
    ("orange", rgb(0xE08A4B)),
    ("grey", rgb(0xA4AAAF)),
];

/// The colours of the theme that `ui` is drawn in.
#[must_use]
pub fn tokens(ui: &Ui) -> &'static Tokens {
    tokens_of(ui.visuals())
}

/// The colours that belong to `visuals`.
#[must_use]
pub fn tokens_of(visuals: &Visuals) -> &'static Tokens {
    if visuals.dark_mode { &DARK } else { &LIGHT }
}

/// Sets both themes for the whole window, at the given density. Call once at the start and again when the density changes.
pub fn install(ctx: &egui::Context, density: Density) {
    for (theme, tokens) in [(egui::Theme::Dark, &DARK), (egui::Theme::Light, &LIGHT)] {
        ctx.set_style_of(theme, style(tokens, density));
    }
}

/// Follows the system, or stays dark or light.
pub fn choose(ctx: &egui::Context, preference: egui::ThemePreference) {
    ctx.set_theme(preference);
}

fn style(tokens: &Tokens, density: Density) -> Style {
    let mut style = Style {
        visuals: visuals::visuals(tokens),
        ..Style::default()
    };
    let body = density.body_points();
    style.text_styles = [
        (TextStyle::Body, FontId::new(body, FontFamily::Proportional)),
        (
            TextStyle::Button,
            FontId::new(13.0, FontFamily::Name(MEDIUM.into())),
        ),
        (
            TextStyle::Small,
            FontId::new(12.0, FontFamily::Proportional),
        ),
        (
            TextStyle::Monospace,
            FontId::new(12.0, FontFamily::Monospace),
        ),
        (
            TextStyle::Heading,
            FontId::new(16.0, FontFamily::Name(SEMIBOLD.into())),
        ),
        (
            title(),
            FontId::new(20.0, FontFamily::Name(SEMIBOLD.into())),
        ),
        (
            strong(),
            FontId::new(body, FontFamily::Name(SEMIBOLD.into())),
        ),
        (medium(), FontId::new(body, FontFamily::Name(MEDIUM.into()))),
        (
            small_strong(),
            FontId::new(12.0, FontFamily::Name(SEMIBOLD.into())),
        ),
        (
            small_medium(),
            FontId::new(12.0, FontFamily::Name(MEDIUM.into())),
        ),
        (
            caption(),
            FontId::new(11.0, FontFamily::Name(SEMIBOLD.into())),
        ),
        (tiny(), FontId::new(11.0, FontFamily::Proportional)),
    ]
    .into();
    style.drag_value_text_style = TextStyle::Body;
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 8.0);
    spacing.button_padding = vec2(12.0, 4.0);
    spacing.interact_size = vec2(28.0, CONTROL);
    spacing.window_margin = Margin::same(16);
    spacing.menu_margin = Margin::same(4);
    spacing.menu_width = 256.0;
    spacing.menu_spacing = 0.0;
    spacing.indent = 16.0;
    spacing.icon_width = 16.0;
    spacing.icon_width_inner = 12.0;
    spacing.icon_spacing = 8.0;
    spacing.tooltip_width = 320.0;
    spacing.combo_height = 320.0;
    spacing.scroll = visuals::scroll();
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.4;
    style.interaction.interact_radius = 0.0;
    style.animation_time = 0.08;
    style
}

/// Heading of a screen: 20 semibold.
#[must_use]
pub fn title() -> TextStyle {
    TextStyle::Name("title".into())
}

/// Body, semibold: selected navigation, names of panes.
#[must_use]
pub fn strong() -> TextStyle {
    TextStyle::Name("strong".into())
}

/// Body, medium.
#[must_use]
pub fn medium() -> TextStyle {
    TextStyle::Name("medium".into())
}

/// Small, semibold.
#[must_use]
pub fn small_strong() -> TextStyle {
    TextStyle::Name("small-strong".into())
}

/// Small, medium: heads of table columns, small buttons.
#[must_use]
pub fn small_medium() -> TextStyle {
    TextStyle::Name("small-medium".into())
}

/// Caption of a section: 11 semibold, to be written in capitals with 0.6 between the letters.
#[must_use]
pub fn caption() -> TextStyle {
    TextStyle::Name("caption".into())
}

/// Key caps and shortcuts: 11.
#[must_use]
pub fn tiny() -> TextStyle {
    TextStyle::Name("tiny".into())
}

pub(super) fn corner() -> CornerRadius {
    CornerRadius::same(CORNER)
}

pub(super) fn line(tokens: &Tokens) -> Stroke {
    Stroke::new(1.0, tokens.line)
}

#[cfg(test)]
mod tests;
