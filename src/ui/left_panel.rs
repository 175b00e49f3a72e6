//! Connections, bookmarks and buckets at the left; a rail of dots where the window is narrow.

use egui::scroll_area::ScrollBarVisibility;
use egui::{Id, ScrollArea, Ui};

use crate::domain::Location;
use crate::settings::{Access, Connection, ConnectionId};
use crate::state::connections::{Entry, Origin};
use crate::state::{
    Action, Answer, DoctorAction, Go, RequestsAction, Screen, SettingsAction, State,
};

use super::actions::Actions;
use super::kit::{self, Button, MenuItem, NavItem};
use super::theme::{CONNECTION_COLOURS, tokens};
use super::{icons, words};

/// The colour of a connection's dot.
pub(super) fn colour_of(connection: &Connection) -> egui::Color32 {
    CONNECTION_COLOURS[usize::from(connection.colour) % CONNECTION_COLOURS.len()].1
}

pub(super) fn left_panel_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    foot_ui(ui, state, actions);
    ScrollArea::vertical()
        .id_salt("places")
        .auto_shrink(false)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(8.0);
            let add =
                kit::section_caption(ui, "Connections", Some((icons::PLUS, "New connection")));
            if add.is_some_and(|response| response.clicked()) {
                actions.push(Go::Welcome);
            }
            for (index, entry) in state.connections.list.iter().enumerate() {
                connection_ui(ui, state, index, entry, actions);
            }
            if state.connections.list.is_empty() {
                hint_ui(ui, "None yet.");
            }
            bookmarks_ui(ui, state, actions);
            buckets_ui(ui, state, actions);
            ui.add_space(8.0);
        });
}

fn hint_ui(ui: &mut Ui, text: &str) {
    let margin = egui::Margin::symmetric(16, 5);
    egui::Frame::NONE.inner_margin(margin).show(ui, |ui| {
        kit::Prose::new().small().quiet(text).ui(ui);
    });
}

fn connection_ui(ui: &mut Ui, state: &State, index: usize, entry: &Entry, actions: &mut Actions) {
    let connection = &entry.connection;
    let current =
        state.connections.current.as_ref() == Some(entry.id()) && state.screen != Screen::Welcome;
    let mut item = NavItem::new(&connection.name)
        .called(format!("Connection {}", connection.name))
        .dot(colour_of(connection))
        .selected(current);
    item = match connection.access {
        Access::ReadOnly => item.mark(icons::LOCK, None),
        Access::NoDelete => item.mark(icons::SHIELD_CHECK, None),
        Access::Full if index < 9 && !current => item.shortcut(format!("Ctrl+{}", index + 1)),
        Access::Full => item,
    };
    let response = ui.add(item);
    if response.clicked() {
        actions.push(Go::Connection(entry.id().clone()));
    }
    kit::context_menu(ui, &response, |ui| {
        if ui.add(MenuItem::new("Open").icon(icons::PLUGS)).clicked() {
            actions.push(Go::Connection(entry.id().clone()));
        }
        let builtin = (entry.origin == Origin::Builtin).then_some("made anew at each start");
        if ui
            .add(
                MenuItem::new("Settings…")
                    .icon(icons::SETTINGS)
                    .refused(builtin),
            )
            .clicked()
        {
            actions.push(SettingsAction::Edit(entry.id().clone()));
        }
        if ui
            .add(MenuItem::new("Doctor").icon(icons::DOCTOR))
            .clicked()
        {
            actions.push(DoctorAction::Examine(Some(entry.id().clone())));
        }
        kit::menu_separator(ui);
        if ui
            .add(MenuItem::new("Remove…").icon(icons::TRASH).refused(builtin))
            .clicked()
        {
            actions.push(SettingsAction::Remove(entry.id().clone()));
        }
    });
}

