//! The shared AWS files with the line of everything in them.
//!
//! Sections are merged as boto3 and the SDK do: `[profile NAME]` and `[default]` of the config file with `[NAME]` of the
//! credentials file, which wins. Only this module sees the values; what leaves it for the screen is chosen entry by entry.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::domain::diagnosis::{
    Break, FileFlaw, KeyFacts, KeyHalf, Origin, RungNote, SeenProfile, Unread,
};
use crate::domain::{Timestamp, nearest};
use crate::settings::Environment;
use crate::settings::environment::SharedFile;
use crate::settings::ini::{ConfigBlock, Ini, IniFaultKind, IniSection};

use super::pairs::{facts, odd};

/// The names under which tools write the end of temporary keys beside them.
const ENDS: [&str; 4] = [
    "x_security_token_expires",
    "aws_session_expiration",
    "aws_expiration",
    "expiration",
];

/// One section of a file.
struct Section {
    path: PathBuf,
    section: IniSection,
    in_credentials: bool,
}

/// Both files.
pub(super) struct Shared {
    profiles: BTreeMap<String, Vec<Section>>,
    sessions: BTreeMap<String, Section>,
    /// Headings of the config file that are none of a profile.
    others: Vec<(PathBuf, usize, String)>,
    faults: Vec<(PathBuf, usize, FileFlaw)>,
    /// Headings that a later one for the same profile replaces: the profile, the file, both lines.
    replaced: Vec<(String, PathBuf, usize, usize)>,
    unreadable: Vec<(PathBuf, Unread)>,
    /// The credentials file.
    credentials: PathBuf,
}

/// A pair of a file, as far as it may be shown.
pub(super) struct Pair {
    pub(super) key: KeyFacts,
    /// Where its key id stands.
    pub(super) origin: Origin,
    /// Why it is no pair.
    pub(super) missing: Option<Break>,
    /// Where its token stands.
    pub(super) token: Option<Origin>,
    /// What is odd about it.
    pub(super) odd: Vec<RungNote>,
    /// Why it is not even sent.
    pub(super) unsent: Option<Break>,
}

/// A found entry.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) value: &'a str,
    path: &'a Path,
    section: &'a str,
    line: usize,
}

impl Entry<'_> {
    pub(super) fn origin(&self) -> Origin {
        Origin::File {
            path: self.path.to_owned(),
            section: self.section.to_owned(),
            line: self.line,
        }
    }
}

impl Shared {
    pub(super) fn read(environment: &Environment) -> Self {
        let mut shared = Self {
            profiles: BTreeMap::new(),
            sessions: BTreeMap::new(),
            others: Vec::new(),
            faults: Vec::new(),
            replaced: Vec::new(),
            unreadable: Vec::new(),
            credentials: environment.credentials.path.clone(),
        };
        shared.add(&environment.config, false);
        shared.add(&environment.credentials, true);
        shared
    }

    fn add(&mut self, file: &SharedFile, in_credentials: bool) {
        if let Some(why) = file.unread() {
            self.unreadable.push((file.path.clone(), why));
        }
        let ini = Ini::parse(file.text());
        self.faults.extend(ini.faults.iter().map(|fault| {
            let flaw = match fault.kind {
                IniFaultKind::NoSection => FileFlaw::NoSection,
                IniFaultKind::Unreadable => FileFlaw::Unreadable,
                IniFaultKind::SectionTwice => FileFlaw::SectionTwice,
                IniFaultKind::KeyTwice => FileFlaw::KeyTwice,
                IniFaultKind::NestedUnreadable => FileFlaw::NestedUnreadable,
                IniFaultKind::ByteOrderMark => FileFlaw::ByteOrderMark,
            };
            (file.path.clone(), fault.line, flaw)
        }));
        let mut replaced: Vec<(Option<ConfigBlock>, usize)> = Vec::new();
        let headings = ini.sections.iter();
        replaced.extend(headings.map(|one| (one.config_block(), one.line)));
        for (block, section) in ini.blocks(!in_credentials) {
            replaced.retain(|(_, line)| *line != section.line);
            if let Some(ConfigBlock::Profile(name)) = &block {
                let own = replaced.iter().filter(|(old, _)| *old == block);
                let own = own.filter(|(_, line)| !in_credentials && *line < section.line);
                self.replaced.extend(
                    own.map(|(_, line)| (name.clone(), file.path.clone(), *line, section.line)),
                );
            }
            let own = Section {
                path: file.path.clone(),
                section,
                in_credentials,
            };
            match block {
                Some(ConfigBlock::Profile(name)) => {
                    self.profiles.entry(name).or_default().push(own);
                }
                Some(ConfigBlock::Session(name)) => {
                    self.sessions.insert(name, own);
                }
                None => {
                    let (line, name) = (own.section.line, own.section.name);
                    self.others.push((own.path, line, name));
                }
                Some(ConfigBlock::Services(_)) => {}
            }
        }
    }

