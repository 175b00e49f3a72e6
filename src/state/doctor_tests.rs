//! Whom the Doctor examines, what a remedy leaves behind, and where its page and the settings lead back to.

use super::*;
use crate::domain::diagnosis::{Check, CheckKind, Finding, Remedy, Rung, RungPlace};
use crate::settings::{OptionId, Value};
use crate::state::settings::{DraftEdit, Spot};
use crate::state::{Action, Origin, SettingsAction};
use crate::worker::messages::{Event, SavedConnection};

fn opened() -> (State, Connection) {
    let mut state = State::default();
    let connection = Connection::new("media");
    state.connections.put(connection.clone(), Origin::Saved);
    state.connections.current = Some(connection.id.clone());
    state.screen = Screen::Browser;
    (state, connection)
}

#[test]
fn an_older_examination_is_not_heard() {
    let (mut state, _) = opened();
    state.consult(DoctorAction::Examine(None));
    let first = state.doctor.running.unwrap();
    state.consult(DoctorAction::RunAgain);
    let second = state.doctor.running.unwrap();
    let rungs = || DoctorNews::Ladder(vec![Rung::empty(RungPlace::S3Pair)]);
    state.doctor.take(first, rungs());
    state.doctor.end(first, None);
    assert!(state.doctor.diagnosis.ladder.is_empty());
    assert_eq!(state.doctor.running, Some(second));
    state.doctor.take(second, rungs());
    state.doctor.end(second, None);
    assert_eq!(state.doctor.diagnosis.ladder.len(), 1);
    assert_eq!(state.doctor.running, None);
}

#[test]
fn a_remedy_is_saved_examined_and_the_browser_opened_anew() {
    let (mut state, connection) = opened();
    state.consult(DoctorAction::Examine(None));
    let region = Remedy::UseRegion("eu-central-1".to_owned());
    let effects = state.consult(DoctorAction::Remedy(region));
    let saved = effects.iter().find_map(|effect| match effect {
        Effect::Run(Command::SaveConnection { connection, .. }) => Some(connection),
        _ => None,
    });
    let wanted = Value::text("eu-central-1");
    assert_eq!(saved.unwrap().values.get(OptionId::Region), Some(&wanted));
    let examined = effects.iter().any(|effect| {
        matches!(effect, Effect::Run(Command::Examine { connection, .. })
            if connection.values.get(OptionId::Region) == Some(&wanted))
    });
    assert!(examined);
    let effects = state.consult(DoctorAction::Leave);
    assert_eq!(state.screen, Screen::Browser);
    let reopened = effects.iter().any(|effect| {
        matches!(effect, Effect::Run(Command::OpenConnection { connection: own, .. })
            if own.id == connection.id)
    });
    assert!(reopened);
}

#[test]
fn leaving_without_a_remedy_opens_nothing_anew() {
    let (mut state, _) = opened();
    state.consult(DoctorAction::Examine(None));
    let effects = state.consult(DoctorAction::Leave);
    assert!(
        effects
            .iter()
            .all(|effect| !matches!(effect, Effect::Run(Command::OpenConnection { .. })))
    );
    assert_eq!(state.screen, Screen::Browser);
}

/// The browser on `media`, the Doctor's page on another connection.
fn doctor_of_another() -> (State, Connection) {
    let (mut state, _) = opened();
    let other = Connection::new("other");
    state.connections.put(other.clone(), Origin::Saved);
    state.on_action(DoctorAction::Examine(Some(other.id.clone())).into());
    (state, other)
}

fn examined(effects: &[Effect]) -> Option<&ConnectionId> {
    effects.iter().find_map(|effect| match effect {
        Effect::Run(Command::Examine { connection, .. }) => Some(&connection.id),
        _ => None,
    })
}

fn end(state: &mut State) {
    let ticket = state.doctor.running.unwrap();
    let (at, took_ms) = (crate::domain::Timestamp(0), 1);
    let finished = Some(Examination { at, took_ms });
    state.on_event(Event::ExaminationEnded { ticket, finished });
}

fn edited(state: &State) -> Option<&ConnectionId> {
    let draft = state.draft.as_ref()?;
    (state.screen == Screen::Settings).then_some(&draft.connection.id)
}

#[test]
fn keys_on_the_page_mean_whom_it_examines() {
    let (mut state, other) = doctor_of_another();
    let effects = state.on_action(DoctorAction::Examine(None).into());
    assert_eq!(examined(&effects), Some(&other.id), "the same once more");
    state.on_action(SettingsAction::EditShown.into());
    assert_eq!(edited(&state), Some(&other.id));
    assert_eq!(state.doctor.running, None, "nobody looks at it now");
}

