//! The middle of the browser: the table of a folder, or words about why there is none.

use std::borrow::Cow;

use egui::{FontFamily, FontId, Id, TextStyle, Ui};

use crate::catalog::SortBy;
use crate::domain::ByteSize;
use crate::settings::memory::Density;
use crate::state::listing::Progress;
use crate::state::panels::{self, COLUMNS};
use crate::state::{Go, State, TableAction};

use super::actions::Actions;
use super::drop_zone::DropTarget;
use super::table::{
    self, Cell, Column, ColumnId, Ink, RowMarks, RowSource, TableResponse, TableSpec, TableStyle,
};
use super::theme::{self, tokens};
use super::{context_menu, empty, icons, words};

/// Row heights and their names.
pub(super) const DENSITIES: [(Density, &str); 3] = [
    (Density::Compact, "Compact rows"),
    (Density::Normal, "Normal rows"),
    (Density::Roomy, "Roomy rows"),
];

const NAME: ColumnId = COLUMNS[0];
const SIZE: ColumnId = COLUMNS[1];
const MODIFIED: ColumnId = COLUMNS[2];
const CLASS: ColumnId = COLUMNS[3];

const TABLE: &str = "table of the folder";

/// True when keys that a control may want too belong to the table: it has the focus, or nothing has.
pub(super) fn has_keys(ui: &Ui) -> bool {
    let table = ui.data(|data| data.get_temp::<Id>(Id::unique(TABLE)));
    let focused = ui.memory(egui::Memory::focused);
    focused.is_none() || focused == table
}

/// Draws the folder; the answer says over which row something is dragged from outside.
pub(super) fn table_page_ui(
    ui: &mut Ui,
    state: &State,
    drop: Option<&DropTarget>,
    actions: &mut Actions,
) -> Option<TableResponse> {
    if empty::empty_ui(ui, state, actions) {
        return None;
    }
    let spec = spec(ui, state);
    let rows = Rows {
        state,
        drop: drop.and_then(|target| target.row),
    };
    let response = table::table_ui(ui, "folder", &spec, &style(ui), state.browser.anchor, &rows);
    ui.data_mut(|data| data.insert_temp(Id::unique(TABLE), response.response.id));
    report(ui, state, &response, actions);
    tooltip_ui(ui, state, &response);
    context_menu::context_menu_ui(ui, state, &response, actions);
    Some(response)
}

fn spec(ui: &Ui, state: &State) -> TableSpec {
    let window = ui.ctx().content_rect().width();
    let width = |column: usize| panels::column_width(&state.window, column);
    let mut columns = vec![Column::new(NAME, "Name", 0.0).at_least(200.0).indent(16.0)];
    columns.push(Column::new(SIZE, "Size", width(1)).right());
    if window >= 720.0 {
        columns.push(Column::new(MODIFIED, "Modified", width(2)).indent(24.0));
    }
    if window >= 1000.0 {
        columns.push(Column::new(CLASS, "Class", width(3)));
    }
    let arrangement = &state.browser.arrangement;
    let sorted = match arrangement.sort {
        SortBy::Name => NAME,
        SortBy::Size => SIZE,
        SortBy::Modified => MODIFIED,
        SortBy::Class => CLASS,
    };
    TableSpec {
        row_height: state.window.density.row_points(),
        sorted: Some((sorted, arrangement.descending)),
        ..TableSpec::new("Objects", columns)
    }
}

fn style(ui: &Ui) -> TableStyle {
    let tokens = tokens(ui);
    TableStyle {
        ground: tokens.ground,
        head: tokens.ground,
        line: tokens.line,
        text: tokens.text,
        quiet: tokens.quiet,
        disabled: tokens.disabled,
        row_hover: tokens.row_hover,
        selection: tokens.selection,
        accent: tokens.copper,
        handle: tokens.edge,
        handle_hover: tokens.quiet,
        body_font: TextStyle::Body.resolve(ui.style()),
        head_font: theme::small_medium().resolve(ui.style()),
        icon_font: FontId::new(theme::ICON, FontFamily::Name(icons::FAMILY.into())),
        carets: (icons::CARET_UP, icons::CARET_DOWN),
    }
}

/// The rows of the folder as the table asks for them.
struct Rows<'a> {
    state: &'a State,
    drop: Option<u64>,
}

impl Rows<'_> {
    fn row(&self, position: u64) -> Option<crate::catalog::RowRef<'_>> {
        let listing = &self.state.browser.listing;
        listing.catalog.row(listing.row_at(position)?)
    }
}

