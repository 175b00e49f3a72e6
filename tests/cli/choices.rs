//! What is there already is never replaced unasked.

use std::fs::File;
use std::time::{Duration, SystemTime};

use crate::program::Setup;

#[test]
fn objects_in_the_way_are_named_and_nothing_is_written() {
    let setup = Setup::new();
    setup.server.put("x/a.txt", "old");
    setup.file("a.txt", "new");
    setup.file("b.txt", "new");
    let refused = setup.run(&["put", "a.txt", "b.txt", "x/"]).ended(1);
    assert!(
        refused.err.contains("x/a.txt") && refused.err.contains("--overwrite"),
        "{}",
        refused.err
    );
    assert_eq!(setup.object("x/a.txt"), b"old");
    assert_eq!(setup.server.keys(), ["x/a.txt"]);
}

#[test]
fn each_choice_does_what_it_says_for_uploads() {
    let setup = Setup::new();
    setup.file("a.txt", "new");
    setup.server.put("a.txt", "old");
    setup.run(&["put", "a.txt", "/", "--skip"]).ended(0);
    assert_eq!(setup.object("a.txt"), b"old");

    let both = setup.run(&["put", "a.txt", "/", "--keep-both"]).ended(0);
    assert_eq!(setup.object("a.txt"), b"old");
    assert_eq!(setup.object(both.lines()[0]), b"new");

    setup.run(&["put", "a.txt", "/", "--overwrite"]).ended(0);
    assert_eq!(setup.object("a.txt"), b"new");
}

#[test]
fn newer_compares_times() {
    let setup = Setup::new();
    setup.server.put("a.txt", "object");
    setup.file("a.txt", "file");
    let age = |from_now_secs: i64| {
        let now = SystemTime::now();
        let span = Duration::from_secs(from_now_secs.unsigned_abs());
        let time = if from_now_secs < 0 {
            now - span
        } else {
            now + span
        };
        File::options()
            .write(true)
            .open(setup.files.path().join("a.txt"))
            .unwrap()
            .set_modified(time)
            .unwrap();
    };
    age(-3600);
    setup.run(&["put", "a.txt", "/", "--newer"]).ended(0);
    assert_eq!(setup.object("a.txt"), b"object");
    age(3600);
    setup.run(&["get", "a.txt", "a.txt", "--newer"]).ended(0);
    assert_eq!(setup.read("a.txt"), b"file");
    setup.run(&["put", "a.txt", "/", "--newer"]).ended(0);
    assert_eq!(setup.object("a.txt"), b"file");
}

#[test]
fn the_setting_decides_when_it_is_set() {
    let setup = Setup::new();
    setup.server.put("a.txt", "old");
    setup.file("a.txt", "new");
    let kept = setup
        .run(&["put", "a.txt", "/", "--set", "AWS_S3_FILE_OVERWRITE=false"])
        .ended(0);
    assert_eq!(setup.object("a.txt"), b"old");
    assert_eq!(setup.object(kept.lines()[0]), b"new");
    setup
        .run(&["put", "a.txt", "/", "--set", "AWS_S3_FILE_OVERWRITE=true"])
        .ended(0);
    assert_eq!(setup.object("a.txt"), b"new");
}

#[test]
fn files_in_the_way_are_safe_too() {
    let setup = Setup::new();
    setup.server.put("a.txt", "object");
    setup.file("a.txt", "file");
    let refused = setup.run(&["get", "a.txt", "."]).ended(1);
    assert!(
        refused.err.contains("a.txt") && refused.err.contains("--overwrite"),
        "{}",
        refused.err
    );
    assert_eq!(setup.read("a.txt"), b"file");
    setup.run(&["get", "a.txt", ".", "--skip"]).ended(0);
    assert_eq!(setup.read("a.txt"), b"file");
    let both = setup.run(&["get", "a.txt", ".", "--keep-both"]).ended(0);
    assert_eq!(setup.read("a.txt"), b"file");
    assert_eq!(setup.read(both.lines()[0]), b"object");
    setup.run(&["get", "a.txt", ".", "--overwrite"]).ended(0);
    assert_eq!(setup.read("a.txt"), b"object");
}

#[test]
fn keys_that_would_leave_the_folder_stay_inside_and_are_named() {
    let setup = Setup::new();
    setup.server.put("p/../../escape", "x");
    setup.server.put("p/fine", "y");
    let got = setup.run(&["get", "p/", "in/side"]).ended(0);
    assert_eq!(setup.read("in/side/fine"), b"y");
    assert!(!setup.files.path().join("escape").exists());
    assert!(got.err.contains("../../escape"), "{}", got.err);
}
