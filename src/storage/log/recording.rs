//! One exchange while it runs: from the request's first byte to the answer's last.
//!
//! A [`Recorder`] belongs to a connection. It puts an exchange into the log when a request leaves; the bodies count
//! their bytes without a lock, and the log is touched three times an exchange: sent, head, end. What is dropped half-way
//! is closed in the log all the same.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Instant, SystemTime};

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{HeaderMap, Request, response};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming as HyperBody;

use super::{RequestLog, kept};
use crate::domain::diagnosis::ExchangeEnd;
use crate::storage::endpoint::Endpoint;
use crate::storage::{error, xml};

/// An error document is not longer than this.
const DOCUMENT_BYTES: usize = 4096;

/// Calls that may fail with a success in the head and an error in the document.
const LATE_FAILURES: &[&str] = &["CompleteMultipartUpload", "CopyObject", "UploadPartCopy"];

tokio::task_local! {
    /// How often the call was tried before, where a loop of ours repeats it.
    static TRIED: Cell<u32>;
}

/// Runs a try of a call; what it sends is recorded as such.
pub(in crate::storage) async fn as_try<T>(
    tried_before: u32,
    attempt: impl Future<Output = T>,
) -> T {
    TRIED.scope(Cell::new(tried_before), attempt).await
}

/// Records the exchanges of one connection.
#[derive(Clone, Debug)]
pub(in crate::storage) struct Recorder {
    log: RequestLog,
    connection: Arc<str>,
    endpoint: Endpoint,
}

impl Recorder {
    pub(in crate::storage) const fn new(
        log: RequestLog,
        connection: Arc<str>,
        endpoint: Endpoint,
    ) -> Self {
        Self {
            log,
            connection,
            endpoint,
        }
    }

    /// Puts a request into the log that is about to leave.
    pub(in crate::storage) fn begin(
        &self,
        request: Request<SdkBody>,
    ) -> (Request<Outgoing>, Sending) {
        let (head, body) = request.into_parts();
        let is_form = head.method == http::Method::POST
            && (text(&head.headers, "content-type"))
                .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        let form = if is_form { body.bytes() } else { None };
        let mut exchange = kept::exchange(&self.connection, &self.endpoint, &head, form);
        let tried = TRIED.try_with(Cell::get).unwrap_or_default();
        exchange.attempt = tried + attempt_of_sdk(&head.headers);
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        exchange.began_ms = since.map_or(0, |since| since.as_millis() as i64);
        let watches_document = LATE_FAILURES.contains(&exchange.operation);
        let recording = Arc::new(Recording {
            number: self.log.add(exchange),
            log: self.log.clone(),
            began: Instant::now(),
            sent: AtomicU64::default(),
            watches_document,
        });
        let body = Outgoing {
            body,
            recording: Some(Arc::clone(&recording)),
        };
        (Request::from_parts(head, body), Sending(Some(recording)))
    }
}

