//! Every option that django-storages documents, declared once, and what is made of it.
//!
//! `table` holds the one ordered list of options; everything that speaks of options reads it. `value` holds what
//! an option may be set to, `problem` why not. `connection` is one saved connection, `file` keeps connections and
//! the window's memory on disk, `secrets` keeps what must not lie in a file. `environment` is a snapshot of
//! variables and shared AWS files, `profiles` lists what they offer. `resolve` turns a connection into the
//! configuration that the storage core works with, and says where each value came from. `imported` is what was found in
//! the texts of other programs.
//!
//! Rule others rely on: nothing in here blocks on the network or on a prompt, except the stores of `secrets`,
//! which are only called through [`Vault`].

pub mod attributes;
mod builtin;

pub mod checks;
pub mod connection;
mod consume;
pub mod credentials;
pub mod document;
pub mod effective;
pub mod environment;
pub mod file;
pub mod folders;
pub mod hints;
pub mod imported;
pub use crate::domain::ini;
pub mod memory;
pub mod new_profile;
pub mod notice;
pub mod option;
pub mod parameters;
pub mod pasted;
pub mod pem;
pub mod problem;
mod profile_kind;
pub mod profiles;
pub mod proxies;
pub mod reference;
pub mod regions;
pub mod resolve;
pub mod secrets;
mod sessions;
pub mod slot;
pub mod summary;
pub mod table;
mod toml_json;
pub mod value;
pub mod values;
pub(crate) mod written;

pub use connection::{Access, Connection, ConnectionId, CredentialMode, KeysEnd, StorageKind};
pub use consume::without_user;
pub use effective::{Effective, EffectiveOptions, Source, Unused};
pub use environment::Environment;
pub use hints::{Hint, HintKind, Remedy, RemedyAction};
pub use imported::{Imported, ImportedConnection, Remark, RemarkReason, TextKind, Unresolved};
pub use option::{Kind, OptionSpec, Section};
pub use problem::{Problem, Reason};
pub use profiles::{Profile, ProfileKind, ProfileProblem, Profiles};
pub use resolve::{Inspected, Resolved, Stage, inspect, resolve};
pub use secrets::{Kept, StoreFault, Vault, VaultStatus};
pub use slot::{SecretSlot, fill_places, fill_places_in};
pub use summary::summary;
pub use table::{OPTIONS, OptionId};
pub use value::Value;
pub use values::{AssignError, Values};
