//! The command palette: everything that can be done or gone to, found by typing.

use egui::{Key, Modifiers, Ui};

use crate::domain::Location;
use crate::settings::OPTIONS;
use crate::settings::memory::Theme;
use crate::state::{
    Action, CopyWhat, DialogEdit, Go, ObjectAction, PanelEdit, SettingsAction, State, TableAction,
};

use super::super::actions::Actions;
use super::super::kit::{self, MenuItem, TextField};
use super::super::{icons, words};

/// Most lines shown.
const MOST: usize = 12;

/// One line.
struct Entry {
    icon: char,
    text: String,
    remark: String,
    refused: Option<&'static str>,
    action: Action,
}

pub(super) fn palette_ui(
    ui: &mut Ui,
    state: &State,
    text: &str,
    line: usize,
    actions: &mut Actions,
) {
    let entries = found(state, text);
    let last = entries.len().min(MOST).saturating_sub(1);
    let line = line.min(last);
    // Arrow keys and Enter belong to the list, not to the field.
    let (down, up, enter) = ui.input_mut(|input| {
        (
            input.consume_key(Modifiers::NONE, Key::ArrowDown),
            input.consume_key(Modifiers::NONE, Key::ArrowUp),
            input.consume_key(Modifiers::NONE, Key::Enter),
        )
    });
    if down || up {
        actions.push(DialogEdit::Line(if down {
            (line + 1).min(last)
        } else {
            line.saturating_sub(1)
        }));
    }
    let mut chosen = enter.then_some(line);
    let shell = kit::Dialog::new("palette", "Find a command")
        .icon(icons::SEARCH)
        .width(560.0)
        .without_foot();
    super::show_ui(
        ui,
        shell,
        actions,
        |ui, actions| {
            let mut typed = text.to_owned();
            let field = TextField::new(&mut typed, "Command, place or setting")
                .hint("Type a command, a place, a setting");
            let field = ui.add(field.icon(icons::SEARCH));
            super::focus_first(ui, "palette", &field);
            if field.changed() {
                actions.push(DialogEdit::Text(typed));
            }
            ui.spacing_mut().item_spacing.y = 0.0;
            for (index, entry) in entries.iter().take(MOST).enumerate() {
                let item = MenuItem::new(words::visible(&entry.text))
                    .icon(entry.icon)
                    .shortcut(entry.remark.as_str())
                    .refused(entry.refused);
                let item = if index == line { item.strong() } else { item };
                let response = ui.push_id(index, |ui| ui.add(item)).inner;
                if response.clicked() {
                    chosen = Some(index);
                }
            }
            if entries.is_empty() {
                kit::quiet(ui, "Nothing of that name.");
            } else if entries.len() > MOST {
                kit::quiet_small(ui, format!("{MOST} of {}", entries.len()));
            }
        },
        |_| None,
    );
    if let Some(entry) = chosen
        .and_then(|index| entries.into_iter().nth(index))
        .filter(|entry| entry.refused.is_none())
    {
        actions.push(DialogEdit::Cancel);
        actions.push(entry.action);
    }
}

/// Lines that hold every typed word, in the order of the list.
fn found(state: &State, text: &str) -> Vec<Entry> {
    let needles: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let fits = |entry: &Entry| {
        let hay = format!("{} {}", entry.text, entry.remark).to_lowercase();
        needles.iter().all(|needle| hay.contains(needle.as_str()))
    };
    entries(state).into_iter().filter(fits).collect()
}

fn entries(state: &State) -> Vec<Entry> {
    let mut list = Vec::new();
    let mut add =
        |icon: char, text: &str, remark: &str, refused: Option<&'static str>, action: Action| {
            list.push(Entry {
                icon,
                text: text.to_owned(),
                remark: remark.to_owned(),
                refused,
                action,
            });
        };
    links(state, &mut add);
    objects(state, &mut add);
    folders(&mut add);
    window(&mut add);
    places(state, &mut add);
    if let Some(id) = &state.connections.current {
        for spec in OPTIONS {
            let action = SettingsAction::EditOption {
                id: id.clone(),
                option: spec.id,
            };
            add(icons::SETTINGS, spec.label, spec.name, None, action.into());
        }
    }
    list
}

/// Links of the selection, by lifetime.
fn links(state: &State, add: &mut Add<'_>) {
    let refused = state.link_refusal();
    let copy = |expires_secs| Action::from(ObjectAction::CopyLink { expires_secs });
    add(
        icons::LINK,
        "Copy link",
        "Ctrl+Shift+C",
        refused,
        copy(None),
    );
    for (secs, name) in words::LIFETIMES {
        let text = format!("Copy link for {name}");
        add(icons::TIMER, &text, "", refused, copy(Some(secs)));
    }
}

