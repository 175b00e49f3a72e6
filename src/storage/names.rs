//! From the names that Django uses to keys, and to names that are free: cleaning, joining with the location, checks.
//!
//! The rules are those of django-storages 1.13 and of Django's own storage base, step by step. Lengths count
//! characters, not bytes. [`posix`] holds the few rules of paths that they are built from.

use std::fmt;

use super::encode;

pub mod posix;

/// Why a name was refused. Each is a refusal that Django makes before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameError {
    /// The name leads out of the location.
    OutsideLocation {
        /// The cleaned name.
        name: String,
    },
    /// Nothing is left that could name a file.
    NoFileName {
        /// What was given.
        name: String,
    },
    /// The name is absolute or holds a `..` part.
    Traversal {
        /// What was given.
        name: String,
    },
    /// A folder stands in it where only a file name may.
    HoldsPath {
        /// What was given.
        name: String,
    },
    /// The greatest length leaves nothing of the file name.
    TooShortLength {
        /// The name that did not fit.
        name: String,
    },
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutsideLocation { name } => {
                write!(f, "“{name}” leads out of the location")
            }
            Self::NoFileName { name } => write!(f, "“{name}” holds no file name"),
            Self::Traversal { name } => {
                write!(f, "“{name}” is absolute or leads upwards")
            }
            Self::HoldsPath { name } => write!(f, "“{name}” holds a folder"),
            Self::TooShortLength { name } => {
                write!(f, "nothing of “{name}” fits into the greatest length")
            }
        }
    }
}

impl std::error::Error for NameError {}

/// Normalises a name: no `.` and empty parts, `..` resolved, then backslashes turned into slashes; a final slash
/// stays.
#[must_use]
pub fn clean_name(name: &str) -> String {
    let mut clean = posix::normalised(name).replace('\\', "/");
    if name.ends_with('/') && !clean.ends_with('/') {
        clean.push('/');
    }
    if clean == "." {
        clean.clear();
    }
    clean
}

/// Joins paths to a base and stays below it. `None` when they lead out.
#[must_use]
pub fn safe_join<P: AsRef<str>>(base: &str, paths: &[P]) -> Option<String> {
    let base = base.trim_end_matches('/');
    let mut full = format!("{base}/");
    for path in paths {
        let path = path.as_ref();
        let mut next = posix::normalised(&posix::joined(&full, path));
        if path.ends_with('/') || format!("{next}/") == full {
            next.push('/');
        }
        full = next;
    }
    if full == base {
        full.push('/');
    }
    // A base that is not normalised is never found again, and so refuses every name.
    let below = full
        .strip_prefix(base)
        .is_some_and(|rest| rest.starts_with('/'));
    below.then(|| full.trim_start_matches('/').to_owned())
}

/// The full key of a name that has been cleaned.
///
/// # Errors
/// [`NameError::OutsideLocation`].
pub fn key_of(location: &str, clean: &str) -> Result<String, NameError> {
    safe_join(location, &[clean]).ok_or_else(|| NameError::OutsideLocation {
        name: clean.to_owned(),
    })
}

/// Checks a name the way Django does before and after it chooses one to save under.
///
/// # Errors
/// When it holds no file name; when it is absolute or leads upwards; without `may_hold_path`, when it holds a folder.
pub fn validate_file_name(name: &str, may_hold_path: bool) -> Result<&str, NameError> {
    let given = || name.to_owned();
    let (_, base) = posix::split(name);
    if ["", ".", ".."].contains(&base) {
        return Err(NameError::NoFileName { name: given() });
    }
    if may_hold_path {
        let slashed = name.replace('\\', "/");
        if slashed.starts_with('/') || posix::has_upward_part(&slashed) {
            return Err(NameError::Traversal { name: given() });
        }
    } else if name != base {
        return Err(NameError::HoldsPath { name: given() });
    }
    Ok(name)
}

/// A file name of word characters, dashes and dots: blanks at the ends go, others become underscores, the rest goes.
///
/// # Errors
/// [`NameError::NoFileName`] when nothing is left.
pub fn valid_name(name: &str) -> Result<String, NameError> {
    let valid: String = name
        .trim_matches(is_python_space)
        .chars()
        .map(|letter| if letter == ' ' { '_' } else { letter })
        .filter(|letter| is_word(*letter) || ['-', '.'].contains(letter))
        .collect();
    if ["", ".", ".."].contains(&valid.as_str()) {
        return Err(NameError::NoFileName {
            name: name.to_owned(),
        });
    }
    Ok(valid)
}

/// The name that Django makes of one with folders: the last part made valid, the whole normalised.
///
/// # Errors
/// [`NameError::Traversal`] when a folder leads upwards, [`NameError::NoFileName`].
pub fn generated_name(name: &str) -> Result<String, NameError> {
    let slashed = name.replace('\\', "/");
    let (folder, file) = posix::split(&slashed);
    refuse_upward(folder)?;
    Ok(posix::normalised(&posix::joined(
        folder,
        &valid_name(file)?,
    )))
}

/// The path of a name in a URL on a custom domain.
#[must_use]
pub fn filepath_to_uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    encode::percent_into(&path.replace('\\', "/"), &encode::DOMAIN_PATH, &mut uri);
    uri
}

