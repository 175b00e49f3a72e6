//! Signing in on the command line, and the code of an MFA device.

use std::process::Command;

use tempfile::TempDir;

use crate::program::{bare, run};
use crate::support::fixtures;
use crate::support::identity_center::{Behaviour, IdentityCenter as Amazon, pairs};
use crate::support::scripted::{Reply, ScriptedServer};

fn command(home: &TempDir, amazon: &Amazon, arguments: &[&str]) -> Command {
    let mut command = bare(home.path());
    command
        .envs(amazon.variables())
        .env("COOPERAGE_CONFIG_DIR", home.path().join("config"))
        .args(arguments);
    command
}

#[test]
fn login_prints_address_and_code_and_keeps_the_sign_in() {
    let (home, amazon) = (fixtures::folder(), Amazon::start(Behaviour::default()));
    let to = [
        "login",
        "--start-url",
        "https://corp.awsapps.com/start",
        "--region",
        "eu-central-1",
    ];
    let signed = run(command(&home, &amazon, &to).arg("--json")).ended(0);
    assert!(signed.err.contains("ABCD-EFGH"), "{}", signed.err);
    assert!(
        signed
            .err
            .contains("https://device.example/?user_code=ABCD-EFGH"),
        "{}",
        signed.err
    );
    assert_eq!(signed.objects()[0]["type"], "sign-in");
    assert!(!format!("{}{}", signed.out, signed.err).contains("CANARY"));
    let cache = home.path().join(".aws/sso/cache");
    assert_eq!(std::fs::read_dir(cache).unwrap().count(), 1);

    amazon.change(|behaviour| behaviour.device_answers = vec!["access_denied"]);
    let denied = run(&mut command(&home, &amazon, &to)).ended(1);
    assert!(
        denied.err.contains("The sign-in was denied"),
        "{}",
        denied.err
    );
    assert!(denied.out.is_empty());

    let where_to = run(&mut command(&home, &amazon, &["login"])).ended(2);
    assert!(where_to.err.contains("--profile NAME"), "{}", where_to.err);
    let missing = run(&mut command(&home, &amazon, &["login", "--profile", "x"])).ended(2);
    assert!(missing.err.contains("no profile “x”"), "{}", missing.err);
    let both = ["login", "--profile", "x", "--start-url", "https://y"];
    run(&mut command(&home, &amazon, &both)).ended(2);
    let half = run(&mut command(&home, &amazon, &to[..3])).ended(2);
    assert!(half.err.contains("the region"), "{}", half.err);
    let other = ["login", "--region", "eu-central-1"];
    let other = run(&mut command(&home, &amazon, &other)).ended(2);
    assert!(
        other.err.contains("belongs to --start-url"),
        "{}",
        other.err
    );
}

#[test]
fn what_is_not_identity_center_is_called_so_and_never_obeyed() {
    let home = fixtures::folder();
    let pages = [
        Reply::new(200, "<html>Welcome to the hotel</html>"),
        Reply::new(
            200,
            r#"{"clientId":"c","clientSecret":"s","deviceCode":"d","userCode":"A","verificationUri":"javascript:alert(1)"}"#,
        ),
    ];
    for page in pages {
        let server = ScriptedServer::start(move |_| page.clone());
        let login = [
            "login",
            "--start-url",
            "https://corp.awsapps.com/start",
            "--region",
            "eu-central-1",
        ];
        let mut command = bare(home.path());
        command.env("AWS_ENDPOINT_URL_SSO_OIDC", server.endpoint());
        let ran = run(command.args(login)).ended(1);
        assert!(ran.err.contains("not Identity Center"), "{}", ran.err);
        assert!(!ran.err.contains("javascript"), "{}", ran.err);
    }
}

