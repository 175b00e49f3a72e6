//! Where Django's behaviour would surprise a person: a note beside the field and, where there is one, a better value
//! to be taken over with one click. A hint never stops anything and never changes what an imported setting means.

use std::fmt;

use super::connection::{Connection, CredentialMode};
use super::consume::without_user;
use super::credentials::FoundKeys;
use super::effective::{EffectiveOptions, Source};
use super::regions::links_default_to_v2;
use super::table::OptionId;
use super::value::Value;
use crate::domain::{CredentialSpec, SignatureVersion, StorageConfig, Verify};

/// The longest life of a link signed with version 4, in seconds: seven days.
pub const LONGEST_LINK_SECS: i64 = 604_800;

/// A note beside an option.
#[derive(Clone, Debug, PartialEq)]
pub struct Hint {
    /// Where it stands.
    pub option: OptionId,
    /// What it says.
    pub kind: HintKind,
    /// What one click can do about it, best first.
    pub remedies: Vec<Remedy>,
}

/// What a hint says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HintKind {
    /// Links are signed with version 2 because nobody says otherwise.
    LinksSignedWithV2 {
        /// The region; `None` where none is set.
        region: Option<String>,
        /// With an endpoint of one's own.
        own_endpoint: bool,
    },
    /// Longer than version 4 allows; servers refuse such a link.
    LinkTooLong,
    /// Links that end at once or ended before.
    LinkEndsAtOnce,
    /// One half of the key pair.
    HalfKeyPair {
        /// The half that is missing.
        missing: OptionId,
    },
    /// The halves come from different places.
    HalvesFromTwoPlaces {
        /// Where the access key comes from.
        access: Source,
        /// Where the secret key comes from.
        secret: Source,
    },
    /// A token of the environment is sent with keys that were typed.
    TokenSticks {
        /// The variable.
        variable: &'static str,
    },
    /// A custom domain with a scheme.
    DomainHasScheme,
    /// A custom domain that ends with a slash.
    DomainEndsWithSlash,
    /// A custom domain and no CloudFront key: links are plain.
    DomainLeavesLinksUnsigned,
    /// A protocol without its colon sticks to the domain.
    ProtocolWithoutColon,
    /// Proxies that never apply: boto3 looks them up by scheme only.
    ProxiesNeverApply {
        /// Their keys.
        keys: Vec<String>,
    },
    /// boto3 puts `http://` before a SOCKS address, so it does not work.
    SocksProxy,
    /// The certificate of the server is not checked.
    CertificateUnchecked,
    /// A user before the endpoint's host, which is left out.
    UserInEndpoint,
}

/// What one click does.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// Words of the button.
    pub label: String,
    /// What happens.
    pub action: RemedyAction,
}

/// The effect of a remedy.
#[derive(Clone, Debug, PartialEq)]
pub enum RemedyAction {
    /// Sets an option in this connection.
    Set(OptionId, Value),
    /// Takes an option out of this connection.
    Reset(OptionId),
    /// Narrows where credentials are looked for.
    Credentials(CredentialMode),
    /// Leads to an option that has to be filled in.
    Show(OptionId),
}

impl Remedy {
    fn new(label: impl Into<String>, action: RemedyAction) -> Self {
        Self {
            label: label.into(),
            action,
        }
    }
}

impl HintKind {
    /// True when links cannot work as they are set. Servers of one's own may take links signed with version 2.
    #[must_use]
    pub const fn breaks_links(&self) -> bool {
        match self {
            Self::LinksSignedWithV2 { own_endpoint, .. } => !*own_endpoint,
            Self::LinkTooLong
            | Self::LinkEndsAtOnce
            | Self::DomainHasScheme
            | Self::DomainEndsWithSlash
            | Self::ProtocolWithoutColon => true,
            Self::HalfKeyPair { .. }
            | Self::HalvesFromTwoPlaces { .. }
            | Self::TokenSticks { .. }
            | Self::DomainLeavesLinksUnsigned
            | Self::ProxiesNeverApply { .. }
            | Self::SocksProxy
            | Self::CertificateUnchecked
            | Self::UserInEndpoint => false,
        }
    }

    /// True when the setting does not do what it was meant for. Links of a domain of one's own may well be open to all, and
    /// of a certificate that is not checked the handshake tells.
    #[must_use]
    pub const fn misses_its_meaning(&self) -> bool {
        matches!(
            self,
            Self::ProxiesNeverApply { .. } | Self::SocksProxy | Self::UserInEndpoint
        )
    }
}

