//! Written policies, held to an evaluator of our own: they allow exactly what was ticked, on exactly the prefix.

use std::collections::BTreeSet;

use cooperage::doctor::policy::write;
use cooperage::domain::diagnosis::{
    PolicyExtras, PolicyForm, PolicyScope, PolicyUse, PolicyWish, WrittenPolicy,
};
use proptest::prelude::*;
use serde_json::Value;

/// A request as IAM sees it.
struct Request<'a> {
    action: &'a str,
    resource: String,
    /// `s3:prefix`, where the call carries one.
    prefix: Option<&'a str>,
}

/// One piece of a pattern of IAM.
enum Piece {
    Any,
    One,
    Letter(char),
}

/// Reads `*`, `?` and the variables that stand for the characters themselves.
fn pieces(pattern: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some(letter) = rest.chars().next() {
        let literal = ["*", "?", "$"]
            .into_iter()
            .find(|letter| rest.starts_with(&format!("${{{letter}}}")));
        if let Some(literal) = literal {
            pieces.extend(literal.chars().map(Piece::Letter));
            rest = &rest[4..];
            continue;
        }
        pieces.push(match letter {
            '*' => Piece::Any,
            '?' => Piece::One,
            other => Piece::Letter(other),
        });
        rest = &rest[letter.len_utf8()..];
    }
    pieces
}

fn fits(pattern: &[Piece], text: &[char]) -> bool {
    match (pattern, text) {
        ([], rest) => rest.is_empty(),
        ([Piece::Any, rest @ ..], text) => {
            (0..=text.len()).any(|skipped| fits(rest, &text[skipped..]))
        }
        ([Piece::One, rest @ ..], [_, text @ ..]) => fits(rest, text),
        ([Piece::Letter(wanted), rest @ ..], [letter, text @ ..]) => {
            wanted == letter && fits(rest, text)
        }
        (_, []) => false,
    }
}

fn like(pattern: &str, text: &str) -> bool {
    fits(&pieces(pattern), &text.chars().collect::<Vec<_>>())
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Whether the policy allows a request; knows just what written policies use.
fn allows(policy: &WrittenPolicy, request: &Request<'_>) -> bool {
    let document: Value = serde_json::from_str(&policy.json).unwrap();
    assert_eq!(
        document["Version"], "2012-10-17",
        "older ones know no variables"
    );
    let statements = document["Statement"].as_array().unwrap();
    statements.iter().any(|statement| {
        assert_eq!(statement["Effect"], "Allow");
        let action = texts(&statement["Action"]).contains(&request.action);
        let resource = texts(&statement["Resource"])
            .iter()
            .any(|pattern| like(pattern, &request.resource));
        let condition = match &statement["Condition"] {
            Value::Null => true,
            Value::Object(operators) => operators.iter().all(|(operator, keys)| {
                assert_eq!(operator, "StringLike");
                let patterns = texts(&keys["s3:prefix"]);
                request
                    .prefix
                    .is_some_and(|prefix| patterns.iter().any(|pattern| like(pattern, prefix)))
            }),
            other => panic!("{other}"),
        };
        action && resource && condition
    })
}

/// Actions on objects, and the ticks each of which needs it.
const OBJECT_ACTIONS: [(&str, &[&[PolicyUse]]); 9] = [
    ("s3:GetObject", &[&[PolicyUse::Browse], &[PolicyUse::Share]]),
    ("s3:GetObjectVersion", &[&[PolicyUse::Versions]]),
    ("s3:PutObject", &[&[PolicyUse::Upload]]),
    ("s3:AbortMultipartUpload", &[&[PolicyUse::Upload]]),
    ("s3:ListMultipartUploadParts", &[&[PolicyUse::Upload]]),
    ("s3:DeleteObject", &[&[PolicyUse::Delete]]),
    (
        "s3:DeleteObjectVersion",
        &[&[PolicyUse::Delete, PolicyUse::Versions]],
    ),
    ("s3:PutObjectAcl", &[]),
    ("s3:PutObjectTagging", &[]),
];

/// Actions on the bucket, whether they carry a prefix, and the tick that needs it.
const BUCKET_ACTIONS: [(&str, bool, Option<PolicyUse>); 7] = [
    ("s3:ListBucket", true, Some(PolicyUse::Browse)),
    ("s3:ListBucketVersions", true, Some(PolicyUse::Versions)),
    ("s3:GetBucketLocation", false, Some(PolicyUse::Browse)),
    ("s3:GetBucketVersioning", false, Some(PolicyUse::Versions)),
    (
        "s3:ListBucketMultipartUploads",
        false,
        Some(PolicyUse::Upload),
    ),
    ("s3:PutBucketPolicy", false, None),
    ("s3:DeleteBucket", false, None),
];

fn wish(prefix: &str, uses: &[PolicyUse]) -> PolicyWish {
    PolicyWish {
        bucket: "media".to_owned(),
        prefix: prefix.to_owned(),
        region: None,
        scope: PolicyScope::Least(uses.to_vec()),
        form: PolicyForm::Identity,
        extras: PolicyExtras::default(),
    }
}

fn uses() -> impl Strategy<Value = Vec<PolicyUse>> {
    prop::sample::subsequence(PolicyUse::ALL.to_vec(), 1..=PolicyUse::ALL.len())
}

/// Prefixes full of what means something in a policy.
fn prefix() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-c*?${}/é日]{0,8}/",
        "[a-c*?$/]{1,4}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn exactly_the_ticked_actions_on_exactly_the_prefix(
        prefix in prefix(),
        other in prefix(),
        uses in uses(),
        below in "[a-c*?$/]{0,4}",
        in_bucket_policy in any::<bool>(),
    ) {
        let mut wish = wish(&prefix, &uses);
        if in_bucket_policy {
            wish.form = PolicyForm::Bucket { principal: "123456789012".to_owned(), source: String::new() };
        }
        let policy = write(&wish).unwrap();
        let inside = format!("{prefix}{below}");
        let keys = [inside.clone(), other.clone(), format!("{other}{below}"), "x".to_owned()];
        for key in &keys {
            for (action, needs) in OBJECT_ACTIONS {
                let ticked = needs.iter().any(|all| all.iter().all(|one| uses.contains(one)));
                let expected = ticked && key.starts_with(&prefix);
                for bucket in ["media", "media2"] {
                    let resource = format!("arn:aws:s3:::{bucket}/{key}");
                    let request = Request { action, resource, prefix: None };
                    prop_assert_eq!(
                        allows(&policy, &request),
                        expected && bucket == "media",
                        "{} {} {:?}", action, request.resource, policy.json
                    );
                }
            }
            for (action, has_prefix, needs) in BUCKET_ACTIONS {
                let ticked = needs.is_some_and(|one| uses.contains(&one));
                let expected = ticked && (!has_prefix || key.starts_with(&prefix));
                let request = Request {
                    action,
                    resource: "arn:aws:s3:::media".to_owned(),
                    prefix: has_prefix.then_some(key.as_str()),
                };
                prop_assert_eq!(allows(&policy, &request), expected, "{} {}", action, key);
                let elsewhere = Request {
                    resource: format!("arn:aws:s3:::media/{key}"),
                    ..request
                };
                prop_assert!(!allows(&policy, &elsewhere), "{} is about the bucket", action);
            }
        }
        let listed: BTreeSet<&String> = policy.actions.iter().collect();
        prop_assert_eq!(listed.len(), policy.actions.len());
    }
}

