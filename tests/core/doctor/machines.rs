//! The services of a machine that give keys, and programs: everything they may answer instead of keys is told apart.

use std::sync::mpsc;
use std::time::Duration;

use cooperage::domain::Timestamp;
use cooperage::domain::diagnosis::{
    Break, Light, Machine, OutputFlaw, Remedy, Rung, RungNote, RungPlace, RungState,
};
use cooperage::storage::{Storage, World};

use super::home::{Home, breaks_by, deciding, last_of, profile};
use super::{NOW, connection};
use crate::support::scripted::{Asked, Reply, ScriptedServer};

fn keys(end: &str) -> String {
    format!(
        "{{\"Code\": \"Success\", \"AccessKeyId\": \"ASIAIOSFODNN7EXAMPLE\", \"SecretAccessKey\": \"CANARY\", \
         \"Token\": \"CANARY\", \"Expiration\": \"{end}\"}}"
    )
}

const LATER: &str = "2026-06-01T13:42:00Z";
const OVER: &str = "2026-06-01T11:00:00Z";

/// A server that takes requests and never answers, for as long as the sender lives.
fn silence() -> (ScriptedServer, mpsc::Sender<()>) {
    let (open, wait) = mpsc::channel::<()>();
    let server = ScriptedServer::start(move |_| {
        let _ended = wait.recv();
        Reply::new(200, "")
    });
    (server, open)
}

fn container(url: &str) -> Home {
    Home::new().variable("AWS_CONTAINER_CREDENTIALS_FULL_URI", url)
}

async fn in_container(reply: Reply) -> Vec<Rung> {
    let server = ScriptedServer::in_turn(vec![reply]);
    let url = format!("{}/keys?id=1", server.endpoint());
    let ladder = container(&url).climbed(connection(&[])).await;
    assert!(!format!("{ladder:?}").contains("CANARY"));
    ladder
}

fn says(flaw: OutputFlaw) -> Break {
    let machine = Machine::Container;
    Break::MachineAnswer { machine, flaw }
}

#[tokio::test]
async fn a_container_gives_keys_to_who_shows_its_token() {
    let server = ScriptedServer::start(|asked| match asked.header("authorization") {
        Some("let me in") => Reply::new(200, keys(LATER)),
        _ => Reply::new(403, ""),
    });
    let url = format!("{}/keys?id=1", server.endpoint());
    let home = container(&url).variable("AWS_CONTAINER_AUTHORIZATION_TOKEN", "let me in");
    let ladder = home.climbed(connection(&[])).await;
    let rung = deciding(&ladder);
    assert_eq!(
        (&rung.place, &rung.state),
        (&RungPlace::Container, &RungState::Used)
    );
    let key = rung.key.as_ref().unwrap();
    assert_eq!(key.expires, Timestamp::from_iso(LATER));
    assert_eq!(server.asked()[0].target, "/keys?id=1");
    // A file comes before the variable.
    let path = home.file("token", "another");
    let home = home.variable(
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        &path.display().to_string(),
    );
    let refused = Break::MachineRefused {
        machine: Machine::Container,
        status: 403,
    };
    breaks_by(
        &home.climbed(connection(&[])).await,
        &refused,
        &Remedy::RunAgain,
    );
    home.file("token", "let me in\n");
    let ladder = home.climbed(connection(&[])).await;
    breaks_by(&ladder, &Break::ContainerTokenUnfit, &Remedy::RunAgain);
    std::fs::remove_file(&path).unwrap();
    let ladder = home.climbed(connection(&[])).await;
    breaks_by(
        &ladder,
        &Break::ContainerTokenUnreadable { path },
        &Remedy::RunAgain,
    );
}

#[tokio::test]
async fn what_a_container_answers_instead_of_keys() {
    let refused = |status| Break::MachineRefused {
        machine: Machine::Container,
        status,
    };
    let ended = Break::MachineKeysEnded {
        machine: Machine::Container,
        at: Timestamp::from_iso(OVER).unwrap(),
    };
    for (reply, cause) in [
        (Reply::new(403, "{}"), refused(403)),
        (Reply::new(404, ""), refused(404)),
        (Reply::new(500, ""), refused(500)),
        (Reply::new(200, ""), says(OutputFlaw::Nothing)),
        (Reply::new(200, "<html>"), says(OutputFlaw::WebPage)),
        (Reply::new(200, "keys"), says(OutputFlaw::NotJson)),
        (
            Reply::new(200, keys("tomorrow")),
            says(OutputFlaw::NoTime("Expiration")),
        ),
        (
            Reply::new(200, "{}"),
            says(OutputFlaw::Member("AccessKeyId")),
        ),
        (
            Reply::new(200, keys(LATER).replace("Expiration", "Other")),
            says(OutputFlaw::Member("Expiration")),
        ),
        (Reply::new(200, keys(OVER)), ended),
    ] {
        breaks_by(&in_container(reply).await, &cause, &Remedy::RunAgain);
    }
}

