//! What may stand in a host name, and Amazon's hosts by region.

use crate::domain::AmazonHosts;

/// The region that signs when none is named.
const DEFAULT_REGION: &str = "us-east-1";

/// The suffix of the commercial regions.
pub(super) const AMAZON: &str = "amazonaws.com";

/// The domain of a region's partition.
pub(super) fn suffix(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "amazonaws.com.cn",
        _ if region.starts_with("eusc-") => "amazonaws.eu",
        _ if region.starts_with("us-iso-") => "c2s.ic.gov",
        _ if region.starts_with("us-isob-") => "sc2s.sgov.gov",
        _ if region.starts_with("eu-isoe-") => "cloud.adc-e.uk",
        _ if region.starts_with("us-isof-") => "csp.hci.ic.gov",
        _ => AMAZON,
    }
}

/// Amazon's accelerated host.
pub(super) fn accelerated_host(hosts: AmazonHosts) -> String {
    let dual = if hosts.dual_stack { "dualstack." } else { "" };
    format!("s3-accelerate.{dual}{AMAZON}")
}

/// Amazon's host for buckets in the path.
pub(super) fn amazon_host(region: Option<&str>, hosts: AmazonHosts) -> String {
    if hosts.dual_stack {
        let region = signing_region(region);
        return format!("s3.dualstack.{region}.{}", suffix(region));
    }
    match region {
        None | Some(DEFAULT_REGION | "aws-global") if hosts.us_east_1_regional => {
            format!("s3.{DEFAULT_REGION}.{AMAZON}")
        }
        None | Some(DEFAULT_REGION | "aws-global") => format!("s3.{AMAZON}"),
        Some(region) => format!("s3.{region}.{}", suffix(region)),
    }
}

/// The region named in signatures.
pub(super) fn signing_region(region: Option<&str>) -> &str {
    match region {
        None | Some("aws-global") => DEFAULT_REGION,
        Some(region) => region,
    }
}

/// What botocore lets pass as a bucket name.
pub(super) fn is_bucket_name(name: &str) -> bool {
    (1..=255).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}

/// Letters of both cases, digits and inner dashes, at most 63.
pub(super) fn is_host_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A bucket name that can stand in front of a host under TLS.
pub(super) fn is_dns_bucket(name: &str) -> bool {
    name.len() >= 3 && is_host_label(name) && !name.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// The zone in the name of a directory bucket: `name--usw2-az1--x-s3`.
pub(super) fn directory_zone(bucket: &str) -> Option<&str> {
    let (_, zone) = bucket.strip_suffix("--x-s3")?.rsplit_once("--")?;
    is_host_label(zone).then_some(zone)
}

/// Host names of labels, and addresses in brackets.
pub(super) fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        return inner.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    host.len() <= 255 && host.split('.').all(is_host_label)
}
