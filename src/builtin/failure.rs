//! Failures of the disk as S3 answers.

use std::io::{self, ErrorKind};

use http::StatusCode;
use s3s::{S3Error, S3ErrorCode, S3Result};

/// What a client is told when the disk fails: what has a name by its name, all else as an internal
/// error.
pub(super) fn disk(error: io::Error) -> S3Error {
    let (code, status) = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ("StorageFull", 507),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => ("AccessDenied", 403),
        ErrorKind::AlreadyExists => ("NameTaken", 409),
        ErrorKind::InvalidFilename => ("KeyTooLongError", 400),
        _ => ("InternalError", 500),
    };
    let code = S3ErrorCode::from_bytes(code.as_bytes()).unwrap_or(S3ErrorCode::InternalError);
    let mut failure = S3Error::with_message(code, error.to_string());
    failure
        .set_status_code(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    failure.set_source(Box::new(error));
    failure
}

/// A task of the blocking pool did not end well.
pub(super) fn lost(error: tokio::task::JoinError) -> S3Error {
    S3Error::with_source(S3ErrorCode::InternalError, Box::new(error))
}

/// Runs disk work on the blocking pool.
pub(super) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> S3Result<T> + Send + 'static,
) -> S3Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(lost)?
}
