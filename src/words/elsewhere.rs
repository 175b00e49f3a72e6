//! Refusals that say that something else was meant: another region, another address, another time, no S3 at all.
//!
//! A server may also refuse what is just as it asks for ([`StorageError::contrary`]); then neither region nor clock is to
//! be set, and what is at fault is named instead.

use super::visible;
use crate::domain::{ErrorKind, Operation, StorageError};

/// The bucket is in another region, or the server says so.
pub(super) fn region(error: &StorageError) -> (String, String) {
    if error.contrary {
        let region = error.region.as_deref().unwrap_or_default();
        return (
            format!(
                "The bucket is in {region}, as the settings say, but the server at this address does not take requests for it: \
                 the endpoint belongs to another region than the bucket."
            ),
            "Clear AWS_S3_ENDPOINT_URL, or write the endpoint of the bucket's own region."
                .to_owned(),
        );
    }
    error.region.as_deref().map_or_else(
        || {
            (
                "The bucket lives in another region than the one in the settings.".to_owned(),
                "Set AWS_S3_REGION_NAME to the bucket's region; the provider's console shows it."
                    .to_owned(),
            )
        },
        |region| {
            (
                format!("The bucket lives in the region {region}, not in the one in the settings."),
                format!("Set AWS_S3_REGION_NAME to {region}."),
            )
        },
    )
}

/// The server sends elsewhere.
pub(super) fn redirected(error: &StorageError) -> (String, String) {
    let to = error.host.as_deref().unwrap_or("another address");
    (
        format!("The server sends every request on to {to}, which a signed request cannot follow."),
        format!("Write {to} as AWS_S3_ENDPOINT_URL, if that is your server."),
    )
}

/// The time of the request is refused.
pub(super) fn clock(error: &StorageError) -> (String, String) {
    let (cause, next) = if error.contrary {
        (
            "The server refuses the time of the request, although its clock agrees with this computer's: what tells the \
             time there and what checks it are not the same machine.",
            "Have the clocks of all servers behind this endpoint set, best by network time.",
        )
    } else {
        (
            "This computer's clock differs from the server's by more than S3 accepts (15 minutes).",
            "Set the clock, best by network time, and try again.",
        )
    };
    (cause.to_owned(), next.to_owned())
}

/// An answer that is none of S3: S3 gives a code with each refusal, and a page of its own with each success.
pub(super) fn no_answer_of_s3(error: &StorageError) -> Option<(String, String)> {
    let lists = matches!(error.operation, Operation::List | Operation::ListBuckets);
    // What answers a HEAD has no body that could hold a code.
    if error.code.is_some() || !(lists || error.message.is_some()) {
        return None;
    }
    let next = "Check the endpoint: a web server, a proxy or a login page may answer there.";
    let cause = match (error.kind, error.status) {
        (ErrorKind::Invalid | ErrorKind::Other | ErrorKind::BadCredentials, Some(status)) => {
            format!(
                "The answer is {status} without an error code, as S3 would give one.{}",
                page_says(error.message.as_deref())
            )
        }
        (ErrorKind::AccessDenied, Some(status)) if lists => format!(
            "Somebody on the way refuses the listing: the answer is {status} without an error code, as S3 would give one.{}",
            page_says(error.message.as_deref())
        ),
        (ErrorKind::NoSuchBucket, Some(_)) | (ErrorKind::Unsupported, None) if lists => {
            "What answers there is no S3 server: a web page, a console or a proxy stands there."
                .to_owned()
        }
        _ => return None,
    };
    Some((cause, next.to_owned()))
}

/// ` It says: …`, where a page said something.
#[must_use]
pub(super) fn page_says(text: Option<&str>) -> String {
    match text.map(|text| text.trim().trim_end_matches('.')) {
        None | Some("") => String::new(),
        Some(text) => format!(" It says: {}.", visible(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::explain;

    #[test]
    fn a_known_region_stands_in_the_remedy() {
        let mut error = StorageError::new(Operation::List, ErrorKind::WrongRegion, "b");
        assert!(explain(&error).next_step.contains("console"));
        error.region = Some("eu-west-1".to_owned());
        assert_eq!(
            explain(&error).next_step,
            "Set AWS_S3_REGION_NAME to eu-west-1."
        );
        error.contrary = true;
        assert!(
            explain(&error)
                .next_step
                .starts_with("Clear AWS_S3_ENDPOINT_URL")
        );
        assert!(!explain(&error).cause.contains("not in"));
        error.kind = ErrorKind::ClockSkew;
        assert!(!explain(&error).next_step.starts_with("Set the clock"));
    }
}
