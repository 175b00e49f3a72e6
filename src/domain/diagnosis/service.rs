//! The services that give keys of a role: what they are asked with, and what came back instead of keys.

use super::Break;
use crate::domain::RoleSpec;

/// A service that is asked for keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedService {
    /// STS.
    Sts,
    /// IAM Identity Center.
    IdentityCenter,
}

/// What came back in place of the answer of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StrangeAnswer {
    /// A web page.
    WebPage,
    /// The way to another address.
    Redirect,
    /// Nothing at all.
    Nothing,
    /// Something that the service does not say.
    Other,
}

/// A line of a role that STS does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleWord {
    /// The role itself.
    Arn,
    /// How long its keys hold, which is no number of seconds that STS knows.
    Duration,
    /// How long its keys hold, which is longer than the role allows.
    LongDuration,
    /// The external id.
    ExternalId,
    /// What the session is called.
    SessionName,
    /// The MFA device.
    Device,
}

impl RoleWord {
    /// What it is called in a profile.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Arn => "role_arn",
            Self::Duration | Self::LongDuration => "duration_seconds",
            Self::ExternalId => "external_id",
            Self::SessionName => "role_session_name",
            Self::Device => "mfa_serial",
        }
    }

    /// The line that STS names in its refusal of a request.
    #[must_use]
    pub fn named_by(message: &str) -> Option<Self> {
        // Where a limit is passed, it is told by its name or as the hour that a role taken with a role has.
        let limits = ["MaxSessionDuration", "session limit"];
        let words = [
            ("durationSeconds", Self::Duration),
            ("DurationSeconds", Self::Duration),
            ("externalId", Self::ExternalId),
            ("roleSessionName", Self::SessionName),
            ("serialNumber", Self::Device),
            ("roleArn", Self::Arn),
            ("is invalid", Self::Arn),
        ];
        if limits.iter().any(|limit| message.contains(limit)) {
            return Some(Self::LongDuration);
        }
        let named = words.iter().find(|(word, _)| message.contains(word));
        named.map(|(_, word)| *word)
    }

    /// What stands there; the external id is between the two accounts and is not shown.
    fn written(self, role: &RoleSpec) -> String {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        match self {
            Self::Arn => role.arn.clone(),
            Self::Duration | Self::LongDuration => role
                .duration_secs
                .map(|secs| secs.to_string())
                .unwrap_or_default(),
            Self::ExternalId => String::new(),
            Self::SessionName => text(&role.session_name),
            Self::Device => text(&role.mfa_serial),
        }
    }
}

impl Break {
    /// A line of a role that is not taken.
    #[must_use]
    pub fn of_role_word(role: &RoleSpec, word: RoleWord) -> Self {
        Self::RoleWordUnfit {
            role: role.name().to_owned(),
            word,
            written: word.written(role),
            at: None,
        }
    }

    /// What botocore itself does not send to STS: what is shorter than STS takes.
    #[must_use]
    pub fn of_role(role: &RoleSpec) -> Option<Self> {
        let is_short = |text: &Option<String>, least: usize| {
            text.as_ref()
                .is_some_and(|text| text.chars().count() < least)
        };
        let short = [
            (RoleWord::Arn, role.arn.chars().count() < 20),
            (RoleWord::SessionName, is_short(&role.session_name, 2)),
            (RoleWord::ExternalId, is_short(&role.external_id, 2)),
            (RoleWord::Device, is_short(&role.mfa_serial, 9)),
            (
                RoleWord::Duration,
                role.duration_secs.is_some_and(|secs| secs < 900),
            ),
        ];
        let (word, _) = short.into_iter().find(|(_, is_short)| *is_short)?;
        Some(Self::of_role_word(role, word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sts_complains_of_is_found_in_its_words() {
        for (said, word) in [
            (
                "1 validation error detected: Value 'x' at 'roleArn' failed",
                RoleWord::Arn,
            ),
            ("arn:aws:iam::1:user/x is invalid", RoleWord::Arn),
            (
                "Value '99999' at 'durationSeconds' failed to satisfy",
                RoleWord::Duration,
            ),
            (
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
                RoleWord::LongDuration,
            ),
            (
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
                RoleWord::LongDuration,
            ),
            (
                "Value 'a b' at 'roleSessionName' failed",
                RoleWord::SessionName,
            ),
        ] {
            assert_eq!(RoleWord::named_by(said), Some(word), "{said}");
        }
        assert_eq!(RoleWord::named_by("something else"), None);
    }

    #[test]
    fn only_what_botocore_does_not_send_is_not_sent() {
        let role = |arn: &str, secs| RoleSpec {
            arn: arn.to_owned(),
            duration_secs: secs,
            ..RoleSpec::default()
        };
        assert_eq!(
            Break::of_role(&role("arn:aws:iam::1:role/e", Some(99_999))),
            None
        );
        assert!(Break::of_role(&role("myrole", None)).is_some());
        assert!(Break::of_role(&role("arn:aws:iam::1:role/e", Some(60))).is_some());
    }
}
