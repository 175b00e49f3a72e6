//! What one row of the option table says.
//!
//! A row is data only: names, kind, default, where it stands and how it is checked. The panel picks an editor by
//! [`Kind`], import and export use the names, the checks are functions of `checks`.

use super::problem::Reason;
use super::table::OptionId;
use super::value::Value;

/// One documented option.
#[derive(Debug)]
pub struct OptionSpec {
    /// Which option this row describes.
    pub id: OptionId,
    /// Name in a Django settings file, also in `--set` and in the saved file: `AWS_S3_REGION_NAME`.
    pub name: &'static str,
    /// Attribute of the storage class and key under `OPTIONS`: `region_name`. Empty when the storage class has
    /// none of its own.
    pub attribute: &'static str,
    /// What it may be set to, and so which editor it gets.
    pub kind: Kind,
    /// What holds when nobody sets it.
    pub default: fn() -> Value,
    /// Where it stands in the panel.
    pub section: Section,
    /// Name for people.
    pub label: &'static str,
    /// One sentence.
    pub help: &'static str,
    /// What is wrong with a value of the right kind.
    pub check: fn(&Value) -> Result<(), Reason>,
}

impl OptionSpec {
    /// True when [`Value::Nothing`] may be set: the default is nothing, or nothing has a meaning of its own.
    #[must_use]
    pub fn may_be_nothing(&self) -> bool {
        matches!((self.default)(), Value::Nothing)
    }

    /// True when the value must not lie in a file.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        matches!(self.kind, Kind::Secret | Kind::Pem)
    }
}

/// What an option may be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line of text.
    Text {
        /// What an empty field says, for instance `Amazon S3`.
        placeholder: &'static str,
    },
    /// One line that is masked and kept in the keyring.
    Secret,
    /// On or off.
    Bool {
        /// The word beside the check box.
        caption: &'static str,
    },
    /// A whole number.
    Integer {
        /// Least.
        min: i64,
        /// Most.
        max: i64,
        /// What it counts: `seconds`, `bytes`.
        unit: &'static str,
    },
    /// One of a list.
    Choice {
        /// Values to pick from.
        values: &'static [&'static str],
        /// True: any other text is allowed too.
        open: bool,
    },
    /// Upload parameters by their API names, values of any JSON kind.
    Map,
    /// Texts in order.
    List,
    /// Default, on, off, or a file of certificates.
    Verify,
    /// A private key in PEM form, masked and kept in the keyring.
    Pem,
    /// Proxies by URL scheme; an empty table means none at all.
    Proxies,
}

/// Parts of the settings panel, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Who signs.
    Credentials,
    /// Where, and how it is signed.
    RegionAndSigning,
    /// How the server is reached.
    NetworkAndTls,
    /// Which bucket, and how names become keys.
    BucketAndNames,
    /// What uploads carry.
    Uploads,
    /// What links look like.
    Links,
    /// Signed links of a content network.
    CloudFront,
}

impl Section {
    /// All sections in the order of the panel.
    pub const ALL: [Self; 7] = [
        Self::Credentials,
        Self::RegionAndSigning,
        Self::NetworkAndTls,
        Self::BucketAndNames,
        Self::Uploads,
        Self::Links,
        Self::CloudFront,
    ];

    /// Heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Credentials => "Credentials",
            Self::RegionAndSigning => "Region and signing",
            Self::NetworkAndTls => "Network and TLS",
            Self::BucketAndNames => "Bucket and names",
            Self::Uploads => "Uploads",
            Self::Links => "Links",
            Self::CloudFront => "CloudFront",
        }
    }

    /// The note at the right of the heading; empty for most.
    #[must_use]
    pub const fn note(self) -> &'static str {
        match self {
            Self::Credentials => "the two halves are found one by one",
            Self::CloudFront => "both or neither",
            Self::RegionAndSigning
            | Self::NetworkAndTls
            | Self::BucketAndNames
            | Self::Uploads
            | Self::Links => "",
        }
    }

    /// Its options in order.
    pub fn options(self) -> impl Iterator<Item = &'static OptionSpec> {
        super::table::OPTIONS
            .iter()
            .filter(move |spec| spec.section == self)
    }
}
