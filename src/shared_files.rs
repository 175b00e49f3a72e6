//! The shared AWS files and their like: where they are, and what stands in them.
//!
//! One reader for settings, storage and Doctor, so that all see the same. As for botocore a folder, a pipe and a link
//! that leads nowhere are no files; here it can be told why. Nothing waits for a pipe.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::domain::diagnosis::Unread;

/// A path as botocore takes that of a shared file: `$NAME` and `${NAME}` stand for variables that are set, `~` for the home
/// folder.
pub(crate) fn expanded(
    path: &str,
    variable: impl Fn(&str) -> Option<String>,
    home: Option<&Path>,
) -> PathBuf {
    let path = with_variables(path, variable);
    match (path.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home.to_owned(),
        (Some(rest), Some(home)) if rest.starts_with(is_separator) => {
            home.join(rest.trim_start_matches(is_separator))
        }
        _ => PathBuf::from(path),
    }
}

fn is_separator(letter: char) -> bool {
    std::path::is_separator(letter)
}

/// What is not set stays as it is written.
fn with_variables(text: &str, variable: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let word = |text: &str| {
            let end = text.find(|each: char| !each.is_ascii_alphanumeric() && each != '_');
            end.unwrap_or(text.len())
        };
        let (name, length) = match after.strip_prefix('{') {
            Some(inner) => match inner.find('}') {
                Some(end) => (&inner[..end], end + 2),
                None => ("", 0),
            },
            None => (&after[..word(after)], word(after)),
        };
        match Some(name)
            .filter(|name| !name.is_empty())
            .and_then(&variable)
        {
            Some(value) => out.push_str(&value),
            None => out.push_str(&rest[at..=at + length]),
        }
        rest = &after[length..];
    }
    out.push_str(rest);
    out
}

/// The text of a file; `None` when nothing is there. Reads a small file: not on a thread that draws.
///
/// # Errors
/// Why what is there gives no text.
pub(crate) fn read(path: &Path) -> Result<Option<String>, Unread> {
    // What people name who want no file to be read.
    if path == Path::new("/dev/null") {
        return Ok(Some(String::new()));
    }
    match fs::metadata(path) {
        Ok(what) if what.is_dir() => Err(Unread::Folder),
        Ok(what) if !what.is_file() => Err(Unread::Special),
        Ok(_) => fs::read_to_string(path)
            .map(Some)
            .map_err(|error| match error.kind() {
                ErrorKind::InvalidData => Unread::NotText,
                _ => Unread::Refused,
            }),
        Err(error) if error.kind() == ErrorKind::NotFound => match fs::symlink_metadata(path) {
            Ok(_) => Err(Unread::Dangling),
            Err(_) => Ok(None),
        },
        // A path that leads through a file, as botocore sees it: nothing is there.
        Err(error) if error.kind() == ErrorKind::NotADirectory => Ok(None),
        Err(_) => match fs::symlink_metadata(path) {
            // A link to itself.
            Ok(what) if what.is_symlink() => Err(Unread::Dangling),
            _ => Err(Unread::Refused),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_botocore_reads_them() {
        let variable = |name: &str| (name == "PLACE").then(|| "/etc/aws".to_owned());
        let home = Some(Path::new("/home/a"));
        for (written, meant) in [
            ("~/x", "/home/a/x"),
            ("~", "/home/a"),
            ("~other/x", "~other/x"),
            ("/x", "/x"),
            ("$PLACE/config", "/etc/aws/config"),
            ("${PLACE}_b/config", "/etc/aws_b/config"),
            ("$PLACE_b/config", "$PLACE_b/config"),
            ("a$/b${c", "a$/b${c"),
            ("${}$", "${}$"),
        ] {
            assert_eq!(
                expanded(written, variable, home),
                Path::new(meant),
                "{written}"
            );
        }
        assert_eq!(expanded("~/x", variable, None), Path::new("~/x"));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_told_apart_and_no_pipe_is_waited_for() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("text"), "[default]").unwrap();
        fs::write(at("wide"), [0xff, 0xfe, b'[', 0]).unwrap();
        symlink(at("text"), at("link")).unwrap();
        symlink(at("gone"), at("dangling")).unwrap();
        symlink(at("itself"), at("itself")).unwrap();
        let pipe = at("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        for (name, found) in [
            ("text", Ok(Some("[default]".to_owned()))),
            ("link", Ok(Some("[default]".to_owned()))),
            ("gone", Ok(None)),
            ("/dev/null", Ok(Some(String::new()))),
            ("text/below", Ok(None)),
            (".", Err(Unread::Folder)),
            ("pipe", Err(Unread::Special)),
            ("wide", Err(Unread::NotText)),
            ("dangling", Err(Unread::Dangling)),
            ("itself", Err(Unread::Dangling)),
        ] {
            assert_eq!(read(&at(name)), found, "{name}");
        }
    }
}
