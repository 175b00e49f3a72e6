//! Going through folders: history, refresh, sort and filter, also while pages come in.

use std::time::Duration;

use cooperage::catalog::SortBy;

use super::driver::Driver;
use super::support::memory_s3::{Fault, Latch, MemoryS3, Recorded};

const NONE: egui::Modifiers = egui::Modifiers::NONE;
const ALT: egui::Modifiers = egui::Modifiers::ALT;

fn is_later_page(asked: &Recorded) -> bool {
    asked.parameter("continuation-token").is_some() || asked.parameter("start-after").is_some()
}

/// The answers to all pages behind these many later ones wait.
fn hold(server: &MemoryS3, answered: usize) -> Latch {
    let latch = Latch::default();
    let (mut seen, held) = (0, latch.clone());
    server.fault(move |asked| {
        seen += usize::from(is_later_page(asked));
        (is_later_page(asked) && seen > answered).then(|| Fault::Held(held.clone()))
    });
    latch
}

/// 5,000 objects in pages of 250.
fn many() -> MemoryS3 {
    let server = MemoryS3::start();
    server.put_keys((0..5000).map(|number| format!("object {number:04}")));
    server.behave(|behaviour| behaviour.page_cap = 250);
    server
}

#[test]
fn exact_keys_list_and_open() {
    let server = MemoryS3::start();
    for key in ["a//b", "/a", "a", "a/", "x+y", "x%2Fy", " x ", "🪣/é"] {
        server.put(key, format!("content of {key}"));
    }
    let mut driver = Driver::on(&server);
    let mut names = driver.names();
    names.sort();
    assert_eq!(names, [" x ", "/", "a", "a/", "x%2Fy", "x+y", "🪣/"]);
    driver.open("(no name)/");
    driver.settled();
    assert_eq!(driver.names(), ["a"]);
    driver.click("a");
    driver.wait("Key: /a");
    driver.key(NONE, egui::Key::Backspace);
    driver.settled();
    driver.open("a/");
    driver.settled();
    driver.open("(no name)/");
    driver.settled();
    driver.click("b");
    driver.wait("Key: a//b");
    driver.click("test-bucket");
    driver.settled();
    for name in ["x+y", "x%2Fy"] {
        driver.click(name);
        driver.wait(&format!("Key: {name}"));
    }
}

#[test]
fn back_and_forward_bring_cursor_and_scroll_back_over_many_pages() {
    let server = many();
    server.put("zz folder/a", "a");
    let mut driver = Driver::on(&server);
    driver.until("the whole listing", |driver| {
        driver.state().browser.listing.shown() == 5001
    });
    driver.click("object 0000");
    driver.find("object 4000");
    let before = driver.state().browser.anchor;
    assert!(before.row > 3900, "{before:?}");
    driver.go_to("zz folder/");
    driver.settled();
    assert_eq!(driver.names(), ["a"]);
    server.fault(|asked| is_later_page(asked).then_some(Fault::Delay(Duration::from_millis(15))));
    driver.key(ALT, egui::Key::ArrowLeft);
    driver.settled();
    assert_eq!(driver.selected(), ["object 4000"]);
    assert_eq!(driver.state().browser.anchor, before);
    driver.key(ALT, egui::Key::ArrowRight);
    driver.settled();
    assert_eq!(
        driver.state().browser.location.prefix.as_str(),
        "zz folder/"
    );
    driver.key(ALT, egui::Key::ArrowUp);
    driver.settled();
    assert_eq!(driver.selected(), ["zz folder/"]);
}

