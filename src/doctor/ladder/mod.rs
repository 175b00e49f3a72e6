//! The source ladder: every place where credentials may come from, in the order in which they are searched, and which
//! one signs.
//!
//! `pairs` holds the rungs of key pairs in settings and environment. The rung marked used is the one whose key signs:
//! the ladder reads the same search that `settings::resolve` made.

mod draft;
mod pairs;

use draft::Draft;

use super::{Patient, Tell};
use crate::domain::CredentialSpec;
use crate::domain::diagnosis::{Break, ChainWord, DoctorNews, Remedy, Rung, RungPlace};
use crate::settings::{CredentialMode, OptionId, Reason, Source};

/// Builds the ladder and tells it.
pub async fn climb(patient: &Patient, tell: Tell<'_>) {
    tell(DoctorNews::Ladder(rungs(patient)));
}

/// The rungs as far as they are known without asking anybody.
#[must_use]
pub fn rungs(patient: &Patient) -> Vec<Rung> {
    let (pairs, chosen) = pairs::drafts(patient);
    let mut drafts = vec![session_profile(patient)];
    drafts.extend(pairs);
    let winner = match &patient.inspected.resolved.config.credentials {
        CredentialSpec::Profile(_) => Some(0),
        CredentialSpec::Keys { .. } => chosen.map(|at| at + 1),
        CredentialSpec::IdentityCenter(role) => {
            let session = role
                .session
                .clone()
                .or_else(|| Some(role.start_url.clone()));
            let rung = Rung::empty(RungPlace::IdentityCenter(session));
            drafts.push(Draft::found(rung, true, None));
            Some(drafts.len() - 1)
        }
        CredentialSpec::Chain => None,
        CredentialSpec::Anonymous => {
            drafts.push(Draft::found(Rung::empty(RungPlace::Unsigned), true, None));
            Some(drafts.len() - 1)
        }
    };
    draft::settle(drafts, winner)
}

/// The rung of `AWS_S3_SESSION_PROFILE`.
fn session_profile(patient: &Patient) -> Draft {
    let effective = patient
        .inspected
        .resolved
        .options
        .get(OptionId::SessionProfile);
    let set = patient
        .inspected
        .resolved
        .options
        .text(OptionId::SessionProfile);
    let mode = patient.connection.credentials;
    let searched = matches!(mode, CredentialMode::Auto | CredentialMode::Profile);
    let used = match &patient.inspected.resolved.config.credentials {
        CredentialSpec::Profile(name) => Some(name.as_str()),
        _ => None,
    };
    let Some(name) = used.or(set) else {
        return Draft::empty(RungPlace::SessionProfile(None), searched);
    };
    let mut rung = Rung::empty(RungPlace::SessionProfile(Some(name.to_owned())));
    if set.is_some() {
        let parent = match &effective.source {
            Source::Parent(name) => Some(name.clone()),
            _ => None,
        };
        let origin = crate::domain::diagnosis::Origin::Option {
            name: OptionId::SessionProfile.name(),
            parent,
        };
        rung.origins.push((ChainWord::Profile, origin));
    }
    let quarrel = (patient.inspected.stops.iter())
        .find(|problem| problem.reason == Reason::ProfileWithKeys)
        .map(|problem| problem.option.name());
    let cause = match quarrel {
        Some(option) => {
            rung.remedy = Some(Remedy::OpenOption(option));
            Some(Break::ProfileWithKeys { option })
        }
        None if patient.profiles.get(name).is_none() => {
            rung.remedy = Some(Remedy::OpenOption(OptionId::SessionProfile.name()));
            Some(Break::ProfileMissing {
                name: name.to_owned(),
            })
        }
        None => None,
    };
    Draft::found(rung, searched, cause)
}
