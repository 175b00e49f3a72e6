//! Reads a refusal: whether it is a denial at all, of which kind, and which action is missing.
//!
//! Status and code decide what happened. Only how a denial came about, and which action it names, is read from the
//! store's own sentence, in the forms that Amazon documents ("Troubleshoot access denied error messages"): `User: ... is
//! not authorized to perform: ACTION on resource: ... with an explicit deny in a ...-based policy`, or `... because no
//! ... policy allows the ACTION action`. What does not read so is a denial that was not explained.

use crate::domain::diagnosis::{Denial, Permission, PermissionRow, PolicyKind, Untested, Verdict};
use crate::domain::{ErrorKind, StorageError};

/// The row that a failed try makes.
pub(super) fn row_of(permission: Permission, error: &StorageError) -> PermissionRow {
    let message = error.message.as_deref().unwrap_or_default();
    let verdict = verdict_of(error);
    let named = matches!(verdict, Verdict::Denied(_))
        .then(|| action_in(message))
        .flatten();
    let told = error.status.map(|status| {
        let code = error.code.clone().unwrap_or_default();
        (status, code)
    });
    PermissionRow {
        permission,
        verdict,
        action: named,
        told,
    }
}

/// What a failure says about being allowed.
pub(in crate::doctor) fn verdict_of(error: &StorageError) -> Verdict {
    let code = error.code.as_deref().unwrap_or_default();
    let message = error.message.as_deref().unwrap_or_default();
    if code.starts_with("KMS.") {
        return Verdict::Denied(match code {
            "KMS.DisabledException"
            | "KMS.KMSInvalidStateException"
            | "KMS.NotFoundException"
            | "KMS.InvalidKeyUsageException" => Denial::KmsKeyUnusable,
            _ => Denial::Kms,
        });
    }
    if code == "InvalidObjectState" {
        return Verdict::NotTested(Untested::Archived);
    }
    match error.kind {
        ErrorKind::AccessDenied => Verdict::Denied(denial_in(message)),
        ErrorKind::NoSuchBucket => Verdict::NotTested(Untested::NoSuchBucket),
        ErrorKind::Unsupported => Verdict::Unsupported,
        ErrorKind::Cancelled => Verdict::NotTested(Untested::Stopped),
        kind => Verdict::NotTested(Untested::Failed(kind)),
    }
}

/// How a denial came about, as the store tells it.
fn denial_in(message: &str) -> Denial {
    if action_in(message).is_some_and(|action| action.starts_with("kms:")) {
        return Denial::Kms;
    }
    if let Some((_, rest)) = message.split_once("with an explicit deny in ") {
        return Denial::Explicit(kind_in(rest));
    }
    if let Some((_, rest)) = message.split_once("because no ") {
        let policy = rest
            .split_once(" allows ")
            .map_or(rest, |(policy, _)| policy);
        return Denial::Implicit(kind_in(policy));
    }
    Denial::Unexplained
}

/// The kind of policy that a phrase names: `an identity-based policy`, `a service control policy: ARN`.
fn kind_in(phrase: &str) -> Option<PolicyKind> {
    const NAMES: [(&str, PolicyKind); 7] = [
        ("identity-based policy", PolicyKind::Identity),
        ("resource-based policy", PolicyKind::Resource),
        ("permissions boundary", PolicyKind::Boundary),
        ("session policy", PolicyKind::Session),
        ("service control policy", PolicyKind::ServiceControl),
        ("resource control policy", PolicyKind::ResourceControl),
        ("VPC endpoint policy", PolicyKind::VpcEndpoint),
    ];
    NAMES
        .iter()
        .filter_map(|(name, kind)| Some((phrase.find(name)?, *kind)))
        .min_by_key(|(at, _)| *at)
        .map(|(_, kind)| kind)
}

/// The action in `not authorized to perform: s3:GetObject on resource: ...`.
fn action_in(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("not authorized to perform: ")?;
    let action: String = rest
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, ':' | '-'))
        .collect();
    let (service, name) = action.split_once(':')?;
    (!service.is_empty() && !name.is_empty()).then_some(action)
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

    fn user_may_not(rest: &str) -> StorageError {
        let message = format!(
            "User: arn:aws:iam::123456789012:user/anna is not authorized to perform: {rest}"
        );
        refused(403, ErrorKind::AccessDenied, "AccessDenied", &message)
    }

    #[test]
    fn denials_are_told_apart_as_far_as_the_store_tells() {
        let of = |rest: &str| verdict_of(&user_may_not(rest));
        for (rest, denial) in [
            (
                "s3:GetObject on resource: \"arn:aws:s3:::b/k\" with an explicit deny in a resource-based policy",
                Denial::Explicit(Some(PolicyKind::Resource)),
            ),
            (
                "s3:GetObject on resource: \"arn:aws:s3:::b/k\" with an explicit deny in a service control policy: arn:x",
                Denial::Explicit(Some(PolicyKind::ServiceControl)),
            ),
            (
                "s3:PutObject on resource: \"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:PutObject action",
                Denial::Implicit(Some(PolicyKind::Identity)),
            ),
            (
                "s3:PutObject on resource: \"arn:aws:s3:::b/k\" because no permissions boundary allows the s3:PutObject action",
                Denial::Implicit(Some(PolicyKind::Boundary)),
            ),
            (
                "kms:GenerateDataKey on resource: arn:aws:kms:eu-west-1:1:key/k because no identity-based policy allows the kms:GenerateDataKey action",
                Denial::Kms,
            ),
            ("s3:PutObject", Denial::Unexplained),
        ] {
            assert_eq!(of(rest), Verdict::Denied(denial), "{rest}");
        }
        let bare = refused(
            403,
            ErrorKind::AccessDenied,
            "AccessDenied",
            "Access Denied",
        );
        assert_eq!(verdict_of(&bare), Verdict::Denied(Denial::Unexplained));
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
                Verdict::NotTested(Untested::Failed(ErrorKind::Throttled)),
            ),
            (
                403,
                ErrorKind::BadCredentials,
                "SignatureDoesNotMatch",
                Verdict::NotTested(Untested::Failed(ErrorKind::BadCredentials)),
            ),
            (
                400,
                ErrorKind::Other,
                "KMS.DisabledException",
                Verdict::Denied(Denial::KmsKeyUnusable),
            ),
            (
                400,
                ErrorKind::Other,
                "KMS.AccessDeniedException",
                Verdict::Denied(Denial::Kms),
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
        let error = user_may_not(
            "s3:PutObjectAcl on resource: \"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:PutObjectAcl action",
        );
        let row = row_of(Permission::Write, &error);
        assert_eq!(row.missing_action(), "s3:PutObjectAcl");
        assert_eq!(row.told, Some((403, "AccessDenied".to_owned())));
        let silent = refused(403, ErrorKind::AccessDenied, "AccessDenied", "no");
        assert_eq!(
            row_of(Permission::Write, &silent).missing_action(),
            "s3:PutObject"
        );
    }
}
