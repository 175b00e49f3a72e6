//! What the Doctor found, as plain values: no sentence, no secret, nothing that asks anybody.
//!
//! A [`Diagnosis`] grows by [`DoctorNews`], piece by piece, while an examination runs; `doctor` computes the pieces,
//! `words::diagnosis` writes every sentence about them, window and command line only show them. A finding is an enum
//! with data, so that each cause has words of its own and a test can go through all of them. Key ids are masked before
//! they come in here.

mod ability;
mod broken;
mod check;
mod denied;
mod endpoint;
mod finding;
mod flaw;
mod keys;
mod permission;
mod policy;
mod product;
mod request;
mod rung;
mod service;
mod setup;
mod standing;
mod trust;
mod verdict;

pub use ability::{Ability, Answer};
pub use broken::{Break, BrokenSource};
pub use check::{Check, CheckKind, DeniedTo, NoRegion, Refusal, Skip, TlsFault};
pub use denied::{Denied, is_of_account};
pub use endpoint::{EndpointReport, Known, ServerPlace, ServerTraits};
pub use finding::{Finding, Hindered};
pub use flaw::{
    CacheFlaw, CodeEnd, FileFlaw, Machine, OutputFlaw, RungNote, Said, SeenProfile, Unread,
};
pub use keys::{KeyFlaw, KeyHalf};
pub use permission::{Leftover, Permission, PermissionMatrix, PermissionRow, WriteTest};
pub use policy::{
    PolicyExtras, PolicyForm, PolicyRefusal, PolicyRemark, PolicyScope, PolicyUse, PolicyWish,
    WrittenPolicy,
};
pub use product::Product;
pub use request::{Exchange, ExchangeEnd, Outcome, Signature, parameter};
pub use rung::{ChainWord, KeyFacts, Origin, Rung, RungPlace, RungState, Step, StepKind};
pub use service::{AskedService, RoleWord, StrangeAnswer};
pub use setup::{SetOption, Setup};
pub use standing::{ServerView, Standing};
pub use trust::{TrustFile, TrustFlaw, TrustNamed};
pub use verdict::{Denial, PolicyKind, Untested, Verdict};

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
    /// Set the bucket of the connection.
    UseBucket(String),
    /// Put the bucket in the path.
    UsePathStyle,
    /// Put the bucket in the host name.
    UseVirtualHost,
    /// Give the option of this Django name another value.
    SetOption {
        /// The option.
        name: &'static str,
        /// The value as it is written in the environment.
        value: String,
    },
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
    /// Take a role.
    AssumeRole,
    /// Correct the role that the connection takes; beside it taking none is offered.
    ChangeRole,
    /// Take no role any more.
    DropRole,
    /// Examine again, which asks for the code of an MFA device.
    EnterCode,
    /// Examine again.
    RunAgain,
}

/// The options of the search for credentials, about which the ladder says what there is to say.
const CREDENTIALS: [&str; 5] = [
    "AWS_S3_SESSION_PROFILE",
    "AWS_S3_ACCESS_KEY_ID",
    "AWS_S3_SECRET_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
];

/// All that is known so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnosis {
    /// Who is examined.
    pub setup: Option<Box<Setup>>,
    /// Where credentials come from, in the order of the search; a rung's number is its position from 1.
    pub ladder: Vec<Rung>,
    /// The ladder will not change any more.
    pub climbed: bool,
    /// The live checks that came to an end, in the order of [`CheckKind::ALL`].
    pub checks: Vec<Check>,
    /// The checks as they were told, whatever the ladder made of them; see [`Diagnosis::take`].
    pub told: Vec<Check>,
    /// What the credentials may do, once that was looked at.
    pub permissions: Option<PermissionMatrix>,
    /// What the server is and can do, once it answered.
    pub endpoint: Option<EndpointReport>,
}

