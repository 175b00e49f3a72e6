//! What a policy is to allow, why none can be written, and what a written one leaves to do.

use crate::domain::diagnosis::{PolicyRefusal, PolicyRemark, PolicyUse};

/// The name of a use.
#[must_use]
pub const fn name(one: PolicyUse) -> &'static str {
    match one {
        PolicyUse::Browse => "Browse",
        PolicyUse::Upload => "Upload",
        PolicyUse::Delete => "Delete",
        PolicyUse::Share => "Share",
        PolicyUse::Versions => "Versions",
    }
}

/// What a use means.
#[must_use]
pub const fn about(one: PolicyUse) -> &'static str {
    match one {
        PolicyUse::Browse => "List folders, look at objects, download them.",
        PolicyUse::Upload => "Write objects of every size, overwrite them, abort uploads.",
        PolicyUse::Delete => "Delete objects.",
        PolicyUse::Share => "Make signed links, which can do what their signer can.",
        PolicyUse::Versions => "List and read older versions; with Delete, remove them for good.",
    }
}

/// Why no policy can be written.
#[must_use]
pub const fn refusal(why: PolicyRefusal) -> &'static str {
    match why {
        PolicyRefusal::NoBucket => "This connection names no bucket; a policy is about one.",
        PolicyRefusal::NoUse => "Nothing is ticked: a policy that allows nothing is not needed.",
        PolicyRefusal::NoPrincipal => {
            "A bucket policy names who it is for: an ARN, an account, a service, or *."
        }
        PolicyRefusal::BadPrincipal => {
            "This names nobody. Write an ARN (arn:aws:iam::123456789012:user/NAME or role/NAME), a 12-digit account, a service (cloudfront.amazonaws.com), or *."
        }
        PolicyRefusal::OtherPartition => {
            "What is named belongs to another partition than the bucket and can never reach it."
        }
        PolicyRefusal::BadSource => {
            "A service is limited to an ARN (arn:aws:cloudfront::123456789012:distribution/ID) or to a 12-digit account."
        }
        PolicyRefusal::SourceOfNoService => {
            "Only a service comes on behalf of a resource or account. For other principals leave the source out: with it they could do nothing."
        }
    }
}

/// What a written policy leaves to do or to know.
#[must_use]
pub const fn remark(remark: PolicyRemark) -> &'static str {
    match remark {
        PolicyRemark::KmsElsewhere => {
            "The KMS key of the uploads is not in it: a bucket policy cannot allow a key. Allow it in the key's own policy."
        }
        PolicyRemark::KmsAnyAccount => {
            "The settings name the KMS key without its account, so keys of this name in every account are allowed. Write its whole ARN to narrow that."
        }
        PolicyRemark::Everybody => "It lets everybody in, without any sign-in.",
        PolicyRemark::AnySource => {
            "It lets the service in for everybody's account: anyone could read through a distribution or job of their own. Name the source, an ARN or your account."
        }
        PolicyRemark::OpenPrefix => {
            "The prefix does not end with a slash, so all keys that begin like it are allowed, also those of other folders: photos allows photos-private/ too. End it with a slash to mean one folder."
        }
        PolicyRemark::NoListing => {
            "It does not allow listing, so a missing object looks like a denied one."
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_sentences_are_the_same() {
        let said: BTreeSet<&str> = PolicyUse::ALL
            .into_iter()
            .map(about)
            .chain(
                [
                    PolicyRefusal::NoBucket,
                    PolicyRefusal::NoUse,
                    PolicyRefusal::NoPrincipal,
                    PolicyRefusal::BadPrincipal,
                    PolicyRefusal::OtherPartition,
                    PolicyRefusal::BadSource,
                    PolicyRefusal::SourceOfNoService,
                ]
                .map(refusal),
            )
            .chain(
                [
                    PolicyRemark::KmsElsewhere,
                    PolicyRemark::KmsAnyAccount,
                    PolicyRemark::Everybody,
                    PolicyRemark::AnySource,
                    PolicyRemark::OpenPrefix,
                    PolicyRemark::NoListing,
                ]
                .map(remark),
            )
            .collect();
        assert_eq!(said.len(), 18);
        assert!(said.iter().all(|sentence| sentence.ends_with('.')));
    }
}
