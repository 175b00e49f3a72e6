//! Drives the whole program as a person would: waits for what is seen, never for a time.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cooperage::app::App;
use cooperage::settings::folders::Folders;
use cooperage::state::{Start, State};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// Longest wait for anything.
const DEADLINE: Duration = Duration::from_secs(30);

/// The program on a folder of its own.
pub(crate) struct Driver {
    harness: Harness<'static, App>,
    /// Holds settings and the built-in bucket's files.
    pub(crate) folder: tempfile::TempDir,
}

impl Driver {
    /// Starts the program with nothing configured.
    pub(crate) fn start(start: Start) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), start)
    }

    /// Starts the program on a folder.
    pub(crate) fn start_in(folder: tempfile::TempDir, start: Start) -> Self {
        let folders = Folders::in_one(folder.path());
        let harness = Harness::builder()
            .with_size(egui::vec2(1440.0, 900.0))
            .allow_missing_glyphs()
            .build_eframe(move |context| App::new(context, folders, start).unwrap());
        Self { harness, folder }
    }

    /// Ends the program and gives its folder back.
    pub(crate) fn end(self) -> tempfile::TempDir {
        drop(self.harness);
        self.folder
    }

    pub(crate) fn state(&self) -> &State {
        self.harness.state().state()
    }

    /// Steps until something holds.
    pub(crate) fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        loop {
            self.harness.step();
            if holds(self) {
                return;
            }
            assert!(
                start.elapsed() < DEADLINE,
                "waited in vain for: {what}\n{}",
                self.seen()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Every label on screen, for messages.
    fn seen(&self) -> String {
        let labels: Vec<String> = self
            .harness
            .query_all(egui_kittest::kittest::by())
            .filter_map(|node| node.accesskit_node().label())
            .collect();
        labels.join(" | ")
    }

    /// True when a label is on screen, exactly.
    pub(crate) fn sees(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    /// True when a label or value on screen holds this.
    pub(crate) fn sees_part(&self, part: &str) -> bool {
        self.harness
            .query_all_by_label_contains(part)
            .next()
            .is_some()
    }

    /// Waits for a label.
    pub(crate) fn wait(&mut self, label: &str) {
        self.until(label, |driver| driver.sees(label));
    }

    /// Clicks the first thing with this label and lets the window take it in.
    pub(crate) fn click(&mut self, label: &str) {
        self.wait(label);
        self.harness
            .query_all_by_label(label)
            .next()
            .unwrap()
            .click();
        self.harness.step();
        self.harness.step();
    }

    /// Types into the field of this name.
    pub(crate) fn type_into(&mut self, label: &str, text: &str) {
        self.wait(label);
        self.harness
            .query_all_by_label(label)
            .next()
            .unwrap()
            .focus();
        self.harness.step();
        self.harness
            .query_all_by_label(label)
            .next()
            .unwrap()
            .type_text(text);
        self.harness.step();
        self.harness.step();
    }

    /// Presses keys.
    pub(crate) fn key(&mut self, modifiers: egui::Modifiers, key: egui::Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.step();
        self.harness.step();
    }

    /// An event as egui gets it.
    pub(crate) fn event(&mut self, event: egui::Event, modifiers: egui::Modifiers) {
        self.harness.event_modifiers(event, modifiers);
        self.harness.step();
        self.harness.step();
    }

    /// Drops files from another program.
    pub(crate) fn drop_files(&mut self, paths: &[PathBuf]) {
        let files = paths
            .iter()
            .map(|path| Arc::new(Dropped(path.clone())) as egui::DroppedFileHandle);
        self.harness.input_mut().dropped_files = files.collect();
        self.harness.step();
        self.harness.step();
    }

    /// The text that was copied last.
    pub(crate) fn copied(&mut self) -> String {
        let start = Instant::now();
        loop {
            self.harness.step();
            let commands = &self.harness.output().platform_output.commands;
            let copied = commands.iter().find_map(|command| match command {
                egui::OutputCommand::CopyText(text) => Some(text.clone()),
                _ => None,
            });
            if let Some(text) = copied {
                return text;
            }
            assert!(
                start.elapsed() < DEADLINE,
                "nothing was copied\n{}",
                self.seen()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// A file in a folder of its own.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let folder = self.folder.path().join("to upload");
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
        std::fs::write(&path, content).unwrap();
        path
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
