//! What was denied is refused where it was tried, and nowhere else; examining again forgets it.

use super::*;
use crate::domain::Prefix;
use crate::domain::diagnosis::{
    Check, CheckKind, Denial, EndpointReport, Known, PermissionRow, PolicyRefusal, PolicyUse,
    Product, Remedy, Untested,
};
use crate::domain::{Location, Timestamp};
use crate::settings::Connection;
use crate::state::{Action, DoctorAction, Origin, Screen, Start};
use crate::worker::messages::Event;

fn state() -> State {
    let (mut state, _) = State::new(Start::Remembered, Timestamp(0), jiff::tz::TimeZone::UTC);
    let connection = Connection::new("media");
    let id = connection.id.clone();
    state.connections.put(connection, Origin::Saved);
    state.connections.current = Some(id);
    state.screen = Screen::Browser;
    state.browser.location = Location::new("b", Prefix::new("photos"));
    state.on_action(Action::Doctor(DoctorAction::Examine(None)));
    state
}

fn hear(state: &mut State, news: DoctorNews) -> Vec<Effect> {
    let ticket = state.doctor.running.or(state.probe.testing).expect("asked");
    state.on_event(Event::Examined {
        ticket,
        news: Box::new(news),
    })
}

fn denied(permission: Permission, action: Option<&str>) -> DoctorNews {
    DoctorNews::Permission(PermissionRow {
        verdict: Verdict::Denied(Denial::Unexplained),
        action: action.map(str::to_owned),
        ..PermissionRow::untested(permission, Untested::NotAsked)
    })
}

fn with_matrix(state: &mut State) {
    let matrix = PermissionMatrix::new("b", "photos/", Untested::NotAsked);
    hear(state, DoctorNews::Permissions(matrix));
}

#[test]
fn a_denial_counts_where_it_was_tried_and_until_it_is_tried_again() {
    let mut state = state();
    with_matrix(&mut state);
    assert_eq!(state.write_refusal(), None);
    hear(&mut state, denied(Permission::Write, None));
    hear(&mut state, denied(Permission::Delete, None));
    hear(&mut state, denied(Permission::Read, None));
    assert_eq!(state.write_refusal(), Some("needs s3:PutObject"));
    assert_eq!(state.delete_refusal(), Some("needs s3:DeleteObject"));
    assert_eq!(state.read_refusal(), Some("needs s3:GetObject"));
    state.browser.location = Location::new("b", Prefix::new("photos/2024"));
    assert_eq!(state.write_refusal(), Some("needs s3:PutObject"));
    for elsewhere in [
        Location::new("b", Prefix::new("letters")),
        Location::new("c", Prefix::new("photos")),
    ] {
        state.browser.location = elsewhere;
        assert_eq!(state.write_refusal(), None);
        assert_eq!(state.delete_refusal(), None);
    }
    state.browser.location = Location::new("b", Prefix::new("photos"));
    hear(
        &mut state,
        denied(Permission::Write, Some("kms:GenerateDataKey")),
    );
    assert_eq!(state.write_refusal(), Some("needs kms:GenerateDataKey"));
    state.on_action(Action::Doctor(DoctorAction::RunAgain));
    assert_eq!(state.write_refusal(), None);
    assert_eq!(state.read_refusal(), None);
}

#[test]
fn what_may_not_be_overwritten_can_still_be_uploaded_beside() {
    let mut state = state();
    with_matrix(&mut state);
    let place = state.place().expect("a place");
    assert_eq!(state.overwrite_refusal(&place), None);
    hear(&mut state, denied(Permission::Overwrite, None));
    let why = Some("needs s3:PutObject");
    assert_eq!(state.overwrite_refusal(&place), why);
    assert_eq!(state.write_refusal(), None);
    assert_eq!(state.rename_refusal(), None);
    let elsewhere = crate::state::plans::Place {
        bucket: "c".to_owned(),
        ..place
    };
    assert_eq!(state.overwrite_refusal(&elsewhere), None);
}

