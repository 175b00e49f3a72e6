//! Connections to and from the texts of other programs.
//!
//! `read` recognises a text and makes connections of it: Django settings and `.env` files (by `django`), AWS profiles,
//! rclone remotes, s3cmd configs, this program's own export. `write` makes a text of a connection: the two forms of Django
//! settings, `.env`, an AWS profile, JSON.
//!
//! Rules others rely on: nothing is executed, no file is opened, no text makes it panic. What a text says and a
//! connection cannot, and what a connection holds and a form cannot, is named and never dropped silently. A secret is in
//! a written text only when it was asked for; else a place is marked that reads back as unresolved.

mod read;
#[cfg(test)]
mod round_trip_tests;
mod write;

pub use read::{read, read_profile, recognised};
pub use write::{Exported, Form, Omission, OmissionReason, Piece, export};
