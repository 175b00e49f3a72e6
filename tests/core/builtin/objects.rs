//! Reads, writes, copies and multipart uploads.

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumMode, ChecksumType, CompletedMultipartUpload, CompletedPart,
    MetadataDirective, Tag, Tagging,
};
use cooperage::builtin::BUCKET;

use super::{Bucket, MIB, all_keys};
use crate::support::fixtures;

#[tokio::test(flavor = "multi_thread")]
async fn ranges_and_conditions_hold() {
    let bucket = Bucket::empty().await;
    bucket.put("k", "0123456789").await;
    let get = || bucket.client.get_object().bucket(BUCKET).key("k");
    let part = get().range("bytes=2-4").send().await.unwrap();
    assert_eq!(part.content_range(), Some("bytes 2-4/10"));
    assert_eq!(part.body.collect().await.unwrap().into_bytes(), "234");
    let tail = get().range("bytes=-3").send().await.unwrap();
    assert_eq!(tail.body.collect().await.unwrap().into_bytes(), "789");
    let past = get().range("bytes=10-").send().await.unwrap_err();
    assert_eq!(past.code(), Some("InvalidRange"));

    let etag = get().send().await.unwrap().e_tag().unwrap().to_owned();
    get().if_match(&etag).send().await.unwrap();
    let other = get().if_match("\"other\"").send().await.unwrap_err();
    assert_eq!(other.code(), Some("PreconditionFailed"));
    let same = get().if_none_match(&etag).send().await.unwrap_err();
    assert_eq!(same.raw_response().unwrap().status().as_u16(), 304);

    let put = || bucket.client.put_object().bucket(BUCKET).key("k");
    let taken = put().if_none_match("*").send().await.unwrap_err();
    assert_eq!(taken.code(), Some("PreconditionFailed"));
    let wrong = put().if_match("\"other\"").send().await.unwrap_err();
    assert_eq!(wrong.code(), Some("PreconditionFailed"));
    put()
        .if_match(&etag)
        .body(b"new".to_vec().into())
        .send()
        .await
        .unwrap();
    assert_eq!(bucket.get("k").await, b"new");
}

