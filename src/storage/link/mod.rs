//! Links to share: signed with version 4 or 2, for a custom domain, through CloudFront, or plain.
//!
//! What comes out is what django-storages 1.13 with boto3 makes of the same settings. The time is the caller's, put
//! right when servers have shown that this computer's clock is wrong.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};

use super::endpoint::Purpose;
use super::sign::{Signing, v2, v4};
use super::{Storage, cloudfront, credentials, encode, error};
use crate::domain::{
    ErrorKind, Key, LinkEnd, Operation, SignatureVersion, SignedLink, StorageError, Timestamp,
};

/// What link is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRequest {
    /// The object.
    pub key: Key,
    /// The HTTP method the link is for; it only changes the signature.
    pub method: String,
    /// Lifetime in seconds; `None` means the connection's.
    pub expires_secs: Option<i64>,
    /// Parameters of `GetObject` by their API names (`ResponseContentDisposition`, `VersionId` ...), in order. For a
    /// custom domain: any names, put into the query as they are.
    pub parameters: Vec<(String, String)>,
}

impl LinkRequest {
    /// A link for reading an object, with the connection's lifetime.
    #[must_use]
    pub fn new(key: Key) -> Self {
        Self {
            key,
            method: "GET".to_owned(),
            expires_secs: None,
            parameters: Vec::new(),
        }
    }
}

/// The regions for which boto3 still makes links with version 2 unless told otherwise.
const VERSION_2_REGIONS: [&str; 9] = [
    "ap-northeast-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "aws-global",
    "eu-west-1",
    "sa-east-1",
    "us-east-1",
    "us-west-1",
    "us-west-2",
];

impl Storage {
    /// Makes a link. Sends nothing, except to fetch credentials that are not there yet.
    ///
    /// # Errors
    /// When the key is empty, a parameter is unknown, or there is nothing to sign with.
    pub async fn sign_link(
        &self,
        request: &LinkRequest,
        now: Timestamp,
    ) -> Result<SignedLink, StorageError> {
        let rules = &self.config().links;
        let now = self.core.clock.corrected(now);
        let lifetime = request.expires_secs.unwrap_or(rules.expires_secs);
        match &rules.custom_domain {
            Some(domain) if !domain.is_empty() => self.domain_link(domain, request, now, lifetime),
            _ => self.bucket_link(request, now, lifetime).await,
        }
    }

    /// Which version signs links: the one set, or boto3's choice by region.
    #[must_use]
    pub fn link_signature(&self) -> SignatureVersion {
        match self.config().signature {
            SignatureVersion::Default => match self.core.endpoint.set_region() {
                None => SignatureVersion::V2,
                Some(region)
                    if VERSION_2_REGIONS.contains(&region) || region.starts_with("us-gov-") =>
                {
                    SignatureVersion::V2
                }
                Some(_) => SignatureVersion::V4,
            },
            set => set,
        }
    }

    fn domain_link(
        &self,
        domain: &str,
        request: &LinkRequest,
        now: Timestamp,
        lifetime: i64,
    ) -> Result<SignedLink, StorageError> {
        let rules = &self.config().links;
        let key = request.key.as_str().replace('\\', "/");
        let mut url = format!("{}//{domain}/", rules.url_protocol);
        encode::percent_into(&key, &encode::DOMAIN_PATH, &mut url);
        for (at, (name, value)) in request.parameters.iter().enumerate() {
            url.push(if at == 0 { '?' } else { '&' });
            encode::form_into(name, &mut url);
            url.push('=');
            encode::form_into(value, &mut url);
        }
        let Some(pair) = rules.cloudfront.as_ref().filter(|_| rules.signed) else {
            return Ok(plain(url));
        };
        let end = now.plus_secs(lifetime);
        let signer = match self.core.cloudfront.get() {
            Some(signer) => signer,
            None => {
                let signer = cloudfront::private_key(pair)?;
                self.core.cloudfront.get_or_init(|| signer)
            }
        };
        Ok(SignedLink {
            url: cloudfront::signed_url(&url, end.0, &pair.id, signer)?,
            works_until: Some(end),
            end: LinkEnd::Lifetime,
        })
    }

