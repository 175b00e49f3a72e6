//! The search for credentials, as django-storages does it.
//!
//! The two halves are found one by one and may come from different places. For each half: the S3-specific setting,
//! where that is not defined the general one, and where the result is empty the variables of the environment,
//! S3-specific first. A token of the environment sticks to whatever keys were found. A session profile hides all.

use super::connection::CredentialMode;
use super::effective::{EffectiveOptions, Layers, Source, Unused};
use super::environment::Environment;
use super::profiles::active_profile;
use super::table::OptionId;
use super::value::Value;
use crate::domain::{CredentialSpec, IdentityCenterRole, Secret, Timestamp};

/// One found half and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// What was found; never empty.
    pub value: T,
    /// Where.
    pub source: Source,
    /// The option it was set with, when it is not from the environment.
    pub option: Option<OptionId>,
}

/// What the search found, also when a profile hides it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundKeys {
    /// Access key id.
    pub access_key: Option<Found<String>>,
    /// Secret access key.
    pub secret_key: Option<Found<Secret>>,
    /// Session token.
    pub token: Option<Found<Secret>>,
    /// When the pair ends, where that was told together with it.
    pub end: Option<Timestamp>,
}

const ACCESS: (OptionId, OptionId) = (OptionId::S3AccessKey, OptionId::AccessKey);
const SECRET: (OptionId, OptionId) = (OptionId::S3SecretKey, OptionId::SecretKey);

impl FoundKeys {
    /// Searches layers and environment, as far as the connection's mode allows.
    #[must_use]
    pub fn search(layers: Layers<'_>, environment: &Environment) -> Self {
        let mode = layers.connection.credentials;
        let in_layers = matches!(
            mode,
            CredentialMode::Auto | CredentialMode::Keys | CredentialMode::Profile
        );
        let in_environment = matches!(mode, CredentialMode::Auto | CredentialMode::Environment);
        let half = |options: (OptionId, OptionId)| {
            let set = if in_layers {
                half_in_layers(layers, options)
            } else {
                None
            };
            let around = || {
                if in_environment {
                    half_in_environment(environment, options)
                } else {
                    None
                }
            };
            set.or_else(around)
        };
        let token = match set_token(layers) {
            Some((token, source)) if in_layers => Some(Found {
                value: token,
                source,
                option: None,
            }),
            _ if in_environment => environment
                .first_found(&["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"])
                .map(|(name, text)| Found {
                    value: Secret::new(text),
                    source: Source::Environment(name),
                    option: None,
                }),
            _ => None,
        };
        let access_key = half(ACCESS).map(|found| Found {
            value: found.value.reveal().to_owned(),
            source: found.source,
            option: found.option,
        });
        let end = access_key
            .as_ref()
            .filter(|found| token.is_some() || !is_general_variable(found))
            .and_then(|found| end_of(found, layers, environment));
        Self {
            access_key,
            secret_key: half(SECRET),
            token,
            end,
        }
    }

    /// True when any of the three was found: django-storages then hands the triple over and asks no further.
    #[must_use]
    pub const fn any(&self) -> bool {
        self.access_key.is_some() || self.secret_key.is_some() || self.token.is_some()
    }

    /// True when exactly one half was found.
    #[must_use]
    pub const fn is_half(&self) -> bool {
        self.access_key.is_some() != self.secret_key.is_some()
    }

    /// What signs. A key without a secret signs with the word `None`, as Python writes a missing value; a link made
    /// that way is refused by the server, and the hint beside the field says so. Without a key nothing can be
    /// signed, which is a problem that `resolve` reports; the id is empty then.
    #[must_use]
    pub fn spec(
        &self,
        mode: CredentialMode,
        profile: Option<&str>,
        environment: &Environment,
    ) -> CredentialSpec {
        let keys = || CredentialSpec::Keys {
            access_key: self
                .access_key
                .as_ref()
                .map(|found| found.value.clone())
                .unwrap_or_default(),
            secret_key: self
                .secret_key
                .as_ref()
                .map_or_else(|| Secret::new("None"), |found| found.value.clone()),
            token: self.token.as_ref().map(|found| found.value.clone()),
        };
        match (mode, profile) {
            (CredentialMode::Anonymous, _) => CredentialSpec::Anonymous,
            (CredentialMode::Chain, _) => CredentialSpec::Chain,
            // Which account and role, the connection says; see `resolve`.
            (CredentialMode::IdentityCenter, _) => {
                CredentialSpec::IdentityCenter(IdentityCenterRole::default())
            }
            (CredentialMode::Keys | CredentialMode::Environment, _) => keys(),
            (CredentialMode::Auto | CredentialMode::Profile, Some(name)) => {
                CredentialSpec::Profile(name.to_owned())
            }
            (CredentialMode::Profile, None) => {
                CredentialSpec::Profile(active_profile(environment).to_owned())
            }
            (CredentialMode::Auto, None) if self.any() => keys(),
            (CredentialMode::Auto, None) => CredentialSpec::Chain,
        }
    }

