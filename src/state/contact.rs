//! The first contact with a connection's server: looked at once, after the first listing came, and kept with the
//! connection.
//!
//! A server that was looked at at this address and bucket is not looked at again; nor is one of which the look failed,
//! until the program starts anew. Nothing of it is shown, and no failure of it is told.

use crate::domain::Ticket;
use crate::domain::diagnosis::{
    Ability, Answer, EndpointReport, ServerPlace, ServerTraits, ServerView,
};
use crate::settings::ConnectionId;
use crate::worker::messages::Command;

use super::connections::Origin;
use super::{Effect, State};

/// What is under way beside what people see.
#[derive(Debug, Default)]
pub(super) struct Contact {
    /// What was looked at in this run.
    met: Vec<(ConnectionId, ServerPlace)>,
    /// Looks that are under way.
    meeting: Vec<Ticket>,
    /// Savings that are under way and nobody's wish.
    keeping: Vec<Ticket>,
}

impl Contact {
    /// True when saving with this ticket was nobody's wish. Forgets it.
    pub(super) fn was_keeping(&mut self, ticket: Ticket) -> bool {
        let before = self.keeping.len();
        self.keeping.retain(|own| *own != ticket);
        self.keeping.len() != before
    }
}

impl State {
    /// Looks at the server of the open connection, if that was not done yet.
    pub(super) fn meet_server(&mut self) -> Vec<Effect> {
        let (Some(opened), Some(id)) = (&self.connections.opened, &self.connections.current) else {
            return Vec::new();
        };
        let Some(entry) = self.connections.find(id) else {
            return Vec::new();
        };
        let overridden = (self.connections.overrides.as_ref())
            .is_some_and(|(own, values)| own == id && !values.is_empty());
        let location = &self.browser.location;
        let own_bucket = opened.bucket.as_deref();
        let unknown = entry
            .connection
            .server
            .needs_look(&opened.endpoint, own_bucket);
        // What holds for this run only says nothing about the saved connection. The built-in bucket is known, and another
        // bucket than the connection's own is not what is kept with it.
        if !unknown
            || overridden
            || entry.origin == Origin::Builtin
            || location.bucket.is_empty()
            || own_bucket.is_some_and(|own| own != location.bucket)
        {
            return Vec::new();
        }
        let place = ServerPlace {
            endpoint: opened.endpoint.clone(),
            bucket: location.bucket.clone(),
        };
        let here = (id.clone(), place);
        if self.contact.met.contains(&here) {
            return Vec::new();
        }
        let ticket = self.tickets.draw();
        let id = id.clone();
        let (bucket, prefix) = (location.bucket.clone(), location.prefix.clone());
        self.contact.met.push(here);
        self.contact.meeting.push(ticket);
        vec![Effect::Run(Command::MeetServer {
            ticket,
            id,
            bucket,
            prefix,
        })]
    }

    pub(super) fn take_met_server(
        &mut self,
        ticket: Ticket,
        id: &ConnectionId,
        report: Option<Box<EndpointReport>>,
    ) -> Vec<Effect> {
        let before = self.contact.meeting.len();
        self.contact.meeting.retain(|own| *own != ticket);
        if self.contact.meeting.len() == before {
            return Vec::new();
        }
        report.map_or_else(Vec::new, |report| self.take_seen_server(id, &report))
    }

    pub(super) fn take_seen_server(
        &mut self,
        id: &ConnectionId,
        report: &EndpointReport,
    ) -> Vec<Effect> {
        let (effects, keeping) = self.change_server(id, |traits| traits.learn(report));
        self.contact.keeping.extend(keeping);
        effects
    }

    /// True when the server of the open connection is known to lack something, or a person said so.
    #[must_use]
    pub fn server_lacks(&self, ability: Ability) -> bool {
        let (Some(opened), Some(connection)) =
            (&self.connections.opened, self.connections.current())
        else {
            return false;
        };
        let here = connection.server.at(&opened.endpoint);
        here.holds(ability) == Some(Answer::No)
    }

    /// True while the server of the open connection is believed to refuse by itself what would overwrite.
    #[must_use]
    pub fn guards_uploads(&self) -> bool {
        let (Some(opened), Some(connection)) =
            (&self.connections.opened, self.connections.current())
        else {
            return true;
        };
        let holds = connection
            .server
            .at(&opened.endpoint)
            .holds(Ability::IfNoneMatch);
        !matches!(holds, Some(Answer::No | Answer::Ignored))
    }

    /// Why no role can be taken at the server of the connection that is examined, if so: it has no STS, and STS is not asked
    /// elsewhere.
    #[must_use]
    pub fn role_refusal(&self) -> Option<&'static str> {
        let patient = self.doctor.patient.as_ref()?;
        let view = ServerView::of(&self.doctor.diagnosis, &patient.server);
        let lacks = view.standing(Ability::Sts).holds() == Some(Answer::No);
        let elsewhere = ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"];
        let is_elsewhere = self.environment.first_found(&elsewhere).is_some();
        (lacks && !is_elsewhere).then_some("this server has no token service (STS)")
    }

    /// Changes what is known of a connection's server, everywhere it is kept: the open connection goes by it at once. Gives
    /// the ticket of the command that saves it, too.
    pub(super) fn change_server(
        &mut self,
        id: &ConnectionId,
        change: impl Fn(&mut ServerTraits) -> bool,
    ) -> (Vec<Effect>, Option<Ticket>) {
        if let Some(patient) = self.doctor.patient.as_mut().filter(|one| one.id == *id) {
            change(&mut patient.server);
        }
        if let Some(draft) = self.draft.as_mut().filter(|one| one.connection.id == *id) {
            draft.each_server(|server| {
                change(server);
            });
        }
        let entry = self.connections.list.iter_mut().find(|one| one.id() == id);
        let Some(entry) = entry else {
            return (Vec::new(), None);
        };
        if !change(&mut entry.connection.server) {
            return (Vec::new(), None);
        }
        let server = Box::new(entry.connection.server.clone());
        let id = id.clone();
        let mut effects = vec![Effect::Run(Command::GoByServer { id, server })];
        if entry.origin != Origin::Saved {
            return (effects, None);
        }
        let connection = Box::new(entry.connection.clone());
        let ticket = self.tickets.draw();
        effects.push(Effect::Run(Command::SaveConnection { ticket, connection }));
        (effects, Some(ticket))
    }
}

#[cfg(test)]
#[path = "contact_tests.rs"]
mod tests;
