//! Keys of white space only, which S3 has and the SDK refuses before it asks.
//!
//! Calls of the SDK name their key through [`sdk_key`]. A key that the SDK would refuse travels through it behind a mark
//! that no key can hold by chance, and [`Unmark`] takes the mark out of the path before anything is signed.

use std::borrow::Cow;
use std::sync::LazyLock;

use aws_sdk_s3::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;

/// Drawn anew by each process: letters and digits, which no encoding changes.
static MARK: LazyLock<String> = LazyLock::new(|| {
    let mut bytes = [0_u8; 16];
    if getrandom::fill(&mut bytes).is_err() {
        // Only a key of exactly these letters could be taken for a mark.
        bytes = std::time::UNIX_EPOCH
            .elapsed()
            .map_or(0, |age| age.as_nanos())
            .to_le_bytes();
    }
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("blank{hex}")
});

/// The key as the SDK takes it.
pub(super) fn sdk_key(key: &str) -> Cow<'_, str> {
    if key.trim().is_empty() && !key.is_empty() {
        Cow::Owned(format!("{}{key}", *MARK))
    } else {
        Cow::Borrowed(key)
    }
}

/// Takes the mark of [`sdk_key`] out of a request's path.
#[derive(Debug)]
pub(super) struct Unmark;

#[dyn_dispatch_hint]
impl Intercept for Unmark {
    fn name(&self) -> &'static str {
        "Unmark"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        if request.uri().contains(MARK.as_str()) {
            let bare = request.uri().replacen(MARK.as_str(), "", 1);
            request.set_uri(bare)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_that_the_sdk_refuses_are_marked() {
        for key in ["a", " a", "/", "", "."] {
            assert_eq!(sdk_key(key), key);
        }
        for key in [" ", "  ", "\t", "\n", "\u{3000}", "\u{a0} "] {
            assert!(
                sdk_key(key).ends_with(key) && sdk_key(key) != key,
                "{key:?}"
            );
        }
    }
}
