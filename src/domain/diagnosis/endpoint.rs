//! What an S3 server is and what it can do, as far as its answers showed or a person said.
//!
//! An [`Ability`] is one row of the table, an [`Answer`] what holds there. [`ServerTraits`] is what a connection keeps:
//! what was found, and above it what a person set instead. The storage core goes by [`ServerTraits::holds`].

use std::collections::BTreeMap;

/// One thing in which servers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ability {
    /// Where the bucket may stand: in the host name or in the path.
    Addressing,
    /// The newer listing call.
    ListV2,
    /// Listings with encoded keys, without which some keys cannot be written in XML.
    UrlListings,
    /// How it checks what it receives.
    UploadCheck,
    /// Checksums that follow the body.
    ChecksumTrailers,
    /// Which digest of a batch of deletions it takes.
    BatchDelete,
    /// The form of the entity tag of an object that came in parts.
    MultipartEtag,
    /// Uploads that refuse to overwrite.
    IfNoneMatch,
    /// Tags on objects.
    Tagging,
    /// Older versions of objects.
    Versions,
    /// Access lists on objects.
    Acl,
    /// Temporary credentials.
    Sts,
}

/// What holds for an ability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// It does it as Amazon does.
    Yes,
    /// It refuses it, or does something else.
    No,
    /// It takes the request and does not do what it asks for.
    Ignored,
    /// In the host name and in the path.
    HostAndPath,
    /// In the host name only.
    HostOnly,
    /// In the path only.
    PathOnly,
    /// CRC64NVME over the whole object.
    Crc64Nvme,
    /// `Content-MD5` on each request.
    Md5,
    /// The length and nothing else.
    LengthOnly,
    /// `Content-MD5` or a checksum.
    Md5OrChecksum,
    /// `Content-MD5` and no checksum in its place.
    Md5Only,
    /// A checksum and no `Content-MD5` in its place.
    ChecksumOnly,
}

impl Answer {
    const ALL: [Self; 12] = [
        Self::Yes,
        Self::No,
        Self::Ignored,
        Self::HostAndPath,
        Self::HostOnly,
        Self::PathOnly,
        Self::Crc64Nvme,
        Self::Md5,
        Self::LengthOnly,
        Self::Md5OrChecksum,
        Self::Md5Only,
        Self::ChecksumOnly,
    ];

    /// The word in the saved file.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Ignored => "ignored",
            Self::HostAndPath => "host-and-path",
            Self::HostOnly => "host",
            Self::PathOnly => "path",
            Self::Crc64Nvme => "crc64nvme",
            Self::Md5 => "md5",
            Self::LengthOnly => "length",
            Self::Md5OrChecksum => "md5-or-checksum",
            Self::Md5Only => "md5-only",
            Self::ChecksumOnly => "checksum-only",
        }
    }

    /// The answer of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

impl Ability {
    /// All in the order of the table.
    pub const ALL: [Self; 12] = [
        Self::Addressing,
        Self::ListV2,
        Self::UrlListings,
        Self::UploadCheck,
        Self::ChecksumTrailers,
        Self::BatchDelete,
        Self::MultipartEtag,
        Self::IfNoneMatch,
        Self::Tagging,
        Self::Versions,
        Self::Acl,
        Self::Sts,
    ];

