//! Keys as paths and paths as keys, one to one, for any key and on any file system.
//!
//! A key that a file system can hold as it is stays as it is, so that a person finds `photos/harbour.jpg` under that
//! name. What it cannot hold is written with `%`:
//!
//! * `%3A` and its like: a character that some file system refuses, a last dot or blank, the first letter of a
//!   device name such as `CON`, a percent sign that would read as one of these marks;
//! * a folder `%~`: an empty segment (`a//b`, `/a`); a folder `name%~+`: the name is too long and goes on inside;
//! * a file `%~folder`: the object whose key ends with the slash (`photos/`);
//! * a file `name%~file`: the object `name` while there is a folder `name` too.
//!
//! A name that this module would not have written itself is nobody's key; [`fragment_of`] says `None`.

use std::path::PathBuf;

/// Longest piece of a name in bytes, without marks. Common file systems hold 255, encrypted ones less.
const PIECE_BYTES: usize = 120;
/// The folder that stands for an empty segment.
const EMPTY: &str = "%~";
/// Ends the name of a folder in which the rest of a long name is found.
const CONTINUES: &str = "%~+";
/// The file of an object whose key ends with a slash.
const MARKER: &str = "%~folder";
/// Ends the name of a file beside a folder of the same name.
pub(super) const ASIDE: &str = "%~file";
/// What Windows and macOS refuse in names, beside control characters.
const REFUSED: &str = "<>:\"\\|?*";

/// What a name on disk stands for within the folder it lies in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fragment {
    /// The rest of a key: a file. Empty for the object whose key is the folder's own.
    File(String),
    /// A segment with its slash: a folder.
    Folder(String),
    /// A folder in which a long segment goes on.
    Beginning,
}

/// The path of a key's file below the bucket's folder.
pub(super) fn path_of(key: &str) -> PathBuf {
    let (folders, name) = key
        .rsplit_once('/')
        .map_or((None, key), |(f, n)| (Some(f), n));
    let mut path = PathBuf::new();
    for segment in folders.into_iter().flat_map(|folders| folders.split('/')) {
        if segment.is_empty() {
            path.push(EMPTY);
        }
        path.extend(pieces_of(segment));
    }
    if name.is_empty() {
        path.push(MARKER);
    }
    path.extend(pieces_of(name));
    path
}

/// Where a key's file lies when its own path is taken by a folder.
pub(super) fn aside(mut path: PathBuf) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ASIDE);
    path.set_file_name(name);
    path
}

/// What a file or folder of this name stands for; `begun` are the names of the folders above that carry on the same
/// segment, outermost first.
pub(super) fn fragment_of(name: &str, is_folder: bool, begun: &[String]) -> Option<Fragment> {
    match (is_folder, name) {
        (true, EMPTY) if begun.is_empty() => return Some(Fragment::Folder("/".to_owned())),
        (false, MARKER) if begun.is_empty() => return Some(Fragment::File(String::new())),
        // Whether such a name is right shows at the end of the segment.
        (true, _) if name.ends_with(CONTINUES) => return Some(Fragment::Beginning),
        _ => {}
    }
    let piece = if is_folder {
        name
    } else {
        name.strip_suffix(ASIDE).unwrap_or(name)
    };
    let before = begun.iter().map(|name| name.trim_end_matches(CONTINUES));
    let segment: String = before.chain([piece]).map(plain).collect();
    let pieces = pieces_of(&segment);
    let (last, above) = pieces.split_last()?;
    (last == piece && above == begun).then(|| {
        if is_folder {
            Fragment::Folder(format!("{segment}/"))
        } else {
            Fragment::File(segment)
        }
    })
}

