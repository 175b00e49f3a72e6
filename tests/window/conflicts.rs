//! Names that are taken: asked about in one table before anything is written, four answers each doing what it says.

use super::driver::Driver;
use super::support::memory_s3::{Fault, MemoryS3};
use super::upload::writes;

/// Two files of which one is there already.
fn asked() -> (MemoryS3, Driver) {
    let server = MemoryS3::start();
    server.put("taken.txt", "the old one");
    let mut driver = Driver::on(&server);
    let files = [
        driver.file("taken.txt", b"the new one"),
        driver.file("free.txt", b"free"),
    ];
    driver.drop_files(&files);
    driver.wait("1 of 2 files are already there");
    assert!(!server.requests().iter().any(writes));
    (server, driver)
}

fn bytes(server: &MemoryS3, key: &str) -> String {
    let object = server.object(key).unwrap();
    String::from_utf8_lossy(&object.bytes).into_owned()
}

#[test]
fn skipping_writes_only_what_is_free() {
    let (server, mut driver) = asked();
    driver.click("Skip");
    driver.click("Start 1 upload");
    driver.toast("1 transfer done");
    assert_eq!(server.keys(), ["free.txt", "taken.txt"]);
    assert_eq!(bytes(&server, "taken.txt"), "the old one");
}

#[test]
fn overwriting_overwrites() {
    let (server, mut driver) = asked();
    driver.click("Overwrite");
    driver.click("Start 2 uploads");
    driver.toast("2 transfers done");
    assert_eq!(bytes(&server, "taken.txt"), "the new one");
}

#[test]
fn keeping_both_gives_another_name() {
    let (server, mut driver) = asked();
    driver.click("Keep both");
    driver.click("Start 2 uploads");
    driver.toast("2 transfers done");
    assert_eq!(server.keys(), ["free.txt", "taken (2).txt", "taken.txt"]);
    assert_eq!(bytes(&server, "taken.txt"), "the old one");
}

#[test]
fn newer_only_compares_times() {
    let (server, mut driver) = asked();
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(86_400);
    driver.click("Cancel");
    let path = driver.file("taken.txt", b"older");
    std::fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(old)
        .unwrap();
    driver.drop_files(std::slice::from_ref(&path));
    driver.wait("This file is already there");
    driver.click("Newer only");
    driver.click("Start 1 upload");
    driver.idle();
    assert_eq!(bytes(&server, "taken.txt"), "the old one");
    std::fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(std::time::SystemTime::now() + std::time::Duration::from_secs(60))
        .unwrap();
    driver.drop_files(&[path]);
    driver.wait("This file is already there");
    driver.click("Newer only");
    driver.click("Start 1 upload");
    driver.until("it is overwritten", |_| {
        bytes(&server, "taken.txt") == "older"
    });
}

#[test]
fn cancelling_writes_nothing() {
    let (server, mut driver) = asked();
    driver.click("Cancel");
    driver.idle();
    assert!(driver.state().dialog.is_none());
    assert!(!server.requests().iter().any(writes));
}

#[test]
fn one_row_can_be_answered_apart() {
    let server = MemoryS3::start();
    server.put("a.txt", "old a");
    server.put("b.txt", "old b");
    let mut driver = Driver::on(&server);
    let files = [
        driver.file("a.txt", b"new a"),
        driver.file("b.txt", b"new b"),
    ];
    driver.drop_files(&files);
    driver.wait("2 of 2 files are already there");
    driver.click("What to do with b.txt");
    driver.click_last("Overwrite");
    driver.click("Start 1 upload");
    driver.toast("1 transfer done");
    assert_eq!(bytes(&server, "a.txt"), "old a");
    assert_eq!(bytes(&server, "b.txt"), "new b");
}

#[test]
fn two_questions_come_one_after_the_other() {
    let server = MemoryS3::start();
    server.put("a.txt", "old a");
    server.put("b.txt", "old b");
    let mut driver = Driver::on(&server);
    // Both drops are still being looked at when the first question comes.
    server.fault(|_| Some(Fault::Delay(std::time::Duration::from_millis(500))));
    let (a, b) = (
        driver.file("a.txt", b"new a"),
        driver.file("b.txt", b"new b"),
    );
    driver.drop_files(&[a]);
    driver.drop_files(&[b]);
    for _ in 0..2 {
        driver.wait("This file is already there");
        driver.click("Overwrite");
        driver.click("Start 1 upload");
    }
    driver.until("both are overwritten", |_| {
        bytes(&server, "a.txt") == "new a" && bytes(&server, "b.txt") == "new b"
    });
}
