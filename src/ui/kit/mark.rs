//! The mark of the program: a barrel in outline, painted, so that it is sharp at every size.

use eframe::egui;
use egui::{
    Color32, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, pos2,
};

use crate::ui::theme::tokens;

/// The mark in copper, `size` points high and wide.
pub fn mark(ui: &mut Ui, size: f32) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Cooperage"));
    mark_at(ui.painter(), rect, tokens(ui).copper);
    response
}

/// Draws the mark into `rect`, which is square. The same drawing is `assets/icon.svg`.
pub fn mark_at(painter: &Painter, rect: Rect, colour: Color32) {
    let scale = rect.width() / 48.0;
    let at = |x: f32, y: f32| -> Pos2 { rect.min + Vec2::new(x, y) * scale };
    let stroke = Stroke::new(2.6 * scale, colour);
    let curve = |from: Pos2, bulge: Pos2, to: Pos2| {
        let points = [from, bulge, to];
        Shape::from(egui::epaint::QuadraticBezierShape::from_points_stroke(
            points,
            false,
            Color32::TRANSPARENT,
            stroke,
        ))
    };
    // Staves: two outer ones that bulge, two inner ones that bulge less.
    let mut outline = Vec::new();
    for step in 0..=16u8 {
        outline.push(bezier(
            at(13.5, 4.0),
            at(1.5, 24.0),
            at(13.5, 44.0),
            f32::from(step) / 16.0,
        ));
    }
    for step in 0..=16u8 {
        outline.push(bezier(
            at(34.5, 44.0),
            at(46.5, 24.0),
            at(34.5, 4.0),
            f32::from(step) / 16.0,
        ));
    }
    painter.add(Shape::closed_line(outline, stroke));
    painter.add(curve(at(20.0, 4.0), at(14.5, 24.0), at(20.0, 44.0)));
    painter.add(curve(at(28.0, 4.0), at(33.5, 24.0), at(28.0, 44.0)));
    // Hoops.
    for y in [14.5, 33.5] {
        painter.line_segment([at(9.2, y), at(38.8, y)], stroke);
    }
}

fn bezier(from: Pos2, bulge: Pos2, to: Pos2, t: f32) -> Pos2 {
    let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
    pos2(
        a * from.x + b * bulge.x + c * to.x,
        a * from.y + b * bulge.y + c * to.y,
    )
}
