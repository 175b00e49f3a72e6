//! What a connection may use, in order.

use std::path::PathBuf;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds;
use aws_config::profile::ProfileSet;
use aws_config::retry::RetryConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

use super::keyring::Tools;
use super::profile::{self, FromProfile};
use super::role::WebIdentity;
use crate::domain::{CredentialSpec, RoleSpec, StorageError};
use crate::storage::identity_center::RoleAtCenter;

/// Limit for each try at the instance's metadata service, which off Amazon's machines never answers.
const INSTANCE_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(1);

/// One source with the name it is shown under.
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

/// The sources a connection allows. Opens nothing.
///
/// # Errors
/// When an address or a region cannot be part of a URL.
pub(super) fn sources(
    credentials: &CredentialSpec,
    profiles: Option<&ProfileSet>,
    tools: &Tools<'_>,
) -> Result<Vec<NamedSource>, StorageError> {
    Ok(match credentials {
        CredentialSpec::Anonymous => Vec::new(),
        CredentialSpec::Keys {
            access_key,
            secret_key,
            token,
        } => {
            let token = token.as_ref().map(|token| token.reveal().to_owned());
            let keys = Credentials::new(access_key, secret_key.reveal(), token, None, "connection");
            vec![NamedSource::new(
                "connection",
                SharedCredentialsProvider::new(keys),
            )]
        }
        CredentialSpec::Profile(name) => vec![of_profile(name, profiles, tools)?],
        CredentialSpec::IdentityCenter(role) => {
            let name = role.session.as_deref().unwrap_or(&role.start_url);
            let name = format!("Identity Center \"{name}\"");
            let source = RoleAtCenter::new(role.clone(), tools)?;
            vec![NamedSource::new(
                name,
                SharedCredentialsProvider::new(source),
            )]
        }
        CredentialSpec::Chain if tools.world.is_given() => given_chain(profiles, tools)?,
        CredentialSpec::Chain => chain(profiles, tools)?,
    })
}

fn of_profile(
    name: &str,
    profiles: Option<&ProfileSet>,
    tools: &Tools<'_>,
) -> Result<NamedSource, StorageError> {
    let own = match profiles {
        Some(profiles) => profile::source_of(name, profiles, tools)?,
        None => None,
    };
    let FromProfile { provider, asks } = own.unwrap_or_else(|| FromProfile {
        provider: tools.sdk_profile(name),
        asks: false,
    });
    Ok(NamedSource {
        name: format!("profile \"{name}\""),
        provider,
        asks,
    })
}

/// The default chain in surroundings that are given: variables, then the shared files.
fn given_chain(
    profiles: Option<&ProfileSet>,
    tools: &Tools<'_>,
) -> Result<Vec<NamedSource>, StorageError> {
    let world = tools.world;
    let profile = world
        .variable("AWS_PROFILE")
        .or_else(|| world.variable("AWS_DEFAULT_PROFILE"))
        .unwrap_or_else(|| "default".to_owned());
    let mut sources = Vec::new();
    if let (Some(id), Some(secret)) = (
        world.variable("AWS_ACCESS_KEY_ID"),
        world.variable("AWS_SECRET_ACCESS_KEY"),
    ) {
        let token = world.variable("AWS_SESSION_TOKEN");
        let keys = Credentials::new(id, secret, token, None, "environment");
        let provider = SharedCredentialsProvider::new(keys);
        sources.push(NamedSource::new("environment", provider));
    }
    sources.extend(profile_and_web_identity(&profile, profiles, tools)?);
    Ok(sources)
}

/// The profile and the web identity of the variables. As in boto3 a role of the profile comes first, then the web
/// identity, then everything else that the profile may say.
fn profile_and_web_identity(
    name: &str,
    profiles: Option<&ProfileSet>,
    tools: &Tools<'_>,
) -> Result<Vec<NamedSource>, StorageError> {
    let own = of_profile(name, profiles, tools)?;
    let Some(web) = web_identity(tools)? else {
        return Ok(vec![own]);
    };
    let profile = profiles.and_then(|set| set.get_profile(name));
    let takes_role = profile.is_some_and(|one| {
        one.get("role_arn").is_some() && one.get("web_identity_token_file").is_none()
    });
    Ok(if takes_role {
        vec![own, web]
    } else {
        vec![web, own]
    })
}

/// The role that the variables name together with a token's file.
fn web_identity(tools: &Tools<'_>) -> Result<Option<NamedSource>, StorageError> {
    let variable = |name: &str| tools.world.variable(name);
    let (Some(file), Some(arn)) = (
        variable("AWS_WEB_IDENTITY_TOKEN_FILE"),
        variable("AWS_ROLE_ARN"),
    ) else {
        return Ok(None);
    };
    let source = WebIdentity {
        token_file: PathBuf::from(file),
        spec: RoleSpec {
            arn,
            session_name: variable("AWS_ROLE_SESSION_NAME"),
            ..RoleSpec::default()
        },
        sts: tools.sts(tools.region, None)?,
    };
    let provider = SharedCredentialsProvider::new(source);
    Ok(Some(NamedSource::new("web identity", provider)))
}

/// The default chain, in boto3's order. The instance's metadata service comes last, once, for at most a second.
fn chain(
    profiles: Option<&ProfileSet>,
    tools: &Tools<'_>,
) -> Result<Vec<NamedSource>, StorageError> {
    let config = tools.config;
    let profile = std::env::var("AWS_PROFILE")
        .or_else(|_| std::env::var("AWS_DEFAULT_PROFILE"))
        .unwrap_or_else(|_| "default".to_owned());
    let instance = imds::Client::builder()
        .configure(config)
        .max_attempts(1)
        .connect_timeout(INSTANCE_TIMEOUT)
        .read_timeout(INSTANCE_TIMEOUT)
        .operation_timeout(INSTANCE_TIMEOUT)
        .build();
    let no_retry = config
        .clone()
        .with_retry_config(RetryConfig::standard().with_max_attempts(1));
    let environment = EnvironmentVariableCredentialsProvider::new();
    let mut sources = vec![NamedSource::new(
        "environment",
        SharedCredentialsProvider::new(environment),
    )];
    sources.extend(profile_and_web_identity(&profile, profiles, tools)?);
    let container = EcsCredentialsProvider::builder()
        .configure(&no_retry)
        .build();
    let instance = imds::credentials::ImdsCredentialsProvider::builder()
        .configure(&no_retry)
        .imds_client(instance)
        .build();
    sources.push(NamedSource::new(
        "container",
        SharedCredentialsProvider::new(container),
    ));
    sources.push(NamedSource::new(
        "instance",
        SharedCredentialsProvider::new(instance),
    ));
    Ok(sources)
}
