//! Start, stop, access, samples, two instances, broken uploads.

use std::path::Path;

use aws_sdk_s3::error::ProvideErrorMetadata;
use cooperage::builtin::{BUCKET, Builtin};
use tokio::runtime::Handle;

use super::{Bucket, all_keys, client};
use crate::support::{fetch, fixtures, sdk};

#[tokio::test(flavor = "multi_thread")]
async fn only_the_right_key_on_loopback_gets_in() {
    let bucket = Bucket::empty().await;
    bucket.put("a", "1").await;
    let endpoint = bucket.server.endpoint();
    assert!(endpoint.starts_with("http://127.0.0.1:"));
    let wrong = sdk::client(&endpoint, bucket.server.access_key(), "wrong");
    let refused = wrong.get_object().bucket(BUCKET).key("a").send().await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.raw_response().unwrap().status().as_u16(), 403);
    assert_eq!(fetch::get(&format!("{endpoint}/{BUCKET}/a")).status, 403);
    let elsewhere = bucket
        .client
        .list_objects_v2()
        .bucket("other-bucket")
        .send()
        .await;
    assert_eq!(elsewhere.unwrap_err().code(), Some("NoSuchBucket"));
    assert!(!format!("{:?}", bucket.server).contains(bucket.server.secret().reveal()));
}

