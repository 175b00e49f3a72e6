//! What is odd about a rung of the source ladder, and what can be wrong with files and answers.
//!
//! Names of profiles, files and variables are kept as they are written; nothing here is secret.

use std::path::PathBuf;

use super::{Break, KeyFlaw, KeyHalf, Origin};
use crate::domain::Timestamp;

/// What is odd about a rung, without stopping it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RungNote {
    /// Key id and secret come from different places.
    MixedPair {
        /// Where the key id stands.
        id: Origin,
        /// Where the secret stands.
        secret: Origin,
    },
    /// What stands here is the other half of the pair that signs.
    LendsHalf {
        /// The number of the rung that signs, from 1.
        to: usize,
    },
    /// The environment's token is sent along with keys that were typed.
    TokenSticks {
        /// The variable.
        variable: String,
    },
    /// A token is set beside and has no effect.
    TokenIgnored {
        /// The variable.
        variable: String,
    },
    /// A key id of temporary credentials, and no token with it.
    TokenMissing,
    /// The variable is there, but empty.
    EmptyVariable(String),
    /// The option is there, but empty; it hides the general one.
    EmptyOption(&'static str),
    /// Django stops at this line of a shared file; this program reads on.
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        flaw: FileFlaw,
    },
    /// Django stops because this shared file is not UTF-8.
    NotText(PathBuf),
    /// Django stops because this variable names a profile that is not there.
    ProfileGone {
        /// The variable.
        variable: &'static str,
        /// The profile.
        name: String,
    },
    /// Django stops because it does not take what this variable holds.
    OddVariable {
        /// The variable.
        variable: &'static str,
        /// What it holds.
        value: String,
    },
    /// A key is written as no key is.
    OddKey {
        /// Which half.
        half: KeyHalf,
        /// Where it stands.
        at: Origin,
        /// What is odd about it.
        flaw: KeyFlaw,
    },
    /// A tool wrote beside temporary keys that they have ended; boto3 does not read that.
    EndWritten {
        /// Their end.
        at: Timestamp,
    },
    /// The metadata service hands out keys that have ended, and they are used on.
    EndPassed {
        /// Their end.
        at: Timestamp,
    },
    /// Its keys are being fetched.
    Fetching {
        /// A person is asked for a code.
        with_code: bool,
    },
    /// boto3 needs more than itself for this.
    NeedsCrt,
    /// Nobody answered within a second: this is no machine of that kind.
    NoAnswer,
    /// The variable switches this off.
    SwitchedOff(String),
    /// Profile and session block say different things, at which boto3 stops.
    Contradiction {
        /// The name of the entry.
        key: &'static str,
        /// Where the profile says it.
        profile: Origin,
        /// Where the session block says it.
        session: Origin,
    },
    /// A role's duration is no number, and boto3 passes over it.
    DurationIgnored {
        /// Where it stands.
        at: Origin,
    },
    /// The variable names the profile.
    ProfileOf(String),
    /// Keys are set somewhere beside a session profile, which django-storages refuses since 1.14.
    KeysBesideProfile,
    /// The rung of this number says why it cannot be used.
    ToldAt(usize),
}

impl RungNote {
    /// True when this cause says the same.
    #[must_use]
    pub fn is_told_by(&self, cause: &Break) -> bool {
        match (self, cause) {
            (
                Self::Malformed { path, line, .. },
                Break::FileMalformed {
                    path: own,
                    line: at,
                    ..
                },
            ) => path == own && line == at,
            (Self::NotText(path), Break::FileUnreadable { path: own, why }) => {
                path == own && *why == Unread::NotText
            }
            _ => false,
        }
    }

    /// True when Django stops at it before its first request, however well these keys work here.
    #[must_use]
    pub const fn stops_django(&self) -> bool {
        matches!(
            self,
            Self::Malformed { .. }
                | Self::NotText(_)
                | Self::ProfileGone { .. }
                | Self::OddVariable { .. }
                | Self::Contradiction { .. }
        )
    }

    /// True when it may surprise; the others only tell.
    #[must_use]
    pub const fn warns(&self) -> bool {
        matches!(
            self,
            Self::MixedPair { .. }
                | Self::TokenSticks { .. }
                | Self::TokenMissing
                | Self::KeysBesideProfile
                | Self::Contradiction { .. }
                | Self::OddKey { .. }
                | Self::EndWritten { .. }
                | Self::EndPassed { .. }
        )
    }
}

/// What is wrong with a line of a shared file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFlaw {
    /// An entry before the first section.
    NoSection,
    /// Neither section, entry, comment nor continuation.
    Unreadable,
    /// The section was there already.
    SectionTwice,
    /// The key was there already.
    KeyTwice,
    /// A line nested below it is no `name = value`.
    NestedUnreadable,
    /// It begins with a mark of the byte order.
    ByteOrderMark,
}

/// What stands in the shared files in place of a profile that is missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SeenProfile {
    /// A heading that is written as the other file has it, or with blanks.
    Misspelt {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What stands between the brackets.
        written: String,
        /// What should.
        meant: String,
    },
    /// A profile whose name is nearly the same.
    Near(String),
}

/// Why there is no text where a shared file should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// The system refuses to read it.
    Refused,
    /// It is not UTF-8.
    NotText,
    /// It is a folder.
    Folder,
    /// It is a pipe, a socket or a device, which is not waited for.
    Special,
    /// It is a link that leads nowhere.
    Dangling,
    /// Nothing is there, though this variable names it.
    Missing(&'static str),
}

/// What is wrong with a cached sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CacheFlaw {
    /// There is no file.
    Missing,
    /// The system refuses to read the file.
    Unreadable,
    /// The file ends in the middle, or is no JSON.
    CutOff,
    /// It is whole, but a member is missing or no text.
    Unfit {
        /// The member.
        member: &'static str,
    },
    /// A member is no time.
    NoTime {
        /// The member.
        member: &'static str,
    },
    /// The sign-in has ended.
    Expired(Timestamp),
}

/// Why there is no code of an MFA device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeEnd {
    /// There is nobody who could be asked.
    NobodyThere,
    /// Who was asked gave none.
    NotGiven,
    /// None of those that were given was taken.
    NotTaken,
}

/// A service of the machine that gives keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machine {
    /// The endpoint of a container.
    Container,
    /// The metadata service of an EC2 machine.
    Instance,
}

/// What is wrong with what a program printed or a service answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputFlaw {
    /// Nothing at all.
    Nothing,
    /// It is no JSON object.
    NotJson,
    /// It is a web page.
    WebPage,
    /// `Version` is not 1.
    Version,
    /// A member is missing or no text.
    Member(&'static str),
    /// A member is no time.
    NoTime(&'static str),
}

/// What a program said about its failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing.
    Nothing,
    /// A single word, which may be a password.
    Word,
    /// The first line, without what looks secret.
    Line(String),
}
