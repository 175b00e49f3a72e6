//! What every request with a body of ours has in common: bytes counted on their way out, headers, no second retry.
//!
//! Bodies are in memory, so the SDK signs or leaves them as they are and never cuts them into chunks. Only after
//! signing is the body exchanged for one that gives the same bytes in slices and counts them.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use aws_sdk_s3::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::{Builder, ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::Storage;
use super::attempt::Meter;
use super::endpoint::Purpose;
use super::upload_headers::UploadHeaders;

/// How much goes to the socket at once.
const SLICE_BYTES: usize = 128 * 1024;

/// One try by the SDK: the retries of transfers are ours, above it.
pub(super) fn once() -> Builder {
    Builder::new().retry_config(RetryConfig::disabled())
}

/// Puts headers of ours into a request before it is signed.
pub(super) fn apply(headers: &UploadHeaders) -> impl Fn(&mut HttpRequest) + Send + Sync + 'static {
    let headers = headers.clone();
    move |request| {
        for (name, value) in headers.iter() {
            let set = request
                .headers_mut()
                .try_insert(name.to_owned(), value.to_owned());
            // `UploadHeaders` holds only what a header can hold.
            debug_assert!(set.is_ok(), "{name}");
        }
    }
}

impl Storage {
    /// Whether the body may go unsigned: under TLS, or when it does not leave this computer.
    pub(super) fn body_may_go_unsigned(&self) -> bool {
        let Ok(target) = self
            .core
            .endpoint
            .target(self.bucket.as_deref(), Purpose::Request)
        else {
            return false;
        };
        let host = target
            .authority
            .rsplit_once(':')
            .map_or(target.authority.as_str(), |(host, _)| host);
        target.scheme == "https"
            || host == "localhost"
            || host
                .trim_matches(['[', ']'])
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

/// Exchanges the signed body for one that counts.
#[derive(Debug)]
pub(super) struct Counting {
    pub(super) content: Bytes,
    pub(super) meter: Arc<Meter>,
}

#[dyn_dispatch_hint]
impl Intercept for Counting {
    fn name(&self) -> &'static str {
        "Counting"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.meter.reset();
        if !self.content.is_empty() {
            *context.request_mut().body_mut() = SdkBody::from_body_1_x(CountedBody {
                rest: self.content.clone(),
                meter: Arc::clone(&self.meter),
            });
        }
        Ok(())
    }
}

struct CountedBody {
    rest: Bytes,
    meter: Arc<Meter>,
}

impl Body for CountedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let len = self.rest.len().min(SLICE_BYTES);
        let slice = self.rest.split_to(len);
        self.meter.add(len as u64);
        Poll::Ready(Some(Ok(Frame::data(slice))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
