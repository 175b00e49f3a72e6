//! Upload parameters: a table of names and values, each value with the editor of its kind.
//!
//! Also used by the rules, so it works on pairs and answers with the new pairs. Values keep their JSON form: a date that
//! came as a date object stays one.

use egui::{Response, Role, Ui, WidgetInfo};
use serde_json::{Map, Value as Json};
use zeroize::Zeroizing;

use crate::settings::parameters::{PARAMETERS, ParameterKind, parameter};
use crate::settings::{OptionSpec, Value};
use crate::state::settings::DraftEdit;
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Button, Choice, MenuItem, SecretField, TextField};
use crate::ui::theme::{CORNER, tokens};

use super::combo::Combo;
use super::{Page, edit, rules};

/// Parameters in order.
pub(super) type Pairs = Vec<(String, Json)>;

/// Width of the column of names.
const NAMES: f32 = 152.0;

pub(super) fn object_parameters_ui(
    ui: &mut Ui,
    page: Page<'_>,
    spec: &'static OptionSpec,
    actions: &mut Actions,
) -> Response {
    let pairs: Pairs = match page.draft.inspected.resolved.options.value(spec.id) {
        Value::Map(map) => map
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
        _ => Pairs::new(),
    };
    let shown = ui.vertical(|ui| {
        let table = table_ui(ui, &pairs);
        let (add, rule) = ui
            .horizontal_wrapped(|ui| {
                let (button, added) = add_ui(ui, &pairs);
                (added, (button, rules::add_rule_ui(ui, page, actions)))
            })
            .inner;
        (table.or(add), rule.0)
    });
    shown
        .response
        .widget_info(|| WidgetInfo::labeled(Role::Group, true, spec.label));
    let (changed, button) = shown.inner;
    if let Some(pairs) = changed {
        let value = Value::Map(pairs.into_iter().collect());
        let option = spec.id;
        edit(actions, DraftEdit::Set { option, value });
    }
    rules::rules_ui(ui, page, actions);
    button
}

/// The table; new pairs when something was changed.
pub(super) fn table_ui(ui: &mut Ui, pairs: &Pairs) -> Option<Pairs> {
    if pairs.is_empty() {
        return None;
    }
    let mut changed = None;
    let tokens = tokens(ui);
    let frame = egui::Frame::NONE
        .fill(tokens.field)
        .stroke(egui::Stroke::new(1.0, tokens.edge))
        .corner_radius(CORNER);
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
        for (at, (name, value)) in pairs.iter().enumerate() {
            if at > 0 {
                kit::separator(ui);
            }
            ui.push_id(name, |ui| match pair_ui(ui, name, value) {
                Change::None => {}
                Change::To(value) => {
                    let mut pairs = pairs.clone();
                    pairs[at].1 = value;
                    changed = Some(pairs);
                }
                Change::Remove => {
                    let mut pairs = pairs.clone();
                    pairs.remove(at);
                    changed = Some(pairs);
                }
            });
        }
    });
    changed
}

/// What was done to one row.
enum Change {
    None,
    To(Json),
    Remove,
}

fn pair_ui(ui: &mut Ui, name: &str, value: &Json) -> Change {
    let left = ui.cursor().left();
    let names = NAMES.min((ui.available_width() * 0.4).floor());
    let mut change = Change::None;
    let row = ui.horizontal_top(|ui| {
        ui.set_min_height(28.0);
        let (rect, _) = ui.allocate_exact_size(egui::vec2(names, 28.0), egui::Sense::hover());
        let font = egui::TextStyle::Body.resolve(ui.style());
        let shown = kit::cut_middle(ui, name, &font, names - 16.0).into_owned();
        let galley = ui.painter().layout_no_wrap(shown, font, tokens(ui).text);
        let at = egui::pos2(
            rect.left() + 8.0,
            (rect.center().y - galley.size().y / 2.0).floor(),
        );
        ui.painter().galley(at, galley, tokens(ui).text);
        ui.add_space(9.0);
        let width = ui.available_width() - 32.0;
        ui.vertical(|ui| {
            ui.set_width(width);
            if let Some(value) = value_ui(ui, name, value) {
                change = Change::To(value);
            }
        });
        let quiet = tokens(ui).quiet;
        let remove = Button::icon_only(icons::X, format!("Remove {name}")).ink(quiet);
        if ui.add(remove).clicked() {
            change = Change::Remove;
        }
    });
    let line = egui::Stroke::new(1.0, tokens(ui).line);
    let rect = row.response.rect;
    ui.painter().vline(left + names + 0.5, rect.y_range(), line);
    change
}

