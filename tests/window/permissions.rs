//! What credentials may do, seen and tried in the window: the matrix, the write test, what is grey afterwards, the table of
//! the server's abilities, and the policy.

use cooperage::domain::diagnosis::{Ability, Answer};
use cooperage::settings::{OptionId, Value};
use cooperage::state::{DoctorTab, Screen};
use egui::{Key, Modifiers};

use crate::driver::{Driver, options};
use crate::support::memory_s3::{Fault, MemoryS3, Recorded};

/// The Doctor's page with its examination at its end.
fn examined(server: &MemoryS3) -> Driver {
    let mut driver = Driver::on_values(options(server));
    driver.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::D);
    driver.until("the end of the examination", |driver| {
        let state = driver.state();
        state.screen == Screen::Doctor && state.doctor.finished.is_some()
    });
    driver
}

#[test]
fn writing_is_tested_after_a_click_and_nothing_stays() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = examined(&server);
    driver.wait("Read: allowed");
    assert!(driver.sees("Write: not tested") && driver.sees("Delete: not tested"));
    driver.click("Test writing");
    driver.wait("Delete: allowed");
    driver.until("the end of the test", |driver| {
        driver.state().probe.testing.is_none()
    });
    for row in ["Write", "Overwrite", "Multipart, abort"] {
        assert!(driver.sees(&format!("{row}: allowed")), "{row}");
    }
    assert_eq!(server.keys(), ["a.txt"]);
    assert!(server.uploads().is_empty());
}

#[test]
fn what_is_denied_is_grey_with_the_missing_action() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    server.fault(|request| {
        let denied = request.method == "PUT";
        denied.then_some(Fault::Status(403, "AccessDenied"))
    });
    let mut driver = examined(&server);
    driver.click("Test writing");
    driver.wait("Write: denied");
    driver.until("the end of the test", |driver| {
        driver.state().probe.testing.is_none()
    });
    driver.key(Modifiers::NONE, Key::Escape);
    driver.settled();
    assert_eq!(driver.state().write_refusal(), Some("needs s3:PutObject"));
    assert_eq!(
        driver.state().delete_refusal(),
        None,
        "deleting was not tried"
    );
    driver.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::N);
    assert!(
        driver.state().dialog.is_none(),
        "no dialog for what is denied"
    );
    server.heal();
    driver.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::D);
    driver.until("another examination", |driver| {
        driver.state().doctor.finished.is_some()
    });
    assert_eq!(driver.state().write_refusal(), None);
}

/// The browser after an examination and a write test in which these requests were denied.
fn denied(denies: fn(&Recorded) -> bool) -> (MemoryS3, Driver) {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    server.fault(move |request| denies(request).then_some(Fault::Status(403, "AccessDenied")));
    let mut driver = examined(&server);
    driver.click("Test writing");
    driver.until("the end of the test", |driver| {
        driver.state().probe.testing.is_none()
    });
    driver.key(Modifiers::NONE, Key::Escape);
    driver.wait("a.txt");
    driver.click("a.txt");
    (server, driver)
}

/// Each key is answered with the missing action, opens nothing, picks nothing and sends nothing.
fn keys_are_answered(driver: &mut Driver, keys: &[(Modifiers, Key)], action: &str) {
    for (modifiers, key) in keys {
        driver.key(*modifiers, *key);
        driver.toast(action);
        assert!(driver.state().dialog.is_none(), "{key:?}");
    }
}

/// Why a command of the palette is grey.
fn in_palette(driver: &mut Driver, command: &str) -> Option<String> {
    driver.key(CTRL, Key::K);
    driver.event(egui::Event::Text(command.to_owned()), Modifiers::NONE);
    driver.step();
    let why = driver.why_grey(command);
    driver.key(Modifiers::NONE, Key::Escape);
    why
}

/// Buttons and items on screen are grey for this reason.
fn are_grey(driver: &Driver, names: &[&str], why: &str) {
    for name in names {
        assert_eq!(driver.why_grey(name).as_deref(), Some(why), "{name}");
    }
}

const NONE: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

#[test]
fn where_writing_is_denied_every_way_to_it_names_the_action() {
    let (server, mut driver) = denied(|request| request.method == "PUT");
    let why = "needs s3:PutObject";
    let keys = [(CTRL, Key::U), (CTRL_SHIFT, Key::N), (NONE, Key::F2)];
    keys_are_answered(&mut driver, &keys, "Needs s3:PutObject");
    let file = driver.file("new.txt", b"new");
    driver.drop_files(&[file]);
    driver.toast("Needs s3:PutObject");
    are_grey(&driver, &["Upload", "New folder"], why);
    assert_eq!(driver.why_grey("Copy link"), None);
    driver.context_menu("a.txt");
    are_grey(&driver, &["Rename…"], why);
    assert_eq!(driver.why_grey("Download…"), None);
    driver.key(NONE, Key::Escape);
    for command in ["Upload files", "New folder", "Rename"] {
        assert_eq!(in_palette(&mut driver, command).as_deref(), Some(why));
    }
    assert_eq!(in_palette(&mut driver, "Download"), None);
    assert_eq!(server.keys(), ["a.txt"]);
}

