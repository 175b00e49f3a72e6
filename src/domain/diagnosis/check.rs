//! One live check: what was tried, what came of it, how much that matters and what one click can do about it.
//!
//! What came of it is a [`Finding`]; [`Finding::light`] and [`Finding::remedy`] are the two tables about findings. Nothing
//! here is secret.

use super::{Denied, Finding, Light, Origin, Remedy};
use crate::domain::ErrorKind;

/// One check with its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub kind: CheckKind,
    /// What came of it.
    pub finding: Finding,
    /// How long it took, where anybody was asked.
    pub took_ms: Option<u64>,
}

/// The checks, in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckKind {
    /// The settings fit together.
    Settings,
    /// The host's name leads to addresses.
    Name,
    /// The addresses take connections.
    Tcp,
    /// The server's certificate and its host name.
    Tls,
    /// The proxy on the way.
    Proxy,
    /// This computer's clock against the server's.
    Clock,
    /// Who signs, as the server sees it.
    Caller,
    /// The bucket's region against the connection's.
    Region,
    /// Bucket in the host name or in the path.
    Style,
    /// One key on exactly the connection's prefix.
    Listing,
    /// The buckets of the account.
    Buckets,
}

impl CheckKind {
    /// All of them in order.
    pub const ALL: [Self; 11] = [
        Self::Settings,
        Self::Name,
        Self::Tcp,
        Self::Tls,
        Self::Proxy,
        Self::Clock,
        Self::Caller,
        Self::Region,
        Self::Style,
        Self::Listing,
        Self::Buckets,
    ];

    /// Its name for programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Name => "name",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Proxy => "proxy",
            Self::Clock => "clock",
            Self::Caller => "caller",
            Self::Region => "region",
            Self::Style => "style",
            Self::Listing => "listing",
            Self::Buckets => "buckets",
        }
    }
}

/// Why a check was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Skip {
    /// Another check failed, on which it depends.
    After(CheckKind),
    /// It was asked, but the answer says only what another check tells.
    Refused(CheckKind),
    /// The ladder tells what is wrong with it.
    ToldBy {
        /// The number of the rung, from 1.
        rung: usize,
    },
    /// The connection names no bucket.
    NoBucket,
    /// Requests are not signed.
    Unsigned,
    /// The search for credentials failed or found none, which the ladder tells.
    NoKeys {
        /// The number of the rung that failed, from 1; `None` where no place holds any.
        rung: Option<usize>,
    },
    /// A person said that the server has no token service.
    NoSts,
    /// The server told no time.
    NoTime,
    /// Sockets and TLS were replaced.
    GivenWay,
    /// There was no time left.
    OutOfTime,
}

/// Why a server did not say in which region a bucket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoRegion {
    /// It answered and left the name empty. At Amazon that is a name, elsewhere it says nothing.
    Empty,
    /// The policy does not allow to ask.
    Denied,
    /// It does not know the question.
    Unsupported,
    /// The answer was of no use, or did not come.
    Failed,
}

/// To whom a listing is denied.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DeniedTo {
    /// Credentials of which no more is known.
    Keys,
    /// Credentials that list buckets, this one not among them.
    Stranger {
        /// One among them whose name is nearly the same.
        near: Option<String>,
    },
    /// Whoever may not use the KMS key that encrypts.
    Kms(Denied),
    /// Requests that are not signed.
    Unsigned,
}

/// Where the bucket is named.
const BUCKET: Remedy = Remedy::OpenOption("AWS_STORAGE_BUCKET_NAME");

impl DeniedTo {
    /// The one click that may help.
    fn remedy(&self) -> Remedy {
        match self {
            Self::Keys => Remedy::OpenOption("AWS_LOCATION"),
            Self::Kms(_) => Remedy::RunAgain,
            Self::Stranger { near: Some(near) } => Remedy::UseBucket(near.clone()),
            Self::Stranger { near: None } => BUCKET,
            Self::Unsigned => Remedy::PasteKeys,
        }
    }
}

