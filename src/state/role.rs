//! Taking a role: typed, tried with the credentials at hand, and kept when it was taken, or when a person says so.
//!
//! While it is tried a code may be asked for: that dialog goes before this one, which comes back after it.

use crate::domain::{RoleSpec, Ticket};
use crate::settings::Connection;
use crate::worker::messages::{Command, OpenError};

use super::credentials::{For, FormEdit};
use super::dialogs::Dialog;
use super::{Effect, State, ToastKind};

/// Taking a role.
#[derive(Debug)]
pub struct RoleDialog {
    /// The role as it is typed; texts that are empty mean nothing.
    pub role: RoleSpec,
    /// Whose credentials take it.
    pub target: For,
    /// There is a role already.
    pub replaces: bool,
    /// It is being tried.
    pub trying: Option<Ticket>,
    /// Why it could not be taken.
    pub failure: Option<OpenError>,
    /// The connection that a role makes where there is none, the same for every try.
    made: Option<Box<Connection>>,
}

impl RoleDialog {
    /// Why the role cannot be used: the field's name and the reason.
    #[must_use]
    pub fn problem(&self) -> Option<&'static str> {
        let role = &self.role;
        let mut parts = role.arn.splitn(6, ':');
        let is_role = parts.next() == Some("arn")
            && parts.next().is_some_and(|partition| !partition.is_empty())
            && parts.next() == Some("iam")
            && parts.next().is_some()
            && parts.next().is_some()
            && parts
                .next()
                .and_then(|rest| rest.strip_prefix("role/"))
                .is_some_and(|name| {
                    // The letters that IAM takes in a name and its path.
                    let is_letter =
                        |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_/-".contains(&byte);
                    !name.is_empty() && name.bytes().all(is_letter)
                });
        if role.arn.is_empty() {
            Some("type the role's ARN")
        } else if !is_role {
            Some("a role's ARN looks like arn:aws:iam::123456789012:role/media-editor")
        } else if role.session_name.as_ref().is_some_and(|name| {
            !(2..=64).contains(&name.len())
                || !name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"_=,.@-".contains(&byte))
        }) {
            Some("a session's name has 2 to 64 letters, digits and _=,.@-")
        } else if role
            .external_id
            .as_ref()
            .is_some_and(|id| !(2..=1224).contains(&id.len()))
        {
            Some("an external id has 2 to 1224 characters")
        } else {
            None
        }
    }
}

impl State {
    pub(super) fn ask_for_role(&mut self) -> Vec<Effect> {
        let target = self.credentials_target();
        let role = self.with_role(&target).and_then(|one| one.role);
        self.show(Dialog::AssumeRole(RoleDialog {
            replaces: role.is_some(),
            role: role.unwrap_or_default(),
            target,
            trying: None,
            failure: None,
            made: None,
        }))
    }

    pub(super) fn take_no_role(&mut self, target: &For) -> Vec<Effect> {
        self.change_connection(target, |connection| connection.role = None)
    }

    /// The connection that takes the role, as it is now; `None` where it has to be made.
    fn with_role(&self, target: &For) -> Option<Connection> {
        match target {
            For::Draft => Some(self.draft.as_ref()?.connection.clone()),
            For::Connection(id) => {
                let entry = self.connections.find(id)?;
                Some(self.connections.for_this_run(entry))
            }
            For::New | For::Nothing => None,
        }
    }

    pub(super) fn edit_role(&mut self, edit: FormEdit) -> Vec<Effect> {
        let Some(Dialog::AssumeRole(dialog)) = &mut self.dialog else {
            return Vec::new();
        };
        let stop = dialog.trying.take();
        let mut effects: Vec<Effect> = stop
            .map(|ticket| Effect::Run(Command::Cancel(ticket)))
            .into_iter()
            .collect();
        match (edit, self.dialog.take()) {
            (FormEdit::Spec(role), Some(Dialog::AssumeRole(mut dialog))) => {
                dialog.role = role;
                dialog.failure = None;
                self.dialog = Some(Dialog::AssumeRole(dialog));
            }
            (FormEdit::KeepRole, Some(Dialog::AssumeRole(dialog))) => {
                effects.extend(self.keep_role(dialog));
            }
            (FormEdit::NoRole, Some(Dialog::AssumeRole(dialog))) => {
                effects.extend(self.take_no_role(&dialog.target));
            }
            (_, other) => self.dialog = other,
        }
        effects
    }

