//! A listing page after page, one page ahead.
//!
//! The next page is asked for as soon as the token of this one is known, before its rows are read, so that the
//! server works and the network carries while this side reads.

use std::future::{Future, poll_fn, ready};
use std::pin::Pin;
use std::task::Poll;

use bytes::Bytes;

use super::listing::page_end;
use super::{ListRequest, PageEnd, Storage, page};
use crate::domain::{ListSink, StorageError};

type Fetching = Pin<Box<dyn Future<Output = Result<Bytes, StorageError>> + Send>>;

/// The pages of one listing. Dropping it stops asking; a page that is on its way is thrown away.
pub struct Walk {
    storage: Storage,
    request: ListRequest,
    ahead: Option<Fetching>,
    ended: bool,
}

impl Storage {
    /// Walks over all pages from this one on.
    #[must_use]
    pub fn walk(&self, request: ListRequest) -> Walk {
        Walk {
            storage: self.clone(),
            request,
            ahead: None,
            ended: false,
        }
    }
}

impl Walk {
    /// Lists the next page into the sink; `None` after the last one. After a failure the same page is asked for
    /// again, unless its rows were given already.
    ///
    /// # Errors
    /// Those of [`Storage::list_page`].
    pub async fn next_page(
        &mut self,
        sink: &mut (dyn ListSink + Send),
    ) -> Result<Option<PageEnd>, StorageError> {
        if self.ended {
            return Ok(None);
        }
        let body = match self.ahead.take() {
            Some(ahead) => ahead.await?,
            None => self.storage.page_body(&self.request).await?,
        };
        let old = !self.storage.core.capability.list_v2();
        let next = if old {
            page::old_next(&body)
        } else {
            page::next_token(&body)
        };
        let next = next.filter(|next| self.request.token.as_ref() != Some(next));
        if let Some(next) = &next {
            self.ahead = Some(self.ask(next.clone()).await);
        }
        let end = page_end(&self.request, &body, old, sink).inspect_err(|_| self.ended = true)?;
        if end.next != next {
            self.ahead = None;
        }
        self.ended = end.next.is_none();
        self.request.token.clone_from(&end.next);
        Ok(Some(end))
    }

    /// Starts fetching a page: one poll hands the request to its connection, which goes on by itself.
    async fn ask(&self, token: String) -> Fetching {
        let storage = self.storage.clone();
        let request = ListRequest {
            token: Some(token),
            ..self.request.clone()
        };
        let mut fetching: Fetching = Box::pin(async move { storage.page_body(&request).await });
        match poll_fn(|context| Poll::Ready(fetching.as_mut().poll(context))).await {
            Poll::Pending => fetching,
            Poll::Ready(result) => Box::pin(ready(result)),
        }
    }
}
