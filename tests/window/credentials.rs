//! Signing in, taking a role, codes and pasted keys in the window, against a scripted Amazon.

use std::time::Duration;

use cooperage::domain::Timestamp;
use cooperage::settings::{CredentialMode, OptionId, Value};
use cooperage::state::credentials::Stage;
use cooperage::state::{Dialog, Start};
use cooperage::worker::World;

use super::connect::connect_with_keys;
use super::driver::{Driver, Home, options};
use super::support::identity_center::{Behaviour, IdentityCenter as Amazon};
use super::support::memory_s3::{ACCESS_KEY, MemoryS3, SECRET_KEY};

/// The program on an unsaved connection, with the way to the scripted Amazon.
fn start(server: &MemoryS3, amazon: &Amazon) -> Driver {
    let mut home = Home::new();
    let folder = home.folder.path().to_str().unwrap().to_owned();
    let mut variables = amazon.variables();
    variables.extend([("HOME", folder.clone()), ("USERPROFILE", folder)]);
    let pairs = variables
        .iter()
        .map(|(name, value)| (*name, value.as_str()));
    home.world = World::of(pairs, "", "").with_second(Duration::from_millis(20));
    let mut driver = Driver::start_in(home, Start::Unsaved(options(server)));
    driver.settled();
    driver
}

/// Runs a command of the palette.
fn command(driver: &mut Driver, name: &str) {
    driver.key(egui::Modifiers::COMMAND, egui::Key::K);
    driver.event(egui::Event::Text(name.to_owned()), egui::Modifiers::NONE);
    driver.key(egui::Modifiers::NONE, egui::Key::Enter);
}

fn source(driver: &Driver) -> String {
    let opened = driver.state().connections.opened.as_ref();
    opened
        .map(|opened| opened.identity.source.clone())
        .unwrap_or_default()
}

#[test]
fn a_code_signs_in_and_account_and_role_become_the_connection() {
    let (server, amazon) = (MemoryS3::start(), Amazon::start(Behaviour::default()));
    amazon.change(|behaviour| behaviour.device_answers = vec!["authorization_pending"; 100_000]);
    let mut driver = start(&server, &amazon);
    command(&mut driver, "Sign in to Identity Center");
    driver.clear("Start URL");
    driver.type_into("Start URL", "https://corp.awsapps.com/start");
    driver.clear("Region of Identity Center");
    driver.type_into("Region of Identity Center", "eu-central-1");
    driver.click("Code, in any browser");
    driver.click("Sign in");
    driver.wait("ABCD-EFGH");
    assert!(driver.sees_part("left."), "the time runs");
    driver.click("Copy code");
    assert_eq!(driver.copied(), "ABCD-EFGH");
    // The person confirms.
    amazon.change(|behaviour| behaviour.device_answers.clear());
    driver.wait("Choose account and role");
    driver.wait("Media  222222222222");
    // The dialog has grown by the lists and finds its place anew.
    for _ in 0..10 {
        driver.step();
    }
    driver.click("Media  222222222222");
    driver.click("Editor");
    driver.click("Use these credentials");
    driver.until("keys of the role", |driver| {
        source(driver).starts_with("Identity Center")
    });
    let connection = driver.state().connections.current().unwrap().clone();
    assert_eq!(connection.credentials, CredentialMode::IdentityCenter);
    let center = connection.identity_center.unwrap();
    assert_eq!(
        (center.account.as_str(), center.role.as_str()),
        ("222222222222", "Editor")
    );
    let cache = driver.home.folder.path().join(".aws/sso/cache");
    assert_eq!(std::fs::read_dir(cache).unwrap().count(), 1);
    assert!(
        !driver.home.folder.path().join(".aws/config").exists(),
        "nothing is written unasked"
    );
}

