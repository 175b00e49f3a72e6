//! The source ladder: every place where credentials may come from, in the order in which they are searched, and which
//! one signs.
//!
//! `named` holds the rungs of what the connection names, `pairs` those of key pairs in settings and environment, `session`
//! those of the default session, `chain` follows a profile (`roles` to whose keys take a role, `center` to Identity Center), `shared` and `cache` read the files with their lines (`older` those of older tools), `live` asks
//! whoever gives the keys of the used rung, `stops` knows at what Django stops whoever signs.
//!
//! Rule others rely on: the rung marked used is the one whose key signs. The ladder reads the same search that
//! `settings::resolve` made, and follows the shared files in the order of the storage core.

mod cache;
mod center;
mod chain;
mod draft;
mod live;
mod named;
mod older;
mod pairs;
mod roles;
mod session;
mod shared;
mod stops;

use std::time::Duration;

use chain::{Ask, Way, role_name};
use draft::Draft;
use live::Answer;
use named::{identity_center, session_profile};
use shared::Shared;

use super::ground::Ground;
use super::{Patient, Tell};
use crate::domain::CredentialSpec;
use crate::domain::diagnosis::{
    Break, CodeEnd, DoctorNews, Light, Machine, Origin, Remedy, Rung, RungNote, RungPlace,
    SeenProfile, Step, StepKind, Unread,
};
use crate::settings::CredentialMode;

/// Whom to ask for the keys of a rung.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asking {
    /// A service or a program.
    Storage(Ask),
    /// A service of the machine.
    Machine(Machine),
}

/// A ladder whose used rung may still have to be asked for its keys.
struct Plan {
    drafts: Vec<Draft>,
    winner: Option<usize>,
    asking: Option<(usize, Asking)>,
    /// Who is to blame when the instance has no keys either.
    last: Option<usize>,
}

/// Builds the ladder and tells it; then once more with what the used rung really gives.
pub async fn climb(patient: &Patient, tell: Tell<'_>) {
    let ground = Ground::new(patient);
    let climb = climb_on(&ground, patient, tell);
    // A ladder that needs no answer waits for none.
    tokio::select! {
        () = climb => {}
        () = async { ground.fetch().await; std::future::pending().await } => {}
    }
}

/// How long the credentials may take.
pub(super) fn limit(patient: &Patient) -> Duration {
    let plan = plan(patient);
    live::limit(patient, plan.asking.as_ref().map(|(_, asking)| asking))
}

/// The same beside other parts of an examination.
pub(super) async fn climb_on(ground: &Ground<'_>, patient: &Patient, tell: Tell<'_>) {
    let mut plan = plan(patient);
    tell(DoctorNews::Ladder(plan.rungs()));
    if let Some((at, asking)) = plan.asking.take() {
        let answer = live::ask(ground, &asking).await;
        plan.take(at, &asking, answer, patient);
        tell(DoctorNews::Ladder(plan.rungs()));
    }
    tell(DoctorNews::Climbed);
}

/// The rungs as far as they are known without asking anybody.
#[must_use]
pub fn rungs(patient: &Patient) -> Vec<Rung> {
    plan(patient).rungs()
}

/// Where the session token stands that is sent along with the keys; `None` where there is none, or where whoever gives the
/// keys gives it with them.
pub(super) fn token_origin(patient: &Patient) -> Option<Origin> {
    let plan = plan(patient);
    let winner = plan.winner.and_then(|at| plan.drafts.get(at));
    winner
        .filter(|_| plan.asking.is_none())
        .and_then(|draft| draft.token.clone())
}

