//! Uploads: where dropped, pasted and picked files go, and what is asked before anything is written.

use cooperage::settings::{Access, OptionId, Value};
use cooperage::state::{Dialog, Start};

use super::connect::connect_with_keys;
use super::driver::{Driver, options};
use super::support::memory_s3::{Fault, MemoryS3, Recorded};

/// True for a request that writes an object or a part of one.
pub(crate) fn writes(asked: &Recorded) -> bool {
    asked.method == "PUT"
}

#[test]
fn a_dropped_folder_keeps_its_structure() {
    let server = MemoryS3::start();
    let mut driver = Driver::on(&server);
    driver.file("album/one.txt", b"1");
    driver.file("album/deep/er/two é+.txt", b"2");
    let single = driver.file("single.txt", b"3");
    let album = single.with_file_name("album");
    driver.drop_files(&[album, single]);
    driver.toast("3 transfers done");
    driver.wait("album/");
    assert_eq!(
        server.keys(),
        ["album/deep/er/two é+.txt", "album/one.txt", "single.txt"]
    );
    let object = server.object("album/one.txt").unwrap();
    assert_eq!(
        object.attributes.content_type.as_deref(),
        Some("text/plain")
    );
}

#[test]
fn a_folder_row_under_the_pointer_becomes_the_target() {
    let server = MemoryS3::start();
    server.put("photos/old.txt", "old");
    let mut driver = Driver::on(&server);
    let file = driver.file("new.txt", b"new");
    driver.wait("photos/");
    let place = driver.place_of("photos/");
    driver.hover_files(std::slice::from_ref(&file), place);
    driver.wait("Upload 1 item to");
    driver.wait("s3://test-bucket/photos/");
    driver.drop_files_on(&[file], "photos/");
    driver.toast("1 transfer done");
    assert_eq!(server.keys(), ["photos/new.txt", "photos/old.txt"]);
}

#[test]
fn the_overlay_names_the_folder_shown_and_goes_when_the_files_leave() {
    let server = MemoryS3::start();
    let mut driver = Driver::on(&server);
    let files = [driver.file("a.txt", b"a"), driver.file("b.txt", b"b")];
    driver.hover_files(&files, egui::pos2(700.0, 600.0));
    driver.wait("Upload 2 items to");
    driver.wait("s3://test-bucket/");
    driver.hover_files(&[], egui::pos2(700.0, 600.0));
    driver.until("the overlay is gone", |driver| {
        !driver.sees("Upload 2 items to")
    });
    assert!(server.keys().is_empty());
}

#[test]
fn pasted_paths_upload_their_files() {
    let server = MemoryS3::start();
    let mut driver = Driver::on(&server);
    let path = driver.file("pasted é.txt", b"pasted");
    let text = format!("file://{}\r\n", path.display()).replace('é', "%C3%A9");
    driver.event(egui::Event::Paste(text), egui::Modifiers::NONE);
    driver.toast("1 transfer done");
    assert_eq!(server.keys(), ["pasted é.txt"]);
}

#[test]
fn two_drops_in_a_row_both_arrive() {
    let server = MemoryS3::start();
    server.fault(|asked| {
        (asked.method == "HEAD").then_some(Fault::Delay(std::time::Duration::from_millis(600)))
    });
    let mut driver = Driver::on(&server);
    let (first, second) = (driver.file("1.txt", b"1"), driver.file("2.txt", b"2"));
    driver.drop_files(&[first]);
    driver.drop_files(&[second]);
    driver.until("both", |_| server.keys().len() == 2);
}

#[test]
fn files_go_where_they_were_dropped_even_when_the_window_moves_on() {
    let server = MemoryS3::start();
    server.create_bucket("elsewhere");
    server.fault(|asked| {
        let looks = asked.method == "HEAD" || asked.parameter("start-after").is_some();
        let looks = looks
            || asked
                .parameter("prefix")
                .is_some_and(|prefix| prefix.contains("slow"));
        looks.then_some(Fault::Delay(std::time::Duration::from_millis(800)))
    });
    let mut driver = Driver::on(&server);
    let path = driver.file("slow.txt", b"1");
    driver.drop_files(&[path]);
    driver.click("Add a bucket by name");
    driver.type_into("Bucket", "elsewhere");
    driver.click("Open the bucket");
    driver.toast("1 transfer done");
    assert_eq!(server.keys(), ["slow.txt"]);
    assert!(server.objects_in("elsewhere").is_empty());
}

