//! Why it failed and what to do next, by kind and, where it differs, by operation.

use std::io;

use super::diagnosis::codes::{self, Meaning};
use super::diagnosis::of_kms;
use super::{elsewhere, trust, way};
use crate::domain::diagnosis::{Denied, TrustFlaw};
use crate::domain::{ErrorKind, Operation, StorageError};

/// Cause and next step of a failure.
pub(super) fn of(error: &StorageError) -> (String, String) {
    let refused = Denied::of(error);
    if let Some(told) = refused.and_then(|one| of_kms(&one, error.operation.writes())) {
        return told;
    }
    if let Some(meaning) = by_code(error) {
        return (meaning.cause.to_owned(), meaning.next.to_owned());
    }
    if let Some(told) = elsewhere::no_answer_of_s3(error) {
        return told;
    }
    let (cause, next): (&str, &str) = match error.kind {
        ErrorKind::NoSuchBucket => (
            "The server knows no bucket of that name.",
            "Check the bucket's name and the endpoint: a name has to match to the letter, and a bucket of another \
             provider is not found here.",
        ),
        ErrorKind::NoSuchKey => (
            "There is no object with exactly this key. It may have been deleted or renamed in the meantime.",
            "List the folder again and compare: capitals, blanks and slashes count.",
        ),
        ErrorKind::NoSuchUpload => (
            "The unfinished upload is gone; the server or somebody else has cleaned it up.",
            "Start the upload again.",
        ),
        ErrorKind::AccessDenied => return denied(error.operation),
        ErrorKind::NoCredentials => return no_credentials(error),
        ErrorKind::BadCredentials => return bad_credentials(error),
        ErrorKind::ExpiredCredentials => (
            "The temporary credentials have ended.",
            "Sign in again (for a profile: `aws sso login`) or enter new credentials with their session token.",
        ),
        ErrorKind::SignInNeeded => (
            "Nobody is signed in to Identity Center here, or the sign-in has ended.",
            "Sign in; the command line does it with `cooperage login`.",
        ),
        ErrorKind::CodeNeeded => (
            "The role wants the six digits that the MFA device shows, and none were given that it takes.",
            "Try again with a fresh code; each works once, for about half a minute.",
        ),
        ErrorKind::WrongRegion => return elsewhere::region(error),
        ErrorKind::Redirected => return elsewhere::redirected(error),
        ErrorKind::ClockSkew => return elsewhere::clock(error),
        ErrorKind::Conflict => return conflict(error.operation),
        ErrorKind::Throttled => (
            "The server asks to slow down: there are more requests than it takes at once.",
            "Wait a little and try again, with fewer transfers at the same time.",
        ),
        ErrorKind::Unreachable => return way::unreachable(error),
        ErrorKind::ProxyUnreachable => (
            "The proxy could not be reached, so nothing was sent to the server: its name is not known, nobody listens at \
             that address, or the connection broke.",
            "Check the address in AWS_S3_PROXIES, or http_proxy and https_proxy where that is not set; an empty table \
             there means no proxy.",
        ),
        ErrorKind::ProxyRefused => return proxy_refused(error),
        ErrorKind::Tls => return not_trusted(error),
        ErrorKind::TimedOut => return way::silent(error),
        ErrorKind::Server => (
            "The server failed while it worked on the request; this is on its side.",
            "Try again in a moment; if it stays so, give the request id to whoever runs the server.",
        ),
        ErrorKind::Unsupported if error.operation == Operation::AssumeRole => (
            "This server has no token service (STS), so no role can be taken with it.",
            "Where the role is Amazon's, name its token service in AWS_ENDPOINT_URL_STS; otherwise go without a role.",
        ),
        ErrorKind::Unsupported => (
            "This server does not offer what was asked of it.",
            "Look in the server's manual for this function, or do without it on this connection.",
        ),
        ErrorKind::Invalid => return invalid(error),
        ErrorKind::Corrupt if let Some(told) = way::unanswered(error.code.as_deref()) => {
            return told;
        }
        ErrorKind::Corrupt => (
            "What arrived is not what was sent: the checksums differ. Nothing was kept under the final name.",
            "Try again; if it stays so, the network or the storage damages data.",
        ),
        ErrorKind::LocalFile => return local_file(error),
        ErrorKind::Cancelled => ("It was cancelled before it was done.", ""),
        ErrorKind::Other => return other(error),
    };
    (cause.to_owned(), next.to_owned())
}

