//! Signatures of requests and links, versions 4 (`v4`) and 2 (`v2`), byte for byte as boto3 makes them.
//!
//! A [`Signing`] says what is signed; the versions make of it either headers or the query of a link. The key that v4
//! derives for a day and region is kept ([`DayKeys`]), which leaves two short hashes for a link.

pub(super) mod v2;
pub(super) mod v4;

use aws_credential_types::Credentials;

use super::encode::{self, PATH, QUERY};
use super::endpoint::Target;
use crate::domain::Timestamp;

pub(super) use self::v4::DayKeys;

/// Names in a query that are no parameters but name a part of the bucket or object.
const SUB_RESOURCES: [&str; 10] = [
    "acl",
    "cors",
    "delete",
    "lifecycle",
    "location",
    "policy",
    "tagging",
    "uploads",
    "versioning",
    "versions",
];

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signing<'a> {
    /// Who signs.
    pub(super) keys: &'a Credentials,
    /// Host, base path and region.
    pub(super) target: &'a Target,
    /// The HTTP method in capitals.
    pub(super) method: &'a str,
    /// The key; empty for the bucket itself.
    pub(super) key: &'a str,
    /// Names and values of the query, not encoded.
    pub(super) query: &'a [(&'a str, &'a str)],
    /// Headers, names in lower case, values trimmed; without `host`.
    pub(super) headers: &'a [(&'a str, &'a str)],
    /// When.
    pub(super) time: Timestamp,
}

impl Signing<'_> {
    /// The encoded path of the URL.
    pub(super) fn path(&self) -> String {
        let base = &self.target.base_path;
        let mut path = String::with_capacity(base.len() + self.key.len() + 16);
        path.push_str(base);
        path.push('/');
        encode::percent_into(self.key, &PATH, &mut path);
        path
    }

    /// The URL without its query.
    fn url(&self, path: &str) -> String {
        let Target {
            scheme, authority, ..
        } = self.target;
        format!("{scheme}://{authority}{path}")
    }
}

/// Appends `name=value`, both encoded, with `?` or `&` in front as needed.
fn push_pair(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    encode::percent_into(name, &QUERY, query);
    query.push('=');
    encode::percent_into(value, &QUERY, query);
}

fn encoded_query(pairs: &[(&str, &str)]) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        push_pair(&mut query, name, value);
    }
    query
}

/// The URL and the query of a request, encoded as the signature expects them.
pub(super) fn request_url(target: &Target, key: &str, query: &[(&str, &str)]) -> String {
    let mut url = target.url();
    url.push('/');
    encode::percent_into(key, &PATH, &mut url);
    let mut mark = '?';
    for (name, value) in query {
        url.push(mark);
        mark = '&';
        encode::percent_into(name, &QUERY, &mut url);
        // A sub-resource has no value, not an empty one.
        if !(value.is_empty() && SUB_RESOURCES.contains(name)) {
            url.push('=');
            encode::percent_into(value, &QUERY, &mut url);
        }
    }
    url
}