fn plan(patient: &Patient) -> Plan {
    let shared = Shared::read(&patient.environment);
    let way = Way {
        shared: &shared,
        environment: &patient.environment,
        now: patient.now,
        with_variables: false,
        has_person: patient.world.has_person(),
    };
    let (first, of_first) = session_profile(patient, way);
    let (pairs, chosen) = pairs::drafts(patient);
    let of_variables = Way {
        with_variables: true,
        ..way
    };
    let session = session::rungs(of_variables, patient.connection.credentials);
    // The general pair of the environment is the last of the pairs.
    let general = pairs.len();
    // With a key id in it the default session looks no further, whatever comes of it.
    let general_decides = patient.environment.found("AWS_ACCESS_KEY_ID").is_some();
    let first_cause = first.cause.clone();
    let mut drafts = vec![first];
    drafts.extend(pairs);
    let before = drafts.len();
    drafts.extend(session.drafts);
    let general_signs = patient.connection.credentials == CredentialMode::Chain && general_decides;
    let last = session.last.map(|at| before + at);
    let (winner, asking) = match &patient.inspected.resolved.config.credentials {
        CredentialSpec::Profile(name) => match (&first_cause, session.fallback) {
            // A profile without keys leaves it to the places that come after all profiles.
            (Some(cause), Some((at, asking))) if is_without_keys(cause, &shared, name) => {
                (Some(before + at), asking.map(|one| (before + at, one)))
            }
            (Some(cause), None) if is_without_keys(cause, &shared, name) => {
                let at = before + session.instance;
                (
                    Some(0),
                    asks_instance(&drafts[at], patient).map(|one| (at, one)),
                )
            }
            _ => (Some(0), of_first.map(|one| (0, one))),
        },
        CredentialSpec::Keys { .. } => (chosen.map(|at| at + 1), None),
        CredentialSpec::IdentityCenter(role) => {
            let (draft, asking) = identity_center(role, way);
            drafts.push(draft);
            let at = drafts.len() - 1;
            (Some(at), asking.map(|one| (at, one)))
        }
        CredentialSpec::Anonymous => {
            drafts.push(Draft::found(Rung::empty(RungPlace::Unsigned), true, None));
            (Some(drafts.len() - 1), None)
        }
        CredentialSpec::Chain if general_signs => (Some(general), None),
        CredentialSpec::Chain => match session.chosen {
            Some((at, asking)) => (Some(before + at), asking.map(|one| (before + at, one))),
            None => {
                let at = before + session.instance;
                match asks_instance(&drafts[at], patient) {
                    Some(instance) => (None, Some((at, instance))),
                    None => (last, None),
                }
            }
        },
    };
    let mut plan = Plan {
        drafts,
        winner,
        asking,
        last,
    };
    plan.add_what_stops_django(patient, &shared);
    plan.tell_files_once();
    plan.add_connection_role(patient);
    plan.add_fetching(patient);
    plan
}

/// True when a profile that is there says nothing of keys, as far as it could be read.
fn is_without_keys(cause: &Break, shared: &Shared, name: &str) -> bool {
    match cause {
        Break::ProfileWithoutKeys { .. }
        | Break::SectionReplaced { .. }
        | Break::KeyMisnamed { .. } => true,
        Break::FileUnreadable { why, .. } => *why != Unread::NotText && shared.has(name),
        _ => false,
    }
}

fn asks_instance(draft: &Draft, patient: &Patient) -> Option<Asking> {
    let asks = draft.asks_network && patient.world.may_ask_instance();
    asks.then_some(Asking::Machine(Machine::Instance))
}

impl Plan {
    fn rungs(&self) -> Vec<Rung> {
        draft::settle(self.drafts.clone(), self.winner)
    }

    /// boto3 reads the shared files and its variables whoever signs, and stops at what it finds there.
    fn add_what_stops_django(&mut self, patient: &Patient, shared: &Shared) {
        let winner = self.winner.and_then(|at| self.drafts.get_mut(at));
        let Some(draft) = winner.filter(|draft| draft.cause.is_none()) else {
            return;
        };
        for note in stops::of_django(patient, shared) {
            draft.rung.remedy = draft.rung.remedy.take().or_else(|| stops::remedy(&note));
            if !draft.rung.notes.contains(&note) {
                draft.rung.notes.push(note);
            }
        }
    }

    /// What the rung that counts says of a file, no other says again.
    fn tell_files_once(&mut self) {
        let Some((at, winner)) = self
            .winner
            .and_then(|at| Some((at, self.drafts.get(at)?.clone())))
        else {
            return;
        };
        let others = self.drafts.iter_mut().enumerate();
        for (_, draft) in others.filter(|(own, _)| *own != at) {
            let is_told = draft.cause.as_ref().is_some_and(|cause| {
                winner.cause.as_ref() == Some(cause)
                    || winner.rung.notes.iter().any(|note| note.is_told_by(cause))
            });
            if is_told {
                draft.rung.notes.push(RungNote::ToldAt(at + 1));
            }
        }
    }

    /// What is found is not what signs before it gave its keys.
    fn add_fetching(&mut self, patient: &Patient) {
        let asked = self.asking.as_ref().map(|(at, _)| *at);
        let asked = asked.filter(|at| self.winner == Some(*at));
        let (Some(draft), Ok(storage)) = (
            asked.and_then(|at| self.drafts.get_mut(at)),
            &patient.storage,
        ) else {
            return;
        };
        let with_code = storage.asks_for_code();
        draft.rung.notes.push(RungNote::Fetching { with_code });
    }

