//! From a connection to a text: the forms, and what each cannot hold.
//!
//! `merged` is a connection together with what it inherits, `cell` is a value as it is to be written, secret or not;
//! `django`, `dotenv`, `profile` and `json` write one kind of form each, with a `pen` that keeps secrets apart.

mod cell;
mod django;
mod dotenv;
mod json;
mod merged;
mod omission;
mod pen;
mod profile;
mod python;

use crate::settings::{Connection, TextKind};

pub use omission::{Omission, OmissionReason};
pub use pen::Piece;

use merged::Merged;
use pen::Pen;

#[cfg(test)]
pub(super) use merged::Merged as MergedForTests;

#[cfg(test)]
pub(super) fn merged_for_tests<'a>(
    one: &'a Connection,
    parents: &[&Connection],
) -> MergedForTests<'a> {
    Merged::new(one, parents)
}

/// A form in which a connection can be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// `STORAGES` with `OPTIONS`.
    #[default]
    Storages,
    /// Flat `AWS_*` settings.
    Flat,
    /// A `.env` file.
    Env,
    /// An AWS profile: a section for each of the shared files.
    Profile,
    /// Everything, for this program.
    Json,
}

impl Form {
    /// All of them in order.
    pub const ALL: [Self; 5] = [
        Self::Storages,
        Self::Flat,
        Self::Env,
        Self::Profile,
        Self::Json,
    ];

    /// The word on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Storages => "storages",
            Self::Flat => "flat",
            Self::Env => "env",
            Self::Profile => "profile",
            Self::Json => "json",
        }
    }

    /// The words for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Storages => "STORAGES",
            Self::Flat => "AWS_ settings",
            Self::Env => ".env",
            Self::Profile => "AWS profile",
            Self::Json => "JSON",
        }
    }

    /// The one of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.word() == word)
    }

    /// What such a text is when it is read.
    #[must_use]
    pub const fn kind(self) -> TextKind {
        match self {
            Self::Storages | Self::Flat => TextKind::Django,
            Self::Env => TextKind::DotEnv,
            Self::Profile => TextKind::Profile,
            Self::Json => TextKind::Json,
        }
    }

    /// A usual name for a file of it.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Storages | Self::Flat => "storage_settings.py",
            Self::Env => ".env",
            Self::Profile => "aws-profile.ini",
            Self::Json => "connection.json",
        }
    }
}

/// A connection, written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// The form.
    pub form: Form,
    /// The text, secrets apart.
    pub pieces: Vec<Piece>,
    /// What the form does not hold.
    pub omissions: Vec<Omission>,
}

impl Exported {
    /// The text as it is copied or saved, with the secrets that were asked for. Never log or show the result.
    #[must_use]
    pub fn revealed(&self) -> String {
        self.pieces.iter().map(Piece::revealed).collect()
    }

    /// The text as it may be shown.
    #[must_use]
    pub fn masked(&self) -> String {
        self.pieces.iter().map(Piece::masked).collect()
    }

    /// True when there is a secret in it.
    #[must_use]
    pub fn holds_secrets(&self) -> bool {
        self.pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Secret(_)))
    }
}

/// Writes a connection. `parents` are what it is based on, nearest first; secrets that are not at hand get a place.
#[must_use]
pub fn export(
    connection: &Connection,
    parents: &[&Connection],
    form: Form,
    with_secrets: bool,
) -> Exported {
    let mut pen = Pen::new(with_secrets);
    if form == Form::Json {
        json::write(connection, parents, &mut pen);
    } else {
        let merged = Merged::new(connection, parents);
        merged.say_what_is_left_out(&mut pen);
        match form {
            Form::Storages => django::write_storages(&merged, &mut pen),
            Form::Flat => django::write_flat(&merged, &mut pen),
            Form::Env => dotenv::write(&merged, &mut pen),
            Form::Profile | Form::Json => profile::write(&merged, &mut pen),
        }
    }
    let (pieces, omissions) = pen.done();
    Exported {
        form,
        pieces,
        omissions,
    }
}
