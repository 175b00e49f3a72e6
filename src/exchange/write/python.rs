//! Python literals of any value.

use std::fmt::Write as _;

use serde_json::Value as Json;

use super::cell::Cell;
use super::pen::Pen;

const INDENT: &str = "    ";

/// Writes a value; what follows on further lines is indented one step deeper than `depth`.
pub(super) fn write_cell(cell: &Cell, depth: usize, pen: &mut Pen) {
    match cell {
        Cell::Plain(json) => {
            let literal = literal(json, pen);
            pen.plain(&literal);
        }
        Cell::Secret(json) => {
            let literal = literal(json, pen);
            // The quotation marks may be seen.
            match literal
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'))
            {
                Some(inner) => {
                    pen.plain("\"");
                    pen.secret(inner.to_owned());
                    pen.plain("\"");
                }
                None => pen.secret(literal),
            }
        }
        Cell::Place(variable) => {
            pen.needs.insert("import os");
            pen.plain(&format!("os.environ[{}]", text_literal(variable)));
        }
        Cell::List(_) => {
            let literal = literal(&cell.to_json(), pen);
            pen.plain(&literal);
        }
        Cell::Table(pairs) if pairs.is_empty() => pen.plain("{}"),
        Cell::Table(pairs) => {
            pen.plain("{\n");
            for (name, cell) in pairs {
                pen.plain(&INDENT.repeat(depth + 1));
                pen.plain(&format!("{}: ", text_literal(name)));
                write_cell(cell, depth + 1, pen);
                pen.plain(",\n");
            }
            pen.plain(&format!("{}}}", INDENT.repeat(depth)));
        }
    }
}

/// A literal on one line.
fn literal(json: &Json, pen: &mut Pen) -> String {
    match json {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        // Python reads the sign as an operator, and the digits alone are one too large for many readers.
        Json::Number(number) if number.as_i64() == Some(i64::MIN) => {
            format!("({} - 1)", i64::MIN + 1)
        }
        Json::Number(number) => number.to_string(),
        Json::String(text) => text_literal(text),
        Json::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| literal(item, pen)).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(map) => {
            if let Some(special) = special(json, pen) {
                return special;
            }
            let pairs: Vec<_> = map
                .iter()
                .map(|(name, value)| format!("{}: {}", text_literal(name), literal(value, pen)))
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

/// Bytes and dates, which JSON has no form for.
fn special(json: &Json, pen: &mut Pen) -> Option<String> {
    let map = json.as_object().filter(|map| map.len() == 1)?;
    let (name, value) = map.iter().next()?;
    let text = value.as_str()?;
    match name.as_str() {
        "$bytes" => Some(bytes_literal(text.as_bytes())),
        "$b64" => {
            let engine = &base64::engine::general_purpose::STANDARD;
            let bytes = base64::Engine::decode(engine, text).ok()?;
            // What is text comes back as text, so it was written as bytes of text before.
            std::str::from_utf8(&bytes)
                .is_err()
                .then(|| bytes_literal(&bytes))
        }
        "$datetime" => {
            pen.needs.insert("from datetime import datetime");
            Some(format!("datetime.fromisoformat({})", text_literal(text)))
        }
        _ => None,
    }
}

/// A text in quotation marks. What cannot be seen is escaped.
pub(super) fn text_literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        let code = letter as u32;
        let written = match letter {
            '"' | '\\' => write!(out, "\\{letter}"),
            '\n' => write!(out, "\\n"),
            '\r' => write!(out, "\\r"),
            '\t' => write!(out, "\\t"),
            _ if code < 0x20 || (0x7f..0xa0).contains(&code) => write!(out, "\\x{code:02x}"),
            // Blanks and marks that nobody sees, and such as turn the direction of the line.
            _ if is_unseen(letter) && code > 0xffff => write!(out, "\\U{code:08x}"),
            _ if is_unseen(letter) => write!(out, "\\u{code:04x}"),
            _ => {
                out.push(letter);
                Ok(())
            }
        };
        debug_assert!(written.is_ok(), "a string takes all");
    }
    out.push('"');
    out
}

fn is_unseen(letter: char) -> bool {
    let code = letter as u32;
    letter != ' ' && letter.is_whitespace()
        || matches!(code, 0xad | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff)
        || matches!(code, 0xe000..=0xf8ff | 0xfff0..=0xffff | 0xe0000..)
}

fn bytes_literal(bytes: &[u8]) -> String {
    let mut out = "b\"".to_owned();
    for byte in bytes {
        let written = match byte {
            b'"' | b'\\' => write!(out, "\\{}", char::from(*byte)),
            b'\n' => write!(out, "\\n"),
            0x20..0x7f => {
                out.push(char::from(*byte));
                Ok(())
            }
            byte => write!(out, "\\x{byte:02x}"),
        };
        debug_assert!(written.is_ok(), "a string takes all");
    }
    out.push('"');
    out
}
