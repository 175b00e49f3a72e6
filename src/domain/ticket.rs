//! Tickets tie an answer to the question it belongs to.

/// The number of one question. The state keeps the newest; an answer with an older ticket is dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Hands out tickets, each newer than the one before.
#[derive(Debug, Default)]
pub struct Tickets(u64);

impl Tickets {
    /// A ticket newer than all before.
    pub fn draw(&mut self) -> Ticket {
        self.0 += 1;
        Ticket(self.0)
    }
}
