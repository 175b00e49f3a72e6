//! What the window knows of what credentials may do: the write test that runs and what was denied where.
//!
//! A denial counts for the connection and bucket it was found in, for the prefix that was tried and all below it, and for
//! this run of the program; examining again forgets it. Nothing is refused for what was not tried.

use crate::domain::Ticket;
use crate::domain::diagnosis::{
    Ability, Answer, DoctorNews, Finding, Permission, PermissionMatrix, Verdict, WriteTest,
};
use crate::settings::{Access, ConnectionId, OptionId, Value};
use crate::words::diagnosis::{permissions as words, write_test};
use crate::worker::messages::Command;

use super::dialogs::Dialog;
use super::policy::PolicyEdit;
use super::{Effect, State};

/// What is known beside the Doctor's page.
#[derive(Debug, Default)]
pub struct Probe {
    /// The write test that is under way.
    pub testing: Option<Ticket>,
    /// It was told to stop and removes what it wrote.
    pub stopping: bool,
    denied: Vec<Denied>,
}

/// What was denied at one place.
#[derive(Debug)]
struct Denied {
    connection: ConnectionId,
    bucket: String,
    prefix: String,
    /// Rows, and why what needs them is refused.
    rows: Vec<(Permission, &'static str)>,
}

/// What is done with permissions, the server's abilities and policies.
#[derive(Clone, Debug)]
pub enum ProbeAction {
    /// Write one object and remove it again, to know what may be done.
    TestWriting,
    /// The same, though what an earlier test wrote is still there and another object may stay, too.
    LeaveAnother,
    /// Stop the write test; what it wrote is removed all the same.
    StopTesting,
    /// Show what the server can do.
    ShowAbilities,
    /// Say what holds for an ability; `None` goes back to what was found. Where the bucket stands in the address is said by
    /// `AWS_S3_ADDRESSING_STYLE`.
    SetAbility(Ability, Option<Answer>),
    /// Write a policy for the place shown.
    ShowPolicy,
    /// Change the policy.
    Policy(PolicyEdit),
}

impl State {
    pub(super) fn work_on_probe(&mut self, action: ProbeAction) -> Vec<Effect> {
        match action {
            ProbeAction::TestWriting => self.test_writing(false),
            ProbeAction::LeaveAnother => self.test_writing(true),
            ProbeAction::StopTesting => {
                self.probe.stopping = true;
                let ticket = self.probe.testing;
                let cancel = ticket.map(|ticket| Effect::Run(Command::Cancel(ticket)));
                cancel.into_iter().collect()
            }
            ProbeAction::ShowAbilities => self.show(Dialog::Abilities),
            ProbeAction::SetAbility(ability, answer) => self.set_ability(ability, answer),
            ProbeAction::ShowPolicy => self.show_policy(),
            ProbeAction::Policy(edit) => self.edit_policy(edit),
        }
    }

    /// Why writing cannot be tested now, if so.
    #[must_use]
    pub fn writing_refusal(&self) -> Option<&'static str> {
        let matrix = self.doctor.diagnosis.permissions.as_ref();
        let listed = matrix.map(|matrix| matrix.verdict(Permission::ListPrefix));
        match (&self.doctor.patient, matrix) {
            (Some(patient), _) if patient.access == Access::ReadOnly => {
                Some("this connection is read-only")
            }
            (_, None) => Some("nothing was found yet"),
            (_, Some(matrix)) if matrix.bucket.is_empty() => {
                Some("this connection names no bucket")
            }
            _ if self.doctor.running.is_some() => Some("the examination is still running"),
            // What kept the listing from being tried keeps a write from it, too.
            _ => listed.and_then(write_test::no_write_either),
        }
    }

