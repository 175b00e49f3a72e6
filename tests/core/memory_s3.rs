//! The test server itself, asked by a plain SDK client: what it claims to be, it must be.

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    ChecksumMode, CompletedMultipartUpload, CompletedPart, Delete, EncodingType, ObjectIdentifier,
};

use crate::support::memory_s3::{BUCKET, Fault, MemoryS3};
use crate::support::{fetch, fixtures, names, sdk};

fn client(server: &MemoryS3) -> Client {
    let (access_key, secret_key) = server.credentials();
    sdk::client(&server.endpoint(), access_key, secret_key)
}

/// All keys by listing in small pages, decoded as the listing says.
async fn listed(client: &Client, bucket: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut token = None;
    loop {
        let page = client
            .list_objects_v2()
            .bucket(bucket)
            .max_keys(7)
            .encoding_type(EncodingType::Url)
            .set_continuation_token(token)
            .send()
            .await
            .unwrap();
        for object in page.contents() {
            keys.push(names::decode(object.key().unwrap()));
        }
        token = page.next_continuation_token().map(str::to_owned);
        if token.is_none() {
            return keys;
        }
    }
}

#[tokio::test]
async fn odd_keys_survive_put_list_get_and_delete() {
    let server = MemoryS3::start();
    let client = client(&server);
    let mut keys = fixtures::odd_keys();
    for key in &keys {
        let body = ByteStream::from(key.clone().into_bytes());
        let put = client.put_object().bucket(BUCKET).key(key).body(body);
        put.send()
            .await
            .unwrap_or_else(|e| panic!("{key:?}: {e:?}"));
    }
    keys.sort();
    assert_eq!(server.keys(), keys);
    assert_eq!(listed(&client, BUCKET).await, keys);
    for key in &keys {
        let got = client.get_object().bucket(BUCKET).key(key).send().await;
        let bytes = got.unwrap().body.collect().await.unwrap().into_bytes();
        assert_eq!(bytes, key.as_bytes(), "{key:?}");
        let delete = client.delete_object().bucket(BUCKET).key(key).send();
        delete.await.unwrap();
    }
    assert!(server.keys().is_empty());
}

#[tokio::test]
async fn pages_count_common_prefixes_and_continue_behind_them() {
    let server = MemoryS3::start();
    server.put_keys(["a/1", "a/2", "b", "c/1", "c/2", "d"]);
    let client = client(&server);
    let mut seen = Vec::new();
    let mut token = None;
    loop {
        let page = client
            .list_objects_v2()
            .bucket(BUCKET)
            .delimiter("/")
            .max_keys(1)
            .set_continuation_token(token)
            .send()
            .await
            .unwrap();
        assert_eq!(page.key_count(), Some(1));
        seen.extend(page.contents().iter().map(|o| o.key().unwrap().to_owned()));
        let groups = page.common_prefixes().iter();
        seen.extend(groups.map(|group| group.prefix().unwrap().to_owned()));
        token = page.next_continuation_token().map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["a/", "b", "c/", "d"]);
}

#[tokio::test]
async fn multipart_uploads_check_sizes_order_and_checksums() {
    let server = MemoryS3::start();
    let client = client(&server);
    let begun = client
        .create_multipart_upload()
        .bucket(BUCKET)
        .key("big")
        .send()
        .await
        .unwrap();
    let id = begun.upload_id().unwrap();
    let bytes = fixtures::pattern(6 * 1024 * 1024, 1);
    let mut parts = Vec::new();
    for (number, piece) in (1..).zip(bytes.chunks(5 * 1024 * 1024)) {
        let sent = client
            .upload_part()
            .bucket(BUCKET)
            .key("big")
            .upload_id(id)
            .part_number(number)
            .body(ByteStream::from(piece.to_vec()))
            .send()
            .await
            .unwrap();
        let part = CompletedPart::builder().part_number(number);
        parts.push(part.set_e_tag(sent.e_tag().map(str::to_owned)).build());
    }
    let complete = |parts: Vec<CompletedPart>| {
        let list = CompletedMultipartUpload::builder().set_parts(Some(parts));
        let call = client.complete_multipart_upload().bucket(BUCKET).key("big");
        call.upload_id(id).multipart_upload(list.build()).send()
    };
    let mut backwards = parts.clone();
    backwards.reverse();
    let refused = complete(backwards).await.unwrap_err().into_service_error();
    assert_eq!(refused.meta().code(), Some("InvalidPartOrder"));
    assert_eq!(server.uploads().len(), 1);
    complete(parts).await.unwrap();
    assert!(server.uploads().is_empty());
    let object = server.object("big").unwrap();
    assert!(object.bytes == bytes && object.etag.ends_with("-2"));

    let got = client.get_object().bucket(BUCKET).key("big");
    let got = got
        .checksum_mode(ChecksumMode::Enabled)
        .send()
        .await
        .unwrap();
    assert!(got.checksum_crc64_nvme().is_some());
}

