//! Where the window stands in a bucket, what it shows of it, and what is selected.

use crate::catalog::{
    Arrangement, Catalog, Extent, Filter, Order, RowRef, RowSet, ScrollAnchor, Selection, SortBy,
};
use crate::domain::{BucketEntry, Key, Location, Prefix, Ticket, Tickets};
use crate::worker::messages::Command;

use super::inspector::Answer;
use super::listing::{Listing, Progress};

/// A place that was visited, with what was under the cursor there.
#[derive(Clone, Debug, PartialEq)]
struct Visit {
    location: Location,
    cursor: Option<String>,
    anchor: ScrollAnchor,
}

/// A refresh with so many rows is shown before it is complete.
const ENOUGH: u64 = 10_000;
/// Rows that a view shows at most.
const VIEW: u64 = 200;

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
    /// The rows of a refresh, until all are here; what was listed before stays on screen so long.
    fresh: Option<Listing>,
    /// What was selected before a refresh and the rows it speaks of, until all rows are here again.
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
            fresh: None,
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

    /// Waits for new rows. With `keep_place` those of now stay until the new ones are all here.
    pub fn relist(&mut self, ticket: Ticket, keep_place: bool) {
        let listing = Listing::new(self.location.prefix.as_str(), ticket);
        if keep_place && self.listing.shown() > 0 {
            self.fresh = Some(listing);
        } else {
            (self.fresh, self.carry) = (None, None);
            self.listing = listing;
            self.selection = Selection::default();
        }
    }

    /// The listing whose rows come in, or came in last.
    #[must_use]
    pub fn incoming(&self) -> &Listing {
        self.fresh.as_ref().unwrap_or(&self.listing)
    }

    /// The same, to change it.
    pub fn incoming_mut(&mut self) -> &mut Listing {
        self.fresh.as_mut().unwrap_or(&mut self.listing)
    }

    /// True while the rows of a refresh come in.
    #[must_use]
    pub const fn is_refreshing(&self) -> bool {
        self.fresh.is_some()
    }

    /// True once no row is to come and all are in order.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.fresh.is_none() && self.listing.is_settled()
    }

    /// The command that brings an order up to date, the one shown first.
    pub fn arrange(&mut self, tickets: &mut Tickets) -> Option<Command> {
        let shown = self.listing.arrange(&self.arrangement, tickets);
        match &mut self.fresh {
            Some(fresh) if shown.is_none() && self.listing.is_arranged() => {
                fresh.arrange(&self.arrangement, tickets)
            }
            _ => shown,
        }
    }

    /// Takes an order in. False when it belongs to an older question.
    pub fn take_order(&mut self, ticket: Ticket, order: Option<Order>, row_height: f32) -> bool {
        let fresh = self.fresh.as_mut();
        if fresh.is_some_and(|fresh| fresh.is_waiting_for(ticket)) {
            if let Some(fresh) = &mut self.fresh {
                fresh.take_order(ticket, order);
            }
        } else if !self.listing.take_order(ticket, order) {
            return false;
        }
        self.renew();
        self.leave_hidden();
        self.settle(row_height);
        true
    }

    /// No row is to come any more. What waited for the last row is done here when their order came before.
    pub fn end(&mut self, progress: Progress, row_height: f32) {
        self.incoming_mut().progress = progress;
        self.renew();
        self.settle(row_height);
    }

    /// A refresh that is complete, or so large that nobody would wait for its end, takes the place of what was listed
    /// before; selection and place stay.
    fn renew(&mut self) {
        let needed = ENOUGH.max(self.anchor.row + VIEW);
        let Some(fresh) = self
            .fresh
            .take_if(|fresh| fresh.is_settled() || (fresh.is_arranged() && fresh.shown() > needed))
        else {
            return;
        };
        self.carry =
            (!fresh.is_settled()).then(|| (self.listing.catalog.clone(), self.selection.clone()));
        let name = |row: RowRef<'_>| row.name().to_owned();
        let first = self.listing.row_at(self.anchor.row);
        let first = first.and_then(|row| self.listing.catalog.row(row).map(name));
        self.selection = self
            .selection
            .carried(&self.listing.catalog, &fresh.catalog);
        self.listing = fresh;
        // The row at the top stays at the top, unless that is where the table begins.
        if self.anchor > ScrollAnchor::TOP
            && let Some(row) = first.and_then(|name| self.listing.catalog.find(&name))
            && let Some(place) = self.listing.order().place_of(row)
        {
            self.anchor.row = place;
        }
    }

    /// What a filter hides is selected no longer: what is done to the selection is done to what is seen.
    fn leave_hidden(&mut self) {
        if self.filter.is_empty() || self.selection.rows.is_empty() {
            return;
        }
        let Self {
            listing, selection, ..
        } = self;
        let shown = listing.order().rows().iter();
        let mut kept = RowSet::default();
        for row in shown.filter(|row| selection.rows.contains(**row)) {
            kept.insert(&listing.catalog, *row);
        }
        selection.rows = kept;
    }

    /// Puts the cursor on the row that is looked for, and keeps the view inside the rows once all are here.
    fn settle(&mut self, row_height: f32) {
        if let Some(name) = self.seek.as_deref()
            && self.fresh.is_none()
            && let Some(row) = self.listing.catalog.find(name)
        {
            self.seek = None;
            self.selection.select(&self.listing.catalog, row);
            if let Some(position) = self.listing.order().place_of(row) {
                self.anchor = self.anchor.showing(position, self.extent(row_height));
            }
        }
        if self.listing.is_settled() {
            if let Some((before, selection)) = self.carry.take() {
                self.selection = selection.carried(&before, &self.listing.catalog);
            }
            // A name that is not there is looked for no longer, once nothing more comes.
            if self.fresh.is_none() {
                self.seek = None;
            }
            self.anchor = self.anchor.clamped(self.extent(row_height));
        }
    }

    /// The table was scrolled. That a table without all its rows ends early is no scrolling.
    pub fn scroll(&mut self, anchor: ScrollAnchor, row_height: f32) {
        let cut = self.anchor.clamped(self.extent(row_height));
        if self.listing.is_settled() || anchor != cut {
            self.anchor = anchor;
        }
    }

    /// Puts the cursor on the row of this name once it is listed, instead of what is selected.
    pub fn look_for(&mut self, name: Option<String>) {
        self.seek = name;
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

    /// Sorting or filter changed: orders must be made anew.
    pub fn mark_stale(&mut self) {
        self.listing.mark_stale();
        if let Some(fresh) = &mut self.fresh {
            fresh.mark_stale();
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
        self.mark_stale();
    }

    /// Shows only rows that fit.
    pub fn set_filter(&mut self, text: String, zone: &jiff::tz::TimeZone) {
        self.arrangement.filter = Filter::parse(&text, zone);
        self.filter = text;
        self.anchor = ScrollAnchor::default();
        self.mark_stale();
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

    /// Which of several selected objects a key is, from 1 and in the order shown.
    #[must_use]
    pub fn place_in_selection(&self, key: &Key) -> Option<u64> {
        if self.selection.rows.totals().objects < 2 {
            return None;
        }
        let name = key.as_str().strip_prefix(self.location.prefix.as_str())?;
        let at = self.selected_objects().position(|row| row.name() == name)?;
        Some(at as u64 + 1)
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
