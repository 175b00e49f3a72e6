//! What the documents look like in every form, as they are pasted.

use super::*;

fn wish(bucket: &str, prefix: &str, uses: &[PolicyUse]) -> PolicyWish {
    PolicyWish {
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        region: Some("eu-west-1".to_owned()),
        scope: PolicyScope::Least(uses.to_vec()),
        form: PolicyForm::Identity,
        extras: PolicyExtras::default(),
    }
}

#[test]
fn the_documented_policy_splits_bucket_and_objects() {
    let wish = PolicyWish {
        scope: PolicyScope::DjangoStorages,
        ..wish("media", "photos/", &[])
    };
    let written = write(&wish).expect("policy");
    let golden = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ListThePrefix",
      "Effect": "Allow",
      "Action": [
        "s3:ListBucket"
      ],
      "Resource": "arn:aws:s3:::media",
      "Condition": {
        "StringLike": {
          "s3:prefix": [
            "photos/",
            "photos/*"
          ]
        }
      }
    },
    {
      "Sid": "ObjectsBelowThePrefix",
      "Effect": "Allow",
      "Action": [
        "s3:PutObject",
        "s3:GetObjectAcl",
        "s3:GetObject",
        "s3:DeleteObject",
        "s3:PutObjectAcl"
      ],
      "Resource": "arn:aws:s3:::media/photos/*"
    }
  ]
}
"#;
    assert_eq!(written.json, golden);
    assert_eq!(written.actions.len(), 6);
}

#[test]
fn nothing_ticked_and_nothing_named_is_refused() {
    assert_eq!(write(&wish("media", "", &[])), Err(PolicyRefusal::NoUse));
    let nowhere = wish("", "", &[PolicyUse::Browse]);
    assert_eq!(write(&nowhere), Err(PolicyRefusal::NoBucket));
    let nobody = PolicyWish {
        form: PolicyForm::Bucket {
            principal: String::new(),
            source: String::new(),
        },
        ..wish("media", "", &[PolicyUse::Browse])
    };
    assert_eq!(write(&nobody), Err(PolicyRefusal::NoPrincipal));
}

#[test]
fn partitions_follow_the_region_or_the_arn() {
    for (region, partition) in [
        ("eu-west-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-isob-east-1", "aws-iso-b"),
        ("us-iso-east-1", "aws-iso"),
        ("eusc-de-east-1", "aws-eusc"),
    ] {
        let mut wish = wish("media", "", &[PolicyUse::Share]);
        wish.region = Some(region.to_owned());
        let json = write(&wish).expect("policy").json;
        let arn = format!("\"arn:{partition}:s3:::media/*\"");
        assert!(json.contains(&arn), "{region}: {json}");
    }
    let arn = "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint/media";
    let json = write(&wish(arn, "a/", &[PolicyUse::Browse]))
        .expect("policy")
        .json;
    assert!(json.contains(&format!("\"Resource\": \"{arn}\"")));
    assert!(json.contains(&format!("\"Resource\": \"{arn}/object/a/*\"")));
}

#[test]
fn patterns_and_variables_in_a_prefix_are_literal() {
    let json = write(&wish("media", "a*b?${c}/ü日/", &[PolicyUse::Browse]))
        .expect("policy")
        .json;
    let literal = "a${*}b${?}${$}{c}/ü\\u65e5/";
    assert!(json.contains(&format!("\"arn:aws:s3:::media/{literal}*\"")));
    assert!(json.contains(&format!("\"{literal}\",")));
    let read: Value = serde_json::from_str(&json).expect("json");
    let objects = read["Statement"][2]["Resource"].as_str().expect("resource");
    assert!(objects.ends_with("/ü日/*"), "escapes read back: {objects}");
}

#[test]
fn a_kms_key_is_named_as_exactly_as_it_can_be() {
    for (key, resource, alias, any_account) in [
        (
            "arn:aws:kms:eu-west-1:123456789012:key/k1",
            "arn:aws:kms:eu-west-1:123456789012:key/k1",
            None,
            false,
        ),
        (
            "arn:aws:kms:eu-west-1:123456789012:alias/media",
            "arn:aws:kms:eu-west-1:123456789012:key/*",
            Some("alias/media"),
            false,
        ),
        ("k1", "arn:aws:kms:eu-west-1:*:key/k1", None, true),
        (
            "alias/media",
            "arn:aws:kms:eu-west-1:*:key/*",
            Some("alias/media"),
            true,
        ),
    ] {
        let mut wish = wish("media", "", &[PolicyUse::Upload]);
        wish.extras.kms_key = Some(key.to_owned());
        let written = write(&wish).expect("policy");
        let read: Value = serde_json::from_str(&written.json).expect("json");
        let statement = &read["Statement"][2];
        assert_eq!(statement["Resource"], resource);
        assert_eq!(
            statement["Action"],
            json!(["kms:Decrypt", "kms:GenerateDataKey"])
        );
        let named = &statement["Condition"]["ForAnyValue:StringEquals"]["kms:ResourceAliases"];
        assert_eq!(named.as_str(), alias);
        let remarked = written.remarks.contains(&PolicyRemark::KmsAnyAccount);
        assert_eq!(remarked, any_account, "{key}");
        wish.form = PolicyForm::Bucket {
            principal: "123456789012".to_owned(),
            source: String::new(),
        };
        let written = write(&wish).expect("policy");
        assert!(!written.json.contains("kms:"));
        assert!(written.remarks.contains(&PolicyRemark::KmsElsewhere));
    }
}

#[test]
fn remarks_tell_what_may_surprise() {
    let everybody = PolicyWish {
        form: PolicyForm::Bucket {
            principal: "*".to_owned(),
            source: String::new(),
        },
        ..wish("media", "", &[PolicyUse::Share])
    };
    assert_eq!(
        write(&everybody).expect("policy").remarks,
        [PolicyRemark::Everybody, PolicyRemark::NoListing]
    );
    let browse = wish("media", "", &[PolicyUse::Browse]);
    assert_eq!(write(&browse).expect("policy").remarks, []);
}

#[test]
fn a_service_is_held_to_its_source_in_every_statement() {
    let service = |source: &str| PolicyWish {
        form: PolicyForm::Bucket {
            principal: "cloudfront.amazonaws.com".to_owned(),
            source: source.to_owned(),
        },
        ..wish("media", "photos/", &[PolicyUse::Browse])
    };
    let remarks = write(&service("")).expect("policy").remarks;
    assert_eq!(remarks, [PolicyRemark::AnySource]);
    let arn = "arn:aws:cloudfront::123456789012:distribution/E1";
    let written = write(&service(arn)).expect("policy");
    assert_eq!(written.remarks, []);
    let read: Value = serde_json::from_str(&written.json).expect("json");
    let statements = read["Statement"].as_array().expect("statements");
    assert_eq!(statements.len(), 3);
    for statement in statements {
        assert_eq!(statement["Condition"]["ArnLike"]["aws:SourceArn"], arn);
    }
    let prefixes = &statements[0]["Condition"]["StringLike"]["s3:prefix"];
    assert_eq!(*prefixes, json!(["photos/", "photos/*"]));
}

#[test]
fn a_prefix_that_goes_beyond_its_folder_is_remarked() {
    let open = wish("media", "photos", &[PolicyUse::Browse]);
    let remarks = write(&open).expect("policy").remarks;
    assert_eq!(remarks, [PolicyRemark::OpenPrefix]);
}
