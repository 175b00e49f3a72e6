//! A plain SDK client on a bare HTTP connector: asks a server without any code of our own in between.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use hyper_util::client::legacy::connect::HttpConnector as TcpConnector;
use hyper_util::rt::TokioExecutor;

/// A client for a server on this endpoint: path style, one attempt per call.
pub fn client(endpoint: &str, access_key: &str, secret_key: &str) -> Client {
    let connector = SharedHttpConnector::new(Plain(
        hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build_http(),
    ));
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .credentials_provider(Credentials::new(access_key, secret_key, None, None, "test"))
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .force_path_style(true)
        .retry_config(aws_sdk_s3::config::retry::RetryConfig::disabled())
        .build();
    Client::from_conf(config)
}

#[derive(Debug)]
struct Plain(hyper_util::client::legacy::Client<TcpConnector, SdkBody>);

impl HttpConnector for Plain {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request = request
                .try_into_http1x()
                .map_err(|error| ConnectorError::user(error.into()))?;
            let response = client
                .request(request)
                .await
                .map_err(|error| ConnectorError::io(error.into()))?;
            response
                .map(SdkBody::from_body_1_x)
                .try_into()
                .map_err(|error| ConnectorError::user(Box::new(error)))
        })
    }
}
