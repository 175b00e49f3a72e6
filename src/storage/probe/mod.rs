//! Questions about a connection, each asked once and answered with its time: what the Doctor looks through.
//!
//! `way` goes to the server piece by piece (name, sockets, TLS, proxy); here are the questions about keys and bucket. They are signed and sent as any request of the connection is, but nothing is put
//! right on the way: no other region, no second try, except for a clock that the answer itself has put right.

mod certificate;
mod way;

use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, Method};

pub use self::way::{Greeting, Handshake, ProxyWay, Way, connects, greeting, resolve};

use super::endpoint::{Purpose, Target};
use super::page;
use super::raw::{self, Payload, RawRequest};
use super::sign::v4;
use super::{Caller, Storage, clock, error, xml};
use crate::domain::{ErrorKind, ListSink, Operation, StorageError, Timestamp};

/// The answer to one question.
#[derive(Debug)]
pub struct Probe<T> {
    /// From sending to the last byte.
    pub took: Duration,
    /// Seconds that the server's clock is ahead of this computer's, where it told the time.
    pub ahead_secs: Option<i64>,
    /// What it answers was signed with this computer's time as it is.
    pub own_time: bool,
    /// The answer.
    pub result: Result<T, StorageError>,
}

impl<T> Probe<T> {
    fn map<U>(self, read: impl FnOnce(T) -> Result<U, StorageError>) -> Probe<U> {
        Probe {
            took: self.took,
            ahead_secs: self.ahead_secs,
            own_time: self.own_time,
            result: self.result.and_then(read),
        }
    }

    fn failed(failure: StorageError) -> Self {
        Self {
            took: Duration::ZERO,
            ahead_secs: None,
            own_time: false,
            result: Err(failure),
        }
    }
}

/// An answer that is a success.
struct Told {
    headers: HeaderMap,
    body: Bytes,
}

#[derive(Default)]
struct Count(usize);

impl ListSink for Count {
    fn object(&mut self, _: &str, _: u64, _: Timestamp, _: &str, _: &str) {
        self.0 += 1;
    }

    fn folder(&mut self, _: &str) {
        self.0 += 1;
    }
}

impl Storage {
    /// The region that requests are signed for as the connection is set, whatever was learned since.
    #[must_use]
    pub fn set_region(&self) -> &str {
        self.core.endpoint.region()
    }

    /// True when the connection goes to Amazon itself.
    #[must_use]
    pub fn is_amazon(&self) -> bool {
        self.core.endpoint.is_amazon()
    }

