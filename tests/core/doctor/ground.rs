//! What an examination does not ask: everything, when there is nobody who signs or no way to the server; and a person no
//! more than once.

use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cooperage::doctor::{Patient, examine};
use cooperage::domain::diagnosis::{
    Break, CheckKind, CodeEnd, Diagnosis, Finding, Permission, Remedy, RungState, Skip, Untested,
    Verdict,
};
use cooperage::domain::{CodeRequest, RoleSpec, Secret};
use cooperage::settings::{Environment, Values};
use cooperage::storage::{AskCode, Storage, World};
use cooperage::words::diagnosis::permissions::untested;
use tokio_util::sync::CancellationToken;

use super::home::{Home, breaks_by, deciding, profile};
use super::{NOW, connection};
use crate::support::memory_s3::{ACCESS_KEY, BUCKET, MemoryS3, Recorded, SECRET_KEY};
use crate::support::scripted::{Asked, Reply, ScriptedServer};

async fn examined(patient: &Patient) -> Diagnosis {
    let found = Mutex::new(Diagnosis::default());
    let tell = |news| {
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        found.take(news);
    };
    examine(patient, &tell, &CancellationToken::new()).await;
    found.into_inner().unwrap()
}

/// A patient whose profile `work` is this, at a server.
async fn patient(endpoint: &str, home: &Home) -> Patient {
    let mut connection = profile();
    for option in [
        format!("AWS_S3_ENDPOINT_URL={endpoint}"),
        format!("AWS_STORAGE_BUCKET_NAME={BUCKET}"),
        "AWS_S3_REGION_NAME=us-east-1".to_owned(),
    ] {
        connection.values.assign(&option).expect("an option");
    }
    home.patient(connection).await
}

#[track_caller]
fn nothing_was_tested(found: &Diagnosis, why: Untested) {
    let matrix = found.permissions.as_ref().expect("a matrix");
    for permission in Permission::READS.into_iter().chain(Permission::WRITES) {
        assert_eq!(matrix.verdict(permission), Verdict::NotTested(why));
    }
    assert!(found.endpoint.is_none(), "{:?}", found.endpoint);
    assert!(untested(why).starts_with("Nothing was asked"));
}

