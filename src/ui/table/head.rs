//! The head of a table: titles, sort mark, edges that can be moved.

use egui::accesskit::{Role, SortDirection};
use egui::{Align, CursorIcon, FontId, Id, Rect, Sense, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use super::access::bounds;
use super::layout::Layout;
use super::spec::{CELL_PADDING, Column, ColumnId, TableSpec, TableStyle};
use super::text::{Line, Lines};

const CARET_SIZE: f32 = 12.0;
const CARET_GAP: f32 = 4.0;
/// Half the width of the place where an edge can be taken.
const EDGE_REACH: f32 = 4.0;

/// What was done to the head.
#[derive(Default)]
pub(super) struct HeadActs {
    pub(super) sort: Option<ColumnId>,
    pub(super) resized: Option<(ColumnId, f32)>,
}

pub(super) fn head_ui(
    ui: &Ui,
    id: Id,
    spec: &TableSpec,
    layout: &Layout,
    style: &TableStyle,
    lines: &mut Lines,
) -> HeadActs {
    let mut acts = HeadActs::default();
    let head = layout.head;
    if head.height() <= 0.0 {
        return acts;
    }
    let painter = ui.painter_at(head);
    painter.rect_filled(head, 0.0, style.head);
    let line = Rect::from_min_max(pos2(head.left(), head.bottom() - 1.0), head.max);
    painter.rect_filled(line, 0.0, style.line);
    for (number, column) in spec.columns.iter().enumerate() {
        let Some((_, range)) = layout.columns.get(number) else {
            continue;
        };
        let rect = Rect::from_x_y_ranges(*range, head.y_range());
        let mut shapes = Vec::new();
        if number > 0 {
            let edge = Rect::from_min_size(
                pos2(rect.left() - 1.0, head.center().y - 8.0),
                vec2(1.0, 16.0),
            );
            shapes.push(Shape::rect_filled(edge, 0.0, style.line));
        }
        let sorted = spec.sorted.filter(|(id, _)| *id == column.id);
        let (hovered, clicked) =
            column_ui(ui, id.with(column.id), number, column, rect, sorted, style);
        if clicked {
            acts.sort = Some(column.id);
        }
        title(ui, column, rect, sorted, hovered, style, lines, &mut shapes);
        painter.extend(shapes);
    }
    // After the titles, so that the edges lie on top of them.
    for (number, column) in spec.columns.iter().enumerate().skip(1) {
        if let Some((_, range)) = layout.columns.get(number) {
            edge_ui(
                ui,
                id.with((column.id, "edge")),
                column,
                range.min,
                head,
                &mut acts,
            );
        }
    }
    acts
}

/// The part of a column's head that can be clicked: whether it is hovered, whether it was clicked.
fn column_ui(
    ui: &Ui,
    id: Id,
    number: usize,
    column: &Column,
    rect: Rect,
    sorted: Option<(ColumnId, bool)>,
    style: &TableStyle,
) -> (bool, bool) {
    let sense = if column.sortable {
        Sense::click()
    } else {
        Sense::hover()
    };
    let response = ui.interact(rect, id, sense);
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_role(Role::ColumnHeader);
        node.set_label(column.title.as_str());
        node.set_column_index(number);
        node.set_bounds(bounds(rect));
        if let Some((_, descending)) = sorted {
            node.set_sort_direction(if descending {
                SortDirection::Descending
            } else {
                SortDirection::Ascending
            });
        }
    });
    if response.has_focus() {
        let stroke = Stroke::new(2.0, style.accent);
        let ring = rect.shrink(1.0);
        ui.painter()
            .rect_stroke(ring, 0.0, stroke, StrokeKind::Inside);
    }
    (column.sortable && response.hovered(), response.clicked())
}

#[expect(clippy::too_many_arguments, reason = "one place draws a title")]
fn title(
    ui: &Ui,
    column: &Column,
    rect: Rect,
    sorted: Option<(ColumnId, bool)>,
    hovered: bool,
    style: &TableStyle,
    lines: &mut Lines,
    shapes: &mut Vec<Shape>,
) {
    let caret_room = if sorted.is_some() {
        CARET_GAP + CARET_SIZE
    } else {
        0.0
    };
    let (left, right) = (rect.left() + column.indent, rect.right() - CELL_PADDING);
    let room = (right - left - caret_room).max(0.0);
    let line = lines.line(ui.painter(), &column.title, &style.head_font, room, 0);
    let start = if column.align == Align::Max {
        right - line.width() - caret_room
    } else {
        left
    };
    let color = if hovered { style.text } else { style.quiet };
    // The line below the head is not part of its middle.
    let middle = rect.center().y - 0.5;
    shapes.push(centred(&line, start, middle, color));
    if let Some((_, descending)) = sorted {
        let caret = if descending {
            style.carets.1
        } else {
            style.carets.0
        };
        let font = FontId::new(CARET_SIZE, style.icon_font.family.clone());
        let text = caret.encode_utf8(&mut [0; 4]).to_owned();
        let caret = lines.line(ui.painter(), &text, &font, f32::INFINITY, 0);
        shapes.push(centred(
            &caret,
            start + line.width() + CARET_GAP,
            middle,
            color,
        ));
    }
}

/// A line with its middle at a height.
pub(super) fn centred(line: &Line, left: f32, middle: f32, color: egui::Color32) -> Shape {
    let top = middle - line.galley.size().y / 2.0;
    Shape::galley(pos2(left, top), line.galley.clone(), color)
}

fn edge_ui(ui: &Ui, id: Id, column: &Column, x: f32, head: Rect, acts: &mut HeadActs) {
    let reach = Rect::from_x_y_ranges(x - EDGE_REACH..=x + EDGE_REACH, head.y_range());
    let response = ui
        .interact(reach, id, Sense::DRAG)
        .on_hover_and_drag_cursor(CursorIcon::ResizeColumn);
    let width_id = id.with("width");
    if response.drag_started() {
        ui.data_mut(|data| data.insert_temp(width_id, column.width));
    }
    let begun: Option<f32> = ui.data(|data| data.get_temp(width_id));
    if let (Some(moved), Some(begun)) = (response.total_drag_delta(), begun) {
        // The edge is the column's left one: to the right makes it narrower.
        let width = (begun - moved.x).max(column.min_width);
        if width != column.width {
            acts.resized = Some((column.id, width));
        }
    }
}
