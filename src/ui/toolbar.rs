//! The bar along the top of the browser: history, breadcrumb, filter, and the three things people come for.

use egui::{Align, Id, Layout, Ui};

use crate::domain::{Location, Prefix};
use crate::settings::memory::Theme;
use crate::state::{
    Action, DoctorAction, Go, ObjectAction, PanelEdit, SettingsAction, State, TableAction,
};

use super::actions::Actions;
use super::kit::{self, Button, MenuItem, TextField};
use super::{icons, words};

/// Below this width labels become icons.
const ICONS_ONLY: f32 = 1000.0;

/// Name of the row at the right, which ends at the window's edge.
const WORK: &str = "toolbar at the right";

/// The filter's text field, so that a key can put the cursor into it.
pub(super) fn filter_id() -> Id {
    Id::unique("filter of the table")
}

pub(super) fn toolbar_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let narrow = ui.ctx().content_rect().width() < ICONS_ONLY;
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        history_ui(ui, state, actions);
        ui.add_space(4.0);
        kit::divider(ui, 20.0);
        ui.add_space(8.0);
        let right = kit::row_width(ui, WORK) + 12.0;
        let width = (ui.available_width() - right).max(60.0);
        ui.allocate_ui_with_layout(
            egui::vec2(width, 28.0),
            Layout::left_to_right(Align::Center),
            |ui| {
                ui.set_width(width);
                breadcrumb_ui(ui, state, actions);
            },
        );
        let height = ui.available_height();
        kit::row_at_right(ui, WORK, height, |ui| work_ui(ui, state, actions, narrow));
    });
}

fn history_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    if kit::icon_button(ui, icons::SIDEBAR, "Show or hide connections").clicked() {
        actions.push(PanelEdit::ToggleLeft);
    }
    let back = (!state.browser.can_go_back()).then_some("nowhere to go back to");
    if ui
        .add(Button::icon_only(icons::BACK, "Back").refused(back))
        .clicked()
    {
        actions.push(Go::Back);
    }
    let forward = (!state.browser.can_go_forward()).then_some("nowhere to go forward to");
    if ui
        .add(Button::icon_only(icons::FORWARD, "Forward").refused(forward))
        .clicked()
    {
        actions.push(Go::Forward);
    }
    let up = state
        .browser
        .location
        .prefix
        .is_root()
        .then_some("this is the top of the bucket");
    if ui
        .add(Button::icon_only(icons::UP, "Up").refused(up))
        .clicked()
    {
        actions.push(Go::Up);
    }
    if kit::icon_button(ui, icons::REFRESH, "Refresh").clicked() {
        actions.push(Go::Refresh);
    }
}

/// Bucket and folders; what does not fit is folded into one step at the front.
fn breadcrumb_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let location = &state.browser.location;
    if location.bucket.is_empty() {
        let name = state
            .connections
            .current()
            .map_or("Cooperage", |connection| connection.name.as_str());
        kit::strong(ui, name);
        return;
    }
    let mut steps = vec![(location.bucket.clone(), Prefix::root())];
    for prefix in location.prefix.ancestors() {
        let name = if prefix.name().is_empty() {
            "(no name)".to_owned()
        } else {
            prefix.name().to_owned()
        };
        steps.push((name, prefix));
    }
    let star_width = 32.0;
    let first = first_shown(ui, &steps, ui.available_width() - star_width);
    if first > 0 {
        let hidden = Button::quiet("…")
            .tooltip("Folders above")
            .ink(super::theme::tokens(ui).quiet);
        let response = ui.add(hidden);
        kit::menu(ui, &response, |ui| {
            for (name, prefix) in &steps[..first] {
                if ui
                    .add(MenuItem::new(words::visible(name)).icon(icons::FOLDER))
                    .clicked()
                {
                    actions.push(Go::To(Location::new(
                        location.bucket.clone(),
                        prefix.clone(),
                    )));
                }
            }
        });
    }
    let last = steps.len() - 1;
    for (index, (name, prefix)) in steps.into_iter().enumerate().skip(first) {
        if index > 0 {
            kit::icon_ui(ui, icons::CARET_RIGHT, super::theme::tokens(ui).quiet);
        }
        if index == last {
            let text = kit::cut_middle(
                ui,
                &name,
                &super::theme::strong().resolve(ui.style()),
                ui.available_width() - star_width,
            );
            kit::strong(ui, words::visible(&text));
        } else if kit::crumb_ui(ui, &words::visible(&name)).clicked() {
            actions.push(Go::To(Location::new(location.bucket.clone(), prefix)));
        }
    }
    let marked = state
        .connections
        .current()
        .is_some_and(|connection| connection.bookmarks.contains(location));
    let (icon, name) = if marked {
        (icons::STAR_FILL, "Remove the bookmark")
    } else {
        (icons::STAR, "Bookmark this place")
    };
    if kit::icon_button(ui, icon, name).clicked() {
        actions.push(Go::ToggleBookmark);
    }
}

/// The first step that is shown so that all after it fit.
fn first_shown(ui: &Ui, steps: &[(String, Prefix)], width: f32) -> usize {
    let font = egui::TextStyle::Body.resolve(ui.style());
    let step_width = |text: &str| {
        ui.painter()
            .layout_no_wrap(text.to_owned(), font.clone(), egui::Color32::PLACEHOLDER)
            .size()
            .x
            + 32.0
    };
    let mut used = 44.0;
    for (index, (name, _)) in steps.iter().enumerate().rev() {
        used += step_width(name);
        if used > width && index + 1 < steps.len() {
            return index + 1;
        }
    }
    0
}