    pub(super) fn has(&self, profile: &str) -> bool {
        self.profiles.contains_key(profile)
    }

    /// Says that a profile is not there, with what may have been meant to be it.
    pub(super) fn missing(&self, profile: &str) -> Break {
        let heading = |written: &str, in_credentials: bool| {
            let name = written.trim();
            let name = name.strip_prefix("profile").map_or(name, str::trim);
            let meant = if in_credentials {
                profile.to_owned()
            } else {
                format!("profile {profile}")
            };
            (name == profile).then_some(meant)
        };
        let misspelt = |path: &Path, line: usize, written: &str, in_credentials: bool| {
            Some(SeenProfile::Misspelt {
                path: path.to_owned(),
                line,
                written: written.to_owned(),
                meant: heading(written, in_credentials)?,
            })
        };
        let others = self.others.iter();
        let seen = others
            .into_iter()
            .find_map(|(path, line, name)| misspelt(path, *line, name, false));
        let seen = seen.or_else(|| {
            let credentials = self.profiles.values().flatten();
            let mut credentials = credentials.filter(|one| one.in_credentials);
            credentials
                .find_map(|one| misspelt(&one.path, one.section.line, &one.section.name, true))
        });
        let near = || nearest(profile, self.profiles.keys().map(String::as_str));
        let name = profile.to_owned();
        let seen = seen.or_else(|| near().map(|near| SeenProfile::Near(near.to_owned())));
        Break::ProfileMissing { name, seen }
    }

