//! File dialogs of the desktop. They are opened on the window's thread, which macOS insists on, and awaited elsewhere.

use std::path::Path;

use rfd::AsyncFileDialog;

use crate::state::{Pick, PickWhat};

use super::Picking;

/// Shows a dialog of the desktop.
pub(super) fn pick(pick: &Pick) -> Picking {
    let dialog = AsyncFileDialog::new().set_title(&pick.title);
    match &pick.what {
        PickWhat::Folder => {
            let chosen = dialog.pick_folder();
            Box::pin(async move { chosen.await.map(|folder| vec![folder.path().to_path_buf()]) })
        }
        PickWhat::NewFile(name) => {
            let chosen = dialog.set_file_name(name).save_file();
            Box::pin(async move { chosen.await.map(|file| vec![file.path().to_path_buf()]) })
        }
        PickWhat::Files => {
            let chosen = dialog.pick_files();
            Box::pin(async move {
                let files = chosen.await?;
                Some(files.iter().map(|file| file.path().to_path_buf()).collect())
            })
        }
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
