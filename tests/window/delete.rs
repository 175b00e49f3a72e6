//! Deleting, renaming and new folders: exact keys before, the truth after.

use std::time::Duration;

use cooperage::state::Dialog;

use super::driver::Driver;
use super::support::memory_s3::{BUCKET, Fault, MemoryS3, Recorded};

const NONE: egui::Modifiers = egui::Modifiers::NONE;

fn deletes(asked: &Recorded) -> bool {
    asked.method == "DELETE" || asked.is("POST", &["delete"])
}

fn question(driver: &Driver) -> &cooperage::state::dialogs::DeleteDialog {
    match &driver.state().dialog {
        Some(Dialog::Delete(dialog)) => dialog,
        other => panic!("no question about deleting: {other:?}"),
    }
}

#[test]
fn a_folder_is_deleted_with_exactly_the_keys_shown() {
    let server = MemoryS3::start();
    server.put("photos/a.jpg", "four");
    server.put("photos/b//c", "five5");
    server.put("photos/", "");
    server.put("photos", "beside");
    server.put("photos-2/a", "not below");
    let mut driver = Driver::on(&server);
    driver.click("photos/");
    driver.key(NONE, egui::Key::Delete);
    driver.wait("Delete these 3 objects?");
    for key in ["photos/", "photos/a.jpg", "photos/b//c"] {
        assert!(driver.sees(key), "{key}");
    }
    assert!(driver.sees_part("9 B in all"));
    assert_eq!(question(&driver).bytes, 9);
    assert!(!server.requests().iter().any(deletes));
    driver.click("Delete 3");
    driver.toast("Deleted 3 objects");
    assert_eq!(server.keys(), ["photos", "photos-2/a"]);
    driver.settled();
    assert_eq!(driver.names(), ["photos-2/", "photos"]);
}

#[test]
fn cancel_is_the_default_and_deletes_nothing() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = Driver::on(&server);
    driver.click("a.txt");
    driver.key(NONE, egui::Key::Delete);
    driver.wait("Delete this object?");
    driver.key(NONE, egui::Key::Enter);
    assert!(driver.state().dialog.is_none(), "Enter answers Cancel");
    driver.idle();
    assert_eq!(server.keys(), ["a.txt"]);
}

#[test]
fn from_a_hundred_objects_on_the_bucket_is_typed() {
    let server = MemoryS3::start();
    server.put_keys((0..120).map(|number| format!("many/{number}")));
    let mut driver = Driver::on(&server);
    driver.click("many/");
    driver.key(NONE, egui::Key::Delete);
    driver.wait("Delete these 120 objects?");
    driver.click("Delete 120");
    driver.idle();
    assert_eq!(server.keys().len(), 120, "not before the name is typed");
    driver.type_into("Name of the bucket", BUCKET);
    driver.click("Delete 120");
    driver.toast("Deleted 120 objects");
    assert!(server.keys().is_empty());
}

#[test]
fn collecting_can_be_cancelled() {
    let server = MemoryS3::start();
    server.put_keys((0..50).map(|number| format!("many/{number}")));
    server.behave(|behaviour| behaviour.page_cap = 10);
    let mut driver = Driver::on(&server);
    server.fault(|asked| {
        let later = asked.parameter("continuation-token").is_some();
        later.then_some(Fault::Stall(Duration::from_secs(60)))
    });
    driver.click("many/");
    driver.key(NONE, egui::Key::Delete);
    driver.wait("Looking for what would be deleted: 10 so far");
    driver.click("Delete 10");
    assert!(
        question(&driver).collecting.is_some(),
        "not all keys are known"
    );
    driver.click("Cancel");
    assert!(driver.state().dialog.is_none());
    driver.idle();
    assert_eq!(server.keys().len(), 50);
}

#[test]
fn keys_that_cannot_be_collected_are_not_deleted_in_part() {
    let server = MemoryS3::start();
    server.put_keys((0..50).map(|number| format!("many/{number}")));
    server.behave(|behaviour| behaviour.page_cap = 10);
    let mut driver = Driver::on(&server);
    server.fault(|asked| {
        let later = asked.parameter("continuation-token").is_some();
        later.then_some(Fault::Status(403, "AccessDenied"))
    });
    driver.click("many/");
    driver.key(NONE, egui::Key::Delete);
    driver.until("why", |driver| driver.sees_part("Could not list"));
    assert!(!question(&driver).ready());
    driver.click("Cancel");
    assert_eq!(server.keys().len(), 50);
}

