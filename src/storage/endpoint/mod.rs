//! Which host and path stand for a bucket: Amazon's own by region, or a custom endpoint.
//!
//! The rules are those of boto3 as django-storages uses it. Links may use another host than requests
//! ([`Purpose::Link`]): boto3 makes them for the global host, whatever the region. A bucket whose name cannot stand
//! in a host name silently goes into the path.

mod names;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use self::names::{
    AMAZON, accelerated_host, amazon_host, directory_zone, is_bucket_name, is_dns_bucket, is_host,
    is_host_label, signing_region, suffix,
};
use crate::domain::{Addressing, AmazonHosts, ErrorKind, Operation, StorageConfig, StorageError};

/// The domain below which Amazon's services of a region answer; `None` when the region cannot be part of a host name.
pub(super) fn service_suffix(region: &str) -> Option<&'static str> {
    is_host_label(region).then(|| suffix(region))
}

/// What a URL is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A request of this program.
    Request,
    /// A link to give away.
    Link,
}

/// Host, path and region for one bucket, or for the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// `http` or `https`.
    pub(super) scheme: String,
    /// Host, with a port where one was given.
    pub(super) authority: String,
    /// What comes before the key: empty, or `/path/bucket`, never with a slash at its end.
    pub(super) base_path: String,
    /// The region to sign for.
    pub(super) region: String,
    /// The bucket's name as version 2 signs it; none for the account and for access points.
    pub(super) bucket: Option<String>,
}

impl Target {
    /// Scheme, host and base path.
    pub(super) fn url(&self) -> String {
        format!("{}://{}{}", self.scheme, self.authority, self.base_path)
    }

    /// The `Host` header: a port that the scheme implies is left out.
    pub(super) fn host_header(&self) -> &str {
        let implied = if self.scheme == "https" {
            ":443"
        } else {
            ":80"
        };
        self.authority
            .strip_suffix(implied)
            .unwrap_or(&self.authority)
    }
}

/// The endpoint rules of one connection, and what it learned about the regions of buckets.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    custom: Option<Custom>,
    use_ssl: bool,
    addressing: Addressing,
    hosts: AmazonHosts,
    region: Option<String>,
    learned: Arc<Mutex<HashMap<String, String>>>,
}

#[derive(Clone, Debug)]
struct Custom {
    scheme: String,
    authority: String,
    path: String,
}

impl Endpoint {
    /// The rules for a connection whose region has been found.
    ///
    /// # Errors
    /// When endpoint or region cannot be part of a URL.
    pub(super) fn new(
        config: &StorageConfig,
        region: Option<String>,
    ) -> Result<Self, StorageError> {
        let custom = config.endpoint.as_deref().map(Custom::parse).transpose()?;
        if let Some(region) = &region
            && !is_host_label(region)
        {
            return Err(invalid(region, "the region cannot be part of a host name"));
        }
        Ok(Self {
            custom,
            use_ssl: config.use_ssl,
            addressing: config.addressing,
            hosts: config.hosts,
            region,
            learned: Arc::default(),
        })
    }

    /// The region requests are signed for unless a bucket turned out to live elsewhere.
    pub(super) fn region(&self) -> &str {
        signing_region(self.region.as_deref())
    }

    /// The region as it was set; `None` when there is none.
    pub(super) fn set_region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Remembers where a bucket lives. True when that is news.
    pub(super) fn learn(&self, bucket: &str, region: &str) -> bool {
        if !is_host_label(region) || self.region_of(bucket) == region {
            return false;
        }
        let mut learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        learned
            .insert(bucket.to_owned(), region.to_owned())
            .as_deref()
            != Some(region)
    }

    /// The region a bucket's requests are signed for.
    pub(super) fn region_of(&self, bucket: &str) -> String {
        self.learned_region(bucket)
            .unwrap_or_else(|| self.region().to_owned())
    }

    fn learned_region(&self, bucket: &str) -> Option<String> {
        let learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        learned.get(bucket).cloned()
    }

