//! Files of another program that hover over the window: what is known of them before they are dropped.

use std::path::PathBuf;

use crate::domain::Ticket;
use crate::worker::messages::{Command, SeenPath};

use super::{Effect, State};

/// The first of the files that hover.
#[derive(Debug, Default)]
pub struct Hover {
    /// Their paths.
    pub paths: Vec<PathBuf>,
    /// What each is, in the same order; empty until it was looked at.
    pub seen: Vec<SeenPath>,
    ticket: Ticket,
}

impl State {
    /// Other files hover than before, or none.
    pub(super) fn hover(&mut self, paths: Vec<PathBuf>) -> Vec<Effect> {
        if self.hover.paths == paths {
            return Vec::new();
        }
        let ticket = self.tickets.draw();
        self.hover = Hover {
            paths: paths.clone(),
            seen: Vec::new(),
            ticket,
        };
        if paths.is_empty() {
            return Vec::new();
        }
        vec![Effect::Run(Command::LookAtPaths { ticket, paths })]
    }

    /// They were looked at.
    pub(super) fn take_seen(&mut self, ticket: Ticket, seen: Vec<SeenPath>) {
        if self.hover.ticket == ticket {
            self.hover.seen = seen;
        }
    }
}
