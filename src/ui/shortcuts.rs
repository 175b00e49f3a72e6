//! The keys of the window. Text fields keep theirs: while one has the focus only keys that mean nothing to it count.
//!
//! egui turns Ctrl+C, X and V into Copy, Cut and Paste events. The signed link's Ctrl+Shift+C reaches us as a key, but
//! keyboards with a Copy key, and other versions of egui, send a Copy event with Shift down: both count.

use std::path::PathBuf;

use egui::{Event, Key, KeyboardShortcut, Modifiers, Ui};

use crate::domain::percent_decoded;
use crate::state::{
    Action, CopyWhat, DoctorAction, Go, ObjectAction, PanelEdit, RequestsAction, Screen,
    SettingsAction, State, TableAction,
};

use super::actions::Actions;
use super::toolbar;

const CTRL: Modifiers = Modifiers::COMMAND;
const ALT: Modifiers = Modifiers::ALT;
const NONE: Modifiers = Modifiers::NONE;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

/// Turns keys into actions.
pub(super) fn shortcuts_ui(ui: &Ui, state: &State, actions: &mut Actions) {
    // A dialog and an open menu have the keyboard to themselves.
    if state.dialog.is_some() || egui::Popup::is_any_open(ui.ctx()) {
        return;
    }
    anywhere(ui, actions);
    if state.screen != Screen::Browser {
        // An open list takes Escape for itself, a field is only left.
        if !egui::Popup::is_any_open(ui.ctx()) && pressed(ui, NONE, Key::Escape) {
            if ui.ctx().text_edit_focused() {
                ui.memory_mut(egui::Memory::stop_text_input);
            } else {
                actions.push(Action::Escape);
            }
        }
        return;
    }
    let typing = ui.ctx().text_edit_focused();
    clipboard(ui, typing, actions);
    if typing {
        if pressed(ui, NONE, Key::Escape) {
            ui.memory_mut(egui::Memory::stop_text_input);
            actions.push(Action::Escape);
        }
        leave_filter(ui, state, actions);
        return;
    }
    browser(ui, actions);
    if super::table_page::has_keys(ui) {
        rows(ui, state, actions);
    }
}

/// From the filter, the arrow down leads to the first row that is left.
fn leave_filter(ui: &Ui, state: &State, actions: &mut Actions) {
    let filtering = ui.memory(|memory| memory.has_focus(toolbar::filter_id()));
    if filtering && state.browser.listing.shown() > 0 && pressed(ui, NONE, Key::ArrowDown) {
        ui.memory_mut(egui::Memory::stop_text_input);
        let (last, extend) = (false, false);
        actions.push(TableAction::CursorToEnd { last, extend });
    }
}

/// Keys of the rows, which a button or a field that has the focus would want for itself.
fn rows(ui: &Ui, state: &State, actions: &mut Actions) {
    if pressed(ui, NONE, Key::Enter)
        && let Some(position) = state.browser.cursor_position()
    {
        actions.push(Go::Open(position));
    }
    cursor(ui, actions);
    type_ahead(ui, actions);
}

fn pressed(ui: &Ui, modifiers: Modifiers, key: Key) -> bool {
    ui.input_mut(|input| {
        // egui lets Shift and Alt pass where a shortcut does not name them; Ctrl+Shift+D is not Ctrl+D. Signs and
        // digits may need Shift on their key, so only letters are looked at so closely.
        let letter = key.name().len() == 1 && key.name().chars().all(char::is_alphabetic);
        if !(letter && modifiers.command) {
            return input.consume_shortcut(&KeyboardShortcut::new(modifiers, key));
        }
        // What was held is in the event: keys that were let go within the same frame are not held any more.
        let before = input.events.len();
        input
            .events
            .retain(|event| !is_press(event, modifiers, key));
        input.events.len() < before
    })
}

/// True when this key went down with exactly these others.
fn is_press(event: &Event, exactly: Modifiers, wanted: Key) -> bool {
    matches!(
        event,
        Event::Key { key, pressed: true, modifiers, .. }
            if *key == wanted && modifiers.matches_exact(exactly)
    )
}

fn anywhere(ui: &Ui, actions: &mut Actions) {
    if pressed(ui, CTRL, Key::K) {
        actions.push(Action::ShowPalette);
    }
    if pressed(ui, NONE, Key::F1) {
        actions.push(Action::ShowKeys);
    }
    if pressed(ui, CTRL_SHIFT, Key::D) {
        actions.push(DoctorAction::Examine(None));
    }
    if pressed(ui, CTRL_SHIFT, Key::J) {
        actions.push(RequestsAction::Toggle);
    }
    if pressed(ui, CTRL, Key::J) {
        actions.push(PanelEdit::ToggleTransfers);
    }
    if pressed(ui, CTRL, Key::Comma) {
        actions.push(SettingsAction::EditShown);
    }
    let digits = [
        Key::Num1,
        Key::Num2,
        Key::Num3,
        Key::Num4,
        Key::Num5,
        Key::Num6,
        Key::Num7,
        Key::Num8,
        Key::Num9,
    ];
    for (index, key) in digits.into_iter().enumerate() {
        if pressed(ui, CTRL, key) {
            actions.push(Go::ConnectionNumber(index + 1));
        }
    }
}

