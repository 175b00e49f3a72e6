//! Whole listings, many pages at once, as they go over the wire.

use cooperage::domain::{ErrorKind, Prefix};
use cooperage::storage::{ListRequest, Storage, Sweep};

use super::support::memory_s3::{Fault, MemoryS3};
use super::wire::{Rows, config, connect};

/// A server with many keys of several shapes and small pages.
async fn large() -> (MemoryS3, Storage) {
    let server = MemoryS3::start();
    server.put_keys((0..9_000).map(|number| format!("photos/img-{number:06}.jpg")));
    server.put_keys((0..3_000).map(|number| format!("users/é {:05}/a b+c%2F.txt", number * 7)));
    server.put_keys((0..3_000).map(|number| format!("users/{}", number * 31 % 7919)));
    server.behave(|behaviour| behaviour.page_cap = 100);
    let storage = connect(config(&server.endpoint())).await;
    (server, storage)
}

#[tokio::test]
async fn a_sweep_asks_ahead_and_gives_the_same_rows() {
    let server = MemoryS3::start();
    server.put_keys((0..50).map(|number| format!("key {number:02}")));
    server.behave(|behaviour| behaviour.page_cap = 8);
    let storage = connect(config(&server.endpoint())).await;
    let (mut rows, mut sweep) = (Rows::default(), storage.sweep(ListRequest::all("key")));
    let mut pages = 0;
    while sweep.next_page(&mut rows).await.unwrap().is_some() {
        pages += 1;
    }
    assert_eq!(rows.keys, server.keys());
    assert_eq!((pages, server.requests().len()), (7, 7), "none asked twice");

    let mut number = 0;
    server.fault(move |_| {
        number += 1;
        (number == 3).then_some(Fault::Status(403, "AccessDenied"))
    });
    let (mut rows, mut sweep) = (Rows::default(), storage.sweep(ListRequest::all("key")));
    let mut failures = 0;
    loop {
        match sweep.next_page(&mut rows).await {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(error) => {
                assert_eq!(error.kind, ErrorKind::AccessDenied);
                assert_eq!(rows.keys.len(), 16, "two pages were good");
                failures += 1;
            }
        }
    }
    assert_eq!((failures, rows.keys), (1, server.keys()));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_pages_at_once_give_the_keys_in_their_order() {
    let (server, storage) = large().await;
    let (mut rows, mut sweep) = (Rows::default(), storage.sweep(ListRequest::all("")));
    while sweep.next_page(&mut rows).await.unwrap().is_some() {}
    assert!(rows.keys == server.keys(), "{} keys", rows.keys.len());
    let (asked, pages) = (server.requests().len(), server.keys().len() / 100);
    let spare = 8 + pages * 15 / 100;
    assert!(asked <= pages + spare, "{asked} requests for {pages} pages");
    let side_by_side = server.requests();
    let cuts = side_by_side
        .iter()
        .filter(|request| request.parameter("start-after").is_some());
    assert!(cuts.count() >= 8, "listed one page after the other");
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_come_once_wherever_the_cuts_fall() {
    let (server, storage) = large().await;
    let request = ListRequest::folder(&Prefix::new("users/"));
    let (mut rows, mut sweep) = (Rows::default(), storage.sweep(request.clone()));
    while sweep.any_page(&mut rows).await.unwrap().is_some() {}
    rows.folders.sort();
    rows.keys.sort();
    let mut folders: Vec<String> = (0..3_000)
        .map(|number| format!("users/é {:05}/", number * 7))
        .collect();
    folders.sort();
    assert!(rows.folders == folders, "{} folders", rows.folders.len());
    let direct = |key: &String| key.starts_with("users/") && key.matches('/').count() == 1;
    let keys: Vec<String> = server.keys().into_iter().filter(direct).collect();
    assert!(rows.keys == keys, "{} keys", rows.keys.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_between_stretches_loses_and_doubles_nothing() {
    let (server, storage) = large().await;
    let mut number = 0;
    server.fault(move |_| {
        number += 1;
        (number % 40 == 0 && number < 200).then_some(Fault::Status(403, "AccessDenied"))
    });
    let (mut rows, mut sweep) = (Rows::default(), storage.sweep(ListRequest::all("")));
    loop {
        match sweep.next_page(&mut rows).await {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(error) => assert_eq!(error.kind, ErrorKind::AccessDenied),
        }
    }
    assert!(rows.keys == server.keys(), "{} keys", rows.keys.len());
}

#[tokio::test]
async fn which_try_runs_is_told_and_forgotten_with_the_answer() {
    let server = MemoryS3::start();
    server.put_keys(["a".to_owned()]);
    let storage = connect(config(&server.endpoint())).await;
    let told = |sweep: &Sweep| {
        let trying = *sweep.trying().borrow();
        (trying.number, trying.last)
    };
    for failures in [2, 0] {
        let mut left = failures;
        server.fault(move |_| {
            let fails = left > 0;
            left -= i32::from(fails);
            fails.then_some(Fault::Status(503, "SlowDown"))
        });
        let (mut rows, mut sweep) = (Rows::default(), storage.sweep(ListRequest::all("")));
        assert_eq!(told(&sweep), (1, 2));
        sweep.next_page(&mut rows).await.unwrap();
        let tries = if failures == 2 { (3, 4) } else { (1, 2) };
        assert_eq!(told(&sweep), tries);
    }
}