    /// An entry of a profile that holds something; the credentials file wins, then the later section.
    pub(super) fn get(&self, profile: &str, key: &str) -> Option<Entry<'_>> {
        let sections = self.profiles.get(profile)?;
        sections.iter().rev().find_map(|one| one.get(key))
    }

    /// A section of a profile that does not count, because a later heading means the same profile.
    pub(super) fn replaced(&self, profile: &str) -> Option<Break> {
        let (_, path, line, by) = self.replaced.iter().find(|(name, ..)| name == profile)?;
        let (path, line, by) = (path.clone(), *line, *by);
        Some(Break::SectionReplaced { path, line, by })
    }

    pub(super) fn has_session(&self, session: &str) -> bool {
        self.sessions.contains_key(session)
    }

    /// An entry of a session block that holds something.
    pub(super) fn session(&self, session: &str, key: &str) -> Option<Entry<'_>> {
        self.sessions.get(session)?.get(key)
    }

    /// Where a profile begins.
    pub(super) fn place(&self, profile: &str) -> Option<Origin> {
        Some(self.profiles.get(profile)?.first()?.heading())
    }

    /// Where another entry of the section stands in which one was found.
    pub(super) fn beside(&self, origin: &Origin, key: &str) -> Option<Origin> {
        let Origin::File { path, section, .. } = origin else {
            return None;
        };
        let mut all = self.profiles.values().flatten();
        let own = all.find(|one| one.path == *path && one.section.name == *section)?;
        Some(Origin::File {
            path: path.clone(),
            section: section.clone(),
            line: own.section.entries.get(key)?.line,
        })
    }

    /// Where a profile says this, also with nothing behind it.
    pub(super) fn at(&self, profile: &str, key: &str) -> Option<Origin> {
        let mut all = self.profiles.get(profile)?.iter();
        all.find_map(|one| self.beside(&one.heading(), key))
    }

    /// Where a session block begins.
    pub(super) fn session_place(&self, session: &str) -> Option<Origin> {
        Some(self.sessions.get(session)?.heading())
    }

    /// True when a profile says this, also with nothing behind it.
    pub(super) fn says(&self, profile: &str, key: &str) -> bool {
        let sections = self.profiles.get(profile);
        sections.is_some_and(|all| all.iter().any(|one| one.section.entries.contains_key(key)))
    }

    /// True when a profile has one half of a pair at least, in whichever file.
    pub(super) fn has_keys(&self, profile: &str) -> bool {
        self.says(profile, "aws_access_key_id") || self.says(profile, "aws_secret_access_key")
    }

    /// True for a profile that takes a role with other keys.
    pub(super) fn takes_role(&self, profile: &str) -> bool {
        self.says(profile, "role_arn") && !self.says(profile, "web_identity_token_file")
    }

    /// The pair of a profile in one file, which is taken whole from it. A secret alone counts for nothing.
    pub(super) fn pair(&self, profile: &str, in_credentials: bool) -> Option<Pair> {
        let all = self.profiles.get(profile)?;
        let mut own = all
            .iter()
            .rev()
            .filter(|one| one.in_credentials == in_credentials);
        let section = own.find(|one| one.section.entries.contains_key("aws_access_key_id"))?;
        let at = section.section.entries.get("aws_access_key_id")?;
        let token = ["aws_security_token", "aws_session_token"]
            .into_iter()
            .find_map(|name| section.get(name));
        let mut key = facts(&at.value, token.is_some());
        if at.value.is_empty() {
            key.masked_id = String::new();
        }
        key.expires = ENDS
            .iter()
            .filter_map(|name| section.get(name))
            .find_map(|entry| Timestamp::from_tools(entry.value))
            // Beside long-term keys it was left by others.
            .filter(|_| key.temporary);
        let halves = ["aws_access_key_id", "aws_secret_access_key"].map(|half| section.get(half));
        let missing = match halves {
            [None, None] => Some(Break::PairEmpty),
            [None, Some(_)] => Some(Break::HalfPair {
                missing: "aws_access_key_id",
            }),
            [Some(_), None] => Some(self.without_secret(profile, at.line, section)),
            [Some(_), Some(_)] => None,
        };
        let unsent = match halves {
            [Some(id), Some(secret)] => Break::of_pair(id.value, secret.value, Some(id.origin()))
                .or_else(|| Break::of_token(token?.value, Some(token?.origin()))),
            _ => None,
        };
        let parts = [KeyHalf::Id, KeyHalf::Secret, KeyHalf::Token];
        let written = parts.into_iter().zip(halves.into_iter().chain([token]));
        let odd = written.filter_map(|(half, entry)| odd(half, entry?.value, &entry?.origin()));
        let origin = Origin::File {
            path: section.path.clone(),
            section: section.section.name.clone(),
            line: at.line,
        };
        Some(Pair {
            key,
            origin,
            missing,
            token: token.map(|entry| entry.origin()),
            odd: odd.collect(),
            unsent,
        })
    }

    /// A key id without its secret: that stands in the other file, or under another name, or nowhere.
    fn without_secret(&self, profile: &str, line: usize, section: &Section) -> Break {
        let missing = "aws_secret_access_key";
        let Some(secret) = self.get(profile, missing) else {
            let misnamed = self.misnamed(profile);
            return misnamed.unwrap_or(Break::HalfPair { missing });
        };
        let id = Origin::File {
            path: section.path.clone(),
            section: section.section.name.clone(),
            line,
        };
        let secret = secret.origin();
        Break::PairTorn { id, secret }
    }

    /// A line that is meant for a key and is not called as boto3 wants it.
    pub(super) fn misnamed(&self, profile: &str) -> Option<Break> {
        let sections = self.profiles.get(profile)?.iter();
        let mut lines =
            sections.flat_map(|one| one.section.entries.keys().map(move |name| (one, name)));
        lines.find_map(|(one, written)| {
            let meant = meant_by(written).filter(|meant| !self.says(profile, meant))?;
            let at = self.beside(&one.heading(), written)?;
            let written = written.clone();
            Some(Break::KeyMisnamed { written, meant, at })
        })
    }

    /// A secret of a profile whose key id stands in neither file, and where.
    pub(super) fn lone_secret(&self, profile: &str) -> Option<Origin> {
        if self.says(profile, "aws_access_key_id") {
            return None;
        }
        self.get(profile, "aws_secret_access_key")
            .map(|entry| entry.origin())
    }

    /// What keeps the files from being read at all: one that is no text, or a line at which reading stops.
    pub(super) fn malformed(&self) -> Option<Break> {
        let line = self.faults.iter().find_map(|(path, line, flaw)| {
            matches!(flaw, FileFlaw::NoSection | FileFlaw::Unreadable).then(|| {
                Break::FileMalformed {
                    path: path.clone(),
                    line: *line,
                    flaw: *flaw,
                }
            })
        });
        line.or_else(|| self.first_unread(|why| why == Unread::NotText))
    }

    /// The first file that gives no text though it should, for when something is missed.
    pub(super) fn unreadable(&self) -> Option<Break> {
        self.first_unread(|_| true)
    }

    /// Why one of the files gives no text though it should.
    pub(super) fn unread_in(&self, in_credentials: bool) -> Option<Break> {
        let mut own = self.unreadable.iter();
        let (path, why) = own.find(|(path, _)| self.is_credentials(path) == in_credentials)?;
        let (path, why) = (path.clone(), *why);
        Some(Break::FileUnreadable { path, why })
    }

    /// True for the path of the credentials file.
    pub(super) fn is_credentials(&self, path: &Path) -> bool {
        self.credentials == path
    }

    fn first_unread(&self, is_it: impl Fn(Unread) -> bool) -> Option<Break> {
        let (path, why) = self.unreadable.iter().find(|(_, why)| is_it(*why))?;
        Some(Break::FileUnreadable {
            path: path.clone(),
            why: *why,
        })
    }

    /// What Django stops at, whoever signs: the first line of each file.
    pub(super) fn notes(&self) -> Vec<RungNote> {
        let mut seen: Option<&Path> = None;
        let notes = self
            .faults
            .iter()
            .filter(|(path, ..)| seen.replace(path) != Some(path))
            .map(|(path, line, flaw)| RungNote::Malformed {
                path: path.clone(),
                line: *line,
                flaw: *flaw,
            });
        let no_text = (self.unreadable.iter())
            .filter(|(_, why)| *why == Unread::NotText)
            .map(|(path, _)| RungNote::NotText(path.clone()));
        notes.chain(no_text).collect()
    }
}

/// The key that a line under another name is meant for.
fn meant_by(written: &str) -> Option<&'static str> {
    let known = ["aws_access_key_id", "aws_secret_access_key"];
    if known.contains(&written) {
        return None;
    }
    let mut plain = written.to_owned();
    plain.retain(|each| each.is_ascii_alphabetic());
    let plain = plain.strip_prefix("export").unwrap_or(&plain);
    match plain.strip_prefix("aws").unwrap_or(plain) {
        "accesskeyid" | "accesskey" | "accessid" | "keyid" | "key" => Some(known[0]),
        "secretaccesskey" | "secretkey" | "secret" | "accesssecret" | "accesskeysecret" => {
            Some(known[1])
        }
        _ => None,
    }
}

impl Section {
    fn heading(&self) -> Origin {
        Origin::File {
            path: self.path.clone(),
            section: self.section.name.clone(),
            line: self.section.line,
        }
    }

    fn get(&self, key: &str) -> Option<Entry<'_>> {
        let entry = self.section.entries.get(key)?;
        (!entry.value.is_empty()).then_some(Entry {
            value: &entry.value,
            path: &self.path,
            section: &self.section.name,
            line: entry.line,
        })
    }
}
