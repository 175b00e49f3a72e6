//! Session tokens: one that is not of the keys is the suspect wherever a server refuses both, and is told with the place it
//! comes from.

use cooperage::domain::Secret;
use cooperage::domain::diagnosis::{
    Break, CacheFlaw, CheckKind, Finding, KeyFacts, Light, Origin, Remedy, RungPlace, RungState,
};
use cooperage::settings::CredentialMode;
use cooperage::words::diagnosis::checks as words;

use super::checks::{Told, examine_with};
use super::home::{Home, breaks_by, deciding, nobody_signs, profile};
use super::{NOW, connection};
use crate::support::scripted::{Asked, Reply, ScriptedServer};

/// Amazon, which refuses the token: its S3 and its STS each in their words.
fn amazon(s3: &'static str) -> ScriptedServer {
    ScriptedServer::start(move |asked: &Asked| match asked.method.as_str() {
        "POST" => Reply::error(403, "InvalidClientTokenId", ""),
        "HEAD" => Reply::new(400, ""),
        _ => Reply::error(400, s3, ""),
    })
}

async fn examine_amazon(server: &ScriptedServer, variables: &[(&str, &str)]) -> Told {
    let proxies = format!("AWS_S3_PROXIES={{\"http\": \"{}\"}}", server.endpoint());
    let host = "http://s3.us-east-1.amazonaws.com";
    examine_with(variables, host, &[&proxies]).await
}

#[tokio::test]
async fn a_token_of_the_environment_that_sticks_to_typed_keys_is_the_suspect() {
    // Where S3 gives no word of its own, that of STS alone.
    for s3 in ["InvalidToken", "InternalError"] {
        let server = amazon(s3);
        let sts = server.endpoint();
        let variables = [
            ("AWS_SESSION_TOKEN", "CANARY-of-other-keys"),
            ("AWS_ENDPOINT_URL_STS", &sts),
        ];
        let told = examine_amazon(&server, &variables).await;
        let wanted = Finding::TokenWrong {
            from: Some(Origin::Variable("AWS_SESSION_TOKEN".to_owned())),
            needless: true,
        };
        let caller = told.finding(CheckKind::Caller);
        assert_eq!((caller, caller.light()), (&wanted, Light::Bad), "{s3}");
        assert_eq!(caller.remedy(), Some(Remedy::PasteKeys));
        let said = words::finding(caller);
        assert!(said.cause.contains("`AWS_SESSION_TOKEN`"), "{said:?}");
        assert!(!format!("{said:?}").contains("CANARY"));
    }
}

#[tokio::test]
async fn without_a_token_it_is_the_key_that_is_unknown() {
    let server = amazon("InvalidAccessKeyId");
    let told = examine_amazon(&server, &[]).await;
    assert_eq!(told.finding(CheckKind::Caller), &Finding::KeyUnknown);
    // And with one, where S3 knows better than STS.
    let sts = server.endpoint();
    let variables = [("AWS_SESSION_TOKEN", "t"), ("AWS_ENDPOINT_URL_STS", &sts)];
    let told = examine_amazon(&server, &variables).await;
    assert_eq!(told.finding(CheckKind::Caller), &Finding::KeyUnknown);
}

#[tokio::test]
async fn a_token_beside_the_keys_that_take_a_role_is_named_with_its_line() {
    let body = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>no</Message></Error></ErrorResponse>";
    let sts = ScriptedServer::in_turn(vec![Reply::new(403, body)]);
    let home = Home::new()
        .config("[profile work]\nrole_arn = arn:aws:iam::1:role/editor\nsource_profile = base\n")
        .credentials(
            "[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n\
             aws_session_token = CANARY\n",
        )
        .variable("AWS_ENDPOINT_URL_STS", &sts.endpoint());
    let cause = Break::SourceRefused {
        role: "editor".to_owned(),
        token: Some(Origin::File {
            path: "credentials".into(),
            section: "base".to_owned(),
            line: 4,
        }),
        secret_wrong: false,
    };
    breaks_by(&home.climbed(profile()).await, &cause, &Remedy::PasteKeys);
}