/// Why TLS failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsFault {
    /// Nobody trusted has signed the certificate.
    UnknownIssuer,
    /// The certificate has ended.
    Expired {
        /// So many whole days ago.
        days: Option<u64>,
    },
    /// The certificate begins later.
    NotYetValid {
        /// In so many whole days.
        days: Option<u64>,
    },
    /// The certificate is for other hosts.
    WrongHost {
        /// The names it is for.
        presented: Vec<String>,
    },
    /// What came back is not TLS.
    NotTls,
    /// The server closed the connection.
    Closed,
    /// The server said nothing.
    Silent,
    /// The server speaks only versions that are not spoken here.
    TooOld,
    /// The server refused.
    Refused(String),
    /// Anything else, in the library's words.
    Other(String),
}

/// A failure of a request as far as words about it need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub kind: ErrorKind,
    /// HTTP status.
    pub status: Option<u16>,
    /// The server's code.
    pub code: Option<String>,
    /// The server's or the system's own words.
    pub message: Option<String>,
    /// The address to go to instead, where the server sends elsewhere.
    pub host: Option<String>,
}

impl Refusal {
    /// The status of an answer that S3 would not give without a code: somebody else answered.
    #[must_use]
    pub fn odd_status(&self) -> Option<u16> {
        let kinds = [
            ErrorKind::Invalid,
            ErrorKind::Other,
            ErrorKind::BadCredentials,
            ErrorKind::ProxyRefused,
        ];
        let is_odd = self.code.is_none() && kinds.contains(&self.kind);
        self.status.filter(|_| is_odd)
    }

    /// True when somebody else answered than the server that was meant.
    #[must_use]
    pub fn is_of_another(&self) -> bool {
        self.odd_status().is_some()
            || self.code.as_deref() == Some("NotHttp")
            || matches!(self.kind, ErrorKind::Redirected | ErrorKind::WrongRegion)
    }
}

impl Check {
    /// The light before it.
    #[must_use]
    pub fn light(&self) -> Light {
        self.finding.light()
    }
}

impl Finding {
    /// How much it matters.
    #[must_use]
    pub const fn light(&self) -> Light {
        match self {
            Self::Skipped(_) => Light::Skipped,
            Self::SettingsFit { .. }
            | Self::NameKnown { .. }
            | Self::NumericHost { .. }
            | Self::PortOpen { .. }
            | Self::CertificateFits { .. }
            | Self::ProxyPasses { .. }
            | Self::ClockFits { .. }
            | Self::CallerIs { .. }
            | Self::RegionFits { .. }
            | Self::StyleWorks { .. }
            | Self::KeyCame { .. }
            | Self::BucketsSeen {
                has_own: None | Some(true),
                ..
            } => Light::Good,
            Self::NameLeftToProxy { .. }
            | Self::PortLeftToProxy { .. }
            | Self::NotEncrypted { is_local: true }
            | Self::BucketsSeen {
                has_own: Some(false),
                ..
            }
            | Self::NoProxy
            | Self::CallerAccepted { .. }
            | Self::RegionIgnored { .. }
            | Self::CallerUntold(_)
            | Self::RegionUntold { .. }
            | Self::NothingThere { .. }
            | Self::BucketsDenied { .. }
            | Self::BucketsFailed {
                has_bucket: true, ..
            }
            | Self::BucketsUnsupported => Light::Info,
            Self::CertificateEndsSoon { .. }
            | Self::CertificateUnchecked { .. }
            | Self::NotEncrypted { is_local: false }
            | Self::ClockDrifts { .. }
            | Self::DateHeaderWrong { .. }
            | Self::SettingsHinder { .. }
            | Self::ListedSlowly { .. }
            | Self::BucketUnchosen { .. } => Light::Warning,
            _ => Light::Bad,
        }
    }

