//! The window, headless: found by label and role, acted on, checked. The worker, the servers and the files are real.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test may stop at a surprise"
)]

#[path = "../support/mod.rs"]
mod support;

mod driver;
mod journey;
