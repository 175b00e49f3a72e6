//! Where the window stands in a bucket, what it shows of it, and what is selected.

use crate::catalog::{
    Arrangement, Catalog, Extent, Filter, RowRef, ScrollAnchor, Selection, SortBy,
};
use crate::domain::{BucketEntry, Key, Location, Prefix, Ticket};

use super::inspector::Answer;
use super::listing::Listing;

/// A place that was visited, with what was under the cursor there.
#[derive(Clone, Debug, PartialEq)]
struct Visit {
    location: Location,
    cursor: Option<String>,
    anchor: ScrollAnchor,
}

/// The browser's part of the state.
#[derive(Debug)]
pub struct Browser {
    /// The folder shown.
    pub location: Location,
    /// Its rows.
    pub listing: Listing,
    /// Sorting.
    pub arrangement: Arrangement,
    /// The filter as typed.
    pub filter: String,
    /// Selected rows and the cursor.
    pub selection: Selection,
    /// First row shown.
    pub anchor: ScrollAnchor,
    /// Height of the part of the table that shows rows, in points, as the table said last.
    pub view_height: f32,
    /// The buckets of the account.
    pub buckets: Answer<Vec<BucketEntry>>,
    /// The question about buckets.
    pub buckets_ticket: Ticket,
    /// Put the cursor on the row of this name once it is listed.
    seek: Option<String>,
    /// What was selected before a refresh, and the rows it speaks of.
    carry: Option<(Catalog, Selection)>,
    history: Vec<Visit>,
    at: usize,
}

impl Default for Browser {
    fn default() -> Self {
        Self {
            location: Location::default(),
            listing: Listing::new("", Ticket::default()),
            arrangement: Arrangement::default(),
            filter: String::new(),
            selection: Selection::default(),
            anchor: ScrollAnchor::default(),
            view_height: 600.0,
            buckets: Answer::Unasked,
            buckets_ticket: Ticket::default(),
            seek: None,
            carry: None,
            history: Vec::new(),
            at: 0,
        }
    }
}

impl Browser {
    /// Starts at a place with an empty history.
    pub fn start(&mut self, location: Location) {
        self.history.clear();
        self.at = 0;
        self.buckets = Answer::Unasked;
        self.visit(location, None);
    }

    /// Goes to a place; the places after this one in the history are forgotten.
    pub fn go(&mut self, location: Location, seek: Option<String>) {
        self.remember();
        if !self.history.is_empty() {
            self.history.truncate(self.at + 1);
        }
        self.visit(location, seek);
    }

    fn visit(&mut self, location: Location, seek: Option<String>) {
        self.history.push(Visit {
            location: location.clone(),
            cursor: None,
            anchor: ScrollAnchor::default(),
        });
        self.at = self.history.len() - 1;
        self.location = location;
        self.seek = seek;
        self.anchor = ScrollAnchor::default();
        self.filter.clear();
        self.arrangement.filter = Filter::default();
    }

    fn remember(&mut self) {
        let cursor = self.cursor_name();
        if let Some(visit) = self.history.get_mut(self.at) {
            visit.cursor = cursor;
            visit.anchor = self.anchor;
        }
    }

    /// One step back or forward in the history. False at its end.
    pub fn step(&mut self, forward: bool) -> bool {
        let next = if forward {
            self.at.checked_add(1)
        } else {
            self.at.checked_sub(1)
        };
        let Some(visit) = next.and_then(|at| self.history.get(at)).cloned() else {
            return false;
        };
        self.remember();
        self.at = if forward { self.at + 1 } else { self.at - 1 };
        self.location = visit.location;
        self.seek = visit.cursor;
        self.anchor = visit.anchor;
        self.filter.clear();
        self.arrangement.filter = Filter::default();
        true
    }

    /// True when there is a place to go back to.
    #[must_use]
    pub const fn can_go_back(&self) -> bool {
        self.at > 0
    }

    /// True when there is a place to go forward to.
    #[must_use]
    pub fn can_go_forward(&self) -> bool {
        self.at + 1 < self.history.len()
    }

