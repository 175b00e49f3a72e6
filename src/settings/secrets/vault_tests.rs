//! Tests of the vault: a store that hangs, is locked, fails or panics, and then the real Secret Service.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Instant;

use super::super::keeper::MOST_THREADS;
use super::*;
use crate::settings::table::OptionId;

const SLOT: SecretSlot = SecretSlot::SessionToken;

fn short<S: SecretStore + 'static>(make: fn() -> S) -> Vault<S> {
    Vault::with_deadlines(make, Duration::from_secs(1), Duration::from_secs(60))
}

/// Makes a store whose mood is a switch of its own, so that tests can run side by side.
macro_rules! moody_store {
    ($name:ident, $mood:ident) => {
        static $mood: AtomicU8 = AtomicU8::new(0);

        #[derive(Default)]
        struct $name(MemorySecrets);

        impl $name {
            fn mood(&mut self) -> Result<&mut MemorySecrets, StoreFault> {
                loop {
                    match $mood.load(Ordering::Acquire) {
                        0 => return Ok(&mut self.0),
                        1 => std::thread::sleep(Duration::from_millis(5)),
                        2 => return Err(StoreFault::Locked),
                        3 => panic!("a store that breaks"),
                        _ => return Err(StoreFault::Absent),
                    }
                }
            }
        }

        impl SecretStore for $name {
            fn state(&mut self) -> Result<(), StoreFault> {
                self.mood().map(drop)
            }
            fn unlock(&mut self) -> Result<(), StoreFault> {
                // The person takes longer than the deadline, then types the password.
                std::thread::sleep(Duration::from_secs(2));
                $mood.store(0, Ordering::Release);
                Ok(())
            }
            fn get(&mut self, entry: &EntryName) -> Result<Option<SecretBytes>, StoreFault> {
                self.mood()?.get(entry)
            }
            fn set(&mut self, entry: &EntryName, value: &[u8]) -> Result<(), StoreFault> {
                self.mood()?.set(entry, value)
            }
            fn delete(&mut self, entry: &EntryName) -> Result<(), StoreFault> {
                self.mood()?.delete(entry)
            }
        }
    };
}

