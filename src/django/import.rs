//! Turns a Django settings file, a part of one, or a `.env` file into connections.
//!
//! The flat settings make one connection. Every storage of `STORAGES` (or of the two older settings) and every
//! storage class in the text makes a connection of its own, based on that one, as the classes read the settings where
//! they set nothing themselves.

use std::collections::BTreeMap;

use super::classes::{Assigned, go_through, is_setting, unset_variable};
use super::dotenv;
use super::lexer::lines;
use super::lookup::Surroundings;
use super::stop::{Stop, Why};
use super::value::Py;
use crate::domain::Secret;
use crate::settings::{
    Environment, Imported, ImportedConnection, OptionId, RemarkReason, StorageKind, TextKind,
    Unresolved, Value, fill_places,
};

/// Reads a settings file or a `.env` file; which of the two is decided by what can be made of it. `dotenv` is the text
/// of a `.env` file that look-ups may use.
#[must_use]
pub fn import(text: &str, environment: &Environment, dotenv: Option<&str>) -> Imported {
    let python = import_python(text, environment, dotenv);
    let plain = import_dotenv(text, environment);
    if !dotenv::looks_plain(text) {
        return python;
    }
    let weight = |one: &Imported| {
        one.connections
            .iter()
            .map(|connection| connection.values.len())
            .sum::<usize>()
    };
    if weight(&plain) + plain.unresolved.len() > weight(&python) + python.unresolved.len() {
        plain
    } else {
        python
    }
}

/// Reads the text as a Django settings file.
#[must_use]
pub fn import_python(text: &str, environment: &Environment, dotenv: Option<&str>) -> Imported {
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
        ..Imported::of(TextKind::Django)
    };
    let flat = imported.flat(&statements.names);
    let storages = imported.storages(&statements);
    let signing = statements.names.get(OptionId::SignLinks.name());
    imported.put_together(flat, storages, signing.map_or(0, |(line, _)| *line));
    imported.sort();
    imported
}

/// Reads the text as a `.env` file. Values that are one reference, `${NAME}` without quotes, are looked up in the lines
/// before and in the environment.
#[must_use]
pub fn import_dotenv(text: &str, environment: &Environment) -> Imported {
    let mut imported = Imported::of(TextKind::DotEnv);
    let mut flat = ImportedConnection::new("Django settings", StorageKind::Default);
    let (found, bad) = dotenv::parse(text);
    let mut before: BTreeMap<String, String> = BTreeMap::new();
    let signing = |one: &&dotenv::Assignment| one.name == OptionId::SignLinks.name();
    let signing_line = found.iter().find(signing).map_or(0, |one| one.line);
    for one in found {
        let dotenv::Assignment {
            line, name, value, ..
        } = &one;
        let value = match one.reference() {
            None => value.clone(),
            Some(variable) => {
                let known = before.get(variable).map(String::as_str);
                match known.or_else(|| environment.found(variable)) {
                    Some(value) => value.to_owned(),
                    None => {
                        if OptionId::from_name(name).is_some() || is_token(name) {
                            imported.unresolved.push(Unresolved {
                                line: *line,
                                name: name.clone(),
                                variable: Some(variable.to_owned()),
                            });
                        }
                        continue;
                    }
                }
            }
        };
        before.insert(name.clone(), value.clone());
        match OptionId::from_name(name) {
            Some(option) => match Value::from_text(option, &value) {
                Ok(mut value) => {
                    let missing = fill_places(&mut value, environment);
                    imported.missing(*line, name, missing);
                    flat.values.set(option, value);
                }
                Err(problem) => imported.remark(*line, name, RemarkReason::Refused(problem)),
            },
            None if is_token(name) => flat.session_token = Some(Secret::new(value)),
            None if is_setting(name) => imported.remark(*line, name, RemarkReason::NotAnOption),
            None => {}
        }
    }
    for line in bad {
        imported.remark(line, "", RemarkReason::Syntax);
    }
    let class = |option| flat.values.get(option).and_then(Value::as_text);
    if class(OptionId::DefaultStorage).is_none()
        && let Some(kind) = class(OptionId::StaticStorage).and_then(StorageKind::of_class)
    {
        flat.kind = kind;
        imported.hide_signing(&mut flat, signing_line);
    }
    imported.sort();
    if !flat.is_empty() {
        imported.connections.push(flat);
    }
    imported
}

pub(super) fn is_token(name: &str) -> bool {
    ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "security_token"].contains(&name)
}

impl Imported {
    /// Notes parts of a value that lie in variables which are not set here.
    fn missing(&mut self, line: usize, name: &str, parts: Vec<(String, String)>) {
        let parts = parts.into_iter().map(|(part, variable)| Unresolved {
            line,
            name: format!("{name}[{part:?}]"),
            variable: Some(variable),
        });
        self.unresolved.extend(parts);
    }

    pub(super) fn stopped(&mut self, name: &str, stop: &Stop) {
        if let Some(variable) = unset_variable(stop) {
            let (name, variable) = (name.to_owned(), Some(variable.to_owned()));
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
        let mut value = match value {
            Ok(Py::Stopped(stop)) => return self.stopped(name, stop),
            Ok(value) => value.clone(),
            Err(stop) => return self.stopped(name, stop),
        };
        for (key, stop) in value.take_stopped() {
            self.stopped(&format!("{name}{key}"), &stop);
        }
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
