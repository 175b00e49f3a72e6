//! Values of link parameters, as a Python caller would give them.
//!
//! On a custom domain they stand in the query as Python writes them (`True`, `None`, `['1', '2']`). On the host of the
//! bucket each parameter has its type, and a value of another type is refused before anything is signed.

use serde_json::Value;

use super::failure::DjangoError;
use crate::storage::http_date_of;

/// A value as Python's `str` writes it.
pub(super) fn python_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => python_literal(other),
    }
}

/// A value as Python's `repr` writes it.
fn python_literal(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(python_literal).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(name, value)| format!("{}: {}", quoted(name), python_literal(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// In single quotes, or in double ones when that spares a backslash.
fn quoted(text: &str) -> String {
    let mark = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::from(mark);
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if letter == mark => {
                out.push('\\');
                out.push(letter);
            }
            letter => out.push(letter),
        }
    }
    out.push(mark);
    out
}

/// A parameter of `GetObject` as text, checked for its type.
pub(super) fn typed_text(name: &str, value: &Value) -> Result<String, DjangoError> {
    let text = match (name, value) {
        // Overwritten with those of the link, whatever they are.
        ("Bucket" | "Key", _) => Some(String::new()),
        ("ResponseExpires" | "IfModifiedSince" | "IfUnmodifiedSince", value) => http_date_of(value),
        ("PartNumber", Value::Number(number)) => number.as_i64().map(|number| number.to_string()),
        ("PartNumber", _) => None,
        (_, Value::String(text)) => Some(text.clone()),
        _ => None,
    };
    text.ok_or_else(|| DjangoError::LinkParameter {
        name: name.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_written_as_python_does() {
        for (value, text) in [
            (json!(null), "None"),
            (json!(true), "True"),
            (json!(10), "10"),
            (json!("a'b"), "a'b"),
            (json!(["1", "it's"]), "['1', \"it's\"]"),
            (json!({"a": null}), "{'a': None}"),
        ] {
            assert_eq!(python_text(&value), text);
        }
    }

    #[test]
    fn types_are_checked() {
        assert_eq!(
            typed_text("PartNumber", &json!(3)).ok().as_deref(),
            Some("3")
        );
        assert_eq!(
            typed_text(
                "ResponseExpires",
                &json!({"$datetime": "2030-01-02T03:04:05+00:00"})
            )
            .ok()
            .as_deref(),
            Some("Wed, 02 Jan 2030 03:04:05 GMT")
        );
        assert!(typed_text("VersionId", &json!(5)).is_err());
        assert!(typed_text("PartNumber", &json!("x")).is_err());
        assert!(typed_text("IfModifiedSince", &json!("soon")).is_err());
    }
}