fn bookmarks_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let Some(connection) = state
        .connections
        .current()
        .filter(|connection| !connection.bookmarks.is_empty())
    else {
        return;
    };
    ui.add_space(16.0);
    kit::section_caption(ui, "Bookmarks", None);
    for (index, place) in connection.bookmarks.iter().enumerate() {
        let own_bucket = place.bucket == state.browser.location.bucket;
        let text = match (own_bucket, place.prefix.is_root()) {
            (true, false) => place.prefix.to_string(),
            (_, true) => place.bucket.clone(),
            (false, false) => format!("{}/{}", place.bucket, place.prefix),
        };
        let response = ui.push_id(("bookmark", index), |ui| {
            let text = words::visible(&text);
            let name = format!("Bookmark {text}");
            ui.add(NavItem::new(text).called(name).icon(icons::STAR))
        });
        if response.inner.clicked() {
            actions.push(Go::To(place.clone()));
        }
    }
}

fn buckets_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    if state.connections.opened.is_none() {
        return;
    }
    ui.add_space(16.0);
    let again = kit::section_caption(
        ui,
        "Buckets",
        Some((icons::REFRESH, "List the buckets again")),
    );
    if again.is_some_and(|response| response.clicked()) {
        actions.push(Go::RefreshBuckets);
    }
    let here = state.browser.location.bucket.as_str();
    let mut names: Vec<&str> = match &state.browser.buckets {
        Answer::Here(buckets) => buckets.iter().map(|bucket| bucket.name.as_str()).collect(),
        _ => Vec::new(),
    };
    let home = state
        .connections
        .opened
        .as_ref()
        .and_then(|opened| opened.bucket.as_deref());
    let kept = state
        .connections
        .current()
        .into_iter()
        .flat_map(|connection| &connection.buckets);
    for known in kept.map(String::as_str).chain(home).chain(Some(here)) {
        if !known.is_empty() && !names.contains(&known) {
            names.insert(0, known);
        }
    }
    for name in names {
        let response = ui.push_id(("bucket", name), |ui| {
            ui.add(
                NavItem::new(name)
                    .called(format!("Bucket {name}"))
                    .icon(icons::BUCKET)
                    .shaded(name == here),
            )
        });
        if response.inner.clicked() {
            actions.push(Go::Bucket(name.to_owned()));
        }
    }
    match &state.browser.buckets {
        Answer::Waiting => hint_ui(ui, "Listing the buckets…"),
        // Being denied the list of all buckets is common and no fault: the known ones stand above.
        Answer::Failed(error) => hint_ui(ui, words::buckets_unlisted(error)),
        Answer::Unasked | Answer::Here(_) => {}
    }
    if ui
        .add(
            NavItem::new("Add a bucket by name")
                .icon(icons::PLUS)
                .quiet(),
        )
        .clicked()
    {
        actions.push(Go::AskBucket);
    }
}

/// The connection whose settings can be edited now: the one that is open, unless it is the built-in bucket.
fn settings_target(state: &State) -> Option<ConnectionId> {
    let id = state.connections.current.as_ref()?;
    let entry = state.connections.find(id)?;
    (entry.origin != Origin::Builtin).then(|| id.clone())
}

/// Why there are no settings to edit.
fn no_settings(state: &State) -> &'static str {
    match state.connections.current {
        Some(_) => "the built-in bucket has no settings",
        None => "open a connection first",
    }
}

/// Why there is nobody to examine.
/// What is always at hand.
fn foot_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    egui::Panel::bottom(Id::unique("left foot"))
        .frame(egui::Frame::NONE.inner_margin(egui::Margin {
            top: 8,
            bottom: 8,
            left: 0,
            right: 0,
        }))
        .show_separator_line(true)
        .resizable(false)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let doctor = NavItem::new("Doctor")
                .icon(icons::DOCTOR)
                .shortcut("Ctrl+Shift+D");
            if ui.add(doctor).clicked() {
                actions.push(DoctorAction::Examine(None));
            }
            let requests = NavItem::new("Requests")
                .icon(icons::LIST_SEARCH)
                .shortcut("Ctrl+Shift+J")
                .selected(state.requests.open);
            if ui.add(requests).clicked() {
                actions.push(RequestsAction::Toggle);
            }
            let target = settings_target(state);
            let settings = NavItem::new("Settings")
                .icon(icons::SETTINGS)
                .shortcut("Ctrl+,")
                .refused(target.is_none().then(|| no_settings(state)));
            if ui.add(settings).clicked()
                && let Some(id) = target
            {
                actions.push(SettingsAction::Edit(id));
            }
            if ui
                .add(NavItem::new("Keys").icon(icons::KEYBOARD).shortcut("F1"))
                .clicked()
            {
                actions.push(Action::ShowKeys);
            }
        });
}

