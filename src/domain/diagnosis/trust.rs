//! The file of the authorities that a connection trusts: who names it, and why it cannot be used.
//!
//! A failure of the storage carries [`TrustFlaw::code`], so that everybody who puts it into words knows it again.

/// The file of the authorities that are trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustFile {
    /// Where it is, as it was written.
    pub path: String,
    /// Who names it.
    pub named_by: TrustNamed,
}

/// Who names a file of authorities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustNamed {
    /// The connection's own option.
    Option,
    /// That of a connection it is based on, by that connection's name.
    Parent(String),
    /// A variable of the environment.
    Variable(&'static str),
    /// A profile of the shared files.
    Profile(String),
}

/// Why a file of authorities cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustFlaw {
    /// There is none.
    Missing,
    /// A folder is there.
    Folder,
    /// It may not be read.
    Refused,
    /// It holds no certificate.
    Empty,
    /// It holds something that is no certificate.
    Malformed,
}

impl TrustFlaw {
    const ALL: [Self; 5] = [
        Self::Missing,
        Self::Folder,
        Self::Refused,
        Self::Empty,
        Self::Malformed,
    ];

    /// Its name in a failure.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "TrustFileMissing",
            Self::Folder => "TrustFileIsFolder",
            Self::Refused => "TrustFileRefused",
            Self::Empty => "TrustFileEmpty",
            Self::Malformed => "TrustFileMalformed",
        }
    }

    /// What a failure of this name is about.
    #[must_use]
    pub fn of_code(code: Option<&str>) -> Option<Self> {
        Self::ALL.into_iter().find(|flaw| code == Some(flaw.code()))
    }
}
