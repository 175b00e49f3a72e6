//! How one ability of a server stands: what was found now, what is known from before, what a person says instead.
//!
//! The table in the window, the report and the command line all go by it, so that they cannot tell different things.

use super::{Ability, Answer, EndpointReport, Known, ServerTraits};

/// Everything that is known of one ability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which one.
    pub ability: Ability,
    /// What this examination found.
    pub known: Known,
    /// What an earlier one found.
    pub earlier: Option<Answer>,
    /// What a person says instead.
    pub set: Option<Answer>,
}

impl Standing {
    /// How an ability stands.
    #[must_use]
    pub fn of(ability: Ability, report: &EndpointReport, traits: &ServerTraits) -> Self {
        Self {
            ability,
            known: report.known(ability),
            earlier: traits.found.get(&ability).copied(),
            set: traits.set.get(&ability).copied(),
        }
    }

    /// What was found, now or before.
    #[must_use]
    pub const fn found(&self) -> Option<Answer> {
        match self.known {
            Known::Is(answer) => Some(answer),
            Known::NeedsWriting | Known::Untold => self.earlier,
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
        self.set.or_else(|| self.found())
    }

    /// True when what holds is known and is not what Amazon does.
    #[must_use]
    pub fn deviates(&self) -> bool {
        self.holds()
            .is_some_and(|answer| answer != self.ability.of_amazon())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_newer_stands_above_and_a_person_above_all() {
        let (mut report, mut traits) = (EndpointReport::default(), ServerTraits::default());
        let of = |report: &EndpointReport, traits: &ServerTraits| {
            Standing::of(Ability::Versions, report, traits)
        };
        assert_eq!(of(&report, &traits).holds(), None);
        assert!(!of(&report, &traits).deviates());
        traits.found.insert(Ability::Versions, Answer::No);
        let known = of(&report, &traits);
        assert!(known.is_from_before() && known.deviates());
        report
            .findings
            .insert(Ability::Versions, Known::Is(Answer::Yes));
        let known = of(&report, &traits);
        assert_eq!(known.found(), Some(Answer::Yes));
        assert!(!known.is_from_before() && !known.deviates());
        traits.set.insert(Ability::Versions, Answer::No);
        assert_eq!(of(&report, &traits).holds(), Some(Answer::No));
    }
}
