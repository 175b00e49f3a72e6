//! Questions to the person at the window that credentials need answered: the code of an MFA device.
//!
//! A question goes out as an event and waits; the answer comes as a command. Who stops waiting takes the question
//! back, so that no dialog stands there that nobody needs. A code that comes too late for that is told to be unused.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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
    /// Milliseconds that a person took to answer so far.
    waited_ms: AtomicU64,
}

impl Asks {
    pub(super) fn new(events: mpsc::Sender<Event>, wake: Waker) -> Arc<Self> {
        Arc::new(Self {
            events,
            wake,
            waiting: Mutex::default(),
            next: AtomicU64::new(1),
            waited_ms: AtomicU64::new(0),
        })
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Ticket, oneshot::Sender<Option<Secret>>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The person answered; `None` when they will not.
    pub(super) fn answer(&self, ticket: Ticket, code: Option<Secret>) {
        let waits = self.waiting().remove(&ticket);
        let unheard = match waits {
            Some(waits) => waits.send(code).err(),
            None => Some(code),
        };
        // Who asked stopped waiting just now.
        if let Some(Some(_)) = unheard {
            self.tell_unused(ticket);
        }
    }

    fn tell_unused(&self, ticket: Ticket) {
        // A window that is so far behind has more to tell.
        let _told = self.events.try_send(Event::CodeUnused { ticket });
        (self.wake)(true);
    }

    /// Milliseconds that a person took to answer so far; what is timed meanwhile leaves them out.
    pub(super) fn waited_ms(&self) -> u64 {
        self.waited_ms.load(Ordering::Relaxed)
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
            let mut question = Question {
                asks: Arc::clone(&asks),
                ticket,
                answered,
            };
            asks.events
                .send(Event::CodeWanted { ticket, request })
                .await
                .ok()?;
            (asks.wake)(true);
            let began = Instant::now();
            let answer = tokio::time::timeout(PATIENCE, &mut question.answered).await;
            let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            asks.waited_ms.fetch_add(took_ms, Ordering::Relaxed);
            answer.ok()?.ok()?
        })
    }
}

/// Takes the question back when nobody waits for its answer any more.
struct Question {
    asks: Arc<Asks>,
    ticket: Ticket,
    answered: oneshot::Receiver<Option<Secret>>,
}

impl Drop for Question {
    fn drop(&mut self) {
        let unanswered = self.asks.waiting().remove(&self.ticket).is_some();
        // Answered, and dropped before it was heard.
        if matches!(self.answered.try_recv(), Ok(Some(_))) {
            self.asks.tell_unused(self.ticket);
        }
        if unanswered {
            // A window that is far behind shows the dialog a little longer; its answer is then dropped.
            let _told = self.asks.events.try_send(Event::CodeNotWanted {
                ticket: self.ticket,
            });
            (self.asks.wake)(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> CodeRequest {
        CodeRequest {
            serial: "arn:aws:iam::111111111111:mfa/me".to_owned(),
            role: "arn:aws:iam::111111111111:role/editor".to_owned(),
            refused: None,
        }
    }

    /// What is told when a question was answered like this and its asker has gone, before or after the answer came.
    fn told(code: Option<&str>, answered_first: bool) -> Vec<&'static str> {
        let (events, mut told) = mpsc::channel(8);
        let asks = Asks::new(events, Arc::new(|_| {}));
        let mut question = WindowAsks(Arc::clone(&asks)).ask(request());
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_time().build().unwrap();
        let _inside = runtime.enter();
        assert!(question.as_mut().poll(&mut context).is_pending());
        let Ok(Event::CodeWanted { ticket, .. }) = told.try_recv() else {
            panic!("no question");
        };
        let code = code.map(Secret::new);
        if answered_first {
            asks.answer(ticket, code);
            drop(question);
        } else {
            drop(question);
            asks.answer(ticket, code);
        }
        let mut names = Vec::new();
        while let Ok(event) = told.try_recv() {
            names.push(match event {
                Event::CodeNotWanted { ticket: own } if own == ticket => "not wanted",
                Event::CodeUnused { ticket: own } if own == ticket => "unused",
                _ => "something else",
            });
        }
        names
    }

    #[test]
    fn a_code_that_nobody_hears_is_told_to_be_unused() {
        assert_eq!(told(Some("123456"), true), ["unused"]);
        assert_eq!(told(Some("123456"), false), ["not wanted", "unused"]);
        assert_eq!(told(None, true), [""; 0]);
        assert_eq!(told(None, false), ["not wanted"]);
    }

    #[tokio::test]
    async fn what_a_person_takes_is_known() {
        let (events, mut told) = mpsc::channel(8);
        let asks = Asks::new(events, Arc::new(|_| {}));
        let question = WindowAsks(Arc::clone(&asks)).ask(request());
        let person = async {
            let Some(Event::CodeWanted { ticket, .. }) = told.recv().await else {
                panic!("no question");
            };
            tokio::time::sleep(Duration::from_millis(20)).await;
            asks.answer(ticket, Some(Secret::new("123456")));
        };
        let (code, ()) = tokio::join!(question, person);
        assert!(code.is_some());
        assert!(asks.waited_ms() >= 20, "{}", asks.waited_ms());
    }
}
