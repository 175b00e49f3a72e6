//! What the browser waits for: the credentials of a connection, or the rows of a folder.
//!
//! A wait that takes long is told as one, with how long nobody has answered and which try runs; it can be ended at any time.

use crate::domain::{Operation, StorageError, Ticket, Timestamp};
use crate::worker::messages::{Command, OpenError, Try};

use super::dialogs::Dialog;
use super::listing::Progress;
use super::{Effect, State};

/// Seconds without an answer after which that is said.
const LONG_SECS: i64 = 5;

/// Since when nobody has answered.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    since: Timestamp,
    trying: Try,
}

/// Nobody has answered for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// Seconds.
    pub secs: i64,
    /// Which try of the listing runs; `None` while the connection is opened.
    pub trying: Option<Try>,
}

impl State {
    /// Something is asked for, or an answer came.
    pub(super) fn wait_anew(&mut self) {
        self.waiting = Waiting {
            since: self.now,
            trying: Try::default(),
        };
    }

    /// The time goes on. A code that a person has to type is nobody's silence.
    pub(super) fn wait_on(&mut self) {
        if matches!(self.dialog, Some(Dialog::Code(_))) {
            self.wait_anew();
        }
    }

    pub(super) fn take_try(&mut self, ticket: Ticket, trying: Try) {
        if ticket == self.browser.incoming().ticket {
            self.waiting.trying = trying;
        }
    }

    /// True while an answer is to come.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        let lists = matches!(self.browser.incoming().progress, Progress::Running);
        lists || self.connections.opening.is_some()
    }

    /// That what the browser waits for takes long, if so.
    #[must_use]
    pub fn silence(&self) -> Option<Silence> {
        let opening = self.connections.opening.is_some();
        let secs = self.now.0 - self.waiting.since.0;
        (self.is_waiting() && secs >= LONG_SECS).then_some(Silence {
            secs,
            trying: (!opening).then_some(self.waiting.trying),
        })
    }

    /// Waits no longer. What comes of opening a connection after that is not heard.
    pub(super) fn stop_waiting(&mut self) -> Vec<Effect> {
        if let Some(ticket) = self.connections.opening.take() {
            let name = self.connections.current().map(|one| one.name.clone());
            let name = name.unwrap_or_default();
            let stopped = StorageError::cancelled(Operation::Connect, name);
            self.connections.failure = Some(OpenError::Storage(stopped));
            return vec![Effect::Run(Command::Cancel(ticket))];
        }
        let ticket = self.browser.incoming().ticket;
        vec![Effect::Run(Command::Cancel(ticket))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::PageBuilder;
    use crate::settings::Connection;
    use crate::state::{Go, Origin};
    use crate::worker::messages::Event;

    fn opening() -> State {
        let mut state = State::default();
        let connection = Connection::new("media");
        let id = connection.id.clone();
        state.connections.put(connection, Origin::Saved);
        state.on_action(Go::Connection(id).into());
        state
    }

    fn later(state: &mut State, secs: i64) -> Option<Silence> {
        state.now.0 += secs;
        state.wait_on();
        state.silence()
    }

    #[test]
    fn silence_is_told_after_a_while_and_ends_with_the_first_row() {
        let mut state = opening();
        state.connections.opening = None;
        state.browser.incoming_mut().progress = Progress::Running;
        assert_eq!(later(&mut state, LONG_SECS - 1), None);
        let first = Try { number: 1, last: 2 };
        let told = |secs, trying| {
            let trying = Some(trying);
            Some(Silence { secs, trying })
        };
        assert_eq!(later(&mut state, 1), told(LONG_SECS, first));
        let ticket = state.browser.incoming().ticket;
        let second = Try { number: 2, last: 2 };
        state.on_event(Event::ListingTried {
            ticket,
            trying: second,
        });
        assert_eq!(later(&mut state, 30), told(LONG_SECS + 30, second));
        let page = Box::new(PageBuilder::new(""));
        state.on_event(Event::PageListed { ticket, page });
        assert_eq!(later(&mut state, 1), None);
        assert_eq!(later(&mut state, 20), told(21, first), "the next page");
        let effects = state.on_action(Go::CancelListing.into());
        assert!(matches!(
            &effects[..],
            [Effect::Run(Command::Cancel(own))] if *own == ticket
        ));
    }

    #[test]
    fn a_connection_that_does_not_open_can_be_left_and_is_not_heard_later() {
        let mut state = opening();
        let ticket = state.connections.opening.expect("opening");
        let trying = None;
        assert_eq!(later(&mut state, 9), Some(Silence { secs: 9, trying }));
        let effects = state.on_action(Go::CancelListing.into());
        assert!(
            matches!(&effects[..], [Effect::Run(Command::Cancel(own))] if *own == ticket),
            "no question of the worker is left"
        );
        assert_eq!(state.silence(), None);
        assert!(state.connections.failure.is_some());
        let id = state.connections.current.clone().expect("current");
        let late = Err(OpenError::Secrets("late".to_owned()));
        state.on_event(Event::ConnectionOpened {
            ticket,
            id,
            result: late,
        });
        assert!(matches!(
            &state.connections.failure,
            Some(OpenError::Storage(_))
        ));
    }
}
