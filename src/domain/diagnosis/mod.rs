//! What the Doctor found, as plain values: no sentence, no secret, nothing that asks anybody.
//!
//! A [`Diagnosis`] grows by [`DoctorNews`], piece by piece, while an examination runs; `doctor` computes the pieces,
//! `words::diagnosis` writes every sentence about them, window and command line only show them. A finding is an enum
//! with data, so that each cause has words of its own and a test can go through all of them. Key ids are masked before
//! they come in here.

mod rung;

pub use rung::{
    Break, CacheFlaw, ChainWord, FileFlaw, KeyFacts, Origin, Rung, RungNote, RungPlace, RungState,
    Step, StepKind,
};

use std::path::PathBuf;

/// The colour of a light: how much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Light {
    /// Not looked at, or it does not apply here.
    Skipped,
    /// In order.
    Good,
    /// Worth knowing, nothing to do.
    Info,
    /// Works, but may surprise.
    Warning,
    /// Broken.
    Bad,
}

/// What one click can put right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// Set the region of the connection.
    UseRegion(String),
    /// Put the bucket in the path.
    UsePathStyle,
    /// Put the bucket in the host name.
    UseVirtualHost,
    /// Open the settings at the option of this Django name.
    OpenOption(&'static str),
    /// Show the file of this computer that has to be changed.
    ShowFile(PathBuf),
    /// Sign in to IAM Identity Center.
    SignIn {
        /// The profile that names the session.
        profile: Option<String>,
        /// The session block, where the profile names one.
        session: Option<String>,
    },
    /// Enter a key pair with its token.
    PasteKeys,
    /// Take a role, with its MFA code where it wants one.
    AssumeRole {
        /// The profile that describes the role.
        profile: Option<String>,
    },
    /// Examine again.
    RunAgain,
}

/// All that is known so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnosis {
    /// Where credentials come from, in the order of the search; a rung's number is its position from 1.
    pub ladder: Vec<Rung>,
}

/// A piece of a diagnosis.
#[derive(Clone, Debug, PartialEq)]
pub enum DoctorNews {
    /// The whole ladder, replacing what was there.
    Ladder(Vec<Rung>),
}

/// When an examination ended, and how long it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Examination {
    /// The end.
    pub at: super::Timestamp,
    /// Milliseconds from the beginning.
    pub took_ms: u64,
}

impl Diagnosis {
    /// Takes a piece in.
    pub fn take(&mut self, news: DoctorNews) {
        match news {
            DoctorNews::Ladder(rungs) => self.ladder = rungs,
        }
    }

    /// The first rung of which the connection depends and that is broken.
    #[must_use]
    pub fn broken_rung(&self) -> Option<&Rung> {
        self.ladder.iter().find(|rung| rung.light() == Light::Bad)
    }
}
