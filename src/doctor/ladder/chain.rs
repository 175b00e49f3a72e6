//! Follows a profile from its first line to where its keys come from, or to the place where the chain breaks.
//!
//! The order of the search is the one in which the storage core makes its sources: a role with its source, Identity
//! Center, a program, keys. Nothing is asked here but files; what only a service or a program can tell is an
//! [`End::Ask`].

use std::path::PathBuf;

use super::cache;
use super::redact;
use super::shared::{Entry, Shared};
use crate::domain::Timestamp;
use crate::domain::diagnosis::{Break, KeyFacts, Light, Origin, Remedy, Step, StepKind};
use crate::settings::Environment;

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
        /// Whose machine's keys take it, where they come from a service.
        of: Option<Machine>,
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
    /// A program.
    Process {
        /// The whole command.
        command: String,
    },
}

/// A service of the machine that gives keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Machine {
    Container,
    Instance,
}

/// A followed chain.
#[derive(Clone, Debug)]
pub(super) struct Followed {
    pub(super) steps: Vec<Step>,
    pub(super) end: End,
}

/// What a chain is followed in.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    pub(super) shared: &'a Shared,
    pub(super) environment: &'a Environment,
    pub(super) now: Timestamp,
}

/// Follows a profile that is there.
pub(super) fn follow(name: &str, way: Way<'_>) -> Followed {
    let mut walk = Walk {
        way,
        steps: Vec::new(),
        seen: Vec::new(),
        root: name.to_owned(),
    };
    let end = match way.shared.malformed() {
        Some(cause) => walk.broken_file(cause),
        None => walk.visit(name),
    };
    Followed {
        steps: walk.steps,
        end,
    }
}

struct Walk<'a> {
    way: Way<'a>,
    steps: Vec<Step>,
    seen: Vec<String>,
    root: String,
}

/// `media-editor` of `arn:aws:iam::123456789012:role/team/media-editor`.
pub(super) fn role_name(arn: &str) -> String {
    arn.rsplit('/').next().unwrap_or(arn).to_owned()
}

impl<'a> Walk<'a> {
    fn step(&mut self, origin: Origin, kind: StepKind) {
        self.steps.push(Step {
            origin,
            kind,
            light: Light::Good,
        });
    }

    /// The last step is where it breaks.
    fn broken(&mut self, cause: Break, remedy: Option<Remedy>) -> End {
        if let Some(last) = self.steps.last_mut() {
            last.light = Light::Bad;
        }
        End::Broken(cause, remedy)
    }

    fn broken_file(&mut self, cause: Break) -> End {
        let path = match &cause {
            Break::FileMalformed { path, .. } | Break::FileUnreadable { path, .. } => path.clone(),
            _ => PathBuf::new(),
        };
        self.broken(cause, Some(Remedy::ShowFile(path)))
    }

    /// The file to be corrected, where the last step stands in one.
    fn file(&self) -> Option<Remedy> {
        self.steps.iter().rev().find_map(|step| match &step.origin {
            Origin::File { path, .. } => Some(Remedy::ShowFile(path.clone())),
            _ => None,
        })
    }

    fn broken_here(&mut self, cause: Break) -> End {
        let file = self.file();
        self.broken(cause, file)
    }

