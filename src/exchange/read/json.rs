//! This program's own export: everything that a saved connection holds, in JSON.

use serde_json::{Map, Value as Json};

use crate::domain::{Location, ParameterRule, Secret};
use crate::settings::{
    Access, CredentialMode, Environment, Imported, ImportedConnection, OptionId, RemarkReason,
    StorageKind, TextKind, Unresolved, Value, fill_places, fill_places_in,
};

/// Reads an export.
pub(super) fn read(text: &str, environment: &Environment) -> Imported {
    let mut reader = Reader {
        text,
        environment,
        imported: Imported::of(TextKind::Json),
    };
    match serde_json::from_str::<Json>(text.trim_start_matches('\u{feff}')) {
        Ok(Json::Object(mut whole)) => {
            match (whole.remove("cooperage"), whole.remove("connections")) {
                (Some(Json::Number(_)), Some(Json::Array(list))) => {
                    for one in list {
                        reader.connection(one);
                    }
                }
                _ => reader.imported.remark(1, "the text", RemarkReason::NotOurs),
            }
        }
        Ok(_) => reader.imported.remark(1, "the text", RemarkReason::NotOurs),
        Err(error) => reader
            .imported
            .remark(error.line(), "", RemarkReason::Syntax),
    }
    reader.imported.sort();
    reader.imported
}

struct Reader<'a> {
    text: &'a str,
    environment: &'a Environment,
    imported: Imported,
}

impl Reader<'_> {
    /// The line where a name stands first; names are seldom there twice.
    fn line_of(&self, name: &str) -> usize {
        let quoted = Json::from(name).to_string();
        let at = self.text.find(&quoted).unwrap_or(0);
        self.text[..at].matches('\n').count() + 1
    }

    fn refuse(&mut self, name: &str, reason: RemarkReason) {
        let line = self.line_of(name);
        self.imported.remark(line, name, reason);
    }

    fn missing(&mut self, name: &str, variable: String) {
        self.imported.unresolved.push(Unresolved {
            line: self.line_of(name),
            name: name.to_owned(),
            variable: Some(variable),
        });
    }

    fn connection(&mut self, json: Json) {
        let Json::Object(fields) = json else {
            return self.refuse("connections", RemarkReason::NotOurs);
        };
        let made = ImportedConnection::new("connection", StorageKind::Default);
        let number = self.imported.connections.len();
        self.imported.connections.push(made);
        for (name, value) in fields {
            let mut made = std::mem::replace(
                &mut self.imported.connections[number],
                ImportedConnection::new("", StorageKind::Default),
            );
            if self.field(&mut made, &name, value, number).is_none() {
                self.refuse(&name, RemarkReason::NotOurs);
            }
            self.imported.connections[number] = made;
        }
    }

    /// Takes one field over; `None` when it is unknown or has another kind.
    fn field(
        &mut self,
        made: &mut ImportedConnection,
        name: &str,
        value: Json,
        number: usize,
    ) -> Option<()> {
        match (name, value) {
            ("name", Json::String(text)) => made.name = text,
            ("kind", Json::String(word)) => made.kind = StorageKind::from_word(&word)?,
            ("credentials", Json::String(word)) => {
                made.credentials = CredentialMode::from_word(&word)?;
            }
            ("access", Json::String(word)) => made.own.access = Access::from_word(&word)?,
            ("production", Json::Bool(on)) => made.own.production = on,
            ("colour", json) => {
                let colour = u8::try_from(json.as_u64()?).ok()?;
                let is_one = colour < crate::settings::connection::COLOURS;
                made.own.colour = is_one.then_some(colour);
                made.own.colour?;
            }
            ("based_on", json) => {
                let parent = usize::try_from(json.as_u64()?).ok()?;
                made.based_on = (parent < number).then_some(parent);
                made.based_on?;
            }
            ("settings", Json::Object(settings)) => self.settings(made, settings),
            ("session_token", value) => made.session_token = self.secret("session_token", value)?,
            ("rules", Json::Array(rules)) => {
                for rule in rules {
                    let rule = self.rule(rule)?;
                    made.rules.push(rule);
                }
            }
            ("bookmarks", json) => {
                made.own.bookmarks = serde_json::from_value::<Vec<Location>>(json).ok()?;
            }
            ("buckets", json) => made.own.buckets = serde_json::from_value(json).ok()?,
            _ => return None,
        }
        Some(())
    }

    fn settings(&mut self, made: &mut ImportedConnection, settings: Map<String, Json>) {
        for (name, json) in settings {
            let Some(option) = OptionId::from_name(&name) else {
                self.refuse(&name, RemarkReason::NotAnOption);
                continue;
            };
            if option.spec().is_secret() && json.is_object() {
                match self.secret(&name, json) {
                    Some(Some(secret)) => made.values.set(option, Value::Secret(secret)),
                    Some(None) => {}
                    None => self.refuse(&name, RemarkReason::NotOurs),
                }
                continue;
            }
            match Value::from_json(option, &json) {
                Ok(mut value) => {
                    for (part, variable) in fill_places(&mut value, self.environment) {
                        self.missing(&part, variable);
                    }
                    made.values.set(option, value);
                }
                Err(problem) => self.refuse(&name, RemarkReason::Refused(problem)),
            }
        }
    }

    /// A secret in clear, or the place of one; the inner `None` when its variable is not set.
    fn secret(&mut self, name: &str, json: Json) -> Option<Option<Secret>> {
        if let Json::String(text) = json {
            return Some(Some(Secret::new(text)));
        }
        let variable = json.get("$env")?.as_str()?.to_owned();
        let found = self.environment.found(&variable).map(Secret::new);
        if found.is_none() {
            self.missing(name, variable);
        }
        Some(found)
    }

    fn rule(&mut self, json: Json) -> Option<ParameterRule> {
        let Json::Object(mut rule) = json else {
            return None;
        };
        let (glob, parameters) = (rule.remove("glob")?, rule.remove("parameters")?);
        let (Json::String(glob), Json::Object(mut parameters)) = (glob, parameters) else {
            return None;
        };
        for (part, variable) in fill_places_in(&mut parameters, self.environment) {
            self.missing(&part, variable);
        }
        Some(ParameterRule {
            glob,
            parameters: parameters.into_iter().collect(),
        })
    }
}
