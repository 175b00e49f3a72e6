//! Reads the shared AWS files as boto3 does: sections, `key = value`, indented continuation lines, whole-line
//! comments. Every entry knows its line.
//!
//! boto3 gives up on the whole file at the first line that is none of these, at a second section of one name, at a second
//! key of one name and at a mark of the byte order. This reader goes on, so that the rest can be shown, and lists what boto3
//! stops at. Of two headings for one profile, `[default]` and `[profile default]`, the later one counts alone
//! ([`Ini::blocks`]).

use std::collections::BTreeMap;

/// A file, section by section.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Ini {
    /// In the order of the file.
    pub sections: Vec<IniSection>,
    /// What boto3 stops at.
    pub faults: Vec<IniFault>,
}

/// One section.
#[derive(Clone, PartialEq, Eq)]
pub struct IniSection {
    /// What stands between the brackets, blanks included: for boto3 `[ work ]` is not `[work]`.
    pub name: String,
    /// Line of the heading, from 1.
    pub line: usize,
    /// Entries by lower-case key.
    pub entries: BTreeMap<String, IniEntry>,
}

/// What a section of the shared config file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigBlock {
    /// `[default]` or `[profile NAME]`.
    Profile(String),
    /// `[sso-session NAME]`.
    Session(String),
    /// `[services NAME]`.
    Services(String),
}

impl IniSection {
    /// What this section is in the config file; `None` for what botocore passes over. Names with blanks need quotes.
    #[must_use]
    pub fn config_block(&self) -> Option<ConfigBlock> {
        if self.name == "default" {
            return Some(ConfigBlock::Profile(self.name.clone()));
        }
        if self.name.starts_with(char::is_whitespace) {
            return None;
        }
        let words: [String; 2] = super::command_words(&self.name)?.try_into().ok()?;
        let [kind, name] = words;
        match kind.as_str() {
            "profile" => Some(ConfigBlock::Profile(name)),
            "sso-session" => Some(ConfigBlock::Session(name)),
            "services" => Some(ConfigBlock::Services(name)),
            _ => None,
        }
    }
}

/// One entry.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct IniEntry {
    /// The value, continuation lines joined by line ends.
    pub value: String,
    /// Its line, from 1.
    pub line: usize,
}

/// Something that boto3 stops at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IniFault {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub kind: IniFaultKind,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IniFaultKind {
    /// An entry before the first section.
    NoSection,
    /// Neither section, entry, comment nor continuation.
    Unreadable,
    /// The section was there already.
    SectionTwice,
    /// The key was there already.
    KeyTwice,
    /// Below an entry without a value stands a line further in that is no `name = value`.
    NestedUnreadable,
    /// The file begins with a mark of the byte order, which cannot be seen.
    ByteOrderMark,
}