    /// The role that the connection takes with what was found.
    fn add_connection_role(&mut self, patient: &Patient) {
        let Some(spec) = &patient.inspected.resolved.config.role else {
            return;
        };
        let Some((at, draft)) = self
            .winner
            .and_then(|at| Some((at, self.drafts.get_mut(at)?)))
        else {
            return;
        };
        if draft.cause.is_some() || draft.rung.place == RungPlace::Unsigned {
            return;
        }
        let role = role_name(&spec.arn);
        if let (Some(key), [(_, origin), ..]) = (draft.rung.key.take(), &draft.rung.origins[..]) {
            let (origin, kind) = (origin.clone(), StepKind::Keys(key));
            draft.rung.steps.push(step(origin, kind, Light::Good));
        }
        let code_of = spec.mfa_serial.as_ref();
        let code_of = code_of.filter(|_| !patient.world.has_person());
        let kind = StepKind::Role {
            role: role.clone(),
            mfa_serial: spec.mfa_serial.clone(),
            external_id: spec.external_id.is_some(),
        };
        let light = if code_of.is_some() {
            Light::Bad
        } else {
            Light::Good
        };
        draft
            .rung
            .steps
            .push(step(Origin::ConnectionRole, kind, light));
        if let Some(serial) = code_of.cloned() {
            let end = CodeEnd::NobodyThere;
            draft.cause = Some(Break::CodeNeeded { serial, role, end });
            draft.rung.remedy = Some(Remedy::EnterCode);
            self.asking = None;
            return;
        }
        let ask = Ask::Role {
            role,
            external_id: spec.external_id.is_some(),
        };
        self.asking = Some((at, Asking::Storage(ask)));
    }

    /// Takes in what came of asking for the keys of a rung.
    fn take(&mut self, at: usize, asking: &Asking, answer: Answer, patient: &Patient) {
        let is_instance = *asking == Asking::Machine(Machine::Instance);
        let Some(draft) = self.drafts.get_mut(at) else {
            return;
        };
        let is_over = |note: &RungNote| !matches!(note, RungNote::Fetching { .. });
        draft.rung.notes.retain(is_over);
        match answer {
            Answer::Keys(key, who, ended) => {
                let ended = ended.map(|at| RungNote::EndPassed { at });
                draft.rung.notes.extend(ended);
                draft.present = true;
                self.winner = Some(at);
                let origin = Origin::Answer {
                    who,
                    at: patient.now,
                };
                let kind = StepKind::Keys(key.clone());
                draft.rung.steps.push(step(origin, kind, Light::Good));
                draft.rung.key = Some(key);
            }
            Answer::Nobody if is_instance => {
                draft.asks_network = false;
                draft.rung.notes.push(RungNote::NoAnswer);
                self.winner = self.winner.or(self.last);
            }
            Answer::Nobody => {}
            Answer::Broken(mut cause, mut remedy) => {
                let of_role = match &cause {
                    Break::CodeNeeded { role, .. }
                    | Break::RoleDenied { role, .. }
                    | Break::RoleWordUnfit { role, .. }
                    | Break::SourceEnded { role }
                    | Break::SourceRefused { role, .. } => Some(role.clone()),
                    _ => None,
                };
                let of_role = of_role.as_ref();
                draft.explain(&mut cause, &mut remedy, patient);
                let is_it = |step: &&mut Step| match (&step.kind, of_role) {
                    (StepKind::Role { role, .. }, Some(it)) => role == it,
                    _ => false,
                };
                let place = if of_role.is_some() {
                    draft.rung.steps.iter_mut().find(is_it)
                } else {
                    draft.rung.steps.last_mut()
                };
                if is_instance {
                    // It answers, so it is there, and nothing else is.
                    (draft.present, draft.asks_network) = (true, false);
                    self.winner = self.winner.or(Some(at));
                }
                if let Some(place) = place {
                    place.light = Light::Bad;
                    let refused = matches!(
                        cause,
                        Break::RoleDenied { .. }
                            | Break::RoleWordUnfit { .. }
                            | Break::Refused { .. }
                    );
                    if refused && place.origin == Origin::ConnectionRole {
                        remedy = Some(Remedy::ChangeRole);
                    }
                }
                draft.cause = Some(cause);
                draft.rung.remedy = remedy;
            }
        }
    }
}

fn step(origin: Origin, kind: StepKind, light: Light) -> Step {
    Step {
        origin,
        kind,
        light,
    }
}

/// The file that a cause speaks of.
fn file_of(cause: &Break) -> Option<Remedy> {
    match cause {
        // What is not there cannot be shown.
        Break::FileUnreadable {
            why: Unread::Missing(_),
            ..
        } => Some(Remedy::RunAgain),
        Break::FileMalformed { path, .. }
        | Break::SectionReplaced { path, .. }
        | Break::FileUnreadable { path, .. }
        | Break::ProfileMissing {
            seen: Some(SeenProfile::Misspelt { path, .. }),
            ..
        } => Some(Remedy::ShowFile(path.clone())),
        _ => None,
    }
}
