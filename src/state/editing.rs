//! What gestures on the settings page do, and what the worker says about the settings being edited.
//!
//! Every change is resolved at once and previewed by the worker. At most one preview is asked for at a time: what changes
//! meanwhile is asked for when the answer comes, so that typing never queues questions.

use std::path::PathBuf;

use crate::domain::{Secret, Ticket};
use crate::settings::{Connection, ConnectionId, OptionId, RemedyAction, SecretSlot, Value};
use crate::worker::messages::{Command, PickPurpose, SettingsPreview};

use super::dialogs::Dialog;
use super::settings::{DraftEdit, SettingsDraft, Spot};
use super::{Effect, Pick, Screen, State};

impl State {
    /// Opens the settings page.
    pub(super) fn edit(
        &mut self,
        connection: Connection,
        original: Option<Connection>,
    ) -> Vec<Effect> {
        let others = self.connections.all();
        let way_back = self.way_back_to_doctor(&connection.id);
        let mut effects = self.stop_examining();
        let mut draft = SettingsDraft::new(connection, original, &others, &self.environment);
        draft.way_back = way_back;
        self.draft = Some(draft);
        self.screen = Screen::Settings;
        self.match_rules();
        effects.extend(self.preview_draft());
        effects
    }

    pub(super) fn edit_draft(&mut self, edit: DraftEdit) -> Vec<Effect> {
        let Some(draft) = &mut self.draft else {
            return Vec::new();
        };
        let matters = edit.matters();
        draft.edit(edit);
        if matters {
            self.draft_changed()
        } else {
            Vec::new()
        }
    }

    pub(super) fn reset_option(&mut self, option: OptionId) -> Vec<Effect> {
        if let Some(draft) = &mut self.draft {
            draft.reset(option);
        }
        self.draft_changed()
    }

    pub(super) fn revert_draft(&mut self) -> Vec<Effect> {
        if let Some(draft) = &mut self.draft {
            draft.revert();
        }
        self.draft_changed()
    }

    pub(super) fn apply_remedy(&mut self, action: RemedyAction) -> Vec<Effect> {
        match action {
            RemedyAction::Set(option, value) => self.edit_draft(DraftEdit::Set { option, value }),
            RemedyAction::Reset(option) => self.reset_option(option),
            RemedyAction::Credentials(mode) => self.edit_draft(DraftEdit::Credentials(mode)),
            RemedyAction::Show(option) => self.edit_draft(DraftEdit::Jump(Spot::Option(option))),
        }
    }

    pub(super) fn close_settings(&mut self) -> Vec<Effect> {
        match &self.draft {
            Some(draft) if draft.is_touched() => self.show(Dialog::UnsavedSettings),
            _ => self.leave_settings(),
        }
    }

    /// Leaves the page, to the Doctor where that was opened from there. What is open takes the settings that were saved
    /// meanwhile.
    pub(super) fn close_draft(&mut self) -> Vec<Effect> {
        let draft = self.draft.take();
        let saved = draft.as_ref().filter(|draft| draft.was_saved);
        let open = saved.and_then(|draft| self.open_connection_of(&draft.connection.id));
        if let Some(way_back) = draft.as_ref().and_then(|draft| draft.way_back) {
            return self.return_to_doctor(way_back, saved.is_some(), open.is_some());
        }
        self.screen = if self.connections.current.is_some() {
            Screen::Browser
        } else {
            Screen::Welcome
        };
        let Some(id) = open else {
            return Vec::new();
        };
        let place = self.browser.location.clone();
        // Without a bucket the connection's own place is meant.
        let then = (!place.bucket.is_empty()).then_some(place);
        self.open_connection(&id, then)
    }

    /// The open connection, where it is this one or based on it.
    fn open_connection_of(&self, id: &ConnectionId) -> Option<ConnectionId> {
        let open = self.connections.current()?;
        let all = self.connections.all();
        let parents = open.parents(&all).unwrap_or_default();
        let own = open.id == *id || parents.iter().any(|parent| parent.id == *id);
        own.then(|| open.id.clone())
    }

    /// A file is to be picked as the value of an option.
    pub(super) fn pick_for_option(option: OptionId) -> Vec<Effect> {
        vec![Effect::Pick(Pick {
            title: format!("Choose a file: {}", option.spec().label),
            purpose: PickPurpose::Option(option),
            what: super::PickWhat::Files,
        })]
    }

    /// A file was picked as the value of an option: its path, or of a secret what stands in it.
    pub(super) fn take_option_file(&mut self, option: OptionId, path: PathBuf) -> Vec<Effect> {
        if !option.spec().is_secret() {
            let value = Value::Verify(crate::domain::Verify::CaFile(path));
            return self.edit_draft(DraftEdit::Set { option, value });
        }
        let Some(draft) = &mut self.draft else {
            return Vec::new();
        };
        let ticket = self.tickets.draw();
        draft.reading = Some(ticket);
        vec![Effect::Run(Command::ReadSecretFile {
            ticket,
            option,
            path,
        })]
    }

    pub(super) fn take_secret_file(
        &mut self,
        ticket: Ticket,
        option: OptionId,
        result: Result<Secret, String>,
    ) -> Vec<Effect> {
        let Some(draft) = self
            .draft
            .as_mut()
            .filter(|draft| draft.reading == Some(ticket))
        else {
            return Vec::new();
        };
        draft.reading = None;
        match result {
            Ok(secret) => self.edit_draft(DraftEdit::Set {
                option,
                value: Value::Secret(secret),
            }),
            Err(reason) => {
                draft.problem = Some(reason);
                Vec::new()
            }
        }
    }

    /// Resolves the changed settings and asks for their preview.
    pub(super) fn draft_changed(&mut self) -> Vec<Effect> {
        let others = self.connections.all();
        if let Some(draft) = &mut self.draft {
            draft.refresh(&others, &self.environment);
        }
        self.match_rules();
        self.preview_draft()
    }

    fn preview_draft(&mut self) -> Vec<Effect> {
        let others = self.connections.all();
        let Some(draft) = &mut self.draft else {
            return Vec::new();
        };
        if draft.preview.ticket.is_some() {
            draft.preview.is_stale = true;
            return Vec::new();
        }
        let ticket = self.tickets.draw();
        draft.preview.ticket = Some(ticket);
        draft.preview.is_stale = false;
        vec![Effect::Run(Command::PreviewSettings {
            ticket,
            connection: Box::new(draft.connection.clone()),
            fetch_secrets: draft.must_fetch(&others),
            others: draft.with_secrets(&others),
            sample: draft.sample.clone(),
        })]
    }

    pub(super) fn take_settings_preview(
        &mut self,
        ticket: Ticket,
        preview: Box<SettingsPreview>,
        secrets: Vec<(ConnectionId, SecretSlot, Secret)>,
    ) -> Vec<Effect> {
        let Some(draft) = self
            .draft
            .as_mut()
            .filter(|draft| draft.preview.ticket == Some(ticket))
        else {
            return Vec::new();
        };
        draft.preview.ticket = None;
        draft.preview.shown = Some(preview);
        draft.take_secrets(secrets);
        if draft.preview.is_stale {
            return self.draft_changed();
        }
        let others = self.connections.all();
        if let Some(draft) = &mut self.draft {
            draft.refresh(&others, &self.environment);
        }
        Vec::new()
    }
}
