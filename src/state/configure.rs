//! Making, opening, editing and removing connections.

use crate::domain::{Location, LocationError, Ticket};
use crate::settings::{Connection, ConnectionId, CredentialMode, OptionId, Value};
use crate::worker::messages::{Command, PickPurpose, SavedConnection};

use super::connections::Origin;
use super::dialogs::Dialog;
use super::exchange::ImportDialog;
use super::settings::{Spot, TestRun};
use super::{Effect, Pick, Screen, SettingsAction, Start, State, ToastKind, Welcome};

impl State {
    pub(super) fn configure(&mut self, action: SettingsAction) -> Vec<Effect> {
        match action {
            SettingsAction::StartBuiltin => self.start_builtin(),
            SettingsAction::QuickConnect => self.quick_connect(),
            SettingsAction::MoreOptions => {
                let connection = self.welcome_connection().0;
                self.edit(connection, None)
            }
            SettingsAction::UseProfile(name) => self.use_profile(&name),
            SettingsAction::Welcome(edit) => {
                self.welcome.edit(edit);
                Vec::new()
            }
            SettingsAction::Edit(id) => self.go_to_settings(&id),
            SettingsAction::EditShown => match self.shown_connection().cloned() {
                Some(id) => self.go_to_settings(&id),
                None => Vec::new(),
            },
            SettingsAction::EditOption { id, option } => {
                let effects = self.go_to_settings(&id);
                if self.screen == Screen::Settings
                    && let Some(draft) = &mut self.draft
                {
                    draft.jump = Some(Spot::Option(option));
                }
                effects
            }
            SettingsAction::New => {
                let connection = Connection::new(self.connections.free_name("New connection"));
                self.edit(connection.with_better_defaults(), None)
            }
            SettingsAction::Draft(edit) => self.edit_draft(edit),
            SettingsAction::Remedy(action) => self.apply_remedy(action),
            SettingsAction::PickFile(option) => Self::pick_for_option(option),
            SettingsAction::Reset(option) => self.reset_option(option),
            SettingsAction::Save => self.save_settings(false),
            SettingsAction::Revert => self.revert_draft(),
            SettingsAction::Close => self.close_settings(),
            SettingsAction::Test => self.test_settings(),
            SettingsAction::Open => self.open_draft(),
            SettingsAction::Remove(id) => self.show(Dialog::RemoveConnection(id)),
            SettingsAction::ImportDjango => self.show(Dialog::Import(ImportDialog::default())),
            SettingsAction::Export => self.begin_export(),
            SettingsAction::PickImport => vec![Effect::Pick(Pick {
                title: "Open settings of another program".to_owned(),
                purpose: PickPurpose::Import,
                what: super::PickWhat::Files,
            })],
            SettingsAction::ImportFile(path) => self.import_file(path),
        }
    }

    /// Shows the settings of a connection: those that are being edited where that is already done, so that nothing typed
    /// there is lost.
    fn go_to_settings(&mut self, id: &ConnectionId) -> Vec<Effect> {
        let in_draft = match self.screen {
            Screen::Settings => true,
            Screen::Doctor => self.doctor.is_of_draft(),
            Screen::Welcome | Screen::Browser => false,
        };
        let same = |draft: &super::SettingsDraft| draft.connection.id == *id;
        if in_draft && self.draft.as_ref().is_some_and(same) {
            self.screen = Screen::Settings;
            return self.stop_examining();
        }
        match self.connections.find(id) {
            Some(entry) if entry.origin == Origin::Builtin => {
                self.refuse("The built-in bucket is made anew at each start; it has no settings.")
            }
            Some(entry) => {
                let connection = entry.connection.clone();
                let original = (entry.origin == Origin::Saved).then(|| connection.clone());
                self.edit(connection, original)
            }
            None => Vec::new(),
        }
    }

    /// Starts the built-in bucket, or opens it when it runs already.
    pub(super) fn start_builtin(&mut self) -> Vec<Effect> {
        if let Some(entry) = self.connections.builtin() {
            let id = entry.id().clone();
            return self.open_connection(&id, None);
        }
        let ticket = self.tickets.draw();
        self.welcome.busy = Some(ticket);
        self.welcome.problem = None;
        vec![Effect::Run(Command::StartBuiltin { ticket })]
    }

    /// The built-in bucket runs, or cannot.
    pub(super) fn take_builtin(
        &mut self,
        ticket: Ticket,
        result: Result<Box<Connection>, String>,
    ) -> Vec<Effect> {
        if self.welcome.busy != Some(ticket) {
            return Vec::new();
        }
        self.welcome.busy = None;
        match result {
            Ok(connection) => {
                let id = connection.id.clone();
                self.connections.put(*connection, Origin::Builtin);
                let then = self.resume_place.take();
                self.open_connection(&id, then)
            }
            Err(reason) => {
                self.screen = Screen::Welcome;
                self.welcome.problem = Some(reason);
                Vec::new()
            }
        }
    }

