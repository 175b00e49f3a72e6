//! Signing in to IAM Identity Center, as plain values: whom to sign in to, what to show meanwhile, what came of it.

use super::{StorageError, Timestamp};

/// What a sign-in allows: listing accounts and fetching keys. Without it no token is renewed.
pub const ACCOUNT_SCOPE: &str = "sso:account:access";

/// Where one signs in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SignInSession {
    /// Name of the `[sso-session]` block; `None` for an address alone.
    pub name: Option<String>,
    /// `https://corp.awsapps.com/start`.
    pub start_url: String,
    /// The region of Identity Center.
    pub region: String,
    /// What is asked for; [`ACCOUNT_SCOPE`] when empty.
    pub scopes: Vec<String>,
}

impl SignInSession {
    /// What the cached token is filed under, as the AWS tools do: the name, or the address.
    #[must_use]
    pub fn cache_id(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.start_url)
    }

    /// Why the address cannot be signed in to; `None` when it can.
    #[must_use]
    pub fn problem(&self) -> Option<SessionProblem> {
        let host = self
            .start_url
            .strip_prefix("https://")
            .or_else(|| self.start_url.strip_prefix("http://"))
            .and_then(|rest| rest.split(['/', '#', '?']).next());
        let is_label = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        match host {
            None | Some("") => Some(SessionProblem::StartUrl),
            Some(_) if self.start_url.contains(char::is_whitespace) => {
                Some(SessionProblem::StartUrl)
            }
            Some(_) if !is_label(&self.region) => Some(SessionProblem::Region),
            Some(_) => None,
        }
    }
}

/// What is wrong with a session's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionProblem {
    /// The address is no URL.
    StartUrl,
    /// The region is none.
    Region,
}

/// An account and a role at Identity Center: a source of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct IdentityCenterRole {
    /// Name of the `[sso-session]` block; `None` for an address alone.
    pub session: Option<String>,
    /// `https://corp.awsapps.com/start`.
    pub start_url: String,
    /// The region of Identity Center.
    pub region: String,
    /// The account's number of twelve digits.
    pub account: String,
    /// The name of the permission set.
    pub role: String,
}

impl IdentityCenterRole {
    /// Where one signs in for it.
    #[must_use]
    pub fn sign_in_session(&self) -> SignInSession {
        SignInSession {
            name: self.session.clone(),
            start_url: self.start_url.clone(),
            region: self.region.clone(),
            scopes: Vec::new(),
        }
    }
}

/// How one signs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignInMethod {
    /// The browser of this computer comes back to the program by itself (authorization code with PKCE).
    #[default]
    Browser,
    /// A code is confirmed in any browser (device authorization).
    DeviceCode,
}

/// What a person does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInStep {
    /// Open this address here.
    Browser {
        /// The address.
        url: String,
        /// Until when it works.
        expires: Timestamp,
    },
    /// Open an address anywhere and compare or type the code.
    Device {
        /// `ABCD-EFGH`.
        code: String,
        /// The address to type.
        url: String,
        /// The same with the code in it.
        full_url: Option<String>,
        /// Until when it works.
        expires: Timestamp,
    },
}

impl SignInStep {
    /// The address to open.
    #[must_use]
    pub fn url(&self) -> &str {
        match self {
            Self::Browser { url, .. } => url,
            Self::Device { url, full_url, .. } => full_url.as_deref().unwrap_or(url),
        }
    }

    /// Until when it works.
    #[must_use]
    pub const fn expires(&self) -> Timestamp {
        match self {
            Self::Browser { expires, .. } | Self::Device { expires, .. } => *expires,
        }
    }
}

/// An account at Identity Center.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its number of twelve digits.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its e-mail address.
    pub email: String,
}

/// What a person is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRequest {
    /// Serial number or ARN of the device.
    pub serial: String,
    /// The role that is to be taken.
    pub role: String,
    /// Why the code given before was not taken.
    pub refused: Option<CodeRefusal>,
}

/// Why a code was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeRefusal {
    /// STS says it is wrong, or was used elsewhere.
    Wrong,
    /// It was used here already.
    Used,
    /// It is not six digits.
    NotSixDigits,
}

/// Why a sign-in came to nothing.
#[derive(Debug)]
pub enum SignInFailure {
    /// The person said no.
    Denied,
    /// Nobody confirmed in time.
    TooLate,
    /// An answer came that does not belong to this sign-in.
    WrongState,
    /// The browser came back with an error.
    Refused {
        /// The error's name, such as `server_error`.
        error: String,
        /// The server's own words.
        said: String,
    },
    /// It was cancelled.
    Cancelled,
    /// This account has no home folder to keep the sign-in in.
    NoHome,
    /// The sign-in could not be kept.
    NotKept {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        reason: std::io::ErrorKind,
    },
    /// Nobody is signed in, or the sign-in has ended.
    SignedOut,
    /// The server knows no such address, account or role, refused, or could not be reached.
    Storage(StorageError),
}

impl From<StorageError> for SignInFailure {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_need_an_address_and_a_region() {
        let session = |start_url: &str, region: &str| SignInSession {
            name: None,
            start_url: start_url.to_owned(),
            region: region.to_owned(),
            scopes: Vec::new(),
        };
        let good = session("https://corp.awsapps.com/start#", "eu-central-1");
        assert_eq!(good.problem(), None);
        assert_eq!(good.cache_id(), "https://corp.awsapps.com/start#");
        for (url, region, problem) in [
            ("", "eu-central-1", SessionProblem::StartUrl),
            (
                "corp.awsapps.com/start",
                "eu-central-1",
                SessionProblem::StartUrl,
            ),
            ("https:///start", "eu-central-1", SessionProblem::StartUrl),
            (
                "https://a b/start",
                "eu-central-1",
                SessionProblem::StartUrl,
            ),
            ("https://corp.awsapps.com/start", "", SessionProblem::Region),
            (
                "https://corp.awsapps.com/start",
                "eu central",
                SessionProblem::Region,
            ),
        ] {
            assert_eq!(
                session(url, region).problem(),
                Some(problem),
                "{url} {region}"
            );
        }
    }
}
