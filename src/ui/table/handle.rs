//! The scroll handle: drag it, or click beside it to move by a view.
//!
//! Its place is a fraction in `f64`, so that one point of it is exact also when it stands for a million rows.

use egui::{Color32, Id, Rect, Sense, Shape, Ui, pos2};

use super::spec::TableStyle;
use crate::catalog::{Extent, ScrollAnchor};

const WIDTH: f32 = 6.0;
const FROM_EDGE: f32 = 4.0;
const FROM_ENDS: f32 = 8.0;
const MIN_HEIGHT: f32 = 24.0;

/// The place the handle moves in.
fn track(body: Rect) -> Rect {
    let right = body.right() - FROM_EDGE;
    Rect::from_min_max(
        pos2(right - WIDTH, body.top() + FROM_ENDS),
        pos2(
            right,
            (body.bottom() - FROM_ENDS).max(body.top() + FROM_ENDS),
        ),
    )
}

/// The handle inside its track.
fn handle(track: Rect, anchor: ScrollAnchor, extent: Extent) -> Rect {
    let seen = f64::from(extent.view_height) / extent.total_height().max(1.0);
    let height = ((f64::from(track.height()) * seen) as f32)
        .max(MIN_HEIGHT)
        .min(track.height());
    let room = f64::from(track.height() - height);
    let top = track.top() + (room * anchor.fraction(extent)) as f32;
    Rect::from_min_max(pos2(track.left(), top), pos2(track.right(), top + height))
}

/// Takes drags and clicks of the handle; gives the position they ask for and what to paint.
pub(super) fn handle_ui(
    ui: &Ui,
    id: Id,
    body: Rect,
    anchor: ScrollAnchor,
    extent: Extent,
    style: &TableStyle,
) -> (Option<ScrollAnchor>, Option<Shape>) {
    let track = track(body);
    if !extent.overflows() || track.height() < MIN_HEIGHT {
        return (None, None);
    }
    // Easier to hit than to see.
    let reach = Rect::from_min_max(pos2(track.left() - FROM_EDGE, body.top()), body.max);
    let response = ui.interact(reach, id, Sense::drag() | Sense::CLICK);
    let now = handle(track, anchor, extent);
    let grab_id = id.with("grab");
    let mut asked = None;
    if let Some(pointer) = response.interact_pointer_pos() {
        if response.is_pointer_button_down_on() && ui.input(|input| input.pointer.primary_pressed())
        {
            let grab = now
                .y_range()
                .contains(pointer.y)
                .then(|| pointer.y - now.top());
            ui.data_mut(|data| data.insert_temp(grab_id, grab));
            if grab.is_none() {
                asked = Some(anchor.paged(pointer.y > now.bottom(), extent));
            }
        }
        let grab: Option<f32> = ui.data(|data| data.get_temp(grab_id)).flatten();
        if let (true, Some(grab)) = (response.dragged(), grab) {
            let room = f64::from(track.height() - now.height());
            let moved = f64::from(pointer.y) - f64::from(grab) - f64::from(track.top());
            if room > 0.0 {
                asked = Some(ScrollAnchor::from_fraction(moved / room, extent));
            }
        }
    }
    let shown = handle(track, asked.unwrap_or(anchor), extent);
    let color: Color32 = if response.hovered() || response.dragged() {
        style.handle_hover
    } else {
        style.handle
    };
    (asked, Some(Shape::rect_filled(shown, WIDTH / 2.0, color)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_handle_tells_the_place() {
        let body = Rect::from_min_max(pos2(0.0, 72.0), pos2(896.0, 808.0));
        let track = track(body);
        assert_eq!(track.x_range(), egui::Rangef::new(886.0, 892.0));
        for rows in [100, 1_000_000, 100_000_000] {
            let extent = Extent {
                rows,
                row_height: 26.0,
                view_height: body.height(),
            };
            let top = handle(track, ScrollAnchor::TOP, extent);
            let end = handle(track, ScrollAnchor::end(extent), extent);
            assert_eq!(top.top(), 80.0);
            assert!((end.bottom() - 800.0).abs() < 0.01);
            assert!(top.height() >= 24.0);
        }
    }
}