    /// The connection of the first page's fields, and where it leads.
    fn welcome_connection(&self) -> (Connection, Result<Location, LocationError>) {
        let location = self.welcome.location();
        let bucket = location
            .as_ref()
            .map(|location| location.bucket.clone())
            .unwrap_or_default();
        let wish = if bucket.is_empty() {
            "New connection"
        } else {
            &bucket
        };
        let mut connection = Connection::new(self.connections.free_name(wish));
        connection.colour = self.next_colour();
        connection.credentials = self.welcome.credentials;
        let values = &mut connection.values;
        if let Ok(location) = &location {
            values.set(OptionId::Bucket, Value::text(&location.bucket));
        }
        let endpoint = self.welcome.endpoint.trim();
        if !endpoint.is_empty() {
            values.set(OptionId::Endpoint, Value::text(endpoint));
        }
        match self.welcome.credentials {
            CredentialMode::Keys => {
                values.set(
                    OptionId::AccessKey,
                    Value::text(self.welcome.access_key.trim()),
                );
                values.set(
                    OptionId::SecretKey,
                    Value::secret(self.welcome.secret_key.reveal()),
                );
            }
            CredentialMode::Profile => {
                if let Some(profile) = &self.welcome.profile {
                    values.set(OptionId::SessionProfile, Value::text(profile));
                }
            }
            _ => {}
        }
        (connection.with_better_defaults(), location)
    }

    fn quick_connect(&mut self) -> Vec<Effect> {
        let (connection, location) = self.welcome_connection();
        let location = match location {
            Ok(location) => location,
            Err(reason) => {
                self.welcome.problem = Some(
                    match reason {
                        LocationError::Empty | LocationError::NoBucket => {
                            "Type the name of a bucket."
                        }
                        LocationError::Scheme => {
                            "Type a bucket or an s3:// address; the endpoint has its own field."
                        }
                    }
                    .to_owned(),
                );
                return Vec::new();
            }
        };
        if let Some(problem) = connection.values.problems().first() {
            self.welcome.problem = Some(format!(
                "{}: {}",
                problem.option.spec().label,
                problem.reason
            ));
            return Vec::new();
        }
        // What was typed, the secret above all, is needed no longer.
        self.welcome = Welcome {
            profile: self.welcome.profile.take(),
            ..Welcome::default()
        };
        self.add_and_open(connection, Some(location))
    }

    fn use_profile(&mut self, name: &str) -> Vec<Effect> {
        let mut connection = self.connection_of_profile(name);
        connection.name = self.connections.free_name(name);
        self.add_and_open(connection, None)
    }

    /// A connection with the credentials of a profile, called as that.
    pub(super) fn connection_of_profile(&self, name: &str) -> Connection {
        let mut connection = Connection::new(name);
        connection.colour = self.next_colour();
        connection.credentials = CredentialMode::Profile;
        connection
            .values
            .set(OptionId::SessionProfile, Value::text(name));
        let profile = self.profiles.get(name);
        if let Some(endpoint) = profile.and_then(|profile| profile.endpoint.as_deref()) {
            connection
                .values
                .set(OptionId::Endpoint, Value::text(endpoint));
        }
        connection.with_better_defaults()
    }

    /// Saves a new connection in a colour of its own and opens it.
    pub(super) fn add_connection(&mut self, mut connection: Connection) -> Vec<Effect> {
        connection.colour = self.next_colour();
        self.add_and_open(connection, None)
    }

    /// Saves a new connection and opens it. One that says the same is taken instead, with the secrets typed now: a try
    /// after a failed one makes no second connection.
    fn add_and_open(&mut self, connection: Connection, then: Option<Location>) -> Vec<Effect> {
        let (connection, origin) = match self.connections.twin_of(&connection) {
            Some(twin) => {
                let mut own = twin.connection.clone();
                own.values.extend(connection.values);
                // A new token belongs to the keys that came with it.
                own.session_token = connection.session_token.or(own.session_token);
                own.keys_end = connection.keys_end.or(own.keys_end);
                (own, twin.origin)
            }
            None => (connection, Origin::Unsaved),
        };
        let id = connection.id.clone();
        self.connections.put(connection.clone(), origin);
        let ticket = self.tickets.draw();
        let mut effects = vec![Effect::Run(Command::SaveConnection {
            ticket,
            connection: Box::new(connection),
        })];
        effects.extend(self.open_connection(&id, then));
        effects
    }

