//! What a server turned out to do and not to do, learned while working with it and kept with the connection.
//!
//! Nothing is asked beforehand: the best is tried first, and only when something less succeeds where the best was
//! refused is that remembered. So a request that fails for another reason teaches nothing wrong. A connection that
//! keeps what an examination found, or what a person said, begins with that.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering};

use crate::domain::diagnosis::{Ability, Answer, ServerTraits};
use crate::domain::{ErrorKind, StorageError};

/// How the server checks what it receives, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UploadCheck {
    /// CRC64NVME over the whole object, kept with it.
    Crc64Nvme,
    /// `Content-MD5` on each request.
    ContentMd5,
    /// Nothing but the length.
    Length,
}

impl UploadCheck {
    /// The next best.
    #[must_use]
    pub const fn below(self) -> Option<Self> {
        match self {
            Self::Crc64Nvme => Some(Self::ContentMd5),
            Self::ContentMd5 => Some(Self::Length),
            Self::Length => None,
        }
    }
}

/// The record of one connection.
#[derive(Debug, Default)]
pub(super) struct Capability {
    check: AtomicU8,
    no_conditions: AtomicBool,
    no_batch_delete: AtomicBool,
    throttled: AtomicU64,
    asking: Arc<AtomicUsize>,
    batch_md5_only: bool,
    batch_checksum_only: bool,
    no_list_v2: bool,
    no_url_listings: bool,
}

impl Capability {
    /// Counts the questions that wait for a person, such as for the code of an MFA device.
    pub(super) const fn asking(&self) -> &Arc<AtomicUsize> {
        &self.asking
    }

    /// True while requests wait for a person; they are not dead then.
    pub(super) fn waits_for_person(&self) -> bool {
        self.asking.load(Ordering::Relaxed) > 0
    }

    /// Begins with what is known of the server already.
    pub(super) fn of(server: &ServerTraits) -> Self {
        let is = |ability, answer| server.holds(ability) == Some(answer);
        let check = match server.holds(Ability::UploadCheck) {
            Some(Answer::Md5) => UploadCheck::ContentMd5,
            Some(Answer::LengthOnly) => UploadCheck::Length,
            _ => UploadCheck::Crc64Nvme,
        };
        let conditions = Ability::IfNoneMatch;
        Self {
            check: AtomicU8::new(check as u8),
            no_conditions: AtomicBool::new(
                is(conditions, Answer::No) || is(conditions, Answer::Ignored),
            ),
            no_batch_delete: AtomicBool::new(is(Ability::BatchDelete, Answer::No)),
            throttled: AtomicU64::new(0),
            asking: Arc::default(),
            batch_md5_only: is(Ability::BatchDelete, Answer::Md5Only),
            batch_checksum_only: is(Ability::BatchDelete, Answer::ChecksumOnly),
            no_list_v2: is(Ability::ListV2, Answer::No),
            no_url_listings: is(Ability::UrlListings, Answer::No),
        }
    }

    /// A batch of deletions carries its MD5.
    pub(super) const fn batch_md5(&self) -> bool {
        !self.batch_checksum_only
    }

    /// A batch of deletions may carry a checksum.
    pub(super) const fn batch_checksum(&self) -> bool {
        !self.batch_md5_only
    }

    /// The newer listing call is known, as far as known.
    pub(super) const fn list_v2(&self) -> bool {
        !self.no_list_v2
    }

    /// Listings may be asked to encode their keys.
    pub(super) const fn url_listings(&self) -> bool {
        !self.no_url_listings
    }

    pub(super) fn check(&self) -> UploadCheck {
        match self.check.load(Ordering::Relaxed) {
            0 => UploadCheck::Crc64Nvme,
            1 => UploadCheck::ContentMd5,
            _ => UploadCheck::Length,
        }
    }

    /// Only ever lowers.
    pub(super) fn learn_check(&self, check: UploadCheck) {
        self.check.fetch_max(check as u8, Ordering::Relaxed);
    }

    /// `If-None-Match` works, as far as known.
    pub(super) fn conditions(&self) -> bool {
        !self.no_conditions.load(Ordering::Relaxed)
    }

    pub(super) fn learn_no_conditions(&self) {
        self.no_conditions.store(true, Ordering::Relaxed);
    }

    /// Many objects can be deleted by one request, as far as known.
    pub(super) fn batch_delete(&self) -> bool {
        !self.no_batch_delete.load(Ordering::Relaxed)
    }

    pub(super) fn learn_no_batch_delete(&self) {
        self.no_batch_delete.store(true, Ordering::Relaxed);
    }

    /// Counts the requests that the server asked to slow down for.
    pub(super) fn note(&self, error: &StorageError) {
        if error.kind == ErrorKind::Throttled {
            self.throttled.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn throttled(&self) -> u64 {
        self.throttled.load(Ordering::Relaxed)
    }
}

/// True for answers with which servers refuse a header or a request they do not know.
pub(crate) fn is_refusal(error: &StorageError) -> bool {
    match error.status {
        Some(400) => matches!(
            error.kind,
            ErrorKind::Invalid | ErrorKind::Unsupported | ErrorKind::Corrupt | ErrorKind::Other
        ),
        Some(405 | 501) => true,
        _ => error.kind == ErrorKind::Unsupported,
    }
}

impl super::Storage {
    /// How this server checks what it receives, as far as uploads have shown.
    #[must_use]
    pub fn upload_check(&self) -> UploadCheck {
        self.core.capability.check()
    }

    /// How often this server has asked to slow down. A transfer engine that sees it grow does less at once.
    #[must_use]
    pub fn throttle_count(&self) -> u64 {
        self.core.capability.throttled()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Operation;

    #[test]
    fn checks_only_go_down() {
        let capability = Capability::default();
        assert_eq!(capability.check(), UploadCheck::Crc64Nvme);
        capability.learn_check(UploadCheck::Length);
        capability.learn_check(UploadCheck::ContentMd5);
        assert_eq!(capability.check(), UploadCheck::Length);
        assert_eq!(
            UploadCheck::Crc64Nvme.below().and_then(UploadCheck::below),
            Some(UploadCheck::Length)
        );
    }

    #[test]
    fn refusals_are_told_by_status_and_kind() {
        let error = |status, kind| {
            let mut error = StorageError::new(Operation::Put, kind, "k");
            error.status = Some(status);
            error
        };
        assert!(is_refusal(&error(501, ErrorKind::Unsupported)));
        assert!(is_refusal(&error(400, ErrorKind::Invalid)));
        assert!(!is_refusal(&error(400, ErrorKind::ExpiredCredentials)));
        assert!(!is_refusal(&error(403, ErrorKind::AccessDenied)));
    }
}
