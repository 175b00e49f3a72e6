//! What the inspector knows of the object under the cursor.
//!
//! Headers and preview are asked for anew whenever another object comes under the cursor; answers to older questions
//! are dropped by their ticket.

use crate::catalog::RowRef;
use crate::domain::{Key, ObjectDetails, PreviewKind, StorageError, Ticket};
use crate::worker::messages::Preview;

/// One answer that may still be on its way.
#[derive(Debug, Default)]
pub enum Answer<T> {
    /// Not asked.
    #[default]
    Unasked,
    /// Asked.
    Waiting,
    /// It came.
    Here(T),
    /// It failed.
    Failed(StorageError),
}

impl<T> Answer<T> {
    /// The answer, once it is here.
    #[must_use]
    pub const fn here(&self) -> Option<&T> {
        match self {
            Self::Here(value) => Some(value),
            _ => None,
        }
    }

    /// Takes the result in.
    pub fn take(&mut self, result: Result<T, StorageError>) {
        *self = match result {
            Ok(value) => Self::Here(value),
            Err(error) => Self::Failed(error),
        };
    }
}

/// The object shown.
#[derive(Debug, Default)]
pub struct Inspector {
    /// Its bucket and key; `None` when nothing is under the cursor, or a folder.
    pub object: Option<(String, Key)>,
    /// Its headers.
    pub details: Answer<Box<ObjectDetails>>,
    /// Its beginning.
    pub preview: Answer<Preview>,
    /// Counts previews, so that a view can tell a new picture from the old one.
    pub preview_number: u64,
    /// The newest question.
    pub ticket: Ticket,
    /// It was asked for by its key, not by a row.
    pub by_key: bool,
    /// Which of several selected objects it is, from 1 and in the order shown.
    pub place: Option<u64>,
}

impl Inspector {
    /// Another object, or none, comes under the cursor. True when it must be asked for.
    pub fn turn_to(&mut self, object: Option<(String, Key)>, ticket: Ticket) -> bool {
        if self.object == object {
            return false;
        }
        self.details = if object.is_some() {
            Answer::Waiting
        } else {
            Answer::Unasked
        };
        self.preview = Answer::Unasked;
        self.object = object;
        self.ticket = ticket;
        self.object.is_some()
    }

    /// True when the object must be asked for again: asking failed, or its row tells of another content.
    #[must_use]
    pub fn is_outdated(&self, row: Option<RowRef<'_>>) -> bool {
        match &self.details {
            Answer::Failed(_) => true,
            Answer::Here(details) => row.is_some_and(|row| {
                let modified = row.modified().zip(details.modified);
                row.size() != details.size || modified.is_some_and(|(row, own)| row != own)
            }),
            Answer::Unasked | Answer::Waiting => false,
        }
    }

    /// Headers came. True when the preview shall be asked for now.
    pub fn take_details(
        &mut self,
        ticket: Ticket,
        result: Result<Box<ObjectDetails>, StorageError>,
    ) -> bool {
        if ticket != self.ticket {
            return false;
        }
        self.details.take(result);
        let wanted = self
            .details
            .here()
            .is_some_and(|details| PreviewKind::of(details) != PreviewKind::None);
        self.preview = if wanted {
            Answer::Waiting
        } else if self.details.here().is_some() {
            Answer::Here(Preview::None)
        } else {
            Answer::Unasked
        };
        wanted
    }

    /// The preview came.
    pub fn take_preview(&mut self, ticket: Ticket, result: Result<Preview, StorageError>) {
        if ticket == self.ticket {
            self.preview.take(result);
            self.preview_number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ErrorKind, Operation};

    fn details(name: &str, kind: Option<&str>) -> ObjectDetails {
        ObjectDetails {
            key: Key::new(name),
            size: 9,
            content_type: kind.map(str::to_owned),
            ..ObjectDetails::default()
        }
    }

    #[test]
    fn an_answer_to_an_older_question_is_dropped() {
        let mut inspector = Inspector::default();
        assert!(inspector.turn_to(Some(("b".into(), Key::new("a"))), Ticket(1)));
        assert!(inspector.turn_to(Some(("b".into(), Key::new("b"))), Ticket(2)));
        assert!(!inspector.take_details(Ticket(1), Ok(Box::new(details("a", Some("image/png"))))));
        assert!(matches!(inspector.details, Answer::Waiting));
        let error = StorageError::new(Operation::Head, ErrorKind::AccessDenied, "b");
        assert!(!inspector.take_details(Ticket(2), Err(error)));
        assert!(matches!(inspector.details, Answer::Failed(_)));
    }
}
