//! The states without rows: each says in words what it is, and has the one button that helps.

use std::time::Duration;

use cooperage::settings::{OptionId, Value};
use cooperage::state::listing::Progress;
use cooperage::state::{Dialog, Screen, Start};

use super::driver::{Driver, options};
use super::support::memory_s3::{ACCESS_KEY, Fault, Latch, MemoryS3, Recorded, SECRET_KEY};

/// True for a listing of a folder.
fn lists(asked: &Recorded) -> bool {
    asked.is("GET", &["list-type"])
}

fn failing(status: u16, code: &'static str) -> (MemoryS3, Driver) {
    let server = MemoryS3::start();
    server.fault(move |asked| lists(asked).then_some(Fault::Status(status, code)));
    let driver = Driver::on(&server);
    (server, driver)
}

#[test]
fn an_empty_folder_offers_to_upload() {
    let server = MemoryS3::start();
    let mut driver = Driver::on(&server);
    driver.wait("Nothing in this folder yet");
    driver.wait("0 objects, listed to the end");
    let file = driver.file("first.txt", b"first");
    driver.will_pick(&[file]);
    driver.click("Upload files");
    driver.wait("first.txt");
    assert_eq!(server.keys(), ["first.txt"]);
}

#[test]
fn a_denied_listing_is_no_empty_folder_and_a_known_key_opens() {
    let (server, mut driver) = failing(403, "AccessDenied");
    server.put("known/key.txt", "words of a known object");
    driver.wait("You may not list this folder");
    assert!(driver.sees("Not listed: denied") && driver.sees("AccessDenied 403"));
    assert!(!driver.sees_part("Nothing in this folder"));
    driver.click("Go to a key");
    driver.key(egui::Modifiers::COMMAND, egui::Key::A);
    driver.type_into("Folder or key", "known/key.txt");
    driver.click("Go");
    driver.wait("words of a known object");
    driver.settled();
    for _ in 0..30 {
        driver.step();
    }
    assert!(
        driver.sees("words of a known object"),
        "the denied listing takes nothing away"
    );
    driver.click("Copy the link");
    let link = driver.copied();
    assert_eq!(super::support::fetch::get(&link).status, 200);
}

#[test]
fn the_doctor_is_asked_where_a_listing_failed() {
    let (_server, mut driver) = failing(403, "SignatureDoesNotMatch");
    driver.wait("Could not list the bucket");
    driver.click("Ask the Doctor");
    driver.wait("Where credentials come from");
    assert_eq!(driver.state().screen, Screen::Doctor);
}

#[test]
fn a_missing_bucket_is_named_and_another_can_be_opened() {
    let server = MemoryS3::start();
    server.create_bucket("the-other");
    let mut driver =
        Driver::on_values(options(&server).with(OptionId::Bucket, Value::text("no-such-bucket")));
    driver.wait("There is no bucket “no-such-bucket”");
    driver.click("Open another bucket");
    driver.type_into("Bucket", "the-other");
    driver.click("Open the bucket");
    driver.wait("Nothing in this folder yet");
    assert_eq!(driver.state().browser.location.bucket, "the-other");
}

#[test]
fn a_server_that_is_gone_can_be_tried_again() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = Driver::on(&server);
    driver.wait("a.txt");
    let host = format!("127.0.0.1:{}", server.port());
    server.fault(|_| Some(Fault::Reset));
    driver.click("Refresh");
    driver.wait(&format!("{host} cannot be reached"));
    assert!(driver.sees("Not listed: the server cannot be reached"));
    server.heal();
    driver.click("Try now");
    driver.wait("a.txt");
    drop(server);
    driver.click("Refresh");
    driver.wait(&format!("{host} refuses the connection"));
    assert!(driver.sees_part("Nobody listens at that port."));
}

#[test]
fn a_session_that_ended_says_so_and_opens_anew() {
    let (server, mut driver) = failing(400, "ExpiredToken");
    driver.wait("The session has ended");
    assert!(driver.sees("Not listed: the session has ended"));
    server.heal();
    driver.click("Paste new keys");
    driver.type_into(
        "Key, secret and token",
        &format!("AWS_ACCESS_KEY_ID={ACCESS_KEY} AWS_SECRET_ACCESS_KEY={SECRET_KEY}"),
    );
    driver.click("Use these keys");
    driver.wait("Nothing in this folder yet");
}

#[test]
fn a_wrong_secret_leads_to_the_settings() {
    let server = MemoryS3::start();
    let mut driver =
        Driver::on_values(options(&server).with(OptionId::S3SecretKey, Value::secret("wrong")));
    driver.wait("Not listed: no valid credentials");
    assert!(
        driver.sees_part("secret"),
        "the words speak of the secret key"
    );
    driver.click("Check the settings");
    assert_eq!(driver.state().screen, Screen::Settings);
}

