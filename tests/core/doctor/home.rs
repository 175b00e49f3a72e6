//! A home folder with shared files and variables, and what the ladder tells of a connection in it.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use cooperage::doctor::ladder::climb;
use cooperage::doctor::{Limits, Patient};
use cooperage::domain::diagnosis::{Break, DoctorNews, Light, Remedy, Rung};
use cooperage::settings::Connection;
use cooperage::words::diagnosis::{When, breaks};

use super::{NOW, connection, patient};

/// A home folder with its shared files, and the variables beside it.
pub(super) struct Home {
    folder: tempfile::TempDir,
    config: String,
    credentials: String,
    variables: Vec<(String, String)>,
}

impl Home {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().display().to_string();
        Self {
            config: String::new(),
            credentials: String::new(),
            variables: vec![
                ("HOME".to_owned(), home.clone()),
                ("USERPROFILE".to_owned(), home),
            ],
            folder,
        }
    }

    pub(super) fn config(mut self, text: &str) -> Self {
        self.config = text.to_owned();
        self
    }

    pub(super) fn credentials(mut self, text: &str) -> Self {
        self.credentials = text.to_owned();
        self
    }

    pub(super) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(super) async fn patient(&self, connection: Connection) -> Patient {
        let variables: Vec<(&str, &str)> = self
            .variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let mut patient = patient(connection, &variables, &self.config, &self.credentials).await;
        patient.limits = Limits {
            program: Some(Duration::from_secs(20)),
            service: Some(Duration::from_secs(30)),
        };
        patient
    }

    /// What the ladder tells in the end.
    pub(super) async fn climbed(&self, connection: Connection) -> Vec<Rung> {
        last_of(&self.patient(connection).await).await
    }
}

pub(super) async fn last_of(patient: &Patient) -> Vec<Rung> {
    let told = Mutex::new(Vec::new());
    climb(patient, &|news| {
        if let DoctorNews::Ladder(rungs) = news {
            *told.lock().unwrap() = rungs;
        }
    })
    .await;
    told.into_inner().unwrap()
}

pub(super) fn profile() -> Connection {
    connection(&["AWS_S3_SESSION_PROFILE=work"])
}

/// The rung on which everything depends.
pub(super) fn deciding(ladder: &[Rung]) -> &Rung {
    let rung = ladder.iter().find(|rung| rung.decides());
    rung.unwrap_or_else(|| panic!("nothing decides: {ladder:#?}"))
}

/// Asserts that requests are kept from being signed for this cause, with this remedy, and that both are put into words.
#[track_caller]
pub(super) fn breaks_by(ladder: &[Rung], cause: &Break, remedy: &Remedy) {
    let rung = deciding(ladder);
    assert_eq!(rung.cause(), Some(cause), "{rung:#?}");
    assert_eq!(rung.remedy.as_ref(), Some(remedy), "{rung:#?}");
    assert_eq!(rung.light(), Light::Bad);
    let zone = jiff::tz::TimeZone::UTC;
    let when = When {
        now: NOW,
        zone: &zone,
        home: None,
    };
    let told = breaks::told(cause, &when);
    assert!(!told.cause.is_empty() && !told.next.is_empty(), "{told:?}");
}

/// The storage core refuses to sign, too.
pub(super) async fn nobody_signs(patient: &Patient) {
    let storage = patient.storage.as_ref().unwrap();
    storage.identity().await.unwrap_err();
}