    /// The word in the saved file.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Addressing => "addressing",
            Self::ListV2 => "list_v2",
            Self::UrlListings => "url_listings",
            Self::UploadCheck => "upload_check",
            Self::ChecksumTrailers => "checksum_trailers",
            Self::BatchDelete => "batch_delete",
            Self::MultipartEtag => "multipart_etag",
            Self::IfNoneMatch => "if_none_match",
            Self::Tagging => "tagging",
            Self::Versions => "versions",
            Self::Acl => "acl",
            Self::Sts => "sts",
        }
    }

    /// The ability of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// What can hold; what Amazon does comes first.
    #[must_use]
    pub const fn choices(self) -> &'static [Answer] {
        match self {
            Self::Addressing => &[Answer::HostAndPath, Answer::HostOnly, Answer::PathOnly],
            Self::UploadCheck => &[Answer::Crc64Nvme, Answer::Md5, Answer::LengthOnly],
            Self::BatchDelete => &[
                Answer::Md5OrChecksum,
                Answer::Md5Only,
                Answer::ChecksumOnly,
                Answer::No,
            ],
            Self::IfNoneMatch => &[Answer::Yes, Answer::Ignored, Answer::No],
            Self::ListV2
            | Self::UrlListings
            | Self::ChecksumTrailers
            | Self::MultipartEtag
            | Self::Tagging
            | Self::Versions
            | Self::Acl
            | Self::Sts => &[Answer::Yes, Answer::No],
        }
    }

    /// What Amazon S3 does.
    #[must_use]
    pub const fn of_amazon(self) -> Answer {
        self.choices()[0]
    }

    /// True when only writing can tell.
    #[must_use]
    pub const fn needs_writing(self) -> bool {
        matches!(
            self,
            Self::UploadCheck
                | Self::ChecksumTrailers
                | Self::BatchDelete
                | Self::MultipartEtag
                | Self::IfNoneMatch
        )
    }
}

macro_rules! products {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $name:literal;)*) => {
        /// What a server is.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Product {
            /// An S3 server of a kind that is not known.
            #[default]
            Unknown,
            $($(#[$doc])* $variant,)*
        }

        impl Product {
            /// All that have a name.
            pub const NAMED: &[Self] = &[$(Self::$variant,)*];

            /// The word in the saved file.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    Self::Unknown => "unknown",
                    $(Self::$variant => $word,)*
                }
            }

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Unknown => "an S3 server",
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

products! {
    /// Amazon's own.
    AmazonS3 = "amazon-s3", "Amazon S3";
    /// The S3 server inside this program.
    BuiltIn = "built-in", "the built-in bucket";
    /// SeaweedFS.
    SeaweedFs = "seaweedfs", "SeaweedFS";
    /// MinIO.
    Minio = "minio", "MinIO";
    /// RustFS.
    RustFs = "rustfs", "RustFS";
    /// Ceph's RADOS Gateway.
    Ceph = "ceph", "Ceph RGW";
    /// Garage.
    Garage = "garage", "Garage";
    /// Cloudflare R2.
    R2 = "r2", "Cloudflare R2";
    /// Backblaze B2.
    B2 = "b2", "Backblaze B2";
    /// Google Cloud Storage.
    Gcs = "gcs", "Google Cloud Storage";
    /// Wasabi.
    Wasabi = "wasabi", "Wasabi";
    /// DigitalOcean Spaces.
    Spaces = "spaces", "DigitalOcean Spaces";
    /// Scaleway Object Storage.
    Scaleway = "scaleway", "Scaleway Object Storage";
    /// IBM Cloud Object Storage.
    Ibm = "ibm", "IBM Cloud Object Storage";
    /// Oracle Cloud Object Storage.
    Oracle = "oracle", "Oracle Object Storage";
    /// Alibaba Cloud OSS.
    Aliyun = "aliyun", "Alibaba Cloud OSS";
    /// Tencent Cloud COS.
    Tencent = "tencent", "Tencent COS";
    /// Storj.
    Storj = "storj", "Storj";
    /// Versity S3 Gateway.
    Versity = "versity", "Versity S3 Gateway";
    /// LocalStack.
    LocalStack = "localstack", "LocalStack";
    /// moto.
    Moto = "moto", "moto";
    /// `rclone serve s3`.
    Rclone = "rclone", "rclone";
}

impl Product {
    /// The product of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::NAMED
            .iter()
            .copied()
            .find(|one| one.word() == word)
            .or_else(|| (word == Self::Unknown.word()).then_some(Self::Unknown))
    }
}

/// What is known of a server, as it is kept with a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerTraits {
    /// What it is, once it answered.
    pub product: Option<Product>,
    /// What its answers showed.
    pub found: BTreeMap<Ability, Answer>,
    /// What a person said instead.
    pub set: BTreeMap<Ability, Answer>,
}

