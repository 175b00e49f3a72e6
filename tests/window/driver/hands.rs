//! What a person does with the window: clicks, keys, drops.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui_kittest::kittest::Queryable as _;

use super::Driver;

impl Driver {
    /// Clicks the first of these that is there.
    pub(crate) fn click_one_of(&mut self, labels: &[&str]) {
        let found = labels.iter().find(|label| self.sees(label));
        self.click(found.expect("one of them"));
    }

    /// Clicks the last thing with this label: what lies above the rest.
    pub(crate) fn click_last(&mut self, label: &str) {
        self.wait(label);
        self.harness
            .query_all_by_label(label)
            .last()
            .unwrap()
            .click();
        self.settle();
    }

    /// Clicks the first thing with this label and lets the window take it in.
    pub(crate) fn click(&mut self, label: &str) {
        self.wait(label);
        self.control(label).click();
        self.settle();
    }

    /// Clicks with keys held.
    pub(crate) fn click_with(&mut self, modifiers: egui::Modifiers, label: &str) {
        self.wait(label);
        self.control(label).click_modifiers(modifiers);
        self.settle();
    }

    /// Clicks twice.
    pub(crate) fn open(&mut self, label: &str) {
        self.wait(label);
        // Clicks before this one do not count.
        for _ in 0..25 {
            self.step();
        }
        self.control(label).click();
        self.control(label).click();
        self.settle();
    }

    /// Types into the field of this name.
    pub(crate) fn type_into(&mut self, label: &str, text: &str) {
        self.wait(label);
        self.control(label).focus();
        self.harness.step();
        self.control(label).type_text(text);
        self.settle();
    }

    /// Empties the field of this name.
    pub(crate) fn clear(&mut self, label: &str) {
        self.wait(label);
        self.control(label).focus();
        self.harness.step();
        self.key(egui::Modifiers::COMMAND, egui::Key::A);
        self.key(egui::Modifiers::NONE, egui::Key::Backspace);
    }

    /// Opens the menu of something.
    pub(crate) fn context_menu(&mut self, label: &str) {
        self.wait(label);
        self.control(label).click_secondary();
        self.settle();
    }

    /// Holds the arrow down for so many rows.
    pub(crate) fn hold_down(&mut self, rows: usize) {
        let press = |pressed| egui::Event::Key {
            key: egui::Key::ArrowDown,
            pressed,
            modifiers: egui::Modifiers::NONE,
            repeat: false,
            physical_key: None,
        };
        // All in one frame, so that the speed of this computer does not matter.
        let presses = (0..rows).map(|_| press(true));
        self.harness.input_mut().events.extend(presses);
        self.step();
        self.harness.event(press(false));
        self.settle();
    }

    /// Goes to the next name that begins so, as typing it does.
    pub(crate) fn find(&mut self, name: &str) {
        self.event(egui::Event::Text(name.to_owned()), egui::Modifiers::NONE);
        self.until(name, |driver| driver.selected() == [name]);
    }

    /// Goes to a path.
    pub(crate) fn go_to(&mut self, path: &str) {
        self.key(egui::Modifiers::COMMAND, egui::Key::L);
        self.clear("Folder or key");
        self.type_into("Folder or key", path);
        self.click("Go");
    }

    /// Presses keys.
    pub(crate) fn key(&mut self, modifiers: egui::Modifiers, key: egui::Key) {
        self.event(
            egui::Event::Key {
                key,
                pressed: true,
                modifiers,
                repeat: false,
                physical_key: None,
            },
            modifiers,
        );
    }

    /// Presses keys and lets them go within one frame, as happens where frames take long.
    pub(crate) fn tap(&mut self, modifiers: egui::Modifiers, key: egui::Key) {
        let changed = egui::Event::ModifiersChanged;
        let press = |pressed| egui::Event::Key {
            key,
            pressed,
            modifiers,
            repeat: false,
            physical_key: None,
        };
        let none = changed(egui::Modifiers::NONE);
        let events = [changed(modifiers), press(true), press(false), none];
        self.harness.input_mut().events.extend(events);
        self.settle();
    }

    /// An event as egui gets it.
    pub(crate) fn event(&mut self, event: egui::Event, modifiers: egui::Modifiers) {
        // One a frame, because only the last frame of a step can be looked at.
        let changed = egui::Event::ModifiersChanged;
        for event in [changed(modifiers), event, changed(egui::Modifiers::NONE)] {
            self.harness.event(event);
            self.step();
        }
        self.settle();
    }

    /// Drops files from another program.
    pub(crate) fn drop_files(&mut self, paths: &[PathBuf]) {
        let files = paths
            .iter()
            .map(|path| Arc::new(Dropped(path.clone())) as egui::DroppedFileHandle);
        self.harness.input_mut().dropped_files = files.collect();
        self.settle();
    }

    /// Drags files from another program over something and drops them there.
    pub(crate) fn drop_files_on(&mut self, paths: &[PathBuf], label: &str) {
        self.wait(label);
        let place = self.control(label).rect().center();
        self.hover_files(paths, place);
        self.harness.input_mut().hovered_files.clear();
        self.drop_files(paths);
    }

    /// Drags files from another program to a place and holds them there.
    pub(crate) fn hover_files(&mut self, paths: &[PathBuf], place: egui::Pos2) {
        self.harness.hover_at(place);
        let hovered = paths.iter().map(|path| egui::HoveredFile {
            path: Some(path.clone()),
            ..egui::HoveredFile::default()
        });
        self.harness.input_mut().hovered_files = hovered.collect();
        self.settle();
    }
}

/// A file as the window system hands it over.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}