#[test]
fn a_denied_sign_in_says_so_and_can_be_tried_again() {
    let amazon = Amazon::start(Behaviour {
        device_answers: vec!["access_denied"],
        ..Behaviour::default()
    });
    let server = MemoryS3::start();
    let mut driver = start(&server, &amazon);
    command(&mut driver, "Sign in to Identity Center");
    driver.clear("Start URL");
    driver.type_into("Start URL", "https://corp.awsapps.com/start");
    driver.clear("Region of Identity Center");
    driver.type_into("Region of Identity Center", "eu-central-1");
    driver.click("Code, in any browser");
    driver.click("Sign in");
    driver.until("the reason", |driver| {
        driver.sees_part("The sign-in was denied")
    });
    driver.click("Sign in");
    driver.wait("Choose account and role");
    driver.key(egui::Modifiers::NONE, egui::Key::Escape);
    assert!(driver.state().dialog.is_none());
}

#[test]
fn a_role_asks_for_its_code_and_the_keys_count_down() {
    let amazon = Amazon::start(Behaviour {
        key_secs: 600,
        ..Behaviour::default()
    });
    let server = MemoryS3::start();
    let mut driver = start(&server, &amazon);
    command(&mut driver, "Assume a role");
    driver.type_into("Role ARN", "arn:aws:iam::111111111111:role/needs-mfa");
    driver.type_into("MFA device", "arn:aws:iam::111111111111:mfa/window");
    driver.click("Assume the role");
    driver.wait("Code of your MFA device");
    driver.type_into("Six-digit code", "000000");
    driver.click("Use the code");
    driver.until("the refusal", |driver| {
        driver.sees_part("AWS did not take this code")
    });
    // The cursor is in the field again.
    driver.event(
        egui::Event::Text("123456".to_owned()),
        egui::Modifiers::NONE,
    );
    driver.key(egui::Modifiers::NONE, egui::Key::Enter);
    driver.until("keys of the role", |driver| {
        source(driver) == "role \"needs-mfa\" of connection"
    });
    // Ten minutes are little: a warning, with what helps.
    amazon.change(|behaviour| behaviour.code = "654321");
    driver.click("Renew");
    driver.wait("Code of your MFA device");
    driver.type_into("Six-digit code", "654321");
    driver.click("Use the code");
    driver.toast("New keys until");
    // Who does not answer is not asked again by itself.
    driver.click("Renew");
    driver.wait("Code of your MFA device");
    driver.click("Cancel");
    driver.toast("No code was given for role needs-mfa");
    assert!(!matches!(driver.state().dialog, Some(Dialog::Code(_))));
}

#[test]
fn a_role_that_cannot_be_taken_is_not_kept_and_says_why() {
    let (server, amazon) = (MemoryS3::start(), Amazon::start(Behaviour::default()));
    let mut driver = start(&server, &amazon);
    let kept = |driver: &Driver| {
        let connection = driver.state().connections.current().expect("a connection");
        connection.role.as_ref().map(|role| role.arn.clone())
    };
    let (forbidden, editor) = (
        "arn:aws:iam::111111111111:role/forbidden",
        "arn:aws:iam::111111111111:role/editor",
    );
    command(&mut driver, "Assume a role");
    driver.type_into("Role ARN", forbidden);
    driver.click("Assume the role");
    driver.until("why not", |driver| {
        driver.sees_part("These credentials may not take the role")
    });
    assert!(
        driver.sees_part("trust policy, letter by letter"),
        "what to do"
    );
    assert_eq!(kept(&driver), None, "nothing is kept yet");
    // Another one is tried in its place.
    driver.clear("Role ARN");
    driver.type_into("Role ARN", editor);
    assert!(!driver.sees_part("These credentials may not take the role"));
    driver.click("Assume the role");
    driver.until("the role is kept", |driver| kept(driver).is_some());
    assert_eq!(kept(&driver).as_deref(), Some(editor));
    driver.toast("Role “editor” taken");
    // A connection with a role can be without one again, and what is said to be kept is kept.
    command(&mut driver, "Assume a role");
    driver.click("Take no role");
    assert_eq!(kept(&driver), None);
    assert!(driver.state().dialog.is_none());
    command(&mut driver, "Assume a role");
    assert!(!driver.sees("Take no role") && !driver.sees("Save anyway"));
    driver.type_into("Role ARN", forbidden);
    driver.click("Assume the role");
    driver.wait("Save anyway");
    driver.click("Save anyway");
    assert_eq!(kept(&driver).as_deref(), Some(forbidden));
}

