//! The profiles of the shared AWS files: what each offers and what is missing in it, for the first page, drop-downs
//! and warnings. Signing itself reads the files through the SDK.
//!
//! As in boto3, `[profile NAME]` and `[default]` of the config file and `[NAME]` of the credentials file make one
//! profile, and the credentials file wins. No secret leaves this module: a profile tells masked key ids only.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::environment::{Environment, SharedContent};
use super::ini::{Ini, IniEntry, IniFaultKind};
use crate::domain::{AmazonHosts, SignInSession, masked_key_id};

/// All profiles and what is wrong with the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profiles {
    /// In order of names, `default` included.
    pub list: Vec<Profile>,
    /// Where one can sign in to Identity Center, by name.
    pub sessions: Vec<SignInSession>,
    /// What boto3 stops at, file by file.
    pub faults: Vec<FileFault>,
}

/// One profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Where its credentials come from.
    pub kind: ProfileKind,
    /// Its region.
    pub region: Option<String>,
    /// Its own endpoint for S3, or for everything.
    pub endpoint: Option<String>,
    /// Its file of certificates.
    pub ca_bundle: Option<String>,
    /// Signature version from its `s3 =` block.
    pub signature_version: Option<String>,
    /// Which of Amazon's hosts its `s3 =` block asks for.
    pub hosts: AmazonHosts,
    /// Where one signs in for it, itself or the profile whose credentials it takes.
    pub sign_in: Option<SignInSession>,
    /// What is missing in it.
    pub problem: Option<ProfileProblem>,
    /// The file that holds its access key.
    pub keys_in: Option<PathBuf>,
    /// File and line where it begins.
    pub place: (PathBuf, usize),
}

/// What a profile says about Amazon's hosts, in its `s3 =` block or beside it.
fn hosts(entries: &Entries) -> AmazonHosts {
    let nested = |key: &str| {
        let s3 = entries.get("s3")?;
        s3.nested().get(key).map(|text| (*text).to_owned())
    };
    let is_true = |text: Option<&str>| text.is_some_and(|text| text.eq_ignore_ascii_case("true"));
    AmazonHosts {
        dual_stack: is_true(nested("use_dualstack_endpoint").as_deref())
            || is_true(text_of(entries, "use_dualstack_endpoint")),
        accelerate: is_true(nested("use_accelerate_endpoint").as_deref()),
        us_east_1_regional: nested("us_east_1_regional_endpoint")
            .is_some_and(|text| text.eq_ignore_ascii_case("regional")),
    }
}

/// Where a profile's credentials come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileKind {
    /// A key pair.
    AccessKey {
        /// `AKIA…MPLE`.
        masked_id: String,
        /// With a session token.
        temporary: bool,
    },
    /// A role, taken with the credentials of another source.
    Role {
        /// Name of the role without its account.
        role: String,
        /// Who takes it.
        by: RoleSource,
    },
    /// IAM Identity Center, signed in to in the browser.
    IdentityCenter {
        /// Name of the role.
        role: String,
        /// Number of the account.
        account: String,
        /// Name of the session block, or the address to sign in at.
        session: String,
    },
    /// A program that prints credentials.
    Process {
        /// The program without its arguments.
        program: String,
    },
    /// A role taken with a token from a file.
    WebIdentity {
        /// Name of the role.
        role: String,
    },
    /// Settings only; credentials come from elsewhere.
    SettingsOnly,
}

/// Whose credentials take a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleSource {
    /// Another profile.
    Profile(String),
    /// `Environment`, `Ec2InstanceMetadata` or `EcsContainer`.
    Place(String),
    /// Nobody is named.
    Unknown,
}

/// What is missing in a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileProblem {
    /// One half of the key pair.
    HalfPair {
        /// The key that is missing: `aws_secret_access_key`.
        missing: &'static str,
    },
    /// The source profile is not there.
    SourceMissing(String),
    /// Source profiles lead back to this one.
    SourceLoop,
    /// A role without a source.
    NoSource,
    /// The session block is not there, or lacks its address.
    SessionMissing(String),
    /// A part of the Identity Center settings.
    IncompleteIdentityCenter {
        /// The key that is missing.
        missing: &'static str,
    },
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// Which file.
    pub path: PathBuf,
    /// Where, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong there; nothing when the file itself cannot be read.
    pub kind: Option<IniFaultKind>,
}

pub(super) type Entries = BTreeMap<String, IniEntry>;

/// Sections merged to profiles, session and service blocks.
#[derive(Default)]
struct Merged {
    profiles: BTreeMap<String, (Entries, (PathBuf, usize))>,
    /// Which file holds the access key of a profile.
    keys_in: BTreeMap<String, PathBuf>,
    sessions: BTreeMap<String, Entries>,
    services: BTreeMap<String, Entries>,
}

