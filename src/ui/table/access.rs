//! The table as assistive technology sees it: one node with the real number of rows, and the rows that are seen.

use egui::accesskit::{Action, Node, Rect as Bounds, Role};
use egui::{Id, Rect, Sense, Ui};

use super::spec::{RowSource, TableSpec};

/// The id of the node of a row.
pub(super) fn row_id(table: Id, row: u64) -> Id {
    table.with(("row", row))
}

/// Fills the table's node; false when nobody asks for nodes.
pub(super) fn table_node(ui: &Ui, spec: &TableSpec, source: &dyn RowSource, shown: &[u64]) -> bool {
    let table = ui.unique_id();
    let rows = source.rows();
    let cursor = source.cursor().filter(|row| shown.contains(row));
    let filled = ui.ctx().accesskit_node_builder(table, |node: &mut Node| {
        node.set_role(Role::Grid);
        node.set_label(spec.name.as_str());
        node.set_row_count(usize::try_from(rows).unwrap_or(usize::MAX));
        node.set_column_count(spec.columns.len());
        node.set_multiselectable();
        if let Some(row) = cursor {
            node.set_active_descendant(row_id(table, row).accesskit_id());
        }
    });
    filled.is_some()
}

/// Adds the node of one row; true when assistive technology clicked it.
pub(super) fn row_node(
    ui: &Ui,
    spec: &TableSpec,
    source: &dyn RowSource,
    row: u64,
    rect: Rect,
) -> bool {
    let id = row_id(ui.unique_id(), row);
    // Makes the row a child of the table; clicks go through to the table.
    ui.interact(rect, id, Sense::hover());
    let description: Vec<String> = spec
        .columns
        .iter()
        .skip(1)
        .map(|column| (column, source.cell(row, column.id).text))
        .filter(|(_, text)| !text.is_empty())
        .map(|(column, text)| format!("{} {text}", column.title))
        .collect();
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_role(Role::Row);
        node.set_label(source.accessible_name(row).as_ref());
        node.set_description(description.join(", "));
        node.set_row_index(usize::try_from(row).unwrap_or(usize::MAX));
        node.set_selected(source.marks(row).selected);
        node.add_action(Action::Click);
        node.set_bounds(bounds(rect));
    });
    ui.input(|input| input.has_accesskit_action_request(id, Action::Click))
}

/// A place as nodes tell it.
pub(super) fn bounds(rect: Rect) -> Bounds {
    Bounds {
        x0: rect.min.x.into(),
        y0: rect.min.y.into(),
        x1: rect.max.x.into(),
        y1: rect.max.y.into(),
    }
}
