//! A key, a secret and a token pasted as one block, in whatever form people have them.
//!
//! The access portal's text for three shells, a section of the credentials file, JSON of the AWS CLI and of
//! `credential_process`, the console's CSV, or the bare lines. Line ends may have become blanks, because fields of one
//! line take a paste that way. A [`Pasted`] says what was found and what is missing; it never shows a secret.

use serde_json::Value as Json;

use crate::domain::{Secret, Timestamp, masked_key_id};

/// The form that was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PastedForm {
    /// `export AWS_ACCESS_KEY_ID="…"`.
    Bash,
    /// `SET AWS_ACCESS_KEY_ID=…`.
    Cmd,
    /// `$Env:AWS_ACCESS_KEY_ID="…"`.
    PowerShell,
    /// `[name]` and `aws_access_key_id = …`.
    CredentialsFile,
    /// `AWS_ACCESS_KEY_ID=…`.
    Assignments,
    /// JSON of the AWS CLI or of a `credential_process`.
    Json,
    /// The console's CSV file.
    Csv,
    /// Values alone, in the order key, secret, token.
    Bare,
}

/// What is missing or odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PastedFlaw {
    /// No access key id was found.
    NoAccessKey,
    /// No secret access key was found.
    NoSecret,
    /// The key is a temporary one, and no session token was found.
    NoToken,
    /// There is more than one key; the first is taken.
    Several,
    /// The keys have ended already.
    Ended,
    /// Words that no keys are.
    NotKeys,
    /// Nothing names the values; they are taken by their order.
    ByOrder,
    /// A secret of Amazon's that is not as long as all of them are.
    SecretLength,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    /// The form it came in.
    pub form: PastedForm,
    /// Access key id.
    pub access_key: Option<String>,
    /// Secret access key.
    pub secret_key: Option<Secret>,
    /// Session token.
    pub token: Option<Secret>,
    /// When the keys end, where that is said.
    pub expires: Option<Timestamp>,
    /// The name in brackets: `123456789012_Editor`.
    pub section: Option<String>,
    /// There is more than one key.
    pub several: bool,
}

/// The fields that are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Access,
    Secret,
    Token,
    End,
}

/// Names by which the fields go, in lower case and without marks; longer ones before those they begin with.
const NAMES: [(&str, Field); 12] = [
    ("aws_access_key_id", Field::Access),
    ("aws_secret_access_key", Field::Secret),
    ("aws_session_token", Field::Token),
    ("aws_security_token", Field::Token),
    ("aws_credential_expiration", Field::End),
    ("secretaccesskey", Field::Secret),
    ("accesskeyid", Field::Access),
    ("sessiontoken", Field::Token),
    ("aws_access_key", Field::Access),
    ("aws_secret_key", Field::Secret),
    ("x_security_token_expires", Field::End),
    ("expiration", Field::End),
];

impl Pasted {
    /// Reads a block; `None` when there is nothing in it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return None;
        }
        // Word processors and chat programs make marks of their own.
        let text =
            zeroize::Zeroizing::new(text.replace(['“', '”', '„'], "\"").replace(['‘', '’'], "'"));
        let found = of_json(&text)
            .or_else(|| of_names(&text))
            .or_else(|| of_csv(&text))
            .unwrap_or_else(|| of_values(&text));
        Some(found)
    }

    const fn empty(form: PastedForm) -> Self {
        Self {
            form,
            access_key: None,
            secret_key: None,
            token: None,
            expires: None,
            section: None,
            several: false,
        }
    }

    /// Takes a value in; the first of each field counts.
    fn put(&mut self, field: Field, value: &str) {
        if value.is_empty() {
            return;
        }
        match field {
            Field::Access if self.access_key.is_some() => self.several = true,
            Field::Access => self.access_key = Some(value.to_owned()),
            Field::Secret => drop(self.secret_key.get_or_insert_with(|| Secret::new(value))),
            // A token after a second key belongs to that one.
            Field::Token if self.several => {}
            Field::Token => drop(self.token.get_or_insert_with(|| Secret::new(value))),
            Field::End if self.several => {}
            Field::End => self.expires = self.expires.or_else(|| end_of(value)),
        }
    }

    /// `AKIA…MPLE`.
    #[must_use]
    pub fn masked_key(&self) -> Option<String> {
        self.access_key.as_deref().map(masked_key_id)
    }

    /// What is missing or odd, worst first.
    #[must_use]
    pub fn flaws(&self, now: Timestamp) -> Vec<PastedFlaw> {
        let temporary = self
            .access_key
            .as_deref()
            .is_some_and(|key| key.starts_with("ASIA"));
        let of_amazon = self.access_key.as_deref().is_some_and(is_key_id);
        let is_bare = self.form == PastedForm::Bare;
        let is_empty = self.access_key.is_none() && self.secret_key.is_none();
        let length = self.secret_key.as_ref();
        let length = length.map_or(SECRET_LENGTH, |secret| secret.reveal().chars().count());
        [
            (is_bare && is_empty, PastedFlaw::NotKeys),
            (
                self.access_key.is_none() && !(is_bare && is_empty),
                PastedFlaw::NoAccessKey,
            ),
            (
                self.secret_key.is_none() && !(is_bare && is_empty),
                PastedFlaw::NoSecret,
            ),
            (
                of_amazon && length != SECRET_LENGTH,
                PastedFlaw::SecretLength,
            ),
            (is_bare && !is_empty && !of_amazon, PastedFlaw::ByOrder),
            (temporary && self.token.is_none(), PastedFlaw::NoToken),
            (
                self.expires.is_some_and(|end| end <= now),
                PastedFlaw::Ended,
            ),
            (self.several, PastedFlaw::Several),
        ]
        .into_iter()
        .filter_map(|(is, flaw)| is.then_some(flaw))
        .collect()
    }

    /// Both halves are there.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.access_key.is_some() && self.secret_key.is_some()
    }
}

