//! Signing in, roles, MFA codes and keys that end: every flow against a scripted Amazon, also where it goes wrong.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cooperage::domain::{
    CodeRefusal, CodeRequest, CredentialSpec, ErrorKind, IdentityCenterRole, RoleSpec, Secret,
    SignInFailure, SignInMethod, SignInSession, SignInStep, StorageConfig, Timestamp,
};
use cooperage::storage::{AskCode, IdentityCenter, Renewal, Storage, World};
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::support::fetch;
use crate::support::identity_center::{Behaviour, IdentityCenter as Amazon, pairs};
use crate::support::scripted::{Reply, ScriptedServer};

/// A home folder and the way to the scripted Amazon.
struct Place {
    amazon: Amazon,
    home: TempDir,
}

impl Place {
    fn new(behaviour: Behaviour) -> Self {
        Self {
            amazon: Amazon::start(behaviour),
            home: tempfile::tempdir().unwrap(),
        }
    }

    fn world(&self, config: &str) -> World {
        self.world_with(&[], config)
    }

    fn world_with(&self, more: &[(&str, &str)], config: &str) -> World {
        let home = self.home.path().to_str().unwrap().to_owned();
        let mut variables: Vec<(&str, String)> = self.amazon.variables();
        variables.extend([("HOME", home.clone()), ("USERPROFILE", home)]);
        variables.extend(
            more.iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        let pairs = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        World::of(pairs, config, "").with_second(Duration::from_millis(20))
    }

    async fn center(&self) -> IdentityCenter {
        IdentityCenter::in_world(self.world("")).await.unwrap()
    }

    fn cached(&self) -> Value {
        let path = self.home.path().join(".aws/sso/cache");
        let name = format!("{}.json", sha1_of("corp"));
        serde_json::from_slice(&std::fs::read(path.join(name)).unwrap()).unwrap()
    }

    fn write_cache(&self, text: &str) {
        let folder = self.home.path().join(".aws/sso/cache");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{}.json", sha1_of("corp"))), text).unwrap();
    }
}

fn sha1_of(text: &str) -> String {
    use sha1::Digest as _;
    let digest = sha1::Sha1::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn session() -> SignInSession {
    SignInSession {
        name: Some("corp".to_owned()),
        start_url: "https://corp.awsapps.com/start".to_owned(),
        region: "eu-central-1".to_owned(),
        scopes: Vec::new(),
    }
}

fn editor() -> IdentityCenterRole {
    IdentityCenterRole {
        session: Some("corp".to_owned()),
        start_url: session().start_url,
        region: session().region,
        account: "222222222222".to_owned(),
        role: "Editor".to_owned(),
    }
}

async fn by_code(place: &Place) -> (Result<Timestamp, SignInFailure>, Option<SignInStep>) {
    let step = Mutex::new(None);
    let tell = |told| *step.lock().unwrap() = Some(told);
    let cancel = CancellationToken::new();
    let center = place.center().await;
    let result = center
        .sign_in(&session(), SignInMethod::DeviceCode, &tell, &cancel)
        .await;
    (result, step.into_inner().unwrap())
}

/// What boto3's loader wants of a file, word for word: a token and an end that has not come.
fn boto3_takes(cached: &Value) -> bool {
    let end = cached["expiresAt"].as_str().and_then(Timestamp::from_iso);
    cached["accessToken"].is_string() && end.is_some_and(|end| end > Timestamp::now())
}

#[tokio::test]
async fn a_code_signs_in_and_the_aws_tools_find_it() {
    let place = Place::new(Behaviour {
        device_answers: vec![
            "authorization_pending",
            "slow_down",
            "authorization_pending",
        ],
        ..Behaviour::default()
    });
    let (result, step) = by_code(&place).await;
    let end = result.unwrap();
    assert!((end.0 - Timestamp::now().0 - 28_800).abs() < 120);
    let Some(SignInStep::Device { code, full_url, .. }) = step else {
        panic!("{step:?}");
    };
    assert_eq!(code, "ABCD-EFGH");
    assert_eq!(
        full_url.as_deref(),
        Some("https://device.example/?user_code=ABCD-EFGH")
    );
    assert_eq!(place.amazon.count("/token"), 4);

    let cached = place.cached();
    assert!(boto3_takes(&cached), "{cached}");
    for key in [
        "refreshToken",
        "clientId",
        "clientSecret",
        "registrationExpiresAt",
    ] {
        assert!(cached[key].is_string(), "{key}");
    }
    assert_eq!(cached["region"], "eu-central-1");
    assert_eq!(cached["startUrl"], "https://corp.awsapps.com/start");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = place.home.path().join(".aws/sso/cache");
        let files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(files.len(), 1, "no temporary file stays");
        assert_eq!(
            files[0].metadata().unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    let center = place.center().await;
    let accounts = center.accounts(&session()).await.unwrap();
    let names: Vec<&str> = accounts
        .iter()
        .map(|account| account.name.as_str())
        .collect();
    assert_eq!(names, ["archive", "Media"]);
    let roles = center.roles(&session(), "222222222222").await.unwrap();
    assert_eq!(roles, ["Editor", "Viewer"]);
}

#[tokio::test]
async fn slow_down_waits_longer_each_time() {
    let place = Place::new(Behaviour {
        device_answers: vec!["slow_down", "slow_down"],
        ..Behaviour::default()
    });
    let begun = std::time::Instant::now();
    by_code(&place).await.0.unwrap();
    // 1 + 6 + 11 seconds of twenty milliseconds each; without it 3.
    assert!(begun.elapsed() >= Duration::from_millis(18 * 20));
}

#[tokio::test]
async fn what_goes_wrong_at_the_code_is_told_apart() {
    for (answer, is_it) in [
        (
            "access_denied",
            (|f| matches!(f, SignInFailure::Denied)) as fn(&SignInFailure) -> bool,
        ),
        ("expired_token", |f| matches!(f, SignInFailure::TooLate)),
        (
            "invalid_client",
            |f| matches!(f, SignInFailure::Storage(error) if error.code.as_deref() == Some("invalid_client")),
        ),
    ] {
        let place = Place::new(Behaviour {
            device_answers: vec![answer],
            ..Behaviour::default()
        });
        let failure = by_code(&place).await.0.unwrap_err();
        assert!(is_it(&failure), "{answer}: {failure:?}");
        assert!(!format!("{failure:?}").contains("CANARY"));
        assert!(!place.home.path().join(".aws").exists(), "nothing is kept");
    }
}

#[tokio::test]
async fn nobody_confirming_ends_and_cancelling_ends_at_once() {
    let place = Place::new(Behaviour {
        device_answers: vec!["authorization_pending"; 10_000],
        ..Behaviour::default()
    });
    let cancel = CancellationToken::new();
    let center = place.center().await;
    let stop = cancel.clone();
    let tell = move |_| stop.cancel();
    let failure = center
        .sign_in(&session(), SignInMethod::DeviceCode, &tell, &cancel)
        .await
        .unwrap_err();
    assert!(matches!(failure, SignInFailure::Cancelled), "{failure:?}");

    // Six hundred seconds of a hundredth of a millisecond.
    let world = place.world("").with_second(Duration::from_micros(10));
    let center = IdentityCenter::in_world(world).await.unwrap();
    let failure = center
        .sign_in(
            &session(),
            SignInMethod::DeviceCode,
            &|_| {},
            &CancellationToken::new(),
        )
        .await
        .unwrap_err();
    assert!(matches!(failure, SignInFailure::TooLate), "{failure:?}");
}

/// Follows the address as a browser would, with this answer of the page.
async fn browse(
    place: &Place,
    answer: impl Fn(&str) -> String,
) -> Result<Timestamp, SignInFailure> {
    let (say, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let tell = move |step: SignInStep| say.send(step).unwrap();
    let center = place.center().await;
    let (own, cancel) = (session(), CancellationToken::new());
    let signed = center.sign_in(&own, SignInMethod::Browser, &tell, &cancel);
    let browser = async {
        let Some(SignInStep::Browser { url, .. }) = heard.recv().await else {
            panic!("an address");
        };
        let (page, query) = url.split_once('?').unwrap();
        assert!(page.ends_with("/authorize"), "{page}");
        let query = pairs(query);
        assert_eq!(query["code_challenge_method"], "S256");
        assert_eq!(query["scopes"], "sso:account:access");
        place.amazon.expect_challenge(&query["code_challenge"]);
        let back = format!("{}?{}", query["redirect_uri"], answer(&query["state"]));
        // An icon first, as browsers ask for one.
        let icon = back.replace("/oauth/callback", "/favicon.ico");
        tokio::task::spawn_blocking(move || {
            assert_eq!(fetch::get(&icon).status, 404);
            fetch::get(&back).status
        })
        .await
        .unwrap()
    };
    tokio::join!(signed, browser).0
}

#[tokio::test]
async fn the_browser_signs_in_with_proof() {
    let place = Place::new(Behaviour::default());
    browse(&place, |state| format!("code=good-code&state={state}"))
        .await
        .unwrap();
    assert!(boto3_takes(&place.cached()));
    let registered = &place.amazon.asked()[0];
    let body: Value = serde_json::from_slice(&registered.body).unwrap();
    assert_eq!(body["redirectUris"][0], "http://127.0.0.1/oauth/callback");
    assert_eq!(body["issuerUrl"], "https://corp.awsapps.com/start");
}

#[tokio::test]
async fn what_goes_wrong_in_the_browser_is_told_apart() {
    let place = Place::new(Behaviour::default());
    let failure = browse(&place, |_| "code=good-code&state=other".to_owned()).await;
    assert!(
        matches!(failure, Err(SignInFailure::WrongState)),
        "{failure:?}"
    );
    let failure = browse(&place, |state| format!("error=access_denied&state={state}")).await;
    assert!(matches!(failure, Err(SignInFailure::Denied)), "{failure:?}");
    let failure = browse(&place, |state| {
        format!("error=server_error&error_description=it+is+down&state={state}")
    })
    .await;
    assert!(
        matches!(&failure, Err(SignInFailure::Refused { error, said }) if error == "server_error" && said == "it is down"),
        "{failure:?}"
    );
    let failure = browse(&place, |state| format!("code=stolen&state={state}")).await;
    assert!(
        matches!(failure, Err(SignInFailure::TooLate)),
        "{failure:?}"
    );
    assert!(!place.home.path().join(".aws").exists(), "nothing is kept");
}

fn config(credentials: CredentialSpec) -> StorageConfig {
    StorageConfig {
        bucket: Some("b".to_owned()),
        credentials,
        region: Some("eu-west-1".to_owned()),
        ..StorageConfig::default()
    }
}

async fn open(place: &Place, credentials: CredentialSpec, shared: &str) -> Storage {
    Storage::connect_in(config(credentials), place.world(shared))
        .await
        .unwrap()
}

fn token_file(access: &str, secs: i64, refresh: bool) -> String {
    let iso = |secs| {
        let at = Timestamp::now().plus_secs(secs);
        at.strftime("%Y-%m-%dT%H:%M:%SZ", &jiff::tz::TimeZone::UTC)
    };
    let mut json =
        serde_json::json!({ "accessToken": access, "expiresAt": iso(secs), "kept": "x" });
    if refresh {
        json["refreshToken"] = "CANARY-old-refresh".into();
        json["clientId"] = "client".into();
        json["clientSecret"] = "CANARY-client-secret".into();
        json["registrationExpiresAt"] = iso(1_000_000).into();
    }
    json.to_string()
}

const PROFILE: &str = "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-central-1\n\
    [profile editor]\nsso_session = corp\nsso_account_id = 222222222222\nsso_role_name = Editor\n\
    [profile forbidden]\nsso_session = corp\nsso_account_id = 222222222222\nsso_role_name = Forbidden\n\
    [profile above]\nrole_arn = arn:aws:iam::222222222222:role/above\nsource_profile = editor\n";

#[tokio::test]
async fn a_kept_sign_in_of_any_tool_gives_keys() {
    let place = Place::new(Behaviour::default());
    place.amazon.grant("CANARY-of-the-cli");
    place.write_cache(&token_file("CANARY-of-the-cli", 3600, false));
    for credentials in [
        CredentialSpec::IdentityCenter(editor()),
        CredentialSpec::Profile("editor".to_owned()),
        CredentialSpec::Profile("above".to_owned()),
    ] {
        let storage = open(&place, credentials.clone(), PROFILE).await;
        let identity = storage.identity().await.unwrap();
        assert_eq!(identity.renewal, Renewal::Automatic);
        let left = identity.expires.unwrap().0 - Timestamp::now().0;
        assert!((3000..=3600).contains(&left), "{left}");
        assert!(
            identity.access_key_masked.starts_with("ASIA"),
            "{identity:?}"
        );
    }
    let denied = open(
        &place,
        CredentialSpec::Profile("forbidden".to_owned()),
        PROFILE,
    )
    .await;
    let error = denied.identity().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::AccessDenied);
}

#[tokio::test]
async fn a_sign_in_that_ends_is_renewed_or_asked_for() {
    let place = Place::new(Behaviour::default());
    let kind = async |place: &Place| {
        let storage = open(place, CredentialSpec::IdentityCenter(editor()), "").await;
        storage
            .identity()
            .await
            .map(|_| ())
            .map_err(|error| error.kind)
    };
    assert_eq!(
        kind(&place).await,
        Err(ErrorKind::SignInNeeded),
        "nothing is kept"
    );
    // Cut off in the middle, as by a full disk.
    let whole = token_file("x", 3600, true);
    place.write_cache(&whole[..whole.len() / 2]);
    assert_eq!(kind(&place).await, Err(ErrorKind::SignInNeeded), "cut off");
    place.write_cache(&token_file("x", -60, false));
    assert_eq!(kind(&place).await, Err(ErrorKind::SignInNeeded), "ended");

    place.write_cache(&token_file("x", -60, true));
    assert_eq!(kind(&place).await, Ok(()), "renewed");
    let cached = place.cached();
    assert!(boto3_takes(&cached) && cached["accessToken"] != "x");
    assert_eq!(cached["kept"], "x", "what others wrote stays");

    place
        .amazon
        .change(|behaviour| behaviour.takes_refresh = false);
    place.write_cache(&token_file("x", -60, true));
    assert_eq!(
        kind(&place).await,
        Err(ErrorKind::SignInNeeded),
        "the refresh token has ended"
    );
    // It still holds for a while: no reason to fail.
    place.amazon.grant("still-good");
    place.write_cache(&token_file("still-good", 120, true));
    assert_eq!(kind(&place).await, Ok(()));
    // Ended at the server, with a refresh token that works.
    place
        .amazon
        .change(|behaviour| behaviour.takes_refresh = true);
    place.write_cache(&token_file("revoked", 7200, true));
    assert_eq!(kind(&place).await, Ok(()), "revoked, then renewed");
    let center = place.center().await;
    place.write_cache(&token_file("revoked", 7200, false));
    let failure = center.accounts(&session()).await.unwrap_err();
    assert!(matches!(failure, SignInFailure::SignedOut), "{failure:?}");
}

/// Gives these codes one after the other, and remembers why each was asked for.
struct Person {
    codes: Mutex<Vec<&'static str>>,
    refused: Mutex<Vec<Option<CodeRefusal>>>,
}

impl Person {
    fn with(codes: &[&'static str]) -> Arc<Self> {
        Arc::new(Self {
            codes: Mutex::new(codes.iter().rev().copied().collect()),
            refused: Mutex::default(),
        })
    }

    fn refused(&self) -> Vec<Option<CodeRefusal>> {
        self.refused.lock().unwrap().clone()
    }
}

struct Asking(Arc<Person>);

impl AskCode for Asking {
    fn ask(
        &self,
        request: CodeRequest,
    ) -> std::pin::Pin<Box<dyn Future<Output = Option<Secret>> + Send + 'static>> {
        self.0.refused.lock().unwrap().push(request.refused);
        let code = self.0.codes.lock().unwrap().pop();
        Box::pin(async move { code.map(Secret::new) })
    }
}

fn keys() -> CredentialSpec {
    CredentialSpec::Keys {
        access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret_key: Secret::new("secret"),
        token: None,
    }
}

fn with_role(role: RoleSpec) -> StorageConfig {
    StorageConfig {
        role: Some(role),
        ..config(keys())
    }
}

fn mfa_role() -> RoleSpec {
    RoleSpec {
        arn: "arn:aws:iam::111111111111:role/needs-mfa".to_owned(),
        mfa_serial: Some("arn:aws:iam::111111111111:mfa/me".to_owned()),
        ..RoleSpec::default()
    }
}

#[tokio::test]
async fn a_role_is_taken_with_all_it_asks_for() {
    let place = Place::new(Behaviour {
        external_id: Some("a b&c"),
        ..Behaviour::default()
    });
    let role = RoleSpec {
        arn: "arn:aws:iam::111111111111:role/team/editor".to_owned(),
        external_id: Some("a b&c".to_owned()),
        session_name: Some("me@work".to_owned()),
        duration_secs: Some(7200),
        mfa_serial: None,
    };
    let storage = Storage::connect_in(with_role(role.clone()), place.world(""))
        .await
        .unwrap();
    let identity = storage.identity().await.unwrap();
    assert_eq!(identity.source, "role \"editor\" of connection");
    assert_eq!(identity.renewal, Renewal::Automatic);
    let form = pairs(std::str::from_utf8(&place.amazon.asked()[0].body).unwrap());
    assert_eq!(form["RoleSessionName"], "me@work");
    assert_eq!(form["DurationSeconds"], "7200");
    assert_eq!(form["ExternalId"], "a b&c");

    let wrong = RoleSpec {
        external_id: None,
        ..role
    };
    let storage = Storage::connect_in(with_role(wrong), place.world(""))
        .await
        .unwrap();
    let error = storage.identity().await.unwrap_err();
    assert_eq!(
        (error.kind, error.code.as_deref()),
        (ErrorKind::AccessDenied, Some("AccessDenied"))
    );

    let plain = Storage::connect_in(config(keys()), place.world(""))
        .await
        .unwrap();
    let caller = plain.caller().await.unwrap();
    assert_eq!(caller.arn, "arn:aws:iam::111111111111:user/me");
    assert_eq!(plain.identity().await.unwrap().renewal, Renewal::Never);
}

#[tokio::test]
async fn a_code_is_asked_for_until_it_fits_and_never_used_twice() {
    let place = Place::new(Behaviour::default());
    let person = Person::with(&["12 34", "000000", "123 456"]);
    let world = place
        .world("")
        .asking(Arc::new(Asking(Arc::clone(&person))));
    let storage = Storage::connect_in(with_role(mfa_role()), world.clone())
        .await
        .unwrap();
    let identity = storage.identity().await.unwrap();
    assert_eq!(identity.renewal, Renewal::Code);
    assert_eq!(
        person.refused(),
        [
            None,
            Some(CodeRefusal::NotSixDigits),
            Some(CodeRefusal::Wrong)
        ]
    );
    // What is no code, and what was used, does not reach the server.
    assert_eq!(place.amazon.count("/"), 2);

    person.codes.lock().unwrap().push("123456");
    let again = Storage::connect_in(with_role(mfa_role()), world)
        .await
        .unwrap();
    let error = again.identity().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::CodeNeeded);
    assert_eq!(person.refused().last(), Some(&Some(CodeRefusal::Used)));
    assert_eq!(place.amazon.count("/"), 2);

    let nobody = Storage::connect_in(with_role(mfa_role()), place.world(""))
        .await
        .unwrap();
    assert_eq!(
        nobody.identity().await.unwrap_err().kind,
        ErrorKind::CodeNeeded
    );
}

#[tokio::test]
async fn a_profile_that_wants_a_code_asks_for_it() {
    let place = Place::new(Behaviour::default());
    let shared = "[profile base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n\
        [profile mfa]\nrole_arn = arn:aws:iam::111111111111:role/needs-mfa\nsource_profile = base\n\
        mfa_serial = arn:aws:iam::111111111111:mfa/profile\n\
        [profile web]\nrole_arn = arn:aws:iam::111111111111:role/web\nweb_identity_token_file = TOKEN\n";
    let token = place.home.path().join("token");
    std::fs::write(&token, "good-token\n").unwrap();
    let shared = shared.replace("TOKEN", token.to_str().unwrap());
    let person = Person::with(&["123456"]);
    let world = place
        .world(&shared)
        .asking(Arc::new(Asking(Arc::clone(&person))));
    let of = |name: &str| config(CredentialSpec::Profile(name.to_owned()));
    let storage = Storage::connect_in(of("mfa"), world.clone()).await.unwrap();
    assert_eq!(storage.identity().await.unwrap().source, "profile \"mfa\"");
    assert_eq!(person.refused(), [None]);

    let web = Storage::connect_in(of("web"), world.clone()).await.unwrap();
    assert_eq!(web.identity().await.unwrap().source, "profile \"web\"");
    std::fs::write(&token, "old-token").unwrap();
    let ended = Storage::connect_in(of("web"), world).await.unwrap();
    assert_eq!(
        ended.identity().await.unwrap_err().kind,
        ErrorKind::ExpiredCredentials
    );
}

/// An S3 that calls the first keys it sees expired, and takes all others.
fn forgetful_s3() -> ScriptedServer {
    let first: Mutex<Option<String>> = Mutex::new(None);
    ScriptedServer::start(move |asked| {
        let key = asked.header("authorization").unwrap_or_default().to_owned();
        let key = key.split('/').next().unwrap_or_default().to_owned();
        let mut first = first.lock().unwrap();
        if first.get_or_insert_with(|| key.clone()) == &key {
            return Reply::error(400, "ExpiredToken", "");
        }
        Reply::new(
            200,
            "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>",
        )
        .header("etag", "\"e\"")
    })
}

struct Nothing;

impl cooperage::domain::ListSink for Nothing {
    fn object(&mut self, _: &str, _: u64, _: Timestamp, _: &str, _: &str) {}
    fn folder(&mut self, _: &str) {}
}

#[tokio::test]
async fn keys_that_a_server_calls_expired_are_fetched_anew_once() {
    let place = Place::new(Behaviour::default());
    let s3 = forgetful_s3();
    let role = RoleSpec {
        arn: "arn:aws:iam::111111111111:role/editor".to_owned(),
        ..RoleSpec::default()
    };
    let own = StorageConfig {
        endpoint: Some(s3.endpoint()),
        ..with_role(role)
    };
    let storage = Storage::connect_in(own, place.world("")).await.unwrap();
    let list = async || {
        let request = cooperage::storage::ListRequest::all("");
        storage.list_page(&request, &mut Nothing).await.map(|_| ())
    };
    // All four are refused with the same old keys; only one of them fetches.
    let (one, two, three, four) = tokio::join!(list(), list(), list(), list());
    for result in [one, two, three, four] {
        result.unwrap();
    }
    assert_eq!(
        place.amazon.count("/"),
        2,
        "one fetch at first, one after the refusal"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn keys_that_last_seconds_do_not_fail_what_takes_longer() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("keys.sh");
    let count = folder.path().join("count");
    let script = format!(
        "#!/bin/sh\necho x >> {count}\nn=$(wc -l < {count} | tr -d ' ')\nend=$(date -u -d '+3 seconds' +%Y-%m-%dT%H:%M:%SZ)\n\
         printf '{{\"Version\":1,\"AccessKeyId\":\"ASIAPROCESS%09d\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\",\"Expiration\":\"%s\"}}' \"$n\" \"$end\"\n",
        count = count.display()
    );
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let seen = Arc::new(Mutex::new(std::collections::BTreeSet::new()));
    let keys = Arc::clone(&seen);
    let late = Arc::new(AtomicUsize::new(0));
    let s3 = ScriptedServer::start(move |asked| {
        let authorization = asked.header("authorization").unwrap_or_default();
        let key = authorization
            .split(['=', '/'])
            .nth(1)
            .unwrap_or_default()
            .to_owned();
        keys.lock().unwrap().insert(key);
        late.fetch_add(1, Ordering::Relaxed);
        Reply::new(
            200,
            "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>",
        )
    });
    let shared = format!("[profile p]\ncredential_process = {}\n", program.display());
    let world = World::of([], &shared, "");
    let own = StorageConfig {
        endpoint: Some(s3.endpoint()),
        ..config(CredentialSpec::Profile("p".to_owned()))
    };
    let storage = Storage::connect_in(own, world).await.unwrap();
    let end = std::time::Instant::now() + Duration::from_secs(60);
    let mut asked = 0;
    while seen.lock().unwrap().len() < 3 {
        assert!(std::time::Instant::now() < end, "keys never change");
        let request = cooperage::storage::ListRequest::all("");
        storage.list_page(&request, &mut Nothing).await.unwrap();
        asked += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let fetched = std::fs::read_to_string(&count).unwrap().lines().count();
    assert!(
        fetched < asked,
        "the program is not asked for each of {asked} requests"
    );
}