fn until(mut done: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !done() {
        assert!(begin.elapsed() < Duration::from_secs(10), "never happened");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn secrets_are_kept_and_deleted() {
    let vault = Vault::in_memory();
    let id = ConnectionId::random();
    let secret = Secret::new("x".repeat(7_000));
    assert_eq!(vault.set(&id, &SLOT, &secret), Kept::Keyring);
    assert_eq!(vault.get(&id, &SLOT), Ok(Some(secret)));
    assert_eq!(vault.get(&ConnectionId::random(), &SLOT), Ok(None));
    assert_eq!(vault.delete(&id, &SLOT), Ok(()));
    assert_eq!(vault.get(&id, &SLOT), Ok(None));
    assert_eq!(vault.status(), VaultStatus::MemoryOnly);
}

#[test]
fn a_hanging_store_holds_nobody_up_and_works_again_later() {
    moody_store!(Hanging, HANGING);
    let vault = short(Hanging::default);
    let id = ConnectionId::random();
    HANGING.store(1, Ordering::Release);
    let begin = Instant::now();
    let kept = vault.set(&id, &SLOT, &Secret::new("s"));
    assert_eq!(kept, Kept::Memory(StoreFault::NotAnswering));
    assert!(begin.elapsed() >= Duration::from_secs(1));
    assert_eq!(vault.status(), VaultStatus::NotAnswering);
    // The secret works for this run, and further calls are answered at once.
    let again = Instant::now();
    assert_eq!(vault.get(&id, &SLOT), Ok(Some(Secret::new("s"))));
    assert_eq!(
        vault.get(&id, &SecretSlot::CustomerKey(None)),
        Err(StoreFault::NotAnswering)
    );
    assert!(again.elapsed() < Duration::from_millis(900));
    assert_eq!(vault.flush(), []);

    HANGING.store(0, Ordering::Release);
    until(|| vault.probe() == VaultStatus::Unlocked);
    assert_eq!(vault.flush(), [(id.clone(), SLOT)]);
    assert_eq!(vault.flush(), []);
    assert_eq!(vault.get(&id, &SLOT), Ok(Some(Secret::new("s"))));
}

#[test]
fn a_locked_store_waits_for_the_password_in_the_background() {
    moody_store!(Locked, LOCKED);
    let vault = short(Locked::default);
    let id = ConnectionId::random();
    LOCKED.store(2, Ordering::Release);
    assert_eq!(vault.probe(), VaultStatus::Locked);
    assert_eq!(
        vault.set(&id, &SLOT, &Secret::new("s")),
        Kept::Memory(StoreFault::Locked)
    );
    assert_eq!(vault.status(), VaultStatus::Locked);
    until(|| vault.probe() == VaultStatus::Unlocked);
    assert_eq!(vault.flush(), [(id, SLOT)]);
}

#[test]
fn a_panicking_store_is_replaced() {
    moody_store!(Breaking, BREAKING);
    let vault = short(Breaking::default);
    let id = ConnectionId::random();
    BREAKING.store(3, Ordering::Release);
    for _ in 0..2 * MOST_THREADS {
        assert_eq!(vault.probe(), VaultStatus::NotAnswering);
    }
    // The thread needs a moment to end, more when it prints where it panicked.
    BREAKING.store(0, Ordering::Release);
    until(|| vault.probe() == VaultStatus::Unlocked);
    assert_eq!(vault.set(&id, &SLOT, &Secret::new("s")), Kept::Keyring);
    assert_eq!(vault.status(), VaultStatus::Unlocked);
}

#[test]
fn hanging_threads_are_given_up_but_not_without_end() {
    moody_store!(Dead, DEAD);
    let vault = Vault::with_deadlines(
        Dead::default,
        Duration::from_millis(20),
        Duration::from_millis(20),
    );
    DEAD.store(1, Ordering::Release);
    for _ in 0..3 * MOST_THREADS {
        assert_eq!(vault.probe(), VaultStatus::NotAnswering);
        std::thread::sleep(Duration::from_millis(25));
    }
    assert_eq!(
        locked(&vault.inner).keeper.threads.load(Ordering::Acquire),
        MOST_THREADS
    );
    DEAD.store(0, Ordering::Release);
    // Once they go on, they end, and the next call finds a store again.
    until(|| vault.probe() == VaultStatus::Unlocked);
}

#[test]
fn a_connection_is_filled_and_kept() {
    moody_store!(Missing, MISSING);
    let vault = Vault::new(Missing::default);
    let mut one = Connection::new("one");
    let pem = SecretSlot::Option(OptionId::CloudFrontKey);
    one.put_secret(&pem, Secret::new("p".repeat(3_000)));
    one.session_token = Some(Secret::new("t"));
    assert_eq!(
        vault.keep(&mut one, &[]),
        [(pem.clone(), Kept::Keyring), (SLOT, Kept::Keyring)]
    );
    assert_eq!(one.kept_secrets.len(), 2);

    let whole = one.clone();
    drop(one.take_secrets());
    let mut bare = one.clone();
    MISSING.store(9, Ordering::Release);
    assert_eq!(
        vault.fill(&mut bare),
        [
            (pem.clone(), StoreFault::Absent),
            (SLOT, StoreFault::Absent)
        ]
    );
    assert_eq!(vault.status(), VaultStatus::Absent);
    MISSING.store(0, Ordering::Release);
    assert_eq!(vault.fill(&mut bare), []);
    assert_eq!(bare, whole);

    bare.session_token = None;
    vault.keep(&mut bare, &[SLOT]);
    assert_eq!(bare.kept_secrets.iter().collect::<Vec<_>>(), [&pem]);
    assert_eq!(vault.get(&bare.id, &SLOT), Ok(None));
}

/// Runs one of the ignored tests below inside a message bus of its own, with or without a Secret Service on it.
fn inside_a_session(test: &str, service: bool) {
    let tools = ["dbus-run-session", "gnome-keyring-daemon"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let has = |tool: &str| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file());
    if !tools.iter().all(|tool| has(tool)) {
        println!("not tested: {} are not installed", tools.join(" and "));
        return;
    }
    let home = tempfile::tempdir().expect("home");
    let run = tempfile::tempdir().expect("runtime folder");
    let start = if service {
        "eval \"$(printf pass | gnome-keyring-daemon --unlock --components=secrets)\"; "
    } else {
        ""
    };
    let output = Command::new("dbus-run-session")
        .args([
            "--",
            "bash",
            "-c",
            &format!("set -e; {start}exec \"$@\""),
            "_",
        ])
        .arg(std::env::current_exe().expect("own path"))
        .args(["--ignored", "--exact", "--nocapture", "--test-threads=1"])
        .arg(format!("settings::secrets::vault::tests::{test}"))
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", run.path())
        .env("XDG_DATA_HOME", make(home.path(), "data/keyrings"))
        .env("XDG_CONFIG_HOME", make(home.path(), "config"))
        .env("XDG_CACHE_HOME", make(home.path(), "cache"))
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .expect("session");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}\n{errors}"
    );
    assert!(!text.contains("CANARY") && !errors.contains("CANARY"));
}

/// Makes a folder and returns its first part below the home.
fn make(home: &Path, inner: &str) -> std::path::PathBuf {
    std::fs::create_dir_all(home.join(inner)).expect("folder");
    home.join(inner.split('/').next().unwrap_or(inner))
}

