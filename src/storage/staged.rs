//! A file that comes into being beside its final name and takes that name in one step.
//!
//! Until then it is called `.NAME.XXXXXXXX.part`, can be read by its owner only, and has its space reserved. Whoever
//! drops it without publishing removes it. What stood under the final name is there, whole, until the new file is.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is added to a name: two dots, eight digits and `.part`.
const LONGEST_NAME_BYTES: usize = 255 - 15;

/// A file under its temporary name.
#[derive(Debug)]
pub(super) struct Staged {
    file: Arc<File>,
    path: PathBuf,
    target: PathBuf,
    published: bool,
    #[cfg(unix)]
    mode: u32,
}

impl Staged {
    /// Makes the file, in the folder of its target, with room for so many bytes.
    ///
    /// # Errors
    /// When the folder cannot be written to, or the disk has no room.
    pub(super) fn create(target: &Path, bytes: u64) -> io::Result<Self> {
        let path = temporary_name(target)?;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)?;
        let staged = Self {
            #[cfg(unix)]
            mode: closed_to_others(&file)?,
            file: Arc::new(file),
            path,
            target: target.to_owned(),
            published: false,
        };
        reserve(&staged.file, bytes)?;
        Ok(staged)
    }

    /// A handle for writing at places, from several threads at once.
    pub(super) fn file(&self) -> Arc<File> {
        Arc::clone(&self.file)
    }

    /// Brings the content to the disk and gives the file its name. Without `overwrite` a file that stands there, even
    /// one that appeared a moment ago, is left alone.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] when it is to be left alone.
    pub(super) fn publish(mut self, overwrite: bool) -> io::Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            self.file
                .set_permissions(fs::Permissions::from_mode(self.mode))?;
        }
        self.file.sync_all()?;
        if overwrite {
            fs::rename(&self.path, &self.target)?;
            self.published = true;
        } else {
            match fs::hard_link(&self.path, &self.target) {
                // The temporary name goes with the drop.
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
                // No links on this file system: an empty file takes the name first, so that nobody else can.
                Err(_) => {
                    OpenOptions::new()
                        .write(true)
                        .create_new(true)
                        .open(&self.target)?;
                    fs::rename(&self.path, &self.target)?;
                    self.published = true;
                }
            }
        }
        // The name is on the disk only with its folder. Not every system can do that, and the file is there anyway.
        #[cfg(unix)]
        if let Some(folder) = self.target.parent()
            && let Ok(folder) = File::open(folder)
            && let Err(error) = folder.sync_all()
        {
            tracing::debug!(%error, "the folder of a download was not synced");
        }
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.published
            && let Err(error) = fs::remove_file(&self.path)
        {
            tracing::warn!(%error, path = %self.path.display(), "a temporary file is left");
        }
    }
}

fn temporary_name(target: &Path) -> io::Result<PathBuf> {
    let name = target
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?
        .to_string_lossy();
    let mut keep = name.len().min(LONGEST_NAME_BYTES);
    while !name.is_char_boundary(keep) {
        keep -= 1;
    }
    let random = getrandom::u32().map_err(io::Error::other)?;
    Ok(target.with_file_name(format!(".{}.{random:08x}.part", &name[..keep])))
}

/// Takes away what others may do, and gives the mode that new files have here.
#[cfg(unix)]
fn closed_to_others(file: &File) -> io::Result<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata()?.permissions().mode() & 0o777;
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    Ok(mode)
}

#[cfg(target_os = "linux")]
fn reserve(file: &File, bytes: u64) -> io::Result<()> {
    use rustix::io::Errno;
    if bytes == 0 {
        return Ok(());
    }
    match rustix::fs::fallocate(file, rustix::fs::FallocateFlags::empty(), 0, bytes) {
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => file.set_len(bytes),
        result => result.map_err(Into::into),
    }
}

#[cfg(not(target_os = "linux"))]
fn reserve(file: &File, bytes: u64) -> io::Result<()> {
    file.set_len(bytes)
}

#[cfg(unix)]
pub(super) fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
pub(super) fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, offset)?;
        bytes = &bytes[written..];
        offset += written as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn takes_its_name_in_one_step_or_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.txt");
        fs::write(&target, "old").unwrap();
        let dropped = Staged::create(&target, 3).unwrap();
        assert_eq!(names(folder.path()).len(), 2);
        drop(dropped);
        assert_eq!(names(folder.path()), ["a.txt"]);

        let staged = Staged::create(&target, 3).unwrap();
        write_all_at(&staged.file(), b"new", 0).unwrap();
        staged.publish(true).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[test]
    fn never_overwrites_unless_told() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.txt");
        let staged = Staged::create(&target, 0).unwrap();
        fs::write(&target, "came first").unwrap();
        let error = staged.publish(false).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&target).unwrap(), b"came first");
        fs::remove_file(&target).unwrap();
        Staged::create(&target, 0).unwrap().publish(false).unwrap();
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn is_private_until_published_and_replaces_a_link() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let usual = folder.path().join("usual");
        fs::write(&usual, "outside").unwrap();
        let target = folder.path().join("link");
        std::os::unix::fs::symlink(&usual, &target).unwrap();
        let staged = Staged::create(&target, 0).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&staged.path), 0o600);
        staged.publish(true).unwrap();
        assert_eq!(mode(&target), mode(&usual));
        assert_eq!(
            fs::read(&usual).unwrap(),
            b"outside",
            "the link was replaced, not followed"
        );
    }

    #[test]
    fn long_names_get_a_temporary_name_too() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("é".repeat(127));
        Staged::create(&target, 0).unwrap().publish(false).unwrap();
        assert!(target.is_file());
    }
}
