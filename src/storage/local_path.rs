//! Where an object lies on this computer: from a key to a safe path below a chosen folder.
//!
//! [`NameRules::local_name`] maps one key. The map is the same every time, no two keys share a result, and most names
//! stay as they are; what a file system cannot hold is percent-escaped, and a `%XX` that stands in the key itself is
//! escaped only where it could be taken for one of ours. [`open_folder`] makes the folders one by one and refuses a
//! symbolic link among them, so that nothing is ever written outside the chosen folder. Names that meet only on this
//! disk (`a.txt` and `A.txt`, `a` beside `a/b`) are the business of the whole plan: see `local_plan`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The longest name, in bytes, that common file systems hold.
const LONGEST_NAME_BYTES: usize = 255;

/// Stands for a segment of a key that has no name, as in `a//b`.
const EMPTY_SEGMENT: &str = "%2F";

const HEX: [char; 16] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
];

/// Which names this computer cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameRules {
    /// Also escape what only Windows refuses: `< > : " | ? *`.
    pub windows: bool,
    /// Names that differ only in case or in the form of their accents are one name.
    pub folds: bool,
}

impl NameRules {
    /// The rules of the system this runs on.
    #[must_use]
    pub const fn here() -> Self {
        Self {
            windows: cfg!(windows),
            folds: cfg!(any(windows, target_os = "macos")),
        }
    }

    /// The rules for a folder, after a look at how its file system treats case. A folder that cannot be tried gets
    /// the rules of the system.
    #[must_use]
    pub fn of_folder(folder: &Path) -> Self {
        let mut rules = Self::here();
        let Some(name) = folder.file_name().and_then(|name| name.to_str()) else {
            return rules;
        };
        let swapped: String = name.chars().map(swap_case).collect();
        if swapped != name
            && let (Ok(own), Ok(other)) = (
                fs::canonicalize(folder),
                fs::canonicalize(folder.with_file_name(&swapped)),
            )
        {
            rules.folds = own == other || same_file(folder, &folder.with_file_name(&swapped));
        } else if swapped != name {
            rules.folds = false;
        }
        rules
    }

    /// The path for a key (or the rest of it below the folder that is downloaded), relative to the chosen folder.
    #[must_use]
    pub fn local_name(self, key: &str) -> LocalName {
        let (body, is_folder) = match key.strip_suffix('/') {
            Some(body) => (body, true),
            None => (key, false),
        };
        let mut changed = false;
        let segments = body
            .split('/')
            .map(|segment| {
                let safe = self.safe_segment(segment);
                changed |= safe != segment;
                safe
            })
            .collect();
        LocalName {
            segments,
            is_folder,
            changed,
        }
    }

    /// One segment of a key as a name that stays inside its folder.
    fn safe_segment(self, segment: &str) -> String {
        if segment.is_empty() {
            return EMPTY_SEGMENT.to_owned();
        }
        let device = is_device_name(segment);
        let mut name = String::with_capacity(segment.len());
        for (index, letter) in segment.char_indices() {
            let last = index + letter.len_utf8() == segment.len();
            let offends = match letter {
                '\0'..='\x1f' | '\x7f' | '\\' => true,
                '<' | '>' | '"' | '|' | '?' | '*' => self.windows,
                ':' => self.windows || is_drive_colon(segment, index),
                '.' | ' ' => last,
                '%' => self.reads_as_escape(segment, index),
                _ => index == 0 && device,
            };
            if offends {
                escape(&mut name, letter);
            } else {
                name.push(letter);
            }
        }
        shortened(name, segment)
    }

    /// Whether the percent sign at `index` begins something that [`Self::safe_segment`] could have written there.
    fn reads_as_escape(self, segment: &str, index: usize) -> bool {
        let rest = &segment.as_bytes()[index + 1..];
        if rest.first() == Some(&b'~') {
            return true;
        }
        let Some(byte) = escaped_byte(rest) else {
            return false;
        };
        let at_end = rest.len() == 2;
        match byte {
            0..=0x1f | 0x7f | b'\\' | b'%' => true,
            b'<' | b'>' | b'"' | b'|' | b'?' | b'*' => self.windows,
            b':' => self.windows || index == 1,
            b'.' | b' ' => at_end,
            b'/' => index == 0 && at_end,
            b'A'..=b'Z' | b'a'..=b'z' => index == 0,
            _ => false,
        }
    }
}

/// Where a key goes below the chosen folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalName {
    /// Names of the folders and, unless it is a folder itself, of the file.
    pub segments: Vec<String>,
    /// The key ends with a slash: a folder's marker.
    pub is_folder: bool,
    /// The name differs from the key.
    pub changed: bool,
}

impl LocalName {
    /// The relative path.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.segments.iter().collect()
    }
}

