//! What the environment and the shared AWS files say beside the keys.

use std::path::PathBuf;

use super::SharedFiles;
use crate::domain::{CredentialSpec, StorageConfig, Verify};
use crate::storage::world::World;

/// What surrounds a connection.
#[derive(Clone, Debug, Default)]
pub(in crate::storage) struct Ambient {
    /// The region of the profile in force.
    pub(in crate::storage) region: Option<String>,
    /// `AWS_CA_BUNDLE`, the profile's `ca_bundle`, `REQUESTS_CA_BUNDLE`.
    pub(in crate::storage) ca_bundle: Option<String>,
    /// All profiles, where keys may come from one.
    pub(super) files: SharedFiles,
}

impl Ambient {
    /// Reads the environment and, where they matter, the shared files. A file that cannot be read counts as absent
    /// here; the source of the keys reports it when it needs it.
    pub(in crate::storage) async fn read(config: &StorageConfig, world: &World) -> Self {
        let files = match (&config.credentials, &config.region, &config.verify) {
            // Nothing of the files is needed.
            (CredentialSpec::Keys { .. } | CredentialSpec::Anonymous, Some(_), verify)
                if *verify != Verify::Default =>
            {
                SharedFiles::default()
            }
            _ => SharedFiles::read(world).await,
        };
        let active = world.profile();
        let profile = match &config.credentials {
            CredentialSpec::Profile(name) => name,
            _ => &active,
        };
        let of_profile = |key: &str| files.get(profile, key).map(str::to_owned);
        let variable = |name: &str| world.variable(name);
        Self {
            region: config
                .region
                .clone()
                .or_else(|| variable("AWS_DEFAULT_REGION"))
                .or_else(|| of_profile("region")),
            ca_bundle: variable("AWS_CA_BUNDLE")
                .or_else(|| of_profile("ca_bundle"))
                .or_else(|| variable("REQUESTS_CA_BUNDLE"))
                // What the environment names but does not exist must not stop every connection.
                .filter(|path| PathBuf::from(path).is_file()),
            files,
        }
    }
}
