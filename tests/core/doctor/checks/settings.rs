//! Settings that let requests go and yet do not do what they say: to be looked at, with the value that is better.

use super::*;
use cooperage::domain::diagnosis::Hindered;

async fn settings(more: &[&str]) -> Check {
    let server = MemoryS3::start();
    let told = examine_at(&server.endpoint(), more).await;
    told.nothing_red();
    told.0[&CheckKind::Settings].clone()
}

#[tokio::test]
async fn what_does_not_do_what_it_says_is_to_be_looked_at() {
    let set = |name, value: &str| Remedy::SetOption {
        name,
        value: value.to_owned(),
    };
    for (option, what, remedy) in [
        (
            // Nobody says otherwise, and the region is the first.
            "AWS_S3_SIGNATURE_VERSION=",
            Hindered::OldLinks,
            set("AWS_S3_SIGNATURE_VERSION", "s3v4"),
        ),
        (
            "AWS_S3_PROXIES={\"s3.example\": \"http://127.0.0.1:9\"}",
            Hindered::Meaning,
            Remedy::OpenOption("AWS_S3_PROXIES"),
        ),
        (
            "AWS_QUERYSTRING_EXPIRE=700000",
            Hindered::Links,
            set("AWS_QUERYSTRING_EXPIRE", "604800"),
        ),
    ] {
        let more = match what {
            Hindered::OldLinks => vec![],
            _ => vec!["AWS_S3_SIGNATURE_VERSION=s3v4", option],
        };
        let check = settings(&more).await;
        assert!(
            matches!(&check.finding, Finding::SettingsHinder { what: own, .. } if *own == what),
            "{check:?}"
        );
        assert_eq!(check.light(), Light::Warning);
        assert_eq!(check.finding.remedy(), Some(remedy));
    }
}

#[tokio::test]
async fn usual_settings_are_calm() {
    for more in [
        &["AWS_S3_SIGNATURE_VERSION=s3v4"][..],
        // Links of other regions are signed with version 4 by themselves.
        &["AWS_S3_REGION_NAME=eu-central-1"],
        &["AWS_QUERYSTRING_AUTH=False"],
        // Open links of a domain of one's own.
        &[
            "AWS_S3_SIGNATURE_VERSION=s3v4",
            "AWS_S3_CUSTOM_DOMAIN=cdn.example.com",
        ],
    ] {
        let check = settings(more).await;
        assert!(
            matches!(check.finding, Finding::SettingsFit { .. }),
            "{check:?}"
        );
    }
}
