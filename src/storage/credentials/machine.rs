//! The endpoint of a container, which gives keys, and what it shares with the metadata service (`instance`).
//!
//! Asked as botocore asks it: up to three times for two seconds each, and past every proxy. What it answers instead of keys
//! is told apart, for people who look for the reason.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as Providing;
use http::Method;
use serde_json::{Map, Value};

use super::keyring::Tools;
use super::pair::system_time;
use super::stop::{Stop, failure};
use crate::domain::diagnosis::{Break, Machine, OutputFlaw, StrangeAnswer};
use crate::domain::{ErrorKind, Operation, StorageError, Timestamp};
use crate::storage::clock::Clock;
use crate::storage::http::HttpPool;
use crate::storage::service::{self, Answer, Ask, Place};

/// How often the container's endpoint is asked, how long each time, and the pause between, in seconds.
const CONTAINER_TRIES: u32 = 3;
const CONTAINER_SECS: u32 = 2;
const CONTAINER_PAUSE_SECS: u32 = 1;

/// Where ECS answers, and the hosts that may be asked without TLS.
const ECS: &str = "169.254.170.2";
const CONTAINER_HOSTS: [&str; 4] = [ECS, "169.254.170.23", "[fd00:ec2::23]", "localhost"];

/// The variables that name the container's endpoint.
pub(super) const RELATIVE: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
pub(super) const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

/// The endpoint of a container.
#[derive(Debug)]
pub(super) struct Container {
    pool: HttpPool,
    clock: Clock,
    place: Place,
    /// With its query.
    path: String,
    token: Token,
    second: Duration,
}

/// What the endpoint is shown.
#[derive(Debug)]
enum Token {
    None,
    Text(String),
    /// Read anew each time: it changes.
    File(PathBuf),
}

impl Container {
    /// The endpoint that the variables name; `None` when they name none.
    pub(super) fn of(tools: &Tools<'_>) -> Option<Result<Self, Stop>> {
        let variable = |name: &str| tools.world.variable(name);
        let relative = variable(RELATIVE).map(|path| format!("http://{ECS}{path}"));
        let url = relative.or_else(|| variable(FULL))?;
        let token = match (
            variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
            variable("AWS_CONTAINER_AUTHORIZATION_TOKEN"),
        ) {
            (Some(file), _) => Token::File(tools.world.expanded(&file)),
            (None, Some(text)) => Token::Text(text),
            (None, None) => Token::None,
        };
        let made = address(&url).map(|(place, path)| Self {
            pool: tools.pool.with_proxies(Some(&[])),
            clock: tools.clock.clone(),
            place,
            path,
            token,
            second: tools.world.second(),
        });
        Some(made.map_err(Stop::Broken))
    }

    async fn keys(&self) -> Result<Credentials, StorageError> {
        let mut tries = 1;
        loop {
            let asked = self.once().await;
            // What is refused stays refused; everything else may pass.
            let passes = matches!(
                asked.as_ref().map_err(cause_of),
                Err(Some(
                    Break::MachineSilent { .. }
                        | Break::MachineRefused {
                            status: 429 | 500..,
                            ..
                        }
                        | Break::MachineAnswer {
                            flaw: OutputFlaw::NotJson | OutputFlaw::WebPage | OutputFlaw::Nothing,
                            ..
                        }
                ))
            );
            if !passes || tries >= CONTAINER_TRIES {
                return asked;
            }
            tries += 1;
            tokio::time::sleep(self.second * CONTAINER_PAUSE_SECS).await;
        }
    }

    async fn once(&self) -> Result<Credentials, StorageError> {
        let machine = Machine::Container;
        let broken = |cause| failure(&self.place.host, cause);
        let mut headers = vec![("accept", "application/json".to_owned())];
        let token = match &self.token {
            Token::None => None,
            Token::Text(text) => Some(text.clone()),
            Token::File(path) => Some(tokio::fs::read_to_string(path).await.map_err(|_| {
                let path = path.clone();
                broken(Break::ContainerTokenUnreadable { path })
            })?),
        };
        if let Some(token) = token {
            if token.contains(['\r', '\n']) {
                return Err(broken(Break::ContainerTokenUnfit));
            }
            headers.push(("authorization", token));
        }
        let request = ask(&self.place, Method::GET, &self.path, headers);
        let limit = self.second * CONTAINER_SECS;
        let answer = service::once(&self.pool, &self.place, &request, limit).await;
        let answer = answer.map_err(|late| silent(&late, machine, &self.place))?;
        if answer.status != 200 {
            let status = answer.status;
            return Err(broken(Break::MachineRefused { machine, status }));
        }
        let flawed = |flaw| broken(Break::MachineAnswer { machine, flaw });
        let json = json(&answer).map_err(flawed)?;
        let (keys, end) = keys(&json, "container").map_err(flawed)?;
        if end <= self.clock.now() {
            let at = end;
            return Err(broken(Break::MachineKeysEnded { machine, at }));
        }
        Ok(keys)
    }
}

