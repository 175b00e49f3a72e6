//! What stands where the shared files should be: each flaw has a cause and a remedy of its own, and what boto3 passes over
//! stands in nobody's way.

use cooperage::doctor::Patient;
use cooperage::doctor::ladder::rungs;
use cooperage::domain::diagnosis::{
    Break, FileFlaw, Light, Remedy, RungNote, RungPlace, RungState, SeenProfile, Unread,
};
use cooperage::settings::environment::{SharedContent, SharedFile};
use cooperage::settings::{Connection, Environment, Values};
use cooperage::storage::World;

use super::home::{Home, breaks_by, deciding, profile};
use super::{NOW, connection};

const KEYS: &str = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n";

/// A patient whose credentials file is this, in a world that sees the same.
async fn with_file(
    connection: Connection,
    content: SharedContent,
    named_by: Option<&'static str>,
    variables: &[(&str, &str)],
) -> Patient {
    let mut environment = Environment::of(variables.iter().copied()).with_files(Some(""), Some(""));
    environment.credentials = SharedFile {
        path: "credentials".into(),
        named_by,
        content,
    };
    let world = World::of(variables.iter().copied(), "", "").at(NOW);
    let above = Values::default();
    Patient::new(connection, Ok(Vec::new()), above, environment, world, NOW).await
}

fn unread(why: Unread) -> Break {
    let path = "credentials".into();
    Break::FileUnreadable { path, why }
}

#[tokio::test]
async fn a_file_that_a_variable_names_and_that_is_not_there_is_told_as_such() {
    let variable = "AWS_SHARED_CREDENTIALS_FILE";
    let patient = with_file(profile(), SharedContent::Missing, Some(variable), &[]).await;
    let cause = unread(Unread::Missing(variable));
    breaks_by(&rungs(&patient), &cause, &Remedy::RunAgain);
    // Without the variable it is the profile that is missing.
    let patient = with_file(profile(), SharedContent::Missing, None, &[]).await;
    let cause = Break::ProfileMissing {
        name: "work".to_owned(),
        seen: None,
    };
    let choose = Remedy::OpenOption("AWS_S3_SESSION_PROFILE");
    breaks_by(&rungs(&patient), &cause, &choose);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_to_blame_only_when_nobody_else_has_keys() {
    let content = || SharedContent::Unreadable(Unread::Folder);
    let folder = Remedy::ShowFile("credentials".into());
    let off = ("AWS_EC2_METADATA_DISABLED", "true");
    let patient = with_file(connection(&[]), content(), None, &[off]).await;
    breaks_by(&rungs(&patient), &unread(Unread::Folder), &folder);
    // A container comes after the files, and gives keys all the same.
    let container = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/keys");
    let patient = with_file(connection(&[]), content(), None, &[off, container]).await;
    let ladder = rungs(&patient);
    assert_eq!(deciding(&ladder).place, RungPlace::Container);
    let file = ladder
        .iter()
        .find(|rung| rung.place == RungPlace::CredentialsFile("default".to_owned()));
    assert_eq!(file.unwrap().light(), Light::Info);
}

#[tokio::test]
async fn a_profile_of_the_variables_without_keys_is_to_blame_in_the_end() {
    let home = Home::new()
        .config("[profile bare]\nregion = eu-west-1\n")
        .variable("AWS_EC2_METADATA_DISABLED", "true")
        .variable("AWS_PROFILE", "bare");
    let name = "bare".to_owned();
    let file = Remedy::ShowFile("config".into());
    let ladder = home.climbed(connection(&[])).await;
    breaks_by(&ladder, &Break::ProfileWithoutKeys { name }, &file);
}

#[tokio::test]
async fn a_file_that_is_no_text_stops_the_search_and_django_everywhere() {
    let content = || SharedContent::Unreadable(Unread::NotText);
    let file = Remedy::ShowFile("credentials".into());
    let web = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/gone"),
        ("AWS_ROLE_ARN", "arn:aws:iam::1:role/pod"),
    ];
    let patient = with_file(connection(&[]), content(), None, &web).await;
    breaks_by(&rungs(&patient), &unread(Unread::NotText), &file);
    // Typed keys sign here, but Django does not get that far.
    let keys = connection(&[
        "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY=s",
    ]);
    let patient = with_file(keys, content(), None, &[]).await;
    let ladder = rungs(&patient);
    let rung = deciding(&ladder);
    assert_eq!(rung.state, RungState::Used);
    assert_eq!(rung.notes, [RungNote::NotText("credentials".into())]);
    assert_eq!(rung.light(), Light::Bad, "Django stops");
    assert_eq!(rung.remedy, Some(Remedy::ShowFile("credentials".into())));
}

