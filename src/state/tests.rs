//! Answers that come too late change nothing, and every screen begins where it should.

use jiff::tz::TimeZone;

use super::*;
use crate::catalog::PageBuilder;
use crate::domain::{ErrorKind, Location, ObjectDetails, Operation, StorageError, Ticket};
use crate::settings::{ConnectionId, OptionId, Value, Values};
use crate::worker::messages::{
    Conflicts, DownloadPlan, Event, Identity, LoadedSettings, OpenError, Opened, Planned, Preview,
    UploadPlan,
};

const NOW: Timestamp = Timestamp(1_800_000_000);

fn ticket_of(effects: &[Effect], pick: impl Fn(&Command) -> Option<Ticket>) -> Ticket {
    let commands = effects.iter().filter_map(|effect| match effect {
        Effect::Run(command) => Some(command),
        _ => None,
    });
    commands.filter_map(pick).next().expect("such a command")
}

/// An open connection whose first listing is under way.
fn open() -> (State, Vec<Effect>) {
    let values = Values::default().with(OptionId::Bucket, Value::text("media"));
    let (mut state, _) = State::new(Start::Unsaved(values), NOW, TimeZone::UTC);
    let effects = state.on_event(Event::SettingsLoaded(Box::default()));
    let (ticket, id) = (
        ticket_of(&effects, |command| match command {
            Command::OpenConnection { ticket, .. } => Some(*ticket),
            _ => None,
        }),
        state.connections.current.clone().expect("a connection"),
    );
    let result = Ok(Opened {
        identity: Identity {
            ended: None,
            access_key_masked: "AKIA…MPLE".to_owned(),
            source: "connection".to_owned(),
            expires: None,
            renewal: crate::worker::messages::Renewal::Never,
            region: "eu-west-1".to_owned(),
        },
        bucket: Some("media".to_owned()),
        location: String::new(),
        link_secs: 3600,
        endpoint: "https://s3.eu-west-1.amazonaws.com".to_owned(),
    });
    let effects = state.on_event(Event::ConnectionOpened { ticket, id, result });
    (state, effects)
}

fn failed() -> StorageError {
    StorageError::new(Operation::List, ErrorKind::AccessDenied, "media")
}

/// One answer of each kind to a question nobody waits for.
fn late(ticket: Ticket) -> Vec<Event> {
    let id = ConnectionId::random();
    let mut page = PageBuilder::new("");
    crate::domain::ListSink::object(&mut page, "late.txt", 1, NOW, "", "");
    vec![
        Event::BuiltinStarted {
            ticket,
            result: Err("late".to_owned()),
        },
        Event::ConnectionOpened {
            ticket,
            id,
            result: Err(OpenError::Storage(failed())),
        },
        Event::ConnectionTested {
            ticket,
            result: Err(OpenError::Storage(failed())),
        },
        Event::PageListed {
            ticket,
            page: Box::new(page),
        },
        Event::ListingEnded {
            ticket,
            result: Err(failed()),
        },
        Event::Arranged {
            ticket,
            order: None,
        },
        Event::BucketsListed {
            ticket,
            result: Ok(Vec::new()),
        },
        Event::Inspected {
            ticket,
            result: Ok(Box::new(ObjectDetails::default())),
        },
        Event::PreviewLoaded {
            ticket,
            result: Ok(Preview::None),
        },
        Event::LinksSigned {
            ticket,
            result: Err(failed()),
        },
        Event::UploadPlanned {
            ticket,
            result: Ok(Box::new(Planned {
                plan: UploadPlan::default(),
                conflicts: Conflicts::default(),
            })),
        },
        Event::DownloadPlanned {
            ticket,
            result: Ok(Box::new(Planned {
                plan: DownloadPlan::default(),
                conflicts: Conflicts::default(),
            })),
        },
        Event::DeletePlanGrew {
            ticket,
            objects: vec![(crate::domain::Key::new("late"), 1)],
        },
        Event::DeletePlanned {
            ticket,
            result: Err(failed()),
        },
        Event::TextImported {
            ticket,
            result: Err("late".to_owned()),
        },
        Event::Exported {
            ticket,
            result: Err("late".to_owned()),
        },
    ]
}

