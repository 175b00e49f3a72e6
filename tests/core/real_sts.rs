//! Credentials against an STS, an IAM and an S3 that somebody else wrote: what is taken there signs there.
//!
//! Needs moto, which `tests/run` installs; it runs these tests, too.

use std::sync::Arc;

use cooperage::doctor::{Patient, checks, ladder};
use cooperage::domain::diagnosis::{CheckKind, DoctorNews, Finding, RungState};
use cooperage::domain::{
    CodeRequest, CredentialSpec, ErrorKind, ListSink, RoleSpec, Secret, StorageConfig, Timestamp,
};
use cooperage::settings::pasted::Pasted;
use cooperage::settings::{Connection, Environment, Values};
use cooperage::storage::{AskCode, ListRequest, Storage, World};

use crate::support::real_sts::RealSts;

/// Gives always the same code.
struct Device;

impl AskCode for Device {
    fn ask(
        &self,
        request: CodeRequest,
    ) -> std::pin::Pin<Box<dyn Future<Output = Option<Secret>> + Send + 'static>> {
        assert_eq!(request.serial, "arn:aws:iam::123456789012:mfa/tester");
        Box::pin(async { Some(Secret::new("123456")) })
    }
}

fn config(server: &RealSts, credentials: CredentialSpec) -> StorageConfig {
    StorageConfig {
        bucket: Some(server.text("bucket").to_owned()),
        endpoint: Some(server.url().to_owned()),
        region: Some("us-east-1".to_owned()),
        proxies: Some(Vec::new()),
        credentials,
        ..StorageConfig::default()
    }
}

fn keys((id, secret): (&str, &str)) -> CredentialSpec {
    CredentialSpec::Keys {
        access_key: id.to_owned(),
        secret_key: Secret::new(secret),
        token: None,
    }
}

fn world(server: &RealSts, config: &str, credentials: &str) -> World {
    World::of(
        [("AWS_ENDPOINT_URL_STS", server.url())],
        config,
        credentials,
    )
    .asking(Arc::new(Device))
}

async fn open(server: &RealSts, config: StorageConfig) -> Storage {
    Storage::connect_in(config, world(server, "", ""))
        .await
        .unwrap()
}

/// Rows that nobody looks at.
struct Nothing;

impl ListSink for Nothing {
    fn object(&mut self, _: &str, _: u64, _: Timestamp, _: &str, _: &str) {}
    fn folder(&mut self, _: &str) {}
}

/// How many objects a listing names.
async fn listed(storage: &Storage) -> Result<usize, ErrorKind> {
    let page = storage
        // Without a slash: moto checks the signature of another path where one is encoded.
        .list_page(&ListRequest::all("photos"), &mut Nothing)
        .await;
    page.map(|page| page.objects)
        .map_err(|failure| failure.kind)
}

#[tokio::test]
#[ignore = "needs moto: bash tests/run"]
async fn who_signs_is_told_and_a_wrong_secret_refused() {
    let server = RealSts::strict();
    let (id, secret) = server.pair("user");
    let storage = open(&server, config(&server, keys((id, secret)))).await;
    let caller = storage.caller().await.unwrap();
    assert_eq!(caller.arn, "arn:aws:iam::123456789012:user/tester");
    assert_eq!(caller.account, "123456789012");
    assert_eq!(listed(&storage).await, Err(ErrorKind::AccessDenied));
    let storage = open(&server, config(&server, keys((id, "another")))).await;
    let refused = storage.caller().await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::BadCredentials);
}

#[tokio::test]
#[ignore = "needs moto: bash tests/run"]
async fn a_role_with_all_it_may_ask_for_lists_and_names_itself() {
    let server = RealSts::strict();
    let role = RoleSpec {
        arn: server.text("editor").to_owned(),
        external_id: Some("out there".to_owned()),
        session_name: Some("me@work".to_owned()),
        duration_secs: Some(900),
        mfa_serial: Some("arn:aws:iam::123456789012:mfa/tester".to_owned()),
    };
    let with_role = StorageConfig {
        role: Some(role),
        ..config(&server, keys(server.pair("user")))
    };
    let storage = open(&server, with_role).await;
    assert_eq!(listed(&storage).await, Ok(1));
    let identity = storage.identity().await.unwrap();
    assert!(identity.access_key_masked.starts_with("ASIA"));
    assert!(identity.expires.is_some_and(|end| end > Timestamp::now()));
    let caller = storage.caller().await.unwrap();
    assert_eq!(
        caller.arn,
        "arn:aws:sts::123456789012:assumed-role/editor/me@work"
    );
}

