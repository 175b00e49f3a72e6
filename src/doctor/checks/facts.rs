//! What the questions have brought so far.

use std::sync::Arc;

use crate::domain::diagnosis::{NoRegion, Origin};
use crate::domain::{ErrorKind, Prefix, StorageError};
use crate::storage::probe::{Probe, Way};
use crate::storage::{Caller, Storage};

/// What is known of a connection before anything is asked.
pub(super) struct Known {
    /// The bucket it names.
    pub(super) bucket: Option<String>,
    /// It names none because only the credentials are in question.
    pub(super) keys_only: bool,
    /// The prefix that is listed.
    pub(super) prefix: String,
    /// The region that it signs for.
    pub(super) region: String,
    /// It goes to Amazon itself.
    pub(super) is_amazon: bool,
    /// Requests are not signed.
    pub(super) is_unsigned: bool,
    /// Where the session token stands that is sent along with keys that stand somewhere.
    pub(super) token: Option<Origin>,
    /// The key id is one of Amazon's long-term keys.
    pub(super) is_long_term: bool,
    /// A person said that the server has no token service.
    pub(super) lacks_sts: bool,
    /// The path of the endpoint, without slashes around it; mostly empty.
    pub(super) endpoint_path: String,
    /// Where the token service is asked.
    pub(super) token_service: String,
    /// The way to the server.
    pub(super) way: Way,
}

/// What the patient adds to what its storage shows.
pub(super) struct Asked {
    /// Where the session token stands that is sent along with keys that stand somewhere.
    pub(super) token: Option<Origin>,
    /// Only the credentials are in question.
    pub(super) keys_only: bool,
}

/// What the bucket's location came to.
pub(super) enum Place {
    /// This region.
    Named(String),
    /// None, for this reason.
    Untold(NoRegion),
}

/// The answers; `None` while one is not in.
pub(super) struct Facts {
    pub(super) known: Known,
    /// Why there is nothing to sign with.
    pub(super) unsigned: Option<Arc<StorageError>>,
    pub(super) caller: Option<Probe<Caller>>,
    pub(super) head: Option<Probe<Option<String>>>,
    /// Asked only when the head does not tell.
    pub(super) location: Option<Place>,
    pub(super) list: Option<Probe<usize>>,
    /// The other style; nothing inside where there is none.
    pub(super) other: Option<Option<Probe<usize>>>,
    pub(super) buckets: Option<Probe<Vec<String>>>,
}

impl Facts {
    pub(super) fn new(storage: &Storage, way: &Way, asked: Asked) -> Self {
        let config = storage.config();
        Self {
            known: Known {
                bucket: config.bucket.clone(),
                keys_only: asked.keys_only,
                // Where the window begins, too.
                prefix: Prefix::new(config.location.trim_start_matches('/'))
                    .as_str()
                    .to_owned(),
                region: storage.set_region().to_owned(),
                is_amazon: storage.is_amazon(),
                is_unsigned: storage.is_anonymous(),
                token: asked.token,
                is_long_term: false,
                lacks_sts: storage.is_said_to_lack_sts(),
                endpoint_path: path_of(config.endpoint.as_deref().unwrap_or_default()),
                token_service: storage.sts_host().to_owned(),
                way: way.clone(),
            },
            unsigned: None,
            caller: None,
            head: None,
            location: None,
            list: None,
            other: None,
            buckets: None,
        }
    }

    /// Failures of signed questions to S3 itself, those with a document first.
    pub(super) fn refusals(&self) -> impl Iterator<Item = &StorageError> {
        let list = self
            .list
            .as_ref()
            .and_then(|probe| probe.result.as_ref().err());
        let buckets = self
            .buckets
            .as_ref()
            .and_then(|probe| probe.result.as_ref().err());
        let head = self
            .head
            .as_ref()
            .and_then(|probe| probe.result.as_ref().err());
        list.into_iter().chain(buckets).chain(head)
    }

    /// What came of the questions to S3 so far: `None` for a success.
    fn ends(&self) -> impl Iterator<Item = Option<&StorageError>> {
        fn end<T>(probe: Option<&Probe<T>>) -> Option<Option<&StorageError>> {
            probe.map(|probe| probe.result.as_ref().err())
        }
        let ends = [
            end(self.list.as_ref()),
            end(self.head.as_ref()),
            end(self.buckets.as_ref()),
        ];
        ends.into_iter().flatten()
    }

    /// True when S3 itself has answered a question.
    pub(super) fn s3_spoke(&self) -> bool {
        let is_of_s3 = |failure: &StorageError| failure.status.is_some() && failure.code.is_some();
        self.ends().any(|end| end.is_none_or(is_of_s3))
    }

    /// True when some question did not just wait for ever: somebody said something, be it by hanging up.
    pub(super) fn somebody_spoke(&self) -> bool {
        let waited = |failure: &StorageError| failure.kind == ErrorKind::TimedOut;
        self.ends().any(|end| !end.is_some_and(waited))
    }

    /// True when some signed question was answered in a way that shows that the keys were accepted. An answer to a HEAD is
    /// bare, and counts only of a server that has shown elsewhere that it speaks S3.
    pub(super) fn keys_accepted(&self) -> bool {
        self.accepted(|_| true)
    }

    /// True when one of them was signed with this computer's time as it is.
    pub(super) fn takes_own_time(&self) -> bool {
        self.accepted(|own_time| own_time)
    }

    fn accepted(&self, counts: impl Fn(bool) -> bool) -> bool {
        fn accepted<T>(probe: &Probe<T>) -> bool {
            use ErrorKind as K;
            match &probe.result {
                Ok(_) => true,
                Err(failure) => {
                    failure.code.is_some()
                        && matches!(
                            failure.kind,
                            K::AccessDenied | K::NoSuchBucket | K::NoSuchKey
                        )
                }
            }
        }
        fn speaks_s3<T>(probe: Option<&Probe<T>>) -> bool {
            probe.is_some_and(|probe| match &probe.result {
                Ok(_) => true,
                Err(failure) => failure.status.is_some() && failure.code.is_some(),
            })
        }
        let is_s3 = || speaks_s3(self.list.as_ref()) || speaks_s3(self.buckets.as_ref());
        let of_list = |probe: &Probe<usize>| accepted(probe) && counts(probe.own_time);
        let of_buckets = |probe: &Probe<Vec<String>>| accepted(probe) && counts(probe.own_time);
        let of_head = |probe: &Probe<Option<String>>| accepted(probe) && counts(probe.own_time);
        self.list.as_ref().is_some_and(of_list)
            || self.buckets.as_ref().is_some_and(of_buckets)
            || (self.head.as_ref().is_some_and(of_head) && is_s3())
    }

    /// True when every question to S3 is answered that will be put.
    pub(super) const fn s3_is_done(&self) -> bool {
        let about_bucket =
            self.known.bucket.is_none() || (self.list.is_some() && self.head.is_some());
        about_bucket && self.buckets.is_some()
    }
}

/// What stands behind the host of an address.
fn path_of(endpoint: &str) -> String {
    let (_, rest) = endpoint.split_once("://").unwrap_or_default();
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    path.trim_matches('/').to_owned()
}
