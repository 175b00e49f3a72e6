//! The connection to the S3 server inside the program, which is made anew at each start.

use super::value::Value;
use super::{Connection, CredentialMode, OptionId, Values};
use crate::domain::{CredentialSpec, StorageConfig};

/// Its colour among those of connections.
const COLOUR: u8 = 6;

impl Connection {
    /// Leads to the server that is reached with this configuration, whatever the environment names.
    #[must_use]
    pub fn to_builtin(config: &StorageConfig) -> Self {
        let text = |text: &Option<String>| Value::text(text.as_deref().unwrap_or_default());
        let mut values = Values::default()
            .with(OptionId::Endpoint, text(&config.endpoint))
            .with(OptionId::Bucket, text(&config.bucket))
            .with(OptionId::Region, text(&config.region))
            .with(OptionId::SignatureVersion, Value::text("s3v4"))
            .with(OptionId::AddressingStyle, Value::text("path"))
            .with(OptionId::Proxies, Value::Map(serde_json::Map::default()));
        if let CredentialSpec::Keys {
            access_key,
            secret_key,
            ..
        } = &config.credentials
        {
            values.set(OptionId::S3AccessKey, Value::text(access_key));
            values.set(OptionId::S3SecretKey, Value::Secret(secret_key.clone()));
        }
        Self {
            colour: COLOUR,
            credentials: CredentialMode::Keys,
            values,
            ..Self::new("built-in")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Environment, resolve};
    use super::*;
    use crate::domain::{Addressing, Secret, SignatureVersion};

    #[test]
    fn the_connection_comes_to_the_configuration_whatever_surrounds_it() {
        let wanted = StorageConfig {
            bucket: Some("built-in".to_owned()),
            credentials: CredentialSpec::Keys {
                access_key: "key".to_owned(),
                secret_key: Secret::new("secret"),
                token: None,
            },
            region: Some("us-east-1".to_owned()),
            endpoint: Some("http://127.0.0.1:9".to_owned()),
            addressing: Addressing::Path,
            signature: SignatureVersion::V4,
            proxies: Some(Vec::new()),
            ..StorageConfig::default()
        };
        let environment = Environment::of([
            ("http_proxy", "http://proxy:3128"),
            ("AWS_PROFILE", "work"),
            ("AWS_ACCESS_KEY_ID", "another"),
        ]);
        let own = Connection::to_builtin(&wanted);
        let config = resolve(&own, &[], &Values::default(), &environment)
            .expect("settings")
            .config;
        let facts = |config: &StorageConfig| {
            let keys = match &config.credentials {
                CredentialSpec::Keys {
                    access_key,
                    secret_key,
                    ..
                } => (access_key.clone(), secret_key.reveal().to_owned()),
                other => panic!("{other:?}"),
            };
            let place = (config.endpoint.clone(), config.bucket.clone());
            let how = (config.addressing, config.signature);
            (
                keys,
                place,
                config.region.clone(),
                how,
                config.proxies.clone(),
            )
        };
        assert_eq!(facts(&config), facts(&wanted));
    }
}