#[test]
#[cfg(target_os = "linux")]
fn the_secret_service_keeps_secrets() {
    inside_a_session("in_session_with_service", true);
}

#[test]
#[cfg(target_os = "linux")]
fn a_bus_without_a_secret_service_is_said() {
    inside_a_session("in_session_without_service", false);
}

#[test]
#[ignore = "started by the_secret_service_keeps_secrets inside a session of its own"]
fn in_session_with_service() {
    let deadline = Duration::from_secs(3);
    let vault = Vault::with_deadlines(SystemSecrets::default, deadline, Duration::from_secs(60));
    let id = ConnectionId::random();
    assert_eq!(vault.status(), VaultStatus::NotAsked);
    assert_eq!(vault.probe(), VaultStatus::Unlocked);
    for length in [5, 9_000, 12] {
        let secret = Secret::new(format!("CANARY{}", "é".repeat(length)));
        assert_eq!(vault.set(&id, &SLOT, &secret), Kept::Keyring);
        assert_eq!(vault.get(&id, &SLOT), Ok(Some(secret)));
    }
    assert_eq!(vault.delete(&id, &SLOT), Ok(()));
    assert_eq!(vault.get(&id, &SLOT), Ok(None));

    let secret = Secret::new("CANARY kept");
    assert_eq!(vault.set(&id, &SLOT, &secret), Kept::Keyring);
    // Another program of the same person finds it.
    assert_eq!(Vault::system().get(&id, &SLOT), Ok(Some(secret.clone())));

    // A service that hangs, and goes on.
    let pid = service_pid();
    signal("STOP", &pid);
    let begin = Instant::now();
    assert_eq!(vault.get(&id, &SLOT), Err(StoreFault::NotAnswering));
    assert!(begin.elapsed() < deadline * 2);
    assert_eq!(vault.status(), VaultStatus::NotAnswering);
    signal("CONT", &pid);
    until(|| vault.probe() == VaultStatus::Unlocked);
    assert_eq!(vault.get(&id, &SLOT), Ok(Some(secret.clone())));

    // A service that was restarted since.
    let restart = "printf pass | gnome-keyring-daemon --replace --unlock --components=secrets";
    assert!(
        Command::new("bash")
            .args(["-c", restart])
            .output()
            .expect("restart")
            .status
            .success()
    );
    until(|| service_pid() != pid);
    until(|| vault.probe() == VaultStatus::Unlocked);
    assert_eq!(vault.get(&id, &SLOT), Ok(Some(secret)));

    // A locked keyring: nobody can type the password here.
    let service =
        secret_service::blocking::SecretService::connect(secret_service::EncryptionType::Plain)
            .expect("service");
    service
        .get_default_collection()
        .expect("collection")
        .lock()
        .expect("lock");
    assert_eq!(vault.probe(), VaultStatus::Locked);
    assert_eq!(
        vault.set(&id, &SLOT, &Secret::new("later")),
        Kept::Memory(StoreFault::Locked)
    );
    assert_eq!(vault.get(&id, &SLOT), Ok(Some(Secret::new("later"))));
    assert_eq!(vault.status(), VaultStatus::Locked);
}

#[test]
#[ignore = "started by a_bus_without_a_secret_service_is_said inside a session of its own"]
fn in_session_without_service() {
    // The bus may know how to start the service, which then has no keyring yet; or there is none.
    let vault = Vault::with_deadlines(
        SystemSecrets::default,
        Duration::from_secs(3),
        Duration::from_secs(60),
    );
    let status = vault.probe();
    assert!(
        !status.keeps() && status != VaultStatus::NotAsked,
        "{status:?}"
    );
    let id = ConnectionId::random();
    let secret = Secret::new("CANARY");
    assert!(matches!(vault.set(&id, &SLOT, &secret), Kept::Memory(_)));
    assert_eq!(vault.get(&id, &SLOT), Ok(Some(secret)));
}

fn service_pid() -> String {
    let output = Command::new("dbus-send")
        .args([
            "--session",
            "--dest=org.freedesktop.DBus",
            "--print-reply=literal",
            "/",
        ])
        .args([
            "org.freedesktop.DBus.GetConnectionUnixProcessID",
            "string:org.freedesktop.secrets",
        ])
        .output()
        .expect("dbus-send");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace()
        .last()
        .unwrap_or_default()
        .to_owned()
}

fn signal(name: &str, pid: &str) {
    assert!(pid.parse::<u32>().is_ok(), "{pid:?} is no process");
    assert!(
        Command::new("kill")
            .args([&format!("-{name}"), pid])
            .status()
            .expect("kill")
            .success()
    );
}