#[tokio::test]
async fn batch_delete_takes_exact_keys() {
    let server = MemoryS3::start();
    server.put_keys([" a ", "a", "<&>", "line\r\nbreak"]);
    let client = client(&server);
    let objects = [" a ", "<&>", "line\r\nbreak"]
        .map(|key| ObjectIdentifier::builder().key(key).build().unwrap());
    let delete = Delete::builder()
        .set_objects(Some(objects.to_vec()))
        .build();
    let call = client.delete_objects().bucket(BUCKET);
    call.delete(delete.unwrap()).send().await.unwrap();
    assert_eq!(server.keys(), ["a"]);
}

#[tokio::test]
async fn a_wrong_secret_and_an_unsigned_request_are_refused() {
    let server = MemoryS3::start();
    server.put("a", "1");
    let wrong = sdk::client(&server.endpoint(), server.credentials().0, "wrong");
    let refused = wrong.get_object().bucket(BUCKET).key("a").send().await;
    let refused = refused.unwrap_err().into_service_error();
    assert_eq!(refused.meta().code(), Some("SignatureDoesNotMatch"));
    let bare = fetch::get(&format!("{}/{BUCKET}/a", server.endpoint()));
    assert_eq!(bare.status, 403);
}

#[tokio::test]
async fn faults_spoil_the_answer_they_name() {
    let server = MemoryS3::start();
    server.put("a", "hello");
    let client = client(&server);
    let get = || client.get_object().bucket(BUCKET).key("a").send();

    server.fault(|_| Some(Fault::Status(503, "SlowDown")));
    let slow = get().await.unwrap_err().into_service_error();
    assert_eq!(slow.meta().code(), Some("SlowDown"));

    server.fault(|_| Some(Fault::Reset));
    assert!(get().await.is_err());

    server.fault(|_| Some(Fault::CutBodyAfter(2)));
    let mut cut = get().await.unwrap();
    assert_eq!(cut.content_length(), Some(5));
    assert_eq!(cut.body.next().await.unwrap().unwrap(), "he");
    assert!(cut.body.next().await.unwrap().is_err());

    server.fault(|_| Some(Fault::FlipBit(0)));
    let part = client
        .get_object()
        .bucket(BUCKET)
        .key("a")
        .range("bytes=0-3");
    let flipped = part.send().await.unwrap().body.collect().await.unwrap();
    assert_eq!(flipped.into_bytes(), "iell");

    server.fault(|_| Some(Fault::LoseAnswer));
    let put = client.put_object().bucket(BUCKET).key("b").send().await;
    assert!(put.is_err() && server.object("b").is_some());

    server.heal();
    get().await.unwrap();
    let last = server.requests().pop().unwrap();
    assert!(last.is("GET", &[]) && last.path == format!("/{BUCKET}/a"));
}

#[tokio::test]
async fn links_are_checked() {
    let server = MemoryS3::start();
    server.put("odd +%2F/\u{e9}", "linked");
    let client = client(&server);
    let expires = std::time::Duration::from_secs(60);
    let config = aws_sdk_s3::presigning::PresigningConfig::expires_in(expires).unwrap();
    let call = client.get_object().bucket(BUCKET).key("odd +%2F/\u{e9}");
    let link = call.presigned(config).await.unwrap().uri().to_owned();
    assert_eq!(fetch::get(&link).text(), "linked");
    let forged = link.replace("X-Amz-Expires=60", "X-Amz-Expires=61");
    assert_eq!(fetch::get(&forged).status, 403);
}
