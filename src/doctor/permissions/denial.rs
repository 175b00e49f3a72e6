//! Reads a refusal: whether it is a denial at all, and otherwise what it says about the row.
//!
//! What a denial says is read by [`Denied`]; all else is decided by the kind of the failure.

use crate::domain::diagnosis::{Denied, Permission, PermissionRow, Untested, Verdict};
use crate::domain::{ErrorKind, StorageError};

/// The row that a failed try makes.
pub(super) fn row_of(permission: Permission, error: &StorageError) -> PermissionRow {
    let denied = Denied::of(error);
    let (action, kms_key) = denied.map_or((None, None), |denied| (denied.action, denied.kms_key));
    let told = error.status.map(|status| {
        let code = error.code.clone().unwrap_or_default();
        (status, code)
    });
    PermissionRow {
        permission,
        verdict: verdict_of(error),
        action,
        kms_key,
        told,
    }
}

/// What a failure says about being allowed.
pub(in crate::doctor) fn verdict_of(error: &StorageError) -> Verdict {
    if let Some(denied) = Denied::of(error) {
        return Verdict::Denied(denied.how);
    }
    if error.code.as_deref() == Some("InvalidObjectState") {
        return Verdict::NotTested(Untested::Archived);
    }
    match error.kind {
        ErrorKind::NoSuchBucket => Verdict::NotTested(Untested::NoSuchBucket),
        ErrorKind::Unsupported => Verdict::Unsupported,
        ErrorKind::Cancelled => Verdict::NotTested(Untested::Stopped),
        kind => Verdict::Failed(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Operation;

    fn refused(status: u16, kind: ErrorKind, code: &str, message: &str) -> StorageError {
        let mut error = StorageError::new(Operation::Get, kind, "k").with_message(message);
        error.status = Some(status);
        error.code = Some(code.to_owned());
        error
    }

    #[test]
    fn what_is_no_denial_is_not_called_one() {
        for (status, kind, code, verdict) in [
            (
                404,
                ErrorKind::NoSuchBucket,
                "NoSuchBucket",
                Verdict::NotTested(Untested::NoSuchBucket),
            ),
            (
                501,
                ErrorKind::Unsupported,
                "NotImplemented",
                Verdict::Unsupported,
            ),
            (
                405,
                ErrorKind::Unsupported,
                "MethodNotAllowed",
                Verdict::Unsupported,
            ),
            (
                403,
                ErrorKind::AccessDenied,
                "InvalidObjectState",
                Verdict::NotTested(Untested::Archived),
            ),
            (
                503,
                ErrorKind::Throttled,
                "SlowDown",
                Verdict::Failed(ErrorKind::Throttled),
            ),
            (
                403,
                ErrorKind::BadCredentials,
                "SignatureDoesNotMatch",
                Verdict::Failed(ErrorKind::BadCredentials),
            ),
        ] {
            assert_eq!(
                verdict_of(&refused(status, kind, code, "")),
                verdict,
                "{code}"
            );
        }
    }

    #[test]
    fn the_action_that_the_store_names_is_the_missing_one() {
        let message = "User: arn:aws:iam::123456789012:user/anna is not authorized to perform: s3:PutObjectAcl on resource: \
                       \"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:PutObjectAcl action";
        let error = refused(403, ErrorKind::AccessDenied, "AccessDenied", message);
        let row = row_of(Permission::Write, &error);
        assert_eq!(row.missing_action(), "s3:PutObjectAcl");
        assert_eq!(row.told, Some((403, "AccessDenied".to_owned())));
        for (code, permission, action) in [
            ("AccessDenied", Permission::Write, "s3:PutObject"),
            (
                "KMS.AccessDeniedException",
                Permission::Write,
                "kms:GenerateDataKey",
            ),
            ("KMS.AccessDeniedException", Permission::Read, "kms:Decrypt"),
        ] {
            let silent = refused(403, ErrorKind::AccessDenied, code, "no");
            assert_eq!(row_of(permission, &silent).missing_action(), action);
        }
    }
}