/// The name to save under when the same name overwrites: the last part loses as many characters as are too many,
/// its ending stays.
///
/// # Errors
/// [`NameError::TooShortLength`] when nothing of the file name is left.
pub fn shortened(name: &str, max_chars: Option<usize>) -> Result<String, NameError> {
    let Some(too_many) = max_chars.and_then(|max| name.chars().count().checked_sub(max)) else {
        return Ok(name.to_owned());
    };
    if too_many == 0 {
        return Ok(name.to_owned());
    }
    let (folder, file) = posix::split(name);
    let (stem, ending) = posix::split_ending(file);
    let stem = without_last(stem, too_many);
    if stem.is_empty() {
        return Err(NameError::TooShortLength {
            name: name.to_owned(),
        });
    }
    Ok(posix::joined(folder, &format!("{stem}{ending}")))
}

/// Chooses other names, one after the other, when the wanted one is taken or too long. Ask it whether the name at
/// hand is free; while it is not, take the [`next`](Alternatives::next) one.
#[derive(Clone, Debug)]
pub struct Alternatives {
    folder: String,
    stem: String,
    ending: String,
    max_chars: Option<usize>,
}

impl Alternatives {
    /// Begins with a wanted name; gives back the name itself to try first.
    ///
    /// # Errors
    /// When a folder of the name leads upwards, or it holds no file name.
    pub fn of(name: &str, max_chars: Option<usize>) -> Result<(Self, String), NameError> {
        let slashed = name.replace('\\', "/");
        let (folder, file) = posix::split(&slashed);
        refuse_upward(folder)?;
        validate_file_name(file, false)?;
        let (stem, ending) = posix::split_ending(file);
        let alternatives = Self {
            folder: folder.to_owned(),
            stem: stem.to_owned(),
            ending: ending.to_owned(),
            max_chars,
        };
        Ok((alternatives, slashed))
    }

    /// True when a name is longer than allowed; a greatest length of 0 allows any.
    #[must_use]
    pub fn is_too_long(&self, name: &str) -> bool {
        self.max_chars
            .is_some_and(|max| max > 0 && name.chars().count() > max)
    }

    /// The next name to try: stem, underscore, seven random characters, ending. Where it is too long the stem is cut
    /// and new characters are drawn, and the stem stays cut.
    ///
    /// # Errors
    /// [`NameError::TooShortLength`] when nothing of the stem is left.
    pub fn next(&mut self, random: &mut dyn FnMut() -> String) -> Result<String, NameError> {
        let name = self.with(&random());
        let Some(max) = self.max_chars else {
            return Ok(name);
        };
        let too_many = name.chars().count().saturating_sub(max);
        if too_many == 0 {
            return Ok(name);
        }
        self.stem = without_last(&self.stem, too_many).to_owned();
        if self.stem.is_empty() {
            return Err(NameError::TooShortLength { name });
        }
        Ok(self.with(&random()))
    }

    fn with(&self, suffix: &str) -> String {
        let file = format!("{}_{suffix}{}", self.stem, self.ending);
        posix::joined(&self.folder, &file)
    }
}

/// Seven random letters and digits, for a name that is taken.
#[must_use]
pub fn random_suffix() -> String {
    const LETTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    (0..7)
        .map(|_| {
            // 248 is the greatest multiple of 62 in a byte: what lies beyond would favour the first letters.
            let byte = std::iter::repeat_with(|| getrandom::u32().unwrap_or_default() & 0xff)
                .find(|byte| *byte < 248)
                .unwrap_or_default();
            char::from(LETTERS[byte as usize % LETTERS.len()])
        })
        .collect()
}

fn refuse_upward(folder: &str) -> Result<(), NameError> {
    if posix::has_upward_part(folder) {
        return Err(NameError::Traversal {
            name: folder.to_owned(),
        });
    }
    Ok(())
}

fn without_last(text: &str, chars: usize) -> &str {
    let keep = text.chars().count().saturating_sub(chars);
    text.char_indices()
        .nth(keep)
        .map_or(text, |(end, _)| &text[..end])
}

/// Python's `\w`: letters, digits and numbers of every script, and the underscore; no combining marks.
fn is_word(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric() && !is_mark(letter)
}

/// Marks that Rust counts as alphabetic and Python does not count as word characters: the common combining blocks.
const fn is_mark(letter: char) -> bool {
    matches!(letter,
        '\u{0300}'..='\u{036f}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05bd}' | '\u{0610}'..='\u{061a}'
        | '\u{064b}'..='\u{065f}' | '\u{0900}'..='\u{0903}' | '\u{093a}'..='\u{093c}' | '\u{093e}'..='\u{094f}'
        | '\u{0e31}' | '\u{0e34}'..='\u{0e3a}' | '\u{0e47}'..='\u{0e4e}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{3099}' | '\u{309a}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{fe20}'..='\u{fe2f}')
}

/// What Python's `strip` takes away: white space, and the four separators of ASCII.
fn is_python_space(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{1c}'..='\u{1f}')
}

#[cfg(test)]
mod tests;
