//! Which source wins, case by case as boto3 decides it: the ladder says so, and the storage core signs with it.
//!
//! The cases were decided by running boto3 1.43 over the same files and variables.

use cooperage::domain::diagnosis::{Light, RungState};
use cooperage::settings::Connection;

use super::connection;
use super::home::{Home, profile};
use crate::support::scripted::{Asked, Reply, ScriptedServer};

/// A pair whose key id ends in four letters of the case.
fn pair(name: &str) -> String {
    format!("aws_access_key_id = AKIAAAAAAAAAAAAA{name}\naws_secret_access_key = CANARY\n")
}

/// A program that prints such a pair.
fn program(name: &str) -> String {
    format!(
        "credential_process = echo '{{\"Version\": 1, \"AccessKeyId\": \"AKIAAAAAAAAAAAAA{name}\", \
         \"SecretAccessKey\": \"CANARY\"}}'\n"
    )
}

/// STS: the key of a role ends like the key that took it, that of a token like the token.
fn sts(asked: &Asked) -> Reply {
    let body = String::from_utf8_lossy(&asked.body).into_owned();
    let field = |name: &str| {
        let mut parts = body.split('&');
        parts.find_map(|part| part.strip_prefix(&format!("{name}=")).map(str::to_owned))
    };
    let taken_by = match field("WebIdentityToken") {
        Some(token) => token,
        None => {
            let signed = asked.header("authorization").unwrap_or_default();
            let id = signed.split("Credential=").nth(1).unwrap_or_default();
            id.split('/').next().unwrap_or_default().to_owned()
        }
    };
    let role = field("RoleArn").unwrap_or_default();
    let role = role.rsplit("%2F").next().unwrap_or_default().to_uppercase();
    let end = &taken_by[taken_by.len().saturating_sub(4)..];
    let action = field("Action").unwrap_or_default();
    Reply::new(
        200,
        format!(
            "<{action}Response><{action}Result><Credentials><AccessKeyId>{role:A<16.16}{end}</AccessKeyId>\
             <SecretAccessKey>CANARY</SecretAccessKey><SessionToken>CANARY</SessionToken>\
             <Expiration>2026-06-01T13:42:00Z</Expiration></Credentials></{action}Result></{action}Response>"
        ),
    )
}

/// The ladder's used key and the storage's own, which must be one; `None` where neither has any.
async fn winner(home: &Home, connection: Connection) -> Option<String> {
    let ladder = home.climbed(connection.clone()).await;
    let used = ladder.iter().find(|rung| rung.state == RungState::Used);
    let told = used
        .and_then(|rung| rung.key.clone())
        .map(|key| key.masked_id);
    let patient = home.patient(connection).await;
    let storage = patient.storage.as_ref().expect("a storage");
    let signs = storage
        .identity()
        .await
        .ok()
        .map(|one| one.access_key_masked);
    assert_eq!(told, signs, "ladder and storage differ: {ladder:#?}");
    if told.is_none() {
        let red = ladder.iter().any(|rung| rung.light() == Light::Bad);
        assert!(red, "nothing signs, and nobody says why: {ladder:#?}");
    }
    assert!(!format!("{ladder:?}").contains("CANARY"));
    told
}

struct Case {
    name: &'static str,
    config: String,
    credentials: String,
    variables: Vec<(&'static str, String)>,
    /// With the profile asked for, and with `AWS_PROFILE`. `None`: nothing signs.
    asked_for: Option<&'static str>,
    named: Option<&'static str>,
}

fn case(
    name: &'static str,
    config: String,
    credentials: String,
    both: Option<&'static str>,
) -> Case {
    Case {
        name,
        config,
        credentials,
        variables: Vec::new(),
        asked_for: both,
        named: both,
    }
}

impl Case {
    fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    fn named(mut self, key: Option<&'static str>) -> Self {
        self.named = key;
        self
    }

