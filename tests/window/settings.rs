//! The settings page: problems and remedies stand beside their options, secrets are seen nowhere, and what is saved is what
//! holds afterwards. `editors` goes through every option.

use cooperage::domain::{LinkEnd, Secret};
use cooperage::settings::{Connection, OPTIONS, OptionId, SecretSlot, Value};
use cooperage::state::messages::{
    Command, Event, LinkSigning, PreviewLink, SavedConnection, SettingsPreview,
};
use cooperage::state::settings::{DraftEdit, Shown};
use cooperage::state::{Go, Screen, SettingsAction};
use egui::accesskit::Role;
use egui::{Key, Modifiers, vec2};

use crate::settings_driver::{Page, TALL};

#[test]
fn a_bad_value_stays_as_typed_with_its_problem_and_is_not_saved() {
    let mut page = Page::empty();
    page.type_into(Role::TextInput, "Links work for", "12x");
    assert!(page.sees("Needs a whole number"));
    assert!(page.texts().iter().any(|text| text == "12x"));
    page.key(Modifiers::COMMAND, Key::S);
    let saves = page
        .commands()
        .into_iter()
        .any(|command| matches!(command, Command::SaveConnection { .. }));
    assert!(!saves && page.sees("Not saved"));
}

#[test]
fn remedies_put_right_what_they_stand_beside() {
    let mut media = Connection::new("media");
    media
        .values
        .set(OptionId::SessionProfile, Value::text("work"));
    media.values.set(OptionId::S3SecretKey, Value::secret("x"));
    media.values.set(OptionId::Location, Value::text("/media"));
    media
        .values
        .set(OptionId::Endpoint, Value::text("minio:9000"));
    let mut page = Page::open(vec![media], TALL);
    assert_eq!(page.draft().troubled(None), (3, 1));
    for (button, option, value) in [
        ("Clear this key", OptionId::S3SecretKey, None),
        ("Use “media”", OptionId::Location, Some("media")),
        (
            "Use “https://minio:9000”",
            OptionId::Endpoint,
            Some("https://minio:9000"),
        ),
        ("Use s3v4", OptionId::SignatureVersion, Some("s3v4")),
    ] {
        page.click(Role::Button, button);
        let now = page.draft().connection.values.get(option).cloned();
        assert_eq!(now, value.map(Value::text), "{button}");
    }
    assert_eq!(page.draft().troubled(None), (0, 0));
}

#[test]
fn secrets_are_nowhere_on_screen() {
    let mut page = Page::empty();
    for spec in OPTIONS.iter().filter(|spec| spec.is_secret()) {
        page.type_into(Role::PasswordInput, spec.label, "CANARY");
        page.click(Role::Button, &format!("Show {}", spec.label));
    }
    let key = serde_json::Map::from_iter([("SSECustomerKey".to_owned(), "".into())]);
    page.act(SettingsAction::Draft(DraftEdit::Set {
        option: OptionId::ObjectParameters,
        value: Value::Map(key),
    }));
    page.type_into(Role::PasswordInput, "SSECustomerKey", "CANARY");
    page.click(Role::Button, "Show SSECustomerKey");
    let values = &page.draft().connection.values;
    assert_eq!(
        values.get(OptionId::SecretKey),
        Some(&Value::secret("CANARY"))
    );
    assert!(matches!(
        values.get(OptionId::ObjectParameters),
        Some(Value::Map(map)) if map["SSECustomerKey"] == "CANARY"
    ));
    assert!(!page.sees("CANARY"));
}

#[test]
fn the_password_of_a_proxy_is_nowhere_on_screen() {
    let mut page = Page::empty();
    page.click(Role::RadioButton, "These");
    page.type_into(
        Role::TextInput,
        "Proxy for https",
        "http://me:CANARY@proxy:1",
    );
    let proxy = |page: &Page| match page.draft().connection.values.get(OptionId::Proxies) {
        Some(Value::Map(map)) => map["https"].as_str().map(str::to_owned),
        _ => None,
    };
    assert_eq!(proxy(&page).as_deref(), Some("http://me:CANARY@proxy:1"));
    page.click(Role::Button, "Show Password of the proxy for https");
    assert!(!page.sees("CANARY"));
    // Whatever is typed in the address, the password stays; what is typed below is escaped.
    page.type_into(Role::TextInput, "Proxy for https", "28");
    assert_eq!(proxy(&page).as_deref(), Some("http://me:CANARY@proxy:128"));
    page.type_into(Role::PasswordInput, "Password of the proxy for https", "@");
    assert_eq!(
        proxy(&page).as_deref(),
        Some("http://me:CANARY%40@proxy:128")
    );
    assert!(!page.sees("CANARY"));
}

