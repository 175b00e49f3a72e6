//! The one ordered table of all documented options.
//!
//! One macro makes the enum and the rows together, so that an option without a row cannot exist and
//! [`OptionId::spec`] cannot miss. The order is the order of the panel. Names, defaults and effects are those of
//! django-storages 1.13.2.

use super::option::{Kind, OptionSpec, Section};
use super::value::{Value, gzip_default};
use super::{checks, pem};

macro_rules! options {
    ($(
        $id:ident = $name:literal, $attribute:literal {
            $section:ident, $kind:expr, default $default:expr, check $check:expr,
            $label:literal, $help:literal
        }
    )*) => {
        /// One documented option. The order is that of the panel.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum OptionId {
            $(#[doc = concat!("`", $name, "`")] $id,)*
        }

        /// Every option in order.
        pub static OPTIONS: &[OptionSpec] = &[$(
            OptionSpec {
                id: OptionId::$id,
                name: $name,
                attribute: $attribute,
                kind: $kind,
                default: $default,
                section: Section::$section,
                label: $label,
                help: $help,
                check: $check,
            },
        )*];
    };
}

const fn text(placeholder: &'static str) -> Kind {
    Kind::Text { placeholder }
}

const STORAGE_CLASSES: Kind = Kind::Choice {
    values: &[
        "storages.backends.s3boto3.S3Boto3Storage",
        "storages.backends.s3boto3.S3StaticStorage",
        "storages.backends.s3boto3.S3ManifestStaticStorage",
    ],
    open: true,
};

const CANNED_ACLS: Kind = Kind::Choice {
    values: &[
        "private",
        "public-read",
        "public-read-write",
        "authenticated-read",
        "aws-exec-read",
        "bucket-owner-read",
        "bucket-owner-full-control",
        "log-delivery-write",
    ],
    open: true,
};

fn nothing() -> Value {
    Value::Nothing
}