/// What the server's code means, where it says more than the kind of the failure.
fn by_code(error: &StorageError) -> Option<&'static Meaning> {
    let code = error.code.as_deref()?;
    let says_more = match error.kind {
        ErrorKind::AccessDenied => !matches!(code, "AccessDenied" | "AccessDeniedException"),
        // Of these the server's own words name what is wrong.
        ErrorKind::Invalid | ErrorKind::Other => !matches!(
            code,
            "InvalidArgument" | "InvalidRequest" | "MalformedXML" | "ValidationError"
        ),
        ErrorKind::Conflict => code != "PreconditionFailed",
        _ => false,
    };
    if says_more {
        codes::meaning(code)
    } else {
        None
    }
}

/// What is wrong with the server's certificate.
fn not_trusted(error: &StorageError) -> (String, String) {
    if let Some(flaw) = TrustFlaw::of_code(error.code.as_deref()) {
        return trust::unfit(flaw);
    }
    let (cause, next) = match error.code.as_deref() {
        Some("CertificateUnknownIssuer") => (
            "The server's certificate was issued by an authority that is not trusted here, so nothing was sent.",
            "Where it is an authority of your own, give its certificate file as AWS_S3_VERIFY; otherwise somebody may \
             stand between you and the server.",
        ),
        Some("CertificateForOtherName") => (
            "The server's certificate is for another host name, so nothing was sent.",
            "Use the name that the certificate is for in the endpoint, or have the server show the right certificate.",
        ),
        Some("CertificateExpired") => (
            "The server's certificate has expired, so nothing was sent.",
            "Have it renewed by whoever runs the server, and check the date of this computer.",
        ),
        Some("CertificateNotValidYet") => (
            "The server's certificate is not valid yet, so nothing was sent.",
            "Check the date of this computer.",
        ),
        _ => (
            "The server's certificate was not accepted, or what answers there does not speak TLS, so nothing was sent.",
            "Check scheme, host and port of the endpoint; where the server uses a certificate of your own authority, \
             give that authority's file as AWS_S3_VERIFY.",
        ),
    };
    (cause.to_owned(), next.to_owned())
}

fn proxy_refused(error: &StorageError) -> (String, String) {
    let (cause, next) = if error.status == Some(407) {
        (
            "The proxy wants a login, or does not accept the one it was given. Nothing was sent to the server.",
            "Enter user and password in the proxy's address, signs like @ and : in them written as %40 and %3A.",
        )
    } else {
        (
            "The proxy does not let this connection through, or cannot reach the server itself.",
            "Ask whoever runs the proxy to allow the server's host and port, or go without the proxy.",
        )
    };
    (cause.to_owned(), next.to_owned())
}

