//! Deletions that are being done. They go on behind the window, told by a line with their progress and a way to stop.
//!
//! A short one shows nothing but its closing words: a line that comes and goes within a blink only disturbs.

use crate::domain::{Key, StorageError, Ticket, grouped};
use crate::worker::messages::Command;

use super::dialogs::DeleteDialog;
use super::plans::Place;
use super::{Effect, State, ToastKind};

/// From this many objects on the progress is shown at once.
const LONG_FROM: usize = 500;
/// After this many seconds the progress of any deletion is shown.
const LONG_AFTER_SECS: f64 = 1.0;

/// One deletion.
#[derive(Clone, Debug, PartialEq)]
pub struct Deletion {
    /// Its question.
    pub ticket: Ticket,
    /// Where.
    pub place: Place,
    /// How many objects are to go.
    pub asked: usize,
    /// How many are through, those that failed included.
    pub through: usize,
    /// It was asked to stop; the request that is on its way still ends.
    pub stopping: bool,
    begun_secs: f64,
}

/// All that are being done, oldest first.
#[derive(Debug, Default)]
pub struct Deletions {
    list: Vec<Deletion>,
    uptime_secs: f64,
}

impl Deletions {
    /// Time goes on.
    pub(super) fn tick(&mut self, uptime_secs: f64) {
        self.uptime_secs = uptime_secs;
    }

    fn is_long(&self, deletion: &Deletion) -> bool {
        deletion.asked >= LONG_FROM || self.uptime_secs - deletion.begun_secs >= LONG_AFTER_SECS
    }

    /// Those whose progress is shown.
    pub fn shown(&self) -> impl Iterator<Item = &Deletion> {
        self.list.iter().filter(|deletion| self.is_long(deletion))
    }

    /// Seconds until the next one is to be shown.
    #[must_use]
    pub fn next_shown_secs(&self) -> Option<f64> {
        let hidden = self.list.iter().filter(|deletion| !self.is_long(deletion));
        hidden
            .map(|deletion| deletion.begun_secs + LONG_AFTER_SECS - self.uptime_secs)
            .reduce(f64::min)
    }

    fn find(&mut self, ticket: Ticket) -> Option<&mut Deletion> {
        self.list.iter_mut().find(|own| own.ticket == ticket)
    }
}

impl State {
    /// Begins what the dialog has asked.
    pub(super) fn start_deletion(&mut self, dialog: &DeleteDialog) -> Vec<Effect> {
        let Some(id) = self.connections.current.clone() else {
            return Vec::new();
        };
        let ticket = self.tickets.draw();
        let bucket = dialog.bucket.clone();
        self.deletions.list.push(Deletion {
            ticket,
            place: Place {
                id: id.clone(),
                bucket: bucket.clone(),
            },
            asked: dialog.objects.len(),
            through: 0,
            stopping: false,
            begun_secs: self.deletions.uptime_secs,
        });
        vec![Effect::Run(Command::DeleteObjects {
            ticket,
            id,
            bucket,
            keys: dialog.keys(),
        })]
    }

    /// Stops a deletion after the request that is on its way.
    pub(super) fn stop_deletion(&mut self, ticket: Ticket) -> Vec<Effect> {
        match self.deletions.find(ticket) {
            Some(deletion) => {
                deletion.stopping = true;
                vec![Effect::Run(Command::Cancel(ticket))]
            }
            None => Vec::new(),
        }
    }

    /// A deletion moved on.
    pub(super) fn move_deletion(&mut self, ticket: Ticket, through: usize) {
        if let Some(deletion) = self.deletions.find(ticket) {
            deletion.through = through.min(deletion.asked);
        }
    }

    /// A deletion ended: its closing words, and a new listing where its bucket is shown.
    pub(super) fn take_deleted(
        &mut self,
        ticket: Ticket,
        failures: &[(Key, StorageError)],
        left: usize,
    ) -> Vec<Effect> {
        let list = &mut self.deletions.list;
        let Some(at) = list.iter().position(|own| own.ticket == ticket) else {
            return Vec::new();
        };
        let Deletion { place, asked, .. } = list.remove(at);
        let kept = failures.len().min(asked);
        let deleted = asked.saturating_sub(kept).saturating_sub(left);
        let (kind, text) = match failures.first() {
            Some((_, error)) => {
                let words = crate::words::explain_plainly(error);
                let text = format!(
                    "{} of {} were not deleted. {}. {} {}",
                    grouped((kept + left) as u64),
                    grouped(asked as u64),
                    words.title,
                    words.cause,
                    words.next_step
                );
                (ToastKind::Bad, text)
            }
            None if left > 0 => {
                let text = format!(
                    "Stopped: {} of {} objects are deleted",
                    grouped(deleted as u64),
                    grouped(asked as u64)
                );
                (ToastKind::Warn, text)
            }
            None if asked == 1 => (ToastKind::Good, "Deleted 1 object".to_owned()),
            None => {
                let text = format!("Deleted {} objects", grouped(asked as u64));
                (ToastKind::Good, text)
            }
        };
        self.toasts.show(kind, text);
        if self.place().as_ref() == Some(&place) {
            self.list(true)
        } else {
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::ConnectionId;

    #[test]
    fn a_short_deletion_shows_no_progress() {
        let deletion = |asked| Deletion {
            ticket: Ticket(asked as u64),
            place: Place {
                id: ConnectionId::random(),
                bucket: "media".to_owned(),
            },
            asked,
            through: 0,
            stopping: false,
            begun_secs: 10.0,
        };
        let mut deletions = Deletions {
            list: vec![deletion(3), deletion(5000)],
            uptime_secs: 10.25,
        };
        let shown =
            |deletions: &Deletions| deletions.shown().map(|one| one.asked).collect::<Vec<_>>();
        assert_eq!(shown(&deletions), [5000]);
        assert_eq!(deletions.next_shown_secs(), Some(0.75));
        deletions.tick(11.0);
        assert_eq!(shown(&deletions), [3, 5000], "it takes long after all");
        assert_eq!(deletions.next_shown_secs(), None);
    }
}
