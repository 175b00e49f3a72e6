//! The log of requests in the window, and the live checks of the Doctor's page.

use super::driver::Driver;
use super::support::memory_s3::{ACCESS_KEY, BUCKET, Fault, MemoryS3, SECRET_KEY};

const COMMAND_SHIFT: egui::Modifiers = egui::Modifiers::COMMAND.plus(egui::Modifiers::SHIFT);

#[test]
fn every_call_is_listed_filtered_and_looked_at_closely() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = Driver::on(&server);
    driver.key(COMMAND_SHIFT, egui::Key::J);
    driver.wait("ListObjectsV2 test-bucket, 200");
    // The first look at the server is over with its last question.
    driver.until("the server is known", |driver| {
        let known = driver.state().connections.current();
        known.is_some_and(|connection| connection.server.place.is_some())
    });
    driver.click("Clear the list");
    driver.until("the list is empty", |driver| {
        !driver.sees("ListObjectsV2 test-bucket, 200")
    });
    server.fault(|asked| (asked.method == "HEAD").then_some(Fault::Status(403, "AccessDenied")));
    driver.click("a.txt");
    driver.wait("HeadObject test-bucket/a.txt, 403");
    driver.click("Failed 1");
    driver.click("HeadObject test-bucket/a.txt, 403");
    driver.wait("Key: a.txt");
    assert!(driver.sees_part("a policy does not allow it, or the server does not accept the keys"));

    // Each way to take it along, as a person finds it.
    driver.click("Copy as curl");
    let curl = driver.copied();
    driver.toast("it takes the keys from the environment");
    let url = format!("{}/{BUCKET}/a.txt", server.endpoint());
    assert!(
        curl.starts_with(
            "curl -sS -I --aws-sigv4 aws:amz:us-east-1:s3 --user \"$AWS_ACCESS_KEY_ID:"
        ) && curl.ends_with(&url),
        "{curl}"
    );
    driver.click("Copy as AWS CLI");
    let cli = driver.copied();
    let wanted = format!("aws s3api head-object --bucket {BUCKET} --key a.txt ");
    assert!(cli.starts_with(&wanted), "{cli}");
    for text in [&curl, &cli] {
        assert!(
            !text.contains(SECRET_KEY) && !text.contains(ACCESS_KEY),
            "{text}"
        );
        assert!(!text.contains("Signature="), "{text}");
    }
    driver.click("Copy request id");
    assert!(driver.copied().starts_with("MEMORYS3"));
    driver.toast("Request id copied");
}

#[test]
fn the_doctors_checks_come_in_and_a_failure_is_the_headline() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = Driver::on(&server);
    server.fault(|asked| {
        asked
            .is("GET", &["list-type"])
            .then_some(Fault::Status(403, "AccessDenied"))
    });
    driver.key(COMMAND_SHIFT, egui::Key::D);
    driver.until("the failure is told", |driver| {
        driver.sees_part("Listing the bucket is denied")
    });
    driver.wait("Open AWS_LOCATION");
    driver.wait("List the prefix: denied");
    driver.wait("What it can do");
    driver.click("Copy report, secrets removed");
    let report = driver.copied();
    let may = "[no] List the prefix   denied      s3:ListBucket";
    assert!(report.contains(may), "{report}");
    assert!(
        report.contains("[-]  Checks uploads by            CRC64NVME"),
        "{report}"
    );
    assert!(
        report.contains("[X]  List one key: Listing the bucket is denied."),
        "{report}"
    );
    assert!(
        report.contains("AWS_S3_ENDPOINT_URL = http://127.0.0.1"),
        "{report}"
    );
    let refused =
        |line: &str| line.contains(" ListObjectsV2 ") && line.contains("403 AccessDenied");
    assert!(report.lines().any(refused), "{report}");
    assert!(!report.contains(SECRET_KEY), "{report}");

    // The same in a file, under a name that says whose it is; a place that is none is told.
    let folder = tempfile::tempdir().unwrap();
    driver.will_pick(&[folder.path().to_owned()]);
    driver.click("Save report");
    let toast = driver.toast("Report saved as");
    let saved: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(saved.len(), 1, "{saved:?}");
    let path = saved[0].as_ref().unwrap().path();
    assert!(toast.ends_with(&path.display().to_string()), "{toast}");
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    assert!(
        name.starts_with("cooperage-doctor-") && name.ends_with(".txt") && !name.contains(' '),
        "{name}"
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), report);
    driver.will_pick(&[path.join("below a file.txt")]);
    driver.click("Save report");
    driver.toast("could not be written");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), report);
}