    async fn check(&self, home: impl Fn() -> Home) {
        let home = || {
            let mut home = home().config(&self.config).credentials(&self.credentials);
            for (name, value) in &self.variables {
                home = home.variable(name, value);
            }
            home
        };
        let asked_for = winner(&home(), profile()).await;
        assert_eq!(
            asked_for.as_deref(),
            self.asked_for,
            "{}: asked for",
            self.name
        );
        let by_name = home().variable("AWS_PROFILE", "work");
        let named = winner(&by_name, connection(&[])).await;
        assert_eq!(named.as_deref(), self.named, "{}: AWS_PROFILE", self.name);
    }
}

/// A role of the profile, with what else it says.
fn to_role(
    name: &'static str,
    more: &str,
    config: &str,
    credentials: String,
    key: Option<&'static str>,
) -> Case {
    case(name, format!("{W}{ROLE}{more}{config}"), credentials, key)
}

const W: &str = "[profile work]\n";
const ROLE: &str = "role_arn = arn:aws:iam::1:role/taken\n";

#[tokio::test]
async fn inside_a_profile_without_a_role() {
    let cases = [
        case(
            "credentials file before config file",
            format!("{W}{}", pair("CONF")),
            format!("[work]\n{}", pair("CRED")),
            Some("AKIA…CRED"),
        ),
        case(
            "a program before keys of the config file",
            format!("{W}{}{}", pair("CONF"), program("PROG")),
            String::new(),
            Some("AKIA…PROG"),
        ),
        case(
            "keys of the credentials file before a program",
            format!("{W}{}", program("PROG")),
            format!("[work]\n{}", pair("CRED")),
            Some("AKIA…CRED"),
        ),
        case(
            "a program of the credentials file",
            format!("{W}{}{}", pair("CONF"), program("PRGC")),
            format!("[work]\n{}", program("PROG")),
            Some("AKIA…PROG"),
        ),
        case(
            "a program that fails ends the search",
            format!("{W}credential_process = false\n{}", pair("CONF")),
            String::new(),
            None,
        ),
        case(
            "a program without a shell",
            format!("{W}credential_process = echo '{{\"Version\": 1}}' | cat\n"),
            String::new(),
            None,
        ),
        case(
            "half a pair of the credentials file hides the whole one",
            format!("{W}{}", pair("CONF")),
            "[work]\naws_access_key_id = AKIAAAAAAAAAAAAAHALF\n".to_owned(),
            None,
        ),
        case(
            "a pair is never made of two files",
            format!("{W}aws_secret_access_key = CANARY\n"),
            "[work]\naws_access_key_id = AKIAAAAAAAAAAAAAHALF\n".to_owned(),
            None,
        ),
        case(
            "a secret alone counts for nothing",
            format!("{W}{}", pair("CONF")),
            "[work]\naws_secret_access_key = CANARY\n".to_owned(),
            Some("AKIA…CONF"),
        ),
        case(
            "an address of Identity Center without account and role",
            format!("{W}sso_start_url = https://corp/start\n{}", pair("CONF")),
            String::new(),
            Some("AKIA…CONF"),
        ),
        case(
            "an account of Identity Center is enough to mean it",
            format!("{W}sso_account_id = 1\n{}", pair("CONF")),
            String::new(),
            None,
        ),
        case(
            "quotes around the name",
            format!("[profile \"work\"]\n{}", pair("CONF")),
            String::new(),
            Some("AKIA…CONF"),
        ),
        case(
            "no profile: the config file's prefix is missing",
            format!("[work]\n{}", pair("CONF")),
            String::new(),
            None,
        ),
        case(
            "kept keys of aws login that are not there end the search",
            format!(
                "{W}login_session = arn:aws:iam::1:user/me\n{}",
                program("PROG")
            ),
            String::new(),
            None,
        ),
    ];
    for case in cases {
        case.check(Home::new).await;
    }
}

#[tokio::test]
async fn a_role_of_a_profile() {
    let server = ScriptedServer::start(sts);
    let b_role = "[profile b]\nrole_arn = arn:aws:iam::1:role/below\nsource_profile = a\n";
    let cases = [
        to_role(
            "another profile",
            "source_profile = b\n",
            "",
            format!("[b]\n{}", pair("BASE")),
            Some("TAKE…BASE"),
        ),
        to_role(
            "itself, with keys",
            &format!("source_profile = work\n{}", pair("CONF")),
            "",
            format!("[work]\n{}", pair("CRED")),
            Some("TAKE…CRED"),
        ),
        to_role(
            "itself, with a program before the keys",
            &format!("source_profile = work\n{}{}", pair("CONF"), program("PROG")),
            "",
            String::new(),
            Some("TAKE…PROG"),
        ),
        to_role(
            "itself, with a program only",
            &format!("source_profile = work\n{}", program("PROG")),
            "",
            String::new(),
            None,
        ),
        to_role(
            "a program of another profile",
            "source_profile = b\n",
            &format!("[profile b]\n{}", program("PROG")),
            String::new(),
            Some("TAKE…PROG"),
        ),
        to_role(
            "a chain of two",
            "source_profile = b\n",
            b_role,
            format!("[a]\n{}", pair("BASE")),
            Some("TAKE…BASE"),
        ),
        to_role(
            "a source with keys of its own takes no role",
            "source_profile = b\n",
            &format!("{b_role}{}", pair("OWNB")),
            format!("[a]\n{}", pair("BASE")),
            Some("TAKE…OWNB"),
        ),
        to_role(
            "the keys of a role's own profile do not end its loop",
            &format!("source_profile = b\n{}", pair("OWNW")),
            "[profile b]\nrole_arn = arn:aws:iam::1:role/below\nsource_profile = work\n",
            String::new(),
            None,
        ),
    ];
    for case in cases {
        let case = case.variable("AWS_ENDPOINT_URL_STS", &server.endpoint());
        case.check(Home::new).await;
    }
}

#[tokio::test]
async fn a_role_whose_source_is_odd() {
    let server = ScriptedServer::start(sts);
    let cases = [
        to_role("nobody", &pair("CONF"), "", String::new(), None),
        to_role(
            "a source with a secret only",
            "source_profile = b\n",
            "",
            "[b]\naws_secret_access_key = x\n".to_owned(),
            None,
        ),
        to_role(
            "two sources",
            "source_profile = b\ncredential_source = Environment\n",
            "",
            format!("[b]\n{}", pair("BASE")),
            None,
        ),
        to_role(
            "the environment, which has nothing",
            "credential_source = Environment\n",
            "",
            String::new(),
            None,
        ),
        to_role(
            "the environment in other letters",
            "credential_source = environment\n",
            "",
            String::new(),
            None,
        ),
        to_role(
            "the environment",
            "credential_source = Environment\n",
            "",
            String::new(),
            Some("TAKE…VARI"),
        )
        .variable("AWS_ACCESS_KEY_ID", "AKIAAAAAAAAAAAAAVARI")
        .variable("AWS_SECRET_ACCESS_KEY", "CANARY")
        // Without a profile that was asked for the variables themselves sign.
        .named(Some("AKIA…VARI")),
        to_role(
            "a container, which this is not",
            "credential_source = EcsContainer\n",
            "",
            String::new(),
            None,
        ),
        to_role(
            "no machine",
            "credential_source = Ec2InstanceMetadata\n",
            "",
            String::new(),
            None,
        )
        .variable("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    for case in cases {
        let case = case.variable("AWS_ENDPOINT_URL_STS", &server.endpoint());
        case.check(Home::new).await;
    }
}

#[tokio::test]
async fn a_web_identity_of_variables_and_profile() {
    const FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
    const ARN: (&str, &str) = ("AWS_ROLE_ARN", "arn:aws:iam::1:role/variable");
    let server = ScriptedServer::start(sts);
    let tokens = tempfile::tempdir().unwrap();
    let token = |name: &str| {
        let path = tokens.path().join(name);
        std::fs::write(&path, format!("token-{name}")).unwrap();
        path.display().to_string()
    };
    let (prof, vari) = (token("PROF"), token("VARI"));
    let of_profile = format!("{W}{ROLE}web_identity_token_file = {prof}\nsource_profile = b\n");
    let role = format!("{W}{ROLE}source_profile = b\n");
    let base = || format!("[b]\n{}", pair("BASE"));
    let keys = || format!("[work]\n{}", pair("CRED"));
    let cases = [
        case(
            "of the profile, before its source",
            of_profile.clone(),
            base(),
            Some("TAKE…PROF"),
        ),
        case("of both", of_profile, base(), Some("TAKE…PROF"))
            .variable(FILE, &vari)
            .variable(ARN.0, ARN.1)
            .named(Some("VARI…VARI")),
        case(
            "of the variables, before keys",
            String::new(),
            keys(),
            Some("AKIA…CRED"),
        )
        .variable(FILE, &vari)
        .variable(ARN.0, ARN.1)
        .named(Some("VARI…VARI")),
        case(
            "of the variables, after a role of the profile",
            role.clone(),
            base(),
            Some("TAKE…BASE"),
        )
        .variable(FILE, &vari)
        .variable(ARN.0, ARN.1),
        case(
            "a file of the variables, and no role anywhere",
            String::new(),
            keys(),
            Some("AKIA…CRED"),
        )
        .variable(FILE, &vari)
        .named(None),
        case(
            "a file of the profile and a role of the variables",
            format!("{W}web_identity_token_file = {prof}\n"),
            String::new(),
            None,
        )
        .variable(ARN.0, ARN.1)
        .named(Some("VARI…PROF")),
        case(
            "a file that is not there ends the search",
            format!("{W}{ROLE}web_identity_token_file = {prof}.not\n"),
            keys(),
            None,
        ),
    ];
    for case in cases {
        let case = case.variable("AWS_ENDPOINT_URL_STS", &server.endpoint());
        case.check(Home::new).await;
    }
}

#[tokio::test]
async fn after_all_profiles() {
    let keys = |id: &str| {
        format!(
            "{{\"Code\": \"Success\", \"AccessKeyId\": \"ASIAAAAAAAAAAAAA{id}\", \"SecretAccessKey\": \"CANARY\", \
             \"Token\": \"CANARY\", \"Expiration\": \"2026-06-01T13:42:00Z\"}}"
        )
    };
    let server =
        ScriptedServer::start(
            move |asked| match (asked.method.as_str(), asked.target.as_str()) {
                ("PUT", _) => Reply::new(200, "session"),
                (_, "/container") => Reply::new(200, keys("CONT")),
                (_, path) if path.ends_with("/security-credentials/") => Reply::new(200, "machine"),
                _ => Reply::new(200, keys("INST")),
            },
        );
    let files = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = files.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let boto = file("boto", &format!("[Credentials]\n{}", pair("BOTO")));
    let first = file(
        "first",
        "AWSAccessKeyId=AKIAAAAAAAAAAAAA1EC2\nAWSSecretKey=CANARY\n",
    );
    const CONTAINER: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    const INSTANCE: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
    let container = format!("{}/container", server.endpoint());
    let settings = || format!("{W}region = eu-west-1\n");
    let cases = [
        case(
            "keys before a container",
            settings(),
            format!("[work]\n{}", pair("CRED")),
            Some("AKIA…CRED"),
        )
        .variable(CONTAINER, &container),
        case(
            "a container after a profile of settings",
            settings(),
            String::new(),
            Some("ASIA…CONT"),
        )
        .variable(CONTAINER, &container)
        .variable(INSTANCE, &server.endpoint()),
        case(
            "the instance last",
            settings(),
            String::new(),
            Some("ASIA…INST"),
        )
        .variable(INSTANCE, &server.endpoint()),
        case("the instance switched off", settings(), String::new(), None)
            .variable(INSTANCE, &server.endpoint())
            .variable("AWS_EC2_METADATA_DISABLED", "true")
            .variable("AWS_ACCESS_KEY_ID", "AKIAAAAAAAAAAAAAVARI")
            .variable("AWS_SECRET_ACCESS_KEY", "CANARY")
            .named(Some("AKIA…VARI")),
        case(
            "a file of boto 2 before a container",
            settings(),
            String::new(),
            Some("AKIA…BOTO"),
        )
        .variable(CONTAINER, &container)
        .variable("BOTO_CONFIG", &boto),
        case(
            "the oldest file first",
            settings(),
            String::new(),
            Some("AKIA…1EC2"),
        )
        .variable("AWS_CREDENTIAL_FILE", &first)
        .variable("BOTO_CONFIG", &boto),
        case(
            "a profile that is not there ends the search",
            String::new(),
            String::new(),
            None,
        )
        .variable(CONTAINER, &container),
    ];
    for case in cases {
        case.check(Home::new).await;
    }
}

#[tokio::test]
async fn of_two_variables_that_name_a_profile_the_older_one_counts() {
    let home = Home::new()
        .credentials(&format!("[a]\n{}[b]\n{}", pair("AAAA"), pair("BBBB")))
        .variable("AWS_PROFILE", "a")
        .variable("AWS_DEFAULT_PROFILE", "b");
    let key = winner(&home, connection(&[])).await;
    assert_eq!(key.as_deref(), Some("AKIA…BBBB"));
}
