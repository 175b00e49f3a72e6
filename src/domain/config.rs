//! The resolved configuration of one connection: what the storage core works with.
//!
//! `settings::resolve` makes it from options, environment and profile; the storage core only reads it.
//! Field by field it is what django-storages' S3 backend ends up with after its own search.

use std::fmt;
use std::path::PathBuf;

use super::diagnosis::ServerTraits;
use super::{IdentityCenterRole, Secret, Timestamp, proxy};

/// The upload parameter that is a secret: the customer's own encryption key.
pub const CUSTOMER_KEY: &str = "SSECustomerKey";

/// Everything the storage core needs to know about one connection.
#[derive(Clone)]
pub struct StorageConfig {
    /// Bucket name or access-point ARN; `None` when only the account is known.
    pub bucket: Option<String>,
    /// `AWS_LOCATION`: the key prefix that Django names are joined to, as given.
    pub location: String,
    /// Where credentials come from.
    pub credentials: CredentialSpec,
    /// When keys that were found end, where that was told together with them.
    pub keys_end: Option<Timestamp>,
    /// The role that is taken with these credentials.
    pub role: Option<RoleSpec>,
    /// Signing region; `None` means us-east-1.
    pub region: Option<String>,
    /// Custom endpoint URL with scheme; `None` means Amazon's own.
    pub endpoint: Option<String>,
    /// `https` towards Amazon's own hosts; a custom endpoint brings its own scheme.
    pub use_ssl: bool,
    /// How TLS certificates are checked.
    pub verify: Verify,
    /// Bucket in the host name or in the path.
    pub addressing: Addressing,
    /// Signature version of requests and links.
    pub signature: SignatureVersion,
    /// Which of Amazon's host names are used.
    pub hosts: AmazonHosts,
    /// Proxies by URL scheme; `None` means the environment's, an empty list means none.
    pub proxies: Option<Vec<(String, String)>>,
    /// How links are made.
    pub links: LinkRules,
    /// Which uploads are compressed.
    pub gzip: GzipRules,
    /// Canned ACL of uploads when the parameters hold none.
    pub default_acl: Option<String>,
    /// Parameters of every upload, then those by rule.
    pub object_parameters: ObjectParameters,
    /// False: an upload to a taken name gets another name.
    pub file_overwrite: bool,
    /// Bytes an open file keeps in memory before it goes to disk; 0 means never to disk.
    pub max_memory_bytes: u64,
    /// What is known of the server, found or said.
    pub server: ServerTraits,
}

/// Proxies without their passwords.
struct ShownProxies<'a>(Option<&'a [(String, String)]>);

impl fmt::Debug for ShownProxies<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(proxies) = self.0 else {
            return f.write_str("None");
        };
        let shown = (proxies.iter()).map(|(scheme, url)| (scheme, proxy::without_password(url)));
        f.debug_map().entries(shown).finish()
    }
}

/// Prints upload parameters without the customer's key.
pub struct ShownParameters<'a>(pub &'a [(String, serde_json::Value)]);

impl fmt::Debug for ShownParameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = serde_json::Value::from("(hidden)");
        let shown = self.0.iter().map(|(name, value)| {
            let is_secret = name == CUSTOMER_KEY;
            (name, if is_secret { &hidden } else { value })
        });
        f.debug_map().entries(shown).finish()
    }
}