options! {
    SessionProfile = "AWS_S3_SESSION_PROFILE", "session_profile" {
        Credentials, text("not set"), default nothing, check checks::any,
        "Session profile", "Take credentials from this AWS profile and from nowhere else."
    }
    S3AccessKey = "AWS_S3_ACCESS_KEY_ID", "access_key" {
        Credentials, text("not set"), default nothing, check checks::no_blanks_around,
        "Access key, S3 only", "Searched before the general access key."
    }
    S3SecretKey = "AWS_S3_SECRET_ACCESS_KEY", "secret_key" {
        Credentials, Kind::Secret, default nothing, check checks::no_blanks_around,
        "Secret key, S3 only", "Kept in the system keyring, never in a file."
    }
    AccessKey = "AWS_ACCESS_KEY_ID", "access_key" {
        Credentials, text("not set"), default nothing, check checks::no_blanks_around,
        "Access key, general", "Used when the S3 one is not defined."
    }
    SecretKey = "AWS_SECRET_ACCESS_KEY", "secret_key" {
        Credentials, Kind::Secret, default nothing, check checks::no_blanks_around,
        "Secret key, general", "Its other half, with the same rule."
    }
    Region = "AWS_S3_REGION_NAME", "region_name" {
        RegionAndSigning, Kind::Choice { values: super::regions::NAMES, open: true },
        default nothing, check checks::region,
        "Region", "Where the bucket lives."
    }
    SignatureVersion = "AWS_S3_SIGNATURE_VERSION", "signature_version" {
        RegionAndSigning, Kind::Choice { values: &["s3v4", "s3"], open: false },
        default nothing, check checks::signature_version,
        "Signature version", "How requests and links are signed."
    }
    Endpoint = "AWS_S3_ENDPOINT_URL", "endpoint_url" {
        RegionAndSigning, text("Amazon S3"), default nothing, check checks::endpoint,
        "Endpoint", "A server other than Amazon's, with its scheme."
    }
    AddressingStyle = "AWS_S3_ADDRESSING_STYLE", "addressing_style" {
        RegionAndSigning, Kind::Choice { values: &["auto", "virtual", "path"], open: false },
        default nothing, check checks::addressing_style,
        "Addressing style", "The bucket stands in the host name or in the path."
    }
    UseSsl = "AWS_S3_USE_SSL", "use_ssl" {
        NetworkAndTls, Kind::Bool { caption: "Use https" }, default || Value::Bool(true), check checks::any,
        "Encrypted connection", "For Amazon's own hosts; an endpoint brings its own scheme."
    }
    Verify = "AWS_S3_VERIFY", "verify" {
        NetworkAndTls, Kind::Verify, default nothing, check checks::verify,
        "Certificate check", "How the certificate of the server is checked."
    }
    Proxies = "AWS_S3_PROXIES", "proxies" {
        NetworkAndTls, Kind::Proxies, default nothing, check checks::proxies,
        "Proxies", "One for each scheme; not set means those of the environment."
    }
    Bucket = "AWS_STORAGE_BUCKET_NAME", "bucket_name" {
        BucketAndNames, text("not set"), default nothing, check checks::bucket,
        "Bucket", "The bucket that files are kept in."
    }
    Location = "AWS_LOCATION", "location" {
        BucketAndNames, text("the whole bucket"), default || Value::Text(String::new()), check checks::location,
        "Location", "Put in front of every name, without a leading slash."
    }
    DefaultStorage = "DEFAULT_FILE_STORAGE", "" {
        BucketAndNames, STORAGE_CLASSES, default nothing, check checks::dotted_path,
        "Storage class for files", "The class that Django keeps uploaded files with."
    }
    StaticStorage = "STATICFILES_STORAGE", "" {
        BucketAndNames, STORAGE_CLASSES, default nothing, check checks::dotted_path,
        "Storage class for static files", "The class that collectstatic writes with."
    }
    ObjectParameters = "AWS_S3_OBJECT_PARAMETERS", "object_parameters" {
        Uploads, Kind::Map, default || Value::Map(serde_json::Map::new()), check checks::object_parameters,
        "Object parameters", "Sent with every upload, and rules by file name can override them."
    }
    DefaultAcl = "AWS_DEFAULT_ACL", "default_acl" {
        Uploads, CANNED_ACLS, default nothing, check checks::any,
        "Default ACL", "A canned ACL for uploads that name none."
    }
    FileOverwrite = "AWS_S3_FILE_OVERWRITE", "file_overwrite" {
        Uploads, Kind::Bool { caption: "Overwrite" }, default || Value::Bool(true), check checks::any,
        "Overwrite files of the same name", "Off: seven random letters are added to the name."
    }
    Gzip = "AWS_IS_GZIPPED", "gzip" {
        Uploads, Kind::Bool { caption: "Compress" }, default || Value::Bool(false), check checks::any,
        "Compress on upload", "Gzip at level 9 for the types below."
    }
    GzipTypes = "GZIP_CONTENT_TYPES", "gzip_content_types" {
        Uploads, Kind::List, default gzip_default, check checks::content_types,
        "Types to compress", "Exact matches only, no parameters."
    }
    MaxMemory = "AWS_S3_MAX_MEMORY_SIZE", "max_memory_size" {
        Uploads, Kind::Integer { min: 0, max: i64::MAX, unit: "bytes" },
        default || Value::Integer(0), check checks::any,
        "Memory before a temporary file", "For files opened by name, where 0 never spills to disk."
    }
    SignLinks = "AWS_QUERYSTRING_AUTH", "querystring_auth" {
        Links, Kind::Bool { caption: "Sign" }, default || Value::Bool(true), check checks::any,
        "Sign links", "Off: plain links, which work while the object is public."
    }
    LinkExpiry = "AWS_QUERYSTRING_EXPIRE", "querystring_expire" {
        Links, Kind::Integer { min: i64::MIN, max: i64::MAX, unit: "seconds" },
        default || Value::Integer(3600), check checks::any,
        "Links work for", "How long a signed link works."
    }
    CustomDomain = "AWS_S3_CUSTOM_DOMAIN", "custom_domain" {
        Links, text("the host of the bucket"), default nothing, check checks::any,
        "Custom domain", "The host of all links, without scheme and without a final slash."
    }
    UrlProtocol = "AWS_S3_URL_PROTOCOL", "url_protocol" {
        Links, Kind::Choice { values: &["https:", "http:", ""], open: true },
        default || Value::Text("https:".to_owned()), check checks::any,
        "Protocol of the custom domain", "Written in front of the custom domain, with its colon."
    }
    CloudFrontKeyId = "AWS_CLOUDFRONT_KEY_ID", "cloudfront_key_id" {
        CloudFront, text("not set"), default nothing, check checks::no_blanks_around,
        "Key-pair id", "Names the key that CloudFront knows."
    }
    CloudFrontKey = "AWS_CLOUDFRONT_KEY", "cloudfront_key" {
        CloudFront, Kind::Pem, default nothing, check pem::check,
        "Private key", "An RSA key as PEM text, which signs links of the custom domain."
    }
}