#[tokio::test(flavor = "multi_thread")]
async fn attributes_tags_and_copies_are_kept() {
    let bucket = Bucket::empty().await;
    bucket
        .client
        .put_object()
        .bucket(BUCKET)
        .key("from")
        .content_type("text/x-odd")
        .cache_control("max-age=5")
        .metadata("made-by", "hand")
        .tagging("a=1&b=c%20d")
        .body(b"copied".to_vec().into())
        .send()
        .await
        .unwrap();
    let copy = || bucket.client.copy_object().bucket(BUCKET);
    copy()
        .key("to +é/x")
        .copy_source(format!("{BUCKET}/from"))
        .send()
        .await
        .unwrap();
    let head = bucket
        .client
        .head_object()
        .bucket(BUCKET)
        .key("to +é/x")
        .send()
        .await
        .unwrap();
    assert_eq!(head.content_type(), Some("text/x-odd"));
    assert_eq!(head.cache_control(), Some("max-age=5"));
    assert_eq!(head.metadata().unwrap()["made-by"], "hand");
    let tags = bucket
        .client
        .get_object_tagging()
        .bucket(BUCKET)
        .key("to +é/x");
    let tags = tags.send().await.unwrap();
    assert_eq!(
        (tags.tag_set().len(), tags.tag_set()[1].value()),
        (2, "c d")
    );

    let source = format!("{BUCKET}/to%20%2B%C3%A9/x");
    let replace = copy()
        .key("to +é/x")
        .copy_source(&source)
        .content_type("text/plain");
    let replace = replace.metadata_directive(MetadataDirective::Replace);
    replace.send().await.unwrap();
    let head = bucket
        .client
        .head_object()
        .bucket(BUCKET)
        .key("to +é/x")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (head.content_type(), head.cache_control()),
        (Some("text/plain"), None)
    );
    assert_eq!(bucket.get("to +é/x").await, b"copied");

    let tag = Tag::builder().key("k").value("v").build().unwrap();
    let tagging = Tagging::builder().tag_set(tag).build().unwrap();
    let set = bucket
        .client
        .put_object_tagging()
        .bucket(BUCKET)
        .key("from");
    set.tagging(tagging).send().await.unwrap();
    let got = bucket
        .client
        .get_object()
        .bucket(BUCKET)
        .key("from")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (got.tag_count(), got.content_type()),
        (Some(1), Some("text/x-odd"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn checksums_are_checked_and_given_back() {
    let bucket = Bucket::empty().await;
    let put = || bucket.client.put_object().bucket(BUCKET).key("k");
    let algorithms = [
        ChecksumAlgorithm::Crc32,
        ChecksumAlgorithm::Crc64Nvme,
        ChecksumAlgorithm::Sha256,
    ];
    for algorithm in algorithms {
        let body = ByteStream::from_static(b"hello");
        put()
            .checksum_algorithm(algorithm)
            .body(body)
            .send()
            .await
            .unwrap();
    }
    let get = bucket.client.get_object().bucket(BUCKET).key("k");
    let got = get
        .checksum_mode(ChecksumMode::Enabled)
        .send()
        .await
        .unwrap();
    assert_eq!(
        got.checksum_sha256(),
        Some("LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=")
    );
    got.body.collect().await.unwrap();
    let body = ByteStream::from_static(b"hello");
    let wrong = put()
        .checksum_crc64_nvme("AAAAAAAAAAA=")
        .body(body)
        .send()
        .await;
    assert_eq!(wrong.unwrap_err().code(), Some("BadDigest"));
    assert_eq!(bucket.get("k").await, b"hello");
}

#[tokio::test(flavor = "multi_thread")]
async fn multipart_uploads_complete_abort_and_are_listed() {
    let bucket = Bucket::empty().await;
    let client = &bucket.client;
    let bytes = fixtures::pattern(5 * MIB + 1000, 3);
    let begin = client
        .create_multipart_upload()
        .bucket(BUCKET)
        .key("big +é");
    let begin = begin
        .content_type("video/odd")
        .checksum_algorithm(ChecksumAlgorithm::Crc64Nvme)
        .checksum_type(ChecksumType::FullObject);
    let id = begin.send().await.unwrap().upload_id().unwrap().to_owned();
    let mut parts = Vec::new();
    for (number, piece) in (1..).zip(bytes.chunks(5 * MIB)) {
        let part = client
            .upload_part()
            .bucket(BUCKET)
            .key("big +é")
            .upload_id(&id);
        let part = part.part_number(number).body(piece.to_vec().into());
        let etag = part.send().await.unwrap().e_tag().unwrap().to_owned();
        parts.push(
            CompletedPart::builder()
                .part_number(number)
                .e_tag(etag)
                .build(),
        );
    }
    let uploads = client
        .list_multipart_uploads()
        .bucket(BUCKET)
        .send()
        .await
        .unwrap();
    assert_eq!(uploads.uploads()[0].key(), Some("big +é"));
    let list = || {
        client
            .list_parts()
            .bucket(BUCKET)
            .key("big +é")
            .upload_id(&id)
    };
    assert_eq!(list().send().await.unwrap().parts()[1].size(), Some(1000));
    let first = list().max_parts(1).send().await.unwrap();
    assert_eq!(first.is_truncated(), Some(true));
    assert!(
        all_keys(client).await.is_empty(),
        "nothing is seen before the end"
    );

    let whole = CompletedMultipartUpload::builder()
        .set_parts(Some(parts))
        .build();
    let complete = client
        .complete_multipart_upload()
        .bucket(BUCKET)
        .key("big +é");
    let complete = complete
        .upload_id(&id)
        .multipart_upload(whole)
        .if_none_match("*");
    let done = complete.send().await.unwrap();
    assert!(done.e_tag().unwrap().ends_with("-2\""));
    assert!(done.checksum_crc64_nvme().is_some());
    assert!(bucket.get("big +é").await == bytes);
    let second = client
        .head_object()
        .bucket(BUCKET)
        .key("big +é")
        .part_number(2);
    assert_eq!(second.send().await.unwrap().content_length(), Some(1000));
    assert!(list().send().await.is_err());

    let begin = client.create_multipart_upload().bucket(BUCKET).key("gone");
    let id = begin.send().await.unwrap().upload_id().unwrap().to_owned();
    let part = client
        .upload_part()
        .bucket(BUCKET)
        .key("gone")
        .upload_id(&id);
    part.part_number(1)
        .body(vec![1; 10].into())
        .send()
        .await
        .unwrap();
    let abort = client.abort_multipart_upload().bucket(BUCKET).key("gone");
    abort.upload_id(&id).send().await.unwrap();
    let uploads = client
        .list_multipart_uploads()
        .bucket(BUCKET)
        .send()
        .await
        .unwrap();
    assert!(uploads.uploads().is_empty());
    let left = bucket.folder.path().join("internal/uploads");
    assert_eq!(std::fs::read_dir(left).unwrap().count(), 0);
}
