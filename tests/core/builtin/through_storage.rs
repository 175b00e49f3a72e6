//! The program's own storage core against the built-in bucket: what a person does in the window.

use cooperage::builtin::Builtin;
use cooperage::domain::{ErrorKind, Key, ListSink, Prefix, Timestamp};
use cooperage::storage::{DownloadJob, LinkRequest, ListRequest, Storage, UploadJob, Verification};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use super::MIB;
use crate::support::{fetch, fixtures};

/// Rows of a listing: folders with their slash, objects with their size.
#[derive(Default)]
struct Rows(Vec<(String, Option<u64>)>);

impl ListSink for Rows {
    fn object(&mut self, key: &str, size: u64, _: Timestamp, etag: &str, class: &str) {
        assert!(!etag.is_empty() && class == "STANDARD");
        self.0.push((key.to_owned(), Some(size)));
    }

    fn folder(&mut self, prefix: &str) {
        self.0.push((prefix.to_owned(), None));
    }
}

async fn rows(storage: &Storage, prefix: &str) -> Vec<(String, Option<u64>)> {
    let mut rows = Rows::default();
    let request = ListRequest::folder(&Prefix::new(prefix));
    storage.list_page(&request, &mut rows).await.unwrap();
    rows.0.sort();
    rows.0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_person_finds_samples_and_may_do_everything() {
    let (data, desk) = (fixtures::folder(), fixtures::folder());
    let server = Builtin::start(&Handle::current(), data.path()).unwrap();
    let storage = Storage::connect(server.config()).await.unwrap();
    let samples = rows(&storage, "").await;
    assert!(samples.iter().any(|(key, _)| key == "lisez-moi, été.md"));
    let buckets = storage.list_buckets().await.unwrap();
    assert_eq!(buckets[0].name, server.bucket());

    // A new folder, then a file of several parts dropped into it.
    let folder = Prefix::new("new folder/été/");
    storage.create_folder(&folder).await.unwrap();
    let again = storage.create_folder(&folder).await;
    assert!(again.is_err_and(|error| error.kind == ErrorKind::Conflict));
    let source = fixtures::pattern_file(desk.path(), "big", 11 * MIB, 5);
    let job = UploadJob {
        source,
        key: folder.key("big +%2F.bin"),
        if_absent: true,
    };
    let (quiet, cancel) = (|_: i64| {}, CancellationToken::new());
    let uploaded = storage.upload(&job, &quiet, &cancel).await.unwrap();
    assert!(matches!(uploaded.verification, Verification::Checksum(_)));
    let taken = storage.upload(&job, &quiet, &cancel).await;
    assert!(taken.is_err_and(|error| error.kind == ErrorKind::Conflict));
    let found = rows(&storage, folder.as_str()).await;
    assert_eq!(found[0], (folder.as_str().to_owned(), Some(0)));
    assert_eq!(found[1].1, Some(11 * MIB as u64));

    // Renamed, its link opened, downloaded, deleted.
    let moved = Key::new("moved//twice.bin");
    storage.rename(&job.key, &moved).await.unwrap();
    assert!(!storage.exists(&job.key).await.unwrap());
    let request = LinkRequest {
        key: moved.clone(),
        method: "GET".to_owned(),
        expires_secs: None,
        parameters: Vec::new(),
    };
    let link = storage.sign_link(&request, Timestamp::now()).await.unwrap();
    let fetched = fetch::get(&link.url);
    assert!(fetched.status == 200 && fetched.body == fixtures::pattern(11 * MIB, 5));
    let target = desk.path().join("back");
    let job = DownloadJob {
        key: moved.clone(),
        target: target.clone(),
        overwrite: false,
    };
    let back = storage.download(&job, &quiet, &cancel).await.unwrap();
    assert!(matches!(back.verification, Verification::Checksum(_)));
    assert!(std::fs::read(target).unwrap() == fetched.body);
    let failed = storage
        .delete_many(&[moved.clone(), Key::new("new folder/été/")])
        .await;
    assert!(failed.is_empty());
    assert_eq!(rows(&storage, "").await, samples);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_who_it_is_and_that_it_keeps_no_versions() {
    use cooperage::domain::diagnosis::{Ability, Answer, Known, Product};
    let folder = fixtures::folder();
    let server = Builtin::start(&Handle::current(), folder.path()).unwrap();
    let storage = Storage::connect(server.config()).await.unwrap();
    let report = cooperage::doctor::endpoint::meet(&storage, "").await;
    let report = report.expect("a report");
    assert_eq!(report.product, Product::BuiltIn);
    assert_eq!(report.server.as_deref(), Some("Cooperage"));
    for (ability, answer) in [
        (Ability::Versions, Answer::No),
        (Ability::Acl, Answer::No),
        (Ability::Sts, Answer::No),
        (Ability::Tagging, Answer::Yes),
        (Ability::ListV2, Answer::Yes),
    ] {
        assert_eq!(report.known(ability), Known::Is(answer), "{ability:?}");
    }
}
