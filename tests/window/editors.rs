//! Every option has an editor that is found by its label, changes the file that is saved, and has a way back.

use cooperage::domain::Timestamp;
use cooperage::settings::file::{Change, ConnectionsFile};
use cooperage::settings::folders::Folders;
use cooperage::settings::{Connection, Kind, OPTIONS, OptionSpec, Value};
use cooperage::state::messages::Command;
use egui::accesskit::Role;
use egui::{Key, Modifiers};

use crate::settings_driver::Page;

/// What assistive technology calls the editor of an option.
fn role(spec: &OptionSpec) -> Role {
    match spec.kind {
        Kind::Text { .. } | Kind::Integer { .. } | Kind::Choice { open: true, .. } => {
            Role::TextInput
        }
        Kind::Secret | Kind::Pem => Role::PasswordInput,
        Kind::Bool { .. } => Role::CheckBox,
        Kind::Choice { open: false, .. } => Role::ComboBox,
        Kind::Map | Kind::List => Role::Group,
        Kind::Verify | Kind::Proxies => Role::RadioGroup,
    }
}

/// Does what a person would do to set the option.
fn act_on(page: &mut Page, spec: &OptionSpec) {
    let (role, label) = (role(spec), spec.label);
    match spec.kind {
        Kind::Integer { .. } => page.type_into(role, label, "120"),
        Kind::Text { .. } | Kind::Choice { open: true, .. } | Kind::Secret | Kind::Pem => {
            page.type_into(role, label, "something");
        }
        Kind::Bool { .. } => page.click(role, label),
        Kind::Choice { values, .. } => {
            page.click(role, label);
            page.click(Role::MenuItemRadio, values[0]);
        }
        Kind::Map => {
            page.click(Role::Button, "Add parameter");
            page.click(Role::MenuItem, "CacheControl");
            page.type_into(Role::TextInput, "CacheControl", "max-age=1");
        }
        Kind::List => {
            page.type_into(Role::TextInput, &format!("Add to {label}"), "text/html");
            page.click(Role::Button, "Add");
        }
        Kind::Verify => page.click(Role::RadioButton, "Off"),
        Kind::Proxies => page.click(Role::RadioButton, "None"),
    }
}

fn expected(spec: &OptionSpec) -> Value {
    let default = (spec.default)();
    match (spec.kind, default) {
        (Kind::Integer { .. }, _) => Value::Integer(120),
        (Kind::Text { .. } | Kind::Choice { open: true, .. }, _) => Value::text("something"),
        (Kind::Secret | Kind::Pem, _) => Value::secret("something"),
        (Kind::Bool { .. }, Value::Bool(on)) => Value::Bool(!on),
        (Kind::Choice { values, .. }, _) => Value::text(values[0]),
        (Kind::Map, Value::Map(mut map)) => {
            map.insert("CacheControl".to_owned(), "max-age=1".into());
            Value::Map(map)
        }
        (Kind::List, Value::List(mut items)) => {
            items.push("text/html".to_owned());
            Value::List(items)
        }
        (Kind::Verify, _) => Value::Verify(cooperage::domain::Verify::Off),
        (Kind::Proxies, _) => Value::Map(serde_json::Map::new()),
        (kind, default) => panic!("{kind:?} with the default {default:?}"),
    }
}

#[test]
fn every_option_has_an_editor_that_changes_it_and_a_way_back() {
    let mut page = Page::empty();
    for spec in OPTIONS {
        assert!(
            page.find(role(spec), spec.label).is_some(),
            "{} has no {:?} called {:?}",
            spec.name,
            role(spec),
            spec.label
        );
        act_on(&mut page, spec);
        assert_eq!(
            page.draft().connection.values.get(spec.id),
            Some(&expected(spec)),
            "{}",
            spec.name
        );
        assert_eq!(page.draft().connection.values.len(), 1, "{}", spec.name);
        page.click(Role::Button, &format!("Reset {}", spec.label));
        assert!(!page.is_set(spec.id), "{}", spec.name);
    }
    assert!(!page.draft().is_touched());
}

/// The connection that saving hands over, after the option alone was set.
fn saved_with(spec: &OptionSpec) -> Connection {
    let mut page = Page::empty();
    act_on(&mut page, spec);
    drop(page.commands());
    page.key(Modifiers::COMMAND, Key::S);
    let saved = page
        .commands()
        .into_iter()
        .find_map(|command| match command {
            Command::SaveConnection { connection, .. } => Some(*connection),
            _ => None,
        });
    saved.unwrap_or_else(|| panic!("{} is not saved", spec.name))
}

#[test]
fn every_editor_changes_the_saved_file() {
    for spec in OPTIONS {
        let folder = tempfile::tempdir().unwrap();
        let file = ConnectionsFile::new(&Folders::in_one(folder.path()));
        let connection = saved_with(spec);
        file.change(&[Change::Put(Box::new(connection))], Timestamp(0))
            .unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        let loaded = file.load(Timestamp(0)).unwrap().connections;
        if spec.is_secret() {
            assert!(!text.contains("something"), "{} is in the file", spec.name);
        } else {
            let value = loaded[0].values.get(spec.id);
            assert_eq!(value, Some(&expected(spec)), "{}\n{text}", spec.name);
        }
    }
}

#[test]
fn every_option_is_shown_with_its_django_name_and_its_help() {
    let page = Page::empty();
    let texts = page.texts();
    for spec in OPTIONS {
        for text in [spec.name, spec.help] {
            assert!(texts.iter().any(|seen| seen == text), "{text}");
        }
    }
}
