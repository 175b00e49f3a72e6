//! The Doctor: finds out whether a connection works, and where it breaks when it does not.
//!
//! [`examine`] looks at a [`Patient`], a connection with all that surrounds it, and tells what it finds piece by piece:
//! `ladder` follows the search for credentials, `checks` tries the way to the server and what it answers, `permissions` and
//! `endpoint` find out what the credentials may do and what the server is (`probe` runs both), `policy` writes the policy
//! that would do; `ground` is what they share, so that the credentials are fetched once. An examination changes nothing: not the connection, not a file, not the bucket; only
//! [`probe::test_writing`] writes, for which a person asks. Everything that asks the network has a limit, so that an
//! examination ends also where packets vanish, and stops soon after it is cancelled. What is told holds no secret.

pub mod checks;
pub mod endpoint;
mod ground;
pub mod ladder;
mod patient;
pub mod permissions;
pub mod policy;
pub mod probe;
mod setup;

use std::time::Duration;

use tokio_util::sync::CancellationToken;

pub use ground::spend_code;
pub use patient::{Limits, Patient, Unopened};
pub use setup::setup_of;

use crate::domain::diagnosis::DoctorNews;

/// How long one request of a probe may take.
const LIMIT: Duration = Duration::from_secs(15);

/// Takes the pieces of a diagnosis as they are found. Must not wait.
pub type Tell<'a> = &'a (dyn Fn(DoctorNews) + Send + Sync);

/// Examines a connection. Ends when everything was looked at or soon after `cancel`.
pub async fn examine(patient: &Patient, tell: Tell<'_>, cancel: &CancellationToken) {
    tell(DoctorNews::Setup(Box::new(setup::setup_of(patient))));
    let ground = ground::Ground::new(patient);
    let mut fetch = std::pin::pin!(ground.fetch());
    let all = async {
        // Each part tells its own pieces; they run side by side.
        tokio::join!(
            fetch.as_mut(),
            ladder::climb_on(&ground, patient, tell),
            checks::run_on(&ground, patient, tell),
            probe::look(&ground, patient, tell),
        );
    };
    tokio::select! {
        () = cancel.cancelled() => {}
        () = all => return,
    }
    if let Ok(storage) = &patient.storage {
        ground::spend_code(storage, fetch).await;
    }
}
