//! Trying again, noticing a stall, and counting bytes while they move.
//!
//! [`retried`] repeats what may succeed later, with growing pauses of random length. [`watched`] runs one request,
//! reports its bytes as they leave or arrive, takes them back when it fails, and gives up when nothing moves.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::capability::Capability;
use super::log::as_try;
use crate::domain::{ErrorKind, Operation, StorageError};

/// A request without a byte moving for so long is dead, unless the surroundings say otherwise.
pub(super) const STALL: Duration = Duration::from_secs(30);

/// How often one request is tried.
pub(super) const TRIES: u32 = 5;

/// How often bytes are reported.
const REPORT_EVERY: Duration = Duration::from_millis(100);

const FIRST_PAUSE: Duration = Duration::from_millis(200);
const FIRST_PAUSE_THROTTLED: Duration = Duration::from_millis(800);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Where progress goes: the number of additional bytes, negative when some have to be sent or read again.
pub type Progress<'a> = dyn Fn(i64) + Send + Sync + 'a;

/// What an attempt belongs to.
#[derive(Clone, Copy)]
pub(super) struct Effort<'a> {
    pub(super) operation: Operation,
    pub(super) subject: &'a str,
    pub(super) cancel: &'a CancellationToken,
    pub(super) capability: &'a Capability,
    /// Nothing moves for so long: dead.
    pub(super) stall: Duration,
}

impl Effort<'_> {
    pub(super) fn cancelled(&self) -> StorageError {
        StorageError::cancelled(self.operation, self.subject)
    }

    /// Gives up on a request that takes longer than this.
    pub(super) async fn within<T>(
        self,
        limit: Duration,
        request: impl Future<Output = Result<T, StorageError>>,
    ) -> Result<T, StorageError> {
        tokio::time::timeout(limit, request)
            .await
            .unwrap_or_else(|_| {
                let error = StorageError::new(self.operation, ErrorKind::TimedOut, self.subject);
                Err(error.with_message(format!("no answer within {} seconds", limit.as_secs())))
            })
    }
}

/// Repeats an attempt that failed for a reason that may pass, up to [`TRIES`] times in all.
pub(super) async fn retried<T, Fut>(
    effort: Effort<'_>,
    mut attempt: impl FnMut() -> Fut,
) -> Result<T, StorageError>
where
    Fut: Future<Output = Result<T, StorageError>>,
{
    let mut tries = 0;
    loop {
        let error = match as_try(tries, attempt()).await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        effort.capability.note(&error);
        tries += 1;
        // A request refused for its time has told the clock the right one.
        let passes =
            error.kind.is_transient() || (error.kind == ErrorKind::ClockSkew && tries == 1);
        if tries >= TRIES || !passes {
            return Err(error);
        }
        tokio::select! {
            () = effort.cancel.cancelled() => return Err(effort.cancelled()),
            () = tokio::time::sleep(pause_before(tries, error.kind)) => {}
        }
    }
}

/// The pause before the next try: doubles each time, and half of it is random so that many do not come back at once.
pub(crate) fn pause_before(tries_so_far: u32, kind: ErrorKind) -> Duration {
    let first = if kind == ErrorKind::Throttled {
        FIRST_PAUSE_THROTTLED
    } else {
        FIRST_PAUSE
    };
    let full = first
        .saturating_mul(1 << tries_so_far.saturating_sub(1).min(10))
        .min(LONGEST_PAUSE);
    let random = getrandom::u32().unwrap_or(u32::MAX / 2);
    full / 2 + full.mul_f64(f64::from(random) / f64::from(u32::MAX) / 2.0)
}

/// Bytes of one request that have moved, counted where they move.
#[derive(Debug, Default)]
pub(super) struct Meter(AtomicU64);

