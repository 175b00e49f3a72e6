//! What is typed: text, secrets, numbers; and how text is cut.

use super::*;
use crate::ui::kit;

fn type_into<S>(window: &mut Harness<'_, S>, name: &str, text: &str) {
    window.get_by_label(name).focus();
    window.run();
    window.get_by_label(name).type_text(text);
    window.run();
}

#[test]
fn a_field_is_found_by_its_name_and_takes_text() {
    let mut window = window((String::new(), String::from("kept")), |ui, (text, off)| {
        ui.add(
            kit::TextField::new(text, "Bucket")
                .hint("media-live")
                .clears()
                .key("/"),
        );
        ui.add(kit::TextField::new(off, "Region").refused(Some("set by the profile")));
    });
    type_into(&mut window, "Bucket", "média");
    assert_eq!(window.state().0, "média");
    assert_eq!(
        window.get_by_label("Bucket").rect().height(),
        theme::CONTROL
    );
    assert!(disabled(&window.get_by_label("Region")));
    assert_eq!(
        description(&window.get_by_label("Region")),
        "set by the profile"
    );
    window.get_by_label("Clear Bucket").click();
    window.run();
    assert_eq!(window.state().0, "");
    assert!(
        window.get_by_label("Bucket").is_focused(),
        "one can go on typing after clearing"
    );
}

#[test]
fn two_fields_in_a_row_do_not_share_what_they_hold() {
    let mut window = window((String::new(), String::new()), |ui, (one, other)| {
        ui.horizontal(|ui| {
            ui.add(kit::TextField::new(one, "One").width(100.0));
            ui.add(kit::TextField::new(other, "Other").width(100.0));
        });
    });
    type_into(&mut window, "One", "a");
    type_into(&mut window, "Other", "b");
    assert_eq!(*window.state(), ("a".to_owned(), "b".to_owned()));
}

/// Draws until the window rests and collects what every frame told the outside: assistive technology, clipboard, events.
fn listen<S>(window: &mut Harness<'_, S>) -> String {
    let mut told = String::new();
    for _ in 0..8 {
        window.step();
        let output = &window.output().platform_output;
        told += &format!(
            "{:?} {:?} {:?}",
            output.accesskit_update, output.commands, output.events
        );
    }
    told
}

#[test]
fn a_secret_is_typed_but_never_told() {
    let mut window = window((String::new(), String::new()), |ui, (secret, open)| {
        ui.add(kit::SecretField::new(secret, "Secret key").width(240.0));
        ui.add(kit::TextField::new(open, "Bucket"));
    });
    let mut told = String::new();
    for (field, text) in [("Secret key", "hunter2"), ("Bucket", "openly")] {
        window.get_by_label(field).focus();
        told += &listen(&mut window);
        window.get_by_label(field).type_text(text);
        told += &listen(&mut window);
    }
    assert_eq!(*window.state(), ("hunter2".to_owned(), "openly".to_owned()));
    assert!(told.contains("openly"), "what is told is heard here");
    window.get_by_label("Secret key").focus();
    told += &listen(&mut window);
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    window.event(egui::Event::Copy);
    told += &listen(&mut window);
    window.get_by_label("Show Secret key").click();
    told += &listen(&mut window);
    window.get_by_label("Hide Secret key");
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
    told += &listen(&mut window);
    assert!(
        !told.contains("hunter"),
        "shown to the eye, and to nothing else"
    );
    assert!(
        !window.state().0.contains('•'),
        "undo never turns dots into the secret"
    );
}

#[test]
fn the_memory_of_the_window_holds_no_secret() {
    let mut window = window(String::new(), |ui, secret| {
        ui.add(kit::SecretField::new(secret, "Secret key").width(240.0));
    });
    type_into(&mut window, "Secret key", "hunter2");
    let id = window
        .ctx
        .memory(egui::Memory::focused)
        .expect("the field has the keyboard");
    let state =
        egui::TextEdit::load_state(&window.ctx, id).expect("egui keeps a state for the field");
    let mut history = state.undoer();
    let mut now = (egui::text::CCursorRange::default(), String::from("now"));
    while let Some(before) = history.undo(&now) {
        now = before.clone();
        assert!(now.1.chars().all(|each| each == '•'), "{now:?}");
    }
    assert_ne!(now.1, "now", "there is a history");
}

#[test]
fn at_rest_a_secret_of_any_length_is_twelve_dots() {
    for secret in ["a", "a much longer secret than twelve"] {
        let window = window(secret.to_owned(), |ui, secret| {
            ui.add(kit::SecretField::new(secret, "Secret key"));
        });
        assert_eq!(
            window
                .get_by_label("Secret key")
                .value()
                .unwrap_or_default()
                .chars()
                .count(),
            12
        );
    }
}

#[test]
fn a_pasted_secret_replaces_what_was_there() {
    let mut window = window("old one".to_owned(), |ui, secret| {
        ui.add(kit::SecretField::new(secret, "Secret key"));
    });
    window.get_by_label("Secret key").focus();
    window.run();
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    window.run();
    window.event(egui::Event::Paste("nëw".to_owned()));
    window.run();
    assert_eq!(window.state(), "nëw");
}

#[test]
fn a_stepper_counts_within_its_range() {
    let mut window = window((8, 3), |ui, (value, off)| {
        ui.add(kit::Stepper::new(value, "At once").range(1..=9));
        ui.add(kit::Stepper::new(off, "Parts").refused(Some("decided by the size")));
    });
    window.get_by_label("At once").focus();
    window.run();
    for expected in [9, 9] {
        window.key_press(egui::Key::ArrowUp);
        window.run();
        assert_eq!(window.state().0, expected);
    }
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    window.get_by_label("At once").type_text("4");
    window.run();
    assert_eq!(window.state().0, 4);
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    window.get_by_label("At once").type_text("400");
    window.run();
    assert_eq!(window.state().0, 9, "typed beyond the range");
    assert!(disabled(&window.get_by_label("Parts")));
}

#[test]
fn long_names_are_cut_in_the_middle_and_keep_their_end() {
    let name = "campaign_spring_2026_retail_eu-central_final_approved-before-april.tif";
    let cut = window(String::new(), |ui, cut| {
        let font = egui::TextStyle::Body.resolve(ui.style());
        *cut = kit::cut_middle(ui, name, &font, 250.0).into_owned();
        assert_eq!(kit::cut_middle(ui, "short.txt", &font, 250.0), "short.txt");
        let width = ui
            .painter()
            .layout_no_wrap(cut.clone(), font, egui::Color32::WHITE)
            .size()
            .x;
        assert!(width <= 250.0, "{width}");
    })
    .into_state();
    assert!(
        cut.starts_with("campaign_") && cut.ends_with("d-before-april.tif") && cut.contains('…'),
        "{cut}"
    );
}
