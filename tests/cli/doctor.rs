//! `doctor`: a healthy connection ends with 0 and shows nothing red, a broken one with 1 and its cause.

use serde_json::Value;

use cooperage::domain::Timestamp;
use cooperage::settings::file::{Change, ConnectionsFile};
use cooperage::settings::folders::Folders;
use cooperage::settings::{Access, Connection};

use crate::program::{Ran, Setup, bare, run};
use crate::support::memory_s3::{ACCESS_KEY, BUCKET, Fault, Recorded, SECRET_KEY};

pub(crate) fn doctor(setup: &Setup, more: &[&str]) -> std::process::Command {
    let mut command = bare(setup.home.path());
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    command.arg("doctor");
    for option in [
        format!("AWS_S3_ENDPOINT_URL={}", setup.server.endpoint()),
        format!("AWS_STORAGE_BUCKET_NAME={BUCKET}"),
        "AWS_S3_ADDRESSING_STYLE=path".to_owned(),
    ] {
        command.args(["--set", &option]);
    }
    command.args(more);
    command
}

pub(crate) fn typed() -> [String; 2] {
    [
        format!("AWS_S3_ACCESS_KEY_ID={ACCESS_KEY}"),
        format!("AWS_S3_SECRET_ACCESS_KEY={SECRET_KEY}"),
    ]
}

pub(crate) fn objects(text: &str, kind: &str) -> Vec<Value> {
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    let of_kind = |one: &Value| one["type"] == kind;
    lines.filter(of_kind).collect()
}

#[test]
fn a_healthy_connection_shows_nothing_red() {
    let setup = Setup::new();
    let [key, secret] = typed();
    let ran = run(&mut doctor(&setup, &["--set", &key, "--set", &secret])).ended(0);
    assert!(
        ran.out.contains("Connection, S3 key pair: used"),
        "{}",
        ran.out
    );
    assert!(!ran.out.contains("[X]"), "{}", ran.out);
    assert!(!ran.out.contains(SECRET_KEY), "{}", ran.out);
    let ran = run(&mut doctor(
        &setup,
        &["--set", &key, "--set", &secret, "--json"],
    ))
    .ended(0);
    let first: Value = serde_json::from_str(ran.out.lines().next().unwrap()).unwrap();
    assert_eq!(first["type"], "examination");
    assert_eq!(first["connection"], "command line");
    assert_eq!(first["endpoint"], setup.server.endpoint());
    assert_eq!(
        (&first["bucket"], &first["prefix"]),
        (&BUCKET.into(), &"".into())
    );
    assert_eq!(
        (&first["region"], &first["addressing"]),
        (&"us-east-1".into(), &"path".into())
    );
    let settings = first["settings"].as_array().unwrap();
    let bucket = settings
        .iter()
        .find(|one| one["name"] == "AWS_STORAGE_BUCKET_NAME");
    assert_eq!(bucket.unwrap()["value"], BUCKET);
    let rungs = objects(&ran.out, "rung");
    assert_eq!(
        (&rungs[0]["source"], &rungs[0]["standing"]),
        (&"session-profile".into(), &"not-set".into())
    );
    assert_eq!(
        (&rungs[1]["source"], &rungs[1]["standing"]),
        (&"s3-key-pair".into(), &"used".into())
    );
    let signs: Vec<_> = rungs.iter().filter(|rung| rung["signs"] == true).collect();
    assert_eq!(signs.len(), 1);
    assert_eq!(signs[0]["number"], 2);
    let checks = objects(&ran.out, "check");
    let kinds: Vec<_> = checks
        .iter()
        .filter_map(|one| one["kind"].as_str())
        .collect();
    assert_eq!(
        (kinds.len(), kinds[0], kinds[9]),
        (11, "settings", "listing")
    );
    assert!(
        checks.iter().all(|check| check["light"] != "bad"),
        "{}",
        ran.out
    );
    let end = &objects(&ran.out, "diagnosis")[0];
    assert_eq!(
        (&end["ok"], &end["broken"]),
        (&Value::Bool(true), &Value::from(0))
    );
    // What the server lacks was asked for and is told as an ability, not as a request that failed.
    assert_eq!(objects(&ran.out, "request"), Vec::<Value>::new());
    assert!(!ran.out.contains(SECRET_KEY), "{}", ran.out);
}