#[test]
fn a_profile_signs_in_to_its_session() {
    let (home, amazon) = (fixtures::folder(), Amazon::start(Behaviour::default()));
    let shared = "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-central-1\n\
        [profile editor]\nsso_session = corp\nsso_account_id = 222222222222\nsso_role_name = Editor\n\
        [profile above]\nrole_arn = arn:aws:iam::111111111111:role/above\nsource_profile = editor\n";
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    std::fs::write(home.path().join(".aws/config"), shared).unwrap();
    let signed = run(&mut command(
        &home,
        &amazon,
        &["login", "--profile", "above"],
    ))
    .ended(0);
    assert!(signed.err.contains("Signed in to corp"), "{}", signed.err);
    // The keys come from the sign-in at once.
    let link = [
        "url",
        "k",
        "--set",
        "AWS_STORAGE_BUCKET_NAME=b",
        "--set",
        "AWS_S3_SESSION_PROFILE=editor",
    ];
    let link = run(&mut command(&home, &amazon, &link)).ended(0);
    assert!(link.out.contains("ASIACENTER"), "{}", link.out);
}

/// The profile `mfa`, whose role wants the code of a device.
fn write_profile_with_device(home: &std::path::Path) {
    let shared = "[profile base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n\
        [profile mfa]\nrole_arn = arn:aws:iam::111111111111:role/needs-mfa\nsource_profile = base\n\
        mfa_serial = arn:aws:iam::111111111111:mfa/cli\n";
    std::fs::create_dir(home.join(".aws")).unwrap();
    std::fs::write(home.join(".aws/config"), shared).unwrap();
}

#[test]
fn a_role_takes_the_code_of_the_command_line() {
    let (home, amazon) = (fixtures::folder(), Amazon::start(Behaviour::default()));
    write_profile_with_device(home.path());
    let link = [
        "url",
        "k",
        "--set",
        "AWS_STORAGE_BUCKET_NAME=b",
        "--set",
        "AWS_S3_SESSION_PROFILE=mfa",
    ];
    let without = run(&mut command(&home, &amazon, &link)).ended(1);
    assert!(without.err.contains("--mfa"), "{}", without.err);
    for code in ["12345", "abcdef"] {
        let odd = run(command(&home, &amazon, &link).args(["--mfa", code])).ended(2);
        assert!(odd.err.contains("the six digits"), "{}", odd.err);
    }
    let set = "AWS_S3_SESSION_PROFILE=base";
    let unasked = run(command(&home, &amazon, &link[..4]).args(["--set", set, "--mfa", "123456"]));
    assert!(unasked.ended(0).err.contains("no role asked"));
    assert_eq!(amazon.count("/"), 0, "nothing is asked without a code");
    let with = run(command(&home, &amazon, &link).args(["--mfa", "123456"])).ended(0);
    assert!(with.out.contains("ASIAROLE"), "{}", with.out);
    let form = pairs(std::str::from_utf8(&amazon.asked()[0].body).unwrap());
    assert_eq!(form["SerialNumber"], "arn:aws:iam::111111111111:mfa/cli");
}

#[test]
fn the_doctor_takes_a_role_with_the_code_of_the_command_line() {
    let (home, amazon) = (fixtures::folder(), Amazon::start(Behaviour::default()));
    write_profile_with_device(home.path());
    // Nobody serves objects there; the ladder is what counts.
    let closed = {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.local_addr().unwrap()
    };
    let endpoint = format!("AWS_S3_ENDPOINT_URL=http://{closed}");
    let doctor = [
        "doctor",
        "--set",
        "AWS_STORAGE_BUCKET_NAME=b",
        "--set",
        "AWS_S3_SESSION_PROFILE=mfa",
        "--set",
        &endpoint,
    ];
    let without = run(&mut command(&home, &amazon, &doctor)).ended(1);
    let stops = "Role needs-mfa asks for a code";
    assert!(without.out.contains(stops), "{}", without.out);
    assert_eq!(amazon.count("/"), 0, "nothing is asked without a code");
    let with = run(command(&home, &amazon, &doctor).args(["--mfa", "123456"])).ended(1);
    assert!(!with.out.contains(stops), "{}", with.out);
    assert!(with.out.contains("“mfa”: used"), "{}", with.out);
    assert_eq!(amazon.count("/"), 1, "the role is taken once");
}
