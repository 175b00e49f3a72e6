//! Signed links: one a line, the lifetime that was chosen, and honest words about credentials that end sooner.

use cooperage::settings::{OptionId, Value};

use super::driver::{Driver, options};
use super::support::fetch;
use super::support::memory_s3::MemoryS3;

const COMMAND: egui::Modifiers = egui::Modifiers::COMMAND;

fn parameter<'a>(link: &'a str, name: &str) -> Option<&'a str> {
    let query = link.split_once('?')?.1;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
}

#[test]
fn several_links_come_one_a_line_and_all_work() {
    let server = MemoryS3::start();
    let names = ["a b+c.txt", "d%2Fe.txt", "été 🪣.txt"];
    for name in names {
        server.put(name, format!("content of {name}"));
    }
    let mut driver = Driver::on(&server);
    driver.key(COMMAND, egui::Key::A);
    driver.click("Copy 3 links");
    let copied = driver.copied();
    driver.toast("3 links copied, works until");
    let links: Vec<&str> = copied.lines().collect();
    assert_eq!(links.len(), 3);
    for (link, name) in links.iter().zip(driver.names()) {
        let answer = fetch::get(link);
        assert_eq!(
            (answer.status, answer.text()),
            (200, format!("content of {name}"))
        );
        assert_eq!(parameter(link, "X-Amz-Expires"), Some("3600"));
    }
}

#[test]
fn the_lifetime_that_was_chosen_holds_and_is_remembered() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = Driver::start(cooperage::state::Start::Remembered);
    super::connect::connect_with_keys(&mut driver, &server);
    driver.click("a.txt");
    driver.wait("Key: a.txt");
    driver.click("Works for");
    driver.click("12 hours");
    driver.click("Copy the link");
    let link = driver.copied();
    assert_eq!(parameter(&link, "X-Amz-Expires"), Some("43200"));
    let mut again = Driver::start_in(driver.end(), cooperage::state::Start::Remembered);
    again.settled();
    again.click("a.txt");
    again.click("Copy link");
    let link = again.copied();
    assert_eq!(parameter(&link, "X-Amz-Expires"), Some("43200"));
}

#[test]
fn the_lifetime_of_the_settings_is_where_it_begins() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let values = options(&server).with(OptionId::LinkExpiry, Value::Integer(120));
    let mut driver = Driver::on_values(values);
    driver.click("a.txt");
    driver.click("Copy link");
    assert_eq!(parameter(&driver.copied(), "X-Amz-Expires"), Some("120"));
}

#[test]
fn the_context_menu_offers_other_lifetimes() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = Driver::on(&server);
    driver.context_menu("a.txt");
    driver.click("Copy link for");
    driver.click_last("15 minutes");
    assert_eq!(parameter(&driver.copied(), "X-Amz-Expires"), Some("900"));
    assert_eq!(driver.state().link_secs, 3600, "for this once");
}

#[test]
fn a_folder_has_no_link_and_keys_are_copied_exactly() {
    let server = MemoryS3::start();
    server.put("photos/a", "a");
    server.put("x y.txt", "x");
    let mut driver = Driver::on(&server);
    driver.click("photos/");
    driver.event(egui::Event::Copy, COMMAND | egui::Modifiers::SHIFT);
    driver.toast("Select a file first");
    driver.click("x y.txt");
    driver.event(egui::Event::Copy, COMMAND);
    assert_eq!(driver.copied(), "x y.txt");
}

#[test]
fn a_public_base_leaves_links_unsigned_when_the_settings_say_so() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let values = options(&server).with(OptionId::SignLinks, Value::Bool(false));
    let mut driver = Driver::on_values(values);
    driver.click("a.txt");
    driver.click("Copy link");
    let link = driver.copied();
    assert!(!link.contains('?'), "{link}");
    driver.toast("works while the object is public");
}
