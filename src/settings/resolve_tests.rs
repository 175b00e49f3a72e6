//! Tests of resolution: precedence, credentials, construction problems, hints.

use serde_json::json;

use super::*;
use crate::domain::{CredentialSpec, Secret, SignatureVersion, Verify};
use crate::settings::hints::{HintKind, RemedyAction};
use crate::settings::value::Value;

const PEM: &str = "-----BEGIN RSA PRIVATE KEY-----\nMAUCAQAFAA==\n-----END RSA PRIVATE KEY-----";

fn set(pairs: &[(OptionId, &str)]) -> Connection {
    let mut one = Connection::new("one");
    for (option, text) in pairs {
        one.values
            .set(*option, Value::from_text(*option, text).expect("value"));
    }
    one
}

fn alone(one: &Connection, environment: &Environment) -> Resolved {
    resolve(one, &[], &Values::default(), environment).expect("resolved")
}

fn problems(one: &Connection) -> Vec<Problem> {
    resolve(one, &[], &Values::default(), &Environment::default()).expect_err("problems")
}

fn keys(access: &str, secret: &str, token: Option<&str>) -> CredentialSpec {
    CredentialSpec::Keys {
        access_key: access.to_owned(),
        secret_key: Secret::new(secret),
        token: token.map(Secret::new),
    }
}

#[test]
fn an_empty_connection_is_the_defaults() {
    let one = Connection::new("one");
    let resolved = alone(&one, &Environment::default());
    let expected = StorageConfig {
        proxies: Some(Vec::new()),
        ..StorageConfig::default()
    };
    assert_eq!(format!("{:?}", resolved.config), format!("{expected:?}"));
    assert_eq!(resolved.problems, []);
    assert!(
        resolved
            .options
            .iter()
            .all(|(_, one)| one.source == Source::Default && one.unused.is_none())
    );
    assert_eq!(resolved.options.iter().count(), 28);
}

#[test]
fn every_option_has_an_effect_or_a_reader() {
    let texts = [
        (OptionId::Region, "eu-west-1"),
        (OptionId::SignatureVersion, "s3"),
        (OptionId::Endpoint, "http://127.0.0.1:9000"),
        (OptionId::AddressingStyle, "path"),
        (OptionId::UseSsl, "false"),
        (OptionId::Verify, "false"),
        (OptionId::Proxies, "{\"http\": \"p:1\"}"),
        (OptionId::Bucket, "b"),
        (OptionId::Location, "media"),
        (
            OptionId::ObjectParameters,
            "{\"CacheControl\": \"no-store\"}",
        ),
        (OptionId::DefaultAcl, "private"),
        (OptionId::FileOverwrite, "false"),
        (OptionId::Gzip, "true"),
        (OptionId::GzipTypes, "[\"text/plain\"]"),
        (OptionId::MaxMemory, "5"),
        (OptionId::SignLinks, "false"),
        (OptionId::LinkExpiry, "60"),
        (OptionId::CustomDomain, "cdn.example.com"),
        (OptionId::UrlProtocol, "http:"),
        (OptionId::SessionProfile, "work"),
        (OptionId::AccessKey, "AKIA"),
        (OptionId::SecretKey, "s"),
        (OptionId::S3AccessKey, "AKIA"),
        (OptionId::S3SecretKey, "s"),
    ];
    let bare = alone(&Connection::new("one"), &Environment::default()).config;
    for (option, text) in texts {
        let config = alone(&set(&[(option, text)]), &Environment::default()).config;
        assert_ne!(
            format!("{config:?}"),
            format!("{bare:?}"),
            "{}",
            option.name()
        );
    }
    let pair = set(&[
        (OptionId::CloudFrontKeyId, "K"),
        (OptionId::CloudFrontKey, PEM),
    ]);
    let pair = alone(&pair, &Environment::default())
        .config
        .links
        .cloudfront
        .expect("pair");
    assert_eq!((pair.id.as_str(), pair.pem.reveal()), ("K", PEM));
    let manifest = "storages.backends.s3boto3.S3ManifestStaticStorage";
    let kind = alone(
        &set(&[(OptionId::DefaultStorage, manifest)]),
        &Environment::default(),
    )
    .kind;
    assert_eq!(kind, StorageKind::ManifestStatic);
}