/// A piece of a diagnosis.
#[derive(Clone, Debug, PartialEq)]
pub enum DoctorNews {
    /// Who is examined.
    Setup(Box<Setup>),
    /// The whole ladder, replacing what was there.
    Ladder(Vec<Rung>),
    /// The ladder was told as it stays.
    Climbed,
    /// One live check; a later one of the same kind replaces it.
    Check(Check),
    /// The whole matrix, replacing what was there.
    Permissions(PermissionMatrix),
    /// One row of it.
    Permission(PermissionRow),
    /// What write tests left behind, replacing what was known of it.
    Leftovers(Vec<Leftover>),
    /// What the server is and can do, beside what was known.
    Endpoint(EndpointReport),
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
    ///
    /// A fault is told once: where the ladder shows why nothing can be signed, the caller is not told to be unknown
    /// beside it, nor the settings to be wrong. Ladder and checks come in any order, and the ladder more than once, so
    /// each may change that.
    pub fn take(&mut self, news: DoctorNews) {
        match news {
            DoctorNews::Setup(setup) => self.setup = Some(setup),
            DoctorNews::Ladder(rungs) => {
                self.ladder = rungs;
                self.settle();
            }
            DoctorNews::Climbed => self.climbed = true,
            DoctorNews::Check(check) => {
                match (self.told).binary_search_by_key(&check.kind, |own| own.kind) {
                    Ok(at) => self.told[at] = check,
                    Err(at) => self.told.insert(at, check),
                }
                self.settle();
            }
            DoctorNews::Permissions(matrix) => self.permissions = Some(matrix),
            DoctorNews::Permission(row) => {
                if let Some(matrix) = &mut self.permissions {
                    matrix.set(row);
                }
            }
            DoctorNews::Leftovers(left) => {
                if let Some(matrix) = &mut self.permissions {
                    matrix.leftovers = left;
                }
            }
            DoctorNews::Endpoint(report) => {
                self.endpoint.get_or_insert_default().merge(report);
            }
        }
    }

    /// Says of the checks what the ladder leaves to say, and of the rung that signs why it is refused.
    fn settle(&mut self) {
        let caller = self.told.iter().find(|one| one.kind == CheckKind::Caller);
        let signing = self.ladder.iter_mut().find(|rung| rung.decides());
        let explained = match (caller, signing) {
            (Some(caller), Some(rung)) => keys::blame(rung, &caller.finding),
            _ => false,
        };
        let failed = self
            .deciding_rung()
            .filter(|(_, rung)| rung.cause().is_some())
            .map(|(number, _)| number);
        let nothing_signs = failed.is_some() || self.nothing_signs();
        let of_settings = |check: &Check| match (&check.finding, failed) {
            (Finding::SettingsProblem { option, others, .. }, Some(rung))
                if CREDENTIALS.contains(option)
                    && others.iter().all(|(other, _)| CREDENTIALS.contains(other)) =>
            {
                Some(rung)
            }
            _ => None,
        };
        let told_by = self.told.iter().find_map(of_settings);
        let waits = self
            .deciding_rung()
            .is_some_and(|(_, rung)| rung.is_fetching());
        let settled = self.told.iter().filter(|check| {
            // What the source came to, the ladder tells when it knows.
            !(waits && check.finding == Finding::CredentialsSilent)
        });
        let settled = settled.map(|check| {
            let skip = match (check.kind, &check.finding, told_by) {
                (CheckKind::Settings, _, Some(rung)) => Skip::ToldBy { rung },
                (_, Finding::Skipped(Skip::After(CheckKind::Settings)), Some(_)) => {
                    Skip::NoKeys { rung: told_by }
                }
                (CheckKind::Caller, _, _) if let (true, Some(rung)) = (explained, failed) => {
                    Skip::ToldBy { rung }
                }
                (CheckKind::Caller, finding, _)
                    if nothing_signs && finding.light() == Light::Bad =>
                {
                    Skip::NoKeys { rung: failed }
                }
                _ => return check.clone(),
            };
            Check {
                kind: check.kind,
                finding: Finding::Skipped(skip),
                took_ms: None,
            }
        });
        self.checks = settled.collect();
    }

