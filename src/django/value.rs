//! Python values, as far as settings hold them.

use serde_json::{Map, Value as Json};

use super::stop::Stop;

/// A Python value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Py {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    /// Lists, tuples and sets.
    Many(Vec<Self>),
    /// With text keys; others do not occur in settings.
    Dict(Vec<(String, Self)>),
    /// A value inside a dictionary that cannot be worked out; the rest of the dictionary can.
    Stopped(Box<Stop>),
}

/// The value of a number as written.
pub(super) fn number(text: &str) -> Option<Py> {
    let lower = text.to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = lower.strip_prefix(prefix) {
            return i64::from_str_radix(digits, radix).ok().map(Py::Int);
        }
    }
    match lower.parse() {
        Ok(number) => Some(Py::Int(number)),
        Err(_) => lower
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .map(Py::Float),
    }
}

impl Py {
    /// Truth as Python tests it.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::None => false,
            Self::Bool(on) => *on,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Bytes(bytes) => !bytes.is_empty(),
            Self::Many(items) => !items.is_empty(),
            Self::Dict(pairs) => !pairs.is_empty(),
            Self::Stopped(_) => true,
        }
    }

    /// As `str()` writes it, for values that have one plain form.
    pub(super) fn spoken(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Int(number) => Some(number.to_string()),
            Self::Bool(on) => Some(if on { "True" } else { "False" }.to_owned()),
            Self::None => Some("None".to_owned()),
            Self::Float(_) | Self::Bytes(_) | Self::Many(_) | Self::Dict(_) | Self::Stopped(_) => {
                None
            }
        }
    }

    /// The value, unless it stopped.
    pub(super) fn worked_out(self) -> Result<Self, Stop> {
        match self {
            Self::Stopped(stop) => Err(*stop),
            other => Ok(other),
        }
    }

    /// Takes out of dictionaries what could not be worked out, each with its way there: `["Metadata"]["a"]`.
    pub(super) fn take_stopped(&mut self) -> Vec<(String, Stop)> {
        let mut taken = Vec::new();
        match self {
            Self::Dict(pairs) => pairs.retain_mut(|(key, value)| {
                if let Self::Stopped(stop) = value {
                    taken.push((format!("[{key:?}]"), (**stop).clone()));
                    return false;
                }
                let inner = value.take_stopped().into_iter();
                taken.extend(inner.map(|(way, stop)| (format!("[{key:?}]{way}"), stop)));
                true
            }),
            Self::Many(items) => {
                for (at, item) in items.iter_mut().enumerate() {
                    let inner = item.take_stopped().into_iter();
                    taken.extend(inner.map(|(way, stop)| (format!("[{at}]{way}"), stop)));
                }
            }
            _ => {}
        }
        taken
    }

    /// As JSON; bytes become `{"$bytes": text}`, or `{"$b64": base64}` when they are no text.
    pub(super) fn into_json(self) -> Json {
        match self {
            // What stopped was taken out and reported before.
            Self::None | Self::Stopped(_) => Json::Null,
            Self::Bool(on) => on.into(),
            Self::Int(number) => number.into(),
            Self::Float(number) => number.into(),
            Self::Text(text) => text.into(),
            Self::Bytes(bytes) => match String::from_utf8(bytes) {
                Ok(text) => serde_json::json!({ "$bytes": text }),
                Err(error) => {
                    let engine = &base64::engine::general_purpose::STANDARD;
                    let text = base64::Engine::encode(engine, error.as_bytes());
                    serde_json::json!({ "$b64": text })
                }
            },
            Self::Many(items) => items.into_iter().map(Self::into_json).collect(),
            Self::Dict(pairs) => {
                let map: Map<String, Json> = pairs
                    .into_iter()
                    .map(|(key, value)| (key, value.into_json()))
                    .collect();
                Json::Object(map)
            }
        }
    }
}
