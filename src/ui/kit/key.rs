//! Key caps: `Ctrl` `K`, as they stand in the palette, in hints and inside the filter field.

use eframe::egui;
use egui::{Align2, Color32, Pos2, Rect, Response, Sense, Ui, Vec2};

use super::paint;
use crate::ui::theme::{self, SMALL_CORNER, tokens};

const HEIGHT: f32 = 18.0;
const PADDING: f32 = 5.0;

const GAP: f32 = 4.0;

/// How wide the caps of a shortcut are.
pub(super) fn caps_width(ui: &Ui, shortcut: &str) -> f32 {
    let widths: Vec<f32> = split(shortcut).iter().map(|key| width(ui, key)).collect();
    widths.iter().sum::<f32>() + GAP * widths.len().saturating_sub(1) as f32
}

/// The keys of a shortcut as caps, given as one text: `Ctrl+Shift+C`.
pub fn key_caps(ui: &mut Ui, shortcut: &str) -> Response {
    let keys: Vec<_> = split(shortcut);
    let widths: Vec<f32> = keys.iter().map(|key| width(ui, key)).collect();
    let whole = caps_width(ui, shortcut);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(whole, HEIGHT), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, shortcut));
    let mut x = rect.left();
    for (key, width) in keys.iter().zip(widths) {
        cap_at(ui, egui::pos2(x, rect.center().y), Align2::LEFT_CENTER, key);
        x += width + GAP;
    }
    response
}

/// `Ctrl++` is the key `+` with Ctrl, so a plus at the end is a key.
fn split(shortcut: &str) -> Vec<&str> {
    match shortcut.strip_suffix("++") {
        Some(before) => before.split('+').chain(["+"]).collect(),
        None if shortcut == "+" => vec!["+"],
        None => shortcut.split('+').collect(),
    }
}

fn width(ui: &Ui, key: &str) -> f32 {
    let galley = paint::line_of_text(ui, key, &theme::tiny(), Color32::PLACEHOLDER);
    (galley.size().x + 2.0 * PADDING).max(HEIGHT - 2.0).round()
}

/// Draws one cap at a place; returns where it stands.
pub(super) fn cap_at(ui: &Ui, at: Pos2, align: Align2, key: &str) -> Rect {
    let tokens = tokens(ui);
    let galley = paint::line_of_text(ui, key, &theme::tiny(), tokens.quiet);
    let rect = align.anchor_size(at, Vec2::new(width(ui, key), HEIGHT));
    paint::boxed(
        ui.painter(),
        rect,
        SMALL_CORNER,
        Color32::TRANSPARENT,
        tokens.edge,
    );
    paint::put_in_middle(ui.painter(), rect, galley);
    rect
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_plus_can_be_a_key() {
        assert_eq!(super::split("Ctrl+Shift+C"), ["Ctrl", "Shift", "C"]);
        assert_eq!(super::split("Ctrl++"), ["Ctrl", "+"]);
        assert_eq!(super::split("F5"), ["F5"]);
    }
}