#[test]
fn a_denied_listing_refuses_nothing() {
    let mut state = state();
    with_matrix(&mut state);
    hear(&mut state, denied(Permission::ListPrefix, None));
    assert_eq!(state.write_refusal(), None);
    assert_eq!(state.delete_refusal(), None);
    assert_eq!(state.read_refusal(), None);
}

#[test]
fn writing_is_tested_once_at_a_time_and_never_read_only() {
    let mut state = state();
    with_matrix(&mut state);
    assert!(state.writing_refusal().is_some(), "the examination runs");
    let ticket = state.doctor.running.expect("running");
    state.on_event(Event::ExaminationEnded {
        ticket,
        finished: None,
    });
    let effects = state.on_action(ProbeAction::TestWriting.into());
    assert!(matches!(
        &effects[..],
        [Effect::Run(Command::TestWriting { .. })]
    ));
    assert!(state.on_action(ProbeAction::TestWriting.into()).is_empty());
    hear(&mut state, denied(Permission::Write, None));
    assert_eq!(state.write_refusal(), Some("needs s3:PutObject"));
    let ticket = state.probe.testing.expect("testing");
    state.on_event(Event::WritingTested { ticket });
    assert_eq!(state.probe.testing, None);
    let why = Untested::NoSuchBucket;
    let missing = DoctorNews::Permissions(PermissionMatrix::new("b", "", why));
    state.doctor.diagnosis.take(missing);
    assert_eq!(state.writing_refusal(), Some("the bucket does not exist"));
    if let Some(patient) = &mut state.doctor.patient {
        patient.access = Access::ReadOnly;
    }
    assert_eq!(
        state.writing_refusal(),
        Some("this connection is read-only")
    );
    assert!(state.on_action(ProbeAction::TestWriting.into()).is_empty());
}

#[test]
fn where_nothing_can_be_asked_a_write_is_not_tried() {
    use crate::domain::ErrorKind as Kind;
    let mut state = state();
    with_matrix(&mut state);
    let ticket = state.doctor.running.expect("running");
    let finished = None;
    state.on_event(Event::ExaminationEnded { ticket, finished });
    assert_eq!(state.writing_refusal(), None);
    for (verdict, said) in [
        (
            Verdict::NotTested(Untested::NoWay),
            Some("the server was not reached"),
        ),
        (
            Verdict::NotTested(Untested::NoCredentials),
            Some("there are no credentials to sign with"),
        ),
        (
            Verdict::Failed(Kind::BadCredentials),
            Some("the server does not accept the credentials"),
        ),
        (
            Verdict::Failed(Kind::TimedOut),
            Some("the server does not answer"),
        ),
        (Verdict::Failed(Kind::Server), None),
        (Verdict::NotTested(Untested::NotAsked), None),
    ] {
        let row = PermissionRow {
            verdict,
            ..PermissionRow::untested(Permission::ListPrefix, Untested::NotAsked)
        };
        state.doctor.diagnosis.take(DoctorNews::Permission(row));
        assert_eq!(state.writing_refusal(), said, "{verdict:?}");
        let effects = state.on_action(ProbeAction::TestWriting.into());
        assert_eq!(effects.is_empty(), said.is_some());
        if let Some(said) = said {
            let told = state.toasts.list().last().expect("told");
            assert!(told.text.to_lowercase().contains(said), "{}", told.text);
        }
        state.probe.testing = None;
    }
}

