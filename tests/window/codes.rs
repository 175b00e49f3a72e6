//! The Doctor asks for the code of an MFA device: once for everything that is done with the connection, and it says so
//! when none is given.

use cooperage::domain::diagnosis::{Break, CodeEnd, Light, Permission, RungState, Verdict};
use cooperage::settings::{OptionId, Value};
use cooperage::state::{Dialog, Start};
use egui::{Key, Modifiers};

use super::driver::Driver;
use super::own_process;
use super::support::identity_center::{Behaviour, IdentityCenter as Amazon, pairs};
use super::support::memory_s3::{ACCESS_KEY, MemoryS3, SECRET_KEY};
use super::support::scripted::Asked;

/// Where the test that runs in a process of its own finds the server.
const SERVER: &str = "COOPERAGE_TEST_SERVER";

const CONFIG: &str = "[profile work]\nregion = us-east-1\nrole_arn = arn:aws:iam::111111111111:role/needs-mfa\n\
                      source_profile = base\nmfa_serial = arn:aws:iam::111111111111:mfa/window\n";
const BASE: &str = "[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n";

/// Runs one of the tests below; gives the number of times that STS was asked for the role.
#[track_caller]
fn in_own_process(test: &str) -> usize {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let amazon = Amazon::start(Behaviour {
        role_keys: Some((ACCESS_KEY, SECRET_KEY)),
        ..Behaviour::default()
    });
    let mut variables = amazon.variables();
    variables.push((SERVER, server.endpoint()));
    own_process::run(&format!("codes::{test}"), CONFIG, BASE, &variables);
    let asked = amazon.asked();
    let form = |asked: &Asked| pairs(&String::from_utf8_lossy(&asked.body));
    let action = |asked| form(asked).remove("Action");
    let roles = asked.iter().map(action);
    roles
        .filter(|action| action.as_deref() == Some("AssumeRole"))
        .count()
}

/// The program on a connection of the profile that was not opened, because nobody gave the code.
fn without_code() -> Driver {
    let values = cooperage::settings::Values::default()
        .with(OptionId::SessionProfile, Value::text("work"))
        .with(
            OptionId::Endpoint,
            Value::text(std::env::var(SERVER).unwrap()),
        )
        .with(OptionId::Bucket, Value::text("test-bucket"))
        .with(OptionId::SignatureVersion, Value::text("s3v4"));
    let mut driver = Driver::start(Start::Unsaved(values));
    driver.wait("Code of your MFA device");
    driver.click("Cancel");
    driver.until("that it is not open", |driver| {
        driver.sees_part("cannot be opened")
    });
    driver
}

fn examine(driver: &mut Driver) {
    driver.key(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::D);
    driver.wait("Where credentials come from");
    driver.wait("Code of your MFA device");
    // Nothing is said to sign before it does.
    assert!(driver.sees("not known yet") && !driver.sees("used"));
}

fn asks(driver: &Driver) -> bool {
    matches!(driver.state().dialog, Some(Dialog::Code(_)))
}

fn state_of_profile(driver: &Driver) -> Option<&RungState> {
    let ladder = &driver.state().doctor.diagnosis.ladder;
    ladder.first().map(|rung| &rung.state)
}

fn type_code(driver: &mut Driver) {
    driver.type_into("Six-digit code", "123456");
    driver.click("Use the code");
    driver.until("the role's keys", |driver| {
        let ladder = &driver.state().doctor.diagnosis.ladder;
        ladder
            .first()
            .is_some_and(|rung| rung.light() == Light::Good)
            && driver.sees("used")
    });
}

fn ended(driver: &mut Driver) {
    driver.until("the end", |driver| {
        !asks(driver) && driver.state().doctor.running.is_none()
    });
}

#[test]
fn one_code_serves_the_examination_the_write_test_and_the_connection() {
    assert_eq!(in_own_process("with_one_code"), 1);
}

#[test]
#[ignore = "started by the test above, with files of its own"]
fn with_one_code() {
    let mut driver = without_code();
    examine(&mut driver);
    type_code(&mut driver);
    driver.until("the end", |driver| driver.sees("Everything is in order"));
    driver.click("Test writing");
    driver.until("the write test", |driver| {
        assert!(!asks(driver), "a code is asked for again");
        let matrix = driver.state().doctor.diagnosis.permissions.as_ref();
        matrix.is_some_and(|matrix| matrix.verdict(Permission::Delete) == Verdict::Allowed)
    });
    driver.click("Run again");
    driver.until("the second examination", |driver| {
        assert!(!asks(driver), "a code is asked for again");
        driver.state().doctor.running.is_none() && driver.sees("Everything is in order")
    });
    // What could not be opened before is opened, now that nothing is wrong with it.
    driver.click("Back");
    driver.until("the bucket", |driver| {
        assert!(!asks(driver), "a code is asked for again");
        driver.sees("a.txt")
    });
}

#[test]
fn a_code_that_is_not_given_is_missed_by_the_ladder_until_it_is() {
    assert_eq!(in_own_process("without_a_code"), 1);
}

#[test]
#[ignore = "started by the test above, with files of its own"]
fn without_a_code() {
    let mut driver = without_code();
    examine(&mut driver);
    driver.click_last("Cancel");
    ended(&mut driver);
    let cause = Break::CodeNeeded {
        serial: "arn:aws:iam::111111111111:mfa/window".to_owned(),
        role: "needs-mfa".to_owned(),
        end: CodeEnd::NotGiven,
    };
    let failed = RungState::Failed {
        cause: Box::new(cause),
        matters: true,
    };
    assert_eq!(state_of_profile(&driver), Some(&failed));
    assert!(driver.sees("No code was given for role needs-mfa"));
    assert!(driver.sees("failed"));
    driver.click("Enter the code");
    driver.wait("Code of your MFA device");
    type_code(&mut driver);
    ended(&mut driver);
    assert!(!driver.sees("No code was given for role needs-mfa"));
}
