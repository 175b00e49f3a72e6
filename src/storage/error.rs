//! One map from what servers and sockets say to [`StorageError`].
//!
//! Kinds are decided by the server's code, then by status, then by the errors in the source chain; never by
//! searching a text. Both paths end here: answers to the SDK ([`from_sdk`]) and to our own requests ([`from_answer`],
//! [`from_transport`]).

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use http::HeaderMap;

pub(super) use super::error_chain::{AtProxy, Failure, failure_in};
pub(super) use super::error_chain::{UnknownName, Unreached};
use super::error_chain::{
    certificate_fault, chain_text, refused_at_proxy, unreached_because, unreached_host,
};
use super::xml;
use crate::domain::{ErrorKind, Operation, StorageError};

/// Why an answer with this code and status failed.
#[must_use]
pub(crate) fn kind_of(operation: Operation, status: u16, code: Option<&str>) -> ErrorKind {
    code.and_then(kind_of_code)
        .unwrap_or_else(|| kind_of_status(operation, status))
}

fn kind_of_code(code: &str) -> Option<ErrorKind> {
    use ErrorKind as K;
    Some(match code {
        "NoSuchBucket" => K::NoSuchBucket,
        "NoSuchKey" | "NoSuchVersion" => K::NoSuchKey,
        "NoSuchUpload" => K::NoSuchUpload,
        "AccessDenied"
        | "AccessDeniedException"
        | "AllAccessDisabled"
        | "AccountProblem"
        | "InvalidObjectState"
        | "UnauthorizedAccess" => K::AccessDenied,
        "InvalidAccessKeyId"
        | "SignatureDoesNotMatch"
        | "InvalidToken"
        | "InvalidTokenId"
        | "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "InvalidSecurity"
        | "NotSignedUp" => K::BadCredentials,
        "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired" => K::ExpiredCredentials,
        "PermanentRedirect"
        | "TemporaryRedirect"
        | "Redirect"
        | "AuthorizationHeaderMalformed"
        | "IllegalLocationConstraintException" => K::WrongRegion,
        "RequestTimeTooSkewed" | "RequestExpired" | "RequestInTheFuture" => K::ClockSkew,
        "PreconditionFailed"
        | "ConditionalRequestConflict"
        | "OperationAborted"
        | "BucketAlreadyExists"
        | "BucketAlreadyOwnedByYou" => K::Conflict,
        "SlowDown"
        | "SlowDownRead"
        | "SlowDownWrite"
        | "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "RequestLimitExceeded"
        | "TooManyRequests"
        | "TooManyRequestsException"
        | "BandwidthLimitExceeded"
        | "LimitExceededException" => K::Throttled,
        "RequestTimeout" | "RequestTimeoutException" => K::TimedOut,
        "InternalError" | "InternalFailure" | "InternalServerError" | "ServiceUnavailable" => {
            K::Server
        }
        "NotImplemented" | "MethodNotAllowed" | "UnsupportedOperation" => K::Unsupported,
        "BadDigest"
        | "InvalidDigest"
        | "XAmzContentSHA256Mismatch"
        | "IncompleteBody"
        | "XAmzContentChecksumMismatch" => K::Corrupt,
        "InvalidArgument"
        | "InvalidBucketName"
        | "InvalidRequest"
        | "KeyTooLongError"
        | "MalformedXML"
        | "EntityTooLarge"
        | "EntityTooSmall"
        | "InvalidPart"
        | "InvalidPartOrder"
        | "InvalidRange"
        | "InvalidStorageClass"
        | "InvalidTag"
        | "MetadataTooLarge"
        | "AccessControlListNotSupported" => K::Invalid,
        _ => return None,
    })
}

