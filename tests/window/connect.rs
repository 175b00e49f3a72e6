//! Ways to connect, and what of a connection is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cooperage::settings::secrets::{
    EntryName, MemorySecrets, SecretBytes, SecretStore, StoreFault, Vault, VaultStatus,
};
use cooperage::settings::{CredentialMode, OptionId, Value, Values};
use cooperage::state::{Dialog, Screen, Start};

use super::driver::{Driver, Home, options};
use super::support::fixtures::read_tree;
use super::support::memory_s3::{ACCESS_KEY, BUCKET, MemoryS3, SECRET_KEY};

const COMMAND: egui::Modifiers = egui::Modifiers::COMMAND;

/// A computer without a keyring.
struct NoKeyring;

impl SecretStore for NoKeyring {
    fn state(&mut self) -> Result<(), StoreFault> {
        Err(StoreFault::Absent)
    }
    fn unlock(&mut self) -> Result<(), StoreFault> {
        Err(StoreFault::Absent)
    }
    fn get(&mut self, _: &EntryName) -> Result<Option<SecretBytes>, StoreFault> {
        Err(StoreFault::Absent)
    }
    fn set(&mut self, _: &EntryName, _: &[u8]) -> Result<(), StoreFault> {
        Err(StoreFault::Absent)
    }
    fn delete(&mut self, _: &EntryName) -> Result<(), StoreFault> {
        Err(StoreFault::Absent)
    }
}

fn without_keyring() -> Home {
    Home::keeping(Arc::new(Vault::new(|| NoKeyring)))
}

/// Connects from the first page with access keys.
pub(crate) fn connect_with_keys(driver: &mut Driver, server: &MemoryS3) {
    driver.type_into("Bucket", BUCKET);
    driver.type_into("Endpoint", &server.endpoint());
    driver.click("Credentials");
    driver.click("Access key");
    driver.type_into("Access key id", ACCESS_KEY);
    driver.type_into("Secret access key", SECRET_KEY);
    driver.click("Connect");
    driver.settled();
}

/// No file below the folder holds the secret, in whatever form it may have been written.
#[track_caller]
fn assert_no_secret(home: &Home) {
    for (name, bytes) in read_tree(home.folder.path()) {
        let text = String::from_utf8_lossy(&bytes);
        for form in [SECRET_KEY, &SECRET_KEY[..24], &SECRET_KEY[17..]] {
            assert!(!text.contains(form), "{name} holds the secret");
        }
    }
}

#[test]
fn three_fields_of_the_first_page_connect_and_come_back_after_a_restart() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = Driver::start(Start::Remembered);
    driver.wait("Secrets go to the system keyring, unlocked");
    connect_with_keys(&mut driver, &server);
    driver.wait("a.txt");
    driver.until("the connection is saved", |driver| {
        driver.home.text("connections.toml").contains(ACCESS_KEY)
    });
    let home = driver.end();
    assert_no_secret(&home);
    let mut again = Driver::start_in(home, Start::Remembered);
    again.settled();
    again.wait("a.txt");
    again.wait("AKIA…KEY0");
    let home = again.end();
    assert_no_secret(&home);
}

#[test]
fn a_server_is_looked_at_once_and_known_from_then_on() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = Driver::start_in(without_keyring(), Start::Remembered);
    connect_with_keys(&mut driver, &server);
    driver.toast("type them again after each start");
    driver.wait("a.txt");
    driver.until("what was found is kept", |driver| {
        let text = driver.home.text("connections.toml");
        text.contains("[connection.server]") && text.contains("list_v2 = \"yes\"")
    });
    let kept = driver.home.text("connections.toml");
    let endpoint = format!("endpoint = \"{}\"", server.endpoint());
    assert!(kept.contains(&endpoint), "{kept}");
    let looks = || {
        let requests = server.requests();
        let asked = requests.iter().filter(|one| one.is("GET", &["acl"]));
        asked.count()
    };
    assert_eq!(looks(), 1);
    driver.key(egui::Modifiers::NONE, egui::Key::F5);
    driver.settled();
    // The keyring is still absent, and what the program keeps by itself says nothing of that.
    let said = driver.state().toasts.list().iter();
    let again = said.filter(|toast| toast.text.contains("type them again"));
    assert!(again.count() <= 1);
    driver.end();
    assert_eq!(looks(), 1);
}

#[test]
fn without_a_keyring_the_window_says_so_and_no_file_holds_the_secret() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = Driver::start_in(without_keyring(), Start::Remembered);
    driver.wait("No system keyring: secrets stay in memory for this run");
    connect_with_keys(&mut driver, &server);
    driver.toast("type them again after each start");
    driver.wait("a.txt");
    assert_eq!(driver.state().vault, VaultStatus::Absent);
    let home = driver.end();
    assert_no_secret(&home);
    let mut again = Driver::start_in(home, Start::Remembered);
    again.until("why it cannot be opened", |driver| {
        driver.state().connections.failure.is_some()
    });
    again.wait("Check the settings");
    assert!(again.sees_part("cannot be opened"));
}

