//! Keys that are written as no key is, stand the wrong way round, or come from two places: one cause with its place,
//! before anybody is asked where no request could carry them, else as soon as the server refuses them.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use cooperage::doctor::examine;
use cooperage::domain::diagnosis::{
    Break, CheckKind, Diagnosis, Finding, KeyFlaw, KeyHalf, Light, Origin, Remedy, RungNote, Skip,
    Unread,
};
use cooperage::settings::Connection;
use cooperage::settings::environment::SharedContent;
use cooperage::words;
use cooperage::words::diagnosis::{When, headline};
use tokio_util::sync::CancellationToken;

use super::home::{Home, deciding, profile};
use super::{NOW, connection};
use crate::support::scripted::{Asked, Reply, ScriptedServer};

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const VARIABLES: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

/// A server that refuses every signed request with this code.
fn refusing(code: &'static str) -> ScriptedServer {
    ScriptedServer::start(move |asked: &Asked| match asked.method.as_str() {
        "HEAD" => Reply::new(403, ""),
        _ => Reply::error(403, code, ""),
    })
}

/// Everything that is found at a server, and whether anything signed was sent to it.
async fn examined(home: &Home, server: &ScriptedServer, mut of: Connection) -> (Diagnosis, bool) {
    let endpoint = format!("AWS_S3_ENDPOINT_URL={}", server.endpoint());
    let rest = [
        "AWS_STORAGE_BUCKET_NAME=media",
        "AWS_S3_REGION_NAME=us-east-1",
        "AWS_S3_PROXIES={}",
    ];
    for option in rest.into_iter().chain([endpoint.as_str()]) {
        of.values.assign(option).expect("an option");
    }
    let patient = home.patient(of).await;
    let found = Mutex::new(Diagnosis::default());
    let tell = |news| {
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        found.take(news);
    };
    examine(&patient, &tell, &CancellationToken::new()).await;
    let asked = server.asked();
    let signed = asked
        .iter()
        .any(|one| one.header("authorization").is_some());
    (found.into_inner().unwrap(), signed)
}

/// Asserts that this is the only thing that is red, with words of its own in the headline.
#[track_caller]
fn only(found: &Diagnosis, cause: &Break, remedy: &Remedy, words: &str) {
    let rung = deciding(&found.ladder);
    assert_eq!(rung.cause(), Some(cause), "{rung:#?}");
    assert_eq!(rung.remedy.as_ref(), Some(remedy));
    let red = (found.failed_places(), found.failed_checks());
    assert_eq!(red, (1, 0), "{:#?}", found.checks);
    let when = When {
        now: NOW,
        zone: &jiff::tz::TimeZone::UTC,
        home: None,
    };
    let told = headline(found, true, &when).expect("a headline");
    assert_eq!(told.light, Light::Bad);
    let text = format!("{} {}", told.title, told.below);
    assert!(text.contains(words), "{text}");
    let shown = format!("{:?} {:?} {text}", found.ladder, found.checks);
    assert!(!shown.contains("wJal"), "a secret is shown: {shown}");
}

fn variable(name: &str) -> Origin {
    Origin::Variable(name.to_owned())
}

fn line(line: usize) -> Origin {
    Origin::File {
        path: "credentials".into(),
        section: "work".to_owned(),
        line,
    }
}

fn unfit(half: KeyHalf, at: Origin, flaw: KeyFlaw) -> Break {
    let at = Some(at);
    Break::KeyUnfit { half, at, flaw }
}

fn file() -> Remedy {
    Remedy::ShowFile(PathBuf::from("credentials"))
}

