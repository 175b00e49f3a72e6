//! From a connection to the configuration that the storage core works with.
//!
//! The checks of construction come in the order of django-storages, and their problems stop everything. What Django
//! finds out later (region, endpoint, bucket, parameters) is listed with the stage that it stops. Every option is
//! consumed by `consume`, in one `match` without a catch-all.

use super::connection::{Connection, CredentialMode, StorageKind};
use super::consume::consume;
use super::credentials::FoundKeys;
use super::effective::{EffectiveOptions, Layers, Source, Unused};
use super::environment::Environment;
use super::hints::{self, Hint};
use super::problem::{Problem, Reason};
use super::proxies;
use super::slot::SecretSlot;
use super::table::OptionId;
use super::value::Value;
use super::values::Values;
use crate::domain::diagnosis::{Ability, Answer};
use crate::domain::{CredentialSpec, IdentityCenterRole, ParameterRule, StorageConfig};

/// What a problem stops. Django finds these out at first use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Every request, and links on the host of the bucket.
    Requests,
    /// Everything that takes a name below the location.
    Names,
    /// Uploads.
    Uploads,
    /// Links of the custom domain.
    Links,
    /// Nothing but the display: the value cannot have the effect that was meant.
    Nothing,
}

/// A connection, resolved.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// What the storage core works with.
    pub config: StorageConfig,
    /// The storage class.
    pub kind: StorageKind,
    /// What holds for every option, and where it comes from.
    pub options: EffectiveOptions,
    /// What the search for keys found, also when a profile hides it.
    pub keys: FoundKeys,
    /// What will fail at first use.
    pub problems: Vec<(Stage, Problem)>,
    /// What works but may surprise.
    pub hints: Vec<Hint>,
}

impl Resolved {
    /// The first problem that stops every request.
    #[must_use]
    pub fn stops_requests(&self) -> Option<&Problem> {
        self.problems
            .iter()
            .find(|(stage, _)| *stage == Stage::Requests)
            .map(|(_, problem)| problem)
    }
}

/// Resolves a connection. `parents` are what it is based on, nearest first; `above` holds what stands before the
/// connection's own values: secrets fetched from the keyring, options of the command line.
///
/// # Errors
/// What stops the construction of the storage in Django, in the order in which it is found there.
pub fn resolve(
    connection: &Connection,
    parents: &[&Connection],
    above: &Values,
    environment: &Environment,
) -> Result<Resolved, Vec<Problem>> {
    let inspected = inspect(connection, parents, above, environment);
    if inspected.stops.is_empty() {
        Ok(inspected.resolved)
    } else {
        Err(inspected.stops)
    }
}

/// A connection as far as it can be resolved, for the panel, which shows values beside problems.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// Everything, as if the problems were not there.
    pub resolved: Resolved,
    /// What stops the construction of the storage.
    pub stops: Vec<Problem>,
}

/// Resolves as far as possible; see [`resolve`].
#[must_use]
pub fn inspect(
    connection: &Connection,
    parents: &[&Connection],
    above: &Values,
    environment: &Environment,
) -> Inspected {
    let layers = Layers {
        connection,
        above,
        parents,
    };
    let mut options = EffectiveOptions::find(layers, environment);
    let keys = FoundKeys::search(layers, environment);
    let locked = secrets_not_at_hand(layers);
    let stops = construction_problems(layers, &options, &locked);
    let mut problems = later_problems(&options, &stops);
    problems.extend(locked.iter().map(|option| {
        let stage = if *option == OptionId::CloudFrontKey {
            Stage::Links
        } else {
            Stage::Requests
        };
        (stage, Problem::new(*option, Reason::SecretNotAtHand))
    }));
    let mode = connection.credentials;
    let profile = options.text(OptionId::SessionProfile).map(str::to_owned);

    let mut config = StorageConfig {
        credentials: match at_center(layers) {
            Some(role) if mode == CredentialMode::IdentityCenter => {
                CredentialSpec::IdentityCenter(role)
            }
            _ => keys.spec(mode, profile.as_deref(), environment),
        },
        keys_end: keys.end,
        role: layers_of(layers).find_map(|one| one.role.clone()),
        hosts: super::effective::amazon_hosts(layers, environment),
        server: connection.server.clone(),
        ..StorageConfig::default()
    };
    if matches!(&config.credentials, CredentialSpec::Keys { access_key, .. } if access_key.is_empty())
    {
        let reason = Reason::NoAccessKey;
        problems.push((Stage::Requests, Problem::new(OptionId::S3AccessKey, reason)));
    }
    if mode == CredentialMode::IdentityCenter && at_center(layers).is_none() {
        let reason = Reason::NoRoleAtCenter;
        problems.push((
            Stage::Requests,
            Problem::new(OptionId::SessionProfile, reason),
        ));
    }
    for option in OptionId::all() {
        consume(&mut config, option, options.value(option));
    }
    config.object_parameters.rules = rules(connection, parents);
    if config.proxies.is_none() {
        config.proxies = Some(proxies::of_environment(environment, &client_host(&config)));
    }
    keys.show(&mut options, mode);
    mark_unused(&mut options, &config);
    let hints = hints::find(connection, &options, &keys, &config);
    let kind = layers.storage_kind();
    Inspected {
        resolved: Resolved {
            config,
            kind,
            options,
            keys,
            problems,
            hints,
        },
        stops,
    }
}

