//! Opens the connection that the options name: saved, built in, or made of `--set` alone.
//!
//! What `--set` says stands above everything saved. Secrets come from the keyring, asked only for a connection that
//! keeps some there.

use std::sync::Arc;

use tokio::runtime::Handle;

use crate::builtin::Builtin;
use crate::domain::Timestamp;
use crate::settings::file::{self, ConnectionsFile};
use crate::settings::folders::Folders;
use crate::settings::resolve::{Resolved, Stage, resolve};
use crate::settings::{
    Connection, CredentialMode, Environment, OptionId, Problem, Value, Values, Vault,
};
use crate::storage::{Storage, World};
use crate::words;

use super::args::Options;
use super::launch;
use super::login::Asks;
use super::run::Failure;
use super::usage::did_you_mean;

/// An open connection.
pub(super) struct Connected {
    /// The core.
    pub storage: Storage,
    /// What AWS_S3_FILE_OVERWRITE was explicitly set to.
    pub file_overwrite: Option<bool>,
    /// What works but may surprise.
    pub warnings: Vec<String>,
    /// Serves while this lives.
    pub builtin: Option<Builtin>,
    /// Answers for codes of MFA devices, where anybody can.
    pub asks: Option<Arc<Asks>>,
}

/// The connection that the options name, before anything is asked of it.
pub(super) struct Chosen {
    /// The connection, without what `--set` says.
    pub connection: Connection,
    /// What it is based on, nearest first.
    pub parents: Vec<Connection>,
    /// What `--set` says.
    pub set: Values,
    /// What works but may surprise.
    pub warnings: Vec<String>,
    /// Serves while this lives.
    pub builtin: Option<Builtin>,
    /// It lies in the file of connections.
    pub is_saved: bool,
}

/// Where the settings lie.
pub(super) fn folders(options: &Options) -> Result<Folders, Failure> {
    let variable = std::env::var_os("COOPERAGE_CONFIG_DIR");
    Folders::find(options.config_dir.clone(), variable)
        .ok_or_else(|| settings("This account has no home folder; name one with --config-dir DIR."))
}

/// Whether an unsaved connection will do where none is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsaved {
    /// Never: there is nothing to work on.
    Never,
    /// Where none is saved, for what is asked needs none.
    WhereNoneIs,
    /// Where none was used last, for the arguments name the bucket themselves.
    WithBucket,
}

impl Unsaved {
    /// What goes with arguments that name the bucket, or do not.
    pub(super) const fn with(names_bucket: bool) -> Self {
        if names_bucket {
            Self::WithBucket
        } else {
            Self::Never
        }
    }
}

/// Finds it.
pub(super) async fn choose(options: &Options, unsaved: Unsaved) -> Result<Chosen, Failure> {
    let set = launch::values(&options.set)?;
    let folders = folders(options)?;
    let (saved, warnings) = load(&folders).await?;
    let mut builtin = None;
    let connection = if options.builtin {
        let server = start_builtin(folders.builtin()).await?;
        let connection = Connection::to_builtin(&server.config());
        builtin = Some(server);
        connection
    } else if let Some(name) = &options.connection {
        named(name, &saved)?.clone()
    } else if !set.is_empty() {
        Connection::new("command line")
    } else {
        last_used(&folders, &saved, unsaved).await?
    };
    let is_saved = saved.iter().any(|one| one.id == connection.id);
    let parents: Vec<Connection> = connection
        .parents(&saved)
        .map_err(|reason| settings(format!("The connection {}: {reason}", connection.name)))?
        .into_iter()
        .cloned()
        .collect();
    Ok(Chosen {
        connection,
        parents,
        set,
        warnings,
        builtin,
        is_saved,
    })
}

/// Opens it.
pub(super) async fn open(
    options: &Options,
    unsaved: Unsaved,
    can_ask: bool,
) -> Result<Connected, Failure> {
    let mut chosen = with_secrets(choose(options, unsaved).await?).await?;
    prefer_set(&mut chosen);
    let resolved = settled(&chosen).await?;
    let Chosen {
        connection,
        parents,
        set,
        mut warnings,
        builtin,
        ..
    } = chosen;
    if let Some(problem) = resolved.stops_requests() {
        return Err(refused(std::slice::from_ref(problem)));
    }
    warnings.extend(
        resolved
            .problems
            .iter()
            .filter(|(stage, _)| *stage != Stage::Nothing)
            .map(|(_, problem)| problem.to_string()),
    );
    let explicit = [&set, &connection.values]
        .into_iter()
        .chain(parents.iter().map(|parent| &parent.values))
        .find_map(|values| values.get(OptionId::FileOverwrite));
    let asks = Asks::of(options, can_ask);
    let mut world = World::system();
    if let Some(asks) = &asks {
        world = world.asking(Arc::clone(asks) as _);
    }
    Ok(Connected {
        file_overwrite: explicit.map(Value::is_truthy),
        storage: Box::pin(Storage::connect_in(resolved.config, world)).await?,
        warnings,
        builtin,
        asks,
    })
}