/// A segment as the names of nested folders, the last one its file or folder. None for the empty segment.
fn pieces_of(segment: &str) -> Vec<String> {
    let device = is_device(segment);
    let last = segment.chars().count().saturating_sub(1);
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for (index, (at, char)) in segment.char_indices().enumerate() {
        let mark = char.is_ascii_control()
            || REFUSED.contains(char)
            || (char == '%' && reads_as_mark(&segment[at + 1..]))
            || (index == last && matches!(char, '.' | ' '))
            || (index == 0 && device);
        let written = if mark {
            format!("%{:02X}", u32::from(char))
        } else {
            char.to_string()
        };
        if piece.len() + written.len() > PIECE_BYTES {
            piece.push_str(CONTINUES);
            pieces.push(std::mem::take(&mut piece));
        }
        piece.push_str(&written);
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// Reads the marks of one piece back.
fn plain(piece: &str) -> String {
    let mut out = String::with_capacity(piece.len());
    let mut rest = piece;
    while let Some(at) = rest.find('%') {
        let (before, mark) = rest.split_at(at);
        out.push_str(before);
        match mark.get(1..3).and_then(code_of) {
            Some(char) => {
                out.push(char);
                rest = &mark[3..];
            }
            None => {
                out.push('%');
                rest = &mark[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn code_of(two: &str) -> Option<char> {
    let upper_hex = |byte: u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte);
    if !two.bytes().all(upper_hex) {
        return None;
    }
    u8::from_str_radix(two, 16).ok().map(char::from)
}

fn reads_as_mark(rest: &str) -> bool {
    rest.starts_with('~') || rest.get(..2).and_then(code_of).is_some()
}

/// True for the names that Windows keeps for devices, with any extension.
fn is_device(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or_default();
    let stem = stem.to_ascii_uppercase();
    let numbered = |name: &str| {
        let digit = stem.strip_prefix(name).unwrap_or_default();
        digit.len() == 1 && matches!(digit.as_bytes(), [b'1'..=b'9'])
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use std::path::Component;

    use proptest::prelude::*;

    use super::*;

    /// Reads a path back, piece by piece, as the walk does.
    fn key_of(path: &std::path::Path) -> Option<String> {
        let mut key = String::new();
        let mut begun = Vec::new();
        let mut names = path.components().peekable();
        while let Some(Component::Normal(name)) = names.next() {
            let name = name.to_str()?;
            match fragment_of(name, names.peek().is_some(), &begun)? {
                Fragment::Beginning => begun.push(name.to_owned()),
                Fragment::Folder(segment) | Fragment::File(segment) => {
                    key.push_str(&segment);
                    begun.clear();
                }
            }
        }
        Some(key)
    }

    #[test]
    fn plain_names_stay_and_odd_ones_are_marked() {
        for (key, path) in [
            ("photos/harbour at dawn.jpg", "photos/harbour at dawn.jpg"),
            ("lisez-moi, été.md", "lisez-moi, été.md"),
            ("100%.txt", "100%.txt"),
            ("a%2Fb", "a%252Fb"),
            ("a//b", "a/%~/b"),
            ("/a", "%~/a"),
            ("a/", "a/%~folder"),
            ("/", "%~/%~folder"),
            ("..", ".%2E"),
            ("../up", ".%2E/up"),
            (".", "%2E"),
            ("con.txt", "%63on.txt"),
            ("console", "console"),
            ("%~folder", "%25~folder"),
            ("a:b", "a%3Ab"),
        ] {
            assert_eq!(path_of(key), PathBuf::from(path), "{key}");
            assert_eq!(key_of(&path_of(key)).as_deref(), Some(key), "{key}");
        }
    }

    #[test]
    fn a_name_of_another_hand_is_no_key_when_it_would_be_written_otherwise() {
        assert_eq!(fragment_of("50%41", false, &[]), None);
        assert_eq!(fragment_of("con", false, &[]), None);
        let short = ["short%~+".to_owned()];
        assert_eq!(fragment_of("rest", false, &short), None);
        assert_eq!(
            fragment_of("a%~file", false, &[]),
            Some(Fragment::File("a".to_owned()))
        );
    }

    proptest! {
        #[test]
        fn every_key_has_a_path_of_its_own_that_reads_back(
            key in "([a-zA-Z%~.: /+0-9é\u{1}😀]|con|%41|/){1,400}",
        ) {
            let path = path_of(&key);
            let names: Vec<_> = path.components().collect();
            prop_assert!(names.iter().all(|name| matches!(name, Component::Normal(n) if n.len() < 140)));
            prop_assert_eq!(key_of(&path), Some(key));
        }
    }
}