/// The editor of one value; the new value when it was changed.
fn value_ui(ui: &mut Ui, name: &str, value: &Json) -> Option<Json> {
    match parameter(name).map_or(ParameterKind::Text, |spec| spec.kind) {
        ParameterKind::Metadata => metadata_ui(ui, value),
        ParameterKind::SecretText => secret_ui(ui, name, value),
        ParameterKind::Choice(values) => {
            let choices: Vec<Choice> = values.iter().map(|value| Choice::from(*value)).collect();
            let text = value.as_str().unwrap_or_default();
            let hint = if value.is_null() {
                "none: keeps the default ACL away"
            } else {
                ""
            };
            let combo = Combo::new(name, text).hint(hint).plain();
            combo.show(ui, &choices).1.map(Json::from)
        }
        ParameterKind::Integer => {
            let text = match value {
                Json::String(text) => text.clone(),
                other => other.to_string(),
            };
            // Half a number stays a text, which the check of the parameters refuses.
            let typed = field_ui(ui, name, &text, "bytes")?;
            Some(typed.parse::<i64>().map_or(Json::from(typed), Json::from))
        }
        ParameterKind::Date => {
            let dated = value.get("$datetime").and_then(Json::as_str);
            let text = match (dated, value) {
                (Some(text), _) => text.to_owned(),
                (None, Json::String(text)) => text.clone(),
                (None, other) => other.to_string(),
            };
            let typed = field_ui(ui, name, &text, "2030-01-31T12:00:00Z")?;
            Some(match dated {
                Some(_) => serde_json::json!({ "$datetime": typed }),
                None => Json::from(typed),
            })
        }
        ParameterKind::Tags => {
            let text = value.as_str().unwrap_or_default();
            field_ui(ui, name, text, "project=site&owner=web").map(Json::from)
        }
        ParameterKind::Text => {
            let text = match value {
                Json::String(text) => text.clone(),
                other => other.to_string(),
            };
            field_ui(ui, name, &text, "").map(Json::from)
        }
    }
}

fn field_ui(ui: &mut Ui, name: &str, text: &str, hint: &str) -> Option<String> {
    let mut text = text.to_owned();
    let field = TextField::new(&mut text, name).hint(hint).mono().plain();
    ui.add(field).changed().then_some(text)
}

fn secret_ui(ui: &mut Ui, name: &str, value: &Json) -> Option<Json> {
    let wrapped = ["$bytes", "$b64"]
        .into_iter()
        .find_map(|form| Some((form, value.get(form)?.as_str()?)));
    let text = wrapped.map_or(value.as_str().unwrap_or_default(), |(_, text)| text);
    let mut clear = Zeroizing::new(text.to_owned());
    if !ui.add(SecretField::new(&mut clear, name)).changed() {
        return None;
    }
    Some(match wrapped {
        Some((form, _)) => serde_json::json!({ form: clear.as_str() }),
        None => Json::from(clear.as_str()),
    })
}

/// Names and texts below each other.
fn metadata_ui(ui: &mut Ui, value: &Json) -> Option<Json> {
    let empty = Map::new();
    let map = value.as_object().unwrap_or(&empty);
    let mut changed: Option<Map<String, Json>> = None;
    for (at, (name, text)) in map.iter().enumerate() {
        ui.push_id(at, |ui| {
            ui.horizontal(|ui| {
                let width = ui.available_width();
                let mut own = name.clone();
                let field = TextField::new(&mut own, format!("Metadata name {}", at + 1))
                    .hint("name")
                    .mono()
                    .plain()
                    .width((width * 0.36).floor());
                if ui.add(field).changed() && !map.contains_key(&own) {
                    changed = Some(
                        map.iter()
                            .enumerate()
                            .map(|(row, (name, text))| {
                                let name = if row == at { &own } else { name };
                                (name.clone(), text.clone())
                            })
                            .collect(),
                    );
                }
                kit::mono_quiet(ui, "= ");
                let mut text = text.as_str().unwrap_or_default().to_owned();
                let field = TextField::new(&mut text, format!("Metadata value {}", at + 1))
                    .hint("value")
                    .mono()
                    .plain()
                    .width((ui.available_width() - 36.0).max(24.0));
                if ui.add(field).changed() {
                    let mut map = map.clone();
                    map.insert(name.clone(), Json::from(text));
                    changed = Some(map);
                }
                let quiet = tokens(ui).quiet;
                let remove = Button::icon_only(icons::MINUS, format!("Remove metadata {name}"));
                if ui.add(remove.ink(quiet)).clicked() {
                    let mut map = map.clone();
                    map.shift_remove(name);
                    changed = Some(map);
                }
            });
        });
    }
    ui.horizontal(|ui| {
        ui.set_min_height(28.0);
        let full = map.contains_key("").then_some("name the last one first");
        let add = Button::link("Add metadata").small().refused(full);
        if ui.add(add).clicked() {
            let mut map = map.clone();
            map.insert(String::new(), Json::from(""));
            changed = Some(map);
        }
    });
    changed.map(Json::Object)
}

/// The button that adds a parameter; the new pairs when one was chosen.
pub(super) fn add_ui(ui: &mut Ui, pairs: &Pairs) -> (Response, Option<Pairs>) {
    let button = ui.add(Button::secondary("Add parameter").icon(icons::PLUS).small());
    let chosen = kit::menu(ui, &button, |ui| {
        let list = egui::ScrollArea::vertical().max_height(312.0);
        list.show(ui, |ui| {
            let free =
                (PARAMETERS.iter()).filter(|spec| pairs.iter().all(|(name, _)| name != spec.name));
            let mut chosen = None;
            for spec in free {
                if ui.add(MenuItem::new(spec.name)).clicked() {
                    chosen = Some(spec);
                }
            }
            chosen
        })
        .inner
    });
    let added = chosen.and_then(|shown| shown.inner).map(|spec| {
        let value = match spec.kind {
            ParameterKind::Choice(values) => Json::from(values.first().copied().unwrap_or("")),
            ParameterKind::Metadata => {
                Json::Object(Map::from_iter([(String::new(), Json::from(""))]))
            }
            ParameterKind::Integer => Json::from(0),
            _ => Json::from(""),
        };
        let mut pairs = pairs.clone();
        pairs.push((spec.name.to_owned(), value));
        pairs
    });
    (button, added)
}
