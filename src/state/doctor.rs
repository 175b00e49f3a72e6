//! What the window knows of the Doctor: whom it examines, what was found so far, whether it is still at it.

use crate::domain::Ticket;
use crate::domain::diagnosis::{Diagnosis, DoctorNews, Examination};
use crate::settings::ConnectionId;

/// The Doctor's page.
#[derive(Debug, Default)]
pub struct Consultation {
    /// The connection that is examined.
    pub patient: Option<ConnectionId>,
    /// What was found so far.
    pub diagnosis: Diagnosis,
    /// The newest examination, while it runs.
    pub running: Option<Ticket>,
    /// When the newest examination that came to its end did so.
    pub finished: Option<Examination>,
}

impl Consultation {
    /// A new examination begins; what was found before is forgotten.
    pub fn begin(&mut self, patient: ConnectionId, ticket: Ticket) {
        *self = Self {
            patient: Some(patient),
            running: Some(ticket),
            ..Self::default()
        };
    }

    /// Takes a piece of the running examination in.
    pub fn take(&mut self, ticket: Ticket, news: DoctorNews) {
        if self.running == Some(ticket) {
            self.diagnosis.take(news);
        }
    }

    /// The examination ended.
    pub fn end(&mut self, ticket: Ticket, finished: Option<Examination>) {
        if self.running == Some(ticket) {
            self.running = None;
            self.finished = finished;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::diagnosis::{Rung, RungPlace};

    #[test]
    fn an_older_examination_is_not_heard() {
        let mut doctor = Consultation::default();
        let rungs = || DoctorNews::Ladder(vec![Rung::empty(RungPlace::S3Pair)]);
        doctor.begin(ConnectionId::random(), Ticket(1));
        doctor.begin(ConnectionId::random(), Ticket(2));
        doctor.take(Ticket(1), rungs());
        doctor.end(Ticket(1), None);
        assert!(doctor.diagnosis.ladder.is_empty());
        assert_eq!(doctor.running, Some(Ticket(2)));
        doctor.take(Ticket(2), rungs());
        doctor.end(Ticket(2), None);
        assert_eq!(doctor.diagnosis.ladder.len(), 1);
        assert_eq!(doctor.running, None);
    }
}
