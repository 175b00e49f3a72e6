//! Requests to services beside S3: STS, and the two of Identity Center. Where they answer, and one way to ask.
//!
//! Places are found as botocore finds them: the service's own variable, `AWS_ENDPOINT_URL`, the profile's
//! `endpoint_url`, Amazon's host of the region. Answers come whole; what passes is tried again. Request and answer
//! bodies hold secrets, so nothing of them is kept in a failure but the server's code and message.

use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};

use super::attempt::pause_before;
use super::encode::{self, QUERY};
use super::endpoint::service_suffix;
use super::error;
use super::http::HttpPool;
use super::log::as_try;
use super::raw::{RawRequest, read_body};
use super::world::World;
use crate::domain::diagnosis::{AskedService, Break, StrangeAnswer};
use crate::domain::{ErrorKind, Operation, StorageError};

/// How long an answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// How often what passes is tried.
const TRIES: u32 = 3;

/// A service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    /// Roles and callers.
    Sts,
    /// Sign-in to Identity Center.
    SsoOidc,
    /// Accounts, roles and keys of Identity Center.
    Sso,
}

impl Service {
    const fn variable(self) -> &'static str {
        match self {
            Self::Sts => "AWS_ENDPOINT_URL_STS",
            Self::SsoOidc => "AWS_ENDPOINT_URL_SSO_OIDC",
            Self::Sso => "AWS_ENDPOINT_URL_SSO",
        }
    }

    const fn host(self) -> &'static str {
        match self {
            Self::Sts => "sts",
            Self::SsoOidc => "oidc",
            Self::Sso => "portal.sso",
        }
    }
}

/// Where a service answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Scheme, host and base path, without a slash at the end.
    pub(super) url: String,
    /// Host, with a port where the scheme does not imply it.
    pub(super) host: String,
    /// What comes before the path of a request; empty or with a slash in front.
    pub(super) base_path: String,
    /// The region to sign for.
    pub(super) region: String,
}

impl Place {
    /// Finds a service. `own` is the address that the profile or the connection gives.
    ///
    /// # Errors
    /// When the address or the region cannot be part of a URL.
    pub(super) fn find(
        service: Service,
        region: &str,
        own: Option<&str>,
        world: &World,
    ) -> Result<Self, StorageError> {
        let set = |name: &str| world.variable(name);
        let ignore = set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            .is_some_and(|text| text.eq_ignore_ascii_case("true"));
        let configured = if ignore {
            None
        } else {
            set(service.variable())
                .or_else(|| set("AWS_ENDPOINT_URL"))
                .or_else(|| own.map(str::to_owned))
        };
        let url = match configured {
            Some(url) => url,
            None => {
                let suffix = service_suffix(region)
                    .ok_or_else(|| invalid(region, "the region cannot be part of a host name"))?;
                format!("https://{}.{region}.{suffix}", service.host())
            }
        };
        Self::at(&url, region)
    }

    /// The place of this address.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn at(url: &str, region: &str) -> Result<Self, StorageError> {
        let parsed: http::Uri = url
            .parse()
            .map_err(|_| invalid(url, "the address is no URL"))?;
        let (Some(scheme @ ("http" | "https")), Some(host)) =
            (parsed.scheme_str(), parsed.authority())
        else {
            return Err(invalid(url, "the address needs http:// or https://"));
        };
        let implied = if scheme == "https" { ":443" } else { ":80" };
        let base_path = parsed.path().trim_end_matches('/').to_owned();
        let host = host.as_str();
        Ok(Self {
            url: format!("{scheme}://{host}{base_path}"),
            host: host.strip_suffix(implied).unwrap_or(host).to_owned(),
            base_path,
            region: region.to_owned(),
        })
    }
}

fn invalid(subject: &str, message: &str) -> StorageError {
    StorageError::new(Operation::Connect, ErrorKind::Invalid, subject).with_message(message)
}

/// One request.
pub(super) struct Ask<'a> {
    /// What it is for, in failures.
    pub(super) operation: Operation,
    /// What it is about, in failures.
    pub(super) subject: &'a str,
    /// The HTTP method.
    pub(super) method: Method,
    /// The path below the place's own, with a slash in front.
    pub(super) path: &'a str,
    /// Names and values of the query, not encoded.
    pub(super) query: &'a [(&'a str, &'a str)],
    /// More headers, names in lower case.
    pub(super) headers: Vec<(&'static str, String)>,
    /// The body.
    pub(super) body: Bytes,
}

/// A whole answer, whatever its status.
pub(super) struct Answer {
    /// HTTP status.
    pub(super) status: u16,
    /// Headers.
    pub(super) headers: HeaderMap,
    /// Body.
    pub(super) body: Bytes,
}

