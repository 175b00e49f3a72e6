//! Gives every option its effect on the configuration, in one `match` without a catch-all: an option that nothing
//! consumes does not compile.

use super::table::OptionId;
use super::value::Value;
use crate::domain::{Addressing, CloudFrontKey, Secret, SignatureVersion, StorageConfig, Verify};

/// Gives one option its effect.
pub(super) fn consume(config: &mut StorageConfig, option: OptionId, value: &Value) {
    let text = || value.as_text().map(str::to_owned);
    let full_text = || text().filter(|text| !text.is_empty());
    match option {
        // `FoundKeys` made the credentials of these.
        OptionId::SessionProfile
        | OptionId::S3AccessKey
        | OptionId::S3SecretKey
        | OptionId::AccessKey
        | OptionId::SecretKey => {}
        // `Layers::storage_kind` reads these.
        OptionId::DefaultStorage | OptionId::StaticStorage => {}
        OptionId::Region => config.region = text(),
        OptionId::SignatureVersion => {
            config.signature = match value.as_text() {
                Some("s3v4" | "v4" | "s3v4-query") => SignatureVersion::V4,
                Some("s3" | "s3-query") => SignatureVersion::V2,
                _ => SignatureVersion::Default,
            };
        }
        // S3 signs with keys; boto3 does not send a user either.
        OptionId::Endpoint => config.endpoint = text().map(|text| without_user(&text)),
        OptionId::AddressingStyle => {
            config.addressing = match value.as_text() {
                Some("auto") => Addressing::Auto,
                Some("virtual") => Addressing::Virtual,
                Some("path") => Addressing::Path,
                _ => Addressing::Default,
            };
        }
        OptionId::UseSsl => config.use_ssl = value.is_truthy(),
        OptionId::Verify => {
            config.verify = match value {
                Value::Verify(verify) => verify.clone(),
                _ => Verify::Default,
            };
        }
        OptionId::Proxies => config.proxies = proxy_table(value),
        OptionId::Bucket => config.bucket = text(),
        OptionId::Location => config.location = text().unwrap_or_default(),
        OptionId::ObjectParameters => {
            if let Value::Map(map) = value {
                config.object_parameters.all = map
                    .iter()
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
            }
        }
        OptionId::DefaultAcl => config.default_acl = full_text(),
        OptionId::FileOverwrite => config.file_overwrite = value.is_truthy(),
        OptionId::Gzip => config.gzip.on = value.is_truthy(),
        OptionId::GzipTypes => {
            if let Value::List(types) = value {
                config.gzip.content_types.clone_from(types);
            }
        }
        OptionId::MaxMemory => {
            if let Value::Integer(bytes) = value {
                config.max_memory_bytes = u64::try_from(*bytes).unwrap_or(0);
            }
        }
        OptionId::SignLinks => config.links.signed = value.is_truthy(),
        OptionId::LinkExpiry => {
            if let Value::Integer(secs) = value {
                config.links.expires_secs = *secs;
            }
        }
        OptionId::CustomDomain => config.links.custom_domain = full_text(),
        OptionId::UrlProtocol => config.links.url_protocol = text().unwrap_or_default(),
        OptionId::CloudFrontKeyId => {
            if let Some(id) = full_text() {
                cloudfront(config).id = id;
            }
        }
        OptionId::CloudFrontKey => {
            if let Value::Secret(pem) = value {
                cloudfront(config).pem = pem.clone();
            }
            // Half a pair is a problem of its own; a signer needs both.
            let whole = |pair: &CloudFrontKey| !pair.id.is_empty() && !pair.pem.is_empty();
            config.links.cloudfront = config.links.cloudfront.take().filter(whole);
        }
    }
}

fn cloudfront(config: &mut StorageConfig) -> &mut CloudFrontKey {
    config
        .links
        .cloudfront
        .get_or_insert_with(|| CloudFrontKey {
            id: String::new(),
            pem: Secret::default(),
        })
}

/// The table as boto3 takes it over. It is looked up by scheme, so only two entries can have an effect.
fn proxy_table(value: &Value) -> Option<Vec<(String, String)>> {
    let Value::Map(map) = value else {
        return None;
    };
    let entries = map.iter();
    Some(
        entries
            .filter_map(|(scheme, proxy)| Some((scheme.clone(), proxy.as_str()?.to_owned())))
            .collect(),
    )
}

/// An address without the user and the password that may stand before its host.
#[must_use]
pub fn without_user(endpoint: &str) -> String {
    let Some((scheme, rest)) = endpoint.split_once("://") else {
        return endpoint.to_owned();
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_loses_its_user() {
        assert_eq!(
            without_user("https://a:CANARY@host:1/x@y"),
            "https://host:1/x@y"
        );
        assert_eq!(without_user("http://host"), "http://host");
        assert_eq!(without_user("host"), "host");
    }
}
