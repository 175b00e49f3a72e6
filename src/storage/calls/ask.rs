//! One request exactly as it is asked for, and what came back: for finding out what a server does and allows.
//!
//! Nothing is tried again but what a redirect to another region, ended credentials or the server's own time put right, so
//! the first answer is the one that is told. A refusal is a [`StorageError`] with the server's own status, code and words.

use bytes::Bytes;
use http::{HeaderMap, Method};

use super::{BodySum, Call, Calls};
use crate::domain::{ErrorKind, ListSink, Operation, StorageError, Timestamp};
use crate::storage::page::{self, NoPage};
use crate::storage::raw;
use crate::storage::xml;

/// A request to the bucket, or to the account.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// What it is for, in failures.
    pub operation: Operation,
    /// The HTTP method.
    pub method: Method,
    /// The key; empty for the bucket itself.
    pub key: &'a str,
    /// Names and values of the query, not encoded; a sub-resource has no value.
    pub query: Vec<(&'a str, &'a str)>,
    /// More headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// What is signed in place of the body's hash.
    pub payload: Option<&'static str>,
    /// False leaves the body of the answer where it is.
    pub wants_body: bool,
}

impl<'a> Question<'a> {
    /// A request without query, headers or body, whose whole answer is read.
    #[must_use]
    pub const fn new(operation: Operation, method: Method, key: &'a str) -> Self {
        Self {
            operation,
            method,
            key,
            query: Vec::new(),
            headers: Vec::new(),
            body: Bytes::new(),
            payload: None,
            wants_body: true,
        }
    }
}

/// A success.
#[derive(Clone, Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// The body, when it was wanted.
    pub body: Bytes,
    headers: HeaderMap,
}

impl Reply {
    /// A header; names in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        super::text_of(&self.headers, name)
    }

    /// The name of the first element of an XML body.
    #[must_use]
    pub fn root(&self) -> Option<String> {
        xml::root(&self.body)
    }

    /// True when nothing is missing at the end of an XML or JSON body.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let body = self.body.trim_ascii();
        match (body.first(), self.root()) {
            (Some(b'{'), _) => body.ends_with(b"}"),
            (Some(b'<'), root) => root.is_some_and(|root| xml::ends_with(body, root.as_bytes())),
            _ => true,
        }
    }

    /// Whether the body is a page of a listing that came whole.
    ///
    /// # Errors
    /// What it is instead.
    pub fn page(&self) -> Result<(), NoPage> {
        page::check(&self.body)
    }

    /// The first key of a page of a listing, exactly.
    #[must_use]
    pub fn first_key(&self) -> Option<String> {
        let mut first = First::default();
        page::read(&self.body, &mut first);
        first.0
    }

    /// The text of the first element of a name.
    #[must_use]
    pub fn text(&self, element: &str) -> Option<String> {
        xml::text_in(&self.body, element.as_bytes())
    }

    /// The texts of all elements of a name, in their order.
    #[must_use]
    pub fn texts(&self, element: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut inside = false;
        for token in xml::Scanner::new(&self.body) {
            match token {
                xml::Token::Open(name) => inside = name == element.as_bytes(),
                xml::Token::Text(text) if inside => {
                    found.push(xml::unescape(text).trim().to_owned());
                }
                _ => inside = false,
            }
        }
        found
    }

    /// True when the body has such an element, with or without a text.
    #[must_use]
    pub fn has(&self, element: &str) -> bool {
        xml::Scanner::new(&self.body).any(|token| {
            matches!(token, xml::Token::Open(name) | xml::Token::Empty(name) if name == element.as_bytes())
        })
    }
}

/// Keeps the first key of a page.
#[derive(Default)]
struct First(Option<String>);

impl ListSink for First {
    fn object(&mut self, key: &str, _: u64, _: Timestamp, _: &str, _: &str) {
        self.0.get_or_insert_with(|| key.to_owned());
    }

    fn folder(&mut self, _: &str) {}
}

impl Calls<'_> {
    /// Asks once. A success that carries an error document is the failure that it names.
    ///
    /// # Errors
    /// Everything but a success.
    pub async fn ask(&self, question: &Question<'_>) -> Result<Reply, StorageError> {
        let call = Call {
            operation: question.operation,
            method: question.method.clone(),
            key: question.key,
            query: question.query.clone(),
            headers: question.headers.clone(),
            body: question.body.clone(),
            sum: question.payload.map_or(BodySum::Signed, BodySum::Is),
        };
        let mut put_right = false;
        let response = loop {
            let stamp = self.0.stamp().await?;
            let skew_secs = self.0.core.clock.skew_secs();
            let failure = match self.once(&call).await {
                Ok(response) => break response,
                Err(failure) => failure,
            };
            let elsewhere = super::is_elsewhere(&call, &failure);
            if put_right {
                return Err(failure);
            }
            put_right = true;
            // A refusal has put the clock right, if it can be.
            let was_wrong = || self.0.core.clock.skew_secs() != skew_secs;
            let again = (elsewhere && self.find_region(&failure).await)
                || (failure.kind == ErrorKind::ExpiredCredentials
                    && self.0.core.keyring.forget(stamp))
                || (failure.kind == ErrorKind::ClockSkew && was_wrong());
            if !again {
                return Err(failure);
            }
        };
        let (head, body) = response.into_parts();
        let body = if question.wants_body {
            raw::read_body(&super::raw_request(&call, &[]), &head.headers, body).await?
        } else {
            Bytes::new()
        };
        if xml::error_fields(&body).code.is_some() {
            return Err(crate::storage::error::from_answer(
                question.operation,
                question.key,
                head.status.as_u16(),
                &head.headers,
                &body,
            ));
        }
        Ok(Reply {
            status: head.status.as_u16(),
            body,
            headers: head.headers,
        })
    }
}