    fn get(&self, name: &str, key: &str) -> Option<Entry<'a>> {
        self.way.shared.get(name, key)
    }

    fn visit(&mut self, name: &str) -> End {
        if self.seen.iter().any(|seen| seen == name) {
            let mut names = self.seen.clone();
            names.push(name.to_owned());
            return self.broken_here(Break::SourceLoop { names });
        }
        self.seen.push(name.to_owned());
        match self.get(name, "role_arn") {
            Some(arn) => self.role(name, arn),
            None => self.base(name),
        }
    }

    fn role(&mut self, name: &str, arn: Entry<'a>) -> End {
        let role = role_name(arn.value);
        let mfa_serial = self.get(name, "mfa_serial").map(|one| one.value.to_owned());
        let external_id = self.get(name, "external_id").is_some();
        self.step(
            arn.origin(),
            StepKind::Role {
                role: role.clone(),
                mfa_serial: mfa_serial.clone(),
                external_id,
            },
        );
        if let Some(file) = self.get(name, "web_identity_token_file") {
            return self.token_file(file.origin(), file.value, role);
        }
        let source = self.get(name, "source_profile");
        let place = self.get(name, "credential_source");
        let (below, of) = match (source, place) {
            (Some(_), Some(_)) => {
                return self.broken_here(Break::TwoSources {
                    name: name.to_owned(),
                });
            }
            (None, None) => {
                return self.broken_here(Break::RoleWithoutSource {
                    name: name.to_owned(),
                });
            }
            (Some(source), None) => (self.source(name, source), None),
            (None, Some(place)) => self.place(place),
        };
        if let End::Broken(..) = below {
            return below;
        }
        if let Some(serial) = mfa_serial {
            // The role's own step is where it stops.
            if let Some(step) = self
                .steps
                .iter_mut()
                .find(|step| matches!(&step.kind, StepKind::Role { role: own, .. } if *own == role))
            {
                step.light = Light::Bad;
            }
            let remedy = Remedy::AssumeRole {
                profile: Some(self.root.clone()),
            };
            return End::Broken(Break::CodeNeeded { serial, role }, Some(remedy));
        }
        let of = match below {
            End::Ask(Ask::Role { of, .. }) => of.or(None),
            _ => of,
        };
        End::Ask(Ask::Role {
            role,
            external_id,
            of,
        })
    }

    /// The profile whose keys take a role; the same one means its own keys.
    fn source(&mut self, name: &str, source: Entry<'a>) -> End {
        if source.value == name {
            return self.own_keys(name);
        }
        self.step(
            source.origin(),
            StepKind::SourceProfile(source.value.to_owned()),
        );
        if !self.way.shared.has(source.value) {
            let unreadable = self.way.shared.unreadable();
            return match unreadable {
                Some(cause) => self.broken_file(cause),
                None => self.broken_here(Break::SourceMissing {
                    name: source.value.to_owned(),
                    from: name.to_owned(),
                }),
            };
        }
        self.visit(source.value)
    }

    /// The place whose keys take a role.
    fn place(&mut self, place: Entry<'a>) -> (End, Option<Machine>) {
        self.step(
            place.origin(),
            StepKind::CredentialSource(place.value.to_owned()),
        );
        let environment = self.way.environment;
        let found = |of| (End::Keys(KeyFacts::default()), of);
        match place.value.to_ascii_lowercase().as_str() {
            "environment" => {
                let missing = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
                    .into_iter()
                    .find(|name| environment.found(name).is_none());
                match missing {
                    Some(missing) => (
                        self.broken(
                            Break::SourceVariablesMissing { missing },
                            Some(Remedy::RunAgain),
                        ),
                        None,
                    ),
                    None => found(None),
                }
            }
            "ec2instancemetadata" => found(Some(Machine::Instance)),
            "ecscontainer" => found(Some(Machine::Container)),
            _ => {
                let value = place.value.to_owned();
                (self.broken_here(Break::UnknownSource { value }), None)
            }
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

    /// A profile without a role.
    fn base(&mut self, name: &str) -> End {
        if let Some(file) = self.get(name, "web_identity_token_file") {
            self.step(
                file.origin(),
                StepKind::TokenFile(PathBuf::from(file.value)),
            );
            return self.broken_here(Break::RoleArnMissing);
        }
        let center = [
            "sso_session",
            "sso_start_url",
            "sso_account_id",
            "sso_role_name",
        ];
        let center = center.iter().find_map(|key| self.get(name, key));
        if let Some(first) = center {
            return self.identity_center(name, first);
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
        self.own_keys(name)
    }

    fn own_keys(&mut self, name: &str) -> End {
        let Some((key, origin, _)) = self.way.shared.keys(name) else {
            if let Some(cause) = self.way.shared.unreadable() {
                return self.broken_file(cause);
            }
            if let Some(place) = self.way.shared.place(name) {
                self.step(place, StepKind::Nothing);
            }
            return self.broken_here(Break::ProfileWithoutKeys {
                name: name.to_owned(),
            });
        };
        self.step(origin, StepKind::Keys(key.clone()));
        let missing = ["aws_access_key_id", "aws_secret_access_key"]
            .into_iter()
            .find(|half| self.get(name, half).is_none());
        if let Some(missing) = missing {
            return self.broken_here(Break::HalfPair { missing });
        }
        match key.expires {
            Some(at) if at <= self.way.now => {
                let paste = Some(Remedy::PasteKeys);
                self.broken(Break::KeysEnded { at }, paste)
            }
            _ => End::Keys(key),
        }
    }

    fn identity_center(&mut self, name: &str, first: Entry<'a>) -> End {
        let text = |entry: Option<Entry<'a>>| entry.map(|one| one.value.to_owned());
        let named = text(self.get(name, "sso_session"));
        let of = |key: &str| match &named {
            Some(session) => self.way.shared.session(session, key),
            None => self.get(name, key),
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
            return self.broken_here(Break::IdentityCenterIncomplete { missing });
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
pub(super) fn signed_in(
    way: Way<'_>,
    session: &str,
) -> Result<Step, (Step, crate::domain::diagnosis::CacheFlaw)> {
    let path = cache::path_of(way.environment, session);
    let origin = Origin::Path(path.clone().unwrap_or_default());
    let looked = match &path {
        Some(path) => cache::look(path, way.now),
        None => Err(crate::domain::diagnosis::CacheFlaw::Missing),
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

/// What is wrong with a token's file.
pub(super) fn token_flaw(path: &std::path::Path) -> Option<Break> {
    let path = path.to_owned();
    match std::fs::read(&path) {
        Ok(bytes) if bytes.iter().all(u8::is_ascii_whitespace) => {
            Some(Break::TokenFileEmpty { path })
        }
        Ok(_) => None,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Some(Break::TokenFileMissing { path })
        }
        Err(_) => Some(Break::TokenFileUnreadable { path }),
    }
}
