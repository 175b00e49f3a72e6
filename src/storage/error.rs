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
    certificate_fault, chain_text, refused_at_proxy, unanswered_because, unreached_because,
    unreached_host,
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

/// True for a code that refuses the time of a request.
pub(super) fn is_of_time(code: Option<&str>) -> bool {
    code.and_then(kind_of_code) == Some(ErrorKind::ClockSkew)
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
    failure.code = reason_of(&error);
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
    // What is no error of S3 may be a page that says who answers.
    let is_page = || code.is_none() && status >= 400;
    failure.message = (told.message).or_else(|| is_page().then(|| xml::page_text(body)).flatten());
    failure.request_id = told.request_id.or_else(|| header(REQUEST_ID));
    failure.region = told.region.or_else(|| header(REGION)).or_else(|| {
        let says = failure.message.as_deref();
        says.filter(|_| code.as_deref() == Some("AuthorizationHeaderMalformed"))
            .and_then(expected_region)
    });
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

/// The region of `the region 'us-east-1' is wrong; expecting 'eu-west-1'`, which some servers name nowhere else.
fn expected_region(message: &str) -> Option<String> {
    let (_, behind) = message.split_once("expecting '")?;
    let (region, _) = behind.split_once('\'')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (!region.is_empty() && region.chars().all(is_name)).then(|| region.to_owned())
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
    failure.code = reason_of(&error);
    failure.host = unreached_host(&error);
    failure.with_source(error)
}

/// Why there was no answer, as a code.
fn reason_of(error: &(dyn Error + 'static)) -> Option<String> {
    certificate_fault(error)
        .or_else(|| unreached_because(error))
        .or_else(|| unanswered_because(error).filter(|_| at_server(error)))
}

/// False for what failed at a proxy, of which is told in other words.
fn at_server(error: &(dyn Error + 'static)) -> bool {
    !matches!(
        failure_in(error),
        Some(Failure::ProxyUnreachable | Failure::ProxyRefused)
    )
}

/// The body of an answer did not come to its end.
pub(crate) fn from_body(
    operation: Operation,
    subject: impl Into<String>,
    error: impl Error + Send + Sync + 'static,
) -> StorageError {
    let mut failure = from_transport(operation, subject, error);
    if failure.kind == ErrorKind::Unreachable {
        failure.code = Some(ANSWER_CUT.to_owned());
    }
    failure
}

/// The code of an answer that ends in its middle.
pub(crate) const ANSWER_CUT: &str = "AnswerCut";

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
#[path = "error_tests.rs"]
mod tests;