impl RowSource for Rows<'_> {
    fn rows(&self) -> u64 {
        self.state.browser.listing.shown()
    }

    fn cell(&self, position: u64, column: ColumnId) -> Cell<'_> {
        let Some(row) = self.row(position) else {
            return Cell::default();
        };
        match column {
            NAME => {
                let icon = if row.is_folder() {
                    icons::FOLDER_FILL
                } else {
                    icons::file_icon(row.name())
                };
                Cell::new(shown_name(row.name())).icon(icon, Ink::Quiet)
            }
            SIZE if row.is_folder() => Cell::quiet("–"),
            SIZE => Cell::quiet(ByteSize(row.size()).to_string()),
            MODIFIED => match row.modified() {
                Some(time) if !row.is_folder() => {
                    Cell::quiet(time.short_text(self.state.now, &self.state.zone))
                }
                _ => Cell::default(),
            },
            CLASS if !row.is_folder() => Cell::quiet(words::class(row.class())),
            _ => Cell::default(),
        }
    }

    fn marks(&self, position: u64) -> RowMarks {
        let selection = &self.state.browser.selection;
        let row = self.state.browser.listing.row_at(position);
        RowMarks {
            selected: row.is_some_and(|row| selection.rows.contains(row)),
            cursor: row.is_some() && selection.cursor == row,
            drop_target: self.drop == Some(position),
        }
    }

    fn accessible_name(&self, position: u64) -> Cow<'_, str> {
        self.row(position)
            .map_or(Cow::Borrowed(""), |row| shown_name(row.name()))
    }

    fn cursor(&self) -> Option<u64> {
        self.state.browser.cursor_position()
    }
}

/// A name on one line; what cannot be seen is escaped, and a folder without a name says so.
fn shown_name(name: &str) -> Cow<'_, str> {
    if name == "/" {
        return Cow::Borrowed("(no name)/");
    }
    if name
        .chars()
        .any(|letter| letter.is_control() || !letter.is_ascii())
    {
        return Cow::Owned(words::visible(name));
    }
    Cow::Borrowed(name)
}

/// What was done to the table becomes actions.
fn report(ui: &Ui, state: &State, response: &TableResponse, actions: &mut Actions) {
    if let Some((position, modifiers)) = response.clicked {
        response.response.request_focus();
        actions.push(TableAction::Click {
            position,
            toggle: modifiers.command,
            extend: modifiers.shift,
        });
    }
    if let Some(position) = response.double_clicked {
        actions.push(Go::Open(position));
    }
    if let Some((position, _)) = response.context_clicked {
        actions.push(TableAction::ContextClick(position));
    }
    if response.background_clicked || response.background_context.is_some() {
        response.response.request_focus();
        actions.push(TableAction::SelectNone);
    }
    if let Some(band) = &response.band {
        actions.push(TableAction::Band {
            rows: band.rows.clone(),
            add: band.modifiers.command,
        });
    }
    if let Some(column) = response.sort_clicked {
        actions.push(TableAction::Sort(match column {
            SIZE => SortBy::Size,
            MODIFIED => SortBy::Modified,
            CLASS => SortBy::Class,
            _ => SortBy::Name,
        }));
    }
    if let Some((column, width)) = response.column_resized
        && let Some(column) = COLUMNS.iter().position(|own| *own == column)
    {
        actions.push(TableAction::ColumnWidth { column, width });
    }
    if let Some(anchor) = response.scrolled {
        actions.push(TableAction::Scroll(anchor));
    }
    let height = response.body.height();
    if (height - state.browser.view_height).abs() > 0.5 {
        actions.push(TableAction::Viewport { height });
        ui.ctx().request_repaint();
    }
}

/// Whole names, exact sizes and UTC times, for the cell under the pointer.
fn tooltip_ui(ui: &Ui, state: &State, response: &TableResponse) {
    let Some(cell) = &response.hovered_cell else {
        return;
    };
    let listing = &state.browser.listing;
    let Some(row) = listing
        .row_at(cell.row)
        .and_then(|row| listing.catalog.row(row))
    else {
        return;
    };
    let text = match cell.column {
        NAME if cell.cut => words::visible(row.name()),
        SIZE if !row.is_folder() => ByteSize(row.size()).exact(),
        MODIFIED => match row.modified() {
            Some(time) if !row.is_folder() => time.utc_text(),
            _ => return,
        },
        _ => return,
    };
    let id = ui.scope_id().with(("cell", cell.row, cell.column));
    let mut tooltip = egui::Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), id, cell.rect);
    tooltip.popup = tooltip.popup.open(true);
    let rested = ui.input(|input| input.pointer.time_since_last_movement() > 0.4);
    if rested {
        tooltip.show(|ui| ui.label(text));
    } else {
        ui.ctx()
            .request_repaint_after(std::time::Duration::from_millis(420));
    }
}

/// True when the listing is still to bring its first row.
pub(super) fn is_waiting(state: &State) -> bool {
    state.connections.opening.is_some()
        || matches!(state.browser.listing.progress, Progress::Running)
}