#[test]
fn a_secret_that_was_taken_out_does_not_come_back_from_the_keyring() {
    let mut media = Connection::new("media");
    let proxies = serde_json::json!({"https": "http://me@proxy:1"});
    let proxies = Value::from_json(OptionId::Proxies, &proxies).unwrap();
    media.values.set(OptionId::Proxies, proxies);
    let slot = SecretSlot::ProxyPassword("https".to_owned());
    media.kept_secrets.insert(slot.clone());
    let mut page = Page::open(vec![media], TALL);
    page.commands();
    assert!(page.sees("me@proxy"));
    page.act(SettingsAction::Draft(DraftEdit::Production(true)));
    assert!(
        page.draft().connection.kept_secrets.contains(&slot),
        "a secret that is not at hand is not taken for one that was taken out"
    );
    page.click(Role::Button, "Remove the proxy for https");
    assert!(page.draft().connection.kept_secrets.is_empty());

    let mut media = Connection::new("media");
    let key = serde_json::json!({"SSECustomerKey": "CANARY", "CacheControl": "x"});
    let parameters = Value::from_json(OptionId::ObjectParameters, &key).unwrap();
    media.values.set(OptionId::ObjectParameters, parameters);
    media.kept_secrets.insert(SecretSlot::CustomerKey(None));
    let mut page = Page::open(vec![media], TALL);
    let rest = serde_json::Map::from_iter([("CacheControl".to_owned(), "x".into())]);
    page.act(SettingsAction::Draft(DraftEdit::Set {
        option: OptionId::ObjectParameters,
        value: Value::Map(rest),
    }));
    assert!(page.draft().connection.kept_secrets.is_empty());
}

#[test]
fn the_search_and_the_sections_lead_to_options() {
    let mut page = Page::open(vec![Connection::new("media")], vec2(1440.0, 900.0));
    page.key(Modifiers::NONE, Key::Slash);
    page.type_into(Role::TextInput, "Search the options", "gzip");
    assert!(page.find(Role::CheckBox, "Compress on upload").is_some());
    assert!(page.find(Role::TextInput, "Bucket").is_none());
    page.click(Role::ListItem, "Links");
    assert!(page.draft().search.is_empty());
    let top = page
        .find(Role::CheckBox, "Sign links")
        .unwrap()
        .rect()
        .top();
    assert!((44.0..900.0).contains(&top), "{top}");
    page.click(Role::ListItem, "Changed");
    assert_eq!(page.draft().shown, Shown::Changed);
    assert!(page.sees("Nothing is set here yet"));
}

#[test]
fn nothing_reaches_beyond_the_window() {
    for width in [1440.0, 1000.0, 900.0, 760.0, 640.0] {
        let mut media = Connection::new("a connection with a rather long name");
        media
            .values
            .set(OptionId::SessionProfile, Value::text("work"));
        media.values.set(OptionId::S3SecretKey, Value::secret("x"));
        let parameters = serde_json::json!({
            "CacheControl": "max-age=86400", "Metadata": {"owner": "ünïon"},
            "SSEKMSEncryptionContext": "x",
        });
        if let serde_json::Value::Object(map) = parameters {
            media
                .values
                .set(OptionId::ObjectParameters, Value::Map(map));
        }
        let page = Page::open(vec![media], vec2(width, 4400.0));
        for (name, rect) in page.places() {
            assert!(
                rect.left() >= -0.5 && rect.right() <= width + 0.5,
                "{name:?} at {rect:?} in {width}"
            );
        }
    }
}

fn previewed(host: &str) -> Box<SettingsPreview> {
    Box::new(SettingsPreview {
        key: Ok(("media/".to_owned(), "a.txt".to_owned())),
        host: Ok(host.to_owned()),
        link: Ok(PreviewLink {
            scheme: "https://".to_owned(),
            host: host.to_owned(),
            path: "/media/a.txt".to_owned(),
            parameters: Vec::new(),
            signing: LinkSigning::Plain,
            works_until: None,
            end: LinkEnd::Never,
            keys_unknown: false,
        }),
        headers: Ok(vec![("content-type".to_owned(), "text/plain".to_owned())]),
    })
}