#[tokio::test]
#[ignore = "needs moto: bash tests/run"]
async fn a_chain_of_two_roles_is_examined() {
    let server = RealSts::strict();
    let (id, secret) = server.pair("user");
    let profiles = format!(
        "[profile work]\nrole_arn = {}\nrole_session_name = chained\nsource_profile = hop\n\
         [profile hop]\nrole_arn = {}\nsource_profile = base\n",
        server.text("editor"),
        server.text("hop")
    );
    let base = format!("[base]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
    let mut connection = Connection::new("real");
    for option in [
        "AWS_S3_SESSION_PROFILE=work".to_owned(),
        format!("AWS_S3_ENDPOINT_URL={}", server.url()),
        format!("AWS_STORAGE_BUCKET_NAME={}", server.text("bucket")),
        "AWS_S3_REGION_NAME=us-east-1".to_owned(),
        "AWS_S3_PROXIES={}".to_owned(),
    ] {
        connection.values.assign(&option).unwrap();
    }
    let variables = [("AWS_ENDPOINT_URL_STS", server.url())];
    let environment = Environment::of(variables).with_files(Some(&profiles), Some(&base));
    let patient = Patient::new(
        connection,
        Ok(Vec::new()),
        Values::default(),
        environment,
        world(&server, &profiles, &base),
        Timestamp::now(),
    )
    .await;
    let told = std::sync::Mutex::new((Vec::new(), None));
    let tell = |news| match news {
        DoctorNews::Ladder(rungs) => told.lock().unwrap().0 = rungs,
        DoctorNews::Check(check) if check.kind == CheckKind::Caller => {
            told.lock().unwrap().1 = Some(check.finding);
        }
        _ => {}
    };
    ladder::climb(&patient, &tell).await;
    checks::run(&patient, &tell).await;
    let (rungs, caller) = told.into_inner().unwrap();
    assert_eq!(rungs[0].state, RungState::Used, "{:#?}", rungs[0]);
    assert!(rungs[0].key.as_ref().unwrap().masked_id.starts_with("ASIA"));
    let arn = "arn:aws:sts::123456789012:assumed-role/editor/chained".to_owned();
    assert_eq!(caller, Some(Finding::CallerIs { arn }));
    let storage = patient.storage.unwrap();
    assert_eq!(listed(&storage).await, Ok(1));
}

#[tokio::test]
#[ignore = "needs moto: bash tests/run"]
async fn a_role_that_may_not_list_is_denied() {
    let server = RealSts::strict();
    let role = RoleSpec {
        arn: server.text("blind").to_owned(),
        ..RoleSpec::default()
    };
    let with_role = StorageConfig {
        role: Some(role),
        ..config(&server, keys(server.pair("user")))
    };
    let storage = open(&server, with_role).await;
    assert_eq!(listed(&storage).await, Err(ErrorKind::AccessDenied));
}

#[tokio::test]
#[ignore = "needs moto: bash tests/run"]
async fn a_web_identity_and_a_session_token_sign() {
    let server = RealSts::open();
    let token = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(token.path(), "header.payload.signature\n").unwrap();
    let profile = format!(
        "[profile pod]\nrole_arn = {}\nweb_identity_token_file = {}\n",
        server.text("editor"),
        token.path().display()
    );
    let of_profile = config(&server, CredentialSpec::Profile("pod".to_owned()));
    let storage = Storage::connect_in(of_profile, world(&server, &profile, "")).await;
    let storage = storage.unwrap();
    assert_eq!(listed(&storage).await, Ok(1));
    let identity = storage.identity().await.unwrap();
    assert!(identity.expires.is_some_and(|end| end > Timestamp::now()));
    // What `aws sts get-session-token` prints, pasted.
    let pasted = Pasted::read(&server.told["session"].to_string()).unwrap();
    assert!(pasted.expires.is_some_and(|end| end > Timestamp::now()));
    let session = CredentialSpec::Keys {
        access_key: pasted.access_key.unwrap(),
        secret_key: pasted.secret_key.unwrap(),
        token: Some(pasted.token.unwrap()),
    };
    let storage = open(&server, config(&server, session)).await;
    assert_eq!(listed(&storage).await, Ok(1));
}