#[test]
fn the_documented_policy_allows_its_six_actions_below_the_prefix() {
    let policy = write(&PolicyWish {
        scope: PolicyScope::DjangoStorages,
        ..wish("photos/", &[])
    })
    .unwrap();
    let on = |key: &str, action: &str| {
        allows(
            &policy,
            &Request {
                action,
                resource: format!("arn:aws:s3:::media/{key}"),
                prefix: None,
            },
        )
    };
    for action in [
        "s3:PutObject",
        "s3:GetObjectAcl",
        "s3:GetObject",
        "s3:DeleteObject",
        "s3:PutObjectAcl",
    ] {
        assert!(on("photos/a.jpg", action), "{action}");
        assert!(!on("letters/a.txt", action), "{action}");
    }
    assert!(!on("photos/a.jpg", "s3:GetObjectVersion"));
    for (prefix, allowed) in [
        ("photos/", true),
        ("photos/2024/", true),
        ("", false),
        ("photosx", false),
    ] {
        let request = Request {
            action: "s3:ListBucket",
            resource: "arn:aws:s3:::media".to_owned(),
            prefix: Some(prefix),
        };
        assert_eq!(allows(&policy, &request), allowed, "{prefix:?}");
    }
}

#[test]
fn settings_add_what_they_use_and_nothing_else() {
    let all = PolicyExtras {
        tags: true,
        acl: true,
        retention: true,
        legal_hold: true,
        kms_key: Some("arn:aws:kms:eu-west-1:123456789012:key/k".to_owned()),
    };
    let actions = |extras: &PolicyExtras, uses: &[PolicyUse]| -> BTreeSet<String> {
        let wish = PolicyWish {
            extras: extras.clone(),
            ..wish("", uses)
        };
        write(&wish).unwrap().actions.into_iter().collect()
    };
    let plain = actions(&PolicyExtras::default(), &[PolicyUse::Upload]);
    let added: Vec<String> = actions(&all, &[PolicyUse::Upload])
        .difference(&plain)
        .cloned()
        .collect();
    assert_eq!(
        added,
        [
            "kms:Decrypt",
            "kms:GenerateDataKey",
            "s3:PutObjectAcl",
            "s3:PutObjectLegalHold",
            "s3:PutObjectRetention",
            "s3:PutObjectTagging",
        ]
    );
    // Deleting needs none of it.
    let delete = [PolicyUse::Delete];
    assert_eq!(
        actions(&all, &delete),
        actions(&PolicyExtras::default(), &delete)
    );
}
