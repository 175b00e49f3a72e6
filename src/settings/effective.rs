//! What holds for every option, and where it comes from.
//!
//! The layers, nearest first: what is set in the connection, what its parents set, then what the option falls back
//! to (class default of the storage kind, environment, profile, default). A connection with a parent stands for a
//! subclass or for constructor keywords in Django; one without stands for the settings file.

use std::collections::BTreeMap;

use super::connection::{Connection, StorageKind};
use super::environment::Environment;
use super::profiles::{Profile, Profiles, active_profile};
use super::table::OptionId;
use super::value::Value;
use super::values::Values;
use crate::domain::{AmazonHosts, Verify};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Set in the connection.
    Connection,
    /// Set in a connection it is based on, by that connection's name.
    Parent(String),
    /// The storage class sets it.
    ClassDefault(StorageKind),
    /// A variable of the environment.
    Environment(&'static str),
    /// A profile of the shared AWS files.
    Profile(String),
    /// Nobody sets it.
    Default,
}

/// What holds for one option.
#[derive(Clone, Debug, PartialEq)]
pub struct Effective {
    /// The value.
    pub value: Value,
    /// Where it comes from.
    pub source: Source,
    /// Why it has no effect, when it has none.
    pub unused: Option<Unused>,
}

/// Why a value has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unused {
    /// Credentials come from the session profile.
    ProfileIsSet,
    /// The S3-specific one is defined.
    S3OneIsDefined,
    /// The connection takes credentials from elsewhere.
    OtherCredentials,
    /// The object parameters hold an ACL.
    ParametersHoldAcl,
    /// The endpoint brings its own scheme.
    EndpointHasScheme,
    /// Links have no custom domain.
    NoCustomDomain,
    /// Links are not signed.
    LinksUnsigned,
    /// Nothing is compressed.
    GzipOff,
    /// The server has no access lists, as far as it was looked at or as a person said.
    NoAccessLists,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Connection => f.write_str("connection"),
            Self::Parent(name) => write!(f, "parent “{name}”"),
            Self::ClassDefault(kind) => write!(f, "{} storage class", kind.word()),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Profile(name) => write!(f, "profile “{name}”"),
            Self::Default => f.write_str("default"),
        }
    }
}

impl std::fmt::Display for Unused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ProfileIsSet => "ignored: a profile is set",
            Self::S3OneIsDefined => "ignored: the S3 one is defined",
            Self::OtherCredentials => "ignored: credentials come from elsewhere",
            Self::ParametersHoldAcl => "no effect: the parameters hold an ACL",
            Self::EndpointHasScheme => "no effect: the endpoint has its own scheme",
            Self::NoCustomDomain => "no effect without a custom domain",
            Self::LinksUnsigned => "no effect: links are not signed",
            Self::GzipOff => "no effect: nothing is compressed",
            Self::NoAccessLists => "no effect: the server has no access lists",
        })
    }
}

/// A connection between what is set above it and what it is based on.
#[derive(Clone, Copy, Debug)]
pub struct Layers<'a> {
    /// The connection itself.
    pub connection: &'a Connection,
    /// What holds before the connection's own values: secrets of the keyring, `--set` of the command line.
    pub above: &'a Values,
    /// What it is based on, nearest first.
    pub parents: &'a [&'a Connection],
}

impl<'a> Layers<'a> {
    /// All layers, nearest first, with their source.
    pub fn iter(self) -> impl Iterator<Item = (Source, &'a Values)> {
        let own = [
            (Source::Connection, self.above),
            (Source::Connection, &self.connection.values),
        ];
        let parents = self
            .parents
            .iter()
            .map(|parent| (Source::Parent(parent.name.clone()), &parent.values));
        own.into_iter().chain(parents)
    }

    /// The nearest layer that sets an option.
    #[must_use]
    pub fn find(self, option: OptionId) -> Option<(&'a Value, Source)> {
        self.iter()
            .find_map(|(source, values)| Some((values.get(option)?, source)))
    }

    /// What the settings file sets an option to: the connection that all others are based on stands for it.
    #[must_use]
    pub fn in_settings(self, option: OptionId) -> Option<&'a Value> {
        match self.parents.last() {
            Some(root) => root.values.get(option),
            None => self
                .above
                .get(option)
                .or_else(|| self.connection.values.get(option)),
        }
    }

    /// The storage class that the connection stands for. Its kind says which of Django's two storages is meant, and
    /// the class named for that one decides when it is known.
    #[must_use]
    pub fn storage_kind(self) -> StorageKind {
        let option = match self.connection.kind {
            StorageKind::Default => OptionId::DefaultStorage,
            StorageKind::Static | StorageKind::ManifestStatic => OptionId::StaticStorage,
        };
        self.find(option)
            .and_then(|(value, _)| StorageKind::of_class(value.as_text()?))
            .unwrap_or(self.connection.kind)
    }
}

/// What holds for all options of one connection.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectiveOptions {
    options: BTreeMap<OptionId, Effective>,
}