impl fmt::Debug for StorageConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Taken apart, so that a new field cannot be forgotten here.
        let Self {
            bucket,
            location,
            credentials,
            keys_end,
            role,
            region,
            endpoint,
            use_ssl,
            verify,
            addressing,
            signature,
            hosts,
            proxies,
            links,
            gzip,
            default_acl,
            object_parameters,
            file_overwrite,
            max_memory_bytes,
            server,
        } = self;
        f.debug_struct("StorageConfig")
            .field("bucket", bucket)
            .field("location", location)
            .field("credentials", credentials)
            .field("keys_end", keys_end)
            .field("role", role)
            .field("region", region)
            .field("endpoint", endpoint)
            .field("use_ssl", use_ssl)
            .field("verify", verify)
            .field("addressing", addressing)
            .field("signature", signature)
            .field("hosts", hosts)
            .field("proxies", &ShownProxies(proxies.as_deref()))
            .field("links", links)
            .field("gzip", gzip)
            .field("default_acl", default_acl)
            .field("object_parameters", object_parameters)
            .field("file_overwrite", file_overwrite)
            .field("max_memory_bytes", max_memory_bytes)
            .field("server", server)
            .finish()
    }
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self {
            bucket: None,
            location: String::new(),
            credentials: CredentialSpec::Chain,
            keys_end: None,
            role: None,
            region: None,
            endpoint: None,
            use_ssl: true,
            verify: Verify::Default,
            addressing: Addressing::Default,
            signature: SignatureVersion::Default,
            hosts: AmazonHosts::default(),
            proxies: None,
            links: LinkRules::default(),
            gzip: GzipRules::default(),
            default_acl: None,
            object_parameters: ObjectParameters::default(),
            file_overwrite: true,
            max_memory_bytes: 0,
            server: ServerTraits::default(),
        }
    }
}

impl StorageConfig {
    /// The address of a server that is not Amazon's: STS, where it has one, answers there too.
    #[must_use]
    pub fn own_endpoint(&self) -> Option<&str> {
        self.endpoint
            .as_deref()
            .filter(|url| !url.contains(".amazonaws.com"))
    }
}

/// Where credentials come from, after the search through the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialSpec {
    /// Keys that were found in the connection or the environment.
    Keys {
        /// Access key id.
        access_key: String,
        /// Secret access key.
        secret_key: Secret,
        /// Session token of temporary credentials.
        token: Option<Secret>,
    },
    /// A profile of the shared AWS files, and nothing else.
    Profile(String),
    /// An account and a role at Identity Center.
    IdentityCenter(IdentityCenterRole),
    /// The default chain: environment, shared files, web identity, container, instance.
    Chain,
    /// No credentials: requests are not signed.
    Anonymous,
}

/// A role that is taken with the connection's own credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleSpec {
    /// `arn:aws:iam::123456789012:role/media-editor`.
    pub arn: String,
    /// What the role's trust policy may ask for beside the caller.
    pub external_id: Option<String>,
    /// What the session is called in logs; `None` leaves the choice to the program.
    pub session_name: Option<String>,
    /// How long the keys hold, 900 to 43,200; `None` means STS' own hour.
    pub duration_secs: Option<u32>,
    /// Serial number or ARN of the MFA device whose code is asked for.
    pub mfa_serial: Option<String>,
}

impl RoleSpec {
    /// `media-editor` of `arn:aws:iam::123456789012:role/team/media-editor`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.arn.rsplit('/').next().unwrap_or(&self.arn)
    }

    /// `duration_seconds` of a profile as botocore takes it: what is no number counts for nothing.
    #[must_use]
    pub fn duration_of(text: &str) -> Option<u32> {
        let secs: i64 = text.trim().parse().ok()?;
        Some(u32::try_from(secs.max(0)).unwrap_or(u32::MAX))
    }
}

/// How the server's certificate is checked (`AWS_S3_VERIFY`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Verify {
    /// `AWS_CA_BUNDLE`, then the profile's `ca_bundle`, then the bundled list.
    #[default]
    Default,
    /// The bundled list.
    On,
    /// Not at all.
    Off,
    /// Against this file of certificates.
    CaFile(PathBuf),
}

/// Where the bucket stands in a URL (`AWS_S3_ADDRESSING_STYLE`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Addressing {
    /// Not set: host on AWS, path on a custom endpoint.
    #[default]
    Default,
    /// The same, said explicitly.
    Auto,
    /// In the host name.
    Virtual,
    /// In the path.
    Path,
}

/// Which signature (`AWS_S3_SIGNATURE_VERSION`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignatureVersion {
    /// Not set: requests are signed with v4, links as boto3 decides by region.
    #[default]
    Default,
    /// `s3v4`.
    V4,
    /// `s3`.
    V2,
}

