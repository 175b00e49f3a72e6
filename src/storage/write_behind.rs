//! Bringing a long file to the disk while it is still being read.
//!
//! A file gets its name only when its content is on the disk. Left to the end, that wait comes on top of the whole
//! transfer; done along the way, the disk works while the network does, and little is left to wait for.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

use crate::domain::StorageError;

/// So much is written before the disk is asked again: large enough to be rare, small enough to be soon done.
const EVERY_BYTES: u64 = 64 * 1024 * 1024;

/// How far a file is written.
pub(super) struct WriteBehind {
    total_bytes: u64,
    written_bytes: AtomicU64,
    more: Notify,
}

impl WriteBehind {
    pub(super) fn new(total_bytes: u64) -> Self {
        Self {
            total_bytes,
            written_bytes: AtomicU64::new(0),
            more: Notify::new(),
        }
    }

    /// More of the file is written.
    pub(super) fn wrote(&self, bytes: u64) {
        self.written_bytes.fetch_add(bytes, Ordering::Release);
        self.more.notify_one();
    }

    /// Calls `sync` each time enough was written, one at a time, until all is. What comes after the last call is left to
    /// whoever gives the file its name.
    ///
    /// # Errors
    /// The first failure of `sync`. The system tells such a failure only once, so it must not get lost.
    pub(super) async fn run<F>(&self, mut sync: impl FnMut() -> F) -> Result<(), StorageError>
    where
        F: Future<Output = Result<(), StorageError>>,
    {
        let mut synced = 0;
        loop {
            let written = self.written_bytes.load(Ordering::Acquire);
            if written >= self.total_bytes {
                return Ok(());
            }
            if written - synced >= EVERY_BYTES {
                sync().await?;
                synced = written;
            } else {
                self.more.notified().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io;
    use std::path::Path;

    use super::*;

    const PIECE: u64 = EVERY_BYTES / 4;

    #[tokio::test]
    async fn syncs_now_and_then_and_ends_with_the_file() {
        let behind = WriteBehind::new(40 * PIECE);
        let (syncs, at_work) = (Cell::new(0), Cell::new(false));
        let sync = || async {
            assert!(!at_work.replace(true), "one at a time");
            tokio::task::yield_now().await;
            syncs.set(syncs.get() + 1);
            at_work.set(false);
            Ok(())
        };
        let write = async {
            for _ in 0..40 {
                behind.wrote(PIECE);
                tokio::task::yield_now().await;
                tokio::task::yield_now().await;
            }
        };
        let (ended, ()) = tokio::join!(behind.run(sync), write);
        ended.unwrap();
        assert!((2..=9).contains(&syncs.get()), "{}", syncs.get());
    }

    #[tokio::test]
    async fn a_short_file_is_left_to_the_end_and_a_failure_is_told() {
        let short = WriteBehind::new(PIECE);
        short.wrote(PIECE);
        short
            .run(|| async { panic!("not worth it") })
            .await
            .unwrap();
        let long = WriteBehind::new(8 * PIECE);
        long.wrote(4 * PIECE);
        let broken = || async {
            let error = io::Error::other("no disk");
            Err(StorageError::local(Path::new("a"), error))
        };
        long.run(broken).await.unwrap_err();
    }
}