#[test]
fn a_long_deletion_says_how_far_it_is_and_can_be_stopped() {
    let server = MemoryS3::start();
    server.put_keys((0..2500).map(|number| format!("many/{number:04}")));
    let mut driver = Driver::on(&server);
    driver.click("many/");
    driver.key(NONE, egui::Key::Delete);
    driver.wait("Delete these 2,500 objects?");
    driver.type_into("Name of the bucket", BUCKET);
    // The server holds the second request until it is told to go on.
    let (go_on, held) = std::sync::mpsc::channel::<()>();
    let mut asked = 0;
    server.fault(move |request| {
        let deletes = request.is("POST", &["delete"]);
        asked += usize::from(deletes);
        if deletes && asked == 2 {
            held.recv_timeout(Duration::from_secs(30)).unwrap();
        }
        None
    });
    driver.click("Delete 2,500");
    driver.wait("Deleting 1,000 of 2,500");
    assert!(
        driver.state().dialog.is_none(),
        "the window is free meanwhile"
    );
    driver.click("Stop");
    driver.wait("Stopping…");
    // The worker heard it too: commands are taken in their order.
    driver.idle();
    go_on.send(()).unwrap();
    driver.toast("Stopped: 2,000 of 2,500 objects are deleted");
    assert_eq!(server.keys().len(), 500);
    driver.settled();
    assert!(!driver.sees_part("Deleting"));
}

#[test]
fn failures_are_told_key_by_key() {
    let server = MemoryS3::start();
    server.put_keys(["a.txt", "b.txt", "c.txt"]);
    let mut driver = Driver::on(&server);
    server.fault(|asked| {
        let body = "<?xml version=\"1.0\"?><DeleteResult><Deleted><Key>a.txt</Key></Deleted><Error><Key>b.txt</Key>\
                    <Code>AccessDenied</Code><Message>no</Message></Error><Deleted><Key>c.txt</Key></Deleted></DeleteResult>";
        asked.is("POST", &["delete"]).then(|| Fault::Answer {
            status: 200,
            headers: vec![("content-type".to_owned(), "application/xml".to_owned())],
            body: body.into(),
        })
    });
    driver.key(egui::Modifiers::COMMAND, egui::Key::A);
    driver.key(NONE, egui::Key::Delete);
    driver.click("Delete 3");
    let told = driver.toast("1 of 3 were not deleted");
    assert!(
        told.contains("“b.txt”") && told.contains("s3:DeleteObject"),
        "{told}"
    );
}

#[test]
fn a_filter_hides_rows_from_deleting() {
    let server = MemoryS3::start();
    server.put_keys(["keep.txt", "drop.txt"]);
    let mut driver = Driver::on(&server);
    driver.key(egui::Modifiers::COMMAND, egui::Key::A);
    driver.type_into("Filter", "drop");
    driver.until("one row", |driver| driver.names() == ["drop.txt"]);
    driver.wait("1 selected, 0 B");
    driver.click("drop.txt");
    driver.key(NONE, egui::Key::Delete);
    driver.click("Delete it");
    driver.toast("Deleted 1 object");
    assert_eq!(server.keys(), ["keep.txt"]);
}

#[test]
fn a_taken_name_is_said_in_the_dialog() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    server.put("b.txt", "b");
    let mut driver = Driver::on(&server);
    driver.click("a.txt");
    driver.key(NONE, egui::Key::F2);
    driver.clear("New name");
    driver.type_into("New name", "b.txt");
    driver.click("Rename");
    driver.until("why not", |driver| {
        matches!(&driver.state().dialog, Some(Dialog::Rename { form, .. }) if form.problem.is_some())
    });
    assert_eq!(server.object("b.txt").unwrap().bytes, "b");
    driver.clear("New name");
    driver.type_into("New name", "c é.txt");
    driver.click("Rename");
    driver.toast("Renamed to “c é.txt”");
    driver.settled();
    assert_eq!(server.keys(), ["b.txt", "c é.txt"]);
    assert_eq!(driver.selected(), ["c é.txt"]);
}

#[test]
fn a_slash_in_a_new_folders_name_makes_folders_in_folders() {
    let server = MemoryS3::start();
    let mut driver = Driver::on(&server);
    driver.click("New folder");
    driver.type_into("Name of the folder", "a/b c");
    driver.click("Make the folder");
    driver.toast("Folder “b c” made");
    driver.settled();
    assert_eq!(server.keys(), ["a/b c/"]);
    assert_eq!(driver.selected(), ["a/"]);
    driver.click("New folder");
    driver.type_into("Name of the folder", "a/b c");
    driver.click("Make the folder");
    driver.until("why not", |driver| {
        matches!(&driver.state().dialog, Some(Dialog::NewFolder(form)) if form.problem.is_some())
    });
}
