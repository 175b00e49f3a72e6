//! Turns a Django settings file, a part of one, or a `.env` file into connections.
//!
//! The flat settings make one connection. Every storage of `STORAGES` (or of the two older settings) and every
//! storage class in the text makes a connection of its own, based on that one, as the classes read the settings where
//! they set nothing themselves.

use std::collections::BTreeMap;
use std::fmt;

use super::classes::{Assigned, go_through, is_setting, unset_variable};
use super::dotenv;
use super::lexer::lines;
use super::lookup::Surroundings;
use super::stop::{Stop, Why};
use super::value::Py;
use crate::domain::Secret;
use crate::settings::{Environment, OptionId, Problem, StorageKind, Value, Values};

/// What was found in a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// Connections; a parent comes before those based on it.
    pub connections: Vec<ImportedConnection>,
    /// Settings whose value lies in a variable that is not set here.
    pub unresolved: Vec<Unresolved>,
    /// What was not taken over, or not without a doubt.
    pub remarks: Vec<Remark>,
}

/// One connection to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedConnection {
    /// Name: alias of the storage, name of the class, or `Django settings`.
    pub name: String,
    /// Storage class.
    pub kind: StorageKind,
    /// Options, secrets included.
    pub values: Values,
    /// Session token, which newer versions read from the settings and all from the class.
    pub session_token: Option<Secret>,
    /// Number of the connection it is based on.
    pub based_on: Option<usize>,
}

/// A setting whose value lies in a variable that is not set here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// Line, from 1.
    pub line: usize,
    /// The setting.
    pub name: String,
    /// The variable.
    pub variable: String,
}

/// Something that was not taken over, or not without a doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Line, from 1.
    pub line: usize,
    /// What it is about; empty for a line that does not read.
    pub name: String,
    /// Why.
    pub reason: RemarkReason,
}

/// Why something was not taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemarkReason {
    /// The value would take a running Python.
    NeedsPython,
    /// It uses a name that this text does not assign.
    UnknownName(String),
    /// The line does not read.
    Syntax,
    /// The option refuses the value.
    Refused(Problem),
    /// django-storages has no such documented option, or it has no effect here.
    NotAnOption,
    /// Taken, although it stands under a condition.
    Condition {
        /// Line of the condition.
        line: usize,
    },
    /// A storage that is not S3.
    OtherBackend(String),
    /// The storage class switches signing off; the setting has no effect there.
    HiddenByClass,
}

impl fmt::Display for RemarkReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeedsPython => f.write_str("would take a running Python; set it by hand"),
            Self::UnknownName(name) => write!(f, "uses {name}, which is not assigned here"),
            Self::Syntax => f.write_str("does not read"),
            Self::Refused(problem) => problem.reason.fmt(f),
            Self::NotAnOption => f.write_str("is no documented option of the S3 storage"),
            Self::Condition { line } => {
                write!(f, "taken as if the condition of line {line} held")
            }
            Self::OtherBackend(class) => write!(f, "is not kept in S3 but with {class}"),
            Self::HiddenByClass => {
                f.write_str("has no effect: a static storage class does not sign links")
            }
        }
    }
}

/// Reads a settings file or a `.env` file; which of the two is decided by what can be made of it. `dotenv` is the text
/// of a `.env` file that look-ups may use.
#[must_use]
pub fn import(text: &str, environment: &Environment, dotenv: Option<&str>) -> Imported {
    let python = import_python(text, environment, dotenv);
    let plain = import_dotenv(text);
    if !dotenv::looks_plain(text) {
        return python;
    }
    let weight = |one: &Imported| {
        one.connections
            .iter()
            .map(|connection| connection.values.len())
            .sum::<usize>()
    };
    if weight(&plain) > weight(&python) + python.unresolved.len() {
        plain
    } else {
        python
    }
}

