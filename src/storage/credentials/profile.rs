//! Follows a profile of the shared files through its roles and to Identity Center.
//!
//! What ends in keys, a program or a named place is left to the SDK's own provider, which reads those as boto3 does;
//! roles and Identity Center are ours, for their MFA codes, addresses and sign-in.

use std::path::PathBuf;
use std::sync::Arc;

use aws_config::profile::{Profile, ProfileSet};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

use super::keyring::Tools;
use super::role::{Base, Role, WebIdentity};
use crate::domain::{IdentityCenterRole, RoleSpec, StorageError};
use crate::storage::identity_center::RoleAtCenter;

/// A source made of a profile.
pub(super) struct FromProfile {
    /// The source.
    pub(super) provider: SharedCredentialsProvider,
    /// A person is asked for a code.
    pub(super) asks: bool,
}

/// The source that a profile stands for; `None` leaves it to the SDK.
///
/// # Errors
/// When an address or a region cannot be part of a URL.
pub(super) fn source_of(
    name: &str,
    profiles: &ProfileSet,
    tools: &Tools<'_>,
) -> Result<Option<FromProfile>, StorageError> {
    follow(name, profiles, tools, &mut Vec::new())
}

fn text(profile: &Profile, key: &str) -> Option<String> {
    profile
        .get(key)
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn follow<'a>(
    name: &'a str,
    profiles: &'a ProfileSet,
    tools: &Tools<'_>,
    seen: &mut Vec<&'a str>,
) -> Result<Option<FromProfile>, StorageError> {
    let Some(profile) = profiles.get_profile(name) else {
        return Ok(None);
    };
    if seen.contains(&name) {
        // The SDK's provider says that it goes round.
        return Ok(None);
    }
    seen.push(name);
    let Some(spec) = role_spec(profile) else {
        return identity_center(profile, profiles, tools);
    };
    let region = text(profile, "region").unwrap_or_else(|| tools.region.to_owned());
    let sts = tools.sts(&region, text(profile, "endpoint_url").as_deref())?;
    if let Some(file) = text(profile, "web_identity_token_file") {
        let token_file = PathBuf::from(file);
        let source = WebIdentity {
            token_file,
            spec,
            sts,
        };
        return Ok(Some(FromProfile {
            provider: SharedCredentialsProvider::new(source),
            asks: false,
        }));
    }
    let Some(source) = profile
        .get("source_profile")
        .filter(|name| !name.is_empty())
    else {
        return Ok(None);
    };
    if text(profile, "credential_source").is_some() {
        // Two sources: the SDK's provider refuses them, as boto3 does.
        return Ok(None);
    }
    let base = if source == name {
        match own_keys(profile) {
            Some(keys) => FromProfile {
                provider: SharedCredentialsProvider::new(keys),
                asks: false,
            },
            None => return Ok(None),
        }
    } else {
        if profiles.get_profile(source).is_none() || seen.contains(&source) {
            return Ok(None);
        }
        match follow(source, profiles, tools, seen)? {
            Some(base) => base,
            None => FromProfile {
                provider: tools.sdk_profile(source),
                asks: false,
            },
        }
    };
    let asks = base.asks || spec.mfa_serial.is_some();
    let role = Role {
        base: Base::Source(base.provider),
        spec,
        sts,
        codes: tools.world.codes().cloned(),
        asking: Arc::clone(tools.asking),
    };
    Ok(Some(FromProfile {
        provider: SharedCredentialsProvider::new(role),
        asks,
    }))
}

fn role_spec(profile: &Profile) -> Option<RoleSpec> {
    Some(RoleSpec {
        arn: text(profile, "role_arn")?,
        external_id: text(profile, "external_id"),
        session_name: text(profile, "role_session_name"),
        duration_secs: text(profile, "duration_seconds").and_then(|text| text.parse().ok()),
        mfa_serial: text(profile, "mfa_serial"),
    })
}

/// The pair of a profile that takes its role with its own keys.
fn own_keys(profile: &Profile) -> Option<Credentials> {
    let id = text(profile, "aws_access_key_id")?;
    let secret = text(profile, "aws_secret_access_key")?;
    let token = text(profile, "aws_session_token");
    Some(Credentials::new(id, secret, token, None, "profile"))
}

fn identity_center(
    profile: &Profile,
    profiles: &ProfileSet,
    tools: &Tools<'_>,
) -> Result<Option<FromProfile>, StorageError> {
    let Some(role) = center_role(profile, profiles) else {
        return Ok(None);
    };
    let source = RoleAtCenter::new(role, tools)?;
    Ok(Some(FromProfile {
        provider: SharedCredentialsProvider::new(source),
        asks: false,
    }))
}

/// The role that a profile has at Identity Center, when it says all that is needed.
pub(in crate::storage) fn center_role(
    profile: &Profile,
    profiles: &ProfileSet,
) -> Option<IdentityCenterRole> {
    let session = text(profile, "sso_session");
    let of_session = |key: &str| {
        let session = profiles.sso_session(session.as_deref()?)?;
        session
            .get(key)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    Some(IdentityCenterRole {
        start_url: of_session("sso_start_url").or_else(|| text(profile, "sso_start_url"))?,
        region: of_session("sso_region").or_else(|| text(profile, "sso_region"))?,
        session: session.clone(),
        account: text(profile, "sso_account_id")?,
        role: text(profile, "sso_role_name")?,
    })
}