impl Meter {
    pub(super) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    /// A new attempt begins at nothing.
    pub(super) fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    fn moved(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How the bytes of a request count in the progress of the whole: `counts` of the file's bytes for `moves` on the wire.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    pub(super) moves: u64,
    pub(super) counts: u64,
}

impl Scale {
    fn of(self, moved: u64) -> i64 {
        let counted = u128::from(moved.min(self.moves)) * u128::from(self.counts)
            / u128::from(self.moves.max(1));
        i64::try_from(counted).unwrap_or(i64::MAX)
    }
}

/// Runs one request to its end while its bytes are reported. Ends early when cancelled, or when nothing moves for
/// [`Effort::stall`]; then, and when it fails, what was reported is taken back.
pub(super) async fn watched<T>(
    effort: Effort<'_>,
    meter: &Meter,
    scale: Scale,
    progress: &Progress<'_>,
    request: impl Future<Output = Result<T, StorageError>>,
) -> Result<T, StorageError> {
    let mut request = std::pin::pin!(request);
    let mut ticks = tokio::time::interval(REPORT_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut reported = 0;
    let mut seen = meter.moved();
    let mut last_move = Instant::now();
    let result = loop {
        tokio::select! {
            biased;
            () = effort.cancel.cancelled() => break Err(effort.cancelled()),
            result = &mut request => break result,
            _ = ticks.tick() => {}
        }
        let moved = meter.moved();
        if effort.capability.waits_for_person() {
            last_move = Instant::now();
        }
        if moved != seen {
            (seen, last_move) = (moved, Instant::now());
            let counted = scale.of(moved);
            if counted != reported {
                progress(counted - reported);
                reported = counted;
            }
        } else if last_move.elapsed() >= effort.stall {
            break Err(
                StorageError::new(effort.operation, ErrorKind::TimedOut, effort.subject)
                    .with_message(format!(
                        "nothing moved for {} seconds",
                        effort.stall.as_secs()
                    )),
            );
        }
    };
    let counted = match &result {
        Ok(_) => scale.of(scale.moves),
        Err(_) => 0,
    };
    if counted != reported {
        progress(counted - reported);
    }
    result
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicI64;

    use super::*;

    #[tokio::test]
    async fn only_what_may_pass_is_repeated() {
        let (cancel, capability) = (CancellationToken::new(), Capability::default());
        let effort = Effort {
            operation: Operation::Put,
            subject: "k",
            cancel: &cancel,
            capability: &capability,
            stall: STALL,
        };
        for (kind, expected_tries) in [(ErrorKind::Server, 2), (ErrorKind::AccessDenied, 1)] {
            let tries = AtomicU64::new(0);
            let result = retried(effort, || async {
                match tries.fetch_add(1, Ordering::Relaxed) {
                    0 => Err(StorageError::new(Operation::Put, kind, "k")),
                    _ => Ok(()),
                }
            })
            .await;
            assert_eq!(tries.load(Ordering::Relaxed), expected_tries);
            assert_eq!(result.is_ok(), expected_tries == 2);
        }
        cancel.cancel();
        let result: Result<(), _> = retried(effort, || async {
            Err(StorageError::new(Operation::Put, ErrorKind::Throttled, "k"))
        })
        .await;
        assert_eq!(result.unwrap_err().kind, ErrorKind::Cancelled);
        assert_eq!(capability.throttled(), 1);
    }

    #[tokio::test]
    async fn progress_of_a_failed_request_is_taken_back() {
        let (cancel, capability) = (CancellationToken::new(), Capability::default());
        let effort = Effort {
            operation: Operation::Put,
            subject: "k",
            cancel: &cancel,
            capability: &capability,
            stall: STALL,
        };
        let total = AtomicI64::new(0);
        let progress = |more: i64| {
            total.fetch_add(more, Ordering::Relaxed);
        };
        let scale = Scale {
            moves: 100,
            counts: 1000,
        };
        for fails in [true, false] {
            let meter = Meter::default();
            let seen_inside = AtomicI64::new(0);
            let request = async {
                meter.add(50);
                tokio::time::sleep(REPORT_EVERY * 3).await;
                seen_inside.store(total.load(Ordering::Relaxed), Ordering::Relaxed);
                if fails {
                    Err(StorageError::new(Operation::Put, ErrorKind::Server, "k"))
                } else {
                    Ok(())
                }
            };
            let result = watched(effort, &meter, scale, &progress, request).await;
            assert_eq!(result.is_err(), fails);
            assert_eq!(seen_inside.load(Ordering::Relaxed), 500);
            assert_eq!(total.load(Ordering::Relaxed), if fails { 0 } else { 1000 });
        }
    }

    #[test]
    fn pauses_grow_and_end() {
        for tries in 1..40 {
            let pause = pause_before(tries, ErrorKind::Server);
            assert!(pause >= FIRST_PAUSE / 2 && pause <= LONGEST_PAUSE);
        }
        assert!(pause_before(1, ErrorKind::Throttled) > pause_before(1, ErrorKind::Server));
    }
}
