//! Follows a profile from its first line to where its keys come from, or to the place where the chain breaks.
//!
//! The order of the search is botocore's and the storage core's: a role with its source, a web identity, Identity Center,
//! keys in the credentials file, `aws login`, a program, keys in the config file. Nothing is asked here but files; what
//! only a service or a program can tell is an [`End::Ask`].

use std::path::PathBuf;

use super::roles::unfit_arn;
use super::shared::{Entry, Pair, Shared};
use crate::domain::diagnosis::{Break, KeyFacts, Light, Origin, Remedy, RungNote, Step, StepKind};
use crate::domain::{RoleSpec, Timestamp, masked_key_id, redact};
use crate::settings::Environment;
use crate::shared_files;

/// Where a chain leads.
#[derive(Clone, Debug)]
pub(super) enum End {
    /// Keys that stand in a file.
    Keys(KeyFacts),
    /// Somebody has to be asked.
    Ask(Ask),
    /// It breaks.
    Broken(Break, Option<Remedy>),
}

/// Who has to be asked for keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// STS, for a role.
    Role {
        /// The role's name.
        role: String,
        /// It is taken with an external id.
        external_id: bool,
    },
    /// STS, for a role with a token.
    WebIdentity {
        /// The role's name.
        role: String,
    },
    /// Identity Center.
    IdentityCenter {
        /// The session block, or the address.
        session: String,
        /// The role's name.
        role: String,
        /// The account.
        account: String,
    },
    /// What `aws login` keeps.
    Login,
    /// A program.
    Process {
        /// The whole command.
        command: String,
    },
}

/// Forbids to ask the metadata service.
pub(super) const OFF: &str = "AWS_EC2_METADATA_DISABLED";

/// The variables that name the endpoint of a container.
pub(super) const CONTAINER: [&str; 2] = [
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/// A followed chain.
#[derive(Clone, Debug)]
pub(super) struct Followed {
    pub(super) steps: Vec<Step>,
    pub(super) end: End,
    /// Where the token of the last keys stands that were met in a file.
    pub(super) token: Option<Origin>,
    /// What is odd about those keys.
    pub(super) odd: Vec<RungNote>,
}

/// What a chain is followed in.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    pub(super) shared: &'a Shared,
    pub(super) environment: &'a Environment,
    pub(super) now: Timestamp,
    /// A web identity of the variables counts as the profile's; not with a profile that was asked for.
    pub(super) with_variables: bool,
    /// Somebody can be asked for the code of a device.
    pub(super) has_person: bool,
}

/// Follows a profile that is there.
pub(super) fn follow(name: &str, way: Way<'_>) -> Followed {
    let mut walk = Walk {
        way,
        steps: Vec::new(),
        seen: Vec::new(),
        token: None,
        odd: Vec::new(),
        root: name.to_owned(),
    };
    let end = match way.shared.malformed() {
        Some(cause) => walk.broken_file(cause),
        None => walk.visit(name),
    };
    Followed {
        steps: walk.steps,
        end,
        token: walk.token,
        odd: walk.odd,
    }
}

pub(super) struct Walk<'a> {
    pub(super) way: Way<'a>,
    pub(super) steps: Vec<Step>,
    pub(super) seen: Vec<String>,
    token: Option<Origin>,
    pub(super) odd: Vec<RungNote>,
    pub(super) root: String,
}

/// `media-editor` of `arn:aws:iam::123456789012:role/team/media-editor`.
pub(super) fn role_name(arn: &str) -> String {
    arn.rsplit('/').next().unwrap_or(arn).to_owned()
}

impl<'a> Walk<'a> {
    pub(super) fn step(&mut self, origin: Origin, kind: StepKind) {
        self.steps.push(Step {
            origin,
            kind,
            light: Light::Good,
        });
    }

    /// The last step is where it breaks.
    pub(super) fn broken(&mut self, cause: Break, remedy: Option<Remedy>) -> End {
        if let Some(last) = self.steps.last_mut() {
            last.light = Light::Bad;
        }
        End::Broken(cause, remedy)
    }

    pub(super) fn broken_file(&mut self, cause: Break) -> End {
        let remedy = super::file_of(&cause);
        self.broken(cause, remedy)
    }

    /// The file to be corrected, where the last step stands in one.
    pub(super) fn file(&self) -> Option<Remedy> {
        self.steps.iter().rev().find_map(|step| match &step.origin {
            Origin::File { path, .. } => Some(Remedy::ShowFile(path.clone())),
            _ => None,
        })
    }

    pub(super) fn broken_here(&mut self, cause: Break) -> End {
        let file = self.file();
        self.broken(cause, file)
    }

