//! S3's calls one by one, each as boto3 makes it: the same method, URL, headers and signature.
//!
//! The storages of `django` are built from these, because there it is defined which calls are made. [`Calls`] is a
//! view of a [`Storage`]: same bucket, same credentials, same sockets. Parts: `object` (head, get, put, delete),
//! `multipart`, `list` (the old listing call), `upload` (a whole file, in parts from 8 MiB on), `ask` (any one request).
//!
//! What passes is tried again, five times in all. A bucket that lives in another region is found, by a `HEAD` of the
//! bucket where the refusal does not tell, and the call is sent there.

mod ask;
mod list;
mod multipart;
mod object;
mod upload;

use bytes::Bytes;
use http::{HeaderMap, Method, Response};
use md5::{Digest as _, Md5};
use sha2::Sha256;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::Storage;
use super::attempt::pause_before;
use super::endpoint::Purpose;
use super::log::{Incoming, as_try};
use super::raw::{self, Payload, RawRequest};
use super::sign::v4;
use crate::domain::{ErrorKind, Operation, StorageError};

pub use self::ask::{Question, Reply};
pub use self::list::OldPage;
pub use self::multipart::{MultipartId, PartTag};
pub use self::object::ObjectHead;
pub use self::upload::{MULTIPART_FROM, Source};
pub use super::page::NoPage;

/// Tries in all, as botocore's usual mode counts them.
const TRIES: u32 = 5;

/// S3's calls on the bucket in which a storage stands.
#[derive(Clone, Copy, Debug)]
pub struct Calls<'a>(&'a Storage);

impl Storage {
    /// S3's calls, one by one.
    #[must_use]
    pub const fn calls(&self) -> Calls<'_> {
        Calls(self)
    }
}

/// One call before it is signed.
#[derive(Clone, Debug)]
struct Call<'a> {
    operation: Operation,
    method: Method,
    key: &'a str,
    query: Vec<(&'a str, &'a str)>,
    headers: Vec<(String, String)>,
    body: Bytes,
    sum: BodySum,
}

/// How the body is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BodySum {
    /// Its hash is signed.
    Signed,
    /// Under TLS its MD5 goes along instead, which spares a pass over the bytes.
    Md5,
    /// This text is signed in its place.
    Is(&'static str),
}

/// A whole answer.
#[derive(Clone, Debug)]
struct Answer {
    headers: HeaderMap,
    body: Bytes,
}

impl<'a> Call<'a> {
    const fn new(operation: Operation, method: Method, key: &'a str) -> Self {
        Self {
            operation,
            method,
            key,
            query: Vec::new(),
            headers: Vec::new(),
            body: Bytes::new(),
            sum: BodySum::Signed,
        }
    }
}

impl Answer {
    fn header(&self, name: &str) -> Option<String> {
        text_of(&self.headers, name)
    }
}

fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

impl Calls<'_> {
    /// Makes a call and reads the whole answer.
    async fn whole(&self, call: &Call<'_>) -> Result<Answer, StorageError> {
        let (head, body) = self.open(call).await?.into_parts();
        let body = raw::read_body(&raw_request(call, &[]), &head.headers, body).await?;
        Ok(Answer {
            headers: head.headers,
            body,
        })
    }

    /// Makes a call; the body of the answer is still to come.
    async fn open(&self, call: &Call<'_>) -> Result<Response<Incoming>, StorageError> {
        let mut tries = 0;
        let mut redirected = false;
        let mut renewed = false;
        loop {
            let stamp = self.0.stamp().await?;
            let failure = match as_try(tries, self.once(call)).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            tries += 1;
            if !redirected && is_elsewhere(call, &failure) {
                redirected = true;
                if self.find_region(&failure).await {
                    continue;
                }
            }
            if !renewed
                && failure.kind == ErrorKind::ExpiredCredentials
                && self.0.core.keyring.forget(stamp)
            {
                renewed = true;
                continue;
            }
            if tries >= TRIES || !failure.kind.is_transient() {
                return Err(failure);
            }
            tokio::time::sleep(pause_before(tries, failure.kind)).await;
        }
    }

    async fn once(&self, call: &Call<'_>) -> Result<Response<Incoming>, StorageError> {
        let bucket = self.0.bucket()?;
        let target = self
            .0
            .core
            .endpoint
            .target(Some(bucket), Purpose::Request)?;
        let is_tls = target.scheme == "https";
        let mut headers = call.headers.clone();
        if call.sum == BodySum::Md5 {
            headers.push((
                "content-md5".to_owned(),
                BASE64.encode(Md5::digest(&call.body)),
            ));
        }
        let unsigned = call.sum == BodySum::Md5 && is_tls;
        let payload = Payload {
            body: call.body.clone(),
            hash: match call.sum {
                BodySum::Is(named) => named.to_owned(),
                _ if unsigned => v4::UNSIGNED_PAYLOAD.to_owned(),
                BodySum::Md5 | BodySum::Signed => v4::hex(&Sha256::digest(&call.body)),
            },
        };
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let request = raw_request(call, &headers);
        let skew_secs = self.0.core.clock.skew_secs();
        let response = self.0.send_to(&request, &target, payload).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let (head, body) = response.into_parts();
        let body = raw::read_body(&request, &head.headers, body).await?;
        let failure = self.0.refused(&request, skew_secs, &head, &body);
        Err(self.0.judged(failure))
    }

    /// Learns where the bucket lives. True when that is news, so that the call may succeed now.
    async fn find_region(&self, failure: &StorageError) -> bool {
        let Ok(bucket) = self.0.bucket() else {
            return false;
        };
        let region = match &failure.region {
            Some(region) => Some(region.clone()),
            None => self.bucket_region().await,
        };
        region.is_some_and(|region| self.0.core.endpoint.learn(bucket, &region))
    }

    /// What a `HEAD` of the bucket says about its region, whatever else it says.
    async fn bucket_region(&self) -> Option<String> {
        let call = Call::new(Operation::Head, Method::HEAD, "");
        match self.once(&call).await {
            Ok(response) => text_of(response.headers(), "x-amz-bucket-region"),
            Err(failure) => failure.region,
        }
    }
}

fn raw_request<'a>(call: &'a Call<'_>, headers: &'a [(&'a str, &'a str)]) -> RawRequest<'a> {
    RawRequest {
        operation: call.operation,
        subject: call.key,
        method: call.method.clone(),
        key: call.key,
        query: &call.query,
        headers,
        patience: raw::PATIENCE,
    }
}

/// Whether a refusal may mean that the bucket lives in another region, as botocore reads it: a redirect, a refused
/// signing region, or a bare 400 to a `HEAD`, which has no body that could say so.
fn is_elsewhere(call: &Call<'_>, failure: &StorageError) -> bool {
    match failure.status {
        Some(301 | 302 | 307) => true,
        Some(400) if call.method == Method::HEAD => true,
        _ => failure.kind == ErrorKind::WrongRegion,
    }
}
