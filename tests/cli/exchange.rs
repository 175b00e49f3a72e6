//! `export` and `import`: settings go out and come back, secrets only where they were asked for.

use std::process::{Command, Stdio};

use serde_json::json;

use crate::program::{Ran, bare, run};
use crate::support::fixtures;

const KEY: &str = "AWS_SECRET_ACCESS_KEY=CANARY \"key\"";

fn with(home: &std::path::Path, arguments: &[&str]) -> Ran {
    run(&mut command(home, arguments))
}

fn command(home: &std::path::Path, arguments: &[&str]) -> Command {
    let mut command = bare(home);
    command.args(["--config-dir", "config"]).args(arguments);
    command
}

#[test]
fn a_connection_goes_out_in_every_form_and_comes_back() {
    let home = fixtures::folder();
    let set = |arguments: &[&str]| {
        let options = [
            "--set",
            "AWS_STORAGE_BUCKET_NAME=media",
            "--set",
            "AWS_S3_REGION_NAME=eu-west-1",
            "--set",
            "AWS_ACCESS_KEY_ID=AKIA",
        ];
        with(home.path(), &[&options[..], arguments].concat())
    };
    for form in ["storages", "flat", "env", "profile", "json"] {
        let file = format!("{form}.out");
        set(&["--set", KEY, "export", "--as", form, &file]).ended(0);
        let text = std::fs::read_to_string(home.path().join(&file)).unwrap();
        assert!(
            text.contains("eu-west-1") && !text.contains("CANARY"),
            "{text}"
        );
        let imported = with(home.path(), &["import", &file, "--name", form]).ended(0);
        assert_eq!(imported.out, format!("{form}\n"), "{}", imported.err);
        assert!(
            imported.err.contains("set it by hand"),
            "{form}: {}",
            imported.err
        );
        let again = with(
            home.path(),
            &["export", "--connection", form, "--as", "json"],
        )
        .ended(0);
        assert!(
            again.out.contains("\"AWS_S3_REGION_NAME\": \"eu-west-1\""),
            "{}",
            again.out
        );
        assert!(
            again.out.contains("\"AWS_ACCESS_KEY_ID\": \"AKIA\""),
            "{}",
            again.out
        );
    }
    let asked = set(&["--set", KEY, "export", "--as", "flat", "--secrets"]).ended(0);
    assert!(
        asked
            .out
            .contains("AWS_SECRET_ACCESS_KEY = \"CANARY \\\"key\\\"\"\n"),
        "{}",
        asked.out
    );
    let told = set(&["export", "--as", "profile"]).ended(0);
    assert!(
        told.err
            .contains("AWS_STORAGE_BUCKET_NAME has no place in an AWS profile."),
        "{}",
        told.err
    );
}

