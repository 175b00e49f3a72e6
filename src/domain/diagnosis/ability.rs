//! The things in which S3 servers differ, and what can hold for each.
//!
//! An [`Ability`] is one row of the table, an [`Answer`] what holds there; what Amazon does is the first of its choices.

use crate::domain::Addressing;

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

    /// What an addressing style says of [`Ability::Addressing`]; `None` where none was chosen.
    #[must_use]
    pub const fn of_style(style: Addressing) -> Option<Self> {
        match style {
            Addressing::Default => None,
            Addressing::Auto => Some(Self::HostAndPath),
            Addressing::Virtual => Some(Self::HostOnly),
            Addressing::Path => Some(Self::PathOnly),
        }
    }

    /// The value of `AWS_S3_ADDRESSING_STYLE` that says this of [`Ability::Addressing`].
    #[must_use]
    pub const fn style_word(self) -> Option<&'static str> {
        match self {
            Self::HostAndPath => Some("auto"),
            Self::HostOnly => Some("virtual"),
            Self::PathOnly => Some("path"),
            _ => None,
        }
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
    }
}
