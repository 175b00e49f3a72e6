//! Questions to the person at the window that credentials need answered: the code of an MFA device.
//!
//! A question goes out as an event and waits; the answer comes as a command. Who stops waiting takes the question
//! back, so that no dialog stands there that nobody needs.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::Waker;
use super::messages::{CodeRequest, Event};
use crate::domain::{Secret, Ticket};
use crate::storage::AskCode;

/// Who has not answered by then is not there.
const PATIENCE: Duration = Duration::from_secs(600);

/// Questions that wait, and the way to the window.
pub(super) struct Asks {
    events: mpsc::Sender<Event>,
    wake: Waker,
    waiting: Mutex<HashMap<Ticket, oneshot::Sender<Option<Secret>>>>,
    next: AtomicU64,
}

impl Asks {
    pub(super) fn new(events: mpsc::Sender<Event>, wake: Waker) -> Arc<Self> {
        Arc::new(Self {
            events,
            wake,
            waiting: Mutex::default(),
            next: AtomicU64::new(1),
        })
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Ticket, oneshot::Sender<Option<Secret>>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The person answered; `None` when they will not.
    pub(super) fn answer(&self, ticket: Ticket, code: Option<Secret>) {
        if let Some(waits) = self.waiting().remove(&ticket) {
            // Who asked may have stopped waiting just now.
            let _heard = waits.send(code);
        }
    }

    /// Nobody will answer any more.
    pub(super) fn give_up(&self) {
        self.waiting().clear();
    }
}

/// The asker for the storage.
pub(super) struct WindowAsks(pub(super) Arc<Asks>);

impl AskCode for WindowAsks {
    fn ask(
        &self,
        request: CodeRequest,
    ) -> Pin<Box<dyn Future<Output = Option<Secret>> + Send + 'static>> {
        let asks = Arc::clone(&self.0);
        Box::pin(async move {
            let ticket = Ticket(asks.next.fetch_add(1, Ordering::Relaxed));
            let (answer, answered) = oneshot::channel();
            asks.waiting().insert(ticket, answer);
            let _question = Question {
                asks: Arc::clone(&asks),
                ticket,
            };
            asks.events
                .send(Event::CodeWanted { ticket, request })
                .await
                .ok()?;
            (asks.wake)(true);
            tokio::time::timeout(PATIENCE, answered).await.ok()?.ok()?
        })
    }
}

/// Takes the question back when nobody waits for its answer any more.
struct Question {
    asks: Arc<Asks>,
    ticket: Ticket,
}

impl Drop for Question {
    fn drop(&mut self) {
        let unanswered = self.asks.waiting().remove(&self.ticket).is_some();
        if unanswered {
            // A window that is far behind shows the dialog a little longer; its answer is then dropped.
            let _told = self.asks.events.try_send(Event::CodeNotWanted {
                ticket: self.ticket,
            });
            (self.asks.wake)(true);
        }
    }
}
