//! The menus of the table: for files, for folders, and for the room below the rows.

use egui::Ui;

use crate::domain::grouped;
use crate::state::{Action, CopyWhat, Go, ObjectAction, State, TableAction};

use super::actions::Actions;
use super::kit::{self, MenuItem};
use super::table::TableResponse;
use super::{icons, words};

pub(super) fn context_menu_ui(
    ui: &Ui,
    state: &State,
    response: &TableResponse,
    actions: &mut Actions,
) {
    kit::context_menu(ui, &response.response, |ui| {
        let totals = state.browser.selection.rows.totals();
        if totals.rows() == 0 {
            space_ui(ui, state, actions);
        } else {
            selection_ui(ui, state, actions);
        }
    });
}

fn item(ui: &mut Ui, item: MenuItem<'_>, actions: &mut Actions, action: impl Into<Action>) {
    if ui.add(item).clicked() {
        actions.push(action);
    }
}

/// A reason in few words, so that it fits beside the name of its item.
fn brief(reason: Option<&'static str>) -> Option<&'static str> {
    reason.map(|reason| reason.strip_prefix("this ").unwrap_or(reason))
}

fn selection_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let totals = state.browser.selection.rows.totals();
    let single = totals.rows() == 1;
    let only_folders = totals.objects == 0;
    if single && let Some(position) = state.browser.cursor_position() {
        item(
            ui,
            MenuItem::new("Open").icon(icons::EYE).shortcut("Enter"),
            actions,
            Go::Open(position),
        );
        kit::menu_separator(ui);
    }
    let count = if single {
        String::new()
    } else {
        format!(" {} items", grouped(totals.rows()))
    };
    let download = MenuItem::new(format!("Download{count}…"))
        .icon(icons::DOWNLOAD)
        .shortcut("Ctrl+D")
        .refused(state.read_refusal());
    item(ui, download, actions, ObjectAction::Download);
    if only_folders && single {
        let target = state.browser.selected_folders().pop();
        let upload = MenuItem::new("Upload here…")
            .icon(icons::UPLOAD)
            .refused(brief(state.write_refusal()));
        item(ui, upload, actions, ObjectAction::PickUpload { target });
    }
    kit::menu_separator(ui);
    links_ui(ui, state, actions);
    kit::submenu(ui, icons::CLIPBOARD, "Copy", |ui| {
        for (what, name) in [
            (CopyWhat::Key, "Key"),
            (CopyWhat::Name, "Name"),
            (CopyWhat::Uri, "S3 URI"),
            (CopyWhat::Arn, "ARN"),
        ] {
            item(ui, MenuItem::new(name), actions, ObjectAction::Copy(what));
        }
        let etag = state
            .inspector
            .details
            .here()
            .is_none()
            .then_some("not read yet");
        item(
            ui,
            MenuItem::new("ETag").refused(etag),
            actions,
            ObjectAction::Copy(CopyWhat::ETag),
        );
    });
    kit::menu_separator(ui);
    let rename = state
        .rename_refusal()
        .or_else(|| (!single || only_folders).then_some("one file at a time"));
    item(
        ui,
        MenuItem::new("Rename…")
            .icon(icons::RENAME)
            .shortcut("F2")
            .refused(brief(rename)),
        actions,
        ObjectAction::Rename,
    );
    let delete = MenuItem::new(format!("Delete{count}…"))
        .icon(icons::TRASH)
        .shortcut("Delete");
    item(
        ui,
        delete.refused(brief(state.delete_refusal())),
        actions,
        ObjectAction::Delete,
    );
}

fn links_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let objects = state.browser.selection.rows.totals().objects;
    let none = (objects == 0).then_some("for files only");
    let refused = none.or_else(|| state.read_refusal());
    let lifetime = words::lifetime(state.link_secs);
    let text = match objects {
        0 | 1 => format!("Copy link ({lifetime})"),
        count => format!("Copy {} links ({lifetime})", grouped(count)),
    };
    let entry = MenuItem::new(text)
        .icon(icons::LINK)
        .shortcut("Ctrl+Shift+C")
        .strong()
        .refused(refused);
    item(
        ui,
        entry,
        actions,
        ObjectAction::CopyLink { expires_secs: None },
    );
    if refused.is_some() {
        return;
    }
    kit::submenu(ui, icons::TIMER, "Copy link for", |ui| {
        let session = state
            .connections
            .opened
            .as_ref()
            .and_then(|opened| opened.identity.expires);
        for (secs, name) in words::LIFETIMES {
            let wanted = state.now.plus_secs(secs);
            let ends = match session {
                Some(end) if end < wanted => {
                    format!("session {}", end.strftime("%H:%M", &state.zone))
                }
                _ if secs < 86_400 => wanted.strftime("%H:%M", &state.zone),
                _ => wanted.strftime("%e %b", &state.zone).trim().to_owned(),
            };
            let entry = MenuItem::new(name).shortcut(ends);
            item(
                ui,
                entry,
                actions,
                ObjectAction::CopyLink {
                    expires_secs: Some(secs),
                },
            );
        }
    });
}

fn space_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let write = brief(state.write_refusal());
    let upload = MenuItem::new("Upload files…")
        .icon(icons::UPLOAD)
        .shortcut("Ctrl+U")
        .refused(write);
    item(
        ui,
        upload,
        actions,
        ObjectAction::PickUpload { target: None },
    );
    let folder = MenuItem::new("Upload a folder…")
        .icon(icons::FOLDER)
        .refused(write);
    item(ui, folder, actions, ObjectAction::PickUploadFolder);
    let new = MenuItem::new("New folder…")
        .icon(icons::FOLDER_PLUS)
        .shortcut("Ctrl+Shift+N")
        .refused(write);
    item(ui, new, actions, ObjectAction::NewFolder);
    kit::menu_separator(ui);
    item(
        ui,
        MenuItem::new("Select all")
            .icon(icons::SELECT_ALL)
            .shortcut("Ctrl+A"),
        actions,
        TableAction::SelectAll,
    );
    item(
        ui,
        MenuItem::new("Refresh").icon(icons::REFRESH).shortcut("F5"),
        actions,
        Go::Refresh,
    );
    let place = words::visible(&state.browser.location.to_string());
    let copy = Action::CopyText {
        text: state.browser.location.to_string(),
        said: format!("{place} copied"),
    };
    item(
        ui,
        MenuItem::new("Copy the path").icon(icons::CLIPBOARD),
        actions,
        copy,
    );
}