    /// How many places of the ladder are red; that no place holds credentials counts as one.
    #[must_use]
    pub fn failed_places(&self) -> usize {
        let red = self.ladder.iter().filter(|rung| rung.light() == Light::Bad);
        red.count() + usize::from(self.nothing_signs())
    }

    /// How many live checks are red.
    #[must_use]
    pub fn failed_checks(&self) -> usize {
        let red = self
            .checks
            .iter()
            .filter(|check| check.light() == Light::Bad);
        red.count()
    }

    /// How many things a write test met that are wrong: that uploading does not work, and objects that could not be
    /// removed. Another denial is no fault.
    #[must_use]
    pub fn failed_writes(&self) -> usize {
        self.permissions.as_ref().map_or(0, |matrix| {
            usize::from(matrix.troubled_write().is_some()) + matrix.remains().count()
        })
    }

    /// How many things keep the connection from being one that works. That it names no bucket is one, and so is a
    /// listing of which nothing is known, and a write test that was asked for and did not take place.
    #[must_use]
    pub fn faults(&self) -> usize {
        let told = self.known_faults();
        let is_open = (!self.lists() && !self.keys_hold()) || self.untested_write().is_some();
        told + usize::from(told == 0 && is_open)
    }

    /// Why a write test that was asked for did not take place; `None` where it did, and where nobody asked for one.
    #[must_use]
    pub fn untested_write(&self) -> Option<Untested> {
        match self.permissions.as_ref()?.verdict(Permission::Write) {
            Verdict::NotTested(
                why @ (Untested::ReadOnly
                | Untested::Settings
                | Untested::NoRecord
                | Untested::NoCredentials
                | Untested::LeftBehind),
            ) => Some(why),
            _ => None,
        }
    }

    /// True when only the credentials were in question, and the server said whose they are or showed its buckets.
    #[must_use]
    pub fn keys_hold(&self) -> bool {
        let asked = self.setup.as_ref().is_some_and(|setup| setup.keys_only);
        let found = |kind| self.check(kind).map(|check| &check.finding);
        let known = matches!(found(CheckKind::Caller), Some(Finding::CallerIs { .. }));
        let shown = matches!(found(CheckKind::Buckets), Some(Finding::BucketsSeen { .. }));
        asked && (known || shown)
    }

    /// The same as far as it is known before everything was looked at.
    #[must_use]
    pub fn known_faults(&self) -> usize {
        self.failed_places() + self.failed_checks() + self.failed_writes()
    }

    /// True when one key was listed, or it was seen that there is none.
    #[must_use]
    pub fn lists(&self) -> bool {
        let listing = self.check(CheckKind::Listing).map(|check| &check.finding);
        matches!(
            listing,
            Some(
                Finding::KeyCame { .. }
                    | Finding::NothingThere { .. }
                    | Finding::ListedSlowly { .. }
            )
        )
    }

    /// The first live check that failed.
    #[must_use]
    pub fn broken_check(&self) -> Option<&Check> {
        self.checks.iter().find(|check| check.light() == Light::Bad)
    }

    /// The check of a kind, once it came to an end.
    #[must_use]
    pub fn check(&self, kind: CheckKind) -> Option<&Check> {
        self.checks.iter().find(|check| check.kind == kind)
    }

    /// The rung that signs, or that keeps anything from being signed, with its number from 1.
    #[must_use]
    pub fn deciding_rung(&self) -> Option<(usize, &Rung)> {
        let numbered = self.ladder.iter().enumerate();
        numbered
            .map(|(at, rung)| (at + 1, rung))
            .find(|(_, rung)| rung.decides())
    }

    /// True once the ladder is known and nothing in it signs.
    #[must_use]
    pub fn nothing_signs(&self) -> bool {
        !self.ladder.is_empty() && self.deciding_rung().is_none()
    }
}

#[cfg(test)]
mod tests;
