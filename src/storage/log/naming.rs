//! The name of a call, read from what goes over the wire: method, place, query and headers.
//!
//! S3 tells its calls apart by exactly these, so the name is that of the API's reference. Of other services those are
//! known that credentials come from.

use http::request::Parts;
use http::{HeaderMap, Method};

use crate::domain::diagnosis::parameter;

/// A call that has no name here.
pub(super) const OTHER: &str = "Other";

/// Sub-resources of a bucket: parameter, then the calls that read, write and delete it.
const OF_BUCKET: &[(&str, &str, &str, &str)] = &[
    ("acl", "GetBucketAcl", "PutBucketAcl", OTHER),
    ("cors", "GetBucketCors", "PutBucketCors", "DeleteBucketCors"),
    (
        "encryption",
        "GetBucketEncryption",
        "PutBucketEncryption",
        "DeleteBucketEncryption",
    ),
    (
        "lifecycle",
        "GetBucketLifecycleConfiguration",
        "PutBucketLifecycleConfiguration",
        "DeleteBucketLifecycle",
    ),
    ("location", "GetBucketLocation", OTHER, OTHER),
    ("logging", "GetBucketLogging", "PutBucketLogging", OTHER),
    (
        "notification",
        "GetBucketNotificationConfiguration",
        "PutBucketNotificationConfiguration",
        OTHER,
    ),
    (
        "object-lock",
        "GetObjectLockConfiguration",
        "PutObjectLockConfiguration",
        OTHER,
    ),
    (
        "ownershipControls",
        "GetBucketOwnershipControls",
        "PutBucketOwnershipControls",
        "DeleteBucketOwnershipControls",
    ),
    (
        "policy",
        "GetBucketPolicy",
        "PutBucketPolicy",
        "DeleteBucketPolicy",
    ),
    ("policyStatus", "GetBucketPolicyStatus", OTHER, OTHER),
    (
        "publicAccessBlock",
        "GetPublicAccessBlock",
        "PutPublicAccessBlock",
        "DeletePublicAccessBlock",
    ),
    (
        "replication",
        "GetBucketReplication",
        "PutBucketReplication",
        "DeleteBucketReplication",
    ),
    (
        "requestPayment",
        "GetBucketRequestPayment",
        "PutBucketRequestPayment",
        OTHER,
    ),
    (
        "tagging",
        "GetBucketTagging",
        "PutBucketTagging",
        "DeleteBucketTagging",
    ),
    ("uploads", "ListMultipartUploads", OTHER, OTHER),
    (
        "versioning",
        "GetBucketVersioning",
        "PutBucketVersioning",
        OTHER,
    ),
    ("versions", "ListObjectVersions", OTHER, OTHER),
    (
        "website",
        "GetBucketWebsite",
        "PutBucketWebsite",
        "DeleteBucketWebsite",
    ),
];

/// The same of an object.
const OF_OBJECT: &[(&str, &str, &str, &str)] = &[
    ("acl", "GetObjectAcl", "PutObjectAcl", OTHER),
    ("attributes", "GetObjectAttributes", OTHER, OTHER),
    (
        "legal-hold",
        "GetObjectLegalHold",
        "PutObjectLegalHold",
        OTHER,
    ),
    (
        "retention",
        "GetObjectRetention",
        "PutObjectRetention",
        OTHER,
    ),
    (
        "tagging",
        "GetObjectTagging",
        "PutObjectTagging",
        "DeleteObjectTagging",
    ),
    ("torrent", "GetObjectTorrent", OTHER, OTHER),
];

/// Calls of the token service and of Identity Center, as their forms and paths name them.
const ACTIONS: &[&str] = &[
    "AssumeRole",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "DecodeAuthorizationMessage",
    "GetAccessKeyInfo",
    "GetCallerIdentity",
    "GetFederationToken",
    "GetSessionToken",
];

/// Calls that go elsewhere than to S3: the token service, Identity Center, metadata of machine and container.
pub(super) fn elsewhere(head: &Parts, form: Option<&[u8]>) -> Option<&'static str> {
    if let Some(form) = form {
        let form = std::str::from_utf8(form).unwrap_or_default();
        let action = parameter(form, "Action")?;
        return ACTIONS.iter().find(|name| **name == action).copied();
    }
    let path = head.uri.path();
    match head.uri.host().unwrap_or_default() {
        "169.254.169.254" | "[fd00:ec2::254]" if head.method == Method::PUT => {
            Some("InstanceToken")
        }
        "169.254.169.254" | "[fd00:ec2::254]" => Some("InstanceMetadata"),
        "169.254.170.2" | "169.254.170.23" => Some("ContainerCredentials"),
        host if host.starts_with("portal.sso.") => Some(match path {
            "/federation/credentials" => "GetRoleCredentials",
            "/assignment/accounts" => "ListAccounts",
            "/assignment/roles" => "ListAccountRoles",
            "/logout" => "Logout",
            _ => OTHER,
        }),
        host if host.starts_with("oidc.") => Some(match path {
            "/token" => "CreateToken",
            "/client/register" => "RegisterClient",
            "/device_authorization" => "StartDeviceAuthorization",
            _ => OTHER,
        }),
        _ => None,
    }
}

/// The name of a call of S3.
pub(super) fn of(
    method: &Method,
    has_bucket: bool,
    has_key: bool,
    query: &str,
    headers: &HeaderMap,
) -> &'static str {
    match (has_bucket, has_key) {
        (false, _) if *method == Method::GET => "ListBuckets",
        (false, _) => OTHER,
        (true, false) => of_bucket(method, query),
        (true, true) => of_object(method, query, headers),
    }
}