/// Makes the folders of `relative` below `root`, one by one, and gives the last. A component that is a symbolic link
/// or no folder is refused, so the result lies inside `root`. The root itself may be a link: the user chose it.
///
/// # Errors
/// When a folder cannot be made, or something else stands in its place.
pub fn open_folder(root: &Path, relative: &Path) -> io::Result<PathBuf> {
    let mut folder = root.to_path_buf();
    for component in relative.components() {
        let std::path::Component::Normal(name) = component else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{} leaves the chosen folder", relative.display()),
            ));
        };
        folder.push(name);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let kind = fs::symlink_metadata(&folder)?.file_type();
        if !kind.is_dir() {
            let what = if kind.is_symlink() {
                "a symbolic link"
            } else {
                "a file"
            };
            return Err(io::Error::new(
                io::ErrorKind::NotADirectory,
                format!("{} is {what}, not a folder", folder.display()),
            ));
        }
    }
    Ok(folder)
}

/// Names that Windows keeps for devices, with or without an ending.
fn is_device_name(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or(segment).trim_end();
    let upper = stem.to_ascii_uppercase();
    match upper.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" => true,
        _ => {
            let numbered = upper
                .strip_prefix("COM")
                .or_else(|| upper.strip_prefix("LPT"));
            matches!(
                numbered,
                Some("0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
            )
        }
    }
}

/// The colon of `C:`, which begins a drive.
fn is_drive_colon(segment: &str, index: usize) -> bool {
    index == 1 && segment.as_bytes()[0].is_ascii_alphabetic()
}

fn escape(name: &mut String, letter: char) {
    let mut bytes = [0; 4];
    for byte in letter.encode_utf8(&mut bytes).bytes() {
        name.push('%');
        name.push(HEX[usize::from(byte >> 4)]);
        name.push(HEX[usize::from(byte & 15)]);
    }
}

/// The byte that two upper-case hexadecimal digits stand for.
fn escaped_byte(digits: &[u8]) -> Option<u8> {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    };
    Some(value(*digits.first()?)? << 4 | value(*digits.get(1)?)?)
}

/// A name that is too long keeps its beginning and its ending; `%~` and 24 digits of the SHA-256 of the whole segment
/// keep it apart from others.
fn shortened(name: String, segment: &str) -> String {
    if name.len() <= LONGEST_NAME_BYTES {
        return name;
    }
    let digest = Sha256::digest(segment.as_bytes());
    let mut mark = String::from("%~");
    for byte in &digest[..12] {
        mark.push(HEX[usize::from(byte >> 4)].to_ascii_lowercase());
        mark.push(HEX[usize::from(byte & 15)].to_ascii_lowercase());
    }
    let ending = match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= 20 => &name[dot..],
        _ => "",
    };
    let mut keep = LONGEST_NAME_BYTES - mark.len() - ending.len();
    while !name.is_char_boundary(keep) {
        keep -= 1;
    }
    format!("{}{mark}{ending}", &name[..keep])
}

fn swap_case(letter: char) -> char {
    if letter.is_ascii_lowercase() {
        letter.to_ascii_uppercase()
    } else {
        letter.to_ascii_lowercase()
    }
}

