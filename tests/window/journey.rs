//! The way people go: from nothing configured to a link that works.

use cooperage::state::{Screen, Start};

use super::driver::Driver;
use super::support::fetch;

const COMMAND: egui::Modifiers = egui::Modifiers::COMMAND;

fn in_builtin_bucket() -> Driver {
    let mut driver = Driver::start(Start::Remembered);
    driver.wait("Try the built-in bucket");
    driver.click("Start it");
    // The first page names the samples too.
    driver.until("the rows", |driver| {
        driver.state().screen == Screen::Browser
            && driver.state().browser.listing.is_settled()
            && driver.sees("read me first.txt")
    });
    driver
}

#[test]
fn from_an_empty_folder_to_a_link_that_works() {
    let mut driver = in_builtin_bucket();
    let path = driver.file("été 1.txt", b"hello from a dropped file");
    driver.drop_files(&[path]);
    driver.wait("été 1.txt");
    driver.click("été 1.txt");
    driver.click("Copy link");
    let link = driver.copied();
    driver.toast("Link copied, works until");
    let answer = fetch::get(&link);
    assert_eq!(
        (answer.status, answer.body.as_slice()),
        (200, b"hello from a dropped file".as_slice())
    );
    let digit = if link.ends_with('0') { "1" } else { "0" };
    let forged = format!("{}{digit}", &link[..link.len() - 1]);
    assert_eq!(
        fetch::get(&forged).status,
        403,
        "one digit of the signature is another"
    );
}

#[test]
fn the_copy_key_with_shift_copies_the_link() {
    let mut driver = in_builtin_bucket();
    driver.click("read me first.txt");
    // As a key, and as keyboards with a Copy key send it.
    let shifted = egui::Modifiers::COMMAND | egui::Modifiers::SHIFT;
    driver.key(shifted, egui::Key::C);
    assert_eq!(fetch::get(&driver.copied()).status, 200);
    driver.tap(shifted, egui::Key::C);
    assert_eq!(fetch::get(&driver.copied()).status, 200);
    driver.event(egui::Event::Copy, shifted);
    let link = driver.copied();
    assert!(
        link.starts_with("http://127.0.0.1:"),
        "{}",
        link.split('?').next().unwrap()
    );
    assert_eq!(fetch::get(&link).status, 200);
}

#[test]
fn folders_open_and_the_way_back_is_remembered() {
    let mut driver = in_builtin_bucket();
    driver.click("photos/");
    driver.key(egui::Modifiers::NONE, egui::Key::Enter);
    driver.until("the folder", |driver| {
        driver.state().browser.location.prefix.as_str() == "photos/"
    });
    driver.until("its rows", |driver| {
        driver.state().browser.listing.is_settled()
    });
    assert!(driver.state().browser.listing.shown() > 0);
    driver.click("Back");
    driver.wait("read me first.txt");
    // The row that was left is under the cursor again.
    driver.until("the cursor", |driver| {
        let browser = &driver.state().browser;
        browser.listing.is_settled() && !browser.selected_folders().is_empty()
    });
    assert_eq!(
        driver.state().browser.selected_folders()[0].as_str(),
        "photos/"
    );
}

#[test]
fn a_new_folder_a_rename_and_a_deletion() {
    let mut driver = in_builtin_bucket();
    driver.click("New folder");
    driver.type_into("Name of the folder", "Île");
    driver.click("Make the folder");
    driver.wait("Île/");
    driver.click("read me first.txt");
    driver.key(egui::Modifiers::NONE, egui::Key::F2);
    driver.wait("New name");
    driver.key(COMMAND, egui::Key::A);
    driver.type_into("New name", "renamed.txt");
    driver.click("Rename");
    driver.wait("renamed.txt");
    driver.until("the old name is gone", |driver| {
        !driver.sees("read me first.txt")
    });
    driver.click("renamed.txt");
    driver.key(egui::Modifiers::NONE, egui::Key::Delete);
    driver.wait("Delete this object?");
    driver.click("Delete it");
    driver.toast("Deleted 1 object");
    driver.until("the row is gone", |driver| !driver.sees("renamed.txt"));
}

#[test]
fn names_that_are_taken_are_asked_about_before_anything_is_written() {
    let mut driver = in_builtin_bucket();
    let path = driver.file("read me first.txt", b"another text");
    driver.drop_files(std::slice::from_ref(&path));
    driver.wait("This file is already there");
    driver.click("Keep both");
    driver.click("Start 1 upload");
    driver.wait("read me first (2).txt");
    driver.drop_files(&[path]);
    driver.wait("This file is already there");
    driver.click("Cancel");
    assert!(driver.state().dialog.is_none());
}

#[test]
fn a_filter_that_matches_nothing_says_so_and_can_be_cleared() {
    let mut driver = in_builtin_bucket();
    driver.type_into("Filter", "sunrize");
    driver.wait("No name matches “sunrize”");
    driver.click("Clear the filter");
    driver.wait("read me first.txt");
}

#[test]
fn the_place_comes_back_on_the_next_start() {
    let mut driver = in_builtin_bucket();
    driver.click("photos/");
    driver.key(egui::Modifiers::NONE, egui::Key::Enter);
    driver.until("the folder", |driver| {
        driver.state().browser.location.prefix.as_str() == "photos/"
    });
    driver.until("the memory is written", |driver| {
        std::fs::read_to_string(driver.home.folder.path().join("window.toml"))
            .is_ok_and(|text| text.contains("photos/"))
    });
    let home = driver.end();
    let mut again = Driver::start_in(home, Start::Remembered);
    again.until("the same place", |driver| {
        driver.state().screen == Screen::Browser
            && driver.state().browser.location.prefix.as_str() == "photos/"
            && driver.state().browser.listing.is_settled()
    });
}
