//! What a server turned out to do and not to do, learned while working with it and kept with the connection.
//!
//! Nothing is asked beforehand: the best is tried first, and only when something less succeeds where the best was
//! refused is that remembered. So a request that fails for another reason teaches nothing wrong. A connection that
//! keeps what was found, or what a person said, begins with that, and goes by what is found or said later
//! ([`Storage::go_by`](super::Storage::go_by)) from the next request on.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::credentials::Questions;
use super::endpoint::Purpose;
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

/// The record of one connection: what is known of its server.
#[derive(Debug, Default)]
pub(super) struct Capability {
    known: RwLock<Known>,
    /// Something was learned that nobody was told of.
    has_news: AtomicBool,
    throttled: AtomicU64,
    questions: Arc<Questions>,
}

/// What holds, by whom it is known. Least first: what an earlier look found, what work has shown since, what a person said.
#[derive(Debug, Default)]
struct Known {
    kept: BTreeMap<Ability, Answer>,
    learned: BTreeMap<Ability, Answer>,
    set: BTreeMap<Ability, Answer>,
}

impl Capability {
    /// The same beside these questions to a person, such as for the code of an MFA device.
    pub(super) fn beside(self, questions: &Arc<Questions>) -> Self {
        Self {
            questions: Arc::clone(questions),
            ..self
        }
    }

    /// True while requests wait for a person; they are not dead then.
    pub(super) fn waits_for_person(&self) -> bool {
        self.questions.wait_for_person()
    }

    /// Begins with what is known of the server already.
    pub(super) fn of(server: &ServerTraits) -> Self {
        let own = Self::default();
        own.go_by(server);
        own
    }

