//! Why something is denied, as far as the store tells, and who can allow it.

use crate::domain::diagnosis::{Denial, Permission, PolicyKind};

/// Why it is denied, and what to do about it.
pub(super) fn denial(how: Denial, action: &str, permission: Permission) -> (String, String) {
    match how {
        Denial::Explicit(kind) => (
            format!("{} denies {action} explicitly.", a_policy(kind)),
            "Change that statement: no other policy can allow what one denies explicitly."
                .to_owned(),
        ),
        Denial::Implicit(kind) => (
            format!("{} allows {action}.", no_policy(kind)),
            format!("Add {action} to it."),
        ),
        Denial::Kms => (
            format!("The key that encrypts may not be used: {action} is missing."),
            "Allow it in the policy of the KMS key, and in the policy of the identity.".to_owned(),
        ),
        Denial::KmsKeyUnusable => (
            "The key that encrypts is disabled, is to be deleted, or does not exist.".to_owned(),
            "Enable the key, or name another one in the object parameters.".to_owned(),
        ),
        Denial::Unexplained => (
            format!(
                "The server denies it without a reason; most likely no policy allows {action}."
            ),
            format!("Ask for {action} on {}.", place(permission)),
        ),
    }
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
