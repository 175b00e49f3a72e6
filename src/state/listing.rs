//! One listing as it arrives: rows, their order, and how far it got.
//!
//! Rows come in pages and are sorted and filtered away from the window's thread. At most one such arrangement is under
//! way; when it comes back and rows were added since, the next one starts from its result.

use std::sync::Arc;

use crate::catalog::{Arrangement, Catalog, Order, PageBuilder};
use crate::domain::{StorageError, Ticket, Tickets};
use crate::worker::messages::Command;

/// How far a listing got.
#[derive(Debug, Default)]
pub enum Progress {
    /// Not started.
    #[default]
    Idle,
    /// Pages come in.
    Running,
    /// All rows are here.
    Complete,
    /// Stopped by the user: rows are missing.
    Stopped,
    /// Failed: rows may be missing.
    Failed(StorageError),
}

/// The rows of one folder.
#[derive(Debug)]
pub struct Listing {
    /// The question whose pages are taken.
    pub ticket: Ticket,
    /// All rows.
    pub catalog: Catalog,
    /// How far it got.
    pub progress: Progress,
    order: Order,
    /// The arrangement under way and the one that was asked for last.
    arranging: Option<Ticket>,
    /// Sorting or filter changed since the order was made.
    stale: bool,
}

impl Listing {
    /// An empty listing below a prefix.
    #[must_use]
    pub fn new(prefix: &str, ticket: Ticket) -> Self {
        Self {
            ticket,
            catalog: Catalog::new(prefix),
            progress: Progress::Idle,
            order: Order::begin(Arc::default()),
            arranging: None,
            stale: true,
        }
    }

    /// The rows shown, in order.
    #[must_use]
    pub const fn order(&self) -> &Order {
        &self.order
    }

    /// Number of rows shown.
    #[must_use]
    pub fn shown(&self) -> u64 {
        self.order.len()
    }

    /// The row number at a position of the table.
    #[must_use]
    pub fn row_at(&self, position: u64) -> Option<u32> {
        self.order.get(position)
    }

    /// True once no row is to come and all are in order.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        !matches!(self.progress, Progress::Running | Progress::Idle) && self.is_arranged()
    }

    /// True when the order shows all rows that are here.
    #[must_use]
    pub fn is_arranged(&self) -> bool {
        self.arranging.is_none() && (!self.needs_order() || self.catalog.is_empty())
    }

    /// Takes a page in.
    pub fn take_page(&mut self, page: &PageBuilder) {
        self.catalog.append(page);
    }

    /// Sorting or filter changed: the order must be made anew.
    pub fn mark_stale(&mut self) {
        self.stale = true;
    }

    fn needs_order(&self) -> bool {
        self.stale || self.order.covers() < self.catalog.len()
    }

    /// The command that brings the order up to date, when that is needed. A change of sorting or filter overtakes the
    /// arrangement under way; added rows wait for it.
    pub fn arrange(&mut self, arrangement: &Arrangement, tickets: &mut Tickets) -> Option<Command> {
        if (self.arranging.is_some() && !self.stale) || !self.needs_order() {
            return None;
        }
        let ticket = tickets.draw();
        self.arranging = Some(ticket);
        let base = (!std::mem::take(&mut self.stale)).then(|| self.order.clone());
        Some(Command::Arrange {
            ticket,
            catalog: self.catalog.clone(),
            arrangement: arrangement.clone(),
            base,
        })
    }

    /// True when the answer to this question is an order of these rows.
    #[must_use]
    pub fn is_waiting_for(&self, ticket: Ticket) -> bool {
        self.arranging == Some(ticket)
    }

    /// Takes an order in. False when it belongs to an older question.
    pub fn take_order(&mut self, ticket: Ticket, order: Option<Order>) -> bool {
        if self.arranging != Some(ticket) {
            return false;
        }
        self.arranging = None;
        match order {
            Some(order) => self.order = order,
            // It died or was cancelled: ask again from the start.
            None => self.stale = true,
        }
        true
    }
}
