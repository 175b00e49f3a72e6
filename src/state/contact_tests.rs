//! A server is looked at once, after the first listing, and what is found is kept and gone by.

use super::*;
use crate::domain::diagnosis::{Known, Product};
use crate::domain::{Location, Prefix, StorageError, Timestamp};
use crate::settings::{Connection, OptionId, Value, Values};
use crate::state::{DoctorAction, Go, ProbeAction, Start};
use crate::worker::messages::{Event, Identity, Opened, Renewal};

const ENDPOINT: &str = "http://127.0.0.1:9000";

fn state(origin: Origin, bucket: Option<&str>) -> State {
    let (mut state, _) = State::new(Start::Remembered, Timestamp(0), jiff::tz::TimeZone::UTC);
    let mut connection = Connection::new("media");
    connection.values = Values::default();
    if let Some(bucket) = bucket {
        connection.values.set(OptionId::Bucket, Value::text(bucket));
    }
    let id = connection.id.clone();
    state.connections.put(connection, origin);
    state.on_action(Go::Connection(id).into());
    state
}

/// The connection is open at this address now, and lists its place.
fn open(state: &mut State, endpoint: &str, bucket: Option<&str>) -> Vec<Effect> {
    let id = state.connections.current.clone().expect("a connection");
    let opening = state.on_action(Go::Connection(id.clone()).into());
    let ticket = opening.iter().find_map(|effect| match effect {
        Effect::Run(Command::OpenConnection { ticket, .. }) => Some(*ticket),
        _ => None,
    });
    let result = Ok(Opened {
        identity: Identity {
            ended: None,
            access_key_masked: String::new(),
            source: String::new(),
            expires: None,
            renewal: Renewal::Never,
            region: String::new(),
        },
        bucket: bucket.map(str::to_owned),
        location: String::new(),
        link_secs: 3600,
        endpoint: endpoint.to_owned(),
    });
    let ticket = ticket.expect("it is opened");
    state.on_event(Event::ConnectionOpened { ticket, id, result })
}

/// The listing under way ends.
fn listed(state: &mut State, result: Result<bool, StorageError>) -> Option<(Ticket, String)> {
    let ticket = state.browser.incoming().ticket;
    let effects = state.on_event(Event::ListingEnded { ticket, result });
    effects.into_iter().find_map(|effect| match effect {
        Effect::Run(Command::MeetServer { ticket, bucket, .. }) => Some((ticket, bucket)),
        _ => None,
    })
}

fn report(endpoint: &str, bucket: &str) -> EndpointReport {
    let mut report = EndpointReport {
        product: Product::Minio,
        place: Some(ServerPlace {
            endpoint: endpoint.to_owned(),
            bucket: bucket.to_owned(),
        }),
        ..EndpointReport::default()
    };
    let no_acl = Known::Is(Answer::No);
    report.findings.insert(Ability::Acl, no_acl);
    report
}

fn met(state: &mut State, ticket: Ticket, report: Option<EndpointReport>) -> Vec<Effect> {
    let id = state.connections.current.clone().expect("a connection");
    let report = report.map(Box::new);
    state.on_event(Event::ServerMet { ticket, id, report })
}

/// What is saved with the connection, and what the open one goes by.
fn kept(effects: &[Effect]) -> (Option<(Ticket, ServerTraits)>, Option<ServerTraits>) {
    let saved = effects.iter().find_map(|effect| match effect {
        Effect::Run(Command::SaveConnection { ticket, connection }) => {
            Some((*ticket, connection.server.clone()))
        }
        _ => None,
    });
    let gone_by = effects.iter().find_map(|effect| match effect {
        Effect::Run(Command::GoByServer { server, .. }) => Some((**server).clone()),
        _ => None,
    });
    (saved, gone_by)
}

fn failure() -> StorageError {
    use crate::domain::{ErrorKind, Operation};
    StorageError::new(Operation::List, ErrorKind::AccessDenied, "media")
}

#[test]
fn the_first_listing_is_followed_by_one_look_and_no_other() {
    let mut state = state(Origin::Saved, Some("media"));
    open(&mut state, ENDPOINT, Some("media"));
    assert_eq!(
        listed(&mut state, Err(failure())),
        None,
        "nothing was listed"
    );
    state.on_action(Go::Refresh.into());
    let (ticket, bucket) = listed(&mut state, Ok(true)).expect("a look");
    assert_eq!(bucket, "media");
    state.on_action(Go::Refresh.into());
    assert_eq!(listed(&mut state, Ok(true)), None, "one is under way");
    let effects = met(&mut state, ticket, Some(report(ENDPOINT, "media")));
    let (saved, gone_by) = kept(&effects);
    let (_, server) = saved.expect("saved");
    assert_eq!(server.holds(Ability::Acl), Some(Answer::No));
    assert_eq!(server.product, Some(Product::Minio));
    assert_eq!(gone_by, Some(server));
    assert!(state.server_lacks(Ability::Acl) && !state.server_lacks(Ability::Versions));
    assert!(state.toasts.list().is_empty());
    // Opened again, it is known.
    open(&mut state, ENDPOINT, Some("media"));
    assert_eq!(listed(&mut state, Ok(true)), None);
    // At another address it is not.
    open(&mut state, "http://other", Some("media"));
    assert!(!state.server_lacks(Ability::Acl));
    let (ticket, _) = listed(&mut state, Ok(true)).expect("a look");
    let effects = met(&mut state, ticket, Some(report("http://other", "media")));
    assert!(kept(&effects).0.is_some());
    assert!(
        met(&mut state, ticket, Some(report("x", "y"))).is_empty(),
        "an old ticket"
    );
}

