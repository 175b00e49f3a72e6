//! Tests of the list of profiles: every kind, every gap.

use super::*;

const CONFIG: &str = "\
[default]
region = eu-west-2
[profile work]
role_arn = arn:aws:iam::123456789012:role/team/media-editor
source_profile = work-base
region = eu-west-1
ca_bundle = /ca.pem
s3 =
  signature_version = s3v4
[profile corp-sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = admin
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile \"r2\"]
endpoint_url = https://general.example.com
services = r2
[services r2]
s3 =
  endpoint_url = https://r2.example.com
[profile tool]
credential_process = \"/opt/my tools/broker\" --password CANARY
[profile web]
role_arn = arn:aws:iam::1:role/ci
web_identity_token_file = /token
[profile orphan]
role_arn = arn:aws:iam::1:role/x
source_profile = nobody
[profile round]
role_arn = arn:aws:iam::1:role/x
source_profile = trip
[profile trip]
role_arn = arn:aws:iam::1:role/x
source_profile = round
[profile self]
role_arn = arn:aws:iam::1:role/x
source_profile = self
aws_access_key_id = AKIASELF00000000SELF
aws_secret_access_key = CANARY
[profile nosource]
role_arn = arn:aws:iam::1:role/x
[profile half-sso]
sso_session = missing
";

const CREDENTIALS: &str = "\
[default]
aws_access_key_id = AKIAIOSFODNN7EXAK3DT
aws_secret_access_key = CANARY
[work-base]
aws_access_key_id = ASIAIOSFODNN7EXAMPLE
aws_secret_access_key = CANARY
aws_session_token = CANARY
[r2]
aws_access_key_id = 0123456789abcdef
[lost]
aws_secret_access_key = CANARY
";

fn profiles() -> Profiles {
    let environment = Environment::default().with_files(Some(CONFIG), Some(CREDENTIALS));
    Profiles::read(&environment)
}

#[test]
fn every_kind_is_told() {
    let profiles = profiles();
    let kind = |name: &str| profiles.get(name).expect(name).kind.clone();
    assert_eq!(
        kind("default"),
        ProfileKind::AccessKey {
            masked_id: "AKIA…K3DT".to_owned(),
            temporary: false
        }
    );
    assert!(matches!(
        kind("work-base"),
        ProfileKind::AccessKey {
            temporary: true,
            ..
        }
    ));
    assert_eq!(
        kind("work"),
        ProfileKind::Role {
            role: "media-editor".to_owned(),
            by: RoleSource::Profile("work-base".to_owned())
        }
    );
    assert_eq!(
        kind("corp-sso"),
        ProfileKind::IdentityCenter {
            role: "admin".to_owned(),
            account: "123456789012".to_owned(),
            session: "corp".to_owned()
        }
    );
    assert_eq!(
        kind("tool"),
        ProfileKind::Process {
            program: "broker".to_owned()
        }
    );
    assert_eq!(
        kind("web"),
        ProfileKind::WebIdentity {
            role: "ci".to_owned()
        }
    );
}

#[test]
fn settings_of_a_profile() {
    let profiles = profiles();
    let work = profiles.get("work").expect("work");
    assert_eq!(work.region.as_deref(), Some("eu-west-1"));
    assert_eq!(work.ca_bundle.as_deref(), Some("/ca.pem"));
    assert_eq!(work.signature_version.as_deref(), Some("s3v4"));
    assert_eq!(work.place, (PathBuf::from("config"), 3));
    let r2 = profiles.get("r2").expect("r2");
    assert_eq!(r2.endpoint.as_deref(), Some("https://r2.example.com"));
}

#[test]
fn every_gap_is_told() {
    let profiles = profiles();
    for (name, problem) in [
        ("default", None),
        ("work", None),
        ("corp-sso", None),
        ("self", None),
        (
            "r2",
            Some(ProfileProblem::HalfPair {
                missing: "aws_secret_access_key",
            }),
        ),
        (
            "lost",
            Some(ProfileProblem::HalfPair {
                missing: "aws_access_key_id",
            }),
        ),
        (
            "orphan",
            Some(ProfileProblem::SourceMissing("nobody".to_owned())),
        ),
        ("round", Some(ProfileProblem::SourceLoop)),
        ("nosource", Some(ProfileProblem::NoSource)),
        (
            "half-sso",
            Some(ProfileProblem::SessionMissing("missing".to_owned())),
        ),
    ] {
        assert_eq!(profiles.get(name).expect(name).problem, problem, "{name}");
    }
}

#[test]
fn no_secret_leaves_the_list() {
    assert!(!format!("{:?}", profiles()).contains("CANARY"));
}

#[test]
fn broken_lines_are_named_with_their_file() {
    let environment = Environment::default().with_files(Some("[default]\noops\n"), Some("x = 1\n"));
    let faults = Profiles::read(&environment).faults;
    assert_eq!(faults.len(), 2);
    assert_eq!(
        (faults[0].path.as_path(), faults[0].line),
        (std::path::Path::new("config"), 2)
    );
    assert_eq!(faults[1].kind, Some(IniFaultKind::NoSection));
}

#[test]
fn the_active_profile() {
    assert_eq!(active_profile(&Environment::default()), "default");
    let both = Environment::of([("AWS_PROFILE", "a"), ("AWS_DEFAULT_PROFILE", "b")]);
    // botocore's order, whatever the names promise.
    assert_eq!(active_profile(&both), "b");
}