/// In the order of django-storages: the CloudFront pair, its key, profile against keys, location,
/// addressing style.
fn construction_problems(
    layers: Layers<'_>,
    options: &EffectiveOptions,
    locked: &[OptionId],
) -> Vec<Problem> {
    use OptionId::{
        AddressingStyle, CloudFrontKey, CloudFrontKeyId, Location, S3AccessKey, S3SecretKey,
        SessionProfile,
    };
    let mut found = Vec::new();
    let set = |option: OptionId| options.value(option).is_truthy();
    let check = |option: OptionId| {
        let reason = (option.spec().check)(options.value(option)).err()?;
        Some(Problem::new(option, reason))
    };
    match (set(CloudFrontKeyId), set(CloudFrontKey)) {
        (true, false) if locked.contains(&CloudFrontKey) => {}
        (true, false) => {
            let reason = Reason::HalfCloudFrontPair {
                missing: CloudFrontKey,
            };
            found.push(Problem::new(CloudFrontKeyId, reason));
        }
        (false, true) => {
            let reason = Reason::HalfCloudFrontPair {
                missing: CloudFrontKeyId,
            };
            found.push(Problem::new(CloudFrontKey, reason));
        }
        (true, true) => found.extend(check(CloudFrontKey)),
        (false, false) => {}
    }
    // Only the S3-specific settings quarrel with a profile: what a subclass or a keyword sets does not. A connection
    // narrowed to one source has no quarrel.
    let in_settings = |option: OptionId| layers.in_settings(option).is_some_and(Value::is_truthy);
    if layers.connection.credentials == CredentialMode::Auto && in_settings(SessionProfile) {
        let key = [S3SecretKey, S3AccessKey]
            .into_iter()
            .find(|option| in_settings(*option));
        found.extend(key.map(|option| Problem::new(option, Reason::ProfileWithKeys)));
    }
    found.extend(
        check(Location).filter(|problem| matches!(problem.reason, Reason::LeadingSlash { .. })),
    );
    found.extend(check(AddressingStyle));
    found
}

/// The connection and what it is based on, nearest first.
fn layers_of<'a>(layers: Layers<'a>) -> impl Iterator<Item = &'a Connection> {
    std::iter::once(layers.connection).chain(layers.parents.iter().copied())
}

/// The account and role at Identity Center of the nearest that names some.
fn at_center(layers: Layers<'_>) -> Option<IdentityCenterRole> {
    layers_of(layers).find_map(|one| one.identity_center.clone())
}

/// Secret options that the keyring keeps for the nearest connection that sets them, and that are not at hand. Where
/// keys are not asked for at all, theirs are not missed.
fn secrets_not_at_hand(layers: Layers<'_>) -> Vec<OptionId> {
    let mode = layers.connection.credentials;
    let profile = layers
        .find(OptionId::SessionProfile)
        .is_some_and(|(value, _)| value.is_truthy());
    let keys_are_asked_for = match mode {
        CredentialMode::Auto => !profile,
        CredentialMode::Keys => true,
        CredentialMode::Profile
        | CredentialMode::IdentityCenter
        | CredentialMode::Environment
        | CredentialMode::Chain
        | CredentialMode::Anonymous => false,
    };
    let is_kept = |one: &Connection, option| {
        one.kept_secrets.contains(&SecretSlot::Option(option)) && one.values.get(option).is_none()
    };
    let own = std::iter::once(layers.connection);
    let proxies = own
        .chain(layers.parents.iter().copied())
        .find(|one| one.values.get(OptionId::Proxies).is_some())
        .filter(|_| layers.above.get(OptionId::Proxies).is_none())
        .filter(|one| {
            one.kept_secrets
                .iter()
                .any(|slot| matches!(slot, SecretSlot::ProxyPassword(_)) && !one.has_at_hand(slot))
        });
    OptionId::all()
        .filter(|option| option.spec().is_secret())
        .filter(|option| keys_are_asked_for || *option == OptionId::CloudFrontKey)
        .filter(|option| layers.find(*option).is_none())
        .filter(|option| {
            is_kept(layers.connection, *option)
                || layers.parents.iter().any(|one| is_kept(one, *option))
        })
        .chain(proxies.map(|_| OptionId::Proxies))
        .collect()
}

