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
mod tests;
