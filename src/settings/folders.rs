//! Where the program keeps its files, and how it writes them so that a crash leaves the old file or the new one.
//!
//! The folders are found once at the start (`--config-dir`, `COOPERAGE_CONFIG_DIR`, else the system's places) and
//! handed down; nothing below asks the environment. Files are for the owner alone.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The folders of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    config: PathBuf,
    data: PathBuf,
}

impl Folders {
    /// Everything in one folder: settings in it, data below it. For portable setups and tests.
    pub fn in_one(folder: impl Into<PathBuf>) -> Self {
        let config = folder.into();
        let data = config.join("data");
        Self { config, data }
    }

    /// The folder that was asked for, else the one of `COOPERAGE_CONFIG_DIR`, else the system's places; `None` when
    /// the account has no home.
    #[must_use]
    pub fn find(asked: Option<PathBuf>, variable: Option<OsString>) -> Option<Self> {
        if let Some(folder) =
            asked.or_else(|| variable.filter(|text| !text.is_empty()).map(PathBuf::from))
        {
            return Some(Self::in_one(folder));
        }
        let places = directories::ProjectDirs::from("", "", "cooperage")?;
        Some(Self {
            config: places.config_dir().to_owned(),
            data: places.data_dir().to_owned(),
        })
    }

    /// The folder of the settings.
    #[must_use]
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// The saved connections.
    #[must_use]
    pub fn connections(&self) -> PathBuf {
        self.config.join("connections.toml")
    }

    /// What the window remembers.
    #[must_use]
    pub fn window(&self) -> PathBuf {
        self.config.join("window.toml")
    }

    /// The folder of data that is not settings.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Where tests that write leave the records that let a later run clean up.
    #[must_use]
    pub fn write_tests(&self) -> PathBuf {
        self.data.join("write-tests")
    }

    /// Where the built-in bucket keeps its files.
    #[must_use]
    pub fn builtin(&self) -> PathBuf {
        self.data.join("built-in-bucket")
    }
}

/// Makes a folder and those above it, for the owner alone.
///
/// # Errors
/// When the system refuses.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Replaces a file whole: a temporary file beside it, flushed to disk, takes its name, and the folder is flushed too.
/// After a crash the old text stands there or the new one. A link is followed, so that a settings folder kept
/// elsewhere stays linked.
///
/// # Errors
/// When the system refuses; the old file is then untouched.
pub fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    by_way_of_another(&real, text, |temporary| fs::rename(temporary, &real))
}

/// Writes a new file whole, in the same manner. What is there already stays as it is, also when it came at the last
/// moment.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] when something is there; otherwise when the system refuses. Nothing is left then.
pub fn write_new_whole(path: &Path, text: &str) -> io::Result<()> {
    // A link to nowhere counts as something too.
    if fs::symlink_metadata(path).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    by_way_of_another(path, text, |temporary| {
        match fs::hard_link(temporary, path) {
            Ok(()) => fs::remove_file(temporary),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            // Some file systems know no second name of a file: the name is taken first there, then replaced.
            Err(_) => File::create_new(path).and_then(|_taken| fs::rename(temporary, path)),
        }
    })
}

/// Writes a temporary file beside a file and lets it take its place.
fn by_way_of_another(
    real: &Path,
    text: &str,
    take_place: impl FnOnce(&Path) -> io::Result<()>,
) -> io::Result<()> {
    // A bare name stands in the folder that the program runs in.
    let folder = (real.parent())
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    make_private_folder(folder).map_err(|error| match error.kind() {
        // That the folder is a file must not pass for the file being there.
        io::ErrorKind::AlreadyExists => io::ErrorKind::NotADirectory.into(),
        _ => error,
    })?;
    let name = real.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    let written = write_new(&temporary, text.as_bytes()).and_then(|()| take_place(&temporary));
    if let Err(error) = written {
        // The first error is the one to tell; a leftover temporary file is overwritten next time.
        drop(fs::remove_file(&temporary));
        return Err(error);
    }
    flush_folder(folder)
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    // The mode above holds for a new file only; a leftover one may have another.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a rename durable. Windows has no such call for folders, and its renames need none.
fn flush_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_that_was_asked_for_comes_first() {
        let asked = Folders::find(Some("/a".into()), Some("/b".into())).expect("folders");
        assert_eq!(asked.connections(), Path::new("/a/connections.toml"));
        let variable = Folders::find(None, Some("/b".into())).expect("folders");
        assert_eq!(variable.window(), Path::new("/b/window.toml"));
        assert_eq!(variable.builtin(), Path::new("/b/data/built-in-bucket"));
        assert_ne!(
            Folders::find(None, Some(OsString::new())),
            Some(Folders::in_one(""))
        );
    }

    #[test]
    #[cfg(unix)]
    fn a_file_is_replaced_whole_and_for_the_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).expect("metadata").permissions().mode() & 0o777;
        let outer = tempfile::tempdir().expect("folder");
        let folder = outer.path().join("new/deep");
        let path = folder.join("file.toml");
        write_whole(&path, "one").expect("write");
        write_whole(&path, "two").expect("write");
        assert_eq!(fs::read_to_string(&path).expect("read"), "two");
        assert_eq!((mode(&path), mode(&folder)), (0o600, 0o700));
        assert_eq!(
            fs::read_dir(&folder).expect("list").count(),
            1,
            "no temporary file stays"
        );

        let link = outer.path().join("link.toml");
        std::os::unix::fs::symlink(&path, &link).expect("link");
        write_whole(&link, "three").expect("write");
        assert!(fs::symlink_metadata(&link).expect("link").is_symlink());
        assert_eq!(fs::read_to_string(&path).expect("read"), "three");
    }

    #[test]
    fn a_new_file_takes_no_place_that_is_taken() {
        let outer = tempfile::tempdir().expect("folder");
        let path = outer.path().join("report.txt");
        write_new_whole(&path, "one").expect("write");
        let error = write_new_whole(&path, "two").expect_err("taken");
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).expect("read"), "one");
        let error = write_new_whole(&path.join("x"), "two").expect_err("no folder");
        assert_eq!(error.kind(), io::ErrorKind::NotADirectory);
        assert_eq!(
            fs::read_dir(outer.path()).expect("list").count(),
            1,
            "no temporary file stays"
        );
    }

    #[test]
    fn a_refused_write_leaves_the_old_file() {
        let outer = tempfile::tempdir().expect("folder");
        let path = outer.path().join("taken");
        fs::create_dir(&path).expect("folder");
        assert!(write_whole(&path, "text").is_err());
        assert_eq!(fs::read_dir(outer.path()).expect("list").count(), 1);
    }
}