#[test]
fn the_first_page_says_what_it_lacks() {
    let mut driver = Driver::start(Start::Remembered);
    driver.type_into("Bucket", "https://example.com/");
    driver.click("Connect");
    assert_eq!(driver.state().screen, Screen::Welcome);
    assert!(driver.state().connections.list.is_empty());
}

#[test]
fn options_of_the_command_line_open_a_connection_that_is_not_saved() {
    let server = MemoryS3::start();
    server.put("below/here/a.txt", "a");
    let values = options(&server).with(OptionId::Location, Value::text("below/here"));
    let mut driver = Driver::on_values(values);
    driver.wait("a.txt");
    assert_eq!(
        driver.state().browser.location.prefix.as_str(),
        "below/here/"
    );
    driver.key(COMMAND, egui::Key::B);
    driver.toast("for this run; save the connection to keep it");
    let home = driver.end();
    assert_eq!(home.text("connections.toml"), "");
    assert_no_secret(&home);
}

#[test]
fn a_saved_connection_opens_by_name_and_what_was_set_for_this_run_is_not_saved() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    server.create_bucket("only-today");
    let mut driver = Driver::start(Start::Remembered);
    connect_with_keys(&mut driver, &server);
    let home = driver.end();
    let name = BUCKET.to_owned();
    let overrides = Values::default().with(OptionId::Bucket, Value::text("only-today"));
    let mut driver = Driver::start_in(home, Start::Named { name, overrides });
    driver.settled();
    assert_eq!(driver.state().browser.location.bucket, "only-today");
    driver.key(COMMAND, egui::Key::B);
    driver.toast("Bookmark added");
    driver.until("the bookmark is saved", |driver| {
        driver.home.text("connections.toml").contains("only-today")
    });
    let home = driver.end();
    let mut again = Driver::start_in(
        home,
        Start::Named {
            name: BUCKET.to_owned(),
            overrides: Values::default(),
        },
    );
    again.settled();
    assert_eq!(again.state().browser.location.bucket, BUCKET);
    again.click("Bookmark only-today");
    again.until("the bookmark leads there", |driver| {
        driver.state().browser.location.bucket == "only-today"
    });
}

#[test]
fn a_name_that_no_connection_has_is_said() {
    let mut driver = Driver::start(Start::Named {
        name: "nobody".to_owned(),
        overrides: Values::default(),
    });
    driver.wait("There is no connection named “nobody”.");
    assert_eq!(driver.state().screen, Screen::Welcome);
}

#[test]
fn keys_one_to_nine_open_the_connections_in_their_order() {
    let (first, second) = (MemoryS3::start(), MemoryS3::start());
    first.put("of the first", "1");
    second.put("of the second", "2");
    let mut driver = Driver::start(Start::Remembered);
    connect_with_keys(&mut driver, &first);
    driver.click("New connection");
    connect_with_keys(&mut driver, &second);
    driver.wait("of the second");
    driver.key(COMMAND, egui::Key::Num1);
    driver.wait("of the first");
    driver.key(COMMAND, egui::Key::Num2);
    driver.wait("of the second");
    assert_ne!(
        driver.state().connections.list[0].connection.name,
        driver.state().connections.list[1].connection.name
    );
}

#[test]
fn the_first_page_does_not_keep_the_secret_that_was_typed() {
    let server = MemoryS3::start();
    let mut driver = Driver::start(Start::Remembered);
    connect_with_keys(&mut driver, &server);
    driver.click("New connection");
    assert!(driver.state().welcome.secret_key.is_empty());
    assert_eq!(driver.state().welcome.bucket, "");
    assert_eq!(driver.state().welcome.credentials, CredentialMode::Auto);
}

#[test]
fn bookmarks_and_buckets_added_by_name_stay_with_their_connection() {
    let server = MemoryS3::start();
    server.put("photos/2024/a.jpg", "a");
    server.create_bucket("second-bucket");
    let mut driver = Driver::start(Start::Remembered);
    connect_with_keys(&mut driver, &server);
    driver.open("photos/");
    driver.open("2024/");
    driver.wait("a.jpg");
    driver.click("Bookmark this place");
    driver.toast("Bookmark added");
    driver.click("Add a bucket by name");
    driver.type_into("Bucket", "second-bucket");
    driver.click("Open the bucket");
    driver.wait("Nothing in this folder yet");
    driver.until("both are saved", |driver| {
        let text = driver.home.text("connections.toml");
        text.contains("photos/2024/") && text.contains("second-bucket")
    });
    let home = driver.end();
    let mut again = Driver::start_in(home, Start::Remembered);
    again.settled();
    assert_eq!(again.state().browser.location.bucket, "second-bucket");
    again.click("Bookmark test-bucket/photos/2024/");
    again.wait("a.jpg");
    again.click("Remove the bookmark");
    again.until("the bookmark is gone", |driver| {
        !driver
            .home
            .text("connections.toml")
            .contains("photos/2024/")
    });
}