fn sub_resource(
    table: &[(&str, &'static str, &'static str, &'static str)],
    method: &Method,
    query: &str,
) -> Option<&'static str> {
    let (_, read, write, delete) = table
        .iter()
        .find(|(name, ..)| parameter(query, name).is_some())?;
    Some(match method.as_str() {
        "GET" => read,
        "PUT" => write,
        "DELETE" => delete,
        _ => return None,
    })
}

fn of_bucket(method: &Method, query: &str) -> &'static str {
    if let Some(name) = sub_resource(OF_BUCKET, method, query) {
        return name;
    }
    match method.as_str() {
        "GET" if parameter(query, "list-type") == Some("2") => "ListObjectsV2",
        "GET" => "ListObjects",
        "HEAD" => "HeadBucket",
        "PUT" => "CreateBucket",
        "DELETE" => "DeleteBucket",
        "POST" if parameter(query, "delete").is_some() => "DeleteObjects",
        _ => OTHER,
    }
}

fn of_object(method: &Method, query: &str, headers: &HeaderMap) -> &'static str {
    if let Some(name) = sub_resource(OF_OBJECT, method, query) {
        return name;
    }
    let is_part = parameter(query, "partNumber").is_some();
    let upload = parameter(query, "uploadId").is_some();
    let copies = headers.contains_key("x-amz-copy-source");
    match method.as_str() {
        "GET" if upload => "ListParts",
        "GET" => "GetObject",
        "HEAD" => "HeadObject",
        "PUT" if is_part && copies => "UploadPartCopy",
        "PUT" if is_part => "UploadPart",
        "PUT" if copies => "CopyObject",
        "PUT" => "PutObject",
        "DELETE" if upload => "AbortMultipartUpload",
        "DELETE" => "DeleteObject",
        "POST" if upload => "CompleteMultipartUpload",
        "POST" if parameter(query, "uploads").is_some() => "CreateMultipartUpload",
        "POST" if parameter(query, "restore").is_some() => "RestoreObject",
        "POST" if parameter(query, "select").is_some() => "SelectObjectContent",
        _ => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_told_apart_by_method_place_query_and_headers() {
        let none = HeaderMap::new();
        let mut copying = HeaderMap::new();
        copying.insert("x-amz-copy-source", http::HeaderValue::from_static("/b/k"));
        for (method, bucket, key, query, headers, name) in [
            ("GET", false, false, "", &none, "ListBuckets"),
            (
                "GET",
                true,
                false,
                "list-type=2&max-keys=1",
                &none,
                "ListObjectsV2",
            ),
            (
                "GET",
                true,
                false,
                "delimiter=%2F&prefix=",
                &none,
                "ListObjects",
            ),
            ("GET", true, false, "prefix=acl", &none, "ListObjects"),
            ("GET", true, false, "location", &none, "GetBucketLocation"),
            (
                "GET",
                true,
                false,
                "uploads=",
                &none,
                "ListMultipartUploads",
            ),
            ("HEAD", true, false, "", &none, "HeadBucket"),
            ("POST", true, false, "delete=", &none, "DeleteObjects"),
            ("DELETE", true, false, "cors", &none, "DeleteBucketCors"),
            ("GET", true, true, "x-id=GetObject", &none, "GetObject"),
            ("GET", true, true, "uploadId=7", &none, "ListParts"),
            (
                "PUT",
                true,
                true,
                "partNumber=2&uploadId=7",
                &none,
                "UploadPart",
            ),
            (
                "PUT",
                true,
                true,
                "partNumber=2&uploadId=7",
                &copying,
                "UploadPartCopy",
            ),
            ("PUT", true, true, "", &copying, "CopyObject"),
            (
                "POST",
                true,
                true,
                "uploads",
                &none,
                "CreateMultipartUpload",
            ),
            (
                "POST",
                true,
                true,
                "uploadId=7",
                &none,
                "CompleteMultipartUpload",
            ),
            (
                "DELETE",
                true,
                true,
                "uploadId=7",
                &none,
                "AbortMultipartUpload",
            ),
            ("DELETE", true, true, "versionId=1", &none, "DeleteObject"),
            ("PUT", true, true, "tagging", &none, "PutObjectTagging"),
            ("PATCH", true, true, "", &none, OTHER),
        ] {
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            assert_eq!(
                of(&method, bucket, key, query, headers),
                name,
                "{method} {query}"
            );
        }
    }

    #[test]
    fn forms_and_hosts_of_other_services_are_known() {
        let head = |method: Method, url: &str| {
            let request = http::Request::builder().method(method).uri(url).body(());
            request.expect("a request").into_parts().0
        };
        let sts = head(Method::POST, "https://sts.eu-west-1.amazonaws.com/");
        let form = b"Action=GetCallerIdentity&Version=2011-06-15";
        assert_eq!(elsewhere(&sts, Some(form)), Some("GetCallerIdentity"));
        assert_eq!(elsewhere(&sts, Some(b"Action=Odd")), None);
        let machine = "http://169.254.169.254/latest/api/token";
        assert_eq!(
            elsewhere(&head(Method::PUT, machine), None),
            Some("InstanceToken")
        );
        let portal =
            "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?role_name=r";
        assert_eq!(
            elsewhere(&head(Method::GET, portal), None),
            Some("GetRoleCredentials")
        );
        assert_eq!(
            elsewhere(&head(Method::GET, "https://b.s3.amazonaws.com/k"), None),
            None
        );
    }
}
