//! The rows that write: all with the one object of a [`Trial`].
//!
//! Each row needs the one before it to have worked; what was not reached says which one it needed.

use bytes::Bytes;

use super::denial::row_of;
use super::reads::{self, allowed};
use super::trial::{CONTENT, Trial};
use crate::doctor::Tell;
use crate::doctor::endpoint::{Written, first_write, offered};
use crate::domain::ErrorKind;
use crate::domain::diagnosis::{
    Ability, DoctorNews, EndpointReport, Permission, PermissionRow, Untested, Verdict,
};

/// Tries all that writes but deleting, tells each row, and notes what it shows of the server. `also_reads` tries the rows
/// that need an object on this one. True when the object is there, so that deleting can be tried.
pub(crate) async fn try_writes(
    trial: &mut Trial<'_>,
    also_reads: bool,
    tell: Tell<'_>,
    report: &mut EndpointReport,
    stopped: &(dyn Fn() -> bool + Send + Sync),
) -> bool {
    let told = |row: PermissionRow| tell(DoctorNews::Permission(row));
    let rest = |from: &[Permission], why: Untested| {
        for permission in from {
            told(PermissionRow::untested(*permission, why));
        }
    };
    let others = [
        Permission::Overwrite,
        Permission::Multipart,
        Permission::Delete,
    ];
    if stopped() {
        rest(&Permission::WRITES, Untested::Stopped);
        return false;
    }
    match first_write(trial, report).await {
        Written::Yes => told(allowed(Permission::Write)),
        Written::No(error) => {
            told(row_of(Permission::Write, &error));
            let why = match error.kind {
                ErrorKind::Cancelled => Untested::Stopped,
                _ => Untested::Needs(Permission::Write),
            };
            rest(&others, why);
            return false;
        }
    }
    if stopped() {
        rest(&others[..2], Untested::Stopped);
        return true;
    }
    let again = trial.put(&[], Bytes::from_static(CONTENT), None).await;
    told(match again {
        Ok(_) => allowed(Permission::Overwrite),
        Err(error) => row_of(Permission::Overwrite, &error),
    });
    if also_reads && !stopped() {
        let key = Ok(trial.key().to_owned());
        for permission in [
            Permission::Read,
            Permission::Head,
            Permission::Tags,
            Permission::Acl,
        ] {
            let reading = reads::of_object(trial.storage, permission, &key);
            let Some(row) = trial.unless_stopped(reading).await else {
                break;
            };
            let shows = match permission {
                Permission::Tags => Some(Ability::Tagging),
                Permission::Acl => Some(Ability::Acl),
                _ => None,
            };
            let known = offered(permission, row.verdict);
            report
                .findings
                .extend(shows.map(|ability| (ability, known)));
            told(row);
        }
    }
    if stopped() {
        rest(&others[1..2], Untested::Stopped);
        return true;
    }
    told(multipart(trial).await);
    true
}

/// Begins an upload and aborts it.
async fn multipart(trial: &mut Trial<'_>) -> PermissionRow {
    let upload = match trial.begin_upload().await {
        Ok(upload) => upload,
        Err(error) => {
            let mut row = row_of(Permission::Multipart, &error);
            if matches!(row.verdict, Verdict::Denied(_) | Verdict::Unsupported)
                && row.action.is_none()
            {
                // Beginning an upload is allowed by the action that allows writing.
                row.action = Some(Permission::Write.action().to_owned());
            }
            return row;
        }
    };
    match trial.abort(&upload).await {
        Ok(()) => allowed(Permission::Multipart),
        Err(error) => row_of(Permission::Multipart, &error),
    }
}

/// Deletes the object, which is the last row.
pub(crate) async fn try_delete(trial: &mut Trial<'_>, tell: Tell<'_>) {
    let row = match trial.delete().await {
        Ok(_) => allowed(Permission::Delete),
        Err(error) => row_of(Permission::Delete, &error),
    };
    tell(DoctorNews::Permission(row));
}