#[test]
fn a_connection_that_is_removed_is_gone_with_its_secret() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    let mut driver = Driver::start(Start::Remembered);
    connect_with_keys(&mut driver, &server);
    driver.until("saved", |driver| {
        driver.home.text("connections.toml").contains(ACCESS_KEY)
    });
    let mut connection = driver.state().connections.current().unwrap().clone();
    driver.context_menu(&format!("Connection {}", connection.name));
    driver.click("Remove…");
    assert!(matches!(
        driver.state().dialog,
        Some(Dialog::RemoveConnection(_))
    ));
    driver.click("Remove it");
    driver.toast("Connection removed");
    assert_eq!(driver.state().screen, Screen::Welcome);
    assert!(!driver.home.text("connections.toml").contains(ACCESS_KEY));
    connection.values.take_secrets();
    driver.home.secrets.fill(&mut connection);
    assert!(connection.values.get(OptionId::SecretKey).is_none());
    assert_eq!(server.keys(), ["a.txt"], "the objects are where they were");
}

/// A keyring that is there once it is told to come.
#[derive(Default)]
struct LateKeyring(MemorySecrets);

static KEYRING_IS_THERE: AtomicBool = AtomicBool::new(false);

impl LateKeyring {
    fn there(&mut self) -> Result<&mut MemorySecrets, StoreFault> {
        if KEYRING_IS_THERE.load(Ordering::Acquire) {
            Ok(&mut self.0)
        } else {
            Err(StoreFault::Absent)
        }
    }
}

impl SecretStore for LateKeyring {
    fn state(&mut self) -> Result<(), StoreFault> {
        self.there().map(drop)
    }
    fn unlock(&mut self) -> Result<(), StoreFault> {
        self.there().map(drop)
    }
    fn get(&mut self, entry: &EntryName) -> Result<Option<SecretBytes>, StoreFault> {
        self.there()?.get(entry)
    }
    fn set(&mut self, entry: &EntryName, value: &[u8]) -> Result<(), StoreFault> {
        self.there()?.set(entry, value)
    }
    fn delete(&mut self, entry: &EntryName) -> Result<(), StoreFault> {
        self.there()?.delete(entry)
    }
}

#[test]
fn a_keyring_that_comes_late_takes_what_waited_for_it() {
    let server = MemoryS3::start();
    server.put("a.txt", "a");
    server.create_bucket("second-bucket");
    let home = Home::keeping(Arc::new(Vault::new(LateKeyring::default)));
    let mut driver = Driver::start_in(home, Start::Remembered);
    connect_with_keys(&mut driver, &server);
    driver.toast("No system keyring");
    KEYRING_IS_THERE.store(true, Ordering::Release);
    driver.click("New connection");
    driver.type_into("Bucket", "second-bucket");
    driver.type_into("Endpoint", &server.endpoint());
    driver.click("Connect");
    driver.toast("The system keyring keeps the secret now");
    driver.until("the keyring is there", |driver| {
        driver.state().vault == VaultStatus::Unlocked
    });
    let kept = &driver.state().connections.list[0].connection.kept_secrets;
    assert_eq!(kept.len(), 1);
    assert!(
        driver
            .home
            .text("connections.toml")
            .contains("kept_secrets")
    );
    assert_no_secret(&driver.home);
    let mut connection = driver.state().connections.list[0].connection.clone();
    connection.values.take_secrets();
    driver.home.secrets.fill(&mut connection);
    assert_eq!(
        connection.values.get(OptionId::SecretKey),
        Some(&Value::secret(SECRET_KEY))
    );
}

#[test]
fn a_broken_settings_file_is_set_aside_and_named() {
    let home = Home::new();
    std::fs::write(home.folder.path().join("connections.toml"), "schema = [").unwrap();
    let mut driver = Driver::start_in(home, Start::Remembered);
    driver.wait("Try the built-in bucket");
    let told = driver.toasts().join("\n");
    let aside = std::fs::read_dir(driver.home.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .find(|name| name.contains("broken"))
        .expect("the broken file under another name");
    assert!(told.contains(&aside), "{told}");
}

#[test]
fn the_built_in_bucket_has_no_settings_to_edit() {
    let mut driver = Driver::start(Start::Builtin);
    driver.settled();
    driver.key(COMMAND, egui::Key::Comma);
    assert_eq!(driver.state().screen, Screen::Browser);
    let home = driver.end();
    assert_eq!(home.text("connections.toml"), "");
}
