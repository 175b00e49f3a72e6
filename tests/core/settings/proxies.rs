//! Proxies: which one is used, in which form it is asked, what it is told, and what happens when it is gone.

use cooperage::domain::{ErrorKind, Key, StorageError};
use cooperage::settings::{HintKind, OptionId};
use cooperage::storage::Storage;
use cooperage::words;

use super::{connect, keys, resolved};
use crate::support::fixtures;
use crate::support::memory_s3::MemoryS3;
use crate::support::proxy::{Manners, TestProxy};
use crate::support::serving::dead_port;
use crate::support::tls::{Authority, Validity};

const PLAIN: (OptionId, &str) = (OptionId::Endpoint, "http://s3.nowhere.test");

fn proxies(json: &str) -> (OptionId, &str) {
    (OptionId::Proxies, json)
}

fn demanding(server_port: u16) -> TestProxy {
    let manners = Manners {
        login: Some("me:se@c:ret".to_owned()),
        refuses: None,
    };
    TestProxy::with(server_port, manners)
}

#[tokio::test]
async fn plain_requests_go_to_the_proxy_as_whole_urls() {
    let server = MemoryS3::start();
    server.put("a b/ü+.txt", "content");
    let proxy = demanding(server.port());
    let table = format!(
        r#"{{"http": "http://me:se%40c%3Aret@{}"}}"#,
        proxy.address()
    );
    let storage = connect(&[PLAIN, proxies(&table)], &[]).await;
    assert_eq!(keys(&storage).await.unwrap(), ["a b/ü+.txt"]);
    let head = storage.head(&Key::new("a b/ü+.txt")).await.unwrap();
    assert_eq!(head.size, 7);
    let put = storage.put_bytes(&Key::new("new"), "x".into(), false).await;
    put.unwrap();
    let passed = proxy.passed();
    assert_eq!(passed.len(), 3);
    for one in &passed {
        assert!(
            one.target
                .starts_with("http://s3.nowhere.test/test-bucket/"),
            "{one:?}"
        );
        assert_eq!(one.login.as_deref(), Some("me:se@c:ret"));
    }
    for request in server.requests() {
        assert_eq!(request.header("host"), Some("s3.nowhere.test"));
        assert_eq!(request.header("proxy-authorization"), None);
    }
}

#[tokio::test]
async fn encrypted_requests_go_through_a_tunnel() {
    let server = MemoryS3::start();
    server.put("a", "content");
    let authority = Authority::new();
    let folder = fixtures::folder();
    let file = authority.file(folder.path());
    let front = authority.front(&["s3.nowhere.test"], Validity::Current, server.port());
    let proxy = demanding(front.port);
    let table = format!(
        r#"{{"https": "me:se%40c%3Aret@{}", "http": "127.0.0.1:{}"}}"#,
        proxy.address(),
        dead_port()
    );
    let options = [
        (OptionId::Endpoint, "https://s3.nowhere.test"),
        (OptionId::Verify, file.to_str().unwrap()),
        proxies(&table),
    ];
    let storage = connect(&options, &[]).await;
    assert_eq!(keys(&storage).await.unwrap(), ["a"]);
    assert_eq!(storage.head(&Key::new("a")).await.unwrap().size, 7);
    for one in proxy.passed() {
        assert_eq!(one.method, "CONNECT");
        assert_eq!(one.target, "s3.nowhere.test:443");
        assert_eq!(one.login.as_deref(), Some("me:se@c:ret"));
    }
    for request in server.requests() {
        assert_eq!(request.header("proxy-authorization"), None);
    }
}

