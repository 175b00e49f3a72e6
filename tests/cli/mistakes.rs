//! Exit codes, sentences and secrets.

use crate::program::{Setup, bare, run};
use crate::support::fixtures;
use crate::support::memory_s3::SECRET_KEY;

#[test]
fn help_and_version_need_nothing() {
    let home = fixtures::folder();
    let version = run(bare(home.path()).arg("--version")).ended(0);
    assert_eq!(
        version.out,
        format!("cooperage {}\n", env!("CARGO_PKG_VERSION"))
    );
    let help = run(bare(home.path()).arg("--help")).ended(0);
    for verb in ["put", "get", "ls", "rm", "url"] {
        assert!(help.out.contains(&format!("\n  {verb} ")), "{}", help.out);
        let own = run(bare(home.path()).args([verb, "--help"])).ended(0);
        assert!(
            own.out.starts_with(&format!("Usage: cooperage {verb} ")),
            "{}",
            own.out
        );
    }
    assert!(
        fixtures::read_tree(home.path()).is_empty(),
        "help wrote something"
    );
}

#[test]
fn a_line_that_is_not_understood_ends_with_2() {
    let home = fixtures::folder();
    for (arguments, sentence) in [
        (&["lst"][..], "there is no verb lst (did you mean ls?)"),
        (&["policy", "--for", "admin"], "--for knows no admin"),
        (
            &["policy", "--bucket-policy"],
            "--bucket-policy needs --principal",
        ),
        (
            &["policy", "--principal", "*"],
            "--principal belongs to --bucket-policy",
        ),
        (
            &["policy", "--documented", "--for", "share"],
            "--for and --documented contradict each other",
        ),
        (&["put", "a"], "put needs files or folders"),
        (&["ls", "--nonsense"], "there is no option --nonsense"),
        (
            &["url", "k", "--expires", "soon"],
            "--expires soon is no lifetime",
        ),
        (
            &["ls", "--set", "AWS_S3_REGON_NAME=x"],
            "AWS_S3_REGION_NAME",
        ),
        (
            &["ls", "--set", "AWS_S3_ADDRESSING_STYLE=sideways"],
            "AWS_S3_ADDRESSING_STYLE",
        ),
        (&["ls", "--connection", "nobody"], "nobody"),
        (&["ls"], "--connection"),
    ] {
        let ran = run(bare(home.path()).args(arguments)).ended(2);
        assert!(ran.err.contains(sentence), "{arguments:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{arguments:?}");
    }
}

#[test]
fn without_a_display_the_window_says_so() {
    let home = fixtures::folder();
    if cfg!(any(target_os = "macos", windows)) {
        return;
    }
    let ran = run(&mut bare(home.path())).ended(3);
    assert!(
        ran.err.contains("no display") && !ran.err.contains("panicked"),
        "{}",
        ran.err
    );
}

#[test]
fn failures_are_told_in_words_and_end_with_1() {
    let setup = Setup::new();
    setup.file("a.txt", "x");
    let missing = setup.run(&["get", "nothing", "out"]).ended(1);
    assert!(
        missing.err.contains("“nothing”") && missing.err.contains("status: 404"),
        "{}",
        missing.err
    );
    assert!(!setup.files.path().join("out").exists());
    let bucket = setup.run(&["ls", "s3://no-such-bucket/"]).ended(1);
    assert!(
        bucket.err.contains("no bucket of that name"),
        "{}",
        bucket.err
    );
    let local = setup.run(&["put", "not-here.txt", "x/"]).ended(1);
    assert!(local.err.contains("no such file"), "{}", local.err);
    let unreachable = setup
        .run(&["ls", "--set", "AWS_S3_ENDPOINT_URL=http://127.0.0.1:9"])
        .ended(1);
    assert!(
        unreachable
            .err
            .contains("“127.0.0.1:9” refuses the connection"),
        "{}",
        unreachable.err
    );
    let key = setup
        .run(&["ls", "--set", "AWS_S3_ACCESS_KEY_ID=AKIAUNKNOWN"])
        .ended(1);
    assert!(
        key.err.contains("does not accept these credentials"),
        "{}",
        key.err
    );
    for ran in [missing, bucket, local, unreachable, key] {
        assert_eq!(ran.out, "");
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
    }
}

#[test]
fn missing_credentials_are_told_by_every_verb() {
    let setup = Setup::new();
    setup.file("a.txt", "x");
    let endpoint = format!("AWS_S3_ENDPOINT_URL={}", setup.server.endpoint());
    let set = [
        "--set",
        &endpoint,
        "--set",
        "AWS_STORAGE_BUCKET_NAME=test-bucket",
    ];
    for verb in [
        &["ls"][..],
        &["put", "a.txt", "k"],
        &["get", "k", "out"],
        &["rm", "k"],
        &["url", "k"],
    ] {
        let mut command = bare(setup.home.path());
        let ran = run(command.args(set).args(verb).current_dir(setup.files.path())).ended(1);
        assert!(
            ran.err.contains("No credentials were found"),
            "{verb:?}: {}",
            ran.err
        );
        let mut command = bare(setup.home.path());
        command.args(["--set", "AWS_S3_SESSION_PROFILE=nobody"]);
        let ran = run(command.args(set).args(verb).current_dir(setup.files.path())).ended(1);
        let named = ran.err.contains("There is no profile “nobody”");
        // Only sentences, nothing of how it is kept inside.
        assert!(
            named && !ran.err.contains("ProfileMissing"),
            "{verb:?}: {}",
            ran.err
        );
    }
    assert!(setup.server.requests().is_empty(), "something was sent");
}

