//! What the worker says about sign-ins, codes and keys.

use crate::domain::{
    Account, ErrorKind, Secret, SignInFailure, SignInStep, StorageError, Ticket, Timestamp,
};
use crate::words::diagnosis::sign_in as words;
use crate::worker::messages::{CodeRequest, Command, Event, Identity, Renewal};

use super::credentials::{CodeDialog, For, FormEdit, Picking, Renewing, SignInDialog, Stage};
use super::dialogs::Dialog;
use super::{Effect, State, ToastKind};

/// Keys that renew themselves are looked at when they hold no longer than this.
const LOOK_BEFORE_SECS: i64 = 50;

impl State {
    /// Takes one piece of news about credentials in.
    pub(super) fn take_credentials_news(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::SignInStepped { ticket, step } => self.take_sign_in_step(ticket, step),
            Event::SignedIn { ticket, result } => self.take_signed_in(ticket, result),
            Event::AccountsListed { ticket, result } => self.take_accounts(ticket, result),
            Event::RolesListed { ticket, result } => {
                self.take_roles(ticket, result);
                Vec::new()
            }
            Event::CodeWanted { ticket, request } => {
                self.take_code_question(ticket, request);
                Vec::new()
            }
            Event::CodeNotWanted { ticket } => {
                self.drop_code_question(ticket);
                Vec::new()
            }
            Event::CodeUnused { .. } => {
                self.toasts.show(ToastKind::Warn, words::UNUSED_CODE);
                Vec::new()
            }
            Event::RoleTried { ticket, result } => self.take_role_tried(ticket, result),
            Event::Renewed { ticket, result } => self.take_renewed(ticket, result),
            Event::AwsConfigWritten { result, .. } => {
                match result {
                    Ok(path) => {
                        let said = format!("Added to {}", path.display());
                        self.toasts.show(ToastKind::Good, said);
                    }
                    Err(reason) => self.toasts.show(ToastKind::Bad, reason),
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn take_sign_in_step(&mut self, ticket: Ticket, told: SignInStep) -> Vec<Effect> {
        match &mut self.dialog {
            Some(Dialog::SignIn(SignInDialog {
                stage: Stage::Waiting { ticket: own, step },
                ..
            })) if *own == ticket => {
                let url = told.url().to_owned();
                *step = Some(told);
                vec![Effect::OpenUrl(url)]
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn take_signed_in(
        &mut self,
        ticket: Ticket,
        result: Result<Timestamp, SignInFailure>,
    ) -> Vec<Effect> {
        let Some(Dialog::SignIn(dialog)) = &mut self.dialog else {
            return Vec::new();
        };
        if !matches!(dialog.stage, Stage::Waiting { ticket: own, .. } if own == ticket) {
            return Vec::new();
        }
        let end = match result {
            Ok(end) => end,
            Err(failure) => {
                dialog.stage = Stage::Address;
                dialog.problem = Some(words::sentence(&failure));
                return Vec::new();
            }
        };
        if dialog.target == For::Nothing {
            self.dialog = None;
            let until = end.short_text(self.now, &self.zone);
            self.toasts
                .show(ToastKind::Good, format!("Signed in. It ends {until}"));
            return self.look_again();
        }
        let next = self.tickets.draw();
        dialog.stage = Stage::Picking(Box::new(Picking {
            ticket: next,
            ..Picking::default()
        }));
        vec![Effect::Run(Command::ListAccounts {
            ticket: next,
            session: dialog.session(),
        })]
    }

    fn picking(&mut self, ticket: Ticket) -> Option<(&mut Picking, &mut Option<String>)> {
        let Some(Dialog::SignIn(SignInDialog { stage, problem, .. })) = &mut self.dialog else {
            return None;
        };
        match stage {
            Stage::Picking(picking) if picking.ticket == ticket => Some((picking, problem)),
            _ => None,
        }
    }

    pub(super) fn take_accounts(
        &mut self,
        ticket: Ticket,
        result: Result<Vec<Account>, SignInFailure>,
    ) -> Vec<Effect> {
        let Some((picking, problem)) = self.picking(ticket) else {
            return Vec::new();
        };
        match result {
            Ok(accounts) => {
                let only = match accounts.as_slice() {
                    [one] => Some(one.id.clone()),
                    _ => None,
                };
                picking.accounts = Some(accounts);
                return match only {
                    Some(id) => self.edit_form(FormEdit::Account(id)),
                    None => Vec::new(),
                };
            }
            Err(failure) => {
                picking.accounts = Some(Vec::new());
                *problem = Some(words::sentence(&failure));
            }
        }
        Vec::new()
    }

    pub(super) fn take_roles(
        &mut self,
        ticket: Ticket,
        result: Result<Vec<String>, SignInFailure>,
    ) {
        let Some((picking, problem)) = self.picking(ticket) else {
            return;
        };
        match result {
            Ok(roles) => {
                if let [one] = roles.as_slice() {
                    picking.role = Some(one.clone());
                    picking.profile = picking.suggested_name();
                }
                picking.roles = Some(roles);
            }
            Err(failure) => {
                picking.roles = Some(Vec::new());
                *problem = Some(words::sentence(&failure));
            }
        }
    }

    pub(super) fn take_code_question(&mut self, ticket: Ticket, request: CodeRequest) {
        let question = Dialog::Code(CodeDialog {
            ticket,
            request,
            code: Secret::default(),
        });
        if self.steps_behind() {
            self.dialog = Some(question);
        } else {
            self.ask(question);
        }
    }

    /// Nobody waits for the code any more: the dialog goes, shown or not.
    pub(super) fn drop_code_question(&mut self, gone: Ticket) {
        let is_it = |dialog: &Dialog| matches!(dialog, Dialog::Code(own) if own.ticket == gone);
        self.questions.retain(|question| !is_it(question));
        if self.dialog.as_ref().is_some_and(is_it) {
            self.dialog = None;
        }
    }

    /// Asks the worker about the keys of the open connection; `force` fetches new ones.
    pub(super) fn look_at_keys(&mut self, force: bool) -> Vec<Effect> {
        let Some(id) = self.connections.current.clone() else {
            return Vec::new();
        };
        let ticket = self.tickets.draw();
        self.renewing.ticket = Some((ticket, force));
        vec![Effect::Run(Command::Renew { ticket, id, force })]
    }

    /// Keys that renew themselves are looked at once, shortly before they end, so that the time left stays true.
    pub(super) fn renew_when_due(&mut self) -> Vec<Effect> {
        let Some(identity) = self
            .connections
            .opened
            .as_ref()
            .map(|opened| &opened.identity)
        else {
            return Vec::new();
        };
        let Some(end) = identity.expires else {
            return Vec::new();
        };
        let due = end.0 - self.now.0 <= LOOK_BEFORE_SECS && self.renewing.asked_for != Some(end);
        if !due || identity.renewal != Renewal::Automatic || self.renewing.ticket.is_some() {
            return Vec::new();
        }
        self.renewing.asked_for = Some(end);
        self.look_at_keys(false)
    }

    pub(super) fn take_renewed(
        &mut self,
        ticket: Ticket,
        result: Result<Identity, StorageError>,
    ) -> Vec<Effect> {
        let Some((own, forced)) = self.renewing.ticket else {
            return Vec::new();
        };
        if own != ticket {
            return Vec::new();
        }
        self.renewing.ticket = None;
        match result {
            Ok(identity) => {
                if let (true, Some(end)) = (forced, identity.expires) {
                    let until = end.short_text(self.now, &self.zone);
                    self.toasts
                        .show(ToastKind::Good, format!("New keys until {until}"));
                }
                if let Some(opened) = &mut self.connections.opened {
                    opened.identity = identity;
                }
                self.renewing = Renewing::default();
                Vec::new()
            }
            Err(error) if forced && error.kind == ErrorKind::SignInNeeded => {
                self.ask_to_sign_in(None)
            }
            // By itself it says nothing: the status bar counts down, and the next request tells.
            Err(error) if forced => {
                self.report(&error);
                Vec::new()
            }
            Err(_) => Vec::new(),
        }
    }
}
