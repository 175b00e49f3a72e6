//! Any key is kept exactly, objects are plain files, and listings page like Amazon's.

use aws_sdk_s3::types::{ChecksumMode, Delete, ObjectIdentifier};
use cooperage::builtin::BUCKET;

use super::{Bucket, all_keys, walk};
use crate::support::fixtures;

#[tokio::test(flavor = "multi_thread")]
async fn odd_keys_are_put_listed_read_and_deleted_exactly() {
    let bucket = Bucket::empty().await;
    let mut keys = fixtures::odd_keys();
    // The longest paths that a key can make.
    keys.push("/".repeat(1024));
    keys.push("\u{1}".repeat(1024));
    keys.push("é".repeat(512));
    for key in &keys {
        bucket.put(key, key.as_bytes()).await;
    }
    keys.sort();
    assert_eq!(all_keys(&bucket.client).await, keys);
    for key in &keys {
        assert_eq!(bucket.get(key).await, key.as_bytes(), "{key:?}");
    }
    let half: Vec<&String> = keys.iter().step_by(2).collect();
    for key in &half {
        let delete = bucket.client.delete_object().bucket(BUCKET).key(*key);
        delete.send().await.unwrap();
    }
    let rest: Vec<String> = keys.iter().skip(1).step_by(2).cloned().collect();
    assert_eq!(all_keys(&bucket.client).await, rest);
    for key in &rest {
        assert_eq!(bucket.get(key).await, key.as_bytes(), "{key:?}");
        let delete = bucket.client.delete_object().bucket(BUCKET).key(key);
        delete.send().await.unwrap();
    }
    let left = std::fs::read_dir(bucket.file("")).unwrap().count();
    assert_eq!(left, 0, "empty folders go with their last object");
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_are_plain_files_and_plain_files_are_objects() {
    let bucket = Bucket::empty().await;
    bucket.put("photos/harbour at dawn.jpg", "bytes").await;
    let file = bucket.file("photos/harbour at dawn.jpg");
    assert_eq!(std::fs::read(&file).unwrap(), b"bytes");

    fixtures::file(&bucket.file(""), "by hand/100%.txt", "mine");
    assert_eq!(bucket.get("by hand/100%.txt").await, b"mine");
    std::fs::write(&file, "changed by hand").unwrap();
    assert_eq!(
        bucket.get("photos/harbour at dawn.jpg").await,
        b"changed by hand"
    );
    let head = bucket.client.head_object().bucket(BUCKET);
    let head = head.key("photos/harbour at dawn.jpg");
    let head = head
        .checksum_mode(ChecksumMode::Enabled)
        .send()
        .await
        .unwrap();
    assert_eq!(head.content_length(), Some(15));
    assert!(head.checksum_crc64_nvme().is_none() && head.checksum_crc32().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_lives_beside_a_folder_of_its_name() {
    let bucket = Bucket::empty().await;
    bucket.put("a", "object").await;
    bucket.put("a/b", "below").await;
    bucket.put("a/", "").await;
    bucket.put("c/d", "below").await;
    bucket.put("c", "object").await;
    assert_eq!(
        all_keys(&bucket.client).await,
        ["a", "a/", "a/b", "c", "c/d"]
    );
    bucket.put("a", "again").await;
    assert_eq!(bucket.get("a").await, b"again");
    for key in ["a/b", "a/"] {
        let delete = bucket.client.delete_object().bucket(BUCKET).key(key);
        delete.send().await.unwrap();
    }
    assert_eq!(bucket.get("a").await, b"again");
    bucket.put("a", "plain now").await;
    assert_eq!(std::fs::read(bucket.file("a")).unwrap(), b"plain now");
    assert_eq!(all_keys(&bucket.client).await, ["a", "c", "c/d"]);
    let head = bucket.client.head_object().bucket(BUCKET).key("c/");
    let missing = head.send().await.unwrap_err().into_service_error();
    assert!(missing.is_not_found());
}

#[tokio::test(flavor = "multi_thread")]
async fn listings_page_group_and_start_like_amazon() {
    let bucket = Bucket::empty().await;
    for key in ["a-", "a/", "a/1", "a/2/x", "a0", "b/1", "b/2", "z"] {
        bucket.put(key, "x").await;
    }
    for page in [1, 2, 3, 1000] {
        let found = walk(&bucket.client, "", Some("/"), page).await;
        assert_eq!(found.0, ["a-", "a0", "z"], "pages of {page}");
        assert_eq!(found.1, ["a/", "b/"], "pages of {page}");
        let found = walk(&bucket.client, "a/", Some("/"), page).await;
        assert_eq!(found.0, ["a/", "a/1"], "pages of {page}");
        assert_eq!(found.1, ["a/2/"], "pages of {page}");
    }
    let found = walk(&bucket.client, "a", Some("/2"), 2).await;
    assert_eq!((found.0.len(), found.1), (4, vec!["a/2".to_owned()]));
    let after = bucket.client.list_objects_v2().bucket(BUCKET);
    let after = after.start_after("a/1").send().await.unwrap();
    assert_eq!(after.contents()[0].key(), Some("a/2/x"));

    let first = bucket.client.list_objects().bucket(BUCKET).delimiter("/");
    let first = first.max_keys(2).send().await.unwrap();
    assert_eq!(first.next_marker(), Some("a/"));
    let second = bucket.client.list_objects().bucket(BUCKET).delimiter("/");
    let second = second.marker("a/").send().await.unwrap();
    assert_eq!(second.contents()[0].key(), Some("a0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn batch_delete_says_what_went() {
    let bucket = Bucket::empty().await;
    for key in ["a", " b ", "dir/", "dir/<&>"] {
        bucket.put(key, "").await;
    }
    let objects = [" b ", "dir/", "never there"];
    let objects = objects.map(|key| ObjectIdentifier::builder().key(key).build().unwrap());
    let delete = Delete::builder()
        .set_objects(Some(objects.to_vec()))
        .build()
        .unwrap();
    let call = bucket.client.delete_objects().bucket(BUCKET).delete(delete);
    let answer = call.send().await.unwrap();
    assert_eq!((answer.deleted().len(), answer.errors().len()), (3, 0));
    assert_eq!(all_keys(&bucket.client).await, ["a", "dir/<&>"]);
}
