//! `doctor` and the settings: what cannot be used, what hinders, what stops Django, and what is not understood.

use crate::doctor::{doctor, objects, typed};
use crate::program::{Setup, bare, run};

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
fn whoever_reads_objects_gets_one_for_what_is_not_understood() {
    let setup = Setup::new();
    for (arguments, kind, said) in [
        (
            ["--set", "AWS_S3_ADDRESSING_STYLE=sideways", "--json"],
            "Usage",
            "sideways",
        ),
        (
            ["--set", "AWS_S3_REGON_NAME=x", "--json"],
            "Usage",
            "AWS_S3_REGION_NAME",
        ),
        (["--nonsense", "--json", "-q"], "Usage", "--nonsense"),
        (["--connection", "nobody", "--json"], "Settings", "nobody"),
    ] {
        let mut command = bare(setup.home.path());
        let ran = run(command.arg("ls").args(arguments)).ended(2);
        let told = ran.objects();
        assert_eq!(told.len(), 1, "{}", ran.out);
        assert_eq!(
            (&told[0]["type"], &told[0]["kind"]),
            (&"error".into(), &kind.into())
        );
        assert!(
            told[0]["title"].as_str().unwrap().contains(said),
            "{}",
            ran.out
        );
        assert!(!ran.err.is_empty());
    }
}

#[test]
fn links_and_uploads_that_cannot_work_are_not_in_order() {
    let setup = Setup::new();
    let [key, secret] = typed();
    for (options, title, says) in [
        (
            &[
                "AWS_S3_CUSTOM_DOMAIN=https://cdn.example.com",
                "AWS_S3_URL_PROTOCOL=https",
            ][..],
            "Links will not work as they are set",
            "the protocol sticks to the domain",
        ),
        (
            &[
                "AWS_QUERYSTRING_EXPIRE=700000",
                "AWS_S3_SIGNATURE_VERSION=s3v4",
            ],
            "Links will not work",
            "seven days",
        ),
    ] {
        let mut command = doctor(&setup, &["--set", &key, "--set", &secret]);
        for option in options {
            command.args(["--set", option]);
        }
        let ran = run(&mut command).ended(0);
        assert!(!ran.out.contains("Everything is in order"), "{}", ran.out);
        assert!(
            ran.out.contains(title) && ran.out.contains(says),
            "{}",
            ran.out
        );
        assert!(!ran.out.contains("page of settings"), "{}", ran.out);
    }
    let long = format!("AWS_LOCATION={}", "x".repeat(2000));
    let ran = run(&mut doctor(&setup, &["--set", &long])).ended(2);
    assert!(ran.err.contains("has 2000 bytes"), "{}", ran.err);
}

#[test]
fn a_user_in_the_endpoint_is_left_out_and_said() {
    let setup = Setup::new();
    let [key, secret] = typed();
    let endpoint = setup.server.endpoint().replace("//", "//user:CANARY@");
    let endpoint = format!("AWS_S3_ENDPOINT_URL={endpoint}");
    let ran = run(&mut doctor(
        &setup,
        &["--set", &key, "--set", &secret, "--set", &endpoint],
    ))
    .ended(0);
    assert!(ran.out.contains("the user and the password"), "{}", ran.out);
    assert!(
        !format!("{}{}", ran.out, ran.err).contains("CANARY"),
        "{}",
        ran.out
    );
}

#[test]
fn doctor_takes_no_argument() {
    let setup = Setup::new();
    let ran = run(&mut doctor(&setup, &["media"])).ended(2);
    assert!(ran.err.contains("--connection NAME"), "{}", ran.err);
}

#[test]
fn the_built_in_bucket_obeys_no_proxy_and_no_profile_of_the_environment() {
    let home = tempfile::tempdir().unwrap();
    let mut command = bare(home.path());
    command
        .env("http_proxy", "http://127.0.0.1:9")
        .env("AWS_CA_BUNDLE", "/nowhere.pem")
        .env("AWS_PROFILE", "nobody")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .args(["doctor", "--builtin"]);
    let ran = run(&mut command).ended(0);
    assert!(ran.out.contains("Everything is in order"), "{}", ran.out);
}

#[test]
fn what_stops_django_is_not_in_order_however_well_it_works_here() {
    let setup = Setup::new();
    let [key, secret] = typed();
    for (variable, value, says) in [
        ("AWS_PROFILE", "gone", "names “gone”"),
        ("AWS_PROFILE", "", "is there, but empty"),
        ("AWS_RETRY_MODE", "odd", "is “odd”"),
    ] {
        let examine = |more: &[&str]| {
            let mut command = doctor(&setup, &["--set", &key, "--set", &secret]);
            run(command.env(variable, value).args(more)).ended(1)
        };
        let ran = examine(&[]);
        let title = "\nDjango stops before its first request: ";
        assert!(
            ran.out.contains(title) && ran.out.contains(says),
            "{}",
            ran.out
        );
        assert!(ran.out.contains("1 key came back") || ran.out.contains("the bucket is empty"));
        let ran = examine(&["--json"]);
        let end = &objects(&ran.out, "diagnosis")[0];
        assert_eq!((&end["ok"], &end["broken"]), (&false.into(), &1.into()));
        assert_eq!(end["light"], "bad");
        assert!(end["title"].as_str().unwrap().starts_with("Django stops"));
        let rungs = objects(&ran.out, "rung");
        let stops = rungs
            .iter()
            .find(|one| one["stops_django"] == true)
            .unwrap();
        assert_eq!(
            (&stops["light"], &stops["standing"]),
            (&"bad".into(), &"used".into())
        );
    }
}
