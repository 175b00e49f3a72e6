//! What an examination found of a server is kept with the saved connection, as the window keeps it, so that the next run
//! and every upload know it.

use crate::doctor::Patient;
use crate::domain::Timestamp;
use crate::domain::diagnosis::Diagnosis;
use crate::settings::file::{Change, ConnectionsFile};
use crate::settings::notice::SettingsError;

use super::super::args::Options;
use super::super::connect;
use super::super::console::Console;
use super::super::run::Failure;

/// Keeps it. What `--set` changes says nothing about the connection as it is saved, and a connection that is not saved
/// keeps nothing.
pub(super) async fn keep(
    console: &Console,
    options: &Options,
    patient: &Patient,
    diagnosis: &Diagnosis,
) -> Result<(), Failure> {
    let Some(report) = diagnosis.endpoint.clone() else {
        return Ok(());
    };
    if options.builtin || !patient.above.is_empty() {
        return Ok(());
    }
    let file = ConnectionsFile::new(&connect::folders(options)?);
    let id = patient.connection.id.clone();
    let kept: Result<(), SettingsError> = connect::blocking(move || {
        let now = Timestamp::now();
        // Read anew: the patient has its secrets at hand, and the file must not.
        let saved = file.load(now)?.connections;
        let Some(before) = saved.into_iter().find(|one| one.id == id) else {
            return Ok(());
        };
        let mut after = before.clone();
        if after.server.learn(&report) {
            let (before, after) = (Box::new(before), Box::new(after));
            file.change(&[Change::Update { before, after }], now)?;
        }
        Ok(())
    })
    .await?;
    if let Err(error) = kept {
        console.note(&format!(
            "cooperage: what was found of the server could not be kept: {error}."
        ));
    }
    Ok(())
}
