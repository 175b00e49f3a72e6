//! What the pointer does to the rows: clicks, drags of rows, and the frame drawn over rows.

use egui::{Id, Modifiers, Pos2, Rect, Response, Ui};

use super::spec::Band;
use crate::catalog::{Extent, ScrollAnchor};

/// Rows a second and point of distance, when a frame is drawn beyond the table's edge.
const PULL: f32 = 12.0;

/// A frame that is being drawn. Its start is a place in the rows, so that scrolling does not move it.
#[derive(Clone, Copy, Debug)]
struct BandStart {
    row: u64,
    points_into_row: f32,
    x: f32,
    modifiers: Modifiers,
}

/// A frame as it is now.
pub(super) struct BandNow {
    pub(super) band: Band,
    pub(super) rect: Rect,
    /// Where the table should be scrolled to, when the pointer pulls at an edge.
    pub(super) pull: Option<ScrollAnchor>,
}

/// Remembers where a frame begins.
pub(super) fn begin_band(
    ui: &Ui,
    id: Id,
    at: Pos2,
    body: Rect,
    anchor: ScrollAnchor,
    extent: Extent,
) {
    let points = f64::from(at.y - body.top()) + f64::from(anchor.offset_points);
    let height = f64::from(extent.row_height.max(1.0));
    let rows = (points / height).floor();
    let start = BandStart {
        row: anchor.row + rows as u64,
        points_into_row: (points - rows * height) as f32,
        x: at.x,
        modifiers: ui.input(|input| input.modifiers),
    };
    ui.data_mut(|data| data.insert_temp(id, Some(start)));
}

/// The frame being drawn, if one is.
pub(super) fn band(
    ui: &Ui,
    id: Id,
    response: &Response,
    body: Rect,
    anchor: ScrollAnchor,
    extent: Extent,
) -> Option<BandNow> {
    let start: BandStart = ui.data(|data| data.get_temp(id)).flatten()?;
    let pointer = response.interact_pointer_pos();
    let ended = !response.dragged();
    if ended {
        ui.data_mut(|data| data.insert_temp::<Option<BandStart>>(id, None));
    }
    let pointer = pointer?;
    let pull = (!ended)
        .then(|| pull(ui, pointer, body, anchor, extent))
        .flatten();
    let start_y = anchor.points_to(start.row, extent) + f64::from(start.points_into_row);
    let now_y = f64::from(pointer.y.clamp(body.top(), body.bottom()) - body.top());
    let (top, bottom) = (start_y.min(now_y), start_y.max(now_y));
    let first = anchor.row_at(top, extent).unwrap_or(extent.rows);
    let after = anchor
        .row_at(bottom, extent)
        .map_or(extent.rows, |row| row + 1);
    let body_y =
        |points: f64| body.top() + points.clamp(-10.0, f64::from(body.height()) + 10.0) as f32;
    Some(BandNow {
        band: Band {
            rows: first..after.max(first),
            modifiers: start.modifiers,
            ended,
        },
        rect: Rect::from_x_y_ranges(
            start.x.min(pointer.x)..=start.x.max(pointer.x),
            body_y(top)..=body_y(bottom),
        ),
        pull,
    })
}

fn pull(
    ui: &Ui,
    pointer: Pos2,
    body: Rect,
    anchor: ScrollAnchor,
    extent: Extent,
) -> Option<ScrollAnchor> {
    let beyond = (pointer.y - body.bottom()).max(0.0) - (body.top() - pointer.y).max(0.0);
    if beyond == 0.0 {
        return None;
    }
    ui.ctx().request_repaint();
    let seconds = ui.input(|input| input.stable_dt.min(0.1));
    let moved = anchor.scrolled(f64::from(beyond * PULL * seconds), extent);
    (moved != anchor).then_some(moved)
}
