//! How one ability of a server stands: what was found now, what is known from before, what a person says instead.
//!
//! The table in the window, its foot line, the report and the command line all go by a [`ServerView`], so that they cannot
//! tell different things, nor count them otherwise. Where the bucket stands in the address is said by the option
//! `AWS_S3_ADDRESSING_STYLE` and nowhere else; it chooses among what the server can do and says nothing of that.

use super::{Ability, Answer, Diagnosis, EndpointReport, Known, Product, ServerTraits};

/// Everything that is known of one ability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which one.
    pub ability: Ability,
    /// What this examination found.
    pub known: Known,
    /// What an earlier one found.
    pub earlier: Option<Answer>,
    /// What a person says instead; for the addressing, what the option chooses.
    pub set: Option<Answer>,
}

impl Standing {
    /// What was found, now or before.
    #[must_use]
    pub const fn found(&self) -> Option<Answer> {
        match self.known {
            Known::Is(answer) => Some(answer),
            _ => self.earlier,
        }
    }

    /// True when only an earlier examination found it.
    #[must_use]
    pub const fn is_from_before(&self) -> bool {
        !matches!(self.known, Known::Is(_)) && self.earlier.is_some()
    }

    /// What holds: what a person says, else what was found.
    #[must_use]
    pub fn holds(&self) -> Option<Answer> {
        self.said().or_else(|| self.found())
    }

    /// What a person says of the server.
    #[must_use]
    pub fn said(&self) -> Option<Answer> {
        self.set.filter(|_| self.ability != Ability::Addressing)
    }

    /// True when what holds is known and is not what Amazon does.
    #[must_use]
    pub fn deviates(&self) -> bool {
        self.holds()
            .is_some_and(|answer| answer != self.ability.of_amazon())
    }
}

/// All that is known of the server of a diagnosis, now and from before.
#[derive(Clone, Debug)]
pub struct ServerView<'a> {
    /// What this examination found, once the server answered.
    pub report: Option<&'a EndpointReport>,
    /// What is kept with the connection and counts at this address.
    kept: ServerTraits,
    style: Option<Answer>,
}

impl<'a> ServerView<'a> {
    /// What a diagnosis and what is kept with the connection come to. What was found at another address does not count.
    #[must_use]
    pub fn of(diagnosis: &'a Diagnosis, traits: &ServerTraits) -> Self {
        let setup = diagnosis.setup.as_ref();
        let endpoint = setup.and_then(|setup| setup.account.as_deref());
        Self {
            report: diagnosis.endpoint.as_ref(),
            kept: endpoint.map_or_else(|| traits.clone(), |endpoint| traits.at(endpoint)),
            style: setup.and_then(|setup| setup.style),
        }
    }

