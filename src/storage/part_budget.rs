//! The memory that parts of transfers may take, all transfers together.
//!
//! A part asks for its buffer before anything is read or sent, and waits until there is room; so memory stays below the
//! limit whatever the number and size of files. Buffers are used again, and given back to the system when no transfer
//! runs. Whoever holds a buffer must not wait for a second one, or all could wait for ever.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What all parts in flight may hold together.
pub(super) const DEFAULT_BUDGET_BYTES: usize = 192 * 1024 * 1024;

/// One permit stands for this many bytes.
const GRAIN_BYTES: usize = 4 * 1024;

/// Buffers below this size are cheaper to make than to keep.
const SMALLEST_KEPT_BYTES: usize = 1024 * 1024;

/// A share of memory from which parts take their buffers. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct PartBudget {
    pool: Arc<Pool>,
}

#[derive(Debug)]
struct Pool {
    permits: Arc<Semaphore>,
    total_permits: u32,
    free: Mutex<Vec<Vec<u8>>>,
}

/// A buffer out of the budget. When it, or the last [`Bytes`] made of it, is dropped, the memory is free again.
#[derive(Debug)]
pub(super) struct PartBuffer {
    bytes: Vec<u8>,
    len: usize,
    pool: Arc<Pool>,
    permit: Option<OwnedSemaphorePermit>,
}

impl PartBudget {
    /// A budget of its own.
    pub(super) fn new(limit_bytes: usize) -> Self {
        let total_permits = u32::try_from(limit_bytes / GRAIN_BYTES)
            .unwrap_or(u32::MAX)
            .max(1);
        Self {
            pool: Arc::new(Pool {
                permits: Arc::new(Semaphore::new(total_permits as usize)),
                total_permits,
                free: Mutex::new(Vec::new()),
            }),
        }
    }

    /// The budget of this process.
    pub(super) fn shared() -> &'static Self {
        static SHARED: LazyLock<PartBudget> =
            LazyLock::new(|| PartBudget::new(DEFAULT_BUDGET_BYTES));
        &SHARED
    }

    /// A buffer of this many bytes, as soon as there is room. One that is larger than the whole budget waits until
    /// it is alone. The content is whatever was there before.
    pub(super) async fn buffer(&self, len: usize) -> PartBuffer {
        let wanted = u32::try_from(len.div_ceil(GRAIN_BYTES))
            .unwrap_or(u32::MAX)
            .clamp(1, self.pool.total_permits);
        // The semaphore is never closed, so there is always a permit in the end.
        let permit = Arc::clone(&self.pool.permits)
            .acquire_many_owned(wanted)
            .await
            .ok();
        PartBuffer {
            bytes: self.pool.take(len),
            len,
            pool: Arc::clone(&self.pool),
            permit,
        }
    }

    /// Bytes that are not in use.
    #[cfg(test)]
    fn free_bytes(&self) -> usize {
        self.pool.permits.available_permits() * GRAIN_BYTES
    }
}

impl Pool {
    fn take(&self, len: usize) -> Vec<u8> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let fit = free
            .iter()
            .position(|kept| kept.len() >= len && kept.len() <= len.saturating_mul(2));
        let kept = fit.map(|index| free.swap_remove(index));
        drop(free);
        kept.unwrap_or_else(|| vec![0; len])
    }
}

impl PartBuffer {
    /// The bytes to write into.
    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        let len = self.len;
        &mut self.bytes[..len]
    }

    /// Gives up the end of the buffer: only the first `len` bytes count.
    pub(super) fn shorten(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// How many bytes count.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// The content to send; cheap to clone, never copied.
    pub(super) fn into_bytes(self) -> Bytes {
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for PartBuffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl Drop for PartBuffer {
    fn drop(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        let mut free = self
            .pool
            .free
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if bytes.len() >= SMALLEST_KEPT_BYTES {
            free.push(bytes);
        }
        let kept_bytes: usize = free.iter().map(Vec::len).sum();
        let limit_bytes = self.pool.total_permits as usize * GRAIN_BYTES;
        drop(self.permit.take());
        let idle = self.pool.permits.available_permits() == self.pool.total_permits as usize;
        // What lies free and what is in use must stay below the limit together; nothing is kept when nothing runs.
        let in_use =
            limit_bytes.saturating_sub(self.pool.permits.available_permits() * GRAIN_BYTES);
        if idle {
            free.clear();
        } else if kept_bytes + in_use > limit_bytes {
            free.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_part_waits_until_there_is_room() {
        let budget = PartBudget::new(16 * 1024 * 1024);
        let first = budget.buffer(8 * 1024 * 1024).await;
        let second = budget.buffer(8 * 1024 * 1024).await.into_bytes();
        let third = budget.buffer(4096);
        tokio::pin!(third);
        assert!(
            tokio::time::timeout(Duration::from_millis(20), &mut third)
                .await
                .is_err()
        );
        let copy = second.clone();
        drop(second);
        assert!(
            tokio::time::timeout(Duration::from_millis(20), &mut third)
                .await
                .is_err(),
            "a clone still holds the buffer"
        );
        drop(copy);
        let third = third.await;
        assert_eq!(third.len(), 4096);
        drop((first, third));
        assert_eq!(budget.free_bytes(), 16 * 1024 * 1024);
        assert!(budget.pool.free.lock().unwrap().is_empty(), "idle");
    }

    #[tokio::test]
    async fn buffers_are_used_again() {
        let budget = PartBudget::new(64 * 1024 * 1024);
        let _other = budget.buffer(1).await;
        let mut first = budget.buffer(8 * 1024 * 1024).await;
        first.bytes_mut()[0] = 7;
        drop(first);
        let mut again = budget.buffer(8 * 1024 * 1024 - 5).await;
        assert_eq!(again.bytes_mut()[0], 7);
        again.shorten(3);
        assert_eq!(again.into_bytes().len(), 3);
    }

    #[tokio::test]
    async fn a_part_larger_than_the_budget_goes_alone() {
        let budget = PartBudget::new(1024 * 1024);
        assert_eq!(budget.buffer(4 * 1024 * 1024).await.len(), 4 * 1024 * 1024);
    }
}
