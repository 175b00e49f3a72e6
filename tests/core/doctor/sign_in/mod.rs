//! Signing in, roles, MFA codes and keys that end: every flow against a scripted Amazon, also where it goes wrong.

mod center;
mod ending;
mod kept;
mod roles;

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
pub(super) struct Place {
    pub(super) amazon: Amazon,
    pub(super) home: TempDir,
}

impl Place {
    pub(super) fn new(behaviour: Behaviour) -> Self {
        Self {
            amazon: Amazon::start(behaviour),
            home: tempfile::tempdir().unwrap(),
        }
    }

    pub(super) fn world(&self, config: &str) -> World {
        self.world_with(&[], config)
    }

    pub(super) fn world_with(&self, more: &[(&str, &str)], config: &str) -> World {
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

    pub(super) fn cached(&self) -> Value {
        let path = self.home.path().join(".aws/sso/cache");
        let name = format!("{}.json", sha1_of("corp"));
        serde_json::from_slice(&std::fs::read(path.join(name)).unwrap()).unwrap()
    }

    pub(super) fn write_cache(&self, text: &str) {
        let folder = self.home.path().join(".aws/sso/cache");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{}.json", sha1_of("corp"))), text).unwrap();
    }
}

pub(super) fn config(credentials: CredentialSpec) -> StorageConfig {
    StorageConfig {
        bucket: Some("b".to_owned()),
        credentials,
        region: Some("eu-west-1".to_owned()),
        ..StorageConfig::default()
    }
}

pub(super) async fn open(place: &Place, credentials: CredentialSpec, shared: &str) -> Storage {
    Storage::connect_in(config(credentials), place.world(shared))
        .await
        .unwrap()
}

pub(super) fn keys() -> CredentialSpec {
    CredentialSpec::Keys {
        access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret_key: Secret::new("secret"),
        token: None,
    }
}

pub(super) fn with_role(role: RoleSpec) -> StorageConfig {
    StorageConfig {
        role: Some(role),
        ..config(keys())
    }
}

pub(super) fn session() -> SignInSession {
    SignInSession {
        name: Some("corp".to_owned()),
        start_url: "https://corp.awsapps.com/start".to_owned(),
        region: "eu-central-1".to_owned(),
        scopes: Vec::new(),
    }
}

pub(super) fn editor() -> IdentityCenterRole {
    IdentityCenterRole {
        session: Some("corp".to_owned()),
        start_url: session().start_url,
        region: session().region,
        account: "222222222222".to_owned(),
        role: "Editor".to_owned(),
    }
}

pub(super) fn sha1_of(text: &str) -> String {
    use sha1::Digest as _;
    let digest = sha1::Sha1::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What boto3's loader wants of a file, word for word: a token and an end that has not come.
pub(super) fn boto3_takes(cached: &Value) -> bool {
    let end = cached["expiresAt"].as_str().and_then(Timestamp::from_iso);
    cached["accessToken"].is_string() && end.is_some_and(|end| end > Timestamp::now())
}
