//! Profiles of the shared AWS files, in a process of its own, because the files are named by variables of the process.

use cooperage::state::Start;

use super::driver::Driver;
use super::own_process;
use super::support::fetch;
use super::support::memory_s3::{ACCESS_KEY, MemoryS3, SECRET_KEY};

/// Runs one of the tests below with these files.
#[track_caller]
fn in_own_process(test: &str, config: &str, credentials: &str) {
    let server = MemoryS3::start();
    server.put("a.txt", "words of the object");
    let config = config.replace("ENDPOINT", &server.endpoint());
    own_process::run(&format!("profiles::{test}"), &config, credentials, &[]);
}

#[test]
fn a_profile_that_was_found_opens_a_bucket() {
    let config = "[default]\nregion = us-east-1\n[profile work]\nregion = us-east-1\nendpoint_url = ENDPOINT\n";
    let credentials =
        format!("[work]\naws_access_key_id = {ACCESS_KEY}\naws_secret_access_key = {SECRET_KEY}\n");
    in_own_process("with_a_profile", config, &credentials);
}

#[test]
#[ignore = "started by the test above, with files of its own"]
fn with_a_profile() {
    let mut driver = Driver::start(Start::Remembered);
    driver.wait("Use an AWS profile found here");
    driver.click("Profile work");
    // Whether it works can be seen before it is a connection.
    driver.click("Examine");
    driver.wait("The credentials are accepted");
    assert!(driver.state().connections.current.is_none());
    driver.click("Save and open");
    driver.wait("Which bucket?");
    driver.until("the buckets", |driver| driver.sees("Bucket test-bucket"));
    driver.click("Bucket test-bucket");
    driver.click("a.txt");
    driver.until("who we are", |driver| {
        driver.sees_part("from profile “work”")
    });
    driver.click("Copy link");
    let link = driver.copied();
    assert_eq!(fetch::get(&link).status, 200);
    let home = driver.end();
    assert!(!home.text("connections.toml").contains(SECRET_KEY));
    let mut again = Driver::start_in(home, Start::Remembered);
    again.settled();
    assert_eq!(again.state().browser.location.bucket, "test-bucket");
}

#[test]
fn keys_that_end_sooner_than_the_link_are_spoken_of() {
    let ends = jiff::Timestamp::now() + jiff::SignedDuration::from_mins(20);
    let script = format!(
        "{{\"Version\": 1, \"AccessKeyId\": \"{ACCESS_KEY}\", \"SecretAccessKey\": \"{SECRET_KEY}\", \"Expiration\": \"{ends}\"}}"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    std::fs::write(&file, script).unwrap();
    let config = format!(
        "[profile timed]\nregion = us-east-1\nendpoint_url = ENDPOINT\ncredential_process = cat {}\n",
        file.display()
    );
    in_own_process("with_keys_that_end", &config, "");
}

#[test]
#[ignore = "started by the test above, with files of its own"]
fn with_keys_that_end() {
    let mut driver = Driver::start(Start::Remembered);
    driver.click("Profile timed");
    driver.click("Open “timed”");
    driver.until("the buckets", |driver| driver.sees("Bucket test-bucket"));
    driver.click("Bucket test-bucket");
    driver.until("the time left", |driver| driver.sees_part(" min left"));
    driver.click("a.txt");
    driver.until("honest words before", |driver| {
        driver.sees_part("Works only until") && driver.sees_part("the session ends then")
    });
    driver.click("Copy link");
    let link = driver.copied();
    driver.toast("when the session ends");
    assert_eq!(fetch::get(&link).status, 200);
}
