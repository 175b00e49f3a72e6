//! What happens in the dialogs about credentials, and what the worker says about them.

use crate::domain::{SignInSession, SignInStep, Ticket};
use crate::settings::pasted::Pasted;
use crate::settings::{Connection, CredentialMode, KeysEnd, OptionId, SecretSlot, Value};
use crate::worker::messages::Command;

use super::connections::Origin;
use super::credentials::{CredentialsAction, For, FormEdit, PasteDialog, SignInDialog, Stage};
use super::dialogs::Dialog;
use super::settings::DraftEdit;
use super::{DoctorAction, Effect, Screen, State, ToastKind};

impl State {
    pub(super) fn work_on_credentials(&mut self, action: CredentialsAction) -> Vec<Effect> {
        match action {
            CredentialsAction::SignIn { profile } => self.ask_to_sign_in(profile.as_deref()),
            CredentialsAction::AssumeRole => self.ask_for_role(),
            CredentialsAction::DropRole => {
                let target = self.credentials_target();
                self.take_no_role(&target)
            }
            CredentialsAction::PasteKeys => {
                let target = Some(self.credentials_target());
                self.show(Dialog::PasteKeys(PasteDialog {
                    target,
                    ..PasteDialog::default()
                }))
            }
            CredentialsAction::Renew => self.look_at_keys(true),
        }
    }

    /// What a change of credentials changes: what is shown.
    pub(super) fn credentials_target(&self) -> For {
        let shown = match self.screen {
            Screen::Doctor => self.doctor.patient.as_ref().map(|patient| &patient.id),
            _ => self.connections.current.as_ref(),
        };
        let in_draft = match self.screen {
            Screen::Settings => self.draft.is_some(),
            Screen::Doctor => {
                self.doctor.back == Screen::Settings
                    && self.draft.as_ref().map(|draft| &draft.connection.id) == shown
            }
            _ => false,
        };
        match (in_draft, shown, self.screen) {
            (true, ..) => For::Draft,
            (_, Some(id), screen) if screen != Screen::Welcome => {
                let builtin =
                    (self.connections.find(id)).is_none_or(|entry| entry.origin == Origin::Builtin);
                if builtin {
                    For::New
                } else {
                    For::Connection(id.clone())
                }
            }
            _ => For::New,
        }
    }

    pub(super) fn ask_to_sign_in(&mut self, profile: Option<&str>) -> Vec<Effect> {
        let mut target = self.credentials_target();
        let own = match &target {
            For::Draft => self.draft.as_ref().map(|draft| &draft.connection),
            For::Connection(id) => self.connections.find(id).map(|entry| &entry.connection),
            For::New | For::Nothing => None,
        };
        let center = own.and_then(|own| own.identity_center.as_ref());
        let of_connection = own.and_then(|own| match own.values.get(OptionId::SessionProfile) {
            Some(Value::Text(name)) => Some(name.clone()),
            _ => None,
        });
        let active = crate::settings::profiles::active_profile(&self.environment).to_owned();
        let in_use = profile.map(str::to_owned).or(of_connection);
        let session_of = |name: &str| {
            self.profiles
                .get(name)
                .and_then(|profile| profile.sign_in.clone())
        };
        let is_center = own.is_some_and(|own| own.credentials == CredentialMode::IdentityCenter);
        // What already names account and role needs the sign-in alone.
        let known = match (center, is_center && profile.is_none()) {
            (Some(center), true) => Some(center.sign_in_session()),
            _ => in_use
                .as_deref()
                .or((own.is_some() && !is_center).then_some(active.as_str()))
                .and_then(session_of),
        };
        if known.is_some() && target != For::Draft {
            target = For::Nothing;
        }
        let session = known
            .clone()
            .or_else(|| self.profiles.sessions.first().cloned());
        let mut dialog = SignInDialog {
            name: None,
            start_url: String::new(),
            region: String::new(),
            method: crate::domain::SignInMethod::default(),
            target,
            stage: Stage::Address,
            problem: None,
        };
        if let Some(session) = session {
            take_session(&mut dialog, session);
        }
        self.show(Dialog::SignIn(dialog))
    }

    pub(super) fn edit_form(&mut self, edit: FormEdit) -> Vec<Effect> {
        match (&mut self.dialog, edit) {
            (Some(Dialog::SignIn(dialog)), edit) => {
                let effect = edit_sign_in(dialog, edit);
                return self.after_sign_in_edit(effect);
            }
            (Some(Dialog::AssumeRole(_)), edit) => return self.edit_role(edit),
            (Some(Dialog::PasteKeys(dialog)), FormEdit::Hidden(text)) => {
                dialog.found = Pasted::read(text.reveal());
                dialog.text = text;
            }
            (Some(Dialog::Code(dialog)), FormEdit::Hidden(code)) => {
                dialog.code = code;
                dialog.request.refused = None;
            }
            _ => {}
        }
        Vec::new()
    }

