//! Writes IAM policies for exactly one bucket and prefix.
//!
//! What belongs to the bucket and what belongs to its objects stands in statements of its own, because an action on the
//! wrong kind of resource allows nothing. `resources` names bucket, objects and keys; `principal` says who, in the policy
//! of a bucket; `settings` finds what the settings of a connection need. Pure: the same wish always gives the same text.
//!
//! Sources: the Service Authorization Reference of Amazon S3 (which action takes which resource and condition), the IAM
//! User Guide on policy variables (`${*}`, `${?}`, `${$}`), and the list of actions in the documentation of django-storages.

mod principal;
mod resources;
mod settings;

use serde_json::{Map, Value, json};

use self::resources::Place;
use crate::domain::diagnosis::{
    PolicyExtras, PolicyForm, PolicyRefusal, PolicyRemark, PolicyScope, PolicyUse, PolicyWish,
    WrittenPolicy,
};

pub use self::settings::{extras_of, wish_for};

/// What a use needs, by the kind of resource each action is about.
#[derive(Debug, Default)]
struct Needs {
    /// About the bucket, limited to the prefix by `s3:prefix`.
    listing: Vec<&'static str>,
    /// About the bucket, and not to be limited: these calls carry no prefix.
    bucket: Vec<&'static str>,
    /// About objects.
    objects: Vec<&'static str>,
    /// About a KMS key.
    kms: Vec<&'static str>,
}

/// Writes the policy.
///
/// # Errors
/// When bucket, uses or principal are missing or cannot be used.
pub fn write(wish: &PolicyWish) -> Result<WrittenPolicy, PolicyRefusal> {
    if wish.bucket.is_empty() {
        return Err(PolicyRefusal::NoBucket);
    }
    let needs = match &wish.scope {
        PolicyScope::DjangoStorages => documented(&wish.extras),
        PolicyScope::Least(uses) if uses.is_empty() => return Err(PolicyRefusal::NoUse),
        PolicyScope::Least(uses) => least(uses, &wish.extras),
    };
    let place = Place::of(wish);
    let who = match &wish.form {
        PolicyForm::Identity => None,
        PolicyForm::Bucket { principal, .. } => {
            Some(principal::element(principal, place.partition)?)
        }
    };
    let limit = match &wish.form {
        PolicyForm::Identity => None,
        PolicyForm::Bucket { principal, source } => {
            principal::source_condition(principal, source, place.partition)?
        }
    };
    let mut statements = Vec::new();
    let mut add = |sid: &str, actions: &[&str], resource: Value, condition: Option<Value>| {
        if actions.is_empty() {
            return;
        }
        let mut statement = Map::new();
        statement.insert("Sid".to_owned(), json!(sid));
        statement.insert("Effect".to_owned(), json!("Allow"));
        if let Some(who) = &who {
            statement.insert("Principal".to_owned(), who.clone());
        }
        statement.insert("Action".to_owned(), json!(actions));
        statement.insert("Resource".to_owned(), resource);
        let mut conditions = match condition {
            Some(Value::Object(conditions)) => conditions,
            _ => Map::new(),
        };
        if let Some((operator, keys)) = &limit {
            conditions.insert((*operator).to_owned(), keys.clone());
        }
        if !conditions.is_empty() {
            statement.insert("Condition".to_owned(), Value::Object(conditions));
        }
        statements.push(Value::Object(statement));
    };
    add(
        "ListThePrefix",
        &needs.listing,
        json!(place.bucket),
        place.prefix_condition(),
    );
    add("AboutTheBucket", &needs.bucket, json!(place.bucket), None);
    add(
        "ObjectsBelowThePrefix",
        &needs.objects,
        json!(place.objects),
        None,
    );
    let mut remarks = Vec::new();
    if let Some(key) = (wish.extras.kms_key.as_deref()).filter(|_| !needs.kms.is_empty()) {
        if who.is_some() {
            remarks.push(PolicyRemark::KmsElsewhere);
        } else {
            let key = resources::kms(key, place.partition, wish.region.as_deref());
            if key.any_account {
                remarks.push(PolicyRemark::KmsAnyAccount);
            }
            add("KeyOfTheUploads", &needs.kms, key.resource, key.condition);
        }
    }
    if principal::is_everybody(&wish.form) {
        remarks.push(PolicyRemark::Everybody);
    }
    if principal::is_for_any_source(&wish.form) {
        remarks.push(PolicyRemark::AnySource);
    }
    if !wish.prefix.is_empty() && !wish.prefix.ends_with('/') {
        remarks.push(PolicyRemark::OpenPrefix);
    }
    if needs.listing.is_empty() && !needs.objects.is_empty() {
        remarks.push(PolicyRemark::NoListing);
    }
    Ok(WrittenPolicy {
        actions: actions_of(&statements),
        json: text_of(&json!({ "Version": "2012-10-17", "Statement": statements })),
        remarks,
    })
}