#[test]
fn where_reading_is_denied_nothing_that_reads_is_offered() {
    let reads = |request: &Recorded| {
        let on_object = !request.path.trim_end_matches('/').ends_with("test-bucket");
        matches!(request.method.as_str(), "GET" | "HEAD") && on_object && request.query.is_empty()
    };
    let (_server, mut driver) = denied(reads);
    let why = "needs s3:GetObject";
    let keys = [(CTRL, Key::D), (CTRL_SHIFT, Key::C), (NONE, Key::F2)];
    keys_are_answered(&mut driver, &keys, "Needs s3:GetObject");
    are_grey(&driver, &["Copy link"], why);
    assert_eq!(driver.why_grey("Upload"), None);
    driver.context_menu("a.txt");
    let items = driver.actionable().into_iter().map(|(_, name)| name);
    let link = { items }.find(|name| name.starts_with("Copy link ("));
    let link = link.expect("the link");
    are_grey(&driver, &[&link, "Download…", "Rename…"], why);
    assert_eq!(driver.why_grey("Delete…"), None);
    driver.key(NONE, Key::Escape);
    for command in ["Download", "Rename", "Copy link for 1 hour"] {
        assert_eq!(in_palette(&mut driver, command).as_deref(), Some(why));
    }
    assert_eq!(in_palette(&mut driver, "Delete"), None);
}

#[test]
fn where_deleting_is_denied_renaming_is_too() {
    let deletes =
        |request: &Recorded| request.method == "DELETE" || request.is("POST", &["delete"]);
    let (_server, mut driver) = denied(deletes);
    let why = "needs s3:DeleteObject";
    let keys = [(NONE, Key::Delete), (NONE, Key::F2)];
    keys_are_answered(&mut driver, &keys, "Needs s3:DeleteObject");
    driver.context_menu("a.txt");
    are_grey(&driver, &["Delete…", "Rename…"], why);
    assert_eq!(driver.why_grey("Download…"), None);
    driver.key(NONE, Key::Escape);
    for command in ["Delete", "Rename"] {
        assert_eq!(in_palette(&mut driver, command).as_deref(), Some(why));
    }
}

#[test]
fn a_second_object_is_not_left_without_asking() {
    let server = MemoryS3::start();
    server.fault(|request| {
        let deletes = request.method == "DELETE" || request.is("POST", &["delete"]);
        deletes.then_some(Fault::Status(403, "AccessDenied"))
    });
    let mut driver = examined(&server);
    let test = |driver: &mut Driver, button: &str| {
        driver.click(button);
        driver.until("the end of the test", |driver| {
            driver.state().probe.testing.is_none()
        });
        server.keys().len()
    };
    assert_eq!(test(&mut driver, "Test writing"), 1);
    assert!(driver.sees_part("The test could not remove"));
    assert!(!driver.sees("Test all the same"));
    assert_eq!(test(&mut driver, "Test writing"), 1);
    assert!(driver.sees_part("which still cannot be removed"));
    assert!(driver.sees("Write: not tested"));
    assert_eq!(test(&mut driver, "Test all the same"), 2);
    assert!(driver.sees("Write: allowed"));
}

#[test]
fn the_servers_abilities_are_shown_and_can_be_said() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = examined(&server);
    driver.click("What it can do");
    driver.wait("ListObjectsV2");
    driver.click("If-None-Match");
    driver.click("ignored");
    let said = |driver: &Driver| {
        let patient = driver.state().doctor.patient.as_ref();
        patient.and_then(|patient| patient.server.set.get(&Ability::IfNoneMatch).copied())
    };
    assert_eq!(said(&driver), Some(Answer::Ignored));
    assert!(driver.sees_part("before an upload the key is looked up"));
    assert!(driver.sees("set by you") && driver.sees("Amazon S3"));
    // What only writing can tell is found out from here.
    assert!(driver.sees("not tested"));
    driver.click("Find out by writing");
    driver.until("the write test", |driver| {
        let state = driver.state();
        state.probe.testing.is_none() && !driver.sees("not tested")
    });
    assert_eq!(said(&driver), Some(Answer::Ignored));
    driver.key(Modifiers::NONE, Key::Escape);
    assert!(driver.state().dialog.is_none());
    assert_eq!(driver.state().doctor.tab, DoctorTab::Credentials);
}

#[test]
fn where_the_bucket_stands_is_chosen_in_the_table_and_set_in_the_options() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = examined(&server);
    driver.click("What it can do");
    driver.wait("ListObjectsV2");
    driver.click("Bucket in the address");
    driver.click("host name and path");
    driver.until("another examination", |driver| {
        let doctor = &driver.state().doctor;
        let setup = doctor.diagnosis.setup.as_ref();
        let style = setup.and_then(|setup| setup.style);
        doctor.finished.is_some() && style == Some(Answer::HostAndPath)
    });
    let patient = driver.state().doctor.patient.as_ref().expect("a patient");
    let style = patient.values.get(OptionId::AddressingStyle);
    assert_eq!(style, Some(&Value::text("auto")));
    assert!(patient.server.set.is_empty());
    assert!(driver.sees_part("AWS_S3_ADDRESSING_STYLE is auto"));
    // The option chooses; what the server can do is as it was.
    driver.key(Modifiers::NONE, Key::Escape);
    assert!(!driver.sees_part("set by you"));
}

#[test]
fn a_policy_is_written_ticked_copied_and_saved() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = examined(&server);
    driver.click("Write a policy for this");
    driver.wait("Copy the policy");
    driver.click("Upload");
    driver.click("Delete");
    driver.click("Copy the policy");
    let copied = driver.copied();
    assert!(copied.contains("s3:GetObject") && copied.contains("arn:aws:s3:::test-bucket/*"));
    assert!(!copied.contains("s3:PutObject") && !copied.contains("s3:DeleteObject"));
    driver.click("For the bucket");
    assert!(driver.sees_part("names who it is for"));
    driver.type_into("Principal", "123456789012");
    let folder = tempfile::tempdir().unwrap();
    driver.will_pick(&[folder.path().to_owned()]);
    driver.click("Save…");
    let path = folder.path().join("bucket-policy-test-bucket.json");
    driver.toast(&format!("Policy saved as {}", path.display()));
    let saved = std::fs::read_to_string(path);
    assert!(saved.unwrap().contains("arn:aws:iam::123456789012:root"));
}
