//! A `.env` file: `NAME=value`, in the written forms of `--set`. A place for a secret refers to the variable of its name.

use serde_json::Value as Json;

use crate::settings::{OptionId, Value};

use super::cell::Cell;
use super::django::hides_signing;
use super::merged::{Merged, class_option};
use super::omission::OmissionReason;
use super::pen::Pen;

/// Writes all options that are set.
pub(super) fn write(merged: &Merged<'_>, pen: &mut Pen) {
    let (class, path) = merged.class();
    pen.plain(&format!(
        "# Connection {}\n",
        Json::from(merged.connection.name.as_str())
    ));
    for option in OptionId::all() {
        if option == class {
            line(option.name(), quoted(path), false, pen);
        } else if option.spec().attribute.is_empty() && option != class_option(merged.kind) {
            // Two classes would leave open which of them is meant.
            if merged.is_set(option) {
                pen.omit(option.name(), OmissionReason::OtherStorage);
            }
        } else if hides_signing(merged, option) {
            pen.omit(option.name(), OmissionReason::HiddenByClass);
        } else if let Some(cell) = merged.cell(option, pen) {
            write_cell(option, &cell, merged.value(option), pen);
        }
    }
    if let Some(token) = merged.token() {
        match Cell::token(token, pen) {
            Cell::Secret(Json::String(token)) => {
                line("AWS_SESSION_TOKEN", quoted(&token), true, pen)
            }
            _ => place("AWS_SESSION_TOKEN", "AWS_SESSION_TOKEN", pen),
        }
        pen.omit("AWS_SESSION_TOKEN", OmissionReason::Since("1.14.4"));
    }
}

fn write_cell(option: OptionId, cell: &Cell, value: Option<&Value>, pen: &mut Pen) {
    let name = option.name();
    match cell {
        Cell::Place(variable) => place(name, variable, pen),
        Cell::Secret(json) => {
            // As a text it would be taken for one without its quotation marks.
            let text = Value::text(json.as_str().unwrap_or_default()).to_text();
            line(name, quoted(&text.unwrap_or_default()), true, pen);
        }
        Cell::Table(_) | Cell::List(_) => line(
            name,
            quoted(&cell.to_json().to_string()),
            cell.is_secret(),
            pen,
        ),
        Cell::Plain(json) => {
            let text = match value {
                // An empty word is what every reader takes for an empty text.
                Some(Value::Text(text)) if text.is_empty() && !option.spec().may_be_nothing() => {
                    String::new()
                }
                Some(value) => value.to_text().unwrap_or_default(),
                None => json.to_string(),
            };
            line(name, quoted(&text), false, pen);
        }
    }
}

fn place(name: &str, variable: &str, pen: &mut Pen) {
    pen.plain(&format!("{name}=${{{variable}}}\n"));
}

fn line(name: &str, value: String, is_secret: bool, pen: &mut Pen) {
    pen.plain(&format!("{name}="));
    if is_secret {
        pen.secret(value);
    } else {
        pen.plain(&value);
    }
    pen.plain("\n");
}

/// A value with the quotes that it needs.
fn quoted(value: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./:@%+,=".contains(letter);
    if value.chars().all(is_plain) {
        return value.to_owned();
    }
    if !value.contains(['\'', '\\', '\n', '\r']) {
        return format!("'{value}'");
    }
    let mut out = "\"".to_owned();
    for letter in value.chars() {
        match letter {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '"' | '\\' => out.extend(['\\', letter]),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