#[test]
fn what_may_be_done_and_what_the_server_can_do_is_told_as_text_and_as_objects() {
    let setup = Setup::new();
    let [key, secret] = typed();
    let keys = ["--set", &key, "--set", &secret];
    let ran = run(&mut doctor(&setup, &keys)).ended(0);
    for line in [
        format!("What these credentials may do (s3://{BUCKET}/*)"),
        "[ok] List the prefix   allowed".to_owned(),
        "[-]  Write             not tested".to_owned(),
        "What the server can do (127.0.0.1:".to_owned(),
        "[ok] ListObjectsV2 ".to_owned(),
    ] {
        assert!(ran.out.contains(&line), "{line}\n{}", ran.out);
    }
    assert!(ran.err.contains("--write-test"), "{}", ran.err);

    let ran = run(doctor(&setup, &keys).arg("--json")).ended(0);
    let rows = objects(&ran.out, "permission");
    assert_eq!(rows.len(), 15, "{}", ran.out);
    assert_eq!(
        (&rows[0]["name"], &rows[0]["verdict"], &rows[0]["action"]),
        (
            &Value::from("list_prefix"),
            &Value::from("allowed"),
            &Value::from("s3:ListBucket")
        )
    );
    let write = rows.iter().find(|row| row["name"] == "write").unwrap();
    assert_eq!(
        (&write["verdict"], &write["reason"]),
        (&Value::from("not_tested"), &Value::from("not_asked"))
    );
    let abilities = objects(&ran.out, "ability");
    assert_eq!(abilities.len(), 12, "{}", ran.out);
    let digest = abilities
        .iter()
        .find(|one| one["name"] == "batch_delete")
        .unwrap();
    assert_eq!(
        (&digest["found"], &digest["unknown"], &digest["amazon"]),
        (
            &Value::Null,
            &Value::from("needs_write_test"),
            &Value::from("md5-or-checksum")
        )
    );
    assert_eq!(objects(&ran.out, "server").len(), 1);
}

#[test]
fn writing_is_tested_when_asked_and_leaves_nothing_behind() {
    let setup = Setup::new();
    let [key, secret] = typed();
    let keys = ["--set", &key, "--set", &secret, "--write-test", "--json"];
    let before = setup.server.keys();
    let ran = run(&mut doctor(&setup, &keys)).ended(0);
    let rows = objects(&ran.out, "permission");
    let writes: Vec<_> = rows.iter().filter(|row| row["writes"] == true).collect();
    assert_eq!(writes.len(), 4);
    for row in &writes {
        assert_eq!(row["verdict"], "allowed", "{row}");
    }
    let abilities = objects(&ran.out, "ability");
    let told = abilities.iter().all(|one| one["unknown"].is_null());
    assert!(told, "{}", ran.out);
    assert!(!ran.err.contains("--write-test"), "{}", ran.err);
    assert_eq!(setup.server.keys(), before);
}

#[test]
fn what_is_denied_is_told_and_is_not_broken() {
    let setup = Setup::new();
    let denied = |asked: &Recorded| asked.is("GET", &["policy"]);
    (setup.server).fault(move |asked| denied(asked).then_some(Fault::Status(403, "AccessDenied")));
    let [key, secret] = typed();
    let keys = ["--set", &key, "--set", &secret, "--json"];
    let ran = run(&mut doctor(&setup, &keys)).ended(0);
    let rows = objects(&ran.out, "permission");
    let policy = rows.iter().find(|row| row["name"] == "policy").unwrap();
    assert_eq!(policy["verdict"], "denied", "{policy}");
    assert_eq!(objects(&ran.out, "diagnosis")[0]["ok"], true);
    let failed = objects(&ran.out, "request");
    let request = failed
        .iter()
        .find(|one| one["operation"] == "GetBucketPolicy");
    let request = request.unwrap_or_else(|| panic!("{failed:?}"));
    assert_eq!(
        (&request["status"], &request["code"], &request["bucket"]),
        (
            &Value::from(403),
            &Value::from("AccessDenied"),
            &Value::from(BUCKET)
        )
    );
    let host = setup.server.endpoint().replace("http://", "");
    assert_eq!(request["host"], host);
    assert!(
        request["began"]
            .as_str()
            .is_some_and(|text| text.ends_with('Z'))
    );
    assert!(request["total_ms"].as_f64().is_some(), "{request}");
    assert!(request["cause"].as_str().is_some(), "{request}");

    let ran = run(&mut doctor(&setup, &keys[..4])).ended(0);
    let list = ran.out.split("Requests that were refused or failed").nth(1);
    let list = list.unwrap_or_else(|| panic!("{}", ran.out));
    let line = list.lines().find(|line| line.contains("GetBucketPolicy"));
    let line = line.unwrap_or_else(|| panic!("{list}"));
    assert!(
        line.contains("403 AccessDenied") && line.contains(&host),
        "{line}"
    );
    assert!(!ran.out.contains(SECRET_KEY), "{}", ran.out);
}

