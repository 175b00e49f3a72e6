//! What a connection came to: its endpoint, region, signature, proxies and keys, for whoever wants to see them.

use super::http::route;
use super::{Storage, error};
use crate::domain::{Secret, SignatureVersion, StorageError};

/// The keys that requests are signed with, in clear. For comparison with what was meant; nothing shows or logs them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKeys {
    /// Access key id.
    pub access_key: String,
    /// Secret access key.
    pub secret_key: Secret,
    /// Session token of temporary keys.
    pub token: Option<Secret>,
    /// Where they were found, as in [`Identity`](super::Identity).
    pub source: String,
}

impl Storage {
    /// The address that requests about the account go to, without a slash at its end.
    ///
    /// # Errors
    /// None that connecting would not have told.
    pub fn endpoint_url(&self) -> Result<String, StorageError> {
        let target = self
            .core
            .endpoint
            .target(None, super::endpoint::Purpose::Request)?;
        Ok(target.url())
    }

    /// The region that requests are signed for.
    #[must_use]
    pub fn region(&self) -> &str {
        self.core.endpoint.region()
    }

    /// The version that signs requests: 4 unless 2 is set.
    #[must_use]
    pub fn request_signature(&self) -> SignatureVersion {
        match self.config().signature {
            SignatureVersion::Default => SignatureVersion::V4,
            set => set,
        }
    }

    /// The proxy for URLs of a scheme, spelled out as botocore does; `None` where none is listed.
    #[must_use]
    pub fn proxy_for(&self, scheme: &str) -> Option<String> {
        route::chosen(self.config().proxies.as_deref()?, scheme)
    }

    /// The keys that requests are signed with; `None` when they are not signed.
    ///
    /// # Errors
    /// When there are none.
    pub async fn signing_keys(&self) -> Result<Option<SigningKeys>, StorageError> {
        if self.core.keyring.is_anonymous() {
            return Ok(None);
        }
        let (keys, source) = self
            .core
            .keyring
            .with_source()
            .await
            .map_err(|failure| error::from_credentials(self.credentials_name(), failure))?;
        Ok(Some(SigningKeys {
            access_key: keys.access_key_id().to_owned(),
            secret_key: Secret::new(keys.secret_access_key()),
            token: keys.session_token().map(Secret::new),
            source: source.to_owned(),
        }))
    }
}
