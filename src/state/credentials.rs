//! The dialogs about credentials, as values: signing in, taking a role, pasting keys, the code of an MFA device.
//!
//! `sign_in` says what happens in them. Secrets lie in these values as [`Secret`]s and nowhere else.

use crate::domain::{
    Account, IdentityCenterRole, RoleSpec, Secret, SessionProblem, SignInMethod, SignInSession,
    SignInStep, Ticket, Timestamp,
};
use crate::settings::ConnectionId;
use crate::settings::environment::Environment;
use crate::settings::new_profile::{Addition, NoAddition, addition, profile_name};
use crate::settings::pasted::Pasted;
use crate::worker::messages::CodeRequest;

/// What is done about credentials.
#[derive(Clone, Debug)]
pub enum CredentialsAction {
    /// Sign in to Identity Center: for what is shown, or for this profile.
    SignIn {
        /// The profile that names the session.
        profile: Option<String>,
    },
    /// Take a role with the credentials of what is shown.
    AssumeRole,
    /// Take no role any more.
    DropRole,
    /// Enter a key, a secret and a token as one block.
    PasteKeys,
    /// Fetch new keys for the open connection now.
    Renew,
}

/// What the answer of a dialog is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum For {
    /// The settings being edited.
    Draft,
    /// A saved or open connection.
    Connection(ConnectionId),
    /// A connection that is made by it.
    New,
    /// Nothing but the sign-in itself; the connection already says what it needs.
    Nothing,
}

/// Signing in.
#[derive(Debug)]
pub struct SignInDialog {
    /// Name of the session block, where one is known.
    pub name: Option<String>,
    /// The address.
    pub start_url: String,
    /// The region of Identity Center.
    pub region: String,
    /// How.
    pub method: SignInMethod,
    /// What to do with it.
    pub target: For,
    /// How far it is.
    pub stage: Stage,
    /// What went wrong last.
    pub problem: Option<String>,
}

/// How far a sign-in is.
#[derive(Debug)]
pub enum Stage {
    /// The address is typed.
    Address,
    /// The person is at the browser.
    Waiting {
        /// The question.
        ticket: Ticket,
        /// What to do; `None` until the service answered.
        step: Option<SignInStep>,
    },
    /// Account and role are chosen.
    Picking(Box<Picking>),
}

/// The choice of an account and a role.
#[derive(Debug, Default)]
pub struct Picking {
    /// The newest question.
    pub ticket: Ticket,
    /// Accounts; `None` until they came.
    pub accounts: Option<Vec<Account>>,
    /// The number of the chosen one.
    pub account: Option<String>,
    /// Roles in it; `None` until they came.
    pub roles: Option<Vec<String>>,
    /// The chosen one.
    pub role: Option<String>,
    /// Whether a profile is added to the AWS config file.
    pub adds_profile: bool,
    /// Its name.
    pub profile: String,
}

impl SignInDialog {
    /// Where it is signed in to.
    #[must_use]
    pub fn session(&self) -> SignInSession {
        SignInSession {
            name: self.name.clone(),
            start_url: self.start_url.trim().to_owned(),
            region: self.region.trim().to_owned(),
            scopes: Vec::new(),
        }
    }

    /// Why it cannot begin.
    #[must_use]
    pub fn refusal(&self) -> Option<SessionProblem> {
        self.session().problem()
    }

    /// Account and role, once both are chosen.
    #[must_use]
    pub fn chosen(&self) -> Option<IdentityCenterRole> {
        let Stage::Picking(picking) = &self.stage else {
            return None;
        };
        let session = self.session();
        Some(IdentityCenterRole {
            session: session.name,
            start_url: session.start_url,
            region: session.region,
            account: picking.account.clone()?,
            role: picking.role.clone()?,
        })
    }

    /// What would be added to the AWS config file, word for word.
    ///
    /// # Errors
    /// When the name cannot be used, or the file cannot be read.
    pub fn addition(&self, environment: &Environment) -> Option<Result<Addition, NoAddition>> {
        let Stage::Picking(picking) = &self.stage else {
            return None;
        };
        let role = self.chosen()?;
        picking
            .adds_profile
            .then(|| addition(&picking.profile, &role, None, environment))
    }
}

impl Picking {
    /// The chosen account.
    #[must_use]
    pub fn chosen_account(&self) -> Option<&Account> {
        let id = self.account.as_ref()?;
        self.accounts
            .as_ref()?
            .iter()
            .find(|account| account.id == *id)
    }

    /// A name for the profile and the connection.
    #[must_use]
    pub fn suggested_name(&self) -> String {
        let account = self
            .chosen_account()
            .map(|account| match account.name.as_str() {
                "" => account.id.clone(),
                name => name.to_owned(),
            })
            .unwrap_or_default();
        profile_name(&account, self.role.as_deref().unwrap_or_default())
    }
}

/// Pasting keys.
#[derive(Debug, Default)]
pub struct PasteDialog {
    /// What was pasted.
    pub text: Secret,
    /// What stands in it.
    pub found: Option<Pasted>,
    /// What it is for.
    pub target: Option<For>,
}

/// Asking for a code.
#[derive(Debug)]
pub struct CodeDialog {
    /// The question's own number.
    pub ticket: Ticket,
    /// Which device, for which role.
    pub request: CodeRequest,
    /// What is typed.
    pub code: Secret,
}

/// A change in one of these dialogs.
#[derive(Clone, Debug)]
pub enum FormEdit {
    /// The address.
    StartUrl(String),
    /// A session of the shared files.
    Session(SignInSession),
    /// The region.
    Region(String),
    /// How to sign in.
    Method(SignInMethod),
    /// Open the address again.
    OpenBrowser,
    /// Copy the code.
    CopyCode,
    /// Copy the address.
    CopyAddress,
    /// Back to the address.
    Back,
    /// An account.
    Account(String),
    /// A role in it.
    Role(String),
    /// Whether a profile is added.
    AddsProfile(bool),
    /// Its name.
    Profile(String),
    /// The role as typed.
    Spec(RoleSpec),
    /// Keep the role though it was not taken.
    KeepRole,
    /// Take no role any more.
    NoRole,
    /// The pasted block, or the code.
    Hidden(Secret),
}

/// When keys of the open connection were looked at last.
#[derive(Clone, Copy, Debug, Default)]
pub struct Renewing {
    /// The question under way, and whether a person asked it.
    pub ticket: Option<(Ticket, bool)>,
    /// The end for which it was asked by itself.
    pub asked_for: Option<Timestamp>,
}
