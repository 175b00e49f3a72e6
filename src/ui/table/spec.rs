//! What a table is told and what it tells: columns and style in, rows from a [`RowSource`], a [`TableResponse`] out.

use std::borrow::Cow;
use std::ops::Range;

use egui::{Align, Color32, FontId, Modifiers, Pos2, Rangef, Rect, Response};

use crate::catalog::ScrollAnchor;

/// Names a column for the caller.
pub type ColumnId = &'static str;

/// Space on both sides of a cell's content.
pub(super) const CELL_PADDING: f32 = 8.0;

/// One column. The first takes the width the others leave.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What the caller calls it.
    pub id: ColumnId,
    /// Text of its head.
    pub title: String,
    /// Width in points; of the first column only the least width counts.
    pub width: f32,
    /// Least width in points.
    pub min_width: f32,
    /// Space before the content, in points.
    pub indent: f32,
    /// `Align::Min` left, `Align::Max` right.
    pub align: Align,
    /// Whether a click on its head asks for sorting.
    pub sortable: bool,
}

impl Column {
    /// A left-aligned, sortable column.
    #[must_use]
    pub fn new(id: ColumnId, title: impl Into<String>, width: f32) -> Self {
        Self {
            id,
            title: title.into(),
            width,
            min_width: 48.0,
            indent: CELL_PADDING,
            align: Align::Min,
            sortable: true,
        }
    }

    /// With its content at the right.
    #[must_use]
    pub fn right(mut self) -> Self {
        self.align = Align::Max;
        self
    }

    /// With more space before its content.
    #[must_use]
    pub fn indent(mut self, points: f32) -> Self {
        self.indent = points;
        self
    }

    /// With another least width.
    #[must_use]
    pub fn at_least(mut self, points: f32) -> Self {
        self.min_width = points;
        self
    }

    /// Without sorting.
    #[must_use]
    pub fn unsorted(mut self) -> Self {
        self.sortable = false;
        self
    }
}

/// The shape of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableSpec {
    /// Name for assistive technology.
    pub name: String,
    /// Left to right, at least one.
    pub columns: Vec<Column>,
    /// Height of a row in points: 22, 26 or 32.
    pub row_height: f32,
    /// Height of the head in points; 0 leaves it out.
    pub head_height: f32,
    /// The column the rows are sorted by, and whether descending.
    pub sorted: Option<(ColumnId, bool)>,
    /// Characters at the end of the first column's text that stay when it is cut.
    pub tail_chars: usize,
}

impl TableSpec {
    /// A table with the usual heights.
    #[must_use]
    pub fn new(name: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            name: name.into(),
            columns,
            row_height: 26.0,
            head_height: 28.0,
            sorted: None,
            tail_chars: 18,
        }
    }
}

/// Colours and fonts, taken from the theme by the caller.
#[derive(Clone, Debug, PartialEq)]
pub struct TableStyle {
    /// Behind rows.
    pub ground: Color32,
    /// Behind the head.
    pub head: Color32,
    /// Lines below and inside the head.
    pub line: Color32,
    /// Main text.
    pub text: Color32,
    /// Secondary text.
    pub quiet: Color32,
    /// Text of rows that cannot be used.
    pub disabled: Color32,
    /// Row under the pointer.
    pub row_hover: Color32,
    /// Selected row.
    pub selection: Color32,
    /// Frame of the row with the cursor, of a drop target, and focus ring.
    pub accent: Color32,
    /// Scroll handle.
    pub handle: Color32,
    /// Scroll handle under the pointer.
    pub handle_hover: Color32,
    /// Font of the rows.
    pub body_font: FontId,
    /// Font of the head.
    pub head_font: FontId,
    /// Font of the icons in rows.
    pub icon_font: FontId,
    /// Sort marks: ascending, descending, in the icon font at 12 points.
    pub carets: (char, char),
}

/// How strongly a text is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// Main text.
    #[default]
    Text,
    /// Secondary text; main text on a selected row.
    Quiet,
    /// Text of what cannot be used.
    Disabled,
    /// A colour of its own.
    Own(Color32),
}

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell<'a> {
    /// The text, one line.
    pub text: Cow<'a, str>,
    /// How the text is written.
    pub ink: Ink,
    /// An icon before the text and how it is written.
    pub icon: Option<(char, Ink)>,
}

