//! Leaving settings with changes that are not saved: whatever leads away asks before, and goes on after the answer.

use crate::settings::ConnectionId;

use super::dialogs::Dialog;
use super::{Action, DoctorAction, Effect, Go, Screen, SettingsAction, State};

impl State {
    /// Carries a gesture out, or asks before where it would lose what was typed.
    pub(super) fn act_or_ask(&mut self, action: Action) -> Vec<Effect> {
        if !self.loses_changes(&action) {
            return self.act(action);
        }
        let effects = match self.screen {
            // Where the question is answered, the settings are seen.
            Screen::Doctor => self.stop_examining(),
            _ => Vec::new(),
        };
        self.screen = Screen::Settings;
        self.leaving = Some(Box::new(action));
        self.dialog = Some(Dialog::UnsavedSettings);
        effects
    }

    fn loses_changes(&self, action: &Action) -> bool {
        let in_draft = match self.screen {
            Screen::Settings => true,
            Screen::Doctor => self.doctor.is_of_draft(),
            Screen::Welcome | Screen::Browser => false,
        };
        let draft = self
            .draft
            .as_ref()
            .filter(|draft| in_draft && draft.is_touched());
        let Some(draft) = draft else {
            return false;
        };
        let is_other = |id: &ConnectionId| *id != draft.connection.id;
        match action {
            Action::Go(Go::ConnectionNumber(number)) => {
                self.connections.numbered(*number).is_some()
            }
            Action::Go(go) => !matches!(
                go,
                Go::Refresh | Go::RefreshBuckets | Go::CancelListing | Go::ToggleBookmark
            ),
            Action::Settings(SettingsAction::Edit(id) | SettingsAction::EditOption { id, .. }) => {
                is_other(id)
            }
            Action::Settings(
                SettingsAction::New
                | SettingsAction::MoreOptions
                | SettingsAction::QuickConnect
                | SettingsAction::UseProfile(_)
                | SettingsAction::StartBuiltin,
            ) => true,
            Action::Doctor(DoctorAction::KeepVisitor) => true,
            _ => false,
        }
    }

    /// Leaves the page and goes where somebody wanted to go.
    pub(super) fn leave_settings(&mut self) -> Vec<Effect> {
        let mut effects = self.close_draft();
        if let Some(next) = self.leaving.take() {
            effects.extend(self.act(*next));
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Connection;
    use crate::state::settings::DraftEdit;
    use crate::state::{DialogEdit, Origin};
    use crate::worker::messages::{Command, Event, SavedConnection};

    /// Two connections; the settings of the second are open, with another name typed.
    fn touched() -> State {
        let mut state = State::default();
        for name in ["one", "two"] {
            state.connections.put(Connection::new(name), Origin::Saved);
        }
        let id = state.connections.list[1].id().clone();
        state.on_action(SettingsAction::Edit(id).into());
        state.on_action(SettingsAction::Draft(DraftEdit::Name("too".to_owned())).into());
        state
    }

    fn opened(effects: &[Effect]) -> Vec<String> {
        let opened = effects.iter().filter_map(|effect| match effect {
            Effect::Run(Command::OpenConnection { connection, .. }) => {
                Some(connection.name.clone())
            }
            _ => None,
        });
        opened.collect()
    }

    #[test]
    fn whatever_leads_away_asks_before_and_goes_on_after_the_answer() {
        let go = || Action::from(Go::ConnectionNumber(1));
        for behind_the_doctor in [false, true] {
            let mut state = touched();
            if behind_the_doctor {
                state.on_action(DoctorAction::Examine(None).into());
                assert_eq!(state.screen, Screen::Doctor);
            }
            assert_eq!(opened(&state.on_action(go())), [""; 0]);
            assert!(matches!(state.dialog, Some(Dialog::UnsavedSettings)));
            assert_eq!(state.screen, Screen::Settings);
            // Who stays has not asked to go.
            state.on_action(DialogEdit::Cancel.into());
            assert!(state.draft.is_some() && state.leaving.is_none());
            drop(state.on_action(go()));
            let effects = state.on_action(DialogEdit::Discard.into());
            assert_eq!(opened(&effects), ["one"]);
            assert!(state.draft.is_none());
            assert_eq!(state.screen, Screen::Browser);
        }
    }

    #[test]
    fn what_is_saved_on_the_way_is_saved_first() {
        let mut state = touched();
        state.on_action(Go::ConnectionNumber(1).into());
        let effects = state.on_action(DialogEdit::Confirm.into());
        let saving = effects.iter().find_map(|effect| match effect {
            Effect::Run(Command::SaveConnection { ticket, connection }) => {
                Some((*ticket, connection.clone()))
            }
            _ => None,
        });
        let (ticket, connection) = saving.expect("a save");
        assert_eq!(state.screen, Screen::Settings, "not before it is saved");
        let id = connection.id.clone();
        let saved = SavedConnection {
            connection: *connection,
            warning: None,
        };
        let result = Ok(Box::new(saved));
        let effects = state.on_event(Event::ConnectionSaved { ticket, id, result });
        assert_eq!(opened(&effects), ["one"]);
    }

    #[test]
    fn what_loses_nothing_asks_nothing() {
        let mut state = touched();
        let own = state.connections.list[1].id().clone();
        for action in [
            Action::from(Go::ConnectionNumber(9)),
            SettingsAction::EditShown.into(),
            SettingsAction::Edit(own).into(),
        ] {
            drop(state.on_action(action.clone()));
            assert!(state.dialog.is_none(), "{action:?}");
            let name = state
                .draft
                .as_ref()
                .map(|draft| draft.connection.name.as_str());
            assert_eq!(name, Some("too"), "{action:?}");
        }
        let other = state.connections.list[0].id().clone();
        for action in [
            Action::from(SettingsAction::Edit(other)),
            SettingsAction::New.into(),
            Go::Welcome.into(),
        ] {
            drop(state.on_action(action.clone()));
            assert!(
                matches!(state.dialog, Some(Dialog::UnsavedSettings)),
                "{action:?}"
            );
            state.on_action(DialogEdit::Cancel.into());
        }
    }
}
