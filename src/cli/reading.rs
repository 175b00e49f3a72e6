//! From the words of the command line to what is asked for.
//!
//! Words are collected first and understood afterwards, so that options may stand anywhere. Nothing is read but the
//! arguments: no file, no environment.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser};

use super::address::Address;
use super::args::{Options, Task, WhenExists};
use super::flags::{self, Flag, Verb, VerbName, WHEN_EXISTS};
use super::login::Login;
use super::usage::{Usage, did_you_mean};
use super::{doctor, export, import, policy};
use crate::domain::Secret;
use crate::exchange::Form;
use crate::settings::{OptionId, TextKind};

/// The words, told apart but not yet understood.
pub(super) struct Words {
    pub(super) verb: Option<&'static Verb>,
    flags: Vec<(&'static Flag, Option<OsString>)>,
    pub(super) values: Vec<OsString>,
}

impl Words {
    pub(super) fn collect(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, Usage> {
        let mut parser = Parser::from_args(arguments);
        let mut words = Self {
            verb: None,
            flags: Vec::new(),
            values: Vec::new(),
        };
        let mut help_word = false;
        loop {
            let next = parser
                .next()
                .map_err(|error| words.usage(sentence(&error)))?;
            let flag = match next {
                None => break,
                Some(Arg::Value(word)) => {
                    match (words.verb, word.to_str()) {
                        (None, Some("help")) => help_word = true,
                        (None, text) => words.verb = Some(verb_named(text)?),
                        (Some(_), _) => words.values.push(word),
                    }
                    continue;
                }
                Some(Arg::Short(letter)) => {
                    words.find(&format!("-{letter}"), |flag| flag.short == Some(letter))?
                }
                Some(Arg::Long(name)) => {
                    let name = name.to_owned();
                    words.find(&format!("--{name}"), |flag| flag.long == name)?
                }
            };
            let value = match flag.value {
                None => None,
                Some(_) => Some(
                    parser
                        .value()
                        .map_err(|error| words.usage(sentence(&error)))?,
                ),
            };
            words.flags.push((flag, value));
        }
        if help_word {
            words.flags.extend(
                flags::GLOBAL
                    .iter()
                    .find(|flag| flag.long == "help")
                    .map(|flag| (flag, None)),
            );
        }
        Ok(words)
    }

    fn find(&self, written: &str, is_it: impl Fn(&Flag) -> bool) -> Result<&'static Flag, Usage> {
        let own = self.verb.map(|verb| verb.flags).unwrap_or_default();
        own.iter()
            .chain(flags::all())
            .find(|flag| is_it(flag))
            .ok_or_else(|| {
                let names: Vec<_> = flags::all()
                    .map(|flag| format!("--{}", flag.long))
                    .collect();
                let near = did_you_mean(written, names.iter().map(String::as_str));
                self.usage(format!("there is no option {written}{near}"))
            })
    }

    pub(super) fn usage(&self, message: impl Into<String>) -> Usage {
        Usage {
            message: message.into(),
            verb: self.verb.map(|verb| verb.name),
        }
    }

    pub(super) fn has(&self, long: &str) -> bool {
        self.flags.iter().any(|(flag, _)| flag.long == long)
    }

    /// The last value of an option, as it is.
    pub(super) fn value(&self, long: &str) -> Option<&OsString> {
        self.flags
            .iter()
            .rev()
            .find(|(flag, _)| flag.long == long)
            .and_then(|(_, value)| value.as_ref())
    }

    /// Refuses options that do not go with the verb.
    pub(super) fn check_flags(&self) -> Result<(), Usage> {
        for (flag, _) in &self.flags {
            let own = self.verb.map(|verb| verb.flags).unwrap_or_default();
            if !flags::GLOBAL
                .iter()
                .chain(own)
                .any(|known| known.long == flag.long)
            {
                let place = self.verb.map_or("the window", |verb| verb.name);
                return Err(self.usage(format!("--{} does not go with {place}", flag.long)));
            }
        }
        Ok(())
    }

