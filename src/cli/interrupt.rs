//! The token by which a verb learns that it shall end.

use tokio_util::sync::CancellationToken;

/// A token for one run.
pub(super) fn watch() -> CancellationToken {
    CancellationToken::new()
}