#[test]
fn what_the_server_can_do_is_kept_with_the_connection() {
    let mut state = state();
    let mut report = EndpointReport {
        product: Product::Minio,
        ..EndpointReport::default()
    };
    report
        .findings
        .insert(Ability::ListV2, Known::Is(Answer::Yes));
    let effects = hear(&mut state, DoctorNews::Endpoint(report.clone()));
    let saved = |effects: &[Effect]| match effects {
        [
            Effect::Run(Command::GoByServer { server, .. }),
            Effect::Run(Command::SaveConnection { connection, .. }),
        ] => {
            assert_eq!(**server, connection.server, "the open one goes by it");
            Some(connection.server.clone())
        }
        _ => None,
    };
    let server = saved(&effects).expect("saved");
    assert_eq!(server.product, Some(Product::Minio));
    assert!(
        hear(&mut state, DoctorNews::Endpoint(report)).is_empty(),
        "nothing new"
    );
    let set = ProbeAction::SetAbility(Ability::ListV2, Some(Answer::No));
    let effects = state.on_action(set.into());
    let server = saved(&effects).expect("saved");
    assert_eq!(server.holds(Ability::ListV2), Some(Answer::No));
    let effects = state.on_action(ProbeAction::SetAbility(Ability::ListV2, None).into());
    let server = saved(&effects).expect("saved");
    assert_eq!(server.holds(Ability::ListV2), Some(Answer::Yes));
}

#[test]
fn where_the_bucket_stands_is_said_by_the_option() {
    let mut state = state();
    let kept = |effects: &[Effect]| {
        let mut saved = effects.iter().filter_map(|effect| match effect {
            Effect::Run(Command::SaveConnection { connection, .. }) => Some(connection.clone()),
            _ => None,
        });
        let saved = saved.next().expect("saved");
        assert!(saved.server.set.is_empty(), "it is said in one place");
        saved.values.get(OptionId::AddressingStyle).cloned()
    };
    for (answer, style) in [
        (Some(Answer::PathOnly), Some("path")),
        (Some(Answer::HostOnly), Some("virtual")),
        (Some(Answer::HostAndPath), Some("auto")),
        (None, None),
    ] {
        let effects = state.on_action(ProbeAction::SetAbility(Ability::Addressing, answer).into());
        assert_eq!(kept(&effects), style.map(Value::text));
        let examines = |effect: &Effect| matches!(effect, Effect::Run(Command::Examine { .. }));
        assert!(effects.iter().any(examines), "{answer:?}");
    }
}

#[test]
fn a_policy_follows_what_is_ticked() {
    let mut state = state();
    state.screen = Screen::Browser;
    state.on_action(ProbeAction::ShowPolicy.into());
    let json = |state: &State| match &state.dialog {
        Some(Dialog::Policy(dialog)) => dialog.written.clone().map(|written| written.json),
        other => panic!("{other:?}"),
    };
    assert!(
        json(&state)
            .expect("policy")
            .contains("arn:aws:s3:::b/photos/*")
    );
    let edit = |state: &mut State, edit| state.on_action(ProbeAction::Policy(edit).into());
    for one in PolicyUse::ALL {
        edit(&mut state, PolicyEdit::Use(one, false));
    }
    assert_eq!(json(&state), Err(PolicyRefusal::NoUse));
    edit(&mut state, PolicyEdit::Documented(true));
    edit(&mut state, PolicyEdit::ForBucket(true));
    assert_eq!(json(&state), Err(PolicyRefusal::NoPrincipal));
    edit(&mut state, PolicyEdit::Principal("123456789012".to_owned()));
    let effects = state.on_action(crate::state::DialogEdit::Confirm.into());
    assert!(
        matches!(&effects[..], [Effect::CopyText(text)] if text.contains("arn:aws:iam::123456789012:root"))
    );
    assert!(state.dialog.is_some(), "it stays open");
}

#[test]
fn the_open_bucket_is_offered_to_a_connection_that_names_none() {
    let mut state = state();
    state.browser.location = Location::new("media", Prefix::new(""));
    let unchosen = Finding::BucketUnchosen {
        names: vec!["a".to_owned(), "media".to_owned()],
        count: 2,
        open: None,
    };
    let check = Check {
        kind: CheckKind::Listing,
        finding: unchosen,
        took_ms: None,
    };
    hear(&mut state, DoctorNews::Check(check));
    let check = state.doctor.diagnosis.check(CheckKind::Listing);
    let remedy = check.and_then(|check| check.finding.remedy());
    assert_eq!(remedy, Some(Remedy::UseBucket("media".to_owned())));
}