    fn after_sign_in_edit(&mut self, wish: Option<Wish>) -> Vec<Effect> {
        match wish {
            None => Vec::new(),
            Some(Wish::Open(url)) => vec![Effect::OpenUrl(url)],
            Some(Wish::Copy { text, said }) => {
                self.toasts.show(ToastKind::Good, said);
                vec![Effect::CopyText(text)]
            }
            Some(Wish::Stop(ticket)) => vec![Effect::Run(Command::Cancel(ticket))],
            Some(Wish::Roles(account)) => {
                let ticket = self.tickets.draw();
                let Some(Dialog::SignIn(dialog)) = &mut self.dialog else {
                    return Vec::new();
                };
                let session = dialog.session();
                if let Stage::Picking(picking) = &mut dialog.stage {
                    picking.ticket = ticket;
                }
                vec![Effect::Run(Command::ListRoles {
                    ticket,
                    session,
                    account,
                })]
            }
        }
    }

    /// The primary button of the sign-in.
    pub(super) fn confirm_sign_in(&mut self, mut dialog: SignInDialog) -> Vec<Effect> {
        match dialog.stage {
            Stage::Address if dialog.refusal().is_none() => {
                let ticket = self.tickets.draw();
                let command = Command::SignIn {
                    ticket,
                    session: dialog.session(),
                    method: dialog.method,
                };
                dialog.problem = None;
                dialog.stage = Stage::Waiting { ticket, step: None };
                self.dialog = Some(Dialog::SignIn(dialog));
                vec![Effect::Run(command)]
            }
            Stage::Picking(_) => self.confirm_choice(dialog),
            Stage::Address | Stage::Waiting { .. } => self.show(Dialog::SignIn(dialog)),
        }
    }

    fn confirm_choice(&mut self, dialog: SignInDialog) -> Vec<Effect> {
        let (Some(role), addition) = (dialog.chosen(), dialog.addition(&self.environment)) else {
            return self.show(Dialog::SignIn(dialog));
        };
        let mut effects = Vec::new();
        match addition {
            Some(Err(_)) => return self.show(Dialog::SignIn(dialog)),
            Some(Ok(addition)) => {
                let ticket = self.tickets.draw();
                effects.push(Effect::Run(Command::AddToAwsConfig { ticket, addition }));
            }
            None => {}
        }
        let Stage::Picking(picking) = &dialog.stage else {
            return effects;
        };
        let name = picking.suggested_name();
        let set = |connection: &mut Connection| {
            connection.credentials = CredentialMode::IdentityCenter;
            connection.identity_center = Some(role);
        };
        match &dialog.target {
            For::New | For::Nothing => {
                let mut connection = Connection::new(self.connections.free_name(&name));
                set(&mut connection);
                effects.extend(self.add_connection(connection.with_better_defaults()));
            }
            target => effects.extend(self.change_connection(target, set)),
        }
        effects
    }

    pub(super) fn confirm_paste(&mut self, dialog: PasteDialog) -> Vec<Effect> {
        let found = dialog.found.as_ref();
        let Some((Some(key), Some(secret))) =
            found.map(|found| (found.access_key.clone(), found.secret_key.clone()))
        else {
            return self.show(Dialog::PasteKeys(dialog));
        };
        let token = found.and_then(|found| found.token.clone());
        let end = found.and_then(|found| found.expires);
        let name = found
            .and_then(|found| found.section.clone())
            .unwrap_or_else(|| "pasted keys".to_owned());
        let all = self.connections.all();
        let set = |connection: &mut Connection| {
            connection.credentials = CredentialMode::Keys;
            // Django refuses keys beside a profile.
            connection.values.reset(OptionId::SessionProfile);
            let parents = connection.parents(&all).unwrap_or_default();
            let inherits =
                |parent: &&Connection| parent.values.get(OptionId::SessionProfile).is_some();
            if parents.iter().any(inherits) {
                connection
                    .values
                    .set(OptionId::SessionProfile, Value::Nothing);
            }
            connection
                .values
                .set(OptionId::S3AccessKey, Value::text(&key));
            connection
                .values
                .set(OptionId::S3SecretKey, Value::Secret(secret));
            if token.is_none() {
                connection.kept_secrets.remove(&SecretSlot::SessionToken);
            }
            connection.session_token = token;
            connection.keys_end = end.map(|at| KeysEnd {
                access_key: key.clone(),
                at,
            });
        };
        match dialog.target.unwrap_or(For::New) {
            For::New | For::Nothing => {
                let mut connection = Connection::new(self.connections.free_name(&name));
                set(&mut connection);
                self.add_connection(connection.with_better_defaults())
            }
            target => self.change_connection(&target, set),
        }
    }