#[test]
fn nearer_layers_win_also_with_nothing() {
    let parent = set(&[
        (OptionId::Region, "eu-west-1"),
        (OptionId::CustomDomain, "p.example.com"),
    ]);
    let mut one = set(&[(OptionId::CustomDomain, "")]);
    let environment = Environment::of([("AWS_DEFAULT_REGION", "eu-west-3")]);
    let above = Values::default().with(OptionId::Bucket, Value::text("from-above"));
    one.values.set(OptionId::Bucket, Value::text("own"));
    let resolved = resolve(&one, &[&parent], &above, &environment).expect("resolved");
    assert_eq!(resolved.config.bucket.as_deref(), Some("from-above"));
    assert_eq!(resolved.config.links.custom_domain, None);
    assert_eq!(
        resolved.options.get(OptionId::CustomDomain).source,
        Source::Connection
    );
    assert_eq!(resolved.config.region.as_deref(), Some("eu-west-1"));
    assert_eq!(
        resolved.options.get(OptionId::Region).source,
        Source::Parent("one".to_owned())
    );
}

#[test]
fn region_endpoint_and_certificates_come_from_around_when_unset() {
    let files = "[default]\nregion = eu-west-2\n[profile work]\nregion = eu-central-1\nca_bundle = /work.pem\n\
                 endpoint_url = https://work.example.com\ns3 =\n  signature_version = s3\n";
    let environment = Environment::default().with_files(Some(files), None);
    let region = |one: &Connection, environment: &Environment| {
        let resolved = alone(one, environment);
        let source = resolved.options.get(OptionId::Region).source.clone();
        (resolved.config.region, source)
    };
    let bare = Connection::new("one");
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        region(&bare, &environment),
        (text("eu-west-2"), Source::Profile("default".to_owned()))
    );
    let work = set(&[(OptionId::SessionProfile, "work")]);
    assert_eq!(
        region(&work, &environment),
        (text("eu-central-1"), Source::Profile("work".to_owned()))
    );
    let config = alone(&work, &environment).config;
    assert_eq!(config.endpoint, text("https://work.example.com"));
    assert_eq!(config.verify, Verify::CaFile("/work.pem".into()));
    assert_eq!(config.signature, SignatureVersion::V2);

    let variables = Environment::of([
        ("AWS_DEFAULT_REGION", "eu-west-3"),
        ("AWS_REGION", "not-read"),
        ("AWS_ENDPOINT_URL", "http://general:1"),
        ("AWS_ENDPOINT_URL_S3", "http://s3:1"),
        ("REQUESTS_CA_BUNDLE", "/requests.pem"),
    ]);
    assert_eq!(
        region(&bare, &variables),
        (text("eu-west-3"), Source::Environment("AWS_DEFAULT_REGION"))
    );
    let config = alone(&bare, &variables).config;
    assert_eq!(config.endpoint, text("http://s3:1"));
    assert_eq!(config.verify, Verify::CaFile("/requests.pem".into()));
    let on = set(&[(OptionId::Verify, "true")]);
    assert_eq!(alone(&on, &variables).config.verify, Verify::On);
}

#[test]
fn construction_stops_in_the_order_of_django() {
    let all_wrong = set(&[
        (OptionId::CloudFrontKeyId, "K"),
        (OptionId::SessionProfile, "work"),
        (OptionId::S3SecretKey, "s"),
        (OptionId::Location, "//x"),
        (OptionId::AddressingStyle, "Virtual"),
    ]);
    let options: Vec<OptionId> = problems(&all_wrong)
        .iter()
        .map(|problem| problem.option)
        .collect();
    assert_eq!(
        options,
        [
            OptionId::CloudFrontKeyId,
            OptionId::S3SecretKey,
            OptionId::Location,
            OptionId::AddressingStyle
        ]
    );
    let bad_key = set(&[
        (OptionId::CloudFrontKeyId, "K"),
        (OptionId::CloudFrontKey, "not a pem"),
    ]);
    assert!(matches!(problems(&bad_key)[0].reason, Reason::BadPem(_)));
    // An empty addressing style is none of the three.
    assert_eq!(
        problems(&set(&[(OptionId::AddressingStyle, "\"\"")])).len(),
        1
    );
    // The general pair and the environment do not quarrel with a profile, nor do empty keys.
    let quiet = set(&[
        (OptionId::SessionProfile, "work"),
        (OptionId::S3AccessKey, "\"\""),
    ]);
    let env = Environment::of([
        ("AWS_S3_ACCESS_KEY_ID", "x"),
        ("AWS_S3_SECRET_ACCESS_KEY", "y"),
    ]);
    assert_eq!(
        alone(&quiet, &env).config.credentials,
        CredentialSpec::Profile("work".to_owned())
    );
}

