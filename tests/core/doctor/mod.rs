//! The Doctor against broken setups: each must be told by its own cause and remedy, and a healthy one shows nothing red.

mod abilities;
mod checks;
mod contact;
mod files;
mod ground;
mod home;
mod keys;
mod ladder;
mod machines;
mod policy;
mod precedence;
mod probe;
mod services;
mod sign_in;
mod tokens;

use cooperage::doctor::Patient;
use cooperage::domain::Timestamp;
use cooperage::settings::{Connection, Environment, Values};
use cooperage::storage::World;

/// The time at which all patients are examined: 2026-06-01T12:00:00Z.
pub(super) const NOW: Timestamp = Timestamp(1_780_315_200);

/// A connection with these options, each written `NAME=value`.
pub(super) fn connection(options: &[&str]) -> Connection {
    let mut connection = Connection::new("patient");
    connection.values = Values::default();
    for option in options {
        connection.values.assign(option).expect("an option");
    }
    connection
}

/// A patient in surroundings of these variables and these texts of the shared files.
pub(super) async fn patient(
    connection: Connection,
    variables: &[(&str, &str)],
    config: &str,
    credentials: &str,
) -> Patient {
    let environment =
        Environment::of(variables.iter().copied()).with_files(Some(config), Some(credentials));
    let world = World::of(variables.iter().copied(), config, credentials).at(NOW);
    Patient::new(
        connection,
        Ok(Vec::new()),
        Values::default(),
        environment,
        world,
        NOW,
    )
    .await
}