    /// Changes the settings being edited, or a connection, which is saved and opened again where it stands.
    pub(super) fn change_connection(
        &mut self,
        target: &For,
        change: impl FnOnce(&mut Connection),
    ) -> Vec<Effect> {
        match target {
            For::Draft => {
                let Some(draft) = &self.draft else {
                    return Vec::new();
                };
                let mut connection = draft.connection.clone();
                change(&mut connection);
                let mut effects = self.edit_draft(DraftEdit::Whole(Box::new(connection)));
                effects.extend(self.look_again());
                effects
            }
            For::Connection(id) => {
                let Some(entry) = self.connections.find(id) else {
                    return Vec::new();
                };
                let (mut connection, origin) = (entry.connection.clone(), entry.origin);
                change(&mut connection);
                self.connections.put(connection.clone(), origin);
                let mut effects = Vec::new();
                if origin == Origin::Saved {
                    let ticket = self.tickets.draw();
                    let connection = Box::new(connection);
                    effects.push(Effect::Run(Command::SaveConnection { ticket, connection }));
                }
                effects.extend(self.look_again());
                effects
            }
            For::New | For::Nothing => Vec::new(),
        }
    }

    /// What is shown is asked again with the credentials that are there now.
    pub(super) fn look_again(&mut self) -> Vec<Effect> {
        match self.screen {
            Screen::Browser => self.reopen(),
            Screen::Doctor => {
                // What was open was opened with the old ones.
                self.doctor.changed = true;
                self.consult(DoctorAction::RunAgain)
            }
            Screen::Welcome | Screen::Settings => Vec::new(),
        }
    }

    /// Opens the current connection again, where it stands.
    fn reopen(&mut self) -> Vec<Effect> {
        let Some(id) = self.connections.current.clone() else {
            return Vec::new();
        };
        let place = self.browser.location.clone();
        let then = (!place.bucket.is_empty()).then_some(place);
        self.open_connection(&id, then)
    }
}

/// What a change of the sign-in asks for outside of it.
enum Wish {
    Open(String),
    Copy { text: String, said: String },
    Stop(Ticket),
    Roles(String),
}

fn take_session(dialog: &mut SignInDialog, session: SignInSession) {
    dialog.name = session.name;
    dialog.start_url = session.start_url;
    dialog.region = session.region;
}

fn edit_sign_in(dialog: &mut SignInDialog, edit: FormEdit) -> Option<Wish> {
    match (edit, &mut dialog.stage) {
        (FormEdit::StartUrl(url), Stage::Address) => {
            dialog.start_url = url;
            dialog.name = None;
        }
        (FormEdit::Region(region), Stage::Address) => dialog.region = region,
        (FormEdit::Session(session), Stage::Address) => take_session(dialog, session),
        (FormEdit::Method(method), Stage::Address) => dialog.method = method,
        (
            FormEdit::OpenBrowser,
            Stage::Waiting {
                step: Some(step), ..
            },
        ) => {
            return Some(Wish::Open(step.url().to_owned()));
        }
        (
            FormEdit::CopyAddress,
            Stage::Waiting {
                step: Some(step), ..
            },
        ) => {
            return Some(Wish::Copy {
                text: step.url().to_owned(),
                said: "Address copied".to_owned(),
            });
        }
        (
            FormEdit::CopyCode,
            Stage::Waiting {
                step: Some(SignInStep::Device { code, .. }),
                ..
            },
        ) => {
            return Some(Wish::Copy {
                text: code.clone(),
                said: "Code copied".to_owned(),
            });
        }
        (FormEdit::Back, Stage::Waiting { ticket, .. }) => {
            let stop = Wish::Stop(*ticket);
            dialog.stage = Stage::Address;
            return Some(stop);
        }
        (FormEdit::Back, Stage::Picking(_)) => dialog.stage = Stage::Address,
        (FormEdit::Account(id), Stage::Picking(picking)) => {
            picking.account = Some(id.clone());
            picking.roles = None;
            picking.role = None;
            dialog.problem = None;
            return Some(Wish::Roles(id));
        }
        (FormEdit::Role(role), Stage::Picking(picking)) => {
            picking.role = Some(role);
            picking.profile = picking.suggested_name();
        }
        (FormEdit::AddsProfile(on), Stage::Picking(picking)) => picking.adds_profile = on,
        (FormEdit::Profile(name), Stage::Picking(picking)) => picking.profile = name,
        _ => {}
    }
    None
}