impl fmt::Display for HintKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LinksSignedWithV2 { own_endpoint: true, .. } => f.write_str(
                "Django signs links with v2 for this endpoint. Many servers refuse that.",
            ),
            Self::LinksSignedWithV2 { region, .. } => match region {
                Some(region) => write!(
                    f,
                    "Django signs links with v2 in {region}. Buckets made since 2020 refuse that."
                ),
                None => f.write_str(
                    "Django signs links with v2 when no region is set. Buckets made since 2020 refuse that.",
                ),
            },
            Self::LinkTooLong => f.write_str("Servers refuse links that work longer than seven days."),
            Self::LinkEndsAtOnce => f.write_str("Links end as soon as they are made."),
            Self::HalfKeyPair { missing } => {
                write!(f, "Half a key pair: {} is found nowhere, so the server refuses every request.", missing.name())
            }
            Self::HalvesFromTwoPlaces { access, secret } => {
                write!(f, "The two halves come from different places: {access} and {secret}.")
            }
            Self::TokenSticks { variable } => write!(
                f,
                "{variable} of the environment is sent along with the keys of this connection. Amazon refuses that \
                 unless they belong together."
            ),
            Self::DomainHasScheme => f.write_str("A custom domain is a host; the scheme would stand twice."),
            Self::DomainEndsWithSlash => f.write_str("The final slash would stand twice."),
            Self::DomainLeavesLinksUnsigned => {
                f.write_str("A custom domain without a CloudFront key leaves links unsigned.")
            }
            Self::ProtocolWithoutColon => f.write_str("Without its colon the protocol sticks to the domain."),
            Self::ProxiesNeverApply { keys } => write!(
                f,
                "Never applied: {}. Proxies are looked up by http and https only.",
                keys.join(", ")
            ),
            Self::SocksProxy => f.write_str("SOCKS addresses do not work here; boto3 puts http:// before them."),
            Self::UserInEndpoint => f.write_str(
                "S3 signs with keys: the user and the password before the host are left out, and with the bucket in the \
                 host name Django goes astray over them.",
            ),
            Self::CertificateUnchecked => {
                f.write_str("Anyone on the way can read and change what is sent: the certificate is not checked.")
            }
        }
    }
}

/// All hints, in the order of the table.
pub(super) fn find(
    connection: &Connection,
    options: &EffectiveOptions,
    keys: &FoundKeys,
    config: &StorageConfig,
) -> Vec<Hint> {
    let mut hints = Vec::new();
    let mut add = |option, kind, remedies| {
        hints.push(Hint {
            option,
            kind,
            remedies,
        });
    };
    if matches!(config.credentials, CredentialSpec::Keys { .. }) {
        key_hints(connection, keys, &mut add);
    }
    link_hints(config, &mut add);
    domain_hints(options, config, &mut add);
    proxy_hints(options, &mut add);
    if let Some(endpoint) = options.text(OptionId::Endpoint) {
        let bare = without_user(endpoint);
        if bare != endpoint {
            let action = RemedyAction::Set(OptionId::Endpoint, Value::text(&bare));
            let remedy = Remedy::new(format!("Use {bare}"), action);
            add(OptionId::Endpoint, HintKind::UserInEndpoint, vec![remedy]);
        }
    }
    if config.verify == Verify::Off {
        let remedy = Remedy::new(
            "Check it",
            RemedyAction::Set(OptionId::Verify, Value::Verify(Verify::Default)),
        );
        add(
            OptionId::Verify,
            HintKind::CertificateUnchecked,
            vec![remedy],
        );
    }
    hints.sort_by_key(|hint| hint.option);
    hints
}

fn key_hints(
    connection: &Connection,
    keys: &FoundKeys,
    add: &mut impl FnMut(OptionId, HintKind, Vec<Remedy>),
) {
    let clear = |option: OptionId| Remedy::new("Clear this half", RemedyAction::Reset(option));
    let own = |source: &Source, option: Option<OptionId>| {
        option.filter(|_| *source == Source::Connection)
    };
    match (&keys.access_key, &keys.secret_key) {
        (Some(access), None) => {
            let at = access.option.unwrap_or(OptionId::S3AccessKey);
            let missing = if at == OptionId::AccessKey {
                OptionId::SecretKey
            } else {
                OptionId::S3SecretKey
            };
            let mut remedies = vec![Remedy::new(
                "Add the secret key",
                RemedyAction::Show(missing),
            )];
            remedies.extend(own(&access.source, access.option).map(clear));
            add(at, HintKind::HalfKeyPair { missing }, remedies);
        }
        (None, Some(secret)) => {
            let at = secret.option.unwrap_or(OptionId::S3SecretKey);
            let missing = if at == OptionId::SecretKey {
                OptionId::AccessKey
            } else {
                OptionId::S3AccessKey
            };
            let mut remedies = vec![Remedy::new(
                "Add the access key",
                RemedyAction::Show(missing),
            )];
            remedies.extend(own(&secret.source, secret.option).map(clear));
            add(at, HintKind::HalfKeyPair { missing }, remedies);
        }
        (Some(access), Some(secret)) => {
            let environment = |source: &Source| matches!(source, Source::Environment(_));
            if environment(&access.source) != environment(&secret.source) {
                let kind = HintKind::HalvesFromTwoPlaces {
                    access: access.source.clone(),
                    secret: secret.source.clone(),
                };
                add(OptionId::S3AccessKey, kind, Vec::new());
            }
        }
        (None, None) => {}
    }
    let Some(token) = &keys.token else {
        return;
    };
    let typed = keys
        .access_key
        .as_ref()
        .filter(|access| access.option.is_some());
    if let (Source::Environment(variable), Some(access)) = (&token.source, typed) {
        let remedies = if connection.credentials == CredentialMode::Auto {
            vec![Remedy::new(
                "Leave the environment out",
                RemedyAction::Credentials(CredentialMode::Keys),
            )]
        } else {
            Vec::new()
        };
        let at = access.option.unwrap_or(OptionId::AccessKey);
        add(at, HintKind::TokenSticks { variable }, remedies);
    }
}

