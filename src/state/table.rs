//! What clicks, keys and the wheel do to the table.

use crate::domain::Ticket;

use super::panels;
use super::{Browser, Effect, State, TableAction};

impl State {
    pub(super) fn change_table(&mut self, action: TableAction) -> Vec<Effect> {
        match action {
            TableAction::Click {
                position,
                toggle,
                extend,
            } => self.click(position, toggle, extend),
            TableAction::ContextClick(position) => {
                let selected = self
                    .browser
                    .listing
                    .row_at(position)
                    .is_some_and(|row| self.browser.selection.rows.contains(row));
                if selected {
                    Vec::new()
                } else {
                    self.click(position, false, false)
                }
            }
            TableAction::MoveCursor { rows, extend } => self.move_cursor(rows, extend),
            TableAction::CursorToEnd { last, extend } => {
                let end = self.browser.listing.shown().saturating_sub(1);
                self.cursor_to(if last { end } else { 0 }, extend)
            }
            TableAction::Find(beginning) => self.find(&beginning),
            TableAction::SelectAll => {
                self.browser
                    .selection
                    .select_all(self.browser.listing.order());
                self.follow_cursor()
            }
            TableAction::SelectNone => {
                self.browser.selection.clear();
                self.follow_cursor()
            }
            TableAction::Sort(by) => {
                self.browser.sort(by);
                self.arrange()
            }
            TableAction::Filter(text) => {
                self.browser.set_filter(text, &self.zone);
                self.arrange()
            }
            TableAction::Scroll(anchor) => {
                let height = self.window.density.row_points();
                self.browser.scroll(anchor, height);
                Vec::new()
            }
            TableAction::Viewport { height } => {
                self.browser.view_height = height;
                Vec::new()
            }
            TableAction::Page { down, extend } => {
                let extent = self.browser.extent(self.window.density.row_points());
                let rows = i64::try_from(extent.page_rows()).unwrap_or(1);
                self.move_cursor(if down { rows } else { -rows }, extend)
            }
            TableAction::Band { rows, add } => {
                let Browser {
                    listing, selection, ..
                } = &mut self.browser;
                if !add {
                    selection.clear();
                }
                if let Some(last) = rows.end.checked_sub(1).filter(|last| *last >= rows.start) {
                    selection.rows.insert_range(
                        &listing.catalog,
                        listing.order(),
                        rows.start..=last,
                    );
                    selection.cursor = listing.row_at(last);
                }
                self.follow_cursor()
            }
            TableAction::ColumnWidth { column, width } => {
                panels::set_column_width(&mut self.window, column, width);
                Vec::new()
            }
            TableAction::ToggleFoldersFirst => {
                self.browser.arrangement.folders_first ^= true;
                self.browser.mark_stale();
                self.arrange()
            }
            TableAction::ToggleNaturalSort => {
                self.browser.arrangement.natural ^= true;
                self.browser.mark_stale();
                self.arrange()
            }
        }
    }

    fn click(&mut self, position: u64, toggle: bool, extend: bool) -> Vec<Effect> {
        let Some(row) = self.browser.listing.row_at(position) else {
            return Vec::new();
        };
        let Browser {
            listing, selection, ..
        } = &mut self.browser;
        if extend {
            selection.extend(&listing.catalog, listing.order(), row, toggle);
        } else if toggle {
            selection.toggle(&listing.catalog, row);
        } else {
            selection.select(&listing.catalog, row);
        }
        self.follow_cursor()
    }

    fn move_cursor(&mut self, rows: i64, extend: bool) -> Vec<Effect> {
        let shown = self.browser.listing.shown();
        if shown == 0 {
            return Vec::new();
        }
        let from = self.browser.cursor_position();
        let to = match from {
            // The first key press goes to the first or the last row.
            None if rows < 0 => shown - 1,
            None => 0,
            Some(position) => position.saturating_add_signed(rows).min(shown - 1),
        };
        self.cursor_to(to, extend)
    }

    fn cursor_to(&mut self, position: u64, extend: bool) -> Vec<Effect> {
        let extent = self.browser.extent(self.window.density.row_points());
        let anchor = self.browser.anchor.clamped(extent);
        self.browser.anchor = anchor.showing(position, extent);
        self.click(position, false, extend)
    }

    fn find(&mut self, beginning: &str) -> Vec<Effect> {
        let listing = &self.browser.listing;
        let wanted = beginning.to_lowercase();
        let start = self.browser.cursor_position().unwrap_or(0);
        // Only a bounded stretch is searched, so that a frame never waits for a million names.
        const STRETCH: u64 = 20_000;
        let shown = listing.shown();
        let hit = (0..shown.min(STRETCH))
            .map(|step| (start + step) % shown.max(1))
            .find(|position| {
                listing
                    .row_at(*position)
                    .and_then(|row| listing.catalog.row(row))
                    .is_some_and(|row| row.name().to_lowercase().starts_with(&wanted))
            });
        match hit {
            Some(position) => self.cursor_to(position, false),
            None => Vec::new(),
        }
    }

    /// The inspector shows what is under the cursor. What was looked for is so no longer.
    fn follow_cursor(&mut self) -> Vec<Effect> {
        self.browser.look_for(None);
        self.inspector.by_key = false;
        let object = self.browser.focused_object();
        self.inspect(object)
    }

    /// Asks for a new order when one is needed.
    pub(super) fn arrange(&mut self) -> Vec<Effect> {
        self.browser
            .arrange(&mut self.tickets)
            .map(Effect::Run)
            .into_iter()
            .collect()
    }

    /// A new order came.
    pub(super) fn take_order(
        &mut self,
        ticket: Ticket,
        order: Option<crate::catalog::Order>,
    ) -> Vec<Effect> {
        let height = self.window.density.row_points();
        let refreshing = self.browser.is_refreshing();
        if !self.browser.take_order(ticket, order, height) {
            return Vec::new();
        }
        let mut effects = self.arrange();
        effects.extend(self.inspect_focused());
        if refreshing && !self.browser.is_refreshing() {
            effects.extend(self.inspect_anew());
        }
        effects
    }

    /// The inspector shows what rows and selection are now about. An object that was asked for by its key stays, whatever
    /// its folder lists.
    pub(super) fn inspect_focused(&mut self) -> Vec<Effect> {
        let object = self.browser.focused_object();
        if object.is_some() || !self.inspector.by_key {
            self.inspect(object)
        } else {
            Vec::new()
        }
    }
}
