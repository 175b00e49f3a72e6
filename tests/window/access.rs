//! What assistive technology sees: a name for everything that can be acted on, each once, and the table's real size.

use std::collections::BTreeMap;

use egui::accesskit::Role;

use super::driver::Driver;
use super::support::memory_s3::MemoryS3;

/// Names of what can be acted on, with how often each is there. Text fields and what belongs to them count once.
fn names(driver: &Driver) -> BTreeMap<String, Vec<Role>> {
    let mut names: BTreeMap<String, Vec<Role>> = BTreeMap::new();
    for (role, name) in driver.actionable() {
        names.entry(name).or_default().push(role);
    }
    names
}

#[track_caller]
fn assert_unique(driver: &Driver) {
    let names = names(driver);
    assert!(!names.contains_key(""), "something has no name");
    let twice: Vec<_> = names.iter().filter(|(_, roles)| roles.len() > 1).collect();
    assert!(twice.is_empty(), "the same name twice: {twice:?}");
}

#[test]
fn names_are_unique_on_the_first_page_and_in_the_browser() {
    let server = MemoryS3::start();
    server.put("photos/a.txt", "a");
    let mut driver = Driver::start(cooperage::state::Start::Remembered);
    driver.wait("Try the built-in bucket");
    assert_unique(&driver);
    super::connect::connect_with_keys(&mut driver, &server);
    driver.wait("photos/");
    assert_unique(&driver);
    driver.open("photos/");
    driver.wait("a.txt");
    driver.click("a.txt");
    driver.wait("Key: photos/a.txt");
    assert_unique(&driver);
    driver.key(egui::Modifiers::COMMAND, egui::Key::J);
    driver.wait("Hide");
    assert_unique(&driver);
}

#[test]
fn the_table_tells_its_real_number_of_rows() {
    let server = MemoryS3::start();
    server.put_keys((0..1500).map(|number| format!("object {number:04}")));
    let mut driver = Driver::on(&server);
    driver.wait("object 0000");
    assert_eq!(driver.row_count("Objects"), Some(1500));
    driver.type_into("Filter", "000");
    driver.until("fewer rows", |driver| {
        driver.row_count("Objects") == Some(driver.names().len()) && driver.names().len() < 20
    });
}

#[test]
fn everything_can_be_reached_with_the_keyboard() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    server.put("b.txt", "b");
    let mut driver = Driver::on(&server);
    driver.wait("a.txt");
    let none = egui::Modifiers::NONE;
    driver.key(none, egui::Key::ArrowDown);
    assert_eq!(driver.selected(), ["a.txt"]);
    driver.key(none, egui::Key::End);
    assert_eq!(driver.selected(), ["b.txt"]);
    driver.key(none, egui::Key::Home);
    driver.key(egui::Modifiers::SHIFT, egui::Key::ArrowDown);
    assert_eq!(driver.selected(), ["a.txt", "b.txt"]);
    driver.key(none, egui::Key::Escape);
    assert!(driver.selected().is_empty());
    driver.find("b.txt");
    driver.key(none, egui::Key::Slash);
    driver.event(egui::Event::Text("a.t".to_owned()), none);
    driver.until("the filter", |driver| driver.names() == ["a.txt"]);
    driver.key(none, egui::Key::Escape);
    driver.until("no filter", |driver| driver.names().len() == 2);
    driver.key(none, egui::Key::F1);
    assert!(driver.state().dialog.is_some());
    driver.key(none, egui::Key::Escape);
    assert!(driver.state().dialog.is_none());
}

#[test]
fn the_fields_of_the_first_page_stand_apart_whatever_credentials_are_chosen() {
    for choice in ["Access key", "AWS profile", "Anonymous"] {
        let mut driver = Driver::start(cooperage::state::Start::Remembered);
        driver.wait("Try the built-in bucket");
        driver.click("Credentials");
        driver.click(choice);
        let shown = [
            "Bucket",
            "Endpoint",
            "Credentials",
            "Access key id",
            "Secret access key",
            "AWS profile",
            "Connect",
        ];
        let places: Vec<(&str, egui::Rect)> = shown
            .iter()
            .filter_map(|name| Some((*name, driver.bounds_of(name)?)))
            .collect();
        for (at, (name, place)) in places.iter().enumerate() {
            for (other, beside) in &places[at + 1..] {
                assert!(
                    !place.shrink(1.0).intersects(*beside),
                    "{choice}: {name} lies on {other}"
                );
            }
        }
    }
}
