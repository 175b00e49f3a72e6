//! Broken setups of the credential side: each is told by its own cause and remedy, at the place where it breaks.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use cooperage::doctor::Patient;
use cooperage::doctor::ladder::rungs;
use cooperage::domain::diagnosis::{
    Break, CacheFlaw, CodeEnd, DoctorNews, FileFlaw, Light, Origin, OutputFlaw, Remedy, Rung,
    RungNote, RungPlace, RungState, Said, ServerTraits, StepKind, Unread,
};
use cooperage::domain::{RoleSpec, Timestamp};
use cooperage::settings::environment::SharedContent;
use cooperage::settings::{CredentialMode, Environment, Values};
use cooperage::storage::World;
use cooperage::words::diagnosis::{Case, When, headline, report};

use super::home::{Home, breaks_by, deciding, last_of, nobody_signs, profile};
use super::{NOW, connection};
use crate::support::scripted::{Reply, ScriptedServer};

fn option(name: &'static str) -> Remedy {
    Remedy::OpenOption(name)
}

fn config_file() -> Remedy {
    Remedy::ShowFile("config".into())
}

fn sha1(text: &str) -> String {
    use sha1::Digest as _;
    let bytes = sha1::Sha1::digest(text.as_bytes());
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const CENTER: &str = "[profile work]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = editor\n\
                      [sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n";
const KEYS: &str =
    "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = CANARYSECRET\n";

#[tokio::test]
async fn a_healthy_pair_signs_shadows_the_environment_and_nothing_is_red() {
    let keys = [
        "AWS_S3_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
        "AWS_S3_SECRET_ACCESS_KEY=CANARYSECRET",
    ];
    let home = Home::new()
        .variable("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT12345")
        .variable("AWS_SECRET_ACCESS_KEY", "CANARYOTHER");
    let ladder = home.climbed(connection(&keys)).await;
    assert_eq!(ladder[1].place, RungPlace::S3Pair);
    assert_eq!(ladder[1].state, RungState::Used);
    assert_eq!(ladder[1].key.as_ref().unwrap().masked_id, "AKIA…MPLE");
    assert_eq!(ladder[4].state, RungState::Shadowed { by: 2 });
    assert!(ladder.iter().all(|rung| rung.light() != Light::Bad));
    assert!(!format!("{ladder:?}").contains("CANARY"));
}

#[tokio::test]
async fn half_a_pair_names_the_half_that_is_missing() {
    let half = connection(&["AWS_S3_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE"]);
    let missing = "AWS_S3_SECRET_ACCESS_KEY";
    let ladder = Home::new().climbed(half).await;
    breaks_by(&ladder, &Break::HalfPair { missing }, &option(missing));
    let half = connection(&["AWS_SECRET_ACCESS_KEY=CANARY"]);
    let missing = "AWS_ACCESS_KEY_ID";
    let ladder = Home::new().climbed(half).await;
    breaks_by(&ladder, &Break::HalfPair { missing }, &option(missing));
}

#[tokio::test]
async fn half_a_pair_in_the_environment_is_not_an_option_to_open() {
    let home = Home::new().variable("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT12345");
    let ladder = home.climbed(connection(&[])).await;
    let missing = "AWS_SECRET_ACCESS_KEY";
    breaks_by(&ladder, &Break::HalfPair { missing }, &Remedy::PasteKeys);
    assert_eq!(deciding(&ladder).place, RungPlace::GeneralVariables);
}

#[tokio::test]
async fn halves_from_two_places_are_shown_as_they_are() {
    let home = Home::new().variable("AWS_SECRET_ACCESS_KEY", "CANARY");
    let half = connection(&["AWS_S3_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE"]);
    let ladder = home.climbed(half).await;
    assert_eq!(ladder[1].state, RungState::Used);
    let option = Origin::Option {
        name: "AWS_S3_ACCESS_KEY_ID",
        parent: None,
    };
    let mixed = RungNote::MixedPair {
        id: option,
        secret: Origin::Variable("AWS_SECRET_ACCESS_KEY".to_owned()),
    };
    assert!(ladder[1].notes.contains(&mixed));
    assert_eq!(ladder[1].origins.len(), 2);
    assert_eq!(ladder[1].light(), Light::Warning);
    assert!(ladder[4].notes.contains(&RungNote::LendsHalf { to: 2 }));
    assert_eq!(ladder[4].state, RungState::Shadowed { by: 2 });
}

#[tokio::test]
async fn a_token_of_the_environment_sticks_to_typed_keys() {
    let keys = [
        "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY=CANARY",
    ];
    let home = Home::new().variable("AWS_SESSION_TOKEN", "CANARY");
    let ladder = home.climbed(connection(&keys)).await;
    let variable = "AWS_SESSION_TOKEN".to_owned();
    assert_eq!(ladder[2].state, RungState::Used);
    assert!(
        ladder[2]
            .notes
            .contains(&RungNote::TokenSticks { variable })
    );
    assert_eq!(ladder[2].light(), Light::Warning);
}

#[tokio::test]
async fn a_token_alone_hides_all_that_comes_after() {
    let home = Home::new()
        .credentials(&format!("[default]\n{KEYS}"))
        .variable("AWS_SECURITY_TOKEN", "CANARY");
    let ladder = home.climbed(connection(&[])).await;
    let variable = Some("AWS_SECURITY_TOKEN".to_owned());
    breaks_by(&ladder, &Break::TokenAlone { variable }, &Remedy::RunAgain);
}

#[tokio::test]
async fn temporary_keys_without_their_token_are_said_to_be_so() {
    let keys = [
        "AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY=CANARY",
    ];
    let ladder = Home::new().climbed(connection(&keys)).await;
    assert!(deciding(&ladder).notes.contains(&RungNote::TokenMissing));
}

#[tokio::test]
async fn an_empty_option_and_an_empty_variable_are_told() {
    let options = [
        "AWS_S3_ACCESS_KEY_ID=",
        "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY=CANARY",
    ];
    let home = Home::new().variable("AWS_S3_SECRET_ACCESS_KEY", "");
    let ladder = home.climbed(connection(&options)).await;
    let empty = RungNote::EmptyOption("AWS_S3_ACCESS_KEY_ID");
    assert!(ladder[1].notes.contains(&empty), "{:?}", ladder[1]);
    let name = "AWS_S3_SECRET_ACCESS_KEY".to_owned();
    assert!(ladder[3].notes.contains(&RungNote::EmptyVariable(name)));
}

#[tokio::test]
async fn a_profile_and_typed_keys_quarrel() {
    let both = connection(&[
        "AWS_S3_SESSION_PROFILE=work",
        "AWS_S3_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
        "AWS_S3_SECRET_ACCESS_KEY=CANARY",
    ]);
    let home = Home::new().credentials(&format!("[work]\n{KEYS}"));
    let ladder = home.climbed(both).await;
    let options = vec!["AWS_S3_ACCESS_KEY_ID", "AWS_S3_SECRET_ACCESS_KEY"];
    let first = option(options[0]);
    breaks_by(&ladder, &Break::ProfileWithKeys { options }, &first);
}

#[tokio::test]
async fn a_missing_profile_is_named() {
    let home = Home::new().credentials(&format!("[other]\n{KEYS}"));
    let name = "work".to_owned();
    breaks_by(
        &home.climbed(profile()).await,
        &Break::ProfileMissing { name, seen: None },
        &option("AWS_S3_SESSION_PROFILE"),
    );
    let home = home.variable("AWS_PROFILE", "gone");
    let ladder = home.climbed(connection(&[])).await;
    let name = "gone".to_owned();
    breaks_by(
        &ladder,
        &Break::ProfileMissing { name, seen: None },
        &Remedy::RunAgain,
    );
    let named = RungNote::ProfileOf("AWS_PROFILE".to_owned());
    assert!(deciding(&ladder).notes.contains(&named));
}

#[tokio::test]
async fn a_profile_with_keys_signs_with_its_file_and_line() {
    let home = Home::new()
        .credentials(&format!("# mine\n[work]\n{KEYS}"))
        .variable("AWS_SESSION_TOKEN", "CANARY");
    let ladder = home.climbed(profile()).await;
    assert_eq!(ladder[0].state, RungState::Used);
    assert_eq!(ladder[0].key.as_ref().unwrap().masked_id, "AKIA…MPLE");
    let place = format!("{:?}", ladder[0].origins);
    assert!(
        place.contains("line: 3") && place.contains("credentials"),
        "{place}"
    );
    let variable = "AWS_SESSION_TOKEN".to_owned();
    assert!(
        ladder[0]
            .notes
            .contains(&RungNote::TokenIgnored { variable })
    );
    assert_eq!(ladder[0].light(), Light::Good);
}

#[tokio::test]
async fn half_a_pair_in_a_profile_names_the_missing_key() {
    let home = Home::new().credentials("[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n");
    let missing = "aws_secret_access_key";
    breaks_by(
        &home.climbed(profile()).await,
        &Break::HalfPair { missing },
        &Remedy::ShowFile("credentials".into()),
    );
}

#[tokio::test]
async fn a_profile_of_settings_only_leads_nowhere() {
    let home = Home::new().config("[profile work]\nregion = eu-west-1\n");
    let name = "work".to_owned();
    let ladder = home.climbed(profile()).await;
    breaks_by(&ladder, &Break::ProfileWithoutKeys { name }, &config_file());
}

#[tokio::test]
async fn a_malformed_file_is_told_with_its_line() {
    let home = Home::new().credentials(&format!("[work]\n{KEYS}what is this\n"));
    let cause = Break::FileMalformed {
        path: "credentials".into(),
        line: 4,
        flaw: FileFlaw::Unreadable,
    };
    let file = Remedy::ShowFile("credentials".into());
    breaks_by(&home.climbed(profile()).await, &cause, &file);
    // A name twice stops Django only.
    let home = Home::new().credentials(&format!(
        "[work]\n{KEYS}aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n"
    ));
    let ladder = home.climbed(profile()).await;
    assert_eq!(ladder[0].state, RungState::Used);
    assert_eq!(ladder[0].light(), Light::Bad);
    assert_eq!(ladder[0].remedy, Some(file));
}

#[tokio::test]
async fn an_unreadable_file_is_told_apart_from_a_missing_profile() {
    for why in [
        Unread::Refused,
        Unread::NotText,
        Unread::Folder,
        Unread::Special,
        Unread::Dangling,
    ] {
        let mut environment =
            Environment::of([("HOME", "/nowhere")]).with_files(Some(""), Some(""));
        environment.credentials.content = SharedContent::Unreadable(why);
        let world = World::of([("HOME", "/nowhere")], "", "").at(NOW);
        let above = Values::default();
        let patient = Patient::new(profile(), Ok(Vec::new()), above, environment, world, NOW).await;
        let path = PathBuf::from("credentials");
        let file = Remedy::ShowFile(path.clone());
        breaks_by(
            &rungs(&patient),
            &Break::FileUnreadable { path, why },
            &file,
        );
    }
}

#[tokio::test]
async fn a_source_profile_that_is_not_there_is_named() {
    let home = Home::new()
        .config("[profile work]\nrole_arn = arn:aws:iam::1:role/editor\nsource_profile = base\n");
    let cause = Break::SourceMissing {
        name: "base".to_owned(),
        from: "work".to_owned(),
    };
    let ladder = home.climbed(profile()).await;
    breaks_by(&ladder, &cause, &config_file());
    let lights: Vec<Light> = ladder[0].steps.iter().map(|step| step.light).collect();
    assert_eq!(
        lights,
        [Light::Good, Light::Bad],
        "it breaks at its second step"
    );
}

#[tokio::test]
async fn source_profiles_that_go_round_are_shown_in_their_order() {
    let home = Home::new().config(
        "[profile work]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = b\n\
         [profile b]\nrole_arn = arn:aws:iam::1:role/b\nsource_profile = work\n",
    );
    let names = ["work", "b", "work"].map(str::to_owned).to_vec();
    let ladder = home.climbed(profile()).await;
    breaks_by(&ladder, &Break::SourceLoop { names }, &config_file());
}

#[tokio::test]
async fn a_role_needs_one_source_and_no_more() {
    let role = "[profile work]\nrole_arn = arn:aws:iam::1:role/a\n";
    let name = "work".to_owned();
    let ladder = Home::new().config(role).climbed(profile()).await;
    breaks_by(&ladder, &Break::RoleWithoutSource { name }, &config_file());
    let two = format!("{role}source_profile = work\ncredential_source = Environment\n{KEYS}");
    let name = "work".to_owned();
    let home = Home::new().config(&two);
    let ladder = home.climbed(profile()).await;
    breaks_by(&ladder, &Break::TwoSources { name }, &config_file());
    // The storage core refuses it, too.
    let patient = home.patient(profile()).await;
    nobody_signs(&patient).await;
}

#[tokio::test]
async fn a_credential_source_must_be_one_of_three_and_have_keys() {
    let role = "[profile work]\nrole_arn = arn:aws:iam::1:role/a\ncredential_source = ";
    let ladder = Home::new()
        .config(&format!("{role}Enviroment\n"))
        .climbed(profile())
        .await;
    let value = "Enviroment".to_owned();
    breaks_by(&ladder, &Break::UnknownSource { value }, &config_file());
    let ladder = Home::new()
        .config(&format!("{role}Environment\n"))
        .climbed(profile())
        .await;
    let missing = "AWS_ACCESS_KEY_ID";
    breaks_by(
        &ladder,
        &Break::SourceVariablesMissing { missing },
        &Remedy::RunAgain,
    );
}

#[tokio::test]
async fn a_role_that_asks_for_a_code_says_of_which_device() {
    let home = Home::new()
        .config(
            "[profile work]\nrole_arn = arn:aws:iam::1:role/team/editor\nsource_profile = base\n\
             mfa_serial = arn:aws:iam::1:mfa/me\nexternal_id = xy\n",
        )
        .credentials(&format!("[base]\n{KEYS}"));
    let cause = Break::CodeNeeded {
        serial: "arn:aws:iam::1:mfa/me".to_owned(),
        role: "editor".to_owned(),
        end: CodeEnd::NobodyThere,
    };
    let remedy = Remedy::EnterCode;
    breaks_by(&home.climbed(profile()).await, &cause, &remedy);
}

#[tokio::test]
async fn the_file_of_a_web_identity_is_missing_or_empty_or_without_a_role() {
    let home = Home::new();
    let path = home.path().join("token");
    let config = format!(
        "[profile work]\nrole_arn = arn:aws:iam::1:role/a\nweb_identity_token_file = {}\n",
        path.display()
    );
    let home = home.config(&config);
    let file = Remedy::ShowFile(path.clone());
    let cause = Break::TokenFileMissing { path: path.clone() };
    breaks_by(&home.climbed(profile()).await, &cause, &file);
    home.file("token", "\n");
    let cause = Break::TokenFileEmpty { path: path.clone() };
    breaks_by(&home.climbed(profile()).await, &cause, &file);
    let home = home.config(&format!(
        "[profile work]\nweb_identity_token_file = {}\n",
        path.display()
    ));
    let ladder = home.climbed(profile()).await;
    breaks_by(&ladder, &Break::RoleArnMissing, &config_file());
}

#[tokio::test]
async fn a_web_identity_of_the_variables_comes_before_keys_in_files() {
    let home = Home::new().credentials(&format!("[default]\n{KEYS}"));
    let path = home.path().join("token");
    let home = home
        .variable("AWS_WEB_IDENTITY_TOKEN_FILE", &path.display().to_string())
        .variable("AWS_ROLE_ARN", "arn:aws:iam::1:role/pod");
    let ladder = home.climbed(connection(&[])).await;
    let cause = Break::TokenFileMissing { path: path.clone() };
    breaks_by(&ladder, &cause, &Remedy::ShowFile(path));
    let patient = home.patient(connection(&[])).await;
    nobody_signs(&patient).await;
}

#[tokio::test]
async fn identity_center_is_missing_cut_off_unfit_or_over() {
    let home = Home::new().config(CENTER);
    let name = format!(".aws/sso/cache/{}.json", sha1("corp"));
    let remedy = Remedy::SignIn {
        profile: Some("work".to_owned()),
        session: Some("corp".to_owned()),
    };
    let breaks = |flaw| Break::SignIn {
        session: "corp".to_owned(),
        flaw,
    };
    let ladder = home.climbed(profile()).await;
    breaks_by(&ladder, &breaks(CacheFlaw::Missing), &remedy);
    home.file(&name, "{\"accessToken\": \"CANARY");
    let ladder = home.climbed(profile()).await;
    breaks_by(&ladder, &breaks(CacheFlaw::CutOff), &remedy);
    home.file(&name, "{\"accessToken\": \"CANARY\"}");
    let member = "expiresAt";
    let ladder = home.climbed(profile()).await;
    breaks_by(&ladder, &breaks(CacheFlaw::Unfit { member }), &remedy);
    home.file(
        &name,
        "{\"accessToken\": \"CANARY\", \"expiresAt\": \"2026-05-31T18:30:00Z\"}",
    );
    let ended = Timestamp::from_iso("2026-05-31T18:30:00Z").unwrap();
    let ladder = home.climbed(profile()).await;
    breaks_by(&ladder, &breaks(CacheFlaw::Expired(ended)), &remedy);
    assert!(!format!("{ladder:?}").contains("CANARY"));
}

#[tokio::test]
async fn the_settings_of_identity_center_are_incomplete() {
    let home = Home::new().config(&CENTER.replace("[sso-session corp]", "[sso-session other]"));
    let session = "corp".to_owned();
    let ladder = home.climbed(profile()).await;
    breaks_by(&ladder, &Break::SessionMissing { session }, &config_file());
    let home = Home::new().config(&CENTER.replace("sso_role_name = editor\n", ""));
    let missing = "sso_role_name";
    let at = |section: &str, line| {
        Some(Origin::File {
            path: "config".into(),
            section: section.to_owned(),
            line,
        })
    };
    let ladder = home.climbed(profile()).await;
    let cause = Break::IdentityCenterIncomplete {
        missing,
        at: at("profile work", 1),
    };
    breaks_by(&ladder, &cause, &config_file());
    // Address and region belong to the session's block.
    let home = Home::new().config(&CENTER.replace("sso_region = eu-west-1\n", ""));
    let cause = Break::IdentityCenterIncomplete {
        missing: "sso_region",
        at: at("sso-session corp", 5),
    };
    breaks_by(&home.climbed(profile()).await, &cause, &config_file());
}

#[cfg(unix)]
mod programs {
    use super::*;

    async fn run(command: &str) -> Vec<Rung> {
        let config = format!("[profile work]\ncredential_process = {command}\n");
        Home::new().config(&config).climbed(profile()).await
    }

    fn script(home: &Home, text: &str) -> String {
        use std::os::unix::fs::PermissionsExt as _;
        let path = home.file("give-keys", &format!("#!/bin/sh\n{text}\n"));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path.display().to_string()
    }

    #[tokio::test]
    async fn a_program_that_is_not_there() {
        let program = "no-such-program-of-cooperage".to_owned();
        let ladder = run(&format!("{program} --user me")).await;
        let cause = Break::ProcessNotFound { program };
        breaks_by(&ladder, &cause, &Remedy::RunAgain);
    }

    #[tokio::test]
    async fn a_program_that_may_not_be_run() {
        let home = Home::new();
        let path = home.file("give-keys", "#!/bin/sh\n");
        let config = format!("[profile work]\ncredential_process = {}\n", path.display());
        let ladder = home.config(&config).climbed(profile()).await;
        let program = "give-keys".to_owned();
        let cause = Break::ProcessNotRunnable { program };
        breaks_by(&ladder, &cause, &Remedy::RunAgain);
    }

    #[tokio::test]
    async fn a_program_that_fails_is_quoted_without_its_secrets() {
        let home = Home::new();
        let path = script(
            &home,
            "echo 'session ended for token FwoGZXIvYXdzEBYaDKCANARY0123456789' >&2; exit 3",
        );
        let config = format!("[profile work]\ncredential_process = {path} --token CANARY\n");
        let ladder = home.config(&config).climbed(profile()).await;
        let cause = Break::ProcessFailed {
            program: "give-keys".to_owned(),
            code: Some(3),
            said: Said::Line("session ended for token …".to_owned()),
        };
        breaks_by(&ladder, &cause, &Remedy::RunAgain);
        assert!(!format!("{ladder:?}").contains("CANARY"), "{ladder:?}");
    }

    #[tokio::test]
    async fn a_program_that_hangs_is_ended() {
        let config = "[profile work]\ncredential_process = sleep 600\n";
        let mut patient = Home::new().config(config).patient(profile()).await;
        patient.limits.program = Some(Duration::from_millis(100));
        let program = "sleep".to_owned();
        let cause = Break::ProcessHangs { program, secs: 0 };
        breaks_by(&last_of(&patient).await, &cause, &Remedy::RunAgain);
    }

    #[tokio::test]
    async fn a_program_that_prints_something_else() {
        let flawed = |flaw| Break::ProcessOutput {
            program: "echo".to_owned(),
            flaw,
        };
        for (printed, flaw) in [
            ("", OutputFlaw::Nothing),
            ("hello", OutputFlaw::NotJson),
            ("'{\"Version\": 2}'", OutputFlaw::Version),
            ("'{\"Version\": 1}'", OutputFlaw::Member("AccessKeyId")),
        ] {
            let ladder = run(&format!("echo {printed}")).await;
            breaks_by(&ladder, &flawed(flaw), &Remedy::RunAgain);
        }
    }

    #[tokio::test]
    async fn a_program_that_gives_old_keys_and_one_that_gives_good_ones() {
        let printed = |end: &str| {
            format!(
                "echo '{{\"Version\": 1, \"AccessKeyId\": \"ASIAIOSFODNN7EXAMPLE\", \"SecretAccessKey\": \"CANARY\", \
                 \"SessionToken\": \"CANARY\", \"Expiration\": \"{end}\"}}'"
            )
        };
        let ladder = run(&printed("2026-06-01T11:59:00Z")).await;
        let cause = Break::ProcessKeysEnded {
            program: "echo".to_owned(),
            at: Timestamp(NOW.0 - 60),
        };
        breaks_by(&ladder, &cause, &Remedy::RunAgain);
        let ladder = run(&printed("2026-06-01T13:42:00Z")).await;
        assert_eq!(ladder[0].state, RungState::Used);
        let key = ladder[0].key.as_ref().unwrap();
        assert_eq!(key.expires, Some(Timestamp(NOW.0 + 6120)));
        assert!(key.temporary && key.masked_id == "ASIA…MPLE");
    }
}

/// A role whose STS is the scripted server.
fn role_at(server: &ScriptedServer) -> Home {
    Home::new()
        .config(&format!(
            "[profile work]\nrole_arn = arn:aws:iam::1:role/editor\nsource_profile = base\nendpoint_url = {}\n",
            server.endpoint()
        ))
        .credentials(&format!("[base]\n{KEYS}"))
}

/// An error of STS.
fn refused(status: u16, code: &str) -> Reply {
    let body = format!(
        "<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>"
    );
    Reply::new(status, body)
}

#[tokio::test]
async fn what_sts_says_to_a_role_is_told_apart() {
    let role = || "editor".to_owned();
    let denied = Break::RoleDenied {
        role: role(),
        external_id: false,
    };
    for (status, code, cause, remedy) in [
        (403, "AccessDenied", denied, Remedy::RunAgain),
        (
            403,
            "ExpiredToken",
            Break::SourceEnded { role: role() },
            Remedy::PasteKeys,
        ),
        (
            403,
            "InvalidClientTokenId",
            Break::SourceRefused {
                role: role(),
                token: None,
                secret_wrong: false,
            },
            Remedy::PasteKeys,
        ),
    ] {
        let server = ScriptedServer::in_turn(vec![refused(status, code)]);
        let ladder = role_at(&server).climbed(profile()).await;
        breaks_by(&ladder, &cause, &remedy);
        let first = &ladder[0].steps[0];
        assert!(matches!(first.kind, StepKind::Role { .. }) && first.light == Light::Bad);
    }
}

#[tokio::test]
async fn a_role_that_is_given_shows_whose_keys_and_for_how_long() {
    let body = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIATAKENTAKENTAKEN1</AccessKeyId>\
                <SecretAccessKey>CANARY</SecretAccessKey><SessionToken>CANARY</SessionToken>\
                <Expiration>2026-06-01T13:42:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
    let server = ScriptedServer::in_turn(vec![Reply::new(200, body)]);
    let ladder = role_at(&server).climbed(profile()).await;
    assert_eq!(ladder[0].state, RungState::Used, "{:#?}", ladder[0]);
    let key = ladder[0].key.as_ref().unwrap();
    assert_eq!(key.masked_id, "ASIA…KEN1");
    assert_eq!(key.expires, Some(Timestamp(NOW.0 + 6120)));
    assert_eq!(ladder[0].steps.len(), 4, "role, source, keys, answer");
    assert!(!format!("{ladder:?}").contains("CANARY"));
}

#[tokio::test]
async fn a_service_that_nobody_runs_is_unreachable() {
    let server = ScriptedServer::in_turn(vec![refused(500, "x")]);
    let home = role_at(&server);
    let endpoint = server.endpoint();
    drop(server);
    let ladder = home.climbed(profile()).await;
    let cause = Break::Unreachable {
        subject: "STS, which gives the role,".to_owned(),
        host: endpoint.strip_prefix("http://").map(str::to_owned),
        code: Some("ConnectionRefused".to_owned()),
    };
    breaks_by(&ladder, &cause, &Remedy::RunAgain);
}

#[tokio::test]
async fn the_default_session_shows_every_place_and_what_hides_what() {
    let config = format!(
        "[default]\ncredential_process = echo x\n{}",
        CENTER.replace("[profile work]\n", "")
    );
    let home = Home::new()
        .config(&config)
        .credentials(&format!("[default]\n{KEYS}"));
    let ladder = home.climbed(connection(&[])).await;
    assert_eq!(ladder.len(), 14);
    let center = ladder
        .iter()
        .position(|rung| matches!(rung.place, RungPlace::IdentityCenter(_)))
        .unwrap();
    assert!(ladder[center].decides(), "{ladder:#?}");
    let hidden = RungState::Shadowed { by: center + 1 };
    for rung in &ladder {
        match rung.place {
            RungPlace::CredentialsFile(_) | RungPlace::Process(_) => assert_eq!(rung.state, hidden),
            RungPlace::Instance => assert_eq!(rung.state, RungState::NotAsked),
            _ => {}
        }
    }
    let home = Home::new().variable("AWS_EC2_METADATA_DISABLED", "true");
    let ladder = home.climbed(connection(&[])).await;
    assert!(ladder.iter().all(|rung| !rung.decides()));
    assert_eq!(ladder[13].state, RungState::NotSet);
}

#[tokio::test]
async fn an_unsigned_connection_searches_nowhere() {
    let mut anonymous = connection(&[]);
    anonymous.credentials = CredentialMode::Anonymous;
    let ladder = Home::new().climbed(anonymous).await;
    assert_eq!(deciding(&ladder).place, RungPlace::Unsigned);
    assert!(ladder[..14].iter().all(|rung| !rung.is_set()));
}

#[tokio::test]
async fn the_report_says_it_without_a_secret() {
    let home = Home::new()
        .config("[profile work]\nrole_arn = arn:aws:iam::1:role/editor\nsource_profile = base\n")
        .variable("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT12345")
        .variable("AWS_SECRET_ACCESS_KEY", "CANARY");
    let ladder = home.climbed(profile()).await;
    let mut diagnosis = cooperage::domain::diagnosis::Diagnosis::default();
    diagnosis.take(DoctorNews::Ladder(ladder));
    let zone = jiff::tz::TimeZone::UTC;
    let when = When {
        now: NOW,
        zone: &zone,
        home: None,
    };
    let banner = headline(&diagnosis, true, &when).unwrap();
    assert_eq!(banner.title, "The source profile “base” is not there");
    let text = report(&Case {
        diagnosis: &diagnosis,
        finished: None,
        traits: &ServerTraits::default(),
        failed: &[],
        when,
    });
    assert!(
        text.contains("[X]   1. Session profile “work”: failed"),
        "{text}"
    );
    assert!(text.contains("AKIA…2345"), "{text}");
    assert!(!text.contains("CANARY") && !text.contains('`'), "{text}");
    let lines: BTreeSet<&str> = text.lines().collect();
    assert!(lines.len() > 10, "{text}");
}

#[tokio::test]
async fn a_role_of_the_connection_that_is_not_given_can_be_changed() {
    let denied = Break::RoleDenied {
        role: "editor".to_owned(),
        external_id: false,
    };
    let ended = Break::SourceEnded {
        role: "editor".to_owned(),
    };
    for (code, cause, remedy) in [
        ("AccessDenied", denied, Remedy::ChangeRole),
        ("ExpiredToken", ended, Remedy::PasteKeys),
    ] {
        let server = ScriptedServer::in_turn(vec![refused(403, code)]);
        let home = Home::new()
            .config(&format!(
                "[profile work]\nendpoint_url = {}\n",
                server.endpoint()
            ))
            .credentials(&format!("[work]\n{KEYS}"));
        let mut connection = profile();
        connection.role = Some(RoleSpec {
            arn: "arn:aws:iam::1:role/editor".to_owned(),
            ..RoleSpec::default()
        });
        breaks_by(&home.climbed(connection).await, &cause, &remedy);
    }
}
