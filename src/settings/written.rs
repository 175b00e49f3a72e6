//! The written forms of values: text for the command line, fields and `.env`, JSON for what a Django settings file
//! can hold. (The saved file's TOML is made from the JSON form by `document`.)
//!
//! Each form reads back to the same value. A value of the wrong kind is refused with the option's name; whether a
//! value of the right kind makes sense is the check of its row, asked for separately, because Django keeps such a
//! value until it is used. Secrets have no written form unless they are expressly revealed.

use std::path::PathBuf;

use serde_json::Value as Json;

use super::option::Kind;
use super::problem::{Problem, Reason};
use super::table::OptionId;
use super::value::Value;
use crate::domain::Verify;

impl Value {
    /// Reads the form of the command line and of fields.
    ///
    /// Dictionaries and lists are JSON. Truth is true/false, 1/0, yes/no or on/off. An empty text is nothing where
    /// nothing may stand, else an empty text. A text in double quotes that reads as a JSON string is that string,
    /// so that `""` is an empty text even where an empty field means nothing.
    ///
    /// # Errors
    /// When the text is no value of the option's kind.
    pub fn from_text(option: OptionId, text: &str) -> Result<Self, Problem> {
        let spec = option.spec();
        let wrong = |needed| {
            Problem::new(
                option,
                Reason::WrongKind {
                    needed,
                    given: "this text",
                },
            )
        };
        match spec.kind {
            Kind::Text { .. } | Kind::Choice { .. } | Kind::Secret | Kind::Pem => {
                if text.is_empty() && spec.may_be_nothing() {
                    return Ok(Self::Nothing);
                }
                let plain = unquoted(text).unwrap_or_else(|| text.to_owned());
                Ok(if spec.is_secret() {
                    Self::secret(plain)
                } else {
                    Self::Text(plain)
                })
            }
            Kind::Bool { .. } => truth_word(text)
                .map(Self::Bool)
                .ok_or_else(|| wrong("true or false")),
            Kind::Integer { min, max, .. } => {
                let number = text.trim().parse().map_err(|_| wrong("a whole number"))?;
                in_range(option, number, min, max)
            }
            Kind::Verify => Ok(Self::Verify(match truth_word(text) {
                Some(true) => Verify::On,
                Some(false) => Verify::Off,
                None if text.is_empty() || text.eq_ignore_ascii_case("default") => Verify::Default,
                None => Verify::CaFile(PathBuf::from(
                    unquoted(text).unwrap_or_else(|| text.to_owned()),
                )),
            })),
            Kind::Map | Kind::Proxies | Kind::List => {
                if text.trim().is_empty() && spec.may_be_nothing() {
                    return Ok(Self::Nothing);
                }
                let needed = needed_as_json(spec.kind);
                let json = serde_json::from_str(text).map_err(|error| {
                    Problem::new(
                        option,
                        Reason::BadJson {
                            needed,
                            line: error.line(),
                            column: error.column(),
                        },
                    )
                })?;
                Self::from_json(option, &json)
            }
        }
    }

