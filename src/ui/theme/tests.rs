//! Contrast of every ink on every ground it may stand on, by the formula of WCAG 2.1 (relative luminance).

use super::*;

fn luminance(colour: Color32) -> f64 {
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(colour.r()) + 0.7152 * channel(colour.g()) + 0.0722 * channel(colour.b())
}

fn contrast(one: Color32, other: Color32) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_ink_can_be_read_on_every_ground_it_stands_on() {
    for tokens in [&DARK, &LIGHT] {
        let t = tokens;
        let calm = [
            t.ground,
            t.panel,
            t.raised,
            t.field,
            t.row_hover,
            t.selection,
        ];
        let notes = [t.good_fill, t.warn_fill, t.bad_fill];
        let mut pairs: Vec<(&str, Color32, Color32)> = Vec::new();
        for ground in calm
            .into_iter()
            .chain(notes)
            .chain([t.control_hover, t.pressed])
        {
            pairs.push(("text", t.text, ground));
        }
        for ground in calm.into_iter().chain(notes).chain([t.control_hover]) {
            pairs.push(("quiet", t.quiet, ground));
        }
        for ground in calm {
            pairs.push(("copper", t.copper, ground));
        }
        for ground in [
            t.ground,
            t.panel,
            t.raised,
            t.row_hover,
            t.selection,
            t.control_hover,
            t.good_fill,
            t.warn_fill,
            t.bad_fill,
        ] {
            pairs.push(("bad", t.bad, ground));
            pairs.push(("warn", t.warn, ground));
            pairs.push(("good", t.good, ground));
        }
        for ground in [t.copper, t.copper_hover, t.copper_pressed] {
            pairs.push(("on copper", t.on_copper, ground));
        }
        pairs.push(("ground on bad", t.ground, t.bad));
        pairs.push(("on band", t.on_band, t.band));
        for (name, ink, ground) in pairs {
            let contrast = contrast(ink, ground);
            assert!(
                contrast >= 4.5,
                "{name} {ink:?} on {ground:?}: {contrast:.2} (dark: {})",
                t.dark
            );
        }
    }
}

#[test]
fn the_formula_knows_black_on_white() {
    assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
}

#[test]
fn both_themes_are_installed_and_follow_the_preference() {
    let ctx = egui::Context::default();
    install(&ctx, Density::Roomy);
    choose(&ctx, egui::ThemePreference::Light);
    assert_eq!(ctx.global_style().visuals.panel_fill, LIGHT.panel);
    choose(&ctx, egui::ThemePreference::Dark);
    assert_eq!(ctx.global_style().visuals.panel_fill, DARK.panel);
    assert_eq!(ctx.global_style().text_styles[&TextStyle::Body].size, 14.0);
}
