//! A whole listing, in as many places at once as pays.
//!
//! S3 gives a listing page by page, each of which takes as long as the way to the server, so a million keys are a
//! thousand waits. After the first pages the keys are cut into stretches (`plan`, `middle`) that are listed side by
//! side, at most sixteen. Pages come out in the order of keys, or as they come; rows wait packed (`rows`). All happens on
//! the task that waits for the next page, and nothing goes on once the sweep is dropped.

mod middle;
mod plan;
mod rows;

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use tokio::sync::watch;

use self::plan::{Ask, Page, Plan};
use self::rows::Rows;
use super::listing::{corrupt, page_end};
use super::{ListRequest, Storage, Try, page};
use crate::domain::{ListSink, StorageError};

type Fetching = Pin<Box<dyn Future<Output = Result<Bytes, StorageError>> + Send>>;

/// What one page gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageRows {
    /// Objects on the page.
    pub objects: usize,
    /// Folders on the page.
    pub folders: usize,
    /// Sum of the objects' sizes.
    pub bytes: u64,
}

/// The pages of one listing. Dropping it stops asking.
pub struct Sweep {
    storage: Storage,
    request: ListRequest,
    /// The old call lists, from the first page to the last.
    old: bool,
    plan: Plan,
    flying: Vec<(Ask, Fetching)>,
    trying: Arc<watch::Sender<Try>>,
    /// Told once all rows are given that came before the server broke its contract.
    broken: Option<StorageError>,
}

impl Storage {
    /// Lists everything from this page on.
    #[must_use]
    pub fn sweep(&self, request: ListRequest) -> Sweep {
        let (start_after, token) = (request.start_after.clone(), request.token.clone());
        Sweep {
            storage: self.clone(),
            old: self.lists_the_old_way(),
            plan: Plan::new(&request.prefix, start_after, token),
            request,
            flying: Vec::new(),
            trying: Arc::default(),
            broken: None,
        }
    }
}

impl Sweep {
    /// Which try is under way, while a page is waited for.
    #[must_use]
    pub fn trying(&self) -> watch::Receiver<Try> {
        self.trying.subscribe()
    }

    /// Lists the next page into the sink, in the order of keys; `None` after the last one. After a failure the same
    /// page is asked for again.
    ///
    /// # Errors
    /// Those of [`Storage::list_page`], and [`Corrupt`](crate::domain::ErrorKind::Corrupt) when the server changes the
    /// order of keys in the middle.
    pub async fn next_page(
        &mut self,
        sink: &mut (dyn ListSink + Send),
    ) -> Result<Option<PageRows>, StorageError> {
        self.next(sink, Plan::pop_first).await
    }

    /// The same in whatever order pages come.
    ///
    /// # Errors
    /// Those of [`Sweep::next_page`].
    pub async fn any_page(
        &mut self,
        sink: &mut (dyn ListSink + Send),
    ) -> Result<Option<PageRows>, StorageError> {
        self.next(sink, Plan::pop_any).await
    }

    async fn next(
        &mut self,
        sink: &mut (dyn ListSink + Send),
        pop: fn(&mut Plan) -> Option<Page>,
    ) -> Result<Option<PageRows>, StorageError> {
        loop {
            while let Some(ask) = self.plan.next_ask() {
                self.send(ask);
            }
            if let Some(page) = pop(&mut self.plan) {
                self.begin().await;
                let given = page
                    .rows
                    .give(page.after.as_deref(), page.until.as_deref(), sink);
                return Ok(Some(PageRows {
                    objects: given.objects,
                    folders: given.folders,
                    bytes: given.bytes,
                }));
            }
            if self.plan.is_finished() {
                self.flying.clear();
                return self.broken.take().map_or(Ok(None), Err);
            }
            let (ask, answer) = self.arrival().await;
            match answer {
                Ok(body) => self.take(&ask, &body).await,
                Err(error) => {
                    self.plan.give_back(&ask);
                    if !ask.is_cut() {
                        return Err(error);
                    }
                }
            }
        }
    }

    async fn take(&mut self, ask: &Ask, body: &[u8]) {
        let next = if self.old {
            page::old_next(body)
        } else {
            page::next_token(body)
        };
        let follow = self.plan.follow(ask, next);
        let followed = follow.is_some();
        if let Some(follow) = follow {
            self.send(follow);
            self.begin().await;
        }
        let (mut rows, asked) = (Rows::default(), self.request_of(ask));
        let next = match page_end(&asked, body, self.old, &mut rows) {
            Ok(end) => end.next,
            Err(error) => {
                self.broken = Some(error);
                None
            }
        };
        if self.plan.take(ask, rows, next, followed).is_err() {
            let what = "the server does not list in the order of keys";
            self.broken = Some(corrupt(&self.request.prefix, what));
            self.plan.stop();
        }
    }

    fn request_of(&self, ask: &Ask) -> ListRequest {
        ListRequest {
            token: ask.token.clone(),
            start_after: ask.start_after.clone(),
            ..self.request.clone()
        }
    }

    fn send(&mut self, ask: Ask) {
        let (storage, request, old) = (self.storage.clone(), self.request_of(&ask), self.old);
        let trying = Arc::clone(&self.trying);
        let fetching: Fetching =
            Box::pin(async move { storage.page_body(&request, old, &trying).await });
        self.flying.push((ask, fetching));
    }

    /// One poll hands new requests to their connections, which go on by themselves while rows are read.
    async fn begin(&mut self) {
        let mut come = Vec::new();
        poll_fn(|context| {
            for (at, (_, fetching)) in self.flying.iter_mut().enumerate() {
                if let Poll::Ready(answer) = fetching.as_mut().poll(context) {
                    come.push((at, answer));
                }
            }
            Poll::Ready(())
        })
        .await;
        for (at, answer) in come {
            if let Some((_, fetching)) = self.flying.get_mut(at) {
                *fetching = Box::pin(std::future::ready(answer));
            }
        }
    }

    /// The next answer that comes. Only called while requests are under way.
    async fn arrival(&mut self) -> (Ask, Result<Bytes, StorageError>) {
        poll_fn(|context| {
            for at in 0..self.flying.len() {
                if let Some((_, fetching)) = self.flying.get_mut(at)
                    && let Poll::Ready(answer) = fetching.as_mut().poll(context)
                {
                    let (ask, _) = self.flying.swap_remove(at);
                    return Poll::Ready((ask, answer));
                }
            }
            Poll::Pending
        })
        .await
    }
}