/// What asks about the bucket; the checks may see whether the port speaks HTTP.
fn about_bucket(server: &MemoryS3) -> Vec<Recorded> {
    let mut requests = server.requests();
    requests.retain(|request| request.path.contains(BUCKET));
    requests
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_that_hangs_is_begun_once() {
    let server = MemoryS3::start();
    let home = Home::new();
    let begun = home.file("begun", "");
    let script = format!("echo one >> '{}'\nexec sleep 600\n", begun.display());
    let script = home.file("give-keys", &script);
    let config = format!(
        "[profile work]\ncredential_process = /bin/sh {}\n",
        script.display()
    );
    let home = home.config(&config);
    let mut patient = patient(&server.endpoint(), &home).await;
    patient.limits.program = Some(Duration::from_secs(1));
    let found = examined(&patient).await;
    assert_eq!(std::fs::read_to_string(&begun).unwrap(), "one\n");
    assert!(matches!(
        deciding(&found.ladder).cause(),
        Some(Break::ProcessHangs { .. })
    ));
    nothing_was_tested(&found, Untested::NoCredentials);
    assert_eq!(about_bucket(&server).len(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_that_takes_its_time_is_waited_for() {
    let server = MemoryS3::start();
    let home = Home::new();
    let keys = format!(
        "{{\"Version\": 1, \"AccessKeyId\": \"{ACCESS_KEY}\", \"SecretAccessKey\": \"{SECRET_KEY}\"}}"
    );
    let script = home.file("keys", &format!("sleep 5\necho '{keys}'\n"));
    let config = format!(
        "[profile work]\ncredential_process = /bin/sh {}\n",
        script.display()
    );
    let home = home.config(&config);
    let found = examined(&patient(&server.endpoint(), &home).await).await;
    let caller = found.check(CheckKind::Caller).expect("told");
    assert_ne!(caller.finding, Finding::CredentialsSilent);
    assert!(!about_bucket(&server).is_empty());
}

#[tokio::test]
async fn a_role_that_is_refused_is_asked_for_once() {
    let server = MemoryS3::start();
    let sts = ScriptedServer::start(|_| Reply::error(403, "AccessDenied", "no"));
    let config = "[profile work]\nrole_arn = arn:aws:iam::111111111111:role/editor\nsource_profile = base\n\
                  [profile base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n";
    let home = Home::new()
        .config(config)
        .variable("AWS_ENDPOINT_URL_STS", &sts.endpoint());
    let found = examined(&patient(&server.endpoint(), &home).await).await;
    nothing_was_tested(&found, Untested::NoCredentials);
    assert_eq!(sts.asked().len(), 1);
    assert_eq!(about_bucket(&server).len(), 0);
}

#[tokio::test]
async fn a_token_service_is_asked_once_who_signs() {
    let server = MemoryS3::start();
    let body = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/me</Arn>\
                <Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
    for reply in [
        Reply::new(200, body),
        Reply::error(403, "InvalidClientTokenId", ""),
    ] {
        let sts = ScriptedServer::in_turn(vec![reply]);
        let home = Home::new()
            .credentials(
                "[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n",
            )
            .variable("AWS_ENDPOINT_URL_STS", &sts.endpoint());
        let found = examined(&patient(&server.endpoint(), &home).await).await;
        assert!(found.endpoint.is_some());
        let asked = sts.asked();
        let who = |one: &&Asked| String::from_utf8_lossy(&one.body).contains("GetCallerIdentity");
        assert_eq!(asked.iter().filter(who).count(), 1);
    }
}

#[tokio::test]
async fn a_port_that_nobody_listens_on_gets_no_requests() {
    let closed = {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.local_addr().unwrap().port()
    };
    let credentials =
        "[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n";
    let home = Home::new().credentials(credentials);
    let found = examined(&patient(&format!("http://127.0.0.1:{closed}"), &home).await).await;
    nothing_was_tested(&found, Untested::NoWay);
}

#[tokio::test]
async fn half_a_pair_signs_nothing() {
    let server = MemoryS3::start();
    let named = connection(&[
        &format!("AWS_S3_ENDPOINT_URL={}", server.endpoint()),
        &format!("AWS_STORAGE_BUCKET_NAME={BUCKET}"),
        "AWS_S3_REGION_NAME=us-east-1",
        "AWS_S3_PROXIES={}",
    ]);
    let home = Home::new().variable("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    let patient = home.patient(named).await;
    let found = examined(&patient).await;
    nothing_was_tested(&found, Untested::NoCredentials);
    assert_eq!(about_bucket(&server).len(), 0);
    let (rung, _) = found.deciding_rung().expect("a place that decides");
    for (kind, skip) in [
        (CheckKind::Caller, Skip::NoKeys { rung: Some(rung) }),
        (CheckKind::Listing, Skip::After(CheckKind::Caller)),
    ] {
        let check = found.check(kind).expect("a check");
        assert_eq!(check.finding, Finding::Skipped(skip));
    }
}

/// Somebody with a device, who is asked so often; without one nobody answers.
struct Device(Arc<AtomicUsize>, Option<&'static str>);

impl AskCode for Device {
    fn ask(
        &self,
        _request: CodeRequest,
    ) -> std::pin::Pin<Box<dyn Future<Output = Option<Secret>> + Send + 'static>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let code = self.1.map(Secret::new);
        Box::pin(async move { code })
    }
}

const MFA: &str = "[profile work]\nrole_arn = arn:aws:iam::1:role/editor\nsource_profile = base\n\
                   mfa_serial = arn:aws:iam::1:mfa/me\n[profile base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n\
                   aws_secret_access_key = secret\n";

fn taken_keys() -> Reply {
    let body = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIATAKENTAKENTAKEN1</AccessKeyId>\
                <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
                <Expiration>2026-06-01T13:42:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
    Reply::new(200, body)
}

fn role_keys() -> ScriptedServer {
    ScriptedServer::in_turn(vec![taken_keys()])
}

/// The world of the role, with somebody to be asked.
fn world_with(sts: &ScriptedServer, device: Device) -> World {
    let endpoint = sts.endpoint();
    World::of([("AWS_ENDPOINT_URL_STS", endpoint.as_str())], MFA, "")
        .at(NOW)
        .asking(Arc::new(device))
}

async fn patient_in(world: World) -> Patient {
    let mut connection = profile();
    let bucket = format!("AWS_STORAGE_BUCKET_NAME={BUCKET}");
    let closed = "AWS_S3_ENDPOINT_URL=http://127.0.0.1:1";
    for option in [bucket.as_str(), closed, "AWS_S3_REGION_NAME=us-east-1"] {
        connection.values.assign(option).expect("an option");
    }
    let nothing = Environment::of(std::iter::empty::<(&str, &str)>());
    let environment = nothing.with_files(Some(MFA), Some(""));
    let values = Values::default();
    Patient::new(connection, Ok(Vec::new()), values, environment, world, NOW).await
}

#[tokio::test]
async fn a_person_is_asked_once_for_a_code_and_the_role_is_followed() {
    let (sts, asked) = (role_keys(), Arc::new(AtomicUsize::new(0)));
    let world = world_with(&sts, Device(Arc::clone(&asked), Some("123456")));
    let found = examined(&patient_in(world).await).await;
    let rung = deciding(&found.ladder);
    assert_eq!(rung.state, RungState::Used, "{rung:#?}");
    assert_eq!(rung.key.as_ref().unwrap().masked_id, "ASIA…KEN1");
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    assert_eq!(sts.asked().len(), 1);
}

#[tokio::test]
async fn a_person_who_gives_no_code_is_not_asked_again() {
    let (sts, asked) = (role_keys(), Arc::new(AtomicUsize::new(0)));
    let world = world_with(&sts, Device(Arc::clone(&asked), None));
    let found = examined(&patient_in(world).await).await;
    let cause = Break::CodeNeeded {
        serial: "arn:aws:iam::1:mfa/me".to_owned(),
        role: "editor".to_owned(),
        end: CodeEnd::NotGiven,
    };
    breaks_by(&found.ladder, &cause, &Remedy::EnterCode);
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    assert_eq!(sts.asked().len(), 0);
}

#[tokio::test]
async fn an_open_connection_is_examined_with_the_keys_it_has() {
    let (sts, asked) = (role_keys(), Arc::new(AtomicUsize::new(0)));
    let world = world_with(&sts, Device(Arc::clone(&asked), Some("123456")));
    let first = patient_in(world.clone()).await;
    let config = first.inspected.resolved.config.clone();
    let open = Storage::connect_in(config, world.clone()).await.unwrap();
    open.identity().await.unwrap();
    let found = examined(&patient_in(world.with_keys_of(&open)).await).await;
    assert_eq!(deciding(&found.ladder).state, RungState::Used);
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    assert_eq!(sts.asked().len(), 1);
}

#[tokio::test]
async fn a_code_that_is_being_used_when_everything_is_stopped_is_not_lost() {
    let (cancel, asked) = (CancellationToken::new(), Arc::new(AtomicUsize::new(0)));
    let stop = cancel.clone();
    let sts = ScriptedServer::start(move |_| {
        // The answer is on its way.
        stop.cancel();
        std::thread::sleep(Duration::from_millis(20));
        taken_keys()
    });
    let world = world_with(&sts, Device(Arc::clone(&asked), Some("123456")));
    let stopped = patient_in(world.clone()).await;
    examine(&stopped, &|_| {}, &cancel).await;
    let kept = stopped.storage.as_ref().unwrap();
    let found = examined(&patient_in(world.with_keys_of(kept)).await).await;
    assert_eq!(deciding(&found.ladder).state, RungState::Used);
    assert_eq!((asked.load(Ordering::Relaxed), sts.asked().len()), (1, 1));
}

#[tokio::test]
async fn keys_of_a_code_serve_no_profile_that_was_changed_since() {
    let (sts, asked) = (role_keys(), Arc::new(AtomicUsize::new(0)));
    let world = world_with(&sts, Device(Arc::clone(&asked), Some("123456")));
    let first = patient_in(world.clone()).await;
    let config = first.inspected.resolved.config.clone();
    let open = Storage::connect_in(config.clone(), world).await.unwrap();
    open.identity().await.unwrap();
    let endpoint = sts.endpoint();
    let changed = MFA.replace("role/editor", "role/viewer");
    let again = Arc::new(AtomicUsize::new(0));
    let world = World::of([("AWS_ENDPOINT_URL_STS", endpoint.as_str())], &changed, "")
        .at(NOW)
        .asking(Arc::new(Device(Arc::clone(&again), None)))
        .with_keys_of(&open);
    let changed = Storage::connect_in(config, world).await.unwrap();
    changed.identity().await.unwrap_err();
    assert_eq!(again.load(Ordering::Relaxed), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn what_takes_the_connections_role_is_asked_for_once() {
    let home = Home::new();
    let begun = home.file("begun", "");
    let script = format!("echo one >> '{}'\nexit 3\n", begun.display());
    let script = home.file("give-keys", &script);
    let config = format!(
        "[profile work]\ncredential_process = /bin/sh {}\n",
        script.display()
    );
    let home = home.config(&config);
    let mut connection = profile();
    connection.role = Some(RoleSpec {
        arn: "arn:aws:iam::111111111111:role/editor".to_owned(),
        ..RoleSpec::default()
    });
    let patient = home.patient(connection).await;
    let storage = patient.storage.as_ref().unwrap();
    storage.identity().await.unwrap_err();
    assert_eq!(std::fs::read_to_string(&begun).unwrap(), "one\n");
    // Nor does a request ask again for what has just failed.
    storage
        .in_bucket(BUCKET)
        .ask_one_key("")
        .await
        .result
        .unwrap_err();
    assert_eq!(std::fs::read_to_string(&begun).unwrap(), "one\none\n");
}
