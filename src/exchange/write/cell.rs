//! A value as it is to be written: plain, secret, or a marked place where a secret belongs.

use serde_json::{Map, Value as Json};

use crate::domain::proxy;
use crate::settings::slot::CUSTOMER_KEY;
use crate::settings::{OptionId, Value};

use super::pen::Pen;

/// The variable that a place for the customer's own key names.
const CUSTOMER_KEY_VARIABLE: &str = "AWS_SSE_CUSTOMER_KEY";

/// A value as it is to be written.
pub(super) enum Cell {
    Plain(Json),
    /// In clear, because it was asked for.
    Secret(Json),
    /// The variable that would hold the secret.
    Place(&'static str),
    /// A table with such values.
    Table(Vec<(String, Self)>),
    /// A list of such values.
    List(Vec<Self>),
}

impl Cell {
    /// The value of an option; `None` stands for a secret that is not at hand.
    pub(super) fn of(option: OptionId, value: Option<&Value>, pen: &Pen) -> Self {
        match value {
            None => Self::Place(option.name()),
            Some(Value::Secret(_)) if !pen.with_secrets => Self::Place(option.name()),
            Some(value @ Value::Secret(_)) => Self::Secret(value.to_json_revealed()),
            Some(Value::Map(map)) if option == OptionId::ObjectParameters => {
                Self::parameters(map, false, pen)
            }
            Some(Value::Map(map)) if option == OptionId::Proxies => Self::proxies(map, pen),
            Some(value) => Self::Plain(value.to_json_revealed()),
        }
    }

    /// Proxies; the passwords in their addresses are secrets.
    fn proxies(map: &Map<String, Json>, pen: &Pen) -> Self {
        if pen.with_secrets {
            return Self::Plain(Json::Object(map.clone()));
        }
        let mut bare = map.clone();
        for address in bare.values_mut() {
            if let Some(text) = address.as_str() {
                *address = Json::from(proxy::without_password(text));
            }
        }
        Self::Plain(Json::Object(bare))
    }

    /// Upload parameters; `is_kept` when the customer's own key lies in the keyring.
    pub(super) fn parameters(map: &Map<String, Json>, is_kept: bool, pen: &Pen) -> Self {
        let place = || Self::Place(CUSTOMER_KEY_VARIABLE);
        let mut pairs: Vec<(String, Self)> = map
            .iter()
            .map(|(name, value)| {
                let cell = match (name == CUSTOMER_KEY, pen.with_secrets) {
                    (false, _) => Self::Plain(value.clone()),
                    (true, true) => Self::Secret(value.clone()),
                    (true, false) => place(),
                };
                (name.clone(), cell)
            })
            .collect();
        if is_kept && !map.contains_key(CUSTOMER_KEY) {
            pairs.push((CUSTOMER_KEY.to_owned(), place()));
        }
        Self::Table(pairs)
    }

    /// The session token.
    pub(super) fn token(token: Option<&crate::domain::Secret>, pen: &Pen) -> Self {
        match token {
            Some(token) if pen.with_secrets => Self::Secret(token.reveal().into()),
            _ => Self::Place("AWS_SESSION_TOKEN"),
        }
    }

    /// As JSON, with places as `{"$env": NAME}`.
    pub(super) fn to_json(&self) -> Json {
        match self {
            Self::Plain(json) | Self::Secret(json) => json.clone(),
            Self::Place(variable) => serde_json::json!({ "$env": variable }),
            Self::Table(pairs) => Json::Object(
                pairs
                    .iter()
                    .map(|(name, cell)| (name.clone(), cell.to_json()))
                    .collect(),
            ),
            Self::List(cells) => cells.iter().map(Self::to_json).collect(),
        }
    }

    /// True when there is a secret in it, in clear.
    pub(super) fn is_secret(&self) -> bool {
        match self {
            Self::Secret(_) => true,
            Self::Plain(_) | Self::Place(_) => false,
            Self::Table(pairs) => pairs.iter().any(|(_, cell)| cell.is_secret()),
            Self::List(cells) => cells.iter().any(Self::is_secret),
        }
    }
}