#[test]
fn a_file_is_replaced_only_when_asked_and_seen_only_by_its_owner() {
    let home = fixtures::folder();
    let export = [
        "--set",
        "AWS_LOCATION=a",
        "--set",
        KEY,
        "export",
        "--as",
        "flat",
        "--secrets",
        "out.py",
    ];
    with(home.path(), &export).ended(0);
    let refused = with(home.path(), &export).ended(1);
    assert!(refused.err.contains("--overwrite"), "{}", refused.err);
    with(home.path(), &[&export[..], &["--overwrite"]].concat()).ended(0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(home.path().join("out.py"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn texts_of_other_programs_become_connections() {
    let home = fixtures::folder();
    fixtures::file(
        home.path(),
        "rclone.conf",
        "[media]\ntype = s3\nprovider = AWS\nenv_auth = true\nregion = eu-west-1\nuse_dual_stack = true\n\
         [photos]\ntype = alias\nremote = media:b/photos\n",
    );
    let imported = with(home.path(), &["import", "rclone.conf", "--json"]).ended(0);
    let objects = imported.objects();
    assert_eq!(
        objects,
        [
            json!({"type": "remark", "line": 6, "name": "use_dual_stack",
                "reason": "has no counterpart in django-storages"}),
            json!({"type": "connection", "name": "media", "read_as": "rclone", "kind": "default", "options": 2,
                "based_on": null}),
            json!({"type": "connection", "name": "photos", "read_as": "rclone", "kind": "default", "options": 2,
                "based_on": "media"}),
        ]
    );
    // What is inherited is resolved, or kept.
    let flat = with(
        home.path(),
        &["export", "--connection", "photos", "--as", "flat"],
    )
    .ended(0);
    assert!(
        flat.out
            .contains("AWS_S3_REGION_NAME = \"eu-west-1\"\nAWS_S3_SIGNATURE_VERSION = \"s3v4\"\n"),
        "{}",
        flat.out
    );
    let whole = with(
        home.path(),
        &["export", "--connection", "photos", "--as", "json", "--json"],
    )
    .ended(0);
    let text = whole.objects()[0]["text"].as_str().unwrap().to_owned();
    assert!(text.contains("\"based_on\": 0"), "{text}");
    // A name that is taken is not taken twice.
    let again = with(home.path(), &["import", "rclone.conf", "--name", "photos"]).ended(0);
    assert_eq!(again.out, "media 2\nphotos 2\n");
}

#[test]
fn what_does_not_read_is_named_with_its_line() {
    let home = fixtures::folder();
    fixtures::file(
        home.path(),
        "odd.py",
        "AWS_LOCATION = 'a'\nAWS_QUERYSTRING_EXPIRE = 'soon'\n",
    );
    let odd = with(home.path(), &["import", "odd.py"]).ended(1);
    assert_eq!(odd.out, "Django settings\n");
    assert!(
        odd.err
            .contains("line 2: AWS_QUERYSTRING_EXPIRE needs a whole number"),
        "{}",
        odd.err
    );
    fixtures::file(home.path(), "empty", "nothing here\n");
    let empty = with(home.path(), &["import", "empty"]).ended(1);
    assert!(
        empty.err.contains("no connection was found"),
        "{}",
        empty.err
    );
    fixtures::file(home.path(), "binary", [b'a', b'\n', 0xff]);
    let binary = with(home.path(), &["import", "binary"]).ended(1);
    assert!(binary.err.contains("line 2 is not UTF-8"), "{}", binary.err);
    fixtures::file(
        home.path(),
        "locked",
        "# Encrypted rclone configuration File\nRCLONE_ENCRYPT_V0:\nx\n",
    );
    let locked = with(home.path(), &["import", "locked"]).ended(1);
    assert!(
        locked
            .err
            .contains("line 2: this line says that the file is encrypted"),
        "{}",
        locked.err
    );
}

#[test]
fn a_secret_that_no_keyring_keeps_is_said_and_lies_in_no_file() {
    let home = fixtures::folder();
    let mut child = command(
        home.path(),
        &["import", "-", "--as", "env", "--name", "media"],
    )
    .stdin(Stdio::piped())
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    std::io::Write::write_all(
        &mut child.stdin.take().unwrap(),
        b"AWS_ACCESS_KEY_ID=AKIA\nAWS_SECRET_ACCESS_KEY=CANARY\n",
    )
    .unwrap();
    let ended = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(String::from_utf8_lossy(&ended.stdout), "media\n");
    assert!(!err.contains("CANARY"), "{err}");
    // Where the tests run there is a keyring or there is none; either way nothing is lost silently.
    match ended.status.code() {
        Some(0) => assert!(!err.contains("was not kept"), "{err}"),
        code => {
            assert_eq!(code, Some(1), "{err}");
            assert!(
                err.contains("AWS_SECRET_ACCESS_KEY of the connection media was not kept"),
                "{err}"
            );
        }
    }
    let file = std::fs::read_to_string(home.path().join("config/connections.toml")).unwrap();
    assert!(file.contains("AKIA") && !file.contains("CANARY"), "{file}");
}