#[test]
fn a_role_whose_code_is_not_given_comes_back_to_its_dialog() {
    let (server, amazon) = (MemoryS3::start(), Amazon::start(Behaviour::default()));
    let mut driver = start(&server, &amazon);
    command(&mut driver, "Assume a role");
    driver.type_into("Role ARN", "arn:aws:iam::111111111111:role/needs-mfa");
    driver.type_into("MFA device", "arn:aws:iam::111111111111:mfa/window");
    driver.click("Assume the role");
    driver.wait("Code of your MFA device");
    driver.click("Cancel");
    driver.until("the dialog of the role", |driver| {
        driver.sees("Try again") && driver.sees_part("No code was given")
    });
    driver.click("Try again");
    driver.wait("Code of your MFA device");
    driver.type_into("Six-digit code", "123456");
    driver.click("Use the code");
    driver.until("keys of the role", |driver| {
        source(driver) == "role \"needs-mfa\" of connection"
    });
    assert!(
        driver.state().dialog.is_none(),
        "one code serves the try and the connection"
    );
}

#[test]
fn a_pasted_block_is_read_and_its_secret_never_shown() {
    let (server, amazon) = (MemoryS3::start(), Amazon::start(Behaviour::default()));
    let mut driver = start(&server, &amazon);
    command(&mut driver, "Paste key, secret and token");
    let secret = "wJalrXUtnFEMICANARYbPxRfiCYEXAMPLEKEYCAN";
    let field = "Key, secret and token";
    driver.type_into(
        field,
        &format!(
            "export AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE export AWS_SECRET_ACCESS_KEY={secret}"
        ),
    );
    driver.until("what was found", |driver| driver.sees_part("ASIA…MPLE"));
    assert!(
        driver.sees_part("needs a session token"),
        "what is missing is said"
    );
    assert!(driver.sees_part("40 characters"));
    driver.type_into(field, " export AWS_SESSION_TOKEN=CANARYtoken");
    driver.until("the token", |driver| driver.sees_part("11 characters"));
    assert!(!driver.sees_part("CANARY"), "a secret is on screen");
    driver.click("Use these keys");
    driver.until("the keys in use", |driver| {
        let opened = driver.state().connections.opened.as_ref();
        opened.is_some_and(|opened| opened.identity.access_key_masked == "ASIA…MPLE")
    });
    let connection = driver.state().connections.current().unwrap();
    assert_eq!(connection.credentials, CredentialMode::Keys);
    assert_eq!(
        connection.values.get(OptionId::S3SecretKey),
        Some(&Value::secret(secret))
    );
    let token = connection
        .session_token
        .as_ref()
        .map(cooperage::domain::Secret::reveal);
    assert_eq!(token, Some("CANARYtoken"));
    assert!(!driver.sees_part("CANARY"), "a secret is on screen");
}

/// Keys of the test server with an end, in the form of `aws configure export-credentials`.
fn exported(end: Timestamp) -> String {
    format!(
        "export AWS_ACCESS_KEY_ID={ACCESS_KEY} export AWS_SECRET_ACCESS_KEY={SECRET_KEY} \
         export AWS_CREDENTIAL_EXPIRATION={}",
        end.iso()
    )
}

#[test]
fn keys_pasted_with_their_end_count_down_also_after_a_restart() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = Driver::start(Start::Remembered);
    connect_with_keys(&mut driver, &server);
    driver.wait("a.txt");
    let end = Timestamp::now().plus_secs(3 * 3600 + 1800);
    command(&mut driver, "Paste key, secret and token");
    driver.type_into("Key, secret and token", &exported(end));
    driver.until("the end", |driver| driver.sees_part("The keys end"));
    driver.click("Use these keys");
    let counts = |driver: &Driver| {
        let opened = driver.state().connections.opened.as_ref();
        opened.is_some_and(|opened| opened.identity.expires == Some(end))
            && driver.sees_part("3 h")
            && driver.sees_part("min left")
    };
    driver.until("the time left", counts);
    driver.until("it is saved", |driver| {
        driver.home.text("connections.toml").contains(&end.iso())
    });
    let home = driver.end();
    let mut driver = Driver::start_in(home, Start::Remembered);
    driver.until("the time left, still", counts);
}

