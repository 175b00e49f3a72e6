//! From a text to connections: `recognise` says what it is, and one file reads each kind.

mod json;
mod profile;
mod rclone;
mod recognise;
mod s3cmd;
mod section;

use crate::django;
use crate::settings::{Environment, Imported, TextKind};

pub use profile::read_profile;
pub use recognise::recognised;

/// Reads a text. Without a kind it is recognised.
#[must_use]
pub fn read(text: &str, kind: Option<TextKind>, environment: &Environment) -> Imported {
    match kind.or_else(|| recognised(text)) {
        None => django::import(text, environment, None),
        Some(TextKind::Django) => django::import_python(text, environment, None),
        Some(TextKind::DotEnv) => django::import_dotenv(text, environment),
        Some(TextKind::Profile) => profile::read(text),
        Some(TextKind::Rclone) => rclone::read(text),
        Some(TextKind::S3cmd) => s3cmd::read(text, environment),
        Some(TextKind::Json) => json::read(text, environment),
    }
}

#[cfg(test)]
mod tests;
