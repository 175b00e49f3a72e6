//! File dialogs of the desktop. They are opened on the window's thread, which macOS insists on, and awaited elsewhere.

use std::path::{Path, PathBuf};

use rfd::AsyncFileDialog;

use crate::state::Pick;
use crate::worker::Worker;

/// Shows a dialog; the answer comes back as an event.
pub(super) fn pick(worker: &Worker, pick: Pick) {
    let dialog = AsyncFileDialog::new().set_title(&pick.title);
    if pick.folder {
        let chosen = dialog.pick_folder();
        worker.await_pick(pick.purpose, async move {
            chosen.await.map(|folder| vec![folder.path().to_path_buf()])
        });
    } else {
        let chosen = dialog.pick_files();
        worker.await_pick(pick.purpose, async move {
            let files = chosen.await?;
            Some(
                files
                    .iter()
                    .map(|file| file.path().to_path_buf())
                    .collect::<Vec<PathBuf>>(),
            )
        });
    }
}

/// The `file://` URL of a path, escaped byte by byte.
pub(super) fn file_url(path: &Path) -> String {
    let mut url = "file://".to_owned();
    for byte in path.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_files_are_escaped() {
        assert_eq!(
            file_url(Path::new("/tmp/été 1%.md")),
            "file:///tmp/%C3%A9t%C3%A9%201%25.md"
        );
    }
}
