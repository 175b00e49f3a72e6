//! The window, headless: found by label and role, acted on, checked. The worker, the servers and the files are real.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test may stop at a surprise"
)]

#[path = "../support/mod.rs"]
mod support;

mod access;
mod codes;
mod conflicts;
mod connect;
mod credentials;
mod delete;
mod doctor;
mod download;
mod driver;
mod editors;
mod exchange;
mod inspector;
mod journey;
mod large;
mod links;
mod navigate;
mod nothing_to_see;
mod own_process;
mod permissions;
mod profiles;
mod requests;
mod settings;
mod settings_driver;
mod upload;
