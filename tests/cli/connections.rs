//! Which connection is used, and what Ctrl-C leaves behind.

use std::process::Command;

use cooperage::domain::Timestamp;
use cooperage::settings::file::{Change, ConnectionsFile};
use cooperage::settings::folders::Folders;
use cooperage::settings::{Connection, OptionId, SecretSlot, Value};

use crate::program::{Ran, Setup, bare, run};
use crate::support::fixtures;
use crate::support::memory_s3::{ACCESS_KEY, BUCKET, SECRET_KEY};

/// Saves a connection to the server under this name; its keys come from the environment.
fn save(setup: &Setup, name: &str) {
    let mut connection = Connection::new(name);
    connection
        .values
        .set(OptionId::Endpoint, Value::text(setup.server.endpoint()));
    connection.values.set(OptionId::Bucket, Value::text(BUCKET));
    put(setup, connection);
}

fn put(setup: &Setup, connection: Connection) {
    ConnectionsFile::new(&Folders::in_one(setup.home.path().join("config")))
        .change(&[Change::Put(Box::new(connection))], Timestamp::now())
        .unwrap();
}

fn with_keys(setup: &Setup, arguments: &[&str]) -> Command {
    let mut command = bare(setup.home.path());
    command
        .env("AWS_S3_ACCESS_KEY_ID", ACCESS_KEY)
        .env("AWS_S3_SECRET_ACCESS_KEY", SECRET_KEY)
        .env("COOPERAGE_CONFIG_DIR", setup.home.path().join("config"))
        .args(arguments);
    command
}

#[test]
fn saved_connections_are_found_by_name() {
    let setup = Setup::new();
    setup.server.put("one", "x");
    save(&setup, "Media");
    let seen = |ran: Ran| assert!(ran.out.ends_with("  one\n"), "{}", ran.out);
    seen(run(&mut with_keys(&setup, &["--connection", "Media", "ls"])).ended(0));
    seen(run(&mut with_keys(&setup, &["ls", "--connection", "media"])).ended(0));
    // The only one there is needs no name.
    seen(run(&mut with_keys(&setup, &["ls"])).ended(0));
    save(&setup, "Static");
    let which = run(&mut with_keys(&setup, &["ls"])).ended(2);
    assert!(which.err.contains("Saved: Media, Static."), "{}", which.err);
    let typo = run(&mut with_keys(&setup, &["ls", "--connection", "Madia"])).ended(2);
    assert!(typo.err.contains("did you mean Media?"), "{}", typo.err);
}

#[test]
fn a_policy_needs_no_keyring() {
    let setup = Setup::new();
    let mut connection = Connection::new("media");
    connection
        .values
        .set(OptionId::S3AccessKey, Value::text(ACCESS_KEY));
    connection.values.set(OptionId::Bucket, Value::text(BUCKET));
    connection
        .values
        .set(OptionId::Region, Value::text("cn-north-1"));
    connection
        .kept_secrets
        .insert(SecretSlot::Option(OptionId::S3SecretKey));
    put(&setup, connection);
    let mut command = bare(setup.home.path());
    command
        .env("COOPERAGE_CONFIG_DIR", setup.home.path().join("config"))
        .arg("policy");
    let written = run(&mut command).ended(0);
    assert!(
        written.out.contains("arn:aws-cn:s3:::test-bucket"),
        "{}",
        written.out
    );
}

#[test]
fn set_stands_above_what_is_saved() {
    let setup = Setup::new();
    setup.server.create_bucket("other");
    setup.file("a.txt", "x");
    save(&setup, "media");
    let path = setup.files.path().join("a.txt");
    let path = path.to_str().unwrap();
    let other = "AWS_STORAGE_BUCKET_NAME=other";
    run(&mut with_keys(
        &setup,
        &["put", path, "k", "--connection", "media", "--set", other],
    ))
    .ended(0);
    assert_eq!(setup.server.objects_in("other")[0].0, "k");
    let region = [
        "--set",
        "AWS_S3_REGION_NAME=not a region",
        "--connection",
        "media",
        "ls",
    ];
    let refused = run(&mut with_keys(&setup, &region)).ended(2);
    assert!(
        refused.err.contains("AWS_S3_REGION_NAME"),
        "{}",
        refused.err
    );
}

#[test]
fn the_builtin_bucket_keeps_its_objects() {
    let home = fixtures::folder();
    fixtures::file(home.path(), "a.txt", "kept");
    let with = |arguments: &[&str]| {
        let mut command = bare(home.path());
        run(command
            .args(["--builtin", "--config-dir", "config"])
            .args(arguments))
    };
    with(&["put", "a.txt", "mine/"]).ended(0);
    let listed = with(&["ls", "-r", "mine/"]).ended(0);
    assert!(listed.out.ends_with("  mine/a.txt\n"), "{}", listed.out);
    with(&["get", "mine/a.txt", "b.txt"]).ended(0);
    assert_eq!(std::fs::read(home.path().join("b.txt")).unwrap(), b"kept");
    let link = with(&["url", "mine/a.txt"]).ended(0);
    assert!(link.out.starts_with("http://127.0.0.1:"), "{}", link.out);
    assert!(link.err.contains("built-in bucket"), "{}", link.err);
}

/// Presses Ctrl-C.
#[cfg(unix)]
pub(crate) fn interrupt(child: &std::process::Child) {
    let kill = format!("kill -INT {}", child.id());
    let killed = Command::new("sh").args(["-c", &kill]).status().unwrap();
    assert!(killed.success());
}

#[cfg(unix)]
#[test]
fn ctrl_c_removes_what_a_write_test_wrote() {
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    use crate::support::memory_s3::Fault;

    let setup = Setup::new();
    // The object is there, and what comes next takes long.
    setup.server.fault(|request| {
        let later = request.method == "POST" && request.parameter("uploads").is_some();
        later.then(|| Fault::Delay(Duration::from_secs(3)))
    });
    let child = setup
        .command(&["doctor", "--write-test"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while setup.server.keys().is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "nothing was written"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    interrupt(&child);
    let ended = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(130), "{err}");
    assert_eq!(setup.server.keys(), Vec::<String>::new(), "{err}");
    assert!(
        err.contains("stopping; removing the test's object"),
        "{err}"
    );
}

#[cfg(unix)]
#[test]
fn ctrl_c_takes_unfinished_uploads_back() {
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    use crate::support::memory_s3::Fault;

    let setup = Setup::new();
    setup.file("large.bin", fixtures::pattern(40 * 1024 * 1024, 5));
    setup.server.fault(|request| {
        let is_part = request.method == "PUT" && request.parameter("partNumber").is_some();
        is_part.then(|| Fault::Delay(Duration::from_secs(20)))
    });
    let child = setup
        .command(&["put", "large.bin", "x/"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while setup.server.uploads().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(30), "no upload began");
        std::thread::sleep(Duration::from_millis(20));
    }
    let interrupted = Instant::now();
    interrupt(&child);
    let ended = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(130), "{err}");
    assert!(err.contains("interrupted"), "{err}");
    assert!(
        interrupted.elapsed() < Duration::from_secs(15),
        "it waited for the server"
    );
    assert!(
        setup.server.uploads().is_empty(),
        "an unfinished upload was left"
    );
    assert!(setup.server.keys().is_empty());
}