#[tokio::test]
async fn a_table_is_looked_up_by_scheme_alone() {
    let server = MemoryS3::start();
    server.put("a", "x");
    let endpoint = server.endpoint();
    let dead = format!("127.0.0.1:{}", dead_port());
    // Keyed by host, as requests knows it and boto3 does not: no effect, and the panel says so.
    for table in [
        format!(r#"{{"https": "{dead}"}}"#),
        format!(r#"{{"http://127.0.0.1": "{dead}"}}"#),
        format!(r#"{{"all": "{dead}", "HTTP": "{dead}"}}"#),
        "{}".to_owned(),
    ] {
        let options = [(OptionId::Endpoint, endpoint.as_str()), proxies(&table)];
        // What is set holds instead of the environment, even when it is empty.
        let variables = [("http_proxy", dead.as_str())];
        let storage = connect(&options, &variables).await;
        assert_eq!(keys(&storage).await.unwrap(), ["a"], "{table}");
        let hints = resolved(&options, &[]).0.hints;
        let warned =
            (hints.iter()).any(|hint| matches!(hint.kind, HintKind::ProxiesNeverApply { .. }));
        assert_eq!(
            warned,
            table.contains("127.0.0.1\":") || table.contains("all"),
            "{table}"
        );
    }
}

#[tokio::test]
async fn the_environment_counts_while_nothing_is_set() {
    let server = MemoryS3::start();
    server.put("a", "x");
    let proxy = TestProxy::start(server.port());
    let (address, endpoint) = (proxy.address(), server.endpoint());
    let storage = connect(&[PLAIN], &[("HTTP_PROXY", &address)]).await;
    assert_eq!(keys(&storage).await.unwrap(), ["a"]);
    assert_eq!(proxy.passed().len(), 1);

    let dead = format!("127.0.0.1:{}", dead_port());
    let direct = [(OptionId::Endpoint, endpoint.as_str())];
    for list in ["127.0.0.1", "*", "localhost, 127.0.0.1:9, 127.0.0.1"] {
        let variables = [("http_proxy", dead.as_str()), ("no_proxy", list)];
        let storage = connect(&direct, &variables).await;
        assert_eq!(keys(&storage).await.unwrap(), ["a"], "{list}");
    }
    assert_eq!(proxy.passed().len(), 1, "no_proxy is kept to");
    let variables = [
        ("http_proxy", dead.as_str()),
        ("NO_PROXY", "elsewhere.test"),
    ];
    let storage = connect(&direct, &variables).await;
    let error = keys(&storage).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::ProxyUnreachable);
}

/// What fails, through our own requests and through the SDK's.
async fn failures(storage: &Storage) -> [StorageError; 2] {
    [
        keys(storage).await.unwrap_err(),
        storage.head(&Key::new("a")).await.unwrap_err(),
    ]
}

#[tokio::test]
async fn a_dead_proxy_is_not_taken_for_the_server() {
    let address = format!("me:CANARY@127.0.0.1:{}", dead_port());
    let table = format!(r#"{{"http": "{address}", "https": "{address}"}}"#);
    for endpoint in ["http://s3.nowhere.test", "https://s3.nowhere.test"] {
        let options = [(OptionId::Endpoint, endpoint), proxies(&table)];
        for error in failures(&connect(&options, &[]).await).await {
            assert_eq!(error.kind, ErrorKind::ProxyUnreachable, "{error}");
            let told = words::explain(&error);
            assert!(
                told.cause.contains("proxy could not be reached"),
                "{told:?}"
            );
            assert!(told.next_step.contains("AWS_S3_PROXIES"), "{told:?}");
            let text = format!("{error} {error:?} {}", told.to_text());
            assert!(
                text.contains("127.0.0.1") && !text.contains("CANARY"),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn a_proxy_that_is_no_address_never_means_straight() {
    let server = MemoryS3::start();
    for address in [
        "http://me:CANARY/x@proxy:1",
        "pro xy:3128",
        "http://",
        "proxy:port",
    ] {
        let table = format!(r#"{{"http": "{address}"}}"#);
        for (option, variables) in [
            (Some(proxies(&table)), vec![]),
            (None, vec![("http_proxy", address)]),
        ] {
            let endpoint = server.endpoint();
            let mut options = vec![(OptionId::Endpoint, endpoint.as_str())];
            options.extend(option);
            let config = resolved(&options, &variables).0.config;
            let error = match Storage::connect(config).await {
                Ok(storage) => keys(&storage).await.unwrap_err(),
                Err(error) => {
                    assert_eq!(error.kind, ErrorKind::Invalid, "{address}");
                    error
                }
            };
            let text = format!("{error} {error:?} {}", words::explain(&error).to_text());
            assert!(!text.contains("CANARY"), "{text}");
        }
    }
    assert!(server.requests().is_empty(), "it went straight");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_asked_once() {
    let server = MemoryS3::start();
    for endpoint in ["http://s3.nowhere.test", "https://s3.nowhere.test"] {
        let proxy = demanding(server.port());
        let table = format!(
            r#"{{"http": "me:wrong@{0}", "https": "me:wrong@{0}"}}"#,
            proxy.address()
        );
        let options = [(OptionId::Endpoint, endpoint), proxies(&table)];
        for error in failures(&connect(&options, &[]).await).await {
            assert_eq!(
                (error.kind, error.status),
                (ErrorKind::ProxyRefused, Some(407))
            );
            let told = words::explain(&error);
            assert!(told.cause.contains("wants a login"), "{told:?}");
        }
        // A wrong password that is repeated may lock the account of its user.
        assert_eq!(proxy.passed().len(), 2);
    }
    let manners = Manners {
        login: None,
        refuses: Some(403),
    };
    let proxy = TestProxy::with(server.port(), manners);
    let table = format!(r#"{{"https": "{}"}}"#, proxy.address());
    let options = [
        (OptionId::Endpoint, "https://s3.nowhere.test"),
        proxies(&table),
    ];
    for error in failures(&connect(&options, &[]).await).await {
        assert_eq!(
            (error.kind, error.status),
            (ErrorKind::ProxyRefused, Some(403))
        );
        let told = words::explain(&error);
        assert!(
            told.cause.contains("does not let this connection through"),
            "{told:?}"
        );
    }
    assert!(server.requests().is_empty());
}