    /// Goes by what is kept with the connection from now on. What work has shown stays, where nobody says otherwise now.
    pub(super) fn go_by(&self, server: &ServerTraits) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let Known { kept, learned, set } = &mut *known;
        for (ability, answer) in &server.found {
            // Found again since, perhaps otherwise.
            if kept.get(ability) != Some(answer) {
                learned.remove(ability);
            }
        }
        kept.clone_from(&server.found);
        set.clone_from(&server.set);
    }

    fn holds(&self, ability: Ability) -> Option<Answer> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let Known { kept, learned, set } = &*known;
        let of = |answers: &BTreeMap<Ability, Answer>| answers.get(&ability).copied();
        of(set).or_else(|| of(learned)).or_else(|| of(kept))
    }

    fn is(&self, ability: Ability, answer: Answer) -> bool {
        self.holds(ability) == Some(answer)
    }

    fn learn(&self, ability: Ability, answer: Answer) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let Known { kept, learned, .. } = &mut *known;
        let before = learned.get(&ability).or_else(|| kept.get(&ability));
        if before != Some(&answer) {
            learned.insert(ability, answer);
            self.has_news.store(true, Ordering::Relaxed);
        }
    }

    /// A batch of deletions carries its MD5.
    pub(super) fn batch_md5(&self) -> bool {
        !self.is(Ability::BatchDelete, Answer::ChecksumOnly)
    }

    /// A batch of deletions may carry a checksum.
    pub(super) fn batch_checksum(&self) -> bool {
        !self.is(Ability::BatchDelete, Answer::Md5Only)
    }

    /// The newer listing call is known, as far as known.
    pub(super) fn list_v2(&self) -> bool {
        !self.is(Ability::ListV2, Answer::No)
    }

    /// Listings may be asked to encode their keys.
    pub(super) fn url_listings(&self) -> bool {
        !self.is(Ability::UrlListings, Answer::No)
    }

    /// Objects have tags, as far as known.
    pub(super) fn tags(&self) -> bool {
        !self.is(Ability::Tagging, Answer::No)
    }

    /// Objects have access lists, as far as known.
    pub(super) fn access_lists(&self) -> bool {
        !self.is(Ability::Acl, Answer::No)
    }

    /// A person said that nobody can be asked who signs. What was found is no reason not to look again.
    pub(super) fn is_said_to_lack_sts(&self) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.set.get(&Ability::Sts) == Some(&Answer::No)
    }

    pub(super) fn check(&self) -> UploadCheck {
        match self.holds(Ability::UploadCheck) {
            Some(Answer::Md5) => UploadCheck::ContentMd5,
            Some(Answer::LengthOnly) => UploadCheck::Length,
            _ => UploadCheck::Crc64Nvme,
        }
    }

    /// Only ever lowers, unless a person says otherwise.
    pub(super) fn learn_check(&self, check: UploadCheck) {
        if check > self.check() {
            let answer = match check {
                UploadCheck::Crc64Nvme => Answer::Crc64Nvme,
                UploadCheck::ContentMd5 => Answer::Md5,
                UploadCheck::Length => Answer::LengthOnly,
            };
            self.learn(Ability::UploadCheck, answer);
        }
    }

    /// `If-None-Match` works, as far as known.
    pub(super) fn conditions(&self) -> bool {
        !self.is(Ability::IfNoneMatch, Answer::No)
            && !self.is(Ability::IfNoneMatch, Answer::Ignored)
    }

    pub(super) fn learn_no_conditions(&self) {
        if self.conditions() {
            self.learn(Ability::IfNoneMatch, Answer::No);
        }
    }

    /// Many objects can be deleted by one request, as far as known.
    pub(super) fn batch_delete(&self) -> bool {
        !self.is(Ability::BatchDelete, Answer::No)
    }

    pub(super) fn learn_no_batch_delete(&self) {
        self.learn(Ability::BatchDelete, Answer::No);
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

    /// Goes by what is kept with the connection from now on, in all clones of this storage. What was found at another
    /// address does not count.
    pub fn go_by(&self, server: &ServerTraits) {
        let endpoint = self.endpoint_url().unwrap_or_default();
        self.core.capability.go_by(&server.at(&endpoint));
    }

    /// What work has shown of the server since this was asked last; `None` when that is nothing.
    #[must_use]
    pub fn take_news(&self) -> Option<BTreeMap<Ability, Answer>> {
        let capability = &self.core.capability;
        let is_new = capability.has_news.swap(false, Ordering::Relaxed);
        is_new.then(|| {
            let known = capability.known.read();
            let known = known.unwrap_or_else(PoisonError::into_inner);
            known.learned.clone()
        })
    }

    /// True when a person said that this server does not speak STS, and STS is not asked elsewhere.
    #[must_use]
    pub fn is_said_to_lack_sts(&self) -> bool {
        let target = self.core.endpoint.target(None, Purpose::Request);
        let own_host = target.is_ok_and(|target| target.host_header() == self.sts_host());
        own_host && self.core.capability.is_said_to_lack_sts()
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
    fn a_person_stands_above_work_and_work_above_what_was_found() {
        let (check, v2) = (Ability::UploadCheck, Ability::ListV2);
        let mut traits = ServerTraits::default();
        traits.found.insert(check, Answer::Crc64Nvme);
        traits.found.insert(v2, Answer::No);
        let capability = Capability::of(&traits);
        assert!(!capability.list_v2());
        assert!(!capability.has_news.load(Ordering::Relaxed));
        capability.learn_check(UploadCheck::ContentMd5);
        assert!(capability.has_news.load(Ordering::Relaxed));
        traits.found.remove(&v2);
        traits
            .set
            .insert(Ability::BatchDelete, Answer::ChecksumOnly);
        capability.go_by(&traits);
        assert!(capability.list_v2() && !capability.batch_md5());
        assert_eq!(capability.check(), UploadCheck::ContentMd5, "learned since");
        traits.set.insert(check, Answer::LengthOnly);
        capability.go_by(&traits);
        assert_eq!(capability.check(), UploadCheck::Length);
        traits.set.clear();
        traits.found.insert(check, Answer::Md5);
        capability.go_by(&traits);
        traits.found.insert(check, Answer::Crc64Nvme);
        capability.go_by(&traits);
        assert_eq!(capability.check(), UploadCheck::Crc64Nvme, "found anew");
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