#[tokio::test]
async fn what_no_request_can_carry_is_not_sent() {
    let place = || variable("AWS_ACCESS_KEY_ID");
    let of_id = |flaw| unfit(KeyHalf::Id, place(), flaw);
    let swapped = Break::KeysSwapped { at: Some(place()) };
    for (id, secret, cause, words) in [
        (
            format!("{ID}\r"),
            SECRET,
            of_id(KeyFlaw::LineEnd),
            "no request can carry",
        ),
        (
            format!("{ID}é"),
            SECRET,
            of_id(KeyFlaw::Letter),
            "that no key has",
        ),
        (
            format!("{ID}\u{7}"),
            SECRET,
            of_id(KeyFlaw::Letter),
            "that no key has",
        ),
        (
            SECRET.to_owned(),
            ID,
            swapped.clone(),
            "A secret key stands where",
        ),
        (
            "wJalplainlowerletters".to_owned(),
            ID,
            swapped,
            "each in its own place",
        ),
    ] {
        let home = Home::new()
            .variable(VARIABLES[0], &id)
            .variable(VARIABLES[1], secret);
        let server = refusing("InvalidAccessKeyId");
        let (found, signed) = examined(&home, &server, connection(&[])).await;
        assert!(!signed, "{id:?} was sent");
        only(&found, &cause, &Remedy::PasteKeys, words);
        assert!(deciding(&found.ladder).notes.is_empty());
        let skipped = |kind| found.check(kind).expect("told").finding.clone();
        let rung = Some(5);
        assert_eq!(
            skipped(CheckKind::Caller),
            Finding::Skipped(Skip::NoKeys { rung })
        );
        assert_eq!(
            skipped(CheckKind::Listing),
            Finding::Skipped(Skip::After(CheckKind::Caller))
        );
        // The window says the same where it would have listed.
        let patient = home.patient(connection(&[])).await;
        let failure = patient.storage.as_ref().unwrap().identity().await;
        let told = words::explain(&failure.unwrap_err()).to_text();
        assert!(
            !told.contains("wJal") && !told.contains("IOSFODNN"),
            "{told}"
        );
    }
}

