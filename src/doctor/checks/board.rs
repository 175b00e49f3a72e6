//! Where checks are told: each kind once.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::doctor::Tell;
use crate::domain::diagnosis::{Check, CheckKind, DoctorNews, Finding, Skip};

/// Knows which checks were told.
pub(super) struct Board<'a> {
    tell: Tell<'a>,
    told: Mutex<BTreeSet<CheckKind>>,
}

impl<'a> Board<'a> {
    pub(super) const fn new(tell: Tell<'a>) -> Self {
        Self {
            tell,
            told: Mutex::new(BTreeSet::new()),
        }
    }

    /// Tells a check, unless it was told already.
    pub(super) fn tell(&self, kind: CheckKind, finding: Finding, took_ms: Option<u64>) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.insert(kind) {
            let check = Check {
                kind,
                finding,
                took_ms,
            };
            (self.tell)(DoctorNews::Check(check));
        }
    }

    pub(super) fn is_told(&self, kind: CheckKind) -> bool {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.contains(&kind)
    }

    /// Tells all that is left as not done, for one reason.
    pub(super) fn skip_rest(&self, why: Skip) {
        for kind in CheckKind::ALL {
            self.tell(kind, Finding::Skipped(why), None);
        }
    }
}
