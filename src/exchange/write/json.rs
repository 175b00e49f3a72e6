//! Everything that a saved connection holds, and the connections it is based on, in JSON. A parent stands before those
//! based on it, which name it by its number in the list.

use serde_json::{Value as Json, json};

use crate::domain::ParameterRule;
use crate::settings::{Connection, OptionId, SecretSlot, Value};

use super::cell::Cell;
use super::omission::OmissionReason;
use super::pen::Pen;

const INDENT: &str = "  ";

/// Writes the whole chain.
pub(super) fn write(connection: &Connection, parents: &[&Connection], pen: &mut Pen) {
    let chain: Vec<&Connection> = parents
        .iter()
        .rev()
        .copied()
        .chain(std::iter::once(connection))
        .collect();
    pen.plain("{\n  \"cooperage\": 1,\n  \"connections\": [\n");
    for (number, one) in chain.iter().enumerate() {
        pen.plain("    ");
        let fields = fields(one, number.checked_sub(1), pen);
        table(&fields, 2, pen);
        pen.plain(if number + 1 < chain.len() {
            ",\n"
        } else {
            "\n"
        });
        if pen.with_secrets {
            for slot in one
                .kept_secrets
                .iter()
                .filter(|slot| !one.has_at_hand(slot))
            {
                pen.omit(&slot.name(), OmissionReason::NotAtHand);
            }
        }
    }
    pen.plain("  ]\n}\n");
}

fn fields(one: &Connection, parent: Option<usize>, pen: &Pen) -> Vec<(String, Cell)> {
    let mut fields = Vec::new();
    let mut plain = |name: &str, json: Json| fields.push((name.to_owned(), Cell::Plain(json)));
    plain("name", one.name.as_str().into());
    plain("colour", one.colour.into());
    plain("access", one.access.word().into());
    plain("production", one.production.into());
    plain("credentials", one.credentials.word().into());
    plain("kind", one.kind.word().into());
    if let Some(parent) = parent {
        plain("based_on", parent.into());
    }
    fields.push(("settings".to_owned(), Cell::Table(settings(one, pen))));
    let is_kept = |slot: &SecretSlot| one.kept_secrets.contains(slot) && !one.has_at_hand(slot);
    if one.session_token.is_some() || is_kept(&SecretSlot::SessionToken) {
        let token = Cell::token(one.session_token.as_ref(), pen);
        fields.push(("session_token".to_owned(), token));
    }
    if !one.rules.is_empty() {
        fields.push(("rules".to_owned(), Cell::List(rules(one, pen))));
    }
    if !one.bookmarks.is_empty() {
        let json = json!(one.bookmarks);
        fields.push(("bookmarks".to_owned(), Cell::Plain(json)));
    }
    if !one.buckets.is_empty() {
        fields.push(("buckets".to_owned(), Cell::Plain(json!(one.buckets))));
    }
    fields
}

fn settings(one: &Connection, pen: &Pen) -> Vec<(String, Cell)> {
    let is_kept = |slot: &SecretSlot| one.kept_secrets.contains(slot) && !one.has_at_hand(slot);
    OptionId::all()
        .filter_map(|option| {
            let key_is_kept =
                option == OptionId::ObjectParameters && is_kept(&SecretSlot::CustomerKey(None));
            let cell = match one.values.get(option) {
                Some(Value::Map(map)) if option == OptionId::ObjectParameters => {
                    Cell::parameters(map, key_is_kept, pen)
                }
                None if key_is_kept => Cell::parameters(&serde_json::Map::new(), true, pen),
                Some(value) => Cell::of(option, Some(value), pen),
                None if is_kept(&SecretSlot::Option(option)) => Cell::of(option, None, pen),
                None => return None,
            };
            Some((option.name().to_owned(), cell))
        })
        .collect()
}

fn rules(one: &Connection, pen: &Pen) -> Vec<Cell> {
    let rule = |rule: &ParameterRule| {
        let slot = SecretSlot::CustomerKey(Some(rule.glob.clone()));
        let is_kept = one.kept_secrets.contains(&slot) && !one.has_at_hand(&slot);
        let map = rule.parameters.iter().cloned().collect();
        Cell::Table(vec![
            ("glob".to_owned(), Cell::Plain(rule.glob.as_str().into())),
            (
                "parameters".to_owned(),
                Cell::parameters(&map, is_kept, pen),
            ),
        ])
    };
    one.rules.iter().map(rule).collect()
}

fn cell(cell: &Cell, depth: usize, pen: &mut Pen) {
    match cell {
        Cell::Plain(json) => pen.plain(&json.to_string()),
        Cell::Secret(json) => {
            let text = json.to_string();
            match text
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'))
            {
                Some(inner) => {
                    pen.plain("\"");
                    pen.secret(inner.to_owned());
                    pen.plain("\"");
                }
                None => pen.secret(text),
            }
        }
        Cell::Place(_) => pen.plain(&cell.to_json().to_string()),
        Cell::Table(pairs) => table(pairs, depth, pen),
        Cell::List(cells) => list(cells, depth, pen),
    }
}

fn table(pairs: &[(String, Cell)], depth: usize, pen: &mut Pen) {
    if pairs.is_empty() {
        return pen.plain("{}");
    }
    pen.plain("{\n");
    for (at, (name, value)) in pairs.iter().enumerate() {
        pen.plain(&format!(
            "{}{}: ",
            INDENT.repeat(depth + 1),
            Json::from(name.as_str())
        ));
        cell(value, depth + 1, pen);
        pen.plain(if at + 1 < pairs.len() { ",\n" } else { "\n" });
    }
    pen.plain(&format!("{}}}", INDENT.repeat(depth)));
}

fn list(cells: &[Cell], depth: usize, pen: &mut Pen) {
    pen.plain("[\n");
    for (at, value) in cells.iter().enumerate() {
        pen.plain(&INDENT.repeat(depth + 1));
        cell(value, depth + 1, pen);
        pen.plain(if at + 1 < cells.len() { ",\n" } else { "\n" });
    }
    pen.plain(&format!("{}]", INDENT.repeat(depth)));
}
