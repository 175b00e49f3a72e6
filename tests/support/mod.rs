//! Servers and data for tests, included by each test binary with `#[path = "../support/mod.rs"] mod support;`.
//!
//! * [`memory_s3`]: an S3 server in memory that checks signatures, keeps any key exactly, can be looked into, and can be
//!   told to answer wrongly.
//! * [`scripted`]: an HTTP server that answers what the test wrote down.
//! * [`identity_center`]: the sign-in, the portal and STS of Amazon, scripted.
//! * [`fixtures`]: folders, files and patterned bytes.
//! * [`fetch`]: a bare HTTP client for links.
//! * [`names`]: names as listings write them.
//! * [`tls`]: a certificate authority of one's own, and TLS in front of a plain server.
//! * [`proxy`]: an HTTP proxy that remembers what it was asked.
//! * [`real_sts`]: moto, an STS that somebody else wrote.
//! * [`signed`]: a check of signatures written from Amazon's documents alone.
//! * [`keys`]: a private key.
//! * [`serving`]: the thread that all asynchronous servers here run on.
//! * [`sts`]: the answer of a token service, which checks the signature.
//! * [`sdk`]: a plain SDK client, to ask a server without our own code.
//!
//! All listen on 127.0.0.1 at a free port, run on a thread of their own, and stop when dropped.

#![allow(
    dead_code,
    reason = "every test binary includes this module and uses a part of it"
)]
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::let_underscore_must_use,
    clippy::unused_self,
    reason = "a test may stop at a surprise"
)]

pub mod fetch;
pub mod fixtures;
pub mod identity_center;
pub mod keys;
pub mod memory_s3;
pub mod names;
pub mod proxy;
pub mod real_sts;
pub mod scripted;
pub mod sdk;
pub mod serving;
pub mod signed;
pub mod sts;
pub mod tls;
