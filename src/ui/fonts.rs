//! The fonts of the window: our own first, the system's behind them.
//!
//! Text is set in Cooperage Sans (Inter with tabular figures) and keys, URLs and ids in JetBrains Mono. A character that neither has is looked
//! for among the fonts of the system (eframe's `system_fonts` asks them one character at a time, so Chinese, Japanese, Korean, Arabic, Hebrew and
//! coloured emoji show), and an emoji that the system lacks too is drawn in one colour from egui's own emoji font.
//! Rule others rely on: a row's height comes from our font alone; a character from another font is centred in it and never grows it.

use std::sync::Arc;

use eframe::egui;
use egui::epaint::text::{FallbackRequest, FontInsert, FontProvider};
use egui::{FontData, FontDefinitions, FontFamily};

use super::icons;

/// Font family of medium weight: buttons, heads of columns.
pub const MEDIUM: &str = "medium";
/// Font family of semibold weight: headings, selected navigation, the primary button.
pub const SEMIBOLD: &str = "semibold";

const REGULAR_FILE: &[u8] = include_bytes!("../../assets/fonts/CooperageSans-Regular.ttf");
const MEDIUM_FILE: &[u8] = include_bytes!("../../assets/fonts/CooperageSans-Medium.ttf");
const SEMIBOLD_FILE: &[u8] = include_bytes!("../../assets/fonts/CooperageSans-SemiBold.ttf");
const MONO_FILE: &[u8] = include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf");
const ICONS_FILE: &[u8] = include_bytes!("../../assets/fonts/Phosphor.ttf");
const ICONS_FILL_FILE: &[u8] = include_bytes!("../../assets/fonts/Phosphor-Fill.ttf");

/// Sets the fonts of the whole window. Call once, when the window is made: providers that eframe has set before stay and are asked first.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(definitions());
    for emoji in EmojiInOneColour::all() {
        ctx.add_font_provider(Arc::new(emoji));
    }
}

/// Our families and what they fall back to among our own fonts.
#[must_use]
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let files = [
        ("sans", REGULAR_FILE),
        ("sans-medium", MEDIUM_FILE),
        ("sans-semibold", SEMIBOLD_FILE),
        ("mono", MONO_FILE),
        ("icons", ICONS_FILE),
        ("icons-fill", ICONS_FILL_FILE),
    ];
    for (name, file) in files {
        fonts
            .font_data
            .insert(name.to_owned(), Arc::new(FontData::from_static(file)));
    }
    let families = [
        (FontFamily::Proportional, ["sans", "mono"]),
        (FontFamily::Name(MEDIUM.into()), ["sans-medium", "mono"]),
        (FontFamily::Name(SEMIBOLD.into()), ["sans-semibold", "mono"]),
        (FontFamily::Monospace, ["mono", "sans"]),
        (
            FontFamily::Name(icons::FAMILY.into()),
            ["icons", "icons-fill"],
        ),
    ];
    for (family, chain) in families {
        fonts
            .families
            .insert(family, chain.map(str::to_owned).to_vec());
    }
    fonts
}

/// One of egui's own emoji fonts, asked after the system's fonts.
struct EmojiInOneColour {
    name: &'static str,
    data: Arc<FontData>,
}

impl EmojiInOneColour {
    fn all() -> impl Iterator<Item = Self> {
        let mut known = FontDefinitions::default().font_data;
        ["NotoEmoji-Regular", "emoji-icon-font"]
            .into_iter()
            .filter_map(move |name| {
                Some(Self {
                    name,
                    data: known.remove(name)?,
                })
            })
    }
}

impl FontProvider for EmojiInOneColour {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let wanted = request.cluster.chars().next()?;
        // egui warns about a font that lacks the character it was offered for, so only symbols are offered.
        let symbol = matches!(wanted, '\u{2000}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}');
        symbol.then(|| FontInsert::new(self.name, (*self.data).clone(), Vec::new()))
    }
}

#[cfg(test)]
mod tests {
    use egui::FontId;

    use super::*;

    fn with_fonts(test: impl Fn(&mut egui::epaint::text::FontsView<'_>)) {
        let ctx = egui::Context::default();
        install(&ctx);
        ctx.run_ui(egui::RawInput::default(), |ui| ui.ctx().fonts_mut(&test))
            .drop_without_applying_deltas();
    }

    #[test]
    fn every_icon_is_in_the_fonts_and_fills_its_square() {
        with_fonts(|fonts| {
            let font = FontId::new(16.0, FontFamily::Name(icons::FAMILY.into()));
            for (name, icon) in icons::ALL {
                assert!(
                    fonts.has_glyph(&font, *icon),
                    "{name} is missing: cut the icon fonts again"
                );
                assert!(
                    (fonts.glyph_width(&font, *icon) - 16.0).abs() < 0.1,
                    "{name} is not as wide as it is high"
                );
            }
        });
    }

    #[test]
    fn figures_are_tabular_in_every_weight() {
        with_fonts(|fonts| {
            for family in [
                FontFamily::Proportional,
                FontFamily::Name(MEDIUM.into()),
                FontFamily::Name(SEMIBOLD.into()),
            ] {
                let font = FontId::new(13.0, family);
                let zero = fonts.glyph_width(&font, '0');
                for figure in '1'..='9' {
                    assert!(
                        (fonts.glyph_width(&font, figure) - zero).abs() < 0.001,
                        "{figure}"
                    );
                }
            }
        });
    }

    #[test]
    fn a_character_of_another_font_does_not_grow_the_row() {
        with_fonts(|fonts| {
            let font = FontId::new(13.0, FontFamily::Proportional);
            let plain = fonts.layout_no_wrap("alps".to_owned(), font.clone(), egui::Color32::WHITE);
            let mixed =
                fonts.layout_no_wrap("😀 alps".to_owned(), font.clone(), egui::Color32::WHITE);
            assert!(
                fonts.has_glyph(&font, '😀'),
                "an emoji is drawn without any font of the system"
            );
            assert_eq!(plain.size().y, mixed.size().y);
        });
    }
}
