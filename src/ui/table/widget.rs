//! Puts the parts of a table together, once a frame.

use std::ops::Range;

use egui::accesskit::Role;
use egui::emath::GuiRounding as _;
use egui::{
    EventFilter, Id, PointerButton, Pos2, Rect, Response, Sense, Shape, Stroke, StrokeKind, Ui,
    UiBuilder,
};

use super::layout::Layout;
use super::rows::RowPainter;
use super::spec::{RowSource, TableResponse, TableSpec, TableStyle};
use super::text::Lines;
use super::{access, handle, head, pointer};
use crate::catalog::{Extent, ScrollAnchor};

/// Draws a table in all the room there is and tells what was done to it. `anchor` may be any position; the one that
/// holds is in the response when it differs.
pub fn table_ui(
    ui: &mut Ui,
    salt: impl egui::AsIdSalt,
    spec: &TableSpec,
    style: &TableStyle,
    anchor: ScrollAnchor,
    source: &dyn RowSource,
) -> TableResponse {
    let rect = ui.available_rect_before_wrap();
    let id = ui.make_persistent_id(salt);
    let mut table = ui.new_child(
        UiBuilder::new()
            .scope_id(id)
            .max_rect(rect)
            .sense(Sense::click_and_drag())
            .accessibility_role(Role::Grid),
    );
    table.set_clip_rect(rect.intersect(ui.clip_rect()));
    table.set_min_size(rect.size());
    // Taken out and put back instead of shared.
    let lines_id = id.with("lines");
    let mut lines = table
        .data_mut(|data| data.remove_temp::<Lines>(lines_id))
        .unwrap_or_default();
    let response = Table {
        ui: &table,
        id,
        spec,
        style,
        source,
        layout: Layout::new(spec, rect),
        extent: Extent {
            rows: source.rows(),
            row_height: spec.row_height,
            view_height: (rect.height() - spec.head_height).max(0.0),
        },
    }
    .show(anchor, &mut lines);
    table.data_mut(|data| data.insert_temp(lines_id, lines));
    drop(table);
    ui.advance_cursor_after_rect(rect);
    response
}

struct Table<'a> {
    ui: &'a Ui,
    id: Id,
    spec: &'a TableSpec,
    style: &'a TableStyle,
    source: &'a dyn RowSource,
    layout: Layout,
    extent: Extent,
}

