//! What an S3 server is and what it can do, as far as its answers showed or a person said.
//!
//! [`EndpointReport`] is what one look found. [`ServerTraits`] is what a connection keeps: what was found, at which place,
//! and above it what a person set instead. The storage core goes by [`ServerTraits::at`]: what was found at another
//! address says nothing about this one.

use std::collections::BTreeMap;

use super::{Ability, Answer, Permission, Product};

/// Where something about a server was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerPlace {
    /// The address of the account, without a slash at its end.
    pub endpoint: String,
    /// The bucket that was looked at.
    pub bucket: String,
}

/// What is known of a server, as it is kept with a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerTraits {
    /// What it is, once it answered.
    pub product: Option<Product>,
    /// What its answers showed.
    pub found: BTreeMap<Ability, Answer>,
    /// What a person said instead.
    pub set: BTreeMap<Ability, Answer>,
    /// Where that was found.
    pub place: Option<ServerPlace>,
}

impl ServerTraits {
    /// True when nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What holds: what a person said, else what was found.
    #[must_use]
    pub fn holds(&self, ability: Ability) -> Option<Answer> {
        self.set
            .get(&ability)
            .or_else(|| self.found.get(&ability))
            .copied()
    }

    /// What of it counts at an address: what was found elsewhere does not, what a person said does.
    #[must_use]
    pub fn at(&self, endpoint: &str) -> Self {
        let elsewhere = (self.place.as_ref()).is_some_and(|place| place.endpoint != endpoint);
        if elsewhere {
            Self {
                set: self.set.clone(),
                ..Self::default()
            }
        } else {
            self.clone()
        }
    }

    /// True when this server was not looked at yet: never, or at another address, or in another bucket than the
    /// connection's own.
    #[must_use]
    pub fn needs_look(&self, endpoint: &str, own_bucket: Option<&str>) -> bool {
        self.place.as_ref().is_none_or(|place| {
            place.endpoint != endpoint || own_bucket.is_some_and(|own| own != place.bucket)
        })
    }

    /// Takes in what was found now; what a person said stays, what was found at another address goes. True when that
    /// changes anything.
    pub fn learn(&mut self, report: &EndpointReport) -> bool {
        let before = self.clone();
        if let Some(place) = &report.place {
            *self = self.at(&place.endpoint);
            self.place = Some(place.clone());
        }
        if report.product != Product::Unknown || self.product.is_none() {
            self.product = Some(report.product);
        }
        for (ability, finding) in &report.findings {
            if let Known::Is(answer) = finding {
                self.found.insert(*ability, *answer);
            }
        }
        *self != before
    }
}

/// What is known of one ability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Known {
    /// An answer showed it.
    Is(Answer),
    /// It needs writing, for which nobody asked yet.
    NeedsWriting,
    /// It needs requests that are signed with version 4.
    NeedsV4,
    /// It needs an object to ask about, and none is there.
    NoObject,
    /// The server did not accept the credentials.
    KeysRefused,
    /// What it needs was denied.
    Denied(Permission),
    /// What it needs failed.
    Failed(Permission),
    /// No answer tells.
    Untold,
}

impl Known {
    /// Why nothing is known, for programs.
    #[must_use]
    pub const fn reason(self) -> Option<&'static str> {
        Some(match self {
            Self::Is(_) => return None,
            Self::NeedsWriting => "needs_write_test",
            Self::NeedsV4 => "needs_v4",
            Self::NoObject => "no_object",
            Self::KeysRefused => "keys_refused",
            Self::Denied(_) => "denied",
            Self::Failed(_) => "failed",
            Self::Untold => "not_told",
        })
    }

    /// What it needs that was denied or failed.
    #[must_use]
    pub const fn needs(self) -> Option<Permission> {
        match self {
            Self::Denied(permission) | Self::Failed(permission) => Some(permission),
            _ => None,
        }
    }
}

