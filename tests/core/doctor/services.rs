//! What STS and Identity Center answer instead of keys, and the lines of a role that no STS takes: each told with its place
//! and what would be right.

use cooperage::domain::diagnosis::{
    AskedService, Break, Light, Origin, Remedy, Rung, RungNote, StrangeAnswer,
};
use cooperage::words;

use super::home::{Home, breaks_by, deciding, profile};
use crate::support::scripted::{Reply, ScriptedServer};

const KEYS: &str =
    "[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = CANARY\n";
const PAGE: &str = "<!DOCTYPE html>\n<html><body>Welcome, please sign in</body></html>";

/// A role of these lines at a token service.
fn role(lines: &str, sts: &ScriptedServer) -> Home {
    Home::new()
        .config(&format!("[profile work]\nsource_profile = base\n{lines}"))
        .credentials(KEYS)
        .variable("AWS_ENDPOINT_URL_STS", &sts.endpoint())
}

const EDITOR: &str = "role_arn = arn:aws:iam::123456789012:role/editor\n";

fn center(sso: &ScriptedServer) -> Home {
    use sha1::Digest as _;
    let home = Home::new()
        .config(
            "[profile work]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = editor\n\
             [sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n",
        )
        .variable("AWS_ENDPOINT_URL_SSO", &sso.endpoint());
    let name: String = sha1::Sha1::digest("corp")
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    home.file(
        &format!(".aws/sso/cache/{name}.json"),
        "{\"accessToken\": \"CANARY\", \"expiresAt\": \"2026-06-01T20:00:00Z\"}",
    );
    home
}

/// STS' own complaint.
fn complaint(message: &str) -> Reply {
    Reply::new(
        400,
        format!(
            "<ErrorResponse><Error><Code>ValidationError</Code><Message>{message}</Message></Error></ErrorResponse>"
        ),
    )
}

#[track_caller]
fn names_line(ladder: &[Rung], line: usize, words: &str) {
    let rung = deciding(ladder);
    let Some(Break::RoleWordUnfit { at, .. }) = rung.cause() else {
        panic!("{rung:#?}");
    };
    let place = Origin::File {
        path: "config".into(),
        section: "profile work".to_owned(),
        line,
    };
    assert_eq!(at.as_ref(), Some(&place));
    let file = Remedy::ShowFile("config".into());
    breaks_by(ladder, rung.cause().unwrap(), &file);
    let when = words::diagnosis::When {
        now: super::NOW,
        zone: &jiff::tz::TimeZone::UTC,
        home: None,
    };
    let told = words::diagnosis::breaks::told(rung.cause().unwrap(), &when);
    let text = format!("{} {} {}", told.title, told.cause, told.next);
    assert!(text.contains(words), "{text}");
}

#[tokio::test]
async fn a_role_that_botocore_would_not_send_is_not_sent() {
    for (lines, line, words) in [
        (
            "role_arn = myrole\n",
            3,
            "`arn:aws:iam::123456789012:role/Name`",
        ),
        ("role_arn =\n", 3, "has nothing behind its sign"),
        (
            &format!("{EDITOR}duration_seconds = 60\n"),
            4,
            "says `60`. Write a number from 900 to 43200",
        ),
        (&format!("{EDITOR}external_id = x\n"), 4, "it is not shown"),
        (
            &format!("{EDITOR}role_session_name = x\n"),
            4,
            "2 to 64 letters",
        ),
        (&format!("{EDITOR}mfa_serial = x\n"), 4, ":mfa/name`"),
    ] {
        let sts = ScriptedServer::in_turn(vec![complaint("no")]);
        let home = role(lines, &sts);
        names_line(&home.climbed(profile()).await, line, words);
        assert!(sts.asked().is_empty(), "{lines}");
    }
}

#[tokio::test]
async fn what_sts_complains_of_is_told_with_its_line() {
    for (lines, message, line, words) in [
        (
            "role_arn = \"arn:aws:iam::123456789012:role/editor\"\n".to_owned(),
            "&quot;arn&quot; is invalid",
            3,
            "no whole ARN",
        ),
        (
            format!("{EDITOR}duration_seconds = 99999\n"),
            "Value '99999' at 'durationSeconds' failed to satisfy constraint",
            4,
            "says `99999`",
        ),
        (
            format!("{EDITOR}duration_seconds = 7200\n"),
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            4,
            "longer than the role allows",
        ),
        (
            format!("{EDITOR}role_session_name = a b\n"),
            "Value 'a b' at 'roleSessionName' failed to satisfy constraint",
            4,
            "says `a b`",
        ),
    ] {
        let sts = ScriptedServer::in_turn(vec![complaint(message)]);
        names_line(&role(&lines, &sts).climbed(profile()).await, line, words);
    }
}