#[test]
fn an_answer_to_an_older_question_changes_nothing() {
    let (mut state, _) = open();
    // Questions of every kind are under way.
    drop(state.on_action(Go::RefreshBuckets.into()));
    drop(state.on_action(ObjectAction::GoToKey(crate::domain::Key::new("a/b")).into()));
    drop(
        state.on_action(
            ObjectAction::Upload {
                paths: vec!["/x".into()],
                target: None,
            }
            .into(),
        ),
    );
    let before = format!("{state:?}");
    for ticket in [Ticket(0), Ticket(u64::MAX)] {
        for event in late(ticket) {
            let name = format!("{event:?}");
            let effects = state.on_event(event);
            assert!(effects.is_empty(), "{name}: {effects:?}");
            assert_eq!(format!("{state:?}"), before, "{name}");
        }
    }
}

#[test]
fn a_listing_of_the_place_left_does_not_show_in_the_next() {
    let (mut state, effects) = open();
    let listing = |effects: &[Effect]| {
        ticket_of(effects, |command| match command {
            Command::ListPrefix { ticket, .. } => Some(*ticket),
            _ => None,
        })
    };
    let old = listing(&effects);
    let effects = state.on_action(Go::To(Location::new("media", Prefix::new("b/"))).into());
    let cancelled = effects
        .iter()
        .any(|effect| matches!(effect, Effect::Run(Command::Cancel(ticket)) if *ticket == old));
    assert!(cancelled, "the listing of the place left is stopped");
    let new = listing(&effects);
    assert_ne!(old, new);
    let mut page = PageBuilder::new("");
    crate::domain::ListSink::object(&mut page, "of the place left", 1, NOW, "", "");
    drop(state.on_event(Event::PageListed {
        ticket: old,
        page: Box::new(page),
    }));
    assert!(state.browser.listing.catalog.is_empty());
}

#[test]
fn settings_that_could_not_be_read_still_show_the_first_page() {
    let (mut state, _) = State::new(Start::Remembered, NOW, TimeZone::UTC);
    let loaded = LoadedSettings {
        failure: Some("The disk is gone.".to_owned()),
        ..LoadedSettings::default()
    };
    drop(state.on_event(Event::SettingsLoaded(Box::new(loaded))));
    assert!(state.loaded && state.screen == Screen::Welcome);
    assert_eq!(state.toasts.list()[0].text, "The disk is gone.");
}

#[test]
fn a_question_waits_for_the_one_before_it() {
    let (mut state, _) = open();
    state.ask(Dialog::About);
    state.ask(Dialog::Keys);
    assert!(matches!(state.dialog, Some(Dialog::About)));
    drop(state.on_action(DialogEdit::Cancel.into()));
    assert!(matches!(state.dialog, Some(Dialog::Keys)));
    drop(state.on_action(Action::Escape));
    assert!(state.dialog.is_none());
}

/// Gives a listing's rows, their order and its end, the last two in either turn.
fn list_rows(state: &mut State, effects: &[Effect], names: &[&str], order_first: bool) {
    let ticket = ticket_of(effects, |command| match command {
        Command::ListPrefix { ticket, .. } => Some(*ticket),
        _ => None,
    });
    let mut page = PageBuilder::new("");
    for name in names {
        crate::domain::ListSink::object(&mut page, name, 1, NOW, "", "");
    }
    let effects = state.on_event(Event::PageListed {
        ticket,
        page: Box::new(page),
    });
    let arranged = effects.into_iter().find_map(|effect| match effect {
        Effect::Run(Command::Arrange {
            ticket,
            catalog,
            arrangement,
            ..
        }) => {
            let order = crate::catalog::arrange(&catalog, &arrangement, &Default::default());
            Some(Event::Arranged { ticket, order })
        }
        _ => None,
    });
    let ended = Event::ListingEnded {
        ticket,
        result: Ok(true),
    };
    let mut news = vec![arranged.expect("an order is asked for"), ended];
    if !order_first {
        news.reverse();
    }
    for event in news {
        drop(state.on_event(event));
    }
}

