//! Listing: a prefix page by page, and the buckets of the account.
//!
//! A page is asked for with our own signed request and read by `page` straight into the caller's sink. Failures that
//! pass are tried again here, before a row has been given away, so no row comes twice.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use tokio::sync::watch;

use super::log::as_try;
use super::page::{self, NoPage};
use super::raw::{PATIENCE, RawRequest};
use super::{Storage, error};
use crate::domain::{BucketEntry, ErrorKind, ListSink, Operation, Prefix, StorageError, Timestamp};

/// Tries for one page, the first included.
const TRIES: u32 = 4;

/// Tries that nobody answers, the first included. The first gives up early: what it was sent on may have been a
/// connection that is dead. The second waits as long as botocore does, so that a server that is merely slow is heard; to
/// ask it five times, as botocore does, would take five minutes in which nothing happens.
const SILENT_TRIES: u32 = 2;
const SILENT_FIRST: Duration = PATIENCE;
const SILENT_LAST: Duration = Duration::from_secs(60);

/// Which try of a page is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// Its number, from 1.
    pub number: u32,
    /// The number of the last one, if this one is not answered either.
    pub last: u32,
}

impl Default for Try {
    fn default() -> Self {
        Self::after(0, 0)
    }
}

impl Try {
    /// The one after so many, of which so many were not answered.
    const fn after(tries: u32, silent: u32) -> Self {
        let last = tries + SILENT_TRIES - silent;
        Self {
            number: tries + 1,
            last: if last < TRIES { last } else { TRIES },
        }
    }
}

/// One page of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRequest {
    /// Only keys that begin so; any text, not only folders.
    pub prefix: String,
    /// Keys that share all up to this character after the prefix come as one folder; `None` lists them all.
    pub delimiter: Option<char>,
    /// Where the page before ended ([`PageEnd::next`]).
    pub token: Option<String>,
    /// Only keys after this one; for a first page.
    pub start_after: Option<String>,
    /// Most rows of the page, 1 to 1000.
    pub max_keys: u16,
}

impl ListRequest {
    /// The first page of a folder.
    #[must_use]
    pub fn folder(prefix: &Prefix) -> Self {
        Self {
            delimiter: Some('/'),
            ..Self::all(prefix.as_str())
        }
    }

    /// The first page of everything whose key begins with a text, however deep.
    pub fn all(prefix: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
            delimiter: None,
            token: None,
            start_after: None,
            max_keys: 1000,
        }
    }
}

/// How a page ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageEnd {
    /// The token of the next page; `None` at the end of the listing.
    pub next: Option<String>,
    /// Objects on the page.
    pub objects: usize,
    /// Folders on the page.
    pub folders: usize,
    /// Sum of the objects' sizes.
    pub bytes: u64,
}

impl Storage {
    /// Lists one page into a sink, in the server's order, which is that of the keys' bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Corrupt`] too when the server breaks the contract in a way that would never end: it says there
    /// is more but not where, or gives the token back that it was given. The rows of that page have been given.
    pub async fn list_page(
        &self,
        request: &ListRequest,
        sink: &mut (dyn ListSink + Send),
    ) -> Result<PageEnd, StorageError> {
        let old = self.lists_the_old_way();
        let unwatched = watch::Sender::default();
        let body = self.page_body(request, old, &unwatched).await?;
        page_end(request, &body, old, sink)
    }

    /// True when listings use the old call. Asked once a listing: its pages go on where that call left off.
    pub(super) fn lists_the_old_way(&self) -> bool {
        !self.core.capability.list_v2()
    }

    /// Fetches a whole page by the old call or the new one, trying again what passes. Tells which try is under way.
    pub(super) async fn page_body(
        &self,
        request: &ListRequest,
        old: bool,
        trying: &watch::Sender<Try>,
    ) -> Result<Bytes, StorageError> {
        let delimiter = request.delimiter.map(String::from).unwrap_or_default();
        let max_keys = request.max_keys.clamp(1, 1000).to_string();
        let mut query = Vec::with_capacity(6);
        if !old {
            query.push(("list-type", "2"));
        }
        if self.core.capability.url_listings() {
            query.push(("encoding-type", "url"));
        }
        query.push(("max-keys", max_keys.as_str()));
        query.push(("prefix", request.prefix.as_str()));
        if !delimiter.is_empty() {
            query.push(("delimiter", delimiter.as_str()));
        }
        if old {
            // The old call goes on after a key, whether that was the end of a page or was asked for.
            let marker = request.token.as_ref().or(request.start_after.as_ref());
            query.extend(marker.map(|marker| ("marker", marker.as_str())));
        } else {
            if let Some(token) = &request.token {
                query.push(("continuation-token", token));
            }
            if let Some(start_after) = &request.start_after {
                query.push(("start-after", start_after));
            }
        }
        let mut raw = RawRequest {
            operation: Operation::List,
            subject: &request.prefix,
            method: Method::GET,
            key: "",
            query: &query,
            headers: &[],
            patience: SILENT_FIRST,
        };
        let (mut tries, mut silent) = (0, 0);
        let mut corrected = false;
        loop {
            let skew = self.clock_skew_secs();
            let stamp = self.stamp().await?;
            trying.send_if_modified(|told| {
                let this = Try::after(tries, silent);
                std::mem::replace(told, this) != this
            });
            let failure = match as_try(tries, self.one_try(&raw)).await {
                Ok(body) => return Ok(body),
                Err(failure) => failure,
            };
            tries += 1;
            // Region, credentials and clock can be put right once; that is no wait and no try.
            let put_right = self.put_right(&failure, stamp)
                || (failure.kind == ErrorKind::ClockSkew && self.clock_skew_secs() != skew);
            if put_right && !corrected {
                corrected = true;
                continue;
            }
            if failure.kind == ErrorKind::TimedOut {
                silent += 1;
                raw.patience = SILENT_LAST;
            }
            if tries >= TRIES || silent >= SILENT_TRIES || !failure.kind.is_transient() {
                return Err(self.judged(failure));
            }
            tokio::time::sleep(pause(tries, failure.kind)).await;
        }
    }