    pub(super) fn options(&self) -> Result<Options, Usage> {
        let connection = match self.value("connection") {
            Some(name) => Some(self.text(name, "the connection's name")?),
            None => None,
        };
        let set: Vec<String> = self
            .flags
            .iter()
            .filter_map(|(flag, value)| Some((flag.long, value.as_ref()?)))
            .filter_map(|(long, value)| match long {
                "set" => Some(self.text(value, "the value of --set")),
                "profile" => Some(
                    self.text(value, "the name of the profile")
                        .map(|name| format!("{}={name}", OptionId::SessionProfile.name())),
                ),
                _ => None,
            })
            .collect::<Result<_, _>>()?;
        let options = Options {
            connection,
            builtin: self.has("builtin"),
            set,
            config_dir: self.value("config-dir").map(PathBuf::from),
            mfa: match self.value("mfa") {
                Some(code) => Some(self.code(code)?),
                None => None,
            },
            json: self.has("json"),
            quiet: self.has("quiet"),
        };
        if options.builtin && options.connection.is_some() {
            return Err(self
                .usage("--builtin and --connection name two different places; give one of them"));
        }
        Ok(options)
    }

    /// The code of a device, which has six digits everywhere (TokenCode of AssumeRole).
    fn code(&self, word: &OsString) -> Result<Secret, Usage> {
        let code = Secret::new(self.text(word, "the value of --mfa")?);
        let digits = code.reveal().bytes();
        if digits.len() == 6 && digits.clone().all(|digit| digit.is_ascii_digit()) {
            Ok(code)
        } else {
            Err(self.usage("--mfa takes the six digits that the device shows"))
        }
    }

    pub(super) fn task(&self, verb: &'static Verb) -> Result<Task, Usage> {
        let values = self.values.as_slice();
        match verb.id {
            VerbName::Put => {
                let Some((target, sources @ [_, ..])) = values.split_last() else {
                    return Err(self.usage("put needs files or folders and, last, where they go"));
                };
                let target = self.address(target)?;
                if sources.len() > 1 && !target.is_prefix() {
                    return Err(self.usage(format!(
                        "several sources need a prefix to go into; write {}/",
                        target.text
                    )));
                }
                Ok(Task::Put {
                    sources: sources.iter().map(PathBuf::from).collect(),
                    target,
                    when_exists: self.when_exists()?,
                })
            }
            VerbName::Get => {
                let Some((target, sources @ [_, ..])) = values.split_last() else {
                    return Err(self.usage(
                        "get needs keys or prefixes and, last, where they go on this computer",
                    ));
                };
                Ok(Task::Get {
                    sources: self.addresses(sources)?,
                    target: PathBuf::from(target),
                    when_exists: self.when_exists()?,
                })
            }
            VerbName::Ls => {
                if values.len() > 1 {
                    return Err(self.usage(
                        "ls takes one prefix; put it in quotation marks if it holds blanks",
                    ));
                }
                Ok(Task::Ls {
                    prefix: values
                        .first()
                        .map(|value| self.address(value))
                        .transpose()?,
                    recursive: self.has("recursive"),
                    null: self.has("null"),
                })
            }
            VerbName::Rm => {
                if values.is_empty() {
                    return Err(self.usage("rm needs the keys to delete"));
                }
                let recursive = self.has("recursive");
                let target = |value| {
                    if recursive {
                        self.address(value)
                    } else {
                        self.key_address(value)
                    }
                };
                Ok(Task::Rm {
                    targets: values.iter().map(target).collect::<Result<_, _>>()?,
                    recursive,
                    force: self.has("force"),
                    yes: self.has("yes"),
                })
            }
            VerbName::Doctor => doctor::How::read(self).map(Task::Doctor),
            VerbName::Export => self.export(values),
            VerbName::Import => self.import(values),
            VerbName::Policy => policy::How::read(self).map(Task::Policy),
            VerbName::Login => Login::read(self).map(Task::Login),
            VerbName::Url => {
                let [key] = values else {
                    return Err(self.usage("url needs exactly one key"));
                };
                let target = self.key_address(key)?;
                Ok(Task::Url {
                    target,
                    expires_secs: self.expires_secs()?,
                })
            }
        }
    }

    fn export(&self, values: &[OsString]) -> Result<Task, Usage> {
        let known = || Form::ALL.map(Form::word).join(", ");
        let Some(word) = self.value("as") else {
            return Err(self.usage(format!("export needs --as with one of {}", known())));
        };
        let word = self.text(word, "the value of --as")?;
        let form = Form::from_word(&word).ok_or_else(|| {
            self.usage(format!("there is no form {word}; write one of {}", known()))
        })?;
        if values.len() > 1 {
            return Err(self.usage("export takes one file, or none for standard output"));
        }
        if self.has("builtin") {
            return Err(self.usage(
                "the built-in bucket is made anew at each start and has no settings to export",
            ));
        }
        Ok(Task::Export(export::How {
            form,
            secrets: self.has("secrets"),
            overwrite: self.has("overwrite"),
            file: values.first().map(PathBuf::from),
        }))
    }

