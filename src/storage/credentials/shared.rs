//! The shared AWS files as botocore sees them: what each file says of a profile, and both together.
//!
//! Most entries of a profile are those of both files, of which the credentials file wins; a key pair is taken whole from
//! one file. An entry counts as there even when it holds nothing, as in botocore.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;

use crate::domain::diagnosis::{Break, FileFlaw, Origin, Unread};
use crate::domain::ini::{ConfigBlock, Ini, IniEntry, IniFaultKind};
use crate::storage::world::World;

/// Keys in lower case.
type Entries = BTreeMap<String, IniEntry>;

/// One of the two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::storage) enum SharedFile {
    /// `~/.aws/config`
    Config,
    /// `~/.aws/credentials`
    Credentials,
}

/// Both files.
#[derive(Clone, Default)]
pub(in crate::storage) struct SharedFiles {
    config: BTreeMap<String, Entries>,
    credentials: BTreeMap<String, Entries>,
    sessions: BTreeMap<String, Entries>,
    services: BTreeMap<String, Entries>,
    /// Config and credentials file.
    paths: [PathBuf; 2],
    /// Where reading stops.
    malformed: Option<Break>,
    /// A file that gives no text, which counts as empty.
    unreadable: Option<Break>,
}

impl SharedFiles {
    pub(in crate::storage) async fn read(world: &World) -> Self {
        let mut files = Self::default();
        for file in [SharedFile::Config, SharedFile::Credentials] {
            let (path, content) = world.shared_file(file).await;
            files.paths[file as usize].clone_from(&path);
            match content {
                Ok(Some(text)) => files.add(file, &text, path),
                Ok(None) => {}
                Err(why) => {
                    let place = match why {
                        Unread::NotText => &mut files.malformed,
                        _ => &mut files.unreadable,
                    };
                    place.get_or_insert(Break::FileUnreadable { path, why });
                }
            }
        }
        files
    }

    fn add(&mut self, file: SharedFile, text: &str, path: PathBuf) {
        let ini = Ini::parse(text);
        let fault = ini.faults.iter().find_map(|fault| {
            let flaw = match fault.kind {
                IniFaultKind::NoSection => FileFlaw::NoSection,
                IniFaultKind::Unreadable => FileFlaw::Unreadable,
                // botocore stops at these too; what is meant is plain enough to go on.
                IniFaultKind::SectionTwice
                | IniFaultKind::KeyTwice
                | IniFaultKind::NestedUnreadable
                | IniFaultKind::ByteOrderMark => return None,
            };
            Some((fault.line, flaw))
        });
        if let (Some((line, flaw)), None) = (fault, &self.malformed) {
            self.malformed = Some(Break::FileMalformed { path, line, flaw });
        }
        for (block, section) in ini.blocks(file == SharedFile::Config) {
            let (blocks, name) = match (block, file) {
                (Some(ConfigBlock::Profile(name)), SharedFile::Config) => (&mut self.config, name),
                (Some(ConfigBlock::Profile(name)), SharedFile::Credentials) => {
                    (&mut self.credentials, name)
                }
                (Some(ConfigBlock::Session(name)), _) => (&mut self.sessions, name),
                (Some(ConfigBlock::Services(name)), _) => (&mut self.services, name),
                (None, _) => continue,
            };
            blocks.entry(name).or_default().extend(section.entries);
        }
    }