/// A time as ISO, or as milliseconds or seconds since 1970.
fn end_of(text: &str) -> Option<Timestamp> {
    if let Ok(number) = text.parse::<i64>() {
        return Some(Timestamp(if number > 100_000_000_000 {
            number / 1000
        } else {
            number
        }));
    }
    Timestamp::from_iso(text)
}

fn of_json(text: &str) -> Option<Pasted> {
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let json: Json = serde_json::from_str(text).ok()?;
    let mut found = Pasted::empty(PastedForm::Json);
    collect(&json, &mut found);
    (found.access_key.is_some() || found.secret_key.is_some()).then_some(found)
}

/// Fields at any depth: the CLI wraps them in `Credentials`, `AccessKey` or `roleCredentials`.
fn collect(json: &Json, found: &mut Pasted) {
    match json {
        Json::Object(map) => {
            for (key, value) in map {
                let text = match value {
                    Json::String(text) => text.clone(),
                    Json::Number(number) => number.to_string(),
                    _ => continue,
                };
                let key = key.to_lowercase();
                let field = NAMES.iter().find(|(name, _)| *name == key);
                let field = field.map(|(_, field)| *field);
                // `Token` alone is what the metadata service writes.
                if let Some(field) = field.or((key == "token").then_some(Field::Token)) {
                    found.put(field, text.trim());
                }
            }
            map.values().for_each(|value| collect(value, found));
        }
        Json::Array(list) => list.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

/// Names with values behind them, in any of the shells or the credentials file.
fn of_names(text: &str) -> Option<Pasted> {
    let lower = text.to_ascii_lowercase();
    let mut found = Pasted::empty(PastedForm::Assignments);
    let mut form = None;
    let mut named = false;
    let mut at = 0;
    while let Some((start, name, field)) = next_name(&lower, at) {
        at = start + name.len();
        named = true;
        let Some((value, end)) = value_at(text, at) else {
            continue;
        };
        form.get_or_insert_with(|| form_of(&lower[..start]));
        found.put(field, &text[value]);
        at = end;
    }
    match form {
        Some(form) => found.form = form,
        // Names without a value are no values either.
        None => return named.then_some(found),
    }
    if found.form == PastedForm::CredentialsFile {
        found.section = section_of(text);
    }
    Some(found)
}

/// The next name at or after a position that is not a part of a longer word.
fn next_name(lower: &str, from: usize) -> Option<(usize, &'static str, Field)> {
    let is_word =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let bytes = lower.as_bytes();
    let first_of = |name: &'static str, field| {
        let mut at = from;
        loop {
            let start = at + lower.get(at..)?.find(name)?;
            let before = start.checked_sub(1).and_then(|before| bytes.get(before));
            if !is_word(before) && !is_word(bytes.get(start + name.len())) {
                return Some((start, name, field));
            }
            at = start + name.len();
        }
    };
    NAMES
        .into_iter()
        .filter_map(|(name, field)| first_of(name, field))
        .min_by_key(|(start, ..)| *start)
}

/// Where the value behind a name stands, and where it ends; `None` when none follows.
fn value_at(text: &str, from: usize) -> Option<(std::ops::Range<usize>, usize)> {
    let rest = &text[from..];
    // A quotation mark that closes the name, blanks, one sign, blanks, a quotation mark that opens the value.
    let mut start = rest.len() - rest.trim_start_matches(['"', '\'', ' ', '\t']).len();
    let signed = rest[start..].starts_with(['=', ':']);
    if signed {
        start += 1;
        start += rest[start..].len() - rest[start..].trim_start_matches([' ', '\t']).len();
    } else if start == 0 {
        return None;
    }
    let quote = rest[start..]
        .chars()
        .next()
        .filter(|first| ['"', '\''].contains(first));
    if let Some(quote) = quote {
        start += quote.len_utf8();
        let length = rest[start..].find(quote)?;
        let inside = rest[start..start + length].trim();
        let at = from + start + (rest[start..].len() - rest[start..].trim_start().len());
        return Some((at..at + inside.len(), from + start + length + 1));
    }
    let ends = |each: char| each.is_whitespace() || ['"', '\'', ',', ';', '}'].contains(&each);
    let length = rest[start..].find(ends).unwrap_or(rest.len() - start);
    let value = &rest[start..start + length];
    // Without a sign the next name may follow, as where a value was left out.
    let is_name = NAMES
        .iter()
        .any(|(name, _)| value.to_ascii_lowercase().starts_with(name));
    (!is_name).then(|| (from + start..from + start + length, from + start + length))
}

/// What stands before the first name tells the form.
fn form_of(before: &str) -> PastedForm {
    let trimmed = before.trim_end_matches([' ', '\t', '"']);
    if trimmed.ends_with("$env:") {
        PastedForm::PowerShell
    } else if trimmed.ends_with("export") || trimmed.ends_with("-x") || trimmed.ends_with("-gx") {
        PastedForm::Bash
    } else if trimmed.ends_with("set") || trimmed.ends_with("setx") {
        PastedForm::Cmd
    } else if before.contains('[') && before.contains(']') {
        PastedForm::CredentialsFile
    } else if before.contains('{') {
        PastedForm::Json
    } else {
        PastedForm::Assignments
    }
}

fn section_of(text: &str) -> Option<String> {
    let (_, rest) = text.split_once('[')?;
    let (name, _) = rest.split_once(']')?;
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= 128 && !name.contains(char::is_control);
    fits.then(|| name.to_owned())
}

/// The console's files: a line of headings and a line of values.
fn of_csv(text: &str) -> Option<Pasted> {
    let lower = text.to_lowercase();
    if !lower.contains("access key id") || !lower.contains("secret access key") {
        return None;
    }
    let mut found = Pasted::empty(PastedForm::Csv);
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let fields = |line: &str| -> Vec<String> {
        line.split(',')
            .map(|field| field.trim().trim_matches('"').to_owned())
            .collect()
    };
    let heads: Vec<String> = (lines.next().map(fields).unwrap_or_default().iter())
        .map(|head| head.to_lowercase())
        .collect();
    for line in lines {
        for (head, value) in heads.iter().zip(fields(line)) {
            match head.as_str() {
                "access key id" => found.put(Field::Access, &value),
                "secret access key" => found.put(Field::Secret, &value),
                "session token" => found.put(Field::Token, &value),
                _ => {}
            }
        }
    }
    if found.access_key.is_none() {
        // The line ends were lost: what looks like a key begins the values.
        let words: Vec<&str> = words(text).collect();
        let at = words.iter().position(|word| is_key_id(word))?;
        found.put(Field::Access, words[at]);
        if let Some(secret) = words.get(at + 1) {
            found.put(Field::Secret, secret);
        }
    }
    Some(found)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let between = |each: char| each.is_whitespace() || [',', '"', '\'', ';'].contains(&each);
    text.split(between).filter(|word| !word.is_empty())
}

/// Amazon's key ids: a prefix of four letters that names the kind, then capitals and digits.
fn is_key_id(word: &str) -> bool {
    (word.starts_with("AKIA") || word.starts_with("ASIA"))
        && (16..=128).contains(&word.len())
        && word
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// How long Amazon's secrets are.
const SECRET_LENGTH: usize = 40;
/// How short the values of other servers may be: MinIO's limits, which are the lowest in use.
const SHORTEST: [usize; 2] = [3, 8];
/// How short a session token may be; those of servers are far longer.
const SHORTEST_TOKEN: usize = 16;

/// Words that may be a key id, a secret and perhaps a token of a server other than Amazon's, where ids are free texts:
/// not more than three, none of them too short, none with the marks of a sentence at its end.
fn may_be_keys(words: &[&str]) -> bool {
    let ends_sentence = |word: &&str| word.ends_with(['.', '!', '?', ':']);
    let is_ascii = |word: &&str| word.bytes().all(|byte| byte.is_ascii_graphic());
    let lengths = words.iter().map(|word| word.len());
    let least = SHORTEST.into_iter().chain([SHORTEST_TOKEN]);
    words.len() <= 3
        && words.iter().all(is_ascii)
        && !words.iter().any(ends_sentence)
        && lengths.zip(least).all(|(length, least)| length >= least)
}

/// Values alone. One of Amazon's ids may stand anywhere, others' ids come first.
fn of_values(text: &str) -> Pasted {
    let mut found = Pasted::empty(PastedForm::Bare);
    let words: Vec<&str> = words(text).collect();
    let begins = match words.iter().position(|word| is_key_id(word)) {
        Some(at) => at,
        None if may_be_keys(&words) => 0,
        // A sentence is no key.
        None => return found,
    };
    found.several = words.iter().filter(|word| is_key_id(word)).count() > 1;
    for (field, word) in [Field::Access, Field::Secret, Field::Token]
        .into_iter()
        .zip(&words[begins..])
    {
        let several = std::mem::take(&mut found.several);
        if !(field == Field::Token && several) {
            found.put(field, word);
        }
        found.several |= several;
    }
    found
}

#[cfg(test)]
#[path = "pasted_tests.rs"]
mod tests;
