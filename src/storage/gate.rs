//! Holding a transfer at its next part, and letting it go on.

use std::sync::Arc;

use tokio::sync::watch;

use super::Storage;

/// Open at first. A transfer through [`Storage::gated`] stops before its next part while this is closed; the parts that
/// are on their way go to their end. Clones are the same gate.
#[derive(Clone, Debug)]
pub struct Gate(Arc<watch::Sender<bool>>);

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(true)))
    }
}

impl Gate {
    /// Holds the transfer.
    pub fn close(&self) {
        self.0.send_replace(false);
    }

    /// Lets it go on.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    /// Waits while it is closed.
    async fn passed(&self) {
        // The sender lives in this very gate, so this cannot fail.
        let passed = self.0.subscribe().wait_for(|open| *open).await.is_ok();
        debug_assert!(passed);
    }
}

impl Storage {
    /// The same storage, whose up- and downloads can be held.
    #[must_use]
    pub fn gated(&self, gate: Gate) -> Self {
        Self {
            gate: Some(gate),
            ..self.clone()
        }
    }

    /// Waits while this storage is held.
    pub(super) async fn pass_gate(&self) {
        if let Some(gate) = &self.gate {
            gate.passed().await;
        }
    }
}
