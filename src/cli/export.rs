//! `export`: a connection as settings of another program. No server is asked.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::exchange::{self, Form};
use crate::settings::Connection;
use crate::settings::folders::write_whole;

use super::args::Options;
use super::connect::{self, Unsaved};
use super::console::Console;
use super::run::Failure;

/// What is to be written, and where.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct How {
    /// The form.
    pub form: Form,
    /// Secrets in clear.
    pub secrets: bool,
    /// Replace a file that is there.
    pub overwrite: bool,
    /// The file; standard output without one.
    pub file: Option<PathBuf>,
}

/// Writes the connection.
pub(super) async fn run(console: &Console, options: &Options, how: How) -> Result<u64, Failure> {
    let mut chosen = connect::choose(options, Unsaved::Never).await?;
    if how.secrets {
        chosen = connect::with_secrets(chosen).await?;
    }
    for warning in &chosen.warnings {
        console.note(&format!("cooperage: {warning}"));
    }
    let mut connection = chosen.connection;
    connection.values.extend(chosen.set);
    let parents: Vec<&Connection> = chosen.parents.iter().collect();
    let exported = exchange::export(&connection, &parents, how.form, how.secrets);
    let text = exported.revealed();
    match &how.file {
        Some(path) => write(path, &text, how.overwrite).await?,
        None => console.result(text.trim_end(), '\n')?,
    }
    let omissions: Vec<_> = exported.omissions.iter().map(ToString::to_string).collect();
    console.object(&json!({
        "type": "export",
        "connection": connection.name,
        "as": how.form.word(),
        "file": how.file.as_ref().map(|path| path.to_string_lossy()),
        "text": how.file.is_none().then_some(text),
        "secrets": exported.holds_secrets(),
        "left_out": omissions,
    }))?;
    console.flush()?;
    for omission in omissions {
        console.note(&format!("{omission}."));
    }
    if exported.holds_secrets() && how.file.is_some() {
        console.note("The file holds secrets in clear; only you can read it.");
    }
    Ok(0)
}

async fn write(path: &Path, text: &str, overwrite: bool) -> Result<(), Failure> {
    let (path, text) = (path.to_owned(), text.to_owned());
    let written = connect::blocking(move || {
        if !overwrite && path.exists() {
            return Err(format!(
                "{} is there already; add --overwrite to replace it.",
                path.display()
            ));
        }
        write_whole(&path, &text)
            .map_err(|error| format!("{} could not be written: {error}.", path.display()))
    });
    written
        .await?
        .map_err(|sentence| Failure::Failed(vec![sentence]))
}
