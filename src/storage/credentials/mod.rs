//! Where the keys come from that requests are signed with, and for how long they hold.
//!
//! [`Keyring`] is the one source of credentials of a connection: the SDK and our own signer ask the same one. It
//! keeps what it got until shortly before it ends, and can be told to [`forget`](Keyring::forget) keys that a server
//! called expired. `sources` says where a connection's keys come from, in botocore's order and with its rules; `shared`
//! reads the shared files, `profile` follows a profile in them. `pair` are keys that stand somewhere, `program` runs a
//! `credential_process`, `machine` and `instance` ask the services of a container and of EC2, `role` takes a role, `code` asks a person for the code of
//! an MFA device. `stop` is a source that says why it gives nothing.

mod ambient;
mod code;
mod instance;
mod keyring;
mod machine;
mod pair;
mod profile;
mod program;
mod role;
mod shared;
mod sources;
mod stop;

use std::time::SystemTime;

use crate::domain::Timestamp;

pub use self::code::AskCode;

pub(super) use self::ambient::Ambient;
pub(super) use self::code::{Codes, Questions};
pub(super) use self::instance::{may_ask_instance, past_end};
pub(super) use self::stop::explained;

pub(super) use self::keyring::{KeptKeys, Keyring, Tools};

pub(super) use self::shared::{SharedFile, SharedFiles};

/// What keeps a session going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// These keys are all there is.
    Never,
    /// New keys are fetched before the old ones end.
    Automatic,
    /// The same, but a person has to give the code of an MFA device.
    Code,
}

/// Who signs, as far as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The access key id with its middle hidden (`AKIA…MPLE`); empty when requests are not signed.
    pub access_key_masked: String,
    /// Where the keys were found: `connection`, `profile "work"`, `environment`, `web identity`, `container`,
    /// `instance`, `Identity Center "corp"`, `anonymous`; with `role "editor" of` in front where a role was taken.
    pub source: String,
    /// When the keys end; `None` when nothing is known of an end.
    pub expires: Option<Timestamp>,
    /// The end that was written beside them, where that is past and they are used on: only the metadata service is
    /// trusted to be late.
    pub ended: Option<Timestamp>,
    /// What happens before they end.
    pub renewal: Renewal,
    /// The region that requests are signed for.
    pub region: String,
}

/// A time of the SDK in whole seconds.
pub(super) fn timestamp(time: SystemTime) -> Timestamp {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    Timestamp(since.map_or(0, |since| since.as_secs() as i64))
}