#[tokio::test]
async fn the_default_session_takes_token_and_end_of_the_environment() {
    let mut chain = connection(&[]);
    chain.credentials = CredentialMode::Chain;
    let home = |end: &str| {
        Home::new()
            .variable("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE")
            .variable("AWS_SECRET_ACCESS_KEY", "s")
            .variable("AWS_SESSION_TOKEN", "CANARY")
            .variable("AWS_CREDENTIAL_EXPIRATION", end)
            // Hidden by the pair, even where that has ended.
            .credentials(
                "[default]\naws_access_key_id = AKIADEFAULTDEFAULT00\naws_secret_access_key = s\n",
            )
    };
    let ladder = home("2026-06-01T13:00:00Z").climbed(chain.clone()).await;
    let rung = deciding(&ladder);
    assert_eq!(
        (&rung.place, &rung.state),
        (&RungPlace::GeneralVariables, &RungState::Used)
    );
    let key = KeyFacts {
        masked_id: "ASIA…MPLE".to_owned(),
        temporary: true,
        has_token: true,
        expires: Some(NOW.plus_secs(3600)),
    };
    assert_eq!(rung.key.as_ref(), Some(&key));
    let ladder = home("2026-06-01T11:00:00Z").climbed(chain.clone()).await;
    let at = NOW.plus_secs(-3600);
    breaks_by(&ladder, &Break::KeysEnded { at }, &Remedy::PasteKeys);
    // Half a pair with its key id stops the search, as it does for boto3.
    let home = Home::new()
        .variable("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .credentials(
            "[default]\naws_access_key_id = AKIADEFAULTDEFAULT00\naws_secret_access_key = s\n",
        );
    let ladder = home.climbed(chain.clone()).await;
    let missing = "AWS_SECRET_ACCESS_KEY";
    let rung = deciding(&ladder);
    assert_eq!(rung.cause(), Some(&Break::HalfPair { missing }));
    let patient = home.patient(chain).await;
    nobody_signs(&patient).await;
}

#[tokio::test]
async fn a_token_that_is_kept_with_temporary_keys_is_to_be_pasted_anew() {
    let server = ScriptedServer::start(|asked: &Asked| match asked.method.as_str() {
        "HEAD" => Reply::new(403, ""),
        _ => Reply::error(403, "InvalidTokenId", ""),
    });
    let mut typed = connection(&[
        "AWS_S3_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE",
        "AWS_S3_SECRET_ACCESS_KEY=s",
        "AWS_STORAGE_BUCKET_NAME=media",
        "AWS_S3_REGION_NAME=us-east-1",
        "AWS_S3_PROXIES={}",
    ]);
    let endpoint = format!("AWS_S3_ENDPOINT_URL={}", server.endpoint());
    typed.values.assign(&endpoint).unwrap();
    typed.session_token = Some(Secret::new("CANARY"));
    let patient = Home::new().patient(typed).await;
    let told = std::sync::Mutex::new(None);
    let tell = |news| {
        if let cooperage::domain::diagnosis::DoctorNews::Check(check) = news
            && check.kind == CheckKind::Caller
        {
            *told.lock().unwrap() = Some(check.finding);
        }
    };
    cooperage::doctor::checks::run(&patient, &tell).await;
    let wanted = Finding::TokenWrong {
        from: Some(Origin::ConnectionToken { parent: None }),
        needless: false,
    };
    assert_eq!(told.into_inner().unwrap(), Some(wanted));
}

#[tokio::test]
async fn keys_of_aws_login_that_have_ended_are_never_used_and_the_command_is_exact() {
    use sha2::Digest as _;
    let session = "arn:aws:iam::111111111111:user/me";
    let name: String = sha2::Sha256::digest(session)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    // One of its own, and one whose keys take a role.
    for (config, root) in [
        (
            format!("[profile work]\nlogin_session = {session}\n"),
            "work",
        ),
        (
            format!(
                "[profile work]\nrole_arn = arn:aws:iam::1:role/editor\nsource_profile = my base\n\
                 [profile \"my base\"]\nlogin_session = {session}\n"
            ),
            "my base",
        ),
    ] {
        let home = Home::new().config(&config);
        let kept = "{\"accessToken\": {\"accessKeyId\": \"ASIAIOSFODNN7EXAMPLE\", \"secretAccessKey\": \"CANARY\", \
                    \"sessionToken\": \"CANARY\", \"expiresAt\": \"2026-06-01T11:59:59Z\"}}";
        home.file(&format!(".aws/login/cache/{name}.json"), kept);
        let ladder = home.climbed(profile()).await;
        let cause = Break::Login {
            profile: root.to_owned(),
            flaw: CacheFlaw::Expired(NOW.plus_secs(-1)),
        };
        breaks_by(&ladder, &cause, &Remedy::RunAgain);
        assert!(!format!("{ladder:?}").contains("CANARY"));
        let patient = home.patient(profile()).await;
        let failure = patient.storage.as_ref().unwrap().identity().await;
        let failure = failure.unwrap_err();
        let words = cooperage::words::explain(&failure);
        let quoted = if root.contains(' ') {
            "'my base'"
        } else {
            root
        };
        let command = format!("`aws login --profile {quoted}`");
        assert!(words.next_step.contains(&command), "{words:?}");
        assert!(!words.to_text().contains("sso login"), "{words:?}");
    }
}