fn import_python(text: &str, environment: &Environment, dotenv: Option<&str>) -> Imported {
    let variables: BTreeMap<String, String> = dotenv
        .map(|text| dotenv::parse(text).0)
        .unwrap_or_default()
        .into_iter()
        .map(|one| (one.name, one.value))
        .collect();
    let around = Surroundings {
        environment,
        dotenv: &variables,
    };
    let mut statements = go_through(&lines(text), &around);
    let mut imported = Imported {
        remarks: std::mem::take(&mut statements.remarks),
        ..Imported::default()
    };
    let flat = imported.flat(&statements.names);
    let storages = imported.storages(&statements);
    let signing = statements.names.get(OptionId::SignLinks.name());
    imported.put_together(flat, storages, signing.map_or(0, |(line, _)| *line));
    imported.remarks.sort_by_key(|remark| remark.line);
    imported.unresolved.sort_by_key(|one| one.line);
    imported
}

fn import_dotenv(text: &str) -> Imported {
    let mut imported = Imported::default();
    let mut flat = ImportedConnection::new("Django settings", StorageKind::Default);
    let (found, bad) = dotenv::parse(text);
    for one in found {
        let mut remark = |reason| {
            imported.remarks.push(Remark {
                line: one.line,
                name: one.name.clone(),
                reason,
            });
        };
        match OptionId::from_name(&one.name) {
            Some(option) => match Value::from_text(option, &one.value) {
                Ok(value) => flat.values.set(option, value),
                Err(problem) => remark(RemarkReason::Refused(problem)),
            },
            None if is_token(&one.name) => flat.session_token = Some(Secret::new(one.value)),
            None if is_setting(&one.name) => remark(RemarkReason::NotAnOption),
            None => {}
        }
    }
    imported.remarks.extend(bad.into_iter().map(|line| Remark {
        line,
        name: String::new(),
        reason: RemarkReason::Syntax,
    }));
    imported.remarks.sort_by_key(|remark| remark.line);
    if !flat.is_empty() {
        imported.connections.push(flat);
    }
    imported
}

pub(super) fn is_token(name: &str) -> bool {
    ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "security_token"].contains(&name)
}

impl ImportedConnection {
    pub(super) fn new(name: impl Into<String>, kind: StorageKind) -> Self {
        Self {
            name: name.into(),
            kind,
            values: Values::default(),
            session_token: None,
            based_on: None,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.session_token.is_none()
    }
}

impl Imported {
    pub(super) fn remark(&mut self, line: usize, name: &str, reason: RemarkReason) {
        self.remarks.push(Remark {
            line,
            name: name.to_owned(),
            reason,
        });
    }

    pub(super) fn stopped(&mut self, name: &str, stop: &Stop) {
        if let Some(variable) = unset_variable(stop) {
            let (name, variable) = (name.to_owned(), variable.to_owned());
            self.unresolved.push(Unresolved {
                line: stop.line,
                name,
                variable,
            });
            return;
        }
        let reason = match &stop.why {
            Why::UnknownName(name) => RemarkReason::UnknownName(name.clone()),
            Why::Syntax => RemarkReason::Syntax,
            Why::Unset(_) | Why::NeedsPython => RemarkReason::NeedsPython,
        };
        self.remark(stop.line, name, reason);
    }

    /// The flat settings.
    fn flat(&mut self, names: &BTreeMap<String, Assigned>) -> ImportedConnection {
        let mut flat = ImportedConnection::new("Django settings", StorageKind::Default);
        for (name, (line, value)) in names {
            if name != "STORAGES" {
                self.set(
                    &mut flat,
                    name,
                    OptionId::from_name(name).filter(|id| id.name() == name),
                    *line,
                    value,
                );
            }
        }
        flat
    }

    /// Sets one option, or says why not.
    pub(super) fn set(
        &mut self,
        connection: &mut ImportedConnection,
        name: &str,
        option: Option<OptionId>,
        line: usize,
        value: &Result<Py, Stop>,
    ) {
        if option.is_none() && !is_token(name) {
            if is_setting(name) {
                self.remark(line, name, RemarkReason::NotAnOption);
            }
            return;
        }
        let value = match value {
            Ok(value) => value.clone(),
            Err(stop) => return self.stopped(name, stop),
        };
        let Some(option) = option else {
            connection.session_token = value
                .spoken()
                .filter(|text| !text.is_empty())
                .map(Secret::new);
            return;
        };
        match Value::from_json(option, &value.into_json()) {
            Ok(value) => connection.values.set(option, value),
            Err(problem) => self.remark(line, name, RemarkReason::Refused(problem)),
        }
    }
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