/// What the policy does not allow, with the action's name in IAM.
fn denied(operation: Operation) -> (String, String) {
    let (what, action) = match operation {
        Operation::ListBuckets => {
            return (
                "These credentials may not see all buckets of the account (s3:ListAllMyBuckets). That is common, and \
                 nothing else needs it."
                    .to_owned(),
                "Name the bucket in the connection; listing, reading and writing it do not depend on this.".to_owned(),
            );
        }
        Operation::Connect => ("use this bucket", "s3:ListBucket or s3:GetObject"),
        Operation::List => ("list this bucket, or not this part of it", "s3:ListBucket"),
        Operation::Head => (
            "read this object (S3 says the same of one that does not exist when listing is denied)",
            "s3:GetObject",
        ),
        Operation::Get => (
            "read this object (S3 says the same of one that does not exist when listing is denied)",
            "s3:GetObject, and kms:Decrypt where it is encrypted with a KMS key",
        ),
        Operation::Put | Operation::Multipart => (
            "write here",
            "s3:PutObject, s3:PutObjectAcl where an ACL is set, and kms:GenerateDataKey where a KMS key encrypts",
        ),
        Operation::Copy => (
            "copy this object",
            "s3:GetObject on the one and s3:PutObject on the other",
        ),
        Operation::Delete => ("delete this object", "s3:DeleteObject"),
        Operation::Link => ("share this object", "s3:GetObject"),
        Operation::LocalFile => ("use this file", "the file's own permissions"),
        Operation::SignIn => (
            "have keys of this account and role",
            "an assignment of the role in Identity Center",
        ),
        Operation::AssumeRole => {
            return (
                "These credentials may not take the role: their own policy has to allow sts:AssumeRole on it, and the \
                 role's trust policy has to name them, with the external id and MFA where it asks for these."
                    .to_owned(),
                "Compare role, external id and MFA device with the role's trust policy, letter by letter.".to_owned(),
            );
        }
        Operation::Caller => ("ask who they are", "sts:GetCallerIdentity"),
    };
    (
        format!("The server knows these credentials, but they may not {what}. Needed: {action}."),
        "Ask for the missing permission, or use other credentials.".to_owned(),
    )
}

fn no_credentials(error: &StorageError) -> (String, String) {
    // The chain's own words speak of its last source only, so they stay among the details.
    if error.operation == Operation::Connect
        && !error.subject.is_empty()
        && error.subject != "credentials"
    {
        return (
            format!(
                "The profile {} gave no credentials: it is missing, incomplete, or its sign-in has ended.",
                super::quoted(&error.subject)
            ),
            "Look at the profile in the shared AWS files, or sign in again (`aws sso login`)."
                .to_owned(),
        );
    }
    (
        "No credentials were found where this connection looks for them: settings, environment, shared AWS files."
            .to_owned(),
        "Choose a profile (AWS_S3_SESSION_PROFILE), enter a key pair (AWS_S3_ACCESS_KEY_ID and \
         AWS_S3_SECRET_ACCESS_KEY), or sign in again if the profile uses a sign-in page."
            .to_owned(),
    )
}

fn bad_credentials(error: &StorageError) -> (String, String) {
    let (cause, next) = match error.code.as_deref() {
        Some("InvalidAccessKeyId") => (
            "The server does not know this access key id.",
            "Check the access key id and the endpoint: keys of one provider mean nothing to another. Temporary keys \
             need their session token as well.",
        ),
        Some("SignatureDoesNotMatch") => (
            "The secret key does not belong to this access key id, or something on the way changed the request.",
            "Enter the secret again, without blanks around it; behind a proxy, check that it leaves host and path as \
             they are.",
        ),
        Some("InvalidToken" | "InvalidTokenId") => (
            "The session token does not belong to this key pair.",
            "Enter key id, secret and token of the same sign-in; a token left in the environment \
             (AWS_SESSION_TOKEN) sticks to other keys.",
        ),
        _ => (
            "The server does not accept these credentials.",
            "Check key id and secret, and that they belong to this endpoint.",
        ),
    };
    (cause.to_owned(), next.to_owned())
}

fn conflict(operation: Operation) -> (String, String) {
    let (cause, next) = match operation {
        Operation::Get | Operation::LocalFile => (
            "The object or the file changed while it was being read, or a file of that name is there already.",
            "Try again, choose another place, or say that the file may be replaced.",
        ),
        Operation::Delete => (
            "The server keeps this: it changed in between, is locked, or is not empty.",
            "List again and look at what is there now.",
        ),
        _ => (
            "An object of that key is there already, or somebody changed it in between. Nothing was replaced.",
            "Choose another name, or say that it may be replaced.",
        ),
    };
    (cause.to_owned(), next.to_owned())
}

fn invalid(error: &StorageError) -> (String, String) {
    let cause = error.message.as_deref().map_or_else(
        || "A setting or an argument cannot be used as it is.".to_owned(),
        sentence,
    );
    (cause, "Correct the value and try again.".to_owned())
}

