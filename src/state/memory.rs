//! When the window's memory is written: a moment after the last change, and only if something changed.

use crate::catalog::SortBy;
use crate::settings::memory::WindowMemory;
use crate::worker::messages::Command;

use super::{Effect, Origin, Screen, State};

/// Seconds of quiet before the memory is written.
const QUIET_SECS: f64 = 2.0;

/// What was written last, and since when it differs.
#[derive(Debug, Default)]
pub(super) struct Kept {
    written: Option<WindowMemory>,
    seen: Option<WindowMemory>,
    changed_at: Option<f64>,
}

impl State {
    /// Takes over how the window looked last time.
    pub(super) fn recall(&mut self, memory: WindowMemory) {
        self.browser.arrangement.sort = sort_by(&memory.sort.column);
        self.browser.arrangement.descending = memory.sort.descending;
        self.browser.arrangement.folders_first = memory.sort.folders_first;
        self.browser.arrangement.natural = memory.sort.natural;
        self.link_secs = memory.link_secs;
        self.memory.written = Some(memory.clone());
        self.memory.seen = Some(memory.clone());
        self.window = memory;
    }

    /// The window as it should look next time.
    fn remembered(&self) -> WindowMemory {
        let mut memory = self.window.clone();
        let arrangement = &self.browser.arrangement;
        memory.sort.column = column_of(arrangement.sort).to_owned();
        memory.sort.descending = arrangement.descending;
        memory.sort.folders_first = arrangement.folders_first;
        memory.sort.natural = arrangement.natural;
        memory.link_secs = self.link_secs;
        if self.screen == Screen::Browser {
            let current = self
                .connections
                .current
                .as_ref()
                .and_then(|id| self.connections.find(id));
            match current.filter(|entry| entry.origin != Origin::Unsaved) {
                Some(entry) => {
                    memory.connection = Some(match entry.origin {
                        Origin::Builtin => super::connections::BUILTIN.to_owned(),
                        Origin::Saved | Origin::Unsaved => entry.id().to_string(),
                    });
                    memory.location = Some(self.browser.location.clone());
                }
                None => (memory.connection, memory.location) = (None, None),
            }
        }
        memory
    }

    /// The command that writes the memory, once it was left alone for a while.
    pub(super) fn memory_effect(&mut self, uptime_secs: f64) -> Option<Effect> {
        if !self.loaded {
            return None;
        }
        let memory = self.remembered();
        if self.memory.seen.as_ref() != Some(&memory) {
            self.memory.seen = Some(memory);
            self.memory.changed_at = Some(uptime_secs);
            return None;
        }
        let due = self
            .memory
            .changed_at
            .is_some_and(|at| uptime_secs - at >= QUIET_SECS);
        due.then(|| self.memory_now()).flatten()
    }

    /// Seconds until the memory is due, for the next frame.
    #[must_use]
    pub fn memory_due_secs(&self) -> Option<f64> {
        self.memory.changed_at.map(|_| QUIET_SECS + 0.1)
    }

    /// The command that writes the memory at once, if it changed; for the end of the program.
    pub fn memory_now(&mut self) -> Option<Effect> {
        let memory = self.remembered();
        self.memory.changed_at = None;
        if !self.loaded || self.memory.written.as_ref() == Some(&memory) {
            return None;
        }
        self.memory.written = Some(memory.clone());
        Some(Effect::Run(Command::SaveMemory(Box::new(memory))))
    }
}

fn sort_by(column: &str) -> SortBy {
    match column {
        "size" => SortBy::Size,
        "modified" => SortBy::Modified,
        "class" => SortBy::Class,
        _ => SortBy::Name,
    }
}

const fn column_of(sort: SortBy) -> &'static str {
    match sort {
        SortBy::Name => "name",
        SortBy::Size => "size",
        SortBy::Modified => "modified",
        SortBy::Class => "class",
    }
}