/// What can be done with the selection.
fn objects(state: &State, add: &mut Add<'_>) {
    let (write, delete) = (state.write_refusal(), state.delete_refusal());
    let upload = ObjectAction::PickUpload { target: None };
    let (key, uri) = (
        ObjectAction::Copy(CopyWhat::Key),
        ObjectAction::Copy(CopyWhat::Uri),
    );
    add(
        icons::UPLOAD,
        "Upload files",
        "Ctrl+U",
        write,
        upload.into(),
    );
    add(
        icons::UPLOAD,
        "Upload a folder",
        "",
        write,
        ObjectAction::PickUploadFolder.into(),
    );
    add(
        icons::DOWNLOAD,
        "Download",
        "Ctrl+D",
        None,
        ObjectAction::Download.into(),
    );
    add(
        icons::FOLDER_PLUS,
        "New folder",
        "Ctrl+Shift+N",
        write,
        ObjectAction::NewFolder.into(),
    );
    add(
        icons::RENAME,
        "Rename",
        "F2",
        write.or(delete),
        ObjectAction::Rename.into(),
    );
    add(
        icons::TRASH,
        "Delete",
        "Delete",
        delete,
        ObjectAction::Delete.into(),
    );
    add(icons::CLIPBOARD, "Copy key", "Ctrl+C", None, key.into());
    add(icons::CLIPBOARD, "Copy S3 URI", "", None, uri.into());
}

/// What can be done with the folder shown.
fn folders(add: &mut Add<'_>) {
    add(
        icons::SELECT_ALL,
        "Select all",
        "Ctrl+A",
        None,
        TableAction::SelectAll.into(),
    );
    add(icons::REFRESH, "Refresh", "F5", None, Go::Refresh.into());
    add(
        icons::MOVE,
        "Go to a path",
        "Ctrl+L",
        None,
        Go::AskPath.into(),
    );
    add(
        icons::BUCKET,
        "Add a bucket by name",
        "",
        None,
        Go::AskBucket.into(),
    );
    add(
        icons::STAR,
        "Bookmark this place",
        "Ctrl+B",
        None,
        Go::ToggleBookmark.into(),
    );
}

/// What can be done with the window and with connections.
fn window(add: &mut Add<'_>) {
    let table: [(char, &str, &str, Action); 11] = [
        (
            icons::UP_DOWN,
            "Transfers",
            "Ctrl+J",
            PanelEdit::ToggleTransfers.into(),
        ),
        (
            icons::SIDEBAR,
            "Connections panel",
            "",
            PanelEdit::ToggleLeft.into(),
        ),
        (
            icons::PANEL_RIGHT,
            "Inspector",
            "Alt+Enter",
            PanelEdit::ToggleInspector.into(),
        ),
        (icons::PLUS, "New connection", "", Go::Welcome.into()),
        (
            icons::PACKAGE,
            "Built-in bucket",
            "",
            SettingsAction::StartBuiltin.into(),
        ),
        (
            icons::FILE_PY,
            "Import Django settings",
            "",
            SettingsAction::ImportDjango.into(),
        ),
        (
            icons::MOON,
            "Dark theme",
            "",
            PanelEdit::Theme(Theme::Dark).into(),
        ),
        (
            icons::SUN,
            "Light theme",
            "",
            PanelEdit::Theme(Theme::Light).into(),
        ),
        (
            icons::MONITOR,
            "Theme of the system",
            "",
            PanelEdit::Theme(Theme::System).into(),
        ),
        (icons::KEYBOARD, "Keys", "F1", Action::ShowKeys),
        (icons::INFO, "About Cooperage", "", Action::ShowAbout),
    ];
    for (icon, text, remark, action) in table {
        add(icon, text, remark, None, action);
    }
}

type Add<'a> = dyn FnMut(char, &str, &str, Option<&'static str>, Action) + 'a;

/// Connections, bookmarks and buckets.
fn places(state: &State, add: &mut Add<'_>) {
    for (index, entry) in state.connections.list.iter().enumerate() {
        let key = if index < 9 {
            format!("Ctrl+{}", index + 1)
        } else {
            String::new()
        };
        let text = format!("Open {}", entry.connection.name);
        add(
            icons::PLUGS,
            &text,
            &key,
            None,
            Go::Connection(entry.id().clone()).into(),
        );
    }
    let Some(connection) = state.connections.current() else {
        return;
    };
    for place in &connection.bookmarks {
        add(
            icons::STAR,
            &place.to_string(),
            "bookmark",
            None,
            Go::To(place.clone()).into(),
        );
    }
    if let Some(buckets) = state.browser.buckets.here() {
        for bucket in buckets {
            let place = Location::new(bucket.name.clone(), crate::domain::Prefix::root());
            add(
                icons::BUCKET,
                &bucket.name,
                "bucket",
                None,
                Go::To(place).into(),
            );
        }
    }
}