    fn import(&self, values: &[OsString]) -> Result<Task, Usage> {
        let [file] = values else {
            return Err(self.usage("import needs exactly one file; - is standard input"));
        };
        for long in ["connection", "builtin", "profile", "set"] {
            if self.has(long) {
                return Err(self.usage(format!("--{long} does not go with import")));
            }
        }
        let kind = match self.value("as") {
            None => None,
            Some(word) => {
                let word = self.text(word, "the value of --as")?;
                Some(TextKind::from_word(&word).ok_or_else(|| {
                    let known = TextKind::ALL.map(TextKind::word).join(", ");
                    self.usage(format!("there is no kind {word}; write one of {known}"))
                })?)
            }
        };
        let name = self.value("name");
        Ok(Task::Import(import::How {
            file: PathBuf::from(file),
            kind,
            name: name.map(|word| self.text(word, "the name")).transpose()?,
        }))
    }

    pub(super) fn text(&self, word: &OsString, what: &str) -> Result<String, Usage> {
        word.to_str()
            .map(str::to_owned)
            .ok_or_else(|| self.usage(format!("{what} is not valid UTF-8")))
    }

    pub(super) fn address(&self, word: &OsString) -> Result<Address, Usage> {
        let text = self.text(word, "a key")?;
        Address::parse(&text).map_err(|message| self.usage(message))
    }

    fn addresses(&self, words: &[OsString]) -> Result<Vec<Address>, Usage> {
        words.iter().map(|word| self.address(word)).collect()
    }

    /// A key to the letter: here `/` is the object of that name.
    fn key_address(&self, word: &OsString) -> Result<Address, Usage> {
        let mut address = self.address(word)?;
        if word == "/" {
            "/".clone_into(&mut address.text);
        }
        if address.text.is_empty() {
            return Err(self.usage("the key is empty"));
        }
        Ok(address)
    }

    fn when_exists(&self) -> Result<Option<WhenExists>, Usage> {
        let given: Vec<_> = WHEN_EXISTS
            .into_iter()
            .filter(|long| self.has(long))
            .collect();
        match given.as_slice() {
            [] => Ok(None),
            ["overwrite"] => Ok(Some(WhenExists::Overwrite)),
            ["skip"] => Ok(Some(WhenExists::Skip)),
            ["keep-both"] => Ok(Some(WhenExists::KeepBoth)),
            [one] if *one == "newer" => Ok(Some(WhenExists::Newer)),
            [one, other, ..] => {
                Err(self.usage(format!("--{one} and --{other} contradict each other")))
            }
            [_] => Ok(None),
        }
    }

    fn expires_secs(&self) -> Result<Option<i64>, Usage> {
        let Some(word) = self.value("expires") else {
            return Ok(None);
        };
        let text = self.text(word, "the value of --expires")?;
        let digits = text.trim_end_matches(['s', 'm', 'h', 'd']);
        let unit_secs = match &text[digits.len()..] {
            "" | "s" => Some(1),
            "m" => Some(60),
            "h" => Some(3600),
            "d" => Some(86_400),
            _ => None,
        };
        unit_secs
            .zip(digits.parse::<i64>().ok())
            .and_then(|(unit, count)| count.checked_mul(unit))
            .filter(|secs| *secs > 0)
            .map(Some)
            .ok_or_else(|| {
                self.usage(format!(
                    "--expires {text} is no lifetime; write seconds, or 90m, 12h, 7d"
                ))
            })
    }
}

fn verb_named(word: Option<&str>) -> Result<&'static Verb, Usage> {
    let word = word.ok_or_else(|| Usage::new("the first word is not valid UTF-8"))?;
    Verb::named(word).ok_or_else(|| {
        let near = did_you_mean(word, flags::VERBS.iter().map(|verb| verb.name));
        Usage::new(format!("there is no verb {word}{near}"))
    })
}

/// lexopt's own words about a missing or surplus value.
fn sentence(error: &lexopt::Error) -> String {
    match error {
        lexopt::Error::MissingValue {
            option: Some(option),
        } => format!("{option} needs a value"),
        lexopt::Error::UnexpectedValue { option, .. } => format!("{option} takes no value"),
        other => other.to_string(),
    }
}