    /// The primary button: the role is tried before anything is kept.
    pub(super) fn confirm_role(&mut self, mut dialog: RoleDialog) -> Vec<Effect> {
        if dialog.problem().is_some() || dialog.trying.is_some() {
            return self.show(Dialog::AssumeRole(dialog));
        }
        let own = self.with_role(&dialog.target);
        let mut connection = own.unwrap_or_else(|| {
            let name = dialog.role.arn.rsplit('/').next().unwrap_or("role");
            let made = Connection::new(self.connections.free_name(name)).with_better_defaults();
            // A code that is typed for the try serves the connection, too.
            dialog
                .made
                .get_or_insert_with(|| Box::new(made))
                .as_ref()
                .clone()
        });
        connection.role = Some(dialog.role.clone());
        let others = self.connections.all();
        let others = match (&dialog.target, &self.draft) {
            (For::Draft, Some(draft)) => draft.with_secrets(&others),
            _ => others,
        };
        let ticket = self.tickets.draw();
        dialog.trying = Some(ticket);
        dialog.failure = None;
        self.dialog = Some(Dialog::AssumeRole(dialog));
        vec![Effect::Run(Command::TryRole {
            ticket,
            connection: Box::new(connection),
            others,
        })]
    }

    pub(super) fn take_role_tried(
        &mut self,
        ticket: Ticket,
        result: Result<(), OpenError>,
    ) -> Vec<Effect> {
        let is_it = |dialog: &Dialog| matches!(dialog, Dialog::AssumeRole(own) if own.trying == Some(ticket));
        let waiting = self.dialog.iter_mut().chain(&mut self.questions);
        let Some(Dialog::AssumeRole(dialog)) = waiting.into_iter().find(|one| is_it(one)) else {
            return Vec::new();
        };
        match result {
            Err(failure) => {
                dialog.trying = None;
                dialog.failure = Some(failure);
                Vec::new()
            }
            Ok(()) => {
                let shown = self.dialog.take_if(|one| is_it(one));
                let at = self.questions.iter().position(is_it);
                let behind = at.and_then(|at| self.questions.remove(at));
                match shown.or(behind) {
                    Some(Dialog::AssumeRole(dialog)) => {
                        let name = dialog.role.arn.rsplit('/').next().unwrap_or_default();
                        let said = format!("Role {} taken", crate::words::quoted(name));
                        self.toasts.show(ToastKind::Good, said);
                        self.keep_role(dialog)
                    }
                    _ => Vec::new(),
                }
            }
        }
    }

    fn keep_role(&mut self, dialog: RoleDialog) -> Vec<Effect> {
        let role = dialog.role;
        match (&dialog.target, dialog.made) {
            (For::New | For::Nothing, Some(made)) => self.add_connection(Connection {
                role: Some(role),
                ..*made
            }),
            (target, _) => {
                self.change_connection(target, |connection| connection.role = Some(role))
            }
        }
    }

    /// A code is asked for: a role that is being tried waits behind the question. True when one does.
    pub(super) fn steps_behind(&mut self) -> bool {
        let tries =
            |dialog: &mut Dialog| matches!(dialog, Dialog::AssumeRole(own) if own.trying.is_some());
        let behind = self.dialog.take_if(tries);
        let steps = behind.is_some();
        if let Some(dialog) = behind {
            self.questions.push_front(dialog);
        }
        steps
    }
}
