//! Tasks that die or are cancelled, each with its final event.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::messages::{Event, OpenError};
use super::super::{Secrets, Worker};
use super::*;
use crate::domain::{ErrorKind, Secret};
use crate::settings::folders::Folders;
use crate::settings::secrets::{Kept, StoreFault, VaultStatus};
use crate::settings::{Connection, ConnectionId, SecretSlot};

/// A keyring that takes the task down that asks it.
struct Broken;

impl Secrets for Broken {
    fn status(&self) -> VaultStatus {
        panic!("the task dies here")
    }
    fn probe(&self) -> VaultStatus {
        panic!("the thread dies here")
    }
    fn fill(&self, _: &mut Connection) -> Vec<(SecretSlot, StoreFault)> {
        panic!("the thread dies here")
    }
    fn keep(&self, _: &mut Connection, _: &[SecretSlot]) -> Vec<(SecretSlot, Kept)> {
        panic!("the thread dies here")
    }
    fn get(&self, _: &ConnectionId, _: &SecretSlot) -> Result<Option<Secret>, StoreFault> {
        panic!("the thread dies here")
    }
    fn delete(&self, _: &ConnectionId, _: &SecretSlot) -> Result<(), StoreFault> {
        Ok(())
    }
    fn waiting(&self) -> bool {
        false
    }
    fn flush(&self) -> Vec<(ConnectionId, SecretSlot)> {
        Vec::new()
    }
}

fn answer(worker: &mut Worker) -> Event {
    let begun = Instant::now();
    loop {
        if let Some(event) = worker.poll() {
            return event;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "no answer");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_task_that_dies_is_followed_by_its_final_event() {
    let folder = tempfile::tempdir().unwrap();
    let folders = Folders::in_one(folder.path());
    let mut worker = Worker::start(folders, Arc::new(Broken), Arc::new(|_| {})).unwrap();
    worker.send(Command::LoadSettings).unwrap();
    let Event::SettingsLoaded(loaded) = answer(&mut worker) else {
        panic!("the settings");
    };
    assert!(loaded.failure.is_some());
    let ticket = crate::domain::Ticket(7);
    let connection = Box::new(Connection::new("x"));
    worker
        .send(Command::OpenConnection {
            ticket,
            connection,
            others: Vec::new(),
        })
        .unwrap();
    let opened = answer(&mut worker);
    assert!(
        matches!(&opened, Event::ConnectionOpened { ticket: own, result: Err(_), .. } if *own == ticket),
        "{opened:?}"
    );
}

#[test]
fn a_cancel_that_follows_at_once_is_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let folders = Folders::in_one(folder.path());
    let vault = crate::settings::secrets::Vault::in_memory();
    let mut worker = Worker::start(folders, Arc::new(vault), Arc::new(|_| {})).unwrap();
    // Takes connections and never answers.
    let silent = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let mut connection = Connection::new("silent");
    connection.values = crate::settings::Values::default();
    for option in [
        format!(
            "AWS_S3_ENDPOINT_URL=http://{}",
            silent.local_addr().unwrap()
        ),
        "AWS_S3_ACCESS_KEY_ID=AKIASILENTSILENTSILE".to_owned(),
        "AWS_S3_SECRET_ACCESS_KEY=secret".to_owned(),
        "AWS_STORAGE_BUCKET_NAME=b".to_owned(),
    ] {
        connection.values.assign(&option).unwrap();
    }
    let id = connection.id.clone();
    let open = Command::OpenConnection {
        ticket: crate::domain::Ticket(1),
        connection: Box::new(connection.clone()),
        others: Vec::new(),
    };
    worker.send(open).unwrap();
    let opened = answer(&mut worker);
    assert!(
        matches!(opened, Event::ConnectionOpened { result: Ok(_), .. }),
        "{opened:?}"
    );
    for number in 2..40 {
        let ticket = crate::domain::Ticket(number);
        let location = crate::domain::Location::new("b", crate::domain::Prefix::root());
        let list = Command::ListPrefix {
            ticket,
            id: id.clone(),
            location,
        };
        worker.send(list).unwrap();
        worker.send(Command::Cancel(ticket)).unwrap();
        let ended = answer(&mut worker);
        assert!(
            matches!(ended, Event::ListingEnded { ticket: own, result: Ok(false) } if own == ticket),
            "{ended:?}"
        );
    }
    // The role is asked for where nobody answers.
    connection.role = Some(crate::domain::RoleSpec {
        arn: "arn:aws:iam::111111111111:role/editor".to_owned(),
        ..crate::domain::RoleSpec::default()
    });
    let ticket = crate::domain::Ticket(50);
    let open = Command::OpenConnection {
        ticket,
        connection: Box::new(connection.clone()),
        others: Vec::new(),
    };
    let attempt = Command::TryRole {
        ticket,
        connection: Box::new(connection),
        others: Vec::new(),
    };
    for command in [open, attempt] {
        worker.send(command).unwrap();
        worker.send(Command::Cancel(ticket)).unwrap();
        let (Event::ConnectionOpened {
            result: Err(OpenError::Storage(error)),
            ..
        }
        | Event::RoleTried {
            result: Err(OpenError::Storage(error)),
            ..
        }) = answer(&mut worker)
        else {
            panic!("it ends");
        };
        assert_eq!(error.kind, ErrorKind::Cancelled);
    }
}
