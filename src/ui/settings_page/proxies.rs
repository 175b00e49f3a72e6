//! Proxies: those of the environment, none at all, or a table from scheme to address.
//!
//! The password of an address is shown in a masked field of its own, never in the address.

use egui::{Response, Role, Ui, WidgetInfo};
use serde_json::{Map, Value as Json};
use zeroize::Zeroizing;

use crate::domain::proxy;
use crate::settings::{OptionSpec, SecretSlot, Value};
use crate::state::SettingsAction;
use crate::state::settings::DraftEdit;
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Button, Choice, SecretField, TextField};
use crate::ui::theme::tokens;

use super::{Page, edit};

pub(super) fn proxies_ui(
    ui: &mut Ui,
    page: Page<'_>,
    spec: &'static OptionSpec,
    actions: &mut Actions,
) -> Response {
    let now = match page.draft.connection.values.get(spec.id) {
        Some(Value::Map(map)) => Some(map),
        _ => None,
    };
    let mut chosen = match now {
        None => 0,
        Some(map) if map.is_empty() => 1,
        Some(_) => 2,
    };
    let choices = [
        Choice::from("Environment").detail("http_proxy, https_proxy and no_proxy"),
        Choice::from("None").detail("No proxy, whatever the environment says"),
        Choice::from("These").detail("One for each scheme"),
    ];
    let response = kit::segments(ui, spec.label, &mut chosen, &choices);
    response.widget_info(|| WidgetInfo::labeled(Role::RadioGroup, true, spec.label));
    let set = |map| DraftEdit::Set {
        option: spec.id,
        value: Value::Map(map),
    };
    if response.changed() {
        match chosen {
            0 => actions.push(SettingsAction::Reset(spec.id)),
            1 => edit(actions, set(Map::new())),
            _ => edit(actions, set(with_one_more(&Map::new()))),
        }
    }
    if let Some(map) = now.filter(|map| !map.is_empty()) {
        let kept = &page.draft.connection.kept_secrets;
        let is_kept = |scheme: &str| kept.contains(&SecretSlot::ProxyPassword(scheme.to_owned()));
        if let Some(changed) = rows_ui(ui, map, is_kept) {
            edit(actions, set(changed));
        }
        let add = Button::secondary("Add a proxy").icon(icons::PLUS).small();
        if ui.add(add).clicked() {
            edit(actions, set(with_one_more(map)));
        }
    }
    response
}

/// With a row for the next scheme that has none.
fn with_one_more(map: &Map<String, Json>) -> Map<String, Json> {
    let mut map = map.clone();
    let free = ["https", "http", ""]
        .into_iter()
        .find(|scheme| !map.contains_key(*scheme));
    if let Some(scheme) = free {
        map.insert(scheme.to_owned(), Json::from(""));
    }
    map
}

/// One row a scheme; the new table when something was changed.
fn rows_ui(
    ui: &mut Ui,
    map: &Map<String, Json>,
    is_kept: impl Fn(&str) -> bool,
) -> Option<Map<String, Json>> {
    let mut changed = None;
    for (at, (scheme, proxy)) in map.iter().enumerate() {
        let whole = proxy.as_str().unwrap_or_default();
        ui.push_id(at, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                let mut name = scheme.clone();
                let field = TextField::new(&mut name, format!("Scheme {}", at + 1))
                    .hint("https")
                    .width(72.0);
                if ui.add(field).changed() && !map.contains_key(&name) {
                    changed = Some(renamed(map, at, &name));
                }
                let mut address = proxy::without_password(whole);
                let width = ui.available_width() - 32.0;
                let field = TextField::new(&mut address, format!("Proxy for {scheme}"))
                    .hint("http://proxy.example.com:3128")
                    .width(width);
                if ui.add(field).changed() {
                    changed = Some(with_address(map, scheme, retyped(&address, whole)));
                }
                let quiet = tokens(ui).quiet;
                let remove = Button::icon_only(icons::X, format!("Remove the proxy for {scheme}"));
                if ui.add(remove.ink(quiet)).clicked() {
                    let mut map = map.clone();
                    map.shift_remove(scheme);
                    changed = Some(map);
                }
            });
            if proxy::has_user(whole)
                && let Some(address) = password_ui(ui, scheme, whole, is_kept(scheme))
            {
                changed = Some(with_address(map, scheme, address));
            }
        });
    }
    changed
}

/// The masked field below an address that names a user; the new address when something was typed.
fn password_ui(ui: &mut Ui, scheme: &str, whole: &str, is_kept: bool) -> Option<String> {
    let escaped = proxy::password(whole).unwrap_or_default();
    let mut clear = Zeroizing::new(proxy::unescaped(escaped));
    let mut changed = None;
    ui.horizontal(|ui| {
        ui.add_space(76.0);
        let field = SecretField::new(&mut clear, format!("Password of the proxy for {scheme}"))
            .hint(if is_kept {
                "kept in the keyring"
            } else {
                "no password"
            })
            .width(ui.available_width() - 32.0);
        if ui.add(field).changed() {
            changed = proxy::with_password(whole, &proxy::escaped(&clear));
        }
    });
    changed
}

/// The address as it was typed. It was shown without its password, which stays unless another one was typed.
fn retyped(typed: &str, before: &str) -> String {
    match (proxy::password(typed), proxy::password(before)) {
        (None, Some(password)) => {
            proxy::with_password(typed, password).unwrap_or_else(|| typed.to_owned())
        }
        _ => typed.to_owned(),
    }
}

fn with_address(map: &Map<String, Json>, scheme: &str, address: String) -> Map<String, Json> {
    let mut map = map.clone();
    map.insert(scheme.to_owned(), Json::from(address));
    map
}

/// The same rows in the same order, one under another scheme.
fn renamed(map: &Map<String, Json>, at: usize, name: &str) -> Map<String, Json> {
    map.iter()
        .enumerate()
        .map(|(row, (scheme, proxy))| {
            let scheme = if row == at {
                name.to_owned()
            } else {
                scheme.clone()
            };
            (scheme, proxy.clone())
        })
        .collect()
}
