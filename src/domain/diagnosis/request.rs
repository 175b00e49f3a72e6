//! One HTTP exchange with a server, as the request log keeps it.
//!
//! Nothing secret is in it: of the headers only those that say what is asked for, of the query everything but what
//! signs, of the bodies only their length. Bucket and key are exact; `path` is what was sent.

use std::sync::Arc;

use crate::domain::ErrorKind;

/// One request and what came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Counts the program's requests from 1.
    pub number: u64,
    /// The connection it was made for, by its name.
    pub connection: Arc<str>,
    /// When it was sent, in milliseconds since 1970 by this computer's clock.
    pub began_ms: i64,
    /// The call by its name in the API: `ListObjectsV2`, `GetCallerIdentity`.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: String,
    /// False for `http`.
    pub is_tls: bool,
    /// The host, with its port where it has one.
    pub host: String,
    /// The bucket; empty for the account and for other services than S3.
    pub bucket: String,
    /// The key; empty for the bucket itself.
    pub key: String,
    /// The path as it was sent.
    pub path: String,
    /// The query as it was sent, without what signs.
    pub query: String,
    /// Headers that say what is asked for, names in lower case.
    pub headers: Vec<(String, String)>,
    /// How it was signed.
    pub signature: Signature,
    /// A session token went along.
    pub has_token: bool,
    /// Which try of the same call this is, from 1.
    pub attempt: u32,
    /// Bytes of the body that left.
    pub sent_bytes: u64,
    /// Bytes of the body that came.
    pub received_bytes: u64,
    /// Microseconds from sending to the head of the answer.
    pub first_byte_us: Option<u64>,
    /// Microseconds from sending to the last byte.
    pub total_us: Option<u64>,
    /// How it ended.
    pub end: ExchangeEnd,
    /// The server's id of the request.
    pub request_id: Option<String>,
    /// Amazon's second id (`x-amz-id-2`).
    pub host_id: Option<String>,
    /// The error code of a refusal: from the answer's head or its document.
    pub code: Option<String>,
}

/// How a request was signed; never the signature itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Signature {
    /// Not at all, or by a token in a header of its own.
    #[default]
    None,
    /// With version 2, which knows no region.
    Version2,
    /// With version 4.
    Version4 {
        /// The region it was signed for.
        region: String,
        /// The service it was signed for: `s3`, `sts`.
        service: String,
    },
}

/// How an exchange ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExchangeEnd {
    /// It is on its way.
    Running,
    /// The answer has this status; its body may still be coming.
    Answered(u16),
    /// No whole answer came.
    Broken {
        /// Why.
        kind: ErrorKind,
        /// The status, when the head had come.
        status: Option<u16>,
        /// The system's own words.
        message: String,
    },
    /// Nobody wanted the answer any more.
    Dropped,
}

/// What an exchange came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is on its way.
    Running,
    /// It did what it was sent for.
    Done,
    /// The server said no, and that is an answer to what was asked: nothing is there, nothing is set, nothing of the
    /// kind is known to it.
    No,
    /// It did not do what it was sent for.
    Failed,
    /// Nobody wanted the answer any more.
    Dropped,
}

/// Refusals that say what is so, not that something went wrong: a setting that nobody made, a function that a server
/// lacks.
const ANSWERS: [&str; 11] = [
    "NotImplemented",
    "MethodNotAllowed",
    "NoSuchBucketPolicy",
    "NoSuchCORSConfiguration",
    "NoSuchLifecycleConfiguration",
    "NoSuchTagSet",
    "NoSuchTagSetError",
    "NoSuchPublicAccessBlockConfiguration",
    "ObjectLockConfigurationNotFoundError",
    "OwnershipControlsNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
];

impl Exchange {
    /// An exchange of which nothing is known yet.
    #[must_use]
    pub fn blank(connection: &Arc<str>) -> Self {
        Self {
            number: 0,
            connection: Arc::clone(connection),
            began_ms: 0,
            operation: "",
            method: String::new(),
            is_tls: false,
            host: String::new(),
            bucket: String::new(),
            key: String::new(),
            path: String::new(),
            query: String::new(),
            headers: Vec::new(),
            signature: Signature::None,
            has_token: false,
            attempt: 1,
            sent_bytes: 0,
            received_bytes: 0,
            first_byte_us: None,
            total_us: None,
            end: ExchangeEnd::Running,
            request_id: None,
            host_id: None,
            code: None,
        }
    }