    /// Forgets the rows and waits for new ones, keeping the name under the cursor in mind.
    pub fn relist(&mut self, ticket: Ticket, keep_place: bool) {
        let selection = std::mem::take(&mut self.selection);
        let listing = std::mem::replace(
            &mut self.listing,
            Listing::new(self.location.prefix.as_str(), ticket),
        );
        // A refresh of a refresh keeps what the first one kept.
        self.carry = keep_place.then(|| self.carry.take().unwrap_or((listing.catalog, selection)));
    }

    /// All rows are here: what was selected before a refresh is selected again, and a name that is not there is looked
    /// for no longer.
    pub fn complete(&mut self) {
        if let Some((before, selection)) = self.carry.take() {
            self.selection = selection.carried(&before, &self.listing.catalog);
        }
    }

    /// After a new order: puts the cursor on the row that is looked for, keeps the view inside the rows.
    pub fn settle(&mut self, row_height: f32) {
        if let Some(name) = self.seek.as_deref()
            && let Some(row) = self.listing.catalog.find(name)
        {
            self.seek = None;
            self.selection.select(&self.listing.catalog, row);
            if let Some(position) = self.listing.order().place_of(row) {
                self.anchor = self.anchor.showing(position, self.extent(row_height));
            }
        }
        self.anchor = self.anchor.clamped(self.extent(row_height));
    }

    /// Puts the cursor on the row of this name once it is listed, instead of what was selected before.
    pub fn look_for(&mut self, name: Option<String>) {
        self.seek = name;
        self.carry = None;
    }

    /// How much there is to scroll.
    #[must_use]
    pub fn extent(&self, row_height: f32) -> Extent {
        Extent {
            rows: self.listing.shown(),
            row_height,
            view_height: self.view_height,
        }
    }

    /// Sorts by a column; the same column again turns the direction.
    pub fn sort(&mut self, by: SortBy) {
        if self.arrangement.sort == by {
            self.arrangement.descending = !self.arrangement.descending;
        } else {
            self.arrangement.sort = by;
            self.arrangement.descending = matches!(by, SortBy::Size | SortBy::Modified);
        }
        self.listing.mark_stale();
    }

    /// Shows only rows that fit.
    pub fn set_filter(&mut self, text: String, zone: &jiff::tz::TimeZone) {
        self.arrangement.filter = Filter::parse(&text, zone);
        self.filter = text;
        self.anchor = ScrollAnchor::default();
        self.listing.mark_stale();
    }

    /// The name of the row under the cursor.
    fn cursor_name(&self) -> Option<String> {
        self.selection
            .cursor
            .and_then(|row| self.listing.catalog.row(row))
            .map(|row| row.name().to_owned())
    }

    /// The position of the cursor among the rows shown.
    #[must_use]
    pub fn cursor_position(&self) -> Option<u64> {
        self.selection
            .cursor
            .and_then(|row| self.listing.order().place_of(row))
    }

    /// The object under the cursor, if it is selected and no folder.
    #[must_use]
    pub fn focused_object(&self) -> Option<Key> {
        let row = self.selection.cursor?;
        let row = self
            .selection
            .rows
            .contains(row)
            .then(|| self.listing.catalog.row(row))
            .flatten()?;
        (!row.is_folder()).then(|| row.key())
    }

    /// Keys of the selected objects, in the order shown.
    #[must_use]
    pub fn selected_keys(&self) -> Vec<Key> {
        self.selected_objects().map(RowRef::key).collect()
    }

    /// The selected objects, in the order shown.
    pub fn selected_objects(&self) -> impl Iterator<Item = RowRef<'_>> {
        self.selected_rows().filter(|row| !row.is_folder())
    }

    /// The selected folders, in the order shown.
    #[must_use]
    pub fn selected_folders(&self) -> Vec<Prefix> {
        self.selected_rows().filter_map(RowRef::folder).collect()
    }

    fn selected_rows(&self) -> impl Iterator<Item = RowRef<'_>> {
        let chosen = self
            .listing
            .order()
            .rows()
            .iter()
            .copied()
            .filter(|row| self.selection.rows.contains(*row));
        chosen.filter_map(|row| self.listing.catalog.row(row))
    }
}