#[test]
fn a_refresh_keeps_rows_selection_and_scroll() {
    let server = many();
    let mut driver = Driver::on(&server);
    driver.click("object 0000");
    driver.find("object 3000");
    driver.key(egui::Modifiers::SHIFT, egui::Key::ArrowDown);
    let before = driver.state().browser.anchor;
    let later = hold(&server, 3);
    server.remove("object 0001");
    driver.key(NONE, egui::Key::F5);
    assert!(driver.state().browser.is_refreshing());
    driver.until("news while the old rows stay", |driver| {
        driver.sees_part("objects so far…")
    });
    assert!(driver.sees("object 3000"));
    assert_eq!(driver.state().browser.listing.shown(), 5000);
    later.open();
    driver.settled();
    assert_eq!(driver.state().browser.listing.shown(), 4999);
    assert_eq!(driver.selected(), ["object 3000", "object 3001"]);
    let after = driver.state().browser.anchor;
    assert_eq!(
        (after.row, after.offset_points),
        (before.row - 1, before.offset_points)
    );
}

#[test]
fn sort_and_filter_while_pages_come_in() {
    let server = many();
    let later = hold(&server, 12);
    let mut driver = Driver::start(cooperage::state::Start::Unsaved(super::driver::options(
        &server,
    )));
    driver.until("the first page", |driver| driver.sees("object 0000"));
    driver.click("Name");
    driver.type_into("Filter", "999");
    driver.until("rows in the new order while more come", |driver| {
        let names = driver.names();
        (2..5).contains(&names.len())
            && names.iter().all(|name| name.ends_with("999"))
            && names.is_sorted_by(|one, next| one > next)
            && !driver.state().browser.is_settled()
    });
    later.open();
    driver.settled();
    let names = driver.names();
    assert_eq!((names.len(), names[0].as_str()), (5, "object 4999"));
    assert_eq!(driver.state().browser.arrangement.sort, SortBy::Name);
    driver.wait("5 of 5,000 shown");
}

#[test]
fn a_row_that_is_chosen_while_pages_come_in_stays_chosen() {
    let server = many();
    let later = hold(&server, 2);
    let mut driver = Driver::start(cooperage::state::Start::Unsaved(super::driver::options(
        &server,
    )));
    driver.until("the first page", |driver| driver.sees("object 0003"));
    driver.click("object 0003");
    later.open();
    driver.settled();
    assert_eq!(driver.selected(), ["object 0003"]);
}

#[test]
fn a_hundred_thousand_rows_are_shown_as_they_come() {
    let server = MemoryS3::start();
    server.put_keys((0..100_000).map(|number| format!("object {number:06}")));
    let later = hold(&server, 30);
    let mut driver = Driver::start(cooperage::state::Start::Unsaved(super::driver::options(
        &server,
    )));
    driver.until("rows before the end", |driver| {
        driver.state().browser.listing.shown() > 0
    });
    assert!(!driver.state().browser.is_settled());
    driver.click("object 000003");
    later.open();
    driver.settled();
    assert_eq!(driver.state().browser.listing.shown(), 100_000);
    assert_eq!(driver.selected(), ["object 000003"]);
    driver.key(NONE, egui::Key::End);
    driver.until("the last row", |driver| {
        driver.selected() == ["object 099999"]
    });
}

#[test]
fn a_large_refresh_is_shown_before_its_end_and_keeps_the_selection() {
    let server = MemoryS3::start();
    server.put_keys((0..40_000).map(|number| format!("object {number:05}")));
    let mut driver = Driver::on(&server);
    driver.key(NONE, egui::Key::End);
    driver.until("the last row", |driver| {
        driver.selected() == ["object 39999"]
    });
    driver.key(NONE, egui::Key::Home);
    driver.key(egui::Modifiers::COMMAND, egui::Key::A);
    assert_eq!(driver.selected().len(), 40_000);
    server.remove("object 00000");
    // Enough for half of the rows, whatever overlaps, and not for all.
    let later = hold(&server, 30);
    driver.key(NONE, egui::Key::F5);
    driver.until("new rows before the end", |driver| {
        let browser = &driver.state().browser;
        !browser.is_refreshing() && !browser.is_settled()
    });
    later.open();
    driver.settled();
    assert_eq!(driver.selected().len(), 39_999);
}
