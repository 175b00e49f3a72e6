//! How trying an action ended: allowed, denied and how, not offered, tried in vain, or not tried and why.
//!
//! Each has a word for programs that stays ([`Verdict::word`], [`Verdict::reason`]). A [`Denial`] says as much as the store
//! told.

use super::super::ErrorKind;
use super::permission::Permission;

/// Which of the many policies that are evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PolicyKind {
    /// Attached to the user, group or role.
    Identity,
    /// Attached to the bucket or key.
    Resource,
    /// The boundary of the identity.
    Boundary,
    /// Given when the role was assumed.
    Session,
    /// Of the organization, for identities.
    ServiceControl,
    /// Of the organization, for resources.
    ResourceControl,
    /// Of the network endpoint.
    VpcEndpoint,
}

impl PolicyKind {
    /// Its name for programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Resource => "resource",
            Self::Boundary => "boundary",
            Self::Session => "session",
            Self::ServiceControl => "service_control",
            Self::ResourceControl => "resource_control",
            Self::VpcEndpoint => "vpc_endpoint",
        }
    }
}

/// Why something was denied, as far as the store told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Denial {
    /// A policy says no; none can say yes beside it.
    Explicit(Option<PolicyKind>),
    /// No policy of this kind says yes.
    Implicit(Option<PolicyKind>),
    /// The key that encrypts may not be used.
    Kms {
        /// A policy says no.
        is_explicit: bool,
    },
    /// The key that encrypts is disabled or gone.
    KmsKeyUnusable,
    /// It did not say why.
    Unexplained,
}

impl Denial {
    /// The key that encrypts is to blame, and no policy about S3.
    #[must_use]
    pub const fn is_of_kms(self) -> bool {
        matches!(self, Self::Kms { .. } | Self::KmsKeyUnusable)
    }

    /// The action on a KMS key that reading or writing an object needs.
    #[must_use]
    pub const fn kms_action(writes: bool) -> &'static str {
        if writes {
            "kms:GenerateDataKey"
        } else {
            "kms:Decrypt"
        }
    }
}

/// Why nothing was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Untested {
    /// Nobody asked for it yet.
    NotAsked,
    /// No bucket is named.
    NoBucket,
    /// The server cannot be reached.
    NoWay,
    /// There is nothing to sign with.
    NoCredentials,
    /// The bucket does not exist.
    NoSuchBucket,
    /// What answers is no S3 server.
    NotS3,
    /// There is no object below the prefix to try it on.
    NothingThere,
    /// Which objects there are could not be listed.
    NoListing,
    /// Listing them failed like this.
    ListingFailed(ErrorKind),
    /// The object is archived.
    Archived,
    /// The connection is read-only.
    ReadOnly,
    /// The settings let nothing be sent.
    Settings,
    /// No record of the test could be kept on this computer.
    NoRecord,
    /// What an earlier test wrote is still there.
    LeftBehind,
    /// It needs another one that did not work.
    Needs(Permission),
    /// It was stopped.
    Stopped,
}

/// What was found out about one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It works.
    Allowed,
    /// It is denied.
    Denied(Denial),
    /// The server does not offer it.
    Unsupported,
    /// The server takes these keys elsewhere, and not the signature of this request.
    SignatureRefused {
        /// It was signed with version 2, which servers know in part.
        version2: bool,
    },
    /// It was tried, and how that failed says nothing about permissions.
    Failed(ErrorKind),
    /// It was not tried.
    NotTested(Untested),
}

impl Verdict {
    /// Its name for programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied(_) => "denied",
            Self::Unsupported => "unsupported",
            Self::SignatureRefused { .. } => "refused",
            Self::Failed(kind) => match kind {
                ErrorKind::Unreachable
                | ErrorKind::ProxyUnreachable
                | ErrorKind::ProxyRefused
                | ErrorKind::Tls
                | ErrorKind::TimedOut => "no_answer",
                ErrorKind::Server
                | ErrorKind::Throttled
                | ErrorKind::Corrupt
                | ErrorKind::NoSuchKey
                | ErrorKind::NoSuchUpload
                | ErrorKind::Conflict => "failed",
                _ => "refused",
            },
            Self::NotTested(_) => "not_tested",
        }
    }

    /// The name of its reason for programs, where it has one.
    #[must_use]
    pub const fn reason(self) -> Option<&'static str> {
        Some(match self {
            Self::Allowed | Self::Unsupported => return None,
            Self::Denied(how) => match how {
                Denial::Explicit(_) => "explicit",
                Denial::Implicit(_) => "implicit",
                Denial::Kms { .. } => "kms",
                Denial::KmsKeyUnusable => "kms_key_unusable",
                Denial::Unexplained => "unexplained",
            },
            Self::SignatureRefused { version2: true } => "signature_version_2",
            Self::SignatureRefused { version2: false } => "signature",
            Self::Failed(kind) => match kind {
                ErrorKind::BadCredentials => "bad_credentials",
                ErrorKind::ExpiredCredentials => "expired_credentials",
                ErrorKind::NoCredentials => "no_credentials",
                ErrorKind::WrongRegion => "wrong_region",
                ErrorKind::Redirected => "redirected",
                ErrorKind::ClockSkew => "clock_skew",
                ErrorKind::Throttled => "throttled",
                ErrorKind::Unreachable => "unreachable",
                ErrorKind::ProxyUnreachable | ErrorKind::ProxyRefused => "proxy",
                ErrorKind::Tls => "tls",
                ErrorKind::TimedOut => "timed_out",
                ErrorKind::Server => "server",
                ErrorKind::Corrupt => "cut_answer",
                ErrorKind::NoSuchKey => "no_such_key",
                ErrorKind::NoSuchUpload => "no_such_upload",
                ErrorKind::Conflict => "conflict",
                ErrorKind::Invalid => "invalid_request",
                _ => "other",
            },
            Self::NotTested(why) => match why {
                Untested::NotAsked => "not_asked",
                Untested::NoBucket => "no_bucket",
                Untested::NoWay => "no_way",
                Untested::NoCredentials => "no_credentials",
                Untested::NoSuchBucket => "no_such_bucket",
                Untested::NotS3 => "not_s3",
                Untested::NothingThere => "nothing_there",
                Untested::NoListing => "no_listing",
                Untested::ListingFailed(_) => "listing_failed",
                Untested::Archived => "archived",
                Untested::ReadOnly => "read_only",
                Untested::Settings => "settings",
                Untested::NoRecord => "no_record",
                Untested::LeftBehind => "left_behind",
                Untested::Needs(_) => "needs_another",
                Untested::Stopped => "stopped",
            },
        })
    }

    /// The kind of policy that denies it, where the store told.
    #[must_use]
    pub const fn policy(self) -> Option<PolicyKind> {
        match self {
            Self::Denied(Denial::Explicit(kind) | Denial::Implicit(kind)) => kind,
            _ => None,
        }
    }
}
