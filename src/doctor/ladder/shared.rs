//! The shared AWS files with the line of everything in them.
//!
//! Sections are merged as boto3 and the SDK do: `[profile NAME]` and `[default]` of the config file with `[NAME]` of the
//! credentials file, which wins. Only this module sees the values; what leaves it for the screen is chosen entry by entry.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::domain::Timestamp;
use crate::domain::diagnosis::{Break, FileFlaw, KeyFacts, Origin, RungNote};
use crate::settings::Environment;
use crate::settings::environment::{SharedContent, SharedFile};
use crate::settings::ini::{Ini, IniFaultKind, IniSection};

use super::pairs::facts;

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
    faults: Vec<(PathBuf, usize, FileFlaw)>,
    unreadable: Vec<(PathBuf, bool)>,
}

/// A found entry.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) value: &'a str,
    pub(super) in_credentials: bool,
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
            faults: Vec::new(),
            unreadable: Vec::new(),
        };
        shared.add(&environment.config, false);
        shared.add(&environment.credentials, true);
        shared
    }

    fn add(&mut self, file: &SharedFile, in_credentials: bool) {
        if let SharedContent::Unreadable(kind) = file.content {
            let not_text = kind == ErrorKind::InvalidData;
            self.unreadable.push((file.path.clone(), not_text));
        }
        let ini = Ini::parse(file.text());
        self.faults.extend(ini.faults.iter().map(|fault| {
            let flaw = match fault.kind {
                IniFaultKind::NoSection => FileFlaw::NoSection,
                IniFaultKind::Unreadable => FileFlaw::Unreadable,
                IniFaultKind::SectionTwice => FileFlaw::SectionTwice,
                IniFaultKind::KeyTwice => FileFlaw::KeyTwice,
            };
            (file.path.clone(), fault.line, flaw)
        }));
        for section in ini.sections {
            let (kind, name) = section
                .name
                .split_once([' ', '\t'])
                .unwrap_or(("", &section.name));
            let name = name.trim().trim_matches(['"', '\'']).to_owned();
            let (kind, whole) = (kind.to_owned(), section.name.clone());
            let own = Section {
                path: file.path.clone(),
                section,
                in_credentials,
            };
            if in_credentials {
                self.profiles.entry(whole).or_default().push(own);
            } else if kind == "profile" || whole == "default" {
                self.profiles.entry(name).or_default().push(own);
            } else if kind == "sso-session" {
                self.sessions.insert(name, own);
            }
        }
    }

    pub(super) fn has(&self, profile: &str) -> bool {
        self.profiles.contains_key(profile)
    }

    /// An entry of a profile that holds something; the credentials file wins, then the later section.
    pub(super) fn get(&self, profile: &str, key: &str) -> Option<Entry<'_>> {
        let sections = self.profiles.get(profile)?;
        sections.iter().rev().find_map(|one| one.get(key))
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
        let one = self.profiles.get(profile)?.first()?;
        Some(Origin::File {
            path: one.path.clone(),
            section: one.section.name.clone(),
            line: one.section.line,
        })
    }

    /// The pair of a profile, as far as it may be shown, and where its key id stands.
    pub(super) fn keys(&self, profile: &str) -> Option<(KeyFacts, Origin, bool)> {
        let id = self.get(profile, "aws_access_key_id");
        let at = id.or_else(|| self.get(profile, "aws_secret_access_key"))?;
        let token = self.get(profile, "aws_session_token");
        let mut key = facts(id.map_or("", |id| id.value), token.is_some());
        if id.is_none() {
            key.masked_id = String::new();
        }
        key.expires = ENDS
            .iter()
            .filter_map(|name| self.get(profile, name))
            .find_map(|entry| time(entry.value));
        Some((key, at.origin(), at.in_credentials))
    }

    /// What keeps the files from being read at all: a line at which reading stops.
    pub(super) fn malformed(&self) -> Option<Break> {
        self.faults.iter().find_map(|(path, line, flaw)| {
            matches!(flaw, FileFlaw::NoSection | FileFlaw::Unreadable).then(|| {
                Break::FileMalformed {
                    path: path.clone(),
                    line: *line,
                    flaw: *flaw,
                }
            })
        })
    }

    /// The first file that the system refuses to give, for when something is missed.
    pub(super) fn unreadable(&self) -> Option<Break> {
        let (path, not_text) = self.unreadable.first()?;
        Some(Break::FileUnreadable {
            path: path.clone(),
            not_text: *not_text,
        })
    }

    /// Lines at which Django stops and this program does not.
    pub(super) fn notes(&self) -> Vec<RungNote> {
        let notes = self
            .faults
            .iter()
            .map(|(path, line, flaw)| RungNote::Malformed {
                path: path.clone(),
                line: *line,
                flaw: *flaw,
            });
        notes.collect()
    }
}

impl Section {
    fn get(&self, key: &str) -> Option<Entry<'_>> {
        let entry = self.section.entries.get(key)?;
        (!entry.value.is_empty()).then_some(Entry {
            value: &entry.value,
            in_credentials: self.in_credentials,
            path: &self.path,
            section: &self.section.name,
            line: entry.line,
        })
    }
}

/// The forms in which tools write a time: with `T` or a blank, with `Z`, `UTC` or an offset.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let text = text
        .strip_suffix("UTC")
        .map_or_else(|| text.to_owned(), |bare| format!("{}Z", bare.trim_end()));
    Timestamp::from_iso(&text).or_else(|| Timestamp::from_iso(&format!("{text}Z")))
}