    async fn bucket_link(
        &self,
        request: &LinkRequest,
        now: Timestamp,
        lifetime: i64,
    ) -> Result<SignedLink, StorageError> {
        if request.key.as_str().is_empty() {
            return Err(invalid("", "an object without a name has no link"));
        }
        let parameters = Parameters::read(&request.parameters)?;
        let bucket = self.bucket()?;
        let target = self.core.endpoint.target(Some(bucket), Purpose::Link)?;
        let keyring = &self.core.keyring;
        if !self.config().links.signed || keyring.is_anonymous() {
            return Ok(plain(parameters.plain_url(&target.url(), &request.key)));
        }
        let keys = keyring
            .credentials()
            .await
            .map_err(|error| error::from_credentials(self.credentials_name(), error))?;
        let method = request.method.to_uppercase();
        let (query, headers) = (pairs(&parameters.query), pairs(&parameters.headers));
        let signing = Signing {
            keys: &keys,
            target: &target,
            method: &method,
            key: request.key.as_str(),
            query: &query,
            headers: &headers,
            time: now,
        };
        let end = now.plus_secs(lifetime);
        let url = match self.link_signature() {
            SignatureVersion::V2 => v2::presigned_url(&signing, end.0),
            SignatureVersion::V4 | SignatureVersion::Default => {
                v4::presigned_url(&signing, &self.core.days, lifetime)
            }
        };
        let session = keys.expiry().map(credentials::timestamp);
        Ok(match session.filter(|session| *session < end) {
            Some(session) => SignedLink {
                url,
                works_until: Some(session),
                end: LinkEnd::Session,
            },
            None => SignedLink {
                url,
                works_until: Some(end),
                end: LinkEnd::Lifetime,
            },
        })
    }
}

const fn plain(url: String) -> SignedLink {
    SignedLink {
        url,
        works_until: None,
        end: LinkEnd::Never,
    }
}

fn pairs<'a>(owned: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    owned
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

/// The parameters of a link, sorted into where `GetObject` puts them.
#[derive(Debug, Default)]
struct Parameters {
    query: Vec<(&'static str, String)>,
    headers: Vec<(&'static str, String)>,
}

impl Parameters {
    fn read(given: &[(String, String)]) -> Result<Self, StorageError> {
        let mut read = Self::default();
        for (name, value) in given {
            read.take(name, value)?;
        }
        Ok(read)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), StorageError> {
        let in_query = match name {
            // Bucket and key are those of the link.
            "Bucket" | "Key" => return Ok(()),
            "ResponseCacheControl" => "response-cache-control",
            "ResponseContentDisposition" => "response-content-disposition",
            "ResponseContentEncoding" => "response-content-encoding",
            "ResponseContentLanguage" => "response-content-language",
            "ResponseContentType" => "response-content-type",
            "ResponseExpires" => "response-expires",
            "VersionId" => "versionId",
            "PartNumber" if value.parse::<i64>().is_err() => {
                return Err(invalid(name, "a part number is a whole number"));
            }
            "PartNumber" => "partNumber",
            _ => return self.take_header(name, value),
        };
        self.query.push((in_query, value.to_owned()));
        Ok(())
    }

    /// Headers that whoever uses the link must send along.
    fn take_header(&mut self, name: &str, value: &str) -> Result<(), StorageError> {
        const ENCRYPTION_KEY: &str = "x-amz-server-side-encryption-customer-key";
        const ENCRYPTION_KEY_MD5: &str = "x-amz-server-side-encryption-customer-key-md5";
        let header = match name {
            "ChecksumMode" => "x-amz-checksum-mode",
            "ExpectedBucketOwner" => "x-amz-expected-bucket-owner",
            "IfMatch" => "if-match",
            "IfModifiedSince" => "if-modified-since",
            "IfNoneMatch" => "if-none-match",
            "IfUnmodifiedSince" => "if-unmodified-since",
            "Range" => "range",
            "RequestPayer" => "x-amz-request-payer",
            "SSECustomerAlgorithm" => "x-amz-server-side-encryption-customer-algorithm",
            "SSECustomerKeyMD5" => ENCRYPTION_KEY_MD5,
            "SSECustomerKey" => {
                let digest = STANDARD.encode(Md5::digest(value.as_bytes()));
                self.headers.push((ENCRYPTION_KEY, STANDARD.encode(value)));
                self.headers.push((ENCRYPTION_KEY_MD5, digest));
                return Ok(());
            }
            _ => return Err(invalid(name, "no parameter of GetObject")),
        };
        self.headers.push((header, value.trim().to_owned()));
        Ok(())
    }

    /// An unsigned link. Its parameters stand there decoded, as django-storages 1.13 leaves them.
    fn plain_url(&self, base: &str, key: &Key) -> String {
        let mut url = format!("{base}/");
        encode::percent_into(key.as_str(), &encode::PATH, &mut url);
        for (at, (name, value)) in self.query.iter().enumerate() {
            url.push(if at == 0 { '?' } else { '&' });
            url.push_str(name);
            url.push('=');
            url.push_str(value);
        }
        url
    }
}

fn invalid(subject: &str, why: &str) -> StorageError {
    StorageError::new(Operation::Link, ErrorKind::Invalid, subject).with_message(why)
}

#[cfg(test)]
mod tests;