impl ServerTraits {
    /// True when nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What holds: what a person said, else what was found.
    #[must_use]
    pub fn holds(&self, ability: Ability) -> Option<Answer> {
        self.set
            .get(&ability)
            .or_else(|| self.found.get(&ability))
            .copied()
    }

    /// Takes in what was found now; what a person said stays. True when that changes anything.
    pub fn learn(&mut self, report: &EndpointReport) -> bool {
        let before = self.clone();
        if report.product != Product::Unknown || self.product.is_none() {
            self.product = Some(report.product);
        }
        for (ability, finding) in &report.findings {
            if let Known::Is(answer) = finding {
                self.found.insert(*ability, *answer);
            }
        }
        *self != before
    }
}

/// What is known of one ability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Known {
    /// An answer showed it.
    Is(Answer),
    /// It needs writing, for which nobody asked yet.
    NeedsWriting,
    /// No answer tells.
    Untold,
}

/// What an examination found out about a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointReport {
    /// What it is.
    pub product: Product,
    /// What it calls itself (`Server`).
    pub server: Option<String>,
    /// The host that was asked.
    pub host: String,
    /// One entry an ability that was looked at.
    pub findings: BTreeMap<Ability, Known>,
}

impl EndpointReport {
    /// What is known of one ability.
    #[must_use]
    pub fn known(&self, ability: Ability) -> Known {
        let unknown = if ability.needs_writing() {
            Known::NeedsWriting
        } else {
            Known::Untold
        };
        self.findings.get(&ability).copied().unwrap_or(unknown)
    }

    /// The abilities in which the server is known to differ from Amazon's.
    #[must_use]
    pub fn deviations(&self) -> Vec<(Ability, Answer)> {
        Ability::ALL
            .into_iter()
            .filter_map(|ability| match self.known(ability) {
                Known::Is(answer) if answer != ability.of_amazon() => Some((ability, answer)),
                _ => None,
            })
            .collect()
    }

    /// Takes in what a later look found.
    pub fn merge(&mut self, later: Self) {
        if later.product != Product::Unknown || self.host != later.host {
            self.product = later.product;
        }
        self.server = later.server.or_else(|| self.server.take());
        self.host = later.host;
        for (ability, finding) in later.findings {
            let known = matches!(self.findings.get(&ability), Some(Known::Is(_)));
            if matches!(finding, Known::Is(_)) || !known {
                self.findings.insert(ability, finding);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_once_and_read_back() {
        for ability in Ability::ALL {
            assert_eq!(Ability::from_word(ability.word()), Some(ability));
            for answer in ability.choices() {
                assert_eq!(Answer::from_word(answer.word()), Some(*answer));
            }
        }
        for product in Product::NAMED {
            assert_eq!(Product::from_word(product.word()), Some(*product));
        }
        assert_eq!(Product::from_word("unknown"), Some(Product::Unknown));
    }

    #[test]
    fn what_a_person_says_stands_above_what_was_found() {
        let mut traits = ServerTraits::default();
        let mut report = EndpointReport {
            product: Product::Minio,
            ..EndpointReport::default()
        };
        let v2 = Ability::ListV2;
        report.findings.insert(v2, Known::Is(Answer::Yes));
        assert!(traits.learn(&report) && !traits.learn(&report));
        assert_eq!(traits.holds(v2), Some(Answer::Yes));
        traits.set.insert(v2, Answer::No);
        traits.learn(&report);
        assert_eq!(traits.holds(v2), Some(Answer::No));
        assert_eq!(traits.holds(Ability::Sts), None);
    }

    #[test]
    fn a_later_look_forgets_nothing_that_is_known() {
        let mut report = EndpointReport::default();
        let tagging = Ability::Tagging;
        report.findings.insert(tagging, Known::Is(Answer::No));
        let mut later = EndpointReport::default();
        later.findings.insert(tagging, Known::Untold);
        report.merge(later);
        assert_eq!(report.known(tagging), Known::Is(Answer::No));
        assert_eq!(report.deviations(), [(tagging, Answer::No)]);
        assert_eq!(report.known(Ability::IfNoneMatch), Known::NeedsWriting);
    }
}
