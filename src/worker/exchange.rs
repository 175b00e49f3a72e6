//! Commands about texts of other programs: read one, write one, save one. Files and the keyring are asked on threads for
//! what blocks; a text that may hold secrets is written for its owner only.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::{Secret, Ticket};
use crate::exchange;
use crate::settings::folders::{write_new_whole, write_whole};
use crate::settings::{Connection, TextKind};

use super::hub::Hub;
use super::messages::{Event, Exported, Form, ImportSource, Imported, SavedText};
use super::settings::DIED;

/// The longest text that is read: settings are short, and a wrong file may be anything.
const LONGEST_BYTES: u64 = 4 * 1024 * 1024;

/// Reads a text and makes connections of it, which are not saved yet.
pub(super) async fn import(
    hub: &Arc<Hub>,
    ticket: Ticket,
    source: ImportSource,
    kind: Option<TextKind>,
) {
    let environment = hub.environment().await;
    let read = hub.blocking(move || -> Result<Imported, String> {
        let text = match source {
            ImportSource::Text(text) => text,
            ImportSource::Profile(name) => return Ok(exchange::read_profile(&name, &environment)),
            ImportSource::File(path) => read_text(&path)?,
        };
        Ok(exchange::read(&text, kind, &environment))
    });
    let result = read
        .await
        .unwrap_or_else(|| Err(DIED.to_owned()))
        .map(Box::new);
    hub.tell(Event::TextImported { ticket, result }).await;
}

fn read_text(path: &std::path::Path) -> Result<String, String> {
    let unreadable =
        |error: std::io::Error| format!("{} cannot be read as text: {error}", path.display());
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    if bytes > LONGEST_BYTES {
        return Err(format!(
            "{} has {bytes} bytes; that is no file of settings.",
            path.display()
        ));
    }
    std::fs::read_to_string(path).map_err(unreadable)
}

/// What is to be written.
pub(super) struct Wish {
    pub connection: Connection,
    pub others: Vec<Connection>,
    pub form: Form,
    pub with_secrets: bool,
}

/// Writes a connection. The keyring is asked only for secrets that were asked for.
pub(super) async fn export(hub: &Arc<Hub>, ticket: Ticket, wish: Wish) {
    let own = Arc::clone(hub);
    let written = hub.blocking(move || -> Result<Exported, String> {
        let Wish {
            mut connection,
            others,
            form,
            with_secrets,
        } = wish;
        let parents = connection
            .parents(&others)
            .map_err(|reason| format!("The connection it is based on: {reason}."))?;
        let mut parents: Vec<Connection> = parents.into_iter().cloned().collect();
        if with_secrets {
            for one in std::iter::once(&mut connection).chain(&mut parents) {
                let typed = one.values.clone();
                // What the keyring does not give gets a place in the text, and that is told there.
                let _missed = own.vault.fill(one);
                // What was typed now is newer than what it keeps.
                one.values.extend(typed);
            }
        }
        let parents: Vec<&Connection> = parents.iter().collect();
        Ok(exchange::export(&connection, &parents, form, with_secrets))
    });
    let result = written
        .await
        .unwrap_or_else(|| Err(DIED.to_owned()))
        .map(Box::new);
    hub.tell(Event::Exported { ticket, result }).await;
}

/// Saves a text whole, or not at all.
pub(super) async fn save(
    hub: &Arc<Hub>,
    what: SavedText,
    path: PathBuf,
    text: Secret,
    replace: bool,
) {
    let file = path.clone();
    let saved = hub.blocking(move || {
        let written = if replace {
            write_whole(&file, text.reveal())
        } else {
            write_new_whole(&file, text.reveal())
        };
        written.map_err(|error| {
            if error.kind() == std::io::ErrorKind::AlreadyExists {
                format!(
                    "{} is there already and was left as it is. Choose another name.",
                    file.display()
                )
            } else {
                format!("{} could not be written: {error}.", file.display())
            }
        })
    });
    let result = saved.await.unwrap_or_else(|| Err(DIED.to_owned()));
    hub.tell(Event::TextSaved { what, path, result }).await;
}