impl Ini {
    /// Reads a text; never fails.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut ini = Self::default();
        let mut last_key: Option<String> = None;
        // How far the line is indented that is continued by lines further in.
        let mut indent = 0;
        let unmarked = text.trim_start_matches('\u{feff}');
        if unmarked.len() < text.len() {
            let kind = IniFaultKind::ByteOrderMark;
            ini.faults.push(IniFault { line: 1, kind });
        }
        // Python takes a lone carriage return for a line end too.
        let unified = unmarked.replace("\r\n", "\n").replace('\r', "\n");
        for (index, raw) in unified.lines().enumerate() {
            let line = index + 1;
            let trimmed = raw.trim();
            if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
                continue;
            }
            let own_indent = raw.len() - raw.trim_start().len();
            if let (true, Some(key)) = (own_indent > indent, &last_key) {
                if let Some(entry) = ini
                    .sections
                    .last_mut()
                    .and_then(|one| one.entries.get_mut(key))
                {
                    entry.value.push('\n');
                    entry.value.push_str(trimmed);
                }
            } else if let Some(name) = section_name(trimmed) {
                (last_key, indent) = (None, own_indent);
                ini.open_section(name, line);
            } else {
                indent = own_indent;
                last_key = ini.add_entry(trimmed, line);
            }
        }
        ini.find_nested_faults();
        ini.spread_defaults();
        ini
    }

    /// What each section is, in the config file or in the other one. Of two headings that are written differently and mean
    /// the same, botocore keeps the later one alone.
    #[must_use]
    pub fn blocks(self, in_config: bool) -> Vec<(Option<ConfigBlock>, IniSection)> {
        let mut blocks: Vec<(Option<ConfigBlock>, IniSection)> = Vec::new();
        for section in self.sections {
            let block = if in_config {
                section.config_block()
            } else {
                Some(ConfigBlock::Profile(section.name.clone()))
            };
            blocks.retain(|(old, other)| {
                block.is_none() || *old != block || other.name == section.name
            });
            blocks.push((block, section));
        }
        blocks
    }

    /// What stands nested below an entry is read as entries too.
    fn find_nested_faults(&mut self) {
        let entries = (self.sections.iter()).flat_map(|section| section.entries.values());
        let faults = entries.filter(|entry| {
            let mut nested = entry.value.lines();
            entry.value.starts_with('\n')
                && nested.any(|line| !line.is_empty() && !line.contains('='))
        });
        let kind = IniFaultKind::NestedUnreadable;
        let faults: Vec<IniFault> = faults
            .map(|entry| IniFault {
                line: entry.line,
                kind,
            })
            .collect();
        self.faults.extend(faults);
        self.faults.sort_by_key(|fault| fault.line);
    }

    /// Entries of `[DEFAULT]` are those of every section that does not say otherwise, and it is no section itself.
    fn spread_defaults(&mut self) {
        let Some(at) = self.sections.iter().position(|one| one.name == "DEFAULT") else {
            return;
        };
        let defaults = self.sections.remove(at).entries;
        for section in &mut self.sections {
            for (key, entry) in &defaults {
                let place = section.entries.entry(key.clone());
                place.or_insert_with(|| entry.clone());
            }
        }
    }

    fn open_section(&mut self, name: &str, line: usize) {
        if self.sections.iter().any(|section| section.name == name) {
            self.faults.push(IniFault {
                line,
                kind: IniFaultKind::SectionTwice,
            });
        }
        let name = name.to_owned();
        self.sections.push(IniSection {
            name,
            line,
            entries: BTreeMap::new(),
        });
    }

    fn add_entry(&mut self, text: &str, line: usize) -> Option<String> {
        let mut fault = |kind| self.faults.push(IniFault { line, kind });
        let Some(at) = text.find(['=', ':']).filter(|at| *at > 0) else {
            fault(IniFaultKind::Unreadable);
            return None;
        };
        let key = text[..at].trim().to_lowercase();
        let value = text[at + 1..].trim().to_owned();
        let Some(section) = self.sections.last_mut() else {
            fault(IniFaultKind::NoSection);
            return None;
        };
        if section.entries.contains_key(&key) {
            fault(IniFaultKind::KeyTwice);
        }
        section
            .entries
            .insert(key.clone(), IniEntry { value, line });
        Some(key)
    }
}

fn section_name(line: &str) -> Option<&str> {
    let inner = line.strip_prefix('[')?;
    Some(&inner[..inner.rfind(']')?]).filter(|name| !name.is_empty())
}

