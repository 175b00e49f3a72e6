//! Why something is denied, as far as the store tells, and who can allow it.

use super::codes::meaning;
use crate::domain::ErrorKind;
use crate::domain::diagnosis::{
    Denial, Denied, Permission, PermissionRow, PolicyKind, is_of_account,
};
use crate::words::visible;

/// What no other policy can put right.
const CHANGE: &str = "Change that statement: no other policy can allow what one denies explicitly.";

/// Why a row is denied, and what to do about it.
pub(super) fn denial(how: Denial, row: &PermissionRow) -> (String, String) {
    let action = &visible(row.missing_action());
    match how {
        Denial::Explicit(kind) => (
            format!("{} denies {action} explicitly.", a_policy(kind)),
            CHANGE.to_owned(),
        ),
        Denial::Implicit(kind) => (
            format!("{} allows {action}.", no_policy(kind)),
            format!("Add {action} to it."),
        ),
        Denial::Kms { is_explicit } => kms(is_explicit, action, row.kms_key.as_deref()),
        Denial::KmsKeyUnusable => unusable(row.kms_key.as_deref()),
        Denial::Unexplained => (
            format!(
                "The server denies it without a reason; most likely no policy allows {action}."
            ),
            format!("Ask for {action} on {}.", place(row.permission)),
        ),
    }
}

/// Why a failure is the KMS key's, and what to do about it; `None` where it is not. `writes` tells which action it needs.
pub(in crate::words) fn of_kms(denied: &Denied, writes: bool) -> Option<(String, String)> {
    let key = denied.kms_key.as_deref();
    match denied.how {
        Denial::Kms { is_explicit } => {
            let action = denied.action.as_deref();
            let action = visible(action.unwrap_or(Denial::kms_action(writes)));
            Some(kms(is_explicit, &action, key))
        }
        Denial::KmsKeyUnusable => Some(unusable(key)),
        _ => None,
    }
}

/// What a denial says that no policy can change.
pub(super) fn of_account(row: &PermissionRow) -> Option<(String, String)> {
    let (_, code) = row.told.as_ref()?;
    let meaning = meaning(code).filter(|_| is_of_account(code))?;
    let cause = format!("{} No policy can allow it.", meaning.cause);
    Some((cause, meaning.next.to_owned()))
}

/// What an upload met that S3 did not answer; answers without a body have no code, whoever gives them.
pub(super) fn of_proxy(row: &PermissionRow) -> Option<(String, String)> {
    let (status, code) = row.told.as_ref()?;
    if !code.is_empty() || !row.permission.writes() {
        return None;
    }
    let (what, next) = match status {
        413 => (
            "refuses the upload, whose body is too large for it",
            "Raise its limit of the body of a request.",
        ),
        502..=504 => (
            "got no answer from the server",
            "Look whether the proxy reaches the server.",
        ),
        _ => return None,
    };
    Some((
        format!("A proxy on the way {what}: {status}."),
        next.to_owned(),
    ))
}

/// What to do about a try that failed, where there is more to do than to look elsewhere.
pub(super) const fn next_after(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::TimedOut => {
            "Run again; where it stays so, look for a proxy or a firewall on the way that holds such requests back."
        }
        _ => "",
    }
}

/// `The KMS key arn:…`, as far as it is known.
fn the_key(key: Option<&str>) -> String {
    key.map_or_else(
        || "The KMS key that encrypts".to_owned(),
        |key| format!("The KMS key {}", visible(key)),
    )
}

/// The key may not be used.
fn kms(is_explicit: bool, action: &str, key: Option<&str>) -> (String, String) {
    let key = the_key(key);
    if is_explicit {
        let cause = format!("{key} may not be used: a policy denies {action} explicitly.");
        return (cause, CHANGE.to_owned());
    }
    (
        format!("{key} may not be used: {action} is missing."),
        format!("Ask for {action} in the policy of the key, and in that of the user or role."),
    )
}

fn unusable(key: Option<&str>) -> (String, String) {
    (
        format!(
            "{} is disabled, is to be deleted, or does not exist.",
            the_key(key)
        ),
        "Enable the key, or name another one in the object parameters.".to_owned(),
    )
}

/// What a policy has to name for it.
const fn place(permission: Permission) -> &'static str {
    match permission {
        Permission::ListPrefix => "this bucket, for this prefix",
        Permission::Versions
        | Permission::BucketLocation
        | Permission::Versioning
        | Permission::Policy
        | Permission::Cors
        | Permission::Lifecycle => "this bucket",
        _ => "the objects here",
    }
}

/// A policy of a kind, at the beginning of a sentence.
const fn a_policy(kind: Option<PolicyKind>) -> &'static str {
    match kind {
        None => "A policy",
        Some(PolicyKind::Identity) => "A policy of the user or role",
        Some(PolicyKind::Resource) => "The policy of the bucket",
        Some(PolicyKind::Boundary) => "The permissions boundary",
        Some(PolicyKind::Session) => "The session policy",
        Some(PolicyKind::ServiceControl) => "A service control policy of the organization",
        Some(PolicyKind::ResourceControl) => "A resource control policy of the organization",
        Some(PolicyKind::VpcEndpoint) => "The policy of the VPC endpoint",
    }
}

/// That there is no such policy, at the beginning of a sentence.
const fn no_policy(kind: Option<PolicyKind>) -> &'static str {
    match kind {
        None => "No policy",
        Some(PolicyKind::Identity) => "No policy of the user or role",
        Some(PolicyKind::Resource) => "No policy of the bucket",
        Some(PolicyKind::Boundary) => "No permissions boundary",
        Some(PolicyKind::Session) => "No session policy",
        Some(PolicyKind::ServiceControl) => "No service control policy of the organization",
        Some(PolicyKind::ResourceControl) => "No resource control policy of the organization",
        Some(PolicyKind::VpcEndpoint) => "No policy of the VPC endpoint",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_keys_fault_names_it_and_no_two_say_the_same() {
        let key = "arn:aws:kms:eu-west-1:1:key/k";
        let of = |how, writes| {
            let denied = Denied {
                how,
                action: None,
                kms_key: Some(key.to_owned()),
            };
            of_kms(&denied, writes)
        };
        let all = [
            (Denial::Kms { is_explicit: false }, false),
            (Denial::Kms { is_explicit: false }, true),
            (Denial::Kms { is_explicit: true }, false),
            (Denial::KmsKeyUnusable, false),
        ];
        let said: std::collections::BTreeSet<String> = all
            .into_iter()
            .map(|(how, writes)| of(how, writes).expect("words").0)
            .collect();
        assert_eq!(said.len(), all.len());
        assert!(said.iter().all(|cause| cause.contains(key)));
        assert_eq!(of(Denial::Explicit(None), false), None);
    }
}