/// The six actions of the documentation, each with the resource it is about, and the key that the settings name.
fn documented(extras: &PolicyExtras) -> Needs {
    Needs {
        listing: vec!["s3:ListBucket"],
        bucket: Vec::new(),
        objects: vec![
            "s3:PutObject",
            "s3:GetObjectAcl",
            "s3:GetObject",
            "s3:DeleteObject",
            "s3:PutObjectAcl",
        ],
        kms: kms_needs(extras, true, true),
    }
}

/// As little as these uses need.
fn least(uses: &[PolicyUse], extras: &PolicyExtras) -> Needs {
    let ticked = |one: PolicyUse| uses.contains(&one);
    let (browse, upload) = (ticked(PolicyUse::Browse), ticked(PolicyUse::Upload));
    let (delete, versions) = (ticked(PolicyUse::Delete), ticked(PolicyUse::Versions));
    let reads = browse || ticked(PolicyUse::Share);
    let pick = |wanted: &[(bool, &'static str)]| -> Vec<&'static str> {
        wanted
            .iter()
            .filter_map(|(is, action)| is.then_some(*action))
            .collect()
    };
    Needs {
        listing: pick(&[
            (browse, "s3:ListBucket"),
            (versions, "s3:ListBucketVersions"),
        ]),
        bucket: pick(&[
            (browse, "s3:GetBucketLocation"),
            (upload, "s3:ListBucketMultipartUploads"),
            (versions, "s3:GetBucketVersioning"),
        ]),
        objects: pick(&[
            (reads, "s3:GetObject"),
            (versions, "s3:GetObjectVersion"),
            (browse && extras.tags, "s3:GetObjectTagging"),
            (browse && extras.acl, "s3:GetObjectAcl"),
            (upload, "s3:PutObject"),
            (upload, "s3:AbortMultipartUpload"),
            (upload, "s3:ListMultipartUploadParts"),
            (upload && extras.tags, "s3:PutObjectTagging"),
            (upload && extras.acl, "s3:PutObjectAcl"),
            (upload && extras.retention, "s3:PutObjectRetention"),
            (upload && extras.legal_hold, "s3:PutObjectLegalHold"),
            (delete, "s3:DeleteObject"),
            (delete && versions, "s3:DeleteObjectVersion"),
        ]),
        kms: kms_needs(extras, reads || versions, upload),
    }
}

/// Parts of an upload are decrypted when it is finished, so uploading needs both.
fn kms_needs(extras: &PolicyExtras, reads: bool, uploads: bool) -> Vec<&'static str> {
    let mut needs = Vec::new();
    if extras.kms_key.is_some() {
        if reads || uploads {
            needs.push("kms:Decrypt");
        }
        if uploads {
            needs.push("kms:GenerateDataKey");
        }
    }
    needs
}

fn actions_of(statements: &[Value]) -> Vec<String> {
    let mut actions: Vec<String> = Vec::new();
    for action in statements
        .iter()
        .filter_map(|statement| statement["Action"].as_array())
        .flatten()
        .filter_map(Value::as_str)
    {
        if !actions.iter().any(|known| known == action) {
            actions.push(action.to_owned());
        }
    }
    actions
}

/// JSON for people. IAM takes documents of characters up to U+00FF only, so what lies above is written as escapes.
fn text_of(document: &Value) -> String {
    let pretty = serde_json::to_string_pretty(document).unwrap_or_default();
    let mut text = String::with_capacity(pretty.len() + 1);
    for letter in pretty.chars() {
        if matches!(letter, '\n' | ' '..='~' | '\u{a0}'..='\u{ff}') {
            text.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
