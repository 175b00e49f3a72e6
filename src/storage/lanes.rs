//! Several futures side by side on the task that waits for them, without spawning anything.
//!
//! When one fails, or the whole is dropped, the others are dropped at once, so nothing goes on behind the back of a
//! transfer that has ended.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use crate::domain::StorageError;

/// One of several.
pub(super) type Lane<'a, E = StorageError> =
    Pin<Box<dyn Future<Output = Result<(), E>> + Send + 'a>>;

/// Runs all to their end; the first failure ends them all.
pub(super) async fn all<E>(mut lanes: Vec<Lane<'_, E>>) -> Result<(), E> {
    poll_fn(move |context| {
        let mut index = 0;
        while index < lanes.len() {
            match lanes[index].as_mut().poll(context) {
                Poll::Ready(Ok(())) => drop(lanes.swap_remove(index)),
                Poll::Ready(Err(error)) => {
                    lanes.clear();
                    return Poll::Ready(Err(error));
                }
                Poll::Pending => index += 1,
            }
        }
        if lanes.is_empty() {
            Poll::Ready(Ok(()))
        } else {
            Poll::Pending
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn lanes_run_together_and_fail_together() {
        let done = AtomicUsize::new(0);
        let started = tokio::time::Instant::now();
        let lane = |ticks: u64, fails: bool| {
            let done = &done;
            Box::pin(async move {
                tokio::time::sleep(Duration::from_millis(50 * ticks)).await;
                done.fetch_add(1, Ordering::Relaxed);
                if fails { Err(ticks) } else { Ok(()) }
            }) as Lane<'_, u64>
        };
        assert_eq!(
            all(vec![lane(3, false), lane(1, false), lane(2, false)]).await,
            Ok(())
        );
        assert!(
            started.elapsed() < Duration::from_millis(290),
            "one after the other"
        );
        assert_eq!(all(vec![lane(9, false), lane(1, true)]).await, Err(1));
        assert_eq!(done.load(Ordering::Relaxed), 4, "the long lane was dropped");
    }
}