#[tokio::test]
async fn what_django_stops_at_is_said_of_keys_of_the_environment_too() {
    let home = Home::new()
        .credentials(&format!("\u{feff}[default]\n{KEYS}"))
        .variable("AWS_PROFILE", "gone")
        .variable("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .variable("AWS_SECRET_ACCESS_KEY", "s");
    let ladder = home.climbed(connection(&[])).await;
    let rung = deciding(&ladder);
    assert_eq!(rung.state, RungState::Used);
    let gone = RungNote::ProfileGone {
        variable: "AWS_PROFILE",
        name: "gone".to_owned(),
    };
    let mark = RungNote::Malformed {
        path: "credentials".into(),
        line: 1,
        flaw: FileFlaw::ByteOrderMark,
    };
    assert_eq!(rung.notes, [mark, gone]);
    assert_eq!(rung.light(), Light::Bad);
}

#[tokio::test]
async fn variables_that_boto3_does_not_take_stop_django() {
    let noted = async |variable: &'static str, value: &str| {
        let home = Home::new()
            .credentials(&format!("[work]\n{KEYS}"))
            .variable(variable, value)
            .variable("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .variable("AWS_SECRET_ACCESS_KEY", "s");
        let ladder = home.climbed(connection(&[])).await;
        let rung = deciding(&ladder).clone();
        assert_eq!(rung.state, RungState::Used);
        let stops = rung.stops_django().cloned();
        assert_eq!(rung.light() == Light::Bad, stops.is_some());
        stops
    };
    for (variable, value) in [
        ("AWS_RETRY_MODE", "Standard"),
        ("AWS_RETRY_MODE", ""),
        ("AWS_MAX_ATTEMPTS", "0"),
        ("AWS_MAX_ATTEMPTS", "three"),
        ("AWS_REQUEST_CHECKSUM_CALCULATION", "never"),
        ("AWS_RESPONSE_CHECKSUM_VALIDATION", ""),
        ("AWS_DEFAULTS_MODE", "quick"),
        ("AWS_STS_REGIONAL_ENDPOINTS", "global"),
    ] {
        let value = value.to_owned();
        let odd = noted(variable, &value).await;
        assert_eq!(odd, Some(RungNote::OddVariable { variable, value }));
    }
    for (variable, value) in [
        ("AWS_RETRY_MODE", "standard"),
        ("AWS_MAX_ATTEMPTS", " 3 "),
        ("AWS_REQUEST_CHECKSUM_CALCULATION", "WHEN_REQUIRED"),
        ("AWS_DEFAULTS_MODE", "Auto"),
        ("AWS_STS_REGIONAL_ENDPOINTS", ""),
        ("AWS_PROFILE", "work"),
    ] {
        assert_eq!(noted(variable, value).await, None, "{variable}");
    }
    // An empty name is one too, and the first of the two variables wins.
    for variable in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
        let name = String::new();
        let gone = noted(variable, "").await;
        assert_eq!(gone, Some(RungNote::ProfileGone { variable, name }));
    }
}

#[tokio::test]
async fn a_profile_that_is_missed_is_looked_for_among_what_stands_there() {
    let misspelt = |path: &str, line, written: &str, meant: &str| SeenProfile::Misspelt {
        path: path.into(),
        line,
        written: written.to_owned(),
        meant: meant.to_owned(),
    };
    for (config, credentials, seen) in [
        (
            "[default]\n[work]\n",
            "",
            misspelt("config", 2, "work", "profile work"),
        ),
        (
            "[ profile work ]\n",
            "",
            misspelt("config", 1, " profile work ", "profile work"),
        ),
        (
            "",
            "[profile work]\n",
            misspelt("credentials", 1, "profile work", "work"),
        ),
        (
            "",
            "[ work ]\n",
            misspelt("credentials", 1, " work ", "work"),
        ),
        ("[profile Work]\n", "", SeenProfile::Near("Work".to_owned())),
    ] {
        let config = config.replace("]\n", &format!("]\n{KEYS}"));
        let credentials = credentials.replace("]\n", &format!("]\n{KEYS}"));
        let home = Home::new().config(&config).credentials(&credentials);
        let remedy = match &seen {
            SeenProfile::Misspelt { path, .. } => Remedy::ShowFile(path.clone()),
            SeenProfile::Near(_) => Remedy::OpenOption("AWS_S3_SESSION_PROFILE"),
        };
        let line_of_second = |seen| match seen {
            SeenProfile::Misspelt {
                path,
                line: 2,
                written,
                meant,
            } => SeenProfile::Misspelt {
                path,
                line: 4,
                written,
                meant,
            },
            seen => seen,
        };
        let cause = Break::ProfileMissing {
            name: "work".to_owned(),
            seen: Some(line_of_second(seen)),
        };
        breaks_by(&home.climbed(profile()).await, &cause, &remedy);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_in_place_of_a_token_is_not_waited_for() {
    let home = Home::new();
    let pipe = home.path().join("token");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let config = format!(
        "[profile work]\nrole_arn = arn:aws:iam::1:role/a\nweb_identity_token_file = {}\n",
        pipe.display()
    );
    let home = home.config(&config);
    let cause = Break::TokenFileUnreadable {
        path: pipe.clone(),
        why: Unread::Special,
    };
    breaks_by(
        &home.climbed(profile()).await,
        &cause,
        &Remedy::ShowFile(pipe),
    );
    let patient = home.patient(profile()).await;
    let failure = patient
        .storage
        .as_ref()
        .unwrap()
        .identity()
        .await
        .unwrap_err();
    let found = cooperage::domain::diagnosis::BrokenSource::in_failure(&failure);
    assert_eq!(found, Some(&cause));
}

#[tokio::test]
async fn what_has_to_be_asked_for_is_not_said_to_sign_before_it_does() {
    let config = "[profile work]\ncredential_process = /nowhere/at/all\n";
    let patient = Home::new().config(config).patient(profile()).await;
    let ladder = rungs(&patient);
    let rung = deciding(&ladder);
    assert_eq!(rung.notes, [RungNote::Fetching { with_code: false }]);
    assert_eq!(rung.light(), Light::Info);
    let ladder = super::home::last_of(&patient).await;
    let rung = deciding(&ladder);
    assert!(
        rung.notes.is_empty() && rung.light() == Light::Bad,
        "{rung:?}"
    );
}