/// Which of Amazon's host names are used: what a profile's `s3 =` block says beside the documented settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AmazonHosts {
    /// `use_dualstack_endpoint`: hosts that have IPv6 addresses too.
    pub dual_stack: bool,
    /// `use_accelerate_endpoint`: the accelerated host, for buckets that can stand in a host name.
    pub accelerate: bool,
    /// `us_east_1_regional_endpoint = regional`: us-east-1 has its region in the host name like any other.
    pub us_east_1_regional: bool,
}

/// How links are made.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkRules {
    /// `AWS_QUERYSTRING_AUTH`: signed links, or plain ones.
    pub signed: bool,
    /// `AWS_QUERYSTRING_EXPIRE`: lifetime in seconds.
    pub expires_secs: i64,
    /// `AWS_S3_CUSTOM_DOMAIN`: host of all links.
    pub custom_domain: Option<String>,
    /// `AWS_S3_URL_PROTOCOL`: scheme with its colon, for the custom domain only.
    pub url_protocol: String,
    /// The CloudFront key pair; both halves or none.
    pub cloudfront: Option<CloudFrontKey>,
}

impl Default for LinkRules {
    fn default() -> Self {
        Self {
            signed: true,
            expires_secs: 3600,
            custom_domain: None,
            url_protocol: "https:".to_owned(),
            cloudfront: None,
        }
    }
}

/// A CloudFront key pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloudFrontKey {
    /// Key-pair id (`AWS_CLOUDFRONT_KEY_ID`).
    pub id: String,
    /// RSA private key as PEM (`AWS_CLOUDFRONT_KEY`).
    pub pem: Secret,
}

/// Which uploads are compressed (`AWS_IS_GZIPPED`, `GZIP_CONTENT_TYPES`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GzipRules {
    /// Compress on save, decompress on read.
    pub on: bool,
    /// Content types that are compressed; compared exactly.
    pub content_types: Vec<String>,
}

impl Default for GzipRules {
    fn default() -> Self {
        let types = [
            "text/css",
            "text/javascript",
            "application/javascript",
            "application/x-javascript",
            "image/svg+xml",
        ];
        Self {
            on: false,
            content_types: types.map(str::to_owned).to_vec(),
        }
    }
}

/// Upload parameters (`AWS_S3_OBJECT_PARAMETERS`) by their API names, in the order given.
#[derive(Clone, Default, PartialEq)]
pub struct ObjectParameters {
    /// For every object.
    pub all: Vec<(String, serde_json::Value)>,
    /// For keys that match a pattern, on top of those for all; later rules win.
    pub rules: Vec<ParameterRule>,
}

/// Parameters for the keys that match a glob.
#[derive(Clone, PartialEq)]
pub struct ParameterRule {
    /// Glob over the full key: `*` within a segment, `**` across, `?` one character.
    pub glob: String,
    /// Parameters by their API names.
    pub parameters: Vec<(String, serde_json::Value)>,
}

impl fmt::Debug for ObjectParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectParameters")
            .field("all", &ShownParameters(&self.all))
            .field("rules", &self.rules)
            .finish()
    }
}

impl fmt::Debug for ParameterRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParameterRule")
            .field("glob", &self.glob)
            .field("parameters", &ShownParameters(&self.parameters))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_printed() {
        let key = (
            CUSTOMER_KEY.to_owned(),
            serde_json::json!({"$bytes": "CANARY"}),
        );
        let config = StorageConfig {
            credentials: CredentialSpec::Keys {
                access_key: "AKIA".to_owned(),
                secret_key: Secret::new("CANARY"),
                token: Some(Secret::new("CANARY")),
            },
            proxies: Some(vec![(
                "https".to_owned(),
                "http://me:CANARY@proxy:1".to_owned(),
            )]),
            links: LinkRules {
                cloudfront: Some(CloudFrontKey {
                    id: "K".to_owned(),
                    pem: Secret::new("CANARY"),
                }),
                ..LinkRules::default()
            },
            object_parameters: ObjectParameters {
                all: vec![key.clone()],
                rules: vec![ParameterRule {
                    glob: "*".to_owned(),
                    parameters: vec![key],
                }],
            },
            ..StorageConfig::default()
        };
        let text = format!("{config:?} {config:#?}");
        assert!(!text.contains("CANARY"), "{text}");
        assert!(text.contains("http://me@proxy:1"), "{text}");
    }
}
