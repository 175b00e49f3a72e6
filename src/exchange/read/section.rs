//! A section of an ini file that remembers which of its entries were taken, so that none is lost silently.

use std::collections::{BTreeMap, BTreeSet};

use crate::settings::ini::{Ini, IniEntry};
use crate::settings::{Imported, RemarkReason, TextKind};

/// Entries by lower-case key.
pub(super) type Entries = BTreeMap<String, IniEntry>;

/// A section while it is read.
pub(super) struct Section<'a> {
    entries: &'a Entries,
    taken: BTreeSet<&'a str>,
}

impl<'a> Section<'a> {
    pub(super) const fn new(entries: &'a Entries) -> Self {
        Self {
            entries,
            taken: BTreeSet::new(),
        }
    }

    /// Takes an entry that holds something.
    pub(super) fn text(&mut self, key: &str) -> Option<&'a str> {
        self.entry(key).map(|entry| entry.value.as_str())
    }

    /// Takes an entry that holds something, with its line.
    pub(super) fn entry(&mut self, key: &str) -> Option<&'a IniEntry> {
        let (key, entry) = self.entries.get_key_value(key)?;
        self.taken.insert(key);
        (!entry.value.is_empty()).then_some(entry)
    }

    /// Takes yes or no; another word is reported.
    pub(super) fn truth(&mut self, key: &str, imported: &mut Imported) -> Option<bool> {
        let entry = self.entry(key)?;
        let truth = truth(&entry.value);
        if truth.is_none() {
            imported.remark(entry.line, key, RemarkReason::WrongValue("true or false"));
        }
        truth
    }

    /// What was not taken, in the order of the text.
    fn rest(&self) -> Vec<(&'a str, &'a IniEntry)> {
        let mut rest: Vec<_> = (self.entries.iter())
            .map(|(key, entry)| (key.as_str(), entry))
            .filter(|(key, _)| !self.taken.contains(key))
            .collect();
        rest.sort_by_key(|(_, entry)| entry.line);
        rest
    }

    /// Reports what was not taken. `class` says what an entry is to the program that the text is for.
    pub(super) fn report(&self, imported: &mut Imported, class: impl Fn(&str, &str) -> EntryClass) {
        let mut steering = Vec::new();
        for (key, entry) in self.rest() {
            match class(key, &entry.value) {
                EntryClass::Steers => steering.push((key, entry.line)),
                EntryClass::Matters(reason) => imported.remark(entry.line, key, reason),
            }
        }
        if let Some((_, line)) = steering.first() {
            let names = steering.iter().map(|(key, _)| (*key).to_owned()).collect();
            let kind = imported.kind;
            imported.remark(*line, "", RemarkReason::OnlyForTool { kind, names });
        }
    }
}

/// What an entry that was not taken is.
pub(super) enum EntryClass {
    /// It steers only the other program, or says what holds anyway.
    Steers,
    /// It would matter here.
    Matters(RemarkReason),
}

impl EntryClass {
    pub(super) const NO_COUNTERPART: Self = Self::Matters(RemarkReason::NoCounterpart);

    pub(super) const fn unknown(kind: TextKind) -> Self {
        Self::Matters(RemarkReason::NotKnown(kind))
    }
}

/// The words for yes and no that these programs take.
pub(super) fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Some(true),
        "false" | "no" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// Reads the sections and reports what does not read.
pub(super) fn sections(text: &str, imported: &mut Imported) -> Ini {
    let ini = Ini::parse(text);
    for fault in &ini.faults {
        imported.remark(fault.line, "", RemarkReason::Ini(fault.kind));
    }
    ini
}