impl OptionId {
    /// Its row.
    #[must_use]
    pub fn spec(self) -> &'static OptionSpec {
        &OPTIONS[self as usize]
    }

    /// Its Django name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// The option of that Django name, in any letter case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        OPTIONS
            .iter()
            .find(|spec| spec.name.eq_ignore_ascii_case(name))
            .map(|spec| spec.id)
    }

    /// The option behind an attribute of the storage class, as it stands under `OPTIONS`. Two options share the
    /// attributes of the key pair; the general ones are meant, because only the S3-specific *settings* quarrel
    /// with a profile.
    #[must_use]
    pub fn from_attribute(attribute: &str) -> Option<Self> {
        OPTIONS
            .iter()
            .rev()
            .find(|spec| !attribute.is_empty() && spec.attribute == attribute)
            .map(|spec| spec.id)
    }

    /// All options in order.
    pub fn all() -> impl Iterator<Item = Self> {
        OPTIONS.iter().map(|spec| spec.id)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_is_complete_and_tells_its_option_apart() {
        assert_eq!(OPTIONS.len(), 28);
        let mut names = BTreeSet::new();
        let mut labels = BTreeSet::new();
        for (index, spec) in OPTIONS.iter().enumerate() {
            assert_eq!(spec.id as usize, index, "{}", spec.name);
            assert!(names.insert(spec.name), "{} twice", spec.name);
            assert!(labels.insert(spec.label), "{} twice", spec.label);
            assert!(!spec.label.is_empty() && !spec.label.ends_with('.'));
            let help = spec.help;
            assert!(
                help.ends_with('.') && help.matches(". ").count() == 0,
                "{help}"
            );
            assert!(
                help.chars().next().is_some_and(char::is_uppercase),
                "{help}"
            );
            assert_eq!(OptionId::from_name(spec.name), Some(spec.id));
            assert!((spec.check)(&(spec.default)()).is_ok(), "{}", spec.name);
        }
    }

    #[test]
    fn sections_hold_what_the_panel_shows() {
        let counts: Vec<_> = Section::ALL
            .iter()
            .map(|section| (section.title(), section.options().count()))
            .collect();
        assert_eq!(
            counts,
            [
                ("Credentials", 5),
                ("Region and signing", 4),
                ("Network and TLS", 3),
                ("Bucket and names", 4),
                ("Uploads", 6),
                ("Links", 4),
                ("CloudFront", 2)
            ]
        );
        // The table is in the order of the sections, so that the panel can run through it.
        assert!(OPTIONS.is_sorted_by_key(|spec| spec.section));
    }

    #[test]
    fn attributes_of_the_key_pair_mean_the_general_pair() {
        assert_eq!(
            OptionId::from_attribute("access_key"),
            Some(OptionId::AccessKey)
        );
        assert_eq!(
            OptionId::from_attribute("secret_key"),
            Some(OptionId::SecretKey)
        );
        assert_eq!(OptionId::from_attribute(""), None);
        assert_eq!(OptionId::from_attribute("bucket"), None);
    }
}
