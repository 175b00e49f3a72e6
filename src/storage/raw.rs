//! Signed requests without the SDK, for the hot paths.
//!
//! One request, one answer: no retry, no redirect. [`Storage::fetch`] reads a whole answer within limits of time and
//! size, and turns what is no success into a [`StorageError`].

use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, response};
use http_body_util::BodyExt as _;

use super::endpoint::{Purpose, Target};
use super::log::Incoming;
use super::sign::{self, Signing, v2, v4};
use super::{Storage, error};
use crate::domain::{ErrorKind, Operation, SignatureVersion, StorageError};

/// How long an answer may take to begin, and how long it may stop in its middle.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// No page of a listing is nearly as large; more is not a listing.
const LARGEST_ANSWER: usize = 64 << 20;

/// A request without a body to the bucket in which the storage stands.
#[derive(Clone, Debug)]
pub(crate) struct RawRequest<'a> {
    /// What it is for, in failures.
    pub(crate) operation: Operation,
    /// What it is about, in failures.
    pub(crate) subject: &'a str,
    /// The HTTP method.
    pub(crate) method: Method,
    /// The key; empty for the bucket itself.
    pub(crate) key: &'a str,
    /// Names and values of the query, not encoded.
    pub(crate) query: &'a [(&'a str, &'a str)],
    /// More headers, names in lower case.
    pub(crate) headers: &'a [(&'a str, &'a str)],
    /// How long its answer may take to begin; mostly [`PATIENCE`].
    pub(crate) patience: Duration,
}

/// What goes along with a request.
#[derive(Clone, Debug)]
pub(super) struct Payload {
    /// The bytes.
    pub(super) body: Bytes,
    /// What version 4 signs of them.
    pub(super) hash: String,
}

impl Storage {
    /// Sends a signed request and gives the answer as soon as its head is there, whatever its status.
    ///
    /// # Errors
    /// When there is nothing to sign with, or no answer.
    pub(crate) async fn send(
        &self,
        request: &RawRequest<'_>,
    ) -> Result<Response<Incoming>, StorageError> {
        let bucket = self.bucket()?;
        let target = self.core.endpoint.target(Some(bucket), Purpose::Request)?;
        let payload = Payload {
            body: Bytes::new(),
            hash: v4::UNSIGNED_PAYLOAD.to_owned(),
        };
        self.send_to(request, &target, payload).await
    }

    /// Sends a signed request with a body to a place that has been found.
    ///
    /// # Errors
    /// When there is nothing to sign with, or no answer.
    pub(super) async fn send_to(
        &self,
        request: &RawRequest<'_>,
        target: &Target,
        payload: Payload,
    ) -> Result<Response<Incoming>, StorageError> {
        let signed = self.signed(request, target, payload).await?;
        match tokio::time::timeout(request.patience, self.core.pool.send(signed)).await {
            Ok(Ok(response)) => {
                self.core.marks.note(response.headers());
                Ok(response)
            }
            Ok(Err(failure)) => Err(error::from_transport(
                request.operation,
                request.subject,
                failure,
            )),
            Err(_) => Err(late(request)),
        }
    }

    /// Sends a signed request and reads the whole answer.
    ///
    /// # Errors
    /// Everything but a success.
    pub(crate) async fn fetch(&self, request: &RawRequest<'_>) -> Result<Bytes, StorageError> {
        let skew_secs = self.core.clock.skew_secs();
        let (head, body) = self.send(request).await?.into_parts();
        let body = read_body(request, &head.headers, body).await?;
        if head.status.is_success() {
            return Ok(body);
        }
        Err(self.refused(request, skew_secs, &head, &body))
    }

    /// The failure that an answer tells to a request signed with that skew. One of the time puts the clock right.
    pub(super) fn refused(
        &self,
        request: &RawRequest<'_>,
        skew_secs: i64,
        head: &response::Parts,
        body: &[u8],
    ) -> StorageError {
        let status = head.status.as_u16();
        let (operation, subject) = (request.operation, request.subject);
        let failure = error::from_answer(operation, subject, status, &head.headers, body);
        if failure.kind == ErrorKind::ClockSkew {
            self.core.clock.refused(skew_secs, false);
        }
        failure
    }

    async fn signed(
        &self,
        request: &RawRequest<'_>,
        target: &Target,
        payload: Payload,
    ) -> Result<Request<SdkBody>, StorageError> {
        let invalid = |failure: http::Error| {
            StorageError::new(request.operation, ErrorKind::Invalid, request.subject)
                .with_source(failure)
        };
        let url = sign::request_url(target, request.key, request.query);
        let mut built = Request::builder()
            .method(request.method.clone())
            .uri(url)
            .header(http::header::HOST, target.host_header())
            .body(SdkBody::from(payload.body))
            .map_err(invalid)?;
        let mut add = |name: &str, value: &str| -> Result<(), StorageError> {
            let name = HeaderName::try_from(name).map_err(|error| invalid(error.into()))?;
            let mut value = HeaderValue::try_from(value).map_err(|error| invalid(error.into()))?;
            value.set_sensitive(name == "authorization" || name == "x-amz-security-token");
            built.headers_mut().insert(name, value);
            Ok(())
        };
        for (name, value) in request.headers {
            add(name, value)?;
        }
        if self.core.keyring.is_anonymous() {
            return Ok(built);
        }
        let keys = self
            .core
            .keyring
            .credentials()
            .await
            .map_err(|failure| error::from_credentials(self.credentials_name(), failure))?;
        let signing = Signing {
            keys: &keys,
            target,
            method: request.method.as_str(),
            key: request.key,
            query: request.query,
            headers: request.headers,
            time: self.core.clock.now(),
        };
        let headers = match self.config().signature {
            SignatureVersion::V2 => v2::request_headers(&signing),
            SignatureVersion::V4 | SignatureVersion::Default => {
                v4::request_headers(&signing, &self.core.days, &payload.hash)
            }
        };
        for (name, value) in &headers {
            add(name, value)?;
        }
        Ok(built)
    }
}

/// Reads a whole body within limits of time and size.
///
/// # Errors
/// When it is late, too long or cut.
pub(super) async fn read_body(
    request: &RawRequest<'_>,
    headers: &HeaderMap,
    mut body: Incoming,
) -> Result<Bytes, StorageError> {
    let told = headers
        .get(http::header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let mut read = BytesMut::with_capacity(told.unwrap_or(256 << 10).min(LARGEST_ANSWER));
    loop {
        let Ok(frame) = tokio::time::timeout(PATIENCE, body.frame()).await else {
            return Err(late(request));
        };
        match frame {
            None => return Ok(read.freeze()),
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    read.extend_from_slice(data);
                }
            }
            Some(Err(failure)) => {
                return Err(error::from_body(
                    request.operation,
                    request.subject,
                    failure,
                ));
            }
        }
        if read.len() > LARGEST_ANSWER {
            return Err(
                StorageError::new(request.operation, ErrorKind::Corrupt, request.subject)
                    .with_message("the answer does not end"),
            );
        }
    }
}

fn late(request: &RawRequest<'_>) -> StorageError {
    StorageError::new(request.operation, ErrorKind::TimedOut, request.subject)
        .with_message("no answer in time")
}
