//! What the window is to open with, as the command line says it.

use std::path::PathBuf;

use crate::settings::Values;

use super::args::Options;
use super::usage::Usage;

/// How the window starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Launch {
    /// Folder of the settings; `None` for the system's usual place.
    pub config_dir: Option<PathBuf>,
    /// What it shows first.
    pub start: StartAt,
    /// Options set for this run, on top of those of the connection; may hold secrets.
    pub set: Values,
}

/// What the window shows first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartAt {
    /// Where it was left, or the welcome page.
    Remembered,
    /// The built-in bucket.
    Builtin,
    /// The saved connection of this name.
    Connection(String),
    /// A connection that is not saved, made of the options in [`Launch::set`].
    Unsaved,
}

impl Launch {
    /// What the options say.
    pub(super) fn of(options: Options) -> Result<Self, Usage> {
        let set = values(&options.set)?;
        let start = match options.connection {
            Some(name) => StartAt::Connection(name),
            None if options.builtin => StartAt::Builtin,
            None if set.is_empty() => StartAt::Remembered,
            None => StartAt::Unsaved,
        };
        Ok(Self {
            config_dir: options.config_dir,
            start,
            set,
        })
    }
}

/// Reads what `--set` says.
pub(super) fn values(set: &[String]) -> Result<Values, Usage> {
    let mut values = Values::default();
    for assignment in set {
        values
            .assign(assignment)
            .map_err(|error| Usage::new(format!("--set: {error}")))?;
    }
    Ok(values)
}

/// Why no window can be opened here, as a sentence; `None` when there seems to be a display.
#[must_use]
pub fn missing_display() -> Option<&'static str> {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let unix_desktop = cfg!(all(unix, not(target_os = "macos")));
    if !unix_desktop
        || ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
            .into_iter()
            .any(set)
    {
        return None;
    }
    Some(
        "There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set. Start it from a desktop, \
         or use the verbs put, get, ls, rm and url, which need none (see `cooperage --help`).",
    )
}
