//! JSON as TOML and back. JSON's null, which TOML lacks, is written as `{ "$none" = true }`; a date becomes a text.

use serde_json::{Map, Value as Json};
use toml_edit::{InlineTable, Item, Value as Toml};

/// JSON as a TOML value.
pub(super) fn toml_of(json: &Json) -> Toml {
    match json {
        Json::Null => Toml::InlineTable([("$none", true)].into_iter().collect()),
        Json::Bool(on) => (*on).into(),
        Json::Number(number) => number.as_i64().map_or_else(
            // A whole number beyond 64 bits has no form here but the nearest one.
            || number.as_f64().unwrap_or_default().into(),
            Toml::from,
        ),
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => Toml::Array(items.iter().map(toml_of).collect()),
        Json::Object(map) => {
            let pairs = map
                .iter()
                .map(|(key, value)| (key.as_str(), toml_of(value)));
            Toml::InlineTable(pairs.collect::<InlineTable>())
        }
    }
}

/// A TOML item as JSON; tables and inline tables are the same.
pub(super) fn json_of(item: Option<&Item>) -> Option<Json> {
    match item? {
        Item::None => None,
        Item::Value(value) => Some(json_of_value(value)),
        Item::Table(table) => {
            Some(json_of_pairs(table.iter().filter_map(|(key, item)| {
                Some((key.to_owned(), json_of(Some(item))?))
            })))
        }
        Item::ArrayOfTables(tables) => Some(Json::Array(
            tables
                .iter()
                .filter_map(|table| json_of(Some(&Item::Table(table.clone()))))
                .collect(),
        )),
    }
}

fn json_of_value(value: &Toml) -> Json {
    match value {
        Toml::String(text) => text.value().as_str().into(),
        Toml::Integer(number) => (*number.value()).into(),
        Toml::Float(number) => (*number.value()).into(),
        Toml::Boolean(on) => (*on.value()).into(),
        Toml::Datetime(at) => at.value().to_string().into(),
        Toml::Array(items) => items.iter().map(json_of_value).collect(),
        Toml::InlineTable(table) => json_of_pairs(
            table
                .iter()
                .map(|(key, value)| (key.to_owned(), json_of_value(value))),
        ),
    }
}

fn json_of_pairs(pairs: impl Iterator<Item = (String, Json)>) -> Json {
    let map: Map<String, Json> = pairs.collect();
    if map.len() == 1 && map.get("$none") == Some(&Json::Bool(true)) {
        Json::Null
    } else {
        Json::Object(map)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_comes_back() {
        for json in [
            json!(null),
            json!({"ACL": null, "Metadata": {"a b": "c\n\"d\"", "": "é"}, "n": [1, 2.5, -0.5, true, null]}),
            json!(i64::MIN),
            json!([]),
            json!({}),
        ] {
            let mut document = toml_edit::DocumentMut::new();
            document.insert("value", Item::Value(toml_of(&json)));
            let again: toml_edit::DocumentMut = document.to_string().parse().expect("TOML");
            assert_eq!(json_of(again.get("value")), Some(json));
        }
    }
}