/// The panel of a narrow window: one dot a connection.
pub(super) fn left_rail_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    rail_foot_ui(ui, state, actions);
    ScrollArea::vertical()
        .id_salt("rail")
        .scroll_bar_visibility(ScrollBarVisibility::AlwaysHidden)
        .auto_shrink(false)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            ui.vertical_centered(|ui| {
                ui.add_space(8.0);
                for entry in &state.connections.list {
                    let chosen = state.connections.current.as_ref() == Some(entry.id());
                    let name = &entry.connection.name;
                    let colour = colour_of(&entry.connection);
                    if kit::dot_button(ui, colour, name, chosen).clicked() {
                        actions.push(Go::Connection(entry.id().clone()));
                    }
                }
                if kit::icon_button(ui, icons::PLUS, "New connection").clicked() {
                    actions.push(Go::Welcome);
                }
                if state.connections.opened.is_some() {
                    rail_places_ui(ui, state, actions);
                }
            });
        });
}

fn rail_foot_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    egui::Panel::bottom(Id::unique("rail foot"))
        .frame(egui::Frame::NONE.inner_margin(egui::Margin::symmetric(0, 8)))
        .show_separator_line(true)
        .resizable(false)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            ui.vertical_centered(|ui| {
                let doctor = Button::icon_only(icons::DOCTOR, "Doctor");
                if ui.add(doctor).clicked() {
                    actions.push(DoctorAction::Examine(None));
                }
                let requests = Button::icon_only(icons::LIST_SEARCH, "Requests");
                if ui.add(requests.on(state.requests.open)).clicked() {
                    actions.push(RequestsAction::Toggle);
                }
                let target = settings_target(state);
                let settings = Button::icon_only(icons::SETTINGS, "Settings")
                    .refused(target.is_none().then(|| no_settings(state)));
                if ui.add(settings).clicked()
                    && let Some(id) = target
                {
                    actions.push(SettingsAction::Edit(id));
                }
                if kit::icon_button(ui, icons::KEYBOARD, "Keys").clicked() {
                    actions.push(Action::ShowKeys);
                }
            });
        });
}

fn rail_places_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let line = tokens(ui).line;
    ui.add_space(4.0);
    let (rect, _) = ui.allocate_exact_size(egui::vec2(20.0, 1.0), egui::Sense::hover());
    ui.painter().rect_filled(rect, 0.0, line);
    ui.add_space(4.0);
    let bookmarks = kit::icon_button(ui, icons::STAR, "Bookmarks");
    kit::menu(ui, &bookmarks, |ui| {
        let places: &[Location] = state
            .connections
            .current()
            .map_or(&[], |connection| &connection.bookmarks);
        for place in places {
            if ui
                .add(MenuItem::new(place.to_string()).icon(icons::STAR))
                .clicked()
            {
                actions.push(Go::To(place.clone()));
            }
        }
        if places.is_empty() {
            ui.add(MenuItem::new("No bookmarks yet").refused(Some("Ctrl+B makes one")));
        }
    });
    let buckets = kit::icon_button(ui, icons::BUCKET, "Buckets");
    kit::menu(ui, &buckets, |ui| {
        if let Answer::Here(buckets) = &state.browser.buckets {
            for bucket in buckets {
                if ui
                    .add(MenuItem::new(&bucket.name).icon(icons::BUCKET))
                    .clicked()
                {
                    actions.push(Go::Bucket(bucket.name.clone()));
                }
            }
        }
        if ui
            .add(MenuItem::new("Add a bucket by name…").icon(icons::PLUS))
            .clicked()
        {
            actions.push(Go::AskBucket);
        }
    });
}
