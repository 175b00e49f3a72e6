//! Where the parts of a table are. Pure.

use egui::{Rangef, Rect};

use super::spec::{ColumnId, TableSpec};

/// Room right of the last column, for the scroll handle.
const RIGHT_MARGIN: f32 = 16.0;

/// The parts of a table on the screen.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) head: Rect,
    pub(super) body: Rect,
    /// Each column from edge to edge, padding included.
    pub(super) columns: Vec<(ColumnId, Rangef)>,
}

impl Layout {
    pub(super) fn new(spec: &TableSpec, rect: Rect) -> Self {
        let split = (rect.top() + spec.head_height).min(rect.bottom());
        let (head, body) = rect.split_top_bottom_at_y(split);
        let fixed: f32 = spec.columns.iter().skip(1).map(|column| column.width).sum();
        let mut columns = Vec::with_capacity(spec.columns.len());
        let mut left = rect.left();
        for (number, column) in spec.columns.iter().enumerate() {
            let width = if number == 0 {
                // Whole points, so that nothing is blurred.
                (rect.width() - RIGHT_MARGIN - fixed)
                    .floor()
                    .max(column.min_width)
            } else {
                column.width.max(column.min_width)
            };
            columns.push((column.id, Rangef::new(left, left + width)));
            left += width;
        }
        Self {
            head,
            body,
            columns,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::table::spec::Column;
    use egui::pos2;

    #[test]
    fn the_first_column_takes_the_rest() {
        let spec = TableSpec::new(
            "Objects",
            vec![
                Column::new("name", "Name", 0.0).at_least(200.0),
                Column::new("size", "Size", 88.0).right(),
                Column::new("modified", "Modified", 152.0).indent(24.0),
                Column::new("class", "Class", 112.0),
            ],
        );
        let at = |width: f32| {
            let rect = Rect::from_min_max(pos2(232.0, 44.0), pos2(232.0 + width, 800.0));
            Layout::new(&spec, rect)
        };
        let wide = at(896.0);
        let starts: Vec<f32> = wide.columns.iter().map(|(_, range)| range.min).collect();
        assert_eq!(starts, [232.0, 760.0, 848.0, 1000.0]);
        assert_eq!((wide.head.height(), wide.body.top()), (28.0, 72.0));
        assert_eq!(at(300.0).columns[0].1.span(), 200.0);
    }
}