fn kind_of_status(operation: Operation, status: u16) -> ErrorKind {
    use ErrorKind as K;
    match status {
        301 | 302 | 307 | 308 => K::WrongRegion,
        400 => K::Invalid,
        401 => K::BadCredentials,
        403 => K::AccessDenied,
        404 => match operation {
            Operation::List | Operation::ListBuckets => K::NoSuchBucket,
            Operation::Multipart => K::NoSuchUpload,
            _ => K::NoSuchKey,
        },
        405 | 501 => K::Unsupported,
        407 => K::ProxyRefused,
        408 => K::TimedOut,
        409 | 412 => K::Conflict,
        429 => K::Throttled,
        500.. => K::Server,
        _ => K::Other,
    }
}

/// A failure the SDK reports. Nothing of the request is kept, so nothing secret can be.
pub(crate) fn from_sdk<E>(
    operation: Operation,
    subject: impl Into<String>,
    error: SdkError<E, HttpResponse>,
) -> StorageError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let subject = subject.into();
    let answer = error
        .as_service_error()
        .map(ProvideErrorMetadata::meta)
        .map(|meta| {
            (
                meta.code().map(str::to_owned),
                meta.message().map(str::to_owned),
            )
        });
    if let Some(raw) = error.raw_response() {
        let mut headers = HeaderMap::new();
        for name in [REGION, ERROR_CODE, REQUEST_ID, LOCATION] {
            if let Some(value) = raw.headers().get(name).and_then(|v| v.parse().ok()) {
                headers.insert(name, value);
            }
        }
        let status = raw.status().as_u16();
        let body = raw.body().bytes().unwrap_or_default();
        let mut failure = from_answer(operation, subject, status, &headers, body);
        if let Some((code, message)) = answer {
            failure.message = failure.message.or(message);
            // "NotFound" is the SDK's own word for a 404 without a body.
            if failure.code.is_none()
                && failure.kind != ErrorKind::Redirected
                && let Some(code) = code
                && code != "NotFound"
            {
                failure.kind = kind_with_region(&failure, operation, status, Some(&code));
                failure.code = Some(code);
            }
        }
        // A success that could not be read, and no error inside: cut, or not from S3 at all.
        if status < 300 && failure.code.is_none() {
            failure.kind = source_kind(&error).unwrap_or(ErrorKind::Corrupt);
            failure.message = Some(chain_text(&error));
        }
        return failure;
    }
    let kind = source_kind(&error).unwrap_or(match &error {
        SdkError::TimeoutError(_) => ErrorKind::TimedOut,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => ErrorKind::TimedOut,
        SdkError::DispatchFailure(failure) if !failure.is_user() => ErrorKind::Unreachable,
        SdkError::ConstructionFailure(_) | SdkError::DispatchFailure(_) => ErrorKind::Invalid,
        _ => ErrorKind::Other,
    });
    let mut failure = StorageError::new(operation, kind, subject);
    failure.message = Some(chain_text(&error));
    failure.status = refused_at_proxy(&error);
    failure.code = certificate_fault(&error).or_else(|| unreached_because(&error));
    failure.host = unreached_host(&error);
    failure.source = error.into_source().ok();
    failure
}

const REGION: &str = "x-amz-bucket-region";
const LOCATION: &str = "location";
const ERROR_CODE: &str = "x-amz-error-code";
const REQUEST_ID: &str = "x-amz-request-id";

/// An answer that is no success (or a success with an error inside).
pub(crate) fn from_answer(
    operation: Operation,
    subject: impl Into<String>,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
) -> StorageError {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let told = xml::error_fields(body);
    let code = told.code.or_else(|| header(ERROR_CODE));
    let mut failure = StorageError::new(operation, ErrorKind::Other, subject);
    failure.status = Some(status);
    failure.message = told.message;
    failure.request_id = told.request_id.or_else(|| header(REQUEST_ID));
    failure.region = told.region.or_else(|| header(REGION));
    failure.kind = kind_with_region(&failure, operation, status, code.as_deref());
    failure.code = code;
    if let Some(address) = header(LOCATION).and_then(|location| origin(&location))
        && failure.kind == ErrorKind::WrongRegion
        && failure.code.is_none()
        && failure.region.is_none()
    {
        (failure.kind, failure.host) = (ErrorKind::Redirected, Some(address));
    }
    failure
}

