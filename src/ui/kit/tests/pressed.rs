//! What is pressed: buttons, check boxes, segments, drop-downs, tabs, items, folds.

use super::*;
use crate::ui::{icons, kit};

const REASON: &str = "needs s3:PutObject";

#[test]
fn every_button_is_found_by_its_name_and_acts() {
    type Draw = fn(&mut egui::Ui) -> egui::Response;
    let buttons: [(&str, Draw); 8] = [
        ("Copy link", |ui| {
            kit::primary_button(ui, icons::LINK, "Copy link")
        }),
        ("Upload", |ui| kit::secondary_button(ui, None, "Upload")),
        ("Import", |ui| {
            kit::quiet_button(ui, icons::IMPORT, "Import")
        }),
        ("Delete", |ui| kit::danger_button(ui, None, "Delete")),
        ("Add", |ui| kit::small_button(ui, icons::PLUS, "Add")),
        ("Refresh", |ui| {
            kit::icon_button(ui, icons::REFRESH, "Refresh")
        }),
        ("Link studio", |ui| ui.add(kit::Button::link("Link studio"))),
        ("Copy as", |ui| {
            ui.add(kit::Button::secondary("Copy as").opens_menu().on(true))
        }),
    ];
    for (name, draw) in buttons {
        let mut window = window(0, |ui, clicks| *clicks += usize::from(draw(ui).clicked()));
        window.get_by_label(name).click();
        window.run();
        window.get_by_label(name).focus();
        window.run();
        window.key_press(egui::Key::Enter);
        window.run();
        assert_eq!(
            *window.state(),
            2,
            "{name} answers the pointer and the keyboard"
        );
    }
}

#[test]
fn a_refused_button_does_nothing_and_says_why() {
    for kind in [
        kit::Button::primary,
        kit::Button::secondary,
        kit::Button::quiet,
        kit::Button::dangerous,
    ] {
        let mut window = window(0, |ui, clicks| {
            *clicks += usize::from(ui.add(kind("Upload").refused(Some(REASON))).clicked());
        });
        window.get_by_label("Upload").click();
        window.run();
        assert_eq!(*window.state(), 0);
        let button = window.get_by_label("Upload");
        assert!(disabled(&button));
        assert_eq!(description(&button), REASON);
    }
}

#[test]
fn controls_have_the_measures_of_the_design() {
    let window = window((), |ui, ()| {
        kit::secondary_button(ui, None, "Upload");
        kit::small_button(ui, None, "Add");
        kit::icon_button(ui, icons::X, "Close");
        ui.add(kit::NavItem::new("media-live"));
    });
    assert_eq!(
        window.get_by_label("Upload").rect().height(),
        theme::CONTROL
    );
    assert_eq!(
        window.get_by_label("Add").rect().height(),
        theme::SMALL_CONTROL
    );
    assert_eq!(
        window.get_by_label("Close").rect().size(),
        egui::vec2(28.0, 28.0)
    );
    assert_eq!(
        window.get_by_label("media-live").rect().height(),
        theme::ITEM
    );
}

#[test]
fn a_check_box_switches_and_a_mixed_one_says_so() {
    use egui::accesskit::Toggled;
    let mut window = window((false, 0), |ui, (on, clicks)| {
        kit::check_box(ui, on, "Compress");
        let mixed = kit::mixed_check_box(ui, kit::Checked::Mixed, "All");
        let refused = kit::refused_check_box(ui, true, "Sign", REASON);
        *clicks += usize::from(mixed.clicked()) + 10 * usize::from(refused.clicked());
    });
    let toggled = |window: &Harness<'_, (bool, usize)>, name| {
        window.get_by_label(name).accesskit_node().toggled()
    };
    assert_eq!(toggled(&window, "Compress"), Some(Toggled::False));
    assert_eq!(toggled(&window, "All"), Some(Toggled::Mixed));
    for name in ["Compress", "All", "Sign"] {
        window.get_by_label(name).click();
        window.run();
    }
    assert_eq!(toggled(&window, "Compress"), Some(Toggled::True));
    assert_eq!(*window.state(), (true, 1));
}