#[test]
fn a_renamed_row_is_selected_whichever_comes_first_order_or_end() {
    for order_first in [false, true] {
        let (mut state, effects) = open();
        list_rows(&mut state, &effects, &["a.txt", "b.txt"], order_first);
        let click = TableAction::Click {
            position: 0,
            toggle: false,
            extend: false,
        };
        drop(state.on_action(click.into()));
        drop(state.on_action(ObjectAction::Rename.into()));
        drop(state.on_action(DialogEdit::Text("c.txt".to_owned()).into()));
        let effects = state.on_action(DialogEdit::Confirm.into());
        let ticket = ticket_of(&effects, |command| match command {
            Command::Rename { ticket, .. } => Some(*ticket),
            _ => None,
        });
        let effects = state.on_event(Event::Renamed {
            ticket,
            to: crate::domain::Key::new("c.txt"),
            result: Ok(()),
        });
        list_rows(&mut state, &effects, &["b.txt", "c.txt"], order_first);
        let selected = state.browser.selected_keys();
        assert_eq!(
            selected,
            [crate::domain::Key::new("c.txt")],
            "{order_first}"
        );
    }
}

fn connect_by_hand(state: &mut State, secret: &str) -> Vec<Effect> {
    use super::welcome::WelcomeEdit;
    let edits = [
        WelcomeEdit::Bucket("s3://media/photos/".to_owned()),
        WelcomeEdit::Endpoint("http://127.0.0.1:9".to_owned()),
        WelcomeEdit::Credentials(crate::settings::CredentialMode::Keys),
        WelcomeEdit::AccessKey("AKIAIOSFODNN7EXAMPLE".to_owned()),
        WelcomeEdit::SecretKey(crate::domain::Secret::new(secret)),
    ];
    for edit in edits {
        state.on_action(SettingsAction::Welcome(edit).into());
    }
    state.on_action(SettingsAction::QuickConnect.into())
}

#[test]
fn a_second_try_on_the_first_page_makes_no_second_connection() {
    let (mut state, _) = State::new(Start::Remembered, NOW, TimeZone::UTC);
    state.on_event(Event::SettingsLoaded(Box::default()));
    connect_by_hand(&mut state, "mistyped");
    let effects = connect_by_hand(&mut state, "right");
    assert_eq!(state.connections.list.len(), 1);
    let saved = effects.iter().find_map(|effect| match effect {
        Effect::Run(Command::SaveConnection { connection, .. }) => Some(connection),
        _ => None,
    });
    let saved = saved.expect("the new secret is saved");
    assert_eq!(saved.id, *state.connections.list[0].id());
    assert_eq!(
        saved.values.get(OptionId::SecretKey),
        Some(&Value::secret("right"))
    );
    let other = state.on_action(SettingsAction::UseProfile("work".to_owned()).into());
    assert!(!other.is_empty());
    state.on_action(SettingsAction::UseProfile("work".to_owned()).into());
    assert_eq!(state.connections.list.len(), 2, "another way in");
}

#[test]
fn picked_files_go_where_they_were_asked_for() {
    let (mut state, _) = open();
    let id = state.connections.current.clone().expect("a connection");
    let effects = state.on_action(ObjectAction::PickUpload { target: None }.into());
    let purpose = effects.into_iter().find_map(|effect| match effect {
        Effect::Pick(pick) => Some(pick.purpose),
        _ => None,
    });
    // The window goes on to another bucket while the dialog is open.
    state.on_action(Go::To(Location::new("other", Prefix::new("far/"))).into());
    let effects = state.on_event(Event::FilesPicked {
        purpose: purpose.expect("a file dialog"),
        paths: vec![PathBuf::from("/tmp/a.txt")],
    });
    let planned = effects.iter().find_map(|effect| match effect {
        Effect::Run(Command::PlanUpload { id, target, .. }) => Some((id, target)),
        _ => None,
    });
    let here = Location::new("media", Prefix::root());
    assert_eq!(planned, Some((&id, &here)));
    assert_eq!(state.planning[0].place.bucket, "media");
}
