//! What the environment and the shared AWS files say beside the keys.

use std::path::PathBuf;

use aws_config::profile::ProfileSet;

use crate::domain::{CredentialSpec, StorageConfig, Verify};
use crate::storage::world::World;

/// What the shared AWS files say about the profile in force.
#[derive(Clone, Debug, Default)]
pub(in crate::storage) struct Ambient {
    /// Its region.
    pub(in crate::storage) region: Option<String>,
    /// `AWS_CA_BUNDLE`, the profile's `ca_bundle`, `REQUESTS_CA_BUNDLE`.
    pub(in crate::storage) ca_bundle: Option<String>,
    /// All profiles, where keys may come from one.
    pub(super) profiles: Option<ProfileSet>,
}

impl Ambient {
    /// Reads the environment and, where they matter, the shared files. A file that cannot be read counts as absent
    /// here; the credentials provider reports it when it is the source of the keys.
    pub(in crate::storage) async fn read(config: &StorageConfig, world: &World) -> Self {
        let profiles = match (&config.credentials, &config.region, &config.verify) {
            // Nothing of the files is needed.
            (CredentialSpec::Keys { .. } | CredentialSpec::Anonymous, Some(_), verify)
                if *verify != Verify::Default =>
            {
                None
            }
            (CredentialSpec::Profile(name), ..) => shared_profiles(Some(name), world).await,
            _ => shared_profiles(None, world).await,
        };
        let profile = profiles
            .as_ref()
            .and_then(|set| set.get_profile(set.selected_profile()));
        let of_profile = |key: &str| {
            let value = profile.and_then(|profile| profile.get(key));
            value.map(str::to_owned)
        };
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
            profiles,
        }
    }
}

#[allow(
    deprecated,
    reason = "the new name of this type is in a crate that we do not use otherwise"
)]
pub(in crate::storage) async fn shared_profiles(
    name: Option<&str>,
    world: &World,
) -> Option<ProfileSet> {
    let (fs, env) = world.shims();
    let loaded = aws_config::profile::load(
        &fs,
        &env,
        &world.profile_files(),
        name.map(|name| name.to_owned().into()),
    )
    .await;
    loaded.ok()
}