#[test]
fn segments_choose_but_not_what_is_refused() {
    let mut window = window((0, 0), |ui, (chosen, changes)| {
        let choices = [
            "GET".into(),
            "PUT".into(),
            kit::Choice::from("DELETE").refused(Some(REASON)),
        ];
        *changes += usize::from(kit::segments(ui, "Method", chosen, &choices).changed());
    });
    for (name, expected) in [
        ("PUT", (1, 1)),
        ("DELETE", (1, 1)),
        ("GET", (0, 2)),
        ("GET", (0, 2)),
    ] {
        window.get_by_label(name).click();
        window.run();
        assert_eq!(*window.state(), expected, "after {name}");
    }
    assert_eq!(description(&window.get_by_label("DELETE")), REASON);
}

#[test]
fn a_drop_down_shows_its_value_and_chooses_from_its_menu() {
    let mut window = window(0, |ui, chosen| {
        let choices = [
            "15 minutes".into(),
            "1 hour".into(),
            kit::Choice::from("7 days").refused(Some(REASON)),
        ];
        let shown = choices[*chosen].text.clone();
        kit::drop_down(
            ui,
            kit::DropDown::new("Works for", &shown).width(160.0),
            chosen,
            &choices,
        );
        let off = kit::DropDown::new("Host", "bucket")
            .refused(Some(REASON))
            .width(160.0);
        off.show(ui, |ui| kit::label(ui, "must not open"));
    });
    assert_eq!(
        window.get_by_label("Works for").value().as_deref(),
        Some("15 minutes")
    );
    for (name, expected) in [("7 days", 0), ("1 hour", 1)] {
        window.get_by_label("Works for").click();
        window.run();
        window.get_by_label(name).click();
        window.run();
        assert_eq!(*window.state(), expected, "after {name}");
        window.key_press(egui::Key::Escape);
        window.run();
    }
    window.get_by_label("Host").click();
    window.run();
    assert!(window.query_by_label("must not open").is_none());
}

#[test]
fn a_menu_opens_acts_and_tells_reasons() {
    let mut window = window(Vec::new(), |ui, done: &mut Vec<&str>| {
        let button = kit::secondary_button(ui, None, "More");
        kit::menu(ui, &button, |ui| {
            if ui
                .add(kit::MenuItem::new("Open").shortcut("Enter"))
                .clicked()
            {
                done.push("open");
            }
            if ui
                .add(kit::MenuItem::new("Delete").refused(Some("this connection is no-delete")))
                .clicked()
            {
                done.push("delete");
            }
            kit::menu_separator(ui);
            kit::submenu(ui, icons::TIMER, "Copy link for", |ui| {
                if ui.add(kit::MenuItem::new("1 hour")).clicked() {
                    done.push("1 hour");
                }
            });
        });
    });
    let more = |window: &mut Harness<'_, Vec<&str>>, names: &[&str]| {
        window.get_by_label("More").click();
        window.run();
        for name in names {
            window.get_by_label(name).click();
            window.run();
        }
    };
    more(&mut window, &["Delete"]);
    assert_eq!(
        description(&window.get_by_label("Delete")),
        "this connection is no-delete"
    );
    window.key_press(egui::Key::Escape);
    window.run();
    more(&mut window, &["Open"]);
    assert!(
        window.query_by_label("Open").is_none(),
        "a click closes the menu"
    );
    more(&mut window, &["Copy link for", "1 hour"]);
    assert_eq!(*window.state(), ["open", "1 hour"]);
}

