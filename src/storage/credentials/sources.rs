//! Where a connection's keys come from.
//!
//! A connection has one source: botocore settles on the first place where something is, before anybody is asked. Only
//! the metadata service, the last of all, is asked whether it is there.

use aws_credential_types::provider::SharedCredentialsProvider;

use super::instance::{Instance, may_ask_instance};
use super::keyring::Tools;
use super::machine::Container;
use super::pair;
use super::profile::{FromProfile, Walk};
use super::shared::SharedFiles;
use super::stop::{Stop, Stopped};
use crate::domain::diagnosis::Break;
use crate::domain::{CredentialSpec, StorageConfig, StorageError};
use crate::storage::identity_center::RoleAtCenter;

/// A source with the name it is shown under.
#[derive(Debug)]
pub(super) struct NamedSource {
    pub(super) name: String,
    pub(super) provider: SharedCredentialsProvider,
    /// A person is asked for a code.
    pub(super) asks: bool,
}

impl NamedSource {
    pub(super) fn new(name: impl Into<String>, provider: SharedCredentialsProvider) -> Self {
        Self {
            name: name.into(),
            provider,
            asks: false,
        }
    }
}

/// The source of a connection; `None` when it does not sign. Opens nothing.
///
/// # Errors
/// When an address or a region cannot be part of a URL.
pub(super) fn source_of(
    config: &StorageConfig,
    files: &SharedFiles,
    tools: &Tools<'_>,
) -> Result<Option<NamedSource>, StorageError> {
    let source = match &config.credentials {
        CredentialSpec::Anonymous => return Ok(None),
        CredentialSpec::Keys {
            access_key,
            secret_key,
            token,
        } => {
            let of_token = || Break::of_token(token.as_ref()?.reveal(), None);
            let cause = Break::of_pair(access_key, secret_key.reveal(), None).or_else(of_token);
            if let Some(cause) = cause {
                let source = Stopped::by("connection", Some(cause));
                return Ok(Some(NamedSource::new("connection", source)));
            }
            let token = token.as_ref().map(|token| token.reveal().to_owned());
            let pair = (access_key.as_str(), secret_key.reveal(), token);
            let provider = pair::ending(pair, config.keys_end, tools.clock, "connection");
            NamedSource::new("connection", provider)
        }
        CredentialSpec::IdentityCenter(role) => {
            let name = role.session.as_deref().unwrap_or(&role.start_url);
            let name = format!("Identity Center \"{name}\"");
            let source = RoleAtCenter::new(role.clone(), tools)?;
            NamedSource::new(name, SharedCredentialsProvider::new(source))
        }
        CredentialSpec::Profile(name) => session(files, tools, Some(name))?,
        CredentialSpec::Chain => session(files, tools, None)?,
    };
    Ok(Some(source))
}

/// A session of botocore, of a profile that was asked for or of the one that the variables name.
fn session(
    files: &SharedFiles,
    tools: &Tools<'_>,
    asked_for: Option<&str>,
) -> Result<NamedSource, StorageError> {
    let name = asked_for.map_or_else(|| tools.world.profile(), str::to_owned);
    let shown = asked_for.unwrap_or("credentials");
    let stopped =
        |cause| NamedSource::new(format!("profile \"{name}\""), Stopped::by(shown, cause));
    match first(files, tools, &name, asked_for.is_some()) {
        Ok(Some(source)) => Ok(source),
        Ok(None) => Ok(stopped(None)),
        Err(Stop::Broken(cause)) => Ok(stopped(Some(cause))),
        Err(Stop::Storage(failure)) => Err(failure),
    }
}

/// The first place where something is. A profile that was asked for keeps the variables' keys out.
fn first(
    files: &SharedFiles,
    tools: &Tools<'_>,
    name: &str,
    asked_for: bool,
) -> Result<Option<NamedSource>, Stop> {
    if !asked_for && let Some(pair) = pair::of_variables(tools.world, tools.clock) {
        return Ok(Some(NamedSource::new("environment", pair?)));
    }
    if let Some(malformed) = files.malformed() {
        return Err(malformed.clone().into());
    }
    let named = asked_for || tools.world.names_profile();
    if named && !files.has(name) {
        let cause = files.unreadable().cloned();
        let name = name.to_owned();
        return Err(cause
            .unwrap_or(Break::ProfileMissing { name, seen: None })
            .into());
    }
    if let Some(source) = Walk::new(tools, files).top(name, !asked_for)? {
        let FromProfile {
            provider,
            asks,
            of_variables,
        } = source;
        let name = if of_variables {
            "web identity".to_owned()
        } else {
            format!("profile \"{name}\"")
        };
        return Ok(Some(NamedSource {
            name,
            provider,
            asks,
        }));
    }
    if let Some(old) = pair::of_older_tools(tools.world) {
        return Ok(Some(NamedSource::new("older tools", old?)));
    }
    if let Some(container) = Container::of(tools) {
        let provider = SharedCredentialsProvider::new(container?);
        return Ok(Some(NamedSource::new("container", provider)));
    }
    // A profile without keys is worth telling, once nobody else has any.
    let without = named.then(|| Break::ProfileWithoutKeys {
        name: name.to_owned(),
    });
    let without = without.map(Stop::Broken);
    if !may_ask_instance(tools.world) {
        return without.map_or(Ok(None), Err);
    }
    let instance = match Instance::of(tools) {
        Ok(instance) => instance,
        Err(Stop::Broken(Break::InstanceSwitchedOff { .. })) => {
            return without.map_or(Ok(None), Err);
        }
        Err(stop) => return Err(stop),
    };
    let provider = SharedCredentialsProvider::new(instance);
    Ok(Some(NamedSource::new("instance", provider)))
}
