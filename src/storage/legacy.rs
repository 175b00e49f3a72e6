//! Version 2 for the SDK's requests: the SDK signs with version 4, this replaces the result just before sending.

use aws_sdk_s3::config::endpoint::Params;
use aws_sdk_s3::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::endpoint::EndpointResolverParams;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;

use super::credentials::Keyring;
use super::endpoint::{Endpoint, Purpose};
use super::sign::v2;
use crate::domain::percent_decoded;

/// Replaces the `Authorization` header. The date header and the token that the SDK has set stay and are signed.
#[derive(Debug)]
pub(super) struct SignWithVersion2 {
    pub(super) endpoint: Endpoint,
    pub(super) keyring: Keyring,
}

#[dyn_dispatch_hint]
impl Intercept for SignWithVersion2 {
    fn name(&self) -> &'static str {
        "SignWithVersion2"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let bucket = config
            .load::<EndpointResolverParams>()
            .and_then(|params| params.get::<Params>())
            .and_then(Params::bucket);
        let target = self.endpoint.target(bucket, Purpose::Request)?;
        // The SDK asked the same keyring a moment ago.
        let keys = self.keyring.held().ok_or("the credentials are gone")?;
        let request = context.request_mut();
        let uri: http::Uri = request.uri().parse()?;
        let path = uri.path();
        let path = path.strip_prefix(&target.base_path).unwrap_or(path);
        let query = decoded_pairs(uri.query().unwrap_or_default());
        let query: Vec<(&str, &str)> = query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let headers: Vec<(&str, &str)> = request.headers().iter().collect();
        let authorization = v2::authorization(
            keys.access_key_id(),
            keys.secret_access_key(),
            request.method(),
            &headers,
            &v2::resource_of_path(target.bucket.as_deref(), path, &query),
        );
        let mut value = http::HeaderValue::try_from(authorization)?;
        value.set_sensitive(true);
        request.headers_mut().insert("authorization", value);
        Ok(())
    }
}

fn decoded_pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decoded(name), percent_decoded(value))
        })
        .collect()
}
