//! Draws the rows that are seen.

use egui::{Align, Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2};

use super::head::centred;
use super::layout::Layout;
use super::spec::{
    CELL_PADDING, Cell, Column, HoveredCell, Ink, RowMarks, RowSource, TableSpec, TableStyle,
};
use super::text::Lines;

const ICON_SIZE: f32 = 16.0;
const ICON_GAP: f32 = 8.0;

/// What rows need to be drawn.
pub(super) struct RowPainter<'a> {
    pub(super) painter: Painter,
    pub(super) spec: &'a TableSpec,
    pub(super) style: &'a TableStyle,
    pub(super) layout: &'a Layout,
    pub(super) lines: &'a mut Lines,
    pub(super) shapes: Vec<Shape>,
    /// Where the pointer is, if it is over the rows.
    pub(super) pointer: Option<Pos2>,
    pub(super) hovered: Option<HoveredCell>,
    /// Where a drag begins in this frame.
    pub(super) origin: Option<Pos2>,
    /// Whether that is on the icon or text of a first cell.
    pub(super) origin_on_content: bool,
}

impl RowPainter<'_> {
    pub(super) fn row(&mut self, source: &dyn RowSource, row: u64, rect: Rect) {
        let marks = source.marks(row);
        let under_pointer = self.pointer.is_some_and(|pointer| rect.contains(pointer));
        let fill = if marks.selected {
            Some(self.style.selection)
        } else {
            under_pointer.then_some(self.style.row_hover)
        };
        if let Some(fill) = fill {
            self.shapes.push(Shape::rect_filled(rect, 0.0, fill));
        }
        for (number, column) in self.spec.columns.iter().enumerate() {
            let Some((_, range)) = self.layout.columns.get(number) else {
                continue;
            };
            let place = Rect::from_x_y_ranges(*range, rect.y_range());
            let cell = source.cell(row, column.id);
            let (content, cut) = self.cell(&cell, column, place, marks, number == 0);
            if under_pointer && self.pointer.is_some_and(|pointer| place.contains(pointer)) {
                self.hovered = Some(HoveredCell {
                    row,
                    column: column.id,
                    rect: place,
                    cut,
                });
            }
            let began_here = self.origin.is_some_and(|origin| content.contains(origin));
            self.origin_on_content |= number == 0 && began_here;
        }
        self.frame(marks, rect);
    }

    fn frame(&mut self, marks: RowMarks, rect: Rect) {
        let width = if marks.drop_target {
            2.0
        } else if marks.cursor {
            1.0
        } else {
            return;
        };
        let stroke = Stroke::new(width, self.style.accent);
        self.shapes
            .push(Shape::rect_stroke(rect, 0.0, stroke, StrokeKind::Inside));
    }

    /// Draws a cell; tells where its content is and whether it was cut.
    fn cell(
        &mut self,
        cell: &Cell<'_>,
        column: &Column,
        place: Rect,
        marks: RowMarks,
        is_first: bool,
    ) -> (Rect, bool) {
        let mut left = place.left() + column.indent;
        // The next column begins with its own space, so a left-aligned text may use up this one before it is cut.
        let right = if is_first || column.align == Align::Max {
            place.right() - CELL_PADDING
        } else {
            place.right()
        };
        let begin = left;
        let middle = place.center().y;
        if let Some((icon, ink)) = cell.icon {
            let mut buffer = [0; 4];
            let text: &str = icon.encode_utf8(&mut buffer);
            let font = &self.style.icon_font;
            let line = self.lines.line(&self.painter, text, font, f32::INFINITY, 0);
            let inset = (ICON_SIZE - line.width()) / 2.0;
            let color = self.color(ink, false);
            self.shapes
                .push(centred(&line, left + inset, middle, color));
            left += ICON_SIZE + ICON_GAP;
        }
        let room = right - left;
        if cell.text.is_empty() || room <= 0.0 {
            return (Rect::from_x_y_ranges(begin..=left, place.y_range()), false);
        }
        let tail = if is_first { self.spec.tail_chars } else { 0 };
        let font = &self.style.body_font;
        let line = self.lines.line(&self.painter, &cell.text, font, room, tail);
        let start = if column.align == Align::Max {
            right - line.width()
        } else {
            left
        };
        let baseline = middle + self.lines.below_middle();
        let color = self.color(cell.ink, marks.selected);
        self.shapes.push(line.at(start, baseline, color));
        let content = Rect::from_min_max(
            pos2(begin.min(start), place.top()),
            pos2(start + line.width(), place.bottom()),
        );
        (content, line.cut)
    }

    fn color(&self, ink: Ink, selected: bool) -> Color32 {
        match ink {
            Ink::Text => self.style.text,
            Ink::Quiet if selected => self.style.text,
            Ink::Quiet => self.style.quiet,
            Ink::Disabled => self.style.disabled,
            Ink::Own(color) => color,
        }
    }
}