#[tokio::test(flavor = "multi_thread")]
async fn samples_come_once_and_files_stay_over_a_restart() {
    let folder = fixtures::folder();
    let start = || Builtin::start(&Handle::current(), folder.path()).unwrap();
    let server = start();
    let mine = client(&server);
    let samples = all_keys(&mine).await;
    assert!(samples.contains(&"read me first.txt".to_owned()));
    assert!(samples.contains(&"lisez-moi, été.md".to_owned()));
    for (key, kind) in [
        ("harbour at dawn.jpg", "image/jpeg"),
        ("photos/lighthouse.png", "image/png"),
    ] {
        let got = mine
            .get_object()
            .bucket(BUCKET)
            .key(key)
            .send()
            .await
            .unwrap();
        assert_eq!(got.content_type(), Some(kind));
        let bytes = got.body.collect().await.unwrap().into_bytes();
        assert!(image::load_from_memory(&bytes).is_ok(), "{key}");
    }
    let delete = mine.delete_object().bucket(BUCKET).key("read me first.txt");
    delete.send().await.unwrap();
    let put = mine
        .put_object()
        .bucket(BUCKET)
        .key("kept")
        .content_type("a/b");
    put.body(b"kept".to_vec().into()).send().await.unwrap();
    let (port, secret) = (server.endpoint(), server.secret().reveal().to_owned());
    server.stop().await;
    let address = port.strip_prefix("http://").unwrap().to_owned();
    assert!(
        std::net::TcpStream::connect(address).is_err(),
        "the port is free again"
    );

    let again = start();
    assert_ne!(again.secret().reveal(), secret);
    let mine = client(&again);
    let kept = mine
        .get_object()
        .bucket(BUCKET)
        .key("kept")
        .send()
        .await
        .unwrap();
    assert_eq!(kept.content_type(), Some("a/b"));
    assert_eq!(kept.e_tag(), Some("\"4d8b6084f3d167b76cac66a22a91be02\""));
    let keys = all_keys(&mine).await;
    assert!(!keys.contains(&"read me first.txt".to_owned()));
    assert_eq!(keys.len(), samples.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_share_a_folder() {
    let bucket = Bucket::empty().await;
    let second = Builtin::start(&Handle::current(), bucket.folder.path()).unwrap();
    let other = client(&second);
    let mut writes = tokio::task::JoinSet::new();
    for round in 0..40 {
        for mine in [&bucket.client, &other] {
            let (client, body) = (mine.clone(), fixtures::pattern(2000 + round, round as u64));
            let key = ["same", "same/below", "same/below/deep"][round % 3];
            writes.spawn(async move {
                let put = client.put_object().bucket(BUCKET).key(key);
                put.body(body.into()).send().await.unwrap();
                let got = client
                    .get_object()
                    .bucket(BUCKET)
                    .key(key)
                    .send()
                    .await
                    .unwrap();
                let len = got.content_length().unwrap() as usize;
                let bytes = got.body.collect().await.unwrap().to_vec();
                assert!(
                    bytes == fixtures::pattern(len, len as u64 - 2000),
                    "a mixed object"
                );
            });
        }
    }
    while let Some(write) = writes.join_next().await {
        write.unwrap();
    }
    let keys = ["same", "same/below", "same/below/deep"];
    assert_eq!(all_keys(&bucket.client).await, keys);
    assert_eq!(all_keys(&other).await, keys);

    let mut claims = tokio::task::JoinSet::new();
    for number in 0..20 {
        let client = if number % 2 == 0 {
            bucket.client.clone()
        } else {
            other.clone()
        };
        claims.spawn(async move {
            let put = client.put_object().bucket(BUCKET).key("claimed");
            put.if_none_match("*").send().await.is_ok()
        });
    }
    let won = claims
        .join_all()
        .await
        .into_iter()
        .filter(|won| *won)
        .count();
    assert_eq!(won, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_upload_leaves_the_object_as_it_was() {
    let bucket = Bucket::empty().await;
    bucket.put("k", "whole").await;
    let address = bucket.server.endpoint().replace("http://", "");
    let config = std::time::Duration::from_secs(60);
    let config = aws_sdk_s3::presigning::PresigningConfig::expires_in(config).unwrap();
    let link = bucket.client.put_object().bucket(BUCKET).key("k");
    let link = link.presigned(config).await.unwrap().uri().to_owned();
    let target = link.split_once(&address).unwrap().1.to_owned();
    let done = tokio::task::spawn_blocking(move || {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        let head =
            format!("PUT {target} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 1000\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&[7; 500]).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        // The server ends the connection; what it says does not matter.
        stream.read_to_end(&mut answer).ok();
    });
    done.await.unwrap();
    assert_eq!(bucket.get("k").await, b"whole");
    assert!(drafts_end(bucket.folder.path()));
}

/// Waits a moment for the last draft to be removed.
fn drafts_end(folder: &Path) -> bool {
    (0..50).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        std::fs::read_dir(folder.join("internal/drafts"))
            .unwrap()
            .count()
            == 0
    })
}

/// Tells the child process of the next test where to write.
const FOLDER: &str = "COOPERAGE_TEST_KILLED_IN";

/// Not a test of its own: what the next test starts as a process and kills. Writes one key again and again.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs as the child of another test"]
async fn writes_until_it_is_killed() {
    let folder = std::env::var_os(FOLDER).expect("started by the test that kills it");
    let server = Builtin::start(&Handle::current(), Path::new(&folder)).unwrap();
    let client = client(&server);
    for len in (1000..).step_by(777) {
        let put = client.put_object().bucket(BUCKET).key("k");
        let put = put.content_type(format!("length/{len}"));
        put.body(fixtures::pattern(len, len as u64).into())
            .send()
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_is_whole_whenever_the_program_is_killed() {
    let folder = fixtures::folder();
    let mut longest = 0;
    for round in 0..6 {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact"])
            .arg("builtin::life::writes_until_it_is_killed")
            .env(FOLDER, folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let file = folder.path().join("files/k");
        while !file.exists() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(150 + 7 * round)).await;
        child.kill().unwrap();
        child.wait().unwrap();

        let server = Builtin::start(&Handle::current(), folder.path()).unwrap();
        let client = client(&server);
        let got = client.get_object().bucket(BUCKET).key("k").send().await;
        let got = got.unwrap();
        let len = usize::try_from(got.content_length().unwrap()).unwrap();
        assert_eq!(got.content_type(), Some(format!("length/{len}").as_str()));
        let bytes = got.body.collect().await.unwrap().to_vec();
        assert!(bytes == fixtures::pattern(len, len as u64), "{len} bytes");
        longest = longest.max(len);
    }
    assert!(longest > 1000, "the child wrote more than once");
}
