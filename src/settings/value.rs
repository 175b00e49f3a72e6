//! What an option can be set to.
//!
//! A value knows its kind, not its option. How it is written and read is in `written`; whether it makes sense for an
//! option is the check of the option's row.

use std::fmt;

use serde_json::{Map, Value as Json};

use crate::domain::{CUSTOMER_KEY, Secret, Verify, proxy};

/// What one option is set to. It prints without secrets, those inside of parameters and proxies included.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// Expressly nothing. It hides what a parent connection sets, as `None` does in Django.
    Nothing,
    /// Text, also of a choice.
    Text(String),
    /// Text that is masked and kept in the keyring.
    Secret(Secret),
    /// On or off.
    Bool(bool),
    /// Whole number.
    Integer(i64),
    /// Upload parameters, or proxies by scheme, in the order given.
    Map(Map<String, Json>),
    /// Texts in order.
    List(Vec<String>),
    /// How certificates are checked.
    Verify(Verify),
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("Nothing"),
            Self::Text(text) => f.debug_tuple("Text").field(text).finish(),
            Self::Secret(secret) => f.debug_tuple("Secret").field(secret).finish(),
            Self::Bool(on) => f.debug_tuple("Bool").field(on).finish(),
            Self::Integer(number) => f.debug_tuple("Integer").field(number).finish(),
            Self::Map(map) => {
                f.write_str("Map ")?;
                let shown = map.iter().map(|(name, value)| (name, shown(name, value)));
                f.debug_map().entries(shown).finish()
            }
            Self::List(list) => f.debug_tuple("List").field(list).finish(),
            Self::Verify(verify) => f.debug_tuple("Verify").field(verify).finish(),
        }
    }
}

/// An entry of a map without what is secret in it.
fn shown(name: &str, value: &Json) -> Json {
    match value {
        _ if name == CUSTOMER_KEY => Json::from("(hidden)"),
        Json::String(text) => Json::from(proxy::without_password(text)),
        other => other.clone(),
    }
}

/// The types that django-storages compresses when nobody says otherwise.
#[must_use]
pub fn gzip_default() -> Value {
    Value::List(crate::domain::GzipRules::default().content_types)
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A secret text.
    pub fn secret(text: impl Into<String>) -> Self {
        Self::Secret(Secret::new(text))
    }

    /// Truth as Python tests it: nothing, empty and zero are false.
    #[must_use]
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Text(text) => !text.is_empty(),
            Self::Secret(secret) => !secret.is_empty(),
            Self::Bool(on) => *on,
            Self::Integer(number) => *number != 0,
            Self::Map(map) => !map.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Verify(verify) => matches!(verify, Verify::On | Verify::CaFile(_)),
        }
    }

    /// The text of a text, also an empty one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}