/// Place and path of the container's endpoint. Without TLS only this machine and Amazon's own addresses are asked.
fn address(url: &str) -> Result<(Place, String), Break> {
    let unfit = |place: &str| Break::ContainerAddress {
        place: place.to_owned(),
    };
    let uri: http::Uri = url.parse().map_err(|_| unfit(url))?;
    let host = uri.host().ok_or_else(|| unfit(url))?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let allowed =
        uri.scheme_str() == Some("https") || is_loopback || CONTAINER_HOSTS.contains(&host);
    if !allowed {
        return Err(unfit(host));
    }
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let origin = url.strip_suffix(path).unwrap_or(url);
    let place = Place::at(origin, "").map_err(|_| unfit(url))?;
    Ok((place, path.to_owned()))
}

impl ProvideCredentials for Container {
    fn provide_credentials<'a>(&'a self) -> Providing<'a>
    where
        Self: 'a,
    {
        Providing::new(async { self.keys().await.map_err(CredentialsError::provider_error) })
    }
}

pub(super) fn ask<'a>(
    place: &'a Place,
    method: Method,
    path: &'a str,
    headers: Vec<(&'static str, String)>,
) -> Ask<'a> {
    Ask {
        operation: Operation::Connect,
        subject: &place.host,
        method,
        path,
        query: &[],
        headers,
        body: bytes::Bytes::new(),
    }
}

/// No answer at all. What is no matter of reaching somebody keeps its own kind.
pub(super) fn silent(late: &StorageError, machine: Machine, place: &Place) -> StorageError {
    let cause = match late.kind {
        ErrorKind::Corrupt => Break::MachineAnswer {
            machine,
            flaw: OutputFlaw::NotJson,
        },
        _ => Break::MachineSilent { machine },
    };
    let mut told = failure(&place.host, cause);
    told.message = Some(late.to_string());
    told
}

fn cause_of(failure: &StorageError) -> Option<&Break> {
    crate::domain::diagnosis::BrokenSource::in_failure(failure)
}

pub(super) fn json(answer: &Answer) -> Result<Map<String, Value>, OutputFlaw> {
    if answer.body.iter().all(u8::is_ascii_whitespace) {
        return Err(OutputFlaw::Nothing);
    }
    serde_json::from_slice(&answer.body).map_err(|_| match service::strange(answer) {
        StrangeAnswer::WebPage => OutputFlaw::WebPage,
        _ => OutputFlaw::NotJson,
    })
}

/// The keys of an answer, with their end.
pub(super) fn keys(
    json: &Map<String, Value>,
    from: &'static str,
) -> Result<(Credentials, Timestamp), OutputFlaw> {
    let text = |name: &'static str| {
        let text = json.get(name).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
            .ok_or(OutputFlaw::Member(name))
    };
    let (id, secret, token) = (
        text("AccessKeyId")?,
        text("SecretAccessKey")?,
        text("Token")?,
    );
    let end = Timestamp::from_tools(text("Expiration")?).ok_or(OutputFlaw::NoTime("Expiration"))?;
    let token = Some(token.to_owned());
    let keys = Credentials::new(id, secret, token, Some(system_time(end)), from);
    Ok((keys, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_asked_for_in_the_clear_only_where_no_stranger_listens() {
        let path = |url: &str| address(url).map(|(place, path)| format!("{} {path}", place.url));
        for (url, asked) in [
            ("http://127.0.0.1:99/a?b=c", "http://127.0.0.1:99 /a?b=c"),
            ("http://localhost/x", "http://localhost /x"),
            ("http://169.254.170.2/v2/x", "http://169.254.170.2 /v2/x"),
            ("http://[fd00:ec2::23]/v1", "http://[fd00:ec2::23] /v1"),
            (
                "https://elsewhere.example/k",
                "https://elsewhere.example /k",
            ),
        ] {
            assert_eq!(path(url).as_deref(), Ok(asked), "{url}");
        }
        let place = |place: &str| Break::ContainerAddress {
            place: place.to_owned(),
        };
        assert_eq!(path("http://10.0.0.1/x"), Err(place("10.0.0.1")));
        assert_eq!(path("/relative"), Err(place("/relative")));
    }
}