    /// Writes the form of [`Value::from_text`]; `None` for a secret.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        Some(match self {
            Self::Nothing => String::new(),
            Self::Text(text) => quoted_if_needed(text),
            Self::Secret(_) => return None,
            Self::Bool(on) => on.to_string(),
            Self::Integer(number) => number.to_string(),
            Self::Map(map) => Json::Object(map.clone()).to_string(),
            Self::List(list) => Json::from(list.clone()).to_string(),
            Self::Verify(Verify::Default) => "default".to_owned(),
            Self::Verify(Verify::On) => "true".to_owned(),
            Self::Verify(Verify::Off) => "false".to_owned(),
            Self::Verify(Verify::CaFile(path)) => {
                let path = path.to_string_lossy().into_owned();
                let is_word = truth_word(&path).is_some() || path.eq_ignore_ascii_case("default");
                if is_word {
                    Json::from(path).to_string()
                } else {
                    quoted_if_needed(&path)
                }
            }
        })
    }

    /// Reads a value as a Django settings file holds it. Where Django only tests truth, any value will do, so the
    /// text `"False"` switches on, as it does there.
    ///
    /// # Errors
    /// When the option cannot hold such a value.
    pub fn from_json(option: OptionId, json: &Json) -> Result<Self, Problem> {
        let spec = option.spec();
        let needed = spec.kind.needed();
        let wrong = || {
            Problem::new(
                option,
                match json {
                    Json::Null => Reason::Nothing { needed },
                    other => Reason::WrongKind {
                        needed,
                        given: kind_of(other),
                    },
                },
            )
        };
        if json.is_null() && spec.may_be_nothing() {
            return Ok(if spec.kind == Kind::Verify {
                Self::Verify(Verify::Default)
            } else {
                Self::Nothing
            });
        }
        match (spec.kind, json) {
            (Kind::Text { .. } | Kind::Choice { .. }, Json::String(text)) => Ok(Self::text(text)),
            (Kind::Secret | Kind::Pem, Json::String(text)) => Ok(Self::secret(text)),
            (Kind::Pem, Json::Object(map)) if map.len() == 1 => match map.get("$bytes") {
                Some(Json::String(text)) => Ok(Self::secret(text)),
                _ => Err(wrong()),
            },
            (Kind::Bool { .. }, json) => Ok(Self::Bool(python_truth(json))),
            (Kind::Integer { min, max, .. }, Json::Number(number)) => {
                let number = number.as_i64().ok_or_else(wrong)?;
                in_range(option, number, min, max)
            }
            (Kind::Verify, Json::String(path)) => Ok(Self::Verify(Verify::CaFile(path.into()))),
            (Kind::Verify, Json::Bool(_) | Json::Number(_)) => {
                Ok(Self::Verify(if python_truth(json) {
                    Verify::On
                } else {
                    Verify::Off
                }))
            }
            (Kind::Map, Json::Object(map)) => Ok(Self::Map(map.clone())),
            (Kind::Proxies, Json::Object(map)) => {
                match map.iter().find(|(_, proxy)| !proxy.is_string()) {
                    Some((scheme, _)) => Err(Problem::new(
                        option,
                        Reason::ProxyNotText {
                            scheme: scheme.clone(),
                        },
                    )),
                    None => Ok(Self::Map(map.clone())),
                }
            }
            (Kind::List, Json::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .map(Self::List)
                .ok_or_else(|| {
                    Problem::new(
                        option,
                        Reason::WrongKind {
                            needed,
                            given: "a list of other things",
                        },
                    )
                }),
            _ => Err(wrong()),
        }
    }

    /// Writes the form of [`Value::from_json`]; `None` for a secret.
    #[must_use]
    pub fn to_json(&self) -> Option<Json> {
        match self {
            Self::Secret(_) => None,
            other => Some(other.to_json_revealed()),
        }
    }

    /// The same with a secret in clear, for an export that was asked to hold secrets. Never log the result.
    #[must_use]
    pub fn to_json_revealed(&self) -> Json {
        match self {
            Self::Nothing | Self::Verify(Verify::Default) => Json::Null,
            Self::Text(text) => text.as_str().into(),
            Self::Secret(secret) => secret.reveal().into(),
            Self::Bool(on) => (*on).into(),
            Self::Integer(number) => (*number).into(),
            Self::Map(map) => Json::Object(map.clone()),
            Self::List(list) => list.clone().into(),
            Self::Verify(Verify::On) => true.into(),
            Self::Verify(Verify::Off) => false.into(),
            Self::Verify(Verify::CaFile(path)) => path.to_string_lossy().into(),
        }
    }
}

impl Kind {
    /// What such an option needs, for a sentence: `true or false`.
    #[must_use]
    pub const fn needed(self) -> &'static str {
        match self {
            Self::Text { .. } | Self::Secret | Self::Choice { .. } => "a text",
            Self::Bool { .. } => "true or false",
            Self::Integer { .. } => "a whole number",
            Self::Map => "a dictionary of upload parameters",
            Self::List => "a list of texts",
            Self::Verify => "true, false or the path of a certificate file",
            Self::Pem => "the PEM text of a private key",
            Self::Proxies => "a dictionary from scheme to proxy",
        }
    }
}

const fn needed_as_json(kind: Kind) -> &'static str {
    match kind {
        Kind::List => "a JSON list, as in [\"text/css\"]",
        Kind::Proxies => "a JSON object, as in {\"https\": \"http://proxy:3128\"}",
        _ => "a JSON object, as in {\"CacheControl\": \"max-age=86400\"}",
    }
}

const fn kind_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "nothing",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "a dictionary",
    }
}

fn in_range(option: OptionId, number: i64, min: i64, max: i64) -> Result<Value, Problem> {
    if (min..=max).contains(&number) {
        Ok(Value::Integer(number))
    } else {
        Err(Problem::new(option, Reason::OutOfRange { min, max }))
    }
}

fn truth_word(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

fn python_truth(json: &Json) -> bool {
    match json {
        Json::Null => false,
        Json::Bool(on) => *on,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(map) => !map.is_empty(),
    }
}

fn unquoted(text: &str) -> Option<String> {
    if text.len() >= 2 && text.starts_with('"') && text.ends_with('"') {
        serde_json::from_str(text).ok()
    } else {
        None
    }
}

fn quoted_if_needed(text: &str) -> String {
    if text.is_empty() || unquoted(text).is_some() {
        Json::from(text).to_string()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
#[path = "written_tests.rs"]
pub(crate) mod tests;