    /// True when requests are not signed.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.core.keyring.is_anonymous()
    }

    /// `HEAD` of the bucket: the region that it says it is in. A refusal tells it in [`StorageError::region`].
    pub async fn ask_bucket(&self) -> Probe<Option<String>> {
        let request = bare(Operation::Head, Method::HEAD, &[]);
        let probe = self.ask_about_bucket(&request).await;
        probe.map(|told| Ok(text_of(&told.headers, "x-amz-bucket-region")))
    }

    /// `GetBucketLocation`: the region by its name; `None` where it is left empty. Amazon's own two odd names are read: empty
    /// for the first region, `EU` for that of Ireland. Elsewhere both mean what they say.
    pub async fn ask_location(&self) -> Probe<Option<String>> {
        let request = bare(Operation::Head, Method::GET, &[("location", "")]);
        let probe = self.ask_about_bucket(&request).await;
        let is_amazon = self.is_amazon();
        probe.map(|told| {
            if !has_element(&told.body, b"LocationConstraint") {
                return Err(foreign(Operation::Head));
            }
            let place = xml::text_in(&told.body, b"LocationConstraint").unwrap_or_default();
            let named = match place.trim() {
                "" if is_amazon => Some("us-east-1"),
                "" => None,
                "EU" if is_amazon => Some("eu-west-1"),
                place => Some(place),
            };
            Ok(named.map(str::to_owned))
        })
    }

    /// Lists one key below a prefix: how many came, 0 or 1.
    pub async fn ask_one_key(&self, prefix: &str) -> Probe<usize> {
        match self.bucket_target() {
            Ok(target) => self.one_key_at(&target, prefix).await,
            Err(failure) => Probe::failed(failure),
        }
    }

    /// The same with the bucket in the path instead of the host name, or the other way round; `None` where there is no
    /// other way. Tells the host that was asked too.
    pub async fn ask_one_key_otherwise(&self, prefix: &str) -> Option<Probe<usize>> {
        let target = self.other_target()?;
        Some(self.one_key_at(&target, prefix).await)
    }

    /// Who signs, as the token service sees it; that needs no permission, so its answer is about the keys alone.
    pub async fn ask_caller(&self) -> Probe<Caller> {
        let mut named = self.core.named_caller.lock().await;
        let began = Instant::now();
        let result = self.caller().await;
        *named = Some(result.is_ok());
        Probe {
            took: began.elapsed(),
            ahead_secs: None,
            own_time: false,
            result,
        }
    }

    /// Whether this server speaks STS; `None` when that cannot be told. Where the service's own address is set elsewhere,
    /// that is asked.
    pub async fn ask_sts(&self) -> Option<bool> {
        // Keys that it knows make the answer sure; others may be refused by S3 and by STS in the same words. Whoever asked
        // before, asked for this too.
        let mut named = self.core.named_caller.lock().await;
        if named.is_none() && !self.is_anonymous() {
            *named = Some(self.caller().await.is_ok());
        }
        if *named == Some(true) {
            return Some(true);
        }
        drop(named);
        self.core.sts.is_spoken().await.ok()
    }

    /// The buckets of the account by name.
    pub async fn ask_buckets(&self) -> Probe<Vec<String>> {
        let target = match self.core.endpoint.target(None, Purpose::Request) {
            Ok(target) => target,
            Err(failure) => return Probe::failed(failure),
        };
        let request = bare(Operation::ListBuckets, Method::GET, &[]);
        let probe = self.ask(&request, &target).await;
        probe.map(|told| {
            let body = &told.body;
            if !has_element(body, b"ListAllMyBucketsResult") {
                return Err(foreign(Operation::ListBuckets));
            }
            Ok(bucket_names(body))
        })
    }

    async fn one_key_at(&self, target: &Target, prefix: &str) -> Probe<usize> {
        let query = [
            ("list-type", "2"),
            ("encoding-type", "url"),
            ("max-keys", "1"),
            ("prefix", prefix),
        ];
        let request = RawRequest {
            subject: prefix,
            ..bare(Operation::List, Method::GET, &query)
        };
        let probe = self.ask(&request, target).await;
        let own = self.bucket.as_deref();
        probe.map(|told| match page::check(&told.body) {
            // A server that looks at the host only, or at the path only, may list another bucket, or one of its own.
            Ok(())
                if xml::text_in(&told.body, b"Name").is_some_and(|name| is_other(&name, own)) =>
            {
                Err(foreign(Operation::List))
            }
            Ok(()) => {
                let mut count = Count::default();
                page::read(&told.body, &mut count);
                Ok(count.0)
            }
            Err(page::NoPage::Error) => Err(error::from_answer(
                Operation::List,
                prefix,
                200,
                &told.headers,
                &told.body,
            )),
            Err(page::NoPage::Cut) if told.body.len() > 1 => Err(StorageError {
                code: Some(error::ANSWER_CUT.to_owned()),
                ..StorageError::new(Operation::List, ErrorKind::Corrupt, prefix)
            }),
            Err(page::NoPage::Cut | page::NoPage::Foreign) => Err(foreign(Operation::List)),
        })
    }

    fn bucket_target(&self) -> Result<Target, StorageError> {
        self.core
            .endpoint
            .target(Some(self.bucket()?), Purpose::Request)
    }

    /// Where the bucket is found in the other style.
    fn other_target(&self) -> Option<Target> {
        let bucket = self.bucket.as_deref()?;
        let other = self.core.endpoint.with_other_style(bucket)?;
        other.target(Some(bucket), Purpose::Request).ok()
    }

    async fn ask_about_bucket(&self, request: &RawRequest<'_>) -> Probe<Told> {
        match self.bucket_target() {
            Ok(target) => self.ask(request, &target).await,
            Err(failure) => Probe::failed(failure),
        }
    }

    /// Asks once; twice when the first answer showed that it was signed with a wrong time.
    async fn ask(&self, request: &RawRequest<'_>, target: &Target) -> Probe<Told> {
        let first = self.ask_once(request, target).await;
        match &first.result {
            Err(failure) if failure.kind == ErrorKind::ClockSkew => {
                self.ask_once(request, target).await
            }
            _ => first,
        }
    }

    async fn ask_once(&self, request: &RawRequest<'_>, target: &Target) -> Probe<Told> {
        // Credentials may take their time; that is not the server's.
        if let Err(failure) = self.identity().await {
            return Probe::failed(failure);
        }
        let (sent, began) = (SystemTime::now(), Instant::now());
        let skew_secs = self.core.clock.skew_secs();
        let response = self.send_to(request, target, no_body()).await;
        let response = match response {
            Ok(response) => response,
            Err(failure) => {
                return Probe {
                    took: began.elapsed(),
                    ..Probe::failed(failure)
                };
            }
        };
        let (head, body) = response.into_parts();
        let ahead_secs = text_of(&head.headers, "date")
            .and_then(|date| clock::http_date(&date))
            .map(|server| ahead(server, sent, began.elapsed()));
        let result = match raw::read_body(request, &head.headers, body).await {
            Err(failure) => Err(failure),
            Ok(body) if head.status.is_success() => Ok(Told {
                headers: head.headers.clone(),
                body,
            }),
            Ok(body) => Err(self.refused(request, skew_secs, &head, &body)),
        };
        Probe {
            took: began.elapsed(),
            ahead_secs,
            own_time: skew_secs == 0 && !self.is_anonymous(),
            result,
        }
    }
}