#[test]
fn later_problems_say_what_they_stop() {
    let one = set(&[
        (OptionId::Region, "eu_west"),
        (OptionId::Location, "a//b"),
        (OptionId::ObjectParameters, "{\"Nope\": 1}"),
    ]);
    let resolved = alone(&one, &Environment::default());
    let stages: Vec<Stage> = resolved.problems.iter().map(|(stage, _)| *stage).collect();
    assert_eq!(stages, [Stage::Requests, Stage::Names, Stage::Uploads]);
}

#[test]
fn a_static_class_leaves_links_unsigned_unless_told_here() {
    let parent = set(&[(OptionId::SignLinks, "true")]);
    let mut one = Connection::new("static");
    one.kind = StorageKind::Static;
    let none = Values::default();
    let env = Environment::default();
    let resolved = resolve(&one, &[&parent], &none, &env).expect("resolved");
    assert!(!resolved.config.links.signed);
    assert_eq!(
        resolved.options.get(OptionId::SignLinks).source,
        Source::ClassDefault(StorageKind::Static)
    );
    one.values.set(OptionId::SignLinks, Value::Bool(true));
    assert!(
        resolve(&one, &[&parent], &none, &env)
            .expect("resolved")
            .config
            .links
            .signed
    );
}

#[test]
fn hints_offer_the_better_value() {
    let hints = |pairs: &[(OptionId, &str)]| alone(&set(pairs), &Environment::default()).hints;
    let kinds = |pairs: &[(OptionId, &str)]| -> Vec<HintKind> {
        hints(pairs).into_iter().map(|hint| hint.kind).collect()
    };
    let v2 = &hints(&[(OptionId::Region, "eu-west-1")])[0];
    assert_eq!(
        v2.kind.to_string(),
        "Django signs links with v2 in eu-west-1. Buckets made since 2020 refuse that."
    );
    assert_eq!(
        v2.remedies[0].action,
        RemedyAction::Set(OptionId::SignatureVersion, Value::text("s3v4"))
    );
    assert_eq!(kinds(&[(OptionId::Region, "eu-central-1")]), []);
    assert_eq!(
        kinds(&[
            (OptionId::Region, "eu-central-1"),
            (OptionId::LinkExpiry, "604801")
        ]),
        [HintKind::LinkTooLong]
    );
    let domain = hints(&[
        (OptionId::CustomDomain, "https://cdn.example.com/"),
        (OptionId::UrlProtocol, "https"),
    ]);
    assert_eq!(
        domain
            .iter()
            .map(|hint| hint.kind.clone())
            .collect::<Vec<_>>(),
        [
            HintKind::DomainHasScheme,
            HintKind::DomainLeavesLinksUnsigned,
            HintKind::ProtocolWithoutColon
        ]
    );
    assert_eq!(
        domain[0].remedies[0].action,
        RemedyAction::Set(OptionId::CustomDomain, Value::text("cdn.example.com"))
    );
    let proxies = hints(&[
        (OptionId::SignatureVersion, "s3v4"),
        (
            OptionId::Proxies,
            "{\"http\": \"p:1\", \"http://host\": \"p:2\"}",
        ),
    ]);
    let Value::Map(kept) =
        Value::from_json(OptionId::Proxies, &json!({"http": "p:1"})).expect("map")
    else {
        unreachable!()
    };
    assert_eq!(
        proxies[0].remedies[0].action,
        RemedyAction::Set(OptionId::Proxies, Value::Map(kept))
    );
    assert!(
        kinds(&[
            (OptionId::AccessKey, "id"),
            (OptionId::SignatureVersion, "s3v4")
        ])
        .contains(&HintKind::HalfKeyPair {
            missing: OptionId::SecretKey
        })
    );
}

#[test]
fn proxies_of_the_environment_are_decided_for_the_host() {
    let env = Environment::of([
        ("https_proxy", "p:1"),
        ("no_proxy", "127.0.0.1,.amazonaws.com.cn"),
    ]);
    let proxies =
        |pairs: &[(OptionId, &str)]| alone(&set(pairs), &env).config.proxies.expect("decided");
    assert_eq!(proxies(&[])[0], ("https".to_owned(), "p:1".to_owned()));
    assert_eq!(proxies(&[(OptionId::Region, "cn-north-1")]), []);
    assert_eq!(
        proxies(&[(OptionId::Endpoint, "http://127.0.0.1:9000")]),
        []
    );
    assert_eq!(proxies(&[(OptionId::Proxies, "{}")]), []);
}

#[path = "credentials_tests.rs"]
mod credentials;
