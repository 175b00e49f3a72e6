//! What a refusal for want of a permission says: how it came about, which action is missing, and on which KMS key.
//!
//! Status and code decide what happened. Only how a denial came about, and what it names, is read from the store's own
//! sentence, in the forms that Amazon documents ("Troubleshoot access denied error messages"): `User: ... is not authorized
//! to perform: ACTION on resource: ... with an explicit deny in a ...-based policy`, or `... because no ... policy allows
//! the ACTION action`. What does not read so is a denial that was not explained.

use super::super::{ErrorKind, StorageError};
use super::permission::Permission;
use super::verdict::{Denial, PolicyKind};

/// A denial as the store tells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Denied {
    /// How it came about.
    pub how: Denial,
    /// The action that it names.
    pub action: Option<String>,
    /// The KMS key that it names.
    pub kms_key: Option<String>,
}

/// True for the codes of a blocked bucket and of an unpaid or foreign account, which are no matter of policies.
#[must_use]
pub fn is_of_account(code: &str) -> bool {
    ["AllAccessDisabled", "AccountProblem", "UnauthorizedAccess"].contains(&code)
}

impl Denied {
    /// Reads a failure; `None` where it is no denial.
    #[must_use]
    pub fn of(error: &StorageError) -> Option<Self> {
        let code = error.code.as_deref().unwrap_or_default();
        let message = error.message.as_deref().unwrap_or_default();
        let of_kms = code.starts_with("KMS.");
        if !of_kms && (error.kind != ErrorKind::AccessDenied || code == "InvalidObjectState") {
            return None;
        }
        let action = action_in(message);
        let is_explicit = message.contains(EXPLICIT);
        let how = match code {
            "KMS.DisabledException"
            | "KMS.KMSInvalidStateException"
            | "KMS.NotFoundException"
            | "KMS.InvalidKeyUsageException" => Denial::KmsKeyUnusable,
            _ if of_kms
                || action
                    .as_ref()
                    .is_some_and(|action| action.starts_with("kms:")) =>
            {
                Denial::Kms { is_explicit }
            }
            _ => how_in(message),
        };
        Some(Self {
            how,
            action,
            kms_key: how.is_of_kms().then(|| kms_key_in(message)).flatten(),
        })
    }

    /// The action that is missing for this.
    #[must_use]
    pub fn missing(&self, permission: Permission) -> &str {
        missing(self.action.as_deref(), Some(self.how), permission)
    }
}

/// The action that the store named, else the one that such a request needs.
pub(super) fn missing(named: Option<&str>, how: Option<Denial>, permission: Permission) -> &str {
    match (named, how) {
        (Some(named), _) => named,
        (None, Some(Denial::Kms { .. })) => Denial::kms_action(permission.writes()),
        (None, _) => permission.action(),
    }
}

const EXPLICIT: &str = "with an explicit deny in ";

/// How a denial came about, as the store tells it.
fn how_in(message: &str) -> Denial {
    if let Some((_, rest)) = message.split_once(EXPLICIT) {
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

/// The first ARN of a KMS key: `arn:aws:kms:eu-west-1:123456789012:key/1234abcd`.
fn kms_key_in(message: &str) -> Option<String> {
    let words = message.split(|letter: char| letter.is_whitespace() || "\"'(),".contains(letter));
    words
        .map(|word| word.trim_end_matches(['.', ';']))
        .find(|word| word.starts_with("arn:") && word.split(':').nth(2) == Some("kms"))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::super::Operation;
    use super::*;

    fn refused(code: &str, message: &str) -> Option<Denied> {
        let kind = match code {
            "AccessDenied" => ErrorKind::AccessDenied,
            _ => ErrorKind::Other,
        };
        let mut error = StorageError::new(Operation::Get, kind, "k").with_message(message);
        error.code = Some(code.to_owned());
        Denied::of(&error)
    }

    #[test]
    fn denials_are_told_apart_as_far_as_the_store_tells() {
        let key = "arn:aws:kms:eu-west-1:1:key/k";
        let explicit = |kind| (Denial::Explicit(Some(kind)), None);
        let implicit = |kind| (Denial::Implicit(Some(kind)), None);
        let kms = |is_explicit| (Denial::Kms { is_explicit }, Some(key));
        for (rest, (how, kms_key)) in [
            (
                "s3:GetObject on resource: \"arn:aws:s3:::b/k\" with an explicit deny in a resource-based policy",
                explicit(PolicyKind::Resource),
            ),
            (
                "s3:GetObject on resource: \"arn:aws:s3:::b/k\" with an explicit deny in a service control policy: arn:x",
                explicit(PolicyKind::ServiceControl),
            ),
            (
                "s3:PutObject on resource: \"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:PutObject action",
                implicit(PolicyKind::Identity),
            ),
            (
                "s3:PutObject on resource: \"arn:aws:s3:::b/k\" because no permissions boundary allows the s3:PutObject action",
                implicit(PolicyKind::Boundary),
            ),
            (
                "kms:GenerateDataKey on resource: arn:aws:kms:eu-west-1:1:key/k because no identity-based policy allows the kms:GenerateDataKey action",
                kms(false),
            ),
            (
                "kms:Decrypt on resource: \"arn:aws:kms:eu-west-1:1:key/k\" with an explicit deny in a resource-based policy",
                kms(true),
            ),
            ("s3:PutObject", (Denial::Unexplained, None)),
        ] {
            let message = format!(
                "User: arn:aws:iam::123456789012:user/anna is not authorized to perform: {rest}"
            );
            let denied = refused("AccessDenied", &message).expect("a denial");
            assert_eq!(denied.how, how, "{rest}");
            assert_eq!(denied.kms_key.as_deref(), kms_key, "{rest}");
            let action = rest.split(' ').next().map(str::to_owned);
            assert_eq!(denied.action, action, "{rest}");
        }
        let bare = refused("AccessDenied", "Access Denied").expect("a denial");
        assert_eq!((bare.how, bare.action), (Denial::Unexplained, None));
    }

    #[test]
    fn what_kms_says_by_its_own_codes_names_the_key() {
        let disabled = refused(
            "KMS.DisabledException",
            "arn:aws:kms:eu-west-1:1:key/k is disabled.",
        );
        let disabled = disabled.expect("a denial");
        assert_eq!(disabled.how, Denial::KmsKeyUnusable);
        assert_eq!(
            disabled.kms_key.as_deref(),
            Some("arn:aws:kms:eu-west-1:1:key/k")
        );
        let silent = refused("KMS.AccessDeniedException", "no").expect("a denial");
        assert_eq!(silent.how, Denial::Kms { is_explicit: false });
        assert_eq!((silent.action, silent.kms_key), (None, None));
        assert_eq!(refused("SlowDown", ""), None);
        assert_eq!(refused("InvalidObjectState", ""), None);
    }
}
