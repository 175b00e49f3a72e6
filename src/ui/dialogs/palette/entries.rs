//! What the palette knows: commands, places, settings, each with its section.

use crate::domain::Location;
use crate::settings::OPTIONS;
use crate::settings::memory::Theme;
use crate::state::{
    Action, CopyWhat, CredentialsAction, DoctorAction, Go, ObjectAction, PanelEdit, ProbeAction,
    RequestsAction, SettingsAction, State, TableAction,
};

use super::super::super::{icons, words};

/// What stands at the right of a line.
pub(super) enum Remark {
    /// Nothing.
    None,
    /// The keys that do the same.
    Keys(&'static str),
    /// The name of a setting.
    Mono(&'static str),
    /// A word or two.
    Words(String),
}

/// One line.
pub(super) struct Entry {
    pub(super) section: &'static str,
    pub(super) icon: char,
    pub(super) text: String,
    pub(super) remark: Remark,
    pub(super) refused: Option<&'static str>,
    pub(super) action: Action,
}

impl Entry {
    /// What is searched: the text and what stands beside it.
    fn hay(&self) -> String {
        let remark = match &self.remark {
            Remark::None => "",
            Remark::Keys(keys) => keys,
            Remark::Mono(name) => name,
            Remark::Words(words) => words.as_str(),
        };
        format!("{} {remark}", self.text).to_lowercase()
    }
}

/// The words that were typed, in small letters.
pub(super) fn needles(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_lowercase).collect()
}

/// Lines that hold every typed word, by section; a section in which nothing can be done now comes last.
pub(super) fn found(state: &State, needles: &[String]) -> Vec<Entry> {
    let mut list = entries(state);
    list.retain(|entry| {
        let hay = entry.hay();
        needles.iter().all(|needle| hay.contains(needle.as_str()))
    });
    let useful: Vec<&str> = list
        .iter()
        .filter(|entry| entry.refused.is_none())
        .map(|entry| entry.section)
        .collect();
    let useless: Vec<bool> = list
        .iter()
        .map(|entry| !useful.contains(&entry.section))
        .collect();
    let mut numbered: Vec<(bool, Entry)> = useless.into_iter().zip(list).collect();
    numbered.sort_by_key(|(useless, _)| *useless);
    numbered.into_iter().map(|(_, entry)| entry).collect()
}

fn entries(state: &State) -> Vec<Entry> {
    let mut list = Vec::new();
    let mut add = |section: &'static str,
                   icon: char,
                   text: &str,
                   remark: Remark,
                   refused: Option<&'static str>,
                   action: Action| {
        list.push(Entry {
            section,
            icon,
            text: text.to_owned(),
            remark,
            refused,
            action,
        });
    };
    let selected = match state.browser.selection.rows.totals().rows() {
        0 | 1 => "This object",
        _ => "Selection",
    };
    links(state, &mut |icon, text, remark, refused, action| {
        add(selected, icon, text, remark, refused, action);
    });
    selection(state, &mut |icon, text, remark, refused, action| {
        add(selected, icon, text, remark, refused, action);
    });
    folder(state, &mut |icon, text, remark, refused, action| {
        add("This folder", icon, text, remark, refused, action);
    });
    places(state, &mut |icon, text, remark, refused, action| {
        add("Go to", icon, text, remark, refused, action);
    });
    super::doctor::doctor(state, &mut |icon, text, remark, refused, action| {
        add("Doctor", icon, text, remark, refused, action);
    });
    window(&mut |icon, text, remark, refused, action| {
        add("Window", icon, text, remark, refused, action);
    });
    if let Some(id) = state.shown_connection() {
        for spec in OPTIONS {
            let action = SettingsAction::EditOption {
                id: id.clone(),
                option: spec.id,
            };
            let remark = Remark::Mono(spec.name);
            add(
                "Settings",
                icons::SETTINGS,
                spec.label,
                remark,
                None,
                action.into(),
            );
        }
    }
    list
}

pub(super) type Add<'a> = dyn FnMut(char, &str, Remark, Option<&'static str>, Action) + 'a;

pub(super) fn keys(keys: &'static str) -> Remark {
    if keys.is_empty() {
        Remark::None
    } else {
        Remark::Keys(keys)
    }
}

/// Links of the selection, by lifetime.
fn links(state: &State, add: &mut Add<'_>) {
    let refused = state.link_refusal();
    let copy = |expires_secs| Action::from(ObjectAction::CopyLink { expires_secs });
    let text = format!("Copy link, {}", words::lifetime(state.link_secs));
    add(
        icons::LINK,
        &text,
        keys("Ctrl+Shift+C"),
        refused,
        copy(None),
    );
    for (secs, name) in words::LIFETIMES {
        let text = format!("Copy link for {name}");
        add(icons::TIMER, &text, Remark::None, refused, copy(Some(secs)));
    }
}

