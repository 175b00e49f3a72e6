//! Strips that switch what is shown: tabs with a line below the chosen one, and the counted filters of the transfers.

use eframe::egui;
use egui::{
    Color32, CornerRadius, Rect, Response, Role, Sense, Stroke, TextStyle, Ui, Vec2, WidgetInfo,
};

use super::paint::{self, Touch};
use crate::ui::theme::{self, CORNER, tokens};

/// A tab strip, 32 high, with a line under all of it. The response is `changed` when the user chose another tab.
pub fn tabs(ui: &mut Ui, name: &str, chosen: &mut usize, names: &[&str]) -> Response {
    inset_tabs(ui, name, chosen, names, 0.0)
}

/// The same with the first tab `inset` points from the left end of the line.
pub fn inset_tabs(
    ui: &mut Ui,
    name: &str,
    chosen: &mut usize,
    names: &[&str],
    inset: f32,
) -> Response {
    const HEIGHT: f32 = 32.0;
    const PADDING: f32 = 8.0;
    let widths: Vec<f32> = names
        .iter()
        .map(|tab| {
            (paint::line_of_text(ui, tab, &theme::small_strong(), Color32::PLACEHOLDER)
                .size()
                .x
                + 2.0 * PADDING)
                .round()
        })
        .collect();
    let size = Vec2::new(
        ui.available_width().max(widths.iter().sum::<f32>() + inset),
        HEIGHT,
    );
    let (rect, mut whole) = ui.allocate_exact_size(size, Sense::hover());
    let tokens = tokens(ui);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, theme::line(tokens));
    let mut x = rect.left() + inset;
    for (at, (tab, width)) in names.iter().zip(&widths).enumerate() {
        let part = Rect::from_min_size(egui::pos2(x, rect.top()), Vec2::new(*width, HEIGHT));
        let response = ui.interact(part, whole.id.with((name, at)), Sense::click());
        let on = *chosen == at;
        response.widget_info(|| WidgetInfo::selected(Role::Tab, response.enabled(), on, tab));
        paint::tell_chosen(&response, on);
        let (style, ink) = match paint::touch(&response) {
            Touch::Disabled => (TextStyle::Small, tokens.disabled),
            _ if on => (theme::small_strong(), tokens.text),
            Touch::Rest => (TextStyle::Small, tokens.quiet),
            Touch::Hover | Touch::Pressed => (TextStyle::Small, tokens.text),
        };
        let text = paint::line_of_text(ui, tab, &style, ink);
        paint::put_in_middle(ui.painter(), part, text);
        if on {
            ui.painter().hline(
                part.x_range(),
                part.bottom() - 1.0,
                Stroke::new(2.0, tokens.copper),
            );
        }
        paint::focus_ring(ui, &response, part.shrink2(Vec2::new(3.0, 5.0)), CORNER);
        if response.clicked() && !on {
            *chosen = at;
            whole.mark_changed();
        }
        x += width;
    }
    whole
}

/// One counted filter, as above the transfers: `All 230`. The chosen one has a ground and is semibold.
pub fn counted(ui: &mut Ui, on: bool, name: &str, count: usize, bad: bool) -> Response {
    let tokens = tokens(ui);
    let style = if on { theme::strong() } else { TextStyle::Body };
    let ink = if on { tokens.text } else { tokens.quiet };
    let words = paint::line_of_text(ui, name, &style, ink);
    let number_ink = if bad && count > 0 {
        tokens.bad
    } else {
        tokens.quiet
    };
    let number = paint::line_of_text(ui, &count.to_string(), &theme::small_strong(), number_ink);
    let width = (16.0 + words.size().x + 8.0 + number.size().x).round();
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, 24.0), Sense::click());
    response.widget_info(|| {
        WidgetInfo::selected(Role::Tab, response.enabled(), on, format!("{name} {count}"))
    });
    paint::tell_chosen(&response, on);
    let fill = match paint::touch(&response) {
        _ if on => tokens.selection,
        Touch::Hover => tokens.row_hover,
        Touch::Pressed => tokens.selection,
        _ => Color32::TRANSPARENT,
    };
    ui.painter()
        .rect_filled(rect, CornerRadius::same(CORNER), fill);
    let x = paint::put_line(ui.painter(), rect.left() + 8.0, rect.center().y, words);
    paint::put_line(ui.painter(), x + 8.0, rect.center().y, number);
    paint::focus_ring(ui, &response, rect, CORNER);
    response
}
