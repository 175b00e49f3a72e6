//! What a policy is asked to allow: uses that people tick, the place, and the form in which it is wanted.
//!
//! `doctor::policy` writes the document. Nothing here is secret; a principal is a public name.

/// Something that people do with a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyUse {
    /// List the folders, look at objects and download them.
    Browse,
    /// Upload objects of every size and overwrite them.
    Upload,
    /// Delete objects.
    Delete,
    /// Give away signed links: they can do what their signer can.
    Share,
    /// List and read older versions; together with [`PolicyUse::Delete`], delete them for good.
    Versions,
}

impl PolicyUse {
    /// All in the order shown.
    pub const ALL: [Self; 5] = [
        Self::Browse,
        Self::Upload,
        Self::Delete,
        Self::Share,
        Self::Versions,
    ];

    /// The word on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Browse => "browse",
            Self::Upload => "upload",
            Self::Delete => "delete",
            Self::Share => "share",
            Self::Versions => "versions",
        }
    }

    /// The use of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// How much a policy allows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PolicyScope {
    /// The six actions that django-storages documents for most uses.
    DjangoStorages,
    /// As little as these uses need.
    Least(Vec<PolicyUse>),
}

/// Where the policy is attached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PolicyForm {
    /// To a user, group or role: it says nothing about who.
    Identity,
    /// To the bucket: it names who. An ARN, a 12-digit account number, a service (`cloudfront.amazonaws.com`), or `*`.
    Bucket {
        /// Who, as typed.
        principal: String,
        /// On whose behalf a service may come, as typed: an ARN or a 12-digit account; empty for everybody's.
        source: String,
    },
}

impl PolicyForm {
    /// True when what a person typed as principal is a service, which acts for whoever asks it.
    #[must_use]
    pub fn is_service(principal: &str) -> bool {
        let name = principal.trim();
        let letters = name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-'
        });
        letters
            && [".amazonaws.com", ".amazonaws.com.cn"]
                .iter()
                .any(|end| name.strip_suffix(end).is_some_and(|it| !it.is_empty()))
    }
}

/// What the settings of a connection need beside the uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PolicyExtras {
    /// Uploads carry tags.
    pub tags: bool,
    /// Uploads carry an ACL or grants.
    pub acl: bool,
    /// Uploads carry a retention date.
    pub retention: bool,
    /// Uploads carry a legal hold.
    pub legal_hold: bool,
    /// The KMS key that uploads are encrypted with: an ARN, a key id, or an alias.
    pub kms_key: Option<String>,
}

/// A policy to write.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PolicyWish {
    /// The bucket's name, or the ARN of an access point.
    pub bucket: String,
    /// What keys begin with, exactly; empty for the whole bucket.
    pub prefix: String,
    /// The region, which decides the partition (`aws`, `aws-cn`, `aws-us-gov`, ...).
    pub region: Option<String>,
    /// How much it allows.
    pub scope: PolicyScope,
    /// Where it is attached.
    pub form: PolicyForm,
    /// What the settings need beside.
    pub extras: PolicyExtras,
}

/// Why no policy can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyRefusal {
    /// No bucket is named.
    NoBucket,
    /// Nothing is ticked.
    NoUse,
    /// A bucket policy names nobody.
    NoPrincipal,
    /// What is named as principal is neither an ARN, an account, a service, nor `*`.
    BadPrincipal,
    /// A principal of another partition than the bucket's, which can never match.
    OtherPartition,
    /// What a service is to be limited to is neither an ARN nor an account.
    BadSource,
    /// A source for a principal that is no service: its requests name none, so nothing would be allowed.
    SourceOfNoService,
}

/// What a written policy leaves for a person to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyRemark {
    /// A bucket policy cannot allow the use of a KMS key; its key policy or an identity policy must.
    KmsElsewhere,
    /// The KMS key is named without its account, so the policy allows keys of that name in every account.
    KmsAnyAccount,
    /// It lets everybody in.
    Everybody,
    /// It lets a service in on behalf of every account.
    AnySource,
    /// What is allowed begins like a folder but goes beyond it: the prefix does not end with a slash.
    OpenPrefix,
    /// Without listing, a missing object looks like a denied one.
    NoListing,
}

/// A policy as it is pasted into a console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenPolicy {
    /// The document: JSON with two blanks a step, a newline at the end.
    pub json: String,
    /// Every action it allows, once, in its order.
    pub actions: Vec<String>,
    /// What is left to do or to know.
    pub remarks: Vec<PolicyRemark>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_are_found_by_their_words() {
        for one in PolicyUse::ALL {
            assert_eq!(PolicyUse::from_word(one.word()), Some(one));
        }
        assert_eq!(PolicyUse::from_word("admin"), None);
    }
}