/// What the checks of the rows find beyond that.
fn later_problems(options: &EffectiveOptions, stops: &[Problem]) -> Vec<(Stage, Problem)> {
    options
        .iter()
        .filter_map(|(option, effective)| {
            let problem = Problem::new(option, (option.spec().check)(&effective.value).err()?);
            (!stops.contains(&problem)).then(|| (stage(option), problem))
        })
        .collect()
}

const fn stage(option: OptionId) -> Stage {
    match option {
        OptionId::Region
        | OptionId::SignatureVersion
        | OptionId::Endpoint
        | OptionId::AddressingStyle
        | OptionId::Verify
        | OptionId::Proxies
        | OptionId::Bucket => Stage::Requests,
        OptionId::Location => Stage::Names,
        OptionId::ObjectParameters => Stage::Uploads,
        OptionId::SessionProfile
        | OptionId::S3AccessKey
        | OptionId::S3SecretKey
        | OptionId::AccessKey
        | OptionId::SecretKey
        | OptionId::UseSsl
        | OptionId::DefaultStorage
        | OptionId::StaticStorage
        | OptionId::DefaultAcl
        | OptionId::FileOverwrite
        | OptionId::Gzip
        | OptionId::GzipTypes
        | OptionId::MaxMemory
        | OptionId::SignLinks
        | OptionId::LinkExpiry
        | OptionId::CustomDomain
        | OptionId::UrlProtocol
        | OptionId::CloudFrontKeyId
        | OptionId::CloudFrontKey => Stage::Nothing,
    }
}

/// The rules of the nearest connection that has any.
fn rules(connection: &Connection, parents: &[&Connection]) -> Vec<ParameterRule> {
    std::iter::once(&connection)
        .chain(parents)
        .map(|one| &one.rules)
        .find(|rules| !rules.is_empty())
        .cloned()
        .unwrap_or_default()
}

/// The host that the client is made for, with its port; `no_proxy` is compared with it once.
fn client_host(config: &StorageConfig) -> String {
    if let Some(endpoint) = &config.endpoint {
        let rest = endpoint
            .split_once("://")
            .map_or(endpoint.as_str(), |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        return authority.rsplit('@').next().unwrap_or_default().to_owned();
    }
    match config.region.as_deref() {
        None | Some("" | "us-east-1" | "aws-global") => "s3.amazonaws.com".to_owned(),
        Some(region) if region.starts_with("cn-") => format!("s3.{region}.amazonaws.com.cn"),
        Some(region) => format!("s3.{region}.amazonaws.com"),
    }
}

fn mark_unused(options: &mut EffectiveOptions, config: &StorageConfig) {
    let has_acl = config
        .object_parameters
        .all
        .iter()
        .any(|(name, _)| name == "ACL");
    let here = config.endpoint.as_deref().unwrap_or_default();
    let server = config.server.at(here.trim_end_matches('/'));
    let no_acls = server.holds(Ability::Acl) == Some(Answer::No);
    let no_domain = config.links.custom_domain.is_none();
    for (option, applies, why) in [
        (OptionId::DefaultAcl, has_acl, Unused::ParametersHoldAcl),
        (OptionId::DefaultAcl, no_acls, Unused::NoAccessLists),
        (
            OptionId::UseSsl,
            config.endpoint.is_some(),
            Unused::EndpointHasScheme,
        ),
        (OptionId::UrlProtocol, no_domain, Unused::NoCustomDomain),
        (OptionId::CloudFrontKeyId, no_domain, Unused::NoCustomDomain),
        (OptionId::CloudFrontKey, no_domain, Unused::NoCustomDomain),
        (
            OptionId::CloudFrontKeyId,
            !config.links.signed,
            Unused::LinksUnsigned,
        ),
        (
            OptionId::CloudFrontKey,
            !config.links.signed,
            Unused::LinksUnsigned,
        ),
        (
            OptionId::LinkExpiry,
            !config.links.signed,
            Unused::LinksUnsigned,
        ),
        (OptionId::GzipTypes, !config.gzip.on, Unused::GzipOff),
    ] {
        // What the server does not have is said before anybody sets it.
        let is_set = options.get(option).source != Source::Default;
        if applies && (is_set || why == Unused::NoAccessLists) {
            options.mark_unused(option, why);
        }
    }
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