    /// What one click can do about it.
    #[must_use]
    pub fn remedy(&self) -> Option<Remedy> {
        const ENDPOINT: Remedy = Remedy::OpenOption("AWS_S3_ENDPOINT_URL");
        const VERIFY: Remedy = Remedy::OpenOption("AWS_S3_VERIFY");
        Some(match self {
            Self::SettingsProblem { option, .. } => Remedy::OpenOption(option),
            Self::SettingsHinder { faults, better, .. } => {
                let (name, _) = faults.first()?;
                match better.clone() {
                    Some(value) => Remedy::SetOption { name, value },
                    None => Remedy::OpenOption(name),
                }
            }
            Self::NotS3 { proxy: Some(_), .. } => Remedy::OpenOption("AWS_S3_PROXIES"),
            Self::NameUnknown { .. }
            | Self::PortRefused { .. }
            | Self::TlsWanted { .. }
            | Self::NotHttp { .. }
            | Self::NotEncrypted { is_local: false }
            | Self::EndpointHasPath { .. }
            | Self::NotS3 { .. }
            | Self::CannotStart(_) => ENDPOINT,
            Self::TrustFileUnfit { .. } => VERIFY,
            Self::RegionUnknown { .. } => Remedy::OpenOption("AWS_S3_REGION_NAME"),
            Self::NameUnknownWithBucket { .. } | Self::StyleWrong { in_host: true } => {
                Remedy::UsePathStyle
            }
            Self::StyleWrong { in_host: false } => Remedy::UseVirtualHost,
            Self::TlsFailed {
                fault, path_fits, ..
            } => match fault {
                TlsFault::WrongHost { .. } if *path_fits => Remedy::UsePathStyle,
                TlsFault::WrongHost { .. } | TlsFault::NotTls => ENDPOINT,
                TlsFault::UnknownIssuer => VERIFY,
                _ => Remedy::RunAgain,
            },
            Self::CertificateUnchecked { .. } => VERIFY,
            Self::ProxyUnknown {
                from_environment, ..
            }
            | Self::ProxyDead {
                from_environment, ..
            }
            | Self::ProxySilent {
                from_environment, ..
            } if *from_environment => Remedy::RunAgain,
            Self::ProxyUnknown { .. }
            | Self::ProxyDead { .. }
            | Self::ProxySilent { .. }
            | Self::ProxyWantsLogin { .. }
            | Self::ProxyForbids { .. } => Remedy::OpenOption("AWS_S3_PROXIES"),
            Self::TokenWrong {
                from: Some(Origin::File { path, .. }),
                ..
            } => Remedy::ShowFile(path.clone()),
            Self::KeyUnknown
            | Self::SecretWrong
            | Self::TokenWrong { .. }
            | Self::SessionEnded
            | Self::KeysRefused(_)
            | Self::NoCredentials { .. } => Remedy::PasteKeys,
            Self::RegionDiffers { found, .. } | Self::RegionWanted { found, .. } => {
                Remedy::UseRegion(found.clone())
            }
            Self::RegionWrong { .. } => Remedy::OpenOption("AWS_S3_REGION_NAME"),
            Self::BucketMissing {
                near: Some(near), ..
            } => Remedy::UseBucket(near.clone()),
            Self::BucketUnchosen {
                open: Some(open), ..
            } => Remedy::UseBucket(open.clone()),
            Self::BucketUnchosen {
                names, count: 1, ..
            } if let [only] = names.as_slice() => Remedy::UseBucket(only.clone()),
            Self::BucketMissing { .. }
            | Self::BucketUnchosen { .. }
            | Self::BucketUnnamed { .. } => BUCKET,
            Self::ListFailed(refusal) if refusal.is_of_another() => ENDPOINT,
            Self::ListFailed(_) => Remedy::RunAgain,
            Self::ListDenied { to, .. } => to.remedy(),
            Self::LookupSilent { .. }
            | Self::PortSilent { .. }
            | Self::NoRoute { .. }
            | Self::ServerMute { .. }
            | Self::ClockDrifts { .. }
            | Self::ClockWrong { .. }
            | Self::DateHeaderWrong { .. }
            | Self::ListedSlowly { .. }
            | Self::AmazonUnknown { .. }
            | Self::CredentialsSilent
            | Self::BucketsFailed {
                has_bucket: false, ..
            }
            | Self::Skipped(Skip::OutOfTime) => Remedy::RunAgain,
            _ => return None,
        })
    }
}