    /// Where a bucket, or the account, is found.
    ///
    /// # Errors
    /// When the bucket's name is none.
    pub(super) fn target(
        &self,
        bucket: Option<&str>,
        purpose: Purpose,
    ) -> Result<Target, StorageError> {
        let Some(bucket) = bucket else {
            return Ok(self.place(None, self.region.as_deref()));
        };
        if bucket.starts_with("arn:") {
            return self.access_point(bucket);
        }
        if !is_bucket_name(bucket) {
            return Err(invalid(bucket, "not a bucket name"));
        }
        let learned = self.learned_region(bucket);
        let region = learned.as_deref().or(self.region.as_deref());
        if purpose == Purpose::Link && self.uses_global_host(bucket, region) {
            return Ok(Target {
                region: signing_region(region).to_owned(),
                ..self.place(Some(bucket), None)
            });
        }
        Ok(self.place(Some(bucket), region))
    }

    /// Links of the commercial regions go to the host without a region, unless the addressing says otherwise.
    fn uses_global_host(&self, bucket: &str, region: Option<&str>) -> bool {
        self.custom.is_none()
            && matches!(self.addressing, Addressing::Default | Addressing::Auto)
            && region
                .is_none_or(|region| suffix(region) == AMAZON && !region.starts_with("us-gov-"))
            && is_host_label(bucket)
            && directory_zone(bucket).is_none()
            && !self.hosts.dual_stack
            && !(self.hosts.us_east_1_regional && signing_region(region) == "us-east-1")
    }

    /// The accelerated host takes only buckets that can stand in front of it.
    fn is_accelerated(&self, bucket: &str) -> bool {
        self.hosts.accelerate && self.addressing != Addressing::Path && is_dns_bucket(bucket)
    }

    fn place(&self, bucket: Option<&str>, region: Option<&str>) -> Target {
        if let Some(bucket) = bucket
            && let Some(zone) = directory_zone(bucket)
            && self.custom.is_none()
        {
            let region = signing_region(region);
            return Target {
                scheme: self.scheme().to_owned(),
                authority: format!("{bucket}.s3express-{zone}.{region}.{}", suffix(region)),
                base_path: String::new(),
                region: region.to_owned(),
                bucket: Some(bucket.to_owned()),
            };
        }
        let (scheme, host, path) = match &self.custom {
            Some(custom) => (
                custom.scheme.clone(),
                custom.authority.clone(),
                custom.path.as_str(),
            ),
            None if bucket.is_some_and(|bucket| self.is_accelerated(bucket)) => {
                let host = accelerated_host(self.hosts);
                (self.scheme().to_owned(), host, "")
            }
            None => (
                self.scheme().to_owned(),
                amazon_host(region, self.hosts),
                "",
            ),
        };
        let in_host = match self.addressing {
            Addressing::Path => false,
            Addressing::Virtual => !self.custom.as_ref().is_some_and(Custom::is_address),
            Addressing::Default | Addressing::Auto => {
                self.custom.as_ref().is_none_or(Custom::is_accelerated)
            }
        };
        let (authority, base_path) = match bucket {
            None => (host, path.to_owned()),
            Some(bucket) if in_host && is_dns_bucket(bucket) => {
                (format!("{bucket}.{host}"), path.to_owned())
            }
            Some(bucket) => (host, format!("{path}/{bucket}")),
        };
        Target {
            scheme,
            authority,
            base_path,
            region: signing_region(region).to_owned(),
            bucket: bucket.map(str::to_owned),
        }
    }

    /// The same rules with the bucket put elsewhere: into the path when it stands in the host, and the other way
    /// round. `None` when that makes no difference for this bucket.
    pub(super) fn with_other_style(&self, bucket: &str) -> Option<Self> {
        let now = self.target(Some(bucket), Purpose::Request).ok()?;
        [Addressing::Path, Addressing::Virtual]
            .into_iter()
            .find_map(|addressing| {
                let other = Self {
                    addressing,
                    ..self.clone()
                };
                let then = other.target(Some(bucket), Purpose::Request).ok()?;
                (then.authority != now.authority).then_some(other)
            })
    }

