//! The one HTTP stack of the program: hyper over rustls, with proxies, pooled per connection.
//!
//! `tls` decides whom we trust, `route` which way a connection goes (`tunnel`: through a proxy), `sdk` plugs the pool into the SDK. Listings use
//! the pool directly. Nothing here follows a redirect, so a signed header never leaves the host it was made for.
//! Every answer's `Date` header feeds the clock (see `clock`), every exchange the log (see `log`).

pub(super) mod probe;
pub(super) mod route;
mod sdk;
mod tls;
mod tunnel;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use http::HeaderMap;
use http::header::{AUTHORIZATION, DATE, PROXY_AUTHORIZATION};
use hyper_util::client::legacy::{Client, Error as SendError};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use self::route::Connector;
pub(super) use self::sdk::SignedWithSkew;
use super::clock::{self, Clock};
use super::log::{Incoming, Outgoing, Recorder};
use super::world::{Dial, World};
use crate::domain::{ErrorKind, Operation, StorageConfig, StorageError, Timestamp};

/// How long connecting may take, unless the SDK asks for something else.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Amazon closes idle connections after about five seconds; reusing one later can hang.
const IDLE_AMAZON: Duration = Duration::from_secs(4);
const IDLE_ELSEWHERE: Duration = Duration::from_secs(20);

type HyperClient = Client<Connector, Outgoing>;

/// A pool of connections. Cheap to clone; all clones share the pool.
#[derive(Clone)]
pub(super) struct HttpPool(Arc<Inner>);

struct Inner {
    tls: Option<Arc<rustls::ClientConfig>>,
    /// The way to servers, when it is not sockets and TLS.
    dial: Option<Arc<dyn Dial>>,
    proxies: Arc<Matcher>,
    idle: Duration,
    clock: Clock,
    /// Writes every exchange down, where there is a log.
    recorder: Option<Recorder>,
    /// One hyper client per connect timeout; in practice one, and a second for the metadata service.
    clients: Mutex<HashMap<Duration, HyperClient>>,
}

impl HttpPool {
    /// A pool for one connection. Reads certificate files, opens nothing.
    ///
    /// # Errors
    /// When a certificate file cannot be used that is needed, or a proxy is no address.
    pub(super) fn new(
        config: &StorageConfig,
        ca_bundle: Option<&str>,
        clock: Clock,
        recorder: Option<Recorder>,
        world: &World,
    ) -> Result<Self, StorageError> {
        if let Some(scheme) = config.proxies.as_deref().and_then(route::unreadable) {
            let error = StorageError::new(Operation::Connect, ErrorKind::Invalid, "AWS_S3_PROXIES");
            return Err(error.with_message(format!(
                "the proxy for {scheme} is no address: it needs a host, and signs such as / and @ in its password escaped"
            )));
        }
        let amazon = config
            .endpoint
            .as_deref()
            .is_none_or(|endpoint| endpoint.contains(".amazonaws.com"));
        let goes_plain = config.endpoint.as_deref().is_some_and(is_plain);
        let trust = || match tls::client_config(&config.verify, ca_bundle) {
            // What is sent in the clear needs nobody's certificate, as for botocore.
            Err(unfit) if goes_plain => tls::nobody(&unfit),
            trust => trust,
        };
        Ok(Self(Arc::new(Inner {
            // Who opens the way trusts whom they like.
            tls: match world.dial() {
                Some(_) => None,
                None => Some(Arc::new(trust()?)),
            },
            dial: world.dial().cloned(),
            proxies: Arc::new(route::matcher(config.proxies.as_deref())),
            idle: if amazon { IDLE_AMAZON } else { IDLE_ELSEWHERE },
            clock,
            recorder,
            clients: Mutex::default(),
        })))
    }

