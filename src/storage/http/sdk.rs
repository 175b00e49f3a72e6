//! The pool as the SDK's HTTP client.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::ErrorKind;

use super::{CONNECT_TIMEOUT, HttpPool};
use crate::storage::clock::Clock;
use crate::storage::error::{self, Failure};

impl HttpClient for HttpPool {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(PoolConnector {
            pool: self.clone(),
            connect_timeout: settings.connect_timeout().unwrap_or(CONNECT_TIMEOUT),
            read_timeout: settings.read_timeout(),
        })
    }
}

/// Marks a refusal with the skew that its request was signed with.
#[derive(Clone, Copy, Debug)]
pub(in crate::storage) struct SignedWithSkew(pub(in crate::storage) i64);

#[derive(Debug)]
struct PoolConnector {
    pool: HttpPool,
    connect_timeout: Duration,
    /// Limit from the start of the request to the head of the answer.
    read_timeout: Option<Duration>,
}

impl HttpConnector for PoolConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => {
                return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into())));
            }
        };
        let pool = self.pool.clone();
        let signed = super::signed_skew(request.headers(), Clock::raw_now());
        let (connect_timeout, read_timeout) = (self.connect_timeout, self.read_timeout);
        HttpConnectorFuture::new(async move {
            let sending = pool.send_within(request, connect_timeout);
            let response = match read_timeout {
                None => sending.await,
                Some(limit) => match tokio::time::timeout(limit, sending).await {
                    Ok(result) => result,
                    Err(elapsed) => return Err(ConnectorError::timeout(elapsed.into())),
                },
            };
            let response = response.map_err(connector_error)?;
            let refused = matches!(response.status().as_u16(), 400 | 403);
            let mut response = HttpResponse::try_from(response.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))?;
            if let Some(skew_secs) = signed.filter(|_| refused) {
                response.add_extension(SignedWithSkew(skew_secs));
            }
            Ok(response)
        })
    }
}

fn connector_error(error: hyper_util::client::legacy::Error) -> ConnectorError {
    match error::failure_in(&error) {
        Some(Failure::TimedOut) => ConnectorError::timeout(error.into()),
        Some(Failure::Unreachable | Failure::ProxyUnreachable) => ConnectorError::io(error.into()),
        // A refused certificate stays refused, and a proxy that hears a wrong login again and again may lock it.
        Some(Failure::Tls | Failure::ProxyRefused) => ConnectorError::other(error.into(), None),
        None if error.is_connect() => ConnectorError::io(error.into()),
        // Closed before a whole answer: S3 does that now and then.
        None => ConnectorError::other(error.into(), Some(ErrorKind::TransientError)),
    }
}
