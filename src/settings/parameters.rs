//! The closed list of upload parameters and what each may hold.
//!
//! django-storages hands `AWS_S3_OBJECT_PARAMETERS` to boto3's managed upload, which refuses every name outside
//! its list before a request is made. Values are typed there: dates are dates, metadata is a map of ASCII texts.
//! Enumerated values (storage class, ACL) are not checked before the server does, so they stay open here.

use serde_json::Value as Json;

use super::problem::Reason;

/// One upload parameter.
#[derive(Debug)]
pub struct ParameterSpec {
    /// API name: `CacheControl`.
    pub name: &'static str,
    /// What it holds, and so which editor it gets.
    pub kind: ParameterKind,
    /// Request header that carries it, lower case; metadata and parameters without one header have none.
    pub header: &'static str,
}

/// What an upload parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// Any text.
    Text,
    /// One of these, or any other text.
    Choice(&'static [&'static str]),
    /// A point in time.
    Date,
    /// A map of ASCII texts.
    Metadata,
    /// `name=value&name=value`.
    Tags,
    /// A whole number.
    Integer,
    /// A key that nobody may see.
    SecretText,
}

const fn row(name: &'static str, kind: ParameterKind, header: &'static str) -> ParameterSpec {
    ParameterSpec { name, kind, header }
}

/// All of them, in the order of the drop-down.
pub const PARAMETERS: &[ParameterSpec] = {
    use ParameterKind::{Choice, Date, Integer, Metadata, SecretText, Tags, Text};
    &[
        row("CacheControl", Text, "cache-control"),
        row("ContentDisposition", Text, "content-disposition"),
        row("ContentEncoding", Text, "content-encoding"),
        row("ContentLanguage", Text, "content-language"),
        row("ContentType", Text, "content-type"),
        row("Expires", Date, "expires"),
        row("Metadata", Metadata, ""),
        row("Tagging", Tags, "x-amz-tagging"),
        row(
            "StorageClass",
            Choice(&[
                "STANDARD",
                "STANDARD_IA",
                "ONEZONE_IA",
                "INTELLIGENT_TIERING",
                "GLACIER_IR",
                "GLACIER",
                "DEEP_ARCHIVE",
                "EXPRESS_ONEZONE",
                "OUTPOSTS",
                "REDUCED_REDUNDANCY",
            ]),
            "x-amz-storage-class",
        ),
        row(
            "ACL",
            Choice(&[
                "private",
                "public-read",
                "public-read-write",
                "authenticated-read",
                "aws-exec-read",
                "bucket-owner-read",
                "bucket-owner-full-control",
            ]),
            "x-amz-acl",
        ),
        row("GrantFullControl", Text, "x-amz-grant-full-control"),
        row("GrantRead", Text, "x-amz-grant-read"),
        row("GrantReadACP", Text, "x-amz-grant-read-acp"),
        row("GrantWriteACP", Text, "x-amz-grant-write-acp"),
        row(
            "ServerSideEncryption",
            Choice(&["AES256", "aws:kms", "aws:kms:dsse"]),
            "x-amz-server-side-encryption",
        ),
        row(
            "SSEKMSKeyId",
            Text,
            "x-amz-server-side-encryption-aws-kms-key-id",
        ),
        row(
            "SSEKMSEncryptionContext",
            Text,
            "x-amz-server-side-encryption-context",
        ),
        row(
            "SSECustomerAlgorithm",
            Choice(&["AES256"]),
            "x-amz-server-side-encryption-customer-algorithm",
        ),
        row(
            "SSECustomerKey",
            SecretText,
            "x-amz-server-side-encryption-customer-key",
        ),
        row(
            "SSECustomerKeyMD5",
            Text,
            "x-amz-server-side-encryption-customer-key-md5",
        ),
        row(
            "WebsiteRedirectLocation",
            Text,
            "x-amz-website-redirect-location",
        ),
        row(
            "ObjectLockMode",
            Choice(&["GOVERNANCE", "COMPLIANCE"]),
            "x-amz-object-lock-mode",
        ),
        row(
            "ObjectLockRetainUntilDate",
            Date,
            "x-amz-object-lock-retain-until-date",
        ),
        row(
            "ObjectLockLegalHoldStatus",
            Choice(&["ON", "OFF"]),
            "x-amz-object-lock-legal-hold",
        ),
        row(
            "RequestPayer",
            Choice(&["requester"]),
            "x-amz-request-payer",
        ),
        row("ExpectedBucketOwner", Text, "x-amz-expected-bucket-owner"),
        row(
            "ChecksumAlgorithm",
            Choice(&["CRC64NVME", "CRC32", "CRC32C", "SHA1", "SHA256"]),
            "x-amz-checksum-algorithm",
        ),
        row(
            "ChecksumType",
            Choice(&["FULL_OBJECT", "COMPOSITE"]),
            "x-amz-checksum-type",
        ),
        row("ChecksumCRC32", Text, "x-amz-checksum-crc32"),
        row("ChecksumCRC32C", Text, "x-amz-checksum-crc32c"),
        row("ChecksumCRC64NVME", Text, "x-amz-checksum-crc64nvme"),
        row("ChecksumMD5", Text, "x-amz-checksum-md5"),
        row("ChecksumSHA512", Text, "x-amz-checksum-sha512"),
        row("ChecksumXXHASH3", Text, "x-amz-checksum-xxhash3"),
        row("ChecksumXXHASH64", Text, "x-amz-checksum-xxhash64"),
        row("ChecksumXXHASH128", Text, "x-amz-checksum-xxhash128"),
        row("ChecksumSHA1", Text, "x-amz-checksum-sha1"),
        row("ChecksumSHA256", Text, "x-amz-checksum-sha256"),
        row("MpuObjectSize", Integer, "x-amz-mp-object-size"),
    ]
};