impl EffectiveOptions {
    /// Finds what holds for every option, credentials not yet searched in the environment.
    #[must_use]
    pub fn find(layers: Layers<'_>, environment: &Environment) -> Self {
        let profile = used_profile(layers, environment);
        let options = OptionId::all().map(|option| {
            let set = set_value(layers, option);
            // Expressly nothing falls through to what surrounds the program, as None does in boto3.
            let is_final = set.as_ref().is_some_and(|(value, _)| !is_nothing(value));
            let around = if is_final {
                None
            } else {
                fallback(option, environment, profile.as_ref())
            };
            let (value, source) = around
                .or(set)
                .unwrap_or_else(|| ((option.spec().default)(), Source::Default));
            (
                option,
                Effective {
                    value,
                    source,
                    unused: None,
                },
            )
        });
        Self {
            options: options.collect(),
        }
    }

    /// What holds for an option; every option is in it.
    #[must_use]
    pub fn get(&self, option: OptionId) -> &Effective {
        &self.options[&option]
    }

    /// The value that holds for an option.
    #[must_use]
    pub fn value(&self, option: OptionId) -> &Value {
        &self.get(option).value
    }

    /// The text that holds for an option, when it is one that is not empty.
    #[must_use]
    pub fn text(&self, option: OptionId) -> Option<&str> {
        self.value(option).as_text().filter(|text| !text.is_empty())
    }

    /// All in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = (OptionId, &Effective)> {
        self.options
            .iter()
            .map(|(option, effective)| (*option, effective))
    }

    pub(super) fn replace(&mut self, option: OptionId, value: Value, source: Source) {
        self.options.insert(
            option,
            Effective {
                value,
                source,
                unused: None,
            },
        );
    }

    pub(super) fn mark_unused(&mut self, option: OptionId, why: Unused) {
        if let Some(effective) = self.options.get_mut(&option) {
            effective.unused = Some(why);
        }
    }
}

/// The value of the layers. A static storage class switches signing off for all it is based on, but not for what is
/// set in the connection itself, as a class attribute does not yield to a setting but to a keyword.
fn set_value(layers: Layers<'_>, option: OptionId) -> Option<(Value, Source)> {
    let found = layers.find(option);
    let kind = layers.storage_kind();
    let own = matches!(found, Some((_, Source::Connection)));
    if option == OptionId::SignLinks && kind != StorageKind::Default && !own {
        return Some((Value::Bool(false), Source::ClassDefault(kind)));
    }
    found.map(|(value, source)| (value.clone(), source))
}

fn is_nothing(value: &Value) -> bool {
    matches!(value, Value::Nothing | Value::Verify(Verify::Default))
}

/// What boto3 finds around the program for an option that is not set.
fn fallback(
    option: OptionId,
    environment: &Environment,
    profile: Option<&Profile>,
) -> Option<(Value, Source)> {
    let of_variable = |names: &[&'static str]| {
        environment
            .first_found(names)
            .map(|(name, text)| (text.to_owned(), Source::Environment(name)))
    };
    let of_profile = |pick: fn(&Profile) -> Option<&String>| {
        profile.and_then(|one| Some((pick(one)?.clone(), Source::Profile(one.name.clone()))))
    };
    let text =
        |found: Option<(String, Source)>| found.map(|(text, source)| (Value::Text(text), source));
    match option {
        OptionId::Region => text(
            of_variable(&["AWS_DEFAULT_REGION"]).or_else(|| of_profile(|one| one.region.as_ref())),
        ),
        OptionId::SignatureVersion => text(of_profile(|one| one.signature_version.as_ref())),
        OptionId::Endpoint => {
            let ignored = environment
                .get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
                .is_some_and(|text| text.eq_ignore_ascii_case("true"));
            if ignored {
                return None;
            }
            text(
                of_variable(&["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"])
                    .or_else(|| of_profile(|one| one.endpoint.as_ref())),
            )
        }
        OptionId::Verify => of_variable(&["AWS_CA_BUNDLE"])
            .or_else(|| of_profile(|one| one.ca_bundle.as_ref()))
            .or_else(|| of_variable(&["REQUESTS_CA_BUNDLE"]))
            .map(|(path, source)| (Value::Verify(Verify::CaFile(path.into())), source)),
        _ => None,
    }
}

/// Which of Amazon's hosts are used: what the environment says, then the profile whose settings count.
pub(super) fn amazon_hosts(layers: Layers<'_>, environment: &Environment) -> AmazonHosts {
    let mut hosts = used_profile(layers, environment)
        .map(|profile| profile.hosts)
        .unwrap_or_default();
    if let Some(text) = environment.found("AWS_USE_DUALSTACK_ENDPOINT") {
        hosts.dual_stack |= text.eq_ignore_ascii_case("true");
    }
    if let Some(text) = environment.found("AWS_S3_US_EAST_1_REGIONAL_ENDPOINT") {
        hosts.us_east_1_regional = text.eq_ignore_ascii_case("regional");
    }
    hosts
}

/// The profile whose settings count: the session profile, else that of the environment.
fn used_profile(layers: Layers<'_>, environment: &Environment) -> Option<Profile> {
    let named = layers
        .find(OptionId::SessionProfile)
        .and_then(|(value, _)| value.as_text())
        .filter(|name| !name.is_empty());
    let name = named.unwrap_or_else(|| active_profile(environment));
    Profiles::read(environment).get(name).cloned()
}