    /// Shows in the S3-specific rows what the environment gives, and marks what is not used.
    pub(super) fn show(&self, options: &mut EffectiveOptions, mode: CredentialMode) {
        let profile_is_set = options.value(OptionId::SessionProfile).is_truthy();
        if let Some(Found {
            value,
            source: source @ Source::Environment(_),
            ..
        }) = &self.access_key
        {
            options.replace(OptionId::S3AccessKey, Value::text(value), source.clone());
        }
        if let Some(Found {
            value,
            source: source @ Source::Environment(_),
            ..
        }) = &self.secret_key
        {
            options.replace(
                OptionId::S3SecretKey,
                Value::Secret(value.clone()),
                source.clone(),
            );
        }
        let unused = match mode {
            CredentialMode::Auto if profile_is_set => Some(Unused::ProfileIsSet),
            CredentialMode::Profile => Some(Unused::ProfileIsSet),
            CredentialMode::Chain | CredentialMode::IdentityCenter | CredentialMode::Anonymous => {
                Some(Unused::OtherCredentials)
            }
            CredentialMode::Auto | CredentialMode::Keys | CredentialMode::Environment => None,
        };
        let used = [
            self.access_key.as_ref().and_then(|found| found.option),
            self.secret_key.as_ref().and_then(|found| found.option),
        ];
        for option in [ACCESS.0, ACCESS.1, SECRET.0, SECRET.1] {
            let from_environment = matches!(options.get(option).source, Source::Environment(_));
            let hidden = !used.contains(&Some(option)) && !from_environment;
            let is_general = [ACCESS.1, SECRET.1].contains(&option);
            let why = unused.or_else(|| {
                hidden.then_some(if is_general && mode != CredentialMode::Environment {
                    Unused::S3OneIsDefined
                } else {
                    Unused::OtherCredentials
                })
            });
            if let Some(why) = why.filter(|_| options.value(option).is_truthy()) {
                options.mark_unused(option, why);
            }
        }
        if profile_is_set && !matches!(mode, CredentialMode::Auto | CredentialMode::Profile) {
            options.mark_unused(OptionId::SessionProfile, Unused::OtherCredentials);
        }
    }
}

/// True for a key id that is read from the variable of all tools. An end beside it without a token was left by other
/// keys: long-term ones have none.
fn is_general_variable(key: &Found<String>) -> bool {
    matches!(key.source, Source::Environment("AWS_ACCESS_KEY_ID"))
}

/// When the pair with this key id ends: as its connection says, or for the general pair of the environment the variable
/// that the AWS CLI writes beside it.
fn end_of(key: &Found<String>, layers: Layers<'_>, environment: &Environment) -> Option<Timestamp> {
    if is_general_variable(key) {
        return Timestamp::from_tools(environment.found("AWS_CREDENTIAL_EXPIRATION")?);
    }
    std::iter::once(layers.connection)
        .chain(layers.parents.iter().copied())
        .filter_map(|one| one.keys_end.as_ref())
        .find(|end| end.access_key == key.value)
        .map(|end| end.at)
}

fn set_token(layers: Layers<'_>) -> Option<(Secret, Source)> {
    let own = (layers.connection, Source::Connection);
    let parents = layers
        .parents
        .iter()
        .map(|one| (*one, Source::Parent(one.name.clone())));
    std::iter::once(own)
        .chain(parents)
        .find_map(|(one, source)| {
            let token = one
                .session_token
                .clone()
                .filter(|token| !token.is_empty())?;
            Some((token, source))
        })
}

/// The half of the nearest layer that defines one: the S3-specific option before the general one. Being defined is
/// enough to hide what is farther away, also when it is empty.
fn half_in_layers(
    layers: Layers<'_>,
    (specific, general): (OptionId, OptionId),
) -> Option<Found<Secret>> {
    let (value, source, option) = layers.iter().find_map(|(source, values)| {
        let (value, option) = match values.get(specific) {
            Some(value) => (value, specific),
            None => (values.get(general)?, general),
        };
        Some((value, source, option))
    })?;
    let secret = match value {
        Value::Text(text) => Secret::new(text.as_str()),
        Value::Secret(secret) => secret.clone(),
        _ => return None,
    };
    (!secret.is_empty()).then_some(Found {
        value: secret,
        source,
        option: Some(option),
    })
}

fn half_in_environment(
    environment: &Environment,
    (specific, general): (OptionId, OptionId),
) -> Option<Found<Secret>> {
    let (name, text) = environment.first_found(&[specific.name(), general.name()])?;
    Some(Found {
        value: Secret::new(text),
        source: Source::Environment(name),
        option: None,
    })
}