#[tokio::test]
async fn what_stands_around_a_key_is_the_cause_once_the_server_refuses_it() {
    use KeyHalf::{Id, Secret};
    let unknown = "InvalidAccessKeyId";
    let wrong = "SignatureDoesNotMatch";
    for (id, secret, code, (half, flaw), words) in [
        (
            format!("\"{ID}\""),
            SECRET.to_owned(),
            unknown,
            (Id, KeyFlaw::Quoted),
            "Remove them in line 2 of credentials.",
        ),
        (
            format!("{ID} # mine"),
            SECRET.to_owned(),
            unknown,
            (Id, KeyFlaw::Comment),
            "A comment stands behind the access key id",
        ),
        (
            ID.to_owned(),
            format!("'{SECRET}'"),
            wrong,
            (Secret, KeyFlaw::Quoted),
            "Remove them in line 3 of credentials.",
        ),
        (
            ID.to_owned(),
            format!("{SECRET} ; mine"),
            wrong,
            (Secret, KeyFlaw::Comment),
            "every signature is wrong",
        ),
    ] {
        let text = format!("[work]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
        let home = Home::new().credentials(&text);
        let server = refusing(code);
        let (found, signed) = examined(&home, &server, profile()).await;
        assert!(signed, "whether it works the server says");
        let at = line(if half == Id { 2 } else { 3 });
        only(&found, &unfit(half, at, flaw), &file(), words);
        // The window says the same where it would have listed.
        let mut of = profile();
        let endpoint = format!("AWS_S3_ENDPOINT_URL={}", server.endpoint());
        for option in [
            endpoint.as_str(),
            "AWS_STORAGE_BUCKET_NAME=media",
            "AWS_S3_PROXIES={}",
        ] {
            of.values.assign(option).expect("an option");
        }
        let patient = home.patient(of).await;
        let refused = patient.storage.as_ref().unwrap().list_buckets().await;
        let shown = words::explain(&refused.unwrap_err()).to_text();
        assert!(shown.contains("boto3 takes"), "{shown}");
        let told = Finding::Skipped(Skip::ToldBy { rung: 1 });
        assert_eq!(found.check(CheckKind::Caller).unwrap().finding, told);
    }
}

#[tokio::test]
async fn a_line_end_in_a_secret_makes_signatures_wrong_and_is_sent_to_nobody() {
    let home = Home::new()
        .variable(VARIABLES[0], ID)
        .variable(VARIABLES[1], &format!("{SECRET}\r"));
    let server = refusing("SignatureDoesNotMatch");
    let (found, signed) = examined(&home, &server, connection(&[])).await;
    assert!(signed);
    let cause = unfit(KeyHalf::Secret, variable(VARIABLES[1]), KeyFlaw::LineEnd);
    only(
        &found,
        &cause,
        &Remedy::PasteKeys,
        "every signature is wrong",
    );
}

#[tokio::test]
async fn line_ends_of_windows_in_a_file_are_none_of_the_key_and_a_joined_line_is() {
    let text =
        format!("[work]\r\naws_access_key_id = {ID}\r\naws_secret_access_key = {SECRET}\r\n");
    let ladder = Home::new().credentials(&text).climbed(profile()).await;
    assert!(deciding(&ladder).notes.is_empty() && deciding(&ladder).light() == Light::Good);
    let text =
        format!("[work]\naws_access_key_id = {ID}\n  more\naws_secret_access_key = {SECRET}\n");
    let home = Home::new().credentials(&text);
    let server = refusing("InvalidAccessKeyId");
    let (found, signed) = examined(&home, &server, profile()).await;
    assert!(!signed);
    let cause = unfit(KeyHalf::Id, line(2), KeyFlaw::LineEnd);
    only(
        &found,
        &cause,
        &file(),
        "Begin it where line 2 of credentials begins",
    );
}

#[tokio::test]
async fn halves_of_two_places_a_missing_and_a_foreign_token_explain_a_refusal() {
    let mixed = Break::PairMixed {
        id: Origin::Option {
            name: "AWS_S3_ACCESS_KEY_ID",
            parent: None,
        },
        secret: variable(VARIABLES[1]),
    };
    let home = Home::new().variable(VARIABLES[1], SECRET);
    let server = refusing("SignatureDoesNotMatch");
    let half = connection(&["AWS_S3_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE"]);
    let (found, _) = examined(&home, &server, half).await;
    let words = "from `AWS_S3_ACCESS_KEY_ID` of this connection, the secret from the variable \
                 `AWS_SECRET_ACCESS_KEY`.";
    only(&found, &mixed, &Remedy::PasteKeys, &words.replace('`', ""));

    let home = Home::new()
        .variable(VARIABLES[0], "ASIAIOSFODNN7EXAMPLE")
        .variable(VARIABLES[1], SECRET);
    let server = refusing("InvalidAccessKeyId");
    let (found, _) = examined(&home, &server, connection(&[])).await;
    only(&found, &Break::TokenMissing, &Remedy::PasteKeys, "token");

    let name = "AWS_SESSION_TOKEN";
    let home = Home::new().variable(name, "CANARY");
    let server = refusing("InvalidToken");
    let typed = connection(&[
        "AWS_S3_ACCESS_KEY_ID=testkey",
        "AWS_S3_SECRET_ACCESS_KEY=testsecret",
    ]);
    let (found, _) = examined(&home, &server, typed).await;
    let variable = name.to_owned();
    let foreign = Break::ForeignToken { variable };
    only(
        &found,
        &foreign,
        &Remedy::RunAgain,
        "Unset AWS_SESSION_TOKEN",
    );
}

#[tokio::test]
async fn an_end_that_a_tool_wrote_is_no_break_until_the_server_refuses() {
    let text = format!(
        "[work]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = {SECRET}\n\
         aws_session_token = t\nx_security_token_expires = 2020-01-01T00:00:00Z\n"
    );
    let home = Home::new().credentials(&text);
    let ladder = home.climbed(profile()).await;
    let at = cooperage::domain::Timestamp(1_577_836_800);
    assert_eq!(deciding(&ladder).notes, [RungNote::EndWritten { at }]);
    let (found, _) = examined(&home, &refusing("ExpiredToken"), profile()).await;
    only(
        &found,
        &Break::KeysEnded { at },
        &Remedy::PasteKeys,
        "have ended",
    );
    // Long-term keys have none, whatever was left beside them.
    let text = text
        .replace("ASIA", "AKIA")
        .replace("aws_session_token = t\n", "");
    let ladder = Home::new().credentials(&text).climbed(profile()).await;
    assert!(deciding(&ladder).notes.is_empty());
}

#[tokio::test]
async fn two_empty_lines_are_no_half_pair() {
    let text = "[work]\naws_access_key_id =\naws_secret_access_key =\n";
    let ladder = Home::new().credentials(text).climbed(profile()).await;
    super::home::breaks_by(&ladder, &Break::PairEmpty, &file());
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_shown_where_other_keys_sign() {
    let config = format!("[default]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n");
    let home = Home::new().config(&config);
    let mut patient = home.patient(connection(&[])).await;
    patient.environment.credentials.content = SharedContent::Unreadable(Unread::Refused);
    let ladder = super::home::last_of(&patient).await;
    let rung = ladder
        .iter()
        .find(|rung| rung.place.word() == "credentials-file");
    let rung = rung.unwrap();
    let when = When {
        now: NOW,
        zone: &jiff::tz::TimeZone::UTC,
        home: None,
    };
    let told = words::diagnosis::rung(rung, &when);
    assert_eq!(
        (told.verdict.as_str(), rung.light()),
        ("cannot be read", Light::Info)
    );
    assert!(
        told.lines[0].starts_with("credentials cannot be read."),
        "{told:?}"
    );
    assert_eq!(deciding(&ladder).place.word(), "config-file");
}

#[tokio::test]
async fn of_two_headings_for_one_profile_the_later_counts_and_the_other_is_named() {
    let keys = format!("aws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n");
    let config = format!("[default]\n{keys}[profile default]\nregion = eu-west-1\n");
    let ladder = Home::new().config(&config).climbed(connection(&[])).await;
    let cause = Break::SectionReplaced {
        path: "config".into(),
        line: 1,
        by: 4,
    };
    super::home::breaks_by(&ladder, &cause, &Remedy::ShowFile("config".into()));
    let config = format!("[default]\nregion = eu-west-1\n[profile default]\n{keys}");
    let ladder = Home::new().config(&config).climbed(connection(&[])).await;
    assert_eq!(deciding(&ladder).light(), Light::Good);
}

#[tokio::test]
async fn a_malformed_file_is_told_once() {
    let text = format!("[work]\nnonsense\naws_access_key_id = {ID}\n");
    for of in [
        profile(),
        connection(&["AWS_S3_ACCESS_KEY_ID=a", "AWS_S3_SECRET_ACCESS_KEY=b"]),
    ] {
        let ladder = Home::new().credentials(&text).climbed(of).await;
        let when = When {
            now: NOW,
            zone: &jiff::tz::TimeZone::UTC,
            home: None,
        };
        let lines: Vec<String> = (ladder.iter())
            .flat_map(|rung| words::diagnosis::rung(rung, &when).lines)
            .filter(|line| line.contains("neither a section"))
            .collect();
        assert_eq!(lines.len(), 1, "{lines:#?}");
    }
}

#[tokio::test]
async fn a_token_that_no_header_can_hold_is_not_sent_and_a_quoted_one_explains_a_refusal() {
    let home = |token: &str| {
        Home::new()
            .variable(VARIABLES[0], "ASIAIOSFODNN7EXAMPLE")
            .variable(VARIABLES[1], SECRET)
            .variable("AWS_SESSION_TOKEN", token)
    };
    let at = || variable("AWS_SESSION_TOKEN");
    let server = refusing("InvalidToken");
    let (found, signed) = examined(&home("CANARY\r"), &server, connection(&[])).await;
    assert!(!signed);
    let cause = unfit(KeyHalf::Token, at(), KeyFlaw::LineEnd);
    only(
        &found,
        &cause,
        &Remedy::PasteKeys,
        "The session token has a line end",
    );
    let (found, signed) = examined(&home("\"CANARY\""), &server, connection(&[])).await;
    assert!(signed);
    let cause = unfit(KeyHalf::Token, at(), KeyFlaw::Quoted);
    only(
        &found,
        &cause,
        &Remedy::PasteKeys,
        "Remove them in the variable AWS_SESSION_TOKEN",
    );
}

#[tokio::test]
async fn keys_under_other_names_or_in_two_files_are_found() {
    let id = format!("aws_access_key_id = {ID}\n");
    let secret = format!("aws_secret_access_key = {SECRET}\n");
    let place = |path: &str, section: &str, line| Origin::File {
        path: path.into(),
        section: section.to_owned(),
        line,
    };
    let home = Home::new()
        .credentials(&format!("[work]\n{id}"))
        .config(&format!("[profile work]\n{secret}"));
    let torn = Break::PairTorn {
        id: place("credentials", "work", 2),
        secret: place("config", "profile work", 2),
    };
    super::home::breaks_by(&home.climbed(profile()).await, &torn, &file());
    for (text, written, meant, line) in [
        (
            format!("[work]\n{id}aws_secret_key = {SECRET}\n"),
            "aws_secret_key",
            "aws_secret_access_key",
            3,
        ),
        (
            format!("[work]\nexport {id}export {secret}"),
            "export aws_access_key_id",
            "aws_access_key_id",
            2,
        ),
    ] {
        let at = place("credentials", "work", line);
        let written = written.to_owned();
        let cause = Break::KeyMisnamed { written, meant, at };
        let ladder = Home::new().credentials(&text).climbed(profile()).await;
        super::home::breaks_by(&ladder, &cause, &file());
    }
}

#[tokio::test]
async fn keys_of_the_environment_that_take_a_role_are_looked_at_too() {
    let config = "[profile work]\nrole_arn = arn:aws:iam::123456789012:role/editor\n\
                  credential_source = Environment\n";
    let home = |id: &str| {
        Home::new()
            .config(config)
            .variable(VARIABLES[0], id)
            .variable(VARIABLES[1], SECRET)
    };
    let ladder = home(&format!("{ID}\r")).climbed(profile()).await;
    let place = || variable(VARIABLES[0]);
    let cause = unfit(KeyHalf::Id, place(), KeyFlaw::LineEnd);
    super::home::breaks_by(&ladder, &cause, &Remedy::PasteKeys);
    let said = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>no</Message></Error></ErrorResponse>";
    let sts = ScriptedServer::in_turn(vec![Reply::new(403, said)]);
    let home = home(&format!("'{ID}'")).variable("AWS_ENDPOINT_URL_STS", &sts.endpoint());
    let cause = unfit(KeyHalf::Id, place(), KeyFlaw::Quoted);
    super::home::breaks_by(&home.climbed(profile()).await, &cause, &Remedy::PasteKeys);
}

#[tokio::test]
async fn a_profile_that_contradicts_its_session_stops_django() {
    let config = "[profile work]\nsso_session = corp\nsso_region = us-east-1\nsso_account_id = 123456789012\n\
                  sso_role_name = editor\n[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\n\
                  sso_region = eu-west-1\n";
    let ladder = Home::new().config(config).climbed(profile()).await;
    let is_it = |note: &RungNote| {
        let key = "sso_region";
        matches!(note, RungNote::Contradiction { key: own, .. } if *own == key)
    };
    let note = deciding(&ladder).notes.iter().find(|note| is_it(note));
    assert!(note.is_some_and(RungNote::stops_django), "{ladder:#?}");
}
