//! Signatures of both versions, checked by rules that were written down from Amazon's documents alone, for every request
//! that the program makes and for its links.

use cooperage::domain::{Key, Prefix, Timestamp};
use cooperage::settings::OptionId;
use cooperage::storage::{DownloadJob, LinkRequest, ListRequest, Storage, UploadJob};
use tokio_util::sync::CancellationToken;

use super::{connect, keys};
use crate::support::memory_s3::{BUCKET, MemoryS3, SECRET_KEY};
use crate::support::scripted::{Reply, ScriptedServer};
use crate::support::signed::Sent;
use crate::support::{fetch, fixtures};

/// Keys with signs that every step between us and a server has its own mind about.
const ODD_KEYS: [&str; 9] = [
    "a b/ü+%.txt",
    "a//b",
    "/a",
    "~-_.!*'()",
    "a=b&c?d#e",
    "\u{1f389}",
    "x%2Fy",
    " ",
    "tab\t\u{3000}",
];

const EMPTY_PAGE: &str = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";

/// Does everything that the program ever asks of a bucket.
async fn everything(storage: &Storage) {
    let folder = fixtures::folder();
    let cancel = CancellationToken::new();
    for key in ODD_KEYS {
        let key = Key::new(key);
        storage
            .put_bytes(&key, "content".into(), true)
            .await
            .unwrap();
        assert_eq!(storage.head(&key).await.unwrap().size, 7, "{key:?}");
        assert_eq!(storage.read_range(&key, 1..3).await.unwrap(), "on");
    }
    let mut listed = keys(storage).await.unwrap();
    listed.sort();
    let mut expected = ODD_KEYS.map(str::to_owned);
    expected.sort();
    assert_eq!(listed, expected);
    storage.list_buckets().await.unwrap();
    let mut rows = super::Keys::default();
    let within = ListRequest::folder(&Prefix::new("a b/"));
    storage.list_page(&within, &mut rows).await.unwrap();
    assert_eq!(rows.0, ["a b/ü+%.txt"]);
    let source = fixtures::pattern_file(folder.path(), "big", 17 * 1024 * 1024, 3);
    let upload = UploadJob {
        source,
        key: Key::new("big ü"),
        if_absent: true,
    };
    storage.upload(&upload, &|_| {}, &cancel).await.unwrap();
    let download = DownloadJob {
        key: Key::new("big ü"),
        target: folder.path().join("down"),
        overwrite: false,
    };
    storage.download(&download, &|_| {}, &cancel).await.unwrap();
    storage
        .create_folder(&Prefix::new("new folder/"))
        .await
        .unwrap();
    let (from, to) = (Key::new("a b/ü+%.txt"), Key::new("c+d/ü %"));
    storage.rename(&from, &to).await.unwrap();
    storage.delete(&to).await.unwrap();
    let rest: Vec<Key> = ODD_KEYS[1..].iter().copied().map(Key::new).collect();
    let failures = storage.delete_many(&rest).await;
    assert!(failures.is_empty(), "{failures:?}");
    // By Django's own calls too.
    storage.calls().delete_object("big ü").await.unwrap();
    let mut left = keys(storage).await.unwrap();
    left.sort();
    assert_eq!(left, ["new folder/"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_is_signed_with_version_2() {
    let server = MemoryS3::start();
    let endpoint = server.endpoint();
    let options = [
        (OptionId::Endpoint, endpoint.as_str()),
        (OptionId::SignatureVersion, "s3"),
    ];
    everything(&connect(&options, &[]).await).await;
    let requests = server.requests();
    let mut sub_resources = std::collections::BTreeSet::new();
    for request in &requests {
        let target = format!("{}?{}", request.path, request.query);
        let sent = Sent {
            method: &request.method,
            target: &target,
            headers: &request.headers,
        };
        let checked = sent.check_v2(SECRET_KEY, None);
        checked.unwrap_or_else(|why| panic!("{} {target}: {why}", request.method));
        assert!(sent.check_v2("another secret", None).is_err());
        for name in ["uploads", "uploadId", "partNumber", "delete"] {
            if request.parameter(name).is_some() {
                sub_resources.insert(name);
            }
        }
    }
    assert_eq!(sub_resources.len(), 4, "{sub_resources:?}");
    assert!(requests.len() > 40, "{}", requests.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_is_signed_with_version_4() {
    let server = MemoryS3::start();
    let endpoint = server.endpoint();
    let options = [
        (OptionId::Endpoint, endpoint.as_str()),
        (OptionId::Region, "eu-central-9"),
    ];
    everything(&connect(&options, &[]).await).await;
    for request in &server.requests() {
        let target = format!("{}?{}", request.path, request.query);
        let sent = Sent {
            method: &request.method,
            target: &target,
            headers: &request.headers,
        };
        let checked = sent.check_v4(SECRET_KEY);
        checked.unwrap_or_else(|why| panic!("{} {target}: {why}", request.method));
        let scope = request.header("authorization").unwrap();
        assert!(scope.contains("/eu-central-9/s3/aws4_request"), "{scope}");
        assert!(sent.check_v4("another secret").is_err());
    }
}

#[tokio::test]
async fn a_bucket_in_the_host_is_signed_with_both_versions() {
    for version in ["s3", "s3v4"] {
        let server = ScriptedServer::start(|asked| match asked.method.as_str() {
            "GET" if asked.target.contains("list-type") => Reply::new(200, EMPTY_PAGE),
            _ => Reply::new(200, "").header("etag", "\"x\""),
        });
        let table = format!(r#"{{"http": "127.0.0.1:{}"}}"#, server.port());
        let options = [
            (OptionId::Endpoint, "http://s3.nowhere.test:8080/base"),
            (OptionId::AddressingStyle, "virtual"),
            (OptionId::SignatureVersion, version),
            (OptionId::Proxies, table.as_str()),
        ];
        let storage = connect(&options, &[]).await;
        keys(&storage).await.unwrap();
        for key in ODD_KEYS {
            storage.head(&Key::new(key)).await.unwrap();
            storage.delete(&Key::new(key)).await.unwrap();
        }
        let asked = server.asked();
        assert_eq!(asked.len(), 1 + 2 * ODD_KEYS.len());
        for one in asked {
            let host = format!("{BUCKET}.s3.nowhere.test:8080");
            assert_eq!(one.header("host"), Some(host.as_str()));
            assert!(
                one.target.starts_with(&format!("http://{host}/base/")),
                "{}",
                one.target
            );
            // What stands before the bucket is no part of what version 2 signs.
            let bare = one.target.replacen("/base/", "/", 1);
            let sent = Sent {
                method: &one.method,
                target: if version == "s3" { &bare } else { &one.target },
                headers: &one.headers,
            };
            let checked = match version {
                "s3" => sent.check_v2(SECRET_KEY, Some(BUCKET)),
                _ => sent.check_v4(SECRET_KEY),
            };
            checked.unwrap_or_else(|why| panic!("{} {}: {why}", one.method, one.target));
        }
    }
}

#[tokio::test]
async fn links_of_version_2_are_signed_by_the_rules_and_open() {
    let server = MemoryS3::start();
    let endpoint = server.endpoint();
    let options = [
        (OptionId::Endpoint, endpoint.as_str()),
        (OptionId::SignatureVersion, "s3"),
    ];
    let storage = connect(&options, &[]).await;
    let host = [
        (OptionId::AddressingStyle, "virtual"),
        (OptionId::SignatureVersion, "s3"),
    ];
    let amazon = connect(&host, &[]).await;
    for key in ODD_KEYS {
        server.put(key, "content");
        let request = LinkRequest {
            parameters: vec![(
                "ResponseContentDisposition".to_owned(),
                "attachment; filename=\"ü +.txt\"".to_owned(),
            )],
            ..LinkRequest::new(Key::new(key))
        };
        let url = storage
            .sign_link(&request, Timestamp::now())
            .await
            .unwrap()
            .url;
        let got = fetch::get(&url);
        assert_eq!(
            (got.status, got.text().as_str()),
            (200, "content"),
            "{key:?}"
        );
        let link = |target| Sent {
            method: "GET",
            target,
            headers: &[],
        };
        link(&url).check_v2(SECRET_KEY, None).unwrap();
        let url = amazon
            .sign_link(&request, Timestamp::now())
            .await
            .unwrap()
            .url;
        assert!(url.starts_with(&format!("https://{BUCKET}.s3.")), "{url}");
        link(&url).check_v2(SECRET_KEY, Some(BUCKET)).unwrap();
    }
}
