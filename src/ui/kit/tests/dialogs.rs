//! What stands over or instead of the window: dialogs, notes, toasts, empty states.

use super::*;
use crate::ui::{icons, kit};

#[derive(Default)]
struct Asked {
    open: bool,
    behind: usize,
    saved: usize,
    text: String,
}

fn window_with_dialog<'a>() -> Harness<'a, Asked> {
    let state = Asked {
        open: true,
        ..Asked::default()
    };
    window(state, |ui, asked| {
        asked.behind += usize::from(kit::secondary_button(ui, None, "Behind").clicked());
        if asked.open {
            let closed = kit::Dialog::new("rename", "Rename")
                .remark("one object")
                .icon(icons::RENAME)
                .show(
                    ui.ctx(),
                    asked,
                    |ui, asked| {
                        ui.add(kit::TextField::new(&mut asked.text, "New name"));
                    },
                    |ui, asked| {
                        asked.saved += usize::from(kit::primary_button(ui, None, "Save").clicked());
                    },
                );
            asked.open &= !closed;
        }
    })
}

#[test]
fn a_dialog_acts_and_closes_with_the_cross_or_escape() {
    let mut window = window_with_dialog();
    window.get_by_label("Save").click();
    window.run();
    assert_eq!(window.state().saved, 1);
    window.get_by_label("Close").click();
    window.run();
    assert!(!window.state().open);

    let mut window = window_with_dialog();
    window.key_press(egui::Key::Escape);
    window.run();
    assert!(!window.state().open);
}

#[test]
fn a_dialog_keeps_pointer_and_keyboard_to_itself() {
    let mut window = window_with_dialog();
    window.get_by_label("Behind").click();
    window.run();
    assert_eq!(window.state().behind, 0);
    assert!(
        window.state().open,
        "a click beside it keeps what was typed"
    );
    for _ in 0..8 {
        window.key_press(egui::Key::Tab);
        window.run();
        assert!(!window.get_by_label("Behind").is_focused());
    }
}

#[test]
fn a_dialog_is_as_wide_as_it_was_told() {
    let window = window_with_dialog();
    let (close, save) = (
        window.get_by_label("Close").rect(),
        window.get_by_label("Save").rect(),
    );
    let left = 450.0 - kit::CONFIRMATION_WIDTH / 2.0;
    assert!(
        (save.right() - (left + kit::CONFIRMATION_WIDTH - 16.0)).abs() <= 1.0,
        "{save}"
    );
    assert!(
        (close.right() - (left + kit::CONFIRMATION_WIDTH - 8.0)).abs() <= 1.0,
        "{close}"
    );
    let field = window.get_by_label("New name").rect();
    assert!((field.left() - (left + 16.0 + 8.0)).abs() <= 1.0, "{field}");
}

#[test]
fn the_remedy_of_a_note_and_the_undo_of_a_toast_act() {
    let mut window = window((0, 0), |ui, (remedied, undone)| {
        let note = kit::Note::warn(kit::Prose::new().text("Buckets made since 2020 refuse that."))
            .remedy("Use s3v4");
        *remedied += usize::from(note.show(ui).is_some_and(|remedy| remedy.clicked()));
        let undo = kit::show_toast(ui.ctx(), "3 objects renamed", Some("Undo"), 72.0);
        *undone += usize::from(undo.is_some_and(|undo| undo.clicked()));
    });
    window.get_by_label("3 objects renamed");
    window.get_by_label("Buckets made since 2020 refuse that.");
    for name in ["Use s3v4", "Undo"] {
        window.get_by_label(name).click();
        window.run();
    }
    assert_eq!(*window.state(), (1, 1));
}

#[test]
fn an_empty_state_helps_and_its_details_can_be_copied() {
    let mut window = window(0, |ui, acted| {
        let state = kit::EmptyState::new(icons::LOCK_KEY, "You may not list this folder")
            .text(
                kit::Prose::new()
                    .quiet("The policy gives no ")
                    .mono("s3:ListBucket")
                    .quiet("."),
            )
            .action(icons::MOVE, "Go to a key")
            .details("AccessDenied 403");
        let pressed = state.aside(icons::DOCTOR, "Ask the Doctor").show(ui);
        *acted += usize::from(pressed.action) + 10 * usize::from(pressed.aside);
    });
    window.get_by_label("You may not list this folder");
    window.get_by_label("The policy gives no s3:ListBucket.");
    for name in ["Go to a key", "Ask the Doctor", "Details"] {
        window.get_by_label(name).click();
        window.run();
    }
    assert_eq!(*window.state(), 11);
    window.get_by_label("Copy details").click();
    let copied = (0..4).any(|_| {
        window.step();
        format!("{:?}", window.output().platform_output.commands).contains("AccessDenied 403")
    });
    assert!(copied);
}

#[test]
fn what_is_only_looked_at_has_a_name_too() {
    let window = window((), |ui, ()| {
        kit::light(ui, kit::Light::Good, "used");
        kit::light_icon(ui, kit::Light::Bad, "denied");
        kit::progress(ui, "drone flyover 4k.mp4", 0.61, 136.0);
        kit::key_caps(ui, "Ctrl+K");
        kit::value_row(ui, "Size", "4,812,044 bytes", kit::ValueStyle::Plain);
        kit::mark(ui, 48.0);
    });
    for name in [
        "used",
        "denied",
        "drone flyover 4k.mp4",
        "Ctrl+K",
        "Size: 4,812,044 bytes",
        "Cooperage",
    ] {
        window.get_by_label(name);
    }
    assert_eq!(
        window
            .get_by_label("drone flyover 4k.mp4")
            .accesskit_node()
            .numeric_value(),
        Some(61.0)
    );
}