/// What the settings of a connection come to. What only stops requests is among [`Resolved::problems`].
pub(super) async fn settled(chosen: &Chosen) -> Result<Resolved, Failure> {
    let environment = blocking(Environment::capture).await?;
    let parents: Vec<&Connection> = chosen.parents.iter().collect();
    resolve(&chosen.connection, &parents, &chosen.set, &environment)
        .map_err(|problems| refused(&problems))
}

/// Keys or a profile of the command line are to be used, wherever the saved connection looks.
pub(super) fn prefer_set(chosen: &mut Chosen) {
    let credentials = [
        OptionId::SessionProfile,
        OptionId::S3AccessKey,
        OptionId::S3SecretKey,
        OptionId::AccessKey,
        OptionId::SecretKey,
    ];
    let is_set = |option: OptionId| chosen.set.get(option).is_some();
    if credentials.into_iter().any(is_set) {
        chosen.connection.credentials = CredentialMode::Auto;
    }
}

/// Fetches from the keyring what the connections keep there.
pub(super) async fn with_secrets(mut chosen: Chosen) -> Result<Chosen, Failure> {
    blocking(move || {
        let vault = Vault::system();
        for one in std::iter::once(&mut chosen.connection).chain(&mut chosen.parents) {
            for (slot, fault) in vault.fill(one) {
                chosen.warnings.push(format!(
                    "{} of the connection {} could not be read: {fault}.",
                    slot.name(),
                    one.name
                ));
            }
        }
        chosen
    })
    .await
}

pub(super) fn settings(sentence: impl Into<String>) -> Failure {
    Failure::Settings(vec![sentence.into()])
}

fn refused(problems: &[Problem]) -> Failure {
    Failure::Settings(
        problems
            .iter()
            .map(|problem| format!("{problem}."))
            .collect(),
    )
}

/// Runs what waits for the disk on a thread for it.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|died| settings(format!("Reading the settings failed: {died}.")))
}

async fn load(folders: &Folders) -> Result<(Vec<Connection>, Vec<String>), Failure> {
    let file = ConnectionsFile::new(folders);
    let loaded = blocking(move || file.load(Timestamp::now()))
        .await?
        .map_err(|error| settings(format!("The settings could not be read: {error}.")))?;
    let notices = loaded
        .notices
        .iter()
        .map(|notice| words::notice(notice, &loaded.connections))
        .collect();
    Ok((loaded.connections, notices))
}

async fn start_builtin(folder: std::path::PathBuf) -> Result<Builtin, Failure> {
    let runtime = Handle::current();
    blocking(move || Builtin::start(&runtime, &folder))
        .await?
        .map_err(|error| settings(format!("The built-in bucket did not start: {error}.")))
}

/// The saved connection of this name; capitals count only when two differ by nothing else.
fn named<'a>(name: &str, saved: &'a [Connection]) -> Result<&'a Connection, Failure> {
    let exact = saved.iter().find(|one| one.name == name);
    let folded: Vec<_> = saved
        .iter()
        .filter(|one| one.name.to_lowercase() == name.to_lowercase())
        .collect();
    match (exact, folded.as_slice()) {
        (Some(one), _) => Ok(one),
        (None, [one]) => Ok(*one),
        _ => {
            let near = did_you_mean(name, saved.iter().map(|one| one.name.as_str()));
            Err(settings(format!(
                "There is no connection {name}{near}. {}",
                saved_names(saved)
            )))
        }
    }
}

fn saved_names(saved: &[Connection]) -> String {
    if saved.is_empty() {
        return "None is saved yet; the window saves them.".to_owned();
    }
    let names: Vec<_> = saved.iter().map(|one| one.name.as_str()).collect();
    format!("Saved: {}.", names.join(", "))
}

/// The connection the window used last, or the only one, or an unsaved one where that will do.
async fn last_used(
    folders: &Folders,
    saved: &[Connection],
    unsaved: Unsaved,
) -> Result<Connection, Failure> {
    let folders = folders.clone();
    let memory = blocking(move || file::load_window(&folders)).await?;
    let last = saved
        .iter()
        .find(|one| Some(one.id.as_str()) == memory.connection.as_deref());
    match (last, saved) {
        (Some(one), _) | (None, [one]) => Ok(one.clone()),
        (None, none)
            if unsaved == Unsaved::WithBucket
                || (none.is_empty() && unsaved == Unsaved::WhereNoneIs) =>
        {
            Ok(Connection::new("command line"))
        }
        _ => Err(settings(format!(
            "No connection is named: add --connection NAME, --builtin, or --set AWS_STORAGE_BUCKET_NAME=NAME with what \
             else it needs. {}",
            saved_names(saved)
        ))),
    }
}