/// What an examination found out about a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointReport {
    /// What it is.
    pub product: Product,
    /// The host belongs to that product's provider. Else the answers look like it, which decides nothing.
    pub by_host: bool,
    /// What it calls itself (`Server`).
    pub server: Option<String>,
    /// The host that was asked.
    pub host: String,
    /// The place that was looked at; `None` for what showed by the way.
    pub place: Option<ServerPlace>,
    /// One entry an ability that was looked at.
    pub findings: BTreeMap<Ability, Known>,
}

impl EndpointReport {
    /// What is known of one ability.
    #[must_use]
    pub fn known(&self, ability: Ability) -> Known {
        let unknown = if ability.needs_writing() {
            Known::NeedsWriting
        } else {
            Known::Untold
        };
        self.findings.get(&ability).copied().unwrap_or(unknown)
    }

    /// Takes in what a later look found.
    pub fn merge(&mut self, later: Self) {
        if later.product != Product::Unknown || self.host != later.host {
            self.product = later.product;
            self.by_host = later.by_host;
        }
        self.server = later.server.or_else(|| self.server.take());
        self.host = later.host;
        self.place = later.place.or_else(|| self.place.take());
        for (ability, finding) in later.findings {
            let known = matches!(self.findings.get(&ability), Some(Known::Is(_)));
            if matches!(finding, Known::Is(_)) || !known {
                self.findings.insert(ability, finding);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_says_stands_above_what_was_found() {
        let mut traits = ServerTraits::default();
        let mut report = EndpointReport {
            product: Product::Minio,
            ..EndpointReport::default()
        };
        let v2 = Ability::ListV2;
        report.findings.insert(v2, Known::Is(Answer::Yes));
        assert!(traits.learn(&report) && !traits.learn(&report));
        assert_eq!(traits.holds(v2), Some(Answer::Yes));
        traits.set.insert(v2, Answer::No);
        traits.learn(&report);
        assert_eq!(traits.holds(v2), Some(Answer::No));
        assert_eq!(traits.holds(Ability::Sts), None);
    }

    #[test]
    fn what_was_found_elsewhere_does_not_count_here() {
        let here = |endpoint: &str, bucket: &str| ServerPlace {
            endpoint: endpoint.to_owned(),
            bucket: bucket.to_owned(),
        };
        let (v2, tagging) = (Ability::ListV2, Ability::Tagging);
        let mut traits = ServerTraits::default();
        assert!(traits.needs_look("http://a", None));
        let mut report = EndpointReport {
            product: Product::Minio,
            place: Some(here("http://a", "one")),
            ..EndpointReport::default()
        };
        report.findings.insert(v2, Known::Is(Answer::No));
        assert!(traits.learn(&report));
        traits.set.insert(tagging, Answer::No);
        assert!(!traits.needs_look("http://a", None));
        assert!(!traits.needs_look("http://a", Some("one")));
        assert!(traits.needs_look("http://a", Some("two")));
        assert!(traits.needs_look("http://b", None));
        assert_eq!(traits.at("http://a"), traits);
        let elsewhere = traits.at("http://b");
        assert_eq!(elsewhere.holds(v2), None);
        assert_eq!(elsewhere.holds(tagging), Some(Answer::No));
        assert_eq!(elsewhere.product, None);
        report.place = Some(here("http://b", "one"));
        report.product = Product::Unknown;
        report.findings.clear();
        assert!(traits.learn(&report));
        assert_eq!(traits.product, Some(Product::Unknown));
        assert!(traits.found.is_empty());
        assert_eq!(traits.holds(tagging), Some(Answer::No));
    }

    #[test]
    fn a_later_look_forgets_nothing_that_is_known() {
        let mut report = EndpointReport::default();
        let tagging = Ability::Tagging;
        report.findings.insert(tagging, Known::Is(Answer::No));
        let mut later = EndpointReport::default();
        later.findings.insert(tagging, Known::Untold);
        report.merge(later);
        assert_eq!(report.known(tagging), Known::Is(Answer::No));
        assert_eq!(report.known(Ability::IfNoneMatch), Known::NeedsWriting);
    }
}