    /// A number that changes with what the files say, wherever in them it stands.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for blocks in [
            &self.config,
            &self.credentials,
            &self.sessions,
            &self.services,
        ] {
            for (name, entries) in blocks {
                name.hash(&mut hasher);
                for (key, entry) in entries {
                    (key, &entry.value).hash(&mut hasher);
                }
            }
            // Where one map ends and the next begins.
            0xff_u8.hash(&mut hasher);
        }
        hasher.finish()
    }

    pub(super) fn malformed(&self) -> Option<&Break> {
        self.malformed.as_ref()
    }

    pub(super) fn unreadable(&self) -> Option<&Break> {
        self.unreadable.as_ref()
    }

    /// True when either file has a section for the profile.
    pub(super) fn has(&self, profile: &str) -> bool {
        self.config.contains_key(profile) || self.credentials.contains_key(profile)
    }

    fn entry<'s>(&'s self, profile: &str, key: &str) -> Option<&'s IniEntry> {
        let of = |file: &'s BTreeMap<String, Entries>| file.get(profile)?.get(key);
        of(&self.credentials).or_else(|| of(&self.config))
    }

    /// True when an entry is there, also an empty one.
    pub(super) fn says(&self, profile: &str, key: &str) -> bool {
        self.entry(profile, key).is_some()
    }

    /// An entry of both files together that holds something.
    pub(in crate::storage) fn get(&self, profile: &str, key: &str) -> Option<&str> {
        text(self.entry(profile, key)?)
    }

    /// The value of an entry of one file, also an empty one.
    pub(super) fn only(&self, file: SharedFile, profile: &str, key: &str) -> Option<&str> {
        let entries = match file {
            SharedFile::Config => self.config.get(profile),
            SharedFile::Credentials => self.credentials.get(profile),
        };
        entries?.get(key).map(|entry| entry.value.as_str())
    }

    /// Where an entry of one file stands.
    pub(super) fn place(&self, file: SharedFile, profile: &str, key: &str) -> Option<Origin> {
        let (blocks, section) = match file {
            SharedFile::Config if profile != "default" => {
                (&self.config, format!("profile {profile}"))
            }
            SharedFile::Config => (&self.config, profile.to_owned()),
            SharedFile::Credentials => (&self.credentials, profile.to_owned()),
        };
        Some(Origin::File {
            path: self.paths[file as usize].clone(),
            section,
            line: blocks.get(profile)?.get(key)?.line,
        })
    }

    pub(super) fn has_session(&self, session: &str) -> bool {
        self.sessions.contains_key(session)
    }

    /// An entry of a session block that holds something.
    pub(super) fn session(&self, session: &str, key: &str) -> Option<&str> {
        text(self.sessions.get(session)?.get(key)?)
    }

    /// Where a profile says that a service answers: its block of services, then for everything.
    pub(super) fn endpoint(&self, profile: &str, service: &str) -> Option<String> {
        let of_services = || {
            let block = self.services.get(self.get(profile, "services")?)?;
            let nested = block.get(service)?.nested();
            nested.get("endpoint_url").map(|url| (*url).to_owned())
        };
        let general = || self.get(profile, "endpoint_url").map(str::to_owned);
        of_services().or_else(general)
    }
}

fn text(entry: &IniEntry) -> Option<&str> {
    Some(entry.value.as_str()).filter(|text| !text.is_empty())
}

impl std::fmt::Debug for SharedFiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedFiles")
            .field("config", &self.config.len())
            .field("credentials", &self.credentials.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn files_are_merged_entry_by_entry_and_told_apart_for_pairs() {
        let config = "[profile work]\nregion = a\naws_access_key_id = C\nservices = mine\nx =\n[sso-session corp]\n\
                      sso_region = r\n[services mine]\nsts =\n  endpoint_url = http://sts\n[work]\nregion = no\n";
        let world = World::of([], config, "[work]\nregion = b\n");
        let files = SharedFiles::read(&world).await;
        assert_eq!(files.get("work", "region"), Some("b"));
        let key = |file| files.only(file, "work", "aws_access_key_id");
        assert_eq!(
            (key(SharedFile::Config), key(SharedFile::Credentials)),
            (Some("C"), None)
        );
        assert!(files.says("work", "x") && files.get("work", "x").is_none());
        assert_eq!(files.session("corp", "sso_region"), Some("r"));
        assert_eq!(files.endpoint("work", "sts").as_deref(), Some("http://sts"));
        assert_eq!(files.endpoint("work", "sso"), None);
        assert!(files.malformed().is_none());
    }
}