/// `attempt=2; max=3`
fn attempt_of_sdk(headers: &HeaderMap) -> u32 {
    text(headers, "amz-sdk-request")
        .and_then(|told| {
            told.strip_prefix("attempt=")?
                .split(';')
                .next()?
                .parse()
                .ok()
        })
        .unwrap_or(1)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[derive(Debug)]
struct Recording {
    log: RequestLog,
    number: u64,
    began: Instant,
    sent: AtomicU64,
    /// Also a success may hold an error document.
    watches_document: bool,
}

impl Recording {
    fn elapsed_us(&self) -> u64 {
        self.began.elapsed().as_micros() as u64
    }

    fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

/// A request whose answer has not begun. Dropped before that, the exchange is closed as one that nobody waits for.
pub(in crate::storage) struct Sending(Option<Arc<Recording>>);

impl Sending {
    /// The answer has begun; its body is recorded from here.
    pub(in crate::storage) fn answered(
        mut self,
        head: &response::Parts,
        body: HyperBody,
    ) -> Incoming {
        let Some(recording) = self.0.take() else {
            return Incoming::unrecorded(body);
        };
        let own = |name: &str| text(&head.headers, name).map(str::to_owned);
        let (status, first_byte) = (head.status.as_u16(), recording.elapsed_us());
        recording.log.change(recording.number, |exchange| {
            exchange.end = ExchangeEnd::Answered(status);
            exchange.first_byte_us = Some(first_byte);
            exchange.sent_bytes = recording.sent();
            exchange.request_id = own("x-amz-request-id").or_else(|| own("x-amzn-requestid"));
            exchange.host_id = own("x-amz-id-2");
            exchange.code = own("x-amz-error-code");
        });
        let document = (status >= 300 || recording.watches_document).then(Vec::new);
        let mut incoming = Incoming {
            body,
            recording: Some(recording),
            received: 0,
            document,
        };
        if incoming.body.is_end_stream() {
            incoming.finish();
        }
        incoming
    }

    /// No answer came.
    pub(in crate::storage) fn broke(mut self, failure: &(dyn std::error::Error + 'static)) {
        let Some(recording) = self.0.take() else {
            return;
        };
        let (kind, message) = error::told(failure);
        recording.log.change(recording.number, |exchange| {
            exchange.sent_bytes = recording.sent();
            exchange.total_us = Some(recording.elapsed_us());
            exchange.end = ExchangeEnd::Broken {
                kind,
                status: None,
                message,
            };
        });
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        if let Some(recording) = self.0.take() {
            recording.log.change(recording.number, |exchange| {
                exchange.sent_bytes = recording.sent();
                exchange.total_us = Some(recording.elapsed_us());
                exchange.end = ExchangeEnd::Dropped;
            });
        }
    }
}

/// The body of a request, counted as it leaves.
#[derive(Debug)]
pub(in crate::storage) struct Outgoing {
    body: SdkBody,
    recording: Option<Arc<Recording>>,
}

impl Outgoing {
    /// Where there is no log.
    pub(in crate::storage) const fn unrecorded(body: SdkBody) -> Self {
        Self {
            body,
            recording: None,
        }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = <SdkBody as Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let (Some(recording), Some(Ok(frame))) = (&self.recording, &frame)
            && let Some(data) = frame.data_ref()
        {
            (recording.sent).fetch_add(data.len() as u64, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        Body::is_end_stream(&self.body)
    }

    fn size_hint(&self) -> SizeHint {
        Body::size_hint(&self.body)
    }
}

/// The body of an answer, counted as it comes.
#[derive(Debug)]
pub(crate) struct Incoming {
    body: HyperBody,
    recording: Option<Arc<Recording>>,
    received: u64,
    /// The beginning of what may be an error document.
    document: Option<Vec<u8>>,
}

impl Incoming {
    /// Where there is no log.
    pub(in crate::storage) const fn unrecorded(body: HyperBody) -> Self {
        Self {
            body,
            recording: None,
            received: 0,
            document: None,
        }
    }

    fn count(&mut self, data: &[u8]) {
        self.received += data.len() as u64;
        if let Some(document) = &mut self.document {
            let room = DOCUMENT_BYTES
                .saturating_sub(document.len())
                .min(data.len());
            document.extend_from_slice(&data[..room]);
        }
    }

    /// The end of the exchange, whole or not.
    fn finish(&mut self) {
        let Some(recording) = self.recording.take() else {
            return;
        };
        let told = self
            .document
            .take()
            .map(|document| xml::error_fields(&document));
        recording.log.change(recording.number, |exchange| {
            exchange.sent_bytes = recording.sent();
            exchange.received_bytes = self.received;
            exchange.total_us = Some(recording.elapsed_us());
            if let Some(told) = told {
                exchange.code = told.code.or_else(|| exchange.code.take());
                exchange.request_id = exchange.request_id.take().or(told.request_id);
            }
        });
    }

    fn break_off(&mut self, failure: &hyper::Error) {
        let Some(recording) = &self.recording else {
            return;
        };
        let (kind, message) = error::told(failure);
        recording.log.change(recording.number, |exchange| {
            let status = exchange.status();
            exchange.end = ExchangeEnd::Broken {
                kind,
                status,
                message,
            };
        });
        self.finish();
    }
}

impl Body for Incoming {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if self.recording.is_some() {
            match &frame {
                None => self.finish(),
                Some(Err(failure)) => self.break_off(failure),
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        self.count(data);
                    }
                    // Who knows the length stops asking when all is there.
                    if self.body.is_end_stream() {
                        self.finish();
                    }
                }
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        self.finish();
    }
}
