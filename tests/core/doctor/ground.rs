//! What an examination does not ask: everything, when there is nobody who signs or no way to the server.

use std::net::TcpListener;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cooperage::doctor::{Patient, examine};
use cooperage::domain::diagnosis::{Break, Diagnosis, Permission, Untested, Verdict};
use cooperage::words::diagnosis::permissions::untested;
use tokio_util::sync::CancellationToken;

use super::home::{Home, deciding, profile};
use crate::support::memory_s3::{BUCKET, MemoryS3, Recorded};
use crate::support::scripted::{Reply, ScriptedServer};

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
    patient.limits.program = Some(Duration::from_secs(5));
    let found = examined(&patient).await;
    assert_eq!(std::fs::read_to_string(&begun).unwrap(), "one\n");
    assert!(matches!(
        deciding(&found.ladder).cause(),
        Some(Break::ProcessHangs { .. })
    ));
    nothing_was_tested(&found, Untested::NoCredentials);
    assert_eq!(about_bucket(&server).len(), 0);
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