/// `https://host:port` of an address; nothing else of it, for it may carry a signature.
fn origin(address: &str) -> Option<String> {
    let uri: http::Uri = address.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
    let place = authority.as_str().rsplit('@').next()?;
    Some(format!("{scheme}://{place}"))
}

/// A HEAD to the wrong region may come back as a bare 400: only the region's header tells.
fn kind_with_region(
    failure: &StorageError,
    operation: Operation,
    status: u16,
    code: Option<&str>,
) -> ErrorKind {
    match kind_of(operation, status, code) {
        ErrorKind::Invalid if code.is_none() && failure.region.is_some() => ErrorKind::WrongRegion,
        kind => kind,
    }
}

/// A request of our own that got no answer.
pub(crate) fn from_transport(
    operation: Operation,
    subject: impl Into<String>,
    error: impl Error + Send + Sync + 'static,
) -> StorageError {
    let kind = source_kind(&error).unwrap_or(ErrorKind::Unreachable);
    let text = chain_text(&error);
    let mut failure = StorageError::new(operation, kind, subject).with_message(text);
    failure.status = refused_at_proxy(&error);
    failure.code = certificate_fault(&error).or_else(|| unreached_because(&error));
    failure.host = unreached_host(&error);
    failure.with_source(error)
}

/// Kind and words of a request that got no answer.
pub(super) fn told(error: &(dyn Error + 'static)) -> (ErrorKind, String) {
    let kind = source_kind(error).unwrap_or(ErrorKind::Unreachable);
    (kind, chain_text(error))
}

/// The way to a host could not be opened.
pub(super) fn from_opening(host: String, error: &(dyn Error + 'static)) -> StorageError {
    let (kind, message) = told(error);
    let mut failure = StorageError::new(Operation::Connect, kind, host).with_message(message);
    failure.status = refused_at_proxy(error);
    failure
}

/// Credentials could not be had.
pub(crate) fn from_credentials(subject: &str, error: CredentialsError) -> StorageError {
    if let Some(inner) = storage_error_in(&error) {
        // What our own sources say is told as they say it.
        let mut told = StorageError::new(inner.operation, inner.kind, inner.subject.as_str());
        told.status = inner.status;
        told.code.clone_from(&inner.code);
        told.host.clone_from(&inner.host);
        told.message.clone_from(&inner.message);
        told.request_id.clone_from(&inner.request_id);
        told.source = Some(Box::new(error));
        return told;
    }
    let kind = kind_without_credentials(&error);
    let text = chain_text(&error);
    StorageError::new(Operation::Connect, kind, subject)
        .with_message(text)
        .with_source(error)
}

/// A failure of our own that lies below another one.
fn storage_error_in<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a StorageError> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(inner) = error.downcast_ref::<StorageError>() {
            return Some(inner);
        }
        next = error.source();
    }
    None
}

fn kind_without_credentials(error: &CredentialsError) -> ErrorKind {
    if let Some(inner) = storage_error_in(error) {
        return inner.kind;
    }
    match error {
        CredentialsError::CredentialsNotLoaded(_) | CredentialsError::InvalidConfiguration(_) => {
            ErrorKind::NoCredentials
        }
        CredentialsError::ProviderTimedOut(_) => ErrorKind::TimedOut,
        _ => failure_in(error).map_or(ErrorKind::NoCredentials, kind_of_failure),
    }
}

fn source_kind(error: &(dyn Error + 'static)) -> Option<ErrorKind> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<CredentialsError>() {
            return Some(kind_without_credentials(error));
        }
        if let Some(inner) = error.downcast_ref::<StorageError>() {
            return Some(inner.kind);
        }
        next = error.source();
    }
    failure_in(error).map(kind_of_failure)
}

