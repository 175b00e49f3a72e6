//! `import`: connections from settings of another program, saved. No server is asked.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::domain::Timestamp;
use crate::exchange;
use crate::settings::connection::{COLOURS, free_name};
use crate::settings::file::{Change, ConnectionsFile};
use crate::settings::folders::Folders;
use crate::settings::{
    Connection, ConnectionId, Environment, Imported, ImportedConnection, Kept, TextKind, Vault,
};

use super::args::Options;
use super::connect::{self, settings};
use super::console::Console;
use super::run::Failure;

/// What is to be read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct How {
    /// The file; a dash is standard input.
    pub file: PathBuf,
    /// What it is; recognised when not said.
    pub kind: Option<TextKind>,
    /// What the connection is to be called.
    pub name: Option<String>,
}

/// Reads the file and saves what is in it. The number of lines and secrets that were lost.
pub(super) async fn run(console: &Console, options: &Options, how: How) -> Result<u64, Failure> {
    let folders = connect::folders(options)?;
    let environment = connect::blocking(Environment::capture).await?;
    let file = how.file.clone();
    let text = connect::blocking(move || read(&file)).await?;
    let text = text.map_err(|sentence| Failure::Failed(vec![sentence]))?;
    let mut imported = exchange::read(&text, how.kind, &environment);
    if let Some(name) = &how.name {
        rename(&mut imported, name)?;
    }
    let mut failures = tell(console, &imported)?;
    if imported.connections.is_empty() {
        console.flush()?;
        let kind = imported.kind.label();
        console.message(&format!(
            "cooperage: no connection was found; the text was read as {kind}, --as says otherwise."
        ));
        return Ok(failures.max(1));
    }
    let found = imported.connections;
    let (saved, lost) = connect::blocking(move || save(&folders, found)).await??;
    for connection in &saved {
        let parent = connection.based_on.as_ref();
        let parent = parent.and_then(|id| saved.iter().find(|one| one.id == *id));
        console.done(
            &connection.name,
            &json!({
                "type": "connection",
                "name": connection.name,
                "read_as": imported.kind.word(),
                "kind": connection.kind.word(),
                "options": connection.values.len(),
                "based_on": parent.map(|one| one.name.as_str()),
            }),
        )?;
    }
    console.flush()?;
    for sentence in &lost {
        console.message(&format!("cooperage: {sentence}"));
    }
    failures += lost.len() as u64;
    Ok(failures)
}

fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let result = if path == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(path).map(|read| bytes = read)
    };
    result.map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
    String::from_utf8(bytes).map_err(|error| {
        let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        format!("{} is no text: line {line} is not UTF-8.", path.display())
    })
}

/// Names the one connection that no other is based on.
fn rename(imported: &mut Imported, name: &str) -> Result<(), Failure> {
    let parents: Vec<usize> = imported
        .connections
        .iter()
        .filter_map(|one| one.based_on)
        .collect();
    let mut leaves = (imported.connections.iter_mut().enumerate())
        .filter(|(at, _)| !parents.contains(at))
        .map(|(_, one)| one);
    let Some(first) = leaves.next() else {
        return Ok(());
    };
    let others: Vec<_> = leaves.map(|one| one.name.as_str()).collect();
    if others.is_empty() {
        name.clone_into(&mut first.name);
        return Ok(());
    }
    Err(settings(format!(
        "--name names one connection, and there are {} in the text: {}, {}.",
        others.len() + 1,
        first.name,
        others.join(", ")
    )))
}

/// Says what was not taken over; the number of lines at fault.
fn tell(console: &Console, imported: &Imported) -> Result<u64, Failure> {
    for one in &imported.unresolved {
        console.note(&format!("line {}: {one}.", one.line));
        console.object(&json!({
            "type": "unresolved", "line": one.line, "name": one.name, "variable": one.variable,
        }))?;
    }
    for remark in &imported.remarks {
        let sentence = format!("line {}: {remark}.", remark.line);
        if remark.reason.is_failure() {
            console.message(&sentence);
        } else {
            console.note(&sentence);
        }
        console.object(&json!({
            "type": "remark", "line": remark.line, "name": remark.name, "reason": remark.reason.to_string(),
        }))?;
    }
    Ok(imported.failures() as u64)
}

/// Secrets go to the keyring; what it does not take is lost with this run, which the second list says.
fn save(
    folders: &Folders,
    found: Vec<ImportedConnection>,
) -> Result<(Vec<Connection>, Vec<String>), Failure> {
    let unreadable = |error| settings(format!("The settings could not be read: {error}."));
    let file = ConnectionsFile::new(folders);
    let now = Timestamp::now();
    let before = file.load(now).map_err(unreadable)?;
    if !before.can_be_saved() {
        return Err(settings(
            "A newer version of the program wrote the settings; they are left as they are.",
        ));
    }
    let mut all = before.connections;
    let vault = Vault::system();
    let mut made: Vec<Option<ConnectionId>> = Vec::new();
    let mut lost = Vec::new();
    let mut saved = Vec::new();
    for one in found {
        let colour = (all.len() % usize::from(COLOURS)) as u8;
        let name = free_name(&one.name, &all);
        let mut connection = one.into_connection(name, colour, &made);
        for (slot, kept) in vault.keep(&mut connection, &[]) {
            if let Kept::Memory(fault) = kept {
                let (slot, name) = (slot.name(), &connection.name);
                lost.push(format!(
                    "{slot} of the connection {name} was not kept: {fault}. Give it in the environment or with --set."
                ));
            }
        }
        made.push(Some(connection.id.clone()));
        all.push(connection.clone());
        saved.push(connection);
    }
    let changes: Vec<_> = saved
        .iter()
        .map(|one| Change::Put(Box::new(one.clone())))
        .collect();
    file.change(&changes, now)
        .map_err(|error| settings(format!("The settings could not be saved: {error}.")))?;
    Ok((saved, lost))
}
