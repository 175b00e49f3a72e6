//! What these credentials may do here, and what the server is: the third part of an examination, and the test that
//! writes.
//!
//! [`look`] only reads. [`test_writing`] writes one object of a random name below the prefix and removes it; it runs only
//! when a person asked for it, and never on a connection that is read-only.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::ground::{self, Ground};
use super::permissions::{self, Journal, TestPlace, Trial};
use super::{Patient, Tell, endpoint};
use crate::domain::diagnosis::{
    DoctorNews, EndpointReport, Leftover, Permission, PermissionMatrix, PermissionRow, Untested,
    Verdict, WriteTest,
};
use crate::domain::{ErrorKind, Prefix};
use crate::settings::Access;
use crate::storage::Storage;

/// Where write tests in the built-in bucket take place, whose address is another one at each start.
const BUILT_IN: &str = "built-in";

/// How long all tries that only read may take together, once there is a way and somebody who signs.
const LOOK: Duration = Duration::from_secs(10);

/// What keys of a connection begin with.
#[must_use]
pub fn prefix_of(storage: &Storage) -> Prefix {
    Prefix::new(storage.config().location.trim_start_matches('/'))
}

/// Where a connection's write tests take place, under a name that stays the same from run to run.
#[must_use]
pub fn place_of(storage: &Storage, is_builtin: bool) -> TestPlace {
    TestPlace {
        endpoint: if is_builtin {
            BUILT_IN.to_owned()
        } else {
            storage.endpoint_url().unwrap_or_default()
        },
        bucket: storage.bucket().unwrap_or_default().to_owned(),
    }
}

/// Tries all that only reads, and tells what it shows of the server. Sends nothing without a way and credentials.
pub(super) async fn look(ground: &Ground<'_>, patient: &Patient, tell: Tell<'_>) {
    let Ok(storage) = &patient.storage else {
        let nothing = PermissionMatrix::new("", "", Untested::NotAsked);
        return tell(DoctorNews::Permissions(nothing));
    };
    let Ok(bucket) = storage.bucket() else {
        let nowhere = PermissionMatrix::new("", "", Untested::NoBucket);
        return tell(DoctorNews::Permissions(nowhere));
    };
    let prefix = prefix_of(storage);
    let matrix = |why| PermissionMatrix::new(bucket, prefix.as_str(), why);
    tell(DoctorNews::Permissions(matrix(Untested::NotAsked)));
    if let Err(why) = ground.holds().await {
        let mut matrix = matrix(why);
        for permission in Permission::WRITES {
            matrix.set(PermissionRow::untested(permission, why));
        }
        return tell(DoctorNews::Permissions(matrix));
    }
    let untold = Mutex::new(Vec::from(Permission::READS));
    let noting = |news: DoctorNews| {
        if let DoctorNews::Permission(row) = &news {
            let mut untold = untold.lock().unwrap_or_else(PoisonError::into_inner);
            untold.retain(|one| *one != row.permission);
        }
        tell(news);
    };
    let looking = async {
        let (matrix, listing) =
            permissions::try_reads(storage, bucket, prefix.as_str(), &noting).await;
        if storage.server_marks().answered {
            let report = endpoint::look(storage, &matrix, listing.as_ref()).await;
            tell(DoctorNews::Endpoint(report));
        }
    };
    if tokio::time::timeout(LOOK, looking).await.is_err() {
        let untold = untold.into_inner().unwrap_or_else(PoisonError::into_inner);
        for permission in untold {
            let verdict = Verdict::Failed(ErrorKind::TimedOut);
            tell(DoctorNews::Permission(PermissionRow {
                verdict,
                ..PermissionRow::untested(permission, Untested::NotAsked)
            }));
        }
    }
}

/// Writes one object, tries everything on it, and removes it. Ends soon after `cancel`: what is under way then is not
/// waited for, and the removal not for long. What is left is told and tried again with the next test, which writes nothing
/// as long as something stays that cannot be removed, unless it may leave another one.
pub async fn test_writing(
    patient: &Patient,
    (journal, is_builtin): (&Journal, bool),
    wish: WriteTest,
    tell: Tell<'_>,
    cancel: &CancellationToken,
) {
    let refuse = |why: Untested| {
        for permission in Permission::WRITES {
            tell(DoctorNews::Permission(PermissionRow::untested(
                permission, why,
            )));
        }
    };
    if patient.connection.access == Access::ReadOnly {
        return refuse(Untested::ReadOnly);
    }
    let Ok(storage) = &patient.storage else {
        return refuse(Untested::Settings);
    };
    if storage.bucket().is_err() {
        return refuse(Untested::NoBucket);
    }
    if ground::signs_with_half(patient) {
        return refuse(Untested::NoCredentials);
    }
    // One look at who signs, before anything is sent that each would look for again.
    let limit = ground::limit(patient);
    let mut fetch = std::pin::pin!(tokio::time::timeout(limit, storage.identity()));
    let signer = tokio::select! {
        () = cancel.cancelled() => None,
        signer = fetch.as_mut() => Some(signer),
    };
    match signer {
        Some(Ok(Ok(_))) => {}
        Some(_) => return refuse(Untested::NoCredentials),
        None => {
            refuse(Untested::Stopped);
            return ground::spend_code(storage, fetch).await;
        }
    }
    let place = place_of(storage, is_builtin);
    let mut left = tokio::select! {
        left = permissions::clean_up(storage, journal, &place) => left,
        () = cancel.cancelled() => return refuse(Untested::Stopped),
    };
    // What may still arrive is nothing that deleting failed for.
    if left.iter().any(|one| !one.may_arrive) && !wish.may_leave_another {
        tell(DoctorNews::Leftovers(left));
        return refuse(Untested::LeftBehind);
    }
    let prefix = prefix_of(storage);
    let mut trial = match Trial::begin(storage, journal, &place, prefix.as_str(), cancel) {
        Ok(trial) => trial,
        Err(error) if error.kind == ErrorKind::LocalFile => return refuse(Untested::NoRecord),
        Err(_) => return refuse(Untested::Settings),
    };
    let mut report = endpoint::unseen(storage);
    let stopped = || cancel.is_cancelled();
    let written =
        permissions::try_writes(&mut trial, wish.also_reads, tell, &mut report, &stopped).await;
    if written && !stopped() {
        endpoint::try_upload_forms(&mut trial, &mut report).await;
        permissions::try_delete(&mut trial, tell).await;
        endpoint::try_batch(&mut trial, &mut report).await;
    } else if written {
        let why = Untested::Stopped;
        tell(DoctorNews::Permission(PermissionRow::untested(
            Permission::Delete,
            why,
        )));
    }
    left.extend(trial.end().await);
    // Its answers have named the server by now.
    let findings = report.findings;
    tell(DoctorNews::Endpoint(EndpointReport {
        findings,
        ..endpoint::unseen(storage)
    }));
    tell(DoctorNews::Leftovers(left));
}

/// Removes what a write test of this connection left behind when the program died. Tells what is still there.
pub async fn clean_up(storage: &Storage, place: &TestPlace, journal: &Journal) -> Vec<Leftover> {
    permissions::clean_up(storage, journal, place).await
}
