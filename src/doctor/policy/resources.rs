//! The names of bucket, objects and keys in a policy.

use serde_json::{Value, json};

use crate::domain::diagnosis::PolicyWish;

/// Where a policy allows something.
#[derive(Debug)]
pub(super) struct Place {
    /// `aws`, `aws-cn`, `aws-us-gov`, ...
    pub(super) partition: &'static str,
    /// ARN of the bucket or access point.
    pub(super) bucket: String,
    /// ARN pattern of all objects below the prefix.
    pub(super) objects: String,
    prefix: String,
}

impl Place {
    pub(super) fn of(wish: &PolicyWish) -> Self {
        let named = wish
            .bucket
            .strip_prefix("arn:")
            .and_then(|rest| partition_named(rest.split(':').next()?));
        let partition =
            named.unwrap_or_else(|| partition_of(wish.region.as_deref().unwrap_or_default()));
        let prefix = literal(&wish.prefix);
        let (bucket, objects) = if wish.bucket.starts_with("arn:") {
            let objects = format!("{}/object/{prefix}*", wish.bucket);
            (wish.bucket.clone(), objects)
        } else {
            let bucket = format!("arn:{partition}:s3:::{}", wish.bucket);
            let objects = format!("{bucket}/{prefix}*");
            (bucket, objects)
        };
        Self {
            partition,
            bucket,
            objects,
            prefix,
        }
    }

    /// Listings may ask for the prefix itself and for all below it; the whole bucket needs no condition.
    pub(super) fn prefix_condition(&self) -> Option<Value> {
        if self.prefix.is_empty() {
            return None;
        }
        let allowed = [self.prefix.clone(), format!("{}*", self.prefix)];
        Some(json!({ "StringLike": { "s3:prefix": allowed } }))
    }
}

/// A text that a policy takes as it is: what would be a pattern or a variable is written as a policy variable.
fn literal(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '*' | '?' | '$' => {
                written.push_str("${");
                written.push(letter);
                written.push('}');
            }
            other => written.push(other),
        }
    }
    written
}

/// The partition of a region.
pub(super) fn partition_of(region: &str) -> &'static str {
    const BY_REGION: [(&str, &str); 7] = [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-isob-", "aws-iso-b"),
        ("us-isof-", "aws-iso-f"),
        ("us-iso-", "aws-iso"),
        ("eu-isoe-", "aws-iso-e"),
        ("eusc-", "aws-eusc"),
    ];
    BY_REGION
        .iter()
        .find(|(start, _)| region.starts_with(start))
        .map_or("aws", |(_, partition)| partition)
}

/// The partition of that name, if there is one.
pub(super) fn partition_named(name: &str) -> Option<&'static str> {
    const ALL: [&str; 8] = [
        "aws",
        "aws-cn",
        "aws-us-gov",
        "aws-iso",
        "aws-iso-b",
        "aws-iso-e",
        "aws-iso-f",
        "aws-eusc",
    ];
    ALL.into_iter().find(|known| *known == name)
}

/// A KMS key in a policy.
#[derive(Debug)]
pub(super) struct KmsKey {
    pub(super) resource: Value,
    pub(super) condition: Option<Value>,
    /// The account is not known.
    pub(super) any_account: bool,
}

/// Names a key. An alias cannot be a resource; all keys of the region that have it are meant then.
pub(super) fn kms(key: &str, partition: &str, region: Option<&str>) -> KmsKey {
    let region = region.unwrap_or("*");
    let by_alias =
        |alias: &str| Some(json!({ "ForAnyValue:StringEquals": { "kms:ResourceAliases": alias } }));
    if let Some((account, alias)) = key.strip_prefix("arn:").and_then(|_| {
        let (account, alias) = key.split_once(":alias/")?;
        Some((account, format!("alias/{alias}")))
    }) {
        return KmsKey {
            resource: json!(format!("{account}:key/*")),
            condition: by_alias(&alias),
            any_account: false,
        };
    }
    if key.starts_with("arn:") {
        return KmsKey {
            resource: json!(key),
            condition: None,
            any_account: false,
        };
    }
    let is_alias = key.starts_with("alias/");
    let id = if is_alias { "*" } else { key };
    KmsKey {
        resource: json!(format!("arn:{partition}:kms:{region}:*:key/{id}")),
        condition: is_alias.then(|| by_alias(key)).flatten(),
        any_account: true,
    }
}
