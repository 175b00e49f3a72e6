//! Ctrl-C: the first one cancels, so that unfinished uploads are taken back; the second one ends at once.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_util::sync::CancellationToken;

/// True while a question waits for its answer.
static ASKING: AtomicBool = AtomicBool::new(false);

/// A question is being asked; while this lives, Ctrl-C ends the program at once.
pub(super) struct Asking;

impl Asking {
    pub(super) fn begin() -> Self {
        ASKING.store(true, Ordering::Relaxed);
        Self
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        ASKING.store(false, Ordering::Relaxed);
    }
}

/// A token that is cancelled by the first Ctrl-C.
pub(super) fn watch() -> CancellationToken {
    let token = CancellationToken::new();
    let cancelled = token.clone();
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if cancelled.is_cancelled() || ASKING.load(Ordering::Relaxed) {
                process::exit(130);
            }
            cancelled.cancel();
        }
    });
    token
}
