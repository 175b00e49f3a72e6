//! Plain values that every layer speaks in: buckets, keys, prefixes, sizes, times, tickets, secrets.
//!
//! Nothing here reads a file, a clock or the network, and nothing here knows egui, tokio or the SDK.
//! Keys are exact: no value in this module normalises, trims or decodes a key.

mod command_words;
mod config;
pub mod diagnosis;
mod encoded_word;
mod entry;
mod fault;
mod glob;
pub mod ini;
mod key;
mod link;
mod location;
mod near;
mod percent;
mod preview;
pub mod proxy;
pub mod redact;
mod secret;
mod sign_in;
mod size;
mod ticket;
mod time;

pub use command_words::command_words;
pub use config::{
    Addressing, AmazonHosts, CUSTOMER_KEY, CloudFrontKey, CredentialSpec, GzipRules, LinkRules,
    ObjectParameters, ParameterRule, RoleSpec, ShownParameters, SignatureVersion, StorageConfig,
    Verify,
};
pub use encoded_word::encoded_words;
pub use entry::{BucketEntry, ListSink, ObjectDetails};
pub use fault::{ErrorKind, Operation, StorageError};
pub use key::{Key, Prefix};
pub use link::{LinkEnd, SignedLink};
pub use location::{Location, LocationError};
pub use near::nearest;
pub use percent::percent_decoded;
pub use preview::PreviewKind;
pub use secret::{Secret, are_swapped, looks_like_key_id, looks_like_secret_key, masked_key_id};
pub use sign_in::{
    ACCOUNT_SCOPE, Account, CodeRefusal, CodeRequest, IdentityCenterRole, SessionProblem,
    SignInFailure, SignInMethod, SignInSession, SignInStep,
};
pub use size::{ByteSize, grouped};
pub use ticket::{Ticket, Tickets};
pub use time::Timestamp;
