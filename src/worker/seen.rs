//! What files of this computer are, before anything is done with them: sizes, and how much lies in folders.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::domain::Ticket;

use super::hub::Hub;
use super::messages::{Event, SeenPath};

/// Longest time for all of them; somebody holds the mouse button meanwhile.
const PATIENCE: Duration = Duration::from_millis(400);

pub(super) async fn look_at(hub: &Arc<Hub>, ticket: Ticket, paths: Vec<PathBuf>) {
    let seen = hub.blocking(move || {
        let end = Instant::now() + PATIENCE;
        paths.iter().map(|path| seen_path(path, end)).collect()
    });
    let seen = seen.await.unwrap_or_default();
    hub.tell(Event::PathsSeen { ticket, seen }).await;
}

fn seen_path(path: &Path, end: Instant) -> SeenPath {
    match std::fs::metadata(path) {
        Ok(facts) if facts.is_dir() => count(path, end),
        Ok(facts) => SeenPath::File(facts.len()),
        Err(_) => SeenPath::Unknown,
    }
}

/// Files in a folder and below it. Links to folders are not followed, so that it ends.
fn count(folder: &Path, end: Instant) -> SeenPath {
    let mut files = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        for entry in entries.flatten() {
            if Instant::now() > end {
                return SeenPath::Folder { files, more: true };
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                _ => files += 1,
            }
        }
    }
    SeenPath::Folder { files, more: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_sizes_and_folders_counts() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("in")).unwrap();
        std::fs::write(folder.path().join("in/a"), "four").unwrap();
        std::fs::write(folder.path().join("b"), "sixsix").unwrap();
        let end = Instant::now() + Duration::from_secs(60);
        let seen = |name: &str| seen_path(&folder.path().join(name), end);
        assert_eq!(seen("b"), SeenPath::File(6));
        assert_eq!(
            seen(""),
            SeenPath::Folder {
                files: 2,
                more: false
            }
        );
        assert_eq!(seen("gone"), SeenPath::Unknown);
        let late = seen_path(folder.path(), Instant::now() - Duration::from_secs(1));
        assert_eq!(
            late,
            SeenPath::Folder {
                files: 0,
                more: true
            }
        );
    }
}
