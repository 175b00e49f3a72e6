//! What an expression may call: look-ups of the environment in the forms that Django projects use, turning a text
//! into another kind, and the methods of texts that put names together.

use std::collections::BTreeMap;

use super::python::{Arguments, Reader};
use super::stop::{Stop, Why};
use super::value::Py;
use crate::settings::Environment;

/// Where variables are looked up: the environment first, then a `.env` file, as the usual libraries do.
pub(super) struct Surroundings<'a> {
    pub environment: &'a Environment,
    pub dotenv: &'a BTreeMap<String, String>,
}

impl Surroundings<'_> {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.environment
            .get(name)
            .or_else(|| self.dotenv.get(name).map(String::as_str))
    }
}

impl Reader<'_> {
    /// Calls a dotted name.
    pub(super) fn call(&self, path: &str, (by_place, by_name): Arguments) -> Result<Py, Why> {
        let named = |name: &str| {
            by_name
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value)
        };
        let (function, cast) = match path {
            "os.environ.get" | "environ.get" | "os.getenv" | "getenv" => ("get", None),
            "env" | "config" | "decouple.config" => {
                ("get", named("cast").and_then(|cast| cast.clone().spoken()))
            }
            _ => match path.strip_prefix("env.") {
                Some(kind) => ("get", Some(kind.to_owned())),
                None => (path, None),
            },
        };
        match (function, &by_place[..]) {
            ("get", [Py::Text(name), rest @ ..]) => {
                let found = self.around.get(name).map(|text| Py::Text(text.to_owned()));
                match (found, named("default").or(rest.first())) {
                    (Some(text), _) => turned(text, cast.as_deref()),
                    (None, Some(default)) => turned(default.clone(), cast.as_deref()),
                    // Python would go on with nothing, but on another computer the variable is set.
                    (None, None) => Err(Why::Unset(name.clone())),
                }
            }
            ("int" | "bool" | "str" | "float", [value]) => python_cast(function, value.clone()),
            ("list" | "tuple" | "set" | "frozenset", [Py::Many(items)]) => {
                Ok(Py::Many(items.clone()))
            }
            // Bound to a name like this by either way of importing it.
            ("datetime.fromisoformat" | "datetime.datetime.fromisoformat", [Py::Text(_)]) => Ok(
                Py::Dict(vec![("$datetime".to_owned(), by_place[0].clone())]),
            ),
            ("list" | "tuple" | "set" | "frozenset", []) => Ok(Py::Many(Vec::new())),
            ("dict", []) => Ok(Py::Dict(by_name)),
            _ => Err(Why::NeedsPython),
        }
    }

    /// Calls a method of a value.
    pub(super) fn method(
        &self,
        value: Py,
        name: &str,
        (by_place, by_name): Arguments,
    ) -> Result<Py, Stop> {
        let result = match (value, name, &by_place[..]) {
            (Py::Text(text), "encode", _) => Some(Py::Bytes(text.into_bytes())),
            (Py::Bytes(bytes), "decode", _) => String::from_utf8(bytes).ok().map(Py::Text),
            (Py::Text(text), "strip", []) => Some(Py::Text(text.trim().to_owned())),
            (Py::Text(text), "lower", []) => Some(Py::Text(text.to_lowercase())),
            (Py::Text(text), "upper", []) => Some(Py::Text(text.to_uppercase())),
            (Py::Text(text), "strip", [Py::Text(set)]) => Some(Py::Text(
                text.trim_matches(|letter| set.contains(letter)).to_owned(),
            )),
            (Py::Text(text), "rstrip", [Py::Text(set)]) => Some(Py::Text(
                text.trim_end_matches(|letter| set.contains(letter))
                    .to_owned(),
            )),
            (Py::Text(text), "lstrip", [Py::Text(set)]) => Some(Py::Text(
                text.trim_start_matches(|letter| set.contains(letter))
                    .to_owned(),
            )),
            (Py::Text(text), "replace", [Py::Text(from), Py::Text(to)]) if !from.is_empty() => {
                Some(Py::Text(text.replace(from.as_str(), to)))
            }
            (Py::Text(text), "split", [Py::Text(at)]) if !at.is_empty() => Some(Py::Many(
                text.split(at.as_str())
                    .map(|part| Py::Text(part.to_owned()))
                    .collect(),
            )),
            (Py::Text(text), "format", _) => filled(&text, &by_place, &by_name).map(Py::Text),
            (Py::Dict(pairs), "get", [Py::Text(key), rest @ ..]) => {
                let found = pairs
                    .into_iter()
                    .find(|(name, _)| name == key)
                    .map(|(_, value)| value);
                Some(found.or_else(|| rest.first().cloned()).unwrap_or(Py::None))
            }
            _ => None,
        };
        result
            .ok_or_else(|| self.stop(Why::NeedsPython))?
            .worked_out()
    }
}

/// `"{}.s3.amazonaws.com".format(BUCKET)`, with `{}`, `{0}` and `{name}`.
fn filled(format: &str, by_place: &[Py], by_name: &[(String, Py)]) -> Option<String> {
    let mut text = String::new();
    let mut rest = format;
    let mut next = 0;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            text.push_str(brace);
            rest = after;
            continue;
        }
        let (field, after) = rest.split_once('}').filter(|_| brace == "{")?;
        let value = match field.parse::<usize>() {
            Ok(index) => by_place.get(index)?,
            Err(_) if field.is_empty() => {
                next += 1;
                by_place.get(next - 1)?
            }
            Err(_) => &by_name.iter().find(|(name, _)| name == field)?.1,
        };
        text.push_str(&value.clone().spoken()?);
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}

/// Turns a text of the environment into another kind, as `env.bool` and its kin do.
fn turned(value: Py, cast: Option<&str>) -> Result<Py, Why> {
    let Py::Text(text) = &value else {
        return Ok(value);
    };
    match cast {
        None | Some("str") => Ok(value),
        Some("bool") => {
            let word = text.trim().to_ascii_lowercase();
            Ok(Py::Bool(
                ["true", "on", "ok", "y", "yes", "1", "t"].contains(&word.as_str()),
            ))
        }
        Some("int") => python_cast("int", value),
        Some("float") => python_cast("float", value),
        Some("list" | "tuple" | "Csv") => Ok(Py::Many(
            text.split(',')
                .map(|part| part.trim().trim_matches(['[', ']', '(', ')']).to_owned())
                .filter(|part| !part.is_empty())
                .map(Py::Text)
                .collect(),
        )),
        Some("bytes") => Ok(Py::Bytes(text.clone().into_bytes())),
        Some(_) => Err(Why::NeedsPython),
    }
}

/// Turns a value into another kind, as Python's own functions do. `bool("False")` is true.
fn python_cast(function: &str, value: Py) -> Result<Py, Why> {
    let turned = match (function, value) {
        ("bool", value) => Some(Py::Bool(value.is_true())),
        ("str", value) => value.spoken().map(Py::Text),
        ("int", Py::Text(text)) => text.trim().replace('_', "").parse().ok().map(Py::Int),
        ("int", Py::Int(number)) => Some(Py::Int(number)),
        ("int", Py::Bool(on)) => Some(Py::Int(i64::from(on))),
        ("float", Py::Text(text)) => text
            .trim()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .map(Py::Float),
        ("float", Py::Int(number)) => Some(Py::Float(number as f64)),
        _ => None,
    };
    turned.ok_or(Why::NeedsPython)
}