/// Seconds that the server is ahead: its time stands for the middle of the second it names, and for the middle of the
/// exchange.
fn ahead(server: Timestamp, sent: SystemTime, took: Duration) -> i64 {
    let middle = sent + took / 2;
    let own = middle.duration_since(SystemTime::UNIX_EPOCH);
    let own_ms = own.map_or(0, |own| own.as_millis() as i64);
    let ahead_ms = server.0.saturating_mul(1000).saturating_add(500) - own_ms;
    // Towards nothing: less than a second is no difference.
    ahead_ms / 1000
}

const fn bare<'a>(
    operation: Operation,
    method: Method,
    query: &'a [(&'a str, &'a str)],
) -> RawRequest<'a> {
    RawRequest {
        operation,
        subject: "",
        method,
        key: "",
        query,
        headers: &[],
        patience: raw::PATIENCE,
    }
}

fn no_body() -> Payload {
    Payload {
        body: Bytes::new(),
        hash: v4::UNSIGNED_PAYLOAD.to_owned(),
    }
}

/// True for the name of another bucket. An access point is listed by its own name or by that of its bucket.
fn is_other(name: &str, own: Option<&str>) -> bool {
    own.is_some_and(|own| !name.is_empty() && name != own && !own.starts_with("arn:"))
}

fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?;
    (!text.is_empty()).then(|| text.to_owned())
}

fn foreign(operation: Operation) -> StorageError {
    StorageError::new(operation, ErrorKind::Unsupported, "")
        .with_message("the answer is none of S3; is this the address of an S3 server?")
}

fn has_element(body: &[u8], name: &[u8]) -> bool {
    let mut tokens = xml::Scanner::new(body);
    tokens
        .any(|token| matches!(token, xml::Token::Open(own) | xml::Token::Empty(own) if own == name))
}

fn bucket_names(body: &[u8]) -> Vec<String> {
    let (mut names, mut in_bucket, mut in_name) = (Vec::new(), false, false);
    for token in xml::Scanner::new(body) {
        match token {
            xml::Token::Open(b"Bucket") => in_bucket = true,
            xml::Token::Close(b"Bucket") => in_bucket = false,
            xml::Token::Open(name) => in_name = in_bucket && name == b"Name",
            xml::Token::Text(text) if in_name => names.push(xml::unescape(text).trim().to_owned()),
            _ => in_name = false,
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_buckets_are_read_and_not_those_of_owners() {
        let body = b"<ListAllMyBucketsResult><Owner><DisplayName>o</DisplayName><Name>no</Name></Owner>\
            <Buckets><Bucket><Name>a</Name></Bucket><Bucket><CreationDate>x</CreationDate><Name>b</Name></Bucket>\
            </Buckets></ListAllMyBucketsResult>";
        assert_eq!(bucket_names(body), ["a", "b"]);
        let has_root = |body: &[u8]| has_element(body, b"ListAllMyBucketsResult");
        assert!(has_root(body) && has_root(b"<ListAllMyBucketsResult/>") && !has_root(b"<html>"));
    }

    #[test]
    fn less_than_a_second_is_no_difference() {
        let at = |ms: u64| SystemTime::UNIX_EPOCH + Duration::from_millis(ms);
        assert_eq!(ahead(Timestamp(100), at(100_900), Duration::ZERO), 0);
        assert_eq!(
            ahead(Timestamp(100), at(99_000), Duration::from_millis(400)),
            1
        );
        assert_eq!(ahead(Timestamp(100), at(1_000_000), Duration::ZERO), -899);
    }
}
