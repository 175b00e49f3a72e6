//! Asking a person for the code of an MFA device.
//!
//! Each code works once. What was used is remembered for as long as a device may still show it, so that a person who
//! types the same code twice is told so instead of being refused by the server.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::{CodeRefusal, CodeRequest, Secret};

/// A code is shown for half a minute and accepted for a little longer.
const SHOWN: Duration = Duration::from_secs(90);

/// Puts the question to a person.
pub trait AskCode: Send + Sync {
    /// The code, or `None` when nobody answers.
    fn ask(
        &self,
        request: CodeRequest,
    ) -> Pin<Box<dyn Future<Output = Option<Secret>> + Send + 'static>>;
}

/// The questions to a person that are open, and the codes that were given and of which nothing came yet.
#[derive(Debug, Default)]
pub(in crate::storage) struct Questions {
    waiting: AtomicUsize,
    spent: AtomicUsize,
}

/// Counts for one while it lives.
pub(super) struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Questions {
    /// A person is being asked.
    pub(super) fn wait(&self) -> Counted<'_> {
        Counted::begin(&self.waiting)
    }

    /// A code is being used.
    pub(super) fn spend(&self) -> Counted<'_> {
        Counted::begin(&self.spent)
    }

    /// True while a person is being asked.
    pub(in crate::storage) fn wait_for_person(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// True while a code that a person gave is being used. It works only once.
    pub(in crate::storage) fn spend_code(&self) -> bool {
        self.spent.load(Ordering::Relaxed) > 0
    }
}

/// Whom to ask, and what was used lately. Clones share both.
#[derive(Clone)]
pub(in crate::storage) struct Codes(Arc<Inner>);

struct Inner {
    ask: Arc<dyn AskCode>,
    used: Mutex<Vec<(String, Secret, Instant)>>,
}

impl Codes {
    pub(in crate::storage) fn new(ask: Arc<dyn AskCode>) -> Self {
        Self(Arc::new(Inner {
            ask,
            used: Mutex::default(),
        }))
    }

    /// Asks once; says at once what cannot be a code, or not any more.
    pub(super) async fn ask(&self, request: CodeRequest) -> Option<Result<Secret, CodeRefusal>> {
        let serial = request.serial.clone();
        let given = self.0.ask.ask(request).await?;
        let digits: String = given
            .reveal()
            .chars()
            .filter(|each| !each.is_whitespace())
            .collect();
        let code = Secret::new(digits);
        let fits = code.reveal().len() == 6 && code.reveal().bytes().all(|b| b.is_ascii_digit());
        Some(match (fits, self.was_used(&serial, &code)) {
            (false, _) => Err(CodeRefusal::NotSixDigits),
            (true, true) => Err(CodeRefusal::Used),
            (true, false) => Ok(code),
        })
    }

    /// The server took it.
    pub(super) fn took(&self, serial: &str, code: Secret) {
        self.used().push((serial.to_owned(), code, Instant::now()));
    }

    fn was_used(&self, serial: &str, code: &Secret) -> bool {
        let mut used = self.used();
        used.retain(|(_, _, at)| at.elapsed() < SHOWN);
        used.iter()
            .any(|(own, old, _)| own == serial && old == code)
    }

    fn used(&self) -> std::sync::MutexGuard<'_, Vec<(String, Secret, Instant)>> {
        self.0.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Codes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Codes")
    }
}
