//! Downloads: files and folders to a chosen place, safe names, questions before anything is overwritten.

use std::path::PathBuf;

use cooperage::settings::{OptionId, Value};
use cooperage::state::Dialog;

use super::driver::{Driver, options};
use super::support::fixtures::{pattern, read_tree};
use super::support::memory_s3::{Fault, MemoryS3};

const COMMAND: egui::Modifiers = egui::Modifiers::COMMAND;

/// A folder to download to, which the next dialog picks.
fn target(driver: &Driver) -> PathBuf {
    let folder = driver.home.folder.path().join("downloads");
    std::fs::create_dir_all(&folder).unwrap();
    driver.will_pick(std::slice::from_ref(&folder));
    folder
}

#[test]
fn files_and_folders_come_down_with_their_structure() {
    let server = MemoryS3::start();
    let bytes = pattern(3 << 20, 3);
    server.put("photos/2024/a.jpg", bytes.clone());
    server.put("photos/b é+.txt", "b");
    server.put("plain.txt", "plain");
    server.put("other.txt", "not selected");
    let mut driver = Driver::on(&server);
    driver.click("photos/");
    driver.click_with(COMMAND, "plain.txt");
    assert_eq!(driver.selected(), ["photos/", "plain.txt"]);
    let folder = target(&driver);
    driver.key(COMMAND, egui::Key::D);
    driver.toast("3 transfers done");
    let expected = [
        ("photos/2024/a.jpg".to_owned(), bytes),
        ("photos/b é+.txt".to_owned(), b"b".to_vec()),
        ("plain.txt".to_owned(), b"plain".to_vec()),
    ];
    assert!(read_tree(&folder) == expected);
}

#[test]
fn keys_that_would_leave_the_folder_are_made_safe_and_listed() {
    let server = MemoryS3::start();
    server.put("bad/../../escape.txt", "escape");
    server.put("bad/fine.txt", "fine");
    let mut driver = Driver::on(&server);
    driver.click("bad/");
    let folder = target(&driver);
    driver.key(COMMAND, egui::Key::D);
    driver.wait("One name had to change");
    driver.wait("bad/../../escape.txt");
    driver.click("Good");
    driver.toast("2 transfers done");
    let found = read_tree(&folder);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().any(|(_, bytes)| bytes == b"escape"));
    assert!(!driver.home.folder.path().join("escape.txt").exists());
    assert!(
        !driver
            .home
            .folder
            .path()
            .join("downloads/escape.txt")
            .exists()
    );
}

#[test]
fn files_that_are_there_are_asked_about() {
    let server = MemoryS3::start();
    server.put("a.txt", "from the bucket");
    let mut driver = Driver::on(&server);
    let folder = target(&driver);
    std::fs::write(folder.join("a.txt"), "mine").unwrap();
    driver.click("a.txt");
    driver.key(COMMAND, egui::Key::D);
    driver.wait("This file is already there");
    driver.click("Keep both");
    driver.click("Start 1 download");
    driver.toast("1 transfer done");
    let names: Vec<String> = read_tree(&folder)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["a (2).txt", "a.txt"]);
    assert_eq!(std::fs::read(folder.join("a.txt")).unwrap(), b"mine");
}

#[test]
fn what_was_selected_when_asked_is_what_comes() {
    let server = MemoryS3::start();
    server.put("first.txt", "1");
    server.put("second.txt", "2");
    server.fault(|_| Some(Fault::Delay(std::time::Duration::from_millis(100))));
    let mut driver = Driver::on(&server);
    driver.click("first.txt");
    // No dialog of the desktop: the window asks for the path, and the selection may change meanwhile.
    driver.key(COMMAND, egui::Key::D);
    driver.wait("Path on this computer");
    let folder = driver.home.folder.path().join("downloads");
    std::fs::create_dir_all(&folder).unwrap();
    driver.type_into("Path on this computer", folder.to_str().unwrap());
    driver.click("Use it");
    driver.toast("1 transfer done");
    assert_eq!(
        read_tree(&folder),
        [("first.txt".to_owned(), b"1".to_vec())]
    );
}

#[test]
fn a_relative_path_is_refused_in_words() {
    let server = MemoryS3::start();
    server.put("first.txt", "1");
    let mut driver = Driver::on(&server);
    driver.click("first.txt");
    driver.key(COMMAND, egui::Key::D);
    driver.type_into("Path on this computer", "downloads");
    driver.click("Use it");
    driver.wait("Type the whole path, from the root on.");
    driver.click("Cancel");
}

#[test]
fn a_failed_download_leaves_no_file_and_says_why() {
    let server = MemoryS3::start();
    server.put("a.txt", "words");
    let mut driver = Driver::on(&server);
    driver.click("a.txt");
    server.fault(|asked| {
        let reads = asked.method == "GET" && asked.path.ends_with("a.txt");
        reads.then_some(Fault::Status(403, "AccessDenied"))
    });
    let folder = target(&driver);
    driver.key(COMMAND, egui::Key::D);
    driver.click("1 failed");
    driver.until("the cause", |driver| driver.sees_part("s3:GetObject"));
    assert!(read_tree(&folder).is_empty());
    server.heal();
    driver.click("Retry");
    driver.until("the file", |_| folder.join("a.txt").exists());
}

#[test]
fn a_location_is_where_the_window_begins_not_where_it_ends() {
    let server = MemoryS3::start();
    server.put("media/a.txt", "a");
    server.put("outside.txt", "o");
    let values = options(&server).with(OptionId::Location, Value::text("media"));
    let mut driver = Driver::on_values(values);
    assert_eq!(driver.names(), ["a.txt"]);
    driver.click("Up");
    driver.settled();
    assert_eq!(driver.names(), ["media/", "outside.txt"]);
    assert_eq!(driver.selected(), ["media/"]);
    assert!(!matches!(driver.state().dialog, Some(Dialog::Path { .. })));
}