fn browser(ui: &Ui, actions: &mut Actions) {
    let table: [(Modifiers, Key, Action); 18] = [
        (CTRL, Key::L, Go::AskPath.into()),
        (NONE, Key::F5, Go::Refresh.into()),
        (CTRL, Key::R, Go::Refresh.into()),
        (NONE, Key::Backspace, Go::Up.into()),
        (ALT, Key::ArrowUp, Go::Up.into()),
        (ALT, Key::ArrowLeft, Go::Back.into()),
        (ALT, Key::ArrowRight, Go::Forward.into()),
        (
            CTRL,
            Key::U,
            ObjectAction::PickUpload { target: None }.into(),
        ),
        (CTRL, Key::D, ObjectAction::Download.into()),
        (NONE, Key::F2, ObjectAction::Rename.into()),
        (CTRL_SHIFT, Key::N, ObjectAction::NewFolder.into()),
        (NONE, Key::Delete, ObjectAction::Delete.into()),
        (CTRL, Key::B, Go::ToggleBookmark.into()),
        (CTRL_SHIFT, Key::A, TableAction::SelectNone.into()),
        (CTRL, Key::A, TableAction::SelectAll.into()),
        (ALT, Key::Enter, PanelEdit::ToggleInspector.into()),
        (NONE, Key::Questionmark, Action::ShowKeys),
        (NONE, Key::Escape, Action::Escape),
    ];
    for (modifiers, key, action) in table {
        if pressed(ui, modifiers, key) {
            actions.push(action);
        }
    }
    if pressed(ui, NONE, Key::Slash) || pressed(ui, CTRL, Key::F) {
        ui.memory_mut(|memory| memory.request_focus(toolbar::filter_id()));
        // The slash itself must not land in the field.
        ui.input_mut(|input| {
            input
                .events
                .retain(|event| !matches!(event, Event::Text(text) if text == "/"));
        });
    }
}

fn cursor(ui: &Ui, actions: &mut Actions) {
    for (modifiers, extend) in [(Modifiers::SHIFT, true), (NONE, false)] {
        let steps: [(Key, TableAction); 6] = [
            (Key::ArrowDown, TableAction::MoveCursor { rows: 1, extend }),
            (Key::ArrowUp, TableAction::MoveCursor { rows: -1, extend }),
            (Key::PageDown, TableAction::Page { down: true, extend }),
            (
                Key::PageUp,
                TableAction::Page {
                    down: false,
                    extend,
                },
            ),
            (
                Key::Home,
                TableAction::CursorToEnd {
                    last: false,
                    extend,
                },
            ),
            (Key::End, TableAction::CursorToEnd { last: true, extend }),
        ];
        for (key, action) in steps {
            // A held key repeats; each repeat moves.
            let count = ui.input_mut(|input| input.count_and_consume_key(modifiers, key));
            for _ in 0..count {
                actions.push(action.clone());
            }
        }
    }
}

/// Letters go to the next name that begins so; what is typed within a second belongs together.
fn type_ahead(ui: &Ui, actions: &mut Actions) {
    let typed: String = ui.input(|input| {
        let texts = input.events.iter().filter_map(|event| match event {
            Event::Text(text) if !input.modifiers.command && !input.modifiers.alt => {
                Some(text.as_str())
            }
            _ => None,
        });
        texts.collect()
    });
    if typed.trim().is_empty() || typed == "/" || typed == "?" {
        return;
    }
    let id = egui::Id::unique("typed ahead");
    let now = ui.input(|input| input.time);
    let (before, at) = ui
        .data(|data| data.get_temp::<(String, f64)>(id))
        .unwrap_or_default();
    let text = if now - at < 1.0 {
        before + &typed
    } else {
        typed
    };
    ui.data_mut(|data| data.insert_temp(id, (text.clone(), now)));
    actions.push(TableAction::Find(text));
}

fn clipboard(ui: &Ui, typing: bool, actions: &mut Actions) {
    let (copied, pasted, shift) = ui.input(|input| {
        let copied = input
            .events
            .iter()
            .any(|event| matches!(event, Event::Copy));
        let pasted = input.events.iter().find_map(|event| match event {
            Event::Paste(text) => Some(text.clone()),
            _ => None,
        });
        (copied, pasted, input.modifiers.shift)
    });
    if pressed(ui, CTRL_SHIFT, Key::C) || copied && shift {
        ui.input_mut(|input| input.events.retain(|event| !matches!(event, Event::Copy)));
        actions.push(ObjectAction::CopyLink { expires_secs: None });
    } else if copied && !typing {
        actions.push(ObjectAction::Copy(CopyWhat::Key));
    }
    if let Some(text) = pasted.filter(|_| !typing) {
        let paths = paths_in(&text);
        if !paths.is_empty() {
            actions.push(ObjectAction::Upload {
                paths,
                target: None,
            });
        }
    }
}

/// File paths of a pasted text: one a line, plain or as `file://` URIs, as file managers copy them.
fn paths_in(text: &str) -> Vec<PathBuf> {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut paths = Vec::new();
    for line in lines {
        // Some file managers put a word for copy or cut in front.
        if matches!(line, "copy" | "cut" | "x-special/nautilus-clipboard") {
            continue;
        }
        let path = match line.strip_prefix("file://") {
            Some(rest) => percent_decoded(rest.trim_start_matches("localhost")),
            None => line
                .trim_matches(|quote| quote == '"' || quote == '\'')
                .to_owned(),
        };
        let path = PathBuf::from(path);
        if !path.is_absolute() {
            return Vec::new();
        }
        paths.push(path);
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_paths_are_found_and_other_texts_are_not() {
        let uris = "copy\nfile:///home/me/a%20b.txt\r\nfile://localhost/tmp/%C3%A9t%C3%A9.md\n";
        assert_eq!(
            paths_in(uris),
            [
                PathBuf::from("/home/me/a b.txt"),
                PathBuf::from("/tmp/été.md")
            ]
        );
        assert_eq!(paths_in("\"/tmp/x y\""), [PathBuf::from("/tmp/x y")]);
        assert!(paths_in("hello world").is_empty());
        assert!(paths_in("/tmp/a\nnot a path").is_empty());
    }
}
