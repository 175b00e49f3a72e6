//! Examinations of credentials that no connection uses: those of a profile of the shared files, and those that SDKs find
//! on this computer by themselves.
//!
//! A visitor is an unsaved connection for as long as it is examined. It goes when the Doctor turns to another or another
//! connection is opened, unless it was saved or a remedy changed it meanwhile.

use crate::domain::diagnosis::ServerTraits;
use crate::settings::{Connection, ConnectionId, OptionId};
use crate::words::quoted;
use crate::worker::messages::Command;

use super::connections::Origin;
use super::{Effect, State};

/// What the credentials that SDKs find by themselves are called.
const OF_THIS_COMPUTER: &str = "This computer";

/// Who is examined without being a connection.
#[derive(Debug)]
pub struct Visitor {
    /// What was made of it, as it came.
    came: Connection,
    /// The profile; `None` for what SDKs find by themselves.
    pub profile: Option<String>,
}

impl State {
    /// Examines the credentials of a profile, or those that SDKs find by themselves.
    pub(super) fn examine_found(&mut self, profile: Option<&str>) -> Vec<Effect> {
        self.part_with_visitor(None);
        let mut connection = match profile {
            Some(name) => self.connection_of_profile(name),
            None => Connection::new(OF_THIS_COMPUTER),
        };
        connection.name = self.connections.free_name(&connection.name);
        self.connections.put(connection.clone(), Origin::Unsaved);
        self.doctor.visitor = Some(Box::new(Visitor {
            came: connection.clone(),
            profile: profile.map(str::to_owned),
        }));
        self.examine(connection)
    }

    /// The visitor, while it is the one that is examined.
    #[must_use]
    pub fn examined_visitor(&self) -> Option<&Visitor> {
        let patient = self.doctor.patient.as_ref()?;
        let visitor = self.doctor.visitor.as_deref();
        visitor.filter(|visitor| visitor.came.id == patient.id)
    }

    /// What the page calls whom it examines.
    #[must_use]
    pub fn patient_name(&self) -> Option<String> {
        let patient = self.doctor.patient.as_ref()?;
        let as_came = |own: &&Visitor| {
            let profile = |one: &Connection| one.values.get(OptionId::SessionProfile).cloned();
            profile(&own.came) == profile(patient) && own.came.credentials == patient.credentials
        };
        let visitor = self.examined_visitor().filter(as_came);
        let profile = visitor.map(|own| own.profile.as_deref());
        Some(match profile {
            Some(Some(profile)) => format!("Profile {}", quoted(profile)),
            Some(None) => OF_THIS_COMPUTER.to_owned(),
            None => patient.name.clone(),
        })
    }

    /// Saves the visitor as a connection and opens it.
    pub(super) fn keep_visitor(&mut self) -> Vec<Effect> {
        let visitor = self.doctor.visitor.take();
        let entry = visitor.and_then(|visitor| self.connections.find(&visitor.came.id));
        let Some(connection) = entry.map(|entry| entry.connection.clone()) else {
            return Vec::new();
        };
        let id = connection.id.clone();
        let mut effects = self.stop_examining();
        let ticket = self.tickets.draw();
        effects.push(Effect::Run(Command::SaveConnection {
            ticket,
            connection: Box::new(connection),
        }));
        effects.extend(self.open_connection(&id, None));
        effects
    }

    /// The visitor goes, unless it is this one.
    pub(super) fn part_with_visitor(&mut self, stays: Option<&ConnectionId>) {
        let Some(visitor) = (self.doctor.visitor).take_if(|own| Some(&own.came.id) != stays) else {
            return;
        };
        let entry = self.connections.find(&visitor.came.id);
        let as_it_came = |now: &Connection| {
            // What was learned of the server is no change of a person's.
            let bare = |one: &Connection| Connection {
                server: ServerTraits::default(),
                ..one.clone()
            };
            bare(now) == bare(&visitor.came)
        };
        if entry
            .is_some_and(|entry| entry.origin == Origin::Unsaved && as_it_came(&entry.connection))
        {
            self.connections.remove(&visitor.came.id);
        }
    }
}

#[cfg(test)]
#[path = "visitor_tests.rs"]
mod tests;
