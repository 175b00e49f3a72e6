//! What settings being edited would lead to, worked out without sending anything.

use crate::domain::{LinkEnd, Timestamp};

/// What holds for one sample name. Each part may fail on its own, with a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsPreview {
    /// The part of the key that the location puts in front of the name, and the name.
    pub key: Result<(String, String), String>,
    /// The host that requests go to.
    pub host: Result<String, String>,
    /// The link.
    pub link: Result<PreviewLink, String>,
    /// Headers of an upload, customer keys as dots.
    pub headers: Result<Vec<(String, String)>, String>,
}

impl SettingsPreview {
    /// A preview that could not be made at all.
    #[must_use]
    pub fn failed(reason: &str) -> Self {
        let reason = || reason.to_owned();
        Self {
            key: Err(reason()),
            host: Err(reason()),
            link: Err(reason()),
            headers: Err(reason()),
        }
    }
}

/// A link as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewLink {
    /// `https://`, as written in front of the host.
    pub scheme: String,
    /// The host.
    pub host: String,
    /// The path, escaped.
    pub path: String,
    /// Parameters in order, escaped; signatures and tokens as dots, key ids with their middle hidden.
    pub parameters: Vec<(String, String)>,
    /// How it is signed.
    pub signing: LinkSigning,
    /// The last second at which it would work; `None` when it does not end.
    pub works_until: Option<Timestamp>,
    /// Why it ends then.
    pub end: LinkEnd,
    /// The keys are not at hand without asking a server or a program; the link has this form whatever they are.
    pub keys_unknown: bool,
}

/// How a link is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkSigning {
    /// Not at all.
    Plain,
    /// With version 2.
    Version2,
    /// With version 4.
    Version4,
    /// With the CloudFront key.
    CloudFront,
}