#[tokio::test]
async fn a_duration_that_is_no_number_is_passed_over_as_boto3_does() {
    let sts = ScriptedServer::in_turn(vec![Reply::new(500, "")]);
    let lines = format!("{EDITOR}duration_seconds = an hour\n");
    let ladder = role(&lines, &sts).climbed(profile()).await;
    let ignored = |note: &RungNote| {
        matches!(
            note,
            RungNote::DurationIgnored {
                at: Origin::File { line: 4, .. }
            }
        )
    };
    assert!(deciding(&ladder).notes.iter().any(ignored), "{ladder:#?}");
    let asked = sts.asked();
    let form = String::from_utf8_lossy(&asked[0].body).into_owned();
    assert!(!form.contains("DurationSeconds"), "{form}");
}

#[tokio::test]
async fn an_answer_that_is_not_of_the_service_is_told_apart_from_its_failure() {
    use StrangeAnswer as S;
    let moved = || Reply::new(302, PAGE).header("location", "http://portal.example/");
    let replies = [
        (200, PAGE, Some(S::WebPage)),
        (511, PAGE, Some(S::WebPage)),
        (200, "", Some(S::Nothing)),
        (200, "{\"hello\": 1}", Some(S::Other)),
        (503, "", None),
        (500, PAGE, None),
    ];
    for service in [AskedService::Sts, AskedService::IdentityCenter] {
        let all = replies
            .into_iter()
            .map(|(status, body, what)| (Reply::new(status, body), what));
        for (reply, what) in all.chain([(moved(), Some(S::Redirect))]) {
            let status = reply.status;
            let server = ScriptedServer::in_turn(vec![reply]);
            let host = server.endpoint().replace("http://", "");
            let home = match service {
                AskedService::Sts => role(EDITOR, &server),
                AskedService::IdentityCenter => center(&server),
            };
            let cause = match what {
                Some(what) => Break::StrangerAnswers {
                    service,
                    host,
                    what,
                },
                None => Break::ServiceFailed {
                    service,
                    host,
                    status,
                },
            };
            let ladder = home.climbed(profile()).await;
            breaks_by(&ladder, &cause, &Remedy::RunAgain);
            assert_eq!(deciding(&ladder).light(), Light::Bad);
            // The window says the same where it would have listed.
            let patient = home.patient(profile()).await;
            let failure = patient.storage.as_ref().unwrap().identity().await;
            let told = words::explain(&failure.unwrap_err()).to_text();
            assert!(
                told.contains("127.0.0.1:") && !told.contains("Welcome"),
                "{told}"
            );
        }
    }
}

#[tokio::test]
async fn refusals_keep_their_own_words_and_keys_that_take_a_role_are_judged() {
    let said = |code: &str, words: &str| {
        Reply::new(
            403,
            format!(
                "<ErrorResponse><Error><Code>{code}</Code><Message>{words}</Message></Error></ErrorResponse>"
            ),
        )
    };
    let sts = ScriptedServer::in_turn(vec![said("RegionDisabledException", "not activated")]);
    let cause = Break::Refused {
        subject: "STS".to_owned(),
        status: Some(403),
        code: Some("RegionDisabledException".to_owned()),
        said: "not activated".to_owned(),
    };
    let ladder = role(EDITOR, &sts).climbed(profile()).await;
    breaks_by(&ladder, &cause, &Remedy::RunAgain);
    let sts = ScriptedServer::in_turn(vec![said("SignatureDoesNotMatch", "no")]);
    let cause = Break::SourceRefused {
        role: "editor".to_owned(),
        token: None,
        secret_wrong: true,
    };
    let ladder = role(EDITOR, &sts).climbed(profile()).await;
    breaks_by(&ladder, &cause, &Remedy::PasteKeys);
    // What is odd about them is the cause then.
    let sts = ScriptedServer::in_turn(vec![said("InvalidClientTokenId", "no")]);
    let quoted = KEYS.replace("AKIAIOSFODNN7EXAMPLE", "'AKIAIOSFODNN7EXAMPLE'");
    let home = role(EDITOR, &sts).credentials(&quoted);
    let ladder = home.climbed(profile()).await;
    let rung = deciding(&ladder);
    assert!(
        matches!(rung.cause(), Some(Break::KeyUnfit { .. })),
        "{rung:#?}"
    );
    assert_eq!(rung.remedy, Some(Remedy::ShowFile("credentials".into())));
}