#[test]
fn a_look_that_finds_nothing_is_not_repeated_and_not_told() {
    let mut state = state(Origin::Saved, Some("media"));
    open(&mut state, ENDPOINT, Some("media"));
    let (ticket, _) = listed(&mut state, Ok(true)).expect("a look");
    assert!(met(&mut state, ticket, None).is_empty());
    open(&mut state, ENDPOINT, Some("media"));
    assert_eq!(listed(&mut state, Ok(true)), None);
    assert!(state.toasts.list().is_empty());
}

#[test]
fn keeping_that_fails_is_not_told() {
    let mut state = state(Origin::Saved, Some("media"));
    open(&mut state, ENDPOINT, Some("media"));
    let (ticket, _) = listed(&mut state, Ok(true)).expect("a look");
    let effects = met(&mut state, ticket, Some(report(ENDPOINT, "media")));
    let (ticket, _) = kept(&effects).0.expect("saved");
    let id = state.connections.current.clone().expect("a connection");
    let result = Err("the disk is full".to_owned());
    state.on_event(Event::ConnectionSaved { ticket, id, result });
    assert!(state.toasts.list().is_empty());
}

#[test]
fn a_connection_without_a_bucket_keeps_what_the_first_one_shows() {
    let mut state = state(Origin::Unsaved, None);
    open(&mut state, ENDPOINT, None);
    assert_eq!(listed(&mut state, Ok(true)), None, "no bucket was listed");
    let to = |bucket: &str| Go::To(Location::new(bucket, Prefix::root()));
    state.on_action(to("one").into());
    let (ticket, bucket) = listed(&mut state, Ok(false)).expect("a look");
    assert_eq!(bucket, "one");
    let effects = met(&mut state, ticket, Some(report(ENDPOINT, "one")));
    let (saved, gone_by) = kept(&effects);
    assert!(saved.is_none() && gone_by.is_some(), "it is not saved");
    state.on_action(to("two").into());
    assert_eq!(listed(&mut state, Ok(true)), None);
}

#[test]
fn what_holds_for_this_run_and_what_is_built_in_is_not_looked_at() {
    let mut built_in = state(Origin::Builtin, Some("media"));
    open(&mut built_in, ENDPOINT, Some("media"));
    assert_eq!(listed(&mut built_in, Ok(true)), None);
    let mut overridden = state(Origin::Saved, Some("media"));
    let id = overridden.connections.current.clone().expect("one");
    let values = Values::default().with(OptionId::Endpoint, Value::text(ENDPOINT));
    overridden.connections.overrides = Some((id, values));
    open(&mut overridden, ENDPOINT, Some("media"));
    assert_eq!(listed(&mut overridden, Ok(true)), None);
    let mut elsewhere = state(Origin::Saved, Some("media"));
    open(&mut elsewhere, ENDPOINT, Some("media"));
    elsewhere.on_action(Go::Bucket("other".to_owned()).into());
    assert_eq!(listed(&mut elsewhere, Ok(true)), None, "not its own bucket");
}

#[test]
fn what_the_server_lacks_is_said_before_it_is_needed() {
    let mut state = state(Origin::Saved, Some("media"));
    open(&mut state, ENDPOINT, Some("media"));
    state.on_action(DoctorAction::Examine(None).into());
    assert!(state.guards_uploads());
    assert_eq!(state.role_refusal(), None);
    for (ability, answer) in [
        (Ability::IfNoneMatch, Answer::Ignored),
        (Ability::Sts, Answer::No),
    ] {
        let set = ProbeAction::SetAbility(ability, Some(answer));
        state.on_action(set.into());
    }
    assert!(!state.guards_uploads());
    assert!(state.role_refusal().is_some());
    let found = ProbeAction::SetAbility(Ability::Sts, None);
    state.on_action(found.into());
    assert_eq!(state.role_refusal(), None);
}

#[test]
fn what_work_shows_is_kept_too() {
    let mut state = state(Origin::Saved, Some("media"));
    open(&mut state, ENDPOINT, Some("media"));
    let mut seen = EndpointReport::default();
    let md5 = Known::Is(Answer::Md5);
    seen.findings.insert(Ability::UploadCheck, md5);
    let id = state.connections.current.clone().expect("a connection");
    let report = Box::new(seen);
    let effects = state.on_event(Event::ServerSeen { id, report });
    let (saved, gone_by) = kept(&effects);
    let (_, server) = saved.expect("saved");
    assert_eq!(server.holds(Ability::UploadCheck), Some(Answer::Md5));
    assert_eq!(server.place, None, "it was not looked at");
    assert!(gone_by.is_some());
}