#[tokio::test]
async fn a_container_that_passes_trouble_is_asked_again() {
    let server = ScriptedServer::in_turn(vec![Reply::new(500, ""), Reply::new(200, keys(LATER))]);
    let ladder = container(&server.endpoint()).climbed(connection(&[])).await;
    assert_eq!(deciding(&ladder).state, RungState::Used);
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_container_that_is_not_there_or_not_allowed() {
    let silent = Break::MachineSilent {
        machine: Machine::Container,
    };
    let server = ScriptedServer::in_turn(vec![Reply::new(200, "")]);
    let home = container(&server.endpoint());
    drop(server);
    breaks_by(
        &home.climbed(connection(&[])).await,
        &silent,
        &Remedy::RunAgain,
    );
    let place = "10.1.2.3".to_owned();
    let ladder = container("http://10.1.2.3/keys")
        .climbed(connection(&[]))
        .await;
    breaks_by(
        &ladder,
        &Break::ContainerAddress { place },
        &Remedy::RunAgain,
    );
}

#[tokio::test]
async fn a_container_that_hangs_is_given_up() {
    let (server, _open) = silence();
    let home = container(&server.endpoint());
    let mut patient = home.patient(connection(&[])).await;
    let url = server.endpoint();
    let variables = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", url.as_str())];
    let world = World::of(variables, "", "")
        .at(NOW)
        .with_second(Duration::from_millis(20));
    let config = patient.inspected.resolved.config.clone();
    patient.storage = Ok(Storage::connect_in(config, world).await.unwrap());
    let silent = Break::MachineSilent {
        machine: Machine::Container,
    };
    breaks_by(&last_of(&patient).await, &silent, &Remedy::RunAgain);
}

fn machine(server: &ScriptedServer) -> Home {
    Home::new().variable("AWS_EC2_METADATA_SERVICE_ENDPOINT", &server.endpoint())
}

const ROLES: &str = "/latest/meta-data/iam/security-credentials/";

/// A metadata service with one role.
fn metadata(asked: &Asked, keys: &str) -> Reply {
    match (asked.method.as_str(), asked.target.strip_prefix(ROLES)) {
        ("PUT", _) => Reply::new(200, "session"),
        _ if asked.header("x-aws-ec2-metadata-token") != Some("session") => Reply::new(401, ""),
        (_, Some("")) => Reply::new(200, "worker\n"),
        (_, Some("worker")) => Reply::new(200, keys),
        _ => Reply::new(404, ""),
    }
}

fn instance(ladder: &[Rung]) -> &Rung {
    let rung = ladder.iter().find(|rung| rung.place == RungPlace::Instance);
    rung.expect("the instance's rung")
}

#[tokio::test]
async fn a_machine_gives_the_keys_of_its_role() {
    let server = ScriptedServer::start(|asked| metadata(asked, &keys(LATER)));
    let ladder = machine(&server).climbed(connection(&[])).await;
    let rung = deciding(&ladder);
    assert_eq!(
        (&rung.place, &rung.state),
        (&RungPlace::Instance, &RungState::Used)
    );
    assert_eq!(
        rung.key.as_ref().unwrap().expires,
        Timestamp::from_iso(LATER)
    );
    // Keys that have ended are used on: the service is late.
    let server = ScriptedServer::start(|asked| metadata(asked, &keys(OVER)));
    let home = machine(&server);
    let ladder = home.climbed(connection(&[])).await;
    let rung = deciding(&ladder);
    let at = Timestamp::from_iso(OVER).unwrap();
    assert_eq!(rung.key.as_ref().unwrap().expires, Some(at));
    assert_eq!(rung.notes, [RungNote::EndPassed { at }]);
    assert_eq!(rung.light(), Light::Warning);
    let patient = home.patient(connection(&[])).await;
    let identity = patient.storage.as_ref().unwrap().identity().await.unwrap();
    let ends = (identity.ended, identity.expires);
    assert_eq!(ends, (Some(at), Some(NOW.plus_secs(900))));
}

#[tokio::test]
async fn a_machine_without_the_second_protocol_is_asked_by_the_first() {
    let first = |asked: &Asked| match (asked.method.as_str(), asked.target.strip_prefix(ROLES)) {
        ("PUT", _) => Reply::new(403, ""),
        (_, Some("")) => Reply::new(200, "worker"),
        _ => Reply::new(200, keys(LATER)),
    };
    let server = ScriptedServer::start(first);
    let ladder = machine(&server).climbed(connection(&[])).await;
    assert_eq!(deciding(&ladder).state, RungState::Used);
    let home = machine(&server).variable("AWS_EC2_METADATA_V1_DISABLED", "true");
    let ladder = home.climbed(connection(&[])).await;
    breaks_by(&ladder, &Break::InstanceWithoutToken, &Remedy::RunAgain);
}

#[tokio::test]
async fn what_a_machine_answers_instead_of_keys() {
    let silent = |flaw| Break::MachineAnswer {
        machine: Machine::Instance,
        flaw,
    };
    let refused = |status| Break::MachineRefused {
        machine: Machine::Instance,
        status,
    };
    let server = ScriptedServer::start(|asked| match asked.method.as_str() {
        "PUT" => Reply::new(200, "session"),
        _ => Reply::new(404, "no"),
    });
    let ladder = machine(&server).climbed(connection(&[])).await;
    breaks_by(&ladder, &Break::InstanceWithoutRole, &Remedy::RunAgain);
    for status in [400, 403] {
        let server = ScriptedServer::in_turn(vec![Reply::new(status, "")]);
        let ladder = machine(&server).climbed(connection(&[])).await;
        breaks_by(&ladder, &refused(status), &Remedy::RunAgain);
    }
    let untrusted =
        "{\"Code\": \"AssumeRoleUnauthorizedAccess\", \"Message\": \"EC2 cannot assume the role\"}";
    let unusable = Break::InstanceRoleUnusable {
        role: "worker".to_owned(),
        code: "AssumeRoleUnauthorizedAccess".to_owned(),
    };
    for (answer, cause) in [
        ("", silent(OutputFlaw::Nothing)),
        ("<html>", silent(OutputFlaw::WebPage)),
        ("keys", silent(OutputFlaw::NotJson)),
        ("{}", silent(OutputFlaw::Member("AccessKeyId"))),
        (untrusted, unusable),
    ] {
        let server = ScriptedServer::start(move |asked| metadata(asked, answer));
        let ladder = machine(&server).climbed(connection(&[])).await;
        breaks_by(&ladder, &cause, &Remedy::RunAgain);
    }
}

#[tokio::test]
async fn a_token_that_does_not_cross_one_hop_too_many() {
    let (open, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let server = ScriptedServer::concurrent(move |asked| match asked.method.as_str() {
        "PUT" => {
            let _ended = wait.lock().unwrap().recv();
            Reply::new(200, "late")
        }
        _ => Reply::new(401, ""),
    });
    let ladder = machine(&server).climbed(connection(&[])).await;
    breaks_by(&ladder, &Break::InstanceWithoutToken, &Remedy::RunAgain);
    drop(open);
}

#[tokio::test]
async fn no_machine_is_no_fault_unless_it_is_asked_for() {
    let server = ScriptedServer::in_turn(vec![Reply::new(200, "")]);
    let home = machine(&server);
    drop(server);
    let ladder = home.climbed(connection(&[])).await;
    assert!(
        instance(&ladder).notes.contains(&RungNote::NoAnswer),
        "{ladder:#?}"
    );
    assert!(ladder.iter().all(|rung| rung.light() != Light::Bad));
    let (server, _open) = silence();
    let ladder = machine(&server).climbed(connection(&[])).await;
    assert!(
        instance(&ladder).notes.contains(&RungNote::NoAnswer),
        "{ladder:#?}"
    );
}

#[tokio::test]
async fn a_role_that_takes_a_machines_keys_tells_what_the_machine_said() {
    let role = |place: &str| {
        format!(
            "[profile work]\nrole_arn = arn:aws:iam::1:role/editor\ncredential_source = {place}\n"
        )
    };
    let (of_machine, of_container) = (role("Ec2InstanceMetadata"), role("EcsContainer"));
    let server = ScriptedServer::start(|asked| match asked.method.as_str() {
        "PUT" => Reply::new(200, "session"),
        _ => Reply::new(404, ""),
    });
    let ladder = machine(&server)
        .config(&of_machine)
        .climbed(profile())
        .await;
    breaks_by(&ladder, &Break::InstanceWithoutRole, &Remedy::RunAgain);
    let home = machine(&server).config(&of_machine);
    drop(server);
    let silent = Break::MachineSilent {
        machine: Machine::Instance,
    };
    breaks_by(&home.climbed(profile()).await, &silent, &Remedy::RunAgain);
    let server = ScriptedServer::in_turn(vec![Reply::new(404, "")]);
    let home = container(&server.endpoint()).config(&of_container);
    let refused = Break::MachineRefused {
        machine: Machine::Container,
        status: 404,
    };
    breaks_by(&home.climbed(profile()).await, &refused, &Remedy::RunAgain);
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_is_ended_with_everything_it_started() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    let beat = home.path().join("beat");
    let script = format!(
        "#!/bin/sh\n(while :; do echo x >> '{}'; sleep 0.02; done) &\nsleep 600\n",
        beat.display()
    );
    let path = home.file("give-keys", &script);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let config = format!("[profile work]\ncredential_process = {}\n", path.display());
    let home = home.config(&config);
    let patient = home.patient(profile()).await;
    let storage = patient.storage.unwrap();
    let asking = tokio::spawn(async move { storage.identity().await.is_ok() });
    let written = || std::fs::metadata(&beat).map_or(0, |file| file.len());
    let deadline = std::time::Instant::now() + Duration::from_secs(30);
    while written() == 0 {
        assert!(
            std::time::Instant::now() < deadline,
            "the program never began"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    asking.abort();
    // It is over when nothing more is written for a time in which it would write often.
    loop {
        let before = written();
        tokio::time::sleep(Duration::from_millis(400)).await;
        if written() == before {
            break;
        }
        assert!(std::time::Instant::now() < deadline, "it still writes");
    }
}