impl Profiles {
    /// Reads the snapshot's files.
    #[must_use]
    pub fn read(environment: &Environment) -> Self {
        let mut faults = Vec::new();
        let mut merged = Merged::default();
        for (file, is_config) in [
            (&environment.config, true),
            (&environment.credentials, false),
        ] {
            if let SharedContent::Unreadable(_) = file.content {
                faults.push(FileFault {
                    path: file.path.clone(),
                    line: 0,
                    kind: None,
                });
            }
            let ini = Ini::parse(file.text());
            faults.extend(ini.faults.iter().map(|fault| FileFault {
                path: file.path.clone(),
                line: fault.line,
                kind: Some(fault.kind),
            }));
            for section in ini.sections {
                let place = (file.path.clone(), section.line);
                merged.add(&section.name, section.entries, place, is_config);
            }
        }
        let list = merged
            .profiles
            .iter()
            .map(|(name, (entries, place))| merged.profile(name, entries, place.clone()))
            .collect();
        let sessions = super::sessions::all(&merged.sessions);
        Self {
            list,
            sessions,
            faults,
        }
    }

    /// The profile of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.list.iter().find(|profile| profile.name == name)
    }
}

/// The profile that boto3's default session uses: `AWS_PROFILE`, `AWS_DEFAULT_PROFILE`, `default`.
#[must_use]
pub fn active_profile(environment: &Environment) -> &str {
    named_profile(environment).unwrap_or("default")
}

/// The profile that the environment names.
#[must_use]
pub fn named_profile(environment: &Environment) -> Option<&str> {
    let found = environment.first_found(&["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]);
    found.map(|(_, name)| name)
}

impl Merged {
    fn add(&mut self, section: &str, entries: Entries, place: (PathBuf, usize), is_config: bool) {
        let (kind, name) = section.split_once([' ', '\t']).unwrap_or(("", section));
        let name = name.trim().trim_matches(['"', '\'']).to_owned();
        if !is_config {
            self.add_profile(section.to_owned(), entries, place);
        } else if kind == "profile" {
            self.add_profile(name, entries, place);
        } else if kind == "sso-session" {
            self.sessions.entry(name).or_default().extend(entries);
        } else if kind == "services" {
            self.services.entry(name).or_default().extend(entries);
        } else if section == "default" {
            self.add_profile(section.to_owned(), entries, place);
        }
    }

    fn add_profile(&mut self, name: String, entries: Entries, place: (PathBuf, usize)) {
        if entries.contains_key("aws_access_key_id") {
            self.keys_in.insert(name.clone(), place.0.clone());
        }
        self.profiles
            .entry(name)
            .or_insert_with(|| (Entries::new(), place))
            .0
            .extend(entries);
    }

    fn profile(&self, name: &str, entries: &Entries, place: (PathBuf, usize)) -> Profile {
        let text = |key: &str| text_of(entries, key).map(str::to_owned);
        let (kind, problem) = self.kind(name, entries);
        let from_services = text("services")
            .and_then(|name| self.services.get(&name))
            .and_then(|service| service.get("s3"))
            .and_then(|s3| s3.nested().get("endpoint_url").map(|url| (*url).to_owned()));
        Profile {
            name: name.to_owned(),
            kind,
            region: text("region"),
            endpoint: from_services.or_else(|| text("endpoint_url")),
            ca_bundle: text("ca_bundle"),
            signature_version: entries.get("s3").and_then(|s3| {
                s3.nested()
                    .get("signature_version")
                    .map(|name| (*name).to_owned())
            }),
            hosts: hosts(entries),
            keys_in: self.keys_in.get(name).cloned(),
            sign_in: super::sessions::of_profile(
                name,
                &|name| self.profiles.get(name).map(|(entries, _)| entries),
                &self.sessions,
            ),
            problem,
            place,
        }
    }

    /// The order in which boto3's chain looks: role, Identity Center, keys, program.
    fn kind(&self, name: &str, entries: &Entries) -> (ProfileKind, Option<ProfileProblem>) {
        let text = |key: &str| text_of(entries, key);
        if let Some(arn) = text("role_arn") {
            let role = role_name(arn);
            if text("web_identity_token_file").is_some() {
                return (ProfileKind::WebIdentity { role }, None);
            }
            let (by, problem) = self.role_source(name, entries);
            return (ProfileKind::Role { role, by }, problem);
        }
        if text("sso_account_id").is_some()
            || text("sso_session").is_some()
            || text("sso_start_url").is_some()
        {
            return self.identity_center(entries);
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
            (None, None) => match text("credential_process") {
                Some(command) => (
                    ProfileKind::Process {
                        program: program_of(command),
                    },
                    None,
                ),
                None => (ProfileKind::SettingsOnly, None),
            },
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

pub(super) fn text_of<'a>(entries: &'a Entries, key: &str) -> Option<&'a str> {
    entries
        .get(key)
        .map(|entry| entry.value.as_str())
        .filter(|text| !text.is_empty())
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

#[cfg(test)]
#[path = "profiles_tests.rs"]
mod tests;