impl<'a> Cell<'a> {
    /// A text.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A secondary text.
    pub fn quiet(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            text: text.into(),
            ink: Ink::Quiet,
            icon: None,
        }
    }

    /// With an icon before it.
    #[must_use]
    pub fn icon(mut self, icon: char, ink: Ink) -> Self {
        self.icon = Some((icon, ink));
        self
    }
}

/// What marks a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowMarks {
    /// It is selected.
    pub selected: bool,
    /// The keyboard's cursor stands on it.
    pub cursor: bool,
    /// What is dragged would go into it.
    pub drop_target: bool,
}

/// The rows of a table, asked only for those that are seen.
pub trait RowSource {
    /// How many rows there are.
    fn rows(&self) -> u64;

    /// What stands in a cell.
    fn cell(&self, row: u64, column: ColumnId) -> Cell<'_>;

    /// What marks a row.
    fn marks(&self, row: u64) -> RowMarks;

    /// How assistive technology calls a row; the other cells are read as its description.
    fn accessible_name(&self, row: u64) -> Cow<'_, str>;

    /// The row the keyboard's cursor stands on, seen or not.
    fn cursor(&self) -> Option<u64> {
        None
    }
}

/// The cell under the pointer.
#[derive(Clone, Debug, PartialEq)]
pub struct HoveredCell {
    /// Its row.
    pub row: u64,
    /// Its column.
    pub column: ColumnId,
    /// Where it is.
    pub rect: Rect,
    /// Whether its text did not fit and was cut.
    pub cut: bool,
}

/// Rows inside a frame drawn with the pointer.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// The rows it touches now; may be empty.
    pub rows: Range<u64>,
    /// The keys held when it began: ctrl adds to the selection.
    pub modifiers: Modifiers,
    /// True in the frame in which the button was let go.
    pub ended: bool,
}

/// What happened to a table, and where things are.
#[derive(Clone, Debug)]
pub struct TableResponse {
    /// The whole table, with focus and tooltips.
    pub response: Response,
    /// A row was clicked, with the keys held.
    pub clicked: Option<(u64, Modifiers)>,
    /// A row was clicked twice. `clicked` comes as well.
    pub double_clicked: Option<u64>,
    /// A row was clicked for its menu, and where.
    pub context_clicked: Option<(u64, Pos2)>,
    /// The room below the rows was clicked.
    pub background_clicked: bool,
    /// The room below the rows was clicked for its menu, and where.
    pub background_context: Option<Pos2>,
    /// The head was clicked for its menu (which columns to show), and where.
    pub head_context: Option<Pos2>,
    /// The head of this column was clicked.
    pub sort_clicked: Option<ColumnId>,
    /// The edge of this column was moved: its new width in points.
    pub column_resized: Option<(ColumnId, f32)>,
    /// The table was scrolled by wheel, handle or frame.
    pub scrolled: Option<ScrollAnchor>,
    /// A drag began on this row's content.
    pub drag_started: Option<u64>,
    /// A frame is being drawn over rows.
    pub band: Option<Band>,
    /// The row under the pointer.
    pub hovered_row: Option<u64>,
    /// The cell under the pointer.
    pub hovered_cell: Option<HoveredCell>,
    /// The rows seen, also in part.
    pub visible: Range<u64>,
    /// Where the rows are drawn.
    pub body: Rect,
    pub(super) columns: Vec<(ColumnId, Rangef)>,
    pub(super) first_top: f32,
    pub(super) row_height: f32,
}

impl TableResponse {
    /// Where a row is; `None` when it is not seen. May reach beyond [`Self::body`].
    #[must_use]
    pub fn row_rect(&self, row: u64) -> Option<Rect> {
        if !self.visible.contains(&row) {
            return None;
        }
        let top = self.first_top + (row - self.visible.start) as f32 * self.row_height;
        Some(Rect::from_x_y_ranges(
            self.body.x_range(),
            top..=top + self.row_height,
        ))
    }

    /// Where a cell is; `None` when it is not seen.
    #[must_use]
    pub fn cell_rect(&self, row: u64, column: ColumnId) -> Option<Rect> {
        let (_, range) = self.columns.iter().find(|(id, _)| *id == column)?;
        Some(Rect::from_x_y_ranges(*range, self.row_rect(row)?.y_range()))
    }

    /// The rows seen, with their places.
    pub fn row_rects(&self) -> impl Iterator<Item = (u64, Rect)> + '_ {
        self.visible
            .clone()
            .filter_map(|row| Some((row, self.row_rect(row)?)))
    }
}
