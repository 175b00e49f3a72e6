//! What options do to requests, uploads and links, seen by the server.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use cooperage::django::{Content, DjangoStorage, Project, UrlOptions};
use cooperage::domain::{Key, ParameterRule, Timestamp};
use cooperage::settings::{Environment, OptionId, Value, Values, resolve};
use cooperage::storage::{LinkRequest, Storage, UploadJob, World};
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha1::{Digest as _, Sha1};
use tokio_util::sync::CancellationToken;

use super::{connect, connection, keys, resolved};
use crate::support::fixtures;
use crate::support::keys::RSA_PEM;
use crate::support::memory_s3::{BUCKET, MemoryS3};
use crate::support::proxy::{Manners, TestProxy};
use crate::support::scripted::{Reply, ScriptedServer};

const EMPTY_PAGE: &str = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";

/// Options, host and path, region in the scope.
type Case<'a> = (&'a [(OptionId, &'a str)], &'a str, &'a str);

#[tokio::test]
async fn region_and_style_decide_host_path_and_scope() {
    let server = ScriptedServer::in_turn(vec![Reply::new(200, EMPTY_PAGE)]);
    let table = format!(r#"{{"http": "127.0.0.1:{}"}}"#, server.port());
    use OptionId::{AddressingStyle, Bucket, Endpoint, Region, UseSsl};
    let cases: [Case<'_>; 8] = [
        (
            &[(UseSsl, "false")],
            "test-bucket.s3.amazonaws.com/?",
            "us-east-1",
        ),
        (
            &[(UseSsl, "false"), (Region, "eu-west-3")],
            "test-bucket.s3.eu-west-3.amazonaws.com/?",
            "eu-west-3",
        ),
        (
            &[
                (UseSsl, "false"),
                (Region, "cn-north-1"),
                (AddressingStyle, "path"),
            ],
            "s3.cn-north-1.amazonaws.com.cn/test-bucket/?",
            "cn-north-1",
        ),
        (
            &[
                (UseSsl, "false"),
                (Region, "eu-west-3"),
                (Bucket, "with.dots"),
            ],
            "s3.eu-west-3.amazonaws.com/with.dots/?",
            "eu-west-3",
        ),
        (
            &[(Endpoint, "http://s3.test:81"), (Region, "eu-west-3")],
            "s3.test:81/test-bucket/?",
            "eu-west-3",
        ),
        (
            &[(Endpoint, "http://s3.test:81"), (AddressingStyle, "auto")],
            "s3.test:81/test-bucket/?",
            "us-east-1",
        ),
        (
            &[
                (Endpoint, "http://s3.test:81"),
                (AddressingStyle, "virtual"),
            ],
            "test-bucket.s3.test:81/?",
            "us-east-1",
        ),
        (
            // The scheme of an endpoint is its own; the option is for Amazon's hosts.
            &[(Endpoint, "http://s3.test"), (UseSsl, "true")],
            "s3.test/test-bucket/?",
            "us-east-1",
        ),
    ];
    for (number, (options, url, region)) in cases.into_iter().enumerate() {
        let mut options = options.to_vec();
        options.push((OptionId::Proxies, &table));
        keys(&connect(&options, &[]).await).await.unwrap();
        let asked = server.asked();
        assert_eq!(asked.len(), number + 1);
        let last = &asked[number];
        assert!(
            last.target.starts_with(&format!("http://{url}")),
            "{}",
            last.target
        );
        let host = url.split('/').next();
        assert_eq!(last.header("host"), host);
        let scope = last.header("authorization").unwrap();
        assert!(
            scope.contains(&format!("/{region}/s3/aws4_request")),
            "{scope}"
        );
    }
}

#[tokio::test]
async fn amazons_hosts_are_spoken_to_with_tls_unless_it_is_switched_off() {
    let manners = Manners {
        login: None,
        refuses: Some(403),
    };
    let proxy = TestProxy::with(1, manners);
    let table = format!(r#"{{"https": "{0}", "http": "{0}"}}"#, proxy.address());
    for use_ssl in ["true", "false"] {
        let options = [
            (OptionId::UseSsl, use_ssl),
            (OptionId::Region, "eu-west-3"),
            (OptionId::Proxies, &table),
        ];
        assert!(keys(&connect(&options, &[]).await).await.is_err());
    }
    let passed = proxy.passed();
    assert_eq!(passed[0].method, "CONNECT");
    assert_eq!(
        passed[0].target,
        "test-bucket.s3.eu-west-3.amazonaws.com:443"
    );
    let plain = "http://test-bucket.s3.eu-west-3.amazonaws.com/";
    assert!(
        passed.last().unwrap().target.starts_with(plain),
        "{passed:?}"
    );
}

/// Uploads a file of this name with these options and rules, and gives the headers that the server saw.
async fn uploaded(
    server: &MemoryS3,
    name: &str,
    options: &[(OptionId, &str)],
    rules: Vec<ParameterRule>,
) -> Vec<(String, String)> {
    let endpoint = server.endpoint();
    let mut all = vec![(OptionId::Endpoint, endpoint.as_str())];
    all.extend_from_slice(options);
    let mut connection = connection(&all);
    connection.rules = rules;
    let environment = Environment::default();
    let config = resolve(&connection, &[], &Values::default(), &environment)
        .unwrap()
        .config;
    let storage = Storage::connect(config).await.unwrap();
    let folder = fixtures::folder();
    let job = UploadJob {
        source: fixtures::file(folder.path(), "source", "body { color: red }\n".repeat(50)),
        key: Key::new(name),
        if_absent: false,
    };
    server.forget_requests();
    storage
        .upload(&job, &|_| {}, &CancellationToken::new())
        .await
        .unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    requests[0].headers.clone()
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = headers.iter().find(|(own, _)| own == name);
    found.map(|(_, value)| value.as_str())
}

#[tokio::test]
async fn parameters_rules_acl_and_gzip_are_headers_of_the_upload() {
    let server = MemoryS3::start();
    let parameters = r#"{"CacheControl": "max-age=5", "ContentDisposition": "inline", "StorageClass": "STANDARD_IA",
        "Metadata": {"Owner": "web"}, "Tagging": "a=1&b=2", "ServerSideEncryption": "AES256"}"#;
    let rule = |glob: &str, name: &str, value: &str| ParameterRule {
        glob: glob.to_owned(),
        parameters: vec![(name.to_owned(), value.into())],
    };
    let options = [
        (OptionId::ObjectParameters, parameters),
        (OptionId::DefaultAcl, "public-read"),
        (OptionId::Gzip, "true"),
    ];
    let rules = vec![
        rule("site/**", "CacheControl", "no-cache"),
        rule("site/*.css", "ContentLanguage", "de"),
        rule("other/*", "ContentLanguage", "fr"),
    ];
    let seen = uploaded(&server, "site/a.css", &options, rules.clone()).await;
    for (name, value) in [
        ("cache-control", "no-cache"),
        ("content-disposition", "inline"),
        ("content-language", "de"),
        ("content-type", "text/css"),
        ("content-encoding", "gzip"),
        ("x-amz-storage-class", "STANDARD_IA"),
        ("x-amz-meta-owner", "web"),
        ("x-amz-tagging", "a=1&b=2"),
        ("x-amz-server-side-encryption", "AES256"),
        ("x-amz-acl", "public-read"),
    ] {
        assert_eq!(header(&seen, name), Some(value), "{name}: {seen:?}");
    }
    let stored = server.object("site/a.css").unwrap().bytes;
    assert_eq!(stored[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3]);

    let seen = uploaded(&server, "site/a.css.gz", &options, rules).await;
    assert_eq!(
        header(&seen, "content-encoding"),
        Some("gzip"),
        "by its name"
    );
    let stored = server.object("site/a.css.gz").unwrap().bytes;
    assert!(
        stored.starts_with(b"body"),
        "it is not compressed a second time"
    );

    // An ACL among the parameters, even none, keeps the default one away; a type that is not listed stays as it is.
    let options = [
        (OptionId::ObjectParameters, r#"{"ACL": null}"#),
        (OptionId::DefaultAcl, "public-read"),
        (OptionId::Gzip, "true"),
        (OptionId::GzipTypes, r#"["text/html"]"#),
    ];
    let seen = uploaded(&server, "b.css", &options, Vec::new()).await;
    for name in ["x-amz-acl", "content-encoding", "cache-control"] {
        assert_eq!(header(&seen, name), None, "{name}");
    }
}

async fn django(options: &[(OptionId, &str)]) -> DjangoStorage {
    let (resolved, environment) = resolved(options, &[]);
    DjangoStorage::connect(&resolved, &environment, Project::default(), World::system())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_taken_name_gets_seven_characters_below_the_location() {
    let server = MemoryS3::start();
    let endpoint = server.endpoint();
    let options = [
        (OptionId::Endpoint, endpoint.as_str()),
        (OptionId::Location, "media/files"),
        (OptionId::FileOverwrite, "false"),
    ];
    let storage = django(&options).await;
    let mut names = Vec::new();
    for content in ["one", "two"] {
        let saved = storage.save(Some("a/b.txt"), Content::bytes(content), None);
        names.push(saved.await.unwrap());
    }
    assert_eq!(names[0], "a/b.txt");
    let suffix = names[1].strip_prefix("a/b_").unwrap();
    let suffix = suffix.strip_suffix(".txt").unwrap();
    assert!(
        suffix.len() == 7 && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        "{names:?}"
    );
    for (name, content) in names.iter().zip(["one", "two"]) {
        let object = server.object(&format!("media/files/{name}")).unwrap();
        assert_eq!(object.bytes, content);
    }
    let overwriting = django(&options[..2]).await;
    let saved = overwriting.save(Some("a/b.txt"), Content::bytes("three"), None);
    assert_eq!(saved.await.unwrap(), "a/b.txt");
    assert_eq!(server.object("media/files/a/b.txt").unwrap().bytes, "three");
    assert_eq!(server.keys().len(), 2);
}

#[tokio::test]
async fn links_of_a_custom_domain_are_plain_and_those_of_cloudfront_verify() {
    const NOW: Timestamp = Timestamp(1_700_000_000);
    let domain = [
        (OptionId::CustomDomain, "cdn.example.com"),
        (OptionId::UrlProtocol, "http:"),
        (OptionId::Location, "media"),
    ];
    let plain = django(&domain).await;
    let link = plain
        .url("a b/ü.txt", &UrlOptions::default(), NOW)
        .await
        .unwrap();
    assert_eq!(link.url, "http://cdn.example.com/media/a%20b/%C3%BC.txt");
    assert_eq!(link.works_until, None);

    let pem = Value::secret(RSA_PEM);
    let mut connection = connection(&domain);
    connection.values.set(OptionId::CloudFrontKey, pem);
    connection
        .values
        .set(OptionId::CloudFrontKeyId, Value::text("K2EXAMPLE"));
    connection
        .values
        .set(OptionId::LinkExpiry, Value::Integer(90));
    let environment = Environment::default();
    let resolved = resolve(&connection, &[], &Values::default(), &environment).unwrap();
    let storage = Storage::connect(resolved.config).await.unwrap();
    let request = LinkRequest::new(Key::new("media/a b/ü.txt"));
    let link = storage.sign_link(&request, NOW).await.unwrap();
    assert_eq!(link.works_until, Some(Timestamp(NOW.0 + 90)));
    let (url, query) = link.url.split_once('?').unwrap();
    assert_eq!(url, "http://cdn.example.com/media/a%20b/%C3%BC.txt");
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(own, _)| *own == name).unwrap().1.to_owned()
    };
    assert_eq!(value("Key-Pair-Id"), "K2EXAMPLE");
    assert_eq!(value("Expires"), "1700000090");
    // "Creating a signed URL using a canned policy": no white space, and +, =, / written as -, _, ~.
    let policy = format!(
        r#"{{"Statement":[{{"Resource":"{url}","Condition":{{"DateLessThan":{{"AWS:EpochTime":1700000090}}}}}}]}}"#
    );
    let signature = value("Signature")
        .replace('-', "+")
        .replace('_', "=")
        .replace('~', "/");
    let signature = BASE64.decode(signature).unwrap();
    let body: String = RSA_PEM
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let key = RsaPrivateKey::from_pkcs1_der(&BASE64.decode(body).unwrap()).unwrap();
    let verify = |policy: &str| {
        key.to_public_key().verify(
            Pkcs1v15Sign::new::<Sha1>(),
            &Sha1::digest(policy.as_bytes()),
            &signature,
        )
    };
    verify(&policy).unwrap();
    assert!(verify(&policy.replace("1700000090", "1700000091")).is_err());
}

#[tokio::test]
async fn links_that_are_not_signed_are_bare() {
    let server = MemoryS3::start();
    let endpoint = server.endpoint();
    let options = [
        (OptionId::Endpoint, endpoint.as_str()),
        (OptionId::SignLinks, "false"),
        (OptionId::SignatureVersion, "s3v4"),
    ];
    let storage = connect(&options, &[]).await;
    let request = LinkRequest::new(Key::new("a b.txt"));
    let link = storage.sign_link(&request, Timestamp::now()).await.unwrap();
    assert_eq!(link.url, format!("{endpoint}/{BUCKET}/a%20b.txt"));
}
