//! What stands around the window: folders, keyring, file dialogs, the pointer during a drag from another program.
//!
//! The program takes those of the desktop; a test puts its own in their place and leaves all else as it is.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use eframe::egui;

use crate::settings::folders::Folders;
use crate::settings::secrets::Vault;
use crate::state::Pick;
use crate::worker::{Secrets, World};

use super::drag_pointer::DragPointer;
use super::picker;

/// An answer of a file dialog on its way: the paths, or `None` when it was closed.
pub type Picking = Pin<Box<dyn Future<Output = Option<Vec<PathBuf>>> + Send>>;

/// Shows a file dialog. Called on the window's thread, awaited elsewhere.
pub type Picker = Box<dyn Fn(&Pick) -> Picking>;

/// Where the pointer is, in points of the window, while files of another program hover; `None` when nobody knows.
pub type DragPosition = Box<dyn FnMut(&egui::Context) -> Option<egui::Pos2>>;

/// What the window finds around it.
pub struct Surroundings {
    /// Where settings and data are.
    pub folders: Folders,
    /// Where secrets are kept.
    pub secrets: Arc<dyn Secrets>,
    /// Shows file dialogs.
    pub picker: Picker,
    /// Finds the pointer during a drag.
    pub drag: DragPosition,
    /// What connections and sign-ins see of the computer.
    pub world: World,
}

impl Surroundings {
    /// Those of this desktop.
    #[must_use]
    pub fn of_desktop(folders: Folders) -> Self {
        let mut pointer = DragPointer::default();
        Self {
            folders,
            secrets: Arc::new(Vault::system()),
            picker: Box::new(picker::pick),
            drag: Box::new(move |ctx| pointer.position(ctx)),
            world: World::system(),
        }
    }
}