fn other(error: &StorageError) -> (String, String) {
    let cause = match (
        error.message.as_deref(),
        error.code.as_deref(),
        error.status,
    ) {
        (Some(message), ..) => sentence(message),
        (None, Some(code), _) => format!("The server answered {code}."),
        (None, None, Some(status)) => {
            format!("The server answered with status {status} and no reason.")
        }
        (None, None, None) => "The server refused without a known reason.".to_owned(),
    };
    (
        cause,
        "Look at the details; with the code and the request id whoever runs the server can find the reason.".to_owned(),
    )
}

/// A file or folder of this computer, by the system's own kind of failure.
fn local_file(error: &StorageError) -> (String, String) {
    let system = error
        .source
        .as_deref()
        .and_then(|source| source.downcast_ref::<io::Error>())
        .map(io::Error::kind);
    let (cause, next) = match system {
        Some(io::ErrorKind::NotFound) => (
            "There is no such file or folder on this computer.",
            "Check the path.",
        ),
        Some(io::ErrorKind::PermissionDenied) => (
            "The system does not allow it.",
            "Choose another folder, or change the permissions of this one.",
        ),
        Some(io::ErrorKind::ReadOnlyFilesystem) => (
            "The disk can only be read.",
            "Choose a folder on another disk.",
        ),
        Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => (
            "The disk is full. What was there before is untouched.",
            "Free some space or choose another disk, then try again.",
        ),
        Some(io::ErrorKind::AlreadyExists) => (
            "Something of that name is there already.",
            "Choose another name, or say that it may be replaced.",
        ),
        Some(io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory) => (
            "A folder stands where a file is needed, or a file where a folder is needed.",
            "Choose another name or another place.",
        ),
        Some(io::ErrorKind::InvalidFilename) => (
            "This system cannot have a file of that name.",
            "Choose another name.",
        ),
        _ => {
            let cause = error.message.as_deref().map_or_else(
                || "This computer could not read or write it.".to_owned(),
                |message| {
                    format!(
                        "This computer could not read or write it: {}",
                        sentence(message)
                    )
                },
            );
            return (cause, "Check the path and the disk.".to_owned());
        }
    };
    (cause.to_owned(), next.to_owned())
}

/// Somebody else's words as one sentence of ours.
fn sentence(message: &str) -> String {
    let mut text = super::visible(message.trim());
    if text.is_empty() {
        return "no reason was given.".to_owned();
    }
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_locked_folder() {
        let told = |kind: io::ErrorKind| {
            of(&StorageError::local(
                std::path::Path::new("x"),
                io::Error::from(kind),
            ))
            .0
        };
        assert!(told(io::ErrorKind::StorageFull).contains("full"));
        assert!(told(io::ErrorKind::PermissionDenied).contains("allow"));
        assert!(told(io::ErrorKind::NotFound).contains("no such file"));
    }

    #[test]
    fn a_code_that_says_more_than_its_kind_is_explained() {
        let told = |kind, code: &str| {
            let mut error = StorageError::new(Operation::Put, kind, "b").with_message("said");
            error.code = Some(code.to_owned());
            of(&error).0
        };
        assert!(told(ErrorKind::AccessDenied, "InvalidObjectState").contains("archive"));
        assert!(told(ErrorKind::AccessDenied, "AccessDenied").contains("s3:PutObject"));
        assert!(told(ErrorKind::Invalid, "KeyTooLongError").contains("1,024"));
        assert_eq!(told(ErrorKind::Invalid, "InvalidArgument"), "said.");
        assert!(told(ErrorKind::Other, "NoSuchTagSet").contains("tags"));
        assert_eq!(told(ErrorKind::Other, "Unheard"), "said.");
    }

    #[test]
    fn codes_of_bad_credentials_differ() {
        let told = |code: &str| {
            let mut error = StorageError::new(Operation::List, ErrorKind::BadCredentials, "b");
            error.code = Some(code.to_owned());
            of(&error)
        };
        assert_ne!(told("InvalidAccessKeyId"), told("SignatureDoesNotMatch"));
        assert_ne!(told("InvalidToken"), told("SignatureDoesNotMatch"));
    }
}