#[test]
fn a_forgotten_slash_is_pointed_out() {
    let setup = Setup::new();
    setup.server.put("photos/a.jpg", "x");
    let get = setup.run(&["get", "photos", "out"]).ended(1);
    assert!(get.err.contains("photos/"), "{}", get.err);
    setup.file("folder/a.txt", "x");
    let put = setup.run(&["put", "folder", "site"]).ended(2);
    assert!(put.err.contains("site/"), "{}", put.err);
    assert_eq!(setup.server.keys(), ["photos/a.jpg"]);
}

#[test]
fn emptying_a_bucket_has_to_be_said_twice() {
    let setup = Setup::new();
    setup.server.put_keys(["a", "b/c"]);
    let refused = setup.run(&["rm", "-r", "/"]).ended(2);
    assert!(refused.err.contains("--yes"), "{}", refused.err);
    assert_eq!(setup.server.keys(), ["a", "b/c"]);
    setup.run(&["rm", "-r", "/", "--yes"]).ended(0);
    assert_eq!(setup.server.keys(), Vec::<String>::new());
}

#[test]
fn no_secret_of_any_option_is_ever_written() {
    let setup = Setup::new();
    setup.file("a.txt", "x");
    setup.server.put("k", "x");
    let canary = "CANARY0123456789abcdefghijklmnop";
    let proxy = format!(r#"AWS_S3_PROXIES={{"http": "http://me:{canary}@127.0.0.1:9"}}"#);
    let broken = format!(r#"AWS_S3_PROXIES={{"http": "http://me:{canary}@127.0.0.1:9""#);
    let key = format!(r#"AWS_S3_OBJECT_PARAMETERS={{"SSECustomerKey": "{canary}"}}"#);
    let unknown = format!(r#"AWS_S3_OBJECT_PARAMETERS={{"SSECustomerKey": ["{canary}"]}}"#);
    let pem = format!(
        "AWS_CLOUDFRONT_KEY=-----BEGIN PRIVATE KEY-----\n{canary}\n-----END PRIVATE KEY-----"
    );
    let domain = "AWS_S3_CUSTOM_DOMAIN=cdn.example.com";
    let id = "AWS_CLOUDFRONT_KEY_ID=K1";
    let tls = setup.server.endpoint().replace("http:", "https:");
    let tls = format!("AWS_S3_ENDPOINT_URL={tls}");
    for arguments in [
        &["ls", "--set", &proxy][..],
        &["--json", "ls", "--set", &proxy],
        &["ls", "--set", &broken],
        &["put", "a.txt", "k2", "--set", &key],
        &["put", "a.txt", "k2", "--json", "--set", &unknown],
        &["url", "k", "--set", &pem, "--set", id, "--set", domain],
        &[
            "url", "k", "--json", "--set", &pem, "--set", id, "--set", domain,
        ],
        &["url", "k", "--set", &pem],
        &["ls", "--set", &tls],
        &["ls", "--help", "--set", &proxy],
        &["ls", "--connection", "nobody", "--set", &proxy],
    ] {
        let mut command = setup.command(arguments);
        command
            .env("AWS_SESSION_TOKEN", canary)
            .env("AWS_SECRET_ACCESS_KEY", canary)
            .env("https_proxy", format!("me:{canary}@127.0.0.1:9"))
            .env("no_proxy", "127.0.0.1")
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "1");
        let ran = run(&mut command);
        let all = format!("{}{}", ran.out, ran.err);
        assert!(!all.is_empty(), "{arguments:?}");
        assert!(!all.contains("CANARY"), "{arguments:?}: {all}");
        assert!(!all.contains("panicked"), "{arguments:?}: {all}");
    }
    for (name, bytes) in fixtures::read_tree(setup.home.path()) {
        assert!(
            !String::from_utf8_lossy(&bytes).contains("CANARY"),
            "{name}"
        );
    }
}

#[test]
fn no_secret_is_ever_written() {
    let setup = Setup::new();
    setup.file("a.txt", "x");
    setup.server.put("k", "x");
    let wrong = "canary/wrong+secret=0123456789";
    let wrong_option = format!("AWS_S3_SECRET_ACCESS_KEY={wrong}");
    for arguments in [
        &["ls"][..],
        &["--json", "ls", "s3://nowhere/"],
        &["put", "a.txt", "x/", "--json"],
        &["url", "k"],
        &["ls", "--set", &wrong_option],
        &["ls", "--json", "--set", &wrong_option],
        &["nonsense", "--set", &wrong_option],
        &["ls", "--set", &format!("AWS_S3_SECRET_ACCESS_KY={wrong}")],
    ] {
        let ran = setup.run(arguments);
        let all = format!("{}{}", ran.out, ran.err);
        for secret in [SECRET_KEY, wrong] {
            let encoded: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
            assert!(
                !all.contains(secret) && !all.contains(&encoded),
                "{arguments:?}: {all}"
            );
        }
    }
    for (name, bytes) in fixtures::read_tree(setup.home.path()) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains(SECRET_KEY) && !text.contains(wrong),
            "{name}"
        );
    }
}