#[test]
fn one_preview_is_asked_for_at_a_time_and_the_last_change_is_never_lost() {
    let mut page = Page::empty();
    let asked = |page: &mut Page| {
        page.commands()
            .into_iter()
            .filter_map(|command| match command {
                Command::PreviewSettings { connection, .. } => Some(connection),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(asked(&mut page).len(), 1);
    page.type_into(Role::TextInput, "Bucket", "one");
    page.type_into(Role::TextInput, "Bucket", "-two");
    assert!(asked(&mut page).is_empty(), "an answer is still due");
    let answer = |page: &mut Page| {
        let ticket = page.preview_ticket();
        page.event(Event::SettingsPreviewed {
            ticket,
            preview: previewed("media.example.com"),
            secrets: Vec::new(),
        });
    };
    answer(&mut page);
    let again = asked(&mut page);
    assert_eq!(
        again[0].values.get(OptionId::Bucket),
        Some(&Value::text("one-two"))
    );
    answer(&mut page);
    assert!(asked(&mut page).is_empty() && page.sees("media.example.com"));
}

#[test]
fn secrets_of_the_keyring_fill_their_fields_without_being_a_change() {
    let mut media = Connection::new("media");
    let slot = SecretSlot::Option(OptionId::SecretKey);
    media.kept_secrets.insert(slot.clone());
    let id = media.id.clone();
    let mut page = Page::open(vec![media], TALL);
    assert!(page.sees("connection, keyring") && !page.sees("has not handed it over"));
    let ticket = page.preview_ticket();
    page.event(Event::SettingsPreviewed {
        ticket,
        preview: previewed("h"),
        secrets: vec![(id, slot, Secret::new("CANARY"))],
    });
    assert!(!page.draft().is_touched() && !page.sees("CANARY"));
    assert!(
        page.draft()
            .connection
            .values
            .get(OptionId::SecretKey)
            .is_some()
    );
}

#[test]
fn what_is_saved_holds_when_the_page_is_left() {
    let media = Connection::new("media");
    let id = media.id.clone();
    let mut page = Page::open(vec![media], TALL);
    page.act(Go::Connection(id.clone()));
    page.act(SettingsAction::Edit(id.clone()));
    page.commands();
    page.type_into(Role::TextInput, "Bucket", "photos");
    assert!(page.sees("1 unsaved change"));
    page.key(Modifiers::COMMAND, Key::S);
    let saved = page
        .commands()
        .into_iter()
        .find_map(|command| match command {
            Command::SaveConnection { ticket, connection } => Some((ticket, connection)),
            _ => None,
        });
    let (ticket, connection) = saved.unwrap();
    page.event(Event::ConnectionSaved {
        ticket,
        id: id.clone(),
        result: Ok(Box::new(SavedConnection {
            connection: *connection,
            warning: None,
        })),
    });
    assert_eq!(
        page.world().state.screen,
        Screen::Settings,
        "the page stays"
    );
    assert!(!page.draft().is_touched() && page.draft().unsaved() == 0);
    page.key(Modifiers::NONE, Key::Escape);
    page.key(Modifiers::NONE, Key::Escape);
    assert_eq!(page.world().state.screen, Screen::Browser);
    let opened = page
        .commands()
        .into_iter()
        .find_map(|command| match command {
            Command::OpenConnection { connection, .. } => Some(connection),
            _ => None,
        });
    assert_eq!(
        opened.unwrap().values.get(OptionId::Bucket),
        Some(&Value::text("photos"))
    );
}

#[test]
fn leaving_with_changes_asks_first() {
    let mut page = Page::empty();
    page.act(SettingsAction::Draft(DraftEdit::Production(true)));
    page.click(Role::Button, "Back");
    assert!(page.sees("Save 1 change?"));
    page.click(Role::Button, "Discard");
    assert!(page.world().state.draft.is_none());
}

#[test]
fn rules_are_added_ordered_checked_and_removed() {
    let mut page = Page::empty();
    page.click(Role::Button, "Add rule by name");
    page.click(Role::Button, "Add rule by name");
    assert!(page.sees("A rule above has the same pattern"));
    page.type_into(Role::TextInput, "Pattern of rule 1", "x");
    assert!(!page.sees("A rule above has the same pattern"));
    let globs = |page: &Page| -> Vec<String> {
        let rules = &page.draft().connection.rules;
        rules.iter().map(|rule| rule.glob.clone()).collect()
    };
    let typed = globs(&page);
    assert_eq!(typed, ["**/*.cssx", "**/*.css"]);
    page.click(Role::Button, "Move rule 2 up");
    assert_eq!(globs(&page), [typed[1].clone(), typed[0].clone()]);
    page.click(Role::Button, "Move rule 1 down");
    assert_eq!(globs(&page), typed);
    // What a rule fits is said for the sample name.
    let ticket = page.preview_ticket();
    page.event(Event::SettingsPreviewed {
        ticket,
        preview: previewed("host"),
        secrets: Vec::new(),
    });
    assert!(page.sees("Does not fit the sample media/a.txt"));
    page.click(Role::Button, "Remove rule 1");
    assert_eq!(globs(&page), [typed[1].clone()]);
    page.click(Role::Button, "Save");
    let saved = page
        .commands()
        .into_iter()
        .find_map(|command| match command {
            Command::SaveConnection { connection, .. } => Some(connection.rules),
            _ => None,
        });
    assert_eq!(saved.map(|rules| rules.len()), Some(1));
}