#[test]
fn all_these_states_sound_different() {
    let mut titles = Vec::new();
    for (status, code) in [
        (403, "AccessDenied"),
        (404, "NoSuchBucket"),
        (400, "ExpiredToken"),
        (403, "SignatureDoesNotMatch"),
        (403, "InvalidAccessKeyId"),
        (400, "InvalidArgument"),
    ] {
        let (_server, driver) = failing(status, code);
        let Progress::Failed(error) = &driver.state().browser.listing.progress else {
            panic!("{code}: {:?}", driver.state().browser.listing.progress);
        };
        titles.push(format!(
            "{:?} {}",
            error.kind,
            cooperage::words::explain(error).cause
        ));
    }
    let count = titles.len();
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), count, "{titles:#?}");
}

#[test]
fn a_listing_that_is_cancelled_is_incomplete_and_not_empty() {
    let server = MemoryS3::start();
    server.put_keys((0..3000).map(|number| format!("object {number:04}")));
    server.behave(|behaviour| behaviour.page_cap = 500);
    server.fault(|asked| {
        let later = lists(asked) && asked.parameter("continuation-token").is_some();
        later.then_some(Fault::Stall(Duration::from_secs(60)))
    });
    let mut driver = Driver::start(Start::Unsaved(options(&server)));
    driver.wait("500 objects so far…");
    driver.until("first rows with the first page", |driver| {
        driver.sees("object 0000")
    });
    driver.click("Cancel");
    driver.wait("500 objects, incomplete: stopped");
    server.heal();
    driver.click("List again");
    driver.until("all rows", |driver| {
        driver.state().browser.listing.shown() == 3000
    });
    driver.until("no word of incomplete", |driver| {
        !driver.sees_part("incomplete")
    });
}

#[test]
fn a_listing_cancelled_before_its_first_row_says_so() {
    let server = MemoryS3::start();
    server.fault(|asked| lists(asked).then_some(Fault::Stall(Duration::from_secs(60))));
    let mut driver = Driver::start(Start::Unsaved(options(&server)));
    driver.wait("Listing…");
    driver.click("Cancel");
    driver.wait("The listing is incomplete");
    server.heal();
    driver.click("List again");
    driver.wait("Nothing in this folder yet");
}

#[test]
fn a_listing_that_breaks_off_keeps_its_rows_and_says_incomplete() {
    let server = MemoryS3::start();
    server.put_keys((0..30).map(|number| format!("object {number:04}")));
    server.behave(|behaviour| behaviour.page_cap = 10);
    server.fault(|asked| {
        let later = lists(asked) && asked.parameter("continuation-token").is_some();
        later.then_some(Fault::Status(403, "AccessDenied"))
    });
    let mut driver = Driver::on(&server);
    driver.wait("10 objects kept, incomplete");
    assert!(driver.sees("object 0000"));
}

#[test]
fn being_denied_the_list_of_buckets_is_information() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    server.fault(|asked| {
        let buckets = asked.method == "GET" && asked.path == "/" && !lists(asked);
        buckets.then_some(Fault::Status(403, "AccessDenied"))
    });
    let mut driver = Driver::on(&server);
    driver.wait("These keys may not list all buckets; known ones work.");
    driver.wait("a.txt");
    assert!(driver.toasts().is_empty() && driver.state().dialog.is_none());
    assert!(
        driver.sees("Bucket test-bucket"),
        "the connection's own bucket is there"
    );
}

#[test]
fn without_a_bucket_the_window_asks_which() {
    let server = MemoryS3::start();
    let mut values = options(&server);
    values.reset(OptionId::Bucket);
    let mut driver = Driver::on_values(values);
    driver.wait("Which bucket?");
    driver.wait("Bucket test-bucket");
    driver.click("Add a bucket by name");
    assert!(matches!(driver.state().dialog, Some(Dialog::AddBucket(_))));
    driver.click("Cancel");
    driver.click("Bucket test-bucket");
    driver.wait("Nothing in this folder yet");
}

#[test]
fn a_silent_server_is_told_as_such_and_can_be_left() {
    let server = MemoryS3::start();
    let latch = Latch::default();
    let held = latch.clone();
    server.fault(move |asked| lists(asked).then(|| Fault::Held(held.clone())));
    let mut driver = Driver::start(Start::Unsaved(options(&server)));
    driver.wait("Listing…");
    driver.wait("No answer yet");
    assert!(driver.sees_part("Try 1 of 2"));
    assert!(driver.sees("Ask the Doctor"));
    driver.click("Cancel");
    driver.wait("The listing is incomplete");
    latch.open();
    server.heal();
    driver.click("List again");
    driver.wait("Nothing in this folder yet");
}