impl Table<'_> {
    fn show(&self, asked: ScrollAnchor, lines: &mut Lines) -> TableResponse {
        let (ui, style, body) = (self.ui, self.style, self.layout.body);
        let response = ui.response();
        lines.begin(ui.painter(), &style.body_font);
        let mut anchor = self.wheel(asked.clamped(self.extent));
        let id = self.id.with("handle");
        let (dragged_to, handle) = handle::handle_ui(ui, id, body, anchor, self.extent, style);
        anchor = dragged_to.unwrap_or(anchor);
        let band_id = self.id.with("band");
        let band = pointer::band(ui, band_id, &response, body, anchor, self.extent);
        anchor = band.as_ref().and_then(|now| now.pull).unwrap_or(anchor);

        let (visible, first_top) = self.visible(anchor);
        let mut painter = self.row_painter(&response, lines);
        painter
            .shapes
            .push(Shape::rect_filled(body, 0.0, style.ground));
        let row_rect = |row: u64| self.row_rect(&visible, first_top, row);
        for row in visible.clone() {
            painter.row(self.source, row, row_rect(row));
        }
        if let Some(now) = &band {
            let stroke = Stroke::new(1.0, style.accent);
            let frame = Shape::rect_stroke(now.rect, 0.0, stroke, StrokeKind::Inside);
            painter.shapes.push(frame);
        }
        painter.shapes.extend(handle);
        if self.shows_ring(&response, &visible) {
            let stroke = Stroke::new(2.0, style.accent);
            let ring = Shape::rect_stroke(body, 0.0, stroke, StrokeKind::Inside);
            painter.shapes.push(ring);
        }
        let shapes = std::mem::take(&mut painter.shapes);
        painter.painter.extend(shapes);
        let (hovered_cell, on_content) = (painter.hovered.take(), painter.origin_on_content);
        let acts = head::head_ui(
            ui,
            self.id.with("head"),
            self.spec,
            &self.layout,
            style,
            lines,
        );
        lines.end();
        self.keep_arrow_keys(&response);

        let mut told = TableResponse {
            clicked: None,
            double_clicked: None,
            context_clicked: None,
            background_clicked: false,
            background_context: None,
            head_context: None,
            sort_clicked: acts.sort,
            column_resized: acts.resized,
            scrolled: (anchor != asked).then_some(anchor),
            drag_started: None,
            band: band.map(|now| now.band),
            hovered_row: hovered_cell.as_ref().map(|cell| cell.row),
            hovered_cell,
            visible,
            body,
            columns: self.layout.columns.clone(),
            first_top,
            row_height: self.spec.row_height,
            response,
        };
        self.clicks(anchor, &mut told);
        self.drags(anchor, on_content, band_id, &mut told);
        self.nodes(&mut told);
        told
    }

    /// The position after wheel and trackpad; what is used is taken from egui, so that nothing around scrolls too.
    fn wheel(&self, anchor: ScrollAnchor) -> ScrollAnchor {
        let ui = self.ui;
        let idle = ui.ctx().dragged_id().is_none();
        if !idle || !self.extent.overflows() || !ui.rect_contains_pointer(self.layout.body) {
            return anchor;
        }
        let points = ui.input_mut(|input| std::mem::take(&mut input.smooth_scroll_delta.y));
        if points == 0.0 {
            anchor
        } else {
            anchor.scrolled(-f64::from(points), self.extent)
        }
    }

    /// The rows seen and where the first one begins.
    fn visible(&self, anchor: ScrollAnchor) -> (Range<u64>, f32) {
        let height = self.extent.row_height.max(1.0);
        let seen = f64::from(self.extent.view_height + anchor.offset_points) / f64::from(height);
        let end = (anchor.row + seen.ceil() as u64).min(self.extent.rows);
        let top = self.layout.body.top() - anchor.offset_points;
        // On whole pixels texts and fills stay together.
        let top = top.round_to_pixels(self.ui.pixels_per_point());
        (anchor.row.min(end)..end, top)
    }

    fn row_rect(&self, visible: &Range<u64>, first_top: f32, row: u64) -> Rect {
        let height = self.spec.row_height;
        let top = first_top + (row - visible.start) as f32 * height;
        Rect::from_x_y_ranges(self.layout.body.x_range(), top..=top + height)
    }

    fn row_painter<'a>(&'a self, response: &Response, lines: &'a mut Lines) -> RowPainter<'a> {
        let over = response.contains_pointer() && self.ui.ctx().dragged_id().is_none();
        let pointer = self
            .ui
            .input(|input| input.pointer.hover_pos())
            .filter(|at| over && self.layout.body.contains(*at));
        RowPainter {
            painter: self.ui.painter_at(self.layout.body),
            spec: self.spec,
            style: self.style,
            layout: &self.layout,
            lines,
            shapes: Vec::with_capacity(512),
            pointer,
            hovered: None,
            origin: self.drag_origin(response),
            origin_on_content: false,
        }
    }

    /// The ring around the rows, when Tab led to the table and no row in view shows where the cursor is.
    fn shows_ring(&self, response: &Response, visible: &Range<u64>) -> bool {
        let id = self.id.with("focus came by Tab");
        if response.gained_focus() {
            let tab = self.ui.input(|input| input.key_pressed(egui::Key::Tab));
            self.ui.data_mut(|data| data.insert_temp(id, tab));
        }
        let by_tab = self.ui.data(|data| data.get_temp(id)).unwrap_or(false);
        let cursor = self.source.cursor();
        response.has_focus() && by_tab && !cursor.is_some_and(|row| visible.contains(&row))
    }

    /// While the table has the focus, arrow keys belong to the caller, not to egui's way from widget to widget.
    fn keep_arrow_keys(&self, response: &Response) {
        if response.has_focus() {
            let keys = EventFilter {
                vertical_arrows: true,
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            self.ui
                .memory_mut(|memory| memory.set_focus_lock_filter(response.id, keys));
        }
    }

    fn row_at(&self, anchor: ScrollAnchor, at: Pos2) -> Option<u64> {
        let points = f64::from(at.y - self.layout.body.top());
        anchor.row_at(points, self.extent)
    }

    fn clicks(&self, anchor: ScrollAnchor, told: &mut TableResponse) {
        let Some(at) = told.response.interact_pointer_pos() else {
            return;
        };
        if !self.layout.body.contains(at) {
            if told.response.secondary_clicked() {
                told.head_context = Some(at);
            }
            return;
        }
        let row = self.row_at(anchor, at);
        if told.response.clicked() {
            let modifiers = self.ui.input(|input| input.modifiers);
            told.clicked = row.map(|row| (row, modifiers));
            told.background_clicked = row.is_none();
        }
        if told.response.double_clicked() {
            told.double_clicked = row;
        }
        if told.response.secondary_clicked() {
            told.context_clicked = row.map(|row| (row, at));
            told.background_context = row.is_none().then_some(at);
        }
    }

    /// Where the pointer was pressed, in the frame in which that becomes a drag of the rows.
    fn drag_origin(&self, response: &Response) -> Option<Pos2> {
        if !response.drag_started_by(PointerButton::Primary) {
            return None;
        }
        let origin = self.ui.input(|input| input.pointer.press_origin());
        origin.filter(|at| self.layout.body.contains(*at))
    }

    /// A drag that begins on the content of a row, or on a selected row, drags rows; any other draws a frame.
    fn drags(&self, anchor: ScrollAnchor, on_content: bool, band_id: Id, told: &mut TableResponse) {
        let Some(origin) = self.drag_origin(&told.response) else {
            return;
        };
        let row = self.row_at(anchor, origin);
        match row.filter(|row| on_content || self.source.marks(*row).selected) {
            Some(row) => told.drag_started = Some(row),
            None => {
                let body = self.layout.body;
                pointer::begin_band(self.ui, band_id, origin, body, anchor, self.extent);
            }
        }
    }

    fn nodes(&self, told: &mut TableResponse) {
        let shown: Vec<u64> = told.visible.clone().collect();
        if !access::table_node(self.ui, self.spec, self.source, &shown) {
            return;
        }
        for row in shown {
            let rect = self.row_rect(&told.visible, told.first_top, row);
            let rect = rect.intersect(self.layout.body);
            if access::row_node(self.ui, self.spec, self.source, row, rect) {
                let modifiers = self.ui.input(|input| input.modifiers);
                told.clicked = Some((row, modifiers));
            }
        }
    }
}
