//! `doctor`: a healthy connection ends with 0 and shows nothing red, a broken one with 1 and its cause.

use serde_json::Value;

use crate::program::{Setup, bare, run};
use crate::support::memory_s3::{ACCESS_KEY, BUCKET, SECRET_KEY};

fn doctor(setup: &Setup, more: &[&str]) -> std::process::Command {
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

fn typed() -> [String; 2] {
    [
        format!("AWS_S3_ACCESS_KEY_ID={ACCESS_KEY}"),
        format!("AWS_S3_SECRET_ACCESS_KEY={SECRET_KEY}"),
    ]
}

fn objects(text: &str, kind: &str) -> Vec<Value> {
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
    let rungs = objects(&ran.out, "rung");
    let signs: Vec<_> = rungs.iter().filter(|rung| rung["signs"] == true).collect();
    assert_eq!(signs.len(), 1);
    assert_eq!(signs[0]["number"], 2);
    let checks = objects(&ran.out, "check");
    assert!(checks.len() > 5, "{}", ran.out);
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
    assert!(!ran.out.contains(SECRET_KEY), "{}", ran.out);
}

#[test]
fn a_missing_profile_ends_with_one_and_says_so() {
    let setup = Setup::new();
    let profile = ["--set", "AWS_S3_SESSION_PROFILE=gone"];
    let ran = run(&mut doctor(&setup, &profile)).ended(1);
    assert!(
        ran.out.contains("There is no profile “gone”"),
        "{}",
        ran.out
    );
    let ran = run(&mut doctor(&setup, &[profile[0], profile[1], "--json"])).ended(1);
    let end = &objects(&ran.out, "diagnosis")[0];
    assert_eq!(end["title"], "There is no profile “gone”");
    assert_eq!(end["remedy"], "Open AWS_S3_SESSION_PROFILE");
}

#[test]
fn doctor_takes_no_argument() {
    let setup = Setup::new();
    let ran = run(&mut doctor(&setup, &["media"])).ended(2);
    assert!(ran.err.contains("--connection NAME"), "{}", ran.err);
}
