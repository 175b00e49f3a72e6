//! Follows a profile of the shared files as botocore does, to the one source of keys that it stands for.
//!
//! The first of these that is there counts, whatever comes of it: a role with its source, a web identity, Identity
//! Center, keys in the credentials file, `aws login`, a program, keys in the config file. What leads nowhere becomes a
//! source that says why.

use std::path::PathBuf;
use std::sync::Arc;

use aws_credential_types::provider::SharedCredentialsProvider;

use super::instance::Instance;
use super::keyring::Tools;
use super::machine::Container;
use super::pair::{self, Login};
use super::program::Program;
use super::role::{Base, Role, WebIdentity};
use super::shared::{SharedFile, SharedFiles};
use super::stop::Stop;
use crate::domain::diagnosis::Break;
use crate::domain::{IdentityCenterRole, RoleSpec};
use crate::storage::identity_center::RoleAtCenter;

/// A source made of a profile.
pub(super) struct FromProfile {
    pub(super) provider: SharedCredentialsProvider,
    /// A person is asked for a code.
    pub(super) asks: bool,
    /// It is the web identity that the variables name.
    pub(super) of_variables: bool,
}

impl FromProfile {
    fn plain(provider: SharedCredentialsProvider) -> Self {
        Self {
            provider,
            asks: false,
            of_variables: false,
        }
    }
}

/// A web identity: token file, role, name of the session.
type TokenRole = (PathBuf, Option<String>, Option<String>);

/// What profiles are followed in.
pub(super) struct Walk<'a, 't> {
    pub(super) tools: &'a Tools<'t>,
    pub(super) files: &'a SharedFiles,
    /// Sources that were followed already.
    seen: Vec<String>,
}

impl<'a, 't> Walk<'a, 't> {
    pub(super) fn new(tools: &'a Tools<'t>, files: &'a SharedFiles) -> Self {
        Self {
            tools,
            files,
            seen: Vec::new(),
        }
    }

    /// The source that a profile stands for; `None` when it says nothing of keys. `with_variables`: a web identity of
    /// the variables counts as the profile's.
    pub(super) fn top(
        mut self,
        name: &str,
        with_variables: bool,
    ) -> Result<Option<FromProfile>, Stop> {
        self.seen.push(name.to_owned());
        if self.takes_role(name) {
            return self.role(name).map(Some);
        }
        self.base(name, with_variables)
    }

    fn get(&self, profile: &str, key: &str) -> Option<String> {
        self.files.get(profile, key).map(str::to_owned)
    }

    fn takes_role(&self, name: &str) -> bool {
        let says = |key| self.files.says(name, key);
        says("role_arn") && !says("web_identity_token_file")
    }

    fn has_keys(&self, name: &str) -> bool {
        let says = |key| self.files.says(name, key);
        says("aws_access_key_id") || says("aws_secret_access_key")
    }

    fn role_spec(&self, name: &str) -> RoleSpec {
        RoleSpec {
            arn: self.get(name, "role_arn").unwrap_or_default(),
            external_id: self.get(name, "external_id"),
            session_name: self.get(name, "role_session_name"),
            duration_secs: self
                .get(name, "duration_seconds")
                .and_then(|text| RoleSpec::duration_of(&text)),
            mfa_serial: self.get(name, "mfa_serial"),
        }
    }

    fn role(&mut self, name: &str) -> Result<FromProfile, Stop> {
        let spec = self.role_spec(name);
        let named = || name.to_owned();
        let source = self.get(name, "source_profile");
        let base = match (source, self.get(name, "credential_source")) {
            (Some(_), Some(_)) => return Err(Break::TwoSources { name: named() }.into()),
            (None, None) => return Err(Break::RoleWithoutSource { name: named() }.into()),
            (None, Some(place)) => self.place(&place)?,
            (Some(source), None) => self.source(name, source)?,
        };
        if let Some(cause) = Break::of_role(&spec) {
            return Err(cause.into());
        }
        let asks = base.asks || spec.mfa_serial.is_some();
        let role = Role {
            base: Base::Source(base.provider),
            spec,
            sts: self.tools.sts(self.tools.own_sts.as_deref())?,
            codes: self.tools.world.codes().cloned(),
            questions: Arc::clone(self.tools.questions),
        };
        Ok(FromProfile {
            asks,
            ..FromProfile::plain(SharedCredentialsProvider::new(role))
        })
    }

    /// The profile whose keys take a role. One may name itself when it has keys of its own.
    fn source(&mut self, name: &str, source: String) -> Result<FromProfile, Stop> {
        if !self.files.has(&source) {
            if let Some(unreadable) = self.files.unreadable() {
                return Err(unreadable.clone().into());
            }
            let from = name.to_owned();
            return Err(Break::SourceMissing { name: source, from }.into());
        }
        let itself = source == name && self.has_keys(&source);
        if self.seen.contains(&source) && !itself {
            let mut names = std::mem::take(&mut self.seen);
            names.push(source);
            return Err(Break::SourceLoop { names }.into());
        }
        self.seen.push(source.clone());
        if self.takes_role(&source) && !self.has_keys(&source) {
            return self.role(&source);
        }
        let base = self.base(&source, false)?;
        base.ok_or_else(|| Break::ProfileWithoutKeys { name: source }.into())
    }