/// The row of a parameter.
#[must_use]
pub fn parameter(name: &str) -> Option<&'static ParameterSpec> {
    PARAMETERS.iter().find(|spec| spec.name == name)
}

/// Whether beginning an upload in parts takes a parameter; files open for writing always begin so. Checksums of the
/// whole are no part of it.
///
/// # Errors
/// [`Reason::UnknownParameter`].
pub fn part_of_multipart(name: &str) -> Result<(), Reason> {
    let is_sum =
        name.starts_with("Checksum") && !["ChecksumAlgorithm", "ChecksumType"].contains(&name);
    if is_sum || name == "MpuObjectSize" {
        return Err(Reason::UnknownParameter {
            name: name.to_owned(),
        });
    }
    Ok(())
}

/// Says what is wrong with one parameter, if anything.
///
/// # Errors
/// An unknown name, a value of the wrong kind, or metadata outside ASCII. An `ACL` of nothing is fine: it keeps
/// the default ACL away.
pub fn check_parameter(name: &str, value: &Json) -> Result<(), Reason> {
    let spec = parameter(name).ok_or_else(|| Reason::UnknownParameter {
        name: name.to_owned(),
    })?;
    let needed = match spec.kind {
        ParameterKind::Text | ParameterKind::Choice(_) | ParameterKind::Tags => "a text",
        ParameterKind::SecretText => "a text or bytes",
        ParameterKind::Date => "a date",
        ParameterKind::Metadata => "a dictionary of texts",
        ParameterKind::Integer => "a whole number",
    };
    let fits = match (spec.kind, value) {
        (_, Json::Null) => name == "ACL",
        (ParameterKind::Text | ParameterKind::Choice(_) | ParameterKind::Tags, value) => {
            value.is_string()
        }
        (ParameterKind::SecretText, value) => {
            value.is_string() || value.get("$bytes").is_some() || value.get("$b64").is_some()
        }
        (ParameterKind::Date, value) => {
            value.is_string() || value.is_number() || value.get("$datetime").is_some()
        }
        (ParameterKind::Metadata, Json::Object(map)) => {
            for (name, text) in map {
                let Some(text) = text.as_str() else {
                    return Err(Reason::BadParameter {
                        name: spec.name.to_owned(),
                        needed,
                    });
                };
                if !name.is_ascii() || !text.is_ascii() {
                    return Err(Reason::MetadataNotAscii { name: name.clone() });
                }
            }
            true
        }
        (ParameterKind::Metadata, _) => false,
        (ParameterKind::Integer, value) => value.is_i64(),
    };
    if fits {
        Ok(())
    } else {
        Err(Reason::BadParameter {
            name: name.to_owned(),
            needed,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_come_once() {
        for (index, spec) in PARAMETERS.iter().enumerate() {
            assert!(
                PARAMETERS[..index]
                    .iter()
                    .all(|other| other.name != spec.name),
                "{}",
                spec.name
            );
        }
    }

    #[test]
    fn values_are_typed_as_the_interface_is() {
        for (name, value) in [
            ("CacheControl", json!("max-age=1")),
            ("ACL", json!(null)),
            ("ACL", json!("anything-at-all")),
            ("Expires", json!({"$datetime": "2026-01-01T00:00:00+00:00"})),
            ("Metadata", json!({"origin": "cms"})),
            ("SSECustomerKey", json!({"$bytes": "k"})),
        ] {
            assert_eq!(check_parameter(name, &value), Ok(()), "{name}");
        }
        for (name, value) in [
            ("CacheControl", json!(1)),
            ("Cachecontrol", json!("x")),
            ("Metadata", json!({"a": 1})),
            ("Metadata", json!({"owner": "ünïon"})),
            ("StorageClass", json!(null)),
            ("Expires", json!(true)),
        ] {
            assert!(check_parameter(name, &value).is_err(), "{name}");
        }
    }
}