/// What can be done with the selection.
fn selection(state: &State, add: &mut Add<'_>) {
    let (read, delete) = (state.read_refusal(), state.delete_refusal());
    let none = (state.browser.selection.rows.totals().rows() == 0).then_some("nothing is selected");
    let table: [(char, &str, &'static str, Option<&'static str>, Action); 5] = [
        (
            icons::DOWNLOAD,
            "Download",
            "Ctrl+D",
            none.or(read),
            ObjectAction::Download.into(),
        ),
        (
            icons::RENAME,
            "Rename",
            "F2",
            none.or_else(|| state.rename_refusal()),
            ObjectAction::Rename.into(),
        ),
        (
            icons::TRASH,
            "Delete",
            "Delete",
            none.or(delete),
            ObjectAction::Delete.into(),
        ),
        (
            icons::CLIPBOARD,
            "Copy key",
            "Ctrl+C",
            none,
            ObjectAction::Copy(CopyWhat::Key).into(),
        ),
        (
            icons::CLIPBOARD,
            "Copy S3 URI",
            "",
            none,
            ObjectAction::Copy(CopyWhat::Uri).into(),
        ),
    ];
    for (icon, text, shortcut, refused, action) in table {
        add(icon, text, keys(shortcut), refused, action);
    }
}

/// What can be done with the folder shown.
fn folder(state: &State, add: &mut Add<'_>) {
    let write = state.write_refusal();
    let table: [(char, &str, &'static str, Option<&'static str>, Action); 6] = [
        (
            icons::UPLOAD,
            "Upload files",
            "Ctrl+U",
            write,
            ObjectAction::PickUpload { target: None }.into(),
        ),
        (
            icons::UPLOAD,
            "Upload a folder",
            "",
            write,
            ObjectAction::PickUploadFolder.into(),
        ),
        (
            icons::FOLDER_PLUS,
            "New folder",
            "Ctrl+Shift+N",
            write,
            ObjectAction::NewFolder.into(),
        ),
        (
            icons::SELECT_ALL,
            "Select all",
            "Ctrl+A",
            None,
            TableAction::SelectAll.into(),
        ),
        (icons::REFRESH, "Refresh", "F5", None, Go::Refresh.into()),
        (
            icons::STAR,
            "Bookmark this place",
            "Ctrl+B",
            None,
            Go::ToggleBookmark.into(),
        ),
    ];
    for (icon, text, shortcut, refused, action) in table {
        add(icon, text, keys(shortcut), refused, action);
    }
}

/// Connections, bookmarks, buckets and paths.
fn places(state: &State, add: &mut Add<'_>) {
    const NUMBERS: [&str; 9] = [
        "Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4", "Ctrl+5", "Ctrl+6", "Ctrl+7", "Ctrl+8", "Ctrl+9",
    ];
    add(
        icons::MOVE,
        "Go to a path",
        keys("Ctrl+L"),
        None,
        Go::AskPath.into(),
    );
    add(
        icons::BUCKET,
        "Add a bucket by name",
        Remark::None,
        None,
        Go::AskBucket.into(),
    );
    add(
        icons::DOCTOR,
        "Doctor",
        keys("Ctrl+Shift+D"),
        None,
        DoctorAction::Examine(None).into(),
    );
    add(
        icons::SCROLL,
        "Write a policy for this place",
        Remark::None,
        (state.shown_connection().is_none()).then_some("no connection is open"),
        ProbeAction::ShowPolicy.into(),
    );
    for (index, entry) in state.connections.list.iter().enumerate() {
        let remark = keys(NUMBERS.get(index).copied().unwrap_or_default());
        let text = format!("Open {}", entry.connection.name);
        let go = Go::Connection(entry.id().clone());
        add(icons::PLUGS, &text, remark, None, go.into());
    }
    let Some(connection) = state.connections.current() else {
        return;
    };
    for place in &connection.bookmarks {
        let remark = Remark::Words("bookmark".to_owned());
        add(
            icons::STAR,
            &place.to_string(),
            remark,
            None,
            Go::To(place.clone()).into(),
        );
    }
    for bucket in state.browser.buckets.here().into_iter().flatten() {
        let place = Location::new(bucket.name.clone(), crate::domain::Prefix::root());
        let remark = Remark::Words("bucket".to_owned());
        add(
            icons::BUCKET,
            &bucket.name,
            remark,
            None,
            Go::To(place).into(),
        );
    }
}

/// What can be done with the window and with connections.
fn window(add: &mut Add<'_>) {
    let table: [(char, &str, &'static str, Action); 15] = [
        (
            icons::UP_DOWN,
            "Transfers",
            "Ctrl+J",
            PanelEdit::ToggleTransfers.into(),
        ),
        (
            icons::LIST_SEARCH,
            "Requests",
            "Ctrl+Shift+J",
            RequestsAction::Toggle.into(),
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
            icons::SIGN_IN,
            "Sign in to Identity Center",
            "",
            CredentialsAction::SignIn { profile: None }.into(),
        ),
        (
            icons::IDENTITY,
            "Assume a role",
            "",
            CredentialsAction::AssumeRole.into(),
        ),
        (
            icons::CLIPBOARD,
            "Paste key, secret and token",
            "",
            CredentialsAction::PasteKeys.into(),
        ),
        (
            icons::IMPORT,
            "Import connections from Django, AWS, rclone or s3cmd",
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
        add(icon, text, keys(remark), None, action);
    }
}
