//! The real binary on the command line, against an S3 server in memory.
//!
//! `program` starts it with an environment of its own. `verbs` goes round with put, ls, get, rm and url; `choices` is
//! about what is there already; `doctor` about the ladder and the checks, `doctor_keys` about credentials without a
//! connection, `doctor_settings` and `doctor_live` about settings and about what is written while it runs; `elsewhere`
//! about refusals that mean something else; `connections` about which one is used, and about Ctrl-C; `exchange` about export and import; `mistakes`
//! about exit codes, sentences and secrets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at a surprise"
)]

#[path = "../support/mod.rs"]
mod support;

mod choices;
mod connections;
mod doctor;
mod doctor_keys;
mod doctor_live;
mod doctor_settings;
mod elsewhere;
mod exchange;
mod login;
mod mistakes;
mod program;
#[cfg(target_os = "linux")]
mod screen;
mod verbs;
#[cfg(target_os = "linux")]
mod window;