const fn kind_of_failure(failure: Failure) -> ErrorKind {
    match failure {
        Failure::Tls => ErrorKind::Tls,
        Failure::TimedOut => ErrorKind::TimedOut,
        Failure::Unreachable => ErrorKind::Unreachable,
        Failure::ProxyUnreachable => ErrorKind::ProxyUnreachable,
        Failure::ProxyRefused => ErrorKind::ProxyRefused,
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn code_goes_before_status() {
        for (status, code, operation, kind) in [
            (
                404,
                Some("NoSuchBucket"),
                Operation::Get,
                ErrorKind::NoSuchBucket,
            ),
            (404, None, Operation::Head, ErrorKind::NoSuchKey),
            (404, None, Operation::List, ErrorKind::NoSuchBucket),
            (
                403,
                Some("SignatureDoesNotMatch"),
                Operation::List,
                ErrorKind::BadCredentials,
            ),
            (
                403,
                Some("RequestTimeTooSkewed"),
                Operation::List,
                ErrorKind::ClockSkew,
            ),
            (403, None, Operation::Head, ErrorKind::AccessDenied),
            (
                400,
                Some("ExpiredToken"),
                Operation::Head,
                ErrorKind::ExpiredCredentials,
            ),
            (503, Some("SlowDown"), Operation::Put, ErrorKind::Throttled),
            (503, None, Operation::Put, ErrorKind::Server),
            (501, Some("Odd"), Operation::Put, ErrorKind::Unsupported),
            (
                200,
                Some("InternalError"),
                Operation::Copy,
                ErrorKind::Server,
            ),
            (412, None, Operation::Put, ErrorKind::Conflict),
        ] {
            assert_eq!(kind_of(operation, status, code), kind, "{status} {code:?}");
        }
    }

    #[test]
    fn a_region_in_the_answer_is_told() {
        let body = b"<?xml version=\"1.0\"?><Error><Code>AuthorizationHeaderMalformed</Code>\
            <Message>wrong</Message><Region>eu-west-3</Region><RequestId>R1</RequestId></Error>";
        let error = from_answer(Operation::List, "b", 400, &HeaderMap::new(), body);
        assert_eq!(error.kind, ErrorKind::WrongRegion);
        assert_eq!(error.region.as_deref(), Some("eu-west-3"));
        assert_eq!(error.request_id.as_deref(), Some("R1"));

        let mut headers = HeaderMap::new();
        headers.insert(REGION, http::HeaderValue::from_static("eu-west-1"));
        let error = from_answer(Operation::Head, "b", 400, &headers, b"");
        assert_eq!(error.kind, ErrorKind::WrongRegion);
    }

    #[test]
    fn a_bare_redirect_is_no_word_about_a_region() {
        let location = |to: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(LOCATION, http::HeaderValue::from_static(to));
            headers
        };
        let elsewhere = location("https://login@s3.example:9443/media?X-Amz-Signature=secret");
        let error = from_answer(Operation::List, "b", 301, &elsewhere, b"<html></html>");
        assert_eq!(error.kind, ErrorKind::Redirected);
        assert_eq!(error.host.as_deref(), Some("https://s3.example:9443"));

        let to_region =
            b"<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>";
        let error = from_answer(Operation::List, "b", 301, &elsewhere, to_region);
        assert_eq!((error.kind, error.host), (ErrorKind::WrongRegion, None));
        let error = from_answer(Operation::List, "b", 301, &location("/media/"), b"");
        assert_eq!(error.kind, ErrorKind::WrongRegion);
    }

    #[test]
    fn wrapped_failures_are_found() {
        let refused = rustls::Error::General("no".to_owned());
        let wrapped = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, refused));
        assert_eq!(failure_in(&wrapped), Some(Failure::Tls));
        let late = io::Error::from(io::ErrorKind::TimedOut);
        assert_eq!(failure_in(&late), Some(Failure::TimedOut));
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        assert_eq!(failure_in(&reset), Some(Failure::Unreachable));
    }
}
