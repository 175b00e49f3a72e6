//! What credentials may do and what a server is, against servers that deny, do not know, differ, and break off.

mod denials;
mod leftovers;
mod reads;
mod server;
mod writes;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use cooperage::doctor::permissions::Journal;
use cooperage::doctor::{Patient, examine, probe};
use cooperage::domain::diagnosis::{
    Ability, Answer, CheckKind, Denial, Diagnosis, DoctorNews, EndpointReport, Known, Permission,
    PermissionMatrix, PolicyKind, Untested, Verdict, WriteTest,
};
use cooperage::domain::{ErrorKind, Key, StorageConfig};
use cooperage::settings::{Access, Connection, Environment, Values};
use cooperage::storage::{ListRequest, Storage, World};
use cooperage::words::diagnosis::checks::finding as finding_in_words;
use cooperage::words::diagnosis::permissions::row as row_in_words;
use cooperage::words::diagnosis::write_test::left as left_in_words;
use tokio_util::sync::CancellationToken;

use crate::objects::config;
use crate::support::memory_s3::{ACCESS_KEY, BUCKET, Fault, MemoryS3, Recorded, SECRET_KEY};
use crate::support::scripted::{Reply, ScriptedServer};

pub(super) const PREFIX: &str = "photos/";

pub(super) fn connection(endpoint: &str) -> Connection {
    crate::doctor::connection(&[
        &format!("AWS_S3_ENDPOINT_URL={endpoint}"),
        &format!("AWS_STORAGE_BUCKET_NAME={BUCKET}"),
        &format!("AWS_S3_ACCESS_KEY_ID={ACCESS_KEY}"),
        &format!("AWS_S3_SECRET_ACCESS_KEY={SECRET_KEY}"),
        "AWS_S3_REGION_NAME=us-east-1",
        "AWS_LOCATION=photos",
    ])
}

pub(super) async fn patient_of(connection: Connection) -> Patient {
    let nothing = Environment::of(std::iter::empty::<(&str, &str)>());
    let world = World::of([], "", "");
    let now = cooperage::domain::Timestamp::now();
    Patient::new(
        connection,
        Ok(Vec::new()),
        Values::default(),
        nothing,
        world,
        now,
    )
    .await
}

pub(super) async fn patient(endpoint: &str) -> Patient {
    patient_of(connection(endpoint)).await
}

/// Collects what is told.
#[derive(Default)]
pub(super) struct Ear(pub(super) Mutex<Diagnosis>);

impl Ear {
    pub(super) fn hear(&self) -> impl Fn(DoctorNews) + Send + Sync + '_ {
        |news| self.0.lock().unwrap().take(news)
    }

    pub(super) fn matrix(&self) -> PermissionMatrix {
        self.0
            .lock()
            .unwrap()
            .permissions
            .clone()
            .expect("a matrix")
    }

    pub(super) fn report(&self) -> EndpointReport {
        self.0.lock().unwrap().endpoint.clone().expect("a report")
    }

    pub(super) fn verdict(&self, permission: Permission) -> Verdict {
        self.matrix().verdict(permission)
    }
}

pub(super) async fn examined(patient: &Patient) -> Ear {
    let ear = Ear::default();
    examine(patient, &ear.hear(), &CancellationToken::new()).await;
    ear
}

/// Examines, then tests writing.
pub(super) async fn tested(patient: &Patient, journal: &Path) -> Ear {
    let ear = examined(patient).await;
    write_test(patient, journal, &ear).await;
    ear
}

pub(super) async fn write_test(patient: &Patient, journal: &Path, ear: &Ear) {
    let (journal, cancel) = (Journal::in_folder(journal), CancellationToken::new());
    probe::test_writing(
        patient,
        (&journal, false),
        WriteTest::default(),
        &ear.hear(),
        &cancel,
    )
    .await;
}

pub(super) fn records(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

pub(super) fn writes(request: &Recorded) -> bool {
    let asks_sts = request.method == "POST" && request.path == "/";
    !matches!(request.method.as_str(), "GET" | "HEAD") && !asks_sts
}

/// A refusal in Amazon's words.
pub(super) fn refusal(status: u16, code: &str, message: &str) -> Fault {
    let body = format!(
        "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    Fault::Answer {
        status,
        headers: Vec::new(),
        body: Bytes::from(body),
    }
}

pub(super) fn not_authorized(action: &str, how: &str) -> Fault {
    let message = format!(
        "User: arn:aws:iam::123456789012:user/anna is not authorized to perform: {action} on resource: x {how}"
    );
    refusal(403, "AccessDenied", &message)
}

/// True for the request that tries a row.
pub(super) fn tries(permission: Permission, request: &Recorded) -> bool {
    let on_object = request
        .path
        .strip_prefix(&format!("/{BUCKET}/"))
        .is_some_and(|key| !key.is_empty());
    let bare = request.query.is_empty();
    match permission {
        Permission::ListPrefix => request.is("GET", &["list-type"]),
        Permission::Read => request.method == "GET" && on_object && bare,
        Permission::Head => request.method == "HEAD" && on_object,
        Permission::Tags => request.is("GET", &["tagging"]),
        Permission::Acl => request.is("GET", &["acl"]),
        Permission::Versions => request.is("GET", &["versions"]),
        Permission::BucketLocation => request.is("GET", &["location"]),
        Permission::Versioning => request.is("GET", &["versioning"]),
        Permission::Policy => request.is("GET", &["policy"]),
        Permission::Cors => request.is("GET", &["cors"]),
        Permission::Lifecycle => request.is("GET", &["lifecycle"]),
        Permission::Write | Permission::Overwrite => request.method == "PUT" && on_object && bare,
        Permission::Multipart => request.is("DELETE", &["uploadId"]),
        Permission::Delete => request.method == "DELETE" && on_object && bare,
    }
}