#[test]
fn a_write_test_that_fails_is_not_in_order() {
    let setup = Setup::new();
    setup
        .server
        .fault(|asked| (asked.method == "PUT").then_some(Fault::Status(500, "InternalError")));
    let [key, secret] = typed();
    let arguments = ["--set", &key, "--set", &secret, "--write-test"];
    let ran = run(&mut doctor(&setup, &arguments)).ended(1);
    assert!(!ran.out.contains("Everything is in order"), "{}", ran.out);
    assert!(ran.out.contains("failed in the write test"), "{}", ran.out);
}

#[test]
fn uploading_that_is_denied_is_not_in_order_once_it_was_tested() {
    let setup = Setup::new();
    let writes = |asked: &Recorded| asked.method == "PUT" || asked.method == "DELETE";
    (setup.server).fault(move |asked| writes(asked).then_some(Fault::Status(403, "AccessDenied")));
    let [key, secret] = typed();
    let arguments = ["--set", &key, "--set", &secret, "--write-test", "--json"];
    run(&mut doctor(&setup, &arguments[..4])).ended(0);
    let ran = run(&mut doctor(&setup, &arguments)).ended(1);
    let end = &objects(&ran.out, "diagnosis")[0];
    assert_eq!(end["title"], "Listing works, uploading is denied", "{end}");
    assert_eq!(
        (&end["ok"], &end["light"]),
        (&false.into(), &"warning".into())
    );
    // Nothing was written, so nothing is left, and nothing had to be removed.
    assert!(objects(&ran.out, "leftover").is_empty(), "{}", ran.out);
    let removes = |asked: &&Recorded| asked.method == "DELETE";
    assert_eq!(setup.server.requests().iter().filter(removes).count(), 0);
    assert_eq!(ran.err, "");
}

#[test]
fn where_deleting_is_denied_another_object_is_left_only_when_that_is_said() {
    let setup = Setup::new();
    let deletes = |asked: &Recorded| asked.method == "DELETE" || asked.is("POST", &["delete"]);
    (setup.server).fault(move |asked| deletes(asked).then_some(Fault::Status(403, "AccessDenied")));
    let [key, secret] = typed();
    let arguments = ["--set", &key, "--set", &secret, "--write-test", "--json"];
    let before = setup.server.keys().len();
    let ran = run(&mut doctor(&setup, &arguments)).ended(1);
    assert!(ran.err.contains("The test could not remove"), "{}", ran.err);
    assert_eq!(setup.server.keys().len(), before + 1);
    let ran = run(&mut doctor(&setup, &arguments)).ended(1);
    assert_eq!(setup.server.keys().len(), before + 1, "not another one");
    assert!(ran.err.contains("An earlier test left"), "{}", ran.err);
    assert!(ran.err.contains("s3:DeleteObject"), "{}", ran.err);
    assert!(ran.err.contains("--leave-another"), "{}", ran.err);
    let rows = objects(&ran.out, "permission");
    let write = rows.iter().find(|row| row["name"] == "write").unwrap();
    assert_eq!(write["reason"], "left_behind");
    let mut again = doctor(&setup, &arguments);
    run(again.arg("--leave-another")).ended(1);
    assert_eq!(setup.server.keys().len(), before + 2);
    let ran = run(doctor(&setup, &arguments[..4]).arg("--leave-another")).ended(2);
    assert!(ran.err.contains("goes with --write-test"), "{}", ran.err);
}

#[test]
fn a_bucket_that_is_missing_is_not_written_to() {
    let setup = Setup::new();
    let [key, secret] = typed();
    let arguments = ["--set", &key, "--set", &secret, "--write-test", "--json"];
    let mut command = doctor(&setup, &arguments);
    command.args(["--set", "AWS_STORAGE_BUCKET_NAME=missing"]);
    let ran = run(&mut command).ended(1);
    assert!(objects(&ran.out, "leftover").is_empty(), "{}", ran.out);
    let writes = |asked: &&Recorded| asked.method == "PUT";
    assert_eq!(setup.server.requests().iter().filter(writes).count(), 0);
}