    /// The place whose keys take a role.
    fn place(&self, place: &str) -> Result<FromProfile, Stop> {
        let provider = match place {
            "Environment" => match pair::of_variables(self.tools.world, self.tools.clock) {
                Some(pair) => pair.map_err(|stop| match stop {
                    Stop::Broken(Break::HalfPair { missing }) => {
                        Stop::Broken(Break::SourceVariablesMissing { missing })
                    }
                    other => other,
                })?,
                None => {
                    let missing = "AWS_ACCESS_KEY_ID";
                    return Err(Break::SourceVariablesMissing { missing }.into());
                }
            },
            "Ec2InstanceMetadata" => SharedCredentialsProvider::new(Instance::of(self.tools)?),
            "EcsContainer" => match Container::of(self.tools) {
                Some(container) => SharedCredentialsProvider::new(container?),
                None => {
                    let missing = super::machine::FULL;
                    return Err(Break::SourceVariablesMissing { missing }.into());
                }
            },
            _ => {
                let value = place.to_owned();
                return Err(Break::UnknownSource { value }.into());
            }
        };
        Ok(FromProfile::plain(provider))
    }

    /// Everything but a role that is taken with other keys.
    fn base(&self, name: &str, with_variables: bool) -> Result<Option<FromProfile>, Stop> {
        let plain =
            |made: Result<SharedCredentialsProvider, Stop>| Ok(Some(FromProfile::plain(made?)));
        if let Some((token, of_variables)) = self.token_role(name, with_variables) {
            let provider = SharedCredentialsProvider::new(self.web_identity(token)?);
            return Ok(Some(FromProfile {
                of_variables,
                ..FromProfile::plain(provider)
            }));
        }
        if let Some(role) = self.center_role(name)? {
            let source = RoleAtCenter::new(role, self.tools)?;
            return plain(Ok(SharedCredentialsProvider::new(source)));
        }
        if let Some(pair) = pair::of_file(self.files, SharedFile::Credentials, name) {
            return plain(pair);
        }
        if let Some(session) = self.get(name, "login_session") {
            let login = Login::new(name, &session, self.tools.world, self.tools.clock);
            return plain(Ok(SharedCredentialsProvider::new(login)));
        }
        if let Some(command) = self.get(name, "credential_process") {
            let program = Program::new(&command, self.tools.clock);
            return plain(Ok(SharedCredentialsProvider::new(program)));
        }
        match pair::of_file(self.files, SharedFile::Config, name) {
            Some(pair) => plain(pair),
            None => Ok(None),
        }
    }

    /// Each part of a web identity is searched in the variables, then in the profile.
    fn token_role(&self, name: &str, with_variables: bool) -> Option<(TokenRole, bool)> {
        let part = |variable: &str, key: &str| {
            let of_variable = with_variables.then(|| self.tools.world.variable(variable));
            of_variable.flatten().or_else(|| self.get(name, key))
        };
        const FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
        let file = PathBuf::from(part(FILE, "web_identity_token_file")?);
        let role = part("AWS_ROLE_ARN", "role_arn");
        let session = part("AWS_ROLE_SESSION_NAME", "role_session_name");
        let of_variables = with_variables && self.tools.world.variable(FILE).is_some();
        Some(((file, role, session), of_variables))
    }

    fn web_identity(
        &self,
        (token_file, arn, session_name): TokenRole,
    ) -> Result<WebIdentity, Stop> {
        let spec = RoleSpec {
            arn: arn.ok_or(Break::RoleArnMissing)?,
            session_name,
            ..RoleSpec::default()
        };
        if let Some(cause) = Break::of_role(&spec) {
            return Err(cause.into());
        }
        Ok(WebIdentity {
            token_file,
            spec,
            sts: self.tools.sts(self.tools.own_sts.as_deref())?,
        })
    }

    /// The role that a profile has at Identity Center: it is meant when the profile names a role or an account.
    fn center_role(&self, name: &str) -> Result<Option<IdentityCenterRole>, Stop> {
        let says = |key| self.files.says(name, key);
        if !says("sso_role_name") && !says("sso_account_id") {
            return Ok(None);
        }
        let session = self.get(name, "sso_session");
        if let Some(session) = session.clone().filter(|one| !self.files.has_session(one)) {
            return Err(Break::SessionMissing { session }.into());
        }
        let needed = |missing: &'static str| {
            let of_session = session
                .as_deref()
                .and_then(|session| self.files.session(session, missing));
            let found = of_session.map(str::to_owned);
            let found = found.or_else(|| self.get(name, missing));
            found.ok_or(Break::IdentityCenterIncomplete { missing, at: None })
        };
        Ok(Some(IdentityCenterRole {
            start_url: needed("sso_start_url")?,
            region: needed("sso_region")?,
            account: needed("sso_account_id")?,
            role: needed("sso_role_name")?,
            session: session.clone(),
        }))
    }
}
