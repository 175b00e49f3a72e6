//! The SDK's client on our own HTTP stack, endpoint rules, clock and credentials.
//!
//! It is used for the verbs that are not hot paths. Checksums are left to the transfer engine, retries are the SDK's
//! standard three with a budget per connection, so that a throttled transfer does not starve a listing of another.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config;
use aws_sdk_s3::config::endpoint::{
    Endpoint as SdkEndpoint, EndpointFuture, Params, ResolveEndpoint,
};
use aws_sdk_s3::config::interceptors::InterceptorContext;
use aws_sdk_s3::config::retry::{ClassifyRetry, RetryAction, RetryConfig, RetryPartition};
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, IdentityCache, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    SharedCredentialsProvider, StalledStreamProtectionConfig,
};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_types::Document;

use super::blank_keys::Unmark;
use super::clock::Clock;
use super::credentials::Keyring;
use super::endpoint::{Endpoint, Purpose};
use super::error::is_of_time;
use super::http::{CONNECT_TIMEOUT, HttpPool, SignedWithSkew};
use super::legacy::SignWithVersion2;
use super::xml;
use crate::domain::SignatureVersion;

/// The SDK behaviour we know; a newer one is a decision, not a surprise.
pub(super) fn behavior() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

/// Builds the client of a connection. Opens nothing.
pub(super) fn sdk_client(
    signature: SignatureVersion,
    endpoint: &Endpoint,
    keyring: &Keyring,
    pool: &HttpPool,
    clock: &Clock,
) -> Client {
    let mut config = config::Builder::from(&shared(endpoint, keyring, pool, clock))
        .endpoint_resolver(Resolver(endpoint.clone()))
        .retry_partition(retry_partition())
        .retry_classifier(Skewed(clock.clone()))
        .interceptor(Unmark);
    if keyring.is_anonymous() {
        config = config.allow_no_auth();
    }
    if signature == SignatureVersion::V2 && !keyring.is_anonymous() {
        config = config.interceptor(SignWithVersion2 {
            endpoint: endpoint.clone(),
            keyring: keyring.clone(),
        });
    }
    Client::from_conf(config.build())
}

/// What holds for every service of the SDK on this connection. Nothing is read from the environment or from files: that
/// is decided by then.
fn shared(endpoint: &Endpoint, keyring: &Keyring, pool: &HttpPool, clock: &Clock) -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .build();
    let config = SdkConfig::builder()
        .behavior_version(behavior())
        .http_client(pool.clone())
        .time_source(clock.clone())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .region(Region::new(endpoint.region().to_owned()))
        .identity_cache(IdentityCache::no_cache())
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        // The shared clock corrects itself; see `Skewed`.
        .disable_clock_skew_correction(true);
    if keyring.is_anonymous() {
        config.build()
    } else {
        let provider = SharedCredentialsProvider::new(keyring.clone());
        config.credentials_provider(provider).build()
    }
}

/// A budget of retries that no other connection uses up.
fn retry_partition() -> RetryPartition {
    static CONNECTIONS: AtomicU64 = AtomicU64::new(1);
    let number = CONNECTIONS.fetch_add(1, Ordering::Relaxed);
    RetryPartition::new(format!("connection-{number}"))
}

/// Gives the SDK our hosts and paths.
#[derive(Debug)]
struct Resolver(Endpoint);

impl ResolveEndpoint for Resolver {
    fn resolve_endpoint<'a>(&'a self, params: &'a Params) -> EndpointFuture<'a> {
        let resolved = self.0.target(params.bucket(), Purpose::Request);
        EndpointFuture::ready(match resolved {
            Err(error) => Err(error.into()),
            Ok(target) => Ok(SdkEndpoint::builder()
                .url(target.url())
                .property("authSchemes", vec![scheme(target.region)])
                .build()),
        })
    }
}

fn scheme(region: String) -> Document {
    let fields = [
        ("name", Document::from("sigv4")),
        ("signingName", Document::from("s3")),
        ("signingRegion", Document::from(region)),
        // S3 alone signs paths as they are.
        ("disableDoubleEncoding", Document::from(true)),
    ];
    Document::Object(
        fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

/// A request refused for its time is tried again when that has put the clock right.
#[derive(Debug)]
struct Skewed(Clock);

impl ClassifyRetry for Skewed {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let put_right = context.response().is_some_and(|response| {
            let skew_secs = response.extension::<SignedWithSkew>();
            let body = response.body().bytes().unwrap_or_default();
            let is_of_time = is_of_time(xml::error_fields(body).code.as_deref());
            let is_possible = is_of_time || body.is_empty();
            skew_secs.is_some_and(|skew| is_possible && self.0.refused(skew.0, !is_of_time))
        });
        if put_right {
            RetryAction::client_error()
        } else {
            RetryAction::NoActionIndicated
        }
    }

    fn name(&self) -> &'static str {
        "clock"
    }
}

#[cfg(test)]
mod tests;