fn link_hints(config: &StorageConfig, add: &mut impl FnMut(OptionId, HintKind, Vec<Remedy>)) {
    let signs_itself = config.links.signed && config.links.custom_domain.is_none();
    let by_default_v2 = config.signature == SignatureVersion::Default
        && links_default_to_v2(config.region.as_deref());
    if signs_itself && by_default_v2 {
        let kind = HintKind::LinksSignedWithV2 {
            region: config.region.clone(),
            own_endpoint: config.endpoint.is_some(),
        };
        let action = RemedyAction::Set(OptionId::SignatureVersion, Value::text("s3v4"));
        add(
            OptionId::SignatureVersion,
            kind,
            vec![Remedy::new("Use s3v4", action)],
        );
    }
    let v4 = !by_default_v2 && config.signature != SignatureVersion::V2;
    if signs_itself && v4 && config.links.expires_secs > LONGEST_LINK_SECS {
        let action = RemedyAction::Set(OptionId::LinkExpiry, Value::Integer(LONGEST_LINK_SECS));
        add(
            OptionId::LinkExpiry,
            HintKind::LinkTooLong,
            vec![Remedy::new("Use seven days", action)],
        );
    }
    if config.links.signed && config.links.expires_secs <= 0 {
        let action = RemedyAction::Set(OptionId::LinkExpiry, Value::Integer(3600));
        add(
            OptionId::LinkExpiry,
            HintKind::LinkEndsAtOnce,
            vec![Remedy::new("Use one hour", action)],
        );
    }
}

fn domain_hints(
    options: &EffectiveOptions,
    config: &StorageConfig,
    add: &mut impl FnMut(OptionId, HintKind, Vec<Remedy>),
) {
    let Some(domain) = &config.links.custom_domain else {
        return;
    };
    let use_host = |host: &str| {
        let action = RemedyAction::Set(OptionId::CustomDomain, Value::text(host));
        vec![Remedy::new(format!("Use {host}"), action)]
    };
    if let Some((_, rest)) = domain.split_once("://") {
        add(
            OptionId::CustomDomain,
            HintKind::DomainHasScheme,
            use_host(rest.trim_end_matches('/')),
        );
    } else if domain.ends_with('/') {
        add(
            OptionId::CustomDomain,
            HintKind::DomainEndsWithSlash,
            use_host(domain.trim_end_matches('/')),
        );
    }
    if config.links.signed && config.links.cloudfront.is_none() {
        let from_here = options.get(OptionId::CustomDomain).source == Source::Connection;
        let bucket_host = if from_here {
            RemedyAction::Reset(OptionId::CustomDomain)
        } else {
            RemedyAction::Set(OptionId::CustomDomain, Value::Nothing)
        };
        let remedies = vec![
            Remedy::new(
                "Add CloudFront key",
                RemedyAction::Show(OptionId::CloudFrontKeyId),
            ),
            Remedy::new("Use the bucket host", bucket_host),
        ];
        add(
            OptionId::CustomDomain,
            HintKind::DomainLeavesLinksUnsigned,
            remedies,
        );
    }
    let protocol = &config.links.url_protocol;
    if !protocol.is_empty() && !protocol.ends_with(':') {
        let better = match protocol.trim_end_matches('/') {
            with_colon if with_colon.ends_with(':') => with_colon.to_owned(),
            word => format!("{word}:"),
        };
        let action = RemedyAction::Set(OptionId::UrlProtocol, Value::text(&better));
        let remedy = Remedy::new(format!("Use {better}"), action);
        add(
            OptionId::UrlProtocol,
            HintKind::ProtocolWithoutColon,
            vec![remedy],
        );
    }
}

fn proxy_hints(options: &EffectiveOptions, add: &mut impl FnMut(OptionId, HintKind, Vec<Remedy>)) {
    let Value::Map(map) = options.value(OptionId::Proxies) else {
        return;
    };
    let applies = |scheme: &str| matches!(scheme, "http" | "https");
    let keys: Vec<String> = map.keys().filter(|key| !applies(key)).cloned().collect();
    if !keys.is_empty() {
        let kept: serde_json::Map<_, _> = map
            .iter()
            .filter(|(key, _)| applies(key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let action = RemedyAction::Set(OptionId::Proxies, Value::Map(kept));
        let remedy = Remedy::new("Remove them", action);
        add(
            OptionId::Proxies,
            HintKind::ProxiesNeverApply { keys },
            vec![remedy],
        );
    }
    let is_socks =
        |proxy: &serde_json::Value| proxy.as_str().is_some_and(|text| text.starts_with("socks"));
    if map
        .iter()
        .any(|(key, proxy)| applies(key) && is_socks(proxy))
    {
        add(OptionId::Proxies, HintKind::SocksProxy, Vec::new());
    }
}
