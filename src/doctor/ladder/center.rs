//! Follows a profile to Identity Center: its session, its account and role, and the kept sign-in.

use super::cache;
use super::chain::{Ask, End, Walk, Way};
use super::shared::Entry;
use crate::domain::diagnosis::{Break, CacheFlaw, Light, Origin, Remedy, RungNote, Step, StepKind};

impl<'a> Walk<'a> {
    /// What profile and session block say differently.
    fn contradictions(&mut self, name: &str, session: &str) {
        for key in ["sso_start_url", "sso_region"] {
            let (own, other) = (self.get(name, key), self.way.shared.session(session, key));
            if let (Some(own), Some(other)) = (own, other)
                && own.value != other.value
            {
                let (profile, session) = (own.origin(), other.origin());
                self.odd.push(RungNote::Contradiction {
                    key,
                    profile,
                    session,
                });
            }
        }
    }

    pub(super) fn identity_center(&mut self, name: &str, first: Entry<'a>) -> End {
        let text = |entry: Option<Entry<'a>>| entry.map(|one| one.value.to_owned());
        let named = text(self.get(name, "sso_session"));
        self.contradictions(name, named.as_deref().unwrap_or_default());
        let of = |key: &str| {
            let of_session = named
                .as_ref()
                .and_then(|session| self.way.shared.session(session, key));
            of_session.or_else(|| self.get(name, key))
        };
        let (url, region) = (text(of("sso_start_url")), text(of("sso_region")));
        let session = named.clone().or_else(|| url.clone()).unwrap_or_default();
        let account = text(self.get(name, "sso_account_id"));
        let role = text(self.get(name, "sso_role_name"));
        self.step(
            first.origin(),
            StepKind::IdentityCenter {
                session: session.clone(),
                account: account.clone().unwrap_or_default(),
                role: role.clone().unwrap_or_default(),
            },
        );
        if let Some(session) = named
            .as_ref()
            .filter(|one| !self.way.shared.has_session(one))
        {
            let session = session.clone();
            return self.broken_here(Break::SessionMissing { session });
        }
        let missing = [
            ("sso_start_url", &url),
            ("sso_region", &region),
            ("sso_account_id", &account),
            ("sso_role_name", &role),
        ];
        if let Some((missing, _)) = missing.into_iter().find(|(_, value)| value.is_none()) {
            // Address and region stand in the session's block where there is one.
            let of_session = ["sso_start_url", "sso_region"].contains(&missing);
            let block = named.as_deref().filter(|_| of_session);
            let at = match block.and_then(|session| self.way.shared.session_place(session)) {
                Some(block) => Some(block),
                None => self.way.shared.place(name),
            };
            return self.broken_here(Break::IdentityCenterIncomplete { missing, at });
        }
        let remedy = Remedy::SignIn {
            profile: Some(self.root.clone()),
            session: named,
        };
        match signed_in(self.way, &session) {
            Ok(step) => self.steps.push(step),
            Err((step, flaw)) => {
                self.steps.push(step);
                return End::Broken(Break::SignIn { session, flaw }, Some(remedy));
            }
        }
        End::Ask(Ask::IdentityCenter {
            session,
            role: role.unwrap_or_default(),
            account: account.unwrap_or_default(),
        })
    }
}

/// The step of the kept sign-in of a session.
///
/// # Errors
/// The step, and what is wrong with it.
pub(super) fn signed_in(way: Way<'_>, session: &str) -> Result<Step, (Step, CacheFlaw)> {
    let path = cache::path_of(way.environment, session);
    let origin = Origin::Path(path.clone().unwrap_or_default());
    let looked = match &path {
        Some(path) => cache::look(path, way.now),
        None => Err(CacheFlaw::Missing),
    };
    let step = |expires, light| Step {
        origin: origin.clone(),
        kind: StepKind::CachedSignIn { expires },
        light,
    };
    match looked {
        Ok(ends) => Ok(step(Some(ends), Light::Good)),
        Err(flaw) => Err((step(None, Light::Bad), flaw)),
    }
}
