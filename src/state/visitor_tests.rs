//! Who is examined without being a connection comes and goes with the examination.

use super::*;
use crate::domain::Timestamp;
use crate::domain::diagnosis::Remedy;
use crate::settings::{Environment, OptionId, Profiles, Value};
use crate::state::{Action, DoctorAction, Screen, Start};

fn state() -> State {
    let (mut state, _) = State::new(Start::Remembered, Timestamp(0), jiff::tz::TimeZone::UTC);
    let keys = "[work]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = s\n";
    let environment = Environment::of(std::iter::empty::<(&str, &str)>());
    state.environment = environment.with_files(None, Some(keys));
    state.profiles = Profiles::read(&state.environment);
    state.screen = Screen::Welcome;
    state
}

fn act(state: &mut State, action: DoctorAction) -> Vec<Effect> {
    state.on_action(Action::Doctor(action))
}

fn examined(effects: &[Effect]) -> (&Connection, bool) {
    let mut found = effects.iter().filter_map(|effect| match effect {
        Effect::Run(Command::Examine {
            connection,
            keys_only,
            ..
        }) => Some((&**connection, *keys_only)),
        _ => None,
    });
    found.next().expect("an examination began")
}

#[test]
fn with_nothing_open_the_doctor_looks_at_this_computer() {
    let mut state = state();
    let effects = act(&mut state, DoctorAction::Examine(None));
    let (whom, keys_only) = examined(&effects);
    assert!(whom.values.is_empty() && keys_only, "{whom:?}");
    assert_eq!(state.patient_name().as_deref(), Some(OF_THIS_COMPUTER));
    act(&mut state, DoctorAction::Leave);
    assert_eq!(state.screen, Screen::Welcome);
    assert!(state.connections.list.is_empty());
}

#[test]
fn a_profile_is_a_connection_only_while_it_is_examined() {
    let mut state = state();
    let of_work = || DoctorAction::ExamineFound(Some("work".to_owned()));
    let effects = act(&mut state, of_work());
    let profile = examined(&effects).0.values.get(OptionId::SessionProfile);
    assert_eq!(profile, Some(&Value::text("work")));
    assert_eq!(state.patient_name().as_deref(), Some("Profile “work”"));
    let again = act(&mut state, DoctorAction::RunAgain);
    assert!(examined(&again).1, "still about its credentials alone");
    assert!(state.examined_visitor().is_some());
    // Another takes its place, a connection of that name is none of it.
    act(&mut state, of_work());
    let other = Connection::new("media");
    state.connections.put(other.clone(), Origin::Saved);
    let effects = act(&mut state, DoctorAction::Examine(Some(other.id.clone())));
    assert!(!examined(&effects).1);
    assert!(state.examined_visitor().is_none());
    let names: Vec<_> = state.connections.all();
    assert_eq!(names, [other]);
}

#[test]
fn what_a_remedy_changed_is_not_lost() {
    let mut state = state();
    act(
        &mut state,
        DoctorAction::ExamineFound(Some("work".to_owned())),
    );
    let remedy = Remedy::UseRegion("eu-central-1".to_owned());
    act(&mut state, DoctorAction::Remedy(remedy));
    act(&mut state, DoctorAction::Leave);
    let [kept] = state.connections.list.as_slice() else {
        panic!("{:?}", state.connections.list);
    };
    let region = kept.connection.values.get(OptionId::Region);
    assert_eq!(region, Some(&Value::text("eu-central-1")));
}

#[test]
fn it_can_be_kept() {
    let mut state = state();
    act(
        &mut state,
        DoctorAction::ExamineFound(Some("work".to_owned())),
    );
    let effects = act(&mut state, DoctorAction::KeepVisitor);
    let saved = effects.iter().any(|effect| {
        matches!(effect, Effect::Run(Command::SaveConnection { connection, .. }) if connection.name == "work")
    });
    let opened = (effects.iter())
        .any(|effect| matches!(effect, Effect::Run(Command::OpenConnection { .. })));
    assert!(saved && opened, "{effects:?}");
    assert_eq!(
        (state.screen, state.connections.list.len()),
        (Screen::Browser, 1)
    );
}

#[test]
fn pasted_keys_take_the_place_of_the_profile() {
    use crate::settings::pasted::Pasted;
    use crate::state::credentials::{For, PasteDialog};
    let mut state = state();
    act(
        &mut state,
        DoctorAction::ExamineFound(Some("work".to_owned())),
    );
    let id = state.doctor.patient.as_ref().unwrap().id.clone();
    let effects = state.confirm_paste(PasteDialog {
        target: Some(For::Connection(id)),
        found: Pasted::read(
            "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI",
        ),
        ..PasteDialog::default()
    });
    let (whom, _) = examined(&effects);
    let of = |option| whom.values.get(option);
    // Django refuses both together.
    assert_eq!(of(OptionId::SessionProfile), None);
    assert_eq!(
        of(OptionId::S3AccessKey),
        Some(&Value::text("AKIAIOSFODNN7EXAMPLE"))
    );
    assert_eq!(
        state.patient_name().as_deref(),
        Some("work"),
        "no longer the profile"
    );
}