#[cfg(unix)]
fn same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn same_file(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::path::Component;

    use proptest::prelude::*;

    use super::*;

    const UNIX: NameRules = NameRules {
        windows: false,
        folds: false,
    };
    const WINDOWS: NameRules = NameRules {
        windows: true,
        folds: true,
    };

    #[test]
    fn hostile_keys_stay_below_the_folder() {
        for (key, path) in [
            ("a/b.txt", "a/b.txt"),
            ("../x", ".%2E/x"),
            ("a/../../x", "a/.%2E/.%2E/x"),
            ("./a", "%2E/a"),
            ("/etc/x", "%2F/etc/x"),
            ("a//b", "a/%2F/b"),
            ("C:\\x", "C%3A%5Cx"),
            ("C:", "C%3A"),
            ("12:30", "12:30"),
            ("\\\\h\\s", "%5C%5Ch%5Cs"),
            ("nul\0byte", "nul%00byte"),
            ("CON", "%43ON"),
            ("nul.txt", "%6Eul.txt"),
            ("com1 .log", "%63om1 .log"),
            ("console", "console"),
            ("end.", "end%2E"),
            ("end ", "end%20"),
            ("a b.c", "a b.c"),
            ("100%", "100%"),
            ("a%20b", "a%20b"),
            ("a%20", "a%2520"),
            ("%2F", "%252F"),
            ("x%2Fy", "x%2Fy"),
            ("a%00", "a%2500"),
            ("50%25", "50%2525"),
            ("\u{1F600}", "\u{1F600}"),
        ] {
            assert_eq!(UNIX.local_name(key).segments.join("/"), path, "key {key:?}");
            assert_eq!(UNIX.local_name(key).changed, key != path, "key {key:?}");
        }
        assert_eq!(
            WINDOWS.local_name("a:b?c").segments,
            ["a%3Ab%3Fc".to_owned()]
        );
    }

    #[test]
    fn long_names_stay_apart() {
        let one = UNIX.local_name(&format!("{}1.tar", "é".repeat(200)));
        let two = UNIX.local_name(&format!("{}2.tar", "é".repeat(200)));
        assert_ne!(one, two);
        for name in [&one.segments[0], &two.segments[0]] {
            assert!(name.len() <= LONGEST_NAME_BYTES && name.ends_with(".tar"));
        }
        // A key that is spelled like a shortened name is not that name.
        assert_ne!(UNIX.local_name(&one.segments[0]).segments, one.segments);
    }

    #[cfg(unix)]
    #[test]
    fn a_planted_link_is_not_followed() {
        let root = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path(), root.path().join("a")).unwrap();
        assert!(open_folder(root.path(), Path::new("a/b")).is_err());
        assert!(open_folder(root.path(), Path::new("../b")).is_err());
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
        let made = open_folder(root.path(), Path::new("x/y")).unwrap();
        assert!(made.is_dir());
    }

    #[test]
    fn the_case_rule_is_looked_up() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("Mixed");
        fs::create_dir(&folder).unwrap();
        let folds = root.path().join("mIXED").is_dir();
        assert_eq!(NameRules::of_folder(&folder).folds, folds);
    }

    /// Texts made of what the rules look at.
    fn keys() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("/".to_owned()),
            Just(".".to_owned()),
            Just(" ".to_owned()),
            Just("%".to_owned()),
            Just("%25".to_owned()),
            Just("%2E".to_owned()),
            Just("%2F".to_owned()),
            Just("%3A".to_owned()),
            Just("%43".to_owned()),
            Just("%~".to_owned()),
            Just("CON".to_owned()),
            Just("C:".to_owned()),
            Just("\\".to_owned()),
            Just("\0".to_owned()),
            Just("x".repeat(120)),
            "[0-9A-F%]{1,3}",
            any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn every_name_is_one_plain_segment(key in keys(), windows: bool) {
            let rules = NameRules { windows, folds: windows };
            let name = rules.local_name(&key);
            prop_assert_eq!(&name, &rules.local_name(&key));
            for segment in &name.segments {
                prop_assert!(segment.len() <= LONGEST_NAME_BYTES);
                prop_assert!(!segment.ends_with(['.', ' ']));
                prop_assert!(!segment.contains(['/', '\\', '\0']));
                prop_assert!(!is_device_name(segment));
                let parts: Vec<_> = Path::new(segment).components().collect();
                prop_assert!(matches!(parts.as_slice(), [Component::Normal(_)]));
            }
        }

        #[test]
        fn no_two_keys_share_a_name(one in keys(), two in keys(), windows: bool) {
            let rules = NameRules { windows, folds: windows };
            if one != two {
                prop_assert_ne!(rules.local_name(&one), rules.local_name(&two));
            }
        }

        #[test]
        fn a_name_tells_its_key(key in keys(), windows: bool) {
            let rules = NameRules { windows, folds: windows };
            for segment in key.split('/') {
                let name = rules.safe_segment(segment);
                if !name.contains("%~") {
                    prop_assert_eq!(restored(rules, &name), segment);
                }
            }
        }
    }

    /// The way back, written on its own: an escape is an escape exactly where the rules could have put it.
    fn restored(rules: NameRules, name: &str) -> String {
        if name == EMPTY_SEGMENT {
            return String::new();
        }
        let mut bytes = Vec::new();
        let mut at = 0;
        while at < name.len() {
            // Positions count in the restored text, as they did when it was escaped.
            let rest = &name.as_bytes()[at + 1..];
            let index = bytes.len();
            let ours = name.as_bytes()[at] == b'%'
                && escaped_byte(rest).is_some_and(|byte| {
                    let at_end = rest.len() == 2;
                    match byte {
                        0..=0x1f | 0x7f | b'\\' | b'%' => true,
                        b'<' | b'>' | b'"' | b'|' | b'?' | b'*' => rules.windows,
                        b':' => rules.windows || index == 1,
                        b'.' | b' ' => at_end,
                        b'A'..=b'Z' | b'a'..=b'z' => index == 0,
                        _ => false,
                    }
                });
            if ours {
                bytes.extend(escaped_byte(rest));
                at += 3;
            } else {
                bytes.push(name.as_bytes()[at]);
                at += 1;
            }
        }
        String::from_utf8(bytes).unwrap()
    }
}