/// Filter, upload, new folder, copy link, the inspector and the menu.
fn work_ui(ui: &mut Ui, state: &State, actions: &mut Actions, narrow: bool) {
    ui.spacing_mut().item_spacing.x = if narrow { 4.0 } else { 12.0 };
    filter_ui(ui, state, actions, narrow);
    let write = state.write_refusal();
    let (upload, folder) = if narrow {
        (
            Button::icon_only(icons::UPLOAD, "Upload"),
            Button::icon_only(icons::FOLDER_PLUS, "New folder"),
        )
    } else {
        (
            Button::secondary("Upload").icon(icons::UPLOAD),
            Button::secondary("New folder").icon(icons::FOLDER_PLUS),
        )
    };
    if ui.add(upload.refused(write)).clicked() {
        actions.push(ObjectAction::PickUpload { target: None });
    }
    if ui.add(folder.refused(write)).clicked() {
        actions.push(ObjectAction::NewFolder);
    }
    ui.spacing_mut().item_spacing.x = 4.0;
    if narrow {
        ui.add_space(8.0);
    }
    let objects = state.browser.selection.rows.totals().objects;
    let text = match objects {
        0 | 1 => "Copy link".to_owned(),
        count => format!("Copy {} links", crate::domain::grouped(count)),
    };
    let link = Button::primary(text).icon(icons::LINK);
    if ui.add(link.refused(state.link_refusal())).clicked() {
        actions.push(ObjectAction::CopyLink { expires_secs: None });
    }
    ui.add_space(8.0);
    if kit::icon_button(ui, icons::PANEL_RIGHT, "Show or hide the inspector").clicked() {
        actions.push(PanelEdit::ToggleInspector);
    }
    let menu = kit::icon_button(ui, icons::MENU, "Menu");
    kit::menu(ui, &menu, |ui| main_menu_ui(ui, state, actions));
}

/// The filter. In a narrow window it is an icon until it is asked for, by a click or its key, or holds something.
fn filter_ui(ui: &mut Ui, state: &State, actions: &mut Actions, narrow: bool) {
    let focused = ui.memory(|memory| memory.has_focus(filter_id()));
    if narrow && !focused && state.browser.filter.is_empty() {
        if kit::icon_button(ui, icons::FILTER, "Filter").clicked() {
            ui.memory_mut(|memory| memory.request_focus(filter_id()));
        }
        return;
    }
    let mut text = state.browser.filter.clone();
    let mut field = TextField::new(&mut text, "Filter")
        .hint("Filter")
        .icon(icons::FILTER)
        .id(filter_id())
        .width(if narrow { 168.0 } else { 200.0 })
        .clears();
    if state.browser.filter.is_empty() && !focused {
        field = field.key("/");
    }
    if ui.add(field).changed() {
        actions.push(TableAction::Filter(text));
    }
}

fn main_menu_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let write = state.write_refusal();
    let mut item = |ui: &mut Ui, item: MenuItem<'_>, action: Action| {
        if ui.add(item).clicked() {
            actions.push(action);
        }
    };
    let upload = MenuItem::new("Upload a folder…")
        .icon(icons::UPLOAD)
        .refused(write);
    item(ui, upload, ObjectAction::PickUploadFolder.into());
    item(
        ui,
        MenuItem::new("Go to a path…")
            .icon(icons::MOVE)
            .shortcut("Ctrl+L"),
        Go::AskPath.into(),
    );
    let palette = MenuItem::new("Find a command…")
        .icon(icons::SEARCH)
        .shortcut("Ctrl+K");
    item(ui, palette, Action::ShowPalette);
    let none = (state.connections.current.is_none()).then_some("no connection is open");
    let doctor = MenuItem::new("Doctor")
        .icon(icons::DOCTOR)
        .shortcut("Ctrl+Shift+D")
        .refused(none);
    item(ui, doctor, DoctorAction::Examine(None).into());
    kit::menu_separator(ui);
    item(
        ui,
        MenuItem::new("New connection").icon(icons::PLUS),
        Go::Welcome.into(),
    );
    item(
        ui,
        MenuItem::new("Import connections…").icon(icons::IMPORT),
        SettingsAction::ImportDjango.into(),
    );
    kit::menu_separator(ui);
    for (theme, icon, name) in [
        (Theme::System, icons::MONITOR, "Theme of the system"),
        (Theme::Dark, icons::MOON, "Dark theme"),
        (Theme::Light, icons::SUN, "Light theme"),
    ] {
        let entry = MenuItem::new(name)
            .icon(icon)
            .checked(state.window.theme == theme);
        item(ui, entry, PanelEdit::Theme(theme).into());
    }
    kit::menu_separator(ui);
    for (density, name) in super::table_page::DENSITIES {
        let entry = MenuItem::new(name)
            .icon(icons::ROWS)
            .checked(state.window.density == density);
        item(ui, entry, PanelEdit::Density(density).into());
    }
    let folders = MenuItem::new("Folders first").checked(state.browser.arrangement.folders_first);
    item(ui, folders, TableAction::ToggleFoldersFirst.into());
    let natural =
        MenuItem::new("Numbers in names count").checked(state.browser.arrangement.natural);
    item(ui, natural, TableAction::ToggleNaturalSort.into());
    kit::menu_separator(ui);
    item(
        ui,
        MenuItem::new("Keys").icon(icons::KEYBOARD).shortcut("F1"),
        Action::ShowKeys,
    );
    item(
        ui,
        MenuItem::new("About Cooperage").icon(icons::INFO),
        Action::ShowAbout,
    );
}