impl Answer {
    /// True for a success.
    pub(super) const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// A header as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// What an answer is that is none of the service that was asked.
pub(super) fn strange(answer: &Answer) -> StrangeAnswer {
    const PAGES: [&[u8]; 2] = [b"<!doctype html", b"<html"];
    let body = answer.body.trim_ascii_start();
    let begins = |page: &[u8]| {
        let head = body.get(..page.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(page))
    };
    if (300..400).contains(&answer.status) {
        StrangeAnswer::Redirect
    } else if body.is_empty() {
        StrangeAnswer::Nothing
    } else if PAGES.into_iter().any(begins) {
        StrangeAnswer::WebPage
    } else {
        StrangeAnswer::Other
    }
}

/// Why a service that gives keys gave none, where its own words do not tell: it fails, or it is not what answered.
pub(super) fn unanswered(service: AskedService, place: &Place, answer: &Answer) -> Option<Break> {
    let (host, status) = (place.host.clone(), answer.status);
    let what = strange(answer);
    match status {
        // Whoever wants a sign-in to the network first.
        511 => {}
        500.. => {
            return Some(Break::ServiceFailed {
                service,
                host,
                status,
            });
        }
        400.. if what != StrangeAnswer::WebPage => return None,
        _ => {}
    }
    Some(Break::StrangerAnswers {
        service,
        host,
        what,
    })
}

/// Sends a request and reads the answer. Broken connections and failing servers are tried again.
///
/// # Errors
/// When there was no answer.
pub(super) async fn ask(
    pool: &HttpPool,
    place: &Place,
    request: &Ask<'_>,
) -> Result<Answer, StorageError> {
    let mut tries = 0;
    loop {
        let result = as_try(tries, once(pool, place, request, ANSWER_TIMEOUT)).await;
        tries += 1;
        let kind = match &result {
            Err(failure) if failure.kind.is_transient() => failure.kind,
            // Who does not have it will not have it a moment later.
            Ok(answer) if answer.status >= 500 && answer.status != 501 => ErrorKind::Server,
            Ok(answer) if answer.status == 429 => ErrorKind::Throttled,
            _ => return result,
        };
        if tries >= TRIES {
            return result;
        }
        tokio::time::sleep(pause_before(tries, kind)).await;
    }
}

/// The same once, for at most so long.
///
/// # Errors
/// When there was no answer.
pub(super) async fn once(
    pool: &HttpPool,
    place: &Place,
    request: &Ask<'_>,
    limit: Duration,
) -> Result<Answer, StorageError> {
    let late = || {
        StorageError::new(request.operation, ErrorKind::TimedOut, request.subject)
            .with_message("no answer in time")
    };
    tokio::time::timeout(limit, exchange(pool, place, request))
        .await
        .unwrap_or_else(|_| Err(late()))
}

async fn exchange(
    pool: &HttpPool,
    place: &Place,
    request: &Ask<'_>,
) -> Result<Answer, StorageError> {
    let (operation, subject) = (request.operation, request.subject);
    let refused = |failure: http::Error| {
        StorageError::new(operation, ErrorKind::Invalid, subject).with_source(failure)
    };
    let mut url = format!("{}{}", place.url, request.path);
    for (at, (name, value)) in request.query.iter().enumerate() {
        url.push(if at == 0 { '?' } else { '&' });
        encode::percent_into(name, &QUERY, &mut url);
        url.push('=');
        encode::percent_into(value, &QUERY, &mut url);
    }
    let mut built = Request::builder()
        .method(request.method.clone())
        .uri(url)
        .header(http::header::HOST, &place.host)
        .body(SdkBody::from(request.body.clone()))
        .map_err(refused)?;
    for (name, value) in &request.headers {
        let name = HeaderName::from_static(name);
        let mut value = HeaderValue::try_from(value).map_err(|error| refused(error.into()))?;
        value.set_sensitive(true);
        built.headers_mut().insert(name, value);
    }
    let sent = pool.send(built).await;
    let response = sent.map_err(|failure| error::from_transport(operation, subject, failure))?;
    let (head, body) = response.into_parts();
    let named = RawRequest {
        operation,
        subject,
        method: request.method.clone(),
        key: "",
        query: &[],
        headers: &[],
        patience: ANSWER_TIMEOUT,
    };
    let body = read_body(&named, &head.headers, body).await?;
    Ok(Answer {
        status: head.status.as_u16(),
        headers: head.headers,
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_in_botocores_order() {
        let url = |world: &World, own| {
            Place::find(Service::Sts, "eu-west-1", own, world)
                .expect("place")
                .url
        };
        let bare = World::of([], "", "");
        assert_eq!(url(&bare, None), "https://sts.eu-west-1.amazonaws.com");
        assert_eq!(
            url(&bare, Some("http://127.0.0.1:9/")),
            "http://127.0.0.1:9"
        );
        let general = World::of([("AWS_ENDPOINT_URL", "http://general/x/")], "", "");
        assert_eq!(url(&general, Some("http://own")), "http://general/x");
        let both = [
            ("AWS_ENDPOINT_URL", "http://general"),
            ("AWS_ENDPOINT_URL_STS", "http://special:80"),
        ];
        let special = World::of(both, "", "");
        let place = Place::find(Service::Sts, "eu-west-1", None, &special).expect("place");
        assert_eq!(
            (place.url.as_str(), place.host.as_str()),
            ("http://special:80", "special")
        );
        let ignored = both
            .into_iter()
            .chain([("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")]);
        let ignored = World::of(ignored, "", "");
        assert_eq!(url(&ignored, None), "https://sts.eu-west-1.amazonaws.com");
        let oidc = Place::find(Service::SsoOidc, "cn-north-1", None, &bare).expect("place");
        assert_eq!(oidc.host, "oidc.cn-north-1.amazonaws.com.cn");
        let sso = Place::find(Service::Sso, "us-east-1", None, &bare).expect("place");
        assert_eq!(sso.host, "portal.sso.us-east-1.amazonaws.com");
        assert!(Place::find(Service::Sts, "not a region", None, &bare).is_err());
        assert!(Place::find(Service::Sts, "eu-west-1", Some("ftp://x"), &bare).is_err());
    }
}
