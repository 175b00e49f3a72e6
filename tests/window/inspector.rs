//! The inspector: headers, metadata, previews, and that it asks no more than it must.

use std::io::Cursor;

use cooperage::state::Answer;
use cooperage::state::messages::Preview;

use super::driver::Driver;
use super::support::memory_s3::{Attributes, Fault, MemoryS3};

fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    image::RgbImage::from_pixel(320, 200, image::Rgb([200, 90, 10]))
        .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png)
        .unwrap();
    bytes
}

fn heads(server: &MemoryS3) -> usize {
    let requests = server.requests();
    requests
        .iter()
        .filter(|asked| asked.method == "HEAD")
        .count()
}

#[test]
fn headers_and_metadata_are_shown() {
    let server = MemoryS3::start();
    let attributes = Attributes {
        content_type: Some("text/plain".to_owned()),
        cache_control: Some("max-age=60".to_owned()),
        storage_class: Some("STANDARD_IA".to_owned()),
        metadata: [("author".to_owned(), "=?UTF-8?Q?Zo=C3=AB?=".to_owned())].into(),
        ..Attributes::default()
    };
    server.put_with("a.txt", "twelve bytes", attributes);
    let mut driver = Driver::on(&server);
    driver.click("a.txt");
    driver.wait("Key: a.txt");
    driver.wait("Cache: max-age=60");
    driver.wait("Class: Standard-IA");
    driver.until("exact bytes", |driver| driver.sees_part("12 bytes"));
    driver.click("Metadata 1");
    driver.wait("author: Zoë");
}

#[test]
fn texts_are_shown_and_long_ones_are_read_in_part() {
    let server = MemoryS3::start();
    server.put("a.md", "# Words of a text");
    server.put("long.txt", "line of a long text\n".repeat(100_000));
    let mut driver = Driver::on(&server);
    driver.click("a.md");
    driver.wait("# Words of a text");
    driver.click("long.txt");
    driver.wait("… and more");
    let requests = server.requests();
    let read = requests
        .iter()
        .rfind(|asked| asked.method == "GET" && asked.path.ends_with("long.txt"))
        .unwrap();
    assert_eq!(read.header("range"), Some("bytes=0-16383"));
}

#[test]
fn pictures_are_shown_with_their_size() {
    let server = MemoryS3::start();
    server.put("a.png", png());
    server.put("broken.png", png()[..60].to_vec());
    let mut driver = Driver::on(&server);
    driver.click("a.png");
    driver.wait("Preview of the picture");
    driver.until("its size", |driver| driver.sees_part("320 × 200"));
    assert!(matches!(
        driver.state().inspector.preview,
        Answer::Here(Preview::Image {
            size: [320, 200],
            ..
        })
    ));
    driver.click("broken.png");
    driver.wait("The preview could not be read");
    driver.wait("Key: broken.png");
}

#[test]
fn a_failure_is_explained_and_asking_again_works() {
    let server = MemoryS3::start();
    server.put("a.txt", "words at last");
    server.fault(|asked| (asked.method == "HEAD").then_some(Fault::Status(403, "AccessDenied")));
    let mut driver = Driver::on(&server);
    driver.click("a.txt");
    driver.until("why", |driver| {
        driver.sees_part("Could not read the properties of “a.txt”")
    });
    server.heal();
    driver.click("Try again");
    driver.wait("words at last");
    assert_eq!(driver.selected(), ["a.txt"]);
}

#[test]
fn a_held_arrow_key_asks_for_the_last_row_only() {
    let server = MemoryS3::start();
    server.put_keys((0..40).map(|number| format!("object {number:02}.bin")));
    let mut driver = Driver::on(&server);
    driver.click("object 00.bin");
    driver.wait("Key: object 00.bin");
    server.forget_requests();
    driver.hold_down(30);
    driver.wait("Key: object 30.bin");
    assert!(
        heads(&server) <= 2,
        "{} questions for 30 rows",
        heads(&server)
    );
    driver.key(egui::Modifiers::NONE, egui::Key::ArrowUp);
    driver.wait("Key: object 29.bin");
}

#[test]
fn the_same_object_is_asked_about_once() {
    let server = MemoryS3::start();
    server.put("a.bin", "a");
    server.put("b.bin", "b");
    let mut driver = Driver::on(&server);
    driver.click("a.bin");
    driver.wait("Key: a.bin");
    driver.click("a.bin");
    driver.click("Size");
    driver.settled();
    driver.idle();
    assert_eq!(heads(&server), 1);
    driver.click("Refresh");
    driver.settled();
    driver.idle();
    assert_eq!(heads(&server), 1, "nothing changed");
    server.put("a.bin", "another content");
    driver.click("Refresh");
    driver.until("exact bytes", |driver| driver.sees_part("15 bytes"));
    assert_eq!(heads(&server), 2);
}

#[test]
fn several_selected_can_be_looked_through() {
    let server = MemoryS3::start();
    server.put_keys(["a.bin", "b.bin", "c.bin"]);
    let mut driver = Driver::on(&server);
    driver.click("a.bin");
    driver.click_with(egui::Modifiers::SHIFT, "c.bin");
    driver.wait("Key: c.bin");
    driver.click("The one before");
    driver.wait("Key: b.bin");
    driver.click("The next one");
    driver.wait("Key: c.bin");
}

#[test]
fn several_selected_objects_tell_which_of_them_is_shown() {
    let server = MemoryS3::start();
    server.put_keys(["a.txt", "b.txt", "c.txt", "folder/d.txt"]);
    let mut driver = Driver::on(&server);
    driver.click("a.txt");
    for _ in 0..2 {
        driver.key(egui::Modifiers::SHIFT, egui::Key::ArrowDown);
    }
    driver.wait("3 of 3");
    driver.click("The one before");
    driver.wait("2 of 3");
    driver.click("The one before");
    driver.wait("1 of 3");
}

#[test]
fn a_key_with_shift_is_not_the_key_without() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = Driver::on(&server);
    driver.click("a.txt");
    driver.key(
        egui::Modifiers::COMMAND | egui::Modifiers::SHIFT,
        egui::Key::D,
    );
    driver.idle();
    assert!(driver.state().dialog.is_none(), "no download is asked for");
}
