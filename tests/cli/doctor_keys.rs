//! `doctor` about credentials that no saved connection uses: those of a profile, and those that lie on the computer.

use std::process::Command;

use crate::program::{Ran, Setup, bare, run};
use crate::support::fixtures;
use crate::support::memory_s3::{ACCESS_KEY, BUCKET, SECRET_KEY};

/// A home whose shared files hold the profile `work`, which knows the server.
fn doctor(setup: &Setup, secret: &str, more: &[&str]) -> Ran {
    let endpoint = setup.server.endpoint();
    let home = setup.home.path();
    let config = format!("[profile work]\nregion = us-east-1\nendpoint_url = {endpoint}\n");
    let keys =
        format!("[work]\naws_access_key_id = {ACCESS_KEY}\naws_secret_access_key = {secret}\n");
    fixtures::file(home, ".aws/config", config);
    fixtures::file(home, ".aws/credentials", keys);
    let mut command: Command = bare(home);
    run(command.arg("doctor").args(more))
}

#[test]
fn a_profile_is_in_order_without_a_bucket() {
    let setup = Setup::new();
    let ran = doctor(&setup, SECRET_KEY, &["--profile", "work"]).ended(0);
    let said = ran.out.contains("The credentials are accepted.");
    assert!(said && !ran.out.contains("[X]"), "{}", ran.out);
    // Links and buckets are not in question.
    assert!(!ran.out.contains("[!]"), "{}", ran.out);
    let ran = doctor(&setup, SECRET_KEY, &["--profile", "work", "--json"]).ended(0);
    let objects = ran.objects();
    let end = objects.last().unwrap();
    assert_eq!(end["type"], "diagnosis");
    assert_eq!(
        (&end["ok"], &end["light"]),
        (&true.into(), &"good".into()),
        "{end}"
    );
}

#[test]
fn a_profile_whose_secret_is_wrong_is_not() {
    let setup = Setup::new();
    let ran = doctor(&setup, "another", &["--profile", "work"]).ended(1);
    assert!(!ran.out.contains("accepted. "), "{}", ran.out);
    let ran = doctor(&setup, SECRET_KEY, &["--profile", "wrok"]).ended(1);
    assert!(ran.out.contains("but there is “work”"), "{}", ran.out);
}

#[test]
fn an_address_says_where_to_look() {
    let setup = Setup::new();
    let place = format!("s3://{BUCKET}/photos/2024/");
    let ran = doctor(&setup, SECRET_KEY, &["--profile", "work", &place]).ended(0);
    assert!(
        ran.out.contains("List one key below photos/2024/"),
        "{}",
        ran.out
    );
    let ran = doctor(&setup, SECRET_KEY, &["--profile", "work", "s3://stranger/"]).ended(1);
    assert!(ran.out.contains("“stranger”"), "{}", ran.out);
    for wrong in [&["photos/"][..], &[&*place, "more"]] {
        let ran = doctor(&setup, SECRET_KEY, wrong).ended(2);
        assert!(ran.err.contains("s3://BUCKET/PREFIX/"), "{}", ran.err);
    }
}

#[test]
fn with_nothing_saved_it_is_about_what_lies_on_the_computer() {
    let setup = Setup::new();
    let mut command = bare(setup.home.path());
    // No packet leaves: the endpoint of the environment is a server of this test.
    command
        .env("AWS_ENDPOINT_URL", setup.server.endpoint())
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY)
        .env("AWS_SECRET_ACCESS_KEY", SECRET_KEY);
    let ran = run(command.arg("doctor")).ended(0);
    let said = ran.out.contains("The credentials are accepted.");
    assert!(said, "{}", ran.out);
    let mut command = bare(setup.home.path());
    command.env("AWS_ENDPOINT_URL", setup.server.endpoint());
    let ran = run(command.arg("doctor")).ended(1);
    assert!(ran.out.contains("No credentials were found"), "{}", ran.out);
}
