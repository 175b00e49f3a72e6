//! The rungs of what the connection itself names: a session profile, a role at Identity Center.

use super::center::signed_in;
use super::chain::{Ask, Way, follow};
use super::draft::Draft;
use super::pairs::TOKENS;
use super::session::place;
use super::{Asking, file_of};
use crate::doctor::Patient;
use crate::domain::diagnosis::{Break, ChainWord, Origin, Remedy, Rung, RungNote, RungPlace};
use crate::domain::{CredentialSpec, IdentityCenterRole};
use crate::settings::effective::Layers;
use crate::settings::{CredentialMode, OptionId, Reason, Source, Value};

/// The rung of an account and a role at Identity Center that the connection itself names.
pub(super) fn identity_center(role: &IdentityCenterRole, way: Way<'_>) -> (Draft, Option<Asking>) {
    let session = role.session.clone();
    let name = session.clone().unwrap_or_else(|| role.start_url.clone());
    let mut rung = Rung::empty(RungPlace::IdentityCenter(Some(name.clone())));
    match signed_in(way, &name) {
        Ok(step) => {
            rung.steps.push(step);
            let ask = Ask::IdentityCenter {
                session: name,
                role: role.role.clone(),
                account: role.account.clone(),
            };
            (Draft::found(rung, true, None), Some(Asking::Storage(ask)))
        }
        Err((step, flaw)) => {
            rung.steps.push(step);
            rung.remedy = Some(Remedy::SignIn {
                profile: None,
                session,
            });
            let cause = Break::SignIn {
                session: name,
                flaw,
            };
            (Draft::found(rung, true, Some(cause)), None)
        }
    }
}

/// The rung of `AWS_S3_SESSION_PROFILE`, and whom to ask for its keys.
pub(super) fn session_profile(patient: &Patient, way: Way<'_>) -> (Draft, Option<Asking>) {
    let options = &patient.inspected.resolved.options;
    let set = options.text(OptionId::SessionProfile);
    let mode = patient.connection.credentials;
    let searched = matches!(mode, CredentialMode::Auto | CredentialMode::Profile);
    let used = match &patient.inspected.resolved.config.credentials {
        CredentialSpec::Profile(name) => Some(name.as_str()),
        _ => None,
    };
    let Some(name) = used.or(set) else {
        let draft = Draft::empty(RungPlace::SessionProfile(None), searched);
        return (draft, None);
    };
    let rung = Rung::empty(RungPlace::SessionProfile(Some(name.to_owned())));
    let mut draft = Draft::found(rung, searched, None);
    if set.is_some() {
        let parent = match &options.get(OptionId::SessionProfile).source {
            Source::Parent(name) => Some(name.clone()),
            _ => None,
        };
        let origin = Origin::Option {
            name: OptionId::SessionProfile.name(),
            parent,
        };
        draft.rung.origins.push((ChainWord::Profile, origin));
    }
    let mut stops = patient.inspected.stops.iter();
    if stops.any(|problem| problem.reason == Reason::ProfileWithKeys) {
        let options = typed_keys(patient);
        let first = options.first().map(|first| Remedy::OpenOption(first));
        draft.cause = Some(Break::ProfileWithKeys { options });
        draft.rung.remedy = first;
        return (draft, None);
    }
    if !way.shared.has(name) {
        let cause = way.shared.malformed().or_else(|| way.shared.unreadable());
        let choose = Remedy::OpenOption(OptionId::SessionProfile.name());
        let cause = cause.unwrap_or_else(|| way.shared.missing(name));
        draft.rung.remedy = file_of(&cause).or(Some(choose));
        draft.cause = Some(cause);
        return (draft, None);
    }
    let followed = follow(name, way);
    let asking = place(&mut draft, followed, way.shared.notes());
    add_ignored_tokens(&mut draft, patient);
    let keys = &patient.inspected.resolved.keys;
    let has_keys = keys.access_key.is_some() || keys.secret_key.is_some();
    if has_keys && set.is_some() && mode == CredentialMode::Auto {
        draft.rung.notes.push(RungNote::KeysBesideProfile);
    }
    (draft, asking)
}

/// The S3-specific keys that stand in the settings.
fn typed_keys(patient: &Patient) -> Vec<&'static str> {
    let parents: Vec<_> = patient.parents.iter().collect();
    let layers = Layers {
        connection: &patient.connection,
        above: &patient.above,
        parents: &parents,
    };
    let is_set = |option: &OptionId| layers.in_settings(*option).is_some_and(Value::is_truthy);
    let keys = [OptionId::S3AccessKey, OptionId::S3SecretKey];
    let set = keys.into_iter().filter(is_set);
    set.map(OptionId::name).collect()
}

/// A token of the environment has no effect beside a profile; people who set it should know.
fn add_ignored_tokens(draft: &mut Draft, patient: &Patient) {
    let token = patient.environment.first_found(&TOKENS);
    if let Some((variable, _)) = token {
        let variable = variable.to_owned();
        draft.rung.notes.push(RungNote::TokenIgnored { variable });
    }
}
