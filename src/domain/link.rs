//! A link to share, and how long it really works.

use super::Timestamp;

/// What ends a signed link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkEnd {
    /// The lifetime that was asked for.
    Lifetime,
    /// The credentials that signed it end sooner than the lifetime.
    Session,
    /// Nothing: the link is not signed and works while the object is public.
    Never,
}

/// A link, ready to be pasted.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedLink {
    /// The whole URL. It carries a signature: never log it.
    pub url: String,
    /// The last second at which it works; `None` when it does not end.
    pub works_until: Option<Timestamp>,
    /// Why it ends then.
    pub end: LinkEnd,
}

impl std::fmt::Debug for SignedLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let host_and_path = self.url.split('?').next().unwrap_or_default();
        f.debug_struct("SignedLink")
            .field("url", &host_and_path)
            .field("works_until", &self.works_until)
            .field("end", &self.end)
            .finish()
    }
}