    async fn one_try(&self, raw: &RawRequest<'_>) -> Result<Bytes, StorageError> {
        let body = self.fetch(raw).await?;
        match page::check(&body) {
            Ok(()) => Ok(body),
            Err(NoPage::Error) => Err(error::from_answer(
                raw.operation,
                raw.subject,
                200,
                &HeaderMap::new(),
                &body,
            )),
            Err(NoPage::Cut) if body.len() > 1 => Err(StorageError {
                code: Some(error::ANSWER_CUT.to_owned()),
                ..corrupt(raw.subject, "the answer was cut")
            }),
            Err(NoPage::Cut | NoPage::Foreign) => Err(StorageError::new(
                raw.operation,
                ErrorKind::Unsupported,
                raw.subject,
            )
            .with_message("the answer is no listing; is this the address of an S3 server?")),
        }
    }

    /// All buckets of the account, in the server's order.
    ///
    /// # Errors
    /// Mostly [`AccessDenied`](ErrorKind::AccessDenied): many identities may use a bucket but not list the account's.
    pub async fn list_buckets(&self) -> Result<Vec<BucketEntry>, StorageError> {
        let mut buckets = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let page = self
                .call(Operation::ListBuckets, "", |client| {
                    client
                        .list_buckets()
                        .set_continuation_token(token.clone())
                        .send()
                })
                .await?;
            buckets.extend(page.buckets().iter().filter_map(|bucket| {
                Some(BucketEntry {
                    name: bucket.name()?.to_owned(),
                    created: bucket.creation_date().map(|time| Timestamp(time.secs())),
                })
            }));
            let next = page.continuation_token().map(str::to_owned);
            // A server that repeats its token would be asked for ever.
            if next.is_none() || next == token {
                return Ok(buckets);
            }
            token = next;
        }
    }
}

/// Reads a whole page into the sink; `old` is one of the old listing call.
pub(super) fn page_end(
    request: &ListRequest,
    body: &[u8],
    old: bool,
    sink: &mut (dyn ListSink + Send),
) -> Result<PageEnd, StorageError> {
    let mut facts = page::read(body, sink);
    if old {
        facts.next = page::old_next(body);
    }
    if facts.truncated && (facts.next.is_none() || facts.next == request.token) {
        return Err(corrupt(
            &request.prefix,
            "the server says that there is more, but not where",
        ));
    }
    Ok(PageEnd {
        next: facts.next,
        objects: facts.objects,
        folders: facts.folders,
        bytes: facts.bytes,
    })
}

pub(super) fn corrupt(subject: &str, why: &str) -> StorageError {
    StorageError::new(Operation::List, ErrorKind::Corrupt, subject).with_message(why)
}

/// Twice as long each time, longer when the server asks to slow down, and never in step with others.
fn pause(tries: u32, kind: ErrorKind) -> Duration {
    let base_millis: u64 = if kind == ErrorKind::Throttled {
        500
    } else {
        100
    };
    let longest = base_millis << tries.min(6);
    let random = getrandom::u32().unwrap_or(u32::MAX / 2);
    Duration::from_millis(longest / 2 + longest * u64::from(random) / u64::from(u32::MAX) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_waited_for_twice_and_what_fails_at_once_is_tried_more_often() {
        let of = |tries, silent| {
            let Try { number, last } = Try::after(tries, silent);
            (number, last)
        };
        assert_eq!(of(0, 0), (1, 2));
        assert_eq!(of(1, 1), (2, 2));
        assert_eq!(of(1, 0), (2, 3), "the one before was told to come again");
        assert_eq!(of(3, 0), (4, 4), "never more than all");
        assert_eq!(SILENT_FIRST + SILENT_LAST, Duration::from_secs(90));
    }
}