#[test]
fn keys_on_the_settings_page_mean_what_is_edited() {
    let (mut state, _) = opened();
    let other = Connection::new("other");
    state.connections.put(other.clone(), Origin::Saved);
    state.on_action(SettingsAction::Edit(other.id.clone()).into());
    let name = DraftEdit::Name("renamed".to_owned());
    state.on_action(SettingsAction::Draft(name).into());
    for action in [
        SettingsAction::EditShown,
        SettingsAction::EditOption {
            id: other.id.clone(),
            option: OptionId::Region,
        },
    ] {
        state.on_action(action.into());
        let draft = state.draft.as_ref().unwrap();
        assert_eq!(draft.connection.name, "renamed", "nothing typed is lost");
    }
    let jump = state.draft.as_ref().and_then(|draft| draft.jump);
    assert_eq!(jump, Some(Spot::Option(OptionId::Region)));
    let effects = state.on_action(DoctorAction::Examine(None).into());
    assert_eq!(examined(&effects), Some(&other.id));
    assert!(state.doctor.is_of_draft());
}

#[test]
fn settings_opened_by_a_remedy_lead_back_to_the_doctor() {
    let (mut state, other) = doctor_of_another();
    end(&mut state);
    let open = || Action::from(DoctorAction::Remedy(Remedy::OpenOption("AWS_LOCATION")));
    state.on_action(open());
    assert_eq!(edited(&state), Some(&other.id));
    let effects = state.on_action(Action::Escape);
    assert_eq!(state.screen, Screen::Doctor);
    assert!(examined(&effects).is_none() && state.doctor.finished.is_some());

    state.on_action(open());
    state.on_action(SettingsAction::Save.into());
    let draft = state.draft.as_ref().unwrap();
    let (ticket, _) = draft.saving.unwrap();
    let connection = draft.connection.clone();
    let warning = None;
    let result = Ok(Box::new(SavedConnection {
        connection,
        warning,
    }));
    let id = other.id.clone();
    state.on_event(Event::ConnectionSaved { ticket, id, result });
    let effects = state.on_action(SettingsAction::Close.into());
    assert_eq!(examined(&effects), Some(&other.id), "as it is now");
    state.on_action(DoctorAction::Leave.into());
    assert_eq!(state.screen, Screen::Browser);
}

#[test]
fn the_way_back_outlives_an_examination_of_what_is_edited() {
    let (mut state, connection) = opened();
    state.on_action(DoctorAction::Examine(None).into());
    let region = Remedy::UseRegion("eu-central-1".to_owned());
    state.on_action(DoctorAction::Remedy(region).into());
    end(&mut state);
    state.on_action(SettingsAction::EditShown.into());
    state.on_action(DoctorAction::Examine(None).into());
    end(&mut state);
    state.on_action(DoctorAction::Leave.into());
    assert_eq!(edited(&state), Some(&connection.id));
    let effects = state.on_action(SettingsAction::Close.into());
    assert_eq!(state.screen, Screen::Doctor);
    assert_eq!(examined(&effects), Some(&connection.id), "as it is saved");
    let effects = state.on_action(DoctorAction::Leave.into());
    assert_eq!(state.screen, Screen::Browser);
    let opens = |effect: &Effect| matches!(effect, Effect::Run(Command::OpenConnection { .. }));
    assert!(effects.iter().any(opens), "its region was changed");
}

#[test]
fn another_connection_that_is_opened_ends_the_examination() {
    let (mut state, _) = doctor_of_another();
    let running = state.doctor.running.expect("running");
    let effects = state.on_action(crate::state::Go::ConnectionNumber(1).into());
    let stops =
        |effect: &Effect| matches!(effect, Effect::Run(Command::Cancel(own)) if *own == running);
    assert!(effects.iter().any(stops));
    assert_eq!(state.screen, Screen::Browser);
}

#[test]
fn at_the_end_the_failing_column_is_shown_unless_another_was_chosen() {
    for chosen in [false, true] {
        let (mut state, _) = opened();
        state.on_action(DoctorAction::Examine(None).into());
        if chosen {
            let tab = DoctorAction::Show(DoctorTab::Credentials);
            state.on_action(tab.into());
        }
        let ticket = state.doctor.running.unwrap();
        let news = Box::new(DoctorNews::Check(Check {
            kind: CheckKind::Caller,
            finding: Finding::SecretWrong,
            took_ms: None,
        }));
        state.on_event(Event::Examined { ticket, news });
        assert_eq!(state.doctor.tab, DoctorTab::Credentials, "not on the way");
        end(&mut state);
        let shown = match chosen {
            true => DoctorTab::Credentials,
            false => DoctorTab::Checks,
        };
        assert_eq!(state.doctor.tab, shown);
    }
}