    /// True when there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.report.is_none() && self.kept.is_empty()
    }

    /// How an ability stands.
    #[must_use]
    pub fn standing(&self, ability: Ability) -> Standing {
        let nothing = EndpointReport::default();
        let is_style = ability == Ability::Addressing;
        Standing {
            ability,
            known: self.report.unwrap_or(&nothing).known(ability),
            earlier: self.kept.found.get(&ability).copied(),
            set: match is_style {
                true => self.style,
                false => self.kept.set.get(&ability).copied(),
            },
        }
    }

    /// How all of them stand, in the order of the table.
    #[must_use]
    pub fn standings(&self) -> [Standing; Ability::ALL.len()] {
        Ability::ALL.map(|ability| self.standing(ability))
    }

    /// In how many abilities what holds is known and is not what Amazon does.
    #[must_use]
    pub fn differences(&self) -> usize {
        let standings = self.standings();
        standings.iter().filter(|one| one.deviates()).count()
    }

    /// Of how many a person says what holds.
    #[must_use]
    pub fn said(&self) -> usize {
        let standings = self.standings();
        standings.iter().filter(|one| one.said().is_some()).count()
    }

    /// What it is, by the answers of now or else of before.
    #[must_use]
    pub fn product(&self) -> Product {
        let now = self.report.map(|report| report.product);
        let now = now.filter(|product| *product != Product::Unknown);
        now.or(self.kept.product).unwrap_or_default()
    }

    /// True when its host belongs to that product's provider; else it only looks like it.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        self.report.is_some_and(|report| report.by_host)
    }

    /// True when the server was looked at as far as a listing goes; before that it cannot be said to be like any other.
    #[must_use]
    pub fn was_looked_at(&self) -> bool {
        [Ability::ListV2, Ability::UrlListings]
            .into_iter()
            .any(|ability| self.standing(ability).found().is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::diagnosis::{ServerPlace, Setup};

    fn looked(findings: &[(Ability, Known)]) -> Diagnosis {
        Diagnosis {
            endpoint: Some(EndpointReport {
                findings: findings.iter().copied().collect(),
                ..EndpointReport::default()
            }),
            ..Diagnosis::default()
        }
    }

    #[test]
    fn what_is_newer_stands_above_and_a_person_above_all() {
        let versions = Ability::Versions;
        let mut traits = ServerTraits::default();
        let nothing = looked(&[]);
        let of = |diagnosis: &Diagnosis, traits: &ServerTraits| {
            ServerView::of(diagnosis, traits).standing(versions)
        };
        assert_eq!(of(&nothing, &traits).holds(), None);
        assert!(!of(&nothing, &traits).deviates());
        traits.found.insert(versions, Answer::No);
        let known = of(&nothing, &traits);
        assert!(known.is_from_before() && known.deviates());
        let found = looked(&[(versions, Known::Is(Answer::Yes))]);
        let known = of(&found, &traits);
        assert_eq!(known.found(), Some(Answer::Yes));
        assert!(!known.is_from_before() && !known.deviates());
        traits.set.insert(versions, Answer::No);
        assert_eq!(of(&found, &traits).holds(), Some(Answer::No));
    }

    #[test]
    fn differences_are_what_holds_now_whoever_says_it() {
        let found = looked(&[
            (Ability::Acl, Known::Is(Answer::No)),
            (Ability::Tagging, Known::Is(Answer::No)),
            (Ability::ListV2, Known::Is(Answer::Yes)),
        ]);
        let mut traits = ServerTraits::default();
        let count = |diagnosis: &Diagnosis, traits: &ServerTraits| {
            let view = ServerView::of(diagnosis, traits);
            (view.differences(), view.said())
        };
        assert_eq!(count(&found, &traits), (2, 0));
        // One more, and one less.
        traits.set.insert(Ability::Versions, Answer::No);
        traits.set.insert(Ability::Acl, Answer::Yes);
        assert_eq!(count(&found, &traits), (2, 2));
        traits.set.insert(Ability::Sts, Answer::No);
        assert_eq!(count(&found, &traits), (3, 3));
        // After a restart, what only a write test shows is known from before.
        traits.found.insert(Ability::IfNoneMatch, Answer::Ignored);
        assert_eq!(count(&found, &traits), (4, 3));
        assert_eq!(count(&Diagnosis::default(), &traits), (3, 3));
    }

    #[test]
    fn what_was_found_at_another_address_does_not_count() {
        let mut traits = ServerTraits {
            product: Some(Product::Minio),
            place: Some(ServerPlace {
                endpoint: "http://a".to_owned(),
                bucket: "b".to_owned(),
            }),
            ..ServerTraits::default()
        };
        traits.found.insert(Ability::Acl, Answer::No);
        traits.set.insert(Ability::Tagging, Answer::No);
        let at = |account: &str| Diagnosis {
            setup: Some(Box::new(Setup {
                account: Some(account.to_owned()),
                ..Setup::default()
            })),
            ..Diagnosis::default()
        };
        let (here, there) = (at("http://a"), at("http://b"));
        let (here, there) = (
            ServerView::of(&here, &traits),
            ServerView::of(&there, &traits),
        );
        assert_eq!((here.differences(), there.differences()), (2, 1));
        assert_eq!(
            (here.product(), there.product()),
            (Product::Minio, Product::Unknown)
        );
    }

    #[test]
    fn where_the_bucket_stands_is_said_by_the_option_alone() {
        let mut traits = ServerTraits::default();
        traits.set.insert(Ability::Addressing, Answer::HostOnly);
        let mut found = looked(&[(Ability::Addressing, Known::Is(Answer::HostAndPath))]);
        let set = |found: &Diagnosis| {
            let view = ServerView::of(found, &traits);
            assert_eq!((view.differences(), view.said()), (0, 0), "it is a choice");
            view.standing(Ability::Addressing).set
        };
        assert_eq!(set(&found), None);
        found.setup = Some(Box::new(Setup {
            style: Some(Answer::PathOnly),
            ..Setup::default()
        }));
        assert_eq!(set(&found), Some(Answer::PathOnly));
    }
}