    /// True for Amazon's own hosts, also when they are spelled out as an endpoint.
    pub(super) fn is_amazon(&self) -> bool {
        self.custom.as_ref().is_none_or(|custom| {
            let host = custom.authority.split(':').next().unwrap_or_default();
            host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn")
        })
    }

    /// Bucket and encoded key that host and path of a request stand for; `None` when it did not go to S3.
    pub(super) fn names_in<'a>(
        &self,
        authority: &'a str,
        path: &'a str,
    ) -> Option<(&'a str, &'a str)> {
        let in_path = |path: &'a str| {
            let rest = path.strip_prefix('/').unwrap_or(path);
            rest.split_once('/').unwrap_or((rest, ""))
        };
        let in_host =
            |bucket: &'a str, path: &'a str| (bucket, path.strip_prefix('/').unwrap_or(path));
        if let Some(custom) = &self.custom {
            let rest = path.strip_prefix(custom.path.as_str())?;
            let front = authority.strip_suffix(custom.authority.as_str())?;
            return match front.strip_suffix('.') {
                _ if front.is_empty() => Some(in_path(rest)),
                Some(bucket) => Some(in_host(bucket, rest)),
                None => None,
            };
        }
        if authority.starts_with("s3.") {
            return Some(in_path(path));
        }
        let marks = [".s3.", ".s3-", ".s3express-"];
        let at = marks
            .iter()
            .filter_map(|mark| authority.rfind(mark))
            .max()?;
        Some(in_host(&authority[..at], path))
    }

    fn scheme(&self) -> &'static str {
        if self.use_ssl { "https" } else { "http" }
    }

    /// `arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME` (or with a colon before the name).
    fn access_point(&self, arn: &str) -> Result<Target, StorageError> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let [_, _, "s3", region, account, resource] = parts[..] else {
            return Err(invalid(arn, "not an access point of S3"));
        };
        let name = resource
            .strip_prefix("accesspoint/")
            .or_else(|| resource.strip_prefix("accesspoint:"))
            .unwrap_or_default();
        if ![name, region, account].into_iter().all(is_host_label) {
            return Err(invalid(arn, "not an access point of S3"));
        }
        let (scheme, authority, path) = match &self.custom {
            Some(custom) => (
                custom.scheme.clone(),
                format!("{name}-{account}.{}", custom.authority),
                custom.path.clone(),
            ),
            None => (
                self.scheme().to_owned(),
                format!(
                    "{name}-{account}.s3-accesspoint.{region}.{}",
                    suffix(region)
                ),
                String::new(),
            ),
        };
        Ok(Target {
            scheme,
            authority,
            base_path: path,
            region: region.to_owned(),
            bucket: None,
        })
    }
}

impl Custom {
    fn parse(url: &str) -> Result<Self, StorageError> {
        let bad = |why| invalid(url, why);
        let (scheme, rest) = url
            .split_once("://")
            .ok_or_else(|| bad("the endpoint needs http:// or https:// in front"))?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err(bad("the endpoint must be http or https"));
        }
        if rest.contains(['?', '#']) {
            return Err(bad("the endpoint must not have a query"));
        }
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let valid = authority
            .parse::<http::uri::Authority>()
            .is_ok_and(|parsed| is_host(parsed.host()) && !authority.contains('@'));
        if !valid {
            return Err(bad("the endpoint's host is none"));
        }
        Ok(Self {
            scheme,
            authority: authority.to_owned(),
            path: path.trim_end_matches('/').to_owned(),
        })
    }

    /// Amazon's accelerated host knows no buckets in paths.
    fn is_accelerated(&self) -> bool {
        self.authority == "s3-accelerate.amazonaws.com"
    }

    /// True when the host is a numeric address, which cannot carry a bucket in front.
    fn is_address(&self) -> bool {
        let host = self
            .authority
            .rsplit_once(':')
            .map_or(self.authority.as_str(), |(host, _)| host);
        host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok()
    }
}

fn invalid(subject: &str, why: &str) -> StorageError {
    StorageError::new(Operation::Connect, ErrorKind::Invalid, subject).with_message(why)
}

#[cfg(test)]
mod tests;