    /// The HTTP status, once it is known.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match &self.end {
            ExchangeEnd::Answered(status) => Some(*status),
            ExchangeEnd::Broken { status, .. } => *status,
            ExchangeEnd::Running | ExchangeEnd::Dropped => None,
        }
    }

    /// What it came to.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match &self.end {
            ExchangeEnd::Running => Outcome::Running,
            ExchangeEnd::Dropped => Outcome::Dropped,
            ExchangeEnd::Broken { .. } => Outcome::Failed,
            ExchangeEnd::Answered(status) if *status < 300 && self.code.is_none() => Outcome::Done,
            ExchangeEnd::Answered(status) if self.is_answer(*status) => Outcome::No,
            ExchangeEnd::Answered(_) => Outcome::Failed,
        }
    }

    /// The action that a policy has to allow for it; `None` where that is not one by this name, or not known.
    #[must_use]
    pub fn action(&self) -> Option<&'static str> {
        Some(match self.operation {
            "ListObjectsV2" | "ListObjects" | "HeadBucket" => "s3:ListBucket",
            "GetObject" | "HeadObject" => "s3:GetObject",
            "PutObject" | "CreateMultipartUpload" | "UploadPart" | "CompleteMultipartUpload" => {
                "s3:PutObject"
            }
            "CopyObject" | "UploadPartCopy" => {
                "s3:GetObject on the source and s3:PutObject on the target"
            }
            "DeleteObject" | "DeleteObjects" => "s3:DeleteObject",
            "AbortMultipartUpload" => "s3:AbortMultipartUpload",
            "ListMultipartUploads" => "s3:ListBucketMultipartUploads",
            "ListObjectVersions" => "s3:ListBucketVersions",
            "ListBuckets" => "s3:ListAllMyBuckets",
            "GetObjectTagging" => "s3:GetObjectTagging",
            "PutObjectTagging" => "s3:PutObjectTagging",
            "GetObjectAcl" => "s3:GetObjectAcl",
            "PutObjectAcl" => "s3:PutObjectAcl",
            "GetBucketAcl" => "s3:GetBucketAcl",
            "GetBucketLocation" => "s3:GetBucketLocation",
            "GetBucketVersioning" => "s3:GetBucketVersioning",
            "GetBucketPolicy" => "s3:GetBucketPolicy",
            "GetBucketCors" => "s3:GetBucketCORS",
            "GetBucketLifecycleConfiguration" => "s3:GetLifecycleConfiguration",
            _ => return None,
        })
    }

    /// True when it did not do what it was sent for.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.outcome() == Outcome::Failed
    }

    /// True when a refusal answers what was asked.
    fn is_answer(&self, status: u16) -> bool {
        let code = self.code.as_deref();
        match (self.operation, status) {
            // Not changed; a condition that does not hold, such as that nothing is there yet; not known to the server.
            (_, 304 | 405 | 412 | 501) => true,
            // Whether there is such an object.
            ("HeadObject", 404) => code != Some("NoSuchBucket"),
            // A connection has its bucket; whoever may not list all of them lacks nothing.
            ("ListBuckets", 403) => code == Some("AccessDenied"),
            // Sent without its token it asks whether somebody there speaks STS at all.
            ("AssumeRoleWithWebIdentity", 400) => {
                matches!(code, Some("MissingParameter" | "ValidationError"))
            }
            _ => code.is_some_and(|code| ANSWERS.contains(&code)),
        }
    }

    /// The URL as it was sent, without what signs.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.is_tls { "https" } else { "http" };
        let Self {
            host, path, query, ..
        } = self;
        if query.is_empty() {
            format!("{scheme}://{host}{path}")
        } else {
            format!("{scheme}://{host}{path}?{query}")
        }
    }

    /// The value of a parameter of the query, still encoded; empty for one without a value.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        parameter(&self.query, name)
    }

    /// A header that was kept.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The value of a parameter in a query, still encoded.
#[must_use]
pub fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let pairs = query.split('&');
    let mut pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(operation: &'static str, status: u16, code: Option<&str>) -> Outcome {
        let exchange = Exchange {
            operation,
            end: ExchangeEnd::Answered(status),
            code: code.map(str::to_owned),
            ..Exchange::blank(&Arc::from("c"))
        };
        exchange.outcome()
    }

    #[test]
    fn a_no_that_answers_a_question_is_no_failure() {
        for (operation, status, code, outcome) in [
            ("GetObject", 206, None, Outcome::Done),
            ("GetObject", 304, None, Outcome::No),
            ("GetObject", 404, Some("NoSuchKey"), Outcome::Failed),
            ("PutObject", 412, Some("PreconditionFailed"), Outcome::No),
            ("HeadObject", 404, None, Outcome::No),
            ("HeadObject", 404, Some("NoSuchBucket"), Outcome::Failed),
            ("HeadBucket", 404, None, Outcome::Failed),
            ("HeadObject", 403, None, Outcome::Failed),
            (
                "GetBucketCors",
                404,
                Some("NoSuchCORSConfiguration"),
                Outcome::No,
            ),
            (
                "GetBucketPolicy",
                404,
                Some("NoSuchBucket"),
                Outcome::Failed,
            ),
            (
                "GetBucketPolicy",
                403,
                Some("AccessDenied"),
                Outcome::Failed,
            ),
            ("GetBucketPolicy", 501, Some("NotImplemented"), Outcome::No),
            ("ListBuckets", 403, Some("AccessDenied"), Outcome::No),
            (
                "ListBuckets",
                403,
                Some("InvalidAccessKeyId"),
                Outcome::Failed,
            ),
            (
                "AssumeRoleWithWebIdentity",
                400,
                Some("ValidationError"),
                Outcome::No,
            ),
            (
                "AssumeRoleWithWebIdentity",
                400,
                Some("ExpiredTokenException"),
                Outcome::Failed,
            ),
            (
                "ListObjectsV2",
                301,
                Some("PermanentRedirect"),
                Outcome::Failed,
            ),
            (
                "CompleteMultipartUpload",
                200,
                Some("InternalError"),
                Outcome::Failed,
            ),
        ] {
            let found = ended(operation, status, code);
            assert_eq!(found, outcome, "{operation} {status} {code:?}");
        }
    }

    #[test]
    fn an_answer_that_breaks_off_is_a_failure() {
        let exchange = Exchange {
            end: ExchangeEnd::Broken {
                kind: ErrorKind::TimedOut,
                status: Some(200),
                message: "reset".to_owned(),
            },
            ..Exchange::blank(&Arc::from("c"))
        };
        assert_eq!(exchange.outcome(), Outcome::Failed);
        assert_eq!(Exchange::blank(&Arc::from("c")).outcome(), Outcome::Running);
    }
}