    /// The same trust and the same log, with other proxies; `None` asks the environment for them.
    #[must_use]
    pub(super) fn with_proxies(&self, proxies: Option<&[(String, String)]>) -> Self {
        Self(Arc::new(Inner {
            tls: self.0.tls.clone(),
            dial: self.0.dial.clone(),
            proxies: Arc::new(route::matcher(proxies)),
            idle: self.0.idle,
            clock: self.0.clock.clone(),
            recorder: self.0.recorder.clone(),
            clients: Mutex::default(),
        }))
    }

    /// Sends one request and gives the answer as soon as its head is there. No retry, no redirect.
    ///
    /// # Errors
    /// When no answer came; `super::error` reads the cause out of the chain.
    pub(super) async fn send(
        &self,
        request: http::Request<SdkBody>,
    ) -> Result<http::Response<Incoming>, SendError> {
        self.send_within(request, CONNECT_TIMEOUT).await
    }

    async fn send_within(
        &self,
        mut request: http::Request<SdkBody>,
        connect_timeout: Duration,
    ) -> Result<http::Response<Incoming>, SendError> {
        self.add_proxy_login(&mut request);
        let client = self.client(connect_timeout);
        let sent = Clock::raw_now();
        let signed = signed_skew(request.headers(), sent);
        let response = self.exchange(&client, request).await?;
        if let Some(date) = response.headers().get(DATE) {
            self.0.clock.learn(sent, date);
        }
        if let Some(skew_secs) = signed.filter(|_| response.status().is_success()) {
            self.0.clock.accepted(skew_secs);
        }
        Ok(response)
    }

    /// Through a plain proxy the request itself carries the proxy's login; for https the tunnel does.
    fn add_proxy_login(&self, request: &mut http::Request<SdkBody>) {
        if request.uri().scheme_str() == Some("http")
            && let Some(proxy) = self.0.proxies.intercept(request.uri())
            && let Some(login) = proxy.basic_auth()
        {
            let mut login = login.clone();
            login.set_sensitive(true);
            request.headers_mut().insert(PROXY_AUTHORIZATION, login);
        }
    }

    /// Sends, and writes down what was sent and what came.
    async fn exchange(
        &self,
        client: &HyperClient,
        request: http::Request<SdkBody>,
    ) -> Result<http::Response<Incoming>, SendError> {
        let Some(recorder) = &self.0.recorder else {
            let response = client.request(request.map(Outgoing::unrecorded)).await?;
            return Ok(response.map(Incoming::unrecorded));
        };
        let (request, sending) = recorder.begin(request);
        match client.request(request).await {
            Ok(response) => {
                let (head, body) = response.into_parts();
                let body = sending.answered(&head, body);
                Ok(http::Response::from_parts(head, body))
            }
            Err(failure) => {
                sending.broke(&failure);
                Err(failure)
            }
        }
    }

    fn connector(&self, connect_timeout: Duration) -> Connector {
        match (&self.0.dial, &self.0.tls) {
            (None, Some(tls)) => Connector::new(
                Arc::clone(tls),
                Arc::clone(&self.0.proxies),
                connect_timeout,
            ),
            (dial, _) => Connector::through(dial.clone()),
        }
    }

    fn client(&self, connect_timeout: Duration) -> HyperClient {
        let mut clients = self
            .0
            .clients
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        clients
            .entry(connect_timeout)
            .or_insert_with(|| {
                Client::builder(TokioExecutor::new())
                    .pool_timer(TokioTimer::new())
                    .pool_idle_timeout(self.0.idle)
                    .build(self.connector(connect_timeout))
            })
            .clone()
    }
}

/// True for an address that begins with `http://`.
/// Seconds by which the time that a request is signed with is ahead; `None` for one that is not signed.
fn signed_skew(headers: &HeaderMap, sent: Timestamp) -> Option<i64> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    headers.get(AUTHORIZATION)?;
    let at = text("x-amz-date")
        .and_then(clock::amz_date)
        .or_else(|| text("date").and_then(clock::http_date))?;
    Some(at.0 - sent.0)
}

fn is_plain(endpoint: &str) -> bool {
    let scheme = endpoint.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"))
}

impl std::fmt::Debug for HttpPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HttpPool")
    }
}
