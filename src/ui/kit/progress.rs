//! The progress bar: 6 high, copper while it runs, grey while it is paused.

use eframe::egui;
use egui::{CornerRadius, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo};

use crate::ui::theme::tokens;

/// A bar of the given width; `fraction` from 0 to 1. `name` says of what.
pub fn progress(ui: &mut Ui, name: &str, fraction: f32, width: f32) -> Response {
    bar_ui(ui, name, fraction, width, false)
}

/// The same for what does not run now.
pub fn paused_progress(ui: &mut Ui, name: &str, fraction: f32, width: f32) -> Response {
    bar_ui(ui, name, fraction, width, true)
}

fn bar_ui(ui: &mut Ui, name: &str, fraction: f32, width: f32, paused: bool) -> Response {
    const HEIGHT: f32 = 6.0;
    let fraction = if fraction.is_finite() {
        fraction.clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, HEIGHT), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, name);
        info.value = Some(f64::from(fraction * 100.0).round());
        info
    });
    if ui.is_rect_visible(rect) {
        progress_at(ui, rect, fraction, paused);
    }
    response
}

/// Draws a bar into `rect`.
pub fn progress_at(ui: &Ui, rect: Rect, fraction: f32, paused: bool) {
    let tokens = tokens(ui);
    let corners = CornerRadius::same(3);
    ui.painter()
        .rect_filled(rect, corners, tokens.control_hover);
    if fraction > 0.0 {
        // Never narrower than its round ends, or it would look like a dot beside the bar.
        let done = (rect.width() * fraction).clamp(rect.height(), rect.width());
        let colour = if paused { tokens.edge } else { tokens.copper };
        ui.painter()
            .rect_filled(rect.with_max_x(rect.left() + done), corners, colour);
    }
}