#[test]
fn a_connection_without_a_bucket_is_not_in_order() {
    let setup = Setup::new();
    let [key, secret] = typed();
    let keys = ["--set", &key, "--set", &secret, "--json"];
    let without = |more: &[&str]| {
        let mut command = doctor(&setup, more);
        command.args(["--set", "AWS_STORAGE_BUCKET_NAME="]);
        run(&mut command).ended(1)
    };
    let ran = without(&keys);
    let end = &objects(&ran.out, "diagnosis")[0];
    let title = format!("No bucket is chosen; the account has one, “{BUCKET}”");
    assert_eq!(end["title"], title.as_str());
    assert_eq!(end["remedy"], format!("Use {BUCKET}"));
    assert_eq!(
        (&end["ok"], &end["light"]),
        (&false.into(), &"warning".into())
    );
    let ran = without(&keys[..4]);
    assert!(ran.out.contains(&title), "{}", ran.out);
    assert!(!ran.out.contains("in order"), "{}", ran.out);
}

/// The folder of settings with a saved connection to the server, and what lies in it.
fn saved(setup: &Setup, access: Access) -> ConnectionsFile {
    let mut connection = Connection::new("media");
    connection.access = access;
    for option in [
        format!("AWS_S3_ENDPOINT_URL={}", setup.server.endpoint()),
        format!("AWS_STORAGE_BUCKET_NAME={BUCKET}"),
    ] {
        connection.values.assign(&option).unwrap();
    }
    let folders = Folders::in_one(setup.home.path().join("settings"));
    let file = ConnectionsFile::new(&folders);
    let put = Change::Put(Box::new(connection));
    file.change(&[put], Timestamp::now()).unwrap();
    file
}

/// What is found of it, as objects, with keys of the environment.
fn of_saved(setup: &Setup, more: &[&str]) -> Ran {
    let folders = Folders::in_one(setup.home.path().join("settings"));
    let mut command = bare(setup.home.path());
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    command.args(["--config-dir", folders.config().to_str().unwrap()]);
    command.args(["doctor", "--connection", "media", "--json"]);
    for (name, value) in typed().iter().map(|one| one.split_once('=').unwrap()) {
        command.env(name, value);
    }
    run(command.args(more))
}

#[test]
fn what_is_found_of_a_server_is_kept_with_a_saved_connection() {
    let setup = Setup::new();
    let file = saved(&setup, Access::Full);
    let examine = |more: &[&str]| of_saved(&setup, more).ended(0);
    let digest = |ran: &Ran| {
        let abilities = objects(&ran.out, "ability");
        let one = abilities
            .into_iter()
            .find(|one| one["name"] == "batch_delete");
        one.unwrap()["found"].clone()
    };
    assert_eq!(
        digest(&examine(&["--set", "AWS_LOCATION=other"])),
        Value::Null
    );
    assert!(digest(&examine(&["--write-test"])).is_string());
    assert!(digest(&examine(&[])).is_string(), "it is known from before");
    let kept = file.load(Timestamp::now()).unwrap().connections;
    assert!(!kept[0].server.found.is_empty());
    assert!(
        !std::fs::read_to_string(file.path())
            .unwrap()
            .contains(SECRET_KEY)
    );
}

#[test]
fn a_write_test_that_may_not_be_done_is_told_and_not_in_order() {
    let setup = Setup::new();
    saved(&setup, Access::ReadOnly);
    let examine = |more: &[&str]| of_saved(&setup, more);
    examine(&[]).ended(0);
    let ran = examine(&["--write-test"]).ended(1);
    let end = &objects(&ran.out, "diagnosis")[0];
    assert_eq!(end["title"], "Writing was not tested", "{end}");
    assert_eq!((&end["ok"], &end["broken"]), (&false.into(), &1.into()));
    let cause = end["cause"].as_str().unwrap();
    assert!(cause.contains("read-only"), "{cause}");
    assert!(ran.err.contains("writing was not tested. "), "{}", ran.err);
    assert!(ran.err.contains("read-only"), "{}", ran.err);
}
