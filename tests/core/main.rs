//! The storage core against real servers inside the test process.
//!
//! One module per subject; the servers are in `tests/support`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test may stop at a surprise"
)]

#[path = "../support/mod.rs"]
mod support;

mod builtin;
mod doctor;
mod faults;
mod memory_s3;
mod objects;
mod real_sts;
mod request_log;
mod settings;
mod sweep;
mod transfers;
mod wire;
