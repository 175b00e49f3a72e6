//! What a profile of the shared files offers, and what is missing in it.

use super::profiles::{Entries, Merged, ProfileKind, ProfileProblem, RoleSource, text_of};
use crate::domain::masked_key_id;

impl Merged {
    /// The order in which boto3's chain looks: role, web identity, Identity Center, keys of the credentials file, `aws
    /// login`, program, keys of the config file.
    pub(super) fn kind(
        &self,
        name: &str,
        entries: &Entries,
    ) -> (ProfileKind, Option<ProfileProblem>) {
        let text = |key: &str| text_of(entries, key);
        if let Some(arn) = text("role_arn") {
            let role = role_name(arn);
            if text("web_identity_token_file").is_some() {
                return (ProfileKind::WebIdentity { role }, None);
            }
            let (by, problem) = self.role_source(name, entries);
            return (ProfileKind::Role { role, by }, problem);
        }
        if text("sso_account_id").is_some() || text("sso_role_name").is_some() {
            return self.identity_center(entries);
        }
        if !self.keys_first.contains(name) {
            if text("login_session").is_some() {
                return (ProfileKind::Login, None);
            }
            if let Some(command) = text("credential_process") {
                let program = program_of(command);
                return (ProfileKind::Process { program }, None);
            }
        }
        match (text("aws_access_key_id"), text("aws_secret_access_key")) {
            (Some(id), secret) => {
                let kind = ProfileKind::AccessKey {
                    masked_id: masked_key_id(id),
                    temporary: text("aws_session_token").is_some(),
                };
                let missing = "aws_secret_access_key";
                (
                    kind,
                    secret
                        .is_none()
                        .then_some(ProfileProblem::HalfPair { missing }),
                )
            }
            (None, Some(_)) => {
                let kind = ProfileKind::AccessKey {
                    masked_id: String::new(),
                    temporary: false,
                };
                (
                    kind,
                    Some(ProfileProblem::HalfPair {
                        missing: "aws_access_key_id",
                    }),
                )
            }
            // Half of what Identity Center needs is passed over, yet is what was meant.
            (None, None)
                if text("sso_session")
                    .or_else(|| text("sso_start_url"))
                    .is_some() =>
            {
                self.identity_center(entries)
            }
            (None, None) => (ProfileKind::SettingsOnly, None),
        }
    }

    fn identity_center(&self, entries: &Entries) -> (ProfileKind, Option<ProfileProblem>) {
        let text = |key: &str| text_of(entries, key).unwrap_or_default().to_owned();
        let named = text("sso_session");
        let session = if named.is_empty() {
            text("sso_start_url")
        } else {
            named.clone()
        };
        let address_is_known = named.is_empty()
            || self
                .sessions
                .get(&named)
                .is_some_and(|one| text_of(one, "sso_start_url").is_some());
        let kind = ProfileKind::IdentityCenter {
            role: text("sso_role_name"),
            account: text("sso_account_id"),
            session: session.clone(),
        };
        let incomplete = |missing| Some(ProfileProblem::IncompleteIdentityCenter { missing });
        let problem = if session.is_empty() {
            incomplete("sso_start_url")
        } else if !address_is_known {
            Some(ProfileProblem::SessionMissing(named))
        } else if text("sso_account_id").is_empty() {
            incomplete("sso_account_id")
        } else if text("sso_role_name").is_empty() {
            incomplete("sso_role_name")
        } else {
            None
        };
        (kind, problem)
    }

    fn role_source(&self, name: &str, entries: &Entries) -> (RoleSource, Option<ProfileProblem>) {
        let Some(source) = text_of(entries, "source_profile") else {
            return match text_of(entries, "credential_source") {
                Some(place) => (RoleSource::Place(place.to_owned()), None),
                None => (RoleSource::Unknown, Some(ProfileProblem::NoSource)),
            };
        };
        let by = RoleSource::Profile(source.to_owned());
        // A profile may name itself: its own keys then take its role.
        let mut seen = vec![name];
        let mut next = source;
        while next != seen[seen.len() - 1] {
            let Some((entries, _)) = self.profiles.get(next) else {
                return (by, Some(ProfileProblem::SourceMissing(next.to_owned())));
            };
            if seen.contains(&next) {
                return (by, Some(ProfileProblem::SourceLoop));
            }
            seen.push(next);
            match (
                text_of(entries, "role_arn"),
                text_of(entries, "source_profile"),
            ) {
                (Some(_), Some(source)) => next = source,
                _ => break,
            }
        }
        (by, None)
    }
}

/// `media-editor` of `arn:aws:iam::123456789012:role/team/media-editor`.
fn role_name(arn: &str) -> String {
    arn.rsplit('/').next().unwrap_or(arn).to_owned()
}

/// The first word without its folders; the arguments may hold secrets.
fn program_of(command: &str) -> String {
    let first = match command.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => command.split_whitespace().next(),
    };
    first
        .unwrap_or_default()
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_owned()
}