impl IniEntry {
    /// The entries nested below this one, as in `s3 =` followed by indented lines.
    #[must_use]
    pub fn nested(&self) -> BTreeMap<&str, &str> {
        self.value
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(key, value)| (key.trim(), value.trim()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each recorded by letting botocore read the same file.
    #[test]
    fn indents_headings_and_defaults_are_those_of_boto3() {
        let secret = |text: &str, section: &str| {
            let ini = Ini::parse(text);
            let mut named = ini.sections.iter().filter(|one| one.name == section);
            let entry = named.next()?.entries.get("secret")?;
            Some(entry.value.clone())
        };
        let s = Some("s".to_owned());
        assert_eq!(secret("[a]\n  key = k\n  secret = s\n", "a"), s);
        assert_eq!(secret("  [a]\n\tkey = k\n\tsecret = s\n", "a"), s);
        assert_eq!(secret("[x]\n y = z\n [a]\n secret = s\n", "a"), s);
        assert_eq!(secret("[a]\nkey = k\n  secret = s\n", "a"), None);
        assert_eq!(secret("[x]\ny = z\n  [a]\nsecret = s\n", "a"), None);
        assert_eq!(secret("[DEFAULT]\nsecret = s\n[a]\nkey = k\n", "a"), s);
        assert_eq!(secret("[DEFAULT]\nsecret = s\n", "DEFAULT"), None);
        assert_eq!(secret("[ a ]\nsecret = s\n", "a"), None);
        assert_eq!(secret("[a] # tail\nsecret = s\n", "a"), s);
        assert_eq!(secret("[a] # tail]\nsecret = s\n", "a"), None);
        let kinds = |text: &str| -> Vec<IniFaultKind> {
            let faults = Ini::parse(text).faults;
            faults.iter().map(|fault| fault.kind).collect()
        };
        assert_eq!(
            kinds("\u{feff}[a]\nkey = k\n"),
            [IniFaultKind::ByteOrderMark]
        );
        assert_eq!(kinds("[]\n"), [IniFaultKind::Unreadable]);
        let nested = "[a]\ns3 =\n  addressing_style path\n";
        assert_eq!(kinds(nested), [IniFaultKind::NestedUnreadable]);
        assert_eq!(kinds("[a]\nregion = x\n  more\n"), []);
        assert_eq!(kinds("[a]\ns3 =\n  a = b\n"), []);
        let padded = Ini::parse("[ profile a ]\n[profile  a ]\n");
        let blocks: Vec<_> = padded
            .sections
            .iter()
            .map(IniSection::config_block)
            .collect();
        assert_eq!(blocks, [None, Some(ConfigBlock::Profile("a".to_owned()))]);
    }

    #[test]
    fn reads_what_boto3_reads() {
        let ini = Ini::parse(
            "# head\n[default]\nregion=eu-west-1\nAWS_Access_Key_Id : AKIA\n; note\ns3 =\n  addressing_style = path\n  \
             use_dualstack_endpoint = true\n[profile a b] ; tail\nx = 1 # part of the value\n",
        );
        assert_eq!(ini.faults, []);
        let default = &ini.sections[0];
        assert_eq!(default.entries["region"].value, "eu-west-1");
        assert_eq!(
            (default.entries["aws_access_key_id"].line, default.line),
            (4, 2)
        );
        assert_eq!(default.entries["s3"].nested()["addressing_style"], "path");
        assert_eq!(ini.sections[1].name, "profile a b");
        let block = |name: &str| {
            let ini = Ini::parse(&format!("[{name}]\n"));
            ini.sections[0].config_block()
        };
        let profile = |name: &str| Some(ConfigBlock::Profile(name.to_owned()));
        assert_eq!(block("default"), profile("default"));
        assert_eq!(block("profile \"a b\""), profile("a b"));
        assert_eq!(block("profile a b"), None);
        assert_eq!(block("work"), None);
        let session = ConfigBlock::Session("corp".to_owned());
        assert_eq!(block("sso-session corp"), Some(session));
        assert_eq!(ini.sections[1].entries["x"].value, "1 # part of the value");
    }

    /// Recorded by letting botocore read the same files.
    #[test]
    fn the_later_of_two_headings_for_one_profile_counts_alone() {
        let lines = |text: &str, in_config| -> Vec<usize> {
            let blocks = Ini::parse(text).blocks(in_config);
            blocks.iter().map(|(_, section)| section.line).collect()
        };
        assert_eq!(lines("[default]\na = 1\n[profile default]\n", true), [3]);
        assert_eq!(lines("[profile default]\n[x]\n[default]\n", true), [2, 3]);
        assert_eq!(
            lines("[profile a]\n[profile \"a\"]\n[profile b]\n", true),
            [2, 3]
        );
        assert_eq!(lines("[default]\n[profile default]\n", false), [1, 2]);
        // What boto3 stops at is read on.
        assert_eq!(lines("[default]\n[default]\n", true), [1, 2]);
        let old_mac = Ini::parse("[a]\rkey = k\r\rsecret = s\r");
        assert_eq!(old_mac.faults, []);
        assert_eq!(old_mac.sections[0].entries["secret"].line, 4);
    }

    #[test]
    fn faults_have_a_line_and_the_rest_is_read() {
        let ini = Ini::parse("a = 1\n[x]\nnonsense\nk = 1\nk = 2\n[x]\nz = 3\n");
        let faults: Vec<_> = ini
            .faults
            .iter()
            .map(|fault| (fault.line, fault.kind))
            .collect();
        assert_eq!(
            faults,
            [
                (1, IniFaultKind::NoSection),
                (3, IniFaultKind::Unreadable),
                (5, IniFaultKind::KeyTwice),
                (6, IniFaultKind::SectionTwice)
            ]
        );
        assert_eq!(ini.sections[1].entries["z"].value, "3");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[\\[\\]a= \n\t#:é]*") {
            let lines = text.split(['\n', '\r']).count();
            prop_assert!(Ini::parse(&text).faults.iter().all(|fault| fault.line <= lines));
        }
    }
}
