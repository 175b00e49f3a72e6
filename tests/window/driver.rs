//! Drives the whole program as a person would: waits for what is seen, never for a time.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cooperage::app::App;
use cooperage::settings::folders::Folders;
use cooperage::state::{Start, State};
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// Longest wait for anything.
const DEADLINE: Duration = Duration::from_secs(30);

/// The program on a folder of its own.
pub(crate) struct Driver {
    harness: Harness<'static, App>,
    copied: Option<String>,
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
        Self {
            harness,
            copied: None,
            folder,
        }
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
            self.step();
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

    /// Every name and text on screen.
    fn texts(&self) -> Vec<String> {
        let nodes = self.harness.query_all(egui_kittest::kittest::by());
        nodes
            .flat_map(|node| {
                let node = node.accesskit_node();
                [node.label(), node.value()]
            })
            .flatten()
            .collect()
    }

    fn seen(&self) -> String {
        self.texts().join(" | ")
    }

    /// True when a name or text is on screen, exactly.
    pub(crate) fn sees(&self, text: &str) -> bool {
        self.texts().iter().any(|seen| seen == text)
    }

    /// True when a name or text on screen holds this.
    pub(crate) fn sees_part(&self, part: &str) -> bool {
        self.texts().iter().any(|seen| seen.contains(part))
    }

    /// Lets the window take in what was done: each event takes a frame.
    fn settle(&mut self) {
        for _ in 0..8 {
            self.step();
        }
    }

    fn step(&mut self) {
        self.harness.step();
        for command in &self.harness.output().platform_output.commands {
            if let egui::OutputCommand::CopyText(text) = command {
                self.copied = Some(text.clone());
            }
        }
    }

    /// Waits for a label.
    pub(crate) fn wait(&mut self, label: &str) {
        self.until(label, |driver| driver.sees(label));
    }

    /// What is called so: a control before a heading or a dialog of the same name.
    fn control<'a>(&'a self, label: &'a str) -> egui_kittest::Node<'a> {
        const CONTROLS: [Role; 6] = [
            Role::Button,
            Role::Link,
            Role::Row,
            Role::TextInput,
            Role::MenuItem,
            Role::ComboBox,
        ];
        let mut found: Vec<_> = self
            .harness
            .query_all_by_label(label)
            .filter(|node| node.accesskit_node().bounding_box().is_some())
            .collect();
        let control = found
            .iter()
            .position(|node| CONTROLS.contains(&node.accesskit_node().role()));
        assert!(
            !found.is_empty(),
            "nothing on screen is called {label:?}\n{}",
            self.seen()
        );
        found.swap_remove(control.unwrap_or(0))
    }

    /// Clicks the first thing with this label and lets the window take it in.
    pub(crate) fn click(&mut self, label: &str) {
        self.wait(label);
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

    /// Presses keys.
    pub(crate) fn key(&mut self, modifiers: egui::Modifiers, key: egui::Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// An event as egui gets it.
    pub(crate) fn event(&mut self, event: egui::Event, modifiers: egui::Modifiers) {
        self.harness.event_modifiers(event, modifiers);
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

    /// The text that was copied last.
    pub(crate) fn copied(&mut self) -> String {
        self.until("a copied text", |driver| driver.copied.is_some());
        self.copied.take().unwrap()
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
