//! A rung before it is known which one wins.

use super::shared::Shared;
use crate::doctor::Patient;
use crate::domain::diagnosis::{
    Break, Finding, Origin, Remedy, RoleWord, Rung, RungPlace, RungState, Step, StepKind,
};

/// What was found at one place of the search.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// The rung, its state still open.
    pub(super) rung: Rung,
    /// Something is there.
    pub(super) present: bool,
    /// The connection's mode looks here.
    pub(super) searched: bool,
    /// Why it cannot be used.
    pub(super) cause: Option<Break>,
    /// Only the network could tell whether something is there.
    pub(super) asks_network: bool,
    /// Where the token of its keys stands, where both stand somewhere.
    pub(super) token: Option<Origin>,
}

impl Draft {
    /// A place with nothing in it.
    pub(super) const fn empty(place: RungPlace, searched: bool) -> Self {
        Self {
            rung: Rung::empty(place),
            present: false,
            searched,
            cause: None,
            asks_network: false,
            token: None,
        }
    }

    /// A place with this in it.
    pub(super) const fn found(rung: Rung, searched: bool, cause: Option<Break>) -> Self {
        Self {
            rung,
            present: true,
            searched,
            cause,
            asks_network: false,
            token: None,
        }
    }

    /// Adds to a refusal what only the files know: the token that went along, the line that is not taken, or what is odd
    /// about the keys, which is the cause then.
    pub(super) fn explain(
        &mut self,
        cause: &mut Break,
        remedy: &mut Option<Remedy>,
        patient: &Patient,
    ) {
        match cause {
            Break::SourceRefused {
                token,
                secret_wrong,
                ..
            } => {
                let refusal = if *secret_wrong {
                    Finding::SecretWrong
                } else {
                    Finding::KeyUnknown
                };
                let notes = self.rung.notes.iter().enumerate();
                let odd = notes.filter_map(|(at, note)| Some((at, note.explains(&refusal)?)));
                if let Some((at, odd)) = odd.into_iter().next() {
                    self.rung.notes.remove(at);
                    *remedy = Some(odd.at_key());
                    *cause = odd;
                } else {
                    token.clone_from(&self.token);
                }
            }
            Break::RoleWordUnfit { role, word, at, .. } => {
                let is_it = |step: &&Step| matches!(&step.kind, StepKind::Role { role: own, .. } if own == role);
                let Some(step) = self.rung.steps.iter().find(is_it) else {
                    return;
                };
                if let Origin::Variable(_) = &step.origin {
                    let name = match word {
                        RoleWord::SessionName => "AWS_ROLE_SESSION_NAME",
                        _ => "AWS_ROLE_ARN",
                    };
                    *at = Some(Origin::Variable(name.to_owned()));
                    return;
                }
                let shared = Shared::read(&patient.environment);
                *at = Some(
                    (shared.beside(&step.origin, word.key()))
                        .unwrap_or_else(|| step.origin.clone()),
                );
                if let Origin::File { path, .. } = &step.origin {
                    *remedy = Some(Remedy::ShowFile(path.clone()));
                }
            }
            _ => {}
        }
    }

    /// The rung, now that the winner is known by its position.
    fn settle(self, at: usize, winner: Option<usize>) -> Rung {
        let Self {
            mut rung,
            present,
            searched,
            cause,
            asks_network,
            ..
        } = self;
        let wins = winner == Some(at);
        rung.state = match (present, searched, cause, winner) {
            (false, true, ..) if asks_network => RungState::NotAsked,
            (false, true, ..) => RungState::NotSet,
            (_, false, ..) => RungState::NotSearched,
            (true, true, Some(cause), _) => RungState::Failed {
                cause: Box::new(cause),
                matters: wins,
            },
            (true, true, None, _) if wins => RungState::Used,
            (true, true, None, Some(winner)) => RungState::Shadowed { by: winner + 1 },
            // Without a winner nothing hides it; whoever chose none says why.
            (true, true, None, None) => RungState::NotSearched,
        };
        rung
    }
}

/// The rungs in their order, the winner by its position.
pub(super) fn settle(drafts: Vec<Draft>, winner: Option<usize>) -> Vec<Rung> {
    drafts
        .into_iter()
        .enumerate()
        .map(|(at, draft)| draft.settle(at, winner))
        .collect()
}
