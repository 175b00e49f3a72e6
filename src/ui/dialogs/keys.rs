//! The sheet of keys, F1.

use egui::Ui;

use crate::state::DialogEdit;

use super::super::actions::Actions;
use super::super::icons;
use super::super::kit::{self, Button};
use super::show_ui;

/// Every key of the window: what it does, and the key. The same table feeds the command palette's shortcuts.
const KEYS: &[(&str, &str)] = &[
    ("Find a command", "Ctrl+K"),
    ("Go to a path", "Ctrl+L"),
    ("Filter", "/"),
    ("Open", "Enter"),
    ("Up", "Backspace"),
    ("Back", "Alt+Left"),
    ("Forward", "Alt+Right"),
    ("Refresh", "F5"),
    ("Settings", "Ctrl+,"),
    ("Connection 1 to 9", "Ctrl+1"),
    ("Upload", "Ctrl+U"),
    ("Download", "Ctrl+D"),
    ("Copy signed link", "Ctrl+Shift+C"),
    ("Copy keys", "Ctrl+C"),
    ("Paste files to upload", "Ctrl+V"),
    ("Rename", "F2"),
    ("New folder", "Ctrl+Shift+N"),
    ("Delete", "Delete"),
    ("Select all", "Ctrl+A"),
    ("Properties", "Alt+Enter"),
    ("Transfers", "Ctrl+J"),
    ("Requests", "Ctrl+Shift+J"),
    ("Doctor", "Ctrl+Shift+D"),
    ("Bookmark", "Ctrl+B"),
    ("Zoom", "Ctrl++"),
    ("Cancel, close, clear", "Esc"),
];

pub(super) fn keys_ui(ui: &mut Ui, actions: &mut Actions) {
    let shell = kit::Dialog::new("keys", "Keys")
        .icon(icons::KEYBOARD)
        .width(680.0);
    show_ui(
        ui,
        shell,
        actions,
        |ui, _| {
            ui.spacing_mut().item_spacing.x = 48.0;
            ui.columns(2, |columns| {
                let half = KEYS.len().div_ceil(2);
                for (column, keys) in columns.iter_mut().zip([&KEYS[..half], &KEYS[half..]]) {
                    column.spacing_mut().item_spacing.y = 0.0;
                    for (does, key) in keys {
                        column.horizontal(|ui| {
                            ui.set_height(26.0);
                            ui.spacing_mut().item_spacing.x = 8.0;
                            kit::label(ui, *does);
                            ui.with_layout(
                                egui::Layout::right_to_left(egui::Align::Center),
                                |ui| {
                                    kit::key_caps(ui, key);
                                },
                            );
                        });
                    }
                }
            });
        },
        |ui| {
            ui.add(Button::primary("Close"))
                .clicked()
                .then_some(DialogEdit::Cancel)
        },
    );
}
