//! The profiles of the shared AWS files: what each offers and what is missing in it, for the first page, drop-downs
//! and warnings. Signing itself reads the files anew, in the storage core.
//!
//! As in boto3, `[profile NAME]` and `[default]` of the config file and `[NAME]` of the credentials file make one
//! profile, and the credentials file wins. No secret leaves this module: a profile tells masked key ids only.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::environment::{Environment, SharedContent};
use super::ini::{ConfigBlock, Ini, IniEntry, IniFaultKind};
use crate::domain::{AmazonHosts, SignInSession};

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
    /// Keys that `aws login` keeps.
    Login,
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
pub(super) struct Merged {
    pub(super) profiles: BTreeMap<String, (Entries, (PathBuf, usize))>,
    /// Which file holds the access key of a profile.
    keys_in: BTreeMap<String, PathBuf>,
    /// Profiles with keys in the credentials file, which come before a program.
    pub(super) keys_first: BTreeSet<String>,
    pub(super) sessions: BTreeMap<String, Entries>,
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
            for (block, section) in ini.blocks(is_config) {
                let place = (file.path.clone(), section.line);
                merged.add(block, section.entries, place, is_config);
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

/// The profile that boto3's default session uses: `AWS_DEFAULT_PROFILE`, `AWS_PROFILE`, `default`.
#[must_use]
pub fn active_profile(environment: &Environment) -> &str {
    named_profile(environment).unwrap_or("default")
}

/// The profile that the environment names.
#[must_use]
pub fn named_profile(environment: &Environment) -> Option<&str> {
    let found = environment.first_found(&["AWS_DEFAULT_PROFILE", "AWS_PROFILE"]);
    found.map(|(_, name)| name)
}

impl Merged {
    fn add(
        &mut self,
        block: Option<ConfigBlock>,
        entries: Entries,
        place: (PathBuf, usize),
        is_config: bool,
    ) {
        match block {
            Some(ConfigBlock::Profile(name)) => self.add_profile(name, entries, place, is_config),
            Some(ConfigBlock::Session(name)) => {
                self.sessions.entry(name).or_default().extend(entries);
            }
            Some(ConfigBlock::Services(name)) => {
                self.services.entry(name).or_default().extend(entries);
            }
            None => {}
        }
    }

    fn add_profile(
        &mut self,
        name: String,
        entries: Entries,
        place: (PathBuf, usize),
        is_config: bool,
    ) {
        if entries.contains_key("aws_access_key_id") {
            self.keys_in.insert(name.clone(), place.0.clone());
            if !is_config {
                self.keys_first.insert(name.clone());
            }
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
}

pub(super) fn text_of<'a>(entries: &'a Entries, key: &str) -> Option<&'a str> {
    entries
        .get(key)
        .map(|entry| entry.value.as_str())
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
#[path = "profiles_tests.rs"]
mod tests;