#[test]
fn keys_that_have_ended_are_not_used_and_new_ones_can_be_pasted() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = Driver::start(Start::Remembered);
    connect_with_keys(&mut driver, &server);
    driver.wait("a.txt");
    server.forget_requests();
    command(&mut driver, "Paste key, secret and token");
    let over = Timestamp::now().plus_secs(-60);
    driver.type_into("Key, secret and token", &exported(over));
    driver.until("that they ended", |driver| driver.sees_part("have ended"));
    driver.click("Use these keys");
    driver.wait("The session has ended");
    assert_eq!(server.requests().len(), 0, "nothing is signed with them");
    driver.click("Paste new keys");
    let end = Timestamp::now().plus_secs(600);
    driver.type_into("Key, secret and token", &exported(end));
    driver.click("Use these keys");
    driver.until("the new keys", |driver| {
        let opened = driver.state().connections.opened.as_ref();
        opened.is_some_and(|opened| opened.identity.expires == Some(end))
    });
    // Ten minutes are little: a warning, with what helps.
    driver.wait("Paste new keys");
}

#[test]
fn words_that_are_no_keys_are_not_taken_for_them() {
    let (server, amazon) = (MemoryS3::start(), Amazon::start(Behaviour::default()));
    let mut driver = start(&server, &amazon);
    let before = driver.state().connections.current().unwrap().clone();
    command(&mut driver, "Paste key, secret and token");
    let field = "Key, secret and token";
    driver.type_into(field, "hello world");
    driver.until("the refusal", |driver| {
        driver.sees_part("do not look like keys")
    });
    driver.key(egui::Modifiers::NONE, egui::Key::Enter);
    assert!(matches!(driver.state().dialog, Some(Dialog::PasteKeys(_))));
    driver.clear(field);
    driver.type_into(field, "minioadmin minioadmin");
    driver.until("how it is read", |driver| {
        driver.sees_part("the first is read as the key id")
    });
    assert!(driver.sees_part("10 characters"));
    assert!(!driver.sees_part("minioadmin"), "a secret is on screen");
    driver.click("Cancel");
    let after = driver.state().connections.current().unwrap();
    assert_eq!(after.values, before.values);
}

#[test]
fn enter_confirms_what_is_complete_and_keeps_the_keyboard_else() {
    let (server, amazon) = (MemoryS3::start(), Amazon::start(Behaviour::default()));
    let mut driver = start(&server, &amazon);
    command(&mut driver, "Assume a role");
    driver.type_into("Role ARN", "arn:aws:iam::");
    driver.key(egui::Modifiers::NONE, egui::Key::Enter);
    driver.event(
        egui::Event::Text("111111111111:role/editor".to_owned()),
        egui::Modifiers::NONE,
    );
    assert!(
        matches!(&driver.state().dialog, Some(Dialog::AssumeRole(dialog)) if dialog.problem().is_none()),
        "what is typed still goes into the field"
    );
    driver.key(egui::Modifiers::NONE, egui::Key::Enter);
    driver.until("the role is taken", |driver| {
        driver.state().dialog.is_none()
    });
    command(&mut driver, "Sign in to Identity Center");
    driver.clear("Region of Identity Center");
    driver.type_into("Region of Identity Center", "eu-central-1");
    driver.clear("Start URL");
    driver.type_into("Start URL", "https://corp.awsapps.com/start");
    driver.key(egui::Modifiers::NONE, egui::Key::Enter);
    driver.until("the sign-in", |driver| {
        matches!(&driver.state().dialog, Some(Dialog::SignIn(dialog)) if !matches!(dialog.stage, Stage::Address))
    });
}
