//! Cooperage: a bucket manager for Amazon S3 and everything that speaks S3.
//!
//! The library holds all of the program; the binary only starts it. Layers, each using only those before it:
//!
//! ```text
//! domain <- shared_files <- settings, storage; domain <- catalog
//!           settings, catalog, storage <- transfers, doctor, django <- exchange <- worker <- state <- ui <- app
//!                                                                        \______ cli _______/
//! ```
//!
//! One direction of flow: a gesture becomes an `Action`, `state` turns it into effects, the `worker` runs commands on
//! the storage core and answers with events, `state` takes them in, `ui` draws what `state` knows.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::print_stdout,
        reason = "a test may stop at a surprise"
    )
)]

pub mod app;
pub mod builtin;
pub mod catalog;
pub mod cli;
pub mod django;
pub mod doctor;
pub mod domain;
pub mod exchange;
pub mod settings;
mod shared_files;
pub mod state;
pub mod storage;
pub mod transfers;
pub mod ui;
pub mod words;
pub mod worker;