    pub(super) fn get(&self, name: &str, key: &str) -> Option<Entry<'a>> {
        self.way.shared.get(name, key)
    }

    pub(super) fn visit(&mut self, name: &str) -> End {
        if self.seen.iter().any(|seen| seen == name) {
            let mut names = self.seen.clone();
            names.push(name.to_owned());
            return self.broken_here(Break::SourceLoop { names });
        }
        self.seen.push(name.to_owned());
        let is_source = self.seen.len() > 1;
        match self.get(name, "role_arn") {
            // A source with keys of its own gives those and takes no role.
            Some(arn) if self.way.shared.takes_role(name) => {
                if is_source && self.way.shared.has_keys(name) {
                    self.base(name)
                } else {
                    self.role(name, arn)
                }
            }
            None if self.way.shared.takes_role(name) => self.role_word(name, &RoleSpec::default()),
            _ => self.base(name),
        }
    }

    fn token_file(&mut self, origin: Origin, file: &str, role: String) -> End {
        let path = PathBuf::from(file);
        self.step(origin, StepKind::TokenFile(path.clone()));
        match token_flaw(&path) {
            Some(cause) => self.broken(cause, Some(Remedy::ShowFile(path))),
            None => End::Ask(Ask::WebIdentity { role }),
        }
    }

    /// A profile without a role that other keys take.
    pub(super) fn base(&mut self, name: &str) -> End {
        if let Some(file) = self.get(name, "web_identity_token_file") {
            return self.web_identity(name, file);
        }
        let first = |keys: &[&str]| keys.iter().find_map(|key| self.get(name, key));
        if let Some(first) = first(&["sso_account_id", "sso_role_name"]) {
            return self.identity_center(name, first);
        }
        if let Some(pair) = self.way.shared.pair(name, true) {
            return self.pair(pair);
        }
        if let Some(session) = self.get(name, "login_session") {
            let kind = StepKind::LoginSession(session.value.to_owned());
            self.step(session.origin(), kind);
            return End::Ask(Ask::Login);
        }
        if let Some(command) = self.get(name, "credential_process") {
            self.step(
                command.origin(),
                StepKind::Process {
                    command: redact::command(command.value),
                },
            );
            return End::Ask(Ask::Process {
                command: command.value.to_owned(),
            });
        }
        if let Some(pair) = self.way.shared.pair(name, false) {
            return self.pair(pair);
        }
        // Half of what Identity Center needs counts for nothing, yet is what was meant.
        if let Some(first) = self
            .get(name, "sso_session")
            .or_else(|| self.get(name, "sso_start_url"))
        {
            return self.identity_center(name, first);
        }
        self.nothing(name)
    }

    fn web_identity(&mut self, name: &str, file: Entry<'a>) -> End {
        let variable = "AWS_ROLE_ARN";
        let of_variable = (self.way.environment.found(variable))
            .filter(|_| self.way.with_variables && self.seen.len() == 1);
        let of_variable = of_variable.map(|arn| (arn, Origin::Variable(variable.to_owned())));
        let of_profile = || {
            let entry = self.get(name, "role_arn")?;
            Some((entry.value, entry.origin()))
        };
        let Some((arn, origin)) = of_variable.or_else(of_profile) else {
            let kind = StepKind::TokenFile(PathBuf::from(file.value));
            self.step(file.origin(), kind);
            return self.broken_here(Break::RoleArnMissing);
        };
        let role = role_name(arn);
        let kind = StepKind::Role {
            role: role.clone(),
            mfa_serial: None,
            external_id: false,
        };
        let cause = unfit_arn(arn, &origin);
        self.step(origin, kind);
        if let Some(cause) = cause {
            return self.broken_here(cause);
        }
        self.token_file(file.origin(), file.value, role)
    }

    fn pair(&mut self, pair: Pair) -> End {
        let Pair {
            key,
            origin,
            missing,
            token,
            odd,
            unsent,
        } = pair;
        let mut shown = key.clone();
        if let Some(Break::KeysSwapped { .. }) = unsent {
            shown.masked_id = masked_key_id("");
        }
        self.step(origin, StepKind::Keys(shown));
        if let Some(cause) = missing.or(unsent) {
            return self.broken_here(cause);
        }
        self.token = token;
        self.odd.extend(odd);
        let ended = key.expires.filter(|at| *at <= self.way.now);
        // boto3 does not read it; whoever does not renew what a tool wrote should know.
        (self.odd).extend(ended.map(|at| RungNote::EndWritten { at }));
        End::Keys(key)
    }

    /// A profile that leads nowhere.
    fn nothing(&mut self, name: &str) -> End {
        if let Some(at) = self.way.shared.lone_secret(name) {
            self.step(at, StepKind::Keys(KeyFacts::default()));
            let missing = "aws_access_key_id";
            return self.broken_here(Break::HalfPair { missing });
        }
        if let Some(cause) = self.way.shared.unreadable() {
            return self.broken_file(cause);
        }
        if let Some(place) = self.way.shared.place(name) {
            self.step(place, StepKind::Nothing);
        }
        if let Some(cause) = self.way.shared.replaced(name) {
            return self.broken_file(cause);
        }
        if let Some(cause) = self.way.shared.misnamed(name) {
            return self.broken_here(cause);
        }
        self.broken_here(Break::ProfileWithoutKeys {
            name: name.to_owned(),
        })
    }
}

/// What is wrong with a token's file.
pub(super) fn token_flaw(path: &std::path::Path) -> Option<Break> {
    let read = shared_files::read(path);
    let path = path.to_owned();
    match read {
        Ok(Some(text)) if text.trim().is_empty() => Some(Break::TokenFileEmpty { path }),
        Ok(Some(_)) => None,
        Ok(None) => Some(Break::TokenFileMissing { path }),
        Err(why) => Some(Break::TokenFileUnreadable { path, why }),
    }
}
