//! Drives the whole program as a person would: waits for what is seen, never for a time.

mod eyes;
mod hands;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use cooperage::app::{App, Surroundings};
use cooperage::settings::folders::Folders;
use cooperage::settings::secrets::Vault;
use cooperage::settings::{OptionId, Value, Values};
use cooperage::state::{PickWhat, Start, State};
use cooperage::worker::{Secrets, World};
use egui_kittest::Harness;

use super::support::memory_s3::{ACCESS_KEY, BUCKET, MemoryS3, SECRET_KEY};

/// Longest wait for anything.
const DEADLINE: Duration = Duration::from_secs(30);

/// Where the program keeps its things; outlives it.
pub(crate) struct Home {
    /// Holds settings and the built-in bucket's files.
    pub(crate) folder: tempfile::TempDir,
    /// Holds secrets.
    pub(crate) secrets: Arc<dyn Secrets>,
    /// What connections and sign-ins see of the computer.
    pub(crate) world: World,
}

impl Home {
    /// An empty folder and a keyring that is there.
    pub(crate) fn new() -> Self {
        Self::keeping(Arc::new(Vault::new(
            cooperage::settings::secrets::MemorySecrets::default,
        )))
    }

    /// An empty folder and this keyring.
    pub(crate) fn keeping(secrets: Arc<dyn Secrets>) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            secrets,
            world: World::default(),
        }
    }

    /// The text of a file of the settings; empty when there is none.
    pub(crate) fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }
}

/// What file dialogs answer, one after the other.
type Picks = Arc<Mutex<VecDeque<Vec<PathBuf>>>>;

/// Whoever asks for a new file and gets a folder gets the name that was proposed, in this folder.
fn answered(what: &PickWhat, paths: Vec<PathBuf>) -> Vec<PathBuf> {
    let PickWhat::NewFile(name) = what else {
        return paths;
    };
    let named = |path: PathBuf| if path.is_dir() { path.join(name) } else { path };
    paths.into_iter().map(named).collect()
}

/// The program on a folder of its own.
pub(crate) struct Driver {
    harness: Harness<'static, App>,
    copied: Option<String>,
    /// What toasts said and nobody waited for yet: they go after seconds, however slow this computer is.
    heard: Vec<String>,
    /// The number of the next toast.
    next_toast: u64,
    picks: Picks,
    /// What outlives the program.
    pub(crate) home: Home,
}

/// Options of a connection to a server.
pub(crate) fn options(server: &MemoryS3) -> Values {
    Values::default()
        .with(OptionId::S3AccessKey, Value::text(ACCESS_KEY))
        .with(OptionId::S3SecretKey, Value::secret(SECRET_KEY))
        .with(OptionId::Endpoint, Value::text(server.endpoint()))
        .with(OptionId::Bucket, Value::text(BUCKET))
        .with(OptionId::SignatureVersion, Value::text("s3v4"))
}

impl Driver {
    /// Starts the program with nothing configured.
    pub(crate) fn start(start: Start) -> Self {
        Self::start_in(Home::new(), start)
    }

    /// Starts the program on an unsaved connection and waits for its rows.
    pub(crate) fn on(server: &MemoryS3) -> Self {
        Self::on_values(options(server))
    }

    /// The same with other options.
    pub(crate) fn on_values(values: Values) -> Self {
        let mut driver = Self::start(Start::Unsaved(values));
        driver.settled();
        driver
    }

    /// Starts the program where it was before.
    pub(crate) fn start_in(home: Home, start: Start) -> Self {
        let folders = Folders::in_one(home.folder.path());
        let picks = Picks::default();
        let around = Surroundings {
            folders,
            secrets: Arc::clone(&home.secrets),
            picker: {
                let picks = Arc::clone(&picks);
                Box::new(move |pick| {
                    let picked = picks.lock().unwrap().pop_front();
                    let picked = picked.map(|paths| answered(&pick.what, paths));
                    Box::pin(async move { picked })
                })
            },
            drag: Box::new(|ctx| ctx.input(|input| input.pointer.latest_pos())),
            world: home.world.clone(),
        };
        let harness = Harness::builder()
            .with_size(egui::vec2(1440.0, 900.0))
            .with_step_dt(1.0 / 60.0)
            .allow_missing_glyphs()
            .build_eframe(move |context| App::within(context, around, start).unwrap());
        Self {
            harness,
            copied: None,
            heard: Vec::new(),
            next_toast: 0,
            picks,
            home,
        }
    }

    /// Closes the window as the desktop does and gives back what stays.
    pub(crate) fn end(self) -> Home {
        let Self {
            mut harness, home, ..
        } = self;
        eframe::App::on_exit(harness.state_mut(), None);
        drop(harness);
        home
    }

    /// The next file dialog answers with these paths; one for a new file takes the name it proposes in a folder.
    pub(crate) fn will_pick(&self, paths: &[PathBuf]) {
        self.picks.lock().unwrap().push_back(paths.to_vec());
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
                self.harness.check_accessibility();
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

    /// Lets the window take in what was done: each event takes a frame.
    fn settle(&mut self) {
        for _ in 0..8 {
            self.step();
        }
        self.harness.check_accessibility();
    }

    /// One frame.
    pub(crate) fn step(&mut self) {
        self.harness.step();
        for command in &self.harness.output().platform_output.commands {
            if let egui::OutputCommand::CopyText(text) = command {
                self.copied = Some(text.clone());
            }
        }
        let new: Vec<_> = {
            let toasts = self.state().toasts.list().iter();
            let new = toasts.filter(|toast| toast.id >= self.next_toast);
            new.map(|toast| (toast.id, toast.text.clone())).collect()
        };
        for (id, text) in new {
            self.next_toast = id + 1;
            self.heard.push(text);
        }
    }

    /// A file in a folder of its own.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let folder = self.home.folder.path().join("to upload");
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }
}