    pub(super) fn next_colour(&self) -> u8 {
        (self.connections.list.len() % usize::from(crate::settings::connection::COLOURS)) as u8
    }

    pub(super) fn save_settings(&mut self, then_leave: bool) -> Vec<Effect> {
        let Some(draft) = &mut self.draft else {
            return Vec::new();
        };
        if draft.connection.name.trim().is_empty() {
            self.leaving = None;
            draft.problem = Some("Give the connection a name.".to_owned());
            return Vec::new();
        }
        if let Some((_, problem)) = draft.texts.values().next() {
            self.leaving = None;
            draft.problem = Some(format!(
                "{}: {}",
                problem.option.spec().label,
                problem.reason
            ));
            return Vec::new();
        }
        let ticket = self.tickets.draw();
        let connection = draft.send(ticket, then_leave);
        vec![Effect::Run(Command::SaveConnection { ticket, connection })]
    }

    pub(super) fn take_saved(
        &mut self,
        ticket: Ticket,
        result: Result<Box<SavedConnection>, String>,
    ) -> Vec<Effect> {
        let own = self
            .draft
            .as_ref()
            .and_then(|draft| draft.saving)
            .filter(|(saving, _)| *saving == ticket);
        // What the program keeps by itself is nobody's to be told of; when it fails, the next look finds the same.
        let unasked = self.contact.was_keeping(ticket);
        match result {
            Ok(saved) => {
                let SavedConnection {
                    connection,
                    warning,
                } = *saved;
                if let Some(warning) = warning.filter(|_| !unasked) {
                    self.toasts.show(ToastKind::Warn, warning);
                }
                self.connections.put(connection.clone(), Origin::Saved);
                let Some((_, then_leave)) = own else {
                    return Vec::new();
                };
                self.toasts
                    .show(ToastKind::Good, format!("“{}” saved", connection.name));
                if let Some(draft) = &mut self.draft {
                    draft.saved(connection);
                }
                if then_leave {
                    self.leave_settings()
                } else {
                    self.draft_changed()
                }
            }
            Err(reason) => {
                match (own, &mut self.draft) {
                    (Some(_), Some(draft)) => {
                        self.leaving = None;
                        draft.saving = None;
                        draft.problem = Some(reason);
                    }
                    _ if unasked => {}
                    _ => self.toasts.show(ToastKind::Bad, reason),
                }
                Vec::new()
            }
        }
    }

    fn test_settings(&mut self) -> Vec<Effect> {
        let others = self.connections.all();
        let Some(draft) = &mut self.draft else {
            return Vec::new();
        };
        let ticket = self.tickets.draw();
        draft.test = TestRun::Running(ticket);
        vec![Effect::Run(Command::TestConnection {
            ticket,
            connection: Box::new(draft.connection.clone()),
            others,
        })]
    }

    /// Opens what is being edited without saving it.
    fn open_draft(&mut self) -> Vec<Effect> {
        let Some(draft) = self.draft.take() else {
            return Vec::new();
        };
        let id = draft.connection.id.clone();
        let origin = if draft.original.is_some() {
            Origin::Saved
        } else {
            Origin::Unsaved
        };
        self.connections.put(draft.connection, origin);
        self.open_connection(&id, None)
    }

    /// After the settings were read: what the command line or the memory of the window asks for.
    pub(super) fn begin(&mut self) -> Vec<Effect> {
        match std::mem::take(&mut self.start) {
            Start::Builtin => self.start_builtin(),
            Start::Unsaved(values) => {
                let mut connection = Connection::new("command line");
                connection.values = values;
                let id = connection.id.clone();
                self.connections.put(connection, Origin::Unsaved);
                self.open_connection(&id, None)
            }
            Start::Named { name, overrides } => {
                let Some(entry) = self
                    .connections
                    .list
                    .iter()
                    .find(|entry| entry.connection.name == name)
                else {
                    self.welcome.problem = Some(format!("There is no connection named “{name}”."));
                    return Vec::new();
                };
                let id = entry.id().clone();
                self.connections.overrides = Some((id.clone(), overrides));
                self.open_connection(&id, None)
            }
            Start::Remembered => self.resume(),
        }
    }

    fn resume(&mut self) -> Vec<Effect> {
        let (Some(last), place) = (self.window.connection.clone(), self.window.location.clone())
        else {
            return Vec::new();
        };
        if last == super::connections::BUILTIN {
            self.resume_place = place;
            return self.start_builtin();
        }
        let id = self
            .connections
            .list
            .iter()
            .map(super::connections::Entry::id)
            .find(|id| id.as_str() == last)
            .cloned();
        id.map(|id| self.open_connection(&id, place))
            .unwrap_or_default()
    }
}