#[test]
fn a_read_only_connection_refuses_in_words() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = Driver::start(Start::Remembered);
    connect_with_keys(&mut driver, &server);
    set_access(&mut driver, Access::ReadOnly);
    let file = driver.file("new.txt", b"new");
    driver.hover_files(std::slice::from_ref(&file), egui::pos2(700.0, 600.0));
    driver.until("why not", |driver| {
        driver.sees_part("This connection is read-only")
    });
    driver.hover_files(&[], egui::pos2(700.0, 600.0));
    driver.drop_files(&[file]);
    driver.toast("This connection is read-only.");
    driver.click("a.txt");
    driver.key(egui::Modifiers::NONE, egui::Key::Delete);
    driver.key(egui::Modifiers::NONE, egui::Key::F2);
    assert!(driver.state().dialog.is_none());
    assert!(!server.requests().iter().any(writes));
}

#[test]
fn a_connection_without_deleting_does_not_overwrite_either() {
    let server = MemoryS3::start();
    server.put("a.txt", "the old one");
    let mut driver = Driver::start(Start::Remembered);
    connect_with_keys(&mut driver, &server);
    set_access(&mut driver, Access::NoDelete);
    let file = driver.file("a.txt", b"the new one");
    driver.drop_files(&[file]);
    driver.wait("This file is already there");
    driver.click("Overwrite");
    driver.click_one_of(&["Skip all", "Start 1 upload"]);
    driver.until("the dialog is answered", |driver| {
        driver.state().dialog.is_none()
    });
    driver.idle();
    assert_eq!(server.object("a.txt").unwrap().bytes, "the old one");
}

/// Saves the open connection with other rights and opens it again.
fn set_access(driver: &mut Driver, access: Access) {
    let path = driver.home.folder.path().join("connections.toml");
    driver.until("the connection is saved", |_| path.exists());
    let home = std::mem::replace(driver, Driver::start(Start::Remembered)).end();
    let text = std::fs::read_to_string(&path).unwrap();
    let changed = text.replace(
        "access = \"full\"",
        &format!("access = \"{}\"", access.word()),
    );
    assert_ne!(text, changed, "{text}");
    std::fs::write(&path, changed).unwrap();
    *driver = Driver::start_in(home, Start::Remembered);
    driver.settled();
    let own = driver.state().connections.current().unwrap();
    assert_eq!(own.access, access);
}

#[test]
fn a_drop_where_nothing_is_open_uploads_nothing() {
    let server = MemoryS3::start();
    let mut values = options(&server);
    values.reset(OptionId::Bucket);
    let mut driver = Driver::on_values(values);
    let file = driver.file("a.txt", b"a");
    driver.drop_files(&[file]);
    driver.toast("Open a bucket first.");
    assert!(!server.requests().iter().any(writes));
}

#[test]
fn a_drop_while_a_question_is_open_leaves_the_question() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = Driver::on(&server);
    driver.click("a.txt");
    driver.key(egui::Modifiers::NONE, egui::Key::Delete);
    driver.wait("Delete this object?");
    let file = driver.file("b.txt", b"b");
    driver.drop_files(&[file]);
    assert!(matches!(driver.state().dialog, Some(Dialog::Delete(_))));
    assert_eq!(server.keys(), ["a.txt"]);
}

#[test]
fn a_failed_upload_shows_its_cause_and_can_be_tried_again() {
    let server = MemoryS3::start();
    let mut driver = Driver::on(&server);
    server.fault(|asked| writes(asked).then_some(Fault::Status(403, "AccessDenied")));
    let file = driver.file("denied.txt", b"words");
    driver.drop_files(&[file]);
    driver.wait("1 failed");
    driver.click("1 failed");
    driver.until("the cause", |driver| {
        driver.sees_part("s3:PutObject") && driver.sees("Retry")
    });
    server.heal();
    driver.click("Retry");
    driver.until("the object", |_| server.keys() == ["denied.txt"]);
    driver.toast("1 transfer done");
    driver.click("Done 1");
    driver.wait("done");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let server = MemoryS3::start();
    let mut driver = Driver::on(&server);
    let gone = driver.home.folder.path().join("gone.txt");
    driver.drop_files(&[gone]);
    driver.toast("gone.txt");
    assert!(server.keys().is_empty());
}

#[test]
fn an_upload_with_default_acl_and_metadata_uses_the_settings() {
    let server = MemoryS3::start();
    let values = options(&server).with(OptionId::DefaultAcl, Value::text("public-read"));
    let mut driver = Driver::on_values(values);
    let file = driver.file("a.css", b"a{}");
    driver.drop_files(&[file]);
    driver.toast("1 transfer done");
    let object = server.object("a.css").unwrap();
    assert_eq!(object.attributes.acl.as_deref(), Some("public-read"));
    assert_eq!(object.attributes.content_type.as_deref(), Some("text/css"));
}