#[test]
fn tabs_navigation_and_captions_lead_somewhere() {
    let mut window = window(
        (0, Vec::new()),
        |ui, (tab, clicked): &mut (usize, Vec<&str>)| {
            kit::tabs(ui, "Inspector", tab, &["Info", "Tags"]);
            if kit::section_caption(ui, "Connections", Some((icons::PLUS, "Add a connection")))
                .is_some_and(|plus| plus.clicked())
            {
                clicked.push("add");
            }
            if ui
                .add(
                    kit::NavItem::new("media-live")
                        .selected(true)
                        .shortcut("Ctrl+1"),
                )
                .clicked()
            {
                clicked.push("media-live");
            }
            if ui
                .add(kit::NavItem::new("r2 archive").refused(Some(REASON)))
                .clicked()
            {
                clicked.push("r2 archive");
            }
            if kit::counted(ui, false, "Failed", 1, true).clicked() {
                clicked.push("failed");
            }
        },
    );
    for name in [
        "Tags",
        "Add a connection",
        "media-live",
        "r2 archive",
        "Failed 1",
    ] {
        window.get_by_label(name).click();
        window.run();
    }
    assert_eq!(*window.state(), (1, vec!["add", "media-live", "failed"]));
    assert_eq!(
        window
            .get_by_label("media-live")
            .accesskit_node()
            .is_selected(),
        Some(true)
    );
}

#[test]
fn a_chip_can_be_removed_and_a_fold_opens() {
    let mut window = window(0, |ui, removed| {
        *removed += usize::from(ui.add(kit::Chip::removable("text/css")).clicked());
        ui.add(kit::Chip::accent("connection"));
        if kit::fold_button(ui, "fold", "Details", false) {
            kit::mono(ui, "AccessDenied 403");
        }
    });
    assert!(window.query_by_label("AccessDenied 403").is_none());
    for name in ["Remove text/css", "connection", "Details"] {
        window.get_by_label(name).click();
        window.run();
    }
    assert_eq!(*window.state(), 1);
    window.get_by_label("AccessDenied 403");
}

#[test]
fn a_long_list_stays_in_the_window_and_opens_at_what_is_chosen() {
    let names: Vec<String> = (0..60).map(|number| format!("number {number}")).collect();
    let choices: Vec<kit::Choice> = names.iter().map(|name| name.as_str().into()).collect();
    let mut window = window(55, |ui, chosen| {
        let field = kit::DropDown::new("One of many", &names[*chosen]).width(160.0);
        kit::drop_down(ui, field, chosen, &choices);
    });
    window.get_by_label("One of many").click();
    window.run();
    let field = window.get_by_label("One of many").rect();
    let seen = |window: &Harness<'_, usize>, name: &str| {
        let item = window.query_by_label(name).map(|node| node.rect());
        item.is_some_and(|item| item.top() >= field.bottom() && item.bottom() <= 700.0)
    };
    assert!(seen(&window, "number 55") && !seen(&window, "number 0"));
    let fitting = names.iter().filter(|name| seen(&window, name)).count();
    assert!(fitting > 20, "all of the room is used: {fitting}");
    window.get_by_label("number 54").click();
    window.run();
    assert_eq!(*window.state(), 54);
}

#[test]
fn a_reason_is_told_once() {
    for (reason, told_beside) in [
        (REASON, false),
        ("a reason that is far too long for it", true),
    ] {
        let mut window = window((), |ui, ()| {
            let button = kit::secondary_button(ui, None, "More");
            kit::menu(ui, &button, |ui| {
                ui.add(kit::MenuItem::new("Delete the folder").refused(Some(reason)));
                ui.add(kit::MenuItem::new("Open"));
            });
        });
        window.get_by_label("More").click();
        window.run();
        let next = window.get_by_label("Open").rect();
        let item = window.get_by_label("Delete the folder");
        assert_eq!(description(&item), reason);
        item.hover();
        for _ in 0..60 {
            window.step();
        }
        let tooltip = window.query_by_label(reason).map(|node| node.rect());
        assert_eq!(tooltip.is_some(), told_beside, "{reason}");
        assert!(tooltip.is_none_or(|tooltip| !tooltip.intersects(next)));
    }
}
