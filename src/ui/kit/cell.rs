//! Cells of rows that are drawn one by one: a place of a fixed size, filled from the left or from the right.
//!
//! A cell takes its width whatever stands in it, so that the cells below one another make a column.

use eframe::egui;
use egui::{Align, Layout, Sense, Ui, UiBuilder, Vec2};

/// Room between what stands in a cell and the next one.
pub const CELL_GAP: f32 = 8.0;

/// The side at which the content of a cell begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellSide {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A cell of this size; one without a width is left out. What begins at the left keeps [`CELL_GAP`] from the next cell.
pub fn cell(ui: &mut Ui, size: impl Into<Vec2>, side: CellSide, content: impl FnOnce(&mut Ui)) {
    let size = size.into();
    if size.x <= 0.0 {
        return;
    }
    let (layout, gap) = match side {
        CellSide::Left => (Layout::left_to_right(Align::Center), CELL_GAP),
        CellSide::Right => (Layout::right_to_left(Align::Center), 0.0),
    };
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let inner = rect.with_max_x(rect.right() - gap);
    let mut cell = ui.new_child(UiBuilder::new().max_rect(inner).layout(layout));
    cell.spacing_mut().item_spacing.x = CELL_GAP;
    content(&mut cell);
}

/// The titles of columns with a line below, `indent` points from the left; a column without a width has none.
pub fn titles(ui: &mut Ui, indent: f32, columns: &[(&str, f32, CellSide)]) {
    const HEIGHT: f32 = 24.0;
    let size = egui::vec2(ui.available_width(), HEIGHT);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(indent);
        for (title, width, side) in columns {
            cell(ui, [*width, HEIGHT], *side, |ui| {
                drop(super::quiet_small(ui, *title));
            });
        }
    });
    super::separator(ui);
}