    /// Why there is nothing to show of what the server can do, if so.
    #[must_use]
    pub fn abilities_refusal(&self) -> Option<&'static str> {
        let nothing = self.doctor.diagnosis.endpoint.is_none();
        nothing.then_some("nothing was found yet")
    }

    fn test_writing(&mut self, may_leave_another: bool) -> Vec<Effect> {
        if let Some(reason) = self.writing_refusal() {
            return self.refuse(reason);
        }
        let Some(patient) = self.doctor.patient.clone() else {
            return Vec::new();
        };
        if self.probe.testing.is_some() {
            return Vec::new();
        }
        let matrix = self.doctor.diagnosis.permissions.as_ref();
        let wish = WriteTest {
            also_reads: matrix.is_some_and(PermissionMatrix::lacks_an_object),
            may_leave_another,
        };
        let ticket = self.tickets.draw();
        self.probe.testing = Some(ticket);
        self.probe.stopping = false;
        vec![Effect::Run(Command::TestWriting {
            ticket,
            connection: patient,
            others: self.connections.all(),
            wish,
        })]
    }

    /// Takes a piece of an examination or of a write test in, and goes by what it shows.
    pub(super) fn take_news(&mut self, ticket: Ticket, mut news: DoctorNews) -> Vec<Effect> {
        let own = self.probe.testing == Some(ticket);
        if !own && self.doctor.running != Some(ticket) {
            return Vec::new();
        }
        if let DoctorNews::Check(check) = &mut news
            && let Finding::BucketUnchosen { open, .. } = &mut check.finding
        {
            *open = self.open_bucket_of_patient();
        }
        let of_permissions = matches!(news, DoctorNews::Permission(_) | DoctorNews::Permissions(_));
        let report = match &news {
            DoctorNews::Endpoint(report) => Some(report.clone()),
            _ => None,
        };
        if own {
            self.doctor.diagnosis.take(news);
        } else {
            self.doctor.take(ticket, news);
        }
        let Some(patient) = self.doctor.patient.clone() else {
            return Vec::new();
        };
        // Settings that are being edited say nothing about the connection as it is.
        if self.doctor.is_of_draft() {
            return Vec::new();
        }
        if of_permissions {
            self.remember_denials(&patient.id);
        }
        let Some(report) = report else {
            return Vec::new();
        };
        self.change_server(&patient.id, |traits| traits.learn(&report))
            .0
    }

    /// The bucket that the browser shows of the patient.
    fn open_bucket_of_patient(&self) -> Option<String> {
        let patient = self.doctor.patient.as_ref()?;
        let bucket = &self.browser.location.bucket;
        let is_open = self.connections.current.as_ref() == Some(&patient.id) && !bucket.is_empty();
        is_open.then(|| bucket.to_string())
    }

    fn remember_denials(&mut self, id: &ConnectionId) {
        let Some(matrix) = &self.doctor.diagnosis.permissions else {
            return;
        };
        let rows = matrix
            .rows
            .iter()
            .filter(|row| matches!(row.verdict, Verdict::Denied(_)))
            .map(|row| (row.permission, words::needs(row.missing_action())))
            .collect();
        self.probe
            .denied
            .retain(|known| known.connection != *id || known.bucket != matrix.bucket);
        self.probe.denied.push(Denied {
            connection: id.clone(),
            bucket: matrix.bucket.clone(),
            prefix: matrix.prefix.clone(),
            rows,
        });
    }

    /// A connection is examined anew: what was denied before is not known any more.
    pub(super) fn forget_denials(&mut self, id: &ConnectionId) -> Vec<Effect> {
        self.probe.denied.retain(|known| known.connection != *id);
        let testing = self.probe.testing.take();
        testing
            .map(|ticket| Effect::Run(Command::Cancel(ticket)))
            .into_iter()
            .collect()
    }

    /// Why something is refused at the place that the browser shows, when it was tried there and denied.
    #[must_use]
    pub fn denied(&self, permission: Permission) -> Option<&'static str> {
        let id = self.connections.current.as_ref()?;
        let here = &self.browser.location;
        self.probe
            .denied
            .iter()
            .find(|known| {
                known.connection == *id
                    && known.bucket == here.bucket
                    && here.prefix.as_str().starts_with(&known.prefix)
            })?
            .rows
            .iter()
            .find(|(row, _)| *row == permission)
            .map(|(_, why)| *why)
    }

    /// Why nothing can be read at the place that the browser shows, if so.
    #[must_use]
    pub fn read_refusal(&self) -> Option<&'static str> {
        self.denied(Permission::Read)
    }

    fn set_ability(&mut self, ability: Ability, answer: Option<Answer>) -> Vec<Effect> {
        if ability == Ability::Addressing {
            // The option is the one place that says it.
            let style = answer.and_then(Answer::style_word).map(Value::text);
            return self.treat(OptionId::AddressingStyle, style.as_ref());
        }
        let Some(id) = self.doctor.patient.as_ref().map(|one| one.id.clone()) else {
            return Vec::new();
        };
        self.doctor.was_changed();
        self.change_server(&id, |traits| {
            match answer {
                Some(answer) => traits.set.insert(ability, answer),
                None => traits.set.remove(&ability),
            };
            true
        })
        .0
    }
}

#[cfg(test)]
#[path = "probe_tests.rs"]
mod tests;
